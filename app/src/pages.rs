//! The pages. What lives on in the browser stands in modules of its own; the rest is the server's.

#[cfg(feature = "ssr")]
pub mod about;
#[cfg(feature = "ssr")]
pub mod account;
#[cfg(feature = "ssr")]
pub mod accounts;
#[cfg(feature = "ssr")]
pub mod alive;
#[cfg(feature = "ssr")]
pub mod doors;
pub mod exemptions;
#[cfg(feature = "ssr")]
pub mod front;
pub mod history;
pub mod imports;
#[cfg(feature = "ssr")]
pub mod inactive;
#[cfg(feature = "ssr")]
pub mod inbox;
#[cfg(feature = "ssr")]
pub mod issued;
#[cfg(feature = "ssr")]
pub mod missing;
#[cfg(feature = "ssr")]
pub mod my_rights;
#[cfg(feature = "ssr")]
pub mod portal;
#[cfg(feature = "ssr")]
pub mod sign_in;
pub mod staff;
#[cfg(feature = "ssr")]
pub mod title;

#[cfg(feature = "ssr")]
pub use title::PageTitle;
