//! Uniting two accounts of one person, and separating them again.
//!
//! The account with the higher number stays, as the field's rule says. It gets the other one's
//! subjects and rights to book and run, and, where two persons had been recorded, the other one's
//! decisions, what either withholds being withheld ([`Scene::unite`]), and what the roster calls that
//! one. The other account's sign-in is dead; what was done with it stays readable, also with the one
//! that stays, and for some weeks all of this can be taken back.

use super::keeping::Kept;
use super::making::{entry, user_type_of};
use crate::actor::Actor;
use crate::audit::{self, Row};
use crate::fault::Fault;
use crate::rights::cache::CachedSchool;
use crate::rights::names::alphabet;
use crate::rights::undone::Undone;
use crate::service::Service;
use domain::account::{Action, separable_until};
use domain::draft::{Edit, Places};
use domain::exchange::accounts::Wish;
use domain::exchange::{Proposal, RefusalCode};
use domain::notice::NoticeKind;
use domain::staff_right::StaffRight;
use domain::view::Scene;
use domain::{AccountId, Instant, PersonId, Window};
use std::sync::Arc;
use store::account::merge::{Merge, NewMerge};
use store::staff_right::StaffRightFact;
use store::{Read, Write};

impl Service {
    /// Unites two accounts of the same role and school, and answers which one stays.
    ///
    /// # Errors
    /// As the rule says; [`RefusalCode::BadInput`] for accounts of two roles or schools, and for one
    /// named twice.
    pub async fn merge_accounts(&self, actor: &Actor, one: AccountId, other: AccountId) -> Result<AccountId, Fault> {
        store::write!(self.db, async |tx| {
            let site = self.kept(tx, actor, one, Action::Merge).await?.site;
            site.hold(tx).await?;
            let (goes, stays) = self.pair(tx, actor, one, other).await?;
            self.merge(tx, actor, &goes, &stays).await?;
            Ok::<_, Fault>(stays.record.id)
        })
    }

    /// Separates an account from the one it was united with: it signs in as before, and the other
    /// one loses what it had gained, where nobody has decided otherwise meanwhile.
    ///
    /// # Errors
    /// As the rule says; [`RefusalCode::NotFound`] for an account that is united with none;
    /// [`RefusalCode::TooLate`] when its time is over.
    pub async fn separate_accounts(&self, actor: &Actor, account: AccountId) -> Result<(), Fault> {
        store::write!(self.db, async |tx| {
            let site = self.kept(tx, actor, account, Action::Separate).await?.site;
            site.hold(tx).await?;
            let kept = self.kept(tx, actor, account, Action::Separate).await?;
            let merge = store::account::merge::open(tx, account).await?.ok_or(RefusalCode::NotFound)?;
            if separable_until(merge.merged) <= self.env.now() {
                return Err(RefusalCode::TooLate.into());
            }
            self.separate(tx, actor, &kept, &merge).await
        })
    }

    /// Two accounts that the actor may unite: the one that goes, and the one that stays.
    pub(super) async fn pair(
        &self,
        read: &mut Read,
        actor: &Actor,
        one: AccountId,
        other: AccountId,
    ) -> Result<(Kept, Kept), Fault> {
        let one = self.kept(read, actor, one, Action::Merge).await?;
        let other = self.kept(read, actor, other, Action::Merge).await?;
        let alike = |kept: &Kept| (kept.record.place, kept.record.role);
        if one.record.id == other.record.id || alike(&one) != alike(&other) {
            return Err(RefusalCode::BadInput.into());
        }
        let is_in_order = one.record.number < other.record.number;
        Ok(if is_in_order { (one, other) } else { (other, one) })
    }

