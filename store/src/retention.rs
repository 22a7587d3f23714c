//! What has been kept long enough: how much there is of each kind, and forgetting a little of it at a
//! time. `before` is the instant before which it has.

use crate::{Error, Read, Write};
use domain::{AccountId, Instant, InstitutionId, PersonId};
use uuid::Uuid;

/// How much there is, and how to forget some of it: the statements of one kind of data. `$1` is the
/// instant, `$2` the most rows at a time.
macro_rules! kind {
    ($(#[$doc:meta])* $name:ident, $count:literal, $forget:literal) => {
        $(#[$doc])*
        pub mod $name {
            use super::{Error, Instant, Read, Write};

            /// How much of it has been kept long enough.
            ///
            /// # Errors
            /// What the engine says.
            pub async fn count(read: &mut Read, before: Instant) -> Result<u64, Error> {
                let (count,) = sql!(read.fetch_one::<(i64,)>($count, before.0))?;
                Ok(u64::try_from(count).unwrap_or(0))
            }

            /// Forgets some of it; answers how much.
            ///
            /// # Errors
            /// What the engine says.
            pub async fn forget(tx: &mut Write, before: Instant, most: i64) -> Result<u64, Error> {
                sql!(tx.execute($forget, before.0, most))
            }
        }
    };
}

kind! {
    /// Attempts to sign in.
    sign_ins,
    "SELECT COUNT(*) FROM sign_in_event WHERE occurred < $1",
    "DELETE FROM sign_in_event WHERE id IN \
     (SELECT id FROM sign_in_event WHERE occurred < $1 ORDER BY occurred, id LIMIT $2)"
}
kind! {
    /// Sessions that can be used no more.
    sessions,
    "SELECT COUNT(*) FROM session WHERE absolute_end < $1",
    "DELETE FROM session WHERE token_hash IN \
     (SELECT token_hash FROM session WHERE absolute_end < $1 ORDER BY absolute_end, token_hash LIMIT $2)"
}
kind! {
    /// Sessions that began at a broker and can be used no more.
    broker_sessions,
    "SELECT COUNT(*) FROM broker_session WHERE absolute_end < $1",
    "DELETE FROM broker_session WHERE token_hash IN \
     (SELECT token_hash FROM broker_session WHERE absolute_end < $1 ORDER BY absolute_end, token_hash LIMIT $2)"
}
kind! {
    /// Messages of a broker that would be refused for their age.
    broker_logouts,
    "SELECT COUNT(*) FROM broker_logout WHERE good_until < $1",
    "DELETE FROM broker_logout WHERE id IN \
     (SELECT id FROM broker_logout WHERE good_until < $1 ORDER BY good_until, id LIMIT $2) AND good_until < $1"
}
kind! {
    /// Sign-ins at a broker that were never completed.
    broker_sign_ins,
    "SELECT COUNT(*) FROM broker_sign_in WHERE created < $1",
    "DELETE FROM broker_sign_in WHERE state_hash IN \
     (SELECT state_hash FROM broker_sign_in WHERE created < $1 ORDER BY created, state_hash LIMIT $2)"
}
kind! {
    /// Sign-ins that were never completed.
    pending,
    "SELECT COUNT(*) FROM sign_in_pending WHERE created < $1",
    "DELETE FROM sign_in_pending WHERE token_hash IN \
     (SELECT token_hash FROM sign_in_pending WHERE created < $1 ORDER BY created, token_hash LIMIT $2)"
}
kind! {
    /// Requests that were answered.
    requests,
    "SELECT COUNT(*) FROM account_request WHERE closed < $1",
    "DELETE FROM account_request WHERE id IN \
     (SELECT id FROM account_request WHERE closed < $1 ORDER BY closed, id LIMIT $2)"
}
kind! {
    /// Passkey ceremonies that were never completed.
    ceremonies,
    "SELECT COUNT(*) FROM passkey_ceremony WHERE created < $1",
    "DELETE FROM passkey_ceremony WHERE token_hash IN \
     (SELECT token_hash FROM passkey_ceremony WHERE created < $1 ORDER BY created, token_hash LIMIT $2)"
}
kind! {
    /// What people were told.
    notices,
    "SELECT COUNT(*) FROM notice WHERE created < $1",
    "DELETE FROM notice WHERE (institution_id, id) IN \
     (SELECT institution_id, id FROM notice WHERE created < $1 ORDER BY created, id LIMIT $2)"
}
kind! {
    /// That people have read something of their inbox. A mark outlives what was read by as long as it was
    /// read after it was told.
    read_marks,
    "SELECT COUNT(*) FROM inbox_read WHERE seen < $1",
    "DELETE FROM inbox_read WHERE (institution_id, person_id, item_id) IN \
     (SELECT institution_id, person_id, item_id FROM inbox_read WHERE seen < $1 \
     ORDER BY seen, institution_id, person_id, item_id LIMIT $2)"
}
kind! {
    /// Mails that did not go out.
    mails,
    "SELECT COUNT(*) FROM mail WHERE created < $1",
    "DELETE FROM mail WHERE (institution_id, id) IN \
     (SELECT institution_id, id FROM mail WHERE created < $1 ORDER BY created, id LIMIT $2)"
}
kind! {
    /// That letters were issued and printed, by whom.
    letters,
    "SELECT COUNT(*) FROM letter WHERE issued < $1",
    "DELETE FROM letter WHERE id IN (SELECT id FROM letter WHERE issued < $1 ORDER BY issued, id LIMIT $2)"
}
kind! {
    /// Openings of protected assessment material.
    openings,
    "SELECT COUNT(*) FROM material_opening WHERE opened < $1",
    "DELETE FROM material_opening WHERE (institution_id, id) IN \
     (SELECT institution_id, id FROM material_opening WHERE opened < $1 ORDER BY opened, id LIMIT $2)"
}
kind! {
    /// Contact details of accounts that are deleted.
    contacts,
    "SELECT COUNT(*) FROM account WHERE deleted < $1 AND email IS NOT NULL",
    "UPDATE account SET email = NULL WHERE id IN (SELECT id FROM account WHERE deleted < $1 AND email IS NOT NULL \
     ORDER BY id LIMIT $2)"
}
kind! {
    /// Drafts that nobody goes on with.
    drafts,
    "SELECT COUNT(*) FROM draft WHERE kept < $1",
    "DELETE FROM draft WHERE (institution_id, person_id) IN \
     (SELECT institution_id, person_id FROM draft WHERE kept < $1 ORDER BY kept, institution_id, person_id LIMIT $2)"
}

/// How many entries of the audit logs have words that have been kept long enough.
///
/// # Errors
/// What the engine says.
pub async fn count_words(read: &mut Read, before: Instant) -> Result<u64, Error> {
    let (count,) = sql!(read.fetch_one::<(i64,)>(
        "SELECT COUNT(*) FROM audit_personal p JOIN audit_entry e \
         ON e.institution_id = p.institution_id AND e.number = p.number WHERE e.recorded < $1",
        before.0
    ))?;
    Ok(u64::try_from(count).unwrap_or(0))
}

/// When the oldest entry of a log was written whose words are still there. Entries are numbered in the
/// order of their time, so nothing is due while this one is not.
///
/// # Errors
/// What the engine says.
pub async fn oldest_words(read: &mut Read, chain: Uuid) -> Result<Option<Instant>, Error> {
    let row = sql!(read.fetch_optional::<(i64,)>(
        "SELECT e.recorded FROM audit_personal p JOIN audit_entry e \
         ON e.institution_id = p.institution_id AND e.number = p.number \
         WHERE p.institution_id = $1 ORDER BY p.number LIMIT 1",
        chain
    ))?;
    Ok(row.map(|(at,)| Instant(at)))
}

/// Forgets the words and salts of some of a log's entries; answers how many.
///
/// # Errors
/// What the engine says.
pub async fn forget_words(tx: &mut Write, chain: Uuid, before: Instant, most: i64) -> Result<u64, Error> {
    sql!(tx.execute(
        "DELETE FROM audit_personal WHERE institution_id = $1 AND number IN (SELECT p.number FROM audit_personal p \
         JOIN audit_entry e ON e.institution_id = p.institution_id AND e.number = p.number \
         WHERE p.institution_id = $1 AND e.recorded < $2 ORDER BY p.number LIMIT $3)",
        chain,
        before.0,
        most
    ))
}

/// Imports that wait and that were read before an instant.
///
/// # Errors
/// What the engine says.
pub async fn count_held(read: &mut Read, before: Instant) -> Result<u64, Error> {
    let (count,) = sql!(
        read.fetch_one::<(i64,)>("SELECT COUNT(*) FROM import_run WHERE state = 'held' AND started < $1", before.0)
    )?;
    Ok(u64::try_from(count).unwrap_or(0))
}

/// Accounts that nobody deleted, and that could be used last before an instant: where each is held,
/// and which it is.
///
/// # Errors
/// What the engine says.
pub async fn unused_accounts(read: &mut Read, before: Instant) -> Result<Vec<(InstitutionId, AccountId)>, Error> {
    let rows = sql!(read.fetch_all::<(Uuid, Uuid)>(
        "SELECT institution_id, id FROM account WHERE deleted IS NULL AND merged IS NULL \
         AND (active_until < $1 OR deactivated < $1) ORDER BY institution_id, id",
        before.0
    ))?;
    Ok(rows.into_iter().map(|(place, id)| (InstitutionId(place), AccountId(id))).collect())
}

/// Accounts that were united with another one before an instant and of which anything is kept that they
/// signed in with, or an e-mail address: where each is held, and which it is.
///
/// # Errors
/// What the engine says.
pub async fn united_accounts(read: &mut Read, before: Instant) -> Result<Vec<(InstitutionId, AccountId)>, Error> {
    let rows = sql!(read.fetch_all::<(Uuid, Uuid)>(
        "SELECT a.institution_id, a.id FROM account a WHERE a.merged < $1 AND (a.email IS NOT NULL \
         OR EXISTS (SELECT 1 FROM account_password w WHERE w.account_id = a.id) \
         OR EXISTS (SELECT 1 FROM matrix_card c WHERE c.account_id = a.id) \
         OR EXISTS (SELECT 1 FROM passkey k WHERE k.account_id = a.id)) ORDER BY a.institution_id, a.id",
        before.0
    ))?;
    Ok(rows.into_iter().map(|(place, id)| (InstitutionId(place), AccountId(id))).collect())
}

/// People who are nobody anywhere since before an instant, hold no account since then, and have not
/// been erased, by id.
///
/// # Errors
/// What the engine says.
pub async fn gone(read: &mut Read, before: Instant) -> Result<Vec<PersonId>, Error> {
    let rows = sql!(read.fetch_all::<(Uuid,)>(
        "SELECT p.id FROM person p WHERE p.created < $1 \
         AND NOT EXISTS (SELECT 1 FROM erasure e WHERE e.person_id = p.id) \
         AND NOT EXISTS (SELECT 1 FROM affiliation f WHERE f.person_id = p.id \
           AND (COALESCE(f.recorded_until, f.valid_until) IS NULL OR COALESCE(f.recorded_until, f.valid_until) >= $1)) \
         AND NOT EXISTS (SELECT 1 FROM account a WHERE a.person_id = p.id \
           AND (COALESCE(a.deleted, a.merged) IS NULL OR COALESCE(a.deleted, a.merged) >= $1)) \
         AND NOT EXISTS (SELECT 1 FROM person_flag g JOIN authority h ON h.id = g.institution_id \
           WHERE g.person_id = p.id AND (COALESCE(g.recorded_until, g.valid_until) IS NULL \
           OR COALESCE(g.recorded_until, g.valid_until) >= $1)) \
         ORDER BY p.id",
        before.0
    ))?;
    Ok(rows.into_iter().map(|(id,)| PersonId(id)).collect())
}
