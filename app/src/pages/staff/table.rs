//! The table of employees: one row each, two boxes a row, and one tab stop for all of them.

use super::draft::{self, Draft};
use crate::grid::cursor::{BoxesKey, Cursor, Extent, Place};
use crate::t;
use crate::text::{Locale, moment};
use crate::ui::{boxes_key, focus_now, hold_space};
use domain::PersonId;
use domain::exchange::{Me, StaffRow};
use domain::staff_right::StaffRight;
use domain::text::{fold, matches};
use leptos::ev::{KeyboardEvent, MouseEvent};
use leptos::prelude::*;
use std::ops::RangeInclusive;
use wasm_bindgen::JsCast;

/// Rows that PageUp and PageDown go over.
const PAGE: usize = 10;

/// The boxes of the table and where the keyboard is among them.
#[derive(Clone, Copy)]
struct Boxes {
    rows: RwSignal<Vec<StaffRow>>,
    draft: RwSignal<Draft>,
    /// The employees that the search leaves, in order.
    shown: Memo<Vec<PersonId>>,
    cursor: RwSignal<Cursor>,
}

impl Boxes {
    fn extent(self) -> Extent {
        Extent { rows: self.shown.read().len(), columns: StaffRight::ALL.len(), page: PAGE }
    }

    /// The cursor, within what the search leaves.
    fn at(self) -> Cursor {
        self.cursor.get().within(self.extent())
    }

    /// The rights in these rows and columns.
    fn rights(self, rows: RangeInclusive<usize>, columns: RangeInclusive<usize>) -> Vec<(PersonId, StaffRight)> {
        let shown = self.shown.read_untracked();
        let people = rows.filter_map(|row| shown.get(row).copied());
        let of = |person| columns.clone().filter_map(move |column| Some((person, *StaffRight::ALL.get(column)?)));
        people.flat_map(of).collect()
    }

    fn toggle(self, rights: &[(PersonId, StaffRight)]) {
        self.draft.update(|draft| draft.toggle_all(&self.rows.read_untracked(), rights));
    }

    fn toggle_row(self, row: usize) {
        self.toggle(&self.rights(row..=row, 0..=StaffRight::ALL.len()));
    }

    fn toggle_column(self, column: usize) {
        let last = self.shown.read_untracked().len();
        self.toggle(&self.rights(0..=last, column..=column));
    }

    fn go(self, to: Cursor) {
        self.cursor.set(to);
        focus_now(&box_id(to.at));
    }

    fn key(self, event: &KeyboardEvent) {
        let on_box = event.target().is_some_and(|target| target.dyn_into::<web_sys::HtmlInputElement>().is_ok());
        let at = untrack(|| self.at());
        match boxes_key(event, at, untrack(|| self.extent())).filter(|_| on_box) {
            Some(BoxesKey::Go(to)) => self.go(to),
            Some(BoxesKey::ToggleSelection) => self.toggle(&self.rights(at.range().rows(), at.range().columns())),
            None => return,
        }
        event.prevent_default();
    }

    /// A click on a box changes it; with Shift it selects from where the keyboard was.
    fn click(self, event: &MouseEvent, place: Place) {
        if event.shift_key() {
            event.prevent_default();
            self.go(untrack(|| self.at()).extended(place));
        } else {
            self.cursor.set(Cursor { at: place, anchor: None });
        }
    }
}

fn box_id(place: Place) -> String {
    format!("box-{}-{}", place.row, place.column)
}

