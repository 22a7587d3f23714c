//! A draft: rectangles that a test administrator has drawn but not applied.

use crate::calendar::{Date, SchoolYear, Zone};
use crate::ids::{GroupId, PersonId};
use crate::level::Level;
use crate::school::{
    ChangeSet, ChangeSetIx, Decision, Effect, GroupIx, PupilIx, Record, Roster, School, Scope, Selector, TakingBack,
    TeacherIx,
};
use crate::test::{SubjectIx, TestIx};
use crate::time::{Instant, Window};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Most edits in one draft.
pub const EDITS_MAX: usize = 2_000;
/// Most decisions (edits × teachers) that one change set records.
pub const DECISIONS_MAX: usize = 20_000;

/// One rectangle: teachers × scope × tests, a decision and its dates. Ids only, so that it
/// outlives the revision it was drawn on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Edit {
    /// Whom it is about.
    pub teachers: Vec<PersonId>,
    /// Whose results.
    pub scope: ScopeId,
    /// In which tests.
    pub tests: TestsId,
    /// Give, withhold or clear.
    pub effect: Effect,
    /// First day; `None` for today.
    pub from: Option<Date>,
    /// Last day; `None` for what [`Edit::window`] says.
    pub until: Option<Date>,
}

/// A scope by ids.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ScopeId {
    /// The whole school.
    School,
    /// A level.
    Level(Level),
    /// A class or group.
    Group(GroupId),
    /// A pupil.
    Pupil(PersonId),
}

/// Tests by code.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TestsId {
    /// Every national test.
    All,
    /// A subject's national tests, by slug.
    Subject(String),
    /// One test, by code.
    Test(String),
}

/// What is wrong with an edit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum EditFault {
    /// No such teacher, pupil or group here.
    #[error("no such teacher, pupil or group at this school")]
    Unknown,
    /// No such subject or test in the catalogue.
    #[error("no such subject or test in the catalogue")]
    UnknownTest,
    /// No teachers are named.
    #[error("an edit names no teacher")]
    NoTeachers,
    /// `from` lies in the past.
    #[error("a right cannot begin in the past")]
    FromInPast,
    /// `until` lies before `from`.
    #[error("the last day lies before the first")]
    UntilBeforeFrom,
    /// A clear has no end.
    #[error("a clear has no last day: it silences what was said before it from its first day on")]
    ClearWithEnd,
    /// More than [`EDITS_MAX`] edits or [`DECISIONS_MAX`] decisions.
    #[error("the draft is too large for one change set")]
    TooLarge,
}

impl Edit {
    /// The days this edit says, as a window: `from` or today; a give ends with the school year of
    /// its first day unless told otherwise, a withhold has no end unless given one, a clear never
    /// has one.
    ///
    /// # Errors
    /// When `from` lies before `today`, `until` before `from`, or a clear has an end.
    pub fn window(&self, today: Date, zone: Zone) -> Result<Window, EditFault> {
        let from = self.from.unwrap_or(today);
        if from < today {
            return Err(EditFault::FromInPast);
        }
        if self.until.is_some_and(|until| until < from) {
            return Err(EditFault::UntilBeforeFrom);
        }
        let until = match self.effect {
            Effect::Give => Some(self.until.unwrap_or_else(|| SchoolYear::of(from).last_day())),
            Effect::Withhold => self.until,
            Effect::Clear if self.until.is_some() => return Err(EditFault::ClearWithEnd),
            Effect::Clear => None,
        };
        Ok(zone.window(from, until))
    }
}

/// Finds the places of ids in a roster.
#[derive(Clone, Debug)]
pub struct Places {
    teachers: Vec<(PersonId, TeacherIx)>,
    pupils: Vec<(PersonId, PupilIx)>,
    groups: Vec<(GroupId, GroupIx)>,
    tests: Vec<String>,
    subjects: Vec<String>,
}

