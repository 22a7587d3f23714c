//! The help: open to everybody, in the words of who reads it, with links that lead somewhere, and with
//! every code that a page can name.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may fail loudly")]

mod site;

use axum::body::Body;
use domain::AccountRole;
use domain::exchange::RefusalCode;
use http::StatusCode;
use site::{Session, Site, place};
use std::collections::BTreeSet;

async fn get(site: &Site, session: Option<&Session>, path: &str, language: &str) -> (StatusCode, String) {
    // As the page's own script would ask: with cookie and token.
    let (cookie, csrf) = session.map_or(("", ""), |session| (&session.cookie, &session.csrf));
    let cookie = format!("{cookie}; language={language}");
    let headers = [("cookie", cookie.as_str()), ("x-csrf-token", csrf), ("accept", "text/html")];
    let (status, _, body) = site.send("GET", path, &headers, Body::empty()).await;
    (status, body)
}

/// The help itself, without what stands around every page.
async fn help(site: &Site, session: Option<&Session>, language: &str) -> String {
    let (status, body) = get(site, session, "/help", language).await;
    assert_eq!(status, StatusCode::OK);
    let (_, main) = body.split_once("<main").unwrap();
    main.split_once("</main>").unwrap().0.to_owned()
}

/// The addresses within the site that a text links to.
fn links(main: &str) -> BTreeSet<String> {
    let href = |piece: &str| piece.split_once('"').map(|(href, _)| href.to_owned());
    main.split("href=\"").skip(1).filter_map(href).filter(|href| href.starts_with('/')).collect()
}

/// Every address that the help names, whoever may follow it.
fn named() -> BTreeSet<String> {
    let texts = [include_str!("../../app/help/da.md"), include_str!("../../app/help/sv.md")];
    let href = |piece: &str| piece.split_once(')').map(|(href, _)| href.to_owned());
    texts
        .iter()
        .flat_map(|text| text.split("](").skip(1))
        .filter_map(href)
        .filter(|href| href.starts_with('/'))
        .collect()
}

#[tokio::test]
async fn before_sign_in_help_speaks_in_roles_and_after_it_in_names() {
    let site = place().await;
    let principal = site.signed_in("280101", AccountRole::Principal).await;
    let nobody = help(&site, None, "da").await;
    assert!(nobody.contains("skolens leder") && !nobody.contains("Åse Lind"), "roles");
    assert!(!nobody.contains("Lindely"), "of no place");
    for session in [&principal, &site.signed_in("280101", AccountRole::Teacher).await] {
        assert!(help(&site, Some(session), "da").await.contains("skolens leder (Åse Lind)"), "names");
        assert!(help(&site, Some(session), "sv").await.contains("rektorn (Åse Lind)"));
    }
    // Of another authority's school nothing is said.
    site.service.create_authority("852", "Engby Kommune", "dk").await.unwrap();
    site.service.create_institution("852", "290101", "Engskolen").await.unwrap();
    let foreign = site.signed_in("290101", AccountRole::Teacher).await;
    assert!(!help(&site, Some(&foreign), "da").await.contains("(Åse Lind)"));
}

#[tokio::test]
async fn links_are_for_those_whom_they_lead_somewhere() {
    let site = place().await;
    let mut readers = vec![(None, None)];
    for role in AccountRole::ALL {
        readers.push((Some(role), Some(site.signed_in("280101", role).await)));
    }
    let named = named();
    assert!(named.len() > 10, "{named:?}");
    for (role, session) in &readers {
        let linked = links(&help(&site, session.as_ref(), "da").await);
        for href in &named {
            let (status, _) = get(&site, session.as_ref(), href, "da").await;
            let leads = status == StatusCode::OK && (role.is_none() || href != "/sign-in");
            assert_eq!(linked.contains(href), leads, "{role:?} {href}: {status}");
        }
        assert!(linked.iter().all(|href| named.contains(href)), "{linked:?}");
    }
}

#[tokio::test]
async fn every_code_is_explained_in_every_language() {
    let site = place().await;
    for language in ["da", "sv", "en"] {
        let help = help(&site, None, language).await;
        let numbers = RefusalCode::ALL.map(RefusalCode::number).into_iter().chain([31, 32, 33, 34, 35, 95, 96]);
        for number in numbers {
            let (_, entry) = help.split_once(&format!("id=\"code-{number}\"")).unwrap_or_else(|| panic!("{number}"));
            let (entry, _) = entry.split_once("</dl>").unwrap();
            let sentence = entry.split_once("</h3>").unwrap().0;
            assert!(sentence.len() > 20, "{language} {number}: {sentence}");
            assert_eq!((entry.matches("<dt>").count(), entry.matches("<dd>").count()), (2, 2), "{language} {number}");
        }
        assert!(!help.contains('{'), "a placeholder");
    }
}

#[tokio::test]
async fn what_is_refused_leads_to_the_help() {
    let site = place().await;
    let teacher = site.signed_in("280101", AccountRole::Teacher).await;
    for (session, path, leads_to) in [
        (Some(&teacher), "/accounts", "/help#code-12"),
        (Some(&teacher), "/accounts", "/help#doors"),
        (Some(&teacher), "/my-rights", "/help"),
        (Some(&teacher), "/nowhere", "/help#code-14"),
        (None, "/sign-in", "/help#sign-in"),
        (None, "/sign-in?state=wrong", "/help#code-32"),
        (None, "/sign-in?state=card-used-up", "/help#code-34"),
        (None, "/sign-in?state=inactive", "/help#inactive"),
    ] {
        let (_, body) = get(&site, session, path, "da").await;
        assert!(body.contains(&format!("href=\"{leads_to}\"")), "{path} leads to {leads_to}");
    }
    let help = help(&site, Some(&teacher), "da").await;
    for anchor in ["doors", "sign-in", "inactive"] {
        assert!(help.contains(&format!("id=\"{anchor}\"")), "{anchor}");
    }
}
