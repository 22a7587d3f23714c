//! One account as its page shows it, and the people whom one may be made for.

use super::{AccountLine, Anew, Help, Language};
use crate::account::{Action, Reactivation};
use crate::capacity::AccountRole;
use crate::ids::PersonId;
use crate::test::Subject;
use crate::time::Instant;
use serde::{Deserialize, Serialize};

/// An account with what became of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountDetail {
    /// What lists show of it.
    pub line: AccountLine,
    /// The subjects that it may be given.
    pub offered: Vec<Subject>,
    /// What reactivating it now would do.
    pub reactivation: Reactivation,
    /// What its state allows and whoever asks may not do.
    pub by_others: Vec<ByOthers>,
    /// The language that its person is written to in.
    pub language: Language,
    /// What was done with it, the newest first.
    pub history: Vec<AccountEvent>,
}

/// Something that others do to an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ByOthers {
    /// What.
    pub action: Action,
    /// Is that so because the account is the asker's own?
    pub is_own: bool,
    /// Who does it; the nearest first.
    pub help: Vec<Help>,
}

/// Something that was done with an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountEvent {
    /// When.
    pub at: Instant,
    /// By whom.
    pub by: Doer,
    /// What.
    pub what: AccountDeed,
    /// The user name of the account it was done with, where that is one united with this one.
    pub united: Option<String>,
}

/// Who did something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Doer {
    /// Somebody of this name.
    Person(String),
    /// Somebody whose name was erased.
    Erased,
    /// The operator, at the command line.
    Operator,
    /// The program by itself.
    System,
}

/// What was done with an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccountDeed {
    /// It was registered.
    Registered,
    /// Name, e-mail, subjects or end were changed.
    Changed,
    /// New credentials were issued.
    Issued(Anew),
    /// Its letter was printed.
    Printed,
    /// Its person chose a password.
    PasswordChosen,
    /// Its person added a passkey.
    PasskeyAdded,
    /// Its person removed a passkey.
    PasskeyRemoved,
    /// A passkey was turned away whose count of signatures had gone back: it may have been copied.
    PasskeyRefused,
    /// Its person ended sessions of it.
    SessionsEnded,
    /// It was closed for the time being.
    Deactivated,
    /// It was opened again.
    Reactivated,
    /// It was closed for good.
    Deleted,
    /// It was united with another one.
    Merged,
    /// It was parted from another one.
    Separated,
}

/// Somebody of the staff, whom an account may be made for; for an authority, one of its principals.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Colleague {
    /// The person.
    pub person: PersonId,
    /// Full name; the alias where the person is protected.
    pub name: String,
    /// The roles of the accounts that they hold here.
    pub roles: Vec<AccountRole>,
    /// For an authority, the schools that they are principal of, by name; otherwise none.
    pub schools: Vec<String>,
}
