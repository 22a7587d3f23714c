//! Opening a database, and beginning transactions on it.

use crate::tx::Tx;
use crate::{Error, Read, Write, dialect, schema};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{Connection, PgPool, SqlitePool};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Connections that read at the same time on SQLite; the processor is the limit, not the file.
const SQLITE_READERS: u32 = 6;
/// Connections to PostgreSQL for each process.
const POSTGRES_CONNECTIONS: u32 = 16;
/// How long a transaction waits for a connection to PostgreSQL, and so a person for the news that
/// it is down.
const POSTGRES_PATIENCE: Duration = Duration::from_secs(5);
/// Prepared statements kept for each connection: all of ours.
const STATEMENTS: usize = 300;
/// Rows that SQLite's thread may be ahead of who reads them: a school's longest table, so that the two
/// do not wait for each other every few rows.
const SQLITE_ROWS: usize = 4_096;
/// How long a transaction waits for a connection to SQLite, and a writer for another process's lock.
const PATIENCE: Duration = Duration::from_secs(10);

/// An open database of the current schema. Cheap to clone; clones share their connections.
#[derive(Clone, Debug)]
pub struct Db(Pools);

#[derive(Clone, Debug)]
enum Pools {
    Sqlite { readers: SqlitePool, writer: SqlitePool, path: PathBuf, opened: FileId },
    Postgres(PgPool),
}

/// What a database URL names.
#[derive(Clone)]
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

/// Does SQLite check foreign keys with each statement? It can be told only outside transactions,
/// so a migration has connections of its own.
#[derive(Clone, Copy, PartialEq, Eq)]
enum ForeignKeys {
    Checked,
    Unchecked,
}

impl Db {
    /// Opens the database at `sqlite:PATH` or `postgres://…`.
    ///
    /// # Errors
    /// [`Error::Absent`], [`Error::Older`], [`Error::Newer`] and [`Error::NotOurs`] where it is not
    /// a database of the current schema; it is left as it was.
    pub async fn open(url: &str) -> Result<Self, Error> {
        let place = Place::parse(url)?;
        if let Place::Sqlite(path) = &place {
            if !path.try_exists().unwrap_or(false) {
                return Err(Error::Absent);
            }
            schema::require_current(peek(path).await?)?;
            return Self::connect(place).await;
        }
        let db = Self::connect(place).await?;
        let state = async { schema::state(&mut db.read().await?).await }.await;
        db.checked(state.and_then(schema::require_current)).await
    }

    /// Opens the database, makes its SQLite file and folder where absent, and brings its schema
    /// to the current one.
    ///
    /// # Errors
    /// [`Error::Newer`] and [`Error::NotOurs`]: it is left as it was.
    pub async fn create(url: &str) -> Result<Self, Error> {
        Self::create_of_schema(url, schema::CURRENT).await
    }

    /// The same up to a schema of the past, as an older program left it.
    pub(crate) async fn create_of_schema(url: &str, version: i64) -> Result<Self, Error> {
        let place = Place::parse(url)?;
        if let Place::Sqlite(path) = &place {
            make_private(path).map_err(|error| Error::Database { code: None, message: error.to_string() })?;
            schema::require_migratable(peek(path).await?)?;
        }
        let migrating = Self::connect_as(place.clone(), ForeignKeys::Unchecked).await?;
        let migrated = schema::migrate(&migrating, version).await;
        migrating.close().await;
        migrated?;
        Self::connect(place).await
    }

    /// This database, or the error, with its connections closed.
    async fn checked(self, outcome: Result<(), Error>) -> Result<Self, Error> {
        if outcome.is_err() {
            self.close().await;
        }
        outcome.map(|()| self)
    }

    async fn connect(place: Place) -> Result<Self, Error> {
        Self::connect_as(place, ForeignKeys::Checked).await
    }

