//! A broker that lies: whatever it says, nobody is proved to be anybody. The cases are those of the OpenID
//! Foundation's list of client tests, by their names, and some more.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may fail loudly")]

#[path = "hostile/idp.rs"]
mod idp;

use axum::http::StatusCode;
use broker::{Answer, Asked, BrokerError, Expected};
use idp::{Idp, NONCE, NOW, Script, Sign, VERIFIER, at, public, signed};
use serde_json::{Value, json};
use std::time::Duration;

const EXPECTED: Expected<'static> = Expected { nonce: NONCE, verifier: VERIFIER };

fn answer(issuer: Option<&str>) -> Answer<'_> {
    Answer { code: "the-code", issuer }
}

type Lie = fn(&mut Script);

fn without(script: &mut Script, claim: &str) {
    script.claims.as_object_mut().unwrap().remove(claim);
}

fn signed_with(script: &mut Script, algorithm: &str, sign: Sign) {
    script.header["alg"] = Value::String(algorithm.to_owned());
    script.sign = sign;
}

/// What it lies about, how, and the check that finds it.
const LIES: &[(&str, Lie, &str)] = &[
    ("invalid-iss", |it| it.claims["iss"] = json!("https://other.example.org"), "issuer"),
    (
        "iss with a slash more",
        |it| it.claims["iss"] = json!(format!("{}/", it.claims["iss"].as_str().unwrap())),
        "issuer",
    ),
    ("missing-iss", |it| without(it, "iss"), "its answer to the code cannot be read"),
    ("missing-sub", |it| without(it, "sub"), "its answer to the code cannot be read"),
    ("empty sub", |it| it.claims["sub"] = json!(""), "subject"),
    ("long sub", |it| it.claims["sub"] = json!("x".repeat(256)), "subject"),
    ("missing-iat", |it| without(it, "iat"), "its answer to the code cannot be read"),
    ("missing-exp", |it| without(it, "exp"), "its answer to the code cannot be read"),
    ("invalid-aud", |it| it.claims["aud"] = json!("another-client"), "audience"),
    ("missing-aud", |it| without(it, "aud"), "audience"),
    ("no audience", |it| it.claims["aud"] = json!([]), "audience"),
    ("us and another", |it| it.claims["aud"] = json!(["adgang", "another-client"]), "audience"),
    ("azp of another", |it| it.claims["azp"] = json!("another-client"), "azp"),
    ("nonce-invalid", |it| it.claims["nonce"] = json!("another"), "nonce"),
    ("missing nonce", |it| without(it, "nonce"), "nonce"),
    ("invalid-sig", |it| it.sign = Sign::Broken, "signature"),
    ("signed with an unpublished key", |it| it.sign = Sign::Other, "signature"),
    ("sig-none", |it| signed_with(it, "none", Sign::Nothing), "signature"),
    ("no signature under ES256", |it| it.sign = Sign::Nothing, "signature"),
    ("invalid-sig-hs256 with the client's secret", |it| signed_with(it, "HS256", Sign::Secret), "signature"),
    ("HS256 with the public key", |it| signed_with(it, "HS256", Sign::PublicKey), "signature"),
    ("RS256 in the header of an EC key", |it| signed_with(it, "RS256", Sign::Right), "signature"),
    ("unknown kid", |it| it.header["kid"] = json!("two"), "signature"),
    (
        "kid-absent-multiple",
        |it| {
            it.header.as_object_mut().unwrap().remove("kid");
            it.keys = json!({"keys": [public(7, "one"), public(8, "two")]});
        },
        "signature",
    ),
    ("another key under the same kid", |it| it.keys = json!({"keys": [public(8, "one")]}), "signature"),
    ("a key for encryption", |it| it.keys["keys"][0]["use"] = json!("enc"), "signature"),
    ("no keys", |it| it.keys = json!({"keys": []}), "signature"),
    ("critical header", |it| it.header["crit"] = json!(["b64"]), "a kind of token that is not taken"),
    ("a logout token", |it| it.header["typ"] = json!("logout+jwt"), "a kind of token that is not taken"),
    ("a token within a token", |it| it.header["cty"] = json!("JWT"), "a kind of token that is not taken"),
    ("expired 61 s ago", |it| it.claims["exp"] = json!(NOW - 61), "expired"),
    ("issued 61 s from now", |it| it.claims["iat"] = json!(NOW + 61), "expired"),
    ("issued an hour ago", |it| it.claims["iat"] = json!(NOW - 3600), "expired"),
    ("the code is refused", |it| it.token_status = StatusCode::BAD_REQUEST, "code"),
    ("no token", |it| it.without_token = true, "no token"),
    (
        "discovery-issuer-mismatch",
        |it| it.document["issuer"] = json!("https://other.example.org"),
        "its document names another issuer",
    ),
    (
        "a document without keys",
        |it| {
            it.document.as_object_mut().unwrap().remove("jwks_uri");
        },
        "its document cannot be read",
    ),
    (
        "a token endpoint in the clear",
        |it| it.document["token_endpoint"] = json!("http://192.0.2.1/token"),
        "an endpoint that others can listen at",
    ),
    (
        "people led elsewhere",
        |it| it.document["authorization_endpoint"] = json!("https://other.example.org/auth"),
        "an endpoint at another origin",
    ),
    (
        "signed out elsewhere",
        |it| it.document["end_session_endpoint"] = json!("https://other.example.org/out"),
        "an endpoint at another origin",
    ),
    (
        "no iss where it is promised",
        |it| it.document["authorization_response_iss_parameter_supported"] = json!(true),
        "no iss in the answer",
    ),
];

