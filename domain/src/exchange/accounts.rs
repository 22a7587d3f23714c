//! What pages and commands exchange with `service` about accounts. No secret stands here: letters
//! exist in `service` alone, in the answer of the call that issues them.

mod detail;
mod handover;
mod language;
mod letters;
mod list;
mod registration;
mod renewal;
mod requests;
mod second;

pub use detail::{AccountDeed, AccountDetail, AccountEvent, ByOthers, Colleague, Doer};
pub use handover::{Handover, OpenPoints, Outgoing};
pub use language::Language;
pub use letters::{Anew, LettersPreview, LettersPreviewLine};
pub use list::{AccountFilter, AccountLine, AccountList, LetterNote};
pub use registration::{AccountChange, Double, DoubleAccounts, Holder, Likeness, Registration, Typed};
pub use renewal::{Help, Inactive, ReactivationLine, ReactivationPreview, Which, WhyInactive};
pub use requests::{Closed, Inbox, Request, Wish};
pub use second::{CardEnding, OwnPasskey, OwnPasskeys};
