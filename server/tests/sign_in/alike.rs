//! What an answer tells nobody: whether there is such an account, and how it stands. At each step the
//! same bytes are answered, whatever is wrong.

use super::authenticator::Authenticator;
use super::{Answer, Browser, OWN, Site, assert_goes, site};
use domain::{AccountRole, Instant};
use http::StatusCode;
use service::accounts::IssuedAccount;
use store::Db;
use store::sign_in::StoredCounter;

/// The origin of the site.
const ORIGIN: &str = "http://localhost:3000";
/// No attempt before a day that never comes.
const WAITING: StoredCounter = StoredCounter { failures: 10, wait_until: Some(Instant(i64::MAX)), dead: false };
/// Guessed at too often.
const DEAD: StoredCounter = StoredCounter { failures: 100, wait_until: None, dead: true };

/// What is counted.
#[derive(Clone, Copy, Debug)]
enum Counted {
    Password,
    Card,
    Passkey,
}

impl Site {
    /// Seven accounts of a role, one for each way in which an account can stand, and one besides.
    async fn seven(&self, role: AccountRole) -> [IssuedAccount; 7] {
        let mut accounts = Vec::new();
        for _ in 0..7 {
            accounts.push(self.account(role).await);
        }
        accounts.try_into().unwrap()
    }

    /// Puts the counter of an account's password, card or passkey where failures would have brought it.
    async fn count(&self, account: &IssuedAccount, what: Counted, counter: StoredCounter) {
        let db = Db::open(&self.database).await.unwrap();
        let done = store::write!(db, async |tx| {
            match what {
                Counted::Password => store::sign_in::set_password_counter(tx, account.id, counter).await,
                Counted::Card => store::sign_in::set_card_counter(tx, account.id, counter).await,
                Counted::Passkey => {
                    let passkeys = store::sign_in::passkeys(tx, account.id).await?;
                    let [passkey] = passkeys.as_slice() else { panic!("{passkeys:?}") };
                    store::sign_in::set_passkey_counter(tx, passkey.id, counter).await
                }
            }
        });
        done.unwrap();
    }
}

/// What an answer shows, without what is random in every one.
fn shown(answer: &Answer) -> (StatusCode, Vec<(String, String)>, String) {
    let headers =
        answer.headers.iter().filter(|(name, _)| !["x-request-id", "content-security-policy"].contains(&name.as_str()));
    let headers = headers.map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned())).collect();
    (answer.status, headers, answer.body.clone())
}

#[tokio::test]
async fn wrong_is_wrong_whatever_it_is_and_is_said_once() {
    let site = site().await;
    let accounts = site.seven(AccountRole::Teacher).await;
    let [wrong, waiting, dead, inactive, deleted, united, stays] = &accounts;
    let principal = site.principal().await;
    site.count(waiting, Counted::Password, WAITING).await;
    site.count(dead, Counted::Password, DEAD).await;
    site.service.deactivate_account(&principal, inactive.id).await.unwrap();
    site.service.delete_account(&principal, deleted.id).await.unwrap();
    site.service.merge_accounts(&principal, united.id, stays.id).await.unwrap();
    let mut browser = site.browser();
    let unknown = browser.password("9999-280101", "a guess").await;
    assert_goes(&unknown, "/sign-in");
    for (case, account, is_right) in [
        ("wrong", wrong, false),
        ("waiting", waiting, false),
        ("waiting, right", waiting, true),
        ("dead", dead, false),
        ("dead, right", dead, true),
        ("inactive", inactive, false),
        ("deleted", deleted, false),
        ("deleted, right", deleted, true),
        ("united", united, false),
        ("united, right", united, true),
    ] {
        let password = if is_right { account.password.as_str() } else { "a guess" };
        assert_eq!(shown(&browser.password(&account.user_name, password).await), shown(&unknown), "{case}");
    }
    let said = browser.get("/sign-in").await;
    assert!(said.body.contains("note--error"), "{}", said.body);
    assert!(!browser.get("/sign-in").await.body.contains("note--error"));
    assert_goes(&browser.password(&stays.user_name, &stays.password).await, "/change-password");
}

/// A browser at the second step of an account, with the page's token.
async fn at_second_step(site: &Site, account: &IssuedAccount, password: &str) -> (Browser, String) {
    let mut browser = site.browser();
    assert_goes(&browser.password(&account.user_name, password).await, "/sign-in/matrix");
    let csrf = browser.get("/sign-in/matrix").await.csrf();
    (browser, csrf)
}

