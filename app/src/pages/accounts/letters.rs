//! `/accounts/letters` and its preview: letters for many. Choosing, looking at what would happen, and
//! issuing are three plain forms; with a script the last one shows how many letters are made.

use super::form::Fields;
use super::{asked, crumb, csrf, for_keepers, states};
use crate::pages::PageTitle;
use crate::pages::issued::ISSUE_ADDRESS;
use crate::text::{Locale, moment, use_locale};
use crate::ui::account_role;
use crate::words::people::doer;
use crate::{plural, t};
use domain::account::Action;
use domain::exchange::Me;
use domain::exchange::accounts::{AccountFilter, AccountLine, AccountList, Anew, Language, LettersPreview};
use domain::{AccountId, AccountRole};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

/// The page that shows what would happen; asked for by a form.
pub const PREVIEW_ADDRESS: &str = "/accounts/letters/preview";

/// What the forms of letters say: `account` (an id, repeated), `what`, and `language`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LetterOrder {
    /// Whose.
    pub accounts: Vec<AccountId>,
    /// What is issued.
    pub what: Anew,
    /// In which language; `None` for each person's own.
    pub language: Option<Language>,
}

impl LetterOrder {
    /// What a form says; `None` where it says nothing that can be.
    #[must_use]
    pub fn read(fields: &Fields) -> Option<Self> {
        let language = match fields.get("language") {
            "" => None,
            code => Some(Language::of_code(code)?),
        };
        let accounts = fields.all("account").map(|id| Some(AccountId(id.parse().ok()?))).collect::<Option<_>>()?;
        Some(Self { accounts, what: Anew::of_code(fields.get("what"))?, language })
    }
}

/// Choosing the people, and what they get.
#[component]
pub fn LettersPage() -> impl IntoView {
    for_keepers(|me| {
        let locale = use_locale();
        let role = use_query_map().read_untracked().get("role").and_then(|code| AccountRole::from_code(&code));
        // Sent without anybody: the same page, with what was chosen and why it did not lead on.
        let sent = use_context::<LetterOrder>();
        let ask = move |service: service::Service, actor: service::Actor| async move {
            let filter = AccountFilter { roles: role.into_iter().collect(), ..AccountFilter::default() };
            service.accounts(&actor, &filter).await
        };
        let page = move |list: AccountList| choosing(locale, &me, role, &list, sent.as_ref());
        view! { <PageTitle name=t!(locale, letters.title)/> {asked(ask, page)} }.into_any()
    })
}

fn choosing(
    locale: Locale,
    me: &Me,
    role: Option<AccountRole>,
    list: &AccountList,
    sent: Option<&LetterOrder>,
) -> AnyView {
    let people: Vec<&AccountLine> = list.accounts.iter().filter(|line| line.may.contains(&Action::Reissue)).collect();
    let nobody = sent.map(|_| {
        view! {
            <div class="note note--error" role="alert" tabindex="-1" data-focus="">
                <p>{t!(locale, letters.nobody)}</p>
            </div>
        }
    });
    let form = if people.is_empty() {
        view! { <p>{t!(locale, letters.none)}</p> }.into_any()
    } else {
        let rows = people.iter().map(|line| person(locale, me, line)).collect_view();
        view! {
            <form class="form letters" method="post" action=PREVIEW_ADDRESS>
                {csrf()}
                {what(locale, sent)}
                {languages(locale, sent)}
                <fieldset>
                    <legend>{t!(locale, letters.who)}</legend>
                    <div class="scroll-x" tabindex="0" role="region" aria-label=t!(locale, letters.who)>
                        <table class="tbl tbl--stack">
                            <thead><tr>
                                <th scope="col">{t!(locale, accounts.name)}</th>
                                <th scope="col">{t!(locale, accounts.role)}</th>
                                <th scope="col">{t!(locale, accounts.user_name)}</th>
                                <th scope="col">{t!(locale, accounts.state)}</th>
                                <th scope="col">{t!(locale, letters.last)}</th>
                            </tr></thead>
                            <tbody>{rows}</tbody>
                        </table>
                    </div>
                </fieldset>
                <div class="actions">
                    <button class="btn btn--primary" type="submit">{t!(locale, letters.preview_ticked)}</button>
                    <button class="btn" type="submit" name="all" value=role.map_or("every", AccountRole::code)>
                        {t!(locale, letters.preview_all, n = people.len())}
                    </button>
                </div>
            </form>
        }
        .into_any()
    };
    view! {
        <main class="page" id="content">
            {crumb(locale)}
            <h1>{t!(locale, letters.title)}</h1>
            <p class="lede">{t!(locale, letters.lede)}</p>
            {nobody}
            {roles(locale, role, list)}
            {form}
        </main>
    }
    .into_any()
}

