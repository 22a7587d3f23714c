//! Letters: the forms that choose and issue them, the one answer that shows them, and the note that
//! they were printed.
//!
//! The answer to a form that issues is a stream: a comment of HTML for each letter that is made, and
//! then the page that shows them all. A browser without scripts waits for the page; one with scripts
//! counts the comments. Who goes away meanwhile gets no more letters made.

use super::outage::failed;
use super::session::{Who, see_other};
use super::{AppState, page_at};
use app::error::AppError;
use app::letters::Issued;
use app::pages::accounts::form::Fields;
use app::pages::accounts::letters::{LetterOrder, PREVIEW_ADDRESS};
use app::pages::issued::{ISSUE_ADDRESS, ISSUED_ADDRESS, PRINTED_ADDRESS};
use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Form, State};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use domain::exchange::accounts::{AccountFilter, AccountLine};
use domain::exchange::{Refusal, RefusalCode};
use domain::{AccountId, AccountRole};
use futures::stream;
use http::header::CONTENT_TYPE;
use http::request::Parts;
use serde::Deserialize;
use service::accounts::{ACCOUNTS_MAX, BatchOrder, BatchResult, Letter};
use service::session::SignedIn;
use service::{Actor, Fault};
use std::collections::HashMap;
use std::convert::Infallible;
use uuid::Uuid;

/// The routes.
pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route(ISSUE_ADDRESS, post(issue))
        .route(PREVIEW_ADDRESS, post(preview))
        .route(PRINTED_ADDRESS, post(printed))
}

/// The answer to whatever issued letters: the page that shows them, this once. `refused` is who got
/// none, by name, and why.
pub(super) async fn issued(
    state: &AppState,
    parts: Parts,
    letters: &[Letter],
    refused: Vec<(String, AppError)>,
) -> Response {
    let issued = Issued::new(letters, refused, &state.address.to_string());
    page_at(state, parts, ISSUED_ADDRESS, issued).await
}

/// Shows what issuing would do; or, where nobody is chosen, the choice again.
async fn preview(State(state): State<AppState>, Who(who): Who, parts: Parts, Form(fields): Form<Fields>) -> Response {
    let Some(mut order) = LetterOrder::read(&fields) else {
        return failed(&state, parts, &RefusalCode::BadInput.into()).await;
    };
    match fields.get("all") {
        "" => {}
        of => match all_of(&state, &who.actor, of).await {
            Ok(accounts) => order.accounts = accounts,
            Err(fault) => return failed(&state, parts, &fault).await,
        },
    }
    let address = if order.accounts.is_empty() { ISSUE_ADDRESS } else { PREVIEW_ADDRESS };
    page_at(&state, parts, address, order).await
}

/// The accounts of a role, by its code, or of "every", that the actor may issue letters to.
async fn all_of(state: &AppState, actor: &Actor, of: &str) -> Result<Vec<AccountId>, Fault> {
    // What is neither must not widen to everybody.
    let roles = match of {
        "every" => Vec::new(),
        code => vec![AccountRole::from_code(code).ok_or(RefusalCode::BadInput)?],
    };
    let filter = AccountFilter { roles, ..AccountFilter::default() };
    let listed = state.service.accounts(actor, &filter).await?.accounts;
    let may = |line: &AccountLine| line.may.contains(&domain::account::Action::Reissue);
    Ok(listed.into_iter().filter(may).map(|line| line.id).collect())
}

/// Issues new credentials for the accounts that are named.
async fn issue(State(state): State<AppState>, Who(who): Who, parts: Parts, Form(fields): Form<Fields>) -> Response {
    let names = match LetterOrder::read(&fields).filter(|order| !order.accounts.is_empty()) {
        Some(order) => names(&state, &who.actor, &order).await.map(|names| (order, names)),
        None => Err(RefusalCode::BadInput.into()),
    };
    match names {
        Ok((order, names)) => Run::new(state, who, parts, order, names).answer(),
        Err(fault) => failed(&state, parts, &fault).await,
    }
}

