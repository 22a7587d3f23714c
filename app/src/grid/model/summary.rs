//! What the change bar says.

use super::Grid;
use domain::school::TeacherIx;

/// What the change bar says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Edits in the draft.
    pub edits: usize,
    /// Cells (teacher × pupil × test) that change today.
    pub cells: usize,
    /// Teachers who gain.
    pub gaining: Vec<TeacherIx>,
    /// Teachers who lose.
    pub losing: Vec<TeacherIx>,
    /// Conflicts with later decisions.
    pub conflicts: usize,
    /// Is there a step back?
    pub can_undo: bool,
}

impl Grid {
    /// What the change bar says.
    #[must_use]
    pub fn summary(&self) -> Summary {
        let changed = self.scene.changed_cells();
        let of = |gains: bool| {
            let some = changed.iter().filter(move |(_, added, removed)| if gains { *added > 0 } else { *removed > 0 });
            some.map(|(teacher, _, _)| *teacher).collect()
        };
        Summary {
            edits: self.draft.now().len(),
            cells: changed.iter().map(|(_, added, removed)| added + removed).sum(),
            gaining: of(true),
            losing: of(false),
            conflicts: self.conflicting.len(),
            can_undo: self.draft.can_undo(),
        }
    }
}
