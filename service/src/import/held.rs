//! The list of imports, and the answer to one that is held.
//!
//! What was read of its files waits in the database, where it is as well kept as the people it
//! names, until somebody answers, a later import comes, or the days of the setting have gone by
//! ([`HELD_DAYS`] without one).

use super::finding::Findings;
use super::noted::{decision, new_run};
use super::options::{ImportOptions, Target, Yes};
use super::run::authorise;
use super::staged::Staged;
use super::write::Tell;
use crate::audit::{self, Action, Entry};
use crate::retention::Days;
use crate::rights::{REASON_MAX, written};
use crate::{Actor, Fault, Service, Via};
use domain::exchange::RefusalCode;
use domain::import::{ImportCounts, ImportDecision, ImportEntry, ImportFindings, ImportOutcome, ImportState, Imports};
use domain::{Capacity, ImportId, Instant, Zone};
use store::import::{self, ListedRun, State};

/// Days that an import waits for an answer, unless a setting says otherwise.
pub const HELD_DAYS: u32 = 7;

/// How many imports the list shows.
const LISTED: i64 = 50;

impl Service {
    /// The latest imports of the actor's school. `bytes_max` is the largest file that the page takes.
    ///
    /// # Errors
    /// [`RefusalCode::NotAllowed`] unless the actor holds UserAdministration.
    pub async fn imports(&self, actor: &Actor, bytes_max: u64) -> Result<Imports, Fault> {
        authorise(actor, Target::Institution(actor.institution))?;
        let mut read = self.db.read().await?;
        let school = store::directory::institution(&mut read, actor.institution).await?;
        let country = school.ok_or(RefusalCode::NotFound)?.country;
        let zone =
            Zone::of_country(&country).ok_or_else(|| Fault::Internal(format!("country {country} has no zone")))?;
        let runs = import::runs(&mut read, actor.institution, LISTED).await?;
        let (kept, now) = (self.settings.retention.held_imports, self.env.now());
        let entries = runs.into_iter().map(|run| entry(run, kept, now)).collect::<Result<_, Fault>>()?;
        Ok(Imports { bytes_max, zone, now, entries })
    }

    /// What an import that waits would do now.
    ///
    /// # Errors
    /// [`RefusalCode::NotAllowed`] unless the actor holds UserAdministration;
    /// [`RefusalCode::NotFound`] where no such import waits at the actor's school;
    /// [`RefusalCode::Busy`] where too many imports go on.
    pub async fn held_import(&self, actor: &Actor, id: ImportId) -> Result<ImportOutcome, Fault> {
        authorise(actor, Target::Institution(actor.institution))?;
        let _turn = self.import_turn(actor).await?;
        let (_, staged) = self.held(actor, id).await?;
        let options = ImportOptions { dry_run: true, ..ImportOptions::default() };
        let target = Target::Institution(actor.institution);
        let outcome = self.import(actor, target, &staged, &options, &|_| {}).await?;
        Ok(ImportOutcome { held_as: Some(id), ..outcome })
    }

    /// Says yes to an import that waits, and applies it.
    ///
    /// # Errors
    /// As [`Service::held_import`]; [`RefusalCode::BadInput`] without a reason;
    /// [`RefusalCode::Conflict`] where somebody has answered meanwhile.
    pub async fn accept_import(
        &self,
        actor: &Actor,
        id: ImportId,
        reason: &str,
        tell: Tell<'_>,
    ) -> Result<ImportOutcome, Fault> {
        authorise(actor, Target::Institution(actor.institution))?;
        let _turn = self.import_turn(actor).await?;
        let (file_name, staged) = self.held(actor, id).await?;
        let yes = Yes { id, reason: said(reason)? };
        let options =
            ImportOptions { file_name, accept_large_change: true, accept_new_year: true, ..ImportOptions::default() };
        let target = Target::Institution(actor.institution);
        self.import_saying(actor, target, &staged, &options, Some(&yes), tell).await
    }

    /// Says no to an import that waits; what was read of its files goes.
    ///
    /// # Errors
    /// As [`Service::accept_import`]; a no needs no reason.
    pub async fn reject_import(&self, actor: &Actor, id: ImportId, reason: &str) -> Result<(), Fault> {
        self.held(actor, id).await?;
        let reason = written(reason, REASON_MAX)?;
        store::write!(self.db, async |tx| {
            let answer = decision(actor, &reason, self.env.now());
            if !import::decide(tx, actor.institution, id.0, &answer, None).await? {
                return Err(RefusalCode::Conflict.into());
            }
            let entry = Entry::new(Action::ImportRejected, actor).object("import", id).reason(&reason);
            let entry = entry.capacity(Capacity::UserAdministration);
            audit::append(tx, &self.env, &self.secrets.audit, &entry).await.map(drop)
        })
    }

