//! What a password of one's own must be: long enough, and not what everybody tries first.
//!
//! NIST SP 800-63B-4 §3.1.1.2: fifteen characters where the password stands alone, eight before a
//! second factor, at least 64 taken, no rules about kinds of characters, a blocklist. The blocklist
//! is a list of words, not of passwords: it is held against every spelling at once (capitals,
//! `0` for o, accents), beside runs (`12345`, `qwerty`, `aaaa`), years, and the words of the place.

use std::sync::LazyLock;
use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

/// The longest password taken, in characters.
pub const MAX_CHARACTERS: usize = 256;

/// What is wrong with a password that somebody wants to have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PasswordProblem {
    /// Fewer characters than [`Standing::min_characters`].
    #[error("the password is too short")]
    TooShort,
    /// More than [`MAX_CHARACTERS`].
    #[error("the password is too long")]
    TooLong,
    /// Made of what everybody tries first.
    #[error("the password is made of common words, runs or years")]
    Common,
    /// Made of the person's or the school's own names, or of what the system is about.
    #[error("the password is made of names or words of the place")]
    OfThePlace,
}

/// What a password is asked together with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Nothing: the password is the only factor.
    Alone,
    /// A second factor, such as the matrix.
    BeforeSecondFactor,
}

impl Standing {
    /// The fewest characters, counted as code points of the composed form.
    #[must_use]
    pub const fn min_characters(self) -> usize {
        match self {
            Self::Alone => 15,
            Self::BeforeSecondFactor => 8,
        }
    }

    /// The fewest characters that must be left when everything common is taken out.
    const fn min_uncommon(self) -> usize {
        match self {
            Self::Alone => 5,
            Self::BeforeSecondFactor => 4,
        }
    }
}

/// Words that are tried first, one per line, folded as by [`fold`].
static COMMON: LazyLock<Vec<Vec<char>>> =
    LazyLock::new(|| include_str!("common.txt").lines().map(|word| word.chars().collect()).collect());

/// The words of the place: what the system is about.
const PLACE: [&str; 24] = [
    "adgang",
    "elev",
    "eksamen",
    "exam",
    "klasse",
    "klass",
    "kommun",
    "laerer",
    "larare",
    "lærer",
    "matrice",
    "matris",
    "matrix",
    "national",
    "nationella",
    "nationale",
    "prov",
    "prøve",
    "rektor",
    "resultat",
    "skola",
    "skole",
    "test",
    "unilogin",
];

/// Rows of the keyboards in use, Danish and Swedish; digits count as a run of their own.
const KEYBOARD: [&str; 4] = ["qwertyuiopå", "asdfghjklæø", "asdfghjklöä", "zxcvbnm"];

/// May this be somebody's password? `context` is what belongs to the person and the place: user
/// name, names, the school's name.
///
/// # Errors
/// The first thing that is wrong with it.
pub fn judge(password: &str, standing: Standing, context: &[&str]) -> Result<(), PasswordProblem> {
    let characters = Zeroizing::new(password.nfc().flat_map(char::to_lowercase).collect::<Vec<char>>());
    let length = password.nfc().count();
    if length < standing.min_characters() {
        return Err(PasswordProblem::TooShort);
    }
    if length > MAX_CHARACTERS {
        return Err(PasswordProblem::TooLong);
    }
    let folded = Zeroizing::new(characters.iter().map(|c| fold(*c)).collect::<Vec<char>>());
    let mut taken = vec![false; characters.len()];
    for word in COMMON.iter() {
        take_word(&folded, word, &mut taken);
    }
    take_runs(&characters, &mut taken);
    take_years(&characters, &mut taken);
    take_repetition(&folded, &mut taken);
    if left(&taken) < standing.min_uncommon() {
        return Err(PasswordProblem::Common);
    }
    for word in PLACE.into_iter().chain(context.iter().copied()).flat_map(words) {
        take_word(&folded, &word, &mut taken);
    }
    if left(&taken) < standing.min_uncommon() { Err(PasswordProblem::OfThePlace) } else { Ok(()) }
}

fn left(taken: &[bool]) -> usize {
    taken.iter().filter(|taken| !**taken).count()
}

/// A character as the lists spell it: the letter that a digit or sign stands for, no accents.
const fn fold(c: char) -> char {
    match c {
        '0' | 'ø' | 'ö' => 'o',
        '1' | '!' | '|' => 'i',
        '3' | 'é' => 'e',
        '4' | '@' | 'å' | 'ä' | 'æ' => 'a',
        '5' | '$' => 's',
        '7' => 't',
        other => other,
    }
}

/// The folded words of a text that are long enough to mean something; and the text as a whole.
fn words(text: &str) -> Vec<Vec<char>> {
    let folded: Vec<char> = text.nfc().flat_map(char::to_lowercase).map(fold).collect();
    let mut words: Vec<Vec<char>> = folded.split(|c| !c.is_alphanumeric()).map(<[char]>::to_vec).collect();
    words.push(folded);
    words.retain(|word| word.len() >= 3);
    words
}

/// Takes out every occurrence of a word.
fn take_word(folded: &[char], word: &[char], taken: &mut [bool]) {
    if word.is_empty() {
        return;
    }
    for (start, window) in folded.windows(word.len()).enumerate() {
        if window == word {
            take(taken, start, word.len());
        }
    }
}

fn take(taken: &mut [bool], start: usize, length: usize) {
    taken.iter_mut().skip(start).take(length).for_each(|taken| *taken = true);
}

