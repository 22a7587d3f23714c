//! SQL and nothing else: SQLite and PostgreSQL.
//!
//! Start at [`Db`]: it opens a database and begins a [`Read`] or a [`Write`]. Each module below
//! them holds the statements about one thing. No rule stands here, and nobody is authorised here.
//!
//! Every statement is written once, in the SQL that both engines speak; where they differ,
//! `dialect` says so.

#[macro_use]
mod tx;

pub mod account;
mod column;
mod db;
mod dialect;
mod error;
mod schema;
mod tries;

pub mod affiliation;
pub mod alias;
pub mod audit;
pub mod backup;
pub mod broker;
pub mod directory;
pub mod draft;
pub mod erasure;
pub mod exemption;
pub mod flag;
pub mod import;
pub mod installation;
pub mod mail;
pub mod material;
pub mod notice;
pub mod person;
pub mod record;
pub mod retention;
pub mod revision;
pub mod roster;
pub mod session;
pub mod sign_in;
pub mod source;
pub mod staff;
pub mod staff_right;
#[cfg(feature = "testing")]
pub mod testing;

pub use db::Db;
pub use error::{Error, Transient};
pub use schema::CURRENT as CURRENT_SCHEMA;
pub use tries::Tries;
pub use tx::{Read, Write};
