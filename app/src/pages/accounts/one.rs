//! `/accounts/ID`: one account: what it is, its state and the way out of it, what can be done, what
//! others do instead, and what became of it.

use super::form::{Fields, Sent, use_sent};
use super::new::{languages, subjects, text_field};
use super::{asked, crumb, csrf, done, for_keepers, refusal, states};
use crate::pages::PageTitle;
use crate::pages::inbox::ask_form;
use crate::t;
use crate::text::{Locale, date, moment, use_locale};
use crate::ui::account_role;
use crate::words::people::{account_deed, doer};
use domain::account::{Action, Keeper, Reactivation, State};
use domain::exchange::Me;
use domain::exchange::accounts::{AccountChange, AccountDetail, AccountEvent, AccountLine, Anew, ByOthers, Help, Wish};
use domain::{AccountId, AccountRole};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

/// What can be done to an account by a form of its page: the value of the field `do`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed {
    /// Name, e-mail and subjects are written as given.
    Change,
    /// It is closed for the time being.
    Deactivate,
    /// It is opened again.
    Reactivate,
    /// It is closed for good.
    Delete,
    /// It is parted from the account that it was united with.
    Separate,
}

impl Deed {
    const ALL: [Self; 5] = [Self::Change, Self::Deactivate, Self::Reactivate, Self::Delete, Self::Separate];

    /// Its word in the form, and in the address of the page that follows.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Change => "change",
            Self::Deactivate => "deactivate",
            Self::Reactivate => "reactivate",
            Self::Delete => "delete",
            Self::Separate => "separate",
        }
    }

    /// What a form asks for.
    #[must_use]
    pub fn of(fields: &Fields) -> Option<Self> {
        Self::ALL.into_iter().find(|deed| fields.says("do", deed.code()))
    }
}

/// What a form asks to change. Names are left where the form has none; subjects where it says so.
#[must_use]
pub fn change(fields: &Fields) -> AccountChange {
    let text = |name| fields.get(name).to_owned();
    AccountChange {
        names: fields.says("names", "1").then(|| (text("given"), text("family"))),
        email: Some(text("email")),
        subjects: fields.says("subjects", "1").then(|| fields.all("subject").map(str::to_owned).collect()),
    }
}

/// The account that the address names.
#[component]
pub fn AccountPage() -> impl IntoView {
    for_keepers(|me| {
        let locale = use_locale();
        let id = use_params_map().read_untracked().get("id").and_then(|id| id.parse().ok()).map(AccountId);
        let sent = use_sent();
        let ask = move |service: service::Service, actor: service::Actor| async move {
            let id = id.ok_or(domain::exchange::RefusalCode::NotFound)?;
            service.account_detail(&actor, id).await
        };
        asked(ask, move |detail: AccountDetail| page(locale, &me, &detail, sent.as_ref()))
    })
}

fn page(locale: Locale, me: &Me, detail: &AccountDetail, sent: Option<&Sent>) -> AnyView {
    let line = &detail.line;
    let refused = sent.and_then(Sent::refusal).map(|error| refusal(locale, error, t!(locale, account.bad_input)));
    view! {
        <PageTitle name=line.name()/>
        <main class="page page--narrow" id="content">
            {crumb(locale)}
            <h1>{line.name()}</h1>
            <p class="lede"><span class="num">{line.user_name.clone()}</span>", "{account_role(locale, line.role)}", "{line.institution_name.clone()}</p>
            {done(locale)}
            {refused}
            {standing(locale, me, detail)}
            {facts(locale, me, line)}
            {others(locale, detail.line.id, &detail.by_others)}
            {changing(locale, detail, sent)}
            {reissuing(locale, detail)}
            {closing(locale, line)}
            {history(locale, me, &detail.history)}
        </main>
    }
    .into_any()
}

/// The form of one deed.
fn deed(line: &AccountLine, deed: Deed, inner: AnyView) -> AnyView {
    let action = format!("/accounts/{}", line.id);
    view! {
        <form class="form" method="post" action=action>
            {csrf()}
            <input type="hidden" name="do" value=deed.code()/>
            {inner}
        </form>
    }
    .into_any()
}

