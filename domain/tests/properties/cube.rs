//! The cube answers as the plain rule does.

use crate::{SCHOOLS, cells, moments, on_schools, pupils, teachers, tests};
use domain::cube::Cube;
use domain::draft::unrecorded;
use domain::oracle;
use domain::testing::{Chance, DAYS, day, decision, instants};
use domain::*;
use std::collections::BTreeMap;

#[test]
fn the_cube_answers_as_the_plain_rule_does() {
    let mut reached: BTreeMap<&str, u32> = BTreeMap::new();
    on_schools(SCHOOLS, |_, school| {
        let all = instants(&school);
        // Every boundary, thinned where a school has very many cells.
        let step = 1 + school.roster.pupils.len() / 20;
        for at in all.iter().copied().step_by(step) {
            for moment in moments(at) {
                let cube = Cube::build(&school.roster, &school.record, moment);
                for (teacher, pupil, test) in cells(&school) {
                    let expected = oracle::may_see(&school.roster, &school.record, teacher, pupil, test, moment);
                    assert_eq!(
                        cube.may_see(teacher, pupil, test),
                        expected,
                        "{teacher:?} {pupil:?} {test:?} {moment:?} {school:#?}"
                    );
                    count(&mut reached, &school, teacher, pupil, test, moment, expected);
                }
                for pupil in pupils(&school) {
                    for test in tests(&school) {
                        let turned: Vec<TeacherIx> = cube.teachers_who_see(pupil, test).collect();
                        let straight: Vec<TeacherIx> =
                            teachers(&school).filter(|t| cube.may_see(*t, pupil, test)).collect();
                        assert_eq!(turned, straight);
                    }
                }
                for teacher in teachers(&school) {
                    let seen = cube.seen_by(teacher).collect::<Vec<_>>();
                    let by_cell = tests(&school)
                        .flat_map(|test| pupils(&school).map(move |pupil| (pupil, test)))
                        .filter(|(pupil, test)| cube.may_see(teacher, *pupil, *test));
                    assert_eq!(seen, by_cell.collect::<Vec<_>>());
                    let mut listed = Vec::new();
                    cube.list_seen_by(teacher, &mut listed);
                    assert_eq!(listed, seen);
                }
            }
        }
    });
    for what in [
        "yes",
        "no",
        "no teaching",
        "pupil elsewhere",
        "pupil decides",
        "group decides",
        "level decides",
        "school decides",
        "give beats withhold among groups",
        "several groups",
        "taken back",
        "clear silences",
        "selector all",
        "selector subject",
        "selector test",
        "exam left out of all",
        "not yet known",
        "replaced fact",
        "withheld below a give",
        "more than one word of pupils",
        "past window",
        "future window",
        "moved level",
    ] {
        assert!(reached.get(what).is_some_and(|n| *n >= 20), "{what}: {:?} in {reached:?}", reached.get(what));
    }
}

