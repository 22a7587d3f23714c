//! Writing a new account down, with what it makes of its person.

use super::credentials::Credentials;
use super::keeping::capacity;
use super::letter::Address;
use super::site::Site;
use crate::actor::Actor;
use crate::audit::{self, Entry, Row};
use crate::fault::Fault;
use crate::service::Service;
use domain::account::{Action, Keeper, end_of};
use domain::exchange::RefusalCode;
use domain::exchange::accounts::{Holder, Language};
use domain::staff_right::{StaffRight, given_automatically};
use domain::{AccountRole, Capacity, Instant, InstitutionId, PersonId, UserType, Window};
use store::Write;
use store::account::NewAccount;
use store::directory::Person;
use store::staff_right::StaffRightFact;
use uuid::Uuid;

/// The first number of a place's accounts.
const FIRST_NUMBER: i64 = 1001;

/// An account to be written down; everything in it has been checked.
#[derive(Clone, Debug)]
pub(super) struct Making {
    pub(super) role: AccountRole,
    pub(super) holder: Holder,
    pub(super) email: Option<String>,
    pub(super) subjects: Vec<String>,
    pub(super) language: Language,
    /// Why, although somebody very like this was there already.
    pub(super) despite_doubles: Option<String>,
}

impl Service {
    /// Writes an account down, with its person, affiliation, credentials, letter and audit entry.
    ///
    /// Its first statement takes the place's next number: the lock.
    ///
    /// # Errors
    /// [`RefusalCode::NotFound`] for an unknown place or person; [`RefusalCode::BadInput`] for a role
    /// that is not held there.
    pub(super) async fn make(
        &self,
        tx: &mut Write,
        actor: &Actor,
        keeper: Keeper,
        site: &Site,
        making: &Making,
        credentials: &Credentials,
    ) -> Result<Address, Fault> {
        let (now, role, id) = (self.env.now(), making.role, credentials.account());
        if site.is_authority != (role == AccountRole::Authority) {
            return Err(RefusalCode::BadInput.into());
        }
        let (number, code) = take_number(tx, site).await?;
        let (person, name) = self.record_holder(tx, keeper, site, making, now).await?;
        let rights = self.record_staff(tx, actor, site, person, role, now).await?;
        let user_name = format!("{number}-{code}");
        let account = NewAccount {
            id,
            institution: site.place,
            number,
            user_name: &user_name,
            person,
            role,
            created: now,
            active_until: end_of(role, site.zone, now),
            email: making.email.as_deref(),
        };
        store::account::insert(tx, &account).await?;
        store::account::subject::set(tx, site.place, id, &making.subjects).await?;
        let credential_rows = credentials.store(tx, now).await?;
        let until = account.active_until;
        let row = Row::new_account(&account, &making.subjects);
        let mut entry = entry(audit::Action::AccountCreated, actor, keeper, Action::Register, site)
            .object("account", id)
            .rows(std::iter::once(row).chain(rights.iter().map(Row::staff_right)))
            .rows(credential_rows)
            .detail("person", person.to_string())
            .detail("matrix", credentials.what().has_matrix());
        if let Some(reason) = &making.despite_doubles {
            entry = entry.detail("despite_doubles", true).reason(reason);
        }
        audit::append(tx, &self.env, &self.secrets.audit, &entry).await?;
        let address =
            Address { id: self.env.id(), account: id, person, user_name, name, role, until, language: making.language };
        address.record(tx, actor, site, credentials, now).await?;
        Ok(address)
    }

    /// The person, known or new, and the name that others read.
    async fn record_holder(
        &self,
        tx: &mut Write,
        keeper: Keeper,
        site: &Site,
        making: &Making,
        now: Instant,
    ) -> Result<(PersonId, String), Fault> {
        match &making.holder {
            Holder::Known(person) => {
                let name = known_name(tx, keeper, site, making.role, *person).await?;
                Ok((*person, name.ok_or(RefusalCode::NotFound)?))
            }
            Holder::New { given, family } => {
                let id = PersonId(self.env.id());
                let name = format!("{given} {family}");
                let (given, family) = (given.clone(), family.clone());
                let person = Person { id, given, family, protected: false, created: now };
                store::directory::insert_persons(tx, &[person]).await?;
                Ok((id, name))
            }
        }
    }

