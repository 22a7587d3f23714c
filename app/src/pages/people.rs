//! `/people`: everybody who is or was at the school, and the file of each (GDPR art. 15): a page to print
//! or data, as a form that works with scripts off.

pub mod new;
pub mod one;

use super::PageTitle;
use super::accounts::{asked, csrf};
use crate::document::for_capacity;
use crate::t;
use crate::text::{Locale, use_locale};
use crate::words::people::user_type;
use domain::Capacity;
use domain::exchange::Me;
use domain::exchange::person::{PeopleFound, PersonLine};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use service::person_file::Sought;

/// The list.
pub const PEOPLE_ADDRESS: &str = "/people";
/// Makes a file: fields `person`, `form` (`html` or `json`), and `reason` where a protected name is to
/// stand in it.
pub const FILE_ADDRESS: &str = "/people/file";

/// The people of the school, sought by the address.
#[component]
pub fn PeoplePage() -> impl IntoView {
    for_capacity(&[Capacity::UserAdministration], |me| {
        let locale = use_locale();
        let sought = use_query_map().read_untracked().get("q").unwrap_or_default();
        let (query, is_due) = (sought.clone(), use_query_map().read_untracked().get("due").is_some());
        let ask = move |service: service::Service, actor: service::Actor| {
            let query = query.clone();
            async move { service.find_people(&actor, &Sought { name: &query, is_due }).await }
        };
        let page = move |found: PeopleFound| page(locale, &me, &sought, &found);
        view! { <PageTitle name=t!(locale, people.title)/> {asked(ask, page)} }.into_any()
    })
}

fn page(locale: Locale, me: &Me, sought: &str, found: &PeopleFound) -> AnyView {
    let lines = found.people.iter().map(|line| person(locale, line)).collect_view();
    let list = if found.people.is_empty() {
        view! { <p>{t!(locale, people.none)}</p> }.into_any()
    } else {
        view! { <ul class="places" aria-label=t!(locale, people.title)>{lines}</ul> }.into_any()
    };
    let place = me.institution.name.as_str();
    view! {
        <main class="page page--narrow" id="content">
            <h1>{t!(locale, people.title)}</h1>
            <p class="lede">{t!(locale, people.lede, place = place)}</p>
            <p class="hint">{t!(locale, people.logged)}</p>
            <p><a class="btn" href=new::NEW_PERSON_ADDRESS>{t!(locale, people.new)}</a></p>
            {due(locale, found)}
            <form class="filters" method="get" action=PEOPLE_ADDRESS role="search">
                <div class="field">
                    <label for="q">{t!(locale, people.sought)}</label>
                    <input class="input" id="q" name="q" type="search" value=sought.to_owned() autocomplete="off"/>
                </div>
                <button class="btn" type="submit">{t!(locale, people.seek)}</button>
            </form>
            <p class="hint" role="status">{t!(locale, people.shown, shown = found.people.len(), all = found.all)}</p>
            {list}
        </main>
    }
    .into_any()
}

/// Whose affiliation has to be confirmed soon, or ends.
fn due(locale: Locale, found: &PeopleFound) -> Option<AnyView> {
    (found.due > 0).then(|| {
        let href = format!("{PEOPLE_ADDRESS}?due=1");
        view! {
            <p class="note note--warn">{t!(locale, people.due, n = found.due)}" "<a href=href>{t!(locale, people.due_link)}</a></p>
        }
        .into_any()
    })
}

/// What somebody is on the staff, and which flags they hold.
fn roles(locale: Locale, line: &PersonLine) -> String {
    let types = line.types.iter().map(|kind| user_type(locale, *kind));
    types.chain(line.flags.iter().map(|flag| flag.code())).collect::<Vec<_>>().join(", ")
}

fn person(locale: Locale, line: &PersonLine) -> AnyView {
    let kind = if line.is_pupil { t!(locale, people.pupil) } else { t!(locale, people.staff) };
    let gone = (!line.is_here).then(|| format!(", {}", t!(locale, people.gone)));
    let title = format!("person-{}", line.person);
    let roles = Some(roles(locale, line)).filter(|roles| !roles.is_empty()).map(|roles| format!(": {roles}"));
    let due = line.is_due.then(|| view! { " "<b>{t!(locale, staffing.due)}</b> });
    let edit = (!line.is_pupil).then(|| {
        let href = format!("{PEOPLE_ADDRESS}/{}", line.person);
        view! { <p><a href=href aria-describedby=title.clone()>{t!(locale, people.edit)}</a></p> }
    });
    let reveal = line.protected.then(|| {
        let field = format!("reason-{}", line.person);
        view! {
            <details>
                <summary>{t!(locale, people.reveal)}</summary>
                <div class="field">
                    <label for=field.clone()>{t!(locale, people.reveal_why)}</label>
                    <p class="hint" id=format!("{field}-hint")>{t!(locale, people.reveal_hint)}</p>
                    <input
                        class="input"
                        id=field.clone()
                        name="reason"
                        maxlength="500"
                        autocomplete="off"
                        aria-describedby=format!("{field}-hint")
                    />
                </div>
            </details>
        }
    });
    view! {
        <li>
            <p><b id=title.clone()>{line.name.clone()}</b><span class="sub">{kind}{gone}{roles}{due}</span></p>
            {edit}
            <form method="post" action=FILE_ADDRESS aria-labelledby=title.clone()>
                {csrf()}
                <input type="hidden" name="person" value=line.person.to_string()/>
                {reveal}
                <div class="actions">
                    <button class="btn btn--small" type="submit" name="form" value="html" aria-describedby=title.clone()>
                        {t!(locale, people.print)}
                    </button>
                    <button class="btn btn--small" type="submit" name="form" value="json" aria-describedby=title.clone()>
                        {t!(locale, people.data)}
                    </button>
                </div>
            </form>
        </li>
    }
    .into_any()
}
