//! The portal through the real router: whom it answers, which bytes, under which name; and the forms
//! that give subjects.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may fail loudly")]

mod site;

use axum::body::Body;
use domain::exchange::accounts::{AccountFilter, AccountLine};
use domain::exchange::material::SubjectsOrder;
use domain::{AccountId, AccountRole, InstitutionId, MaterialId};
use futures::StreamExt;
use http::{HeaderMap, StatusCode};
use service::Actor;
use service::portal::{MaterialOrder, Openings};
use service::session::{Presence, Token};
use site::{Session, Site, place};
use std::io::Cursor;
use uuid::Uuid;

/// A hundred bytes that tell their place.
const TEXT: &[u8; 100] =
    b"0123456789abcdefghijABCDEFGHIJklmnopqrst0123456789abcdefghijABCDEFGHIJklmnopqrst0123456789abcdefghij";
const UNKNOWN: &str = "01a20075-96c8-73c7-8928-278938a16032";

fn operator(site: &Site) -> Actor {
    site.service.operator_anywhere(InstitutionId(Uuid::nil()))
}

async fn add(site: &Site, name: &str, protected: bool, bytes: &[u8]) -> String {
    let order = MaterialOrder {
        file_name: name.to_owned(),
        subject: "matematik".to_owned(),
        protected,
        bytes_max: 100_000_000,
        ..MaterialOrder::default()
    };
    let added = site.service.add_material(&operator(site), &order, &mut Cursor::new(bytes), &|_| {}).await;
    format!("/portal/material/{}", added.unwrap())
}

async fn actor(site: &Site, session: &Session) -> Actor {
    let token = session.cookie.strip_prefix("adgang=").and_then(Token::read);
    match site.service.presence(token.as_ref(), Uuid::nil()).await.unwrap() {
        Presence::SignedIn(who) => who.actor,
        other => panic!("{other:?}"),
    }
}

async fn account(site: &Site, session: &Session) -> AccountId {
    actor(site, session).await.account.unwrap()
}

/// A session of a teacher at the school whose account was given mathematics by its principal.
async fn teacher(site: &Site, principal: &Session) -> Session {
    let session = site.signed_in("280101", AccountRole::Teacher).await;
    let accounts = vec![account(site, &session).await];
    let order = SubjectsOrder { accounts, give: vec!["matematik".to_owned()], take: Vec::new() };
    site.service.change_subjects(&actor(site, principal).await, &order).await.unwrap();
    session
}

async fn get(
    site: &Site,
    session: Option<&Session>,
    path: &str,
    more: &[(&str, &str)],
) -> (StatusCode, HeaderMap, String) {
    ask(site, "GET", session, path, more).await
}

async fn ask(
    site: &Site,
    method: &str,
    session: Option<&Session>,
    path: &str,
    more: &[(&str, &str)],
) -> (StatusCode, HeaderMap, String) {
    let mut headers = vec![("accept", "text/html"), ("accept-encoding", "gzip, br")];
    headers.extend(session.map(|session| ("cookie", session.cookie.as_str())));
    headers.extend(more);
    site.send(method, path, &headers, Body::empty()).await
}

fn header<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers.get(name).map_or("", |value| value.to_str().unwrap())
}

async fn openings(site: &Site) -> usize {
    site.service.material_openings(&operator(site), Openings::All).await.unwrap().len()
}

