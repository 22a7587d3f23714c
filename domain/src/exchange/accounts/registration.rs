//! A new account, what is changed about one, and who may be the same person.

use super::{AccountLine, Language};
use crate::capacity::AccountRole;
use crate::ids::{InstitutionId, PersonId};
use serde::{Deserialize, Serialize};

/// Whose an account is to be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Holder {
    /// A person who is known at the institution; for a principal's account, one who is principal of a
    /// school of the same authority.
    Known(PersonId),
    /// A new person.
    New {
        /// Given names.
        given: String,
        /// Family name.
        family: String,
    },
}

/// An account to be registered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Registration {
    /// Where.
    pub institution: InstitutionId,
    /// What it may act as.
    pub role: AccountRole,
    /// Whose.
    pub holder: Holder,
    /// Where the person is written to.
    pub email: Option<String>,
    /// What rosters call the person (sourcedId), to find somebody who is there; not kept.
    pub external: Option<String>,
    /// The subjects it opens, by slug.
    pub subjects: Vec<String>,
    /// With a matrix? Roles that need a second factor have one in any case.
    pub matrix: bool,
    /// Why to register although somebody very like this is there already; kept in the log.
    pub despite_doubles: Option<String>,
    /// The language of the letter.
    pub language: Language,
}

/// What is to be changed about an account; all of it is written as given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountChange {
    /// Given names and family name; `None` leaves them.
    pub names: Option<(String, String)>,
    /// Where the person is written to.
    pub email: Option<String>,
    /// The subjects it opens, by slug; `None` leaves them.
    pub subjects: Option<Vec<String>>,
}

/// What has been typed of a new account, to look for somebody who is there already.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Typed {
    /// Given names.
    pub given: String,
    /// Family name.
    pub family: String,
    /// E-mail.
    pub email: String,
    /// What rosters call the person (sourcedId).
    pub external: String,
}

/// Somebody who may be the person whom an account is about to be made for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Double {
    /// The person.
    pub person: PersonId,
    /// Full name.
    pub name: String,
    /// What is alike.
    pub alike: Vec<Likeness>,
    /// User name and role of each account that the person has here; for an authority, at any of its
    /// schools.
    pub accounts: Vec<(String, AccountRole)>,
}

/// What two people have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Likeness {
    /// It is the same person.
    Person,
    /// The name, whatever its spelling.
    Name,
    /// The e-mail.
    Email,
    /// What rosters call them.
    External,
}

/// Two or more accounts of one role that may be one person's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DoubleAccounts {
    /// What is alike.
    pub alike: Vec<Likeness>,
    /// The accounts, by number. The field's rule: the first one, with the lowest number, is to be
    /// deleted.
    pub accounts: Vec<AccountLine>,
}
