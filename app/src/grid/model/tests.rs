//! The grid of a school, turned, edited and merged.

use super::*;
use crate::grid::drafting::single;
use crate::grid::fixture::{AYA, BO, CLASS_4A, CLASS_4B, MATH_4, METTE, READING_4, SECTION, ZOE, load, scene};
use crate::grid::look::Glyph;
use domain::draft::TestsId;
use domain::exchange::{Conflict, Review};
use domain::school::{ChangeSet, ChangeSetIx, Decision, Selector};
use domain::{Effect, Window};

fn grid() -> Grid {
    Grid::of(load(Vec::new()), Alphabet::Danish, Locale::da).0
}

fn row(grid: &Grid, row: Row) -> usize {
    grid.rows.iter().position(|other| *other == row).unwrap()
}

fn target(test: domain::TestIx) -> Target {
    Target { teacher: BO, scope: Scope::Group(CLASS_4A), test }
}

#[test]
fn every_side_speaks_of_the_same_cells() {
    let mut grid = grid();
    grid.turn(Turned::Teacher(BO));
    grid.toggle(target(MATH_4)).unwrap();
    for (turned, at) in [
        (Turned::Teacher(BO), Row::Group(CLASS_4A)),
        (Turned::Scope(Scope::Group(CLASS_4A)), Row::Teacher(BO)),
        (Turned::Test(MATH_4), Row::Teacher(BO)),
    ] {
        grid.turn(turned);
        let row = row(&grid, at);
        let yes: Vec<Target> = (0..grid.columns.len())
            .filter(|column| grid.look(Place::new(row, *column)).is_some_and(|look| look.glyph == Glyph::YesHere))
            .filter_map(|column| grid.target(Place::new(row, column)))
            .collect();
        assert_eq!(yes, [target(MATH_4)], "{turned:?}");
    }
    grid.turn(Turned::Pupil(AYA));
    let row = row(&grid, Row::Teacher(BO));
    let looks: Vec<Look> = (0..grid.columns.len()).filter_map(|column| grid.look(Place::new(row, column))).collect();
    assert_eq!(looks.iter().filter(|look| look.glyph == Glyph::YesVia).count(), 1);
}

#[test]
fn every_side_can_be_edited_and_undone() {
    let mut grid = grid();
    for turned in [Turned::Teacher(BO), Turned::Scope(Scope::School), Turned::Pupil(AYA), Turned::Test(MATH_4)] {
        grid.turn(turned);
        let place = Place::new(0, 0);
        let at = grid.target(place).unwrap();
        grid.toggle(at).unwrap();
        assert_eq!(grid.look(place).unwrap().checked(), "true", "{turned:?}");
        assert!(grid.undo());
        assert_eq!(grid.look(place).unwrap().checked(), "false", "{turned:?}");
        assert!(grid.redo() && grid.undo());
    }
    assert_eq!(grid.summary(), Summary::default());
}

#[test]
fn the_bar_counts_cells_and_teachers() {
    let mut grid = grid();
    grid.toggle(target(MATH_4)).unwrap();
    grid.toggle(Target { teacher: METTE, ..target(MATH_4) }).unwrap();
    let summary = grid.summary();
    assert_eq!((summary.edits, summary.cells), (2, 4));
    assert_eq!((summary.gaining.len(), summary.losing.len()), (2, 0));
    assert!(summary.can_undo);
}

#[test]
fn a_row_toggles_as_one() {
    let mut grid = grid();
    grid.turn(Turned::Teacher(BO));
    let at = row(&grid, Row::Group(CLASS_4A));
    let line = grid.line((0..grid.columns.len()).map(|column| Place::new(at, column)));
    assert_eq!(line.len(), 3);
    grid.toggle_all(&line).unwrap();
    assert!(line.iter().all(|target| grid.look_at(*target).glyph == Glyph::YesHere));
    grid.toggle_all(&line).unwrap();
    assert_eq!(grid.edits(), []);
}

