//! One class: pupils × the tests of their level; a cell is exempt or not, with a note.

use super::Bench;
use super::draft::{Cell, Place};
use super::model::Class;
use crate::t;
use domain::exchange::ExemptionEntry;
use domain::{Person, SchoolYear, Test};
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use std::sync::Arc;
use wasm_bindgen::JsCast;

/// Row and column of the cell that has the tab stop.
type Active = (usize, usize);

/// The line that says what the cell is, and the table.
pub(super) fn exemption_table(bench: Bench, class: Class) -> AnyView {
    let locale = bench.locale;
    let class = Arc::new(class);
    let active = RwSignal::new((0, 0));
    let columns = class.tests.len();
    let heads =
        class.tests.iter().map(|test| view! { <th class="s" scope="col">{test.name.clone()}</th> }).collect_view();
    let rows =
        class.pupils.iter().enumerate().map(|(row, pupil)| pupil_row(bench, &class, active, row, pupil)).collect_view();
    let on_key = {
        let class = Arc::clone(&class);
        move |event: KeyboardEvent| {
            if move_active(&event, &class, active) {
                event.prevent_default();
                focus_active(active.get_untracked());
            }
        }
    };
    let label = t!(locale, exempt.table, class = super::class_name(locale, &class));
    view! {
        {says(bench, Arc::clone(&class), active)}
        <div class="frame">
            <table
                class="exempt__table"
                role="grid"
                aria-label=label
                aria-rowcount=class.pupils.len() + 1
                aria-colcount=columns + 2
                on:keydown=on_key
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
    }
    .into_any()
}

fn place(bench: Bench, pupil: &Person, test: &Test) -> Place {
    Place { pupil: pupil.id, test: test.code.clone(), year: bench.year.get() }
}

fn cell_at(bench: Bench, place: &Place) -> Cell {
    bench.draft.with(|draft| bench.entries.with(|entries| draft.cell(entries, place)))
}

fn toggle(bench: Bench, place: &Place) {
    if !bench.can_change() {
        return;
    }
    let cell = cell_at(bench, place);
    wish(bench, place, !cell.exempt, String::new());
}

fn wish(bench: Bench, place: &Place, exempt: bool, note: String) {
    bench.message.set(None);
    bench.draft.update(|draft| bench.entries.with_untracked(|entries| draft.wish(entries, place, exempt, note)));
}

fn pupil_row(bench: Bench, class: &Arc<Class>, active: RwSignal<Active>, row: usize, pupil: &Person) -> AnyView {
    let cells = class
        .tests
        .iter()
        .enumerate()
        .map(|(column, test)| cell_view(bench, active, (row, column), pupil, test, &class.name))
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
            <th scope="row">{pupil.full_name()}</th>
            {cells}
            <td class="s exempt__note">{notes}</td>
        </tr>
    }
    .into_any()
}

fn cell_view(bench: Bench, active: RwSignal<Active>, at: Active, pupil: &Person, test: &Test, class: &str) -> AnyView {
    let locale = bench.locale;
    let place = {
        let (pupil, test) = (pupil.clone(), test.clone());
        move || place(bench, &pupil, &test)
    };
    let cell = {
        let place = place.clone();
        Memo::new(move |_| cell_at(bench, &place()))
    };
    let name = t!(locale, exempt.cell, pupil = pupil.full_name(), class = class, test = test.name);
    let label = move || format!("{name}: {}", state_words(bench, &cell.read()));
    view! {
        <td
            class="s cell"
            class:ex=move || cell.read().exempt
            class:add=move || cell.read().changed && cell.read().exempt
            class:rem=move || cell.read().changed && !cell.read().exempt
        >
            <button
                type="button"
                role="checkbox"
                id=cell_id(at)
                aria-label=label
                aria-checked=move || cell.read().exempt.to_string()
                tabindex=move || if active.get() == at { "0" } else { "-1" }
                on:focus=move |_| active.set(at)
                on:click=move |_| toggle(bench, &place())
            >
                {move || cell.read().exempt.then(|| view! { <span>{t!(locale, exempt.exempt)}</span> })}
            </button>
        </td>
    }
    .into_any()
}

fn cell_id((row, column): Active) -> String {
    format!("cell-{row}-{column}")
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
fn says(bench: Bench, class: Arc<Class>, active: RwSignal<Active>) -> AnyView {
    let locale = bench.locale;
    let at = {
        let class = Arc::clone(&class);
        move || {
            let (row, column) = active.get();
            Some(place(bench, class.pupils.get(row)?, class.tests.get(column)?))
        }
    };
    let cell = {
        let at = at.clone();
        Memo::new(move |_| at().map(|place| cell_at(bench, &place)).unwrap_or_default())
    };
    let name = move || {
        let (row, column) = active.get();
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
    let actions = move || {
        let place = at().filter(|_| bench.can_change())?;
        let note = is_exempt.get().then(|| note_field(bench, place.clone(), cell.get_untracked().note));
        let word = if is_exempt.get() { t!(locale, exempt.withdraw) } else { t!(locale, exempt.grant) };
        let button = view! {
            <button class="btn btn--small" type="button" on:click=move |_| toggle(bench, &place)>{word}</button>
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

/// Arrows, Home and End (with Ctrl: the corners), PageUp and PageDown. Did the key move anything?
fn move_active(event: &KeyboardEvent, class: &Class, active: RwSignal<Active>) -> bool {
    let (row, column) = active.get_untracked();
    let (last_row, last_column) = (class.pupils.len().saturating_sub(1), class.tests.len().saturating_sub(1));
    let ctrl = event.ctrl_key() || event.meta_key();
    let to = match event.key().as_str() {
        "ArrowDown" => (row + 1, column),
        "ArrowUp" => (row.saturating_sub(1), column),
        "ArrowRight" => (row, column + 1),
        "ArrowLeft" => (row, column.saturating_sub(1)),
        "Home" if ctrl => (0, 0),
        "End" if ctrl => (last_row, last_column),
        "Home" => (row, 0),
        "End" => (row, last_column),
        "PageDown" => (row + 10, column),
        "PageUp" => (row.saturating_sub(10), column),
        _ => return false,
    };
    active.set((to.0.min(last_row), to.1.min(last_column)));
    true
}

fn focus_active(at: Active) {
    let button =
        document().get_element_by_id(&cell_id(at)).and_then(|found| found.dyn_into::<web_sys::HtmlElement>().ok());
    if let Some(button) = button {
        let _ = button.focus();
    }
}
