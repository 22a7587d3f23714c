//! `/inbox`: what is asked of somebody, with one click to do it or a no with its reason; what they
//! asked of others, what became of it, and what they were told.

mod notices;
pub mod settings;
pub mod unsent;

use super::PageTitle;
use super::accounts::merging::merge_address;
use super::accounts::{asked, csrf};
use super::issued::ISSUE_ADDRESS;
use crate::document::for_capacity;
use crate::grid::choice::{Choice, Chosen, Shape};
use crate::t;
use crate::text::{Locale, moment, use_locale};
use crate::ui::account_role;
use domain::exchange::Me;
use domain::exchange::accounts::{AccessAsked, Anew, Closed, Inbox, Outcome, Request, Wish};
use domain::{AccountId, Capacity, Instant};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use settings::SETTINGS_ADDRESS;
use unsent::UNSENT_ADDRESS;
use uuid::Uuid;

/// Asks others to do something to an account: fields `account` and `wish`, and `other` to unite it
/// with that one.
pub const ASK_ADDRESS: &str = "/inbox/ask";
/// Answers with no: fields `request` and `reason`.
pub const DECLINE_ADDRESS: &str = "/inbox/decline";
/// Answers a wish for access: fields `request`, `answer` (`done` or `no`) and `reason`.
pub const ANSWER_ADDRESS: &str = "/inbox/answer";
/// Puts what a teacher asked for into one's draft, and opens the grid there: field `request`.
pub const DRAFT_ADDRESS: &str = "/inbox/draft";
/// Takes back what one has asked for: field `request`.
pub const WITHDRAW_ADDRESS: &str = "/inbox/withdraw";
/// Marks things as read, or with `unread` as unread: fields `item`, several of them.
pub const READ_ADDRESS: &str = "/inbox/read";

/// What concerns the signed-in person. Everybody has an inbox.
#[component]
pub fn InboxPage() -> impl IntoView {
    for_capacity(&Capacity::ALL, |me| {
        let locale = use_locale();
        let ask = |service: service::Service, actor: service::Actor| async move { service.inbox(&actor).await };
        let page = move |inbox: Inbox| page(locale, &me, &inbox);
        view! { <PageTitle name=t!(locale, inbox.title)/> {asked(ask, page)} }.into_any()
    })
}

/// The small form that asks others to do something to an account.
pub(super) fn ask_form(locale: Locale, account: AccountId, wish: Wish) -> AnyView {
    view! {
        <form method="post" action=ASK_ADDRESS>
            {csrf()}
            <input type="hidden" name="account" value=account.to_string()/>
            <button class="btn" type="submit" name="wish" value=wish.code()>{asking(locale, wish)}</button>
        </form>
    }
    .into_any()
}

/// The small form that takes back what one has asked for.
pub(super) fn withdraw_form(locale: Locale, request: Uuid) -> AnyView {
    view! {
        <form class="actions" method="post" action=WITHDRAW_ADDRESS>
            {csrf()}
            <button class="btn btn--small" type="submit" name="request" value=request.to_string()>
                {t!(locale, inbox.withdraw)}
            </button>
        </form>
    }
    .into_any()
}

/// The same for two accounts that are to be united.
pub(super) fn ask_to_merge(locale: Locale, one: AccountId, other: AccountId) -> AnyView {
    view! {
        <form class="actions" method="post" action=ASK_ADDRESS>
            {csrf()}
            <input type="hidden" name="account" value=one.to_string()/>
            <input type="hidden" name="other" value=other.to_string()/>
            <button class="btn" type="submit" name="wish" value=Wish::Merge.code()>{asking(locale, Wish::Merge)}</button>
        </form>
    }
    .into_any()
}

fn asking(locale: Locale, wish: Wish) -> &'static str {
    match wish {
        Wish::Reactivate => t!(locale, inbox.ask_reactivate),
        Wish::Reissue => t!(locale, inbox.ask_reissue),
        Wish::Delete => t!(locale, inbox.ask_delete),
        Wish::Merge => t!(locale, inbox.ask_merge),
        Wish::Access => t!(locale, access.link),
    }
}

