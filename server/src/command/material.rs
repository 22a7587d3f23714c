//! `adgang admin material`: what the portal holds, and who opened what.

use super::Context;
use super::bar::Bar;
use crate::answer::{Answer, Failure};
use crate::cli::{Material, MaterialAdd, MaterialOpenings};
use domain::exchange::material::{MaterialLine, MaterialOpening};
use domain::material::SchoolForm;
use domain::{InstitutionId, MaterialId};
use serde_json::json;
use service::portal::{MaterialOrder, Openings};
use service::{Actor, Service};
use std::fmt::Write;
use uuid::Uuid;

/// Megabytes in bytes.
const MEGABYTE: u64 = 1_000_000;

/// Adds, lists, takes back, and tells who opened what.
pub(super) async fn run(context: &Context, command: &Material) -> Result<Answer, Failure> {
    match command {
        Material::Add(asked) => add(context, asked).await,
        Material::List => {
            let (service, operator) = open(context).await?;
            let all = service.materials(&operator).await?;
            Ok(Answer::done(listed(&all), super::json(&all)))
        }
        Material::Withdraw { id } => {
            let (service, operator) = open(context).await?;
            service.withdraw_material(&operator, material(id)?).await?;
            let text = format!("Material {id} is taken back; its file is gone from the database.");
            Ok(Answer::done(text, json!({ "id": id, "withdrawn": true })))
        }
        Material::Openings(asked) => openings(context, asked).await,
    }
}

async fn open(context: &Context) -> Result<(Service, Actor), Failure> {
    let service = context.open().await?;
    let operator = service.operator_anywhere(InstitutionId(Uuid::nil()));
    Ok((service, operator))
}

fn material(id: &str) -> Result<MaterialId, Failure> {
    id.parse().map_err(|_| Failure::BadInput(format!("`{}` is no id of material", id.escape_debug())))
}

async fn add(context: &Context, asked: &MaterialAdd) -> Result<Answer, Failure> {
    let failed = |error: std::io::Error| Failure::file(&asked.file, &error);
    let mut file = tokio::fs::File::open(&asked.file).await.map_err(failed)?;
    let about = file.metadata().await.map_err(failed)?;
    let bytes_max = context.settings.material_megabytes.saturating_mul(MEGABYTE);
    refuse_unfit(asked, &about, bytes_max)?;
    let (service, operator) = open(context).await?;
    let order = MaterialOrder {
        file_name: asked.file.file_name().unwrap_or_default().to_string_lossy().into_owned(),
        title: asked.title.clone(),
        subject: asked.subject.clone(),
        country: asked.country.map(|country| country.code().to_owned()),
        school_form: asked.school_form.as_deref().map(school_form).transpose()?,
        protected: asked.protected,
        bytes_max,
    };
    refuse_unclear(&service, &order)?;
    let bar = Bar::new();
    let of = about.len();
    let tell = |written| bar.show("writing", (written, Some(of)), "bytes");
    let added = service.add_material(&operator, &order, &mut file, &tell).await;
    bar.clear();
    let id = added?;
    let part = if asked.protected { "protected part" } else { "open part" };
    let text = format!("Material {id} is in the portal's {part}.");
    Ok(Answer::done(text, json!({ "id": id, "bytes": of, "protected": asked.protected })))
}

/// What can be said of the file before any of it is read.
fn refuse_unfit(asked: &MaterialAdd, about: &std::fs::Metadata, bytes_max: u64) -> Result<(), Failure> {
    let shown = asked.file.display();
    if !about.is_file() {
        return Err(Failure::BadInput(format!("{shown}: is no file")));
    }
    if about.len() == 0 {
        return Err(Failure::BadInput(format!("{shown}: is empty")));
    }
    if about.len() > bytes_max {
        let most = bytes_max / MEGABYTE;
        return Err(Failure::BadInput(format!("{shown}: is longer than {most} MB, which `material_megabytes` allows")));
    }
    Ok(())
}

fn school_form(code: &str) -> Result<SchoolForm, Failure> {
    SchoolForm::of_code(code).ok_or_else(|| {
        let known: Vec<&str> = SchoolForm::ALL.into_iter().map(SchoolForm::code).collect();
        Failure::BadInput(format!("`{}` is no school form; those are {}", code.escape_debug(), known.join(", ")))
    })
}

/// Says in words what the use case would only call bad input.
fn refuse_unclear(service: &Service, order: &MaterialOrder) -> Result<(), Failure> {
    // An unknown subject is refused with its name there.
    let Some(countries) = service.catalogue().countries_of(&order.subject) else { return Ok(()) };
    let of_form = order.school_form.map(SchoolForm::country);
    let named = order.country.as_deref().or(of_form);
    let subject = &order.subject;
    let problem = match (named, countries.as_slice()) {
        (Some(named), all) if !all.contains(&named) => format!("schools in {named} have no subject `{subject}`"),
        (Some(named), _) if of_form.is_some_and(|own| own != named) => format!("that is no school form of {named}"),
        (None, [_]) | (Some(_), _) => return Ok(()),
        (None, _) => format!("say with --country for which country the subject `{subject}` is meant"),
    };
    Err(Failure::BadInput(problem))
}

fn listed(all: &[MaterialLine]) -> String {
    let mut text = String::new();
    for line in all {
        let form = line.school_form.map_or("every school form", SchoolForm::code);
        let part = if line.protected { "protected" } else { "open" };
        let gone = if line.withdrawn.is_some() { ", taken back" } else { "" };
        let (id, country, subject) = (line.id, &line.country, &line.subject);
        let _ = writeln!(text, "{id}  {country} {subject}, {form}, {part}{gone}: {} ({})", line.title, line.file_name);
    }
    if text.is_empty() { "There is no material. Add some with `adgang admin material add`.".to_owned() } else { text }
}

async fn openings(context: &Context, asked: &MaterialOpenings) -> Result<Answer, Failure> {
    let (service, operator) = open(context).await?;
    let of = match (&asked.institution, &asked.material) {
        (Some(code), _) => Openings::OfInstitution(code),
        (None, Some(id)) => Openings::OfMaterial(material(id)?),
        (None, None) => Openings::All,
    };
    let all = service.material_openings(&operator, of).await?;
    let mut text = String::new();
    for opening in &all {
        let MaterialOpening { title, user_name, name, institution, material, .. } = opening;
        let (hour, minute) = opening.zone.clock_of(opening.opened);
        let day = opening.zone.date_of(opening.opened);
        let _ = writeln!(text, "{day} {hour:02}:{minute:02}  {user_name} {name}, {institution}: {title} ({material})");
    }
    if text.is_empty() {
        text.push_str("No protected material was opened.");
    }
    Ok(Answer::done(text, super::json(&all)))
}
