//! What every page has: the skip link, the dark band, the foot.

use crate::session_state::use_session;
use crate::t;
use crate::text::{Locale, code_of, use_locale};
use crate::theme::{Theme, use_theme};
use domain::Capacity;
use domain::exchange::Me;
use leptos::prelude::*;
use leptos_router::components::A;
use leptos_router::hooks::use_location;
use wasm_bindgen::JsCast;

/// The first stop of the keyboard: past the band to the page.
#[component]
pub fn SkipLink() -> impl IntoView {
    view! { <a class="skip" href="#content">{t!(use_locale(), app.skip)}</a> }
}

/// The band: what this is, which school, where one can go, who one is.
#[component]
pub fn Header() -> impl IntoView {
    follow_pages();
    let locale = use_locale();
    let session = use_session();
    let place = match &session.me {
        Some(me) => view! {
            <span class="top__school">{me.institution.name.clone()}<small>{me.institution.authority.clone()}</small></span>
        }
        .into_any(),
        None => view! { <span class="top__school">{t!(locale, app.tagline)}</span> }.into_any(),
    };
    let nav = session.me.as_ref().map(|me| navigation(locale, me));
    let person = session.me.as_ref().map(|me| {
        view! { <span class="top__person">{me.name.clone()}<small>{role(locale, &me.capacities)}</small></span> }
    });
    let sign_out = session.me.is_some().then(|| {
        view! {
            <form method="post" action="/sign-out">
                <input type="hidden" name="csrf" value=session.csrf.clone()/>
                <button class="top__link" type="submit">{t!(locale, app.sign_out)}</button>
            </form>
        }
    });
    view! {
        <header class="top">
            <div class="top__id">
                <a class="top__name" href="/" rel="external"><Mark/>{t!(locale, app.name)}</a>
                {place}
            </div>
            {nav}
            <div class="top__me">{person}<ChoiceMenu csrf=session.csrf.clone()/>{sign_out}</div>
        </header>
    }
}

/// The four squares: some open, some closed.
#[component]
fn Mark() -> impl IntoView {
    view! {
        <svg class="top__mark" viewBox="0 0 18 18" aria-hidden="true">
            <path
                fill-rule="evenodd"
                d="M0 0h8v8H0zM10 0h8v8h-8zM0 10h8v8H0zM10 10h8v8h-8zM11.5 1.5v5h5v-5zM1.5 11.5v5h5v-5z"
            />
        </svg>
    }
}

/// The pages that these capacities open, in the order of the menu: address and name.
#[must_use]
pub fn pages_of(locale: Locale, me: &Me) -> Vec<(&'static str, &'static str)> {
    let administers = me.is(Capacity::TestAdministration);
    let leads = me.is(Capacity::Leadership);
    let mut pages = Vec::new();
    if administers {
        pages.push(("/rights", t!(locale, nav.rights)));
        pages.push(("/rights/staff", t!(locale, nav.staff)));
    }
    if leads {
        pages.push(("/exemptions", t!(locale, nav.exemptions)));
    }
    if me.is(Capacity::UserAdministration) {
        pages.push(("/imports", t!(locale, nav.imports)));
    }
    if administers || leads {
        pages.push(("/history", t!(locale, nav.history)));
    }
    if !me.capacities.is_empty() {
        pages.push(("/my-rights", t!(locale, nav.my_rights)));
    }
    pages
}

fn navigation(locale: Locale, me: &Me) -> impl IntoView + use<> {
    let links = pages_of(locale, me)
        .into_iter()
        .map(|(href, name)| view! { <A href=href exact=true>{name}</A> })
        .collect_view();
    view! { <nav class="top__nav" aria-label=t!(locale, app.main_menu)>{links}</nav> }
}

/// What the person is here, in one word: the capacity that opens most.
#[must_use]
pub fn role(locale: Locale, capacities: &[Capacity]) -> &'static str {
    let has = |capacity| capacities.contains(&capacity);
    match (has(Capacity::TestAdministration), has(Capacity::Leadership)) {
        (true, true) => t!(locale, role.principal),
        (true, false) => t!(locale, role.test_administrator),
        (false, true) => t!(locale, role.leader),
        (false, false) if has(Capacity::UserAdministration) => t!(locale, role.user_administrator),
        (false, false) if has(Capacity::Teaching) => t!(locale, role.teacher),
        (false, false) if has(Capacity::MunicipalOversight) => t!(locale, role.municipality),
        (false, false) => t!(locale, role.none),
    }
}

