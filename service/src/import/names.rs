//! The difference in names, for whoever decides about an import.

use super::difference::{Plan, Which, Who};
use super::wanted::Wanted;
use domain::import::{Difference, HeldKind, NAMES_MAX, NamedDifference};
use domain::text::{Alphabet, sort_key};
use domain::{GroupId, GroupKind, PersonId, UserType};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use store::import::{FileRoster, KnownPerson};

/// Every person and group that differs, by name; protected persons by their alias.
pub(super) fn differences(plan: &Plan, wanted: &Wanted, known: &FileRoster, country: &str) -> Vec<NamedDifference> {
    let names = Names::of(plan, wanted, known, country);
    let mut all = Vec::new();
    for (difference, people) in
        [(Difference::Added, &plan.added), (Difference::Changed, &plan.changed), (Difference::Gone, &plan.gone)]
    {
        let of = |kind| names.people(people, kind, difference);
        all.extend(of(HeldKind::Pupils));
        all.extend(of(HeldKind::Staff));
    }
    all.extend(names.groups());
    for (kind, facts) in [(HeldKind::Memberships, &plan.memberships), (HeldKind::Teaching, &plan.teaching)] {
        all.extend(names.places(kind, Difference::Added, &facts.added));
        all.extend(names.places(kind, Difference::Changed, &facts.changed));
        all.extend(names.places(kind, Difference::Gone, &facts.gone));
    }
    all
}

struct Names<'a> {
    plan: &'a Plan,
    wanted: &'a Wanted,
    country: &'a str,
    people: HashMap<PersonId, &'a KnownPerson>,
    groups: HashMap<GroupId, &'a str>,
    /// The class of each pupil: the one asked for, or else the one recorded.
    classes: BTreeMap<Who, String>,
    pupils: BTreeSet<PersonId>,
}

impl<'a> Names<'a> {
    fn of(plan: &'a Plan, wanted: &'a Wanted, known: &'a FileRoster, country: &'a str) -> Self {
        let mut names = Self {
            plan,
            wanted,
            country,
            people: known.people.iter().map(|person| (person.person, person)).collect(),
            groups: known.groups.iter().map(|group| (group.group, group.name.as_str())).collect(),
            classes: BTreeMap::new(),
            pupils: BTreeSet::new(),
        };
        let pupils = known.affiliations.iter().filter(|a| a.user_type == UserType::Pupil);
        names.pupils = pupils.map(|a| a.person).collect();
        let classes = known.groups.iter().filter(|group| group.kind == GroupKind::Class);
        let classes: HashMap<GroupId, &str> = classes.map(|group| (group.group, group.name.as_str())).collect();
        for place in &known.memberships {
            if let Some(class) = classes.get(&place.group) {
                names.classes.insert(Who::Known(place.person), (*class).to_owned());
            }
        }
        let ids: HashMap<&str, PersonId> = known.people.iter().map(|p| (p.source_id.as_str(), p.person)).collect();
        for (person, group) in wanted.memberships.keys() {
            if let Some(class) = wanted.groups.get(group).filter(|group| group.kind == GroupKind::Class) {
                let who = ids.get(person.as_ref()).map_or_else(|| Who::New(person.clone()), |id| Who::Known(*id));
                names.classes.insert(who, class.name.clone());
            }
        }
        names
    }

    fn name(&self, who: &Who) -> String {
        match who {
            Who::New(id) => match self.plan.new_people.get(id) {
                Some(new) if new.protected => alias(None, self.is_pupil(who), self.country),
                Some(new) => full_name(&new.given, &new.family),
                None => String::new(),
            },
            Who::Known(person) => match self.people.get(person) {
                Some(known) if known.protected || self.plan.protecting.contains(person) => {
                    alias(known.alias, self.is_pupil(who), self.country)
                }
                Some(known) => full_name(&known.given, &known.family),
                None => String::new(),
            },
        }
    }

    fn group(&self, which: &Which) -> String {
        match which {
            Which::New(id) => self.plan.new_groups.get(id).map(|group| group.name.clone()).unwrap_or_default(),
            Which::Known(group) => self.groups.get(group).map(|name| (*name).to_owned()).unwrap_or_default(),
        }
    }

    fn is_pupil(&self, who: &Who) -> bool {
        match who {
            Who::Known(person) => self.pupils.contains(person) || self.classes.contains_key(who),
            Who::New(id) => self.wanted.people.get(id).is_some_and(super::wanted::WantedPerson::is_pupil),
        }
    }

    fn people(&self, all: &BTreeSet<Who>, kind: HeldKind, difference: Difference) -> Vec<NamedDifference> {
        let of_kind = all.iter().filter(|who| self.is_pupil(who) == (kind == HeldKind::Pupils));
        self.sorted(of_kind.map(|who| NamedDifference {
            kind,
            difference,
            group: self.classes.get(who).cloned().unwrap_or_default(),
            name: self.name(who),
        }))
    }

    fn groups(&self) -> Vec<NamedDifference> {
        let line = |difference, name: String| NamedDifference {
            kind: HeldKind::Groups,
            difference,
            group: String::new(),
            name,
        };
        let known = |group: &GroupId| self.group(&Which::Known(*group));
        let added = self.plan.new_groups.values().map(|group| line(Difference::Added, group.name.clone()));
        let changed = self.plan.changed_groups.keys().map(|group| line(Difference::Changed, known(group)));
        let gone = self.plan.gone_groups.iter().map(|group| line(Difference::Gone, known(group)));
        let [mut added, changed, gone] = [self.sorted(added), self.sorted(changed), self.sorted(gone)];
        added.extend(changed);
        added.extend(gone);
        added
    }

    fn places(&self, kind: HeldKind, difference: Difference, all: &BTreeSet<(Who, Which)>) -> Vec<NamedDifference> {
        self.sorted(all.iter().map(|(who, which)| NamedDifference {
            kind,
            difference,
            group: self.group(which),
            name: self.name(who),
        }))
    }

    fn sorted(&self, lines: impl Iterator<Item = NamedDifference>) -> Vec<NamedDifference> {
        let alphabet = Alphabet::of_country(self.country);
        let mut lines: Vec<NamedDifference> = lines.collect();
        lines.sort_by_cached_key(|line| (sort_key(alphabet, &line.group), sort_key(alphabet, &line.name)));
        lines.truncate(NAMES_MAX);
        lines
    }
}

fn full_name(given: &str, family: &str) -> String {
    format!("{given} {family}").trim().to_owned()
}

/// A protected person as everybody sees them.
fn alias(number: Option<i64>, is_pupil: bool, country: &str) -> String {
    let word = match (country, is_pupil) {
        ("se", true) => "Skyddad elev",
        ("se", false) => "Skyddad medarbetare",
        (_, true) => "Beskyttet elev",
        (_, false) => "Beskyttet medarbejder",
    };
    number.map_or_else(|| word.to_owned(), |number| format!("{word} {number}"))
}
