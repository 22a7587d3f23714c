//! The school as a grid shows it: rows, cells and what a click would do. The rule behind every
//! state is [`crate::cube`]'s; here stands only how it looks from a row.

use crate::calendar::{Date, SchoolYear};
use crate::cube::Cube;
use crate::diff::{self, Diff};
use crate::draft::{self, Edit, EditFault, Places, decide, unrecorded};
use crate::level::Level;
use crate::school::{
    ChangeSetIx, Decision, Effect, GroupIx, GroupKind, PupilIx, Record, School, Scope, Selector, TeacherIx,
};
use crate::test::{TestIx, TestKind};
use crate::text::{Alphabet, SortKey, sort_key};
use crate::time::{Instant, Moment, Window};
use std::sync::Arc;

/// What a row's pupils may be seen of by a teacher in a test.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Answer {
    /// All of them; a row without pupils is never yes.
    Yes,
    /// None of them.
    No,
    /// Some of them.
    Partly {
        /// How many.
        yes: u16,
        /// Of how many.
        of: u16,
    },
}

/// How the draft changes a row's answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Drafted {
    /// More may be seen than without the draft.
    Added,
    /// Less may be seen than without the draft.
    Removed,
}

/// One cell: a teacher, a row's scope and a test.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Cell {
    /// What the row's pupils may be seen of, with the draft.
    pub answer: Answer,
    /// What is said in this very row: give, withhold, or nothing.
    pub here: Option<Effect>,
    /// Is it no because some scope withholds?
    pub withheld: bool,
    /// How the draft changes it.
    pub drafted: Option<Drafted>,
    /// Does the draft say something in this very row about this test?
    pub drafted_here: bool,
    /// Is the pupil exempt from the test this school year? Always false for other rows.
    pub exempt: bool,
    /// Is the test meant for a level above the row's pupils?
    pub above_level: bool,
    /// When this row's right begins, or ends before the school year does.
    pub turns: Option<Turn>,
}

/// A date that a row's own right begins or ends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Turn {
    /// Its first day is still to come.
    Begins(Instant),
    /// Its last day comes before the school year's (exclusive end).
    Ends(Instant),
}

/// What a click on a cell would do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Click {
    /// What to say in the row's own scope.
    pub effect: Effect,
    /// Is the wished answer yes?
    pub wished: bool,
    /// Pupils whose own decisions keep their answer as it is.
    pub kept: Vec<PupilIx>,
    /// Groups through which pupils of the row are still yes although the row withholds.
    pub still_through: Vec<GroupIx>,
}

/// A school at one instant with a draft laid over it.
#[derive(Clone, Debug)]
pub struct Scene {
    school: Arc<School>,
    now: Instant,
    today: Date,
    alphabet: Alphabet,
    base: Cube,
    drafted: Cube,
    /// The draft's decisions, as the next change set would hold them.
    draft: Vec<Decision>,
    /// For each of them the edit it came from.
    edit_of: Vec<u32>,
    members: Vec<Vec<PupilIx>>,
    class_of: Vec<Option<GroupIx>>,
    level_of: Vec<Option<Level>>,
    /// Per group, the highest level among its pupils.
    highest: Vec<Option<Level>>,
    /// Per teacher, the recorded decisions that stand and are still to come.
    coming: Vec<Vec<Decision>>,
}

