//! The same person twice: found while a new account is typed, and among those that are there.
//!
//! Names are compared folded, so that Ærø and Aeroe are one; e-mails without regard to capitals;
//! and by what rosters call people.

use super::keeping::keeper;
use super::line::{Lines, name_of};
use super::site::Site;
use crate::actor::Actor;
use crate::fault::Fault;
use crate::service::Service;
use domain::account::Keeper;
use domain::exchange::RefusalCode;
use domain::exchange::accounts::{Double, DoubleAccounts, Holder, Likeness, Registration, Typed};
use domain::text::fold;
use domain::{AccountRole, InstitutionId, PersonId};
use std::collections::{BTreeMap, BTreeSet};
use store::Read;
use store::account::life::AccountRecord;

/// What people can be alike in, comparable.
#[derive(Clone, Debug, Default)]
struct Marks {
    name: String,
    email: String,
    externals: BTreeSet<String>,
}

impl Marks {
    fn alike(&self, other: &Self) -> Vec<Likeness> {
        let same = |a: &str, b: &str| !a.is_empty() && a == b;
        let found = [
            (same(&self.name, &other.name), Likeness::Name),
            (same(&self.email, &other.email), Likeness::Email),
            (!self.externals.is_disjoint(&other.externals), Likeness::External),
        ];
        found.into_iter().filter(|(is_alike, _)| *is_alike).map(|(_, likeness)| likeness).collect()
    }
}

/// What rosters call somebody, where that was said.
fn known_as(external: Option<&str>) -> BTreeSet<String> {
    external.map(str::trim).filter(|external| !external.is_empty()).map(str::to_owned).into_iter().collect()
}

fn folded_email(email: &str) -> String {
    email.trim().to_lowercase()
}

/// Somebody known at the institution.
#[derive(Clone, Debug, Default)]
struct Known {
    name: String,
    marks: Marks,
    accounts: Vec<(String, AccountRole)>,
    /// Those at other schools of the authority that asks.
    elsewhere: Vec<(String, AccountRole)>,
}

/// Everybody whom a keeper may learn of at an institution.
pub(super) struct People(BTreeMap<PersonId, Known>);

impl People {
    /// A new account's person against everybody: who may it be?
    ///
    /// A person of one's own choice is a double only where an account of the same role stands in the
    /// way: the person's own, or one of somebody very like them.
    pub(super) fn doubles_of(&self, order: &Registration) -> Vec<Double> {
        let (role, email) = (order.role, folded_email(order.email.as_deref().unwrap_or_default()));
        match &order.holder {
            Holder::New { given, family } => {
                let name = fold(&format!("{given} {family}"));
                self.like(&Marks { name, email, externals: known_as(order.external.as_deref()) }, |_, _| true)
            }
            Holder::Known(person) => {
                let mut marks = self.0.get(person).map(|known| known.marks.clone()).unwrap_or_default();
                if !email.is_empty() {
                    marks.email = email;
                }
                let has_role = |known: &Known| known.accounts.iter().any(|(_, held)| *held == role);
                let mut doubles = self.like(&marks, |id, known| id != *person && has_role(known));
                if let Some(own) = self.0.get(person).filter(|own| has_role(own)) {
                    doubles.insert(0, double(*person, own, vec![Likeness::Person]));
                }
                doubles
            }
        }
    }

    /// What has been typed so far against everybody.
    fn doubles_of_typed(&self, typed: &Typed) -> Vec<Double> {
        // Half a name is like too many.
        let is_whole = !typed.given.trim().is_empty() && !typed.family.trim().is_empty();
        let name = if is_whole { fold(&format!("{} {}", typed.given, typed.family)) } else { String::new() };
        let externals = known_as(Some(&typed.external));
        self.like(&Marks { name, email: folded_email(&typed.email), externals }, |_, _| true)
    }

    fn like(&self, marks: &Marks, counts: impl Fn(PersonId, &Known) -> bool) -> Vec<Double> {
        let candidates = self.0.iter().filter(|(id, known)| counts(**id, known));
        // Who is here comes before who is at another school.
        let (here, elsewhere): (Vec<_>, Vec<_>) =
            candidates.partition(|(_, known)| !known.accounts.is_empty() || known.elsewhere.is_empty());
        here.into_iter()
            .chain(elsewhere)
            .map(|(id, known)| double(*id, known, known.marks.alike(marks)))
            .filter(|double| !double.alike.is_empty())
            .collect()
    }
}

fn double(person: PersonId, known: &Known, alike: Vec<Likeness>) -> Double {
    let accounts = known.accounts.iter().chain(&known.elsewhere).cloned().collect();
    Double { person, name: known.name.clone(), alike, accounts }
}

impl Service {
    /// Who may be the person that is being typed; for every keystroke that makes a difference.
    ///
    /// # Errors
    /// [`RefusalCode::NotAllowed`] for who keeps no accounts; [`RefusalCode::NotFound`] for a place
    /// that is not the actor's.
    pub async fn doubles(
        &self,
        actor: &Actor,
        institution: InstitutionId,
        typed: &Typed,
    ) -> Result<Vec<Double>, Fault> {
        let keeper = keeper(actor)?;
        let mut read = self.db.read().await?;
        let site = self.kept_site(&mut read, actor, keeper, institution).await?;
        Ok(self.people(&mut read, keeper, &site).await?.doubles_of_typed(typed))
    }

