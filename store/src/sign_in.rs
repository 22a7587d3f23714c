//! What signing in reads and writes: accounts by user name, counters of failures, the challenges of
//! the matrix, sign-ins under way, and the log of attempts.

use crate::column::known;
use crate::{Error, Read, Write};
use domain::{AccountId, AccountRole, Instant, InstitutionId, PersonId};
use sqlx::FromRow;
use uuid::Uuid;

/// An account as signing in sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignInAccount {
    /// The account.
    pub id: AccountId,
    /// Whose it is.
    pub person: PersonId,
    /// Where.
    pub institution: InstitutionId,
    /// Its role there.
    pub role: AccountRole,
    /// First instant at which it may be used.
    pub active_from: Instant,
    /// First instant at which it may no more.
    pub active_until: Option<Instant>,
    /// When it was made inactive.
    pub deactivated: Option<Instant>,
    /// Was it closed for good, or united with another one?
    pub gone: bool,
    /// Is its password one that was issued?
    pub password_issued: bool,
    /// The password's hash; `None` where the account has no password.
    pub password: Option<String>,
    /// Has it a card in use?
    pub has_card: bool,
}

/// Failures in a row of a password or a card, and what they brought.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StoredCounter {
    /// Failures in a row.
    pub failures: i64,
    /// No attempt before this instant.
    pub wait_until: Option<Instant>,
    /// No attempt at all any more.
    pub dead: bool,
}

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

/// One line of the log of attempts.
#[derive(Clone, Copy, Debug)]
pub struct SignInEvent<'a> {
    /// Its id.
    pub id: Uuid,
    /// When.
    pub occurred: Instant,
    /// From which network.
    pub network: &'a str,
    /// On which account; `None` where the user name was unknown.
    pub account: Option<AccountId>,
    /// What happened.
    pub outcome: &'static str,
}

/// A password as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredPassword {
    /// Whose.
    pub account: AccountId,
    /// Its hash.
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

#[derive(FromRow)]
struct AccountRow {
    id: Uuid,
    person_id: Uuid,
    institution_id: Uuid,
    role: String,
    active_from: i64,
    active_until: Option<i64>,
    deactivated: Option<i64>,
    deleted: Option<i64>,
    merged: Option<i64>,
    issued: Option<bool>,
    phc: Option<String>,
    card_id: Option<Uuid>,
}

impl AccountRow {
    fn account(self) -> Result<SignInAccount, Error> {
        Ok(SignInAccount {
            id: self.id.into(),
            person: self.person_id.into(),
            institution: self.institution_id.into(),
            role: known(AccountRole::from_code(&self.role), "account", "role", self.id)?,
            active_from: Instant(self.active_from),
            active_until: self.active_until.map(Instant),
            deactivated: self.deactivated.map(Instant),
            gone: self.deleted.is_some() || self.merged.is_some(),
            password_issued: self.issued.unwrap_or(false),
            password: self.phc,
            has_card: self.card_id.is_some(),
        })
    }
}

/// The account of this user name.
///
/// # Errors
/// [`Error::Contradiction`] for a role that is none.
pub async fn account(tx: &mut Read, user_name: &str) -> Result<Option<SignInAccount>, Error> {
    let row = sql!(tx.fetch_optional::<AccountRow>(
        "SELECT a.id, a.person_id, a.institution_id, a.role, a.active_from, a.active_until, a.deactivated, \
         a.deleted, a.merged, p.issued, p.phc, c.id AS card_id FROM account a \
         LEFT JOIN account_password p ON p.account_id = a.id \
         LEFT JOIN matrix_card c ON c.account_id = a.id AND c.replaced IS NULL \
         WHERE a.user_name = $1",
        user_name
    ))?;
    row.map(AccountRow::account).transpose()
}

/// The account of a sign-in that began after `since` and waits for its second factor, by the hash
/// of its token.
///
/// # Errors
/// [`Error::Contradiction`] for a role that is none.
pub async fn pending_account(tx: &mut Read, token: &[u8], since: Instant) -> Result<Option<SignInAccount>, Error> {
    let row = sql!(tx.fetch_optional::<AccountRow>(
        "SELECT a.id, a.person_id, a.institution_id, a.role, a.active_from, a.active_until, a.deactivated, \
         a.deleted, a.merged, p.issued, p.phc, c.id AS card_id FROM sign_in_pending s \
         JOIN account a ON a.id = s.account_id \
         LEFT JOIN account_password p ON p.account_id = a.id \
         LEFT JOIN matrix_card c ON c.account_id = a.id AND c.replaced IS NULL \
         WHERE s.token_hash = $1 AND s.created > $2 AND s.inactive = FALSE",
        token,
        since.0
    ))?;
    row.map(AccountRow::account).transpose()
}

