//! The pages that have a live part: who may see them, what is loaded for them, and which bundle
//! takes over in the browser.

use super::{PageTitle, exemptions, history, imports, staff};
use crate::api::history::load_history;
use crate::api::staff::load_staff;
use crate::document::{for_capacity, loaded};
use crate::grid;
use crate::live::{Bundle, live};
use crate::t;
use crate::text::use_locale;
use domain::Capacity;
use leptos::prelude::*;

/// `/rights`: the grid of one teacher's, class's, pupil's or test's rights.
#[component]
pub fn RightsPage() -> impl IntoView {
    for_capacity(&[Capacity::TestAdministration], |me| {
        let page = live(Bundle::Rights, me, (), grid::page::page);
        view! { <PageTitle name=t!(use_locale(), nav.rights)/> {page} }.into_any()
    })
}

/// `/rights/review`: the draft in words, before it applies.
#[component]
pub fn ReviewPage() -> impl IntoView {
    for_capacity(&[Capacity::TestAdministration], |me| {
        let page = live(Bundle::Review, me, (), grid::review::page);
        view! { <PageTitle name=t!(use_locale(), grid.review.title)/> {page} }.into_any()
    })
}

/// `/rights/staff`: who may book and who may run, employee by employee.
#[component]
pub fn StaffPage() -> impl IntoView {
    for_capacity(&[Capacity::TestAdministration], |me| {
        let page = loaded(load_staff, move |rows| live(Bundle::Staff, me.clone(), rows, staff::page));
        view! { <PageTitle name=t!(use_locale(), nav.staff)/> {page} }.into_any()
    })
}

/// `/history`: change sets, newest first; one can be taken back.
#[component]
pub fn HistoryPage() -> impl IntoView {
    for_capacity(&[Capacity::TestAdministration, Capacity::Leadership], |me| {
        let newest = || load_history(None, history::PAGE);
        let page = loaded(newest, move |entries| live(Bundle::History, me.clone(), entries, history::page));
        view! { <PageTitle name=t!(use_locale(), nav.history)/> {page} }.into_any()
    })
}

/// `/exemptions`: the leaders' grid of exemptions. The roster is too large to write into the page
/// as well: the browser asks for it.
#[component]
pub fn ExemptionsPage() -> impl IntoView {
    for_capacity(&[Capacity::Leadership], |me| {
        let page = live(Bundle::Exemptions, me, (), exemptions::page);
        view! { <PageTitle name=t!(use_locale(), nav.exemptions)/> {page} }.into_any()
    })
}

/// `/imports`: a roster's file is read, reviewed and applied.
#[component]
pub fn ImportsPage() -> impl IntoView {
    for_capacity(&[Capacity::UserAdministration], |me| {
        let page = live(Bundle::Imports, me, (), imports::page);
        view! { <PageTitle name=t!(use_locale(), import.title)/> {page} }.into_any()
    })
}