    /// Accounts of one role that may be one person's, for the principal to look through. Which of
    /// two goes is the field's rule: the one with the lowest number.
    ///
    /// # Errors
    /// [`RefusalCode::NotAllowed`] for who keeps no accounts.
    pub async fn double_accounts(&self, actor: &Actor) -> Result<Vec<DoubleAccounts>, Fault> {
        let keeper = keeper(actor)?;
        let mut read = self.db.read().await?;
        let mut found = Vec::new();
        for site in self.kept_sites(&mut read, actor, keeper).await? {
            let people = self.people(&mut read, keeper, &site).await?;
            let lines = self.lines(&mut read, actor, keeper, &site).await?;
            let records = self.records(&mut read, site.place).await?;
            found.extend(together(&people, &lines, &records, keeper));
        }
        Ok(found)
    }

    /// The institution, if the keeper keeps accounts there.
    pub(super) async fn kept_site(
        &self,
        read: &mut Read,
        actor: &Actor,
        keeper: Keeper,
        institution: InstitutionId,
    ) -> Result<Site, Fault> {
        use domain::account::Place;
        let site = Site::load(read, institution).await?;
        let is_kept = match (keeper, site.seen_from(actor.institution)) {
            (Keeper::TestAdministrator | Keeper::Principal, place) => place == Place::Own && !site.is_authority,
            (Keeper::Authority, place) => place == Place::Below,
            (Keeper::Operator, _) => true,
        };
        if is_kept { Ok(site) } else { Err(RefusalCode::NotFound.into()) }
    }

    /// The institutions whose accounts a keeper lists: the school, or the authority's.
    pub(super) async fn kept_sites(&self, read: &mut Read, actor: &Actor, keeper: Keeper) -> Result<Vec<Site>, Fault> {
        let ids = match keeper {
            Keeper::TestAdministrator | Keeper::Principal => vec![actor.institution],
            Keeper::Authority => {
                let authority = domain::AuthorityId(actor.institution.0);
                let institutions = store::directory::institutions_of(read, authority).await?;
                institutions.into_iter().map(|institution| institution.id).collect()
            }
            Keeper::Operator => Vec::new(),
        };
        let mut sites = Vec::new();
        for id in ids {
            sites.push(self.kept_site(read, actor, keeper, id).await?);
        }
        Ok(sites)
    }

    /// Everybody at a place whom a keeper may learn of: holders of accounts that are not gone,
    /// and the staff; but for an authority only the principals, those of its other schools too.
    pub(super) async fn people(&self, read: &mut Read, keeper: Keeper, site: &Site) -> Result<People, Fault> {
        let mut people = BTreeMap::<PersonId, Known>::new();
        let sees_staff = keeper != Keeper::Authority;
        for record in self.records(read, site.place).await?.iter().filter(|record| !record.is_gone()) {
            let is_listed = keeper.lists(record.role);
            if !is_listed && !sees_staff {
                continue;
            }
            let known = people.entry(record.person).or_default();
            name(known, &name_of(record), record.protected);
            if let Some(email) = &record.email {
                known.marks.email = folded_email(email);
            }
            if is_listed {
                known.accounts.push((record.user_name.clone(), record.role));
            }
        }
        if sees_staff {
            for employee in store::staff::employees(read, site.place, site.zone, self.env.now()).await? {
                name(people.entry(employee.person).or_default(), &employee.name, false);
            }
            for (external, person) in store::source::people(read, site.place).await? {
                if let Some(known) = people.get_mut(&person) {
                    known.marks.externals.insert(external);
                }
            }
        }
        if keeper == Keeper::Authority {
            // One person may be principal of several schools.
            let principals = store::account::life::principals_of(read, site.authority, self.env.now()).await?;
            for record in principals.iter().filter(|record| record.place != site.place && !record.is_gone()) {
                let known = people.entry(record.person).or_default();
                name(known, &name_of(record), record.protected);
                if let Some(email) = record.email.as_deref().filter(|_| known.marks.email.is_empty()) {
                    known.marks.email = folded_email(email);
                }
                known.elsewhere.push((record.user_name.clone(), record.role));
            }
        }
        Ok(People(people))
    }
}

/// Names somebody. A protected person's alias is shown and says nothing about likeness.
fn name(known: &mut Known, name: &str, protected: bool) {
    if known.name.is_empty() {
        name.clone_into(&mut known.name);
        if !protected {
            known.marks.name = fold(name);
        }
    }
}

/// Groups of accounts of one role whose people are the same or alike.
fn together(people: &People, lines: &Lines<'_>, records: &[AccountRecord], keeper: Keeper) -> Vec<DoubleAccounts> {
    let mut groups: Vec<(Vec<Likeness>, Vec<&AccountRecord>)> = Vec::new();
    for record in records.iter().filter(|record| !record.is_gone() && keeper.lists(record.role)) {
        let alike = |other: &AccountRecord| alike(people, record, other);
        match groups.iter_mut().find(|(_, group)| group.iter().any(|other| !alike(other).is_empty())) {
            Some((why, group)) => {
                why.extend(group.iter().flat_map(|other| alike(other)));
                group.push(record);
            }
            None => groups.push((Vec::new(), vec![record])),
        }
    }
    let several = groups.into_iter().filter(|(_, group)| group.len() > 1);
    several
        .map(|(mut alike, group)| {
            alike.sort_unstable();
            alike.dedup();
            DoubleAccounts { alike, accounts: group.into_iter().map(|record| lines.line(record)).collect() }
        })
        .collect()
}

fn alike(people: &People, one: &AccountRecord, other: &AccountRecord) -> Vec<Likeness> {
    if one.role != other.role {
        return Vec::new();
    }
    if one.person == other.person {
        return vec![Likeness::Person];
    }
    match (people.0.get(&one.person), people.0.get(&other.person)) {
        (Some(one), Some(other)) => one.marks.alike(&other.marks),
        _ => Vec::new(),
    }
}
