//! `adgang import`

use super::Context;
use super::bar::Bar;
use crate::answer::{Answer, Failure};
use crate::cli::Import;
use domain::InstitutionId;
use domain::import::{CarriedClass, Counts, Finding, Held, ImportOutcome, ImportPreview};
use service::import::{ImportOptions, Source, Step, Target, Teller};
use std::collections::BTreeSet;
use std::fmt::Write;
use std::sync::Arc;
use uuid::Uuid;

/// Reads a file of any format, checks it, and records what it says, or nothing.
pub(super) async fn run(context: &Context, asked: &Import) -> Result<Answer, Failure> {
    if !asked.file.try_exists().map_err(|error| Failure::file(&asked.file, &error))? {
        return Err(Failure::BadInput(format!("{}: there is no such file", asked.file.display())));
    }
    let service = context.open().await?;
    let (operator, target) = match (&asked.institution, &asked.authority) {
        (Some(code), _) => {
            let operator = service.operator(code).await?;
            let target = Target::Institution(operator.institution);
            (operator, target)
        }
        (None, Some(code)) => {
            let authority = service.authority(code).await?;
            (service.operator_anywhere(InstitutionId(Uuid::nil())), Target::Authority(authority))
        }
        (None, None) => return Err(Failure::BadInput("name --institution or --authority".to_owned())),
    };
    let options = ImportOptions {
        file_name: asked.file.file_name().unwrap_or_default().to_string_lossy().into_owned(),
        dry_run: asked.dry_run,
        accept_large_change: asked.accept_large_change,
        accept_new_year: asked.accept_new_school_year,
        note_looks: false,
    };
    let bar = Arc::new(Bar::new());
    let shown = Arc::clone(&bar);
    let tell: Teller =
        Arc::new(move |progress| shown.show(&doing(progress.step), (progress.done, progress.of), "rows"));
    let outcome = service.import_bundle(&operator, target, Source::Path(asked.file.clone()), &options, tell).await;
    bar.clear();
    answer(&outcome?, asked.dry_run)
}

/// A report with errors is bad input; one that is held is refused. Both are shown whole.
fn answer(outcome: &ImportOutcome, dry_run: bool) -> Result<Answer, Failure> {
    let ImportOutcome { report, schools, .. } = outcome;
    let mut text = String::new();
    for (what, counts) in [
        ("people", report.people),
        ("groups", report.groups),
        ("memberships", report.memberships),
        ("teaching", report.teaching),
    ] {
        let Counts { added, changed, gone } = counts;
        let _ = writeln!(text, "{what:<12} {added:>8} added {changed:>8} changed {gone:>8} gone");
    }
    for CarriedClass { from, to, same, of } in schools.iter().flat_map(|school| &school.carried) {
        let _ = writeln!(text, "class {from} goes on as {to}: {same} of {of} pupils");
    }
    findings(&mut text, "warning", &report.warnings);
    findings(&mut text, "error", &report.errors);
    let json = super::json(report);
    let answer = |ending: &str| Answer::done(text + ending, json);
    Ok(match &report.held {
        _ if !report.errors.is_empty() => {
            answer("").bad_input("nothing was applied: the file has errors, which are listed")
        }
        Some(why) if !report.applied && !dry_run => {
            answer("").refused(format!("nothing was applied: {why}; if that is right, repeat with {}", flags(schools)))
        }
        Some(why) if !report.applied => {
            answer(&format!("Nothing was applied: this was a look only. An import would be held: {why}."))
        }
        _ if dry_run => answer("Nothing was applied: this was a look only."),
        _ => answer("Applied."),
    })
}

/// The flags that say yes to every reason.
fn flags(schools: &[ImportPreview]) -> String {
    let flag = |held: &Held| match held {
        Held::NewSchoolYear { .. } => "--accept-new-school-year",
        Held::ManyGone { .. } | Held::EmptyFile { .. } => "--accept-large-change",
    };
    let flags: BTreeSet<&str> = schools.iter().flat_map(|school| &school.held).map(flag).collect();
    flags.into_iter().collect::<Vec<_>>().join(" and ")
}

fn findings(text: &mut String, kind: &str, findings: &[Finding]) {
    for finding in findings {
        let _ = write!(text, "{kind}: {}", finding.file);
        if let Some(line) = finding.line {
            let _ = write!(text, ":{line}");
        }
        if let Some(position) = finding.position {
            let _ = write!(text, ":{position}");
        }
        if let Some(column) = &finding.column {
            let _ = write!(text, " ({column})");
        }
        let times = if finding.count > 1 { format!(" ({} times)", finding.count) } else { String::new() };
        let _ = writeln!(text, " {}{times}", finding.message);
    }
}

/// What the import is busy with.
fn doing(step: Step) -> String {
    match step {
        Step::Reading(file) => format!("reading {file}"),
        Step::Comparing => "comparing".to_owned(),
        Step::Writing => "writing".to_owned(),
    }
}