/// The search, the keys and the table.
pub(super) fn staff_table(locale: Locale, rows: RwSignal<Vec<StaffRow>>, draft: RwSignal<Draft>, me: &Me) -> AnyView {
    let now = me.now;
    let (sought, set_sought) = signal(String::new());
    let shown = Memo::new(move |_| {
        let sought = fold(&sought.read());
        rows.read()
            .iter()
            .filter(|row| sought.is_empty() || matches(&searchable(row), &sought))
            .map(|row| row.person)
            .collect::<Vec<_>>()
    });
    let status = move || t!(locale, staff.shown, shown = shown.read().len(), all = rows.read().len());
    let zone = me.institution.zone;
    let boxes = Boxes { rows, draft, shown, cursor: RwSignal::new(Cursor::default()) };
    let head = move |column: usize, right: StaffRight| {
        view! {
            <th scope="col" class="box">
                <button
                    class="linklike"
                    type="button"
                    tabindex="-1"
                    title=t!(locale, staff.toggle_all)
                    on:click=move |_| boxes.toggle_column(column)
                >
                    {right_name(locale, right)}
                </button>
            </th>
        }
    };
    let heads = StaffRight::ALL.into_iter().enumerate().map(|(column, right)| head(column, right)).collect_view();
    let by_person = move |person: PersonId| rows.with(|rows| rows.iter().find(|row| row.person == person).cloned());
    view! {
        <div class="filters">
            <div class="field">
                <label for="sought">{t!(locale, staff.sought)}</label>
                <input class="input" id="sought" type="search" on:input:target=move |event| set_sought.set(event.target().value())/>
            </div>
        </div>
        <p class="hint" role="status">{status}</p>
        <details class="keys"><summary>{t!(locale, keys.title)}</summary><p>{t!(locale, keys.boxes)}</p></details>
        <table
            class="tbl staff"
            role="grid"
            aria-multiselectable="true"
            aria-label=t!(locale, nav.staff)
            aria-rowcount=move || shown.read().len() + 1
            on:keydown=move |event| boxes.key(&event)
            on:keyup=move |event| hold_space(&event, untrack(|| boxes.at()))
        >
            <thead>
                <tr aria-rowindex="1">
                    <th scope="col">{t!(locale, staff.name)}</th>
                    <th scope="col" class="wide">{t!(locale, staff.types)}</th>
                    {heads}
                    <th scope="col" class="wide">{t!(locale, staff.changed)}</th>
                </tr>
            </thead>
            <tbody>
                <For each=move || shown.get() key=|person| *person let:person>
                    {
                        let place = Memo::new(move |_| shown.read().iter().position(|other| *other == person).unwrap_or_default());
                        move || by_person(person).map(|row| {
                            let changed = row.changed.as_ref().map(|(who, when)| {
                                let who = if who.is_empty() { t!(locale, staff.system) } else { who };
                                t!(locale, staff.changed_by, who = who, when = moment(locale, zone, *when, now))
                            });
                            let cells = StaffRight::ALL
                                .into_iter()
                                .enumerate()
                                .map(|(column, right)| box_cell(locale, &row, (place, column), right, boxes))
                                .collect_view();
                            view! {
                                <tr aria-rowindex=move || place.get() + 2>
                                    <th scope="row" on:click=move |_| boxes.toggle_row(place.get_untracked())>{row.name.clone()}</th>
                                    <td class="wide muted">{row.user_types.join(", ")}</td>
                                    {cells}
                                    <td class="wide muted">{changed}</td>
                                </tr>
                            }
                        })
                    }
                </For>
            </tbody>
        </table>
    }
    .into_any()
}

/// All that a search looks at, folded.
fn searchable(row: &StaffRow) -> String {
    fold(&format!("{} {}", row.name, row.user_types.join(" ")))
}

/// The name of a right.
pub(super) fn right_name(locale: Locale, right: StaffRight) -> &'static str {
    match right {
        StaffRight::Booking => t!(locale, my.booking),
        StaffRight::Running => t!(locale, my.running),
    }
}

/// One box; its tint and sign say what the draft changes.
fn box_cell(
    locale: Locale,
    row: &StaffRow,
    (place, column): (Memo<usize>, usize),
    right: StaffRight,
    boxes: Boxes,
) -> AnyView {
    let (person, recorded, draft) = (row.person, draft::recorded(row, right), boxes.draft);
    let label = t!(locale, staff.box_label, name = row.name, right = right_name(locale, right));
    let is_on = Memo::new(move |_| draft.with(|draft| draft.wished(person, right).unwrap_or(recorded)));
    let sign = move || match (recorded, is_on.get()) {
        (false, true) => "+",
        (true, false) => "\u{2212}",
        _ => "",
    };
    let here = move || Place::new(place.get(), column);
    let is_active = Memo::new(move |_| boxes.at().at == here());
    let is_selected = Memo::new(move |_| {
        let cursor = boxes.at();
        cursor.is_range() && cursor.range().contains(here())
    });
    view! {
        <td
            class="box"
            class:add=move || !recorded && is_on.get()
            class:rem=move || recorded && !is_on.get()
            class:sel=is_selected
            aria-selected=move || is_selected.get().to_string()
            on:mousedown=move |event| {
                // The focus stays where the selection began, until the click extends it.
                if event.shift_key() { event.prevent_default(); }
            }
            on:click=move |event| boxes.click(&event, untrack(here))
        >
            <label>
                <input
                    type="checkbox"
                    id=move || box_id(here())
                    tabindex=move || if is_active.get() { "0" } else { "-1" }
                    aria-label=label
                    prop:checked=is_on
                    checked=recorded
                    on:focus=move |_| {
                        let at = untrack(here);
                        if untrack(|| boxes.at()).at != at {
                            boxes.cursor.set(Cursor { at, anchor: None });
                        }
                    }
                    on:change:target=move |event| {
                        let wished = event.target().checked();
                        draft.update(|draft| draft.wish(person, right, wished, recorded));
                    }
                />
                <span aria-hidden="true">{sign}</span>
            </label>
        </td>
    }
    .into_any()
}
