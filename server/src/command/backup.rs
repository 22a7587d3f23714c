//! `adgang backup` and `adgang restore`

use super::Context;
use crate::answer::{Answer, Failure};
use serde_json::json;
use std::path::Path;

/// Copies the database while it is in use.
pub(super) async fn backup(context: &Context, path: &Path) -> Result<Answer, Failure> {
    let manifest = context.installation().back_up(path, &context.env).await?;
    let keys = context.settings.secrets_folder();
    let text = format!(
        "{} bytes written to {}.\nThe keys are not in it: keep a copy of {} somewhere else.",
        manifest.bytes,
        path.display(),
        keys.display()
    );
    Ok(Answer::done(text, super::json(&manifest)))
}

/// Puts a copy in the place of the database.
pub(super) async fn restore(context: &Context, path: &Path) -> Result<Answer, Failure> {
    let restored = context.installation().restore(path, &context.env).await?;
    let mut text =
        format!("The backup of {} is back; {} sessions were ended.", restored.manifest.made, restored.sessions_ended);
    if let Some(replaced) = &restored.replaced {
        text.push_str(&format!("\nWhat was there before is kept as {}.", replaced.display()));
    }
    let replaced = restored.replaced.map(|path| path.display().to_string());
    let json =
        json!({ "made": restored.manifest.made, "sessions_ended": restored.sessions_ended, "replaced": replaced });
    Ok(Answer::done(text, json))
}
