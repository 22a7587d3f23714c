//! What a click, a key or a button writes into the draft.

use domain::draft::{Edit, EditFault, Places, ScopeId, TestsId, scope_id, tests_id};
use domain::order;
use domain::school::{GroupIx, PupilIx, Scope, Selector, TeacherIx};
use domain::test::TestIx;
use domain::view::{Answer, Scene};
use domain::{Date, Effect, PersonId};

/// A cell by what it is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Target {
    /// Whose right.
    pub teacher: TeacherIx,
    /// Whose results.
    pub scope: Scope,
    /// In which test.
    pub test: TestIx,
}

/// What is wished of cells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wish {
    /// Yes, with as little said as possible.
    Yes,
    /// No, with as little said as possible.
    No,
    /// Say exactly this in each row.
    Say(Effect),
}

/// First and last day of what is newly said; `None` for today and for the usual end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Dates {
    /// First day.
    pub from: Option<Date>,
    /// Last day.
    pub until: Option<Date>,
}

impl Dates {
    /// Are they the usual ones?
    #[must_use]
    pub fn are_usual(&self) -> bool {
        *self == Self::default()
    }
}

/// What was done besides what was wished.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Aftermath {
    /// Pupils' own decisions that keep their answer.
    pub kept: Vec<Target>,
    /// Groups through which pupils are still yes.
    pub still_through: Vec<GroupIx>,
    /// Edits of narrower rows that the draft had and that this one replaces.
    pub replaced: usize,
}

/// The edit of one cell, from today on with the usual end.
#[must_use]
pub fn single(scene: &Scene, teacher: TeacherIx, scope: Scope, test: TestIx, effect: Effect) -> Option<Edit> {
    let roster = &scene.school().roster;
    Some(Edit {
        teachers: vec![roster.teachers.get(usize::from(teacher.0))?.id],
        scope: scope_id(roster, scope)?,
        tests: tests_id(roster, Selector::Test(test))?,
        effect,
        from: None,
        until: None,
    })
}

/// Writes a wish about cells into the draft, as one step.
///
/// The draft's own earlier edits of these cells go, and so do its edits of rows below them: the
/// wider word was said last. What is recorded stays: pupils' own decisions are named, not touched.
/// Wider rows come first; what then follows from them needs no word of its own.
///
/// # Errors
/// When the new edits cannot be laid over the school; the scene then keeps the draft it had.
pub fn wish(
    scene: &mut Scene,
    edits: &[Edit],
    targets: &[Target],
    wish: Wish,
    dates: Dates,
) -> Result<(Vec<Edit>, Aftermath), EditFault> {
    let result = try_wish(scene, edits, targets, wish, dates);
    if result.is_err() {
        let _ = scene.lay(edits);
    }
    result
}

fn try_wish(
    scene: &mut Scene,
    edits: &[Edit],
    targets: &[Target],
    wish: Wish,
    dates: Dates,
) -> Result<(Vec<Edit>, Aftermath), EditFault> {
    let mut aftermath = Aftermath::default();
    let (mut next, replaced) = without(scene, edits, targets, !matches!(wish, Wish::Say(_)));
    aftermath.replaced = replaced;
    lay(scene, &next)?;
    for tier in tiers(targets) {
        for target in tier {
            let Target { teacher, scope, test } = target;
            let effect = match wish {
                Wish::Say(Effect::Clear) if scene.cell(teacher, scope, test).here.is_none() => continue,
                Wish::Say(effect) => effect,
                Wish::Yes if !dates.are_usual() => Effect::Give,
                Wish::Yes | Wish::No => {
                    let yes = wish == Wish::Yes;
                    if is(scene.cell(teacher, scope, test).answer, yes) {
                        continue;
                    }
                    let click = scene.say(teacher, scope, test, yes);
                    let kept = click.kept.iter().map(|pupil| Target { teacher, scope: Scope::Pupil(*pupil), test });
                    aftermath.kept.extend(kept);
                    aftermath.still_through.extend(click.still_through.iter().copied());
                    if says_already(scene, target, click.effect) {
                        continue;
                    }
                    click.effect
                }
            };
            let Some(mut edit) = single(scene, teacher, scope, test, effect) else { return Err(EditFault::Unknown) };
            edit.from = dates.from;
            edit.until = dates.until.filter(|_| effect != Effect::Clear);
            next.push(edit);
        }
        lay(scene, &next)?;
    }
    order::sort(&mut aftermath.kept);
    aftermath.kept.dedup();
    // A kept pupil that was itself wished for has had its say.
    aftermath.kept.retain(|target| !targets.contains(target));
    order::sort(&mut aftermath.still_through);
    aftermath.still_through.dedup();
    Ok((next, aftermath))
}

