//! The choice of somebody who is there already, so that an account makes no second person.

use super::form::Fields;
use crate::t;
use crate::text::Locale;
use crate::ui::account_role;
use domain::account::Keeper;
use domain::exchange::accounts::Colleague;
use leptos::prelude::*;

/// The people whom a keeper can choose, after nobody of them; nothing where there are none.
pub(super) fn known(locale: Locale, keeper: Keeper, people: &[Colleague], fields: &Fields) -> Option<AnyView> {
    if people.is_empty() {
        return None;
    }
    let (label, hint) = match keeper {
        Keeper::Authority => (t!(locale, registering.principal_known), t!(locale, registering.principal_known_hint)),
        Keeper::TestAdministrator | Keeper::Principal | Keeper::Operator => {
            (t!(locale, registering.colleague), t!(locale, registering.colleague_hint))
        }
    };
    let options = people
        .iter()
        .map(|person| {
            let id = person.person.to_string();
            let is_chosen = fields.person() == id;
            view! { <option value=id selected=is_chosen>{name(locale, person)}</option> }
        })
        .collect_view();
    let choice = view! {
        <div class="field">
            <label for="person">{label}</label>
            <p class="hint" id="person-hint">{hint}</p>
            <select class="input" id="person" name="person" aria-describedby="person-hint">
                <option value="">{t!(locale, registering.somebody_new)}</option>
                {options}
            </select>
        </div>
    };
    Some(choice.into_any())
}

/// Somebody with what tells them from others of the name: the schools, or the accounts.
fn name(locale: Locale, person: &Colleague) -> String {
    if !person.schools.is_empty() {
        return t!(locale, registering.principal_of, name = person.name, schools = person.schools.join(", "));
    }
    let roles: Vec<&str> = person.roles.iter().map(|role| account_role(locale, *role)).collect();
    match roles.as_slice() {
        [] => person.name.clone(),
        roles => t!(locale, registering.has, name = person.name, roles = roles.join(", ")),
    }
}
