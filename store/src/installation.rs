//! Facts about this installation: the check values of its secrets, the mark of demo data.

use crate::{Error, Read, Write};

/// The value kept under a key.
///
/// # Errors
/// What the engine says.
pub async fn value(tx: &mut Read, key: &str) -> Result<Option<String>, Error> {
    let row = sql!(tx.fetch_optional::<(String,)>("SELECT value FROM installation WHERE key = $1", key))?;
    Ok(row.map(|(value,)| value))
}

/// Keeps a value under a key, in place of another.
///
/// # Errors
/// What the engine says.
pub async fn keep(tx: &mut Write, key: &str, value: &str) -> Result<(), Error> {
    sql!(tx.execute(
        "INSERT INTO installation (key, value) VALUES ($1, $2) \
         ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        key,
        value
    ))?;
    Ok(())
}

/// Has nothing been recorded here yet: no authority, no account, no audit entry?
///
/// # Errors
/// What the engine says.
pub async fn is_unused(tx: &mut Read) -> Result<bool, Error> {
    let (rows,) = sql!(tx.fetch_one::<(i64,)>(
        "SELECT (SELECT COUNT(*) FROM authority) + (SELECT COUNT(*) FROM account) + \
         (SELECT COUNT(*) FROM audit_entry)"
    ))?;
    Ok(rows == 0)
}
