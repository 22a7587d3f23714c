//! The school year turns, in UNI-Login's documents: on both engines.

use super::document::{Document, group, pupil};
use super::world::{World, noon};
use crate::import::ImportOptions;
use domain::GroupId;
use domain::import::{CarriedClass, Held, ImportOutcome};
use store::testing::{TestDb, on_both};

const NAMES: [&str; 10] = ["Aya", "Bo", "Carl", "Dina", "Eva", "Finn", "Gro", "Hans", "Ida", "Jens"];

/// Ten pupils of a class, whose ids begin with a letter.
fn class(letter: char, id: &str, level: &str, from: usize, count: usize) -> Vec<String> {
    let one = |nth: usize| pupil(&format!("{letter}{nth}"), (NAMES[nth % 10], "Ens"), level, id, &[]);
    (from..from + count).map(one).collect()
}

/// Classes as (letter of their pupils, name, id, level, first pupil, how many).
fn document(year: u16, at: &str, classes: &[(char, &str, &str, &str, usize, usize)]) -> Document {
    let groups = classes.iter().map(|(_, name, id, level, ..)| group(id, name, "Hovedgruppe", level)).collect();
    let people =
        classes.iter().flat_map(|(letter, _, id, level, from, n)| class(*letter, id, level, *from, *n)).collect();
    let year = format!("{year}-{}", year + 1);
    Document { groups, people, year, ..Document::school() }.at(at)
}

fn this_year() -> Document {
    document(
        2026,
        "2026-11-21T06:00:00Z",
        &[
            ('z', "0.A", "k0a", "0", 0, 10),
            ('a', "2.A", "k2a", "2", 0, 10),
            ('b', "2.B", "k2b", "2", 0, 10),
            ('c', "9.A", "k9a", "9", 0, 10),
            ('d', "10.X", "k10", "10", 0, 10),
            ('e', "Spec", "kdt", "Andet", 0, 10),
        ],
    )
}

async fn school(test: &TestDb) -> World {
    let world = World::of(test).await;
    assert!(world.read_in(&this_year()).await.applied);
    world.clock.set(noon("2027-08-09"));
    world
}

impl World {
    async fn groups(&self) -> Vec<(String, GroupId)> {
        let mut all: Vec<_> = self.roster().await.groups.into_iter().map(|group| (group.name, group.id)).collect();
        all.sort();
        all
    }

    async fn id_of(&self, name: &str) -> GroupId {
        let all = self.groups().await;
        let mut named = all.iter().filter(|(own, _)| own == name);
        let found = named.next().unwrap_or_else(|| panic!("{name} in {all:?}")).1;
        assert!(named.next().is_none(), "{name} twice in {all:?}");
        found
    }
}

fn carried(outcome: &ImportOutcome) -> Vec<String> {
    let one = |CarriedClass { from, to, same, of }: &CarriedClass| format!("{from} {to} {same}/{of}");
    outcome.schools[0].carried.iter().map(one).collect()
}

const YES: ImportOptions = ImportOptions {
    file_name: String::new(),
    dry_run: false,
    accept_large_change: true,
    accept_new_year: true,
    note_looks: false,
};