impl Scene {
    /// A school at `now`, without a draft.
    #[must_use]
    pub fn of(school: Arc<School>, alphabet: Alphabet, now: Instant) -> Self {
        let roster = &school.roster;
        let moment = Moment::of_all_recorded(now);
        let base = Cube::build(roster, &school.record, moment);
        let names: Vec<SortKey> = roster.pupils.iter().map(|p| sort_key(alphabet, &p.full_name())).collect();
        let members = (0_u16..)
            .zip(&roster.groups)
            .map(|(group, _)| {
                let mut members = base.crowd().members(Scope::Group(GroupIx(group)));
                members.sort_by(|a, b| (names.get(a.0 as usize), a).cmp(&(names.get(b.0 as usize), b)));
                members
            })
            .collect::<Vec<_>>();
        let mut class_of = vec![None; roster.pupils.len()];
        for ((place, group), members) in (0_u16..).zip(&roster.groups).zip(&members) {
            for pupil in members.iter().filter(|_| group.kind == GroupKind::Class) {
                if let Some(class) = class_of.get_mut(usize::from(pupil.0)) {
                    *class = class.or(Some(GroupIx(place)));
                }
            }
        }
        let mut level_of = vec![None; roster.pupils.len()];
        for fact in roster.levels.iter().filter(|fact| fact.holds(moment)) {
            if let Some(level) = level_of.get_mut(usize::from(fact.what.0.0)) {
                *level = Some(fact.what.1);
            }
        }
        let level = |pupil: &PupilIx| level_of.get(usize::from(pupil.0)).copied().flatten();
        let highest = members.iter().map(|members| members.iter().filter_map(level).max()).collect();
        let mut coming = vec![Vec::new(); roster.teachers.len()];
        for (decision, stands) in school.record.decisions.iter().zip(school.record.standing(moment.known)) {
            if stands
                && decision.valid.from > now
                && let Some(list) = coming.get_mut(usize::from(decision.teacher.0))
            {
                list.push(*decision);
            }
        }
        let today = roster.zone.date_of(now);
        Self {
            highest,
            coming,
            drafted: base.clone(),
            base,
            school,
            now,
            today,
            alphabet,
            draft: Vec::new(),
            edit_of: Vec::new(),
            members,
            class_of,
            level_of,
        }
    }

    /// Lays a draft over the school in place of the one before.
    ///
    /// # Errors
    /// The first edit at fault; the scene then keeps the draft it had.
    pub fn lay(&mut self, edits: &[Edit]) -> Result<(), (u32, EditFault)> {
        let school = Arc::clone(&self.school);
        let decided = decide(&school, &Places::of(&school.roster), edits, self.today)?;
        let common = self.draft.iter().zip(&decided.decisions).take_while(|(old, new)| old == new).count();
        if common < self.draft.len() {
            self.drafted = self.base.clone();
            self.drafted.decide_all(&school.roster, &decided.decisions);
        } else {
            self.drafted.decide_all(&school.roster, decided.decisions.get(common..).unwrap_or_default());
        }
        self.draft = decided.decisions;
        self.edit_of = decided.edit_of;
        Ok(())
    }

    /// The school.
    #[must_use]
    pub const fn school(&self) -> &Arc<School> {
        &self.school
    }

    /// The instant it is shown at.
    #[must_use]
    pub const fn now(&self) -> Instant {
        self.now
    }

    /// That instant's day.
    #[must_use]
    pub const fn today(&self) -> Date {
        self.today
    }

    /// Rights with the draft.
    #[must_use]
    pub const fn drafted(&self) -> &Cube {
        &self.drafted
    }

    /// Rights without the draft.
    #[must_use]
    pub const fn base(&self) -> &Cube {
        &self.base
    }

    /// The draft's decisions, as the next change set would hold them.
    #[must_use]
    pub fn draft(&self) -> &[Decision] {
        &self.draft
    }

    /// The record as it would be with the draft applied now.
    #[must_use]
    pub fn record_with_draft(&self) -> Record {
        let record = &self.school.record;
        record.with(unrecorded(record, self.now, None), self.draft.iter().copied())
    }

    /// What the draft does, now and at every later boundary.
    #[must_use]
    pub fn diff(&self) -> Diff {
        diff::between(&self.school.roster, &self.school.record, &self.record_with_draft(), self.now)
    }

    /// Where the draft touches what was recorded from change set `since` on: edit, and place of
    /// the later decision in the record.
    #[must_use]
    pub fn conflicts(&self, since: ChangeSetIx) -> Vec<(u32, usize)> {
        let pairs = draft::conflicts(&self.school, since, &self.draft);
        let mut edits: Vec<(u32, usize)> =
            pairs.into_iter().filter_map(|(ours, theirs)| Some((*self.edit_of.get(ours)?, theirs))).collect();
        edits.sort_unstable();
        edits.dedup();
        edits
    }

    /// How many cells (teacher × pupil × test) the draft changes at once, per teacher it names:
    /// added and removed.
    #[must_use]
    pub fn changed_cells(&self) -> Vec<(TeacherIx, usize, usize)> {
        let mut teachers: Vec<TeacherIx> = self.draft.iter().map(|decision| decision.teacher).collect();
        teachers.sort_unstable();
        teachers.dedup();
        let count = |teacher: TeacherIx, with: &Cube, without: &Cube| {
            with.seen_by(teacher).filter(|(pupil, test)| !without.may_see(teacher, *pupil, *test)).count()
        };
        let both =
            |teacher| (teacher, count(teacher, &self.drafted, &self.base), count(teacher, &self.base, &self.drafted));
        teachers.into_iter().map(both).collect()
    }