#[tokio::test]
async fn every_lie_is_found() {
    let mut believed = Vec::new();
    for (name, lie, why) in LIES {
        let idp = Idp::start().await;
        idp.tell(lie);
        let proved = idp.broker().finish(NOW, &answer(None), &EXPECTED).await;
        if proved.as_ref().err() != Some(&BrokerError::Refused(why)) {
            believed.push(format!("{name}: {proved:?}, not {why:?}"));
        }
    }
    assert!(believed.is_empty(), "{believed:#?}");
}

#[tokio::test]
async fn the_truth_is_taken_and_nothing_else_of_it() {
    let idp = Idp::start().await;
    let broker = idp.broker();
    let proved = broker.finish(NOW, &answer(Some(&idp.issuer)), &EXPECTED).await.unwrap();
    assert_eq!((proved.issuer.as_str(), proved.subject.as_str()), (idp.issuer.as_str(), "subject-1"));
    assert_eq!(proved.session.as_deref(), Some("session-1"));
    assert_eq!(proved.uni_id.as_deref(), Some("test123a"));
    assert_eq!(proved.actor_group.as_deref(), Some("Medarbejder"));
    assert_eq!((proved.unilogin_level.as_deref(), proved.level.as_deref()), (Some("ToFaktor"), Some("3")));
    assert_eq!(format!("{proved:?}"), "Verified { .. }");
    idp.tell(|it| assert_eq!(it.sent["code_verifier"], VERIFIER));
    // Within the leeway, and with less said.
    for change in [
        (|it| it.claims["exp"] = json!(NOW - 59)) as Lie,
        |it| it.claims["iat"] = json!(NOW + 60),
        |it| it.claims["loa"] = json!("Substantial"),
        |it| {
            ["azp", "uniid", "aktoer_gruppe", "unilogin_loa", "loa", "sid"].iter().for_each(|claim| without(it, claim))
        },
        |it| {
            it.header.as_object_mut().unwrap().remove("kid");
        },
    ] {
        idp.tell(change);
        broker.finish(NOW, &answer(None), &EXPECTED).await.unwrap();
    }
}

#[tokio::test]
async fn another_brokers_answer_is_not_this_ones() {
    let idp = Idp::start().await;
    for other in ["https://other.example.org", "", &format!("{}/", idp.issuer)] {
        let proved = idp.broker().finish(NOW, &answer(Some(other)), &EXPECTED).await;
        assert_eq!(proved.err(), Some(BrokerError::Refused("iss of the answer")), "{other}");
    }
    assert_eq!(idp.asked("token"), 0, "the code was handed on");
}

