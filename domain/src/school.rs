//! What the rule reads: a school's roster and the record of what was decided.
//!
//! Persons, groups, tests and change sets are named by their place in the lists here, so that
//! sets of them are bits.

use crate::calendar::Zone;
use crate::ids::{GroupId, InstitutionId, PersonId};
use crate::level::Level;
use crate::test::{Subject, SubjectIx, Test, TestIx, TestKind};
use crate::time::{Instant, Moment, Window};
use serde::{Deserialize, Serialize};

/// Place of a teacher in [`Roster::teachers`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TeacherIx(pub u16);

/// Place of a pupil in [`Roster::pupils`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PupilIx(pub u16);

/// Place of a group in [`Roster::groups`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct GroupIx(pub u16);

/// Place of a change set in [`Record::change_sets`]; also their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ChangeSetIx(pub u32);

impl ChangeSetIx {
    /// The change set before this one.
    #[must_use]
    pub fn previous(self) -> Option<Self> {
        self.0.checked_sub(1).map(Self)
    }
}

/// Something that holds for a stretch of time, and was known for a stretch of time.
///
/// Facts are closed, never overwritten.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fact<T> {
    /// What holds.
    pub what: T,
    /// When it holds.
    pub valid: Window,
    /// From when it was recorded until it was replaced.
    pub recorded: Window,
}

impl<T> Fact<T> {
    /// Does it hold at this moment?
    #[must_use]
    pub fn holds(&self, moment: Moment) -> bool {
        self.valid.contains(moment.at) && self.is_known(moment.known)
    }

    /// Was it recorded and not yet replaced by then?
    #[must_use]
    pub fn is_known(&self, known: Instant) -> bool {
        if known == Instant::DISTANT_FUTURE {
            // "All that is recorded" leaves out what has been replaced since.
            self.recorded.until.is_none()
        } else {
            self.recorded.contains(known)
        }
    }
}

/// A person as the roster shows them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Our id.
    pub id: PersonId,
    /// Given names; the alias ("Beskyttet elev 3") where the person is protected.
    pub given: String,
    /// Family name; empty where the person is protected.
    pub family: String,
    /// Protected identity (navne- og adressebeskyttelse, skyddade personuppgifter)?
    pub protected: bool,
    /// Has a working way to sign in? Only ever a mark beside a teacher's name in the grid, and said for
    /// nobody else; the rule does not look at it.
    pub can_sign_in: bool,
}

impl Person {
    /// Given and family name, as read aloud.
    #[must_use]
    pub fn full_name(&self) -> String {
        if self.family.is_empty() { self.given.clone() } else { format!("{} {}", self.given, self.family) }
    }
}

/// What a group is to the school.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GroupKind {
    /// A class (Hovedgruppe, klass).
    Class,
    /// Another group of pupils (Hold, undervisningsgrupp).
    Section,
}

impl GroupKind {
    /// The stable word in the database.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Class => "class",
            Self::Section => "section",
        }
    }

    /// The kind of a word.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Class, Self::Section].into_iter().find(|kind| kind.code() == code)
    }
}

/// A class or another group of pupils.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    /// Our id.
    pub id: GroupId,
    /// Its name, such as "4.A".
    pub name: String,
    /// Class or other group.
    pub kind: GroupKind,
    /// The subject of a section, where the roster names one, in the roster's words.
    pub subject: Option<String>,
}

/// The people, groups and tests of a school, with everything dated.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Roster {
    /// The school.
    pub institution: InstitutionId,
    /// The zone its days are counted in.
    pub zone: Zone,
    /// Subjects that tests refer to.
    pub subjects: Vec<Subject>,
    /// The catalogue's tests, in the order of columns.
    pub tests: Vec<Test>,
    /// Everyone who has or had Teaching here, or about whom something was decided.
    pub teachers: Vec<Person>,
    /// Everyone who is or was a pupil here.
    pub pupils: Vec<Person>,
    /// Classes and other groups.
    pub groups: Vec<Group>,
    /// When each teacher has the capacity Teaching here.
    pub teaching: Vec<Fact<TeacherIx>>,
    /// When each pupil is affiliated here.
    pub attendance: Vec<Fact<PupilIx>>,
    /// When each pupil is in each group.
    pub memberships: Vec<Fact<(PupilIx, GroupIx)>>,
    /// When each pupil is at each level.
    pub levels: Vec<Fact<(PupilIx, Level)>>,
    /// Who teaches which group, as the roster says; a hint beside the class, never a right.
    pub teaches: Vec<Fact<(TeacherIx, GroupIx)>>,
    /// Exemptions (fritagelse, befrielse); they quiet a cell and touch no right.
    pub exemptions: Vec<Fact<Exemption>>,
}

