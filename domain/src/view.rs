//! The school as a grid shows it: rows, cells and what a click would do. The rule behind every
//! state is [`crate::cube`]'s; here stands only how it looks from a row.

mod cell;
mod click;
mod copy;
mod people;
mod unite;
mod words;

pub use cell::{Answer, Cell, Drafted, Turn};
pub use click::Click;

use crate::calendar::{Date, SchoolYear};
use crate::cube::Cube;
use crate::diff::{self, Diff};
use crate::draft::{self, Edit, EditFault, Places, decide, unrecorded};
use crate::level::Level;
use crate::order;
use crate::school::{ChangeSetIx, Decision, GroupIx, GroupKind, PupilIx, Record, School, Scope, TeacherIx};
use crate::test::{TestIx, TestKind};
use crate::text::Alphabet;
use crate::time::{Instant, Moment};
use people::People;
use std::collections::BTreeMap;
use std::sync::Arc;
use words::Words;

/// A school at one instant with a draft laid over it.
#[derive(Clone, Debug)]
pub struct Scene {
    school: Arc<School>,
    now: Instant,
    today: Date,
    /// The last instant of the school year, exclusive.
    year_ends: Option<Instant>,
    places: Places,
    people: People,
    base: Cube,
    drafted: Cube,
    /// The draft's decisions, as the next change set would hold them.
    draft: Vec<Decision>,
    /// For each of them the edit it came from.
    edit_of: Vec<u32>,
    /// Their places in the draft by what they are about.
    draft_at: BTreeMap<(TeacherIx, Scope), Vec<usize>>,
    /// Per teacher what the live decisions say, with the draft.
    words: Vec<Words>,
    /// Per teacher, the recorded decisions that stand and are still to come.
    coming: Vec<Vec<Decision>>,
}

impl Scene {
    /// A school at `now`, without a draft.
    #[must_use]
    pub fn of(school: Arc<School>, alphabet: Alphabet, now: Instant) -> Self {
        let roster = &school.roster;
        let moment = Moment::of_all_recorded(now);
        let base = Cube::build(roster, &school.record, moment);
        let mut coming = vec![Vec::new(); roster.teachers.len()];
        for (decision, stands) in school.record.decisions.iter().zip(school.record.standing(moment.known)) {
            if stands
                && decision.valid.from > now
                && let Some(list) = coming.get_mut(usize::from(decision.teacher.0))
            {
                list.push(*decision);
            }
        }
        let today = roster.zone.date_of(now);
        let teachers = (0_u16..).map(TeacherIx).take(roster.teachers.len());
        Self {
            year_ends: SchoolYear::of(today).window(roster.zone).until,
            places: Places::of(roster),
            people: People::of(roster, base.crowd(), moment, alphabet),
            words: teachers.map(|teacher| Words::of(roster, base.said(teacher))).collect(),
            coming,
            drafted: base.clone(),
            base,
            now,
            today,
            draft: Vec::new(),
            edit_of: Vec::new(),
            draft_at: BTreeMap::new(),
            school,
        }
    }

    /// Lays a draft over the school in place of the one before.
    ///
    /// # Errors
    /// The first edit at fault; the scene then keeps the draft it had.
    pub fn lay(&mut self, edits: &[Edit]) -> Result<(), (u32, EditFault)> {
        let school = Arc::clone(&self.school);
        let decided = decide(&school, &self.places, edits, self.today)?;
        // Only teachers of whom the two drafts say something else are painted anew.
        let common = self.draft.iter().zip(&decided.decisions).take_while(|(old, new)| old == new).count();
        let beyond = |decisions: &[Decision]| decisions.iter().skip(common).map(|d| d.teacher).collect::<Vec<_>>();
        let mut affected = beyond(&self.draft);
        affected.extend(beyond(&decided.decisions));
        affected.sort_unstable();
        affected.dedup();
        self.drafted.say_after(&school.roster, &self.base, &affected, &decided.decisions);
        for teacher in affected {
            if let Some(words) = self.words.get_mut(usize::from(teacher.0)) {
                *words = Words::of(&school.roster, self.drafted.said(teacher));
            }
        }
        self.draft_at.clear();
        for (place, decision) in decided.decisions.iter().enumerate() {
            self.draft_at.entry((decision.teacher, decision.scope)).or_default().push(place);
        }
        self.draft = decided.decisions;
        self.edit_of = decided.edit_of;
        Ok(())
    }

