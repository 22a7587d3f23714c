//! The installation's secrets: keys that stand outside the database, so that a copy of the
//! database alone verifies no guess, forges no audit entry and opens no session.
//!
//! Each use has a ring of numbered keys. New values are made with the newest; values made with an
//! older one stay good. The database keeps a check value of every key, which says nothing about
//! the key, so that a database and a directory that do not belong together are found out before
//! anything is hashed or signed.

pub mod directory;
mod open;
pub mod rotation;

use crate::env::Env;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;
use subtle::ConstantTimeEq;
use zeroize::{Zeroize, ZeroizeOnDrop};

pub use directory::SecretsError;

/// Length of a key in bytes: one block of SHA-256, so that HMAC takes it as it is.
pub const KEY_BYTES: usize = 64;

/// A secret key. Its `Debug` shows nothing, and it leaves memory when dropped.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct Key([u8; KEY_BYTES]);

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key")
    }
}

impl Key {
    /// A key of these bytes.
    #[must_use]
    pub const fn new(bytes: [u8; KEY_BYTES]) -> Self {
        Self(bytes)
    }

    /// HMAC-SHA-256 over a purpose and parts.
    ///
    /// Every part goes in with its length, so that no two lists of parts share a code, and the
    /// purpose keeps the codes of different uses apart.
    #[must_use]
    pub fn mac(&self, purpose: &str, parts: &[&[u8]]) -> [u8; 32] {
        let mut mac = Hmac::<Sha256>::new(&self.0.into());
        for part in std::iter::once(purpose.as_bytes()).chain(parts.iter().copied()) {
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part);
        }
        mac.finalize().into_bytes().into()
    }
}

/// What a key is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum KeyUse {
    /// Keys the hashes of passwords and matrix answers.
    Pepper,
    /// Chains the audit log and signs its checkpoints.
    Audit,
    /// Derives the token that forms and server functions carry.
    Session,
}

impl KeyUse {
    /// All uses.
    pub const ALL: [Self; 3] = [Self::Pepper, Self::Audit, Self::Session];

    /// The stable name, in file names and check values.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pepper => "pepper",
            Self::Audit => "audit",
            Self::Session => "session",
        }
    }
}

/// Number of a key in its ring, counted from 1.
pub type KeyId = u16;

/// The keys of one use; never empty.
#[derive(Clone, Debug)]
pub struct KeyRing {
    newest: (KeyId, Key),
    older: BTreeMap<KeyId, Key>,
}

impl KeyRing {
    /// A ring of one key, number 1.
    #[must_use]
    pub const fn of(key: Key) -> Self {
        Self { newest: (1, key), older: BTreeMap::new() }
    }

    /// A ring of these keys; `None` of none.
    #[must_use]
    pub fn from_keys(mut keys: BTreeMap<KeyId, Key>) -> Option<Self> {
        let newest = keys.pop_last()?;
        Some(Self { newest, older: keys })
    }

    /// The key that new values are made with, and its number.
    #[must_use]
    pub const fn newest(&self) -> (KeyId, &Key) {
        (self.newest.0, &self.newest.1)
    }

    /// The key of this number.
    #[must_use]
    pub fn get(&self, id: KeyId) -> Option<&Key> {
        if id == self.newest.0 { Some(&self.newest.1) } else { self.older.get(&id) }
    }

    /// All keys, oldest first.
    pub fn iter(&self) -> impl Iterator<Item = (KeyId, &Key)> {
        self.older.iter().map(|(id, key)| (*id, key)).chain(std::iter::once(self.newest()))
    }
}

/// The secrets of one installation.
#[derive(Clone, Debug)]
pub struct Secrets {
    /// For hashes of passwords and matrix answers.
    pub pepper: KeyRing,
    /// For the audit log.
    pub audit: KeyRing,
    /// For tokens derived from sessions.
    pub session: KeyRing,
    /// Where they lie, and the list of erasures beside them; nowhere before they are written down.
    pub(crate) folder: Option<PathBuf>,
}

/// How a directory's keys stand to the check values that a database keeps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Belonging {
    /// Exactly the keys the database knows.
    Same,
    /// The keys the database knows and newer ones: keep these check values from now on.
    Rotated(String),
}

impl Secrets {
    /// Fresh secrets, one key for each use.
    #[must_use]
    pub fn make(env: &Env) -> Self {
        let ring = || KeyRing::of(Key::new(env.random()));
        Self { pepper: ring(), audit: ring(), session: ring(), folder: None }
    }

    /// The ring of a use.
    #[must_use]
    pub const fn ring(&self, key_use: KeyUse) -> &KeyRing {
        match key_use {
            KeyUse::Pepper => &self.pepper,
            KeyUse::Audit => &self.audit,
            KeyUse::Session => &self.session,
        }
    }

    /// The check values of all keys, for the database: lines of `use-number:hex`.
    #[must_use]
    pub fn checks(&self) -> String {
        let mut lines = Vec::new();
        for key_use in KeyUse::ALL {
            for (id, key) in self.ring(key_use).iter() {
                lines.push(format!("{}-{id}:{}", key_use.name(), check(key, key_use, id)));
            }
        }
        lines.join("\n")
    }

