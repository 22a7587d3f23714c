//! Random small schools, for tests: every kind of fact, window, scope, selector and taking-back,
//! crowded enough that they meet.

use crate::calendar::{Date, Zone};
use crate::ids::{GroupId, InstitutionId, PersonId};
use crate::level::Level;
use crate::school::{
    ChangeSet, ChangeSetIx, Decision, Effect, Exemption, Fact, Group, GroupIx, GroupKind, Person, PupilIx, Record,
    Roster, School, Scope, Selector, TakingBack, TeacherIx,
};
use crate::test::{Subject, SubjectIx, Test, TestIx, TestKind};
use crate::time::{Instant, Window};
use uuid::Uuid;

/// A small source of chance that is the same everywhere (SplitMix64).
#[derive(Clone, Debug)]
pub struct Chance(u64);

impl Chance {
    /// Chance from a seed.
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next 64 bits.
    pub const fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number from 0 to just below `end`.
    pub const fn below(&mut self, end: u64) -> u64 {
        self.bits() % end
    }

    /// Yes, `percent` times out of a hundred.
    pub const fn yes(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    fn id(&mut self) -> Uuid {
        Uuid::from_u64_pair(self.bits(), self.bits())
    }

    fn ix8(&mut self, len: usize) -> u8 {
        u8::try_from(self.below(len.max(1) as u64)).unwrap_or(0)
    }

    fn ix16(&mut self, len: usize) -> u16 {
        u16::try_from(self.below(len.max(1) as u64)).unwrap_or(0)
    }
}

/// The first day of the small calendar that random schools live in.
pub const FIRST_DAY: (i16, i8, i8) = (2026, 7, 27);
/// How many days it has: some of the old school year, some of the new.
pub const DAYS: u64 = 12;

/// The start of a day of the small calendar.
#[must_use]
pub fn day(number: u64) -> Instant {
    let (year, month, day) = FIRST_DAY;
    let mut date = Date::new(year, month, day).unwrap_or(Date(jiff::civil::Date::ZERO));
    for _ in 0..number {
        date = date.next();
    }
    Zone::Copenhagen.start_of(date)
}

/// A window in the small calendar: mostly open or a few days long, now and then empty of days.
pub fn window(chance: &mut Chance) -> Window {
    let from = if chance.yes(40) { Instant::DISTANT_PAST } else { day(chance.below(DAYS)) };
    let until = chance.yes(50).then(|| day(chance.below(DAYS + 2)));
    Window { from, until: until.map(|until| until.max(from)) }
}

/// When something was recorded: mostly early and never replaced.
fn recorded(chance: &mut Chance) -> Window {
    let from = if chance.yes(70) { day(0) } else { day(chance.below(DAYS)).plus_seconds(3_600) };
    let until = chance.yes(20).then(|| from.plus_seconds(86_400 * i64::try_from(chance.below(5)).unwrap_or(0)));
    Window { from, until }
}

fn person(chance: &mut Chance, number: usize) -> Person {
    Person {
        id: PersonId(chance.id()),
        given: format!("Given{number}"),
        family: format!("Family{}", chance.below(5)),
        protected: chance.yes(5),
        can_sign_in: chance.yes(80),
    }
}

fn fact<T>(chance: &mut Chance, what: T) -> Fact<T> {
    Fact { what, valid: window(chance), recorded: recorded(chance) }
}

/// A random school.
#[must_use]
pub fn school(chance: &mut Chance) -> School {
    let roster = roster(chance);
    let record = record(chance, &roster);
    School { revision: 1, roster, record }
}

fn roster(chance: &mut Chance) -> Roster {
    let teachers = 1 + chance.ix8(4) as usize;
    // Now and then more than one machine word of pupils.
    let pupils = if chance.yes(10) { 63 + chance.ix8(5) as usize } else { 1 + chance.ix8(7) as usize };
    let groups = 1 + chance.ix8(4) as usize;
    let subject = |slug: &str| Subject { slug: slug.into(), name: slug.to_uppercase() };
    let tests = [
        ("A2", TestKind::National, 0, Some(2)),
        ("A4", TestKind::National, 0, Some(4)),
        ("B3", TestKind::National, 1, Some(3)),
        ("B0", TestKind::National, 1, None),
        ("X9", TestKind::Exam, 1, Some(9)),
    ];
    let mut roster = Roster {
        institution: InstitutionId(chance.id()),
        zone: Zone::Copenhagen,
        subjects: vec![subject("a"), subject("b")],
        tests: tests
            .into_iter()
            .take(1 + chance.ix8(tests.len()) as usize)
            .map(|(code, kind, subject, level)| Test {
                code: code.into(),
                name: code.into(),
                kind,
                subject: SubjectIx(subject),
                level: level.and_then(Level::from_rank),
                mandatory: chance.yes(50),
            })
            .collect(),
        teachers: (0..teachers).map(|number| person(chance, number)).collect(),
        pupils: (0..pupils).map(|number| person(chance, number)).collect(),
        groups: (0..groups)
            .map(|number| Group {
                id: GroupId(chance.id()),
                name: format!("{}.{}", number, chance.below(3)),
                kind: if chance.yes(60) { GroupKind::Class } else { GroupKind::Section },
                subject: None,
            })
            .collect(),
        teaching: Vec::new(),
        attendance: Vec::new(),
        memberships: Vec::new(),
        levels: Vec::new(),
        teaches: Vec::new(),
        exemptions: Vec::new(),
    };
    for teacher in (0..).map(TeacherIx).take(teachers) {
        for _ in 0..=chance.below(2) {
            roster.teaching.push(fact(chance, teacher));
        }
    }
    for pupil in (0..).map(PupilIx).take(pupils) {
        for _ in 0..=chance.below(2) {
            roster.attendance.push(fact(chance, pupil));
        }
        for _ in 0..chance.below(4) {
            let group = GroupIx(chance.ix16(groups));
            roster.memberships.push(fact(chance, (pupil, group)));
        }
        levels(chance, pupil, &mut roster.levels);
        if chance.yes(20) {
            let test = TestIx(chance.ix8(roster.tests.len()));
            roster.exemptions.push(fact(chance, Exemption { pupil, test }));
        }
    }
    roster
}

/// One pupil's levels: never two at once, sometimes a move within the year, sometimes a
/// correction that replaces what was recorded.
fn levels(chance: &mut Chance, pupil: PupilIx, levels: &mut Vec<Fact<(PupilIx, Level)>>) {
    let (first, second) = (random_level(chance), random_level(chance));
    let moved = day(chance.below(DAYS));
    let mut add = |what, valid, recorded| levels.push(Fact { what: (pupil, what), valid, recorded });
    match chance.below(4) {
        0 => {}
        1 => add(first, Window::ALWAYS, Window::since(day(0))),
        2 => {
            add(first, Window { from: Instant::DISTANT_PAST, until: Some(moved) }, Window::since(day(0)));
            add(second, Window::since(moved), Window::since(day(0)));
        }
        _ => {
            let corrected = moved.plus_seconds(7_200);
            add(first, Window::ALWAYS, Window::between(day(0), corrected));
            add(second, Window::ALWAYS, Window::since(corrected));
        }
    }
}

fn record(chance: &mut Chance, roster: &Roster) -> Record {
    let mut record = Record::default();
    let mut at = day(0);
    for _ in 0..chance.below(9) {
        at = at.plus_seconds(3_600 * i64::try_from(1 + chance.below(40)).unwrap_or(1));
        record = add_change_set(chance, roster, &record, at);
    }
    record
}

/// The record with one more random change set: decisions, or a taking-back.
#[must_use]
pub fn add_change_set(chance: &mut Chance, roster: &Roster, record: &Record, recorded: Instant) -> Record {
    let target = u32::try_from(record.change_sets.len()).unwrap_or(0);
    if target > 0 && chance.yes(35) {
        let target = ChangeSetIx(u32::try_from(chance.below(u64::from(target))).unwrap_or(0));
        let positions: Vec<u16> =
            record.decisions.iter().filter(|d| d.change_set == target && chance.yes(50)).map(|d| d.position).collect();
        let positions = (chance.yes(40) && !positions.is_empty()).then_some(positions);
        return record.with(change_set(chance, record, recorded, Some(TakingBack { target, positions })), []);
    }
    let decisions: Vec<Decision> =
        (0..=chance.ix16(5)).map(|position| decision(chance, roster, record.next_change_set(), position)).collect();
    record.with(change_set(chance, record, recorded, None), decisions)
}

fn change_set(chance: &mut Chance, record: &Record, recorded: Instant, takes_back: Option<TakingBack>) -> ChangeSet {
    ChangeSet {
        number: record.next_change_set().0 + 1,
        recorded,
        author: PersonId(chance.id()),
        author_name: "Author".into(),
        reason: String::new(),
        takes_back,
    }
}

/// A random decision.
pub fn decision(chance: &mut Chance, roster: &Roster, change_set: ChangeSetIx, position: u16) -> Decision {
    let scope = match chance.below(8) {
        0 => Scope::School,
        1 => Scope::Level(random_level(chance)),
        2..=4 => Scope::Group(GroupIx(chance.ix16(roster.groups.len()))),
        _ => Scope::Pupil(PupilIx(chance.ix16(roster.pupils.len()))),
    };
    let tests = match chance.below(4) {
        0 => Selector::All,
        1 => Selector::Subject(SubjectIx(chance.ix8(2))),
        _ => Selector::Test(TestIx(chance.ix8(roster.tests.len()))),
    };
    let effect = match chance.below(6) {
        0..=2 => Effect::Give,
        3..=4 => Effect::Withhold,
        _ => Effect::Clear,
    };
    let mut valid = window(chance);
    if effect == Effect::Clear {
        valid.until = None;
    }
    Decision {
        change_set,
        position,
        teacher: TeacherIx(chance.ix16(roster.teachers.len())),
        scope,
        tests,
        effect,
        valid,
    }
}

/// Level 2, 3 or 4.
fn random_level(chance: &mut Chance) -> Level {
    u8::try_from(2 + chance.below(3)).ok().and_then(Level::from_rank).unwrap_or(Level::LOWEST)
}

/// Every instant at which an answer may differ, and one just before each.
#[must_use]
pub fn instants(school: &School) -> Vec<Instant> {
    fn both<T>(all: &mut Vec<Instant>, facts: &[Fact<T>]) {
        for window in facts.iter().flat_map(|fact| [fact.valid, fact.recorded]) {
            all.push(window.from);
            all.extend(window.until);
        }
    }
    let (roster, record) = (&school.roster, &school.record);
    let mut all = vec![day(0), day(DAYS + 2)];
    both(&mut all, &roster.teaching);
    both(&mut all, &roster.attendance);
    both(&mut all, &roster.memberships);
    both(&mut all, &roster.levels);
    all.extend(record.change_sets.iter().map(|set| set.recorded));
    for decision in &record.decisions {
        all.push(decision.valid.from);
        all.extend(decision.valid.until);
    }
    let before: Vec<Instant> = all.iter().map(|at| Instant(at.0.saturating_sub(1))).collect();
    all.extend(before);
    all.sort_unstable();
    all.dedup();
    all
}

/// A school of the size that speed is measured at: classes of about 23 pupils, one section for
/// every two classes, 16 tests, and decisions as test administrators make them (mostly a class and
/// one test, now and then a pupil, some ended, some clears).
#[must_use]
pub fn large_school(chance: &mut Chance, pupils: u16, teachers: u16, decisions: u16) -> School {
    let classes = pupils.div_ceil(23);
    let level = |class: u16| Level::from_rank(u8::try_from(class % 10).unwrap_or(0)).unwrap_or(Level::LOWEST);
    let mut roster = Roster {
        institution: InstitutionId(chance.id()),
        zone: Zone::Copenhagen,
        subjects: (0..4).map(|n| Subject { slug: format!("subject-{n}"), name: format!("Subject {n}") }).collect(),
        tests: (0..16)
            .map(|n| Test {
                code: format!("T{n}"),
                name: format!("Test {n}"),
                kind: TestKind::National,
                subject: SubjectIx(n / 4),
                level: Level::from_rank(2 + n % 8),
                mandatory: true,
            })
            .collect(),
        teachers: (0..teachers).map(|n| person(chance, usize::from(n))).collect(),
        pupils: (0..pupils).map(|n| person(chance, usize::from(n))).collect(),
        groups: Vec::new(),
        teaching: (0..teachers).map(|n| lasting(TeacherIx(n))).collect(),
        attendance: (0..pupils).map(|n| lasting(PupilIx(n))).collect(),
        memberships: Vec::new(),
        levels: Vec::new(),
        teaches: Vec::new(),
        exemptions: Vec::new(),
    };
    for class in 0..classes + classes / 2 {
        let kind = if class < classes { GroupKind::Class } else { GroupKind::Section };
        let name = format!("{}.{}", class % 10, class / 10);
        roster.groups.push(Group { id: GroupId(chance.id()), name, kind, subject: None });
    }
    for pupil in 0..pupils {
        let class = pupil / 23;
        let mut member = |group: u16| roster.memberships.push(lasting((PupilIx(pupil), GroupIx(group))));
        member(class);
        if classes + class / 2 < classes + classes / 2 && pupil % 2 == 0 {
            member(classes + class / 2);
        }
        roster.levels.push(lasting((PupilIx(pupil), level(class))));
    }
    let mut record = Record::default();
    for number in 0..decisions {
        if number % 32 == 0 {
            record.change_sets.push(change_set(chance, &record, day(1).plus_seconds(i64::from(number)), None));
        }
        let change_set = ChangeSetIx(u32::from(number / 32));
        let tests = match chance.below(100) {
            0..80 => Selector::Test(TestIx(chance.ix8(16))),
            80..95 => Selector::Subject(SubjectIx(chance.ix8(4))),
            _ => Selector::All,
        };
        let scope = match chance.below(100) {
            0..75 => Scope::Group(GroupIx(chance.ix16(roster.groups.len()))),
            75..99 => Scope::Pupil(PupilIx(chance.ix16(usize::from(pupils)))),
            _ => Scope::Level(level(chance.ix16(10))),
        };
        let effect = match chance.below(100) {
            0..85 => Effect::Give,
            85..95 => Effect::Withhold,
            _ => Effect::Clear,
        };
        let until = (effect == Effect::Give).then(|| if chance.yes(10) { day(5) } else { day(400) });
        let teacher = TeacherIx(number % teachers.max(1));
        let valid = Window { from: day(1), until };
        record.decisions.push(Decision { change_set, position: number % 32, teacher, scope, tests, effect, valid });
    }
    School { revision: 1, roster, record }
}

/// A fact that holds always and is never replaced.
fn lasting<T>(what: T) -> Fact<T> {
    Fact { what, valid: Window::ALWAYS, recorded: Window::since(day(0)) }
}
