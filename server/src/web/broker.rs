//! Signing in through the broker: the way there, the way back, and what the broker tells us without a browser.
//! The protocol is the `broker` crate's; who is let in is `service`'s.

use super::AppState;
use super::cookies::SetCookies;
use super::outage::failed;
use super::request::RequestId;
use super::session::{Browser, see_other};
use super::sign_in::network;
use app::pages::place::PLACE_ADDRESS;
use app::pages::sign_in::broker::BEGIN_ADDRESS;
use app::session_state::SignInProblem;
use axum::Router;
use axum::extract::{Extension, Form, Query, State};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use broker::{Answer, Asked, Broker, BrokerError, Expected};
use domain::InstitutionId;
use domain::exchange::RefusalCode;
use http::StatusCode;
use http::request::Parts;
use serde::Deserialize;
use service::Fault;
use service::sign_in::broker::{BrokerOutcome, Proved, Way};
use std::time::Duration;

/// Where the broker sends a browser back to.
pub(super) const BACK_ADDRESS: &str = "/sign-in/broker/back";
/// Where the broker says that a session has ended (back-channel logout).
pub(super) const ENDED_ADDRESS: &str = "/sign-in/broker/ended";

/// The routes. Without a broker they say that there is none.
pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route(BEGIN_ADDRESS, post(begin))
        .route(BACK_ADDRESS, get(back))
        .route(ENDED_ADDRESS, post(ended))
        .route(PLACE_ADDRESS, post(go_to))
}

/// Seconds since 1970, in which the protocol tells time.
pub(super) fn seconds(state: &AppState) -> i64 {
    state.env.now().0.div_euclid(1_000_000)
}

/// The browser is sent to the broker.
async fn begin(State(state): State<AppState>, Extension(browser): Extension<Browser>, parts: Parts) -> Response {
    let Some(broker) = &state.broker else { return StatusCode::NOT_FOUND.into_response() };
    let way = match state.service.begin_broker_sign_in(&browser.token).await {
        Ok(way) => way,
        Err(fault) => return failed(&state, parts, &fault).await,
    };
    let asked =
        Asked { state: &way.state, nonce: &way.nonce, verifier: &way.verifier, level: state.broker_level.as_deref() };
    match in_time(broker.begin(seconds(&state), &asked)).await {
        Ok(url) => see_other(url.as_str()),
        Err(error) => not_in(&state, problem_of(error)),
    }
}

#[derive(Deserialize)]
struct BackQuery {
    #[serde(default)]
    state: Option<String>,
    #[serde(default)]
    code: Option<String>,
    #[serde(default)]
    iss: Option<String>,
}

/// The browser is back: the sign-in that the answer belongs to is taken up once, in the browser that began it,
/// whatever comes of it.
async fn back(
    State(state): State<AppState>,
    Extension(browser): Extension<Browser>,
    Extension(RequestId(request)): Extension<RequestId>,
    parts: Parts,
    query: Result<Query<BackQuery>, axum::extract::rejection::QueryRejection>,
) -> Response {
    let Some(broker) = &state.broker else { return StatusCode::NOT_FOUND.into_response() };
    let Ok(Query(query)) = query else { return not_in(&state, SignInProblem::BrokerRefused) };
    let taken = match state.service.take_up_broker_sign_in(&browser.token, query.state.as_deref().unwrap_or("")).await {
        Ok(taken) => taken,
        Err(fault) => return failed(&state, parts, &fault).await,
    };
    let (Some(way), Some(code)) = (taken, &query.code) else { return not_in(&state, SignInProblem::BrokerRefused) };
    let answer = Answer { code, issuer: query.iss.as_deref() };
    let proved = match proved(broker, &state, &answer, &way).await {
        Ok(proved) => proved,
        Err(error) => return not_in(&state, problem_of(error)),
    };
    let claimed = Proved {
        issuer: &proved.issuer,
        subject: &proved.subject,
        session: proved.session.as_deref(),
        uni_id: proved.uni_id.as_deref(),
        actor_group: proved.actor_group.as_deref(),
        unilogin_level: proved.unilogin_level.as_deref(),
        level: proved.level.as_deref(),
    };
    let network = network(&parts, &state);
    match state.service.sign_in_with_broker(&claimed, &network, request).await {
        Ok(BrokerOutcome::In(token)) => {
            let mut response = see_other(browser.next.as_deref().unwrap_or("/"));
            let mut set = SetCookies::on(response.headers_mut(), &state.address);
            set.session(&token);
            set.forget_next();
            response
        }
        Ok(BrokerOutcome::NotForThem) => not_in(&state, SignInProblem::NotForThem),
        Ok(BrokerOutcome::NotSureEnough) => not_in(&state, SignInProblem::NotSureEnough),
        Ok(BrokerOutcome::Two) => {
            tracing::warn!("the broker's subject and its UNI-Login id do not mean one person");
            not_in(&state, SignInProblem::BrokerRefused)
        }
        Ok(BrokerOutcome::Unknown) => not_in(&state, SignInProblem::BrokerUnknown),
        Err(fault) => failed(&state, parts, &fault).await,
    }
}

