//! Slow, keyed hashes of passwords and matrix answers, a bounded number at a time.
//!
//! A hash is `argon2id(HMAC(pepper, purpose ‖ what is hashed))`, stored as a PHC string that names
//! its cost, its salt and the number of its pepper. What is hashed names the account too, so that a
//! hash carried to another account in the database opens nothing there. The cost is OWASP's minimum (19 MiB, two passes, one
//! lane). Since a hash takes a core and 19 MiB, at most one runs per core, a short queue waits, and
//! whoever comes after is told to try again, before anything was counted or looked up.

pub mod advice;
pub mod issued;
pub mod policy;

use crate::env::Env;
use crate::fault::Fault;
use crate::secrets::{KeyId, KeyRing};
use argon2::password_hash::phc::{Output, ParamsString, PasswordHash, Salt};
use argon2::{Algorithm, Argon2, Params, Version};
use domain::AccountId;
use domain::exchange::RefusalCode;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

/// Bytes of salt per hash.
pub const SALT_BYTES: usize = 16;

/// What one hash costs: memory and passes; the lanes are always one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HashCost {
    /// Memory in KiB.
    pub memory_kib: u32,
    /// Passes over the memory.
    pub passes: u32,
}

impl Default for HashCost {
    fn default() -> Self {
        Self::STANDARD
    }
}

impl HashCost {
    /// OWASP's minimum for argon2id: 19 MiB, two passes.
    pub const STANDARD: Self = Self { memory_kib: 19 * 1024, passes: 2 };
    /// The least that argon2 takes; for tests of what stands around the hash.
    pub const LEAST: Self = Self { memory_kib: 8, passes: 1 };
}

/// How many hashes run and wait at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HashLimits {
    /// Hashes that run at the same time.
    pub running: usize,
    /// People who wait for one, beside those whose hash is running.
    pub waiting: usize,
}

impl Default for HashLimits {
    fn default() -> Self {
        Self::for_this_machine()
    }
}

impl HashLimits {
    /// One hash per core, and eight people waiting per core: about a quarter of a second.
    #[must_use]
    pub fn for_this_machine() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        Self { running: cores, waiting: 8 * cores }
    }
}

/// What is hashed: a secret with everything it is bound to. Leaves memory when dropped.
pub struct Material {
    purpose: &'static str,
    bytes: Zeroizing<Vec<u8>>,
}

impl fmt::Debug for Material {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Material({})", self.purpose)
    }
}

impl Material {
    /// A password of an account, in the composed form (NFC): an å is the same however a keyboard
    /// builds it. Otherwise it is taken exactly as received.
    #[must_use]
    pub fn password(account: AccountId, password: &str) -> Self {
        let composed = Zeroizing::new(password.nfc().collect::<String>());
        Self { purpose: "password, version 1", bytes: joined(account, &[composed.as_bytes()]) }
    }

    /// An answer to a challenge of an account's card: what it says of card, places and cells.
    #[must_use]
    pub(crate) fn matrix(account: AccountId, answer: &[&[u8]]) -> Self {
        Self { purpose: "matrix, version 1", bytes: joined(account, answer) }
    }
}

/// The account's id, then each part with its length: no two lists of parts join to the same.
fn joined(account: AccountId, parts: &[&[u8]]) -> Zeroizing<Vec<u8>> {
    let length = parts.iter().map(|part| size_of::<u64>() + part.len()).sum::<usize>();
    let mut bytes = Zeroizing::new(Vec::with_capacity(size_of::<AccountId>() + length));
    bytes.extend_from_slice(account.0.as_bytes());
    for part in parts {
        bytes.extend_from_slice(&(part.len() as u64).to_be_bytes());
        bytes.extend_from_slice(part);
    }
    bytes
}

/// Makes and checks hashes. Cloning shares the limits.
#[derive(Clone)]
pub struct Hasher(Arc<Inner>);

struct Inner {
    cost: HashCost,
    pepper: KeyRing,
    running: Arc<Semaphore>,
    places: Arc<Semaphore>,
    parallel: usize,
    /// The salt of the hash that is computed where there is none to check.
    nobodys_salt: [u8; SALT_BYTES],
    done: AtomicU64,
}

impl fmt::Debug for Hasher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hasher").field("cost", &self.0.cost).finish_non_exhaustive()
    }
}