/// Takes out runs of three and more: the same character, the next one, the one before, the
/// neighbour on the keyboard.
fn take_runs(characters: &[char], taken: &mut [bool]) {
    let steps: [fn(char, char) -> bool; 5] = [
        |a, b| a == b,
        |a, b| u32::from(b) == u32::from(a) + 1,
        |a, b| u32::from(a) == u32::from(b) + 1,
        |a, b| on_keyboard(a, b),
        |a, b| on_keyboard(b, a),
    ];
    for is_step in steps {
        let mut start = 0;
        for group in characters.chunk_by(|a, b| is_step(*a, *b)) {
            if group.len() >= 3 {
                take(taken, start, group.len());
            }
            start += group.len();
        }
    }
}

/// Does the second key lie right of the first?
fn on_keyboard(a: char, b: char) -> bool {
    KEYBOARD.iter().any(|row| row.chars().zip(row.chars().skip(1)).any(|pair| pair == (a, b)))
}

/// Takes out years, 1900 to 2099.
fn take_years(characters: &[char], taken: &mut [bool]) {
    for (start, window) in characters.windows(4).enumerate() {
        if let [century @ ('1' | '2'), second, third, fourth] = window
            && matches!((century, second), ('1', '9') | ('2', '0'))
            && third.is_ascii_digit()
            && fourth.is_ascii_digit()
        {
            take(taken, start, 4);
        }
    }
}

/// If the whole is one piece over and over, takes out all but the first.
fn take_repetition(folded: &[char], taken: &mut [bool]) {
    let period = (1..=folded.len() / 2)
        .find(|period| folded.iter().zip(folded.iter().skip(*period)).all(|(first, later)| first == later));
    if let Some(period) = period {
        take(taken, period, folded.len());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use PasswordProblem::{Common, OfThePlace, TooLong, TooShort};

    const CONTEXT: [&str; 4] = ["1017-31279295", "Lindelyskolen", "Åse", "Grønvang Østergård"];

    #[test]
    fn length_counts_characters_and_depends_on_what_stands_beside() {
        let table: [(&str, Standing, Result<(), PasswordProblem>); 8] = [
            ("vq8mfz2", Standing::BeforeSecondFactor, Err(TooShort)),
            ("vq8mfz2x", Standing::BeforeSecondFactor, Ok(())),
            ("vq8mfz2xk7hwtp", Standing::Alone, Err(TooShort)),
            ("vq8mfz2xk7hwtpd", Standing::Alone, Ok(())),
            ("æøåÆØÅ§", Standing::BeforeSecondFactor, Err(TooShort)),
            ("a\u{30a}b\u{30a}c\u{30a}d\u{30a}", Standing::BeforeSecondFactor, Err(TooShort)),
            ("en lang sætning uden hastværk, men med god plads til mange ord og tegn", Standing::Alone, Ok(())),
            ("hestevogn plus violin er lig med onsdag", Standing::Alone, Ok(())),
        ];
        for (password, standing, expected) in table {
            // The sixth has seven code points once composed: only å has a composed form.
            assert_eq!(judge(password, standing, &CONTEXT), expected, "{password}");
        }
        assert_eq!(judge(&"xq7vz".repeat(52), Standing::Alone, &[]), Err(TooLong));
    }

    #[test]
    fn what_everybody_tries_first_is_refused_however_it_is_spelt() {
        for password in [
            "password1",
            "P@ssw0rd2026",
            "Passord123!",
            "Sommer2026!",
            "s0mmar2025",
            "iloveyou1",
            "qwertyui",
            "Asdfghjkl1",
            "12345678",
            "87654321",
            "11111111",
            "aaaaaaaa",
            "abcabcabc",
            "hemmelig1",
            "H3mmel1g!",
            "fodbold10",
            "Kærlighed1",
            "kærlighed12",
            "zxcvbnm1",
            "xyzxyzxyz",
            "velkommen1",
            "jensen1985",
            "liverpool",
            "Mandag2026",
        ] {
            assert_eq!(judge(password, Standing::BeforeSecondFactor, &CONTEXT), Err(Common), "{password}");
        }
        for password in
            ["passwordpassword", "123456789012345", "qwertyuiopåasdfg", "SommerSommer2026!", "kk7kk7kk7kk7kk7kk7"]
        {
            assert_eq!(judge(password, Standing::Alone, &CONTEXT), Err(Common), "{password}");
        }
    }

    #[test]
    fn the_words_of_the_place_are_refused() {
        for password in [
            "skole-2026",
            "Prøve1234",
            "matris99",
            "lindelyskolen1",
            "1017-31279295",
            "rektor2026",
            "Østergård1",
            "test-test",
            "L1nd3lysk0len",
            "unilogin!!",
        ] {
            assert_eq!(judge(password, Standing::BeforeSecondFactor, &CONTEXT), Err(OfThePlace), "{password}");
        }
        assert_eq!(
            judge("lindelyskolen1", Standing::BeforeSecondFactor, &[]),
            Ok(()),
            "elsewhere it is a word like any"
        );
    }

    #[test]
    fn nothing_is_asked_about_kinds_of_characters() {
        for password in ["kvrtmpwqzhbxdng", "VQMFZXKHWTPDBNGC", "8402 7716 3950 2648", "ж и в о т н о е ж ы"]
        {
            assert_eq!(judge(password, Standing::Alone, &CONTEXT), Ok(()), "{password}");
        }
    }

    #[test]
    fn the_list_is_folded_as_passwords_are() {
        assert!(COMMON.len() > 400);
        for word in COMMON.iter() {
            assert!(word.len() >= 4 && word.iter().all(|c| c.is_ascii_lowercase()), "{word:?}");
        }
    }
}