/// A leader has exempted a pupil from a test in a school year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exemption {
    /// The pupil.
    pub pupil: PupilIx,
    /// The test.
    pub test: TestIx,
}

/// Whose results a decision is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Scope {
    /// Every pupil of the school.
    School,
    /// The pupils at a level on that day.
    Level(Level),
    /// The pupils in a group on that day.
    Group(GroupIx),
    /// One pupil.
    Pupil(PupilIx),
}

/// Which tests a decision is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Selector {
    /// Every national test.
    All,
    /// The national tests of a subject.
    Subject(SubjectIx),
    /// One test or exam.
    Test(TestIx),
}

impl Selector {
    /// Does it cover the test at this place of the roster's list?
    #[must_use]
    pub fn covers(self, ix: TestIx, test: &Test) -> bool {
        match self {
            Self::All => test.kind == TestKind::National,
            Self::Subject(subject) => test.kind == TestKind::National && test.subject == subject,
            Self::Test(only) => only == ix,
        }
    }
}

/// What a decision says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    /// The teacher may see the results.
    Give,
    /// The teacher may not, whatever a wider scope says.
    Withhold,
    /// Nothing: silences what was recorded before in the same scope and tests.
    Clear,
}

/// One line of a change set: a teacher, a scope, tests, and what is said about them.
///
/// Its place in [`Record::decisions`] is its order: by change set, then by position.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// The change set it belongs to.
    pub change_set: ChangeSetIx,
    /// Its position in the change set.
    pub position: u16,
    /// Whom it is about.
    pub teacher: TeacherIx,
    /// Whose results.
    pub scope: Scope,
    /// In which tests.
    pub tests: Selector,
    /// What it says.
    pub effect: Effect,
    /// When it is live.
    pub valid: Window,
}

/// A change set that takes back an earlier one, or some of its decisions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TakingBack {
    /// The earlier change set; it may itself be a taking-back.
    pub target: ChangeSetIx,
    /// Positions of the decisions taken back; `None` for the whole change set.
    pub positions: Option<Vec<u16>>,
}

/// Who decided something, when and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangeSet {
    /// Its number in the school's history, counted from 1 without gaps.
    pub number: u32,
    /// When it was recorded.
    pub recorded: Instant,
    /// Who did it.
    pub author: PersonId,
    /// The author's name then.
    pub author_name: String,
    /// The reason given; may be empty.
    pub reason: String,
    /// What it takes back, if it is a taking-back; it then has no decisions.
    pub takes_back: Option<TakingBack>,
}

/// Everything decided at a school, oldest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// Change sets in order of their number; index = number − 1.
    pub change_sets: Vec<ChangeSet>,
    /// Decisions in order of change set, then position.
    pub decisions: Vec<Decision>,
}

impl Record {
    /// For each change set: was it recorded by `known`, and does no live taking-back name all of it?
    ///
    /// A taking-back that is itself taken back says nothing. Later ones only ever name earlier
    /// ones, so one pass from the newest decides.
    #[must_use]
    pub fn live_change_sets(&self, known: Instant) -> Vec<bool> {
        let mut live: Vec<bool> = self.change_sets.iter().map(|set| set.recorded <= known).collect();
        for ix in (0..self.change_sets.len()).rev() {
            let (Some(set), Some(true)) = (self.change_sets.get(ix), live.get(ix)) else { continue };
            if let Some(TakingBack { target, positions: None }) = &set.takes_back
                && (target.0 as usize) < ix
                && let Some(named) = live.get_mut(target.0 as usize)
            {
                *named = false;
            }
        }
        live
    }

