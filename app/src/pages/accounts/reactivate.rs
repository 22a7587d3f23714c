//! `/accounts/reactivate`: accounts whose time is over are opened again for the school year that has
//! begun: some of them, or all whose people are still in the newest roster. A preview comes first.

use super::form::{Fields, Sent, use_sent};
use super::{asked, crumb, csrf, done, for_keepers, refusal, table};
use crate::pages::PageTitle;
use crate::text::{Locale, date, long_date, use_locale};
use crate::ui::account_role;
use crate::{plural, t};
use domain::AccountId;
use domain::account::{Action, Reactivation, State};
use domain::exchange::Me;
use domain::exchange::accounts::{
    AccountFilter, AccountLine, AccountList, ReactivationLine, ReactivationPreview, Which,
};
use domain::notice::reminds_on;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

/// Where the page is, and where its form goes.
pub const REACTIVATE_ADDRESS: &str = "/accounts/reactivate";

/// The accounts that a form or an address names; `None` where one of them is no id.
#[must_use]
pub fn chosen(fields: &Fields) -> Option<Vec<AccountId>> {
    fields.all("account").map(|id| id.parse().ok().map(AccountId)).collect()
}

/// What the page shows.
#[derive(Clone, Debug)]
enum Shown {
    /// Who can be reactivated, and who lapses next.
    Choice(Box<AccountList>, Vec<AccountLine>),
    /// What reactivating these would do.
    Preview(ReactivationPreview),
}

/// The lapsed and closed accounts, or what reactivating some of them would do.
#[component]
pub fn ReactivatePage() -> impl IntoView {
    for_keepers(|me| {
        let locale = use_locale();
        let sent = use_sent();
        let which = which();
        let ask = move |service: service::Service, actor: service::Actor| {
            let which = which.clone();
            async move {
                if let Some(which) = which {
                    return Ok(Shown::Preview(service.reactivation_preview(&actor, &which).await?));
                }
                let states = vec![State::Lapsed, State::Deactivated];
                let list = service.accounts(&actor, &AccountFilter { states, ..AccountFilter::default() }).await?;
                Ok(Shown::Choice(Box::new(list), service.lapsing_accounts(&actor).await?))
            }
        };
        let page = move |shown: Shown| page(locale, &me, &shown, sent.as_ref());
        view! { <PageTitle name=t!(locale, reactivation.title)/> {asked(ask, page)} }.into_any()
    })
}

/// What the address asks to preview; nothing where no account is chosen.
fn which() -> Option<Which> {
    let query = use_query_map().read_untracked();
    if query.get("which").as_deref() == Some("still-here") {
        return Some(Which::StillHere);
    }
    let chosen: Vec<AccountId> =
        query.get_all("account").into_iter().flatten().filter_map(|id| id.parse().ok()).map(AccountId).collect();
    (!chosen.is_empty()).then_some(Which::These(chosen))
}

fn page(locale: Locale, me: &Me, shown: &Shown, sent: Option<&Sent>) -> AnyView {
    let refused =
        sent.and_then(Sent::refusal).map(|error| refusal(locale, error, t!(locale, reactivation.none_chosen)));
    let (lede, body) = match shown {
        Shown::Choice(list, lapsing) => (t!(locale, reactivation.lede), choice(locale, me, list, lapsing)),
        Shown::Preview(preview) => (t!(locale, reactivation.preview_lede), previewed(locale, me, preview)),
    };
    view! {
        <main class="page" id="content">
            {crumb(locale)}
            <h1>{t!(locale, reactivation.title)}</h1>
            <p class="lede">{lede}</p>
            {done(locale)}
            {refused}
            {body}
        </main>
    }
    .into_any()
}

/// Who can be chosen, who is for others, and who lapses next.
fn choice(locale: Locale, me: &Me, list: &AccountList, lapsing: &[AccountLine]) -> AnyView {
    let (mine, others): (Vec<&AccountLine>, Vec<&AccountLine>) =
        list.accounts.iter().partition(|line| line.may.contains(&Action::Reactivate));
    let row = |line: &&AccountLine| {
        let id = format!("choose-{}", line.id);
        view! {
            <tr>
                <td class="box"><input type="checkbox" id=id.clone() name="account" value=line.id.to_string()/></td>
                <th scope="row"><label for=id>{line.name()}</label></th>
                {table::facts(locale, me.institution.zone, line)}
            </tr>
        }
        .into_any()
    };
    let head = view! {
        <th scope="col"><span class="sr">{t!(locale, reactivation.choose)}</span></th>
        <th scope="col">{t!(locale, accounts.name)}</th>
        {table::facts_head(locale)}
    };
    let by_list = if mine.is_empty() {
        view! { <p>{t!(locale, reactivation.nobody)}</p> }.into_any()
    } else {
        view! {
            <form method="get" action=REACTIVATE_ADDRESS>
                {table::table("lapsed".to_owned(), None, head.into_any(), mine.iter().map(row).collect())}
                <div class="actions form__end">
                    <button class="btn btn--primary" type="submit">{t!(locale, reactivation.review)}</button>
                </div>
            </form>
        }
        .into_any()
    };
    view! {
        {still_here(locale, list)}
        <section aria-labelledby="lapsed">
            <h2 id="lapsed">{t!(locale, reactivation.by_list)}</h2>
            {by_list}
            {for_others(locale, &others)}
        </section>
        {next(locale, me, list, lapsing)}
    }
    .into_any()
}

