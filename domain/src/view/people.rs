//! Who is in which row today, in the order of their names. No draft changes any of it.

use crate::crowd::Crowd;
use crate::level::Level;
use crate::order;
use crate::school::{Fact, GroupIx, GroupKind, PupilIx, Roster, Scope, TeacherIx};
use crate::test::TestIx;
use crate::text::{Alphabet, sort_key};
use crate::time::Moment;
use std::collections::BTreeSet;

/// A school's people at one moment.
#[derive(Clone, Debug)]
pub(super) struct People {
    /// Teachers who have Teaching, in order.
    pub(super) teachers: Vec<TeacherIx>,
    /// Groups that have pupils, in order.
    pub(super) groups: Vec<(GroupKind, GroupIx)>,
    /// Levels that have pupils, lowest first.
    pub(super) levels: Vec<Level>,
    /// Per group its pupils, in order.
    members: Vec<Vec<PupilIx>>,
    /// Per pupil the groups, whether or not the pupil is affiliated here.
    groups_of: Vec<Vec<GroupIx>>,
    class_of: Vec<Option<GroupIx>>,
    level_of: Vec<Option<Level>>,
    /// Per group the highest level among its pupils.
    highest: Vec<Option<Level>>,
    exempt: BTreeSet<(PupilIx, TestIx)>,
}

impl People {
    /// Reads them from the roster; `crowd` is of the same moment.
    pub(super) fn of(roster: &Roster, crowd: &Crowd, moment: Moment, alphabet: Alphabet) -> Self {
        let mut level_of = vec![None; roster.pupils.len()];
        for fact in roster.levels.iter().filter(|fact| fact.holds(moment)) {
            put(&mut level_of, fact.what.0, Some(fact.what.1));
        }
        let rank = ranks(roster, alphabet);
        let place = |pupil: &PupilIx| rank.get(usize::from(pupil.0)).copied();
        let mut members = Vec::with_capacity(roster.groups.len());
        let mut groups_of: Vec<Vec<GroupIx>> = vec![Vec::new(); roster.pupils.len()];
        for (pupil, group) in roster.memberships.iter().filter(|fact| fact.holds(moment)).map(|fact| fact.what) {
            if let Some(groups) = groups_of.get_mut(usize::from(pupil.0)) {
                groups.push(group);
            }
        }
        let mut class_of = vec![None; roster.pupils.len()];
        let mut highest = Vec::with_capacity(roster.groups.len());
        for (group, kind) in (0_u16..).map(GroupIx).zip(roster.groups.iter().map(|group| group.kind)) {
            let mut pupils = crowd.members(Scope::Group(group));
            for pupil in pupils.iter().map(|pupil| usize::from(pupil.0)) {
                if let Some(class) = class_of.get_mut(pupil).filter(|_| kind == GroupKind::Class) {
                    *class = class.or(Some(group));
                }
            }
            order::sort_by_key(&mut pupils, place);
            highest.push(pupils.iter().filter_map(|pupil| level_of.get(usize::from(pupil.0)).copied().flatten()).max());
            members.push(pupils);
        }
        let teachers = (0_u16..).map(TeacherIx).zip(&roster.teachers).filter(|(ix, _)| crowd.has_teaching(*ix));
        let named = (0_u16..).map(GroupIx).zip(&roster.groups).zip(&members);
        let groups = named.filter(|(_, members)| !members.is_empty()).map(|(named, _)| named);
        Self {
            teachers: in_order(alphabet, teachers.map(|(ix, person)| (person.full_name(), ix))),
            groups: in_order(alphabet, groups.map(|(ix, group)| (&group.name, (ix, group.kind))))
                .into_iter()
                .map(|(ix, kind)| (kind, ix))
                .collect(),
            levels: Level::all().filter(|level| crowd.size(Scope::Level(*level)) > 0).collect(),
            exempt: live_exemptions(roster, moment),
            members,
            groups_of,
            class_of,
            level_of,
            highest,
        }
    }

    /// A group's pupils, in order.
    pub(super) fn members(&self, group: GroupIx) -> &[PupilIx] {
        self.members.get(usize::from(group.0)).map_or(&[], Vec::as_slice)
    }

    /// The groups that a pupil is in.
    pub(super) fn groups_of(&self, pupil: PupilIx) -> &[GroupIx] {
        self.groups_of.get(usize::from(pupil.0)).map_or(&[], Vec::as_slice)
    }

    /// A pupil's class; the first of several.
    pub(super) fn class_of(&self, pupil: PupilIx) -> Option<GroupIx> {
        self.class_of.get(usize::from(pupil.0)).copied().flatten()
    }

    /// A pupil's level.
    pub(super) fn level_of(&self, pupil: PupilIx) -> Option<Level> {
        self.level_of.get(usize::from(pupil.0)).copied().flatten()
    }

    /// The highest level among a scope's pupils.
    pub(super) fn highest_level(&self, scope: Scope) -> Option<Level> {
        match scope {
            Scope::Level(level) => Some(level),
            Scope::Pupil(pupil) => self.level_of(pupil),
            Scope::Group(group) => self.highest.get(usize::from(group.0)).copied().flatten(),
            Scope::School => self.level_of.iter().flatten().copied().max(),
        }
    }

    /// Is the pupil exempt from the test?
    pub(super) fn is_exempt(&self, pupil: PupilIx, test: TestIx) -> bool {
        self.exempt.contains(&(pupil, test))
    }
}

fn put<T>(list: &mut [T], pupil: PupilIx, value: T) {
    if let Some(slot) = list.get_mut(usize::from(pupil.0)) {
        *slot = value;
    }
}

fn live_exemptions(roster: &Roster, moment: Moment) -> BTreeSet<(PupilIx, TestIx)> {
    let live = roster.exemptions.iter().filter(|fact| fact.holds(moment));
    let mut exempt = BTreeSet::new();
    exempt.extend(live.map(|Fact { what, .. }| (what.pupil, what.test)));
    exempt
}

/// Each pupil's place in the order of names; of namesakes the first comes first.
fn ranks(roster: &Roster, alphabet: Alphabet) -> Vec<u16> {
    let pupils = (0_u16..).zip(&roster.pupils);
    let mut rank = vec![0; roster.pupils.len()];
    for (place, pupil) in (0_u16..).zip(in_order(alphabet, pupils.map(|(ix, person)| (person.full_name(), ix)))) {
        put(&mut rank, PupilIx(pupil), place);
    }
    rank
}

/// What is named, in the order of the names.
fn in_order<T: Ord>(alphabet: Alphabet, named: impl Iterator<Item = (impl AsRef<str>, T)>) -> Vec<T> {
    let mut all: Vec<_> = named.map(|(name, what)| (sort_key(alphabet, name.as_ref()), what)).collect();
    order::sort(&mut all);
    all.into_iter().map(|(_, what)| what).collect()
}
