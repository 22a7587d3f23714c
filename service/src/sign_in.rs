//! Signing in.

pub mod counting;
