//! A password of one's own: in place of the issued one, or of the present one.

use super::counting::Admission;
use super::{Proved, counted};
use crate::actor::{Actor, Via};
use crate::audit::{self, Action, Entry, Row};
use crate::fault::Fault;
use crate::password::policy::{PasswordProblem, judge};
use crate::password::{Material, Place};
use crate::service::Service;
use crate::session::{Token, is_live, standing};
use domain::Instant;
use store::session::StoredSession;
use store::sign_in::SignInAccount;
use uuid::Uuid;

/// What became of a change of password.
#[derive(Debug)]
pub enum Change {
    /// Done: all sessions of the account have ended, and the browser gets this one.
    Done(Token),
    /// The new password is not taken.
    Problem(PasswordProblem),
    /// The new password is the present one.
    Unchanged,
    /// The present password is not right, or has to wait.
    Wrong,
    /// The session has ended.
    Ended,
}

impl Service {
    /// Sets the password of the signed-in person. `current` is asked for, unless the person signed
    /// in with an issued password just now.
    ///
    /// # Errors
    /// [`RefusalCode::Busy`](domain::exchange::RefusalCode::Busy) when too many sign in at once;
    /// [`Fault::Store`].
    pub async fn change_password(
        &self,
        token: &Token,
        current: &str,
        new: &str,
        request: Uuid,
    ) -> Result<Change, Fault> {
        let place = self.hasher.place()?;
        let (hash, now) = (token.hash(), self.env.now());
        let Some((session, account)) = self.own_account(&hash).await? else { return Ok(Change::Ended) };
        let own_words =
            [&session.user_name, &session.given, &session.family, &session.institution_name, &session.authority_name];
        if let Err(problem) = judge(new, standing(session.role, session.card.is_some()), &own_words.map(String::as_str))
        {
            return Ok(Change::Problem(problem));
        }
        if session.must_change_password {
            if place.verify(Material::password(account.id, new), account.password.clone()).await? {
                return Ok(Change::Unchanged);
            }
        } else {
            if !self.is_present_password(&place, &account, current, now).await? {
                return Ok(Change::Wrong);
            }
            if current == new {
                return Ok(Change::Unchanged);
            }
        }
        let made = place.hash(Material::password(account.id, new), self.env.random()).await?;
        store::write!(self.db, async |tx| {
            // Of two changes at the same time, or a change and a sign-out, the first one counts.
            if !store::session::end(tx, &hash, now).await? {
                return Ok(Change::Ended);
            }
            store::sign_in::set_password(tx, account.id, &made, false, now).await?;
            store::session::end_all_of(tx, account.id, now).await?;
            store::sign_in::delete_pending_of(tx, account.id).await?;
            let proved = Proved { factors: session.factors, passkey: session.passkey };
            let next = self.begin_session(tx, &account, proved, now, session.absolute_end).await?;
            let who = actor(&session, request);
            let entry = Entry::new(Action::PasswordChanged, &who).object("account", account.id);
            let entry = entry.rows([Row::password(account.id, &made)]);
            audit::append(tx, &self.env, &self.secrets.audit, &entry).await?;
            Ok::<_, Fault>(Change::Done(next))
        })
    }

    /// Is this the present password of a signed-in person's account? Counted as at the door.
    pub(crate) async fn is_present_password(
        &self,
        place: &Place,
        account: &SignInAccount,
        given: &str,
        now: Instant,
    ) -> Result<bool, Fault> {
        let admission = store::write!(self.db, async |tx| {
            let stored = store::sign_in::lock_password_counter(tx, account.id).await?;
            let (admission, counter) = counted(stored, now);
            store::sign_in::set_password_counter(tx, account.id, counter).await?;
            Ok::<_, Fault>(admission)
        })?;
        let present = account.password.clone().filter(|_| admission == Admission::Verify);
        place.verify(Material::password(account.id, given), present).await
    }

    /// The session of a token, if it is live, and its account.
    async fn own_account(&self, hash: &[u8]) -> Result<Option<(StoredSession, SignInAccount)>, Fault> {
        let mut read = self.db.read().await?;
        let Some(session) = store::session::by_token(&mut read, hash).await? else { return Ok(None) };
        if !is_live(&session, self.env.now()) {
            return Ok(None);
        }
        let account = store::sign_in::account(&mut read, &session.user_name).await?;
        Ok(account.map(|account| (session, account)))
    }
}

/// The person of a session, acting as nothing but themselves.
fn actor(session: &StoredSession, request: Uuid) -> Actor {
    Actor {
        person: session.person,
        account: Some(session.account),
        name: session.shown.clone(),
        institution: session.institution,
        capacities: Vec::new(),
        two_factors: session.factors >= 2,
        via: Via::Session,
        request,
    }
}