/// What a cell of a random school has reached.
fn count(
    reached: &mut BTreeMap<&str, u32>,
    school: &School,
    teacher: TeacherIx,
    pupil: PupilIx,
    test: TestIx,
    moment: Moment,
    verdict: bool,
) {
    let (roster, record) = (&school.roster, &school.record);
    let mut hit = |what| *reached.entry(what).or_default() += 1;
    hit(if verdict { "yes" } else { "no" });
    if !oracle::has_teaching(roster, teacher, moment) {
        hit("no teaching");
    }
    if !oracle::attends(roster, pupil, moment) {
        hit("pupil elsewhere");
    }
    if pupil.0 >= 64 && verdict {
        hit("more than one word of pupils");
    }
    let said = |scope| oracle::said(roster, record, teacher, scope, test, moment);
    let groups: Vec<GroupIx> =
        roster.memberships.iter().filter(|f| f.what.0 == pupil && f.holds(moment)).map(|f| f.what.1).collect();
    let by_groups: Vec<Effect> = groups.iter().filter_map(|g| said(Scope::Group(*g))).collect();
    if groups.len() > 1 {
        hit("several groups");
    }
    if by_groups.contains(&Effect::Give) && by_groups.contains(&Effect::Withhold) {
        hit("give beats withhold among groups");
    }
    let level = roster.levels.iter().find(|f| f.what.0 == pupil && f.holds(moment)).map(|f| f.what.1);
    let by_level = level.and_then(|level| said(Scope::Level(level)));
    if said(Scope::Pupil(pupil)).is_some() {
        hit("pupil decides");
        if said(Scope::Pupil(pupil)) == Some(Effect::Withhold) && by_groups.contains(&Effect::Give) {
            hit("withheld below a give");
        }
    } else if !by_groups.is_empty() {
        hit("group decides");
    } else if by_level.is_some() {
        hit("level decides");
    } else if said(Scope::School).is_some() {
        hit("school decides");
    }
    for decision in record.decisions.iter().filter(|d| d.teacher == teacher) {
        let known = record.recorded(decision) <= moment.known;
        let covers = decision.tests.covers(test, &roster.tests[test.0 as usize]);
        if !known {
            hit("not yet known");
            continue;
        }
        if oracle::is_taken_back(record, decision, moment) {
            hit("taken back");
        }
        if decision.effect == Effect::Clear && covers && decision.valid.contains(moment.at) && decision.position > 0 {
            hit("clear silences");
        }
        if decision.valid.until.is_some_and(|until| until <= moment.at) {
            hit("past window");
        }
        if decision.valid.from > moment.at {
            hit("future window");
        }
        match decision.tests {
            Selector::All if !covers => hit("exam left out of all"),
            Selector::All => hit("selector all"),
            Selector::Subject(_) => hit("selector subject"),
            Selector::Test(_) => hit("selector test"),
        }
    }
    if roster.memberships.iter().any(|f| f.what.0 == pupil && f.valid.contains(moment.at) && !f.is_known(moment.known))
    {
        hit("replaced fact");
    }
    if roster.levels.iter().filter(|f| f.what.0 == pupil).count() > 1 {
        hit("moved level");
    }
}

#[test]
fn a_school_of_more_teachers_than_a_word_has_bits_answers_the_same() {
    let mut chance = Chance::new(7);
    let school = domain::testing::large_school(&mut chance, 130, 70, 600);
    let moment = Moment::of_all_recorded(day(10));
    let cube = Cube::build(&school.roster, &school.record, moment);
    let mut seen = 0;
    for pupil in pupils(&school).step_by(3) {
        for test in tests(&school).step_by(5) {
            let plain =
                |teacher: &TeacherIx| oracle::may_see(&school.roster, &school.record, *teacher, pupil, test, moment);
            let expected: Vec<TeacherIx> = teachers(&school).filter(plain).collect();
            assert_eq!(cube.teachers_who_see(pupil, test).collect::<Vec<_>>(), expected);
            let straight: Vec<TeacherIx> = teachers(&school).filter(|t| cube.may_see(*t, pupil, test)).collect();
            assert_eq!(straight, expected);
            seen += expected.iter().filter(|teacher| teacher.0 >= 64).count();
        }
    }
    assert!(seen > 10, "{seen}");
    // What is out of range is no, whatever its neighbour is.
    let (beyond, last) = (TestIx(school.roster.tests.len() as u8), PupilIx(school.roster.pupils.len() as u16 + 62));
    for teacher in teachers(&school) {
        assert!(pupils(&school).all(|pupil| !cube.may_see(teacher, pupil, beyond)));
        assert!(tests(&school).all(|test| !cube.may_see(teacher, last, test)));
    }
    assert!(pupils(&school).all(|pupil| cube.teachers_who_see(pupil, beyond).next().is_none()));
    assert!(tests(&school).all(|test| cube.teachers_who_see(last, test).next().is_none()));
}

#[test]
fn one_more_decision_changes_the_cube_as_building_anew_does() {
    on_schools(SCHOOLS, |chance, school| {
        let moment = Moment::of_all_recorded(day(chance.below(DAYS)));
        let mut cube = Cube::build(&school.roster, &school.record, moment);
        let mut record = school.record.clone();
        for _ in 0..4 {
            let next = decision(chance, &school.roster, record.next_change_set(), 0);
            record = record.with(unrecorded(&record, day(0), None), [next]);
            cube.decide(&school.roster, next);
            let anew = Cube::build(&school.roster, &record, moment);
            for (teacher, pupil, test) in cells(&school) {
                assert_eq!(cube.may_see(teacher, pupil, test), anew.may_see(teacher, pupil, test));
                assert_eq!(
                    cube.teachers_who_see(pupil, test).collect::<Vec<_>>(),
                    anew.teachers_who_see(pupil, test).collect::<Vec<_>>()
                );
            }
        }
    });
}
