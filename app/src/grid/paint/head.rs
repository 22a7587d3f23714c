//! The two rows of the head: subjects, or levels, over tests, or classes.

use super::{FIRST_COLUMN, button, make, set_style};
use crate::grid::model::Grid;
use crate::grid::rows::{Turned, headings};
use crate::t;
use wasm_bindgen::JsCast;
use web_sys::{Document, Element, HtmlElement};

/// The head as drawn.
#[derive(Debug, Default)]
pub(super) struct Head {
    cells: Vec<Element>,
    /// What each column's cells carry besides their look: does a heading begin, is it alone?
    classes: Vec<&'static str>,
    lit: Option<usize>,
}

impl Head {
    /// The columns' headings, in order.
    pub(super) fn cells(&self) -> &[Element] {
        &self.cells
    }

    /// What the cells of a column carry besides their look.
    pub(super) fn class(&self, column: usize) -> &'static str {
        self.classes.get(column).copied().unwrap_or_default()
    }

    /// Tints the heading of a column.
    pub(super) fn light(&mut self, column: Option<usize>) {
        if self.lit == column {
            return;
        }
        for (at, on) in [(self.lit, false), (column, true)] {
            if let Some(cell) = at.and_then(|at| self.cells.get(at)) {
                let _ = cell.class_list().toggle_with_force("on", on);
            }
        }
        self.lit = column;
    }

    /// Draws both rows anew.
    pub(super) fn draw(&mut self, document: &Document, head: &HtmlElement, grid: &Grid) {
        *self = Self::default();
        head.set_text_content(None);
        let _ = self.try_draw(document, head, grid);
    }

    fn try_draw(&mut self, document: &Document, head: &HtmlElement, grid: &Grid) -> Option<()> {
        let subjects = make(document, "tr", "subjects", "row")?;
        let tests = make(document, "tr", "tests", "row")?;
        for (row, index) in [(&subjects, "1"), (&tests, "2")] {
            row.set_attribute("aria-rowindex", index).ok()?;
        }
        draw_corner(document, grid, &subjects, &tests)?;
        let mut at = 0;
        for (heading, span) in headings(&grid.columns) {
            let alone = span == 1;
            let cell = make(document, "th", if alone { "col s wide" } else { "col s" }, "columnheader")?;
            cell.set_attribute("aria-colindex", &(at + FIRST_COLUMN).to_string()).ok()?;
            if !alone {
                cell.set_attribute("aria-colspan", &span.to_string()).ok()?;
                let style = cell.dyn_ref::<HtmlElement>()?;
                set_style(style, "flex", &format!("{span} 0 calc({span} * var(--col))"));
                set_style(style, "max-inline-size", &format!("calc({span} * var(--col-max))"));
            }
            let name = button(document, &grid.names.heading(heading))?;
            name.set_attribute("data-columns", &format!("{at} {}", at + span)).ok()?;
            cell.append_child(&name).ok()?;
            subjects.append_child(&cell).ok()?;
            for (place, (column, _)) in grid.columns.iter().enumerate().skip(at).take(span) {
                let class = match (alone, place == at) {
                    (true, _) => " s wide",
                    (false, true) => " s",
                    (false, false) => "",
                };
                let cell = make(document, "th", &format!("col{class}"), "columnheader")?;
                cell.set_attribute("aria-colindex", &(place + FIRST_COLUMN).to_string()).ok()?;
                let (name, short) = grid.names.column(*column);
                let button = button(document, short)?;
                if name != short {
                    button.set_attribute("aria-label", name).ok()?;
                }
                button.set_attribute("data-columns", &format!("{place} {}", place + 1)).ok()?;
                cell.append_child(&button).ok()?;
                tests.append_child(&cell).ok()?;
                self.cells.push(cell);
                self.classes.push(class);
            }
            at += span;
        }
        for row in [&subjects, &tests] {
            row.append_child(&*make(document, "th", "rest", "presentation")?).ok()?;
            head.append_child(row).ok()?;
        }
        Some(())
    }
}

/// The corner: what concerns all rows and all columns.
fn draw_corner(document: &Document, grid: &Grid, subjects: &Element, tests: &Element) -> Option<()> {
    let locale = grid.saying.locale;
    let is_teacher = matches!(grid.turned, Turned::Teacher(_));
    let corner = make(document, "th", "first", if is_teacher { "columnheader" } else { "presentation" })?;
    if is_teacher {
        corner.set_attribute("aria-colindex", "1").ok()?;
        let all = button(document, t!(locale, grid.all))?;
        all.set_id("all");
        corner.append_child(&all).ok()?;
    }
    subjects.append_child(&corner).ok()?;
    let first = make(document, "th", "first", "columnheader")?;
    first.set_attribute("aria-colindex", "1").ok()?;
    if is_teacher {
        first.set_attribute("aria-label", t!(locale, grid.class_and_pupil)).ok()?;
        for (what, text) in [("open", t!(locale, grid.fold_all)), ("classes", t!(locale, grid.classes_only))] {
            let button = button(document, text)?;
            button.set_attribute("data-rows", what).ok()?;
            first.append_child(&button).ok()?;
        }
    } else {
        first.set_text_content(Some(t!(locale, grid.teacher)));
    }
    tests.append_child(&first).ok()?;
    Some(())
}
