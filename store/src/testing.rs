//! Fresh databases for tests, on both engines.
//!
//! PostgreSQL takes part where `ADGANG_TEST_POSTGRES` holds the URL of a server on which
//! databases may be made; without it that half is skipped and says so.

use crate::schema;
use crate::{Db, Error};
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU32, Ordering};
use tempfile::TempDir;

/// The variable that names the PostgreSQL server of the tests.
pub const POSTGRES_VARIABLE: &str = "ADGANG_TEST_POSTGRES";

/// A fresh database that goes away when it is dropped (SQLite) or finished (PostgreSQL).
#[derive(Debug)]
pub struct TestDb {
    /// The open database.
    pub db: Db,
    /// Its URL.
    pub url: String,
    /// Holds the SQLite file.
    folder: Option<TempDir>,
}

static NEXT: AtomicU32 = AtomicU32::new(0);

impl TestDb {
    /// A fresh SQLite file of the current schema.
    ///
    /// # Errors
    /// What making it fails with.
    pub async fn sqlite() -> Result<Self, Error> {
        Self::sqlite_of_schema(schema::CURRENT).await
    }

    async fn sqlite_of_schema(version: i64) -> Result<Self, Error> {
        let folder = TempDir::new().map_err(failure)?;
        let url = format!("sqlite:{}", folder.path().join("test.db").display());
        Ok(Self { db: Db::create_of_schema(&url, version).await?, url, folder: Some(folder) })
    }

    /// A fresh PostgreSQL database of the current schema; `None` where no server is named.
    ///
    /// # Errors
    /// What making it fails with.
    pub async fn postgres() -> Result<Option<Self>, Error> {
        Self::postgres_of_schema(schema::CURRENT).await
    }

