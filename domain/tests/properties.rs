//! The rule, held against its plainest words on random schools.
//!
//! Every run draws from a fixed seed and from a fresh one, which is printed: run again with
//! `ADGANG_SEED=…` to see a failure twice. What the schools reach is counted and asserted, so that
//! a property cannot hold because nothing happened.
#![expect(clippy::indexing_slicing, reason = "a test may fail loudly")]

use domain::cube::Cube;
use domain::diff::{self, Change, Diff};
use domain::draft::{touch, unrecorded};
use domain::explain::explain;
use domain::oracle;
use domain::school::TakingBack;
use domain::testing::{Chance, DAYS, add_change_set, day, decision, instants, school};
use domain::*;
use std::collections::BTreeMap;
use std::hash::{BuildHasher, Hasher};
use std::sync::Arc;

const SCHOOLS: u64 = 300;

/// A fixed seed, and a fresh one that is printed.
fn seeds() -> [u64; 2] {
    let fresh = std::env::var("ADGANG_SEED").ok().and_then(|seed| seed.parse().ok());
    let fresh = fresh.unwrap_or_else(|| std::hash::RandomState::new().build_hasher().finish());
    println!("fresh seed: ADGANG_SEED={fresh}");
    [20_260_801, fresh]
}

/// Runs a property on random schools from both seeds.
fn on_schools(count: u64, mut property: impl FnMut(&mut Chance, School)) {
    for seed in seeds() {
        let mut chance = Chance::new(seed);
        for _ in 0..count {
            let school = school(&mut chance);
            property(&mut chance, school);
        }
    }
}

fn teachers(school: &School) -> impl Iterator<Item = TeacherIx> + use<> {
    (0..school.roster.teachers.len() as u16).map(TeacherIx)
}

fn pupils(school: &School) -> impl Iterator<Item = PupilIx> + use<> {
    (0..school.roster.pupils.len() as u16).map(PupilIx)
}

fn tests(school: &School) -> impl Iterator<Item = TestIx> + use<> {
    (0..school.roster.tests.len() as u8).map(TestIx)
}

fn cells(school: &School) -> Vec<(TeacherIx, PupilIx, TestIx)> {
    let (teachers, pupils, tests) =
        (teachers(school), pupils(school).collect::<Vec<_>>(), tests(school).collect::<Vec<_>>());
    let mut all = Vec::new();
    for teacher in teachers {
        for pupil in &pupils {
            all.extend(tests.iter().map(|test| (teacher, *pupil, *test)));
        }
    }
    all
}

/// The same instant asked with all that is recorded, and as it would have been answered then.
fn moments(at: Instant) -> [Moment; 2] {
    [Moment::of_all_recorded(at), Moment { at, known: at }]
}

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

/// The difference of two records, cell by cell and instant by instant, with the plain rule.
fn slow_diff(school: &School, after: &Record, now: Instant) -> Diff {
    let with_after = School { record: after.clone(), ..school.clone() };
    let mut all: Vec<Instant> =
        instants(school).into_iter().chain(instants(&with_after)).filter(|at| *at >= now).collect();
    all.push(now);
    all.sort_unstable();
    all.dedup();
    let (mut gains, mut losses, mut unseen) = (Vec::new(), Vec::new(), Vec::new());
    let see = |record: &Record, (teacher, pupil, test), at| {
        oracle::may_see(&school.roster, record, teacher, pupil, test, Moment::of_all_recorded(at))
    };
    for cell in cells(school) {
        for (gain, list) in [(true, &mut gains), (false, &mut losses)] {
            let differs = |at: &Instant| {
                let (before, after) = (see(&school.record, cell, *at), see(after, cell, *at));
                before != after && after == gain
            };
            let mut open: Option<Instant> = None;
            for at in &all {
                match (open, differs(at)) {
                    (None, true) => open = Some(*at),
                    (Some(from), false) => {
                        list.push(Change { teacher: cell.0, pupil: cell.1, test: cell.2, from, until: Some(*at) });
                        open = None;
                    }
                    _ => {}
                }
            }
            if let Some(from) = open {
                list.push(Change { teacher: cell.0, pupil: cell.1, test: cell.2, from, until: None });
            }
        }
    }
    for pupil in pupils(school) {
        for test in tests(school) {
            let nobody = |at: &&Instant| {
                let sees = |record: &Record| teachers(school).any(|teacher| see(record, (teacher, pupil, test), **at));
                sees(&school.record) && !sees(after)
            };
            if let Some(from) = all.iter().find(nobody) {
                unseen.push(diff::Unseen { pupil, test, from: *from });
            }
        }
    }
    gains.sort_unstable();
    losses.sort_unstable();
    unseen.sort_unstable();
    Diff { gains, losses, unseen }
}

