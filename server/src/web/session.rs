//! Who a request comes from. Nothing is rendered, and nothing done, before that is known.
//!
//! - The cookie's token is looked up; a browser without one gets one, for the token of its forms.
//! - An unsafe request must carry that token's own: in the header `x-csrf-token`, or in the field
//!   `csrf` of a plain form. `SameSite` and the check of the origin stand before it.
//! - A page that needs a signed-in person sends everybody else to the step they stand at, before
//!   anything of it is rendered. Server functions answer for themselves, with nobody as actor.

use super::AppState;
use super::broker::{BACK_ADDRESS, ENDED_ADDRESS};
use super::cookies::{Cookies, SetCookies, is_own_page};
use super::outage::failed;
use super::request::RequestId;
use app::pages::account::passkeys::PASSKEYS_ADDRESS;
use app::pages::account::record::RECORD_ADDRESS;
use app::pages::place::PLACE_ADDRESS;
use app::pages::portal::OPEN_ADDRESS;
use app::pages::sign_in::broker::BEGIN_ADDRESS;
use app::server_context::ServerContext;
use app::session_state::{DemoPerson, SessionState, SignIn, SignInProblem};
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Form, FromRequest, FromRequestParts, Query, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use domain::exchange::RefusalCode;
use domain::exchange::accounts::CardEnding;
use domain::exchange::own::PasswordHint;
use http::header::{CONTENT_TYPE, LOCATION};
use http::request::Parts;
use http::{HeaderMap, HeaderValue, StatusCode, Uri};
use leptos::prelude::provide_context;
use leptos::server_fn::error::FromServerFnError;
use serde::Deserialize;
use service::password::policy::Standing;
use service::session::{Presence, SignedIn, Token};
use service::{Fault, Service};

/// The longest plain form, in bytes.
const FORM_LIMIT: usize = 64 * 1024;

/// What is known about the browser that sent a request; in the request's extensions.
#[derive(Clone, Debug)]
pub(super) struct Browser {
    /// What the cookie holds, or will hold after this answer.
    pub(super) token: Token,
    /// What it stands for.
    pub(super) presence: Presence,
    /// Where to go after signing in.
    pub(super) next: Option<String>,
    /// For the pages of the sign-in.
    pub(super) sign_in: SignIn,
    /// Requests that wait for the signed-in person; counted for pages alone.
    pub(super) waiting: usize,
    /// The signed-in person's card, where it is soon used up; for pages alone.
    pub(super) card: Option<CardEnding>,
}

/// What an address needs before it answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Need {
    /// Nothing, not even a look at the cookie: files of the site and health.
    Nothing,
    /// Open to everybody, and different for who is signed in.
    Open,
    /// Its own answer to who is not signed in: server functions.
    Own,
    /// A person who signed in through the broker, wherever they act or are to choose.
    Place,
    /// Somebody who signed in with an account: what these pages are about.
    Account,
    /// A signed-in person, or one who has to change the password.
    Password,
    /// A signed-in person.
    Person,
}

impl Need {
    fn of(path: &str, is_demo: bool) -> Self {
        match path {
            "/sign-in/demo" if is_demo => Self::Open,
            "/livez" | "/readyz" | ENDED_ADDRESS => Self::Nothing,
            BEGIN_ADDRESS | BACK_ADDRESS => Self::Open,
            PLACE_ADDRESS => Self::Place,
            PASSKEYS_ADDRESS | RECORD_ADDRESS => Self::Account,
            "/sign-in" | "/sign-in/matrix" | "/sign-in/passkey" | "/sign-in/passkey/begin" | "/sign-in/ask" => {
                Self::Open
            }
            "/sign-out" | "/language" | "/theme" | "/about" | "/help" | OPEN_ADDRESS => Self::Open,
            "/change-password" => Self::Password,
            _ if super::material::is_address(path) => Self::Open,
            _ if path.starts_with("/pkg/") => Self::Nothing,
            _ if path.starts_with("/api/") => Self::Own,
            _ => Self::Person,
        }
    }
}

