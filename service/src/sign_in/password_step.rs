//! The first step: user name and password.

use super::counting::Admission;
use super::{Attempt, Logged, Next, Outcome, PENDING_SECONDS, Proved, admit_network, counted, is_alone};
use crate::actor::Actor;
use crate::audit::{self, Action, Entry, Row};
use crate::fault::Fault;
use crate::password::Material;
use crate::service::Service;
use crate::session::Token;
use crate::sign_in::network::Network;
use domain::AccountId;
use store::sign_in::SignInAccount;
use uuid::Uuid;

/// The longest user name looked up, in bytes; longer ones are nobody's.
const USER_NAME_MAX: usize = 64;

/// Stands for the account where there is none.
const NOBODY: AccountId = AccountId(Uuid::nil());

impl Service {
    /// Tries a user name and a password.
    ///
    /// # Errors
    /// [`RefusalCode::Busy`](domain::exchange::RefusalCode::Busy) when too many sign in at once or
    /// the network has failed too often, before anything is looked up; [`Fault::Store`].
    pub async fn sign_in_with_password(
        &self,
        user_name: &str,
        password: &str,
        network: &Network,
    ) -> Result<Outcome, Fault> {
        let place = self.hasher.place()?;
        let attempt = Attempt { network, now: self.env.now() };
        let user_name = looked_up(user_name);
        let (account, admission) =
            store::write!(self.db, async |tx| { self.count_password(tx, &attempt, user_name).await })?;
        let id = account.as_ref().map_or(NOBODY, |account| account.id);
        let known = account.filter(|account| admission == Admission::Verify && !account.gone);
        let hash = known.as_ref().and_then(|account| account.password.clone());
        let right = place.verify(Material::password(id, password), hash.clone()).await?;
        let (Some(account), Some(hash), true) = (known, hash, right) else { return Ok(Outcome::Wrong) };
        let renewed = match self.hasher.is_outdated(&hash) {
            true => Some(place.hash(Material::password(id, password), self.env.random()).await?),
            false => None,
        };
        store::write!(self.db, async |tx| {
            // Meanwhile the password may have been changed or the account made inactive: what
            // holds now counts, and from here to the commit nobody changes the password.
            store::sign_in::lock_password_counter(tx, account.id).await?;
            let account = store::sign_in::account(tx, user_name).await?;
            let is_same = |account: &SignInAccount| account.password.as_ref() == Some(&hash) && !account.gone;
            let Some(account) = account.filter(is_same) else {
                return Ok(Outcome::Wrong);
            };
            if let Some(renewed) = &renewed {
                self.renew_hash(tx, &account, renewed).await?;
            }
            self.password_was_right(tx, &attempt, &account).await
        })
    }

    /// Counts the attempt, with the same statements for every user name.
    async fn count_password(
        &self,
        tx: &mut store::Write,
        attempt: &Attempt<'_>,
        user_name: &str,
    ) -> Result<(Option<SignInAccount>, Admission), Fault> {
        admit_network(tx, attempt).await?;
        let account = store::sign_in::account(tx, user_name).await?;
        let known = account.as_ref().map(|account| account.id);
        let id = known.unwrap_or(NOBODY);
        let stored = store::sign_in::lock_password_counter(tx, id).await?;
        let (admission, counter) = counted(stored, attempt.now);
        store::sign_in::set_password_counter(tx, id, counter).await?;
        self.log(tx, attempt, known, Logged::PasswordTried).await?;
        Ok((account, admission))
    }

    async fn renew_hash(&self, tx: &mut store::Write, account: &SignInAccount, renewed: &str) -> Result<(), Fault> {
        store::sign_in::renew_hash(tx, account.id, renewed).await?;
        let entry = Entry::new(Action::PasswordRehashed, &Actor::system(account.institution));
        let entry = entry.object("account", account.id).rows([Row::password(account.id, renewed)]);
        audit::append(tx, &self.env, &self.secrets.audit, &entry).await.map(drop)
    }

    async fn password_was_right(
        &self,
        tx: &mut store::Write,
        attempt: &Attempt<'_>,
        account: &SignInAccount,
    ) -> Result<Outcome, Fault> {
        store::sign_in::clear_password_counter(tx, account.id).await?;
        self.log(tx, attempt, Some(account.id), Logged::PasswordRight).await?;
        if is_alone(account) {
            return self.complete(tx, attempt, account, Proved::PASSWORD).await;
        }
        let token = Token::draw(&self.env);
        store::sign_in::forget_pending(tx, attempt.now.plus_seconds(-PENDING_SECONDS)).await?;
        store::sign_in::insert_pending(tx, &token.hash(), account.id, attempt.now).await?;
        Ok(Outcome::Next(Next::Matrix, token))
    }
}

/// The user name to look up in what was typed. What cannot be one is looked up as the empty one.
fn looked_up(typed: &str) -> &str {
    let typed = typed.trim();
    let possible = typed.len() <= USER_NAME_MAX && typed.chars().all(|c| c.is_alphanumeric() || "-._".contains(c));
    if possible { typed } else { "" }
}

#[cfg(test)]
mod tests {
    use super::looked_up;

    #[test]
    fn only_possible_user_names_are_looked_up() {
        assert_eq!(looked_up(" 1017-31279295\n"), "1017-31279295");
        for impossible in ["", "1017\0", "1017 31279295", "' OR 1=1", &"1".repeat(65)] {
            assert_eq!(looked_up(impossible), "", "{impossible:?}");
        }
    }
}
