//! How a command ends: an answer on standard output, or one sentence on standard error.

use domain::exchange::{Refusal, RefusalCode};
use service::backup::BackupError;
use service::{Fault, OpenError};
use std::process::ExitCode;

/// What a command prints, and how it exits.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// For a person.
    pub text: String,
    /// For a program; null where it has been told already.
    pub json: serde_json::Value,
    /// Why nothing was done, where there is an answer to show all the same.
    pub failure: Option<Failure>,
}

impl Answer {
    /// An answer of something done.
    #[must_use]
    pub fn done(text: impl Into<String>, json: serde_json::Value) -> Self {
        Self { text: text.into(), json, failure: None }
    }

    /// The same answer, of something refused, held, stale or conflicting; `why` is one plain sentence.
    #[must_use]
    pub fn refused(self, why: impl Into<String>) -> Self {
        Self { failure: Some(Failure::Refused(why.into())), ..self }
    }

    /// The same answer, about bad input; `why` is one plain sentence.
    #[must_use]
    pub fn bad_input(self, why: impl Into<String>) -> Self {
        Self { failure: Some(Failure::BadInput(why.into())), ..self }
    }

    /// Writes the answer, and why nothing was done, and says how to exit.
    pub fn print(&self, json: bool) -> ExitCode {
        use std::io::Write;
        let printed = match &self.json {
            serde_json::Value::Null if json => String::new(),
            object if json => object.to_string(),
            _ => self.text.trim_end().to_owned(),
        };
        // A reader that has gone away has read enough.
        let _ = if printed.is_empty() { Ok(()) } else { writeln!(std::io::stdout(), "{printed}") };
        self.failure.as_ref().map_or(ExitCode::SUCCESS, Failure::print)
    }
}

/// Why a command did nothing, in one plain sentence.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// Refused, held, stale or conflicting; or something failed that is not the caller's doing.
    #[error("{0}")]
    Refused(String),
    /// Wrong usage, bad input, an unknown id.
    #[error("{0}")]
    BadInput(String),
}

impl Failure {
    /// Writes the sentence and says how to exit.
    pub fn print(&self) -> ExitCode {
        use std::io::Write;
        // Nobody may be there to read it any more.
        let _ = writeln!(std::io::stderr(), "adgang: {self}");
        ExitCode::from(match self {
            Self::Refused(_) => 1,
            Self::BadInput(_) => 2,
        })
    }

    /// A sentence about a file.
    pub(crate) fn file(path: &std::path::Path, error: &std::io::Error) -> Self {
        Self::BadInput(format!("{}: {error}", path.display()))
    }
}

impl From<crate::settings::SettingsError> for Failure {
    fn from(error: crate::settings::SettingsError) -> Self {
        Self::BadInput(error.to_string())
    }
}

impl From<Fault> for Failure {
    /// The operator has the log and the database in hand, so the inner words are theirs to read.
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Refused(refusal) => refusal.into(),
            Fault::BadEdit { .. } | Fault::Unknown { .. } => Self::BadInput(fault.to_string()),
            other => Self::Refused(other.to_string()),
        }
    }
}

impl From<OpenError> for Failure {
    fn from(error: OpenError) -> Self {
        match error {
            OpenError::Catalogue(error) => Self::BadInput(error.to_string()),
            other => Self::Refused(other.to_string()),
        }
    }
}

impl From<BackupError> for Failure {
    fn from(error: BackupError) -> Self {
        match error {
            BackupError::Open(error) => error.into(),
            BackupError::NotWhole { .. } | BackupError::Io { .. } => Self::BadInput(error.to_string()),
            BackupError::Postgres | BackupError::AlreadyThere(_) | BackupError::InUse => {
                Self::Refused(error.to_string())
            }
        }
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        use RefusalCode::{BadInput, DateInPast, NotFound, TooLarge};
        let sentence = sentence(refusal.code).to_owned();
        match refusal.code {
            NotFound | BadInput | DateInPast | TooLarge => Self::BadInput(sentence),
            _ => Self::Refused(sentence),
        }
    }
}

/// The English sentence of a refusal, as an operator reads it.
const fn sentence(code: RefusalCode) -> &'static str {
    match code {
        RefusalCode::NotSignedIn => "nobody is signed in",
        RefusalCode::NotAllowed => "this account may not do that here",
        RefusalCode::SecondFactorNeeded => "this needs a sign-in with two factors",
        RefusalCode::NotFound => "no such thing is known here",
        RefusalCode::BadInput => "what was given is malformed or out of range",
        RefusalCode::DateInPast => "a date lies in the past",
        RefusalCode::TooLarge => "the draft is larger than the limit",
        RefusalCode::Stale => "the effect has changed since it was reviewed; look at it again",
        RefusalCode::Conflict => "someone else decided about the same place meanwhile",
        RefusalCode::AlreadyTakenBack => "that has been taken back already",
        RefusalCode::OnlyPrincipal => "only the principal does that",
        RefusalCode::OnlyAuthority => "only the authority does that",
        RefusalCode::OwnAccount => "nobody keeps their own account",
        RefusalCode::OwnTeacherAccount => "one teacher's account for oneself is the most",
        RefusalCode::LastSecondFactor => "it is the last second factor of an account that needs one",
        RefusalCode::TooLate => "the time in which that could be taken back is over",
        RefusalCode::TooEarly => "the account is open; it can be given another school year from 1 August on",
        RefusalCode::NameFromRoster => "a roster or another school says what the person is called",
        RefusalCode::OwnLastCapacity => "nobody takes away their own last administrative capacity",
        RefusalCode::Busy => "too much is going on at once; try again later",
        RefusalCode::Unavailable => "the database does not answer",
        RefusalCode::NoRoom => "the database's disk takes no more; nothing was changed",
        RefusalCode::Internal => "something went wrong inside; it is in the log",
    }
}
