//! The second factor: the printed card (matrix), and the passkey that can stand in its place.

use crate::capacity::AccountRole;
use serde::{Deserialize, Serialize};

/// Sign-ins left on a card from which on its holder, and whoever issues a new one, are told.
pub const CARD_ENDS_SOON: u32 = 10;

/// Most passkeys of one account.
pub const PASSKEYS_MAX: usize = 10;

/// How a card (matrix) stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Card {
    /// There is none.
    None,
    /// It has this many challenges left, at least one.
    Good(u32),
    /// Guessed at too often.
    Dead,
    /// All of its challenges are used.
    UsedUp,
}

/// When a card is used up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CardEnd {
    /// Never: its list of challenges starts over, or there is no card that can be used up.
    Never,
    /// Not for a while.
    Later,
    /// Within a few sign-ins, or already.
    Soon,
}

impl Card {
    /// When it is used up; `starts_over` tells whether its list of challenges does.
    #[must_use]
    pub const fn end(self, starts_over: bool) -> CardEnd {
        match self {
            Self::None | Self::Dead => CardEnd::Never,
            Self::Good(_) | Self::UsedUp if starts_over => CardEnd::Never,
            Self::Good(left) if left > CARD_ENDS_SOON => CardEnd::Later,
            Self::Good(_) | Self::UsedUp => CardEnd::Soon,
        }
    }
}

/// What somebody who wants to add a passkey has to show besides it. A passkey that is added opens the
/// account ever after, so it takes no less than signing in does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Adding {
    /// Nothing: the session was begun with two factors.
    Now,
    /// The password once more: it is all that the account has.
    AfterPassword,
    /// To sign in anew: the session was begun with fewer factors than the account has.
    AfterSignIn,
}

/// What adding a passkey asks for in a session of `two_factors`, of an account that `has_second` factor.
#[must_use]
pub const fn adding(role: AccountRole, two_factors: bool, has_second: bool) -> Adding {
    match (two_factors, has_second || role.needs_second_factor()) {
        (true, _) => Adding::Now,
        (false, false) => Adding::AfterPassword,
        (false, true) => Adding::AfterSignIn,
    }
}

/// What removing one of an account's passkeys leaves to sign in with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Removal {
    /// Another passkey.
    LeavesPasskey,
    /// The card alone.
    LeavesCard,
    /// The password alone, which is enough for this role.
    LeavesPassword,
    /// Nothing that is enough: it is not removed before there is something else.
    Refused,
}

/// What removing a passkey leaves, beside this card, so many others that can be used, and so many that
/// were guessed at too often: like a card, those ask for an answer as long as they are there.
#[must_use]
pub const fn removal(role: AccountRole, card: Card, others: usize, dead: usize) -> Removal {
    match (others, card) {
        (1.., _) => Removal::LeavesPasskey,
        (0, Card::Good(_)) => Removal::LeavesCard,
        (0, Card::None) if dead == 0 && !role.needs_second_factor() => Removal::LeavesPassword,
        (0, Card::None | Card::Dead | Card::UsedUp) => Removal::Refused,
    }
}
