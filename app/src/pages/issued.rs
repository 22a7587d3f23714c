//! `/accounts/issued`: letters, in the one answer that shows them. Asked for by itself, the page says
//! that they are gone, and what to do.

use super::PageTitle;
use crate::document::for_capacity;
use crate::letters::{Issued, sheet_view};
use crate::session_state::use_session;
use crate::text::{Locale, code_of, use_locale};
use crate::ui::sentence;
use crate::{plural, t};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use domain::Capacity;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

/// The page itself.
pub const ISSUED_ADDRESS: &str = "/accounts/issued";
/// What issues letters: a form with `account` (an id, repeated), `what` (`password`, `matrix`,
/// `both`) and, at will, `language`. Its answer is this page.
pub const ISSUE_ADDRESS: &str = "/accounts/letters";
/// What a form notes letters as printed with; plain, so that it works with scripts off.
pub const PRINTED_ADDRESS: &str = "/accounts/letters/printed";

/// Issued letters, or where they went.
#[component]
pub fn IssuedPage() -> impl IntoView {
    for_capacity(&[Capacity::UserAdministration, Capacity::Appointment], |_| {
        let locale = use_locale();
        match use_context::<Issued>() {
            Some(issued) => shown(locale, &issued),
            None => gone(locale),
        }
    })
}

fn shown(locale: Locale, issued: &Issued) -> AnyView {
    let n = issued.sheets().len();
    let title = match n {
        0 => t!(locale, issued.none_title),
        1 => t!(locale, issued.title_one),
        _ => t!(locale, issued.title),
    };
    let sheets = issued.sheets().iter().enumerate().map(|(at, sheet)| sheet_view(sheet.clone(), at)).collect_view();
    view! {
        <PageTitle name=title/>
        // Loading this page again would issue again: the script gives it the address of one that says so.
        <main class="page page--narrow issued" id="content" data-once=ISSUED_ADDRESS>
            <div class="issued__around">
                <h1>{title}</h1>
                {refusals(locale, issued)}
                {(n > 0).then(|| before_printing(locale, issued))}
            </div>
            {sheets}
        </main>
    }
    .into_any()
}

/// The letters as one PDF, within the page: nothing of them is kept to be fetched later.
fn download(locale: Locale, issued: &Issued) -> Option<AnyView> {
    let title = t!(locale, issued.title);
    let pdf = ::letter::pdf(issued.sheets(), title, code_of(locale));
    let pdf = pdf.inspect_err(|error| tracing::error!(%error, "letters are shown without a PDF")).ok()?;
    let href = format!("data:application/pdf;base64,{}", STANDARD.encode(&*pdf));
    Some(
        view! { <a class="btn" href=href download=t!(locale, issued.file)>{t!(locale, issued.download)}</a> }
            .into_any(),
    )
}

/// What there is to know and to do while they are shown.
fn before_printing(locale: Locale, issued: &Issued) -> AnyView {
    let n = issued.sheets().len();
    let ids: Vec<String> = issued.ids().iter().map(ToString::to_string).collect();
    view! {
        <div class="note note--warn">
            <h2>{t!(locale, issued.once_title)}</h2>
            <p>{t!(locale, issued.once)}</p>
        </div>
        <p class="lede">{plural!(locale, n, issued.count_one, issued.count)}</p>
        <p>{t!(locale, issued.hand_over)}</p>
        <form class="actions" method="post" action=PRINTED_ADDRESS data-notes-printed="">
            <input type="hidden" name="csrf" value=use_session().csrf/>
            <input type="hidden" name="letters" value=ids.join(" ")/>
            <button class="btn btn--primary" type="button" data-prints="">
                {plural!(locale, n, issued.print_one, issued.print)}
            </button>
            {download(locale, issued)}
            <button class="btn" type="submit">{t!(locale, issued.mark)}</button>
            <p role="status" hidden>{t!(locale, issued.marked)}</p>
        </form>
        <p class="hint">{t!(locale, issued.lost)}</p>
    }
    .into_any()
}

/// Who got no letter, and why.
fn refusals(locale: Locale, issued: &Issued) -> Option<AnyView> {
    if issued.refused().is_empty() {
        return None;
    }
    let lines = issued
        .refused()
        .iter()
        .map(
            |(name, error)| view! { <li>{t!(locale, issued.refused, name = name, why = sentence(locale, error))}</li> },
        )
        .collect_view();
    Some(
        view! {
            <div class="note note--error" role="alert">
                <h2>{t!(locale, issued.refused_title)}</h2>
                <ul class="list">{lines}</ul>
            </div>
        }
        .into_any(),
    )
}

fn gone(locale: Locale) -> AnyView {
    let marked = use_query_map().read_untracked().get("printed").is_some();
    let marked =
        marked.then(|| view! { <div class="note note--done" role="status"><p>{t!(locale, issued.marked)}</p></div> });
    view! {
        <PageTitle name=t!(locale, issued.gone_title)/>
        <main class="page page--narrow" id="content">
            <h1>{t!(locale, issued.gone_title)}</h1>
            {marked}
            <p class="lede">{t!(locale, issued.gone)}</p>
            <p><a class="btn" href="/accounts">{t!(locale, issued.to_accounts)}</a></p>
        </main>
    }
    .into_any()
}
