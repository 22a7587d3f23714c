//! Local accounts: their numbers, their persons, and what persons become by having one.

use crate::column::known;
use crate::{Error, Read, Write};
use domain::{AccountId, AccountRole, Instant, InstitutionId, PersonId, UserType};
use uuid::Uuid;

/// The source of an affiliation that came with an account.
pub const ACCOUNT_SOURCE: &str = "account";

/// An account to be recorded.
#[derive(Clone, Debug)]
pub struct NewAccount<'a> {
    /// Our id.
    pub id: AccountId,
    /// Where.
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

/// Given and family name of a person who is or was affiliated with the institution.
///
/// # Errors
/// What the engine says.
pub async fn person_here(
    tx: &mut Read,
    institution: InstitutionId,
    person: PersonId,
) -> Result<Option<(String, String)>, Error> {
    sql!(tx.fetch_optional::<(String, String)>(
        "SELECT given, family FROM person WHERE id = $1 AND EXISTS \
         (SELECT 1 FROM affiliation WHERE institution_id = $2 AND person_id = $1)",
        person.0,
        institution.0
    ))
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
         active_until, deactivated, must_change_password) VALUES ($1, $2, $3, $4, $5, $6, $7, $7, $8, NULL, TRUE)",
        new.id.0,
        new.institution.0,
        new.number,
        new.user_name,
        new.person.0,
        new.role.code(),
        new.created.0,
        new.active_until.map(|until| until.0)
    ))?;
    Ok(())
}

/// An account in names: user name, given name, family name, role, institution.
pub type NamedAccount = (String, String, String, AccountRole, String);

/// The account of a user name, in names.
///
/// # Errors
/// [`Error::Contradiction`] for a role that is none.
pub async fn named(tx: &mut Read, user_name: &str) -> Result<Option<NamedAccount>, Error> {
    let row = sql!(tx.fetch_optional::<(String, String, String, String, String)>(
        "SELECT a.user_name, p.given, p.family, a.role, i.name FROM account a \
         JOIN person p ON p.id = a.person_id JOIN institution i ON i.id = a.institution_id WHERE a.user_name = $1",
        user_name
    ))?;
    row.map(|(user_name, given, family, role, institution)| {
        let role = known(AccountRole::from_code(&role), "account", "role", &user_name)?;
        Ok((user_name, given, family, role, institution))
    })
    .transpose()
}

/// An account as it stands, without its credentials.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredAccount {
    /// Our id.
    pub id: AccountId,
    /// Its number at the institution.
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
}

/// All accounts of an institution, by number.
///
/// # Errors
/// [`Error::Contradiction`] for a role that is none.
pub async fn all_of(read: &mut Read, institution: InstitutionId) -> Result<Vec<StoredAccount>, Error> {
    let rows = sql!(read.fetch_all::<AccountRow>(
        "SELECT id, number, user_name, person_id, role, active_from, active_until, deactivated \
         FROM account WHERE institution_id = $1 ORDER BY number",
        institution.0
    ))?;
    let account = |row: AccountRow| {
        let role = AccountRole::from_code(&row.role).ok_or_else(|| Error::contradiction("account", "role", row.id))?;
        Ok(StoredAccount {
            id: row.id.into(),
            number: row.number,
            user_name: row.user_name,
            person: row.person_id.into(),
            role,
            active_from: Instant(row.active_from),
            active_until: row.active_until.map(Instant),
            deactivated: row.deactivated.map(Instant),
        })
    };
    rows.into_iter().map(account).collect()
}
