//! What the server gives to every page and server function of a request.

use crate::error::{AppError, answer};
use domain::exchange::RefusalCode;
use leptos::prelude::use_context;
use service::session::Token;
use service::{Actor, Service};

/// The use cases, and who asks. The server provides it as context, anew for every request.
#[derive(Clone, Debug)]
pub struct ServerContext {
    /// The use cases.
    pub service: Service,
    /// The signed-in person with today's capacities; `None` where nobody is signed in.
    pub actor: Option<Actor>,
    /// The token of their session, for what somebody does to their own account.
    pub token: Option<Token>,
    /// The largest roster file that a page takes, in bytes.
    pub import_bytes_max: u64,
}

/// The use cases and the actor of this request.
///
/// # Errors
/// [`RefusalCode::NotSignedIn`] where nobody is.
pub(crate) fn signed_in() -> Result<(Service, Actor), AppError> {
    let context = use_context::<ServerContext>().ok_or_else(|| answer(RefusalCode::Internal.into()))?;
    let actor = context.actor.ok_or_else(|| answer(RefusalCode::NotSignedIn.into()))?;
    Ok((context.service, actor))
}

/// The use cases and the session of this request.
///
/// # Errors
/// [`RefusalCode::NotSignedIn`] where nobody is.
pub(crate) fn own_session() -> Result<(Service, Token), AppError> {
    let context = use_context::<ServerContext>().ok_or_else(|| answer(RefusalCode::Internal.into()))?;
    let token = context.token.ok_or_else(|| answer(RefusalCode::NotSignedIn.into()))?;
    Ok((context.service, token))
}

/// The largest roster file that a page takes, in bytes; none where the server has not said.
pub(crate) fn import_bytes_max() -> u64 {
    use_context::<ServerContext>().map_or(0, |context| context.import_bytes_max)
}
