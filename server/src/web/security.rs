//! What every answer tells the browser to do without: foreign scripts, frames, copies on disk.

use super::AppState;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderName, LOCATION, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY,
    X_CONTENT_TYPE_OPTIONS,
};
use http::{HeaderMap, HeaderValue};
use leptos::nonce::Nonce;

/// Headers that are the same in every answer.
const FIXED: [(HeaderName, HeaderValue); 5] = [
    (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (REFERRER_POLICY, HeaderValue::from_static("same-origin")),
    (HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin")),
    (HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("same-origin")),
    (
        HeaderName::from_static("permissions-policy"),
        HeaderValue::from_static("camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    ),
];

/// Mints a nonce for this response alone, hands it to the page by the request's extensions, and
/// writes the policy and the other headers on the way out, whatever answered.
pub(super) async fn secure(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    let nonce = STANDARD.encode(state.env.random::<18>());
    request.extensions_mut().insert(Nonce::from_value(nonce.as_str()));
    let is_call = request.uri().path().starts_with("/api/");
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    if is_call {
        // A server function answers a form's post with the way back that the browser claimed to come from.
        headers.remove(LOCATION);
    }
    headers.extend(FIXED);
    if let Ok(policy) =
        HeaderValue::try_from(policy(&nonce, state.broker.as_ref().map(|broker| broker.origin()).as_deref()))
    {
        headers.insert(CONTENT_SECURITY_POLICY, policy);
    }
    if state.address.is_https() {
        headers.insert(STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=63072000; includeSubDomains"));
    }
    keep_out_of_caches(headers);
    response
}

/// The wasm needs `'wasm-unsafe-eval'`; inline scripts need the nonce; styles come from our stylesheet alone. The
/// forms that sign in and out are led on to the broker, which browsers hold against the forms' own addresses.
fn policy(nonce: &str, broker: Option<&str>) -> String {
    let broker = broker.map(|origin| format!(" {origin}")).unwrap_or_default();
    format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval' 'nonce-{nonce}'; style-src 'self'; img-src 'self' data:; \
         connect-src 'self'; form-action 'self'{broker}; base-uri 'none'; frame-ancestors 'none'"
    )
}

/// Everything but the versioned files of the site is about people.
fn keep_out_of_caches(headers: &mut HeaderMap) {
    headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
}
