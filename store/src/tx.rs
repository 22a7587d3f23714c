//! The two kinds of transaction, and the one way to put a statement to either engine.

use crate::Error;
use sqlx::{Postgres, Sqlite, Transaction};
use std::ops::{Deref, DerefMut};

/// A transaction on one engine or the other.
pub(crate) enum Tx {
    Sqlite(Transaction<'static, Sqlite>),
    Postgres(Transaction<'static, Postgres>),
}

/// A consistent read: everything read in it was true at one instant.
pub struct Read(pub(crate) Tx);

/// A write: nothing of it is seen before [`Write::commit`], and nothing remains without it.
///
/// What can be read in a [`Read`] can be read in a `Write`, which sees its own changes.
pub struct Write(pub(crate) Read);

impl std::fmt::Debug for Read {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Read")
    }
}

impl std::fmt::Debug for Write {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Write")
    }
}

impl Deref for Write {
    type Target = Read;
    fn deref(&self) -> &Read {
        &self.0
    }
}

impl DerefMut for Write {
    fn deref_mut(&mut self) -> &mut Read {
        &mut self.0
    }
}

impl Read {
    pub(crate) const fn tx(&mut self) -> &mut Tx {
        &mut self.0
    }
}

impl Write {
    /// Makes everything written so far last.
    ///
    /// # Errors
    /// [`Error::Busy`] where another transaction came between; nothing is written then.
    pub async fn commit(self) -> Result<(), Error> {
        match self.0.0 {
            Tx::Sqlite(tx) => tx.commit().await?,
            Tx::Postgres(tx) => tx.commit().await?,
        }
        Ok(())
    }
}

/// Puts one static statement, with `$1…`, to whichever engine the transaction runs on.
///
/// `sql!(tx.execute("…", a, b))` gives the number of rows touched; `fetch_all::<Row>`,
/// `fetch_optional::<Row>` and `fetch_one::<Row>` give rows.
macro_rules! sql {
    ($tx:ident.execute($text:expr $(, $bind:expr)* $(,)?)) => {
        match $tx.tx() {
            $crate::tx::Tx::Sqlite(tx) => {
                sqlx::query::<sqlx::Sqlite>($text)$(.bind($bind))*.execute(&mut **tx).await.map(|done| done.rows_affected())
            }
            $crate::tx::Tx::Postgres(tx) => {
                sqlx::query::<sqlx::Postgres>($text)$(.bind($bind))*.execute(&mut **tx).await.map(|done| done.rows_affected())
            }
        }
        .map_err($crate::Error::from)
    };
    ($tx:ident.$fetch:ident::<$row:ty>($text:expr $(, $bind:expr)* $(,)?)) => {
        match $tx.tx() {
            $crate::tx::Tx::Sqlite(tx) => {
                sqlx::query_as::<sqlx::Sqlite, $row>($text)$(.bind($bind))*.$fetch(&mut **tx).await
            }
            $crate::tx::Tx::Postgres(tx) => {
                sqlx::query_as::<sqlx::Postgres, $row>($text)$(.bind($bind))*.$fetch(&mut **tx).await
            }
        }
        .map_err($crate::Error::from)
    };
}

/// Inserts many rows, hundreds a statement.
///
/// `insert!(tx, "INSERT INTO t (a, b)", rows, row => [row.a, row.b])`, with an optional tail such
/// as `ON CONFLICT …` as the last argument.
macro_rules! insert {
    ($tx:ident, $head:expr, $rows:expr, $row:ident => [$($value:expr),* $(,)?]) => {
        insert!($tx, $head, $rows, $row => [$($value),*], "")
    };
    ($tx:ident, $head:expr, $rows:expr, $row:ident => [$($value:expr),* $(,)?], $tail:expr) => {{
        let columns = [$(stringify!($value)),*].len();
        match $tx.tx() {
            $crate::tx::Tx::Sqlite(tx) => {
                let mut statement = $crate::dialect::Values::new($head, columns, $tail);
                for chunk in $rows.chunks($crate::dialect::Values::ROWS) {
                    let (text, cached) = statement.text(chunk.len());
                    let mut query = sqlx::query::<sqlx::Sqlite>(text).persistent(cached);
                    for $row in chunk {
                        query = query$(.bind($value))*;
                    }
                    query.execute(&mut **tx).await?;
                }
            }
            $crate::tx::Tx::Postgres(tx) => {
                let statement = $crate::dialect::Unnest::new($head, columns, $tail);
                for chunk in $rows.chunks($crate::dialect::Unnest::ROWS) {
                    let query = sqlx::query::<sqlx::Postgres>(statement.text());
                    let query = query$(.bind(chunk.iter().map(|$row| {
                        // Some columns are the same in every row.
                        let _ = $row;
                        $value
                    }).collect::<Vec<_>>()))*;
                    query.execute(&mut **tx).await?;
                }
            }
        }
    }};
}
