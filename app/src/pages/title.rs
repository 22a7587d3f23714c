//! The name of a page.

use crate::t;
use crate::text::use_locale;
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
