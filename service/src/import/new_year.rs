//! A new school year: which class goes on as which.
//!
//! Some systems keep a class's id over the years, others give each year's classes new ids, and others again
//! name the id after the class, so that last year's "3A" and this year's are other pupils. So within a new
//! school year pupils tell, not ids: a class goes on as another one where at least 70 % of the larger of the
//! two are the same pupils, one level further up (the way that `OS2skoledata` does it); the group then keeps
//! our id, and so its history, and takes the new name. Levels 0 and 10, and those beside the basic school, are
//! never matched: their classes are made up anew. An id that comes back with other pupils is another group.

use super::staged::SourcedId;
use super::wanted::Wanted;
use domain::import::CarriedClass;
use domain::{GroupId, GroupKind, Level, PersonId};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use store::import::{FileRoster, KnownGroup};

/// Who was in which class in the year before, and at which level.
#[derive(Clone, Debug, Default)]
pub(super) struct Before {
    pub(super) lists: Vec<(GroupId, PersonId)>,
    pub(super) levels: Vec<(PersonId, Level)>,
}

/// What becomes of the classes that are recorded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Carried {
    /// Groups that files call by another id from now on.
    pub(super) renamed: BTreeMap<GroupId, String>,
    /// Which class goes on as which, by name.
    pub(super) classes: Vec<CarriedClass>,
}

/// A class, before or after the turn of the year.
#[derive(Debug)]
struct List {
    name: String,
    pupils: BTreeSet<PersonId>,
    /// How many pupils it has; more than `pupils` where some of them are new.
    size: usize,
    level: Option<Level>,
}

/// Finds which class goes on as which, and gives the recorded groups the ids that the file has for them.
pub(super) fn carry(known: &mut FileRoster, wanted: &Wanted, before: &Before) -> Carried {
    let old = old_lists(known, before);
    let new = new_lists(known, wanted);
    let by_source: HashMap<&str, &KnownGroup> = known.groups.iter().map(|g| (g.source_id.as_str(), g)).collect();
    let mut carried = Carried::default();
    let mut taken: BTreeMap<&SourcedId, GroupId> = BTreeMap::new();
    for (group, list) in &old {
        let goes_on = new.iter().find(|(_, next)| list.goes_on_as(next));
        if let Some((id, next)) = goes_on {
            taken.insert(id, *group);
            carried.classes.push(list.carried(next));
        }
    }
    let moved: BTreeSet<GroupId> = taken.values().copied().collect();
    for (id, next) in &new {
        let Some(same_id) = by_source.get(id.as_ref()).map(|known| known.group) else { continue };
        match (taken.get(id), old.get(&same_id)) {
            // The id goes to another group, whether or not its own goes on.
            (Some(group), _) if *group != same_id && !moved.contains(&same_id) => {
                carried.renamed.insert(same_id, put_aside(same_id));
            }
            (None, _) if moved.contains(&same_id) => {}
            (None, Some(list)) if list.is_other_than(next) => {
                carried.renamed.insert(same_id, put_aside(same_id));
            }
            (None, Some(list)) => carried.classes.push(list.carried(next)),
            _ => {}
        }
    }
    for (id, group) in &taken {
        if by_source.get(id.as_ref()).is_none_or(|known| known.group != *group) {
            carried.renamed.insert(*group, id.to_string());
        }
    }
    carried.classes.sort();
    for group in &mut known.groups {
        if let Some(id) = carried.renamed.get(&group.group) {
            group.source_id.clone_from(id);
        }
    }
    carried
}

/// An id that no file has: the group stays for what was decided about it.
fn put_aside(group: GroupId) -> String {
    format!("\u{1F}{group}")
}

impl List {
    fn named(name: &str) -> Self {
        Self { name: name.to_owned(), pupils: BTreeSet::new(), size: 0, level: None }
    }

    fn same(&self, other: &Self) -> usize {
        self.pupils.intersection(&other.pupils).count()
    }

    /// Never true of two new classes: more than half of both are the same.
    fn goes_on_as(&self, next: &Self) -> bool {
        let is_matched = |level: Option<Level>| level.filter(|level| (1..=9).contains(&level.rank()));
        let (Some(from), Some(to)) = (is_matched(self.level), is_matched(next.level)) else { return false };
        to.rank() == from.rank() + 1 && self.same(next) * 10 >= self.size.max(next.size) * 7 && self.size > 0
    }

    /// Has it, under the same id, become a group of other pupils?
    fn is_other_than(&self, next: &Self) -> bool {
        self.size > 0 && next.size > 0 && self.same(next) * 2 < self.size.min(next.size)
    }

    fn carried(&self, next: &Self) -> CarriedClass {
        let (from, to) = (self.name.clone(), next.name.clone());
        CarriedClass { from, to, same: self.same(next) as u64, of: self.size as u64 }
    }
}

fn old_lists(known: &FileRoster, before: &Before) -> BTreeMap<GroupId, List> {
    let names: HashMap<GroupId, &str> = known.groups.iter().map(|group| (group.group, group.name.as_str())).collect();
    let levels: HashMap<PersonId, Level> = before.levels.iter().copied().collect();
    let mut lists: BTreeMap<GroupId, List> = BTreeMap::new();
    for (group, pupil) in &before.lists {
        let Some(name) = names.get(group) else { continue };
        lists.entry(*group).or_insert_with(|| List::named(name)).pupils.insert(*pupil);
    }
    for list in lists.values_mut() {
        list.size = list.pupils.len();
        list.level = commonest(&list.pupils.iter().map(|pupil| levels.get(pupil).copied()).collect::<Vec<_>>());
    }
    lists
}

fn new_lists<'a>(known: &FileRoster, wanted: &'a Wanted) -> BTreeMap<&'a SourcedId, List> {
    let people: HashMap<&str, PersonId> = known.people.iter().map(|p| (p.source_id.as_str(), p.person)).collect();
    let mut lists = BTreeMap::new();
    let classes = wanted.groups.iter().filter(|(_, group)| group.kind == GroupKind::Class);
    for (id, group) in classes {
        lists.insert(id, List::named(&group.name));
    }
    let mut levels: BTreeMap<&SourcedId, Vec<Option<Level>>> = BTreeMap::new();
    for (person, group) in wanted.memberships.keys() {
        let Some(list) = lists.get_mut(group) else { continue };
        list.size += 1;
        list.pupils.extend(people.get(person.as_ref()).copied());
        let level = wanted.people.get(person).and_then(|person| person.level);
        levels.entry(group).or_default().push(level);
    }
    for (group, levels) in &levels {
        if let Some(list) = lists.get_mut(group) {
            list.level = commonest(levels);
        }
    }
    lists
}

/// The level that most pupils of a class have; `None` where most have none, or two are as common.
fn commonest(levels: &[Option<Level>]) -> Option<Level> {
    let mut counts: BTreeMap<Option<Level>, usize> = BTreeMap::new();
    for level in levels {
        *counts.entry(*level).or_default() += 1;
    }
    let most = counts.values().max()?;
    let mut common = counts.iter().filter(|(_, count)| *count == most);
    match (common.next(), common.next()) {
        (Some((level, _)), None) => *level,
        _ => None,
    }
}
