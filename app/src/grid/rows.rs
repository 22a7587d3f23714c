//! Rows and columns of the grid on each of its four sides, with classes folded and opened.

use domain::order;
use domain::school::{GroupIx, GroupKind, PupilIx, Scope, TeacherIx};
use domain::test::{SubjectIx, TestIx};
use domain::view::{Answer, Scene};
use domain::{Effect, Level};
use std::collections::BTreeMap;

/// What stands still.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Turned {
    /// A teacher: rows are scopes, columns are tests.
    Teacher(TeacherIx),
    /// The school, a level or a group: rows are teachers, columns are tests.
    Scope(Scope),
    /// A pupil: rows are teachers, columns are tests.
    Pupil(PupilIx),
    /// A test: rows are teachers, columns are classes and groups.
    Test(TestIx),
}

/// One row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Row {
    /// The whole school.
    School,
    /// A level.
    Level(Level),
    /// A class or another group.
    Group(GroupIx),
    /// A pupil, below an opened group.
    Pupil(GroupIx, PupilIx),
    /// How many pupils of an opened group are folded away because they follow it.
    Fold(GroupIx, u16),
    /// A teacher.
    Teacher(TeacherIx),
}

impl Row {
    /// The scope of a row that is one.
    #[must_use]
    pub const fn scope(self) -> Option<Scope> {
        match self {
            Self::School => Some(Scope::School),
            Self::Level(level) => Some(Scope::Level(level)),
            Self::Group(group) => Some(Scope::Group(group)),
            Self::Pupil(_, pupil) => Some(Scope::Pupil(pupil)),
            Self::Fold(..) | Self::Teacher(_) => None,
        }
    }
}

/// One column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Column {
    /// A test.
    Test(TestIx),
    /// A class or another group.
    Group(GroupIx),
}

/// A heading over neighbouring columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Heading {
    /// A subject.
    Subject(SubjectIx),
    /// The classes of a level; `None` where the classes have none.
    Level(Option<Level>),
    /// Groups other than classes.
    Sections,
}

/// How an opened group shows its pupils.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Opened {
    /// All of them.
    All,
    /// Those who differed when it was opened. Kept, so that no row leaves under the hand.
    Differing(Vec<PupilIx>),
}

/// What is opened, and which rows there are at all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Folding {
    /// Opened groups.
    pub open: BTreeMap<GroupIx, Opened>,
    /// Leave out the school, the levels and groups that are no classes?
    pub classes_only: bool,
}

impl Folding {
    /// Opens a group, or closes it. It opens with those who differ, or with all where nobody does
    /// or `all` is wished.
    pub fn toggle(&mut self, scene: &Scene, teacher: TeacherIx, group: GroupIx, all: bool) {
        if self.open.remove(&group).is_some() {
            return;
        }
        let differing = if all { Vec::new() } else { differing(scene, teacher, group) };
        let opened = if differing.is_empty() { Opened::All } else { Opened::Differing(differing) };
        self.open.insert(group, opened);
    }

    /// Opens every class with all its pupils.
    pub fn open_all(&mut self, scene: &Scene) {
        let classes = scene.groups(GroupKind::Class);
        self.open.clear();
        self.open.extend(classes.into_iter().map(|group| (group, Opened::All)));
    }

    /// Chooses anew who differs, as another teacher is shown.
    pub fn refresh(&mut self, scene: &Scene, teacher: TeacherIx) {
        for (group, opened) in &mut self.open {
            if matches!(opened, Opened::Differing(_)) {
                let differing = differing(scene, teacher, *group);
                *opened = if differing.is_empty() { Opened::All } else { Opened::Differing(differing) };
            }
        }
    }
}

/// The pupils of a group who do not simply follow it: something is said about themselves, they
/// are exempt, or they are in the smaller part of a partly.
#[must_use]
pub fn differing(scene: &Scene, teacher: TeacherIx, group: GroupIx) -> Vec<PupilIx> {
    let tests = 0..u8::try_from(scene.school().roster.tests.len()).unwrap_or(u8::MAX);
    let class: Vec<(TestIx, Option<bool>)> = tests
        .map(TestIx)
        .map(|test| {
            let most = match scene.cell(teacher, Scope::Group(group), test).answer {
                Answer::Partly { yes, of } => Some(u32::from(yes) * 2 > u32::from(of)),
                Answer::Yes | Answer::No => None,
            };
            (test, most)
        })
        .collect();
    let differs = |pupil: &PupilIx| {
        class.iter().any(|(test, most)| {
            let cell = scene.cell(teacher, Scope::Pupil(*pupil), *test);
            cell.here.is_some() || cell.exempt || most.is_some_and(|most| (cell.answer == Answer::Yes) != most)
        })
    };
    scene.members(group).iter().copied().filter(differs).collect()
}

