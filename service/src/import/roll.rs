//! Everything that the files sent so far say about one school.
//!
//! A full file replaces what was known from it, a delta changes it, an absent file leaves it. What
//! is known after an import is kept without names, so that the next delta has something to change;
//! so a delta follows exactly the rules of a full file.

use super::finding::{Code, Findings, Place, line};
use super::staged::{Class, Enrollment, Format, Mode, Part, Role, RoleRow, Session, SourcedId, Staged, User};
use domain::Level;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// Raised when the kept form changes; an older one counts as none.
const FORM: u8 = 1;

/// One school's rows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Roll {
    form: u8,
    /// What the files were written in.
    format: Format,
    /// The school's own sourcedId.
    pub(super) school: Option<SourcedId>,
    /// School years and terms.
    pub(super) sessions: BTreeMap<SourcedId, Session>,
    /// Classes and other groups of the school.
    pub(super) classes: BTreeMap<SourcedId, Class>,
    /// Persons with a role at the school.
    pub(super) people: BTreeMap<SourcedId, Known>,
    /// Their roles there.
    pub(super) roles: BTreeMap<SourcedId, RoleRow>,
    /// Places in the school's classes.
    pub(super) enrollments: BTreeMap<SourcedId, Enrollment>,
}

/// What is known of a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Known {
    /// Given and family name, where this bundle says them; never kept.
    #[serde(skip)]
    pub(super) names: Option<(String, String)>,
    /// Is the identity protected, as this bundle says it?
    #[serde(skip)]
    pub(super) protected: bool,
    /// The UNI-Login id, where this bundle says it; never kept here.
    #[serde(skip)]
    pub(super) uni_id: Option<String>,
    /// Switched on in the source system?
    pub(super) enabled: bool,
    /// The level, for pupils.
    pub(super) level: Option<Level>,
    /// The grade in the roster's words.
    pub(super) grade: String,
}

impl From<&User> for Known {
    fn from(user: &User) -> Self {
        let User { names, protected, uni_id, enabled, level, grade, .. } = user;
        let (names, grade, uni_id) = (names.clone(), grade.clone(), uni_id.clone());
        Self { names, uni_id, protected: *protected, enabled: *enabled, level: *level, grade }
    }
}

impl Roll {
    /// What was kept after an earlier import; `None` where nothing fit for use was.
    pub(super) fn kept(bytes: &[u8]) -> Option<Self> {
        postcard::from_bytes::<Self>(bytes).ok().filter(|roll| roll.form == FORM)
    }

    /// The form to keep: ids, roles, levels and dates, no names.
    pub(super) fn to_keep(&self) -> Option<Vec<u8>> {
        postcard::to_allocvec(self).ok()
    }

    /// The same, where files of this format are what later ones are laid over.
    pub(super) fn kept_of(&self, format: Format) -> Option<Vec<u8>> {
        if format == Format::StaffList { None } else { self.to_keep() }
    }

    /// Can a bundle be laid over it?
    pub(super) const fn fits(&self, staged: &Staged) -> bool {
        self.format as u8 == staged.format as u8
    }

    /// Lays a bundle over what is known of one of its schools, which must fit it.
    ///
    /// What points nowhere is skipped, with a warning where it stands in this bundle.
    pub(super) fn laid(known: Option<Self>, school: &SourcedId, sorted: &Sorted<'_>, findings: &mut Findings) -> Self {
        let (staged, none) = (sorted.staged, Rows::default());
        let rows = sorted.of.get(school).unwrap_or(&none);
        let format = staged.format;
        let mut roll = Self { form: FORM, format, school: Some(school.clone()), ..known.unwrap_or_default() };
        lay(&mut roll.sessions, &staged.sessions, staged.sessions.rows.iter());
        lay(&mut roll.classes, &staged.classes, rows.classes.iter().copied());
        if format.has_role_rows() {
            lay(&mut roll.roles, &staged.roles, rows.roles.iter().copied());
        } else {
            lay_roles_of_users(&mut roll, school, &staged.users, &rows.users);
        }
        lay_people(&mut roll, &staged.users);
        check_places(&roll, &rows.enrollments, staged, findings);
        lay(&mut roll.enrollments, &staged.enrollments, rows.enrollments.iter().copied());
        roll
    }
}

/// A bundle's rows, sorted to those of its schools that are meant.
pub(super) struct Sorted<'a> {
    staged: &'a Staged,
    of: HashMap<SourcedId, Rows<'a>>,
}

/// One school's rows in a bundle, each file in order of ids.
#[derive(Default)]
struct Rows<'a> {
    classes: Vec<(&'a SourcedId, &'a Class)>,
    roles: Vec<(&'a SourcedId, &'a RoleRow)>,
    /// Persons with a role at the school, as 1.1 says it.
    users: Vec<(&'a SourcedId, Role)>,
    enrollments: Vec<(&'a SourcedId, &'a Enrollment)>,
}

/// Is anything of what was known before still to be known after this bundle?
pub(super) fn builds_on_earlier(staged: &Staged) -> bool {
    let Staged { sessions, classes, users, roles, enrollments, format, .. } = staged;
    let modes = [sessions.mode, classes.mode, users.mode, enrollments.mode];
    modes.iter().chain(format.has_role_rows().then_some(&roles.mode)).any(|mode| *mode != Mode::Bulk)
}

