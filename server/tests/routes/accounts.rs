//! The pages of accounts: whom they answer, and what the others read instead.

use super::site::{Session, Site, place};
use axum::body::Body;
use domain::AccountRole;
use http::StatusCode;
use service::accounts::{AccountOrder, Holder, IssuedAccount};

async fn get(site: &Site, session: &Session, path: &str) -> (StatusCode, String, String) {
    let as_a_browser = [("cookie", session.cookie.as_str()), ("accept", "text/html")];
    let (status, headers, body) = site.send("GET", path, &as_a_browser, Body::empty()).await;
    (status, super::text(&headers, "location").to_owned(), body)
}

/// The roles that keep others' accounts.
const KEEPERS: [AccountRole; 3] = [AccountRole::Authority, AccountRole::Principal, AccountRole::TestAdministrator];

#[tokio::test]
async fn the_list_is_for_those_who_keep_accounts() {
    let site = place().await;
    for role in AccountRole::ALL {
        let session = site.signed_in("280101", role).await;
        let (status, _, body) = get(&site, &session, "/accounts").await;
        if KEEPERS.contains(&role) {
            assert_eq!(status, StatusCode::OK, "{role:?}");
            assert!(!body.contains("Det har du ikke adgang til"), "{role:?}");
        } else {
            assert_eq!(status, StatusCode::FORBIDDEN, "{role:?}");
            assert!(body.contains("Hvilken konto åbner hvad"), "{role:?}: not merely that it did not work");
        }
    }
}

#[tokio::test]
async fn the_front_page_leads_an_authority_to_its_accounts() {
    let site = place().await;
    let session = site.signed_in("280101", AccountRole::Authority).await;
    let (status, location, _) = get(&site, &session, "/").await;
    assert_eq!((status, location.as_str()), (StatusCode::FOUND, "/accounts"));
    let (status, _, body) = get(&site, &session, "/my-rights").await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    assert!(body.contains("Hvilken konto åbner hvad") && !body.contains("Det gik ikke"));
}

#[tokio::test]
async fn a_list_shows_ones_own_place_and_what_the_address_asks_for() {
    let site = place().await;
    let authority = site.signed_in("280101", AccountRole::Authority).await;
    let _ = site.signed_in("280101", AccountRole::Teacher).await;
    let _ = site.signed_in("280102", AccountRole::Teacher).await;
    let session = site.signed_in("280101", AccountRole::Principal).await;
    let (_, _, body) = get(&site, &session, "/accounts").await;
    assert!(body.contains("1001-280101") && !body.contains("-280102"), "another school's accounts are not shown");
    let (_, _, body) = get(&site, &session, "/accounts?q=AASE&state=active&role=teacher").await;
    assert!(body.contains("1001-280101"), "whatever the spelling");
    for none in ["?q=bodil", "?state=deleted", "?role=leader"] {
        let (status, _, body) = get(&site, &session, &format!("/accounts{none}")).await;
        assert_eq!(status, StatusCode::OK);
        assert!(!body.contains("1001-280101") && body.contains("Ingen konto passer"), "{none}");
    }
    let (_, _, body) = get(&site, &authority, "/accounts").await;
    assert!(body.contains("1002-280101") && !body.contains("1001-280101"), "its principals, and nobody else");
    assert!(body.contains("Skolen har ingen leder med konto"), "of Engskolen");
}

async fn post(site: &Site, session: Option<&Session>, path: &str, form: &str) -> (StatusCode, String, String) {
    let mut headers = vec![("content-type", "application/x-www-form-urlencoded"), ("accept", "text/html")];
    if let Some(session) = session {
        headers.extend([("cookie", session.cookie.as_str()), ("x-csrf-token", &session.csrf)]);
    }
    let (status, headers, body) = site.send("POST", path, &headers, Body::from(form.to_owned())).await;
    (status, super::text(&headers, "location").to_owned(), body)
}

/// A teacher's account at the school of this code.
async fn teacher(site: &Site, school: &str, given: &str, family: &str) -> IssuedAccount {
    let holder = Holder::New { given: given.to_owned(), family: family.to_owned() };
    let order = AccountOrder { holder, role: AccountRole::Teacher, matrix: false };
    site.service.create_account(&site.service.operator(school).await.unwrap(), &order).await.unwrap()
}

