//! Passwords and cards, drawn and hashed before anything is written.

use crate::audit::Row;
use crate::fault::Fault;
use crate::matrix::{self, IssuedCard, Matrix};
use crate::password::{Material, issued};
use crate::service::Service;
use domain::exchange::accounts::Anew;
use domain::{AccountId, Instant};
use store::Write;
use zeroize::Zeroizing;

/// A password, a card, or both, as they are handed out and as they are kept: for one account, to
/// which every hash is bound.
#[derive(Debug)]
pub(super) struct Credentials {
    account: AccountId,
    password: Option<IssuedPassword>,
    card: Option<IssuedCard>,
}

#[derive(Debug)]
struct IssuedPassword {
    clear: Zeroizing<String>,
    hash: String,
}

impl Credentials {
    /// The account that they are for.
    pub(super) const fn account(&self) -> AccountId {
        self.account
    }

    /// What they are.
    pub(super) const fn what(&self) -> Anew {
        match (&self.password, &self.card) {
            (_, None) => Anew::Password,
            (None, Some(_)) => Anew::Matrix,
            (Some(_), Some(_)) => Anew::Both,
        }
    }

    /// The card's serial.
    pub(super) fn serial(&self) -> Option<&str> {
        self.card.as_ref().map(|card| card.serial.as_str())
    }

    /// What is printed, and nothing of what is kept.
    pub(super) fn into_clear(self) -> (Option<Zeroizing<String>>, Option<Matrix>) {
        (self.password.map(|password| password.clear), self.card.map(|card| card.matrix))
    }

    /// Writes the hashes. From here on the old password and card of the same kind are dead; the
    /// other kind and its counter stay as they are. Answers what the log keeps of them.
    pub(super) async fn store(&self, tx: &mut Write, now: Instant) -> Result<Vec<Row>, Fault> {
        let (account, mut rows) = (self.account, Vec::new());
        if let Some(password) = &self.password {
            store::sign_in::set_password(tx, account, &password.hash, true, now).await?;
            rows.push(Row::password(account, &password.hash));
        }
        if let Some(card) = &self.card {
            let challenges: Vec<(String, String)> =
                card.challenges.iter().map(|(asked, hash)| (asked.to_string(), hash.clone())).collect();
            store::sign_in::set_card(tx, account, card.id, &card.serial, &challenges, now).await?;
            rows.push(Row::card(card.id, account, &challenges));
        }
        Ok(rows)
    }
}

impl Service {
    /// Draws credentials for an account and hashes them, leaving every other turn to those who sign in.
    ///
    /// # Errors
    /// [`Fault::Internal`] if hashing fails.
    pub(super) async fn draw_credentials(&self, account: AccountId, what: Anew) -> Result<Credentials, Fault> {
        let password = match what.has_password() {
            true => Some(self.draw_password(account).await?),
            false => None,
        };
        let card = match what.has_matrix() {
            true => Some(matrix::issue(account, self.settings.cell_use, &self.hasher, &self.env).await?),
            false => None,
        };
        Ok(Credentials { account, password, card })
    }

    /// The password for a new account or an old one.
    async fn draw_password(&self, account: AccountId) -> Result<IssuedPassword, Fault> {
        let clear = issued::draw(&self.env);
        let hashes = self.hasher.hash_all(vec![(Material::password(account, &clear), self.env.random())]).await?;
        let hash = hashes.into_iter().next().ok_or_else(|| Fault::Internal("a password without a hash".to_owned()))?;
        Ok(IssuedPassword { clear, hash })
    }
}
