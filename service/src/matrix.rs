//! The matrix: a printed card of 100 cells, asked for three at a time as the second factor.
//!
//! The card is drawn once, and its cells exist in clear only in the answer that prints it. At the
//! issue the challenges are drawn too, and of them only slow hashes are kept, one per challenge and
//! each bound to the account, the card, its coordinates and its three cells: an attempt costs one
//! hash, a copy of the database gives no cell, a card or challenge that is carried to another account
//! opens nothing there, and no answer can say which cell was wrong.
//!
//! NIST SP 800-63B-4 §3.1.2.2 asks that a look-up secret be used once and each cell too, where
//! possible. [`CellUse::Strict`] is that letter. The default asks each triple once and each cell at
//! most three times; [`CellUse::Free`] lets the list start over, so that a school keeps one card
//! over years. The last two are deviations, chosen by the installation.

use crate::env::Env;
use crate::fault::Fault;
use crate::password::{Hasher, Material};
use domain::AccountId;
use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;
use uuid::Uuid;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

/// Columns A to J, rows 1 to 10.
const SIDE: u8 = 10;
/// Cells of a card.
pub const CELLS: u8 = SIDE * SIDE;
/// Cells asked for at a time.
pub const ASKED: usize = 3;
/// Symbols of a card's serial.
const SERIAL: u8 = 6;
/// What cells are made of: letters and digits without I, O, 0 and 1. Five bits each, so that three
/// cells of two have 30.
const ALPHABET: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

/// A place on the card, such as `B7`: the column's letter, the row's number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Coordinate(u8);

impl Coordinate {
    /// All places of a card, column by column.
    pub fn all() -> impl Iterator<Item = Self> {
        (0..CELLS).map(Self)
    }
}

impl fmt::Display for Coordinate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", char::from(b'A' + self.0 / SIDE), self.0 % SIDE + 1)
    }
}

/// A text is not a place on a card.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a coordinate from A1 to J10")]
pub struct NotACoordinate;

impl FromStr for Coordinate {
    type Err = NotACoordinate;

    fn from_str(text: &str) -> Result<Self, NotACoordinate> {
        Self::all().find(|place| place.to_string() == text).ok_or(NotACoordinate)
    }
}

/// Three different places, in the order of the card.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Challenge([Coordinate; ASKED]);

impl Challenge {
    /// A challenge of these places; `None` if two are the same.
    fn new(mut places: [Coordinate; ASKED]) -> Option<Self> {
        places.sort_unstable();
        let [a, b, c] = places;
        (a != b && b != c).then_some(Self(places))
    }

    /// The places asked for.
    #[must_use]
    pub const fn places(&self) -> &[Coordinate; ASKED] {
        &self.0
    }
}

impl fmt::Display for Challenge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [a, b, c] = self.0;
        write!(f, "{a} {b} {c}")
    }
}

impl FromStr for Challenge {
    type Err = NotACoordinate;

    fn from_str(text: &str) -> Result<Self, NotACoordinate> {
        let mut places = text.split(' ').map(str::parse);
        let mut next = || places.next().unwrap_or(Err(NotACoordinate));
        let challenge = Self::new([next()?, next()?, next()?]).ok_or(NotACoordinate)?;
        if places.next().is_some() { Err(NotACoordinate) } else { Ok(challenge) }
    }
}

/// How often cells and challenges of one card may be asked for: a setting of the installation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CellUse {
    /// 33 challenges without a common cell, then a new card.
    Strict,
    /// 100 challenges, no cell in more than three, then a new card.
    #[default]
    Limited,
    /// The same 100, and the list starts over.
    Free,
}

impl CellUse {
    /// All settings.
    pub const ALL: [Self; 3] = [Self::Strict, Self::Limited, Self::Free];

