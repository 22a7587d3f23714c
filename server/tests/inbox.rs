//! The inbox: who may ask, who may answer, and that asking without a session gives none.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may fail loudly")]

mod site;

use axum::body::Body;
use domain::exchange::accounts::{AccountFilter, AccountLine, Anew, Language};
use domain::{AccountId, AccountRole};
use http::{HeaderMap, StatusCode};
use service::accounts::{AccountOrder, Holder};
use service::session::{Presence, Token};
use service::sign_in::Outcome;
use service::sign_in::network::Network;
use service::{Actor, Env};
use site::{Session, Site, site};
use std::net::Ipv4Addr;
use uuid::Uuid;

/// A school with a principal and a test administrator, and its teacher Bo Holm.
struct Place {
    site: Site,
    principal: Session,
    administrator: Session,
    teacher: AccountId,
}

async fn place() -> Place {
    let site = site("http://localhost:3000").await;
    site.service.create_authority("851", "Lindely Kommune", "dk").await.unwrap();
    for (code, name) in [("280101", "Lindelyskolen"), ("280102", "Engskolen")] {
        site.service.create_institution("851", code, name).await.unwrap();
    }
    let operator = site.service.operator("280101").await.unwrap();
    let holder = Holder::New { given: "Bo".to_owned(), family: "Holm".to_owned() };
    let order = AccountOrder { holder, role: AccountRole::Teacher, matrix: false };
    site.service.create_account(&operator, &order).await.unwrap();
    let principal = site.signed_in("280101", AccountRole::Principal).await;
    let administrator = site.signed_in("280101", AccountRole::TestAdministrator).await;
    let teacher = bo_holm(&site, &principal).await.id;
    Place { site, principal, administrator, teacher }
}

async fn actor(site: &Site, session: &Session) -> Actor {
    let token = session.cookie.strip_prefix("adgang=").and_then(Token::read);
    match site.service.presence(token.as_ref(), Uuid::nil()).await.unwrap() {
        Presence::SignedIn(who) => who.actor,
        other => panic!("{other:?}"),
    }
}

async fn bo_holm(site: &Site, session: &Session) -> AccountLine {
    let filter = AccountFilter { query: "Bo Holm".to_owned(), ..AccountFilter::default() };
    let list = site.service.accounts(&actor(site, session).await, &filter).await.unwrap();
    list.accounts.into_iter().next().unwrap()
}

async fn post(site: &Site, session: Option<&Session>, path: &str, fields: &str) -> (StatusCode, HeaderMap) {
    let kind = ("content-type", "application/x-www-form-urlencoded");
    let (status, headers, _) = match session {
        None => site.send("POST", path, &[kind], fields.to_owned().into()).await,
        Some(session) => {
            let body = Body::from(format!("csrf={}&{fields}", session.csrf));
            site.send("POST", path, &[kind, ("cookie", session.cookie.as_str())], body).await
        }
    };
    (status, headers)
}

async fn get(site: &Site, session: &Session, path: &str) -> (StatusCode, String) {
    let (status, _, body) = site.send("GET", path, &[("cookie", session.cookie.as_str())], Body::empty()).await;
    (status, body)
}

fn goes_to(headers: &HeaderMap) -> &str {
    headers.get("location").map_or("", |value| value.to_str().unwrap())
}

#[tokio::test]
async fn a_test_administrator_asks_and_the_principal_does_it_with_one_click() {
    let Place { site, principal, administrator, teacher } = place().await;
    let (_, page) = get(&site, &administrator, &format!("/accounts/{teacher}")).await;
    assert!(page.contains("Bed dem om at slette kontoen"));
    let (status, headers) =
        post(&site, Some(&administrator), "/inbox/ask", &format!("account={teacher}&wish=delete")).await;
    assert_eq!((status, goes_to(&headers)), (StatusCode::SEE_OTHER, "/inbox?done=asked"));
    let (status, page) = get(&site, &principal, "/inbox").await;
    assert_eq!(status, StatusCode::OK);
    assert!(page.contains("Bo Holm") && page.contains("top__count"), "it is there, and counted in the band");
    let (_, own) = get(&site, &administrator, "/inbox").await;
    assert!(own.contains("Du venter på") && !own.contains("top__count"));
    let (status, _) = post(&site, Some(&principal), &format!("/accounts/{teacher}"), "do=delete").await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    let (_, page) = get(&site, &principal, "/inbox").await;
    assert!(page.contains("Besvaret i det seneste år") && !page.contains("top__count"));
}