#[test]
fn a_kept_draft_is_laid_again_without_what_cannot_be() {
    let scene = scene();
    let mut good = single(&scene, BO, Scope::Group(CLASS_4A), MATH_4, Effect::Give).unwrap();
    let mut passed = good.clone();
    passed.from = "2020-01-01".parse().ok();
    let (grid, left_out) = Grid::of(load(vec![passed, good.clone()]), Alphabet::Danish, Locale::da);
    assert_eq!((left_out, grid.edits()), (1, [good.clone()].as_slice()));
    good.tests = domain::draft::TestsId::Test("GONE".into());
    let (grid, left_out) = Grid::of(load(vec![good]), Alphabet::Danish, Locale::da);
    assert_eq!((left_out, grid.edits().len()), (1, 0));
}

#[test]
fn a_newer_school_keeps_draft_and_place() {
    let mut grid = grid();
    grid.turn(Turned::Teacher(METTE));
    grid.fold(CLASS_4A, true);
    grid.cursor.at = Place::new(3, 1);
    grid.toggle(target(MATH_4)).unwrap();
    let mut newer = load(Vec::new());
    newer.school.revision = 8;
    let merged = grid.merge(newer, Alphabet::Danish);
    assert_eq!((merged, grid.edits().len()), (Merged { news: 0, left_out: 0, elsewhere: None }, 1));
    assert_eq!((grid.turned, grid.cursor.at), (Turned::Teacher(METTE), Place::new(3, 1)));
    assert!(grid.rows.contains(&Row::Pupil(CLASS_4A, AYA)));
    assert!(grid.is_behind());
    assert_eq!(grid.kept_draft().based_on, 7);
}

#[test]
fn closing_a_class_takes_the_cursor_to_it() {
    let mut grid = grid();
    grid.turn(Turned::Teacher(BO));
    grid.fold(CLASS_4A, true);
    grid.cursor.at = Place::new(row(&grid, Row::Pupil(CLASS_4A, AYA)), 0);
    grid.fold(CLASS_4A, false);
    assert_eq!(grid.rows.get(grid.cursor.at.row), Some(&Row::Group(CLASS_4A)));
}

#[test]
fn who_sees_and_what_they_may_stands_at_once_and_follows_the_draft() {
    let mut grid = grid();
    for (turned, may) in [
        (Turned::Teacher(BO), Some((true, true))),
        (Turned::Teacher(METTE), Some((true, false))),
        (Turned::Pupil(AYA), None),
    ] {
        grid.turn(turned);
        assert_eq!(grid.may().map(|may| (may.booking, may.running)), may, "{turned:?}");
    }
    for (turned, after) in [
        (Turned::Teacher(BO), 0),
        (Turned::Scope(Scope::School), 1),
        (Turned::Scope(Scope::Group(CLASS_4A)), 1),
        (Turned::Scope(Scope::Group(CLASS_4B)), 0),
        (Turned::Pupil(AYA), 1),
        (Turned::Pupil(ZOE), 0),
        (Turned::Test(MATH_4), 1),
        (Turned::Test(READING_4), 0),
    ] {
        grid.turn(turned);
        assert_eq!(grid.seeing(), 0, "{turned:?}");
        grid.toggle(target(MATH_4)).unwrap();
        assert_eq!(grid.seeing(), after, "{turned:?}");
        assert!(grid.undo());
    }
}

/// The school after a colleague decided about Bo's pupils in one more change set for each of these.
fn decided_later(words: &[(Scope, Selector, Effect)]) -> GridLoad {
    let mut newer = load(Vec::new());
    newer.school.revision += i64::try_from(words.len()).unwrap();
    for (number, (scope, tests, effect)) in (1_u32..).zip(words) {
        newer.school.record.change_sets.push(ChangeSet {
            number,
            recorded: newer.now,
            author: domain::PersonId(uuid::Uuid::from_u128(99)),
            author_name: "Anna Holm".into(),
            reason: String::new(),
            takes_back: None,
        });
        newer.school.record.decisions.push(Decision {
            change_set: ChangeSetIx(number - 1),
            position: 0,
            teacher: BO,
            scope: *scope,
            tests: *tests,
            effect: *effect,
            valid: Window { from: newer.now, until: None },
        });
    }
    newer
}

/// What the server answers when the draft is reviewed on the grid's school.
fn reviewed(grid: &Grid) -> Review {
    let since = ChangeSetIx(u32::try_from(grid.kept_draft().based_on - 7).unwrap());
    let decisions = &grid.scene.school().record.decisions;
    let met = grid.scene.conflicts(since).into_iter().map(|(edit, theirs)| Conflict {
        edit,
        change_set: decisions[theirs].change_set.0 + 1,
        position: decisions[theirs].position,
    });
    Review {
        revision: grid.scene.school().revision,
        digest: String::new(),
        diff: grid.scene.diff(),
        conflicts: met.collect(),
        own_right: false,
        now: grid.scene.now(),
    }
}