fn is(answer: Answer, yes: bool) -> bool {
    if yes { answer == Answer::Yes } else { answer == Answer::No }
}

/// Would saying this again in the row change nothing?
fn says_already(scene: &Scene, target: Target, effect: Effect) -> bool {
    let here = scene.cell(target.teacher, target.scope, target.test).here;
    if effect == Effect::Clear { here.is_none() } else { here == Some(effect) }
}

/// School, levels, groups, pupils.
fn tiers(targets: &[Target]) -> impl Iterator<Item = Vec<Target>> {
    let tier = |scope| match scope {
        Scope::School => 0,
        Scope::Level(_) => 1,
        Scope::Group(_) => 2,
        Scope::Pupil(_) => 3,
    };
    (0..4)
        .map(move |number| targets.iter().copied().filter(|t| tier(t.scope) == number).collect::<Vec<_>>())
        .filter(|tier| !tier.is_empty())
}

/// Edits with room for the targets: without the draft's own words about exactly these cells, and
/// (where `below`) about the same test in rows that lie within theirs. Also says how many of the
/// latter went.
fn without(scene: &Scene, edits: &[Edit], targets: &[Target], below: bool) -> (Vec<Edit>, usize) {
    let mut next = edits.to_vec();
    let mut replaced = 0;
    if edits.is_empty() {
        return (next, 0);
    }
    for target in targets {
        let Some(own) = single(scene, target.teacher, target.scope, target.test, Effect::Give) else { continue };
        let Edit { teachers, scope, tests, .. } = own;
        let Some(teacher) = teachers.first().copied() else { continue };
        forget(&mut next, teacher, &tests, |other| other == scope);
        if below && !matches!(target.scope, Scope::Pupil(_)) {
            let inner = inner_scopes(scene, target.scope);
            replaced += forget(&mut next, teacher, &tests, |other| inner.binary_search(&other).is_ok());
        }
    }
    (next, replaced)
}

/// An edit that says nothing any more about a teacher's tests in a scope. Where it says more at once (a
/// subject, every national test, other teachers), it is split and goes on saying the rest.
pub(super) fn silent(scene: &Scene, edit: &Edit, teacher: TeacherIx, scope: Scope, tests: &[TestIx]) -> Vec<Edit> {
    let roster = &scene.school().roster;
    let places = Places::of(roster);
    let Some(id) = roster.teachers.get(usize::from(teacher.0)).map(|person| person.id) else {
        return vec![edit.clone()];
    };
    let Some(selector) = places.selector(&edit.tests) else { return vec![edit.clone()] };
    let all = (0_u8..).map(TestIx).zip(&roster.tests);
    let said: Vec<TestIx> = all.filter(|(ix, test)| selector.covers(*ix, test)).map(|(ix, _)| ix).collect();
    let rest: Vec<TestIx> = said.iter().copied().filter(|test| !tests.contains(test)).collect();
    if rest.len() == said.len() || places.scope(edit.scope) != Some(scope) || !edit.teachers.contains(&id) {
        return vec![edit.clone()];
    }
    let others: Vec<PersonId> = edit.teachers.iter().copied().filter(|other| *other != id).collect();
    let mut split = Vec::new();
    if !others.is_empty() {
        split.push(Edit { teachers: others, ..edit.clone() });
    }
    let selectors = scene.gather(&rest).into_iter().filter_map(|selector| tests_id(roster, selector));
    split.extend(selectors.map(|tests| Edit { teachers: vec![id], tests, ..edit.clone() }));
    split
}

