//! `/inbox/settings`: what goes out by mail to somebody, kind by kind, and in which language. The
//! inbox has it in any case.

use crate::document::for_capacity;
use crate::mail::kind_name;
use crate::pages::PageTitle;
use crate::pages::accounts::form::Fields;
use crate::pages::accounts::{asked, csrf};
use crate::t;
use crate::text::{Locale, use_locale};
use domain::Capacity;
use domain::exchange::accounts::{InboxSettings, Language};
use domain::notice::NoticeKind;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

/// Where the page is, and where its form goes: fields `kind`, several of them, and `language`.
pub const SETTINGS_ADDRESS: &str = "/inbox/settings";

/// The kinds that a form wants by mail; `None` where one of them is no kind.
#[must_use]
pub fn wanted(fields: &Fields) -> Option<Vec<NoticeKind>> {
    fields.all("kind").map(NoticeKind::of_code).collect()
}

/// The switches of the signed-in person.
#[component]
pub fn InboxSettingsPage() -> impl IntoView {
    for_capacity(&Capacity::ALL, |me| {
        let locale = use_locale();
        let role = me.role();
        let ask = move |service: service::Service, actor: service::Actor| async move {
            service.inbox_settings(&actor, role).await
        };
        let page = move |settings: InboxSettings| page(locale, &settings);
        view! { <PageTitle name=t!(locale, mailing.settings)/> {asked(ask, page)} }.into_any()
    })
}

fn page(locale: Locale, settings: &InboxSettings) -> AnyView {
    let is_done = use_query_map().read_untracked().get("done").is_some();
    let done = is_done.then(|| view! { <p class="note note--done" role="status">{t!(locale, mailing.saved)}</p> });
    let off = (!settings.mails).then(|| view! { <p class="note">{t!(locale, mailing.off)}</p> });
    let email = match &settings.email {
        Some(email) => t!(locale, mailing.goes_to, email = email),
        None => t!(locale, mailing.no_email).to_owned(),
    };
    let kinds = settings
        .kinds
        .iter()
        .map(|(kind, wanted)| {
            view! {
                <label class="choice">
                    <input type="checkbox" name="kind" value=kind.code() checked=*wanted/>
                    <span>{kind_name(locale, *kind)}</span>
                </label>
            }
        })
        .collect_view();
    view! {
        <main class="page page--narrow" id="content">
            <p class="crumb"><a href="/inbox">"← "{t!(locale, inbox.title)}</a></p>
            <h1>{t!(locale, mailing.settings)}</h1>
            <p class="lede">{t!(locale, mailing.lede)}</p>
            {done}
            {off}
            <p>{email}</p>
            <form class="form" method="post" action=SETTINGS_ADDRESS>
                {csrf()}
                <fieldset class="field">
                    <legend>{t!(locale, mailing.kinds)}</legend>
                    <div class="form__choices">{kinds}</div>
                </fieldset>
                {language(locale, settings.language)}
                <div class="actions"><button class="btn btn--primary" type="submit">{t!(locale, account.save)}</button></div>
            </form>
        </main>
    }
    .into_any()
}

fn language(locale: Locale, chosen: Option<Language>) -> AnyView {
    let own = [(Language::Da, Locale::da), (Language::Sv, Locale::sv), (Language::En, Locale::en)];
    let options = own.into_iter().map(|(language, own)| {
        let is_chosen = chosen == Some(language);
        view! { <option value=language.code() lang=language.code() selected=is_chosen>{t!(own, app.language_name)}</option> }
    });
    view! {
        <div class="field form__short">
            <label for="language">{t!(locale, mailing.language)}</label>
            <select class="input" id="language" name="language">
                <option value="" selected=chosen.is_none()>{t!(locale, mailing.as_letter)}</option>
                {options.collect_view()}
            </select>
        </div>
    }
    .into_any()
}
