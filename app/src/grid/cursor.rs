//! Where the person is in the grid: the active cell, the selection, and what keys do to both.

use std::ops::RangeInclusive;

/// A cell by row and column, counted from 0 below and beside the headers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// Row.
    pub row: usize,
    /// Column.
    pub column: usize,
}

impl Place {
    /// The cell in this row and column.
    #[must_use]
    pub const fn new(row: usize, column: usize) -> Self {
        Self { row, column }
    }
}

/// How many rows and columns there are, and how many rows fit the window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Extent {
    /// Rows.
    pub rows: usize,
    /// Columns.
    pub columns: usize,
    /// Rows that fit the window.
    pub page: usize,
}

/// A step that a key asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// One row up.
    Up,
    /// One row down.
    Down,
    /// One column left.
    Left,
    /// One column right.
    Right,
    /// First column.
    Home,
    /// Last column.
    End,
    /// First cell.
    Top,
    /// Last cell.
    Bottom,
    /// One window up.
    PageUp,
    /// One window down.
    PageDown,
}

/// What a key does in the grid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Command {
    /// Move; `extend` keeps the other end of the selection where it is.
    Move {
        /// Where to.
        step: Step,
        /// Extend the selection?
        extend: bool,
    },
    /// Change the cell or the selection.
    Toggle,
    /// Open the cell.
    Open,
    /// Select everything.
    SelectAll,
    /// Select the row.
    SelectRow,
    /// Select the column.
    SelectColumn,
    /// Drop the selection, close what is open.
    Escape,
    /// Take the last edit back.
    Undo,
    /// Do it again.
    Redo,
    /// Find within the grid.
    Find,
    /// Open or close the class of the row.
    Fold,
}

/// A pressed key, as the browser tells it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Chord {
    /// Ctrl, or ⌘.
    pub control: bool,
    /// Shift.
    pub shift: bool,
    /// Alt.
    pub alt: bool,
}

impl Command {
    /// The command of a key, if it has one here.
    #[must_use]
    pub fn of_key(key: &str, chord: Chord) -> Option<Self> {
        let Chord { control, shift, alt } = chord;
        if alt {
            return None;
        }
        let go = |step| Some(Self::Move { step, extend: shift });
        match (key, control) {
            ("ArrowUp", false) => go(Step::Up),
            ("ArrowDown", false) => go(Step::Down),
            ("ArrowLeft", false) => go(Step::Left),
            ("ArrowRight", false) => go(Step::Right),
            ("Home", false) => go(Step::Home),
            ("End", false) => go(Step::End),
            ("Home", true) => go(Step::Top),
            ("End", true) => go(Step::Bottom),
            ("PageUp", false) => go(Step::PageUp),
            ("PageDown", false) => go(Step::PageDown),
            (" ", false) if shift => Some(Self::SelectRow),
            (" ", true) => Some(Self::SelectColumn),
            (" ", false) => Some(Self::Toggle),
            ("Enter" | "F2", false) => Some(Self::Open),
            ("Escape", false) => Some(Self::Escape),
            ("a" | "A", true) => Some(Self::SelectAll),
            ("z" | "Z", true) if shift => Some(Self::Redo),
            ("z" | "Z", true) => Some(Self::Undo),
            ("y" | "Y", true) => Some(Self::Redo),
            ("f" | "F", true) => Some(Self::Find),
            ("+" | "-", false) => Some(Self::Fold),
            _ => None,
        }
    }
}

/// The active cell and the selection that starts at its anchor.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cursor {
    /// The active cell: the one with the focus.
    pub at: Place,
    /// The other corner of the selection; `None` when only the active cell counts.
    pub anchor: Option<Place>,
}

impl Cursor {
    /// Moves a step; at an edge it stays.
    #[must_use]
    pub fn moved(self, step: Step, extend: bool, extent: Extent) -> Self {
        let (last_row, last_column) = (extent.rows.saturating_sub(1), extent.columns.saturating_sub(1));
        let Place { row, column } = self.at;
        let page = extent.page.max(1);
        let at = match step {
            Step::Up => Place::new(row.saturating_sub(1), column),
            Step::Down => Place::new((row + 1).min(last_row), column),
            Step::Left => Place::new(row, column.saturating_sub(1)),
            Step::Right => Place::new(row, (column + 1).min(last_column)),
            Step::Home => Place::new(row, 0),
            Step::End => Place::new(row, last_column),
            Step::Top => Place::new(0, 0),
            Step::Bottom => Place::new(last_row, last_column),
            Step::PageUp => Place::new(row.saturating_sub(page), column),
            Step::PageDown => Place::new((row + page).min(last_row), column),
        };
        if extend { self.extended(at) } else { Self { at, anchor: None } }
    }

