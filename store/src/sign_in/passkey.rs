//! Passkeys, the count of failures in a row of each, and the ceremonies by which they are added and used.

use super::StoredCounter;
use crate::{Error, Read, Write};
use domain::{AccountId, Instant, InstitutionId, PasskeyId};
use sqlx::FromRow;
use uuid::Uuid;

/// A passkey as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredPasskey {
    /// Its id, which is no secret.
    pub id: PasskeyId,
    /// Whose.
    pub account: AccountId,
    /// What its authenticator calls it.
    pub credential_id: Vec<u8>,
    /// Its public key and what else the authenticator gave, as text.
    pub credential: String,
    /// Signatures that its authenticator had counted when it was last used; 0 where it counts none.
    pub sign_count: i64,
    /// What its person calls it.
    pub name: String,
    /// Failures in a row.
    pub counter: StoredCounter,
    /// When it was added.
    pub created: Instant,
    /// When it was last signed in with.
    pub used: Option<Instant>,
}

#[derive(FromRow)]
struct PasskeyRow {
    id: Uuid,
    account_id: Uuid,
    credential_id: Vec<u8>,
    credential: String,
    sign_count: i64,
    name: String,
    failures: i64,
    wait_until: Option<i64>,
    dead: bool,
    created: i64,
    used: Option<i64>,
}

impl From<PasskeyRow> for StoredPasskey {
    fn from(row: PasskeyRow) -> Self {
        Self {
            id: row.id.into(),
            account: row.account_id.into(),
            credential_id: row.credential_id,
            credential: row.credential,
            sign_count: row.sign_count,
            name: row.name,
            counter: StoredCounter { failures: row.failures, wait_until: row.wait_until.map(Instant), dead: row.dead },
            created: Instant(row.created),
            used: row.used.map(Instant),
        }
    }
}

/// An account's passkeys, the oldest first.
///
/// # Errors
/// What the engine says.
pub async fn passkeys(read: &mut Read, account: AccountId) -> Result<Vec<StoredPasskey>, Error> {
    let rows = sql!(read.fetch_all::<PasskeyRow>(
        "SELECT id, account_id, credential_id, credential, sign_count, name, failures, wait_until, dead, created, used \
         FROM passkey WHERE account_id = $1 ORDER BY created, id",
        account.0
    ))?;
    Ok(rows.into_iter().map(Into::into).collect())
}

/// The passkeys of an institution's accounts.
///
/// # Errors
/// What the engine says.
pub async fn passkeys_of(read: &mut Read, institution: InstitutionId) -> Result<Vec<StoredPasskey>, Error> {
    let rows = sql!(read.fetch_all::<PasskeyRow>(
        "SELECT k.id, k.account_id, k.credential_id, k.credential, k.sign_count, k.name, k.failures, k.wait_until, \
         k.dead, k.created, k.used FROM passkey k JOIN account a ON a.id = k.account_id \
         WHERE a.institution_id = $1 ORDER BY k.id",
        institution.0
    ))?;
    Ok(rows.into_iter().map(Into::into).collect())
}

/// Locks and reads the account's passkey that its authenticator calls so.
///
/// # Errors
/// What the engine says.
pub async fn lock_passkey(
    tx: &mut Write,
    account: AccountId,
    credential_id: &[u8],
) -> Result<Option<StoredPasskey>, Error> {
    let row = sql!(tx.fetch_optional::<PasskeyRow>(
        "UPDATE passkey SET failures = failures WHERE account_id = $1 AND credential_id = $2 \
         RETURNING id, account_id, credential_id, credential, sign_count, name, failures, wait_until, dead, created, used",
        account.0,
        credential_id
    ))?;
    Ok(row.map(Into::into))
}

/// Writes the counter of a passkey.
///
/// # Errors
/// What the engine says.
pub async fn set_passkey_counter(tx: &mut Write, id: PasskeyId, counter: StoredCounter) -> Result<(), Error> {
    sql!(tx.execute(
        "UPDATE passkey SET failures = $2, wait_until = $3, dead = $4 WHERE id = $1",
        id.0,
        counter.failures,
        counter.wait_until.map(|until| until.0),
        counter.dead
    ))?;
    Ok(())
}

