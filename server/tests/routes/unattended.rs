//! A grid that lies open asks for news, and does not keep anybody signed in by that.

use super::site::{Session, Site, site_in};
use domain::{AccountRole, Instant};
use service::env::{SetClock, SystemRandomness};
use service::matrix::CellUse;
use service::session::IDLE_SECONDS;
use service::{Clock, Env};
use std::sync::Arc;

/// What a page asks by itself, with bodies that are understood.
const BY_THE_PAGE: [(&str, &str); 3] =
    [("rights/conflicts", r#"{"proposal":{"edits":[]},"based_on":0}"#), ("rights/load", "{}"), ("rights/news", "{}")];

async fn place() -> (Site, Arc<SetClock>, Session) {
    let clock = Arc::new(SetClock::at(Instant(1_795_172_400_000_000)));
    let env = Env::new(Arc::<SetClock>::clone(&clock), Arc::new(SystemRandomness));
    let site = site_in("http://localhost:3000", CellUse::default(), env).await;
    site.service.create_authority("851", "Lindely Kommune", "dk").await.unwrap();
    site.service.create_institution("851", "280101", "Lindelyskolen").await.unwrap();
    let session = site.signed_in("280101", AccountRole::TestAdministrator).await;
    (site, clock, session)
}

#[tokio::test]
async fn what_a_page_asks_by_itself_does_not_keep_the_session_and_everything_else_does() {
    let listed: Vec<String> = BY_THE_PAGE.iter().map(|(name, _)| format!("/api/{name}")).collect();
    assert_eq!(listed, app::api::ASKED_BY_THE_PAGE);
    let (site, clock, session) = place().await;
    let pass = |seconds| clock.set(clock.now().plus_seconds(seconds));
    let is_turned_away = async |name, body| site.call(&session, name, body).await.1.contains("not_signed_in");
    // A call of a person now and then keeps it.
    for _ in 0..3 {
        pass(IDLE_SECONDS - 1);
        assert!(!is_turned_away("history", r#"{"before":null,"limit":10}"#).await);
    }
    // The grid's own, once a minute, do not.
    for _ in 0..59 {
        pass(60);
        for (name, body) in BY_THE_PAGE {
            assert!(!is_turned_away(name, body).await, "{name}");
        }
    }
    pass(60);
    for (name, body) in BY_THE_PAGE {
        assert!(is_turned_away(name, body).await, "{name}");
    }
    assert!(is_turned_away("history", r#"{"before":null,"limit":10}"#).await);
}
