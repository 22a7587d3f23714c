//! Reads the files of a bundle into a [`Staged`] document, and checks every row.

use super::finding::{Code, Findings, Place};
use super::limits::Limits;
use super::manifest::{self, Manifest, Version};
use super::sheet::{Columns, Row, Sheet, Status};
use super::source::{self, Files, Source};
use super::staged::{
    Class, Enrollment, Format, Mode, Org, Part, Progress, Role, RoleRow, Session, SourcedId, Staged, Step, User,
};
use domain::Level;
use std::borrow::Cow;
use std::collections::{BTreeMap, HashSet};

/// The files that are read; the manifest names them without `.csv`.
const READ: [&str; 8] = [
    "manifest.csv",
    "orgs.csv",
    "academicSessions.csv",
    "courses.csv",
    "classes.csv",
    "users.csv",
    "roles.csv",
    "enrollments.csv",
];

/// Reads and checks a whole bundle of OneRoster.
///
/// # Errors
/// Everything that stops the import, and the warnings so far.
pub(super) fn bundle(source: &Source, limits: &Limits, progress: &dyn Fn(Progress)) -> Result<Staged, Findings> {
    let mut findings = Findings::default();
    let known: Vec<&'static str> = READ.iter().chain(&manifest::UNREAD).copied().collect();
    let Some(files) = source::read(source, &known, limits, &mut findings) else { return Err(findings) };
    let Some(manifest) = manifest::read(&files, &READ, &mut findings) else { return Err(findings) };
    let mut bundle = Bundle { files: &files, manifest: &manifest, limits, progress, findings, empty: Vec::new() };
    let staged = bundle.staged();
    let Bundle { findings, empty, .. } = bundle;
    if findings.has_errors() { Err(findings) } else { Ok(Staged { findings, empty, ..staged }) }
}

struct Bundle<'a> {
    files: &'a Files,
    manifest: &'a Manifest,
    limits: &'a Limits,
    progress: &'a dyn Fn(Progress),
    findings: Findings,
    empty: Vec<Cow<'static, str>>,
}

impl Bundle<'_> {
    fn staged(&mut self) -> Staged {
        let orgs = self.part("orgs.csv", &ORGS, org);
        let sessions = self.part("academicSessions.csv", &SESSIONS, session);
        let courses = self.part("courses.csv", &COURSES, |row| Some(first_of(row.get("subjects"))));
        let classes = self.part("classes.csv", &CLASSES, |row| class(row, &courses.rows));
        let users = match self.manifest.version {
            Version::V1_1 => self.part("users.csv", &USERS_1_1, user_1_1),
            Version::V1_2 => self.part("users.csv", &USERS_1_2, |row| user(row, Vec::new())),
        };
        let roles = match self.manifest.version {
            Version::V1_1 => Part::default(),
            Version::V1_2 => self.part("roles.csv", &ROLES, role_row),
        };
        let mut ids = Ids::of(&classes.rows, &users.rows);
        let enrollments = self.part("enrollments.csv", &ENROLLMENTS, |row| enrollment(row, &mut ids));
        self.needs_roles(&users, &roles);
        let format = match self.manifest.version {
            Version::V1_1 => Format::OneRoster11,
            Version::V1_2 => Format::OneRoster12,
        };
        Staged { orgs, sessions, classes, users, roles, enrollments, format, ..Staged::default() }
    }

    /// In 1.2 a full list of persons says nothing without their roles.
    fn needs_roles(&mut self, users: &Part<User>, roles: &Part<RoleRow>) {
        if self.manifest.version == Version::V1_2 && users.mode == Mode::Bulk && roles.mode == Mode::Absent {
            self.findings.error(Place::file("roles.csv"), Code::FILE_NEEDED);
        }
    }

    /// Reads one file, row by row. `read` gives `None` for a row with an error or of no use.
    fn part<T>(
        &mut self,
        file: &'static str,
        columns: &Columns,
        mut read: impl FnMut(&mut Row<'_>) -> Option<T>,
    ) -> Part<T> {
        let mut part = Part { mode: self.manifest.mode(file), ..Part::default() };
        let Some(text) = self.files.get(file).filter(|_| part.mode != Mode::Absent) else { return part };
        let Some(sheet) = Sheet::open((file, text, part.mode), *columns, self.limits, &mut self.findings) else {
            return part;
        };
        let mut rows = 0;
        let of = Some(sheet.expected_rows());
        let mut report = |done| {
            rows = done;
            (self.progress)(Progress { step: Step::Reading(file), done, of });
        };
        sheet.each(&mut self.findings, &mut report, |row, id, status| match status {
            Status::Deleted => {
                part.deleted.insert(id);
            }
            Status::Active => {
                if let Some(value) = read(row) {
                    part.rows.insert(id, value);
                }
            }
        });
        if rows == 0 && part.mode == Mode::Bulk {
            self.empty.push(file.into());
        }
        part
    }
}

