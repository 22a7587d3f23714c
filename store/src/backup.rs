//! Copies of an SQLite database, made while it is in use.

use crate::Error;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions, Connection};
use std::path::Path;
use std::time::Duration;

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
    let options = SqliteConnectOptions::new().filename(file).create_if_missing(false);
    let mut connection = options.busy_timeout(Duration::ZERO).connect().await?;
    // Only the last one who has a database open can take it out of write-ahead logging.
    let alone = sqlx::query("PRAGMA journal_mode = DELETE").execute(&mut connection).await;
    // Whatever the answer: a connection that is merely dropped is open for a while yet, and would
    // make the next question say no.
    connection.close().await?;
    match alone.map_err(Error::from) {
        Ok(_) => Ok(true),
        Err(Error::Busy) => Ok(false),
        Err(other) => Err(other),
    }
}