async fn proved(
    broker: &Broker,
    state: &AppState,
    answer: &Answer<'_>,
    way: &Way,
) -> Result<broker::Verified, BrokerError> {
    let expected = Expected { nonce: &way.nonce, verifier: &way.verifier };
    in_time(broker.finish(seconds(state), answer, &expected)).await
}

/// The longest that a step at the broker takes, whatever it asks and waits for: a page answers within 5 s.
const STEP: Duration = Duration::from_secs(4);

/// What a step found out, or that it took too long.
pub(super) async fn in_time<T>(step: impl Future<Output = Result<T, BrokerError>>) -> Result<T, BrokerError> {
    tokio::time::timeout(STEP, step).await.unwrap_or(Err(BrokerError::Unreachable("no answer in time")))
}

/// What to say; which check failed is for the log.
fn problem_of(error: BrokerError) -> SignInProblem {
    tracing::warn!(%error, "nobody was signed in at the broker");
    match error {
        BrokerError::Unreachable(_) => SignInProblem::BrokerUnreachable,
        BrokerError::Refused(_) => SignInProblem::BrokerRefused,
    }
}

fn not_in(state: &AppState, problem: SignInProblem) -> Response {
    let mut response = see_other("/sign-in");
    SetCookies::on(response.headers_mut(), &state.address).problem(problem);
    response
}

#[derive(Deserialize)]
struct EndedForm {
    logout_token: String,
}

/// The broker says that a session has ended there. It has no cookie: what it says is signed (Back-Channel
/// Logout 1.0 §2.5; the answers are those of §2.8).
async fn ended(
    State(state): State<AppState>,
    form: Result<Form<EndedForm>, axum::extract::rejection::FormRejection>,
) -> Response {
    let Some(broker) = &state.broker else { return StatusCode::NOT_FOUND.into_response() };
    let Ok(Form(form)) = form else { return StatusCode::BAD_REQUEST.into_response() };
    let told = match in_time(broker.logged_out(seconds(&state), &form.logout_token)).await {
        Ok(told) => told,
        Err(error) => {
            tracing::warn!(%error, "no session was ended for a message in the broker's name");
            return StatusCode::BAD_REQUEST.into_response();
        }
    };
    let whose = (told.subject.as_deref(), told.session.as_deref());
    match state.service.logged_out_at_broker(&told.issuer, whose, (&told.id, told.good_until)).await {
        Ok(_) => StatusCode::OK.into_response(),
        Err(fault) => {
            tracing::error!(error = %fault, "a session that ended at the broker could not be ended");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

#[derive(Deserialize)]
struct PlaceForm {
    place: String,
}

/// The session acts elsewhere from now on; the browser gets another token.
async fn go_to(
    State(state): State<AppState>,
    Extension(browser): Extension<Browser>,
    parts: Parts,
    Form(form): Form<PlaceForm>,
) -> Response {
    let place = form.place.parse::<InstitutionId>().map_err(|_| Fault::from(RefusalCode::NotFound));
    let gone = match place {
        Ok(place) => state.service.go_to_place(&browser.token, place).await,
        Err(fault) => Err(fault),
    };
    match gone {
        Ok(token) => {
            let mut response = see_other("/");
            SetCookies::on(response.headers_mut(), &state.address).session(&token);
            response
        }
        Err(Fault::Refused(refusal)) if refusal.code == RefusalCode::NotFound => see_other(PLACE_ADDRESS),
        Err(Fault::Refused(refusal)) if refusal.code == RefusalCode::NotSignedIn => {
            not_in(&state, SignInProblem::Ended)
        }
        Err(fault) => failed(&state, parts, &fault).await,
    }
}
