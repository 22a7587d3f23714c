//! The use case: look at an import, and apply it in one transaction or not at all.

use super::finding::Findings;
use super::noted::{decision, json, new_run};
use super::school::{Owner, School, Seat, Work, all_seats, one_seat, work_out};
use super::staged::{Progress, SourcedId, Staged, Step};
use super::write::{Tell, Writer};
use crate::audit::{self, Action, Entry, Row};
use crate::{Actor, Fault, Service, Via};
use domain::exchange::RefusalCode;
use domain::import::{ImportOutcome, ImportReport};
use domain::{AuthorityId, Capacity, IdentitySource, ImportId, Instant, InstitutionId, Zone};
use std::collections::{BTreeMap, HashMap};
use store::directory::{self, Institution};
use store::import::{self, ImportRun, State};
use store::staff_right::StaffRightFact;
use store::{Read, Transient, Write};

/// Whose roster a bundle is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// One school of the bundle.
    Institution(InstitutionId),
    /// All of them; institutions are made where there are none.
    Authority(AuthorityId),
}

/// How to import.
#[derive(Clone, Debug, Default)]
pub struct ImportOptions {
    /// Name of the file, for the list of imports.
    pub file_name: String,
    /// Only look.
    pub dry_run: bool,
    /// Apply it although more than a tenth of a kind would end, or a file is empty.
    pub accept_large_change: bool,
    /// Note what a look finds, if it is errors or that the import would be held; it then waits.
    pub note_looks: bool,
}

impl ImportOptions {
    /// Is it noted in the list of imports that the files have errors, or that the import is held?
    pub(super) const fn notes_what_stops_it(&self) -> bool {
        !self.dry_run || self.note_looks
    }
}

/// A yes to an import that waits.
#[derive(Clone, Debug)]
pub(super) struct Yes {
    pub(super) id: ImportId,
    pub(super) reason: String,
}

/// Why an import was given up under the lock.
enum Undone {
    Fault(Fault),
    Stopped(Box<ImportOutcome>),
}

impl<F: Into<Fault>> From<F> for Undone {
    fn from(fault: F) -> Self {
        Self::Fault(fault.into())
    }
}

impl Transient for Undone {
    fn is_transient(&self) -> bool {
        match self {
            Self::Fault(fault) => fault.is_transient(),
            Self::Stopped(_) => false,
        }
    }
}

impl Service {
    /// Imports a bundle that has been read: everything it says, or nothing.
    ///
    /// Errors in the files, and an import that is held, come back in the outcome; nothing was
    /// applied then. Persons who are missing are deactivated, never deleted. The same bundle twice
    /// changes nothing, not even the revision.
    ///
    /// # Errors
    /// [`RefusalCode::NotAllowed`] unless the actor holds UserAdministration at the institution,
    /// or is the operator; [`RefusalCode::NotFound`] for an unknown institution or authority.
    pub async fn import(
        &self,
        actor: &Actor,
        target: Target,
        staged: &Staged,
        options: &ImportOptions,
        tell: Tell<'_>,
    ) -> Result<ImportOutcome, Fault> {
        self.import_saying(actor, target, staged, options, None, tell).await
    }

    /// The same; `yes` is the answer where the import waited for one.
    pub(super) async fn import_saying(
        &self,
        actor: &Actor,
        target: Target,
        staged: &Staged,
        options: &ImportOptions,
        yes: Option<&Yes>,
        tell: Tell<'_>,
    ) -> Result<ImportOutcome, Fault> {
        authorise(actor, target)?;
        let started = self.env.now();
        tell(Progress { step: Step::Comparing, done: 0, of: None });
        let mut findings = staged.findings.clone();
        let mut read = self.db.read().await?;
        let owner = owner(&mut read, target).await?;
        let seats = seats(&mut read, target, staged, &owner, &mut findings).await?;
        let work = if findings.has_errors() {
            Work::default()
        } else {
            work_out(&mut read, &owner, &seats, staged, started).await?
        };
        drop(read);
        findings.extend(&work.findings);
        let mut outcome = outcome(&work, &owner, &findings);
        let is_held = outcome.report.held.is_some() && !options.accept_large_change;
        if findings.has_errors() {
            self.note_refused(actor, target, options, &findings).await?;
            return Ok(outcome);
        }
        // Only the files of one school wait in its own list of imports; an authority's are sent again.
        let waiting = (is_held && !owner.is_authority).then(|| staged.to_keep()).flatten();
        let run = Run { service: self, actor, options, started, owner: &owner, findings: &findings, yes, waiting };
        if is_held && options.notes_what_stops_it() {
            outcome.held_as = run.note_only(&work, State::Held).await?.filter(|_| run.waiting.is_some());
        }
        if is_held || options.dry_run {
            return Ok(outcome);
        }
        let changing = changing(&work, &seats);
        if changing.is_empty() {
            run.note_only(&work, State::Applied).await?;
        } else if let Err(stopped) = run.apply(&changing, &work, staged, tell).await? {
            return Ok(*stopped);
        }
        for report in outcome.schools.iter_mut().map(|school| &mut school.report).chain([&mut outcome.report]) {
            (report.applied, report.held) = (true, None);
        }
        Ok(outcome)
    }
}

