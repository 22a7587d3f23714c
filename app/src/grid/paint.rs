//! Draws the rows in sight, and nothing else, straight into the table.
//!
//! Row elements are recycled while one scrolls; a cell is touched only when its look or what it is
//! about has changed. Crosshair and selection are rectangles laid over the rows. Sizes are read
//! only when the browser has just laid the page out, so that drawing never makes it lay out twice.
//! This is the one place where the page is not made by Leptos: a view per cell would cost ten
//! times as much.

mod head;
mod overlay;
mod slot;

use super::cursor::Place;
use super::model::Grid;
use head::Head;
use overlay::{Across, Overlays};
use slot::{Pattern, Slot};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{Document, Element, HtmlElement, ResizeObserver};

/// Rows drawn above and below those in sight.
const OVERSCAN: usize = 8;
/// The same of wide rows, which cost as much as several others.
const WIDE_OVERSCAN: usize = 2;
/// From so many columns on a row is wide.
const WIDE: usize = 32;
/// Rows of the head.
pub const HEAD_ROWS: usize = 2;
/// `aria-colindex` of the first cell; the row's heading is 1.
pub const FIRST_COLUMN: usize = 2;

/// The elements that the page gives to the painter.
#[derive(Clone, Debug)]
pub struct Stage {
    /// What scrolls.
    pub frame: HtmlElement,
    /// The table.
    pub table: HtmlElement,
    /// Its head, empty.
    pub head: HtmlElement,
    /// Its body, empty.
    pub body: HtmlElement,
    /// The rectangle over the active or hovered row.
    pub over_row: HtmlElement,
    /// The rectangle over the active or hovered column.
    pub over_column: HtmlElement,
    /// The rectangle around the selection.
    pub over_range: HtmlElement,
}

/// Sizes as last read, in pixels.
#[derive(Clone, Copy, Debug, Default)]
struct View {
    row: f64,
    height: f64,
    width: f64,
    body_width: f64,
    top: f64,
    left: f64,
}

/// The painter.
#[derive(Debug)]
pub struct Painter {
    stage: Stage,
    document: Document,
    head: Head,
    overlays: Overlays,
    pattern: Option<Pattern>,
    slots: Vec<Slot>,
    view: View,
    /// What the table's counts and height were last set for.
    sized_for: (usize, usize),
    /// The grid's state that head and names were last drawn for.
    drawn_for: Option<u32>,
    tab_stop: Option<HtmlElement>,
    hovered: Option<Place>,
    shows_all: bool,
    _watch: Watch,
}

/// Tells when the frame has another size, as long as it is held.
#[derive(Debug)]
struct Watch {
    observer: ResizeObserver,
    _told: Closure<dyn FnMut()>,
}

impl Watch {
    fn new(frame: &HtmlElement, resized: impl FnMut() + 'static) -> Option<Self> {
        let told = Closure::<dyn FnMut()>::new(resized);
        let observer = ResizeObserver::new(told.as_ref().unchecked_ref()).ok()?;
        observer.observe(frame);
        Some(Self { observer, _told: told })
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}

impl Painter {
    /// A painter on an empty stage; `resized` is called when the frame has been laid out in
    /// another size, at first right after this.
    #[must_use]
    pub fn new(stage: Stage, resized: impl FnMut() + 'static) -> Option<Self> {
        let document = stage.table.owner_document()?;
        let watch = Watch::new(&stage.frame, resized)?;
        let mut painter = Self {
            stage,
            document,
            head: Head::default(),
            overlays: Overlays::default(),
            pattern: None,
            slots: Vec::new(),
            view: View::default(),
            sized_for: (usize::MAX, usize::MAX),
            drawn_for: None,
            tab_stop: None,
            hovered: None,
            shows_all: false,
            _watch: watch,
        };
        painter.read_row_height();
        Some(painter)
    }

    /// Draws what has changed.
    pub fn paint(&mut self, grid: &Grid) {
        if self.drawn_for != Some(grid.generation()) {
            self.drawn_for = Some(grid.generation());
            self.head.draw(&self.document, &self.stage.head, grid);
            let columns = grid.columns.len();
            if self.pattern.as_ref().is_none_or(|pattern| pattern.columns() != columns) {
                self.clear_rows();
                self.pattern = Pattern::new(&self.document, columns);
            }
            self.slots.iter_mut().for_each(Slot::forget);
        }
        self.size(grid);
        self.draw_rows(grid, true);
        self.lay_over(grid);
    }

    fn clear_rows(&mut self) {
        self.slots.clear();
        self.stage.body.set_text_content(None);
        self.tab_stop = None;
    }

    /// Sets the table's counts and height, where they have changed.
    fn size(&mut self, grid: &Grid) {
        let sizes = (grid.rows.len(), grid.columns.len());
        if self.sized_for == sizes {
            return;
        }
        self.sized_for = sizes;
        let counts = [("aria-rowcount", sizes.0 + HEAD_ROWS), ("aria-colcount", sizes.1 + FIRST_COLUMN - 1)];
        for (name, count) in counts {
            let _ = self.stage.table.set_attribute(name, &count.to_string());
        }
        set_style(&self.stage.body, "height", &pixels(self.view.row * number(sizes.0)));
    }

