//! Days, zones and school years.

use crate::time::{Instant, Window};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// A calendar day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(pub jiff::civil::Date);

/// The zone an institution counts its days in. Compiled in: the browser has no zone database.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Zone {
    /// Denmark.
    #[serde(rename = "Europe/Copenhagen")]
    Copenhagen,
    /// Sweden.
    #[serde(rename = "Europe/Stockholm")]
    Stockholm,
}

static COPENHAGEN: TimeZone = jiff::tz::get!("Europe/Copenhagen");
static STOCKHOLM: TimeZone = jiff::tz::get!("Europe/Stockholm");

/// The text is no calendar day.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no date: write it as 2027-07-31")]
pub struct NoSuchDate(pub String);

impl Date {
    /// A day by its parts.
    #[must_use]
    pub fn new(year: i16, month: i8, day: i8) -> Option<Self> {
        jiff::civil::Date::new(year, month, day).ok().map(Self)
    }

    /// The day after; the last day of the calendar is its own.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0.tomorrow().unwrap_or(self.0))
    }

    /// The day before; the first day of the calendar is its own.
    #[must_use]
    pub fn previous(self) -> Self {
        Self(self.0.yesterday().unwrap_or(self.0))
    }

    /// As schools here write it: 31.07.2027 in Danish.
    #[must_use]
    pub fn dotted(self) -> String {
        format!("{:02}.{:02}.{}", self.0.day(), self.0.month(), self.0.year())
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.0.year(), self.0.month(), self.0.day())
    }
}

impl FromStr for Date {
    type Err = NoSuchDate;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let none = || NoSuchDate(text.into());
        let mut parts = text.splitn(3, '-');
        let (Some(year), Some(month), Some(day)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(none());
        };
        if (year.len(), month.len(), day.len()) != (4, 2, 2) || text.bytes().any(|b| !b.is_ascii_digit() && b != b'-') {
            return Err(none());
        }
        let number = |part: &str| part.parse::<i16>().map_err(|_| none());
        let small = |part: &str| number(part).and_then(|n| i8::try_from(n).map_err(|_| none()));
        Self::new(number(year)?, small(month)?, small(day)?).ok_or_else(none)
    }
}

impl Serialize for Date {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

impl Zone {
    /// The zone of a country code, `dk` or `se`.
    #[must_use]
    pub fn of_country(country: &str) -> Option<Self> {
        match country {
            "dk" => Some(Self::Copenhagen),
            "se" => Some(Self::Stockholm),
            _ => None,
        }
    }

    fn rules(self) -> &'static TimeZone {
        match self {
            Self::Copenhagen => &COPENHAGEN,
            Self::Stockholm => &STOCKHOLM,
        }
    }

    /// The first instant of a day.
    #[must_use]
    pub fn start_of(self, date: Date) -> Instant {
        let midnight = date.0.at(0, 0, 0, 0);
        match self.rules().to_ambiguous_zoned(midnight).compatible() {
            Ok(start) => Instant(start.timestamp().as_microsecond()),
            // Only days at the very end of jiff's calendar have no start.
            Err(_) => Instant::DISTANT_FUTURE,
        }
    }

    /// The day an instant lies in.
    #[must_use]
    pub fn date_of(self, at: Instant) -> Date {
        Date(self.local(at).date())
    }

    /// Date and time of day, to the minute, for people: hour and minute.
    #[must_use]
    pub fn clock_of(self, at: Instant) -> (i8, i8) {
        let local = self.local(at);
        (local.hour(), local.minute())
    }

    fn local(self, at: Instant) -> jiff::civil::DateTime {
        // Beyond jiff's calendar, its first or last day.
        let within = at.0.clamp(Timestamp::MIN.as_microsecond(), Timestamp::MAX.as_microsecond());
        self.rules().to_datetime(Timestamp::from_microsecond(within).unwrap_or(Timestamp::MAX))
    }

    /// Whole days, both included, as a window of instants.
    #[must_use]
    pub fn window(self, from: Date, until: Option<Date>) -> Window {
        Window { from: self.start_of(from), until: until.map(|last| self.start_of(last.next())) }
    }

    /// First and last day of a window that was made of whole days.
    #[must_use]
    pub fn days(self, window: Window) -> (Date, Option<Date>) {
        let last = window.until.map(|until| self.date_of(Instant(until.0.saturating_sub(1))));
        (self.date_of(window.from), last)
    }
}

/// A school year (skoleår, läsår): 1 August to 31 July in the institution's zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SchoolYear(pub i16);