    async fn connect_as(place: Place, keys: ForeignKeys) -> Result<Self, Error> {
        match place {
            Place::Sqlite(path) => {
                let writing = sqlite_options(&path).foreign_keys(keys == ForeignKeys::Checked);
                let writer = sqlite_pool(1).connect_with(writing).await?;
                let reading = sqlite_options(&path).pragma("query_only", "ON");
                let readers = sqlite_pool(SQLITE_READERS).connect_lazy_with(reading);
                let opened = FileId::of(&path)?;
                Ok(Self(Pools::Sqlite { readers, writer, path, opened }))
            }
            Place::Postgres(options) => {
                let pool =
                    PgPoolOptions::new().max_connections(POSTGRES_CONNECTIONS).acquire_timeout(POSTGRES_PATIENCE);
                Ok(Self(Pools::Postgres(pool.connect_with(*options).await.map_err(unreached)?)))
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
    /// [`Error::Busy`] where no connection comes free in time; [`Error::Away`] where the file is
    /// not there or the server does not answer.
    pub async fn read(&self) -> Result<Read, Error> {
        Ok(Read(match &self.0 {
            Pools::Sqlite { readers, path, opened, .. } => {
                opened.require(path)?;
                Tx::Sqlite(readers.begin_with(dialect::SQLITE_READ).await?)
            }
            Pools::Postgres(pool) => Tx::Postgres(pool.begin_with(dialect::POSTGRES_READ).await.map_err(unreached)?),
        }))
    }

    /// Begins one write, without trying again. Prefer [`write!`](crate::write).
    ///
    /// # Errors
    /// [`Error::Busy`] where another writer does not finish in time; [`Error::Away`] as for
    /// [`Db::read`].
    pub async fn begin_write(&self) -> Result<Write, Error> {
        Ok(Write(Read(match &self.0 {
            Pools::Sqlite { writer, path, opened, .. } => {
                opened.require(path)?;
                Tx::Sqlite(writer.begin_with(dialect::SQLITE_WRITE).await?)
            }
            Pools::Postgres(pool) => Tx::Postgres(pool.begin_with(dialect::POSTGRES_WRITE).await.map_err(unreached)?),
        })))
    }
}

/// Which file a path named when it was opened.
///
/// A file that is moved or deleted stays open, and SQLite goes on writing to it although nobody
/// will find it again. So each transaction first looks whether the path still names it. Another
/// file in its place is another database, whose schema and keys nobody has checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct FileId {
    device: u64,
    inode: u64,
}

impl FileId {
    fn of(path: &Path) -> Result<Self, Error> {
        let found = std::fs::metadata(path).map_err(|error| Error::Away(format!("its file: {error}")))?;
        #[cfg(unix)]
        let id = {
            use std::os::unix::fs::MetadataExt;
            Self { device: found.dev(), inode: found.ino() }
        };
        // Elsewhere an open file can be neither moved nor deleted.
        #[cfg(not(unix))]
        let id = (|_| Self { device: 0, inode: 0 })(found);
        Ok(id)
    }

    fn require(self, path: &Path) -> Result<(), Error> {
        if Self::of(path)? == self {
            Ok(())
        } else {
            Err(Error::Away("another file stands in the place of the one that was opened".to_owned()))
        }
    }
}

/// PostgreSQL gave no connection in time: it is down, or its connections hang.
fn unreached(error: sqlx::Error) -> Error {
    match error {
        sqlx::Error::PoolTimedOut => Error::Away("no connection in time".to_owned()),
        other => other.into(),
    }
}

/// Makes a file that is absent, and its folder, for its owner alone: pupils will stand in it.
/// SQLite gives its log beside the file the same rights.
pub(crate) fn make_private(path: &Path) -> std::io::Result<()> {
    let (mut folder, mut file) = (std::fs::DirBuilder::new(), std::fs::OpenOptions::new());
    #[cfg(unix)]
    {
        std::os::unix::fs::DirBuilderExt::mode(&mut folder, 0o700);
        std::os::unix::fs::OpenOptionsExt::mode(&mut file, 0o600);
    }
    if let Some(parent) = path.parent().filter(|parent| !parent.as_os_str().is_empty()) {
        folder.recursive(true).create(parent)?;
    }
    file.append(true).create(true).open(path).map(drop)
}

/// How far a SQLite file has come, without changing anything about it: it may be another program's.
async fn peek(path: &Path) -> Result<schema::State, Error> {
    let options = SqliteConnectOptions::new().filename(path).busy_timeout(PATIENCE);
    let pool = sqlite_pool(1).connect_with(options).await?;
    let state =
        async { schema::state(&mut Read(Tx::Sqlite(pool.begin_with(dialect::SQLITE_READ).await?))).await }.await;
    pool.close().await;
    state
}

/// Connections to a file need no testing, no rest and no replacement.
fn sqlite_pool(connections: u32) -> SqlitePoolOptions {
    let options = SqlitePoolOptions::new().max_connections(connections).acquire_timeout(PATIENCE);
    let options = options.idle_timeout(None).max_lifetime(None).test_before_acquire(false);
    // Where the disk is full SQLite rolls back by itself; the driver's own rollback then fails, and
    // the connection takes itself to be in a transaction for ever. Such a one is given up. The ping
    // waits until a rollback under way is done.
    options.after_release(|connection, _| {
        Box::pin(async move {
            connection.ping().await?;
            Ok(!connection.is_in_transaction())
        })
    })
}

fn sqlite_options(path: &Path) -> SqliteConnectOptions {
    // ANALYZE is never run: with its figures SQLite prepares a statement anew whenever its
    // bindings change, which costs more than the statement.
    SqliteConnectOptions::new()
        .filename(path)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(PATIENCE)
        .statement_cache_capacity(STATEMENTS)
        .row_buffer_size(SQLITE_ROWS)
        .pragma("trusted_schema", "OFF")
        // What is deleted is written over, rather than left in the file until its place is needed.
        .pragma("secure_delete", "ON")
}
