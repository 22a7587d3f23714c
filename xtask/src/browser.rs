//! The browser tests: Playwright drives Chromium against the release binary.

use crate::postgres::Postgres;
use crate::process::run;
use crate::system;
use crate::workspace::Workspace;
use anyhow::Result;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Runs all tests on SQLite, and those tagged `@postgres` once more on PostgreSQL.
pub(crate) fn test(workspace: &Workspace, binary: &Path, postgres: &Postgres) -> Result<()> {
    let browser =
        Browser { chromium: system::chromium()?, folder: workspace.root.join("end2end"), binary: binary.to_owned() };
    browser.install()?;
    run(&mut browser.playwright())?;
    run(browser.playwright().args(["--grep", "@postgres"]).env("ADGANG_TEST_POSTGRES", postgres.url()))
}

struct Browser {
    chromium: PathBuf,
    folder: PathBuf,
    binary: PathBuf,
}

impl Browser {
    /// Installs what `package-lock.json` says, unless it is there already.
    fn install(&self) -> Result<()> {
        let wanted = fs::metadata(self.folder.join("package-lock.json"))?.modified()?;
        let installed = fs::metadata(self.folder.join("node_modules/.package-lock.json")).and_then(|it| it.modified());
        if installed.is_ok_and(|installed| installed >= wanted) {
            return Ok(());
        }
        run(Command::new(system::npm()?)
            .args(["ci", "--no-audit", "--no-fund"])
            .env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")
            .current_dir(&self.folder))
    }

    fn playwright(&self) -> Command {
        let mut command = Command::new("npx");
        command
            .args(["--no-install", "playwright", "test"])
            .current_dir(&self.folder)
            .env("ADGANG_TEST_BINARY", &self.binary)
            .env("ADGANG_TEST_CHROMIUM", &self.chromium);
        command
    }
}
