//! The load of the grid, and the draft that the server keeps for each person.

use super::load::administer;
use crate::{Actor, Fault, Service};
use domain::Moment;
use domain::draft::{DECISIONS_MAX, EDITS_MAX, Edit};
use domain::exchange::{GridLoad, KeptDraft, RefusalCode, StaffMay};
use domain::staff_right::StaffRight;
use domain::{PersonId, School};
use std::collections::HashSet;
use store::{Read, Write};

/// Largest kept draft, as JSON: room for the most decisions that a change set may record.
pub const DRAFT_BYTES_MAX: usize = 1024 * 1024;

impl Service {
    /// All that the grid needs, read at one instant: the school, its leaders, who may book and run, the
    /// person's draft.
    ///
    /// # Errors
    /// [`RefusalCode::NotAllowed`] without TestAdministration.
    pub async fn grid_load(&self, actor: &Actor) -> Result<GridLoad, Fault> {
        administer(actor)?;
        let now = self.env.now();
        let mut read = self.db.read().await?;
        let cached = self.school_in(&mut read, actor.institution).await?;
        let draft = kept(&mut read, actor).await?;
        let leaders = self.leaders_in(&mut read, &cached, Moment::asked(now, now)).await?;
        // The mark beside a name is no part of the rule: accounts come and go within a revision.
        let working = store::staff::with_sign_in(&mut read, actor.institution, now).await?;
        let mut school = cached.school().clone();
        for teacher in &mut school.roster.teachers {
            teacher.can_sign_in = working.contains(&teacher.id);
        }
        let effective = store::staff_right::effective(&mut read, actor.institution, now).await?;
        let may = staff_may(&school, &effective.into_iter().collect());
        Ok(GridLoad { school, draft, leaders, may, now })
    }

    /// The school's present revision: who has loaded this one has everything that the rule reads.
    ///
    /// # Errors
    /// [`RefusalCode::NotAllowed`] without TestAdministration.
    pub async fn revision(&self, actor: &Actor) -> Result<i64, Fault> {
        administer(actor)?;
        let revision = store::revision::current(&mut self.db.read().await?, actor.institution).await?;
        Ok(revision.ok_or(RefusalCode::NotFound)?)
    }

    /// The person's own draft here; an empty one if none is kept.
    ///
    /// # Errors
    /// [`RefusalCode::NotAllowed`] without TestAdministration.
    pub async fn kept_draft(&self, actor: &Actor) -> Result<KeptDraft, Fault> {
        administer(actor)?;
        kept(&mut self.db.read().await?, actor).await
    }

    /// Keeps the person's draft here in place of the one kept before; an empty one is thrown away.
    /// Answers the draft as kept.
    ///
    /// # Errors
    /// [`RefusalCode::NotAllowed`] without TestAdministration; [`RefusalCode::TooLarge`] beyond
    /// [`EDITS_MAX`], [`DECISIONS_MAX`] or [`DRAFT_BYTES_MAX`]; [`RefusalCode::BadInput`] for a
    /// revision that has not been reached.
    pub async fn keep_draft(&self, actor: &Actor, draft: KeptDraft) -> Result<KeptDraft, Fault> {
        administer(actor)?;
        let edits = encoded(&draft.edits)?;
        let now = self.env.now();
        let kept = (!draft.edits.is_empty()).then_some(now);
        store::write!(self.db, async |tx| {
            let revision = store::revision::current(tx, actor.institution).await?.ok_or(RefusalCode::NotFound)?;
            if !(0..=revision).contains(&draft.based_on) {
                return Err(RefusalCode::BadInput.into());
            }
            if kept.is_some() {
                store::draft::keep(tx, actor.institution, actor.person, draft.based_on, &edits, now).await?;
            } else {
                store::draft::delete(tx, actor.institution, actor.person).await?;
            }
            Ok::<_, Fault>(())
        })?;
        Ok(KeptDraft { kept, ..draft })
    }
}

/// What each of the school's teachers may book and run, in the roster's order.
fn staff_may(school: &School, effective: &HashSet<(PersonId, StaffRight)>) -> Vec<StaffMay> {
    let may = |person| StaffMay {
        booking: effective.contains(&(person, StaffRight::Booking)),
        running: effective.contains(&(person, StaffRight::Running)),
    };
    school.roster.teachers.iter().map(|teacher| may(teacher.id)).collect()
}

impl Service {
    /// Adds edits to the person's draft here, those that do not stand in it already. A draft that is
    /// there stays based on its own revision, so that its conflicts are still found.
    ///
    /// # Errors
    /// As [`Service::keep_draft`].
    pub(crate) async fn add_to_draft(&self, tx: &mut Write, actor: &Actor, added: Vec<Edit>) -> Result<(), Fault> {
        administer(actor)?;
        let now = self.env.now();
        let mut draft = kept(tx, actor).await?;
        if draft.edits.is_empty() {
            draft.based_on = store::revision::current(tx, actor.institution).await?.ok_or(RefusalCode::NotFound)?;
        }
        for edit in added {
            if !draft.edits.contains(&edit) {
                draft.edits.push(edit);
            }
        }
        let edits = encoded(&draft.edits)?;
        Ok(store::draft::keep(tx, actor.institution, actor.person, draft.based_on, &edits, now).await?)
    }
}

/// The edits as JSON, within the limits.
fn encoded(edits: &[Edit]) -> Result<String, Fault> {
    let decisions: usize = edits.iter().map(|edit| edit.teachers.len()).sum();
    if edits.len() > EDITS_MAX || decisions > DECISIONS_MAX {
        return Err(RefusalCode::TooLarge.into());
    }
    let text = serde_json::to_string(edits).map_err(|error| Fault::Internal(format!("a draft: {error}")))?;
    if text.len() > DRAFT_BYTES_MAX { Err(RefusalCode::TooLarge.into()) } else { Ok(text) }
}

/// The kept draft of a person.
pub(super) async fn kept(read: &mut Read, actor: &Actor) -> Result<KeptDraft, Fault> {
    let Some(row) = store::draft::kept(read, actor.institution, actor.person).await? else {
        return Ok(KeptDraft::default());
    };
    // An older program's draft that this one cannot read is no reason to keep the grid shut.
    let edits: Vec<Edit> = serde_json::from_str(&row.edits).unwrap_or_else(|error| {
        tracing::warn!(%error, person = %actor.person, "a kept draft cannot be read and is left aside");
        Vec::new()
    });
    let kept = (!edits.is_empty()).then_some(row.kept);
    Ok(KeptDraft { based_on: row.based_on, edits, kept })
}

/// Throws the kept draft away if all of it has just been applied.
pub(super) async fn forget_applied(tx: &mut Write, actor: &Actor, applied: &[Edit]) -> Result<(), Fault> {
    let kept = kept(tx, actor).await?;
    if kept.edits.iter().all(|edit| applied.contains(edit)) {
        store::draft::delete(tx, actor.institution, actor.person).await?;
    }
    Ok(())
}
