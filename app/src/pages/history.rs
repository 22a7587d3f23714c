//! `/history`: change sets with who, when, why and what; one can be taken back, or part of it,
//! after a review.

mod entry;
mod taking_back;

use crate::address::Address;
use crate::api::history::load_history;
use crate::live::use_me;
use crate::text::{Locale, number, use_locale};
use crate::ui::{ErrorNote, focus_heading};
use crate::{plural, t};
use domain::Capacity;
use domain::exchange::{HistoryEntry, Me, Proposal};
use domain::text::{fold, matches};
use entry::{entry_view, searchable};
use leptos::prelude::*;
use taking_back::{Stage, TakingBack, review_view};

/// How many change sets one answer brings.
pub const PAGE: u16 = 20;

/// The page, with the newest change sets.
#[must_use]
pub fn page(newest: Vec<HistoryEntry>) -> AnyView {
    let me = match use_me() {
        Ok(me) => me,
        Err(error) => return view! { <ErrorNote error/> }.into_any(),
    };
    let locale = use_locale();
    let newest = RwSignal::new(newest);
    let taking_back = TakingBack::new(newest);
    let stage = taking_back.stage;
    // "Take back" elsewhere leads here; the review is shown, and nothing is done by an address.
    let address = Address::of_page();
    let asked = untrack(|| address.get("take_back")).and_then(|asked| asked.parse().ok());
    let administers = me.is(Capacity::TestAdministration);
    Effect::new(move |_| {
        if let Some(change_set) = asked.filter(|_| administers) {
            taking_back.review(Proposal::TakeBack { change_set, positions: None });
            address.go("/history", true);
        }
    });
    let list = move || view! { <List entries=newest.get() me=me.clone() taking_back/> };
    view! {
        <main class="page" id="content">
            {move || stage.with(|stage| matches!(stage, Stage::Reviewing(_))).then(|| review_view(taking_back))}
            <div class="stack" hidden=move || stage.with(|stage| matches!(stage, Stage::Reviewing(_)))>
                <h1 tabindex="-1">{t!(locale, nav.history)}</h1>
                {move || taking_back.message.get().map(|text| view! { <p class="note note--done" role="status">{text}</p> })}
                {move || taking_back.error.get().map(|error| view! { <ErrorNote error/> })}
                {list}
            </div>
        </main>
    }
    .into_any()
}

/// The change sets loaded so far, what is sought among them, and the way to older ones.
#[component]
fn List(entries: Vec<HistoryEntry>, me: Me, taking_back: TakingBack) -> impl IntoView {
    let locale = use_locale();
    let all = entries.first().map_or(0, |newest| newest.number);
    let entries = RwSignal::new(entries);
    let (sought, set_sought) = signal(String::new());
    let (author, set_author) = signal(String::new());
    let older = Action::new(move |before: &u32| load_history(Some(*before), PAGE));
    Effect::new(move |_| {
        if let Some(Ok(more)) = older.value().get() {
            entries.update(|entries| {
                let oldest = entries.last().map_or(u32::MAX, |entry| entry.number);
                entries.extend(more.into_iter().filter(|entry| entry.number < oldest));
            });
        }
    });
    let is_shown = move |entry: &HistoryEntry| {
        let (sought, author) = (fold(&sought.read()), author.read());
        (author.is_empty() || entry.author == *author)
            && (sought.is_empty() || matches(&searchable(locale, entry), &sought))
    };
    let shown =
        move || entries.with(|entries| entries.iter().filter(|entry| is_shown(entry)).cloned().collect::<Vec<_>>());
    let status = move || t!(locale, history.shown, shown = shown().len(), all = number(locale, u64::from(all)));
    let oldest = move || entries.with(|entries| entries.last().map_or(0, |entry| entry.number));
    if all == 0 {
        return view! { <p class="lede">{t!(locale, history.empty)}</p> }.into_any();
    }
    let zone = me.institution.zone;
    let now = me.now;
    let administers = me.is(Capacity::TestAdministration);
    let why_not = (!administers).then(|| view! { <p class="hint">{t!(locale, history.leaders_read)}</p> });
    view! {
        <div class="filters">
            <div class="field">
                <label for="sought">{t!(locale, history.sought)}</label>
                <input class="input" id="sought" type="search" on:input:target=move |event| set_sought.set(event.target().value())/>
            </div>
            <div class="field">
                <label for="author">{t!(locale, history.who)}</label>
                <select class="input" id="author" on:change:target=move |event| set_author.set(event.target().value())>
                    <option value="">{t!(locale, history.everyone)}</option>
                    {move || authors(&entries.read()).into_iter().map(|name| view! { <option value=name.clone()>{name.clone()}</option> }).collect_view()}
                </select>
            </div>
        </div>
        <p class="hint" role="status">{status}</p>
        {why_not}
        <section class="sets">
            <For each=shown key=|entry| (entry.number, entry.taken_back_by) let:entry>
                {entry_view(locale, &entry, zone, now, administers, taking_back)}
            </For>
        </section>
        {move || (oldest() > 1).then(|| older_view(locale, older, oldest()))}
    }
    .into_any()
}

fn older_view(
    locale: Locale,
    older: Action<u32, Result<Vec<HistoryEntry>, crate::error::AppError>>,
    before: u32,
) -> AnyView {
    let error = move || match older.value().get() {
        Some(Err(error)) => Some(view! { <ErrorNote error/> }),
        _ => None,
    };
    let n = before.saturating_sub(1).min(u32::from(PAGE));
    view! {
        {error}
        <div class="actions sets__end">
            <button class="btn" type="button" on:click=move |_| { older.dispatch(before); }>
                {plural!(locale, n, history.older_one, history.older)}
            </button>
        </div>
    }
    .into_any()
}

/// Everyone who made one of these, in the order they come.
fn authors(entries: &[HistoryEntry]) -> Vec<String> {
    let mut authors: Vec<String> = Vec::new();
    for entry in entries {
        if !authors.contains(&entry.author) {
            authors.push(entry.author.clone());
        }
    }
    authors
}

/// Back to the list, with the focus on its heading.
fn back_to_list(taking_back: TakingBack) {
    taking_back.stage.set(Stage::List);
    focus_heading();
}
