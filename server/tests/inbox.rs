//! The inbox: who may ask, who may answer, and that asking without a session gives none.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may fail loudly")]

mod site;

#[path = "inbox/mail.rs"]
mod mail;

use axum::body::Body;
use domain::exchange::accounts::{AccountFilter, AccountLine, Anew, Language};
use domain::{AccountId, AccountRole};
use http::{HeaderMap, StatusCode};
use service::accounts::{AccountOrder, Holder};
use service::session::{Presence, Token};
use service::sign_in::Outcome;
use service::sign_in::network::Network;
use service::{Actor, Env};
use site::{Session, Site};
use std::net::Ipv4Addr;
use uuid::Uuid;

/// Where forms of the inbox go.
const FORMS: [&str; 9] = [
    "/inbox/ask",
    "/inbox/decline",
    "/inbox/withdraw",
    "/inbox/answer",
    "/inbox/draft",
    "/inbox/read",
    "/inbox/settings",
    "/inbox/unsent",
    "/my-rights/access",
];

/// A school with a principal and a test administrator, and its teacher Bo Holm.
struct Place {
    site: Site,
    principal: Session,
    administrator: Session,
    teacher: AccountId,
}

async fn place() -> Place {
    let site = site::place().await;
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

async fn body(site: &Site, session: &Session, path: &str, fields: &str) -> (StatusCode, String) {
    let kind = ("content-type", "application/x-www-form-urlencoded");
    let form = Body::from(format!("csrf={}&{fields}", session.csrf));
    let (status, _, body) = site.send("POST", path, &[kind, ("cookie", session.cookie.as_str())], form).await;
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
async fn requests_are_for_those_who_keep_accounts_and_of_their_own_place() {
    let Place { site, administrator, teacher, .. } = place().await;
    let ask = format!("account={teacher}&wish=delete");
    for path in FORMS.into_iter().chain(["/sign-in/ask"]) {
        let (status, headers) = post(&site, None, path, &ask).await;
        assert_eq!((status, goes_to(&headers)), (StatusCode::SEE_OTHER, "/sign-in"), "{path}");
    }
    assert_eq!(post(&site, Some(&administrator), "/inbox/ask", &ask).await.0, StatusCode::SEE_OTHER);
    for (school, role, expected, sees) in [
        ("280101", AccountRole::Teacher, StatusCode::FORBIDDEN, StatusCode::OK),
        ("280101", AccountRole::Leader, StatusCode::FORBIDDEN, StatusCode::OK),
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

#[tokio::test]
async fn a_teacher_asks_for_access_and_reads_the_answer() {
    let Place { site, administrator, .. } = place().await;
    let teacher = site.signed_in("280101", AccountRole::Teacher).await;
    let path = "/my-rights/access";
    let (_, page) = get(&site, &teacher, "/my-rights").await;
    assert!(page.contains("href=\"/my-rights/access\"") && page.contains("Bed om adgang"));
    let (status, page) = get(&site, &teacher, path).await;
    assert_eq!(status, StatusCode::OK);
    assert!(page.contains("Det går til: ") && page.contains("Åse Lind"), "who answers, by name");
    let (status, page) = body(&site, &teacher, path, "subject=matematik&words=").await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.contains("Vælg mindst én klasse"));
    let (status, _) = body(&site, &teacher, path, &format!("group={}", Uuid::from_u128(7))).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    let (status, headers) = post(&site, Some(&teacher), path, "words=Kanariefugl+i+5.B").await;
    assert_eq!((status, goes_to(&headers)), (StatusCode::SEE_OTHER, "/inbox?done=access"));
    let (_, page) = get(&site, &teacher, path).await;
    assert!(page.contains("Kanariefugl i 5.B") && page.contains("Ingen har svaret endnu"));

    let (_, page) = get(&site, &administrator, "/inbox").await;
    assert!(page.contains("Giv adgang til resultater") && page.contains("Kanariefugl i 5.B"));
    assert!(page.contains("href=\"/rights?by=teacher&amp;id="), "the grid opens on that teacher");
    let request = site.service.inbox(&actor(&site, &administrator).await).await.unwrap().waiting[0].id;
    for (school, role, expected) in [
        ("280101", AccountRole::Teacher, StatusCode::FORBIDDEN),
        ("280101", AccountRole::Leader, StatusCode::FORBIDDEN),
        ("280101", AccountRole::Authority, StatusCode::FORBIDDEN),
        ("280102", AccountRole::Principal, StatusCode::NOT_FOUND),
    ] {
        let session = site.signed_in(school, role).await;
        let fields = format!("request={request}&answer=done");
        assert_eq!(post(&site, Some(&session), "/inbox/answer", &fields).await.0, expected, "{role:?} of {school}");
        assert_eq!(post(&site, Some(&session), "/inbox/draft", &fields).await.0, expected, "{role:?} of {school}");
        let sees = get(&site, &session, "/inbox").await.1.contains("Kanariefugl");
        assert!(!sees, "{role:?} of {school}");
        let asks = if role == AccountRole::Teacher { StatusCode::SEE_OTHER } else { StatusCode::FORBIDDEN };
        assert_eq!(post(&site, Some(&session), path, "words=x").await.0, asks, "{role:?} of {school}");
    }
    let draft = format!("request={request}");
    let (status, headers) = post(&site, Some(&administrator), "/inbox/draft", &draft).await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    assert!(goes_to(&headers).starts_with("/rights?by=teacher&id="));
    let wrong = format!("request={request}&answer=maybe");
    assert_eq!(post(&site, Some(&administrator), "/inbox/answer", &wrong).await.0, StatusCode::UNPROCESSABLE_ENTITY);
    let answer = format!("request={request}&answer=no&reason=Klassen+er+ikke+din");
    let (status, headers) = post(&site, Some(&administrator), "/inbox/answer", &answer).await;
    assert_eq!((status, goes_to(&headers)), (StatusCode::SEE_OTHER, "/inbox?done=answered"));
    let (_, page) = get(&site, &teacher, "/inbox").await;
    assert!(page.contains("Klassen er ikke din") && page.contains("top__count"), "told, and counted as unread");
    let (_, page) = get(&site, &teacher, "/my-rights").await;
    assert!(page.contains("svarede nej") && page.contains("Klassen er ikke din"));
    let notice = site.service.inbox(&actor(&site, &teacher).await).await.unwrap().notices[0].id;
    let (status, headers) = post(&site, Some(&teacher), "/inbox/read", &format!("item={notice}")).await;
    assert_eq!((status, goes_to(&headers)), (StatusCode::SEE_OTHER, "/inbox"));
    assert!(!get(&site, &teacher, "/inbox").await.1.contains("top__count"));
}

#[tokio::test]
async fn a_test_administrator_asks_to_unite_doubles_and_the_principal_sees_a_preview() {
    let Place { site, principal, administrator, teacher } = place().await;
    let operator = site.service.operator("280101").await.unwrap();
    let holder = Holder::New { given: "Bo".to_owned(), family: "Holm".to_owned() };
    let order = AccountOrder { holder, role: AccountRole::Teacher, matrix: false };
    let other = site.service.create_account(&operator, &order).await.unwrap().id;
    let (_, page) = get(&site, &administrator, "/accounts/doubles").await;
    assert!(page.contains("Bed dem om at lægge de to konti sammen"));
    let fields = format!("account={teacher}&other={other}&wish=merge");
    let (status, headers) = post(&site, Some(&administrator), "/inbox/ask", &fields).await;
    assert_eq!((status, goes_to(&headers)), (StatusCode::SEE_OTHER, "/inbox?done=asked"));
    let preview = format!("/accounts/merge?account={teacher}&other={other}");
    let (_, page) = get(&site, &principal, "/inbox").await;
    assert!(page.contains(&preview.replace('&', "&amp;")), "one click leads to the preview");
    let (status, page) = get(&site, &principal, &preview).await;
    assert_eq!(status, StatusCode::OK);
    assert!(page.contains("Intet er ændret endnu") && page.contains("Kan ikke logge ind mere"));
    for (school, role, expected) in [
        ("280101", AccountRole::TestAdministrator, StatusCode::FORBIDDEN),
        ("280101", AccountRole::Teacher, StatusCode::FORBIDDEN),
        ("280102", AccountRole::Principal, StatusCode::NOT_FOUND),
    ] {
        let session = site.signed_in(school, role).await;
        let (status, page) = get(&site, &session, &preview).await;
        assert_eq!(status, expected, "{role:?} of {school}");
        assert!(!page.contains("Bo Holm"), "{role:?} of {school}");
    }
    let merge = format!("do=merge&account={teacher}&other={other}");
    assert_eq!(post(&site, Some(&principal), "/accounts/doubles", &merge).await.0, StatusCode::SEE_OTHER);
    assert!(!get(&site, &principal, "/inbox").await.1.contains(&preview.replace('&', "&amp;")));
}

#[tokio::test]
async fn mails_are_chosen_by_each_and_listed_for_the_keepers() {
    let Place { site, principal, administrator, teacher } = place().await;
    let keeper = actor(&site, &principal).await;
    site.service.reissue(&keeper, teacher, Anew::Password, Language::Da).await.unwrap();
    let (_, page) = get(&site, &administrator, "/inbox/unsent").await;
    for words in ["Beskeder til udskrift", "Bo Holm", "der er udstedt nye koder til dig", "Mails er slået fra"] {
        assert!(page.contains(words), "{words}");
    }
    let (_, page) = get(&site, &administrator, "/inbox").await;
    assert!(page.contains("Der sendes ingen mails herfra"), "said where it is looked for");
    let mail = site.service.unsent_mails(&keeper).await.unwrap().lines[0].id;
    for (school, role, sees) in [
        ("280101", AccountRole::Teacher, StatusCode::FORBIDDEN),
        ("280101", AccountRole::Leader, StatusCode::FORBIDDEN),
        ("280102", AccountRole::Principal, StatusCode::OK),
        ("280101", AccountRole::Authority, StatusCode::OK),
    ] {
        let session = site.signed_in(school, role).await;
        let (status, page) = get(&site, &session, "/inbox/unsent").await;
        assert_eq!(status, sees, "{role:?} of {school}");
        assert!(!page.contains("Bo Holm"), "{role:?} of {school}");
        post(&site, Some(&session), "/inbox/unsent", &format!("mail={mail}")).await;
        let (status, page) = get(&site, &session, "/inbox/settings").await;
        assert_eq!(status, StatusCode::OK, "{role:?}");
        let reminds = page.contains("din konto udløber snart");
        assert_eq!(reminds, role == AccountRole::Teacher, "{role:?} chooses among what can reach them");
    }
    assert_eq!(site.service.unsent_mails(&keeper).await.unwrap().lines.len(), 1, "others clear nothing");
    let (status, headers) = post(&site, Some(&administrator), "/inbox/unsent", &format!("mail={mail}")).await;
    assert_eq!((status, goes_to(&headers)), (StatusCode::SEE_OTHER, "/inbox/unsent?done=cleared"));
    assert!(site.service.unsent_mails(&keeper).await.unwrap().lines.is_empty());
    let (status, headers) = post(&site, Some(&administrator), "/inbox/settings", "kind=answered&language=sv").await;
    assert_eq!((status, goes_to(&headers)), (StatusCode::SEE_OTHER, "/inbox/settings?done=saved"));
    for wrong in ["kind=everything", "kind=answered&language=xx"] {
        let (status, _) = post(&site, Some(&administrator), "/inbox/settings", wrong).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong}");
    }
}
