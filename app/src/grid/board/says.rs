//! What the line above the grid says: the active cell, the hovered one, or the selection.

use crate::grid::cursor::Place;
use crate::grid::detail::{said_by, said_later};
use crate::grid::drafting::Target;
use crate::grid::model::Grid;
use crate::grid::rows::Row;
use crate::grid::saying::sentence;
use crate::words::{and_list, test_names};
use crate::{plural, t};

/// The line above the grid.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Says {
    /// Which cell or cells.
    pub place: String,
    /// What they say.
    pub text: String,
    /// Is it about a cell that is merely hovered?
    pub is_peek: bool,
    /// How many pupils with their own words the last edit left as they were, and whether it gave.
    pub also: Option<(usize, bool)>,
    /// The cell, if its draft meets a colleague's later decision.
    pub conflict: Option<Target>,
}

/// What a hovered cell says.
pub(super) fn peek(grid: &Grid, place: Place) -> Option<Says> {
    let target = grid.target(place)?;
    let is_peek = grid.cursor.is_range();
    Some(Says { place: place_name(grid, place), text: cell_text(grid, target), is_peek, ..Says::default() })
}

/// What the selection, or the active cell, says.
pub(super) fn active(grid: &Grid) -> Says {
    let place = grid.cursor.at;
    let mut says = if grid.cursor.is_range() {
        range(grid)
    } else if let Some(target) = grid.target(place) {
        let conflict = grid.conflict_at(target).map(|_| target);
        Says { place: place_name(grid, place), text: cell_text(grid, target), conflict, ..Says::default() }
    } else {
        let row = grid.rows.get(place.row).copied();
        Says { place: row.map(|row| grid.names.row(row)).unwrap_or_default(), ..Says::default() }
    };
    if let Some((aftermath, yes)) = &grid.aftermath {
        let locale = grid.saying.locale;
        let mut add = |more: String| {
            says.text.push(' ');
            says.text.push_str(&more);
        };
        if !aftermath.kept.is_empty() {
            says.also = Some((aftermath.kept.len(), *yes));
            add(plural!(locale, aftermath.kept.len(), grid.says.kept_one, grid.says.kept));
        }
        if !aftermath.still_through.is_empty() {
            let groups: Vec<String> = aftermath.still_through.iter().map(|g| grid.names.group(*g).to_owned()).collect();
            add(t!(locale, grid.says.still_through, groups = and_list(locale, &groups)));
        }
        if aftermath.replaced > 0 {
            add(plural!(locale, aftermath.replaced, grid.says.replaced_one, grid.says.replaced));
        }
    }
    says
}

fn place_name(grid: &Grid, place: Place) -> String {
    let row = grid.rows.get(place.row).map(|row| grid.names.row(*row)).unwrap_or_default();
    let column = grid.columns.get(place.column).map_or("", |(column, _)| grid.names.column(*column).0);
    format!("{row}, {column}")
}

fn cell_text(grid: &Grid, target: Target) -> String {
    let look = grid.look_at(target);
    let mut text = sentence(&grid.state(target, &look));
    let theirs = said_later(grid, target);
    if let Some(more) = theirs.or_else(|| said_by(grid, target)) {
        text.push(' ');
        text.push_str(&more);
    }
    text
}

/// "4 rows × Matematik 4 and 6": the selection in words, and its sum.
fn range(grid: &Grid) -> Says {
    let range = grid.cursor.range();
    let locale = grid.saying.locale;
    let rows: Vec<Row> = grid.rows.get(range.rows()).unwrap_or_default().to_vec();
    let rows = match rows.as_slice() {
        [only] => grid.names.row(*only),
        many if many.iter().all(|row| matches!(row, Row::Pupil(..))) => {
            plural!(locale, many.len(), unit.pupil, unit.pupils)
        }
        many if many.iter().all(|row| matches!(row, Row::Teacher(_))) => {
            plural!(locale, many.len(), unit.teacher, unit.teachers)
        }
        many if many.iter().all(|row| matches!(row, Row::Group(_))) => {
            plural!(locale, many.len(), unit.class, unit.classes)
        }
        many => t!(locale, grid.says.rows, n = many.len()),
    };
    let columns = grid.columns.get(range.columns()).unwrap_or_default();
    let columns = if columns.len() == grid.columns.len() {
        t!(locale, grid.says.all_columns).to_owned()
    } else {
        test_names(locale, columns.iter().map(|(column, _)| grid.names.column(*column).0))
    };
    let looks = grid.selected().into_iter().map(|target| grid.look_at(target));
    Says { place: format!("{rows} × {columns}"), text: grid.saying.count(looks), ..Says::default() }
}
