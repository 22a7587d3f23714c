//! Signing in over HTTP, with scripts off: the forms, the guard before pages, cookies and tokens.
#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail loudly")]

#[path = "sign_in/alike.rs"]
mod alike;
#[path = "../../service/src/sign_in/tests/authenticator.rs"]
mod authenticator;

use axum::Router;
use axum::body::{Body, to_bytes};
use domain::exchange::RefusalCode;
use domain::{AccountRole, InstitutionId};
use http::{HeaderMap, Method, Request, StatusCode, header};
use server::settings::{PublicUrl, Settings as ServerSettings};
use server::web::{AppState, router};
use service::accounts::{AccountOrder, Holder, IssuedAccount};
use service::password::{HashCost, HashLimits};
use service::{Actor, Env, Installation, Service, Settings, Via};
use std::collections::BTreeMap;
use tempfile::TempDir;
use tower::ServiceExt;

const OWN: &str = "vq8mfz2x-kastanjehest";

struct Site {
    router: Router,
    service: Service,
    institution: InstitutionId,
    /// The database's URL.
    database: String,
    _folder: TempDir,
}

async fn site_with(limits: HashLimits) -> Site {
    let folder = tempfile::tempdir().unwrap();
    let settings = Settings { hash_cost: HashCost::LEAST, hash_limits: limits, ..Settings::default() };
    let database = format!("sqlite:{}", folder.path().join("test.db").display());
    let installation =
        Installation { database: database.clone(), secrets: folder.path().join("secrets"), catalogue: None, settings };
    let service = installation.create(Env::system()).await.unwrap();
    service.create_authority("851", "Lindely Kommune", "dk").await.unwrap();
    let institution = service.create_institution("851", "280101", "Lindelyskolen").await.unwrap();
    let settings = ServerSettings::read(&[]).unwrap();
    let state = AppState::new(service.clone(), Env::system(), PublicUrl::localhost(3000), &settings);
    Site { router: router(state).unwrap(), service, institution, database, _folder: folder }
}

async fn site() -> Site {
    site_with(HashLimits { running: 2, waiting: 20 }).await
}

impl Site {
    async fn account(&self, role: AccountRole) -> IssuedAccount {
        let holder = Holder::New { given: "Åse".to_owned(), family: "Lind".to_owned() };
        let operator = self.service.operator_anywhere(self.institution);
        self.service.create_account(&operator, &AccountOrder { holder, role, matrix: false }).await.unwrap()
    }

    /// The school's principal, as a session acts.
    async fn principal(&self) -> Actor {
        let person = self.account(AccountRole::Principal).await.person;
        let capacities = AccountRole::Principal.capacities().to_vec();
        let operator = self.service.operator_anywhere(self.institution);
        Actor { person, capacities, two_factors: true, via: Via::Session, ..operator }
    }

    fn browser(&self) -> Browser {
        Browser { router: self.router.clone(), cookies: BTreeMap::new() }
    }
}

/// Keeps cookies, and follows nothing by itself.
#[derive(Clone)]
struct Browser {
    router: Router,
    cookies: BTreeMap<String, String>,
}

struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: String,
}

impl Answer {
    fn location(&self) -> &str {
        self.headers.get(header::LOCATION).map_or("", |value| value.to_str().unwrap())
    }

    /// The value of the first hidden field `csrf`.
    fn csrf(&self) -> String {
        let (_, after) = self.body.split_once("name=\"csrf\" value=\"").expect("a form with a token");
        after.split_once('"').unwrap().0.to_owned()
    }
}

fn encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

