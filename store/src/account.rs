//! Local accounts: their numbers, their persons, and what persons become by having one.
//!
//! Where an account is held is an institution, or an authority under its own id
//! ([`AuthorityId::as_place`](domain::AuthorityId::as_place)).

pub mod letter;
pub mod life;
pub mod merge;
pub mod request;
pub mod subject;

use crate::column::known;
use crate::{Error, Read, Write};
use domain::{AccountId, AccountRole, AuthorityId, Instant, InstitutionId, PersonId, UserType};
use uuid::Uuid;

/// The source of an affiliation that came with an account.
pub const ACCOUNT_SOURCE: &str = "account";

/// An account to be recorded.
#[derive(Clone, Debug)]
pub struct NewAccount<'a> {
    /// Our id.
    pub id: AccountId,
    /// Where it is held.
    pub institution: InstitutionId,
    /// Its number there.
    pub number: i64,
    /// Its user name.
    pub user_name: &'a str,
    /// Whose.
    pub person: PersonId,
    /// Its role.
    pub role: AccountRole,
    /// Since when it may be used.
    pub created: Instant,
    /// First instant at which it may no more.
    pub active_until: Option<Instant>,
    /// Where the person is written to.
    pub email: Option<&'a str>,
}

/// Takes the next account number of an institution, `first` being the lowest, and raises its
/// revision: the lock. Answers the number and the institution's code; `None` where there is none.
///
/// # Errors
/// What the engine says.
pub async fn take_number(
    tx: &mut Write,
    institution: InstitutionId,
    first: i64,
) -> Result<Option<(i64, String)>, Error> {
    sql!(tx.fetch_optional::<(i64, String)>(
        "UPDATE institution_state SET revision = revision + 1, last_account_number = \
         CASE WHEN last_account_number < $2 THEN $2 ELSE last_account_number + 1 END \
         WHERE institution_id = $1 \
         RETURNING last_account_number, (SELECT code FROM institution WHERE id = institution_id)",
        institution.0,
        first
    ))
}

/// Takes the next account number of an authority, `first` being the lowest. Answers the number and
/// the authority's code; `None` where there is none.
///
/// # Errors
/// What the engine says.
pub async fn take_number_of_authority(
    tx: &mut Write,
    authority: AuthorityId,
    first: i64,
) -> Result<Option<(i64, String)>, Error> {
    sql!(tx.fetch_optional::<(i64, String)>(
        "UPDATE authority_state SET last_account_number = \
         CASE WHEN last_account_number < $2 THEN $2 ELSE last_account_number + 1 END \
         WHERE authority_id = $1 \
         RETURNING last_account_number, (SELECT code FROM authority WHERE id = authority_id)",
        authority.0,
        first
    ))
}

/// What others read as the name of somebody who is or was a member of the institution's staff: the alias
/// where the person is protected.
///
/// # Errors
/// [`Error::Contradiction`] for a country that is none.
pub async fn employee_here(
    tx: &mut Read,
    institution: InstitutionId,
    person: PersonId,
) -> Result<Option<String>, Error> {
    let row = sql!(tx.fetch_optional::<(i64,)>(
        "SELECT COUNT(*) FROM affiliation WHERE institution_id = $1 AND person_id = $2 AND kind = 'staff'",
        institution.0,
        person.0
    ))?;
    match row {
        Some((1..,)) => crate::person::shown(tx, institution, person).await,
        _ => Ok(None),
    }
}

/// Records that an account makes its person a member of staff, from now on.
///
/// # Errors
/// What the engine says.
pub async fn insert_affiliation(
    tx: &mut Write,
    institution: InstitutionId,
    id: Uuid,
    person: PersonId,
    user_type: UserType,
    now: Instant,
) -> Result<(), Error> {
    sql!(tx.execute(
        "INSERT INTO affiliation (institution_id, id, person_id, kind, user_type, source, valid_from, \
         valid_until, recorded_from, recorded_until) VALUES ($1, $2, $3, 'staff', $4, $5, $6, NULL, $6, NULL)",
        institution.0,
        id,
        person.0,
        user_type.code(),
        ACCOUNT_SOURCE,
        now.0
    ))?;
    Ok(())
}

