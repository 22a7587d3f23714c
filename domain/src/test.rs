//! The tests of the catalogue: national tests and digital exams.

use crate::level::Level;
use serde::{Deserialize, Serialize};

/// Place of a test in its roster's list of tests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TestIx(pub u8);

/// Place of a subject in its roster's list of subjects.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SubjectIx(pub u8);

/// What kind of test an entry of the catalogue is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TestKind {
    /// A national test (national test, nationellt prov). Selectors "all" and subject cover it.
    National,
    /// A digital exam (digital selvrettende prøve). Always named singly.
    Exam,
}

/// A subject (fag, ämne) of the catalogue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subject {
    /// Stable short name in files and commands, such as `dansk-laesning`.
    pub slug: String,
    /// The name as schools write it.
    pub name: String,
}

/// One entry of the test catalogue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Test {
    /// Stable code in files and commands, such as `DNT-DAL-4`.
    pub code: String,
    /// The name as schools write it, such as "Dansk, læsning 4".
    pub name: String,
    /// National test or exam.
    pub kind: TestKind,
    /// The subject.
    pub subject: SubjectIx,
    /// The level it is meant for; `None` fits every level.
    pub level: Option<Level>,
    /// Must pupils of the level take it?
    pub mandatory: bool,
}