    /// The school.
    #[must_use]
    pub const fn school(&self) -> &Arc<School> {
        &self.school
    }

    /// The instant it is shown at.
    #[must_use]
    pub const fn now(&self) -> Instant {
        self.now
    }

    /// That instant's day.
    #[must_use]
    pub const fn today(&self) -> Date {
        self.today
    }

    /// Rights with the draft.
    #[must_use]
    pub const fn drafted(&self) -> &Cube {
        &self.drafted
    }

    /// Rights without the draft.
    #[must_use]
    pub const fn base(&self) -> &Cube {
        &self.base
    }

    /// The draft's decisions, as the next change set would hold them.
    #[must_use]
    pub fn draft(&self) -> &[Decision] {
        &self.draft
    }

    /// The record as it would be with the draft applied now.
    #[must_use]
    pub fn record_with_draft(&self) -> Record {
        let record = &self.school.record;
        record.with(unrecorded(record, self.now, None), self.draft.iter().copied())
    }

    /// What the draft does, now and at every later boundary.
    #[must_use]
    pub fn diff(&self) -> Diff {
        diff::between(&self.school.roster, &self.school.record, &self.record_with_draft(), self.now)
    }

    /// Where the draft touches what was recorded from change set `since` on: edit, and place of
    /// the later decision in the record.
    #[must_use]
    pub fn conflicts(&self, since: ChangeSetIx) -> Vec<(u32, usize)> {
        let pairs = draft::conflicts(&self.school, since, &self.draft);
        let mut edits: Vec<(u32, usize)> =
            pairs.into_iter().filter_map(|(ours, theirs)| Some((*self.edit_of.get(ours)?, theirs))).collect();
        order::sort(&mut edits);
        edits.dedup();
        edits
    }

    /// How many cells (teacher × pupil × test) the draft changes at once, per teacher it names:
    /// added and removed.
    #[must_use]
    pub fn changed_cells(&self) -> Vec<(TeacherIx, usize, usize)> {
        let mut teachers: Vec<TeacherIx> = self.draft_at.keys().map(|(teacher, _)| *teacher).collect();
        teachers.dedup();
        let both = |teacher| {
            let (added, removed) = self.drafted.gained_and_lost(&self.base, teacher);
            (teacher, added, removed)
        };
        teachers.into_iter().map(both).collect()
    }

    /// Of how many classes a teacher may see something today, with the draft.
    #[must_use]
    pub fn classes_seen(&self, teacher: TeacherIx) -> usize {
        let classes = self.people.groups.iter().filter(|(kind, _)| *kind == GroupKind::Class);
        classes.filter(|(_, class)| self.drafted.sees_some(teacher, Scope::Group(*class))).count()
    }

    /// Classes, or other groups, that have pupils today, in order of their names.
    #[must_use]
    pub fn groups(&self, kind: GroupKind) -> Vec<GroupIx> {
        self.people.groups.iter().filter(|(other, _)| *other == kind).map(|(_, group)| *group).collect()
    }

    /// Levels that have pupils today, lowest first.
    #[must_use]
    pub fn levels(&self) -> &[Level] {
        &self.people.levels
    }

    /// Teachers who have Teaching today, in order of their names.
    #[must_use]
    pub fn teachers(&self) -> &[TeacherIx] {
        &self.people.teachers
    }

    /// A group's pupils today, in order of their names.
    #[must_use]
    pub fn members(&self, group: GroupIx) -> &[PupilIx] {
        self.people.members(group)
    }

    /// A pupil's class today.
    #[must_use]
    pub fn class_of(&self, pupil: PupilIx) -> Option<GroupIx> {
        self.people.class_of(pupil)
    }

    /// A pupil's level today.
    #[must_use]
    pub fn level_of(&self, pupil: PupilIx) -> Option<Level> {
        self.people.level_of(pupil)
    }

    /// The highest level among a scope's pupils today.
    #[must_use]
    pub fn highest_level(&self, scope: Scope) -> Option<Level> {
        self.people.highest_level(scope)
    }

    /// The national tests' and the exams' columns, in the catalogue's order.
    #[must_use]
    pub fn columns(&self, kind: TestKind) -> Vec<TestIx> {
        let tests = (0_u8..).map(TestIx).zip(&self.school.roster.tests);
        tests.filter(|(_, test)| test.kind == kind).map(|(ix, _)| ix).collect()
    }
}
