//! `/accounts` and the pages under it: who holds which account, and what becomes of it. All are drawn
//! by the server, and every form works with scripts off.

pub mod list;
mod states;

use crate::document::{for_capacity, loaded};
use crate::error::AppError;
use crate::server_context::signed_in;
use domain::Capacity;
use domain::exchange::Me;
use leptos::prelude::*;
use service::{Actor, Fault, Service};

/// A page for those who keep others' accounts.
fn for_keepers(page: impl FnOnce(Me) -> AnyView) -> AnyView {
    for_capacity(&[Capacity::UserAdministration, Capacity::Appointment], page)
}

/// A page made of what one use case answers; or its refusal in words.
fn asked<T, F>(
    ask: impl Fn(Service, Actor) -> F + Clone + Send + Sync + 'static,
    page: impl Fn(T) -> AnyView + Clone + Send + Sync + 'static,
) -> AnyView
where
    T: Clone + Send + Sync + 'static,
    F: Future<Output = Result<T, Fault>> + Send + 'static,
{
    let load = move || {
        let ask = ask.clone();
        async move {
            let (service, actor) = signed_in()?;
            ask(service, actor).await.map_err(AppError::from)
        }
    };
    loaded(load, page)
}
