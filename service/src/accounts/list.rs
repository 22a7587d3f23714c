//! The accounts that somebody keeps, as a list.

use super::checked;
use super::keeping::keeper;
use super::line::sort_by_name;
use super::site::Site;
use crate::actor::Actor;
use crate::fault::Fault;
use crate::service::Service;
use domain::account::{Action, Keeper, Place, State, Target, Whose, may, next_year};
use domain::exchange::RefusalCode;
use domain::exchange::accounts::{AccountFilter, AccountLine, AccountList};
use domain::text::{fold, matches};
use domain::{AccountRole, Zone};
use std::collections::BTreeMap;
use store::Read;

impl Service {
    /// The accounts that the actor keeps: a school's teachers, test administrators and leaders, or
    /// the principals of an authority's institutions.
    ///
    /// # Errors
    /// [`RefusalCode::NotAllowed`] for who keeps no accounts.
    pub async fn accounts(&self, actor: &Actor, filter: &AccountFilter) -> Result<AccountList, Fault> {
        let keeper = keeper(actor)?;
        let mut read = self.db.read().await?;
        let sites = self.kept_sites(&mut read, actor, keeper).await?;
        let now = self.env.now();
        let zone = Site::load(&mut read, actor.institution).await.map_or(Zone::Copenhagen, |own| own.zone);
        let mut accounts = Vec::new();
        for site in &sites {
            accounts.extend(self.listed(&mut read, actor, keeper, site).await?);
        }
        let fits = Filter::new(filter);
        accounts.retain(|line| fits.has_words(line));
        let counts = counts(&accounts);
        accounts.retain(|line| fits.has_state(line));
        sort_by_name(zone, &mut accounts);
        let first = sites.first();
        let subjects = first.map(|site| checked::offered(&self.catalogue, site, now)).unwrap_or_default();
        let may_register_self = self.may_register_self(&mut read, actor, keeper, first).await?;
        Ok(AccountList {
            keeper,
            accounts,
            counts,
            may_register: may_register(keeper),
            institutions: sites.into_iter().map(|site| (site.place, site.name)).collect(),
            subjects,
            may_register_self,
            lapse: next_year(zone, now),
            now,
        })
    }

    /// The principal's own account, for its contact details.
    ///
    /// # Errors
    /// [`RefusalCode::NotAllowed`] for anybody else.
    pub async fn own_principal_account(&self, actor: &Actor) -> Result<AccountLine, Fault> {
        if keeper(actor)? != Keeper::Principal {
            return Err(RefusalCode::NotAllowed.into());
        }
        let mut read = self.db.read().await?;
        let site = self.kept_site(&mut read, actor, Keeper::Principal, actor.institution).await?;
        let records = self.records(&mut read, site.place).await?;
        let own = records.iter().rev().find(|record| {
            record.person == actor.person && record.role == AccountRole::Principal && record.deactivated.is_none()
        });
        let own = own.ok_or(RefusalCode::NotFound)?;
        Ok(self.lines(&mut read, actor, Keeper::Principal, &site).await?.line(own))
    }

    /// Who lapses on the next 1 August, in order of names: teachers and test administrators whose
    /// accounts are open. Only a school's keepers have such accounts.
    ///
    /// # Errors
    /// [`RefusalCode::NotAllowed`] for who keeps no accounts.
    pub async fn lapsing_accounts(&self, actor: &Actor) -> Result<Vec<AccountLine>, Fault> {
        let open = AccountFilter { states: vec![State::Issued, State::Active, State::Locked], ..Default::default() };
        let list = self.accounts(actor, &open).await?;
        let last = list.lapse.previous();
        Ok(list.accounts.into_iter().filter(|line| line.last_day.is_some_and(|day| day <= last)).collect())
    }

    /// A place's accounts that a keeper lists, deleted ones too.
    pub(super) async fn listed(
        &self,
        read: &mut Read,
        actor: &Actor,
        keeper: Keeper,
        site: &Site,
    ) -> Result<Vec<AccountLine>, Fault> {
        let records = self.records(read, site.place).await?;
        let lines = self.lines(read, actor, keeper, site).await?;
        Ok(records.iter().filter(|record| keeper.lists(record.role)).map(|record| lines.line(record)).collect())
    }

    async fn may_register_self(
        &self,
        read: &mut Read,
        actor: &Actor,
        keeper: Keeper,
        site: Option<&Site>,
    ) -> Result<bool, Fault> {
        let Some(site) = site.filter(|_| matches!(keeper, Keeper::TestAdministrator | Keeper::Principal)) else {
            return Ok(false);
        };
        Ok(!store::account::life::has_role(read, site.place, actor.person, AccountRole::Teacher).await?)
    }
}

/// The roles that a keeper registers, for others.
fn may_register(keeper: Keeper) -> Vec<AccountRole> {
    let place = if keeper == Keeper::Authority { Place::Below } else { Place::Own };
    let target = |role| Target { role, place, whose: Whose::Another };
    AccountRole::ALL.into_iter().filter(|role| may(Some(keeper), Action::Register, target(*role)).is_ok()).collect()
}

fn counts(accounts: &[AccountLine]) -> Vec<(State, u32)> {
    let mut counts = BTreeMap::<State, u32>::new();
    for line in accounts {
        *counts.entry(line.state).or_default() += 1;
    }
    counts.into_iter().collect()
}

/// A filter with its words folded once.
struct Filter<'a> {
    words: String,
    filter: &'a AccountFilter,
}

impl<'a> Filter<'a> {
    fn new(filter: &'a AccountFilter) -> Self {
        Self { words: fold(&filter.query), filter }
    }

    fn has_words(&self, line: &AccountLine) -> bool {
        let is_role = self.filter.roles.is_empty() || self.filter.roles.contains(&line.role);
        let email = line.email.as_deref().unwrap_or_default();
        is_role && matches(&fold(&format!("{} {} {email}", line.name(), line.user_name)), &self.words)
    }

    fn has_state(&self, line: &AccountLine) -> bool {
        match self.filter.states.as_slice() {
            [] => !matches!(line.state, State::Deleted | State::Merged),
            states => states.contains(&line.state),
        }
    }
}
