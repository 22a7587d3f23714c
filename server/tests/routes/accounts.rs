//! The pages of accounts: whom they answer, and what the others read instead.

use super::{Session, Site, site};
use axum::body::Body;
use domain::AccountRole;
use http::StatusCode;

/// A site with an authority of two schools.
async fn place() -> Site {
    let site = site("http://localhost:3000").await;
    site.service.create_authority("851", "Lindely Kommune", "dk").await.unwrap();
    for (code, name) in [("280101", "Lindelyskolen"), ("280102", "Engskolen")] {
        site.service.create_institution("851", code, name).await.unwrap();
    }
    site
}

async fn get(site: &Site, session: &Session, path: &str) -> (StatusCode, String, String) {
    let as_a_browser = [("cookie", session.cookie.as_str()), ("accept", "text/html")];
    let (status, headers, body) = site.send("GET", path, &as_a_browser, Body::empty()).await;
    (status, super::text(&headers, "location").to_owned(), body)
}

/// The roles that keep others' accounts.
const KEEPERS: [AccountRole; 3] = [AccountRole::Authority, AccountRole::Principal, AccountRole::TestAdministrator];

#[tokio::test]
async fn the_list_is_for_those_who_keep_accounts() {
    let site = place().await;
    for role in AccountRole::ALL {
        let session = site.signed_in("280101", role).await;
        let (status, _, body) = get(&site, &session, "/accounts").await;
        if KEEPERS.contains(&role) {
            assert_eq!(status, StatusCode::OK, "{role:?}");
            assert!(!body.contains("Det har du ikke adgang til"), "{role:?}");
        } else {
            assert_eq!(status, StatusCode::FORBIDDEN, "{role:?}");
            assert!(body.contains("Hvilken konto åbner hvad"), "{role:?}: not merely that it did not work");
        }
    }
}

#[tokio::test]
async fn the_front_page_leads_an_authority_to_its_accounts() {
    let site = place().await;
    let session = site.signed_in("280101", AccountRole::Authority).await;
    let (status, location, _) = get(&site, &session, "/").await;
    assert_eq!((status, location.as_str()), (StatusCode::FOUND, "/accounts"));
    let (status, _, body) = get(&site, &session, "/my-rights").await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    assert!(body.contains("Hvilken konto åbner hvad") && !body.contains("Det gik ikke"));
}

#[tokio::test]
async fn a_list_shows_ones_own_place_and_what_the_address_asks_for() {
    let site = place().await;
    let authority = site.signed_in("280101", AccountRole::Authority).await;
    let _ = site.signed_in("280101", AccountRole::Teacher).await;
    let _ = site.signed_in("280102", AccountRole::Teacher).await;
    let session = site.signed_in("280101", AccountRole::Principal).await;
    let (_, _, body) = get(&site, &session, "/accounts").await;
    assert!(body.contains("1001-280101") && !body.contains("-280102"), "another school's accounts are not shown");
    let (_, _, body) = get(&site, &session, "/accounts?q=AASE&state=active&role=teacher").await;
    assert!(body.contains("1001-280101"), "whatever the spelling");
    for none in ["?q=bodil", "?state=deleted", "?role=leader"] {
        let (status, _, body) = get(&site, &session, &format!("/accounts{none}")).await;
        assert_eq!(status, StatusCode::OK);
        assert!(!body.contains("1001-280101") && body.contains("Ingen konto passer"), "{none}");
    }
    let (_, _, body) = get(&site, &authority, "/accounts").await;
    assert!(body.contains("1002-280101") && !body.contains("1001-280101"), "its principals, and nobody else");
    assert!(body.contains("Skolen har ingen leder med konto"), "of Engskolen");
}
