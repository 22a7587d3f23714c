//! Who may see a page, and what is loaded for it before it is drawn.

use crate::error::AppError;
use crate::pages::PageTitle;
use crate::pages::doors::WrongDoor;
use crate::session_state::use_session;
use crate::t;
use crate::text::use_locale;
use crate::ui::{CodeHelp, ErrorNote};
use domain::Capacity;
use domain::exchange::{Me, RefusalCode};
use leptos::prelude::*;

/// A page for those who hold one of these capacities; everyone else reads why not, and who can help.
///
/// This only chooses what to draw: the server functions behind the page refuse by themselves.
pub(crate) fn for_capacity(capacities: &[Capacity], page: impl FnOnce(Me) -> AnyView) -> AnyView {
    match use_session().me {
        None => view! { <SignedOut/> }.into_any(),
        Some(me) if capacities.iter().any(|capacity| me.is(*capacity)) => page(me),
        Some(_) => view! { <Forbidden capacities=capacities.to_vec()/> }.into_any(),
    }
}

/// A page for whoever is signed in, whatever the account: the page itself tells accounts apart.
pub(crate) fn for_person(page: impl FnOnce(Me) -> AnyView) -> AnyView {
    match use_session().me {
        None => view! { <SignedOut/> }.into_any(),
        Some(me) => page(me),
    }
}

/// A page made of what is loaded for it; or the error in words.
pub(crate) fn loaded<T, F>(
    load: impl Fn() -> F + Send + Sync + 'static,
    page: impl Fn(T) -> AnyView + Clone + Send + Sync + 'static,
) -> AnyView
where
    T: Clone + Send + Sync + 'static,
    F: Future<Output = Result<T, AppError>> + Send + 'static,
{
    let loading = AsyncDerived::new(load);
    let page = move || {
        let page = page.clone();
        Suspend::new(async move {
            match loading.await {
                Ok(value) => page(value),
                Err(error) if error.code() == Some(RefusalCode::NotAllowed) => {
                    view! { <Forbidden capacities=Vec::new()/> }.into_any()
                }
                Err(error) => view! { <main class="page" id="content"><ErrorNote error/></main> }.into_any(),
            }
        })
    };
    view! { <Suspense>{page}</Suspense> }.into_any()
}

/// Nobody is signed in (any more).
#[component]
fn SignedOut() -> impl IntoView {
    let error = crate::error::answer(RefusalCode::NotSignedIn.into());
    view! { <main class="page" id="content"><ErrorNote error/></main> }
}

/// The signed-in person may not use this page: why, and who can help.
#[component]
fn Forbidden(capacities: Vec<Capacity>) -> impl IntoView {
    let locale = use_locale();
    let _ = crate::error::answer(RefusalCode::NotAllowed.into());
    let why = match capacities.as_slice() {
        [Capacity::TestAdministration] => t!(locale, forbidden.test_administration),
        [Capacity::Leadership] => t!(locale, forbidden.leadership),
        [Capacity::UserAdministration] => t!(locale, forbidden.user_administration),
        [Capacity::TestAdministration, Capacity::Leadership] => t!(locale, forbidden.history),
        [Capacity::Appointment] => t!(locale, forbidden.appointment),
        [Capacity::AccountDeletion] => t!(locale, forbidden.principal),
        [Capacity::UserAdministration, Capacity::Appointment] => t!(locale, forbidden.accounts),
        _ => t!(locale, forbidden.anyone),
    };
    let title = t!(locale, refused.title_not_allowed);
    view! {
        <PageTitle name=title/>
        <main class="page" id="content">
            <h1>{title}</h1>
            <p class="lede">{why}</p>
            <WrongDoor/>
            <p><CodeHelp number=RefusalCode::NotAllowed.number()/></p>
            <p><a class="btn" href="/">{t!(locale, refused.back)}</a></p>
        </main>
    }
}
