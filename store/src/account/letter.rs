//! That credentials were handed out, and printed; never what they are.

use crate::{Error, Read, Write};
use domain::{AccountId, Instant, InstitutionId, PersonId};
use uuid::Uuid;

/// A letter as it is issued.
#[derive(Clone, Debug)]
pub struct NewLetter<'a> {
    /// Its id.
    pub id: Uuid,
    /// Where the account is held.
    pub place: InstitutionId,
    /// The account.
    pub account: AccountId,
    /// `password`, `matrix` or `both`.
    pub holds: &'static str,
    /// The card's serial, where it holds one.
    pub serial: Option<&'a str>,
    /// The language of its instructions: `da`, `sv` or `en`.
    pub language: &'static str,
    /// When it was issued.
    pub issued: Instant,
    /// By whom; nil for the operator.
    pub issued_by: PersonId,
    /// That person's name then.
    pub issued_by_name: &'a str,
}

/// The last letter of an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LastLetter {
    /// Its id.
    pub id: Uuid,
    /// The account.
    pub account: AccountId,
    /// When it was issued.
    pub issued: Instant,
    /// By whom, with the name then; nil for the operator.
    pub issued_by: (PersonId, String),
    /// When and by whom it was printed, if it was.
    pub printed: Option<(Instant, String)>,
}

/// Records a letter.
///
/// # Errors
/// What the engine says.
pub async fn insert(tx: &mut Write, new: &NewLetter<'_>) -> Result<(), Error> {
    sql!(tx.execute(
        "INSERT INTO letter (institution_id, id, account_id, holds, serial, language, issued, issued_by, \
         issued_by_name) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        new.place.0,
        new.id,
        new.account.0,
        new.holds,
        new.serial,
        new.language,
        new.issued.0,
        new.issued_by.0,
        new.issued_by_name
    ))?;
    Ok(())
}

/// Records that a letter was printed, the first time; answers where its account is held and which
/// one that is. `None` for a letter that was printed already, and for whoever did not issue it:
/// nobody else ever had anything to print.
///
/// # Errors
/// What the engine says.
pub async fn printed(
    tx: &mut Write,
    id: Uuid,
    by: PersonId,
    name: &str,
    now: Instant,
) -> Result<Option<(InstitutionId, AccountId)>, Error> {
    let row = sql!(tx.fetch_optional::<(Uuid, Uuid)>(
        "UPDATE letter SET printed = $2, printed_by = $3, printed_by_name = $4 \
         WHERE id = $1 AND issued_by = $3 AND printed IS NULL RETURNING institution_id, account_id",
        id,
        now.0,
        by.0,
        name
    ))?;
    Ok(row.map(|(place, account)| (InstitutionId(place), AccountId(account))))
}

type LastRow = (Uuid, Uuid, i64, Uuid, String, Option<i64>, Option<String>);

/// The last letter of each account of a place that has one, in order of account.
///
/// # Errors
/// What the engine says.
pub async fn last_of_place(read: &mut Read, place: InstitutionId) -> Result<Vec<LastLetter>, Error> {
    let rows = sql!(read.fetch_all::<LastRow>(
        "SELECT l.id, l.account_id, l.issued, l.issued_by, l.issued_by_name, l.printed, l.printed_by_name FROM letter l \
         WHERE l.institution_id = $1 AND NOT EXISTS (SELECT 1 FROM letter n WHERE n.institution_id = $1 \
         AND n.account_id = l.account_id AND (n.issued > l.issued OR (n.issued = l.issued AND n.id > l.id))) \
         ORDER BY l.account_id",
        place.0
    ))?;
    let letter = |(id, account, issued, by, by_name, printed, name): LastRow| LastLetter {
        id,
        account: AccountId(account),
        issued: Instant(issued),
        issued_by: (PersonId(by), by_name),
        printed: printed.map(|at| (Instant(at), name.unwrap_or_default())),
    };
    Ok(rows.into_iter().map(letter).collect())
}

/// A letter of one account, without who issued it: when, what it held, when it was printed.
pub type LetterOf = (Instant, String, Option<Instant>);

/// The letters of an account, the newest first.
///
/// # Errors
/// What the engine says.
pub async fn of_account(read: &mut Read, account: AccountId) -> Result<Vec<LetterOf>, Error> {
    let rows = sql!(read.fetch_all::<(i64, String, Option<i64>)>(
        "SELECT issued, holds, printed FROM letter WHERE account_id = $1 ORDER BY issued DESC, id DESC",
        account.0
    ))?;
    Ok(rows.into_iter().map(|(at, holds, printed)| (Instant(at), holds, printed.map(Instant))).collect())
}

/// The language of a person's last letter at a place, as its code.
///
/// # Errors
/// What the engine says.
pub async fn last_language(read: &mut Read, place: InstitutionId, person: PersonId) -> Result<Option<String>, Error> {
    let row = sql!(read.fetch_optional::<(String,)>(
        "SELECT l.language FROM letter l JOIN account a ON a.id = l.account_id \
         WHERE l.institution_id = $1 AND a.person_id = $2 ORDER BY l.issued DESC, l.id DESC LIMIT 1",
        place.0,
        person.0
    ))?;
    Ok(row.map(|(language,)| language))
}
