//! What signing in reads and writes: accounts by user name and the log of attempts here; passwords, cards
//! and sign-ins under way below.

mod card;
mod passkey;
mod password;
mod pending;

use crate::column::known;
use crate::{Error, Read, Write};
pub use card::{
    NewChallenge, OpenChallenge, StoredCard, cards_of, clear_card_counter, lock_card_counter, open_challenge,
    restart_challenges, set_card, set_card_counter, use_challenge,
};
use domain::{AccountId, AccountRole, Instant, InstitutionId, PersonId};
pub use passkey::{
    StoredPasskey, begin_ceremony, forget_ceremonies, insert_passkey, lock_passkey, passkeys, passkeys_of,
    remove_passkey, rename_passkey, set_passkey_counter, take_ceremony, use_passkey,
};
pub use password::{
    StoredPassword, clear_password_counter, keep_issued_password, lock_password_counter, passwords_of, renew_hash,
    set_password, set_password_counter, spend_issued_password,
};
pub use pending::{
    delete_pending, delete_pending_of, forget_pending, inactive_account, insert_inactive, insert_pending,
    pending_account,
};
use sqlx::FromRow;
use uuid::Uuid;

/// An account as signing in sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignInAccount {
    /// The account.
    pub id: AccountId,
    /// Whose it is.
    pub person: PersonId,
    /// Where.
    pub institution: InstitutionId,
    /// Its role there.
    pub role: AccountRole,
    /// First instant at which it may be used.
    pub active_from: Instant,
    /// First instant at which it may no more.
    pub active_until: Option<Instant>,
    /// When it was made inactive.
    pub deactivated: Option<Instant>,
    /// Was it closed for good, or united with another one?
    pub gone: bool,
    /// Is its password one that was issued?
    pub password_issued: bool,
    /// The password's hash; `None` where the account has no password.
    pub password: Option<String>,
    /// Has it a card in use?
    pub has_card: bool,
    /// Has it a passkey, even one that was guessed at too often?
    pub has_passkey: bool,
}

/// Failures in a row of a password or a card, and what they brought.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StoredCounter {
    /// Failures in a row.
    pub failures: i64,
    /// No attempt before this instant.
    pub wait_until: Option<Instant>,
    /// No attempt at all any more.
    pub dead: bool,
}

/// One line of the log of attempts.
#[derive(Clone, Copy, Debug)]
pub struct SignInEvent<'a> {
    /// Its id.
    pub id: Uuid,
    /// When.
    pub occurred: Instant,
    /// From which network.
    pub network: &'a str,
    /// On which account; `None` where the user name was unknown.
    pub account: Option<AccountId>,
    /// Who, where it is no account's sign-in; `None` where that was unknown.
    pub person: Option<PersonId>,
    /// What happened.
    pub outcome: &'static str,
}

#[derive(FromRow)]
struct AccountRow {
    id: Uuid,
    person_id: Uuid,
    institution_id: Uuid,
    role: String,
    active_from: i64,
    active_until: Option<i64>,
    deactivated: Option<i64>,
    deleted: Option<i64>,
    merged: Option<i64>,
    issued: Option<bool>,
    phc: Option<String>,
    card_id: Option<Uuid>,
    has_passkey: bool,
}

impl AccountRow {
    fn account(self) -> Result<SignInAccount, Error> {
        Ok(SignInAccount {
            id: self.id.into(),
            person: self.person_id.into(),
            institution: self.institution_id.into(),
            role: known(AccountRole::from_code(&self.role), "account", "role", self.id)?,
            active_from: Instant(self.active_from),
            active_until: self.active_until.map(Instant),
            deactivated: self.deactivated.map(Instant),
            gone: self.deleted.is_some() || self.merged.is_some(),
            password_issued: self.issued.unwrap_or(false),
            password: self.phc,
            has_card: self.card_id.is_some(),
            has_passkey: self.has_passkey,
        })
    }
}

/// The account of this user name.
///
/// # Errors
/// [`Error::Contradiction`] for a role that is none.
pub async fn account(tx: &mut Read, user_name: &str) -> Result<Option<SignInAccount>, Error> {
    let row = sql!(tx.fetch_optional::<AccountRow>(
        "SELECT a.id, a.person_id, a.institution_id, a.role, a.active_from, a.active_until, a.deactivated, \
         a.deleted, a.merged, p.issued, p.phc, c.id AS card_id, \
         EXISTS (SELECT 1 FROM passkey k WHERE k.account_id = a.id) AS has_passkey FROM account a \
         LEFT JOIN account_password p ON p.account_id = a.id \
         LEFT JOIN matrix_card c ON c.account_id = a.id AND c.replaced IS NULL \
         WHERE a.user_name = $1",
        user_name
    ))?;
    row.map(AccountRow::account).transpose()
}

/// How often each outcome was logged for a network since an instant.
///
/// # Errors
/// What the engine says.
pub async fn network_outcomes(tx: &mut Read, network: &str, since: Instant) -> Result<Vec<(String, i64)>, Error> {
    sql!(tx.fetch_all::<(String, i64)>(
        "SELECT outcome, COUNT(*) FROM sign_in_event WHERE network = $1 AND occurred >= $2 \
         GROUP BY outcome ORDER BY outcome",
        network,
        since.0
    ))
}

fn counter(row: Option<(i64, Option<i64>, bool)>) -> Option<StoredCounter> {
    row.map(|(failures, wait, dead)| StoredCounter { failures, wait_until: wait.map(Instant), dead })
}

/// Takes an account's password, all of its cards and its passkeys away, hashes and all.
///
/// # Errors
/// What the engine says.
pub async fn forget_credentials(tx: &mut Write, account: AccountId) -> Result<(), Error> {
    sql!(tx.execute("DELETE FROM account_password WHERE account_id = $1", account.0))?;
    sql!(tx.execute(
        "DELETE FROM matrix_challenge WHERE card_id IN (SELECT id FROM matrix_card WHERE account_id = $1)",
        account.0
    ))?;
    sql!(tx.execute("DELETE FROM matrix_card WHERE account_id = $1", account.0))?;
    sql!(tx.execute("DELETE FROM passkey WHERE account_id = $1", account.0))?;
    Ok(())
}

/// Appends to the log of attempts.
///
/// # Errors
/// What the engine says.
pub async fn log(tx: &mut Write, event: &SignInEvent<'_>) -> Result<(), Error> {
    sql!(tx.execute(
        "INSERT INTO sign_in_event (id, occurred, network, account_id, outcome, person_id) \
         VALUES ($1, $2, $3, $4, $5, $6)",
        event.id,
        event.occurred.0,
        event.network,
        event.account.map(|account| account.0),
        event.outcome,
        event.person.map(|person| person.0)
    ))?;
    Ok(())
}

/// Attempts on an account before an instant, the newest first, at most so many: when, from which
/// network, and what happened.
///
/// # Errors
/// What the engine says.
pub async fn attempts_on(
    read: &mut Read,
    account: AccountId,
    before: Instant,
    most: i64,
) -> Result<Vec<(Instant, String, String)>, Error> {
    let rows = sql!(read.fetch_all::<(i64, String, String)>(
        "SELECT occurred, network, outcome FROM sign_in_event WHERE account_id = $1 AND occurred < $2 \
         ORDER BY occurred DESC, id DESC LIMIT $3",
        account.0,
        before.0,
        most
    ))?;
    Ok(rows.into_iter().map(|(at, network, outcome)| (Instant(at), network, outcome)).collect())
}
