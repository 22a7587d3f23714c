//! What joins the grid to the page: the one grid that is open, and the signals that the parts
//! around it listen to.
//!
//! The grid lives outside the reactive system: a click changes it, the painter draws what differs,
//! and a handful of signals tell the line above, the change bar and the opened cell.

mod hands;
mod held;
mod says;

use super::cursor::{Cursor, Place};
use super::drafting::{Dates, Target, Wish};
use super::keeping::{self, Keeping, Notice};
use super::model::{Grid, Summary};
use super::paint::{Painter, Stage};
use super::rows::{Row, Turned};
use crate::error::AppError;
use crate::text::Locale;
use domain::Effect;
use domain::draft::EditFault;
use held::{draw, resized, reveal};
pub(super) use held::{open, place_of, scrolled, show_all, with};
use leptos::prelude::*;
pub use says::Says;
use says::active;

/// How far the page has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Phase {
    /// The school is on its way.
    Loading,
    /// The grid is there.
    Ready,
    /// The school did not come.
    Failed(AppError),
}

/// What is laid over the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sheet {
    /// First and last day of what is newly given, or of the selected cells.
    Dates {
        /// Of the selected cells?
        of_cells: bool,
    },
    /// Rights of a colleague.
    Copy,
    /// Throwing the draft away.
    Discard,
}

/// The signals around the grid.
#[derive(Clone, Copy, Debug)]
pub struct Board {
    /// How far the page has come.
    pub phase: RwSignal<Phase>,
    /// The line above the grid.
    pub says: RwSignal<Says>,
    /// The change bar.
    pub summary: RwSignal<Summary>,
    /// Raised when the grid is turned, or the school has changed.
    pub turned: RwSignal<u32>,
    /// Raised a moment after an edit.
    pub edited: RwSignal<u32>,
    /// The opened cell.
    pub detail: RwSignal<Option<Target>>,
    /// What is laid over the page.
    pub sheet: RwSignal<Option<Sheet>>,
    /// The query of "find"; `None` while it is closed.
    pub find: RwSignal<Option<String>>,
    /// Is the draft kept?
    pub keeping: RwSignal<Keeping>,
    /// Something the person should know, until dismissed.
    pub notice: RwSignal<Option<Notice>>,
    /// The page's language.
    pub locale: Locale,
}

impl Board {
    /// The signals of a page.
    #[must_use]
    pub fn new(locale: Locale) -> Self {
        Self {
            phase: RwSignal::new(Phase::Loading),
            says: RwSignal::new(Says::default()),
            summary: RwSignal::new(Summary::default()),
            turned: RwSignal::new(0),
            edited: RwSignal::new(0),
            detail: RwSignal::new(None),
            sheet: RwSignal::new(None),
            find: RwSignal::new(None),
            keeping: RwSignal::new(Keeping::Kept(None)),
            notice: RwSignal::new(None),
            locale,
        }
    }

    /// Hands the painter its stage and draws the grid for the first time.
    pub fn raise(&self, stage: Stage) {
        with(|held| {
            held.painter = Painter::new(stage, || {
                with(resized);
            });
            draw(held);
        });
    }

    /// Turns the grid.
    pub fn turn(&self, turned: Turned) {
        with(|held| {
            held.grid.turn(turned);
            draw(held);
        });
        self.detail.set(None);
        self.turned.update(|n| *n += 1);
        self.say_active();
    }

    /// Draws again what has changed, and tells the parts around the grid.
    pub fn refresh(&self) {
        with(draw);
        self.tell();
    }

    /// Tells bar and line what the grid says now.
    pub fn tell(&self) {
        if let Some(summary) = with(|held| held.grid.summary())
            && self.summary.with_untracked(|before| *before != summary)
        {
            self.summary.set(summary);
        }
        self.say_active();
    }

    /// Makes an edit: draws it, says it, keeps it.
    pub fn edit(&self, change: impl FnOnce(&mut Grid) -> Result<(), EditFault>) -> bool {
        let done = with(|held| {
            let done = change(&mut held.grid);
            draw(held);
            done
        });
        self.tell();
        match done {
            None => false,
            Some(Ok(())) => {
                keeping::soon(*self);
                true
            }
            Some(Err(fault)) => {
                let fault = with(|held| held.grid.saying.fault(fault)).unwrap_or_default();
                self.says.update(|says| fault.clone_into(&mut says.text));
                false
            }
        }
    }

