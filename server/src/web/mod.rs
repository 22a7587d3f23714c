//! HTTP: what is served, and what every answer carries.
//!
//! The layers, from the outside in: the request's id and log line ([`request`]); headers and the
//! nonce ([`security`]); a panic becomes a plain 500; a limit on size; no unsafe request from
//! another site; the session; a limit on time; and then the routes.

mod accounts;
pub mod assets;
mod broker;
mod cookies;
mod health;
mod inbox;
mod letters;
mod material;
mod outage;
mod own;
mod passkeys;
mod peer;
mod people;
mod range;
pub mod request;
mod security;
mod session;
mod sign_in;
mod subjects;
mod upload;

use crate::settings::{PublicUrl, Settings};
use ::broker::Broker;
use app::letters::Issued;
use app::pages::accounts::form::Sent;
use app::pages::accounts::letters::LetterOrder;
use app::pages::accounts::subjects::Ordered;
use app::pages::portal::NotOpened;
use axum::Router;
use axum::body::Body;
use axum::extract::{DefaultBodyLimit, FromRef, Request, State};
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::header::CONTENT_TYPE;
use http::request::Parts;
use http::{Extensions, HeaderMap, Method, StatusCode, Uri, Version};
use leptos::config::LeptosOptions;
use leptos::nonce::Nonce;
use leptos::prelude::{provide_context, use_context};
use leptos_axum::{LeptosRoutes, generate_route_list};
use request::RequestId;
use service::{Env, Service};
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;
use tower_http::CompressionLevel;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{Predicate, SizeAbove};
use tower_http::csrf::CsrfLayer;
use tower_http::limit::RequestBodyLimitLayer;
use tower_http::timeout::TimeoutLayer;

/// The longest request body, in bytes; a roster file has a limit of its own.
const BODY_LIMIT: usize = 2 * 1024 * 1024;
/// The longest that an answer may take; a roster file has limits of its own.
const TIME_LIMIT: Duration = Duration::from_secs(60);

/// What handlers, pages and server functions work with.
#[derive(Clone, Debug)]
pub struct AppState {
    /// What the shell needs to know about the site.
    pub leptos: LeptosOptions,
    /// The use cases.
    pub service: Service,
    /// Time, randomness and ids.
    pub env: Env,
    /// What people type to get here.
    pub address: PublicUrl,
    /// Proxies in front, whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Arc<[IpAddr]>,
    /// The largest roster file that a page takes, in bytes.
    pub import_bytes_max: u64,
    /// The broker that people can sign in through.
    pub broker: Option<Arc<Broker>>,
    /// How surely they are asked to, in the broker's words.
    pub broker_level: Option<Arc<str>>,
}

impl AppState {
    /// The state of a server at this address.
    #[must_use]
    pub fn new(service: Service, env: Env, address: PublicUrl, settings: &Settings) -> Self {
        let leptos = LeptosOptions::builder().output_name(assets::versioned_stem()).build();
        let trusted_proxies = settings.trusted_proxy.clone().into();
        let import_bytes_max = settings.import_megabytes.saturating_mul(1_000_000);
        let service = service.at(&address.to_string());
        let broker_level = settings.broker_level.as_deref().map(Arc::from);
        Self { leptos, service, env, address, trusted_proxies, import_bytes_max, broker: None, broker_level }
    }

    /// The same, where people can sign in through this broker.
    #[must_use]
    pub fn with_broker(self, broker: Option<Broker>) -> Self {
        Self { broker: broker.map(Arc::new), ..self }
    }
}

impl FromRef<AppState> for LeptosOptions {
    fn from_ref(state: &AppState) -> Self {
        state.leptos.clone()
    }
}

