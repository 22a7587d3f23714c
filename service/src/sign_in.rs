//! Signing in with a local account: user name and password, then, where the account has one, the
//! matrix or a passkey in its place.
//!
//! An attempt takes a place in the hashers' queue, is counted in one write, and only then verified:
//! one hash, whatever is wrong. Unknown user names, wrong passwords, waiting and dead ones take the
//! same statements, the same hash and the same answer; so does an inactive account until its last
//! factor has proved right, and a deleted one for ever. What follows a right answer is a second
//! write, which makes it good for one step and no more.
//!
//! | outcome logged | when |
//! |---|---|
//! | `password-tried`, `matrix-tried`, `passkey-tried` | before each is verified |
//! | `password-right`, `matrix-right`, `passkey-right` | when it proved right |
//! | `passkey-went-back` | it was right, but its authenticator may have been copied |
//! | `signed-in` | a session began |
//! | `inactive` | all was right, but the account may not be used |
//! | `broker-signed-in`, `broker-turned-away` | the broker proved who it was, and that was enough, or not |

pub mod broker;
pub mod change;
pub mod counting;
pub mod demo;
mod matrix_step;
pub mod network;
mod passkey_step;
mod password_step;
#[cfg(test)]
pub(crate) mod tests;
pub(crate) mod tries;

use crate::fault::Fault;
use crate::matrix::Challenge;
use crate::password::policy::Standing;
use crate::service::Service;
use crate::session::{ABSOLUTE_SECONDS, Token, is_active, standing};
use counting::{Admission, Counter, DEAD_AT};
use domain::exchange::RefusalCode;
use domain::{AccountId, Instant, PasskeyId, SessionId};
use network::{LIMIT, Network, WINDOW_SECONDS};
use store::session::NewSession;
use store::sign_in::{OpenChallenge, SignInAccount, SignInEvent, StoredCounter};
use store::{Read, Write};

/// Seconds that a sign-in waits for its second factor.
pub const PENDING_SECONDS: i64 = 10 * 60;

/// What became of one step of a sign-in.
#[derive(Debug)]
pub enum Outcome {
    /// Not right; nothing says what or why.
    Wrong,
    /// All was right, but the account is inactive (code 31): the browser gets this token, which opens
    /// nothing but the words about it.
    Inactive(Token),
    /// All challenges of the card are used; a new card is needed.
    CardUsedUp,
    /// The sign-in under way has ended, or never was: begin again.
    Ended,
    /// Right: the browser gets this token in place of the one it had, and goes on.
    Next(Next, Token),
}

/// Where a right answer leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// To the matrix, or to a passkey in its place.
    Matrix,
    /// To a password of one's own in place of the issued one.
    ChangePassword,
    /// In.
    Start,
}

/// What is logged.
#[derive(Clone, Copy)]
enum Logged {
    PasswordTried,
    PasswordRight,
    MatrixTried,
    MatrixRight,
    PasskeyTried,
    PasskeyRight,
    PasskeyWentBack,
    SignedIn,
    Inactive,
}

/// What proved right.
#[derive(Clone, Copy)]
struct Proved {
    /// How many factors.
    factors: i64,
    /// The passkey, where it was one.
    passkey: Option<PasskeyId>,
}

impl Proved {
    /// The password alone.
    const PASSWORD: Self = Self { factors: 1, passkey: None };
    /// Password and matrix.
    const MATRIX: Self = Self { factors: 2, passkey: None };
}

impl Logged {
    const fn code(self) -> &'static str {
        match self {
            Self::PasswordTried => "password-tried",
            Self::PasswordRight => "password-right",
            Self::MatrixTried => "matrix-tried",
            Self::MatrixRight => "matrix-right",
            Self::PasskeyTried => "passkey-tried",
            Self::PasskeyRight => "passkey-right",
            Self::PasskeyWentBack => "passkey-went-back",
            Self::SignedIn => "signed-in",
            Self::Inactive => "inactive",
        }
    }
}

/// Whence and when an attempt comes.
struct Attempt<'a> {
    network: &'a Network,
    now: Instant,
}

