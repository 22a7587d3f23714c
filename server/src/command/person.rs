//! `adgang person file` and `adgang person erase`

use super::Context;
use crate::answer::{Answer, Failure};
use crate::cli::{Language, Person, PersonFile, PersonPlace};
use app::text::Locale;
use domain::PersonId;
use serde_json::json;
use service::erasure::Erased;
use service::person_file::Reveal;
use service::{Actor, Service};
use std::fs::OpenOptions;
use std::io::Write;
use std::path::Path;

/// Writes out what is held about a person, or erases them.
pub(super) async fn run(context: &Context, command: &Person) -> Result<Answer, Failure> {
    match command {
        Person::File(asked) => file(context, asked).await,
        Person::Erase { person, place, reason } => erase(context, person, place, reason).await,
    }
}

/// What the file holds is told by its ending, before anything is recorded.
enum Form {
    Html,
    Json,
}

async fn file(context: &Context, asked: &PersonFile) -> Result<Answer, Failure> {
    let form = match asked.out.extension().and_then(|extension| extension.to_str()) {
        Some("html") => Form::Html,
        Some("json") => Form::Json,
        _ => return Err(Failure::BadInput("name a file that ends in .html or .json".to_owned())),
    };
    if asked.out.try_exists().map_err(|error| Failure::file(&asked.out, &error))? {
        return Err(Failure::Refused(format!("{} is already there and is not overwritten", asked.out.display())));
    }
    let service = context.open().await?;
    let (operator, person) = meant(&service, &asked.place, &asked.person).await?;
    let reveal = asked.reveal.clone().map_or(Reveal::No, Reveal::Because);
    let made = service.person_file(&operator, person, &reveal).await?;
    let locale = match asked.language {
        Some(Language::Da) => Locale::da,
        Some(Language::Sv) => Locale::sv,
        Some(Language::En) => Locale::en,
        None => app::person_file::locale_of_place(&made),
    };
    let text = match form {
        Form::Html => app::person_file::html(locale, &made),
        Form::Json => app::person_file::json(locale, &made),
    };
    write(&asked.out, &text)?;
    let records: usize = made.sections.iter().map(|section| section.records.len()).sum();
    let said = format!("{records} records written to {}; the audit log says so.", asked.out.display());
    Ok(Answer::done(said, json!({ "person": person, "records": records })))
}

/// For its owner alone: it is about somebody.
fn write(path: &Path, text: &str) -> Result<(), Failure> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let written = options.open(path).and_then(|mut file| file.write_all(text.as_bytes()));
    written.map_err(|error| Failure::file(path, &error))
}

async fn erase(context: &Context, person: &str, place: &PersonPlace, reason: &str) -> Result<Answer, Failure> {
    let service = context.open().await?;
    let (operator, person) = meant(&service, place, person).await?;
    let said = match service.erase_person(&operator, person, reason).await? {
        Erased::Done => "The person is erased; what was recorded stays, as that of somebody who was erased.",
        Erased::Already => "The person was erased before; nothing was left to do.",
        Erased::Tied(ties) => {
            return Err(Failure::Refused(
                match (ties.affiliation, ties.account) {
                    (true, true) => {
                        "the person is still somebody at a school and holds an account: end both first, by an import and by deleting the account"
                    }
                    (true, false) => "the person is still somebody at a school: an import without them ends that",
                    (false, _) => {
                        "the person still holds an account: delete it first (an account united with another one counts for 30 days)"
                    }
                }
                .to_owned(),
            ));
        }
    };
    Ok(Answer::done(said, json!({ "person": person, "erased": true })))
}

/// The operator at an institution or authority, and the person who is meant there. No roster names an
/// authority's people: their user names do.
async fn meant(service: &Service, place: &PersonPlace, person: &str) -> Result<(Actor, PersonId), Failure> {
    let operator = match (&place.institution, &place.authority) {
        (Some(code), _) => service.operator(code).await?,
        (None, Some(code)) => service.operator_anywhere(service.authority(code).await?.as_place()),
        (None, None) => return Err(Failure::BadInput("name --institution or --authority".to_owned())),
    };
    let person = match service.ids(&operator).await?.person(person) {
        Some(id) => id,
        None => service.holder_of(&operator, person).await?,
    };
    Ok((operator, person))
}