    /// Do these keys belong to the database that keeps these check values?
    ///
    /// # Errors
    /// [`SecretsError::KeyMissing`] where the database knows a key that is not here,
    /// [`SecretsError::Foreign`] where a key is another one, [`SecretsError::ChecksDamaged`] where
    /// the check values cannot be read.
    pub fn belong_to(&self, checks: &str) -> Result<Belonging, SecretsError> {
        let mut known = 0;
        for line in checks.lines() {
            let (name, expected) = line.split_once(':').ok_or(SecretsError::ChecksDamaged)?;
            let (key_use, id) = parse_name(name).ok_or(SecretsError::ChecksDamaged)?;
            let key = self.ring(key_use).get(id).ok_or_else(|| SecretsError::KeyMissing(name.to_owned()))?;
            if !bool::from(check(key, key_use, id).as_bytes().ct_eq(expected.as_bytes())) {
                return Err(SecretsError::Foreign(name.to_owned()));
            }
            known += 1;
        }
        if known == 0 {
            return Err(SecretsError::ChecksDamaged);
        }
        let here: usize = KeyUse::ALL.into_iter().map(|key_use| self.ring(key_use).iter().count()).sum();
        Ok(if here == known { Belonging::Same } else { Belonging::Rotated(self.checks()) })
    }
}

/// The check value of a key: half of a code over its name, which says nothing about the key.
fn check(key: &Key, key_use: KeyUse, id: KeyId) -> String {
    let code = key.mac("check", &[key_use.name().as_bytes(), &id.to_be_bytes()]);
    code.iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

/// Reads `pepper-1` and the like.
fn parse_name(name: &str) -> Option<(KeyUse, KeyId)> {
    let (key_use, id) = name.split_once('-')?;
    let key_use = KeyUse::ALL.into_iter().find(|known| known.name() == key_use)?;
    let id: KeyId = id.parse().ok().filter(|id| *id > 0)?;
    Some((key_use, id))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::env::{SeededRandomness, SetClock};
    use domain::Instant;
    use std::sync::Arc;

    pub(super) fn env(seed: u64) -> Env {
        Env::new(Arc::new(SetClock::at(Instant(0))), Arc::new(SeededRandomness::new(seed)))
    }

    fn with_second_pepper(secrets: &Secrets, env: &Env) -> Secrets {
        let mut keys: BTreeMap<KeyId, Key> = secrets.pepper.iter().map(|(id, key)| (id, key.clone())).collect();
        keys.insert(2, Key::new(env.random()));
        Secrets { pepper: KeyRing::from_keys(keys).expect("two keys"), ..secrets.clone() }
    }

    #[test]
    fn parts_and_purposes_do_not_run_into_each_other() {
        let key = Key::new([7; KEY_BYTES]);
        let code = key.mac("a", &[b"bc", b"d"]);
        assert_eq!(code, key.mac("a", &[b"bc", b"d"]));
        for other in [key.mac("a", &[b"b", b"cd"]), key.mac("ab", &[b"c", b"d"]), key.mac("a", &[b"bcd"])] {
            assert_ne!(code, other);
        }
        assert_ne!(code, Key::new([8; KEY_BYTES]).mac("a", &[b"bc", b"d"]));
    }

    #[test]
    fn keys_belong_to_the_database_that_keeps_their_checks_and_to_no_other() {
        let (ours, theirs) = (Secrets::make(&env(1)), Secrets::make(&env(2)));
        assert_eq!(ours.belong_to(&ours.checks()).expect("ours"), Belonging::Same);
        assert!(matches!(theirs.belong_to(&ours.checks()), Err(SecretsError::Foreign(name)) if name == "pepper-1"));
        let mixed = Secrets { audit: theirs.audit.clone(), ..ours.clone() };
        assert!(matches!(mixed.belong_to(&ours.checks()), Err(SecretsError::Foreign(name)) if name == "audit-1"));
    }

    #[test]
    fn rotation_adds_a_key_and_going_back_is_refused() {
        let env = env(1);
        let before = Secrets::make(&env);
        let after = with_second_pepper(&before, &env);
        assert_eq!(after.pepper.newest().0, 2, "new values take the newest key");
        assert!(after.pepper.get(1).is_some(), "older values stay good");
        let Belonging::Rotated(checks) = after.belong_to(&before.checks()).expect("ours") else {
            panic!("the new key is to be kept");
        };
        assert_eq!(after.belong_to(&checks).expect("ours"), Belonging::Same);
        assert!(matches!(before.belong_to(&checks), Err(SecretsError::KeyMissing(name)) if name == "pepper-2"));
    }

    #[test]
    fn unreadable_checks_prove_nothing() {
        let ours = Secrets::make(&env(1));
        for damaged in ["", "pepper-1", "salt-1:00", "pepper-0:00", "pepper-x:00"] {
            assert!(matches!(ours.belong_to(damaged), Err(SecretsError::ChecksDamaged)), "{damaged:?}");
        }
    }

    #[test]
    fn debug_shows_no_key() {
        let shown = format!("{:?}", Secrets::make(&env(1)));
        assert!(shown.contains("Key") && !shown.chars().any(|c| "456789".contains(c)), "{shown}");
    }
}