    async fn merge(&self, tx: &mut Write, actor: &Actor, goes: &Kept, stays: &Kept) -> Result<(), Fault> {
        let (place, now) = (goes.site.place, self.env.now());
        let revision = store::revision::raise(tx, place).await?.ok_or(RefusalCode::NotFound)?;
        let change_set = self.unite_decisions(tx, actor, goes, stays, revision).await?;
        let rights = self.unite_staff_rights(tx, actor, goes, stays).await?;
        let subjects = unite_subjects(tx, goes, stays).await?;
        move_sources(tx, goes, stays).await?;
        let account = goes.record.id;
        self.end_use(tx, account, now).await?;
        self.settle_requests(tx, actor, &goes.record, Wish::Merge).await?;
        self.void_requests(tx, actor, &goes.record).await?;
        self.tell_holder(tx, actor, &goes.record, NoticeKind::Merged).await?;
        let left = self.end_affiliation(tx, &goes.record, now).await?;
        self.end_left_flags(tx, actor, place, now).await?;
        let given: Vec<StaffRight> = rights.iter().map(|fact| fact.right).collect();
        let merge = NewMerge {
            id: self.env.id(),
            place,
            account,
            into: stays.record.id,
            merged: now,
            subjects: &subjects,
            rights: &given,
            change_set,
            was_deactivated: goes.record.deactivated,
            left,
        };
        store::account::merge::insert(tx, &merge).await?;
        let rows = rights.iter().map(Row::staff_right).collect();
        self.tell(tx, actor, audit::Action::AccountsMerged, (goes, stays.record.id), rows).await
    }

    async fn separate(&self, tx: &mut Write, actor: &Actor, kept: &Kept, merge: &Merge) -> Result<(), Fault> {
        let (record, place, now) = (&kept.record, kept.site.place, self.env.now());
        let revision = store::revision::raise(tx, place).await?.ok_or(RefusalCode::NotFound)?;
        if let Some(change_set) = merge.change_set {
            self.take_back(tx, actor, kept, change_set, revision).await?;
        }
        let other = store::account::life::by_id(tx, merge.into, now).await?.ok_or(RefusalCode::NotFound)?;
        let mut rows = Vec::new();
        let still = store::staff_right::of_person(tx, place, other.person).await?;
        let given = |right: &StaffRight| still.iter().any(|fact| fact.right == *right && fact.granted);
        for right in merge.rights.iter().filter(|right| given(right)) {
            rows.push(self.staff_right(actor, other.person, *right, false));
        }
        store::staff_right::record(tx, place, &rows).await?;
        let mut subjects = store::account::subject::of_account(tx, other.id).await?;
        subjects.retain(|subject| !merge.subjects.contains(subject));
        store::account::subject::set(tx, place, other.id, &subjects).await?;
        if let Some(user_type) = user_type_of(record.role).filter(|_| merge.left) {
            store::account::insert_affiliation(tx, place, self.env.id(), record.person, user_type, now).await?;
        }
        if record.person != other.person {
            store::account::merge::return_sources(tx, record.person, other.person).await?;
        }
        store::account::merge::separate(tx, merge, now).await?;
        let rows = rows.iter().map(Row::staff_right).collect();
        self.tell(tx, actor, audit::Action::AccountsSeparated, (kept, other.id), rows).await
    }

    /// Tells the person who stays what the other one was told, now and later. Answers the change set;
    /// `None` where that is nothing, as between two accounts of one person.
    async fn unite_decisions(
        &self,
        tx: &mut Write,
        actor: &Actor,
        goes: &Kept,
        stays: &Kept,
        revision: i64,
    ) -> Result<Option<u32>, Fault> {
        let place = goes.site.place;
        let cached = self.school_at(tx, place, revision - 1).await?;
        let edits = united(&cached, goes.record.person, stays.record.person, self.env.now());
        if edits.is_empty() {
            return Ok(None);
        }
        let at_place = Actor { institution: place, ..actor.clone() };
        let proposal = Proposal::Edits(edits);
        let prepared = self.prepare_on(tx, cached, &at_place, &proposal, revision - 1, self.env.now()).await?;
        let reason = format!("{} → {}", goes.record.user_name, stays.record.user_name);
        let next = self.record(tx, &at_place, &proposal, &prepared, revision, &reason).await.map_err(failed)?;
        Ok(Some(next.school().record.next_change_set().0))
    }

    /// Takes the change set of a merge back, unless somebody has done that already.
    async fn take_back(
        &self,
        tx: &mut Write,
        actor: &Actor,
        kept: &Kept,
        change_set: u32,
        revision: i64,
    ) -> Result<(), Fault> {
        let cached = self.school_at(tx, kept.site.place, revision - 1).await?;
        let proposal = Proposal::TakeBack { change_set, positions: None };
        let prepared = self.prepare_on(tx, cached, actor, &proposal, revision - 1, self.env.now()).await;
        let prepared = match prepared {
            Err(Fault::Refused(refusal)) if refusal.code == RefusalCode::AlreadyTakenBack => return Ok(()),
            prepared => prepared?,
        };
        self.record(tx, actor, &proposal, &prepared, revision, &kept.record.user_name).await.map_err(failed)?;
        Ok(())
    }

