//! Writes what an import has found, some hundred rows a statement.

use crate::column::until;
use crate::tx::Tx;
use crate::{Error, Write};
use domain::{GroupId, GroupKind, Instant, InstitutionId, Level, PersonId, UserType, Window};
use sqlx::{Postgres, Sqlite};
use uuid::Uuid;

/// An affiliation to be recorded.
#[derive(Clone, Copy, Debug)]
pub struct NewAffiliation {
    /// The fact.
    pub id: Uuid,
    /// The person.
    pub person: PersonId,
    /// What.
    pub user_type: UserType,
    /// When.
    pub valid: Window,
}

/// A level to be recorded.
#[derive(Clone, Debug)]
pub struct NewLevel {
    /// The fact.
    pub id: Uuid,
    /// The pupil.
    pub person: PersonId,
    /// The level.
    pub level: Option<Level>,
    /// The grade in the roster's words.
    pub raw: String,
    /// When.
    pub valid: Window,
}

/// A group to be recorded, or what it has become.
#[derive(Clone, Debug)]
pub struct NewGroup {
    /// Our id.
    pub group: GroupId,
    /// The source system's id.
    pub source_id: String,
    /// Its name.
    pub name: String,
    /// Class or other group.
    pub kind: GroupKind,
    /// The subject of a section.
    pub subject: Option<String>,
}

/// A place in a group to be recorded.
#[derive(Clone, Copy, Debug)]
pub struct NewPlace {
    /// The fact.
    pub id: Uuid,
    /// The person.
    pub person: PersonId,
    /// The group.
    pub group: GroupId,
    /// When.
    pub valid: Window,
}

/// Told how many more rows have been written.
pub type Progress<'a> = &'a mut (dyn FnMut(u64) + Send);

/// Rows written between two words to the progress.
const ROWS: usize = 2_000;

/// Where and when facts are recorded.
#[derive(Clone, Copy, Debug)]
pub struct Recording {
    /// The institution.
    pub institution: InstitutionId,
    /// The instant of the import.
    pub now: Instant,
}

/// Records affiliations of a source.
///
/// # Errors
/// What the engine says.
pub async fn add_affiliations(
    tx: &mut Write,
    at: Recording,
    source: &'static str,
    rows: &[NewAffiliation],
    progress: Progress<'_>,
) -> Result<(), Error> {
    let kind = |user_type: UserType| match user_type {
        UserType::Pupil => "pupil",
        _ if user_type.is_staff() => "staff",
        _ => "external",
    };
    for part in rows.chunks(ROWS) {
        insert!(tx, "INSERT INTO affiliation (institution_id, id, person_id, kind, user_type, source, valid_from, \
                 valid_until, recorded_from)", part,
            row => [at.institution.0, row.id, row.person.0, kind(row.user_type), row.user_type.code(), source,
                since(row.valid), until(row.valid), at.now.0]);
        progress(part.len() as u64);
    }
    Ok(())
}

/// Records levels.
///
/// # Errors
/// What the engine says.
pub async fn add_levels(tx: &mut Write, at: Recording, rows: &[NewLevel], progress: Progress<'_>) -> Result<(), Error> {
    for part in rows.chunks(ROWS) {
        insert!(tx, "INSERT INTO pupil_level (institution_id, id, person_id, level, raw, valid_from, valid_until, \
                 recorded_from)", part,
            row => [at.institution.0, row.id, row.person.0, row.level.map(|level| level.to_string()), row.raw.as_str(),
                since(row.valid), until(row.valid), at.now.0]);
        progress(part.len() as u64);
    }
    Ok(())
}

/// Records groups.
///
/// # Errors
/// What the engine says.
pub async fn add_groups(tx: &mut Write, at: Recording, rows: &[NewGroup], progress: Progress<'_>) -> Result<(), Error> {
    insert!(tx, "INSERT INTO school_group (institution_id, id, name, kind, subject, source_id, created)", rows,
        row => [at.institution.0, row.group.0, row.name.as_str(), row.kind.code(), row.subject.as_deref(),
            row.source_id.as_str(), at.now.0]);
    progress(rows.len() as u64);
    Ok(())
}

