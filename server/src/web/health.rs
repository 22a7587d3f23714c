//! For those who watch over the server: is it alive, and can it work?

use super::AppState;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::StatusCode;

/// `/livez`: the process answers. Asks nothing of the database, so that a database that is away
/// does not get the server restarted.
pub(super) async fn alive() -> &'static str {
    "alive\n"
}

/// `/readyz`: the database answers too.
pub(super) async fn ready(State(state): State<AppState>) -> Response {
    match state.service.ping().await {
        Ok(()) => "ready\n".into_response(),
        Err(fault) => {
            tracing::error!(error = %fault, "the database does not answer");
            (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n").into_response()
        }
    }
}