/// A browser with which no sign-in is under way.
async fn nobody(site: &Site) -> (Browser, String) {
    let mut browser = site.browser();
    let csrf = browser.get("/sign-in").await.csrf();
    (browser, csrf)
}

async fn codes((browser, csrf): &mut (Browser, String), codes: &str) -> Answer {
    browser.post("/sign-in/matrix", &[("csrf", csrf.as_str()), ("codes", codes)]).await
}

/// The cells that the page asks for.
async fn right_codes((browser, _): &mut (Browser, String), account: &IssuedAccount) -> String {
    let page = browser.get("/sign-in/matrix").await.body;
    let asked = service::matrix::Coordinate::all().filter(|place| page.contains(&format!("</small>{place}<")));
    asked.map(|place| account.matrix.as_ref().unwrap().cell(place).to_string()).collect::<Vec<_>>().join(" ")
}

#[tokio::test]
async fn wrong_codes_are_wrong_whatever_is_the_matter() {
    let site = site().await;
    let accounts = site.seven(AccountRole::TestAdministrator).await;
    let [wrong, waiting, dead, inactive, deleted, united, stays] = &accounts;
    let principal = site.principal().await;
    // Closed before: the password leads on, as nothing is said before the last factor.
    site.service.deactivate_account(&principal, inactive.id).await.unwrap();
    let mut first = at_second_step(&site, wrong, &wrong.password).await;
    let expected = codes(&mut first, "22 22 22").await;
    assert_goes(&expected, "/sign-in/matrix");
    for (case, typed) in
        [("too short", "2"), ("too long", "22222222222222222222"), ("nothing", ""), ("no codes", "<b>")]
    {
        assert_eq!(shown(&codes(&mut first, typed).await), shown(&expected), "{case}");
    }
    for (case, account, counter) in
        [("waiting", waiting, Some(WAITING)), ("dead", dead, Some(DEAD)), ("inactive", inactive, None)]
    {
        let mut browser = at_second_step(&site, account, &account.password).await;
        let right = right_codes(&mut browser, account).await;
        if let Some(counter) = counter {
            site.count(account, Counted::Card, counter).await;
            assert_eq!(shown(&codes(&mut browser, &right).await), shown(&expected), "{case}, right");
        }
        assert_eq!(shown(&codes(&mut browser, "22 22 22").await), shown(&expected), "{case}");
    }
    // What went on with an account that is gone ended, as with one that never began or took too long.
    let ended = codes(&mut nobody(&site).await, "22 22 22").await;
    assert_goes(&ended, "/sign-in");
    let mut gone = Vec::new();
    for (case, account) in [("deleted", deleted), ("united", united)] {
        let mut browser = at_second_step(&site, account, &account.password).await;
        let right = right_codes(&mut browser, account).await;
        gone.push((case, browser, right));
    }
    site.service.delete_account(&principal, deleted.id).await.unwrap();
    site.service.merge_accounts(&principal, united.id, stays.id).await.unwrap();
    for (case, mut browser, right) in gone {
        assert_eq!(shown(&codes(&mut browser, &right).await), shown(&ended), "{case}, right");
        assert_eq!(shown(&codes(&mut browser, "22 22 22").await), shown(&ended), "{case}");
    }
}

/// A teacher whose password is their own, with a passkey of this authenticator.
async fn with_passkey(site: &Site, seed: u8) -> (IssuedAccount, Authenticator) {
    let account = site.account(AccountRole::Teacher).await;
    let mut browser = site.browser();
    assert_goes(&browser.all_steps(&account).await, "/");
    let csrf = browser.get("/account/passkeys").await.csrf();
    let options = browser.post("/account/passkeys/begin", &[("csrf", &csrf), ("password", OWN)]).await;
    assert_eq!(options.status, StatusCode::OK, "{}", options.body);
    let mut authenticator = Authenticator::new(seed, ORIGIN);
    let credential = authenticator.create(&options.body);
    let fields = [("csrf", csrf.as_str()), ("do", "add"), ("name", "Min telefon"), ("credential", &credential)];
    assert_goes(&browser.post("/account/passkeys", &fields).await, "/account/passkeys?done=add");
    (account, authenticator)
}

