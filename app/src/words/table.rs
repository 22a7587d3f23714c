//! Reviews in words, written out by hand.

use super::*;
use domain::{Fact, Group, InstitutionId, Person, Subject, SubjectIx, Test};
use uuid::Uuid;

const START: Instant = Instant(1_785_535_200_000_000); // 2026-08-01 in Copenhagen

fn fact<T>(what: T) -> Fact<T> {
    Fact { what, valid: Window::ALWAYS, recorded: Window::ALWAYS }
}

fn person(name: &str) -> Person {
    let (given, family) = name.split_once(' ').unwrap();
    Person { id: Uuid::nil().into(), given: given.into(), family: family.into(), protected: false, can_sign_in: true }
}

/// 4.A with Aya, Bo and Ida; 10.A with Emil; Noah without a class; three tests and an exam.
fn roster() -> Roster {
    let group = |name: &str, kind| Group { id: Uuid::nil().into(), name: name.into(), kind, subject: None };
    let test = |code: &str, name: &str, kind| Test {
        code: code.into(),
        name: name.into(),
        kind,
        subject: SubjectIx(0),
        level: None,
        mandatory: true,
    };
    Roster {
        institution: InstitutionId(Uuid::nil()),
        zone: Zone::Copenhagen,
        subjects: vec![Subject { slug: "dansk".into(), name: "Dansk, læsning".into() }],
        tests: vec![
            test("D2", "Dansk, læsning 2", TestKind::National),
            test("D4", "Dansk, læsning 4", TestKind::National),
            test("M4", "Matematik 4", TestKind::National),
            test("FP9", "Engelsk, lytning", TestKind::Exam),
        ],
        teachers: vec![person("Mette Lindegaard"), person("Åse Brandt")],
        pupils: ["Aya Hammoud", "Bo Ring", "Ida Skipper", "Emil Krag", "Noah Vium"].map(person).into(),
        groups: vec![
            group("10.A", GroupKind::Class),
            group("Hold 1", GroupKind::Section),
            group("4.A", GroupKind::Class),
        ],
        teaching: vec![],
        attendance: (0..5).map(|ix| fact(PupilIx(ix))).collect(),
        memberships: [(0, 1), (0, 2), (1, 2), (2, 2), (3, 0)].map(|(p, g)| fact((PupilIx(p), GroupIx(g)))).into(),
        levels: vec![],
        teaches: vec![],
        exemptions: vec![],
    }
}

fn change(teacher: u16, pupil: u16, test: u8) -> Change {
    Change { teacher: TeacherIx(teacher), pupil: PupilIx(pupil), test: TestIx(test), from: START, until: None }
}

/// What people read, teacher by teacher.
fn read(changes: &[Change]) -> Vec<(String, Vec<String>)> {
    let (danish, roster) = (Locale::da, roster());
    let line = |line: &ChangeLine| {
        let but = left_out(danish, &roster, &line.whose).map(|but| format!(" ({but})")).unwrap_or_default();
        format!("{}{but}: {}", whose(danish, &roster, &line.whose), tests(danish, &roster, &line.tests))
    };
    let gathered = gather(&roster, changes);
    gathered.iter().map(|t| (teacher_name(&roster, t.teacher), t.lines.iter().map(line).collect())).collect()
}

#[test]
fn whole_classes_are_said_as_classes_and_joined() {
    let all = [0, 1, 2, 3].map(|pupil| [change(0, pupil, 0), change(0, pupil, 1)]).concat();
    assert_eq!(read(&all), [("Mette Lindegaard".into(), vec!["Hele skolen, 4 elever: Dansk, læsning 2 og 4".into()])]);
    let two = [change(0, 0, 2), change(0, 1, 2), change(0, 2, 2), change(0, 3, 1)];
    let lines = vec!["4.A, 3 elever: Matematik 4".into(), "10.A, 1 elev: Dansk, læsning 4".into()];
    assert_eq!(read(&two), [("Mette Lindegaard".into(), lines)]);
}

#[test]
fn part_of_a_class_is_named() {
    let lines = |changes: &[Change]| read(changes).remove(0).1;
    assert_eq!(lines(&[change(0, 0, 2)]), ["Aya Hammoud, 4.A: Matematik 4"]);
    assert_eq!(lines(&[change(0, 1, 2), change(0, 0, 2)]), ["Aya Hammoud og Bo Ring, 4.A: Matematik 4"]);
    assert_eq!(lines(&[change(0, 4, 3)]), ["Noah Vium: Engelsk, lytning"]);
}

#[test]
fn pupils_left_out_are_named_or_counted() {
    let roster = roster();
    let whose = |pupils: u16, but: u16| Whose {
        classes: vec![GroupIx(2)],
        pupils: (0..pupils).map(PupilIx).collect(),
        but: (0..but).map(PupilIx).collect(),
        is_school: false,
    };
    assert_eq!(left_out(Locale::da, &roster, &whose(3, 0)), None);
    assert_eq!(left_out(Locale::da, &roster, &whose(3, 1)).as_deref(), Some("ikke Aya Hammoud"));
    assert_eq!(left_out(Locale::da, &roster, &whose(3, 4)).as_deref(), Some("af 7"));
}

#[test]
fn teachers_come_in_order_and_are_counted_by_pupil() {
    let gathered = gather(&roster(), &[change(1, 0, 0), change(0, 0, 0), change(0, 0, 1), change(0, 1, 2)]);
    let counts: Vec<(TeacherIx, usize)> = gathered.iter().map(|t| (t.teacher, t.pupils)).collect();
    assert_eq!(counts, [(TeacherIx(0), 2), (TeacherIx(1), 1)], "å comes last in Danish");
}

#[test]
fn other_days_are_other_lines() {
    let until = Some(START.plus_seconds(86_400));
    let gathered = gather(&roster(), &[change(0, 0, 0), Change { until, ..change(0, 0, 1) }]);
    let days: Vec<_> = gathered[0].lines.iter().map(|line| line.until.map(|day| day.to_string())).collect();
    assert_eq!(days, [None, Some("2026-08-01".into())], "the last day is included");
}

#[test]
fn all_national_tests_have_a_name() {
    let roster = roster();
    assert_eq!(tests(Locale::da, &roster, &[TestIx(0), TestIx(1), TestIx(2)]), "alle nationale test");
    assert_eq!(tests(Locale::da, &roster, &[TestIx(0), TestIx(2)]), "Dansk, læsning 2 · Matematik 4");
}

#[test]
fn what_nobody_sees_is_gathered_by_class() {
    let unseen = [0, 1, 2].map(|pupil| Unseen { pupil: PupilIx(pupil), test: TestIx(2), from: START });
    let lines = gather_unseen(&roster(), &unseen);
    assert_eq!(lines.len(), 1);
    assert_eq!(whose(Locale::en, &roster(), &lines[0].whose), "4.A, 3 pupils");
}
