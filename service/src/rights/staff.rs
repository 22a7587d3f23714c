//! Rights to book and to run, employee by employee.

use super::load::{administer, institution_row};
use super::names::name_key;
use super::{REASON_MAX, written};
use crate::audit::{self, Action, Entry, Row};
use crate::{Actor, Fault, Service};
use domain::exchange::{RefusalCode, StaffChange, StaffConflict, StaffRow, StaffStands, StaffWish};
use domain::staff_right::StaffRight;
use domain::{Capacity, Instant, PersonId, UserType, Window, Zone};
use std::collections::{HashMap, HashSet};
use store::staff::Employee;
use store::staff_right::StaffRightFact;
use store::{Read, Write};

/// Most employees changed at once.
pub const STAFF_CHANGES_MAX: usize = 2_000;

impl Service {
    /// Everyone with a live staff affiliation, with both rights, in order of names.
    ///
    /// # Errors
    /// [`RefusalCode::NotAllowed`] without TestAdministration.
    pub async fn staff_rights(&self, actor: &Actor) -> Result<Vec<StaffRow>, Fault> {
        administer(actor)?;
        let mut read = self.db.read().await?;
        let zone = institution_row(&mut read, actor.institution).await?.zone()?;
        let employees = store::staff::employees(&mut read, actor.institution, zone, self.env.now()).await?;
        let recorded = Recorded::now(&mut read, actor).await?;
        let mut rows: Vec<StaffRow> = employees.into_iter().map(|employee| recorded.row(employee, zone)).collect();
        rows.sort_by_cached_key(|row| (name_key(zone, &row.name), row.person));
        Ok(rows)
    }

    /// Records changes, all or none. What is already so is not recorded again, and a right about which
    /// nothing is wished stays as it is.
    ///
    /// Where somebody else decided about the same right after the person looked, and otherwise than is
    /// wished, nothing is recorded: the answer says who did, and what.
    ///
    /// The rule about results reads none of this, so the revision stays.
    ///
    /// # Errors
    /// [`RefusalCode::NotAllowed`] without TestAdministration; [`RefusalCode::NotFound`] for
    /// somebody without a live staff affiliation here; [`RefusalCode::BadInput`] for a person
    /// named twice; [`RefusalCode::TooLarge`] beyond [`STAFF_CHANGES_MAX`] or [`REASON_MAX`].
    pub async fn set_staff_rights(
        &self,
        actor: &Actor,
        changes: &[StaffChange],
        reason: &str,
    ) -> Result<Vec<StaffConflict>, Fault> {
        administer(actor)?;
        let reason = written(reason, REASON_MAX)?;
        if changes.len() > STAFF_CHANGES_MAX {
            return Err(RefusalCode::TooLarge.into());
        }
        let mut named = HashSet::new();
        if !changes.iter().all(|change| named.insert(change.person)) {
            return Err(RefusalCode::BadInput.into());
        }
        let now = self.env.now();
        store::write!(self.db, async |tx| {
            // The end of the audit chain is the lock: two administrators take turns.
            store::audit::hold_head(tx, actor.institution.0).await?;
            require_employees(tx, actor, &named, now).await?;
            let recorded = Recorded::now(tx, actor).await?;
            let conflicts = recorded.conflicts(actor, changes);
            let facts = self.new_facts(&recorded, actor, changes, now);
            if facts.is_empty() || !conflicts.is_empty() {
                return Ok::<_, Fault>(conflicts);
            }
            store::staff_right::record(tx, actor.institution, &facts).await?;
            let entry = Entry::new(Action::StaffRightsChanged, actor)
                .capacity(Capacity::TestAdministration)
                .object("institution", actor.institution)
                .rows(facts.iter().map(Row::staff_right))
                .personal("reason", &reason);
            audit::append(tx, &self.env, &self.secrets.audit, &entry).await?;
            Ok(conflicts)
        })
    }

    /// The facts that differ from what is recorded.
    fn new_facts(
        &self,
        recorded: &Recorded,
        actor: &Actor,
        changes: &[StaffChange],
        now: Instant,
    ) -> Vec<StaffRightFact> {
        let differing = wishes(changes).filter(|(person, right, wish)| recorded.has(*person, *right) != wish.granted);
        let fact = |(person, right, wish): (PersonId, StaffRight, StaffWish)| StaffRightFact {
            id: self.env.id(),
            person,
            right,
            granted: wish.granted,
            author: actor.person,
            author_name: actor.name.clone(),
            recorded: Window::since(now),
        };
        differing.map(fact).collect()
    }
}

