//! One id for each request: in its log lines, in its answer, and in the audit entries it makes.

use super::AppState;
use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::{HeaderName, HeaderValue};
use tracing::Instrument;
use uuid::Uuid;

/// The request's id, in its extensions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RequestId(pub Uuid);

const HEADER: HeaderName = HeaderName::from_static("x-request-id");

/// Gives the request its id and logs how it ended. The log names the route and never the address,
/// which could hold what somebody typed. An id that came from outside is not believed.
pub(super) async fn identify(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    let id = RequestId(state.env.id());
    request.extensions_mut().insert(id);
    let route =
        request.extensions().get::<MatchedPath>().map_or_else(|| "-".to_owned(), |route| route.as_str().to_owned());
    let span = tracing::info_span!("request", id = %id.0, method = %request.method(), route);
    let began = state.env.now();
    let run = async {
        let mut response = next.run(request).await;
        let status = response.status();
        let duration_ms = (state.env.now().0 - began.0) / 1000;
        if status.is_server_error() {
            tracing::error!(status = status.as_u16(), duration_ms, "answered");
        } else {
            tracing::info!(status = status.as_u16(), duration_ms, "answered");
        }
        if let Ok(value) = HeaderValue::try_from(id.0.to_string()) {
            response.headers_mut().insert(HEADER, value);
        }
        response
    };
    run.instrument(span).await
}
