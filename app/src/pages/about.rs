//! `/about`: help, accessibility, personal data. The same help at the same place of every page.

use super::PageTitle;
use crate::t;
use crate::text::use_locale;
use leptos::prelude::*;

/// What people look for in the foot of a page.
#[component]
pub fn AboutPage() -> impl IntoView {
    let locale = use_locale();
    let section = |id: &'static str, title: &'static str, texts: Vec<&'static str>| {
        let texts = texts.into_iter().map(|text| view! { <p>{text}</p> }).collect_view();
        view! { <section aria-labelledby=id><h2 id=id>{title}</h2>{texts}</section> }
    };
    view! {
        <PageTitle name=t!(locale, app.about)/>
        <main class="page page--narrow" id="content">
            <h1>{t!(locale, app.about)}</h1>
            <p class="lede">{t!(locale, about.lede)}</p>
            {section("help", t!(locale, app.help), vec![t!(locale, about.help), t!(locale, about.help_sign_in)])}
            <p>{t!(locale, help.answers_under)}" "<a href="/help">{t!(locale, help.title)}</a>"."</p>
            {section("accessibility", t!(locale, app.accessibility), vec![t!(locale, about.accessibility), t!(locale, about.transcribing)])}
            {section("privacy", t!(locale, app.privacy), vec![t!(locale, about.privacy), t!(locale, about.logged), t!(locale, about.cookies)])}
        </main>
    }
}
