//! Letters: issued credentials as pages of paper, in the words of the person who gets them.

mod sheet;
mod view;

pub use sheet::sheet;
pub(crate) use view::sheet_view;

use crate::error::AppError;
use ::letter::Sheet;
use service::accounts::Letter;
use std::sync::Arc;
use uuid::Uuid;

/// Letters that were just issued, for the one page that shows them. The server provides it as
/// context to the answer of the form that issued them, and to nothing else.
#[derive(Clone, Debug, Default)]
pub struct Issued(Arc<Parts>);

#[derive(Debug, Default)]
struct Parts {
    ids: Vec<Uuid>,
    sheets: Vec<Sheet>,
    refused: Vec<(String, AppError)>,
}

impl Issued {
    /// Lays the letters out; `address` is what people type to get here. Beside them stands who got
    /// none, by name, and why.
    #[must_use]
    pub fn new(letters: &[Letter], refused: Vec<(String, AppError)>, address: &str) -> Self {
        let ids = letters.iter().map(|letter| letter.id).collect();
        let sheets = letters.iter().map(|letter| sheet(letter, address)).collect();
        Self(Arc::new(Parts { ids, sheets, refused }))
    }

    /// The ids of the letters.
    #[must_use]
    pub fn ids(&self) -> &[Uuid] {
        &self.0.ids
    }

    /// The letters, one page each.
    #[must_use]
    pub fn sheets(&self) -> &[Sheet] {
        &self.0.sheets
    }

    /// Who got no letter, and why.
    #[must_use]
    pub fn refused(&self) -> &[(String, AppError)] {
        &self.0.refused
    }
}
