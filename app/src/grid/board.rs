//! What joins the grid to the page: the one grid that is open, and the signals that the parts
//! around it listen to.
//!
//! The grid lives outside the reactive system: a click changes it, the painter draws what differs,
//! and a handful of signals tell the line above, the change bar and the opened cell.

use super::cursor::{Chord, Command, Cursor, Place};
use super::drafting::{Dates, Target, Wish};
use super::keeping::{self, Keeping, Notice};
use super::model::{Grid, Summary};
use super::paint::{FIRST_COLUMN, HEAD_ROWS, Painter, Stage};
use super::rows::{Row, Turned};
use super::saying::sentence;
use crate::error::AppError;
use crate::text::Locale;
use crate::words::test_names;
use crate::{plural, t};
use domain::Effect;
use domain::draft::EditFault;
use leptos::prelude::*;
use std::cell::{Cell, RefCell};
use std::time::Duration;

/// The open grid and the painter that draws it.
#[derive(Debug)]
pub(super) struct Held {
    pub(super) grid: Grid,
    pub(super) painter: Option<Painter>,
    /// Where a drag over cells began.
    drag: Option<Place>,
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
pub(super) fn with<R>(work: impl FnOnce(&mut Held) -> R) -> Option<R> {
    HELD.with(|held| held.try_borrow_mut().ok()?.as_mut().map(work))
}

/// Opens a grid in place of the one before.
pub(super) fn open(grid: Grid) {
    HELD.with(|held| {
        if let Ok(mut held) = held.try_borrow_mut() {
            *held = Some(Held { grid, painter: None, drag: None });
        }
    });
}

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

    /// A key in the grid. Says whether it meant something here.
    pub fn key(&self, key: &str, chord: Chord) -> bool {
        let Some(command) = Command::of_key(key, chord) else { return false };
        self.run(command);
        true
    }

    /// Does what a key asks for.
    pub fn run(&self, command: Command) {
        match command {
            Command::Move { step, extend } => self.place(|held| {
                let page = held.painter.as_ref().map_or(1, Painter::page);
                let cursor = held.grid.cursor.moved(step, extend, held.grid.extent(page));
                held.grid.cursor = cursor;
            }),
            Command::SelectAll => self.place(|held| select(held, |extent| (0..=extent.0, 0..=extent.1))),
            Command::SelectRow => self.place(|held| {
                let row = held.grid.cursor.at.row;
                select(held, |extent| (row..=row, 0..=extent.1));
            }),
            Command::SelectColumn => self.place(|held| {
                let column = held.grid.cursor.at.column;
                select(held, |extent| (0..=extent.0, column..=column));
            }),
            Command::Toggle => self.toggle(),
            Command::Open => self.open_cell(),
            Command::Escape if self.detail.get_untracked().is_some() => self.detail.set(None),
            Command::Escape => self.place(|held| held.grid.cursor.anchor = None),
            Command::Undo => self.step(true),
            Command::Redo => self.step(false),
            Command::Find => self.find.set(Some(String::new())),
            Command::Fold => {
                let row = with(|held| held.grid.rows.get(held.grid.cursor.at.row).copied()).flatten();
                if let Some(row) = row {
                    self.fold(row);
                    with(|held| reveal(held, true));
                }
            }
        }
    }

    /// Moves or selects, draws, brings the active cell into sight and says it.
    fn place(&self, change: impl FnOnce(&mut Held)) {
        with(|held| {
            let was_range = held.grid.cursor.is_range();
            change(held);
            if was_range || held.grid.cursor.is_range() {
                draw(held);
            }
            reveal(held, true);
        });
        self.say_active();
    }

