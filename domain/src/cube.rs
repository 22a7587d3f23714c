//! A school's effective rights as bits: teacher × test × pupil, and turned: pupil × test × teacher.
//!
//! Built from one [`Roster`] and one [`Record`] for one [`Moment`]; answers hold until the next
//! boundary. [`crate::oracle`] defines what the bits must be.

use crate::bits::{count_both, get, ones, set, words};
use crate::level::Level;
use crate::school::{Decision, Effect, GroupIx, PupilIx, Record, Roster, Scope, Selector, TeacherIx};
use crate::test::TestIx;
use crate::time::Moment;

/// Who is where at a moment: pupils as bits, whatever any teacher may see of them.
#[derive(Clone, Debug)]
pub struct Crowd {
    pupils: usize,
    present: Vec<u64>,
    groups: Vec<Vec<u64>>,
    levels: Vec<Vec<u64>>,
    teaching: Vec<u64>,
}

impl Crowd {
    /// Reads who is where from the roster's facts.
    #[must_use]
    pub fn at(roster: &Roster, moment: Moment) -> Self {
        let pupils = roster.pupils.len();
        let empty = vec![0; words(pupils)];
        let mut crowd = Self {
            pupils,
            present: empty.clone(),
            groups: vec![empty.clone(); roster.groups.len()],
            levels: vec![empty; Level::all().count()],
            teaching: vec![0; words(roster.teachers.len())],
        };
        for fact in roster.teaching.iter().filter(|fact| fact.holds(moment)) {
            set(&mut crowd.teaching, fact.what.0.into(), true);
        }
        for fact in roster.attendance.iter().filter(|fact| fact.holds(moment)) {
            set(&mut crowd.present, fact.what.0.into(), true);
        }
        for fact in roster.memberships.iter().filter(|fact| fact.holds(moment)) {
            if let Some(group) = crowd.groups.get_mut(fact.what.1.0 as usize) {
                set(group, fact.what.0.0.into(), true);
            }
        }
        for fact in roster.levels.iter().filter(|fact| fact.holds(moment)) {
            if let Some(level) = crowd.levels.get_mut(fact.what.1.rank() as usize) {
                set(level, fact.what.0.0.into(), true);
            }
        }
        crowd
    }

    /// Is the pupil affiliated here?
    #[must_use]
    pub fn is_present(&self, pupil: PupilIx) -> bool {
        get(&self.present, pupil.0.into())
    }

    /// Has the teacher Teaching here?
    #[must_use]
    pub fn has_teaching(&self, teacher: TeacherIx) -> bool {
        get(&self.teaching, teacher.0.into())
    }

    /// Is the pupil in the group?
    #[must_use]
    pub fn is_member(&self, pupil: PupilIx, group: GroupIx) -> bool {
        self.groups.get(group.0 as usize).is_some_and(|members| get(members, pupil.0.into()))
    }

    /// The pupils of a scope who are affiliated here, as bits.
    fn members_bits(&self, scope: Scope) -> Vec<u64> {
        let mut members = match scope {
            Scope::School => return self.present.clone(),
            Scope::Level(level) => self.levels.get(level.rank() as usize).cloned(),
            Scope::Group(group) => self.groups.get(group.0 as usize).cloned(),
            Scope::Pupil(pupil) => {
                let mut one = vec![0; words(self.pupils)];
                set(&mut one, pupil.0.into(), true);
                Some(one)
            }
        }
        .unwrap_or_default();
        for (word, present) in members.iter_mut().zip(&self.present) {
            *word &= present;
        }
        members
    }

    /// The pupils of a scope who are affiliated here, in order.
    #[must_use]
    pub fn members(&self, scope: Scope) -> Vec<PupilIx> {
        ones(&self.members_bits(scope)).filter_map(|bit| u16::try_from(bit).ok()).map(PupilIx).collect()
    }
}

/// One teacher's bits: test × pupil, `tests × words` long.
pub(crate) type Lane = Vec<u64>;

