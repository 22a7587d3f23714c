//! The demo: it looks right whatever day it is filled.

use super::*;
use crate::catalogue::Catalogue;
use crate::env::SeededRandomness;
use crate::password::HashCost;
use crate::secrets::Secrets;
use domain::{Cube, Instant, Moment, School};
use store::testing::{TestDb, on_both};

fn service(test: &TestDb, now: Instant) -> Service {
    let env = Env::new(Arc::new(SetClock::at(now)), Arc::new(SeededRandomness::new(3)));
    let settings = Settings { demo: true, hash_cost: HashCost::LEAST, ..Settings::default() };
    let catalogue = Catalogue::load(None).unwrap();
    Service::new(test.db.clone(), env.clone(), catalogue, Secrets::make(&env), settings)
}

fn at(day: &str, seconds: i64) -> Instant {
    Zone::Copenhagen.start_of(day.parse().unwrap()).plus_seconds(seconds)
}

async fn school(service: &Service, code: &str) -> School {
    let institution = service.operator(code).await.unwrap().institution;
    let mut read = service.db.read().await.unwrap();
    let now = service.env.now();
    let found = store::directory::institution(&mut read, institution).await.unwrap().unwrap();
    let year = SchoolYear::of(found.zone().unwrap().date_of(now));
    let offer = service.catalogue.offer(&found.country, year);
    let roster = store::roster::load(&mut read, institution, &offer.subjects, &offer.tests).await.unwrap().unwrap();
    let record = store::record::load(&mut read, &roster).await.unwrap().record;
    School { revision: 0, roster, record }
}

/// How many rights a teacher has at the moment.
fn rights_of(school: &School, name: &str, now: Instant) -> usize {
    let cube = Cube::build(&school.roster, &school.record, Moment::asked(now, now));
    let teacher = school.roster.teachers.iter().position(|person| person.full_name() == name).unwrap();
    cube.seen_by(domain::TeacherIx(u16::try_from(teacher).unwrap())).count()
}

#[tokio::test]
async fn whatever_day_it_is_the_demo_is_a_school_in_its_year() {
    let days = [
        ("2026-11-21", 75_000),
        ("2026-08-01", 1),
        ("2026-08-04", 40_000),
        ("2027-07-31", 86_000),
        ("2027-01-01", 100),
        ("2027-03-28", 7_000),
        ("2028-02-29", 50_000),
    ];
    for (day, seconds) in days {
        let test = TestDb::sqlite().await.unwrap();
        let now = at(day, seconds);
        let service = service(&test, now);
        let folder = tempfile::tempdir().unwrap();
        fill(&service, &folder.path().join("accounts.txt")).await.unwrap_or_else(|fault| panic!("{day}: {fault}"));
        let danish = school(&service, "999014").await;
        assert!((630..=650).contains(&danish.roster.pupils.len()), "{}", danish.roster.pupils.len());
        assert!(rights_of(&danish, "Mette Lindegaard", now) > 40, "{day}");
        assert!(danish.record.change_sets.iter().all(|set| set.recorded <= now), "{day}");
        assert!(danish.record.change_sets.is_sorted_by_key(|set| set.recorded), "{day}");
        let live = danish.roster.memberships.iter().filter(|fact| fact.holds(Moment::asked(now, now)));
        assert!(live.count() > 600, "{day}: pupils are in their classes");
        assert_eq!(service.verify_audit(&[]).await.unwrap().findings, []);
        test.finish().await.unwrap();
    }
}