#[tokio::test]
async fn the_way_there_carries_what_comes_back() {
    let idp = Idp::start().await;
    let asked = Asked { state: "the-state", nonce: NONCE, verifier: VERIFIER, level: Some("ToFaktor") };
    let url = idp.broker().begin(NOW, &asked).await.unwrap();
    assert!(url.as_str().starts_with(&format!("{}/auth?", idp.issuer)), "{url}");
    let pairs: std::collections::HashMap<_, _> = url.query_pairs().into_owned().collect();
    for (name, value) in [
        ("response_type", "code"),
        ("client_id", "adgang"),
        ("redirect_uri", "http://localhost:3000/sign-in/broker/back"),
        ("scope", "openid InstitutionIdsClientScope"),
        ("state", "the-state"),
        ("nonce", NONCE),
        ("code_challenge_method", "S256"),
        ("acr_values", "ToFaktor"),
    ] {
        assert_eq!(pairs[name], value, "{name}");
    }
    assert!(!url.as_str().contains(VERIFIER), "the verifier is for the token alone");
    let out = idp.broker().sign_out_address(NOW).await.unwrap().unwrap();
    assert_eq!(
        out.as_str(),
        format!(
            "{}/logout?client_id=adgang&post_logout_redirect_uri=http%3A%2F%2Flocalhost%3A3000%2Fsign-in",
            idp.issuer
        )
    );
}

#[tokio::test]
async fn keys_that_the_broker_changed_are_read_anew_once_a_minute() {
    let idp = Idp::start().await;
    let broker = idp.broker();
    broker.finish(NOW, &answer(None), &EXPECTED).await.unwrap();
    assert_eq!(idp.asked("keys"), 1);
    // It signs with a new key from now on.
    idp.tell(|it| {
        it.keys = json!({"keys": [public(8, "two")]});
        it.header["kid"] = json!("two");
        it.sign = Sign::Other;
    });
    for _ in 0..5 {
        broker.finish(NOW + 59, &answer(None), &EXPECTED).await.unwrap_err();
    }
    assert_eq!(idp.asked("keys"), 1, "less than a minute after they were read");
    broker.finish(NOW + 60, &answer(None), &EXPECTED).await.unwrap();
    assert_eq!(idp.asked("keys"), 2);
    // Made-up names of keys do not make us ask.
    idp.tell(|it| it.header["kid"] = json!("made-up"));
    for second in 61..120 {
        broker.finish(NOW + second, &answer(None), &EXPECTED).await.unwrap_err();
    }
    assert_eq!(idp.asked("keys"), 2);
}

#[tokio::test]
async fn a_broker_that_is_down_slow_or_talks_too_much_takes_less_than_five_seconds() {
    let asked = Asked { state: "s", nonce: NONCE, verifier: VERIFIER, level: None };
    let timed = async |broker: broker::Broker| {
        let within = tokio::time::timeout(Duration::from_secs(5), broker.begin(NOW, &asked)).await;
        within.unwrap().unwrap_err()
    };
    let nobody = "http://127.0.0.1:9/realm";
    assert_eq!(timed(at(nobody)).await, BrokerError::Unreachable("no connection, or a broken one"));
    let idp = Idp::start().await;
    idp.tell(|it| it.delay = Duration::from_secs(60));
    assert_eq!(timed(idp.broker()).await, BrokerError::Unreachable("no answer in time"));
    let idp = Idp::start().await;
    idp.tell(|it| it.long = 1_000_000);
    assert_eq!(timed(idp.broker()).await, BrokerError::Unreachable("too long an answer"));
    // And it is asked again when it is back.
    idp.tell(|it| it.long = 0);
    idp.broker().begin(NOW, &asked).await.unwrap();
}

fn logout() -> (Value, Value) {
    let header = json!({"alg": "ES256", "typ": "logout+jwt", "kid": "one"});
    let claims = json!({
        "aud": "adgang", "iat": NOW, "exp": NOW + 120, "jti": "message-1", "sub": "subject-1", "sid": "session-1",
        "events": {"http://schemas.openid.net/event/backchannel-logout": {}},
    });
    (header, claims)
}

type LogoutLie = fn(&mut Value, &mut Value);