/// Records that a passkey was signed in with: what its authenticator is like now, and no failures.
///
/// # Errors
/// What the engine says.
pub async fn use_passkey(
    tx: &mut Write,
    id: PasskeyId,
    credential: &str,
    sign_count: i64,
    now: Instant,
) -> Result<(), Error> {
    sql!(tx.execute(
        "UPDATE passkey SET credential = $2, sign_count = $3, used = $4, failures = 0, wait_until = NULL WHERE id = $1",
        id.0,
        credential,
        sign_count,
        now.0
    ))?;
    Ok(())
}

/// Records a passkey.
///
/// # Errors
/// [`Error::Taken`] where an account has it already, whichever.
pub async fn insert_passkey(tx: &mut Write, new: &StoredPasskey) -> Result<(), Error> {
    sql!(tx.execute(
        "INSERT INTO passkey (id, account_id, credential_id, credential, sign_count, name, failures, wait_until, dead, \
         created, used) VALUES ($1, $2, $3, $4, $5, $6, 0, NULL, FALSE, $7, NULL)",
        new.id.0,
        new.account.0,
        new.credential_id.as_slice(),
        new.credential.as_str(),
        new.sign_count,
        new.name.as_str(),
        new.created.0
    ))?;
    Ok(())
}

/// Calls an account's passkey something else; tells whether it is there.
///
/// # Errors
/// What the engine says.
pub async fn rename_passkey(tx: &mut Write, account: AccountId, id: PasskeyId, name: &str) -> Result<bool, Error> {
    let renamed =
        sql!(tx.execute("UPDATE passkey SET name = $3 WHERE account_id = $1 AND id = $2", account.0, id.0, name))?;
    Ok(renamed == 1)
}

/// Takes an account's passkey away; tells whether it was there.
///
/// # Errors
/// What the engine says.
pub async fn remove_passkey(tx: &mut Write, account: AccountId, id: PasskeyId) -> Result<bool, Error> {
    Ok(sql!(tx.execute("DELETE FROM passkey WHERE account_id = $1 AND id = $2", account.0, id.0))? == 1)
}

/// Keeps what a ceremony is answered against, in the place of an earlier one of the same browser.
///
/// # Errors
/// What the engine says.
pub async fn begin_ceremony(
    tx: &mut Write,
    token: &[u8],
    account: AccountId,
    adds: bool,
    state: &str,
    now: Instant,
) -> Result<(), Error> {
    sql!(tx.execute(
        "INSERT INTO passkey_ceremony (token_hash, account_id, adds, state, created) VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT (token_hash) DO UPDATE SET account_id = excluded.account_id, adds = excluded.adds, \
         state = excluded.state, created = excluded.created",
        token,
        account.0,
        adds,
        state,
        now.0
    ))?;
    Ok(())
}

/// Takes out what a ceremony that began after `since` is answered against: it can be answered once.
///
/// # Errors
/// What the engine says.
pub async fn take_ceremony(
    tx: &mut Write,
    token: &[u8],
    account: AccountId,
    adds: bool,
    since: Instant,
) -> Result<Option<String>, Error> {
    let row = sql!(tx.fetch_optional::<(String,)>(
        "DELETE FROM passkey_ceremony WHERE token_hash = $1 AND account_id = $2 AND adds = $3 AND created > $4 \
         RETURNING state",
        token,
        account.0,
        adds,
        since.0
    ))?;
    Ok(row.map(|(state,)| state))
}

/// Forgets ceremonies that began before an instant.
///
/// # Errors
/// What the engine says.
pub async fn forget_ceremonies(tx: &mut Write, before: Instant) -> Result<(), Error> {
    sql!(tx.execute("DELETE FROM passkey_ceremony WHERE created < $1", before.0))?;
    Ok(())
}
