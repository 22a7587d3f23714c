//! What is issued anew, and what issuing it would do.

use super::AccountLine;
use serde::{Deserialize, Serialize};

/// Which credentials are issued anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Anew {
    /// The password; the matrix stays.
    Password,
    /// The matrix; the password stays.
    Matrix,
    /// Both.
    Both,
}

impl Anew {
    /// Is a password issued?
    #[must_use]
    pub const fn has_password(self) -> bool {
        matches!(self, Self::Password | Self::Both)
    }

    /// Is a matrix issued?
    #[must_use]
    pub const fn has_matrix(self) -> bool {
        matches!(self, Self::Matrix | Self::Both)
    }

    /// The stable word in the database, and in forms.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::Matrix => "matrix",
            Self::Both => "both",
        }
    }

    /// What a word says.
    #[must_use]
    pub fn of_code(code: &str) -> Option<Self> {
        [Self::Password, Self::Matrix, Self::Both].into_iter().find(|what| what.code() == code)
    }
}

/// What issuing letters would do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LettersPreview {
    /// Who would get one, in order of names.
    pub people: Vec<LettersPreviewLine>,
    /// Whom the asker may issue nothing to.
    pub refused: Vec<AccountLine>,
}

/// What issuing a letter would do to one account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LettersPreviewLine {
    /// The account.
    pub account: AccountLine,
    /// Sessions in use that would end.
    pub sessions: i64,
}
