//! One whole life of an account under the loudest log. What opens it is to be found in the answer that
//! shows it once, and nowhere else: not in the log, not in the database, not in any file.

use crate::browser::{Browser, Page};
use crate::place::{Place, Serving};
#[cfg(unix)]
use crate::postgres::Postgres;
use serde_json::Value;
use std::fs::{self, File};
use std::path::Path;

/// What a principal, a teacher and somebody who guesses type.
const OWN: [&str; 3] = ["kanarie-en-7319-rede", "kanarie-to-4471-rede", "kanarie-tre-9026-rede"];

/// Everything that is to be found nowhere, with what it is.
type Secret = (&'static str, String);

/// A running server that writes all that there is to write.
fn serve(place: &Place, database: &[&str]) -> Serving {
    let mut command = place.command(&[&["serve", "--listen", "127.0.0.1:0"], database].concat());
    let log = File::options().create(true).append(true).open(place.folder.path().join("log")).unwrap();
    command.env("ADGANG_LOG", "trace").env("ADGANG_LOG_FORMAT", "json").stderr(log);
    Serving::of(command)
}

/// The text between two others, after a third.
fn between<'a>(text: &'a str, after: &str, from: &str, to: &str) -> &'a str {
    let (_, text) = text.split_once(after).unwrap_or_else(|| panic!("{after} in {text}"));
    let (_, text) = text.split_once(from).unwrap();
    text.split_once(to).unwrap().0
}

/// Reads the three cells asked for off a card, as its JSON has them.
fn codes(page: &Page, card: &Value) -> String {
    let asked = between(&page.body, "class=\"coords\"", ">", "</ol>");
    let asked = asked.split("data-asked=\"").skip(1).map(|piece| piece.split_once('"').unwrap().0);
    asked.map(|place| card[place].as_str().unwrap()).collect()
}

/// Signs in with password and card; gives what was typed of the card.
pub(crate) fn sign_in_with_card(browser: &mut Browser, user_name: &str, password: &str, card: &Value) -> String {
    let page = browser.post("/sign-in", &format!("username={user_name}&password={password}"));
    page.leads_to("/sign-in/matrix");
    let codes = codes(&browser.get("/sign-in/matrix"), card);
    browser.post("/sign-in/matrix", &format!("codes={codes}"));
    codes
}

/// The password of a letter, beside its user name.
fn letter(page: &Page) -> (String, String) {
    assert_eq!(page.status, 200, "{}", page.body);
    let mut values =
        page.body.split("class=\"paper__secret\"").skip(1).map(|piece| between(piece, "", ">", "<").to_owned());
    (values.next().unwrap(), values.next().unwrap())
}

/// The address of an account's page, as the list leads to it.
fn address(browser: &mut Browser, user_name: &str) -> String {
    let list = browser.get(&format!("/accounts?q={user_name}"));
    format!("/accounts/{}", between(&list.body, "<tbody>", "href=\"/accounts/", "\""))
}

/// Registered, signed in with, guessed at, closed, asked for, opened, issued anew, rotated and deleted.
fn life(place: &Place, database: &[&str]) -> Vec<Secret> {
    let create = ["admin", "account", "create", "--institution", "280001", "--role", "principal", "--given", "Bo"];
    let made = place.run(&[create.as_slice(), &["--family", "Ravn", "--json"], database].concat()).done().json();
    let (principal, issued) = (made["username"].as_str().unwrap(), made["password"].as_str().unwrap());
    let mut secrets = vec![("issued at the command line", issued.to_owned()), ("principal's own", OWN[0].to_owned())];
    let serving = serve(place, database);
    let mut boss = Browser::of(&serving);
    secrets.push(("cells", sign_in_with_card(&mut boss, principal, issued, &made["matrix"])));
    boss.post("/change-password", &format!("password={0}&repeated={0}", OWN[0])).leads_to("/");
    secrets.push(("session of the principal", boss.token().to_owned()));

    let new = boss.get("/accounts/new");
    let school = between(&new.body, "name=\"institution\"", "value=\"", "\"").to_owned();
    let order = format!("institution={school}&role=teacher&given=Ida&family=Bro&email=&language=en");
    let (teacher, first) = letter(&boss.post("/accounts/new", &order));
    secrets.extend([
        ("first of a letter", first.clone()),
        ("teacher's own", OWN[1].to_owned()),
        ("guess", OWN[2].to_owned()),
    ]);
    let mut theirs = Browser::of(&serving);
    theirs.post("/sign-in", &format!("username={teacher}&password={}", OWN[2])).leads_to("/sign-in");
    theirs.post("/sign-in", &format!("username={teacher}&password={first}")).leads_to("/change-password");
    theirs.post("/change-password", &format!("password={0}&repeated={0}", OWN[1])).leads_to("/");
    secrets.push(("session of the teacher", theirs.token().to_owned()));
    secrets.push(("token of forms", theirs.get("/my-rights").csrf().to_owned()));

    let account = address(&mut boss, &teacher);
    boss.post(&account, "do=deactivate");
    assert_eq!(theirs.get("/my-rights").status, 302, "signed out at once");
    theirs.post("/sign-in", &format!("username={teacher}&password={}", OWN[1]));
    let told = theirs.get("/sign-in?state=inactive");
    assert!(told.body.contains("Code 31") && told.body.contains("Bo Ravn"), "{}", told.body);
    let csrf = told.csrf().to_owned();
    theirs.send("POST", "/sign-in/ask", &format!("csrf={csrf}")).leads_to("/sign-in");
    assert!(boss.get("/inbox").body.contains(&teacher), "asked of who can");
    boss.post(&account, "do=reactivate");
    let id = account.trim_start_matches("/accounts/");
    let (_, second) = letter(&boss.post("/accounts/letters", &format!("account={id}&what=password")));
    secrets.push(("second of a letter", second));

    drop(serving);
    place.run(&[&["secrets", "rotate"], database].concat()).done();
    let serving = serve(place, database);
    let mut boss = Browser::of(&serving);
    secrets.push(("cells after the rotation", sign_in_with_card(&mut boss, principal, OWN[0], &made["matrix"])));
    assert_eq!(boss.get("/accounts").status, 200, "an old card and an old password stay good");
    boss.post(&account, "do=delete");
    boss.send("POST", &format!("/sign-out?{}", OWN[0]), &format!("csrf=none&password={}", OWN[0]));
    drop(serving);
    secrets
}