impl Places {
    /// Sorts the roster's ids once.
    #[must_use]
    pub fn of(roster: &Roster) -> Self {
        fn sorted<K: Ord + Copy, V>(keys: impl Iterator<Item = K>, place: fn(u16) -> V) -> Vec<(K, V)> {
            let mut all: Vec<(K, V)> = keys.zip((0..=u16::MAX).map(place)).collect();
            all.sort_unstable_by_key(|(key, _)| *key);
            all
        }
        Self {
            tests: roster.tests.iter().map(|test| test.code.clone()).collect(),
            subjects: roster.subjects.iter().map(|subject| subject.slug.clone()).collect(),
            teachers: sorted(roster.teachers.iter().map(|p| p.id), TeacherIx),
            pupils: sorted(roster.pupils.iter().map(|p| p.id), PupilIx),
            groups: sorted(roster.groups.iter().map(|g| g.id), GroupIx),
        }
    }

    /// A teacher's place.
    #[must_use]
    pub fn teacher(&self, id: PersonId) -> Option<TeacherIx> {
        find(&self.teachers, id)
    }

    /// A pupil's place.
    #[must_use]
    pub fn pupil(&self, id: PersonId) -> Option<PupilIx> {
        find(&self.pupils, id)
    }

    /// A group's place.
    #[must_use]
    pub fn group(&self, id: GroupId) -> Option<GroupIx> {
        find(&self.groups, id)
    }

    /// A test's place.
    #[must_use]
    pub fn test(&self, code: &str) -> Option<TestIx> {
        let place = self.tests.iter().position(|known| known == code)?;
        u8::try_from(place).ok().map(TestIx)
    }

    /// A subject's place.
    #[must_use]
    pub fn subject(&self, slug: &str) -> Option<SubjectIx> {
        let place = self.subjects.iter().position(|known| known == slug)?;
        u8::try_from(place).ok().map(SubjectIx)
    }

    /// A scope's place.
    #[must_use]
    pub fn scope(&self, id: ScopeId) -> Option<Scope> {
        match id {
            ScopeId::School => Some(Scope::School),
            ScopeId::Level(level) => Some(Scope::Level(level)),
            ScopeId::Group(group) => self.group(group).map(Scope::Group),
            ScopeId::Pupil(pupil) => self.pupil(pupil).map(Scope::Pupil),
        }
    }

    /// A selector's place.
    #[must_use]
    pub fn selector(&self, id: &TestsId) -> Option<Selector> {
        match id {
            TestsId::All => Some(Selector::All),
            TestsId::Subject(slug) => self.subject(slug).map(Selector::Subject),
            TestsId::Test(code) => self.test(code).map(Selector::Test),
        }
    }
}

fn find<K: Ord + Copy, V: Copy>(sorted: &[(K, V)], key: K) -> Option<V> {
    let at = sorted.binary_search_by_key(&key, |(key, _)| *key).ok()?;
    sorted.get(at).map(|(_, place)| *place)
}

/// The ids behind a scope of this roster.
#[must_use]
pub fn scope_id(roster: &Roster, scope: Scope) -> Option<ScopeId> {
    Some(match scope {
        Scope::School => ScopeId::School,
        Scope::Level(level) => ScopeId::Level(level),
        Scope::Group(ix) => ScopeId::Group(roster.groups.get(ix.0 as usize)?.id),
        Scope::Pupil(ix) => ScopeId::Pupil(roster.pupils.get(ix.0 as usize)?.id),
    })
}

/// The codes behind a selector of this roster.
#[must_use]
pub fn tests_id(roster: &Roster, selector: Selector) -> Option<TestsId> {
    Some(match selector {
        Selector::All => TestsId::All,
        Selector::Subject(ix) => TestsId::Subject(roster.subjects.get(ix.0 as usize)?.slug.clone()),
        Selector::Test(ix) => TestsId::Test(roster.tests.get(ix.0 as usize)?.code.clone()),
    })
}

