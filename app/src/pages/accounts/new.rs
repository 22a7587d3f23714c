//! `/accounts/new`: an account is registered. Somebody who is there already is found while one types,
//! and, with scripts off, after the form was sent.

use super::form::{Fields, Sent, use_sent};
use super::known::known;
use super::{asked, crumb, csrf, for_keepers, refusal};
use crate::pages::PageTitle;
use crate::t;
use crate::text::{Locale, use_locale};
use crate::ui::account_role;
use domain::account::Keeper;
use domain::exchange::Me;
use domain::exchange::accounts::{
    AccountFilter, AccountList, Colleague, Double, Holder, Language, Likeness, Registration, Typed,
};
use domain::{AccountRole, InstitutionId, PersonId};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

/// Where the page is, and where its form goes.
pub const NEW_ADDRESS: &str = "/accounts/new";
/// What tells who may be the person that is being typed, as a piece of the page.
pub const DOUBLES_ADDRESS: &str = "/api/accounts/doubles";

/// What a form asks to register; `None` where it names no place, role, person or language.
#[must_use]
pub fn registration(fields: &Fields) -> Option<Registration> {
    let holder = match fields.person() {
        "" => Holder::New { given: fields.get("given").to_owned(), family: fields.get("family").to_owned() },
        id => Holder::Known(PersonId(id.parse().ok()?)),
    };
    Some(Registration {
        institution: InstitutionId(fields.get("institution").parse().ok()?),
        role: AccountRole::from_code(fields.get("role"))?,
        holder,
        email: Some(fields.get("email").to_owned()),
        external: Some(fields.get("external").to_owned()),
        subjects: fields.all("subject").map(str::to_owned).collect(),
        matrix: fields.says("matrix", "1"),
        despite_doubles: fields.says("despite", "1").then(|| fields.get("reason").to_owned()),
        language: Language::of_code(fields.get("language"))?,
    })
}

/// Where somebody is typing, and what of the person so far; `None` where no place is named.
#[must_use]
pub fn typed(fields: &Fields) -> Option<(InstitutionId, Typed)> {
    let text = |name| fields.get(name).to_owned();
    let typed =
        Typed { given: text("given"), family: text("family"), email: text("email"), external: text("external") };
    Some((InstitutionId(fields.get("institution").parse().ok()?), typed))
}

/// Who may be the person that is being typed, as a piece of the page; empty for nobody.
#[must_use]
pub fn found(locale: Locale, doubles: &[Double]) -> String {
    if doubles.is_empty() {
        return String::new();
    }
    let piece = || {
        view! {
            <h2>{t!(locale, registering.found)}</h2>
            {likely(locale, doubles, false)}
            <p>{t!(locale, registering.found_why)}</p>
        }
    };
    Owner::new().with(|| piece().to_html())
}

/// The page with the form.
#[component]
pub fn NewAccountPage() -> impl IntoView {
    for_keepers(|me| {
        let locale = use_locale();
        let sent = use_sent();
        let place =
            use_query_map().read_untracked().get("institution").and_then(|id| id.parse().ok()).map(InstitutionId);
        let ask = move |service: service::Service, actor: service::Actor| async move {
            let list = service.accounts(&actor, &AccountFilter::default()).await?;
            let people = match (list.keeper, list.institutions.as_slice()) {
                (Keeper::Authority, _) => service.principals(&actor).await?,
                (_, [(institution, _)]) => service.colleagues(&actor, *institution).await?,
                _ => Vec::new(),
            };
            Ok((list, people))
        };
        let page = move |(list, people): (AccountList, Vec<Colleague>)| {
            page(locale, &me, &list, &people, place, sent.as_ref())
        };
        view! { <PageTitle name=t!(locale, registering.title)/> {asked(ask, page)} }.into_any()
    })
}

fn page(
    locale: Locale,
    me: &Me,
    list: &AccountList,
    people: &[Colleague],
    place: Option<InstitutionId>,
    sent: Option<&Sent>,
) -> AnyView {
    let fields = sent.map(|sent| sent.fields.clone()).unwrap_or_default();
    let doubles = sent.map(Sent::doubles).unwrap_or_default();
    let step = (!doubles.is_empty()).then(|| despite(locale, doubles, &fields));
    let submit = doubles.is_empty().then(|| {
        view! {
            <div class="actions">
                <button class="btn btn--primary" type="submit">{t!(locale, registering.submit)}</button>
                <a class="btn btn--text" href="/accounts">{t!(locale, registering.cancel)}</a>
            </div>
        }
    });
    let refused = sent.and_then(Sent::refusal).map(|error| refusal(locale, error, t!(locale, registering.bad_input)));
    view! {
        <main class="page page--narrow" id="content">
            {crumb(locale)}
            <h1>{t!(locale, registering.title)}</h1>
            <p class="lede">{t!(locale, registering.lede)}</p>
            {refused}
            {list.may_register_self.then(|| register_oneself(locale, me))}
            <form class="form" method="post" action=NEW_ADDRESS data-finds=DOUBLES_ADDRESS>
                {csrf()}
                {step}
                {whose(locale, list.keeper, people, &fields)}
                {what(locale, me, list, &fields, place)}
                {submit}
            </form>
        </main>
    }
    .into_any()
}

