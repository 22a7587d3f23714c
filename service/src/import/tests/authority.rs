//! Bundles of several schools.

use super::bundle::Bundle;
use super::world::{NOTHING, World, counts};
use crate::import::{ImportOptions, Limits, Source, Staged, Target, parse};
use domain::InstitutionId;
use domain::import::ImportOutcome;
use std::sync::Arc;
use store::testing::{TestDb, on_both};

/// Two schools; pupil p1 is at both.
fn two_schools() -> Bundle {
    Bundle::school()
        .and("orgs.csv", "d,,,Søndermark Kommune,district,999,")
        .and("orgs.csv", "s2,,,Engbæk Skole,school,280002,d")
        .with("users.csv", "p1,,,true,s1", "p1,,,true,\"s1,s2\"")
        .and("users.csv", "q1,,,true,s2,student,x,,Hugo,Vang,,,,,,,07,")
        .and("users.csv", "k1,,,true,s2,teacher,x,,Ulla,Nymark,,,,,,,,")
        .and("classes.csv", "c7,,,7.A,07,,,homeroom,,s2,\"t1,t2\",,,")
        .and("enrollments.csv", "f1,,,c7,s2,q1,student,,,")
        .and("enrollments.csv", "f2,,,c7,s2,p1,student,,,")
        .and("enrollments.csv", "f3,,,c7,s2,k1,teacher,,,")
}

async fn import(world: &World, target: Target, staged: &Staged) -> ImportOutcome {
    world.try_import(&world.operator(), target, staged, &ImportOptions::default()).await.unwrap()
}

async fn institution(world: &World, code: &str) -> InstitutionId {
    let mut read = world.service.db.read().await.unwrap();
    store::directory::institution_by_code(&mut read, code).await.unwrap().unwrap().id
}

