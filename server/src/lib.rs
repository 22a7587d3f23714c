//! The `adgang` binary as a library, so that tests drive the very same server.
//!
//! Start at [`command::run`] for the command line and at [`web::router`] for HTTP.

pub mod answer;
pub mod cli;
pub mod command;
pub mod logging;
pub mod mail;
pub mod settings;
pub mod web;
