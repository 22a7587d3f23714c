//! Signing in to the demo with one button. Only where the server was started for the demo, and only
//! on a database that carries the mark which the demo itself set when it filled it.

use super::{Attempt, Logged, Next, Outcome, Proved, is_alone};
use crate::fault::Fault;
use crate::service::Service;
use crate::session::ABSOLUTE_SECONDS;
use crate::sign_in::network::Network;
use domain::exchange::RefusalCode;
use domain::{AccountId, AccountRole};
use store::{Read, Write};

/// The installation's fact that marks a database as the demo's. Its value names the accounts whom
/// the sign-in page offers, separated by spaces.
const MARK: &str = "demo";

/// A person whom the demo offers to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DemoPerson {
    /// The account's user name.
    pub user_name: String,
    /// Full name.
    pub name: String,
    /// The account's role.
    pub role: AccountRole,
    /// The school's or authority's name.
    pub institution: String,
}

/// Marks a database as the demo's, in the write that begins to fill it.
///
/// # Errors
/// [`Fault::Store`].
pub async fn mark(tx: &mut Write, user_names: &[&str]) -> Result<(), Fault> {
    Ok(store::installation::keep(tx, MARK, &user_names.join(" ")).await?)
}

/// Did the demo fill this database?
///
/// # Errors
/// [`Fault::Store`].
pub async fn is_marked(read: &mut Read) -> Result<bool, Fault> {
    Ok(store::installation::value(read, MARK).await?.is_some())
}

impl Service {
    /// Was the server started for the demo?
    #[must_use]
    pub const fn is_demo(&self) -> bool {
        self.settings.demo
    }

    /// Lets the demo's people keep the passwords that were issued to them, so that the real way of
    /// signing in can be tried more than once.
    ///
    /// # Errors
    /// [`RefusalCode::NotFound`] outside the demo; [`Fault::Store`].
    pub async fn keep_demo_passwords(&self, accounts: &[AccountId]) -> Result<(), Fault> {
        if !self.settings.demo {
            return Err(RefusalCode::NotFound.into());
        }
        store::write!(self.db, async |tx| {
            if !is_marked(tx).await? {
                return Err(Fault::from(RefusalCode::NotFound));
            }
            for account in accounts {
                store::sign_in::keep_issued_password(tx, *account).await?;
            }
            Ok(())
        })
    }

    /// Did the demo begin to fill this database, and not get to the end?
    ///
    /// # Errors
    /// [`Fault::Store`].
    pub async fn demo_is_partial(&self) -> Result<bool, Fault> {
        let mark = store::installation::value(&mut self.db.read().await?, MARK).await?;
        Ok(mark.is_some_and(|user_names| user_names.is_empty()))
    }

    /// The people whom the sign-in page offers; none but in the demo.
    ///
    /// # Errors
    /// [`Fault::Store`].
    pub async fn demo_people(&self) -> Result<Vec<DemoPerson>, Fault> {
        if !self.settings.demo {
            return Ok(Vec::new());
        }
        let mut read = self.db.read().await?;
        let mut people = Vec::new();
        for user_name in store::installation::value(&mut read, MARK).await?.unwrap_or_default().split_whitespace() {
            if let Some((user_name, given, family, role, institution)) =
                store::account::named(&mut read, user_name).await?
            {
                people.push(DemoPerson { user_name, name: format!("{given} {family}"), role, institution });
            }
        }
        Ok(people)
    }

    /// Signs in as one of the demo's people, with all the factors the account has.
    ///
    /// # Errors
    /// [`RefusalCode::NotFound`] outside the demo, and for whom it does not offer; [`Fault::Store`].
    pub async fn sign_in_as_demo(&self, user_name: &str, network: &Network) -> Result<Outcome, Fault> {
        if !self.settings.demo {
            return Err(RefusalCode::NotFound.into());
        }
        let attempt = Attempt { network, now: self.env.now() };
        store::write!(self.db, async |tx| {
            let offered = store::installation::value(tx, MARK).await?.unwrap_or_default();
            if !offered.split_whitespace().any(|offered| offered == user_name) {
                return Err(Fault::from(RefusalCode::NotFound));
            }
            let account = store::sign_in::account(tx, user_name).await?.ok_or(RefusalCode::NotFound)?;
            let proved = if is_alone(&account) { Proved::PASSWORD } else { Proved::MATRIX };
            let absolute_end = attempt.now.plus_seconds(ABSOLUTE_SECONDS);
            let token = self.begin_session(tx, &account, proved, attempt.now, absolute_end).await?;
            self.log(tx, &attempt, Some(account.id), Logged::SignedIn).await?;
            Ok(Outcome::Next(Next::Start, token))
        })
    }
}
