//! The load of the grid, and the draft that the server keeps for each person.

use super::load::administer;
use crate::{Actor, Fault, Service};
use domain::draft::{DECISIONS_MAX, EDITS_MAX, Edit};
use domain::exchange::{DraftOutcome, GridLoad, KeptDraft, News, RefusalCode, StaffMay};
use domain::staff_right::StaffRight;
use domain::{Instant, Moment};
use domain::{PersonId, School};
use std::collections::HashSet;
use store::draft::Draft;
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

    /// Whether an open grid has anything to load anew: the school's present revision, and when the
    /// person's own draft was kept.
    ///
    /// # Errors
    /// [`RefusalCode::NotAllowed`] without TestAdministration.
    pub async fn news(&self, actor: &Actor) -> Result<News, Fault> {
        administer(actor)?;
        let mut read = self.db.read().await?;
        let revision = store::revision::current(&mut read, actor.institution).await?.ok_or(RefusalCode::NotFound)?;
        let draft = store::draft::kept(&mut read, actor.institution, actor.person).await?;
        Ok(News { revision, kept: draft.map(|draft| draft.kept) })
    }

    /// The person's own draft here; an empty one if none is kept.
    ///
    /// # Errors
    /// [`RefusalCode::NotAllowed`] without TestAdministration.
    pub async fn kept_draft(&self, actor: &Actor) -> Result<KeptDraft, Fault> {
        administer(actor)?;
        kept(&mut self.db.read().await?, actor).await
    }

    /// Keeps the person's draft here in place of the one that was kept at [`KeptDraft::kept`]; an empty
    /// one is thrown away. Where another tab, another machine or the inbox kept, applied or discarded the
    /// draft since then, nothing is kept, and the answer is how it stands.
    ///
    /// # Errors
    /// [`RefusalCode::NotAllowed`] without TestAdministration; [`RefusalCode::TooLarge`] beyond
    /// [`EDITS_MAX`], [`DECISIONS_MAX`] or [`DRAFT_BYTES_MAX`]; [`RefusalCode::BadInput`] for a
    /// revision that has not been reached.
    pub async fn keep_draft(&self, actor: &Actor, draft: KeptDraft) -> Result<DraftOutcome, Fault> {
        administer(actor)?;
        let edits = encoded(&draft.edits)?;
        let now = self.env.now();
        store::write!(self.db, async |tx| {
            let revision = store::revision::current(tx, actor.institution).await?.ok_or(RefusalCode::NotFound)?;
            if !(0..=revision).contains(&draft.based_on) {
                return Err(RefusalCode::BadInput.into());
            }
            let (before, is_empty) = (draft.kept, draft.edits.is_empty());
            let is_done = match before {
                Some(before) if is_empty => store::draft::delete(tx, actor.institution, actor.person, before).await?,
                None if is_empty => kept(tx, actor).await?.kept.is_none(),
                _ => keep(tx, actor, draft.based_on, &edits, before, now).await?.is_some(),
            };
            if !is_done {
                return Ok::<_, Fault>(DraftOutcome::Newer(kept(tx, actor).await?));
            }
            let kept = (!is_empty).then_some(after(before, now));
            Ok(DraftOutcome::Kept(KeptDraft { kept, ..draft.clone() }))
        })
    }
}

/// When a draft is kept that follows one kept at `before`: now, and later than that in any case.
fn after(before: Option<Instant>, now: Instant) -> Instant {
    before.map_or(now, |before| now.max(Instant(before.0.saturating_add(1))))
}

/// Keeps a draft in place of the one kept at `before`, and tells when; `None` where that is another one.
async fn keep(
    tx: &mut Write,
    actor: &Actor,
    based_on: i64,
    edits: &str,
    before: Option<Instant>,
    now: Instant,
) -> Result<Option<Instant>, Fault> {
    let draft = Draft { based_on, edits: edits.to_owned(), kept: after(before, now) };
    let is_kept = store::draft::keep(tx, actor.institution, actor.person, &draft, before).await?;
    Ok(is_kept.then_some(draft.kept))
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
        // Another tab kept one at this very moment: the person asks once more.
        keep(tx, actor, draft.based_on, &edits, draft.kept, now).await?.ok_or(RefusalCode::Busy)?;
        Ok(())
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
    Ok(KeptDraft { based_on: row.based_on, edits, kept: Some(row.kept) })
}

/// Throws the kept draft away if all of it has just been applied.
pub(super) async fn forget_applied(tx: &mut Write, actor: &Actor, applied: &[Edit]) -> Result<(), Fault> {
    let kept = kept(tx, actor).await?;
    if let Some(before) = kept.kept
        && kept.edits.iter().all(|edit| applied.contains(edit))
    {
        store::draft::delete(tx, actor.institution, actor.person, before).await?;
    }
    Ok(())
}
