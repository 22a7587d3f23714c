//! `/rights/staff`: who may book and who may run, employee by employee.

mod draft;
mod review;

use crate::live::use_me;
use crate::text::{Locale, moment, use_locale};
use crate::ui::{ErrorNote, ask_before_leaving, focus_heading};
use crate::{plural, t};
use domain::PersonId;
use domain::exchange::{Me, StaffRow};
use domain::staff_right::StaffRight;
use domain::text::{fold, matches};
use draft::Draft;
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use review::review_staff;
use wasm_bindgen::JsCast;

/// The page, of every employee with both rights.
#[must_use]
pub fn page(rows: Vec<StaffRow>) -> AnyView {
    let me = match use_me() {
        Ok(me) => me,
        Err(error) => return view! { <ErrorNote error/> }.into_any(),
    };
    view! { <main class="page" id="content"><Staff rows me/></main> }.into_any()
}

/// The list with its draft; the review takes its place.
#[component]
fn Staff(rows: Vec<StaffRow>, me: Me) -> impl IntoView {
    let locale = use_locale();
    let table_me = me.clone();
    let me = StoredValue::new(me);
    let rows = RwSignal::new(rows);
    let draft = RwSignal::new(Draft::default());
    let is_reviewing = RwSignal::new(false);
    let message = RwSignal::new(None::<String>);
    let on_applied = Callback::new(move |after: Vec<StaffRow>| {
        let n = draft.with_untracked(|draft| draft.changes(&rows.read_untracked()).len());
        rows.set(after);
        draft.set(Draft::default());
        is_reviewing.set(false);
        message.set(Some(plural!(locale, n, staff.applied_one, staff.applied)));
        focus_heading();
    });
    let review = move |_| {
        message.set(None);
        is_reviewing.set(true);
        focus_heading();
    };
    let changed = Memo::new(move |_| draft.with(|draft| draft.changes(&rows.read()).len()));
    let is_changed = Memo::new(move |_| changed.get() > 0);
    Effect::new(move |_| ask_before_leaving(move || is_changed.try_get_untracked() == Some(true)));
    let bar =
        move || is_changed.get().then(|| view! { <ChangeBar count=changed draft on_review=Callback::new(review)/> });
    let on_key = move |event: KeyboardEvent| {
        if (event.ctrl_key() || event.meta_key()) && !event.shift_key() && event.key().eq_ignore_ascii_case("z") {
            event.prevent_default();
            draft.update(|draft| draft.undo());
        } else if (event.ctrl_key() || event.meta_key()) && event.key().eq_ignore_ascii_case("y") {
            event.prevent_default();
            draft.update(|draft| draft.redo());
        }
    };
    view! {
        {move || is_reviewing.get().then(|| {
            let on_back = Callback::new(move |()| {
                is_reviewing.set(false);
                focus_heading();
            });
            me.with_value(|me| review_staff(locale, rows, draft, on_applied, on_back, me))
        })}
        <div class="stack" hidden=move || is_reviewing.get() on:keydown=on_key>
            <h1 tabindex="-1">{t!(locale, nav.staff)}</h1>
            <p class="lede">{t!(locale, staff.lede)}</p>
            {move || message.get().map(|text| view! { <p class="note note--done" role="status">{text}</p> })}
            <StaffTable rows draft me=table_me/>
            {bar}
        </div>
    }
}

/// What is changed but not applied, and the one way forward.
#[component]
fn ChangeBar(count: Memo<usize>, draft: RwSignal<Draft>, on_review: Callback<()>) -> impl IntoView {
    let locale = use_locale();
    view! {
        <section class="bar bar--sticky" aria-label=t!(locale, staff.draft)>
            <p class="bar__what" role="status">
                <b>{move || plural!(locale, count.get(), unit.change, unit.changes)}</b>
                <small>{t!(locale, review.not_yet)}</small>
            </p>
            <div class="actions">
                <button class="btn btn--text" type="button" on:click=move |_| draft.update(|draft| draft.undo())>
                    {t!(locale, staff.undo)}" "<kbd>"Ctrl+Z"</kbd>
                </button>
                <button class="btn btn--text" type="button" on:click=move |_| draft.update(|draft| draft.discard())>
                    {t!(locale, staff.discard)}
                </button>
                <button class="btn btn--primary" type="button" on:click=move |_| on_review.run(())>{t!(locale, staff.review)}</button>
            </div>
        </section>
    }
}