/// The layer: finds out who it is, checks forms, turns away, and hands on.
pub(super) async fn know(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    let need = Need::of(request.uri().path(), state.service.is_demo());
    if need == Need::Nothing {
        return next.run(request).await;
    }
    let cookies = Cookies::read(request.headers(), &state.address);
    let id = request.extensions().get::<RequestId>().map_or_else(uuid::Uuid::nil, |id| id.0);
    let token = cookies.token.as_ref();
    let presence = if app::api::ASKED_BY_THE_PAGE.contains(&request.uri().path()) {
        state.service.presence_unused(token, id).await
    } else {
        state.service.presence(token, id).await
    };
    let presence = match presence {
        Ok(presence) => presence,
        Err(fault) => return failed(&state, request.into_parts().0, &fault).await,
    };
    if !request.method().is_safe() {
        request = match checked(&state.service, cookies.token.as_ref(), request).await {
            Ok(request) => request,
            Err(Forged) => return turned_away(&state, need),
        };
    }
    if let Some(step) = elsewhere(need, &presence, request.uri()) {
        return if request.method().is_safe() { found(&step) } else { see_other(&step) };
    }
    let is_page = request.method().is_safe() && need != Need::Own;
    let path = request.uri().path().to_owned();
    let sign_in = match about_sign_in(
        &state.service,
        (&path, cookies.token.as_ref()),
        &presence,
        (cookies.problem, cookies.hints),
    )
    .await
    {
        Ok(sign_in) => SignIn { broker: state.broker.is_some(), ..sign_in },
        Err(fault) => return failed(&state, request.into_parts().0, &fault).await,
    };
    let around = match (&presence, is_page) {
        (Presence::SignedIn(who), true) => around(&state.service, who).await,
        _ => Ok((0, None)),
    };
    let (waiting, card) = match around {
        Ok(around) => around,
        Err(fault) => return failed(&state, request.into_parts().0, &fault).await,
    };
    let is_new = cookies.token.is_none();
    let token = cookies.token.unwrap_or_else(|| Token::draw(&state.env));
    let wanted = asked_next(request.uri());
    let browser = Browser { token: token.clone(), presence, next: cookies.next, sign_in, waiting, card };
    request.extensions_mut().insert(browser);
    let mut response = next.run(request).await;
    if is_page {
        let mut set = SetCookies::on(response.headers_mut(), &state.address);
        if is_new {
            set.session(&token);
        }
        if cookies.problem.is_some() {
            set.forget_problem();
        }
        if let Some(wanted) = wanted.filter(|_| path == "/sign-in") {
            set.next(&wanted);
        }
    }
    response
}

/// What every page of a signed-in person says: what waits for them, and that their card is soon used up.
async fn around(service: &Service, who: &SignedIn) -> Result<(usize, Option<CardEnding>), Fault> {
    Ok((service.waiting(&who.actor).await?, service.card_ending(who).await?))
}

/// Hands what is known on to pages and server functions.
pub(super) fn provide(browser: &Browser, state: &AppState) {
    let AppState { service, address, import_bytes_max, .. } = state;
    let (actor, me) = match &browser.presence {
        Presence::SignedIn(who) => (Some(who.actor.clone()), Some(who.me.clone())),
        Presence::Nobody
        | Presence::Matrix { .. }
        | Presence::Inactive(_)
        | Presence::MustChangePassword { .. }
        | Presence::ChoosePlace(_) => (None, None),
    };
    let token = actor.is_some().then(|| browser.token.clone());
    provide_context(ServerContext { service: service.clone(), actor, token, import_bytes_max: *import_bytes_max });
    provide_context(SessionState {
        me,
        csrf: service.csrf(&browser.token),
        waiting: browser.waiting,
        card: browser.card.clone(),
        passkeys_at: service.has_passkeys().then(|| address.to_string()),
    });
    provide_context(browser.sign_in.clone());
}

