//! Mails as they leave: written into a folder, handed to a mail server, refused by one. What stands in
//! one is a kind and a link, and nothing of what it is about.

use super::site::Site;
use super::{Place, actor, place};
use domain::exchange::accounts::{AccessWish, AccountChange, AccountFilter, Anew, Language, Wish};
use domain::notice::NoticeKind;
use domain::{AccountId, AccountRole};
use server::mail::Post;
use server::settings::{Layer, PublicUrl, Settings, Source, Value};
use service::{Actor, Service};
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

const LINK: &str = "https://adgang.example.org/inbox";
const EMAIL: &str = "bo.holm@skole.example";

fn post(pairs: &[(&str, &str)]) -> Post {
    let from = ("smtp_from", "Adgang <adgang@example.org>");
    let pairs = pairs.iter().chain([&from]).map(|(key, value)| ((*key).to_owned(), (*value).to_owned()));
    let settings = Settings::read(&[Layer::new(Source::CommandLine, pairs)]).unwrap();
    let address = PublicUrl::read("https://adgang.example.org").unwrap();
    Post::of(&settings.mail().unwrap().unwrap(), &address).unwrap()
}

/// A school whose teacher Bo Holm has an e-mail, and its principal.
async fn school() -> (Site, Actor, AccountId) {
    let Place { site, principal, teacher, .. } = place().await;
    let principal = actor(&site, &principal).await;
    write_to(&site.service, &principal, teacher, EMAIL).await;
    (site, principal, teacher)
}

async fn write_to(service: &Service, keeper: &Actor, account: AccountId, email: &str) {
    let change = AccountChange { names: None, email: Some(email.to_owned()), subjects: None };
    service.change_account(keeper, account, &change).await.unwrap();
}

/// The mails of a folder, whole and with their transfer encodings undone.
fn mails(folder: &Path) -> Vec<String> {
    let files = fs::read_dir(folder).unwrap().map(|file| fs::read_to_string(file.unwrap().path()).unwrap());
    files.map(|mail| format!("{mail}\n{}", plain(&mail))).collect()
}

/// Quoted-printable undone, wherever it stands.
fn plain(mail: &str) -> String {
    let mail = mail.replace("=\r\n", "");
    let mut bytes = Vec::new();
    let mut rest = mail.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let code = after.get(..2).and_then(|hex| u8::from_str_radix(std::str::from_utf8(hex).ok()?, 16).ok());
        match (first, code) {
            (b'=', Some(code)) => {
                bytes.push(code);
                rest = after.get(2..).unwrap();
            }
            (first, _) => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[tokio::test]
async fn a_mail_says_its_kind_and_where_and_no_name_no_password_and_nothing_that_was_written() {
    let (site, principal, teacher) = school().await;
    let service = &site.service;
    let asking = site.signed_in("280101", AccountRole::Teacher).await;
    let asking = actor(&site, &asking).await;
    let list = service.accounts(&principal, &AccountFilter::default()).await.unwrap().accounts;
    let own = list.iter().find(|line| line.person == asking.person).unwrap().id;
    write_to(service, &principal, own, "ase@skole.example").await;
    let administrator = actor(&site, &site.signed_in("280101", AccountRole::TestAdministrator).await).await;
    let wish = AccessWish { words: "Kanariefugl Elev i 5.B".to_owned(), ..AccessWish::default() };
    service.ask_access(&asking, &wish).await.unwrap();
    let request = service.inbox(&administrator).await.unwrap().waiting[0].id;
    service.decline_request(&administrator, request, "Kanariefugl er ikke din elev").await.unwrap();
    let letter = service.reissue(&principal, teacher, Anew::Both, Language::Sv).await.unwrap();
    service.deactivate_account(&principal, teacher).await.unwrap();
    service.ask_keepers(&administrator, teacher, Wish::Delete).await.unwrap();

    let folder = tempfile::tempdir().unwrap();
    let post = post(&[("mail_folder", folder.path().to_str().unwrap())]);
    post.reach().await.unwrap();
    while post.send_next(service, LINK).await.unwrap() {}
    let mails = mails(folder.path());
    assert_eq!(mails.len(), 3, "answered, issued and closed; the others have no address");
    let password = letter.password.unwrap();
    let cell = letter.serial.unwrap();
    let secrets = ["Kanariefugl", "Holm", "Åse", "Lind", "5.B", "280101", &letter.user_name, &password, &cell];
    for mail in &mails {
        for secret in secrets {
            assert!(!mail.contains(secret), "{secret}: {mail}");
        }
        assert!(mail.contains(LINK) && mail.contains("Auto-Submitted: auto-generated"), "{mail}");
        assert!(mail.contains("adgang@example.org") && mail.contains("@adgang.example.org>"), "{mail}");
    }
    let to_bo: Vec<&String> = mails.iter().filter(|mail| mail.contains(EMAIL)).collect();
    assert_eq!(to_bo.len(), 2);
    assert!(to_bo.iter().all(|mail| mail.contains("Något väntar på dig")), "in the receiver's language");
    assert!(mails.iter().any(|mail| mail.contains("Noget venter på dig")));
}

#[tokio::test]
async fn a_folder_that_is_not_there_leaves_mails_to_be_tried_again() {
    let (site, principal, teacher) = school().await;
    site.service.reissue(&principal, teacher, Anew::Password, Language::Da).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let absent = folder.path().join("absent");
    let post = post(&[("mail_folder", absent.to_str().unwrap())]);
    assert!(post.reach().await.unwrap_err().contains("not a folder"));
    assert!(post.send_next(&site.service, LINK).await.unwrap());
    assert!(!post.send_next(&site.service, LINK).await.unwrap(), "not at once");
    assert_eq!(site.service.mail_counts().await.unwrap(), (1, 0));
}

/// A mail server that answers a receiver with this line; what it is told of mails comes through.
fn mail_server(receiver: &'static str) -> (u16, Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let (tell, told) = channel();
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let Ok(said) = talk(&stream, receiver) else { continue };
            if tell.send(said).is_err() {
                return;
            }
        }
    });
    (port, told)
}