/// Records an account, as yet without password and card.
///
/// # Errors
/// [`Error::Taken`] where the user name is.
pub async fn insert(tx: &mut Write, new: &NewAccount<'_>) -> Result<(), Error> {
    sql!(tx.execute(
        "INSERT INTO account (id, institution_id, number, user_name, person_id, role, created, active_from, \
         active_until, email, must_change_password) VALUES ($1, $2, $3, $4, $5, $6, $7, $7, $8, $9, TRUE)",
        new.id.0,
        new.institution.0,
        new.number,
        new.user_name,
        new.person.0,
        new.role.code(),
        new.created.0,
        new.active_until.map(|until| until.0),
        new.email
    ))?;
    Ok(())
}

/// An account in names: user name, given name, family name, role, institution or authority.
pub type NamedAccount = (String, String, String, AccountRole, String);

/// The account of a user name, in names.
///
/// # Errors
/// [`Error::Contradiction`] for a role that is none.
pub async fn named(tx: &mut Read, user_name: &str) -> Result<Option<NamedAccount>, Error> {
    let row = sql!(tx.fetch_optional::<(String, String, String, String, String)>(
        "SELECT a.user_name, p.given, p.family, a.role, COALESCE(i.name, h.name) FROM account a \
         JOIN person p ON p.id = a.person_id LEFT JOIN institution i ON i.id = a.institution_id \
         LEFT JOIN authority h ON h.id = a.institution_id WHERE a.user_name = $1",
        user_name
    ))?;
    row.map(|(user_name, given, family, role, institution)| {
        let role = known(AccountRole::from_code(&role), "account", "role", &user_name)?;
        Ok((user_name, given, family, role, institution))
    })
    .transpose()
}

/// An account as it stands, without its credentials and without words about its person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredAccount {
    /// Our id.
    pub id: AccountId,
    /// Its number where it is held.
    pub number: i64,
    /// Its user name.
    pub user_name: String,
    /// Whose.
    pub person: PersonId,
    /// What it may act as.
    pub role: AccountRole,
    /// Signs in from then on.
    pub active_from: Instant,
    /// Signs in until just before then; `None` for no end.
    pub active_until: Option<Instant>,
    /// When it was deactivated, if it is.
    pub deactivated: Option<Instant>,
    /// When it was deleted.
    pub deleted: Option<Instant>,
    /// The account that it was united with.
    pub merged_into: Option<AccountId>,
    /// The subjects it opens, by slug.
    pub subjects: Vec<String>,
}

#[derive(sqlx::FromRow)]
struct AccountRow {
    id: Uuid,
    number: i64,
    user_name: String,
    person_id: Uuid,
    role: String,
    active_from: i64,
    active_until: Option<i64>,
    deactivated: Option<i64>,
    deleted: Option<i64>,
    merged_into: Option<Uuid>,
}

impl AccountRow {
    fn account(self, subjects: Vec<String>) -> Result<StoredAccount, Error> {
        Ok(StoredAccount {
            id: self.id.into(),
            number: self.number,
            user_name: self.user_name,
            person: self.person_id.into(),
            role: known(AccountRole::from_code(&self.role), "account", "role", self.id)?,
            active_from: Instant(self.active_from),
            active_until: self.active_until.map(Instant),
            deactivated: self.deactivated.map(Instant),
            deleted: self.deleted.map(Instant),
            merged_into: self.merged_into.map(AccountId),
            subjects,
        })
    }
}

/// All accounts of an institution or authority, by number.
///
/// # Errors
/// [`Error::Contradiction`] for a role that is none.
pub async fn all_of(read: &mut Read, institution: InstitutionId) -> Result<Vec<StoredAccount>, Error> {
    let rows = sql!(read.fetch_all::<AccountRow>(
        "SELECT id, number, user_name, person_id, role, active_from, active_until, deactivated, deleted, \
         merged_into \
         FROM account WHERE institution_id = $1 ORDER BY number",
        institution.0
    ))?;
    let mut subjects = subject::of_place(read, institution).await?;
    rows.into_iter()
        .map(|row| {
            let subjects = subjects.remove(&AccountId(row.id)).unwrap_or_default();
            row.account(subjects)
        })
        .collect()
}

/// One account.
///
/// # Errors
/// [`Error::Contradiction`] for a role that is none.
pub async fn one(read: &mut Read, id: AccountId) -> Result<Option<StoredAccount>, Error> {
    let row = sql!(read.fetch_optional::<AccountRow>(
        "SELECT id, number, user_name, person_id, role, active_from, active_until, deactivated, deleted, \
         merged_into \
         FROM account WHERE id = $1",
        id.0
    ))?;
    let Some(row) = row else { return Ok(None) };
    let subjects = subject::of_account(read, id).await?;
    row.account(subjects).map(Some)
}
