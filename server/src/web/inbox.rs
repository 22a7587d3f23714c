//! The forms of the inbox, the one that asks for access, and the one that asks for reactivation
//! without a session.

use super::AppState;
use super::accounts::refused;
use super::cookies::SetCookies;
use super::outage::failed;
use super::request::RequestId;
use super::session::{Browser, Who, see_other};
use app::grid::choice::{Choice, Chosen, Shape};
use app::pages::access::{ACCESS_ADDRESS, wish};
use app::pages::accounts::form::Fields;
use app::pages::inactive::ASK_HERE_ADDRESS;
use app::pages::inbox::settings::{SETTINGS_ADDRESS, wanted};
use app::pages::inbox::unsent::UNSENT_ADDRESS;
use app::pages::inbox::{ANSWER_ADDRESS, ASK_ADDRESS, DECLINE_ADDRESS, DRAFT_ADDRESS, READ_ADDRESS, WITHDRAW_ADDRESS};
use app::session_state::SignInProblem;
use axum::Router;
use axum::extract::{Extension, Form, State};
use axum::response::Response;
use axum::routing::post;
use domain::AccountId;
use domain::exchange::RefusalCode;
use domain::exchange::accounts::{Language, Wish};
use http::request::Parts;
use service::Fault;
use uuid::Uuid;

/// The routes.
pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route(ASK_ADDRESS, post(ask))
        .route(DECLINE_ADDRESS, post(decline))
        .route(ANSWER_ADDRESS, post(answer))
        .route(DRAFT_ADDRESS, post(draft))
        .route(WITHDRAW_ADDRESS, post(withdraw))
        .route(READ_ADDRESS, post(read))
        .route(SETTINGS_ADDRESS, post(choose))
        .route(UNSENT_ADDRESS, post(clear))
        .route(ACCESS_ADDRESS, post(ask_access))
        .route(ASK_HERE_ADDRESS, post(ask_here))
}

/// Asks those who may.
async fn ask(State(state): State<AppState>, Who(who): Who, parts: Parts, Form(fields): Form<Fields>) -> Response {
    let account = |name| fields.get(name).parse().map(AccountId);
    let asked = match (account("account"), Wish::of_code(fields.get("wish"))) {
        (Ok(one), Some(Wish::Merge)) => match account("other") {
            Ok(other) => state.service.ask_to_merge(&who.actor, one, other).await,
            Err(_) => Err(RefusalCode::BadInput.into()),
        },
        (Ok(account), Some(wish)) => state.service.ask_keepers(&who.actor, account, wish).await,
        _ => Err(RefusalCode::BadInput.into()),
    };
    led_on(&state, parts, asked, "/inbox?done=asked").await
}

/// Answers a request with no.
async fn decline(State(state): State<AppState>, Who(who): Who, parts: Parts, Form(fields): Form<Fields>) -> Response {
    let declined = match request(&fields) {
        Ok(id) => state.service.decline_request(&who.actor, id, fields.get("reason")).await,
        Err(fault) => Err(fault),
    };
    match declined {
        Err(fault) if fault.public().code == RefusalCode::BadInput => see_other("/inbox?done=no-reason"),
        declined => led_on(&state, parts, declined, "/inbox?done=declined").await,
    }
}

/// Answers a wish for access.
async fn answer(State(state): State<AppState>, Who(who): Who, parts: Parts, Form(fields): Form<Fields>) -> Response {
    let (service, reason) = (&state.service, fields.get("reason"));
    let answered = match (request(&fields), fields.get("answer")) {
        (Ok(id), "done") => service.fulfil_request(&who.actor, id, reason).await,
        (Ok(id), "no") => service.decline_request(&who.actor, id, reason).await,
        (Ok(_), _) => Err(RefusalCode::BadInput.into()),
        (Err(fault), _) => Err(fault),
    };
    led_on(&state, parts, answered, "/inbox?done=answered").await
}

/// Opens the grid on whoever asked for access, with what they asked for in one's draft.
async fn draft(State(state): State<AppState>, Who(who): Who, parts: Parts, Form(fields): Form<Fields>) -> Response {
    let drafted = match request(&fields) {
        Ok(id) => state.service.draft_access(&who.actor, id).await,
        Err(fault) => Err(fault),
    };
    match drafted {
        Ok(teacher) => see_other(&Choice::of(Chosen::Teacher(teacher), Shape::Auto).href()),
        Err(fault) => failed(&state, parts, &fault).await,
    }
}

