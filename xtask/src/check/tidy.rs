//! The house rules that can be read off the text of a file.

use crate::workspace::Workspace;
use anyhow::{Result, bail};
use std::fs;
use std::path::{Path, PathBuf};

/// Beginnings of statements that only `store` may hold.
const STATEMENTS: [&str; 9] = [
    "SELECT ",
    "INSERT INTO ",
    "DELETE FROM ",
    "CREATE TABLE ",
    "ALTER TABLE ",
    "DROP TABLE ",
    "PRAGMA ",
    "VACUUM",
    "UPDATE ",
];
/// Crates whose sources are read.
const CRATES: [&str; 8] = ["domain", "store", "service", "letter", "broker", "app", "frontend", "server"];

/// Reads every source file and names every place that breaks a rule.
pub(super) fn check(workspace: &Workspace) -> Result<()> {
    let mut faults = Vec::new();
    for name in CRATES {
        for path in sources(&workspace.root.join(name).join("src"))? {
            let text = fs::read_to_string(&path)?;
            let shown = path.strip_prefix(&workspace.root).unwrap_or(&path);
            // Tests may do harm to a database in its own words.
            let is_test = path.components().any(|part| part.as_os_str() == "tests") || path.ends_with("tests.rs");
            let may_hold_sql = name == "store" || is_test;
            let faults_here = faults_of(may_hold_sql, &text);
            faults.extend(faults_here.map(|(line, fault)| format!("{}:{line}: {fault}", shown.display())));
        }
    }
    if faults.is_empty() { Ok(()) } else { bail!("house rules are broken:\n{}", faults.join("\n")) }
}

/// The lines, counted from 1, that break a rule.
fn faults_of(may_hold_sql: bool, text: &str) -> impl Iterator<Item = (usize, &'static str)> {
    let numbered = text.lines().enumerate().map(|(at, line)| (at + 1, line.trim()));
    let tests_from = text.lines().position(|line| line == "#[cfg(test)]").unwrap_or(usize::MAX);
    let header =
        (!text.starts_with("//!") && !text.starts_with("#!")).then_some((1, "the file does not say what it is"));
    header
        .into_iter()
        .chain(numbered.filter_map(move |(at, line)| Some((at, fault_of(may_hold_sql || at > tests_from, line)?))))
}

fn fault_of(may_hold_sql: bool, line: &str) -> Option<&'static str> {
    if line.starts_with("//") {
        return None;
    }
    if line.contains("#[allow(") || line.contains("#![allow(") {
        return Some("say `#[expect(…, reason = \"…\")]` instead of `allow`");
    }
    if !may_hold_sql && STATEMENTS.iter().any(|statement| begins_text(line, statement)) {
        return Some("SQL stands in `store` alone");
    }
    None
}

/// Does the line begin with the words, or does a text in it?
fn begins_text(line: &str, words: &str) -> bool {
    line.starts_with(words) || line.contains(&format!("\"{words}"))
}

fn sources(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(sources(&path)?);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::faults_of;

    fn lines(may_hold_sql: bool, text: &str) -> Vec<usize> {
        faults_of(may_hold_sql, text).map(|(line, _)| line).collect()
    }

    #[test]
    fn sql_is_found_outside_the_store_and_tests_only() {
        let text = "//! x\nquery(\"SELECT 1\");\nlet s = \"\n    UPDATE a SET b = 1\";\n// \"SELECT \" in a comment\n";
        assert_eq!(lines(false, text), [2, 4]);
        assert_eq!(lines(true, text), [0_usize; 0]);
        let tested = "//! x\nquery(\"SELECT 1\");\n#[cfg(test)]\nmod tests { harm(\"DELETE FROM a\"); }\n";
        assert_eq!(lines(false, tested), [2]);
    }

    #[test]
    fn allow_and_a_missing_header_are_found_everywhere() {
        assert_eq!(lines(true, "#[allow(dead_code)]\nfn a() {}\n"), [1, 1]);
        assert_eq!(lines(true, "//! Says what it is.\n#[expect(dead_code, reason = \"r\")]\n"), [0_usize; 0]);
    }
}
