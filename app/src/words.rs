//! Changes of rights in words: gathered by teacher, class, pupils, tests and days.
//!
//! A diff names every pupil in every test; people read "4.A and 4.B, 45 pupils, Danish 2, 3 and 4".

mod named;
#[cfg(feature = "ssr")]
pub mod people;

use crate::text::Locale;
use crate::{plural, t};
use domain::diff::{Change, Unseen};
use domain::order;
use domain::text::{Alphabet, SortKey, sort_key};
use domain::{Date, GroupIx, GroupKind, Instant, Moment, PupilIx, Roster, TeacherIx, TestIx, TestKind, Window, Zone};

pub use named::{named_scope, named_tests, scope, selector};

/// All that changes for one teacher.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TeacherChanges {
    /// The teacher.
    pub teacher: TeacherIx,
    /// How many pupils it is about.
    pub pupils: usize,
    /// Line by line: by day, then class.
    pub lines: Vec<ChangeLine>,
}

/// The same pupils in the same tests for the same days.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangeLine {
    /// Whose results.
    pub whose: Whose,
    /// In which tests, in the order of columns.
    pub tests: Vec<TestIx>,
    /// First day.
    pub from: Date,
    /// Last day; `None` for no end.
    pub until: Option<Date>,
}

/// Pupils, as a class or classes if they are whole ones.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Whose {
    /// Their classes, in order of names; empty for pupils without one.
    pub classes: Vec<GroupIx>,
    /// The pupils.
    pub pupils: Vec<PupilIx>,
    /// Pupils of the class that are left out; empty for whole classes.
    pub but: Vec<PupilIx>,
    /// Are these all classes of the school?
    pub is_school: bool,
}

/// Results that no teacher sees any more, from a day on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnseenLine {
    /// Whose results.
    pub whose: Whose,
    /// In which tests.
    pub tests: Vec<TestIx>,
    /// From when.
    pub from: Date,
}

/// The alphabet of a school's lists.
#[must_use]
pub const fn alphabet(zone: Zone) -> Alphabet {
    match zone {
        Zone::Copenhagen => Alphabet::Danish,
        Zone::Stockholm => Alphabet::Swedish,
    }
}

/// Each pupil's class at an instant, and the classes' pupils.
struct Classes {
    /// By pupil: the class's place in `order`.
    of: Vec<Option<u16>>,
    /// Classes with pupils, in order of their names.
    order: Vec<GroupIx>,
    /// By place in `order`.
    members: Vec<Vec<PupilIx>>,
}

impl Classes {
    fn at(roster: &Roster, at: Instant) -> Self {
        let moment = Moment::of_all_recorded(at);
        let mut is_present = vec![false; roster.pupils.len()];
        for fact in roster.attendance.iter().filter(|fact| fact.holds(moment)) {
            if let Some(present) = is_present.get_mut(usize::from(fact.what.0)) {
                *present = true;
            }
        }
        let mut classes: Vec<(SortKey, GroupIx)> = (0..)
            .zip(&roster.groups)
            .filter(|(_, group)| group.kind == GroupKind::Class)
            .map(|(ix, group)| (sort_key(alphabet(roster.zone), &group.name), GroupIx(ix)))
            .collect();
        order::sort(&mut classes);
        let order: Vec<GroupIx> = classes.into_iter().map(|(_, class)| class).collect();
        let mut of = vec![None; roster.pupils.len()];
        let mut members = vec![Vec::new(); order.len()];
        for fact in roster.memberships.iter().filter(|fact| fact.holds(moment)) {
            let (pupil, group) = fact.what;
            let here = is_present.get(usize::from(pupil.0)).copied().unwrap_or(false);
            let Some(place) = order.iter().position(|class| *class == group).filter(|_| here) else { continue };
            if let (Some(slot @ None), Some(list)) = (of.get_mut(usize::from(pupil.0)), members.get_mut(place)) {
                *slot = u16::try_from(place).ok();
                list.push(pupil);
            }
        }
        Self { of, order, members }
    }

    fn place(&self, pupil: PupilIx) -> Option<u16> {
        self.of.get(usize::from(pupil.0)).copied().flatten()
    }

    fn in_use(&self) -> usize {
        self.members.iter().filter(|members| !members.is_empty()).count()
    }

    /// Pupils of one class (or of none), as whole as they are.
    fn whose(&self, place: Option<u16>, pupils: Vec<PupilIx>) -> Whose {
        let Some(place) = place.map(usize::from) else {
            return Whose { classes: Vec::new(), pupils, but: Vec::new(), is_school: false };
        };
        let members = self.members.get(place).map_or(&[][..], Vec::as_slice);
        let but = members.iter().filter(|pupil| !pupils.contains(pupil)).copied().collect();
        Whose { classes: self.order.get(place).copied().into_iter().collect(), pupils, but, is_school: false }
    }
}

/// What one line is gathered from: who and when, then class, test, pupil.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Item {
    teacher: TeacherIx,
    from: Instant,
    until: Option<Instant>,
    /// Place in the order of classes; pupils without a class come last.
    class: (bool, Option<u16>),
    test: TestIx,
    pupil: PupilIx,
}