/// The names are those of the list: `rp-backchannel-…`.
const LOGOUT_LIES: &[(&str, LogoutLie, Sign, &str)] = &[
    ("wrong-iss", |_, it| it["iss"] = json!("https://other.example.org"), Sign::Right, "issuer"),
    ("wrong-aud", |_, it| it["aud"] = json!("another-client"), Sign::Right, "audience"),
    ("us and another", |_, it| it["aud"] = json!(["adgang", "another-client"]), Sign::Right, "audience"),
    ("no-event", |_, it| it["events"] = json!({}), Sign::Right, "a kind of token that is not taken"),
    ("wrong-event", |_, it| it["events"] = json!({"urn:other": {}}), Sign::Right, "a kind of token that is not taken"),
    (
        "event of a wrong type",
        |_, it| it["events"]["http://schemas.openid.net/event/backchannel-logout"] = json!("x"),
        Sign::Right,
        "a kind of token that is not taken",
    ),
    ("with-nonce", |_, it| it["nonce"] = json!(NONCE), Sign::Right, "a kind of token that is not taken"),
    ("alg-none", |header, _| header["alg"] = json!("none"), Sign::Nothing, "signature"),
    ("wrong-alg", |header, _| header["alg"] = json!("HS256"), Sign::Secret, "signature"),
    ("an unpublished key", |_, _| {}, Sign::Other, "signature"),
    ("a broken signature", |_, _| {}, Sign::Broken, "signature"),
    ("an ID token", |header, _| header["typ"] = json!("at+jwt"), Sign::Right, "a kind of token that is not taken"),
    ("critical header", |header, _| header["crit"] = json!(["b64"]), Sign::Right, "a kind of token that is not taken"),
    ("too old", |_, it| it["iat"] = json!(NOW - 121), Sign::Right, "expired"),
    ("of tomorrow", |_, it| it["iat"] = json!(NOW + 61), Sign::Right, "expired"),
    ("expired", |_, it| it["exp"] = json!(NOW - 61), Sign::Right, "expired"),
    (
        "nobody named",
        |_, it| {
            it.as_object_mut().unwrap().remove("sub");
            it.as_object_mut().unwrap().remove("sid");
        },
        Sign::Right,
        "claims",
    ),
    ("an empty name", |_, it| it["sub"] = json!(""), Sign::Right, "claims"),
    (
        "no jti",
        |_, it| {
            it.as_object_mut().unwrap().remove("jti");
        },
        Sign::Right,
        "a token that cannot be read",
    ),
    ("not a token's claims", |_, it| *it = json!([1, 2]), Sign::Right, "a token that cannot be read"),
];

#[tokio::test]
async fn sessions_end_only_on_the_brokers_own_word() {
    let idp = Idp::start().await;
    let broker = idp.broker();
    let message = |lie: LogoutLie, sign| {
        let (mut header, mut claims) = logout();
        claims["iss"] = json!(idp.issuer);
        lie(&mut header, &mut claims);
        signed(&header, &claims, sign)
    };
    let told = broker.logged_out(NOW, &message(|_, _| {}, Sign::Right)).await.unwrap();
    assert_eq!(
        (told.issuer, told.subject, told.session),
        (idp.issuer.clone(), Some("subject-1".into()), Some("session-1".into()))
    );
    assert_eq!((told.id.as_str(), told.good_until), ("message-1", NOW + 180));
    for kind in [Some("JWT"), None] {
        let (mut header, mut claims) = logout();
        claims["iss"] = json!(idp.issuer);
        header["typ"] = json!(kind);
        broker.logged_out(NOW, &signed(&header, &claims, Sign::Right)).await.unwrap();
    }
    for (name, lie, sign, why) in LOGOUT_LIES {
        let heard = broker.logged_out(NOW, &message(*lie, *sign)).await;
        assert_eq!(heard.err(), Some(BrokerError::Refused(why)), "{name}");
    }
    for garbage in
        ["", ".", "..", "a.b.c", &"x".repeat(20_000), "eyJhbGciOiJFUzI1NiJ9..", "\u{1F600}.\u{1F600}.\u{1F600}"]
    {
        broker.logged_out(NOW, garbage).await.unwrap_err();
    }
}