/// What a teacher's decisions say in their scopes, painted over the crowd.
///
/// `said` are the teacher's decisions that are live and stand, in order.
pub(crate) fn lane<'d>(
    roster: &Roster,
    crowd: &Crowd,
    teacher: TeacherIx,
    said: impl IntoIterator<Item = &'d Decision>,
) -> Lane {
    let row = words(crowd.pupils);
    let mut lane = vec![0; row * roster.tests.len()];
    if row == 0 || !crowd.has_teaching(teacher) {
        return lane;
    }
    let scopes = scopes_said(roster, said);
    let everyone = vec![u64::MAX; row];
    // Wider scopes first; among groups the withholds first, so that a give beats them.
    for (scope, effects) in &scopes {
        match scope {
            Scope::School => paint(&mut lane, row, effects, &everyone, None),
            Scope::Level(level) => {
                if let Some(mask) = crowd.levels.get(level.rank() as usize) {
                    paint(&mut lane, row, effects, mask, None);
                }
            }
            Scope::Group(_) | Scope::Pupil(_) => {}
        }
    }
    for effect in [Effect::Withhold, Effect::Give] {
        for (scope, effects) in &scopes {
            if let Scope::Group(group) = scope
                && let Some(mask) = crowd.groups.get(group.0 as usize)
            {
                paint(&mut lane, row, effects, mask, Some(effect));
            }
        }
    }
    for (scope, effects) in &scopes {
        if let Scope::Pupil(pupil) = scope {
            for (bits, effect) in lane.chunks_mut(row).zip(effects) {
                if let Some(effect) = effect {
                    set(bits, pupil.0.into(), *effect == Effect::Give);
                }
            }
        }
    }
    for bits in lane.chunks_mut(row) {
        for (word, present) in bits.iter_mut().zip(&crowd.present) {
            *word &= present;
        }
    }
    lane
}

/// For each scope that a teacher's decisions name, widest first: what it says per test.
fn scopes_said<'d>(roster: &Roster, said: impl IntoIterator<Item = &'d Decision>) -> Vec<(Scope, Vec<Option<Effect>>)> {
    let mut by_scope: Vec<(Scope, usize, &Decision)> =
        said.into_iter().enumerate().map(|(order, decision)| (decision.scope, order, decision)).collect();
    by_scope.sort_unstable_by_key(|(scope, order, _)| (*scope, *order));
    let mut scopes: Vec<(Scope, Vec<Option<Effect>>)> = Vec::new();
    for (scope, _, decision) in by_scope {
        if scopes.last().is_none_or(|(last, _)| *last != scope) {
            scopes.push((scope, vec![None; roster.tests.len()]));
        }
        let Some((_, effects)) = scopes.last_mut() else { continue };
        let effect = (decision.effect != Effect::Clear).then_some(decision.effect);
        if let Selector::Test(test) = decision.tests {
            if let Some(slot) = effects.get_mut(test.0 as usize) {
                *slot = effect;
            }
            continue;
        }
        for ((ix, test), slot) in (0_u8..).map(TestIx).zip(&roster.tests).zip(effects) {
            if decision.tests.covers(ix, test) {
                *slot = effect;
            }
        }
    }
    scopes
}

/// Sets or clears the masked pupils in the rows of the tests that something is said about.
fn paint(lane: &mut [u64], row: usize, effects: &[Option<Effect>], mask: &[u64], only: Option<Effect>) {
    for (bits, effect) in lane.chunks_mut(row).zip(effects) {
        let Some(effect) = effect.filter(|effect| only.is_none_or(|only| only == *effect)) else { continue };
        for (word, mask) in bits.iter_mut().zip(mask) {
            if effect == Effect::Give { *word |= mask } else { *word &= !mask }
        }
    }
}

/// One teacher's bits as they would be.
#[derive(Debug)]
pub(crate) struct Trial {
    lane: Lane,
    row: usize,
}

impl Trial {
    /// Might the teacher see this pupil's result in this test?
    pub(crate) fn may_see(&self, pupil: PupilIx, test: TestIx) -> bool {
        let start = usize::from(test.0) * self.row;
        get(self.lane.get(start..start + self.row).unwrap_or_default(), pupil.0.into())
    }
}

