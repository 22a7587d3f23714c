//! Which document of each source was applied last.

use crate::column::known;
use crate::{Error, Read, Write};
use domain::{Instant, InstitutionId, SchoolYear};

/// The document of a source that was applied last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownSource {
    /// The source.
    pub source: String,
    /// When the source says that it wrote the document.
    pub at: Instant,
    /// The school year that the document is about, where it says one.
    pub year: Option<SchoolYear>,
    /// When it was applied.
    pub applied: Instant,
}

#[derive(sqlx::FromRow)]
struct SourceRow {
    source: String,
    source_time: i64,
    school_year: Option<i64>,
    applied: i64,
}

/// The sources of an institution, the one that was applied last first.
///
/// # Errors
/// A contradiction where a stored school year is none.
pub async fn sources(read: &mut Read, institution: InstitutionId) -> Result<Vec<KnownSource>, Error> {
    let rows = sql!(read.fetch_all::<SourceRow>(
        "SELECT source, source_time, school_year, applied FROM import_source \
         WHERE institution_id = $1 ORDER BY applied DESC, source_time DESC, source",
        institution.0,
    ))?;
    let source = |SourceRow { source, source_time, school_year, applied }: SourceRow| {
        let year = |year| known(i16::try_from(year).ok(), "import_source", "school_year", &source).map(SchoolYear);
        let year = school_year.map(year).transpose()?;
        Ok(KnownSource { source, at: Instant(source_time), year, applied: Instant(applied) })
    };
    rows.into_iter().map(source).collect()
}

/// Records which document was applied, unless one that is as new was. Tells whether it did.
///
/// # Errors
/// What the engine says.
pub async fn keep_source(tx: &mut Write, institution: InstitutionId, source: &KnownSource) -> Result<bool, Error> {
    let kept = sql!(tx.execute(
        "INSERT INTO import_source (institution_id, source, source_time, school_year, applied) \
         VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT (institution_id, source) DO UPDATE SET source_time = excluded.source_time, \
         school_year = excluded.school_year, applied = excluded.applied \
         WHERE import_source.source_time < excluded.source_time",
        institution.0,
        source.source.as_str(),
        source.at.0,
        source.year.map(|year| i64::from(year.0)),
        source.applied.0,
    ))?;
    Ok(kept == 1)
}