#[tokio::test]
async fn the_demo_has_what_it_promises() {
    on_both(async |test: &TestDb| {
        let now = at("2026-11-21", 75_000);
        let service = service(test, now);
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("accounts.txt");
        assert!(!service.demo_is_partial().await.unwrap());
        let filled = fill(&service, &file).await.unwrap();
        assert!(!service.demo_is_partial().await.unwrap());
        let (first, second) = (school(&service, "999014").await, school(&service, "999015").await);
        let swedish = school(&service, "99900101").await;
        assert!((295..=325).contains(&second.roster.pupils.len()) && swedish.roster.pupils.len() > 350);
        let shared =
            first.roster.pupils.iter().filter(|pupil| second.roster.pupils.iter().any(|one| one.id == pupil.id));
        assert_eq!(shared.count(), 1);
        let protected: Vec<String> =
            first.roster.pupils.iter().filter(|pupil| pupil.protected).map(domain::Person::full_name).collect();
        assert_eq!(protected, ["Beskyttet elev 1"]);
        assert!(first.record.change_sets.iter().any(|set| set.takes_back.is_some()));
        let authors: std::collections::BTreeSet<&str> =
            first.record.change_sets.iter().map(|set| set.author_name.as_str()).collect();
        assert!(authors.len() >= 2, "{authors:?}");
        assert!(first.record.decisions.iter().any(|decision| decision.valid.from > now), "something begins later");
        assert!(!first.roster.exemptions.is_empty() && !swedish.roster.exemptions.is_empty());
        let people = service.demo_people().await.unwrap();
        assert_eq!(people.len(), filled.accounts.len());
        assert_eq!(people[0].name, "Karen Østergård");
        let authorities = people.iter().filter(|person| person.role == domain::AccountRole::Authority);
        let authorities: Vec<&str> = authorities.map(|person| person.institution.as_str()).collect();
        assert_eq!(authorities, ["Søndermark Kommune", "Norråsa kommun"]);
        let text = std::fs::read_to_string(&file).unwrap();
        assert!(text.contains("1001-999014") && text.contains(" A  B  C "));
        #[cfg(unix)]
        assert_eq!(
            std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(&file).unwrap().permissions()) & 0o777,
            0o600
        );

        let again = fill(&service, &file).await.unwrap_err();
        assert!(matches!(again, Fault::Refused(refusal) if refusal.code == RefusalCode::Conflict));
    })
    .await
    .unwrap();
}

/// Whenever the filling ends, what is there is known for a part until all of it is there.
#[tokio::test]
async fn a_demo_whose_filling_was_interrupted_is_known_for_a_part() {
    let test = TestDb::sqlite().await.unwrap();
    let service = service(&test, at("2026-11-21", 75_000));
    let folder = tempfile::tempdir().unwrap();
    // A folder that is not there: the credentials are the last thing that is made.
    let stopped = fill(&service, &folder.path().join("nowhere/accounts.txt")).await.unwrap_err();
    assert!(matches!(stopped, Fault::Internal(_)), "{stopped}");
    assert!(service.demo_is_partial().await.unwrap());
    assert!(service.demo_people().await.unwrap().is_empty(), "nobody is offered");
    test.finish().await.unwrap();
}

#[tokio::test]
async fn a_database_with_anything_in_it_is_left_alone() {
    on_both(async |test: &TestDb| {
        let service = service(test, at("2026-11-21", 0));
        service.create_authority("101", "Egen Kommune", "dk").await.unwrap();
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("accounts.txt");
        let refused = fill(&service, &file).await.unwrap_err();
        assert!(matches!(refused, Fault::Refused(refusal) if refusal.code == RefusalCode::Conflict));
        assert!(!file.exists());
        assert!(service.demo_people().await.unwrap().is_empty());
        assert!(!demo::is_marked(&mut service.db.read().await.unwrap()).await.unwrap());
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn the_large_school_has_what_was_asked_for() {
    let test = TestDb::sqlite().await.unwrap();
    let now = at("2026-11-21", 75_000);
    let service = service(&test, now);
    let made = large::fill(&service, 500, 40, 200).await.unwrap();
    let school = school(&service, large::CODE).await;
    assert_eq!((school.roster.institution, school.roster.pupils.len()), (made.institution, 500));
    assert_eq!((school.roster.teachers.len(), school.record.decisions.len()), (40, 200));
    assert!(made.administrator.matrix.is_some());
    test.finish().await.unwrap();
}
