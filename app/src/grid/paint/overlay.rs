//! Crosshair and selection: three rectangles over the rows, so that no cell is touched.

use super::{HEAD_ROWS, Stage, View, number, pixels, set_style};
use crate::grid::cursor::Place;
use crate::grid::model::Grid;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

/// A column's place across the table, in pixels.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Across {
    pub(super) left: f64,
    pub(super) width: f64,
}

/// Left, top, width, height.
type Rectangle = (f64, f64, f64, f64);

/// A rectangle as it lies now; `None` while it is hidden.
#[derive(Clone, Copy, Debug, Default)]
struct Laid(Option<Rectangle>);

/// The rectangles, and where the columns are.
#[derive(Debug, Default)]
pub(super) struct Overlays {
    across: Vec<Across>,
    row: Laid,
    column: Laid,
    range: Laid,
    shown: bool,
}

impl Overlays {
    /// How many columns were measured.
    pub(super) const fn columns(&self) -> usize {
        self.across.len()
    }

    /// Is there anything to show, beside the sticky first column or under it?
    pub(super) const fn is_shown(&self) -> bool {
        self.shown
    }

    /// A column's place, and where the first column starts.
    pub(super) fn column(&self, column: usize) -> Option<(Across, f64)> {
        self.across.get(column).copied().zip(self.across.first().map(|first| first.left))
    }

    /// Reads where the columns are, from their headings.
    pub(super) fn measure(&mut self, cells: &[Element]) {
        let across = |cell: &Element| {
            cell.dyn_ref::<HtmlElement>().map_or_else(Across::default, |cell| Across {
                left: f64::from(cell.offset_left()),
                width: f64::from(cell.offset_width()),
            })
        };
        self.across = cells.iter().map(across).collect();
    }

    /// Lays the rectangles where they belong.
    pub(super) fn lay(&mut self, stage: &Stage, view: &View, grid: &Grid, cross: Option<Place>) {
        let head = number(HEAD_ROWS) * view.row;
        let body = number(grid.rows.len()) * view.row;
        let start = self.across.first().map_or(0.0, |first| first.left);
        let row = cross.map(|place| (0.0, head + number(place.row) * view.row, view.body_width, view.row));
        let column = cross.and_then(|place| self.across.get(place.column));
        let column = column.map(|at| (at.left, head, at.width, body));
        let range = grid.cursor.is_range().then(|| grid.cursor.range()).and_then(|range| {
            let (left, right) = (self.across.get(range.left)?, self.across.get(range.right)?);
            let top = head + number(range.top) * view.row;
            let height = number(range.rows().count()) * view.row;
            Some((left.left, top, right.left + right.width - left.left, height))
        });
        let hidden_below = start + view.left;
        self.row.lay(&stage.over_row, row);
        self.column.lay(&stage.over_column, column.and_then(|column| clipped(column, hidden_below)));
        self.range.lay(&stage.over_range, range.and_then(|range| clipped(range, hidden_below)));
        self.shown = cross.is_some() || range.is_some();
    }
}

/// What of a rectangle lies beside the sticky first column.
fn clipped((left, top, width, height): Rectangle, hidden_below: f64) -> Option<Rectangle> {
    let cut = (hidden_below - left).max(0.0);
    (cut < width).then_some((left + cut, top, width - cut, height))
}

impl Laid {
    /// Lays the rectangle, as far as it lies elsewhere: the page's style is written only where it differs.
    fn lay(&mut self, element: &HtmlElement, at: Option<Rectangle>) {
        let before = std::mem::replace(&mut self.0, at);
        let Some((left, top, width, height)) = at else {
            if before.is_some() {
                set_style(element, "visibility", "hidden");
            }
            return;
        };
        let same = |part: fn(Rectangle) -> [f64; 2]| {
            before.is_some_and(|before| {
                part(before).map(f64::to_bits) == part((left, top, width, height)).map(f64::to_bits)
            })
        };
        if !same(|(left, top, ..)| [left, top]) {
            set_style(element, "transform", &format!("translate({}, {})", pixels(left), pixels(top)));
        }
        if !same(|(.., width, height)| [width, height]) {
            set_style(element, "width", &pixels(width));
            set_style(element, "height", &pixels(height));
        }
        if before.is_none() {
            set_style(element, "visibility", "visible");
        }
    }
}
