//! What somebody asks of those who keep an account or administer rights, and what became of it.

pub mod asker;

use crate::column::known;
use crate::{Error, Read, Write};
use domain::exchange::accounts::Outcome;
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
    /// The account to unite it with.
    pub other: Option<AccountId>,
    /// What is to be done, in a stable word.
    pub wish: &'a str,
    /// What a teacher needs to see, in words.
    pub words: Option<&'a str>,
    /// The same by choice, as JSON of ids and codes.
    pub choice: Option<&'a str>,
    /// Who asks.
    pub by: PersonId,
    /// Signed in with which account; none at the command line.
    pub by_account: Option<AccountId>,
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
    /// The account to unite it with.
    pub other: Option<AccountId>,
    /// What is to be done with it.
    pub wish: String,
    /// What a teacher needs to see, in words.
    pub words: Option<String>,
    /// The same by choice, as JSON of ids and codes.
    pub choice: Option<String>,
    /// When it was asked first.
    pub asked: Instant,
    /// How often it was asked.
    pub times: i64,
    /// Who asked first.
    pub by: PersonId,
    /// Signed in with which account; none at the command line.
    pub by_account: Option<AccountId>,
    /// Their name.
    pub by_name: String,
    /// The accounts that asked for the same after them, by id.
    pub also: Vec<AccountId>,
    /// When, by whom and how it was closed.
    pub closed: Option<(Instant, String, Outcome)>,
    /// What whoever closed it said.
    pub reason: Option<String>,
}

/// A request that has just been closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClosedRequest {
    /// Which one.
    pub id: Uuid,
    /// Who had asked.
    pub by: PersonId,
    /// Signed in with which account; none at the command line.
    pub by_account: Option<AccountId>,
    /// How it ended.
    pub outcome: Outcome,
}

#[derive(FromRow)]
struct RequestRow {
    id: Uuid,
    account_id: Uuid,
    other_id: Option<Uuid>,
    wish: String,
    words: Option<String>,
    choice: Option<String>,
    asked: i64,
    times: i64,
    asked_by: Uuid,
    asked_account: Option<Uuid>,
    asked_by_name: String,
    closed: Option<i64>,
    closed_by_name: Option<String>,
    outcome: Option<String>,
    reason: Option<String>,
}

impl RequestRow {
    fn request(self, also: Vec<AccountId>) -> Result<StoredRequest, Error> {
        let outcome = |word: Option<String>| {
            let word = word.unwrap_or_default();
            known(Outcome::of_code(&word), "account_request", "outcome", self.id)
        };
        let closed = match self.closed {
            None => None,
            Some(at) => Some((Instant(at), self.closed_by_name.unwrap_or_default(), outcome(self.outcome)?)),
        };
        Ok(StoredRequest {
            id: self.id,
            account: AccountId(self.account_id),
            other: self.other_id.map(AccountId),
            wish: self.wish,
            words: self.words,
            choice: self.choice,
            asked: Instant(self.asked),
            times: self.times,
            by: PersonId(self.asked_by),
            by_account: self.asked_account.map(AccountId),
            by_name: self.asked_by_name,
            also,
            closed,
            reason: self.reason,
        })
    }
}

/// What asking came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// A new request.
    New,
    /// One that somebody else has asked already: this account waits for its answer too.
    Also,
    /// One that waits for this account's answer already.
    Again,
}

/// Records a request, or that an open one was asked again, by whom and with what.
///
/// # Errors
/// What the engine says.
pub async fn ask(tx: &mut Write, new: &NewRequest<'_>) -> Result<Asked, Error> {
    let (id, times, first) = sql!(tx.fetch_one::<(Uuid, i64, Option<Uuid>)>(
        "INSERT INTO account_request (institution_id, id, account_id, wish, asked, asked_last, times, asked_by, \
         asked_by_name, other_id, words, choice, asked_account) \
         VALUES ($1, $2, $3, $4, $5, $5, 1, $6, $7, $8, $9, $10, $11) \
         ON CONFLICT (account_id, wish, COALESCE(other_id, account_id)) WHERE closed IS NULL \
         DO UPDATE SET times = account_request.times + 1, asked_last = excluded.asked_last, \
         words = excluded.words, choice = excluded.choice RETURNING id, times, asked_account",
        new.place.0,
        new.id,
        new.account.0,
        new.wish,
        new.now.0,
        new.by.0,
        new.by_name,
        new.other.map(|other| other.0),
        new.words,
        new.choice,
        new.by_account.map(|account| account.0)
    ))?;
    if times == 1 {
        return Ok(Asked::New);
    }
    let Some(account) = new.by_account.filter(|account| Some(account.0) != first) else { return Ok(Asked::Again) };
    let is_new = asker::add(tx, new.place, id, account, new.now).await?;
    Ok(if is_new { Asked::Also } else { Asked::Again })
}