    /// Makes the person staff at the institution, as the account's role says, unless that is known;
    /// a new teacher (Lærer) gets the rights to book and run, once. Answers the rights given.
    async fn record_staff(
        &self,
        tx: &mut Write,
        actor: &Actor,
        site: &Site,
        person: PersonId,
        role: AccountRole,
        now: Instant,
    ) -> Result<Vec<StaffRightFact>, Fault> {
        let Some(user_type) = user_type_of(role) else { return Ok(Vec::new()) };
        let institution = site.place;
        let types = store::session::live_user_types(tx, institution, person, now).await?;
        let is_known = if role.capacities().contains(&Capacity::Teaching) {
            types.contains(&user_type)
        } else {
            types.iter().any(|known| known.is_staff())
        };
        if !is_known {
            self.end_left_flags(tx, actor, institution, now).await?;
            store::account::insert_affiliation(tx, institution, self.env.id(), person, user_type, now).await?;
        }
        self.first_rights(tx, institution, person, user_type == UserType::Teacher, now).await
    }

    /// The rights to book and run, which the system gives whoever becomes a teacher (Lærer) at an institution for
    /// the first time, by whatever route. Answers what it gave.
    pub(crate) async fn first_rights(
        &self,
        tx: &mut Write,
        institution: InstitutionId,
        person: PersonId,
        is_teacher: bool,
        now: Instant,
    ) -> Result<Vec<StaffRightFact>, Fault> {
        let ever_recorded = store::staff_right::ever_recorded(tx, institution, person).await?;
        if !given_automatically(is_teacher, ever_recorded) {
            return Ok(Vec::new());
        }
        let given = StaffRight::ALL.map(|right| StaffRightFact {
            id: self.env.id(),
            person,
            right,
            granted: true,
            author: PersonId(Uuid::nil()),
            author_name: String::new(),
            recorded: Window::since(now),
        });
        store::staff_right::record(tx, institution, &given).await?;
        Ok(given.to_vec())
    }
}

/// What others here read as the name of a person who is there already, if the keeper can choose them:
/// whoever is or was staff here; and for a principal's account, whoever is principal of a school of the
/// same authority. An authority knows nobody else.
async fn known_name(
    tx: &mut Write,
    keeper: Keeper,
    site: &Site,
    role: AccountRole,
    person: PersonId,
) -> Result<Option<String>, Fault> {
    let is_appointed = matches!(keeper, Keeper::Authority | Keeper::Operator) && role == AccountRole::Principal;
    if is_appointed && store::account::life::is_principal_of(tx, site.authority, person).await? {
        let known = store::directory::person(tx, person).await?;
        if known.is_some_and(|known| known.protected) {
            // Each place has its own number for whoever is protected.
            store::alias::give(tx, site.place, &[person]).await?;
        }
        return Ok(store::person::shown(tx, site.place, person).await?);
    }
    match keeper {
        Keeper::Authority => Ok(None),
        Keeper::TestAdministrator | Keeper::Principal | Keeper::Operator => {
            Ok(store::account::employee_here(tx, site.place, person).await?)
        }
    }
}

/// The place's next number and its code.
async fn take_number(tx: &mut Write, site: &Site) -> Result<(i64, String), Fault> {
    let taken = match site.is_authority {
        true => store::account::take_number_of_authority(tx, site.authority, FIRST_NUMBER).await?,
        false => store::account::take_number(tx, site.place, FIRST_NUMBER).await?,
    };
    Ok(taken.ok_or(RefusalCode::NotFound)?)
}

/// An entry about accounts, in the log of the place that holds them.
pub(super) fn entry(what: audit::Action, actor: &Actor, keeper: Keeper, action: Action, site: &Site) -> Entry {
    let entry = Entry::new(what, actor).at(site.place);
    match capacity(keeper, action) {
        Some(capacity) => entry.capacity(capacity),
        None => entry,
    }
}

/// The user type that an account of this role gives its person; none at an authority.
pub(super) const fn user_type_of(role: AccountRole) -> Option<UserType> {
    match role {
        AccountRole::Authority => None,
        AccountRole::Principal | AccountRole::Leader => Some(UserType::Leader),
        AccountRole::TestAdministrator => Some(UserType::Administrative),
        AccountRole::Teacher => Some(UserType::Teacher),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_teachers_account_makes_a_teacher() {
        for role in AccountRole::ALL {
            assert_eq!(user_type_of(role) == Some(UserType::Teacher), role == AccountRole::Teacher);
            assert_eq!(user_type_of(role).is_none(), role == AccountRole::Authority);
            assert!(user_type_of(role).is_none_or(UserType::is_staff));
        }
    }
}
