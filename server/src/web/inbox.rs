//! The forms of the inbox, and the one that asks for reactivation without a session.

use super::AppState;
use super::cookies::SetCookies;
use super::outage::failed;
use super::request::RequestId;
use super::session::{Browser, Who, see_other};
use app::pages::accounts::form::Fields;
use app::pages::inactive::ASK_HERE_ADDRESS;
use app::pages::inbox::{ASK_ADDRESS, DECLINE_ADDRESS};
use app::session_state::SignInProblem;
use axum::Router;
use axum::extract::{Extension, Form, State};
use axum::response::Response;
use axum::routing::post;
use domain::AccountId;
use domain::exchange::RefusalCode;
use domain::exchange::accounts::Wish;
use http::request::Parts;

/// The routes.
pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route(ASK_ADDRESS, post(ask))
        .route(DECLINE_ADDRESS, post(decline))
        .route(ASK_HERE_ADDRESS, post(ask_here))
}

/// Asks those who may.
async fn ask(State(state): State<AppState>, Who(who): Who, parts: Parts, Form(fields): Form<Fields>) -> Response {
    let asked = match (fields.get("account").parse().map(AccountId), Wish::of_code(fields.get("wish"))) {
        (Ok(account), Some(wish)) => state.service.ask_keepers(&who.actor, account, wish).await,
        _ => Err(RefusalCode::BadInput.into()),
    };
    match asked {
        Ok(()) => see_other("/inbox?done=asked"),
        Err(fault) => failed(&state, parts, &fault).await,
    }
}

/// Answers a request with no.
async fn decline(State(state): State<AppState>, Who(who): Who, parts: Parts, Form(fields): Form<Fields>) -> Response {
    let declined = match fields.get("request").parse() {
        Ok(id) => state.service.decline_request(&who.actor, id, fields.get("reason")).await,
        Err(_) => Err(RefusalCode::BadInput.into()),
    };
    match declined {
        Ok(()) => see_other("/inbox?done=declined"),
        Err(fault) if fault.public().code == RefusalCode::BadInput => see_other("/inbox?done=no-reason"),
        Err(fault) => failed(&state, parts, &fault).await,
    }
}

/// Asks for the account whose every factor this browser has just proved; it gets no session by it.
async fn ask_here(
    State(state): State<AppState>,
    Extension(browser): Extension<Browser>,
    Extension(RequestId(request)): Extension<RequestId>,
    parts: Parts,
) -> Response {
    match state.service.ask_reactivation(&browser.token, request).await {
        // Nothing to ask for any more: the account is open again, or too much time has gone by.
        Ok(false) => see_other("/sign-in"),
        Ok(true) => {
            let mut response = see_other("/sign-in");
            SetCookies::on(response.headers_mut(), &state.address).problem(SignInProblem::Asked);
            response
        }
        Err(fault) => failed(&state, parts, &fault).await,
    }
}
