//! Passwords that are issued: drawn, shown and printed once, good for one sign-in.

use crate::env::Env;
use zeroize::Zeroizing;

const CONSONANTS: &[u8] = b"bdfghjklmnprstvz";
const VOWELS: &[u8] = b"aeiou";
const WORDS: usize = 3;

/// What must not stand in a printed letter, in the languages of its readers.
const UNWELCOME: [&str; 12] = ["fis", "fuk", "hor", "kuk", "lort", "luder", "nazi", "pat", "pik", "rov", "sut", "tis"];

/// A fresh issued password: three words of five letters, such as `tunav-sirok-lemip`.
///
/// Consonants and vowels take turns, so that it can be read aloud and typed from paper; each word
/// has 16.6 bits, the whole 49. That is ample for one sign-in behind a keyed argon2id hash and a
/// limit on guesses.
#[must_use]
pub fn draw(env: &Env) -> Zeroizing<String> {
    loop {
        let password = draw_once(env);
        if !UNWELCOME.iter().any(|word| password.contains(word)) {
            return password;
        }
    }
}

fn draw_once(env: &Env) -> Zeroizing<String> {
    let mut password = Zeroizing::new(String::with_capacity(WORDS * 6));
    for word in 0..WORDS {
        if word > 0 {
            password.push('-');
        }
        for letters in [CONSONANTS, VOWELS, CONSONANTS, VOWELS, CONSONANTS] {
            password.extend(env.choose(letters).map(|letter| char::from(*letter)));
        }
    }
    password
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::env::{SeededRandomness, SetClock};
    use crate::password::policy::{Standing, judge};
    use domain::Instant;
    use std::collections::BTreeSet;
    use std::sync::Arc;

    #[test]
    fn issued_passwords_are_readable_differ_and_meet_our_own_policy() {
        let env = Env::new(Arc::new(SetClock::at(Instant(0))), Arc::new(SeededRandomness::new(11)));
        let drawn: BTreeSet<String> = (0..2_000).map(|_| draw(&env).to_string()).collect();
        assert_eq!(drawn.len(), 2_000);
        for password in &drawn {
            assert_eq!(password.len(), 17);
            for word in password.split('-') {
                let kinds: Vec<bool> = word.bytes().map(|letter| VOWELS.contains(&letter)).collect();
                assert_eq!(kinds, [false, true, false, true, false], "{password}");
            }
            assert_eq!(judge(password, Standing::Alone, &[]), Ok(()), "{password}");
        }
    }

    #[test]
    fn every_letter_comes_up_about_as_often() {
        let env = Env::new(Arc::new(SetClock::at(Instant(0))), Arc::new(SeededRandomness::new(12)));
        let mut counts = [0_u32; 16];
        for _ in 0..1_000 {
            for letter in draw(&env).bytes() {
                if let Some(place) = CONSONANTS.iter().position(|known| *known == letter) {
                    counts[place] += 1;
                }
            }
        }
        // 9,000 consonants, 562 of each expected; the unwelcome words take a little from some.
        assert!(counts.iter().all(|count| (450..680).contains(count)), "{counts:?}");
    }
}
