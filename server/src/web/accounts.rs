//! The forms of the pages of accounts: plain posts that work with scripts off. What leads on is
//! answered with `303`, or with the letter; what does not, with its page and all that was typed.

use super::letters::issued;
use super::session::{Browser, Who, see_other};
use super::{AppState, page};
use app::error::AppError;
use app::pages::accounts::doubles::{DOUBLES_PAGE, Settling};
use app::pages::accounts::form::{Came, Fields, Sent};
use app::pages::accounts::new::{DOUBLES_ADDRESS, NEW_ADDRESS, found, registration, typed};
use app::pages::accounts::one::{Deed, change};
use app::pages::accounts::principal::{PRINCIPAL_ADDRESS, replacement};
use app::pages::accounts::reactivate::{REACTIVATE_ADDRESS, chosen};
use axum::Router;
use axum::body::Body;
use axum::extract::{Extension, Form, Path, Request, State};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::post;
use domain::AccountId;
use domain::exchange::RefusalCode;
use http::HeaderMap;
use http::header::{ACCEPT_LANGUAGE, CONTENT_TYPE, COOKIE};
use http::request::Parts;
use leptos::server_fn::error::FromServerFnError;
use service::accounts::Registered;
use service::session::Presence;
use service::{Actor, Fault, Service};

/// The routes.
pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route(NEW_ADDRESS, post(register))
        .route("/accounts/{id}", post(act))
        .route(REACTIVATE_ADDRESS, post(reactivate))
        .route(DOUBLES_PAGE, post(settle))
        .route(PRINCIPAL_ADDRESS, post(replace))
        .route(DOUBLES_ADDRESS, post(doubles))
}

/// The page of a form that did not lead on.
async fn shown_again(state: &AppState, parts: Parts, fields: Fields, came: Came) -> Response {
    let mut request = Request::from_parts(parts, Body::empty());
    request.extensions_mut().insert(Sent { fields, came });
    page(state, request).await
}

pub(super) async fn refused(state: &AppState, parts: Parts, fields: Fields, fault: Fault) -> Response {
    shown_again(state, parts, fields, Came::Refused(AppError::from(fault))).await
}

/// Registers an account: answers its letter, or who may be the person already.
async fn register(State(state): State<AppState>, Who(who): Who, parts: Parts, Form(fields): Form<Fields>) -> Response {
    let registered = match registration(&fields) {
        Some(order) => state.service.register_account(&who.actor, &order).await,
        None => Err(RefusalCode::BadInput.into()),
    };
    handed_over(&state, parts, fields, registered).await
}

/// Replaces a school's principal: answers the new one's letter, or who may be the person already.
async fn replace(State(state): State<AppState>, Who(who): Who, parts: Parts, Form(fields): Form<Fields>) -> Response {
    let registered = match replacement(&fields) {
        Some((present, outgoing, order)) => {
            state.service.replace_principal(&who.actor, present, outgoing, &order).await
        }
        None => Err(RefusalCode::BadInput.into()),
    };
    handed_over(&state, parts, fields, registered).await
}

/// The letter of a new account; or the form once more, with who may be the person, or why not.
async fn handed_over(
    state: &AppState,
    parts: Parts,
    fields: Fields,
    registered: Result<Registered, Fault>,
) -> Response {
    match registered {
        Ok(Registered::Done(letter)) => issued(state, parts, &[*letter], Vec::new()).await,
        Ok(Registered::Doubles(doubles)) => shown_again(state, parts, fields, Came::Doubles(doubles)).await,
        Err(fault) => refused(state, parts, fields, fault).await,
    }
}

/// Does something to one account.
async fn act(
    State(state): State<AppState>,
    Who(who): Who,
    Path(id): Path<String>,
    parts: Parts,
    Form(fields): Form<Fields>,
) -> Response {
    let done = match (id.parse().map(AccountId), Deed::of(&fields)) {
        (Ok(account), Some(deed)) => do_it(&state.service, &who.actor, account, deed, &fields).await.map(|()| deed),
        (Err(_), _) => Err(RefusalCode::NotFound.into()),
        (_, None) => Err(RefusalCode::BadInput.into()),
    };
    match done {
        Ok(deed) => see_other(&format!("/accounts/{id}?done={}", deed.code())),
        Err(fault) => refused(&state, parts, fields, fault).await,
    }
}

async fn do_it(service: &Service, actor: &Actor, account: AccountId, deed: Deed, fields: &Fields) -> Result<(), Fault> {
    match deed {
        Deed::Change => service.change_account(actor, account, &change(fields)).await,
        Deed::Deactivate => service.deactivate_account(actor, account).await,
        Deed::Reactivate => service.reactivate_accounts(actor, &[account]).await.map(drop),
        Deed::Delete => service.delete_account(actor, account).await,
        Deed::Separate => service.separate_accounts(actor, account).await,
    }
}

/// Opens the accounts again that the preview showed.
async fn reactivate(
    State(state): State<AppState>,
    Who(who): Who,
    parts: Parts,
    Form(fields): Form<Fields>,
) -> Response {
    let opened = match chosen(&fields).filter(|accounts| !accounts.is_empty()) {
        Some(accounts) => state.service.reactivate_accounts(&who.actor, &accounts).await,
        None => Err(RefusalCode::BadInput.into()),
    };
    match opened {
        Ok(_) => see_other(&format!("{REACTIVATE_ADDRESS}?done=reactivated")),
        Err(fault) => refused(&state, parts, fields, fault).await,
    }
}

/// Settles a double, or takes back that one was settled.
async fn settle(State(state): State<AppState>, Who(who): Who, parts: Parts, Form(fields): Form<Fields>) -> Response {
    let settling = Settling::of(&fields);
    let settled = match settling {
        Some(Settling::Merge(one, other)) => state.service.merge_accounts(&who.actor, one, other).await.map(drop),
        Some(Settling::Delete(account)) => state.service.delete_account(&who.actor, account).await,
        Some(Settling::Separate(account)) => state.service.separate_accounts(&who.actor, account).await,
        None => Err(RefusalCode::BadInput.into()),
    };
    match (settled, settling) {
        (Ok(()), settling) => see_other(&format!("{DOUBLES_PAGE}?done={}", settling.map_or("", Settling::code))),
        (Err(fault), _) => refused(&state, parts, fields, fault).await,
    }
}

/// Who may be the person that is being typed, as a piece of the page; nothing for nobody.
async fn doubles(
    State(state): State<AppState>,
    Extension(browser): Extension<Browser>,
    headers: HeaderMap,
    Form(fields): Form<Fields>,
) -> Response {
    let Presence::SignedIn(who) = browser.presence else { return said(RefusalCode::NotSignedIn.into()) };
    let doubles = match typed(&fields) {
        Some((institution, typed)) => state.service.doubles(&who.actor, institution, &typed).await,
        None => Err(RefusalCode::BadInput.into()),
    };
    let header = |name| headers.get(name).and_then(|value: &http::HeaderValue| value.to_str().ok());
    match doubles {
        Ok(doubles) => {
            Html(found(app::text::negotiate(header(COOKIE), header(ACCEPT_LANGUAGE)), &doubles)).into_response()
        }
        Err(fault) => said(fault.into()),
    }
}

/// A refusal to a script of the page: its code and status.
fn said(error: AppError) -> Response {
    let code = error.code().unwrap_or(RefusalCode::Internal);
    (app::error::status(code), [(CONTENT_TYPE, "text/plain; charset=utf-8")], error.ser()).into_response()
}
