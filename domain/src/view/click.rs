//! What a click on a cell would do.

use super::{Answer, Scene};
use crate::school::{Decision, Effect, GroupIx, PupilIx, Scope, Selector, TeacherIx};
use crate::test::TestIx;
use crate::time::Window;

/// What a click on a cell would do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Click {
    /// What to say in the row's own scope.
    pub effect: Effect,
    /// Is the wished answer yes?
    pub wished: bool,
    /// Pupils whose own decisions keep their answer as it is.
    pub kept: Vec<PupilIx>,
    /// Groups through which pupils of the row are still yes although the row withholds.
    pub still_through: Vec<GroupIx>,
}

impl Scene {
    /// What a click on a cell would do: partly → yes → no, with one decision in the row's own
    /// scope; a clear if that alone gives the wished answer, else a give or a withhold.
    ///
    /// A class's cell never touches single pupils' decisions: they keep their answer and are named.
    #[must_use]
    pub fn click(&self, teacher: TeacherIx, scope: Scope, test: TestIx) -> Click {
        let wished = self.cell(teacher, scope, test).answer != Answer::Yes;
        self.say(teacher, scope, test, wished)
    }

    /// What to say in a row's own scope so that it becomes yes, or no.
    #[must_use]
    pub fn say(&self, teacher: TeacherIx, scope: Scope, test: TestIx, wished: bool) -> Click {
        let members = self.drafted.crowd().members(scope);
        let own_word = |pupil: &PupilIx| {
            scope != Scope::Pupil(*pupil) && self.said_here(teacher, Scope::Pupil(*pupil), test).is_some()
        };
        let (own, following): (Vec<PupilIx>, Vec<PupilIx>) = members.into_iter().partition(own_word);
        let kept = own.into_iter().filter(|pupil| self.drafted.may_see(teacher, *pupil, test) != wished).collect();
        let trial = |effect| self.drafted.trial(&self.school.roster, &self.trial(teacher, scope, test, effect));
        let cleared = trial(Effect::Clear);
        if following.iter().all(|pupil| cleared.may_see(*pupil, test) == wished) && !following.is_empty() {
            return Click { effect: Effect::Clear, wished, kept, still_through: Vec::new() };
        }
        let effect = if wished { Effect::Give } else { Effect::Withhold };
        let after = trial(effect);
        let still: Vec<PupilIx> = following.into_iter().filter(|pupil| after.may_see(*pupil, test) != wished).collect();
        let gives = |group: &GroupIx| {
            Scope::Group(*group) != scope
                && still.iter().any(|pupil| self.drafted.crowd().is_member(*pupil, *group))
                && self.said_here(teacher, Scope::Group(*group), test).is_some_and(|d| d.effect == Effect::Give)
        };
        let still_through = (0_u16..).map(GroupIx).take(self.school.roster.groups.len()).filter(gives).collect();
        Click { effect, wished, kept, still_through }
    }

    fn trial(&self, teacher: TeacherIx, scope: Scope, test: TestIx, effect: Effect) -> Decision {
        Decision {
            change_set: self.school.record.next_change_set(),
            position: u16::MAX,
            teacher,
            scope,
            tests: Selector::Test(test),
            effect,
            valid: Window::since(self.now),
        }
    }
}