/// What the browser's authenticator is asked.
async fn options((browser, csrf): &mut (Browser, String)) -> String {
    let asked = browser.post("/sign-in/passkey/begin", &[("csrf", csrf.as_str())]).await;
    assert_eq!(asked.status, StatusCode::OK, "{}", asked.body);
    asked.body
}

async fn credential((browser, csrf): &mut (Browser, String), answer: &str) -> Answer {
    browser.post("/sign-in/passkey", &[("csrf", csrf.as_str()), ("credential", answer)]).await
}

#[tokio::test]
async fn a_wrong_passkey_is_wrong_whatever_is_the_matter() {
    let site = site().await;
    let mut people = Vec::new();
    for seed in 1..=6 {
        people.push(with_passkey(&site, seed).await);
    }
    let stays = site.account(AccountRole::Teacher).await;
    let principal = site.principal().await;
    let mut take = || people.pop().unwrap();
    let ((wrong, right), (waiting, mut waits), (dead, mut dies)) = (take(), take(), take());
    let ((inactive, _), (deleted, mut deletes), (united, mut unites)) = (take(), take(), take());
    site.service.deactivate_account(&principal, inactive.id).await.unwrap();
    let forged = |id: &Authenticator| Authenticator { id: id.id.clone(), ..Authenticator::new(7, ORIGIN) };
    let mut first = at_second_step(&site, &wrong, OWN).await;
    let answer = forged(&right).get(&options(&mut first).await);
    let expected = credential(&mut first, &answer).await;
    assert_goes(&expected, "/sign-in/matrix");
    let mut unknown = Authenticator::new(8, ORIGIN);
    let mut elsewhere = Authenticator { origin: "https://adgang.example.org".to_owned(), ..right.clone() };
    let asked = options(&mut first).await;
    let of_unknown = unknown.get(&asked);
    assert_eq!(shown(&credential(&mut first, &of_unknown).await), shown(&expected), "unknown");
    let of_elsewhere = elsewhere.get(&options(&mut first).await);
    assert_eq!(shown(&credential(&mut first, &of_elsewhere).await), shown(&expected), "another origin");
    assert_eq!(shown(&credential(&mut first, &of_elsewhere).await), shown(&expected), "answered before");
    assert_eq!(shown(&credential(&mut first, "{}").await), shown(&expected), "garbage");
    for (case, account, authenticator, counter) in
        [("waiting", &waiting, &mut waits, WAITING), ("dead", &dead, &mut dies, DEAD)]
    {
        let mut browser = at_second_step(&site, account, OWN).await;
        let answer = authenticator.get(&options(&mut browser).await);
        site.count(account, Counted::Passkey, counter).await;
        assert_eq!(shown(&credential(&mut browser, &answer).await), shown(&expected), "{case}, right");
        assert_eq!(shown(&credential(&mut browser, "{}").await), shown(&expected), "{case}");
    }
    let mut browser = at_second_step(&site, &inactive, OWN).await;
    let answer = unknown.get(&options(&mut browser).await);
    assert_eq!(shown(&credential(&mut browser, &answer).await), shown(&expected), "inactive");
    // What went on with an account that is gone ended, as with one that never began or took too long.
    let ended = credential(&mut nobody(&site).await, "{}").await;
    assert_goes(&ended, "/sign-in");
    let mut gone = Vec::new();
    for (case, account, authenticator) in [("deleted", &deleted, &mut deletes), ("united", &united, &mut unites)] {
        let mut browser = at_second_step(&site, account, OWN).await;
        let answer = authenticator.get(&options(&mut browser).await);
        gone.push((case, browser, answer));
    }
    site.service.delete_account(&principal, deleted.id).await.unwrap();
    site.service.merge_accounts(&principal, united.id, stays.id).await.unwrap();
    let never = nobody_begins(&site).await;
    for (case, mut browser, answer) in gone {
        assert_eq!(shown(&credential(&mut browser, &answer).await), shown(&ended), "{case}, right");
        assert_eq!(shown(&credential(&mut browser, "{}").await), shown(&ended), "{case}");
        assert_eq!(shown(&begin(&mut browser).await), shown(&never), "{case}: nothing is asked any more");
    }
}

async fn begin((browser, csrf): &mut (Browser, String)) -> Answer {
    browser.post("/sign-in/passkey/begin", &[("csrf", csrf.as_str())]).await
}

async fn nobody_begins(site: &Site) -> Answer {
    begin(&mut nobody(site).await).await
}
