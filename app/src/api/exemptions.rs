//! Exemptions: leaders alone.

use crate::client::SessionClient;
use crate::error::AppError;
use crate::wire::Wire;
use domain::exchange::{ExemptionChange, ExemptionLoad, ExemptionOutcome};
use leptos::prelude::*;

/// Pupils, tests and the exemptions that stand.
#[server(prefix = "/api", endpoint = "exemptions", input = Wire, output = Wire, client = SessionClient)]
pub async fn load_exemptions() -> Result<ExemptionLoad, AppError> {
    let (service, actor) = crate::server_context::signed_in()?;
    Ok(service.exemptions(&actor).await?)
}

/// Exempts or withdraws, all or none; nothing where somebody else decided otherwise meanwhile.
#[server(prefix = "/api", endpoint = "exemptions/set", input = Wire, output = Wire, client = SessionClient)]
pub async fn set_exemptions(changes: Vec<ExemptionChange>) -> Result<ExemptionOutcome, AppError> {
    let (service, actor) = crate::server_context::signed_in()?;
    let conflicts = service.set_exemptions(&actor, &changes).await?;
    Ok(ExemptionOutcome { conflicts, entries: service.exemptions(&actor).await?.entries })
}
