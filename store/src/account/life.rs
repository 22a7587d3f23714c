//! Accounts with all that their state follows from, and what happens to them in their life.

use crate::column::known;
use crate::roster::Alias;
use crate::{Error, Read, Write};
use domain::{AccountId, AccountRole, AuthorityId, Instant, InstitutionId, PersonId, UserType, Zone};
use sqlx::FromRow;
use uuid::Uuid;

/// An account with its person and how its credentials stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountRecord {
    /// Our id.
    pub id: AccountId,
    /// Where it is held.
    pub place: InstitutionId,
    /// Its number there.
    pub number: i64,
    /// Its user name.
    pub user_name: String,
    /// Whose.
    pub person: PersonId,
    /// Given names; the alias where the person is protected.
    pub given: String,
    /// Family name; empty where the person is protected.
    pub family: String,
    /// Is the person's identity protected?
    pub protected: bool,
    /// Is the person a live member of staff in the newest roster of the place?
    pub in_newest_roster: bool,
    /// What it may act as.
    pub role: AccountRole,
    /// Where the person is written to.
    pub email: Option<String>,
    /// When it was made.
    pub created: Instant,
    /// First instant at which it may be used.
    pub active_from: Instant,
    /// First instant at which it may no more.
    pub active_until: Option<Instant>,
    /// When it was deactivated.
    pub deactivated: Option<Instant>,
    /// By whom; absent where nobody or the operator did it.
    pub deactivated_by: Option<PersonId>,
    /// When it was deleted.
    pub deleted: Option<Instant>,
    /// When it was united with another account, and with which one.
    pub merged: Option<(Instant, AccountId)>,
    /// Its password, if it has one.
    pub password: Option<PasswordStanding>,
    /// Its card in use, if it has one.
    pub card: Option<CardStanding>,
    /// Passkeys that can be used.
    pub passkeys: i64,
}

/// How a password stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PasswordStanding {
    /// Was it issued, rather than chosen?
    pub issued: bool,
    /// Can it be used no more?
    pub dead: bool,
    /// Failures in a row.
    pub failures: i64,
}

/// How a card stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CardStanding {
    /// What is printed on it.
    pub serial: String,
    /// Can it be used no more?
    pub dead: bool,
    /// Challenges that are not used yet.
    pub left: i64,
}

#[derive(FromRow)]
struct RecordRow {
    id: Uuid,
    institution_id: Uuid,
    country: String,
    number: i64,
    user_name: String,
    person_id: Uuid,
    given: String,
    family: String,
    protected: bool,
    alias: Option<i64>,
    in_newest_roster: bool,
    role: String,
    email: Option<String>,
    created: i64,
    active_from: i64,
    active_until: Option<i64>,
    deactivated: Option<i64>,
    deactivated_by: Option<Uuid>,
    deleted: Option<i64>,
    merged: Option<i64>,
    merged_into: Option<Uuid>,
    issued: Option<bool>,
    dead: Option<bool>,
    failures: Option<i64>,
    serial: Option<String>,
    card_dead: Option<bool>,
    challenges: i64,
    passkeys: i64,
}

impl AccountRecord {
    /// Is it closed for good, or united with another one?
    #[must_use]
    pub const fn is_gone(&self) -> bool {
        self.deleted.is_some() || self.merged.is_some()
    }
}