/// The first secret that a text or a file holds.
fn found(secrets: &[Secret], bytes: &[u8]) -> Option<&'static str> {
    let holds = |needle: &str| bytes.windows(needle.len()).any(|window| window == needle.as_bytes());
    secrets.iter().find(|(_, secret)| holds(secret)).map(|(what, _)| *what)
}

fn files(folder: &Path) -> Vec<std::path::PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

fn nothing_is_left(place: &Place, secrets: &[Secret]) {
    assert_eq!(secrets.len(), 11, "{secrets:?}");
    assert!(secrets.iter().all(|(_, secret)| secret.len() >= 6 && !secret.contains('%')), "{secrets:?}");
    let log = fs::read_to_string(place.folder.path().join("log")).unwrap();
    assert!(log.contains("\"level\":\"TRACE\"") && log.contains("/sign-in/matrix"), "it is the loudest log");
    for path in files(place.folder.path()) {
        assert_eq!(found(secrets, &fs::read(&path).unwrap()), None, "{}", path.display());
    }
}

#[test]
fn what_opens_an_account_is_in_no_file() {
    let place = Place::with_school();
    let secrets = life(&place, &[]);
    nothing_is_left(&place, &secrets);
    let database = fs::read(place.folder.path().join("data/adgang.db")).unwrap();
    assert!(found(&[("a name", "Bakkeskolen".to_owned())], &database).is_some(), "the file is read as it is");
}

#[test]
#[cfg(unix)]
fn what_opens_an_account_is_in_no_column() {
    let Some(postgres) = Postgres::start() else { return };
    let url = postgres.url();
    let database = ["--database", url.as_str(), "--secrets", "keys"];
    let place = Place::with_school_on(&database);
    let secrets = life(&place, &database);
    nothing_is_left(&place, &secrets);
    let dump = postgres.dump();
    assert!(dump.contains("Bakkeskolen"));
    assert_eq!(found(&secrets, dump.as_bytes()), None);
}

#[test]
fn a_key_that_is_damaged_lets_no_server_start() {
    let place = Place::with_school();
    let keys = place.folder.path().join("data/adgang.secrets");
    for file in files(&keys) {
        let whole = fs::read(&file).unwrap();
        let mut other = whole.clone();
        if let Some(first) = other.first_mut() {
            *first = if *first == b'A' { b'B' } else { b'A' };
        }
        for damaged in [Vec::new(), whole[..whole.len() / 2].to_vec(), other] {
            assert_ne!(damaged, whole);
            fs::write(&file, damaged).unwrap();
            let ended = place.run(&["serve", "--listen", "127.0.0.1:0"]);
            assert_eq!((ended.code, ended.out.as_str()), (1, ""), "{}: {}", file.display(), ended.error);
            assert_eq!(ended.error.trim_end().lines().count(), 1, "{}", ended.error);
        }
        fs::write(&file, whole).unwrap();
    }
    let aside = place.folder.path().join("aside");
    fs::rename(&keys, &aside).unwrap();
    place.run(&["serve", "--listen", "127.0.0.1:0"]).refused(1, "holds no keys");
    assert!(!keys.exists(), "none are made for a database that has its own");
    fs::rename(&aside, &keys).unwrap();
    drop(Serving::start(&place));
}