impl Service {
    async fn log(
        &self,
        tx: &mut Write,
        attempt: &Attempt<'_>,
        account: Option<AccountId>,
        outcome: Logged,
    ) -> Result<(), Fault> {
        let event = SignInEvent {
            id: self.env.id(),
            occurred: attempt.now,
            network: attempt.network.as_str(),
            account,
            person: None,
            outcome: outcome.code(),
        };
        Ok(store::sign_in::log(tx, &event).await?)
    }

    /// All factors proved right: begins the session, unless the account is inactive or its issued
    /// password has served already.
    async fn complete(
        &self,
        tx: &mut Write,
        attempt: &Attempt<'_>,
        account: &SignInAccount,
        proved: Proved,
    ) -> Result<Outcome, Fault> {
        if !is_active(account.active_from, account.active_until, account.deactivated, attempt.now) {
            self.log(tx, attempt, Some(account.id), Logged::Inactive).await?;
            let token = Token::draw(&self.env);
            store::sign_in::forget_pending(tx, attempt.now.plus_seconds(-PENDING_SECONDS)).await?;
            store::sign_in::insert_inactive(tx, &token.hash(), account.id, attempt.now).await?;
            return Ok(Outcome::Inactive(token));
        }
        if account.password_issued && !store::sign_in::spend_issued_password(tx, account.id).await? {
            return Ok(Outcome::Wrong);
        }
        let absolute_end = attempt.now.plus_seconds(ABSOLUTE_SECONDS);
        let token = self.begin_session(tx, account, proved, attempt.now, absolute_end).await?;
        self.log(tx, attempt, Some(account.id), Logged::SignedIn).await?;
        let next = if account.password_issued { Next::ChangePassword } else { Next::Start };
        Ok(Outcome::Next(next, token))
    }

    async fn begin_session(
        &self,
        tx: &mut Write,
        account: &SignInAccount,
        proved: Proved,
        now: Instant,
        absolute_end: Instant,
    ) -> Result<Token, Fault> {
        let token = Token::draw(&self.env);
        let session = NewSession {
            token: &token.hash(),
            id: SessionId(self.env.id()),
            account: account.id,
            person: account.person,
            institution: account.institution,
            factors: proved.factors,
            passkey: proved.passkey,
            created: now,
            absolute_end,
        };
        store::session::begin(tx, &session).await?;
        Ok(token)
    }
}

/// Refuses a network that has failed too often of late, whatever it would try.
async fn admit_network(read: &mut Read, attempt: &Attempt<'_>) -> Result<(), Fault> {
    let since = attempt.now.plus_seconds(-WINDOW_SECONDS);
    let outcomes = store::sign_in::network_outcomes(read, attempt.network.as_str(), since).await?;
    let count = |logged: Logged| outcomes.iter().find(|(code, _)| code == logged.code()).map_or(0, |(_, count)| *count);
    let tried = count(Logged::PasswordTried) + count(Logged::MatrixTried) + count(Logged::PasskeyTried);
    let right = count(Logged::PasswordRight) + count(Logged::MatrixRight) + count(Logged::PasskeyRight);
    if tried - right >= LIMIT { Err(RefusalCode::Busy.into()) } else { Ok(()) }
}

/// Counts an attempt on a stored counter. Where there is none, a fresh one is counted on, so that
/// the same is done for nobody as for somebody.
fn counted(stored: Option<StoredCounter>, now: Instant) -> (Admission, StoredCounter) {
    let stored = stored.unwrap_or(StoredCounter { failures: 0, wait_until: None, dead: false });
    let failures = u32::try_from(stored.failures).unwrap_or(DEAD_AT);
    let failures = if stored.dead { DEAD_AT } else { failures };
    let (admission, counter) = Counter { failures, wait_until: stored.wait_until }.attempt(now);
    let dead = stored.dead || counter.failures >= DEAD_AT;
    let failures = if stored.dead { stored.failures } else { i64::from(counter.failures) };
    (admission, StoredCounter { failures, wait_until: counter.wait_until, dead })
}

/// Is the password all that the account is signed in with?
const fn is_alone(account: &SignInAccount) -> bool {
    matches!(standing(account.role, account.has_card), Standing::Alone) && !account.has_passkey
}

/// The places of a stored challenge.
pub(crate) fn coordinates(open: &OpenChallenge) -> Result<Challenge, Fault> {
    let damaged = || Fault::Internal(format!("challenge {} of card {} cannot be read", open.position, open.card));
    open.coordinates.parse().map_err(|_| damaged())
}
