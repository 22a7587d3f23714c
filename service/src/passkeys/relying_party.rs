//! WebAuthn's relying party: where this installation's passkeys belong, and the two ceremonies there.

use super::CEREMONY_SECONDS;
use crate::fault::Fault;
use domain::AccountId;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::fmt;
use std::time::Duration;
use store::sign_in::StoredPasskey;
use webauthn_rs::prelude::{
    AuthenticationResult, Passkey, PasskeyAuthentication, PasskeyRegistration, PublicKeyCredential,
    RegisterPublicKeyCredential, Url, Webauthn, WebauthnBuilder, WebauthnError,
};

/// What authenticators call this program.
const NAME: &str = "Adgang";

/// Where passkeys belong: a host's name and the one origin that may use them.
pub struct RelyingParty(Webauthn);

impl fmt::Debug for RelyingParty {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RelyingParty")
    }
}

/// A ceremony that begins: what the browser is given, and what its answer is held against. Both are JSON.
#[derive(Debug)]
pub(crate) struct Ceremony {
    pub(crate) options: String,
    pub(crate) state: String,
}

/// A passkey that an authenticator has made.
#[derive(Debug)]
pub(crate) struct Made {
    pub(crate) credential_id: Vec<u8>,
    pub(crate) credential: String,
}

/// What an answer to a sign-in's ceremony is.
#[derive(Debug)]
pub(crate) enum Verdict {
    /// Right.
    Right(Box<AuthenticationResult>),
    /// Rightly signed, but by an authenticator whose count of signatures has not gone on.
    WentBack,
    /// Wrong, in whatever way.
    Wrong,
}

impl RelyingParty {
    /// The relying party at an origin such as `https://adgang.example.org`. `None` where the host is a
    /// number: WebAuthn takes names alone.
    #[must_use]
    pub fn at(origin: &str) -> Option<Self> {
        let origin = Url::parse(origin).ok()?;
        let builder = WebauthnBuilder::new(origin.domain()?, &origin).ok()?;
        let timeout = Duration::from_secs(CEREMONY_SECONDS.unsigned_abs());
        builder.rp_name(NAME).timeout(timeout).build().ok().map(Self)
    }

    /// Begins to add a passkey to an account that has these. Authenticators keep and show the user name
    /// and the place; of the person they are told nothing.
    pub(crate) fn begin_adding(
        &self,
        account: AccountId,
        user_name: &str,
        place: &str,
        present: &[StoredPasskey],
    ) -> Result<Ceremony, Fault> {
        let present = present.iter().map(|passkey| passkey.credential_id.clone()).collect();
        let shown = format!("{user_name}, {place}");
        let begun = self.0.start_passkey_registration(account.0, user_name, &shown, Some(present));
        let (options, state) = begun.map_err(|error| failed(&error))?;
        Ok(Ceremony { options: written(&options)?, state: written(&state)? })
    }

    /// The passkey in an answer; `None` where the answer does not fit.
    pub(crate) fn finish_adding(&self, state: &str, answer: &str) -> Result<Option<Made>, Fault> {
        let state: PasskeyRegistration = read(state)?;
        let Ok(answer) = serde_json::from_str::<RegisterPublicKeyCredential>(answer) else { return Ok(None) };
        let Ok(passkey) = self.0.finish_passkey_registration(&answer, &state) else { return Ok(None) };
        Ok(Some(Made { credential_id: passkey.cred_id().to_vec(), credential: written(&passkey)? }))
    }

    /// Begins a sign-in with one of these passkeys.
    pub(crate) fn begin_signing(&self, passkeys: &[StoredPasskey]) -> Result<Ceremony, Fault> {
        let passkeys: Vec<Passkey> =
            passkeys.iter().map(|passkey| read(&passkey.credential)).collect::<Result<_, _>>()?;
        let begun = self.0.start_passkey_authentication(&passkeys);
        let (options, state) = begun.map_err(|error| failed(&error))?;
        Ok(Ceremony { options: written(&options)?, state: written(&state)? })
    }

    /// What an answer is worth.
    pub(crate) fn finish_signing(&self, state: &str, answer: &Answer) -> Result<Verdict, Fault> {
        let state: PasskeyAuthentication = read(state)?;
        let Some(answer) = &answer.0 else { return Ok(Verdict::Wrong) };
        Ok(match self.0.finish_passkey_authentication(answer, &state) {
            Ok(result) => Verdict::Right(Box::new(result)),
            Err(WebauthnError::CredentialPossibleCompromise) => Verdict::WentBack,
            Err(_) => Verdict::Wrong,
        })
    }
}

/// What a browser answered to a sign-in's ceremony; perhaps nothing that can be read.
pub(crate) struct Answer(Option<PublicKeyCredential>);

impl Answer {
    pub(crate) fn read(text: &str) -> Self {
        Self(serde_json::from_str(text).ok())
    }

    /// The passkey that is said to have answered, as its authenticator calls it.
    pub(crate) fn credential_id(&self) -> &[u8] {
        self.0.as_ref().map_or(&[], PublicKeyCredential::get_credential_id)
    }
}

/// What is kept of a passkey after it was signed in with.
pub(crate) fn renewed(stored: &StoredPasskey, result: &AuthenticationResult) -> Result<String, Fault> {
    let mut passkey: Passkey = read(&stored.credential)?;
    passkey.update_credential(result);
    written(&passkey)
}

/// Has the count of signatures not gone on? Authenticators that count none say 0 ever after.
pub(crate) fn went_back(stored: &StoredPasskey, result: &AuthenticationResult) -> bool {
    let counted = i64::from(result.counter());
    (counted > 0 || stored.sign_count > 0) && counted <= stored.sign_count
}

fn written(value: &impl Serialize) -> Result<String, Fault> {
    serde_json::to_string(value).map_err(|error| Fault::Internal(format!("a passkey cannot be written: {error}")))
}

fn read<T: DeserializeOwned>(text: &str) -> Result<T, Fault> {
    // The library's words may quote what is stored.
    serde_json::from_str(text).map_err(|_| Fault::Internal("a stored passkey or ceremony cannot be read".to_owned()))
}

fn failed(error: &WebauthnError) -> Fault {
    Fault::Internal(format!("a passkey's ceremony could not begin: {error}"))
}

#[cfg(test)]
mod tests {
    use super::RelyingParty;

    #[test]
    fn passkeys_belong_to_names_and_not_to_numbers() {
        for good in ["https://adgang.example.org", "http://localhost:3000", "https://a.example:8443"] {
            assert!(RelyingParty::at(good).is_some(), "{good}");
        }
        for none in ["https://192.0.2.7", "http://127.0.0.1:3000", "https://[::1]", "adgang.example.org", ""] {
            assert!(RelyingParty::at(none).is_none(), "{none}");
        }
    }
}