/// The state, and what leads out of it.
fn standing(locale: Locale, me: &Me, detail: &AccountDetail) -> AnyView {
    let line = &detail.line;
    let can = |action| line.may.contains(&action);
    let button = |of: Deed, text: &'static str| {
        deed(
            line,
            of,
            view! { <div class="actions"><button class="btn btn--primary" type="submit">{text}</button></div> }
                .into_any(),
        )
    };
    let way = match line.state {
        State::Issued => Some(t!(locale, account.way.issued)),
        State::Active => None,
        State::Locked => Some(t!(locale, account.way.locked)),
        State::Lapsed => Some(t!(locale, account.way.lapsed)),
        State::Deactivated => Some(t!(locale, account.way.deactivated)),
        State::Deleted => Some(t!(locale, account.way.deleted)),
        State::Merged => Some(t!(locale, account.way.merged)),
    };
    let not_before = match detail.reactivation {
        Reactivation::NotBefore(day) if line.state == State::Active => {
            Some(view! { <p>{t!(locale, account.not_before, day = date(locale, day))}</p> })
        }
        _ => None,
    };
    let reactivate = can(Action::Reactivate).then(|| button(Deed::Reactivate, t!(locale, account.reactivate)));
    let separate = can(Action::Separate).then(|| button(Deed::Separate, t!(locale, account.separate)));
    let stays = line.merged_into.map(|id| {
        view! { <p><a href=format!("/accounts/{id}")>{t!(locale, account.the_other)}</a></p> }
    });
    view! {
        <section aria-labelledby="state">
            <h2 id="state">{t!(locale, accounts.state)}</h2>
            <p>{states::view(locale, me.institution.zone, line)}</p>
            {way.map(|way| view! { <p>{way}</p> })}
            {not_before}
            {stays}
            {reactivate}
            {separate}
        </section>
    }
    .into_any()
}

fn facts(locale: Locale, me: &Me, line: &AccountLine) -> AnyView {
    let zone = me.institution.zone;
    let at = |at| moment(locale, zone, at, me.now);
    let letter = line.letter.as_ref().map(|note| {
        let printed = match &note.printed {
            Some((when, by)) => t!(locale, account.printed, when = at(*when), by = by),
            None => t!(locale, account.not_printed).to_owned(),
        };
        let issued = t!(locale, account.issued, when = at(note.issued), by = doer(locale, &note.issued_by));
        view! { <dt>{t!(locale, account.letter)}</dt><dd>{issued}" "{printed}</dd> }
    });
    let card = states::card(locale, line).map(|card| view! { <dt>{t!(locale, account.card)}</dt><dd>{card}</dd> });
    let passkeys = (line.passkeys > 0).then(|| {
        view! { <dt>{t!(locale, passkeys.title)}</dt><dd>{line.passkeys}</dd> }
    });
    let email = line.email.clone().unwrap_or_else(|| t!(locale, account.none).to_owned());
    view! {
        <section aria-labelledby="facts">
            <h2 id="facts">{t!(locale, account.facts)}</h2>
            <dl class="dl">
                <dt>{t!(locale, accounts.user_name)}</dt><dd class="num">{line.user_name.clone()}</dd>
                <dt>{t!(locale, registering.email)}</dt><dd>{email}</dd>
                <dt>{t!(locale, account.created)}</dt><dd>{at(line.created)}</dd>
                {letter}
                {card}
                {passkeys}
            </dl>
        </section>
    }
    .into_any()
}

