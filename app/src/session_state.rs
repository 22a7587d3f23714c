//! What the server knows about a request's session, as plain data for pages.
//!
//! The server provides a [`SessionState`] (and, on the sign-in pages, a [`SignIn`]) as context
//! before it renders; the live part of a page gets of it who is signed in.

use domain::exchange::accounts::{CardEnding, Inactive};
use domain::exchange::own::PasswordHint;
use domain::exchange::{ChoosePlaces, Me, RefusalCode};
use leptos::prelude::*;

/// Who is signed in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SessionState {
    /// The signed-in person; `None` before sign-in is complete.
    pub me: Option<Me>,
    /// The token that unsafe requests of this session (or of this sign-in under way) carry: in
    /// the header [`crate::client::CSRF_HEADER`] or the form field `csrf`. Empty where there is none.
    pub csrf: String,
    /// Requests that wait for the signed-in person.
    pub waiting: usize,
    /// The signed-in person's card, where it is soon used up.
    pub card: Option<CardEnding>,
    /// The one address at which passkeys can be used; none where the installation's is a number.
    pub passkeys_at: Option<String>,
}

/// How far a sign-in has come, for the pages `/sign-in`, `/sign-in/matrix` and `/change-password`.
///
/// Their forms post, without scripts, to their own addresses:
///
/// | address | fields | next |
/// |---|---|---|
/// | `/sign-in` | `csrf`, `username`, `password` | `/sign-in/matrix`, `/change-password` or `/` |
/// | `/sign-in/matrix` | `csrf`, `codes` | `/change-password` or `/` |
/// | `/sign-in/passkey` | `csrf`, `credential` | `/change-password` or `/` |
/// | `/change-password` | `csrf`, `current` where [`SignIn::asks_current`], `password`, `repeated` | `/` |
/// | `/sign-in/ask` | `csrf` | `/sign-in` |
/// | `/sign-in/broker` | `csrf` | the broker, and back to `/` or `/place` |
/// | `/place` | `csrf`, `place` | `/` |
/// | `/sign-in/demo` | `csrf`, `person` | `/` |
/// | `/sign-out` | `csrf` | `/sign-in` |
/// | `/language` | `csrf`, `language`, `back` | `back` |
/// | `/theme` | `csrf`, `theme`, `back` | `back` |
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SignIn {
    /// What stands in the way, if something does.
    pub problem: Option<SignInProblem>,
    /// Code 31 of this browser's account, in full; `None` where none has just been met.
    pub inactive: Option<Box<Inactive>>,
    /// The three coordinates asked for, such as `B4`; empty before the password is right.
    pub coordinates: Vec<String>,
    /// Can a passkey be given in the place of the card?
    pub passkey: bool,
    /// Whose password `/change-password` changes: password managers ask for it.
    pub user_name: String,
    /// Fewest characters of a new password: 15 where it stands alone, 8 before a second factor.
    pub password_min: u8,
    /// What made the password that was just refused easy to guess.
    pub hints: Vec<PasswordHint>,
    /// Must the present password be given with the new one? Not right after an issued one.
    pub asks_current: bool,
    /// The demo people, one button each; empty without `--demo`.
    pub demo: Vec<DemoPerson>,
    /// Can one sign in with UNI-Login?
    pub broker: bool,
    /// Where who signed in with UNI-Login can act; on `/place` alone.
    pub places: Option<Box<ChoosePlaces>>,
}

/// Why sign-in did not go on. Chooses the words; never says which part was wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignInProblem {
    /// User name and password do not match, or the account cannot be used now.
    Wrong,
    /// The codes do not match the card.
    WrongCodes,
    /// The passkey was not taken.
    WrongPasskey,
    /// Too many people at once; what was typed did not count as an attempt.
    Busy,
    /// The person signed out.
    SignedOut,
    /// Nothing happened for an hour.
    Ended,
    /// Code 31: all factors were right, but the account is not active.
    Inactive,
    /// The same, and those who can reactivate the account have been asked to.
    Asked,
    /// Those who can issue a new card have been asked to.
    AskedAnew,
    /// All was right, but every challenge of the card is used: the principal can give a new card.
    CardUsedUp,
    /// The passkey that the session was begun with was removed, and the session with it.
    PasskeyRemoved,
    /// The new password has too few characters.
    PasswordShort,
    /// The new password has more than 256 characters.
    PasswordLong,
    /// The new password is a common one, or made of the school's or the person's own words.
    PasswordCommon,
    /// The new password is the one that was issued.
    PasswordSame,
    /// The two new passwords differ.
    PasswordsDiffer,
    /// UNI-Login did not answer, or not in time.
    BrokerUnreachable,
    /// What came back from UNI-Login proves nothing, or belongs to no sign-in of this browser.
    BrokerRefused,
    /// It was a pupil's or a guardian's UNI-Login: this is not for them.
    NotForThem,
    /// The person signed in with UNI-Login less surely than the installation asks for.
    NotSureEnough,
    /// Nobody here is known by that UNI-Login.
    BrokerUnknown,
}

