//! The document around the app, written by the server.

use crate::error::AppError;
use crate::session_state::{SESSION_ELEMENT, for_page, use_session};
use crate::text::{Locale, code_of, locale_of_request};
use crate::theme::theme_of_request;
use crate::ui::{PageTitle, sentence};
use crate::{App, t};
use domain::exchange::RefusalCode;
use leptos::config::LeptosOptions;
use leptos::nonce::use_nonce;
use leptos::prelude::*;
use leptos_meta::{HashedStylesheet, MetaTags, provide_meta_context};

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
    let head = view! { <meta name="csrf" content=session.csrf/> {head} }.into_any();
    document(options, locale_of_request(), head, view! { <App/> }.into_any())
}

/// The document for when nothing else can be answered, not even who asks: a sentence, and no script.
#[must_use]
pub fn outage(options: LeptosOptions, code: RefusalCode) -> impl IntoView {
    provide_meta_context();
    let locale = locale_of_request();
    provide_context(locale);
    let title = t!(locale, refused.title_outage);
    let body = view! {
        <PageTitle name=title/>
        <main class="page page--narrow" id="content">
            <h1>{title}</h1>
            <p class="lede" role="alert">{sentence(locale, &AppError::from(code))}</p>
        </main>
    };
    document(options, locale, ().into_any(), body.into_any())
}

fn document(options: LeptosOptions, locale: Locale, head: AnyView, body: AnyView) -> impl IntoView {
    let theme = theme_of_request();
    view! {
        <!DOCTYPE html>
        <html lang=code_of(locale) data-theme=theme.attribute()>
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <meta name="color-scheme" content=theme.schemes()/>
                <meta name="description" content=t!(locale, app.tagline)/>
                <link rel="icon" href="data:,"/>
                <HashedStylesheet options id="style"/>
                {head}
                <MetaTags/>
            </head>
            <body>
                {body}
            </body>
        </html>
    }
}
