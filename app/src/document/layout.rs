//! What every page has: the skip link, the dark band, the foot.

use crate::pages::account::passkeys::PASSKEYS_ADDRESS;
use crate::pages::accounts::one::helper;
use crate::pages::people::PEOPLE_ADDRESS;
use crate::pages::place::PLACE_ADDRESS;
use crate::session_state::use_session;
use crate::t;
use crate::text::{Locale, code_of, use_locale};
use crate::theme::{Theme, use_theme};
use crate::ui::signed_in_as;
use domain::exchange::Me;
use domain::exchange::accounts::CardEnding;
use domain::{AccountRole, Capacity};
use leptos::prelude::*;
use leptos_router::hooks::use_location;

/// The first stop of the keyboard: past the band to the page.
#[component]
pub fn SkipLink() -> impl IntoView {
    view! { <a class="skip" href="#content">{t!(use_locale(), app.skip)}</a> }
}

/// Most pages of a menu that stands beside the rest of the band.
const BESIDE: usize = 4;

/// The band: what this is, which school, where one can go, who one is.
#[component]
pub fn Header() -> impl IntoView {
    let locale = use_locale();
    let session = use_session();
    let place = match &session.me {
        Some(me) => {
            // Who acts for an authority is at no school of it.
            let authority = Some(me.institution.authority.clone()).filter(|name| *name != me.institution.name);
            let authority = authority.map(|name| view! { <small>{name}</small> });
            let name = me.institution.name.clone();
            // Who signed in with an account is at that account's place; who did with UNI-Login may have several.
            if me.places > 1 {
                let change = t!(locale, place.change);
                view! {
                    <a class="top__school" href=PLACE_ADDRESS>
                        {name}{authority}<small class="top__change">{change}</small>
                    </a>
                }
                .into_any()
            } else {
                view! { <span class="top__school">{name}{authority}</span> }.into_any()
            }
        }
        None => view! { <span class="top__school">{t!(locale, app.tagline)}</span> }.into_any(),
    };
    let nav = session.me.as_ref().map(|me| navigation(locale, me, session.waiting));
    let person = session.me.as_ref().map(|me| {
        let (name, role) = (me.name.clone(), signed_in_as(locale, me));
        let current = (use_location().pathname.get_untracked() == "/account").then_some("page");
        view! {
            <a class="top__person" href="/account" aria-current=current>
                <span class="sr">{t!(locale, own.link)}": "</span>{name}<small>{role}</small>
            </a>
        }
    });
    let sign_out = session.me.is_some().then(|| {
        view! {
            <form method="post" action="/sign-out">
                <input type="hidden" name="csrf" value=session.csrf.clone()/>
                <button class="top__link" type="submit">{t!(locale, app.sign_out)}</button>
            </form>
        }
    });
    // So many pages leave no room beside the school and the person: they get a row of their own.
    let has_many = session.me.as_ref().is_some_and(|me| pages_of(locale, me).len() > BESIDE);
    view! {
        <header class="top" class:top--many=has_many>
            <div class="top__id">
                <a class="top__name" href="/"><Mark/>{t!(locale, app.name)}</a>
                {place}
            </div>
            {nav}
            <div class="top__me">
                {person}
                <a class="top__link" href="/help">{t!(locale, app.help)}</a>
                <ChoiceMenu csrf=session.csrf.clone()/>
                {sign_out}
            </div>
        </header>
        {session.card.map(|card| ending(locale, &card))}
    }
}