/// Everything that the server answers, from the outermost layer to the routes.
///
/// # Errors
/// If the public address cannot be an origin.
pub fn router(state: AppState) -> Result<Router, tower_http::csrf::ConfigError> {
    let same_origin = CsrfLayer::new().add_trusted_origin(state.address.to_string())?;
    let routes = generate_route_list(app::document::App);
    let shell = {
        let options = state.leptos.clone();
        move || app::document::shell(options.clone())
    };
    // What is a little too large gets an answer in words; what is much too large does not.
    let longest = usize::try_from(state.import_bytes_max).unwrap_or(usize::MAX).saturating_add(BODY_LIMIT);
    let prompt = Router::new()
        .route("/livez", get(health::alive))
        .route("/readyz", get(health::ready))
        .route("/pkg/{name}", get(assets::serve))
        .merge(sign_in::routes(state.service.is_demo()))
        .merge(broker::routes())
        .merge(passkeys::routes())
        .merge(letters::routes())
        .merge(inbox::routes())
        .merge(accounts::routes())
        .merge(subjects::routes())
        .merge(own::routes())
        .merge(people::routes())
        .leptos_routes_with_context(&state, routes, provide_request, shell)
        .fallback(missing)
        .layer(compression())
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, TIME_LIMIT));
    // A file may take its time on a slow line, and has limits of its own; it is sent as it is.
    let router = prompt
        .merge(upload::routes())
        .merge(material::routes())
        .layer(from_fn_with_state(state.clone(), session::know))
        .layer(same_origin)
        .layer(RequestBodyLimitLayer::new(longest))
        .layer(CatchPanicLayer::custom(broken))
        .layer(from_fn_with_state(state.clone(), security::secure))
        .layer(from_fn_with_state(state.clone(), request::identify))
        .with_state(state);
    Ok(router)
}

/// Compresses what server functions answer. Pages stay as they are: they carry the session's token
/// beside words from the address, and how well the two compress together would tell the token.
fn compression() -> CompressionLayer<impl Predicate> {
    let of_a_function = |_: StatusCode, _: Version, headers: &HeaderMap, _: &Extensions| {
        let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        ["application/json", "application/x-postcard", "application/octet-stream"].iter().any(|of| kind.starts_with(of))
    };
    // A school of 250 kB takes 5 ms at this quality, and 0.3 s at the best.
    CompressionLayer::new().quality(CompressionLevel::Precise(4)).compress_when(SizeAbove::new(1024).and(of_a_function))
}

/// Hands what the layers found out about the request on to pages and server functions.
///
/// Run once more for each; the request is not there when the routes are listed at start.
fn provide_request() {
    let Some(parts) = use_context::<Parts>() else { return };
    if let Some(nonce) = parts.extensions.get::<Nonce>() {
        provide_context(nonce.clone());
    }
    if let Some(sent) = parts.extensions.get::<Sent>() {
        provide_context(sent.clone());
    }
    if let Some(order) = parts.extensions.get::<LetterOrder>() {
        provide_context(order.clone());
    }
    if let Some(ordered) = parts.extensions.get::<Ordered>() {
        provide_context(ordered.clone());
    }
    if let Some(not_opened) = parts.extensions.get::<NotOpened>() {
        provide_context(*not_opened);
    }
    if let Some(issued) = parts.extensions.get::<Issued>() {
        provide_context(issued.clone());
    }
    if let Some(id) = parts.extensions.get::<RequestId>() {
        provide_context(*id);
    }
    if let Some(state) = use_context::<AppState>()
        && let Some(browser) = parts.extensions.get::<session::Browser>()
    {
        session::provide(browser, &state);
    }
}

/// Any other address: the page that says so.
async fn missing(State(state): State<AppState>, request: Request) -> Response {
    let mut response = page(&state, request).await;
    *response.status_mut() = StatusCode::NOT_FOUND;
    response
}

/// The page at a request's address, whatever its method.
async fn page(state: &AppState, request: Request) -> Response {
    let (state, options) = (state.clone(), state.leptos.clone());
    let context = move || {
        provide_context(state.clone());
        provide_request();
    };
    let page = leptos_axum::render_app_async_with_context(context, move || app::document::shell(options.clone()));
    page(request).await
}

/// The page at an address of ours, with what a form or another address has brought it.
async fn page_at<T>(state: &AppState, mut parts: Parts, address: &'static str, brought: T) -> Response
where
    T: Clone + Send + Sync + 'static,
{
    parts.method = Method::GET;
    parts.uri = Uri::from_static(address);
    parts.extensions.insert(brought);
    page(state, Request::from_parts(parts, Body::empty())).await
}

/// A panic is a fault of ours: logged with what it said, answered without.
#[expect(clippy::needless_pass_by_value, reason = "the layer's signature")]
fn broken(panic: Box<dyn std::any::Any + Send + 'static>) -> Response {
    let said = panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied());
    tracing::error!(panic = said.unwrap_or("unknown"), "a handler panicked");
    (StatusCode::INTERNAL_SERVER_ERROR, "Something went wrong on our side. It is in the log.\n").into_response()
}
