//! What a change would do, over time: who gains, who loses, what nobody would see any more.

use crate::bits::{ones, words};
use crate::crowd::Crowd;
use crate::lane::{Lane, lane};
use crate::school::{Decision, PupilIx, Record, Roster, TeacherIx};
use crate::test::TestIx;
use crate::time::{Instant, Moment, Window};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// One teacher's right to one pupil's result in one test that begins or ceases to exist.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Change {
    /// The teacher.
    pub teacher: TeacherIx,
    /// The pupil.
    pub pupil: PupilIx,
    /// The test.
    pub test: TestIx,
    /// From when the answer differs.
    pub from: Instant,
    /// Until when it differs (exclusive); `None` if for good.
    pub until: Option<Instant>,
}

/// A pupil's result in a test that some teacher would have seen and none will.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Unseen {
    /// The pupil.
    pub pupil: PupilIx,
    /// The test.
    pub test: TestIx,
    /// From when nobody sees it.
    pub from: Instant,
}

/// The whole effect of a change, sorted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Diff {
    /// Rights that come to be.
    pub gains: Vec<Change>,
    /// Rights that cease.
    pub losses: Vec<Change>,
    /// What no teacher would see any more.
    pub unseen: Vec<Unseen>,
}

impl Diff {
    /// Names this diff: lower-case hex of SHA-256 over ids, codes and instants.
    ///
    /// It does not depend on where people stand in the roster's lists, nor on the instant of the
    /// question: what begins at once is named so, and a review some minutes old still matches.
    #[must_use]
    pub fn digest(&self, roster: &Roster, now: Instant) -> String {
        let instant = |at: Option<Instant>| match at {
            Some(at) if at == now => *b"at once ",
            Some(at) => at.0.to_be_bytes(),
            None => *b"for good",
        };
        let person = |people: &[crate::school::Person], ix: u16| {
            people.get(usize::from(ix)).map_or([0; 16], |person| *person.id.0.as_bytes())
        };
        let code = |ix: TestIx| roster.tests.get(usize::from(ix.0)).map_or("", |test| test.code.as_str());
        let mut lines: Vec<Vec<u8>> = Vec::new();
        for (kind, changes) in [(b'+', &self.gains), (b'-', &self.losses)] {
            for change in changes {
                let mut line = vec![kind];
                line.extend(person(&roster.teachers, change.teacher.0));
                line.extend(person(&roster.pupils, change.pupil.0));
                line.extend(instant(Some(change.from)));
                line.extend(instant(change.until));
                line.extend(code(change.test).bytes());
                lines.push(line);
            }
        }
        for unseen in &self.unseen {
            let mut line = vec![b'0'];
            line.extend(person(&roster.pupils, unseen.pupil.0));
            line.extend(instant(Some(unseen.from)));
            line.extend(code(unseen.test).bytes());
            lines.push(line);
        }
        lines.sort_unstable();
        let mut hash = Sha256::new();
        for line in &lines {
            hash.update(u64::try_from(line.len()).unwrap_or(u64::MAX).to_be_bytes());
            hash.update(line);
        }
        hex(&hash.finalize())
    }
}

/// Bytes as lower-case hex.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    let digit = |nibble: u8| char::from_digit(u32::from(nibble), 16).unwrap_or('0');
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

/// What differs when a school's record changes from `before` to `after`, from `now` on.
///
/// `after` is `before` with change sets added at its end, recorded or not. Both are read with all
/// that they hold.
#[must_use]
pub fn between(roster: &Roster, before: &Record, after: &Record, now: Instant) -> Diff {
    let before = Standing::of(roster, before);
    let after = Standing::of(roster, after);
    let affected: Vec<TeacherIx> = (0..u16::try_from(roster.teachers.len()).unwrap_or(u16::MAX))
        .map(TeacherIx)
        .filter(|teacher| before.by(*teacher) != after.by(*teacher))
        .collect();
    if affected.is_empty() {
        return Diff::default();
    }
    let mut spans = Spans::new(roster, affected.len());
    for at in instants(roster, &before, &after, &affected, now) {
        let crowd = Crowd::at(roster, Moment::of_all_recorded(at));
        let mut lost = vec![0; words(roster.pupils.len()) * roster.tests.len()];
        for (place, teacher) in affected.iter().enumerate() {
            let old = before.lane(roster, &crowd, *teacher, at);
            let new = after.lane(roster, &crowd, *teacher, at);
            for ((lost, old), new) in lost.iter_mut().zip(&old).zip(&new) {
                *lost |= old & !new;
            }
            spans.step(place, *teacher, &old, &new, at);
        }
        if lost.iter().any(|word| *word != 0) {
            for teacher in (0..u16::try_from(roster.teachers.len()).unwrap_or(u16::MAX)).map(TeacherIx) {
                let seen = after.lane(roster, &crowd, teacher, at);
                for (lost, seen) in lost.iter_mut().zip(seen) {
                    *lost &= !seen;
                }
            }
            spans.unseen(&lost, at);
        }
    }
    spans.finish()
}

/// Every instant from `now` on at which the difference may change.
fn instants(
    roster: &Roster,
    before: &Standing,
    after: &Standing,
    affected: &[TeacherIx],
    now: Instant,
) -> Vec<Instant> {
    let mut all = vec![now];
    let mut edge = |window: Window| {
        all.push(window.from);
        all.extend(window.until);
    };
    roster.teaching.iter().filter(|fact| fact.recorded.until.is_none()).for_each(|fact| edge(fact.valid));
    roster.attendance.iter().filter(|fact| fact.recorded.until.is_none()).for_each(|fact| edge(fact.valid));
    roster.memberships.iter().filter(|fact| fact.recorded.until.is_none()).for_each(|fact| edge(fact.valid));
    roster.levels.iter().filter(|fact| fact.recorded.until.is_none()).for_each(|fact| edge(fact.valid));
    // Whether nobody sees a result depends on every teacher's decisions, not only the affected.
    let everyone = (0..u16::try_from(roster.teachers.len()).unwrap_or(u16::MAX)).map(TeacherIx);
    everyone.flat_map(|teacher| after.by(teacher)).for_each(|decision| edge(decision.valid));
    affected.iter().flat_map(|teacher| before.by(*teacher)).for_each(|decision| edge(decision.valid));
    all.retain(|at| *at >= now);
    all.sort_unstable();
    all.dedup();
    all
}

