//! What is in use on a side of the grid: the rows and columns in which anything is said.

use super::model::Grid;
use super::rows::{Column, Folding, Heading, Row, columns, rows};
use domain::view::Answer;

/// Rows and columns in which somebody sees something, something is withheld, or the draft speaks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Used {
    rows: Vec<Row>,
    columns: Vec<Column>,
    all: (usize, usize),
}

impl Used {
    /// What is in use on the grid's present side, over all its rows; pupils' rows go with their class.
    #[must_use]
    pub fn of(grid: &Grid) -> Self {
        let folding = Folding { open: Default::default(), ..grid.folding.clone() };
        let (rows, columns) = (rows(&grid.scene, grid.turned, &folding), columns(&grid.scene, grid.turned));
        let mut used = Self { all: (rows.len(), columns.len()), ..Self::default() };
        for row in rows {
            let mut is_used = false;
            for (column, _) in &columns {
                let Some(target) = grid.target_at(row, *column) else { continue };
                let cell = grid.scene.cell(target.teacher, target.scope, target.test);
                if cell.answer != Answer::No || cell.withheld || cell.here.is_some() || cell.drafted.is_some() {
                    is_used = true;
                    if !used.columns.contains(column) {
                        used.columns.push(*column);
                    }
                }
            }
            if is_used {
                used.rows.push(row);
            }
        }
        used
    }

    /// How many rows and columns are in use.
    #[must_use]
    pub fn extent(&self) -> (usize, usize) {
        (self.rows.len(), self.columns.len())
    }

    /// Is nothing in use, or everything, so that leaving out what is not would help nobody?
    #[must_use]
    pub fn is_idle(&self) -> bool {
        self.rows.is_empty() || self.extent() == self.all
    }

    /// Leaves out what is not in use, unless nothing is.
    pub fn keep(&self, rows: &mut Vec<Row>, columns: &mut Vec<(Column, Heading)>) {
        if self.rows.is_empty() {
            return;
        }
        rows.retain(|row| {
            let row = match *row {
                Row::Pupil(group, _) | Row::Fold(group, _) => Row::Group(group),
                other => other,
            };
            self.rows.contains(&row)
        });
        columns.retain(|(column, _)| self.columns.contains(column));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grid::drafting::Target;
    use crate::grid::fixture::{AYA, BO, CLASS_4A, MATH_4, METTE, READING_4, load};
    use crate::grid::rows::Turned;
    use crate::text::Locale;
    use domain::school::Scope;
    use domain::text::Alphabet;

    fn grid() -> Grid {
        let mut grid = Grid::of(load(Vec::new()), Alphabet::Danish, Locale::da).0;
        grid.turn(Turned::Teacher(BO));
        grid
    }

    #[test]
    fn nothing_in_use_leaves_out_nothing() {
        let mut grid = grid();
        let all = (grid.rows.clone(), grid.columns.clone());
        assert!(Used::of(&grid).is_idle());
        grid.show_used(true);
        assert_eq!((grid.rows.clone(), grid.columns.clone()), all);
    }

    #[test]
    fn a_pupils_right_keeps_the_class_the_test_and_what_lies_above() {
        let mut grid = grid();
        grid.toggle(Target { teacher: BO, scope: Scope::Pupil(AYA), test: MATH_4 }).unwrap();
        let used = Used::of(&grid);
        assert!(!used.is_idle());
        grid.show_used(true);
        assert_eq!(grid.columns.iter().map(|(column, _)| *column).collect::<Vec<_>>(), [Column::Test(MATH_4)]);
        assert!(grid.rows.contains(&Row::Group(CLASS_4A)) && grid.rows.contains(&Row::School));
        assert_eq!(used.extent(), (grid.rows.len(), 1));
        // Opened pupils come with their class; another side has its own rows in use.
        grid.fold(CLASS_4A, true);
        assert!(grid.rows.contains(&Row::Pupil(CLASS_4A, AYA)));
        grid.turn(Turned::Test(MATH_4));
        assert_eq!(grid.rows, [Row::Teacher(BO)]);
        assert_eq!(grid.seeing(), 1);
        grid.show_used(false);
        assert!(grid.rows.contains(&Row::Teacher(METTE)));
    }

    #[test]
    fn find_shows_what_is_left_out() {
        let mut grid = grid();
        grid.toggle(Target { teacher: BO, scope: Scope::Group(CLASS_4A), test: READING_4 }).unwrap();
        grid.show_used(true);
        assert!(grid.show_hit("4.B", 0).is_some());
        assert!(!grid.shows_used());
    }
}
