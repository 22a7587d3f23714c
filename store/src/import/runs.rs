//! The list of imports, and what the held ones and the latest applied one leave to go on from.

use crate::column::known;
use crate::{Error, Read, Write};
use domain::{Instant, InstitutionId, PersonId};
use uuid::Uuid;

/// What became of an import.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Waits for a yes.
    Held,
    /// Written.
    Applied,
    /// Its files had errors.
    Refused,
    /// Waited, and was answered with no, waited too long, or gave way to a later one.
    Rejected,
}

impl State {
    const ALL: [Self; 4] = [Self::Held, Self::Applied, Self::Refused, Self::Rejected];

    const fn code(self) -> &'static str {
        match self {
            Self::Held => "held",
            Self::Applied => "applied",
            Self::Refused => "refused",
            Self::Rejected => "rejected",
        }
    }

    fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }
}

/// An import as the list of imports shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportRun {
    /// Our id.
    pub id: Uuid,
    /// Name of the file, without its folder.
    pub file_name: String,
    /// What became of it.
    pub state: State,
    /// Who imported; nil for the operator.
    pub author: PersonId,
    /// The name then.
    pub author_name: String,
    /// When it began.
    pub started: Instant,
    /// When it was written; `None` while it waits.
    pub finished: Option<Instant>,
    /// Counts as JSON; no names.
    pub counts: String,
    /// What was wrong or odd, as JSON; no value of a field.
    pub findings: String,
    /// Why it waits, or did.
    pub held_reason: Option<String>,
    /// The answer to one that waited.
    pub decision: Option<Decision>,
}

/// A yes or a no to an import that waited.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// When.
    pub at: Instant,
    /// Whose.
    pub by: PersonId,
    /// The name then.
    pub by_name: String,
    /// Why.
    pub reason: String,
}

/// An import in the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedRun {
    /// What was recorded of it.
    pub run: ImportRun,
    /// Is something of it kept to go on from?
    pub is_kept: bool,
}

#[derive(sqlx::FromRow)]
struct RunRow {
    id: Uuid,
    file_name: String,
    state: String,
    author_id: Uuid,
    author_name: String,
    started: i64,
    finished: Option<i64>,
    counts: String,
    findings: String,
    held_reason: Option<String>,
    decided: Option<i64>,
    decided_by: Option<Uuid>,
    decided_by_name: Option<String>,
    decision_reason: Option<String>,
    is_kept: bool,
}

impl RunRow {
    fn listed(self) -> Result<ListedRun, Error> {
        let decision = self.decided.map(|at| Decision {
            at: Instant(at),
            by: self.decided_by.unwrap_or_default().into(),
            by_name: self.decided_by_name.unwrap_or_default(),
            reason: self.decision_reason.unwrap_or_default(),
        });
        let run = ImportRun {
            id: self.id,
            file_name: self.file_name,
            state: known(State::from_code(&self.state), "import_run", "state", self.id)?,
            author: self.author_id.into(),
            author_name: self.author_name,
            started: Instant(self.started),
            finished: self.finished.map(Instant),
            counts: self.counts,
            findings: self.findings,
            held_reason: self.held_reason,
            decision,
        };
        Ok(ListedRun { run, is_kept: self.is_kept })
    }
}

/// The latest imports of an institution, newest first.
///
/// # Errors
/// [`Error::Contradiction`] for a state that is none.
pub async fn runs(read: &mut Read, institution: InstitutionId, limit: i64) -> Result<Vec<ListedRun>, Error> {
    let rows = sql!(read.fetch_all::<RunRow>(
        "SELECT id, file_name, state, author_id, author_name, started, finished, counts, findings, held_reason, \
         decided, decided_by, decided_by_name, decision_reason, payload IS NOT NULL AS is_kept \
         FROM import_run WHERE institution_id = $1 ORDER BY started DESC, id DESC LIMIT $2",
        institution.0,
        limit
    ))?;
    rows.into_iter().map(RunRow::listed).collect()
}

/// What was kept after the latest applied import of an institution.
///
/// # Errors
/// What the engine says.
pub async fn kept(read: &mut Read, institution: InstitutionId) -> Result<Option<Vec<u8>>, Error> {
    let row = sql!(read.fetch_optional::<(Vec<u8>,)>(
        "SELECT payload FROM import_run WHERE institution_id = $1 AND state = 'applied' AND payload IS NOT NULL \
         ORDER BY finished DESC, id DESC LIMIT 1",
        institution.0,
    ))?;
    Ok(row.map(|(payload,)| payload))
}

/// The name of the file, and what was read of it, of an import that has waited since `since` or later.
///
/// # Errors
/// What the engine says.
pub async fn held(
    read: &mut Read,
    institution: InstitutionId,
    id: Uuid,
    since: Instant,
) -> Result<Option<(String, Vec<u8>)>, Error> {
    sql!(read.fetch_optional::<(String, Vec<u8>)>(
        "SELECT file_name, payload FROM import_run \
         WHERE institution_id = $1 AND id = $2 AND state = 'held' AND payload IS NOT NULL AND started >= $3",
        institution.0,
        id,
        since.0
    ))
}

