//! What was changed, when, by whom and why.

use crate::client::SessionClient;
use crate::error::AppError;
use crate::wire::Wire;
use domain::exchange::HistoryEntry;
use leptos::prelude::*;

/// The change sets numbered below `before` (the newest, if `None`), newest first, at most `limit`.
#[server(prefix = "/api", endpoint = "history", input = Wire, output = Wire, client = SessionClient)]
pub async fn load_history(before: Option<u32>, limit: u16) -> Result<Vec<HistoryEntry>, AppError> {
    let (service, actor) = crate::server_context::signed_in()?;
    Ok(service.history(&actor, before, usize::from(limit)).await?)
}
