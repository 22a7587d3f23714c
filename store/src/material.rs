//! Assessment material, and its bytes in chunks: no file is ever whole in memory.

pub mod opening;

use crate::column::known;
use crate::{Error, Read, Write};
use domain::material::SchoolForm;
use domain::{Instant, MaterialId};
use sqlx::FromRow;
use uuid::Uuid;

/// A piece of material, without its bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Material {
    /// Our id.
    pub id: MaterialId,
    /// The country it is made for, `dk` or `se`.
    pub country: String,
    /// Its subject, by slug.
    pub subject: String,
    /// The form of schooling it is made for; `None` for every one.
    pub school_form: Option<SchoolForm>,
    /// What it is called.
    pub title: String,
    /// Does it stand in the protected part?
    pub protected: bool,
    /// The name of its file.
    pub file_name: String,
    /// How long its file is, in bytes.
    pub bytes: i64,
    /// SHA-256 of its file.
    pub sha256: Vec<u8>,
    /// When it was added.
    pub added: Instant,
    /// When it was taken back; its bytes are gone then.
    pub withdrawn: Option<Instant>,
}

#[derive(FromRow)]
struct MaterialRow {
    id: Uuid,
    country: String,
    subject: String,
    school_form: Option<String>,
    title: String,
    protected: bool,
    file_name: String,
    bytes: i64,
    sha256: Vec<u8>,
    added: i64,
    withdrawn: Option<i64>,
}

impl TryFrom<MaterialRow> for Material {
    type Error = Error;

    fn try_from(row: MaterialRow) -> Result<Self, Error> {
        let school_form = match row.school_form {
            None => None,
            Some(code) => Some(known(SchoolForm::of_code(&code), "material", "school_form", row.id)?),
        };
        Ok(Self {
            id: MaterialId(row.id),
            country: row.country,
            subject: row.subject,
            school_form,
            title: row.title,
            protected: row.protected,
            file_name: row.file_name,
            bytes: row.bytes,
            sha256: row.sha256,
            added: Instant(row.added),
            withdrawn: row.withdrawn.map(Instant),
        })
    }
}

/// Records a piece of material. Its bytes follow in chunks, in the same transaction; how many they
/// are and their digest come last, by [`finish`].
///
/// # Errors
/// [`Error::Taken`] where the id is.
pub async fn insert(tx: &mut Write, material: &Material) -> Result<(), Error> {
    sql!(tx.execute(
        "INSERT INTO material (id, country, subject, school_form, title, protected, file_name, bytes, sha256, added) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        material.id.0,
        &material.country,
        &material.subject,
        material.school_form.map(SchoolForm::code),
        &material.title,
        material.protected,
        &material.file_name,
        material.bytes,
        &material.sha256,
        material.added.0
    ))?;
    Ok(())
}

/// Records some of a file's bytes: those from `first` on.
///
/// # Errors
/// [`Error::Taken`] where a chunk begins there already.
pub async fn insert_chunk(tx: &mut Write, id: MaterialId, first: i64, bytes: &[u8]) -> Result<(), Error> {
    sql!(tx.execute("INSERT INTO material_chunk (material_id, first, bytes) VALUES ($1, $2, $3)", id.0, first, bytes))?;
    Ok(())
}

/// Records how long a file has turned out to be, and its digest.
///
/// # Errors
/// What the engine says.
pub async fn finish(tx: &mut Write, id: MaterialId, bytes: i64, sha256: &[u8]) -> Result<(), Error> {
    sql!(tx.execute("UPDATE material SET bytes = $2, sha256 = $3 WHERE id = $1", id.0, bytes, sha256))?;
    Ok(())
}

/// One piece of material, one that was taken back too.
///
/// # Errors
/// [`Error::Contradiction`] for a school form that is none.
pub async fn by_id(read: &mut Read, id: MaterialId) -> Result<Option<Material>, Error> {
    let row = sql!(read.fetch_optional::<MaterialRow>(
        "SELECT id, country, subject, school_form, title, protected, file_name, bytes, sha256, added, withdrawn \
         FROM material WHERE id = $1",
        id.0
    ))?;
    row.map(TryInto::try_into).transpose()
}

/// All material, that which was taken back too, in the order it was added.
///
/// # Errors
/// [`Error::Contradiction`] for a school form that is none.
pub async fn all(read: &mut Read) -> Result<Vec<Material>, Error> {
    let rows = sql!(read.fetch_all::<MaterialRow>(
        "SELECT id, country, subject, school_form, title, protected, file_name, bytes, sha256, added, withdrawn \
         FROM material ORDER BY added, id"
    ))?;
    rows.into_iter().map(TryInto::try_into).collect()
}

/// The chunk that holds a byte of a file, by its place: where the chunk begins, and its bytes.
/// `None` beyond the end, and where the file was taken back.
///
/// # Errors
/// What the engine says.
pub async fn chunk_with(read: &mut Read, id: MaterialId, place: i64) -> Result<Option<(i64, Vec<u8>)>, Error> {
    let row = sql!(read.fetch_optional::<(i64, Vec<u8>)>(
        "SELECT first, bytes FROM material_chunk WHERE material_id = $1 AND first <= $2 ORDER BY first DESC LIMIT 1",
        id.0,
        place
    ))?;
    let holds = |(first, bytes): &(i64, Vec<u8>)| i64::try_from(bytes.len()).is_ok_and(|length| place < first + length);
    Ok(row.filter(holds))
}

/// Takes a piece of material back: its bytes go. Was it there still?
///
/// # Errors
/// What the engine says.
pub async fn withdraw(tx: &mut Write, id: MaterialId, now: Instant) -> Result<bool, Error> {
    let withdrawn =
        sql!(tx.execute("UPDATE material SET withdrawn = $2 WHERE id = $1 AND withdrawn IS NULL", id.0, now.0))?;
    sql!(tx.execute("DELETE FROM material_chunk WHERE material_id = $1", id.0))?;
    Ok(withdrawn > 0)
}
