//! `/accounts/merge`: what uniting two accounts would do, and the one click that does it.

use super::doubles::DOUBLES_PAGE;
use super::{asked, crumb, csrf, for_keepers};
use crate::pages::PageTitle;
use crate::review::diff_tables;
use crate::text::{Locale, use_locale};
use crate::ui::account_role;
use crate::{plural, t};
use domain::AccountId;
use domain::diff::Change;
use domain::exchange::RefusalCode;
use domain::exchange::accounts::{AccountFilter, AskedAccount, MergePreview, MergedSight};
use domain::staff_right::StaffRight;
use domain::test::Subject;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use std::collections::BTreeSet;

/// Where the page is.
pub const MERGE_PAGE: &str = "/accounts/merge";

/// The address of the preview of two accounts.
pub(in crate::pages) fn merge_address(one: AccountId, other: AccountId) -> String {
    format!("{MERGE_PAGE}?account={one}&other={other}")
}

/// What uniting the two accounts of the address would do.
#[component]
pub fn MergePage() -> impl IntoView {
    for_keepers(|_| {
        let locale = use_locale();
        let query = use_query_map().get_untracked();
        let id = move |key: &str| query.get(key).and_then(|id| id.parse().ok()).map(AccountId);
        let (one, other) = (id("account"), id("other"));
        let ask = move |service: service::Service, actor: service::Actor| async move {
            let (one, other) = one.zip(other).ok_or(RefusalCode::NotFound)?;
            let preview = service.merge_preview(&actor, one, other).await?;
            let filter = AccountFilter { query: preview.stays.user_name.clone(), ..AccountFilter::default() };
            Ok((preview, service.accounts(&actor, &filter).await?.subjects))
        };
        let page = move |(preview, subjects): (MergePreview, Vec<Subject>)| page(locale, &preview, &subjects);
        view! { <PageTitle name=t!(locale, merging.title)/> {asked(ask, page)} }.into_any()
    })
}

fn page(locale: Locale, preview: &MergePreview, subjects: &[Subject]) -> AnyView {
    let MergePreview { goes, stays, .. } = preview;
    let named = |account: &AskedAccount| {
        let address = format!("/accounts/{}", account.id);
        let about = format!("{}, {}, ", account.name, account_role(locale, account.role));
        view! { {about}<a class="num" href=address>{account.user_name.clone()}</a> }
    };
    let gains = gains(locale, preview, subjects);
    let gains = if gains.is_empty() {
        view! { <p>{t!(locale, merging.gains_nothing)}</p> }.into_any()
    } else {
        let gains = gains.into_iter().map(|gain| view! { <li>{gain}</li> }).collect_view();
        view! { <ul class="list">{gains}</ul> }.into_any()
    };
    view! {
        <main class="page page--narrow" id="content">
            {crumb(locale)}
            <h1>{t!(locale, merging.title)}</h1>
            <p class="lede">{t!(locale, merging.lede)}</p>
            <dl class="dl">
                <dt>{t!(locale, merging.stays)}</dt><dd>{named(stays)}</dd>
                <dt>{t!(locale, merging.goes)}</dt><dd>{named(goes)}</dd>
            </dl>
            <section aria-labelledby="gains">
                <h2 id="gains">{t!(locale, merging.gains)}</h2>
                {gains}
            </section>
            {preview.sight.as_ref().map(|seen| sight(locale, seen))}
            <section class="note note--plain"><p>{t!(locale, merging.after, user_name = goes.user_name)}</p></section>
            <form class="actions" method="post" action=DOUBLES_PAGE>
                {csrf()}
                <input type="hidden" name="do" value="merge"/>
                <input type="hidden" name="account" value=goes.id.to_string()/>
                <input type="hidden" name="other" value=stays.id.to_string()/>
                <button class="btn btn--primary" type="submit">{t!(locale, doubles.merge, user_name = stays.user_name)}</button>
                <a class="btn btn--text" href=DOUBLES_PAGE>{t!(locale, registering.cancel)}</a>
            </form>
        </main>
    }
    .into_any()
}

/// What the account that stays gets by it.
fn gains(locale: Locale, preview: &MergePreview, subjects: &[Subject]) -> Vec<String> {
    let mut gains = Vec::new();
    let name = |slug: &String| {
        let known = subjects.iter().find(|subject| subject.slug == *slug);
        known.map_or_else(|| slug.clone(), |subject| subject.name.clone())
    };
    let names: Vec<String> = preview.subjects.iter().map(name).collect();
    if !names.is_empty() {
        gains.push(t!(locale, merging.subjects, names = names.join(", ")));
    }
    gains.extend(preview.rights.iter().map(|right| match right {
        StaffRight::Booking => t!(locale, merging.booking).to_owned(),
        StaffRight::Running => t!(locale, merging.running).to_owned(),
    }));
    gains
}

/// Whose results the person who stays comes to see, and whose no more.
fn sight(locale: Locale, sight: &MergedSight) -> AnyView {
    let MergedSight { diff, school } = sight;
    let body = match school {
        _ if diff.gains.is_empty() && diff.losses.is_empty() => {
            view! { <p>{t!(locale, merging.sees_the_same)}</p> }.into_any()
        }
        Some(school) => diff_tables(locale, school, diff),
        None => {
            let count = |changes: &[Change]| {
                let pupils: BTreeSet<_> = changes.iter().map(|change| change.pupil).collect();
                plural!(locale, pupils.len(), unit.pupil, unit.pupils)
            };
            view! {
                <dl class="dl">
                    <dt>{t!(locale, review.gains)}</dt><dd>{count(&diff.gains)}</dd>
                    <dt>{t!(locale, review.losses)}</dt><dd>{count(&diff.losses)}</dd>
                </dl>
            }
            .into_any()
        }
    };
    view! {
        <section aria-labelledby="sight">
            <h2 id="sight">{t!(locale, merging.sight)}</h2>
            <p>{t!(locale, merging.sight_why)}</p>
            {body}
        </section>
    }
    .into_any()
}
