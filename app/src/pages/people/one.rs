//! `/people/{id}`: what somebody on the staff is at the institution, and which flags of UNI-Login they hold; for
//! its user administrators. Plain forms, posted to the page's own address, each with what it is to do.

use super::PEOPLE_ADDRESS;
use crate::document::for_capacity;
use crate::pages::PageTitle;
use crate::pages::accounts::form::{Sent, use_sent};
use crate::pages::accounts::{asked, csrf, refusal};
use crate::t;
use crate::text::{Locale, date, moment, use_locale};
use crate::words::people::user_type;
use domain::exchange::RefusalCode;
use domain::exchange::people::{Affiliated, AffiliationLine, FlagLine};
use domain::{Capacity, Flag, IdentitySource, Instant, PersonId, UserType};
use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};

/// What a form of the page does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed {
    /// Sets user types: fields `type`.
    Types,
    /// Sets flags: fields `flag`.
    Flags,
    /// Records the UNI-Login id: field `uni_id`.
    UniId,
    /// Confirms for another year.
    Confirm,
}

impl Deed {
    const ALL: [Self; 4] = [Self::Types, Self::Flags, Self::UniId, Self::Confirm];

    /// The value of the form's field `do`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Types => "types",
            Self::Flags => "flags",
            Self::UniId => "uni-id",
            Self::Confirm => "confirm",
        }
    }

    /// The deed of a code.
    #[must_use]
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|deed| deed.code() == code)
    }
}

/// Types that are given by hand: a pupil is one by a roster alone.
pub(super) fn types_by_hand() -> impl Iterator<Item = UserType> {
    UserType::ALL.into_iter().filter(|kind| *kind != UserType::Pupil)
}

/// The person that the address names.
#[component]
pub fn PersonPage() -> impl IntoView {
    for_capacity(&[Capacity::UserAdministration], |_| {
        let locale = use_locale();
        let id = use_params_map().read_untracked().get("id").and_then(|id| id.parse().ok()).map(PersonId);
        let sent = use_sent();
        let ask = move |service: service::Service, actor: service::Actor| async move {
            service.affiliated(&actor, id.ok_or(RefusalCode::NotFound)?).await
        };
        asked(ask, move |person: Affiliated| page(locale, &person, sent.as_ref()))
    })
}

fn page(locale: Locale, person: &Affiliated, sent: Option<&Sent>) -> AnyView {
    let refused = sent.and_then(Sent::refusal).map(|error| refusal(locale, error, t!(locale, staffing.bad_input)));
    let done = use_query_map().read_untracked().get("done").is_some() && refused.is_none();
    let done = done.then(|| view! { <p class="note note--done" role="status">{t!(locale, staffing.done)}</p> });
    let uni_id = person.uni_id.as_ref().map(|id| id.as_str().to_owned());
    let uni_id = match uni_id {
        Some(id) => view! { <p>{t!(locale, staffing.uni_id)}": "<span class="num">{id}</span></p> }.into_any(),
        None => uni_id_form(locale, person, sent),
    };
    view! {
        <PageTitle name=person.name.clone()/>
        <main class="page page--narrow" id="content">
            <p class="crumb"><a href=PEOPLE_ADDRESS>"← "{t!(locale, people.title)}</a></p>
            <h1>{person.name.clone()}</h1>
            {done}
            {refused}
            {uni_id}
            {present(locale, person)}
            {types(locale, person, sent)}
            {flags(locale, person, sent)}
        </main>
    }
    .into_any()
}

/// The form of one deed, with its one button.
fn deed(person: &Affiliated, deed: Deed, inner: AnyView, name: &'static str) -> AnyView {
    let action = format!("{PEOPLE_ADDRESS}/{}", person.person);
    view! {
        <form class="form" method="post" action=action>
            {csrf()}
            <input type="hidden" name="do" value=deed.code()/>
            {inner}
            <div class="actions"><button class="btn" type="submit">{name}</button></div>
        </form>
    }
    .into_any()
}

fn uni_id_form(locale: Locale, person: &Affiliated, sent: Option<&Sent>) -> AnyView {
    let typed = sent.map(|sent| sent.fields.get("uni_id").to_owned()).unwrap_or_default();
    let field = view! {
        <div class="field">
            <label for="uni_id">{t!(locale, staffing.uni_id)}</label>
            <p class="hint" id="uni_id-hint">{t!(locale, staffing.uni_id_hint)}</p>
            <input
                class="input num"
                id="uni_id"
                name="uni_id"
                maxlength="10"
                autocomplete="off"
                autocapitalize="none"
                spellcheck="false"
                value=typed
                aria-describedby="uni_id-hint"
            />
        </div>
    };
    deed(person, Deed::UniId, field.into_any(), t!(locale, staffing.uni_id_keep))
}

/// When something counts that does not yet.
fn coming(locale: Locale, person: &Affiliated, from: Option<Instant>) -> Option<AnyView> {
    from.map(|from| {
        let from = moment(locale, person.zone, from, person.now);
        view! { " "<span class="tag">{t!(locale, staffing.coming, from = from)}</span> }.into_any()
    })
}

