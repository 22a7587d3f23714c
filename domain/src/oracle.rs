//! The rule in its plainest words, slowly: one cell at a time, nothing kept.
//!
//! This is the definition. The [`crate::cube`] must agree with it in every cell at every moment;
//! property tests hold the two together, so nothing here may call into the cube or share its
//! short cuts.

use crate::school::{ChangeSetIx, Decision, Effect, PupilIx, Record, Roster, Scope, TeacherIx};
use crate::test::TestIx;
use crate::time::Moment;

/// May this teacher see this pupil's result in this test at this moment?
///
/// The teacher has Teaching at the institution, the pupil is affiliated there, and the decisions
/// say give.
#[must_use]
pub fn may_see(
    roster: &Roster,
    record: &Record,
    teacher: TeacherIx,
    pupil: PupilIx,
    test: TestIx,
    moment: Moment,
) -> bool {
    has_teaching(roster, teacher, moment)
        && attends(roster, pupil, moment)
        && decided(roster, record, teacher, pupil, test, moment) == Some(Effect::Give)
}

/// Does the teacher have the capacity Teaching here?
#[must_use]
pub fn has_teaching(roster: &Roster, teacher: TeacherIx, moment: Moment) -> bool {
    roster.teaching.iter().any(|fact| fact.what == teacher && fact.holds(moment))
}

/// Is the pupil affiliated here?
#[must_use]
pub fn attends(roster: &Roster, pupil: PupilIx, moment: Moment) -> bool {
    roster.attendance.iter().any(|fact| fact.what == pupil && fact.holds(moment))
}

/// What the decisions say: the most specific scope that says something wins. Never `Clear`.
#[must_use]
pub fn decided(
    roster: &Roster,
    record: &Record,
    teacher: TeacherIx,
    pupil: PupilIx,
    test: TestIx,
    moment: Moment,
) -> Option<Effect> {
    let says = |scope| said(roster, record, teacher, scope, test, moment);
    if let Some(effect) = says(Scope::Pupil(pupil)) {
        return Some(effect);
    }
    let groups = roster.memberships.iter().filter(|fact| fact.what.0 == pupil && fact.holds(moment));
    let by_groups: Vec<Effect> = groups.filter_map(|fact| says(Scope::Group(fact.what.1))).collect();
    // Among several groups a give beats a withhold.
    if by_groups.contains(&Effect::Give) {
        return Some(Effect::Give);
    }
    if by_groups.contains(&Effect::Withhold) {
        return Some(Effect::Withhold);
    }
    let level = roster.levels.iter().find(|fact| fact.what.0 == pupil && fact.holds(moment));
    if let Some(effect) = level.and_then(|fact| says(Scope::Level(fact.what.1))) {
        return Some(effect);
    }
    says(Scope::School)
}

/// What one scope says: the latest recorded live decision that covers the test and is not taken
/// back. A clear says nothing.
#[must_use]
pub fn said(
    roster: &Roster,
    record: &Record,
    teacher: TeacherIx,
    scope: Scope,
    test: TestIx,
    moment: Moment,
) -> Option<Effect> {
    let entry = roster.tests.get(usize::from(test.0))?;
    let counts = |decision: &&Decision| {
        decision.teacher == teacher
            && decision.scope == scope
            && decision.tests.covers(test, entry)
            && record.recorded(decision) <= moment.known
            && decision.valid.contains(moment.at)
            && !is_taken_back(record, decision, moment)
    };
    let latest =
        record.decisions.iter().filter(counts).max_by_key(|decision| (decision.change_set, decision.position))?;
    (latest.effect != Effect::Clear).then_some(latest.effect)
}

/// Does a taking-back that stands name this decision, or all of its change set?
#[must_use]
pub fn is_taken_back(record: &Record, decision: &Decision, moment: Moment) -> bool {
    (0..).map(ChangeSetIx).zip(&record.change_sets).any(|(ix, set)| {
        set.takes_back.as_ref().is_some_and(|back| {
            back.target == decision.change_set
                && back.positions.as_ref().is_none_or(|named| named.contains(&decision.position))
                && stands(record, ix, moment)
        })
    })
}

/// Is this change set recorded, and not taken back as a whole by one that stands?
fn stands(record: &Record, ix: ChangeSetIx, moment: Moment) -> bool {
    let recorded = record.change_sets.get(ix.0 as usize).is_some_and(|set| set.recorded <= moment.known);
    recorded
        && !(ix.0 + 1..).map(ChangeSetIx).zip(record.change_sets.iter().skip(ix.0 as usize + 1)).any(|(later, set)| {
            let names_all = set.takes_back.as_ref().is_some_and(|back| back.target == ix && back.positions.is_none());
            names_all && stands(record, later, moment)
        })
}
