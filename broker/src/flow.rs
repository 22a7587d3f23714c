//! The authorization code flow: the way to the broker, and what its answer proves.

use crate::claims::Verified;
use crate::fetch::FetchError;
use crate::metadata::SIGNATURES;
use crate::provider::{Broker, Known};
use crate::{BrokerError, LEEWAY_SECONDS};
use chrono::{DateTime, Utc};
use openidconnect::core::{CoreAuthenticationFlow, CoreIdTokenVerifier};
use openidconnect::{
    AuthenticationContextClass, AuthorizationCode, ClaimsVerificationError, ClientId, CsrfToken, IssuerUrl, Nonce,
    PkceCodeChallenge, PkceCodeVerifier, RequestTokenError, Scope, SignatureVerificationError, TokenResponse,
};
use url::Url;

/// Seconds after which a token that was issued is too old to begin a session with: it was fetched just now.
const TOKEN_SECONDS: i64 = 600;

/// What a sign-in is asked with. All three are secrets of this one sign-in, bound to one browser.
#[derive(Clone, Copy)]
pub struct Asked<'a> {
    /// Comes back with the answer.
    pub state: &'a str,
    /// Comes back in the token.
    pub nonce: &'a str,
    /// Proves that who fetches the token is who asked (RFC 7636).
    pub verifier: &'a str,
    /// How surely the person is to sign in, in the broker's words.
    pub level: Option<&'a str>,
}

/// What the broker sent the browser back with.
#[derive(Clone, Copy)]
pub struct Answer<'a> {
    /// The code for the token.
    pub code: &'a str,
    /// `iss`: who answers (RFC 9207).
    pub issuer: Option<&'a str>,
}

/// What the answer must fit.
#[derive(Clone, Copy)]
pub struct Expected<'a> {
    /// The nonce that was sent.
    pub nonce: &'a str,
    /// The verifier whose challenge was sent.
    pub verifier: &'a str,
}

macro_rules! shows_nothing {
    ($($kind:ident),+) => {$(
        /// Shows nothing: it holds secrets.
        impl std::fmt::Debug for $kind<'_> {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(stringify!($kind))
            }
        }
    )+};
}
shows_nothing!(Asked, Answer, Expected);

