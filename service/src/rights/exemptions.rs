//! Exemptions (fritagelse, befrielse): leaders exempt a pupil from a test in a school year.

use super::cache::CachedSchool;
use super::load::institution_row;
use super::undone::Undone;
use super::written;
use crate::audit::{self, Action, Entry};
use crate::{Actor, Fault, Service};
use domain::exchange::{ExemptionChange, ExemptionConflict, ExemptionEntry, ExemptionLoad, RefusalCode};
use domain::{Capacity, Instant, PersonId, Roster, SchoolYear, Window};
use serde_json::{Value, json};
use std::collections::{HashMap, HashSet};
use store::exemption::Exemption;
use store::{Read, Write};

/// Most exemptions changed at once.
pub const EXEMPTION_CHANGES_MAX: usize = 2_000;
/// Longest note of an exemption, in characters.
pub const NOTE_MAX: usize = 500;

/// Pupil, test and school year: what an exemption is about.
type About = (PersonId, String, SchoolYear);

/// What a request comes to, once it is compared with what is recorded.
#[derive(Debug, Default)]
struct Work {
    record: Vec<Exemption>,
    withdraw: Vec<About>,
}

impl Service {
    /// All that the exemptions' grid needs: pupils, tests, and the exemptions that stand.
    ///
    /// # Errors
    /// [`RefusalCode::NotAllowed`] without Leadership.
    pub async fn exemptions(&self, actor: &Actor) -> Result<ExemptionLoad, Fault> {
        actor.require(Capacity::Leadership)?;
        let now = self.env.now();
        let mut read = self.db.read().await?;
        let cached = self.school_in(&mut read, actor.institution).await?;
        let entries = store::exemption::current(&mut read, actor.institution).await?;
        let roster = cached.school().roster.clone();
        let this_year = SchoolYear::of(roster.zone.date_of(now));
        Ok(ExemptionLoad { roster, entries: entries.into_iter().map(entry).collect(), this_year: this_year.0, now })
    }

    /// Exempts pupils or withdraws exemptions, all or none, in this school year or the next. What
    /// is already so is not recorded again.
    ///
    /// Where somebody else gave, changed or withdrew one after the person looked, and otherwise than is
    /// wished, nothing is recorded: the answer says who did, and what.
    ///
    /// # Errors
    /// [`RefusalCode::NotAllowed`] without Leadership; [`RefusalCode::NotFound`] for a pupil who
    /// is not or will not be here, or a test that is not held in that year;
    /// [`RefusalCode::DateInPast`] for a past school year; [`RefusalCode::BadInput`] for one after
    /// the next, and for the same pupil, test and year twice; [`RefusalCode::TooLarge`] beyond
    /// [`EXEMPTION_CHANGES_MAX`] or [`NOTE_MAX`].
    pub async fn set_exemptions(
        &self,
        actor: &Actor,
        changes: &[ExemptionChange],
    ) -> Result<Vec<ExemptionConflict>, Fault> {
        actor.require(Capacity::Leadership)?;
        let changes = checked(changes)?;
        let now = self.env.now();
        let mut conflicts = Vec::new();
        let done = store::write!(self.db, async |tx| {
            let revision = store::revision::raise(tx, actor.institution).await?;
            let before = revision.ok_or(Fault::from(RefusalCode::NotFound))? - 1;
            let cached = self.school_at(tx, actor.institution, before).await?;
            self.require_known(tx, actor, &cached, &changes, now).await?;
            conflicts = conflicting(tx, actor, &changes).await?;
            if !conflicts.is_empty() {
                return Err(Undone::Nothing);
            }
            let work = self.compare(tx, actor, &changes, now).await?;
            if work.record.is_empty() && work.withdraw.is_empty() {
                return Err(Undone::Nothing);
            }
            self.write_exemptions(tx, actor, &work, now).await?;
            Ok(())
        });
        done.or_else(Undone::nothing_is_done)?;
        Ok(conflicts)
    }

    /// Fails unless every pupil is here, or will be, in the named year, and every test is held then.
    async fn require_known(
        &self,
        read: &mut Read,
        actor: &Actor,
        cached: &CachedSchool,
        changes: &[ExemptionChange],
        now: Instant,
    ) -> Result<(), Fault> {
        let here = institution_row(read, actor.institution).await?;
        let roster = &cached.school().roster;
        let this_year = SchoolYear::of(roster.zone.date_of(now));
        for change in changes {
            let year = SchoolYear(change.school_year);
            if year < this_year {
                return Err(RefusalCode::DateInPast.into());
            }
            if year.0 > this_year.0.saturating_add(1) {
                return Err(RefusalCode::BadInput.into());
            }
            let is_held = self.catalogue.entry(&change.test).is_some_and(|test| test.is_held(&here.country, year));
            if !is_held || !attends_in(roster, change.pupil, year, now) {
                return Err(RefusalCode::NotFound.into());
            }
        }
        Ok(())
    }

