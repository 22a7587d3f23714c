//! UNI-Login: its ids, who signs in through it and how surely, and the flags that its user
//! administration gives.
//!
//! A flag opens one thing ("hvis og kun hvis"), and none opens another's. No flag is ever taken from a
//! token: who the broker says somebody is, and what that person may do, come by different ways.

use crate::capacity::Capacity;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// UNI-Login's id of a person (`uniid`): 8 or 10 letters and digits, kept for life, however written.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct UniId(String);

/// A text that is no UNI-Login id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoUniId;

impl FromStr for UniId {
    type Err = NoUniId;

    fn from_str(text: &str) -> Result<Self, NoUniId> {
        let text = text.trim();
        let sound = matches!(text.len(), 8 | 10) && text.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if sound { Ok(Self(text.to_ascii_lowercase())) } else { Err(NoUniId) }
    }
}

impl UniId {
    /// In small letters, as ids are compared.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for UniId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Shows nothing of it: it is personal, and errors are logged.
impl fmt::Debug for UniId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("UniId")
    }
}

/// In which part somebody signed in (aktørgruppe).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum ActorGroup {
    /// Medarbejder.
    Employee,
    /// Ekstern.
    External,
    /// Elev.
    Pupil,
    /// Kontaktperson: parents and others.
    Guardian,
}

impl ActorGroup {
    /// All groups.
    pub const ALL: [Self; 4] = [Self::Employee, Self::External, Self::Pupil, Self::Guardian];

    /// The broker's word.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Employee => "Medarbejder",
            Self::External => "Ekstern",
            Self::Pupil => "Elev",
            Self::Guardian => "Kontaktperson",
        }
    }

    /// The group of a word.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|group| group.code() == code)
    }

    /// Is this system for them? Pupils and guardians have UNI-Login too, and no business here.
    #[must_use]
    pub const fn may_enter(self) -> bool {
        matches!(self, Self::Employee | Self::External)
    }
}

/// How surely somebody signed in at the broker (sikringsniveau).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Assurance {
    /// A password: EnFaktor, NSIS 2 or Low.
    OneFactor,
    /// And something beside it: ToFaktor, NSIS 3 or Substantial.
    TwoFactors,
}

impl Assurance {
    /// What the broker's two claims say, `unilogin_loa` and `loa`: where both say something, the less
    /// sure. `None` where neither says anything known, which is sure of nothing.
    #[must_use]
    pub fn of_claims(unilogin: Option<&str>, level: Option<&str>) -> Option<Self> {
        let unilogin = match unilogin {
            Some("EnFaktor") => Some(Some(Self::OneFactor)),
            Some("ToFaktor") => Some(Some(Self::TwoFactors)),
            Some(_) => Some(None),
            None => None,
        };
        let level = match level {
            Some("2" | "Low") => Some(Some(Self::OneFactor)),
            Some("3" | "Substantial") => Some(Some(Self::TwoFactors)),
            Some(_) => Some(None),
            None => None,
        };
        match (unilogin, level) {
            (Some(one), Some(other)) => Some(one?.min(other?)),
            (Some(said), None) | (None, Some(said)) => said,
            (None, None) => None,
        }
    }

    /// The stable word in settings.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::OneFactor => "one-factor",
            Self::TwoFactors => "two-factors",
        }
    }

    /// The assurance of a word.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::OneFactor, Self::TwoFactors].into_iter().find(|assurance| assurance.code() == code)
    }
}

/// A right in UNI-Login's user administration, held at one institution or, `Eval.kom`, at the authority.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Flag {
    /// `Inst.ledelse`.
    Leadership,
    /// `Eval.adm`.
    TestAdministration,
    /// Brugeradministrator: keeps the people of the institution, and these flags.
    UserAdministration,
    /// `Eval.kom`.
    MunicipalOversight,
}

impl Flag {
    /// All flags.
    pub const ALL: [Self; 4] =
        [Self::Leadership, Self::TestAdministration, Self::UserAdministration, Self::MunicipalOversight];

