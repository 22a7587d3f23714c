//! Draws the rows in sight, and nothing else, straight into the table.
//!
//! Row elements are recycled while one scrolls; a cell is touched only when its look or what it is
//! about has changed. Crosshair and selection are rectangles laid over the rows. This is the one
//! place where the page is not made by Leptos: a view per cell would cost ten times as much.

use super::cursor::Place;
use super::look::{Glyph, Look};
use super::model::Grid;
use super::rows::{Opened, Row, Turned, headings};
use crate::t;
use std::cell::Cell;
use wasm_bindgen::JsCast;
use web_sys::{Document, Element, HtmlElement};

/// Rows drawn above and below those in sight.
const OVERSCAN: usize = 8;
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

/// One cell's elements and what they show.
#[derive(Debug)]
struct Drawn {
    cell: Element,
    mark: HtmlElement,
    look: Option<Look>,
}

/// One recycled row.
#[derive(Debug)]
struct Slot {
    element: HtmlElement,
    heading: Element,
    open: HtmlElement,
    name: Element,
    sub: Element,
    end: Element,
    cells: Vec<Drawn>,
    /// The row it shows, by place and content.
    shows: Option<(usize, Row, Option<bool>)>,
}

/// A column's place across the table, in pixels.
#[derive(Clone, Copy, Debug, Default)]
struct Across {
    left: f64,
    width: f64,
}

/// The painter.
#[derive(Debug)]
pub struct Painter {
    stage: Stage,
    document: Document,
    slots: Vec<Slot>,
    head_cells: Vec<Element>,
    across: Vec<Across>,
    row_height: f64,
    /// Height of the frame and width of the table's body; read where nothing waits to be laid out.
    view: (f64, f64),
    /// What the table's counts and height were last set for.
    sized_for: (usize, usize),
    first: usize,
    /// The side and the number of columns that head and slots are made for.
    made_for: Option<(Turned, usize)>,
    tab_stop: Option<HtmlElement>,
    hovered: Option<Place>,
    lit_column: Cell<Option<usize>>,
    shows_all: bool,
}

impl Painter {
    /// A painter on an empty stage.
    #[must_use]
    pub fn new(stage: Stage) -> Option<Self> {
        let document = stage.table.owner_document()?;
        Some(Self {
            stage,
            document,
            slots: Vec::new(),
            head_cells: Vec::new(),
            across: Vec::new(),
            row_height: 0.0,
            view: (0.0, 0.0),
            sized_for: (usize::MAX, usize::MAX),
            first: 0,
            made_for: None,
            tab_stop: None,
            hovered: None,
            lit_column: Cell::new(None),
            shows_all: false,
        })
    }

    /// The elements it draws on.
    #[must_use]
    pub const fn stage(&self) -> &Stage {
        &self.stage
    }

    /// Draws what has changed.
    pub fn paint(&mut self, grid: &Grid) {
        let made_for = (grid.turned, grid.columns.len());
        let same_columns = self.made_for.is_some_and(|(turned, columns)| {
            columns == made_for.1 && std::mem::discriminant(&turned) == std::mem::discriminant(&grid.turned)
        });
        if !same_columns {
            self.measure_rows();
            self.draw_head(grid);
            self.slots.clear();
            self.stage.body.set_text_content(None);
            self.tab_stop = None;
        } else if self.made_for != Some(made_for) {
            // The same columns about something else: every name changes, few looks do.
            self.slots.iter_mut().for_each(|slot| slot.shows = None);
        }
        self.made_for = Some(made_for);
        self.size(grid);
        self.draw_rows(grid, true);
        if self.across.len() != grid.columns.len() {
            self.measure_columns();
        }
        self.paint_overlays(grid);
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
        set_style(&self.stage.body, "height", &format!("{}px", self.row_height * number(sizes.0)));
        self.view.0 = f64::from(self.stage.frame.client_height());
    }

