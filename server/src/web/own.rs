//! The forms of one's own account, and advice about a password while it is typed.

use super::AppState;
use super::cookies::SetCookies;
use super::outage::failed;
use super::request::RequestId;
use super::session::{Browser, Who, see_other};
use app::pages::account::{ASK_ANEW_ADDRESS, CONTACT_ADDRESS, END_ADDRESS, END_OTHERS_ADDRESS};
use app::pages::accounts::form::Fields;
use app::pages::sign_in::{HINTS_ADDRESS, hints};
use app::session_state::SignInProblem;
use axum::Router;
use axum::extract::{Extension, Form, State};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::post;
use domain::SessionId;
use domain::exchange::RefusalCode;
use http::HeaderMap;
use http::header::{ACCEPT_LANGUAGE, COOKIE};
use http::request::Parts;
use service::Fault;
use service::accounts::EndedOwn;

/// The routes.
pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route(CONTACT_ADDRESS, post(contact))
        .route(END_ADDRESS, post(end))
        .route(END_OTHERS_ADDRESS, post(end_others))
        .route(ASK_ANEW_ADDRESS, post(ask_anew))
        .route(HINTS_ADDRESS, post(hint))
}

/// Sets where one is written to.
async fn contact(
    State(state): State<AppState>,
    Who(_): Who,
    Extension(browser): Extension<Browser>,
    Extension(RequestId(request)): Extension<RequestId>,
    parts: Parts,
    Form(fields): Form<Fields>,
) -> Response {
    match state.service.change_my_contact(&browser.token, fields.get("email"), request).await {
        Ok(()) => see_other("/account?done=contact"),
        Err(fault) if fault.public().code == RefusalCode::BadInput => see_other("/account?done=contact-bad"),
        Err(fault) => failed(&state, parts, &fault).await,
    }
}

/// Asks those who may to issue one's own account anew.
async fn ask_anew(State(state): State<AppState>, Who(who): Who, parts: Parts) -> Response {
    match state.service.ask_for_own_letter(&who.actor).await {
        Ok(()) => see_other("/inbox?done=asked"),
        Err(fault) => failed(&state, parts, &fault).await,
    }
}

/// Ends one session of one's own; of the one that asks nothing is left in the browser.
async fn end(
    State(state): State<AppState>,
    Who(_): Who,
    Extension(browser): Extension<Browser>,
    Extension(RequestId(request)): Extension<RequestId>,
    parts: Parts,
    Form(fields): Form<Fields>,
) -> Response {
    let ended = match fields.get("session").parse().map(SessionId) {
        Ok(id) => state.service.end_my_session(&browser.token, id, request).await,
        Err(_) => Err(Fault::from(RefusalCode::NotFound)),
    };
    match ended {
        Ok(EndedOwn::Another) => see_other("/account?done=session"),
        Ok(EndedOwn::This) => {
            let mut response = see_other("/sign-in");
            let mut set = SetCookies::on(response.headers_mut(), &state.address);
            set.problem(SignInProblem::SignedOut);
            set.forget_session();
            response
        }
        // Somebody was quicker; or it was never there.
        Err(fault) if fault.public().code == RefusalCode::NotFound => see_other("/account?done=session-gone"),
        Err(fault) => failed(&state, parts, &fault).await,
    }
}

/// Ends every other session of one's own.
async fn end_others(
    State(state): State<AppState>,
    Who(_): Who,
    Extension(browser): Extension<Browser>,
    Extension(RequestId(request)): Extension<RequestId>,
    parts: Parts,
) -> Response {
    match state.service.end_my_other_sessions(&browser.token, request).await {
        Ok(_) => see_other("/account?done=sessions"),
        Err(fault) => failed(&state, parts, &fault).await,
    }
}

/// Advice about a password that is being typed, as a piece of the page; nothing for a good one. It is
/// looked at and forgotten: it stands in no log, as no body does.
async fn hint(
    State(state): State<AppState>,
    Extension(browser): Extension<Browser>,
    headers: HeaderMap,
    Form(fields): Form<Fields>,
) -> Response {
    let header = |name| headers.get(name).and_then(|value: &http::HeaderValue| value.to_str().ok());
    let locale = app::text::negotiate(header(COOKIE), header(ACCEPT_LANGUAGE));
    let found = state.service.password_hints(&browser.token, fields.get("password")).await.unwrap_or_default();
    Html(hints(locale, &found)).into_response()
}
