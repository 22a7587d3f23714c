//! Makes up the rosters of the demo's schools, as a source system would send them.

use super::names::{NameList, Names};
use crate::import::{Class, Enrollment, Mode, Org, Part, Role, Session, SourcedId, Staged, User};
use domain::{Date, Level, SchoolYear};
use rand::RngExt;
use rand::rngs::StdRng;
use std::collections::BTreeMap;

/// A school to be made up.
#[derive(Debug)]
pub(super) struct SchoolPlan {
    /// Its code, and what the source system calls it.
    pub(super) code: &'static str,
    pub(super) name: &'static str,
    /// How many parallel classes each level has, from level 0 (or 1 in Sweden) on.
    pub(super) first_level: u8,
    pub(super) classes: [u8; 10],
    /// Smallest and largest class.
    pub(super) class_size: (u32, u32),
    /// Teachers with given names; the rest is drawn.
    pub(super) named_teachers: &'static [(&'static str, &'static str)],
    pub(super) teachers: usize,
    /// Other employees: pedagogues, office, caretaker.
    pub(super) staff: usize,
    /// Class names: "4.A" or "4A".
    pub(super) dot: &'static str,
    /// Groups across the classes of a level: subject, then the levels that have them.
    pub(super) sections: &'static [(&'static str, &'static [u8])],
}

/// A teacher and what they teach, for the story.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Lesson {
    pub(super) teacher: SourcedId,
    pub(super) group: SourcedId,
    pub(super) level: Level,
    /// A main subject of the class, in the order of [`MAIN_SUBJECTS`]; the section's place otherwise.
    pub(super) subject: &'static str,
}

/// A roster and what the story needs to know about it.
#[derive(Debug, Default)]
pub(super) struct MadeUp {
    pub(super) staged: Staged,
    pub(super) lessons: Vec<Lesson>,
    /// Pupils of each class, by the class.
    pub(super) pupils: BTreeMap<SourcedId, Vec<SourcedId>>,
    /// Classes by their name, such as "4.A".
    pub(super) classes: BTreeMap<String, SourcedId>,
    /// Employees who are no teachers.
    pub(super) staff: Vec<SourcedId>,
}

/// The subjects whose teachers a class has; the first teacher is the class's own.
pub(super) const MAIN_SUBJECTS: [&str; 4] = ["first-language", "mathematics", "english", "science"];

/// Makes up schools of one authority; the shared pupil is at the first and the second of them.
pub(super) fn make_up(plans: &[SchoolPlan], list: &'static NameList, year: SchoolYear, rng: &mut StdRng) -> MadeUp {
    let mut maker = Maker { rng, names: Names::of(list), made: MadeUp::default() };
    let staged = &mut maker.made.staged;
    for mode in [&mut staged.orgs.mode, &mut staged.sessions.mode, &mut staged.classes.mode] {
        *mode = Mode::Bulk;
    }
    (staged.users.mode, staged.enrollments.mode) = (Mode::Bulk, Mode::Bulk);
    maker.terms(year);
    for plan in plans {
        maker.school(plan);
    }
    maker.made
}

struct Maker<'a> {
    rng: &'a mut StdRng,
    names: Names,
    made: MadeUp,
}

const TERMS: [&str; 2] = ["autumn", "spring"];

