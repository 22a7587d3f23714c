//! Random rosters: a full file and then a delta end where two full files end, and the same file
//! twice changes nothing. The rosters come from a fixed seed and from a fresh one, which is
//! printed: run again with `ADGANG_SEED=… cargo test` to see that run.

use super::bundle::{Bundle, ENROLLMENTS, USERS};
use super::world::{NOTHING, World, counts, noon};
use crate::import::{ImportOptions, Target};
use domain::import::ImportReport;
use domain::testing::Chance;
use domain::{Fact, InstitutionId, Roster};
use std::collections::{BTreeMap, BTreeSet};
use std::hash::{BuildHasher, Hasher};
use store::testing::on_both;

/// Pairs of rosters from each seed, on each engine.
const CASES: usize = 16;

/// A school's rows by their ids, without id and status.
#[derive(Clone, Default)]
struct Files {
    classes: BTreeMap<String, String>,
    users: BTreeMap<String, User>,
    enrollments: BTreeMap<String, String>,
}

#[derive(Clone, PartialEq)]
struct User {
    is_teacher: bool,
    enabled: bool,
    version: u64,
    grade: &'static str,
}

impl User {
    fn row(&self, id: &str) -> String {
        let Self { is_teacher, enabled, version, grade } = self;
        let role = if *is_teacher { "teacher" } else { "student" };
        format!("{enabled},s1,{role},x,,Given{version},{id},,,,,,,{grade},")
    }
}

const GRADES: [&str; 5] = ["KG", "01", "04", "09", "Andet"];
const SPANS: [&str; 4] =
    ["2026-08-10,2027-06-25", "2026-08-10,2026-12-18", "2027-01-04,2027-06-25", "2026-08-10,2026-11-23"];

/// What the generator reached.
type Reached = BTreeSet<&'static str>;

const EVERYTHING: [&str; 11] = [
    "class added",
    "class changed",
    "class gone",
    "class with pupils gone",
    "place added",
    "place changed",
    "place gone",
    "user added",
    "user changed",
    "user gone",
    "nothing",
];

fn user(chance: &mut Chance, is_teacher: bool) -> User {
    let grade = if is_teacher { "" } else { pick(chance, &GRADES) };
    User { is_teacher, enabled: chance.yes(95), version: chance.below(3), grade }
}

