//! The assessment portal (bedömningsportalen): material by subject and school form.
//!
//! Material is made for a country and belongs to no institution: every school of the country finds it.
//! Its open part is anybody's, signed in or not, as the field's own portal has it; the protected part
//! opens as [`domain::material::opens`] says. What an account may not open is answered as unknown;
//! the portal itself says which subject is missing, and who gives it.
//!
//! Bytes come out of [`Opened`] alone, which there is only after the opening was recorded.

mod add;
mod asker;
mod list;
mod open;
mod openings;
mod read;

pub use add::{MATERIAL_BYTES_MAX, MaterialOrder};
pub use open::{MaterialFile, Opened};
pub use openings::Openings;
pub(crate) use openings::openings_of;
