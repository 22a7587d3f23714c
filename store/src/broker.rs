//! Who somebody is at a broker, sign-ins under way there, and what the broker says has ended.

pub mod session;

use crate::{Error, Read, Write};
use domain::{Instant, PersonId, UniId};
use uuid::Uuid;

/// Records a sign-in that waits for the broker's answer: the hash of its state, and of the token of the
/// browser that asked.
///
/// # Errors
/// What the engine says.
pub async fn begin(tx: &mut Write, state: &[u8], browser: &[u8], now: Instant) -> Result<(), Error> {
    sql!(tx.execute(
        "INSERT INTO broker_sign_in (state_hash, browser_hash, created) VALUES ($1, $2, $3)",
        state,
        browser,
        now.0
    ))?;
    Ok(())
}

/// Takes a sign-in out that began after `since`; tells whether it was there, and was this browser's. It is
/// gone afterwards, whoever asked.
///
/// # Errors
/// What the engine says.
pub async fn take(tx: &mut Write, state: &[u8], browser: &[u8], since: Instant) -> Result<bool, Error> {
    let taken = sql!(tx.fetch_optional::<(Vec<u8>, i64)>(
        "DELETE FROM broker_sign_in WHERE state_hash = $1 RETURNING browser_hash, created",
        state
    ))?;
    Ok(taken.is_some_and(|(of, created)| of == browser && created > since.0))
}

/// Forgets sign-ins that began before an instant; tells how many.
///
/// # Errors
/// What the engine says.
pub async fn forget(tx: &mut Write, before: Instant) -> Result<u64, Error> {
    sql!(tx.execute("DELETE FROM broker_sign_in WHERE created <= $1", before.0))
}

/// Whom a broker means.
///
/// # Errors
/// What the engine says.
pub async fn identity(read: &mut Read, issuer: &str, subject: &str) -> Result<Option<PersonId>, Error> {
    let row = sql!(read.fetch_optional::<(Uuid,)>(
        "SELECT person_id FROM broker_identity WHERE issuer = $1 AND subject = $2",
        issuer,
        subject
    ))?;
    Ok(row.map(|(person,)| PersonId(person)))
}

/// Records whom a broker means.
///
/// # Errors
/// [`Error::Taken`] where the broker means somebody by that already.
pub async fn link(tx: &mut Write, issuer: &str, subject: &str, person: PersonId, now: Instant) -> Result<(), Error> {
    sql!(tx.execute(
        "INSERT INTO broker_identity (issuer, subject, person_id, linked) VALUES ($1, $2, $3, $4)",
        issuer,
        subject,
        person.0,
        now.0
    ))?;
    Ok(())
}

/// The person of a UNI-Login id.
///
/// # Errors
/// What the engine says.
pub async fn person_of(read: &mut Read, uni_id: &UniId) -> Result<Option<PersonId>, Error> {
    let row =
        sql!(read.fetch_optional::<(Uuid,)>("SELECT person_id FROM uni_login WHERE uni_id = $1", uni_id.as_str()))?;
    Ok(row.map(|(person,)| PersonId(person)))
}

/// A person's UNI-Login id.
///
/// # Errors
/// [`Error::Contradiction`] for one that is none.
pub async fn uni_id_of(read: &mut Read, person: PersonId) -> Result<Option<UniId>, Error> {
    let row = sql!(read.fetch_optional::<(String,)>("SELECT uni_id FROM uni_login WHERE person_id = $1", person.0))?;
    row.map(|(id,)| crate::column::known(id.parse().ok(), "uni_login", "uni_id", person)).transpose()
}

/// Records a person's UNI-Login id; nothing where it is recorded.
///
/// # Errors
/// [`Error::Taken`] where it is somebody else's, or the person has another.
pub async fn keep_uni_id(tx: &mut Write, uni_id: &UniId, person: PersonId, now: Instant) -> Result<(), Error> {
    if person_of(tx, uni_id).await? == Some(person) {
        return Ok(());
    }
    sql!(tx.execute(
        "INSERT INTO uni_login (uni_id, person_id, recorded) VALUES ($1, $2, $3)",
        uni_id.as_str(),
        person.0,
        now.0
    ))?;
    Ok(())
}

/// Records a broker's message that something ended; tells whether it is heard for the first time.
///
/// # Errors
/// What the engine says.
pub async fn hear(tx: &mut Write, issuer: &str, id: &str, good_until: Instant) -> Result<bool, Error> {
    let first = sql!(tx.execute(
        "INSERT INTO broker_logout (issuer, id, good_until) VALUES ($1, $2, $3) ON CONFLICT (issuer, id) DO NOTHING",
        issuer,
        id,
        good_until.0
    ))?;
    Ok(first == 1)
}

/// Forgets messages that would be refused for their age by now.
///
/// # Errors
/// What the engine says.
pub async fn forget_heard(tx: &mut Write, now: Instant) -> Result<u64, Error> {
    sql!(tx.execute("DELETE FROM broker_logout WHERE good_until < $1", now.0))
}

/// Where a person went last.
///
/// # Errors
/// What the engine says.
pub async fn last_place(read: &mut Read, person: PersonId) -> Result<Option<Uuid>, Error> {
    let row = sql!(read.fetch_optional::<(Uuid,)>("SELECT place_id FROM place_choice WHERE person_id = $1", person.0))?;
    Ok(row.map(|(place,)| place))
}

/// Records where a person goes.
///
/// # Errors
/// What the engine says.
pub async fn keep_place(tx: &mut Write, person: PersonId, place: Uuid, now: Instant) -> Result<(), Error> {
    sql!(tx.execute(
        "INSERT INTO place_choice (person_id, place_id, chosen) VALUES ($1, $2, $3) \
         ON CONFLICT (person_id) DO UPDATE SET place_id = excluded.place_id, chosen = excluded.chosen",
        person.0,
        place,
        now.0
    ))?;
    Ok(())
}

/// When a broker's words were tied to a person.
///
/// # Errors
/// What the engine says.
pub async fn ties_of(read: &mut Read, person: PersonId) -> Result<Vec<Instant>, Error> {
    let rows = sql!(read.fetch_all::<(i64,)>(
        "SELECT linked FROM broker_identity WHERE person_id = $1 ORDER BY linked, issuer, subject",
        person.0
    ))?;
    Ok(rows.into_iter().map(|(linked,)| Instant(linked)).collect())
}

/// A person's sign-ins through a broker: when, and whether they were let in.
///
/// # Errors
/// What the engine says.
pub async fn tries_of(read: &mut Read, person: PersonId) -> Result<Vec<(Instant, bool)>, Error> {
    let rows = sql!(read.fetch_all::<(i64, String)>(
        "SELECT occurred, outcome FROM sign_in_event WHERE person_id = $1 ORDER BY occurred, id",
        person.0
    ))?;
    Ok(rows.into_iter().map(|(at, outcome)| (Instant(at), outcome == "broker-signed-in")).collect())
}

/// Unties a person's UNI-Login id and the brokers' words for them.
///
/// # Errors
/// What the engine says.
pub async fn untie(tx: &mut Write, person: PersonId) -> Result<(), Error> {
    sql!(tx.execute("DELETE FROM uni_login WHERE person_id = $1", person.0))?;
    sql!(tx.execute("DELETE FROM broker_identity WHERE person_id = $1", person.0))?;
    Ok(())
}
