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