/// Bo is drafted two classes' mathematics, and a colleague withholds both meanwhile.
fn two_conflicts() -> (Grid, Review) {
    let mut grid = grid();
    let (one, other) = (target(MATH_4), Target { scope: Scope::Group(CLASS_4B), ..target(MATH_4) });
    grid.toggle(one).unwrap();
    grid.toggle(other).unwrap();
    let words = [one, other].map(|cell| (cell.scope, Selector::Test(MATH_4), Effect::Withhold));
    grid.merge(decided_later(&words), Alphabet::Danish);
    let review = reviewed(&grid);
    grid.set_conflicts(&review);
    assert_eq!((grid.summary().conflicts, review.conflicts.len()), (2, 2));
    (grid, review)
}

fn open(grid: &Grid, review: &Review) -> usize {
    review.conflicts.iter().filter(|c| !grid.is_settled(&grid.edits()[c.edit as usize], c)).count()
}

#[test]
fn keeping_mine_settles_the_conflict_that_was_asked_about_and_no_other() {
    let (mut grid, review) = two_conflicts();
    let edits = grid.edits().to_vec();
    grid.settle_conflict(&edits[0], &review.conflicts[0], true).unwrap();
    assert_eq!((open(&grid, &review), grid.summary().conflicts), (1, 1));
    assert_eq!(grid.kept_draft().based_on, 7, "the server still tells of the other");
    assert_eq!(grid.edits(), edits);
    // The same review, asked for again, does not open what was settled.
    grid.set_conflicts(&reviewed(&grid));
    assert_eq!((open(&grid, &review), grid.summary().conflicts), (1, 1));

    grid.settle_conflict(&edits[1], &review.conflicts[1], true).unwrap();
    assert_eq!((grid.summary().conflicts, grid.kept_draft().based_on), (0, 9));
    assert_eq!(reviewed(&grid).conflicts, []);
}

#[test]
fn what_is_decided_after_the_last_conflict_was_settled_is_one_again() {
    let (mut grid, review) = two_conflicts();
    let edits = grid.edits().to_vec();
    // The school goes on before the person has answered.
    let both = [CLASS_4A, CLASS_4B, CLASS_4A].map(|c| (Scope::Group(c), Selector::Test(MATH_4), Effect::Withhold));
    grid.merge(decided_later(&both), Alphabet::Danish);
    for (edit, conflict) in edits.iter().zip(&review.conflicts) {
        grid.settle_conflict(edit, conflict, true).unwrap();
    }
    assert_eq!(grid.kept_draft().based_on, 9, "not the revision that nobody was asked about");
    assert_eq!(reviewed(&grid).conflicts, [Conflict { edit: 0, change_set: 3, position: 0 }]);
}

#[test]
fn keeping_theirs_drops_my_word_and_leaves_the_other_conflict() {
    let (mut grid, review) = two_conflicts();
    let edits = grid.edits().to_vec();
    grid.settle_conflict(&edits[0], &review.conflicts[0], false).unwrap();
    assert_eq!(grid.edits(), edits[1..].to_vec());
    assert_eq!((grid.summary().conflicts, grid.kept_draft().based_on), (1, 7));
    assert_eq!(open(&grid, &reviewed(&grid)), 1);
}

#[test]
fn a_cell_of_two_is_settled_in_the_grid_too() {
    let (mut grid, review) = two_conflicts();
    grid.settle(target(MATH_4), true).unwrap();
    assert_eq!((open(&grid, &review), grid.summary().conflicts, grid.kept_draft().based_on), (1, 1, 7));
    grid.settle(Target { scope: Scope::Group(CLASS_4B), ..target(MATH_4) }, false).unwrap();
    assert_eq!((grid.summary().conflicts, grid.edits().len(), grid.kept_draft().based_on), (0, 1, 9));
}

