//! `adgang tests`

use super::Context;
use crate::answer::{Answer, Failure};
use domain::TestKind;
use serde::Serialize;
use std::fmt::Write;

#[derive(Serialize)]
struct Listed<'a> {
    code: &'a str,
    kind: TestKind,
    subject: &'a str,
    level: Option<String>,
    mandatory: bool,
}

/// Lists the catalogue, by code.
pub(super) fn run(context: &Context) -> Result<Answer, Failure> {
    let catalogue = context.catalogue()?;
    let mut entries: Vec<_> = catalogue.entries().iter().collect();
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
    Ok(Answer::done(text, super::json(&listed)))
}