impl Hasher {
    /// A hasher with this cost, pepper and limits.
    #[must_use]
    pub fn new(cost: HashCost, pepper: KeyRing, limits: HashLimits, env: &Env) -> Self {
        Self(Arc::new(Inner {
            cost,
            pepper,
            running: Arc::new(Semaphore::new(limits.running)),
            places: Arc::new(Semaphore::new(limits.running.saturating_add(limits.waiting))),
            parallel: limits.running,
            nobodys_salt: env.random(),
            done: AtomicU64::new(0),
        }))
    }

    /// A place in the queue, to be taken before an attempt is counted.
    ///
    /// # Errors
    /// [`RefusalCode::Busy`] if the queue is full.
    pub fn place(&self) -> Result<Place, Fault> {
        let place = Arc::clone(&self.0.places).try_acquire_owned().map_err(|_| RefusalCode::Busy)?;
        Ok(Place { hasher: self.clone(), _place: place })
    }

    /// Hashes many things, as for a new matrix, leaving every other turn to those who sign in.
    ///
    /// # Errors
    /// [`Fault::Internal`] if argon2 fails.
    pub async fn hash_all(&self, all: Vec<(Material, [u8; SALT_BYTES])>) -> Result<Vec<String>, Fault> {
        let mut done = Vec::with_capacity(all.len());
        let mut left = all.into_iter();
        let mut workers = tokio::task::JoinSet::new();
        let start = |workers: &mut tokio::task::JoinSet<_>, nth: usize, (material, salt)| {
            let hasher = self.clone();
            workers.spawn(async move { (nth, hasher.turn(move |inner| inner.hash(&material, salt)).await) });
        };
        let mut started = 0;
        // As many at a time as there are cores: the queue for a core is fair, so whoever signs in
        // meanwhile waits for one of these hashes and not for all.
        for one in left.by_ref().take(self.0.parallel) {
            start(&mut workers, started, one);
            started += 1;
        }
        while let Some(joined) = workers.join_next().await {
            let (nth, hash) = joined.map_err(|error| Fault::Internal(format!("hashing stopped: {error}")))?;
            done.push((nth, hash?));
            if let Some(one) = left.next() {
                start(&mut workers, started, one);
                started += 1;
            }
        }
        done.sort_unstable_by_key(|(nth, _)| *nth);
        Ok(done.into_iter().map(|(_, hash)| hash).collect())
    }

    /// How many hashes were computed so far.
    #[must_use]
    pub fn done(&self) -> u64 {
        self.0.done.load(Ordering::Relaxed)
    }

    /// Was the hash made with an older cost or pepper than new ones are?
    #[must_use]
    pub fn is_outdated(&self, hash: &str) -> bool {
        let Ok(parsed) = Parsed::read(hash) else { return true };
        parsed.params.m_cost() != self.0.cost.memory_kib
            || parsed.params.t_cost() != self.0.cost.passes
            || parsed.pepper != self.0.pepper.newest().0
    }

    /// Waits for a core and computes there. The core stays taken until the work is done, even if
    /// nobody waits for the answer any more.
    async fn turn<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Inner) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, Fault> {
        let core: OwnedSemaphorePermit = Arc::clone(&self.0.running)
            .acquire_owned()
            .await
            .map_err(|error| Fault::Internal(format!("no core to hash on: {error}")))?;
        let hasher = self.clone();
        tokio::task::spawn_blocking(move || {
            let _core = core;
            work(&hasher.0)
        })
        .await
        .map_err(|error| Fault::Internal(format!("hashing stopped: {error}")))?
    }
}

/// A place in the queue of the [`Hasher`], given back when dropped.
#[derive(Debug)]
pub struct Place {
    hasher: Hasher,
    _place: OwnedSemaphorePermit,
}

impl Place {
    /// Hashes with a fresh salt.
    ///
    /// # Errors
    /// [`Fault::Internal`] if argon2 fails.
    pub async fn hash(&self, material: Material, salt: [u8; SALT_BYTES]) -> Result<String, Fault> {
        self.hasher.turn(move |inner| inner.hash(&material, salt)).await
    }

    /// Is this what the hash was made of? Without a hash the answer is no, at the same cost.
    ///
    /// # Errors
    /// [`Fault::Internal`] if the stored hash cannot be read or argon2 fails.
    pub async fn verify(&self, material: Material, hash: Option<String>) -> Result<bool, Fault> {
        self.hasher
            .turn(move |inner| match hash {
                Some(hash) => inner.verify(&material, &hash),
                None => inner.hash(&material, inner.nobodys_salt).map(|_| false),
            })
            .await
    }
}

