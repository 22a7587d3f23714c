//! Small pieces that several pages share.

use crate::error::AppError;
use crate::grid::cursor::{BoxesKey, Chord, Command, Cursor, Extent};
use crate::t;
use crate::text::{Locale, use_locale};
use domain::AccountRole;
use domain::exchange::{Me, Refusal, RefusalCode};
use leptos::prelude::*;
use wasm_bindgen::JsCast;

/// The sentence for an error.
#[must_use]
pub fn sentence(locale: Locale, error: &AppError) -> &'static str {
    let refusal = match error {
        AppError::Refused(refusal) => refusal,
        AppError::Offline => return t!(locale, refused.offline),
        AppError::Unreadable => return t!(locale, refused.unreadable),
    };
    match refusal.code {
        RefusalCode::NotSignedIn => t!(locale, refused.not_signed_in),
        RefusalCode::NotAllowed => t!(locale, refused.not_allowed),
        RefusalCode::SecondFactorNeeded => t!(locale, refused.second_factor_needed),
        RefusalCode::NotFound => t!(locale, refused.not_found),
        RefusalCode::BadInput => t!(locale, refused.bad_input),
        RefusalCode::DateInPast => t!(locale, refused.date_in_past),
        RefusalCode::TooLarge => t!(locale, refused.too_large),
        RefusalCode::Stale => t!(locale, refused.stale),
        RefusalCode::Conflict => t!(locale, refused.conflict),
        RefusalCode::AlreadyTakenBack => t!(locale, refused.already_taken_back),
        RefusalCode::OnlyPrincipal => t!(locale, refused.only_principal),
        RefusalCode::OnlyAuthority => t!(locale, refused.only_authority),
        RefusalCode::OwnAccount => t!(locale, refused.own_account),
        RefusalCode::OwnTeacherAccount => t!(locale, refused.own_teacher_account),
        RefusalCode::LastSecondFactor => t!(locale, refused.last_second_factor),
        RefusalCode::TooLate => t!(locale, refused.too_late),
        RefusalCode::TooEarly => t!(locale, refused.too_early),
        RefusalCode::NameFromRoster => t!(locale, refused.name_from_roster),
        RefusalCode::OwnLastCapacity => t!(locale, refused.own_last_capacity),
        RefusalCode::Busy => t!(locale, refused.busy),
        RefusalCode::Unavailable => t!(locale, refused.unavailable),
        RefusalCode::NoRoom => t!(locale, refused.no_room),
        RefusalCode::Internal => t!(locale, refused.internal),
    }
}

/// The anchor of a code on the help page.
#[must_use]
pub fn help_anchor(number: u8) -> String {
    format!("code-{number}")
}

/// The way to what the help page says of a code: its cause, and who can help.
#[component]
pub fn CodeHelp(
    /// The code's number.
    number: u8,
) -> impl IntoView {
    let href = format!("/help#{}", help_anchor(number));
    view! { <a href=href>{t!(use_locale(), refused.code, n = number)}</a> }
}

/// An error in words, with who can help; announced as soon as it appears.
#[component]
pub fn ErrorNote(
    /// What went wrong.
    error: AppError,
) -> impl IntoView {
    let locale = use_locale();
    let sign_in = (error.code() == Some(RefusalCode::NotSignedIn))
        .then(|| view! { <p><a class="btn" href="/sign-in">{t!(locale, app.sign_in)}</a></p> }.into_any());
    let help = match &error {
        AppError::Refused(Refusal { help, .. }) if !help.is_empty() => {
            Some(view! { <p>{t!(locale, refused.who_can_help, names = help.join(", "))}</p> })
        }
        _ => None,
    };
    view! {
        <div class="note note--error" role="alert">
            <h2>{t!(locale, refused.title)}</h2>
            <p>{sentence(locale, &error)}</p>
            {help}
            <p><CodeHelp number=error.number()/></p>
            {sign_in}
        </div>
    }
}

/// What an account may act as, in the words of its country's schools.
#[must_use]
pub fn account_role(locale: Locale, role: AccountRole) -> &'static str {
    match role {
        AccountRole::Authority => t!(locale, role.municipality),
        AccountRole::Principal => t!(locale, role.principal),
        AccountRole::TestAdministrator => t!(locale, role.test_administrator),
        AccountRole::Leader => t!(locale, role.leader),
        AccountRole::Teacher => t!(locale, role.teacher),
    }
}

/// By what somebody signed in: the role of their account, or UNI-Login.
#[must_use]
pub fn signed_in_as(locale: Locale, me: &Me) -> &'static str {
    me.role().map_or(UNI_LOGIN, |role| account_role(locale, role))
}

/// UNI-Login's name, the same in every language.
pub const UNI_LOGIN: &str = "UNI-Login";

/// Moves the focus to the page's heading (or to the page, where it is still loading), once what
/// was just changed is drawn: people who listen hear where they are.
pub fn focus_heading() {
    request_animation_frame(|| {
        let in_sight = |element: &web_sys::HtmlElement| element.offset_parent().is_some();
        let found = |selector| {
            let nodes = document().query_selector_all(selector).ok()?;
            let mut elements =
                (0..nodes.length()).filter_map(|ix| nodes.get(ix)?.dyn_into::<web_sys::HtmlElement>().ok());
            elements.find(in_sight)
        };
        if let Some(target) = found("h1").or_else(|| found("main")) {
            target.set_tab_index(-1);
            let _ = target.focus();
        }
    });
}

/// What a pressed key means in a table of boxes with this cursor: where the cursor goes, or that the
/// selection is changed. `None` where the key is the browser's, or the page's around the table.
#[must_use]
pub fn boxes_key(event: &leptos::ev::KeyboardEvent, cursor: Cursor, extent: Extent) -> Option<BoxesKey> {
    let chord = Chord { control: event.ctrl_key() || event.meta_key(), shift: event.shift_key(), alt: event.alt_key() };
    BoxesKey::of(Command::of_key(&event.key(), chord)?, cursor, extent)
}

/// Keeps a box from changing itself when Space is let go after it selected, or changed a selection.
pub fn hold_space(event: &leptos::ev::KeyboardEvent, cursor: Cursor) {
    let selects = event.shift_key() || event.ctrl_key() || event.meta_key();
    if event.key() == " " && (selects || cursor.is_range()) {
        event.prevent_default();
    }
}

/// Asks before the page is left or loaded anew while something would be lost by it. For an effect: on the
/// server there is nothing to leave.
pub fn ask_before_leaving(would_lose: impl Fn() -> bool + 'static) {
    let leaving = window_event_listener(leptos::ev::beforeunload, move |event| {
        // Once the session has ended nothing stays on the screen, and nobody may be there to answer.
        let has_ended = document().document_element().is_some_and(|html| html.has_attribute("data-over"));
        if !has_ended && would_lose() {
            event.prevent_default();
        }
    });
    on_cleanup(move || leaving.remove());
}

/// Moves the focus to the element with this id, once what was just changed is drawn.
pub fn focus_id(id: &'static str) {
    request_animation_frame(move || focus_now(id));
}

/// Gives the focus to what has this id and is drawn.
pub fn focus_now(id: &str) {
    let found = document().get_element_by_id(id).and_then(|found| found.dyn_into::<web_sys::HtmlElement>().ok());
    if let Some(found) = found {
        let _ = found.focus();
    }
}
