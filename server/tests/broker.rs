//! Signing in through a broker on this machine, from the button to the page, and everything that is no session.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test may fail loudly")]

#[expect(dead_code, reason = "the broker's own tests use more of it")]
#[path = "../../broker/tests/hostile/idp.rs"]
mod idp;
mod site;

use axum::body::Body;
use broker::Broker;
use domain::{AccountRole, IdentitySource};
use http::{HeaderMap, StatusCode};
use idp::{Idp, Script, Sign, signed};
use serde_json::{Value, json};
use service::Env;
use service::matrix::CellUse;
use service::people::Named;
use site::{Session, Site};
use url::Url;

const BACK: &str = "/sign-in/broker/back";

fn text<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers.get(name).map_or("", |value| value.to_str().unwrap())
}

async fn at_broker(broker: Broker) -> Site {
    site::site_of("http://localhost:3000", CellUse::default(), Env::system(), Some(broker)).await
}

/// A school that is run from UNI-Login, whose user administrator is `test123a`, and its broker.
async fn place() -> (Site, Idp) {
    let idp = Idp::start().await;
    let site = at_broker(idp.broker()).await;
    let service = &site.service;
    service.create_authority("851", "Lindely Kommune", "dk").await.unwrap();
    service.create_institution("851", "280101", "Lindelyskolen").await.unwrap();
    service.set_source_of_institution("280101", IdentitySource::Unilogin).await.unwrap();
    let who = Named::New { given: "Kirsten".to_owned(), family: "Holm".to_owned() };
    service.first_user_administrator("280101", &who, "test123a").await.unwrap();
    (site, idp)
}

