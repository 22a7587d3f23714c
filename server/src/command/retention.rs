//! `adgang retention run`

use super::Context;
use crate::answer::{Answer, Failure};
use crate::cli::Retention;
use serde_json::json;
use std::fmt::Write;

/// Forgets what has been kept long enough, or counts it.
pub(super) async fn run(context: &Context, command: Retention) -> Result<Answer, Failure> {
    let Retention::Run { dry_run } = command;
    let service = context.open().await?;
    let done = if dry_run { service.retention_due().await? } else { service.enforce_retention().await? };
    let kept = context.settings.retention();
    let mut text = String::new();
    let mut counts = serde_json::Map::new();
    for (kind, count) in done.0 {
        let described = kind.described();
        let _ = writeln!(text, "{count:>8}  {}, kept for {} days", described.what, kept.of(kind).0);
        counts.insert(described.setting.to_owned(), json!({ "count": count, "days": kept.of(kind).0 }));
    }
    text.push_str(if dry_run { "Nothing was forgotten: this was a look only." } else { "Forgotten." });
    Ok(Answer::done(text, json!({ "dry_run": dry_run, "kinds": counts })))
}
