//! Every page, as every role: who meets it, and what the others read instead.

use super::PAGES;
use super::site::{Session, Site, place};
use axum::body::Body;
use domain::AccountRole::{self, Authority, Leader, Principal, Teacher, TestAdministrator};
use http::StatusCode;
use service::accounts::{AccountOrder, Holder};
use std::collections::BTreeSet;

/// What those meet who may.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Meets {
    /// The page.
    Page,
    /// They are led on: to where they begin, or because there is nothing to do here now.
    Elsewhere,
    /// A page that says that there is no such thing: as yet nothing was named.
    Nothing,
}
use Meets::{Elsewhere, Nothing, Page};

const ALL: &[AccountRole] = &[Authority, Principal, TestAdministrator, Leader, Teacher];
const AT_SCHOOL: &[AccountRole] = &[Principal, TestAdministrator, Leader, Teacher];
const KEEPERS: &[AccountRole] = &[Authority, Principal, TestAdministrator];
const ADMINISTRATORS: &[AccountRole] = &[Principal, TestAdministrator];
const LEADERS: &[AccountRole] = &[Principal, Leader];
const ALL_BUT_TEACHERS: &[AccountRole] = &[Principal, TestAdministrator, Leader];

/// Each page, whom it is for, and what they meet. Everybody else reads that they have no access.
const TABLE: [(&str, &[AccountRole], Meets); 39] = [
    ("/", ALL, Elsewhere),
    ("/about", ALL, Page),
    ("/account", ALL, Page),
    ("/account/passkeys", ALL, Page),
    ("/account/record", ALL, Page),
    ("/accounts", KEEPERS, Page),
    ("/accounts/doubles", KEEPERS, Page),
    ("/accounts/handover", &[Principal], Page),
    ("/accounts/issued", KEEPERS, Page),
    ("/accounts/letters", KEEPERS, Page),
    ("/accounts/letters/preview", KEEPERS, Elsewhere),
    ("/accounts/merge", KEEPERS, Nothing),
    ("/accounts/new", KEEPERS, Page),
    ("/accounts/principal", &[Authority], Page),
    ("/accounts/reactivate", KEEPERS, Page),
    ("/accounts/subjects", KEEPERS, Page),
    ("/accounts/subjects/preview", KEEPERS, Elsewhere),
    ("/accounts/{id}", KEEPERS, Nothing),
    ("/change-password", ALL, Page),
    ("/exemptions", LEADERS, Page),
    ("/help", ALL, Page),
    ("/history", ALL_BUT_TEACHERS, Page),
    ("/imports", ADMINISTRATORS, Page),
    ("/inbox", ALL, Page),
    ("/inbox/settings", ALL, Page),
    ("/inbox/unsent", KEEPERS, Page),
    ("/my-rights", AT_SCHOOL, Page),
    ("/my-rights/access", &[Teacher], Page),
    ("/people", ADMINISTRATORS, Page),
    ("/people/new", ADMINISTRATORS, Page),
    ("/people/{id}", ADMINISTRATORS, Nothing),
    ("/place", ALL, Elsewhere),
    ("/portal", &[Teacher], Page),
    ("/portal/open", ALL, Page),
    ("/rights", ADMINISTRATORS, Page),
    ("/rights/review", ADMINISTRATORS, Page),
    ("/rights/staff", ADMINISTRATORS, Page),
    ("/sign-in", ALL, Elsewhere),
    ("/sign-in/matrix", ALL, Elsewhere),
];

async fn get(site: &Site, session: &Session, path: &str) -> (StatusCode, String) {
    let as_a_browser = [("cookie", session.cookie.as_str()), ("accept", "text/html"), ("accept-language", "en")];
    let (status, _, body) = site.send("GET", path, &as_a_browser, Body::empty()).await;
    (status, body)
}

#[tokio::test]
async fn each_page_answers_whom_it_is_for_and_refuses_the_others() {
    let listed: BTreeSet<&str> = TABLE.iter().map(|(path, ..)| *path).collect();
    assert_eq!(listed, PAGES.into_iter().collect(), "every page has its row");
    let site = place().await;
    let mut wrong = Vec::new();
    for role in AccountRole::ALL {
        let session = site.signed_in("280101", role).await;
        for (path, whom, meets) in TABLE {
            let address = path.replace("{id}", "01a20075-96c8-73c7-8928-278938a16032");
            let (status, body) = get(&site, &session, &address).await;
            let expected = match meets {
                _ if !whom.contains(&role) => StatusCode::FORBIDDEN,
                Page => StatusCode::OK,
                Elsewhere => StatusCode::FOUND,
                Nothing => StatusCode::NOT_FOUND,
            };
            // What the refusal is about is said on the page, and nothing of the page behind it.
            let is_refusal = body.contains("Which account opens what");
            if status != expected || is_refusal != (expected == StatusCode::FORBIDDEN) {
                wrong.push(format!("{path} as {role:?}: {status}, where it should be {expected}; {is_refusal}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A place in an address or a form is no way to another school: it answers as one that nobody knows.
#[tokio::test]
async fn anothers_school_and_account_answer_as_unknown_ones() {
    let site = place().await;
    let service = &site.service;
    let there = service.operator("280102").await.unwrap();
    let holder = Holder::New { given: "Bo".to_owned(), family: "Holm".to_owned() };
    let order = AccountOrder { holder, role: AccountRole::Teacher, matrix: false };
    let foreign = service.create_account(&there, &order).await.unwrap();
    let unknown = "01a20075-96c8-73c7-8928-278938a16032";
    let ids = [there.institution.0, foreign.person.0, foreign.id.0].map(|id| id.to_string());
    for role in [Principal, TestAdministrator, Leader, Teacher] {
        let session = site.signed_in("280101", role).await;
        for pattern in [
            "/accounts/{}",
            "/accounts?institution={}",
            "/accounts/new?institution={}",
            "/accounts/letters?account={}",
            "/accounts/merge?account={}&with={}",
            "/people?person={}",
            "/portal/material/{}",
            "/rights?teacher={}",
            "/rights?pupil={}",
            "/exemptions?pupil={}",
            "/history?take-back={}",
        ] {
            let answer = async |id: &str| {
                let (status, body) = get(&site, &session, &pattern.replace("{}", id)).await;
                // What is drawn from stands beside a live part, in hexadecimal digits.
                for foreign in ["Engskolen", "Bo Holm", "Holm"] {
                    let digits: String = foreign.bytes().map(|byte| format!("{byte:02x}")).collect();
                    assert!(!body.contains(foreign) && !body.contains(&digits), "{pattern} as {role:?}: {foreign}");
                }
                (status, without_what_changes(&body).replace(id, "ID"))
            };
            let expected = answer(unknown).await;
            for id in &ids {
                let found = answer(id).await;
                assert_eq!(found.0, expected.0, "{pattern} as {role:?}");
                let differ = found.1.split('>').zip(expected.1.split('>')).find(|(found, expected)| found != expected);
                assert_eq!(differ, None, "{pattern} as {role:?}");
            }
        }
    }
}

/// A page without the values of attributes that differ each time: nonces, tokens, ids.
fn without_what_changes(body: &str) -> String {
    let mut text = body.to_owned();
    for name in ["nonce=\"", "content=\"", "value=\"", "data-given=\"", "data-warns=\"", "data-ends=\""] {
        let mut pieces = text.split(name);
        let mut kept = pieces.next().unwrap_or_default().to_owned();
        for piece in pieces {
            kept.push_str(piece.split_once('"').map_or("", |(_, after)| after));
        }
        text = kept;
    }
    text
}
