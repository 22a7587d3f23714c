//! What the import of a roster says about itself, to pages and commands. No rule stands here.

use crate::calendar::{SchoolYear, Zone};
use crate::ids::{ImportId, InstitutionId};
use crate::time::Instant;
use serde::{Deserialize, Serialize};

/// Something about a file that is worth saying. Never carries the value of a field.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Finding {
    /// The file in the bundle, such as `users.csv`; the bundle's own findings have an empty name.
    pub file: String,
    /// Line of the first place, the header being line 1; `None` where it is about the whole file.
    pub line: Option<u64>,
    /// Where in that line it begins, in characters from 1; `None` where a column says it.
    #[serde(default)]
    pub position: Option<u64>,
    /// Heading of the column, or name of the element or attribute.
    pub column: Option<String>,
    /// Stable code; picks the translated sentence.
    pub code: String,
    /// The sentence in English.
    pub message: String,
    /// How many places of the file it is about.
    pub count: u64,
}

/// How many of a kind an import adds, changes and ends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// In the file and not recorded.
    pub added: u64,
    /// In both, with a difference.
    pub changed: u64,
    /// Recorded and no longer in the file.
    pub gone: u64,
}

impl Counts {
    /// Does nothing change?
    #[must_use]
    pub fn is_none(self) -> bool {
        self == Self::default()
    }
}

impl std::ops::AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.added += other.added;
        self.changed += other.changed;
        self.gone += other.gone;
    }
}

/// Why an import waits for someone with the right to say yes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HeldKind {
    /// Pupils.
    Pupils,
    /// Employees.
    Staff,
    /// Classes and other groups.
    Groups,
    /// Pupils' memberships of groups.
    Memberships,
    /// Teachers' groups.
    Teaching,
}

/// One reason for holding an import.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Held {
    /// More than a tenth of a kind would end.
    ManyGone {
        /// Which kind.
        kind: HeldKind,
        /// How many would end.
        gone: u64,
        /// How many are recorded now.
        of: u64,
    },
    /// The file is of another school year than the one before it.
    NewSchoolYear {
        /// The year of the last one that was applied.
        from: SchoolYear,
        /// The file's.
        to: SchoolYear,
    },
    /// A file has its header and nothing else.
    EmptyFile {
        /// The file, such as `users.csv`.
        file: String,
    },
}

impl std::fmt::Display for Held {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::ManyGone { kind, gone, of } => {
                let kind = match kind {
                    HeldKind::Pupils => "pupils",
                    HeldKind::Staff => "employees",
                    HeldKind::Groups => "groups",
                    HeldKind::Memberships => "memberships",
                    HeldKind::Teaching => "teachers' groups",
                };
                write!(f, "{gone} of {of} {kind} are missing from the file")
            }
            Self::NewSchoolYear { from, to } => {
                write!(f, "the file is of the school year {to}, the one before it was of {from}")
            }
            Self::EmptyFile { file } => write!(f, "{file} is empty"),
        }
    }
}

/// What an import did, or would do.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportReport {
    /// Was it applied? An import that changes nothing counts as applied.
    pub applied: bool,
    /// Why it waits for a yes, in one English sentence; `None` when it does not.
    pub held: Option<String>,
    /// Persons at the school.
    pub people: Counts,
    /// Classes and other groups.
    pub groups: Counts,
    /// Pupils' memberships of groups.
    pub memberships: Counts,
    /// Teachers' groups.
    pub teaching: Counts,
    /// What is odd about the files and did not stop the import.
    pub warnings: Vec<Finding>,
    /// What stops the import.
    pub errors: Vec<Finding>,
}

/// Added, changed or gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Difference {
    /// In the file and not recorded.
    Added,
    /// In both, with a difference.
    Changed,
    /// Recorded and no longer in the file.
    Gone,
}

