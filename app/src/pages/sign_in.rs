//! `/sign-in` and `/change-password`, and below them the second step: plain forms that work with scripts off.
//!
//! They post to their own addresses ([`SignIn`] says which fields); before sign-in is complete,
//! every sentence speaks of helpers by role, never by name.

pub mod broker;
pub mod second;

use super::PageTitle;
use super::doors::Doors;
use super::inactive::{ASK_HERE_ADDRESS, inactive};
use super::portal::OPEN_ADDRESS;
use crate::session_state::{DemoPerson, SignIn, SignInProblem, use_session};
use crate::t;
use crate::text::{Locale, use_locale};
use crate::ui::{CodeHelp, account_role};
use crate::words::people::password_hint;
use domain::exchange::own::PasswordHint;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

/// What the server provided, or what the address says: `/sign-in?state=signed-out`.
fn use_sign_in() -> SignIn {
    let mut sign_in = use_context::<SignIn>().unwrap_or_default();
    if sign_in.problem.is_none() {
        let state = use_query_map().read_untracked().get("state");
        sign_in.problem = state.and_then(|code| SignInProblem::from_code(&code));
    }
    sign_in
}

#[component]
fn Csrf() -> impl IntoView {
    view! { <input type="hidden" name="csrf" value=use_session().csrf/> }
}

/// A message above the form: one heading, sentences, and a link to the field it is about.
#[component]
fn Message(
    kind: &'static str,
    title: &'static str,
    /// Id of the field that the first sentence leads to.
    #[prop(optional)]
    field: Option<&'static str>,
    first: String,
    #[prop(optional)] second: &'static str,
    #[prop(optional)] third: &'static str,
    /// What the help page says more of.
    #[prop(optional)]
    problem: Option<SignInProblem>,
) -> impl IntoView {
    let first = match field {
        Some(id) => view! { <a href=format!("#{id}")>{first}</a>". " }.into_any(),
        None => view! { {first}" " }.into_any(),
    };
    let third = (!third.is_empty()).then(|| view! { <p>{third}</p> });
    view! {
        <div class=kind role=if kind == "note" { "status" } else { "alert" } tabindex="-1" data-focus="">
            <h2>{title}</h2>
            <p>{first}{second}</p>
            {third}
            {problem.and_then(SignInProblem::number).map(|number| view! { <p><CodeHelp number/></p> })}
        </div>
    }
}

/// Does the address say that the sign-in begins again, perhaps with another account?
fn begins_again() -> bool {
    use_query_map().read_untracked().get("again").is_some()
}

/// The button that asks for a new card or password, for whoever has given the right password.
pub(super) fn ask_anew(locale: Locale, has_card: bool) -> AnyView {
    let name = if has_card { t!(locale, sign_in.ask_anew) } else { t!(locale, own.ask_anew) };
    view! {
        <form method="post" action=ASK_HERE_ADDRESS>
            <Csrf/>
            <button class="btn btn--small" type="submit">{name}</button>
        </form>
    }
    .into_any()
}

/// That it was asked.
pub(super) fn asked_anew(locale: Locale) -> AnyView {
    view! {
        <Message kind="note" title=t!(locale, sign_in.asked_anew_title) first=t!(locale, sign_in.asked_anew).to_owned()/>
    }
    .into_any()
}

/// The title, with "Error" before it where something was wrong.
pub(super) fn title(locale: Locale, name: &str, wrong: bool) -> String {
    if wrong { format!("{}{name}", t!(locale, sign_in.error_prefix)) } else { name.to_owned() }
}

