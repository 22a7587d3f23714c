//! Rights to results: the school for the grid, the kept draft, review and apply.

use crate::client::{PageClient, SessionClient};
use crate::error::AppError;
use crate::wire::Wire;
use domain::exchange::{ApplyOutcome, DraftOutcome, GridLoad, KeptDraft, News, Proposal, Review};
use leptos::prelude::*;

/// The school, the leaders, who may book and run, and the person's own draft: some 250 kB as bytes, 60 kB compressed.
#[server(prefix = "/api", endpoint = "rights/load", input = Wire, output = Wire, client = PageClient)]
pub async fn load_grid() -> Result<GridLoad, AppError> {
    let (service, actor) = crate::server_context::signed_in()?;
    Ok(service.grid_load(&actor).await?)
}

/// The school's present revision and when the own draft was kept: is there anything to load anew?
#[server(prefix = "/api", endpoint = "rights/news", input = Wire, output = Wire, client = PageClient)]
pub async fn present_news() -> Result<News, AppError> {
    let (service, actor) = crate::server_context::signed_in()?;
    Ok(service.news(&actor).await?)
}

/// Keeps the person's draft in place of the one it was made on; an empty one is thrown away.
#[server(prefix = "/api", endpoint = "rights/draft", input = Wire, output = Wire, client = SessionClient)]
pub async fn keep_draft(draft: KeptDraft) -> Result<DraftOutcome, AppError> {
    let (service, actor) = crate::server_context::signed_in()?;
    Ok(service.keep_draft(&actor, draft).await?)
}

/// What a proposal would do now. `based_on` is the revision the person was looking at.
#[server(prefix = "/api", endpoint = "rights/review", input = Wire, output = Wire, client = SessionClient)]
pub async fn review_proposal(proposal: Proposal, based_on: i64) -> Result<Review, AppError> {
    let (service, actor) = crate::server_context::signed_in()?;
    Ok(service.review(&actor, &proposal, based_on).await?)
}

/// The review of a draft that lies open, for its conflicts: the grid asks by itself.
#[server(prefix = "/api", endpoint = "rights/conflicts", input = Wire, output = Wire, client = PageClient)]
pub async fn look_for_conflicts(proposal: Proposal, based_on: i64) -> Result<Review, AppError> {
    let (service, actor) = crate::server_context::signed_in()?;
    Ok(service.review(&actor, &proposal, based_on).await?)
}

/// Records a reviewed proposal; nothing is recorded if its effect is no longer the digest's.
#[server(prefix = "/api", endpoint = "rights/apply", input = Wire, output = Wire, client = SessionClient)]
pub async fn apply_proposal(
    proposal: Proposal,
    based_on: i64,
    digest: String,
    reason: String,
) -> Result<ApplyOutcome, AppError> {
    let (service, actor) = crate::server_context::signed_in()?;
    Ok(service.apply(&actor, &proposal, based_on, &digest, &reason).await?)
}
