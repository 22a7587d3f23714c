//! Asking the broker: a short while, a short answer, and no other address than the one that was meant.

use crate::BrokerError;
use crate::address::is_secret;
use openidconnect::{HttpRequest, HttpResponse};
use rustls::{ClientConfig, RootCertStore};
use std::sync::Arc;
use std::time::Duration;

/// The longest that one question takes; all of a step have one deadline together, where they are asked.
const TIME_LIMIT: Duration = Duration::from_secs(2);
/// The longest answer, in bytes: a document with its keys has some thousands.
const ANSWER_LIMIT: usize = 256 * 1024;

/// What went wrong on the way; the words go to the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub(crate) struct FetchError(pub(crate) &'static str);

/// A client that follows no redirection: the one who answers in the broker's name is the broker.
pub(crate) fn client() -> Result<reqwest::Client, BrokerError> {
    let roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let tls = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|_| BrokerError::Unreachable("TLS cannot be set up"))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    reqwest::Client::builder()
        .tls_backend_preconfigured(tls)
        .redirect(reqwest::redirect::Policy::none())
        .timeout(TIME_LIMIT)
        .no_proxy()
        .build()
        .map_err(|_| BrokerError::Unreachable("the client cannot be set up"))
}

/// Sends one question.
pub(crate) async fn fetch(client: reqwest::Client, request: HttpRequest) -> Result<HttpResponse, FetchError> {
    let request = reqwest::Request::try_from(request).map_err(|_| FetchError("no address to ask"))?;
    if !is_secret(request.url()) {
        return Err(FetchError("an address that others can listen at"));
    }
    let failed = |error: reqwest::Error| {
        FetchError(if error.is_timeout() { "no answer in time" } else { "no connection, or a broken one" })
    };
    let mut response = client.execute(request).await.map_err(failed)?;
    let mut answer = http::Response::builder().status(response.status());
    if let Some(headers) = answer.headers_mut() {
        headers.clone_from(response.headers());
    }
    let mut body = Vec::new();
    while let Some(piece) = response.chunk().await.map_err(failed)? {
        if body.len() + piece.len() > ANSWER_LIMIT {
            return Err(FetchError("too long an answer"));
        }
        body.extend_from_slice(&piece);
    }
    answer.body(body).map_err(|_| FetchError("an answer that is none"))
}