/// One click for who may have a teacher's account too: the field's advice at the wrong door.
pub(in crate::pages) fn register_oneself(locale: Locale, me: &Me) -> AnyView {
    let language = Language::of_country(&me.institution.country);
    view! {
        <section class="note">
            <h2>{t!(locale, registering.self_title)}</h2>
            <p>{t!(locale, registering.self_why)}</p>
            <form class="actions" method="post" action=NEW_ADDRESS>
                {csrf()}
                <input type="hidden" name="institution" value=me.institution.id.to_string()/>
                <input type="hidden" name="person" value=me.person.to_string()/>
                <input type="hidden" name="role" value=AccountRole::Teacher.code()/>
                <input type="hidden" name="language" value=language.code()/>
                <button class="btn" type="submit">{t!(locale, registering.self_do)}</button>
            </form>
        </section>
    }
    .into_any()
}

/// The person: one of the staff or of the principals, or somebody new.
fn whose(locale: Locale, keeper: Keeper, people: &[Colleague], fields: &Fields) -> AnyView {
    // Only where a roster named somebody is there anybody to find by it.
    let external = || {
        let (label, hint) = (t!(locale, registering.external), t!(locale, registering.external_hint));
        text_field("external", "text", label, hint, fields)
    };
    view! {
        <fieldset>
            <legend>{t!(locale, registering.whose)}</legend>
            {known(locale, keeper, people, fields)}
            <div class="form__pair">
                {text_field("given", "text", t!(locale, registering.given), "", fields)}
                {text_field("family", "text", t!(locale, registering.family), "", fields)}
            </div>
            {text_field("email", "email", t!(locale, registering.email), t!(locale, registering.email_hint), fields)}
            {(keeper != Keeper::Authority && !people.is_empty()).then(external)}
            <div class="note note--warn" id="found" role="status" hidden></div>
        </fieldset>
    }
    .into_any()
}

/// A field of one line that keeps what was typed.
pub(super) fn text_field(
    name: &'static str,
    kind: &'static str,
    label: &'static str,
    hint: &'static str,
    fields: &Fields,
) -> AnyView {
    let hint_id = format!("{name}-hint");
    let described = (!hint.is_empty()).then(|| hint_id.clone());
    let hint = (!hint.is_empty()).then(|| view! { <p class="hint" id=hint_id>{hint}</p> });
    view! {
        <div class="field">
            <label for=name>{label}</label>
            {hint}
            <input class="input" id=name name=name type=kind value=fields.get(name).to_owned() autocomplete="off" aria-describedby=described/>
        </div>
    }
    .into_any()
}

/// What the account is to be, and where.
fn what(locale: Locale, me: &Me, list: &AccountList, fields: &Fields, place: Option<InstitutionId>) -> AnyView {
    let chosen = Some(fields.get("institution").to_owned()).filter(|id| !id.is_empty());
    let chosen = chosen.or_else(|| place.map(|place| place.to_string())).unwrap_or_default();
    let institution = match list.institutions.as_slice() {
        [(id, _)] => view! { <input type="hidden" name="institution" value=id.to_string()/> }.into_any(),
        all => {
            let option = |(id, name): &(InstitutionId, String)| {
                let id = id.to_string();
                let is_chosen = id == chosen;
                view! { <option value=id selected=is_chosen>{name.clone()}</option> }
            };
            let options = all.iter().map(option).collect_view();
            view! {
                <div class="field">
                    <label for="institution">{t!(locale, registering.school)}</label>
                    <select class="input" id="institution" name="institution">{options}</select>
                </div>
            }
            .into_any()
        }
    };
    let wanted = AccountRole::from_code(fields.get("role")).unwrap_or(AccountRole::Teacher);
    let roles = list.may_register.iter().rev().map(|role| {
        let is_chosen = *role == wanted || list.may_register.len() == 1;
        view! {
            <label class="choice">
                <input type="radio" name="role" value=role.code() checked=is_chosen/>
                <span>{account_role(locale, *role)}" – "<span class="muted">{for_role(locale, *role)}</span></span>
            </label>
        }
    });
    let subjects = (!list.subjects.is_empty() && list.may_register.contains(&AccountRole::Teacher)).then(|| {
        subjects(locale, list.subjects.iter().map(|it| (&*it.slug, &*it.name)), |slug| fields.says("subject", slug))
    });
    let wishes = fields.get("language");
    let language = Language::of_code(wishes).unwrap_or_else(|| Language::of_country(&me.institution.country));
    view! {
        <fieldset>
            <legend>{t!(locale, registering.what)}</legend>
            {institution}
            <div class="form__choices" role="radiogroup" aria-label=t!(locale, accounts.role)>{roles.collect_view()}</div>
            {subjects}
            <label class="choice">
                <input type="checkbox" name="matrix" value="1" checked=fields.says("matrix", "1")/>
                <span>{t!(locale, registering.matrix)}</span>
            </label>
            {languages(locale, language)}
        </fieldset>
    }
    .into_any()
}

