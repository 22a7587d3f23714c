//! Signing in with UNI-Login: the button, and what is said where it led nowhere.

use super::{Csrf, Message};
use crate::pages::PageTitle;
use crate::session_state::SignInProblem;
use crate::t;
use crate::text::Locale;
use crate::ui::CodeHelp;
use leptos::prelude::*;

/// Begins a sign-in at the broker: a form, as nobody is to be sent there by a link of somebody else's.
pub const BEGIN_ADDRESS: &str = "/sign-in/broker";

/// The button, above the form for accounts.
pub(super) fn button(locale: Locale) -> AnyView {
    view! {
        <form class="sign__broker" method="post" action=BEGIN_ADDRESS>
            <Csrf/>
            <button class="btn btn--primary" type="submit">{t!(locale, broker.sign_in)}</button>
        </form>
        <h2>{t!(locale, broker.or)}</h2>
    }
    .into_any()
}

/// Why one was not signed in, above the form; nothing for what is not about the broker.
pub(super) fn message(locale: Locale, problem: SignInProblem) -> Option<AnyView> {
    let (kind, title, first, second) = match problem {
        SignInProblem::BrokerUnreachable => (
            "note note--warn",
            t!(locale, broker.unreachable_title),
            t!(locale, broker.unreachable),
            t!(locale, broker.unreachable_local),
        ),
        SignInProblem::BrokerRefused => {
            ("note note--error", t!(locale, broker.refused_title), t!(locale, broker.refused), "")
        }
        SignInProblem::NotSureEnough => (
            "note note--warn",
            t!(locale, broker.not_sure_title),
            t!(locale, broker.not_sure),
            t!(locale, broker.not_sure_help),
        ),
        SignInProblem::BrokerUnknown => (
            "note note--warn",
            t!(locale, broker.unknown_title),
            t!(locale, broker.unknown),
            t!(locale, broker.unknown_help),
        ),
        _ => return None,
    };
    Some(view! { <Message kind title first=first.to_owned() second problem/> }.into_any())
}

/// Pupils and guardians have UNI-Login too: a page that says that this is not for them, and no form.
pub(super) fn not_for_them(locale: Locale) -> AnyView {
    let title = t!(locale, broker.not_for_title);
    view! {
        <PageTitle name=title/>
        <main class="sign" id="content">
            <h1 tabindex="-1" data-focus="">{title}</h1>
            <p class="lede">{t!(locale, broker.not_for)}</p>
            <p>{t!(locale, broker.not_for_help)}</p>
            <p><a class="btn" href="/sign-in">{t!(locale, sign_in.title)}</a></p>
            {SignInProblem::NotForThem.number().map(|number| view! { <p><CodeHelp number/></p> })}
        </main>
    }
    .into_any()
}
