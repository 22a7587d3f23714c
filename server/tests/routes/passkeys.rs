//! One's own passkeys over HTTP: whom the page and its forms answer, and what they say. And the card that is
//! soon used up, told on every page.

use super::site::{Session, Site, site, site_with};
use axum::body::Body;
use domain::AccountRole;
use http::StatusCode;
use service::accounts::{AccountOrder, Holder};
use service::matrix::CellUse;
use service::session::{Presence, Token};
use service::sign_in::Outcome;
use service::sign_in::change::Change;
use service::sign_in::network::Network;
use uuid::Uuid;

const PAGE: &str = "/account/passkeys";

async fn place(cell_use: CellUse) -> Site {
    let site = site_with("http://localhost:3000", cell_use).await;
    site.service.create_authority("851", "Lindely Kommune", "dk").await.unwrap();
    site.service.create_institution("851", "280101", "Lindelyskolen").await.unwrap();
    site
}

async fn get(site: &Site, session: &Session, path: &str) -> (StatusCode, String) {
    let as_a_browser = [("cookie", session.cookie.as_str()), ("accept", "text/html")];
    let (status, _, body) = site.send("GET", path, &as_a_browser, Body::empty()).await;
    (status, body)
}

async fn post(site: &Site, session: Option<&Session>, path: &str, form: &str) -> (StatusCode, String, String) {
    let mut headers = vec![("content-type", "application/x-www-form-urlencoded"), ("accept", "text/html")];
    if let Some(session) = session {
        headers.extend([("cookie", session.cookie.as_str()), ("x-csrf-token", &session.csrf)]);
    }
    let (status, headers, body) = site.send("POST", path, &headers, Body::from(form.to_owned())).await;
    (status, super::text(&headers, "location").to_owned(), body)
}

#[tokio::test]
async fn nobody_begins_a_ceremony_or_touches_a_passkey() {
    let site = place(CellUse::Limited).await;
    for path in [PAGE, "/account/passkeys/begin", "/sign-in/passkey", "/sign-in/passkey/begin"] {
        let (status, location, body) = post(&site, None, path, "do=remove&credential=x").await;
        assert_eq!((status, location.as_str()), (StatusCode::SEE_OTHER, "/sign-in"), "{path}");
        assert_eq!(body, "", "{path}");
    }
}

