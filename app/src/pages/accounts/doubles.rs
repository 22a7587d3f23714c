//! `/accounts/doubles`: accounts that may be one person's. The lowest number is deleted, as the
//! field's rule says, or two are united; for some weeks that can be taken back.

use super::form::{Fields, Sent, use_sent};
use super::merging::merge_address;
use super::new::alike;
use super::one::helper;
use super::{asked, crumb, csrf, done, for_keepers, refusal, states, table};
use crate::pages::PageTitle;
use crate::pages::inbox::{ask_form, ask_to_merge};
use crate::t;
use crate::text::{Locale, date, use_locale};
use domain::AccountId;
use domain::account::{Action, State};
use domain::exchange::Me;
use domain::exchange::accounts::{AccountFilter, AccountLine, DoubleAccounts, Wish};
use leptos::prelude::*;

/// Where the page is, and where its forms go.
pub const DOUBLES_PAGE: &str = "/accounts/doubles";

/// What a form of the page asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Settling {
    /// Two accounts are united.
    Merge(AccountId, AccountId),
    /// One is deleted.
    Delete(AccountId),
    /// One is parted from the one that it was united with.
    Separate(AccountId),
}

impl Settling {
    /// What a form asks for; `None` where it names no deed or no account.
    #[must_use]
    pub fn of(fields: &Fields) -> Option<Self> {
        let id = |name| fields.get(name).parse().ok().map(AccountId);
        match fields.get("do") {
            "merge" => Some(Self::Merge(id("account")?, id("other")?)),
            "delete" => Some(Self::Delete(id("account")?)),
            "separate" => Some(Self::Separate(id("account")?)),
            _ => None,
        }
    }

    /// Its word in the address of the page that follows.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Merge(..) => "merge",
            Self::Delete(_) => "delete",
            Self::Separate(_) => "separate",
        }
    }
}

/// What the page shows.
#[derive(Clone, Debug)]
struct Shown {
    groups: Vec<DoubleAccounts>,
    /// Accounts that were united with another one.
    merged: Vec<AccountLine>,
    /// All accounts, to name the others by.
    all: Vec<AccountLine>,
    /// Who settles doubles, where the reader does not.
    help: Vec<String>,
}

/// Candidates, and what was united.
#[component]
pub fn DoublesPage() -> impl IntoView {
    for_keepers(|me| {
        let locale = use_locale();
        let sent = use_sent();
        let ask = move |service: service::Service, actor: service::Actor| async move {
            let groups = service.double_accounts(&actor).await?;
            let every = AccountFilter { states: State::ALL.to_vec(), ..AccountFilter::default() };
            let all = service.accounts(&actor, &every).await?.accounts;
            let merged = all.iter().filter(|line| line.state == State::Merged).cloned().collect();
            let mut help = Vec::new();
            if let Some(line) = groups.first().and_then(|group| group.accounts.first()) {
                let others = service.account_detail(&actor, line.id).await?.by_others;
                let of = others.into_iter().find(|of| of.action == Action::Delete);
                help = of.map(|of| of.help).unwrap_or_default();
            }
            let help = help.iter().map(|help| helper(locale, help)).collect();
            Ok(Shown { groups, merged, all, help })
        };
        let page = move |shown: Shown| page(locale, &me, &shown, sent.as_ref());
        view! { <PageTitle name=t!(locale, doubles.title)/> {asked(ask, page)} }.into_any()
    })
}

fn page(locale: Locale, me: &Me, shown: &Shown, sent: Option<&Sent>) -> AnyView {
    let refused = sent.and_then(Sent::refusal).map(|error| refusal(locale, error, t!(locale, doubles.bad_input)));
    let groups = if shown.groups.is_empty() {
        view! { <p>{t!(locale, doubles.none)}</p> }.into_any()
    } else {
        let groups = shown.groups.iter().enumerate();
        groups.map(|(nth, group)| group_view(locale, me, nth, group, &shown.help)).collect_view().into_any()
    };
    view! {
        <main class="page" id="content">
            {crumb(locale)}
            <h1>{t!(locale, doubles.title)}</h1>
            <p class="lede">{t!(locale, doubles.lede)}</p>
            {done(locale)}
            {refused}
            {groups}
            {merged(locale, me, shown)}
        </main>
    }
    .into_any()
}

