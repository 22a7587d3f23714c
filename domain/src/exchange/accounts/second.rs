//! One's own second factor: passkeys, and a card that is soon used up.

use super::Help;
use crate::account::second::{Adding, Removal};
use crate::ids::PasskeyId;
use crate::time::Instant;
use serde::{Deserialize, Serialize};

/// An account's passkeys, as its own person sees them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnPasskeys {
    /// The passkeys, the oldest first.
    pub passkeys: Vec<OwnPasskey>,
    /// What adding another one asks for.
    pub adding: Adding,
    /// Are there as many as there may be?
    pub is_full: bool,
    /// Who issues a card for this account, by name; the nearest first.
    pub help: Vec<Help>,
    /// The server's now.
    pub now: Instant,
}

/// A passkey, as its own person sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnPasskey {
    /// Its id.
    pub id: PasskeyId,
    /// What its person calls it.
    pub name: String,
    /// When it was added.
    pub created: Instant,
    /// When it was last signed in with.
    pub used: Option<Instant>,
    /// Can it be signed in with? Not when it was guessed at too often.
    pub works: bool,
    /// Was the session that asks begun with it? Then it ends with it.
    pub is_in_use: bool,
    /// What removing it leaves.
    pub removal: Removal,
}

/// A card that is soon used up, or is already.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CardEnding {
    /// Sign-ins that it is still good for.
    pub left: u32,
    /// Who issues a new one, by name; the nearest first.
    pub help: Vec<Help>,
}
