//! Code 31, in words: why the account is inactive, since when, and who can reactivate it. Said only
//! after the last factor that the account has.

use super::PageTitle;
use super::accounts::one::helper;
use super::sign_in::title;
use crate::session_state::{SignIn, SignInProblem, use_session};
use crate::t;
use crate::text::{Locale, long_date};
use domain::exchange::accounts::{Inactive, WhyInactive};
use leptos::prelude::*;

/// Asks those who can reactivate the account that this browser has just proved every factor of.
pub const ASK_HERE_ADDRESS: &str = "/sign-in/ask";

/// The page in the place of the sign-in's own.
pub(super) fn inactive(locale: Locale, sign_in: &SignIn) -> AnyView {
    let words = match &sign_in.inactive {
        Some(inactive) => known(locale, inactive),
        // The account is open again meanwhile, or too much time has gone by to say more.
        None => view! { <p>{t!(locale, sign_in.inactive)}</p> }.into_any(),
    };
    let asked = sign_in.problem == Some(SignInProblem::Asked);
    let help = sign_in.inactive.as_ref().filter(|inactive| inactive.help.iter().any(|help| !help.names.is_empty()));
    let ask = match (asked, help) {
        (true, _) => {
            Some(view! { <p class="note note--done" role="status">{t!(locale, inactive.asked)}</p> }.into_any())
        }
        (false, Some(_)) => Some(ask(locale)),
        (false, None) => None,
    };
    view! {
        <PageTitle name=title(locale, t!(locale, sign_in.inactive_title), true)/>
        <main class="sign" id="content">
            <h1>{t!(locale, sign_in.inactive_title)}</h1>
            <div class="note note--error" role="alert" tabindex="-1" data-focus="">{words}</div>
            {ask}
            <p><a href="/help#inactive">{t!(locale, help.about_inactive)}</a></p>
            <p class="actions"><a class="btn" href="/sign-in?again">{t!(locale, sign_in.other_account)}</a></p>
        </main>
    }
    .into_any()
}

/// The button that asks them, without a session.
fn ask(locale: Locale) -> AnyView {
    view! {
        <form class="actions" method="post" action=ASK_HERE_ADDRESS>
            <input type="hidden" name="csrf" value=use_session().csrf/>
            <button class="btn btn--primary" type="submit">{t!(locale, inactive.ask)}</button>
        </form>
    }
    .into_any()
}

fn known(locale: Locale, inactive: &Inactive) -> AnyView {
    let since = long_date(locale, inactive.zone.date_of(inactive.since));
    let why = match &inactive.why {
        // It lapsed with the end of its last day.
        WhyInactive::Lapsed => {
            let last = inactive.zone.date_of(inactive.since.plus_seconds(-1));
            t!(locale, inactive.lapsed, day = long_date(locale, last))
        }
        WhyInactive::Deactivated(Some(by)) => t!(locale, inactive.closed_by, day = since, name = by),
        WhyInactive::Deactivated(None) => t!(locale, inactive.closed, day = since),
    };
    let who: Vec<String> = inactive.help.iter().map(|help| helper(locale, help)).collect();
    view! {
        <p>{t!(locale, inactive.what, user = inactive.user_name, place = inactive.institution_name)}</p>
        <p>{why}</p>
        <p>{t!(locale, inactive.who, who = who.join("; "))}</p>
        <p>{t!(locale, inactive.stays)}</p>
    }
    .into_any()
}
