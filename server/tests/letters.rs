//! Letters: who gets them, that they are shown once, and that nothing of them is left behind.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may fail loudly")]

mod site;

use axum::body::Body;
use domain::exchange::accounts::{AccountFilter, AccountLine};
use domain::{AccountId, AccountRole};
use http::{HeaderMap, StatusCode};
use service::accounts::{AccountOrder, Holder};
use service::session::{Presence, Token};
use site::{Session, Site, place};
use uuid::Uuid;

const SECRET: &str = r#"<span translate="no" class="paper__secret">"#;
const ISSUE: &str = "/accounts/letters";
const PREVIEW: &str = "/accounts/letters/preview";
const PRINTED: &str = "/accounts/letters/printed";

/// Two schools, and the teacher Bo Holm at the first of them, with its principal.
async fn two_schools() -> (Site, AccountId, Session) {
    let site = place().await;
    let operator = site.service.operator("280101").await.unwrap();
    let holder = Holder::New { given: "Bo".to_owned(), family: "Holm".to_owned() };
    let order = AccountOrder { holder, role: AccountRole::Teacher, matrix: false };
    let user_name = site.service.create_account(&operator, &order).await.unwrap().user_name;
    let principal = site.signed_in("280101", AccountRole::Principal).await;
    let account = listed(&site, &principal, &user_name).await.id;
    (site, account, principal)
}

/// The account of this user name, as the person of this session sees it.
async fn listed(site: &Site, session: &Session, user_name: &str) -> AccountLine {
    let token = session.cookie.strip_prefix("adgang=").and_then(Token::read);
    let Presence::SignedIn(who) = site.service.presence(token.as_ref(), Uuid::nil()).await.unwrap() else {
        panic!("the session is a good one")
    };
    let list = site.service.accounts(&who.actor, &AccountFilter::default()).await.unwrap();
    list.accounts.into_iter().find(|line| line.user_name == user_name).unwrap()
}

/// Sends a plain form as this session, or as nobody's browser.
async fn post(site: &Site, session: Option<&Session>, path: &str, fields: &str) -> (StatusCode, HeaderMap, String) {
    let kind = ("content-type", "application/x-www-form-urlencoded");
    let Some(session) = session else {
        return site.send("POST", path, &[kind], fields.to_owned().into()).await;
    };
    let body = Body::from(format!("csrf={}&{fields}", session.csrf));
    site.send("POST", path, &[kind, ("cookie", session.cookie.as_str())], body).await
}

async fn get(site: &Site, session: &Session, path: &str) -> (StatusCode, HeaderMap, String) {
    site.send("GET", path, &[("cookie", session.cookie.as_str())], Body::empty()).await
}

/// The text of each element that opens with exactly this tag.
fn inside<'a>(html: &'a str, tag: &str) -> Vec<&'a str> {
    html.split(tag).skip(1).filter_map(|rest| rest.split('<').next()).collect()
}

