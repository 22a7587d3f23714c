//! A bundle that has been read and checked by itself, before it meets what is recorded.

use super::finding::Findings;
use domain::{Date, Instant, Level, SchoolYear, UserType};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// How the source system names a row. Shared, because enrolments repeat the ids of others.
pub type SourcedId = Arc<str>;

/// What the files are written in. Kept by place: new ones go to the end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Format {
    /// OneRoster 1.1: a person's own row says the role, the same at each organisation.
    #[default]
    OneRoster11,
    /// OneRoster 1.2: roles stand in rows of their own.
    OneRoster12,
    /// UNI-Login's import and export documents, which are of one institution and name it.
    UniLogin,
    /// A staff list: it says something of those it names, and nothing of others.
    StaffList,
}

impl Format {
    /// Do roles stand in rows of their own?
    #[must_use]
    pub const fn has_role_rows(self) -> bool {
        !matches!(self, Self::OneRoster11)
    }

    /// The file that names the schools.
    pub(super) const fn schools_file(self) -> &'static str {
        match self {
            Self::OneRoster11 | Self::OneRoster12 => "orgs.csv",
            Self::UniLogin | Self::StaffList => "",
        }
    }
}

/// What the manifest says about a file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Mode {
    /// Not in the bundle: what is recorded stays.
    #[default]
    Absent,
    /// Everything there is: what is missing is gone.
    Bulk,
    /// Changes to what was sent before.
    Delta,
}

/// The rows of one file by their id, so that their order does not matter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part<T> {
    /// What the manifest says about the file.
    pub mode: Mode,
    /// Rows that hold.
    pub rows: BTreeMap<SourcedId, T>,
    /// Rows that a delta takes away.
    pub deleted: BTreeSet<SourcedId>,
}

impl<T> Default for Part<T> {
    fn default() -> Self {
        Self { mode: Mode::Absent, rows: BTreeMap::new(), deleted: BTreeSet::new() }
    }
}

/// A school of the bundle.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Org {
    /// Its name.
    pub name: String,
    /// Its own code, such as the institution number; may be empty.
    pub identifier: String,
    /// Is it a school? Others are districts, departments and the like.
    pub is_school: bool,
    /// Line in the file; 0 where it was not read from one just now.
    #[serde(skip)]
    pub line: u64,
}

/// A school year, semester or term.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// Is it the whole school year?
    pub is_year: bool,
    /// First day.
    pub begin: Date,
    /// Last day.
    pub end: Date,
}

/// A class (homeroom) or another group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Class {
    /// Its name.
    pub title: String,
    /// Is it a homeroom class?
    pub is_homeroom: bool,
    /// The first of its subjects, in the roster's words.
    pub subject: Option<String>,
    /// The school it belongs to.
    pub school: SourcedId,
    /// The terms it runs in.
    pub terms: Vec<SourcedId>,
    /// Line in the file; 0 where it was not read from one just now.
    #[serde(skip)]
    pub line: u64,
}

/// What somebody is at a school. Kept by place: new ones go to the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Role {
    /// A pupil.
    Pupil,
    /// A teacher.
    Teacher,
    /// TAP in UNI-Login; in OneRoster administrator, principal, aide, proctor and the like: staff and
    /// nothing more.
    Staff,
    /// Pædagog.
    Pedagogue,
    /// Vikar.
    Substitute,
    /// Leder.
    Leader,
    /// Ledelse.
    Management,
    /// Konsulent.
    Consultant,
    /// Praktikant.
    Trainee,
    /// Ekstern.
    External,
}

impl Role {
    /// The user type it becomes.
    #[must_use]
    pub const fn user_type(self) -> UserType {
        match self {
            Self::Pupil => UserType::Pupil,
            Self::Teacher => UserType::Teacher,
            // UNI-Login's word for staff from which no right follows.
            Self::Staff => UserType::Administrative,
            Self::Pedagogue => UserType::Pedagogue,
            Self::Substitute => UserType::Substitute,
            Self::Leader => UserType::Leader,
            Self::Management => UserType::Management,
            Self::Consultant => UserType::Consultant,
            Self::Trainee => UserType::Trainee,
            Self::External => UserType::External,
        }
    }
}

