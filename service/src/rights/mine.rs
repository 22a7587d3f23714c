//! "My rights": what a person may do and see, read-only, for nobody but that person.

use super::names::name_key;
use domain::exchange::MyResultRight;
use domain::{
    Date, Effect, Group, GroupIx, GroupKind, Instant, Moment, PupilIx, Record, Roster, School, TeacherIx, TestIx, diff,
};
use std::collections::{BTreeMap, BTreeSet};

/// What a teacher's rights are gathered by: class, test and days.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Heading {
    class: Option<GroupIx>,
    test: TestIx,
    from: Instant,
    until: Option<Instant>,
}

/// The teacher's rights to results from `now` on, by class and test, each with its days.
///
/// What a teacher sees is what the teacher's own decisions add to a school that has none.
pub(crate) fn result_rights(school: &School, teacher: TeacherIx, now: Instant) -> Vec<MyResultRight> {
    let roster = &school.roster;
    let rights = diff::between(roster, &Record::default(), &own_record(&school.record, teacher), now).gains;
    let classes: BTreeMap<Instant, Classes> = rights
        .iter()
        .map(|right| right.from)
        .collect::<BTreeSet<_>>()
        .into_iter()
        .map(|at| (at, Classes::at(roster, at)))
        .collect();
    let mut gathered: BTreeMap<Heading, Vec<PupilIx>> = BTreeMap::new();
    for right in &rights {
        let class = classes.get(&right.from).and_then(|classes| classes.of(right.pupil));
        let heading = Heading { class, test: right.test, from: right.from, until: right.until };
        gathered.entry(heading).or_default().push(right.pupil);
    }
    let mut list: Vec<(Heading, MyResultRight)> = gathered
        .into_iter()
        .map(|(heading, pupils)| {
            let size = classes.get(&heading.from).map_or(0, |classes| classes.size(heading.class));
            (heading, in_names(roster, heading, &pupils, size, now))
        })
        .collect();
    list.sort_by_cached_key(|(heading, right)| {
        // Pupils without a class come last.
        (right.group.is_empty(), name_key(roster.zone, &right.group), heading.test, heading.from, heading.until)
    });
    list.into_iter().map(|(_, right)| right).collect()
}

/// Does a decision that stands withhold something from the teacher, now or later?
pub(crate) fn is_something_withheld(record: &Record, teacher: TeacherIx, now: Instant) -> bool {
    record.decisions.iter().zip(record.standing(Instant::DISTANT_FUTURE)).any(|(decision, stands)| {
        stands
            && decision.teacher == teacher
            && decision.effect == Effect::Withhold
            && decision.valid.until.is_none_or(|until| now < until)
    })
}

/// The record without what it says about others.
fn own_record(record: &Record, teacher: TeacherIx) -> Record {
    Record {
        change_sets: record.change_sets.clone(),
        decisions: record.decisions.iter().filter(|decision| decision.teacher == teacher).copied().collect(),
    }
}

/// Each pupil's class at an instant, and the classes' sizes.
struct Classes {
    of: BTreeMap<PupilIx, GroupIx>,
    present: usize,
}

impl Classes {
    fn at(roster: &Roster, at: Instant) -> Self {
        let moment = Moment::of_all_recorded(at);
        let present: BTreeSet<PupilIx> =
            roster.attendance.iter().filter(|fact| fact.holds(moment)).map(|fact| fact.what).collect();
        let is_class = |group: GroupIx| {
            roster.groups.get(usize::from(group.0)).is_some_and(|group| group.kind == GroupKind::Class)
        };
        let mut of = BTreeMap::new();
        for fact in roster.memberships.iter().filter(|fact| fact.holds(moment)) {
            let (pupil, group) = fact.what;
            if present.contains(&pupil) && is_class(group) {
                of.entry(pupil).or_insert(group);
            }
        }
        Self { of, present: present.len() }
    }

    fn of(&self, pupil: PupilIx) -> Option<GroupIx> {
        self.of.get(&pupil).copied()
    }

    /// How many pupils a class has; `None` counts those without one.
    fn size(&self, class: Option<GroupIx>) -> usize {
        match class {
            Some(class) => self.of.values().filter(|of| **of == class).count(),
            None => self.present.saturating_sub(self.of.len()),
        }
    }
}

fn in_names(roster: &Roster, heading: Heading, pupils: &[PupilIx], size: usize, now: Instant) -> MyResultRight {
    let group = heading.class.and_then(|class| roster.groups.get(usize::from(class.0)));
    let test = roster.tests.get(usize::from(heading.test.0));
    let subject = test.and_then(|test| roster.subjects.get(usize::from(test.subject.0)));
    let is_whole_class = group.is_some() && pupils.len() == size;
    MyResultRight {
        group: group.map(|group: &Group| group.name.clone()).unwrap_or_default(),
        test: test.map(|test| test.name.clone()).unwrap_or_default(),
        subject: subject.map(|subject| subject.name.clone()).unwrap_or_default(),
        pupils: u32::try_from(pupils.len()).unwrap_or(u32::MAX),
        of: u32::try_from(size).unwrap_or(u32::MAX),
        names: if is_whole_class { Vec::new() } else { names(roster, pupils) },
        from: (heading.from > now).then(|| roster.zone.date_of(heading.from)),
        until: last_day(roster, heading),
    }
}

fn last_day(roster: &Roster, heading: Heading) -> Option<Date> {
    roster.zone.days(domain::Window { from: heading.from, until: heading.until }).1
}

fn names(roster: &Roster, pupils: &[PupilIx]) -> Vec<String> {
    let mut names: Vec<String> =
        pupils.iter().filter_map(|ix| roster.pupils.get(usize::from(ix.0))).map(domain::Person::full_name).collect();
    names.sort_by_cached_key(|name| name_key(roster.zone, name));
    names
}
