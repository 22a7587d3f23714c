//! Booking and running, employee by employee.

use crate::client::SessionClient;
use crate::error::AppError;
use crate::wire::Wire;
use domain::exchange::{StaffChange, StaffOutcome, StaffRow};
use leptos::prelude::*;

/// Every employee with both rights, in order of names.
#[server(prefix = "/api", endpoint = "staff", input = Wire, output = Wire, client = SessionClient)]
pub async fn load_staff() -> Result<Vec<StaffRow>, AppError> {
    let (service, actor) = crate::server_context::signed_in()?;
    Ok(service.staff_rights(&actor).await?)
}

/// Records changes, all or none; nothing where somebody else decided otherwise meanwhile.
#[server(prefix = "/api", endpoint = "staff/set", input = Wire, output = Wire, client = SessionClient)]
pub async fn set_staff_rights(changes: Vec<StaffChange>, reason: String) -> Result<StaffOutcome, AppError> {
    let (service, actor) = crate::server_context::signed_in()?;
    let conflicts = service.set_staff_rights(&actor, &changes, &reason).await?;
    Ok(StaffOutcome { conflicts, rows: service.staff_rights(&actor).await? })
}
