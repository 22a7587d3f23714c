//! Works out what a bundle would do to one school or to all of an authority's.

use super::choice::{all_schools, school_of, school_of_code};
use super::difference::{Now, Plan, plan, uni_ids_of_new};
use super::finding::{Code, Findings, Place};
use super::names::differences;
use super::new_year::{Before, Carried, carry};
use super::roll::{Roll, Sorted, builds_on_earlier};
use super::staff;
use super::staged::{Format, SourcedId, Staged};
use super::wanted::{Wanted, wanted};
use crate::Fault;
use domain::import::{CarriedClass, Held, HeldKind, ImportCounts, ImportPreview, ImportReport};
use domain::{Instant, InstitutionId, PersonId, SchoolYear, Zone};
use std::collections::{BTreeMap, HashMap, HashSet};
use store::Read;
use store::directory::{self, Institution};
use store::import::{self, FILE_SOURCE, FileRoster, KnownPerson, LIST_SOURCE};
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
pub(super) struct School {
    pub(super) roll: Roll,
    pub(super) plan: Plan,
    /// Persons that the school's own files have named, to be known to the authority's others.
    pub(super) adopted: Vec<(String, PersonId)>,
    /// Persons who are known by their UNI-Login and whom these files had not named.
    pub(super) met: Vec<(String, PersonId)>,
    held: Vec<Held>,
    carried: Vec<CarriedClass>,
    wanted: Wanted,
    known: FileRoster,
}

/// What remains of a school that was looked at: everything that is shown or noted of it.
#[derive(Debug)]
pub(super) struct Looked {
    pub(super) school: SourcedId,
    pub(super) preview: ImportPreview,
    pub(super) counts: ImportCounts,
    /// How many rows would be written.
    pub(super) rows: u64,
}

/// Looks at the schools of a bundle one by one: of an authority's, no more than one is in memory.
pub(super) struct Looking<'a> {
    owner: &'a Owner,
    staged: &'a Staged,
    /// `None` where a delta has nothing to change.
    sorted: Option<Sorted<'a>>,
    /// Persons whom the authority's files have named, by those names.
    shared: HashMap<String, KnownPerson>,
    now: Instant,
    pub(super) findings: Findings,
}

impl<'a> Looking<'a> {
    /// Sorts a bundle to the schools at `seats`, by the bundle's ids of them.
    pub(super) async fn begin(
        read: &mut Read,
        owner: &'a Owner,
        seats: &BTreeMap<SourcedId, Seat>,
        staged: &'a Staged,
        now: Instant,
    ) -> Result<Self, Fault> {
        let mut findings = Findings::default();
        let mut schools = Vec::new();
        for (school, seat) in seats {
            let known = known_roll(read, seat, staged).await?;
            schools.push((school.clone(), known.map(|roll| roll.classes.into_keys().collect())));
        }
        let sorted = Sorted::of(staged, schools, &mut findings);
        let shared = if owner.is_authority { import::people_of(read, owner.id, now).await? } else { Vec::new() };
        let shared = shared.into_iter().map(|person| (person.source_id.clone(), person)).collect();
        Ok(Self { owner, staged, sorted, shared, now, findings })
    }

    /// Everything that the files sent so far say about a school; `None` where there is an error.
    pub(super) async fn roll(
        &mut self,
        read: &mut Read,
        school: &SourcedId,
        seat: &Seat,
    ) -> Result<Option<Roll>, Fault> {
        let known = known_roll(read, seat, self.staged).await?;
        let Some(sorted) = &self.sorted else { return Ok(None) };
        Ok(Some(Roll::laid(known, school, sorted, &mut self.findings)))
    }

    /// Works out what the bundle would do to a school; `None` where there is an error.
    pub(super) async fn school(
        &mut self,
        read: &mut Read,
        school: &SourcedId,
        seat: &Seat,
    ) -> Result<Option<School>, Fault> {
        let Ok(turned) = self.turned(read, seat).await? else {
            self.findings.error(Place::BUNDLE, Code::FILE_OLDER);
            return Ok(None);
        };
        let Some(roll) = self.roll(read, school, seat).await? else { return Ok(None) };
        let mut known = match seat.institution {
            Some(institution) => {
                let source = source_of(self.staged.format);
                import::file_roster(read, institution, self.owner.authority, source, self.now).await?
            }
            None => FileRoster::default(),
        };
        let adopted = if self.owner.is_authority { share(&mut known, &mut self.shared, &roll) } else { Vec::new() };
        let wanted = wanted(&roll, self.owner.zone.date_of(self.now));
        let met = meet(read, &mut known, &wanted, seat).await?;
        let everybody =
            if self.staged.format == Format::StaffList { Some(self.narrow(&mut known, school)) } else { None };
        let carried = match (turned, seat.institution) {
            (Some((from, _)), Some(institution)) => {
                let before = self.before(read, institution, from).await?;
                carry(&mut known, &wanted, &before)
            }
            _ => Carried::default(),
        };
        let mut plan = plan(&wanted, &known, Now { at: self.now, zone: self.owner.zone });
        plan.renamed_groups = carried.renamed;
        if let Some(staff) = everybody {
            // The brake looks at all whom lists have named, not at those of this one.
            plan.before.insert(HeldKind::Staff, staff);
        }
        let new_year = turned.map(|(from, to)| Held::NewSchoolYear { from, to });
        let empty = self.staged.empty.iter().map(|file| Held::EmptyFile { file: file.to_string() });
        let held = new_year.into_iter().chain(plan.held()).chain(empty).collect();
        Ok(Some(School { roll, plan, adopted, met, held, carried: carried.classes, wanted, known }))
    }