    /// For each decision: is it recorded by `known` and not taken back?
    #[must_use]
    pub fn standing(&self, known: Instant) -> Vec<bool> {
        let live = self.live_change_sets(known);
        let is_live = |ix: ChangeSetIx| live.get(ix.0 as usize).copied().unwrap_or(false);
        let mut standing: Vec<bool> = self.decisions.iter().map(|d| is_live(d.change_set)).collect();
        for (set, _) in self.change_sets.iter().zip(&live).filter(|(_, live)| **live) {
            let Some(TakingBack { target, positions: Some(positions) }) = &set.takes_back else { continue };
            let first = self.decisions.partition_point(|d| d.change_set < *target);
            for (decision, stands) in self.decisions.iter().zip(&mut standing).skip(first) {
                if decision.change_set != *target {
                    break;
                }
                if positions.contains(&decision.position) {
                    *stands = false;
                }
            }
        }
        standing
    }

    /// When a decision was recorded.
    #[must_use]
    pub fn recorded(&self, decision: &Decision) -> Instant {
        self.change_sets.get(decision.change_set.0 as usize).map_or(Instant::DISTANT_FUTURE, |set| set.recorded)
    }

    /// This record with one more change set at its end.
    #[must_use]
    pub fn with(&self, set: ChangeSet, decisions: impl IntoIterator<Item = Decision>) -> Self {
        let mut next = self.clone();
        next.change_sets.push(set);
        next.decisions.extend(decisions);
        next
    }

    /// The place the next change set will take.
    #[must_use]
    pub fn next_change_set(&self) -> ChangeSetIx {
        ChangeSetIx(u32::try_from(self.change_sets.len()).unwrap_or(u32::MAX))
    }
}

/// A school as the rule reads it, at one revision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct School {
    /// Raised by every change to what the rule reads.
    pub revision: i64,
    /// People, groups and tests.
    pub roster: Roster,
    /// What was decided.
    pub record: Record,
}

impl School {
    /// Every instant after `after` at which an answer may change by itself, in order.
    #[must_use]
    pub fn boundaries_after(&self, after: Instant) -> Vec<Instant> {
        fn push<T>(all: &mut Vec<Instant>, facts: &[Fact<T>]) {
            for fact in facts.iter().filter(|fact| fact.recorded.until.is_none()) {
                all.push(fact.valid.from);
                all.extend(fact.valid.until);
            }
        }
        let mut all = Vec::new();
        push(&mut all, &self.roster.teaching);
        push(&mut all, &self.roster.attendance);
        push(&mut all, &self.roster.memberships);
        push(&mut all, &self.roster.levels);
        for decision in &self.record.decisions {
            all.push(decision.valid.from);
            all.extend(decision.valid.until);
        }
        all.retain(|at| *at > after);
        all.sort_unstable();
        all.dedup();
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_of_groups_read_back() {
        for kind in [GroupKind::Class, GroupKind::Section] {
            assert_eq!(GroupKind::from_code(kind.code()), Some(kind));
        }
        assert_eq!(GroupKind::from_code("hold"), None);
    }

    #[test]
    fn a_replaced_fact_is_known_until_it_was_replaced_and_never_among_all_that_is() {
        let fact = |until| Fact { what: (), valid: Window::ALWAYS, recorded: Window { from: Instant(5), until } };
        let (replaced, present) = (fact(Some(Instant(10))), fact(None));
        assert_eq!([4, 5, 9, 10].map(|known| replaced.is_known(Instant(known))), [false, true, true, false]);
        assert!(!replaced.is_known(Instant::DISTANT_FUTURE));
        assert_eq!([4, 5, 10].map(|known| present.is_known(Instant(known))), [false, true, true]);
        assert!(present.is_known(Instant::DISTANT_FUTURE));
    }

    #[test]
    fn no_change_set_takes_itself_back() {
        let itself = TakingBack { target: ChangeSetIx(0), positions: None };
        let set = crate::draft::unrecorded(&Record::default(), Instant(5), Some(itself));
        let record = Record { change_sets: vec![set], ..Record::default() };
        assert_eq!(record.live_change_sets(Instant(5)), [true]);
    }
}
