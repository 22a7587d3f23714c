//! Why a write was rolled back although nothing failed.

use crate::Fault;
use domain::exchange::Review;
use store::Transient;

/// Why nothing was written.
#[derive(Debug)]
pub(crate) enum Undone {
    /// Refused, or failed.
    Fault(Fault),
    /// The reviewed change is no longer what would happen.
    Stale(Box<Review>),
    /// All of it is so already.
    Nothing,
}

impl Undone {
    /// Nothing to do is as good as done.
    pub(super) fn nothing_is_done(self) -> Result<(), Fault> {
        match self {
            Self::Fault(fault) => Err(fault),
            Self::Nothing | Self::Stale(_) => Ok(()),
        }
    }
}

impl From<Fault> for Undone {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl From<store::Error> for Undone {
    fn from(error: store::Error) -> Self {
        Self::Fault(error.into())
    }
}

impl Transient for Undone {
    fn is_transient(&self) -> bool {
        matches!(self, Self::Fault(fault) if fault.is_transient())
    }
}
