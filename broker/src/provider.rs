//! A broker: its document and its keys, kept as long as they are good for.

use crate::BrokerError;
use crate::address::is_secret;
use crate::fetch::{FetchError, client, fetch};
use crate::metadata::{Flow, Keys, Metadata};
use openidconnect::{ClientId, ClientSecret, DiscoveryError, HttpRequest, IssuerUrl, JsonWebKeySetUrl, RedirectUrl};
use std::sync::Arc;
use tokio::sync::Mutex;
use url::Url;
use zeroize::Zeroizing;

/// Seconds for which the document is believed before it is read again.
const DOCUMENT_SECONDS: i64 = 3_600;
/// Seconds for which a broker that could not be asked is not asked again: whoever comes meanwhile does not wait.
const FAILED_SECONDS: i64 = 5;
/// Seconds between two readings of the keys, whatever tokens turn up: whoever sends tokens with made-up
/// names of keys must not make us ask the broker each time.
const KEYS_SECONDS: i64 = 60;

/// Who we are at the broker.
#[derive(Clone)]
pub struct Client {
    /// The broker's issuer, exactly as it writes it.
    pub issuer: Url,
    /// Our name there.
    pub id: String,
    /// What proves it to be us.
    pub secret: Zeroizing<String>,
    /// Where it sends people back to.
    pub redirect: Url,
    /// Where it sends people who have signed out.
    pub signed_out: Url,
    /// What is asked for beside `openid`, separated by spaces.
    pub scopes: String,
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Client").field("issuer", &self.issuer.as_str()).field("id", &self.id).finish_non_exhaustive()
    }
}

/// What is known of a broker. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Known {
    pub(crate) metadata: Arc<Metadata>,
    pub(crate) keys: Arc<Keys>,
    /// When the document was read, in seconds since 1970.
    read: i64,
    /// When the keys were.
    keys_read: i64,
}

/// A broker and who we are there. Cheap to share; holds nothing of anybody's sign-in.
#[derive(Debug)]
pub struct Broker {
    pub(crate) client: Client,
    http: reqwest::Client,
    /// One asks, the others wait for what it finds out.
    known: Mutex<Memory>,
}

/// What was found out of a broker.
#[derive(Debug, Default)]
struct Memory {
    known: Option<Known>,
    /// When it last could not be asked, and why: those who waited meanwhile are told the same.
    failed: Option<(i64, BrokerError)>,
}

impl Broker {
    /// A broker that has not been asked anything yet: it may be down while we start.
    ///
    /// # Errors
    /// [`BrokerError::Unreachable`] where this machine can ask nobody.
    pub fn new(client_settings: Client) -> Result<Self, BrokerError> {
        Ok(Self { client: client_settings, http: client()?, known: Mutex::default() })
    }

    /// The origins that a form of ours may lead to: the broker's issuer. Its endpoints stand there too, or
    /// the browser is not sent there.
    #[must_use]
    pub fn origin(&self) -> String {
        self.client.issuer.origin().ascii_serialization()
    }

