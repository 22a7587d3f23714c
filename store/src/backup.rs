//! Copies of an SQLite database, made while it is in use.

use crate::Error;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteJournalMode};
use sqlx::{ConnectOptions, Connection};
use std::path::Path;

async fn connect(file: &Path) -> Result<SqliteConnection, Error> {
    Ok(SqliteConnectOptions::new().filename(file).create_if_missing(false).connect().await?)
}

/// Writes all that is committed in `file` into `copy`, which must not exist yet.
///
/// # Errors
/// What the engine says, such as that the disk is full; an unfinished copy may be left behind.
pub async fn copy(file: &Path, copy: &Path) -> Result<(), Error> {
    let mut connection = connect(file).await?;
    crate::db::make_private(copy).map_err(|error| Error::Database { code: None, message: error.to_string() })?;
    sqlx::query("VACUUM INTO $1").bind(copy.to_string_lossy().into_owned()).execute(&mut connection).await?;
    Ok(connection.close().await?)
}

/// What the engine finds wrong with the structure of a file; empty if nothing.
///
/// # Errors
/// [`Error::NotOurs`] where it is no database at all.
pub async fn damage(file: &Path) -> Result<Vec<String>, Error> {
    let mut connection = connect(file).await?;
    let found: Vec<(String,)> = sqlx::query_as("PRAGMA quick_check").fetch_all(&mut connection).await?;
    connection.close().await?;
    Ok(found.into_iter().map(|(line,)| line).filter(|line| line != "ok").collect())
}

/// Does nobody else have the file open? Its write-ahead log is folded into it on the way.
///
/// # Errors
/// What the engine says.
pub async fn is_free(file: &Path) -> Result<bool, Error> {
    // Only the last one who has a database open can take it out of write-ahead logging.
    let options = SqliteConnectOptions::new().filename(file).create_if_missing(false);
    match options.journal_mode(SqliteJournalMode::Delete).busy_timeout(std::time::Duration::ZERO).connect().await {
        Ok(connection) => Ok(connection.close().await.map(|()| true)?),
        Err(error) => match Error::from(error) {
            Error::Busy => Ok(false),
            other => Err(other),
        },
    }
}
