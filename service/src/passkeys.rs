//! Passkeys (WebAuthn), which stand in for the matrix: phishing-resistant, and nothing to transcribe.
//!
//! A ceremony has two halves. The first writes what the answer must fit, bound to the very session or
//! sign-in under way that asks, by the hash of its token; the second takes that out, so that it is
//! answered once, within five minutes, and from the same browser. User verification is asked for and
//! checked; attestation is not, since any authenticator will do.
//!
//! One's own passkeys are added, renamed and removed here; signing in with one is
//! [`Service::sign_in_with_passkey`](crate::service::Service::sign_in_with_passkey). Their challenges are
//! the one thing random that does not come from [`Env`](crate::env::Env): `webauthn-rs` draws them from
//! the system by itself.

mod adding;
mod keeping;
mod relying_party;

pub use adding::Begun;
pub use relying_party::RelyingParty;
pub(crate) use relying_party::{Answer, Verdict, renewed, went_back};

use crate::actor::{Actor, Via};
use crate::fault::Fault;
use crate::service::Service;
use crate::session::{Token, is_live};
use domain::account::second::Card;
use domain::exchange::RefusalCode;
use store::Read;
use store::session::StoredSession;
use store::sign_in::StoredPasskey;
use uuid::Uuid;

/// Seconds in which a ceremony is answered.
pub const CEREMONY_SECONDS: i64 = 5 * 60;

/// Most characters of a passkey's name.
pub const NAME_MAX: usize = 60;

impl Service {
    /// The relying party, where the installation's address has one.
    pub(crate) fn relying_party(&self) -> Result<&RelyingParty, Fault> {
        self.relying_party.as_deref().ok_or_else(|| RefusalCode::NotFound.into())
    }

    /// The live session of a token, past the change of an issued password.
    async fn own_session(&self, read: &mut Read, token: &Token) -> Result<StoredSession, Fault> {
        let session = store::session::by_token(read, &token.hash()).await?;
        let session = session.filter(|session| is_live(session, self.env.now()) && !session.must_change_password);
        session.ok_or_else(|| RefusalCode::NotSignedIn.into())
    }
}

/// The person of a session, about their own account: no capacity is needed for that.
fn oneself(session: &StoredSession, request: Uuid) -> Actor {
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

/// How the card of a session's account stands.
fn card(session: &StoredSession) -> Card {
    session.card.map_or(Card::None, |card| crate::accounts::card_of(card.dead, card.left))
}

/// How many others of an account's passkeys can be used, and how many were guessed at too often.
fn others(passkeys: &[StoredPasskey], one: &StoredPasskey) -> (usize, usize) {
    let others = passkeys.iter().filter(|other| other.id != one.id);
    let dead = others.clone().filter(|other| other.counter.dead).count();
    (others.count() - dead, dead)
}

/// A passkey's name as it is kept; `None` for what is none.
fn named(typed: &str) -> Option<&str> {
    let name = typed.trim();
    let fits = (1..=NAME_MAX).contains(&name.chars().count()) && !name.chars().any(char::is_control);
    fits.then_some(name)
}

#[cfg(test)]
mod tests {
    use super::named;

    #[test]
    fn a_name_says_something_and_not_too_much() {
        assert_eq!(named(" Min telefon \n"), Some("Min telefon"));
        let (longest, longer) = ("ø".repeat(60), "ø".repeat(61));
        assert_eq!(named(&longest), Some(longest.as_str()));
        for none in ["", "  ", "a\u{7}b", &longer] {
            assert_eq!(named(none), None, "{none:?}");
        }
    }
}
