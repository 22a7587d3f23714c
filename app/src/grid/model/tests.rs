//! The grid of a school, turned, edited and merged.

use super::*;
use crate::grid::drafting::single;
use crate::grid::fixture::{AYA, BO, CLASS_4A, CLASS_4B, MATH_4, METTE, READING_4, ZOE, load, scene};
use crate::grid::look::Glyph;
use domain::Effect;

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
    let (news, left_out) = grid.merge(newer, Alphabet::Danish);
    assert_eq!((news, left_out, grid.edits().len()), (0, 0, 1));
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
