//! Names as the grid says them, made once per school.

use super::find::Index;
use super::rows::{Column, Heading, Row, Turned, usual_level};
use crate::t;
use crate::text::Locale;
use domain::school::{GroupIx, GroupKind, PupilIx, Scope, TeacherIx};
use domain::test::{SubjectIx, TestIx};
use domain::view::Scene;
use std::collections::HashMap;

/// What a row's heading shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Label {
    /// The name.
    pub name: String,
    /// Beside the name: subjects taught, or why the person cannot sign in.
    pub sub: String,
    /// At the end: how many pupils.
    pub end: String,
}

/// All names of a school in a language.
#[derive(Clone, Debug)]
pub struct Names {
    locale: Locale,
    teachers: Vec<String>,
    pupils: Vec<String>,
    /// Does another pupil have the same name?
    namesakes: Vec<bool>,
    groups: Vec<String>,
    tests: Vec<String>,
    short_tests: Vec<String>,
    subjects: Vec<String>,
    /// Pupils by "name, class", in the order of the rows.
    pub pupil_index: Index<PupilIx>,
    /// Teachers by name, in order.
    pub teacher_index: Index<TeacherIx>,
    /// Classes, then other groups.
    pub group_index: Index<GroupIx>,
    /// Tests in the catalogue's order.
    pub test_index: Index<TestIx>,
}

impl Names {
    /// Makes the names of a scene's school.
    #[must_use]
    pub fn of(scene: &Scene, locale: Locale) -> Self {
        let roster = &scene.school().roster;
        let teachers = distinct(roster.teachers.iter().map(domain::Person::full_name).collect());
        let pupils: Vec<String> = distinct(
            (0_u16..)
                .zip(&roster.pupils)
                .map(|(ix, person)| {
                    let class = scene.class_of(PupilIx(ix)).and_then(|class| roster.groups.get(usize::from(class.0)));
                    match class {
                        Some(class) => format!("{}, {}", person.full_name(), class.name),
                        None => person.full_name(),
                    }
                })
                .collect(),
        );
        let namesakes = namesakes(&roster.pupils);
        let groups: Vec<String> = roster.groups.iter().map(|group| group.name.clone()).collect();
        let tests: Vec<String> = roster.tests.iter().map(|test| test.name.clone()).collect();
        let subjects: Vec<String> = roster.subjects.iter().map(|subject| subject.name.clone()).collect();
        let short_tests = roster.tests.iter().map(|test| short(test, &subjects)).collect();
        let order: Vec<GroupIx> =
            scene.groups(GroupKind::Class).into_iter().chain(scene.groups(GroupKind::Section)).collect();
        let name = |names: &[String], ix: u16| names.get(usize::from(ix)).cloned().unwrap_or_default();
        let mut listed: Vec<bool> = vec![false; pupils.len()];
        let mut in_rows: Vec<PupilIx> = Vec::with_capacity(pupils.len());
        for pupil in order.iter().flat_map(|group| scene.members(*group)) {
            if let Some(listed) = listed.get_mut(usize::from(pupil.0))
                && !std::mem::replace(listed, true)
            {
                in_rows.push(*pupil);
            }
        }
        Self {
            pupil_index: Index::of(in_rows.into_iter().map(|pupil| (name(&pupils, pupil.0), pupil))),
            teacher_index: Index::of(scene.teachers().iter().map(|teacher| (name(&teachers, teacher.0), *teacher))),
            group_index: Index::of(order.into_iter().map(|group| (name(&groups, group.0), group))),
            test_index: Index::of((0_u8..).map(TestIx).zip(&tests).map(|(test, name)| (name.clone(), test))),
            locale,
            teachers,
            pupils,
            namesakes,
            groups,
            tests,
            short_tests,
            subjects,
        }
    }

    /// A teacher's name.
    #[must_use]
    pub fn teacher(&self, teacher: TeacherIx) -> &str {
        self.teachers.get(usize::from(teacher.0)).map_or("", String::as_str)
    }

    /// A pupil's name and class.
    #[must_use]
    pub fn pupil(&self, pupil: PupilIx) -> &str {
        self.pupils.get(usize::from(pupil.0)).map_or("", String::as_str)
    }

