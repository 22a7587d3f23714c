//! The explanation of a cell says what the cube says, and why.

use crate::{SCHOOLS, cells, moments, on_schools};
use domain::cube::Cube;
use domain::explain::{Explanation, Standing, explain};
use domain::oracle;
use domain::school::TakingBack;
use domain::testing::instants;
use domain::*;

#[test]
fn the_explanation_says_what_the_cube_says_and_why() {
    let (mut changes, mut keeps, mut turns, mut takings) = (0, 0, 0, 0);
    on_schools(SCHOOLS, |chance, school| {
        let all = instants(&school);
        for _ in 0..6 {
            let at = all[chance.below(all.len() as u64) as usize];
            for moment in moments(at) {
                let cube = Cube::build(&school.roster, &school.record, moment);
                let cells = cells(&school);
                for (teacher, pupil, test) in cells.iter().copied().step_by(1 + cells.len() / 40) {
                    let why = explain(&school, teacher, pupil, test, moment);
                    let verdict = cube.may_see(teacher, pupil, test);
                    assert_eq!(why.verdict, verdict, "{why:?}");
                    assert_eq!(why.failed.is_none(), verdict);
                    let wins = why.bearing.iter().filter(|b| b.standing == Standing::Wins).count();
                    assert_eq!(wins, usize::from(why.winner.is_some()), "{why:?}");
                    takings += names_what_took_it_back(&school, &why, moment);
                    assert!(why.until.is_none_or(|until| until > moment.at), "{why:?}");
                    let Some(winner) = why.winner else {
                        assert_eq!(why.without_winner, verdict);
                        continue;
                    };
                    let mut without = school.record.clone();
                    without.decisions.remove(winner as usize);
                    let then = oracle::may_see(&school.roster, &without, teacher, pupil, test, moment);
                    assert_eq!(why.without_winner, then, "{why:?} {moment:?} {school:#?}");
                    if then == verdict {
                        keeps += 1
                    } else {
                        changes += 1
                    }
                    let Some(until) = why.until else { continue };
                    turns += 1;
                    let later = Moment::of_all_recorded(until);
                    assert_ne!(oracle::may_see(&school.roster, &school.record, teacher, pupil, test, later), verdict);
                    for at in all.iter().filter(|at| **at > moment.at && **at < until) {
                        let between = Moment::of_all_recorded(*at);
                        assert_eq!(
                            oracle::may_see(&school.roster, &school.record, teacher, pupil, test, between),
                            verdict
                        );
                    }
                }
            }
        }
    });
    assert!(changes > 500 && keeps > 500 && turns > 200 && takings > 200, "{changes} {keeps} {turns} {takings}");
}

/// Asserts that each decision said to be taken back is named by the change set said to have done
/// it, which is live; answers how many there are.
fn names_what_took_it_back(school: &School, why: &Explanation, moment: Moment) -> usize {
    let record = &school.record;
    let live = record.live_change_sets(moment.known);
    let taken = why.bearing.iter().filter_map(|bearing| match bearing.standing {
        Standing::TakenBack(by) => Some((&record.decisions[bearing.decision as usize], by.0 as usize)),
        _ => None,
    });
    let named = taken.map(|(decision, by)| {
        let names = |back: &TakingBack| {
            let position = back.positions.as_ref().is_none_or(|positions| positions.contains(&decision.position));
            position && back.target == decision.change_set
        };
        assert!(live[by] && record.change_sets[by].takes_back.as_ref().is_some_and(names), "{why:?}");
    });
    named.count()
}