    /// Leaves of what is recorded what a staff list speaks of: the affiliations, by lists, of the persons whom
    /// it names. Answers how many employees lists have named in all.
    fn narrow(&mut self, known: &mut FileRoster, school: &SourcedId) -> u64 {
        let ids: HashMap<&str, PersonId> = known.people.iter().map(|p| (p.source_id.as_str(), p.person)).collect();
        let named: HashSet<PersonId> =
            staff::named(self.staged, school).filter_map(|id| ids.get(id)).copied().collect();
        let staff: HashSet<PersonId> = known.affiliations.iter().map(|a| a.person).collect();
        for id in staff::taken_away(self.staged, school) {
            if !ids.get(id).is_some_and(|person| staff.contains(person)) {
                self.findings.warn(Place::BUNDLE, Code::LIST_NOT_THERE);
            }
        }
        known.affiliations.retain(|a| named.contains(&a.person));
        known.levels.clear();
        known.groups.clear();
        known.memberships.clear();
        known.teaching.clear();
        staff.len() as u64
    }

    /// The school years between which the school year turns with this document, if it does. `Err` within
    /// where the document is not newer than the last one of its source.
    async fn turned(
        &self,
        read: &mut Read,
        seat: &Seat,
    ) -> Result<Result<Option<(SchoolYear, SchoolYear)>, ()>, Fault> {
        let (Some(stamp), Some(institution)) = (&self.staged.stamp, seat.institution) else { return Ok(Ok(None)) };
        let known = import::sources(read, institution).await?;
        if known.iter().any(|before| before.source == stamp.source && before.at >= stamp.at) {
            return Ok(Err(()));
        }
        let last = known.iter().find_map(|before| before.year);
        Ok(Ok(last.zip(stamp.year).filter(|(from, to)| from != to)))
    }

    /// The classes of the year before on its last day, or today where that is yet to come.
    async fn before(&self, read: &mut Read, institution: InstitutionId, year: SchoolYear) -> Result<Before, Fault> {
        let at = self.owner.zone.start_of(year.last_day()).min(self.now);
        let lists = import::class_lists(read, institution, at).await?;
        let levels = import::levels_at(read, institution, at).await?;
        Ok(Before { lists, levels })
    }
}

/// What affiliations of a format are recorded as having come with. A staff list's are apart: no roster ends
/// them, and it ends none of a roster's.
pub(super) const fn source_of(format: Format) -> &'static str {
    match format {
        Format::OneRoster11 | Format::OneRoster12 | Format::UniLogin => FILE_SOURCE,
        Format::StaffList => LIST_SOURCE,
    }
}

/// Looks at every school. The findings are of the schools together.
pub(super) async fn look(
    read: &mut Read,
    owner: &Owner,
    seats: &BTreeMap<SourcedId, Seat>,
    staged: &Staged,
    now: Instant,
) -> Result<(Vec<Looked>, Findings), Fault> {
    let mut looking = Looking::begin(read, owner, seats, staged, now).await?;
    let mut all = Vec::with_capacity(seats.len());
    for (id, seat) in seats {
        let Some(school) = looking.school(read, id, seat).await? else { break };
        all.push(Looked {
            school: id.clone(),
            preview: school.preview(seat, &owner.country),
            counts: school.counts(),
            rows: school.plan.rows(),
        });
    }
    Ok((all, looking.findings))
}

/// What earlier files have said about a school, where any of it is still to be known and fits.
async fn known_roll(read: &mut Read, seat: &Seat, staged: &Staged) -> Result<Option<Roll>, Fault> {
    let Some(institution) = seat.institution.filter(|_| builds_on_earlier(staged)) else { return Ok(None) };
    let kept = import::kept(read, institution).await?;
    Ok(kept.as_deref().and_then(Roll::kept).filter(|roll| roll.fits(staged)))
}

