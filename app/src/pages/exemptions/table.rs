//! One class: pupils × the tests of their level; a cell is exempt or not, with a note.

use super::Bench;
use super::draft::{Cell, Place};
use super::model::Class;
use crate::grid::cursor::{BoxesKey, Cursor, Extent, Place as At};
use crate::ui::{boxes_key, focus_now, hold_space};
use crate::{plural, t};
use domain::exchange::ExemptionEntry;
use domain::{Person, SchoolYear, Test};
use leptos::ev::{KeyboardEvent, MouseEvent};
use leptos::prelude::*;
use std::ops::RangeInclusive;
use std::sync::Arc;
use wasm_bindgen::JsCast;

/// Rows that PageUp and PageDown go over.
const PAGE: usize = 10;

/// The cells of a class and where the keyboard is among them.
#[derive(Clone, Copy)]
struct Cells {
    bench: Bench,
    class: StoredValue<Arc<Class>>,
    cursor: RwSignal<Cursor>,
}

impl Cells {
    fn extent(self) -> Extent {
        self.class.with_value(|class| Extent { rows: class.pupils.len(), columns: class.tests.len(), page: PAGE })
    }

    /// What is in these rows and columns.
    fn places(self, rows: RangeInclusive<usize>, columns: RangeInclusive<usize>) -> Vec<Place> {
        self.class.with_value(|class| {
            let pupils = rows.filter_map(|row| class.pupils.get(row));
            let of = |pupil| {
                let tests = columns.clone().filter_map(|column| class.tests.get(column));
                tests.map(move |test| untrack(|| place(self.bench, pupil, test)))
            };
            pupils.flat_map(of).collect()
        })
    }

    fn selected(self) -> Vec<Place> {
        let range = self.cursor.get_untracked().range();
        self.places(range.rows(), range.columns())
    }

    fn toggle(self, places: &[Place]) {
        let bench = self.bench;
        if !untrack(|| bench.can_change()) {
            return;
        }
        bench.message.set(None);
        bench.draft.update(|draft| bench.entries.with_untracked(|entries| draft.toggle_all(entries, places)));
    }

    fn toggle_row(self, row: usize) {
        self.toggle(&self.places(row..=row, 0..=self.extent().columns));
    }

    fn toggle_column(self, column: usize) {
        self.toggle(&self.places(0..=self.extent().rows, column..=column));
    }

    fn go(self, to: Cursor) {
        self.cursor.set(to);
        focus_now(&cell_id(to.at));
    }

    fn key(self, event: &KeyboardEvent) {
        let target = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
        let on_cell = target.is_some_and(|target| target.get_attribute("role").as_deref() == Some("checkbox"));
        match boxes_key(event, self.cursor.get_untracked(), self.extent()).filter(|_| on_cell) {
            Some(BoxesKey::Go(to)) => self.go(to),
            Some(BoxesKey::ToggleSelection) => self.toggle(&self.selected()),
            None => return,
        }
        event.prevent_default();
    }

    /// A click on a cell changes it; with Shift it selects from where the keyboard was.
    fn click(self, event: &MouseEvent, at: At) {
        if event.shift_key() {
            event.prevent_default();
            self.go(self.cursor.get_untracked().extended(at));
        } else {
            self.cursor.set(Cursor { at, anchor: None });
            self.toggle(&self.selected());
        }
    }
}

