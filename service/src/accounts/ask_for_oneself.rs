//! What somebody asks about the account that is in their own hands: signed in with it, or half way there.

use super::keeping::keeper;
use super::line::{life_of, name_of};
use super::requests::has_inbox;
use crate::actor::{Actor, Via};
use crate::fault::Fault;
use crate::service::Service;
use crate::session::Token;
use crate::sign_in::PENDING_SECONDS;
use domain::AccountId;
use domain::account::{Action, State};
use domain::exchange::RefusalCode;
use domain::exchange::accounts::Wish;
use store::Write;
use store::account::life::AccountRecord;
use uuid::Uuid;

impl Service {
    /// Asks those who may to issue the actor's own account anew, as when its card is lost. Keepers
    /// ask by [`Service::ask_keepers`], as of any account.
    ///
    /// # Errors
    /// [`RefusalCode::BadInput`] for who keeps accounts, and where nobody with an inbox can do it;
    /// [`RefusalCode::NotFound`] without an account.
    pub async fn ask_for_own_letter(&self, actor: &Actor) -> Result<(), Fault> {
        if keeper(actor).is_ok() {
            return Err(RefusalCode::BadInput.into());
        }
        let own = actor.account.ok_or(RefusalCode::NotFound)?;
        store::write!(self.db, async |tx| {
            let record = store::account::life::by_id(tx, own, self.env.now()).await?;
            let record = record.filter(|record| !record.is_gone()).ok_or(RefusalCode::NotFound)?;
            if !has_inbox(Action::Reissue, record.role) {
                return Err(Fault::from(RefusalCode::BadInput));
            }
            self.record_request(tx, actor, &record, None, Wish::Reissue).await
        })
    }

    /// Asks for the browser that has no session: where it has just proved every factor of an inactive
    /// account, to reactivate that; where it has proved the password and stands at the second factor,
    /// to issue the account anew. Its one-time token stands for it, and goes on standing. `None` where
    /// there was nothing to ask for.
    ///
    /// # Errors
    /// [`Fault::Store`].
    pub async fn ask_without_session(&self, token: &Token, request: Uuid) -> Result<Option<Wish>, Fault> {
        let hash = token.hash();
        store::write!(self.db, async |tx| {
            let now = self.env.now();
            let since = now.plus_seconds(-PENDING_SECONDS);
            if let Some(account) = store::sign_in::inactive_account(tx, &hash, since).await? {
                return self.ask_as(tx, account, Wish::Reactivate, request).await;
            }
            match store::sign_in::pending_account(tx, &hash, since).await? {
                Some(pending) => self.ask_as(tx, pending.id, Wish::Reissue, request).await,
                None => Ok::<_, Fault>(None),
            }
        })
    }

    /// Asks in the name of the account's own person.
    async fn ask_as(
        &self,
        tx: &mut Write,
        account: AccountId,
        wish: Wish,
        request: Uuid,
    ) -> Result<Option<Wish>, Fault> {
        let now = self.env.now();
        let Some(record) = store::account::life::by_id(tx, account, now).await? else { return Ok(None) };
        let state = life_of(&record).state(now);
        let is_inactive = matches!(state, State::Lapsed | State::Deactivated);
        let action = wish.action().filter(|_| !record.is_gone() && is_inactive == (wish == Wish::Reactivate));
        if !action.is_some_and(|action| has_inbox(action, record.role)) {
            return Ok(None);
        }
        let actor = oneself(&record, request);
        self.record_request(tx, &actor, &record, None, wish).await?;
        Ok(Some(wish))
    }
}

/// The account's own person, who can do nothing but ask.
fn oneself(record: &AccountRecord, request: Uuid) -> Actor {
    Actor {
        person: record.person,
        account: Some(record.id),
        name: name_of(record),
        institution: record.place,
        capacities: Vec::new(),
        two_factors: false,
        via: Via::Session,
        request,
    }
}