fn talk(stream: &TcpStream, receiver: &str) -> std::io::Result<String> {
    let mut lines = BufReader::new(stream.try_clone()?).lines();
    let mut out = stream;
    let mut say = |line: &str| out.write_all(format!("{line}\r\n").as_bytes());
    let mut said = String::new();
    say("220 mail.example.org")?;
    while let Some(line) = lines.next().transpose()? {
        said.push_str(&line);
        said.push('\n');
        match line.split(' ').next().unwrap_or_default() {
            "RCPT" => say(receiver)?,
            "DATA" => {
                say("354 go on")?;
                for line in lines.by_ref().map_while(Result::ok).take_while(|line| line != ".") {
                    said.push_str(&line);
                    said.push('\n');
                }
                say("250 taken")?;
            }
            "QUIT" => {
                say("221 bye")?;
                return Ok(said);
            }
            _ => say("250 ok")?,
        }
    }
    Ok(said)
}

async fn sent_through(receiver: &'static str) -> (Site, Actor, Receiver<String>) {
    let (site, principal, teacher) = school().await;
    site.service.reissue(&principal, teacher, Anew::Password, Language::Da).await.unwrap();
    let (port, told) = mail_server(receiver);
    let post = post(&[("smtp", &format!("smtp://localhost:{port}"))]);
    post.reach().await.unwrap();
    assert!(post.send_next(&site.service, LINK).await.unwrap());
    (site, principal, told)
}

#[tokio::test]
async fn a_mail_server_takes_the_mail_and_it_is_gone_from_here() {
    let (site, _, told) = sent_through("250 ok").await;
    assert_eq!(site.service.mail_counts().await.unwrap(), (0, 0));
    let mut mail = String::new();
    while !mail.contains("DATA") {
        mail = told.recv_timeout(Duration::from_secs(10)).unwrap();
    }
    assert!(mail.contains(&format!("RCPT TO:<{EMAIL}>")) && mail.contains("MAIL FROM:<adgang@example.org>"), "{mail}");
    assert!(mail.contains("Subject: Adgang: der er udstedt nye koder til dig"), "{mail}");
}

#[tokio::test]
async fn a_mail_server_that_refuses_for_good_or_for_now_shows_in_the_list() {
    for (receiver, counts) in [("550 no such person", (0, 1)), ("451 try later", (1, 0))] {
        let (site, principal, _) = sent_through(receiver).await;
        assert_eq!(site.service.mail_counts().await.unwrap(), counts, "{receiver}");
        let listed = site.service.unsent_mails(&principal).await.unwrap();
        assert_eq!(listed.lines.iter().map(|line| line.kind).collect::<Vec<_>>(), [NoticeKind::Issued], "{receiver}");
    }
}

#[tokio::test]
async fn a_mail_server_that_is_not_there_leaves_mails_to_be_tried_again() {
    let (site, principal, teacher) = school().await;
    site.service.reissue(&principal, teacher, Anew::Password, Language::Da).await.unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    let post = post(&[("smtp", &format!("smtp://localhost:{port}"))]);
    assert!(post.reach().await.unwrap_err().contains("cannot be reached"));
    assert!(post.send_next(&site.service, LINK).await.unwrap());
    assert_eq!(site.service.mail_counts().await.unwrap(), (1, 0));
}
