//! Assessment material (bedömningsstöd) of the portal: who may open which.
//!
//! Material has an open part, which is anybody's, and a protected one (lösenordsskyddad: test
//! secrecy, copyright, privacy). The protected part of a subject opens to teachers' accounts that
//! were given the subject, in the material's country, and to nothing else: neither to another
//! account of the same person nor to any administrative one.

pub mod name;

use crate::capacity::AccountRole;
use serde::{Deserialize, Serialize};

/// A form of schooling that material is made for (skoleform, skolform). It arranges the material
/// and gives no right: what a teacher may open, the subject says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SchoolForm {
    /// Folkeskole.
    Folkeskole,
    /// Fri grundskole.
    FriGrundskole,
    /// Efterskole.
    Efterskole,
    /// Specialskole.
    Specialskole,
    /// Förskoleklass.
    Forskoleklass,
    /// Grundskola.
    Grundskola,
    /// Anpassad grundskola, which was särskola.
    AnpassadGrundskola,
    /// Specialskola.
    Specialskola,
    /// Sameskola.
    Sameskola,
    /// Gymnasieskola.
    Gymnasieskola,
    /// Anpassad gymnasieskola, which was gymnasiesärskola.
    AnpassadGymnasieskola,
    /// Kommunal vuxenutbildning.
    Komvux,
}

impl SchoolForm {
    /// All of them: the Danish ones first, each country's from the youngest pupils to the oldest.
    pub const ALL: [Self; 12] = [
        Self::Folkeskole,
        Self::FriGrundskole,
        Self::Efterskole,
        Self::Specialskole,
        Self::Forskoleklass,
        Self::Grundskola,
        Self::AnpassadGrundskola,
        Self::Specialskola,
        Self::Sameskola,
        Self::Gymnasieskola,
        Self::AnpassadGymnasieskola,
        Self::Komvux,
    ];

    /// The stable code, as in `--school-form` and in the database.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Folkeskole => "folkeskole",
            Self::FriGrundskole => "fri-grundskole",
            Self::Efterskole => "efterskole",
            Self::Specialskole => "specialskole",
            Self::Forskoleklass => "forskoleklass",
            Self::Grundskola => "grundskola",
            Self::AnpassadGrundskola => "anpassad-grundskola",
            Self::Specialskola => "specialskola",
            Self::Sameskola => "sameskola",
            Self::Gymnasieskola => "gymnasieskola",
            Self::AnpassadGymnasieskola => "anpassad-gymnasieskola",
            Self::Komvux => "komvux",
        }
    }

    /// The form with this code.
    #[must_use]
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|form| form.code() == code)
    }

    /// The country that has this form, `dk` or `se`.
    #[must_use]
    pub const fn country(self) -> &'static str {
        match self {
            Self::Folkeskole | Self::FriGrundskole | Self::Efterskole | Self::Specialskole => "dk",
            Self::Forskoleklass
            | Self::Grundskola
            | Self::AnpassadGrundskola
            | Self::Specialskola
            | Self::Sameskola
            | Self::Gymnasieskola
            | Self::AnpassadGymnasieskola
            | Self::Komvux => "se",
        }
    }
}

/// The account that asks for material.
#[derive(Clone, Copy, Debug)]
pub struct Reader<'a> {
    /// What it may act as.
    pub role: AccountRole,
    /// Can it be used now? Not before its time, after it, or when it is closed.
    pub is_open: bool,
    /// The country of the place that holds it, `dk` or `se`.
    pub country: &'a str,
    /// The subjects given to it, by slug.
    pub subjects: &'a [String],
}

/// What the rule has to know about a piece of material.
#[derive(Clone, Copy, Debug)]
pub struct Piece<'a> {
    /// Does it stand in the protected part?
    pub protected: bool,
    /// The country it is made for, `dk` or `se`.
    pub country: &'a str,
    /// Its subject, by slug.
    pub subject: &'a str,
}

/// Why material does not open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Shut {
    /// Nobody is signed in.
    Nobody,
    /// The account is not a teacher's.
    NotATeacher,
    /// The account cannot be used now.
    Closed,
    /// It is another country's.
    Elsewhere,
    /// The subject has not been given to the account.
    NotGiven,
}

/// Does the account open the portal, with whatever was given to it?
///
/// # Errors
/// [`Shut::NotATeacher`] or [`Shut::Closed`].
pub fn opens_portal(role: AccountRole, is_open: bool) -> Result<(), Shut> {
    match (role, is_open) {
        (AccountRole::Teacher, true) => Ok(()),
        (AccountRole::Teacher, false) => Err(Shut::Closed),
        (AccountRole::Authority | AccountRole::Principal | AccountRole::TestAdministrator | AccountRole::Leader, _) => {
            Err(Shut::NotATeacher)
        }
    }
}

/// Does this piece of material open to this account; `None` for nobody at all?
///
/// # Errors
/// Why not.
pub fn opens(reader: Option<Reader<'_>>, piece: Piece<'_>) -> Result<(), Shut> {
    if !piece.protected {
        return Ok(());
    }
    let reader = reader.ok_or(Shut::Nobody)?;
    opens_portal(reader.role, reader.is_open)?;
    if reader.country != piece.country {
        return Err(Shut::Elsewhere);
    }
    if reader.subjects.iter().any(|given| given == piece.subject) { Ok(()) } else { Err(Shut::NotGiven) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_read_back_and_belong_to_one_country() {
        for form in SchoolForm::ALL {
            assert_eq!(SchoolForm::of_code(form.code()), Some(form));
        }
        assert_eq!(SchoolForm::of_code("særskole"), None);
        assert_eq!(SchoolForm::ALL.iter().filter(|form| form.country() == "dk").count(), 4);
    }
}
