//! `/exemptions`: leaders exempt pupils from tests, class by class and school year by school year.

mod draft;
mod model;
mod review;
mod table;

use crate::api::exemptions::load_exemptions;
use crate::error::AppError;
use crate::text::{Locale, use_locale};
use crate::ui::{ErrorNote, ask_before_leaving, focus_heading};
use crate::{plural, t};
use domain::exchange::{ExemptionEntry, ExemptionLoad};
use domain::text::fold;
use domain::{Instant, SchoolYear, Zone};
use draft::Draft;
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;
use model::{Class, classes, count, years};
use std::sync::Arc;

/// The page, as long as the roster is on its way and afterwards.
#[must_use]
pub fn page((): ()) -> AnyView {
    let locale = use_locale();
    let loaded = RwSignal::new(None::<Result<ExemptionLoad, AppError>>);
    Effect::new(move |_| spawn_local(async move { loaded.set(Some(load_exemptions().await)) }));
    let waiting = move |what: AnyView| {
        view! { <main class="page" id="content"><h1>{t!(locale, nav.exemptions)}</h1>{what}</main> }.into_any()
    };
    let page = move || match loaded.get() {
        None => waiting(view! { <p class="hint" role="status">{t!(locale, app.loading)}</p> }.into_any()),
        Some(Err(error)) => waiting(view! { <ErrorNote error/> }.into_any()),
        Some(Ok(load)) => workbench(locale, load),
    };
    page.into_any()
}

/// What the parts of the page share.
#[derive(Clone, Copy)]
struct Bench {
    locale: Locale,
    classes: StoredValue<Arc<Vec<Class>>>,
    entries: RwSignal<Vec<ExemptionEntry>>,
    draft: RwSignal<Draft>,
    /// Place of the chosen class.
    chosen: RwSignal<usize>,
    year: RwSignal<i16>,
    this_year: i16,
    zone: Zone,
    now: Instant,
    is_reviewing: RwSignal<bool>,
    message: RwSignal<Option<String>>,
}

impl Bench {
    fn class(self) -> Option<Class> {
        self.classes.with_value(|classes| classes.get(self.chosen.get()).cloned())
    }

    fn can_change(self) -> bool {
        self.year.get() >= self.this_year
    }
}

fn workbench(locale: Locale, load: ExemptionLoad) -> AnyView {
    let classes = classes(&load);
    let first = classes.iter().position(|class| !class.tests.is_empty()).unwrap_or(0);
    let years = years(&load);
    let bench = Bench {
        locale,
        classes: StoredValue::new(Arc::new(classes)),
        this_year: load.this_year,
        zone: load.roster.zone,
        now: load.now,
        year: RwSignal::new(load.this_year),
        entries: RwSignal::new(load.entries),
        draft: RwSignal::new(Draft::default()),
        chosen: RwSignal::new(first),
        is_reviewing: RwSignal::new(false),
        message: RwSignal::new(None),
    };
    let is_changed = move || bench.draft.try_with_untracked(|draft| !draft.changes().is_empty()) == Some(true);
    Effect::new(move |_| ask_before_leaving(is_changed));
    let on_key = move |event: KeyboardEvent| {
        if !(event.ctrl_key() || event.meta_key()) {
            return;
        }
        match event.key().to_lowercase().as_str() {
            "z" if !event.shift_key() => bench.draft.update(Draft::undo),
            "y" | "z" => bench.draft.update(Draft::redo),
            _ => return,
        }
        event.prevent_default();
    };
    view! {
        {move || bench.is_reviewing.get().then(|| review::review_exemptions(bench))}
        <div class="exempt" hidden=move || bench.is_reviewing.get() on:keydown=on_key>
            <div class="bench">
                {chooser(bench, &years)}
                <main class="bench__main" id="content">{move || class_view(bench)}</main>
            </div>
            {change_bar(bench)}
        </div>
    }
    .into_any()
}