/// The imports of an institution that wait, with what was read of their files, by id.
///
/// # Errors
/// What the engine says.
pub async fn waiting(read: &mut Read, institution: InstitutionId) -> Result<Vec<(Uuid, Vec<u8>)>, Error> {
    sql!(read.fetch_all::<(Uuid, Vec<u8>)>(
        "SELECT id, payload FROM import_run \
         WHERE institution_id = $1 AND state = 'held' AND payload IS NOT NULL ORDER BY id",
        institution.0
    ))
}

/// Every import that has waited since before an instant, with its institution.
///
/// # Errors
/// What the engine says.
pub async fn held_before(read: &mut Read, before: Instant) -> Result<Vec<(InstitutionId, Uuid)>, Error> {
    let rows = sql!(read.fetch_all::<(Uuid, Uuid)>(
        "SELECT institution_id, id FROM import_run WHERE state = 'held' AND started < $1 ORDER BY institution_id, id",
        before.0
    ))?;
    Ok(rows.into_iter().map(|(institution, id)| (institution.into(), id)).collect())
}

/// Records that an import happened, with what it leaves to go on from: one that is held, what was
/// read of its files; one that was applied, what the next delta is laid over, if it says anything about that.
///
/// # Errors
/// What the engine says.
pub async fn add_run(
    tx: &mut Write,
    institution: InstitutionId,
    run: &ImportRun,
    payload: Option<&[u8]>,
) -> Result<(), Error> {
    if run.state == State::Applied && payload.is_some() {
        forget_kept(tx, institution).await?;
    }
    sql!(tx.execute(
        "INSERT INTO import_run (institution_id, id, file_name, state, author_id, author_name, started, finished, \
         counts, findings, held_reason, payload) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        institution.0,
        run.id,
        run.file_name.as_str(),
        run.state.code(),
        run.author.0,
        run.author_name.as_str(),
        run.started.0,
        run.finished.map(|at| at.0),
        run.counts.as_str(),
        run.findings.as_str(),
        run.held_reason.as_deref(),
        payload,
    ))?;
    Ok(())
}

/// Only the latest applied import leaves something for a delta.
async fn forget_kept(tx: &mut Write, institution: InstitutionId) -> Result<(), Error> {
    sql!(tx.execute(
        "UPDATE import_run SET payload = NULL \
         WHERE institution_id = $1 AND state = 'applied' AND payload IS NOT NULL",
        institution.0,
    ))?;
    Ok(())
}

/// Answers an import that waits: `Applied` with the counts of what it did and what the next delta is
/// laid over, or `Rejected`. What was read of its files goes. Tells whether it still waited.
///
/// # Errors
/// What the engine says.
pub async fn decide(
    tx: &mut Write,
    institution: InstitutionId,
    id: Uuid,
    decision: &Decision,
    applied: Option<(&str, Option<&[u8]>)>,
) -> Result<bool, Error> {
    let state = if applied.is_some() { State::Applied } else { State::Rejected };
    if applied.is_some_and(|(_, kept)| kept.is_some()) {
        forget_kept(tx, institution).await?;
    }
    let (counts, kept) = applied.unzip();
    let done = sql!(tx.execute(
        "UPDATE import_run SET state = $3, decided = $4, decided_by = $5, decided_by_name = $6, \
         decision_reason = $7, counts = COALESCE($8, counts), payload = $9, \
         finished = CASE WHEN $8 IS NULL THEN NULL ELSE $4 END \
         WHERE institution_id = $1 AND id = $2 AND state = 'held'",
        institution.0,
        id,
        state.code(),
        decision.at.0,
        decision.by.0,
        decision.by_name.as_str(),
        decision.reason.as_str(),
        counts,
        kept.flatten(),
    ))?;
    Ok(done == 1)
}

/// Lays aside every import of an institution that waits, save one: a later one has come. What was
/// read of their files goes.
///
/// # Errors
/// What the engine says.
pub async fn reject_others(tx: &mut Write, institution: InstitutionId, keep: Uuid) -> Result<(), Error> {
    sql!(tx.execute(
        "UPDATE import_run SET state = 'rejected', payload = NULL \
         WHERE institution_id = $1 AND state = 'held' AND id <> $2",
        institution.0,
        keep
    ))?;
    Ok(())
}

/// Lays aside one import that waits; tells whether it did. What was read of its files goes.
///
/// # Errors
/// What the engine says.
pub async fn lay_aside(tx: &mut Write, institution: InstitutionId, id: Uuid) -> Result<bool, Error> {
    let done = sql!(tx.execute(
        "UPDATE import_run SET state = 'rejected', payload = NULL \
         WHERE institution_id = $1 AND id = $2 AND state = 'held'",
        institution.0,
        id
    ))?;
    Ok(done == 1)
}
