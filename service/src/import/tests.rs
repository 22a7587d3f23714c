//! Tests of the import, from bundles written here.

mod applying;
mod authority;
mod bad_input;
mod bad_xml;
mod bundle;
mod days;
mod document;
mod held;
mod large;
mod merging;
mod queue;
mod random;
mod same_person;
mod staff;
mod turning;
mod unilogin;
mod unilogin_applied;
mod united;
mod world;

use std::path::{Path, PathBuf};

/// The variable that names the folder of rosters that other programs wrote.
const ROSTERS_VARIABLE: &str = "ADGANG_TEST_ROSTERS";

/// A roster that another program wrote: in the folder that [`ROSTERS_VARIABLE`] names, which must have it,
/// or kept beside this checkout, where it may be missing.
fn outside(name: &str) -> Option<PathBuf> {
    if let Some(folder) = std::env::var_os(ROSTERS_VARIABLE) {
        let path = Path::new(&folder).join(name);
        assert!(path.exists(), "{ROSTERS_VARIABLE} names a folder without {name}: {}", path.display());
        return Some(path);
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data/oneroster").join(name);
    if !path.exists() {
        println!("skipped: {name} is not beside this checkout");
    }
    path.exists().then_some(path)
}

/// A small roster in OneRoster 1.2, made up for these tests: two schools, three classes, a pupil at both.
fn invented() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src/import/tests/invented.zip")
}