/// Where a request is sent that its address does not answer: the step of the sign-in where the
/// browser stands, or the start page for who is signed in already.
fn elsewhere(need: Need, presence: &Presence, uri: &Uri) -> Option<String> {
    let path = uri.path();
    match (need, presence) {
        (Need::Open, Presence::SignedIn(_)) if path == "/sign-in" || path == "/sign-in/matrix" => Some("/".to_owned()),
        (Need::Open, Presence::ChoosePlace(_)) if path == "/sign-in" || path == "/sign-in/matrix" => {
            Some(PLACE_ADDRESS.to_owned())
        }
        (Need::Place, Presence::ChoosePlace(_)) => None,
        (Need::Place, Presence::SignedIn(who)) if who.me.account.is_none() => None,
        (Need::Place, Presence::SignedIn(_)) => Some("/".to_owned()),
        (Need::Account | Need::Password, Presence::SignedIn(who)) if who.me.account.is_none() => {
            Some("/account".to_owned())
        }
        (Need::Person | Need::Account | Need::Password, Presence::ChoosePlace(_)) => Some(PLACE_ADDRESS.to_owned()),
        (Need::Open, Presence::Nobody | Presence::Inactive(_) | Presence::Matrix { asked: None, passkey: false })
            if path == "/sign-in/matrix" =>
        {
            Some("/sign-in".to_owned())
        }
        (Need::Nothing | Need::Open | Need::Own, _)
        | (Need::Password, Presence::SignedIn(_) | Presence::MustChangePassword { .. })
        | (Need::Person | Need::Account, Presence::SignedIn(_)) => None,
        (Need::Person | Need::Account | Need::Place, Presence::MustChangePassword { .. }) => {
            Some("/change-password".to_owned())
        }
        (Need::Person | Need::Account | Need::Place | Need::Password, Presence::Matrix { .. }) => {
            Some("/sign-in/matrix".to_owned())
        }
        (Need::Password, Presence::Nobody | Presence::Inactive(_)) => Some("/sign-in".to_owned()),
        (Need::Person | Need::Account | Need::Place, Presence::Nobody | Presence::Inactive(_)) => {
            let page = uri.path_and_query().map_or("/", http::uri::PathAndQuery::as_str);
            let is_worth_keeping = page != "/" && is_own_page(page);
            Some(if is_worth_keeping { format!("/sign-in?next={}", encoded(page)) } else { "/sign-in".to_owned() })
        }
    }
}

/// The way to a page for who is not signed in, or only half: to the step where the browser stands.
pub(super) fn to_sign_in(presence: &Presence, page: &'static str) -> Response {
    let step = elsewhere(Need::Person, presence, &Uri::from_static(page));
    found(&step.unwrap_or_else(|| page.to_owned()))
}

/// A path as the value of a query.
fn encoded(path: &str) -> String {
    path.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'.' | b'_' | b'~' => char::from(byte).to_string(),
            other => format!("%{other:02X}"),
        })
        .collect()
}

#[derive(Deserialize)]
struct NextQuery {
    next: Option<String>,
}

/// The page that a query asks to go to after signing in, if it is one of ours.
fn asked_next(uri: &Uri) -> Option<String> {
    let Query(query) = Query::<NextQuery>::try_from_uri(uri).ok()?;
    query.next.filter(|page| is_own_page(page))
}