    /// The selection from the present anchor, or the active cell, to another cell.
    #[must_use]
    pub fn extended(self, to: Place) -> Self {
        let anchor = self.anchor.unwrap_or(self.at);
        Self { at: to, anchor: (anchor != to).then_some(anchor) }
    }

    /// Everything selected; the active cell stays.
    #[must_use]
    pub fn over(rows: RangeInclusive<usize>, columns: RangeInclusive<usize>) -> Self {
        let (at, anchor) = (Place::new(*rows.start(), *columns.start()), Place::new(*rows.end(), *columns.end()));
        Self { at, anchor: (at != anchor).then_some(anchor) }
    }

    /// Kept inside a grid that may have become smaller.
    #[must_use]
    pub fn within(self, extent: Extent) -> Self {
        let inside = |place: Place| {
            Place::new(place.row.min(extent.rows.saturating_sub(1)), place.column.min(extent.columns.saturating_sub(1)))
        };
        let at = inside(self.at);
        Self { at, anchor: self.anchor.map(inside).filter(|anchor| *anchor != at) }
    }

    /// The selected rectangle; one cell where nothing more is selected.
    #[must_use]
    pub fn range(&self) -> Range {
        let other = self.anchor.unwrap_or(self.at);
        Range {
            top: self.at.row.min(other.row),
            bottom: self.at.row.max(other.row),
            left: self.at.column.min(other.column),
            right: self.at.column.max(other.column),
        }
    }

    /// Is more than the active cell selected?
    #[must_use]
    pub const fn is_range(&self) -> bool {
        self.anchor.is_some()
    }
}

/// What a key does in a table of boxes, where one box changes by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BoxesKey {
    /// The cursor goes there.
    Go(Cursor),
    /// All that is selected changes.
    ToggleSelection,
}

impl BoxesKey {
    /// What a command does there; `None` for what is not the table's.
    #[must_use]
    pub fn of(command: Command, cursor: Cursor, extent: Extent) -> Option<Self> {
        let (rows, columns) = (0..=extent.rows.checked_sub(1)?, 0..=extent.columns.checked_sub(1)?);
        let Place { row, column } = cursor.at;
        Some(Self::Go(match command {
            Command::Move { step, extend } => cursor.moved(step, extend, extent),
            Command::SelectAll => Cursor::over(rows, columns),
            Command::SelectRow => Cursor::over(row..=row, columns),
            Command::SelectColumn => Cursor::over(rows, column..=column),
            Command::Escape if cursor.is_range() => Cursor { anchor: None, ..cursor },
            Command::Toggle if cursor.is_range() => return Some(Self::ToggleSelection),
            Command::Toggle
            | Command::Open
            | Command::Escape
            | Command::Undo
            | Command::Redo
            | Command::Find
            | Command::Fold => return None,
        }))
    }
}

/// A rectangle of cells, all four edges inside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Range {
    /// First row.
    pub top: usize,
    /// Last row.
    pub bottom: usize,
    /// First column.
    pub left: usize,
    /// Last column.
    pub right: usize,
}

impl Range {
    /// Its rows.
    #[must_use]
    pub const fn rows(&self) -> RangeInclusive<usize> {
        self.top..=self.bottom
    }

    /// Its columns.
    #[must_use]
    pub const fn columns(&self) -> RangeInclusive<usize> {
        self.left..=self.right
    }

