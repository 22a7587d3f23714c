//! How the model's values stand in columns.

use crate::Error;
use domain::{Instant, Window};
use std::fmt::Display;

/// A window whose missing ends stand as NULL.
pub(crate) fn window(from: Option<i64>, until: Option<i64>) -> Window {
    Window { from: from.map_or(Instant::DISTANT_PAST, Instant), until: until.map(Instant) }
}

/// The column of a window's end.
pub(crate) fn until(window: Window) -> Option<i64> {
    window.until.map(|until| until.0)
}

/// Reads a code, a number or a key that only certain values can be.
pub(crate) fn known<T>(
    value: Option<T>,
    table: &'static str,
    column: &'static str,
    row: impl Display,
) -> Result<T, Error> {
    value.ok_or_else(|| Error::contradiction(table, column, row))
}