/// The decisions that edits would record as the next change set, in order: edit by edit, within
/// an edit teacher by teacher. `edit_of` of the result says which edit each came from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Decided {
    /// The decisions, position = place here.
    pub decisions: Vec<Decision>,
    /// For each decision the edit it came from.
    pub edit_of: Vec<u32>,
}

/// Turns edits into the decisions of the next change set.
///
/// # Errors
/// The first edit that is at fault, counted from 0, and what is wrong with it.
pub fn decide(school: &School, places: &Places, edits: &[Edit], today: Date) -> Result<Decided, (u32, EditFault)> {
    let change_set = school.record.next_change_set();
    let mut decided = Decided::default();
    for (number, edit) in (0_u32..).zip(edits) {
        let fault = |fault| (number, fault);
        if number as usize >= EDITS_MAX || decided.decisions.len() + edit.teachers.len() > DECISIONS_MAX {
            return Err(fault(EditFault::TooLarge));
        }
        if edit.teachers.is_empty() {
            return Err(fault(EditFault::NoTeachers));
        }
        let valid = edit.window(today, school.roster.zone).map_err(fault)?;
        let scope = places.scope(edit.scope).ok_or(fault(EditFault::Unknown))?;
        let tests = places.selector(&edit.tests).ok_or(fault(EditFault::UnknownTest))?;
        for teacher in &edit.teachers {
            let teacher = places.teacher(*teacher).ok_or(fault(EditFault::Unknown))?;
            let position = u16::try_from(decided.decisions.len()).map_err(|_| fault(EditFault::TooLarge))?;
            decided.decisions.push(Decision {
                change_set,
                position,
                teacher,
                scope,
                tests,
                effect: edit.effect,
                valid,
            });
            decided.edit_of.push(number);
        }
    }
    Ok(decided)
}

/// A change set that is not recorded yet, as the record would hold it.
#[must_use]
pub fn unrecorded(record: &Record, now: Instant, takes_back: Option<TakingBack>) -> ChangeSet {
    ChangeSet {
        number: record.next_change_set().0.saturating_add(1),
        recorded: now,
        author: PersonId(uuid::Uuid::nil()),
        author_name: String::new(),
        reason: String::new(),
        takes_back,
    }
}

/// Do two selectors share a test of this roster?
#[must_use]
pub fn selectors_share_a_test(roster: &Roster, a: Selector, b: Selector) -> bool {
    (0_u8..).map(TestIx).zip(&roster.tests).any(|(ix, test)| a.covers(ix, test) && b.covers(ix, test))
}

/// Do two decisions touch: the same teacher, the same scope, and a test that both cover?
#[must_use]
pub fn touch(roster: &Roster, a: &Decision, b: &Decision) -> bool {
    a.teacher == b.teacher && a.scope == b.scope && selectors_share_a_test(roster, a.tests, b.tests)
}

/// Where decisions touch what was recorded in change sets from `since` on: pairs of places in
/// `decided` and in the school's record.
#[must_use]
pub fn conflicts(school: &School, since: ChangeSetIx, decided: &[Decision]) -> Vec<(usize, usize)> {
    let first = school.record.decisions.partition_point(|d| d.change_set < since);
    let later = school.record.decisions.iter().enumerate().skip(first);
    // Only decisions about the same place can touch.
    let mut by_place: BTreeMap<(TeacherIx, Scope), Vec<usize>> = BTreeMap::new();
    for (ours, decision) in decided.iter().enumerate() {
        by_place.entry((decision.teacher, decision.scope)).or_default().push(ours);
    }
    let mut pairs = Vec::new();
    for (theirs, later) in later {
        let same_place = by_place.get(&(later.teacher, later.scope)).into_iter().flatten();
        let touching = same_place.filter(|ours| decided.get(**ours).is_some_and(|d| touch(&school.roster, d, later)));
        pairs.extend(touching.map(|ours| (*ours, theirs)));
    }
    pairs.sort_unstable();
    pairs
}
