//! Files of the portal: streamed chunk by chunk, whole or in part, never whole in memory, and never
//! shown within a page.

use super::range::{Wanted, wanted};
use super::request::RequestId;
use super::session::{Browser, to_sign_in};
use super::{AppState, page_at};
use app::error::AppError;
use app::pages::portal::{FILES_ADDRESS, NotOpened, PORTAL_ADDRESS};
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Extension, Path, State};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use domain::MaterialId;
use domain::exchange::RefusalCode;
use futures::stream;
use http::header::{ACCEPT_RANGES, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE, ETAG, HeaderName};
use http::request::Parts;
use http::{HeaderValue, Method, StatusCode};
use service::portal::{MaterialFile, Opened};
use service::session::Presence;
use service::{Actor, Fault};
use std::fmt::Write;

/// The one route. It stands outside the compressing layer: a compressed part is no part of the file.
pub(super) fn routes() -> Router<AppState> {
    Router::new().route(&format!("{FILES_ADDRESS}{{id}}"), get(material))
}

/// Is it the address of a file? Everybody may ask there: the open part is anybody's.
pub(super) fn is_address(path: &str) -> bool {
    path.starts_with(FILES_ADDRESS)
}

/// Sends a file, or some of it; the page of the portal for what does not open.
async fn material(
    State(state): State<AppState>,
    Extension(browser): Extension<Browser>,
    Path(id): Path<String>,
    parts: Parts,
) -> Response {
    let actor = match &browser.presence {
        Presence::SignedIn(who) => Some(&who.actor),
        Presence::Nobody
        | Presence::Matrix { .. }
        | Presence::Inactive(_)
        | Presence::MustChangePassword { .. }
        | Presence::ChoosePlace(_) => None,
    };
    match answer(&state, actor, &id, &parts).await {
        Ok(response) => response,
        Err(fault) => not_sent(&state, &browser, parts, fault).await,
    }
}

async fn answer(state: &AppState, actor: Option<&Actor>, id: &str, parts: &Parts) -> Result<Response, Fault> {
    let unknown = if actor.is_some() { RefusalCode::NotFound } else { RefusalCode::NotSignedIn };
    let id = MaterialId(id.parse().map_err(|_| unknown)?);
    let file = state.service.material(actor, id).await?;
    let etag = format!("\"{}\"", file.digest);
    // Who only asks about a file gets none of it, and parts are parts of what is sent.
    if parts.method == Method::HEAD {
        return Ok(head(&file, &etag, StatusCode::OK, (0, file.bytes)).into_response());
    }
    let (status, (from, until)) = match wanted(&parts.headers, &etag, file.bytes) {
        Wanted::Whole => (StatusCode::OK, (0, file.bytes)),
        Wanted::Part(from, until) => (StatusCode::PARTIAL_CONTENT, (from, until)),
        Wanted::Beyond => return Ok(beyond(&file, &etag)),
    };
    let opened = state.service.open_material(actor, id, from, until).await?;
    let mut response = head(&file, &etag, status, (from, until));
    let request = parts.extensions.get::<RequestId>().copied();
    *response.body_mut() = Body::from_stream(stream::unfold(Some(opened), move |opened| piece(opened, request)));
    Ok(response)
}

/// The next piece of a body. After a failure there is none: the length that was announced tells the
/// reader that something is missing.
async fn piece(opened: Option<Opened>, request: Option<RequestId>) -> Option<(Result<Bytes, Broken>, Option<Opened>)> {
    let mut opened = opened?;
    match opened.next().await {
        Ok(Some(bytes)) => Some((Ok(bytes.into()), Some(opened))),
        Ok(None) => None,
        Err(fault) => {
            let id = request.map(|request| request.0);
            tracing::error!(error = %fault, request = ?id, "a file was not sent to its end");
            Some((Err(Broken), None))
        }
    }
}

/// A file could not be sent to its end; the log says why.
#[derive(Debug, thiserror::Error)]
#[error("the file could not be sent to its end")]
struct Broken;

/// The head of an answer with these bytes of a file, the latter not included.
fn head(file: &MaterialFile, etag: &str, status: StatusCode, (from, until): (u64, u64)) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    let headers = response.headers_mut();
    let mut set = |name: HeaderName, value: &str| {
        if let Ok(value) = HeaderValue::try_from(value) {
            headers.insert(name, value);
        }
    };
    set(CONTENT_TYPE, file.kind);
    set(CONTENT_DISPOSITION, &disposition(&file.name));
    set(ACCEPT_RANGES, "bytes");
    set(ETAG, etag);
    set(CONTENT_LENGTH, &(until - from).to_string());
    if status == StatusCode::PARTIAL_CONTENT {
        set(CONTENT_RANGE, &format!("bytes {from}-{}/{}", until - 1, file.bytes));
    }
    response
}

fn beyond(file: &MaterialFile, etag: &str) -> Response {
    let length = format!("bytes */{}", file.bytes);
    let headers = [(CONTENT_RANGE, length), (ETAG, etag.to_owned()), (ACCEPT_RANGES, "bytes".to_owned())];
    (StatusCode::RANGE_NOT_SATISFIABLE, headers).into_response()
}

/// Saved under its own name, never shown within our origin (RFC 6266, RFC 8187): first the name in
/// plain letters for who reads no other, then as it is.
fn disposition(name: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, ' ' | '.' | '-' | '_' | '(' | ')');
    let plain: String = name.chars().map(|c| if is_plain(c) { c } else { '_' }).collect();
    let mut value = format!("attachment; filename=\"{plain}\"; filename*=UTF-8''");
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_' | b'~') {
            value.push(char::from(byte));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(value, "%{byte:02X}");
        }
    }
    value
}

/// The answer where no file is sent: the sign-in for nobody, the portal's page for an account that
/// does not open it, which tells an unknown file from a protected one no more than the status does.
async fn not_sent(state: &AppState, browser: &Browser, parts: Parts, fault: Fault) -> Response {
    match AppError::from(fault).code() {
        Some(RefusalCode::NotSignedIn) => to_sign_in(&browser.presence, PORTAL_ADDRESS),
        Some(RefusalCode::NotFound) => {
            let mut response = page_at(state, parts, PORTAL_ADDRESS, NotOpened).await;
            *response.status_mut() = StatusCode::NOT_FOUND;
            response
        }
        code => super::outage::failed(state, parts, &code.unwrap_or(RefusalCode::Internal).into()).await,
    }
}

#[cfg(test)]
mod tests {
    use super::disposition;

    #[test]
    fn a_name_is_given_in_plain_letters_and_as_it_is() {
        assert_eq!(
            disposition("Läs åk 6.pdf"),
            "attachment; filename=\"L_s _k 6.pdf\"; filename*=UTF-8''L%C3%A4s%20%C3%A5k%206.pdf"
        );
        for name in ["a\"; filename=\"b.html", "a\r\nX: y", "日本.pdf", "a;b'c%20.pdf"] {
            let value = disposition(name);
            assert!(value.is_ascii() && !value.contains(['\r', '\n']), "{value}");
            assert_eq!(value.matches('"').count(), 2, "{value}");
            assert_eq!(value.matches(';').count(), 2, "{value}");
        }
    }
}