impl Inner {
    fn hash(&self, material: &Material, salt: [u8; SALT_BYTES]) -> Result<String, Fault> {
        let (pepper, _) = self.pepper.newest();
        let mut builder = argon2::ParamsBuilder::new();
        let key_id = argon2::KeyId::new(&pepper.to_be_bytes()).map_err(argon2_failed)?;
        builder.m_cost(self.cost.memory_kib).t_cost(self.cost.passes).p_cost(1).keyid(key_id);
        let params = builder.build().map_err(argon2_failed)?;
        let phc = |error| Fault::Internal(format!("argon2: {error}"));
        let hash = PasswordHash {
            algorithm: argon2::ARGON2ID_IDENT,
            version: Some(Version::V0x13.into()),
            params: ParamsString::try_from(&params).map_err(phc)?,
            salt: Some(Salt::new(&salt).map_err(|error| Fault::Internal(format!("argon2: {error}")))?),
            hash: Some(self.compute(material, pepper, &params, &salt)?),
        };
        Ok(hash.to_string())
    }

    fn verify(&self, material: &Material, hash: &str) -> Result<bool, Fault> {
        let parsed = Parsed::read(hash)?;
        let computed = self.compute(material, parsed.pepper, &parsed.params, &parsed.salt)?;
        // `Output` compares in constant time.
        Ok(computed == parsed.hash)
    }

    fn compute(&self, material: &Material, pepper: KeyId, params: &Params, salt: &[u8]) -> Result<Output, Fault> {
        let key = self.pepper.get(pepper).ok_or_else(|| Fault::Internal(format!("there is no pepper-{pepper}.key")))?;
        let input = Zeroizing::new(key.mac(material.purpose, &[&material.bytes]));
        let mut output = [0; Params::DEFAULT_OUTPUT_LEN];
        Argon2::new(Algorithm::Argon2id, Version::V0x13, params.clone())
            .hash_password_into(input.as_slice(), salt, &mut output)
            .map_err(argon2_failed)?;
        self.done.fetch_add(1, Ordering::Relaxed);
        Output::new(&output).map_err(|error| Fault::Internal(format!("argon2: {error}")))
    }
}

fn argon2_failed(error: argon2::Error) -> Fault {
    Fault::Internal(format!("argon2: {error}"))
}

/// A stored hash, taken apart.
struct Parsed {
    params: Params,
    pepper: KeyId,
    salt: Salt,
    hash: Output,
}

impl Parsed {
    fn read(hash: &str) -> Result<Self, Fault> {
        Self::parts(hash).ok_or_else(|| Fault::Internal("a stored hash cannot be read".to_owned()))
    }

    fn parts(hash: &str) -> Option<Self> {
        let phc = PasswordHash::new(hash).ok()?;
        if phc.algorithm != argon2::ARGON2ID_IDENT || phc.version != Some(Version::V0x13.into()) {
            return None;
        }
        let params = Params::try_from(&phc.params).ok()?;
        let pepper = KeyId::from_be_bytes(params.keyid().try_into().ok()?);
        Some(Self { params, pepper, salt: phc.salt?, hash: phc.hash? })
    }
}

