//! `/sign-in/matrix`: three cells of the printed card, or a passkey in its place.
//!
//! The card's form works with scripts off. With scripts, what is typed stands under the place it belongs
//! to, and a whole card may be pasted: `second.js` reads the three cells off it and keeps nothing else.

use super::{Csrf, Message, StartOver, ask_anew, asked_anew, title, use_sign_in};
use crate::pages::PageTitle;
use crate::pages::account::passkeys::{Ceremony, SecondScript};
use crate::pages::inactive::inactive;
use crate::session_state::{SignIn, SignInProblem};
use crate::t;
use crate::text::{Locale, use_locale};
use leptos::prelude::*;

/// Longest that the three cells are written, with whatever stands between them.
const CODES_MAX: usize = 24;

/// Step two: the card, a passkey, or either.
#[component]
pub fn MatrixPage() -> impl IntoView {
    let locale = use_locale();
    let sign_in = use_sign_in();
    if matches!(sign_in.problem, Some(SignInProblem::Inactive | SignInProblem::Asked)) {
        return inactive(locale, &sign_in);
    }
    let has_card = !sign_in.coordinates.is_empty();
    let name = match (has_card, sign_in.passkey) {
        (false, false) => return view! { <StartOver/> }.into_any(),
        (true, false) => t!(locale, sign_in.matrix_title),
        (false, true) => t!(locale, passkeys.only_title),
        (true, true) => t!(locale, passkeys.either_title),
    };
    let wrong =
        matches!(sign_in.problem, Some(SignInProblem::WrongCodes | SignInProblem::WrongPasskey | SignInProblem::Wrong));
    let passkey = sign_in.passkey.then(|| passkey(locale, has_card));
    let heading = (has_card && sign_in.passkey).then(|| view! { <h2>{t!(locale, passkeys.or_card)}</h2> });
    let card = has_card.then(|| card(locale, &sign_in));
    let lost = if has_card { t!(locale, sign_in.no_card) } else { t!(locale, passkeys.lost) };
    view! {
        <PageTitle name=title(locale, name, wrong)/>
        <main class="sign" id="content">
            {message(locale, &sign_in)}
            <div><p class="steps">{t!(locale, sign_in.step_2)}</p><h1>{name}</h1></div>
            {passkey}
            {heading}
            {card}
            <p class="hint">{lost}" "<a href="/help#whole-card">{t!(locale, help.with_sign_in)}</a></p>
            {ask_anew(locale, has_card)}
            {(!has_card).then(|| view! { <p><a href="/sign-in">{t!(locale, sign_in.back)}</a></p> })}
            <SecondScript/>
        </main>
    }
    .into_any()
}

fn message(locale: Locale, sign_in: &SignIn) -> Option<AnyView> {
    let message = match sign_in.problem? {
        SignInProblem::Busy => view! {
            <Message kind="note note--warn" title=t!(locale, sign_in.busy_title) first=t!(locale, sign_in.busy).to_owned()/>
        }
        .into_any(),
        SignInProblem::WrongPasskey => view! {
            <Message
                kind="note note--error"
                title=t!(locale, passkeys.wrong_title)
                first=t!(locale, passkeys.wrong).to_owned()
                second=t!(locale, passkeys.wrong_again)
                problem=SignInProblem::WrongPasskey
            />
        }
        .into_any(),
        SignInProblem::WrongCodes | SignInProblem::Wrong => view! {
            <Message
                kind="note note--error"
                title=t!(locale, sign_in.codes_wrong_title)
                field="codes"
                first=t!(locale, sign_in.codes_wrong).to_owned()
                second=t!(locale, sign_in.codes_same)
                third=t!(locale, sign_in.card_lost)
                problem=SignInProblem::WrongCodes
            />
        }
        .into_any(),
        SignInProblem::AskedAnew => asked_anew(locale),
        _ => return None,
    };
    Some(message)
}

/// The passkey's form; without scripts, in words that it needs them.
fn passkey(locale: Locale, has_card: bool) -> AnyView {
    let without = if has_card { t!(locale, passkeys.no_script_card) } else { t!(locale, passkeys.no_script) };
    view! {
        <Ceremony address="/sign-in/passkey" begin="/sign-in/passkey/begin" without>
            <p>{t!(locale, passkeys.sign_in_how)}</p>
            <div class="actions">
                <button class="btn btn--primary" type="submit">{t!(locale, passkeys.sign_in)}</button>
            </div>
        </Ceremony>
    }
    .into_any()
}

fn card(locale: Locale, sign_in: &SignIn) -> AnyView {
    let wrong = matches!(sign_in.problem, Some(SignInProblem::WrongCodes | SignInProblem::Wrong));
    let places = [t!(locale, sign_in.first), t!(locale, sign_in.second), t!(locale, sign_in.third)];
    let coordinates = places
        .into_iter()
        .zip(&sign_in.coordinates)
        .map(|(place, coordinate)| {
            let (column, row) = coordinate.split_at_checked(1).unwrap_or_default();
            let at = t!(locale, sign_in.at, row = row, column = column);
            view! {
                <li data-asked=coordinate.clone()>
                    <small>{place}" "</small>
                    {coordinate.clone()}
                    <small>{at}</small>
                    <span class="coords__cell" data-cell="" aria-hidden="true"></span>
                </li>
            }
        })
        .collect_view();
    let error = wrong.then(|| {
        view! {
            <p class="error" id="codes-error">
                <span class="sr">{t!(locale, sign_in.error_prefix)}</span>{t!(locale, sign_in.codes_error)}
            </p>
        }
    });
    view! {
        <form method="post" action="/sign-in/matrix">
            <Csrf/>
            <div>
                <p id="find">{t!(locale, sign_in.find)}</p>
                <ol class="coords" aria-labelledby="find">{coordinates}</ol>
            </div>
            <div class="field" class:field--error=wrong>
                <label for="codes">{t!(locale, sign_in.codes)}</label>
                <p class="hint" id="codes-hint">{t!(locale, sign_in.codes_hint)}</p>
                {error}
                <input
                    class="input input--code num"
                    id="codes"
                    name="codes"
                    autocomplete="one-time-code"
                    autocapitalize="characters"
                    spellcheck="false"
                    maxlength=CODES_MAX
                    required
                    aria-invalid=wrong.then_some("true")
                    aria-describedby=if wrong { "codes-hint codes-error" } else { "codes-hint" }
                />
            </div>
            <div class="actions">
                <button class="btn btn--primary" type="submit">{t!(locale, sign_in.submit)}</button>
                <a class="btn btn--text" href="/sign-in">{t!(locale, sign_in.back)}</a>
            </div>
        </form>
        // Outside of the form and without a name: nothing of it can be sent.
        <details class="sign__others" data-card="" hidden>
            <summary>{t!(locale, sign_in.whole)}</summary>
            <div class="field">
                <label for="card">{t!(locale, sign_in.whole_label)}</label>
                <p class="hint" id="card-hint">{t!(locale, sign_in.whole_hint)}</p>
                <textarea class="input" id="card" rows="3" autocomplete="off" spellcheck="false" aria-describedby="card-hint"></textarea>
            </div>
            <p role="status" data-said="" data-found=t!(locale, sign_in.whole_found) data-missing=t!(locale, sign_in.whole_missing)></p>
        </details>
    }
    .into_any()
}
