//! The test catalogue: national tests and digital exams, as data.
//!
//! What ships stands in the repository's folder `catalogue/` as TOML and is built into the binary.
//! An operator's folder adds to it without a new build. A school is offered the tests of its own
//! country that are held in the school year: in 2026/27 a Danish school sees the 17 tests of
//! Folkeskolens Nationale Færdighedstest and, apart from them, nine exams, and a Swedish one the 18
//! nationella prov; the adaptive tests that ended with 2021/22 stay in the catalogue and out of the grid.

mod file;

use domain::{Instant, Level, SchoolYear, Subject, SubjectIx, Test, TestKind, Zone};
use file::CatalogueFile;
use std::path::Path;

/// What ships with the program. Order is the order of subjects in the grid.
const SHIPPED: [(&str, &str); 6] = [
    ("dk-subjects.toml", include_str!("../../catalogue/dk-subjects.toml")),
    ("dk-dnt.toml", include_str!("../../catalogue/dk-dnt.toml")),
    ("dk-fno.toml", include_str!("../../catalogue/dk-fno.toml")),
    ("dk-fnf.toml", include_str!("../../catalogue/dk-fnf.toml")),
    ("dk-fp9.toml", include_str!("../../catalogue/dk-fp9.toml")),
    ("se-np.toml", include_str!("../../catalogue/se-np.toml")),
];

/// The countries whose schools use the program.
pub(crate) const COUNTRIES: [&str; 2] = ["dk", "se"];

/// Most tests and most subjects in all: a roster names them by one byte.
const ENTRIES_MAX: usize = 256;

/// What is wrong with a catalogue: the file, where in it, and a sentence.
#[derive(Debug, thiserror::Error)]
pub enum CatalogueError {
    /// The folder or a file in it cannot be read.
    #[error("cannot read the test catalogue {path}: {source}")]
    Unreadable {
        /// The folder or file.
        path: String,
        /// What the system said.
        source: std::io::Error,
    },
    /// The file is no TOML, has a key that is not known or lacks one, or a value is out of range.
    #[error("test catalogue {file}: {message}")]
    Malformed {
        /// The file.
        file: String,
        /// Line, column and what is wrong, from the reader.
        message: String,
    },
    /// A key's value cannot stand beside the rest of the catalogue.
    #[error("test catalogue {file}: {key} `{value}`: {problem}")]
    Contradiction {
        /// The file.
        file: String,
        /// The key at fault, such as `test.code`.
        key: &'static str,
        /// Its value.
        value: String,
        /// What is wrong with it.
        problem: String,
    },
}

/// One test of the catalogue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Stable code, such as `FNF-DAL-4`.
    pub code: String,
    /// Name as schools write it.
    pub name: String,
    /// National test or exam.
    pub kind: TestKind,
    /// Slug of its subject.
    pub subject: String,
    /// The level it is meant for; `None` fits every level.
    pub level: Option<Level>,
    /// Must pupils of the level take it?
    pub mandatory: bool,
    /// Country it is held in, `dk` or `se`; `None` for every country.
    pub country: Option<String>,
    /// First school year it is held in; `None` for no beginning.
    pub first_year: Option<SchoolYear>,
    /// Last school year it is held in; `None` for no end.
    pub last_year: Option<SchoolYear>,
}

impl Entry {
    /// Is it held in this country and school year?
    #[must_use]
    pub fn is_held(&self, country: &str, year: SchoolYear) -> bool {
        self.country.as_deref().is_none_or(|own| own == country)
            && self.first_year.is_none_or(|first| first <= year)
            && self.last_year.is_none_or(|last| year <= last)
    }
}

/// The subjects and tests a school is offered, in the order of the grid's columns: national tests
/// first, then exams; within each by subject, then level.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Offer {
    /// Subjects that the tests refer to.
    pub subjects: Vec<Subject>,
    /// The tests.
    pub tests: Vec<Test>,
}

/// Every subject and test that is known, whatever country and school year.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Catalogue {
    subjects: Vec<Subject>,
    entries: Vec<Entry>,
}

impl Catalogue {
    /// What ships with the program, and the `*.toml` files of an operator's folder, by name.
    ///
    /// # Errors
    /// The first file that cannot be read or contradicts the others, with the key at fault.
    pub fn load(operators: Option<&Path>) -> Result<Self, CatalogueError> {
        let mut files = Vec::new();
        for (name, text) in SHIPPED {
            files.push(CatalogueFile::read(name, text)?);
        }
        if let Some(folder) = operators {
            files.extend(file::read_folder(folder)?);
        }
        let mut catalogue = Self::default();
        // Subjects first, so that the order of files does not decide what a test may refer to.
        for file in &files {
            catalogue.add_subjects(file)?;
        }
        for file in &files {
            catalogue.add_tests(file)?;
        }
        catalogue.sort();
        Ok(catalogue)
    }

