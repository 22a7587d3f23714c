//! Accounts that were united with another one, and what is needed to separate them again.

use crate::column::known;
use crate::{Error, Read, Write};
use domain::staff_right::StaffRight;
use domain::{AccountId, Instant, InstitutionId, PersonId};
use uuid::Uuid;

/// A merge to be recorded.
#[derive(Clone, Debug)]
pub struct NewMerge<'a> {
    /// Its id.
    pub id: Uuid,
    /// Where both accounts are held.
    pub place: InstitutionId,
    /// The account that goes.
    pub account: AccountId,
    /// The account that stays.
    pub into: AccountId,
    /// When.
    pub merged: Instant,
    /// Subjects that the one that stays got by it.
    pub subjects: &'a [String],
    /// Rights that its person got by it.
    pub rights: &'a [StaffRight],
    /// The change set of the decisions that its person got by it.
    pub change_set: Option<u32>,
    /// When the one that goes had been deactivated before.
    pub was_deactivated: Option<Instant>,
    /// Did its person stop being somebody here?
    pub left: bool,
}

/// A merge that stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Merge {
    /// Its id.
    pub id: Uuid,
    /// Where both accounts are held.
    pub place: InstitutionId,
    /// The account that went.
    pub account: AccountId,
    /// The account that stayed.
    pub into: AccountId,
    /// When.
    pub merged: Instant,
    /// Subjects that the one that stayed got by it.
    pub subjects: Vec<String>,
    /// Rights that its person got by it.
    pub rights: Vec<StaffRight>,
    /// The change set of the decisions that its person got by it.
    pub change_set: Option<u32>,
    /// When the one that went had been deactivated before.
    pub was_deactivated: Option<Instant>,
    /// Did its person stop being somebody here?
    pub left: bool,
}

/// Records a merge and closes the account that goes. It counts as deactivated too, so that whoever
/// asks for open accounts need not know of merges.
///
/// # Errors
/// What the engine says.
pub async fn insert(tx: &mut Write, new: &NewMerge<'_>) -> Result<(), Error> {
    let rights: Vec<&str> = new.rights.iter().map(|right| right.code()).collect();
    sql!(tx.execute(
        "INSERT INTO account_merge (institution_id, id, account_id, into_id, merged, subjects, rights, change_set, \
         was_deactivated, has_left) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        new.place.0,
        new.id,
        new.account.0,
        new.into.0,
        new.merged.0,
        new.subjects.join(" "),
        rights.join(" "),
        new.change_set.map(i64::from),
        new.was_deactivated.map(|at| at.0),
        new.left
    ))?;
    sql!(tx.execute(
        "UPDATE account SET merged = $2, merged_into = $3, deactivated = COALESCE(deactivated, $2) WHERE id = $1",
        new.account.0,
        new.merged.0,
        new.into.0
    ))?;
    Ok(())
}

#[derive(sqlx::FromRow)]
struct MergeRow {
    institution_id: Uuid,
    id: Uuid,
    account_id: Uuid,
    into_id: Uuid,
    merged: i64,
    subjects: String,
    rights: String,
    change_set: Option<i64>,
    was_deactivated: Option<i64>,
    has_left: bool,
}

/// The accounts that are united with this one, by number.
///
/// # Errors
/// What the engine says.
pub async fn united_with(read: &mut Read, account: AccountId) -> Result<Vec<(AccountId, String)>, Error> {
    let rows = sql!(read.fetch_all::<(Uuid, String)>(
        "SELECT id, user_name FROM account WHERE merged_into = $1 ORDER BY number",
        account.0
    ))?;
    Ok(rows.into_iter().map(|(id, user_name)| (AccountId(id), user_name)).collect())
}

/// The merge by which an account went and has not come back.
///
/// # Errors
/// [`Error::Contradiction`] for a right that is none.
pub async fn open(read: &mut Read, account: AccountId) -> Result<Option<Merge>, Error> {
    let row = sql!(read.fetch_optional::<MergeRow>(
        "SELECT institution_id, id, account_id, into_id, merged, subjects, rights, change_set, was_deactivated, \
         has_left FROM account_merge WHERE account_id = $1 AND separated IS NULL ORDER BY merged DESC, id DESC LIMIT 1",
        account.0
    ))?;
    let Some(row) = row else { return Ok(None) };
    let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<String>>();
    let right = |word: String| known(StaffRight::from_code(&word), "account_merge", "rights", row.id);
    let change_set = row.change_set.map(u32::try_from).transpose();
    Ok(Some(Merge {
        id: row.id,
        place: InstitutionId(row.institution_id),
        account: AccountId(row.account_id),
        into: AccountId(row.into_id),
        merged: Instant(row.merged),
        subjects: words(&row.subjects),
        rights: words(&row.rights).into_iter().map(right).collect::<Result<_, _>>()?,
        change_set: known(change_set.ok(), "account_merge", "change_set", row.id)?,
        was_deactivated: row.was_deactivated.map(Instant),
        left: row.has_left,
    }))
}

/// Lets what files of these owners call one person be another one's, so that the next import speaks of
/// the latter.
///
/// # Errors
/// What the engine says.
pub async fn move_sources(tx: &mut Write, owners: &[Uuid], from: PersonId, to: PersonId) -> Result<(), Error> {
    for owner in owners {
        sql!(tx.execute(
            "UPDATE person_source SET person_id = $3, moved_from = $2 WHERE owner_id = $1 AND person_id = $2",
            owner,
            from.0,
            to.0
        ))?;
    }
    Ok(())
}

/// Lets what was moved from one person to another be the former's again.
///
/// # Errors
/// What the engine says.
pub async fn return_sources(tx: &mut Write, from: PersonId, to: PersonId) -> Result<(), Error> {
    sql!(tx.execute(
        "UPDATE person_source SET person_id = $1, moved_from = NULL WHERE person_id = $2 AND moved_from = $1",
        from.0,
        to.0
    ))?;
    Ok(())
}

/// Is the person, or was, anybody at another institution than this one?
///
/// # Errors
/// What the engine says.
pub async fn is_elsewhere(read: &mut Read, place: InstitutionId, person: PersonId) -> Result<bool, Error> {
    let (count,) = sql!(read.fetch_one::<(i64,)>(
        "SELECT (SELECT COUNT(*) FROM affiliation WHERE person_id = $2 AND institution_id <> $1) \
         + (SELECT COUNT(*) FROM account WHERE person_id = $2 AND institution_id <> $1)",
        place.0,
        person.0
    ))?;
    Ok(count > 0)
}

/// Forgets the e-mail address of an account that was united with another one.
///
/// # Errors
/// What the engine says.
pub async fn forget_email(tx: &mut Write, account: AccountId) -> Result<(), Error> {
    sql!(tx.execute("UPDATE account SET email = NULL WHERE id = $1 AND merged IS NOT NULL", account.0))?;
    Ok(())
}

/// Undoes a merge now, as far as the account that went is concerned.
///
/// # Errors
/// What the engine says.
pub async fn separate(tx: &mut Write, merge: &Merge, now: Instant) -> Result<(), Error> {
    sql!(tx.execute(
        "UPDATE account_merge SET separated = $3 WHERE institution_id = $1 AND id = $2",
        merge.place.0,
        merge.id,
        now.0
    ))?;
    if merge.was_deactivated.is_none() {
        super::life::keep_pause(tx, merge.account, now).await?;
    }
    sql!(tx.execute(
        "UPDATE account SET merged = NULL, merged_into = NULL, deactivated = $2 WHERE id = $1",
        merge.account.0,
        merge.was_deactivated.map(|at| at.0)
    ))?;
    Ok(())
}
