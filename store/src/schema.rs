//! The schema's history, embedded, and how far a database has come in it.

use crate::tx::Tx;
use crate::{Db, Error, Read, dialect};
use std::collections::BTreeMap;

struct Migration {
    version: i64,
    name: &'static str,
    sqlite: &'static str,
    postgres: &'static str,
}

macro_rules! migrations {
    ($($version:literal $name:literal),* $(,)?) => {
        &[$(Migration {
            version: $version,
            name: $name,
            sqlite: include_str!(concat!("../../migrations/sqlite/", $name, ".sql")),
            postgres: include_str!(concat!("../../migrations/postgres/", $name, ".sql")),
        }),*]
    };
}

/// All migrations, oldest first. What has been released is never edited: the next file mends it.
const MIGRATIONS: &[Migration] = migrations![
    1 "0001_first",
    2 "0002_imports",
    3 "0003_accounts",
    4 "0004_merges",
    5 "0005_requests",
    6 "0006_passkeys",
    7 "0007_portal",
    8 "0008_notices",
    9 "0009_retention",
    10 "0010_pauses",
    11 "0011_unilogin",
    12 "0012_askers",
    13 "0013_import_sources",
];

/// The schema this program works on.
pub const CURRENT: i64 = match MIGRATIONS.last() {
    Some(newest) => newest.version,
    None => 0,
};

/// Holds one row for each migration that has run.
const HISTORY: &str = "adgang_schema";

/// How far a database has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    /// No tables at all.
    Empty,
    /// Ours, with this many migrations.
    At(i64),
    /// Somebody else's tables.
    Foreign,
}

pub(crate) async fn state(tx: &mut Read) -> Result<State, Error> {
    let tables = columns(tx).await?;
    if tables.is_empty() {
        return Ok(State::Empty);
    }
    if !tables.contains_key(HISTORY) {
        return Ok(State::Foreign);
    }
    let (version,) = sql!(tx.fetch_one::<(i64,)>("SELECT COALESCE(MAX(version), 0) FROM adgang_schema"))?;
    Ok(State::At(version))
}

/// Fails unless the schema is the one this program works on.
pub(crate) fn require_current(state: State) -> Result<(), Error> {
    match state {
        State::Empty => Err(Error::Absent),
        State::At(found) if found < CURRENT => Err(Error::Older { found, needed: CURRENT }),
        State::Foreign | State::At(_) => require_migratable(state),
    }
}

/// Fails unless the schema is ours, or nothing, and not a later program's.
pub(crate) fn require_migratable(state: State) -> Result<(), Error> {
    match state {
        State::Foreign => Err(Error::NotOurs),
        State::At(found) if found > CURRENT => Err(Error::Newer { found, known: CURRENT }),
        State::Empty | State::At(_) => Ok(()),
    }
}

/// Runs what is missing up to a version, all of it or nothing.
///
/// On SQLite the connection checks no foreign keys: a migration may put a table in another's place.
/// What points where is looked at as a whole before anything is committed.
pub(crate) async fn migrate(db: &Db, version: i64) -> Result<(), Error> {
    let mut tx = db.begin_write().await?;
    let state = state(&mut tx).await?;
    require_migratable(state)?;
    let done = if let State::At(found) = state {
        found
    } else {
        let text = match tx.tx() {
            Tx::Sqlite(_) => dialect::SQLITE_HISTORY,
            Tx::Postgres(_) => dialect::POSTGRES_HISTORY,
        };
        sql!(tx.execute(text))?;
        0
    };
    for migration in MIGRATIONS.iter().filter(|migration| migration.version > done && migration.version <= version) {
        match tx.tx() {
            Tx::Sqlite(tx) => sqlx::raw_sql(migration.sqlite).execute(&mut **tx).await.map(|_| ())?,
            Tx::Postgres(tx) => sqlx::raw_sql(migration.postgres).execute(&mut **tx).await.map(|_| ())?,
        }
        sql!(tx.execute(
            "INSERT INTO adgang_schema (version, name) VALUES ($1, $2)",
            migration.version,
            migration.name
        ))?;
        tracing::info!(version = migration.version, name = migration.name, "schema migrated");
    }
    require_whole(&mut tx).await?;
    tx.commit().await
}

/// Fails where a row points at one that is not there. PostgreSQL has seen to that all along.
async fn require_whole(tx: &mut Read) -> Result<(), Error> {
    let Tx::Sqlite(tx) = tx.tx() else { return Ok(()) };
    let astray: Vec<(String, Option<i64>, String, i64)> =
        sqlx::query_as(dialect::SQLITE_FOREIGN_KEYS).fetch_all(&mut **tx).await?;
    match astray.first() {
        None => Ok(()),
        Some((table, _, parent, _)) => {
            let message = format!("a row of {table} points at a row of {parent} that is not there");
            Err(Error::Database { code: None, message })
        }
    }
}

/// The columns of every table, by its name.
pub(crate) async fn columns(tx: &mut Read) -> Result<BTreeMap<String, Vec<String>>, Error> {
    let text = match tx.tx() {
        Tx::Sqlite(_) => dialect::SQLITE_COLUMNS,
        Tx::Postgres(_) => dialect::POSTGRES_COLUMNS,
    };
    let mut tables = BTreeMap::<String, Vec<String>>::new();
    for (table, column) in sql!(tx.fetch_all::<(String, String)>(text))? {
        tables.entry(table).or_default().push(column);
    }
    Ok(tables)
}