/// The person's card is soon used up: said in good time, on every page, with who issues a new one.
fn ending(locale: Locale, card: &CardEnding) -> AnyView {
    let who: Vec<String> = card.help.iter().map(|help| helper(locale, help)).collect();
    let left = match card.left {
        0 => t!(locale, card.used_up).to_owned(),
        1 => t!(locale, card.one_left).to_owned(),
        n => t!(locale, card.left, n = n),
    };
    view! {
        <aside class="note note--warn ending" aria-label=t!(locale, card.label)>
            <p>
                <b>{left}</b>" "{t!(locale, card.ask, who = who.join("; "))}" "
                <a href=PASSKEYS_ADDRESS>{t!(locale, card.passkey)}</a>
            </p>
        </aside>
    }
    .into_any()
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

/// The capacities that make somebody someone at a school, with rights of their own.
pub(crate) const AT_SCHOOL: [Capacity; 4] =
    [Capacity::Teaching, Capacity::TestAdministration, Capacity::Leadership, Capacity::UserAdministration];

/// The pages that these capacities open, in the order of the menu: address and name.
#[must_use]
pub(crate) fn pages_of(locale: Locale, me: &Me) -> Vec<(&'static str, &'static str)> {
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
        // Where people are kept by UNI-Login, this is where one keeps them.
        if me.account.is_none() {
            pages.push((PEOPLE_ADDRESS, t!(locale, nav.people)));
        }
    }
    if me.is(Capacity::UserAdministration) || me.is(Capacity::Appointment) {
        pages.push(("/accounts", t!(locale, nav.accounts)));
        pages.push(("/inbox", t!(locale, nav.inbox)));
    }
    if administers || leads {
        pages.push(("/history", t!(locale, nav.history)));
    }
    if AT_SCHOOL.iter().any(|capacity| me.is(*capacity)) {
        pages.push(("/my-rights", t!(locale, nav.my_rights)));
    }
    // Not by capacity: the portal opens to a teacher's account, and through no other of the same person.
    if me.role() == Some(AccountRole::Teacher) {
        pages.push(("/portal", t!(locale, nav.portal)));
    }
    // Everybody is told things; whom nobody asks for anything finds them last.
    if !pages.is_empty() && pages.iter().all(|(href, _)| *href != "/inbox") {
        pages.push(("/inbox", t!(locale, nav.inbox)));
    }
    pages
}

fn navigation(locale: Locale, me: &Me, waiting: usize) -> impl IntoView + use<> {
    let path = use_location().pathname.get_untracked();
    let pages = pages_of(locale, me);
    let is_below = |href: &str| path.strip_prefix(href).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    // A page that the menu does not name belongs to the nearest above it.
    let nearest = pages.iter().map(|(href, _)| *href).filter(|href| is_below(href)).max_by_key(|href| href.len());
    let here = pages.iter().find(|(href, _)| Some(*href) == nearest).map(|(_, name)| *name);
    let here = here.map(|name| view! { <b class="top__here">{name}</b> });
    let more = (waiting > 0).then(|| count(locale, waiting));
    let links = pages
        .into_iter()
        .map(|(href, name)| {
            let count = (href == "/inbox" && waiting > 0).then(|| count(locale, waiting));
            let current = (Some(href) == nearest).then_some(if href == path { "page" } else { "true" });
            view! { <a href=href aria-current=current>{name}{count}</a> }
        })
        .collect_view();
    // On a phone the menu is a sheet that this button opens, without a script; it names the page one is on.
    view! {
        <button class="top__open" type="button" popovertarget="menu">
            <span>{t!(locale, app.menu)}</span>{here}{more}
        </button>
        <nav class="top__nav" id="menu" popover="auto" aria-label=t!(locale, app.main_menu)>
            {links}
            <button class="top__close" type="button" popovertarget="menu" popovertargetaction="hide">
                {t!(locale, app.close_menu)}
            </button>
        </nav>
    }
}

/// How much waits in the inbox.
fn count(locale: Locale, waiting: usize) -> impl IntoView {
    view! { <span class="top__count">{waiting}<span class="sr">" "{t!(locale, inbox.waiting)}</span></span> }
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
    let back = location.pathname.get_untracked() + &query(&location.search.get_untracked());
    view! {
        <form method="post" action=action aria-label=label>
            <input type="hidden" name="csrf" value=csrf.to_owned()/>
            <input type="hidden" name="back" value=back/>
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
            <a href="/help">{t!(locale, app.help)}</a>
            <a href="/about#accessibility">{t!(locale, app.accessibility)}</a>
            <a href="/about#privacy">{t!(locale, app.privacy)}</a>
        </footer>
    }
}