/// The decisions that stand, teacher by teacher, in order.
struct Standing(Vec<Vec<Decision>>);

impl Standing {
    fn of(roster: &Roster, record: &Record) -> Self {
        let mut by_teacher = vec![Vec::new(); roster.teachers.len()];
        for (decision, stands) in record.decisions.iter().zip(record.standing(Instant::DISTANT_FUTURE)) {
            if stands && let Some(list) = by_teacher.get_mut(usize::from(decision.teacher.0)) {
                list.push(*decision);
            }
        }
        Self(by_teacher)
    }

    fn by(&self, teacher: TeacherIx) -> &[Decision] {
        self.0.get(usize::from(teacher.0)).map_or(&[], Vec::as_slice)
    }

    fn lane(&self, roster: &Roster, crowd: &Crowd, teacher: TeacherIx, at: Instant) -> Lane {
        lane(roster, crowd, teacher, self.by(teacher).iter().filter(|decision| decision.valid.contains(at)))
    }
}

/// Changes under way while time runs: a cell's gain or loss opens at one instant and closes at a
/// later one.
struct Spans {
    row: usize,
    /// Per affected teacher the cells gained, and lost, since `since`.
    open: Vec<[Lane; 2]>,
    /// Per affected teacher and kind, since when each cell is open: test × pupil.
    since: Vec<[Vec<Instant>; 2]>,
    closed: [Vec<Change>; 2],
    unseen_since: std::collections::BTreeMap<(PupilIx, TestIx), Instant>,
    teachers: Vec<TeacherIx>,
}

impl Spans {
    fn new(roster: &Roster, affected: usize) -> Self {
        let row = words(roster.pupils.len());
        let cells = row * roster.tests.len();
        Self {
            row,
            open: vec![[vec![0; cells], vec![0; cells]]; affected],
            since: vec![[Vec::new(), Vec::new()]; affected],
            closed: [Vec::new(), Vec::new()],
            unseen_since: std::collections::BTreeMap::new(),
            teachers: vec![TeacherIx(0); affected],
        }
    }

    fn step(&mut self, place: usize, teacher: TeacherIx, old: &[u64], new: &[u64], at: Instant) {
        let cells = old.len() * crate::bits::WORD;
        let (Some(open), Some(since), Some(name)) =
            (self.open.get_mut(place), self.since.get_mut(place), self.teachers.get_mut(place))
        else {
            return;
        };
        *name = teacher;
        let kinds = open.iter_mut().zip(since).zip(&mut self.closed).zip([(new, old), (old, new)]);
        for (((open, since), closed), (with, without)) in kinds {
            for (word, (open, (with, without))) in open.iter_mut().zip(with.iter().zip(without)).enumerate() {
                let differs = with & !without;
                if differs == *open {
                    continue;
                }
                if since.is_empty() {
                    since.resize(cells, at);
                }
                for bit in ones(&[differs & !*open]) {
                    if let Some(since) = since.get_mut(word * crate::bits::WORD + bit) {
                        *since = at;
                    }
                }
                for bit in ones(&[*open & !differs]) {
                    let cell = word * crate::bits::WORD + bit;
                    if let (Some((pupil, test)), Some(from)) = (cell_at(cell, self.row), since.get(cell)) {
                        closed.push(Change { teacher, pupil, test, from: *from, until: Some(at) });
                    }
                }
                *open = differs;
            }
        }
    }

    fn unseen(&mut self, cells: &[u64], at: Instant) {
        for (pupil, test) in ones(cells).filter_map(|cell| cell_at(cell, self.row)) {
            self.unseen_since.entry((pupil, test)).or_insert(at);
        }
    }

    fn finish(self) -> Diff {
        let [mut gains, mut losses] = self.closed;
        for ((open, since), teacher) in self.open.iter().zip(&self.since).zip(&self.teachers) {
            for ((open, since), changes) in open.iter().zip(since).zip([&mut gains, &mut losses]) {
                for cell in ones(open) {
                    if let (Some((pupil, test)), Some(from)) = (cell_at(cell, self.row), since.get(cell)) {
                        changes.push(Change { teacher: *teacher, pupil, test, from: *from, until: None });
                    }
                }
            }
        }
        gains.sort_unstable();
        losses.sort_unstable();
        let unseen = self.unseen_since.into_iter().map(|((pupil, test), from)| Unseen { pupil, test, from });
        Diff { gains, losses, unseen: unseen.collect() }
    }
}

/// Pupil and test of a place in a lane.
fn cell_at(cell: usize, row: usize) -> Option<(PupilIx, TestIx)> {
    let bits = row * crate::bits::WORD;
    let pupil = u16::try_from(cell.checked_rem(bits)?).ok()?;
    let test = u8::try_from(cell / bits).ok()?;
    Some((PupilIx(pupil), TestIx(test)))
}

#[cfg(test)]
mod tests {
    use super::hex;

    #[test]
    fn bytes_are_written_as_two_digits_each() {
        assert_eq!(hex(&[0x00, 0x0f, 0x10, 0xa5, 0xff]), "000f10a5ff");
        assert_eq!(hex(&[]), "");
    }
}