impl Browser {
    async fn send(&mut self, method: Method, path: &str, headers: &[(&str, &str)], body: String) -> Answer {
        let cookies: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let mut request = Request::builder().method(method).uri(path).header(header::HOST, "localhost:3000");
        if !cookies.is_empty() {
            request = request.header(header::COOKIE, cookies.join("; "));
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = self.router.clone().oneshot(request.body(Body::from(body)).unwrap()).await.unwrap();
        for line in response.headers().get_all(header::SET_COOKIE) {
            let pair = line.to_str().unwrap().split(';').next().unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            if line.to_str().unwrap().contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        let (status, headers) = (response.status(), response.headers().clone());
        let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
        Answer { status, headers, body: String::from_utf8_lossy(&body).into_owned() }
    }

    async fn get(&mut self, path: &str) -> Answer {
        self.send(Method::GET, path, &[], String::new()).await
    }

    async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let body: Vec<String> = fields.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect();
        let form = [("content-type", "application/x-www-form-urlencoded")];
        self.send(Method::POST, path, &form, body.join("&")).await
    }

    /// Opens a page and sends its form.
    async fn fill(&mut self, page: &str, fields: &[(&str, &str)]) -> Answer {
        let csrf = self.get(page).await.csrf();
        let fields: Vec<(&str, &str)> = [("csrf", csrf.as_str())].into_iter().chain(fields.iter().copied()).collect();
        self.post(page, &fields).await
    }

    async fn password(&mut self, user_name: &str, password: &str) -> Answer {
        self.fill("/sign-in", &[("username", user_name), ("password", password)]).await
    }

    /// Through all steps with an issued password, to a password of one's own.
    async fn all_steps(&mut self, account: &IssuedAccount) -> Answer {
        let answer = self.password(&account.user_name, &account.password).await;
        if let Some(matrix) = &account.matrix {
            assert_goes(&answer, "/sign-in/matrix");
            let page = self.get("/sign-in/matrix").await;
            let codes: Vec<String> = service::matrix::Coordinate::all()
                .filter(|place| page.body.contains(&format!("</small>{place}<")))
                .map(|place| matrix.cell(place).to_string())
                .collect();
            assert_eq!(codes.len(), 3, "three coordinates are asked for");
            assert_goes(&self.fill("/sign-in/matrix", &[("codes", &codes.join(" "))]).await, "/change-password");
        } else {
            assert_goes(&answer, "/change-password");
        }
        self.fill("/change-password", &[("password", OWN), ("repeated", OWN)]).await
    }
}

#[track_caller]
fn assert_goes(answer: &Answer, path: &str) {
    assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, path), "{}", answer.body);
}

#[tokio::test]
async fn nothing_of_a_page_is_rendered_before_sign_in() {
    let site = site().await;
    let mut browser = site.browser();
    for (path, expected) in [
        ("/rights", "/sign-in?next=/rights"),
        ("/rights?teacher=1&view=a", "/sign-in?next=/rights%3Fteacher%3D1%26view%3Da"),
        ("/", "/sign-in"),
        ("/no-such-page", "/sign-in?next=/no-such-page"),
        ("/change-password", "/sign-in"),
        ("//example.org", "/sign-in"),
    ] {
        let answer = browser.get(path).await;
        assert_eq!(
            (answer.status, answer.location(), answer.body.as_str()),
            (StatusCode::FOUND, expected, ""),
            "{path}"
        );
        assert_eq!(answer.headers[header::CACHE_CONTROL], "no-store");
    }
}

#[tokio::test]
async fn a_principal_gets_to_the_page_that_was_asked_for() {
    let site = site().await;
    let account = site.account(AccountRole::Principal).await;
    let mut browser = site.browser();
    let asked = browser.get("/rights").await;
    browser.get(asked.location()).await;
    let first = browser.cookies["adgang"].clone();
    let answer = browser.all_steps(&account).await;
    assert_goes(&answer, "/rights");
    assert_ne!(browser.cookies["adgang"], first);
    assert!(!browser.cookies.contains_key("adgang-next"));
    assert_eq!(browser.get("/rights").await.status, StatusCode::OK);
    let again = browser.get("/sign-in").await;
    assert_eq!((again.status, again.location()), (StatusCode::FOUND, "/"));
}

