//! `/people/new`: affiliates somebody by hand, with their national number. A plain form that loses nothing.

use super::PEOPLE_ADDRESS;
use super::one::types_by_hand;
use crate::document::for_capacity;
use crate::pages::PageTitle;
use crate::pages::accounts::form::{Fields, Sent, use_sent};
use crate::pages::accounts::{csrf, refusal};
use crate::t;
use crate::text::{Locale, use_locale};
use crate::words::people::user_type;
use domain::exchange::Me;
use domain::exchange::people::AffiliationOrder;
use domain::{Capacity, UserType};
use leptos::prelude::*;

/// The form, and where it is sent.
pub const NEW_PERSON_ADDRESS: &str = "/people/new";

/// What the form's fields order; `None` where a user type is none.
#[must_use]
pub fn affiliation(fields: &Fields) -> Option<AffiliationOrder> {
    let text = |name| fields.get(name).to_owned();
    let types = fields.all("type").map(UserType::from_code).collect::<Option<Vec<_>>>()?;
    Some(AffiliationOrder {
        number: text("number"),
        given: text("given"),
        family: text("family"),
        uni_id: text("uni_id"),
        types,
    })
}

/// The form.
#[component]
pub fn NewPersonPage() -> impl IntoView {
    for_capacity(&[Capacity::UserAdministration], |me| page(use_locale(), &me, use_sent().as_ref()))
}

fn page(locale: Locale, me: &Me, sent: Option<&Sent>) -> AnyView {
    let refused = sent.and_then(Sent::refusal).map(|error| refusal(locale, error, t!(locale, staffing.new_bad_input)));
    let (number, number_hint) = match me.institution.country.as_str() {
        "se" => (t!(locale, staffing.personnummer), t!(locale, staffing.personnummer_hint)),
        _ => (t!(locale, staffing.cpr), t!(locale, staffing.cpr_hint)),
    };
    // A national number is typed again: it goes into no page of ours.
    let typed = |name: &str| sent.map(|sent| sent.fields.get(name).to_owned()).unwrap_or_default();
    let field = |id: &'static str, label: &'static str, hint: &'static str, value: String, most: &'static str| {
        let hint_id = format!("{id}-hint");
        let described = (!hint.is_empty()).then(|| hint_id.clone());
        let hint = (!hint.is_empty()).then(|| view! { <p class="hint" id=hint_id>{hint}</p> });
        view! {
            <div class="field">
                <label for=id>{label}</label>
                {hint}
                <input
                    class="input"
                    id=id
                    name=id
                    maxlength=most
                    value=value
                    autocomplete="off"
                    spellcheck="false"
                    aria-describedby=described
                />
            </div>
        }
    };
    let chosen = |kind: UserType| sent.map_or(kind == UserType::Teacher, |sent| sent.fields.says("type", kind.code()));
    let boxes = types_by_hand().map(|kind| {
        view! {
            <label class="choice">
                <input type="checkbox" name="type" value=kind.code() checked=chosen(kind)/>
                <span>{user_type(locale, kind)}</span>
            </label>
        }
    });
    view! {
        <PageTitle name=t!(locale, staffing.new_title)/>
        <main class="page page--narrow" id="content">
            <p class="crumb"><a href=PEOPLE_ADDRESS>"← "{t!(locale, people.title)}</a></p>
            <h1>{t!(locale, staffing.new_title)}</h1>
            <p class="lede">{t!(locale, staffing.new_lede)}</p>
            {refused}
            <form class="form" method="post" action=NEW_PERSON_ADDRESS>
                {csrf()}
                {field("number", number, number_hint, String::new(), "13")}
                {field("given", t!(locale, registering.given), "", typed("given"), "200")}
                {field("family", t!(locale, registering.family), "", typed("family"), "200")}
                {field("uni_id", t!(locale, staffing.uni_id), t!(locale, staffing.uni_id_hint), typed("uni_id"), "10")}
                <fieldset class="field">
                    <legend>{t!(locale, staffing.types)}</legend>
                    <p class="hint">{t!(locale, staffing.types_hint)}</p>
                    <div class="form__choices">{boxes.collect_view()}</div>
                </fieldset>
                <div class="actions">
                    <button class="btn btn--primary" type="submit">{t!(locale, staffing.new_save)}</button>
                </div>
            </form>
        </main>
    }
    .into_any()
}
