//! One principal after another.

use super::AccountLine;
use crate::calendar::Date;
use crate::test::Subject;
use crate::time::Instant;
use serde::{Deserialize, Serialize};

/// What becomes of the present principal's account when another one takes over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outgoing {
    /// It is closed for the time being.
    Deactivate,
    /// It is closed for good.
    Delete,
}

/// What a new principal is handed over: who has what, what lapses, what is open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Handover {
    /// Everybody's accounts but those that are gone, by role and name.
    pub accounts: Vec<AccountLine>,
    /// The subjects that accounts may be given, by name.
    pub subjects: Vec<Subject>,
    /// Who was principal before, with the day their account was closed.
    pub before: Vec<(String, Date)>,
    /// The day on which teachers' and test administrators' accounts lapse next.
    pub lapse: Date,
    /// How many lapse on it.
    pub lapsing: u32,
    /// What waits for somebody.
    pub open: OpenPoints,
    /// The server's now.
    pub now: Instant,
}

/// What waits for somebody at a school.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenPoints {
    /// Requests that wait for the principal.
    pub requests: u32,
    /// Accounts that were handed out and never used.
    pub issued: u32,
    /// Accounts that need new credentials.
    pub locked: u32,
    /// Accounts whose time is over.
    pub lapsed: u32,
    /// Accounts that somebody closed.
    pub deactivated: u32,
    /// Groups of accounts that may be one person's.
    pub doubles: u32,
    /// Names of teachers of the newest roster who have no account.
    pub without_account: Vec<String>,
}
