//! The draft that the server keeps for each person at each institution.

use crate::{Error, Read, Write};
use domain::{Instant, InstitutionId, PersonId};

/// A kept draft.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// The revision it was begun on.
    pub based_on: i64,
    /// The edits as JSON: ids and codes only.
    pub edits: String,
    /// When it was kept.
    pub kept: Instant,
}

/// The draft kept for a person.
///
/// # Errors
/// What the engine says.
pub async fn kept(read: &mut Read, institution: InstitutionId, person: PersonId) -> Result<Option<Draft>, Error> {
    let row = sql!(read.fetch_optional::<(i64, String, i64)>(
        "SELECT based_on, edits, kept FROM draft WHERE institution_id = $1 AND person_id = $2",
        institution.0,
        person.0
    ))?;
    Ok(row.map(|(based_on, edits, kept)| Draft { based_on, edits, kept: Instant(kept) }))
}

/// Keeps a draft in place of the one that was kept at `before`, or where none is. Was it so? Otherwise
/// nothing is kept.
///
/// # Errors
/// What the engine says.
pub async fn keep(
    tx: &mut Write,
    institution: InstitutionId,
    person: PersonId,
    draft: &Draft,
    before: Option<Instant>,
) -> Result<bool, Error> {
    let kept = if let Some(before) = before {
        sql!(tx.execute(
            "UPDATE draft SET based_on = $3, edits = $4, kept = $5 \
             WHERE institution_id = $1 AND person_id = $2 AND kept = $6",
            institution.0,
            person.0,
            draft.based_on,
            &draft.edits,
            draft.kept.0,
            before.0
        ))?
    } else {
        sql!(tx.execute(
            "INSERT INTO draft (institution_id, person_id, based_on, edits, kept) VALUES ($1, $2, $3, $4, $5) \
             ON CONFLICT (institution_id, person_id) DO NOTHING",
            institution.0,
            person.0,
            draft.based_on,
            &draft.edits,
            draft.kept.0
        ))?
    };
    Ok(kept > 0)
}

/// Throws away the draft that was kept at `before`. Was there that one?
///
/// # Errors
/// What the engine says.
pub async fn delete(
    tx: &mut Write,
    institution: InstitutionId,
    person: PersonId,
    before: Instant,
) -> Result<bool, Error> {
    let gone = sql!(tx.execute(
        "DELETE FROM draft WHERE institution_id = $1 AND person_id = $2 AND kept = $3",
        institution.0,
        person.0,
        before.0
    ))?;
    Ok(gone > 0)
}