    /// Classes, or other groups, that have pupils today, in order of their names.
    #[must_use]
    pub fn groups(&self, kind: GroupKind) -> Vec<GroupIx> {
        let of_kind = (0_u16..).zip(&self.school.roster.groups).filter(|(_, group)| group.kind == kind);
        let mut groups: Vec<(SortKey, GroupIx)> = of_kind
            .filter(|(ix, _)| !self.members(GroupIx(*ix)).is_empty())
            .map(|(ix, group)| (sort_key(self.alphabet, &group.name), GroupIx(ix)))
            .collect();
        groups.sort();
        groups.into_iter().map(|(_, group)| group).collect()
    }

    /// Levels that have pupils today, lowest first.
    #[must_use]
    pub fn levels(&self) -> Vec<Level> {
        Level::all().filter(|level| !self.drafted.crowd().members(Scope::Level(*level)).is_empty()).collect()
    }

    /// Teachers who have Teaching today, in order of their names.
    #[must_use]
    pub fn teachers(&self) -> Vec<TeacherIx> {
        let roster = &self.school.roster;
        let mut teachers: Vec<(SortKey, TeacherIx)> = (0_u16..)
            .map(TeacherIx)
            .zip(&roster.teachers)
            .filter(|(ix, _)| self.base.crowd().has_teaching(*ix))
            .map(|(ix, person)| (sort_key(self.alphabet, &person.full_name()), ix))
            .collect();
        teachers.sort();
        teachers.into_iter().map(|(_, teacher)| teacher).collect()
    }

    /// A group's pupils today, in order of their names.
    #[must_use]
    pub fn members(&self, group: GroupIx) -> &[PupilIx] {
        self.members.get(usize::from(group.0)).map_or(&[], Vec::as_slice)
    }

    /// A pupil's class today.
    #[must_use]
    pub fn class_of(&self, pupil: PupilIx) -> Option<GroupIx> {
        self.class_of.get(usize::from(pupil.0)).copied().flatten()
    }

    /// A pupil's level today.
    #[must_use]
    pub fn level_of(&self, pupil: PupilIx) -> Option<Level> {
        self.level_of.get(usize::from(pupil.0)).copied().flatten()
    }

    /// The highest level among a scope's pupils today.
    #[must_use]
    pub fn highest_level(&self, scope: Scope) -> Option<Level> {
        match scope {
            Scope::Level(level) => Some(level),
            Scope::Pupil(pupil) => self.level_of(pupil),
            Scope::Group(group) => self.highest.get(usize::from(group.0)).copied().flatten(),
            Scope::School => self.level_of.iter().flatten().copied().max(),
        }
    }

    /// One cell.
    #[must_use]
    pub fn cell(&self, teacher: TeacherIx, scope: Scope, test: TestIx) -> Cell {
        let (yes, of) = self.drafted.count(teacher, scope, test);
        let (before, _) = self.base.count(teacher, scope, test);
        let here = self.said_here(teacher, scope, test);
        let answer = match (yes, of) {
            (0, _) => Answer::No,
            (yes, of) if yes == of => Answer::Yes,
            (yes, of) => Answer::Partly { yes: clamp(yes), of: clamp(of) },
        };
        let entry = self.school.roster.tests.get(usize::from(test.0));
        let highest = self.highest_level(scope);
        let speaks =
            |d: &&Decision| d.teacher == teacher && d.scope == scope && entry.is_some_and(|e| d.tests.covers(test, e));
        Cell {
            answer,
            here: here.map(|decision| decision.effect),
            withheld: answer == Answer::No && self.is_withheld(teacher, scope, test),
            drafted: match yes.cmp(&before) {
                std::cmp::Ordering::Greater => Some(Drafted::Added),
                std::cmp::Ordering::Less => Some(Drafted::Removed),
                std::cmp::Ordering::Equal => None,
            },
            drafted_here: self.draft.iter().any(|decision| speaks(&decision)),
            exempt: self.is_exempt(scope, test),
            above_level: match (entry.and_then(|entry| entry.level), highest) {
                (Some(level), Some(highest)) => level > highest,
                _ => false,
            },
            turns: self.turns(teacher, here, speaks),
        }
    }