/// All teachers of the newest roster at once; an authority has no such list.
fn still_here(locale: Locale, list: &AccountList) -> Option<AnyView> {
    if list.keeper == domain::account::Keeper::Authority {
        return None;
    }
    Some(
        view! {
            <section class="note">
                <h2>{t!(locale, reactivation.still_here)}</h2>
                <p>{t!(locale, reactivation.still_here_why)}</p>
                <p class="actions">
                    <a class="btn" href=format!("{REACTIVATE_ADDRESS}?which=still-here")>{t!(locale, reactivation.still_here_do)}</a>
                </p>
            </section>
        }
        .into_any(),
    )
}

/// Those whom somebody else opens again.
fn for_others(locale: Locale, others: &[&AccountLine]) -> Option<AnyView> {
    if others.is_empty() {
        return None;
    }
    let names: Vec<String> =
        others.iter().map(|line| format!("{} ({})", line.name(), account_role(locale, line.role))).collect();
    Some(view! { <p>{t!(locale, reactivation.for_others, names = names.join(", "))}</p> }.into_any())
}

/// From when open accounts can be given another year, and whose lapse next.
fn next(locale: Locale, me: &Me, list: &AccountList, lapsing: &[AccountLine]) -> AnyView {
    let from =
        t!(locale, reactivation.from, day = long_date(locale, list.lapse), last = date(locale, list.lapse.previous()));
    let names = lapsing
        .iter()
        .map(|line| view! { <li>{line.name()}", "{account_role(locale, line.role)}", "<span class="num">{line.user_name.clone()}</span></li> })
        .collect_view();
    let who = (!lapsing.is_empty()).then(|| {
        view! {
            <details open=reminds_on(me.institution.zone.date_of(me.now))>
                <summary>{plural!(locale, lapsing.len(), reactivation.lapse_one, reactivation.lapse_n)}</summary>
                <ul class="list">{names}</ul>
            </details>
        }
    });
    view! {
        <section aria-labelledby="next">
            <h2 id="next">{t!(locale, reactivation.next)}</h2>
            <p>{from}</p>
            {who}
        </section>
    }
    .into_any()
}

/// What would happen, account by account, and the button that does it.
fn previewed(locale: Locale, me: &Me, preview: &ReactivationPreview) -> AnyView {
    let (opened, others): (Vec<&ReactivationLine>, Vec<&ReactivationLine>) =
        preview.accounts.iter().partition(|line| matches!(line.outcome, Reactivation::Until(_)));
    let row = |line: &&ReactivationLine| {
        let until = match line.last_day {
            Some(day) => t!(locale, accounts.until, day = date(locale, day)),
            None => t!(locale, accounts.no_end).to_owned(),
        };
        let facts = table::facts(locale, me.institution.zone, &line.account);
        view! { <tr><th scope="row">{line.account.name()}</th>{facts}<td>{until}</td></tr> }.into_any()
    };
    let head = view! {
        <th scope="col">{t!(locale, accounts.name)}</th>
        {table::facts_head(locale)}
        <th scope="col">{t!(locale, reactivation.then)}</th>
    };
    let rows = opened.iter().map(row).collect();
    let ids =
        opened.iter().map(|line| view! { <input type="hidden" name="account" value=line.account.id.to_string()/> });
    let ids = ids.collect_view();
    let apply = if opened.is_empty() {
        view! { <p>{t!(locale, reactivation.nothing)}</p> }.into_any()
    } else {
        view! {
            {table::table("opened".to_owned(), None, head.into_any(), rows)}
            <form class="actions" method="post" action=REACTIVATE_ADDRESS>
                {csrf()}
                {ids}
                <button class="btn btn--primary" type="submit">
                    {plural!(locale, opened.len(), reactivation.apply_one, reactivation.apply_n)}
                </button>
                <a class="btn btn--text" href=REACTIVATE_ADDRESS>{t!(locale, registering.cancel)}</a>
            </form>
        }
        .into_any()
    };
    view! {
        <section aria-labelledby="opened">
            <h2 id="opened">{plural!(locale, opened.len(), reactivation.opens_one, reactivation.opens_n)}</h2>
            {apply}
        </section>
        {open_already(locale, &others)}
        {left_out(locale, &preview.left_out)}
    }
    .into_any()
}

/// Accounts that stay as they are, and from when they can be given another year.
fn open_already(locale: Locale, others: &[&ReactivationLine]) -> Option<AnyView> {
    if others.is_empty() {
        return None;
    }
    let lines = others
        .iter()
        .map(|line| {
            let why = match line.outcome {
                Reactivation::NotBefore(day) => t!(locale, account.not_before, day = date(locale, day)),
                Reactivation::Unneeded | Reactivation::Until(_) => t!(locale, reactivation.unneeded).to_owned(),
            };
            view! { <li>{line.account.name()}": "{why}</li> }
        })
        .collect_view();
    Some(
        view! {
            <section aria-labelledby="unchanged">
                <h2 id="unchanged">{t!(locale, reactivation.unchanged)}</h2>
                <ul class="list">{lines}</ul>
            </section>
        }
        .into_any(),
    )
}

/// Lapsed teachers whom "still here" leaves out, because no roster names them any more.
fn left_out(locale: Locale, left_out: &[AccountLine]) -> Option<AnyView> {
    if left_out.is_empty() {
        return None;
    }
    let lines =
        left_out.iter().map(|line| view! { <li><a href=format!("/accounts/{}", line.id)>{line.name()}</a></li> });
    Some(
        view! {
            <section aria-labelledby="left-out">
                <h2 id="left-out">{t!(locale, reactivation.left_out)}</h2>
                <p>{t!(locale, reactivation.left_out_why)}</p>
                <ul class="list">{lines.collect_view()}</ul>
            </section>
        }
        .into_any(),
    )
}
