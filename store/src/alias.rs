//! Numbers of protected people at each institution: "Beskyttet elev 3", the same for ever.

use crate::{Error, Read, Write};
use domain::{InstitutionId, PersonId};
use uuid::Uuid;

/// Gives each of these people the institution's next number, unless they have one.
///
/// Runs under the institution's lock ([`crate::revision::raise`]).
///
/// # Errors
/// What the engine says.
pub async fn give(tx: &mut Write, institution: InstitutionId, people: &[PersonId]) -> Result<(), Error> {
    for person in people {
        sql!(tx.execute(
            "INSERT INTO pupil_alias (institution_id, person_id, number) \
             SELECT $1, $2, COALESCE(MAX(number), 0) + 1 FROM pupil_alias WHERE institution_id = $1 \
             ON CONFLICT (institution_id, person_id) DO NOTHING",
            institution.0,
            person.0
        ))?;
    }
    Ok(())
}

/// Everyone's number at an institution, in order of number.
///
/// # Errors
/// What the engine says.
pub async fn of_institution(read: &mut Read, institution: InstitutionId) -> Result<Vec<(PersonId, i64)>, Error> {
    let rows = sql!(read.fetch_all::<(Uuid, i64)>(
        "SELECT person_id, number FROM pupil_alias WHERE institution_id = $1 ORDER BY number",
        institution.0
    ))?;
    Ok(rows.into_iter().map(|(person, number)| (PersonId(person), number)).collect())
}
