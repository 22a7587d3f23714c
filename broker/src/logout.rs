//! What the broker says when a session ended there (Back-Channel Logout 1.0 §2.4–2.6).

use crate::metadata::{Keys, SIGNATURES};
use crate::provider::Broker;
use crate::{BrokerError, LEEWAY_SECONDS};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use openidconnect::core::{CoreJsonWebKey, CoreJwsSigningAlgorithm};
use openidconnect::{JsonWebKey, JsonWebKeyAlgorithm, JsonWebKeyId, SignatureVerificationError};
use serde::Deserialize;
use std::collections::BTreeMap;

/// The longest token, in bytes.
const TOKEN_LIMIT: usize = 16 * 1024;
/// Seconds after which such a token is too old; it is sent as it is made.
const TOKEN_SECONDS: i64 = 120;
/// What makes it a token of this kind.
const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";
/// The kinds of token that a header may name. Brokers older than the specification's end name none, or `JWT`.
const TYPES: [&str; 3] = ["logout+jwt", "application/logout+jwt", "jwt"];

/// Whose sessions are to end.
#[derive(Clone, PartialEq, Eq)]
pub struct LoggedOut {
    /// The broker, by its issuer.
    pub issuer: String,
    /// The person, in the broker's word.
    pub subject: Option<String>,
    /// One session at the broker; without it, all of the person's.
    pub session: Option<String>,
    /// Names this message, so that it is heard once.
    pub id: String,
    /// After when it would be refused for its age, in seconds since 1970.
    pub good_until: i64,
}

impl std::fmt::Debug for LoggedOut {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LoggedOut").finish_non_exhaustive()
    }
}

#[derive(Deserialize)]
struct Header {
    alg: CoreJwsSigningAlgorithm,
    #[serde(default)]
    kid: Option<JsonWebKeyId>,
    #[serde(default)]
    typ: Option<String>,
    #[serde(default)]
    crit: Option<serde_json::Value>,
}

#[derive(Deserialize)]
struct Body {
    iss: String,
    aud: Audience,
    iat: i64,
    #[serde(default)]
    exp: Option<i64>,
    jti: String,
    events: BTreeMap<String, serde_json::Value>,
    #[serde(default)]
    sub: Option<String>,
    #[serde(default)]
    sid: Option<String>,
    #[serde(default)]
    nonce: Option<serde_json::Value>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Many(Vec<String>),
}

/// A token taken apart: what was signed, the signature, and what both say.
struct Parts<'a> {
    header: Header,
    body: Body,
    signed: &'a str,
    signature: Vec<u8>,
}

impl Broker {
    /// Proves what the broker sent. The caller hears each [`LoggedOut::id`] once.
    ///
    /// # Errors
    /// [`BrokerError`]; then no session ends.
    pub async fn logged_out(&self, now: i64, token: &str) -> Result<LoggedOut, BrokerError> {
        let parts = taken_apart(token)?;
        let known = self.known(now).await?;
        // Anybody can send this: what would say nothing to us if it were signed makes us ask for no keys.
        let Parts { body, .. } = &parts;
        let told = told(body, known.metadata.issuer().as_str(), &self.client.id, now)?;
        let proved = match is_signed(&parts, &known.keys) {
            Err(_) => match self.with_new_keys(now, &known).await? {
                Some(renewed) => is_signed(&parts, &renewed.keys),
                None => Err(BrokerError::Refused("signature")),
            },
            proved => proved,
        };
        proved.map(|()| told)
    }
}

fn taken_apart(token: &str) -> Result<Parts<'_>, BrokerError> {
    const UNREADABLE: BrokerError = BrokerError::Refused("a token that cannot be read");
    if token.len() > TOKEN_LIMIT {
        return Err(UNREADABLE);
    }
    let (signed, signature) = token.rsplit_once('.').ok_or(UNREADABLE)?;
    let (header, body) = signed.split_once('.').ok_or(UNREADABLE)?;
    let bytes = |text: &str| URL_SAFE_NO_PAD.decode(text).map_err(|_| UNREADABLE);
    let header: Header = serde_json::from_slice(&bytes(header)?).map_err(|_| UNREADABLE)?;
    let is_kind = header.typ.as_ref().is_none_or(|kind| TYPES.contains(&kind.to_ascii_lowercase().as_str()));
    if !is_kind || header.crit.is_some() {
        return Err(BrokerError::Refused("a kind of token that is not taken"));
    }
    if !SIGNATURES.contains(&header.alg) {
        return Err(BrokerError::Refused("signature"));
    }
    let body = serde_json::from_slice(&bytes(body)?).map_err(|_| UNREADABLE)?;
    Ok(Parts { header, body, signed, signature: bytes(signature)? })
}

/// Is it signed with a key of the broker's that is for signatures, of this kind?
fn is_signed(parts: &Parts<'_>, keys: &Keys) -> Result<(), BrokerError> {
    let algorithm = &parts.header.alg;
    let fits = |key: &&CoreJsonWebKey| {
        let named = parts.header.kid.as_ref().is_none_or(|kid| key.key_id() == Some(kid));
        let algorithm_fits = match key.signing_alg() {
            JsonWebKeyAlgorithm::Algorithm(of) => of == algorithm,
            JsonWebKeyAlgorithm::Unspecified => true,
            JsonWebKeyAlgorithm::Unsupported => false,
        };
        named && algorithm_fits
    };
    let mut fitting = keys.keys().iter().filter(fits);
    let (Some(key), None) = (fitting.next(), fitting.next()) else { return Err(BrokerError::Refused("signature")) };
    let proved: Result<(), SignatureVerificationError> =
        key.verify_signature(algorithm, parts.signed.as_bytes(), &parts.signature);
    proved.map_err(|_| BrokerError::Refused("signature"))
}

/// What the body says, if it says it to us, now, and is nothing else than such a message.
fn told(body: &Body, issuer: &str, us: &str, now: i64) -> Result<LoggedOut, BrokerError> {
    let is_for_us = match &body.aud {
        Audience::One(one) => one == us,
        Audience::Many(many) => matches!(many.as_slice(), [one] if one == us),
    };
    let is_of_now = (now - TOKEN_SECONDS..=now + LEEWAY_SECONDS).contains(&body.iat)
        && body.exp.is_none_or(|end| now <= end.saturating_add(LEEWAY_SECONDS));
    let refused = |why| Err(BrokerError::Refused(why));
    if body.iss != issuer {
        return refused("issuer");
    }
    if !is_for_us {
        return refused("audience");
    }
    if !is_of_now {
        return refused("expired");
    }
    if body.nonce.is_some() || !body.events.get(EVENT).is_some_and(serde_json::Value::is_object) {
        return refused("a kind of token that is not taken");
    }
    let whole = |text: &Option<String>| text.as_ref().is_none_or(|text| !text.is_empty());
    if body.jti.is_empty() || !whole(&body.sub) || !whole(&body.sid) || (body.sub.is_none() && body.sid.is_none()) {
        return refused("claims");
    }
    let good_until = body.iat.saturating_add(TOKEN_SECONDS + LEEWAY_SECONDS);
    let Body { iss, sub, sid, jti, .. } = body;
    let (subject, session) = (sub.clone(), sid.clone());
    Ok(LoggedOut { issuer: iss.clone(), subject, session, id: jti.clone(), good_until })
}
