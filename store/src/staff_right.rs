//! Rights to book and to run, per person and institution: closed, never overwritten.

use crate::column::{known, window};
use crate::{Error, Read, Write};
use domain::staff_right::StaffRight;
use domain::{Instant, InstitutionId, PersonId, Window};
use uuid::Uuid;

/// What was recorded about one right of one person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StaffRightFact {
    /// The fact.
    pub id: Uuid,
    /// Whose right.
    pub person: PersonId,
    /// Which.
    pub right: StaffRight,
    /// Given or removed?
    pub granted: bool,
    /// Who did it; nil for the system.
    pub author: PersonId,
    /// The author's name then.
    pub author_name: String,
    /// From when it was recorded until it was replaced.
    pub recorded: Window,
}

#[derive(sqlx::FromRow)]
struct StaffRightRow {
    id: Uuid,
    person_id: Uuid,
    kind: String,
    granted: bool,
    author_id: Uuid,
    author_name: String,
    recorded_from: i64,
    recorded_until: Option<i64>,
}

impl TryFrom<StaffRightRow> for StaffRightFact {
    type Error = Error;

    fn try_from(row: StaffRightRow) -> Result<Self, Error> {
        Ok(Self {
            id: row.id,
            person: PersonId(row.person_id),
            right: known(StaffRight::from_code(&row.kind), "staff_right", "kind", row.id)?,
            granted: row.granted,
            author: PersonId(row.author_id),
            author_name: row.author_name,
            recorded: window(Some(row.recorded_from), row.recorded_until),
        })
    }
}

/// What is recorded now, by person and right.
///
/// # Errors
/// What the engine says.
pub async fn current(read: &mut Read, institution: InstitutionId) -> Result<Vec<StaffRightFact>, Error> {
    let rows = sql!(read.fetch_all::<StaffRightRow>(
        "SELECT id, person_id, kind, granted, author_id, author_name, recorded_from, recorded_until \
         FROM staff_right WHERE institution_id = $1 AND recorded_until IS NULL ORDER BY person_id, kind",
        institution.0
    ))?;
    rows.into_iter().map(TryInto::try_into).collect()
}

/// The rights that count now, by person and right: given, and the person has a live staff affiliation
/// ([`domain::staff_right::effective`]).
///
/// # Errors
/// [`Error::Contradiction`] for a right that is none.
pub async fn effective(
    read: &mut Read,
    institution: InstitutionId,
    now: Instant,
) -> Result<Vec<(PersonId, StaffRight)>, Error> {
    let rows = sql!(read.fetch_all::<(Uuid, String)>(
        "SELECT r.person_id, r.kind FROM staff_right r \
         WHERE r.institution_id = $1 AND r.recorded_until IS NULL AND r.granted AND EXISTS ( \
           SELECT 1 FROM affiliation a \
           WHERE a.institution_id = r.institution_id AND a.person_id = r.person_id AND a.kind = 'staff' \
           AND a.recorded_until IS NULL AND (a.valid_from IS NULL OR a.valid_from <= $2) \
           AND (a.valid_until IS NULL OR a.valid_until > $2)) ORDER BY r.person_id, r.kind",
        institution.0,
        now.0
    ))?;
    let right = |(person, kind): (Uuid, String)| {
        Ok((PersonId(person), known(StaffRight::from_code(&kind), "staff_right", "kind", person)?))
    };
    rows.into_iter().map(right).collect()
}

/// What is recorded now about one person.
///
/// # Errors
/// What the engine says.
pub async fn of_person(
    read: &mut Read,
    institution: InstitutionId,
    person: PersonId,
) -> Result<Vec<StaffRightFact>, Error> {
    let rows = sql!(read.fetch_all::<StaffRightRow>(
        "SELECT id, person_id, kind, granted, author_id, author_name, recorded_from, recorded_until \
         FROM staff_right WHERE institution_id = $1 AND person_id = $2 AND recorded_until IS NULL ORDER BY kind",
        institution.0,
        person.0
    ))?;
    rows.into_iter().map(TryInto::try_into).collect()
}

/// Everything ever recorded, oldest first.
///
/// # Errors
/// What the engine says.
pub async fn history(read: &mut Read, institution: InstitutionId) -> Result<Vec<StaffRightFact>, Error> {
    let rows = sql!(read.fetch_all::<StaffRightRow>(
        "SELECT id, person_id, kind, granted, author_id, author_name, recorded_from, recorded_until \
         FROM staff_right WHERE institution_id = $1 ORDER BY recorded_from, id",
        institution.0
    ))?;
    rows.into_iter().map(TryInto::try_into).collect()
}

/// Was anything ever recorded about this person's rights here, given or removed?
///
/// # Errors
/// What the engine says.
pub async fn ever_recorded(read: &mut Read, institution: InstitutionId, person: PersonId) -> Result<bool, Error> {
    let row = sql!(read.fetch_optional::<(i64,)>(
        "SELECT CAST(1 AS bigint) FROM staff_right WHERE institution_id = $1 AND person_id = $2 LIMIT 1",
        institution.0,
        person.0
    ))?;
    Ok(row.is_some())
}

/// Records rights; what was recorded about the same person and right before ends at the same
/// instant. Each fact's `recorded` must be open.
///
/// # Errors
/// What the engine says.
pub async fn record(tx: &mut Write, institution: InstitutionId, facts: &[StaffRightFact]) -> Result<(), Error> {
    for fact in facts {
        close(tx, institution, fact.person, fact.right, fact.recorded.from).await?;
    }
    record_first(tx, institution, facts).await
}

/// Records the first rights of persons about whom nothing was ever recorded. Each fact's `recorded`
/// must be open.
///
/// # Errors
/// What the engine says.
pub async fn record_first(tx: &mut Write, institution: InstitutionId, facts: &[StaffRightFact]) -> Result<(), Error> {
    insert!(
        tx,
        "INSERT INTO staff_right (institution_id, id, person_id, kind, granted, author_id, author_name, recorded_from)",
        facts,
        fact => [
            institution.0,
            fact.id,
            fact.person.0,
            fact.right.code(),
            fact.granted,
            fact.author.0,
            &fact.author_name,
            fact.recorded.from.0,
        ]
    );
    Ok(())
}

async fn close(
    tx: &mut Write,
    institution: InstitutionId,
    person: PersonId,
    right: StaffRight,
    now: Instant,
) -> Result<(), Error> {
    sql!(tx.execute(
        "UPDATE staff_right SET recorded_until = $4 \
         WHERE institution_id = $1 AND person_id = $2 AND kind = $3 AND recorded_until IS NULL",
        institution.0,
        person.0,
        right.code(),
        now.0
    ))?;
    Ok(())
}