#[tokio::test]
async fn each_step_opens_only_itself() {
    let site = site().await;
    let account = site.account(AccountRole::Principal).await;
    let mut browser = site.browser();
    assert_goes(&browser.password(&account.user_name, &account.password).await, "/sign-in/matrix");
    for path in ["/rights", "/", "/change-password"] {
        assert_eq!(browser.get(path).await.location(), "/sign-in/matrix");
    }
    let teacher = site.account(AccountRole::Teacher).await;
    let mut browser = site.browser();
    assert_goes(&browser.password(&teacher.user_name, &teacher.password).await, "/change-password");
    for path in ["/my-rights", "/"] {
        assert_eq!(browser.get(path).await.location(), "/change-password");
    }
    let short = browser.fill("/change-password", &[("password", "kort"), ("repeated", "kort")]).await;
    assert_goes(&short, "/change-password");
    let differ = browser.fill("/change-password", &[("password", OWN), ("repeated", "kort")]).await;
    assert_goes(&differ, "/change-password");
    assert_goes(&browser.fill("/change-password", &[("password", OWN), ("repeated", OWN)]).await, "/");
    assert_eq!(browser.get("/my-rights").await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_form_without_its_token_does_nothing() {
    let site = site().await;
    let account = site.account(AccountRole::Teacher).await;
    let fields = [("username", account.user_name.as_str()), ("password", account.password.as_str())];
    let before = site.service.hashes();

    let mut without_cookie = site.browser();
    let csrf = site.browser().get("/sign-in").await.csrf();
    let with = |csrf: &'static str| [("csrf", csrf), fields[0], fields[1]];
    assert_goes(&without_cookie.post("/sign-in", &[("csrf", csrf.as_str()), fields[0], fields[1]]).await, "/sign-in");

    let mut browser = site.browser();
    browser.get("/sign-in").await;
    assert_goes(&browser.post("/sign-in", &fields).await, "/sign-in");
    assert_goes(&browser.post("/sign-in", &with("")).await, "/sign-in");
    assert_goes(&browser.post("/sign-in", &[("csrf", csrf.as_str()), fields[0], fields[1]]).await, "/sign-in");
    let json = [("content-type", "application/json")];
    assert_goes(&browser.send(Method::POST, "/sign-in", &json, "{}".to_owned()).await, "/sign-in");
    assert_eq!(site.service.hashes(), before, "no attempt was verified");

    let csrf = browser.get("/sign-in").await.csrf();
    let body = format!("csrf={csrf}&username={}&password={}", account.user_name, *account.password);
    let foreign = [("content-type", "application/x-www-form-urlencoded"), ("sec-fetch-site", "cross-site")];
    assert_eq!(browser.send(Method::POST, "/sign-in", &foreign, body.clone()).await.status, StatusCode::FORBIDDEN);
    assert_eq!(site.service.hashes(), before);
    let own = [("content-type", "application/x-www-form-urlencoded"), ("sec-fetch-site", "same-origin")];
    assert_goes(&browser.send(Method::POST, "/sign-in", &own, body).await, "/change-password");
}

#[tokio::test]
async fn server_functions_want_the_token_as_a_header_and_a_signed_in_person() {
    let site = site().await;
    let account = site.account(AccountRole::Teacher).await;
    let mut browser = site.browser();
    let csrf = browser.get("/sign-in").await.csrf();
    let call = |csrf: &str| vec![("content-type", "application/json".to_owned()), ("x-csrf-token", csrf.to_owned())];
    let ask = async |browser: &mut Browser, csrf: &str| {
        let headers = call(csrf);
        let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
        browser.send(Method::POST, "/api/session", &headers, "{}".to_owned()).await
    };
    assert_eq!(ask(&mut browser, &csrf).await.status, StatusCode::UNAUTHORIZED);
    assert_goes(&browser.all_steps(&account).await, "/");
    assert_eq!(ask(&mut browser, &csrf).await.status, StatusCode::FORBIDDEN, "the token of the session before");
    let csrf = browser.get("/change-password").await.csrf();
    let answer = ask(&mut browser, &csrf).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert!(answer.body.contains(&account.user_name));
    let refused = ask(&mut browser, "x").await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert!(refused.body.contains("not_signed_in"), "{}", refused.body);
}

#[tokio::test]
async fn sign_out_ends_the_session_and_clears_the_browser() {
    let site = site().await;
    let account = site.account(AccountRole::Teacher).await;
    let mut browser = site.browser();
    browser.all_steps(&account).await;
    let stolen = browser.clone();
    assert_eq!(browser.get("/sign-out").await.status, StatusCode::METHOD_NOT_ALLOWED);
    let csrf = browser.get("/my-rights").await.csrf();
    let answer = browser.post("/sign-out", &[("csrf", &csrf)]).await;
    assert_goes(&answer, "/sign-in");
    assert_eq!(answer.headers["clear-site-data"], "\"cache\", \"storage\"");
    assert!(!browser.cookies.contains_key("adgang"));
    assert_eq!(stolen.clone().get("/my-rights").await.location(), "/sign-in?next=/my-rights");
}

#[tokio::test]
async fn too_many_at_once_are_told_to_wait_on_the_page_itself() {
    let site = site_with(HashLimits { running: 1, waiting: 0 }).await;
    let mut browser = site.browser();
    let csrf = browser.get("/sign-in").await.csrf();
    let mut posts = tokio::task::JoinSet::new();
    for _ in 0..30 {
        let (mut browser, csrf) = (browser.clone(), csrf.clone());
        posts.spawn(async move {
            browser.post("/sign-in", &[("csrf", &csrf), ("username", "1001-280101"), ("password", "a guess")]).await
        });
    }
    let answers = posts.join_all().await;
    let overrun: Vec<&Answer> =
        answers.iter().filter(|answer| answer.status == StatusCode::SERVICE_UNAVAILABLE).collect();
    assert!(!overrun.is_empty(), "thirty at once do not fit in a queue of one");
    for answer in overrun {
        assert_eq!(answer.headers[header::RETRY_AFTER], "30");
        assert!(answer.body.contains("note--warn") && answer.body.contains("name=\"password\""), "{}", answer.body);
    }
}

#[tokio::test]
async fn without_the_demo_none_of_it_is_there() {
    let site = site().await;
    let mut browser = site.browser();
    let page = browser.get("/sign-in").await;
    assert!(!page.body.contains("demo"), "{}", page.body);
    let csrf = page.csrf();
    let unknown = browser.post("/sign-in/nonsense", &[("csrf", &csrf), ("person", "1001-280101")]).await;
    let demo = browser.post("/sign-in/demo", &[("csrf", &csrf), ("person", "1001-280101")]).await;
    assert_eq!((demo.status, demo.location()), (unknown.status, "/sign-in"));
    assert_eq!(browser.get("/sign-in/demo").await.location(), "/sign-in");
    let refused = site.service.sign_in_as_demo("1001-280101", &network()).await;
    assert!(matches!(refused, Err(service::Fault::Refused(refusal)) if refusal.code == RefusalCode::NotFound));
}

fn network() -> service::sign_in::network::Network {
    service::sign_in::network::Network::of(std::net::Ipv4Addr::LOCALHOST.into())
}

#[tokio::test]
async fn the_language_is_kept_and_the_way_back_is_ours() {
    let site = site().await;
    let mut browser = site.browser();
    let csrf = browser.get("/sign-in").await.csrf();
    let answer = browser.post("/language", &[("csrf", &csrf), ("language", "sv"), ("back", "/sign-in")]).await;
    assert_goes(&answer, "/sign-in");
    assert!(browser.get("/sign-in").await.body.contains("lang=\"sv\""));
    for foreign in ["//example.org", "https://example.org", ""] {
        assert_goes(&browser.post("/language", &[("csrf", &csrf), ("language", "xx"), ("back", foreign)]).await, "/");
    }
}

#[tokio::test]
async fn light_or_dark_is_kept_written_into_the_page_and_given_up_again() {
    let site = site().await;
    let mut browser = site.browser();
    let page = browser.get("/sign-in").await;
    assert!(!page.body.contains("data-theme"));
    let csrf = page.csrf();
    for (theme, written) in [("dark", "data-theme=\"dark\""), ("light", "data-theme=\"light\"")] {
        let answer = browser.post("/theme", &[("csrf", &csrf), ("theme", theme), ("back", "/sign-in")]).await;
        assert_goes(&answer, "/sign-in");
        assert!(browser.get("/sign-in").await.body.contains(written));
    }
    let unknown = [("csrf", csrf.as_str()), ("theme", "<b>"), ("back", "//example.org")];
    assert_goes(&browser.post("/theme", &unknown).await, "/");
    assert!(browser.get("/sign-in").await.body.contains("data-theme=\"light\""));
    browser.post("/theme", &[("csrf", &csrf), ("theme", "system"), ("back", "/sign-in")]).await;
    assert!(!browser.get("/sign-in").await.body.contains("data-theme"));
}
