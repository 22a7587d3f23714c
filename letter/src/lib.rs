//! Letters: what one person is handed on paper.
//!
//! A [`Sheet`] is one page with every word that stands on it, in the order in which it is read. Pages
//! show it as HTML, and [`pdf()`] typesets it. Who writes the words, and for whom, is not known here.

mod face;
mod pdf;
mod pen;
mod sheet;

pub use pdf::{PdfError, pdf};
pub use sheet::{Credential, Matrix, SIDE, Sheet};