#[tokio::test]
async fn a_file_answers_those_it_opens_to_and_is_unknown_to_all_others() {
    let site = place().await;
    let (open, protected) = (add(&site, "a.pdf", false, TEXT).await, add(&site, "b.pdf", true, TEXT).await);
    let unknown = format!("/portal/material/{UNKNOWN}");
    for path in [&protected, &unknown, &"/portal/material/x".to_owned()] {
        let (status, headers, body) = get(&site, None, path, &[]).await;
        assert_eq!((status, header(&headers, "location")), (StatusCode::FOUND, "/sign-in?next=/portal"), "{path}");
        assert!(body.is_empty());
    }
    let (status, _, body) = get(&site, None, &open, &[]).await;
    assert_eq!((status, body.as_bytes()), (StatusCode::OK, &TEXT[..]), "the open part is anybody's");
    let principal = site.signed_in("280101", AccountRole::Principal).await;
    for role in AccountRole::ALL {
        let session = site.signed_in("280101", role).await;
        let mut answers = Vec::new();
        for path in [&protected, &unknown, &"/portal/material/x".to_owned()] {
            for method in ["GET", "HEAD"] {
                let (status, headers, _) = ask(&site, method, Some(&session), path, &[]).await;
                assert_eq!(status, StatusCode::NOT_FOUND, "{role:?} {path}");
                assert!(headers.get("etag").is_none() && headers.get("accept-ranges").is_none());
            }
            let (_, _, body) = get(&site, Some(&session), path, &[("range", "bytes=0-1")]).await;
            // All that differs from request to request is the nonce, and what the clock says.
            let marks = [">Materialet åbnede ikke<", "matematik", ">Matematik: 1 beskyttet materiale<"];
            answers.push(marks.map(|mark| body.contains(mark)));
        }
        assert!(answers.iter().all(|answer| Some(answer) == answers.first()), "{role:?}: alike");
        let (status, _, _) = get(&site, Some(&session), &open, &[]).await;
        assert_eq!(status, StatusCode::OK, "{role:?}");
    }
    assert_eq!(openings(&site).await, 0);
    let given = teacher(&site, &principal).await;
    let (status, headers, body) = get(&site, Some(&given), &protected, &[]).await;
    assert_eq!((status, body.as_bytes()), (StatusCode::OK, &TEXT[..]));
    assert_eq!(header(&headers, "content-type"), "application/pdf");
    assert_eq!(header(&headers, "content-encoding"), "", "parts of it must be parts of what was sent");
    assert_eq!(header(&headers, "cache-control"), "no-store");
    assert_eq!(header(&headers, "x-content-type-options"), "nosniff");
    assert_eq!(header(&headers, "cross-origin-resource-policy"), "same-origin");
    assert_eq!(openings(&site).await, 1);
    let (status, headers, body) = ask(&site, "HEAD", Some(&given), &protected, &[]).await;
    assert_eq!((status, header(&headers, "content-length"), body.len()), (StatusCode::OK, "100", 0));
    assert_eq!(openings(&site).await, 1, "who only asks opens nothing");
    let sister = site.signed_in("280102", AccountRole::Teacher).await;
    assert_eq!(get(&site, Some(&sister), &protected, &[]).await.0, StatusCode::NOT_FOUND);
    // Closed: nothing on the next request.
    let of_given = account(&site, &given).await;
    site.service.deactivate_account(&actor(&site, &principal).await, of_given).await.unwrap();
    for path in [protected.as_str(), "/portal"] {
        let (status, headers, _) = get(&site, Some(&given), path, &[]).await;
        assert_eq!((status, header(&headers, "location")), (StatusCode::FOUND, "/sign-in?next=/portal"), "{path}");
    }
    for method in ["POST", "PUT", "DELETE"] {
        let session = [("cookie", principal.cookie.as_str()), ("x-csrf-token", principal.csrf.as_str())];
        let (status, ..) = site.send(method, &open, &session, Body::empty()).await;
        assert_eq!(status, StatusCode::METHOD_NOT_ALLOWED, "{method}");
    }
}

/// Headers, and what comes of them: status, `Content-Range`, bytes.
type Asked<'a> = (&'a [(&'a str, &'a str)], StatusCode, &'a str, &'a [u8]);

