//! A school's effective rights as bits: teacher × test × pupil, and turned: pupil × test × teacher.
//!
//! Built from one [`Roster`] and one [`Record`] for one [`Moment`]; answers hold until the next
//! boundary. [`crate::oracle`] defines what the bits must be.

use crate::bits::{count_both, get, ones, set, words};
use crate::crowd::Crowd;
use crate::lane::{Trial, lane};
use crate::school::{Decision, PupilIx, Record, Roster, Scope, TeacherIx};
use crate::test::TestIx;
use crate::time::Moment;

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

    /// Makes what these teachers say that of `base`, a cube of the same school and moment, followed
    /// by `decisions` (of whomever), newest of all.
    pub fn say_after(&mut self, roster: &Roster, base: &Self, teachers: &[TeacherIx], decisions: &[Decision]) {
        for teacher in teachers {
            let Some(said) = self.said.get_mut(usize::from(teacher.0)) else { continue };
            said.clear();
            said.extend_from_slice(base.said(*teacher));
            let live = |decision: &&Decision| decision.teacher == *teacher && decision.valid.contains(base.moment.at);
            said.extend(decisions.iter().filter(live));
            self.refresh(roster, *teacher);
        }
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
        match scope {
            Scope::Pupil(pupil) => (usize::from(get(row, pupil.0.into())), usize::from(self.crowd.is_present(pupil))),
            wider => {
                let mask = self.crowd.mask(wider);
                (count_both(row, mask), count_both(&self.crowd.present, mask))
            }
        }
    }

    /// May this teacher see anything at all of a scope's pupils?
    #[must_use]
    pub fn sees_some(&self, teacher: TeacherIx, scope: Scope) -> bool {
        (0_u8..).map(TestIx).take(self.tests).any(|test| self.count(teacher, scope, test).0 > 0)
    }

    /// How many pupils × tests this teacher may see that `before` does not let them see, and how
    /// many the other way round. Both are cubes of the same school.
    #[must_use]
    pub fn gained_and_lost(&self, before: &Self, teacher: TeacherIx) -> (usize, usize) {
        let without = |some: &[u64], other: &[u64]| -> usize {
            some.iter().zip(other).map(|(some, other)| (some & !other).count_ones() as usize).sum()
        };
        let (now, then) = (self.lane_bits(teacher), before.lane_bits(teacher));
        (without(now, then), without(then, now))
    }

    /// One teacher's bits in all tests.
    fn lane_bits(&self, teacher: TeacherIx) -> &[u64] {
        let length = self.tests * self.row;
        let start = usize::from(teacher.0) * length;
        self.by_teacher.get(start..start + length).unwrap_or_default()
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
