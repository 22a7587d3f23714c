//! `cargo xtask bench`: measures, and writes bench/RESULTS.md.

use crate::process::output;
use crate::workspace::Workspace;
use anyhow::Result;
use std::fs;
use std::process::Command;

/// Which benchmarks to run; all of them unless named.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Names of benchmarks.
    names: Vec<String>,
}

/// A benchmark: its name, and the cargo arguments of a program that prints rows of a Markdown table.
///
/// Each row is `| what | goal | reference | ours |`, so that goal and reference stand beside what was measured.
struct Benchmark {
    name: &'static str,
    run: &'static [&'static str],
}

const BENCHMARKS: [Benchmark; 1] = [Benchmark {
    name: "rule",
    run: &["bench", "--quiet", "--package", "domain", "--features", "testing", "--bench", "rule"],
}];

/// Runs the benchmarks and writes the table with date and machine.
pub(crate) fn bench(workspace: &Workspace, arguments: &Arguments) -> Result<()> {
    let mut table = String::from("| what | goal | reference | ours |\n|---|---|---|---|\n");
    let wanted = |name: &str| arguments.names.is_empty() || arguments.names.iter().any(|wanted| wanted == name);
    for benchmark in BENCHMARKS.iter().filter(|benchmark| wanted(benchmark.name)) {
        eprintln!("measuring: {}", benchmark.name);
        table.push_str(&output(workspace.cargo().args(benchmark.run))?);
    }
    let text = format!("# Measured\n\n{}\n\n{table}", machine()?);
    print!("{text}");
    let folder = workspace.root.join("bench");
    fs::create_dir_all(&folder)?;
    Ok(fs::write(folder.join("RESULTS.md"), text)?)
}

/// Date and size of the machine, in one line.
fn machine() -> Result<String> {
    let date = output(Command::new("date").args(["--utc", "--iso-8601"]))?;
    let cores = std::thread::available_parallelism()?;
    let memory = fs::read_to_string("/proc/meminfo").unwrap_or_default();
    let kilobytes =
        memory.lines().next().and_then(|line| line.split_whitespace().nth(1)).and_then(|it| it.parse::<u64>().ok());
    let memory = kilobytes.map_or_else(String::new, |it| format!(", {} GiB of memory", it.div_ceil(1024 * 1024)));
    Ok(format!("{}, {cores} cores{memory}.", date.trim()))
}
