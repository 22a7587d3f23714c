//! Works out what a bundle would do to one school or to all of an authority's.

use super::choice::{all_schools, school_of};
use super::difference::{Now, Plan, plan};
use super::finding::{Code, Findings, Place};
use super::names::differences;
use super::roll::{Roll, rolls};
use super::staged::{SourcedId, Staged};
use super::wanted::{Wanted, wanted};
use crate::Fault;
use domain::import::{Held, ImportCounts, ImportPreview, ImportReport};
use domain::{Instant, InstitutionId, PersonId, Zone};
use std::collections::{BTreeMap, BTreeSet};
use store::Read;
use store::directory;
use store::import::{self, FileRoster, KnownPerson};
use uuid::Uuid;

/// A school of the bundle and the institution it belongs to.
#[derive(Clone, Debug)]
pub(super) struct Seat {
    /// The institution; `None` if it is not recorded yet.
    pub(super) institution: Option<InstitutionId>,
    pub(super) code: String,
    pub(super) name: String,
}

/// Whose files these are.
#[derive(Clone, Debug)]
pub(super) struct Owner {
    /// Names the persons: an institution or an authority.
    pub(super) id: Uuid,
    pub(super) authority: Uuid,
    pub(super) country: String,
    pub(super) zone: Zone,
    /// Every school of the bundle, not one.
    pub(super) is_authority: bool,
}

/// What a bundle would do to one school.
#[derive(Debug)]
pub(super) struct School {
    pub(super) seat: Seat,
    pub(super) roll: Roll,
    pub(super) plan: Plan,
    pub(super) held: Vec<Held>,
    wanted: Wanted,
    known: FileRoster,
}

/// What a bundle would do.
#[derive(Debug, Default)]
pub(super) struct Work {
    pub(super) schools: Vec<School>,
    /// Persons that one school's own files have named, to be known to the authority's others.
    pub(super) adopted: Vec<(String, PersonId)>,
    pub(super) findings: Findings,
}

/// Works out what a bundle would do to the schools at `seats`, by the bundle's ids of them.
pub(super) async fn work_out(
    read: &mut Read,
    owner: &Owner,
    seats: &BTreeMap<SourcedId, Seat>,
    staged: &Staged,
    now: Instant,
) -> Result<Work, Fault> {
    let mut findings = Findings::default();
    let mut before = Vec::new();
    for (school, seat) in seats {
        let kept = match seat.institution {
            Some(institution) => import::kept(read, institution).await?,
            None => None,
        };
        before.push((school.clone(), kept.as_deref().and_then(Roll::kept)));
    }
    let Some(rolls) = rolls(staged, before, &mut findings) else { return Ok(Work { findings, ..Work::default() }) };
    let mut shared = if owner.is_authority { import::people_of(read, owner.id).await? } else { Vec::new() };
    let mut work = Work { findings, ..Work::default() };
    let today = owner.zone.date_of(now);
    for (school, roll) in rolls {
        let Some(seat) = seats.get(&school).cloned() else { continue };
        let mut known = match seat.institution {
            Some(institution) => import::file_roster(read, institution, owner.authority, now).await?,
            None => FileRoster::default(),
        };
        if owner.is_authority {
            work.adopted.extend(share(&mut known, &mut shared, &roll));
        }
        let wanted = wanted(&roll, today);
        let plan = plan(&wanted, &known, Now { at: now, zone: owner.zone });
        let empty = staged.empty.iter().map(|file| Held::EmptyFile { file: file.to_string() });
        let held = plan.held().into_iter().chain(empty).collect();
        work.schools.push(School { seat, roll, plan, held, wanted, known });
    }
    Ok(work)
}