/// The choices of language and of light or dark, as forms: they work with scripts off, and change
/// nothing by GET.
#[component]
fn ChoiceMenu(csrf: String) -> impl IntoView {
    let locale = use_locale();
    let present = use_theme();
    let languages = [Locale::da, Locale::sv, Locale::en].into_iter().map(|choice| {
        let code = code_of(choice);
        view! {
            <button type="submit" name="language" value=code lang=code aria-pressed=(choice == locale).to_string()>
                {t!(choice, app.language_name)}
            </button>
        }
        .into_any()
    });
    let themes = Theme::ALL.into_iter().map(|theme| {
        let name = match theme {
            Theme::System => t!(locale, app.theme_system),
            Theme::Light => t!(locale, app.theme_light),
            Theme::Dark => t!(locale, app.theme_dark),
        };
        view! {
            <button type="submit" name="theme" value=theme.code() aria-pressed=(theme == present).to_string()>{name}</button>
        }
        .into_any()
    });
    view! {
        <details class="menu">
            <summary class="top__link">
                <span class="sr">{t!(locale, app.choices)}": "</span>{t!(locale, app.language_name)}
            </summary>
            <div class="menu__list">
                {choices("/language", t!(locale, app.language), &csrf, languages.collect())}
                {choices("/theme", t!(locale, app.theme), &csrf, themes.collect())}
            </div>
        </details>
    }
}

/// One of the menu's forms. It leads back to the page it was sent from.
fn choices(action: &'static str, label: &'static str, csrf: &str, buttons: Vec<AnyView>) -> AnyView {
    let location = use_location();
    let back = move || location.pathname.get() + &query(&location.search.get());
    view! {
        <form method="post" action=action aria-label=label>
            <input type="hidden" name="csrf" value=csrf.to_owned()/>
            <input type="hidden" name="back" prop:value=back value=back/>
            <p>{label}</p>
            {buttons}
        </form>
    }
    .into_any()
}

fn query(search: &str) -> String {
    if search.is_empty() { String::new() } else { format!("?{search}") }
}

/// The foot of every page: the same help, in the same order, everywhere.
#[component]
pub fn Footer() -> impl IntoView {
    let locale = use_locale();
    view! {
        <footer class="foot">
            <a href="/about#help" rel="external">{t!(locale, app.help)}</a>
            <a href="/about#accessibility" rel="external">{t!(locale, app.accessibility)}</a>
            <a href="/about#privacy" rel="external">{t!(locale, app.privacy)}</a>
        </footer>
    }
}

/// Moves the focus to the page's heading (or to the page, where it is still loading), once what
/// was just changed is drawn: people who listen hear where they are.
pub fn focus_heading() {
    request_animation_frame(|| {
        let in_sight = |element: &web_sys::HtmlElement| element.offset_parent().is_some();
        let found = |selector| {
            let nodes = document().query_selector_all(selector).ok()?;
            let mut elements =
                (0..nodes.length()).filter_map(|ix| nodes.get(ix)?.dyn_into::<web_sys::HtmlElement>().ok());
            elements.find(in_sight)
        };
        if let Some(target) = found("h1").or_else(|| found("main")) {
            target.set_tab_index(-1);
            let _ = target.focus();
        }
    });
}

/// Moves the focus to the element with this id, once what was just changed is drawn.
pub fn focus_id(id: &'static str) {
    request_animation_frame(move || {
        let found = document().get_element_by_id(id).and_then(|found| found.dyn_into::<web_sys::HtmlElement>().ok());
        if let Some(found) = found {
            let _ = found.focus();
        }
    });
}

/// Moves the focus along when a link leads to another page without loading the document anew.
fn follow_pages() {
    let location = use_location();
    Effect::new(move |before: Option<String>| {
        let path = location.pathname.get();
        if before.is_some_and(|before| before != path) {
            focus_heading();
        }
        path
    });
}
