//! `/place`: where somebody who signed in with UNI-Login acts. Reached after signing in where there are several
//! places, or none yet, and from the header to go elsewhere. Works with scripts off.

use super::PageTitle;
use super::accounts::csrf;
use crate::session_state::{SignIn, use_session};
use crate::t;
use crate::text::{Locale, moment, use_locale};
use domain::exchange::{ChoosePlaces, PlaceChoice};
use leptos::prelude::*;

/// The choice; posted to, field `place`, it is made.
pub const PLACE_ADDRESS: &str = "/place";

/// The choice.
#[component]
pub fn PlacePage() -> impl IntoView {
    let locale = use_locale();
    // The server answers this page to nobody else than whom it has something to choose for.
    let Some(choose) = use_context::<SignIn>().and_then(|sign_in| sign_in.places) else { return ().into_any() };
    let (title, lede) = match choose.places.len() {
        0 => (t!(locale, place.none_title), t!(locale, place.none, name = choose.name)),
        1 => (t!(locale, place.title), t!(locale, place.only, name = choose.name)),
        _ => (t!(locale, place.title), t!(locale, place.lede, name = choose.name)),
    };
    let choices = choose.places.iter().map(|place| choice(locale, place)).collect_view();
    let choices = (!choose.places.is_empty()).then(|| {
        view! {
            <form method="post" action=PLACE_ADDRESS>
                {csrf()}
                <ul class="places" aria-label=title>{choices}</ul>
            </form>
        }
    });
    // Who acts somewhere has the button in the header.
    let sign_out = use_session().me.is_none().then(|| {
        view! {
            <form method="post" action="/sign-out">
                {csrf()}
                <button class="btn" type="submit">{t!(locale, app.sign_out)}</button>
            </form>
        }
    });
    let help = choose.places.is_empty().then(|| view! { <p>{t!(locale, place.none_help)}</p> });
    view! {
        <PageTitle name=title/>
        <main class="sign" id="content">
            <h1>{title}</h1>
            <p class="lede">{lede}</p>
            {choices}
            {coming(locale, &choose)}
            {help}
            {sign_out}
        </main>
    }
    .into_any()
}

fn choice(locale: Locale, place: &PlaceChoice) -> AnyView {
    let here = place.is_here.then(|| view! { <span class="tag">{t!(locale, place.here)}</span> });
    view! {
        <li>
            <button
                class="btn demo__person"
                type="submit"
                name="place"
                value=place.id.to_string()
                aria-current=place.is_here.then_some("true")
            >
                <b>{place.name.clone()}</b>
                <small>{place.authority.clone()}{here}</small>
            </button>
        </li>
    }
    .into_any()
}

/// What begins later, and when: nobody has to ask whether it was forgotten.
fn coming(locale: Locale, choose: &ChoosePlaces) -> Option<AnyView> {
    let lines = choose.coming.iter().map(|place| {
        let from = moment(locale, place.zone, place.from, choose.now);
        view! { <li>{t!(locale, place.from, place = place.name, from = from)}</li> }
    });
    (!choose.coming.is_empty()).then(|| {
        view! {
            <section aria-labelledby="coming">
                <h2 id="coming">{t!(locale, place.coming)}</h2>
                <ul class="list">{lines.collect_view()}</ul>
            </section>
        }
        .into_any()
    })
}