pub(super) fn authorise(actor: &Actor, target: Target) -> Result<(), Fault> {
    match (&actor.via, target) {
        (Via::Operator, _) => Ok(()),
        (Via::Session, Target::Institution(institution)) if institution == actor.institution => {
            Ok(actor.require(Capacity::UserAdministration)?)
        }
        _ => Err(RefusalCode::NotAllowed.into()),
    }
}

async fn owner(read: &mut Read, target: Target) -> Result<Owner, Fault> {
    let (id, authority, country, is_authority) = match target {
        Target::Institution(id) => {
            let known = directory::institution(read, id).await?.ok_or(RefusalCode::NotFound)?;
            (id.0, known.authority, known.country, false)
        }
        Target::Authority(id) => {
            let known = directory::authority(read, id).await?.ok_or(RefusalCode::NotFound)?;
            (id.0, id, known.country, true)
        }
    };
    let zone = Zone::of_country(&country).ok_or_else(|| Fault::Internal(format!("country {country} has no zone")))?;
    Ok(Owner { id, authority: authority.0, country, zone, is_authority })
}

async fn seats(
    read: &mut Read,
    target: Target,
    staged: &Staged,
    owner: &Owner,
    findings: &mut Findings,
) -> Result<BTreeMap<SourcedId, Seat>, Fault> {
    let Target::Institution(id) = target else { return all_seats(read, staged, owner, findings).await };
    let known = directory::institution(read, id).await?.ok_or(RefusalCode::NotFound)?;
    let seat = Seat { institution: Some(id), code: known.code, name: known.name };
    one_seat(read, staged, seat, findings).await
}

/// The schools about which there is something to write, new ones included.
fn changing(work: &Work, seats: &BTreeMap<SourcedId, Seat>) -> BTreeMap<SourcedId, Seat> {
    let of = |school: &School| school.roll.school.clone();
    let differs = |school: &&School| !school.plan.is_empty() || school.seat.institution.is_none();
    let differing: Vec<SourcedId> = work.schools.iter().filter(differs).filter_map(of).collect();
    seats.iter().filter(|(school, _)| differing.contains(school)).map(|(id, seat)| (id.clone(), seat.clone())).collect()
}

fn outcome(work: &Work, owner: &Owner, findings: &Findings) -> ImportOutcome {
    let schools: Vec<_> = work.schools.iter().map(|school| school.preview(&owner.country)).collect();
    let mut report =
        ImportReport { warnings: findings.warnings(), errors: findings.errors(), ..ImportReport::default() };
    let mut held = Vec::new();
    for school in &schools {
        report.people += school.report.people;
        report.groups += school.report.groups;
        report.memberships += school.report.memberships;
        report.teaching += school.report.teaching;
        if let Some(sentence) = &school.report.held {
            held.push(if owner.is_authority { format!("{}: {sentence}", school.code) } else { sentence.clone() });
        }
    }
    report.held = (!held.is_empty()).then(|| held.join("; "));
    ImportOutcome { report, schools, held_as: None }
}

/// One import on its way.
struct Run<'a> {
    service: &'a Service,
    actor: &'a Actor,
    options: &'a ImportOptions,
    started: Instant,
    owner: &'a Owner,
    findings: &'a Findings,
    /// The answer, where the import waited for one.
    yes: Option<&'a Yes>,
    /// What was read of the files, where the import is to wait for an answer.
    waiting: Option<Vec<u8>>,
}

