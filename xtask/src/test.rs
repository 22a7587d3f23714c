//! `cargo xtask test`: everything that CI runs.

use crate::check::{self, NATIVE};
use crate::postgres::Postgres;
use crate::process::run;
use crate::site::{self, Build};
use crate::workspace::Workspace;
use crate::{browser, serve};
use anyhow::{Result, ensure};

/// What the heaviest page should load at most of script, wasm and style, brotli-compressed, in bytes.
const PAGE_GOAL: usize = 250_000;
/// What it may load until the goal is reached: a ratchet, lowered with every gain, never raised.
const PAGE_LIMIT: usize = 291_000;

/// Which part to run; all of them unless told otherwise.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Leave out format, lints, documentation and invariants.
    #[arg(long)]
    no_check: bool,
    /// Leave out the tests that need no browser.
    #[arg(long)]
    no_crates: bool,
    /// Leave out the browser tests.
    #[arg(long)]
    no_browser: bool,
}

/// Runs the parts in the order in which they are quick to fail.
pub(crate) fn test(workspace: &Workspace, arguments: &Arguments) -> Result<()> {
    if !arguments.no_check {
        check::check(workspace)?;
    }
    if arguments.no_crates && arguments.no_browser {
        return Ok(());
    }
    let postgres = Postgres::start()?;
    if !arguments.no_crates {
        run(workspace.cargo().args(["test", "--package", "xtask"]))?;
        run(workspace
            .cargo()
            .args(["test", "--no-fail-fast"])
            .args(NATIVE)
            .env("ADGANG_TEST_POSTGRES", postgres.url()))?;
    }
    if !arguments.no_browser {
        let loaded = site::build(workspace, Build::Release)?;
        ensure!(loaded <= PAGE_LIMIT, "the heaviest page loads {loaded} bytes, more than the {PAGE_LIMIT} it may");
        if loaded > PAGE_GOAL {
            eprintln!("the heaviest page loads {loaded} bytes; the goal is {PAGE_GOAL}");
        }
        let binary = serve::build_server(workspace, Build::Release)?;
        browser::test(workspace, &binary, &postgres)?;
    }
    Ok(())
}