/// The rows of a side.
#[must_use]
pub fn rows(scene: &Scene, turned: Turned, folding: &Folding) -> Vec<Row> {
    match turned {
        Turned::Teacher(_) => scope_rows(scene, folding),
        Turned::Scope(_) | Turned::Test(_) => scene.teachers().iter().copied().map(Row::Teacher).collect(),
        Turned::Pupil(pupil) => {
            // Who sees the pupil comes first; each part in order of names.
            let tests = || (0_u8..).map(TestIx).take(scene.school().roster.tests.len());
            let sees = |teacher: &TeacherIx| tests().any(|test| scene.drafted().may_see(*teacher, pupil, test));
            let (seeing, others): (Vec<TeacherIx>, Vec<TeacherIx>) =
                scene.teachers().iter().partition(|teacher| sees(teacher));
            seeing.into_iter().chain(others).map(Row::Teacher).collect()
        }
    }
}

/// School, then each level above its classes, classes without a level, then the other groups.
fn scope_rows(scene: &Scene, folding: &Folding) -> Vec<Row> {
    let classes = scene.groups(GroupKind::Class);
    let mut rows = Vec::with_capacity(classes.len() * 2);
    if folding.classes_only {
        classes.into_iter().for_each(|class| push_group(&mut rows, scene, folding, class));
        return rows;
    }
    rows.push(Row::School);
    let mut by_level: BTreeMap<Option<Level>, Vec<GroupIx>> = BTreeMap::new();
    for level in scene.levels() {
        by_level.insert(Some(*level), Vec::new());
    }
    for class in classes {
        by_level.entry(usual_level(scene, class)).or_default().push(class);
    }
    let without = by_level.remove(&None).unwrap_or_default();
    for (level, classes) in by_level {
        rows.extend(level.map(Row::Level));
        classes.into_iter().for_each(|class| push_group(&mut rows, scene, folding, class));
    }
    let sections = scene.groups(GroupKind::Section);
    without.into_iter().chain(sections).for_each(|group| push_group(&mut rows, scene, folding, group));
    rows
}

fn push_group(rows: &mut Vec<Row>, scene: &Scene, folding: &Folding, group: GroupIx) {
    rows.push(Row::Group(group));
    let members = scene.members(group);
    match folding.open.get(&group) {
        None => {}
        Some(Opened::All) => rows.extend(members.iter().map(|pupil| Row::Pupil(group, *pupil))),
        Some(Opened::Differing(shown)) => {
            let shown: Vec<PupilIx> = members.iter().copied().filter(|pupil| shown.contains(pupil)).collect();
            let folded = members.len().saturating_sub(shown.len());
            rows.extend(shown.into_iter().map(|pupil| Row::Pupil(group, pupil)));
            if folded > 0 {
                rows.push(Row::Fold(group, u16::try_from(folded).unwrap_or(u16::MAX)));
            }
        }
    }
}

/// The level that most of a group's pupils are at; the lower of two as common.
#[must_use]
pub fn usual_level(scene: &Scene, group: GroupIx) -> Option<Level> {
    let mut counts: BTreeMap<Level, usize> = BTreeMap::new();
    for level in scene.members(group).iter().filter_map(|pupil| scene.level_of(*pupil)) {
        *counts.entry(level).or_default() += 1;
    }
    let most = counts.values().copied().max()?;
    counts.into_iter().find(|(_, count)| *count == most).map(|(level, _)| level)
}

