//! What a new principal is handed over: who has what, what lapses, what is open.

use super::keeping::keeper;
use super::line::name_of;
use super::site::Site;
use crate::actor::Actor;
use crate::fault::Fault;
use crate::rights::names::name_key;
use crate::service::Service;
use domain::account::{Keeper, State, next_year};
use domain::exchange::RefusalCode;
use domain::exchange::accounts::{AccountLine, Handover, OpenPoints};
use domain::{AccountRole, Date, PersonId, UserType};
use std::collections::HashSet;
use store::Read;
use store::account::life::AccountRecord;

impl Service {
    /// The state of a school's accounts, for its principal.
    ///
    /// # Errors
    /// [`RefusalCode::NotAllowed`] for anybody else.
    pub async fn handover(&self, actor: &Actor) -> Result<Handover, Fault> {
        if keeper(actor)? != Keeper::Principal {
            return Err(RefusalCode::NotAllowed.into());
        }
        let doubles = self.double_accounts(actor).await?.len();
        let waiting = self.inbox(actor).await?.waiting.len();
        let mut read = self.db.read().await?;
        let site = self.kept_site(&mut read, actor, Keeper::Principal, actor.institution).await?;
        let records = self.records(&mut read, site.place).await?;
        let now = self.env.now();
        let mut accounts = self.listed(&mut read, actor, Keeper::Principal, &site).await?;
        accounts.retain(|line| !matches!(line.state, State::Deleted | State::Merged));
        accounts.sort_by_cached_key(|line| (line.role, name_key(site.zone, &line.name()), line.number));
        let lapse = next_year(site.zone, now);
        let lapses = |line: &&AccountLine| {
            matches!(line.state, State::Issued | State::Active | State::Locked)
                && line.last_day.is_some_and(|day| day < lapse)
        };
        let count =
            |state| u32::try_from(accounts.iter().filter(|line| line.state == state).count()).unwrap_or(u32::MAX);
        let open = OpenPoints {
            requests: u32::try_from(waiting).unwrap_or(u32::MAX),
            issued: count(State::Issued),
            locked: count(State::Locked),
            lapsed: count(State::Lapsed),
            deactivated: count(State::Deactivated),
            doubles: u32::try_from(doubles).unwrap_or(u32::MAX),
            without_account: self.teachers_without_account(&mut read, &site, &records).await?,
        };
        let lapsing = u32::try_from(accounts.iter().filter(lapses).count()).unwrap_or(u32::MAX);
        let subjects = super::checked::offered(&self.catalogue, &site, now);
        Ok(Handover { before: before(&records, &site), accounts, subjects, lapse, lapsing, open, now })
    }

    /// Names of teachers who are here and have no teacher's account, in their order.
    async fn teachers_without_account(
        &self,
        read: &mut Read,
        site: &Site,
        records: &[AccountRecord],
    ) -> Result<Vec<String>, Fault> {
        let teaches = |record: &&AccountRecord| record.role == AccountRole::Teacher && !record.is_gone();
        let with: HashSet<PersonId> = records.iter().filter(teaches).map(|record| record.person).collect();
        let employees = store::staff::employees(read, site.place, site.zone, self.env.now()).await?;
        let without = employees
            .into_iter()
            .filter(|employee| employee.user_types.contains(&UserType::Teacher) && !with.contains(&employee.person));
        let mut names: Vec<String> = without.map(|employee| employee.name).collect();
        names.sort_by_cached_key(|name| name_key(site.zone, name));
        Ok(names)
    }
}

/// Who was principal before, the latest first, with the day their account was closed.
fn before(records: &[AccountRecord], site: &Site) -> Vec<(String, Date)> {
    let mut closed: Vec<_> = records
        .iter()
        .filter(|record| record.role == AccountRole::Principal)
        .filter_map(|record| Some((record.deactivated?, record)))
        .collect();
    closed.sort_by_key(|(at, record)| std::cmp::Reverse((*at, record.number)));
    closed.into_iter().map(|(at, record)| (name_of(record), site.zone.date_of(at))).collect()
}