impl crate::service::Service {
    /// How many hashes were computed so far; tests compare it between refusals.
    #[must_use]
    pub fn hashes(&self) -> u64 {
        self.hasher.done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::env::{SeededRandomness, SetClock};
    use crate::secrets::{KEY_BYTES, Key};
    use domain::Instant;
    use std::collections::BTreeMap;
    use uuid::Uuid;

    fn env() -> Env {
        Env::new(Arc::new(SetClock::at(Instant(0))), Arc::new(SeededRandomness::new(3)))
    }

    fn ring(keys: u8) -> KeyRing {
        let keys: BTreeMap<KeyId, Key> = (1..=keys).map(|n| (KeyId::from(n), Key::new([n; KEY_BYTES]))).collect();
        KeyRing::from_keys(keys).expect("a key")
    }

    fn hasher(pepper: KeyRing, running: usize, waiting: usize) -> Hasher {
        Hasher::new(HashCost::LEAST, pepper, HashLimits { running, waiting }, &env())
    }

    const ACCOUNT: AccountId = AccountId(Uuid::from_u128(0xAC));

    async fn hash(hasher: &Hasher, password: &str) -> String {
        let place = hasher.place().expect("a place");
        place.hash(Material::password(ACCOUNT, password), env().random()).await.expect("hashed")
    }

    async fn verify(hasher: &Hasher, password: &str, hash: Option<&str>) -> bool {
        let place = hasher.place().expect("a place");
        place.verify(Material::password(ACCOUNT, password), hash.map(str::to_owned)).await.expect("verified")
    }

    #[tokio::test]
    async fn only_the_same_password_and_pepper_verify() {
        let ours = hasher(ring(1), 1, 8);
        let stored = hash(&ours, "smørrebrød i regnvejr").await;
        assert!(stored.starts_with("$argon2id$v=19$m=8,t=1,p=1,keyid="), "{stored}");
        assert!(!stored.contains("regnvejr"));
        assert!(verify(&ours, "smørrebrød i regnvejr", Some(&stored)).await);
        assert!(!verify(&ours, "smørrebrød i regnvejr ", Some(&stored)).await, "taken exactly as received");
        assert!(!verify(&ours, "Smørrebrød i regnvejr", Some(&stored)).await);
        let stolen = hasher(KeyRing::of(Key::new([9; KEY_BYTES])), 1, 8);
        assert!(!verify(&stolen, "smørrebrød i regnvejr", Some(&stored)).await, "useless without the pepper");
    }

    #[tokio::test]
    async fn a_hash_belongs_to_its_account() {
        let ours = hasher(ring(1), 1, 8);
        let stored = hash(&ours, "right").await;
        let place = ours.place().expect("a place");
        for (account, expected) in [(ACCOUNT, true), (AccountId(Uuid::from_u128(0xAD)), false)] {
            let verified = place.verify(Material::password(account, "right"), Some(stored.clone())).await;
            assert_eq!(verified.expect("verified"), expected);
        }
    }

    #[tokio::test]
    async fn composed_and_decomposed_letters_are_one() {
        let ours = hasher(ring(1), 1, 8);
        let stored = hash(&ours, "bl\u{e5}b\u{e6}rgr\u{f8}d").await;
        assert!(verify(&ours, "bla\u{30a}b\u{e6}rgr\u{f8}d", Some(&stored)).await);
        assert!(!verify(&ours, "blab\u{e6}rgr\u{f8}d", Some(&stored)).await);
    }

    #[tokio::test]
    async fn without_a_hash_the_answer_is_no_at_the_same_cost() {
        let ours = hasher(ring(1), 1, 8);
        let stored = hash(&ours, "right").await;
        let before = ours.done();
        assert!(verify(&ours, "right", Some(&stored)).await);
        let known = ours.done() - before;
        assert!(!verify(&ours, "right", None).await);
        assert_eq!((known, ours.done() - before), (1, 2));
    }

    #[tokio::test]
    async fn older_peppers_stay_good_and_are_noticed() {
        let stored = hash(&hasher(ring(1), 1, 8), "right").await;
        let rotated = hasher(ring(2), 1, 8);
        assert!(verify(&rotated, "right", Some(&stored)).await);
        assert!(rotated.is_outdated(&stored));
        assert!(!rotated.is_outdated(&hash(&rotated, "right").await));
        let costlier =
            Hasher::new(HashCost { memory_kib: 16, passes: 1 }, ring(1), HashLimits { running: 1, waiting: 1 }, &env());
        assert!(costlier.is_outdated(&stored));
    }

    #[tokio::test]
    async fn a_full_queue_is_busy_and_empties() {
        let ours = hasher(ring(1), 1, 2);
        let places: Vec<Place> = (0..3).map(|_| ours.place().expect("a place")).collect();
        assert!(matches!(ours.place(), Err(Fault::Refused(refusal)) if refusal.code == RefusalCode::Busy));
        drop(places);
        assert!(ours.place().is_ok());
    }

    #[tokio::test]
    async fn many_hashes_come_back_in_order() {
        let ours = hasher(ring(1), 2, 0);
        let words: Vec<String> = (0..20).map(|n| format!("word {n}")).collect();
        let all = words.iter().map(|word| (Material::password(ACCOUNT, word), env().random())).collect();
        let hashes = ours.hash_all(all).await.expect("hashed");
        assert_eq!(hashes.len(), 20);
        for (word, stored) in words.iter().zip(&hashes) {
            assert!(verify(&ours, word, Some(stored)).await);
        }
    }

    #[tokio::test]
    async fn a_damaged_hash_is_a_fault_and_never_a_yes() {
        let ours = hasher(ring(1), 1, 8);
        let stored = hash(&ours, "right").await;
        for damaged in ["", "right", &stored.replace("argon2id", "argon2i"), &stored.replace("v=19", "v=16")] {
            let place = ours.place().expect("a place");
            let answer = place.verify(Material::password(ACCOUNT, "right"), Some(damaged.to_owned())).await;
            assert!(matches!(answer, Err(Fault::Internal(_))), "{damaged:?}");
        }
    }
}
