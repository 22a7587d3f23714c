//! One recycled row and its cells.

use super::head::Head;
use super::{FIRST_COLUMN, HEAD_ROWS, button, make, number, set_style};
use crate::grid::cursor::Place;
use crate::grid::look::{Glyph, Look};
use crate::grid::model::Grid;
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
    /// Does it carry the name that belongs to its look?
    is_named: bool,
}

/// What a slot shows: the row's place, what stands there, and whether it is opened.
type Shown = (usize, Row, Option<bool>);

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
    hidden: bool,
}

impl Slot {
    /// An empty row at the body's end.
    pub(super) fn new(document: &Document, body: &HtmlElement, columns: usize) -> Option<Self> {
        let element: HtmlElement = make(document, "tr", "", "row")?.dyn_into().ok()?;
        let heading = make(document, "th", "first", "rowheader")?;
        heading.set_attribute("aria-colindex", "1").ok()?;
        let inner = make(document, "div", "rh", "")?;
        let open = button(document, "")?;
        open.set_class_name("rh__open");
        let name = make(document, "span", "rh__name", "")?;
        let sub = make(document, "span", "rh__sub", "")?;
        let end = make(document, "span", "rh__n", "")?;
        for part in [open.as_ref(), &name, &sub, &end] {
            inner.append_child(part).ok()?;
        }
        heading.append_child(&inner).ok()?;
        element.append_child(&heading).ok()?;
        let mut cells = Vec::with_capacity(columns);
        for column in 0..columns {
            let cell = make(document, "td", "", "gridcell")?;
            cell.set_attribute("aria-colindex", &(column + FIRST_COLUMN).to_string()).ok()?;
            let mark: HtmlElement = make(document, "span", "", "checkbox")?.dyn_into().ok()?;
            mark.set_tab_index(-1);
            cell.append_child(&mark).ok()?;
            element.append_child(&cell).ok()?;
            cells.push(Drawn { cell, mark, look: None, is_named: false });
        }
        body.append_child(&element).ok()?;
        Some(Self { element, heading, open, name, sub, end, cells, shows: None, hidden: false })
    }

    /// How many cells it has.
    pub(super) const fn columns(&self) -> usize {
        self.cells.len()
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
    pub(super) const fn forget(&mut self) {
        self.shows = None;
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
                drawn.draw(grid, place, look, head.class(column), other);
            }
        }
    }

    /// Gives the cells that show something else the name that belongs to it.
    pub(super) fn name(&mut self, grid: &Grid) {
        let Some((row, content, _)) = self.shows else { return };
        if self.cells.iter().all(|drawn| drawn.is_named) {
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

    fn draw_heading(&self, grid: &Grid, row: usize, content: Row, open: Option<bool>, height: f64) {
        let label = grid.names.label(&grid.scene, content, grid.turned);
        set_style(&self.element, "transform", &format!("translateY({}px)", number(row) * height));
        let _ = self.element.set_attribute("aria-rowindex", &(row + HEAD_ROWS + 1).to_string());
        self.element.set_class_name(match content {
            Row::School => "k-school",
            Row::Level(_) => "k-level",
            Row::Group(_) if open == Some(true) => "k-class opened",
            Row::Group(_) => "k-class",
            Row::Pupil(..) => "k-pupil",
            Row::Fold(..) => "k-fold",
            Row::Teacher(_) => "k-teacher",
        });
        self.name.set_text_content(Some(&label.name));
        self.sub.set_text_content(Some(&label.sub));
        self.end.set_text_content(Some(&label.end));
        self.open.set_hidden(open.is_none());
        if let Some(open) = open {
            let locale = grid.saying.locale;
            let _ = self.open.set_attribute("aria-expanded", if open { "true" } else { "false" });
            let _ = self.open.set_attribute("aria-label", &t!(locale, grid.show_pupils, group = label.name));
        }
        // Said as the cells say it, without the button beside it.
        let _ = match content {
            Row::Pupil(..) | Row::Group(_) => self.heading.set_attribute("aria-label", &grid.names.row(content)),
            _ => self.heading.remove_attribute("aria-label"),
        };
    }
}

impl Drawn {
    /// Draws a look. Where the cell is about something else, it is named at once; else the words of
    /// its new state, which are read and not seen, follow when what is seen has been painted.
    fn draw(&mut self, grid: &Grid, place: Place, look: Option<Look>, column_class: &str, other: bool) {
        let before = std::mem::replace(&mut self.look, look);
        let Some(look) = look else {
            self.cell.set_class_name(&format!("col{column_class}"));
            self.mark.set_hidden(true);
            return;
        };
        if before.is_none() {
            self.mark.set_hidden(false);
        }
        self.cell.set_class_name(&format!("{}{column_class}", look.class()));
        if before.map(|before| before.checked()) != Some(look.checked()) {
            let _ = self.mark.set_attribute("aria-checked", look.checked());
        }
        if before.is_some_and(|before| before.selected) != look.selected {
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
        self.is_named = false;
        if other {
            let row = grid.rows.get(place.row).map(|row| grid.names.row(*row)).unwrap_or_default();
            self.give_name(grid, place, &row);
        }
    }

    fn give_name(&mut self, grid: &Grid, place: Place, row: &str) {
        if self.is_named {
            return;
        }
        let Some((look, target)) = self.look.zip(grid.target(place)) else { return };
        self.is_named = true;
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
