//! A roster file that a page sends. It goes to a file that has no name and is gone with the last
//! who holds it, so that memory stays bounded and no pupil's name is left on a disk.

use super::AppState;
use super::session::Browser;
use app::api::imports::{FILE_ADDRESS, ImportStep, NAME_HEADER, STEP_HEADER, running};
use app::error::{AppError, status};
use axum::Router;
use axum::body::Body;
use axum::extract::{Extension, State};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use domain::Capacity;
use domain::exchange::{Refusal, RefusalCode};
use futures::StreamExt;
use http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use http::{HeaderMap, HeaderName};
use leptos::server_fn::error::FromServerFnError;
use service::session::Presence;
use std::fs::File;
use std::io::{Error, ErrorKind};
use std::time::Duration;
use tokio::io::AsyncWriteExt;

/// The longest that a sender may pause.
const PATIENCE: Duration = Duration::from_secs(30);
/// The longest name of a file that is decoded, in bytes.
const NAME_MAX: usize = 1024;

/// The one route.
pub(super) fn routes() -> Router<AppState> {
    Router::new().route(FILE_ADDRESS, post(receive))
}

/// Takes the file, and answers with a stream of what becomes of it.
async fn receive(
    State(state): State<AppState>,
    Extension(browser): Extension<Browser>,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let Presence::SignedIn(who) = browser.presence else { return refused(RefusalCode::NotSignedIn.into()) };
    // The use case refuses too; here nobody's file is taken in vain.
    if let Err(refusal) = who.actor.require(Capacity::UserAdministration) {
        return refused(refusal);
    }
    let header = |name: &HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    let name = header(&HeaderName::from_static(NAME_HEADER)).and_then(decoded);
    let step = header(&HeaderName::from_static(STEP_HEADER)).and_then(ImportStep::of_word);
    let (Some(name), Some(step)) = (name, step) else { return refused(RefusalCode::BadInput.into()) };
    let announced = header(&CONTENT_LENGTH).and_then(|length| length.parse::<u64>().ok());
    if announced.is_some_and(|length| length > state.import_bytes_max) {
        return refused(RefusalCode::TooLarge.into());
    }
    match stored(body, state.import_bytes_max).await {
        Ok(file) => {
            let lines = running::file(state.service, who.actor, file, name, step);
            // Each line goes out as it comes: a compressor would hold them back.
            ([(CONTENT_TYPE, "text/plain; charset=utf-8")], Body::from_stream(lines)).into_response()
        }
        Err(code) => refused(code.into()),
    }
}

fn refused(refusal: Refusal) -> Response {
    let status = status(refusal.code);
    (status, [(CONTENT_TYPE, "text/plain; charset=utf-8")], AppError::Refused(refusal).ser()).into_response()
}

/// The body in a file without a name.
async fn stored(body: Body, bytes_max: u64) -> Result<File, RefusalCode> {
    let mut file = tokio::fs::File::from_std(tempfile::tempfile().map_err(|error| unwritten(&error))?);
    let mut chunks = body.into_data_stream();
    let mut length: u64 = 0;
    loop {
        // A sender that pauses or goes away is not waited for, nor told.
        let chunk = tokio::time::timeout(PATIENCE, chunks.next()).await.map_err(|_| RefusalCode::BadInput)?;
        let Some(chunk) = chunk else { break };
        let chunk = chunk.map_err(|_| RefusalCode::BadInput)?;
        length = length.saturating_add(chunk.len() as u64);
        if length > bytes_max {
            return Err(RefusalCode::TooLarge);
        }
        file.write_all(&chunk).await.map_err(|error| unwritten(&error))?;
    }
    file.flush().await.map_err(|error| unwritten(&error))?;
    Ok(file.into_std().await)
}

fn unwritten(error: &Error) -> RefusalCode {
    tracing::error!(%error, "a file that was sent could not be kept");
    match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge => RefusalCode::NoRoom,
        _ => RefusalCode::Internal,
    }
}

/// A percent-encoded text; `None` for anything else.
fn decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len().min(NAME_MAX));
    let mut rest = text.bytes().take(NAME_MAX);
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'%' => {
                let mut digit = || char::from(rest.next()?).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
                digit()? << 4 | digit()?
            }
            plain => plain,
        });
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::decoded;

    #[test]
    fn names_are_decoded_or_none() {
        assert_eq!(decoded("h%C3%B8jvang%202026.zip").as_deref(), Some("h\u{f8}jvang 2026.zip"));
        for wrong in ["%", "%4", "%zz", "%C3"] {
            assert_eq!(decoded(wrong), None, "{wrong}");
        }
    }
}