/// What the pages of the sign-in show.
async fn about_sign_in(
    service: &Service,
    (path, token): (&str, Option<&Token>),
    presence: &Presence,
    (problem, hints): (Option<SignInProblem>, Vec<PasswordHint>),
) -> Result<SignIn, Fault> {
    let mut sign_in = SignIn { problem, hints, ..SignIn::default() };
    let least = |standing: Standing| u8::try_from(standing.min_characters()).unwrap_or(u8::MAX);
    match presence {
        Presence::Matrix { asked: None, passkey: false } => {
            sign_in.problem =
                problem.filter(|told| *told == SignInProblem::AskedAnew).or(Some(SignInProblem::CardUsedUp));
        }
        Presence::Matrix { asked, passkey } => {
            let places = asked.iter().flat_map(|asked| asked.places());
            sign_in.coordinates = places.map(ToString::to_string).collect();
            sign_in.passkey = *passkey;
        }
        Presence::MustChangePassword { user_name, standing } => {
            sign_in.user_name.clone_from(user_name);
            sign_in.password_min = least(*standing);
        }
        Presence::SignedIn(who) => {
            if let (Some(account), Some(standing)) = (&who.me.account, who.standing) {
                sign_in.user_name.clone_from(&account.user_name);
                sign_in.password_min = least(standing);
                sign_in.asks_current = true;
            }
        }
        Presence::ChoosePlace(places) => sign_in.places = Some(places.clone()),
        Presence::Inactive(inactive) => sign_in.inactive = Some(inactive.clone()),
        Presence::Nobody => {}
    }
    if let (PLACE_ADDRESS, Presence::SignedIn(_), Some(token)) = (path, presence, token) {
        sign_in.places = Some(Box::new(service.places(token).await?));
    }
    if path == "/sign-in" {
        let person = |person: service::sign_in::demo::DemoPerson| DemoPerson {
            key: person.user_name,
            name: person.name,
            institution: person.institution,
            role: person.role,
        };
        sign_in.demo = service.demo_people().await?.into_iter().map(person).collect();
    }
    Ok(sign_in)
}

/// An unsafe request did not carry the token of its browser.
struct Forged;

#[derive(Deserialize)]
struct CsrfField {
    csrf: String,
}

/// The request, if it carries the token that belongs to its cookie.
async fn checked(service: &Service, token: Option<&Token>, request: Request) -> Result<Request, Forged> {
    let token = token.ok_or(Forged)?;
    if let Some(given) = request.headers().get(app::client::CSRF_HEADER) {
        let is_right = given.to_str().is_ok_and(|given| service.is_csrf(token, given));
        return if is_right { Ok(request) } else { Err(Forged) };
    }
    if !is_plain_form(request.headers()) {
        return Err(Forged);
    }
    let (parts, body) = request.into_parts();
    let body: Bytes = to_bytes(body, FORM_LIMIT).await.map_err(|_| Forged)?;
    let copy = Request::from_parts(parts.clone(), Body::from(body.clone()));
    let Form(field) = Form::<CsrfField>::from_request(copy, &()).await.map_err(|_| Forged)?;
    if service.is_csrf(token, &field.csrf) { Ok(Request::from_parts(parts, Body::from(body))) } else { Err(Forged) }
}

fn is_plain_form(headers: &HeaderMap) -> bool {
    let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    kind.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/x-www-form-urlencoded"))
}

/// The answer to a form that does not belong to its browser's session any more, or never did: it
/// begins again at the sign-in, which sends who is signed in on.
fn turned_away(state: &AppState, need: Need) -> Response {
    if need == Need::Own {
        let refusal = app::error::AppError::from(RefusalCode::NotSignedIn).ser();
        return (StatusCode::FORBIDDEN, [(CONTENT_TYPE, "application/json")], refusal).into_response();
    }
    let mut response = see_other("/sign-in");
    SetCookies::on(response.headers_mut(), &state.address).problem(SignInProblem::Ended);
    response
}

/// `302 Found`: the answer to a page that is not for this browser now.
fn found(path: &str) -> Response {
    match HeaderValue::try_from(path) {
        Ok(location) => (StatusCode::FOUND, [(LOCATION, location)]).into_response(),
        Err(_) => StatusCode::NOT_FOUND.into_response(),
    }
}

/// The person who sends a form. For everybody else the answer is the way to sign in, and nothing
/// of the form is looked at.
pub(super) struct Who(pub(super) SignedIn);

impl<S: Sync> FromRequestParts<S> for Who {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Response> {
        match parts.extensions.get() {
            Some(Browser { presence: Presence::SignedIn(who), .. }) => Ok(Self(who.as_ref().clone())),
            _ => Err(see_other("/sign-in")),
        }
    }
}

/// `303 See Other`: the answer to every form.
pub(super) fn see_other(path: &str) -> Response {
    Redirect::to(path).into_response()
}