    /// The frame has been scrolled: draws the rows that have come into sight.
    pub fn scrolled(&mut self, grid: &Grid) {
        let left = self.view.left;
        self.read_scroll();
        self.draw_rows(grid, false);
        // The rectangles scroll with the rows, but not under the sticky headings beside them.
        if self.view.left.to_bits() != left.to_bits() && self.overlays.is_shown() {
            self.lay_over(grid);
        }
    }

    /// The frame has another size, and the page is laid out: reads the sizes and draws.
    pub fn resized(&mut self, grid: &Grid) {
        let before = self.view.row;
        self.read_row_height();
        self.read_scroll();
        self.read_sizes();
        if self.view.row.to_bits() != before.to_bits() {
            self.sized_for = (usize::MAX, usize::MAX);
            self.slots.iter_mut().for_each(Slot::forget);
        }
        self.size(grid);
        self.draw_rows(grid, false);
        self.lay_over(grid);
    }

    /// The cell with the focus is another one.
    pub fn moved(&mut self, grid: &Grid) {
        self.place_tab_stop(grid);
        self.lay_over(grid);
    }

    /// Gives every cell that was drawn since the name that belongs to it.
    pub fn name(&mut self, grid: &Grid) {
        self.slots.iter_mut().for_each(|slot| slot.name(grid));
    }

    /// Moves the crosshair to a hovered cell, or back to the active one.
    pub fn hover(&mut self, grid: &Grid, place: Option<Place>) {
        if self.hovered != place {
            self.hovered = place;
            self.lay_over(grid);
        }
    }

    /// Draws every row, for print; or again only those in sight.
    pub fn show_all(&mut self, grid: &Grid, all: bool) {
        self.shows_all = all;
        if !all {
            self.clear_rows();
        }
        self.draw_rows(grid, true);
    }

    /// How many whole rows fit below the head.
    #[must_use]
    pub fn page(&self) -> usize {
        to_index((self.below_head() / self.view.row).floor()).max(1)
    }

    fn below_head(&self) -> f64 {
        (self.view.height - number(HEAD_ROWS) * self.view.row).max(0.0)
    }

    /// Draws rows: all in sight as far as they differ, or only those that have come into sight.
    fn draw_rows(&mut self, grid: &Grid, all: bool) {
        let rows = grid.rows.len();
        let overscan = if grid.columns.len() < WIDE { OVERSCAN } else { WIDE_OVERSCAN };
        let in_sight = if self.shows_all { rows } else { self.page() + 1 + 2 * overscan };
        let wanted = in_sight.min(rows).max(1);
        while self.slots.len() < wanted {
            let slot = self.pattern.as_ref().and_then(|pattern| Slot::new(pattern, &self.stage.body));
            let Some(slot) = slot else { return };
            self.slots.push(slot);
        }
        let size = self.slots.len();
        let last_top = (number(rows) * self.view.row - self.below_head()).max(0.0);
        let top = to_index((self.view.top.min(last_top) / self.view.row).floor());
        let first = top.saturating_sub(overscan).min(rows.saturating_sub(size));
        let focused = self.document.active_element().filter(|element| self.stage.body.contains(Some(element)));
        let mut focus_lost = false;
        for (at, slot) in self.slots.iter_mut().enumerate() {
            // The row of first..first + size that falls to this slot.
            let row = first + (at + size - first % size) % size;
            let Some(content) = grid.rows.get(row).copied() else {
                slot.hide();
                continue;
            };
            if let Some(focused) = &focused {
                focus_lost |= slot.row().is_some_and(|shown| shown != row) && slot.holds(focused);
            }
            slot.draw(grid, &self.head, row, content, self.view.row, all);
        }
        self.place_tab_stop(grid);
        if focus_lost {
            // The cell has scrolled away, and the table keeps the keyboard meanwhile; or, where the frame has
            // another size, it is drawn in another place.
            focus(self.tab_stop.as_ref().unwrap_or(&self.stage.table));
        }
    }

    /// Brings the active cell into sight and, if wished, gives it the focus.
    pub fn reveal(&mut self, grid: &Grid, with_focus: bool) {
        let Place { row, column } = grid.cursor.at;
        let (top, bottom) = (number(row) * self.view.row, number(row + 1) * self.view.row);
        let height = self.below_head();
        let before = self.view;
        if top < self.view.top {
            self.view.top = top;
        } else if bottom > self.view.top + height {
            self.view.top = bottom - height;
        }
        if let Some((at, start)) = self.overlays.column(column) {
            let Across { left, width } = at;
            if left - start < self.view.left {
                self.view.left = left - start;
            } else if left + width > self.view.left + self.view.width {
                self.view.left = left + width - self.view.width;
            }
        }
        if self.view.top.to_bits() != before.top.to_bits() {
            self.stage.frame.set_scroll_top(to_pixels(self.view.top));
            self.draw_rows(grid, false);
        }
        if self.view.left.to_bits() != before.left.to_bits() {
            self.stage.frame.set_scroll_left(to_pixels(self.view.left));
        }
        self.moved(grid);
        if with_focus {
            self.focus(grid);
        }
    }

