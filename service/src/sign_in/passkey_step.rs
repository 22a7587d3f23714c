//! The second step with a passkey in the place of the matrix.

use super::counting::Admission;
use super::{Attempt, Logged, Outcome, PENDING_SECONDS, Proved, admit_network, counted};
use crate::actor::{Actor, Via};
use crate::audit::{self, Action, Entry, Row};
use crate::fault::Fault;
use crate::passkeys::{Answer, CEREMONY_SECONDS, Verdict, renewed, went_back};
use crate::service::Service;
use crate::session::Token;
use crate::sign_in::network::Network;
use domain::PasskeyId;
use store::sign_in::{SignInAccount, StoredPasskey};
use uuid::Uuid;

/// Stands for the passkey where there is none.
const NONE: PasskeyId = PasskeyId(Uuid::nil());

/// What an attempt found before it was verified.
struct Found {
    account: SignInAccount,
    /// What the answer is held against; `None` where nothing was asked, or too long ago, or it was answered.
    state: Option<String>,
    admission: Admission,
}

impl Service {
    /// Begins the ceremony of a sign-in under way: the options (JSON) with which the browser asks its
    /// authenticator. `None` where no sign-in is under way, or its account has no passkey.
    ///
    /// # Errors
    /// [`RefusalCode::NotFound`](domain::exchange::RefusalCode::NotFound) where the installation's address
    /// has no passkeys; [`Fault::Store`].
    pub async fn begin_passkey_sign_in(&self, token: &Token) -> Result<Option<String>, Fault> {
        let relying_party = self.relying_party()?;
        let (pending, now) = (token.hash(), self.env.now());
        let since = now.plus_seconds(-PENDING_SECONDS);
        let mut read = self.db.read().await?;
        let account = store::sign_in::pending_account(&mut read, &pending, since).await?;
        let Some(account) = account.filter(|account| !account.gone) else { return Ok(None) };
        let passkeys = store::sign_in::passkeys(&mut read, account.id).await?;
        drop(read);
        if passkeys.is_empty() {
            return Ok(None);
        }
        let ceremony = relying_party.begin_signing(&passkeys)?;
        store::write!(self.db, async |tx| {
            store::sign_in::forget_ceremonies(tx, now.plus_seconds(-CEREMONY_SECONDS)).await?;
            store::sign_in::begin_ceremony(tx, &pending, account.id, false, &ceremony.state, now).await?;
            Ok::<_, Fault>(())
        })?;
        Ok(Some(ceremony.options))
    }

