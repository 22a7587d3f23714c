//! A card that is soon used up: told to its person in good time, with who issues a new one.

use super::site::Site;
use crate::fault::Fault;
use crate::service::Service;
use crate::session::SignedIn;
use domain::account::second::{Card, CardEnd};
use domain::account::{Action, Denial, Keeper, who_can};
use domain::exchange::accounts::{CardEnding, Help};
use domain::{AccountRole, InstitutionId};
use store::Read;

impl Service {
    /// What a signed-in person is told whose card is soon used up; `None` for everybody else.
    ///
    /// # Errors
    /// [`Fault::Store`].
    pub async fn card_ending(&self, who: &SignedIn) -> Result<Option<CardEnding>, Fault> {
        let left = match (who.card.end(self.settings.cell_use.starts_over()), who.card) {
            (CardEnd::Soon, Card::Good(left)) => left,
            (CardEnd::Soon, _) => 0,
            (CardEnd::Never | CardEnd::Later, _) => return Ok(None),
        };
        let Some(role) = who.me.role() else { return Ok(None) };
        let mut read = self.db.read().await?;
        let help = self.card_issuers(&mut read, who.actor.institution, role).await?;
        Ok(Some(CardEnding { left, help }))
    }

    /// Who issues a card for one's own account, by name: never oneself.
    pub(crate) async fn card_issuers(
        &self,
        read: &mut Read,
        place: InstitutionId,
        role: AccountRole,
    ) -> Result<Vec<Help>, Fault> {
        let site = Site::load(read, place).await?;
        let own = Keeper::of(role.capacities());
        self.help(read, &who_can(own, Denial::OwnAccount, Action::Reissue, role), &site).await
    }
}
