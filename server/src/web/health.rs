//! For those who watch over the server: is it alive, and can it work?

use super::AppState;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use std::time::Duration;

/// The longest that the database may take to answer; whoever watches asks again soon.
const PATIENCE: Duration = Duration::from_secs(3);

/// `/livez`: the process answers. Asks nothing of the database, so that a database that is away
/// does not get the server restarted.
pub(super) async fn alive() -> &'static str {
    "alive\n"
}

/// `/readyz`: the database answers too.
pub(super) async fn ready(State(state): State<AppState>) -> Response {
    let why = match tokio::time::timeout(PATIENCE, state.service.ping()).await {
        Ok(Ok(())) => return "ready\n".into_response(),
        Ok(Err(fault)) => fault.to_string(),
        Err(_) => "it took too long".to_owned(),
    };
    tracing::error!(error = why, "the database does not answer");
    (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n").into_response()
}
