//! The main job: a school's rights to results, the staff's rights to book and run, exemptions.
//!
//! Every use case here takes an [`crate::Actor`], asks what it may act as at its institution, and
//! names people and things by ids that it looks up in that institution alone; so a foreign id
//! answers exactly as an unknown one.

mod apply;
pub mod cache;
pub mod draft_file;
mod drafts;
mod exemptions;
mod history;
pub mod ids;
pub(crate) mod load;
mod mine;
mod my_rights;
pub(crate) mod names;
mod operator;
pub(crate) mod proposal;
pub mod questions;
mod staff;
#[cfg(test)]
mod tests;
pub(crate) mod undone;
pub mod when;

pub use cache::CachedSchool;
pub use draft_file::{DraftFile, DraftFileError, DraftReport, FileOutcome};
pub use drafts::DRAFT_BYTES_MAX;
pub use exemptions::{EXEMPTION_CHANGES_MAX, NOTE_MAX};
pub use history::{HISTORY_LINES_MAX, HISTORY_PAGE_MAX};
pub use ids::Ids;
pub use questions::{CheckAnswer, TeacherRights, WhoSees};
pub use staff::STAFF_CHANGES_MAX;

use domain::exchange::{Refusal, RefusalCode};

/// Longest reason of a change, in characters.
pub const REASON_MAX: usize = 500;

/// A text that a person wrote: trimmed, of at most `most` characters, without control characters
/// but line ends.
///
/// # Errors
/// [`RefusalCode::TooLarge`] where it is longer, [`RefusalCode::BadInput`] for a control character.
pub(crate) fn written(text: &str, most: usize) -> Result<String, Refusal> {
    let text = text.trim();
    if text.chars().nth(most).is_some() {
        return Err(RefusalCode::TooLarge.into());
    }
    if text.chars().any(|c| c.is_control() && c != '\n') {
        return Err(RefusalCode::BadInput.into());
    }
    Ok(text.to_owned())
}