fn page(locale: Locale, me: &Me, inbox: &Inbox) -> AnyView {
    let said = match use_query_map().read_untracked().get("done").as_deref() {
        Some("asked") => Some(("note note--done", t!(locale, inbox.asked_done))),
        Some("declined") => Some(("note note--done", t!(locale, inbox.declined_done))),
        Some("answered") => Some(("note note--done", t!(locale, inbox.answered_done))),
        Some("withdrawn") => Some(("note note--done", t!(locale, inbox.withdrawn_done))),
        Some("access") => Some(("note note--done", t!(locale, access.asked_done))),
        Some("no-reason") => Some(("note note--error", t!(locale, inbox.no_reason))),
        _ => None,
    };
    let said = said.map(|(kind, text)| view! { <p class=kind role="status">{text}</p> });
    let waiting = if inbox.waiting.is_empty() {
        inbox.is_keeper.then(|| view! { <p>{t!(locale, inbox.nothing)}</p> }.into_any())
    } else {
        let requests = inbox.waiting.iter().map(|request| waiting(locale, me, inbox.now, request));
        Some(requests.collect_view().into_any())
    };
    let lede = if inbox.is_keeper { t!(locale, inbox.lede) } else { t!(locale, inbox.lede_told) };
    view! {
        <main class="page page--narrow" id="content">
            <h1>{t!(locale, inbox.title)}</h1>
            <p class="lede">{lede}</p>
            {ways(locale, inbox)}
            {said}
            {waiting}
            {notices::list(locale, me, inbox)}
            {list(locale, me, inbox.now, "own", t!(locale, inbox.own), &inbox.own)}
            {list(locale, me, inbox.now, "closed", t!(locale, inbox.closed), &inbox.closed)}
        </main>
    }
    .into_any()
}

/// What goes out by mail, and what did not.
fn ways(locale: Locale, inbox: &Inbox) -> AnyView {
    let off = (!inbox.mails).then(|| view! { <p class="hint">{t!(locale, mailing.off)}</p> });
    let unsent = inbox.is_keeper.then(|| {
        let name = if inbox.mails { t!(locale, mailing.unsent) } else { t!(locale, mailing.to_print) };
        view! { <a class="btn btn--small" href=UNSENT_ADDRESS>{name}</a> }
    });
    view! {
        {off}
        <nav class="actions" aria-label=t!(locale, mailing.label)>
            <a class="btn btn--small" href=SETTINGS_ADDRESS>{t!(locale, mailing.settings)}</a>
            {unsent}
        </nav>
    }
    .into_any()
}

fn wished(locale: Locale, wish: Wish) -> &'static str {
    match wish {
        Wish::Reactivate => t!(locale, inbox.reactivate),
        Wish::Reissue => t!(locale, inbox.reissue),
        Wish::Delete => t!(locale, inbox.delete),
        Wish::Merge => t!(locale, inbox.merge),
        Wish::Access => t!(locale, inbox.access),
    }
}

/// The mark of what is unread.
fn new_mark(locale: Locale, is_new: bool) -> Option<AnyView> {
    is_new.then(|| view! { <span class="tag tag--add">{t!(locale, inbox.new)}</span>" " }.into_any())
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
    let other = request.other.as_ref().map(|other| {
        let address = format!("/accounts/{}", other.id);
        view! { " + "<a class="num" href=address>{other.user_name.clone()}</a> }
    });
    let answers = match &request.access {
        Some(access) => answering(locale, request, access, reason),
        None => view! {
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
        }
        .into_any(),
    };
    view! {
        <section class="request" aria-labelledby=title.clone()>
            <h2 id=title.clone()>{new_mark(locale, request.is_new)}{wished(locale, request.wish)}": "{account.name.clone()}</h2>
            <p>
                {account_role(locale, account.role)}", "{account.institution_name.clone()}", "
                <a class="num" href=address.clone()>{account.user_name.clone()}</a>{other}
            </p>
            <p class="hint">{asked_by(locale, me, now, request)}</p>
            {answers}
        </section>
    }
    .into_any()
}

