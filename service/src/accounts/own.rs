//! One's own account: where it is signed in, what is recorded of it, contact details. The browser's
//! token says whose: nothing here takes the id of an account.

use super::line::{last_day, life_of};
use super::site::Site;
use super::{checked, history};
use crate::actor::{Actor, Via};
use crate::audit::{self, Action, Entry, Row};
use crate::fault::Fault;
use crate::portal::openings_of;
use crate::service::Service;
use crate::session::{IDLE_SECONDS, Token, is_live};
use crate::sign_in::tries::tries;
use domain::account::keeps_own_contact;
use domain::exchange::RefusalCode;
use domain::exchange::accounts::Anew;
use domain::exchange::own::{MyAccount, MyAccountLine, MyLetter, MyRecord, MySession};
use domain::{Instant, SessionId};
use store::Read;
use store::session::StoredSession;
use uuid::Uuid;

/// Attempts to sign in on one page.
const TRIES_PAGE: usize = 25;

/// What ending a session ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EndedOwn {
    /// The one that asked: the browser is signed out.
    This,
    /// Another one.
    Another,
}

impl Service {
    /// One's own account, the others that one holds, and where one is signed in.
    ///
    /// # Errors
    /// [`RefusalCode::NotSignedIn`] for a token that stands for no complete sign-in.
    pub async fn my_account(&self, token: &Token) -> Result<MyAccount, Fault> {
        let mut read = self.db.read().await?;
        let session = self.my_session(&mut read, token).await?;
        let now = self.env.now();
        let mut accounts = Vec::new();
        let mut email = None;
        for (id, place) in store::person::held_anywhere(&mut read, session.person).await? {
            let record = store::account::life::by_id(&mut read, id, now).await?.ok_or(RefusalCode::NotFound)?;
            let site = Site::load(&mut read, record.place).await?;
            let is_this = id == session.account;
            if is_this {
                email.clone_from(&record.email);
            }
            accounts.push(MyAccountLine {
                id,
                role: record.role,
                place,
                state: life_of(&record).state(now),
                last_day: last_day(site.zone, record.active_until),
                user_name: record.user_name,
                is_this,
            });
        }
        let since = now.plus_seconds(-IDLE_SECONDS);
        let sessions = store::session::live_of_account(&mut read, session.account, since, now).await?;
        let mine = |listed: store::session::ListedSession| MySession {
            id: listed.id,
            begun: listed.created,
            last_used: listed.last_seen,
            two_factors: listed.factors >= 2,
            network: listed.network,
            is_this: listed.id == session.id,
        };
        let sessions = sessions.into_iter().map(mine).collect();
        let keeps_contact = keeps_own_contact(session.role, email.is_some());
        Ok(MyAccount { accounts, email, keeps_contact, sessions, now })
    }

    /// What is recorded of one's own account; attempts to sign in from before an instant, or the latest.
    ///
    /// # Errors
    /// As [`Service::my_account`].
    pub async fn my_record(&self, token: &Token, before: Option<Instant>) -> Result<MyRecord, Fault> {
        let mut read = self.db.read().await?;
        let session = self.my_session(&mut read, token).await?;
        let before = before.unwrap_or(Instant(i64::MAX));
        let (sign_ins, older) = tries(&mut read, session.account, before, TRIES_PAGE).await?;
        let letters = store::account::letter::of_account(&mut read, session.account).await?;
        let letter = |(issued, holds, printed): store::account::letter::LetterOf| {
            let what = Anew::of_code(&holds)?;
            Some(MyLetter { issued, what, printed })
        };
        let opened = openings_of(&mut read, session.institution, session.person).await?;
        Ok(MyRecord {
            sign_ins,
            older,
            deeds: history::of(&mut read, session.institution, session.account).await?,
            letters: letters.into_iter().filter_map(letter).collect(),
            openings: opened.into_iter().filter(|opening| opening.account == session.account).collect(),
            sign_ins_kept: self.settings.retention.sign_ins.0,
            now: self.env.now(),
        })
    }

