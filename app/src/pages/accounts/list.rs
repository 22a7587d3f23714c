//! `/accounts`: the accounts that somebody keeps, sought and filtered by the address.

use super::doubles::DOUBLES_PAGE;
use super::handover::HANDOVER_ADDRESS;
use super::new::NEW_ADDRESS;
use super::principal::PRINCIPAL_ADDRESS;
use super::reactivate::REACTIVATE_ADDRESS;
use super::subjects::SUBJECTS_ADDRESS;
use super::{asked, for_keepers, states, table};
use crate::pages::PageTitle;
use crate::pages::issued::ISSUE_ADDRESS;
use crate::pages::people::PEOPLE_ADDRESS;
use crate::t;
use crate::text::{Locale, date, long_date, use_locale};
use crate::ui::account_role;
use domain::account::{Action, CardEnd, Keeper, State};
use domain::exchange::Me;
use domain::exchange::accounts::{AccountFilter, AccountLine, AccountList};
use domain::notice::reminds_on;
use domain::{AccountRole, Date, InstitutionId};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

/// The accounts that the signed-in person keeps.
#[component]
pub fn AccountsPage() -> impl IntoView {
    for_keepers(|me| {
        let locale = use_locale();
        let filter = filter_of_address();
        let sought = filter.clone();
        let ask = move |service: service::Service, actor: service::Actor| {
            let filter = filter.clone();
            async move {
                let list = service.accounts(&actor, &filter).await?;
                let lapsing = service.lapsing_accounts(&actor).await?.len();
                Ok((list, lapsing))
            }
        };
        let page = move |(list, lapsing): (AccountList, usize)| page(locale, &me, &sought, &list, lapsing);
        view! { <PageTitle name=t!(locale, nav.accounts)/> {asked(ask, page)} }.into_any()
    })
}

/// What the address asks for; words that are none ask for nothing.
fn filter_of_address() -> AccountFilter {
    let query = use_query_map().read_untracked();
    let value = |key: &str| query.get(key).unwrap_or_default();
    AccountFilter {
        query: value("q"),
        states: states::of_code(&value("state")).into_iter().collect(),
        roles: AccountRole::from_code(&value("role")).into_iter().collect(),
    }
}

fn page(locale: Locale, me: &Me, filter: &AccountFilter, list: &AccountList, lapsing: usize) -> AnyView {
    let register = (!list.may_register.is_empty()).then(|| {
        view! { <a class="btn btn--primary" href=NEW_ADDRESS>{t!(locale, accounts.register)}</a> }
    });
    let letters = (!list.accounts.is_empty()).then(|| {
        view! { <a class="btn" href=ISSUE_ADDRESS>{t!(locale, letters.link)}</a> }
    });
    let place = me.institution.name.as_str();
    let lede = match list.keeper {
        Keeper::Authority => t!(locale, accounts.lede_authority, place = place),
        _ => t!(locale, accounts.lede_school, place = place, day = long_date(locale, list.lapse.previous())),
    };
    view! {
        <main class="page" id="content">
            <div class="headrow"><h1>{t!(locale, nav.accounts)}</h1><div class="actions">{letters}{register}</div></div>
            <p class="lede">{lede}</p>
            {tools(locale, me, list)}
            {reminder(locale, me, list.lapse, lapsing)}
            {cards(locale, list)}
            {filters(locale, filter, list)}
            {tables(locale, me, filter, list)}
        </main>
    }
    .into_any()
}

