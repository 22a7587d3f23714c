//! Opening a database, and beginning transactions on it.

use crate::tx::Tx;
use crate::{Error, Read, Write, dialect, schema};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{PgPool, SqlitePool};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Connections that read at the same time on SQLite; the processor is the limit, not the file.
const SQLITE_READERS: u32 = 6;
/// Connections to PostgreSQL for each process.
const POSTGRES_CONNECTIONS: u32 = 16;
/// Prepared statements kept for each connection: all of ours.
const STATEMENTS: usize = 300;
/// How long a transaction waits for a connection, and a writer for another process's lock.
const PATIENCE: Duration = Duration::from_secs(10);

/// An open database of the current schema. Cheap to clone; clones share their connections.
#[derive(Clone, Debug)]
pub struct Db(Pools);

#[derive(Clone, Debug)]
enum Pools {
    Sqlite { readers: SqlitePool, writer: SqlitePool, path: PathBuf },
    Postgres(PgPool),
}

/// What a database URL names.
enum Place {
    Sqlite(PathBuf),
    Postgres(Box<PgConnectOptions>),
}

impl Place {
    fn parse(url: &str) -> Result<Self, Error> {
        if let Some(path) = url.strip_prefix("sqlite:") {
            let path = path.strip_prefix("//").unwrap_or(path);
            return if path.is_empty() || path.starts_with(':') {
                Err(Error::BadUrl)
            } else {
                Ok(Self::Sqlite(path.into()))
            };
        }
        if !(url.starts_with("postgres://") || url.starts_with("postgresql://")) {
            return Err(Error::BadUrl);
        }
        let options: PgConnectOptions = url.parse().map_err(|_| Error::BadUrl)?;
        Ok(Self::Postgres(Box::new(options.application_name("adgang").statement_cache_capacity(STATEMENTS))))
    }
}

impl Db {
    /// Opens the database at `sqlite:PATH` or `postgres://…`.
    ///
    /// # Errors
    /// [`Error::Absent`], [`Error::Older`], [`Error::Newer`] and [`Error::NotOurs`] where it is not
    /// a database of the current schema; it is left as it was.
    pub async fn open(url: &str) -> Result<Self, Error> {
        let place = Place::parse(url)?;
        if let Place::Sqlite(path) = &place
            && !path.try_exists().unwrap_or(false)
        {
            return Err(Error::Absent);
        }
        let db = Self::connect(place).await?;
        let checked = async { schema::require_current(&mut db.read().await?).await }.await;
        if checked.is_err() {
            db.close().await;
        }
        checked.map(|()| db)
    }

    /// Opens the database, makes its SQLite file and folder where absent, and brings its schema
    /// to the current one.
    ///
    /// # Errors
    /// [`Error::Newer`] and [`Error::NotOurs`]: it is left as it was.
    pub async fn create(url: &str) -> Result<Self, Error> {
        let place = Place::parse(url)?;
        if let Place::Sqlite(path) = &place
            && let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty())
        {
            std::fs::create_dir_all(folder)
                .map_err(|error| Error::Database { code: None, message: error.to_string() })?;
        }
        let db = Self::connect(place).await?;
        let migrated = schema::migrate(&db).await;
        if migrated.is_err() {
            db.close().await;
        }
        migrated.map(|()| db)
    }

    async fn connect(place: Place) -> Result<Self, Error> {
        match place {
            Place::Sqlite(path) => {
                let writer = SqlitePoolOptions::new().max_connections(1).acquire_timeout(PATIENCE).idle_timeout(None);
                let writer = writer.max_lifetime(None).connect_with(sqlite_options(&path)).await?;
                let readers = SqlitePoolOptions::new().max_connections(SQLITE_READERS).acquire_timeout(PATIENCE);
                let readers = readers.idle_timeout(None).max_lifetime(None);
                let readers = readers.connect_lazy_with(sqlite_options(&path).pragma("query_only", "ON"));
                Ok(Self(Pools::Sqlite { readers, writer, path }))
            }
            Place::Postgres(options) => {
                let pool = PgPoolOptions::new().max_connections(POSTGRES_CONNECTIONS).acquire_timeout(PATIENCE);
                Ok(Self(Pools::Postgres(pool.connect_with(*options).await?)))
            }
        }
    }

    /// Closes every connection; SQLite's log is folded into its file.
    pub async fn close(&self) {
        match &self.0 {
            Pools::Sqlite { readers, writer, .. } => {
                readers.close().await;
                writer.close().await;
            }
            Pools::Postgres(pool) => pool.close().await,
        }
    }

    /// The SQLite file that a URL names, whether it is there or not; `None` for PostgreSQL.
    ///
    /// # Errors
    /// [`Error::BadUrl`].
    pub fn file_of(url: &str) -> Result<Option<PathBuf>, Error> {
        Ok(match Place::parse(url)? {
            Place::Sqlite(path) => Some(path),
            Place::Postgres(_) => None,
        })
    }

    /// The SQLite file; `None` on PostgreSQL.
    #[must_use]
    pub fn file(&self) -> Option<&Path> {
        match &self.0 {
            Pools::Sqlite { path, .. } => Some(path),
            Pools::Postgres(_) => None,
        }
    }

    /// Begins a consistent read.
    ///
    /// # Errors
    /// [`Error::Busy`] where no connection comes free in time.
    pub async fn read(&self) -> Result<Read, Error> {
        Ok(Read(match &self.0 {
            Pools::Sqlite { readers, .. } => Tx::Sqlite(readers.begin_with(dialect::SQLITE_READ).await?),
            Pools::Postgres(pool) => Tx::Postgres(pool.begin_with(dialect::POSTGRES_READ).await?),
        }))
    }

    /// Begins one write, without trying again. Prefer [`write!`](crate::write).
    ///
    /// # Errors
    /// [`Error::Busy`] where another writer does not finish in time.
    pub async fn begin_write(&self) -> Result<Write, Error> {
        Ok(Write(Read(match &self.0 {
            Pools::Sqlite { writer, .. } => Tx::Sqlite(writer.begin_with(dialect::SQLITE_WRITE).await?),
            Pools::Postgres(pool) => Tx::Postgres(pool.begin_with(dialect::POSTGRES_WRITE).await?),
        })))
    }
}

fn sqlite_options(path: &Path) -> SqliteConnectOptions {
    // ANALYZE is never run: with its figures SQLite prepares a statement anew whenever its
    // bindings change, which costs more than the statement.
    SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(PATIENCE)
        .statement_cache_capacity(STATEMENTS)
        .pragma("trusted_schema", "OFF")
}
