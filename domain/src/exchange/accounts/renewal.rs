//! Accounts whose time is over: why, who can help, and what opening them again would do.

use super::AccountLine;
use crate::account::{Keeper, Reactivation};
use crate::calendar::{Date, Zone};
use crate::capacity::AccountRole;
use crate::ids::AccountId;
use crate::time::Instant;
use serde::{Deserialize, Serialize};

/// Which accounts are to be reactivated.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Which {
    /// These.
    These(Vec<AccountId>),
    /// Lapsed accounts of teachers who are members of staff in the newest roster.
    StillHere,
}

/// What reactivating would do, account by account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReactivationPreview {
    /// The accounts asked about, in order of names.
    pub accounts: Vec<ReactivationLine>,
    /// Lapsed accounts that "still here" leaves out: their people are not in the newest roster.
    pub left_out: Vec<AccountLine>,
}

/// What reactivating would do to one account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReactivationLine {
    /// The account.
    pub account: AccountLine,
    /// What would become of it.
    pub outcome: Reactivation,
    /// The last day it could be used then; `None` for no end, or where nothing would change.
    pub last_day: Option<Date>,
}

/// Why an account is inactive (code 31), said only after its last factor has proved right.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inactive {
    /// Its user name.
    pub user_name: String,
    /// Its person's name.
    pub name: String,
    /// What it may act as.
    pub role: AccountRole,
    /// Where it is held.
    pub institution_name: String,
    /// The zone its days are counted in.
    pub zone: Zone,
    /// Why.
    pub why: WhyInactive,
    /// Since when.
    pub since: Instant,
    /// Who can reactivate it, by name; the nearest first.
    pub help: Vec<Help>,
}

/// Why an account is inactive.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WhyInactive {
    /// The school year it was made or reactivated for is over.
    Lapsed,
    /// Somebody closed it; the name, where a person did.
    Deactivated(Option<String>),
}

/// Keepers of one kind, by name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Help {
    /// What they are.
    pub keeper: Keeper,
    /// Who they are; empty for operators, and where there is nobody.
    pub names: Vec<String>,
}
