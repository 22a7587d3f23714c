//! One recycled row and its cells.

use super::head::Head;
use super::{FIRST_COLUMN, HEAD_ROWS, button, make, number, pixels, set_style};
use crate::grid::cursor::Place;
use crate::grid::look::{Glyph, Look};
use crate::grid::model::Grid;
use crate::grid::names::Label;
use crate::grid::rows::Row;
use crate::t;
use wasm_bindgen::JsCast;
use web_sys::{Document, Element, HtmlElement};

/// From so many pupils on, a partly shows only how many see it; of how many, the line above says.
const CROWD: u16 = 100;

/// One cell's elements and what they show.
#[derive(Debug)]
struct Drawn {
    cell: Element,
    mark: HtmlElement,
    look: Option<Look>,
    is_selected: bool,
    name: Name,
}

/// What a cell is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Name {
    /// Nothing.
    None,
    /// What it was called before its state changed.
    Old,
    /// What belongs to its look.
    Right,
}

/// What a slot shows: the row's place, what stands there, and whether it is opened.
type Shown = (usize, Row, Option<bool>);

/// An empty row. The browser copies it much faster than its elements can be made one by one.
#[derive(Debug)]
pub(super) struct Pattern {
    row: Element,
    columns: usize,
}

impl Pattern {
    /// A row of so many cells.
    pub(super) fn new(document: &Document, columns: usize) -> Option<Self> {
        let row = make(document, "tr", "", "row")?;
        let heading = make(document, "th", "first", "rowheader")?;
        heading.set_attribute("aria-colindex", "1").ok()?;
        let inner = make(document, "div", "rh", "")?;
        let open = button(document, "")?;
        open.set_class_name("rh__open");
        inner.append_child(&open).ok()?;
        for class in ["rh__name", "rh__sub", "rh__n"] {
            inner.append_child(&*make(document, "span", class, "")?).ok()?;
        }
        heading.append_child(&inner).ok()?;
        row.append_child(&heading).ok()?;
        for column in 0..columns {
            let cell = make(document, "td", "", "gridcell")?;
            cell.set_attribute("aria-colindex", &(column + FIRST_COLUMN).to_string()).ok()?;
            let mark: HtmlElement = make(document, "span", "", "checkbox")?.dyn_into().ok()?;
            mark.set_tab_index(-1);
            cell.append_child(&mark).ok()?;
            row.append_child(&cell).ok()?;
        }
        Some(Self { row, columns })
    }

    /// How many cells it has.
    pub(super) const fn columns(&self) -> usize {
        self.columns
    }
}

/// A recycled row.
#[derive(Debug)]
pub(super) struct Slot {
    element: HtmlElement,
    heading: Element,
    open: HtmlElement,
    name: Element,
    sub: Element,
    end: Element,
    cells: Vec<Drawn>,
    shows: Option<Shown>,
    /// The heading as it is written, and the row's class.
    label: Label,
    kind: &'static str,
    hidden: bool,
}

impl Slot {
    /// An empty row at the body's end.
    pub(super) fn new(pattern: &Pattern, body: &HtmlElement) -> Option<Self> {
        let element: HtmlElement = pattern.row.clone_node_with_deep(true).ok()?.dyn_into().ok()?;
        let heading = element.first_element_child()?;
        let open = heading.first_element_child()?.first_element_child()?;
        let name = open.next_element_sibling()?;
        let sub = name.next_element_sibling()?;
        let end = sub.next_element_sibling()?;
        let mut cells = Vec::with_capacity(pattern.columns);
        let mut next = heading.next_element_sibling();
        while let Some(cell) = next {
            next = cell.next_element_sibling();
            let mark = cell.first_element_child()?.dyn_into().ok()?;
            cells.push(Drawn { cell, mark, look: None, is_selected: false, name: Name::None });
        }
        body.append_child(&element).ok()?;
        let open = open.dyn_into().ok()?;
        let label = Label::default();
        Some(Self { element, heading, open, name, sub, end, cells, shows: None, label, kind: "", hidden: false })
    }

    /// The row it shows.
    pub(super) fn row(&self) -> Option<usize> {
        self.shows.map(|(row, ..)| row)
    }

    /// Is the element within it?
    pub(super) fn holds(&self, element: &Element) -> bool {
        self.element.contains(Some(element))
    }

    /// Makes it draw everything the next time.
    pub(super) fn forget(&mut self) {
        self.shows = None;
        self.cells.iter_mut().for_each(|drawn| drawn.look = None);
    }

    /// Takes it out of sight.
    pub(super) fn hide(&mut self) {
        self.shows = None;
        if !self.hidden {
            self.hidden = true;
            self.element.set_hidden(true);
        }
    }

    /// The element of a cell, if it shows that row.
    pub(super) fn mark(&self, place: Place) -> Option<HtmlElement> {
        let cell = self.cells.get(place.column).filter(|_| self.row() == Some(place.row))?;
        Some(cell.mark.clone())
    }

    /// Draws a row as far as the slot shows something else; a row that it shows already only if `all`.
    pub(super) fn draw(&mut self, grid: &Grid, head: &Head, row: usize, content: Row, height: f64, all: bool) {
        let open = match content {
            Row::Group(group) => Some(grid.folding.open.contains_key(&group)),
            _ => None,
        };
        let shows = Some((row, content, open));
        let other = self.shows != shows;
        if other {
            if std::mem::take(&mut self.hidden) {
                self.element.set_hidden(false);
            }
            self.draw_heading(grid, row, content, open, height);
            self.shows = shows;
        } else if !all {
            return;
        }
        for (column, drawn) in self.cells.iter_mut().enumerate() {
            let place = Place::new(row, column);
            let look = grid.look(place);
            if other || drawn.look != look {
                drawn.draw(grid, look, head.class(column), other);
            }
        }
    }

