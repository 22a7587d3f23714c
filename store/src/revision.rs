//! An institution's revision: raised by every change to what the rule reads.

use crate::{Error, Read, Write};
use domain::InstitutionId;

/// The present revision; `None` for an unknown institution.
///
/// # Errors
/// What the engine says.
pub async fn current(read: &mut Read, institution: InstitutionId) -> Result<Option<i64>, Error> {
    let row =
        sql!(read.fetch_optional::<(i64,)>(
            "SELECT revision FROM institution_state WHERE institution_id = $1",
            institution.0
        ))?;
    Ok(row.map(|(revision,)| revision))
}

/// Raises the revision and answers the new one; `None` for an unknown institution.
///
/// The first statement of every write that changes what the rule reads: from here until the
/// commit no other such write of this institution goes on, on either engine.
///
/// # Errors
/// What the engine says.
pub async fn raise(tx: &mut Write, institution: InstitutionId) -> Result<Option<i64>, Error> {
    let row = sql!(tx.fetch_optional::<(i64,)>(
        "UPDATE institution_state SET revision = revision + 1 WHERE institution_id = $1 RETURNING revision",
        institution.0
    ))?;
    Ok(row.map(|(revision,)| revision))
}

/// Holds the institution's lock without raising its revision, for writes that the rule does not
/// read but that must not meet each other. Is there such an institution?
///
/// # Errors
/// What the engine says.
pub async fn hold(tx: &mut Write, institution: InstitutionId) -> Result<bool, Error> {
    let held =
        sql!(tx.execute("UPDATE institution_state SET revision = revision WHERE institution_id = $1", institution.0))?;
    Ok(held == 1)
}
