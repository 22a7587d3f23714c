//! One cell of the grid.

use super::Scene;
use crate::school::{Decision, Effect, Scope, TeacherIx};
use crate::test::TestIx;
use crate::time::Instant;
use std::cmp::Ordering;

/// What a row's pupils may be seen of by a teacher in a test.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Answer {
    /// All of them; a row without pupils is never yes.
    Yes,
    /// None of them.
    No,
    /// Some of them.
    Partly {
        /// How many.
        yes: u16,
        /// Of how many.
        of: u16,
    },
}

/// How the draft changes a row's answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Drafted {
    /// More may be seen than without the draft.
    Added,
    /// Less may be seen than without the draft.
    Removed,
}

/// One cell: a teacher, a row's scope and a test.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Cell {
    /// What the row's pupils may be seen of, with the draft.
    pub answer: Answer,
    /// What is said in this very row: give, withhold, or nothing.
    pub here: Option<Effect>,
    /// Is it no because some scope withholds?
    pub withheld: bool,
    /// How the draft changes it.
    pub drafted: Option<Drafted>,
    /// Does the draft say something in this very row about this test?
    pub drafted_here: bool,
    /// Is the pupil exempt from the test this school year? Always false for other rows.
    pub exempt: bool,
    /// Is the test meant for a level above the row's pupils?
    pub above_level: bool,
    /// When this row's right begins, or ends before the school year does.
    pub turns: Option<Turn>,
}

/// A date that a row's own right begins or ends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Turn {
    /// Its first day is still to come.
    Begins(Instant),
    /// Its last day comes before the school year's (exclusive end).
    Ends(Instant),
}

impl Scene {
    /// One cell.
    #[must_use]
    pub fn cell(&self, teacher: TeacherIx, scope: Scope, test: TestIx) -> Cell {
        let (yes, of) = self.drafted.count(teacher, scope, test);
        let (before, _) = self.base.count(teacher, scope, test);
        let here = self.said_here(teacher, scope, test);
        let answer = match (yes, of) {
            (0, _) => Answer::No,
            (yes, of) if yes == of => Answer::Yes,
            (yes, of) => Answer::Partly { yes: clamp(yes), of: clamp(of) },
        };
        let level = self.school.roster.tests.get(usize::from(test.0)).and_then(|test| test.level);
        Cell {
            answer,
            here: here.map(|decision| decision.effect),
            withheld: answer == Answer::No && self.is_withheld(teacher, scope, test),
            drafted: match yes.cmp(&before) {
                Ordering::Greater => Some(Drafted::Added),
                Ordering::Less => Some(Drafted::Removed),
                Ordering::Equal => None,
            },
            drafted_here: self.drafted_here(teacher, scope, test).next().is_some(),
            exempt: matches!(scope, Scope::Pupil(pupil) if self.people.is_exempt(pupil, test)),
            above_level: match (level, self.highest_level(scope)) {
                (Some(level), Some(highest)) => level > highest,
                _ => false,
            },
            turns: self.turns(teacher, scope, test, here),
        }
    }

    /// The latest live decision of a scope that covers a test, with the draft; a clear says nothing.
    pub(super) fn said_here(&self, teacher: TeacherIx, scope: Scope, test: TestIx) -> Option<&Decision> {
        let place = self.words.get(usize::from(teacher.0))?.latest(scope, test)?;
        self.drafted.said(teacher).get(place)
    }

    /// The draft's decisions about a cell.
    fn drafted_here(&self, teacher: TeacherIx, scope: Scope, test: TestIx) -> impl Iterator<Item = &Decision> {
        let here = self.draft_at.get(&(teacher, scope)).into_iter().flatten();
        here.filter_map(|place| self.draft.get(*place)).filter(move |decision| self.covers(decision, test))
    }

    fn covers(&self, decision: &Decision, test: TestIx) -> bool {
        let entry = self.school.roster.tests.get(usize::from(test.0));
        entry.is_some_and(|entry| decision.tests.covers(test, entry))
    }

    /// Does the narrowest scope that speaks about the row withhold?
    fn is_withheld(&self, teacher: TeacherIx, scope: Scope, test: TestIx) -> bool {
        let says = |scope| self.said_here(teacher, scope, test).map(|decision| decision.effect);
        if let Some(effect) = says(scope) {
            return effect == Effect::Withhold;
        }
        match scope {
            Scope::School => return false,
            Scope::Level(_) => return says(Scope::School) == Some(Effect::Withhold),
            Scope::Group(_) => {}
            Scope::Pupil(pupil) => {
                let by_groups = self.people.groups_of(pupil).iter().filter_map(|group| says(Scope::Group(*group)));
                // A give beats a withhold.
                let withheld = by_groups.map(|effect| effect == Effect::Withhold).reduce(|all, one| all && one);
                if let Some(withheld) = withheld {
                    return withheld;
                }
            }
        }
        let level = self.highest_level(scope);
        level.and_then(|level| says(Scope::Level(level))).or_else(|| says(Scope::School)) == Some(Effect::Withhold)
    }

    /// When what this row says begins, or ends before the school year does.
    fn turns(&self, teacher: TeacherIx, scope: Scope, test: TestIx, here: Option<&Decision>) -> Option<Turn> {
        if let Some(here) = here {
            let ends = here.valid.until.filter(|until| self.year_ends.is_some_and(|end| *until < end));
            return ends.map(Turn::Ends);
        }
        let recorded = self.coming.get(usize::from(teacher.0)).into_iter().flatten();
        let recorded = recorded.filter(|decision| decision.scope == scope && self.covers(decision, test));
        let coming = recorded.chain(self.drafted_here(teacher, scope, test));
        let next = coming.filter(|d| d.valid.from > self.now && d.effect == Effect::Give).map(|d| d.valid.from).min();
        next.map(Turn::Begins)
    }
}

fn clamp(count: usize) -> u16 {
    u16::try_from(count).unwrap_or(u16::MAX)
}
