//! Signing in through the broker (UNI-Login). Who somebody is comes from there, proved by the `broker` crate;
//! where they are at home and what they may do comes from what is recorded here.
//!
//! A person is known by the broker's own word for them (issuer and subject). Met for the first time, they are
//! found by their UNI-Login id, which the roster or the institution's user administration brought, and the
//! word is tied to them; from then on the two must agree.

use crate::actor::{Actor, Via};
use crate::audit::{self, Action, Entry};
use crate::fault::Fault;
use crate::service::Service;
use crate::session::{ABSOLUTE_SECONDS, Token};
use crate::sign_in::PENDING_SECONDS;
use crate::sign_in::network::Network;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::unilogin::{ActorGroup, Assurance};
use domain::{Instant, InstitutionId, PersonId, SessionId, UniId};
use sha2::{Digest, Sha256};
use store::broker::session::{BrokerPlace, NewBrokerSession};
use store::sign_in::SignInEvent;
use store::{Read, Write};
use uuid::Uuid;
use zeroize::Zeroizing;

/// What a sign-in at the broker is asked with. The state goes through the browser; the others are derived from
/// it with a key of ours, so that nothing secret of it is stored.
pub struct Way {
    /// Comes back with the answer.
    pub state: Zeroizing<String>,
    /// Comes back in the token.
    pub nonce: Zeroizing<String>,
    /// Proves that who fetches the token is who asked: 43 characters (RFC 7636 §4.1).
    pub verifier: Zeroizing<String>,
}

/// Shows nothing: it holds secrets.
impl std::fmt::Debug for Way {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Way")
    }
}

/// Who the broker proved somebody to be. The caller has verified all of it, just now.
#[derive(Clone, Copy)]
pub struct Proved<'a> {
    /// The broker.
    pub issuer: &'a str,
    /// Its word for the person.
    pub subject: &'a str,
    /// Its word for the session there.
    pub session: Option<&'a str>,
    /// `uniid`.
    pub uni_id: Option<&'a str>,
    /// `aktoer_gruppe`.
    pub actor_group: Option<&'a str>,
    /// `unilogin_loa`.
    pub unilogin_level: Option<&'a str>,
    /// `loa`.
    pub level: Option<&'a str>,
}

/// Shows nothing: it is personal.
impl std::fmt::Debug for Proved<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Proved")
    }
}

/// What became of it.
#[derive(Debug)]
pub enum BrokerOutcome {
    /// Signed in: the browser gets this token in the place of the one it had. Who is known and at no institution
    /// now is signed in too, and reads where they will be from when; nothing else opens to them.
    In(Token),
    /// It is a pupil's, a guardian's or nobody's that this system is for; no session.
    NotForThem,
    /// The person signed in with less than the installation asks for; no session.
    NotSureEnough,
    /// Nobody here is known by that UNI-Login id; no session.
    Unknown,
    /// The broker's word and its UNI-Login id mean two of ours, or another than before; no session.
    Two,
}

/// Whom the broker means.
enum Meant {
    /// One of ours.
    Person(PersonId),
    /// Nobody.
    Nobody,
    /// Not one: two of ours, or another than was recorded.
    Two,
}

impl Service {
    /// Begins a sign-in at the broker, for one browser.
    ///
    /// # Errors
    /// [`Fault::Store`].
    pub async fn begin_broker_sign_in(&self, browser: &Token) -> Result<Way, Fault> {
        let state = Token::draw(&self.env).text();
        let (hash, now) = (hash_of(&state), self.env.now());
        store::write!(self.db, async |tx| {
            store::broker::forget(tx, now.plus_seconds(-PENDING_SECONDS)).await?;
            Ok::<_, Fault>(store::broker::begin(tx, &hash, &browser.hash(), now).await?)
        })?;
        Ok(self.way(state))
    }

    /// Takes up the sign-in that an answer of the broker's belongs to; `None` where this browser began none of
    /// that state, or too long ago, or it was answered. Each is taken up once.
    ///
    /// # Errors
    /// [`Fault::Store`].
    pub async fn take_up_broker_sign_in(&self, browser: &Token, state: &str) -> Result<Option<Way>, Fault> {
        let (hash, since) = (hash_of(state), self.env.now().plus_seconds(-PENDING_SECONDS));
        let taken = store::write!(self.db, async |tx| {
            Ok::<_, Fault>(store::broker::take(tx, &hash, &browser.hash(), since).await?)
        })?;
        Ok(taken.then(|| self.way(Zeroizing::new(state.to_owned()))))
    }

    fn way(&self, state: Zeroizing<String>) -> Way {
        let (_, key) = self.secrets.session.newest();
        let derived = |purpose| Zeroizing::new(URL_SAFE_NO_PAD.encode(key.mac(purpose, &[state.as_bytes()])));
        Way { nonce: derived("broker nonce"), verifier: derived("broker verifier"), state }
    }

