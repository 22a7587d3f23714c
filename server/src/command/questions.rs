//! `adgang check`, `adgang rights` and `adgang who-sees`

use super::Context;
use crate::answer::{Answer, Failure};
use crate::cli::{Check, Rights, WhoSees};
use domain::Instant;
use service::{Actor, Service};
use std::fmt::Write;

/// May this teacher see this result, and why?
pub(super) async fn check(context: &Context, asked: &Check) -> Result<Answer, Failure> {
    let (service, operator, at) = ask(context, &asked.institution, asked.at.as_deref()).await?;
    let answer = service.check(&operator, &asked.teacher, &asked.pupil, &asked.test, at).await?;
    let mut text = format!("{}\n", if answer.allowed { "Yes." } else { "No." });
    for reason in &answer.reasons {
        let _ = writeln!(text, "- {}", reason.text);
        for name in reason.who_can_help.iter().flatten() {
            let _ = writeln!(text, "  {name} can help.");
        }
    }
    Ok(Answer::done(text, super::json(&answer)))
}

/// Whose results may this teacher see?
pub(super) async fn rights(context: &Context, asked: &Rights) -> Result<Answer, Failure> {
    let (service, operator, at) = ask(context, &asked.institution, asked.at.as_deref()).await?;
    let answer = service.teacher_rights(&operator, &asked.teacher, at).await?;
    let mut text = String::new();
    for right in &answer.rights {
        let _ = writeln!(text, "{}: {}", right.pupil, right.tests.join(", "));
    }
    if text.is_empty() {
        text.push_str("No results.");
    }
    Ok(Answer::done(text, super::json(&answer)))
}

/// Who may see this pupil's results?
pub(super) async fn who_sees(context: &Context, asked: &WhoSees) -> Result<Answer, Failure> {
    let (service, operator, at) = ask(context, &asked.institution, asked.at.as_deref()).await?;
    let answer = service.who_sees(&operator, &asked.pupil, asked.test.as_deref(), at).await?;
    let mut text = String::new();
    for teacher in &answer.teachers {
        let _ = writeln!(text, "{}: {}", teacher.teacher, teacher.tests.join(", "));
    }
    for leader in &answer.leaders {
        let _ = writeln!(text, "{} (leader): all results", leader.leader);
    }
    if text.is_empty() {
        text.push_str("Nobody.");
    }
    Ok(Answer::done(text, super::json(&answer)))
}

/// Opens the installation, and reads the moment in the institution's zone.
async fn ask(
    context: &Context,
    institution: &str,
    at: Option<&str>,
) -> Result<(Service, Actor, Option<Instant>), Failure> {
    let service = context.open().await?;
    let operator = service.operator(institution).await?;
    let at = match at {
        None => None,
        Some(text) => Some(service.moment(&operator, text).await?.ok_or_else(|| not_a_time(text))?),
    };
    Ok((service, operator, at))
}

fn not_a_time(text: &str) -> Failure {
    Failure::BadInput(format!(
        "`{text}` is neither RFC 3339, such as 2026-11-21T12:00:00+01:00, nor a date, such as 2026-11-21"
    ))
}