    async fn postgres_of_schema(version: i64) -> Result<Option<Self>, Error> {
        let Ok(server) = std::env::var(POSTGRES_VARIABLE) else { return Ok(None) };
        let name = format!("adgang_test_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let mut admin = PgConnection::connect(&server).await?;
        sqlx::raw_sql(AssertSqlSafe(format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")))
            .execute(&mut admin)
            .await?;
        sqlx::raw_sql(AssertSqlSafe(format!("CREATE DATABASE {name}"))).execute(&mut admin).await?;
        admin.close().await?;
        let (base, _) = server.rsplit_once('/').ok_or(Error::BadUrl)?;
        let url = format!("{base}/{name}");
        Ok(Some(Self { db: Db::create_of_schema(&url, version).await?, url, folder: None }))
    }

    /// Brings a database of an older schema up to the current one, as `adgang migrate` does.
    ///
    /// # Errors
    /// What migrating fails with.
    pub async fn migrate(&mut self) -> Result<(), Error> {
        self.db.close().await;
        self.db = Db::create(&self.url).await?;
        Ok(())
    }

    /// Closes it, and removes it from the PostgreSQL server.
    ///
    /// # Errors
    /// What removing it fails with.
    pub async fn finish(self) -> Result<(), Error> {
        self.db.close().await;
        if self.folder.is_none()
            && let (Ok(server), Some((_, name))) = (std::env::var(POSTGRES_VARIABLE), self.url.rsplit_once('/'))
        {
            let mut admin = PgConnection::connect(&server).await?;
            sqlx::raw_sql(AssertSqlSafe(format!("DROP DATABASE {name} WITH (FORCE)"))).execute(&mut admin).await?;
        }
        Ok(())
    }

    /// The columns of every table.
    ///
    /// # Errors
    /// What reading them fails with.
    pub async fn columns(&self) -> Result<BTreeMap<String, Vec<String>>, Error> {
        schema::columns(&mut self.db.read().await?).await
    }

    /// Every column that holds these words somewhere, in text or in bytes: `table.column`.
    ///
    /// # Errors
    /// What the engine says.
    pub async fn holding(&self, words: &str) -> Result<Vec<String>, Error> {
        let mut found = Vec::new();
        let mut read = self.db.read().await?;
        for (table, columns) in schema::columns(&mut read).await? {
            for column in columns {
                let rows: (i64,) = match read.tx() {
                    crate::tx::Tx::Sqlite(tx) => {
                        let text = format!(
                            "SELECT COUNT(*) FROM {table} WHERE instr(CAST({column} AS BLOB), CAST(? AS BLOB)) > 0"
                        );
                        sqlx::query_as(AssertSqlSafe(text)).bind(words).fetch_one(&mut **tx).await?
                    }
                    crate::tx::Tx::Postgres(tx) => {
                        // Bytes are written as hex in text.
                        let text = format!(
                            "SELECT COUNT(*) FROM {table} WHERE position($1 IN {column}::text) > 0 \
                             OR position(encode(convert_to($1, 'UTF8'), 'hex') IN {column}::text) > 0"
                        );
                        sqlx::query_as(AssertSqlSafe(text)).bind(words).fetch_one(&mut **tx).await?
                    }
                };
                if rows.0 > 0 {
                    found.push(format!("{table}.{column}"));
                }
            }
        }
        Ok(found)
    }

    /// Runs statements as somebody with the database file in hand might: past every use case.
    ///
    /// # Errors
    /// What the engine says.
    pub async fn tamper(&self, statements: &str) -> Result<(), Error> {
        let mut tx = self.db.begin_write().await?;
        let text = AssertSqlSafe(statements.to_owned());
        match tx.tx() {
            crate::tx::Tx::Sqlite(tx) => sqlx::raw_sql(text).execute(&mut **tx).await.map(|_| ())?,
            crate::tx::Tx::Postgres(tx) => sqlx::raw_sql(text).execute(&mut **tx).await.map(|_| ())?,
        }
        tx.commit().await
    }
}

/// What SQLite's connection of a transaction is set to; `None` on PostgreSQL.
///
/// # Errors
/// What the engine says.
pub async fn pragma(tx: &mut crate::Read, name: &str) -> Result<Option<String>, Error> {
    let crate::tx::Tx::Sqlite(tx) = tx.tx() else { return Ok(None) };
    let text = AssertSqlSafe(format!("SELECT CAST({name} AS TEXT) FROM pragma_{name}"));
    let (value,): (String,) = sqlx::query_as(text).fetch_one(&mut **tx).await?;
    Ok(Some(value))
}

/// Every table of an SQLite database, and whether it is STRICT; none on PostgreSQL.
///
/// # Errors
/// What the engine says.
pub async fn strictness(db: &Db) -> Result<Vec<(String, bool)>, Error> {
    let mut read = db.read().await?;
    let crate::tx::Tx::Sqlite(tx) = read.tx() else { return Ok(Vec::new()) };
    let text = "SELECT l.name, l.strict FROM sqlite_schema t JOIN pragma_table_list l ON l.name = t.name \
                WHERE t.type = 'table' AND l.schema = 'main' AND t.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY 1";
    Ok(sqlx::query_as(text).fetch_all(&mut **tx).await?)
}

/// Runs a test's body on a fresh database of each engine.
///
/// # Errors
/// What making a database fails with; the body panics by itself.
pub async fn on_both(mut body: impl AsyncFnMut(&TestDb)) -> Result<(), Error> {
    on_both_of_schema(schema::CURRENT, async |test: &mut TestDb| body(test).await).await
}

/// Runs a test's body on a database of each engine as an older program left it.
///
/// # Errors
/// As [`on_both`].
pub async fn on_both_of_schema(version: i64, mut body: impl AsyncFnMut(&mut TestDb)) -> Result<(), Error> {
    let mut sqlite = TestDb::sqlite_of_schema(version).await?;
    body(&mut sqlite).await;
    sqlite.finish().await?;
    match TestDb::postgres_of_schema(version).await? {
        Some(mut postgres) => {
            body(&mut postgres).await;
            postgres.finish().await
        }
        None => {
            eprintln!("{POSTGRES_VARIABLE} is not set: skipped on PostgreSQL");
            Ok(())
        }
    }
}

fn failure(error: std::io::Error) -> Error {
    Error::Database { code: None, message: error.to_string() }
}