impl<'a> Sorted<'a> {
    /// Sorts a bundle to schools; with each, the classes known before, or `None` where nothing is that
    /// fits.
    ///
    /// `None` where a delta has nothing to change; the error is noted.
    pub(super) fn of(
        staged: &'a Staged,
        schools: Vec<(SourcedId, Option<Vec<SourcedId>>)>,
        findings: &mut Findings,
    ) -> Option<Self> {
        if has_delta(staged) && schools.iter().any(|(_, known)| known.is_none()) {
            findings.error(Place::BUNDLE, Code::DELTA_FIRST);
            return None;
        }
        let mut of: HashMap<SourcedId, Rows<'a>> = HashMap::new();
        let mut school_of: HashMap<SourcedId, SourcedId> = HashMap::new();
        for (school, known) in schools {
            if staged.classes.mode != Mode::Bulk {
                school_of.extend(known.unwrap_or_default().into_iter().map(|class| (class, school.clone())));
            }
            of.insert(school, Rows::default());
        }
        school_of.retain(|class, _| !staged.classes.deleted.contains(class));
        for (id, class) in &staged.classes.rows {
            // A delta may have moved it to another school.
            school_of.remove(id);
            if let Some(rows) = of.get_mut(&class.school) {
                rows.classes.push((id, class));
                school_of.insert(id.clone(), class.school.clone());
            }
        }
        for (id, role) in &staged.roles.rows {
            if let Some(rows) = of.get_mut(&role.org) {
                rows.roles.push((id, role));
            }
        }
        for (id, user) in &staged.users.rows {
            for (org, role) in &user.at {
                // Named twice at a school, the first role counts.
                let rows = of.get_mut(org).filter(|rows| rows.users.last().is_none_or(|(last, _)| *last != id));
                if let Some(rows) = rows {
                    rows.users.push((id, *role));
                }
            }
        }
        for (id, row) in &staged.enrollments.rows {
            // Places in classes go to the school of their class.
            match school_of.get(&row.class).and_then(|school| of.get_mut(school)) {
                Some(rows) => rows.enrollments.push((id, row)),
                None if staged.classes.rows.contains_key(&row.class) => {}
                None => findings.warn(place_of(row, "classSourcedId"), Code::REFERENCE_MISSING),
            }
        }
        check_classes(staged, findings);
        Some(Self { staged, of })
    }
}

fn has_delta(staged: &Staged) -> bool {
    let Staged { sessions, classes, users, roles, enrollments, .. } = staged;
    [sessions.mode, classes.mode, users.mode, roles.mode, enrollments.mode].contains(&Mode::Delta)
}

/// The rows of one file that belong to the school, over those known before.
fn lay<'a, T: Clone + 'a>(
    known: &mut BTreeMap<SourcedId, T>,
    part: &Part<T>,
    here: impl Iterator<Item = (&'a SourcedId, &'a T)>,
) {
    if part.mode == Mode::Bulk {
        known.clear();
    }
    // A delta may have moved a row to another school.
    known.retain(|id, _| !part.deleted.contains(id) && !part.rows.contains_key(id));
    known.extend(here.map(|(id, row)| (id.clone(), row.clone())));
}

/// In 1.1 a person's own row says the role, the same at each organisation.
fn lay_roles_of_users(roll: &mut Roll, school: &SourcedId, users: &Part<User>, here: &[(&SourcedId, Role)]) {
    if users.mode == Mode::Bulk {
        roll.roles.clear();
    }
    roll.roles.retain(|id, _| !users.deleted.contains(id) && !users.rows.contains_key(id));
    for (id, role) in here.iter().copied() {
        let row = RoleRow { user: id.clone(), org: school.clone(), role, begin: None, end: None };
        roll.roles.insert(id.clone(), row);
    }
}

/// The persons who have a role at the school.
fn lay_people(roll: &mut Roll, users: &Part<User>) {
    if users.mode == Mode::Bulk {
        roll.people.clear();
    }
    let here: BTreeSet<&SourcedId> = roll.roles.values().map(|role| &role.user).collect();
    roll.people.retain(|id, _| here.contains(id) && !users.deleted.contains(id));
    for id in here {
        if let Some(user) = users.rows.get(id) {
            roll.people.insert(id.clone(), user.into());
        }
    }
}

/// Places in classes of persons who are not that at the school, or are nowhere.
fn check_places(roll: &Roll, enrollments: &[(&SourcedId, &Enrollment)], staged: &Staged, findings: &mut Findings) {
    let known = roll.roles.values().filter(|role| roll.people.contains_key(&role.user));
    let is_there: HashSet<(&SourcedId, Role)> = known.map(|role| (&role.user, role.role)).collect();
    for (_, row) in enrollments {
        let role = if row.is_teacher { Role::Teacher } else { Role::Pupil };
        if !is_there.contains(&(&row.user, role)) {
            let is_known = staged.users.rows.contains_key(&row.user) || staged.users.mode != Mode::Bulk;
            let code = if is_known { Code::NOT_AT_SCHOOL } else { Code::REFERENCE_MISSING };
            findings.warn(place_of(row, "userSourcedId"), code);
        }
    }
}

const fn place_of(row: &Enrollment, column: &'static str) -> Place<'static> {
    Place::row("enrollments.csv", line(row.line), Some(column))
}

/// Classes of schools and terms that are nowhere.
fn check_classes(staged: &Staged, findings: &mut Findings) {
    for class in staged.classes.rows.values() {
        let place = |column| Place::row("classes.csv", line(class.line), Some(column));
        if staged.orgs.mode == Mode::Bulk && !staged.orgs.rows.contains_key(&class.school) {
            findings.warn(place("schoolSourcedId"), Code::REFERENCE_MISSING);
        }
        let known = |term| staged.sessions.rows.contains_key(term);
        if staged.sessions.mode == Mode::Bulk && !class.terms.iter().all(known) {
            findings.warn(place("termSourcedIds"), Code::TERM_UNKNOWN);
        }
    }
}
