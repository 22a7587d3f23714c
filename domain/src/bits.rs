//! Sets of small numbers as bits.

/// Bits in one word.
pub(crate) const WORD: usize = 64;

/// How many words hold this many bits.
pub(crate) const fn words(bits: usize) -> usize {
    bits.div_ceil(WORD)
}

/// Is the bit set? Out of range is no.
pub(crate) fn get(words: &[u64], bit: usize) -> bool {
    words.get(bit / WORD).is_some_and(|word| word >> (bit % WORD) & 1 == 1)
}

/// Sets or clears a bit. Out of range is nothing.
pub(crate) fn set(words: &mut [u64], bit: usize, on: bool) {
    if let Some(word) = words.get_mut(bit / WORD) {
        let mask = 1 << (bit % WORD);
        if on { *word |= mask } else { *word &= !mask }
    }
}

/// The set bits, in order.
pub(crate) fn ones(words: &[u64]) -> impl Iterator<Item = usize> {
    words.iter().enumerate().flat_map(|(place, word)| {
        let mut rest = *word;
        std::iter::from_fn(move || {
            if rest == 0 {
                return None;
            }
            let bit = rest.trailing_zeros() as usize;
            rest &= rest - 1;
            Some(place * WORD + bit)
        })
    })
}

/// How many bits are set in both.
pub(crate) fn count_both(a: &[u64], b: &[u64]) -> usize {
    a.iter().zip(b).map(|(a, b)| (a & b).count_ones() as usize).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_are_set_cleared_and_counted() {
        let mut set_of = vec![0; words(130)];
        assert_eq!(set_of.len(), 3);
        for bit in [0, 63, 64, 129] {
            set(&mut set_of, bit, true);
        }
        set(&mut set_of, 63, false);
        set(&mut set_of, 500, true);
        assert_eq!(ones(&set_of).collect::<Vec<_>>(), [0, 64, 129]);
        assert!(get(&set_of, 129) && !get(&set_of, 63) && !get(&set_of, 500));
        assert_eq!(count_both(&set_of, &[1, 0, 3]), 2);
        assert_eq!((words(0), words(64), words(65)), (0, 1, 2));
    }
}