/// A person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    /// Given and family name; `None` for somebody known from an earlier file only.
    pub names: Option<(String, String)>,
    /// Is the identity protected (navne- og adressebeskyttelse)?
    pub protected: bool,
    /// The UNI-Login id in small letters, where the file says it. Recorded of staff and of who is external: pupils
    /// do not sign in here.
    pub uni_id: Option<String>,
    /// Switched on in the source system?
    pub enabled: bool,
    /// The pupil's level; `None` where the grade is none that the rule knows.
    pub level: Option<Level>,
    /// The grade in the roster's words.
    pub grade: String,
    /// What the person is where, as OneRoster 1.1 says it: one role at several organisations.
    pub at: Vec<(SourcedId, Role)>,
}

/// What a person is at a school, in a row of its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoleRow {
    /// The person.
    pub user: SourcedId,
    /// The school.
    pub org: SourcedId,
    /// What.
    pub role: Role,
    /// First day; `None` where it began before.
    pub begin: Option<Date>,
    /// Last day; `None` where no end is known.
    pub end: Option<Date>,
}

/// Somebody's place in a class.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Enrollment {
    /// The class.
    pub class: SourcedId,
    /// The person.
    pub user: SourcedId,
    /// Teacher, or else pupil.
    pub is_teacher: bool,
    /// First day, where the file says one.
    pub begin: Option<Date>,
    /// Last day, where the file says one.
    pub end: Option<Date>,
    /// Line in the file; 0 where it was not read from one just now.
    #[serde(skip)]
    pub line: u64,
}

/// Which document it is, among those of its source: a later one replaces an earlier one, never the other
/// way round.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stamp {
    /// The source: `import` and the name that the source gives itself, or `export`.
    pub source: String,
    /// When the source says that it was written.
    pub at: Instant,
    /// The school year that it is about, where it says one.
    pub year: Option<SchoolYear>,
}

/// A bundle that has been read.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Staged {
    /// Schools and other organisations.
    pub orgs: Part<Org>,
    /// School years and terms.
    pub sessions: Part<Session>,
    /// Classes and other groups.
    pub classes: Part<Class>,
    /// Persons.
    pub users: Part<User>,
    /// Roles of persons, where they stand in rows of their own.
    pub roles: Part<RoleRow>,
    /// Places in classes.
    pub enrollments: Part<Enrollment>,
    /// What it is written in.
    pub format: Format,
    /// Which document it is, where it says so.
    pub stamp: Option<Stamp>,
    /// Files that the manifest calls bulk and that hold no row: they hold the import.
    pub empty: Vec<Cow<'static, str>>,
    /// What is odd about the files.
    #[serde(skip)]
    pub findings: Findings,
}

/// Raised when the kept form changes; an older one cannot be gone on with.
const FORM: u8 = 2;

impl Staged {
    /// The form to keep while an import is held: everything that would be recorded, and nothing
    /// else of the files.
    pub(super) fn to_keep(&self) -> Option<Vec<u8>> {
        postcard::to_allocvec(&(FORM, self)).ok()
    }

    /// What was kept; `None` where it is of another program's form.
    pub(super) fn kept(bytes: &[u8]) -> Option<Self> {
        let (form, rest) = postcard::take_from_bytes::<u8>(bytes).ok()?;
        if form == FORM { postcard::from_bytes(rest).ok() } else { None }
    }
}

/// How far an import is, with real counts of rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// What is being done.
    pub step: Step,
    /// Rows done in this step.
    pub done: u64,
    /// Rows of this step in all, where that is known.
    pub of: Option<u64>,
}

/// A step of an import.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Reading a file of the bundle.
    Reading(&'static str),
    /// Comparing with what is recorded.
    Comparing,
    /// Writing to the database.
    Writing,
}