/// A school's effective rights at one moment.
#[derive(Clone, Debug)]
pub struct Cube {
    moment: Moment,
    crowd: Crowd,
    tests: usize,
    /// Words per teacher and test.
    row: usize,
    /// Words per pupil and test.
    column: usize,
    /// `[teacher][test][pupil]`
    by_teacher: Vec<u64>,
    /// `[pupil][test][teacher]`
    by_pupil: Vec<u64>,
    /// Per teacher the decisions that are live and stand, in order.
    said: Vec<Vec<Decision>>,
}

impl Cube {
    /// The cube of a school at a moment.
    #[must_use]
    pub fn build(roster: &Roster, record: &Record, moment: Moment) -> Self {
        let crowd = Crowd::at(roster, moment);
        let mut said: Vec<Vec<Decision>> = vec![Vec::new(); roster.teachers.len()];
        for (decision, stands) in record.decisions.iter().zip(record.standing(moment.known)) {
            if stands
                && decision.valid.contains(moment.at)
                && let Some(list) = said.get_mut(decision.teacher.0 as usize)
            {
                list.push(*decision);
            }
        }
        let (row, column, tests) = (words(roster.pupils.len()), words(roster.teachers.len()), roster.tests.len());
        let mut cube = Self {
            moment,
            crowd,
            tests,
            row,
            column,
            by_teacher: vec![0; roster.teachers.len() * tests * row],
            by_pupil: vec![0; roster.pupils.len() * tests * column],
            said,
        };
        for teacher in 0..u16::try_from(roster.teachers.len()).unwrap_or(u16::MAX) {
            cube.refresh(roster, TeacherIx(teacher));
        }
        cube
    }

    /// Records one more decision, newest of all, without building the rest anew.
    pub fn decide(&mut self, roster: &Roster, decision: Decision) {
        self.decide_all(roster, &[decision]);
    }

    /// Records more decisions, in order, newest of all; each teacher's bits are painted once.
    pub fn decide_all(&mut self, roster: &Roster, decisions: &[Decision]) {
        let mut affected: Vec<TeacherIx> = Vec::new();
        for decision in decisions.iter().filter(|decision| decision.valid.contains(self.moment.at)) {
            if let Some(said) = self.said.get_mut(decision.teacher.0 as usize) {
                said.push(*decision);
                affected.push(decision.teacher);
            }
        }
        affected.sort_unstable();
        affected.dedup();
        affected.into_iter().for_each(|teacher| self.refresh(roster, teacher));
    }

    /// What one more decision of a teacher, newest of all and live at once, would make of their bits.
    pub(crate) fn trial(&self, roster: &Roster, decision: &Decision) -> Trial {
        let said = self.said(decision.teacher).iter().chain([decision]);
        Trial { lane: lane(roster, &self.crowd, decision.teacher, said), row: self.row }
    }

    /// Paints one teacher's bits anew and carries what changed over to the turned half.
    fn refresh(&mut self, roster: &Roster, teacher: TeacherIx) {
        let Some(said) = self.said.get(teacher.0 as usize) else { return };
        let fresh = lane(roster, &self.crowd, teacher, said);
        let start = teacher.0 as usize * self.tests * self.row;
        let Some(old) = self.by_teacher.get_mut(start..start + fresh.len()) else { return };
        for (place, (old, fresh)) in old.iter_mut().zip(&fresh).enumerate() {
            let mut changed = *old ^ *fresh;
            if changed == 0 {
                continue;
            }
            *old = *fresh;
            let (test, word) = (place / self.row, place % self.row);
            while changed != 0 {
                let bit = changed.trailing_zeros() as usize;
                changed &= changed - 1;
                let pupil = word * crate::bits::WORD + bit;
                let from = (pupil * self.tests + test) * self.column;
                if let Some(teachers) = self.by_pupil.get_mut(from..from + self.column) {
                    set(teachers, teacher.0.into(), *fresh >> bit & 1 == 1);
                }
            }
        }
    }

    /// The moment it answers for.
    #[must_use]
    pub const fn moment(&self) -> Moment {
        self.moment
    }

