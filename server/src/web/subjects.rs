//! The forms that give subjects to several teachers, and take them: what would change, and doing it.

use super::outage::failed;
use super::session::{Who, see_other};
use super::{AppState, page_at};
use app::pages::accounts::form::Fields;
use app::pages::accounts::subjects::{Ordered, SUBJECTS_ADDRESS, SUBJECTS_PREVIEW_ADDRESS, subjects_order};
use axum::Router;
use axum::extract::{Form, State};
use axum::response::Response;
use axum::routing::post;
use domain::account::Action;
use domain::exchange::RefusalCode;
use domain::exchange::accounts::AccountFilter;
use domain::exchange::material::SubjectsOrder;
use domain::{AccountId, AccountRole};
use http::request::Parts;
use service::{Actor, Fault};

/// The routes.
pub(super) fn routes() -> Router<AppState> {
    Router::new().route(SUBJECTS_ADDRESS, post(apply)).route(SUBJECTS_PREVIEW_ADDRESS, post(preview))
}

/// Shows what would change; or, where nobody or nothing is chosen, the choice again.
async fn preview(State(state): State<AppState>, Who(who): Who, parts: Parts, Form(fields): Form<Fields>) -> Response {
    let Some(mut order) = subjects_order(&fields) else {
        return failed(&state, parts, &RefusalCode::BadInput.into()).await;
    };
    if fields.says("all", "1") {
        match all_teachers(&state, &who.actor).await {
            Ok(accounts) => order.accounts = accounts,
            Err(fault) => return failed(&state, parts, &fault).await,
        }
    }
    let says_nothing = order.accounts.is_empty() || (order.give.is_empty() && order.take.is_empty());
    let address = if says_nothing { SUBJECTS_ADDRESS } else { SUBJECTS_PREVIEW_ADDRESS };
    page_at(&state, parts, address, Ordered(order)).await
}

/// The teachers' accounts that the actor may change.
async fn all_teachers(state: &AppState, actor: &Actor) -> Result<Vec<AccountId>, Fault> {
    let filter = AccountFilter { roles: vec![AccountRole::Teacher], ..AccountFilter::default() };
    let listed = state.service.accounts(actor, &filter).await?.accounts;
    Ok(listed.into_iter().filter(|line| line.may.contains(&Action::Change)).map(|line| line.id).collect())
}

/// Gives the subjects to the accounts that the preview showed, or takes them.
async fn apply(State(state): State<AppState>, Who(who): Who, parts: Parts, Form(fields): Form<Fields>) -> Response {
    let order: Option<SubjectsOrder> = subjects_order(&fields);
    let changed = match order {
        Some(order) => state.service.change_subjects(&who.actor, &order).await,
        None => Err(RefusalCode::BadInput.into()),
    };
    match changed {
        Ok(changed) if changed.is_empty() => see_other(&format!("{SUBJECTS_ADDRESS}?done=subjects-same")),
        Ok(_) => see_other(&format!("{SUBJECTS_ADDRESS}?done=subjects")),
        Err(fault) => failed(&state, parts, &fault).await,
    }
}
