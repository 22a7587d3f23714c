//! `/accounts` and the pages under it: who holds which account, and what becomes of it. All are drawn
//! by the server, and every form works with scripts off.

pub mod doubles;
pub mod form;
pub mod handover;
mod known;
pub mod letters;
pub mod list;
pub mod merging;
pub mod new;
pub mod one;
pub mod principal;
pub mod reactivate;
pub(super) mod states;
pub mod subjects;
mod table;

use crate::document::{for_capacity, loaded};
use crate::error::{AppError, answer};
use crate::server_context::signed_in;
use crate::session_state::use_session;
use crate::t;
use crate::text::Locale;
use crate::ui::ErrorNote;
use domain::Capacity;
use domain::exchange::{Me, RefusalCode};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use service::{Actor, Fault, Service};

/// A page for those who keep others' accounts.
pub(super) fn for_keepers(page: impl FnOnce(Me) -> AnyView) -> AnyView {
    for_capacity(&[Capacity::UserAdministration, Capacity::Appointment], page)
}

/// A page made of what one use case answers; or its refusal in words.
pub(super) fn asked<T, F>(
    ask: impl Fn(Service, Actor) -> F + Clone + Send + Sync + 'static,
    page: impl Fn(T) -> AnyView + Clone + Send + Sync + 'static,
) -> AnyView
where
    T: Clone + Send + Sync + 'static,
    F: Future<Output = Result<T, Fault>> + Send + 'static,
{
    let load = move || {
        let ask = ask.clone();
        async move {
            let (service, actor) = signed_in()?;
            ask(service, actor).await.map_err(AppError::from)
        }
    };
    loaded(load, page)
}

/// The way back to the list.
pub(super) fn crumb(locale: Locale) -> AnyView {
    view! { <p class="crumb"><a href="/accounts">"← "{t!(locale, accounts.back)}</a></p> }.into_any()
}

/// The field that every form carries.
pub(super) fn csrf() -> AnyView {
    view! { <input type="hidden" name="csrf" value=use_session().csrf/> }.into_any()
}

/// Why a form did not lead on; for what cannot be used, in the form's own words.
pub(super) fn refusal(locale: Locale, error: &AppError, bad_input: &'static str) -> AnyView {
    if let AppError::Refused(refusal) = error {
        // The answer's status says so too.
        let _ = answer(refusal.clone());
    }
    if error.code() != Some(RefusalCode::BadInput) {
        return view! { <ErrorNote error=error.clone()/> }.into_any();
    }
    view! {
        <div class="note note--error" role="alert" tabindex="-1" data-focus="">
            <h2>{t!(locale, refused.title)}</h2>
            <p>{bad_input}</p>
        </div>
    }
    .into_any()
}

/// What the form that led here did, as the address says.
fn done(locale: Locale) -> Option<AnyView> {
    let text = match use_query_map().read_untracked().get("done")?.as_str() {
        "change" => t!(locale, accounts.done.change),
        "deactivate" => t!(locale, accounts.done.deactivate),
        "reactivate" => t!(locale, accounts.done.reactivate),
        "reactivated" => t!(locale, accounts.done.reactivated),
        "merge" => t!(locale, accounts.done.merge),
        "delete" => t!(locale, accounts.done.delete),
        "separate" => t!(locale, accounts.done.separate),
        "subjects" => t!(locale, accounts.done.subjects),
        "subjects-same" => t!(locale, accounts.done.subjects_same),
        _ => return None,
    };
    Some(view! { <p class="note note--done" role="status">{text}</p> }.into_any())
}