/// The list by role: everybody's, teachers' alone, and so on.
fn roles(locale: Locale, role: Option<AccountRole>, list: &AccountList) -> Option<AnyView> {
    let roles: Vec<AccountRole> = AccountRole::ALL.into_iter().filter(|role| list.keeper.lists(*role)).collect();
    if roles.len() < 2 {
        return None;
    }
    let link = |code: &str, name: &'static str, is_shown: bool| {
        let href = if code.is_empty() { ISSUE_ADDRESS.to_owned() } else { format!("{ISSUE_ADDRESS}?role={code}") };
        view! { <li><a href=href aria-current=is_shown.then_some("true")>{name}</a></li> }.into_any()
    };
    let mut links = vec![link("", t!(locale, accounts.every_role), role.is_none())];
    links.extend(roles.into_iter().map(|one| link(one.code(), account_role(locale, one), role == Some(one))));
    Some(
        view! { <nav aria-label=t!(locale, accounts.role)><ul class="actions letters__roles">{links}</ul></nav> }
            .into_any(),
    )
}

fn what(locale: Locale, sent: Option<&LetterOrder>) -> AnyView {
    let chosen = sent.map_or(Anew::Password, |order| order.what);
    let choice = |what: Anew, name: &'static str, hint: &'static str| {
        view! {
            <label class="choice">
                <input type="radio" name="what" value=what.code() checked={what == chosen}/>
                <span>{name}<small class="hint">" "{hint}</small></span>
            </label>
        }
    };
    view! {
        <fieldset>
            <legend>{t!(locale, letters.what)}</legend>
            {choice(Anew::Password, t!(locale, letters.password), t!(locale, letters.password_hint))}
            {choice(Anew::Matrix, t!(locale, letters.matrix), t!(locale, letters.matrix_hint))}
            {choice(Anew::Both, t!(locale, letters.both), t!(locale, letters.both_hint))}
        </fieldset>
    }
    .into_any()
}

fn languages(locale: Locale, sent: Option<&LetterOrder>) -> AnyView {
    let chosen = sent.and_then(|order| order.language);
    let options = [(Language::Da, Locale::da), (Language::Sv, Locale::sv), (Language::En, Locale::en)].map(|(one, of)| {
        view! { <option value=one.code() lang=one.code() selected={Some(one) == chosen}>{t!(of, app.language_name)}</option> }
    });
    view! {
        <div class="field form__short">
            <label for="language">{t!(locale, letters.language)}</label>
            <select class="input" id="language" name="language">
                <option value="">{t!(locale, letters.own_language)}</option>
                {options.into_iter().collect_view()}
            </select>
        </div>
    }
    .into_any()
}

/// A person to be ticked, with what is known of the last letter.
fn person(locale: Locale, me: &Me, line: &AccountLine) -> AnyView {
    let id = line.id.to_string();
    view! {
        <tr>
            <th scope="row">
                <label class="choice"><input type="checkbox" name="account" value=id/>{line.name()}</label>
            </th>
            <td data-label=t!(locale, accounts.role)>{account_role(locale, line.role)}</td>
            <td data-label=t!(locale, accounts.user_name) class="num">{line.user_name.clone()}</td>
            <td data-label=t!(locale, accounts.state)>{states::name(locale, line.state)}</td>
            <td data-label=t!(locale, letters.last)>{last_letter(locale, me, line)}</td>
        </tr>
    }
    .into_any()
}

/// When and by whom the last letter was issued, and printed.
fn last_letter(locale: Locale, me: &Me, line: &AccountLine) -> String {
    let Some(letter) = &line.letter else { return t!(locale, letters.no_letter).to_owned() };
    let when = |at| moment(locale, me.institution.zone, at, me.now);
    let issued = t!(locale, letters.issued, when = when(letter.issued), by = doer(locale, &letter.issued_by));
    match &letter.printed {
        Some((at, by)) => format!("{issued} {}", t!(locale, letters.printed, when = when(*at), by = by)),
        None => format!("{issued} {}", t!(locale, letters.unprinted)),
    }
}

/// What would happen; asked for by itself, the way back to the choice.
#[component]
pub fn LettersPreviewPage() -> impl IntoView {
    for_keepers(|_| {
        let locale = use_locale();
        let Some(order) = use_context::<LetterOrder>() else {
            return view! { <leptos_router::components::Redirect path=ISSUE_ADDRESS/> }.into_any();
        };
        let accounts = order.accounts.clone();
        let ask = move |service: service::Service, actor: service::Actor| {
            let accounts = accounts.clone();
            async move { service.letters_preview(&actor, &accounts).await }
        };
        let page = move |preview: LettersPreview| previewed(locale, &order, &preview);
        view! { <PageTitle name=t!(locale, letters.preview_title)/> {asked(ask, page)} }.into_any()
    })
}