impl RecordRow {
    fn record(self) -> Result<AccountRecord, Error> {
        let zone = known(Zone::of_country(&self.country), "account", "institution_id", self.id)?;
        let (given, family) = if self.protected {
            (Alias::of_staff(zone).name(self.alias), String::new())
        } else {
            (self.given, self.family)
        };
        let password = match (self.issued, self.dead, self.failures) {
            (Some(issued), Some(dead), Some(failures)) => Some(PasswordStanding { issued, dead, failures }),
            _ => None,
        };
        let card = match (self.serial, self.card_dead) {
            (Some(serial), Some(dead)) => Some(CardStanding { serial, dead, left: self.challenges }),
            _ => None,
        };
        Ok(AccountRecord {
            id: self.id.into(),
            place: self.institution_id.into(),
            number: self.number,
            user_name: self.user_name,
            person: self.person_id.into(),
            given,
            family,
            protected: self.protected,
            in_newest_roster: self.in_newest_roster,
            role: known(AccountRole::from_code(&self.role), "account", "role", self.id)?,
            email: self.email,
            created: Instant(self.created),
            active_from: Instant(self.active_from),
            active_until: self.active_until.map(Instant),
            deactivated: self.deactivated.map(Instant),
            deactivated_by: self.deactivated_by.map(PersonId),
            deleted: self.deleted.map(Instant),
            merged: self.merged.map(Instant).zip(self.merged_into.map(AccountId)),
            password,
            card,
            passkeys: self.passkeys,
        })
    }
}

/// The one statement about accounts, `$1` being now, and what picks them out.
macro_rules! records {
    ($which:literal) => {
        concat!(
            "SELECT a.id, a.institution_id, COALESCE(i.country, h.country) AS country, a.number, a.user_name, \
             a.person_id, p.given, p.family, p.protected, alias.number AS alias, \
             EXISTS (SELECT 1 FROM affiliation f WHERE f.institution_id = a.institution_id \
               AND f.person_id = a.person_id AND f.source IN ('file', 'list') AND f.kind = 'staff' \
               AND f.recorded_until IS NULL AND (f.valid_from IS NULL OR f.valid_from <= $1) \
               AND (f.valid_until IS NULL OR f.valid_until > $1)) AS in_newest_roster, \
             a.role, a.email, a.created, a.active_from, a.active_until, a.deactivated, a.deactivated_by, a.deleted, \
             a.merged, a.merged_into, w.issued, w.dead, w.failures, c.serial, c.dead AS card_dead, \
             (SELECT COUNT(*) FROM matrix_challenge m WHERE m.card_id = c.id AND m.used IS NULL) AS challenges, \
             (SELECT COUNT(*) FROM passkey k WHERE k.account_id = a.id AND k.dead = FALSE) AS passkeys \
             FROM account a JOIN person p ON p.id = a.person_id \
             LEFT JOIN institution i ON i.id = a.institution_id \
             LEFT JOIN authority h ON h.id = COALESCE(i.authority_id, a.institution_id) \
             LEFT JOIN pupil_alias alias ON alias.institution_id = a.institution_id AND alias.person_id = a.person_id \
             LEFT JOIN account_password w ON w.account_id = a.id \
             LEFT JOIN matrix_card c ON c.account_id = a.id AND c.replaced IS NULL WHERE ",
            $which
        )
    };
}

/// One account.
///
/// # Errors
/// [`Error::Contradiction`] for a role or country that is none.
pub async fn by_id(read: &mut Read, id: AccountId, now: Instant) -> Result<Option<AccountRecord>, Error> {
    let row = sql!(read.fetch_optional::<RecordRow>(records!("a.id = $2"), now.0, id.0))?;
    row.map(RecordRow::record).transpose()
}

/// The account of a user name.
///
/// # Errors
/// [`Error::Contradiction`] for a role or country that is none.
pub async fn by_user_name(read: &mut Read, user_name: &str, now: Instant) -> Result<Option<AccountRecord>, Error> {
    let row = sql!(read.fetch_optional::<RecordRow>(records!("a.user_name = $2"), now.0, user_name))?;
    row.map(RecordRow::record).transpose()
}

/// All accounts of an institution or authority, deleted ones too, by number.
///
/// # Errors
/// [`Error::Contradiction`] for a role or country that is none.
pub async fn of_place(read: &mut Read, place: InstitutionId, now: Instant) -> Result<Vec<AccountRecord>, Error> {
    let text = records!("a.institution_id = $2 ORDER BY a.number");
    let rows = sql!(read.fetch_all::<RecordRow>(text, now.0, place.0))?;
    rows.into_iter().map(RecordRow::record).collect()
}

