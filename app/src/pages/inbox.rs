//! `/inbox`: what is asked of whoever keeps accounts, with one click to do it or a no with its reason;
//! what they asked of others; and what became of it.

use super::PageTitle;
use super::accounts::{asked, csrf, for_keepers};
use super::issued::ISSUE_ADDRESS;
use crate::t;
use crate::text::{Locale, moment, use_locale};
use crate::ui::account_role;
use domain::exchange::Me;
use domain::exchange::accounts::{Anew, Inbox, Request, Wish};
use domain::{AccountId, Instant};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

/// Asks others to do something to an account: fields `account` and `wish`.
pub const ASK_ADDRESS: &str = "/inbox/ask";
/// Answers with no: fields `request` and `reason`.
pub const DECLINE_ADDRESS: &str = "/inbox/decline";

/// The requests that concern the signed-in person.
#[component]
pub fn InboxPage() -> impl IntoView {
    for_keepers(|me| {
        let locale = use_locale();
        let ask = |service: service::Service, actor: service::Actor| async move { service.inbox(&actor).await };
        let page = move |inbox: Inbox| page(locale, &me, &inbox);
        view! { <PageTitle name=t!(locale, inbox.title)/> {asked(ask, page)} }.into_any()
    })
}

/// The small form that asks others to do something to an account.
pub(super) fn ask_form(locale: Locale, account: AccountId, wish: Wish) -> AnyView {
    let text = match wish {
        Wish::Reactivate => t!(locale, inbox.ask_reactivate),
        Wish::Reissue => t!(locale, inbox.ask_reissue),
        Wish::Delete => t!(locale, inbox.ask_delete),
    };
    view! {
        <form method="post" action=ASK_ADDRESS>
            {csrf()}
            <input type="hidden" name="account" value=account.to_string()/>
            <button class="btn" type="submit" name="wish" value=wish.code()>{text}</button>
        </form>
    }
    .into_any()
}

fn page(locale: Locale, me: &Me, inbox: &Inbox) -> AnyView {
    let said = match use_query_map().read_untracked().get("done").as_deref() {
        Some("asked") => Some(("note note--done", t!(locale, inbox.asked_done))),
        Some("declined") => Some(("note note--done", t!(locale, inbox.declined_done))),
        Some("no-reason") => Some(("note note--error", t!(locale, inbox.no_reason))),
        _ => None,
    };
    let said = said.map(|(kind, text)| view! { <p class=kind role="status">{text}</p> });
    let waiting = if inbox.waiting.is_empty() {
        view! { <p>{t!(locale, inbox.nothing)}</p> }.into_any()
    } else {
        inbox.waiting.iter().map(|request| waiting(locale, me, inbox.now, request)).collect_view().into_any()
    };
    view! {
        <main class="page page--narrow" id="content">
            <h1>{t!(locale, inbox.title)}</h1>
            <p class="lede">{t!(locale, inbox.lede)}</p>
            {said}
            {waiting}
            {list(locale, me, inbox.now, "own", t!(locale, inbox.own), &inbox.own)}
            {list(locale, me, inbox.now, "closed", t!(locale, inbox.closed), &inbox.closed)}
        </main>
    }
    .into_any()
}

fn wished(locale: Locale, wish: Wish) -> &'static str {
    match wish {
        Wish::Reactivate => t!(locale, inbox.reactivate),
        Wish::Reissue => t!(locale, inbox.reissue),
        Wish::Delete => t!(locale, inbox.delete),
    }
}

/// Who asked, when, how often.
fn asked_by(locale: Locale, me: &Me, now: Instant, request: &Request) -> String {
    let when = moment(locale, me.institution.zone, request.asked, now);
    match request.times {
        1 => t!(locale, inbox.asked, by = request.by, when = when),
        n => t!(locale, inbox.asked_often, by = request.by, when = when, n = n),
    }
}

/// A request that waits: what it is about, and the two answers.
fn waiting(locale: Locale, me: &Me, now: Instant, request: &Request) -> AnyView {
    let account = &request.account;
    let address = format!("/accounts/{}", account.id);
    let (title, reason) = (format!("request-{}", request.id), format!("reason-{}", request.id));
    view! {
        <section class="request" aria-labelledby=title.clone()>
            <h2 id=title.clone()>{wished(locale, request.wish)}": "{account.name()}</h2>
            <p>
                {account_role(locale, account.role)}", "{account.institution_name.clone()}", "
                <a class="num" href=address.clone()>{account.user_name.clone()}</a>
            </p>
            <p class="hint">{asked_by(locale, me, now, request)}</p>
            {doing(locale, &address, request)}
            <details>
                <summary>{t!(locale, inbox.say_no)}</summary>
                <form class="form" method="post" action=DECLINE_ADDRESS>
                    {csrf()}
                    <input type="hidden" name="request" value=request.id.to_string()/>
                    <div class="field">
                        <label for=reason.clone()>{t!(locale, inbox.reason)}</label>
                        <input class="input" id=reason.clone() name="reason" required maxlength="500" autocomplete="off"/>
                    </div>
                    <div class="actions"><button class="btn" type="submit">{t!(locale, inbox.no)}</button></div>
                </form>
            </details>
        </section>
    }
    .into_any()
}

/// The one click. It is the account's own form, so that the request is closed by what was done.
fn doing(locale: Locale, address: &str, request: &Request) -> AnyView {
    let account = &request.account;
    match request.wish {
        Wish::Reissue => {
            let what = if account.challenges_left.is_some() { Anew::Both } else { Anew::Password };
            view! {
                <form class="actions" method="post" action=ISSUE_ADDRESS>
                    {csrf()}
                    <input type="hidden" name="account" value=account.id.to_string()/>
                    <button class="btn btn--primary" type="submit" name="what" value=what.code()>{t!(locale, inbox.do_reissue)}</button>
                </form>
            }
            .into_any()
        }
        Wish::Reactivate | Wish::Delete => {
            let text = if request.wish == Wish::Delete {
                t!(locale, inbox.do_delete, user = account.user_name)
            } else {
                t!(locale, inbox.do_reactivate).to_owned()
            };
            view! {
                <form class="actions" method="post" action=address.to_owned()>
                    {csrf()}
                    <button class="btn btn--primary" type="submit" name="do" value=request.wish.code()>{text}</button>
                </form>
            }
            .into_any()
        }
    }
}

/// Requests that are only to be read.
fn list(locale: Locale, me: &Me, now: Instant, id: &'static str, title: &'static str, requests: &[Request]) -> AnyView {
    if requests.is_empty() {
        return ().into_any();
    }
    let lines = requests
        .iter()
        .map(|request| {
            let outcome = request.closed.as_ref().map(|closed| {
                let when = moment(locale, me.institution.zone, closed.at, now);
                match &closed.reason {
                    Some(reason) => t!(locale, inbox.was_declined, by = closed.by, when = when, reason = reason),
                    None => t!(locale, inbox.was_done, by = closed.by, when = when),
                }
            });
            view! {
                <li>
                    {wished(locale, request.wish)}": "{request.account.name()}", "{request.account.user_name.clone()}
                    <span class="sub">{asked_by(locale, me, now, request)}" "{outcome}</span>
                </li>
            }
        })
        .collect_view();
    view! { <section aria-labelledby=id><h2 id=id>{title}</h2><ul class="list">{lines}</ul></section> }.into_any()
}