/// The ways to the other pages about accounts.
fn tools(locale: Locale, me: &Me, list: &AccountList) -> AnyView {
    let at_school = list.keeper != Keeper::Authority;
    let own = me.account.as_ref().map(|own| format!("/accounts/{}", own.id)).unwrap_or_default();
    // In August this is what there is to do.
    let lapsed = list.counts.iter().find(|(state, _)| *state == State::Lapsed).map_or(0, |(_, n)| *n);
    let reactivate = match lapsed {
        0 => t!(locale, accounts.tools.reactivate).to_owned(),
        n => t!(locale, accounts.tools.reactivate_n, n = n),
    };
    let links = [
        (true, REACTIVATE_ADDRESS, reactivate.as_str()),
        (at_school, SUBJECTS_ADDRESS, t!(locale, accounts.tools.subjects)),
        (at_school, DOUBLES_PAGE, t!(locale, accounts.tools.doubles)),
        (at_school, PEOPLE_ADDRESS, t!(locale, people.accounts_link)),
        (list.keeper == Keeper::Principal, HANDOVER_ADDRESS, t!(locale, accounts.tools.handover)),
        (!at_school, PRINCIPAL_ADDRESS, t!(locale, accounts.tools.principal)),
        (at_school && me.account.is_some(), own.as_str(), t!(locale, accounts.tools.own)),
    ];
    let links = links.into_iter().filter(|(is_here, ..)| *is_here);
    let links = links
        .map(|(_, href, name)| view! { <a class="btn btn--small" href=href.to_owned()>{name.to_owned()}</a> })
        .collect_view();
    view! { <nav class="actions" aria-label=t!(locale, accounts.tools.label)>{links}</nav> }.into_any()
}

/// From 1 June: how many lapse on 31 July, and that they come back.
fn reminder(locale: Locale, me: &Me, lapse: Date, lapsing: usize) -> Option<AnyView> {
    if lapsing == 0 || !reminds_on(me.institution.zone.date_of(me.now)) {
        return None;
    }
    let day = long_date(locale, lapse.previous());
    let title = match lapsing {
        1 => t!(locale, accounts.lapsing_one, day = day),
        n => t!(locale, accounts.lapsing_n, n = n, day = day),
    };
    let why = t!(locale, accounts.lapsing_why, from = date(locale, lapse));
    Some(
        view! {
           <section class="note note--warn">
               <h2>{title}</h2>
               <p>{why}" "<a href=format!("{REACTIVATE_ADDRESS}#next")>{t!(locale, accounts.lapsing_who)}</a></p>
           </section>
        }
        .into_any(),
    )
}

/// Is its card soon used up, while the account is still in use?
fn ends_soon(line: &AccountLine) -> bool {
    line.card_end == CardEnd::Soon && matches!(line.state, State::Issued | State::Active | State::Locked)
}

/// Whose cards are soon used up, in good time for new ones.
fn cards(locale: Locale, list: &AccountList) -> Option<AnyView> {
    let ending: Vec<&AccountLine> = list.accounts.iter().filter(|line| ends_soon(line)).collect();
    if ending.is_empty() {
        return None;
    }
    let people = ending
        .into_iter()
        .map(|line| {
            let left = t!(locale, accounts.card_left, n = line.challenges_left.unwrap_or(0));
            view! { <li><a href=format!("/accounts/{}#reissue", line.id)>{line.name()}</a>", "{left}</li> }
        })
        .collect_view();
    Some(
        view! {
            <section class="note note--warn">
                <h2>{t!(locale, accounts.cards_title)}</h2>
                <p>{t!(locale, accounts.cards_why)}</p>
                <ul class="list">{people}</ul>
            </section>
        }
        .into_any(),
    )
}

fn filters(locale: Locale, filter: &AccountFilter, list: &AccountList) -> AnyView {
    let count = |state: State| list.counts.iter().find(|(known, _)| *known == state).map_or(0, |(_, n)| *n);
    let states = State::ALL.into_iter().filter(|state| count(*state) > 0 || filter.states.contains(state));
    let states = states
        .map(|state| {
            let name = format!("{} ({})", states::name(locale, state), count(state));
            view! { <option value=states::code(state) selected=filter.states.contains(&state)>{name}</option> }
        })
        .collect_view();
    let roles = AccountRole::ALL.into_iter().filter(|role| list.keeper.lists(*role)).collect::<Vec<_>>();
    let roles = (roles.len() > 1).then(|| {
        let options = roles
            .into_iter()
            .map(|role| {
                let is_asked = filter.roles.contains(&role);
                view! { <option value=role.code() selected=is_asked>{account_role(locale, role)}</option> }
            })
            .collect_view();
        view! {
            <div class="field">
                <label for="role">{t!(locale, accounts.role)}</label>
                <select class="input" id="role" name="role"><option value="">{t!(locale, accounts.every_role)}</option>{options}</select>
            </div>
        }
    });
    view! {
        <form class="filters" method="get" action="/accounts" role="search">
            <div class="field">
                <label for="q">{t!(locale, accounts.sought)}</label>
                <input class="input" id="q" name="q" type="search" value=filter.query.clone() autocomplete="off"/>
            </div>
            <div class="field">
                <label for="state">{t!(locale, accounts.state)}</label>
                <select class="input" id="state" name="state"><option value="">{t!(locale, accounts.every_state)}</option>{states}</select>
            </div>
            {roles}
            <button class="btn" type="submit">{t!(locale, accounts.show)}</button>
        </form>
    }
    .into_any()
}

