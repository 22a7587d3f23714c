//! A colleague's rights as a draft for another teacher.

use super::Scene;
use crate::draft::{self, Edit};
use crate::school::{Effect, Scope, Selector, TeacherIx};
use crate::test::TestIx;
use crate::time::Instant;

/// What a decision says, and until when.
type Word = (Effect, Option<Instant>);

impl Scene {
    /// A colleague's live words as edits for another teacher, beginning today: gives only, unless
    /// `withholds_too`. Tests that say the same are gathered under their subject or "all".
    #[must_use]
    pub fn copy(&self, colleague: TeacherIx, to: TeacherIx, withholds_too: bool) -> Vec<Edit> {
        let roster = &self.school.roster;
        let Some(person) = roster.teachers.get(usize::from(to.0)) else { return Vec::new() };
        let mut scopes: Vec<Scope> = self.drafted.said(colleague).iter().map(|decision| decision.scope).collect();
        crate::order::sort(&mut scopes);
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
}
