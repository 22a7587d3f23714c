//! `/inbox/unsent`: mails that did not go out, to those whose accounts somebody keeps, with why; where
//! nothing is mailed, what would have been, to be printed and handed over.

use crate::mail::kind_name;
use crate::pages::PageTitle;
use crate::pages::accounts::{asked, csrf, for_keepers};
use crate::t;
use crate::text::{Locale, moment, use_locale};
use crate::ui::account_role;
use domain::Instant;
use domain::exchange::Me;
use domain::exchange::accounts::{Unsent, UnsentLine, UnsentState};
use domain::notice::MailTrouble;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

/// Where the page is, and where its form goes: fields `mail`, several of them, which are taken off
/// the list.
pub const UNSENT_ADDRESS: &str = "/inbox/unsent";

/// The mails that did not go out.
#[component]
pub fn UnsentPage() -> impl IntoView {
    for_keepers(|me| {
        let locale = use_locale();
        let ask = |service: service::Service, actor: service::Actor| async move { service.unsent_mails(&actor).await };
        let page = move |unsent: Unsent| page(locale, &me, &unsent);
        view! { <PageTitle name=t!(locale, mailing.unsent)/> {asked(ask, page)} }.into_any()
    })
}

fn page(locale: Locale, me: &Me, unsent: &Unsent) -> AnyView {
    let is_done = use_query_map().read_untracked().get("done").is_some();
    let done = is_done.then(|| view! { <p class="note note--done" role="status">{t!(locale, mailing.cleared)}</p> });
    let (title, lede) = if unsent.mails {
        (t!(locale, mailing.unsent), t!(locale, mailing.unsent_lede))
    } else {
        (t!(locale, mailing.to_print), t!(locale, mailing.to_print_lede))
    };
    let print = (!unsent.lines.is_empty()).then(|| {
        view! { <button class="btn" type="button" data-prints="">{t!(locale, my.print)}</button> }
    });
    let list = if unsent.lines.is_empty() {
        view! { <p>{t!(locale, mailing.nothing)}</p> }.into_any()
    } else {
        table(locale, me, unsent)
    };
    let printed = t!(locale, my.printed, when = moment(locale, me.institution.zone, unsent.now, Instant::DISTANT_PAST));
    view! {
        <main class="page" id="content">
            <p class="crumb"><a href="/inbox">"← "{t!(locale, inbox.title)}</a></p>
            <div class="headrow"><h1>{title}</h1>{print}</div>
            <p class="lede">{lede}</p>
            {done}
            {list}
            <p class="only-print">{printed}</p>
        </main>
    }
    .into_any()
}

fn table(locale: Locale, me: &Me, unsent: &Unsent) -> AnyView {
    let rows = unsent.lines.iter().map(|line| row(locale, me, unsent, line)).collect_view();
    let ids = unsent.lines.iter().map(|line| view! { <input type="hidden" name="mail" value=line.id.to_string()/> });
    view! {
        <div class="scroll-x" tabindex="0" role="region" aria-label=t!(locale, mailing.unsent)>
            <table class="tbl tbl--stack" aria-label=t!(locale, mailing.unsent)>
                <thead>
                    <tr>
                        <th scope="col">{t!(locale, mailing.to)}</th>
                        <th scope="col">{t!(locale, accounts.user_name)}</th>
                        <th scope="col">{t!(locale, mailing.about)}</th>
                        <th scope="col">{t!(locale, mailing.when)}</th>
                        <th scope="col">{t!(locale, mailing.why)}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
        <form class="actions form__end" method="post" action=UNSENT_ADDRESS>
            {csrf()}
            {ids.collect_view()}
            <button class="btn" type="submit">{t!(locale, mailing.clear)}</button>
        </form>
    }
    .into_any()
}

fn row(locale: Locale, me: &Me, unsent: &Unsent, line: &UnsentLine) -> AnyView {
    let account = &line.account;
    let role = format!("{}, {}", account_role(locale, account.role), account.institution_name);
    view! {
        <tr>
            <th scope="row"><a href=format!("/accounts/{}", account.id)>{account.name.clone()}</a><span class="sub">{role}</span></th>
            <td class="nw num">{account.user_name.clone()}</td>
            <td>{kind_name(locale, line.kind)}</td>
            <td class="nw">{moment(locale, me.institution.zone, line.at, unsent.now)}</td>
            <td>{why(locale, line.state)}</td>
        </tr>
    }
    .into_any()
}

/// Why a mail did not go out, in words.
fn why(locale: Locale, state: UnsentState) -> String {
    match state {
        UnsentState::Off => t!(locale, mailing.why_off).to_owned(),
        UnsentState::Trying(1) => t!(locale, mailing.trying_once).to_owned(),
        UnsentState::Trying(n) => t!(locale, mailing.trying, n = n),
        UnsentState::GivenUp(MailTrouble::NoAddress) => t!(locale, mailing.no_address).to_owned(),
        UnsentState::GivenUp(MailTrouble::Refused) => t!(locale, mailing.refused).to_owned(),
        UnsentState::GivenUp(MailTrouble::Unreachable) => t!(locale, mailing.unreachable).to_owned(),
        UnsentState::GivenUp(MailTrouble::Late) => t!(locale, mailing.late).to_owned(),
    }
}