#[tokio::test]
async fn the_inbox_is_for_those_who_keep_accounts_and_of_their_own_place() {
    let Place { site, administrator, teacher, .. } = place().await;
    let ask = format!("account={teacher}&wish=delete");
    for path in ["/inbox/ask", "/inbox/decline", "/sign-in/ask"] {
        let (status, headers) = post(&site, None, path, &ask).await;
        assert_eq!((status, goes_to(&headers)), (StatusCode::SEE_OTHER, "/sign-in"), "{path}");
    }
    assert_eq!(post(&site, Some(&administrator), "/inbox/ask", &ask).await.0, StatusCode::SEE_OTHER);
    for (school, role, expected, sees) in [
        ("280101", AccountRole::Teacher, StatusCode::FORBIDDEN, StatusCode::FORBIDDEN),
        ("280101", AccountRole::Leader, StatusCode::FORBIDDEN, StatusCode::FORBIDDEN),
        ("280102", AccountRole::TestAdministrator, StatusCode::NOT_FOUND, StatusCode::OK),
        ("280102", AccountRole::Principal, StatusCode::NOT_FOUND, StatusCode::OK),
        ("280101", AccountRole::Authority, StatusCode::NOT_FOUND, StatusCode::OK),
    ] {
        let session = site.signed_in(school, role).await;
        assert_eq!(post(&site, Some(&session), "/inbox/ask", &ask).await.0, expected, "{role:?} of {school}");
        let (status, page) = get(&site, &session, "/inbox").await;
        assert_eq!(status, sees, "{role:?} of {school}");
        assert!(!page.contains("Bo Holm"), "{role:?} of {school}");
        let decline = format!("request={}&reason=nej", Uuid::from_u128(7));
        let (status, _) = post(&site, Some(&session), "/inbox/decline", &decline).await;
        assert_eq!(status, expected, "{role:?} of {school}");
    }
    let wrong = format!("account={teacher}&wish=promote");
    assert_eq!(post(&site, Some(&administrator), "/inbox/ask", &wrong).await.0, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn code_31_says_who_helps_and_asks_them_without_a_session() {
    let Place { site, principal, teacher, .. } = place().await;
    let keeper = actor(&site, &principal).await;
    let letter = site.service.reissue(&keeper, teacher, Anew::Password, Language::Da).await.unwrap();
    site.service.deactivate_account(&keeper, teacher).await.unwrap();
    let network = Network::of(Ipv4Addr::LOCALHOST.into());
    let password = letter.password.unwrap();
    let outcome = site.service.sign_in_with_password(&letter.user_name, &password, &network).await.unwrap();
    let Outcome::Inactive(token) = outcome else { panic!("{outcome:?}") };
    let cookie = format!("adgang={}; adgang-problem=inactive", token.text().as_str());
    let browser = Session { csrf: site.service.csrf(&token), cookie };
    let (status, page) = get(&site, &browser, "/sign-in").await;
    assert_eq!(status, StatusCode::OK);
    for words in ["Kode 31.", "Lindelyskolen", "Åse Lind lukkede kontoen", "Bed dem om at aktivere kontoen"] {
        assert!(page.contains(words), "{words}");
    }
    for _ in 0..3 {
        let (status, headers) = post(&site, Some(&browser), "/sign-in/ask", "").await;
        assert_eq!((status, goes_to(&headers)), (StatusCode::SEE_OTHER, "/sign-in"));
    }
    assert_eq!(get(&site, &browser, "/accounts").await.0, StatusCode::FOUND, "asking signs nobody in");
    let asked = Session { cookie: browser.cookie.replace("=inactive", "=asked"), csrf: browser.csrf };
    let (_, page) = get(&site, &asked, "/sign-in").await;
    assert!(page.contains("De er bedt om det") && !page.contains("Bed dem om at aktivere kontoen"));
    let (_, inbox) = get(&site, &principal, "/inbox").await;
    assert_eq!(inbox.matches("Aktivér kontoen igen: ").count() + inbox.matches("Aktivér kontoen igen<!>: ").count(), 1);
    let stranger = Token::draw(&Env::system());
    let stranger =
        Session { csrf: site.service.csrf(&stranger), cookie: format!("adgang={}", stranger.text().as_str()) };
    assert_eq!(post(&site, Some(&stranger), "/sign-in/ask", "").await.0, StatusCode::SEE_OTHER);
    assert_eq!(site.service.waiting(&keeper).await.unwrap(), 1, "a token that proved nothing asks for nothing");
}