#[tokio::test]
async fn a_letter_is_shown_in_the_answer_that_issued_it_and_never_again() {
    let (site, account, session) = two_schools().await;
    let order = format!("account={account}&what=both&language=sv");
    let (status, headers, page) = post(&site, Some(&session), ISSUE, &order).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(headers.get("cache-control").unwrap(), "no-store");
    let secrets = inside(&page, SECRET);
    let [user_name, password] = secrets.as_slice() else { panic!("{secrets:?}") };
    assert!(user_name.ends_with("-280101"), "{user_name}");
    let cells = inside(&page, "<td>");
    assert_eq!(cells.len(), 101, "the corner and a hundred cells");
    assert!(page.contains(r#"<article lang="sv" "#));
    for words in ["Bo Holm", "Lindelyskolen", "Så loggar du in", "Inloggningsmatris ", "http://localhost:3000"] {
        assert!(page.contains(words), "{words}");
    }
    // What was shown is what opens the account.
    let network = service::sign_in::network::Network::of(std::net::Ipv4Addr::LOCALHOST.into());
    let outcome = site.service.sign_in_with_password(user_name, password, &network).await.unwrap();
    let token: Token = match outcome {
        service::sign_in::Outcome::Next(service::sign_in::Next::Matrix, token) => token,
        other => panic!("{other:?}"),
    };
    let Presence::Matrix { asked: Some(asked), .. } = site.service.presence(Some(&token), Uuid::nil()).await.unwrap()
    else {
        panic!("the matrix comes next")
    };
    let cell = |place: String| {
        let (column, row) = place.split_at(1);
        let column = usize::from(column.as_bytes().first().unwrap() - b'A');
        // The corner comes first; the cells stand row by row.
        cells.get(1 + (row.parse::<usize>().unwrap() - 1) * 10 + column).copied().unwrap()
    };
    let codes: Vec<&str> = asked.places().iter().map(|place| cell(place.to_string())).collect();
    let outcome = site.service.sign_in_with_matrix(&token, &codes, &network).await.unwrap();
    assert!(matches!(outcome, service::sign_in::Outcome::Next(..)), "{outcome:?}");

    let (status, _, again) = get(&site, &session, "/accounts/issued").await;
    assert_eq!(status, StatusCode::OK);
    assert!(!again.contains(password) && !again.contains("paper__"), "it is gone");
}

#[tokio::test]
async fn nothing_of_a_letter_is_kept() {
    let (site, account, session) = two_schools().await;
    let (_, headers, page) = post(&site, Some(&session), ISSUE, &format!("account={account}&what=both")).await;
    let secrets = inside(&page, SECRET);
    let [user_name, password] = secrets.as_slice() else { panic!("{secrets:?}") };
    assert!(headers.values().all(|value| !String::from_utf8_lossy(value.as_bytes()).contains(password)));
    // A row of the card: its cells in their order, however they might be parted.
    let cells = inside(&page, "<td>");
    let row = cells.get(1..11).unwrap();
    let rows = ["", " ", ",", "\",\""].map(|between| row.join(between));
    let mut found_user_name = false;
    for file in
        std::fs::read_dir(site._folder.path()).unwrap().map(|file| file.unwrap().path()).filter(|it| it.is_file())
    {
        let bytes = std::fs::read(&file).unwrap();
        let has = |text: &str| bytes.windows(text.len()).any(|part| part == text.as_bytes());
        found_user_name |= has(user_name);
        assert!(!has(password) && !rows.iter().any(|row| has(row)), "{}", file.display());
    }
    assert!(found_user_name, "it was the database that was searched");
}

#[tokio::test]
async fn nobody_else_issues_letters() {
    let (site, account, principal) = two_schools().await;
    let order = format!("account={account}&what=password");
    assert_eq!(post(&site, None, ISSUE, &order).await.0, StatusCode::SEE_OTHER, "nobody is sent to sign in");
    for (school, role, expected) in [
        ("280101", AccountRole::Teacher, StatusCode::FORBIDDEN),
        ("280101", AccountRole::Leader, StatusCode::FORBIDDEN),
        ("280101", AccountRole::TestAdministrator, StatusCode::OK),
        // For others there is no such account: it is named among those who got nothing, without a name.
        ("280102", AccountRole::Principal, StatusCode::OK),
        ("280101", AccountRole::Authority, StatusCode::OK),
    ] {
        let session = site.signed_in(school, role).await;
        let (status, _, page) = post(&site, Some(&session), ISSUE, &order).await;
        assert_eq!(status, expected, "{role:?} of {school}");
        let issues = (school, role) == ("280101", AccountRole::TestAdministrator);
        assert_eq!(page.contains("paper__secret"), issues, "{role:?} of {school}");
        assert_eq!(page.contains("Bo Holm"), issues, "{role:?} of {school}");
    }
    for wrong in ["what=password", "account=x&what=password", &format!("account={account}&what=cells")] {
        assert_eq!(post(&site, Some(&principal), ISSUE, wrong).await.0, StatusCode::UNPROCESSABLE_ENTITY, "{wrong}");
    }
    let forged = [("cookie", principal.cookie.as_str()), ("content-type", "application/x-www-form-urlencoded")];
    let (status, ..) = site.send("POST", ISSUE, &forged, format!("csrf=x&{order}").into()).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "a form of another page issues nothing");
}

#[tokio::test]
async fn who_issued_a_letter_notes_that_it_was_printed_and_nobody_else() {
    let (site, account, session) = two_schools().await;
    let (_, _, page) = post(&site, Some(&session), ISSUE, &format!("account={account}&what=password")).await;
    let letters = page.split(r#"name="letters" value=""#).nth(1).and_then(|rest| rest.split('"').next()).unwrap();
    let [user_name, ..] = inside(&page, SECRET)[..] else { panic!("{page}") };
    let printed = async || listed(&site, &session, user_name).await.letter.unwrap().printed.map(|(_, by)| by);
    let other = site.signed_in("280101", AccountRole::TestAdministrator).await;
    let form = format!("letters={letters}");
    assert_eq!(post(&site, None, PRINTED, &form).await.0, StatusCode::SEE_OTHER);
    assert_eq!(post(&site, Some(&other), PRINTED, &form).await.0, StatusCode::SEE_OTHER);
    assert_eq!(printed().await, None, "another one had nothing to print");
    let (status, headers, _) = post(&site, Some(&session), PRINTED, &form).await;
    assert_eq!(
        (status, headers.get("location").unwrap().to_str().unwrap()),
        (StatusCode::SEE_OTHER, "/accounts/issued?printed=1")
    );
    assert_eq!(printed().await.as_deref(), Some("Åse Lind"));
    assert_eq!(post(&site, Some(&session), PRINTED, "letters=x").await.0, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn a_batch_counts_its_letters_and_then_shows_them_all() {
    let (site, first, session) = two_schools().await;
    site.signed_in("280101", AccountRole::Teacher).await;
    let (status, _, choice) = get(&site, &session, "/accounts/letters?role=teacher").await;
    assert_eq!(status, StatusCode::OK);
    assert!(choice.contains("Bo Holm") && choice.contains("Åse Lind"));
    let (status, _, preview) = post(&site, Some(&session), PREVIEW, "what=password&all=teacher").await;
    assert_eq!(status, StatusCode::OK);
    assert!(preview.contains("2 personer får hver et brev.") && preview.contains("1 af dem er logget ind nu"));
    let accounts: Vec<&str> =
        preview.split(r#"name="account" value=""#).skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
    assert_eq!(accounts.len(), 2);
    assert!(accounts.contains(&first.to_string().as_str()));
    let order: String = accounts.iter().map(|id| format!("account={id}&")).collect();
    let (status, _, page) = post(&site, Some(&session), ISSUE, &format!("{order}what=password")).await;
    assert_eq!(status, StatusCode::OK);
    assert!(page.starts_with("<!-- 1 2 -->\n<!-- 2 2 -->\n<!DOCTYPE html>"), "real letters are counted");
    assert_eq!(inside(&page, SECRET).len(), 4, "a user name and a password for each");
    assert!(page.contains("data:application/pdf;base64,JVBERi0x"), "and as one PDF");
}

#[tokio::test]
async fn a_preview_is_for_who_keeps_accounts_and_of_their_own_place() {
    let (site, account, principal) = two_schools().await;
    let form = format!("account={account}&what=both");
    assert_eq!(post(&site, None, PREVIEW, &form).await.0, StatusCode::SEE_OTHER);
    for (school, role, expected) in [
        ("280101", AccountRole::Teacher, StatusCode::FORBIDDEN),
        ("280101", AccountRole::Leader, StatusCode::FORBIDDEN),
        ("280101", AccountRole::TestAdministrator, StatusCode::OK),
        ("280102", AccountRole::Principal, StatusCode::OK),
        ("280101", AccountRole::Authority, StatusCode::OK),
    ] {
        let session = site.signed_in(school, role).await;
        let (status, _, page) = post(&site, Some(&session), PREVIEW, &form).await;
        assert_eq!(status, expected, "{role:?} of {school}");
        let sees = (school, role) == ("280101", AccountRole::TestAdministrator);
        assert_eq!(page.contains("Bo Holm"), sees, "{role:?} of {school}");
    }
    let (status, _, page) = post(&site, Some(&principal), PREVIEW, "what=both").await;
    assert_eq!(status, StatusCode::OK);
    assert!(page.contains("Sæt kryds ved mindst én person"), "the choice again, with a sentence");
    for wrong in ["what=cells", "what=both&all=nobody"] {
        let (status, _, _) = post(&site, Some(&principal), PREVIEW, wrong).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong}");
    }
    let (status, _, page) = post(&site, Some(&principal), PREVIEW, "what=both&all=every").await;
    assert!(status == StatusCode::OK && page.contains("Bo Holm"), "everybody");
}
