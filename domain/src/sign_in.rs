//! What the pages of the sign-in show: plain data, made by the server for one answer.

use serde::{Deserialize, Serialize};

/// Which page of the sign-in a browser is to see.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SignInStep {
    /// User name and password (`/sign-in`).
    Password,
    /// Three coordinates of the matrix (`/sign-in/matrix`).
    Matrix,
    /// A password of one's own in place of the issued one, or of the present one (`/change-password`).
    ChangePassword,
    /// Signed in; nothing more is asked.
    Done,
}

impl SignInStep {
    /// The path of the step's page; of [`SignInStep::Done`], the start page.
    #[must_use]
    pub const fn path(self) -> &'static str {
        match self {
            Self::Password => "/sign-in",
            Self::Matrix => "/sign-in/matrix",
            Self::ChangePassword => "/change-password",
            Self::Done => "/",
        }
    }
}

/// What is wrong with a password that somebody wants to have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum PasswordProblem {
    /// Fewer characters than [`SignInPage::min_characters`].
    #[error("the password is too short")]
    TooShort,
    /// More than 256 characters.
    #[error("the password is too long")]
    TooLong,
    /// Made of what everybody tries first.
    #[error("the password is made of common words, runs or years")]
    Common,
    /// Made of the person's or the school's own names, or of what the system is about.
    #[error("the password is made of names or words of the place")]
    OfThePlace,
    /// The two entries differ.
    #[error("the two passwords differ")]
    NotRepeated,
    /// It is the present password.
    #[error("the password is the present one")]
    Unchanged,
}

/// A sentence on a page of the sign-in. Each is said in words and in roles, never in names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SignInMessage {
    /// Not right. The same for an unknown user name, a wrong password, a waiting or dead one, and
    /// for any wrong cell.
    Wrong,
    /// Right, but the account is inactive (code 31): the principal can help.
    Inactive,
    /// Right, but every challenge of the matrix is used: the principal can give a new one.
    CardUsedUp,
    /// Too many attempts from this network, or too many people at once: try again later.
    Busy,
    /// The session has ended, or the form was from an earlier one: sign in again.
    Expired,
    /// Signed out.
    SignedOut,
    /// The new password was not taken.
    Password(PasswordProblem),
    /// The password was changed.
    PasswordChanged,
    /// Something went wrong on our side; it is in the log.
    Internal,
}

/// A person of the demo data, to sign in as with one button. Only ever there with `--demo`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DemoPerson {
    /// The account's user name: the value of the button.
    pub user_name: String,
    /// Full name.
    pub name: String,
    /// The role of the account.
    pub role: crate::capacity::AccountRole,
    /// The school's name.
    pub institution: String,
}

/// All that a page of the sign-in shows. The server gives it as a context to the page.
///
/// The forms are plain posts, fields by name:
/// - `/sign-in`: `user_name`, `password`, `next`; and with `--demo`, `/sign-in/demo`: `user_name`, `next`;
/// - `/sign-in/matrix`: `first`, `second`, `third` (in the order of [`SignInPage::asked`]), `next`;
/// - `/change-password`: `current` (not after an issued password), `new`, `again`, `next`;
/// - `/sign-out`: nothing more.
///
/// Every form carries `csrf` beside them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignInPage {
    /// Where the browser stands.
    pub step: SignInStep,
    /// The three coordinates asked for, such as `B7`; empty but for the matrix.
    pub asked: Vec<String>,
    /// What to say about the last attempt.
    pub message: Option<SignInMessage>,
    /// The user name typed last, to be filled in again.
    pub user_name: String,
    /// The token that every form carries in a hidden field `csrf`.
    pub csrf: String,
    /// Where to go after signing in: a checked path of ours.
    pub next: String,
    /// The fewest characters of a new password.
    pub min_characters: u8,
    /// Must the present password be given with the new one?
    pub asks_current: bool,
    /// The demo's people; empty without `--demo`.
    pub demo: Vec<DemoPerson>,
}