    /// What differs from what is recorded: a new note replaces the exemption.
    async fn compare(
        &self,
        read: &mut Read,
        actor: &Actor,
        changes: &[ExemptionChange],
        now: Instant,
    ) -> Result<Work, Fault> {
        let standing = store::exemption::current(read, actor.institution).await?;
        let standing: HashMap<About, String> =
            standing.into_iter().map(|one| ((one.pupil, one.test, one.year), one.note)).collect();
        let mut work = Work::default();
        for change in changes {
            let about = about(change);
            let note = standing.get(&about);
            if change.exempt && note == Some(&change.note) {
                continue;
            }
            if note.is_some() {
                work.withdraw.push(about.clone());
            }
            if change.exempt {
                let (pupil, test, year) = about;
                work.record.push(Exemption {
                    id: self.env.id(),
                    pupil,
                    test,
                    year,
                    note: change.note.clone(),
                    author: actor.person,
                    author_name: actor.name.clone(),
                    recorded: Window::since(now),
                    withdrawn_by: None,
                });
            }
        }
        Ok(work)
    }

    async fn write_exemptions(&self, tx: &mut Write, actor: &Actor, work: &Work, now: Instant) -> Result<(), Fault> {
        for (pupil, test, year) in &work.withdraw {
            store::exemption::withdraw(tx, actor.institution, (*pupil, test, *year), &actor.name, now).await?;
        }
        for exemption in &work.record {
            store::exemption::insert(tx, actor.institution, exemption).await?;
        }
        let entry =
            |action| Entry::new(action, actor).capacity(Capacity::Leadership).object("institution", actor.institution);
        if !work.withdraw.is_empty() {
            let withdrawn: Vec<Value> =
                work.withdraw.iter().map(|(pupil, test, year)| cited(*pupil, test, *year)).collect();
            let entry = entry(Action::ExemptionWithdrawn).detail("exemptions", withdrawn);
            audit::append(tx, &self.env, &self.secrets.audit, &entry).await?;
        }
        if !work.record.is_empty() {
            let recorded: Vec<Value> = work.record.iter().map(|one| cited(one.pupil, &one.test, one.year)).collect();
            let notes = work.record.iter().filter(|one| !one.note.is_empty());
            let entry = entry(Action::ExemptionRecorded).detail("exemptions", recorded);
            let entry = notes.fold(entry, |entry, one| entry.personal(&format!("note {}", one.id), &one.note));
            audit::append(tx, &self.env, &self.secrets.audit, &entry).await?;
        }
        Ok(())
    }
}

/// Where somebody else decided after the person looked, and otherwise than is wished.
async fn conflicting(
    read: &mut Read,
    actor: &Actor,
    changes: &[ExemptionChange],
) -> Result<Vec<ExemptionConflict>, Fault> {
    // Of each what stands, or else what was withdrawn last.
    let until = |one: &Exemption| one.recorded.until.map_or(i64::MAX, |until| until.0);
    let mut all = store::exemption::all(read, actor.institution).await?;
    all.sort_by_key(until);
    let latest: HashMap<About, Exemption> =
        all.into_iter().map(|one| ((one.pupil, one.test.clone(), one.year), one)).collect();
    let conflict = |change: &ExemptionChange| {
        let last = latest.get(&about(change))?;
        let withdrawn = last.recorded.until;
        let stands = withdrawn.is_none();
        let (is_own, author) = if stands {
            (last.author == actor.person, last.author_name.clone())
        } else {
            let by = last.withdrawn_by.clone().unwrap_or_default();
            (by == actor.name, by)
        };
        let is_so = change.exempt == stands && (!stands || last.note == change.note);
        let is_later = stands.then_some(last.recorded.from) != change.seen;
        (is_later && !is_own && !is_so).then(|| ExemptionConflict {
            pupil: change.pupil,
            test: change.test.clone(),
            school_year: change.school_year,
            exempt: stands,
            note: if stands { last.note.clone() } else { String::new() },
            author,
            at: withdrawn.unwrap_or(last.recorded.from),
        })
    };
    Ok(changes.iter().filter_map(conflict).collect())
}

/// Within the limits, notes trimmed, nothing named twice.
fn checked(changes: &[ExemptionChange]) -> Result<Vec<ExemptionChange>, Fault> {
    if changes.len() > EXEMPTION_CHANGES_MAX {
        return Err(RefusalCode::TooLarge.into());
    }
    let mut named = HashSet::new();
    if !changes.iter().all(|change| named.insert((change.pupil, &change.test, change.school_year))) {
        return Err(RefusalCode::BadInput.into());
    }
    let checked =
        |change: &ExemptionChange| Ok(ExemptionChange { note: written(&change.note, NOTE_MAX)?, ..change.clone() });
    changes.iter().map(checked).collect()
}

fn about(change: &ExemptionChange) -> About {
    (change.pupil, change.test.clone(), SchoolYear(change.school_year))
}

fn cited(pupil: PersonId, test: &str, year: SchoolYear) -> Value {
    json!({ "pupil": pupil, "test": test, "school_year": year.0 })
}

/// Is the pupil affiliated here, now or later, in some part of the school year?
fn attends_in(roster: &Roster, pupil: PersonId, year: SchoolYear, now: Instant) -> bool {
    let year = year.window(roster.zone);
    let from = year.from.max(now);
    roster.attendance.iter().any(|fact| {
        fact.is_known(Instant::DISTANT_FUTURE)
            && roster.pupils.get(usize::from(fact.what.0)).is_some_and(|person| person.id == pupil)
            && fact.valid.until.is_none_or(|until| from < until)
            && year.until.is_none_or(|until| fact.valid.from < until)
    })
}

fn entry(exemption: Exemption) -> ExemptionEntry {
    ExemptionEntry {
        pupil: exemption.pupil,
        test: exemption.test,
        school_year: exemption.year.0,
        note: exemption.note,
        author: exemption.author_name,
        recorded: exemption.recorded.from,
    }
}
