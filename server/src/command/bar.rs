//! How far a command is, on a terminal alone.

use std::io::{IsTerminal, Write as _};

/// Characters of the bar itself.
const WIDTH: usize = 30;

/// A line on a terminal that is written over and over; elsewhere nothing.
pub(super) struct Bar {
    shown: bool,
}

impl Bar {
    /// A line that says nothing yet.
    pub(super) fn new() -> Self {
        Self { shown: std::io::stderr().is_terminal() }
    }

    /// Shows how many `units` of a step are done, and of how many, where that is known.
    pub(super) fn show(&self, doing: &str, (done, of): (u64, Option<u64>), units: &str) {
        self.write(&drawn(doing, (done, of), units));
    }

    /// Leaves nothing behind.
    pub(super) fn clear(&self) {
        self.write("");
    }

    fn write(&self, line: &str) {
        if self.shown {
            // A terminal that is gone needs no progress.
            let _ = write!(std::io::stderr(), "\r\x1b[2K{line}");
        }
    }
}

/// The line: a bar that fills, how many units, and what is being done with them.
fn drawn(doing: &str, (done, of): (u64, Option<u64>), units: &str) -> String {
    let Some(of) = of else { return format!("[{}] {done} {units}: {doing}", " ".repeat(WIDTH)) };
    // Nothing to do is all done; and no bar is longer than it is.
    let full = done.min(of).saturating_mul(WIDTH as u64).checked_div(of).map_or(WIDTH, |full| full as usize);
    format!("[{}{}] {done} of {of} {units}: {doing}", "#".repeat(full), " ".repeat(WIDTH.saturating_sub(full)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bar_fills_with_the_rows() {
        let full = |done, of| drawn("writing", (done, of), "rows").matches('#').count();
        assert_eq!([0, 1, 50, 99, 100].map(|done| full(done, Some(100))), [0, 0, 15, 29, 30]);
        assert_eq!(full(0, Some(0)), WIDTH, "nothing to do is all done");
        assert_eq!(full(200, Some(100)), WIDTH);
        assert_eq!(full(7, None), 0, "of nobody knows how many");
    }

    #[test]
    fn the_line_says_what_and_how_far_in_rows() {
        let half = "#".repeat(15) + &" ".repeat(15);
        assert_eq!(drawn("writing", (50, Some(100)), "rows"), format!("[{half}] 50 of 100 rows: writing"));
        assert_eq!(drawn("comparing", (7, None), "rows"), format!("[{}] 7 rows: comparing", " ".repeat(30)));
    }
}
