//! The flags of UNI-Login's user administration, as held at an institution or an authority.

use crate::column::{known, window};
use crate::roster::Alias;
use crate::{Error, Read, Write};
use domain::{Flag, Instant, InstitutionId, PersonId, Window, Zone};
use uuid::Uuid;

/// A flag that somebody holds, or is to hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldFlag {
    /// Who holds it.
    pub person: PersonId,
    /// Which.
    pub flag: Flag,
    /// First instant at which it counts.
    pub from: Instant,
    /// Who gave it.
    pub author_name: String,
    /// When that was recorded.
    pub recorded: Instant,
}

/// A flag to be given.
#[derive(Clone, Debug)]
pub struct NewFlag<'a> {
    /// Its id.
    pub id: Uuid,
    /// Who is to hold it.
    pub person: PersonId,
    /// Which.
    pub flag: Flag,
    /// `hand`, or what a source is called.
    pub source: &'a str,
    /// Who gives it; nil for the operator.
    pub author: PersonId,
    /// The name of who does.
    pub author_name: &'a str,
    /// First instant at which it counts.
    pub from: Instant,
    /// Now.
    pub recorded: Instant,
}

/// The flags that a person holds at a place now.
///
/// # Errors
/// [`Error::Contradiction`] for a flag that is none.
pub async fn live_of(
    read: &mut Read,
    place: InstitutionId,
    person: PersonId,
    now: Instant,
) -> Result<Vec<Flag>, Error> {
    let rows = sql!(read.fetch_all::<(String,)>(
        "SELECT flag FROM person_flag WHERE institution_id = $1 AND person_id = $2 AND recorded_until IS NULL \
         AND valid_from <= $3 AND (valid_until IS NULL OR valid_until > $3) ORDER BY flag",
        place.0,
        person.0,
        now.0
    ))?;
    rows.into_iter().map(|(code,)| known(Flag::from_code(&code), "person_flag", "flag", person)).collect()
}

/// Every flag that is held at a place, or given and not in effect yet; in order of person, then flag.
///
/// # Errors
/// [`Error::Contradiction`] for a flag that is none.
pub async fn of_place(read: &mut Read, place: InstitutionId, now: Instant) -> Result<Vec<HeldFlag>, Error> {
    let rows = sql!(read.fetch_all::<(Uuid, String, i64, String, i64)>(
        "SELECT person_id, flag, valid_from, author_name, recorded_from FROM person_flag \
         WHERE institution_id = $1 AND recorded_until IS NULL AND (valid_until IS NULL OR valid_until > $2) \
         ORDER BY person_id, flag",
        place.0,
        now.0
    ))?;
    let held = |(person, code, from, author_name, recorded): (Uuid, String, i64, String, i64)| {
        let flag = known(Flag::from_code(&code), "person_flag", "flag", person)?;
        Ok(HeldFlag { person: PersonId(person), flag, from: Instant(from), author_name, recorded: Instant(recorded) })
    };
    rows.into_iter().map(held).collect()
}

/// Everyone who held a flag at an institution at an instant, as known now, and was affiliated there as staff
/// or as somebody external: person, and name (the alias of a protected one); in order of id.
///
/// # Errors
/// What the engine says.
pub async fn holders(
    read: &mut Read,
    institution: InstitutionId,
    zone: Zone,
    flag: Flag,
    at: Instant,
) -> Result<Vec<(PersonId, String)>, Error> {
    let rows = sql!(read.fetch_all::<(Uuid, String, String, bool, Option<i64>)>(
        "SELECT p.id, p.given, p.family, p.protected, n.number FROM person p \
         LEFT JOIN pupil_alias n ON n.institution_id = $1 AND n.person_id = p.id \
         WHERE EXISTS (SELECT 1 FROM person_flag f WHERE f.institution_id = $1 AND f.person_id = p.id AND f.flag = $2 \
         AND f.recorded_from <= $3 AND (f.recorded_until IS NULL OR f.recorded_until > $3) \
         AND f.valid_from <= $3 AND (f.valid_until IS NULL OR f.valid_until > $3)) \
         AND EXISTS (SELECT 1 FROM affiliation a WHERE a.institution_id = $1 AND a.person_id = p.id \
         AND a.kind IN ('staff', 'external') \
         AND a.recorded_from <= $3 AND (a.recorded_until IS NULL OR a.recorded_until > $3) \
         AND (a.valid_from IS NULL OR a.valid_from <= $3) AND (a.valid_until IS NULL OR a.valid_until > $3)) \
         ORDER BY p.id",
        institution.0,
        flag.code(),
        at.0
    ))?;
    let named = |(id, given, family, protected, alias): (Uuid, String, String, bool, Option<i64>)| {
        let name = match protected {
            true => Alias::of_staff(zone).name(alias),
            false => format!("{given} {family}").trim().to_owned(),
        };
        (PersonId(id), name)
    };
    Ok(rows.into_iter().map(named).collect())
}