/// Step one: user name and password.
#[component]
pub fn SignInPage() -> impl IntoView {
    let locale = use_locale();
    let sign_in = use_sign_in();
    // Looked at again, in another language too, code 31 is still what this browser stands at.
    let is_inactive = sign_in.problem.is_none() && sign_in.inactive.is_some() && !begins_again();
    if is_inactive || matches!(sign_in.problem, Some(SignInProblem::Inactive | SignInProblem::Asked)) {
        return inactive(locale, &sign_in);
    }
    if sign_in.problem == Some(SignInProblem::NotForThem) {
        return broker::not_for_them(locale);
    }
    let message = match sign_in.problem {
        Some(SignInProblem::Wrong | SignInProblem::WrongCodes | SignInProblem::WrongPasskey) => Some(
            view! {
                <Message
                    kind="note note--error"
                    title=t!(locale, sign_in.wrong_title)
                    field="username"
                    first=t!(locale, sign_in.wrong).to_owned()
                    second=t!(locale, sign_in.wrong_again)
                    third=t!(locale, sign_in.wrong_help)
                    problem=SignInProblem::Wrong
                />
            }
            .into_any(),
        ),
        Some(SignInProblem::Busy) => Some(
            view! {
                <Message kind="note note--warn" title=t!(locale, sign_in.busy_title) first=t!(locale, sign_in.busy).to_owned()/>
            }
            .into_any(),
        ),
        Some(SignInProblem::SignedOut) => Some(
            view! {
                <Message kind="note" title=t!(locale, sign_in.signed_out_title) first=t!(locale, sign_in.signed_out).to_owned()/>
            }
            .into_any(),
        ),
        Some(SignInProblem::Ended) => Some(
            view! {
                <Message kind="note" title=t!(locale, sign_in.signed_out_title) first=t!(locale, sign_in.ended).to_owned()/>
            }
            .into_any(),
        ),
        Some(SignInProblem::PasskeyRemoved) => Some(
            view! {
                <Message kind="note" title=t!(locale, sign_in.signed_out_title) first=t!(locale, passkeys.removed_signed_out).to_owned()/>
            }
            .into_any(),
        ),
        Some(SignInProblem::CardUsedUp) => Some(
            view! {
                <Message kind="note note--warn" title=t!(locale, sign_in.used_up_title) first=t!(locale, sign_in.used_up).to_owned() problem=SignInProblem::CardUsedUp/>
                {ask_anew(locale, true)}
            }
            .into_any(),
        ),
        Some(SignInProblem::AskedAnew) => Some(asked_anew(locale)),
        Some(problem) => broker::message(locale, problem),
        None => None,
    };
    let has_broker = sign_in.broker;
    let wrong =
        matches!(sign_in.problem, Some(SignInProblem::Wrong | SignInProblem::WrongCodes | SignInProblem::WrongPasskey));
    view! {
        <PageTitle name=title(locale, t!(locale, sign_in.title), wrong)/>
        <main class="sign" id="content">
            {message}
            <h1>{t!(locale, sign_in.title)}</h1>
            {has_broker.then(|| broker::button(locale))}
            <form method="post" action="/sign-in">
                <Csrf/>
                <div class="field">
                    <label for="username">{t!(locale, sign_in.user_name)}</label>
                    <p class="hint" id="username-hint">{t!(locale, sign_in.user_name_hint)}</p>
                    <input
                        class="input num"
                        id="username"
                        name="username"
                        autocomplete="username"
                        autocapitalize="none"
                        spellcheck="false"
                        required
                        aria-invalid=wrong.then_some("true")
                        aria-describedby="username-hint"
                    />
                </div>
                <div class="field">
                    <label for="password">{t!(locale, sign_in.password)}</label>
                    <input
                        class="input"
                        id="password"
                        name="password"
                        type="password"
                        autocomplete="current-password"
                        required
                        aria-invalid=wrong.then_some("true")
                    />
                </div>
                <ShowPassword fields="password"/>
                <div class="actions">
                    <button class="btn btn--primary" type="submit">{t!(locale, sign_in.go_on)}</button>
                </div>
            </form>
            <p class="hint">
                {t!(locale, sign_in.forgotten)}" "<a href="/help#sign-in">{t!(locale, help.with_sign_in)}</a>
            </p>
            <details class="sign__others">
                <summary>{t!(locale, doors.title)}</summary>
                <Doors/>
                <p class="hint">{t!(locale, doors.be_teacher)}" "<a href=OPEN_ADDRESS>{t!(locale, portal.open_link)}</a></p>
            </details>
            {(!sign_in.demo.is_empty()).then(|| view! { <DemoPeople people=sign_in.demo/> })}
        </main>
    }
    .into_any()
}

