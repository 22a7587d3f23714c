//! What rosters call people and groups (`sourcedId`), at one institution.

use crate::{Error, Read};
use domain::{GroupId, InstitutionId, PersonId};
use uuid::Uuid;

/// What files of the institution or of its authority call people who are or were affiliated with
/// the institution; the authority's words first, so that the institution's own overwrite them.
///
/// # Errors
/// What the engine says.
pub async fn people(read: &mut Read, institution: InstitutionId) -> Result<Vec<(String, PersonId)>, Error> {
    let rows = sql!(read.fetch_all::<(bool, String, Uuid)>(
        "SELECT s.owner_id = i.id AS own, s.source_id, s.person_id FROM institution i \
         JOIN person_source s ON s.owner_id = i.authority_id OR s.owner_id = i.id \
         WHERE i.id = $1 AND s.person_id IN (SELECT person_id FROM affiliation WHERE institution_id = $1) \
         ORDER BY own, s.source_id",
        institution.0
    ))?;
    Ok(rows.into_iter().map(|(_, source, person)| (source, PersonId(person))).collect())
}

/// What files of the institution call its groups.
///
/// # Errors
/// What the engine says.
pub async fn groups(read: &mut Read, institution: InstitutionId) -> Result<Vec<(String, GroupId)>, Error> {
    let rows = sql!(read.fetch_all::<(String, Uuid)>(
        "SELECT source_id, id FROM school_group WHERE institution_id = $1 AND source_id IS NOT NULL ORDER BY source_id",
        institution.0
    ))?;
    Ok(rows.into_iter().map(|(source, group)| (source, GroupId(group))).collect())
}