    /// The latest live decision of a scope that covers a test, with the draft; a clear says nothing.
    fn said_here(&self, teacher: TeacherIx, scope: Scope, test: TestIx) -> Option<&Decision> {
        let entry = self.school.roster.tests.get(usize::from(test.0))?;
        let said = self.drafted.said(teacher).iter().rev();
        let latest = said.into_iter().find(|decision| decision.scope == scope && decision.tests.covers(test, entry));
        latest.filter(|decision| decision.effect != Effect::Clear)
    }

    /// Does the narrowest scope that speaks about the row withhold?
    fn is_withheld(&self, teacher: TeacherIx, scope: Scope, test: TestIx) -> bool {
        let pupil = match scope {
            Scope::Pupil(pupil) => Some(pupil),
            Scope::School | Scope::Level(_) | Scope::Group(_) => None,
        };
        let says = |scope| self.said_here(teacher, scope, test).map(|decision| decision.effect);
        if let Some(effect) = says(scope) {
            return effect == Effect::Withhold;
        }
        let groups: Vec<GroupIx> = pupil.map_or_else(Vec::new, |pupil| {
            (0_u16..)
                .map(GroupIx)
                .take(self.members.len())
                .filter(|group| self.drafted.crowd().is_member(pupil, *group))
                .collect()
        });
        let by_groups: Vec<Effect> = groups.into_iter().filter_map(|group| says(Scope::Group(group))).collect();
        if !by_groups.is_empty() {
            return !by_groups.contains(&Effect::Give);
        }
        if matches!(scope, Scope::School | Scope::Level(_)) {
            return scope != Scope::School && says(Scope::School) == Some(Effect::Withhold);
        }
        let level = self.highest_level(scope);
        level.and_then(|level| says(Scope::Level(level))).or_else(|| says(Scope::School)) == Some(Effect::Withhold)
    }

    fn is_exempt(&self, scope: Scope, test: TestIx) -> bool {
        let Scope::Pupil(pupil) = scope else { return false };
        let moment = self.base.moment();
        let names = |exemption: crate::school::Exemption| exemption.pupil == pupil && exemption.test == test;
        self.school.roster.exemptions.iter().any(|fact| names(fact.what) && fact.holds(moment))
    }

    /// When what this row says begins, or ends before the school year does.
    fn turns<'s>(
        &'s self,
        teacher: TeacherIx,
        here: Option<&Decision>,
        speaks: impl Fn(&&'s Decision) -> bool,
    ) -> Option<Turn> {
        let year_ends = SchoolYear::of(self.today).window(self.school.roster.zone).until;
        if let Some(here) = here {
            let ends = here.valid.until.filter(|until| year_ends.is_some_and(|end| *until < end));
            return ends.map(Turn::Ends);
        }
        let recorded = self.coming.get(usize::from(teacher.0)).into_iter().flatten();
        let coming = recorded.chain(&self.draft).filter(|decision| speaks(decision));
        let next = coming.filter(|d| d.valid.from > self.now && d.effect == Effect::Give).map(|d| d.valid.from).min();
        next.map(Turn::Begins)
    }

    /// What a click on a cell would do: partly → yes → no, with one decision in the row's own
    /// scope; a clear if that alone gives the wished answer, else a give or a withhold.
    ///
    /// A class's cell never touches single pupils' decisions: they keep their answer and are named.
    #[must_use]
    pub fn click(&self, teacher: TeacherIx, scope: Scope, test: TestIx) -> Click {
        let wished = self.cell(teacher, scope, test).answer != Answer::Yes;
        self.say(teacher, scope, test, wished)
    }

    /// What to say in a row's own scope so that it becomes yes, or no.
    #[must_use]
    pub fn say(&self, teacher: TeacherIx, scope: Scope, test: TestIx, wished: bool) -> Click {
        let members = self.drafted.crowd().members(scope);
        let own_word = |pupil: &PupilIx| {
            scope != Scope::Pupil(*pupil) && self.said_here(teacher, Scope::Pupil(*pupil), test).is_some()
        };
        let (own, following): (Vec<PupilIx>, Vec<PupilIx>) = members.into_iter().partition(own_word);
        let kept = own.into_iter().filter(|pupil| self.drafted.may_see(teacher, *pupil, test) != wished).collect();
        let trial = |effect| self.drafted.trial(&self.school.roster, &self.trial(teacher, scope, test, effect));
        let cleared = trial(Effect::Clear);
        if following.iter().all(|pupil| cleared.may_see(*pupil, test) == wished) && !following.is_empty() {
            return Click { effect: Effect::Clear, wished, kept, still_through: Vec::new() };
        }
        let effect = if wished { Effect::Give } else { Effect::Withhold };
        let after = trial(effect);
        let still: Vec<PupilIx> = following.into_iter().filter(|pupil| after.may_see(*pupil, test) != wished).collect();
        let gives = |group: &GroupIx| {
            Scope::Group(*group) != scope
                && still.iter().any(|pupil| self.drafted.crowd().is_member(*pupil, *group))
                && self.said_here(teacher, Scope::Group(*group), test).is_some_and(|d| d.effect == Effect::Give)
        };
        let still_through = (0_u16..).map(GroupIx).take(self.members.len()).filter(gives).collect();
        Click { effect, wished, kept, still_through }
    }