/// A checkbox that a script wakes up; without scripts it is not there.
#[component]
fn ShowPassword(
    /// Ids of the fields, separated by spaces.
    fields: &'static str,
) -> impl IntoView {
    view! {
        <label class="choice" hidden>
            <input type="checkbox" data-shows=fields/>
            {t!(use_locale(), sign_in.show_password)}
        </label>
    }
}

/// One button for each demo person, school by school.
#[component]
fn DemoPeople(people: Vec<DemoPerson>) -> impl IntoView {
    let locale = use_locale();
    let mut schools: Vec<(String, Vec<DemoPerson>)> = Vec::new();
    for person in people {
        match schools.iter_mut().find(|(school, _)| *school == person.institution) {
            Some((_, staff)) => staff.push(person),
            None => schools.push((person.institution.clone(), vec![person])),
        }
    }
    let schools = schools
        .into_iter()
        .map(|(school, staff)| {
            let buttons = staff
                .into_iter()
                .map(|person| {
                    view! {
                        <li>
                            <button class="btn demo__person" type="submit" name="person" value=person.key>
                                <b>{person.name}</b>
                                <small>{account_role(locale, person.role)}</small>
                            </button>
                        </li>
                    }
                })
                .collect_view();
            view! { <h3>{school}</h3><ul class="demo__people">{buttons}</ul> }
        })
        .collect_view();
    view! {
        <section class="sign__others demo" aria-labelledby="demo">
            <h2 id="demo">{t!(locale, sign_in.demo_title)}</h2>
            <p class="hint">{t!(locale, sign_in.demo)}</p>
            <form method="post" action="/sign-in/demo"><Csrf/>{schools}</form>
        </section>
    }
}

/// A step of a sign-in that is not under way (any more).
#[component]
fn StartOver() -> impl IntoView {
    let locale = use_locale();
    view! {
        <PageTitle name=t!(locale, sign_in.start_over_title)/>
        <main class="sign" id="content">
            <h1>{t!(locale, sign_in.start_over_title)}</h1>
            <p>{t!(locale, sign_in.start_over)}</p>
            <p><a class="btn btn--primary" href="/sign-in">{t!(locale, sign_in.title)}</a></p>
        </main>
    }
}

/// Answers a script with advice about a password that is being typed.
pub const HINTS_ADDRESS: &str = "/api/password-hints";

/// Advice about a password, as a piece of the page; empty for none.
#[must_use]
pub fn hints(locale: Locale, hints: &[PasswordHint]) -> String {
    if hints.is_empty() { String::new() } else { Owner::new().with(|| advice(locale, hints).to_html()) }
}

fn advice(locale: Locale, hints: &[PasswordHint]) -> AnyView {
    let lines = hints.iter().map(|hint| view! { <li>{password_hint(locale, *hint)}</li> }).collect_view();
    view! { <p><b>{t!(locale, hint.title)}</b></p><ul class="list">{lines}</ul> }.into_any()
}

