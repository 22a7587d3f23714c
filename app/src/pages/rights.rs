//! `/rights`: administration of rights, and `/rights/review`: the step before applying.

use crate::grid::page::GridPage;
use crate::grid::review::GridReview;
use crate::t;
use crate::text::use_locale;
use crate::ui::{PageTitle, for_capacity};
use domain::Capacity;
use leptos::prelude::*;

/// The grid of one teacher's, class's, pupil's or test's rights.
#[component]
pub fn RightsPage() -> impl IntoView {
    let locale = use_locale();
    for_capacity(&[Capacity::TestAdministration], move |_me| {
        view! { <PageTitle name=t!(locale, nav.rights)/> <GridPage/> }.into_any()
    })
}

/// The draft in words, before it applies.
#[component]
pub fn RightsReviewPage() -> impl IntoView {
    for_capacity(&[Capacity::TestAdministration], |_me| view! { <GridReview/> }.into_any())
}
