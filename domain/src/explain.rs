//! Why one cell is yes or no: every decision that bears on it, which one won and why, or the first
//! condition that fails and the capacity that can mend it.

use crate::capacity::Capacity;
use crate::level::Level;
use crate::oracle;
use crate::order;
use crate::school::{ChangeSetIx, Decision, Effect, GroupIx, PupilIx, Record, School, Scope, TeacherIx};
use crate::test::TestIx;
use crate::time::{Instant, Moment};
use serde::{Deserialize, Serialize};

/// The explanation of one cell at one moment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Explanation {
    /// May the teacher see the result?
    pub verdict: bool,
    /// The first condition that fails, if the verdict is no.
    pub failed: Option<Condition>,
    /// The decision that settles what the decisions say: place in [`Record::decisions`].
    pub winner: Option<u32>,
    /// What the verdict would be if the winner were not there.
    pub without_winner: bool,
    /// Every decision about this teacher, a scope of this pupil and this test that was recorded,
    /// most specific scope first, newest first within a scope.
    pub bearing: Vec<Bearing>,
    /// When the verdict will change by itself.
    pub until: Option<Instant>,
}

/// What has to hold, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Condition {
    /// The teacher has the capacity Teaching here.
    Teaching,
    /// The pupil is affiliated here.
    Attendance,
    /// Some decision says give.
    Given,
    /// No more specific decision withholds.
    NotWithheld,
}

impl Condition {
    /// Who can mend it.
    #[must_use]
    pub const fn mended_by(self) -> Capacity {
        match self {
            Self::Teaching | Self::Attendance => Capacity::UserAdministration,
            Self::Given | Self::NotWithheld => Capacity::TestAdministration,
        }
    }
}

/// One decision and why it counts or does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bearing {
    /// Place in [`Record::decisions`].
    pub decision: u32,
    /// Why it counts or does not.
    pub standing: Standing,
}

/// What became of a decision in this cell at this moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// It settles the cell.
    Wins,
    /// It speaks for its scope, but another settles the cell: a more specific scope, a give in
    /// another group, or an equal word elsewhere. Place of the winner.
    Overruled(u32),
    /// A later decision of the same scope speaks instead: its place.
    Superseded(u32),
    /// It is a clear: the latest of its scope, so the scope says nothing.
    Silences,
    /// Its first day is still to come.
    NotYet,
    /// Its last day has passed.
    Ended,
    /// Taken back by this change set.
    TakenBack(ChangeSetIx),
}

/// The scopes that may speak about a pupil at a moment, most specific first.
fn scopes_of(school: &School, pupil: PupilIx, moment: Moment) -> Vec<Scope> {
    let roster = &school.roster;
    let mut groups: Vec<GroupIx> =
        roster.memberships.iter().filter(|f| f.what.0 == pupil && f.holds(moment)).map(|f| f.what.1).collect();
    order::sort(&mut groups);
    groups.dedup();
    let level: Option<Level> = roster.levels.iter().find(|f| f.what.0 == pupil && f.holds(moment)).map(|f| f.what.1);
    let mut scopes = vec![Scope::Pupil(pupil)];
    scopes.extend(groups.into_iter().map(Scope::Group));
    scopes.extend(level.map(Scope::Level));
    scopes.push(Scope::School);
    scopes
}

/// Explains one cell.
#[must_use]
pub fn explain(school: &School, teacher: TeacherIx, pupil: PupilIx, test: TestIx, moment: Moment) -> Explanation {
    let (roster, record) = (&school.roster, &school.record);
    let scopes = scopes_of(school, pupil, moment);
    let voices: Vec<Voice> = scopes.iter().map(|scope| Voice::of(school, teacher, *scope, test, moment)).collect();
    let winner = settle(record, &voices, None);
    let says_give = |winner: Option<usize>| effect(record, winner) == Some(Effect::Give);
    let teaching = oracle::has_teaching(roster, teacher, moment);
    let attends = oracle::attends(roster, pupil, moment);
    let failed = if !teaching {
        Some(Condition::Teaching)
    } else if !attends {
        Some(Condition::Attendance)
    } else {
        match effect(record, winner) {
            Some(Effect::Give) => None,
            Some(Effect::Withhold) => Some(Condition::NotWithheld),
            Some(Effect::Clear) | None => Some(Condition::Given),
        }
    };
    let without = winner.map(|place| settle(record, &voices, Some(place)));
    Explanation {
        verdict: failed.is_none(),
        failed,
        winner: winner.and_then(|place| u32::try_from(place).ok()),
        without_winner: teaching && attends && says_give(without.unwrap_or(winner)),
        bearing: voices.iter().flat_map(|voice| voice.bearing(record, winner)).collect(),
        until: turns(school, teacher, pupil, test, moment, failed.is_none()),
    }
}

fn effect(record: &Record, place: Option<usize>) -> Option<Effect> {
    record.decisions.get(place?).map(|decision| decision.effect)
}

/// One scope's recorded decisions about a teacher and a test.
struct Voice {
    scope: Scope,
    /// Places in the record, oldest first, with what speaks against each by itself.
    recorded: Vec<(usize, Option<Standing>)>,
}

