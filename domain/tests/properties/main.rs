//! The rule, held against its plainest words on random schools.
//!
//! Every run draws from a fixed seed and from a fresh one, which is printed: run again with
//! `ADGANG_SEED=…` to see a failure twice. What the schools reach is counted and asserted, so that
//! a property cannot hold because nothing happened.
#![expect(clippy::indexing_slicing, reason = "a test may fail loudly")]

mod changes;
mod cube;
mod explanation;
mod scene;
mod unite;

use domain::testing::{Chance, school};
use domain::*;
use std::hash::{BuildHasher, Hasher};

const SCHOOLS: u64 = 300;

/// A fixed seed, and a fresh one that is printed.
fn seeds() -> [u64; 2] {
    let fresh = std::env::var("ADGANG_SEED").ok().and_then(|seed| seed.parse().ok());
    let fresh = fresh.unwrap_or_else(|| std::hash::RandomState::new().build_hasher().finish());
    println!("fresh seed: ADGANG_SEED={fresh}");
    [20_260_801, fresh]
}

/// Runs a property on random schools from both seeds.
fn on_schools(count: u64, mut property: impl FnMut(&mut Chance, School)) {
    for seed in seeds() {
        let mut chance = Chance::new(seed);
        for _ in 0..count {
            let school = school(&mut chance);
            property(&mut chance, school);
        }
    }
}

fn teachers(school: &School) -> impl Iterator<Item = TeacherIx> + use<> {
    (0..school.roster.teachers.len() as u16).map(TeacherIx)
}

fn pupils(school: &School) -> impl Iterator<Item = PupilIx> + use<> {
    (0..school.roster.pupils.len() as u16).map(PupilIx)
}

fn tests(school: &School) -> impl Iterator<Item = TestIx> + use<> {
    (0..school.roster.tests.len() as u8).map(TestIx)
}

fn cells(school: &School) -> Vec<(TeacherIx, PupilIx, TestIx)> {
    let (teachers, pupils, tests) =
        (teachers(school), pupils(school).collect::<Vec<_>>(), tests(school).collect::<Vec<_>>());
    let mut all = Vec::new();
    for teacher in teachers {
        for pupil in &pupils {
            all.extend(tests.iter().map(|test| (teacher, *pupil, *test)));
        }
    }
    all
}

/// The same instant asked with all that is recorded, and as it would have been answered then.
fn moments(at: Instant) -> [Moment; 2] {
    [Moment::of_all_recorded(at), Moment { at, known: at }]
}
