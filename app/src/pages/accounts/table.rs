//! A table of accounts. What a row says of one is the same on every page that lists them.

use super::states;
use crate::t;
use crate::text::Locale;
use crate::ui::account_role;
use domain::Zone;
use domain::exchange::accounts::AccountLine;
use leptos::prelude::*;

/// The table, in a frame that scrolls sideways where it must; `label` is the id of what names it.
pub(super) fn table(label: String, caption: Option<AnyView>, head: AnyView, rows: Vec<AnyView>) -> AnyView {
    view! {
        <div class="scroll-x" tabindex="0" role="region" aria-labelledby=label.clone()>
            <table class="tbl tbl--stack" aria-labelledby=label.clone()>
                {caption}
                <thead><tr>{head}</tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}

/// The headings of [`who`].
pub(super) fn who_head(locale: Locale) -> AnyView {
    view! {
        <th scope="col" class="r">{t!(locale, accounts.number)}</th>
        <th scope="col">{t!(locale, accounts.name)}</th>
    }
    .into_any()
}

/// Number and name, which leads to the account's page.
pub(super) fn who(line: &AccountLine) -> AnyView {
    let email = line.email.clone().map(|email| view! { <span class="sub">{email}</span> });
    view! {
        <td class="r num">{line.number}</td>
        <th scope="row"><a href=format!("/accounts/{}", line.id)>{line.name()}</a>{email}</th>
    }
    .into_any()
}

/// The headings of [`facts`].
pub(super) fn facts_head(locale: Locale) -> AnyView {
    view! {
        <th scope="col">{t!(locale, accounts.role)}</th>
        <th scope="col">{t!(locale, accounts.user_name)}</th>
        <th scope="col">{t!(locale, accounts.state)}</th>
    }
    .into_any()
}

/// Role, user name and state.
pub(super) fn facts(locale: Locale, zone: Zone, line: &AccountLine) -> AnyView {
    view! {
        <td>{account_role(locale, line.role)}</td>
        <td class="nw num">{line.user_name.clone()}</td>
        <td>{states::view(locale, zone, line)}</td>
    }
    .into_any()
}
