//! What a person may do: one function per use case, which authorises, acts and records in one
//! transaction. Pages, server functions, the API and the command line all come through here.
//!
//! Every use case takes an [`Actor`] and fails closed. Time, randomness and ids come from [`Env`].

pub mod account;
pub mod actor;
pub mod audit;
pub mod catalogue;
pub mod env;
pub mod fault;
pub mod matrix;
pub mod password;
pub mod rights;
pub mod secrets;
pub mod service;
pub mod session;
pub mod sign_in;

pub use actor::{Actor, Via};
pub use env::{Clock, Env, Randomness};
pub use fault::Fault;
pub use service::{Service, Settings};
