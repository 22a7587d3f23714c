//! A broker of our own on this machine, which lies as it is told to.

use axum::extract::{Form, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Json, Response};
use axum::routing::{get, post};
use axum::{Router, serve};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use broker::{Broker, Client};
use hmac::{Hmac, KeyInit, Mac};
use p256::ecdsa::SigningKey;
use p256::ecdsa::signature::Signer;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::net::TcpListener;

/// The instant of all tests, in seconds since 1970.
pub(crate) const NOW: i64 = 1_790_000_000;
pub(crate) const NONCE: &str = "nonce-of-this-sign-in";
pub(crate) const VERIFIER: &str = "verifier-of-this-sign-in-0123456789-0123456789";
pub(crate) const SECRET: &str = "a secret that the broker and we know";

/// What a token is signed with.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Sign {
    /// The broker's key.
    Right,
    /// A key that the broker has not published.
    Other,
    /// The broker's key, and then something else in the token's place.
    Broken,
    /// Nothing: `alg` is `none`.
    Nothing,
    /// The client's secret.
    Secret,
    /// The broker's public key, as if it were a secret.
    PublicKey,
}

/// What the broker says and does.
#[derive(Clone, Debug)]
pub(crate) struct Script {
    pub(crate) document: Value,
    pub(crate) keys: Value,
    pub(crate) claims: Value,
    pub(crate) header: Value,
    pub(crate) sign: Sign,
    pub(crate) token_status: StatusCode,
    pub(crate) without_token: bool,
    pub(crate) delay: Duration,
    pub(crate) long: usize,
    /// How often each address was asked.
    pub(crate) asked: HashMap<&'static str, usize>,
    /// What the token endpoint was sent last.
    pub(crate) sent: HashMap<String, String>,
}

/// A running broker.
pub(crate) struct Idp {
    pub(crate) issuer: String,
    pub(crate) script: Arc<Mutex<Script>>,
}

/// The published half of a key.
pub(crate) fn public(key: u8, id: &str) -> Value {
    let point = signing(key).verifying_key().to_sec1_point(false);
    let half = |bytes: Option<&[u8]>| URL_SAFE_NO_PAD.encode(bytes.unwrap());
    let (x, y) = (point.x().map(|x| x.to_vec()), point.y().map(|y| y.to_vec()));
    json!({"kty": "EC", "crv": "P-256", "use": "sig", "kid": id, "x": half(x.as_deref()), "y": half(y.as_deref())})
}

fn signing(key: u8) -> SigningKey {
    SigningKey::from_slice(&[key; 32]).unwrap()
}

impl Idp {
    /// A broker that tells the truth, until told otherwise.
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let issuer = format!("http://127.0.0.1:{}/realm", listener.local_addr().unwrap().port());
        let script = Arc::new(Mutex::new(Script {
            document: json!({
                "issuer": issuer,
                "authorization_endpoint": format!("{issuer}/auth"),
                "token_endpoint": format!("{issuer}/token"),
                "jwks_uri": format!("{issuer}/certs"),
                "end_session_endpoint": format!("{issuer}/logout"),
                "response_types_supported": ["code"],
                "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": ["RS256", "ES256"],
            }),
            keys: json!({"keys": [public(7, "one")]}),
            claims: json!({
                "iss": issuer, "sub": "subject-1", "aud": "adgang", "azp": "adgang", "nonce": NONCE, "sid": "session-1",
                "iat": NOW, "exp": NOW + 300, "uniid": "test123a", "aktoer_gruppe": "Medarbejder",
                "unilogin_loa": "ToFaktor", "loa": 3, "institution_ids": ["999958"], "has_license": true,
            }),
            header: json!({"alg": "ES256", "typ": "JWT", "kid": "one"}),
            sign: Sign::Right,
            token_status: StatusCode::OK,
            without_token: false,
            delay: Duration::ZERO,
            long: 0,
            asked: HashMap::new(),
            sent: HashMap::new(),
        }));
        let router = Router::new()
            .route("/realm/.well-known/openid-configuration", get(document))
            .route("/realm/certs", get(keys))
            .route("/realm/token", post(token))
            .with_state(Arc::clone(&script));
        tokio::spawn(async move { serve(listener, router).await });
        Self { issuer, script }
    }

    pub(crate) fn tell(&self, change: impl FnOnce(&mut Script)) {
        change(&mut self.script.lock().unwrap_or_else(PoisonError::into_inner));
    }

    pub(crate) fn asked(&self, what: &str) -> usize {
        self.script.lock().unwrap_or_else(PoisonError::into_inner).asked.get(what).copied().unwrap_or(0)
    }

    /// Us, as clients of it.
    pub(crate) fn broker(&self) -> Broker {
        at(&self.issuer)
    }
}

