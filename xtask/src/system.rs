//! What has to be installed beside rustup and Node: found, or installed where that may be done.

use crate::process::{output, run, which};
use anyhow::{Result, bail};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Chromium for the browser tests.
pub(crate) fn chromium() -> Result<PathBuf> {
    let find = || {
        ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"].iter().find_map(|name| which(name))
    };
    find_or_install(find, "Chromium", "chromium")
}

/// The folder of PostgreSQL's own programs (`initdb`, `pg_ctl`), newest release first.
pub(crate) fn postgres() -> Result<PathBuf> {
    find_or_install(find_postgres, "PostgreSQL", "postgresql")
}

/// Node's package manager, which the browser tests are started with.
pub(crate) fn npm() -> Result<PathBuf> {
    match which("npm") {
        Some(path) => Ok(path),
        None => bail!("the browser tests need Node 20 or newer, with npm, on PATH"),
    }
}

fn find_postgres() -> Option<PathBuf> {
    let debian = fs::read_dir("/usr/lib/postgresql").ok().into_iter().flatten().flatten();
    let mut releases: Vec<(u32, PathBuf)> = debian
        .filter_map(|entry| Some((entry.file_name().to_str()?.parse().ok()?, entry.path().join("bin"))))
        .filter(|(_, folder): &(u32, PathBuf)| folder.join("initdb").is_file())
        .collect();
    releases.sort();
    match releases.pop() {
        Some((_, folder)) => Some(folder),
        None => which("initdb").and_then(|path| path.parent().map(Path::to_owned)),
    }
}

fn find_or_install(find: impl Fn() -> Option<PathBuf>, what: &str, package: &str) -> Result<PathBuf> {
    if let Some(path) = find() {
        return Ok(path);
    }
    let advice = format!("{what} is missing; install it: apt-get install --no-install-recommends {package}");
    if !(is_root()? && which("apt-get").is_some()) {
        bail!(advice);
    }
    run(Command::new("apt-get").args(["update", "-q"]))?;
    run(Command::new("apt-get").env("DEBIAN_FRONTEND", "noninteractive").args([
        "install",
        "-q",
        "-y",
        "--no-install-recommends",
        package,
    ]))?;
    match find() {
        Some(path) => Ok(path),
        None => bail!(advice),
    }
}

/// Is xtask run by root?
pub(crate) fn is_root() -> Result<bool> {
    Ok(output(Command::new("id").arg("-u"))?.trim() == "0")
}
