//! What people were told, and what they have read of their inbox.

use crate::column::known;
use crate::{Error, Read, Write};
use domain::exchange::accounts::{Outcome, Wish};
use domain::notice::NoticeKind;
use domain::{AccountId, Instant, InstitutionId, PersonId};
use sqlx::FromRow;
use std::collections::HashSet;
use uuid::Uuid;

/// A notice to be recorded.
#[derive(Clone, Debug)]
pub struct NewNotice<'a> {
    /// Its id.
    pub id: Uuid,
    /// At whose inbox's place: an institution, or an authority under its own id.
    pub place: InstitutionId,
    /// Who is told.
    pub person: PersonId,
    /// Through which of their accounts; nothing of it is read with another one.
    pub receiver: AccountId,
    /// Of what.
    pub kind: NoticeKind,
    /// What makes it one: no account is told twice under the same mark.
    pub mark: &'a str,
    /// The account it is about.
    pub account: Option<AccountId>,
    /// The request that was answered.
    pub request: Option<Uuid>,
    /// Who did it, in a name; empty where nobody did.
    pub by_name: &'a str,
    /// The first instant at which accounts can be used no more, where it is about that.
    pub until: Option<Instant>,
    /// When.
    pub now: Instant,
}

/// A notice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredNotice {
    /// Its id.
    pub id: Uuid,
    /// Of what.
    pub kind: NoticeKind,
    /// When.
    pub created: Instant,
    /// The user name of the account it is about.
    pub user_name: Option<String>,
    /// Who did it.
    pub by_name: String,
    /// The first instant at which accounts can be used no more.
    pub until: Option<Instant>,
    /// What was answered: the wish, how it ended, and what was said.
    pub answer: Option<(Wish, Outcome, Option<String>)>,
}

#[derive(FromRow)]
struct NoticeRow {
    id: Uuid,
    kind: String,
    created: i64,
    user_name: Option<String>,
    by_name: String,
    until: Option<i64>,
    wish: Option<String>,
    outcome: Option<String>,
    reason: Option<String>,
}

impl NoticeRow {
    fn notice(self) -> Result<StoredNotice, Error> {
        let wish = self.wish.as_deref().and_then(Wish::of_code);
        let outcome = self.outcome.as_deref().and_then(Outcome::of_code);
        Ok(StoredNotice {
            id: self.id,
            kind: known(NoticeKind::of_code(&self.kind), "notice", "kind", self.id)?,
            created: Instant(self.created),
            user_name: self.user_name,
            by_name: self.by_name,
            until: self.until.map(Instant),
            answer: wish.zip(outcome).map(|(wish, outcome)| (wish, outcome, self.reason)),
        })
    }
}

/// Records a notice; tells whether it is a new one.
///
/// # Errors
/// What the engine says.
pub async fn tell(tx: &mut Write, new: &NewNotice<'_>) -> Result<bool, Error> {
    let told = sql!(tx.execute(
        "INSERT INTO notice (institution_id, id, person_id, kind, mark, created, account_id, request_id, by_name, \
         until, receiver_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) \
         ON CONFLICT (institution_id, receiver_id, mark) DO NOTHING",
        new.place.0,
        new.id,
        new.person.0,
        new.kind.code(),
        new.mark,
        new.now.0,
        new.account.map(|account| account.0),
        new.request,
        new.by_name,
        new.until.map(|until| until.0),
        new.receiver.0
    ))?;
    Ok(told == 1)
}

/// The notices at a place ($1) since an instant ($3) of whoever the condition on $2 names, newest first.
macro_rules! notices {
    ($of:literal) => {
        concat!(
            "SELECT n.id, n.kind, n.created, a.user_name, n.by_name, n.until, r.wish, r.outcome, r.reason \
             FROM notice n LEFT JOIN account a ON a.id = n.account_id \
             LEFT JOIN account_request r ON r.institution_id = n.institution_id AND r.id = n.request_id \
             WHERE n.institution_id = $1 AND ",
            $of,
            " AND n.created > $3 ORDER BY n.created DESC, n.id DESC"
        )
    };
}

/// What a person was told at a place since an instant, through any of their accounts, newest first.
///
/// # Errors
/// [`Error::Contradiction`] for a kind that is none.
pub async fn of_person(
    read: &mut Read,
    place: InstitutionId,
    person: PersonId,
    since: Instant,
) -> Result<Vec<StoredNotice>, Error> {
    let rows = sql!(read.fetch_all::<NoticeRow>(notices!("n.person_id = $2"), place.0, person.0, since.0))?;
    rows.into_iter().map(NoticeRow::notice).collect()
}

/// What was told at a place since an instant through an account, or one that is united with it, newest
/// first.
///
/// # Errors
/// [`Error::Contradiction`] for a kind that is none.
pub async fn of_account(
    read: &mut Read,
    place: InstitutionId,
    account: AccountId,
    since: Instant,
) -> Result<Vec<StoredNotice>, Error> {
    let rows = sql!(read.fetch_all::<NoticeRow>(
        notices!("n.receiver_id IN (SELECT id FROM account WHERE id = $2 OR merged_into = $2)"),
        place.0,
        account.0,
        since.0
    ))?;
    rows.into_iter().map(NoticeRow::notice).collect()
}

/// How many of an account's notices at a place are unread.
///
/// # Errors
/// What the engine says.
pub async fn unread(read: &mut Read, place: InstitutionId, account: AccountId, since: Instant) -> Result<i64, Error> {
    let (count,) = sql!(read.fetch_one::<(i64,)>(
        "SELECT COUNT(*) FROM notice n WHERE n.institution_id = $1 AND n.created > $3 \
         AND n.receiver_id IN (SELECT id FROM account WHERE id = $2 OR merged_into = $2) \
         AND NOT EXISTS (SELECT 1 FROM inbox_read i WHERE i.institution_id = n.institution_id \
         AND i.person_id = n.person_id AND i.item_id = n.id)",
        place.0,
        account.0,
        since.0
    ))?;
    Ok(count)
}

/// What a person has read of their inbox at a place.
///
/// # Errors
/// What the engine says.
pub async fn read_by(read: &mut Read, place: InstitutionId, person: PersonId) -> Result<HashSet<Uuid>, Error> {
    let rows = sql!(read.fetch_all::<(Uuid,)>(
        "SELECT item_id FROM inbox_read WHERE institution_id = $1 AND person_id = $2 ORDER BY item_id",
        place.0,
        person.0
    ))?;
    Ok(rows.into_iter().map(|(item,)| item).collect())
}

/// Marks things as read.
///
/// # Errors
/// What the engine says.
pub async fn mark_read(
    tx: &mut Write,
    place: InstitutionId,
    person: PersonId,
    items: &[Uuid],
    now: Instant,
) -> Result<(), Error> {
    insert!(tx, "INSERT INTO inbox_read (institution_id, person_id, item_id, seen)", items, item => [
        place.0, person.0, item, now.0
    ], "ON CONFLICT (institution_id, person_id, item_id) DO NOTHING");
    Ok(())
}

/// Marks something as unread.
///
/// # Errors
/// What the engine says.
pub async fn mark_unread(tx: &mut Write, place: InstitutionId, person: PersonId, item: Uuid) -> Result<(), Error> {
    sql!(tx.execute(
        "DELETE FROM inbox_read WHERE institution_id = $1 AND person_id = $2 AND item_id = $3",
        place.0,
        person.0,
        item
    ))?;
    Ok(())
}