#[test]
fn keeping_theirs_splits_what_was_said_of_everything() {
    for in_review in [true, false] {
        let mut grid = grid();
        grid.turn(Turned::Teacher(BO));
        grid.toggle_everything().unwrap();
        assert_eq!(grid.edits().iter().map(|edit| &edit.tests).collect::<Vec<_>>(), [&TestsId::All]);
        let theirs = [(Scope::School, Selector::Test(MATH_4), Effect::Withhold)];
        grid.merge(decided_later(&theirs), Alphabet::Danish);
        let review = reviewed(&grid);
        grid.set_conflicts(&review);
        let cell = Target { scope: Scope::School, ..target(MATH_4) };
        assert!(grid.conflict_at(cell).is_some());
        if in_review {
            let edit = grid.edits()[0].clone();
            grid.settle_conflict(&edit, &review.conflicts[0], false).unwrap();
        } else {
            grid.settle(cell, false).unwrap();
        }
        assert_eq!(grid.scene.cell(BO, Scope::School, MATH_4).answer, Answer::No);
        assert_eq!(grid.scene.cell(BO, Scope::School, READING_4).answer, Answer::Yes, "the rest stays");
        assert_eq!((grid.edits().len(), grid.summary().conflicts), (2, 0));
    }
}

#[test]
fn keeping_theirs_splits_what_was_copied_and_keeps_the_other_teachers() {
    let mut grid = grid();
    // The colleague has both of a subject's tests; Mette and Bo stand in one edit besides.
    let mut both = single(&grid.scene, BO, Scope::Group(CLASS_4A), MATH_4, Effect::Give).unwrap();
    both.tests = TestsId::Subject("matematik".into());
    both.teachers.extend(single(&grid.scene, METTE, Scope::School, MATH_4, Effect::Give).unwrap().teachers);
    grid.replace(vec![both]).unwrap();
    let theirs = [(Scope::Group(CLASS_4A), Selector::Test(MATH_4), Effect::Clear)];
    grid.merge(decided_later(&theirs), Alphabet::Danish);
    grid.set_conflicts(&reviewed(&grid));
    grid.settle(target(MATH_4), false).unwrap();
    assert_eq!(grid.scene.cell(BO, Scope::Group(CLASS_4A), MATH_4).answer, Answer::No);
    assert_eq!(grid.scene.cell(METTE, Scope::Group(CLASS_4A), MATH_4).answer, Answer::Yes);
    let rest = grid.edits().iter().map(|edit| (edit.teachers.len(), edit.tests.clone())).collect::<Vec<_>>();
    assert_eq!(rest, [(1, TestsId::Subject("matematik".into())), (1, TestsId::Test("MAT-2".into()))]);
    assert_eq!(grid.summary().conflicts, 0);
}

/// What the server answers with: the same school, and the draft as kept at this second.
fn kept_at(second: i64, edits: Vec<Edit>) -> GridLoad {
    let mut load = load(edits);
    load.draft.kept = (second > 0).then(|| load.now.plus_seconds(second));
    load
}

fn give(teacher: TeacherIx, group: domain::GroupIx) -> Edit {
    single(&scene(), teacher, Scope::Group(group), MATH_4, Effect::Give).unwrap()
}

fn opened(load: GridLoad) -> Grid {
    Grid::of(load, Alphabet::Danish, Locale::da).0
}

#[test]
fn what_another_tab_did_stays_under_the_own_edits_made_since() {
    let (first, second, own) = (give(BO, CLASS_4A), give(METTE, CLASS_4A), give(BO, CLASS_4B));
    let mut grid = opened(kept_at(1, vec![first.clone()]));
    assert!(!grid.is_unsent());
    grid.toggle(Target { scope: Scope::Group(CLASS_4B), ..target(MATH_4) }).unwrap();
    assert!(grid.is_unsent());
    let merged = grid.merge(kept_at(2, vec![first.clone(), second.clone()]), Alphabet::Danish);
    assert_eq!((merged.elsewhere, merged.left_out), (Some(Elsewhere::Changed), 0));
    assert_eq!(grid.edits(), [first, second, own]);
    assert!(grid.is_unsent() && grid.kept_draft().kept == kept_at(2, Vec::new()).draft.kept);
    assert!(!grid.undo(), "a step back would bring back what is no more");
    // Once it is sent, nothing is left to be sent, and the same draft is no news.
    let sent = KeptDraft { kept: kept_at(3, Vec::new()).draft.kept, ..grid.kept_draft() };
    grid.set_kept(sent.clone());
    assert!(!grid.is_unsent());
    let merged = grid.merge(kept_at(3, sent.edits), Alphabet::Danish);
    assert_eq!((merged.elsewhere, grid.edits().len(), grid.is_unsent()), (None, 3, false));
}