    /// Gives the person who stays the rights to book and run that only the other one has.
    async fn unite_staff_rights(
        &self,
        tx: &mut Write,
        actor: &Actor,
        goes: &Kept,
        stays: &Kept,
    ) -> Result<Vec<StaffRightFact>, Fault> {
        let place = goes.site.place;
        let theirs = store::staff_right::of_person(tx, place, goes.record.person).await?;
        let own = store::staff_right::of_person(tx, place, stays.record.person).await?;
        let has = |right| own.iter().any(|fact| fact.right == right && fact.granted);
        let missing = theirs.iter().filter(|fact| fact.granted && !has(fact.right));
        let facts: Vec<StaffRightFact> =
            missing.map(|fact| self.staff_right(actor, stays.record.person, fact.right, true)).collect();
        store::staff_right::record(tx, place, &facts).await?;
        Ok(facts)
    }

    fn staff_right(&self, actor: &Actor, person: PersonId, right: StaffRight, granted: bool) -> StaffRightFact {
        StaffRightFact {
            id: self.env.id(),
            person,
            right,
            granted,
            author: actor.person,
            author_name: actor.name.clone(),
            recorded: Window::since(self.env.now()),
        }
    }

    /// Records what became of both accounts, together with what else changed.
    async fn tell(
        &self,
        tx: &mut Write,
        actor: &Actor,
        what: audit::Action,
        (kept, other): (&Kept, AccountId),
        mut rows: Vec<Row>,
    ) -> Result<(), Fault> {
        for account in [kept.record.id, other] {
            rows.push(Row::account(store::account::one(tx, account).await?.ok_or(RefusalCode::NotFound)?));
        }
        let entry = entry(what, actor, kept.keeper, Action::Merge, &kept.site)
            .object("account", kept.record.id)
            .detail("with", other.to_string())
            .rows(rows);
        audit::append(tx, &self.env, &self.secrets.audit, &entry).await?;
        Ok(())
    }
}

/// Gives the account that stays the other one's subjects; answers those that it had not.
async fn unite_subjects(tx: &mut Write, goes: &Kept, stays: &Kept) -> Result<Vec<String>, Fault> {
    let held = store::account::subject::of_account(tx, stays.record.id).await?;
    let mut added = store::account::subject::of_account(tx, goes.record.id).await?;
    added.retain(|subject| !held.contains(subject));
    let mut all = [held, added.clone()].concat();
    all.sort_unstable();
    store::account::subject::set(tx, stays.site.place, stays.record.id, &all).await?;
    Ok(added)
}

/// Lets the roster's files speak of the person who stays, where they named the other one. What the
/// authority's files call somebody who is anybody at another school stays as it is: that school is not
/// the actor's.
async fn move_sources(tx: &mut Write, goes: &Kept, stays: &Kept) -> Result<(), Fault> {
    let (from, to) = (goes.record.person, stays.record.person);
    if from == to {
        return Ok(());
    }
    let place = goes.site.place;
    let mut owners = vec![place.0];
    if !goes.site.is_authority && !store::account::merge::is_elsewhere(tx, place, from).await? {
        owners.push(goes.site.authority.0);
    }
    Ok(store::account::merge::move_sources(tx, &owners, from, to).await?)
}

/// What the person who stays has to be told where two become one; nothing between two accounts of one
/// person.
pub(super) fn united(cached: &CachedSchool, goes: PersonId, stays: PersonId, now: Instant) -> Vec<Edit> {
    let school = cached.school();
    let places = Places::of(&school.roster);
    let (Some(from), Some(to)) = (places.teacher(goes), places.teacher(stays)) else { return Vec::new() };
    Scene::of(Arc::new(school.clone()), alphabet(school.roster.zone), now).unite(from, to)
}

/// A change set that was worked out under the lock is recorded, or something failed.
fn failed(undone: Undone) -> Fault {
    match undone {
        Undone::Fault(fault) => fault,
        Undone::Stale(_) | Undone::Nothing => Fault::Internal("a merge's change set was not recorded".to_owned()),
    }
}
