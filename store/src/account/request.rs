//! What somebody asks of those who keep an account, and what became of it.

use crate::{Error, Read, Write};
use domain::{AccountId, Instant, InstitutionId, PersonId};
use sqlx::FromRow;
use uuid::Uuid;

/// A request to be recorded.
#[derive(Clone, Debug)]
pub struct NewRequest<'a> {
    /// Its id.
    pub id: Uuid,
    /// Where the account is held.
    pub place: InstitutionId,
    /// The account.
    pub account: AccountId,
    /// What is to be done with it, in a stable word.
    pub wish: &'a str,
    /// Who asks.
    pub by: PersonId,
    /// Their name, as it will be shown.
    pub by_name: &'a str,
    /// When.
    pub now: Instant,
}

/// A request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredRequest {
    /// Its id.
    pub id: Uuid,
    /// The account.
    pub account: AccountId,
    /// What is to be done with it.
    pub wish: String,
    /// When it was asked first.
    pub asked: Instant,
    /// How often it was asked.
    pub times: i64,
    /// Who asked first.
    pub by: PersonId,
    /// Their name.
    pub by_name: String,
    /// When and by whom it was closed.
    pub closed: Option<(Instant, String)>,
    /// Why the answer was no.
    pub reason: Option<String>,
}

#[derive(FromRow)]
struct RequestRow {
    id: Uuid,
    account_id: Uuid,
    wish: String,
    asked: i64,
    times: i64,
    asked_by: Uuid,
    asked_by_name: String,
    closed: Option<i64>,
    closed_by_name: Option<String>,
    reason: Option<String>,
}

/// Records a request, or that an open one was asked again; tells whether it is a new one.
///
/// # Errors
/// What the engine says.
pub async fn ask(tx: &mut Write, new: &NewRequest<'_>) -> Result<bool, Error> {
    let (times,) = sql!(tx.fetch_one::<(i64,)>(
        "INSERT INTO account_request (institution_id, id, account_id, wish, asked, asked_last, times, asked_by, \
         asked_by_name) VALUES ($1, $2, $3, $4, $5, $5, 1, $6, $7) \
         ON CONFLICT (account_id, wish) WHERE closed IS NULL \
         DO UPDATE SET times = account_request.times + 1, asked_last = excluded.asked_last RETURNING times",
        new.place.0,
        new.id,
        new.account.0,
        new.wish,
        new.now.0,
        new.by.0,
        new.by_name
    ))?;
    Ok(times == 1)
}

/// Requests about accounts of a place that are open, or were closed since an instant; newest first.
///
/// # Errors
/// What the engine says.
pub async fn of_place(
    read: &mut Read,
    place: InstitutionId,
    closed_since: Instant,
) -> Result<Vec<StoredRequest>, Error> {
    let rows = sql!(read.fetch_all::<RequestRow>(
        "SELECT id, account_id, wish, asked, times, asked_by, asked_by_name, closed, closed_by_name, reason \
         FROM account_request WHERE institution_id = $1 AND (closed IS NULL OR closed > $2) \
         ORDER BY asked DESC, id DESC",
        place.0,
        closed_since.0
    ))?;
    let request = |row: RequestRow| StoredRequest {
        id: row.id,
        account: AccountId(row.account_id),
        wish: row.wish,
        asked: Instant(row.asked),
        times: row.times,
        by: PersonId(row.asked_by),
        by_name: row.asked_by_name,
        closed: row.closed.map(|at| (Instant(at), row.closed_by_name.unwrap_or_default())),
        reason: row.reason,
    };
    Ok(rows.into_iter().map(request).collect())
}

/// Closes the open requests for something that has been done to an account; without a wish, all of
/// the account's.
///
/// # Errors
/// What the engine says.
pub async fn settle(
    tx: &mut Write,
    account: AccountId,
    wish: Option<&str>,
    by_name: &str,
    now: Instant,
) -> Result<(), Error> {
    sql!(tx.execute(
        "UPDATE account_request SET closed = $3, closed_by_name = $4 \
         WHERE account_id = $1 AND closed IS NULL AND ($2 = '' OR wish = $2)",
        account.0,
        wish.unwrap_or_default(),
        now.0,
        by_name
    ))?;
    Ok(())
}

/// Closes an open request with a no; tells whether it was open.
///
/// # Errors
/// What the engine says.
pub async fn decline(
    tx: &mut Write,
    place: InstitutionId,
    id: Uuid,
    by_name: &str,
    reason: &str,
    now: Instant,
) -> Result<bool, Error> {
    let closed = sql!(tx.execute(
        "UPDATE account_request SET closed = $3, closed_by_name = $4, reason = $5 \
         WHERE institution_id = $1 AND id = $2 AND closed IS NULL",
        place.0,
        id,
        now.0,
        by_name,
        reason
    ))?;
    Ok(closed == 1)
}

/// A request about one account, without who asked: what, when, and when it was closed.
pub type RequestOf = (String, Instant, Option<Instant>);

/// The requests about an account, the newest first.
///
/// # Errors
/// What the engine says.
pub async fn of_account(read: &mut Read, account: AccountId) -> Result<Vec<RequestOf>, Error> {
    let rows = sql!(read.fetch_all::<(String, i64, Option<i64>)>(
        "SELECT wish, asked, closed FROM account_request WHERE account_id = $1 ORDER BY asked DESC, id DESC",
        account.0
    ))?;
    Ok(rows.into_iter().map(|(wish, at, closed)| (wish, Instant(at), closed.map(Instant))).collect())
}
