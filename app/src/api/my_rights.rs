//! A person's own rights.

use crate::client::SessionClient;
use crate::error::AppError;
use crate::wire::Wire;
use domain::exchange::MyRights;
use leptos::prelude::*;

/// The signed-in person's own rights, read-only.
#[server(prefix = "/api", endpoint = "my-rights", input = Wire, output = Wire, client = SessionClient)]
pub async fn load_my_rights() -> Result<MyRights, AppError> {
    let (service, actor) = crate::server_context::signed_in()?;
    Ok(service.my_rights(&actor).await?)
}