/// Takes a teacher out of the edits of one test in some scopes. Says of how many.
fn forget(edits: &mut Vec<Edit>, teacher: PersonId, tests: &TestsId, in_scope: impl Fn(ScopeId) -> bool) -> usize {
    let mut forgotten = 0;
    for edit in edits.iter_mut() {
        if edit.tests == *tests && edit.teachers.contains(&teacher) && in_scope(edit.scope) {
            edit.teachers.retain(|other| *other != teacher);
            forgotten += 1;
        }
    }
    edits.retain(|edit| !edit.teachers.is_empty());
    forgotten
}

/// The scopes that lie within another, sorted.
fn inner_scopes(scene: &Scene, outer: Scope) -> Vec<ScopeId> {
    let roster = &scene.school().roster;
    let within: Vec<PupilIx> = scene.base().crowd().members(outer);
    let groups = (0..u16::try_from(roster.groups.len()).unwrap_or(u16::MAX)).map(GroupIx).filter(|group| {
        let members = scene.members(*group);
        Scope::Group(*group) != outer
            && !matches!(outer, Scope::Group(_))
            && !members.is_empty()
            && members.iter().all(|pupil| within.binary_search(pupil).is_ok())
    });
    let levels = scene.levels().iter().copied().filter(|_| outer == Scope::School).map(Scope::Level);
    let all = groups.map(Scope::Group).chain(levels).chain(within.iter().copied().map(Scope::Pupil));
    let mut inner: Vec<ScopeId> = all.filter_map(|scope| scope_id(roster, scope)).collect();
    order::sort(&mut inner);
    inner
}

fn lay(scene: &mut Scene, edits: &[Edit]) -> Result<(), EditFault> {
    scene.lay(edits).map_err(|(_, fault)| fault)
}

