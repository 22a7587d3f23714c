//! One's own account and a person's file, through the real router: whom they answer, and what is in no
//! address.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may fail loudly")]

mod site;

use axum::body::Body;
use domain::AccountRole;
use http::{HeaderMap, StatusCode};
use service::accounts::{AccountOrder, Holder};
use service::session::Token;
use site::{Session, Site, place};

async fn get(site: &Site, session: &Session, path: &str) -> (StatusCode, String) {
    let as_a_browser = [("cookie", session.cookie.as_str()), ("accept", "text/html")];
    let (status, _, body) = site.send("GET", path, &as_a_browser, Body::empty()).await;
    (status, body)
}

async fn post(site: &Site, session: Option<&Session>, path: &str, form: &str) -> (StatusCode, HeaderMap, String) {
    let mut headers = vec![("content-type", "application/x-www-form-urlencoded"), ("accept", "text/html")];
    let body = match session {
        None => form.to_owned(),
        Some(session) => {
            headers.push(("cookie", session.cookie.as_str()));
            format!("csrf={}&{form}", session.csrf)
        }
    };
    site.send("POST", path, &headers, body.into()).await
}

fn location(headers: &HeaderMap) -> &str {
    headers.get("location").map_or("", |value| value.to_str().unwrap())
}

/// The session's own id, as the page's form holds it; several where there are several.
async fn sessions(site: &Site, session: &Session) -> Vec<String> {
    let (_, page) = get(site, session, "/account").await;
    let fields = page.split("name=\"session\" value=\"").skip(1);
    fields.map(|rest| rest.split('"').next().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn everybody_has_their_own_account_and_nobody_elses() {
    let site = place().await;
    let mut pages = Vec::new();
    for role in AccountRole::ALL {
        let session = site.signed_in("280101", role).await;
        let (status, page) = get(&site, &session, "/account").await;
        assert_eq!(status, StatusCode::OK, "{role:?}");
        assert!(page.contains("Åse Lind") && page.contains("denne browser"), "{role:?}");
        let keeps = page.contains("Kontaktoplysninger");
        assert_eq!(keeps, matches!(role, AccountRole::Authority | AccountRole::Principal), "{role:?}");
        let (status, page) = get(&site, &session, "/account/record").await;
        assert_eq!(status, StatusCode::OK, "{role:?}");
        assert!(page.contains("rigtigt, og logget ind"), "{role:?}");
        let ids = sessions(&site, &session).await;
        assert_eq!(ids.len(), 1, "{role:?}");
        pages.push((session, ids));
    }
    // Each tries to end everybody else's.
    for (mine, _) in &pages {
        for (theirs, ids) in pages.iter().filter(|(theirs, _)| theirs.cookie != mine.cookie) {
            let form = format!("session={}", ids[0]);
            let (status, headers, _) = post(&site, Some(mine), "/account/sessions/end", &form).await;
            assert_eq!((status, location(&headers)), (StatusCode::SEE_OTHER, "/account?done=session-gone"));
            assert_eq!(get(&site, theirs, "/account").await.0, StatusCode::OK);
        }
    }
    let unknown = "session=01a20075-96c8-73c7-8928-278938a16032";
    let (_, headers, _) = post(&site, Some(&pages[0].0), "/account/sessions/end", unknown).await;
    assert_eq!(location(&headers), "/account?done=session-gone", "as for none");
}

#[tokio::test]
async fn nobody_and_a_forged_form_do_nothing() {
    let site = place().await;
    let session = site.signed_in("280101", AccountRole::Principal).await;
    for path in ["/account/contact", "/account/sessions/end", "/account/sessions/end-others", "/people/file"] {
        let (status, headers, _) = post(&site, None, path, "email=a@example.org").await;
        assert_eq!((status, location(&headers)), (StatusCode::SEE_OTHER, "/sign-in"), "{path}");
        let forged = Session { cookie: session.cookie.clone(), csrf: "x".to_owned() };
        let (status, headers, _) = post(&site, Some(&forged), path, "email=a@example.org").await;
        assert_eq!((status, location(&headers)), (StatusCode::SEE_OTHER, "/sign-in"), "{path}");
        let (status, _) = get(&site, &session, path).await;
        assert_ne!(status, StatusCode::OK, "{path}: nothing by GET");
    }
    let (status, _, said) = post(&site, None, "/api/password-hints", "password=kodeord").await;
    assert_eq!((status, said.as_str()), (StatusCode::FORBIDDEN, "not_signed_in"));
    assert_eq!(get(&site, &session, "/account").await.0, StatusCode::OK);
}

#[tokio::test]
async fn ending_ones_own_session_signs_the_browser_out_on_the_next_request() {
    let site = place().await;
    let session = site.signed_in("280101", AccountRole::Principal).await;
    let id = sessions(&site, &session).await.remove(0);
    let (status, headers, _) = post(&site, Some(&session), "/account/sessions/end", &format!("session={id}")).await;
    assert_eq!((status, location(&headers)), (StatusCode::SEE_OTHER, "/sign-in"));
    assert_eq!(get(&site, &session, "/account").await.0, StatusCode::FOUND);
    let token = session.cookie.strip_prefix("adgang=").and_then(Token::read).unwrap();
    assert!(site.service.my_account(&token).await.is_err());
}

#[tokio::test]
async fn contact_details_are_kept_by_principals_and_shown_again() {
    let site = place().await;
    let principal = site.signed_in("280101", AccountRole::Principal).await;
    let (_, headers, _) = post(&site, Some(&principal), "/account/contact", "email=aase%40example.org").await;
    assert_eq!(location(&headers), "/account?done=contact");
    assert!(get(&site, &principal, "/account?done=contact").await.1.contains("value=\"aase@example.org\""));
    let (_, headers, _) = post(&site, Some(&principal), "/account/contact", "email=aase").await;
    assert_eq!(location(&headers), "/account?done=contact-bad");
    let teacher = site.signed_in("280101", AccountRole::Teacher).await;
    let (status, ..) = post(&site, Some(&teacher), "/account/contact", "email=aase%40example.org").await;
    assert_eq!(status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_weak_password_is_advised_on_and_stands_in_no_answer() {
    let site = place().await;
    let session = site.signed_in("280101", AccountRole::Teacher).await;
    let (status, _, said) = post(&site, Some(&session), "/api/password-hints", "password=qwertyuiop2026").await;
    assert_eq!(status, StatusCode::OK);
    assert!(said.contains("Let at gætte") && !said.contains("qwertyuiop"), "{said}");
    let good = "password=violin-kompas-havregryn-88";
    assert_eq!(post(&site, Some(&session), "/api/password-hints", good).await.2, "");
    let weak = "current=vq8mfz2x-kastanjehest&password=password1234567&repeated=password1234567";
    let (status, headers, _) = post(&site, Some(&session), "/change-password", weak).await;
    assert_eq!((status, location(&headers)), (StatusCode::SEE_OTHER, "/change-password"));
    let set: Vec<&str> = headers.get_all("set-cookie").iter().map(|line| line.to_str().unwrap()).collect();
    assert!(set.iter().any(|line| line.starts_with("adgang-hints=") && line.contains("common")), "{set:?}");
    assert!(!format!("{headers:?}").contains("password1234567"));
    let problem = format!("{}; adgang-problem=common; adgang-hints=common.more.<x>", session.cookie);
    let again = Session { cookie: problem, csrf: session.csrf.clone() };
    let (_, page) = get(&site, &again, "/change-password").await;
    assert!(page.contains("prøves først") && page.contains("hjælper mest"), "advice on the page that comes next");
}

#[tokio::test]
async fn files_are_for_those_who_keep_people_and_of_their_own_place() {
    let site = place().await;
    let made = async |code: &str| {
        let holder = Holder::New { given: "Bo".to_owned(), family: "Holm".to_owned() };
        let order = AccountOrder { holder, role: AccountRole::Teacher, matrix: false };
        site.service.create_account(&site.service.operator(code).await.unwrap(), &order).await.unwrap().person
    };
    let (own, foreign) = (made("280101").await, made("280102").await);
    for role in AccountRole::ALL {
        let session = site.signed_in("280101", role).await;
        let keeps = matches!(role, AccountRole::Principal | AccountRole::TestAdministrator);
        let (status, page) = get(&site, &session, "/people?q=holm").await;
        assert_eq!((status == StatusCode::OK, page.contains("Bo Holm")), (keeps, keeps), "{role:?}");
        for form in ["html", "json"] {
            let ask = format!("person={own}&form={form}");
            let (status, headers, body) = post(&site, Some(&session), "/people/file", &ask).await;
            if !keeps {
                assert_eq!(status, StatusCode::FORBIDDEN, "{role:?}");
                assert!(!body.contains("Holm"), "{role:?}");
                continue;
            }
            assert_eq!(status, StatusCode::OK, "{role:?}");
            let name = headers.get("content-disposition").unwrap().to_str().unwrap();
            assert_eq!(name, format!("attachment; filename=\"registreret.{form}\""), "nothing of whom it is about");
            assert!(body.contains("Bo Holm") && body.contains("1001-280101"), "{body}");
            assert!(body.contains("At vide, hvem resten handler om"), "each kind with its purpose");
            assert!(!body.contains("Åse") && !body.contains("<!>"), "nobody else is named");
        }
        let answers = [foreign.to_string(), "01a20075-96c8-73c7-8928-278938a16032".to_owned(), "x".to_owned()];
        let mut said = Vec::new();
        for person in answers {
            let (status, _, body) =
                post(&site, Some(&session), "/people/file", &format!("person={person}&form=html")).await;
            said.push((status, body.contains("Holm")));
        }
        let expected = if keeps { StatusCode::NOT_FOUND } else { StatusCode::FORBIDDEN };
        assert!(said.iter().take(2).all(|one| *one == (expected, false)), "{role:?}: {said:?}");
    }
}
