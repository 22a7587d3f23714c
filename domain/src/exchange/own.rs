//! What a person sees of their own account: where they are signed in, and what is recorded of them.

use super::accounts::{AccountEvent, Anew};
use super::material::MaterialOpening;
use crate::account::State;
use crate::calendar::Date;
use crate::capacity::AccountRole;
use crate::ids::{AccountId, SessionId};
use crate::time::Instant;
use serde::{Deserialize, Serialize};

/// A person's own account and the others that they hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MyAccount {
    /// Every account of the person, wherever it is held, by user name.
    pub accounts: Vec<MyAccountLine>,
    /// Where the person is written to.
    pub email: Option<String>,
    /// Do they keep that themselves?
    pub keeps_contact: bool,
    /// Where the account is signed in, the last used first.
    pub sessions: Vec<MySession>,
    /// Now, by the server's clock.
    pub now: Instant,
}

/// An account that the person holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MyAccountLine {
    /// The account.
    pub id: AccountId,
    /// Its user name.
    pub user_name: String,
    /// What it may act as.
    pub role: AccountRole,
    /// Where it is held.
    pub place: String,
    /// How it stands.
    pub state: State,
    /// The last day it can be used; `None` for no end.
    pub last_day: Option<Date>,
    /// Is it the one that this request is signed in with?
    pub is_this: bool,
}

/// A place where the account is signed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MySession {
    /// The session; no secret.
    pub id: SessionId,
    /// When it began.
    pub begun: Instant,
    /// When it was last used, to the minute.
    pub last_used: Instant,
    /// Did the sign-in use two factors?
    pub two_factors: bool,
    /// From which network it was begun, roughly, where that is still known.
    pub network: Option<String>,
    /// Is it the one that asks?
    pub is_this: bool,
}

/// What is recorded of somebody's account, a page of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MyRecord {
    /// Attempts to sign in with it, the newest first.
    pub sign_ins: Vec<SignInTry>,
    /// Ask for those before this instant for the next page; `None` at the end.
    pub older: Option<Instant>,
    /// What was done with the account and by whom, the newest first.
    pub deeds: Vec<AccountEvent>,
    /// Letters about it, the newest first.
    pub letters: Vec<MyLetter>,
    /// Protected material that was opened with it, the newest first.
    pub openings: Vec<MaterialOpening>,
    /// Days for which attempts to sign in are kept.
    pub sign_ins_kept: u32,
    /// Now, by the server's clock.
    pub now: Instant,
}

/// A letter about one's own account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MyLetter {
    /// When it was issued.
    pub issued: Instant,
    /// What it held.
    pub what: Anew,
    /// When it was printed.
    pub printed: Option<Instant>,
}

/// One attempt to sign in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignInTry {
    /// When.
    pub at: Instant,
    /// From which network, roughly.
    pub network: String,
    /// With what.
    pub factor: Factor,
    /// What became of it.
    pub outcome: TryOutcome,
}

/// What somebody tried to sign in with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Factor {
    /// The password.
    Password,
    /// Cells of the matrix.
    Matrix,
    /// A passkey.
    Passkey,
    /// None of these, as in the demo.
    None,
}

/// What became of an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TryOutcome {
    /// It was wrong, or not looked at because of earlier wrong ones.
    Wrong,
    /// It was right, and another factor was asked for.
    Right,
    /// It was right, and the account was signed in.
    SignedIn,
    /// It was right, but the account was not open: code 31.
    Inactive,
}

/// What makes a password easy to guess, and what would make it better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PasswordHint {
    /// Rows and turns on the keyboard are tried early.
    Keyboard,
    /// Repeats add next to nothing.
    Repeats,
    /// Sequences such as abc or 6543 are tried early.
    Sequences,
    /// It is among the passwords that are tried first, or like one.
    Common,
    /// A single word is tried early.
    SingleWord,
    /// Names are tried early.
    Names,
    /// Years and dates are tried early.
    Dates,
    /// Capitals, words backwards, `@` for a: known tricks.
    Tricks,
    /// Another uncommon word or two would help most.
    MoreWords,
}

impl PasswordHint {
    /// All hints.
    pub const ALL: [Self; 9] = [
        Self::Keyboard,
        Self::Repeats,
        Self::Sequences,
        Self::Common,
        Self::SingleWord,
        Self::Names,
        Self::Dates,
        Self::Tricks,
        Self::MoreWords,
    ];

    /// The stable word in a cookie.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Keyboard => "keyboard",
            Self::Repeats => "repeats",
            Self::Sequences => "sequences",
            Self::Common => "common",
            Self::SingleWord => "single",
            Self::Names => "names",
            Self::Dates => "dates",
            Self::Tricks => "tricks",
            Self::MoreWords => "more",
        }
    }

    /// The hint with this word.
    #[must_use]
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|hint| hint.code() == code)
    }
}