fn tables(locale: Locale, me: &Me, filter: &AccountFilter, list: &AccountList) -> AnyView {
    let is_sought = *filter != AccountFilter::default();
    let known: u32 = list.counts.iter().map(|(_, n)| n).sum();
    if list.accounts.is_empty() && is_sought {
        return view! {
            <p role="status">{t!(locale, accounts.none_fit)}</p>
            <p><a class="btn" href="/accounts">{t!(locale, accounts.show_all)}</a></p>
        }
        .into_any();
    }
    if list.accounts.is_empty() && list.keeper != Keeper::Authority {
        return view! { <p>{t!(locale, accounts.none_here)}</p> }.into_any();
    }
    let shown = view! {
        <p class="hint" role="status">
            {t!(locale, accounts.shown, shown = list.accounts.len(), all = known)}
            {is_sought.then(|| view! { " · "<a href="/accounts">{t!(locale, accounts.show_all)}</a> })}
        </p>
    };
    // A school's keeper has one place; an authority sees each of its schools, those without a principal too.
    let tables = list
        .institutions
        .iter()
        .filter_map(|(institution, name)| {
            let lines: Vec<&AccountLine> =
                list.accounts.iter().filter(|line| line.institution == *institution).collect();
            match (lines.is_empty(), is_sought) {
                (true, true) => None,
                (true, false) => Some(no_principal(locale, *institution, name)),
                (false, _) => Some(section(locale, me, list.keeper, *institution, name, &lines)),
            }
        })
        .collect_view();
    view! { {shown}{tables} }.into_any()
}

fn no_principal(locale: Locale, institution: InstitutionId, school: &str) -> AnyView {
    let href = format!("{NEW_ADDRESS}?institution={institution}");
    view! {
        <section>
            <h2>{school.to_owned()}</h2>
            <p>{t!(locale, accounts.no_principal)}" "<a href=href>{t!(locale, accounts.register_at)}</a></p>
        </section>
    }
    .into_any()
}

/// One place's accounts. An authority has several, and their names between the tables.
fn section(
    locale: Locale,
    me: &Me,
    keeper: Keeper,
    institution: InstitutionId,
    place: &str,
    lines: &[&AccountLine],
) -> AnyView {
    let id = format!("at-{institution}");
    let heading = (keeper == Keeper::Authority).then(|| view! { <h2>{place.to_owned()}</h2> });
    let caption = view! { <caption class="sr" id=id.clone()>{t!(locale, accounts.caption, place = place)}</caption> };
    let head =
        view! { {table::who_head(locale)}{table::facts_head(locale)}<th scope="col">{t!(locale, accounts.can)}</th> };
    let rows = lines.iter().map(|line| row(locale, me, line)).collect();
    view! { <section>{heading}{table::table(id, Some(caption.into_any()), head.into_any(), rows)}</section> }.into_any()
}

fn row(locale: Locale, me: &Me, line: &AccountLine) -> AnyView {
    let facts = table::facts(locale, me.institution.zone, line);
    view! { <tr>{table::who(line)}{facts}<td class="muted">{can(locale, me, line)}</td></tr> }.into_any()
}

/// What one may do to an account, in words.
fn can(locale: Locale, me: &Me, line: &AccountLine) -> String {
    let words: Vec<&str> = line
        .may
        .iter()
        .filter(|action| **action != Action::Merge)
        .map(|action| states::action(locale, *action))
        .collect();
    match words.as_slice() {
        [] if me.account.as_ref().is_some_and(|own| own.id == line.id) => t!(locale, accounts.own).to_owned(),
        [] => t!(locale, accounts.can_nothing).to_owned(),
        words => words.join(", "),
    }
}