impl Broker {
    /// Where the browser goes to sign in.
    ///
    /// # Errors
    /// [`BrokerError`] when the broker cannot be asked where that is.
    pub async fn begin(&self, now: i64, asked: &Asked<'_>) -> Result<Url, BrokerError> {
        let known = self.known(now).await?;
        let flow = self.flow(&known)?;
        let verifier = PkceCodeVerifier::new(asked.verifier.to_owned());
        let (state, nonce) = (asked.state.to_owned(), asked.nonce.to_owned());
        let mut request = flow
            .authorize_url(
                CoreAuthenticationFlow::AuthorizationCode,
                move || CsrfToken::new(state),
                move || Nonce::new(nonce),
            )
            .set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(&verifier));
        for scope in self.client.scopes.split_whitespace().filter(|scope| *scope != "openid") {
            request = request.add_scope(Scope::new(scope.to_owned()));
        }
        if let Some(level) = asked.level {
            request = request.add_auth_context_value(AuthenticationContextClass::new(level.to_owned()));
        }
        Ok(request.url().0)
    }

    /// Fetches the token for the code of an answer, and proves it: signature, issuer, audience, times, nonce.
    ///
    /// The caller has matched `state` with the browser, once.
    ///
    /// # Errors
    /// [`BrokerError`]; then nobody is signed in.
    pub async fn finish(
        &self,
        now: i64,
        answer: &Answer<'_>,
        expected: &Expected<'_>,
    ) -> Result<Verified, BrokerError> {
        let mut known = self.known(now).await?;
        self.is_answer_of_the_broker(&known, answer)?;
        let flow = self.flow(&known)?;
        let token = flow
            .exchange_code(AuthorizationCode::new(answer.code.to_owned()))
            .map_err(|_| BrokerError::Refused("no token endpoint"))?
            .set_pkce_verifier(PkceCodeVerifier::new(expected.verifier.to_owned()))
            .request_async(&self.http())
            .await
            .map_err(|error| match error {
                RequestTokenError::Request(FetchError(why)) => BrokerError::Unreachable(why),
                RequestTokenError::ServerResponse(_) => BrokerError::Refused("code"),
                _ => BrokerError::Refused("its answer to the code cannot be read"),
            })?;
        let token = token.id_token().ok_or(BrokerError::Refused("no token"))?;
        let nonce = Nonce::new(expected.nonce.to_owned());
        let mut renewed = false;
        loop {
            let verifier = self.verifier(&known, now)?;
            match token.claims(&verifier, &nonce) {
                Ok(claims) => {
                    is_meant_for(
                        self.client.id.as_str(),
                        claims.authorized_party().map(|party| party.as_str()),
                        claims.audiences().len(),
                    )?;
                    let subject = claims.subject().as_str();
                    if subject.is_empty() || subject.len() > 255 {
                        return Err(BrokerError::Refused("subject"));
                    }
                    return Ok(Verified::new(claims.issuer().as_str(), subject, claims.additional_claims()));
                }
                // The broker may have changed its keys since we read them.
                Err(error) if !renewed && may_be_new_keys(&error) => match self.with_new_keys(now, &known).await? {
                    Some(with_new_keys) => (known, renewed) = (with_new_keys, true),
                    None => return Err(refused(&error)),
                },
                Err(error) => return Err(refused(&error)),
            }
        }
    }

    /// Where the browser goes to sign out at the broker as well; `None` where it has no such page.
    ///
    /// Nothing of a token goes into that address: the broker knows the browser by its own cookie.
    ///
    /// # Errors
    /// [`BrokerError`] when the broker cannot be asked where that is.
    pub async fn sign_out_address(&self, now: i64) -> Result<Option<Url>, BrokerError> {
        let known = self.known(now).await?;
        let Some(mut url) = known.metadata.additional_metadata().end_session_endpoint.clone() else { return Ok(None) };
        url.query_pairs_mut()
            .append_pair("client_id", &self.client.id)
            .append_pair("post_logout_redirect_uri", self.client.signed_out.as_str());
        Ok(Some(url))
    }

    /// The mix-up attack hands one broker's answer to another: who answers must be who was asked.
    fn is_answer_of_the_broker(&self, known: &Known, answer: &Answer<'_>) -> Result<(), BrokerError> {
        let always_says = known.metadata.additional_metadata().authorization_response_iss_parameter_supported;
        match answer.issuer {
            Some(issuer) if issuer == known.metadata.issuer().as_str() => Ok(()),
            Some(_) => Err(BrokerError::Refused("iss of the answer")),
            None if always_says => Err(BrokerError::Refused("no iss in the answer")),
            None => Ok(()),
        }
    }

    fn verifier(&self, known: &Known, now: i64) -> Result<CoreIdTokenVerifier<'static>, BrokerError> {
        let issuer: IssuerUrl = known.metadata.issuer().clone();
        // As a public client's: nothing that the client's own secret could have signed is taken.
        let verifier = CoreIdTokenVerifier::new_public_client(
            ClientId::new(self.client.id.clone()),
            issuer,
            known.keys.as_ref().clone(),
        );
        let at =
            |seconds: i64| DateTime::<Utc>::from_timestamp(seconds, 0).ok_or(BrokerError::Refused("our own clock"));
        let (expired, oldest, newest) =
            (at(now - LEEWAY_SECONDS)?, at(now - TOKEN_SECONDS)?, at(now + LEEWAY_SECONDS)?);
        Ok(verifier.set_allowed_algs(SIGNATURES).set_time_fn(move || expired).set_issue_time_verifier_fn(
            move |issued| {
                if (oldest..=newest).contains(&issued) { Ok(()) } else { Err("issued at another time".to_owned()) }
            },
        ))
    }
}

/// A token for several parties, or given to one by name, is ours only if it names us (Core 1.0 §3.1.3.7).
fn is_meant_for(us: &str, party: Option<&str>, audiences: usize) -> Result<(), BrokerError> {
    match party {
        Some(party) if party == us => Ok(()),
        None if audiences == 1 => Ok(()),
        Some(_) | None => Err(BrokerError::Refused("azp")),
    }
}

/// Could the same token be proved with keys that the broker has made since?
fn may_be_new_keys(error: &ClaimsVerificationError) -> bool {
    matches!(
        error,
        ClaimsVerificationError::SignatureVerification(
            SignatureVerificationError::NoMatchingKey
                | SignatureVerificationError::CryptoError(_)
                | SignatureVerificationError::AmbiguousKeyId(_)
        )
    )
}

/// The check that failed, in a word; the library's own sentences hold what was sent.
fn refused(error: &ClaimsVerificationError) -> BrokerError {
    BrokerError::Refused(match error {
        ClaimsVerificationError::Expired(_) => "expired",
        ClaimsVerificationError::InvalidAudience(_) => "audience",
        ClaimsVerificationError::InvalidIssuer(_) => "issuer",
        ClaimsVerificationError::InvalidNonce(_) => "nonce",
        ClaimsVerificationError::InvalidSubject(_) => "subject",
        ClaimsVerificationError::SignatureVerification(_) => "signature",
        ClaimsVerificationError::Unsupported(_) => "a kind of token that is not taken",
        _ => "claims",
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_of_several_parties_names_us() {
        is_meant_for("us", None, 1).unwrap();
        is_meant_for("us", Some("us"), 1).unwrap();
        is_meant_for("us", Some("us"), 2).unwrap();
        for (party, audiences) in [(Some("them"), 1), (Some("them"), 2), (None, 2), (None, 0)] {
            is_meant_for("us", party, audiences).unwrap_err();
        }
    }
}
