//! Small pieces that several pages share.

use crate::error::AppError;
use crate::session_state::use_me;
use crate::t;
use crate::text::{Locale, use_locale};
use domain::Capacity;
use domain::exchange::{Me, Refusal, RefusalCode};
use leptos::prelude::*;
use leptos_meta::Title;

/// The page's name in the window's title: "Historik – Adgang".
#[component]
pub fn PageTitle(
    /// The page's own name.
    #[prop(into)]
    name: String,
) -> impl IntoView {
    view! { <Title text=t!(use_locale(), app.title, page = name)/> }
}

/// The sentence for an error.
#[must_use]
pub fn sentence(locale: Locale, error: &AppError) -> &'static str {
    let refusal = match error {
        AppError::Refused(refusal) => refusal,
        AppError::Offline => return t!(locale, refused.offline),
        AppError::Unreadable => return t!(locale, refused.unreadable),
    };
    match refusal.code {
        RefusalCode::NotSignedIn => t!(locale, refused.not_signed_in),
        RefusalCode::NotAllowed => t!(locale, refused.not_allowed),
        RefusalCode::SecondFactorNeeded => t!(locale, refused.second_factor_needed),
        RefusalCode::NotFound => t!(locale, refused.not_found),
        RefusalCode::BadInput => t!(locale, refused.bad_input),
        RefusalCode::DateInPast => t!(locale, refused.date_in_past),
        RefusalCode::TooLarge => t!(locale, refused.too_large),
        RefusalCode::Stale => t!(locale, refused.stale),
        RefusalCode::Conflict => t!(locale, refused.conflict),
        RefusalCode::AlreadyTakenBack => t!(locale, refused.already_taken_back),
        RefusalCode::OnlyPrincipal => t!(locale, refused.only_principal),
        RefusalCode::OnlyAuthority => t!(locale, refused.only_authority),
        RefusalCode::OwnAccount => t!(locale, refused.own_account),
        RefusalCode::OwnTeacherAccount => t!(locale, refused.own_teacher_account),
        RefusalCode::TooEarly => t!(locale, refused.too_early),
        RefusalCode::NameFromRoster => t!(locale, refused.name_from_roster),
        RefusalCode::OwnLastCapacity => t!(locale, refused.own_last_capacity),
        RefusalCode::Busy => t!(locale, refused.busy),
        RefusalCode::Unavailable => t!(locale, refused.unavailable),
        RefusalCode::NoRoom => t!(locale, refused.no_room),
        RefusalCode::Internal => t!(locale, refused.internal),
    }
}

/// An error in words, with who can help; announced as soon as it appears.
#[component]
pub fn ErrorNote(
    /// What went wrong.
    error: AppError,
) -> impl IntoView {
    let locale = use_locale();
    let sign_in = (error.code() == Some(RefusalCode::NotSignedIn)).then(|| {
        view! { <p><a class="btn" href="/sign-in" rel="external">{t!(locale, app.sign_in)}</a></p> }
    });
    let help = match &error {
        AppError::Refused(Refusal { help, .. }) if !help.is_empty() => {
            Some(view! { <p>{t!(locale, refused.who_can_help, names = help.join(", "))}</p> })
        }
        _ => None,
    };
    view! {
        <div class="note note--error" role="alert">
            <h2>{t!(locale, refused.title)}</h2>
            <p>{sentence(locale, &error)}</p>
            {help}
            {sign_in}
        </div>
    }
}

/// A page for those who hold one of these capacities; everyone else reads why not, and who can help.
///
/// This only chooses what to draw: the server functions behind the page refuse by themselves.
pub fn for_capacity(capacities: &[Capacity], page: impl FnOnce(Me) -> AnyView) -> AnyView {
    match use_me() {
        None => view! { <SignedOut/> }.into_any(),
        Some(me) if capacities.iter().any(|capacity| me.is(*capacity)) => page(me),
        Some(_) => view! { <Forbidden capacities=capacities.to_vec()/> }.into_any(),
    }
}

/// A page for everyone who is signed in.
pub fn for_anyone(page: impl FnOnce(Me) -> AnyView) -> AnyView {
    match use_me() {
        None => view! { <SignedOut/> }.into_any(),
        Some(me) => page(me),
    }
}

/// What a resource holds, once it is there; or the error in words.
pub fn loaded<T: Clone + Send + Sync + 'static>(
    resource: Resource<Result<T, AppError>>,
    page: impl Fn(T) -> AnyView + Clone + Send + Sync + 'static,
) -> AnyView {
    let locale = use_locale();
    view! {
        <Transition fallback=move || view! { <p class="hint" role="status">{t!(locale, app.loading)}</p> }>
            {move || {
                let page = page.clone();
                Suspend::new(async move {
                    match resource.await {
                        Ok(value) => page(value),
                        Err(error) => view! { <ErrorNote error/> }.into_any(),
                    }
                })
            }}
        </Transition>
    }
    .into_any()
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
        _ => t!(locale, forbidden.anyone),
    };
    let title = t!(locale, refused.title_not_allowed);
    view! {
        <PageTitle name=title/>
        <main class="page" id="content">
            <h1>{title}</h1>
            <p class="lede">{why}</p>
            <p><a class="btn" href="/" rel="external">{t!(locale, refused.back)}</a></p>
        </main>
    }
}
