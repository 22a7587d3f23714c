//! What can go wrong in a use case: a refusal that may be shown, or a fault that is logged.

use domain::draft::EditFault;
use domain::exchange::{Refusal, RefusalCode};

/// Why a use case did not happen.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// Refused; safe to show to the person who asked.
    #[error("refused: {0}")]
    Refused(#[from] Refusal),
    /// An edit of a draft is at fault; safe to show.
    #[error("edit {}: {fault}", edit + 1)]
    BadEdit {
        /// Which edit, counted from 0.
        edit: u32,
        /// What is wrong with it.
        fault: EditFault,
    },
    /// What was named is not there. A foreign id is answered exactly so too; only a command, whose
    /// words these are, shows more of it than the refusal.
    #[error("no {what} `{}` is known here", id.escape_debug())]
    Unknown {
        /// What was looked for.
        what: &'static str,
        /// What it was called.
        id: String,
    },
    /// The database failed or holds a contradiction; logged once, never shown.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// Something else failed on our side; logged once, never shown.
    #[error("{0}")]
    Internal(String),
}

impl From<RefusalCode> for Fault {
    fn from(code: RefusalCode) -> Self {
        Self::Refused(code.into())
    }
}

impl Fault {
    /// Nothing of this kind is called so here.
    pub(crate) fn unknown(what: &'static str, id: &str) -> Self {
        Self::Unknown { what, id: id.to_owned() }
    }

    /// What may be shown: the refusal itself, that the database is away, full or busy, or
    /// "internal" for everything else.
    #[must_use]
    pub fn public(&self) -> Refusal {
        match self {
            Self::Refused(refusal) => refusal.clone(),
            Self::BadEdit { fault, .. } => refusal_of(*fault).into(),
            Self::Unknown { .. } => RefusalCode::NotFound.into(),
            Self::Store(store::Error::Busy) => RefusalCode::Busy.into(),
            Self::Store(store::Error::Away(_)) => RefusalCode::Unavailable.into(),
            Self::Store(store::Error::NoRoom { .. }) => RefusalCode::NoRoom.into(),
            Self::Store(_) | Self::Internal(_) => RefusalCode::Internal.into(),
        }
    }

    /// Is this a failure of ours, to be logged, and not a refusal?
    #[must_use]
    pub const fn is_ours(&self) -> bool {
        matches!(self, Self::Store(_) | Self::Internal(_))
    }
}

impl store::Transient for Fault {
    fn is_transient(&self) -> bool {
        matches!(self, Self::Store(error) if error.is_transient())
    }
}

/// The public code of what is wrong with an edit.
const fn refusal_of(fault: EditFault) -> RefusalCode {
    match fault {
        EditFault::Unknown | EditFault::UnknownTest => RefusalCode::NotFound,
        EditFault::FromInPast => RefusalCode::DateInPast,
        EditFault::TooLarge => RefusalCode::TooLarge,
        EditFault::NoTeachers | EditFault::UntilBeforeFrom | EditFault::ClearWithEnd => RefusalCode::BadInput,
    }
}
