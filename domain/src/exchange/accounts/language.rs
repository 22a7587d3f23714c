//! The language that somebody is written to in.

use serde::{Deserialize, Serialize};

/// The language of a letter's instructions, and of whatever else is written to somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Language {
    /// Danish.
    Da,
    /// Swedish.
    Sv,
    /// English.
    En,
}

impl Language {
    /// The language of a country code, `dk` or `se`; English for others.
    #[must_use]
    pub fn of_country(country: &str) -> Self {
        match country {
            "dk" => Self::Da,
            "se" => Self::Sv,
            _ => Self::En,
        }
    }

    /// The language's code: `da`, `sv`, `en`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Da => "da",
            Self::Sv => "sv",
            Self::En => "en",
        }
    }

    /// The language of a code.
    #[must_use]
    pub fn of_code(code: &str) -> Option<Self> {
        [Self::Da, Self::Sv, Self::En].into_iter().find(|language| language.code() == code)
    }
}
