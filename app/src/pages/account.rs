//! `/account` and the pages under it: what somebody sees and does about their own account.

pub mod passkeys;
