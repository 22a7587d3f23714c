//! One's own passkeys: seen, called something else, removed.

use super::adding::asked;
use super::{card, named, oneself, others};
use crate::audit::{self, Action, Entry, Row};
use crate::fault::Fault;
use crate::service::Service;
use crate::session::Token;
use domain::PasskeyId;
use domain::account::second::{PASSKEYS_MAX, Removal, removal};
use domain::exchange::accounts::{OwnPasskey, OwnPasskeys};
use domain::exchange::{Refusal, RefusalCode};
use uuid::Uuid;

impl Service {
    /// The passkeys of the session's account, what removing each would leave, and what adding one asks for.
    ///
    /// # Errors
    /// [`RefusalCode::NotSignedIn`].
    pub async fn own_passkeys(&self, token: &Token) -> Result<OwnPasskeys, Fault> {
        let mut read = self.db.read().await?;
        let session = self.own_session(&mut read, token).await?;
        let stored = store::sign_in::passkeys(&mut read, session.account).await?;
        let card = card(&session);
        let own = |passkey: &store::sign_in::StoredPasskey| {
            let (others, dead) = others(&stored, passkey);
            OwnPasskey {
                id: passkey.id,
                name: passkey.name.clone(),
                created: passkey.created,
                used: passkey.used,
                works: !passkey.counter.dead,
                is_in_use: session.passkey == Some(passkey.id),
                removal: removal(session.role, card, others, dead),
            }
        };
        Ok(OwnPasskeys {
            passkeys: stored.iter().map(own).collect(),
            adding: asked(&session),
            is_full: stored.len() >= PASSKEYS_MAX,
            help: self.card_issuers(&mut read, session.institution, session.role).await?,
            now: self.env.now(),
        })
    }

    /// Calls one of one's own passkeys something else.
    ///
    /// # Errors
    /// [`RefusalCode::NotSignedIn`]; [`RefusalCode::NotFound`] for a passkey of another account as for
    /// none; [`RefusalCode::BadInput`] for a name that is none.
    pub async fn rename_passkey(&self, token: &Token, id: PasskeyId, name: &str, request: Uuid) -> Result<(), Fault> {
        let name = named(name).ok_or(RefusalCode::BadInput)?;
        store::write!(self.db, async |tx| {
            let session = self.own_session(tx, token).await?;
            if !store::sign_in::rename_passkey(tx, session.account, id, name).await? {
                return Err(Fault::from(RefusalCode::NotFound));
            }
            let entry = Entry::new(Action::PasskeyRenamed, &oneself(&session, request));
            let entry = entry.object("account", session.account).detail("passkey", id.to_string());
            audit::append(tx, &self.env, &self.secrets.audit, &entry.personal("name", name)).await?;
            Ok(())
        })
    }

    /// Removes one of one's own passkeys, and with it the account's other sessions and sign-ins under
    /// way. Tells whether the session that asks goes on: not if it was begun with this passkey.
    ///
    /// # Errors
    /// [`RefusalCode::NotSignedIn`]; [`RefusalCode::NotFound`] for a passkey of another account as for
    /// none; [`RefusalCode::LastSecondFactor`], with who issues a card, where nothing would be left that
    /// is enough for the role.
    pub async fn remove_passkey(&self, token: &Token, id: PasskeyId, request: Uuid) -> Result<bool, Fault> {
        let now = self.env.now();
        store::write!(self.db, async |tx| {
            let session = self.own_session(tx, token).await?;
            // Of two that are removed at the same time, each sees the other.
            store::sign_in::lock_password_counter(tx, session.account).await?;
            let passkeys = store::sign_in::passkeys(tx, session.account).await?;
            let passkey = passkeys.iter().find(|passkey| passkey.id == id).ok_or(RefusalCode::NotFound)?;
            let (others, dead) = others(&passkeys, passkey);
            if removal(session.role, card(&session), others, dead) == Removal::Refused {
                let issuers = self.card_issuers(tx, session.institution, session.role).await?;
                let help = issuers.into_iter().flat_map(|help| help.names).collect();
                return Err(Refusal { code: RefusalCode::LastSecondFactor, day: None, help }.into());
            }
            store::sign_in::remove_passkey(tx, session.account, id).await?;
            let goes_on = session.passkey != Some(id);
            if goes_on {
                store::session::end_others_of(tx, session.account, session.id, now).await?;
            } else {
                store::session::end_all_of(tx, session.account, now).await?;
            }
            store::sign_in::delete_pending_of(tx, session.account).await?;
            let entry = Entry::new(Action::PasskeyRemoved, &oneself(&session, request));
            let entry = entry.object("account", session.account).rows([Row::PasskeyGone(id)]);
            audit::append(tx, &self.env, &self.secrets.audit, &entry.personal("name", &passkey.name)).await?;
            Ok::<_, Fault>(goes_on)
        })
    }
}
