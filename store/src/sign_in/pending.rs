//! Sign-ins under way: between the password and the second factor, or at the words about code 31.

use super::{AccountRow, SignInAccount};
use crate::{Error, Read, Write};
use domain::{AccountId, Instant};
use uuid::Uuid;

/// The account of a sign-in that began after `since` and waits for its second factor, by the hash
/// of its token.
///
/// # Errors
/// [`Error::Contradiction`] for a role that is none.
pub async fn pending_account(tx: &mut Read, token: &[u8], since: Instant) -> Result<Option<SignInAccount>, Error> {
    let row = sql!(tx.fetch_optional::<AccountRow>(
        "SELECT a.id, a.person_id, a.institution_id, a.role, a.active_from, a.active_until, a.deactivated, \
         a.deleted, a.merged, p.issued, p.phc, c.id AS card_id, \
         EXISTS (SELECT 1 FROM passkey k WHERE k.account_id = a.id) AS has_passkey FROM sign_in_pending s \
         JOIN account a ON a.id = s.account_id \
         LEFT JOIN account_password p ON p.account_id = a.id \
         LEFT JOIN matrix_card c ON c.account_id = a.id AND c.replaced IS NULL \
         WHERE s.token_hash = $1 AND s.created > $2 AND s.inactive = FALSE",
        token,
        since.0
    ))?;
    row.map(AccountRow::account).transpose()
}

/// The account of a sign-in that began after `since` and proved right, but on an account that may
/// not be used, by the hash of its token.
///
/// # Errors
/// What the engine says.
pub async fn inactive_account(tx: &mut Read, token: &[u8], since: Instant) -> Result<Option<AccountId>, Error> {
    let row = sql!(tx.fetch_optional::<(Uuid,)>(
        "SELECT account_id FROM sign_in_pending WHERE token_hash = $1 AND created > $2 AND inactive = TRUE",
        token,
        since.0
    ))?;
    Ok(row.map(|(id,)| AccountId(id)))
}

/// Records a sign-in that waits for its second factor.
///
/// # Errors
/// What the engine says.
pub async fn insert_pending(tx: &mut Write, token: &[u8], account: AccountId, now: Instant) -> Result<(), Error> {
    sql!(tx.execute(
        "INSERT INTO sign_in_pending (token_hash, account_id, created) VALUES ($1, $2, $3)",
        token,
        account.0,
        now.0
    ))?;
    Ok(())
}

/// Records a sign-in that proved right on an account that may not be used.
///
/// # Errors
/// What the engine says.
pub async fn insert_inactive(tx: &mut Write, token: &[u8], account: AccountId, now: Instant) -> Result<(), Error> {
    sql!(tx.execute(
        "INSERT INTO sign_in_pending (token_hash, account_id, created, inactive) VALUES ($1, $2, $3, TRUE)",
        token,
        account.0,
        now.0
    ))?;
    Ok(())
}

/// Ends a sign-in under way; tells whether it was there.
///
/// # Errors
/// What the engine says.
pub async fn delete_pending(tx: &mut Write, token: &[u8]) -> Result<bool, Error> {
    Ok(sql!(tx.execute("DELETE FROM sign_in_pending WHERE token_hash = $1", token))? == 1)
}

/// Ends all sign-ins and all ceremonies of passkeys under way of an account.
///
/// # Errors
/// What the engine says.
pub async fn delete_pending_of(tx: &mut Write, account: AccountId) -> Result<(), Error> {
    sql!(tx.execute("DELETE FROM sign_in_pending WHERE account_id = $1", account.0))?;
    sql!(tx.execute("DELETE FROM passkey_ceremony WHERE account_id = $1", account.0))?;
    Ok(())
}

/// Forgets sign-ins that began before an instant.
///
/// # Errors
/// What the engine says.
pub async fn forget_pending(tx: &mut Write, before: Instant) -> Result<(), Error> {
    sql!(tx.execute("DELETE FROM sign_in_pending WHERE created < $1", before.0))?;
    Ok(())
}
