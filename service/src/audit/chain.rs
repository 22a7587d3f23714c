//! The codes that hold a chain together.

use crate::secrets::Key;
use sha2::{Digest, Sha256};
use store::audit::{AuditPersonal, AuditRow};
use uuid::Uuid;

/// The code of an entry: over everything in it, its number, its chain, and the code before.
pub(super) fn code(key: &Key, chain: Uuid, row: &AuditRow) -> Vec<u8> {
    code_as(key, chain, row, row.number)
}

/// The code that an entry would have under another number.
pub(super) fn code_as(key: &Key, chain: Uuid, row: &AuditRow, number: i64) -> Vec<u8> {
    let parts: [&[u8]; 11] = [
        chain.as_bytes(),
        &number.to_be_bytes(),
        &row.recorded.to_be_bytes(),
        row.action.as_bytes(),
        row.actor.as_bytes(),
        row.object.as_bytes(),
        row.request.as_bytes(),
        row.body.as_bytes(),
        &row.commitment,
        &row.previous,
        row.key_id.as_bytes(),
    ];
    key.mac("audit entry", &parts).to_vec()
}

/// What the chain holds in place of personal words: nobody can guess them from it, as the salt is
/// erased with them.
pub(super) fn commitment(personal: &AuditPersonal) -> Vec<u8> {
    let mut digest = Sha256::new();
    digest.update(b"audit personal");
    for part in [personal.salt.as_slice(), personal.body.as_bytes()] {
        digest.update((part.len() as u64).to_be_bytes());
        digest.update(part);
    }
    digest.finalize().to_vec()
}