impl Run<'_> {
    /// Writes what differs, in one transaction, and notes the schools of `before` that stay as they
    /// are. `Err` where the files would now be held because
    /// somebody else changed the school meanwhile; nothing was written then.
    async fn apply(
        &self,
        seats: &BTreeMap<SourcedId, Seat>,
        before: &Work,
        staged: &Staged,
        tell: Tell<'_>,
    ) -> Result<Result<(), Box<ImportOutcome>>, Fault> {
        let done: Result<(), Undone> = store::write!(self.service.db, async |tx| {
            let seats = self.locked(tx, seats).await?;
            let now = self.service.env.now();
            let work = work_out(tx, self.owner, &seats, staged, now).await?;
            let outcome = outcome(&work, self.owner, &work.findings);
            if outcome.report.held.is_some() && !self.options.accept_large_change {
                return Err(Undone::Stopped(Box::new(outcome)));
            }
            directory::insert_sources(tx, self.owner.id, &work.adopted).await?;
            let of = work.schools.iter().map(|school| school.plan.rows()).sum();
            let (env, owner) = (&self.service.env, self.owner.id);
            let mut writer = Writer { env, owner, now, tell, done: 0, of, people: HashMap::new() };
            for school in &work.schools {
                let Some(institution) = school.seat.institution else { continue };
                let given = writer.write(tx, institution, &school.plan).await?;
                self.note(tx, institution, school, State::Applied, &given).await?;
            }
            self.note_all(tx, before, |school| !seats.contains_key(school), State::Applied).await?;
            Ok(())
        });
        match done {
            Ok(()) => Ok(Ok(())),
            Err(Undone::Stopped(outcome)) => Ok(Err(outcome)),
            Err(Undone::Fault(fault)) => Err(fault),
        }
    }

    /// Raises each school's revision, always in the same order, so that nobody else changes what
    /// is compared; makes institutions that are new.
    async fn locked(
        &self,
        tx: &mut Write,
        seats: &BTreeMap<SourcedId, Seat>,
    ) -> Result<BTreeMap<SourcedId, Seat>, Fault> {
        let mut locked = BTreeMap::new();
        let mut in_order: Vec<(&SourcedId, &Seat)> = seats.iter().collect();
        in_order.sort_by_key(|(_, seat)| seat.institution);
        for (school, seat) in in_order {
            let id = match seat.institution {
                Some(id) => id,
                None => self.made(tx, seat).await?,
            };
            store::revision::raise(tx, id).await?.ok_or(RefusalCode::NotFound)?;
            locked.insert(school.clone(), Seat { institution: Some(id), ..seat.clone() });
        }
        Ok(locked)
    }

    async fn made(&self, tx: &mut Write, seat: &Seat) -> Result<InstitutionId, Fault> {
        let id = InstitutionId(self.service.env.id());
        let institution = Institution {
            id,
            authority: AuthorityId(self.owner.authority),
            code: seat.code.clone(),
            name: seat.name.clone(),
            country: self.owner.country.clone(),
            identity_source: IdentitySource::Local,
        };
        directory::insert_institution(tx, &institution).await?;
        let entry = Entry::new(Action::InstitutionCreated, self.actor).at(id).object("institution", id);
        audit::append(tx, &self.service.env, &self.service.secrets.audit, &entry).await?;
        Ok(id)
    }

    /// Notes in the list of imports and in the audit log that files were read and wait for a yes,
    /// or said nothing new. Answers the last one's id.
    async fn note_only(&self, work: &Work, state: State) -> Result<Option<ImportId>, Fault> {
        store::write!(self.service.db, async |tx| { self.note_all(tx, work, |_| true, state).await })
    }

    async fn note_all(
        &self,
        tx: &mut Write,
        work: &Work,
        is_meant: impl Fn(&SourcedId) -> bool,
        state: State,
    ) -> Result<Option<ImportId>, Fault> {
        let mut last = None;
        for school in &work.schools {
            if let (Some(institution), Some(id)) = (school.seat.institution, &school.roll.school)
                && is_meant(id)
            {
                last = Some(self.note(tx, institution, school, state, &[]).await?);
            }
        }
        Ok(last)
    }

    /// Notes an import in the list of imports and in the audit log. One that is applied leaves
    /// what the next delta is laid over; one that waits, what was read. Earlier ones that wait give
    /// way to it.
    async fn note(
        &self,
        tx: &mut Write,
        institution: InstitutionId,
        school: &School,
        state: State,
        given: &[StaffRightFact],
    ) -> Result<ImportId, Fault> {
        let id = self.yes.map_or_else(|| ImportId(self.service.env.id()), |yes| yes.id);
        let counted = school.counts();
        let counts = json(&counted)?;
        let kept = if state == State::Applied { school.roll.to_keep() } else { self.waiting.clone() };
        match self.yes {
            Some(yes) => {
                let decision = decision(self.actor, &yes.reason, self.service.env.now());
                let applied = Some((counts.as_str(), kept.as_deref()));
                if !import::decide(tx, institution, id.0, &decision, applied).await? {
                    return Err(RefusalCode::Conflict.into());
                }
            }
            None => {
                let run = ImportRun {
                    counts: counts.clone(),
                    finished: (state == State::Applied).then(|| self.service.env.now()),
                    held_reason: school.preview(&self.owner.country).report.held.filter(|_| state == State::Held),
                    ..new_run(id, self.actor, self.options, self.started, state, self.findings)?
                };
                import::add_run(tx, institution, &run, kept.as_deref()).await?;
            }
        }
        import::reject_others(tx, institution, id.0).await?;
        let action = if state == State::Applied { Action::ImportApplied } else { Action::ImportHeld };
        let entry = Entry::new(action, self.actor).at(institution).object("import", id);
        let counted = serde_json::to_value(counted).map_err(|error| Fault::Internal(error.to_string()))?;
        let entry = entry.detail("counts", counted).rows(given.iter().map(Row::staff_right));
        let entry = if self.actor.via == Via::Session { entry.capacity(Capacity::UserAdministration) } else { entry };
        let entry = match self.yes {
            Some(yes) => entry.detail("waited", true).reason(&yes.reason),
            None => entry,
        };
        audit::append(tx, &self.service.env, &self.service.secrets.audit, &entry).await?;
        Ok(id)
    }
}
