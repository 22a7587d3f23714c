//! What people are at an institution, one row for each user type and stretch of time.

use crate::column::known;
use crate::{Error, Read, Write};
use domain::{Instant, InstitutionId, PersonId, UserType};
use uuid::Uuid;

/// The source of what somebody at the institution wrote down by hand.
pub const BY_HAND: &str = "hand";

/// What somebody is, or is to be, at an institution.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Affiliation {
    /// Its row.
    pub id: Uuid,
    /// As what.
    pub user_type: UserType,
    /// [`BY_HAND`], or where else it comes from.
    pub source: String,
    /// First instant at which it counts; none for one without a beginning.
    pub from: Option<Instant>,
    /// First instant at which it does no more.
    pub until: Option<Instant>,
}

/// An affiliation to be recorded.
#[derive(Clone, Debug)]
pub struct NewAffiliation<'a> {
    /// Its row.
    pub id: Uuid,
    /// Who.
    pub person: PersonId,
    /// As what.
    pub user_type: UserType,
    /// Where it comes from.
    pub source: &'a str,
    /// First instant at which it counts.
    pub from: Instant,
    /// First instant at which it does no more.
    pub until: Option<Instant>,
    /// Now.
    pub recorded: Instant,
}

/// What somebody is at an institution as staff or as somebody external, now or from an instant to come; in the
/// order of user type, then id.
///
/// # Errors
/// [`Error::Contradiction`] for a user type that is none.
pub async fn of_person(
    read: &mut Read,
    institution: InstitutionId,
    person: PersonId,
    now: Instant,
) -> Result<Vec<Affiliation>, Error> {
    let rows = sql!(read.fetch_all::<(Uuid, String, String, Option<i64>, Option<i64>)>(
        "SELECT id, user_type, source, valid_from, valid_until FROM affiliation \
         WHERE institution_id = $1 AND person_id = $2 AND kind IN ('staff', 'external') AND recorded_until IS NULL \
         AND (valid_until IS NULL OR valid_until > $3) ORDER BY user_type, id",
        institution.0,
        person.0,
        now.0
    ))?;
    let affiliation = |(id, code, source, from, until): (Uuid, String, String, Option<i64>, Option<i64>)| {
        let user_type = known(UserType::from_code(&code), "affiliation", "user_type", id)?;
        Ok(Affiliation { id, user_type, source, from: from.map(Instant), until: until.map(Instant) })
    };
    rows.into_iter().map(affiliation).collect()
}

/// Is or was the person staff or somebody external at the institution, or are they to be?
///
/// # Errors
/// What the engine says.
pub async fn was_ever(read: &mut Read, institution: InstitutionId, person: PersonId) -> Result<bool, Error> {
    let (count,) = sql!(read.fetch_one::<(i64,)>(
        "SELECT COUNT(*) FROM affiliation WHERE institution_id = $1 AND person_id = $2 \
         AND kind IN ('staff', 'external')",
        institution.0,
        person.0
    ))?;
    Ok(count > 0)
}

/// Records an affiliation.
///
/// # Errors
/// What the engine says.
pub async fn insert(tx: &mut Write, institution: InstitutionId, new: &NewAffiliation<'_>) -> Result<(), Error> {
    let kind = if new.user_type.is_staff() { "staff" } else { "external" };
    sql!(tx.execute(
        "INSERT INTO affiliation (institution_id, id, person_id, kind, user_type, source, valid_from, valid_until, \
         recorded_from, recorded_until) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, NULL)",
        institution.0,
        new.id,
        new.person.0,
        kind,
        new.user_type.code(),
        new.source,
        new.from.0,
        new.until.map(|until| until.0),
        new.recorded.0
    ))?;
    Ok(())
}

/// Closes an affiliation, at once; tells whether it stood.
///
/// # Errors
/// What the engine says.
pub async fn close(tx: &mut Write, institution: InstitutionId, id: Uuid, now: Instant) -> Result<bool, Error> {
    let closed = sql!(tx.execute(
        "UPDATE affiliation SET recorded_until = $3 WHERE institution_id = $1 AND id = $2 AND recorded_until IS NULL",
        institution.0,
        id,
        now.0
    ))?;
    Ok(closed == 1)
}

/// The person of a national number, by its keyed hash.
///
/// # Errors
/// What the engine says.
pub async fn person_of_number(read: &mut Read, hash: &[u8]) -> Result<Option<PersonId>, Error> {
    let row = sql!(read.fetch_optional::<(Uuid,)>("SELECT person_id FROM national_number WHERE hash = $1", hash))?;
    Ok(row.map(|(person,)| PersonId(person)))
}

/// Records a person's national number, by its keyed hash.
///
/// # Errors
/// [`Error::Taken`] where it is somebody's, or the person has one.
pub async fn keep_number(tx: &mut Write, hash: &[u8], person: PersonId, now: Instant) -> Result<(), Error> {
    sql!(tx.execute(
        "INSERT INTO national_number (hash, person_id, recorded) VALUES ($1, $2, $3)",
        hash,
        person.0,
        now.0
    ))?;
    Ok(())
}

/// When a mark of a person's national number was recorded.
///
/// # Errors
/// What the engine says.
pub async fn number_kept(read: &mut Read, person: PersonId) -> Result<Option<Instant>, Error> {
    let row =
        sql!(read.fetch_optional::<(i64,)>("SELECT recorded FROM national_number WHERE person_id = $1", person.0))?;
    Ok(row.map(|(recorded,)| Instant(recorded)))
}

/// Whose affiliation by hand ends before an instant, in order of id.
///
/// # Errors
/// What the engine says.
pub async fn ending(
    read: &mut Read,
    institution: InstitutionId,
    now: Instant,
    before: Instant,
) -> Result<Vec<PersonId>, Error> {
    let rows = sql!(read.fetch_all::<(Uuid,)>(
        "SELECT DISTINCT person_id FROM affiliation WHERE institution_id = $1 AND source = $2 \
         AND recorded_until IS NULL AND valid_until > $3 AND valid_until <= $4 ORDER BY person_id",
        institution.0,
        BY_HAND,
        now.0,
        before.0
    ))?;
    Ok(rows.into_iter().map(|(person,)| PersonId(person)).collect())
}

/// Is or was the person anybody at another institution or authority than this one: affiliated, with an account,
/// or with a flag?
///
/// # Errors
/// What the engine says.
pub async fn is_elsewhere(read: &mut Read, institution: InstitutionId, person: PersonId) -> Result<bool, Error> {
    let (affiliations, accounts, flags) = sql!(read.fetch_one::<(i64, i64, i64)>(
        "SELECT (SELECT COUNT(*) FROM affiliation WHERE person_id = $2 AND institution_id <> $1), \
         (SELECT COUNT(*) FROM account WHERE person_id = $2 AND institution_id <> $1), \
         (SELECT COUNT(*) FROM person_flag WHERE person_id = $2 AND institution_id <> $1)",
        institution.0,
        person.0
    ))?;
    Ok(affiliations + accounts + flags > 0)
}