    /// Space: the cell, or all that is selected.
    fn toggle(&self) {
        let row = with(|held| held.grid.rows.get(held.grid.cursor.at.row).copied()).flatten();
        if let Some(row @ Row::Fold(..)) = row {
            self.fold(row);
            return;
        }
        self.edit(|grid| {
            let selected = grid.selected();
            match selected.as_slice() {
                [] => Ok(()),
                [one] => grid.toggle(*one),
                many => grid.toggle_all(many),
            }
        });
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

    /// A click on a cell.
    pub fn click(&self, place: Place, shift: bool) {
        if shift {
            self.place(|held| held.grid.cursor = held.grid.cursor.extended(place));
            return;
        }
        let fold = with(|held| {
            held.grid.cursor = Cursor { at: place, anchor: None };
            held.grid.rows.get(place.row).copied().filter(|row| matches!(row, Row::Fold(..)))
        });
        if let Some(Some(row)) = fold {
            self.fold(row);
            return;
        }
        self.edit(|grid| grid.target(place).map_or(Ok(()), |target| grid.toggle(target)));
        with(|held| {
            if let Some(painter) = &mut held.painter {
                painter.focus(&held.grid);
            }
        });
    }

    /// A press on a cell: a drag may begin.
    pub fn press(&self, place: Place) {
        with(|held| held.drag = Some(place));
    }

    /// The pointer over a cell, with the button still down if `dragging`.
    pub fn over(&self, place: Option<Place>, dragging: bool) {
        let dragged = with(|held| {
            if !dragging {
                held.drag = None;
            }
            let from = held.drag.zip(place).filter(|(from, to)| from != to);
            if let Some((from, to)) = from {
                held.grid.cursor = Cursor { at: to, anchor: Some(from) };
                draw(held);
            }
            if let Some(painter) = &mut held.painter {
                painter.hover(&held.grid, place);
            }
            from.is_some()
        });
        let is_active = place.is_some() && place == with(|held| held.grid.cursor.at);
        match (dragged, place) {
            (Some(false), Some(place)) if !is_active => {
                if let Some(Some(says)) = with(|held| peek(&held.grid, place)) {
                    self.says.set(says);
                }
            }
            _ => self.say_active(),
        }
    }

    /// The focus reached a cell by itself, as with Tab or a screen reader.
    pub fn focused(&self, place: Place) {
        let moved = with(|held| {
            let moved = held.grid.cursor.at != place;
            if moved {
                let was_range = held.grid.cursor.is_range();
                held.grid.cursor = Cursor { at: place, anchor: None };
                if was_range {
                    draw(held);
                } else if let Some(painter) = &mut held.painter {
                    painter.moved(&held.grid);
                }
            }
            moved
        });
        if moved == Some(true) {
            self.say_active();
        }
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

/// The cell of an element inside the table.
#[must_use]
pub(super) fn place_of(element: &web_sys::Element) -> Option<Place> {
    let cell = element.closest("[role=gridcell]").ok()??;
    let row = cell.parent_element()?;
    let index = |element: &web_sys::Element, name: &str, first: usize| {
        element.get_attribute(name)?.parse::<usize>().ok()?.checked_sub(first)
    };
    Some(Place::new(index(&row, "aria-rowindex", HEAD_ROWS + 1)?, index(&cell, "aria-colindex", FIRST_COLUMN)?))
}

fn draw(held: &mut Held) {
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

fn reveal(held: &mut Held, focus: bool) {
    if let Some(painter) = &mut held.painter {
        painter.reveal(&held.grid, focus);
    }
}

type Rows = std::ops::RangeInclusive<usize>;

fn select(held: &mut Held, of: impl FnOnce((usize, usize)) -> (Rows, Rows)) {
    let last = (held.grid.rows.len().saturating_sub(1), held.grid.columns.len().saturating_sub(1));
    let (rows, columns) = of(last);
    held.grid.cursor = Cursor::over(rows, columns);
}

/// What a hovered cell says.
fn peek(grid: &Grid, place: Place) -> Option<Says> {
    let target = grid.target(place)?;
    let is_peek = grid.cursor.is_range();
    Some(Says { place: place_name(grid, place), text: cell_text(grid, target), is_peek, ..Says::default() })
}

/// What the selection, or the active cell, says.
fn active(grid: &Grid) -> Says {
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
            add(t!(locale, grid.says.still_through, groups = crate::words::and_list(locale, &groups)));
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
    match grid.turned {
        Turned::Teacher(_) => format!("{row}, {column}"),
        Turned::Scope(_) | Turned::Pupil(_) => format!("{row}, {column}"),
        Turned::Test(_) => format!("{row}, {column}"),
    }
}

fn cell_text(grid: &Grid, target: Target) -> String {
    let look = grid.look_at(target);
    let mut text = sentence(&grid.state(target, &look));
    let theirs = super::detail::said_later(grid, target);
    if let Some(more) = theirs.or_else(|| super::detail::said_by(grid, target)) {
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

/// The frame has been scrolled.
pub(super) fn scrolled(held: &mut Held) {
    if let Some(painter) = &mut held.painter {
        painter.scrolled(&held.grid);
        name_soon();
    }
}

/// The frame has another size.
fn resized(held: &mut Held) {
    if let Some(painter) = &mut held.painter {
        painter.resized(&held.grid);
        name_soon();
    }
}

/// Draws every row, for print; or again those in sight.
pub(super) fn show_all(held: &mut Held, all: bool) {
    if let Some(painter) = &mut held.painter {
        painter.show_all(&held.grid, all);
    }
}
