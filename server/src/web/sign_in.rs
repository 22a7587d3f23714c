//! The forms of the sign-in: plain posts that work with scripts off. Each is answered with `303`
//! to the page that comes next; what was wrong travels in a short-lived cookie, never in an
//! address. Only when too many come at once the page itself is the answer, as `503`.

use super::broker::{in_time, seconds};
use super::cookies::{SetCookies, is_own_page};
use super::outage::{busy, failed};
use super::peer;
use super::request::RequestId;
use super::session::{Browser, see_other};
use super::{AppState, page};
use app::session_state::SignInProblem;
use app::theme::Theme;
use axum::Router;
use axum::extract::{ConnectInfo, Extension, Form, Request, State};
use axum::response::Response;
use axum::routing::post;
use domain::exchange::RefusalCode;
use http::HeaderValue;
use http::request::Parts;
use serde::Deserialize;
use service::Fault;
use service::password::policy::PasswordProblem;
use service::session::Token;
use service::sign_in::change::Change;
use service::sign_in::network::Network;
use service::sign_in::{Next, Outcome};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

/// The routes of the forms; the demo's only in the demo.
pub(super) fn routes(is_demo: bool) -> Router<AppState> {
    let routes = Router::new()
        .route("/sign-in", post(password))
        .route("/sign-in/matrix", post(matrix))
        .route("/change-password", post(change))
        .route("/sign-out", post(sign_out))
        .route("/language", post(language))
        .route("/theme", post(theme));
    if is_demo { routes.route("/sign-in/demo", post(demo)) } else { routes }
}

#[derive(Deserialize)]
struct PasswordForm {
    username: String,
    password: String,
}

async fn password(
    State(state): State<AppState>,
    Extension(browser): Extension<Browser>,
    parts: Parts,
    Form(form): Form<PasswordForm>,
) -> Response {
    let network = network(&parts, &state);
    let outcome = state.service.sign_in_with_password(&form.username, &form.password, &network).await;
    answer(&state, &browser, parts, "/sign-in", SignInProblem::Wrong, outcome).await
}

#[derive(Deserialize)]
struct MatrixForm {
    codes: String,
}

async fn matrix(
    State(state): State<AppState>,
    Extension(browser): Extension<Browser>,
    parts: Parts,
    Form(form): Form<MatrixForm>,
) -> Response {
    let network = network(&parts, &state);
    let outcome = state.service.sign_in_with_matrix(&browser.token, &[&form.codes], &network).await;
    answer(&state, &browser, parts, "/sign-in/matrix", SignInProblem::WrongCodes, outcome).await
}

#[derive(Deserialize)]
struct DemoForm {
    person: String,
}

async fn demo(
    State(state): State<AppState>,
    Extension(browser): Extension<Browser>,
    parts: Parts,
    Form(form): Form<DemoForm>,
) -> Response {
    let network = network(&parts, &state);
    let outcome = match state.service.sign_in_as_demo(&form.person, &network).await {
        Err(Fault::Refused(refusal)) if refusal.code == RefusalCode::NotFound => Ok(Outcome::Wrong),
        outcome => outcome,
    };
    answer(&state, &browser, parts, "/sign-in", SignInProblem::Wrong, outcome).await
}

/// The answer to a step: on, back to the same page, or to the beginning.
pub(super) async fn answer(
    state: &AppState,
    browser: &Browser,
    parts: Parts,
    step: &str,
    wrong: SignInProblem,
    outcome: Result<Outcome, Fault>,
) -> Response {
    match outcome {
        Ok(Outcome::Next(next, token)) => onward(state, browser, next, &token),
        Ok(Outcome::Wrong) => back(state, step, wrong),
        Ok(Outcome::Inactive(token)) => inactive(state, &token),
        Ok(Outcome::CardUsedUp) => back(state, "/sign-in", SignInProblem::CardUsedUp),
        Ok(Outcome::Ended) => back(state, "/sign-in", SignInProblem::Ended),
        Err(fault) => overrun(state, browser, parts, &fault).await,
    }
}

fn onward(state: &AppState, browser: &Browser, next: Next, token: &Token) -> Response {
    let start = browser.next.as_deref().unwrap_or("/");
    let mut response = see_other(match next {
        Next::Matrix => "/sign-in/matrix",
        Next::ChangePassword => "/change-password",
        Next::Start => start,
    });
    let mut set = SetCookies::on(response.headers_mut(), &state.address);
    set.session(token);
    if next == Next::Start {
        set.forget_next();
    }
    response
}

/// To the words about code 31, which the token opens for a while.
fn inactive(state: &AppState, token: &Token) -> Response {
    let mut response = back(state, "/sign-in", SignInProblem::Inactive);
    SetCookies::on(response.headers_mut(), &state.address).session(token);
    response
}

fn back(state: &AppState, path: &str, problem: SignInProblem) -> Response {
    let mut response = see_other(path);
    SetCookies::on(response.headers_mut(), &state.address).problem(problem);
    response
}

