//! `/account`: one's own account: who and where one is, what one holds, contact details, and where one is
//! signed in. Drawn by the server alone; every form works with scripts off.

pub mod passkeys;
pub mod record;

use super::PageTitle;
use super::accounts::{csrf, states};
use super::place::PLACE_ADDRESS;
use crate::document::loaded;
use crate::error::{AppError, answer};
use crate::server_context::own_session;
use crate::session_state::use_session;
use crate::t;
use crate::text::{Locale, date, moment, use_locale};
use crate::ui::{account_role, signed_in_as};
use domain::exchange::own::{MyAccount, MyAccountLine, MySession};
use domain::exchange::{Me, RefusalCode};
use domain::{AccountRole, Zone};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use service::session::Token;
use service::{Fault, Service};

/// Sets contact details: field `email`.
pub const CONTACT_ADDRESS: &str = "/account/contact";
/// Ends a session of one's own: field `session`.
pub const END_ADDRESS: &str = "/account/sessions/end";
/// Asks those who may to issue one's own account anew.
pub const ASK_ANEW_ADDRESS: &str = "/account/ask-anew";
/// Ends every other session of one's own.
pub const END_OTHERS_ADDRESS: &str = "/account/sessions/end-others";

/// One's own account.
#[component]
pub fn MyAccountPage() -> impl IntoView {
    of_mine(
        |service, token| async move { service.my_account(&token).await },
        |locale, me, account| page(locale, me, &account),
    )
}

/// A page made of what one use case answers about the account that is signed in; or its refusal.
fn of_mine<T, F>(
    ask: impl Fn(Service, Token) -> F + Clone + Send + Sync + 'static,
    page: impl Fn(Locale, &Me, T) -> AnyView + Clone + Send + Sync + 'static,
) -> AnyView
where
    T: Clone + Send + Sync + 'static,
    F: Future<Output = Result<T, Fault>> + Send + 'static,
{
    let locale = use_locale();
    let Some(me) = use_session().me else {
        let error: AppError = answer(RefusalCode::NotSignedIn.into());
        return view! { <main class="page" id="content"><crate::ui::ErrorNote error/></main> }.into_any();
    };
    if me.account.is_none() {
        return elsewhere(locale, &me);
    }
    let load = move || {
        let ask = ask.clone();
        async move {
            let (service, token) = own_session()?;
            ask(service, token).await.map_err(AppError::from)
        }
    };
    loaded(load, move |answered| page(locale, &me, answered))
}

/// Who signed in with UNI-Login has no account here: who and where they are, and where the rest is kept.
fn elsewhere(locale: Locale, me: &Me) -> AnyView {
    let (role, place) = (signed_in_as(locale, me), me.institution.name.as_str());
    let change = (me.places > 1).then(|| {
        view! { <p><a class="btn" href=PLACE_ADDRESS>{t!(locale, place.change)}</a></p> }
    });
    view! {
        <PageTitle name=t!(locale, own.title)/>
        <main class="page page--narrow" id="content">
            <h1>{t!(locale, own.title)}</h1>
            <p class="lede">{t!(locale, own.lede, name = me.name, role = role, place = place)}</p>
            <p>{t!(locale, place.kept_elsewhere)}</p>
            {change}
        </main>
    }
    .into_any()
}

fn page(locale: Locale, me: &Me, account: &MyAccount) -> AnyView {
    let place = match &me.institution {
        at if at.authority == at.name => at.name.clone(),
        at => format!("{} ({})", at.name, at.authority),
    };
    let role = signed_in_as(locale, me);
    view! {
        <PageTitle name=t!(locale, own.title)/>
        <main class="page page--narrow" id="content">
            <h1>{t!(locale, own.title)}</h1>
            <p class="lede">{t!(locale, own.lede, name = me.name, role = role, place = place)}</p>
            {said(locale)}
            {accounts(locale, &account.accounts)}
            {account.keeps_contact.then(|| contact(locale, account.email.as_deref()))}
            <section aria-labelledby="ways">
                <h2 id="ways">{t!(locale, own.ways)}</h2>
                <div class="actions">
                    <a class="btn" href="/change-password">{t!(locale, own.change_password)}</a>
                    <a class="btn" href="/account/passkeys">{t!(locale, own.passkeys)}</a>
                    {ask_anew(locale, me)}
                </div>
            </section>
            {sessions(locale, me.institution.zone, account)}
            <section aria-labelledby="record">
                <h2 id="record">{t!(locale, own.record)}</h2>
                <p><a class="btn" href=record::RECORD_ADDRESS>{t!(locale, own.record_link)}</a></p>
            </section>
        </main>
    }
    .into_any()
}

/// The button that asks for new credentials; keepers of accounts ask on the account's page.
fn ask_anew(locale: Locale, me: &Me) -> Option<AnyView> {
    matches!(me.role(), Some(AccountRole::Leader | AccountRole::Teacher)).then(|| {
        view! {
            <form method="post" action=ASK_ANEW_ADDRESS>
                {csrf()}
                <button class="btn" type="submit">{t!(locale, own.ask_anew)}</button>
            </form>
        }
        .into_any()
    })
}