/// Us, as clients of a broker at an issuer.
pub(crate) fn at(issuer: &str) -> Broker {
    let here = "http://localhost:3000/sign-in/broker/back".parse().unwrap();
    let out = "http://localhost:3000/sign-in".parse().unwrap();
    Broker::new(Client {
        issuer: broker::checked_issuer(issuer).unwrap(),
        id: "adgang".to_owned(),
        secret: SECRET.to_owned().into(),
        redirect: here,
        signed_out: out,
        scopes: "openid InstitutionIdsClientScope".to_owned(),
    })
    .unwrap()
}

/// A token of this header and these claims.
pub(crate) fn signed(header: &Value, claims: &Value, sign: Sign) -> String {
    let encoded = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let text = format!("{}.{}", encoded(header), encoded(claims));
    let hmac = |key: &[u8]| {
        let mut mac = Hmac::<sha2::Sha256>::new_from_slice(key).unwrap();
        mac.update(text.as_bytes());
        mac.finalize().into_bytes().to_vec()
    };
    let by = |key: u8| -> Vec<u8> {
        let signature: p256::ecdsa::Signature = signing(key).sign(text.as_bytes());
        signature.to_bytes().to_vec()
    };
    let signature = match sign {
        Sign::Right => by(7),
        Sign::Other => by(8),
        Sign::Broken => {
            let mut signature = by(7);
            signature[20] ^= 1;
            signature
        }
        Sign::Nothing => Vec::new(),
        Sign::Secret => hmac(SECRET.as_bytes()),
        Sign::PublicKey => hmac(public(7, "one").to_string().as_bytes()),
    };
    format!("{text}.{}", URL_SAFE_NO_PAD.encode(signature))
}

type Told = State<Arc<Mutex<Script>>>;

async fn read(script: &Mutex<Script>, what: &'static str) -> Script {
    let now = {
        let mut script = script.lock().unwrap_or_else(PoisonError::into_inner);
        *script.asked.entry(what).or_default() += 1;
        script.clone()
    };
    tokio::time::sleep(now.delay).await;
    now
}

async fn document(State(script): Told) -> Response {
    let script = read(&script, "document").await;
    let mut document = script.document;
    if script.long > 0 {
        document["padding"] = Value::String("x".repeat(script.long));
    }
    Json(document).into_response()
}

async fn keys(State(script): Told) -> Response {
    Json(read(&script, "keys").await.keys).into_response()
}

async fn token(State(told): Told, Form(sent): Form<HashMap<String, String>>) -> Response {
    let script = read(&told, "token").await;
    told.lock().unwrap_or_else(PoisonError::into_inner).sent = sent;
    let mut answer = json!({"access_token": "opaque", "token_type": "Bearer", "expires_in": 60});
    if script.token_status != StatusCode::OK {
        answer = json!({"error": "invalid_grant"});
    } else if !script.without_token {
        answer["id_token"] = Value::String(signed(&script.header, &script.claims, script.sign));
    }
    (script.token_status, Json(answer)).into_response()
}