/// What the person is now, from where, and how long.
fn present(locale: Locale, person: &Affiliated) -> AnyView {
    let row = |line: &AffiliationLine| {
        let source = if line.by_hand { t!(locale, staffing.by_hand) } else { t!(locale, staffing.by_roster) };
        let until = line.until.map(|until| {
            let (_, last) = person.zone.days(domain::Window { from: person.now, until: Some(until) });
            last.map(|day| t!(locale, staffing.until, day = date(locale, day)))
        });
        let due = line.can_be_confirmed.then(|| view! { " "<b>{t!(locale, staffing.due)}</b> });
        view! {
            <tr>
                <th scope="row">{user_type(locale, line.user_type)}{coming(locale, person, line.coming)}</th>
                <td>{source}</td>
                <td>{until.flatten()}{due}</td>
            </tr>
        }
    };
    let rows = person.types.iter().map(row).collect_view();
    let table = match person.types.is_empty() {
        true => view! { <p>{t!(locale, staffing.nothing)}</p> }.into_any(),
        false => view! {
            <table class="tbl">
                <thead>
                    <tr>
                        <th scope="col">{t!(locale, staffing.type_one)}</th>
                        <th scope="col">{t!(locale, staffing.source)}</th>
                        <th scope="col">{t!(locale, staffing.runs)}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        }
        .into_any(),
    };
    let due = person.types.iter().any(|line| line.can_be_confirmed);
    let confirm = due.then(|| deed(person, Deed::Confirm, ().into_any(), t!(locale, staffing.confirm)));
    view! {
        <section aria-labelledby="present">
            <h2 id="present">{t!(locale, staffing.present)}</h2>
            {table}
            {confirm}
        </section>
    }
    .into_any()
}

/// When what is added counts: said before it is added.
fn when(locale: Locale, person: &Affiliated) -> AnyView {
    let words = match person.adds_from > person.now {
        true => {
            let from = moment(locale, person.zone, person.adds_from, person.now);
            t!(locale, staffing.adds_from, from = from)
        }
        false => t!(locale, staffing.adds_now).to_owned(),
    };
    view! { <p class="hint">{words}" "{t!(locale, staffing.ends_now)}</p> }.into_any()
}

/// Boxes for user types; those of a roster are changed there.
fn types(locale: Locale, person: &Affiliated, sent: Option<&Sent>) -> AnyView {
    let by_roster = |kind: UserType| person.types.iter().any(|line| line.user_type == kind && !line.by_hand);
    let has = |kind: UserType| match sent.filter(|sent| sent.fields.says("do", Deed::Types.code())) {
        Some(sent) => sent.fields.says("type", kind.code()),
        None => person.types.iter().any(|line| line.user_type == kind),
    };
    let boxes = types_by_hand().filter(|kind| !by_roster(*kind)).map(|kind| {
        view! {
            <label class="choice">
                <input type="checkbox" name="type" value=kind.code() checked=has(kind)/>
                <span>{user_type(locale, kind)}</span>
            </label>
        }
    });
    let inner = view! {
        {when(locale, person)}
        <fieldset class="field">
            <legend>{t!(locale, staffing.types)}</legend>
            <p class="hint">{t!(locale, staffing.types_hint)}</p>
            <div class="form__choices">{boxes.collect_view()}</div>
        </fieldset>
    };
    view! {
        <section aria-labelledby="types">
            <h2 id="types">{t!(locale, staffing.types_title)}</h2>
            {deed(person, Deed::Types, inner.into_any(), t!(locale, staffing.types_save))}
        </section>
    }
    .into_any()
}

/// Boxes for flags, where they count; otherwise why there are none.
fn flags(locale: Locale, person: &Affiliated, sent: Option<&Sent>) -> AnyView {
    let form = if person.source != IdentitySource::Unilogin {
        view! { <p>{t!(locale, staffing.flags_local)}</p> }.into_any()
    } else if person.types.is_empty() {
        view! { <p>{t!(locale, staffing.flags_first)}</p> }.into_any()
    } else {
        let sent = sent.filter(|sent| sent.fields.says("do", Deed::Flags.code()));
        let boxes = Flag::OF_INSTITUTION.map(|flag| {
            let held = person.flags.iter().find(|held| held.flag == flag);
            let is_chosen = sent.map_or(held.is_some(), |sent| sent.fields.says("flag", flag.code()));
            let about = held.map(|held: &FlagLine| {
                let by = held.by.as_str();
                view! { {coming(locale, person, held.coming)}" "<span class="muted">{t!(locale, staffing.given_by, by = by)}</span> }
            });
            view! {
                <label class="choice">
                    <input type="checkbox" name="flag" value=flag.code() checked=is_chosen/>
                    <span><b>{flag.code()}</b>" – "{opens(locale, flag)}{about}</span>
                </label>
            }
        });
        let inner = view! {
            {when(locale, person)}
            <fieldset class="field">
                <legend>{t!(locale, staffing.flags)}</legend>
                <p class="hint">{t!(locale, staffing.flags_hint)}</p>
                <div class="form__choices">{boxes.into_iter().collect_view()}</div>
            </fieldset>
        };
        deed(person, Deed::Flags, inner.into_any(), t!(locale, staffing.flags_save))
    };
    view! {
        <section aria-labelledby="flags">
            <h2 id="flags">{t!(locale, staffing.flags_title)}</h2>
            {form}
        </section>
    }
    .into_any()
}

/// What a flag opens, and nothing else does.
fn opens(locale: Locale, flag: Flag) -> &'static str {
    match flag {
        Flag::Leadership => t!(locale, staffing.opens_leadership),
        Flag::TestAdministration => t!(locale, staffing.opens_tests),
        Flag::UserAdministration => t!(locale, staffing.opens_users),
        Flag::MunicipalOversight => t!(locale, staffing.opens_municipality),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deeds_read_back() {
        for deed in Deed::ALL {
            assert_eq!(Deed::of_code(deed.code()), Some(deed));
        }
        assert_eq!(Deed::of_code(""), None);
    }
}