/// The principals' accounts at an authority's institutions, deleted ones too, by institution's code
/// and number.
///
/// # Errors
/// [`Error::Contradiction`] for a role or country that is none.
pub async fn principals_of(read: &mut Read, authority: AuthorityId, now: Instant) -> Result<Vec<AccountRecord>, Error> {
    let text = records!("i.authority_id = $2 AND a.role = 'principal' ORDER BY i.code, a.number");
    let rows = sql!(read.fetch_all::<RecordRow>(text, now.0, authority.0))?;
    rows.into_iter().map(RecordRow::record).collect()
}

/// Is the person principal of an institution of this authority, with an account that is not gone?
///
/// # Errors
/// What the engine says.
pub async fn is_principal_of(read: &mut Read, authority: AuthorityId, person: PersonId) -> Result<bool, Error> {
    let (count,) = sql!(read.fetch_one::<(i64,)>(
        "SELECT COUNT(*) FROM account a JOIN institution i ON i.id = a.institution_id \
         WHERE i.authority_id = $1 AND a.person_id = $2 AND a.role = 'principal' \
         AND a.deleted IS NULL AND a.merged IS NULL",
        authority.0,
        person.0
    ))?;
    Ok(count > 0)
}

/// Sets where an account's person is written to.
///
/// # Errors
/// What the engine says.
pub async fn set_email(tx: &mut Write, id: AccountId, email: Option<&str>) -> Result<(), Error> {
    sql!(tx.execute("UPDATE account SET email = $2 WHERE id = $1", id.0, email))?;
    Ok(())
}

/// Opens an account now, up to an instant; `None` for no end.
///
/// # Errors
/// What the engine says.
pub async fn open_until(tx: &mut Write, id: AccountId, until: Option<Instant>, now: Instant) -> Result<(), Error> {
    keep_pause(tx, id, now).await?;
    sql!(tx.execute(
        "UPDATE account SET active_until = $2, deactivated = NULL, deactivated_by = NULL WHERE id = $1",
        id.0,
        until.map(|until| until.0)
    ))?;
    Ok(())
}

/// Keeps since when an account has been closed, as it is to be opened; nothing where it is open.
pub(super) async fn keep_pause(tx: &mut Write, id: AccountId, now: Instant) -> Result<(), Error> {
    sql!(tx.execute(
        "INSERT INTO account_pause (institution_id, account_id, closed, opened) \
         SELECT c.institution_id, c.id, c.closed, $2 FROM (SELECT institution_id, id, \
           CASE WHEN deactivated IS NULL OR active_until < deactivated THEN active_until ELSE deactivated END AS closed \
           FROM account WHERE id = $1) c WHERE c.closed < $2 \
         ON CONFLICT (institution_id, account_id, closed) DO UPDATE SET opened = excluded.opened",
        id.0,
        now.0
    ))?;
    Ok(())
}

/// The accounts without an end that are not deleted: where each is held, and which it is.
///
/// # Errors
/// What the engine says.
pub async fn endless(read: &mut Read) -> Result<Vec<(InstitutionId, AccountId)>, Error> {
    let rows = sql!(read.fetch_all::<(Uuid, Uuid)>(
        "SELECT institution_id, id FROM account WHERE active_until IS NULL AND deleted IS NULL \
         ORDER BY institution_id, id"
    ))?;
    Ok(rows.into_iter().map(|(place, id)| (InstitutionId(place), AccountId(id))).collect())
}

/// Gives an account an end and leaves everything else.
///
/// # Errors
/// What the engine says.
pub async fn end(tx: &mut Write, id: AccountId, until: Instant) -> Result<(), Error> {
    sql!(tx.execute("UPDATE account SET active_until = $2 WHERE id = $1", id.0, until.0))?;
    Ok(())
}