/// A browser before it has signed in: what the sign-in page gave it.
async fn browser(site: &Site) -> Session {
    let (_, headers, body) = site.send("GET", "/sign-in", &[], Body::empty()).await;
    let cookie = text(&headers, "set-cookie").split(';').next().unwrap().to_owned();
    let csrf = body.split("name=\"csrf\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    Session { cookie, csrf }
}

async fn form(site: &Site, session: &Session, path: &str, more: &str) -> (StatusCode, HeaderMap) {
    let headers = [("cookie", session.cookie.as_str()), ("content-type", "application/x-www-form-urlencoded")];
    let body = format!("csrf={}{more}", session.csrf);
    let (status, headers, _) = site.send("POST", path, &headers, body.into()).await;
    (status, headers)
}

/// Presses the button, and answers the state and the nonce that go to the broker.
async fn begun(site: &Site, browser: &Session) -> (String, String) {
    let (status, headers) = form(site, browser, "/sign-in/broker", "").await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    let url: Url = text(&headers, "location").parse().unwrap();
    let of = |name: &str| url.query_pairs().find(|(key, _)| key == name).unwrap().1.into_owned();
    (of("state"), of("nonce"))
}

/// Comes back from the broker.
async fn back(site: &Site, browser: &Session, query: &str) -> (StatusCode, HeaderMap) {
    let (status, headers, _) =
        site.send("GET", &format!("{BACK}?{query}"), &[("cookie", &browser.cookie)], Body::empty()).await;
    (status, headers)
}

/// What the sign-in page says next.
fn problem(headers: &HeaderMap) -> String {
    let lines = headers.get_all("set-cookie").iter().map(|line| line.to_str().unwrap());
    let problem = lines.filter_map(|line| line.strip_prefix("adgang-problem=")).next();
    problem.map_or_else(String::new, |line| line.split(';').next().unwrap().to_owned())
}

/// The server's now, in the protocol's seconds.
fn seconds(site: &Site) -> i64 {
    site.service.env().now().0 / 1_000_000
}

fn session_of(headers: &HeaderMap) -> Option<String> {
    let lines = headers.get_all("set-cookie").iter().map(|line| line.to_str().unwrap());
    lines.filter(|line| line.starts_with("adgang=")).map(|line| line.split(';').next().unwrap().to_owned()).next_back()
}

/// Signs in at the broker, which says this.
async fn signed_in_as(site: &Site, idp: &Idp, says: impl FnOnce(&mut Script)) -> (Session, StatusCode, HeaderMap) {
    let browser = browser(site).await;
    let (state, nonce) = begun(site, &browser).await;
    idp.tell(|it| {
        let seconds = seconds(site);
        it.claims["nonce"] = json!(nonce);
        it.claims["iat"] = json!(seconds);
        it.claims["exp"] = json!(seconds + 300);
        says(it);
    });
    let (status, headers) = back(site, &browser, &format!("state={state}&code=c")).await;
    (browser, status, headers)
}

async fn page(site: &Site, cookie: &str, path: &str) -> (StatusCode, String, String) {
    let headers = [("cookie", cookie), ("accept", "text/html"), ("accept-language", "da")];
    let (status, headers, body) = site.send("GET", path, &headers, Body::empty()).await;
    (status, text(&headers, "location").to_owned(), body)
}

#[tokio::test]
async fn whom_the_broker_proves_is_in_and_out_again_at_both_ends() {
    let (site, idp) = place().await;
    let (before, status, headers) = signed_in_as(&site, &idp, |_| {}).await;
    assert_eq!((status, text(&headers, "location")), (StatusCode::SEE_OTHER, "/"));
    let cookie = session_of(&headers).unwrap();
    assert_ne!(cookie, before.cookie, "the token is a new one");
    let (status, _, body) = page(&site, &cookie, "/people").await;
    assert_eq!(status, StatusCode::OK);
    assert!(
        body.contains("Kirsten Holm") && body.contains("UNI-Login") && body.contains("Lindelyskolen"),
        "who and where"
    );
    // What belongs to accounts leads to where it is said that there is none.
    for path in ["/change-password", "/account/passkeys", "/account/record"] {
        let (status, location, body) = page(&site, &cookie, path).await;
        let says = status == StatusCode::OK && body.contains("UNI-Login");
        assert!(says || (status == StatusCode::FOUND && location == "/account"), "{path}: {status} {location}");
    }
    let (_, _, body) = page(&site, &cookie, "/account").await;
    let csrf = body.split("name=\"csrf\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let session = Session { cookie: cookie.clone(), csrf };
    let (status, headers) = form(&site, &session, "/sign-out", "").await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    let out = text(&headers, "location");
    assert!(out.starts_with(&format!("{}/logout?client_id=adgang", idp.issuer)), "{out}");
    assert!(!out.contains("id_token"), "nothing of a token goes into an address");
    assert_eq!(text(&headers, "clear-site-data"), "\"cache\", \"storage\"");
    assert_eq!(page(&site, &cookie, "/people").await.0, StatusCode::FOUND);
    // A form may lead to this broker, and to nobody else.
    let (_, headers, _) = site.send("GET", "/sign-in", &[], Body::empty()).await;
    let origin = idp.issuer.trim_end_matches("/realm");
    assert!(text(&headers, "content-security-policy").contains(&format!("form-action 'self' {origin}; ")));
}

#[tokio::test]
async fn every_other_answer_makes_no_session_and_says_why() {
    let (site, idp) = place().await;
    type Says = fn(&mut Script);
    let table: &[(&str, Says)] = &[
        ("not-for-them", |it| it.claims["aktoer_gruppe"] = json!("Elev")),
        ("not-for-them", |it| it.claims["aktoer_gruppe"] = json!("Kontaktperson")),
        ("not-sure-enough", |it| it.claims["unilogin_loa"] = json!("EnFaktor")),
        ("not-sure-enough", |it| it.claims["loa"] = json!("Low")),
        ("broker-unknown", |it| {
            it.claims["uniid"] = json!("ukendt12");
            it.claims["sub"] = json!("other");
        }),
        ("broker-refused", |it| it.claims["nonce"] = json!("another")),
        ("broker-refused", |it| it.claims["aud"] = json!("another-client")),
        ("broker-refused", |it| it.sign = Sign::Broken),
        ("broker-refused", |it| it.token_status = StatusCode::BAD_REQUEST),
    ];
    for (expected, says) in table {
        let before = idp.script.lock().unwrap().clone();
        let (browser, status, headers) = signed_in_as(&site, &idp, says).await;
        assert_eq!((status, text(&headers, "location")), (StatusCode::SEE_OTHER, "/sign-in"), "{expected}");
        assert_eq!(problem(&headers), *expected);
        assert_eq!(session_of(&headers), None, "{expected}");
        assert_eq!(page(&site, &browser.cookie, "/people").await.0, StatusCode::FOUND, "{expected}");
        // The page says it, and what to do.
        let cookie = format!("{}; adgang-problem={expected}", browser.cookie);
        let (status, _, body) = page(&site, &cookie, "/sign-in").await;
        assert!(status == StatusCode::OK && body.contains("UNI-Login"), "{expected}");
        idp.tell(|it| {
            let asked = it.asked.clone();
            *it = before;
            it.asked = asked;
        });
    }
}

#[tokio::test]
async fn an_answer_belongs_to_one_browser_once() {
    let (site, idp) = place().await;
    let (mine, theirs) = (browser(&site).await, browser(&site).await);
    let (state, _) = begun(&site, &mine).await;
    let refused = async |browser: &Session, query: &str| {
        let (status, headers) = back(&site, browser, query).await;
        assert_eq!((status, problem(&headers)), (StatusCode::SEE_OTHER, "broker-refused".to_owned()), "{query}");
        assert_eq!(session_of(&headers), None, "{query}");
    };
    for query in ["", "code=c", "state=x&code=c", "state=&code=c", "error=access_denied", "state=%FF&code=c"] {
        refused(&mine, query).await;
    }
    // Handed to somebody else's browser (login CSRF), and then tried in the right one: spent.
    refused(&theirs, &format!("state={state}&code=c")).await;
    refused(&mine, &format!("state={state}&code=c")).await;
    // A refusal at the broker spends it too.
    let (state, _) = begun(&site, &mine).await;
    refused(&mine, &format!("state={state}&error=access_denied")).await;
    refused(&mine, &format!("state={state}&code=c")).await;
    assert_eq!(idp.asked("token"), 0, "no code was ever handed on");
    // Another broker's answer (mix-up).
    let (state, _) = begun(&site, &mine).await;
    refused(&mine, &format!("state={state}&code=c&iss=https%3A%2F%2Fother.example.org")).await;
    assert_eq!(idp.asked("token"), 0);
}

#[tokio::test]
async fn after_signing_in_one_is_led_to_a_page_of_ours_alone() {
    let (site, idp) = place().await;
    for (next, location) in [("/people", "/people"), ("//evil.example", "/"), ("https://evil.example", "/")] {
        let browser = browser(&site).await;
        let (state, nonce) = begun(&site, &browser).await;
        let seconds = seconds(&site);
        idp.tell(|it| {
            it.claims["nonce"] = json!(nonce);
            it.claims["iat"] = json!(seconds);
            it.claims["exp"] = json!(seconds + 300);
        });
        let cookie = format!("{}; adgang-next={next}", browser.cookie);
        let query = format!("state={state}&code=c&next=https://evil.example");
        let (status, headers) = back(&site, &Session { cookie, csrf: browser.csrf }, &query).await;
        assert_eq!((status, text(&headers, "location")), (StatusCode::SEE_OTHER, location), "{next}");
    }
}

#[tokio::test]
async fn a_broker_that_is_down_leaves_local_accounts_as_they_are() {
    let site = at_broker(idp::at("http://127.0.0.1:9/realm")).await;
    site.service.create_authority("851", "Lindely Kommune", "dk").await.unwrap();
    site.service.create_institution("851", "280101", "Lindelyskolen").await.unwrap();
    let browser = browser(&site).await;
    let answer = form(&site, &browser, "/sign-in/broker", "");
    let (status, headers) = tokio::time::timeout(std::time::Duration::from_secs(5), answer).await.unwrap();
    assert_eq!((status, problem(&headers)), (StatusCode::SEE_OTHER, "broker-unreachable".to_owned()));
    let session = site.signed_in("280101", AccountRole::Teacher).await;
    assert_eq!(page(&site, &session.cookie, "/my-rights").await.0, StatusCode::OK);
}

#[tokio::test]
async fn without_a_broker_there_is_no_such_thing() {
    let site = site::place().await;
    let (_, headers, body) = site.send("GET", "/sign-in", &[], Body::empty()).await;
    assert!(!body.contains("UNI-Login"));
    assert!(text(&headers, "content-security-policy").contains("form-action 'self'; "));
    let browser = browser(&site).await;
    assert_eq!(form(&site, &browser, "/sign-in/broker", "").await.0, StatusCode::NOT_FOUND);
    assert_eq!(back(&site, &browser, "state=x&code=c").await.0, StatusCode::NOT_FOUND);
    let (status, ..) = site.send("POST", "/sign-in/broker/ended", &[], Body::empty()).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_broker_ends_sessions_without_a_browser() {
    let (site, idp) = place().await;
    let (_, _, headers) = signed_in_as(&site, &idp, |_| {}).await;
    let cookie = session_of(&headers).unwrap();
    let is_on = async || page(&site, &cookie, "/people").await.0 == StatusCode::OK;
    assert!(is_on().await);
    let seconds = seconds(&site);
    let token = |change: fn(&mut Value), sign| {
        let mut claims = json!({
            "iss": idp.issuer, "aud": "adgang", "iat": seconds, "jti": "m1", "sub": "subject-1", "sid": "session-1",
            "events": {"http://schemas.openid.net/event/backchannel-logout": {}},
        });
        change(&mut claims);
        signed(&json!({"alg": "ES256", "typ": "logout+jwt", "kid": "one"}), &claims, sign)
    };
    let send = async |body: String| {
        let headers = [("content-type", "application/x-www-form-urlencoded")];
        site.send("POST", "/sign-in/broker/ended", &headers, body.into()).await.0
    };
    for (bad, status) in [
        (String::new(), StatusCode::BAD_REQUEST),
        ("logout_token=x".to_owned(), StatusCode::BAD_REQUEST),
        (format!("logout_token={}", token(|_| {}, Sign::Other)), StatusCode::BAD_REQUEST),
        (format!("logout_token={}", token(|it| it["nonce"] = json!("n"), Sign::Right)), StatusCode::BAD_REQUEST),
        // Well said, of a session that is none of ours.
        (
            format!(
                "logout_token={}",
                token(
                    |it| {
                        it["sid"] = json!("other");
                        it["jti"] = json!("m0");
                    },
                    Sign::Right
                )
            ),
            StatusCode::OK,
        ),
    ] {
        assert_eq!(send(bad).await, status);
        assert!(is_on().await);
    }
    assert_eq!(send(format!("logout_token={}", token(|_| {}, Sign::Right))).await, StatusCode::OK);
    assert!(!is_on().await);
}

#[tokio::test]
async fn a_form_of_another_site_begins_nothing() {
    let (site, _idp) = place().await;
    let browser = browser(&site).await;
    let forged = Session { csrf: "x".to_owned(), ..browser };
    let (status, headers) = form(&site, &forged, "/sign-in/broker", "").await;
    assert_eq!((status, text(&headers, "location")), (StatusCode::SEE_OTHER, "/sign-in"));
}