/// Makes known at a school whom the authority's files have named, and the other way round.
fn share(known: &mut FileRoster, shared: &mut HashMap<String, KnownPerson>, roll: &Roll) -> Vec<(String, PersonId)> {
    let is_own = |person: &&KnownPerson| {
        roll.people.contains_key(person.source_id.as_str()) && !shared.contains_key(&person.source_id)
    };
    let own: Vec<KnownPerson> = known.people.iter().filter(is_own).cloned().collect();
    let here: HashSet<&str> = known.people.iter().map(|person| person.source_id.as_str()).collect();
    let missing = roll.people.keys().filter(|id| !here.contains(id.as_ref()));
    let others: Vec<KnownPerson> = missing.filter_map(|id| shared.get(id.as_ref())).cloned().collect();
    known.people.extend(others);
    let adopted = own.iter().map(|person| (person.source_id.clone(), person.person)).collect();
    shared.extend(own.into_iter().map(|person| (person.source_id.clone(), person)));
    adopted
}

/// Makes known at a school whom another's files have named: the same UNI-Login is the same person. Only of a document
/// of one institution's people are there such ids.
async fn meet(
    read: &mut Read,
    known: &mut FileRoster,
    wanted: &Wanted,
    seat: &Seat,
) -> Result<Vec<(String, PersonId)>, Fault> {
    let institution = seat.institution.unwrap_or(InstitutionId(Uuid::nil()));
    let here: HashSet<PersonId> = named(known, wanted).collect();
    let mut met = Vec::new();
    for (source_id, uni_id) in uni_ids_of_new(wanted, known) {
        let person = import::person_of_uni_id(read, &uni_id, &source_id, institution).await?;
        // Whom the file names already, by another id, is not somebody else in it too.
        if let Some(person) = person.filter(|person| !here.contains(&person.person)) {
            met.push((person.source_id.clone(), person.person));
            known.people.push(person);
        }
    }
    Ok(met)
}

/// Whom the files ask for of those who are known.
fn named<'a>(known: &'a FileRoster, wanted: &'a Wanted) -> impl Iterator<Item = PersonId> + 'a {
    let is_named = |person: &&KnownPerson| wanted.people.contains_key(person.source_id.as_str());
    known.people.iter().filter(is_named).map(|person| person.person)
}

impl School {
    /// Why the import should wait for a yes, reason by reason.
    pub(super) fn held(&self) -> &[Held] {
        &self.held
    }

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
    fn preview(&self, seat: &Seat, country: &str) -> ImportPreview {
        let Self { plan, held, carried, wanted, known, .. } = self;
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
            carried: carried.clone(),
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
    let school = if staged.format == Format::UniLogin {
        own_school(staged, &seat.code, findings)
    } else if staged.format == Format::StaffList {
        school_of_code(&staged.orgs, &seat.code, findings)
    } else if staged.orgs.rows.values().any(|org| org.is_school) {
        school_of(&staged.orgs, &seat.code, findings)
    } else {
        let kept = match seat.institution {
            Some(institution) => import::kept(read, institution).await?,
            None => None,
        };
        let school = kept.as_deref().and_then(Roll::kept).and_then(|roll| roll.school);
        if school.is_none() {
            findings.error(Place::file(staged.format.schools_file()), Code::SCHOOL_NONE);
        }
        school
    };
    Ok(school.into_iter().map(|school| (school, seat.clone())).collect())
}

/// The institution with a code; the numbers of UNI-Login's documents may have letters, large or small.
async fn by_code(read: &mut Read, staged: &Staged, code: &str) -> Result<Option<Institution>, Fault> {
    let exact = directory::institution_by_code(read, code).await?;
    if exact.is_some() || staged.format != Format::UniLogin {
        return Ok(exact);
    }
    Ok(directory::institutions(read).await?.into_iter().find(|known| is_code(code, &known.code)))
}

/// The institution that a document of one names, if it is the one with this code.
fn own_school(staged: &Staged, code: &str, findings: &mut Findings) -> Option<SourcedId> {
    let (school, org) = staged.orgs.rows.iter().next()?;
    if is_code(&org.identifier, code) {
        return Some(school.clone());
    }
    let place = Place::row(staged.format.schools_file(), Some(org.line), Some("InstitutionNumber"));
    findings.error_about(place, Code::SCHOOL_OTHER, &format!("({})", org.identifier));
    None
}

/// Codes may have letters, which are the same large and small.
fn is_code(written: &str, code: &str) -> bool {
    written.to_lowercase() == code.to_lowercase()
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
            let known = by_code(read, staged, &code).await?;
            if known.as_ref().is_some_and(|known| known.authority.0 != owner.authority) {
                findings.error_about(
                    Place::file(staged.format.schools_file()),
                    Code::SCHOOL_ELSEWHERE,
                    &format!("({code})"),
                );
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
        findings.error(Place::file(staged.format.schools_file()), Code::SCHOOL_NONE);
    }
    Ok(seats)
}
