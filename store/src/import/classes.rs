//! Who was in which class on a day, for telling last year's classes from this year's.

use crate::column::known;
use crate::{Error, Read, Write};
use domain::{GroupId, Instant, InstitutionId, Level, PersonId};
use uuid::Uuid;

/// The pupils of an institution's classes at an instant, as they are known now.
///
/// # Errors
/// What the engine says.
pub async fn class_lists(
    read: &mut Read,
    institution: InstitutionId,
    at: Instant,
) -> Result<Vec<(GroupId, PersonId)>, Error> {
    let rows = sql!(read.fetch_all::<(Uuid, Uuid)>(
        "SELECT DISTINCT m.group_id, m.person_id FROM membership m \
         JOIN school_group g ON g.institution_id = m.institution_id AND g.id = m.group_id \
         WHERE m.institution_id = $1 AND g.source_id IS NOT NULL AND g.kind = 'class' AND m.recorded_until IS NULL \
         AND (m.valid_from IS NULL OR m.valid_from <= $2) AND (m.valid_until IS NULL OR m.valid_until > $2) \
         ORDER BY m.group_id, m.person_id",
        institution.0,
        at.0,
    ))?;
    Ok(rows.into_iter().map(|(group, person)| (GroupId(group), PersonId(person))).collect())
}

/// The levels of an institution's pupils at an instant, as they are known now.
///
/// # Errors
/// A contradiction where a stored level is none.
pub async fn levels_at(
    read: &mut Read,
    institution: InstitutionId,
    at: Instant,
) -> Result<Vec<(PersonId, Level)>, Error> {
    let rows = sql!(read.fetch_all::<(Uuid, Uuid, String)>(
        "SELECT id, person_id, level FROM pupil_level \
         WHERE institution_id = $1 AND level IS NOT NULL AND recorded_until IS NULL \
         AND (valid_from IS NULL OR valid_from <= $2) AND (valid_until IS NULL OR valid_until > $2) ORDER BY id",
        institution.0,
        at.0,
    ))?;
    let one = |(id, person, level): (Uuid, Uuid, String)| {
        let level = known(level.parse().ok(), "pupil_level", "level", id)?;
        Ok((PersonId(person), level))
    };
    rows.into_iter().map(one).collect()
}

/// Gives groups other source ids, also each other's.
///
/// # Errors
/// What the engine says.
pub async fn rename_sources(
    tx: &mut Write,
    institution: InstitutionId,
    renamed: &[(GroupId, String)],
) -> Result<(), Error> {
    // First all let go of theirs: no two groups may have the same at any time.
    for (group, _) in renamed {
        sql!(tx.execute(
            "UPDATE school_group SET source_id = NULL WHERE institution_id = $1 AND id = $2",
            institution.0,
            group.0,
        ))?;
    }
    for (group, source_id) in renamed {
        sql!(tx.execute(
            "UPDATE school_group SET source_id = $3 WHERE institution_id = $1 AND id = $2",
            institution.0,
            group.0,
            source_id.as_str(),
        ))?;
    }
    Ok(())
}
