//! The subjects that accounts open, by the catalogue's slugs.

use crate::{Error, Read, Write};
use domain::{AccountId, InstitutionId};
use std::collections::HashMap;
use uuid::Uuid;

/// The subjects of every account of an institution that has any, in order of slug.
///
/// # Errors
/// What the engine says.
pub async fn of_place(read: &mut Read, place: InstitutionId) -> Result<HashMap<AccountId, Vec<String>>, Error> {
    let rows = sql!(read.fetch_all::<(Uuid, String)>(
        "SELECT account_id, subject FROM account_subject WHERE institution_id = $1 ORDER BY account_id, subject",
        place.0
    ))?;
    let mut subjects = HashMap::<AccountId, Vec<String>>::new();
    for (account, subject) in rows {
        subjects.entry(AccountId(account)).or_default().push(subject);
    }
    Ok(subjects)
}

/// The subjects of one account, in order of slug.
///
/// # Errors
/// What the engine says.
pub async fn of_account(read: &mut Read, account: AccountId) -> Result<Vec<String>, Error> {
    let rows = sql!(read.fetch_all::<(String,)>(
        "SELECT subject FROM account_subject WHERE account_id = $1 ORDER BY subject",
        account.0
    ))?;
    Ok(rows.into_iter().map(|(subject,)| subject).collect())
}

/// Gives an account exactly these subjects.
///
/// # Errors
/// [`Error::Taken`] where one stands twice.
pub async fn set(tx: &mut Write, place: InstitutionId, account: AccountId, subjects: &[String]) -> Result<(), Error> {
    sql!(tx.execute("DELETE FROM account_subject WHERE institution_id = $1 AND account_id = $2", place.0, account.0))?;
    insert!(tx, "INSERT INTO account_subject (institution_id, account_id, subject)", subjects, subject => [
        place.0, account.0, subject
    ]);
    Ok(())
}
