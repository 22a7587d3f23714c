//! What the plain forms of these pages hold, and what came of the one that was just sent.

use crate::error::AppError;
use domain::exchange::accounts::Double;
use leptos::prelude::use_context;
use serde::Deserialize;

/// The fields of a form in their order; names may repeat.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Fields(Vec<(String, String)>);

impl Fields {
    /// The values of a name that say something, in their order.
    pub fn all<'a, 'n>(&'a self, name: &'n str) -> impl Iterator<Item = &'a str> + use<'a, 'n> {
        self.0.iter().filter(move |(key, value)| key == name && !value.is_empty()).map(|(_, value)| value.as_str())
    }

    /// What a name says last.
    #[must_use]
    pub fn get(&self, name: &str) -> &str {
        self.all(name).last().unwrap_or_default()
    }

    /// The person that was chosen: by the button that takes one of several, else in the list; empty
    /// for nobody.
    #[must_use]
    pub fn person(&self) -> &str {
        match self.get("take") {
            "" => self.get("person"),
            taken => taken,
        }
    }

    /// Does a name say this?
    #[must_use]
    pub fn says(&self, name: &str, value: &str) -> bool {
        self.all(name).any(|said| said == value)
    }
}

/// A form that did not lead on: its page is shown again, with all that was typed. The server
/// provides it as context to that one answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Sent {
    /// What was typed and chosen.
    pub fields: Fields,
    /// Why it did not lead on.
    pub came: Came,
}

/// Why a form did not lead on.
#[derive(Clone, Debug, PartialEq)]
pub enum Came {
    /// It was refused.
    Refused(AppError),
    /// Somebody very like the person is there already.
    Doubles(Vec<Double>),
}

impl Sent {
    /// The refusal, if it was one.
    pub(in crate::pages) fn refusal(&self) -> Option<&AppError> {
        match &self.came {
            Came::Refused(error) => Some(error),
            Came::Doubles(_) => None,
        }
    }

    /// Who may be the person; nobody where that was not the matter.
    pub(super) fn doubles(&self) -> &[Double] {
        match &self.came {
            Came::Doubles(doubles) => doubles,
            Came::Refused(_) => &[],
        }
    }
}

/// The form that this answer is to; `None` for a page that was only asked for.
pub(in crate::pages) fn use_sent() -> Option<Sent> {
    use_context::<Sent>()
}

impl FromIterator<(&'static str, String)> for Fields {
    fn from_iter<I: IntoIterator<Item = (&'static str, String)>>(fields: I) -> Self {
        Self(fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_word_of_a_name_counts() {
        let field = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let fields = Fields(vec![field("person", ""), field("s", "a"), field("s", "b"), field("person", "7")]);
        assert_eq!((fields.get("person"), fields.get("s"), fields.get("none")), ("7", "b", ""));
        assert_eq!(fields.all("s").collect::<Vec<_>>(), ["a", "b"]);
        assert!(fields.says("s", "a") && !fields.says("s", "c") && !fields.says("person", ""));
        assert_eq!(fields.person(), "7");
        let taken = Fields(vec![field("take", "8"), field("person", "7")]);
        assert_eq!(taken.person(), "8", "the button stands before the list");
    }
}