impl Maker<'_> {
    fn terms(&mut self, year: SchoolYear) {
        let day = |year: i16, month, day| Date::new(year, month, day);
        let terms = [
            (TERMS[0], day(year.0, 8, 10), day(year.0, 12, 18)),
            (TERMS[1], day(year.0 + 1, 1, 4), day(year.0 + 1, 6, 25)),
        ];
        for (id, begin, end) in terms {
            if let (Some(begin), Some(end)) = (begin, end) {
                add(&mut self.made.staged.sessions, id.into(), Session { is_year: false, begin, end });
            }
        }
    }

    fn school(&mut self, plan: &SchoolPlan) {
        let school: SourcedId = plan.code.into();
        let org = Org { name: plan.name.into(), identifier: plan.code.into(), is_school: true, line: 0 };
        add(&mut self.made.staged.orgs, school.clone(), org);
        let teachers = self.employees(plan, &school);
        let mut turn = 0;
        for (level, classes) in (plan.first_level..).zip(plan.classes) {
            let Some(level) = Level::from_rank(level) else { continue };
            let mut of_level = Vec::new();
            for letter in ('A'..='Z').take(usize::from(classes)) {
                let class = self.class(plan, &school, level, letter);
                for subject in MAIN_SUBJECTS {
                    // Everybody teaches about as many classes; neighbours share a teacher.
                    let teacher = cycled(&teachers, turn / 3 + usize::from(subject != MAIN_SUBJECTS[0]) * 7);
                    self.lesson(&class, teacher, level, subject);
                    turn += 1;
                }
                of_level.push(class);
            }
            self.sections(plan, &school, level, &of_level, &teachers);
        }
    }

    fn employees(&mut self, plan: &SchoolPlan, school: &SourcedId) -> Vec<SourcedId> {
        let mut teachers = Vec::new();
        for number in 0..plan.teachers {
            let name = match plan.named_teachers.get(number) {
                Some((given, family)) => ((*given).to_owned(), (*family).to_owned()),
                None => self.names.draw(self.rng),
            };
            teachers.push(self.person(plan, school, "L", number, Role::Teacher, name, None));
        }
        for number in 0..plan.staff {
            let name = self.names.draw(self.rng);
            let id = self.person(plan, school, "M", number, Role::Staff, name, None);
            self.made.staff.push(id);
        }
        teachers
    }

    #[expect(clippy::too_many_arguments, reason = "a person is that much, and it is made in this one place")]
    fn person(
        &mut self,
        plan: &SchoolPlan,
        school: &SourcedId,
        letter: &str,
        number: usize,
        role: Role,
        names: (String, String),
        level: Option<Level>,
    ) -> SourcedId {
        let id: SourcedId = format!("{}-{letter}{:03}", plan.code, number + 1).into();
        let grade = level.map(|level| level.to_string()).unwrap_or_default();
        let at = vec![(school.clone(), role)];
        let names = Some(names);
        let user = User { names, protected: false, uni_id: None, enabled: true, level, grade, at };
        add(&mut self.made.staged.users, id.clone(), user);
        id
    }

    fn class(&mut self, plan: &SchoolPlan, school: &SourcedId, level: Level, letter: char) -> SourcedId {
        let title = format!("{level}{}{letter}", plan.dot);
        let id: SourcedId = format!("{}-{level}{letter}", plan.code).into();
        let class = Class {
            title: title.clone(),
            is_homeroom: true,
            subject: None,
            school: school.clone(),
            terms: terms(),
            line: 0,
        };
        add(&mut self.made.staged.classes, id.clone(), class);
        let size = self.rng.random_range(plan.class_size.0..=plan.class_size.1);
        let mut pupils = Vec::new();
        for _ in 0..size {
            let number = self.made.staged.users.rows.len();
            let names = self.names.draw(self.rng);
            let pupil = self.person(plan, school, "E", number, Role::Pupil, names, Some(level));
            self.enroll(&id, &pupil, false);
            pupils.push(pupil);
        }
        self.made.pupils.insert(id.clone(), pupils);
        // The first school's classes keep their names where a second one has the same.
        self.made.classes.entry(title).or_insert_with(|| id.clone());
        id
    }

    /// Groups across a level's classes: every second or third pupil, by turns.
    fn sections(
        &mut self,
        plan: &SchoolPlan,
        school: &SourcedId,
        level: Level,
        of: &[SourcedId],
        teachers: &[SourcedId],
    ) {
        for (place, (subject, levels)) in plan.sections.iter().enumerate() {
            if !levels.contains(&level.rank()) {
                continue;
            }
            let id: SourcedId = format!("{}-{level}-H{place}", plan.code).into();
            let class = Class {
                title: format!("{subject} {level}"),
                is_homeroom: false,
                subject: Some((*subject).into()),
                school: school.clone(),
                terms: terms(),
                line: 0,
            };
            add(&mut self.made.staged.classes, id.clone(), class);
            let all: Vec<SourcedId> =
                of.iter().filter_map(|class| self.made.pupils.get(class)).flatten().cloned().collect();
            for pupil in all.iter().skip(place % 3).step_by(3) {
                self.enroll(&id, pupil, false);
            }
            let teacher = cycled(teachers, 11 + usize::from(level.rank()) * 5 + place);
            self.lesson(&id, teacher, level, subject);
        }
    }

    fn lesson(&mut self, group: &SourcedId, teacher: Option<&SourcedId>, level: Level, subject: &'static str) {
        let Some(teacher) = teacher else { return };
        self.enroll(group, teacher, true);
        let lesson = Lesson { teacher: teacher.clone(), group: group.clone(), level, subject };
        self.made.lessons.push(lesson);
    }

    fn enroll(&mut self, class: &SourcedId, user: &SourcedId, is_teacher: bool) {
        let id: SourcedId = format!("{class}/{user}").into();
        let (class, user) = (class.clone(), user.clone());
        let row = Enrollment { class, user, is_teacher, begin: None, end: None, line: 0 };
        add(&mut self.made.staged.enrollments, id, row);
    }
}

impl MadeUp {
    /// Puts a pupil of the first school into a class of another as well.
    pub(super) fn share(&mut self, pupil: &SourcedId, school: &str, class: &SourcedId) {
        if let Some(user) = self.staged.users.rows.get_mut(pupil) {
            user.at.push((school.into(), Role::Pupil));
        }
        let row = Enrollment {
            class: class.clone(),
            user: pupil.clone(),
            is_teacher: false,
            begin: None,
            end: None,
            line: 0,
        };
        add(&mut self.staged.enrollments, format!("{class}/{pupil}").into(), row);
    }
}

fn add<T>(part: &mut Part<T>, id: SourcedId, row: T) {
    part.rows.insert(id, row);
}

fn terms() -> Vec<SourcedId> {
    TERMS.iter().map(|term| SourcedId::from(*term)).collect()
}

fn cycled(all: &[SourcedId], at: usize) -> Option<&SourcedId> {
    all.get(at.checked_rem(all.len())?)
}
