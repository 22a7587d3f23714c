//! Adding a passkey to one's own account.

use super::relying_party::Made;
use super::{CEREMONY_SECONDS, named, oneself};
use crate::audit::{self, Action, Entry, Row};
use crate::fault::Fault;
use crate::service::Service;
use crate::session::Token;
use domain::account::second::{Adding, PASSKEYS_MAX, adding};
use domain::exchange::RefusalCode;
use domain::{Instant, PasskeyId};
use store::session::StoredSession;
use store::sign_in::{StoredCounter, StoredPasskey};
use uuid::Uuid;

/// What became of the first half.
#[derive(Debug)]
pub enum Begun {
    /// The browser asks its authenticator with these options (JSON).
    Options(String),
    /// The password that was asked for is not right, or has to wait.
    WrongPassword,
}

/// What adding asks for in this session.
pub(super) const fn asked(session: &StoredSession) -> Adding {
    adding(session.role, session.factors >= 2, session.card.is_some() || session.has_passkey)
}

impl Service {
    /// Begins to add a passkey. `password` is asked for where it is all that the account has.
    ///
    /// # Errors
    /// [`RefusalCode::NotSignedIn`]; [`RefusalCode::SecondFactorNeeded`] for a session of fewer factors
    /// than the account has; [`RefusalCode::BadInput`] where there are as many as there may be;
    /// [`RefusalCode::NotFound`] where the installation's address has no passkeys; [`RefusalCode::Busy`].
    pub async fn begin_passkey(&self, token: &Token, password: &str) -> Result<Begun, Fault> {
        let relying_party = self.relying_party()?;
        let (hash, now) = (token.hash(), self.env.now());
        let mut read = self.db.read().await?;
        let session = self.own_session(&mut read, token).await?;
        let present = store::sign_in::passkeys(&mut read, session.account).await?;
        let account = store::sign_in::account(&mut read, &session.user_name).await?;
        let account = account.ok_or(RefusalCode::NotSignedIn)?;
        drop(read);
        match asked(&session) {
            Adding::Now => {}
            Adding::AfterSignIn => return Err(RefusalCode::SecondFactorNeeded.into()),
            Adding::AfterPassword => {
                let place = self.hasher.place()?;
                if !self.is_present_password(&place, &account, password, now).await? {
                    return Ok(Begun::WrongPassword);
                }
            }
        }
        if present.len() >= PASSKEYS_MAX {
            return Err(RefusalCode::BadInput.into());
        }
        let (user, place) = (&session.user_name, &session.institution_name);
        let ceremony = relying_party.begin_adding(account.id, user, place, &present)?;
        store::write!(self.db, async |tx| {
            store::sign_in::forget_ceremonies(tx, now.plus_seconds(-CEREMONY_SECONDS)).await?;
            store::sign_in::begin_ceremony(tx, &hash, account.id, true, &ceremony.state, now).await?;
            Ok::<_, Fault>(())
        })?;
        Ok(Begun::Options(ceremony.options))
    }

    /// Adds the passkey in a browser's answer. The account's other sessions end, and its sign-ins under way.
    ///
    /// # Errors
    /// [`RefusalCode::NotSignedIn`]; [`RefusalCode::BadInput`] for a name that is none, an answer that
    /// does not fit, and one that comes too late or a second time; [`RefusalCode::Conflict`] for a passkey
    /// that an account has already.
    pub async fn add_passkey(&self, token: &Token, name: &str, answer: &str, request: Uuid) -> Result<(), Fault> {
        let relying_party = self.relying_party()?;
        let (hash, now) = (token.hash(), self.env.now());
        // Whatever comes of the answer, it was the only one.
        let state = store::write!(self.db, async |tx| {
            let session = self.own_session(tx, token).await?;
            let since = now.plus_seconds(-CEREMONY_SECONDS);
            Ok::<_, Fault>(store::sign_in::take_ceremony(tx, &hash, session.account, true, since).await?)
        })?;
        let (Some(state), Some(name)) = (state, named(name)) else { return Err(RefusalCode::BadInput.into()) };
        let Some(made) = relying_party.finish_adding(&state, answer)? else {
            return Err(RefusalCode::BadInput.into());
        };
        let id = PasskeyId(self.env.id());
        store::write!(self.db, async |tx| {
            let session = self.own_session(tx, token).await?;
            // Of two that are added at the same time, each sees the other.
            store::sign_in::lock_password_counter(tx, session.account).await?;
            if store::sign_in::passkeys(tx, session.account).await?.len() >= PASSKEYS_MAX {
                return Err(Fault::from(RefusalCode::BadInput));
            }
            let passkey = passkey(id, &session, name, &made, now);
            store::sign_in::insert_passkey(tx, &passkey).await.map_err(|error| match error {
                store::Error::Taken => Fault::from(RefusalCode::Conflict),
                error => error.into(),
            })?;
            store::session::end_others_of(tx, session.account, session.id, now).await?;
            store::sign_in::delete_pending_of(tx, session.account).await?;
            let entry = Entry::new(Action::PasskeyAdded, &oneself(&session, request));
            let entry = entry.object("account", session.account).rows([Row::passkey(&passkey)]);
            audit::append(tx, &self.env, &self.secrets.audit, &entry.personal("name", name)).await?;
            Ok(())
        })
    }
}

fn passkey(id: PasskeyId, session: &StoredSession, name: &str, made: &Made, now: Instant) -> StoredPasskey {
    StoredPasskey {
        id,
        account: session.account,
        credential_id: made.credential_id.clone(),
        credential: made.credential.clone(),
        sign_count: 0,
        name: name.to_owned(),
        counter: StoredCounter { failures: 0, wait_until: None, dead: false },
        created: now,
        used: None,
    }
}