/// The account of a sign-in that began after `since` and proved right, but on an account that may
/// not be used, by the hash of its token.
///
/// # Errors
/// What the engine says.
pub async fn inactive_account(tx: &mut Read, token: &[u8], since: Instant) -> Result<Option<AccountId>, Error> {
    let row = sql!(tx.fetch_optional::<(Uuid,)>(
        "SELECT account_id FROM sign_in_pending WHERE token_hash = $1 AND created > $2 AND inactive = TRUE",
        token,
        since.0
    ))?;
    Ok(row.map(|(id,)| AccountId(id)))
}

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

/// How often each outcome was logged for a network since an instant.
///
/// # Errors
/// What the engine says.
pub async fn network_outcomes(tx: &mut Read, network: &str, since: Instant) -> Result<Vec<(String, i64)>, Error> {
    sql!(tx.fetch_all::<(String, i64)>(
        "SELECT outcome, COUNT(*) FROM sign_in_event WHERE network = $1 AND occurred >= $2 \
         GROUP BY outcome ORDER BY outcome",
        network,
        since.0
    ))
}

/// The passwords of an institution's accounts.
///
/// # Errors
/// What the engine says.
pub async fn passwords_of(tx: &mut Read, institution: InstitutionId) -> Result<Vec<StoredPassword>, Error> {
    let rows = sql!(tx.fetch_all::<(Uuid, String)>(
        "SELECT p.account_id, p.phc FROM account_password p JOIN account a ON a.id = p.account_id \
         WHERE a.institution_id = $1 ORDER BY p.account_id",
        institution.0
    ))?;
    Ok(rows.into_iter().map(|(account, hash)| StoredPassword { account: account.into(), hash }).collect())
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

fn counter(row: Option<(i64, Option<i64>, bool)>) -> Option<StoredCounter> {
    row.map(|(failures, wait, dead)| StoredCounter { failures, wait_until: wait.map(Instant), dead })
}

/// Locks and reads the counter of the account's password.
///
/// # Errors
/// What the engine says.
pub async fn lock_password_counter(tx: &mut Write, account: AccountId) -> Result<Option<StoredCounter>, Error> {
    Ok(counter(sql!(tx.fetch_optional::<(i64, Option<i64>, bool)>(
        "UPDATE account_password SET failures = failures WHERE account_id = $1 \
         RETURNING failures, wait_until, dead",
        account.0
    ))?))
}

/// Writes the counter of the account's password.
///
/// # Errors
/// What the engine says.
pub async fn set_password_counter(tx: &mut Write, account: AccountId, counter: StoredCounter) -> Result<(), Error> {
    sql!(tx.execute(
        "UPDATE account_password SET failures = $2, wait_until = $3, dead = $4 WHERE account_id = $1",
        account.0,
        counter.failures,
        counter.wait_until.map(|until| until.0),
        counter.dead
    ))?;
    Ok(())
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

/// Clears the failures in a row of the account's password, unless it is dead.
///
/// # Errors
/// What the engine says.
pub async fn clear_password_counter(tx: &mut Write, account: AccountId) -> Result<(), Error> {
    sql!(tx.execute(
        "UPDATE account_password SET failures = 0, wait_until = NULL WHERE account_id = $1 AND dead = FALSE",
        account.0
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

/// Makes an issued password unusable; tells whether it still was usable.
///
/// # Errors
/// What the engine says.
pub async fn spend_issued_password(tx: &mut Write, account: AccountId) -> Result<bool, Error> {
    let spent = sql!(tx.execute(
        "UPDATE account_password SET dead = TRUE WHERE account_id = $1 AND issued = TRUE AND dead = FALSE",
        account.0
    ))?;
    Ok(spent == 1)
}

/// Gives the account a password: its first, or another one with a fresh counter.
///
/// # Errors
/// What the engine says.
pub async fn set_password(
    tx: &mut Write,
    account: AccountId,
    hash: &str,
    issued: bool,
    now: Instant,
) -> Result<(), Error> {
    sql!(tx.execute(
        "INSERT INTO account_password (account_id, phc, issued, failures, wait_until, dead, changed) \
         VALUES ($1, $2, $3, 0, NULL, FALSE, $4) \
         ON CONFLICT (account_id) DO UPDATE SET phc = excluded.phc, issued = excluded.issued, failures = 0, \
         wait_until = NULL, dead = FALSE, changed = excluded.changed",
        account.0,
        hash,
        issued,
        now.0
    ))?;
    sql!(tx.execute("UPDATE account SET must_change_password = $2 WHERE id = $1", account.0, issued))?;
    Ok(())
}

/// Puts another hash of the same password in the place of the present one.
///
/// # Errors
/// What the engine says.
pub async fn renew_hash(tx: &mut Write, account: AccountId, hash: &str) -> Result<(), Error> {
    sql!(tx.execute("UPDATE account_password SET phc = $2 WHERE account_id = $1", account.0, hash))?;
    Ok(())
}

/// Makes an issued password the person's own, as it is.
///
/// # Errors
/// What the engine says.
pub async fn keep_issued_password(tx: &mut Write, account: AccountId) -> Result<(), Error> {
    sql!(tx.execute("UPDATE account_password SET issued = FALSE WHERE account_id = $1", account.0))?;
    sql!(tx.execute("UPDATE account SET must_change_password = FALSE WHERE id = $1", account.0))?;
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

/// Records a sign-in that waits for its second factor.
///
/// # Errors
/// What the engine says.
pub async fn insert_pending(tx: &mut Write, token: &[u8], account: AccountId, now: Instant) -> Result<(), Error> {
    sql!(tx.execute(
        "INSERT INTO sign_in_pending (token_hash, account_id, created) VALUES ($1, $2, $3)",
        token,
        account.0,
        now.0
    ))?;
    Ok(())
}

/// Records a sign-in that proved right on an account that may not be used.
///
/// # Errors
/// What the engine says.
pub async fn insert_inactive(tx: &mut Write, token: &[u8], account: AccountId, now: Instant) -> Result<(), Error> {
    sql!(tx.execute(
        "INSERT INTO sign_in_pending (token_hash, account_id, created, inactive) VALUES ($1, $2, $3, TRUE)",
        token,
        account.0,
        now.0
    ))?;
    Ok(())
}

/// Takes an account's password and all of its cards away, hashes and all.
///
/// # Errors
/// What the engine says.
pub async fn forget_credentials(tx: &mut Write, account: AccountId) -> Result<(), Error> {
    sql!(tx.execute("DELETE FROM account_password WHERE account_id = $1", account.0))?;
    sql!(tx.execute(
        "DELETE FROM matrix_challenge WHERE card_id IN (SELECT id FROM matrix_card WHERE account_id = $1)",
        account.0
    ))?;
    sql!(tx.execute("DELETE FROM matrix_card WHERE account_id = $1", account.0))?;
    Ok(())
}

/// Ends a sign-in under way; tells whether it was there.
///
/// # Errors
/// What the engine says.
pub async fn delete_pending(tx: &mut Write, token: &[u8]) -> Result<bool, Error> {
    Ok(sql!(tx.execute("DELETE FROM sign_in_pending WHERE token_hash = $1", token))? == 1)
}

/// Ends all sign-ins under way of an account.
///
/// # Errors
/// What the engine says.
pub async fn delete_pending_of(tx: &mut Write, account: AccountId) -> Result<(), Error> {
    sql!(tx.execute("DELETE FROM sign_in_pending WHERE account_id = $1", account.0))?;
    Ok(())
}

/// Forgets sign-ins that began before an instant.
///
/// # Errors
/// What the engine says.
pub async fn forget_pending(tx: &mut Write, before: Instant) -> Result<(), Error> {
    sql!(tx.execute("DELETE FROM sign_in_pending WHERE created < $1", before.0))?;
    Ok(())
}

/// Appends to the log of attempts.
///
/// # Errors
/// What the engine says.
pub async fn log(tx: &mut Write, event: &SignInEvent<'_>) -> Result<(), Error> {
    sql!(tx.execute(
        "INSERT INTO sign_in_event (id, occurred, network, account_id, outcome) VALUES ($1, $2, $3, $4, $5)",
        event.id,
        event.occurred.0,
        event.network,
        event.account.map(|account| account.0),
        event.outcome
    ))?;
    Ok(())
}