/// The person sets a password of their own: in place of an issued one, or of the present one.
#[component]
pub fn ChangePasswordPage() -> impl IntoView {
    let locale = use_locale();
    let sign_in = use_sign_in();
    let least = sign_in.password_min;
    if least == 0 {
        return view! { <StartOver/> }.into_any();
    }
    let wrong = match sign_in.problem {
        Some(SignInProblem::PasswordShort) => Some(t!(locale, sign_in.short, n = least)),
        Some(SignInProblem::PasswordCommon) => Some(t!(locale, sign_in.common).to_owned()),
        Some(SignInProblem::PasswordLong) => Some(t!(locale, sign_in.long).to_owned()),
        Some(SignInProblem::PasswordSame) if sign_in.asks_current => Some(t!(locale, sign_in.same_own).to_owned()),
        Some(SignInProblem::PasswordSame) => Some(t!(locale, sign_in.same).to_owned()),
        Some(SignInProblem::PasswordsDiffer) => Some(t!(locale, sign_in.differ).to_owned()),
        _ => None,
    };
    let is_wrong = wrong.is_some();
    let busy = (sign_in.problem == Some(SignInProblem::Busy)).then(|| {
        view! {
            <Message kind="note note--warn" title=t!(locale, sign_in.busy_title) first=t!(locale, sign_in.busy).to_owned()/>
        }
    });
    let current_wrong = sign_in.asks_current && sign_in.problem == Some(SignInProblem::Wrong);
    let (faulty, first) = if current_wrong {
        ("current", Some(t!(locale, sign_in.current_wrong).to_owned()))
    } else {
        ("new-password", wrong.clone())
    };
    let message = first.map(|first| {
        view! {
            <Message
                kind="note note--error"
                title=t!(locale, sign_in.change_wrong_title)
                field=faulty
                first
                problem=if current_wrong { SignInProblem::Wrong } else { SignInProblem::PasswordShort }
            />
        }
    });
    let current = sign_in.asks_current.then(|| view! { <CurrentPassword wrong=current_wrong/> });
    let lead = if sign_in.asks_current { t!(locale, sign_in.change_own) } else { t!(locale, sign_in.change) };
    let error = wrong.map(|text| {
        view! {
            <p class="error" id="new-password-error">
                <span class="sr">{t!(locale, sign_in.error_prefix)}</span>{text}
            </p>
        }
    });
    view! {
        <PageTitle name=title(locale, t!(locale, sign_in.change_title), is_wrong || current_wrong)/>
        <main class="sign" id="content">
            {busy}
            {message}
            <div><h1>{t!(locale, sign_in.change_title)}</h1></div>
            <p>{lead}</p>
            <form method="post" action="/change-password">
                <Csrf/>
                // For password managers: whose password this is.
                <input type="text" name="username" autocomplete="username" value=sign_in.user_name readonly hidden/>
                {current}
                <div class="field" class:field--error=is_wrong>
                    <label for="new-password">{t!(locale, sign_in.new_password)}</label>
                    <p class="hint" id="new-password-hint">{t!(locale, sign_in.new_password_hint, n = least)}</p>
                    {error}
                    <input
                        class="input"
                        id="new-password"
                        name="password"
                        type="password"
                        autocomplete="new-password"
                        minlength=least
                        required
                        aria-invalid=is_wrong.then_some("true")
                        aria-describedby=if is_wrong { "new-password-hint new-password-error" } else { "new-password-hint" }
                    />
                </div>
                // What was refused is advised on by the server; while typing, a script asks.
                <div
                    class="note note--warn"
                    id="password-advice"
                    role="status"
                    data-advises=HINTS_ADDRESS
                    hidden=sign_in.hints.is_empty()
                >
                    {(!sign_in.hints.is_empty()).then(|| advice(locale, &sign_in.hints))}
                </div>
                <div class="field">
                    <label for="repeated">{t!(locale, sign_in.repeat_password)}</label>
                    <input
                        class="input"
                        id="repeated"
                        name="repeated"
                        type="password"
                        autocomplete="new-password"
                        minlength=least
                        required
                    />
                </div>
                <ShowPassword fields="new-password repeated"/>
                <div class="actions">
                    <button class="btn btn--primary" type="submit">{t!(locale, sign_in.change_submit)}</button>
                </div>
            </form>
        </main>
    }
    .into_any()
}

/// The present password, which a change of one's own asks for.
#[component]
fn CurrentPassword(wrong: bool) -> impl IntoView {
    let locale = use_locale();
    let error = wrong.then(|| {
        view! {
            <p class="error" id="current-error">
                <span class="sr">{t!(locale, sign_in.error_prefix)}</span>{t!(locale, sign_in.current_wrong)}
            </p>
        }
    });
    view! {
        <div class="field" class:field--error=wrong>
            <label for="current">{t!(locale, sign_in.current)}</label>
            {error}
            <input
                class="input"
                id="current"
                name="current"
                type="password"
                autocomplete="current-password"
                required
                aria-invalid=wrong.then_some("true")
                aria-describedby=wrong.then_some("current-error")
            />
        </div>
    }
}
