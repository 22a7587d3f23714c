//! What two persons who are one were each told, as words for the one who stays.

use super::Scene;
use crate::calendar::Date;
use crate::draft::{self, Edit};
use crate::school::{Decision, Effect, Scope, TeacherIx};
use crate::test::TestIx;
use crate::time::{Instant, Window};

/// What is to be said, from which day and until which.
type Word = (Effect, Option<Date>, Option<Date>);

impl Scene {
    /// What has to be said of the teacher who stays, so that in every scope and at every time from
    /// now on both teachers' words hold together: a withhold of either withholds, and where neither
    /// says one a give of either gives. A give of the one who goes counts while that one has Teaching.
    ///
    /// So the one who stays sees nothing that neither saw, and all that both saw by a give that the
    /// other one's words in the same scope do not withhold.
    #[must_use]
    pub fn unite(&self, goes: TeacherIx, stays: TeacherIx) -> Vec<Edit> {
        let roster = &self.school.roster;
        let Some(person) = roster.teachers.get(usize::from(stays.0)).filter(|_| goes != stays) else {
            return Vec::new();
        };
        let record = &self.school.record;
        let standing = record.decisions.iter().zip(record.standing(Instant::DISTANT_FUTURE));
        let standing = standing.filter(|(decision, stands)| {
            *stands && (decision.teacher == goes || decision.teacher == stays) && !has_ended(decision.valid, self.now)
        });
        let standing: Vec<Decision> = standing.map(|(decision, _)| *decision).collect();
        let teaching = roster.teaching.iter().filter(|fact| fact.what == goes && fact.recorded.until.is_none());
        let teaching: Vec<Window> = teaching.map(|fact| fact.valid).collect();
        let theirs = standing.iter().filter(|decision| decision.teacher == goes);
        let mut scopes: Vec<Scope> = theirs.map(|decision| decision.scope).collect();
        crate::order::sort(&mut scopes);
        scopes.dedup();
        let mut edits = Vec::new();
        for scope in scopes {
            let Some(scope_id) = draft::scope_id(roster, scope) else { continue };
            let here: Vec<Decision> = standing.iter().filter(|decision| decision.scope == scope).copied().collect();
            let spans = self.spans(here.iter().map(|decision| decision.valid).chain(teaching.iter().copied()));
            let mut words: Vec<(Word, Vec<TestIx>)> = Vec::new();
            for test in (0_u8..).map(TestIx).take(roster.tests.len()) {
                for word in self.missing(&here, &teaching, &spans, (goes, stays), test) {
                    match words.iter_mut().find(|(known, _)| *known == word) {
                        Some((_, tests)) => tests.push(test),
                        None => words.push((word, vec![test])),
                    }
                }
            }
            for ((effect, from, until), tests) in words {
                for selector in self.gather(&tests) {
                    let Some(tests) = draft::tests_id(roster, selector) else { continue };
                    edits.push(Edit { teachers: vec![person.id], scope: scope_id, tests, effect, from, until });
                }
            }
        }
        edits
    }

    /// The stretches of time from now on in which none of these windows begins or ends.
    fn spans(&self, windows: impl Iterator<Item = Window>) -> Vec<Window> {
        let mut at = vec![self.now];
        for window in windows {
            at.push(window.from);
            at.extend(window.until);
        }
        at.retain(|at| *at >= self.now);
        at.sort_unstable();
        at.dedup();
        let ends = at.iter().skip(1).copied().map(Some).chain([None]);
        at.iter().zip(ends).map(|(from, until)| Window { from: *from, until }).collect()
    }

    /// What one test needs said in the scope of these decisions, stretch by stretch.
    fn missing(
        &self,
        here: &[Decision],
        teaching: &[Window],
        spans: &[Window],
        (goes, stays): (TeacherIx, TeacherIx),
        test: TestIx,
    ) -> Vec<Word> {
        let roster = &self.school.roster;
        let Some(entry) = roster.tests.get(usize::from(test.0)) else { return Vec::new() };
        let said = |teacher: TeacherIx, at: Instant| {
            let covers = |d: &&Decision| d.teacher == teacher && d.tests.covers(test, entry) && d.valid.contains(at);
            here.iter().rev().find(covers).map(|decision| decision.effect).filter(|effect| *effect != Effect::Clear)
        };
        let mut needed: Vec<(Effect, Window)> = Vec::new();
        for span in spans {
            let effect = match (said(goes, span.from), said(stays, span.from)) {
                (Some(Effect::Withhold), Some(Effect::Give) | None) => Effect::Withhold,
                (Some(Effect::Give), None) if teaching.iter().any(|window| window.contains(span.from)) => Effect::Give,
                _ => continue,
            };
            match needed.last_mut().filter(|(last, window)| *last == effect && window.until == Some(span.from)) {
                Some((_, window)) => window.until = span.until,
                None => needed.push((effect, *span)),
            }
        }
        let day = |window: Window| {
            let (from, until) = roster.zone.days(window);
            ((window.from > self.now).then_some(from), until)
        };
        needed
            .into_iter()
            .map(|(effect, window)| (effect, day(window)))
            .map(|(e, (from, until))| (e, from, until))
            .collect()
    }
}

fn has_ended(valid: Window, now: Instant) -> bool {
    valid.until.is_some_and(|until| until <= now)
}