    /// Gives the active cell the focus where it stands.
    pub fn focus(&mut self, grid: &Grid) {
        self.place_tab_stop(grid);
        if let Some(mark) = &self.tab_stop {
            focus(mark);
        }
        self.lay_over(grid);
    }

    /// The element of a cell, if it is drawn.
    fn mark(&self, place: Place) -> Option<HtmlElement> {
        let slot = self.slots.get(place.row.checked_rem(self.slots.len())?)?;
        slot.mark(place)
    }

    /// The one cell that Tab reaches; the table where that cell is not drawn.
    fn place_tab_stop(&mut self, grid: &Grid) {
        let at = grid.cursor.at;
        let slot = at.row.checked_rem(self.slots.len()).and_then(|slot| self.slots.get_mut(slot));
        if let Some(slot) = slot {
            slot.name_one(grid, at);
        }
        let next = self.mark(grid.cursor.at);
        if next.is_some() && next == self.tab_stop {
            return;
        }
        if let Some(old) = self.tab_stop.take() {
            old.set_tab_index(-1);
        }
        self.stage.table.set_tab_index(if next.is_some() { -1 } else { 0 });
        if let Some(next) = &next {
            next.set_tab_index(0);
        }
        self.tab_stop = next;
    }

    fn lay_over(&mut self, grid: &Grid) {
        let has_focus = self.hovered.is_none()
            && self.document.active_element().is_some_and(|e| self.stage.body.contains(Some(&e)));
        let cross = self.hovered.or_else(|| has_focus.then_some(grid.cursor.at));
        if cross.is_none() && !grid.cursor.is_range() && !self.overlays.is_shown() {
            return;
        }
        if self.head.cells().len() != self.overlays.columns() {
            self.read_sizes();
        }
        self.overlays.lay(&self.stage, &self.view, grid, cross);
        self.head.light(cross.map(|place| place.column));
    }

    fn read_row_height(&mut self) {
        let style = web_sys::window().and_then(|window| window.get_computed_style(&self.stage.table).ok().flatten());
        let height = style.and_then(|style| style.get_property_value("--row").ok());
        let height = height.map(|text| js_sys::parse_float(&text));
        self.view.row = height.filter(|height| *height > 1.0).unwrap_or(26.0);
    }

    fn read_scroll(&mut self) {
        self.view.top = f64::from(self.stage.frame.scroll_top());
        let left = f64::from(self.stage.frame.scroll_left());
        if (left > 0.0) != (self.view.left > 0.0) {
            // Sticky headings are dear to draw, so they are sticky only where it shows.
            let _ = self.stage.table.class_list().toggle_with_force("sideways", left > 0.0);
        }
        self.view.left = left;
    }

    fn read_sizes(&mut self) {
        self.view.height = f64::from(self.stage.frame.client_height());
        self.view.width = f64::from(self.stage.frame.client_width());
        self.view.body_width = f64::from(self.stage.body.offset_width());
        self.overlays.measure(self.head.cells());
    }
}

/// Gives an element the focus without scrolling to it.
fn focus(element: &HtmlElement) {
    let options = web_sys::FocusOptions::new();
    options.set_prevent_scroll(true);
    let _ = element.focus_with_options(&options);
}

fn make(document: &Document, tag: &str, class: &str, role: &str) -> Option<Element> {
    let element = document.create_element(tag).ok()?;
    if !class.is_empty() {
        element.set_class_name(class);
    }
    if !role.is_empty() {
        element.set_attribute("role", role).ok()?;
    }
    Some(element)
}

/// A button that Tab passes by: the grid is one stop, its cells do what its buttons do.
fn button(document: &Document, text: &str) -> Option<HtmlElement> {
    let button: HtmlElement = make(document, "button", "", "")?.dyn_into().ok()?;
    button.set_attribute("type", "button").ok()?;
    button.set_tab_index(-1);
    button.set_text_content(Some(text));
    Some(button)
}

fn set_style(element: &HtmlElement, name: &str, value: &str) {
    let _ = element.style().set_property(name, value);
}

/// A length for a style, to a hundredth. Written as whole numbers: code that writes any fraction is 20 kB.
fn pixels(value: f64) -> String {
    let hundredths = to_pixels(value * 100.0);
    let sign = if hundredths < 0 { "-" } else { "" };
    let hundredths = hundredths.unsigned_abs();
    format!("{sign}{}.{:02}px", hundredths / 100, hundredths % 100)
}

/// A small count as a float; counts of rows stay far below 2³².
fn number(count: usize) -> f64 {
    u32::try_from(count).map_or(f64::from(u32::MAX), f64::from)
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to the range first")]
fn to_index(value: f64) -> usize {
    value.clamp(0.0, f64::from(u32::MAX)) as usize
}

#[expect(clippy::cast_possible_truncation, reason = "clamped to the range first")]
fn to_pixels(value: f64) -> i32 {
    value.round().clamp(f64::from(i32::MIN), f64::from(i32::MAX)) as i32
}
