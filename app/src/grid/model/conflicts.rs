//! Where the draft meets what colleagues decided later, and how each meeting is settled.

use super::Grid;
use crate::grid::drafting::{Target, silent, single};
use domain::draft::{Edit, EditFault, Places, ScopeId, TestsId};
use domain::exchange::{Conflict, Review};
use domain::school::{Decision, Roster, Selector};
use domain::{Effect, PersonId, TestIx};
use std::collections::{BTreeMap, BTreeSet};

/// A recorded decision: the number of its change set, and its position there.
type Number = (u32, u16);

/// What a review said about later decisions, and what the person settled of it.
#[derive(Clone, Debug, Default)]
pub(super) struct Later {
    /// The later decisions that the draft met.
    met: Vec<Number>,
    /// The revision up to which later decisions were looked for.
    until: i64,
    /// The cells in which the person stands by the draft, each with the decision seen there. By ids,
    /// so that they outlive a merge.
    stood: BTreeSet<(PersonId, ScopeId, TestsId, Number)>,
}

impl Grid {
    /// Takes over where a review says that the draft meets later decisions. What was settled stays so.
    pub fn set_conflicts(&mut self, review: &Review) {
        let mut met: Vec<Number> = review.conflicts.iter().map(|c| (c.change_set, c.position)).collect();
        met.sort_unstable();
        met.dedup();
        // A decision that this grid has not loaded yet can be neither shown nor settled here.
        met.retain(|number| self.decision(*number).is_some());
        self.later.met = met;
        self.later.until = review.revision.min(self.scene.school().revision);
        self.place_conflicts();
    }

    /// Forgets all conflicts: the draft counts as begun on what is shown.
    pub(super) fn forget_conflicts(&mut self) {
        self.later = Later::default();
        self.conflicting.clear();
    }

    /// A recorded decision, with its place in the record.
    fn decision(&self, number: Number) -> Option<(usize, Decision)> {
        let decisions = self.scene.school().record.decisions.iter().copied().enumerate();
        let mut of_it = decisions.filter(|(_, d)| (d.change_set.0.saturating_add(1), d.position) == number);
        of_it.next()
    }

    /// Finds the cells of the conflicts in the present draft.
    pub(super) fn place_conflicts(&mut self) {
        let mut conflicting = BTreeMap::new();
        let roster = &self.scene.school().roster;
        for number in &self.later.met {
            let Some((place, theirs)) = self.decision(*number) else { continue };
            for draft in self.scene.draft().iter().filter(|draft| domain::draft::touch(roster, draft, &theirs)) {
                let (teacher, scope) = (draft.teacher, draft.scope);
                let cells = shared(roster, draft.tests, theirs.tests).map(|test| Target { teacher, scope, test });
                let open = cells.filter(|cell| !self.is_stood(*cell, *number));
                conflicting.extend(open.map(|cell| (cell, place)));
            }
        }
        self.conflicting = conflicting;
    }

    fn stand(&mut self, cell: Target, number: Number) {
        self.later.stood.extend(self.stood_key(cell, number));
    }

    fn is_stood(&self, cell: Target, number: Number) -> bool {
        self.stood_key(cell, number).is_some_and(|key| self.later.stood.contains(&key))
    }

    fn stood_key(&self, cell: Target, number: Number) -> Option<(PersonId, ScopeId, TestsId, Number)> {
        let Edit { teachers, scope, tests, .. } =
            single(&self.scene, cell.teacher, cell.scope, cell.test, Effect::Give)?;
        Some((*teachers.first()?, scope, tests, number))
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
        if mine {
            for number in self.later.met.clone() {
                self.stand(target, number);
            }
        } else {
            let edits = self.draft.now().iter();
            let without =
                edits.flat_map(|edit| silent(&self.scene, edit, target.teacher, target.scope, &[target.test]));
            self.replace(without.collect())?;
        }
        self.settled();
        Ok(())
    }

    /// Settles one conflict of a review: an edit stands against the later decision, or says nothing any
    /// more about what that decided. All other conflicts stay.
    ///
    /// # Errors
    /// Why the draft cannot be laid without it.
    pub fn settle_conflict(&mut self, edit: &Edit, conflict: &Conflict, mine: bool) -> Result<(), EditFault> {
        let cells = self.met_cells(edit, conflict);
        if mine {
            for cell in cells {
                self.stand(cell, (conflict.change_set, conflict.position));
            }
        } else if let Some(Target { teacher, scope, .. }) = cells.first().copied() {
            let tests: Vec<TestIx> = cells.iter().map(|cell| cell.test).collect();
            let mut edits = self.draft.now().clone();
            if let Some(place) = edits.iter().position(|own| own == edit) {
                edits.splice(place..=place, silent(&self.scene, edit, teacher, scope, &tests));
                self.replace(edits)?;
            }
        }
        self.settled();
        Ok(())
    }

    /// Does the person stand by an edit against a later decision?
    #[must_use]
    pub fn is_settled(&self, edit: &Edit, conflict: &Conflict) -> bool {
        let cells = self.met_cells(edit, conflict);
        let number = (conflict.change_set, conflict.position);
        !cells.is_empty() && cells.iter().all(|cell| self.is_stood(*cell, number))
    }

    /// The cells in which an edit meets a later decision.
    fn met_cells(&self, edit: &Edit, conflict: &Conflict) -> Vec<Target> {
        let roster = &self.scene.school().roster;
        let places = Places::of(roster);
        let (Some((_, theirs)), Some(scope), Some(selector)) = (
            self.decision((conflict.change_set, conflict.position)),
            places.scope(edit.scope),
            places.selector(&edit.tests),
        ) else {
            return Vec::new();
        };
        let is_named = edit.teachers.iter().any(|teacher| places.teacher(*teacher) == Some(theirs.teacher));
        if !is_named || scope != theirs.scope {
            return Vec::new();
        }
        let tests = shared(roster, selector, theirs.tests);
        tests.map(|test| Target { teacher: theirs.teacher, scope, test }).collect()
    }

    /// After the last conflict the draft counts as begun on the revision up to which later decisions
    /// were looked for: what is decided after that is a conflict again.
    fn settled(&mut self) {
        self.place_conflicts();
        if self.conflicting.is_empty() && !self.later.met.is_empty() {
            self.based_on = self.based_on.max(self.later.until);
            self.forget_conflicts();
        }
    }
}

/// The tests that two selectors both cover.
fn shared(roster: &Roster, one: Selector, other: Selector) -> impl Iterator<Item = TestIx> {
    let tests = (0_u8..).map(TestIx).zip(&roster.tests);
    tests.filter(move |(ix, test)| one.covers(*ix, test) && other.covers(*ix, test)).map(|(ix, _)| ix)
}