    /// Lays aside every import that has waited too long. Answers how many.
    ///
    /// # Errors
    /// [`Fault::Store`].
    pub async fn lay_aside_old_imports(&self) -> Result<usize, Fault> {
        let old = import::held_before(&mut self.db.read().await?, self.oldest_held()).await?;
        for (institution, id) in &old {
            store::write!(self.db, async |tx| {
                if !import::lay_aside(tx, *institution, *id).await? {
                    return Ok(());
                }
                let entry = Entry::new(Action::ImportRejected, &Actor::system(*institution)).object("import", id);
                audit::append(tx, &self.env, &self.secrets.audit, &entry).await.map(drop)
            })?;
        }
        Ok(old.len())
    }

    /// Notes in the list of imports and in the audit log that files had errors.
    pub(super) async fn note_refused(
        &self,
        actor: &Actor,
        target: Target,
        options: &ImportOptions,
        findings: &Findings,
    ) -> Result<(), Fault> {
        // Which of an authority's schools are meant is not known of files with errors.
        let Target::Institution(institution) = target else { return Ok(()) };
        if !options.notes_what_stops_it() {
            return Ok(());
        }
        let id = ImportId(self.env.id());
        let run = new_run(id, actor, options, self.env.now(), State::Refused, findings)?;
        store::write!(self.db, async |tx| {
            import::add_run(tx, institution, &run, None).await?;
            let entry = Entry::new(Action::ImportRefused, actor).at(institution).object("import", id);
            let entry = entry.detail("errors", findings.errors().len());
            let entry = match actor.via {
                Via::Session => entry.capacity(Capacity::UserAdministration),
                _ => entry,
            };
            audit::append(tx, &self.env, &self.secrets.audit, &entry).await.map(drop)
        })
    }

    /// The file's name, and what was read of it, of an import that waits at the actor's school.
    async fn held(&self, actor: &Actor, id: ImportId) -> Result<(String, Staged), Fault> {
        authorise(actor, Target::Institution(actor.institution))?;
        let mut read = self.db.read().await?;
        let found = import::held(&mut read, actor.institution, id.0, self.oldest_held()).await?;
        let kept = found.and_then(|(name, bytes)| Some((name, Staged::kept(&bytes)?)));
        kept.ok_or_else(|| RefusalCode::NotFound.into())
    }

    fn oldest_held(&self) -> Instant {
        self.settings.retention.held_imports.before(self.env.now())
    }
}

/// The reason for a yes: nobody says it without one.
fn said(reason: &str) -> Result<String, Fault> {
    let reason = written(reason, REASON_MAX)?;
    if reason.is_empty() { Err(RefusalCode::BadInput.into()) } else { Ok(reason) }
}

fn entry(listed: ListedRun, kept: Days, now: Instant) -> Result<ImportEntry, Fault> {
    let ListedRun { run, is_kept } = listed;
    let damaged = |error: serde_json::Error| Fault::Internal(format!("import {}: {error}", run.id));
    let until = kept.after(run.started);
    let state = match (run.state, &run.decision) {
        (State::Held, _) if now > until => ImportState::LaidAside,
        (State::Held, _) => ImportState::Held,
        (State::Applied, _) => ImportState::Applied,
        (State::Refused, _) => ImportState::Refused,
        (State::Rejected, Some(_)) => ImportState::Rejected,
        (State::Rejected, None) => ImportState::LaidAside,
    };
    Ok(ImportEntry {
        id: ImportId(run.id),
        started: run.started,
        by: (!run.author.0.is_nil()).then(|| run.author_name.clone()),
        state,
        counts: serde_json::from_str::<ImportCounts>(&run.counts).map_err(damaged)?,
        findings: serde_json::from_str::<ImportFindings>(&run.findings).map_err(damaged)?,
        decision: run.decision.map(|answer| ImportDecision {
            at: answer.at,
            by: answer.by_name,
            reason: answer.reason,
        }),
        waits_until: (state == ImportState::Held && is_kept).then_some(until),
        file_name: run.file_name,
    })
}
