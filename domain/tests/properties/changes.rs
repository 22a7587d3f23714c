//! What a change is said to do is what it does, and taking it back undoes it.

use crate::{SCHOOLS, cells, on_schools, pupils, teachers, tests};
use domain::cube::Cube;
use domain::diff::{self, Change, Diff};
use domain::draft::{touch, unrecorded};
use domain::oracle;
use domain::school::TakingBack;
use domain::testing::{Chance, DAYS, add_change_set, day, decision, instants};
use domain::*;

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
