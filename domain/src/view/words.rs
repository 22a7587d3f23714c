//! What one teacher's live decisions say, ready to be asked cell by cell.

use crate::school::{Decision, Effect, Roster, Scope};
use crate::test::TestIx;

/// Scope by scope and test by test, which of a teacher's decisions is the latest that says
/// something.
#[derive(Clone, Debug, Default)]
pub(super) struct Words {
    /// Sorted by scope; per test the decision's place among the teacher's.
    scopes: Vec<(Scope, Vec<Option<u32>>)>,
}

impl Words {
    /// Reads a teacher's decisions that are live and stand, in order.
    pub(super) fn of(roster: &Roster, said: &[Decision]) -> Self {
        let mut words = Self::default();
        for (place, decision) in (0_u32..).zip(said) {
            let latest = (decision.effect != Effect::Clear).then_some(place);
            let known = words.scopes.binary_search_by_key(&decision.scope, |(scope, _)| *scope);
            let at = known.unwrap_or_else(|at| {
                words.scopes.insert(at, (decision.scope, vec![None; roster.tests.len()]));
                at
            });
            let Some((_, tests)) = words.scopes.get_mut(at) else { continue };
            for ((test, entry), slot) in (0_u8..).map(TestIx).zip(&roster.tests).zip(tests) {
                if decision.tests.covers(test, entry) {
                    *slot = latest;
                }
            }
        }
        words
    }

    /// The place of the latest decision in a scope that says something about a test.
    pub(super) fn latest(&self, scope: Scope, test: TestIx) -> Option<usize> {
        let at = self.scopes.binary_search_by_key(&scope, |(scope, _)| *scope).ok()?;
        let (_, tests) = self.scopes.get(at)?;
        tests.get(usize::from(test.0)).copied().flatten().and_then(|place| usize::try_from(place).ok())
    }
}