    /// What asks in our place, for the library.
    pub(crate) fn http(&self) -> impl Fn(HttpRequest) -> AskFuture + '_ {
        |request| Box::pin(fetch(self.http.clone(), request))
    }

    /// What is known of the broker, read now where it is too old.
    pub(crate) async fn known(&self, now: i64) -> Result<Known, BrokerError> {
        let mut memory = self.known.lock().await;
        if let Some(fresh) = memory.known.as_ref().filter(|known| (0..DOCUMENT_SECONDS).contains(&(now - known.read))) {
            return Ok(fresh.clone());
        }
        if let Some((_, why)) = memory.failed.filter(|(at, _)| (0..FAILED_SECONDS).contains(&(now - at))) {
            return Err(why);
        }
        match self.read(now).await {
            Ok(read) => {
                *memory = Memory { known: Some(read.clone()), failed: None };
                Ok(read)
            }
            Err(why) => {
                memory.failed = Some((now, why));
                Err(why)
            }
        }
    }

    /// Reads the broker's document and its keys.
    async fn read(&self, now: i64) -> Result<Known, BrokerError> {
        let issuer = IssuerUrl::new(self.client.issuer_text()).map_err(|_| BrokerError::Refused("issuer"))?;
        let http = self.http();
        let metadata = Metadata::discover_async(issuer, &http).await.map_err(|error| match error {
            DiscoveryError::Request(FetchError(why)) => BrokerError::Unreachable(why),
            DiscoveryError::Response(..) => BrokerError::Unreachable("it answered with an error"),
            DiscoveryError::Validation(_) => BrokerError::Refused("its document names another issuer"),
            _ => BrokerError::Refused("its document cannot be read"),
        })?;
        self.check(&metadata)?;
        let keys = Arc::new(metadata.jwks().clone());
        Ok(Known { metadata: Arc::new(metadata), keys, read: now, keys_read: now })
    }

    /// The same with other keys than those that were tried: read anew by now, or now. `None` where they were read
    /// less than a minute ago, and are what was tried.
    pub(crate) async fn with_new_keys(&self, now: i64, tried: &Known) -> Result<Option<Known>, BrokerError> {
        let mut memory = self.known.lock().await;
        let Some(present) = memory.known.as_mut() else { return Ok(None) };
        if !Arc::ptr_eq(&present.keys, &tried.keys) {
            return Ok(Some(present.clone()));
        }
        if now - present.keys_read < KEYS_SECONDS {
            return Ok(None);
        }
        // Counted before it is tried, so that a broker that is down is not asked each time either.
        present.keys_read = now;
        let http = self.http();
        let keys = Keys::fetch_async(present.metadata.jwks_uri(), &http).await;
        present.keys = Arc::new(keys.map_err(|error| match error {
            DiscoveryError::Request(FetchError(why)) => BrokerError::Unreachable(why),
            DiscoveryError::Response(..) => BrokerError::Unreachable("it answered with an error"),
            _ => BrokerError::Refused("its keys cannot be read"),
        })?);
        Ok(Some(present.clone()))
    }

    /// Every endpoint stands where nobody listens along, and people are sent to the broker's own origin alone.
    fn check(&self, metadata: &Metadata) -> Result<(), BrokerError> {
        let token = metadata.token_endpoint().map(|url| url.url());
        let keys: &JsonWebKeySetUrl = metadata.jwks_uri();
        let sign_out = metadata.additional_metadata().end_session_endpoint.as_ref();
        let authorization = metadata.authorization_endpoint().url();
        let asked = [Some(keys.url()), token, Some(authorization), sign_out];
        if !asked.into_iter().flatten().all(is_secret) {
            return Err(BrokerError::Refused("an endpoint that others can listen at"));
        }
        let own = self.client.issuer.origin();
        let led = [Some(authorization), sign_out];
        if led.into_iter().flatten().any(|url| url.origin() != own) {
            return Err(BrokerError::Refused("an endpoint at another origin"));
        }
        if token.is_none() {
            return Err(BrokerError::Refused("no token endpoint"));
        }
        Ok(())
    }

    /// The flow of this client with a broker whose document was read.
    pub(crate) fn flow(&self, known: &Known) -> Result<Flow, BrokerError> {
        let redirect = RedirectUrl::new(self.client.redirect.as_str().to_owned());
        let redirect = redirect.map_err(|_| BrokerError::Refused("our own address"))?;
        let (id, secret) =
            (ClientId::new(self.client.id.clone()), ClientSecret::new(self.client.secret.as_str().to_owned()));
        let metadata = Metadata::clone(&known.metadata);
        Ok(Flow::from_provider_metadata(metadata, id, Some(secret)).set_redirect_uri(redirect))
    }
}

/// A question under way.
pub(crate) type AskFuture =
    std::pin::Pin<Box<dyn Future<Output = Result<openidconnect::HttpResponse, FetchError>> + Send>>;

impl Client {
    /// The issuer as it is compared: an address without a path is written without its last slash, as brokers do.
    pub(crate) fn issuer_text(&self) -> String {
        let text = self.issuer.as_str();
        if self.issuer.path() == "/" { text.trim_end_matches('/').to_owned() } else { text.to_owned() }
    }
}
