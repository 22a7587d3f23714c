//! Everything the store promises, on SQLite and on PostgreSQL.

mod fixture;
mod keeping;
mod open;
mod school;
