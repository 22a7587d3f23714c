//! Instants and the windows between them.

use serde::{Deserialize, Serialize};

/// An instant: microseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Instant(pub i64);

impl Instant {
    /// Before every instant that is recorded.
    pub const DISTANT_PAST: Self = Self(i64::MIN);
    /// After every instant that is recorded.
    pub const DISTANT_FUTURE: Self = Self(i64::MAX);

    /// This instant moved by whole seconds; stays at the ends of the scale.
    #[must_use]
    pub const fn plus_seconds(self, seconds: i64) -> Self {
        Self(self.0.saturating_add(seconds.saturating_mul(1_000_000)))
    }
}

/// A half-open stretch of time: `from` belongs to it, `until` does not; `None` never ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Window {
    /// The first instant inside.
    pub from: Instant,
    /// The first instant after; `None` for no end.
    pub until: Option<Instant>,
}

impl Window {
    /// All of time.
    pub const ALWAYS: Self = Self { from: Instant::DISTANT_PAST, until: None };

    /// From an instant on, without an end.
    #[must_use]
    pub const fn since(from: Instant) -> Self {
        Self { from, until: None }
    }

    /// From an instant to just before another.
    #[must_use]
    pub const fn between(from: Instant, until: Instant) -> Self {
        Self { from, until: Some(until) }
    }

    /// Is the instant inside?
    #[must_use]
    pub fn contains(self, at: Instant) -> bool {
        self.from <= at && self.until.is_none_or(|until| at < until)
    }

    /// Does nothing lie inside?
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.until.is_some_and(|until| until <= self.from)
    }
}

/// A question's two times: when the right is asked for, and what was known when it was answered.
///
/// Asked about the past, the system answers what it would have answered then; about the future,
/// with all that is recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Moment {
    /// The instant the right is asked for.
    pub at: Instant,
    /// Only what was recorded by then counts.
    pub known: Instant,
}

impl Moment {
    /// A question about `at`, put at `now`.
    #[must_use]
    pub fn asked(at: Instant, now: Instant) -> Self {
        if at < now { Self { at, known: at } } else { Self { at, known: Instant::DISTANT_FUTURE } }
    }

    /// A question about `at` that is answered with everything recorded so far.
    #[must_use]
    pub const fn of_all_recorded(at: Instant) -> Self {
        Self { at, known: Instant::DISTANT_FUTURE }
    }
}