impl Voice {
    fn of(school: &School, teacher: TeacherIx, scope: Scope, test: TestIx, moment: Moment) -> Self {
        let (roster, record) = (&school.roster, &school.record);
        let entry = roster.tests.get(usize::from(test.0));
        let bears = |decision: &Decision| {
            decision.teacher == teacher
                && decision.scope == scope
                && entry.is_some_and(|entry| decision.tests.covers(test, entry))
                && record.recorded(decision) <= moment.known
        };
        let recorded = record.decisions.iter().enumerate().filter(|(_, decision)| bears(decision));
        Self { scope, recorded: recorded.map(|(place, decision)| (place, against(record, decision, moment))).collect() }
    }

    /// The latest decision that nothing speaks against, leaving one out.
    fn latest(&self, leave_out: Option<usize>) -> Option<usize> {
        let speaks = |(place, against): &&(usize, Option<Standing>)| against.is_none() && Some(*place) != leave_out;
        self.recorded.iter().rev().find(speaks).map(|(place, _)| *place)
    }

    /// Newest first, what became of each.
    fn bearing(&self, record: &Record, winner: Option<usize>) -> Vec<Bearing> {
        let latest = self.latest(None);
        let number = |place: usize| u32::try_from(place).unwrap_or(u32::MAX);
        let one = |(place, against): &(usize, Option<Standing>)| {
            let standing = match (against, latest) {
                (Some(against), _) => *against,
                (None, Some(latest)) if latest != *place => Standing::Superseded(number(latest)),
                (None, _) if effect(record, Some(*place)) == Some(Effect::Clear) => Standing::Silences,
                (None, _) => match winner {
                    Some(winner) if winner != *place => Standing::Overruled(number(winner)),
                    _ => Standing::Wins,
                },
            };
            Bearing { decision: number(*place), standing }
        };
        self.recorded.iter().rev().map(one).collect()
    }
}

/// What by itself speaks against a recorded decision at a moment.
fn against(record: &Record, decision: &Decision, moment: Moment) -> Option<Standing> {
    if oracle::is_taken_back(record, decision, moment) {
        let live = record.live_change_sets(moment.known);
        let by = (0..).map(ChangeSetIx).zip(&record.change_sets).zip(live).find(|((_, set), live)| {
            *live
                && set.takes_back.as_ref().is_some_and(|back| {
                    back.target == decision.change_set
                        && back.positions.as_ref().is_none_or(|named| named.contains(&decision.position))
                })
        });
        return by.map(|((ix, _), _)| Standing::TakenBack(ix));
    }
    if moment.at < decision.valid.from {
        return Some(Standing::NotYet);
    }
    (!decision.valid.contains(moment.at)).then_some(Standing::Ended)
}

/// Which decision settles what the decisions say, leaving one out.
fn settle(record: &Record, voices: &[Voice], leave_out: Option<usize>) -> Option<usize> {
    let mut withheld_by_group = None;
    for voice in voices {
        let in_group = matches!(voice.scope, Scope::Group(_));
        if !in_group && withheld_by_group.is_some() {
            return withheld_by_group;
        }
        let Some(place) = voice.latest(leave_out) else { continue };
        match effect(record, Some(place)) {
            Some(Effect::Give) => return Some(place),
            Some(Effect::Withhold) if in_group => withheld_by_group = withheld_by_group.or(Some(place)),
            Some(Effect::Withhold) => return Some(place),
            Some(Effect::Clear) | None => {}
        }
    }
    withheld_by_group
}

/// The first boundary after the moment at which the verdict turns, with all that is recorded.
fn turns(
    school: &School,
    teacher: TeacherIx,
    pupil: PupilIx,
    test: TestIx,
    moment: Moment,
    verdict: bool,
) -> Option<Instant> {
    // Asked about the past, what came later was not known.
    if moment.known != Instant::DISTANT_FUTURE {
        return None;
    }
    let mut edges: Vec<Instant> = Vec::new();
    let mut edge = |window: crate::time::Window| {
        edges.push(window.from);
        edges.extend(window.until);
    };
    let roster = &school.roster;
    roster.teaching.iter().filter(|fact| fact.what == teacher).for_each(|fact| edge(fact.valid));
    roster.attendance.iter().filter(|fact| fact.what == pupil).for_each(|fact| edge(fact.valid));
    roster.memberships.iter().filter(|fact| fact.what.0 == pupil).for_each(|fact| edge(fact.valid));
    roster.levels.iter().filter(|fact| fact.what.0 == pupil).for_each(|fact| edge(fact.valid));
    let decisions = &school.record.decisions;
    decisions.iter().filter(|decision| decision.teacher == teacher).for_each(|decision| edge(decision.valid));
    edges.retain(|at| *at > moment.at);
    order::sort(&mut edges);
    edges.dedup();
    edges.into_iter().find(|at| {
        let later = Moment::of_all_recorded(*at);
        oracle::may_see(roster, &school.record, teacher, pupil, test, later) != verdict
    })
}
