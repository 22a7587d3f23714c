//! One small school and short stories of decisions, for tests written by hand.
#![expect(clippy::panic, clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may fail loudly")]

use domain::draft::{Places, unrecorded};
use domain::school::TakingBack;
use domain::*;
use uuid::Uuid;

/// Mette and Bo teach; Aya is in 4.A and in the section "hold", Emil in 4.B and in the section,
/// Sara in 4.A until 31 July and from 1 August in 4.B. All are at level 4; Sara is at level 5
/// from 1 August.
pub(crate) fn school() -> School {
    let id = |n: u128| Uuid::from_u128(n);
    let person = |n: u128, given: &str| Person {
        id: PersonId(id(n)),
        given: given.into(),
        family: String::new(),
        protected: false,
        can_sign_in: true,
    };
    let group = |n: u128, name: &str, kind| Group { id: GroupId(id(n)), name: name.into(), kind, subject: None };
    let test = |code: &str, kind, subject| Test {
        code: code.into(),
        name: code.into(),
        kind,
        subject: SubjectIx(subject),
        level: Level::from_rank(4),
        mandatory: true,
    };
    let known = Window::since(at("2026-01-01"));
    fn fact<T>(what: T, valid: Window, recorded: Window) -> Fact<T> {
        Fact { what, valid, recorded }
    }
    let old_year = Window { from: Instant::DISTANT_PAST, until: Some(at("2026-08-01")) };
    let new_year = Window::since(at("2026-08-01"));
    let always = Window::ALWAYS;
    let (aya, emil, sara) = (PupilIx(0), PupilIx(1), PupilIx(2));
    let (a, b, hold) = (GroupIx(0), GroupIx(1), GroupIx(2));
    let (four, five) = (Level::from_rank(4).unwrap(), Level::from_rank(5).unwrap());
    School {
        revision: 1,
        roster: Roster {
            institution: InstitutionId(id(1)),
            zone: Zone::Copenhagen,
            subjects: ["dansk", "matematik"].map(|slug| Subject { slug: slug.into(), name: slug.into() }).into(),
            tests: vec![
                test("DAN4", TestKind::National, 0),
                test("MAT4", TestKind::National, 1),
                test("FP9", TestKind::Exam, 1),
            ],
            teachers: vec![person(10, "Mette"), person(11, "Bo")],
            pupils: vec![person(20, "Aya"), person(21, "Emil"), person(22, "Sara")],
            groups: vec![
                group(30, "4.A", GroupKind::Class),
                group(31, "4.B", GroupKind::Class),
                group(32, "hold", GroupKind::Section),
            ],
            teaching: vec![
                fact(TeacherIx(0), always, known),
                fact(TeacherIx(1), Window { from: Instant::DISTANT_PAST, until: Some(at("2026-12-01")) }, known),
            ],
            attendance: [aya, emil, sara].map(|pupil| fact(pupil, always, known)).into(),
            memberships: vec![
                fact((aya, a), always, known),
                fact((aya, hold), always, known),
                fact((emil, b), always, known),
                fact((emil, hold), always, known),
                fact((sara, a), old_year, known),
                fact((sara, b), new_year, known),
            ],
            levels: vec![
                fact((aya, four), always, known),
                fact((emil, four), always, known),
                fact((sara, four), old_year, known),
                fact((sara, five), new_year, known),
            ],
            teaches: Vec::new(),
            exemptions: Vec::new(),
        },
        record: Record::default(),
    }
}

pub(crate) fn at(date: &str) -> Instant {
    Zone::Copenhagen.start_of(date.parse().unwrap())
}

/// Adds one line of a story: `DATE give|withhold|clear WHO SCOPE TESTS [FROM [UNTIL]]`, or
/// `DATE back NUMBER [POSITION]`. Lines that begin with `&` belong to the change set before.
pub(crate) fn tell(school: &mut School, line: &str) {
    let (same_set, line) = line.strip_prefix("& ").map_or((false, line), |rest| (true, rest));
    let words: Vec<&str> = line.split(' ').collect();
    let recorded = at(words[0]).plus_seconds(36_000);
    let record = &school.record;
    if words[1] == "back" {
        let positions = words.get(3).map(|position| vec![position.parse().unwrap()]);
        let target = ChangeSetIx(words[2].parse::<u32>().unwrap() - 1);
        school.record = record.with(unrecorded(record, recorded, Some(TakingBack { target, positions })), []);
        return;
    }
    let effect = match words[1] {
        "give" => Effect::Give,
        "withhold" => Effect::Withhold,
        "clear" => Effect::Clear,
        other => panic!("{other}"),
    };
    let places = Places::of(&school.roster);
    let teacher = TeacherIx(school.roster.teachers.iter().position(|p| p.given == words[2]).unwrap() as u16);
    let group =
        |name| school.roster.groups.iter().position(|g| g.name == name).map(|ix| Scope::Group(GroupIx(ix as u16)));
    let scope = match words[3] {
        "school" => Scope::School,
        "level4" => Scope::Level(Level::from_rank(4).unwrap()),
        "level5" => Scope::Level(Level::from_rank(5).unwrap()),
        name => group(name).unwrap_or_else(|| Scope::Pupil(pupil(school, name))),
    };
    let tests = match words[4] {
        "all" => Selector::All,
        name => places.subject(name).map_or_else(|| Selector::Test(places.test(name).unwrap()), Selector::Subject),
    };
    let from = at(words.get(5).unwrap_or(&words[0]));
    let until = words.get(6).map(|last| at(&last.parse::<Date>().unwrap().next().to_string()));
    let valid = Window { from, until };
    if same_set {
        let change_set = record.next_change_set().previous().unwrap();
        let position = record.decisions.iter().filter(|d| d.change_set == change_set).count() as u16;
        school.record.decisions.push(Decision { change_set, position, teacher, scope, tests, effect, valid });
    } else {
        let change_set = record.next_change_set();
        let decision = Decision { change_set, position: 0, teacher, scope, tests, effect, valid };
        school.record = record.with(unrecorded(record, recorded, None), [decision]);
    }
}

pub(crate) fn pupil(school: &School, name: &str) -> PupilIx {
    PupilIx(school.roster.pupils.iter().position(|p| p.given == name).unwrap() as u16)
}
