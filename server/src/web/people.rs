//! People: what they are at the institution, and the file of each as an answer to be saved or printed.

use super::AppState;
use super::accounts::refused;
use super::outage::failed;
use super::session::{Who, see_other};
use app::pages::accounts::form::Fields;
use app::pages::people::new::{NEW_PERSON_ADDRESS, affiliation};
use app::pages::people::one::Deed;
use app::pages::people::{FILE_ADDRESS, PEOPLE_ADDRESS};
use app::person_file;
use axum::Router;
use axum::extract::{Form, Path, State};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use domain::exchange::RefusalCode;
use domain::{Flag, PersonId, UserType};
use http::header::{ACCEPT_LANGUAGE, CONTENT_DISPOSITION, CONTENT_TYPE, COOKIE};
use http::request::Parts;
use service::person_file::Reveal;
use service::{Actor, Fault};

/// The routes.
pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route(FILE_ADDRESS, post(file))
        .route(NEW_PERSON_ADDRESS, post(affiliate))
        .route("/people/{id}", post(act))
}

/// Affiliates somebody by hand. What did not do is shown again, but the number.
async fn affiliate(State(state): State<AppState>, Who(who): Who, parts: Parts, Form(fields): Form<Fields>) -> Response {
    let affiliated = match affiliation(&fields) {
        Some(order) => state.service.affiliate(&who.actor, &order).await,
        None => Err(RefusalCode::BadInput.into()),
    };
    match affiliated {
        Ok(new) => see_other(&format!("{PEOPLE_ADDRESS}/{}?done=1", new.person)),
        Err(fault) => refused(&state, parts, fields, fault).await,
    }
}

/// Does what the form of somebody's page says.
async fn act(
    State(state): State<AppState>,
    Who(who): Who,
    Path(id): Path<String>,
    parts: Parts,
    Form(fields): Form<Fields>,
) -> Response {
    let done = match (Deed::of_code(fields.get("do")), id.parse().map(PersonId)) {
        (Some(deed), Ok(person)) => do_to(&state, &who.actor, person, deed, &fields).await,
        (None, Ok(_)) => Err(RefusalCode::BadInput.into()),
        (_, Err(_)) => Err(RefusalCode::NotFound.into()),
    };
    match done {
        Ok(()) => see_other(&format!("{PEOPLE_ADDRESS}/{id}?done=1")),
        Err(fault) => refused(&state, parts, fields, fault).await,
    }
}

async fn do_to(state: &AppState, actor: &Actor, person: PersonId, deed: Deed, fields: &Fields) -> Result<(), Fault> {
    let service = &state.service;
    match deed {
        Deed::Types => match fields.all("type").map(UserType::from_code).collect::<Option<Vec<_>>>() {
            Some(types) => service.set_user_types(actor, person, &types).await,
            None => Err(RefusalCode::BadInput.into()),
        },
        Deed::Flags => match fields.all("flag").map(Flag::from_code).collect::<Option<Vec<_>>>() {
            Some(flags) => service.set_flags(actor, person, &flags).await,
            None => Err(RefusalCode::BadInput.into()),
        },
        Deed::UniId => service.set_uni_id(actor, person, fields.get("uni_id")).await,
        Deed::Confirm => service.confirm_affiliation(actor, person).await,
    }
}

/// Makes a person's file. Its name says nothing of the person: it will lie in a folder of downloads.
async fn file(State(state): State<AppState>, Who(who): Who, parts: Parts, Form(fields): Form<Fields>) -> Response {
    let reveal = match fields.get("reason") {
        "" => Reveal::No,
        reason => Reveal::Because(reason.to_owned()),
    };
    let made = match (fields.get("person").parse().map(PersonId), fields.get("form")) {
        (Ok(person), "html" | "json") => state.service.person_file(&who.actor, person, &reveal).await,
        (Err(_), "html" | "json") => Err(Fault::from(RefusalCode::NotFound)),
        _ => Err(Fault::from(RefusalCode::BadInput)),
    };
    let made = match made {
        Ok(made) => made,
        Err(fault) => return failed(&state, parts, &fault).await,
    };
    let header = |name| parts.headers.get(name).and_then(|value: &http::HeaderValue| value.to_str().ok());
    let locale = app::text::negotiate(header(COOKIE), header(ACCEPT_LANGUAGE));
    let (kind, ending, text) = match fields.get("form") {
        "json" => ("application/json", "json", person_file::json(locale, &made)),
        _ => ("text/html; charset=utf-8", "html", person_file::html(locale, &made)),
    };
    let name = format!("attachment; filename=\"{}.{ending}\"", person_file::file_name(locale));
    ([(CONTENT_TYPE, kind.to_owned()), (CONTENT_DISPOSITION, name)], text).into_response()
}