fn pick(chance: &mut Chance, from: &[&'static str]) -> &'static str {
    from[usize::try_from(chance.below(from.len() as u64)).unwrap()]
}

fn class(chance: &mut Chance) -> String {
    let (title, kind) = (chance.below(30), pick(chance, &["homeroom", "scheduled"]));
    format!("Class {title},04,,,{kind},,s1,y,,,")
}

fn id_of<T>(chance: &mut Chance, of: &BTreeMap<String, T>) -> Option<String> {
    let nth = usize::try_from(chance.below(of.len().max(1) as u64)).unwrap();
    of.keys().nth(nth).cloned()
}

fn place(chance: &mut Chance, files: &Files) -> Option<String> {
    let (class, user) = (id_of(chance, &files.classes)?, id_of(chance, &files.users)?);
    let role = if files.users[&user].is_teacher { "teacher" } else { "student" };
    Some(format!("{class},s1,{user},{role},,{}", pick(chance, &SPANS)))
}

impl Files {
    fn random(chance: &mut Chance) -> Self {
        let mut files = Self::default();
        for nth in 0..2 + chance.below(4) {
            files.classes.insert(format!("c{nth}"), class(chance));
        }
        for nth in 0..6 + chance.below(12) {
            let is_teacher = nth % 4 == 3;
            files.users.insert(format!("u{nth}"), user(chance, is_teacher));
        }
        for nth in 0..8 + chance.below(24) {
            let row = place(chance, &files).unwrap();
            files.enrollments.insert(format!("e{nth}"), row);
        }
        files.classes.insert("c80".into(), class(chance));
        files
    }

    /// The next roster: some rows changed, gone and new; nobody changes their trade.
    fn moved_on(&self, chance: &mut Chance, reached: &mut Reached) -> Self {
        let mut next = self.clone();
        for id in self.classes.keys() {
            if chance.yes(20) {
                next.classes.insert(id.clone(), class(chance));
                reached.insert("class changed");
            } else if chance.yes(25) {
                next.classes.remove(id);
                let before = next.enrollments.len();
                next.enrollments.retain(|_, row| !row.starts_with(&format!("{id},")));
                reached.insert(if next.enrollments.len() < before { "class with pupils gone" } else { "class gone" });
            }
        }
        if chance.yes(30) {
            next.classes.insert("c90".into(), class(chance));
            reached.insert("class added");
        }
        for (id, before) in &self.users {
            if chance.yes(15) {
                next.users.insert(id.clone(), user(chance, before.is_teacher));
                reached.insert("user changed");
            } else if chance.yes(10) {
                next.users.remove(id);
                next.enrollments.retain(|_, row| !row.contains(&format!(",{id},")));
                reached.insert("user gone");
            }
        }
        if chance.yes(50) {
            let is_teacher = chance.yes(30);
            next.users.insert("u90".into(), user(chance, is_teacher));
            reached.insert("user added");
        }
        for id in self.enrollments.keys().filter(|id| next.enrollments.contains_key(*id)).cloned().collect::<Vec<_>>() {
            if chance.yes(10) {
                next.enrollments.remove(&id);
                reached.insert("place gone");
            } else if chance.yes(15)
                && let Some(row) = place(chance, &next)
            {
                next.enrollments.insert(id, row);
                reached.insert("place changed");
            }
        }
        for nth in 90..90 + chance.below(6) {
            if let Some(row) = place(chance, &next) {
                next.enrollments.insert(format!("e{nth}"), row);
                reached.insert("place added");
            }
        }
        next
    }

    fn users(&self) -> BTreeMap<String, String> {
        self.users.iter().map(|(id, user)| (id.clone(), user.row(id))).collect()
    }

    /// All of it.
    fn bulk(&self) -> Bundle {
        let mut bundle = Bundle::school();
        for (file, rows) in self.tables() {
            let rows: Vec<String> = rows.iter().map(|(id, row)| format!("{id},,,{row}")).collect();
            let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
            bundle.table(file, header(file), &rows);
        }
        bundle
    }

    /// What leads from the one to the other.
    fn delta(&self, next: &Self) -> Bundle {
        const STAMP: &str = "2026-11-21T06:00:00.000Z";
        let mut bundle = Bundle::delta();
        for ((file, before), (_, after)) in self.tables().into_iter().zip(next.tables()) {
            let differing = after.iter().filter(|(id, row)| before.get(*id) != Some(*row));
            let gone = before.iter().filter(|(id, _)| !after.contains_key(*id));
            let rows: Vec<String> = differing
                .map(|(id, row)| format!("{id},active,{STAMP},{row}"))
                .chain(gone.map(|(id, row)| format!("{id},tobedeleted,{STAMP},{row}")))
                .collect();
            let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
            bundle = bundle.changes(file, &rows);
        }
        bundle
    }

    fn tables(&self) -> [(&'static str, BTreeMap<String, String>); 3] {
        [
            ("classes.csv", self.classes.clone()),
            ("users.csv", self.users()),
            ("enrollments.csv", self.enrollments.clone()),
        ]
    }
}

fn header(file: &str) -> &'static str {
    match file {
        "users.csv" => USERS,
        "enrollments.csv" => ENROLLMENTS,
        _ => super::bundle::CLASSES,
    }
}

/// Everything recorded about a school, in names, up to when it was recorded.
fn told(roster: &Roster) -> Vec<String> {
    fn all<T: Copy>(lines: &mut Vec<String>, kind: &str, facts: &[Fact<T>], name: impl Fn(T) -> String) {
        let line = |fact: &Fact<T>| {
            let closed = fact.recorded.until.is_some();
            format!("{kind} {} {:?} closed: {closed}", name(fact.what), fact.valid)
        };
        lines.extend(facts.iter().map(line));
    }
    let pupil = |ix: domain::PupilIx| roster.pupils[usize::from(ix.0)].full_name();
    let teacher = |ix: domain::TeacherIx| roster.teachers[usize::from(ix.0)].full_name();
    let group = |ix: domain::GroupIx| {
        let group = &roster.groups[usize::from(ix.0)];
        format!("{} {:?}", group.name, group.kind)
    };
    let mut lines = Vec::new();
    all(&mut lines, "teaching", &roster.teaching, teacher);
    all(&mut lines, "attends", &roster.attendance, pupil);
    all(&mut lines, "member", &roster.memberships, |(who, of)| format!("{} of {}", pupil(who), group(of)));
    all(&mut lines, "level", &roster.levels, |(who, level)| format!("{} {level}", pupil(who)));
    all(&mut lines, "teaches", &roster.teaches, |(who, of)| format!("{} {}", teacher(who), group(of)));
    lines.sort();
    lines
}

impl World {
    async fn another_school(&self, code: &str) -> InstitutionId {
        self.service.create_institution("999", code, code).await.unwrap()
    }

    async fn import_into(&self, institution: InstitutionId, bundle: &Bundle) -> ImportReport {
        let options = ImportOptions { accept_large_change: true, ..ImportOptions::default() };
        let target = Target::Institution(institution);
        let report = self.try_import(&self.operator(), target, &bundle.staged(), &options).await.unwrap().report;
        assert!(report.applied, "{:?}", report.errors);
        report
    }
}

#[tokio::test]
async fn a_full_file_and_a_delta_end_where_two_full_files_end() {
    let fresh = std::env::var("ADGANG_SEED").ok().and_then(|seed| seed.parse().ok());
    let fresh = fresh.unwrap_or_else(|| std::hash::RandomState::new().build_hasher().finish());
    println!("fresh seed: ADGANG_SEED={fresh}");
    on_both(async |test| {
        let world = World::of(test).await;
        for seed in [20_261_121, fresh] {
            let mut chance = Chance::new(seed);
            let mut reached = Reached::new();
            for nth in 0..CASES {
                let first = Files::random(&mut chance);
                let next = match nth {
                    0 => first.clone(),
                    _ => first.moved_on(&mut chance, &mut reached),
                };
                let case = format!("seed {seed}, case {nth}");
                world.clock.set(noon("2026-11-21"));
                let by_files = world.another_school(&format!("{seed}-{nth}-a")).await;
                let by_delta = world.another_school(&format!("{seed}-{nth}-b")).await;
                for school in [by_files, by_delta] {
                    world.import_into(school, &first.bulk()).await;
                    assert_eq!(counts(&world.import_into(school, &first.bulk()).await), NOTHING, "{case}: twice");
                }
                world.clock.set(noon("2026-11-25"));
                let full = world.import_into(by_files, &next.bulk()).await;
                let delta = world.import_into(by_delta, &first.delta(&next)).await;
                if counts(&full) == NOTHING {
                    reached.insert("nothing");
                }
                assert_eq!(counts(&full), counts(&delta), "{case}");
                let (files, deltas) = (world.roster_of(by_files).await, world.roster_of(by_delta).await);
                assert_eq!(told(&files), told(&deltas), "{case}");
                for school in [by_files, by_delta] {
                    let revision = world.revision(school).await;
                    assert_eq!(
                        counts(&world.import_into(school, &next.bulk()).await),
                        NOTHING,
                        "{case}: the same again"
                    );
                    assert_eq!(world.revision(school).await, revision, "{case}: not even the revision");
                }
            }
            if seed != fresh {
                let missed: Vec<_> = EVERYTHING.iter().filter(|what| !reached.contains(*what)).collect();
                assert!(missed.is_empty(), "the generator never reached {missed:?}");
            }
        }
    })
    .await
    .unwrap();
}
