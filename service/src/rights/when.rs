//! The moment a question is about.

use domain::{Date, Instant, Zone};

/// Reads RFC 3339 (`2026-11-21T12:00:00+01:00`), or a date as its first instant in the zone.
#[must_use]
pub fn parse_instant(text: &str, zone: Zone) -> Option<Instant> {
    if let Ok(date) = text.parse::<Date>() {
        return Some(zone.start_of(date));
    }
    text.parse::<jiff::Timestamp>().ok().map(|stamp| Instant(stamp.as_microsecond()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_or_a_day() {
        let table = [
            ("2026-11-21", Some(1_795_215_600_000_000)),
            ("2026-11-20T23:00:00Z", Some(1_795_215_600_000_000)),
            ("2026-11-21T00:00:00+01:00", Some(1_795_215_600_000_000)),
            ("2026-11-21T00:00:00", None),
            ("21.11.2026", None),
            ("", None),
            ("now", None),
        ];
        for (text, instant) in table {
            assert_eq!(parse_instant(text, Zone::Copenhagen), instant.map(Instant), "{text}");
        }
    }
}