/// Gathers the gains or the losses of a diff, teachers in order of their names.
#[must_use]
pub fn gather(roster: &Roster, changes: &[Change]) -> Vec<TeacherChanges> {
    let items = changes.iter().map(|change| (change.teacher, change.from, change.until, change.pupil, change.test));
    let mut teachers: Vec<TeacherChanges> = Vec::new();
    for (first, line) in lines(roster, items) {
        match teachers.last_mut().filter(|last| last.teacher == first.teacher) {
            Some(teacher) => teacher.lines.push(line),
            None => teachers.push(TeacherChanges { teacher: first.teacher, pupils: 0, lines: vec![line] }),
        }
    }
    for teacher in &mut teachers {
        let mut pupils: Vec<PupilIx> = teacher.lines.iter().flat_map(|line| line.whose.pupils.clone()).collect();
        order::sort(&mut pupils);
        pupils.dedup();
        teacher.pupils = pupils.len();
    }
    let alphabet = alphabet(roster.zone);
    order::sort_by_key(&mut teachers, |teacher| sort_key(alphabet, &teacher_name(roster, teacher.teacher)));
    teachers
}

/// Gathers what no teacher sees any more.
#[must_use]
pub fn gather_unseen(roster: &Roster, unseen: &[Unseen]) -> Vec<UnseenLine> {
    let items = unseen.iter().map(|unseen| (TeacherIx(0), unseen.from, None, unseen.pupil, unseen.test));
    let lines = lines(roster, items);
    lines.into_iter().map(|(_, line)| UnseenLine { whose: line.whose, tests: line.tests, from: line.from }).collect()
}

fn lines(
    roster: &Roster,
    changes: impl Iterator<Item = (TeacherIx, Instant, Option<Instant>, PupilIx, TestIx)>,
) -> Vec<(Item, ChangeLine)> {
    let mut classes: Vec<(Instant, Classes)> = Vec::new();
    let mut items: Vec<Item> = Vec::new();
    for (teacher, from, until, pupil, test) in changes {
        let known = classes.iter().position(|(at, _)| *at == from).unwrap_or_else(|| {
            classes.push((from, Classes::at(roster, from)));
            classes.len() - 1
        });
        let class = classes.get(known).and_then(|(_, classes)| classes.place(pupil));
        items.push(Item { teacher, from, until, class: (class.is_none(), class), test, pupil });
    }
    order::sort(&mut items);
    let mut all: Vec<(Item, ChangeLine)> = Vec::new();
    for of_class in
        items.chunk_by(|a, b| (a.teacher, a.from, a.until, a.class) == (b.teacher, b.from, b.until, b.class))
    {
        let Some(first) = of_class.first() else { continue };
        let Some((_, classes)) = classes.iter().find(|(at, _)| *at == first.from) else { continue };
        let (from, until) = roster.zone.days(Window { from: first.from, until: first.until });
        for (pupils, tests) in same_pupils(of_class) {
            let whose = classes.whose(first.class.1, pupils);
            let line = ChangeLine { whose, tests, from, until };
            if !join_whole_classes(&mut all, first, &line, classes.in_use()) {
                all.push((*first, line));
            }
        }
    }
    all
}

/// The tests of one class's items, those about the same pupils together.
fn same_pupils(items: &[Item]) -> Vec<(Vec<PupilIx>, Vec<TestIx>)> {
    let mut same: Vec<(Vec<PupilIx>, Vec<TestIx>)> = Vec::new();
    for of_test in items.chunk_by(|a, b| a.test == b.test) {
        let Some(test) = of_test.first().map(|item| item.test) else { continue };
        let pupils: Vec<PupilIx> = of_test.iter().map(|item| item.pupil).collect();
        match same.iter_mut().find(|(known, _)| *known == pupils) {
            Some((_, tests)) => tests.push(test),
            None => same.push((pupils, vec![test])),
        }
    }
    same
}

/// Puts a whole class to an earlier line of whole classes that says the same.
fn join_whole_classes(all: &mut [(Item, ChangeLine)], item: &Item, line: &ChangeLine, classes: usize) -> bool {
    if !is_whole(&line.whose) {
        return false;
    }
    let earlier = all.iter_mut().find(|(first, earlier)| {
        (first.teacher, first.from, first.until) == (item.teacher, item.from, item.until)
            && earlier.tests == line.tests
            && is_whole(&earlier.whose)
    });
    let Some((_, earlier)) = earlier else { return false };
    earlier.whose.classes.extend(&line.whose.classes);
    earlier.whose.pupils.extend(&line.whose.pupils);
    earlier.whose.is_school = earlier.whose.classes.len() == classes;
    true
}

fn is_whole(whose: &Whose) -> bool {
    !whose.classes.is_empty() && whose.but.is_empty()
}

/// A teacher's name.
#[must_use]
pub fn teacher_name(roster: &Roster, teacher: TeacherIx) -> String {
    roster.teachers.get(usize::from(teacher.0)).map(domain::Person::full_name).unwrap_or_default()
}

