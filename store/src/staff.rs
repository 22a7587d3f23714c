//! Who works at an institution, and who holds an account there.

use crate::column::known;
use crate::roster::Alias;
use crate::{Error, Read};
use domain::{AccountRole, Instant, InstitutionId, PersonId, UserType, Zone};
use uuid::Uuid;

/// An employee: a person with a live staff affiliation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Employee {
    /// The person.
    pub person: PersonId,
    /// Full name; the alias where the person is protected.
    pub name: String,
    /// User types here, in the order of their codes.
    pub user_types: Vec<UserType>,
}

/// Everyone with a live staff affiliation, in order of id.
///
/// # Errors
/// [`Error::Contradiction`] for a user type that is none.
pub async fn employees(
    read: &mut Read,
    institution: InstitutionId,
    zone: Zone,
    now: Instant,
) -> Result<Vec<Employee>, Error> {
    let rows = sql!(read.fetch_all::<(Uuid, String, String, bool, Option<i64>, String)>(
        "SELECT DISTINCT p.id, p.given, p.family, p.protected, alias.number, a.user_type \
         FROM affiliation a JOIN person p ON p.id = a.person_id \
         LEFT JOIN pupil_alias alias ON alias.institution_id = a.institution_id AND alias.person_id = a.person_id \
         WHERE a.institution_id = $1 AND a.kind = 'staff' AND a.recorded_until IS NULL \
         AND (a.valid_from IS NULL OR a.valid_from <= $2) AND (a.valid_until IS NULL OR a.valid_until > $2) \
         ORDER BY p.id, a.user_type",
        institution.0,
        now.0
    ))?;
    let mut employees: Vec<Employee> = Vec::new();
    for (id, given, family, protected, alias, user_type) in rows {
        let user_type = known(UserType::from_code(&user_type), "affiliation", "user_type", id)?;
        match employees.last_mut().filter(|last| last.person.0 == id) {
            Some(last) => last.user_types.push(user_type),
            None => {
                let name = if protected { Alias::of_staff(zone).name(alias) } else { full_name(&given, &family) };
                employees.push(Employee { person: PersonId(id), name, user_types: vec![user_type] });
            }
        }
    }
    Ok(employees)
}

/// A person with an account that may be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountHolder {
    /// The person.
    pub person: PersonId,
    /// Full name; the alias where the person is protected.
    pub name: String,
    /// The account's user name.
    pub user_name: String,
    /// The account's role.
    pub role: AccountRole,
}

/// Everyone with an account of the institution that was, is or will be active at an instant, in order
/// of account number. An account that was closed then and has been opened since counts as closed.
///
/// # Errors
/// [`Error::Contradiction`] for a role that is none.
pub async fn account_holders(
    read: &mut Read,
    institution: InstitutionId,
    zone: Zone,
    at: Instant,
) -> Result<Vec<AccountHolder>, Error> {
    let rows = sql!(read.fetch_all::<(Uuid, String, String, bool, Option<i64>, String, String)>(
        "SELECT p.id, p.given, p.family, p.protected, alias.number, a.user_name, a.role \
         FROM account a JOIN person p ON p.id = a.person_id \
         LEFT JOIN pupil_alias alias ON alias.institution_id = a.institution_id AND alias.person_id = a.person_id \
         WHERE a.institution_id = $1 AND a.active_from <= $2 AND (a.active_until IS NULL OR a.active_until > $2) \
         AND (a.deactivated IS NULL OR a.deactivated > $2) AND NOT EXISTS ( \
           SELECT 1 FROM account_pause x WHERE x.institution_id = a.institution_id AND x.account_id = a.id \
           AND x.closed <= $2 AND x.opened > $2) ORDER BY a.number",
        institution.0,
        at.0
    ))?;
    let holder = |(id, given, family, protected, alias, user_name, role): (_, String, String, _, _, String, String)| {
        let role = known(AccountRole::from_code(&role), "account", "role", &user_name)?;
        let name = if protected { Alias::of_staff(zone).name(alias) } else { full_name(&given, &family) };
        Ok(AccountHolder { person: PersonId(id), name, user_name, role })
    };
    rows.into_iter().map(holder).collect()
}

/// Everyone with an account of the institution that opens now, active and its password not dead, or with a
/// UNI-Login id; in order of id.
///
/// # Errors
/// What the engine says.
pub async fn with_sign_in(read: &mut Read, institution: InstitutionId, now: Instant) -> Result<Vec<PersonId>, Error> {
    let rows = sql!(read.fetch_all::<(Uuid,)>(
        "SELECT DISTINCT a.person_id FROM account a JOIN account_password w ON w.account_id = a.id \
         WHERE a.institution_id = $1 AND a.active_from <= $2 AND (a.active_until IS NULL OR a.active_until > $2) \
         AND (a.deactivated IS NULL OR a.deactivated > $2) AND NOT w.dead \
         UNION SELECT u.person_id FROM uni_login u JOIN affiliation f ON f.person_id = u.person_id \
         WHERE f.institution_id = $1 AND f.kind IN ('staff', 'external') AND f.recorded_until IS NULL \
         AND (f.valid_from IS NULL OR f.valid_from <= $2) AND (f.valid_until IS NULL OR f.valid_until > $2) \
         ORDER BY 1",
        institution.0,
        now.0
    ))?;
    Ok(rows.into_iter().map(|(person,)| PersonId(person)).collect())
}

fn full_name(given: &str, family: &str) -> String {
    if family.is_empty() { given.to_owned() } else { format!("{given} {family}") }
}