/// Makes known at a school whom the authority's files have named, and the other way round.
fn share(known: &mut FileRoster, shared: &mut Vec<KnownPerson>, roll: &Roll) -> Vec<(String, PersonId)> {
    let names: BTreeSet<&str> = shared.iter().map(|person| person.source_id.as_str()).collect();
    let is_new = |person: &&KnownPerson| {
        roll.people.contains_key(person.source_id.as_str()) && !names.contains(person.source_id.as_str())
    };
    let own: Vec<KnownPerson> = known.people.iter().filter(is_new).cloned().collect();
    let here: BTreeSet<&str> = known.people.iter().map(|person| person.source_id.as_str()).collect();
    let is_wanted = |person: &&KnownPerson| {
        roll.people.contains_key(person.source_id.as_str()) && !here.contains(person.source_id.as_str())
    };
    let others: Vec<KnownPerson> = shared.iter().filter(is_wanted).cloned().collect();
    known.people.extend(others);
    let adopted = own.iter().map(|person| (person.source_id.clone(), person.person)).collect();
    shared.extend(own);
    adopted
}

impl School {
    /// The plan in counts, and why it is held, if it is.
    pub(super) fn counts(&self) -> ImportCounts {
        let Plan { groups, memberships, teaching, .. } = &self.plan;
        ImportCounts {
            people: self.plan.people(),
            groups: *groups,
            memberships: memberships.counts(),
            teaching: teaching.counts(),
            held: self.held.clone(),
        }
    }

    /// What the plan says, in counts and names.
    pub(super) fn preview(&self, country: &str) -> ImportPreview {
        let Self { seat, plan, held, wanted, known, .. } = self;
        let sentence = held.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ");
        ImportPreview {
            institution: seat.institution,
            code: seat.code.clone(),
            name: seat.name.clone(),
            report: ImportReport {
                held: (!held.is_empty()).then_some(sentence),
                people: plan.people(),
                groups: plan.groups,
                memberships: plan.memberships.counts(),
                teaching: plan.teaching.counts(),
                ..ImportReport::default()
            },
            held: held.clone(),
            recorded: plan.before.iter().map(|(kind, before)| (*kind, *before)).collect(),
            differences: differences(plan, wanted, known, country),
        }
    }
}

/// The bundle's school for an institution: by its code, or the one of earlier files where a delta
/// names none.
pub(super) async fn one_seat(
    read: &mut Read,
    staged: &Staged,
    seat: Seat,
    findings: &mut Findings,
) -> Result<BTreeMap<SourcedId, Seat>, Fault> {
    let school = if staged.orgs.rows.values().any(|org| org.is_school) {
        school_of(&staged.orgs, &seat.code, findings)
    } else {
        let kept = match seat.institution {
            Some(institution) => import::kept(read, institution).await?,
            None => None,
        };
        let school = kept.as_deref().and_then(Roll::kept).and_then(|roll| roll.school);
        if school.is_none() {
            findings.error(Place::file("orgs.csv"), Code::SCHOOL_NONE);
        }
        school
    };
    Ok(school.into_iter().map(|school| (school, seat.clone())).collect())
}

/// Every school of the bundle, with the authority's institution of its code. Where a delta names
/// no school, those of earlier files.
pub(super) async fn all_seats(
    read: &mut Read,
    staged: &Staged,
    owner: &Owner,
    findings: &mut Findings,
) -> Result<BTreeMap<SourcedId, Seat>, Fault> {
    let mut seats = BTreeMap::new();
    if staged.orgs.rows.values().any(|org| org.is_school) {
        for (school, code) in all_schools(&staged.orgs, findings) {
            let name = staged.orgs.rows.get(&school).map(|org| org.name.clone()).unwrap_or_default();
            let known = directory::institution_by_code(read, &code).await?;
            if known.as_ref().is_some_and(|known| known.authority.0 != owner.authority) {
                findings.error_about(Place::file("orgs.csv"), Code::SCHOOL_ELSEWHERE, &format!("({code})"));
            }
            let name = known.as_ref().map_or(name, |known| known.name.clone());
            seats.insert(school, Seat { institution: known.map(|known| known.id), code, name });
        }
        return Ok(seats);
    }
    let all = directory::institutions(read).await?;
    for known in all.into_iter().filter(|known| known.authority.0 == owner.authority) {
        let kept = import::kept(read, known.id).await?;
        if let Some(school) = kept.as_deref().and_then(Roll::kept).and_then(|roll| roll.school) {
            seats.insert(school, Seat { institution: Some(known.id), code: known.code, name: known.name });
        }
    }
    if seats.is_empty() {
        findings.error(Place::file("orgs.csv"), Code::SCHOOL_NONE);
    }
    Ok(seats)
}
