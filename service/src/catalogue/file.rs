//! One file of the catalogue: its keys, and what each may say.

use super::{CatalogueError, Entry};
use domain::{Level, SchoolYear, Subject, TestKind};
use serde::Deserialize;
use std::path::Path;

/// Longest code or slug, in bytes.
const CODE_MAX: usize = 40;
/// Longest name, in bytes.
const NAME_MAX: usize = 120;
/// Largest file, in bytes.
const FILE_MAX: u64 = 1024 * 1024;

/// A file that has been read and checked by itself.
#[derive(Debug)]
pub(super) struct CatalogueFile {
    name: String,
    pub(super) subjects: Vec<Subject>,
    pub(super) tests: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    catalogue: Option<RawHead>,
    #[serde(default)]
    subject: Vec<RawSubject>,
    #[serde(default)]
    test: Vec<RawTest>,
}

/// What all tests of the file share.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawHead {
    /// For people who read the file.
    #[serde(rename = "name")]
    _name: String,
    kind: TestKind,
    country: Option<String>,
    first_year: Option<String>,
    last_year: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawSubject {
    slug: String,
    name: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawTest {
    code: String,
    name: String,
    subject: String,
    level: Option<Level>,
    mandatory: bool,
}

impl CatalogueFile {
    /// Reads and checks the text of a file.
    pub(super) fn read(name: &str, text: &str) -> Result<Self, CatalogueError> {
        let malformed = |message: String| CatalogueError::Malformed { file: name.into(), message };
        let raw: Raw = toml::from_str(text).map_err(|error| malformed(error.to_string().trim_end().to_owned()))?;
        let mut file = Self { name: name.into(), subjects: Vec::new(), tests: Vec::new() };
        for RawSubject { slug, name } in raw.subject {
            file.check("subject.slug", &slug, is_slug(&slug), "small letters, digits and hyphens, at most 40")?;
            file.check("subject.name", &name, is_name(&name), "one line of at most 120 bytes")?;
            file.subjects.push(Subject { slug, name });
        }
        if raw.test.is_empty() {
            return Ok(file);
        }
        let head =
            raw.catalogue.ok_or_else(|| malformed("tests need a section [catalogue] that says their kind".into()))?;
        let (first_year, last_year) = file.years(&head)?;
        let country = head.country;
        if let Some(code) = &country {
            file.check("catalogue.country", code, domain::Zone::of_country(code).is_some(), "`dk` or `se`")?;
        }
        for RawTest { code, name, subject, level, mandatory } in raw.test {
            file.check("test.code", &code, is_code(&code), "capital letters, digits and hyphens, at most 40")?;
            file.check("test.name", &name, is_name(&name), "one line of at most 120 bytes")?;
            let (kind, country) = (head.kind, country.clone());
            file.tests.push(Entry { code, name, kind, subject, level, mandatory, country, first_year, last_year });
        }
        Ok(file)
    }

    /// An error about one of this file's keys.
    pub(super) fn contradiction(&self, key: &'static str, value: &str, problem: String) -> CatalogueError {
        CatalogueError::Contradiction { file: self.name.clone(), key, value: value.into(), problem }
    }

    fn check(&self, key: &'static str, value: &str, ok: bool, rule: &str) -> Result<(), CatalogueError> {
        if ok { Ok(()) } else { Err(self.contradiction(key, value, format!("must be {rule}"))) }
    }

    fn years(&self, head: &RawHead) -> Result<(Option<SchoolYear>, Option<SchoolYear>), CatalogueError> {
        let year = |key, text: &Option<String>| match text {
            None => Ok(None),
            Some(text) => match school_year(text) {
                Some(year) => Ok(Some(year)),
                None => Err(self.contradiction(key, text, "must be a school year, written as 2026/27".into())),
            },
        };
        let first = year("catalogue.first_year", &head.first_year)?;
        let last = year("catalogue.last_year", &head.last_year)?;
        if let (Some(first), Some(last)) = (first, last)
            && last < first
        {
            return Err(self.contradiction("catalogue.last_year", &last.to_string(), format!("lies before {first}")));
        }
        Ok((first, last))
    }
}

/// The `*.toml` files of a folder, by name.
pub(super) fn read_folder(folder: &Path) -> Result<Vec<CatalogueFile>, CatalogueError> {
    let unreadable = |path: &Path, source| CatalogueError::Unreadable { path: path.display().to_string(), source };
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(|e| unreadable(folder, e))? {
        let path = entry.map_err(|e| unreadable(folder, e))?.path();
        if path.extension().is_some_and(|extension| extension == "toml") {
            paths.push(path);
        }
    }
    paths.sort();
    let mut files = Vec::new();
    for path in &paths {
        let size = std::fs::metadata(path).map_err(|e| unreadable(path, e))?.len();
        if size > FILE_MAX {
            let message = format!("is larger than {FILE_MAX} bytes");
            return Err(CatalogueError::Malformed { file: path.display().to_string(), message });
        }
        let text = std::fs::read_to_string(path).map_err(|e| unreadable(path, e))?;
        files.push(CatalogueFile::read(&path.display().to_string(), &text)?);
    }
    Ok(files)
}

fn is_slug(text: &str) -> bool {
    let letter = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    !text.is_empty() && text.len() <= CODE_MAX && text.bytes().all(letter)
}

fn is_code(text: &str) -> bool {
    let letter = |b: u8| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'-';
    !text.is_empty() && text.len() <= CODE_MAX && text.bytes().all(letter)
}

fn is_name(text: &str) -> bool {
    !text.trim().is_empty() && text.len() <= NAME_MAX && !text.chars().any(char::is_control)
}

/// `2026/27` and nothing else.
fn school_year(text: &str) -> Option<SchoolYear> {
    let (first, _) = text.split_once('/')?;
    let year = SchoolYear(first.parse().ok()?);
    (year.to_string() == text && first.len() == 4).then_some(year)
}
