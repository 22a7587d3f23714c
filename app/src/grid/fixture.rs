//! A small made-up school for tests.

use super::drafting::single;
use domain::draft::Edit;
use domain::exchange::{GridLoad, KeptDraft, StaffMay};
use domain::school::{Fact, Group, GroupKind, Person, Record, Roster};
use domain::text::Alphabet;
use domain::view::Scene;
use domain::{
    Effect, GroupId, GroupIx, Instant, InstitutionId, PersonId, PupilIx, School, Scope, Subject, SubjectIx, TeacherIx,
    Test, TestIx, TestKind, Window, Zone,
};
use std::sync::Arc;

pub(crate) const BO: TeacherIx = TeacherIx(0);
pub(crate) const METTE: TeacherIx = TeacherIx(1);
pub(crate) const AYA: PupilIx = PupilIx(0);
pub(crate) const WILL: PupilIx = PupilIx(1);
pub(crate) const ZOE: PupilIx = PupilIx(2);
pub(crate) const CLASS_4A: GroupIx = GroupIx(1);
pub(crate) const CLASS_4B: GroupIx = GroupIx(0);
pub(crate) const SECTION: GroupIx = GroupIx(2);
pub(crate) const READING_4: TestIx = TestIx(1);
pub(crate) const MATH_4: TestIx = TestIx(2);

/// 20 November 2026, noon in Copenhagen.
pub(crate) const NOW: Instant = Instant(1_795_172_400_000_000);

fn person(n: u128, given: &str, family: &str) -> Person {
    Person {
        id: PersonId(uuid::Uuid::from_u128(n)),
        given: given.into(),
        family: family.into(),
        protected: false,
        can_sign_in: true,
    }
}

fn always<T>(what: T) -> Fact<T> {
    Fact { what, valid: Window::ALWAYS, recorded: Window::ALWAYS }
}

fn test(code: &str, name: &str, subject: u8, level: &str) -> Test {
    Test {
        code: code.into(),
        name: name.into(),
        kind: TestKind::National,
        subject: SubjectIx(subject),
        level: level.parse().ok(),
        mandatory: true,
    }
}

/// Two teachers; Aya and Will in 4.A, Zoe in 4.B; Aya and Zoe in a group of their own.
pub(crate) fn school() -> School {
    let group = |n: u128, name: &str, kind| Group {
        id: GroupId(uuid::Uuid::from_u128(n)),
        name: name.into(),
        kind,
        subject: None,
    };
    let level: domain::Level = "4".parse().unwrap();
    School {
        revision: 7,
        roster: Roster {
            institution: InstitutionId(uuid::Uuid::from_u128(1)),
            zone: Zone::Copenhagen,
            subjects: vec![
                Subject { slug: "matematik".into(), name: "Matematik".into() },
                Subject { slug: "dansk".into(), name: "Dansk, læsning".into() },
            ],
            tests: vec![
                test("MAT-2", "Matematik 2", 0, "2"),
                test("DAL-4", "Dansk, læsning 4", 1, "4"),
                test("MAT-4", "Matematik 4", 0, "4"),
            ],
            teachers: vec![person(11, "Bo", "Ravnsborg"), person(12, "Mette", "Lindegaard")],
            pupils: vec![person(21, "Aya", "Hammoud"), person(22, "William", "Horsbøl"), person(23, "Zoe", "Yde")],
            groups: vec![
                group(31, "4.B", GroupKind::Class),
                group(32, "4.A", GroupKind::Class),
                group(33, "Mat ekstra", GroupKind::Section),
            ],
            teaching: vec![always(BO), always(METTE)],
            attendance: vec![always(AYA), always(WILL), always(ZOE)],
            memberships: vec![
                always((AYA, CLASS_4A)),
                always((WILL, CLASS_4A)),
                always((ZOE, CLASS_4B)),
                always((AYA, SECTION)),
                always((ZOE, SECTION)),
            ],
            levels: vec![always((AYA, level)), always((WILL, level)), always((ZOE, level))],
            teaches: Vec::new(),
            exemptions: Vec::new(),
        },
        record: Record::default(),
    }
}

/// What the server answers with: the school and a kept draft. Bo may book and run, Mette may book.
pub(crate) fn load(edits: Vec<Edit>) -> GridLoad {
    GridLoad {
        school: school(),
        draft: KeptDraft { based_on: 7, edits, kept: None },
        leaders: Vec::new(),
        may: vec![StaffMay { booking: true, running: true }, StaffMay { booking: true, running: false }],
        now: NOW,
    }
}

/// The school without a draft.
pub(crate) fn scene() -> Scene {
    Scene::of(Arc::new(school()), Alphabet::Danish, NOW)
}

/// The school with Bo's edits laid over it.
pub(crate) fn with(words: &[(Scope, TestIx, Effect)]) -> Scene {
    let mut scene = scene();
    let edits: Vec<_> =
        words.iter().map(|(scope, test, effect)| single(&scene, BO, *scope, *test, *effect).unwrap()).collect();
    scene.lay(&edits).unwrap();
    scene
}
