//! The browser tests: Playwright drives Chromium against the release binary.

use crate::postgres::Postgres;
use crate::process::{output, run};
use crate::system;
use crate::workspace::Workspace;
use anyhow::Result;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Runs all tests on SQLite, and those tagged `@postgres` once more on PostgreSQL.
pub(crate) fn test(workspace: &Workspace, binary: &Path, postgres: &Postgres) -> Result<()> {
    let browser = Browser::ready(workspace, binary)?;
    run(&mut browser.playwright())?;
    run(browser
        .playwright()
        .args(["--grep", "@postgres"])
        .env("ADGANG_TEST_POSTGRES", postgres.url())
        // One spec has a server of its own, which stands at another day.
        .env("ADGANG_TEST_POSTGRES_OWN", postgres.besides("adgang_own")?))
}

/// Runs one of `end2end/bench` on a school that `service/examples/large_school.rs` made; answers what it printed.
pub(crate) fn measure(workspace: &Workspace, binary: &Path, school: &str, name: &str) -> Result<String> {
    let browser = Browser::ready(workspace, binary)?;
    let mut node = Command::new("node");
    node.arg(format!("bench/{name}.mjs")).env("ADGANG_BENCH_SCHOOL", school);
    output(browser.at_home(&mut node))
}

struct Browser {
    chromium: PathBuf,
    folder: PathBuf,
    binary: PathBuf,
}

impl Browser {
    /// Finds the browser and installs what drives it.
    fn ready(workspace: &Workspace, binary: &Path) -> Result<Self> {
        let folder = workspace.root.join("end2end");
        let browser = Self { chromium: system::chromium()?, folder, binary: binary.to_owned() };
        browser.install()?;
        Ok(browser)
    }

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
        self.at_home(command.args(["--no-install", "playwright", "test"]));
        command
    }

    /// Lets a command run in the folder of the browser tests, and tells it what to drive.
    fn at_home<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        command
            .current_dir(&self.folder)
            .env("ADGANG_TEST_BINARY", &self.binary)
            .env("ADGANG_TEST_CHROMIUM", &self.chromium)
    }
}
