//! Five minutes before the session ends, a dialog offers more time.

use crate::session_state::use_session;
use crate::t;
use crate::text::use_locale;
use leptos::prelude::*;

/// How long before the end the dialog opens, in milliseconds.
const WARNING: i64 = 5 * 60_000;

/// The dialog, which the page's script opens; absent where nobody is signed in.
#[component]
pub fn SessionDialog() -> impl IntoView {
    let locale = use_locale();
    let session = use_session();
    let me = session.me?;
    // How long the session lasts without a call, in milliseconds. A short one warns at its half.
    let ends = (me.session_ends.0 - me.now.0).div_euclid(1_000);
    let warns = (ends - WARNING).max(ends.div_euclid(2));
    Some(view! {
        <dialog class="dialog" aria-labelledby="session-title" data-warns=warns data-ends=ends>
            <h2 id="session-title">{t!(locale, session.title)}</h2>
            <p>{t!(locale, session.text)}</p>
            <form class="actions" method="post" action="/sign-out">
                <input type="hidden" name="csrf" value=session.csrf/>
                <button class="btn btn--primary" type="button" data-stays="">{t!(locale, session.stay)}</button>
                <button class="btn btn--text" type="submit">{t!(locale, app.sign_out)}</button>
            </form>
        </dialog>
    })
}