/// Flags at an institution of people who are not affiliated there any more as staff or as somebody external, and are
/// not about to be; in order of person, then flag.
///
/// # Errors
/// [`Error::Contradiction`] for a flag that is none.
pub async fn left_over(
    read: &mut Read,
    institution: InstitutionId,
    now: Instant,
) -> Result<Vec<(PersonId, Flag)>, Error> {
    let rows = sql!(read.fetch_all::<(Uuid, String)>(
        "SELECT f.person_id, f.flag FROM person_flag f WHERE f.institution_id = $1 AND f.recorded_until IS NULL \
         AND NOT EXISTS (SELECT 1 FROM affiliation a WHERE a.institution_id = $1 AND a.person_id = f.person_id \
         AND a.kind IN ('staff', 'external') AND a.recorded_until IS NULL \
         AND (a.valid_until IS NULL OR a.valid_until > $2)) ORDER BY f.person_id, f.flag",
        institution.0,
        now.0
    ))?;
    let left = |(person, code): (Uuid, String)| {
        Ok((PersonId(person), known(Flag::from_code(&code), "person_flag", "flag", person)?))
    };
    rows.into_iter().map(left).collect()
}

/// Gives a flag.
///
/// # Errors
/// [`Error::Taken`] where it is held already.
pub async fn give(tx: &mut Write, place: InstitutionId, new: &NewFlag<'_>) -> Result<(), Error> {
    sql!(tx.execute(
        "INSERT INTO person_flag (institution_id, id, person_id, flag, source, author_id, author_name, valid_from, \
         valid_until, recorded_from, recorded_until) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, NULL, $9, NULL)",
        place.0,
        new.id,
        new.person.0,
        new.flag.code(),
        new.source,
        new.author.0,
        new.author_name,
        new.from.0,
        new.recorded.0
    ))?;
    Ok(())
}

/// Takes a flag away, at once; tells whether it was held.
///
/// # Errors
/// What the engine says.
pub async fn take(
    tx: &mut Write,
    place: InstitutionId,
    person: PersonId,
    flag: Flag,
    now: Instant,
) -> Result<bool, Error> {
    let taken = sql!(tx.execute(
        "UPDATE person_flag SET recorded_until = $4 \
         WHERE institution_id = $1 AND person_id = $2 AND flag = $3 AND recorded_until IS NULL",
        place.0,
        person.0,
        flag.code(),
        now.0
    ))?;
    Ok(taken == 1)
}

/// A flag with when it holds, and from when it was recorded until it was taken away.
pub type FlagEver = (Flag, Window, Window);

/// Every flag that a person ever held at a place.
///
/// # Errors
/// [`Error::Contradiction`] for a flag that is none.
pub async fn ever_of(read: &mut Read, place: InstitutionId, person: PersonId) -> Result<Vec<FlagEver>, Error> {
    let rows = sql!(read.fetch_all::<(String, i64, Option<i64>, i64, Option<i64>)>(
        "SELECT flag, valid_from, valid_until, recorded_from, recorded_until FROM person_flag \
         WHERE institution_id = $1 AND person_id = $2 ORDER BY recorded_from, id",
        place.0,
        person.0
    ))?;
    let ever = |(code, from, until, recorded, replaced): (String, i64, Option<i64>, i64, Option<i64>)| {
        let flag = known(Flag::from_code(&code), "person_flag", "flag", person)?;
        Ok((flag, window(Some(from), until), window(Some(recorded), replaced)))
    };
    rows.into_iter().map(ever).collect()
}