/// Takes back what one has asked for.
async fn withdraw(State(state): State<AppState>, Who(who): Who, parts: Parts, Form(fields): Form<Fields>) -> Response {
    let withdrawn = match request(&fields) {
        Ok(id) => state.service.withdraw_request(&who.actor, id).await,
        Err(fault) => Err(fault),
    };
    led_on(&state, parts, withdrawn, "/inbox?done=withdrawn").await
}

/// Marks things as read, or as unread.
async fn read(State(state): State<AppState>, Who(who): Who, parts: Parts, Form(fields): Form<Fields>) -> Response {
    let marked = match ids(&fields, "item") {
        Ok(items) => state.service.mark_items(&who.actor, &items, !fields.says("unread", "1")).await,
        Err(fault) => Err(fault),
    };
    led_on(&state, parts, marked, "/inbox").await
}

/// Keeps what the person wants by mail.
async fn choose(State(state): State<AppState>, Who(who): Who, parts: Parts, Form(fields): Form<Fields>) -> Response {
    let language = match fields.get("language") {
        "" => Ok(None),
        code => Language::of_code(code).map(Some).ok_or(RefusalCode::BadInput),
    };
    let chosen = match (wanted(&fields), language) {
        (Some(wanted), Ok(language)) => state.service.choose_mails(&who.actor, who.me.role(), &wanted, language).await,
        _ => Err(RefusalCode::BadInput.into()),
    };
    led_on(&state, parts, chosen, &format!("{SETTINGS_ADDRESS}?done=saved")).await
}

/// Takes mails off the list of those that did not go out.
async fn clear(State(state): State<AppState>, Who(who): Who, parts: Parts, Form(fields): Form<Fields>) -> Response {
    let cleared = match ids(&fields, "mail") {
        Ok(mails) => state.service.clear_unsent(&who.actor, &mails).await,
        Err(fault) => Err(fault),
    };
    led_on(&state, parts, cleared, &format!("{UNSENT_ADDRESS}?done=cleared")).await
}

/// Asks those who administer rights for access.
async fn ask_access(
    State(state): State<AppState>,
    Who(who): Who,
    parts: Parts,
    Form(fields): Form<Fields>,
) -> Response {
    let asked = match wish(&fields) {
        Some(wish) => state.service.ask_access(&who.actor, &wish).await,
        None => Err(RefusalCode::BadInput.into()),
    };
    match asked {
        Ok(()) => see_other("/inbox?done=access"),
        Err(fault) if fault.is_ours() => failed(&state, parts, &fault).await,
        Err(fault) => refused(&state, parts, fields, fault).await,
    }
}

/// Asks for the account that this browser has just proved to be its person's; it gets no session by it.
async fn ask_here(
    State(state): State<AppState>,
    Extension(browser): Extension<Browser>,
    Extension(RequestId(request)): Extension<RequestId>,
    parts: Parts,
) -> Response {
    let (page, said) = match state.service.ask_without_session(&browser.token, request).await {
        // Nothing to ask for any more: the account is open again, or too much time has gone by.
        Ok(None) => return see_other("/sign-in"),
        Ok(Some(Wish::Reissue)) => ("/sign-in/matrix", SignInProblem::AskedAnew),
        Ok(Some(_)) => ("/sign-in", SignInProblem::Asked),
        Err(fault) => return failed(&state, parts, &fault).await,
    };
    let mut response = see_other(page);
    SetCookies::on(response.headers_mut(), &state.address).problem(said);
    response
}

/// The page that follows what was done, or why it was not.
async fn led_on(state: &AppState, parts: Parts, done: Result<(), Fault>, next: &str) -> Response {
    match done {
        Ok(()) => see_other(next),
        Err(fault) => failed(state, parts, &fault).await,
    }
}

/// The request that a form is about.
fn request(fields: &Fields) -> Result<Uuid, Fault> {
    fields.get("request").parse().map_err(|_| RefusalCode::BadInput.into())
}

/// The ids of a name.
fn ids(fields: &Fields, name: &str) -> Result<Vec<Uuid>, Fault> {
    fields.all(name).map(|id| id.parse().map_err(|_| RefusalCode::BadInput.into())).collect()
}