#[tokio::test]
async fn ranges_are_answered_as_the_standard_says() {
    let site = place().await;
    let path = add(&site, "a.mp3", false, TEXT).await;
    let (_, headers, _) = get(&site, None, &path, &[]).await;
    let etag = header(&headers, "etag").to_owned();
    assert_eq!((etag.len(), header(&headers, "accept-ranges")), (66, "bytes"));
    let whole = TEXT.as_slice();
    let table: [Asked<'_>; 12] = [
        (&[("range", "bytes=0-9")], StatusCode::PARTIAL_CONTENT, "bytes 0-9/100", b"0123456789"),
        (&[("range", "bytes=10-14")], StatusCode::PARTIAL_CONTENT, "bytes 10-14/100", b"abcde"),
        (&[("range", "bytes=-5")], StatusCode::PARTIAL_CONTENT, "bytes 95-99/100", b"fghij"),
        (&[("range", "bytes=98-")], StatusCode::PARTIAL_CONTENT, "bytes 98-99/100", b"ij"),
        (&[("range", "bytes=0-")], StatusCode::PARTIAL_CONTENT, "bytes 0-99/100", whole),
        (&[("range", "bytes=98-4000")], StatusCode::PARTIAL_CONTENT, "bytes 98-99/100", b"ij"),
        (&[("range", "bytes=100-")], StatusCode::RANGE_NOT_SATISFIABLE, "bytes */100", b""),
        (&[("range", "bytes=-0")], StatusCode::RANGE_NOT_SATISFIABLE, "bytes */100", b""),
        (&[("range", "bytes=0-1,10-11")], StatusCode::OK, "", whole),
        (&[("range", "bytes=9-1")], StatusCode::OK, "", whole),
        (&[("range", "bytes=0-1"), ("if-range", "\"another\"")], StatusCode::OK, "", whole),
        (&[("range", "bytes=0-1"), ("if-range", &etag)], StatusCode::PARTIAL_CONTENT, "bytes 0-1/100", b"01"),
    ];
    for (asked, status, range, bytes) in table {
        let (found, headers, body) = get(&site, None, &path, asked).await;
        assert_eq!((found, header(&headers, "content-range")), (status, range), "{asked:?}");
        assert_eq!(body.as_bytes(), bytes, "{asked:?}");
        assert_eq!(header(&headers, "etag"), etag, "{asked:?}");
        if status != StatusCode::RANGE_NOT_SATISFIABLE {
            assert_eq!(header(&headers, "content-length"), bytes.len().to_string(), "{asked:?}");
        }
    }
    let (status, headers, body) = ask(&site, "HEAD", None, &path, &[("range", "bytes=0-9")]).await;
    assert_eq!((status, header(&headers, "content-length"), body.len()), (StatusCode::OK, "100", 0));
}

#[tokio::test]
async fn whatever_a_file_is_called_it_is_saved_and_never_shown() {
    let site = place().await;
    for (name, kind, plain, encoded) in [
        ("Läs åk 6.pdf", "application/pdf", "L_s _k 6.pdf", "L%C3%A4s%20%C3%A5k%206.pdf"),
        ("a\"b.pdf", "application/pdf", "a_b.pdf", "a_b.pdf"),
        ("a\r\nset-cookie: x=1.txt", "text/plain; charset=utf-8", "aset-cookie_ x_1.txt", "aset-cookie_%20x%3D1.txt"),
        ("../../etc/passwd", "application/octet-stream", "passwd", "passwd"),
        (
            "C:\\prov\\a.docx",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            "a.docx",
            "a.docx",
        ),
        ("side.html", "application/octet-stream", "side.html", "side.html"),
        ("tegning.SVG", "application/octet-stream", "tegning.SVG", "tegning.SVG"),
        ("日本.png", "image/png", "__.png", "%E6%97%A5%E6%9C%AC.png"),
    ] {
        let path = add(&site, name, false, b"<script>alert(1)</script>").await;
        let (status, headers, _) = get(&site, None, &path, &[]).await;
        assert_eq!(status, StatusCode::OK, "{name}");
        assert_eq!(header(&headers, "content-type"), kind, "{name}");
        let expected = format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{encoded}");
        assert_eq!(header(&headers, "content-disposition"), expected, "{name}");
        assert!(headers.get("set-cookie").is_none_or(|value| !value.to_str().unwrap().contains("x=1")), "{name}");
    }
}

