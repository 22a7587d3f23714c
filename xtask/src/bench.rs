//! `cargo xtask bench`: measures, and writes bench/RESULTS.md.

use crate::postgres::Postgres;
use crate::process::output;
use crate::site::{self, Build};
use crate::workspace::Workspace;
use crate::{browser, serve};
use anyhow::{Result, bail};
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

const BENCHMARKS: [Benchmark; 6] = [
    Benchmark { name: "rule", rows: |workspace| crate_bench(workspace, &["domain", "--features", "testing"], "rule") },
    Benchmark { name: "school", rows: |workspace| crate_bench(workspace, &["service"], "school") },
    Benchmark { name: "sign-in", rows: |workspace| crate_bench(workspace, &["service"], "sign_in") },
    Benchmark { name: "import", rows: import },
    Benchmark { name: "bytes", rows: |workspace| browser_bench(workspace, "bytes") },
    Benchmark { name: "grid", rows: |workspace| browser_bench(workspace, "grid") },
];

/// Runs the benchmarks and writes their tables, each with date and machine, in the place of their earlier
/// ones; those of the others stay.
pub(crate) fn bench(workspace: &Workspace, arguments: &Arguments) -> Result<()> {
    if let Some(unknown) = arguments.names.iter().find(|name| BENCHMARKS.iter().all(|known| known.name != **name)) {
        let known: Vec<&str> = BENCHMARKS.iter().map(|benchmark| benchmark.name).collect();
        bail!("there is no benchmark `{unknown}`, but: {}", known.join(", "));
    }
    let path = workspace.root.join("bench").join("RESULTS.md");
    let wanted = |name: &str| arguments.names.is_empty() || arguments.names.iter().any(|wanted| wanted == name);
    for benchmark in BENCHMARKS.iter().filter(|benchmark| wanted(benchmark.name)) {
        eprintln!("measuring: {}", benchmark.name);
        let rows = (benchmark.rows)(workspace)?;
        let section = format!("{}\n\n{HEAD}{rows}", machine()?);
        print!("{section}");
        // Written after each: what was measured is kept although a later one fails.
        fs::create_dir_all(workspace.root.join("bench"))?;
        let before = fs::read_to_string(&path).unwrap_or_default();
        fs::write(&path, with_section(&before, benchmark.name, &section))?;
    }
    Ok(())
}

/// What begins each table.
const HEAD: &str = "| what | goal | reference | ours |\n|---|---|---|---|\n";

/// The results with one benchmark's section in the place of its earlier one; sections stand in the order of
/// [`BENCHMARKS`], those of benchmarks that are no more are left out.
fn with_section(before: &str, name: &str, section: &str) -> String {
    let earlier = |name: &str| {
        let (_, after) = before.split_once(&format!("\n## {name}\n"))?;
        Some(after.split_once("\n## ").map_or(after, |(section, _)| section).trim())
    };
    let mut text = String::from("# Measured\n");
    for benchmark in &BENCHMARKS {
        let section = if benchmark.name == name { Some(section.trim()) } else { earlier(benchmark.name) };
        if let Some(section) = section {
            text.push_str(&format!("\n## {}\n\n{section}\n", benchmark.name));
        }
    }
    text
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_benchmarks_rows_take_the_place_of_its_own_alone() {
        let before = "# Measured\n\n## rule\n\nA day.\n\n| a |\n\n## import\n\nAnother day.\n\n| b |\n";
        let after = with_section(before, "import", "Today.\n\n| c |\n");
        assert_eq!(after, "# Measured\n\n## rule\n\nA day.\n\n| a |\n\n## import\n\nToday.\n\n| c |\n");
        // A new one stands where it belongs.
        let more = with_section(&after, "sign-in", "Today.\n\n| d |\n");
        let order: Vec<&str> = more.lines().filter(|line| line.starts_with("## ")).collect();
        assert_eq!(order, ["## rule", "## sign-in", "## import"]);
        assert!(more.contains("| a |") && more.contains("| c |") && !more.contains("| b |"), "{more}");
        assert_eq!(with_section("", "rule", "x"), "# Measured\n\n## rule\n\nx\n");
    }

    /// The results in the repository are of this shape.
    #[test]
    fn every_section_of_the_results_is_kept() {
        let before = include_str!("../../bench/RESULTS.md");
        let rule = before.split("\n## ").find_map(|section| section.strip_prefix("rule\n")).unwrap_or_default();
        assert!(rule.contains(HEAD), "{rule}");
        assert_eq!(with_section(before, "rule", rule), before);
    }
}
