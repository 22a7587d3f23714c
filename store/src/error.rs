//! What can go wrong below the rules.

use std::fmt;

/// Why the store could not answer.
///
/// Holds no stored value: neither its text nor its `Debug` form names a person or a secret.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The engine refused or failed.
    #[error("the database failed{}: {message}", Code(code.as_deref()))]
    Database {
        /// The engine's code: an SQLSTATE or SQLite's extended result code.
        code: Option<String>,
        /// The engine's words, without its details.
        message: String,
    },
    /// Stored data contradicts itself.
    #[error("the database contradicts itself: table {table}, column {column}, row {row}")]
    Contradiction {
        /// The table.
        table: &'static str,
        /// The column.
        column: &'static str,
        /// The row's key.
        row: String,
    },
    /// Such a row exists already: a unique key is taken.
    #[error("that exists already")]
    Taken,
    /// Too many at once, or two changes met; trying again may help.
    #[error("the database is busy; try again")]
    Busy,
    /// There is no database here.
    #[error("there is no database here yet; make one with `adgang migrate`")]
    Absent,
    /// The schema is older than this program.
    #[error("the database has schema {found}, this program needs {needed}; bring it up with `adgang migrate`")]
    Older {
        /// The database's schema.
        found: i64,
        /// The program's.
        needed: i64,
    },
    /// The schema is newer than this program.
    #[error("the database has schema {found}, this program knows only {known}; use a newer program")]
    Newer {
        /// The database's schema.
        found: i64,
        /// The program's.
        known: i64,
    },
    /// A database, but not one of this program.
    #[error("this is not a database of this program")]
    NotOurs,
    /// The database URL is not understood.
    #[error("the database URL is not understood: write `sqlite:PATH` or `postgres://USER@HOST/NAME`")]
    BadUrl,
}

struct Code<'a>(Option<&'a str>);

impl fmt::Display for Code<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.map_or(Ok(()), |code| write!(f, " ({code})"))
    }
}

/// An error that may go away when the same transaction is tried again.
pub trait Transient {
    /// Is another try worthwhile?
    fn is_transient(&self) -> bool;
}

impl Transient for Error {
    fn is_transient(&self) -> bool {
        matches!(self, Self::Busy)
    }
}

impl Error {
    /// A value in this place cannot be.
    pub(crate) fn contradiction(table: &'static str, column: &'static str, row: impl fmt::Display) -> Self {
        Self::Contradiction { table, column, row: row.to_string() }
    }
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        let sqlx::Error::Database(engine) = &error else {
            return match error {
                sqlx::Error::PoolTimedOut => Self::Busy,
                other => Self::Database { code: None, message: other.to_string() },
            };
        };
        let code = engine.code().map(|code| code.into_owned());
        match code.as_deref() {
            // Serialization failure, deadlock; SQLITE_BUSY and its extended forms.
            Some("40001" | "40P01" | "5" | "261" | "517" | "773") => Self::Busy,
            // PostgreSQL: no such database.
            Some("3D000") => Self::Absent,
            // SQLITE_NOTADB.
            Some("26") => Self::NotOurs,
            _ if engine.is_unique_violation() => Self::Taken,
            // The rest of the engine's answer may quote the row.
            _ => Self::Database { message: engine.message().to_owned(), code },
        }
    }
}