impl SignInProblem {
    /// All problems.
    pub const ALL: [Self; 21] = [
        Self::Wrong,
        Self::WrongCodes,
        Self::WrongPasskey,
        Self::Busy,
        Self::SignedOut,
        Self::Ended,
        Self::Inactive,
        Self::Asked,
        Self::AskedAnew,
        Self::CardUsedUp,
        Self::PasskeyRemoved,
        Self::PasswordShort,
        Self::PasswordLong,
        Self::PasswordCommon,
        Self::PasswordSame,
        Self::PasswordsDiffer,
        Self::BrokerUnreachable,
        Self::BrokerRefused,
        Self::NotForThem,
        Self::NotSureEnough,
        Self::BrokerUnknown,
    ];

    /// The number that the help page explains it under; `None` for what is no error.
    #[must_use]
    pub const fn number(self) -> Option<u8> {
        match self {
            Self::SignedOut | Self::PasskeyRemoved | Self::AskedAnew => None,
            Self::Ended => Some(RefusalCode::NotSignedIn.number()),
            Self::Inactive | Self::Asked => Some(31),
            Self::Wrong => Some(32),
            Self::WrongCodes => Some(33),
            Self::CardUsedUp => Some(34),
            Self::WrongPasskey => Some(36),
            Self::PasswordShort
            | Self::PasswordLong
            | Self::PasswordCommon
            | Self::PasswordSame
            | Self::PasswordsDiffer => Some(35),
            Self::Busy => Some(RefusalCode::Busy.number()),
            Self::BrokerUnreachable => Some(61),
            Self::BrokerRefused => Some(62),
            Self::NotForThem => Some(63),
            Self::NotSureEnough => Some(64),
            Self::BrokerUnknown => Some(65),
        }
    }

    /// The value of `state` in an address such as `/sign-in?state=wrong`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Wrong => "wrong",
            Self::WrongCodes => "wrong-codes",
            Self::WrongPasskey => "wrong-passkey",
            Self::Busy => "busy",
            Self::SignedOut => "signed-out",
            Self::Ended => "ended",
            Self::Inactive => "inactive",
            Self::Asked => "asked",
            Self::AskedAnew => "asked-anew",
            Self::CardUsedUp => "card-used-up",
            Self::PasskeyRemoved => "passkey-removed",
            Self::PasswordShort => "short",
            Self::PasswordLong => "long",
            Self::PasswordCommon => "common",
            Self::PasswordSame => "same",
            Self::PasswordsDiffer => "differ",
            Self::BrokerUnreachable => "broker-unreachable",
            Self::BrokerRefused => "broker-refused",
            Self::NotForThem => "not-for-them",
            Self::NotSureEnough => "not-sure-enough",
            Self::BrokerUnknown => "broker-unknown",
        }
    }

    /// The problem with this code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|problem| problem.code() == code)
    }
}

/// A person whom `--demo` offers to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DemoPerson {
    /// The value of the form field `person`.
    pub key: String,
    /// Full name.
    pub name: String,
    /// The school's name.
    pub institution: String,
    /// What the account may act as.
    pub role: domain::AccountRole,
}

/// The session of the request that is being answered.
#[must_use]
pub fn use_session() -> SessionState {
    use_context::<SessionState>().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn problems_read_back() {
        for problem in SignInProblem::ALL {
            assert_eq!(SignInProblem::from_code(problem.code()), Some(problem));
        }
        assert_eq!(SignInProblem::from_code("Wrong"), None);
    }
}
