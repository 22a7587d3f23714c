//! The level of a pupil or a test (klassetrin, årskurs).

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// A level that the rule knows: 0 to 10 in the basic school, U1 to U4 in upper secondary.
///
/// Other values that rosters carry (DT, VU, Andet, free text) are kept raw beside the pupil and
/// are covered by no level.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Level(u8);

/// The text names no level that the rule knows.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no level: 0 to 10 or U1 to U4")]
pub struct NoSuchLevel(pub String);

impl Level {
    /// Level 0 (børnehaveklasse, förskoleklass).
    pub const LOWEST: Self = Self(0);
    /// The highest level of the basic school.
    const BASIC_MAX: u8 = 10;
    /// Levels U1 to U4 follow the basic school.
    const UPPER_MAX: u8 = Self::BASIC_MAX + 4;

    /// The level with this rank: 0 to 10, then 11 to 14 for U1 to U4.
    #[must_use]
    pub const fn from_rank(rank: u8) -> Option<Self> {
        if rank <= Self::UPPER_MAX { Some(Self(rank)) } else { None }
    }

    /// Its place in order: 0 to 14.
    #[must_use]
    pub const fn rank(self) -> u8 {
        self.0
    }

    /// All levels, lowest first.
    pub fn all() -> impl Iterator<Item = Self> {
        (0..=Self::UPPER_MAX).map(Self)
    }

    /// A OneRoster grade (CEDS code): `KG` is level 0, `01` to `10` are 1 to 10, `11` to `13` are
    /// U1 to U3; everything else is no level.
    #[must_use]
    pub fn from_one_roster_grade(grade: &str) -> Option<Self> {
        let grade = grade.trim();
        if grade.eq_ignore_ascii_case("KG") {
            return Some(Self(0));
        }
        match grade.parse::<u8>() {
            Ok(number @ 1..=13) if grade.len() <= 2 => Some(Self(number)),
            _ => None,
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.checked_sub(Self::BASIC_MAX) {
            Some(upper @ 1..) => write!(f, "U{upper}"),
            _ => write!(f, "{}", self.0),
        }
    }
}

impl FromStr for Level {
    type Err = NoSuchLevel;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let none = || NoSuchLevel(text.into());
        let (digits, base, range) = match text.strip_prefix('U') {
            Some(rest) => (rest, Self::BASIC_MAX, 1..=4),
            None => (text, 0, 0..=Self::BASIC_MAX),
        };
        let plain = digits.bytes().all(|b| b.is_ascii_digit()) && !(digits.len() > 1 && digits.starts_with('0'));
        let number: u8 = digits.parse().map_err(|_| none())?;
        if plain && range.contains(&number) { Ok(Self(base + number)) } else { Err(none()) }
    }
}

impl From<Level> for String {
    fn from(level: Level) -> Self {
        format!("{level}")
    }
}

impl TryFrom<String> for Level {
    type Error = NoSuchLevel;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_level_reads_back_what_it_writes() {
        for level in Level::all() {
            assert_eq!(level.to_string().parse(), Ok(level));
        }
        assert_eq!(Level::all().count(), 15);
    }

    #[test]
    fn other_texts_are_no_level() {
        for text in ["", "11", "U0", "U5", "DT", "VU", "-1", "+1", "01", "4 ", "U", "256", "U+1"] {
            assert_eq!(text.parse::<Level>(), Err(NoSuchLevel(text.into())), "{text}");
        }
    }

    #[test]
    fn one_roster_grades() {
        let read = |grade| Level::from_one_roster_grade(grade).map(|level| level.to_string());
        let table = [
            ("KG", Some("0")),
            ("01", Some("1")),
            ("1", Some("1")),
            ("09", Some("9")),
            ("10", Some("10")),
            ("11", Some("U1")),
            ("13", Some("U3")),
            ("14", None),
            ("00", None),
            ("PK", None),
            ("", None),
            ("Other", None),
            ("007", None),
        ];
        for (grade, level) in table {
            assert_eq!(read(grade).as_deref(), level, "{grade}");
        }
    }
}