    /// Who is where at that moment.
    #[must_use]
    pub const fn crowd(&self) -> &Crowd {
        &self.crowd
    }

    /// The teacher's decisions that are live and stand, in order.
    #[must_use]
    pub fn said(&self, teacher: TeacherIx) -> &[Decision] {
        self.said.get(teacher.0 as usize).map_or(&[], Vec::as_slice)
    }

    /// May this teacher see this pupil's result in this test? Unknown places are no.
    #[must_use]
    pub fn may_see(&self, teacher: TeacherIx, pupil: PupilIx, test: TestIx) -> bool {
        let start = (teacher.0 as usize * self.tests + test.0 as usize) * self.row;
        let pupil = usize::from(pupil.0);
        (test.0 as usize) < self.tests
            && pupil / crate::bits::WORD < self.row
            && self
                .by_teacher
                .get(start + pupil / crate::bits::WORD)
                .is_some_and(|word| word >> (pupil % crate::bits::WORD) & 1 == 1)
    }

    /// Every teacher who may see this pupil's result in this test, in order.
    pub fn teachers_who_see(&self, pupil: PupilIx, test: TestIx) -> impl Iterator<Item = TeacherIx> {
        let start = (usize::from(pupil.0) * self.tests + usize::from(test.0)) * self.column;
        let in_range = usize::from(test.0) < self.tests;
        let teachers = self.by_pupil.get(start..start + self.column).filter(|_| in_range).unwrap_or_default();
        ones(teachers).filter_map(|bit| u16::try_from(bit).ok()).map(TeacherIx)
    }

    /// Everything this teacher may see: test by test, pupils in order.
    pub fn seen_by(&self, teacher: TeacherIx) -> impl Iterator<Item = (PupilIx, TestIx)> {
        (0_u8..).map(TestIx).take(self.tests).flat_map(move |test| {
            ones(self.row_bits(teacher, test))
                .filter_map(|bit| u16::try_from(bit).ok())
                .map(move |p| (PupilIx(p), test))
        })
    }

    /// Writes everything this teacher may see behind `out`: test by test, pupils in order. For long
    /// lists; the same as [`Self::seen_by`].
    pub fn list_seen_by(&self, teacher: TeacherIx, out: &mut Vec<(PupilIx, TestIx)>) {
        for test in (0_u8..).map(TestIx).take(self.tests) {
            let bits = self.row_bits(teacher, test);
            out.reserve(bits.iter().map(|word| word.count_ones() as usize).sum());
            for (first, word) in (0_u16..).step_by(crate::bits::WORD).zip(bits) {
                let mut rest = *word;
                while rest != 0 {
                    let bit = u16::try_from(rest.trailing_zeros()).unwrap_or(0);
                    out.push((PupilIx(first + bit), test));
                    rest &= rest - 1;
                }
            }
        }
    }

    /// Of a scope's pupils, how many this teacher may see in this test, and how many there are.
    #[must_use]
    pub fn count(&self, teacher: TeacherIx, scope: Scope, test: TestIx) -> (usize, usize) {
        let row = self.row_bits(teacher, test);
        let of = |mask: &[u64]| (count_both(row, mask), count_both(&self.crowd.present, mask));
        match scope {
            Scope::School => of(&self.crowd.present),
            Scope::Level(level) => self.crowd.levels.get(level.rank() as usize).map_or((0, 0), |mask| of(mask)),
            Scope::Group(group) => self.crowd.groups.get(group.0 as usize).map_or((0, 0), |mask| of(mask)),
            Scope::Pupil(pupil) => (usize::from(get(row, pupil.0.into())), usize::from(self.crowd.is_present(pupil))),
        }
    }

    /// One teacher's bits in one test.
    fn row_bits(&self, teacher: TeacherIx, test: TestIx) -> &[u64] {
        if usize::from(test.0) >= self.tests {
            return &[];
        }
        let start = (teacher.0 as usize * self.tests + test.0 as usize) * self.row;
        self.by_teacher.get(start..start + self.row).unwrap_or_default()
    }
}