#[test]
fn the_preview_is_what_applying_changes() {
    let (mut gains, mut losses, mut unseen, mut ends) = (0, 0, 0, 0);
    on_schools(SCHOOLS, |chance, school| {
        if school.roster.pupils.len() > 20 {
            return;
        }
        let now = day(chance.below(DAYS)).plus_seconds(1_000);
        let after = add_change_set(chance, &school.roster, &school.record, now);
        let fast = diff::between(&school.roster, &school.record, &after, now);
        assert_eq!(fast, slow_diff(&school, &after, now), "{school:#?} {after:#?}");
        gains += fast.gains.len();
        losses += fast.losses.len();
        unseen += fast.unseen.len();
        ends += fast.gains.iter().filter(|change| change.until.is_some()).count();
    });
    assert!(gains > 200 && losses > 50 && unseen > 20 && ends > 50, "{gains} {losses} {unseen} {ends}");
}

/// Asserts that two records answer alike in every cell at every instant from `now` on.
fn same_from(school: &School, a: &Record, b: &Record, now: Instant) {
    let with = |record: &Record| School { record: record.clone(), ..school.clone() };
    let (a, b) = (with(a), with(b));
    let mut all: Vec<Instant> = instants(&a).into_iter().chain(instants(&b)).filter(|at| *at >= now).collect();
    all.push(now);
    for at in all {
        let moment = Moment::of_all_recorded(at);
        let (a, b) = (Cube::build(&a.roster, &a.record, moment), Cube::build(&b.roster, &b.record, moment));
        for (teacher, pupil, test) in cells(school) {
            assert_eq!(
                a.may_see(teacher, pupil, test),
                b.may_see(teacher, pupil, test),
                "{teacher:?} {pupil:?} {test:?} {at:?}"
            );
        }
    }
}

fn take_back(record: &Record, target: ChangeSetIx, positions: Option<Vec<u16>>, now: Instant) -> Record {
    record.with(unrecorded(record, now, Some(TakingBack { target, positions })), [])
}

#[test]
fn taking_back_leaves_everything_as_if_it_had_not_been() {
    on_schools(SCHOOLS / 2, |chance, school| {
        let (applied, between, back) = (day(3), day(4), day(5));
        let before = &school.record;
        let target = before.next_change_set();
        let mine: Vec<Decision> = (0..3).map(|position| decision(chance, &school.roster, target, position)).collect();
        let with_mine = before.with(unrecorded(before, applied, None), mine.clone());
        // What others record between, once after mine and once without it.
        let later = |record: &Record, chance: &mut Chance| {
            let set = record.next_change_set();
            let theirs: Vec<Decision> =
                (0..3).map(|position| decision(chance, &school.roster, set, position)).collect();
            record.with(unrecorded(record, between, None), theirs)
        };
        let mut same = chance.clone();
        let with_both = later(&with_mine, chance);
        let only_theirs = later(before, &mut same);
        let taken_back = take_back(&with_both, target, None, back);
        same_from(&school, &taken_back, &only_theirs, back);
        // Position by position is the same as the whole.
        let bit_by_bit = take_back(&take_back(&with_both, target, Some(vec![0, 2]), back), target, Some(vec![1]), back);
        same_from(&school, &bit_by_bit, &only_theirs, back);
        // And a taking-back can be taken back.
        let again = take_back(&taken_back, taken_back.next_change_set().previous().unwrap(), None, back);
        same_from(&school, &again, &with_both, back);
        // What was answered in between stays what it was.
        for (teacher, pupil, test) in cells(&school) {
            let moment = Moment::asked(between, back);
            let then = oracle::may_see(&school.roster, &with_both, teacher, pupil, test, moment);
            assert_eq!(oracle::may_see(&school.roster, &taken_back, teacher, pupil, test, moment), then);
        }
    });
}

