//! Exemptions of pupils from tests, per school year: closed, never overwritten.

use crate::column::{known, window};
use crate::{Error, Read, Write};
use domain::{Instant, InstitutionId, PersonId, SchoolYear, Window};
use uuid::Uuid;

/// An exemption.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exemption {
    /// The fact.
    pub id: Uuid,
    /// The pupil.
    pub pupil: PersonId,
    /// The test's code.
    pub test: String,
    /// The school year.
    pub year: SchoolYear,
    /// The note; may be empty.
    pub note: String,
    /// Who exempted.
    pub author: PersonId,
    /// Their name then.
    pub author_name: String,
    /// From when it was recorded until it was withdrawn.
    pub recorded: Window,
    /// Name of who withdrew it.
    pub withdrawn_by: Option<String>,
}

#[derive(sqlx::FromRow)]
struct ExemptionRow {
    id: Uuid,
    person_id: Uuid,
    test_code: String,
    school_year: i64,
    note: String,
    author_id: Uuid,
    author_name: String,
    recorded_from: i64,
    recorded_until: Option<i64>,
    withdrawn_by: Option<String>,
}

impl TryFrom<ExemptionRow> for Exemption {
    type Error = Error;

    fn try_from(row: ExemptionRow) -> Result<Self, Error> {
        Ok(Self {
            id: row.id,
            pupil: PersonId(row.person_id),
            test: row.test_code,
            year: SchoolYear(known(i16::try_from(row.school_year).ok(), "exemption", "school_year", row.id)?),
            note: row.note,
            author: PersonId(row.author_id),
            author_name: row.author_name,
            recorded: window(Some(row.recorded_from), row.recorded_until),
            withdrawn_by: row.withdrawn_by,
        })
    }
}

/// Every exemption ever recorded, withdrawn ones too, oldest first.
///
/// # Errors
/// What the engine says.
pub async fn all(read: &mut Read, institution: InstitutionId) -> Result<Vec<Exemption>, Error> {
    let rows = sql!(read.fetch_all::<ExemptionRow>(
        "SELECT id, person_id, test_code, school_year, note, author_id, author_name, recorded_from, recorded_until, \
         withdrawn_by FROM exemption WHERE institution_id = $1 ORDER BY recorded_from, id",
        institution.0
    ))?;
    rows.into_iter().map(TryInto::try_into).collect()
}

/// Exemptions that have not been withdrawn, oldest first.
///
/// # Errors
/// What the engine says.
pub async fn current(read: &mut Read, institution: InstitutionId) -> Result<Vec<Exemption>, Error> {
    Ok(all(read, institution).await?.into_iter().filter(|one| one.recorded.until.is_none()).collect())
}

/// Records an exemption.
///
/// # Errors
/// [`Error::Taken`] where the pupil is exempt from the test in that year already.
pub async fn insert(tx: &mut Write, institution: InstitutionId, exemption: &Exemption) -> Result<(), Error> {
    sql!(tx.execute(
        "INSERT INTO exemption (institution_id, id, person_id, test_code, school_year, note, author_id, author_name, \
         recorded_from) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        institution.0,
        exemption.id,
        exemption.pupil.0,
        &exemption.test,
        i64::from(exemption.year.0),
        &exemption.note,
        exemption.author.0,
        &exemption.author_name,
        exemption.recorded.from.0
    ))?;
    Ok(())
}

/// Withdraws an exemption. Was there one?
///
/// # Errors
/// What the engine says.
pub async fn withdraw(
    tx: &mut Write,
    institution: InstitutionId,
    (pupil, test, year): (PersonId, &str, SchoolYear),
    by: &str,
    now: Instant,
) -> Result<bool, Error> {
    let withdrawn = sql!(tx.execute(
        "UPDATE exemption SET recorded_until = $5, withdrawn_by = $6 WHERE institution_id = $1 AND person_id = $2 \
         AND test_code = $3 AND school_year = $4 AND recorded_until IS NULL",
        institution.0,
        pupil.0,
        test,
        i64::from(year.0),
        now.0,
        by
    ))?;
    Ok(withdrawn > 0)
}
