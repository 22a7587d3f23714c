//! Accounts from before there was an end to them: those of teachers and test administrators run to
//! the end of the school year in which a program that knows better first opens the database.

use super::making::entry;
use super::site::Site;
use crate::actor::{Actor, Via};
use crate::audit::{self, Row};
use crate::fault::Fault;
use crate::service::Service;
use domain::account::{Action, Keeper, end_of};
use domain::{AccountId, InstitutionId};
use std::collections::BTreeMap;

impl Service {
    /// Gives an end to every account that should have one. Does nothing the second time.
    ///
    /// # Errors
    /// [`Fault::Store`].
    pub(crate) async fn end_endless_accounts(&self) -> Result<(), Fault> {
        let mut places = BTreeMap::<InstitutionId, Vec<AccountId>>::new();
        for (place, account) in store::account::life::endless(&mut self.db.read().await?).await? {
            places.entry(place).or_default().push(account);
        }
        for (place, accounts) in places {
            self.end_endless(place, &accounts).await?;
        }
        Ok(())
    }

    async fn end_endless(&self, place: InstitutionId, accounts: &[AccountId]) -> Result<(), Fault> {
        let system = Actor { via: Via::System, name: String::new(), ..self.operator_anywhere(place) };
        store::write!(self.db, async |tx| {
            let site = Site::load(tx, place).await?;
            site.hold(tx).await?;
            let mut rows = Vec::new();
            for account in accounts {
                let stored = store::account::one(tx, *account).await?;
                let Some(stored) = stored.filter(|stored| stored.active_until.is_none()) else { continue };
                let Some(until) = end_of(stored.role, site.zone, self.env.now()) else { continue };
                store::account::life::end(tx, *account, until).await?;
                rows.extend(store::account::one(tx, *account).await?.map(Row::account));
            }
            if rows.is_empty() {
                return Ok(());
            }
            let entry = entry(audit::Action::AccountChanged, &system, Keeper::Operator, Action::Change, &site)
                .object("institution", place)
                .detail("ended", rows.len())
                .rows(rows);
            audit::append(tx, &self.env, &self.secrets.audit, &entry).await?;
            Ok::<_, Fault>(())
        })
    }
}
