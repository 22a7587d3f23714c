//! The document around the app, written by the server.

use crate::session_state::{SESSION_ELEMENT, for_page, use_session};
use crate::text::{code_of, locale_of_request};
use crate::{App, t};
use leptos::config::LeptosOptions;
use leptos::nonce::use_nonce;
use leptos::prelude::*;
use leptos_meta::{HashedStylesheet, MetaTags};

/// Pages without client state do without the wasm; this small script is all they run.
const PLAIN_SCRIPT: &str = include_str!("plain.js");

/// Does this address answer with a page that runs no wasm?
#[must_use]
pub fn is_plain(path: &str) -> bool {
    path.starts_with("/sign-in/") || matches!(path, "/about" | "/sign-in" | "/change-password")
}

/// The document around the app.
#[must_use]
pub fn shell(options: LeptosOptions) -> impl IntoView {
    let session = use_session();
    let locale = locale_of_request();
    let path = use_context::<http::request::Parts>().map(|parts| parts.uri.path().to_owned()).unwrap_or_default();
    let head = if is_plain(&path) {
        // A module waits for the body it works on.
        view! { <script type="module" nonce=use_nonce() inner_html=PLAIN_SCRIPT></script> }.into_any()
    } else {
        view! {
            <script type="application/json" id=SESSION_ELEMENT inner_html=for_page(&session)></script>
            <HydrationScripts options=options.clone()/>
        }
        .into_any()
    };
    view! {
        <!DOCTYPE html>
        <html lang=code_of(locale)>
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <meta name="color-scheme" content="light dark"/>
                <meta name="description" content=t!(locale, app.tagline)/>
                <meta name="csrf" content=session.csrf/>
                <link rel="icon" href="data:,"/>
                <HashedStylesheet options id="style"/>
                {head}
                <MetaTags/>
            </head>
            <body>
                <App/>
            </body>
        </html>
    }
}
