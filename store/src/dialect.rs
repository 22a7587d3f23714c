//! Where the engines differ, and the one place where a statement's text is put together.

use sqlx::AssertSqlSafe;
use std::sync::Arc;

/// What begins each transaction on SQLite: a writer takes its lock at once, so that it never has
/// to give up half-way.
pub(crate) const SQLITE_READ: &str = "BEGIN DEFERRED";
pub(crate) const SQLITE_WRITE: &str = "BEGIN IMMEDIATE";
/// On PostgreSQL a read sees one snapshot. A write sees what was committed before each statement:
/// its first one locks the institution's row, so that all that follow see the same.
pub(crate) const POSTGRES_READ: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
pub(crate) const POSTGRES_WRITE: &str = "BEGIN ISOLATION LEVEL READ COMMITTED";

/// Names of all tables and their columns.
pub(crate) const SQLITE_COLUMNS: &str = "SELECT t.name AS table_name, c.name AS column_name \
     FROM sqlite_schema t JOIN pragma_table_info(t.name) c \
     WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY 1, 2";
pub(crate) const POSTGRES_COLUMNS: &str = "SELECT table_name::text, column_name::text \
     FROM information_schema.columns WHERE table_schema = current_schema() ORDER BY 1, 2";

/// The table of the migrations that have run; SQLite's strict tables name their types otherwise.
pub(crate) const SQLITE_HISTORY: &str =
    "CREATE TABLE adgang_schema (version INTEGER NOT NULL PRIMARY KEY, name TEXT NOT NULL) STRICT";
pub(crate) const POSTGRES_HISTORY: &str =
    "CREATE TABLE adgang_schema (version bigint NOT NULL PRIMARY KEY, name text NOT NULL)";

/// Rows that point at nothing: table, row, the table pointed at, which of its foreign keys.
pub(crate) const SQLITE_FOREIGN_KEYS: &str = "PRAGMA foreign_key_check";

/// SQLite's many rows a statement: `INSERT … VALUES (?, ?), (?, ?) …`. No value is ever part of the text.
///
/// Marks have no numbers: SQLite keeps a list of marks that have a name, a number's too, and goes
/// through it for each value bound, which at a thousand marks takes longer than the rows.
pub(crate) struct Values {
    head: &'static str,
    columns: usize,
    tail: &'static str,
    full: Option<Arc<str>>,
}

impl Values {
    /// Rows a statement. SQLite takes 32,766 parameters; beyond some hundred rows it gets no faster.
    pub(crate) const ROWS: usize = 200;

    pub(crate) const fn new(head: &'static str, columns: usize, tail: &'static str) -> Self {
        Self { head, columns, tail, full: None }
    }

    /// The text for so many rows, and whether it is worth keeping prepared.
    pub(crate) fn text(&mut self, rows: usize) -> (AssertSqlSafe<Arc<str>>, bool) {
        if rows != Self::ROWS {
            return (AssertSqlSafe(self.build(rows)), rows == 1);
        }
        let full = match &self.full {
            Some(full) => Arc::clone(full),
            None => Arc::clone(self.full.insert(self.build(rows))),
        };
        (AssertSqlSafe(full), true)
    }

    fn build(&self, rows: usize) -> Arc<str> {
        let row = format!("({})", vec!["?"; self.columns].join(", "));
        format!("{} VALUES {} {}", self.head, vec![row; rows].join(", "), self.tail).into()
    }
}

/// PostgreSQL's many rows a statement: `INSERT … SELECT * FROM unnest($1, $2)`, each parameter a
/// whole column. One text for any number of rows, prepared once.
pub(crate) struct Unnest(Arc<str>);

impl Unnest {
    /// Rows a statement.
    pub(crate) const ROWS: usize = 2_000;

    pub(crate) fn new(head: &str, columns: usize, tail: &str) -> Self {
        let marks: Vec<String> = (1..=columns).map(|number| format!("${number}")).collect();
        Self(format!("{head} SELECT * FROM unnest({}) {tail}", marks.join(", ")).into())
    }

    pub(crate) fn text(&self) -> AssertSqlSafe<Arc<str>> {
        AssertSqlSafe(Arc::clone(&self.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_row_has_its_marks_or_each_column_its_own() {
        let mut values = Values::new("INSERT INTO t (a, b)", 2, "ON CONFLICT DO NOTHING");
        let text = |values: &mut Values, rows| values.text(rows).0.0.to_string();
        assert_eq!(text(&mut values, 1), "INSERT INTO t (a, b) VALUES (?, ?) ON CONFLICT DO NOTHING");
        assert_eq!(text(&mut values, 2), "INSERT INTO t (a, b) VALUES (?, ?), (?, ?) ON CONFLICT DO NOTHING");
        assert_eq!(text(&mut values, Values::ROWS).matches('?').count(), 2 * Values::ROWS);
        assert!(values.text(Values::ROWS).1 && !values.text(Values::ROWS - 1).1);
        let unnest = Unnest::new("INSERT INTO t (a, b)", 2, "ON CONFLICT DO NOTHING");
        assert_eq!(&*unnest.text().0, "INSERT INTO t (a, b) SELECT * FROM unnest($1, $2) ON CONFLICT DO NOTHING");
    }
}