    /// Ends one session of one's own account, from the next request on.
    ///
    /// # Errors
    /// [`RefusalCode::NotFound`] for a session of another account, exactly as for none.
    pub async fn end_my_session(&self, token: &Token, id: SessionId, request: Uuid) -> Result<EndedOwn, Fault> {
        store::write!(self.db, async |tx| {
            let session = self.my_session(tx, token).await?;
            if !store::session::end_one_of(tx, session.account, id, self.env.now()).await? {
                return Err(Fault::from(RefusalCode::NotFound));
            }
            let entry = Entry::new(Action::SessionsEnded, &acting(&session, request));
            let entry = entry.object("account", session.account).detail("sessions", 1);
            audit::append(tx, &self.env, &self.secrets.audit, &entry).await?;
            Ok(if id == session.id { EndedOwn::This } else { EndedOwn::Another })
        })
    }

    /// Ends every session of one's own account but the one that asks; tells how many.
    ///
    /// # Errors
    /// As [`Service::my_account`].
    pub async fn end_my_other_sessions(&self, token: &Token, request: Uuid) -> Result<u64, Fault> {
        store::write!(self.db, async |tx| {
            let session = self.my_session(tx, token).await?;
            let ended = store::session::end_others_of(tx, session.account, session.id, self.env.now()).await?;
            // A sign-in that is under way elsewhere would only make another one.
            store::sign_in::delete_pending_of(tx, session.account).await?;
            if ended > 0 {
                let entry = Entry::new(Action::SessionsEnded, &acting(&session, request));
                let entry = entry.object("account", session.account).detail("sessions", ended);
                audit::append(tx, &self.env, &self.secrets.audit, &entry).await?;
            }
            Ok::<_, Fault>(ended)
        })
    }

    /// Sets where one is written to; nothing for an empty address.
    ///
    /// # Errors
    /// [`RefusalCode::NotAllowed`] for an account whose holder does not keep that;
    /// [`RefusalCode::BadInput`] for what cannot be an e-mail address.
    pub async fn change_my_contact(&self, token: &Token, email: &str, request: Uuid) -> Result<(), Fault> {
        let email = checked::email(Some(email))?;
        store::write!(self.db, async |tx| {
            let session = self.my_session(tx, token).await?;
            let site = Site::load(tx, session.institution).await?;
            site.hold(tx).await?;
            let record = store::account::life::by_id(tx, session.account, self.env.now()).await?;
            let held = record.ok_or(RefusalCode::NotFound)?.email;
            if !keeps_own_contact(session.role, held.is_some()) {
                return Err(Fault::from(RefusalCode::NotAllowed));
            }
            if held == email {
                return Ok(());
            }
            store::account::life::set_email(tx, session.account, email.as_deref()).await?;
            let stored = store::account::one(tx, session.account).await?.ok_or(RefusalCode::NotFound)?;
            let entry = Entry::new(Action::AccountChanged, &acting(&session, request));
            let entry = entry.object("account", session.account).rows([Row::account(stored)]).detail("email", true);
            audit::append(tx, &self.env, &self.secrets.audit, &entry).await?;
            Ok(())
        })
    }

    /// The session of a token, if it is live and past the first password.
    async fn my_session(&self, read: &mut Read, token: &Token) -> Result<StoredSession, Fault> {
        let session = store::session::by_token(read, &token.hash()).await?;
        let session = session.filter(|session| is_live(session, self.env.now()) && !session.must_change_password);
        Ok(session.ok_or(RefusalCode::NotSignedIn)?)
    }
}

/// The person of a session, acting as nothing but themselves.
fn acting(session: &StoredSession, request: Uuid) -> Actor {
    Actor {
        person: session.person,
        name: session.shown.clone(),
        institution: session.institution,
        capacities: Vec::new(),
        account: Some(session.account),
        two_factors: session.factors >= 2,
        via: Via::Session,
        request,
    }
}
