//! What pages and commands exchange with `service` about accounts. No secret stands here: letters
//! exist in `service` alone, in the answer of the call that issues them.

mod detail;
mod handover;
mod inbox;
mod language;
mod letters;
mod list;
mod registration;
mod renewal;
mod second;

pub use detail::{AccountDeed, AccountDetail, AccountEvent, ByOthers, Colleague, Doer};
pub use handover::{Handover, OpenPoints, Outgoing};
pub use inbox::{
    AccessAsked, AccessChoice, AccessChoices, AccessGroup, AccessWish, AskedAccount, Closed, Inbox, InboxSettings,
    MergePreview, MergedSight, Notice, OpenAccess, Outcome, Request, Unsent, UnsentLine, UnsentState, Wish,
};
pub use language::Language;
pub use letters::{Anew, LettersPreview, LettersPreviewLine};
pub use list::{AccountFilter, AccountLine, AccountList, LetterNote};
pub use registration::{AccountChange, Double, DoubleAccounts, Holder, Likeness, Registration, Typed};
pub use renewal::{Help, Inactive, ReactivationLine, ReactivationPreview, Which, WhyInactive};
pub use second::{CardEnding, OwnPasskey, OwnPasskeys};
