//! Lines of the list of imports, as they are recorded.

use super::finding::Findings;
use super::options::ImportOptions;
use crate::{Actor, Fault};
use domain::import::{ImportCounts, ImportFindings};
use domain::{ImportId, Instant};
use serde::Serialize;
use store::import::{Decision, ImportRun, State};

/// Longest name of a file in the list of imports, in characters.
const FILE_NAME_MAX: usize = 120;

/// A line of the list of imports, as yet without counts.
pub(super) fn new_run(
    id: ImportId,
    actor: &Actor,
    options: &ImportOptions,
    started: Instant,
    state: State,
    findings: &Findings,
) -> Result<ImportRun, Fault> {
    let found = ImportFindings { errors: findings.errors(), warnings: findings.warnings() };
    Ok(ImportRun {
        id: id.0,
        file_name: options.file_name.chars().filter(|c| !c.is_control()).take(FILE_NAME_MAX).collect(),
        state,
        author: actor.person,
        author_name: actor.name.clone(),
        started,
        finished: None,
        counts: json(&ImportCounts::default())?,
        findings: json(&found)?,
        held_reason: None,
        decision: None,
    })
}

/// An answer of the actor's.
pub(super) fn decision(actor: &Actor, reason: &str, at: Instant) -> Decision {
    Decision { at, by: actor.person, by_name: actor.name.clone(), reason: reason.to_owned() }
}

/// The JSON form that the list keeps.
pub(super) fn json(value: &impl Serialize) -> Result<String, Fault> {
    serde_json::to_string(value).map_err(|error| Fault::Internal(format!("the list of imports: {error}")))
}
