//! What an import does to a school, on both engines.

use super::bundle::Bundle;
use super::world::{NOTHING, World, counts, noon};
use crate::Fault;
use crate::import::{ImportOptions, Target};
use domain::exchange::RefusalCode;
use domain::import::{Difference, HeldKind};
use domain::staff_right::StaffRight;
use domain::{Capacity, InstitutionId, PersonId, Window};
use store::staff_right::StaffRightFact;
use store::testing::on_both;
use uuid::Uuid;

#[tokio::test]
async fn the_first_import_records_everybody_once() {
    on_both(async |test| {
        let world = World::of(test).await;
        let report = world.import(&Bundle::school()).await;
        assert!(report.applied && report.held.is_none() && report.errors.is_empty());
        assert_eq!(counts(&report), "10/0/0 3/0/0 7/0/0 2/0/0");
        let pupils = [
            "Aya Hammoud 4 4.A Mat 4",
            "Bo Krog 4 4.A",
            "Clara Toft 4 4.A",
            "Ditte Lund 4 4.B Mat 4",
            "Emil Bech 4 4.B",
            "Freja Holm 0",
            "Gry Dam",
        ];
        assert_eq!(world.pupils("2026-11-21").await, pupils);
        assert_eq!(world.pupils("2027-07-31").await, pupils);
        assert_eq!(world.pupils("2027-08-01").await[0], "Aya Hammoud 4", "places end with the school year");
        assert_eq!(world.pupils("2026-11-20").await, [""; 0], "nothing was known the day before");
        assert_eq!(world.teachers("2026-11-21").await, ["Bo Ravnsborg", "Mette Lindegaard"]);
        let start = domain::Zone::Copenhagen.start_of("2026-08-01".parse().unwrap());
        let roster = world.roster().await;
        assert!(roster.levels.iter().all(|fact| fact.valid == Window::since(start)), "from the school year's start");
        assert_eq!(roster.teaches.len(), 2);

        let revision = world.revision(world.institution).await;
        let again = world.import(&Bundle::school()).await;
        assert!(again.applied);
        assert_eq!(counts(&again), NOTHING);
        assert_eq!((world.roster().await, world.revision(world.institution).await), (roster, revision));
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn the_school_year_turns() {
    on_both(async |test| {
        let world = World::of(test).await;
        world.import(&Bundle::school()).await;
        world.clock.set(noon("2027-08-20"));
        assert_eq!(counts(&world.import(&Bundle::school()).await), NOTHING);
        let next_year = Bundle::school()
            .with("academicSessions.csv", "2027-", "2028-")
            .with("academicSessions.csv", "2026-", "2027-")
            .with("enrollments.csv", "2027-", "2028-")
            .with("enrollments.csv", "2026-", "2027-")
            .with("enrollments.csv", "c4", "c5")
            .with("classes.csv", "c4", "c5")
            .with("classes.csv", "4.", "5.");
        let turned = world.import(&next_year).await;
        assert!(turned.applied, "the turn of the year is no loss: {:?}", turned.held);
        assert_eq!(counts(&turned), "0/0/0 2/0/2 7/0/0 2/0/0");
        assert!(world.pupils("2027-08-20").await.contains(&"Bo Krog 4 5.A".into()));
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn who_is_missing_is_deactivated_and_comes_back() {
    on_both(async |test| {
        let world = World::of(test).await;
        world.import(&Bundle::school()).await;
        world.clock.set(noon("2026-11-25"));
        let without = Bundle::school().without("users.csv", "Krog").without("enrollments.csv", "e2,");
        let held = world.import(&without).await;
        assert!(!held.applied);
        assert_eq!(
            held.held.as_deref(),
            Some("1 of 7 pupils are missing from the file; 1 of 7 memberships are missing from the file")
        );
        assert_eq!(counts(&held), "0/0/1 0/0/0 0/0/1 0/0/0");
        assert!(world.pupils("2026-11-25").await.contains(&"Bo Krog 4 4.A".into()), "nothing was written");
        let accepted = world.import_with(&without, true).await;
        assert!(accepted.applied && accepted.held.is_none());
        assert!(!world.pupils("2026-11-25").await.iter().any(|line| line.contains("Krog")));
        assert!(world.pupils("2026-11-24").await.contains(&"Bo Krog 4 4.A".into()), "yesterday stays as it was");
        assert_eq!(world.roster().await.pupils.len(), 7, "nobody is deleted");
        assert_eq!(counts(&world.import(&without).await), NOTHING);
        world.clock.set(noon("2026-12-01"));
        assert_eq!(counts(&world.import(&Bundle::school()).await), "1/0/0 0/0/0 1/0/0 0/0/0");
        assert!(world.pupils("2026-12-01").await.contains(&"Bo Krog 4 4.A".into()));
        assert!(!world.pupils("2026-11-28").await.iter().any(|line| line.contains("Krog")));
        assert_eq!(world.roster().await.pupils.len(), 7, "the same person again");
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn a_pupil_moves_and_is_in_one_class_at_any_time() {
    on_both(async |test| {
        let world = World::of(test).await;
        world.import(&Bundle::school()).await;
        world.clock.set(noon("2026-11-25"));
        let moved = Bundle::school().with("enrollments.csv", "e3,,,c4a", "e3,,,c4b");
        assert_eq!(counts(&world.import_with(&moved, true).await), "0/0/0 0/0/0 1/0/1 0/0/0");
        assert!(world.pupils("2026-11-25").await.contains(&"Clara Toft 4 4.B".into()));
        assert!(world.pupils("2026-11-24").await.contains(&"Clara Toft 4 4.A".into()));
        let earlier = moved.with(
            "enrollments.csv",
            "e3,,,c4b,s1,p3,student,,2026-08-10,2027-06-25",
            "e3,,,c4b,s1,p3,student,,2026-08-10,2026-12-18",
        );
        assert_eq!(counts(&world.import(&earlier).await), "0/0/0 0/0/0 0/1/0 0/0/0");
        assert!(world.pupils("2026-12-18").await.contains(&"Clara Toft 4 4.B".into()));
        assert!(world.pupils("2026-12-19").await.contains(&"Clara Toft 4".into()));
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn names_levels_and_groups_change_and_later_levels_date_from_the_import() {
    on_both(async |test| {
        let world = World::of(test).await;
        world.import(&Bundle::school()).await;
        world.clock.set(noon("2026-11-25"));
        let changed = Bundle::school()
            .with(
                "users.csv",
                "Aya,Hammoud,,1234567890,a@b.example,,,,04",
                "Aya,Hammoud Lund,,1234567890,a@b.example,,,,05",
            )
            .with("users.csv", ",KG,", ",Andet,")
            .with("classes.csv", "Mat 4,04", "Matematik 4,04")
            .and("users.csv", "p8,,,true,s1,student,x,,Ida,Ny,,,,,,,04,");
        assert_eq!(counts(&world.import(&changed).await), "1/2/0 0/1/0 0/0/0 0/0/0");
        let today = world.pupils("2026-11-25").await;
        assert_eq!(today[0], "Aya Hammoud Lund 5 4.A Matematik 4");
        assert!(today.contains(&"Freja Holm".into()) && today.contains(&"Ida Ny 4".into()));
        assert!(world.pupils("2026-11-24").await[0].ends_with(" 4 4.A Matematik 4"), "the level was 4 the day before");
        let roster = world.roster().await;
        let fifth = roster.levels.iter().find(|fact| fact.what.1.rank() == 5).unwrap();
        assert_eq!(fifth.valid, Window::since(noon("2026-11-25")));
        let fourth = roster.levels.iter().filter(|fact| fact.valid.from == noon("2026-11-25"));
        assert_eq!(fourth.count(), 2, "the new pupil's level dates from the import too");
        assert_eq!(counts(&world.import(&changed).await), NOTHING);
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn a_group_that_is_gone_and_back_is_the_same_group() {
    on_both(async |test| {
        let world = World::of(test).await;
        world.import(&Bundle::school()).await;
        let ids = |roster: domain::Roster| roster.groups.iter().map(|group| group.id).collect::<Vec<_>>();
        let before = ids(world.roster().await);
        let without = Bundle::school().without("classes.csv", "m4,").without("enrollments.csv", ",m4,");
        assert_eq!(counts(&world.import_with(&without, true).await), "0/0/0 0/0/1 0/0/2 0/0/1");
        assert_eq!(counts(&world.import(&Bundle::school()).await), "0/0/0 1/0/0 2/0/0 1/0/0");
        assert_eq!(ids(world.roster().await), before);
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn new_teachers_book_and_run_once_and_a_removal_survives() {
    on_both(async |test| {
        let world = World::of(test).await;
        world.import(&Bundle::school()).await;
        let rights = async || {
            let mut read = world.service.db.read().await.unwrap();
            let all = store::staff_right::current(&mut read, world.institution).await.unwrap();
            all.into_iter().map(|fact| (fact.person, fact.right, fact.granted)).collect::<Vec<_>>()
        };
        let given = rights().await;
        assert_eq!(given.len(), 4, "two teachers, two rights; nobody else");
        assert!(given.iter().all(|(_, _, granted)| *granted));
        let person = given[0].0;
        let (id, now) = (Uuid::from_u128(7), world.service.env.now());
        let done: Result<(), store::Error> = store::write!(test.db, async |tx| {
            let removal = StaffRightFact {
                id,
                person,
                right: StaffRight::Booking,
                granted: false,
                author: PersonId(Uuid::nil()),
                author_name: "Karen Østergård".into(),
                recorded: Window::since(now),
            };
            store::staff_right::record(tx, world.institution, &[removal]).await
        });
        done.unwrap();
        let removed = rights().await;
        for teachers in ["Lindegaard", "Ravnsborg"] {
            world.clock.set(noon("2026-11-25"));
            world.import_with(&Bundle::school().without("users.csv", teachers), true).await;
            world.import(&Bundle::school()).await;
        }
        assert_eq!(rights().await, removed);
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn a_file_without_rows_is_held() {
    on_both(async |test| {
        let world = World::of(test).await;
        world.import(&Bundle::school()).await;
        let mut empty = Bundle::school();
        empty.raw("users.csv", Vec::new());
        let held = world.import(&empty).await;
        assert!(!held.applied);
        assert!(held.held.unwrap().contains("users.csv is empty"));
        assert_eq!(world.pupils("2026-11-21").await.len(), 7);
        let fresh = InstitutionId(Uuid::nil());
        let unknown = world
            .try_import(&world.operator(), Target::Institution(fresh), &empty.staged(), &ImportOptions::default())
            .await;
        assert!(matches!(unknown, Err(Fault::Refused(refusal)) if refusal.code == RefusalCode::NotFound));
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn a_preview_shows_names_and_writes_nothing() {
    on_both(async |test| {
        let world = World::of(test).await;
        world.import(&Bundle::school()).await;
        let roster = world.roster().await;
        let bo = roster.pupils.iter().find(|pupil| pupil.given == "Bo").unwrap().id;
        let done: Result<(), store::Error> =
            store::write!(test.db, async |tx| { store::directory::protect_person(tx, bo, true).await.map(|_| ()) });
        done.unwrap();
        let next = Bundle::school()
            .without("users.csv", "Krog")
            .without("users.csv", "Clara")
            .with("users.csv", "Emil,Bech", "Emil,Beck")
            .and("users.csv", "p8,,,true,s1,student,x,,Ida,Ny,,,,,,,04,")
            .and("enrollments.csv", "e50,,,c4b,s1,p8,student,,,");
        let options = ImportOptions { dry_run: true, ..ImportOptions::default() };
        let actor = world.session(&[Capacity::UserAdministration]);
        let outcome =
            world.try_import(&actor, Target::Institution(world.institution), &next.staged(), &options).await.unwrap();
        assert!(!outcome.report.applied && outcome.report.held.is_some());
        let people = outcome.schools[0].differences.iter().filter(|line| line.kind == HeldKind::Pupils);
        let said: Vec<_> = people.map(|line| (line.difference, line.group.as_str(), line.name.as_str())).collect();
        assert_eq!(
            said,
            [
                (Difference::Added, "4.B", "Ida Ny"),
                (Difference::Changed, "4.B", "Emil Bech"),
                (Difference::Gone, "4.A", "Beskyttet elev"),
                (Difference::Gone, "4.A", "Clara Toft"),
            ]
        );
        assert_eq!(world.roster().await.memberships, roster.memberships);
        let back = Bundle::school().with("users.csv", "Emil,Bech", "Emil,Beck");
        world.import(&back).await;
        let shown: Vec<String> = world.pupils("2026-11-21").await;
        assert!(shown.contains(&"Beskyttet elev 1 4 4.A".into()), "{shown:?}");
        assert_eq!(counts(&world.import(&back).await), NOTHING);
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn only_user_administration_at_the_school_and_the_operator_import() {
    on_both(async |test| {
        let world = World::of(test).await;
        let staged = Bundle::school().staged();
        let here = Target::Institution(world.institution);
        let elsewhere = Target::Institution(InstitutionId(Uuid::from_u128(9)));
        let all = Target::Authority(world.authority);
        let user_administration = [Capacity::UserAdministration];
        let others = [
            Capacity::Teaching,
            Capacity::TestAdministration,
            Capacity::Leadership,
            Capacity::AccountDeletion,
            Capacity::MunicipalOversight,
            Capacity::Appointment,
        ];
        let mut as_operator = world.session(&user_administration);
        as_operator.via = crate::Via::OperatorAs;
        let mut system = world.session(&user_administration);
        system.via = crate::Via::System;
        let table = [
            (world.session(&user_administration), here, true),
            (world.session(&others), here, false),
            (world.session(&[]), here, false),
            (world.session(&user_administration), elsewhere, false),
            (world.session(&user_administration), all, false),
            (as_operator, here, false),
            (system, here, false),
        ];
        for (actor, target, allowed) in table {
            for dry_run in [true, false] {
                let options = ImportOptions { dry_run, ..ImportOptions::default() };
                match world.try_import(&actor, target, &staged, &options).await {
                    Ok(_) => assert!(allowed, "{actor:?} {target:?}"),
                    Err(Fault::Refused(refusal)) => {
                        assert_eq!(refusal.code, RefusalCode::NotAllowed);
                        assert!(!allowed, "{actor:?} {target:?}");
                    }
                    Err(other) => panic!("{other}"),
                }
            }
        }
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn a_delta_after_a_full_file_says_what_a_full_file_would() {
    on_both(async |test| {
        let world = World::of(test).await;
        let stamp = "2026-11-20T06:00:00.000Z";
        let delta = Bundle::delta()
            .changes("users.csv", &[&format!("p1,active,{stamp},true,s1,student,x,,Aya,Lund,,,,,,,05,")])
            .changes("enrollments.csv", &[&format!("e1,active,{stamp},c4b,s1,p1,student,,2026-08-10,2027-06-25")]);
        let early = world.import(&delta).await;
        assert!(!early.applied);
        let codes: Vec<&str> = early.errors.iter().map(|error| error.code.as_str()).collect();
        assert_eq!(codes, ["school-none"], "no full file has said which school it is");
        world.import(&Bundle::school()).await;
        assert_eq!(counts(&world.import_with(&delta, true).await), "0/1/0 0/0/0 1/0/1 0/0/0");
        assert_eq!(world.pupils("2026-11-21").await[0], "Aya Lund 5 4.B Mat 4");
        assert_eq!(counts(&world.import(&delta).await), NOTHING);
        assert_eq!(world.pupils("2026-11-21").await.len(), 7, "who is not named stays");
    })
    .await
    .unwrap();
}