    /// A group's name.
    #[must_use]
    pub fn group(&self, group: GroupIx) -> &str {
        self.groups.get(usize::from(group.0)).map_or("", String::as_str)
    }

    /// A test's name.
    #[must_use]
    pub fn test(&self, test: TestIx) -> &str {
        self.tests.get(usize::from(test.0)).map_or("", String::as_str)
    }

    /// A scope's name.
    #[must_use]
    pub fn scope(&self, scope: Scope) -> String {
        match scope {
            Scope::School => t!(self.locale, grid.school).to_owned(),
            Scope::Level(level) => t!(self.locale, grid.level, level = level),
            Scope::Group(group) => self.group(group).to_owned(),
            Scope::Pupil(pupil) => self.pupil(pupil).to_owned(),
        }
    }

    /// What stands still, by name.
    #[must_use]
    pub fn turned(&self, turned: Turned) -> String {
        match turned {
            Turned::Teacher(teacher) => self.teacher(teacher).to_owned(),
            Turned::Scope(scope) => self.scope(scope),
            Turned::Pupil(pupil) => self.pupil(pupil).to_owned(),
            Turned::Test(test) => self.test(test).to_owned(),
        }
    }

    /// A row's name as it is read aloud.
    #[must_use]
    pub fn row(&self, row: Row) -> String {
        match row {
            Row::Teacher(teacher) => self.teacher(teacher).to_owned(),
            Row::Fold(group, hidden) => t!(self.locale, grid.folded_of, n = hidden, group = self.group(group)),
            Row::School | Row::Level(_) | Row::Group(_) | Row::Pupil(..) => {
                row.scope().map(|scope| self.scope(scope)).unwrap_or_default()
            }
        }
    }

    /// A row's heading; a pupil stands below the class and needs no class beside the name.
    #[must_use]
    pub fn label(&self, scene: &Scene, row: Row, turned: Turned) -> Label {
        let roster = &scene.school().roster;
        let pupils = |scope| scene.base().crowd().size(scope);
        match row {
            Row::Pupil(_, pupil) => {
                let place = usize::from(pupil.0);
                let name = roster.pupils.get(place).map(domain::Person::full_name).unwrap_or_default();
                // Namesakes keep what tells them apart: class, number.
                let sub = match self.pupil(pupil).strip_prefix(name.as_str()) {
                    Some(rest) if self.namesakes.get(place) == Some(&true) => rest.trim_start_matches([',', ' ']),
                    _ => "",
                };
                Label { sub: sub.to_owned(), name, end: String::new() }
            }
            Row::Fold(_, hidden) => Label {
                name: t!(self.locale, grid.folded, n = hidden),
                sub: String::new(),
                end: t!(self.locale, grid.show_them).to_owned(),
            },
            Row::Teacher(teacher) => Label {
                name: self.teacher(teacher).to_owned(),
                sub: self.beside_teacher(scene, teacher, turned),
                end: String::new(),
            },
            Row::School | Row::Level(_) | Row::Group(_) => {
                let scope = row.scope().unwrap_or(Scope::School);
                let sub = match (row, turned) {
                    (Row::Group(group), Turned::Teacher(teacher)) => self.beside_group(scene, teacher, group),
                    _ => String::new(),
                };
                Label { name: self.scope(scope), sub, end: pupils(scope).to_string() }
            }
        }
    }

    /// What a teacher teaches a group, as the roster says; of other groups their own subject.
    fn beside_group(&self, scene: &Scene, teacher: TeacherIx, group: GroupIx) -> String {
        let roster = &scene.school().roster;
        let subject = roster.groups.get(usize::from(group.0)).and_then(|group| group.subject.clone());
        let teaches =
            roster.teaches.iter().any(|fact| fact.what == (teacher, group) && fact.holds(scene.base().moment()));
        match (subject, teaches) {
            (Some(subject), _) => subject.to_lowercase(),
            (None, true) => t!(self.locale, grid.teaches).to_owned(),
            (None, false) => String::new(),
        }
    }

    fn beside_teacher(&self, scene: &Scene, teacher: TeacherIx, turned: Turned) -> String {
        let roster = &scene.school().roster;
        if roster.teachers.get(usize::from(teacher.0)).is_some_and(|person| !person.can_sign_in) {
            return t!(self.locale, grid.cannot_sign_in).to_owned();
        }
        let group = match turned {
            Turned::Scope(Scope::Group(group)) => Some(group),
            Turned::Pupil(pupil) => scene.class_of(pupil),
            _ => None,
        };
        group.map(|group| self.beside_group(scene, teacher, group)).unwrap_or_default()
    }