async fn institution(site: &Site, code: &str) -> String {
    site.service.operator(code).await.unwrap().institution.to_string()
}

#[tokio::test]
async fn only_keepers_register_and_only_at_their_own_place() {
    let site = place().await;
    let (here, sister) = (institution(&site, "280101").await, institution(&site, "280102").await);
    let form = |place: &str, family: &str| {
        format!("institution={place}&role=teacher&given=Bo&family={family}&email=&language=da")
    };
    let (status, location, _) = post(&site, None, "/accounts/new", &form(&here, "Holm")).await;
    assert_eq!((status, location.as_str()), (StatusCode::SEE_OTHER, "/sign-in"), "nobody");
    for role in AccountRole::ALL {
        let session = site.signed_in("280101", role).await;
        let (status, _, body) = post(&site, Some(&session), "/accounts/new", &form(&here, role.code())).await;
        let issues = matches!(role, AccountRole::Principal | AccountRole::TestAdministrator);
        if issues {
            assert_eq!(status, StatusCode::OK, "{role:?}");
            assert!(body.contains("Brev til udlevering") && body.contains("-280101"), "{role:?}");
        } else {
            // An authority keeps principals, and knows of no teacher of its schools.
            let expected = if role == AccountRole::Authority { StatusCode::NOT_FOUND } else { StatusCode::FORBIDDEN };
            assert_eq!(status, expected, "{role:?}");
            assert!(!body.contains("Brev til udlevering"), "{role:?}");
        }
        if role != AccountRole::Authority {
            let (status, _, body) = post(&site, Some(&session), "/accounts/new", &form(&sister, "Krog")).await;
            let expected = if issues { StatusCode::NOT_FOUND } else { StatusCode::FORBIDDEN };
            assert_eq!(status, expected, "{role:?} at another school");
            assert!(!body.contains("-280102"), "{role:?}");
        }
    }
    let session = site.signed_in("280101", AccountRole::TestAdministrator).await;
    for above in ["principal", "leader"] {
        let form = form(&here, "Ravn").replace("role=teacher", &format!("role={above}"));
        let (status, _, body) = post(&site, Some(&session), "/accounts/new", &form).await;
        assert_eq!(status, StatusCode::FORBIDDEN, "{above}");
        assert!(body.contains("Det er kun"), "{above}: a sentence says who does");
    }
    let authority = site.signed_in("280101", AccountRole::Authority).await;
    let form = form(&sister, "Ravn").replace("role=teacher", "role=principal");
    let (status, _, body) = post(&site, Some(&authority), "/accounts/new", &form).await;
    assert_eq!(status, StatusCode::OK);
    assert!(body.contains("Brev til udlevering") && body.contains("Kort"), "a principal gets a card");
}