const HEAD: [&str; 2] = ["status", "dateLastModified"];

macro_rules! columns {
    ($name:ident: [$($required:literal),*], [$($optional:literal),*], [$($ignored:literal),*]) => {
        const $name: Columns = Columns {
            required: &["sourcedId", $($required),*],
            optional: &[HEAD[0], HEAD[1], $($optional),*],
            ignored: &[$($ignored),*],
        };
    };
}

columns!(ORGS: ["name", "type"], ["identifier"], ["parentSourcedId"]);
columns!(SESSIONS: ["type", "startDate", "endDate"], [], ["title", "parentSourcedId", "schoolYear"]);
columns!(COURSES: [], ["subjects"],
    ["schoolYearSourcedId", "title", "courseCode", "grades", "orgSourcedId", "subjectCodes"]);
columns!(CLASSES: ["title", "classType", "schoolSourcedId"], ["courseSourcedId", "termSourcedIds", "subjects"],
    ["grades", "classCode", "location", "subjectCodes", "periods"]);
columns!(USERS_1_1: ["orgSourcedIds", "role", "givenName", "familyName"], ["enabledUser", "grades"],
    ["username", "userIds", "middleName", "identifier", "email", "sms", "phone", "agentSourcedIds", "password"]);
columns!(USERS_1_2: ["givenName", "familyName"], ["enabledUser", "grades"],
    ["username", "userIds", "middleName", "identifier", "email", "sms", "phone", "agentSourcedIds", "password",
     "userMasterIdentifier", "preferredGivenName", "preferredMiddleName", "preferredFamilyName",
     "primaryOrgSourcedId", "pronouns"]);
columns!(ROLES: ["userSourcedId", "role", "orgSourcedId"], ["beginDate", "endDate"],
    ["roleType", "userProfileSourcedId"]);
columns!(ENROLLMENTS: ["classSourcedId", "userSourcedId", "role"], ["beginDate", "endDate"],
    ["schoolSourcedId", "primary"]);

fn org(row: &mut Row<'_>) -> Option<Org> {
    let is_school = match row.get("type") {
        "school" => true,
        "department" | "district" | "local" | "state" | "national" => false,
        other if other.starts_with("ext:") => false,
        _ => {
            row.error("type", Code::VALUE_INVALID);
            return None;
        }
    };
    let name = row.name("name")?;
    if name.is_empty() {
        row.error("name", Code::VALUE_MISSING);
        return None;
    }
    Some(Org { name, identifier: row.short("identifier")?, is_school, line: row.line() })
}

fn session(row: &mut Row<'_>) -> Option<Session> {
    let is_year = row.required("type")? == "schoolYear";
    let (begin, end) = (row.date("startDate").ok()?, row.date("endDate").ok()?);
    let (Some(begin), Some(end)) = (begin, end) else {
        row.error(if begin.is_none() { "startDate" } else { "endDate" }, Code::VALUE_MISSING);
        return None;
    };
    if end < begin {
        row.error("endDate", Code::DATES_REVERSED);
        return None;
    }
    Some(Session { is_year, begin, end })
}

fn class(row: &mut Row<'_>, courses: &BTreeMap<SourcedId, String>) -> Option<Class> {
    let is_homeroom = match row.get("classType") {
        "homeroom" => true,
        "scheduled" => false,
        other if other.starts_with("ext:") => false,
        _ => {
            row.error("classType", Code::VALUE_INVALID);
            return None;
        }
    };
    let title = row.name("title")?;
    if title.is_empty() {
        row.error("title", Code::VALUE_MISSING);
        return None;
    }
    let own = first_of(row.get("subjects"));
    let course = courses.get(row.get("courseSourcedId"));
    let subject = if own.is_empty() { course.cloned().unwrap_or_default() } else { own };
    let subject = if subject.is_empty() || is_homeroom { None } else { Some(subject) };
    let (school, terms) = (row.id("schoolSourcedId")?, row.ids("termSourcedIds"));
    Some(Class { title, is_homeroom, subject, school, terms, line: row.line() })
}

/// The first entry of a comma-separated list, as far as a name may be long.
fn first_of(list: &str) -> String {
    list.split(',').next().unwrap_or("").trim().chars().filter(|c| !c.is_control()).take(100).collect()
}

fn user_1_1(row: &mut Row<'_>) -> Option<User> {
    let role = role(row)?;
    let at = row.ids("orgSourcedIds").into_iter().map(|org| (org, role)).collect();
    user(row, at)
}

