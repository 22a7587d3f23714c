//! Sessions: who a request comes from, and as what. Read from the database on every request, so
//! that a change of rights works on the next one.
//!
//! A session is a random token of 256 bits; the database holds its hash. It ends after an hour
//! without use, after 24 hours in any case (NIST SP 800-63B-4 §2.2.3), and at once by sign-out,
//! deactivation, deletion and new credentials. The cookie's own lifetime enforces none of this.

mod place;
pub mod token;

use crate::accounts::card_of;
use crate::actor::{Actor, Via};
use crate::fault::Fault;
use crate::matrix::Challenge;
use crate::password::policy::Standing;
use crate::service::Service;
use crate::sign_in;
use domain::account::Card;
use domain::capacity::{SignedInBy, held};
use domain::exchange::accounts::Inactive;
use domain::exchange::{ChoosePlaces, InstitutionSummary, Me, OwnAccount};
use domain::{AccountRole, Instant, UserType};
use store::broker::session::BrokerSession;
use store::session::StoredSession;
use uuid::Uuid;

pub use token::Token;

/// Seconds without use after which a session ends.
pub const IDLE_SECONDS: i64 = 3_600;
/// Seconds after which a session ends in any case.
pub const ABSOLUTE_SECONDS: i64 = 24 * 3_600;
/// The use of a session is recorded when the record is so many seconds old.
const TOUCH_SECONDS: i64 = 60;

/// Who sends a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Call {
    /// Somebody who does something.
    Person,
    /// A page that lies open and asks for news.
    Page,
}

/// What the token of a request stands for.
#[derive(Clone, Debug)]
pub enum Presence {
    /// Nobody is signed in.
    Nobody,
    /// The password was right; the matrix is to be answered, or a passkey in its place.
    Matrix {
        /// The open challenge; `None` when all of the card's are used, or there is no card.
        asked: Option<Challenge>,
        /// Has the account a passkey?
        passkey: bool,
    },
    /// Every factor was right, but the account is inactive (code 31): why, and who can help.
    Inactive(Box<Inactive>),
    /// Signed in with an issued password, which is to be replaced before anything else.
    MustChangePassword {
        /// The account's user name.
        user_name: String,
        /// What the new password is asked together with.
        standing: Standing,
    },
    /// Signed in through the broker, and to choose where to act; nowhere is left to choose of where the
    /// person was taken off every list meanwhile.
    ChoosePlace(Box<ChoosePlaces>),
    /// Signed in.
    SignedIn(Box<SignedIn>),
}

/// A signed-in person, for one request.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// For use cases.
    pub actor: Actor,
    /// For pages.
    pub me: Me,
    /// What the account's password is asked together with; none where it was UNI-Login.
    pub standing: Option<Standing>,
    /// How the account's card stands.
    pub card: Card,
}

impl Service {
    /// What a request's token stands for, and records that the session was used.
    ///
    /// # Errors
    /// [`Fault::Store`].
    pub async fn presence(&self, token: Option<&Token>, request: Uuid) -> Result<Presence, Fault> {
        self.found(token, request, Call::Person).await
    }

    /// What a request's token stands for, where an open page asks by itself and nobody did anything: the
    /// session is not used by that, and ends as if it had not been asked.
    ///
    /// # Errors
    /// [`Fault::Store`].
    pub async fn presence_unused(&self, token: Option<&Token>, request: Uuid) -> Result<Presence, Fault> {
        self.found(token, request, Call::Page).await
    }

    async fn found(&self, token: Option<&Token>, request: Uuid, call: Call) -> Result<Presence, Fault> {
        let Some(token) = token else { return Ok(Presence::Nobody) };
        let (hash, now) = (token.hash(), self.env.now());
        let mut read = self.db.read().await?;
        let Some(session) = store::session::by_token(&mut read, &hash).await? else {
            return match store::broker::session::by_token(&mut read, &hash).await? {
                Some(session) => self.found_at_broker(read, (&hash, session), request, call).await,
                None => self.pending(&mut read, &hash, now).await,
            };
        };
        if !is_live(&session, now) {
            return Ok(Presence::Nobody);
        }
        if session.must_change_password {
            let standing = standing(session.role, session.card.is_some());
            return Ok(Presence::MustChangePassword { user_name: session.user_name, standing });
        }
        let types = store::session::live_user_types(&mut read, session.institution, session.person, now).await?;
        drop(read);
        let touches = call == Call::Person && session.last_seen.plus_seconds(TOUCH_SECONDS) <= now;
        if touches {
            store::write!(self.db, async |tx| { Ok::<_, Fault>(store::session::touch(tx, &hash, now).await?) })?;
        }
        let seen = if touches { now } else { session.last_seen };
        Ok(Presence::SignedIn(Box::new(signed_in(&session, &types, now, seen, request))))
    }