#[tokio::test]
async fn somebody_who_is_there_already_is_a_step_in_between_and_nothing_typed_is_lost() {
    let site = place().await;
    let session = site.signed_in("280101", AccountRole::Principal).await;
    let known = teacher(&site, "280101", "Bodil", "Kjær").await;
    let here = institution(&site, "280101").await;
    let form = format!("institution={here}&role=teacher&given=BODIL&family=Kjaer&email=b%40skole.dk&language=sv");
    let (status, _, body) = post(&site, Some(&session), "/accounts/new", &form).await;
    assert_eq!(status, StatusCode::OK);
    assert!(body.contains("Der er allerede en, der ligner") && body.contains(&known.user_name));
    assert!(body.contains(r#"value="BODIL""#) && body.contains(r#"value="b@skole.dk""#), "nothing is lost");
    let (status, _, body) = post(&site, Some(&session), "/accounts/new", &format!("{form}&despite=1&reason=")).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "not without a reason");
    assert!(body.contains(r#"value="BODIL""#) && body.contains("en begrundelse"));
    let (status, _, body) = post(&site, Some(&session), "/accounts/new", &format!("{form}&despite=1&reason=To")).await;
    assert_eq!(status, StatusCode::OK);
    assert!(body.contains("BODIL Kjaer") && body.contains(r#"lang="sv""#), "the letter, in its own language");

    for (wrong, says) in [("given=BODIL", "given="), ("email=b%40skole.dk", "email=b")] {
        let (status, _, body) = post(&site, Some(&session), "/accounts/new", &form.replace(wrong, says)).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{says}");
        assert!(body.contains("Noget mangler") && body.contains(r#"value="Kjaer""#), "{says}");
    }
}

#[tokio::test]
async fn who_is_being_typed_is_told_to_keepers_of_the_place_alone() {
    let site = place().await;
    let known = teacher(&site, "280101", "Bodil", "Kjær").await;
    let path = "/api/accounts/doubles";
    let form = format!("institution={}&given=bodil&family=kjær&email=", institution(&site, "280101").await);
    let (status, _, body) = post(&site, None, path, &form).await;
    assert_eq!((status, body.as_str()), (StatusCode::FORBIDDEN, "not_signed_in"));
    for role in AccountRole::ALL {
        let session = site.signed_in("280101", role).await;
        let (status, _, body) = post(&site, Some(&session), path, &form).await;
        match role {
            AccountRole::Principal | AccountRole::TestAdministrator => {
                assert_eq!(status, StatusCode::OK);
                assert!(body.contains(&known.user_name), "{role:?}: {body}");
            }
            AccountRole::Authority => assert_eq!((status, body.as_str()), (StatusCode::OK, "")),
            AccountRole::Leader | AccountRole::Teacher => {
                assert_eq!((status, body.as_str()), (StatusCode::FORBIDDEN, "not_allowed"), "{role:?}");
            }
        }
    }
    let session = site.signed_in("280102", AccountRole::Principal).await;
    let (status, _, body) = post(&site, Some(&session), path, &form).await;
    assert_eq!((status, body.as_str()), (StatusCode::NOT_FOUND, "not_found"), "another school");
    let (status, ..) = post(&site, Some(&session), path, "institution=x").await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn one_account_is_for_its_keepers_and_unknown_to_others() {
    let site = place().await;
    let account = teacher(&site, "280101", "Bodil", "Kjær").await;
    let path = format!("/accounts/{}", account.id);
    let (status, location, _) = post(&site, None, &path, "do=deactivate").await;
    assert_eq!((status, location.as_str()), (StatusCode::SEE_OTHER, "/sign-in"));
    for role in AccountRole::ALL {
        let session = site.signed_in("280101", role).await;
        let (status, _, body) = get(&site, &session, &path).await;
        let expected = match role {
            AccountRole::Authority => StatusCode::NOT_FOUND,
            AccountRole::Principal | AccountRole::TestAdministrator => StatusCode::OK,
            AccountRole::Leader | AccountRole::Teacher => StatusCode::FORBIDDEN,
        };
        assert_eq!(status, expected, "{role:?}");
        assert_eq!(body.contains("Bodil"), expected == StatusCode::OK, "{role:?}");
        if expected != StatusCode::OK {
            for deed in ["change", "deactivate", "reactivate", "delete", "separate"] {
                let (status, ..) = post(&site, Some(&session), &path, &format!("do={deed}&email=")).await;
                assert_eq!(status, expected, "{role:?} {deed}");
            }
        }
    }
    let foreign = site.signed_in("280102", AccountRole::Principal).await;
    for path in [path.clone(), format!("/accounts/{}", uuid::Uuid::from_u128(7)), "/accounts/x".to_owned()] {
        let (status, _, body) = get(&site, &foreign, &path).await;
        assert_eq!(status, StatusCode::NOT_FOUND, "{path}");
        assert!(body.contains("Det findes ikke her") && !body.contains("Bodil"), "{path}");
        let (status, _, body) = post(&site, Some(&foreign), &path, "do=deactivate").await;
        assert_eq!(status, StatusCode::NOT_FOUND, "{path}");
        assert!(!body.contains("Bodil"), "{path}");
    }
}

#[tokio::test]
async fn a_test_administrator_closes_and_opens_and_is_told_who_deletes() {
    let site = place().await;
    let account = teacher(&site, "280101", "Bodil", "Kjær").await;
    let principal = site.signed_in("280101", AccountRole::Principal).await;
    let session = site.signed_in("280101", AccountRole::TestAdministrator).await;
    let path = format!("/accounts/{}", account.id);
    let (_, _, body) = get(&site, &session, &path).await;
    assert!(body.contains("Spørg skolens leder (Åse Lind) om at: slette"), "by name, and before trying");
    let (status, _, body) = post(&site, Some(&session), &path, "do=delete").await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    assert!(body.contains("Det er kun skolens leder, der gør det.") && body.contains("Åse Lind kan hjælpe."));

    let (status, location, _) = post(&site, Some(&session), &path, "do=deactivate").await;
    assert_eq!((status, location), (StatusCode::SEE_OTHER, format!("{path}?done=deactivate")));
    let (_, _, body) = get(&site, &session, &path).await;
    assert!(body.contains("Lukket") && body.contains("Kontoen blev lukket"), "its state, and its history");
    let (status, ..) = post(&site, Some(&session), &path, "do=reactivate").await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    let change = "do=change&names=1&given=Bodil&family=Krog&email=bodil%40skole.dk&subjects=1&subject=matematik";
    let (status, ..) = post(&site, Some(&session), &path, change).await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    let (_, _, body) = get(&site, &session, &path).await;
    assert!(body.contains("Bodil Krog") && body.contains("bodil@skole.dk"));
    let (status, _, body) = post(&site, Some(&session), &path, "do=change&names=1&given=&family=Krog&email=x").await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(body.contains("Noget kan ikke bruges, og intet er gemt"));
    let (status, ..) = post(&site, Some(&session), &path, "do=nothing").await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);

    let (status, ..) = post(&site, Some(&principal), &path, "do=delete").await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    let (_, _, body) = get(&site, &principal, &path).await;
    assert!(body.contains("Slettet") && body.contains("Kontoen blev slettet"), "deleted, and still readable");
}

#[tokio::test]
async fn every_page_of_accounts_is_for_those_it_is_for() {
    use AccountRole::{Authority, Principal};
    let site = place().await;
    let table: [(&str, &[AccountRole]); 5] = [
        ("/accounts/new", &KEEPERS),
        ("/accounts/reactivate", &KEEPERS),
        ("/accounts/doubles", &KEEPERS),
        ("/accounts/principal", &[Authority]),
        ("/accounts/handover", &[Principal]),
    ];
    for role in AccountRole::ALL {
        let session = site.signed_in("280101", role).await;
        for (path, whom) in table {
            let (status, _, body) = get(&site, &session, path).await;
            let expected = if whom.contains(&role) { StatusCode::OK } else { StatusCode::FORBIDDEN };
            assert_eq!(status, expected, "{role:?} {path}");
            assert_eq!(body.contains("Hvilken konto åbner hvad"), expected != StatusCode::OK, "{role:?} {path}");
        }
        for path in ["/accounts/reactivate", "/accounts/doubles", "/accounts/principal"] {
            let id = uuid::Uuid::from_u128(7);
            let form = format!("account={id}&other={id}&do=merge&present={id}&outgoing=delete&institution={id}");
            let form = format!("{form}&role=principal&given=Bo&family=Holm&language=da");
            let (status, ..) = post(&site, Some(&session), path, &form).await;
            let whom: &[AccountRole] = if path == "/accounts/principal" { &[Authority] } else { &KEEPERS };
            let expected = if whom.contains(&role) { StatusCode::NOT_FOUND } else { StatusCode::FORBIDDEN };
            assert_eq!(status, expected, "{role:?} {path}");
            let (status, location, _) = post(&site, None, path, &form).await;
            assert_eq!((status, location.as_str()), (StatusCode::SEE_OTHER, "/sign-in"), "nobody: {path}");
        }
    }
}

#[tokio::test]
async fn accounts_are_reactivated_after_a_preview() {
    let site = place().await;
    let account = teacher(&site, "280101", "Bodil", "Kjær").await;
    let session = site.signed_in("280101", AccountRole::TestAdministrator).await;
    let path = "/accounts/reactivate";
    let chosen = format!("account={}", account.id);
    let (status, _, body) = post(&site, Some(&session), path, &chosen).await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert!(body.contains("Fra 1. august"), "it is open, and says from when it can be given another year");
    let (status, _, body) = post(&site, Some(&session), path, "").await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(body.contains("Vælg mindst én konto"));

    post(&site, Some(&session), &format!("/accounts/{}", account.id), "do=deactivate").await;
    let (_, _, body) = get(&site, &session, path).await;
    assert!(body.contains("Bodil Kjær") && body.contains(&account.id.to_string()));
    let (_, _, body) = get(&site, &session, &format!("{path}?{chosen}")).await;
    assert!(body.contains("1 konto åbnes") && body.contains("Genaktivér 1 konto"));
    let (_, _, body) = get(&site, &session, &format!("{path}?which=still-here")).await;
    assert!(body.contains("Ingen af dem kan genaktiveres nu"), "it was closed by hand, and no roster names her");

    let foreign = site.signed_in("280102", AccountRole::Principal).await;
    let (status, _, body) = get(&site, &foreign, &format!("{path}?{chosen}")).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    assert!(!body.contains("Bodil"));
    let (status, ..) = post(&site, Some(&foreign), path, &chosen).await;
    assert_eq!(status, StatusCode::NOT_FOUND);

    let (status, location, _) = post(&site, Some(&session), path, &chosen).await;
    assert_eq!((status, location.as_str()), (StatusCode::SEE_OTHER, "/accounts/reactivate?done=reactivated"));
    let (_, _, body) = get(&site, &session, &location).await;
    assert!(body.contains("Kontiene er genaktiveret") && !body.contains("Bodil Kjær</label>"));
}

#[tokio::test]
async fn doubles_are_settled_by_the_principal_and_parted_again() {
    let site = place().await;
    let first = teacher(&site, "280101", "Bodil", "Kjær").await;
    let second = teacher(&site, "280101", "Bodil", "Kjaer").await;
    let principal = site.signed_in("280101", AccountRole::Principal).await;
    let administrator = site.signed_in("280101", AccountRole::TestAdministrator).await;
    let foreign = site.signed_in("280102", AccountRole::Principal).await;
    let path = "/accounts/doubles";
    let (_, _, body) = get(&site, &administrator, path).await;
    assert!(body.contains("Kun skolens leder sletter") && body.contains("(Åse Lind)"), "why, and who may");
    assert!(!body.contains(r#"name="do" value="merge""#));
    let merge = format!("do=merge&account={}&other={}", second.id, first.id);
    let (status, _, body) = post(&site, Some(&administrator), path, &merge).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    assert!(body.contains("Det er kun skolens leder, der gør det."));
    assert_eq!(post(&site, Some(&foreign), path, &merge).await.0, StatusCode::NOT_FOUND);
    let (_, _, body) = get(&site, &foreign, path).await;
    assert!(!body.contains("Bodil"));

    let (_, _, body) = get(&site, &principal, path).await;
    assert!(body.contains(&format!("Slet {}", first.user_name)), "the lowest number goes");
    let (status, location, _) = post(&site, Some(&principal), path, &merge).await;
    assert_eq!((status, location.as_str()), (StatusCode::SEE_OTHER, "/accounts/doubles?done=merge"));
    let (_, _, body) = get(&site, &principal, &location).await;
    assert!(body.contains("Ingen konti ligner hinanden"));
    assert!(body.contains(&format!("{} er lagt sammen med {}", first.user_name, second.user_name)));
    let separate = format!("do=separate&account={}", first.id);
    assert_eq!(post(&site, Some(&administrator), path, &separate).await.0, StatusCode::FORBIDDEN);
    assert_eq!(post(&site, Some(&foreign), path, &separate).await.0, StatusCode::NOT_FOUND);
    let (status, location, _) = post(&site, Some(&principal), path, &separate).await;
    assert_eq!((status, location.as_str()), (StatusCode::SEE_OTHER, "/accounts/doubles?done=separate"));
    let delete = format!("do=delete&account={}", first.id);
    assert_eq!(post(&site, Some(&administrator), path, &delete).await.0, StatusCode::FORBIDDEN);
    assert_eq!(post(&site, Some(&principal), path, &delete).await.0, StatusCode::SEE_OTHER);
    assert_eq!(post(&site, Some(&principal), path, "do=merge").await.0, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn an_authority_replaces_its_own_principals_alone() {
    let site = place().await;
    site.service.create_authority("852", "Engby Kommune", "dk").await.unwrap();
    site.service.create_institution("852", "290101", "Engbyskolen").await.unwrap();
    let authority = site.signed_in("280101", AccountRole::Authority).await;
    let of = async |code: &str| {
        let holder = Holder::New { given: "Birthe".to_owned(), family: "Krag".to_owned() };
        let order = AccountOrder { holder, role: AccountRole::Principal, matrix: false };
        let made = site.service.create_account(&site.service.operator(code).await.unwrap(), &order).await.unwrap();
        let form = format!("present={}&institution={}", made.id, institution(&site, code).await);
        format!("{form}&outgoing=deactivate&role=principal&given=Ny&family=Leder&email=&language=da")
    };
    let (own, foreign) = (of("280101").await, of("290101").await);
    let path = "/accounts/principal";
    let (_, _, body) = get(&site, &authority, path).await;
    assert!(body.contains("Udskift Birthe Krag") && !body.contains("Engbyskolen"));
    assert_eq!(post(&site, Some(&authority), path, &foreign).await.0, StatusCode::NOT_FOUND);
    let (status, _, body) = post(&site, Some(&authority), path, &own.replace("given=Ny", "given=")).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(body.contains(r#"value="Leder""#), "nothing is lost");
    let (status, _, body) = post(&site, Some(&authority), path, &own).await;
    assert_eq!(status, StatusCode::OK);
    assert!(body.contains("Brev til udlevering") && body.contains("Ny Leder"));
    let (_, _, body) = get(&site, &authority, "/accounts").await;
    assert!(body.contains("Ny Leder") && body.contains("Lukket"), "the one came, the other's account is closed");
}

/// A principal's account at the school of this code.
async fn principal(site: &Site, school: &str, given: &str, family: &str) -> IssuedAccount {
    let holder = Holder::New { given: given.to_owned(), family: family.to_owned() };
    let order = AccountOrder { holder, role: AccountRole::Principal, matrix: false };
    site.service.create_account(&site.service.operator(school).await.unwrap(), &order).await.unwrap()
}

#[tokio::test]
async fn an_authority_chooses_somebody_who_is_principal_already() {
    let site = place().await;
    site.service.create_authority("852", "Engby Kommune", "dk").await.unwrap();
    site.service.create_institution("852", "290101", "Engbyskolen").await.unwrap();
    let authority = site.signed_in("280101", AccountRole::Authority).await;
    let (present, known) =
        (principal(&site, "280101", "Birthe", "Krag").await, principal(&site, "280102", "Asta", "Bech").await);
    let foreign = principal(&site, "290101", "Poul", "Friis").await;
    let path = "/accounts/principal";
    for page in [&format!("{path}?account={}", present.id), "/accounts/new"] {
        let (status, _, body) = get(&site, &authority, page).await;
        assert_eq!(status, StatusCode::OK, "{page}");
        assert!(body.contains("Asta Bech (Engskolen)") && !body.contains("Poul Friis"), "{page}");
    }
    let (_, _, body) = get(&site, &authority, &format!("{path}?account={}", present.id)).await;
    assert!(!body.contains("Birthe Krag (Lindelyskolen)"), "nobody takes over from themselves");
    let form = |person: &str| {
        let place = format!("present={}&outgoing=deactivate&role=principal&language=da", present.id);
        format!("{place}&person={person}&given=&family=&email=")
    };
    let here = institution(&site, "280101").await;
    let with_place = |form: String| format!("{form}&institution={here}");
    let send = async |person: &str| post(&site, Some(&authority), path, &with_place(form(person))).await;
    let unknown = send("01a20075-96c8-73c7-8928-278938a16032").await;
    let theirs = send(&foreign.person.to_string()).await;
    assert_eq!((unknown.0, theirs.0), (StatusCode::NOT_FOUND, StatusCode::NOT_FOUND));
    for body in [&unknown.2, &theirs.2] {
        assert!(!body.contains("Poul Friis") && !body.contains("Brev til udlevering"));
    }
    // What was chosen stays chosen on the way.
    let refused = with_place(form(&known.person.to_string())).replace("email=", "email=x");
    let (status, _, body) = post(&site, Some(&authority), path, &refused).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    let (_, after) = body.split_once(&format!("<option value=\"{}\"", known.person)).unwrap();
    assert!(after.split('>').next().unwrap().contains("selected"), "{after}");
    let (status, _, body) = send(&known.person.to_string()).await;
    assert_eq!(status, StatusCode::OK);
    assert!(body.contains("Brev til udlevering") && body.contains("Asta Bech") && body.contains("1002-280101"));
    let (_, _, body) = get(&site, &authority, "/accounts/new").await;
    assert!(body.contains("Asta Bech (Lindelyskolen, Engskolen)"), "one person, and once");
}
