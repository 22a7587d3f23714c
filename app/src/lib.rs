//! Pages, components and server functions, for the server and for the browser.
//!
//! Start at [`document`] for the routes and what stands around every page, at [`live`] for the part
//! of a page that lives on in the browser, at [`api`] for what a page may ask of the server, and at
//! [`text`] for the words. Nothing here decides anything: server functions decode, call `service`,
//! encode.

pub mod address;
pub mod api;
pub mod apply_column;
pub mod client;
#[cfg(feature = "ssr")]
pub mod document;
pub mod error;
pub mod grid;
#[cfg(feature = "ssr")]
pub mod letters;
pub mod live;
#[cfg(feature = "ssr")]
pub mod mail;
pub mod pages;
#[cfg(feature = "ssr")]
pub mod person_file;
pub mod review;
#[cfg(feature = "ssr")]
pub mod server_context;
#[cfg(feature = "ssr")]
pub mod session_state;
pub mod text;
#[cfg(feature = "ssr")]
pub mod theme;
pub mod ui;
pub mod wire;
pub mod words;
