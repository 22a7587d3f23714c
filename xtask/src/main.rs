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

#[cfg(test)]
mod tests {
    use super::*;

    const README: &str = include_str!("../../README.md");

    /// Every command of this crate that the README names is one; and each one that there is, it names.
    #[test]
    fn the_readmes_tasks_are_these() {
        let pieces = README.split('`').flat_map(str::lines).map(|line| line.split(" #").next().unwrap_or_default());
        let lines: Vec<Vec<&str>> = pieces
            .map(|line| line.split_whitespace().collect::<Vec<_>>())
            .filter(|words| words.starts_with(&["cargo", "xtask"]))
            .collect();
        let mut named = std::collections::BTreeSet::new();
        for words in &lines {
            let typed = std::iter::once("cargo xtask").chain(words.iter().skip(2).copied());
            if let Err(error) = Arguments::try_parse_from(typed) {
                panic!("{}: {error}", words.join(" "));
            }
            named.extend(words.get(2).copied());
        }
        let command = <Arguments as clap::CommandFactory>::command();
        let known: std::collections::BTreeSet<&str> = command.get_subcommands().map(clap::Command::get_name).collect();
        assert_eq!(named, known);
    }
}
