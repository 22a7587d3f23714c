//! There is no such page.

use super::PageTitle;
use crate::t;
use crate::text::use_locale;
use crate::ui::CodeHelp;
use domain::exchange::RefusalCode;
use leptos::prelude::*;

/// What an unknown address answers; a foreign id answers exactly the same.
#[component]
pub fn NotFound() -> impl IntoView {
    let locale = use_locale();
    let _ = crate::error::answer(RefusalCode::NotFound.into());
    view! {
        <PageTitle name=t!(locale, missing.title)/>
        <main class="page" id="content">
            <h1>{t!(locale, missing.title)}</h1>
            <p class="lede">{t!(locale, missing.text)}</p>
            <p><CodeHelp number=RefusalCode::NotFound.number()/></p>
            <p><a class="btn" href="/">{t!(locale, refused.back)}</a></p>
        </main>
    }
}
