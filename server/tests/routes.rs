//! What the public may call, and what every answer carries.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may fail loudly")]

mod site;

#[path = "routes/accounts.rs"]
mod accounts;
#[path = "routes/canary.rs"]
mod canary;
#[path = "routes/pages.rs"]
mod pages;
#[path = "routes/passkeys.rs"]
mod passkeys;
#[path = "routes/unattended.rs"]
mod unattended;

use app::api::imports::ImportMessage;
use axum::body::Body;
use domain::{AccountRole, Capacity};
use http::{HeaderMap, Method, StatusCode};
use leptos::server_fn;
use server::web::assets;
use service::accounts::{AccountOrder, Holder};
use site::{Session, Site, place, site};
use std::collections::BTreeSet;
use uuid::Uuid;

/// Whom a server function answers, besides nobody: never.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum For {
    /// Everybody who is signed in.
    All,
    /// Who administers rights.
    Administrators,
    /// Whoever is somebody at a school, and not at an authority.
    Staff,
    /// Who leads the school.
    Leaders,
    /// Who administers rights, and who leads the school.
    AdministratorsAndLeaders,
    /// Who looks after people and imports.
    UserAdministrators,
}

/// Every server function: all are `POST`. Beside each, a body that it understands, and whom it answers.
const FUNCTIONS: [(&str, &str, For); 17] = [
    ("exemptions", "{}", For::Leaders),
    ("exemptions/set", r#"{"changes":[]}"#, For::Leaders),
    ("history", r#"{"before":null,"limit":10}"#, For::AdministratorsAndLeaders),
    ("imports", "{}", For::UserAdministrators),
    ("imports/accept", "", For::UserAdministrators),
    ("imports/held", r#"{"id":"01a20075-96c8-73c7-8928-278938a16032"}"#, For::UserAdministrators),
    ("imports/reject", r#"{"id":"01a20075-96c8-73c7-8928-278938a16032","reason":"r"}"#, For::UserAdministrators),
    ("my-rights", "{}", For::Staff),
    ("rights/apply", r#"{"proposal":{"edits":[]},"based_on":0,"digest":"","reason":"r"}"#, For::Administrators),
    ("rights/conflicts", r#"{"proposal":{"edits":[]},"based_on":0}"#, For::Administrators),
    ("rights/draft", r#"{"draft":{"based_on":0,"edits":[],"kept":null}}"#, For::Administrators),
    ("rights/load", "{}", For::Administrators),
    ("rights/review", r#"{"proposal":{"edits":[]},"based_on":0}"#, For::Administrators),
    ("rights/news", "{}", For::Administrators),
    ("session", "{}", For::All),
    ("staff", "{}", For::Administrators),
    ("staff/set", r#"{"changes":[],"reason":"r"}"#, For::Administrators),
];

/// Every page.
const PAGES: [&str; 39] = [
    "/",
    "/about",
    "/account",
    "/account/passkeys",
    "/account/record",
    "/accounts",
    "/accounts/doubles",
    "/accounts/handover",
    "/accounts/issued",
    "/accounts/letters",
    "/accounts/letters/preview",
    "/accounts/merge",
    "/accounts/new",
    "/accounts/principal",
    "/accounts/reactivate",
    "/accounts/subjects",
    "/accounts/subjects/preview",
    "/accounts/{id}",
    "/change-password",
    "/exemptions",
    "/help",
    "/history",
    "/imports",
    "/inbox",
    "/inbox/settings",
    "/inbox/unsent",
    "/my-rights",
    "/my-rights/access",
    "/people",
    "/people/new",
    "/people/{id}",
    "/place",
    "/portal",
    "/portal/open",
    "/rights",
    "/rights/review",
    "/rights/staff",
    "/sign-in",
    "/sign-in/matrix",
];

/// Addresses that are neither page nor server function.
const OTHERS: [(&str, &str); 48] = [
    ("GET", "/livez"),
    ("GET", "/readyz"),
    ("GET", "/pkg/none"),
    ("POST", "/sign-in"),
    ("POST", "/sign-in/matrix"),
    ("POST", "/change-password"),
    ("POST", "/sign-out"),
    ("POST", "/language"),
    ("POST", "/account/ask-anew"),
    ("POST", "/account/contact"),
    ("POST", "/account/sessions/end"),
    ("POST", "/account/sessions/end-others"),
    ("POST", "/api/password-hints"),
    ("POST", "/people/file"),
    ("POST", "/people/new"),
    ("POST", "/people/01a20075-96c8-73c7-8928-278938a16032"),
    ("POST", "/place"),
    ("POST", "/sign-in/broker"),
    ("GET", "/sign-in/broker/back"),
    ("POST", "/sign-in/broker/ended"),
    ("POST", "/accounts/letters"),
    ("POST", "/inbox/ask"),
    ("POST", "/inbox/answer"),
    ("POST", "/inbox/decline"),
    ("POST", "/inbox/withdraw"),
    ("POST", "/inbox/draft"),
    ("POST", "/inbox/read"),
    ("POST", "/inbox/settings"),
    ("POST", "/inbox/unsent"),
    ("POST", "/my-rights/access"),
    ("POST", "/sign-in/ask"),
    ("POST", "/sign-in/passkey"),
    ("POST", "/sign-in/passkey/begin"),
    ("POST", "/account/passkeys"),
    ("POST", "/account/passkeys/begin"),
    ("POST", "/accounts/new"),
    ("POST", "/accounts/principal"),
    ("POST", "/accounts/reactivate"),
    ("POST", "/accounts/subjects"),
    ("POST", "/accounts/subjects/preview"),
    ("GET", "/portal/material/01a20075-96c8-73c7-8928-278938a16032"),
    ("POST", "/accounts/doubles"),
    ("POST", "/accounts/01a20075-96c8-73c7-8928-278938a16032"),
    ("POST", "/api/accounts/doubles"),
    ("POST", "/accounts/letters/preview"),
    ("POST", "/accounts/letters/printed"),
    ("POST", "/api/imports/file"),
    ("POST", "/theme"),
];

impl Site {
    async fn get(&self, path: &str) -> (StatusCode, HeaderMap, String) {
        self.send("GET", path, &[], Body::empty()).await
    }

    async fn call(&self, session: &Session, name: &str, body: &'static str) -> (StatusCode, String) {
        let kind = if body.is_empty() { "application/octet-stream" } else { "application/json" };
        let headers = [("cookie", session.cookie.as_str()), ("x-csrf-token", &session.csrf), ("content-type", kind)];
        let body = if body.is_empty() { Body::from(ANSWER) } else { body.into() };
        let (status, _, body) = self.send("POST", &format!("/api/{name}"), &headers, body).await;
        (status, body)
    }
}

/// The arguments of `imports/accept` in postcard: sixteen bytes of an id with their length, and a reason.
const ANSWER: &[u8] = &[16, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7, 1, b'r'];

fn text<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers.get(name).map_or("", |value| value.to_str().unwrap())
}

#[test]
fn server_functions_are_those_of_the_list() {
    let found: BTreeSet<(String, Method)> =
        server_fn::axum::server_fn_paths().map(|(path, method)| (path.to_owned(), method)).collect();
    let listed = FUNCTIONS.map(|(name, ..)| (format!("/api/{name}"), Method::POST)).into_iter().collect();
    assert_eq!(found, listed, "a server function is a public address: list it, and say who may call it");
}

#[tokio::test]
async fn pages_are_those_of_the_list() {
    let found: BTreeSet<String> =
        leptos_axum::generate_route_list(app::document::App).iter().map(|route| route.path().to_owned()).collect();
    assert_eq!(found, PAGES.map(str::to_owned).into_iter().collect());
}

#[tokio::test]
async fn nobody_gets_nothing_from_a_server_function() {
    let site = site("http://localhost:3000").await;
    for (name, body, _) in FUNCTIONS {
        let path = format!("/api/{name}");
        let (status, _, body) = site.send("POST", &path, &[("content-type", "application/json")], body.into()).await;
        assert!(matches!(status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN), "{path}: {status}");
        assert!(body.contains("not_signed_in"), "{path}: {body}");
        let (status, ..) = site.get(&path).await;
        assert!(matches!(status, StatusCode::METHOD_NOT_ALLOWED | StatusCode::NOT_FOUND), "GET {path}: {status}");
    }
}

#[tokio::test]
async fn a_server_function_answers_those_it_is_for_and_refuses_the_others() {
    let site = site("http://localhost:3000").await;
    site.service.create_authority("851", "Lindely Kommune", "dk").await.unwrap();
    site.service.create_institution("851", "280101", "Lindelyskolen").await.unwrap();
    for role in AccountRole::ALL {
        let session = site.signed_in("280101", role).await;
        for (name, body, whom) in FUNCTIONS {
            let any_of: &[Capacity] = match whom {
                For::All => role.capacities(),
                For::Staff => &[
                    Capacity::Teaching,
                    Capacity::TestAdministration,
                    Capacity::Leadership,
                    Capacity::UserAdministration,
                ],
                For::Administrators => &[Capacity::TestAdministration],
                For::Leaders => &[Capacity::Leadership],
                For::AdministratorsAndLeaders => &[Capacity::TestAdministration, Capacity::Leadership],
                For::UserAdministrators => &[Capacity::UserAdministration],
            };
            let expected = any_of.iter().any(|capacity| role.capacities().contains(capacity));
            let (status, said) = site.call(&session, name, body).await;
            if expected {
                assert!(!said.contains("not_allowed"), "{name} as {role:?}: {status} {said}");
                assert_ne!(status, StatusCode::FORBIDDEN, "{name} as {role:?}: {said}");
            } else {
                assert_eq!(status, StatusCode::FORBIDDEN, "{name} as {role:?}: {said}");
                assert!(said.contains("not_allowed"), "{name} as {role:?}: {said}");
            }
        }
    }
}

#[tokio::test]
async fn another_schools_people_are_as_unknown_as_nobody() {
    let site = place().await;
    let operator = site.service.operator("280102").await.unwrap();
    let holder = Holder::New { given: "Bo".to_owned(), family: "Holm".to_owned() };
    let order = AccountOrder { holder, role: AccountRole::Teacher, matrix: false };
    let foreign = site.service.create_account(&operator, &order).await.unwrap().person;
    let session = site.signed_in("280101", AccountRole::TestAdministrator).await;
    let mut answers = Vec::new();
    for person in [foreign.0, Uuid::from_u128(7)] {
        let body = format!(
            r#"{{"changes":[{{"person":"{person}","booking":{{"granted":true,"seen":null}},"running":null}}],"reason":"r"}}"#
        );
        let headers = [
            ("cookie", session.cookie.as_str()),
            ("x-csrf-token", &session.csrf),
            ("content-type", "application/json"),
        ];
        let (status, _, said) = site.send("POST", "/api/staff/set", &headers, body.into()).await;
        answers.push((status, said));
    }
    assert_eq!(answers.first(), answers.last());
    assert_eq!(answers.first().map(|(status, _)| *status), Some(StatusCode::NOT_FOUND));
}

#[tokio::test]
async fn a_file_is_taken_from_those_who_import_and_from_nobody_else() {
    let site = site("http://localhost:3000").await;
    site.service.create_authority("851", "Lindely Kommune", "dk").await.unwrap();
    site.service.create_institution("851", "280101", "Lindelyskolen").await.unwrap();
    let path = "/api/imports/file";
    let step = [("x-file-name", "a.zip"), ("x-import-step", "look")];
    let (status, _, said) = site.send("POST", path, &step, Body::from("PK")).await;
    assert_eq!((status, said.as_str()), (StatusCode::FORBIDDEN, "not_signed_in"));
    for role in AccountRole::ALL {
        let session = site.signed_in("280101", role).await;
        let own = [("cookie", session.cookie.as_str()), ("x-csrf-token", session.csrf.as_str())];
        let send = async |more: &[(&str, &str)], body: Vec<u8>| {
            let headers: Vec<(&str, &str)> = own.iter().chain(more).copied().collect();
            let (status, _, said) = site.send("POST", path, &headers, body.into()).await;
            (status, said)
        };
        if !role.capacities().contains(&Capacity::UserAdministration) {
            assert_eq!(send(&step, b"PK".to_vec()).await, (StatusCode::FORBIDDEN, "not_allowed".to_owned()));
            continue;
        }
        let (status, said) = send(&step, b"PK".to_vec()).await;
        assert_eq!(status, StatusCode::OK);
        let last = said.lines().last().and_then(app::wire::from_text::<ImportMessage>);
        assert!(matches!(&last, Some(ImportMessage::Outcome(of)) if of.report.errors.len() == 1), "{last:?}");
        for wrong in [[("x-file-name", "%"), ("x-import-step", "look")], [("x-file-name", "a"), ("x-import-step", "x")]]
        {
            assert_eq!(send(&wrong, Vec::new()).await.0, StatusCode::UNPROCESSABLE_ENTITY);
        }
        let (status, said) = send(&step, vec![0; 1_000_001]).await;
        assert_eq!((status, said.as_str()), (StatusCode::PAYLOAD_TOO_LARGE, "too_large"), "announced or not");
    }
}

#[tokio::test]
async fn nobody_sees_a_page_but_those_before_the_sign_in() {
    let site = site("http://localhost:3000").await;
    for path in PAGES {
        let (status, headers, body) = site.get(path).await;
        match path {
            "/sign-in" | "/about" | "/help" | "/portal/open" => assert_eq!(status, StatusCode::OK, "{path}"),
            _ => {
                assert_eq!(status, StatusCode::FOUND, "{path}");
                assert!(text(&headers, "location").starts_with("/sign-in"), "{path}");
                assert!(body.is_empty(), "{path}: nothing is rendered before it is known for whom");
            }
        }
    }
}

#[tokio::test]
async fn every_answer_carries_the_headers_and_a_nonce_of_its_own() {
    let site = site("http://localhost:3000").await;
    let mut nonces = BTreeSet::new();
    for (method, path) in OTHERS.into_iter().chain([("GET", "/sign-in"), ("GET", "/nowhere"), ("POST", "/api/nothing")])
    {
        let (_, headers, body) = site.send(method, path, &[], Body::empty()).await;
        assert_eq!(text(&headers, "x-content-type-options"), "nosniff", "{path}");
        assert_eq!(text(&headers, "referrer-policy"), "same-origin", "{path}");
        assert_eq!(text(&headers, "cache-control"), "no-store", "{path}");
        assert_eq!(text(&headers, "strict-transport-security"), "", "{path}: this is http");
        assert_eq!(text(&headers, "x-request-id").len(), 36, "{path}");
        let policy = text(&headers, "content-security-policy");
        assert!(policy.starts_with("default-src 'none'") && policy.contains("frame-ancestors 'none'"), "{path}");
        assert!(!policy.contains("'unsafe-inline'") && !policy.contains("'unsafe-eval'"), "{path}");
        let (_, after) = policy.split_once("'nonce-").unwrap();
        let nonce = after.split_once('\'').unwrap().0.to_owned();
        for (_, script) in body.match_indices("<script").map(|(at, _)| body.split_at(at)) {
            let tag = script.split_once('>').unwrap().0;
            let harmless = tag.contains("application/json");
            assert!(harmless || tag.contains(&format!("nonce=\"{nonce}\"")), "{path}: {tag}");
        }
        assert!(!body.contains(" style=\""), "{path}: the policy forbids inline styles");
        assert!(nonces.insert(nonce), "{path}: a nonce came twice");
    }
}

#[tokio::test]
async fn over_https_browsers_are_told_to_stay_there() {
    let site = site("https://adgang.example.org").await;
    let (_, headers, _) = site.get("/livez").await;
    assert!(text(&headers, "strict-transport-security").starts_with("max-age=63072000"));
}

#[tokio::test]
async fn another_site_cannot_send_forms_here() {
    let site = site("http://localhost:3000").await;
    let cases: [(&[(&str, &str)], bool); 5] = [
        (&[("sec-fetch-site", "cross-site")], false),
        (&[("sec-fetch-site", "same-site")], false),
        (&[("origin", "https://evil.example")], false),
        (&[("sec-fetch-site", "same-origin"), ("origin", "http://localhost:3000")], true),
        (&[("origin", "http://localhost:3000")], true),
    ];
    for (headers, passes) in cases {
        let (status, ..) = site.send("POST", "/sign-in", headers, Body::empty()).await;
        // What passes meets the session's own token next, and is sent to begin again.
        assert_eq!(status, if passes { StatusCode::SEE_OTHER } else { StatusCode::FORBIDDEN }, "{headers:?}");
    }
}

#[tokio::test]
async fn unknown_addresses_methods_and_large_bodies_are_turned_away() {
    let site = site("http://localhost:3000").await;
    assert_eq!(site.get("/pkg/../secrets").await.0, StatusCode::NOT_FOUND);
    assert_eq!(site.get("/pkg/adgang.js").await.0, StatusCode::NOT_FOUND, "only versioned names are served");
    assert_eq!(site.get(&format!("/pkg/{}.html", assets::versioned_stem())).await.0, StatusCode::NOT_FOUND);
    let large = [("content-length", "999999999999")];
    assert_eq!(site.send("POST", "/sign-in", &large, Body::empty()).await.0, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(site.send("TRACE", "/livez", &[], Body::empty()).await.0, StatusCode::METHOD_NOT_ALLOWED);
}

#[tokio::test]
async fn watchers_are_answered_without_a_session() {
    let site = site("http://localhost:3000").await;
    for path in ["/livez", "/readyz"] {
        let (status, headers, _) = site.get(path).await;
        assert_eq!(status, StatusCode::OK, "{path}");
        assert_eq!(text(&headers, "set-cookie"), "", "{path}");
    }
}
