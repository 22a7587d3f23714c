//! `/account/passkeys`: one's own passkeys, added, renamed and removed. Adding one needs the browser's
//! help, and so a script; everything else works without.

use crate::document::loaded;
use crate::error::AppError;
use crate::pages::PageTitle;
use crate::pages::accounts::form::{Fields, Sent, use_sent};
use crate::pages::accounts::one::helper;
use crate::server_context::own_session;
use crate::session_state::use_session;
use crate::t;
use crate::text::{Locale, moment, use_locale};
use crate::ui::ErrorNote;
use domain::account::second::{Adding, PASSKEYS_MAX, Removal};
use domain::exchange::accounts::{OwnPasskey, OwnPasskeys};
use domain::exchange::{Me, RefusalCode};
use leptos::nonce::use_nonce;
use leptos::prelude::*;
use leptos_router::hooks::{use_location, use_query_map};
use service::passkeys::NAME_MAX;

/// The page, and where its forms post to.
pub const PASSKEYS_ADDRESS: &str = "/account/passkeys";
/// The first half of adding one.
pub const BEGIN_ADDRESS: &str = "/account/passkeys/begin";

/// What a form of the page does: the value of the field `do`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed {
    /// Adds the passkey in `credential`, called `name`.
    Add,
    /// Calls `passkey` `name`.
    Rename,
    /// Removes `passkey`.
    Remove,
}

impl Deed {
    const ALL: [Self; 3] = [Self::Add, Self::Rename, Self::Remove];

    /// Its word in the form, and in the address of the page that follows.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Add => "add",
            Self::Rename => "rename",
            Self::Remove => "remove",
        }
    }

    /// What a form asks for.
    #[must_use]
    pub fn of(fields: &Fields) -> Option<Self> {
        Self::ALL.into_iter().find(|deed| fields.says("do", deed.code()))
    }
}

/// Why a ceremony does not begin, for the script to show.
#[must_use]
pub fn why_not(locale: Locale, code: RefusalCode, is_password: bool) -> &'static str {
    match code {
        _ if is_password => t!(locale, passkeys.password_wrong),
        RefusalCode::SecondFactorNeeded => t!(locale, passkeys.sign_in_anew),
        RefusalCode::NotFound => t!(locale, passkeys.nowhere),
        RefusalCode::BadInput => t!(locale, passkeys.full),
        code => crate::ui::sentence(locale, &AppError::from(code)),
    }
}

/// A form whose last field is an authenticator's answer. A script wakes it up, and shows instead that this
/// is not the address where passkeys work, or not a browser that knows them.
#[component]
pub(in crate::pages) fn Ceremony(
    /// Where the form posts to.
    address: &'static str,
    /// Where its script asks what the authenticator is to be asked.
    begin: &'static str,
    /// What is said without scripts.
    without: &'static str,
    children: Children,
) -> impl IntoView {
    let locale = use_locale();
    let session = use_session();
    let Some(origin) = session.passkeys_at else {
        return view! { <p class="note">{t!(locale, passkeys.nowhere)}</p> }.into_any();
    };
    let here = format!("{origin}{}", use_location().pathname.get_untracked());
    let named = origin.clone();
    view! {
        <div data-ceremony=begin data-origin=origin>
            <form class="form" method="post" action=address hidden>
                <input type="hidden" name="csrf" value=session.csrf/>
                <input type="hidden" name="credential"/>
                {children()}
                <p
                    class="error"
                    role="alert"
                    data-said=""
                    data-cancelled=t!(locale, passkeys.cancelled)
                    data-known=t!(locale, passkeys.known)
                    data-failed=t!(locale, passkeys.failed)
                ></p>
            </form>
            <p class="note" data-elsewhere="" hidden>{t!(locale, passkeys.elsewhere)}" "<a href=here>{named}</a></p>
            <p class="note" data-unable="" hidden>{t!(locale, passkeys.unable)}</p>
            <p class="note" data-without="">{without}</p>
        </div>
    }
    .into_any()
}

/// What the card and ceremonies do in the browser. It stands on the pages that have them alone.
const SCRIPT: &str = include_str!("../../second.js");

