//! The wrong door: an account that does not open the portal, and what its person can do. The field's
//! own advice to a test administrator or principal who teaches: register yourself as a teacher.

use super::open;
use crate::error::answer;
use crate::pages::PageTitle;
use crate::pages::accounts::asked;
use crate::pages::accounts::new::register_oneself;
use crate::pages::accounts::one::helper;
use crate::pages::doors::WrongDoor as Doors;
use crate::t;
use crate::text::Locale;
use domain::exchange::material::WrongDoor;
use domain::exchange::{Me, RefusalCode};
use leptos::prelude::*;

/// The page in the place of the portal's own.
pub(super) fn wrong_door(locale: Locale, me: Me) -> AnyView {
    let _ = answer(RefusalCode::NotAllowed.into());
    let title = t!(locale, portal.wrong_title);
    let ask = |service: service::Service, actor: service::Actor| async move { service.portal_door(&actor).await };
    let page = move |door: WrongDoor| {
        view! {
            <main class="page" id="content">
                <h1>{title}</h1>
                <p class="lede">{t!(locale, portal.wrong)}</p>
                {advice(locale, &me, &door)}
                {open::link(locale)}
                <Doors/>
            </main>
        }
        .into_any()
    };
    view! { <PageTitle name=title/> {asked(ask, page)} }.into_any()
}

fn advice(locale: Locale, me: &Me, door: &WrongDoor) -> AnyView {
    match door {
        WrongDoor::RegisterYourself => register_oneself(locale, me),
        WrongDoor::UseYours(user) => note(t!(locale, portal.wrong_yours, user = user)),
        WrongDoor::Ask(help) => {
            let who: Vec<String> = help.iter().map(|help| helper(locale, help)).collect();
            note(t!(locale, portal.wrong_ask, who = who.join("; ")))
        }
        WrongDoor::Authority => note(t!(locale, portal.wrong_authority).to_owned()),
        WrongDoor::No => ().into_any(),
    }
}

fn note(text: String) -> AnyView {
    view! { <p class="note">{text}</p> }.into_any()
}
