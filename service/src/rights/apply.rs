//! Review and apply: what a proposal would do, and recording it if it still does just that.

use super::cache::CachedSchool;
use super::load::administer;
use super::proposal::{Author, Proposed};
use super::undone::Undone;
use super::{REASON_MAX, drafts, written};
use crate::audit::{self, Action, Entry, Row, via_code};
use crate::{Actor, Fault, Service};
use domain::draft::{scope_id, tests_id};
use domain::exchange::{Applied, ApplyOutcome, Proposal, RefusalCode, Review};
use domain::{Capacity, ChangeSet, ChangeSetIx, Decision, Instant, Roster, School};
use std::sync::Arc;
use store::record::{NewChangeSet, StoredDecision};
use store::{Read, Write};

/// A proposal worked out on a school at one revision.
#[derive(Debug)]
pub(crate) struct Prepared {
    pub(super) cached: Arc<CachedSchool>,
    pub(super) proposed: Proposed,
}

impl Prepared {
    /// What the proposal would do.
    pub(crate) const fn review(&self) -> &Review {
        &self.proposed.review
    }
}

impl Service {
    /// What a proposal would do on the present revision.
    ///
    /// `based_on` is the revision the person was looking at: what was decided after it and touches
    /// the proposal comes back as conflicts.
    ///
    /// # Errors
    /// [`RefusalCode::NotAllowed`] without TestAdministration; [`Fault::BadEdit`] for the first
    /// edit at fault; [`RefusalCode::NotFound`] and [`RefusalCode::AlreadyTakenBack`] for a
    /// taking-back; [`RefusalCode::BadInput`] for a revision that has not been reached.
    pub async fn review(&self, actor: &Actor, proposal: &Proposal, based_on: i64) -> Result<Review, Fault> {
        Ok(self.prepare(actor, proposal, based_on).await?.proposed.review)
    }

    /// Records a reviewed proposal, if what it does on the present revision is what `digest`
    /// names, conflicts included; otherwise nothing is recorded and the new review is the answer.
    ///
    /// # Errors
    /// As [`Service::review`]; [`RefusalCode::TooLarge`] and [`RefusalCode::BadInput`] for the
    /// reason.
    pub async fn apply(
        &self,
        actor: &Actor,
        proposal: &Proposal,
        based_on: i64,
        digest: &str,
        reason: &str,
    ) -> Result<ApplyOutcome, Fault> {
        administer(actor)?;
        let reason = written(reason, REASON_MAX)?;
        // Worked out before the lock is taken, and once more under it only if somebody else wrote.
        let before = self.prepare(actor, proposal, based_on).await?;
        if before.proposed.review.digest != digest {
            return Ok(ApplyOutcome::Stale(before.proposed.review));
        }
        let now = before.proposed.review.now;
        let recorded = store::write!(self.db, async |tx| {
            let revision = store::revision::raise(tx, actor.institution).await?;
            let revision = revision.ok_or(Fault::from(RefusalCode::NotFound))?;
            if revision == before.cached.school().revision + 1 {
                return self.record(tx, actor, proposal, &before, revision, &reason).await;
            }
            let cached = self.school_at(tx, actor.institution, revision - 1).await?;
            let fresh = self.prepare_on(tx, cached, actor, proposal, based_on, now).await?;
            if fresh.proposed.review.digest != digest {
                return Err(Undone::Stale(Box::new(fresh.proposed.review)));
            }
            self.record(tx, actor, proposal, &fresh, revision, &reason).await
        });
        match recorded {
            Ok(next) => {
                let change_set = next.school().record.next_change_set().0;
                let revision = next.school().revision;
                self.schools.put(actor.institution, Arc::new(next));
                Ok(ApplyOutcome::Applied(Applied { change_set, revision }))
            }
            Err(Undone::Stale(review)) => Ok(ApplyOutcome::Stale(*review)),
            Err(Undone::Fault(fault)) => Err(fault),
            Err(Undone::Nothing) => Err(Fault::Internal("a change set of nothing".into())),
        }
    }

