//! What a token says of a person.

use openidconnect::AdditionalClaims;
use serde::{Deserialize, Serialize};

/// The claims beside OpenID's own that are read. UNI-Login's broker has more, of institutions and licences;
/// none of them gives or takes a right here, so none is read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Claims {
    /// UNI-Login's own id of the person, kept for life.
    #[serde(default)]
    uniid: Option<String>,
    /// In which part the person signed in: `Medarbejder`, `Elev`, `Ekstern`, `Kontaktperson`.
    #[serde(default)]
    aktoer_gruppe: Option<String>,
    /// How surely: `EnFaktor`, `ToFaktor`.
    #[serde(default)]
    unilogin_loa: Option<String>,
    /// How surely, in NSIS' words or numbers.
    #[serde(default)]
    loa: Option<Level>,
    /// The session at the broker, by which it says that the session has ended.
    #[serde(default)]
    sid: Option<String>,
}

impl AdditionalClaims for Claims {}

/// `Substantial`, or `3`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
enum Level {
    Word(String),
    Number(u8),
}

/// Who the broker proved somebody to be. Everything in it was signed by the broker, for us, just now.
#[derive(Clone, PartialEq, Eq)]
pub struct Verified {
    /// The broker, by its issuer.
    pub issuer: String,
    /// Whom it means, in a word of its own that never changes.
    pub subject: String,
    /// The session at the broker, where it told one.
    pub session: Option<String>,
    /// `uniid`, as it was sent.
    pub uni_id: Option<String>,
    /// `aktoer_gruppe`, as it was sent.
    pub actor_group: Option<String>,
    /// `unilogin_loa`, as it was sent.
    pub unilogin_level: Option<String>,
    /// `loa`, as it was sent.
    pub level: Option<String>,
}

/// Shows nothing: it is personal, and errors are logged.
impl std::fmt::Debug for Verified {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Verified").finish_non_exhaustive()
    }
}

impl Verified {
    pub(crate) fn new(issuer: &str, subject: &str, claims: &Claims) -> Self {
        let level = claims.loa.as_ref().map(|level| match level {
            Level::Word(word) => word.clone(),
            Level::Number(number) => number.to_string(),
        });
        Self {
            issuer: issuer.to_owned(),
            subject: subject.to_owned(),
            session: claims.sid.clone(),
            uni_id: claims.uniid.clone(),
            actor_group: claims.aktoer_gruppe.clone(),
            unilogin_level: claims.unilogin_loa.clone(),
            level,
        }
    }
}
