//! `/rights/staff`: who may book and who may run, employee by employee.

mod draft;
mod review;
mod table;

use crate::live::use_me;
use crate::text::use_locale;
use crate::ui::{ErrorNote, ask_before_leaving, focus_heading};
use crate::{plural, t};
use domain::exchange::{Me, StaffRow};
use draft::Draft;
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use review::review_staff;
use table::staff_table;

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
            {me.with_value(|me| staff_table(locale, rows, draft, me))}
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
