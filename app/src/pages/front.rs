//! `/`: sends the person on to the first page the account opens.

use super::PageTitle;
use crate::document::pages_of;
use crate::session_state::use_session;
use crate::t;
use crate::text::use_locale;
use leptos::prelude::*;
use leptos_router::components::Redirect;

/// Sends on to the first page, or to sign-in; says so plainly where the account opens none.
#[component]
pub fn Front() -> impl IntoView {
    let locale = use_locale();
    let Some(me) = use_session().me else {
        return view! { <Redirect path="/sign-in"/> }.into_any();
    };
    if let Some((first, _)) = pages_of(locale, &me).first() {
        return view! { <Redirect path=*first/> }.into_any();
    }
    view! {
        <PageTitle name=t!(locale, front.title)/>
        <main class="page" id="content">
            <h1>{t!(locale, front.nothing_title)}</h1>
            <p class="lede">{t!(locale, front.nothing, school = me.institution.name)}</p>
        </main>
    }
    .into_any()
}