    /// A column's name as it is read aloud, and as its heading shows it.
    #[must_use]
    pub fn column(&self, column: Column) -> (&str, &str) {
        match column {
            Column::Test(test) => {
                (self.test(test), self.short_tests.get(usize::from(test.0)).map_or("", String::as_str))
            }
            Column::Group(group) => (self.group(group), self.group(group)),
        }
    }

    /// A heading over columns.
    #[must_use]
    pub fn heading(&self, heading: Heading) -> String {
        match heading {
            Heading::Subject(SubjectIx(ix)) => self.subjects.get(usize::from(ix)).cloned().unwrap_or_default(),
            Heading::Level(Some(level)) => t!(self.locale, grid.level, level = level),
            Heading::Level(None) => t!(self.locale, grid.other_classes).to_owned(),
            Heading::Sections => t!(self.locale, grid.sections).to_owned(),
        }
    }

    /// A group's level in words, for the line beside the page's name.
    #[must_use]
    pub fn level_of(&self, scene: &Scene, group: GroupIx) -> Option<String> {
        usual_level(scene, group).map(|level| t!(self.locale, grid.level, level = level))
    }
}

/// Which of these people share their name with another.
fn namesakes(people: &[domain::Person]) -> Vec<bool> {
    let names: Vec<String> = people.iter().map(domain::Person::full_name).collect();
    let mut counts: HashMap<&str, usize> = HashMap::with_capacity(names.len());
    for name in &names {
        *counts.entry(name).or_default() += 1;
    }
    names.iter().map(|name| counts.get(name.as_str()).is_some_and(|count| *count > 1)).collect()
}

/// Two people of the same name are told apart by a number in the order of the list.
fn distinct(mut names: Vec<String>) -> Vec<String> {
    let mut counts: HashMap<String, usize> = HashMap::with_capacity(names.len());
    for name in &names {
        *counts.entry(name.clone()).or_default() += 1;
    }
    let mut seen: HashMap<String, usize> = HashMap::new();
    for name in &mut names {
        if counts.get(name).is_some_and(|count| *count > 1) {
            let number = seen.entry(name.clone()).or_default();
            *number += 1;
            *name = format!("{name} ({number})");
        }
    }
    names
}

/// Below its subject a test needs only what the subject's name does not say: "4.".
fn short(test: &domain::Test, subjects: &[String]) -> String {
    let subject = subjects.get(usize::from(test.subject.0)).map_or("", String::as_str);
    let rest = test.name.strip_prefix(subject).unwrap_or(&test.name).trim_start_matches([',', ' ', '–', '-']);
    match (rest, test.level) {
        ("", Some(level)) => format!("{level}."),
        ("", None) => test.name.clone(),
        (rest, _) if rest.bytes().all(|byte| byte.is_ascii_digit()) => format!("{rest}."),
        (rest, _) => rest.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grid::fixture::{AYA, BO, CLASS_4A, MATH_4, scene};

    #[test]
    fn a_pupil_is_named_with_the_class_but_not_below_it() {
        let scene = scene();
        let names = Names::of(&scene, Locale::da);
        assert_eq!(names.row(Row::Pupil(CLASS_4A, AYA)), "Aya Hammoud, 4.A");
        assert_eq!(names.label(&scene, Row::Pupil(CLASS_4A, AYA), Turned::Teacher(BO)).name, "Aya Hammoud");
        assert_eq!(names.label(&scene, Row::Group(CLASS_4A), Turned::Teacher(BO)).end, "2");
    }

    #[test]
    fn below_its_subject_a_test_is_a_level() {
        let names = Names::of(&scene(), Locale::da);
        assert_eq!(names.column(Column::Test(MATH_4)), ("Matematik 4", "4."));
    }

    #[test]
    fn namesakes_are_told_apart() {
        let names = ["Bo", "Ib", "Bo"].map(str::to_owned).to_vec();
        assert_eq!(distinct(names), ["Bo (1)", "Ib", "Bo (2)"]);
    }
}
