//! Which account opens what: where somebody stands before the wrong door, and where they sign in.

use crate::session_state::use_session;
use crate::t;
use crate::text::{Locale, use_locale};
use crate::ui::{account_role, signed_in_as};
use domain::AccountRole;
use leptos::prelude::*;

/// Every kind of account with what it opens; the one that is signed in is marked.
#[component]
pub fn Doors() -> impl IntoView {
    let locale = use_locale();
    let own = use_session().me.and_then(|me| me.role());
    let lines = AccountRole::ALL.map(|role| {
        let mark = (own == Some(role)).then(|| view! { " "<span class="tag">{t!(locale, doors.yours)}</span> });
        view! { <dt>{account_role(locale, role)}</dt><dd>{opens(locale, role)}{mark}</dd> }
    });
    view! { <dl class="dl">{lines.into_iter().collect_view()}</dl> }
}

/// Who is signed in, and what else there is: for those who may not use a page.
#[component]
pub fn WrongDoor() -> impl IntoView {
    let locale = use_locale();
    let who = use_session().me.map(|me| {
        let role = signed_in_as(locale, &me);
        t!(locale, doors.you_are, name = me.name, role = role, place = me.institution.name)
    });
    let title = t!(locale, doors.title);
    view! {
        <p>{who}" "{t!(locale, doors.several)}</p>
        <section aria-labelledby="doors">
            <h2 id="doors">{title}</h2>
            <Doors/>
            <p><a href="/help#doors">{t!(locale, help.title)}": "{title}</a></p>
        </section>
    }
}

fn opens(locale: Locale, role: AccountRole) -> &'static str {
    match role {
        AccountRole::Authority => t!(locale, doors.authority),
        AccountRole::Principal => t!(locale, doors.principal),
        AccountRole::TestAdministrator => t!(locale, doors.test_administrator),
        AccountRole::Leader => t!(locale, doors.leader),
        AccountRole::Teacher => t!(locale, doors.teacher),
    }
}
