//! Everything that the files sent so far say about one school.
//!
//! A full file replaces what was known from it, a delta changes it, an absent file leaves it. What
//! is known after an import is kept without names, so that the next delta has something to change;
//! so a delta follows exactly the rules of a full file.

use super::finding::{Code, Findings, Place};
use super::staged::{Class, Enrollment, Mode, Part, Role, RoleRow, Session, SourcedId, Staged, User};
use domain::Level;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// Raised when the kept form changes; an older one counts as none.
const FORM: u8 = 1;

/// One school's rows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Roll {
    form: u8,
    is_1_2: bool,
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
    /// Switched on in the source system?
    pub(super) enabled: bool,
    /// The level, for pupils.
    pub(super) level: Option<Level>,
    /// The grade in the roster's words.
    pub(super) grade: String,
}

impl From<&User> for Known {
    fn from(user: &User) -> Self {
        let User { names, enabled, level, grade, .. } = user;
        Self { names: names.clone(), enabled: *enabled, level: *level, grade: grade.clone() }
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
}

/// Lays a bundle over what is known of some of its schools.
///
/// `None` where a delta has nothing to change; the error is noted. What points nowhere is skipped,
/// with a warning where it stands in this bundle.
pub(super) fn rolls(
    staged: &Staged,
    before: Vec<(SourcedId, Option<Roll>)>,
    findings: &mut Findings,
) -> Option<BTreeMap<SourcedId, Roll>> {
    let mut rolls = BTreeMap::new();
    for (school, known) in before {
        let known = known.filter(|roll| roll.is_1_2 == staged.is_1_2);
        if known.is_none() && has_delta(staged) {
            findings.error(Place::BUNDLE, Code::DELTA_FIRST);
            return None;
        }
        let roll =
            Roll { form: FORM, is_1_2: staged.is_1_2, school: Some(school.clone()), ..known.unwrap_or_default() };
        rolls.insert(school, roll);
    }
    for (school, roll) in &mut rolls {
        lay(&mut roll.sessions, &staged.sessions, |_| true);
        lay(&mut roll.classes, &staged.classes, |class| class.school == *school);
        if staged.is_1_2 {
            lay(&mut roll.roles, &staged.roles, |role| role.org == *school);
        } else {
            lay_roles_of_users(roll, school, &staged.users);
        }
        lay_people(roll, &staged.users);
    }
    lay_enrollments(&mut rolls, staged, findings);
    check_classes(staged, findings);
    Some(rolls)
}

fn has_delta(staged: &Staged) -> bool {
    let Staged { sessions, classes, users, roles, enrollments, .. } = staged;
    [sessions.mode, classes.mode, users.mode, roles.mode, enrollments.mode].contains(&Mode::Delta)
}

/// The rows of one file that belong to the school, over those known before.
fn lay<T: Clone>(known: &mut BTreeMap<SourcedId, T>, part: &Part<T>, belongs: impl Fn(&T) -> bool) {
    if part.mode == Mode::Bulk {
        known.clear();
    }
    known.retain(|id, _| !part.deleted.contains(id));
    for (id, row) in &part.rows {
        if belongs(row) {
            known.insert(id.clone(), row.clone());
        } else {
            // A delta may have moved it to another school.
            known.remove(id);
        }
    }
}

/// In 1.1 a person's own row says the role, the same at each organisation.
fn lay_roles_of_users(roll: &mut Roll, school: &SourcedId, users: &Part<User>) {
    if users.mode == Mode::Bulk {
        roll.roles.clear();
    }
    roll.roles.retain(|id, _| !users.deleted.contains(id) && !users.rows.contains_key(id));
    for (id, user) in &users.rows {
        if let Some((org, role)) = user.at.iter().find(|(org, _)| org == school) {
            let row = RoleRow { user: id.clone(), org: org.clone(), role: *role, begin: None, end: None };
            roll.roles.insert(id.clone(), row);
        }
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

/// Places in classes go to the school of their class.
fn lay_enrollments(rolls: &mut BTreeMap<SourcedId, Roll>, staged: &Staged, findings: &mut Findings) {
    let part = &staged.enrollments;
    let mut school_of: HashMap<&SourcedId, &SourcedId> = HashMap::new();
    let mut is_there: HashSet<(&SourcedId, &SourcedId, Role)> = HashSet::new();
    let mut sorted: BTreeMap<SourcedId, BTreeMap<SourcedId, Enrollment>> = BTreeMap::new();
    for (school, roll) in &*rolls {
        school_of.extend(roll.classes.keys().map(|class| (class, school)));
        let known = roll.roles.values().filter(|role| roll.people.contains_key(&role.user));
        is_there.extend(known.map(|role| (school, &role.user, role.role)));
    }
    for (id, row) in &part.rows {
        let place =
            |column| Place { file: "enrollments.csv", line: (row.line > 0).then_some(row.line), column: Some(column) };
        let Some(school) = school_of.get(&row.class) else {
            if !staged.classes.rows.contains_key(&row.class) {
                findings.warn(place("classSourcedId"), Code::REFERENCE_MISSING);
            }
            continue;
        };
        let role = if row.is_teacher { Role::Teacher } else { Role::Pupil };
        if !is_there.contains(&(*school, &row.user, role)) {
            let is_known = staged.users.rows.contains_key(&row.user) || staged.users.mode != Mode::Bulk;
            let code = if is_known { Code::NOT_AT_SCHOOL } else { Code::REFERENCE_MISSING };
            findings.warn(place("userSourcedId"), code);
        }
        sorted.entry((*school).clone()).or_default().insert(id.clone(), row.clone());
    }
    for (school, roll) in rolls.iter_mut() {
        if part.mode == Mode::Bulk {
            roll.enrollments.clear();
        }
        // A delta may have moved a place to another school's class.
        roll.enrollments.retain(|id, _| !part.deleted.contains(id) && !part.rows.contains_key(id));
        roll.enrollments.extend(sorted.remove(school).unwrap_or_default());
    }
}

/// Classes of schools and terms that are nowhere.
fn check_classes(staged: &Staged, findings: &mut Findings) {
    let place = |column| Place { file: "classes.csv", line: None, column: Some(column) };
    for class in staged.classes.rows.values() {
        if staged.orgs.mode == Mode::Bulk && !staged.orgs.rows.contains_key(&class.school) {
            findings.warn(place("schoolSourcedId"), Code::REFERENCE_MISSING);
        }
        let known = |term| staged.sessions.rows.contains_key(term);
        if staged.sessions.mode == Mode::Bulk && !class.terms.iter().all(known) {
            findings.warn(place("termSourcedIds"), Code::TERM_UNKNOWN);
        }
    }
}
