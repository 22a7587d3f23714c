//! `adgang draft preview` and `adgang draft apply`

use super::Context;
use crate::answer::{Answer, Failure};
use crate::cli::{Draft, DraftFile as Asked};
use service::rights::draft_file::ReportedChange;
use service::rights::{DraftFile, DraftReport, FileOutcome};
use std::fmt::Write;
use std::fs;

/// Shows what a draft file would change, or applies it.
pub(super) async fn run(context: &Context, command: &Draft) -> Result<Answer, Failure> {
    let (asked, apply) = match command {
        Draft::Preview(asked) => (asked, false),
        Draft::Apply(asked) => (asked, true),
    };
    let file = read(asked)?;
    let service = context.open().await?;
    let actor = service.operator_as(&asked.institution, &asked.user_name).await?;
    if !apply {
        let report = service.preview_file(&actor, &file).await?;
        return Ok(answer(&report, "This would change:"));
    }
    Ok(match service.apply_file(&actor, &file).await? {
        FileOutcome::Applied(report) => answer(&report, "Applied:"),
        FileOutcome::Conflicting(report) => answer(&report, "This would change:")
            .refused("nothing was applied: someone decided about the same place after the draft's revision"),
        FileOutcome::Stale(report) => {
            answer(&report, "This would now change:").refused("nothing was applied: the school changed meanwhile")
        }
    })
}

fn read(asked: &Asked) -> Result<DraftFile, Failure> {
    let bytes = fs::read(&asked.file).map_err(|error| Failure::file(&asked.file, &error))?;
    DraftFile::parse(&bytes).map_err(|error| Failure::BadInput(format!("{}: {error}", asked.file.display())))
}

fn answer(report: &DraftReport, heading: &str) -> Answer {
    let mut text = format!("{heading}\n");
    lines(&mut text, "gains", &report.gains);
    lines(&mut text, "loses", &report.losses);
    for unseen in &report.unseen {
        let _ = writeln!(text, "- nobody sees {} in {} any more, from {}", unseen.pupil, unseen.test, unseen.from);
    }
    if report.gains.is_empty() && report.losses.is_empty() {
        text.push_str("- nothing\n");
    }
    for conflict in &report.conflicts {
        let _ = writeln!(text, "- edit {} touches change set {}", conflict.edit + 1, conflict.change_set);
    }
    Answer::done(text, super::json(report))
}

fn lines(text: &mut String, verb: &str, changes: &[ReportedChange]) {
    for change in changes {
        let _ = write!(
            text,
            "- {} {verb} {} in {}, from {}",
            change.teacher,
            change.pupil,
            change.tests.join(", "),
            change.from
        );
        let _ = match change.until {
            Some(until) => writeln!(text, " until {until}"),
            None => writeln!(text),
        };
    }
}
