//! Where the draft meets what colleagues decided later.

use super::Grid;
use crate::grid::drafting::{Target, without};
use domain::draft::EditFault;
use domain::exchange::Conflict;
use domain::school::Decision;
use std::sync::Arc;

impl Grid {
    /// Takes over where the server says that the draft meets later decisions.
    pub fn set_conflicts(&mut self, conflicts: Vec<Conflict>) {
        self.conflicts = conflicts;
        self.place_conflicts();
    }

    /// Finds the cells of the conflicts in the present draft.
    pub(super) fn place_conflicts(&mut self) {
        self.conflicting.clear();
        if self.conflicts.is_empty() {
            return;
        }
        let school = Arc::clone(self.scene.school());
        for conflict in &self.conflicts {
            let theirs = school.record.decisions.iter().enumerate().find(|(_, decision)| {
                decision.change_set.0.saturating_add(1) == conflict.change_set && decision.position == conflict.position
            });
            let Some((place, theirs)) = theirs else { continue };
            for draft in self.scene.draft() {
                if !domain::draft::touch(&school.roster, draft, theirs) {
                    continue;
                }
                let tests = (0_u8..).map(domain::TestIx).zip(&school.roster.tests);
                let shared = tests.filter(|(ix, test)| draft.tests.covers(*ix, test) && theirs.tests.covers(*ix, test));
                let (teacher, scope) = (draft.teacher, draft.scope);
                self.conflicting.extend(shared.map(|(test, _)| (Target { teacher, scope, test }, place)));
            }
        }
    }

    /// The later decision that the draft meets in a cell.
    #[must_use]
    pub fn conflict_at(&self, target: Target) -> Option<&Decision> {
        self.scene.school().record.decisions.get(*self.conflicting.get(&target)?)
    }

    /// Settles the conflict in a cell: the draft stands, or what it says about the cell goes.
    ///
    /// # Errors
    /// Why the draft cannot be laid without it.
    pub fn settle(&mut self, target: Target, mine: bool) -> Result<(), EditFault> {
        if !mine {
            let said = self.draft.now().to_vec();
            let edits = without(&self.scene, &said, &[target], false).0;
            return self.replace(edits);
        }
        if let Some(theirs) = self.conflict_at(target).copied() {
            self.conflicts.retain(|conflict| {
                (conflict.change_set, conflict.position) != (theirs.change_set.0.saturating_add(1), theirs.position)
            });
        }
        self.place_conflicts();
        if self.conflicts.is_empty() {
            self.rebase();
        }
        Ok(())
    }
}
