//! When what UNI-Login's user administration adds takes effect: at the next nightly run, as the field knows it
//! ("op til ét døgn"), or at once. What it takes away ends at once, whatever is set.
//!
//! No run has to happen: an addition carries the instant from which it counts, and whoever asks compares.

use crate::calendar::{Date, Zone};
use crate::time::Instant;
use std::fmt;

/// When additions take effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TakesEffect {
    /// On the next request.
    AtOnce,
    /// At this time of the institution's day, in minutes after midnight.
    Nightly(u16),
}

impl Default for TakesEffect {
    /// 04:00.
    fn default() -> Self {
        Self::Nightly(4 * 60)
    }
}

impl TakesEffect {
    /// Reads `at-once`, or a time of day such as `04:00`.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        if code == "at-once" {
            return Some(Self::AtOnce);
        }
        let (hour, minute) = code.split_once(':')?;
        let two = |part: &str| if part.len() == 2 { part.parse::<u16>().ok() } else { None };
        let (hour, minute) = (two(hour)?, two(minute)?);
        (hour < 24 && minute < 60).then_some(Self::Nightly(hour * 60 + minute))
    }

    /// From when something counts that is added now.
    #[must_use]
    pub fn of(self, zone: Zone, now: Instant) -> Instant {
        let Self::Nightly(minutes) = self else { return now };
        let today = zone.date_of(now);
        [today, today.next()]
            .into_iter()
            .map(|day| at(zone, day, minutes))
            .find(|run| *run > now)
            .unwrap_or_else(|| at(zone, today.next().next(), minutes))
    }
}

impl fmt::Display for TakesEffect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AtOnce => f.write_str("at-once"),
            Self::Nightly(minutes) => write!(f, "{:02}:{:02}", minutes / 60, minutes % 60),
        }
    }
}

/// The instant at which a zone's clocks show so many minutes after midnight; on a night when they are set
/// forward over it, the next that they show.
fn at(zone: Zone, day: Date, minutes: u16) -> Instant {
    let start = zone.start_of(day);
    let guess = start.plus_seconds(i64::from(minutes) * 60);
    let (hour, minute) = zone.clock_of(guess);
    // Clocks are set by whole hours in the small hours: what they show tells by how much the guess is off.
    let shown = i64::from(hour) * 60 + i64::from(minute);
    let mended = guess.plus_seconds((i64::from(minutes) - shown) * 60);
    if zone.date_of(guess) == day && zone.clock_of(mended) == clock(minutes) { mended } else { guess }
}

fn clock(minutes: u16) -> (i8, i8) {
    let part = |number: u16| i8::try_from(number).unwrap_or(0);
    (part(minutes / 60), part(minutes % 60))
}

/// When an affiliation made by hand ends that nobody confirms: a year after, at the end of the day.
///
/// UNI-Login deletes those of more than twelve months, and warns a month before.
#[must_use]
pub fn lapses(zone: Zone, since: Instant) -> Instant {
    zone.start_of(months_after(zone.date_of(since), 12).next())
}

/// From when such an affiliation can be confirmed, and is warned of: a month before it ends.
#[must_use]
pub fn confirmed_from(zone: Zone, ends: Instant) -> Instant {
    zone.start_of(months_after(zone.date_of(ends), -1))
}

/// The first day on which nothing has to be confirmed yet that ends then.
#[must_use]
pub fn confirmed_until(today: Date) -> Date {
    months_after(today, 1).next()
}

fn months_after(day: Date, months: i32) -> Date {
    Date(day.0.saturating_add(jiff::Span::new().months(months)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ZONE: Zone = Zone::Copenhagen;

    fn instant(text: &str) -> Instant {
        Instant(text.parse::<jiff::Timestamp>().unwrap().as_microsecond())
    }

    #[test]
    fn additions_wait_for_the_next_run() {
        let nightly = TakesEffect::default();
        for (now, run) in [
            ("2026-11-26T02:59:59Z", "2026-11-26T03:00:00Z"),
            ("2026-11-26T03:00:00Z", "2026-11-27T03:00:00Z"),
            ("2026-11-26T12:00:00Z", "2026-11-27T03:00:00Z"),
            ("2026-07-01T12:00:00Z", "2026-07-02T02:00:00Z"),
            // The nights when the clocks are set.
            ("2026-03-28T12:00:00Z", "2026-03-29T02:00:00Z"),
            ("2026-10-24T12:00:00Z", "2026-10-25T03:00:00Z"),
            ("2026-10-25T02:30:00Z", "2026-10-25T03:00:00Z"),
        ] {
            assert_eq!(nightly.of(ZONE, instant(now)), instant(run), "{now}");
        }
        let at_once = instant("2026-11-26T12:00:00Z");
        assert_eq!(TakesEffect::AtOnce.of(ZONE, at_once), at_once);
    }

    #[test]
    fn a_run_in_the_hour_that_is_left_out_is_after_it() {
        let run = TakesEffect::from_code("02:30").unwrap();
        let on = run.of(ZONE, instant("2026-03-28T12:00:00Z"));
        assert!(on > instant("2026-03-29T01:00:00Z") && on <= instant("2026-03-29T01:30:00Z"), "{on:?}");
    }

    #[test]
    fn times_of_day_read_back() {
        for text in ["at-once", "00:00", "04:00", "23:59"] {
            assert_eq!(TakesEffect::from_code(text).unwrap().to_string(), text);
        }
        for bad in ["", "4:00", "24:00", "04:60", "04", "at once", "04:00:00", "-1:00"] {
            assert_eq!(TakesEffect::from_code(bad), None, "{bad}");
        }
    }

    #[test]
    fn what_is_made_by_hand_runs_for_a_year_and_is_warned_of_a_month_before() {
        let ends = lapses(ZONE, instant("2026-11-26T12:00:00Z"));
        assert_eq!(ends, instant("2027-11-26T23:00:00Z"), "the last day is the same a year later");
        assert_eq!(confirmed_from(ZONE, ends), instant("2027-10-26T22:00:00Z"));
        // A day that the next year does not have.
        assert_eq!(lapses(ZONE, instant("2028-02-29T12:00:00Z")), instant("2029-02-28T23:00:00Z"));
    }
}