/// The columns of a side, with the heading each stands under.
#[must_use]
pub fn columns(scene: &Scene, turned: Turned) -> Vec<(Column, Heading)> {
    if matches!(turned, Turned::Test(_)) {
        let mut classes: Vec<(Option<Level>, GroupIx)> =
            scene.groups(GroupKind::Class).into_iter().map(|class| (usual_level(scene, class), class)).collect();
        // Stable: names stay in order within a level; classes without a level come last.
        order::sort_by_key(&mut classes, |(level, _)| (level.is_none(), *level));
        let classes = classes.into_iter().map(|(level, class)| (Column::Group(class), Heading::Level(level)));
        let sections = scene.groups(GroupKind::Section).into_iter();
        return classes.chain(sections.map(|group| (Column::Group(group), Heading::Sections))).collect();
    }
    let tests = (0_u8..).map(TestIx).zip(&scene.school().roster.tests);
    let mut columns: Vec<(SubjectIx, TestIx)> = tests.map(|(ix, test)| (test.subject, ix)).collect();
    // The catalogue's order, but each subject in one piece.
    let mut subjects: Vec<SubjectIx> = Vec::new();
    for (subject, _) in &columns {
        if !subjects.contains(subject) {
            subjects.push(*subject);
        }
    }
    order::sort_by_key(&mut columns, |(subject, _)| subjects.iter().position(|known| known == subject));
    columns.into_iter().map(|(subject, test)| (Column::Test(test), Heading::Subject(subject))).collect()
}

/// Neighbouring columns under the same heading: the heading and how many columns it spans.
#[must_use]
pub fn headings(columns: &[(Column, Heading)]) -> Vec<(Heading, usize)> {
    let mut spans: Vec<(Heading, usize)> = Vec::new();
    for (_, heading) in columns {
        match spans.last_mut() {
            Some((last, span)) if last == heading => *span += 1,
            _ => spans.push((*heading, 1)),
        }
    }
    spans
}

/// Does a group give in its own row?
#[must_use]
pub fn gives(scene: &Scene, teacher: TeacherIx, group: GroupIx, test: TestIx) -> bool {
    scene.cell(teacher, Scope::Group(group), test).here == Some(Effect::Give)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grid::fixture::{AYA, BO, CLASS_4A, CLASS_4B, MATH_4, SECTION, WILL, scene, with};

    fn names(scene: &Scene, folding: &Folding) -> Vec<Row> {
        rows(scene, Turned::Teacher(BO), folding)
    }

    #[test]
    fn the_school_then_levels_above_their_classes_then_groups() {
        let level = "4".parse().unwrap();
        assert_eq!(
            names(&scene(), &Folding::default()),
            [Row::School, Row::Level(level), Row::Group(CLASS_4A), Row::Group(CLASS_4B), Row::Group(SECTION)]
        );
        let only = Folding { classes_only: true, ..Folding::default() };
        assert_eq!(names(&scene(), &only), [Row::Group(CLASS_4A), Row::Group(CLASS_4B)]);
    }

    #[test]
    fn a_class_without_differences_opens_with_everybody() {
        let scene = scene();
        let mut folding = Folding::default();
        folding.toggle(&scene, BO, CLASS_4A, false);
        assert_eq!(folding.open.get(&CLASS_4A), Some(&Opened::All));
        let rows = names(&scene, &folding);
        assert!(rows.contains(&Row::Pupil(CLASS_4A, AYA)) && rows.contains(&Row::Pupil(CLASS_4A, WILL)));
        folding.toggle(&scene, BO, CLASS_4A, false);
        assert_eq!(names(&scene, &folding), names(&scene, &Folding::default()));
    }

    #[test]
    fn a_class_opens_with_those_who_differ() {
        let scene = with(&[(Scope::Pupil(AYA), MATH_4, Effect::Give)]);
        let mut folding = Folding::default();
        folding.toggle(&scene, BO, CLASS_4A, false);
        let rows = names(&scene, &folding);
        assert!(rows.contains(&Row::Pupil(CLASS_4A, AYA)) && rows.contains(&Row::Fold(CLASS_4A, 1)));
        assert!(!rows.contains(&Row::Pupil(CLASS_4A, WILL)));
    }

    #[test]
    fn columns_run_subject_by_subject() {
        let scene = scene();
        let tests = columns(&scene, Turned::Teacher(BO));
        assert_eq!(headings(&tests), [(Heading::Subject(SubjectIx(0)), 2), (Heading::Subject(SubjectIx(1)), 1)]);
        let classes = columns(&scene, Turned::Test(MATH_4));
        assert_eq!(headings(&classes).len(), 2);
        assert_eq!(classes.first().map(|(column, _)| *column), Some(Column::Group(CLASS_4A)));
        assert_eq!(classes.last().map(|(_, heading)| *heading), Some(Heading::Sections));
    }
}