/// School year, search, and the classes with how many are exempt.
fn chooser(bench: Bench, years: &[i16]) -> AnyView {
    let locale = bench.locale;
    let (sought, set_sought) = signal(String::new());
    let options = years
        .iter()
        .map(|year| view! { <option value=year.to_string() selected=*year == bench.this_year>{SchoolYear(*year).to_string()}</option> })
        .collect_view();
    let list = move || {
        let folded = fold(&sought.read());
        let class = |(ix, class): (usize, &Class)| class_choice(bench, ix, class);
        bench.classes.with_value(|classes| {
            classes.iter().enumerate().filter(|(_, class)| class.answers_to(&folded)).map(class).collect_view()
        })
    };
    let total = move || {
        let exempt = bench.entries.with(|entries| entries.iter().filter(|e| e.school_year == bench.year.get()).count());
        let classes = bench.classes.with_value(|classes| classes.len());
        t!(
            locale,
            exempt.total,
            classes = plural!(locale, classes, unit.class, unit.classes),
            exemptions = plural!(locale, exempt, exempt.one, exempt.many)
        )
    };
    view! {
        <aside class="chooser" aria-label=t!(locale, exempt.choose)>
            <div class="field">
                <label for="year">{t!(locale, exempt.year)}</label>
                <select class="input" id="year" on:change:target=move |event| {
                    if let Ok(year) = event.target().value().parse() { bench.year.set(year); }
                }>{options}</select>
            </div>
            <div class="field">
                <label for="sought">{t!(locale, exempt.sought)}</label>
                <input class="input" id="sought" type="search" on:input:target=move |event| set_sought.set(event.target().value())/>
            </div>
            <p class="chooser__count" role="status">{total}</p>
            <ul class="chooser__list">{list}</ul>
        </aside>
    }
    .into_any()
}

fn class_choice(bench: Bench, ix: usize, class: &Class) -> AnyView {
    let locale = bench.locale;
    let name = class_name(locale, class).to_owned();
    let class = class.clone();
    let says = move || {
        if class.tests.is_empty() {
            return t!(locale, exempt.no_tests).to_owned();
        }
        match bench.entries.with(|entries| count(&class, entries, bench.year.get())) {
            0 => String::new(),
            n => plural!(locale, n, exempt.one, exempt.many),
        }
    };
    view! {
        <li>
            <a
                href="#content"
                aria-current=move || (bench.chosen.get() == ix).then_some("true")
                on:click=move |event| { event.prevent_default(); bench.chosen.set(ix); }
            >
                <span>{name}</span>
                <span class="n">{says}</span>
            </a>
        </li>
    }
    .into_any()
}

fn class_name(locale: Locale, class: &Class) -> &str {
    if class.name.is_empty() { t!(locale, my.no_class) } else { &class.name }
}

/// The chosen class: what it is, and its table.
fn class_view(bench: Bench) -> AnyView {
    let locale = bench.locale;
    let Some(class) = bench.class() else {
        return view! { <h1 tabindex="-1">{t!(locale, nav.exemptions)}</h1><p class="lede">{t!(locale, exempt.no_pupils)}</p> }.into_any();
    };
    let levels: Vec<String> = class.levels.iter().map(ToString::to_string).collect();
    let facts = t!(
        locale,
        exempt.facts,
        pupils = plural!(locale, class.pupils.len(), unit.pupil, unit.pupils),
        levels = t!(locale, words.level, level = crate::words::and_list(locale, &levels))
    );
    let heading = t!(
        locale,
        exempt.class_year,
        class = class_name(locale, &class),
        year = SchoolYear(bench.year.get()).to_string()
    );
    let past = (!bench.can_change()).then(|| view! { <p class="note">{t!(locale, exempt.past)}</p> });
    let table = if class.tests.is_empty() {
        view! { <p class="lede">{t!(locale, exempt.no_tests_long)}</p> }.into_any()
    } else {
        table::exemption_table(bench, class)
    };
    view! {
        <div class="subject">
            <div><h1 class="subject__over" tabindex="-1">{t!(locale, nav.exemptions)}</h1><h2>{heading}</h2></div>
            <p class="subject__facts">{facts}</p>
        </div>
        {move || bench.message.get().map(|text| view! { <p class="note note--done" role="status">{text}</p> })}
        {past}
        {table}
    }
    .into_any()
}

/// What is changed but not applied, and the one way forward.
fn change_bar(bench: Bench) -> AnyView {
    let locale = bench.locale;
    let count = Memo::new(move |_| bench.draft.with(|draft| draft.changes().len()));
    let is_there = Memo::new(move |_| count.get() > 0);
    let review = move |_| {
        bench.message.set(None);
        bench.is_reviewing.set(true);
        focus_heading();
    };
    let bar = move || {
        view! {
            <section class="bar bar--sticky" aria-label=t!(locale, staff.draft)>
                <p class="bar__what" role="status">
                    <b>{move || plural!(locale, count.get(), unit.change, unit.changes)}</b>
                    <small>{t!(locale, exempt.seen_at_once)}</small>
                </p>
                <div class="actions">
                    <button class="btn btn--text" type="button" on:click=move |_| bench.draft.update(Draft::undo)>
                        {t!(locale, staff.undo)}" "<kbd>"Ctrl+Z"</kbd>
                    </button>
                    <button class="btn btn--text" type="button" on:click=move |_| bench.draft.update(Draft::discard)>
                        {t!(locale, staff.discard)}
                    </button>
                    <button class="btn btn--primary" type="button" on:click=review>{t!(locale, staff.review)}</button>
                </div>
            </section>
        }
    };
    (move || is_there.get().then(bar)).into_any()
}