fn group_view(locale: Locale, me: &Me, nth: usize, group: &DoubleAccounts, help: &[String]) -> AnyView {
    let words: Vec<&str> = group.alike.iter().map(|likeness| alike(locale, *likeness)).collect();
    let name = group.accounts.first().map(AccountLine::name).unwrap_or_default();
    let id = format!("double-{nth}");
    let row = |line| view! { <tr>{table::who(line)}{table::facts(locale, me.institution.zone, line)}</tr> }.into_any();
    let rows = group.accounts.iter().map(row).collect();
    let head = view! { {table::who_head(locale)}{table::facts_head(locale)} }.into_any();
    view! {
        <section aria-labelledby=id.clone()>
            <h2 id=id.clone()>{t!(locale, doubles.caption, name = name, alike = words.join(", "))}</h2>
            {table::table(id.clone(), None, head, rows)}
            {settling(locale, group, help)}
        </section>
    }
    .into_any()
}

/// What the reader can do about a group, or who can.
fn settling(locale: Locale, group: &DoubleAccounts, help: &[String]) -> Option<AnyView> {
    let (lowest, highest) = (group.accounts.first()?, group.accounts.last()?);
    let merge = (lowest.may.contains(&Action::Merge) && highest.may.contains(&Action::Merge)).then(|| {
        let text = t!(locale, doubles.merge, user_name = highest.user_name);
        let preview = merge_address(lowest.id, highest.id);
        view! {
            {form("merge", lowest.id, Some(highest.id), "btn btn--primary", text)}
            <a class="btn" href=preview>{t!(locale, merging.look)}</a>
        }
    });
    let delete = lowest
        .may
        .contains(&Action::Delete)
        .then(|| form("delete", lowest.id, None, "btn", t!(locale, doubles.delete, user_name = lowest.user_name)));
    if merge.is_none() && delete.is_none() {
        let ask = (!help.is_empty())
            .then(|| t!(locale, account.ask, who = help.join("; "), what = states::action(locale, Action::Delete)));
        let forms = (!help.is_empty()).then(|| {
            view! { {ask_form(locale, lowest.id, Wish::Delete)} {ask_to_merge(locale, lowest.id, highest.id)} }
        });
        return Some(
            view! { <p>{t!(locale, doubles.only_principal)}" "{ask}</p><div class="actions">{forms}</div> }.into_any(),
        );
    }
    Some(
        view! {
            <p>{t!(locale, doubles.rule)}" "{t!(locale, doubles.merge_why)}</p>
            <div class="actions">{merge}{delete}</div>
        }
        .into_any(),
    )
}

fn form(
    deed: &'static str,
    account: AccountId,
    other: Option<AccountId>,
    class: &'static str,
    text: String,
) -> AnyView {
    let other = other.map(|id| view! { <input type="hidden" name="other" value=id.to_string()/> });
    view! {
        <form method="post" action=DOUBLES_PAGE>
            {csrf()}
            <input type="hidden" name="do" value=deed/>
            <input type="hidden" name="account" value=account.to_string()/>
            {other}
            <button class=class type="submit">{text}</button>
        </form>
    }
    .into_any()
}

/// What was united, each with the way back while there is one.
fn merged(locale: Locale, me: &Me, shown: &Shown) -> Option<AnyView> {
    if shown.merged.is_empty() {
        return None;
    }
    let lines = shown
        .merged
        .iter()
        .map(|line| {
            let into = shown.all.iter().find(|other| Some(other.id) == line.merged_into);
            let into = into.map(|other| other.user_name.clone()).unwrap_or_default();
            let day = line.since.map(|at| date(locale, me.institution.zone.date_of(at))).unwrap_or_default();
            let text =
                t!(locale, doubles.merged_row, name = line.name(), user_name = line.user_name, into = into, day = day);
            let part = if line.may.contains(&Action::Separate) {
                form("separate", line.id, None, "btn btn--small", t!(locale, doubles.part).to_owned())
            } else {
                view! { <span class="muted">{t!(locale, doubles.too_late)}</span> }.into_any()
            };
            view! { <li><span>{text}</span>" "{part}</li> }
        })
        .collect_view();
    Some(
        view! {
            <section aria-labelledby="merged">
                <h2 id="merged">{t!(locale, doubles.merged)}</h2>
                <ul class="list">{lines}</ul>
            </section>
        }
        .into_any(),
    )
}
