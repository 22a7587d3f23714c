//! What is asked of those who keep an account.

use super::AccountLine;
use crate::account::Action;
use crate::time::Instant;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What is asked of those who keep an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Wish {
    /// It is to be opened again.
    Reactivate,
    /// New credentials are to be issued.
    Reissue,
    /// It is to be closed for good.
    Delete,
}

impl Wish {
    /// All wishes.
    pub const ALL: [Self; 3] = [Self::Reactivate, Self::Reissue, Self::Delete];

    /// What is to be done.
    #[must_use]
    pub const fn action(self) -> Action {
        match self {
            Self::Reactivate => Action::Reactivate,
            Self::Reissue => Action::Reissue,
            Self::Delete => Action::Delete,
        }
    }

    /// The wish for something; `None` for what is not asked for.
    #[must_use]
    pub fn for_action(action: Action) -> Option<Self> {
        Self::ALL.into_iter().find(|wish| wish.action() == action)
    }

    /// The stable word in the database, and in forms.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Reactivate => "reactivate",
            Self::Reissue => "reissue",
            Self::Delete => "delete",
        }
    }

    /// What a word says.
    #[must_use]
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|wish| wish.code() == code)
    }
}

/// Something that is asked of those who keep an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    /// Its id.
    pub id: Uuid,
    /// What.
    pub wish: Wish,
    /// The account.
    pub account: AccountLine,
    /// When it was asked first.
    pub asked: Instant,
    /// How often.
    pub times: i64,
    /// Who asked first.
    pub by: String,
    /// What became of it; `None` while it waits.
    pub closed: Option<Closed>,
}

/// What became of a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Closed {
    /// When.
    pub at: Instant,
    /// By whom.
    pub by: String,
    /// Why the answer was no; `None` where it was done.
    pub reason: Option<String>,
}

/// The requests that concern somebody, newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inbox {
    /// What waits for them.
    pub waiting: Vec<Request>,
    /// What they asked of others, and waits.
    pub own: Vec<Request>,
    /// What was done or answered with no in the last year.
    pub closed: Vec<Request>,
    /// The server's now.
    pub now: Instant,
}