#[tokio::test]
async fn a_large_file_is_never_whole_in_memory() {
    const CHUNK: usize = 256 * 1024;
    let site = place().await;
    let bytes: Vec<u8> =
        (0..20_000_000_u32).map(|n| u8::try_from(n.wrapping_mul(2_654_435_761) >> 24).unwrap()).collect();
    let path = add(&site, "film.mp4", false, &bytes).await;
    let response = site.answer("GET", &path, &[], Body::empty()).await;
    assert_eq!(response.status(), StatusCode::OK);
    let mut pieces = response.into_body().into_data_stream();
    let mut at = 0;
    while let Some(piece) = pieces.next().await {
        let piece = piece.unwrap();
        assert!(piece.len() <= CHUNK, "a piece of {} bytes", piece.len());
        assert!(bytes.get(at..at + piece.len()) == Some(&*piece), "at {at}");
        at += piece.len();
    }
    assert_eq!(at, bytes.len());
    // Taken back half-way: the answer breaks off, and nobody takes what came for the whole.
    let mut pieces = site.answer("GET", &path, &[], Body::empty()).await.into_body().into_data_stream();
    pieces.next().await.unwrap().unwrap();
    let id: MaterialId = path.rsplit('/').next().unwrap().parse().unwrap();
    site.service.withdraw_material(&operator(&site), id).await.unwrap();
    pieces.next().await.unwrap().unwrap_err();
    assert!(pieces.next().await.is_none());
}

#[tokio::test]
async fn the_portal_is_for_teachers_and_the_wrong_door_says_what_to_do() {
    let site = place().await;
    add(&site, "Åben.pdf", false, TEXT).await;
    let path = add(&site, "Prøve.pdf", true, TEXT).await;
    let principal = site.signed_in("280101", AccountRole::Principal).await;
    let (status, headers, _) = get(&site, None, "/portal", &[]).await;
    assert_eq!((status, header(&headers, "location")), (StatusCode::FOUND, "/sign-in?next=/portal"));
    for (role, advice) in [
        (AccountRole::Authority, "En lærerkonto fås på den skole"),
        (AccountRole::Principal, "Registrér mig som lærer"),
        (AccountRole::TestAdministrator, "Registrér mig som lærer"),
        (AccountRole::Leader, "bed om en lærerkonto"),
    ] {
        let session = site.signed_in("280101", role).await;
        let (status, _, body) = get(&site, Some(&session), "/portal", &[]).await;
        assert_eq!(status, StatusCode::FORBIDDEN, "{role:?}");
        for said in [
            "Din konto åbner ikke materialeportalen",
            advice,
            "Hvilken konto åbner hvad",
            "Du er logget ind som Åse Lind",
        ] {
            assert!(body.contains(said), "{role:?}: {said}");
        }
        assert!(
            !body.contains(">Prøve<") && !body.contains("href=\"/portal\""),
            "{role:?}: and the menu does not lead here"
        );
    }
    let without = site.signed_in("280101", AccountRole::Teacher).await;
    let (status, _, body) = get(&site, Some(&without), "/portal", &[]).await;
    assert_eq!(status, StatusCode::OK);
    assert!(body.contains(">Åben<") && !body.contains(">Prøve<") && !body.contains(&path), "nor what it is called");
    assert!(body.contains(">Matematik: 1 beskyttet materiale<") && body.contains("(Åse Lind"), "and who gives it");
    let given = teacher(&site, &principal).await;
    let (_, _, body) = get(&site, Some(&given), "/portal", &[]).await;
    assert!(body.contains(">Prøve<") && body.contains(&path) && !body.contains("Fag, din konto mangler"));
    for session in [None, Some(&principal), Some(&given)] {
        let (status, _, body) = get(&site, session, "/portal/open", &[]).await;
        assert_eq!(status, StatusCode::OK);
        assert!(body.contains(">Åben<") && !body.contains(">Prøve<"), "the open part alone");
    }
    // A teacher's account does not open the administration.
    for page in ["/rights", "/rights/staff", "/accounts", "/accounts/subjects", "/imports", "/history", "/exemptions"] {
        assert_eq!(get(&site, Some(&given), page, &[]).await.0, StatusCode::FORBIDDEN, "{page}");
    }
}

async fn post(site: &Site, session: Option<&Session>, path: &str, form: &str) -> (StatusCode, String, String) {
    let mut headers = vec![("content-type", "application/x-www-form-urlencoded"), ("accept", "text/html")];
    if let Some(session) = session {
        headers.extend([("cookie", session.cookie.as_str()), ("x-csrf-token", &session.csrf)]);
    }
    let (status, headers, body) = site.send("POST", path, &headers, Body::from(form.to_owned())).await;
    (status, header(&headers, "location").to_owned(), body)
}

