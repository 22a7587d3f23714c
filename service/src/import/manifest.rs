//! `manifest.csv`: which files a bundle holds, and whether each is the whole or a change.

use super::finding::{Code, Findings, Place};
use super::sheet::{csv_reader, line_of};
use super::source::Files;
use super::staged::Mode;
use std::collections::BTreeMap;

/// Files that OneRoster knows and that say nothing about rights: results, marks, birthdays.
pub(super) const UNREAD: [&str; 14] = [
    "categories.csv",
    "classResources.csv",
    "courseResources.csv",
    "demographics.csv",
    "lineItems.csv",
    "resources.csv",
    "results.csv",
    "lineItemLearningObjectiveIds.csv",
    "lineItemScoreScales.csv",
    "resultLearningObjectiveIds.csv",
    "resultScoreScales.csv",
    "scoreScales.csv",
    "userProfiles.csv",
    "userResources.csv",
];

/// The version of OneRoster that a bundle is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Version {
    /// 1.1: a person has one role, in `users.csv`.
    V1_1,
    /// 1.2: roles have a file of their own.
    V1_2,
}

/// What the manifest says.
#[derive(Debug)]
pub(super) struct Manifest {
    /// The version.
    pub(super) version: Version,
    modes: BTreeMap<String, Mode>,
}

impl Manifest {
    /// What it says about a file; absent where it says nothing.
    pub(super) fn mode(&self, file: &str) -> Mode {
        self.modes.get(file).copied().unwrap_or_default()
    }
}

/// Reads the manifest and holds it against the files that are there. `None` after an error without
/// which nothing more can be read.
pub(super) fn read(files: &Files, read: &[&str], findings: &mut Findings) -> Option<Manifest> {
    const NAME: &str = "manifest.csv";
    let Some(text) = files.get(NAME) else {
        // A manifest in the wrong encoding has its own error already.
        if !findings.has_errors() {
            findings.error(Place::BUNDLE, Code::MANIFEST_MISSING);
        }
        return None;
    };
    let mut modes = BTreeMap::new();
    let mut version = None;
    for record in csv_reader(text).records() {
        let Ok(record) = record else {
            findings.error(Place::file(NAME), Code::ROW_LENGTH);
            return None;
        };
        let line = record.position().map(|position| line_of(text, position));
        let (property, value) = (record.get(0).unwrap_or("").trim(), record.get(1).unwrap_or("").trim());
        if property == "oneroster.version" {
            version = match value {
                "1.1" => Some(Version::V1_1),
                "1.2" => Some(Version::V1_2),
                _ => None,
            };
        }
        if let Some(file) = property.strip_prefix("file.") {
            let mode = match value {
                "absent" => Mode::Absent,
                "bulk" => Mode::Bulk,
                "delta" => Mode::Delta,
                _ => {
                    findings.error(Place::row(NAME, line, Some("value")), Code::MANIFEST_MODE);
                    continue;
                }
            };
            modes.insert(format!("{file}.csv"), mode);
        }
    }
    let Some(version) = version else {
        findings.error(Place::file(NAME), Code::VERSION);
        return None;
    };
    let manifest = Manifest { version, modes };
    for file in read.iter().copied().filter(|file| *file != NAME) {
        match (manifest.mode(file), files.contains_key(file)) {
            (Mode::Absent, true) => findings.warn(Place::file(file), Code::FILE_UNEXPECTED),
            // A file in the wrong encoding is missing too, and has its own error.
            (Mode::Bulk | Mode::Delta, false) if !findings.has_error_in(file) => {
                findings.error(Place::file(file), Code::FILE_MISSING);
            }
            _ => {}
        }
    }
    Some(manifest)
}
