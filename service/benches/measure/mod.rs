//! What the benchmarks of this crate share: places to work in, percentiles, rows of a table.

use service::env::Env;
use service::{Installation, Service, Settings};
use std::path::Path;
use std::time::Duration;
use tempfile::TempDir;

/// Durations of the same work, shortest first.
#[derive(Debug)]
pub(crate) struct Times(Vec<Duration>);

impl Times {
    /// Puts them in order.
    pub(crate) fn of(mut times: Vec<Duration>) -> Self {
        times.sort_unstable();
        Self(times)
    }

    /// The time that so many in a hundred stay below.
    pub(crate) fn percentile(&self, percent: usize) -> Duration {
        self.0[(self.0.len() - 1) * percent / 100]
    }

    /// The time that half stay below.
    pub(crate) fn median(&self) -> Duration {
        self.percentile(50)
    }
}

/// A folder beside the build, so that its files lie on a disk and not in memory.
pub(crate) fn folder() -> TempDir {
    TempDir::new_in(env!("CARGO_TARGET_TMPDIR")).unwrap()
}

/// An installation on SQLite in a folder, as the server opens it.
pub(crate) fn on_sqlite(folder: &Path) -> Installation {
    on(folder, format!("sqlite:{}", folder.join("adgang.db").display()))
}

/// An installation on a database, with its keys in a folder.
pub(crate) fn on(folder: &Path, database: String) -> Installation {
    Installation { database, secrets: folder.join("secrets"), catalogue: None, settings: Settings::default() }
}

/// Opens it, and makes what is not there.
pub(crate) async fn open(installation: &Installation) -> Service {
    installation.create(Env::system()).await.unwrap()
}

/// A duration as a table shows it.
pub(crate) fn shown(time: Duration) -> String {
    let seconds = time.as_secs_f64();
    if seconds < 1.0 { format!("{:.1} ms", seconds * 1e3) } else { format!("{seconds:.2} s") }
}

/// One row of the table.
pub(crate) fn row(what: &str, goal: &str, reference: &str, ours: &str) {
    println!("| {what} | {goal} | {reference} | {ours} |");
}
