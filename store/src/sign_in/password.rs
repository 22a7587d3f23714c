//! Passwords: their hashes, and the count of failures in a row.

use super::{StoredCounter, counter};
use crate::{Error, Read, Write};
use domain::{AccountId, Instant, InstitutionId};
use uuid::Uuid;

/// A password as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredPassword {
    /// Whose.
    pub account: AccountId,
    /// Its hash.
    pub hash: String,
}

/// The passwords of an institution's accounts.
///
/// # Errors
/// What the engine says.
pub async fn passwords_of(tx: &mut Read, institution: InstitutionId) -> Result<Vec<StoredPassword>, Error> {
    let rows = sql!(tx.fetch_all::<(Uuid, String)>(
        "SELECT p.account_id, p.phc FROM account_password p JOIN account a ON a.id = p.account_id \
         WHERE a.institution_id = $1 ORDER BY p.account_id",
        institution.0
    ))?;
    Ok(rows.into_iter().map(|(account, hash)| StoredPassword { account: account.into(), hash }).collect())
}

/// Locks and reads the counter of the account's password.
///
/// # Errors
/// What the engine says.
pub async fn lock_password_counter(tx: &mut Write, account: AccountId) -> Result<Option<StoredCounter>, Error> {
    Ok(counter(sql!(tx.fetch_optional::<(i64, Option<i64>, bool)>(
        "UPDATE account_password SET failures = failures WHERE account_id = $1 \
         RETURNING failures, wait_until, dead",
        account.0
    ))?))
}

/// Writes the counter of the account's password.
///
/// # Errors
/// What the engine says.
pub async fn set_password_counter(tx: &mut Write, account: AccountId, counter: StoredCounter) -> Result<(), Error> {
    sql!(tx.execute(
        "UPDATE account_password SET failures = $2, wait_until = $3, dead = $4 WHERE account_id = $1",
        account.0,
        counter.failures,
        counter.wait_until.map(|until| until.0),
        counter.dead
    ))?;
    Ok(())
}

/// Clears the failures in a row of the account's password, unless it is dead.
///
/// # Errors
/// What the engine says.
pub async fn clear_password_counter(tx: &mut Write, account: AccountId) -> Result<(), Error> {
    sql!(tx.execute(
        "UPDATE account_password SET failures = 0, wait_until = NULL WHERE account_id = $1 AND dead = FALSE",
        account.0
    ))?;
    Ok(())
}

/// Makes an issued password unusable; tells whether it still was usable.
///
/// # Errors
/// What the engine says.
pub async fn spend_issued_password(tx: &mut Write, account: AccountId) -> Result<bool, Error> {
    let spent = sql!(tx.execute(
        "UPDATE account_password SET dead = TRUE WHERE account_id = $1 AND issued = TRUE AND dead = FALSE",
        account.0
    ))?;
    Ok(spent == 1)
}

/// Gives the account a password: its first, or another one with a fresh counter.
///
/// # Errors
/// What the engine says.
pub async fn set_password(
    tx: &mut Write,
    account: AccountId,
    hash: &str,
    issued: bool,
    now: Instant,
) -> Result<(), Error> {
    sql!(tx.execute(
        "INSERT INTO account_password (account_id, phc, issued, failures, wait_until, dead, changed) \
         VALUES ($1, $2, $3, 0, NULL, FALSE, $4) \
         ON CONFLICT (account_id) DO UPDATE SET phc = excluded.phc, issued = excluded.issued, failures = 0, \
         wait_until = NULL, dead = FALSE, changed = excluded.changed",
        account.0,
        hash,
        issued,
        now.0
    ))?;
    sql!(tx.execute("UPDATE account SET must_change_password = $2 WHERE id = $1", account.0, issued))?;
    Ok(())
}

/// Puts another hash of the same password in the place of the present one.
///
/// # Errors
/// What the engine says.
pub async fn renew_hash(tx: &mut Write, account: AccountId, hash: &str) -> Result<(), Error> {
    sql!(tx.execute("UPDATE account_password SET phc = $2 WHERE account_id = $1", account.0, hash))?;
    Ok(())
}

/// Makes an issued password the person's own, as it is.
///
/// # Errors
/// What the engine says.
pub async fn keep_issued_password(tx: &mut Write, account: AccountId) -> Result<(), Error> {
    sql!(tx.execute("UPDATE account_password SET issued = FALSE WHERE account_id = $1", account.0))?;
    sql!(tx.execute("UPDATE account SET must_change_password = FALSE WHERE id = $1", account.0))?;
    Ok(())
}
