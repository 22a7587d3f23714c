//! The one way from the browser to the server functions: `fetch` with the session's token.

use leptos::server_fn::Bytes;
use leptos::server_fn::client::Client;
use leptos::server_fn::client::browser::BrowserClient;
use leptos::server_fn::error::FromServerFnError;
use leptos::server_fn::request::browser::BrowserRequest;
use leptos::server_fn::response::browser::BrowserResponse;
use std::future::Future;

/// The header that carries the session's token, so that another site's form cannot act here.
pub const CSRF_HEADER: &str = "x-csrf-token";

/// `fetch` that adds the token which the page carries in `<meta name="csrf">`. `BY_PERSON` says whether
/// somebody did something, for which the session lasts longer.
#[derive(Clone, Copy, Debug)]
pub struct TokenClient<const BY_PERSON: bool>;

/// For what a person does.
pub type SessionClient = TokenClient<true>;

/// For what a page asks by itself ([`crate::api::ASKED_BY_THE_PAGE`]).
pub type PageClient = TokenClient<false>;

impl<const BY_PERSON: bool, E, I, O> Client<E, I, O> for TokenClient<BY_PERSON>
where
    E: FromServerFnError,
    I: FromServerFnError,
    O: FromServerFnError,
{
    type Request = BrowserRequest;
    type Response = BrowserResponse;

    fn send(request: Self::Request) -> impl Future<Output = Result<Self::Response, E>> + Send {
        carry_token(&request);
        if BY_PERSON {
            note_call();
        }
        <BrowserClient as Client<E, I, O>>::send(request)
    }

    fn open_websocket(
        path: &str,
    ) -> impl Future<
        Output = Result<
            (
                impl futures::Stream<Item = Result<Bytes, Bytes>> + Send + 'static,
                impl futures::Sink<Bytes> + Send + 'static,
            ),
            E,
        >,
    > + Send {
        <BrowserClient as Client<E, I, O>>::open_websocket(path)
    }

    fn spawn(future: impl Future<Output = ()> + Send + 'static) {
        <BrowserClient as Client<E, I, O>>::spawn(future);
    }
}

fn carry_token(request: &BrowserRequest) {
    if let Some(token) = csrf_token() {
        request.headers().set(CSRF_HEADER, &token);
    }
}

/// Notes on the document, for the dialog before the session ends, when the server was last asked
/// for something: milliseconds on the page's own clock.
fn note_call() {
    let Some(window) = web_sys::window() else { return };
    let now = window.performance().map_or(0.0, |clock| clock.now());
    if let Some(html) = window.document().and_then(|document| document.document_element()) {
        // Whole ones will do, and need no code that writes fractions.
        let _ = html.set_attribute("data-called", &(now as u32).to_string());
    }
}

/// The token in the page's head; `None` where nobody is signed in.
#[must_use]
pub fn csrf_token() -> Option<String> {
    let document = web_sys::window()?.document()?;
    let meta = document.query_selector("meta[name=csrf]").ok()??;
    meta.get_attribute("content").filter(|token| !token.is_empty())
}
