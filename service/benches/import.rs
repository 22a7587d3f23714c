//! Measures imports of OneRoster bundles that are made up here: a school on durable SQLite, and a
//! large municipality on SQLite and, where a server is named, on PostgreSQL.
//!
//! Reading and checking the files counts; the floor beside it is what the disk takes for a plain
//! copy of them.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::disallowed_methods, reason = "a benchmark measures")]

mod bundle;
mod measure;

use bundle::Plan;
use measure::{Times, folder, on, on_sqlite, open, row, shown};
use service::import::{ImportOptions, Limits, Source, Target, parse};
use service::{Installation, Service};
use std::path::Path;
use std::time::{Duration, Instant as Stopwatch};
use store::testing::TestDb;

const REPETITIONS: usize = 5;
/// One school of 1,040 pupils.
const SCHOOL: Plan = Plan { schools: 1, classes: 40, pupils: 26, teachers: 90, sections: 6 };
/// 97 schools: 700,000 rows.
const MUNICIPALITY: Plan = Plan { schools: 97, classes: 40, pupils: 24, teachers: 80, sections: 5 };

#[tokio::main]
async fn main() {
    school().await;
    municipality().await;
}

async fn school() {
    let bundle = folder();
    let rows = SCHOOL.write(bundle.path()).unwrap();
    let mut times = Vec::new();
    for _ in 0..=REPETITIONS {
        let folder = folder();
        times.push(import(&on_sqlite(folder.path()), bundle.path()).await);
    }
    times.remove(0); // a warm-up
    let what = format!("import of a school of 1,040 pupils ({rows} rows), SQLite");
    row(&what, "< 2 s", &read(bundle.path()), &shown(Times::of(times).median()));
}

async fn municipality() {
    let bundle = folder();
    let rows = MUNICIPALITY.write(bundle.path()).unwrap();
    let reference = read(bundle.path());
    forget_peak();
    let folder = folder();
    let time = import(&on_sqlite(folder.path()), bundle.path()).await;
    let ours = format!("{}, at most {} MiB in memory", shown(time), peak());
    row(&format!("import of {rows} rows, SQLite"), "≤ 15 s", &reference, &ours);
    let ours = match TestDb::postgres().await.unwrap() {
        Some(postgres) => {
            forget_peak();
            let time = import(&on(&folder.path().join("postgres"), postgres.url.clone()), bundle.path()).await;
            postgres.finish().await.unwrap();
            format!("{}, at most {} MiB in memory", shown(time), peak())
        }
        None => format!("not measured: {} names no server", store::testing::POSTGRES_VARIABLE),
    };
    row(&format!("import of {rows} rows, PostgreSQL"), "≤ 10 s", &reference, &ours);
}

/// Reads, checks and applies a bundle on a database of its own.
async fn import(installation: &Installation, bundle: &Path) -> Duration {
    let service = open(installation).await;
    let authority = service.create_authority("990", "Storstrøm Kommune", "dk").await.unwrap();
    let start = Stopwatch::now();
    apply(&service, Target::Authority(authority), bundle).await;
    let time = start.elapsed();
    service.close().await;
    time
}

async fn apply(service: &Service, target: Target, bundle: &Path) {
    let Target::Authority(authority) = target else { return };
    let operator = service.operator_anywhere(domain::InstitutionId(authority.0));
    let staged = parse(&Source::Path(bundle.to_owned()), &Limits::default(), &|_| {}).unwrap();
    let options = ImportOptions { file_name: "bundle".into(), ..ImportOptions::default() };
    let outcome = service.import(&operator, target, &staged, &options, &|_| {}).await.unwrap();
    assert!(outcome.report.applied, "{:?}", outcome.report.errors);
}

/// The floor: reading the files and splitting them into fields, nothing more.
fn read(bundle: &Path) -> String {
    let start = Stopwatch::now();
    let mut fields = 0_usize;
    for entry in std::fs::read_dir(bundle).unwrap() {
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_path(entry.unwrap().path()).unwrap();
        let mut record = csv::ByteRecord::new();
        while reader.read_byte_record(&mut record).unwrap() {
            fields += std::hint::black_box(&record).len();
        }
    }
    std::hint::black_box(fields);
    format!("splitting the files into fields {}", shown(start.elapsed()))
}

/// Forgets the most memory used so far (Linux; elsewhere the peak is of the whole run).
fn forget_peak() {
    drop(std::fs::write("/proc/self/clear_refs", "5"));
}

/// The most memory used, in MiB.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or_default();
    line.split_whitespace().next().and_then(|kilobytes| kilobytes.parse::<u64>().ok()).unwrap_or(0) / 1024
}