    /// Who a request comes from; `None` unless sign-in is complete.
    ///
    /// # Errors
    /// [`Fault::Store`].
    pub async fn actor_for(&self, token: Option<&Token>, request: Uuid) -> Result<Option<(Actor, Me)>, Fault> {
        Ok(match self.presence(token, request).await? {
            Presence::SignedIn(who) => Some((who.actor, who.me)),
            Presence::Nobody
            | Presence::Matrix { .. }
            | Presence::Inactive(_)
            | Presence::MustChangePassword { .. }
            | Presence::ChoosePlace(_) => None,
        })
    }

    /// What a session that began at the broker stands for: where it acts, as what the person is there now.
    async fn found_at_broker(
        &self,
        mut read: store::Read,
        (hash, session): (&[u8], BrokerSession),
        request: Uuid,
        call: Call,
    ) -> Result<Presence, Fault> {
        let now = self.env.now();
        if now >= ends(session.absolute_end, session.last_seen) {
            return Ok(Presence::Nobody);
        }
        let choices = self.choices(&mut read, &session).await?;
        let (Some(place), true) = (&session.place, choices.places.iter().any(|place| place.is_here)) else {
            return Ok(Presence::ChoosePlace(Box::new(choices)));
        };
        let types = store::session::live_user_types(&mut read, place.id, session.person, now).await?;
        let flags = store::flag::live_of(&mut read, place.id, session.person, now).await?;
        drop(read);
        let touches = call == Call::Person && session.last_seen.plus_seconds(TOUCH_SECONDS) <= now;
        if touches {
            store::write!(self.db, async |tx| { Ok::<_, Fault>(store::broker::session::touch(tx, hash, now).await?) })?;
        }
        let seen = if touches { now } else { session.last_seen };
        let two_factors = session.factors >= 2;
        let capacities = held(SignedInBy::Unilogin(&flags), place.identity_source, &types, two_factors);
        let me = Me {
            person: session.person,
            name: choices.name,
            account: None,
            places: choices.places.len(),
            institution: InstitutionSummary {
                id: place.id,
                code: place.code.clone(),
                name: place.name.clone(),
                authority: place.authority_name.clone(),
                country: place.country.clone(),
                zone: place.zone,
            },
            capacities: capacities.clone(),
            two_factors,
            now,
            session_ends: ends(session.absolute_end, seen),
        };
        let actor = Actor {
            person: session.person,
            account: None,
            name: session.shown.clone(),
            institution: place.id,
            capacities,
            two_factors,
            via: Via::Session,
            request,
        };
        Ok(Presence::SignedIn(Box::new(SignedIn { actor, me, standing: None, card: Card::None })))
    }

    /// The session of a token that began at the broker and is on.
    async fn broker_session(&self, read: &mut store::Read, token: &Token) -> Result<Option<BrokerSession>, Fault> {
        let session = store::broker::session::by_token(read, &token.hash()).await?;
        let now = self.env.now();
        Ok(session.filter(|session| now < ends(session.absolute_end, session.last_seen)))
    }

    async fn pending(&self, read: &mut store::Read, hash: &[u8], now: Instant) -> Result<Presence, Fault> {
        let since = now.plus_seconds(-sign_in::PENDING_SECONDS);
        let Some(account) = store::sign_in::pending_account(read, hash, since).await? else {
            let Some(account) = store::sign_in::inactive_account(read, hash, since).await? else {
                return Ok(Presence::Nobody);
            };
            let inactive = self.inactive(read, account).await?;
            return Ok(inactive.map_or(Presence::Nobody, |inactive| Presence::Inactive(Box::new(inactive))));
        };
        let open = store::sign_in::open_challenge(read, account.id).await?;
        let asked = open.map(|open| sign_in::coordinates(&open)).transpose()?;
        Ok(Presence::Matrix { asked, passkey: account.has_passkey })
    }