/// All that is wished, right by right.
fn wishes(changes: &[StaffChange]) -> impl Iterator<Item = (PersonId, StaffRight, StaffWish)> {
    let of = |change: &StaffChange, right| change.wish(right).map(|wish| (change.person, right, wish));
    changes.iter().flat_map(move |change| StaffRight::ALL.into_iter().filter_map(move |right| of(change, right)))
}

async fn require_employees(
    tx: &mut Write,
    actor: &Actor,
    named: &HashSet<PersonId>,
    now: Instant,
) -> Result<(), Fault> {
    let zone = institution_row(tx, actor.institution).await?.zone()?;
    let employees = store::staff::employees(tx, actor.institution, zone, now).await?;
    let known: HashSet<PersonId> = employees.into_iter().map(|employee| employee.person).collect();
    if named.is_subset(&known) { Ok(()) } else { Err(RefusalCode::NotFound.into()) }
}

/// What is recorded now, by person and right.
struct Recorded(HashMap<(PersonId, StaffRight), StaffRightFact>);

impl Recorded {
    async fn now(read: &mut Read, actor: &Actor) -> Result<Self, Fault> {
        let facts = store::staff_right::current(read, actor.institution).await?;
        Ok(Self(facts.into_iter().map(|fact| ((fact.person, fact.right), fact)).collect()))
    }

    fn has(&self, person: PersonId, right: StaffRight) -> bool {
        self.0.get(&(person, right)).is_some_and(|fact| fact.granted)
    }

    fn since(&self, person: PersonId, right: StaffRight) -> Option<Instant> {
        self.0.get(&(person, right)).map(|fact| fact.recorded.from)
    }

    fn stands(&self, person: PersonId, right: StaffRight) -> StaffStands {
        StaffStands { granted: self.has(person, right), since: self.since(person, right) }
    }

    /// Where somebody else decided after the person looked, and otherwise than is wished.
    fn conflicts(&self, actor: &Actor, changes: &[StaffChange]) -> Vec<StaffConflict> {
        let conflict = |(person, right, wish): (PersonId, StaffRight, StaffWish)| {
            let fact = self.0.get(&(person, right))?;
            let is_later = wish.seen != Some(fact.recorded.from);
            (is_later && fact.author != actor.person && fact.granted != wish.granted).then(|| StaffConflict {
                person,
                right,
                granted: fact.granted,
                author: fact.author_name.clone(),
                at: fact.recorded.from,
            })
        };
        wishes(changes).filter_map(conflict).collect()
    }

    fn row(&self, employee: Employee, zone: Zone) -> StaffRow {
        let person = employee.person;
        let facts = StaffRight::ALL.into_iter().filter_map(|right| self.0.get(&(person, right)));
        let last = facts.max_by_key(|fact| fact.recorded.from);
        StaffRow {
            person,
            name: employee.name,
            user_types: employee.user_types.into_iter().map(|kind| word(kind, zone).to_owned()).collect(),
            booking: self.stands(person, StaffRight::Booking),
            running: self.stands(person, StaffRight::Running),
            changed: last.map(|fact| (fact.author_name.clone(), fact.recorded.from)),
        }
    }
}

/// A user type in the school's words: UNI-Login's brugertyper, or the Swedish of them.
const fn word(kind: UserType, zone: Zone) -> &'static str {
    match (zone, kind) {
        (Zone::Copenhagen, UserType::Teacher) => "Lærer",
        (Zone::Stockholm, UserType::Teacher) => "Lärare",
        (Zone::Copenhagen, UserType::Pedagogue) => "Pædagog",
        (Zone::Stockholm, UserType::Pedagogue) => "Pedagog",
        (_, UserType::Substitute) => "Vikar",
        (Zone::Copenhagen, UserType::Leader) => "Leder",
        (Zone::Stockholm, UserType::Leader) => "Ledare",
        (Zone::Copenhagen, UserType::Management) => "Ledelse",
        (Zone::Stockholm, UserType::Management) => "Ledning",
        (Zone::Copenhagen, UserType::Administrative) => "TAP",
        (Zone::Stockholm, UserType::Administrative) => "Administration",
        (Zone::Copenhagen, UserType::Consultant) => "Konsulent",
        (Zone::Stockholm, UserType::Consultant) => "Konsult",
        (_, UserType::Pupil) => "Elev",
        (_, UserType::Trainee) => "Praktikant",
        (Zone::Copenhagen, UserType::External) => "Ekstern",
        (Zone::Stockholm, UserType::External) => "Extern",
    }
}