/// The script of a page with a card or a ceremony.
#[component]
pub(in crate::pages) fn SecondScript() -> impl IntoView {
    view! { <script type="module" nonce=use_nonce() inner_html=SCRIPT></script> }
}

/// The signed-in person's passkeys.
#[component]
pub fn PasskeysPage() -> impl IntoView {
    let locale = use_locale();
    let Some(me) = use_session().me else { return ().into_any() };
    let sent = use_sent();
    let load = || async {
        let (service, token) = own_session()?;
        service.own_passkeys(&token).await.map_err(AppError::from)
    };
    view! {
        <PageTitle name=t!(locale, passkeys.title)/>
        {loaded(load, move |own: OwnPasskeys| page(locale, &me, &own, sent.as_ref()))}
    }
    .into_any()
}

fn page(locale: Locale, me: &Me, own: &OwnPasskeys, sent: Option<&Sent>) -> AnyView {
    let done = match use_query_map().read_untracked().get("done").as_deref() {
        Some("add") => Some(t!(locale, passkeys.done_add)),
        Some("rename") => Some(t!(locale, passkeys.done_rename)),
        Some("remove") => Some(t!(locale, passkeys.done_remove)),
        _ => None,
    };
    let done = done.map(|text| view! { <p class="note note--done" role="status">{text}</p> });
    let refused = sent.and_then(Sent::refusal).map(|error| refusal(locale, error));
    let list = if own.passkeys.is_empty() {
        view! { <p>{t!(locale, passkeys.none)}</p> }.into_any()
    } else {
        own.passkeys.iter().map(|passkey| one(locale, me, own, passkey)).collect_view().into_any()
    };
    view! {
        <main class="page page--narrow" id="content">
            <h1>{t!(locale, passkeys.title)}</h1>
            <p class="lede">{t!(locale, passkeys.lede)}</p>
            {done}
            {refused}
            <section aria-labelledby="passkeys">
                <h2 id="passkeys">{t!(locale, passkeys.yours)}</h2>
                {list}
            </section>
            {adding(locale, own)}
            <SecondScript/>
        </main>
    }
    .into_any()
}

fn refusal(locale: Locale, error: &AppError) -> AnyView {
    if let AppError::Refused(refusal) = error {
        // The answer's status says so too.
        let _ = crate::error::answer(refusal.clone());
    }
    let words = match error.code() {
        Some(RefusalCode::BadInput) => t!(locale, passkeys.bad_input),
        Some(RefusalCode::Conflict) => t!(locale, passkeys.known),
        _ => return view! { <ErrorNote error=error.clone()/> }.into_any(),
    };
    view! {
        <div class="note note--error" role="alert" tabindex="-1" data-focus="">
            <h2>{t!(locale, refused.title)}</h2>
            <p>{words}</p>
        </div>
    }
    .into_any()
}

/// One passkey: what it is called, since when, and the two things that can be done with it.
fn one(locale: Locale, me: &Me, own: &OwnPasskeys, passkey: &OwnPasskey) -> AnyView {
    let at = |at| moment(locale, me.institution.zone, at, own.now);
    let used = passkey
        .used
        .map_or_else(|| t!(locale, passkeys.never_used).to_owned(), |used| t!(locale, passkeys.used, when = at(used)));
    let here = passkey.is_in_use.then(|| view! { " "<span class="tag">{t!(locale, passkeys.in_use)}</span> });
    let dead = (!passkey.works).then(|| view! { " "<span class="tag tag--warn">{t!(locale, passkeys.dead)}</span> });
    let (id, field) = (format!("passkey-{}", passkey.id), format!("name-{}", passkey.id));
    let rename = form(
        Deed::Rename,
        passkey,
        view! {
            <div class="field">
                <label for=field.clone()>{t!(locale, passkeys.name)}</label>
                <input class="input" id=field.clone() name="name" value=passkey.name.clone() maxlength=NAME_MAX required autocomplete="off"/>
            </div>
            <div class="actions"><button class="btn" type="submit">{t!(locale, passkeys.rename_do)}</button></div>
        }
        .into_any(),
    );
    view! {
        <section class="request" aria-labelledby=id.clone()>
            <h3 id=id.clone()>{passkey.name.clone()}{here}{dead}</h3>
            <p class="hint">{t!(locale, passkeys.created, when = at(passkey.created))}" "{used}</p>
            <details><summary>{t!(locale, passkeys.rename)}</summary>{rename}</details>
            <details><summary>{t!(locale, passkeys.remove)}</summary>{removing(locale, own, passkey)}</details>
        </section>
    }
    .into_any()
}