    fn trial(&self, teacher: TeacherIx, scope: Scope, test: TestIx, effect: Effect) -> Decision {
        Decision {
            change_set: self.school.record.next_change_set(),
            position: u16::MAX,
            teacher,
            scope,
            tests: Selector::Test(test),
            effect,
            valid: Window::since(self.now),
        }
    }

    /// A colleague's live words as edits for another teacher, beginning today: gives only, unless
    /// `withholds_too`. Tests that say the same are gathered under their subject or "all".
    #[must_use]
    pub fn copy(&self, colleague: TeacherIx, to: TeacherIx, withholds_too: bool) -> Vec<Edit> {
        let roster = &self.school.roster;
        let Some(person) = roster.teachers.get(usize::from(to.0)) else { return Vec::new() };
        let mut scopes: Vec<Scope> = self.drafted.said(colleague).iter().map(|decision| decision.scope).collect();
        scopes.sort_unstable();
        scopes.dedup();
        let mut edits = Vec::new();
        for scope in scopes {
            let Some(scope_id) = draft::scope_id(roster, scope) else { continue };
            let mut words: Vec<(Word, Vec<TestIx>)> = Vec::new();
            for test in (0_u8..).map(TestIx).take(roster.tests.len()) {
                let Some(said) = self.said_here(colleague, scope, test) else { continue };
                if said.effect == Effect::Withhold && !withholds_too {
                    continue;
                }
                let word = (said.effect, said.valid.until);
                match words.iter_mut().find(|(known, _)| *known == word) {
                    Some((_, tests)) => tests.push(test),
                    None => words.push((word, vec![test])),
                }
            }
            for ((effect, until), tests) in words {
                for selector in self.gather(&tests) {
                    let Some(tests) = draft::tests_id(roster, selector) else { continue };
                    let until = until.map(|until| roster.zone.date_of(Instant(until.0.saturating_sub(1))));
                    edits.push(Edit { teachers: vec![person.id], scope: scope_id, tests, effect, from: None, until });
                }
            }
        }
        edits
    }

    /// The fewest selectors that cover exactly these tests.
    #[must_use]
    pub fn gather(&self, tests: &[TestIx]) -> Vec<Selector> {
        let roster = &self.school.roster;
        let covered = |selector: Selector| -> Vec<TestIx> {
            let all = (0_u8..).map(TestIx).zip(&roster.tests);
            all.filter(|(ix, test)| selector.covers(*ix, test)).map(|(ix, _)| ix).collect()
        };
        let mut rest: Vec<TestIx> = tests.to_vec();
        let mut selectors = Vec::new();
        let subjects = (0_u8..).map(crate::test::SubjectIx).take(roster.subjects.len()).map(Selector::Subject);
        for selector in std::iter::once(Selector::All).chain(subjects) {
            let covers = covered(selector);
            if covers.len() > 1 && covers.iter().all(|test| rest.contains(test)) {
                rest.retain(|test| !covers.contains(test));
                selectors.push(selector);
            }
        }
        selectors.extend(rest.into_iter().map(Selector::Test));
        selectors
    }

    /// The national tests' and the exams' columns, in the catalogue's order.
    #[must_use]
    pub fn columns(&self, kind: TestKind) -> Vec<TestIx> {
        let tests = (0_u8..).map(TestIx).zip(&self.school.roster.tests);
        tests.filter(|(_, test)| test.kind == kind).map(|(ix, _)| ix).collect()
    }
}

/// What a decision says, and until when.
type Word = (Effect, Option<Instant>);

fn clamp(count: usize) -> u16 {
    u16::try_from(count).unwrap_or(u16::MAX)
}
