//! Signing in through an OpenID Connect broker, such as UNI-Login's: the authorization code flow with
//! PKCE (RFC 7636), and what ends at the broker ends here (back-channel logout).
//!
//! It speaks the protocol and proves who the broker says somebody is. What that person may do is
//! nobody's business here: of a token no right is read, and nothing is kept.
//!
//! Specifications: OpenID Connect Core 1.0 §3.1, Discovery 1.0, RP-Initiated Logout 1.0, Back-Channel Logout
//! 1.0; RFC 9207 (`iss` in the answer).

mod address;
mod claims;
mod fetch;
mod flow;
mod logout;
mod metadata;
mod provider;

pub use address::{AddressError, checked_issuer};
pub use claims::Verified;
pub use flow::{Answer, Asked, Expected};
pub use logout::LoggedOut;
pub use provider::{Broker, Client};

/// Seconds by which the broker's clock and ours may differ.
pub const LEEWAY_SECONDS: i64 = 60;

/// Why the broker proved nothing. Never holds anything of a token or an answer: it may be logged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BrokerError {
    /// It did not answer, or not in time, or with more than it should.
    #[error("the broker cannot be reached ({0})")]
    Unreachable(&'static str),
    /// It answered, and the answer proves nothing: the word says which check failed.
    #[error("the broker's answer was not taken ({0})")]
    Refused(&'static str),
}
