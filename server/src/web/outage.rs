//! The answer to a request that cannot be served at all: a page for a person, an error for a server
//! function. The status says whether to try again.

use super::{AppState, provide_request};
use app::error::{AppError, status};
use axum::body::Body;
use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use http::header::{CONTENT_TYPE, RETRY_AFTER};
use http::request::Parts;
use http::{HeaderValue, StatusCode};
use leptos::prelude::provide_context;
use leptos::server_fn::error::FromServerFnError;
use service::Fault;

/// Seconds after which a browser that met too many others, or no database, may try again.
const PATIENCE: HeaderValue = HeaderValue::from_static("30");

/// The answer to a request of these parts that failed as a whole.
pub(super) async fn failed(state: &AppState, parts: Parts, fault: &Fault) -> Response {
    if fault.is_ours() {
        tracing::error!(error = %fault, "a request failed as a whole");
    }
    let code = fault.public().code;
    let mut response = if parts.uri.path().starts_with("/api/") {
        ([(CONTENT_TYPE, "text/plain; charset=utf-8")], AppError::from(code).ser()).into_response()
    } else {
        let (state, options) = (state.clone(), state.leptos.clone());
        let context = move || {
            provide_context(state.clone());
            provide_request();
        };
        let page =
            leptos_axum::render_app_async_with_context(context, move || app::document::outage(options.clone(), code));
        page(Request::from_parts(parts, Body::empty())).await
    };
    *response.status_mut() = status(code);
    if status(code) == StatusCode::SERVICE_UNAVAILABLE { busy(response) } else { response }
}

/// An answer as `503` with the time to try again.
pub(super) fn busy(mut response: Response) -> Response {
    *response.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
    response.headers_mut().insert(RETRY_AFTER, PATIENCE);
    response
}