#[test]
fn drafts_that_do_not_touch_commute() {
    let (mut apart, mut touching, mut differ) = (0, 0, 0);
    on_schools(SCHOOLS, |chance, school| {
        let set = school.record.next_change_set();
        let ours: Vec<Decision> = (0..2).map(|position| decision(chance, &school.roster, set, position)).collect();
        let theirs: Vec<Decision> = (0..2).map(|position| decision(chance, &school.roster, set, position)).collect();
        let apply = |record: &Record, decisions: &[Decision]| {
            let change_set = record.next_change_set();
            record.with(unrecorded(record, day(1), None), decisions.iter().map(|d| Decision { change_set, ..*d }))
        };
        let one_way = apply(&apply(&school.record, &ours), &theirs);
        let other_way = apply(&apply(&school.record, &theirs), &ours);
        if ours.iter().any(|a| theirs.iter().any(|b| touch(&school.roster, a, b))) {
            touching += 1;
            let answers = |record: &Record, at| {
                let cube = Cube::build(&school.roster, record, Moment::of_all_recorded(day(at)));
                cells(&school).iter().map(|(t, p, x)| cube.may_see(*t, *p, *x)).collect::<Vec<_>>()
            };
            differ += u32::from((0..DAYS).any(|at| answers(&one_way, at) != answers(&other_way, at)));
        } else {
            apart += 1;
            same_from(&school, &one_way, &other_way, day(0));
        }
    });
    assert!(apart > 100 && touching > 20 && differ > 2, "{apart} apart, {touching} touching, {differ} that differ");
}

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
                    let wins = why.bearing.iter().filter(|b| b.standing == domain::explain::Standing::Wins).count();
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

