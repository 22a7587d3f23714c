//! The weeks before today, through which the demo's clock walks.

use crate::env::SetClock;
use domain::{Date, Instant, SchoolYear, Zone};
use jiff::civil::Weekday;
use std::sync::Arc;

/// How long before today the story begins, unless the school year is younger.
const WEEKS: i64 = 7;

/// A stretch of time up to now, and the clock that walks through it.
pub(super) struct Days {
    clock: Arc<SetClock>,
    zone: Zone,
    begin: Instant,
    now: Instant,
}

impl Days {
    /// The weeks before `now`, as far as they lie in its school year.
    pub(super) fn before(now: Instant, zone: Zone, clock: &Arc<SetClock>) -> Self {
        let year = SchoolYear::of(zone.date_of(now));
        let begin = now.plus_seconds(-WEEKS * 7 * 24 * 3600).max(zone.start_of(year.first_day()));
        Self { clock: Arc::clone(clock), zone, begin, now }
    }

    /// Sets the clock to a day of work in the school year before.
    pub(super) fn last_spring(&self) {
        let first = self.zone.start_of(self.year().first_day());
        self.clock.set(self.at_work(first.plus_seconds(-10 * 7 * 24 * 3600)));
    }

    /// Sets the clock to a part of the way, in thousandths, at an hour when people are at work.
    pub(super) fn reach(&self, thousandths: i64) {
        let way = self.now.0.saturating_sub(self.begin.0);
        let there = Instant(self.begin.0.saturating_add(way / 1000 * thousandths));
        self.clock.set(self.at_work(there).clamp(self.begin, self.now));
    }

    /// The same moment moved into working hours, so that what came later still does: a weekday's 24
    /// hours become 8 to 15 o'clock, and a weekend the hour and a half after Friday's.
    fn at_work(&self, at: Instant) -> Instant {
        let date = self.zone.date_of(at);
        let second = (at.0 - self.zone.start_of(date).0) / 1_000_000;
        let (friday, first_hour_seconds, scale) = match date.0.weekday() {
            Weekday::Saturday => (date.previous(), 15 * 3600, 32),
            Weekday::Sunday => (date.previous().previous(), 15 * 3600 + 2700, 32),
            _ => (date, 8 * 3600, 4),
        };
        self.zone.start_of(friday).plus_seconds(first_hour_seconds + second / scale)
    }

    /// The day so many days from today, at most the last of the school year.
    pub(super) fn days_ahead(&self, days: i32) -> Date {
        let today = self.zone.date_of(self.now);
        let day = today.0.checked_add(jiff::Span::new().days(days)).map_or(today, Date);
        day.min(SchoolYear::of(today).last_day())
    }

    /// The school year of today.
    pub(super) fn year(&self) -> SchoolYear {
        SchoolYear::of(self.zone.date_of(self.now))
    }
}
