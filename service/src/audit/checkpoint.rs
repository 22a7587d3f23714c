//! Checkpoints: where each chain ended at an instant, signed, to be kept away from the database.

use crate::secrets::KeyRing;
use domain::Instant;
use serde::{Deserialize, Serialize};
use store::{Error, Read};
use uuid::Uuid;

/// One line of a file of checkpoints, as JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Checkpoint {
    /// Microseconds since 1970.
    pub at: Instant,
    /// The end of every chain, by the chain's id.
    pub heads: Vec<Head>,
    /// Number of the key that signed it.
    pub key: u16,
    /// Lower-case hex of the signature.
    pub signature: String,
}

/// The end of one chain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Head {
    /// The institution's or authority's id.
    pub chain: Uuid,
    /// How many entries it has.
    pub number: i64,
    /// Lower-case hex of the last entry's code.
    pub mac: String,
}

/// Why a line is no checkpoint of this installation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CheckpointError {
    /// It is not written like one.
    #[error("line {0} is no checkpoint")]
    Malformed(usize),
    /// Its signature is not ours.
    #[error("the checkpoint in line {0} was not signed with a key of this installation")]
    Forged(usize),
}

impl Checkpoint {
    /// Takes a checkpoint of every chain.
    ///
    /// # Errors
    /// What the store fails with.
    pub async fn take(read: &mut Read, keys: &KeyRing, now: Instant) -> Result<Self, Error> {
        let heads = store::audit::heads(read).await?;
        let head =
            |(chain, head): (Uuid, store::audit::AuditHead)| Head { chain, number: head.number, mac: hex(&head.mac) };
        let heads: Vec<Head> = heads.into_iter().map(head).collect();
        let (key, secret) = keys.newest();
        let signature = hex(&secret.mac("audit checkpoint", &slices(&signed_parts(now, &heads))));
        Ok(Self { at: now, heads, key, signature })
    }

    /// The line to be kept, without its line break.
    #[must_use]
    pub fn line(&self) -> String {
        // A struct of numbers and text always has a JSON form.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Reads a file of checkpoints, oldest first; empty lines are skipped.
    ///
    /// # Errors
    /// The first line that is none, or that was not signed with one of the keys.
    pub fn read_all(text: &str, keys: &KeyRing) -> Result<Vec<Self>, CheckpointError> {
        let lines = (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty());
        lines.map(|(number, line)| Self::read_line(number, line, keys)).collect()
    }

    fn read_line(number: usize, line: &str, keys: &KeyRing) -> Result<Self, CheckpointError> {
        let checkpoint: Self = serde_json::from_str(line).map_err(|_| CheckpointError::Malformed(number))?;
        let key = keys.get(checkpoint.key).ok_or(CheckpointError::Forged(number))?;
        let expected = hex(&key.mac("audit checkpoint", &slices(&signed_parts(checkpoint.at, &checkpoint.heads))));
        let is_ours: bool = subtle::ConstantTimeEq::ct_eq(expected.as_bytes(), checkpoint.signature.as_bytes()).into();
        if is_ours { Ok(checkpoint) } else { Err(CheckpointError::Forged(number)) }
    }
}

fn signed_parts(at: Instant, heads: &[Head]) -> Vec<Vec<u8>> {
    let mut parts = vec![at.0.to_be_bytes().to_vec()];
    for head in heads {
        parts.push(head.chain.as_bytes().to_vec());
        parts.push(head.number.to_be_bytes().to_vec());
        parts.push(head.mac.as_bytes().to_vec());
    }
    parts
}

fn slices(parts: &[Vec<u8>]) -> Vec<&[u8]> {
    parts.iter().map(Vec::as_slice).collect()
}

/// Lower-case hex.
pub(super) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
