//! A person's file, as an answer to be saved or printed.

use super::AppState;
use super::outage::failed;
use super::session::Who;
use app::pages::accounts::form::Fields;
use app::pages::people::FILE_ADDRESS;
use app::person_file;
use axum::Router;
use axum::extract::{Form, State};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use domain::PersonId;
use domain::exchange::RefusalCode;
use http::header::{ACCEPT_LANGUAGE, CONTENT_DISPOSITION, CONTENT_TYPE, COOKIE};
use http::request::Parts;
use service::Fault;
use service::person_file::Reveal;

/// The routes.
pub(super) fn routes() -> Router<AppState> {
    Router::new().route(FILE_ADDRESS, post(file))
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