/// The line that says what the cell is, and the table.
pub(super) fn exemption_table(bench: Bench, class: Class) -> AnyView {
    let locale = bench.locale;
    let class = Arc::new(class);
    let cells = Cells { bench, class: StoredValue::new(Arc::clone(&class)), cursor: RwSignal::new(Cursor::default()) };
    let columns = class.tests.len();
    let head = |(column, test): (usize, &Test)| {
        view! {
            <th class="s" scope="col">
                <button
                    class="linklike"
                    type="button"
                    tabindex="-1"
                    title=t!(locale, exempt.toggle_class)
                    on:click=move |_| cells.toggle_column(column)
                >
                    {test.name.clone()}
                </button>
            </th>
        }
    };
    let heads = class.tests.iter().enumerate().map(head).collect_view();
    let rows = class.pupils.iter().enumerate().map(|(row, pupil)| pupil_row(cells, &class, row, pupil)).collect_view();
    let label = t!(locale, exempt.table, class = super::class_name(locale, &class));
    view! {
        {says(cells, Arc::clone(&class))}
        <div class="frame">
            <table
                class="exempt__table"
                role="grid"
                aria-multiselectable="true"
                aria-label=label
                aria-rowcount=class.pupils.len() + 1
                aria-colcount=columns + 2
                on:keydown=move |event| cells.key(&event)
                on:keyup=move |event| hold_space(&event, cells.cursor.get_untracked())
            >
                <thead><tr aria-rowindex="1"><th scope="col">{t!(locale, exempt.pupil)}</th>{heads}<th class="s" scope="col">{t!(locale, exempt.note)}</th></tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
        <ul class="legend" aria-label=t!(locale, exempt.legend)>
            <li><span class="swatch swatch--ex exempt__swatch">{t!(locale, exempt.exempt)}</span>{t!(locale, exempt.exempt)}</li>
            <li><span class="exempt__dot"></span>{t!(locale, exempt.not)}</li>
            <li><span class="swatch swatch--add">"+"</span>{t!(locale, exempt.added)}</li>
            <li><span class="swatch swatch--rem">"\u{2212}"</span>{t!(locale, exempt.removed)}</li>
        </ul>
        <details class="keys"><summary>{t!(locale, keys.title)}</summary><p>{t!(locale, keys.boxes)}</p></details>
    }
    .into_any()
}

fn place(bench: Bench, pupil: &Person, test: &Test) -> Place {
    Place { pupil: pupil.id, test: test.code.clone(), year: bench.year.get() }
}

fn cell_at(bench: Bench, place: &Place) -> Cell {
    bench.draft.with(|draft| bench.entries.with(|entries| draft.cell(entries, place)))
}

fn wish(bench: Bench, place: &Place, exempt: bool, note: String) {
    bench.message.set(None);
    bench.draft.update(|draft| bench.entries.with_untracked(|entries| draft.wish(entries, place, exempt, note)));
}

fn pupil_row(grid: Cells, class: &Arc<Class>, row: usize, pupil: &Person) -> AnyView {
    let bench = grid.bench;
    let cells = class
        .tests
        .iter()
        .enumerate()
        .map(|(column, test)| cell_view(grid, At::new(row, column), pupil, test, &class.name))
        .collect_view();
    let notes = {
        let (class, pupil) = (Arc::clone(class), pupil.clone());
        move || {
            let mut notes: Vec<String> = class
                .tests
                .iter()
                .map(|test| cell_at(bench, &place(bench, &pupil, test)))
                .filter(|cell| cell.exempt)
                .map(|cell| cell.note)
                .collect();
            notes.retain(|note| !note.is_empty());
            notes.dedup();
            notes.join(" · ")
        }
    };
    view! {
        <tr aria-rowindex=row + 2>
            <th scope="row" on:click=move |_| grid.toggle_row(row)>{pupil.full_name()}</th>
            {cells}
            <td class="s exempt__note">{notes}</td>
        </tr>
    }
    .into_any()
}

fn cell_view(grid: Cells, at: At, pupil: &Person, test: &Test, class: &str) -> AnyView {
    let (bench, cursor) = (grid.bench, grid.cursor);
    let locale = bench.locale;
    let is_active = Memo::new(move |_| cursor.get().at == at);
    let is_selected = Memo::new(move |_| {
        let cursor = cursor.get();
        cursor.is_range() && cursor.range().contains(at)
    });
    let cell = {
        let (pupil, test) = (pupil.clone(), test.clone());
        Memo::new(move |_| cell_at(bench, &place(bench, &pupil, &test)))
    };
    let name = t!(locale, exempt.cell, pupil = pupil.full_name(), class = class, test = test.name);
    let label = move || format!("{name}: {}", state_words(bench, &cell.read()));
    view! {
        <td
            class="s cell"
            class:ex=move || cell.read().exempt
            class:add=move || cell.read().changed && cell.read().exempt
            class:rem=move || cell.read().changed && !cell.read().exempt
            class:sel=is_selected
            aria-selected=move || is_selected.get().to_string()
            on:mousedown=move |event| {
                // The focus stays where the selection began, until the click extends it.
                if event.shift_key() { event.prevent_default(); }
            }
        >
            <button
                type="button"
                role="checkbox"
                id=cell_id(at)
                aria-label=label
                aria-checked=move || cell.read().exempt.to_string()
                tabindex=move || if is_active.get() { "0" } else { "-1" }
                on:focus=move |_| {
                    if cursor.get_untracked().at != at {
                        cursor.set(Cursor { at, anchor: None });
                    }
                }
                on:click=move |event| grid.click(&event, at)
            >
                {move || cell.read().exempt.then(|| view! { <span>{t!(locale, exempt.exempt)}</span> })}
            </button>
        </td>
    }
    .into_any()
}

