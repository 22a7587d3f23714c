//! Local accounts: making one, with everything that is printed once.

use crate::actor::{Actor, Via};
use crate::audit::{self, Action, Entry, Row};
use crate::fault::Fault;
use crate::matrix::{self, IssuedCard, Matrix};
use crate::password::{Material, issued};
use crate::service::Service;
use domain::exchange::RefusalCode;
use domain::staff_right::{StaffRight, given_automatically};
use domain::{AccountId, AccountRole, Capacity, Instant, InstitutionId, PersonId, UserType, Window};
use store::Write;
use store::account::NewAccount;
use store::directory::Person;
use store::staff_right::StaffRightFact;
use uuid::Uuid;
use zeroize::Zeroizing;

/// The first number of an institution's accounts.
const FIRST_NUMBER: i64 = 1001;
/// The longest given or family name, in characters.
const NAME_MAX: usize = 100;

/// Whose an account is to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Holder {
    /// A person who is known at the institution.
    Known(PersonId),
    /// A new person.
    New {
        /// Given names.
        given: String,
        /// Family name.
        family: String,
    },
}

/// An account to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountOrder {
    /// Whose.
    pub holder: Holder,
    /// Its role.
    pub role: AccountRole,
    /// With a matrix? Principals and test administrators have one in any case.
    pub matrix: bool,
}

/// A new account, to be printed once: nothing of it but the user name can be had again.
#[derive(Debug)]
pub struct IssuedAccount {
    /// The account.
    pub id: AccountId,
    /// Its person.
    pub person: PersonId,
    /// Its user name, such as `1017-31279295`.
    pub user_name: String,
    /// Its password, good for one sign-in.
    pub password: Zeroizing<String>,
    /// Its matrix, where it has one.
    pub matrix: Option<Matrix>,
}

/// What is made before the account is written.
struct Credentials {
    password: Zeroizing<String>,
    password_hash: String,
    card: Option<IssuedCard>,
}

impl Service {
    /// Makes an account at the actor's institution, for the operator.
    ///
    /// # Errors
    /// [`RefusalCode::NotAllowed`] for anybody else; [`RefusalCode::NotFound`] for an institution
    /// or person that is not there; [`RefusalCode::BadInput`] for empty or overlong names;
    /// [`RefusalCode::Busy`] when too many sign in at once.
    pub async fn create_account(&self, actor: &Actor, order: &AccountOrder) -> Result<IssuedAccount, Fault> {
        if actor.via != Via::Operator {
            return Err(RefusalCode::NotAllowed.into());
        }
        let holder = checked(&order.holder)?;
        let id = AccountId(self.env.id());
        let credentials = self.draw_credentials(id, order.matrix || order.role.needs_second_factor()).await?;
        let (person, user_name) = store::write!(self.db, async |tx| {
            let now = self.env.now();
            let (number, code) =
                store::account::take_number(tx, actor.institution, FIRST_NUMBER).await?.ok_or(RefusalCode::NotFound)?;
            let person = self.record_holder(tx, actor.institution, &holder, now).await?;
            let rights = self.record_staff(tx, actor.institution, person, order.role, now).await?;
            let user_name = format!("{number}-{code}");
            let (institution, role) = (actor.institution, order.role);
            let (user, until) = (user_name.as_str(), None);
            let account = NewAccount {
                id,
                institution,
                number,
                user_name: user,
                person,
                role,
                created: now,
                active_until: until,
            };
            store::account::insert(tx, &account).await?;
            let credential_rows = store_credentials(tx, id, &credentials, now).await?;
            let rows = std::iter::once(Row::new_account(&account)).chain(rights.iter().map(Row::staff_right));
            let entry = Entry::new(Action::AccountCreated, actor).object("account", id);
            let entry = entry.rows(rows).rows(credential_rows);
            let entry = entry.detail("person", person.to_string()).detail("matrix", credentials.card.is_some());
            audit::append(tx, &self.env, &self.secrets.audit, &entry).await?;
            Ok::<_, Fault>((person, user_name))
        })?;
        let Credentials { password, card, .. } = credentials;
        Ok(IssuedAccount { id, person, user_name, password, matrix: card.map(|card| card.matrix) })
    }

    /// Draws a password and, if asked, a card for an account, and hashes them.
    async fn draw_credentials(&self, account: AccountId, with_card: bool) -> Result<Credentials, Fault> {
        let password = issued::draw(&self.env);
        let place = self.hasher.place()?;
        let password_hash = place.hash(Material::password(account, &password), self.env.random()).await?;
        drop(place);
        let card = match with_card {
            true => Some(matrix::issue(account, self.settings.cell_use, &self.hasher, &self.env).await?),
            false => None,
        };
        Ok(Credentials { password, password_hash, card })
    }

