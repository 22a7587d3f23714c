//! Find within the grid: over all rows, also those folded away or out of sight.

use domain::text::{fold, matches};

/// Names that can be found, folded once.
#[derive(Clone, Debug, Default)]
pub struct Index<T> {
    entries: Vec<(String, T)>,
}

impl<T: Copy> Index<T> {
    /// Folds the names.
    pub fn of<S: AsRef<str>>(names: impl IntoIterator<Item = (S, T)>) -> Self {
        Self { entries: names.into_iter().map(|(name, what)| (fold(name.as_ref()), what)).collect() }
    }

    /// What matches a query, in order; everything for an empty one.
    pub fn find(&self, query: &str) -> impl Iterator<Item = T> {
        let query = fold(query);
        self.entries.iter().filter(move |(name, _)| matches(name, &query)).map(|(_, what)| *what)
    }
}

/// The hit after (or before) the present one, going around.
#[must_use]
pub fn next_hit(hits: usize, present: Option<usize>, back: bool) -> Option<usize> {
    if hits == 0 {
        return None;
    }
    Some(match (present, back) {
        (None, false) => 0,
        (None, true) => hits - 1,
        (Some(at), false) => (at + 1) % hits,
        (Some(at), true) => (at + hits - 1) % hits,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_folded_words_in_order() {
        let index = Index::of([("Åse Bjørn, 4.A", 1), ("Aase Holm, 4.B", 2), ("Bo", 3)]);
        assert_eq!(index.find("aase").collect::<Vec<_>>(), [1, 2]);
        assert_eq!(index.find("åse h 4.b").collect::<Vec<_>>(), [2]);
        assert_eq!(index.find("").count(), 3);
        assert_eq!(index.find("x").count(), 0);
    }

    #[test]
    fn hits_go_around() {
        assert_eq!(next_hit(0, None, false), None);
        assert_eq!((next_hit(3, None, false), next_hit(3, Some(2), false)), (Some(0), Some(0)));
        assert_eq!((next_hit(3, None, true), next_hit(3, Some(0), true)), (Some(2), Some(2)));
    }
}
