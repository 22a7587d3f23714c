//! The use case: look at an import, and apply it in one transaction or not at all.

use super::finding::Findings;
use super::noted::{decision, json, new_run};
use super::options::{ImportOptions, Target, Yes};
use super::school::{Looked, Looking, Owner, Seat, all_seats, look, one_seat, source_of};
use super::staged::{Progress, SourcedId, Staged, Stamp, Step};
use super::write::{Tell, Writer};
use crate::audit::{self, Action, Entry, Row};
use crate::{Actor, Fault, Service, Via};
use domain::exchange::RefusalCode;
use domain::import::{ImportCounts, ImportOutcome, ImportReport};
use domain::{AuthorityId, Capacity, IdentitySource, ImportId, Instant, InstitutionId, Zone};
use std::collections::{BTreeMap, HashMap};
use store::directory::{self, Institution};
use store::import::{self, ImportRun, KnownSource, State};
use store::staff_right::StaffRightFact;
use store::{Read, Transient, Write};

/// Why an import was given up under the lock.
enum Undone {
    Fault(Fault),
    /// It would now be held.
    Held,
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
            Self::Held => false,
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
        let (looked, found) = if findings.has_errors() {
            (Vec::new(), Findings::default())
        } else {
            look(&mut read, &owner, &seats, staged, started).await?
        };
        drop(read);
        findings.extend(&found);
        let mut outcome = outcome(&looked, &owner, &findings);
        let is_held = outcome.schools.iter().any(|school| options.is_held_by(&school.held));
        if findings.has_errors() {
            self.note_refused(actor, target, options, &findings).await?;
            return Ok(outcome);
        }
        // Only the files of one school wait in its own list of imports; an authority's are sent again.
        let waiting = (is_held && !owner.is_authority).then(|| staged.to_keep()).flatten();
        let stamp = staged.stamp.as_ref();
        let run =
            Run { service: self, actor, options, started, owner: &owner, findings: &findings, stamp, yes, waiting };
        if is_held && options.notes_what_stops_it() {
            outcome.held_as = run.note_held(&looked).await?.filter(|_| run.waiting.is_some());
        }
        if is_held || options.dry_run {
            return Ok(outcome);
        }
        if let Err(stopped) = run.apply(&seats, &looked, staged, tell).await? {
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

fn outcome(looked: &[Looked], owner: &Owner, findings: &Findings) -> ImportOutcome {
    let schools: Vec<_> = looked.iter().map(|school| school.preview.clone()).collect();
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
    /// Which document it is, where it says so.
    stamp: Option<&'a Stamp>,
    /// The answer, where the import waited for one.
    yes: Option<&'a Yes>,
    /// What was read of the files, where the import is to wait for an answer.
    waiting: Option<Vec<u8>>,
}

impl Run<'_> {
    /// Writes what differs, in one transaction, and notes the schools that stay as they are. `Err`
    /// where the files would now be held because somebody else changed a school meanwhile; nothing
    /// was written then.
    async fn apply(
        &self,
        seats: &BTreeMap<SourcedId, Seat>,
        looked: &[Looked],
        staged: &Staged,
        tell: Tell<'_>,
    ) -> Result<Result<(), Box<ImportOutcome>>, Fault> {
        let stays = |school: &&Looked| school.rows == 0 && school.preview.institution.is_some();
        let unchanged: HashMap<&SourcedId, &Looked> =
            looked.iter().filter(stays).map(|looked| (&looked.school, looked)).collect();
        let done: Result<(), Undone> = store::write!(self.service.db, async |tx| {
            let seats = self.locked(tx, seats, &unchanged).await?;
            let now = self.service.env.now();
            let mut looking = Looking::begin(tx, self.owner, &seats, staged, now).await?;
            let of = looked.iter().map(|school| school.rows).sum();
            let (env, owner) = (&self.service.env, self.owner.id);
            let source = source_of(staged.format);
            let takes_effect = self.service.settings.takes_effect;
            let people = HashMap::new();
            let mut writer = Writer { env, owner, source, now, tell, done: 0, of, takes_effect, people };
            for (id, seat) in &seats {
                let Some(institution) = seat.institution else { continue };
                if let Some(looked) = unchanged.get(id) {
                    let kept = looking.roll(tx, id, seat).await?.and_then(|roll| roll.kept_of(staged.format));
                    self.note(tx, institution, (&looked.counts, kept.as_deref()), State::Applied, &[]).await?;
                    continue;
                }
                let Some(school) = looking.school(tx, id, seat).await? else { return Err(Undone::Held) };
                if self.options.is_held_by(school.held()) {
                    return Err(Undone::Held);
                }
                directory::insert_sources(tx, owner, &school.adopted).await?;
                directory::insert_met(tx, owner, &school.met).await?;
                self.service.end_left_flags(tx, self.actor, institution, now).await?;
                let given = writer.write(tx, institution, &school.plan).await?;
                self.service.end_left_flags(tx, self.actor, institution, now).await?;
                let kept = school.roll.kept_of(staged.format);
                self.note(tx, institution, (&school.counts(), kept.as_deref()), State::Applied, &given).await?;
            }
            Ok(())
        });
        match done {
            Ok(()) => Ok(Ok(())),
            Err(Undone::Held) => {
                let mut read = self.service.db.read().await?;
                let (looked, found) = look(&mut read, self.owner, seats, staged, self.service.env.now()).await?;
                Ok(Err(Box::new(outcome(&looked, self.owner, &found))))
            }
            Err(Undone::Fault(fault)) => Err(fault),
        }
    }

    /// Raises the revision of each school that changes, always in the same order, so that nobody else
    /// changes what is compared; makes institutions that are new. Answers all seats.
    async fn locked(
        &self,
        tx: &mut Write,
        seats: &BTreeMap<SourcedId, Seat>,
        unchanged: &HashMap<&SourcedId, &Looked>,
    ) -> Result<BTreeMap<SourcedId, Seat>, Fault> {
        let mut locked = seats.clone();
        let mut in_order: Vec<(&SourcedId, &mut Seat)> =
            locked.iter_mut().filter(|(school, _)| !unchanged.contains_key(school)).collect();
        in_order.sort_by_key(|(_, seat)| seat.institution);
        for (_, seat) in in_order {
            let id = match seat.institution {
                Some(id) => id,
                None => self.made(tx, seat).await?,
            };
            store::revision::raise(tx, id).await?.ok_or(RefusalCode::NotFound)?;
            seat.institution = Some(id);
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

    /// Notes in the list of imports and in the audit log that files were read and wait for a yes. Answers
    /// the last one's id.
    async fn note_held(&self, looked: &[Looked]) -> Result<Option<ImportId>, Fault> {
        store::write!(self.service.db, async |tx| {
            let mut last = None;
            for school in looked {
                let Some(institution) = school.preview.institution else { continue };
                let kept = (&school.counts, self.waiting.as_deref());
                last = Some(self.note(tx, institution, kept, State::Held, &[]).await?);
            }
            Ok::<_, Fault>(last)
        })
    }

    /// Notes an import in the list of imports and in the audit log, with what is kept of it: by one that
    /// is applied, what the next delta is laid over; by one that waits, what was read. Earlier ones that
    /// wait give way to it.
    async fn note(
        &self,
        tx: &mut Write,
        institution: InstitutionId,
        (counted, kept): (&ImportCounts, Option<&[u8]>),
        state: State,
        given: &[StaffRightFact],
    ) -> Result<ImportId, Fault> {
        let id = self.yes.map_or_else(|| ImportId(self.service.env.id()), |yes| yes.id);
        let counts = json(counted)?;
        match self.yes {
            Some(yes) => {
                let decision = decision(self.actor, &yes.reason, self.service.env.now());
                let applied = Some((counts.as_str(), kept));
                if !import::decide(tx, institution, id.0, &decision, applied).await? {
                    return Err(RefusalCode::Conflict.into());
                }
            }
            None => {
                let reasons = counted.held.iter().map(ToString::to_string).collect::<Vec<_>>();
                let run = ImportRun {
                    counts: counts.clone(),
                    finished: (state == State::Applied).then(|| self.service.env.now()),
                    held_reason: (state == State::Held && !reasons.is_empty()).then(|| reasons.join("; ")),
                    ..new_run(id, self.actor, self.options, self.started, state, self.findings)?
                };
                import::add_run(tx, institution, &run, kept).await?;
            }
        }
        import::reject_others(tx, institution, id.0).await?;
        if state == State::Applied {
            self.note_source(tx, institution).await?;
        }
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

    /// Notes which document of its source was applied. A conflict where one as new was meanwhile.
    async fn note_source(&self, tx: &mut Write, institution: InstitutionId) -> Result<(), Fault> {
        let Some(Stamp { source, at, year }) = self.stamp else { return Ok(()) };
        let applied = self.service.env.now();
        let source = KnownSource { source: source.clone(), at: *at, year: *year, applied };
        if import::keep_source(tx, institution, &source).await? { Ok(()) } else { Err(RefusalCode::Conflict.into()) }
    }
}
