//! `/portal/open`: the open part, for anybody at all, with whatever account or none.

use super::list;
use super::{OPEN_ADDRESS, PORTAL_ADDRESS};
use crate::document::loaded;
use crate::error::{AppError, answer};
use crate::pages::PageTitle;
use crate::server_context::ServerContext;
use crate::session_state::use_session;
use crate::t;
use crate::text::{Locale, use_locale};
use domain::AccountRole;
use domain::exchange::material::{MaterialSubject, OpenPart};
use domain::exchange::{Me, RefusalCode};
use leptos::prelude::*;

/// The open part: of one's own country, or of all of them for who is not signed in.
#[component]
pub fn OpenPartPage() -> impl IntoView {
    let locale = use_locale();
    let load = || async {
        let context = use_context::<ServerContext>().ok_or_else(|| answer(RefusalCode::Internal.into()))?;
        context.service.open_part(context.actor.as_ref()).await.map_err(AppError::from)
    };
    view! {
        <PageTitle name=t!(locale, portal.open_title)/>
        {loaded(load, move |part: OpenPart| page(locale, &part))}
    }
}

fn page(locale: Locale, part: &OpenPart) -> AnyView {
    let has_several = part.countries.len() > 1;
    let countries = part
        .countries
        .iter()
        .map(|(country, subjects)| {
            let subjects: Vec<&MaterialSubject> = subjects.iter().collect();
            let heading = has_several.then(|| view! { <h2>{name_of(locale, country)}</h2> });
            view! { {heading}{list::subjects(locale, &subjects, has_several)} }
        })
        .collect_view();
    let empty = part.countries.is_empty().then(|| view! { <p>{t!(locale, portal.open_empty)}</p> });
    let me = use_session().me;
    let on = match me.as_ref().map(Me::role) {
        None => {
            let href = format!("/sign-in?next={PORTAL_ADDRESS}");
            Some(view! { <p><a class="btn" href=href>{t!(locale, portal.sign_in)}</a></p> }.into_any())
        }
        Some(Some(AccountRole::Teacher)) => {
            Some(view! { <p><a class="btn" href=PORTAL_ADDRESS>{t!(locale, portal.whole)}</a></p> }.into_any())
        }
        Some(_) => None,
    };
    view! {
        <main class="page" id="content">
            <h1>{t!(locale, portal.open_title)}</h1>
            <p class="lede">{t!(locale, portal.open_lede)}</p>
            {on}
            {empty}
            {countries}
        </main>
    }
    .into_any()
}

/// Where whoever may not open the rest still finds something.
pub(super) fn link(locale: Locale) -> AnyView {
    view! { <p><a href=OPEN_ADDRESS>{t!(locale, portal.open_link)}</a></p> }.into_any()
}

fn name_of(locale: Locale, country: &str) -> &'static str {
    match country {
        "se" => t!(locale, portal.sweden),
        _ => t!(locale, portal.denmark),
    }
}
