//! Where the engines differ, and the one place where a statement's text is put together.

use sqlx::AssertSqlSafe;
use std::fmt::Write as _;
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

/// Rows that point at nothing: table, row, the table pointed at, which of its foreign keys.
pub(crate) const SQLITE_FOREIGN_KEYS: &str = "PRAGMA foreign_key_check";

/// How the places of values are marked in a statement.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Marks {
    /// `$1, $2`: what PostgreSQL understands.
    Numbered,
    /// `?, ?`: SQLite keeps a list of marks that have a name, a number's too, and goes through it
    /// for each value bound, which at a thousand marks takes longer than the rows.
    InOrder,
}

/// `INSERT … VALUES ($1, $2), ($3, $4) …`: a static head and tail with placeholders between them.
/// No value is ever part of the text.
pub(crate) struct Values {
    marks: Marks,
    head: &'static str,
    columns: usize,
    tail: &'static str,
    full: Option<Arc<str>>,
}

impl Values {
    /// Rows a statement. PostgreSQL takes 65,535 parameters, SQLite 32,766; beyond some hundred
    /// rows neither gets faster.
    pub(crate) const ROWS: usize = 200;

    pub(crate) const fn new(marks: Marks, head: &'static str, columns: usize, tail: &'static str) -> Self {
        Self { marks, head, columns, tail, full: None }
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
        let mut text = String::with_capacity(self.head.len() + rows * self.columns * 7 + self.tail.len() + 16);
        text.push_str(self.head);
        text.push_str(" VALUES ");
        let mut number = 0;
        for row in 0..rows {
            text.push_str(if row == 0 { "(" } else { ", (" });
            for column in 0..self.columns {
                number += 1;
                let comma = if column == 0 { "" } else { ", " };
                // Writing to a String cannot fail.
                let _ = match self.marks {
                    Marks::Numbered => write!(text, "{comma}${number}"),
                    Marks::InOrder => write!(text, "{comma}?"),
                };
            }
            text.push(')');
        }
        text.push(' ');
        text.push_str(self.tail);
        text.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_count_on_through_the_rows() {
        let mut values = Values::new(Marks::Numbered, "INSERT INTO t (a, b)", 2, "ON CONFLICT DO NOTHING");
        let text = |values: &mut Values, rows| values.text(rows).0.0.to_string();
        assert_eq!(text(&mut values, 1), "INSERT INTO t (a, b) VALUES ($1, $2) ON CONFLICT DO NOTHING");
        assert_eq!(text(&mut values, 2), "INSERT INTO t (a, b) VALUES ($1, $2), ($3, $4) ON CONFLICT DO NOTHING");
        assert!(text(&mut values, Values::ROWS).contains("($399, $400)"));
        assert!(values.text(Values::ROWS).1 && !values.text(Values::ROWS - 1).1);
        let mut values = Values::new(Marks::InOrder, "INSERT INTO t (a, b)", 2, "");
        assert_eq!(text(&mut values, 2), "INSERT INTO t (a, b) VALUES (?, ?), (?, ?) ");
    }
}
