//! What is sent where it does not belong is neither said back by an error nor written to the log.

use super::site::{Session, Site, site};
use super::{FUNCTIONS, OTHERS, PAGES};
use axum::body::Body;
use domain::AccountRole;
use http::HeaderMap;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};
use tracing_subscriber::filter::LevelFilter;

/// As a password might look; nothing else in the program does.
const CANARY: &str = "kanarie-7319-flyver";

/// All that any library logs, at its loudest.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Every address with a way of asking it, an unknown one among them.
fn addresses() -> Vec<(&'static str, String)> {
    let pages = PAGES.map(|path| ("GET", path.replace("{id}", "01a20075-96c8-73c7-8928-278938a16032")));
    let functions = FUNCTIONS.map(|(name, ..)| ("POST", format!("/api/{name}")));
    let others = OTHERS.map(|(method, path)| (method, path.to_owned()));
    let unknown =
        ["/metrics", "/debug", "/nowhere", "/pkg/nothing.js", "/api/nothing"].map(|path| ("GET", path.to_owned()));
    pages.into_iter().chain(functions).chain(others).chain(unknown).collect()
}

/// What came back, but for the reader's own address where it leads back to it: after signing in, and in the
/// choice of a language.
fn said(headers: &HeaderMap, body: &str) -> String {
    let leads_back = |value: &http::HeaderValue| value.as_bytes().starts_with(b"/sign-in?next=");
    let headers: Vec<_> = headers.iter().filter(|(_, value)| !leads_back(value)).collect();
    let back = |piece: &str| piece.split_once('>').map_or(piece.to_owned(), |(_, after)| after.to_owned());
    let mut pieces = body.split("<input type=\"hidden\" name=\"back\"");
    let first = pieces.next().unwrap_or_default().to_owned();
    format!("{headers:?}{first}{}", pieces.map(back).collect::<String>())
}

async fn everywhere(site: &Site, session: Option<&Session>) {
    let form =
        ["username", "password", "codes", "repeated", "current", "back", "language", "do", "account", "reason", "q"]
            .map(|name| format!("{name}={CANARY}"))
            .join("&");
    for (method, path) in addresses().into_iter().filter(|(_, path)| session.is_none() || path != "/sign-out") {
        for (kind, body) in
            [("application/x-www-form-urlencoded", form.clone()), ("application/json", format!("\"{CANARY}\""))]
        {
            let mut headers = vec![
                ("content-type", kind),
                ("accept", "text/html"),
                ("referer", CANARY),
                ("user-agent", CANARY),
                ("authorization", CANARY),
                ("x-request-id", CANARY),
                ("x-file-name", CANARY),
                ("x-import-step", CANARY),
            ];
            match session {
                Some(session) => headers.extend([("cookie", session.cookie.as_str()), ("x-csrf-token", &session.csrf)]),
                None => headers.extend([("cookie", "adgang=kanarie-7319-flyver"), ("x-csrf-token", CANARY)]),
            }
            let asked = format!("{path}?state={CANARY}&done={CANARY}&password={CANARY}");
            let (status, answered, text) = site.send(method, &asked, &headers, Body::from(body)).await;
            let said = said(&answered, &text);
            assert!(!said.contains(CANARY), "{method} {path} as {kind}: {status} {said}");
        }
    }
}

#[tokio::test]
async fn what_does_not_belong_is_neither_said_back_nor_logged() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt().with_max_level(LevelFilter::TRACE).with_writer(move || writer.clone());
    tracing::subscriber::set_global_default(subscriber.finish()).unwrap();
    let site = site("http://localhost:3000").await;
    site.service.create_authority("851", "Lindely Kommune", "dk").await.unwrap();
    site.service.create_institution("851", "280101", "Lindelyskolen").await.unwrap();
    everywhere(&site, None).await;
    for role in [AccountRole::Teacher, AccountRole::Authority, AccountRole::Principal] {
        let session = site.signed_in("280101", role).await;
        everywhere(&site, Some(&session)).await;
    }
    let log = String::from_utf8_lossy(&log.0.lock().unwrap_or_else(PoisonError::into_inner)).into_owned();
    assert!(log.contains("sqlx::query") && log.contains("/accounts/doubles"), "it is the loudest log");
    let line = log.lines().find(|line| line.contains(CANARY));
    assert_eq!(line, None, "logged");
}