#[tokio::test]
async fn a_new_school_year_is_held_until_somebody_says_yes_to_that() {
    on_both(async |test| {
        let world = school(test).await;
        let same_year = this_year().at("2027-06-01T06:00:00Z");
        let looked = world.look_at(&same_year).await;
        assert!(!looked.schools[0].held.iter().any(|held| matches!(held, Held::NewSchoolYear { .. })));
        assert!(looked.schools[0].carried.is_empty(), "within a year ids tell");

        let turned =
            document(2027, "2027-08-08T06:00:00Z", &[('a', "3.A", "n3a", "3", 0, 10), ('b', "3.B", "n3b", "3", 0, 10)]);
        let large = ImportOptions { accept_large_change: true, ..ImportOptions::default() };
        let held = world.send(&turned, &large).await;
        assert!(!held.report.applied, "a yes to a large change is none to a new year");
        let (from, to) = (domain::SchoolYear(2026), domain::SchoolYear(2027));
        assert!(held.schools[0].held.contains(&Held::NewSchoolYear { from, to }));
        assert_eq!(carried(&held), ["2.A 3.A 10/10", "2.B 3.B 10/10"]);
        assert_eq!(world.groups().await.len(), 6, "nothing was written");

        let before = [world.id_of("2.A").await, world.id_of("2.B").await];
        let applied = world.send(&turned, &YES).await;
        assert!(applied.report.applied, "{:?}", applied.report.errors);
        assert_eq!([world.id_of("3.A").await, world.id_of("3.B").await], before, "the group keeps our id");
        assert!(!world.groups().await.iter().any(|(name, _)| name == "2.A"));
        assert!(world.pupils("2027-08-10").await.contains(&"Aya Ens 3 3.A".into()));
        let again = world.send(&turned.at("2027-08-08T07:00:00Z"), &ImportOptions::default()).await;
        assert!(again.report.applied && again.report.groups.is_none(), "the year after it is the same");
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn seven_of_ten_is_the_same_class_and_six_is_not() {
    on_both(async |test| {
        let world = school(test).await;
        // Three of the ten have moved to the parallel class: 7 of 10 stay, and 10 of 13 there.
        let classes = [('a', "3.A", "n3a", "3", 0, 7), ('b', "3.B", "n3b", "3", 0, 10), ('a', "3.B", "n3b", "3", 7, 3)];
        let mut turned = document(2027, "2027-08-08T06:00:00Z", &classes);
        turned.groups.pop();
        assert_eq!(carried(&world.look_at(&turned).await), ["2.A 3.A 7/10", "2.B 3.B 10/10"]);
        let classes = [('a', "3.A", "n3a", "3", 0, 6), ('b', "3.B", "n3b", "3", 0, 10), ('a', "3.B", "n3b", "3", 6, 4)];
        let mut turned = document(2027, "2027-08-08T06:00:00Z", &classes);
        turned.groups.pop();
        assert_eq!(carried(&world.look_at(&turned).await), ["2.B 3.B 10/10"]);
        let classes = [('a', "3.A", "n3a", "3", 0, 10), ('n', "3.A", "n3a", "3", 0, 5)];
        let mut turned = document(2027, "2027-08-08T06:00:00Z", &classes);
        turned.groups.pop();
        assert_eq!(carried(&world.look_at(&turned).await), [""; 0], "10 of 15 are too few of the new class");
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn the_first_and_the_last_levels_and_those_beside_are_never_matched() {
    on_both(async |test| {
        let world = school(test).await;
        let turned = document(
            2027,
            "2027-08-08T06:00:00Z",
            &[
                ('z', "1.A", "n1a", "1", 0, 10),
                ('a', "2.A", "n2a", "2", 0, 10),
                ('c', "10.A", "n10", "10", 0, 10),
                ('d', "Efter", "n11", "U1", 0, 10),
                ('e', "Spec 2", "ndt", "Andet", 0, 10),
            ],
        );
        assert_eq!(carried(&world.look_at(&turned).await), [""; 0], "0. to 1., a repeated year, 9. to 10., and others");
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn ids_that_are_named_after_the_class_go_to_the_pupils() {
    on_both(async |test| {
        let world = World::of(test).await;
        let year = |year, at, classes: &[(char, &str, &str, &str, usize, usize)]| document(year, at, classes);
        let first = year(
            2026,
            "2026-11-21T06:00:00Z",
            &[
                ('z', "0A", "0A", "0", 0, 10),
                ('y', "1A", "1A", "1", 0, 10),
                ('a', "2A", "2A", "2", 0, 10),
                ('b', "3A", "3A", "3", 0, 10),
            ],
        );
        assert!(world.read_in(&first).await.applied);
        let (zero, one, two, three) =
            (world.id_of("0A").await, world.id_of("1A").await, world.id_of("2A").await, world.id_of("3A").await);
        world.clock.set(noon("2027-08-09"));
        let second = year(
            2027,
            "2027-08-08T06:00:00Z",
            &[
                ('x', "0A", "0A", "0", 0, 10),
                ('z', "1A", "1A", "1", 0, 10),
                ('y', "2A", "2A", "2", 0, 10),
                ('a', "3A", "3A", "3", 0, 10),
            ],
        );
        let looked = world.look_at(&second).await;
        assert_eq!(carried(&looked), ["1A 2A 10/10", "2A 3A 10/10"]);
        assert!(world.send(&second, &YES).await.report.applied);
        let live = |name: &'static str, not: Vec<GroupId>| {
            let world = &world;
            async move {
                let all = world.groups().await;
                let ids: Vec<GroupId> =
                    all.iter().filter(|(own, id)| own == name && !not.contains(id)).map(|(_, id)| *id).collect();
                ids
            }
        };
        assert_eq!(live("2A", vec![]).await, [one]);
        assert_eq!(live("3A", vec![three]).await, [two], "last year's 3A stays for what was decided about it");
        let [new_zero] = live("0A", vec![zero]).await[..] else { panic!("0A is another group") };
        let [new_one] = live("1A", vec![]).await[..] else { panic!("1A is a new group") };
        assert!(![zero, one, two, three].contains(&new_zero) && ![zero, one, two, three].contains(&new_one));
        let pupils = world.pupils("2027-08-10").await;
        assert_eq!(pupils.len(), 40);
        let in_classes = |name: &str| pupils.iter().filter(|line| line.ends_with(name)).count();
        assert_eq!(["0A", "1A", "2A", "3A"].map(in_classes), [10, 10, 10, 10], "{pupils:?}");
        let again = world.send(&second.at("2027-08-09T06:00:00Z"), &ImportOptions::default()).await;
        assert!(again.report.applied && again.report.groups.is_none() && again.report.memberships.is_none());
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn an_id_that_is_kept_over_the_years_keeps_its_group() {
    on_both(async |test| {
        let world = school(test).await;
        let (class, beside) = (world.id_of("2.A").await, world.id_of("Spec").await);
        let turned = document(
            2027,
            "2027-08-08T06:00:00Z",
            &[('a', "3.A", "k2a", "3", 0, 10), ('e', "Spec", "kdt", "Andet", 0, 10)],
        );
        assert_eq!(carried(&world.look_at(&turned).await), ["2.A 3.A 10/10", "Spec Spec 10/10"]);
        assert!(world.send(&turned, &YES).await.report.applied);
        assert_eq!((world.id_of("3.A").await, world.id_of("Spec").await), (class, beside));
    })
    .await
    .unwrap();
}