    /// The flags of an institution; the other is an authority's.
    pub const OF_INSTITUTION: [Self; 3] = [Self::Leadership, Self::TestAdministration, Self::UserAdministration];

    /// UNI-Login's own name for it, which is its code too.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Leadership => "Inst.ledelse",
            Self::TestAdministration => "Eval.adm",
            Self::UserAdministration => "Brugeradministrator",
            Self::MunicipalOversight => "Eval.kom",
        }
    }

    /// The flag of a code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|flag| flag.code() == code)
    }

    /// The one thing that it opens.
    #[must_use]
    pub const fn capacity(self) -> Capacity {
        match self {
            Self::Leadership => Capacity::Leadership,
            Self::TestAdministration => Capacity::TestAdministration,
            Self::UserAdministration => Capacity::UserAdministration,
            Self::MunicipalOversight => Capacity::MunicipalOversight,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_have_eight_or_ten_letters_and_digits_and_no_case() {
        for (text, id) in [("henr276q", "henr276q"), ("1000013B36", "1000013b36"), (" Test123A ", "test123a")] {
            assert_eq!(text.parse::<UniId>().unwrap().as_str(), id);
        }
        for bad in ["", "henr276", "henr276q1", "1000013b361", "henr-76q", "hénr276q", "henr 76q"] {
            bad.parse::<UniId>().unwrap_err();
        }
        assert_eq!(format!("{:?}", "henr276q".parse::<UniId>().unwrap()), "UniId");
    }

    #[test]
    fn pupils_and_guardians_stay_outside() {
        let table = [("Medarbejder", true), ("Ekstern", true), ("Elev", false), ("Kontaktperson", false)];
        for (code, may_enter) in table {
            assert_eq!(ActorGroup::from_code(code).map(ActorGroup::may_enter), Some(may_enter), "{code}");
        }
        for unknown in ["", "medarbejder", "Lærer", "Medarbejder "] {
            assert_eq!(ActorGroup::from_code(unknown), None, "{unknown}");
        }
    }

    #[test]
    fn the_less_sure_of_two_claims_counts_and_an_unknown_one_is_sure_of_nothing() {
        use Assurance::{OneFactor, TwoFactors};
        let table = [
            (None, None, None),
            (Some("EnFaktor"), None, Some(OneFactor)),
            (Some("ToFaktor"), None, Some(TwoFactors)),
            (None, Some("2"), Some(OneFactor)),
            (None, Some("Low"), Some(OneFactor)),
            (None, Some("3"), Some(TwoFactors)),
            (None, Some("Substantial"), Some(TwoFactors)),
            (Some("ToFaktor"), Some("3"), Some(TwoFactors)),
            (Some("ToFaktor"), Some("Low"), Some(OneFactor)),
            (Some("EnFaktor"), Some("Substantial"), Some(OneFactor)),
            (Some("VoksenVerificeret"), None, None),
            (Some("VoksenVerificeret"), Some("3"), None),
            (Some("ToFaktor"), Some("4"), None),
            (Some("tofaktor"), None, None),
        ];
        for (unilogin, level, expected) in table {
            assert_eq!(Assurance::of_claims(unilogin, level), expected, "{unilogin:?} {level:?}");
        }
    }

    #[test]
    fn codes_read_back_and_no_two_flags_open_the_same() {
        for flag in Flag::ALL {
            assert_eq!(Flag::from_code(flag.code()), Some(flag));
        }
        for assurance in [Assurance::OneFactor, Assurance::TwoFactors] {
            assert_eq!(Assurance::from_code(assurance.code()), Some(assurance));
        }
        let mut opened: Vec<Capacity> = Flag::ALL.map(Flag::capacity).to_vec();
        opened.sort_unstable();
        opened.dedup();
        assert_eq!(opened.len(), Flag::ALL.len());
        assert!(!Flag::OF_INSTITUTION.contains(&Flag::MunicipalOversight));
        assert_eq!(Flag::from_code("eval.adm"), None);
    }
}
