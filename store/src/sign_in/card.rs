//! Cards with their challenges, and the count of failures in a row.

use super::{StoredCounter, counter};
use crate::{Error, Read, Write};
use domain::{AccountId, Instant, InstitutionId};
use uuid::Uuid;

/// The open challenge of a card.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenChallenge {
    /// The card.
    pub card: Uuid,
    /// Its place in the list.
    pub position: i64,
    /// The coordinates, as written at issue.
    pub coordinates: String,
    /// The hash of the right answer.
    pub hash: String,
}

/// A card as it is stored, in use or replaced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredCard {
    /// Its id.
    pub id: Uuid,
    /// Whose.
    pub account: AccountId,
    /// Its challenges in their order.
    pub challenges: Vec<NewChallenge>,
}

/// A challenge of a new card: its coordinates and the hash of the right answer.
pub type NewChallenge = (String, String);

/// The first unused challenge of the account's card in use.
///
/// # Errors
/// What the engine says.
pub async fn open_challenge(tx: &mut Read, account: AccountId) -> Result<Option<OpenChallenge>, Error> {
    let row = sql!(tx.fetch_optional::<(Uuid, i64, String, String)>(
        "SELECT c.id, m.position, m.coordinates, m.phc FROM matrix_card c \
         JOIN matrix_challenge m ON m.card_id = c.id \
         WHERE c.account_id = $1 AND c.replaced IS NULL AND m.used IS NULL ORDER BY m.position LIMIT 1",
        account.0
    ))?;
    Ok(row.map(|(card, position, coordinates, hash)| OpenChallenge { card, position, coordinates, hash }))
}

/// The cards of an institution's accounts, in use and replaced.
///
/// # Errors
/// What the engine says.
pub async fn cards_of(tx: &mut Read, institution: InstitutionId) -> Result<Vec<StoredCard>, Error> {
    let rows = sql!(tx.fetch_all::<(Uuid, Uuid, String, String)>(
        "SELECT c.id, c.account_id, m.coordinates, m.phc FROM matrix_card c \
         JOIN matrix_challenge m ON m.card_id = c.id JOIN account a ON a.id = c.account_id \
         WHERE a.institution_id = $1 ORDER BY c.id, m.position",
        institution.0
    ))?;
    let mut cards: Vec<StoredCard> = Vec::new();
    for (id, account, coordinates, hash) in rows {
        match cards.last_mut().filter(|card| card.id == id) {
            Some(card) => card.challenges.push((coordinates, hash)),
            None => cards.push(StoredCard { id, account: account.into(), challenges: vec![(coordinates, hash)] }),
        }
    }
    Ok(cards)
}

/// Locks and reads the counter of the account's card in use.
///
/// # Errors
/// What the engine says.
pub async fn lock_card_counter(tx: &mut Write, account: AccountId) -> Result<Option<StoredCounter>, Error> {
    Ok(counter(sql!(tx.fetch_optional::<(i64, Option<i64>, bool)>(
        "UPDATE matrix_card SET failures = failures WHERE account_id = $1 AND replaced IS NULL \
         RETURNING failures, wait_until, dead",
        account.0
    ))?))
}

/// Writes the counter of the account's card in use.
///
/// # Errors
/// What the engine says.
pub async fn set_card_counter(tx: &mut Write, account: AccountId, counter: StoredCounter) -> Result<(), Error> {
    sql!(tx.execute(
        "UPDATE matrix_card SET failures = $2, wait_until = $3, dead = $4 \
         WHERE account_id = $1 AND replaced IS NULL",
        account.0,
        counter.failures,
        counter.wait_until.map(|until| until.0),
        counter.dead
    ))?;
    Ok(())
}

/// Clears the failures in a row of the account's card in use, unless it is dead.
///
/// # Errors
/// What the engine says.
pub async fn clear_card_counter(tx: &mut Write, account: AccountId) -> Result<(), Error> {
    sql!(tx.execute(
        "UPDATE matrix_card SET failures = 0, wait_until = NULL \
         WHERE account_id = $1 AND replaced IS NULL AND dead = FALSE",
        account.0
    ))?;
    Ok(())
}

/// Gives the account a card with its challenges in their order; a card in use is replaced.
///
/// # Errors
/// What the engine says.
pub async fn set_card(
    tx: &mut Write,
    account: AccountId,
    card: Uuid,
    serial: &str,
    challenges: &[NewChallenge],
    now: Instant,
) -> Result<(), Error> {
    sql!(tx.execute(
        "UPDATE matrix_card SET replaced = $2 WHERE account_id = $1 AND replaced IS NULL",
        account.0,
        now.0
    ))?;
    sql!(tx.execute(
        "INSERT INTO matrix_card (id, account_id, serial, failures, wait_until, dead, issued, replaced) \
         VALUES ($1, $2, $3, 0, NULL, FALSE, $4, NULL)",
        card,
        account.0,
        serial,
        now.0
    ))?;
    let rows: Vec<(i64, &NewChallenge)> = (1..).zip(challenges).collect();
    insert!(
        tx,
        "INSERT INTO matrix_challenge (card_id, position, coordinates, phc)",
        rows,
        row => [card, row.0, &row.1.0, &row.1.1]
    );
    Ok(())
}

/// Marks a challenge as used; tells whether it was unused.
///
/// # Errors
/// What the engine says.
pub async fn use_challenge(tx: &mut Write, challenge: &OpenChallenge, now: Instant) -> Result<bool, Error> {
    let used = sql!(tx.execute(
        "UPDATE matrix_challenge SET used = $3 WHERE card_id = $1 AND position = $2 AND used IS NULL",
        challenge.card,
        challenge.position,
        now.0
    ))?;
    Ok(used == 1)
}

/// Makes all challenges of a card unused again.
///
/// # Errors
/// What the engine says.
pub async fn restart_challenges(tx: &mut Write, card: Uuid) -> Result<(), Error> {
    sql!(tx.execute("UPDATE matrix_challenge SET used = NULL WHERE card_id = $1", card))?;
    Ok(())
}