    /// Its word in the configuration.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Strict => "strict",
            Self::Limited => "limited",
            Self::Free => "free",
        }
    }

    /// Does the list of challenges start over when all are used?
    #[must_use]
    pub const fn starts_over(self) -> bool {
        matches!(self, Self::Free)
    }

    /// Draws the challenges of a new card, in the order in which they will be asked.
    ///
    /// The first 33 have no cell in common under every setting: with the lists that repeat cells,
    /// each hundred of cells is drawn to its end before the next begins.
    #[must_use]
    pub fn draw(self, env: &Env) -> Vec<Challenge> {
        let rounds = if self == Self::Strict { 1 } else { 3 };
        loop {
            let mut places = Vec::with_capacity(rounds * usize::from(CELLS));
            for _ in 0..rounds {
                let mut round: Vec<Coordinate> = Coordinate::all().collect();
                env.shuffle(&mut round);
                places.extend(round);
            }
            if let Some(challenges) = into_challenges(&places) {
                return challenges;
            }
        }
    }
}

/// The places three by three (what is left over is dropped); `None` if a place meets itself where
/// two rounds join, or a triple comes twice.
fn into_challenges(places: &[Coordinate]) -> Option<Vec<Challenge>> {
    let (triples, _) = places.as_chunks::<ASKED>();
    let challenges: Vec<Challenge> = triples.iter().map(|triple| Challenge::new(*triple)).collect::<Option<_>>()?;
    let different: BTreeSet<Challenge> = challenges.iter().copied().collect();
    (different.len() == challenges.len()).then_some(challenges)
}

/// A card in clear, for the one answer that prints it. Leaves memory when dropped.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct Matrix {
    cells: Vec<[u8; 2]>,
}

impl fmt::Debug for Matrix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Matrix")
    }
}

impl Matrix {
    /// Draws a card.
    #[must_use]
    pub fn draw(env: &Env) -> Self {
        let symbol = || env.choose(ALPHABET).copied().unwrap_or_default();
        Self { cells: Coordinate::all().map(|_| [symbol(), symbol()]).collect() }
    }

    /// All places and cells, column by column, for printing.
    pub fn cells(&self) -> impl Iterator<Item = (Coordinate, Zeroizing<String>)> {
        Coordinate::all().map(|place| (place, self.cell(place)))
    }

    /// The cell at a place.
    #[must_use]
    pub fn cell(&self, place: Coordinate) -> Zeroizing<String> {
        let cell = self.cells.get(usize::from(place.0)).copied().unwrap_or_default();
        Zeroizing::new(cell.map(char::from).iter().collect())
    }

    fn answer(&self, challenge: &Challenge) -> Answer {
        let [a, b, c] = challenge.places().map(|place| self.cell(place));
        Answer([a, b, c])
    }
}

/// Three cells as somebody gave them, brought into the card's spelling. Leaves memory when dropped.
pub struct Answer([Zeroizing<String>; ASKED]);

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Answer")
    }
}

impl Answer {
    /// The answer in what was typed into one field or three: capitals, spaces and marks between the cells do
    /// not matter.
    ///
    /// Anything else than six characters is an answer too, and a wrong one.
    #[must_use]
    pub fn read(typed: &[&str]) -> Self {
        let written: Zeroizing<String> = Zeroizing::new(
            typed
                .iter()
                .flat_map(|text| text.chars())
                .filter(|c| c.is_alphanumeric())
                .flat_map(char::to_uppercase)
                .take(64)
                .collect(),
        );
        let from_to = |skip, take| Zeroizing::new(written.chars().skip(skip).take(take).collect::<String>());
        Self([from_to(0, 2), from_to(2, 2), from_to(4, 64)])
    }

    /// What is hashed: the account, its card, the three places and the three cells.
    #[must_use]
    pub fn material(&self, account: AccountId, card: Uuid, challenge: &Challenge) -> Material {
        let places = challenge.places().map(|place| place.0);
        let [a, b, c] = self.0.each_ref().map(|cell| cell.as_bytes());
        Material::matrix(account, &[card.as_bytes(), &places, a, b, c])
    }
}

/// A card that was issued: what is printed once, and what is kept.
#[derive(Debug)]
pub struct IssuedCard {
    /// The card's id, bound into each hash.
    pub id: Uuid,
    /// What is printed on the card to tell it from others; no secret.
    pub serial: String,
    /// The cells in clear; to be printed and dropped.
    pub matrix: Matrix,
    /// Challenges and their hashes, in the order in which they will be asked.
    pub challenges: Vec<(Challenge, String)>,
}