/// Gives a teacher everything, or takes everything away, as one step.
///
/// Giving speaks for the whole school; pupils and classes from which something is withheld keep
/// that, and are named. Taking away clears every give the teacher has.
///
/// # Errors
/// As [`wish`].
pub fn everything(
    scene: &mut Scene,
    edits: &[Edit],
    teacher: TeacherIx,
    yes: bool,
) -> Result<(Vec<Edit>, Aftermath), EditFault> {
    let school = std::sync::Arc::clone(scene.school());
    let roster = &school.roster;
    let Some(id) = roster.teachers.get(usize::from(teacher.0)).map(|person| person.id) else {
        return Err(EditFault::Unknown);
    };
    let mut next = edits.to_vec();
    for edit in &mut next {
        edit.teachers.retain(|other| *other != id);
    }
    next.retain(|edit| !edit.teachers.is_empty());
    let replaced = edits.len() - next.len();
    let result = (|| {
        lay(scene, &next)?;
        let tests: Vec<TestIx> = (0_u8..).map(TestIx).take(roster.tests.len()).collect();
        let mut scopes: Vec<Scope> = scene.drafted().said(teacher).iter().map(|decision| decision.scope).collect();
        scopes.push(Scope::School);
        order::sort(&mut scopes);
        scopes.dedup();
        let mut kept = Vec::new();
        for scope in scopes {
            let here = |test: &TestIx| scene.cell(teacher, scope, *test).here;
            let (spoken, effect): (Vec<TestIx>, Effect) = if !yes {
                (tests.iter().copied().filter(|test| here(test) == Some(Effect::Give)).collect(), Effect::Clear)
            } else if scope == Scope::School {
                let open = |test: &TestIx| scene.cell(teacher, scope, *test).answer != Answer::Yes;
                (tests.iter().copied().filter(open).collect(), Effect::Give)
            } else {
                let withheld = tests.iter().filter(|test| here(test) == Some(Effect::Withhold));
                kept.extend(withheld.map(|test| Target { teacher, scope, test: *test }));
                (Vec::new(), Effect::Clear)
            };
            for selector in scene.gather(&spoken) {
                let (Some(scope), Some(tests)) = (scope_id(roster, scope), tests_id(roster, selector)) else {
                    return Err(EditFault::Unknown);
                };
                next.push(Edit { teachers: vec![id], scope, tests, effect, from: None, until: None });
            }
        }
        lay(scene, &next)?;
        Ok((next.clone(), Aftermath { kept, still_through: Vec::new(), replaced }))
    })();
    if result.is_err() {
        let _ = scene.lay(edits);
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grid::fixture::{AYA, BO, CLASS_4A, MATH_4, METTE, READING_4, SECTION, WILL, ZOE, scene, school};
    use domain::school::{ChangeSet, ChangeSetIx, Decision};
    use domain::text::Alphabet;
    use domain::{Instant, Window};
    use std::sync::Arc;

    const CLASS: Target = Target { teacher: BO, scope: Scope::Group(CLASS_4A), test: MATH_4 };
    const ONE: Target = Target { teacher: BO, scope: Scope::Pupil(AYA), test: MATH_4 };

    fn click(scene: &mut Scene, edits: &[Edit], target: Target) -> (Vec<Edit>, Aftermath) {
        let yes = scene.cell(target.teacher, target.scope, target.test).answer != Answer::Yes;
        let wished = if yes { Wish::Yes } else { Wish::No };
        wish(scene, edits, &[target], wished, Dates::default()).unwrap()
    }

    fn answer(scene: &Scene, target: Target) -> Answer {
        scene.cell(target.teacher, target.scope, target.test).answer
    }

    /// A school in which these decisions are recorded for Bo.
    fn recorded(words: &[(Scope, TestIx, Effect)]) -> Scene {
        let mut school = school();
        school.record.change_sets.push(ChangeSet {
            number: 1,
            recorded: Instant(0),
            author: PersonId(uuid::Uuid::nil()),
            author_name: "Karen".into(),
            reason: String::new(),
            takes_back: None,
        });
        school.record.decisions = (0_u16..)
            .zip(words)
            .map(|(position, (scope, test, effect))| Decision {
                change_set: ChangeSetIx(0),
                position,
                teacher: BO,
                scope: *scope,
                tests: Selector::Test(*test),
                effect: *effect,
                valid: Window::since(Instant(0)),
            })
            .collect();
        Scene::of(Arc::new(school), Alphabet::Danish, crate::grid::fixture::NOW)
    }

    #[test]
    fn a_second_click_leaves_no_trace() {
        let mut scene = scene();
        let (once, _) = click(&mut scene, &[], CLASS);
        assert_eq!(once.len(), 1);
        assert_eq!(answer(&scene, CLASS), Answer::Yes);
        let (twice, _) = click(&mut scene, &once, CLASS);
        assert_eq!((twice.len(), answer(&scene, CLASS)), (0, Answer::No));
    }

    #[test]
    fn a_click_takes_back_what_is_recorded_with_a_clear() {
        let mut scene = recorded(&[(CLASS.scope, MATH_4, Effect::Give)]);
        let (edits, _) = click(&mut scene, &[], CLASS);
        assert_eq!(edits.iter().map(|edit| edit.effect).collect::<Vec<_>>(), [Effect::Clear]);
        assert_eq!(answer(&scene, CLASS), Answer::No);
        let (none, _) = click(&mut scene, &edits, CLASS);
        assert_eq!((none.len(), answer(&scene, CLASS)), (0, Answer::Yes));
    }

    #[test]
    fn a_class_leaves_recorded_words_about_pupils_alone_and_names_them() {
        let mut scene = recorded(&[(ONE.scope, MATH_4, Effect::Withhold)]);
        let (edits, aftermath) = click(&mut scene, &[], CLASS);
        assert_eq!(answer(&scene, CLASS), Answer::Partly { yes: 1, of: 2 });
        assert_eq!((edits.len(), aftermath.kept.as_slice()), (1, [ONE].as_slice()));
        let (also, _) = wish(&mut scene, &edits, &aftermath.kept, Wish::Yes, Dates::default()).unwrap();
        assert_eq!((also.len(), answer(&scene, CLASS)), (2, Answer::Yes));
        assert_eq!(also.last().map(|edit| edit.effect), Some(Effect::Clear));
    }

    #[test]
    fn a_class_replaces_the_drafts_own_edits_below_it() {
        let mut scene = scene();
        let (one, _) = click(&mut scene, &[], ONE);
        assert_eq!(answer(&scene, CLASS), Answer::Partly { yes: 1, of: 2 });
        let (class, aftermath) = click(&mut scene, &one, CLASS);
        assert_eq!((class.len(), aftermath.replaced, answer(&scene, CLASS)), (1, 1, Answer::Yes));
        let (none, _) = click(&mut scene, &class, CLASS);
        assert_eq!((none.len(), answer(&scene, CLASS)), (0, Answer::No));
    }

    #[test]
    fn a_pupil_in_two_groups_is_still_yes_through_the_other() {
        let mut scene = recorded(&[(Scope::Group(SECTION), MATH_4, Effect::Give), (CLASS.scope, MATH_4, Effect::Give)]);
        let (_, aftermath) = click(&mut scene, &[], CLASS);
        assert_eq!(aftermath.still_through, [SECTION]);
        assert_eq!(answer(&scene, CLASS), Answer::Partly { yes: 1, of: 2 });
    }

    #[test]
    fn a_range_says_nothing_twice() {
        let mut scene = scene();
        let pupils = [AYA, WILL].map(|pupil| Target { scope: Scope::Pupil(pupil), ..ONE });
        let all: Vec<Target> = pupils.into_iter().chain([CLASS]).collect();
        let (edits, _) = wish(&mut scene, &[], &all, Wish::Yes, Dates::default()).unwrap();
        assert_eq!(edits.len(), 1, "the pupils follow their class: {edits:?}");
    }

    #[test]
    fn other_teachers_and_tests_stay() {
        let mut scene = scene();
        let others = [Target { teacher: METTE, ..CLASS }, Target { test: READING_4, ..CLASS }];
        let (before, _) = wish(&mut scene, &[], &others, Wish::Yes, Dates::default()).unwrap();
        let (after, _) = click(&mut scene, &before, CLASS);
        assert_eq!(after.get(..2), Some(before.as_slice()));
        assert_eq!(after.len(), 3);
    }

    #[test]
    fn said_exactly() {
        let mut scene = scene();
        let (withheld, _) =
            wish(&mut scene, &[], &[CLASS, ONE], Wish::Say(Effect::Withhold), Dates::default()).unwrap();
        assert_eq!(withheld.len(), 2);
        let (cleared, _) =
            wish(&mut scene, &withheld, &[CLASS, ONE], Wish::Say(Effect::Clear), Dates::default()).unwrap();
        assert_eq!(cleared, [], "what the draft said itself is simply not said any more");
    }

    #[test]
    fn dates_are_carried_and_a_bad_one_changes_nothing() {
        let mut scene = scene();
        let day = |text: &str| Some(text.parse().unwrap());
        let later = Dates { from: day("2027-01-04"), until: day("2027-03-31") };
        let (edits, _) = wish(&mut scene, &[], &[CLASS], Wish::Yes, later).unwrap();
        assert_eq!(edits.first().map(|edit| (edit.from, edit.until)), Some((later.from, later.until)));
        assert_eq!(answer(&scene, CLASS), Answer::No, "not yet");
        let past = Dates { from: day("2020-01-01"), until: None };
        let refused = wish(&mut scene, &edits, &[ONE], Wish::Yes, past);
        assert_eq!(refused, Err(EditFault::FromInPast));
        assert_eq!(scene.draft().len(), 1);
    }

    #[test]
    fn everything_and_nothing() {
        let mut scene =
            recorded(&[(Scope::Pupil(ZOE), MATH_4, Effect::Withhold), (CLASS.scope, READING_4, Effect::Give)]);
        let (one, _) = click(&mut scene, &[], ONE);
        let (all, aftermath) = everything(&mut scene, &one, BO, true).unwrap();
        assert_eq!(all.len(), 1, "one word for the whole school: {all:?}");
        assert_eq!(aftermath.kept, [Target { teacher: BO, scope: Scope::Pupil(ZOE), test: MATH_4 }]);
        assert_eq!(answer(&scene, Target { scope: Scope::School, ..ONE }), Answer::Partly { yes: 2, of: 3 });
        let (none, _) = everything(&mut scene, &all, BO, false).unwrap();
        assert_eq!(none.len(), 1, "the recorded give is cleared: {none:?}");
        assert_eq!(scene.drafted().seen_by(BO).count(), 0);
    }
}