/// Too many at once: the page that was sent, as `503`, with a sentence.
async fn overrun(state: &AppState, browser: &Browser, parts: Parts, fault: &Fault) -> Response {
    if fault.public().code != RefusalCode::Busy {
        return failed(state, parts, fault).await;
    }
    let mut request = Request::from_parts(parts, axum::body::Body::empty());
    let mut again = browser.clone();
    again.sign_in.problem = Some(SignInProblem::Busy);
    request.extensions_mut().insert(again);
    busy(page(state, request).await)
}

#[derive(Deserialize)]
struct ChangeForm {
    #[serde(default)]
    current: String,
    password: String,
    repeated: String,
}

async fn change(
    State(state): State<AppState>,
    Extension(browser): Extension<Browser>,
    Extension(RequestId(request)): Extension<RequestId>,
    parts: Parts,
    Form(form): Form<ChangeForm>,
) -> Response {
    if form.password != form.repeated {
        return back(&state, "/change-password", SignInProblem::PasswordsDiffer);
    }
    let changed = state.service.change_password(&browser.token, &form.current, &form.password, request).await;
    match changed {
        Ok(Change::Done(token)) => onward(&state, &browser, Next::Start, &token),
        Ok(Change::Problem(problem)) => {
            // Advice is all that there is to lose.
            let hints = state.service.password_hints(&browser.token, &form.password).await.unwrap_or_default();
            let mut response = back(&state, "/change-password", said(problem));
            if !hints.is_empty() {
                SetCookies::on(response.headers_mut(), &state.address).hints(&hints);
            }
            response
        }
        Ok(Change::Unchanged) => back(&state, "/change-password", SignInProblem::PasswordSame),
        Ok(Change::Wrong) => back(&state, "/change-password", SignInProblem::Wrong),
        Ok(Change::Ended) => back(&state, "/sign-in", SignInProblem::Ended),
        Err(fault) => overrun(&state, &browser, parts, &fault).await,
    }
}

const fn said(problem: PasswordProblem) -> SignInProblem {
    match problem {
        PasswordProblem::TooShort => SignInProblem::PasswordShort,
        PasswordProblem::TooLong => SignInProblem::PasswordLong,
        PasswordProblem::Common | PasswordProblem::OfThePlace => SignInProblem::PasswordCommon,
    }
}

/// What sign-out takes from the browser besides the cookie.
const CLEARED: HeaderValue = HeaderValue::from_static("\"cache\", \"storage\"");

async fn sign_out(State(state): State<AppState>, Extension(browser): Extension<Browser>, parts: Parts) -> Response {
    let was_at_broker = match state.service.sign_out(&browser.token).await {
        Ok(was_at_broker) => was_at_broker,
        Err(fault) => return failed(&state, parts, &fault).await,
    };
    let mut response = back(&state, "/sign-in", SignInProblem::SignedOut);
    if let (true, Some(broker)) = (was_at_broker, &state.broker) {
        // Signed out here in any case. Where the broker cannot be asked for its page, that is all.
        match in_time(broker.sign_out_address(seconds(&state))).await {
            Ok(Some(url)) => response = back(&state, url.as_str(), SignInProblem::SignedOut),
            Ok(None) => {}
            Err(error) => tracing::warn!(%error, "somebody signed out here and not at the broker"),
        }
    }
    let mut set = SetCookies::on(response.headers_mut(), &state.address);
    set.forget_session();
    set.forget_next();
    response.headers_mut().insert("clear-site-data", CLEARED);
    response
}

#[derive(Deserialize)]
struct LanguageForm {
    language: String,
    #[serde(default)]
    back: String,
}

async fn language(State(state): State<AppState>, Form(form): Form<LanguageForm>) -> Response {
    let mut response = see_other(way_back(&form.back));
    if let Some(locale) = app::text::locale_of(&form.language) {
        SetCookies::on(response.headers_mut(), &state.address).language(app::text::code_of(locale));
    }
    response
}

#[derive(Deserialize)]
struct ThemeForm {
    theme: String,
    #[serde(default)]
    back: String,
}

async fn theme(State(state): State<AppState>, Form(form): Form<ThemeForm>) -> Response {
    let mut response = see_other(way_back(&form.back));
    if let Some(theme) = Theme::of_code(&form.theme) {
        SetCookies::on(response.headers_mut(), &state.address).theme(theme);
    }
    response
}

/// The page of ours that a form wants to go back to; else the start page.
fn way_back(asked: &str) -> &str {
    // The pages of the sign-in are gone back to as well: nothing is changed by looking at them.
    let is_step = matches!(asked, "/sign-in" | "/sign-in/matrix" | "/change-password");
    if is_step || is_own_page(asked) { asked } else { "/" }
}

/// The network that a request comes from.
pub(super) fn network(parts: &Parts, state: &AppState) -> Network {
    let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(peer)| peer.ip());
    let peer = peer.unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED));
    Network::of(peer::client(peer, &parts.headers, &state.trusted_proxies))
}
