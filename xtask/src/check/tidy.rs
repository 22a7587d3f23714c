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
const CRATES: [&str; 6] = ["domain", "store", "service", "app", "frontend", "server"];

/// Reads every source file and names every place that breaks a rule.
pub(super) fn check(workspace: &Workspace) -> Result<()> {
    let mut faults = Vec::new();
    for name in CRATES {
        for path in sources(&workspace.root.join(name).join("src"))? {
            let text = fs::read_to_string(&path)?;
            let shown = path.strip_prefix(&workspace.root).unwrap_or(&path);
            faults.extend(faults_of(name, &text).map(|(line, fault)| format!("{}:{line}: {fault}", shown.display())));
        }
    }
    if faults.is_empty() { Ok(()) } else { bail!("house rules are broken:\n{}", faults.join("\n")) }
}

/// The lines, counted from 1, that break a rule.
fn faults_of<'a>(name: &'a str, text: &'a str) -> impl Iterator<Item = (usize, &'static str)> + 'a {
    let numbered = text.lines().enumerate().map(|(at, line)| (at + 1, line.trim()));
    let header =
        (!text.starts_with("//!") && !text.starts_with("#!")).then_some((1, "the file does not say what it is"));
    header.into_iter().chain(numbered.filter_map(move |(at, line)| Some((at, fault_of(name, line)?))))
}

fn fault_of(name: &str, line: &str) -> Option<&'static str> {
    if line.starts_with("//") {
        return None;
    }
    if line.contains("#[allow(") || line.contains("#![allow(") {
        return Some("say `#[expect(…, reason = \"…\")]` instead of `allow`");
    }
    if name != "store" && STATEMENTS.iter().any(|statement| begins_text(line, statement)) {
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

    fn lines(name: &str, text: &str) -> Vec<usize> {
        faults_of(name, text).map(|(line, _)| line).collect()
    }

    #[test]
    fn sql_is_found_outside_the_store_only() {
        let text = "//! x\nquery(\"SELECT 1\");\nlet s = \"\n    UPDATE a SET b = 1\";\n// \"SELECT \" in a comment\n";
        assert_eq!(lines("service", text), [2, 4]);
        assert_eq!(lines("store", text), [0_usize; 0]);
    }

    #[test]
    fn allow_and_a_missing_header_are_found_everywhere() {
        assert_eq!(lines("store", "#[allow(dead_code)]\nfn a() {}\n"), [1, 1]);
        assert_eq!(lines("store", "//! Says what it is.\n#[expect(dead_code, reason = \"r\")]\n"), [0_usize; 0]);
    }
}
