//! Passkeys: the two halves of each ceremony, and the forms of one's own page about them.
//!
//! The first half answers a script with what the browser's authenticator is to be asked (JSON), or with
//! why not, in words. The second half is a plain form like all others, with the authenticator's answer in
//! a field.

use super::cookies::SetCookies;
use super::request::RequestId;
use super::session::{Browser, Who, see_other};
use super::sign_in::{answer, network};
use super::{AppState, page};
use app::error::AppError;
use app::pages::account::passkeys::{BEGIN_ADDRESS, Deed, PASSKEYS_ADDRESS, why_not};
use app::pages::accounts::form::{Came, Fields, Sent};
use app::session_state::SignInProblem;
use axum::Router;
use axum::body::Body;
use axum::extract::{Extension, Form, Request, State};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use domain::PasskeyId;
use domain::exchange::RefusalCode;
use http::header::{ACCEPT_LANGUAGE, CONTENT_TYPE, COOKIE};
use http::request::Parts;
use http::{HeaderMap, StatusCode};
use serde::Deserialize;
use service::Fault;
use service::passkeys::Begun;

/// The routes.
pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/sign-in/passkey/begin", post(begin_sign_in))
        .route("/sign-in/passkey", post(sign_in))
        .route(BEGIN_ADDRESS, post(begin_adding))
        .route(PASSKEYS_ADDRESS, post(act))
}

/// What a browser's authenticator is to be asked.
fn options(json: String) -> Response {
    ([(CONTENT_TYPE, "application/json")], json).into_response()
}

/// Why not, to the script that asked, in the person's language.
fn said(headers: &HeaderMap, status: StatusCode, code: RefusalCode, is_password: bool) -> Response {
    let header = |name| headers.get(name).and_then(|value: &http::HeaderValue| value.to_str().ok());
    let locale = app::text::negotiate(header(COOKIE), header(ACCEPT_LANGUAGE));
    let words = why_not(locale, code, is_password);
    (status, [(CONTENT_TYPE, "text/plain; charset=utf-8")], words).into_response()
}

/// A refusal to the script that asked; what is a fault of ours is logged once.
fn refused(headers: &HeaderMap, fault: Fault) -> Response {
    let code = AppError::from(fault).code().unwrap_or(RefusalCode::Internal);
    said(headers, app::error::status(code), code, false)
}

async fn begin_sign_in(
    State(state): State<AppState>,
    Extension(browser): Extension<Browser>,
    headers: HeaderMap,
) -> Response {
    match state.service.begin_passkey_sign_in(&browser.token).await {
        Ok(Some(json)) => options(json),
        Ok(None) => {
            let mut response = see_other("/sign-in");
            SetCookies::on(response.headers_mut(), &state.address).problem(SignInProblem::Ended);
            response
        }
        Err(fault) => refused(&headers, fault),
    }
}

#[derive(Deserialize)]
struct PasskeyForm {
    credential: String,
}

async fn sign_in(
    State(state): State<AppState>,
    Extension(browser): Extension<Browser>,
    Extension(RequestId(request)): Extension<RequestId>,
    parts: Parts,
    Form(form): Form<PasskeyForm>,
) -> Response {
    let network = network(&parts, &state);
    let outcome = state.service.sign_in_with_passkey(&browser.token, &form.credential, &network, request).await;
    answer(&state, &browser, parts, "/sign-in/matrix", SignInProblem::WrongPasskey, outcome).await
}

async fn begin_adding(
    State(state): State<AppState>,
    Who(_): Who,
    Extension(browser): Extension<Browser>,
    headers: HeaderMap,
    Form(fields): Form<Fields>,
) -> Response {
    match state.service.begin_passkey(&browser.token, fields.get("password")).await {
        Ok(Begun::Options(json)) => options(json),
        Ok(Begun::WrongPassword) => said(&headers, StatusCode::UNPROCESSABLE_ENTITY, RefusalCode::BadInput, true),
        Err(fault) => refused(&headers, fault),
    }
}

/// Adds, renames or removes one of one's own passkeys.
async fn act(
    State(state): State<AppState>,
    Who(_): Who,
    Extension(browser): Extension<Browser>,
    Extension(RequestId(request)): Extension<RequestId>,
    parts: Parts,
    Form(fields): Form<Fields>,
) -> Response {
    let (service, token, name) = (&state.service, &browser.token, fields.get("name"));
    let passkey = || fields.get("passkey").parse().map(PasskeyId).map_err(|_| Fault::from(RefusalCode::NotFound));
    let deed = Deed::of(&fields);
    let done = match (deed, passkey()) {
        (Some(Deed::Add), _) => {
            service.add_passkey(token, name, fields.get("credential"), request).await.map(|()| true)
        }
        (Some(Deed::Rename), Ok(id)) => service.rename_passkey(token, id, name, request).await.map(|()| true),
        (Some(Deed::Remove), Ok(id)) => service.remove_passkey(token, id, request).await,
        (Some(Deed::Rename | Deed::Remove), Err(fault)) => Err(fault),
        (None, _) => Err(RefusalCode::BadInput.into()),
    };
    match done {
        Ok(true) => see_other(&format!("{PASSKEYS_ADDRESS}?done={}", deed.map_or("", Deed::code))),
        Ok(false) => {
            let mut response = see_other("/sign-in");
            SetCookies::on(response.headers_mut(), &state.address).problem(SignInProblem::PasskeyRemoved);
            response
        }
        Err(fault) => {
            let mut request = Request::from_parts(parts, Body::empty());
            request.extensions_mut().insert(Sent { fields, came: Came::Refused(AppError::from(fault)) });
            page(&state, request).await
        }
    }
}
