//! Somebody whom two schools' documents name by the same UNI-Login, and what becomes of flags when documents stop
//! naming their holder; on both engines.

use super::document::{Document, employee};
use super::world::{NOTHING, World, counts, noon};
use crate::import::ImportOptions;
use domain::{Flag, IdentitySource, PersonId, UserType};
use std::sync::Arc;
use store::affiliation::{BY_HAND, NewAffiliation};
use store::flag::NewFlag;
use store::testing::on_both;
use uuid::Uuid;

/// Ea's UNI-Login.
const EA: &str = "teach123";

/// A document with Ea in it, under the school's own id of her.
fn with_ea(number: &str, id: &str, family: &str) -> Document {
    let ea = employee(id, ("Ea", family), &["Lærer"], &["g4a"]).replace("1000013b36", EA);
    Document { number: number.to_owned(), ..Document::school().and(ea) }
}

impl World {
    /// Another school of the authority, with the same clock.
    async fn beside(&self, code: &str) -> Self {
        let institution = self.service.create_institution("999", code, "Engskolen").await.unwrap();
        Self { service: self.service.clone(), clock: Arc::clone(&self.clock), authority: self.authority, institution }
    }

    async fn read_all(&self, document: &Document) {
        let options = ImportOptions { accept_large_change: true, ..ImportOptions::default() };
        let report = self.send(document, &options).await.report;
        assert!(report.applied, "{:?}", report.errors);
    }

    async fn ea(&self) -> PersonId {
        let mut read = self.service.db.read().await.unwrap();
        store::broker::person_of(&mut read, &EA.parse().unwrap()).await.unwrap().expect("Ea")
    }

    /// What the teacher called Ea, or protected, is called.
    async fn called(&self, day: &str) -> Vec<String> {
        let mut all = self.teachers(day).await;
        all.retain(|name| name.starts_with("Ea ") || name.starts_with("Beskyttet"));
        all
    }
}

