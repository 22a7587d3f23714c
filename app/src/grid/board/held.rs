//! The one grid that is open, the painter that draws it, and when it is drawn.

use crate::grid::cursor::{Cursor, Place};
use crate::grid::model::Grid;
use crate::grid::paint::{FIRST_COLUMN, HEAD_ROWS, Painter};
use leptos::prelude::*;
use std::cell::{Cell, RefCell};
use std::time::Duration;

/// The open grid and the painter that draws it.
#[derive(Debug)]
pub(in crate::grid) struct Held {
    pub(in crate::grid) grid: Grid,
    pub(in crate::grid) painter: Option<Painter>,
    /// Where a drag over cells began.
    pub(super) drag: Option<Place>,
}

thread_local! {
    /// The browser's one thread holds the one grid. Never touched on the server.
    static HELD: RefCell<Option<Held>> = const { RefCell::new(None) };
    /// When the cells will be named.
    static NAMING: Cell<Option<TimeoutHandle>> = const { Cell::new(None) };
}

/// How long after a drawing the cells' names follow.
const NAMES_AFTER: Duration = Duration::from_millis(40);

/// Works with the open grid. `None` while there is none, or while it is being worked with already
/// (an event that one of our own calls to the browser fired).
pub(in crate::grid) fn with<R>(work: impl FnOnce(&mut Held) -> R) -> Option<R> {
    HELD.with(|held| held.try_borrow_mut().ok()?.as_mut().map(work))
}

/// Opens a grid in place of the one before.
pub(in crate::grid) fn open(grid: Grid) {
    HELD.with(|held| {
        if let Ok(mut held) = held.try_borrow_mut() {
            *held = Some(Held { grid, painter: None, drag: None });
        }
    });
}

/// The cell of an element inside the table.
#[must_use]
pub(in crate::grid) fn place_of(element: &web_sys::Element) -> Option<Place> {
    let cell = element.closest("[role=gridcell]").ok()??;
    let row = cell.parent_element()?;
    let index = |element: &web_sys::Element, name: &str, first: usize| {
        element.get_attribute(name)?.parse::<usize>().ok()?.checked_sub(first)
    };
    Some(Place::new(index(&row, "aria-rowindex", HEAD_ROWS + 1)?, index(&cell, "aria-colindex", FIRST_COLUMN)?))
}

pub(super) fn draw(held: &mut Held) {
    if let Some(painter) = &mut held.painter {
        painter.paint(&held.grid);
        name_soon();
    }
}

/// Lets the cells' names follow once what is seen has been painted, and no more is on its way.
fn name_soon() {
    let next = set_timeout_with_handle(
        || {
            NAMING.set(None);
            with(|held| {
                if let Some(painter) = &mut held.painter {
                    painter.name(&held.grid);
                }
            });
        },
        NAMES_AFTER,
    );
    if let Some(earlier) = NAMING.replace(next.ok()) {
        earlier.clear();
    }
}

pub(super) fn reveal(held: &mut Held, focus: bool) {
    if let Some(painter) = &mut held.painter {
        painter.reveal(&held.grid, focus);
    }
}

type Rows = std::ops::RangeInclusive<usize>;

pub(super) fn select(held: &mut Held, of: impl FnOnce((usize, usize)) -> (Rows, Rows)) {
    let last = (held.grid.rows.len().saturating_sub(1), held.grid.columns.len().saturating_sub(1));
    let (rows, columns) = of(last);
    held.grid.cursor = Cursor::over(rows, columns);
}

/// The frame has been scrolled.
pub(in crate::grid) fn scrolled(held: &mut Held) {
    if let Some(painter) = &mut held.painter {
        painter.scrolled(&held.grid);
        name_soon();
    }
}

/// The frame has another size.
pub(super) fn resized(held: &mut Held) {
    if let Some(painter) = &mut held.painter {
        painter.resized(&held.grid);
        name_soon();
    }
}

/// Draws every row, for print; or again those in sight.
pub(in crate::grid) fn show_all(held: &mut Held, all: bool) {
    if let Some(painter) = &mut held.painter {
        painter.show_all(&held.grid, all);
    }
}
