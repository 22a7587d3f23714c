//! What an import of UNI-Login's documents does, on both engines.

use super::document::{Document, Kind, NATIONAL_NUMBER, employee};
use super::unilogin::said;
use super::world::{NOTHING, World, counts, noon};
use crate::import::{ImportOptions, Target};
use crate::people::tests::proved;
use crate::session::Presence;
use crate::sign_in::broker::BrokerOutcome;
use domain::import::{ImportOutcome, ImportReport};
use domain::{Capacity, IdentitySource};
use store::testing::on_both;
use uuid::Uuid;

impl World {
    pub(super) async fn look_at(&self, document: &Document) -> ImportOutcome {
        self.send(document, &ImportOptions { dry_run: true, ..ImportOptions::default() }).await
    }

    pub(super) async fn send(&self, document: &Document, options: &ImportOptions) -> ImportOutcome {
        let target = Target::Institution(self.institution);
        let tell = std::sync::Arc::new(|_| {});
        self.service.import_bundle(&self.operator(), target, document.source(), options, tell).await.unwrap()
    }

    pub(super) async fn read_in(&self, document: &Document) -> ImportReport {
        self.send(document, &ImportOptions::default()).await.report
    }
}

#[tokio::test]
async fn an_import_records_everybody_once() {
    on_both(async |test| {
        let world = World::of(test).await;
        let report = world.read_in(&Document::school()).await;
        assert!(report.applied && report.held.is_none(), "{:?} {:?}", report.errors, report.held);
        assert_eq!(counts(&report), "11/0/0 3/0/0 7/0/0 2/0/0");
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
        assert_eq!(world.teachers("2026-11-21").await, ["Bo Ravnsborg", "Mette Lindegaard"]);

        let revision = world.revision(world.institution).await;
        world.clock.set(noon("2026-11-25"));
        for (kind, at) in [(Kind::Import, "2026-11-24T06:00:00Z"), (Kind::Full, "2026-11-24T07:00:00Z")] {
            let again = world.read_in(&Document::school().kind(kind).at(at)).await;
            assert!(again.applied, "{:?}", again.errors);
            assert_eq!(counts(&again), NOTHING);
        }
        assert_eq!(world.revision(world.institution).await, revision, "not even the revision");
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn a_document_that_is_not_newer_is_refused() {
    on_both(async |test| {
        let world = World::of(test).await;
        world.read_in(&Document::school()).await;
        let fewer = Document::school().without("Krog");
        for at in ["2026-11-21T06:00:00+01:00", "2026-11-21T05:00:00Z", "2026-11-20T23:00:00Z", "2026-11-21T06:00:00"] {
            let refused = world
                .send(&fewer.clone().at(at), &ImportOptions { accept_large_change: true, ..ImportOptions::default() })
                .await;
            assert_eq!(said(&refused.report.errors), [" file-older 1"], "{at}");
            assert!(!refused.report.applied);
        }
        assert_eq!(world.pupils("2026-11-21").await.len(), 7);
        let other = Document { source: "Et andet system".into(), ..Document::school() };
        assert!(world.read_in(&other.at("2026-11-01T06:00:00Z")).await.applied, "each source has its own time");
        assert!(world.read_in(&Document::school().at("2026-11-21T06:00:01+01:00")).await.applied);
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn a_look_leaves_no_trace_and_an_answer_to_a_late_one_is_refused() {
    on_both(async |test| {
        let world = World::of(test).await;
        world.read_in(&Document::school()).await;
        let later = Document::school().without("Krog").at("2026-11-22T06:00:00Z");
        assert!(world.look_at(&later).await.report.held.is_some());
        let karen = world.session(&[Capacity::UserAdministration]);
        let options = ImportOptions { note_looks: true, dry_run: true, ..ImportOptions::default() };
        let target = Target::Institution(world.institution);
        let tell = std::sync::Arc::new(|_| {});
        let held = world.service.import_bundle(&karen, target, later.source(), &options, tell).await.unwrap();
        let id = held.held_as.expect("it waits");
        let accepted = world.service.accept_import(&karen, id, "Familien er flyttet", &|_| {}).await.unwrap();
        assert!(accepted.report.applied, "{:?}", accepted.report.errors);
        assert_eq!(said(&world.read_in(&later).await.errors), [" file-older 1"], "the yes counts as applied");
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn only_the_institution_itself_is_imported() {
    on_both(async |test| {
        let world = World::of(test).await;
        let other = Document { number: "280001".into(), ..Document::school() };
        let refused = world.read_in(&other).await;
        assert_eq!(said(&refused.errors), ["InstitutionNumber school-other 1 (280001)"]);
        let code = world.service.create_institution("999", "A1b2C3", "Bøgeskolen").await.unwrap();
        let lettered = Document { number: "a1B2c3".into(), ..Document::school() };
        for target in [Target::Institution(code), Target::Authority(world.authority)] {
            let options = ImportOptions { dry_run: true, ..ImportOptions::default() };
            let outcome = world.try_import(&world.operator(), target, &lettered.staged(), &options).await.unwrap();
            assert_eq!(outcome.report.errors, []);
            assert_eq!(outcome.schools[0].institution, Some(code), "large and small letters are the same");
        }
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn several_roles_are_several_user_types() {
    on_both(async |test| {
        let world = World::of(test).await;
        world.read_in(&Document::school()).await;
        world.clock.set(noon("2026-11-25"));
        let moved = Document::school()
            .with("<Role>Vikar</Role>", "<Role>Leder</Role><Role>Ledelse</Role>")
            .at("2026-11-24T06:00:00Z");
        assert_eq!(counts(&world.read_in(&moved).await), "0/1/0 0/0/0 0/0/0 0/0/0");
        let mut read = world.service.db.read().await.unwrap();
        let roster = store::import::file_roster(
            &mut read,
            world.institution,
            world.authority.0,
            store::import::FILE_SOURCE,
            noon("2026-11-25"),
        );
        let roster = roster.await.unwrap();
        let bo = roster.people.iter().find(|person| person.source_id == "l2").unwrap().person;
        let mut types: Vec<&str> =
            roster.affiliations.iter().filter(|a| a.person == bo).map(|a| a.user_type.code()).collect();
        types.sort_unstable();
        assert_eq!(types, ["leader", "management", "teacher"]);
    })
    .await
    .unwrap();
}

/// Signs in through the broker with this UNI-Login, and answers where one is and what one may act as; or from when.
async fn at_the_broker(world: &World, uni_id: &str) -> Result<(usize, Vec<Capacity>), usize> {
    let network = crate::sign_in::tests::network(1);
    let outcome = world.service.sign_in_with_broker(&proved(uni_id), &network, Uuid::nil()).await.unwrap();
    let BrokerOutcome::In(token) = outcome else { panic!("{uni_id}: {outcome:?}") };
    match world.service.presence(Some(&token), Uuid::nil()).await.unwrap() {
        Presence::SignedIn(who) => Ok((who.me.places, who.me.capacities)),
        Presence::ChoosePlace(choose) if choose.places.is_empty() => Err(choose.coming.len()),
        Presence::ChoosePlace(choose) => Ok((choose.places.len(), Vec::new())),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn staff_sign_in_with_their_unilogin_from_the_next_night_on_and_are_one_person_at_two_schools() {
    on_both(async |test| {
        let world = World::of(test).await;
        let ea = |id: &str| employee(id, ("Ea", "Lund"), &["Lærer"], &["g4a"]).replace("1000013b36", "TEACH123");
        world.service.set_source_of_institution("999014", IdentitySource::Unilogin).await.unwrap();
        let report = world.read_in(&Document::school().and(ea("l9"))).await;
        assert!(report.applied, "{:?}", report.errors);
        assert_eq!(at_the_broker(&world, "teach123").await, Err(1), "from the next night");
        assert!(!world.pupils("2026-11-21").await.is_empty(), "pupils do not wait");
        assert!(!world.teachers("2026-11-21").await.contains(&"Ea Lund".to_owned()));
        world.clock.set(noon("2026-11-22"));
        assert_eq!(at_the_broker(&world, "teach123").await, Ok((1, vec![Capacity::Teaching])));
        assert!(world.teachers("2026-11-22").await.contains(&"Ea Lund".to_owned()));
        // Read again, nothing is different: what waited is no change.
        world.clock.set(noon("2026-11-25"));
        let again = world.read_in(&Document::school().and(ea("l9")).at("2026-11-24T06:00:00Z")).await;
        assert_eq!(counts(&again), NOTHING);
        // Another school's document names the same UNI-Login otherwise: the same person. At a school of accounts
        // what a roster adds counts at once.
        let institution = world.service.create_institution("999", "999015", "Engskolen").await.unwrap();
        let (service, clock) = (world.service.clone(), std::sync::Arc::clone(&world.clock));
        let there = World { service, clock, authority: world.authority, institution };
        let mut document = Document::school().and(ea("other9"));
        document.number = "999015".to_owned();
        let report = there.read_in(&document).await;
        assert!(report.applied, "{:?}", report.errors);
        assert_eq!(at_the_broker(&world, "teach123").await, Ok((2, Vec::new())));
        // A pupil's UNI-Login is none that signs in here.
        let network = crate::sign_in::tests::network(1);
        let pupil = world.service.sign_in_with_broker(&proved("henr276q"), &network, Uuid::nil()).await.unwrap();
        assert!(matches!(pupil, BrokerOutcome::Unknown), "{pupil:?}");
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn an_empty_document_is_held() {
    on_both(async |test| {
        let world = World::of(test).await;
        world.read_in(&Document::school()).await;
        let nobody = Document { people: Vec::new(), ..Document::school() }.at("2026-11-22T06:00:00Z");
        let held = world.read_in(&nobody).await;
        assert!(!held.applied && held.held.is_some_and(|why| why.contains("InstitutionPerson is empty")));
        assert_eq!(world.pupils("2026-11-21").await.len(), 7);
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn protected_people_have_an_alias_from_the_first_moment() {
    on_both(async |test| {
        let world = World::of(test).await;
        let protected = Document::school().with("<Person><FirstName>Aya", "<Person protected=\"true\"><FirstName>Aya");
        let looked = world.look_at(&protected).await;
        assert!(!format!("{looked:?}").contains("Hammoud"), "the preview shows the alias");
        assert!(format!("{looked:?}").contains("Beskyttet elev"));
        world.read_in(&protected).await;
        let pupils = world.pupils("2026-11-21").await;
        assert!(pupils.iter().any(|line| line == "Beskyttet elev 1 4 4.A Mat 4"), "{pupils:?}");

        world.clock.set(noon("2026-11-25"));
        let another = protected
            .with(
                "<Person><FirstName>Bo</FirstName><FamilyName>Krog",
                "<Person protected=\"1\"><FirstName>Bo</FirstName><FamilyName>Krog",
            )
            .at("2026-11-24T06:00:00Z");
        let report = world.look_at(&another).await;
        assert!(!format!("{report:?}").contains("Krog"));
        assert_eq!(counts(&world.read_in(&another).await), "0/1/0 0/0/0 0/0/0 0/0/0");
        let pupils = world.pupils("2026-11-25").await;
        assert!(pupils.iter().any(|line| line == "Beskyttet elev 2 4 4.A"), "{pupils:?}");

        world.clock.set(noon("2026-11-27"));
        world.read_in(&Document::school().at("2026-11-26T06:00:00Z")).await;
        let pupils = world.pupils("2026-11-27").await;
        assert!(!format!("{pupils:?}").contains("Krog"), "a file does not unprotect: {pupils:?}");
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn a_national_number_is_nowhere() {
    on_both(async |test| {
        let world = World::of(test).await;
        let bare = NATIONAL_NUMBER.replace('-', "");
        // Odd in every way, so that there is something to say about each element.
        let odd = Document::school()
            .with("<Level>Andet</Level>", "<Level>11</Level>")
            .with("<UserId>1000013b36</UserId>", "<UserId>x</UserId>")
            .with("<CivilRegistrationNumberType>", "<Unknown/><CivilRegistrationNumberType>");
        let applied = world.send(&odd, &ImportOptions::default()).await;
        assert!(applied.report.applied && !applied.report.warnings.is_empty());
        let held = odd.clone().without("Krog").without("Toft").at("2026-11-22T06:00:00Z");
        let held = world.send(&held, &ImportOptions { note_looks: true, ..ImportOptions::default() }).await;
        assert!(held.held_as.is_some(), "what was read waits in the database");
        let as_id = odd.with("<LocalPersonId>p1<", &format!("<LocalPersonId>{bare}<")).at("2026-11-23T06:00:00Z");
        let refused = world.send(&as_id, &ImportOptions::default()).await;
        assert!(!refused.report.errors.is_empty());
        for outcome in [&applied, &held, &refused] {
            let told = format!("{outcome:?}");
            assert!(!told.contains(&bare) && !told.contains(NATIONAL_NUMBER), "{told}");
        }
        assert!(!test.holding("Hammoud").await.unwrap().is_empty(), "the search finds what is there");
        for number in [bare.as_str(), NATIONAL_NUMBER] {
            assert_eq!(test.holding(number).await.unwrap(), [""; 0]);
        }
    })
    .await
    .unwrap();
}
