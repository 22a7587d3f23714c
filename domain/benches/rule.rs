//! Measures the rule against a bare bitset, both in this run: a row of a Markdown table each.
//!
//! The bitset knows no time, no precedence and no taking-back: a class or a pupil times a test is
//! painted, a change paints again. It is the floor that a right answer has to stand on.
#![expect(clippy::indexing_slicing, clippy::disallowed_methods, reason = "a benchmark measures")]

use domain::cube::Cube;
use domain::testing::{Chance, large_school};
use domain::*;
use std::hint::black_box;
use std::time::Instant as Stopwatch;

const REPETITIONS: usize = 15;

/// One teacher × test: pupils as bits.
struct Bitset {
    bits: Vec<u64>,
    row: usize,
    tests: usize,
    teachers: usize,
    masks: Vec<Vec<u64>>,
}

impl Bitset {
    fn build(school: &School) -> Self {
        let roster = &school.roster;
        let row = roster.pupils.len().div_ceil(64);
        let mut masks = vec![vec![0; row]; roster.groups.len()];
        for fact in &roster.memberships {
            let pupil = usize::from(fact.what.0.0);
            masks[usize::from(fact.what.1.0)][pupil / 64] |= 1 << (pupil % 64);
        }
        let (tests, teachers) = (roster.tests.len(), roster.teachers.len());
        let mut bitset = Self { bits: vec![0; row * tests * teachers], row, tests, teachers, masks };
        school.record.decisions.iter().for_each(|decision| bitset.apply(school, decision));
        bitset
    }

    fn apply(&mut self, school: &School, decision: &Decision) {
        for (test, entry) in school.roster.tests.iter().enumerate() {
            if !decision.tests.covers(TestIx(test as u8), entry) {
                continue;
            }
            let start = (usize::from(decision.teacher.0) * self.tests + test) * self.row;
            let bits = &mut self.bits[start..start + self.row];
            let on = decision.effect == Effect::Give;
            match decision.scope {
                Scope::Group(group) => {
                    for (word, mask) in bits.iter_mut().zip(&self.masks[usize::from(group.0)]) {
                        if on { *word |= mask } else { *word &= !mask }
                    }
                }
                Scope::Pupil(pupil) => {
                    let (word, bit) = (usize::from(pupil.0) / 64, 1 << (pupil.0 % 64));
                    if on { bits[word] |= bit } else { bits[word] &= !bit }
                }
                Scope::School | Scope::Level(_) => bits.fill(if on { u64::MAX } else { 0 }),
            }
        }
    }

    fn may_see(&self, teacher: TeacherIx, pupil: PupilIx, test: TestIx) -> bool {
        let start = (usize::from(teacher.0) * self.tests + usize::from(test.0)) * self.row;
        self.bits[start + usize::from(pupil.0) / 64] >> (pupil.0 % 64) & 1 == 1
    }

    fn who_sees(&self, pupil: PupilIx, test: TestIx, out: &mut Vec<TeacherIx>) {
        out.extend((0..self.teachers as u16).map(TeacherIx).filter(|teacher| self.may_see(*teacher, pupil, test)));
    }

    fn seen_by(&self, teacher: TeacherIx, out: &mut Vec<(PupilIx, TestIx)>) {
        for test in 0..self.tests {
            let start = (usize::from(teacher.0) * self.tests + test) * self.row;
            for (place, word) in self.bits[start..start + self.row].iter().enumerate() {
                let mut rest = *word;
                while rest != 0 {
                    out.push((PupilIx((place * 64) as u16 + rest.trailing_zeros() as u16), TestIx(test as u8)));
                    rest &= rest - 1;
                }
            }
        }
    }
}

/// Median nanoseconds of one of `count` repeats inside `work`, ours and the reference's in turn.
fn compare(count: usize, mut ours: impl FnMut(), mut reference: impl FnMut()) -> (f64, f64) {
    let mut times = [Vec::new(), Vec::new()];
    for _ in 0..=REPETITIONS {
        for (times, work) in times.iter_mut().zip([&mut ours as &mut dyn FnMut(), &mut reference]) {
            let start = Stopwatch::now();
            work();
            times.push(start.elapsed().as_secs_f64() * 1e9 / count as f64);
        }
    }
    let median = |times: &mut Vec<f64>| {
        times.remove(0); // the first is a warm-up
        times.sort_by(f64::total_cmp);
        times[times.len() / 2]
    };
    let [mut ours, mut reference] = times;
    (median(&mut ours), median(&mut reference))
}

