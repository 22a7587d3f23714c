//! Accounts that the operator makes: an authority's, and an institution's first ones.

use super::checked;
use super::letter::Letter;
use super::making::Making;
use super::site::Site;
use crate::actor::{Actor, Via};
use crate::fault::Fault;
use crate::matrix::Matrix;
use crate::service::Service;
use domain::account::Keeper;
use domain::exchange::RefusalCode;
use domain::exchange::accounts::{Anew, Holder, Language};
use domain::{AccountId, AccountRole, PersonId};
use zeroize::Zeroizing;

/// An account to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountOrder {
    /// Whose.
    pub holder: Holder,
    /// Its role.
    pub role: AccountRole,
    /// With a matrix? Roles that need a second factor have one in any case.
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

impl From<Letter> for IssuedAccount {
    fn from(letter: Letter) -> Self {
        let Letter { account: id, person, user_name, password, matrix, .. } = letter;
        Self { id, person, user_name, password: password.unwrap_or_default(), matrix }
    }
}

impl Service {
    /// Makes an account at the actor's institution or authority, for the operator.
    ///
    /// # Errors
    /// [`RefusalCode::NotAllowed`] for anybody else; [`RefusalCode::NotFound`] for a place or person
    /// that is not there; [`RefusalCode::BadInput`] for empty or overlong names, and for a role that
    /// is not held in such a place.
    pub async fn create_account(&self, actor: &Actor, order: &AccountOrder) -> Result<IssuedAccount, Fault> {
        if actor.via != Via::Operator {
            return Err(RefusalCode::NotAllowed.into());
        }
        let holder = checked::holder(&order.holder)?;
        let site = Site::load(&mut self.db.read().await?, actor.institution).await?;
        let language = Language::of_country(&site.country);
        let making =
            Making { role: order.role, holder, email: None, subjects: Vec::new(), language, despite_doubles: None };
        let has_matrix = order.matrix || order.role.needs_second_factor();
        let credentials = self
            .draw_credentials(AccountId(self.env.id()), if has_matrix { Anew::Both } else { Anew::Password })
            .await?;
        let address = store::write!(self.db, async |tx| {
            self.make(tx, actor, Keeper::Operator, &site, &making, &credentials).await
        })?;
        Ok(address.letter(actor, site, credentials, self.env.now()).into())
    }
}
