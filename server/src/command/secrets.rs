//! `adgang secrets rotate`

use super::Context;
use crate::answer::{Answer, Failure};

/// Adds a newer key for each use, and says what that means for what was made with the older ones.
pub(super) async fn rotate(context: &Context) -> Result<Answer, Failure> {
    let rotated = context.installation().rotate_secrets(context.env.clone()).await?;
    let folder = context.settings.secrets_folder();
    let text = format!(
        "key         new                                  what was made with older keys\n\
         pepper-{:<4} hashes of passwords and matrix cards  a password is hashed anew when it next signs in; cards stay good\n\
         audit-{:<5} audit entries and checkpoints         still proved by the older keys\n\
         session-{:<3} tokens of pages                       pages that are open go on; no session ends\n\
         Start every server on this database again: until then, one knows neither these keys nor accounts made with them.\n\
         Keep the older keys, and a copy of {} somewhere else: the database now wants all of them.",
        rotated.pepper,
        rotated.audit,
        rotated.session,
        folder.display()
    );
    let keys = super::json(&rotated);
    Ok(Answer::done(text, serde_json::json!({ "keys": keys, "sessions_ended": 0 })))
}
