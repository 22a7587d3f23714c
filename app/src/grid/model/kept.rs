//! The draft between this page and the server: what was kept last, and what became of it elsewhere.

use super::Grid;
use super::edits::laid;
use crate::grid::undo::Undo;
use domain::Instant;
use domain::draft::Edit;
use domain::exchange::KeptDraft;
use serde::{Deserialize, Serialize};

/// A draft that could not be sent, and the kept one that it was made on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unsent {
    based_on: i64,
    edits: Vec<Edit>,
    kept: Option<Instant>,
    kept_edits: Vec<Edit>,
}

/// What became of the draft elsewhere: in another tab, on another machine, in the inbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Elsewhere {
    /// It was changed.
    Changed,
    /// It was applied or discarded.
    Ended,
}

impl Grid {
    /// The draft as the server keeps it.
    #[must_use]
    pub fn kept_draft(&self) -> KeptDraft {
        KeptDraft { based_on: self.based_on, edits: self.draft.now().clone(), kept: self.kept }
    }

    /// The server has kept this draft.
    pub fn set_kept(&mut self, kept: KeptDraft) {
        self.kept = kept.kept;
        self.kept_edits = kept.edits;
    }

    /// When the server last kept the draft.
    #[must_use]
    pub const fn kept(&self) -> Option<Instant> {
        self.kept
    }

    /// Is there anything that the server does not have yet?
    #[must_use]
    pub fn is_unsent(&self) -> bool {
        *self.draft.now() != self.kept_edits
    }

    /// The draft for this browser to keep while the line is lost.
    #[must_use]
    pub fn unsent(&self) -> Unsent {
        Unsent {
            based_on: self.based_on,
            edits: self.draft.now().clone(),
            kept: self.kept,
            kept_edits: self.kept_edits.clone(),
        }
    }

    /// Goes on with what could not be sent. Where the draft has gone another way meanwhile, only what was
    /// made since is laid on top of how it stands. Says how many edits could not be laid any more, and
    /// what became of the draft.
    pub fn resume(&mut self, unsent: Unsent) -> (usize, Option<Elsewhere>) {
        let Unsent { based_on, edits, kept, kept_edits } = unsent;
        let stands = KeptDraft { kept: self.kept, edits: self.kept_edits.clone(), based_on: self.based_on };
        (self.based_on, self.kept, self.kept_edits) = (based_on, kept, kept_edits);
        let (edits, elsewhere) = self.take_over(stands, edits);
        let laid = laid(&mut self.scene, edits.clone());
        let left_out = edits.len() - laid.len();
        self.draft = Undo::new(laid);
        if self.draft.now().is_empty() {
            self.based_on = self.scene.school().revision;
        }
        (left_out, elsewhere)
    }

    /// Takes over the draft as the server has it: the own edits made since on top of it. Answers these,
    /// and what became of the draft.
    pub(super) fn take_over(&mut self, stands: KeptDraft, own: Vec<Edit>) -> (Vec<Edit>, Option<Elsewhere>) {
        if stands.kept == self.kept {
            return (own, None);
        }
        let elsewhere = if stands.edits == self.kept_edits {
            None
        } else if stands.edits.is_empty() {
            Some(Elsewhere::Ended)
        } else {
            Some(Elsewhere::Changed)
        };
        let merged = on_top(&self.kept_edits, &own, &stands.edits);
        if !stands.edits.is_empty() {
            // What either was begun on: a conflict too many is asked about, one too few is not.
            self.based_on = if own.is_empty() { stands.based_on } else { self.based_on.min(stands.based_on) };
        }
        self.set_kept(stands);
        (merged, elsewhere)
    }
}

/// The own edits made since a draft was kept, on top of a newer one. What was taken out is taken out there
/// too, and the own word about the very same comes last.
fn on_top(kept: &[Edit], own: &[Edit], newer: &[Edit]) -> Vec<Edit> {
    let is_taken_out = |edit: &Edit| kept.contains(edit) && !own.contains(edit);
    let mut merged: Vec<Edit> = newer.iter().filter(|edit| !is_taken_out(edit)).cloned().collect();
    for edit in own.iter().filter(|edit| !kept.contains(edit)) {
        let is_same =
            |other: &Edit| (&other.teachers, other.scope, &other.tests) == (&edit.teachers, edit.scope, &edit.tests);
        merged.retain(|other| !is_same(other));
        merged.push(edit.clone());
    }
    merged
}