/// One line of the difference, in names.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct NamedDifference {
    /// Which kind.
    pub kind: HeldKind,
    /// Added, changed or gone.
    pub difference: Difference,
    /// The class or group; the pupil's class for pupils; empty where there is none.
    pub group: String,
    /// The person's name (a protected person's alias); the group's name for groups.
    pub name: String,
}

/// A class that goes on as another in the new school year: 2A, whose pupils are 3A now.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct CarriedClass {
    /// Its name in the year before.
    pub from: String,
    /// Its name in the file.
    pub to: String,
    /// How many of its pupils it keeps.
    pub same: u64,
    /// How many pupils it had.
    pub of: u64,
}

/// What an import would do to one school, before anybody says yes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportPreview {
    /// The school; `None` if it is not recorded yet.
    pub institution: Option<InstitutionId>,
    /// The school's code.
    pub code: String,
    /// The school's name.
    pub name: String,
    /// The counts.
    pub report: ImportReport,
    /// Why it waits for a yes, reason by reason.
    pub held: Vec<Held>,
    /// How many are recorded now, per kind.
    pub recorded: Vec<(HeldKind, u64)>,
    /// Classes that go on in a new school year, sorted; empty within a year.
    pub carried: Vec<CarriedClass>,
    /// The difference in names, sorted, at most [`NAMES_MAX`] per kind and difference.
    pub differences: Vec<NamedDifference>,
}

/// An import of a bundle: what became of it in all, and school by school.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportOutcome {
    /// The sums over all schools, and what is said about the files.
    pub report: ImportReport,
    /// What it does, or would do, to each school.
    pub schools: Vec<ImportPreview>,
    /// Under which id it now waits for a yes.
    pub held_as: Option<ImportId>,
}

/// Most names that a preview lists per kind and difference.
pub const NAMES_MAX: usize = 500;

/// What became of an import.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ImportState {
    /// Waits for a yes.
    Held,
    /// Written.
    Applied,
    /// Its files had errors.
    Refused,
    /// Waited, and was answered with no.
    Rejected,
    /// Waited too long, or gave way to a later one.
    LaidAside,
}

/// Counts of every kind, as the list of imports keeps them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportCounts {
    /// Persons at the school.
    pub people: Counts,
    /// Classes and other groups.
    pub groups: Counts,
    /// Pupils' memberships of groups.
    pub memberships: Counts,
    /// Teachers' groups.
    pub teaching: Counts,
    /// Why it waits, or waited, reason by reason.
    #[serde(default)]
    pub held: Vec<Held>,
}

/// What was wrong or odd about the files of an import.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportFindings {
    /// What stopped it.
    #[serde(default)]
    pub errors: Vec<Finding>,
    /// What is odd.
    #[serde(default)]
    pub warnings: Vec<Finding>,
}

/// The answer to an import that waited.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportDecision {
    /// When.
    pub at: Instant,
    /// The name of who answered, as it was then.
    pub by: String,
    /// Why.
    pub reason: String,
}

/// An import, in the list of imports.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportEntry {
    /// Our id.
    pub id: ImportId,
    /// Name of the file.
    pub file_name: String,
    /// When it began.
    pub started: Instant,
    /// The name of who imported, as it was then; `None` for the command line.
    pub by: Option<String>,
    /// What became of it.
    pub state: ImportState,
    /// What it did, or would have done.
    pub counts: ImportCounts,
    /// What was wrong or odd about its files.
    pub findings: ImportFindings,
    /// The answer, where it waited for one.
    pub decision: Option<ImportDecision>,
    /// Can it be answered here? Then until when.
    pub waits_until: Option<Instant>,
}

/// What the page of imports shows first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Imports {
    /// The largest file that the page takes, in bytes.
    pub bytes_max: u64,
    /// The school's time zone.
    pub zone: Zone,
    /// The server's now.
    pub now: Instant,
    /// The latest imports, newest first.
    pub entries: Vec<ImportEntry>,
}
