//! The second step: three cells of the matrix.

use super::counting::Admission;
use super::{Attempt, Logged, Outcome, PENDING_SECONDS, Proved, admit_network, coordinates, counted};
use crate::fault::Fault;
use crate::matrix::Answer;
use crate::service::Service;
use crate::session::Token;
use crate::sign_in::network::Network;
use store::sign_in::{OpenChallenge, SignInAccount};

/// What an attempt found before it was verified.
enum Found {
    /// No sign-in under way.
    Nothing,
    /// No challenge left on the card.
    UsedUp,
    /// A challenge to answer.
    Open(SignInAccount, OpenChallenge, Admission),
}

impl Service {
    /// Tries an answer to the open challenge of the sign-in under way: what was typed, into one
    /// field or three.
    ///
    /// # Errors
    /// As [`Service::sign_in_with_password`].
    pub async fn sign_in_with_matrix(
        &self,
        token: &Token,
        typed: &[&str],
        network: &Network,
    ) -> Result<Outcome, Fault> {
        let place = self.hasher.place()?;
        let attempt = Attempt { network, now: self.env.now() };
        let pending = token.hash();
        let found = store::write!(self.db, async |tx| { self.count_matrix(tx, &attempt, &pending).await })?;
        let (account, open, admission) = match found {
            Found::Nothing => return Ok(Outcome::Ended),
            Found::UsedUp => return Ok(Outcome::CardUsedUp),
            Found::Open(account, open, admission) => (account, open, admission),
        };
        let material = Answer::read(typed).material(account.id, open.card, &coordinates(&open)?);
        let hash = (admission == Admission::Verify).then(|| open.hash.clone());
        if !place.verify(material, hash).await? {
            return Ok(Outcome::Wrong);
        }
        store::write!(self.db, async |tx| {
            // As with the password: what holds now counts. A change of password takes this lock
            // too, and then ends what is under way.
            store::sign_in::lock_password_counter(tx, account.id).await?;
            let since = attempt.now.plus_seconds(-PENDING_SECONDS);
            let account = store::sign_in::pending_account(tx, &pending, since).await?;
            let Some(account) = account.filter(|account| !account.gone) else { return Ok(Outcome::Ended) };
            self.matrix_was_right(tx, &attempt, &pending, &account, &open).await
        })
    }

    async fn count_matrix(&self, tx: &mut store::Write, attempt: &Attempt<'_>, pending: &[u8]) -> Result<Found, Fault> {
        admit_network(tx, attempt).await?;
        let since = attempt.now.plus_seconds(-PENDING_SECONDS);
        let Some(account) = store::sign_in::pending_account(tx, pending, since).await? else {
            return Ok(Found::Nothing);
        };
        let stored = store::sign_in::lock_card_counter(tx, account.id).await?;
        let Some(open) = store::sign_in::open_challenge(tx, account.id).await? else { return Ok(Found::UsedUp) };
        let (admission, counter) = counted(stored, attempt.now);
        store::sign_in::set_card_counter(tx, account.id, counter).await?;
        self.log(tx, attempt, Some(account.id), Logged::MatrixTried).await?;
        Ok(Found::Open(account, open, admission))
    }

    /// Uses the challenge up and ends the sign-in under way: of any number of right answers at the
    /// same time, one gets through.
    async fn matrix_was_right(
        &self,
        tx: &mut store::Write,
        attempt: &Attempt<'_>,
        pending: &[u8],
        account: &SignInAccount,
        open: &OpenChallenge,
    ) -> Result<Outcome, Fault> {
        if !store::sign_in::delete_pending(tx, pending).await? {
            return Ok(Outcome::Ended);
        }
        if !store::sign_in::use_challenge(tx, open, attempt.now).await? {
            return Ok(Outcome::Ended);
        }
        if self.settings.cell_use.starts_over() && store::sign_in::open_challenge(tx, account.id).await?.is_none() {
            store::sign_in::restart_challenges(tx, open.card).await?;
        }
        store::sign_in::clear_card_counter(tx, account.id).await?;
        self.log(tx, attempt, Some(account.id), Logged::MatrixRight).await?;
        self.complete(tx, attempt, account, Proved::MATRIX).await
    }
}