fn row(what: &str, goal: &str, (ours, reference): (f64, f64)) {
    let time = |nanoseconds: f64| match nanoseconds {
        ns if ns < 1e3 => format!("{ns:.1} ns"),
        ns if ns < 1e6 => format!("{:.2} µs", ns / 1e3),
        ns => format!("{:.2} ms", ns / 1e6),
    };
    println!("| {what} | {goal} | bare bitset {} | {} ({:.1}×) |", time(reference), time(ours), ours / reference);
}

fn resident() -> u64 {
    let text = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    text.split(' ').nth(1).and_then(|pages| pages.parse().ok()).unwrap_or(0_u64) * 4096
}

fn main() {
    let mut chance = Chance::new(20_260_801);
    let school = large_school(&mut chance, 1_000, 90, 3_200);
    let now = domain::testing::day(10);
    let moment = Moment::of_all_recorded(now);
    let cube = Cube::build(&school.roster, &school.record, moment);
    let bitset = Bitset::build(&school);

    let questions: Vec<(TeacherIx, PupilIx, TestIx)> = (0..100_000)
        .map(|_| {
            let [teacher, pupil, test] = [90, 1_000, 16].map(|end| chance.below(end) as u16);
            (TeacherIx(teacher), PupilIx(pupil), TestIx(test as u8))
        })
        .collect();
    let check = compare(
        questions.len(),
        || {
            for (teacher, pupil, test) in &questions {
                black_box(cube.may_see(*teacher, *pupil, *test));
            }
        },
        || {
            for (teacher, pupil, test) in &questions {
                black_box(bitset.may_see(*teacher, *pupil, *test));
            }
        },
    );
    row("one check, in process", "≤ 2×", check);

    let mut out = Vec::new();
    let mut out_reference = Vec::new();
    let who = compare(
        10_000,
        || {
            for (_, pupil, test) in questions.iter().take(10_000) {
                out.clear();
                out.extend(cube.teachers_who_see(*pupil, *test));
                black_box(&out);
            }
        },
        || {
            for (_, pupil, test) in questions.iter().take(10_000) {
                out_reference.clear();
                bitset.who_sees(*pupil, *test, &mut out_reference);
                black_box(&out_reference);
            }
        },
    );
    row("who sees a pupil in a test", "≤ 2×", who);

    let (mut seen, mut seen_reference) = (Vec::new(), Vec::new());
    let whole = compare(
        900,
        || {
            for teacher in (0..90).cycle().take(900).map(TeacherIx) {
                seen.clear();
                cube.list_seen_by(teacher, &mut seen);
                black_box(&seen);
            }
        },
        || {
            for teacher in (0..90).cycle().take(900).map(TeacherIx) {
                seen_reference.clear();
                bitset.seen_by(teacher, &mut seen_reference);
                black_box(&seen_reference);
            }
        },
    );
    row("one teacher's whole right", "≤ 2×", whole);

    let changes: Vec<Decision> = (0..200)
        .map(|n| Decision { teacher: TeacherIx(n % 90), ..school.record.decisions[usize::from(n) * 16] })
        .collect();
    let (mut changing, mut changing_bits) = (cube.clone(), Bitset::build(&school));
    let change = compare(
        changes.len(),
        || {
            changing = cube.clone();
            for decision in &changes {
                changing.decide(&school.roster, *decision);
                black_box(changing.may_see(decision.teacher, PupilIx(1), TestIx(1)));
            }
        },
        || {
            for decision in &changes {
                changing_bits.apply(&school, decision);
                black_box(changing_bits.may_see(decision.teacher, PupilIx(1), TestIx(1)));
            }
        },
    );
    row("one change, then a right answer", "≤ 10 µs", change);

    let build = compare(
        1,
        || {
            black_box(Cube::build(&school.roster, &school.record, moment));
        },
        || {
            black_box(Bitset::build(&school));
        },
    );
    row("the cube from 3,200 decisions", "≤ 3 ms", build);

    let schools: Vec<School> = (0..60).map(|_| large_school(&mut chance, 500, 45, 1_600)).collect();
    let before = resident();
    let cubes: Vec<Cube> = schools.iter().map(|s| Cube::build(&s.roster, &s.record, moment)).collect();
    let grown = resident().saturating_sub(before);
    black_box(&cubes);
    let municipality = compare(
        1,
        || {
            black_box(schools.iter().map(|s| Cube::build(&s.roster, &s.record, moment)).collect::<Vec<_>>());
        },
        || {
            black_box(schools.iter().map(Bitset::build).collect::<Vec<_>>());
        },
    );
    row("a municipality: 60 schools, 30,000 pupils", "≤ 150 ms", municipality);
    println!("| … memory of its cubes | ≤ 30 MiB | – | {:.1} MiB |", grown as f64 / 1_048_576.0);
}