/// What the reader may not do, why, and who does it.
fn others(locale: Locale, account: AccountId, by_others: &[ByOthers]) -> Option<AnyView> {
    let mut groups: Vec<(&ByOthers, Vec<&str>)> = Vec::new();
    for of in by_others.iter().filter(|of| !matches!(of.action, Action::Merge | Action::Separate)) {
        let word = states::action(locale, of.action);
        match groups.iter_mut().find(|(known, _)| (&known.help, known.is_own) == (&of.help, of.is_own)) {
            Some((_, words)) => words.push(word),
            None => groups.push((of, vec![word])),
        }
    }
    if groups.is_empty() {
        return None;
    }
    let has_somebody = |of: &&ByOthers| of.help.iter().any(|help| !help.names.is_empty());
    let asks = by_others.iter().filter(has_somebody).filter_map(|of| Wish::for_action(of.action));
    // Two accounts are needed for that: it is asked where they stand side by side.
    let asks = asks.filter(|wish| *wish != Wish::Merge);
    let asks = asks.map(|wish| ask_form(locale, account, wish)).collect_view();
    let lines = groups
        .iter()
        .map(|(of, words)| {
            let why = if of.is_own { t!(locale, account.own_why) } else { t!(locale, account.others_why) };
            let who: Vec<String> = of.help.iter().map(|help| helper(locale, help)).collect();
            let ask = t!(locale, account.ask, what = words.join(", "), who = who.join("; "));
            view! { <li>{why}" "{ask}</li> }
        })
        .collect_view();
    Some(
        view! {
            <section aria-labelledby="others">
                <h2 id="others">{t!(locale, account.others)}</h2>
                <ul class="list">{lines}</ul>
                <div class="actions">{asks}</div>
            </section>
        }
        .into_any(),
    )
}

/// Who helps, by role and name.
pub(crate) fn helper(locale: Locale, help: &Help) -> String {
    let role = match help.keeper {
        Keeper::TestAdministrator => t!(locale, account.helper.test_administrator),
        Keeper::Principal => t!(locale, account.helper.principal),
        Keeper::Authority => t!(locale, account.helper.authority),
        Keeper::Operator => t!(locale, account.helper.operator),
    };
    match help.names.as_slice() {
        [] => role.to_owned(),
        names => format!("{role} ({})", names.join(", ")),
    }
}

/// The form for name, e-mail and subjects.
fn changing(locale: Locale, detail: &AccountDetail, sent: Option<&Sent>) -> Option<AnyView> {
    let line = &detail.line;
    if !line.may.contains(&Action::Change) {
        return None;
    }
    // What was typed in vain is shown again; otherwise what is stored.
    let typed = sent.map(|sent| sent.fields.clone()).filter(|fields| Deed::of(fields) == Some(Deed::Change));
    let fields = typed.clone().unwrap_or_else(|| {
        let email = line.email.clone().unwrap_or_default();
        [("given", line.given.clone()), ("family", line.family.clone()), ("email", email)].into_iter().collect()
    });
    let names = if line.name_is_ours {
        view! {
            <input type="hidden" name="names" value="1"/>
            <div class="form__pair">
                {text_field("given", "text", t!(locale, registering.given), "", &fields)}
                {text_field("family", "text", t!(locale, registering.family), "", &fields)}
            </div>
        }
        .into_any()
    } else {
        view! { <p class="hint">{t!(locale, account.name_from_roster)}</p> }.into_any()
    };
    let with_subjects = line.role == AccountRole::Teacher && !detail.offered.is_empty();
    let boxes = with_subjects.then(|| {
        let all = detail.offered.iter().map(|subject| (&*subject.slug, &*subject.name));
        let is_chosen = |slug: &str| match &typed {
            Some(typed) => typed.says("subject", slug),
            None => line.subjects.iter().any(|held| held == slug),
        };
        view! { <input type="hidden" name="subjects" value="1"/> {subjects(locale, all, is_chosen)} }
    });
    let inner = view! {
        {names}
        {text_field("email", "email", t!(locale, registering.email), t!(locale, registering.email_hint), &fields)}
        {boxes}
        <div class="actions"><button class="btn" type="submit">{t!(locale, account.save)}</button></div>
    };
    Some(
        view! {
            <section aria-labelledby="change">
                <h2 id="change">{t!(locale, account.change)}</h2>
                {deed(line, Deed::Change, inner.into_any())}
            </section>
        }
        .into_any(),
    )
}

