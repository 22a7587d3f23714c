//! `/portal`: assessment material by subject and school form, for teachers' accounts; and its open
//! part, which is anybody's. Drawn by the server alone.

mod door;
mod list;
pub mod open;

use super::PageTitle;
use super::accounts::asked;
use super::accounts::one::helper;
use crate::document::for_person;
use crate::t;
use crate::text::{Locale, use_locale};
use domain::AccountRole;
use domain::exchange::OwnAccount;
use domain::exchange::material::{MaterialFilter, MaterialSubject, Portal};
use domain::material::SchoolForm;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
pub use list::material_address;

/// Where the portal is.
pub const PORTAL_ADDRESS: &str = "/portal";
/// Where its open part is.
pub const OPEN_ADDRESS: &str = "/portal/open";
/// What the addresses of files begin with; an id follows.
pub const FILES_ADDRESS: &str = "/portal/material/";

/// Somebody asked for a file that does not open to them, or is not there. The server provides it as
/// context to that one answer, which is the portal's page.
#[derive(Clone, Copy, Debug)]
pub struct NotOpened;

/// The portal; for an account that does not open it, why not and what to do.
#[component]
pub fn PortalPage() -> impl IntoView {
    for_person(|me| {
        let locale = use_locale();
        let Some(OwnAccount { user_name, role: AccountRole::Teacher, .. }) = me.account.clone() else {
            return door::wrong_door(locale, me);
        };
        let filter = filter_of_address();
        let sought = filter.clone();
        let not_opened = use_context::<NotOpened>().is_some();
        let ask = move |service: service::Service, actor: service::Actor| {
            let filter = filter.clone();
            async move { service.portal(&actor, &filter).await }
        };
        let page = move |portal: Portal| page(locale, &user_name, &sought, &portal, not_opened);
        view! { <PageTitle name=t!(locale, portal.title)/> {asked(ask, page)} }.into_any()
    })
}

/// What the address asks for; words that are none ask for nothing.
fn filter_of_address() -> MaterialFilter {
    let query = use_query_map().read_untracked();
    MaterialFilter {
        subject: query.get("subject").filter(|slug| !slug.is_empty()),
        school_form: query.get("form").and_then(|code| SchoolForm::of_code(&code)),
    }
}

fn page(locale: Locale, user_name: &str, filter: &MaterialFilter, portal: &Portal, not_opened: bool) -> AnyView {
    let refused = not_opened.then(|| {
        view! {
            <div class="note note--error" role="alert" tabindex="-1" data-focus="">
                <h2>{t!(locale, portal.not_opened_title)}</h2>
                <p>{t!(locale, portal.not_opened)}</p>
            </div>
        }
    });
    view! {
        <main class="page" id="content">
            <h1>{t!(locale, portal.title)}</h1>
            <p class="lede">{t!(locale, portal.lede, user = user_name)}</p>
            {refused}
            {filters(locale, filter, portal)}
            {materials(locale, filter, portal)}
            {missing(locale, portal)}
            <p class="hint">{t!(locale, portal.recorded)}</p>
        </main>
    }
    .into_any()
}

/// The form that narrows the list down; nothing where there is nothing to choose.
fn filters(locale: Locale, filter: &MaterialFilter, portal: &Portal) -> Option<AnyView> {
    if portal.all_subjects.len() < 2 && portal.school_forms.len() < 2 {
        return None;
    }
    let subjects = portal
        .all_subjects
        .iter()
        .map(|subject| {
            let is_asked = filter.subject.as_ref() == Some(&subject.slug);
            view! { <option value=subject.slug.clone() selected=is_asked>{subject.name.clone()}</option> }
        })
        .collect_view();
    let forms = portal
        .school_forms
        .iter()
        .map(|form| {
            let is_asked = filter.school_form == Some(*form);
            view! { <option value=form.code() selected=is_asked>{list::school_form(locale, *form)}</option> }
        })
        .collect_view();
    let forms = (!portal.school_forms.is_empty()).then(|| {
        view! {
            <div class="field">
                <label for="form">{t!(locale, portal.school_form)}</label>
                <select class="input" id="form" name="form"><option value="">{t!(locale, portal.every_form)}</option>{forms}</select>
            </div>
        }
    });
    Some(
        view! {
            <form class="filters" method="get" action=PORTAL_ADDRESS role="search">
                <div class="field">
                    <label for="subject">{t!(locale, portal.subject)}</label>
                    <select class="input" id="subject" name="subject"><option value="">{t!(locale, portal.every_subject)}</option>{subjects}</select>
                </div>
                {forms}
                <button class="btn" type="submit">{t!(locale, accounts.show)}</button>
            </form>
        }
        .into_any(),
    )
}

/// What opens, subject by subject.
fn materials(locale: Locale, filter: &MaterialFilter, portal: &Portal) -> AnyView {
    let shown: Vec<&MaterialSubject> = portal.subjects.iter().filter(|it| !it.materials.is_empty()).collect();
    if !shown.is_empty() {
        return list::subjects(locale, &shown, false);
    }
    if *filter != MaterialFilter::default() {
        return view! {
            <p role="status">{t!(locale, portal.none_fit)}</p>
            <p><a class="btn" href=PORTAL_ADDRESS>{t!(locale, portal.show_all)}</a></p>
        }
        .into_any();
    }
    // Where all there is is withheld, what is missing is said below.
    if !portal.subjects.is_empty() {
        return view! { <p>{t!(locale, portal.none_open)}</p> }.into_any();
    }
    view! {
        <section class="note" aria-labelledby="empty">
            <h2 id="empty">{t!(locale, portal.empty_title)}</h2>
            <p>{t!(locale, portal.empty)}</p>
        </section>
    }
    .into_any()
}

/// Which subjects the account lacks, and who gives them; which it has for nothing as yet.
fn missing(locale: Locale, portal: &Portal) -> AnyView {
    let withheld: Vec<&MaterialSubject> = portal.subjects.iter().filter(|it| it.withheld > 0).collect();
    let lines = withheld
        .iter()
        .map(|it| {
            let text = match it.withheld {
                1 => t!(locale, portal.withheld_one, subject = it.subject.name),
                n => t!(locale, portal.withheld_n, subject = it.subject.name, n = n),
            };
            view! { <li>{text}</li> }
        })
        .collect_view();
    let who: Vec<String> = portal.help.iter().map(|help| helper(locale, help)).collect();
    let lacks = (!withheld.is_empty()).then(|| {
        view! {
            <section aria-labelledby="missing">
                <h2 id="missing">{t!(locale, portal.missing_title)}</h2>
                <ul class="list">{lines}</ul>
                <p>{t!(locale, portal.missing_who, who = who.join("; "))}</p>
            </section>
        }
    });
    let names: Vec<&str> = portal.given_empty.iter().map(|subject| subject.name.as_str()).collect();
    let empty = (!names.is_empty())
        .then(|| view! { <p class="muted">{t!(locale, portal.given_empty, subjects = names.join(", "))}</p> });
    view! { {lacks}{empty} }.into_any()
}