    /// Gives the cells that show something else the name that belongs to it.
    pub(super) fn name(&mut self, grid: &Grid) {
        let Some((row, content, _)) = self.shows else { return };
        if self.cells.iter().all(|drawn| drawn.name == Name::Right) {
            return;
        }
        let name = grid.names.row(content);
        for (column, drawn) in self.cells.iter_mut().enumerate() {
            drawn.give_name(grid, Place::new(row, column), &name);
        }
    }

    /// The same for one cell.
    pub(super) fn name_one(&mut self, grid: &Grid, place: Place) {
        let Some((row, content, _)) = self.shows.filter(|(row, ..)| *row == place.row) else { return };
        if let Some(drawn) = self.cells.get_mut(place.column) {
            drawn.give_name(grid, Place::new(row, place.column), &grid.names.row(content));
        }
    }

    fn draw_heading(&mut self, grid: &Grid, row: usize, content: Row, open: Option<bool>, height: f64) {
        let label = grid.names.label(&grid.scene, content, grid.turned);
        set_style(&self.element, "transform", &format!("translateY({})", pixels(number(row) * height)));
        let _ = self.element.set_attribute("aria-rowindex", &(row + HEAD_ROWS + 1).to_string());
        let kind = match content {
            Row::School => "k-school",
            Row::Level(_) => "k-level",
            Row::Group(_) if open == Some(true) => "k-class opened",
            Row::Group(_) => "k-class",
            Row::Pupil(..) => "k-pupil",
            Row::Fold(..) => "k-fold",
            Row::Teacher(_) => "k-teacher",
        };
        if std::mem::replace(&mut self.kind, kind) != kind {
            self.element.set_class_name(kind);
            self.open.set_hidden(open.is_none());
        }
        let parts = [
            (&self.name, &label.name, &self.label.name),
            (&self.sub, &label.sub, &self.label.sub),
            (&self.end, &label.end, &self.label.end),
        ];
        for (element, text, before) in parts {
            if text != before {
                element.set_text_content(Some(text));
            }
        }
        if let Some(open) = open {
            let locale = grid.saying.locale;
            let _ = self.open.set_attribute("aria-expanded", if open { "true" } else { "false" });
            let _ = self.open.set_attribute("aria-label", &t!(locale, grid.show_pupils, group = label.name));
        }
        self.label = label;
        // Said as the cells say it, without the button beside it.
        let _ = match content {
            Row::Pupil(..) | Row::Group(_) => self.heading.set_attribute("aria-label", &grid.names.row(content)),
            _ => self.heading.remove_attribute("aria-label"),
        };
    }
}

impl Drawn {
    /// Draws a look as far as it is another one. The words follow when what is seen has been
    /// painted; until then a cell that is about something else has no name rather than a wrong one.
    fn draw(&mut self, grid: &Grid, look: Option<Look>, column_class: &str, other: bool) {
        let before = std::mem::replace(&mut self.look, look);
        if other && self.name != Name::None {
            self.name = Name::None;
            let _ = self.mark.remove_attribute("aria-label");
        }
        let Some(look) = look else {
            self.cell.set_class_name(&format!("col{column_class}"));
            self.mark.set_hidden(true);
            return;
        };
        if before == Some(look) {
            return;
        }
        if self.name == Name::Right {
            self.name = Name::Old;
        }
        if before.is_none() {
            self.mark.set_hidden(false);
        }
        if before.is_none_or(|before| !before.has_class_of(&look)) {
            self.cell.set_class_name(&format!("{}{column_class}", look.class()));
        }
        if before.map(|before| before.checked()) != Some(look.checked()) {
            let _ = self.mark.set_attribute("aria-checked", look.checked());
        }
        if std::mem::replace(&mut self.is_selected, look.selected) != look.selected {
            let _ = if look.selected {
                self.cell.set_attribute("aria-selected", "true")
            } else {
                self.cell.remove_attribute("aria-selected")
            };
        }
        let figure = figure(grid, &look);
        if figure.is_some() || before.is_none_or(|before| before.glyph == Glyph::Part || before.exempt) {
            self.mark.set_text_content(figure.as_deref());
        }
    }

    fn give_name(&mut self, grid: &Grid, place: Place, row: &str) {
        if self.name == Name::Right {
            return;
        }
        let Some((look, target)) = self.look.zip(grid.target(place)) else { return };
        self.name = Name::Right;
        let column = grid.columns.get(place.column).map_or("", |(column, _)| grid.names.column(*column).0);
        let _ = self.mark.set_attribute("aria-label", &format!("{row}, {column}: {}", grid.state(target, &look)));
    }
}

/// The few characters inside a cell.
fn figure(grid: &Grid, look: &Look) -> Option<String> {
    match look.glyph {
        Glyph::Part if look.of >= CROWD || look.drafted.is_some() => Some(look.yes.to_string()),
        Glyph::Part => Some(format!("{}/{}", look.yes, look.of)),
        Glyph::No if look.exempt => Some(t!(grid.saying.locale, grid.exempt_short).to_owned()),
        _ => None,
    }
}