/// Closes an account for the time being; `by` is absent for the operator.
///
/// # Errors
/// What the engine says.
pub async fn deactivate(tx: &mut Write, id: AccountId, by: Option<PersonId>, now: Instant) -> Result<(), Error> {
    sql!(tx.execute(
        "UPDATE account SET deactivated = $2, deactivated_by = $3 WHERE id = $1",
        id.0,
        now.0,
        by.map(|by| by.0)
    ))?;
    Ok(())
}

/// Closes an account for good. It counts as deactivated too, so that whoever asks for open accounts
/// need not know of deletion.
///
/// # Errors
/// What the engine says.
pub async fn delete(tx: &mut Write, id: AccountId, by: Option<PersonId>, now: Instant) -> Result<(), Error> {
    sql!(tx.execute(
        "UPDATE account SET deleted = $2, deleted_by = $3, deactivated = COALESCE(deactivated, $2) WHERE id = $1",
        id.0,
        now.0,
        by.map(|by| by.0)
    ))?;
    Ok(())
}

/// The names of those who closed or deleted accounts of a place, by account; nobody's whose identity
/// is protected.
///
/// # Errors
/// What the engine says.
pub async fn closers(read: &mut Read, place: InstitutionId) -> Result<Vec<(AccountId, String)>, Error> {
    let rows = sql!(read.fetch_all::<(Uuid, String, String)>(
        "SELECT a.id, p.given, p.family FROM account a JOIN person p ON p.id = COALESCE(a.deleted_by, a.deactivated_by) \
         WHERE a.institution_id = $1 AND NOT p.protected ORDER BY a.id",
        place.0
    ))?;
    let named =
        |(id, given, family): (Uuid, String, String)| (AccountId(id), format!("{given} {family}").trim().to_owned());
    Ok(rows.into_iter().map(named).collect())
}

/// Has the person an account of this role here that is neither deleted nor united with another?
///
/// # Errors
/// What the engine says.
pub async fn has_role(
    read: &mut Read,
    place: InstitutionId,
    person: PersonId,
    role: AccountRole,
) -> Result<bool, Error> {
    let row = sql!(read.fetch_optional::<(i64,)>(
        "SELECT number FROM account WHERE institution_id = $1 AND person_id = $2 AND role = $3 \
         AND deleted IS NULL AND merged IS NULL ORDER BY number LIMIT 1",
        place.0,
        person.0,
        role.code()
    ))?;
    Ok(row.is_some())
}

/// Closes what accounts alone have made a person here; tells whether there was anything.
///
/// # Errors
/// What the engine says.
pub async fn end_affiliation(
    tx: &mut Write,
    institution: InstitutionId,
    person: PersonId,
    user_type: UserType,
    now: Instant,
) -> Result<bool, Error> {
    let ended = sql!(tx.execute(
        "UPDATE affiliation SET recorded_until = $4 WHERE institution_id = $1 AND person_id = $2 AND user_type = $3 \
         AND source = 'account' AND recorded_until IS NULL",
        institution.0,
        person.0,
        user_type.code(),
        now.0
    ))?;
    Ok(ended > 0)
}

/// The persons with accounts of a place whom something else knows too: files, somebody's hand,
/// another school.
///
/// # Errors
/// What the engine says.
pub async fn known_elsewhere(read: &mut Read, place: InstitutionId) -> Result<Vec<PersonId>, Error> {
    let rows = sql!(read.fetch_all::<(Uuid,)>(
        "SELECT DISTINCT a.person_id FROM account a WHERE a.institution_id = $1 AND ( \
         EXISTS (SELECT 1 FROM affiliation f WHERE f.person_id = a.person_id \
           AND (f.institution_id <> $1 OR f.source <> 'account')) OR \
         EXISTS (SELECT 1 FROM account b WHERE b.person_id = a.person_id AND b.institution_id <> $1)) \
         ORDER BY a.person_id",
        place.0
    ))?;
    Ok(rows.into_iter().map(|(person,)| PersonId(person)).collect())
}