fn cell_id(at: At) -> String {
    format!("cell-{}-{}", at.row, at.column)
}

fn state_words(bench: Bench, cell: &Cell) -> String {
    let locale = bench.locale;
    let year = SchoolYear(bench.year.get()).to_string();
    match (cell.exempt, cell.changed, cell.recorded) {
        (true, true, true) => t!(locale, exempt.is_noted, year = year),
        (true, true, false) => t!(locale, exempt.is_added, year = year),
        (true, false, _) => t!(locale, exempt.is_exempt, year = year),
        (false, true, _) => t!(locale, exempt.is_removed, year = year),
        (false, false, _) => t!(locale, exempt.is_not).to_owned(),
    }
}

/// One line that always says what the active cell is, with its note.
///
/// Its fields are drawn anew only for another cell or answer: a click that ends the typing of a
/// note must find the button it began on.
fn says(cells: Cells, class: Arc<Class>) -> AnyView {
    let (bench, cursor) = (cells.bench, cells.cursor);
    let locale = bench.locale;
    let at = {
        let class = Arc::clone(&class);
        move || {
            let At { row, column } = cursor.get().at;
            Some(place(bench, class.pupils.get(row)?, class.tests.get(column)?))
        }
    };
    let cell = {
        let at = at.clone();
        Memo::new(move |_| at().map(|place| cell_at(bench, &place)).unwrap_or_default())
    };
    let name = move || {
        let selected = cursor.get().range();
        let n = selected.rows().count() * selected.columns().count();
        if n > 1 {
            return Some(plural!(locale, n, grid.count.cell, grid.count.cells));
        }
        let At { row, column } = cursor.get().at;
        let (pupil, test) = (class.pupils.get(row)?, class.tests.get(column)?);
        Some(t!(locale, exempt.cell, pupil = pupil.full_name(), class = class.name, test = test.name))
    };
    let author = {
        let at = at.clone();
        move || {
            let place = at()?;
            bench.entries.with(|entries| {
                let is_here =
                    |e: &&ExemptionEntry| (e.pupil, &e.test, e.school_year) == (place.pupil, &place.test, place.year);
                entries.iter().find(is_here).map(|entry| t!(locale, exempt.by, author = entry.author))
            })
        }
    };
    let is_exempt = Memo::new(move |_| cell.read().exempt);
    let are_all_exempt = Memo::new(move |_| {
        let range = cursor.get().range();
        bench.year.track();
        cells.places(range.rows(), range.columns()).iter().all(|place| cell_at(bench, place).exempt)
    });
    let actions = move || {
        let place = at().filter(|_| bench.can_change())?;
        let is_one = !cursor.read().is_range();
        let note = (is_one && is_exempt.get()).then(|| note_field(bench, place, cell.get_untracked().note));
        let word = if are_all_exempt.get() { t!(locale, exempt.withdraw) } else { t!(locale, exempt.grant) };
        let button = view! {
            <button class="btn btn--small" type="button" on:click=move |_| cells.toggle(&cells.selected())>{word}</button>
        };
        Some(view! { {note}{button} })
    };
    view! {
        <div class="says">
            <span class="says__where">{name}</span>
            <span class="says__text">{move || state_words(bench, &cell.read())}". "{author}</span>
            <span class="actions">{actions}</span>
        </div>
    }
    .into_any()
}

fn note_field(bench: Bench, place: Place, note: String) -> AnyView {
    let locale = bench.locale;
    view! {
        <label class="exempt__notefield">
            {t!(locale, exempt.note)}
            <input
                class="input"
                maxlength="500"
                title=t!(locale, exempt.note_hint)
                prop:value=note
                on:change:target=move |event| wish(bench, &place, true, event.target().value().trim().to_owned())
            />
        </label>
    }
    .into_any()
}