    /// Every test, in the order of columns.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Every subject, in the order of columns.
    #[must_use]
    pub fn subjects(&self) -> &[Subject] {
        &self.subjects
    }

    /// The subject with this slug.
    #[must_use]
    pub fn subject(&self, slug: &str) -> Option<&Subject> {
        self.subjects.iter().find(|subject| subject.slug == slug)
    }

    /// The countries that have tests in a subject, whatever the school year; `None` for no subject.
    #[must_use]
    pub fn countries_of(&self, slug: &str) -> Option<Vec<&'static str>> {
        self.subject(slug)?;
        let is_held = |country: &&str| {
            let mut tests = self.entries.iter().filter(|entry| entry.subject == slug);
            tests.any(|entry| entry.country.as_deref().is_none_or(|own| own == *country))
        };
        Some(COUNTRIES.into_iter().filter(is_held).collect())
    }

    /// The test with this code, whatever country and year.
    #[must_use]
    pub fn entry(&self, code: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.code == code)
    }

    /// The tests that are held in any of these countries in the school year of an instant; where no
    /// country is named, in any at all.
    #[must_use]
    pub fn held_at(&self, now: Instant, countries: &[&str]) -> Vec<&Entry> {
        let countries = if countries.is_empty() { COUNTRIES.as_slice() } else { countries };
        let is_held = |entry: &&Entry| {
            let held_in = |country: &str| {
                Zone::of_country(country).is_some_and(|zone| entry.is_held(country, SchoolYear::of(zone.date_of(now))))
            };
            countries.iter().any(|country| held_in(country))
        };
        self.entries.iter().filter(is_held).collect()
    }

    /// What a school in this country (`dk`, `se`) is offered in a school year.
    #[must_use]
    pub fn offer(&self, country: &str, year: SchoolYear) -> Offer {
        self.offer_of(|entry| entry.is_held(country, year))
    }

    /// What a school in this country has been offered in any school year: what its history may name.
    #[must_use]
    pub fn offer_ever(&self, country: &str) -> Offer {
        self.offer_of(|entry| entry.country.as_deref().is_none_or(|own| own == country))
    }

    fn offer_of(&self, is_held: impl Fn(&Entry) -> bool) -> Offer {
        let held: Vec<&Entry> = self.entries.iter().filter(|entry| is_held(entry)).collect();
        let subjects: Vec<Subject> =
            self.subjects.iter().filter(|s| held.iter().any(|entry| entry.subject == s.slug)).cloned().collect();
        let place = |slug: &str| (0_u8..).zip(&subjects).find(|(_, s)| s.slug == slug).map(|(ix, _)| SubjectIx(ix));
        let tests = held.iter().filter_map(|entry| {
            Some(Test {
                code: entry.code.clone(),
                name: entry.name.clone(),
                kind: entry.kind,
                subject: place(&entry.subject)?,
                level: entry.level,
                mandatory: entry.mandatory,
            })
        });
        let tests = tests.collect();
        Offer { subjects, tests }
    }

    fn add_subjects(&mut self, file: &CatalogueFile) -> Result<(), CatalogueError> {
        for subject in &file.subjects {
            match self.subjects.iter().find(|known| known.slug == subject.slug) {
                Some(known) if known == subject => {}
                Some(known) => {
                    let problem = format!("is already the slug of {}", known.name);
                    return Err(file.contradiction("subject.slug", &subject.slug, problem));
                }
                None if self.subjects.len() >= ENTRIES_MAX => {
                    return Err(file.contradiction("subject.slug", &subject.slug, too_many("subjects")));
                }
                None => self.subjects.push(subject.clone()),
            }
        }
        Ok(())
    }

    fn add_tests(&mut self, file: &CatalogueFile) -> Result<(), CatalogueError> {
        for entry in &file.tests {
            if self.entry(&entry.code).is_some() {
                return Err(file.contradiction("test.code", &entry.code, "is already in the catalogue".into()));
            }
            if !self.subjects.iter().any(|subject| subject.slug == entry.subject) {
                return Err(file.contradiction("test.subject", &entry.subject, "no such subject".into()));
            }
            if self.entries.len() >= ENTRIES_MAX {
                return Err(file.contradiction("test.code", &entry.code, too_many("tests")));
            }
            self.entries.push(entry.clone());
        }
        Ok(())
    }

    fn sort(&mut self) {
        let subjects = &self.subjects;
        let place = |slug: &str| subjects.iter().position(|subject| subject.slug == slug);
        self.entries.sort_by(|a, b| {
            let key = |e: &Entry| (e.kind == TestKind::Exam, place(&e.subject), e.level.map(Level::rank));
            key(a).cmp(&key(b)).then_with(|| a.code.cmp(&b.code))
        });
    }
}

fn too_many(what: &str) -> String {
    format!("the catalogue holds {ENTRIES_MAX} {what} at most")
}

#[cfg(test)]
mod tests;
