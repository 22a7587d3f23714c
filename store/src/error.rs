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
    /// The disk takes no more. Nothing of the transaction was written.
    #[error("the database's disk takes no more, as it is full or failing{}; nothing was changed", Code(Some(code)))]
    NoRoom {
        /// The engine's code.
        code: String,
    },
    /// The database is not there, or does not answer.
    #[error("the database does not answer: {0}")]
    Away(String),
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
                sqlx::Error::Io(_) | sqlx::Error::PoolClosed | sqlx::Error::WorkerCrashed => {
                    Self::Away(error.to_string())
                }
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
            Some(code) if is_about_room(code) => Self::NoRoom { code: code.to_owned() },
            Some(code) if is_about_reach(code) => Self::Away(format!("{} ({code})", engine.message())),
            // The rest of the engine's answer may quote the row.
            _ => Self::Database { message: engine.message().to_owned(), code },
        }
    }
}

/// SQLITE_FULL, and the failed writes of a file system that has its own words for being full;
/// PostgreSQL's disk_full.
fn is_about_room(code: &str) -> bool {
    const FULL: &str = "13";
    const IOERR_WRITE: &str = "778";
    const IOERR_SHMSIZE: &str = "4874";
    matches!(code, FULL | IOERR_WRITE | IOERR_SHMSIZE | "53100")
}

/// A file that cannot be opened, read or written; a server that goes down, comes up or only reads.
fn is_about_reach(code: &str) -> bool {
    // SQLite's codes carry their family in the lowest byte; an SQLSTATE has five characters.
    const READONLY: u32 = 8;
    const IOERR: u32 = 10;
    const CANTOPEN: u32 = 14;
    match code.parse::<u32>() {
        Ok(sqlite) if code.len() < 5 => matches!(sqlite & 0xff, READONLY | IOERR | CANTOPEN),
        _ => code.starts_with("08") || matches!(code, "57P01" | "57P02" | "57P03" | "25006"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_of_both_engines_are_told_apart() {
        for full in ["13", "778", "4874", "53100"] {
            assert!(is_about_room(full), "{full}");
        }
        for away in ["8", "1032", "10", "266", "14", "526", "57P01", "57P03", "08006", "25006"] {
            assert!(is_about_reach(away) && !is_about_room(away), "{away}");
        }
        // A missing table, a constraint, a syntax error, and an SQLSTATE that ends as SQLite's do.
        for other in ["1", "787", "42P01", "23505", "22008", "22010"] {
            assert!(!is_about_reach(other) && !is_about_room(other), "{other}");
        }
    }
}