    /// Works a proposal out on the present revision.
    pub(super) async fn prepare(&self, actor: &Actor, proposal: &Proposal, based_on: i64) -> Result<Prepared, Fault> {
        administer(actor)?;
        let mut read = self.db.read().await?;
        let cached = self.school_in(&mut read, actor.institution).await?;
        self.prepare_on(&mut read, cached, actor, proposal, based_on, self.env.now()).await
    }

    /// Works a proposal out on a school that this read holds.
    pub(crate) async fn prepare_on(
        &self,
        read: &mut Read,
        cached: Arc<CachedSchool>,
        actor: &Actor,
        proposal: &Proposal,
        based_on: i64,
        now: Instant,
    ) -> Result<Prepared, Fault> {
        let school = cached.school();
        let since = unseen_since(read, actor, school, based_on).await?;
        let author = Author { person: actor.person, name: &actor.name };
        let proposed = Proposed::on(school, proposal, since, author, now)?;
        Ok(Prepared { cached, proposed })
    }

    /// Writes the change set, its audit entry, and what becomes of the draft. Answers the school
    /// as it then is.
    pub(crate) async fn record(
        &self,
        tx: &mut Write,
        actor: &Actor,
        proposal: &Proposal,
        prepared: &Prepared,
        revision: i64,
        reason: &str,
    ) -> Result<CachedSchool, Undone> {
        let school = prepared.cached.school();
        let Proposed { set, decisions, review } = &prepared.proposed;
        let stored = stored(&school.roster, decisions)?;
        let new = NewChangeSet {
            revision,
            recorded: set.recorded,
            author: actor.person,
            author_name: &actor.name,
            via: via_code(&actor.via),
            reason,
            takes_back: set.takes_back.as_ref(),
            own_right: review.own_right,
        };
        let number = store::record::append(tx, actor.institution, &new, &stored).await?;
        if number != set.number {
            return Err(Fault::Internal(format!("change set {number} where {} was to come", set.number)).into());
        }
        let action = if new.takes_back.is_some() { Action::DecisionsTakenBack } else { Action::DecisionsRecorded };
        let entry = Entry::new(action, actor)
            .capacity(Capacity::TestAdministration)
            .object("change_set", number)
            .rows([Row::change_set(number, &new, &stored)])
            .detail("gains", review.diff.gains.len())
            .detail("losses", review.diff.losses.len())
            .detail("unseen", review.diff.unseen.len())
            .detail("conflicts", review.conflicts.len())
            .personal("reason", reason);
        audit::append(tx, &self.env, &self.secrets.audit, &entry).await?;
        if let Proposal::Edits(edits) = proposal {
            drafts::forget_applied(tx, actor, edits).await?;
        }
        let set = ChangeSet { reason: reason.to_owned(), ..set.clone() };
        let record = school.record.with(set, decisions.iter().copied());
        let next = School { revision, roster: school.roster.clone(), record };
        if !review.diff.gains.is_empty() {
            self.answer_given_access(tx, actor, &next, review.now).await?;
        }
        Ok(CachedSchool::new(next, prepared.cached.year()))
    }
}

/// Decisions by ids, as the database holds them.
fn stored(roster: &Roster, decisions: &[Decision]) -> Result<Vec<StoredDecision>, Fault> {
    let by_ids = |decision: &Decision| {
        Some(StoredDecision {
            change_set: decision.change_set.0.checked_add(1)?,
            position: decision.position,
            teacher: roster.teachers.get(usize::from(decision.teacher.0))?.id,
            scope: scope_id(roster, decision.scope)?,
            tests: tests_id(roster, decision.tests)?,
            effect: decision.effect,
            valid: decision.valid,
        })
    };
    let stored: Option<Vec<_>> = decisions.iter().map(by_ids).collect();
    stored.ok_or_else(|| Fault::Internal("a decision about somebody who is not in the roster".into()))
}

/// The first change set that who looked at revision `based_on` has not seen.
async fn unseen_since(read: &mut Read, actor: &Actor, school: &School, based_on: i64) -> Result<ChangeSetIx, Fault> {
    if based_on == school.revision {
        return Ok(school.record.next_change_set());
    }
    if !(0..school.revision).contains(&based_on) {
        return Err(RefusalCode::BadInput.into());
    }
    Ok(ChangeSetIx(store::record::count_by(read, actor.institution, based_on).await?))
}
