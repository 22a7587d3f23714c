//! Sorting lists whose order people see.
//!
//! The standard library makes its sort anew for every type of item, some 4 kB each, and the browser
//! has to load them all. Here the code exists once and moves places instead of items. That costs a
//! call through a pointer for each comparison, which lists of names do not notice; where millions
//! are sorted, the standard library's stands.

use std::cmp::Ordering;

/// Sorts by a comparison; items that are equal stay in their order.
pub fn sort_by<T>(items: &mut [T], mut compare: impl FnMut(&T, &T) -> Ordering) {
    let mut places: Vec<usize> = (0..items.len()).collect();
    sort_places(&mut places, &mut |a, b| match (items.get(a), items.get(b)) {
        (Some(a), Some(b)) => compare(a, b),
        _ => Ordering::Equal,
    });
    // Each place takes its item; an item that was moved out of the way is followed to where it went.
    for at in 0..places.len() {
        let mut from = at;
        loop {
            from = places.get(from).copied().unwrap_or(at);
            if from >= at {
                break;
            }
        }
        items.swap(at, from);
    }
}

/// Sorts by the items' own order.
pub fn sort<T: Ord>(items: &mut [T]) {
    sort_by(items, T::cmp);
}

/// Sorts by a key; items of equal keys stay in their order.
pub fn sort_by_key<T, K: Ord>(items: &mut [T], key: impl Fn(&T) -> K) {
    sort_by(items, |a, b| key(a).cmp(&key(b)));
}

#[inline(never)]
fn sort_places(places: &mut [usize], compare: &mut dyn FnMut(usize, usize) -> Ordering) {
    places.sort_by(|a, b| compare(*a, *b));
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cmp::Reverse;

    /// Every list of six items with keys 0 to 3, each item with its place beside its key.
    fn lists() -> impl Iterator<Item = Vec<(u32, usize)>> {
        (0..4_u32.pow(6)).map(|list| (0..6).map(|place| (list / 4_u32.pow(place) % 4, place as usize)).collect())
    }

    #[test]
    fn sorts_as_the_standard_library_does_and_keeps_equals_in_order() {
        for list in lists() {
            let (mut ours, mut theirs) = (list.clone(), list.clone());
            sort_by_key(&mut ours, |item| Reverse(item.0));
            theirs.sort_by_key(|item| Reverse(item.0));
            assert_eq!(ours, theirs, "{list:?}");
            sort(&mut ours);
            theirs.sort();
            assert_eq!(ours, theirs, "{list:?}");
        }
    }

    #[test]
    fn nothing_and_one() {
        let (mut none, mut one) = ([0; 0], [7]);
        sort(&mut none);
        sort(&mut one);
        assert_eq!(one, [7]);
    }
}
