//! One teacher's rights as bits: what decisions say in their scopes, painted over the crowd.

use crate::bits::{get, set, words};
use crate::crowd::Crowd;
use crate::school::{Decision, Effect, PupilIx, Roster, Scope, Selector, TeacherIx};
use crate::test::TestIx;

/// One teacher's bits: test × pupil, `tests × words` long.
pub(crate) type Lane = Vec<u64>;

/// What a teacher's decisions say in their scopes, painted over the crowd.
///
/// `said` are the teacher's decisions that are live and stand, in order.
pub(crate) fn lane<'d>(
    roster: &Roster,
    crowd: &Crowd,
    teacher: TeacherIx,
    said: impl IntoIterator<Item = &'d Decision>,
) -> Lane {
    let row = words(crowd.pupils);
    let mut lane = vec![0; row * roster.tests.len()];
    if row == 0 || !crowd.has_teaching(teacher) {
        return lane;
    }
    let scopes = scopes_said(roster, said);
    let everyone = vec![u64::MAX; row];
    // Wider scopes first; among groups the withholds first, so that a give beats them.
    for (scope, effects) in &scopes {
        match scope {
            Scope::School => paint(&mut lane, row, effects, &everyone, None),
            Scope::Level(_) => paint(&mut lane, row, effects, crowd.mask(*scope), None),
            Scope::Group(_) | Scope::Pupil(_) => {}
        }
    }
    for effect in [Effect::Withhold, Effect::Give] {
        for (scope, effects) in &scopes {
            if let Scope::Group(_) = scope {
                paint(&mut lane, row, effects, crowd.mask(*scope), Some(effect));
            }
        }
    }
    for (scope, effects) in &scopes {
        if let Scope::Pupil(pupil) = scope {
            for (bits, effect) in lane.chunks_mut(row).zip(effects) {
                if let Some(effect) = effect {
                    set(bits, pupil.0.into(), *effect == Effect::Give);
                }
            }
        }
    }
    for bits in lane.chunks_mut(row) {
        for (word, present) in bits.iter_mut().zip(&crowd.present) {
            *word &= present;
        }
    }
    lane
}

/// For each scope that a teacher's decisions name, widest first: what it says per test.
fn scopes_said<'d>(roster: &Roster, said: impl IntoIterator<Item = &'d Decision>) -> Vec<(Scope, Vec<Option<Effect>>)> {
    let mut by_scope: Vec<(Scope, usize, &Decision)> =
        said.into_iter().enumerate().map(|(order, decision)| (decision.scope, order, decision)).collect();
    by_scope.sort_unstable_by_key(|(scope, order, _)| (*scope, *order));
    let mut scopes: Vec<(Scope, Vec<Option<Effect>>)> = Vec::new();
    for (scope, _, decision) in by_scope {
        if scopes.last().is_none_or(|(last, _)| *last != scope) {
            scopes.push((scope, vec![None; roster.tests.len()]));
        }
        let Some((_, effects)) = scopes.last_mut() else { continue };
        let effect = (decision.effect != Effect::Clear).then_some(decision.effect);
        if let Selector::Test(test) = decision.tests {
            if let Some(slot) = effects.get_mut(test.0 as usize) {
                *slot = effect;
            }
            continue;
        }
        for ((ix, test), slot) in (0_u8..).map(TestIx).zip(&roster.tests).zip(effects) {
            if decision.tests.covers(ix, test) {
                *slot = effect;
            }
        }
    }
    scopes
}

/// Sets or clears the masked pupils in the rows of the tests that something is said about.
fn paint(lane: &mut [u64], row: usize, effects: &[Option<Effect>], mask: &[u64], only: Option<Effect>) {
    for (bits, effect) in lane.chunks_mut(row).zip(effects) {
        let Some(effect) = effect.filter(|effect| only.is_none_or(|only| only == *effect)) else { continue };
        for (word, mask) in bits.iter_mut().zip(mask) {
            if effect == Effect::Give { *word |= mask } else { *word &= !mask }
        }
    }
}

/// One teacher's bits as they would be.
#[derive(Debug)]
pub(crate) struct Trial {
    pub(crate) lane: Lane,
    pub(crate) row: usize,
}

impl Trial {
    /// Might the teacher see this pupil's result in this test?
    pub(crate) fn may_see(&self, pupil: PupilIx, test: TestIx) -> bool {
        let start = usize::from(test.0) * self.row;
        get(self.lane.get(start..start + self.row).unwrap_or_default(), pupil.0.into())
    }
}
