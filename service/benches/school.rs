//! Measures the large school on durable SQLite: loading it for the grid, and applying a draft.
//!
//! Each is timed from the use case that the server function calls; the load also as that function
//! and the server encode and compress it. Beside it stands the floor: putting the same bytes on
//! the same disk for good.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a benchmark measures"
)]

mod measure;

use domain::draft::{Edit, ScopeId, TestsId};
use domain::exchange::{ApplyOutcome, GridLoad, KeptDraft, Proposal};
use domain::testing::Chance;
use domain::{AccountRole, Effect};
use measure::{Times, folder, on_sqlite, open, row, shown};
use service::demo::large::{self, Large};
use service::{Actor, Installation, Service, Via};
use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant as Stopwatch};

const LOADS: usize = 60;
const DRAFTS: usize = 400;
/// Rectangles of one draft.
const EDITS: usize = 10;
/// What the server compresses with: `server/src/web/mod.rs`.
const BROTLI_QUALITY: i32 = 4;

#[tokio::main]
async fn main() {
    let folder = folder();
    let installation = on_sqlite(folder.path());
    let service = open(&installation).await;
    let large = large::fill(&service, 1_000, 90, 3_200).await.unwrap();
    let actor = administrator(&service, &large);
    load(&installation, &actor).await;
    let load = service.grid_load(&actor).await.unwrap();
    apply(&service, &actor, &load, folder.path()).await;
    service.close().await;
}

fn administrator(service: &Service, large: &Large) -> Actor {
    Actor {
        person: large.administrator.person,
        account: None,
        name: "Karen Østergård".into(),
        institution: large.institution,
        capacities: AccountRole::TestAdministrator.capacities().to_vec(),
        two_factors: true,
        via: Via::Session,
        request: service.env().id(),
    }
}

/// Times the load with the school in memory and not, as after a start or another process's change.
async fn load(installation: &Installation, actor: &Actor) {
    let mut cold = Vec::new();
    let mut warm = Vec::new();
    let mut size = (0, 0);
    for _ in 0..=LOADS {
        let service = open(installation).await;
        service.ping().await.unwrap();
        for times in [&mut cold, &mut warm] {
            let ((plain, compressed), time) = timed(async {
                let load = service.grid_load(actor).await.unwrap();
                let bytes = postcard::to_allocvec(&load).unwrap();
                (bytes.len(), compress(&bytes).len())
            })
            .await;
            size = (plain, compressed);
            times.push(time);
        }
        service.close().await;
    }
    for times in [&mut cold, &mut warm] {
        times.remove(0); // a warm-up
    }
    let (cold, warm) = (Times::of(cold), Times::of(warm));
    let both = |times: &Times| format!("{} (p95 {})", shown(times.median()), shown(times.percentile(95)));
    row("load of the school for the grid, nothing in memory yet", "≤ 15 ms", "–", &both(&cold));
    row("… from then on", "≤ 15 ms", "–", &both(&warm));
    let kilobytes = |bytes: usize| format!("{:.0} kB", bytes as f64 / 1e3);
    row("… compressed", "≤ 60 kB", &format!("plain {}", kilobytes(size.0)), &kilobytes(size.1));
}

fn compress(bytes: &[u8]) -> Vec<u8> {
    let mut small = Vec::new();
    let quality = brotli::enc::BrotliEncoderParams { quality: BROTLI_QUALITY, ..Default::default() };
    brotli::BrotliCompress(&mut &bytes[..], &mut small, &quality).unwrap();
    small
}

/// Times applying a reviewed draft, and in turn with it a write of as many bytes to the same disk.
async fn apply(service: &Service, actor: &Actor, load: &GridLoad, folder: &Path) {
    let mut chance = Chance::new(20_260_801);
    let mut ours = Vec::new();
    let mut floor = Vec::new();
    let log = folder.join("adgang.db-wal");
    let mut beside = File::create(folder.join("beside")).unwrap();
    let mut revision = load.school.revision;
    let mut bytes = 0;
    for _ in 0..DRAFTS {
        let edits: Vec<Edit> = (0..EDITS).map(|_| edit(&mut chance, load)).collect();
        let draft = KeptDraft { based_on: revision, edits: edits.clone(), kept: None };
        service.keep_draft(actor, draft).await.unwrap();
        let proposal = Proposal::Edits(edits);
        let review = service.review(actor, &proposal, revision).await.unwrap();
        let before = written(&log);
        let (outcome, time) = timed(service.apply(actor, &proposal, revision, &review.digest, "As agreed.")).await;
        let ApplyOutcome::Applied(applied) = outcome.unwrap() else { panic!("nobody else writes") };
        revision = applied.revision;
        ours.push(time);
        // Once the log begins anew its file no longer grows; commits are about as large as before.
        bytes = written(&log).checked_sub(before).filter(|bytes| *bytes > 0).unwrap_or(bytes);
        floor.push(sync(&mut beside, bytes));
    }
    let (ours, floor) = (Times::of(ours), Times::of(floor));
    let both = |times: &Times| format!("{}, p99 {}", shown(times.median()), shown(times.percentile(99)));
    let reference = format!("write and fsync {}", both(&floor));
    row(
        "apply a draft of 10 edits, durable SQLite, audit included",
        "p99 ≤ 10 ms plus one fsync",
        &reference,
        &both(&ours),
    );
}

fn edit(chance: &mut Chance, load: &GridLoad) -> Edit {
    let roster = &load.school.roster;
    let mut drawn = |end: usize| usize::try_from(chance.below(end as u64)).unwrap();
    let effect = if drawn(8) == 0 { Effect::Withhold } else { Effect::Give };
    Edit {
        teachers: vec![roster.teachers[drawn(roster.teachers.len())].id],
        scope: ScopeId::Group(roster.groups[drawn(roster.groups.len())].id),
        tests: TestsId::Test(roster.tests[drawn(roster.tests.len())].code.clone()),
        effect,
        from: None,
        until: None,
    }
}

/// Bytes in the write-ahead log.
fn written(log: &Path) -> u64 {
    std::fs::metadata(log).map_or(0, |meta| meta.len())
}

/// How long so many bytes take to be on the disk for good.
fn sync(file: &mut File, bytes: u64) -> Duration {
    let bytes = vec![7; usize::try_from(bytes).unwrap()];
    let start = Stopwatch::now();
    file.write_all(&bytes).unwrap();
    file.sync_data().unwrap();
    start.elapsed()
}

/// Runs asynchronous work and says how long it took.
async fn timed<T>(work: impl Future<Output = T>) -> (T, Duration) {
    let start = Stopwatch::now();
    let done = work.await;
    (done, start.elapsed())
}
