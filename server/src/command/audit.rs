//! `adgang audit verify` and `adgang audit checkpoint`

use super::Context;
use crate::answer::{Answer, Failure};
use crate::cli::Audit;
use std::fmt::Write;
use std::fs;
use std::path::PathBuf;

/// Looks at the audit log.
pub(super) async fn run(context: &Context, command: &Audit) -> Result<Answer, Failure> {
    match command {
        Audit::Verify { checkpoints } => verify(context, checkpoints).await,
        Audit::Checkpoint => checkpoint(context).await,
    }
}

async fn verify(context: &Context, files: &[PathBuf]) -> Result<Answer, Failure> {
    let service = context.open().await?;
    let mut checkpoints = Vec::new();
    for path in files {
        let text = fs::read_to_string(path).map_err(|error| Failure::file(path, &error))?;
        let read = service.read_checkpoints(&text);
        checkpoints.extend(read.map_err(|error| Failure::BadInput(format!("{}: {error}", path.display())))?);
    }
    let report = service.verify_audit(&checkpoints).await?;
    let mut text = format!(
        "{} entries in {} logs read, held against {} checkpoints.\n",
        report.entries,
        report.chains,
        checkpoints.len()
    );
    for finding in &report.findings {
        let _ = writeln!(text, "- {finding}");
    }
    if report.findings.is_empty() {
        text.push_str("Everything is as it was written.\n");
    }
    let answer = Answer::done(text, super::json(&report));
    Ok(match report.findings.len() {
        0 => answer,
        1 => answer.refused("the audit log has 1 finding"),
        count => answer.refused(format!("the audit log has {count} findings")),
    })
}

/// Prints one line, to be added to a file that is kept away from the database.
async fn checkpoint(context: &Context) -> Result<Answer, Failure> {
    let checkpoint = context.open().await?.audit_checkpoint().await?;
    Ok(Answer::done(checkpoint.line(), super::json(&checkpoint)))
}
