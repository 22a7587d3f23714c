//! Code 31 in words: why an account is inactive, since when, and who can reactivate it. Only for a
//! browser that has just proved every factor of the account.

use super::line::{life_of, name_of};
use super::site::Site;
use crate::fault::Fault;
use crate::service::Service;
use domain::account::{Action, State, keepers};
use domain::exchange::accounts::{Inactive, WhyInactive};
use domain::{AccountId, PersonId};
use store::Read;

impl Service {
    /// What an inactive account's person is told; `None` where the account is open again, or gone.
    pub(crate) async fn inactive(&self, read: &mut Read, account: AccountId) -> Result<Option<Inactive>, Fault> {
        let now = self.env.now();
        let Some(record) = store::account::life::by_id(read, account, now).await? else { return Ok(None) };
        let life = life_of(&record);
        let why = match life.state(now) {
            State::Lapsed => WhyInactive::Lapsed,
            State::Deactivated => WhyInactive::Deactivated(self.closed_by(read, record.deactivated_by).await?),
            State::Issued | State::Active | State::Locked | State::Deleted | State::Merged => return Ok(None),
        };
        let site = Site::load(read, record.place).await?;
        Ok(Some(Inactive {
            user_name: record.user_name.clone(),
            name: name_of(&record),
            role: record.role,
            institution_name: site.name.clone(),
            zone: site.zone,
            why,
            since: life.since(now).unwrap_or(now),
            help: self.help(read, keepers(Action::Reactivate, record.role), &site).await?,
        }))
    }

    async fn closed_by(&self, read: &mut Read, person: Option<PersonId>) -> Result<Option<String>, Fault> {
        let Some(person) = person else { return Ok(None) };
        let person = store::directory::person(read, person).await?;
        Ok(person.filter(|person| !person.protected).map(|person| format!("{} {}", person.given, person.family)))
    }
}
