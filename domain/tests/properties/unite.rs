//! Two teachers who are one person: what the one who stays sees afterwards is something that one of
//! the two saw, and all that both saw by words that do not cross.

use crate::{SCHOOLS, on_schools, pupils, teachers, tests};
use domain::draft::{Places, decide, unrecorded};
use domain::oracle;
use domain::testing::{DAYS, day};
use domain::text::Alphabet;
use domain::view::Scene;
use domain::*;
use std::collections::BTreeMap;
use std::sync::Arc;

#[test]
fn who_stays_sees_nothing_that_neither_saw_and_all_that_both_saw() {
    let mut reached: BTreeMap<&str, u32> = BTreeMap::new();
    on_schools(SCHOOLS, |chance, mut school| {
        // As every recorded give does, each ends.
        for decision in &mut school.record.decisions {
            if decision.effect == Effect::Give {
                decision.valid.until.get_or_insert(day(DAYS + 1));
            }
        }
        let now = day(chance.below(DAYS));
        let all: Vec<TeacherIx> = teachers(&school).collect();
        let (goes, stays) = (all[0], all[all.len() - 1]);
        if goes == stays {
            return;
        }
        let school = Arc::new(school);
        let (roster, record) = (&school.roster, &school.record);
        let scene = Scene::of(Arc::clone(&school), Alphabet::Danish, now);
        let edits = scene.unite(goes, stays);
        let decided = decide(&school, &Places::of(roster), &edits, roster.zone.date_of(now)).unwrap();
        let after = record.with(unrecorded(record, now, None), decided.decisions);
        for at in (0..DAYS + 4).map(day).filter(|at| *at >= now) {
            let moment = Moment::of_all_recorded(at);
            let sees = |record, teacher, pupil, test| oracle::may_see(roster, record, teacher, pupil, test, moment);
            for (pupil, test) in pupils(&school).flat_map(|pupil| tests(&school).map(move |test| (pupil, test))) {
                let (one, other) = (sees(record, goes, pupil, test), sees(record, stays, pupil, test));
                let united = sees(&after, stays, pupil, test);
                assert!(!united || one || other, "{pupil:?} {test:?} {at:?} {edits:#?} {school:#?}");
                if one && other && !united {
                    assert!(cross(&school, (goes, stays), pupil, test, moment), "{pupil:?} {test:?} {at:?} {edits:#?}");
                }
                let what = match (one, other, united) {
                    (true, true, true) => "both saw",
                    (true, true, false) => "crossing",
                    (true, false, true) if at > now => "gained",
                    (false, true, false) => "lost",
                    (false, true, true) => "kept",
                    _ => continue,
                };
                *reached.entry(what).or_default() += 1;
            }
        }
        *reached.entry("later").or_default() += edits.iter().filter(|edit| edit.from.is_some()).count() as u32;
    });
    for what in ["both saw", "gained", "lost", "kept", "later"] {
        assert!(reached.get(what).is_some_and(|n| *n > 5), "{what}: {reached:?}");
    }
}

/// Do the groups by which both see withhold from each other?
fn cross(school: &School, (a, b): (TeacherIx, TeacherIx), pupil: PupilIx, test: TestIx, moment: Moment) -> bool {
    let (roster, record) = (&school.roster, &school.record);
    let groups = roster.memberships.iter().filter(|fact| fact.what.0 == pupil && fact.holds(moment));
    let groups: Vec<Scope> = groups.map(|fact| Scope::Group(fact.what.1)).collect();
    let says = |teacher, scope| oracle::said(roster, record, teacher, scope, test, moment);
    let crossed = |x, y| {
        let mut gives = groups.iter().filter(|scope| says(x, **scope) == Some(Effect::Give)).peekable();
        gives.peek().is_some() && gives.all(|scope| says(y, *scope) == Some(Effect::Withhold))
    };
    crossed(a, b) && crossed(b, a)
}
