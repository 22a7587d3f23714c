//! Who is signed in, asked anew: a page that stays open extends its session with this.

use crate::client::SessionClient;
use crate::error::AppError;
use crate::wire::Wire;
use domain::exchange::Me;
use leptos::prelude::*;

/// The signed-in person; asking counts as doing something, so the session lasts longer.
#[server(prefix = "/api", endpoint = "session", input = Wire, output = Wire, client = SessionClient)]
pub async fn current_session() -> Result<Me, AppError> {
    use crate::session_state::SessionState;
    use domain::exchange::RefusalCode;
    use_context::<SessionState>()
        .and_then(|session| session.me)
        .ok_or_else(|| crate::error::answer(RefusalCode::NotSignedIn.into()))
}