    /// Signs in whom the broker proved.
    ///
    /// # Errors
    /// [`Fault::Store`].
    pub async fn sign_in_with_broker(
        &self,
        proved: &Proved<'_>,
        network: &Network,
        request: Uuid,
    ) -> Result<BrokerOutcome, Fault> {
        if !proved.actor_group.and_then(ActorGroup::from_code).is_some_and(ActorGroup::may_enter) {
            return Ok(BrokerOutcome::NotForThem);
        }
        let sure = Assurance::of_claims(proved.unilogin_level, proved.level);
        let Some(sure) = sure.filter(|sure| *sure >= self.settings.broker_minimum) else {
            return Ok(BrokerOutcome::NotSureEnough);
        };
        let now = self.env.now();
        store::write!(self.db, async |tx| {
            let person = match self.meant(tx, proved, now, request).await? {
                Meant::Person(person) => person,
                nobody => {
                    self.log_broker(tx, network, None, false, now).await?;
                    let is_two = matches!(nobody, Meant::Two);
                    return Ok(if is_two { BrokerOutcome::Two } else { BrokerOutcome::Unknown });
                }
            };
            let places = store::broker::session::places_of(tx, person, now).await?;
            let token = Token::draw(&self.env);
            let session = NewBrokerSession {
                token: &token.hash(),
                id: SessionId(self.env.id()),
                person,
                place: first_place(tx, person, &places).await?,
                issuer: proved.issuer,
                subject: proved.subject,
                broker_session: proved.session,
                factors: if sure == Assurance::TwoFactors { 2 } else { 1 },
                created: now,
                absolute_end: now.plus_seconds(ABSOLUTE_SECONDS),
            };
            store::broker::session::begin(tx, &session).await?;
            self.log_broker(tx, network, Some(person), true, now).await?;
            Ok::<_, Fault>(BrokerOutcome::In(token))
        })
    }

    /// Whom the broker means; tied to the person where it is met for the first time.
    async fn meant(&self, tx: &mut Write, proved: &Proved<'_>, now: Instant, request: Uuid) -> Result<Meant, Fault> {
        let uni_id = proved.uni_id.and_then(|text| text.parse::<UniId>().ok());
        let by_id = match &uni_id {
            Some(uni_id) => store::broker::person_of(tx, uni_id).await?,
            None => None,
        };
        let known = store::broker::identity(tx, proved.issuer, proved.subject).await?;
        match (known, by_id) {
            (Some(known), _) => {
                // Said otherwise than recorded, it may be either's: nobody's, then.
                let recorded = store::broker::uni_id_of(tx, known).await?;
                let agrees = by_id.is_none_or(|by_id| by_id == known)
                    && match (&uni_id, &recorded) {
                        (Some(said), Some(recorded)) => said == recorded,
                        (None, _) | (_, None) => proved.uni_id.is_none() || uni_id.is_some(),
                    };
                Ok(if agrees { Meant::Person(known) } else { Meant::Two })
            }
            (None, Some(person)) => {
                store::broker::link(tx, proved.issuer, proved.subject, person, now).await?;
                let now_and_soon = store::broker::session::places_of(tx, person, now).await?.into_iter().chain(
                    store::broker::session::coming_places(tx, person, now).await?.into_iter().map(|(place, _)| place),
                );
                let mut told: Vec<InstitutionId> = now_and_soon.map(|place| place.id).collect();
                told.sort_unstable();
                told.dedup();
                for place in told {
                    let name = store::person::shown(tx, place, person).await?.unwrap_or_default();
                    let actor = Actor { person, name, via: Via::Session, request, ..Actor::system(place) };
                    let entry = Entry::new(Action::IdentityLinked, &actor).object("person", person);
                    audit::append(tx, &self.env, &self.secrets.audit, &entry).await?;
                }
                Ok(Meant::Person(person))
            }
            (None, None) => Ok(Meant::Nobody),
        }
    }

    async fn log_broker(
        &self,
        tx: &mut Write,
        network: &Network,
        person: Option<PersonId>,
        is_in: bool,
        now: Instant,
    ) -> Result<(), Fault> {
        let outcome = if is_in { "broker-signed-in" } else { "broker-turned-away" };
        let (id, network) = (self.env.id(), network.as_str());
        Ok(store::sign_in::log(tx, &SignInEvent { id, occurred: now, network, account: None, person, outcome }).await?)
    }

    /// Ends what the broker says has ended; tells how many sessions. The caller has proved that it said so.
    /// Each message is heard once.
    ///
    /// # Errors
    /// [`Fault::Store`].
    pub async fn logged_out_at_broker(
        &self,
        issuer: &str,
        (subject, session): (Option<&str>, Option<&str>),
        (message, good_until): (&str, i64),
    ) -> Result<u64, Fault> {
        let (now, good_until) = (self.env.now(), Instant(good_until.saturating_mul(1_000_000)));
        store::write!(self.db, async |tx| {
            store::broker::forget_heard(tx, now).await?;
            if !store::broker::hear(tx, issuer, message, good_until).await? {
                return Ok(0);
            }
            Ok::<_, Fault>(store::broker::session::end_told(tx, issuer, subject, session, now).await?)
        })
    }
}

/// Where a session begins: at the only place there is, or the one that the person went to last; otherwise
/// they choose.
async fn first_place(
    read: &mut Read,
    person: PersonId,
    places: &[BrokerPlace],
) -> Result<Option<InstitutionId>, Fault> {
    if let [only] = places {
        return Ok(Some(only.id));
    }
    let last = store::broker::last_place(read, person).await?.map(InstitutionId);
    Ok(last.filter(|last| places.iter().any(|place| place.id == *last)))
}

fn hash_of(state: &str) -> [u8; 32] {
    Sha256::digest(state.as_bytes()).into()
}