/// Gives known groups what a file says of them now; they are there again if they were gone.
///
/// # Errors
/// What the engine says.
pub async fn change_groups(tx: &mut Write, at: Recording, rows: &[NewGroup]) -> Result<(), Error> {
    for row in rows {
        sql!(tx.execute(
            "UPDATE school_group SET name = $1, kind = $2, subject = $3, gone = NULL \
             WHERE institution_id = $4 AND id = $5",
            row.name.as_str(),
            row.kind.code(),
            row.subject.as_deref(),
            at.institution.0,
            row.group.0,
        ))?;
    }
    Ok(())
}

/// Marks groups as gone; they stay for the decisions that name them.
///
/// # Errors
/// What the engine says.
pub async fn end_groups(tx: &mut Write, at: Recording, groups: &[GroupId]) -> Result<(), Error> {
    for group in groups {
        sql!(tx.execute(
            "UPDATE school_group SET gone = $1 WHERE institution_id = $2 AND id = $3",
            at.now.0,
            at.institution.0,
            group.0,
        ))?;
    }
    Ok(())
}

/// Records pupils' places in groups.
///
/// # Errors
/// What the engine says.
pub async fn add_memberships(
    tx: &mut Write,
    at: Recording,
    rows: &[NewPlace],
    progress: Progress<'_>,
) -> Result<(), Error> {
    const INTO: &str =
        "INSERT INTO membership (institution_id, id, person_id, group_id, valid_from, valid_until, recorded_from)";
    add_places(tx, at, INTO, rows, progress).await
}

/// Records teachers' groups.
///
/// # Errors
/// What the engine says.
pub async fn add_teaching(
    tx: &mut Write,
    at: Recording,
    rows: &[NewPlace],
    progress: Progress<'_>,
) -> Result<(), Error> {
    const INTO: &str =
        "INSERT INTO teaches (institution_id, id, person_id, group_id, valid_from, valid_until, recorded_from)";
    add_places(tx, at, INTO, rows, progress).await
}

async fn add_places(
    tx: &mut Write,
    at: Recording,
    into: &'static str,
    rows: &[NewPlace],
    progress: Progress<'_>,
) -> Result<(), Error> {
    for part in rows.chunks(ROWS) {
        insert!(tx, into, part,
            row => [at.institution.0, row.id, row.person.0, row.group.0, since(row.valid), until(row.valid), at.now.0]);
        progress(part.len() as u64);
    }
    Ok(())
}

/// A table of dated facts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Facts {
    /// `affiliation`.
    Affiliations,
    /// `pupil_level`.
    Levels,
    /// `membership`.
    Memberships,
    /// `teaches`.
    Teaching,
}

/// What closes facts of a table: the instant, the institution, and which ones.
macro_rules! closing {
    ($table:literal, $which:literal) => {
        concat!(
            "UPDATE ",
            $table,
            " SET recorded_until = $1 WHERE institution_id = $2 AND recorded_until IS NULL AND id = ",
            $which
        )
    };
    ($table:literal) => {
        Closing { one: closing!($table, "$3"), many: closing!($table, "ANY ($3)") }
    };
}

/// The statement for one fact, and PostgreSQL's for many: SQLite has no way to wait for.
struct Closing {
    one: &'static str,
    many: &'static str,
}

impl Facts {
    const fn closing(self) -> Closing {
        match self {
            Self::Affiliations => closing!("affiliation"),
            Self::Levels => closing!("pupil_level"),
            Self::Memberships => closing!("membership"),
            Self::Teaching => closing!("teaches"),
        }
    }
}

/// Closes facts: what they said was known until now.
///
/// # Errors
/// What the engine says.
pub async fn close(
    tx: &mut Write,
    at: Recording,
    facts: Facts,
    ids: &[Uuid],
    progress: Progress<'_>,
) -> Result<(), Error> {
    let Closing { one, many } = facts.closing();
    for part in ids.chunks(ROWS) {
        match tx.tx() {
            Tx::Sqlite(tx) => {
                for id in part {
                    let query = sqlx::query::<Sqlite>(one).bind(at.now.0).bind(at.institution.0).bind(*id);
                    query.execute(&mut **tx).await?;
                }
            }
            Tx::Postgres(tx) => {
                let query = sqlx::query::<Postgres>(many).bind(at.now.0).bind(at.institution.0).bind(part);
                query.execute(&mut **tx).await?;
            }
        }
        progress(part.len() as u64);
    }
    Ok(())
}

/// The column of a window's beginning.
fn since(window: Window) -> Option<i64> {
    (window.from != Instant::DISTANT_PAST).then_some(window.from.0)
}