/// The one click. It is the account's own form, so that the request is closed by what was done.
fn doing(locale: Locale, address: &str, request: &Request) -> AnyView {
    let account = &request.account;
    match (request.wish, &request.other) {
        (Wish::Reissue, _) => {
            let what = if account.has_card { Anew::Both } else { Anew::Password };
            view! {
                <form class="actions" method="post" action=ISSUE_ADDRESS>
                    {csrf()}
                    <input type="hidden" name="account" value=account.id.to_string()/>
                    <button class="btn btn--primary" type="submit" name="what" value=what.code()>{t!(locale, inbox.do_reissue)}</button>
                </form>
            }
            .into_any()
        }
        (Wish::Merge, Some(other)) => {
            let preview = merge_address(account.id, other.id);
            view! { <p class="actions"><a class="btn btn--primary" href=preview>{t!(locale, inbox.do_merge)}</a></p> }
                .into_any()
        }
        (Wish::Reactivate | Wish::Delete, _) => {
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
        (Wish::Merge | Wish::Access, _) => ().into_any(),
    }
}

/// What a teacher needs to see, the way to give it, and the answer with a word to it or without.
fn answering(locale: Locale, request: &Request, access: &AccessAsked, reason: String) -> AnyView {
    let chosen = (!access.groups.is_empty()).then(|| {
        let tests = match access.subjects.as_slice() {
            [] => t!(locale, access.all_tests).to_owned(),
            names => names.join(", "),
        };
        view! {
            <dl class="dl">
                <dt>{t!(locale, access.groups)}</dt><dd>{access.groups.join(", ")}</dd>
                <dt>{t!(locale, access.tests)}</dt><dd>{tests}</dd>
            </dl>
        }
    });
    let words = (!access.words.is_empty()).then(|| view! { <blockquote><p>{access.words.clone()}</p></blockquote> });
    let open = if access.groups.is_empty() {
        let grid = Choice::of(Chosen::Teacher(request.account.person), Shape::Auto).href();
        view! { <p class="actions"><a class="btn btn--primary" href=grid>{t!(locale, access.open_grid)}</a></p> }
            .into_any()
    } else {
        view! {
            <form class="actions" method="post" action=DRAFT_ADDRESS>
                {csrf()}
                <input type="hidden" name="request" value=request.id.to_string()/>
                <button class="btn btn--primary" type="submit">{t!(locale, access.open_draft)}</button>
            </form>
            <p class="hint">{t!(locale, access.draft_why)}</p>
        }
        .into_any()
    };
    view! {
        {chosen}
        {words}
        {open}
        <details>
            <summary>{t!(locale, access.answer)}</summary>
            <form class="form" method="post" action=ANSWER_ADDRESS>
                {csrf()}
                <input type="hidden" name="request" value=request.id.to_string()/>
                <div class="field">
                    <label for=reason.clone()>{t!(locale, access.reason)}</label>
                    <input class="input" id=reason name="reason" maxlength="500" autocomplete="off"/>
                </div>
                <div class="actions">
                    <button class="btn" type="submit" name="answer" value="done">{t!(locale, access.given)}</button>
                    <button class="btn" type="submit" name="answer" value="no">{t!(locale, inbox.no)}</button>
                </div>
            </form>
        </details>
    }
    .into_any()
}

/// How a request ended, in words.
pub(super) fn outcome(locale: Locale, closed: &Closed, when: &str) -> String {
    let by = &closed.by;
    match (closed.outcome, &closed.reason) {
        (Outcome::Done, None) => t!(locale, inbox.was_done, by = by, when = when),
        (Outcome::Done, Some(reason)) => t!(locale, inbox.was_done_because, by = by, when = when, reason = reason),
        (Outcome::Declined, None) => t!(locale, inbox.was_refused, by = by, when = when),
        (Outcome::Declined, Some(reason)) => t!(locale, inbox.was_declined, by = by, when = when, reason = reason),
        (Outcome::Void, _) => t!(locale, inbox.was_void, when = when),
        (Outcome::Withdrawn, _) => t!(locale, inbox.was_withdrawn, by = by, when = when),
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
                outcome(locale, closed, &moment(locale, me.institution.zone, closed.at, now))
            });
            let other = request.other.as_ref().map(|other| format!(" + {}", other.user_name));
            let withdraw = (id == "own").then(|| withdraw_form(locale, request.id));
            view! {
                <li>
                    {wished(locale, request.wish)}": "{request.account.name.clone()}", "{request.account.user_name.clone()}{other}
                    <span class="sub">{asked_by(locale, me, now, request)}" "{outcome}</span>
                    {withdraw}
                </li>
            }
        })
        .collect_view();
    view! { <section aria-labelledby=id><h2 id=id>{title}</h2><ul class="list">{lines}</ul></section> }.into_any()
}