#[test]
fn a_click_gives_the_wished_answer_to_all_who_follow_the_row() {
    let mut effects: BTreeMap<String, u32> = BTreeMap::new();
    on_schools(SCHOOLS, |chance, school| {
        let now = day(chance.below(DAYS));
        let moment = Moment::of_all_recorded(now);
        let school = Arc::new(school);
        let scene = domain::view::Scene::of(Arc::clone(&school), domain::text::Alphabet::Danish, now);
        let scopes = (0..school.roster.groups.len() as u16).map(|g| Scope::Group(GroupIx(g)));
        let scopes = scopes.chain(pupils(&school).map(Scope::Pupil)).chain([Scope::School]);
        let scopes: Vec<Scope> = scopes.chain((2..5).filter_map(Level::from_rank).map(Scope::Level)).collect();
        for teacher in teachers(&school) {
            for scope in scopes.iter().copied() {
                let test = TestIx(0);
                let cell = scene.cell(teacher, scope, test);
                let members = scene.drafted().crowd().members(scope);
                let yes = members
                    .iter()
                    .filter(|p| oracle::may_see(&school.roster, &school.record, teacher, **p, test, moment))
                    .count();
                let expected = match (yes, members.len()) {
                    (0, _) => domain::view::Answer::No,
                    (yes, of) if yes == of => domain::view::Answer::Yes,
                    (yes, of) => domain::view::Answer::Partly { yes: yes as u16, of: of as u16 },
                };
                assert_eq!(cell.answer, expected);
                let said_here = oracle::said(&school.roster, &school.record, teacher, scope, test, moment);
                assert_eq!(cell.here, said_here);
                if let Scope::Pupil(pupil) = scope {
                    let decided = oracle::decided(&school.roster, &school.record, teacher, pupil, test, moment);
                    assert_eq!(cell.withheld, yes == 0 && decided == Some(Effect::Withhold), "{cell:?}");
                }
                let click = scene.click(teacher, scope, test);
                assert_eq!(click.wished, cell.answer != domain::view::Answer::Yes);
                let record = &school.record;
                let said = Decision {
                    change_set: record.next_change_set(),
                    position: 0,
                    teacher,
                    scope,
                    tests: Selector::Test(test),
                    effect: click.effect,
                    valid: Window::since(now),
                };
                let after = record.with(unrecorded(record, now, None), [said]);
                let teaches = oracle::has_teaching(&school.roster, teacher, moment);
                let mut unreached = 0;
                for pupil in &members {
                    let sees = oracle::may_see(&school.roster, &after, teacher, *pupil, test, moment);
                    let own = oracle::said(&school.roster, &school.record, teacher, Scope::Pupil(*pupil), test, moment);
                    let keeps = scope != Scope::Pupil(*pupil) && own.is_some();
                    assert_eq!(click.kept.contains(pupil), keeps && sees != click.wished, "{click:?}");
                    if !keeps && sees != click.wished {
                        unreached += 1;
                    }
                }
                // Only a narrower word or another group's give may keep a follower from the answer.
                if matches!(scope, Scope::Pupil(_)) && teaches {
                    assert_eq!(unreached, 0, "{click:?}");
                }
                if unreached > 0 && matches!(scope, Scope::Group(_)) && teaches {
                    assert!(!click.wished && !click.still_through.is_empty(), "{click:?} {school:#?}");
                }
                *effects.entry(format!("{:?} wished {}", click.effect, click.wished)).or_default() += 1;
                if !click.still_through.is_empty() {
                    *effects.entry("still through".into()).or_default() += 1;
                }
                if !click.kept.is_empty() {
                    *effects.entry("kept".into()).or_default() += 1;
                }
            }
        }
    });
    for what in [
        "Clear wished false",
        "Clear wished true",
        "Give wished true",
        "Withhold wished false",
        "still through",
        "kept",
    ] {
        assert!(effects.get(what).is_some_and(|n| *n > 5), "{what}: {effects:?}");
    }
}

#[test]
fn the_digest_names_the_effect_and_not_the_order_of_lists() {
    let mut distinct = std::collections::BTreeSet::new();
    on_schools(60, |chance, school| {
        let now = day(2).plus_seconds(60);
        let after = add_change_set(chance, &school.roster, &school.record, now);
        let diff = diff::between(&school.roster, &school.record, &after, now);
        let digest = diff.digest(&school.roster, now);
        assert_eq!(digest.len(), 64);
        // A minute later, nothing having happened, it is the same review.
        let later = now.plus_seconds(60);
        let diff_later = diff::between(&school.roster, &school.record, &after, later);
        if instants(&school)
            .into_iter()
            .chain(instants(&School { record: after, ..school.clone() }))
            .all(|at| at <= now || at > later)
        {
            assert_eq!(diff_later.digest(&school.roster, later), digest);
        }
        // Another effect is another name.
        if let Some(first) = diff.gains.first().copied() {
            let mut other = diff.clone();
            other.gains[0].until = Some(Instant(first.from.0 + 12_345));
            assert_ne!(other.digest(&school.roster, now), digest);
            let mut moved = diff.clone();
            let gain = moved.gains.remove(0);
            moved.losses.push(gain);
            assert_ne!(moved.digest(&school.roster, now), digest);
        }
        distinct.insert(digest);
    });
    assert!(distinct.len() > 30, "{}", distinct.len());
}
