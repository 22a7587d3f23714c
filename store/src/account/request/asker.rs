//! Who asked for what somebody else had asked for already, and waits for the same answer.

use crate::{Error, Read, Write};
use domain::{AccountId, Instant, InstitutionId, PersonId};
use std::collections::HashMap;
use uuid::Uuid;

/// Adds an account to those who wait for a request's answer; tells whether it was none of them.
///
/// # Errors
/// What the engine says.
pub(super) async fn add(
    tx: &mut Write,
    place: InstitutionId,
    id: Uuid,
    account: AccountId,
    now: Instant,
) -> Result<bool, Error> {
    let added = sql!(tx.execute(
        "INSERT INTO account_request_asker (institution_id, request_id, account_id, asked) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (institution_id, request_id, account_id) DO NOTHING",
        place.0,
        id,
        account.0,
        now.0
    ))?;
    Ok(added == 1)
}

/// The accounts that asked besides the first one, by id, for each of a place's requests.
///
/// # Errors
/// What the engine says.
pub(super) async fn of_place(read: &mut Read, place: InstitutionId) -> Result<HashMap<Uuid, Vec<AccountId>>, Error> {
    let rows = sql!(read.fetch_all::<(Uuid, Uuid)>(
        "SELECT request_id, account_id FROM account_request_asker WHERE institution_id = $1 ORDER BY account_id",
        place.0
    ))?;
    let mut askers: HashMap<Uuid, Vec<AccountId>> = HashMap::new();
    for (request, account) in rows {
        askers.entry(request).or_default().push(AccountId(account));
    }
    Ok(askers)
}

/// The accounts of a place that asked for the same as a request's first asker, with their people; who
/// asked first comes first.
///
/// # Errors
/// What the engine says.
pub async fn others(read: &mut Read, place: InstitutionId, id: Uuid) -> Result<Vec<(AccountId, PersonId)>, Error> {
    let rows = sql!(read.fetch_all::<(Uuid, Uuid)>(
        "SELECT a.id, a.person_id FROM account_request_asker r JOIN account a ON a.id = r.account_id \
         WHERE r.institution_id = $1 AND r.request_id = $2 AND a.institution_id = $1 ORDER BY r.asked, a.id",
        place.0,
        id
    ))?;
    Ok(rows.into_iter().map(|(account, person)| (AccountId(account), PersonId(person))).collect())
}

/// Makes one of the others who asked for the same the one who asked for it.
///
/// # Errors
/// What the engine says.
pub async fn pass_on(
    tx: &mut Write,
    place: InstitutionId,
    id: Uuid,
    (account, person): (AccountId, PersonId),
    name: &str,
) -> Result<(), Error> {
    sql!(tx.execute(
        "UPDATE account_request SET asked_by = $3, asked_account = $4, asked_by_name = $5 \
         WHERE institution_id = $1 AND id = $2",
        place.0,
        id,
        person.0,
        account.0,
        name
    ))?;
    sql!(tx.execute(
        "DELETE FROM account_request_asker WHERE institution_id = $1 AND request_id = $2 AND account_id = $3",
        place.0,
        id,
        account.0
    ))?;
    Ok(())
}

/// Takes an account, and those united with it, out of those who asked for the same as somebody else:
/// of which open request, as [`open_of`](super::open_of) answers; `None` where it was none of them.
///
/// # Errors
/// What the engine says.
pub async fn leave(
    tx: &mut Write,
    id: Uuid,
    by: AccountId,
) -> Result<Option<(InstitutionId, AccountId, String)>, Error> {
    let left = sql!(tx.execute(
        "DELETE FROM account_request_asker WHERE request_id = $1 \
         AND account_id IN (SELECT id FROM account WHERE id = $2 OR merged_into = $2) \
         AND EXISTS (SELECT 1 FROM account_request q WHERE q.institution_id = account_request_asker.institution_id \
           AND q.id = $1 AND q.closed IS NULL)",
        id,
        by.0
    ))?;
    if left == 0 {
        return Ok(None);
    }
    let row = sql!(tx.fetch_optional::<(Uuid, Uuid, String)>(
        "SELECT institution_id, account_id, wish FROM account_request WHERE id = $1 AND closed IS NULL",
        id
    ))?;
    Ok(row.map(|(place, account, wish)| (InstitutionId(place), AccountId(account), wish)))
}
