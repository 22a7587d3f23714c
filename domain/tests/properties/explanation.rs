//! The explanation of a cell says what the cube says, and why.

use crate::{SCHOOLS, cells, moments, on_schools};
use domain::cube::Cube;
use domain::explain::{Standing, explain};
use domain::oracle;
use domain::testing::instants;
use domain::*;

#[test]
fn the_explanation_says_what_the_cube_says_and_why() {
    let (mut changes, mut keeps, mut turns) = (0, 0, 0);
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
    assert!(changes > 500 && keeps > 500 && turns > 200, "{changes} {keeps} {turns}");
}