fn previewed(locale: Locale, order: &LetterOrder, preview: &LettersPreview) -> AnyView {
    let n = preview.people.len();
    let kind = match order.what {
        Anew::Password => t!(locale, letters.does_password),
        Anew::Matrix => t!(locale, letters.does_matrix),
        Anew::Both => t!(locale, letters.does_both),
    };
    let signed_in = preview.people.iter().filter(|line| line.sessions > 0).count();
    let rows = preview
        .people
        .iter()
        .map(|line| {
            let ends =
                if line.sessions > 0 { t!(locale, letters.signed_out) } else { t!(locale, letters.not_signed_in) };
            view! {
                <tr>
                    <th scope="row">{line.account.name()}</th>
                    <td data-label=t!(locale, accounts.role)>{account_role(locale, line.account.role)}</td>
                    <td data-label=t!(locale, accounts.user_name) class="num">{line.account.user_name.clone()}</td>
                    <td data-label=t!(locale, letters.sessions)>{ends}</td>
                </tr>
            }
        })
        .collect_view();
    let refused = (!preview.refused.is_empty()).then(|| {
        let names: Vec<String> = preview.refused.iter().map(AccountLine::name).collect();
        view! { <div class="note note--warn"><p>{t!(locale, letters.refused, names = names.join(", "))}</p></div> }
    });
    let table = (n > 0).then(|| {
        view! {
            <div class="scroll-x" tabindex="0" role="region" aria-label=t!(locale, letters.who)>
                <table class="tbl tbl--stack">
                    <thead><tr>
                        <th scope="col">{t!(locale, accounts.name)}</th>
                        <th scope="col">{t!(locale, accounts.role)}</th>
                        <th scope="col">{t!(locale, accounts.user_name)}</th>
                        <th scope="col">{t!(locale, letters.sessions)}</th>
                    </tr></thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        }
    });
    view! {
        <main class="page" id="content">
            {crumb(locale)}
            <h1>{t!(locale, letters.preview_title)}</h1>
            <p class="lede">{plural!(locale, n, letters.preview_one, letters.preview_n)}" "{kind}</p>
            {(signed_in > 0).then(|| view! { <p>{plural!(locale, signed_in, letters.ends_one, letters.ends_n)}</p> })}
            {refused}
            {(n > 0).then(|| issuing(locale, order, preview))}
            {table}
        </main>
    }
    .into_any()
}

/// The form that issues; a script shows how far it is.
fn issuing(locale: Locale, order: &LetterOrder, preview: &LettersPreview) -> AnyView {
    let n = preview.people.len();
    let accounts = preview
        .people
        .iter()
        .map(|line| view! { <input type="hidden" name="account" value=line.account.id.to_string()/> })
        .collect_view();
    let language =
        order.language.map(|language| view! { <input type="hidden" name="language" value=language.code()/> });
    view! {
        <form class="form" method="post" action=ISSUE_ADDRESS data-counts=t!(locale, letters.counts)>
            {csrf()}
            <input type="hidden" name="what" value=order.what.code()/>
            {language}
            {accounts}
            <div class="actions">
                <button class="btn btn--primary" type="submit">{plural!(locale, n, letters.issue_one, letters.issue_n)}</button>
                <a class="btn btn--text" href=ISSUE_ADDRESS>{t!(locale, letters.back)}</a>
            </div>
            <div class="stack" data-running="" hidden>
                <label for="made"><span role="status" data-said=""></span></label>
                <progress id="made" max=n value="0"></progress>
                <p class="hint">{t!(locale, letters.stay)}</p>
            </div>
            <div class="note note--error" role="alert" data-broken="" hidden><p>{t!(locale, letters.broken)}</p></div>
            <p class="hint">{t!(locale, letters.takes_time)}</p>
        </form>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_says_whom_what_and_in_which_language() {
        let id = AccountId(uuid::Uuid::from_u128(7));
        let read = |fields: &[(&'static str, &str)]| {
            LetterOrder::read(&fields.iter().map(|(name, value)| (*name, (*value).to_owned())).collect())
        };
        let account = id.to_string();
        let both = read(&[("what", "both"), ("account", &account), ("account", &account), ("language", "sv")]).unwrap();
        assert_eq!(both, LetterOrder { accounts: vec![id, id], what: Anew::Both, language: Some(Language::Sv) });
        let nobody = read(&[("what", "matrix")]).unwrap();
        assert!(nobody.accounts.is_empty() && nobody.language.is_none());
        for wrong in [
            &[("what", "cells")][..],
            &[],
            &[("what", "both"), ("account", "x")],
            &[("what", "both"), ("language", "fi")],
        ] {
            assert_eq!(read(wrong), None, "{wrong:?}");
        }
    }
}