fn form(deed: Deed, passkey: &OwnPasskey, inner: AnyView) -> AnyView {
    view! {
        <form class="form" method="post" action=PASSKEYS_ADDRESS>
            <input type="hidden" name="csrf" value=use_session().csrf/>
            <input type="hidden" name="do" value=deed.code()/>
            <input type="hidden" name="passkey" value=passkey.id.to_string()/>
            {inner}
        </form>
    }
    .into_any()
}

/// What removing one means; or why it is not removed, and who helps.
fn removing(locale: Locale, own: &OwnPasskeys, passkey: &OwnPasskey) -> AnyView {
    let means = match passkey.removal {
        Removal::LeavesPasskey => t!(locale, passkeys.leaves_passkey),
        Removal::LeavesCard => t!(locale, passkeys.leaves_card),
        Removal::LeavesPassword => t!(locale, passkeys.leaves_password),
        Removal::Refused => {
            let who: Vec<String> = own.help.iter().map(|help| helper(locale, help)).collect();
            return view! { <p class="note note--warn">{t!(locale, passkeys.last, who = who.join("; "))}</p> }
                .into_any();
        }
    };
    let ends = if passkey.is_in_use { t!(locale, passkeys.ends_here) } else { t!(locale, passkeys.ends_others) };
    let button = view! {
        <div class="actions">
            <button class="btn" type="submit">{t!(locale, passkeys.remove_do, name = passkey.name)}</button>
        </div>
    };
    view! { <div class="note note--warn"><p>{means}" "{ends}</p>{form(Deed::Remove, passkey, button.into_any())}</div> }
        .into_any()
}

/// The form that adds one.
fn adding(locale: Locale, own: &OwnPasskeys) -> AnyView {
    let inner = match own.adding {
        _ if own.is_full => view! { <p>{t!(locale, passkeys.full_n, n = PASSKEYS_MAX)}</p> }.into_any(),
        Adding::AfterSignIn => view! { <p>{t!(locale, passkeys.sign_in_anew)}</p> }.into_any(),
        Adding::Now => add_form(locale, false),
        Adding::AfterPassword => add_form(locale, true),
    };
    view! {
        <section aria-labelledby="add">
            <h2 id="add">{t!(locale, passkeys.add)}</h2>
            {inner}
        </section>
    }
    .into_any()
}

fn add_form(locale: Locale, asks_password: bool) -> AnyView {
    let password = asks_password.then(|| {
        view! {
            <div class="field">
                <label for="password">{t!(locale, sign_in.password)}</label>
                <p class="hint" id="password-hint">{t!(locale, passkeys.password_hint)}</p>
                <input class="input" id="password" name="password" type="password" autocomplete="current-password" required aria-describedby="password-hint"/>
            </div>
        }
    });
    let then = if asks_password { t!(locale, passkeys.add_then_alone) } else { t!(locale, passkeys.add_then) };
    view! {
        <p>{then}</p>
        <Ceremony address=PASSKEYS_ADDRESS begin=BEGIN_ADDRESS without=t!(locale, passkeys.no_script_add)>
            <input type="hidden" name="do" value=Deed::Add.code()/>
            <div class="field">
                <label for="name">{t!(locale, passkeys.name)}</label>
                <p class="hint" id="name-hint">{t!(locale, passkeys.name_hint)}</p>
                <input class="input" id="name" name="name" maxlength=NAME_MAX required autocomplete="off" aria-describedby="name-hint"/>
            </div>
            {password}
            <div class="actions"><button class="btn btn--primary" type="submit">{t!(locale, passkeys.add_do)}</button></div>
        </Ceremony>
    }
    .into_any()
}
