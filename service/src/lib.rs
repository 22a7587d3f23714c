//! What a person may do: one function per use case, which authorises, acts and records in one
//! transaction. Pages, server functions, the API and the command line all come through here.
//!
//! Every use case takes an [`Actor`] and fails closed. Time, randomness and ids come from [`Env`].

pub mod accounts;
pub mod actor;
pub mod audit;
pub mod backup;
pub mod catalogue;
pub mod demo;
pub mod directory;
pub mod env;
pub mod erasure;
pub mod fault;
pub mod import;
pub mod installation;
pub mod matrix;
pub mod oversight;
pub mod passkeys;
pub mod password;
pub mod people;
pub mod person_file;
pub mod portal;
pub mod retention;
pub mod rights;
pub mod secrets;
pub mod service;
pub mod session;
pub mod sign_in;

pub use actor::{Actor, Via};
pub use env::{Clock, Env, Randomness};
pub use fault::Fault;
pub use installation::{Installation, OpenError};
pub use retention::Retention;
pub use service::{Service, Settings};