fn user(row: &mut Row<'_>, at: Vec<(SourcedId, Role)>) -> Option<User> {
    let enabled = match row.get("enabledUser") {
        "true" | "" => true,
        "false" => false,
        _ => {
            row.error("enabledUser", Code::VALUE_INVALID);
            return None;
        }
    };
    let (given, family) = (row.name("givenName"), row.name("familyName"));
    let (given, family) = (given?, family?);
    match (given.is_empty(), family.is_empty()) {
        (true, true) => {
            row.error("givenName", Code::VALUE_MISSING);
            return None;
        }
        (true, false) => row.warn("givenName", Code::NAME_MISSING),
        (false, true) => row.warn("familyName", Code::NAME_MISSING),
        (false, false) => {}
    }
    if !enabled {
        row.warn("enabledUser", Code::USER_DISABLED);
    }
    let grade = row.short("grades")?;
    let is_pupil = at.is_empty() || at.iter().any(|(_, role)| *role == Role::Pupil);
    let level = if is_pupil { level(row, &grade) } else { None };
    let names = Some((given, family));
    Some(User { names, protected: false, uni_id: None, enabled, level, grade, at })
}

/// The first of a list of grades that is a level.
fn level(row: &mut Row<'_>, grades: &str) -> Option<Level> {
    let mut levels = grades.split(',').filter_map(Level::from_one_roster_grade);
    let first = levels.next();
    if first.is_none() && !grades.is_empty() {
        row.warn("grades", Code::GRADE_UNKNOWN);
    }
    if levels.any(|level| Some(level) != first) {
        row.warn("grades", Code::GRADE_SEVERAL);
    }
    first
}

fn role_row(row: &mut Row<'_>) -> Option<RoleRow> {
    let role = role(row)?;
    let (user, org) = (row.id("userSourcedId")?, row.id("orgSourcedId")?);
    let (begin, end) = dates(row)?;
    Some(RoleRow { user, org, role, begin, end })
}

/// What a role is here. `None` for guardians and for roles nobody knows; both are noted.
fn role(row: &mut Row<'_>) -> Option<Role> {
    match row.get("role") {
        "student" => Some(Role::Pupil),
        "teacher" => Some(Role::Teacher),
        "administrator"
        | "aide"
        | "counselor"
        | "districtAdministrator"
        | "principal"
        | "proctor"
        | "siteAdministrator"
        | "systemAdministrator" => Some(Role::Staff),
        "guardian" | "parent" | "relative" => {
            row.warn("role", Code::ROLE_IGNORED);
            None
        }
        "" => {
            row.error("role", Code::VALUE_MISSING);
            None
        }
        _ => {
            row.warn("role", Code::ROLE_UNKNOWN);
            None
        }
    }
}

/// Ids that rows repeat, kept once: of seven hundred thousand places in classes each names two.
struct Ids(HashSet<SourcedId>);

impl Ids {
    fn of(classes: &BTreeMap<SourcedId, Class>, users: &BTreeMap<SourcedId, User>) -> Self {
        Self(classes.keys().chain(users.keys()).cloned().collect())
    }

    /// The id in a column, as it was first read.
    fn shared(&mut self, row: &mut Row<'_>, column: &'static str) -> Option<SourcedId> {
        if let Some(known) = self.0.get(row.get(column)) {
            return Some(known.clone());
        }
        let id = row.id(column)?;
        self.0.insert(id.clone());
        Some(id)
    }
}

fn enrollment(row: &mut Row<'_>, ids: &mut Ids) -> Option<Enrollment> {
    let is_teacher = match row.get("role") {
        "student" => false,
        "teacher" => true,
        // Others in a class neither teach it nor belong to it.
        "administrator" | "proctor" | "aide" | "guardian" | "parent" | "relative" => return None,
        "" => {
            row.error("role", Code::VALUE_MISSING);
            return None;
        }
        _ => {
            row.warn("role", Code::ROLE_UNKNOWN);
            return None;
        }
    };
    let (class, user) = (ids.shared(row, "classSourcedId")?, ids.shared(row, "userSourcedId")?);
    let (begin, end) = dates(row)?;
    Some(Enrollment { class, user, is_teacher, begin, end, line: row.line() })
}

/// `beginDate` and `endDate`. `None` where one is malformed or they are the wrong way round.
fn dates(row: &mut Row<'_>) -> Option<(Option<domain::Date>, Option<domain::Date>)> {
    let (begin, end) = (row.date("beginDate").ok()?, row.date("endDate").ok()?);
    if let (Some(begin), Some(end)) = (begin, end)
        && end < begin
    {
        row.warn("endDate", Code::DATES_REVERSED);
        return None;
    }
    Some((begin, end))
}