/// What the accounts of the actor's list are called, for those who get no letter.
///
/// # Errors
/// [`RefusalCode::NotAllowed`] for who keeps no accounts; [`RefusalCode::TooLarge`] for too many.
async fn names(state: &AppState, actor: &Actor, order: &LetterOrder) -> Result<HashMap<AccountId, String>, Fault> {
    if order.accounts.len() > ACCOUNTS_MAX {
        return Err(RefusalCode::TooLarge.into());
    }
    let listed = state.service.accounts(actor, &AccountFilter::default()).await?.accounts;
    Ok(listed.into_iter().map(|line| (line.id, line.name())).collect())
}

/// Letters being made.
struct Run {
    state: AppState,
    actor: Actor,
    /// Of the request; gone with the page that is the last of the answer.
    parts: Option<Parts>,
    order: LetterOrder,
    names: HashMap<AccountId, String>,
    /// Accounts that are done, one way or another.
    done: usize,
    letters: Vec<Letter>,
    refused: Vec<(String, AppError)>,
}

impl Run {
    fn new(
        state: AppState,
        who: SignedIn,
        parts: Parts,
        order: LetterOrder,
        names: HashMap<AccountId, String>,
    ) -> Self {
        let (letters, refused) = (Vec::new(), Vec::new());
        Self { state, actor: who.actor, parts: Some(parts), order, names, done: 0, letters, refused }
    }

    fn answer(self) -> Response {
        let chunks = stream::unfold(self, async |run| run.next().await);
        ([(CONTENT_TYPE, "text/html; charset=utf-8")], Body::from_stream(chunks)).into_response()
    }

    /// The next piece of the answer: one more letter, or the page of all of them.
    async fn next(mut self) -> Option<(Result<Bytes, Infallible>, Self)> {
        if let Some(account) = self.order.accounts.get(self.done).copied() {
            self.done += 1;
            self.make(account).await;
            let counted = format!("<!-- {} {} -->\n", self.done, self.order.accounts.len());
            return Some((Ok(counted.into()), self));
        }
        let parts = self.parts.take()?;
        let refused = std::mem::take(&mut self.refused);
        let page = issued(&self.state, parts, &self.letters, refused).await;
        let page = to_bytes(page.into_body(), usize::MAX).await.unwrap_or_default();
        Some((Ok(page), self))
    }

    /// Makes one letter. What goes wrong on our side ends the run; those that are made are shown.
    async fn make(&mut self, account: AccountId) {
        let order = BatchOrder::Reissue { account, what: self.order.what, language: self.order.language };
        match self.state.service.issue_letter(&self.actor, &order).await {
            Ok(BatchResult::Letter(letter)) => self.letters.push(*letter),
            Ok(BatchResult::Refused(refusal)) => self.refuse(account, &refusal),
            // Nobody is registered here.
            Ok(BatchResult::Doubles(_)) => {}
            Err(fault) => {
                let refusal = fault.public();
                tracing::error!(error = %fault, "letters were given up");
                let rest: Vec<AccountId> = self.order.accounts.drain(self.done..).collect();
                for account in std::iter::once(account).chain(rest) {
                    self.refuse(account, &refusal);
                }
            }
        }
    }

    fn refuse(&mut self, account: AccountId, refusal: &Refusal) {
        let name = self.names.get(&account).cloned().unwrap_or_default();
        self.refused.push((name, AppError::Refused(refusal.clone())));
    }
}

#[derive(Deserialize)]
struct PrintedForm {
    /// Ids, with spaces between them.
    letters: String,
}

/// Notes that whoever issued these letters has printed them.
async fn printed(
    State(state): State<AppState>,
    Who(who): Who,
    parts: Parts,
    Form(form): Form<PrintedForm>,
) -> Response {
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