/// Draws a card for an account and hashes its challenges, over all cores; a second or two at the standard cost.
///
/// # Errors
/// [`Fault::Internal`] if hashing fails.
pub async fn issue(account: AccountId, cell_use: CellUse, hasher: &Hasher, env: &Env) -> Result<IssuedCard, Fault> {
    let (id, matrix, challenges) = (env.id(), Matrix::draw(env), cell_use.draw(env));
    let serial = (0..SERIAL).filter_map(|_| env.choose(ALPHABET)).copied().map(char::from).collect();
    let material = |asked| matrix.answer(asked).material(account, id, asked);
    let materials = challenges.iter().map(|asked| (material(asked), env.random())).collect();
    let hashes = hasher.hash_all(materials).await?;
    Ok(IssuedCard { id, serial, matrix, challenges: challenges.into_iter().zip(hashes).collect() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::env::{SeededRandomness, SetClock};
    use crate::password::{HashCost, HashLimits};
    use crate::secrets::{KEY_BYTES, Key, KeyRing};
    use domain::Instant;
    use std::sync::Arc;

    const ACCOUNT: AccountId = AccountId(Uuid::from_u128(0xAC));

    fn env(seed: u64) -> Env {
        Env::new(Arc::new(SetClock::at(Instant(0))), Arc::new(SeededRandomness::new(seed)))
    }

    fn hasher() -> Hasher {
        let pepper = KeyRing::of(Key::new([1; KEY_BYTES]));
        Hasher::new(HashCost::LEAST, pepper, HashLimits { running: 2, waiting: 8 }, &env(0))
    }

    fn uses(challenges: &[Challenge]) -> Vec<usize> {
        Coordinate::all()
            .map(|place| challenges.iter().filter(|challenge| challenge.places().contains(&place)).count())
            .collect()
    }

    #[test]
    fn places_are_written_a1_to_j10_and_read_back() {
        let names: Vec<String> = Coordinate::all().map(|place| place.to_string()).collect();
        assert_eq!((names.len(), names[0].as_str(), names[9].as_str(), names[99].as_str()), (100, "A1", "A10", "J10"));
        for place in Coordinate::all() {
            assert_eq!(place.to_string().parse(), Ok(place));
        }
        for wrong in ["", "A0", "A11", "K1", "a1", "A01", "A1 "] {
            assert_eq!(wrong.parse::<Coordinate>(), Err(NotACoordinate), "{wrong:?}");
        }
    }

    #[test]
    fn challenges_read_back_and_never_ask_a_place_twice() {
        let challenge: Challenge = "J10 A1 B7".parse().expect("three places");
        assert_eq!(challenge.to_string(), "A1 B7 J10");
        for wrong in ["A1 A1 B7", "A1 B7", "A1 B7 C3 D4", "A1  B7", ""] {
            assert_eq!(wrong.parse::<Challenge>(), Err(NotACoordinate), "{wrong:?}");
        }
    }

    #[test]
    fn strict_cards_ask_each_cell_once_and_the_others_three_times() {
        for seed in 0..50 {
            let strict = CellUse::Strict.draw(&env(seed));
            assert_eq!(strict.len(), 33);
            assert!(uses(&strict).iter().all(|uses| *uses <= 1));
            for cell_use in [CellUse::Limited, CellUse::Free] {
                let challenges = cell_use.draw(&env(seed));
                assert_eq!(challenges.len(), 100);
                assert!(uses(&challenges).iter().all(|uses| *uses == 3), "300 places on 100 cells");
                assert!(uses(&challenges[..33]).iter().all(|uses| *uses <= 1), "the first 33 repeat no cell");
                let different: BTreeSet<&Challenge> = challenges.iter().collect();
                assert_eq!(different.len(), 100);
            }
        }
        assert_ne!(CellUse::Limited.draw(&env(1)), CellUse::Limited.draw(&env(2)));
        assert_eq!([CellUse::Strict, CellUse::Limited, CellUse::Free].map(CellUse::starts_over), [false, false, true]);
    }

    #[test]
    fn rounds_that_join_badly_are_drawn_again() {
        let [a, b, c, d, e, f] = [0, 1, 2, 3, 4, 5].map(Coordinate);
        assert_eq!(into_challenges(&[a, b, a, c, d, e]), None, "a place meets itself");
        assert_eq!(into_challenges(&[a, b, c, c, a, b]), None, "a triple comes twice");
        assert_eq!(into_challenges(&[a, b, c, d, e, f, a]).map(|all| all.len()), Some(2));
    }

    #[test]
    fn cells_are_two_symbols_without_look_alikes() {
        let distinct: BTreeSet<u8> = ALPHABET.iter().copied().collect();
        assert_eq!(distinct.len(), 32);
        assert!(b"IO01".iter().all(|lookalike| !ALPHABET.contains(lookalike)));
        let card = Matrix::draw(&env(4));
        for (_, cell) in card.cells() {
            assert!(cell.len() == 2 && cell.bytes().all(|symbol| ALPHABET.contains(&symbol)), "{}", *cell);
        }
        assert_eq!(format!("{card:?}"), "Matrix");
    }

    async fn is_right(hasher: &Hasher, card: &IssuedCard, nth: usize, typed: &[&str]) -> bool {
        let (challenge, hash) = &card.challenges[nth];
        let place = hasher.place().expect("a place");
        let material = Answer::read(typed).material(ACCOUNT, card.id, challenge);
        place.verify(material, Some(hash.clone())).await.expect("verified")
    }

    #[tokio::test]
    async fn only_the_three_cells_asked_for_are_right_in_any_spelling() {
        let hasher = hasher();
        let card = issue(ACCOUNT, CellUse::Strict, &hasher, &env(9)).await.expect("issued");
        for (nth, (challenge, _)) in card.challenges.iter().enumerate().take(5) {
            let [a, b, c] = challenge.places().map(|place| card.matrix.cell(place).to_string());
            assert!(is_right(&hasher, &card, nth, &[&a, &b, &c]).await);
            for mark in [" ", "", ", ", "-", "\t", "\r\n"] {
                assert!(
                    is_right(&hasher, &card, nth, &[&[a.as_str(), b.as_str(), c.as_str()].join(mark)]).await,
                    "one field, with {mark:?}"
                );
            }
            assert!(is_right(&hasher, &card, nth, &[&a.to_lowercase(), &format!(" {b}\u{a0}"), &c]).await);
            for wrong in [[&a, &b, &a], [&b, &a, &c], [&a, &c, &b], [&a, &b, &String::new()]] {
                if wrong != [&a, &b, &c] {
                    assert!(!is_right(&hasher, &card, nth, &wrong.map(String::as_str)).await);
                }
            }
            assert!(!is_right(&hasher, &card, nth, &[&format!("{a}{b}{c}X")]).await, "more than asked");
            assert!(!is_right(&hasher, &card, nth, &[]).await);
            assert!(!is_right(&hasher, &card, nth + 1, &[&a, &b, &c]).await, "another challenge");
        }
        let other = issue(ACCOUNT, CellUse::Strict, &hasher, &env(9)).await.expect("issued");
        assert_eq!(other.challenges[0].0, card.challenges[0].0, "the same seed draws the same card");
    }

    #[tokio::test]
    async fn an_answer_belongs_to_its_card_and_account() {
        let hasher = hasher();
        let card = issue(ACCOUNT, CellUse::Strict, &hasher, &env(9)).await.expect("issued");
        let (challenge, hash) = &card.challenges[0];
        let right = card.matrix.answer(challenge);
        let place = hasher.place().expect("a place");
        let other = AccountId(Uuid::from_u128(0xAD));
        for (account, id, expected) in
            [(ACCOUNT, card.id, true), (ACCOUNT, Uuid::from_u128(1), false), (other, card.id, false)]
        {
            let verified = place.verify(right.material(account, id, challenge), Some(hash.clone())).await;
            assert_eq!(verified.expect("verified"), expected, "{account:?} {id}");
        }
    }

    #[tokio::test]
    async fn what_is_kept_is_a_hash_for_each_challenge() {
        let card = issue(ACCOUNT, CellUse::Limited, &hasher(), &env(10)).await.expect("issued");
        assert_eq!(card.challenges.len(), 100);
        let different: BTreeSet<&String> = card.challenges.iter().map(|(_, hash)| hash).collect();
        assert_eq!(different.len(), 100);
        assert!(different.iter().all(|hash| hash.starts_with("$argon2id$")));
    }
}