    /// Ends the session, or the sign-in under way, of a token; tells whether it was one that began at the broker,
    /// where the person may want to sign out too.
    ///
    /// # Errors
    /// [`Fault::Store`].
    pub async fn sign_out(&self, token: &Token) -> Result<bool, Fault> {
        let (hash, now) = (token.hash(), self.env.now());
        store::write!(self.db, async |tx| {
            store::sign_in::delete_pending(tx, &hash).await?;
            store::session::end(tx, &hash, now).await?;
            Ok::<_, Fault>(store::broker::session::end(tx, &hash, now).await?)
        })
    }

    /// Ends every session there is, as after a restore; tells how many were on. For the operator.
    ///
    /// # Errors
    /// [`Fault::Store`].
    pub async fn end_all_sessions(&self) -> Result<u64, Fault> {
        let now = self.env.now();
        store::write!(self.db, async |tx| { Ok(store::session::end_all(tx, now).await?) })
    }
}

/// May the account be used at this instant?
pub(crate) fn is_active(
    active_from: Instant,
    active_until: Option<Instant>,
    deactivated: Option<Instant>,
    now: Instant,
) -> bool {
    active_from <= now && active_until.is_none_or(|until| now < until) && deactivated.is_none_or(|at| now < at)
}

/// Is the session on, and its account active?
pub(crate) fn is_live(session: &StoredSession, now: Instant) -> bool {
    now < ends(session.absolute_end, session.last_seen)
        && is_active(session.active_from, session.active_until, session.deactivated, now)
}

/// When a session ends that was last used at an instant.
fn ends(absolute_end: Instant, last_seen: Instant) -> Instant {
    last_seen.plus_seconds(IDLE_SECONDS).min(absolute_end)
}

/// What a password of such an account is asked together with. A passkey does not count: its person may
/// remove it at any time, and the password has to be good enough to stand alone then.
pub(crate) const fn standing(role: AccountRole, has_card: bool) -> Standing {
    if role.needs_second_factor() || has_card { Standing::BeforeSecondFactor } else { Standing::Alone }
}

/// Given and family name of the session's person, for that person alone: others read
/// [`StoredSession::shown`].
fn own_name(session: &StoredSession) -> String {
    format!("{} {}", session.given, session.family).trim().to_owned()
}

fn signed_in(session: &StoredSession, types: &[UserType], now: Instant, seen: Instant, request: Uuid) -> SignedIn {
    let two_factors = session.factors >= 2;
    let by = SignedInBy::Account(session.role);
    let capacities = held(by, session.identity_source, types, two_factors);
    let me = Me {
        person: session.person,
        name: own_name(session),
        account: Some(OwnAccount { id: session.account, user_name: session.user_name.clone(), role: session.role }),
        places: 1,
        institution: InstitutionSummary {
            id: session.institution,
            code: session.institution_code.clone(),
            name: session.institution_name.clone(),
            authority: session.authority_name.clone(),
            country: session.country.clone(),
            zone: session.zone,
        },
        capacities: capacities.clone(),
        two_factors,
        now,
        session_ends: ends(session.absolute_end, seen),
    };
    let actor = Actor {
        person: session.person,
        account: Some(session.account),
        name: session.shown.clone(),
        institution: session.institution,
        capacities,
        two_factors,
        via: Via::Session,
        request,
    };
    let card = session.card.map_or(Card::None, |card| card_of(card.dead, card.left));
    SignedIn { actor, me, standing: Some(standing(session.role, session.card.is_some())), card }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_is_active_between_its_instants() {
        let at = |seconds| Instant(0).plus_seconds(seconds);
        let table = [
            (at(10), None, None, true),
            (at(11), None, None, false),
            (at(0), Some(at(10)), None, false),
            (at(0), Some(at(11)), None, true),
            (at(0), None, Some(at(10)), false),
            (at(0), None, Some(at(11)), true),
        ];
        for (from, until, deactivated, expected) in table {
            assert_eq!(is_active(from, until, deactivated, at(10)), expected, "{from:?} {until:?} {deactivated:?}");
        }
    }
}
