//! `adgang tests`

use super::Context;
use crate::answer::{Answer, Failure};
use crate::cli::Tests;
use domain::TestKind;
use serde::Serialize;
use service::catalogue::Entry;
use std::fmt::Write;

#[derive(Serialize)]
struct Listed<'a> {
    code: &'a str,
    kind: TestKind,
    subject: &'a str,
    level: Option<String>,
    mandatory: bool,
}

/// Lists tests, by code: those that schools offer in the present school year, or all there are.
///
/// What is listed without `--all` is what a draft's selectors cover and `check` knows. Which
/// countries' tests these are, the database says; without one, all countries' are.
pub(super) async fn run(context: &Context, asked: &Tests) -> Result<Answer, Failure> {
    let catalogue = context.catalogue()?;
    if asked.all {
        return Ok(listed(catalogue.entries().iter().collect()));
    }
    match context.installation().open(context.env.clone()).await {
        Ok(service) => {
            let answer = listed(service.offered(asked.institution.as_deref()).await?);
            service.close().await;
            Ok(answer)
        }
        Err(error) if error.is_absent() && asked.institution.is_none() => {
            Ok(listed(catalogue.held_at(context.env.now(), &[])))
        }
        Err(error) => Err(error.into()),
    }
}

fn listed(mut entries: Vec<&Entry>) -> Answer {
    entries.sort_by(|a, b| a.code.cmp(&b.code));
    let mut text = String::new();
    let mut listed = Vec::new();
    for entry in entries {
        let level = entry.level.map(|level| level.to_string());
        let _ = writeln!(text, "{:<16} {}", entry.code, entry.name);
        listed.push(Listed {
            code: &entry.code,
            kind: entry.kind,
            subject: &entry.subject,
            level,
            mandatory: entry.mandatory,
        });
    }
    Answer::done(text, super::json(&listed))
}
