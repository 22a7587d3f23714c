//! `/accounts/handover`: what a new principal takes over: who has what, what lapses, what is open.

use super::doubles::DOUBLES_PAGE;
use super::reactivate::REACTIVATE_ADDRESS;
use super::{asked, crumb, states};
use crate::document::for_capacity;
use crate::pages::PageTitle;
use crate::text::{Locale, date, long_date, use_locale};
use crate::ui::account_role;
use crate::{plural, t};
use domain::Capacity;
use domain::account::State;
use domain::exchange::Me;
use domain::exchange::accounts::Handover;
use leptos::prelude::*;

/// Where the page is.
pub const HANDOVER_ADDRESS: &str = "/accounts/handover";

/// The state of a school's accounts, for its principal.
#[component]
pub fn HandoverPage() -> impl IntoView {
    for_capacity(&[Capacity::AccountDeletion], |me| {
        let locale = use_locale();
        let ask = |service: service::Service, actor: service::Actor| async move { service.handover(&actor).await };
        let page = move |handover: Handover| page(locale, &me, &handover);
        view! { <PageTitle name=t!(locale, handover.title)/> {asked(ask, page)} }.into_any()
    })
}

fn page(locale: Locale, me: &Me, handover: &Handover) -> AnyView {
    let place = me.institution.name.as_str();
    view! {
        <main class="page" id="content">
            {crumb(locale)}
            <div class="headrow">
                <h1>{t!(locale, handover.title)}</h1>
                <button class="btn" type="button" data-prints="">{t!(locale, my.print)}</button>
            </div>
            <p class="lede">{t!(locale, handover.lede, place = place)}</p>
            {before(locale, handover)}
            {open(locale, handover)}
            {lapsing(locale, handover)}
            {everybody(locale, me, handover)}
        </main>
    }
    .into_any()
}

fn before(locale: Locale, handover: &Handover) -> Option<AnyView> {
    let lines = handover.before.iter().map(|(name, day)| {
        view! { <li>{t!(locale, handover.was, name = name, day = date(locale, *day))}</li> }
    });
    (!handover.before.is_empty()).then(|| {
        view! {
            <section aria-labelledby="before">
                <h2 id="before">{t!(locale, handover.before)}</h2>
                <ul class="list">{lines.collect_view()}</ul>
            </section>
        }
        .into_any()
    })
}

/// What waits for somebody, each with the way there.
fn open(locale: Locale, handover: &Handover) -> AnyView {
    let points = &handover.open;
    let of_state = |state: State| format!("/accounts?state={}", states::code(state));
    let all = [
        (points.requests, "/inbox".to_owned(), t!(locale, handover.requests)),
        (points.issued, of_state(State::Issued), t!(locale, handover.issued)),
        (points.locked, of_state(State::Locked), t!(locale, handover.locked)),
        (points.lapsed, REACTIVATE_ADDRESS.to_owned(), t!(locale, handover.lapsed)),
        (points.deactivated, REACTIVATE_ADDRESS.to_owned(), t!(locale, handover.deactivated)),
        (points.doubles, DOUBLES_PAGE.to_owned(), t!(locale, handover.doubles)),
    ];
    let lines = all.into_iter().filter(|(n, ..)| *n > 0).map(|(n, href, name)| {
        view! { <li><a href=href>{name}": "{n}</a></li> }
    });
    let lines = lines.collect_view();
    let without = (!points.without_account.is_empty()).then(|| {
        view! { <li>{t!(locale, handover.without)}" "{points.without_account.join(", ")}</li> }
    });
    let nothing = (lines.is_empty() && without.is_none()).then(|| view! { <li>{t!(locale, handover.nothing)}</li> });
    view! {
        <section aria-labelledby="open">
            <h2 id="open">{t!(locale, handover.open)}</h2>
            <ul class="list">{lines}{without}{nothing}</ul>
        </section>
    }
    .into_any()
}

fn lapsing(locale: Locale, handover: &Handover) -> AnyView {
    let day = long_date(locale, handover.lapse.previous());
    let n = usize::try_from(handover.lapsing).unwrap_or(usize::MAX);
    let text = match n {
        0 => t!(locale, handover.none_lapses, day = day),
        1 => t!(locale, accounts.lapsing_one, day = day),
        n => t!(locale, accounts.lapsing_n, n = n, day = day),
    };
    view! {
        <section aria-labelledby="lapses">
            <h2 id="lapses">{t!(locale, handover.lapses)}</h2>
            <p>{text}". "{t!(locale, accounts.lapsing_why, from = date(locale, handover.lapse))}</p>
        </section>
    }
    .into_any()
}

/// Who has what.
fn everybody(locale: Locale, me: &Me, handover: &Handover) -> AnyView {
    let names_of = |slugs: &[String]| {
        let name = |slug: &String| {
            let known = handover.subjects.iter().find(|subject| subject.slug == *slug);
            known.map_or_else(|| slug.clone(), |subject| subject.name.clone())
        };
        slugs.iter().map(name).collect::<Vec<_>>().join(", ")
    };
    let rows = handover.accounts.iter().map(|line| {
        view! {
            <tr>
                <td>{account_role(locale, line.role)}</td>
                <th scope="row"><a href=format!("/accounts/{}", line.id)>{line.name()}</a></th>
                <td class="nw num">{line.user_name.clone()}</td>
                <td>{names_of(&line.subjects)}</td>
                <td>{states::view(locale, me.institution.zone, line)}</td>
            </tr>
        }
    });
    view! {
        <section aria-labelledby="everybody">
            <h2 id="everybody">{plural!(locale, handover.accounts.len(), handover.account, handover.accounts)}</h2>
            <div class="scroll-x" tabindex="0" role="region" aria-labelledby="everybody">
                <table class="tbl tbl--stack" aria-labelledby="everybody">
                    <thead>
                        <tr>
                            <th scope="col">{t!(locale, accounts.role)}</th>
                            <th scope="col">{t!(locale, accounts.name)}</th>
                            <th scope="col">{t!(locale, accounts.user_name)}</th>
                            <th scope="col">{t!(locale, registering.subjects)}</th>
                            <th scope="col">{t!(locale, accounts.state)}</th>
                        </tr>
                    </thead>
                    <tbody>{rows.collect_view()}</tbody>
                </table>
            </div>
        </section>
    }
    .into_any()
}
