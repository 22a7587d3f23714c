//! `/account/record`: what is recorded of one's own account: attempts to sign in, changes and by whom,
//! letters, protected material that was opened.

use super::of_mine;
use crate::pages::PageTitle;
use crate::t;
use crate::text::{Locale, moment, use_locale};
use crate::words::people::{account_deed, doer, letter_holds, tried_with, try_outcome};
use domain::Instant;
use domain::exchange::Me;
use domain::exchange::accounts::AccountEvent;
use domain::exchange::material::MaterialOpening;
use domain::exchange::own::{MyLetter, MyRecord, TryOutcome};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

/// What is recorded; older attempts to sign in with the query `before`, in microseconds since 1970.
pub const RECORD_ADDRESS: &str = "/account/record";

/// What is recorded of one's own account.
#[component]
pub fn MyRecordPage() -> impl IntoView {
    let before = use_query_map().read_untracked().get("before");
    let before = before.and_then(|micros| micros.parse().ok()).map(Instant);
    let title = t!(use_locale(), own.record);
    view! {
        <PageTitle name=title/>
        {of_mine(
            move |service, token| async move { service.my_record(&token, before).await },
            move |locale, me, record| page(locale, me, before, &record),
        )}
    }
}

fn page(locale: Locale, me: &Me, before: Option<Instant>, record: &MyRecord) -> AnyView {
    view! {
        <main class="page page--narrow" id="content">
            <p class="crumb"><a href="/account">"← "{t!(locale, own.title)}</a></p>
            <h1>{t!(locale, own.record)}</h1>
            <p class="lede">{t!(locale, own.record_lede, user = me.account.as_ref().map(|own| own.user_name.as_str()).unwrap_or_default())}</p>
            {sign_ins(locale, me, before, record)}
            {deeds(locale, me, &record.deeds)}
            {letters(locale, me, &record.letters)}
            {(!record.openings.is_empty()).then(|| openings(locale, me, &record.openings))}
        </main>
    }
    .into_any()
}

fn sign_ins(locale: Locale, me: &Me, before: Option<Instant>, record: &MyRecord) -> AnyView {
    let zone = me.institution.zone;
    let rows = record
        .sign_ins
        .iter()
        .map(|of| {
            let class = if of.outcome == TryOutcome::Wrong { "off" } else { "" };
            view! {
                <tr>
                    <th scope="row">{moment(locale, zone, of.at, record.now)}</th>
                    <td data-label=t!(locale, own.how)>{tried_with(locale, of.factor)}</td>
                    <td class=class data-label=t!(locale, own.became)>{try_outcome(locale, of.outcome)}</td>
                    <td class="num" data-label=t!(locale, own.network)>{of.network.clone()}</td>
                </tr>
            }
        })
        .collect_view();
    let head = [t!(locale, own.when), t!(locale, own.how), t!(locale, own.became), t!(locale, own.network)];
    let older = record.older.map(|at| {
        let href = format!("{RECORD_ADDRESS}?before={}", at.0);
        view! { <a class="btn btn--small" href=href>{t!(locale, own.older)}</a> }
    });
    let newest = before.map(|_| {
        view! { <a class="btn btn--small" href=RECORD_ADDRESS>{t!(locale, own.newest)}</a> }
    });
    view! {
        <section aria-labelledby="sign-ins">
            <h2 id="sign-ins">{t!(locale, own.sign_ins)}</h2>
            <p class="hint">{t!(locale, own.sign_ins_hint, days = record.sign_ins_kept)}</p>
            {table(locale, "sign-ins", &head, record.sign_ins.is_empty(), rows.into_any())}
            <div class="actions">{newest}{older}</div>
        </section>
    }
    .into_any()
}

fn deeds(locale: Locale, me: &Me, deeds: &[AccountEvent]) -> AnyView {
    let rows = deeds
        .iter()
        .map(|event| {
            view! {
                <tr>
                    <th scope="row">{moment(locale, me.institution.zone, event.at, me.now)}</th>
                    <td data-label=t!(locale, own.what)>{account_deed(locale, event.what)}</td>
                    <td data-label=t!(locale, own.who)>{doer(locale, &event.by).to_owned()}</td>
                </tr>
            }
        })
        .collect_view();
    let head = [t!(locale, own.when), t!(locale, own.what), t!(locale, own.who)];
    view! {
        <section aria-labelledby="deeds">
            <h2 id="deeds">{t!(locale, own.deeds)}</h2>
            {table(locale, "deeds", &head, deeds.is_empty(), rows.into_any())}
        </section>
    }
    .into_any()
}

fn letters(locale: Locale, me: &Me, letters: &[MyLetter]) -> AnyView {
    let zone = me.institution.zone;
    let rows = letters
        .iter()
        .map(|letter| {
            let printed = match letter.printed {
                Some(at) => moment(locale, zone, at, me.now),
                None => t!(locale, own.not_printed).to_owned(),
            };
            view! {
                <tr>
                    <th scope="row">{moment(locale, zone, letter.issued, me.now)}</th>
                    <td data-label=t!(locale, own.holds)>{letter_holds(locale, letter.what)}</td>
                    <td data-label=t!(locale, own.printed)>{printed}</td>
                </tr>
            }
        })
        .collect_view();
    let head = [t!(locale, own.issued), t!(locale, own.holds), t!(locale, own.printed)];
    view! {
        <section aria-labelledby="letters">
            <h2 id="letters">{t!(locale, own.letters)}</h2>
            <p class="hint">{t!(locale, own.letters_hint)}</p>
            {table(locale, "letters", &head, letters.is_empty(), rows.into_any())}
        </section>
    }
    .into_any()
}

fn openings(locale: Locale, me: &Me, openings: &[MaterialOpening]) -> AnyView {
    let rows = openings
        .iter()
        .map(|opening| {
            view! {
                <tr>
                    <th scope="row">{moment(locale, me.institution.zone, opening.opened, me.now)}</th>
                    <td data-label=t!(locale, own.material)>{opening.title.clone()}</td>
                </tr>
            }
        })
        .collect_view();
    let head = [t!(locale, own.when), t!(locale, own.material)];
    view! {
        <section aria-labelledby="openings">
            <h2 id="openings">{t!(locale, own.openings)}</h2>
            <p class="hint">{t!(locale, own.openings_hint)}</p>
            {table(locale, "openings", &head, false, rows.into_any())}
        </section>
    }
    .into_any()
}

/// A table under a heading; a word where there is nothing to show.
fn table(locale: Locale, heading: &'static str, head: &[&'static str], is_empty: bool, rows: AnyView) -> AnyView {
    if is_empty {
        return view! { <p>{t!(locale, own.none)}</p> }.into_any();
    }
    let head = head.iter().map(|name| view! { <th scope="col">{*name}</th> }).collect_view();
    view! {
        <table class="tbl tbl--stack" aria-labelledby=heading>
            <thead><tr>{head}</tr></thead>
            <tbody>{rows}</tbody>
        </table>
    }
    .into_any()
}
