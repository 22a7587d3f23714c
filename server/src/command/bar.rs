//! How far a command is, on a terminal alone.

use std::io::{IsTerminal, Write as _};

/// A line on a terminal that is written over and over; elsewhere nothing.
pub(super) struct Bar {
    shown: bool,
}

impl Bar {
    /// A line that says nothing yet.
    pub(super) fn new() -> Self {
        Self { shown: std::io::stderr().is_terminal() }
    }

    /// Shows how far it is.
    pub(super) fn show(&self, line: &str) {
        if self.shown {
            // A terminal that is gone needs no progress.
            let _ = write!(std::io::stderr(), "\r\x1b[2K{line}");
        }
    }

    /// Leaves nothing behind.
    pub(super) fn clear(&self) {
        self.show("");
    }
}