#[test]
fn what_was_taken_out_here_or_there_stays_out() {
    let (first, second) = (give(BO, CLASS_4A), give(METTE, CLASS_4A));
    let mut grid = opened(kept_at(1, vec![first.clone(), second.clone()]));
    grid.toggle(target(MATH_4)).unwrap();
    assert_eq!(grid.edits(), std::slice::from_ref(&second));
    let third = give(METTE, CLASS_4B);
    grid.merge(kept_at(2, vec![first, third.clone()]), Alphabet::Danish);
    assert_eq!(grid.edits(), [third]);
}

#[test]
fn the_last_word_about_the_same_is_the_own_one() {
    let mut grid = opened(kept_at(0, Vec::new()));
    grid.say(&[target(MATH_4)], Effect::Withhold, Dates::default()).unwrap();
    grid.merge(kept_at(1, vec![give(BO, CLASS_4A)]), Alphabet::Danish);
    assert_eq!(grid.edits().iter().map(|edit| edit.effect).collect::<Vec<_>>(), [Effect::Withhold]);
}

#[test]
fn what_was_applied_elsewhere_is_not_brought_back() {
    let mut grid = opened(kept_at(1, vec![give(BO, CLASS_4A)]));
    grid.toggle(Target { scope: Scope::Group(CLASS_4B), ..target(MATH_4) }).unwrap();
    let merged = grid.merge(kept_at(0, Vec::new()), Alphabet::Danish);
    assert_eq!((merged.elsewhere, grid.edits()), (Some(Elsewhere::Ended), [give(BO, CLASS_4B)].as_slice()));
    assert_eq!(grid.kept_draft().kept, None);
}

#[test]
fn a_buffer_goes_on_where_the_draft_still_stands_and_revives_nothing_where_it_does_not() {
    let (first, own, theirs) = (give(BO, CLASS_4A), give(BO, CLASS_4B), give(METTE, CLASS_4A));
    let mut offline = opened(kept_at(1, vec![first.clone()]));
    offline.toggle(Target { scope: Scope::Group(CLASS_4B), ..target(MATH_4) }).unwrap();
    let unsent = offline.unsent();
    let resumed = |stands: GridLoad| {
        let mut grid = opened(stands);
        let (left_out, elsewhere) = grid.resume(unsent.clone());
        assert_eq!(left_out, 0);
        (grid.edits().to_vec(), elsewhere, grid.is_unsent())
    };
    let still = kept_at(1, vec![first.clone()]);
    assert_eq!(resumed(still), (vec![first.clone(), own.clone()], None, true));
    let changed = kept_at(2, vec![first.clone(), theirs.clone()]);
    assert_eq!(resumed(changed), (vec![first, theirs, own.clone()], Some(Elsewhere::Changed), true));
    let ended = kept_at(0, Vec::new());
    assert_eq!(resumed(ended), (vec![own], Some(Elsewhere::Ended), true));
    // Nothing was made since: nothing of it comes back.
    let old = opened(kept_at(1, vec![give(BO, CLASS_4A)])).unsent();
    let mut grid = opened(kept_at(0, Vec::new()));
    assert_eq!(grid.resume(old), (0, Some(Elsewhere::Ended)));
    assert_eq!((grid.edits().len(), grid.is_unsent()), (0, false));
}

#[test]
fn find_leads_to_other_groups_while_only_classes_are_shown() {
    let mut grid = grid();
    grid.turn(Turned::Teacher(BO));
    grid.folding.classes_only = true;
    grid.refold();
    assert!(grid.show_hit("4.B", 0).is_some() && grid.folding.classes_only, "a class is there already");
    let found = grid.show_hit("Mat ekstra", 0);
    assert_eq!(found.and_then(|row| grid.rows.get(row)), Some(&Row::Group(SECTION)));
    assert!(!grid.folding.classes_only);
    // Together with what is in use.
    grid.toggle(target(MATH_4)).unwrap();
    grid.folding.classes_only = true;
    grid.show_used(true);
    assert!(grid.show_hit("Mat ekstra", 0).is_some());
    assert!(!grid.folding.classes_only && !grid.shows_used());
}