fn for_role(locale: Locale, role: AccountRole) -> &'static str {
    match role {
        AccountRole::Authority | AccountRole::Principal => t!(locale, registering.for_principal),
        AccountRole::TestAdministrator => t!(locale, registering.for_test_administrator),
        AccountRole::Leader => t!(locale, registering.for_leader),
        AccountRole::Teacher => t!(locale, registering.for_teacher),
    }
}

/// The subjects as boxes, slug and name.
pub(super) fn subjects<'a>(
    locale: Locale,
    all: impl Iterator<Item = (&'a str, &'a str)>,
    is_chosen: impl Fn(&str) -> bool,
) -> AnyView {
    let boxes = all
        .map(|(slug, name)| {
            let chosen = is_chosen(slug);
            view! {
                <label class="choice">
                    <input type="checkbox" name="subject" value=slug.to_owned() checked=chosen/>
                    <span>{name.to_owned()}</span>
                </label>
            }
        })
        .collect_view();
    view! {
        <fieldset class="field">
            <legend>{t!(locale, registering.subjects)}</legend>
            <p class="hint">{t!(locale, registering.subjects_hint)}</p>
            <div class="form__boxes">{boxes}</div>
        </fieldset>
    }
    .into_any()
}

/// The language of the letter.
pub(super) fn languages(locale: Locale, chosen: Language) -> AnyView {
    let options = [(Language::Da, Locale::da), (Language::Sv, Locale::sv), (Language::En, Locale::en)].map(|(language, own)| {
        view! { <option value=language.code() lang=language.code() selected=language == chosen>{t!(own, app.language_name)}</option> }
    });
    view! {
        <div class="field form__short">
            <label for="language">{t!(locale, registering.language)}</label>
            <select class="input" id="language" name="language">{options.into_iter().collect_view()}</select>
        </div>
    }
    .into_any()
}

/// The step in between: who is there already; one of them, or somebody else for a reason.
pub(super) fn despite(locale: Locale, doubles: &[Double], fields: &Fields) -> AnyView {
    view! {
        <section class="note note--warn" role="alert" tabindex="-1" data-focus="">
            <h2>{t!(locale, registering.doubles_title)}</h2>
            <p>{t!(locale, registering.doubles_why)}</p>
            {likely(locale, doubles, true)}
            <h3>{t!(locale, registering.despite_title)}</h3>
            {text_field("reason", "text", t!(locale, registering.reason), t!(locale, registering.reason_hint), fields)}
            <div class="actions">
                <button class="btn" type="submit" name="despite" value="1">{t!(locale, registering.despite)}</button>
                <a class="btn btn--text" href="/accounts">{t!(locale, registering.cancel)}</a>
            </div>
        </section>
    }
    .into_any()
}

/// Who may be the person, and why; each with a button that takes them, where one can be pressed.
fn likely(locale: Locale, doubles: &[Double], with_buttons: bool) -> AnyView {
    let lines = doubles
        .iter()
        .map(|double| {
            let alike: Vec<&str> = double.alike.iter().map(|likeness| alike(locale, *likeness)).collect();
            let accounts = double
                .accounts
                .iter()
                .map(|(user_name, role)| {
                    let href = format!("/accounts?q={user_name}");
                    view! { " "<a class="num" href=href>{user_name.clone()}</a>" ("{account_role(locale, *role)}")" }
                })
                .collect_view();
            let take = with_buttons.then(|| {
                view! {
                    <button class="btn btn--small" type="submit" name="take" value=double.person.to_string()>
                        {t!(locale, registering.take, name = double.name)}
                    </button>
                }
            });
            view! { <li><b>{double.name.clone()}</b>{accounts}" "<span class="sub">{alike.join(", ")}</span>{take}</li> }
        })
        .collect_view();
    view! { <ul class="list">{lines}</ul> }.into_any()
}

/// What two people have in common, in words.
pub(super) fn alike(locale: Locale, likeness: Likeness) -> &'static str {
    match likeness {
        Likeness::Person => t!(locale, registering.alike.person),
        Likeness::Name => t!(locale, registering.alike.name),
        Likeness::Email => t!(locale, registering.alike.email),
        Likeness::External => t!(locale, registering.alike.external),
    }
}