    /// Draws the rows that have come into sight; those that were in sight already stay.
    pub fn scrolled(&mut self, grid: &Grid) {
        self.draw_rows(grid, false);
    }

    /// The cell with the focus is another one.
    pub fn moved(&mut self, grid: &Grid) {
        self.place_tab_stop(grid);
        self.paint_overlays(grid);
    }

    /// Draws rows: all in sight as far as they differ, or only those that have come into sight.
    fn draw_rows(&mut self, grid: &Grid, all: bool) {
        let rows = grid.rows.len();
        let in_sight = if self.shows_all { rows } else { self.page() + 1 + 2 * OVERSCAN };
        let wanted = in_sight.min(rows).max(1);
        while self.slots.len() < wanted {
            let Some(slot) = self.make_slot(grid.columns.len()) else { return };
            self.slots.push(slot);
        }
        let size = self.slots.len();
        let top = to_index((f64::from(self.stage.frame.scroll_top()) / self.row_height).floor());
        self.first = top.saturating_sub(OVERSCAN).min(rows.saturating_sub(size));
        let first = self.first;
        let mut focus_lost = false;
        let focused = self.document.active_element();
        for (at, slot) in self.slots.iter_mut().enumerate() {
            // The row in first..first + size that falls to this slot.
            let row = first + (at + size - first % size) % size;
            let Some(content) = grid.rows.get(row).copied() else {
                if slot.shows.take().is_some() {
                    slot.element.set_hidden(true);
                    set_style(&slot.element, "display", "none");
                }
                continue;
            };
            let moved = slot.shows.is_some_and(|(shown, _, _)| shown != row);
            if moved && !focus_lost {
                focus_lost = focused.as_ref().is_some_and(|focused| slot.element.contains(Some(focused)));
            }
            draw_row(slot, grid, row, content, self.row_height, all);
        }
        if focus_lost {
            // The cell with the focus has scrolled away; the table keeps the keyboard meanwhile.
            self.stage.table.set_tab_index(0);
            let options = web_sys::FocusOptions::new();
            options.set_prevent_scroll(true);
            let _ = self.stage.table.focus_with_options(&options);
        }
        self.place_tab_stop(grid);
    }

    /// How many whole rows fit below the head.
    #[must_use]
    pub fn page(&self) -> usize {
        let height = self.view.0 - number(HEAD_ROWS) * self.row_height;
        to_index((height / self.row_height).floor()).max(1)
    }

    /// Draws every row, for print; or again only those in sight.
    pub fn show_all(&mut self, grid: &Grid, all: bool) {
        self.shows_all = all;
        if !all {
            self.slots.clear();
            self.stage.body.set_text_content(None);
        }
        self.draw_rows(grid, true);
    }

    /// Measures anew, as after the window or its letters changed their size.
    pub fn resized(&mut self, grid: &Grid) {
        self.measure_rows();
        self.measure_columns();
        self.sized_for = (usize::MAX, usize::MAX);
        self.slots.iter_mut().for_each(|slot| slot.shows = None);
        self.paint(grid);
    }

    /// Brings the active cell into sight and, if wished, gives it the focus.
    pub fn reveal(&mut self, grid: &Grid, focus: bool) {
        let Place { row, column } = grid.cursor.at;
        let frame = &self.stage.frame;
        let (top, bottom) = (number(row) * self.row_height, number(row + 1) * self.row_height);
        let height = self.view.0 - number(HEAD_ROWS) * self.row_height;
        let scrolled = f64::from(frame.scroll_top());
        if top < scrolled {
            frame.set_scroll_top(to_pixels(top));
        } else if bottom > scrolled + height {
            frame.set_scroll_top(to_pixels(bottom - height));
        }
        if let Some(Across { left, width }) = self.across.get(column).copied() {
            let start = self.across.first().map_or(0.0, |first| first.left);
            let (scrolled, wide) = (f64::from(frame.scroll_left()), f64::from(frame.client_width()));
            if left - start < scrolled {
                frame.set_scroll_left(to_pixels(left - start));
            } else if left + width > scrolled + wide {
                frame.set_scroll_left(to_pixels(left + width - wide));
            }
        }
        self.draw_rows(grid, false);
        self.paint_overlays(grid);
        if focus && let Some(mark) = self.mark(grid.cursor.at) {
            let options = web_sys::FocusOptions::new();
            options.set_prevent_scroll(true);
            let _ = mark.focus_with_options(&options);
        }
    }

