//! Letters: the form that issues them, the one answer that shows them, and the note that they were
//! printed.

use super::outage::failed;
use super::session::{Browser, see_other};
use super::{AppState, page};
use app::error::AppError;
use app::letters::Issued;
use app::pages::issued::{ISSUE_ADDRESS, ISSUED_ADDRESS, PRINTED_ADDRESS};
use axum::Router;
use axum::body::Body;
use axum::extract::{Extension, Form, Request, State};
use axum::response::Response;
use axum::routing::post;
use domain::AccountId;
use domain::exchange::RefusalCode;
use domain::exchange::accounts::{AccountFilter, Anew, Language};
use http::request::Parts;
use http::{Method, Uri};
use serde::Deserialize;
use service::accounts::{ACCOUNTS_MAX, BatchOrder, BatchResult, Letter};
use service::session::{Presence, SignedIn};
use service::{Fault, Service};
use std::collections::HashMap;
use uuid::Uuid;

/// The routes.
pub(super) fn routes() -> Router<AppState> {
    Router::new().route(ISSUE_ADDRESS, post(issue)).route(PRINTED_ADDRESS, post(printed))
}

/// The answer to whatever issued letters: the page that shows them, this once. `refused` is who got
/// none, by name, and why.
pub(super) async fn issued(
    state: &AppState,
    parts: Parts,
    letters: &[Letter],
    refused: Vec<(String, AppError)>,
) -> Response {
    let mut request = Request::from_parts(parts, Body::empty());
    *request.method_mut() = Method::GET;
    *request.uri_mut() = Uri::from_static(ISSUED_ADDRESS);
    request.extensions_mut().insert(Issued::new(letters, refused, &state.address.to_string()));
    page(state, request).await
}

/// The form's fields, which repeat: `account` (an id, once for each person), `what` (`password`,
/// `matrix`, `both`), `language` (`da`, `sv`, `en`; without it the country's).
type Fields = Vec<(String, String)>;

/// Issues new credentials for the accounts that are named.
async fn issue(
    State(state): State<AppState>,
    Extension(browser): Extension<Browser>,
    parts: Parts,
    Form(fields): Form<Fields>,
) -> Response {
    let Presence::SignedIn(who) = browser.presence else { return see_other("/sign-in") };
    match issue_all(&state.service, &who, &fields).await {
        Ok((letters, refused)) => issued(&state, parts, &letters, refused).await,
        Err(fault) => failed(&state, parts, &fault).await,
    }
}

async fn issue_all(
    service: &Service,
    who: &SignedIn,
    fields: &Fields,
) -> Result<(Vec<Letter>, Vec<(String, AppError)>), Fault> {
    let orders = orders(who, fields).ok_or(RefusalCode::BadInput)?;
    let listed = service.accounts(&who.actor, &AccountFilter::default()).await?.accounts;
    let names: HashMap<AccountId, String> = listed.into_iter().map(|line| (line.id, line.name())).collect();
    let results = service.issue_letters(&who.actor, &orders, &|_| ()).await?;
    let (mut letters, mut refused) = (Vec::new(), Vec::new());
    for (result, order) in results.into_iter().zip(&orders) {
        match (result, order) {
            (BatchResult::Letter(letter), _) => letters.push(*letter),
            (BatchResult::Refused(refusal), BatchOrder::Reissue { account, .. }) => {
                let name = names.get(account).cloned().unwrap_or_default();
                refused.push((name, AppError::Refused(refusal)));
            }
            // Nobody is registered here.
            (BatchResult::Doubles(_), _) | (BatchResult::Refused(_), BatchOrder::Register(_)) => {}
        }
    }
    Ok((letters, refused))
}

/// What is to be issued; `None` for fields that say nothing that can be.
fn orders(who: &SignedIn, fields: &Fields) -> Option<Vec<BatchOrder>> {
    let all = |name: &'static str| fields.iter().filter(move |(key, _)| key == name).map(|(_, value)| value.as_str());
    let what = all("what").next().and_then(Anew::of_code)?;
    let language = match all("language").next() {
        Some(code) => Language::of_code(code)?,
        None => Language::of_country(&who.me.institution.country),
    };
    let order = |id: &str| Some(BatchOrder::Reissue { account: AccountId(id.parse().ok()?), what, language });
    let orders = all("account").map(order).collect::<Option<Vec<_>>>()?;
    (!orders.is_empty()).then_some(orders)
}

#[derive(Deserialize)]
struct PrintedForm {
    /// Ids, with spaces between them.
    letters: String,
}

/// Notes that whoever issued these letters has printed them.
async fn printed(
    State(state): State<AppState>,
    Extension(browser): Extension<Browser>,
    parts: Parts,
    Form(form): Form<PrintedForm>,
) -> Response {
    let Presence::SignedIn(who) = browser.presence else { return see_other("/sign-in") };
    let ids: Result<Vec<Uuid>, _> = form.letters.split_whitespace().take(ACCOUNTS_MAX).map(str::parse).collect();
    let noted = match ids {
        Ok(ids) => state.service.letters_printed(&who.actor, &ids).await,
        Err(_) => Err(RefusalCode::BadInput.into()),
    };
    match noted {
        Ok(_) => see_other(&format!("{ISSUED_ADDRESS}?printed=1")),
        Err(fault) => failed(&state, parts, &fault).await,
    }
}