/// The list: one row an employee, two boxes a row, arrows between the boxes.
#[component]
fn StaffTable(rows: RwSignal<Vec<StaffRow>>, draft: RwSignal<Draft>, me: Me) -> impl IntoView {
    let locale = use_locale();
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
    let toggle_all = move |right: StaffRight| {
        draft.update(|draft| draft.toggle_all(&rows.read_untracked(), &shown.read_untracked(), right));
    };
    let head = move |right: StaffRight| {
        view! {
            <th scope="col" class="box">
                <button class="linklike" type="button" title=t!(locale, staff.toggle_all) on:click=move |_| toggle_all(right)>
                    {right_name(locale, right)}
                </button>
            </th>
        }
    };
    let by_person = move |person: PersonId| rows.with(|rows| rows.iter().find(|row| row.person == person).cloned());
    view! {
        <div class="filters">
            <div class="field">
                <label for="sought">{t!(locale, staff.sought)}</label>
                <input class="input" id="sought" type="search" on:input:target=move |event| set_sought.set(event.target().value())/>
            </div>
        </div>
        <p class="hint" role="status">{status}</p>
        <p class="hint">{t!(locale, staff.keys)}</p>
        <table class="tbl staff" aria-label=t!(locale, nav.staff) on:keydown=move_between_boxes>
            <thead>
                <tr>
                    <th scope="col">{t!(locale, staff.name)}</th>
                    <th scope="col" class="wide">{t!(locale, staff.types)}</th>
                    {head(StaffRight::Booking)}
                    {head(StaffRight::Running)}
                    <th scope="col" class="wide">{t!(locale, staff.changed)}</th>
                </tr>
            </thead>
            <tbody>
                <For each=move || shown.get() key=|person| *person let:person>
                    {move || by_person(person).map(|row| {
                        let changed = row.changed.as_ref().map(|(who, when)| {
                            let who = if who.is_empty() { t!(locale, staff.system) } else { who };
                            t!(locale, staff.changed_by, who = who, when = moment(locale, zone, *when, me.now))
                        });
                        view! {
                            <tr>
                                <th scope="row">{row.name.clone()}</th>
                                <td class="wide muted">{row.user_types.join(", ")}</td>
                                {box_cell(locale, &row, StaffRight::Booking, draft)}
                                {box_cell(locale, &row, StaffRight::Running, draft)}
                                <td class="wide muted">{changed}</td>
                            </tr>
                        }
                    })}
                </For>
            </tbody>
        </table>
    }
}

/// All that a search looks at, folded.
fn searchable(row: &StaffRow) -> String {
    fold(&format!("{} {}", row.name, row.user_types.join(" ")))
}

/// The name of a right.
fn right_name(locale: Locale, right: StaffRight) -> &'static str {
    match right {
        StaffRight::Booking => t!(locale, my.booking),
        StaffRight::Running => t!(locale, my.running),
    }
}

/// One box; its tint and sign say what the draft changes.
fn box_cell(locale: Locale, row: &StaffRow, right: StaffRight, draft: RwSignal<Draft>) -> AnyView {
    let (person, recorded) = (row.person, draft::recorded(row, right));
    let label = t!(locale, staff.box_label, name = row.name, right = right_name(locale, right));
    let is_on = Memo::new(move |_| draft.with(|draft| draft.wished(person, right).unwrap_or(recorded)));
    let sign = move || match (recorded, is_on.get()) {
        (false, true) => "+",
        (true, false) => "\u{2212}",
        _ => "",
    };
    view! {
        <td class="box" class:add=move || !recorded && is_on.get() class:rem=move || recorded && !is_on.get()>
            <label>
                <input
                    type="checkbox"
                    aria-label=label
                    prop:checked=is_on
                    checked=recorded
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

/// Arrows, Home and End move between the boxes of the table.
fn move_between_boxes(event: KeyboardEvent) {
    let step: i32 = match event.key().as_str() {
        "ArrowDown" => 2,
        "ArrowUp" => -2,
        "ArrowRight" => 1,
        "ArrowLeft" => -1,
        "Home" => i32::MIN,
        "End" => i32::MAX,
        _ => return,
    };
    let Some(table) = event.current_target().and_then(|target| target.dyn_into::<web_sys::Element>().ok()) else {
        return;
    };
    let Ok(boxes) = table.query_selector_all("tbody input") else { return };
    let Some(active) = document().active_element() else { return };
    let last = boxes.length().saturating_sub(1);
    let Some(at) = (0..=last).find(|ix| boxes.get(*ix).is_some_and(|node| node.is_same_node(Some(&active)))) else {
        return;
    };
    event.prevent_default();
    let to = match step {
        i32::MIN => Some(0),
        i32::MAX => Some(last),
        step => at.checked_add_signed(step).filter(|to| *to <= last),
    };
    let target = to.and_then(|to| boxes.get(to)).and_then(|node| node.dyn_into::<web_sys::HtmlElement>().ok());
    if let Some(target) = target {
        let _ = target.focus();
    }
}