/// Requests about accounts of a place that are open, or were closed since an instant; newest first.
///
/// # Errors
/// [`Error::Contradiction`] for an outcome that is none.
pub async fn of_place(
    read: &mut Read,
    place: InstitutionId,
    closed_since: Instant,
) -> Result<Vec<StoredRequest>, Error> {
    let rows = sql!(read.fetch_all::<RequestRow>(
        "SELECT id, account_id, other_id, wish, words, choice, asked, times, asked_by, asked_account, \
         asked_by_name, closed, \
         closed_by_name, outcome, reason \
         FROM account_request WHERE institution_id = $1 AND (closed IS NULL OR closed > $2) \
         ORDER BY asked DESC, id DESC",
        place.0,
        closed_since.0
    ))?;
    let mut also = asker::of_place(read, place).await?;
    rows.into_iter()
        .map(|row| {
            let others = also.remove(&row.id).unwrap_or_default();
            row.request(others)
        })
        .collect()
}

type ClosedRow = (Uuid, Uuid, Option<Uuid>, String);

fn closed(rows: Vec<ClosedRow>) -> Result<Vec<ClosedRequest>, Error> {
    let request = |(id, by, account, outcome): ClosedRow| {
        let outcome = known(Outcome::of_code(&outcome), "account_request", "outcome", id)?;
        Ok(ClosedRequest { id, by: PersonId(by), by_account: account.map(AccountId), outcome })
    };
    rows.into_iter().map(request).collect()
}

/// Closes the open requests for what has been done to an account; answers which ones.
///
/// # Errors
/// What the engine says.
pub async fn settle(
    tx: &mut Write,
    account: AccountId,
    wish: &str,
    by_name: &str,
    now: Instant,
) -> Result<Vec<ClosedRequest>, Error> {
    closed(sql!(tx.fetch_all::<ClosedRow>(
        "UPDATE account_request SET closed = $3, closed_by_name = $4, outcome = 'done' \
         WHERE account_id = $1 AND closed IS NULL AND wish = $2 RETURNING id, asked_by, asked_account, outcome",
        account.0,
        wish,
        now.0,
        by_name
    ))?)
}

/// Closes all open requests about an account that is gone; answers which ones.
///
/// # Errors
/// What the engine says.
pub async fn void(
    tx: &mut Write,
    account: AccountId,
    by_name: &str,
    now: Instant,
) -> Result<Vec<ClosedRequest>, Error> {
    closed(sql!(tx.fetch_all::<ClosedRow>(
        "UPDATE account_request SET closed = $2, closed_by_name = $3, outcome = 'void' \
         WHERE (account_id = $1 OR other_id = $1) AND closed IS NULL RETURNING id, asked_by, asked_account, outcome",
        account.0,
        now.0,
        by_name
    ))?)
}

/// How a request is answered.
#[derive(Clone, Copy, Debug)]
pub struct Answer<'a> {
    /// By whom, in a name.
    pub by_name: &'a str,
    /// How it ends.
    pub outcome: Outcome,
    /// What they say to it.
    pub reason: Option<&'a str>,
    /// When.
    pub now: Instant,
}

/// Closes an open request with an answer; tells whether it was open.
///
/// # Errors
/// What the engine says.
pub async fn answer(tx: &mut Write, place: InstitutionId, id: Uuid, answer: Answer<'_>) -> Result<bool, Error> {
    let closed = sql!(tx.execute(
        "UPDATE account_request SET closed = $3, closed_by_name = $4, outcome = $5, reason = $6 \
         WHERE institution_id = $1 AND id = $2 AND closed IS NULL",
        place.0,
        id,
        answer.now.0,
        answer.by_name,
        answer.outcome.code(),
        answer.reason
    ))?;
    Ok(closed == 1)
}

/// An open request that was asked with this account, or one that is united with it: where, about which
/// account, and its wish.
///
/// # Errors
/// What the engine says.
pub async fn open_of(
    read: &mut Read,
    id: Uuid,
    by: AccountId,
) -> Result<Option<(InstitutionId, AccountId, String)>, Error> {
    let row = sql!(read.fetch_optional::<(Uuid, Uuid, String)>(
        "SELECT institution_id, account_id, wish FROM account_request \
         WHERE id = $1 AND closed IS NULL \
         AND asked_account IN (SELECT id FROM account WHERE id = $2 OR merged_into = $2)",
        id,
        by.0
    ))?;
    Ok(row.map(|(place, account, wish)| (InstitutionId(place), AccountId(account), wish)))
}

/// A request about one account, without who asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestOf {
    /// What for, as its code.
    pub wish: String,
    /// When.
    pub asked: Instant,
    /// When it was closed.
    pub closed: Option<Instant>,
    /// What the asker wrote to it.
    pub words: Option<String>,
}

/// The requests about an account, the newest first.
///
/// # Errors
/// What the engine says.
pub async fn of_account(read: &mut Read, account: AccountId) -> Result<Vec<RequestOf>, Error> {
    let rows = sql!(read.fetch_all::<(String, i64, Option<i64>, Option<String>)>(
        "SELECT wish, asked, closed, words FROM account_request WHERE account_id = $1 ORDER BY asked DESC, id DESC",
        account.0
    ))?;
    Ok(rows
        .into_iter()
        .map(|(wish, at, closed, words)| RequestOf { wish, asked: Instant(at), closed: closed.map(Instant), words })
        .collect())
}
