//! What is to be imported where, and what was said yes to.

use domain::import::Held;
use domain::{AuthorityId, ImportId, InstitutionId};

/// Whose roster a bundle is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// One school of the bundle.
    Institution(InstitutionId),
    /// All of them; institutions are made where there are none.
    Authority(AuthorityId),
}

/// How to import.
#[derive(Clone, Debug, Default)]
pub struct ImportOptions {
    /// Name of the file, for the list of imports.
    pub file_name: String,
    /// Only look.
    pub dry_run: bool,
    /// Apply it although more than a tenth of a kind would end, or a file is empty.
    pub accept_large_change: bool,
    /// Apply it although it is of another school year than the one before it.
    pub accept_new_year: bool,
    /// Note what a look finds, if it is errors or that the import would be held; it then waits.
    pub note_looks: bool,
}

impl ImportOptions {
    /// Is it noted in the list of imports that the files have errors, or that the import is held?
    pub(super) const fn notes_what_stops_it(&self) -> bool {
        !self.dry_run || self.note_looks
    }

    /// Is there a reason to wait that was not said yes to?
    pub(super) fn is_held_by(&self, reasons: &[Held]) -> bool {
        let accepted = |reason: &Held| match reason {
            Held::ManyGone { .. } | Held::EmptyFile { .. } => self.accept_large_change,
            Held::NewSchoolYear { .. } => self.accept_new_year,
        };
        !reasons.iter().all(accepted)
    }
}

/// A yes to an import that waits.
#[derive(Clone, Debug)]
pub(super) struct Yes {
    pub(super) id: ImportId,
    pub(super) reason: String,
}