#[tokio::test]
async fn everybody_who_is_signed_in_keeps_their_own_passkeys_and_no_others() {
    let site = place(CellUse::Limited).await;
    for role in AccountRole::ALL {
        let session = site.signed_in("280101", role).await;
        let (status, body) = get(&site, &session, PAGE).await;
        assert_eq!(status, StatusCode::OK, "{role:?}");
        assert!(body.contains("Du har ingen endnu."), "{role:?}");
        let alone = !role.needs_second_factor();
        assert_eq!(body.contains(r#"name="password""#), alone, "{role:?}: a password alone is shown once more");

        let (status, _, said) = post(&site, Some(&session), "/account/passkeys/begin", "password=a+guess").await;
        if alone {
            assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{role:?}");
            assert!(said.starts_with("Adgangskoden passer ikke"), "{role:?}: {said}");
        } else {
            assert_eq!(status, StatusCode::OK, "{role:?}");
            assert!(said.contains(r#""challenge":"#) && said.contains(r#""userVerification":"required""#), "{said}");
            assert!(said.contains(r#""id":"localhost""#) && said.contains(r#""attestation":"none""#), "{said}");
            assert!(!said.contains("Lind\"") && !said.contains("Åse"), "an authenticator learns no name: {said}");
        }
        for (form, expected) in [
            (format!("do=rename&name=x&passkey={}", Uuid::from_u128(7)), StatusCode::NOT_FOUND),
            (format!("do=remove&passkey={}", Uuid::from_u128(7)), StatusCode::NOT_FOUND),
            ("do=remove&passkey=x".to_owned(), StatusCode::NOT_FOUND),
            ("do=add&name=x&credential=%7B%7D".to_owned(), StatusCode::UNPROCESSABLE_ENTITY),
            ("do=nothing".to_owned(), StatusCode::UNPROCESSABLE_ENTITY),
        ] {
            let (status, _, body) = post(&site, Some(&session), PAGE, &form).await;
            assert_eq!(status, expected, "{role:?} {form}");
            assert!(body.contains("Adgangsnøgler") && body.contains("Det gik ikke"), "{role:?} {form}");
        }
        // Signed in, no sign-in is under way.
        let (status, location, _) = post(&site, Some(&session), "/sign-in/passkey/begin", "").await;
        assert_eq!((status, location.as_str()), (StatusCode::SEE_OTHER, "/sign-in"), "{role:?}");
        let (status, location, _) = post(&site, Some(&session), "/sign-in/passkey", "credential=x").await;
        assert_eq!((status, location.as_str()), (StatusCode::SEE_OTHER, "/sign-in"), "{role:?}");
    }
}

#[tokio::test]
async fn an_installation_at_a_number_says_that_it_has_no_passkeys() {
    let site = site("https://192.0.2.7").await;
    site.service.create_authority("851", "Lindely Kommune", "dk").await.unwrap();
    site.service.create_institution("851", "280101", "Lindelyskolen").await.unwrap();
    let Session { cookie, csrf } = site.signed_in("280101", AccountRole::Principal).await;
    let session = Session { cookie: format!("__Host-{cookie}"), csrf };
    let (status, body) = get(&site, &session, PAGE).await;
    assert_eq!(status, StatusCode::OK);
    assert!(body.contains("Adgangsnøgler kan ikke bruges her, fordi systemets adresse er et tal."));
    let (status, _, said) = post(&site, Some(&session), "/account/passkeys/begin", "").await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    assert!(said.starts_with("Adgangsnøgler kan ikke bruges her"), "{said}");
}

#[tokio::test]
async fn a_card_that_is_soon_used_up_is_told_of_on_every_page_and_in_the_keepers_list() {
    let site = place(CellUse::Strict).await;
    let keeper = site.signed_in("280101", AccountRole::Principal).await;
    let operator = site.service.operator("280101").await.unwrap();
    let holder = Holder::New { given: "Karen".to_owned(), family: "Øster".to_owned() };
    let order = AccountOrder { holder, role: AccountRole::TestAdministrator, matrix: false };
    let account = site.service.create_account(&operator, &order).await.unwrap();
    let sign_in = async |password: &str| -> Token {
        let network = Network::of(std::net::Ipv4Addr::LOCALHOST.into());
        let outcome = site.service.sign_in_with_password(&account.user_name, password, &network).await.unwrap();
        let Outcome::Next(_, token) = outcome else { panic!("{outcome:?}") };
        let presence = site.service.presence(Some(&token), Uuid::nil()).await.unwrap();
        let Presence::Matrix { asked: Some(asked), .. } = presence else { panic!("{presence:?}") };
        let matrix = account.matrix.as_ref().unwrap();
        let cells = asked.places().map(|place| matrix.cell(place).to_string());
        let cells: Vec<&str> = cells.iter().map(String::as_str).collect();
        match site.service.sign_in_with_matrix(&token, &cells, &network).await.unwrap() {
            Outcome::Next(_, token) => token,
            other => panic!("{other:?}"),
        }
    };
    let own = "vq8mfz2x-kastanjehest";
    let changed = site.service.change_password(&sign_in(&account.password).await, "", own, Uuid::nil()).await.unwrap();
    let Change::Done(mut token) = changed else { panic!("{changed:?}") };
    let mut told = Vec::new();
    for _ in 1..24 {
        let session = Session { csrf: String::new(), cookie: format!("adgang={}", token.text().as_str()) };
        let (_, body) = get(&site, &session, "/my-rights").await;
        told.push(body.contains("Dit kort kan bruges til"));
        if told.last() == Some(&true) {
            assert!(body.contains("Dit kort kan bruges til 10 log ind mere.") && body.contains("Åse Lind"), "{body}");
        }
        token = sign_in(own).await;
    }
    assert_eq!(told.iter().position(|told| *told), Some(22), "ten of 33 are left");
    let (_, body) = get(&site, &keeper, "/accounts").await;
    assert!(body.contains("Kort, der snart er brugt op") && body.contains("9 log ind tilbage"), "{body}");
    let (_, body) = get(&site, &keeper, "/my-rights").await;
    assert!(!body.contains("Dit kort kan bruges til"), "not one's own");
}