    /// The element of a cell, if it is drawn.
    fn mark(&self, place: Place) -> Option<HtmlElement> {
        let size = self.slots.len();
        if size == 0 {
            return None;
        }
        let slot = self.slots.get(place.row % size).filter(|slot| slot.shows.is_some_and(|(row, ..)| row == place.row));
        Some(slot?.cells.get(place.column)?.mark.clone())
    }

    /// The one cell that Tab reaches; the table where that cell is not drawn.
    fn place_tab_stop(&mut self, grid: &Grid) {
        let next = self.mark(grid.cursor.at);
        if next.as_ref() == self.tab_stop.as_ref() && next.is_some() {
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

    /// Moves the crosshair to a hovered cell, or back to the active one.
    pub fn hover(&mut self, grid: &Grid, place: Option<Place>) {
        if self.hovered != place {
            self.hovered = place;
            self.paint_overlays(grid);
        }
    }

    fn paint_overlays(&self, grid: &Grid) {
        let has_focus = self.document.active_element().is_some_and(|e| self.stage.table.contains(Some(&e)));
        let cross = self.hovered.or_else(|| has_focus.then_some(grid.cursor.at));
        let width = self.view.1;
        let head = number(HEAD_ROWS) * self.row_height;
        let body = number(grid.rows.len()) * self.row_height;
        let row = cross.map(|place| (0.0, head + number(place.row) * self.row_height, width, self.row_height));
        let column =
            cross.and_then(|place| self.across.get(place.column)).map(|at| (at.left, 0.0, at.width, head + body));
        let range = grid.cursor.is_range().then(|| grid.cursor.range()).and_then(|range| {
            let (left, right) = (self.across.get(range.left)?, self.across.get(range.right)?);
            let top = head + number(range.top) * self.row_height;
            let height = number(range.rows().count()) * self.row_height;
            Some((left.left, top, right.left + right.width - left.left, height))
        });
        let scrolled = f64::from(self.stage.frame.scroll_left());
        let hidden_below = self.across.first().map_or(0.0, |first| first.left) + scrolled;
        lay_over(&self.stage.over_row, row);
        lay_over(&self.stage.over_column, column.and_then(|column| clipped(column, hidden_below)));
        lay_over(&self.stage.over_range, range.and_then(|range| clipped(range, hidden_below)));
        self.light_head(cross.map(|place| place.column));
    }

    fn light_head(&self, column: Option<usize>) {
        let before = self.lit_column.replace(column);
        if before == column {
            return;
        }
        for (at, on) in [(before, false), (column, true)] {
            if let Some(cell) = at.and_then(|at| self.head_cells.get(at)) {
                let _ = cell.class_list().toggle_with_force("on", on);
            }
        }
    }

    fn measure_rows(&mut self) {
        let style = web_sys::window().and_then(|window| window.get_computed_style(&self.stage.table).ok().flatten());
        let height = style.and_then(|style| style.get_property_value("--row").ok());
        let height = height.and_then(|text| text.trim().trim_end_matches("px").parse().ok());
        self.row_height = height.unwrap_or(26.0);
    }

    fn measure_columns(&mut self) {
        let across = |cell: &Element| {
            let cell = cell.dyn_ref::<HtmlElement>();
            cell.map_or_else(Across::default, |cell| Across {
                left: f64::from(cell.offset_left()),
                width: f64::from(cell.offset_width()),
            })
        };
        self.across = self.head_cells.iter().map(across).collect();
        self.view = (f64::from(self.stage.frame.client_height()), f64::from(self.stage.body.offset_width()));
    }

    fn make(&self, tag: &str, class: &str, role: &str) -> Option<Element> {
        let element = self.document.create_element(tag).ok()?;
        if !class.is_empty() {
            element.set_class_name(class);
        }
        if !role.is_empty() {
            element.set_attribute("role", role).ok()?;
        }
        Some(element)
    }

    fn button(&self, text: &str) -> Option<Element> {
        let button = self.make("button", "", "")?;
        button.set_attribute("type", "button").ok()?;
        button.set_attribute("tabindex", "-1").ok()?;
        button.set_text_content(Some(text));
        Some(button)
    }

    /// Draws both rows of the head.
    fn draw_head(&mut self, grid: &Grid) {
        self.head_cells.clear();
        self.across.clear();
        self.lit_column.set(None);
        self.stage.head.set_text_content(None);
        let _ = self.try_draw_head(grid);
    }

    fn try_draw_head(&mut self, grid: &Grid) -> Option<()> {
        let locale = grid.saying.locale;
        let subjects = self.make("tr", "subjects", "row")?;
        let tests = self.make("tr", "tests", "row")?;
        for (row, index) in [(&subjects, 1), (&tests, 2)] {
            row.set_attribute("aria-rowindex", &index.to_string()).ok()?;
        }
        let corner = self.make("th", "first", "columnheader")?;
        corner.set_attribute("aria-colindex", "1").ok()?;
        if matches!(grid.turned, Turned::Teacher(_)) {
            let all = self.button(t!(locale, grid.all))?;
            all.set_id("all");
            corner.append_child(&all).ok()?;
        }
        subjects.append_child(&corner).ok()?;
        let first = self.make("th", "first", "columnheader")?;
        first.set_attribute("aria-colindex", "1").ok()?;
        first.set_text_content(Some(match grid.turned {
            Turned::Teacher(_) => t!(locale, grid.class_and_pupil),
            Turned::Scope(_) | Turned::Pupil(_) | Turned::Test(_) => t!(locale, grid.teacher),
        }));
        if matches!(grid.turned, Turned::Teacher(_)) {
            for (what, text) in [("open", t!(locale, grid.fold_all)), ("classes", t!(locale, grid.classes_only))] {
                let button = self.button(text)?;
                button.set_attribute("data-rows", what).ok()?;
                first.append_child(&button).ok()?;
            }
        }
        tests.append_child(&first).ok()?;
        let mut at = 0;
        for (heading, span) in headings(&grid.columns) {
            let cell = self.make("th", "col s", "columnheader")?;
            cell.set_attribute("aria-colindex", &(at + FIRST_COLUMN).to_string()).ok()?;
            cell.set_attribute("aria-colspan", &span.to_string()).ok()?;
            let style = cell.dyn_ref::<HtmlElement>()?;
            set_style(style, "flex", &format!("{span} 0 calc({span} * var(--col))"));
            set_style(style, "max-inline-size", &format!("calc({span} * var(--col-max))"));
            let button = self.button(&grid.names.heading(heading))?;
            button.set_attribute("data-columns", &format!("{at} {}", at + span)).ok()?;
            cell.append_child(&button).ok()?;
            subjects.append_child(&cell).ok()?;
            for (place, (column, _)) in grid.columns.iter().enumerate().skip(at).take(span) {
                let cell = self.make("th", if place == at { "col s" } else { "col" }, "columnheader")?;
                cell.set_attribute("aria-colindex", &(place + FIRST_COLUMN).to_string()).ok()?;
                let (name, short) = grid.names.column(*column);
                let button = self.button(short)?;
                if name != short {
                    button.set_attribute("aria-label", name).ok()?;
                }
                button.set_attribute("data-columns", &format!("{place} {}", place + 1)).ok()?;
                cell.append_child(&button).ok()?;
                tests.append_child(&cell).ok()?;
                self.head_cells.push(cell);
            }
            at += span;
        }
        for row in [&subjects, &tests] {
            let rest = self.make("th", "rest", "presentation")?;
            row.append_child(&rest).ok()?;
            self.stage.head.append_child(row).ok()?;
        }
        Some(())
    }

    fn make_slot(&self, columns: usize) -> Option<Slot> {
        let element: HtmlElement = self.make("tr", "", "row")?.dyn_into().ok()?;
        let heading = self.make("th", "first", "rowheader")?;
        heading.set_attribute("aria-colindex", "1").ok()?;
        let inner = self.make("div", "rh", "")?;
        let open: HtmlElement = self.button("")?.dyn_into().ok()?;
        open.set_class_name("rh__open");
        let name = self.make("span", "rh__name", "")?;
        let sub = self.make("span", "rh__sub", "")?;
        let end = self.make("span", "rh__n", "")?;
        for part in [open.as_ref(), &name, &sub, &end] {
            inner.append_child(part).ok()?;
        }
        heading.append_child(&inner).ok()?;
        element.append_child(&heading).ok()?;
        let mut cells = Vec::with_capacity(columns);
        for column in 0..columns {
            let cell = self.make("td", "cell col", "gridcell")?;
            cell.set_attribute("aria-colindex", &(column + FIRST_COLUMN).to_string()).ok()?;
            let mark: HtmlElement = self.make("span", "", "checkbox")?.dyn_into().ok()?;
            mark.set_tab_index(-1);
            cell.append_child(&mark).ok()?;
            element.append_child(&cell).ok()?;
            cells.push(Drawn { cell, mark, look: None });
        }
        self.stage.body.append_child(&element).ok()?;
        Some(Slot { element, heading, open, name, sub, end, cells, shows: None })
    }
}

/// Draws a row into a slot, as far as it shows something else.
fn draw_row(slot: &mut Slot, grid: &Grid, row: usize, content: Row, height: f64, all: bool) {
    let open = match content {
        Row::Group(group) => Some(grid.folding.open.contains_key(&group)),
        _ => None,
    };
    let shows = Some((row, content, open));
    let other = slot.shows != shows;
    if other {
        if slot.shows.is_none() {
            slot.element.set_hidden(false);
            set_style(&slot.element, "display", "");
        }
        draw_heading(slot, grid, row, content, open, height);
        slot.shows = shows;
    } else if !all {
        return;
    }
    let name = if other { grid.names.row(content) } else { String::new() };
    for (column, drawn) in slot.cells.iter_mut().enumerate() {
        let look = grid.look(Place::new(row, column));
        if !other && drawn.look == look {
            continue;
        }
        draw_cell(drawn, grid, Place::new(row, column), look, if other { Some(&name) } else { None });
    }
}

fn draw_heading(slot: &Slot, grid: &Grid, row: usize, content: Row, open: Option<bool>, height: f64) {
    let label = grid.names.label(&grid.scene, content, grid.turned);
    set_style(&slot.element, "transform", &format!("translateY({}px)", number(row) * height));
    let _ = slot.element.set_attribute("aria-rowindex", &(row + HEAD_ROWS + 1).to_string());
    let (class, level) = match content {
        Row::School => ("k-school", "1"),
        Row::Level(_) => ("k-level", "1"),
        Row::Group(_) if open == Some(true) => ("k-class opened", "1"),
        Row::Group(_) => ("k-class", "1"),
        Row::Pupil(..) => ("k-pupil", "2"),
        Row::Fold(..) => ("k-fold", "2"),
        Row::Teacher(_) => ("k-teacher", "1"),
    };
    slot.element.set_class_name(class);
    let _ = slot.element.set_attribute("aria-level", level);
    slot.name.set_text_content(Some(&label.name));
    slot.sub.set_text_content(Some(&label.sub));
    slot.end.set_text_content(Some(&label.end));
    slot.open.set_hidden(open.is_none());
    match open {
        Some(open) => {
            let locale = grid.saying.locale;
            let _ = slot.open.set_attribute("aria-expanded", if open { "true" } else { "false" });
            let _ = slot.open.set_attribute("aria-label", &t!(locale, grid.show_pupils, group = label.name));
        }
        None => {
            let _ = slot.open.remove_attribute("aria-expanded");
            let _ = slot.open.remove_attribute("aria-label");
        }
    }
    let _ = match content {
        Row::Pupil(..) => slot.heading.set_attribute("aria-label", &grid.names.row(content)),
        _ => slot.heading.remove_attribute("aria-label"),
    };
}

fn draw_cell(drawn: &mut Drawn, grid: &Grid, place: Place, look: Option<Look>, row_name: Option<&str>) {
    let before = drawn.look;
    drawn.look = look;
    let Some((look, target)) = look.zip(grid.target(place)) else {
        drawn.cell.set_class_name("col");
        drawn.mark.set_hidden(true);
        drawn.mark.set_text_content(None);
        let _ = drawn.mark.remove_attribute("aria-checked");
        return;
    };
    if before.is_none() {
        drawn.mark.set_hidden(false);
    }
    let starts =
        grid.columns.get(place.column).zip(place.column.checked_sub(1).and_then(|left| grid.columns.get(left)));
    let starts_heading = starts.is_none_or(|((_, heading), (_, left))| heading != left);
    let mut class = look.class();
    if starts_heading {
        class.push_str(" s");
    }
    drawn.cell.set_class_name(&class);
    if before.map(|before| before.checked()) != Some(look.checked()) {
        let _ = drawn.mark.set_attribute("aria-checked", look.checked());
    }
    if before.is_some_and(|before| before.selected) != look.selected {
        let _ = if look.selected {
            drawn.cell.set_attribute("aria-selected", "true")
        } else {
            drawn.cell.remove_attribute("aria-selected")
        };
    }
    let text = |look: &Look| match look.glyph {
        Glyph::Part => Some(format!("{}/{}", look.yes, look.of)),
        _ if look.exempt => Some(t!(grid.saying.locale, grid.exempt_short).to_owned()),
        _ => None,
    };
    let now = text(&look);
    if before.as_ref().and_then(text) != now {
        drawn.mark.set_text_content(now.as_deref());
    }
    let state = grid.state(target, &look);
    let column = grid.columns.get(place.column).map_or("", |(column, _)| grid.names.column(*column).0);
    let name = match row_name {
        Some(row) => format!("{row}, {column}: {state}"),
        None => {
            let row = grid.rows.get(place.row).map(|row| grid.names.row(*row)).unwrap_or_default();
            format!("{row}, {column}: {state}")
        }
    };
    let _ = drawn.mark.set_attribute("aria-label", &name);
}

/// Which pupils of an opened group are shown; used by the fold's link.
#[must_use]
pub fn is_folded(grid: &Grid, row: Row) -> bool {
    matches!(row, Row::Fold(group, _) if matches!(grid.folding.open.get(&group), Some(Opened::Differing(_))))
}

type Rectangle = (f64, f64, f64, f64);

/// What of a rectangle lies beside the sticky first column.
fn clipped((left, top, width, height): Rectangle, hidden_below: f64) -> Option<Rectangle> {
    let cut = (hidden_below - left).max(0.0);
    (cut < width).then_some((left + cut, top, width - cut, height))
}

fn lay_over(element: &HtmlElement, at: Option<Rectangle>) {
    let Some((left, top, width, height)) = at else {
        set_style(element, "visibility", "hidden");
        return;
    };
    set_style(element, "transform", &format!("translate({left}px, {top}px)"));
    set_style(element, "width", &format!("{width}px"));
    set_style(element, "height", &format!("{height}px"));
    set_style(element, "visibility", "visible");
}

fn set_style(element: &HtmlElement, name: &str, value: &str) {
    let _ = element.style().set_property(name, value);
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
