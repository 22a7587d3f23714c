//! The rights grid.
//!
//! Plain Rust, tried by unit tests: the choice in the address ([`choice`]), rows and columns
//! ([`rows`], [`used`]), names and words ([`names`], [`saying`]), looks ([`look`]), the cursor ([`cursor`]),
//! what is written into the draft ([`drafting`], [`undo`]), an opened cell ([`detail`]), and all of
//! it together ([`model`]).
//!
//! In the browser: the painter ([`paint`]) draws the rows in sight, [`board`] joins it to the page,
//! [`keeping`] keeps the draft and takes over colleagues' changes, [`page`] lays everything out.

pub mod board;
pub mod choice;
pub mod chooser;
pub mod cursor;
pub mod detail;
pub mod detail_panel;
pub mod drafting;
pub mod facts;
pub mod find;
#[cfg(test)]
mod fixture;
pub mod keeping;
pub mod list;
pub mod look;
pub mod model;
pub mod names;
pub mod page;
pub mod paint;
pub mod parts;
pub mod review;
pub mod rows;
pub mod saying;
pub mod sheets;
pub mod undo;
pub mod used;
pub mod who_sees;
