//! `/my-rights/access`: a teacher asks for access to results, by choosing classes and subjects, in
//! words, or both; works with scripts off.

use super::PageTitle;
use super::accounts::form::{Fields, Sent, use_sent};
use super::accounts::{asked, csrf, refusal};
use super::inbox::withdraw_form;
use crate::document::for_capacity;
use crate::t;
use crate::text::{Locale, moment, use_locale};
use domain::exchange::Me;
use domain::exchange::accounts::{AccessChoice, AccessChoices, AccessGroup, AccessWish};
use domain::{Capacity, GroupId};
use leptos::prelude::*;

/// Where the page is, and where its form goes: fields `group` and `subject`, several of each, and
/// `words`.
pub const ACCESS_ADDRESS: &str = "/my-rights/access";

/// What a form asks for; `None` where a group is no id.
#[must_use]
pub fn wish(fields: &Fields) -> Option<AccessWish> {
    let groups: Option<Vec<GroupId>> = fields.all("group").map(|id| id.parse().ok()).collect();
    let subjects = fields.all("subject").map(str::to_owned).collect();
    Some(AccessWish { choice: AccessChoice { groups: groups?, subjects }, words: fields.get("words").to_owned() })
}

/// What a teacher can choose from, and what they have asked for already.
#[component]
pub fn AccessPage() -> impl IntoView {
    for_capacity(&[Capacity::Teaching], |me| {
        let locale = use_locale();
        let sent = use_sent();
        let ask =
            |service: service::Service, actor: service::Actor| async move { service.access_choices(&actor).await };
        let page = move |choices: AccessChoices| page(locale, &me, &choices, sent.as_ref());
        view! { <PageTitle name=t!(locale, access.title)/> {asked(ask, page)} }.into_any()
    })
}

fn page(locale: Locale, me: &Me, choices: &AccessChoices, sent: Option<&Sent>) -> AnyView {
    let refused = sent.and_then(Sent::refusal).map(|error| refusal(locale, error, t!(locale, access.bad_input)));
    let typed = sent.and_then(|sent| wish(&sent.fields));
    // What was typed in vain is shown again; otherwise what was asked last and is still open.
    let chosen = typed.or_else(|| choices.open.as_ref().map(|open| open.wish.clone())).unwrap_or_default();
    let open = choices.open.as_ref().map(|open| {
        let when = moment(locale, me.institution.zone, open.asked, me.now);
        view! {
            <p class="note">{t!(locale, access.waits, when = when)}" "{t!(locale, access.change_why)}</p>
            {withdraw_form(locale, open.id)}
        }
    });
    let who = match choices.administrators.as_slice() {
        [] => t!(locale, my.no_administrators).to_owned(),
        names => t!(locale, access.who, names = names.join(", ")),
    };
    view! {
        <main class="page page--narrow" id="content">
            <p class="crumb"><a href="/my-rights">"← "{t!(locale, my.title)}</a></p>
            <h1>{t!(locale, access.title)}</h1>
            <p class="lede">{t!(locale, access.lede)}</p>
            <p>{who}</p>
            {open}
            {refused}
            <form class="form" method="post" action=ACCESS_ADDRESS>
                {csrf()}
                {groups(locale, &choices.groups, &chosen.choice)}
                {subjects(locale, choices, &chosen.choice)}
                <div class="field">
                    <label for="words">{t!(locale, access.words)}</label>
                    <p class="hint" id="words-hint">{t!(locale, access.words_hint)}</p>
                    <textarea class="input" id="words" name="words" rows="3" maxlength="500" aria-describedby="words-hint">
                        {chosen.words.clone()}
                    </textarea>
                </div>
                <div class="actions">
                    <button class="btn btn--primary" type="submit">{t!(locale, access.ask)}</button>
                    <a class="btn btn--text" href="/my-rights">{t!(locale, registering.cancel)}</a>
                </div>
            </form>
        </main>
    }
    .into_any()
}

/// One's own classes and groups in sight, the others folded away.
fn groups(locale: Locale, groups: &[AccessGroup], chosen: &AccessChoice) -> Option<AnyView> {
    if groups.is_empty() {
        return None;
    }
    let boxes = |own: bool| {
        let boxes = groups.iter().filter(move |group| group.is_own == own);
        boxes
            .map(|group| {
                let is_chosen = chosen.groups.contains(&group.id);
                view! {
                    <label class="choice">
                        <input type="checkbox" name="group" value=group.id.to_string() checked=is_chosen/>
                        <span>{group.name.clone()}</span>
                    </label>
                }
            })
            .collect_view()
    };
    let has = |own: bool| groups.iter().any(|group| group.is_own == own);
    let own = has(true).then(|| view! { <div class="form__boxes">{boxes(true)}</div> });
    let is_open = !has(true) || groups.iter().any(|group| !group.is_own && chosen.groups.contains(&group.id));
    let others = has(false).then(|| {
        view! {
            <details open=is_open>
                <summary>{t!(locale, access.other_groups)}</summary>
                <div class="form__boxes">{boxes(false)}</div>
            </details>
        }
    });
    Some(
        view! {
            <fieldset class="field">
                <legend>{t!(locale, access.groups)}</legend>
                {own}
                {others}
            </fieldset>
        }
        .into_any(),
    )
}

fn subjects(locale: Locale, choices: &AccessChoices, chosen: &AccessChoice) -> Option<AnyView> {
    if choices.subjects.is_empty() {
        return None;
    }
    let boxes = choices.subjects.iter().map(|subject| {
        let is_chosen = chosen.subjects.contains(&subject.slug);
        view! {
            <label class="choice">
                <input type="checkbox" name="subject" value=subject.slug.clone() checked=is_chosen/>
                <span>{subject.name.clone()}</span>
            </label>
        }
    });
    Some(
        view! {
            <fieldset class="field">
                <legend>{t!(locale, access.tests)}</legend>
                <p class="hint">{t!(locale, access.tests_hint)}</p>
                <div class="form__boxes">{boxes.collect_view()}</div>
            </fieldset>
        }
        .into_any(),
    )
}
