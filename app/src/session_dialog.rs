//! Five minutes before the session ends, a dialog offers more time.

use crate::api::session::current_session;
use crate::client::since_last_call;
use crate::session_state::use_session;
use crate::t;
use crate::text::use_locale;
use leptos::html::Dialog;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::time::Duration;

/// How long before the end the dialog opens, in milliseconds.
const WARNING: f64 = 5.0 * 60_000.0;

/// The dialog; closed until then, and absent where nobody is signed in.
#[component]
pub fn SessionDialog() -> impl IntoView {
    let locale = use_locale();
    let session = use_session();
    let Some(me) = session.me else { return ().into_any() };
    let dialog = NodeRef::<Dialog>::new();
    // How long the session lasts without a call, in milliseconds. A short one warns at its half.
    let length = (me.session_ends.0 - me.now.0) as f64 / 1000.0;
    let warn_after = (length - WARNING).max(length / 2.0);
    Effect::new(move |_| watch(dialog, warn_after, length));
    let stay = move |_| {
        spawn_local(async move {
            // A refusal means that the session has already ended: sign-in says the rest.
            if current_session().await.is_ok() {
                if let Some(dialog) = dialog.get_untracked() {
                    dialog.close();
                }
                watch(dialog, warn_after, length);
            } else {
                leave();
            }
        });
    };
    view! {
        <dialog class="dialog" node_ref=dialog aria-labelledby="session-title">
            <h2 id="session-title">{t!(locale, session.title)}</h2>
            <p>{t!(locale, session.text)}</p>
            <form class="actions" method="post" action="/sign-out">
                <input type="hidden" name="csrf" value=session.csrf/>
                <button class="btn btn--primary" type="button" on:click=stay>{t!(locale, session.stay)}</button>
                <button class="btn btn--text" type="submit">{t!(locale, app.sign_out)}</button>
            </form>
        </dialog>
    }
    .into_any()
}

/// Looks again whenever the session would be about to end if nothing had been asked meanwhile.
fn watch(dialog: NodeRef<Dialog>, warn_after: f64, length: f64) {
    let left = warn_after - since_last_call();
    if left > 0.0 {
        later(left, move || watch(dialog, warn_after, length));
        return;
    }
    if let Some(dialog) = dialog.get_untracked() {
        let _ = dialog.show_modal();
    }
    await_end(dialog, length);
}

/// Once the session has ended, the page leaves for sign-in, so that nothing stays on the screen.
fn await_end(dialog: NodeRef<Dialog>, length: f64) {
    let left = length - since_last_call();
    if left > 0.0 {
        later(left, move || {
            if dialog.get_untracked().is_some_and(|dialog| dialog.open()) {
                await_end(dialog, length);
            }
        });
    } else {
        leave();
    }
}

fn leave() {
    let _ = window().location().set_href("/sign-in?state=ended");
}

fn later(milliseconds: f64, act: impl FnOnce() + 'static) {
    // A little more than asked for, so that one look is enough.
    set_timeout(act, Duration::from_millis(milliseconds as u64 + 100));
}