/// A pupil's name.
#[must_use]
pub fn pupil_name(roster: &Roster, pupil: PupilIx) -> String {
    roster.pupils.get(usize::from(pupil.0)).map(domain::Person::full_name).unwrap_or_default()
}

/// A group's name.
#[must_use]
pub fn group_name(roster: &Roster, group: GroupIx) -> &str {
    roster.groups.get(usize::from(group.0)).map(|group| group.name.as_str()).unwrap_or_default()
}

/// "a", "a and b", "a, b and c".
#[must_use]
pub fn and_list(locale: Locale, names: &[String]) -> String {
    match names {
        [] => String::new(),
        [only] => only.clone(),
        [most @ .., last] => t!(locale, words.and, most = most.join(", "), last = last),
    }
}

/// How many names a line spells out before it counts.
const NAMED: usize = 3;

/// Whose results: "4.A, 23 pupils", "5.A and 5.B, 47 pupils", "Aya Hammoud, 4.A".
#[must_use]
pub fn whose(locale: Locale, roster: &Roster, whose: &Whose) -> String {
    let names = |pupils: &[PupilIx]| {
        let names: Vec<String> = pupils.iter().map(|pupil| pupil_name(roster, *pupil)).collect();
        and_list(locale, &names)
    };
    let pupils = plural!(locale, whose.pupils.len(), unit.pupil, unit.pupils);
    let is_named = whose.pupils.len() < NAMED && !(is_whole(whose));
    match whose.classes.as_slice() {
        [] if whose.pupils.len() <= NAMED => names(&whose.pupils),
        [] => t!(locale, words.without_class, pupils = pupils),
        [class] if is_named => format!("{}, {}", names(&whose.pupils), group_name(roster, *class)),
        _ if whose.is_school => t!(locale, words.whole_school, pupils = pupils),
        classes if classes.len() <= NAMED => {
            let classes: Vec<String> = classes.iter().map(|class| group_name(roster, *class).to_owned()).collect();
            format!("{}, {pupils}", and_list(locale, &classes))
        }
        classes => format!("{}, {pupils}", plural!(locale, classes.len(), unit.class, unit.classes)),
    }
}

/// Who of the class is left out: "not Emil Hartvigsen"; or how many the class has.
#[must_use]
pub fn left_out(locale: Locale, roster: &Roster, whose: &Whose) -> Option<String> {
    if whose.but.is_empty() || whose.pupils.len() < NAMED {
        return None;
    }
    if whose.but.len() <= NAMED {
        let names: Vec<String> = whose.but.iter().map(|pupil| pupil_name(roster, *pupil)).collect();
        return Some(t!(locale, words.but, names = and_list(locale, &names)));
    }
    Some(t!(locale, words.of, n = whose.pupils.len() + whose.but.len()))
}

/// The names of all classes where a line only counts them.
#[must_use]
pub fn class_list(locale: Locale, roster: &Roster, whose: &Whose) -> Option<String> {
    if whose.classes.len() <= NAMED || whose.is_school {
        return None;
    }
    let names: Vec<String> = whose.classes.iter().map(|class| group_name(roster, *class).to_owned()).collect();
    Some(and_list(locale, &names))
}

/// Tests in words, those that differ only in their level together:
/// "Dansk, læsning 2, 3 og 4 · Matematik 4".
#[must_use]
pub fn tests(locale: Locale, roster: &Roster, tests: &[TestIx]) -> String {
    let is_national = |ix: &TestIx| roster.tests.get(usize::from(ix.0)).is_some_and(|t| t.kind == TestKind::National);
    let national = roster.tests.iter().filter(|test| test.kind == TestKind::National).count();
    if national > 1 && tests.len() == national && tests.iter().all(is_national) {
        return t!(locale, words.all_national).to_owned();
    }
    let names = tests.iter().filter_map(|ix| roster.tests.get(usize::from(ix.0))).map(|test| test.name.as_str());
    test_names(locale, names)
}

/// As [`tests`], from names.
#[must_use]
pub fn test_names<'a>(locale: Locale, names: impl Iterator<Item = &'a str>) -> String {
    let mut families: Vec<(&str, Vec<String>)> = Vec::new();
    for name in names {
        let (family, level) = match name.rsplit_once(' ') {
            Some((family, level)) if level.parse::<u8>().is_ok() => (family, level),
            _ => (name, ""),
        };
        match families.iter_mut().find(|(known, _)| *known == family) {
            Some((_, levels)) => levels.push(level.to_owned()),
            None => families.push((family, vec![level.to_owned()])),
        }
    }
    let families: Vec<String> = families
        .into_iter()
        .map(|(family, mut levels)| {
            levels.retain(|level| !level.is_empty());
            order::sort_by_key(&mut levels, |level| level.parse::<u8>().unwrap_or(u8::MAX));
            levels.dedup();
            if levels.is_empty() { family.to_owned() } else { format!("{family} {}", and_list(locale, &levels)) }
        })
        .collect();
    families.join(" · ")
}

#[cfg(test)]
mod table;