/// New credentials: the answer is the letter, shown once.
fn reissuing(locale: Locale, detail: &AccountDetail) -> Option<AnyView> {
    let line = &detail.line;
    if !line.may.contains(&Action::Reissue) {
        return None;
    }
    let has_card = line.challenges_left.is_some();
    let choices = [
        (
            Anew::Password,
            if has_card { t!(locale, account.anew.password) } else { t!(locale, account.anew.password_alone) },
        ),
        (Anew::Matrix, if has_card { t!(locale, account.anew.matrix) } else { t!(locale, account.anew.first_matrix) }),
        (Anew::Both, t!(locale, account.anew.both)),
    ];
    let choices = choices.map(|(what, name)| {
        view! {
            <label class="choice">
                <input type="radio" name="what" value=what.code() checked=what == Anew::Password/>
                <span>{name}</span>
            </label>
        }
    });
    let language = detail.language;
    Some(
        view! {
            <section aria-labelledby="reissue">
                <h2 id="reissue">{t!(locale, account.reissue)}</h2>
                <p>{t!(locale, account.reissue_why)}</p>
                <form class="form" method="post" action=crate::pages::issued::ISSUE_ADDRESS>
                    {csrf()}
                    <input type="hidden" name="account" value=line.id.to_string()/>
                    <div class="form__choices" role="radiogroup" aria-labelledby="reissue">{choices.into_iter().collect_view()}</div>
                    {languages(locale, language)}
                    <div class="actions">
                        <button class="btn" type="submit">{t!(locale, account.reissue_do)}</button>
                    </div>
                </form>
            </section>
        }
        .into_any(),
    )
}

/// Closing for the time being, and for good; what cannot be taken back is asked for twice.
fn closing(locale: Locale, line: &AccountLine) -> Option<AnyView> {
    let can = |action| line.may.contains(&action);
    if !can(Action::Deactivate) && !can(Action::Delete) {
        return None;
    }
    let button = |text: String| {
        view! { <div class="actions"><button class="btn" type="submit">{text}</button></div> }.into_any()
    };
    let deactivate = can(Action::Deactivate).then(|| {
        let text = t!(locale, account.deactivate).to_owned();
        view! { <p>{t!(locale, account.deactivate_why)}</p> {deed(line, Deed::Deactivate, button(text))} }
    });
    let delete = can(Action::Delete).then(|| {
        let text = t!(locale, account.delete_do, user_name = line.user_name);
        view! {
            <details>
                <summary>{t!(locale, account.delete)}</summary>
                <div class="note note--warn">
                    <p>{t!(locale, account.delete_why)}</p>
                    {deed(line, Deed::Delete, button(text))}
                </div>
            </details>
        }
    });
    Some(
        view! {
            <section aria-labelledby="close">
                <h2 id="close">{t!(locale, account.close)}</h2>
                {deactivate}
                {delete}
            </section>
        }
        .into_any(),
    )
}

fn history(locale: Locale, me: &Me, events: &[AccountEvent]) -> AnyView {
    let lines = events
        .iter()
        .map(|event| {
            let (what, by) = (account_deed(locale, event.what), doer(locale, &event.by).to_owned());
            let when = moment(locale, me.institution.zone, event.at, me.now);
            let united = event.united.as_ref().map(|user_name| {
                view! { <span class="sub num">{t!(locale, account.of_united, user_name = user_name)}</span> }
            });
            view! { <tr><td class="nw">{when}</td><td>{what}{united}</td><td>{by}</td></tr> }
        })
        .collect_view();
    view! {
        <section aria-labelledby="history">
            <h2 id="history">{t!(locale, account.history)}</h2>
            <table class="tbl" aria-labelledby="history">
                <thead>
                    <tr>
                        <th scope="col">{t!(locale, account.when)}</th>
                        <th scope="col">{t!(locale, account.what)}</th>
                        <th scope="col">{t!(locale, account.who)}</th>
                    </tr>
                </thead>
                <tbody>{lines}</tbody>
            </table>
        </section>
    }
    .into_any()
}