    /// Does it hold the cell?
    #[must_use]
    pub const fn contains(&self, place: Place) -> bool {
        self.top <= place.row && place.row <= self.bottom && self.left <= place.column && place.column <= self.right
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EXTENT: Extent = Extent { rows: 100, columns: 16, page: 20 };

    fn at(row: usize, column: usize) -> Cursor {
        Cursor { at: Place::new(row, column), anchor: None }
    }

    #[test]
    fn steps_stop_at_the_edges() {
        let table = [
            (at(0, 0), Step::Up, (0, 0)),
            (at(0, 0), Step::Left, (0, 0)),
            (at(99, 15), Step::Down, (99, 15)),
            (at(99, 15), Step::Right, (99, 15)),
            (at(5, 5), Step::Down, (6, 5)),
            (at(5, 5), Step::Up, (4, 5)),
            (at(5, 5), Step::Left, (5, 4)),
            (at(5, 5), Step::Right, (5, 6)),
            (at(5, 5), Step::Home, (5, 0)),
            (at(5, 5), Step::End, (5, 15)),
            (at(5, 5), Step::Top, (0, 0)),
            (at(5, 5), Step::Bottom, (99, 15)),
            (at(5, 5), Step::PageUp, (0, 5)),
            (at(5, 5), Step::PageDown, (25, 5)),
            (at(90, 5), Step::PageDown, (99, 5)),
        ];
        for (cursor, step, (row, column)) in table {
            assert_eq!(cursor.moved(step, false, EXTENT), at(row, column), "{step:?}");
        }
    }

    #[test]
    fn an_empty_grid_moves_nowhere() {
        let none = Extent { rows: 0, columns: 0, page: 0 };
        for step in [Step::Down, Step::Bottom, Step::PageDown, Step::End] {
            assert_eq!(at(0, 0).moved(step, false, none), at(0, 0));
        }
    }

    #[test]
    fn shift_keeps_the_anchor_and_a_plain_step_drops_it() {
        let one = at(5, 5).moved(Step::Down, true, EXTENT).moved(Step::Right, true, EXTENT);
        assert_eq!(one, Cursor { at: Place::new(6, 6), anchor: Some(Place::new(5, 5)) });
        assert_eq!(one.range(), Range { top: 5, bottom: 6, left: 5, right: 6 });
        assert_eq!(one.moved(Step::Up, false, EXTENT), at(5, 6));
        let back = one.moved(Step::Up, true, EXTENT).moved(Step::Left, true, EXTENT);
        assert!(!back.is_range(), "{back:?}");
    }

    #[test]
    fn a_range_counts_both_corners_whichever_way_it_was_drawn() {
        let up = at(9, 4).extended(Place::new(7, 2));
        assert_eq!(up.range(), Range { top: 7, bottom: 9, left: 2, right: 4 });
        assert!(up.range().contains(Place::new(8, 3)) && !up.range().contains(Place::new(10, 3)));
        assert_eq!((up.range().rows().count(), up.range().columns().count()), (3, 3));
    }

    #[test]
    fn a_smaller_grid_pulls_the_cursor_in() {
        let wide = Cursor::over(0..=99, 0..=15).within(Extent { rows: 10, columns: 1, page: 5 });
        assert_eq!(wide.range(), Range { top: 0, bottom: 9, left: 0, right: 0 });
        assert_eq!(at(50, 3).within(Extent { rows: 0, columns: 0, page: 1 }), at(0, 0));
    }

    #[test]
    fn boxes_change_by_themselves_and_selections_together() {
        let (one, range) = (at(5, 5), at(5, 5).extended(Place::new(7, 6)));
        let go = |command, cursor| match BoxesKey::of(command, cursor, EXTENT) {
            Some(BoxesKey::Go(cursor)) => Some(cursor.range()),
            _ => None,
        };
        let all = Range { top: 0, bottom: 99, left: 0, right: 15 };
        assert_eq!(go(Command::SelectAll, one), Some(all));
        assert_eq!(go(Command::SelectRow, one), Some(Range { top: 5, bottom: 5, ..all }));
        assert_eq!(go(Command::SelectColumn, one), Some(Range { left: 5, right: 5, ..all }));
        assert_eq!(go(Command::Move { step: Step::Right, extend: true }, one).map(|range| range.right), Some(6));
        assert_eq!(BoxesKey::of(Command::Toggle, range, EXTENT), Some(BoxesKey::ToggleSelection));
        assert_eq!(go(Command::Escape, range), Some(at(7, 6).range()));
        for command in [Command::Toggle, Command::Escape, Command::Undo, Command::Find, Command::Open] {
            assert_eq!(BoxesKey::of(command, one, EXTENT), None, "{command:?}");
        }
        let none = Extent { rows: 0, columns: 2, page: 1 };
        assert_eq!(BoxesKey::of(Command::SelectAll, at(0, 0), none), None);
    }

    #[test]
    fn keys() {
        let plain = Chord::default();
        let control = Chord { control: true, ..plain };
        let shift = Chord { shift: true, ..plain };
        let table = [
            (" ", plain, Some(Command::Toggle)),
            (" ", shift, Some(Command::SelectRow)),
            (" ", control, Some(Command::SelectColumn)),
            ("a", control, Some(Command::SelectAll)),
            ("a", plain, None),
            ("z", control, Some(Command::Undo)),
            ("Z", Chord { control: true, shift: true, alt: false }, Some(Command::Redo)),
            ("y", control, Some(Command::Redo)),
            ("f", control, Some(Command::Find)),
            ("Home", control, Some(Command::Move { step: Step::Top, extend: false })),
            ("ArrowDown", shift, Some(Command::Move { step: Step::Down, extend: true })),
            ("ArrowDown", Chord { alt: true, ..plain }, None),
            ("Tab", plain, None),
            ("Enter", plain, Some(Command::Open)),
        ];
        for (key, chord, command) in table {
            assert_eq!(Command::of_key(key, chord), command, "{key} {chord:?}");
        }
    }
}