impl SchoolYear {
    /// The school year a day lies in.
    #[must_use]
    pub fn of(date: Date) -> Self {
        Self(if date.0.month() >= 8 { date.0.year() } else { date.0.year() - 1 })
    }

    /// 1 August.
    #[must_use]
    pub fn first_day(self) -> Date {
        Date(jiff::civil::date(self.0, 8, 1))
    }

    /// 31 July of the next calendar year.
    #[must_use]
    pub fn last_day(self) -> Date {
        Date(jiff::civil::date(self.0 + 1, 7, 31))
    }

    /// The school year as a window of instants.
    #[must_use]
    pub fn window(self, zone: Zone) -> Window {
        zone.window(self.first_day(), Some(self.last_day()))
    }
}

impl fmt::Display for SchoolYear {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{:02}", self.0, (self.0 + 1).rem_euclid(100))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    #[test]
    fn a_day_is_23_24_or_25_hours() {
        for zone in [Zone::Copenhagen, Zone::Stockholm] {
            let hours = |text| (zone.start_of(day(text).next()).0 - zone.start_of(day(text)).0) / 3_600_000_000;
            assert_eq!(hours("2027-03-28"), 23);
            assert_eq!(hours("2026-10-25"), 25);
            assert_eq!(hours("2026-11-21"), 24);
        }
    }

    #[test]
    fn the_day_begins_at_local_midnight() {
        let start = Zone::Copenhagen.start_of(day("2026-08-01"));
        assert_eq!(start.0, 1_785_535_200_000_000, "2026-07-31T22:00:00Z");
        assert_eq!(Zone::Copenhagen.date_of(start), day("2026-08-01"));
        assert_eq!(Zone::Copenhagen.date_of(Instant(start.0 - 1)), day("2026-07-31"));
        assert_eq!(Zone::Copenhagen.clock_of(start), (0, 0));
        assert_eq!(Zone::Copenhagen.clock_of(Instant(start.0 - 60_000_000)), (23, 59));
    }

    #[test]
    fn beyond_the_calendar_is_its_first_or_last_day() {
        assert_eq!(Zone::Copenhagen.date_of(Instant::DISTANT_PAST).0.year(), -9999);
        assert_eq!(Zone::Copenhagen.date_of(Instant::DISTANT_FUTURE).0.year(), 9999);
        assert_eq!(Zone::Copenhagen.date_of(Instant(0)), day("1970-01-01"));
    }

    #[test]
    fn a_country_has_its_zone() {
        assert_eq!(Zone::of_country("dk"), Some(Zone::Copenhagen));
        assert_eq!(Zone::of_country("se"), Some(Zone::Stockholm));
        assert_eq!(Zone::of_country("DK"), None);
    }

    #[test]
    fn whole_days_read_back() {
        let zone = Zone::Stockholm;
        for (from, until) in
            [("2026-10-20", Some("2026-10-25")), ("2027-03-28", Some("2027-03-28")), ("2026-01-01", None)]
        {
            let (from, until) = (day(from), until.map(day));
            assert_eq!(zone.days(zone.window(from, until)), (from, until));
        }
    }

    #[test]
    fn the_school_year_turns_on_1_august() {
        for (date, year) in
            [("2026-07-31", "2025/26"), ("2026-08-01", "2026/27"), ("2027-01-01", "2026/27"), ("1999-12-31", "1999/00")]
        {
            assert_eq!(SchoolYear::of(day(date)).to_string(), year);
        }
        let year = SchoolYear(2026);
        assert_eq!((year.first_day(), year.last_day()), (day("2026-08-01"), day("2027-07-31")));
        let window = year.window(Zone::Copenhagen);
        assert!(window.contains(Zone::Copenhagen.start_of(day("2027-07-31"))));
        assert!(!window.contains(Zone::Copenhagen.start_of(day("2027-08-01"))));
    }

    #[test]
    fn dates_are_read_strictly() {
        assert_eq!(day("2027-07-31").to_string(), "2027-07-31");
        assert_eq!(day("2027-07-31").dotted(), "31.07.2027");
        assert_eq!(day("2027-07-31").previous(), day("2027-07-30"));
        for text in
            ["2027-02-29", "2027-7-31", "31.07.2027", "", "2027-07-31T00:00", "20270731", "2027-13-01", "+027-01-01"]
        {
            assert_eq!(text.parse::<Date>(), Err(NoSuchDate(text.into())), "{text}");
        }
    }
}
