//! Local accounts: who keeps whose, from the first letter to the last day.
//!
//! Who may do what to whose account is the rule in [`domain::account`]. Each use case here finds the
//! account, asks that rule, acts, ends what must end at once, and records it, in one transaction.
//! What is not for somebody's eyes is answered as unknown; what others do instead is refused with
//! their names.
//!
//! Credentials exist in clear in the answer of the one call that issues them ([`Letter`]), and as
//! slow hashes ever after.

mod access;
mod ask_for_oneself;
mod batch;
mod card_ending;
mod change;
mod checked;
mod close;
mod colleagues;
mod create;
mod credentials;
mod detail;
mod doubles;
mod endless;
mod handover;
mod helpers;
mod history;
mod inactive;
mod keeping;
mod letter;
mod letters_preview;
mod line;
mod list;
mod mails;
mod making;
mod merge;
mod merge_preview;
mod operator;
mod own;
mod reactivate;
mod reading;
mod register;
mod reissue;
mod replace;
mod requests;
mod site;
mod subjects;
mod telling;
mod withdraw;

pub use batch::{BatchOrder, BatchProgress, BatchResult};
pub use create::{AccountOrder, IssuedAccount};
pub use domain::exchange::accounts::Holder;
pub(crate) use history::deeds_of;
pub use letter::Letter;
pub(crate) use line::card_of;
pub use mails::{Outgoing, Sending};
pub use own::EndedOwn;
pub use register::Registered;

/// Most accounts that one call acts on.
pub const ACCOUNTS_MAX: usize = 1_000;