    /// A step back or forth.
    pub fn step(&self, back: bool) {
        let stepped = with(|held| {
            let stepped = if back { held.grid.undo() } else { held.grid.redo() };
            draw(held);
            stepped
        });
        if stepped == Some(true) {
            keeping::soon(*self);
        }
        self.tell();
    }

    /// Says something in all that is selected.
    pub fn say(&self, effect: Effect, dates: Option<Dates>) {
        self.edit(|grid| {
            let dates = dates.unwrap_or(if effect == Effect::Give { grid.dates } else { Dates::default() });
            let selected = grid.selected();
            grid.say(&selected, effect, dates)
        });
    }

    /// Extends the last edit to the pupils whose own words kept their answer.
    pub fn also(&self) {
        self.edit(|grid| {
            let Some((aftermath, yes)) = grid.aftermath.take() else { return Ok(()) };
            let edits = grid.edits().to_vec();
            let (edits, _) = super::drafting::wish(
                &mut grid.scene,
                &edits,
                &aftermath.kept,
                if yes { Wish::Yes } else { Wish::No },
                Dates::default(),
            )?;
            grid.replace(edits)
        });
    }

    /// Settles the conflict in a cell.
    pub fn settle(&self, target: Target, mine: bool) {
        self.edit(|grid| grid.settle(target, mine));
    }

    /// Opens or closes what a row opens.
    pub fn fold(&self, row: Row) {
        with(|held| {
            match row {
                Row::Group(group) | Row::Pupil(group, _) => held.grid.fold(group, false),
                Row::Fold(group, _) => held.grid.fold(group, true),
                Row::School | Row::Level(_) | Row::Teacher(_) => {}
            }
            draw(held);
            keeping::remember_open(&held.grid);
        });
        self.say_active();
    }

    /// Opens every class, or closes all.
    pub fn fold_all(&self) {
        self.lay_rows(|grid| {
            if grid.folding.open.is_empty() { grid.folding.open_all(&grid.scene) } else { grid.folding.open.clear() }
        });
    }

    /// Leaves out the school, the levels and other groups, or shows them again.
    pub fn classes_only(&self) {
        self.lay_rows(|grid| grid.folding.classes_only = !grid.folding.classes_only);
    }

    fn lay_rows(&self, change: impl FnOnce(&mut Grid)) {
        with(|held| {
            change(&mut held.grid);
            held.grid.refold();
            draw(held);
            keeping::remember_open(&held.grid);
        });
        self.say_active();
    }

    /// Toggles the cells of a row.
    pub fn toggle_row(&self, row: usize) {
        self.edit(|grid| {
            let line = grid.line((0..grid.columns.len()).map(|column| Place::new(row, column)));
            grid.toggle_all(&line)
        });
    }

    /// Toggles the cells of neighbouring columns.
    pub fn toggle_columns(&self, from: usize, to: usize) {
        self.edit(|grid| {
            let classes = |row: &usize| matches!(grid.rows.get(*row), Some(Row::Group(_) | Row::Teacher(_)));
            let rows: Vec<usize> = (0..grid.rows.len()).filter(classes).collect();
            let line = grid.line(rows.into_iter().flat_map(|row| (from..to).map(move |c| Place::new(row, c))));
            grid.toggle_all(&line)
        });
    }

    /// Opens the active cell beside the grid.
    pub fn open_cell(&self) {
        let row = with(|held| held.grid.rows.get(held.grid.cursor.at.row).copied()).flatten();
        if let Some(row @ Row::Fold(..)) = row {
            return self.fold(row);
        }
        let target = with(|held| held.grid.target(held.grid.cursor.at)).flatten();
        if target.is_some() {
            self.detail.set(target);
        }
    }

    /// Goes to a row.
    pub fn go_to(&self, row: usize, focus: bool) {
        with(|held| {
            held.grid.cursor = Cursor { at: Place::new(row, held.grid.cursor.at.column), anchor: None };
            draw(held);
            reveal(held, focus);
        });
        self.say_active();
    }

    /// Gives the keyboard back to the grid.
    pub fn focus(&self) {
        with(|held| reveal(held, true));
    }

    /// The line above says the selection, or the active cell.
    pub fn say_active(&self) {
        if let Some(says) = with(|held| active(&held.grid))
            && self.says.with_untracked(|before| *before != says)
        {
            self.says.set(says);
        }
    }
}