/// What the form that led here did.
fn said(locale: Locale) -> Option<AnyView> {
    let (kind, text) = match use_query_map().read_untracked().get("done")?.as_str() {
        "contact" => ("note note--done", t!(locale, own.contact_done)),
        "contact-bad" => ("note note--error", t!(locale, own.contact_bad)),
        "session" => ("note note--done", t!(locale, own.session_done)),
        "sessions" => ("note note--done", t!(locale, own.sessions_done)),
        "session-gone" => ("note", t!(locale, own.session_gone)),
        _ => return None,
    };
    Some(view! { <p class=kind role="status">{text}</p> }.into_any())
}

fn accounts(locale: Locale, accounts: &[MyAccountLine]) -> AnyView {
    let rows = accounts
        .iter()
        .map(|line| {
            let this = line.is_this.then(|| view! { " "<span class="tag">{t!(locale, own.this_account)}</span> });
            let until = line.last_day.map_or_else(|| t!(locale, own.no_end).to_owned(), |day| date(locale, day));
            view! {
                <tr>
                    <th scope="row"><span class="num">{line.user_name.clone()}</span>{this}</th>
                    <td data-label=t!(locale, own.role)>{account_role(locale, line.role)}</td>
                    <td data-label=t!(locale, own.place)>{line.place.clone()}</td>
                    <td data-label=t!(locale, own.until)>
                        {until}<span class="sub">{states::name(locale, line.state)}</span>
                    </td>
                </tr>
            }
        })
        .collect_view();
    let hint = (accounts.len() > 1).then(|| view! { <p class="hint">{t!(locale, own.accounts_hint)}</p> });
    view! {
        <section aria-labelledby="accounts">
            <h2 id="accounts">{t!(locale, own.accounts)}</h2>
            {hint}
            <table class="tbl tbl--stack" aria-labelledby="accounts">
                <thead>
                    <tr>
                        <th scope="col">{t!(locale, own.user_name)}</th>
                        <th scope="col">{t!(locale, own.role)}</th>
                        <th scope="col">{t!(locale, own.place)}</th>
                        <th scope="col">{t!(locale, own.until)}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </section>
    }
    .into_any()
}

fn contact(locale: Locale, email: Option<&str>) -> AnyView {
    view! {
        <section aria-labelledby="contact">
            <h2 id="contact">{t!(locale, own.contact)}</h2>
            <form class="form" method="post" action=CONTACT_ADDRESS>
                {csrf()}
                <div class="field">
                    <label for="email">{t!(locale, own.email)}</label>
                    <p class="hint" id="email-hint">{t!(locale, own.contact_hint)}</p>
                    <input
                        class="input"
                        id="email"
                        name="email"
                        type="email"
                        maxlength="254"
                        autocomplete="email"
                        aria-describedby="email-hint"
                        value=email.unwrap_or_default().to_owned()
                    />
                </div>
                <div class="actions"><button class="btn btn--primary" type="submit">{t!(locale, own.save)}</button></div>
            </form>
        </section>
    }
    .into_any()
}

fn sessions(locale: Locale, zone: Zone, account: &MyAccount) -> AnyView {
    let lines = account.sessions.iter().map(|of| session(locale, zone, account, of)).collect_view();
    let others = if account.sessions.iter().any(|of| !of.is_this) {
        view! {
            <form class="actions" method="post" action=END_OTHERS_ADDRESS>
                {csrf()}
                <button class="btn" type="submit">{t!(locale, own.end_others)}</button>
            </form>
        }
        .into_any()
    } else {
        view! { <p>{t!(locale, own.only_here)}</p> }.into_any()
    };
    view! {
        <section aria-labelledby="sessions">
            <h2 id="sessions">{t!(locale, own.sessions)}</h2>
            <p class="hint">{t!(locale, own.sessions_hint)}</p>
            <ul class="places" aria-labelledby="sessions">{lines}</ul>
            {others}
        </section>
    }
    .into_any()
}

fn session(locale: Locale, zone: Zone, account: &MyAccount, of: &MySession) -> AnyView {
    let begun = moment(locale, zone, of.begun, account.now);
    let factors = if of.two_factors { t!(locale, own.two_factors) } else { t!(locale, own.one_factor) };
    let used = t!(locale, own.used, when = moment(locale, zone, of.last_used, account.now));
    let from = of.network.as_ref().map(|network| format!(", {}", t!(locale, own.from, network = network)));
    let here = of.is_this.then(|| view! { " "<span class="tag tag--add">{t!(locale, own.here)}</span> });
    let end = if of.is_this { t!(locale, own.end_this) } else { t!(locale, own.end) };
    let label = format!("{end}: {}", t!(locale, own.begun, when = begun));
    view! {
        <li>
            <p>
                <b>{t!(locale, own.begun, when = begun)}</b>{here}
                <span class="sub">{factors}", "{used}{from}</span>
            </p>
            <form method="post" action=END_ADDRESS>
                {csrf()}
                <input type="hidden" name="session" value=of.id.to_string()/>
                <button class="btn btn--small" type="submit" aria-label=label>{end}</button>
            </form>
        </li>
    }
    .into_any()
}
