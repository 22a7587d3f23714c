//! The rows of the audit log. What they mean and how they are chained stands in `service`.
//!
//! `chain` is the id of the institution, or of the authority for what is done at the authority.

use crate::{Error, Read, Write};
use domain::Instant;
use uuid::Uuid;

/// One entry of a chain.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct AuditRow {
    /// Its number in the chain, from 1 without gaps.
    pub number: i64,
    /// When, in microseconds since 1970.
    pub recorded: i64,
    /// What was done, in a stable word.
    pub action: String,
    /// Who did it and as what: ids and codes, as JSON.
    pub actor: String,
    /// What it was done to: kinds and ids.
    pub object: String,
    /// The request it belongs to.
    pub request: Uuid,
    /// Before and after: ids and codes only, as JSON.
    pub body: String,
    /// Salted commitment to the personal words.
    pub commitment: Vec<u8>,
    /// The code of the entry before; empty for the first.
    pub previous: Vec<u8>,
    /// The code of this entry.
    pub mac: Vec<u8>,
    /// The key it was made with.
    pub key_id: String,
}

/// The end of a chain.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuditHead {
    /// Number of the last entry; 0 for an empty chain.
    pub number: i64,
    /// Its code; empty for an empty chain.
    pub mac: Vec<u8>,
}

/// The personal words of an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditPersonal {
    /// The salt of the commitment.
    pub salt: Vec<u8>,
    /// The words, as JSON.
    pub body: String,
}

/// Reads the end of a chain and holds it until the write ends, so that numbers have no gaps.
///
/// # Errors
/// What the engine says.
pub async fn hold_head(tx: &mut Write, chain: Uuid) -> Result<AuditHead, Error> {
    let (number, mac) = sql!(tx.fetch_one::<(i64, Vec<u8>)>(
        "INSERT INTO audit_head (institution_id, number, mac) VALUES ($1, 0, $2) \
         ON CONFLICT (institution_id) DO UPDATE SET number = audit_head.number RETURNING number, mac",
        chain,
        Vec::<u8>::new()
    ))?;
    Ok(AuditHead { number, mac })
}

/// Appends an entry and its personal words, and moves the end of the chain.
///
/// # Errors
/// [`Error::Taken`] where the number is.
pub async fn append(
    tx: &mut Write,
    chain: Uuid,
    row: &AuditRow,
    personal: Option<&AuditPersonal>,
) -> Result<(), Error> {
    sql!(tx.execute(
        "INSERT INTO audit_entry (institution_id, number, recorded, action, actor, object, request, body, commitment, \
         previous, mac, key_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        chain,
        row.number,
        row.recorded,
        &row.action,
        &row.actor,
        &row.object,
        row.request,
        &row.body,
        &row.commitment,
        &row.previous,
        &row.mac,
        &row.key_id
    ))?;
    if let Some(personal) = personal {
        sql!(tx.execute(
            "INSERT INTO audit_personal (institution_id, number, salt, body) VALUES ($1, $2, $3, $4)",
            chain,
            row.number,
            &personal.salt,
            &personal.body
        ))?;
    }
    sql!(tx.execute(
        "UPDATE audit_head SET number = $2, mac = $3 WHERE institution_id = $1",
        chain,
        row.number,
        &row.mac
    ))?;
    Ok(())
}

/// Up to `most` entries of a chain after a number, in order.
///
/// # Errors
/// What the engine says.
pub async fn entries(read: &mut Read, chain: Uuid, after: i64, most: i64) -> Result<Vec<AuditRow>, Error> {
    sql!(read.fetch_all::<AuditRow>(
        "SELECT number, recorded, action, actor, object, request, body, commitment, previous, mac, key_id \
         FROM audit_entry WHERE institution_id = $1 AND number > $2 ORDER BY number LIMIT $3",
        chain,
        after,
        most
    ))
}

/// The personal words of entries after a number, up to and with another, by number.
///
/// # Errors
/// What the engine says.
pub async fn personal(
    read: &mut Read,
    chain: Uuid,
    after: i64,
    up_to: i64,
) -> Result<Vec<(i64, AuditPersonal)>, Error> {
    let rows = sql!(read.fetch_all::<(i64, Vec<u8>, String)>(
        "SELECT number, salt, body FROM audit_personal \
         WHERE institution_id = $1 AND number > $2 AND number <= $3 ORDER BY number",
        chain,
        after,
        up_to
    ))?;
    Ok(rows.into_iter().map(|(number, salt, body)| (number, AuditPersonal { salt, body })).collect())
}

/// What an entry tells of an account.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Told {
    /// Its number in the chain.
    pub number: i64,
    /// When, in microseconds since 1970.
    pub recorded: i64,
    /// What was done, in a stable word.
    pub action: String,
    /// Who did it and as what: ids and codes, as JSON.
    pub actor: String,
    /// Before and after: ids and codes only, as JSON.
    pub body: String,
    /// The personal words, as JSON, unless they were erased.
    pub personal: Option<String>,
}

/// The entries about an account that a chain holds, the newest first, at most so many. `account` is
/// its id in text.
///
/// # Errors
/// What the engine says.
pub async fn about_account(read: &mut Read, chain: Uuid, account: &str, most: i64) -> Result<Vec<Told>, Error> {
    // Some entries are about several accounts, or about a place, and name each in their rows.
    sql!(read.fetch_all::<Told>(
        "SELECT e.number, e.recorded, e.action, e.actor, e.body, p.body AS personal FROM audit_entry e \
         LEFT JOIN audit_personal p ON p.institution_id = e.institution_id AND p.number = e.number \
         WHERE e.institution_id = $1 AND e.action LIKE 'account.%' AND (e.object = $2 OR e.body LIKE $3) \
         ORDER BY e.number DESC LIMIT $4",
        chain,
        format!("account {account}"),
        format!("%{account}%"),
        most
    ))
}

/// Erases the personal words of an entry; the chain stays whole. Were there any?
///
/// # Errors
/// What the engine says.
pub async fn erase_personal(tx: &mut Write, chain: Uuid, number: i64) -> Result<bool, Error> {
    let erased =
        sql!(tx.execute("DELETE FROM audit_personal WHERE institution_id = $1 AND number = $2", chain, number))?;
    Ok(erased > 0)
}

/// The end of every chain that has one, by the chain's id.
///
/// # Errors
/// What the engine says.
pub async fn heads(read: &mut Read) -> Result<Vec<(Uuid, AuditHead)>, Error> {
    let rows = sql!(read.fetch_all::<(Uuid, i64, Vec<u8>)>(
        "SELECT institution_id, number, mac FROM audit_head ORDER BY institution_id"
    ))?;
    Ok(rows.into_iter().map(|(chain, number, mac)| (chain, AuditHead { number, mac })).collect())
}

/// Every chain that has entries or an end, by id.
///
/// # Errors
/// What the engine says.
pub async fn chains(read: &mut Read) -> Result<Vec<Uuid>, Error> {
    let rows = sql!(read.fetch_all::<(Uuid,)>(
        "SELECT institution_id FROM audit_head UNION SELECT institution_id FROM audit_entry ORDER BY 1"
    ))?;
    Ok(rows.into_iter().map(|(chain,)| chain).collect())
}

/// When the last entry of a chain was written.
///
/// # Errors
/// What the engine says.
pub async fn last_recorded(read: &mut Read, chain: Uuid) -> Result<Option<Instant>, Error> {
    let (at,) = sql!(
        read.fetch_one::<(Option<i64>,)>("SELECT MAX(recorded) FROM audit_entry WHERE institution_id = $1", chain)
    )?;
    Ok(at.map(Instant))
}
