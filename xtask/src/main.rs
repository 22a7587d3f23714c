//! What the project does with itself: `cargo xtask serve | test | check | bench | dev`.

mod bench;
mod browser;
mod check;
mod dev;
mod postgres;
mod process;
mod serve;
mod site;
mod snip;
mod stylesheet;
mod system;
mod test;
mod workspace;

use anyhow::Result;
use clap::{Parser, Subcommand};
use std::process::ExitCode;
use workspace::Workspace;

/// Builds, tries and measures Adgang.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// Build client and server, and serve the demo on http://localhost:3000.
    Serve(serve::Arguments),
    /// Serve the demo, and build again whenever a file changes.
    Dev(serve::ServerArguments),
    /// Format, lints on both targets, documentation and the architecture's invariants.
    Check,
    /// Everything that CI runs: check, all tests on both databases, and the browser tests.
    Test(test::Arguments),
    /// Run the benchmarks and write bench/RESULTS.md.
    Bench(bench::Arguments),
    /// Build the release binary, with the site in it.
    Build,
}

fn main() -> ExitCode {
    match run(Arguments::parse().task) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(task: Task) -> Result<()> {
    let workspace = Workspace::find()?;
    match task {
        Task::Serve(arguments) => serve::serve(&workspace, &arguments),
        Task::Dev(arguments) => dev::dev(&workspace, &arguments),
        Task::Check => check::check(&workspace),
        Task::Test(arguments) => test::test(&workspace, &arguments),
        Task::Bench(arguments) => bench::bench(&workspace, &arguments),
        Task::Build => serve::build(&workspace),
    }
}