async fn lines(site: &Site, session: &Session) -> Vec<AccountLine> {
    let filter = AccountFilter { roles: vec![AccountRole::Teacher], ..AccountFilter::default() };
    site.service.accounts(&actor(site, session).await, &filter).await.unwrap().accounts
}

#[tokio::test]
async fn subjects_are_given_to_several_by_their_keepers_alone() {
    let site = place().await;
    let own = account(&site, &site.signed_in("280101", AccountRole::Teacher).await).await;
    let sister = account(&site, &site.signed_in("280102", AccountRole::Teacher).await).await;
    let (preview, apply) = ("/accounts/subjects/preview", "/accounts/subjects");
    let form = |account: AccountId| format!("account={account}&subject=matematik&subject=tysk&do=give");
    for path in [preview, apply] {
        let (status, location, _) = post(&site, None, path, &form(own)).await;
        assert_eq!((status, location.as_str()), (StatusCode::SEE_OTHER, "/sign-in"), "{path}");
    }
    for role in AccountRole::ALL {
        let session = site.signed_in("280101", role).await;
        let keeps = matches!(role, AccountRole::Principal | AccountRole::TestAdministrator);
        let (of_own, of_sister) = match role {
            AccountRole::Principal | AccountRole::TestAdministrator => (StatusCode::OK, StatusCode::NOT_FOUND),
            AccountRole::Authority => (StatusCode::NOT_FOUND, StatusCode::NOT_FOUND),
            AccountRole::Leader | AccountRole::Teacher => (StatusCode::FORBIDDEN, StatusCode::FORBIDDEN),
        };
        assert_eq!(post(&site, Some(&session), preview, &form(own)).await.0, of_own, "{role:?}");
        assert_eq!(post(&site, Some(&session), preview, &form(sister)).await.0, of_sister, "{role:?}");
        assert_eq!(post(&site, Some(&session), apply, &form(sister)).await.0, of_sister, "{role:?}");
        if !keeps {
            assert_eq!(post(&site, Some(&session), apply, &form(own)).await.0, of_own, "{role:?}");
        }
    }
    let principal = site.signed_in("280101", AccountRole::Principal).await;
    assert!(lines(&site, &principal).await.iter().all(|line| line.subjects.is_empty()), "nothing was given so far");
    let (status, _, body) = post(&site, Some(&principal), preview, &form(own)).await;
    assert_eq!(status, StatusCode::OK);
    assert!(body.contains("1 lærerkonto ændres.") && body.contains("Matematik, Tysk") && body.contains("Ændr 1 konto"));
    let (status, _, body) = post(&site, Some(&principal), preview, "subject=matematik&do=take").await;
    assert_eq!(status, StatusCode::OK);
    assert!(body.contains("Sæt kryds ved mindst ét fag"), "the choice again");
    let (_, _, body) = post(&site, Some(&principal), preview, "subject=matematik&do=give&all=1").await;
    assert!(body.contains("2 lærerkonti ændres."), "all teachers of the school: {body}");
    assert_eq!(post(&site, Some(&principal), preview, "do=swap").await.0, StatusCode::UNPROCESSABLE_ENTITY);
    let (status, location, _) = post(&site, Some(&principal), apply, &form(own)).await;
    assert_eq!((status, location.as_str()), (StatusCode::SEE_OTHER, "/accounts/subjects?done=subjects"));
    let (_, location, _) = post(&site, Some(&principal), apply, &form(own)).await;
    assert_eq!(location, "/accounts/subjects?done=subjects-same");
    let line = lines(&site, &principal).await.into_iter().find(|line| line.id == own).unwrap();
    assert_eq!(line.subjects, ["matematik", "tysk"]);
    let (status, location, _) = {
        let (status, headers, body) = get(&site, Some(&principal), preview, &[]).await;
        (status, header(&headers, "location").to_owned(), body)
    };
    assert_eq!((status, location.as_str()), (StatusCode::FOUND, "/accounts/subjects"), "asked for by itself");
}