    async fn record_holder(
        &self,
        tx: &mut Write,
        institution: InstitutionId,
        holder: &Holder,
        now: Instant,
    ) -> Result<PersonId, Fault> {
        match holder {
            Holder::Known(person) => {
                let here = store::account::person_here(tx, institution, *person).await?;
                here.map(|_| *person).ok_or_else(|| RefusalCode::NotFound.into())
            }
            Holder::New { given, family } => {
                let id = PersonId(self.env.id());
                let (given, family) = (given.clone(), family.clone());
                let person = Person { id, given, family, protected: false, created: now };
                store::directory::insert_persons(tx, &[person]).await?;
                Ok(id)
            }
        }
    }

    /// Makes the person staff at the institution, as the account's role says, unless that is known;
    /// a new teacher (Lærer) gets the rights to book and run, once. Answers the rights given.
    async fn record_staff(
        &self,
        tx: &mut Write,
        institution: InstitutionId,
        person: PersonId,
        role: AccountRole,
        now: Instant,
    ) -> Result<Vec<StaffRightFact>, Fault> {
        let types = store::session::live_user_types(tx, institution, person, now).await?;
        let user_type = user_type_of(role);
        let is_known = if role.capacities().contains(&Capacity::Teaching) {
            types.contains(&user_type)
        } else {
            types.iter().any(|known| known.is_staff())
        };
        if !is_known {
            store::account::insert_affiliation(tx, institution, self.env.id(), person, user_type, now).await?;
        }
        let ever_recorded = store::staff_right::ever_recorded(tx, institution, person).await?;
        if !given_automatically(user_type == UserType::Teacher, ever_recorded) {
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

/// The user type that an account of this role gives its person.
const fn user_type_of(role: AccountRole) -> UserType {
    match role {
        AccountRole::Principal | AccountRole::Leader => UserType::Leader,
        AccountRole::TestAdministrator => UserType::Administrative,
        AccountRole::Teacher => UserType::Teacher,
    }
}

/// The holder with names trimmed; refused if a name is empty, overlong or holds control characters.
fn checked(holder: &Holder) -> Result<Holder, Fault> {
    let name = |name: &str| {
        let name = name.trim();
        let fits = !name.is_empty() && name.chars().count() <= NAME_MAX && !name.chars().any(char::is_control);
        if fits { Ok(name.to_owned()) } else { Err(Fault::from(RefusalCode::BadInput)) }
    };
    Ok(match holder {
        Holder::Known(person) => Holder::Known(*person),
        Holder::New { given, family } => Holder::New { given: name(given)?, family: name(family)? },
    })
}

/// Writes the credentials; answers what the log keeps of them.
async fn store_credentials(
    tx: &mut Write,
    account: AccountId,
    credentials: &Credentials,
    now: Instant,
) -> Result<Vec<Row>, Fault> {
    let mut rows = vec![Row::password(account, &credentials.password_hash)];
    store::sign_in::set_password(tx, account, &credentials.password_hash, true, now).await?;
    if let Some(card) = &credentials.card {
        let challenges: Vec<(String, String)> =
            card.challenges.iter().map(|(asked, hash)| (asked.to_string(), hash.clone())).collect();
        store::sign_in::set_card(tx, account, card.id, &card.serial, &challenges, now).await?;
        rows.push(Row::card(card.id, account, &challenges));
    }
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_trimmed_and_must_be_names() {
        let new = |given: &str, family: &str| Holder::New { given: given.to_owned(), family: family.to_owned() };
        assert_eq!(checked(&new(" Åse ", "Lind\u{a0}")).expect("names"), new("Åse", "Lind"));
        let long = "x".repeat(NAME_MAX + 1);
        for (given, family) in [("", "Lind"), ("Åse", " "), (long.as_str(), "Lind"), ("Å\nse", "Lind"), ("Åse", "\0")]
        {
            let refused = checked(&new(given, family));
            assert!(
                matches!(refused, Err(Fault::Refused(refusal)) if refusal.code == RefusalCode::BadInput),
                "{given:?}"
            );
        }
    }

    #[test]
    fn only_a_teachers_account_makes_a_teacher() {
        for role in AccountRole::ALL {
            assert_eq!(user_type_of(role) == UserType::Teacher, role == AccountRole::Teacher);
            assert!(user_type_of(role).is_staff());
        }
    }
}
