//! `/accounts/principal`: the authority replaces a school's principal in one step. No other account
//! changes, and the letter is the answer.

use super::form::{Fields, Sent, use_sent};
use super::known::known;
use super::new::{despite, languages, registration, text_field};
use super::{asked, crumb, csrf, refusal, states};
use crate::document::for_capacity;
use crate::pages::PageTitle;
use crate::t;
use crate::text::{Locale, use_locale};
use domain::account::{Action, Keeper, State};
use domain::exchange::Me;
use domain::exchange::accounts::{
    AccountFilter, AccountLine, AccountList, Colleague, Language, Outgoing, Registration,
};
use domain::{AccountId, AccountRole, Capacity};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

/// Where the page is, and where its form goes.
pub const PRINCIPAL_ADDRESS: &str = "/accounts/principal";

/// What a form asks for: whose account is replaced, what becomes of it, and who comes.
#[must_use]
pub fn replacement(fields: &Fields) -> Option<(AccountId, Outgoing, Registration)> {
    let outgoing = match fields.get("outgoing") {
        "deactivate" => Outgoing::Deactivate,
        "delete" => Outgoing::Delete,
        _ => return None,
    };
    Some((AccountId(fields.get("present").parse().ok()?), outgoing, registration(fields)?))
}

/// The authority's schools, or the form for one of them.
#[component]
pub fn PrincipalPage() -> impl IntoView {
    for_capacity(&[Capacity::Appointment], |me| {
        let locale = use_locale();
        let sent = use_sent();
        let asked_for = use_query_map().read_untracked().get("account").and_then(|id| id.parse().ok());
        let typed = sent.as_ref().and_then(|sent| sent.fields.get("present").parse().ok());
        let present = typed.or(asked_for).map(AccountId);
        let ask = |service: service::Service, actor: service::Actor| async move {
            let list = service.accounts(&actor, &AccountFilter::default()).await?;
            let principals = service.principals(&actor).await?;
            Ok((list, principals))
        };
        let page = move |(list, principals): (AccountList, Vec<Colleague>)| {
            page(locale, &me, &list, principals, present, sent.as_ref())
        };
        view! { <PageTitle name=t!(locale, principal.title)/> {asked(ask, page)} }.into_any()
    })
}

/// May the authority close this account, and so put another one in its place?
fn is_replaceable(line: &AccountLine) -> bool {
    line.may.contains(&Action::Delete) && line.state != State::Deactivated
}

fn page(
    locale: Locale,
    me: &Me,
    list: &AccountList,
    mut principals: Vec<Colleague>,
    present: Option<AccountId>,
    sent: Option<&Sent>,
) -> AnyView {
    let line = list.accounts.iter().find(|line| Some(line.id) == present && is_replaceable(line));
    let refused = sent.and_then(Sent::refusal).map(|error| refusal(locale, error, t!(locale, registering.bad_input)));
    let body = match line {
        Some(line) => {
            principals.retain(|other| other.person != line.person);
            replacing(locale, me, line, &principals, sent)
        }
        None => schools(locale, me, list),
    };
    view! {
        <main class="page page--narrow" id="content">
            {crumb(locale)}
            <h1>{t!(locale, principal.title)}</h1>
            <p class="lede">{t!(locale, principal.lede)}</p>
            {refused}
            {body}
        </main>
    }
    .into_any()
}

/// Every principal who can be replaced, school by school.
fn schools(locale: Locale, me: &Me, list: &AccountList) -> AnyView {
    let lines: Vec<&AccountLine> = list.accounts.iter().filter(|line| is_replaceable(line)).collect();
    if lines.is_empty() {
        return view! { <p>{t!(locale, principal.nobody)}</p> }.into_any();
    }
    let lines = lines
        .into_iter()
        .map(|line| {
            let href = format!("{PRINCIPAL_ADDRESS}?account={}", line.id);
            view! {
                <li>
                    <b>{line.institution_name.clone()}</b>": "{line.name()}", "{states::name(locale, line.state)}" "
                    <span class="sub">{states::details(locale, me.institution.zone, line)}</span>
                    <a class="btn btn--small" href=href>{t!(locale, principal.choose, name = line.name())}</a>
                </li>
            }
        })
        .collect_view();
    view! { <ul class="list">{lines}</ul> }.into_any()
}

/// The form: who goes, what becomes of their account, who comes.
fn replacing(locale: Locale, me: &Me, line: &AccountLine, principals: &[Colleague], sent: Option<&Sent>) -> AnyView {
    let fields = sent.map(|sent| sent.fields.clone()).unwrap_or_default();
    let doubles = sent.map(Sent::doubles).unwrap_or_default();
    let step = (!doubles.is_empty()).then(|| despite(locale, doubles, &fields));
    let submit = doubles.is_empty().then(|| {
        view! {
            <div class="actions">
                <button class="btn btn--primary" type="submit">{t!(locale, principal.submit)}</button>
                <a class="btn btn--text" href="/accounts">{t!(locale, registering.cancel)}</a>
            </div>
        }
    });
    let choices = [("deactivate", t!(locale, principal.deactivate)), ("delete", t!(locale, principal.delete))];
    let choices = choices.map(|(code, text)| {
        let is_chosen = fields.says("outgoing", code) || (code == "deactivate" && !fields.says("outgoing", "delete"));
        view! { <label class="choice"><input type="radio" name="outgoing" value=code checked=is_chosen/><span>{text}</span></label> }
    });
    let language = Language::of_code(fields.get("language"));
    let language = language.unwrap_or_else(|| Language::of_country(&me.institution.country));
    view! {
        <form class="form" method="post" action=PRINCIPAL_ADDRESS>
            {csrf()}
            {step}
            <input type="hidden" name="present" value=line.id.to_string()/>
            <input type="hidden" name="institution" value=line.institution.to_string()/>
            <input type="hidden" name="role" value=AccountRole::Principal.code()/>
            <fieldset>
                <legend>{t!(locale, principal.goes, name = line.name(), school = line.institution_name)}</legend>
                <div class="form__choices">{choices.into_iter().collect_view()}</div>
            </fieldset>
            <fieldset>
                <legend>{t!(locale, principal.comes)}</legend>
                {known(locale, Keeper::Authority, principals, &fields)}
                <div class="form__pair">
                    {text_field("given", "text", t!(locale, registering.given), "", &fields)}
                    {text_field("family", "text", t!(locale, registering.family), "", &fields)}
                </div>
                {text_field("email", "email", t!(locale, registering.email), t!(locale, registering.email_hint), &fields)}
                {languages(locale, language)}
            </fieldset>
            {submit}
        </form>
    }
    .into_any()
}