#[tokio::test]
async fn the_first_files_that_name_somebody_say_the_name_for_as_long_as_they_do() {
    on_both(async |test| {
        let here = World::of(test).await;
        let there = here.beside("999015").await;
        here.read_all(&with_ea("999014", "l9", "Lund")).await;
        let looked = there.look_at(&with_ea("999015", "m1", "Lund-Berg")).await;
        assert!(format!("{looked:?}").contains("Ea Lund"), "somebody known is shown as they are known");
        assert!(!format!("{looked:?}").contains("Lund-Berg"));
        let report = there.read_in(&with_ea("999015", "m1", "Lund-Berg")).await;
        assert_eq!(counts(&report), "12/0/0 3/0/0 7/0/0 3/0/0", "at this school she is new");
        for world in [&here, &there] {
            assert_eq!(world.called("2026-11-21").await, ["Ea Lund"]);
        }
        // Night after night the two say other names, and nothing is different.
        here.clock.set(noon("2026-11-22"));
        let again = there.read_in(&with_ea("999015", "m1", "Lund-Berg").at("2026-11-22T06:00:00Z")).await;
        assert_eq!(counts(&again), NOTHING);
        let married = here.read_in(&with_ea("999014", "l9", "Krogh").at("2026-11-22T06:00:00Z")).await;
        assert_eq!(counts(&married), "0/1/0 0/0/0 0/0/0 0/0/0");
        assert_eq!(there.called("2026-11-22").await, ["Ea Krogh"]);
        // She leaves the first school: what is left to name her says the name.
        here.clock.set(noon("2026-11-24"));
        here.read_all(&Document::school().at("2026-11-24T06:00:00Z")).await;
        let moved = there.read_in(&with_ea("999015", "m1", "Lund-Berg").at("2026-11-24T06:00:00Z")).await;
        assert_eq!(counts(&moved), "0/1/0 0/0/0 0/0/0 0/0/0");
        assert_eq!(there.called("2026-11-24").await, ["Ea Lund-Berg"]);
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn a_document_that_names_the_same_unilogin_under_a_second_id_makes_no_one_of_two() {
    on_both(async |test| {
        let here = World::of(test).await;
        here.read_all(&with_ea("999014", "l9", "Lund")).await;
        let ea = here.ea().await;
        // The source has moved her id to a colleague, and names her without: nobody knows which of them it is.
        here.clock.set(noon("2026-11-22"));
        let both = with_ea("999014", "l10", "Holm").and(employee("l9", ("Ea", "Lund"), &["Lærer"], &["g4a"]));
        here.read_all(&both.at("2026-11-22T06:00:00Z")).await;
        assert_eq!(here.called("2026-11-22").await, ["Ea Holm", "Ea Lund"]);
        assert_eq!(here.ea().await, ea, "the id stays whose it was");
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn who_is_protected_in_one_schools_document_is_protected_at_the_other_at_once() {
    on_both(async |test| {
        let here = World::of(test).await;
        let there = here.beside("999015").await;
        here.read_all(&with_ea("999014", "l9", "Lund")).await;
        let revision = here.revision(here.institution).await;
        let protected = with_ea("999015", "m1", "Lund")
            .with("<Person><FirstName>Ea</FirstName>", "<Person protected=\"true\"><FirstName>Ea</FirstName>");
        let looked = there.look_at(&protected).await;
        assert!(!format!("{looked:?}").contains("Ea Lund"));
        there.read_all(&protected).await;
        for world in [&here, &there] {
            let called = world.called("2026-11-21").await;
            assert!(called.len() == 1 && called[0].starts_with("Beskyttet"), "{called:?}");
        }
        assert!(here.revision(here.institution).await > revision, "what was worked out of her there is no more");
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn a_flag_ends_with_the_roster_that_named_its_holder_and_does_not_come_back() {
    on_both(async |test| {
        let world = World::of(test).await;
        world.service.set_source_of_institution("999014", IdentitySource::Unilogin).await.unwrap();
        world.read_all(&with_ea("999014", "l9", "Lund")).await;
        let ea = world.ea().await;
        let give = async |id: u128, affiliated_until: Option<&str>| {
            let now = world.service.env.now();
            let flag = NewFlag {
                id: Uuid::from_u128(id),
                person: ea,
                flag: Flag::TestAdministration,
                source: BY_HAND,
                author: PersonId(Uuid::nil()),
                author_name: "",
                from: now,
                recorded: now,
            };
            let affiliation = affiliated_until.map(|day| NewAffiliation {
                id: Uuid::from_u128(id + 1),
                person: ea,
                user_type: UserType::External,
                source: BY_HAND,
                from: now,
                until: Some(noon(day)),
                recorded: now,
            });
            let done: Result<(), store::Error> = store::write!(test.db, async |tx| {
                if let Some(affiliation) = &affiliation {
                    store::affiliation::insert(tx, world.institution, affiliation).await?;
                }
                store::flag::give(tx, world.institution, &flag).await
            });
            done.unwrap();
        };
        give(10, None).await;
        let held = async || {
            let mut read = world.service.db.read().await.unwrap();
            let now = world.service.env.now();
            store::flag::live_of(&mut read, world.institution, ea, now).await.unwrap()
        };
        // Another role in the place of the first, in one document, is no end.
        world.clock.set(noon("2026-11-23"));
        let mut leads = with_ea("999014", "l9", "Lund");
        for person in leads.people.iter_mut().filter(|person| person.contains(EA)) {
            *person = person.replace("Lærer", "Leder");
        }
        world.read_all(&leads.at("2026-11-23T06:00:00Z")).await;
        assert_eq!(held().await, [Flag::TestAdministration]);
        world.clock.set(noon("2026-11-25"));
        world.read_all(&Document::school().at("2026-11-25T06:00:00Z")).await;
        assert!(held().await.is_empty(), "with the document that names her no more");
        // By hand for two days; nobody ends what ends by itself.
        give(20, Some("2026-11-27")).await;
        world.clock.set(noon("2026-11-28"));
        assert_eq!(held().await, [Flag::TestAdministration]);
        world.read_all(&with_ea("999014", "l9", "Lund").at("2026-11-28T06:00:00Z")).await;
        assert!(held().await.is_empty(), "before the document that names her again");
    })
    .await
    .unwrap();
}
