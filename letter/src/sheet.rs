//! One page of paper, in words.

use std::fmt;
use zeroize::Zeroizing;

/// Columns of a matrix, and rows.
pub const SIDE: usize = 10;

/// One page: all that stands on it, in the order in which it is read.
#[derive(Clone, Debug)]
pub struct Sheet {
    /// The language of all its words: `da`, `sv`, `en`.
    pub language: &'static str,
    /// Who hands it out.
    pub sender: String,
    /// What it is.
    pub title: String,
    /// To whom, by name.
    pub name: String,
    /// As what, and where.
    pub position: String,
    /// User name and password, side by side: never one without the other.
    pub credentials: Vec<Credential>,
    /// The matrix, where one is issued.
    pub matrix: Option<Matrix>,
    /// The heading of the instructions.
    pub steps_title: String,
    /// The instructions, one after the other.
    pub steps: Vec<String>,
    /// The heading of who helps.
    pub help_title: String,
    /// Whom to ask, and what to do when this is lost.
    pub help: String,
    /// Number, date and who issued it: the page's last line.
    pub imprint: String,
}

/// Something to sign in with, or a sentence about it.
#[derive(Clone)]
pub struct Credential {
    /// What it is.
    pub label: String,
    /// As it is typed; `None` where what the person has stays good.
    pub value: Option<Zeroizing<String>>,
    /// A sentence under it, or in its place.
    pub note: Option<String>,
}

impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credential").field("label", &self.label).finish_non_exhaustive()
    }
}

/// A matrix as it is printed.
#[derive(Clone)]
pub struct Matrix {
    /// Its name, with serial and user name.
    pub caption: String,
    /// How a cell is found.
    pub hint: String,
    /// What the letters name.
    pub column: String,
    /// What the numbers name.
    pub row: String,
    /// The letters over the columns.
    pub columns: [char; SIDE],
    /// The cells, row by row.
    pub rows: Vec<[Zeroizing<String>; SIDE]>,
}

impl fmt::Debug for Matrix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Matrix").field("caption", &self.caption).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_secret_is_not_written_for_a_log() {
        let value = Some(Zeroizing::new("kanariefugl-71".to_owned()));
        let credential = Credential { label: "Password".to_owned(), value, note: None };
        let cell = || Zeroizing::new("Q7".to_owned());
        let matrix = Matrix {
            caption: "Card".to_owned(),
            hint: String::new(),
            column: String::new(),
            row: String::new(),
            columns: ['A'; SIDE],
            rows: vec![std::array::from_fn(|_| cell())],
        };
        let said = format!("{credential:?} {matrix:?}");
        assert!(!said.contains("kanariefugl") && !said.contains("Q7"), "{said}");
    }
}