    /// Tries what the browser's authenticator answered (JSON).
    ///
    /// Counted before it is verified, as everything is. A passkey of another account, an answer to
    /// another ceremony or to none, a wrong signature, one during a wait: all are wrong in the same words.
    ///
    /// # Errors
    /// [`RefusalCode::Busy`](domain::exchange::RefusalCode::Busy) when the network has failed too often;
    /// [`Fault::Store`].
    pub async fn sign_in_with_passkey(
        &self,
        token: &Token,
        answer: &str,
        network: &Network,
        request: Uuid,
    ) -> Result<Outcome, Fault> {
        let relying_party = self.relying_party()?;
        let attempt = Attempt { network, now: self.env.now() };
        let (pending, answer) = (token.hash(), Answer::read(answer));
        let found = store::write!(self.db, async |tx| {
            self.count_passkey(tx, &attempt, &pending, answer.credential_id()).await
        })?;
        let Some(Found { account, state, admission }) = found else { return Ok(Outcome::Ended) };
        let Some(state) = state else { return Ok(Outcome::Wrong) };
        // Verified even during a wait, so that a wait costs what a wrong answer does.
        let verdict = relying_party.finish_signing(&state, &answer)?;
        if admission != Admission::Verify || matches!(verdict, Verdict::Wrong) {
            return Ok(Outcome::Wrong);
        }
        store::write!(self.db, async |tx| {
            // As with the matrix: what holds now counts.
            store::sign_in::lock_password_counter(tx, account.id).await?;
            let since = attempt.now.plus_seconds(-PENDING_SECONDS);
            let account = store::sign_in::pending_account(tx, &pending, since).await?;
            let Some(account) = account.filter(|account| !account.gone) else { return Ok(Outcome::Ended) };
            let passkey = store::sign_in::lock_passkey(tx, account.id, answer.credential_id()).await?;
            let Some(passkey) = passkey else { return Ok(Outcome::Wrong) };
            let who = self.oneself(tx, &account, request).await?;
            match &verdict {
                Verdict::Right(result) if !went_back(&passkey, result) => {
                    if !store::sign_in::delete_pending(tx, &pending).await? {
                        return Ok(Outcome::Ended);
                    }
                    let credential = renewed(&passkey, result)?;
                    let passkey = StoredPasskey { credential, sign_count: result.counter().into(), ..passkey };
                    self.passkey_was_right(tx, &attempt, &account, &passkey, &who).await
                }
                Verdict::Right(_) | Verdict::WentBack => {
                    let entry = Entry::new(Action::PasskeyRefused, &who).object("account", account.id);
                    let entry = entry.detail("passkey", passkey.id.to_string());
                    audit::append(tx, &self.env, &self.secrets.audit, &entry).await?;
                    self.log(tx, &attempt, Some(account.id), Logged::PasskeyWentBack).await?;
                    Ok(Outcome::Wrong)
                }
                Verdict::Wrong => Ok(Outcome::Wrong),
            }
        })
    }

    /// Counts the attempt and takes its ceremony out, with the same statements for every answer.
    async fn count_passkey(
        &self,
        tx: &mut store::Write,
        attempt: &Attempt<'_>,
        pending: &[u8],
        credential_id: &[u8],
    ) -> Result<Option<Found>, Fault> {
        admit_network(tx, attempt).await?;
        let since = attempt.now.plus_seconds(-PENDING_SECONDS);
        let Some(account) = store::sign_in::pending_account(tx, pending, since).await? else { return Ok(None) };
        let since = attempt.now.plus_seconds(-CEREMONY_SECONDS);
        let state = store::sign_in::take_ceremony(tx, pending, account.id, false, since).await?;
        let passkey = store::sign_in::lock_passkey(tx, account.id, credential_id).await?;
        let (admission, counter) = counted(passkey.as_ref().map(|passkey| passkey.counter), attempt.now);
        let id = passkey.map_or(NONE, |passkey| passkey.id);
        store::sign_in::set_passkey_counter(tx, id, counter).await?;
        self.log(tx, attempt, Some(account.id), Logged::PasskeyTried).await?;
        Ok(Some(Found { account, state, admission }))
    }

    async fn passkey_was_right(
        &self,
        tx: &mut store::Write,
        attempt: &Attempt<'_>,
        account: &SignInAccount,
        passkey: &StoredPasskey,
        who: &Actor,
    ) -> Result<Outcome, Fault> {
        let (id, now) = (passkey.id, attempt.now);
        store::sign_in::use_passkey(tx, id, &passkey.credential, passkey.sign_count, now).await?;
        self.log(tx, attempt, Some(account.id), Logged::PasskeyRight).await?;
        let entry = Entry::new(Action::PasskeyUsed, who).object("account", account.id);
        audit::append(tx, &self.env, &self.secrets.audit, &entry.rows([Row::passkey(passkey)])).await?;
        self.complete(tx, attempt, account, Proved { factors: 2, passkey: Some(id) }).await
    }

    /// The account's person, who is about to be signed in.
    async fn oneself(&self, tx: &mut store::Write, account: &SignInAccount, request: Uuid) -> Result<Actor, Fault> {
        let name = store::person::shown(tx, account.institution, account.person).await?;
        Ok(Actor {
            person: account.person,
            account: Some(account.id),
            name: name.unwrap_or_default(),
            institution: account.institution,
            capacities: Vec::new(),
            two_factors: false,
            via: Via::Session,
            request,
        })
    }
}