#[tokio::test]
async fn an_authority_gets_all_its_schools_and_shared_pupils_are_one_person() {
    on_both(async |test: &TestDb| {
        let world = World::of(test).await;
        let target = Target::Authority(world.authority);
        let outcome = import(&world, target, &two_schools().staged()).await;
        assert!(outcome.report.applied);
        assert_eq!(counts(&outcome.report), "13/0/0 4/0/0 9/0/0 3/0/0");
        let (first, second) = (institution(&world, "280001").await, institution(&world, "280002").await);
        let (one, two) = (world.roster_of(first).await, world.roster_of(second).await);
        assert_eq!((one.pupils.len(), two.pupils.len()), (7, 2));
        let shared = one.pupils.iter().filter(|pupil| two.pupils.iter().any(|other| other.id == pupil.id));
        assert_eq!(shared.map(domain::Person::full_name).collect::<Vec<_>>(), ["Aya Hammoud"]);
        let revisions = (world.revision(first).await, world.revision(second).await);
        assert_eq!(counts(&import(&world, target, &two_schools().staged()).await.report), NOTHING);
        let moved = two_schools().with("users.csv", "Hugo,Vang", "Hugo,Vangs");
        assert_eq!(counts(&import(&world, target, &moved.staged()).await.report), "0/1/0 0/0/0 0/0/0 0/0/0");
        assert_eq!((world.revision(first).await, world.revision(second).await), (revisions.0, revisions.1 + 1));

        // A delta to a school that the last full file left as it was.
        let stamp = "2026-11-22T06:00:00.000Z";
        let renumbered = moved.with("enrollments.csv", "e1,", "e1b,").with("users.csv", "Ulla,Nymark", "Ulla,Nymarks");
        import(&world, target, &renumbered.staged()).await;
        let delta =
            Bundle::delta().changes("enrollments.csv", &[&format!("e1b,tobedeleted,{stamp},c4a,s1,p1,student,,,")]);
        let options = ImportOptions { accept_large_change: true, ..ImportOptions::default() };
        let outcome = world.try_import(&world.operator(), target, &delta.staged(), &options).await.unwrap();
        assert_eq!(counts(&outcome.report), "0/0/0 0/0/0 0/0/1 0/0/0");
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn one_school_of_several_is_found_by_its_code_and_the_others_are_named() {
    on_both(async |test: &TestDb| {
        let world = World::of(test).await;
        let target = Target::Institution(world.institution);
        let none = import(&world, target, &two_schools().staged()).await;
        assert!(!none.report.applied);
        assert_eq!(none.report.errors.len(), 1);
        assert_eq!(none.report.errors[0].code, "school-not-found");
        assert!(none.report.errors[0].message.ends_with("(2: 280001 Prøveby Skole, 280002 Engbæk Skole)"));
        for (from, to) in [("school,280002", "school,999014"), ("s2,,,Engbæk", "999014,,,Engbæk")] {
            let mut bundle = two_schools().with("orgs.csv", from, to);
            if from.starts_with("s2") {
                bundle = bundle.with("users.csv", "s2", "999014").with("classes.csv", ",s2,", ",999014,");
            }
            let one = import(&world, target, &bundle.staged()).await;
            assert!(one.report.applied, "{:?}", one.report.errors);
            let warning = one.report.warnings.iter().find(|warning| warning.code == "other-schools").unwrap();
            assert!(warning.message.ends_with("(1: 280001 Prøveby Skole)"));
            assert_eq!(world.pupils("2026-11-21").await, ["Aya Hammoud 4 7.A", "Hugo Vang 7 7.A"]);
        }
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn schools_without_a_code_of_their_own_are_refused() {
    on_both(async |test: &TestDb| {
        let world = World::of(test).await;
        let table = [
            (two_schools().with("orgs.csv", "280002", "280001"), "school-ambiguous", Some(4)),
            (two_schools().with("orgs.csv", "280002", "28 00 02"), "school-code", Some(4)),
            (Bundle::school().with("orgs.csv", ",school,", ",district,"), "school-none", None),
        ];
        for (bundle, code, line) in table {
            let outcome = import(&world, Target::Authority(world.authority), &bundle.staged()).await;
            assert!(!outcome.report.applied);
            let said: Vec<(&str, Option<u64>)> =
                outcome.report.errors.iter().map(|error| (error.code.as_str(), error.line)).collect();
            assert_eq!(said, [(code, line)]);
        }
        let mut read = world.service.db.read().await.unwrap();
        assert_eq!(store::directory::institutions(&mut read).await.unwrap().len(), 1, "nothing was made");
    })
    .await
    .unwrap();
}

async fn import_invented(world: &World, target: Target) -> ImportOutcome {
    let (operator, source) = (world.operator(), Source::Path(super::invented()));
    let options = ImportOptions::default();
    world.service.import_bundle(&operator, target, source, &options, Arc::new(|_| {})).await.unwrap()
}

/// From a zip file on the disk to one school, as those from outside, and wherever the tests run.
#[tokio::test]
async fn a_school_of_the_invented_roster_imports_and_changes_nothing_the_second_time() {
    on_both(async |test: &TestDb| {
        let world = World::of(test).await;
        let target = Target::Institution(world.institution);
        let outcome = import_invented(&world, target).await;
        assert_eq!(counts(&outcome.report), "10/0/0 2/0/0 8/0/0 2/0/0");
        let said: Vec<&str> = outcome.report.warnings.iter().map(|warning| warning.code.as_str()).collect();
        assert_eq!(said, ["other-schools"]);
        assert_eq!(counts(&import_invented(&world, target).await.report), NOTHING);
        let roster = world.roster().await;
        let mut names: Vec<&str> = roster.groups.iter().map(|group| group.name.as_str()).collect();
        names.sort_unstable();
        assert_eq!((roster.pupils.len(), roster.teachers.len(), names), (8, 2, vec!["3.A", "4.A"]));
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn all_schools_of_the_invented_roster_import_and_change_nothing_the_second_time() {
    on_both(async |test: &TestDb| {
        let world = World::of(test).await;
        let all = Target::Authority(world.authority);
        let outcome = import_invented(&world, all).await;
        assert_eq!((outcome.schools.len(), counts(&outcome.report).as_str()), (2, "16/0/0 3/0/0 13/0/0 3/0/0"));
        assert_eq!(counts(&import_invented(&world, all).await.report), NOTHING);
        let (first, second) = (institution(&world, "999014").await, institution(&world, "999015").await);
        let (first, second) = (world.roster_of(first).await, world.roster_of(second).await);
        let shared = second.pupils.iter().filter(|pupil| first.pupils.iter().any(|one| one.id == pupil.id));
        assert_eq!((first.pupils.len(), second.pupils.len(), shared.count()), (8, 5, 1), "one is at both schools");
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn the_rosters_from_outside_import_and_change_nothing_the_second_time() {
    let read = |name: &str| {
        let path = super::outside(name)?;
        Some(parse(&Source::Path(path), &Limits::default(), &|_| {}).unwrap())
    };
    let (Some(school), Some(district)) = (read("school-k12-large.zip"), read("district-medium.zip")) else { return };
    on_both(async |test: &TestDb| {
        let world = World::of(test).await;
        let target = Target::Institution(world.institution);
        assert_eq!(counts(&import(&world, target, &school).await.report), "1076/0/0 273/0/0 7280/0/0 273/0/0");
        assert_eq!(counts(&import(&world, target, &school).await.report), NOTHING);
        let roster = world.roster().await;
        let levels: std::collections::BTreeSet<u8> = roster.levels.iter().map(|fact| fact.what.1.rank()).collect();
        assert_eq!(levels, (0..=12).collect());
        assert_eq!((roster.pupils.len(), roster.teachers.len()), (1040, 35));
        let all = Target::Authority(world.authority);
        let outcome = import(&world, all, &district).await;
        assert_eq!(outcome.schools.len(), 8);
        let people = outcome.report.people;
        assert!(people.added >= 836, "{people:?}");
        assert_eq!(counts(&import(&world, all, &district).await.report), NOTHING);
    })
    .await
    .unwrap();
}
