//! `cargo xtask bench`: measures, and writes bench/RESULTS.md.

use crate::postgres::Postgres;
use crate::process::output;
use crate::site::{self, Build};
use crate::workspace::Workspace;
use crate::{browser, serve};
use anyhow::Result;
use std::process::Command;
use std::{env, fs};

/// Which benchmarks to run; all of them unless named.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Names of benchmarks.
    names: Vec<String>,
}

/// A benchmark: its name, and what measures and answers rows of a Markdown table.
///
/// Each row is `| what | goal | reference | ours |`, so that goal and reference stand beside what was measured.
struct Benchmark {
    name: &'static str,
    rows: fn(&Workspace) -> Result<String>,
}

const BENCHMARKS: [Benchmark; 5] = [
    Benchmark { name: "rule", rows: |workspace| crate_bench(workspace, &["domain", "--features", "testing"], "rule") },
    Benchmark { name: "school", rows: |workspace| crate_bench(workspace, &["service"], "school") },
    Benchmark { name: "import", rows: import },
    Benchmark { name: "bytes", rows: |workspace| browser_bench(workspace, "bytes") },
    Benchmark { name: "grid", rows: |workspace| browser_bench(workspace, "grid") },
];

/// Runs the benchmarks and writes the table with date and machine.
pub(crate) fn bench(workspace: &Workspace, arguments: &Arguments) -> Result<()> {
    let mut table = String::from("| what | goal | reference | ours |\n|---|---|---|---|\n");
    let wanted = |name: &str| arguments.names.is_empty() || arguments.names.iter().any(|wanted| wanted == name);
    for benchmark in BENCHMARKS.iter().filter(|benchmark| wanted(benchmark.name)) {
        eprintln!("measuring: {}", benchmark.name);
        table.push_str(&(benchmark.rows)(workspace)?);
    }
    let text = format!("# Measured\n\n{}\n\n{table}", machine()?);
    print!("{text}");
    let folder = workspace.root.join("bench");
    fs::create_dir_all(&folder)?;
    Ok(fs::write(folder.join("RESULTS.md"), text)?)
}

/// A benchmark of a crate, as cargo knows it.
fn crate_bench(workspace: &Workspace, package: &[&str], name: &str) -> Result<String> {
    output(workspace.cargo().args(["bench", "--quiet", "--package"]).args(package).args(["--bench", name]))
}

/// Imports are measured on both databases.
fn import(workspace: &Workspace) -> Result<String> {
    let postgres = Postgres::start()?;
    let mut bench = workspace.cargo();
    bench.args(["bench", "--quiet", "--package", "service", "--bench", "import"]);
    output(bench.env("ADGANG_TEST_POSTGRES", postgres.url()))
}

/// A benchmark in Chromium, of the release binary on the large school.
fn browser_bench(workspace: &Workspace, name: &str) -> Result<String> {
    site::build(workspace, Build::Release)?;
    let binary = serve::build_server(workspace, Build::Release)?;
    let folder = env::temp_dir().join(format!("adgang-bench-{}", std::process::id()));
    let fill = ["run", "--quiet", "--release", "--package", "service", "--example", "large_school", "--"];
    let school = output(workspace.cargo().args(fill).arg(&folder))?;
    let rows = browser::measure(workspace, &binary, &school, name);
    fs::remove_dir_all(&folder)?;
    rows
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
