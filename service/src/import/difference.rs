//! The difference between what a roster asks for and what is recorded, and what to write.

use super::facts::{Facts, Recorded, compare};
use super::staged::SourcedId;
use super::wanted::{Days, Wanted, WantedGroup, WantedPerson};
use domain::import::{Counts, Held, HeldKind};
use domain::{GroupId, Instant, PersonId, SchoolYear, UniId, UserType, Window, Zone, staff_right};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use store::import::{FileRoster, KnownLevel};
use uuid::Uuid;

/// A person: one that is known, or one that the file brings.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Who {
    /// Recorded already.
    Known(PersonId),
    /// To be recorded under the source system's id.
    New(SourcedId),
}

/// A group: one that is known, or one that the file brings.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Which {
    /// Recorded already.
    Known(GroupId),
    /// To be recorded under the source system's id.
    New(SourcedId),
}

/// A person who is to be recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct NewPerson {
    pub(super) given: String,
    pub(super) family: String,
    pub(super) protected: bool,
}

/// A level that is to be recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct NewLevel {
    pub(super) who: Who,
    pub(super) level: Option<domain::Level>,
    pub(super) raw: String,
    pub(super) valid: Window,
}

/// When an import happens.
#[derive(Clone, Copy, Debug)]
pub(super) struct Now {
    pub(super) at: Instant,
    pub(super) zone: Zone,
}

/// Everything an import would do to one school.
#[derive(Clone, Debug, Default)]
pub(super) struct Plan {
    /// Persons to be recorded.
    pub(super) new_people: BTreeMap<SourcedId, NewPerson>,
    /// Persons whose names have changed.
    pub(super) renamed: BTreeMap<PersonId, (String, String)>,
    /// Persons whose identity is protected from now on. A file protects and never unprotects.
    pub(super) protecting: BTreeSet<PersonId>,
    /// What persons are at the school.
    pub(super) affiliations: Facts<(Who, UserType)>,
    /// Levels to be recorded.
    pub(super) levels: Vec<NewLevel>,
    /// Levels that are replaced.
    pub(super) levels_closed: Vec<Uuid>,
    /// Groups to be recorded.
    pub(super) new_groups: BTreeMap<SourcedId, WantedGroup>,
    /// Groups that have changed or are back.
    pub(super) changed_groups: BTreeMap<GroupId, WantedGroup>,
    /// Groups that are gone.
    pub(super) gone_groups: BTreeSet<GroupId>,
    /// Groups that files call by another id from now on.
    pub(super) renamed_groups: BTreeMap<GroupId, String>,
    /// Pupils in groups.
    pub(super) memberships: Facts<(Who, Which)>,
    /// Teachers of groups.
    pub(super) teaching: Facts<(Who, Which)>,
    /// Teachers who are given the rights to book and run.
    pub(super) new_teachers: BTreeSet<Who>,
    /// UNI-Login ids of staff and of who is external, as the file says them. Not counted: they are by what a person
    /// is found at the broker, and nothing that the school reads.
    pub(super) uni_ids: BTreeMap<Who, UniId>,
    /// Protected pupils who have no alias here yet.
    pub(super) aliases: BTreeSet<Who>,
    /// Persons added, changed and gone.
    pub(super) added: BTreeSet<Who>,
    pub(super) changed: BTreeSet<Who>,
    pub(super) gone: BTreeSet<Who>,
    /// Groups added, changed and gone, counted.
    pub(super) groups: Counts,
    /// How many are recorded now.
    pub(super) before: BTreeMap<HeldKind, u64>,
    /// How many of them would end.
    pub(super) ending: BTreeMap<HeldKind, u64>,
}

impl Plan {
    /// Persons added, changed and gone, counted.
    pub(super) fn people(&self) -> Counts {
        let count = |all: &BTreeSet<Who>| all.len() as u64;
        Counts { added: count(&self.added), changed: count(&self.changed), gone: count(&self.gone) }
    }

    /// How many rows would be written.
    pub(super) fn rows(&self) -> u64 {
        let people = self.new_people.len() + self.renamed.len() + self.protecting.len();
        let lists = people + self.levels.len() + self.levels_closed.len();
        let groups =
            self.new_groups.len() + self.changed_groups.len() + self.gone_groups.len() + self.renamed_groups.len();
        let facts = self.affiliations.rows() + self.memberships.rows() + self.teaching.rows();
        facts + (lists + groups + self.new_teachers.len() + self.aliases.len()) as u64
    }

    /// Why the import should wait for a yes: more than a tenth of a kind would end.
    pub(super) fn held(&self) -> Vec<Held> {
        let gone = |kind| self.ending.get(kind).copied().unwrap_or(0);
        let many = self.before.iter().filter(|(kind, of)| gone(kind) * 10 > **of);
        many.map(|(kind, of)| Held::ManyGone { kind: *kind, gone: gone(kind), of: *of }).collect()
    }
}

/// Finds what an import has to write, so that what is recorded says what is asked for.
pub(super) fn plan(wanted: &Wanted, known: &FileRoster, now: Now) -> Plan {
    let names = Names::of(known);
    let mut plan = Plan::default();
    let types = by_person(wanted, &names);
    plan.compare_people(wanted, known, &names, &types, now);
    plan.compare_levels(wanted, known, &names, now);
    plan.compare_groups(wanted, known);
    let place = |all: &BTreeMap<(SourcedId, SourcedId), Vec<Days>>| {
        let mut by_ids: BTreeMap<(Who, Which), Vec<Days>> = BTreeMap::new();
        for ((person, group), days) in all {
            by_ids.entry((names.who(person), names.which(group))).or_default().extend(days);
        }
        by_ids
    };
    let places = |all: &[store::import::KnownPlace]| {
        gathered(
            all.iter().map(|place| ((Who::Known(place.person), Which::Known(place.group)), (place.id, place.valid))),
        )
    };
    plan.memberships = compare(&place(&wanted.memberships), &places(&known.memberships), now.zone, now.at);
    plan.teaching = compare(&place(&wanted.teaching), &places(&known.teaching), now.zone, now.at);
    plan.count(HeldKind::Memberships, plan.memberships.before, plan.memberships.counts().gone);
    plan.count(HeldKind::Teaching, plan.teaching.before, plan.teaching.counts().gone);
    plan
}

impl Plan {
    fn count(&mut self, kind: HeldKind, before: u64, ending: u64) {
        self.before.insert(kind, before);
        self.ending.insert(kind, ending);
    }

    fn compare_people(
        &mut self,
        wanted: &Wanted,
        known: &FileRoster,
        names: &Names<'_>,
        types: &BTreeMap<(Who, UserType), Vec<Days>>,
        now: Now,
    ) {
        let affiliations = known.affiliations.iter();
        let recorded = gathered(affiliations.map(|a| ((Who::Known(a.person), a.user_type), (a.id, a.valid))));
        self.affiliations = compare(types, &recorded, now.zone, now.at);
        let asked: BTreeSet<&Who> = types.keys().map(|(who, _)| who).collect();
        let there: BTreeSet<&Who> = recorded.keys().map(|(who, _)| who).collect();
        self.added = asked.difference(&there).map(|who| (*who).clone()).collect();
        self.gone = there.difference(&asked).map(|who| (*who).clone()).collect();
        let Facts { added, changed, gone, .. } = &self.affiliations;
        let moved = added.iter().chain(changed).chain(gone).map(|(who, _)| who);
        self.changed = moved.filter(|who| asked.contains(who) && there.contains(who)).cloned().collect();
        for (id, person) in &wanted.people {
            let who = names.who(id);
            match (&who, &person.names) {
                (Who::New(id), Some((given, family))) => {
                    let (given, family) = (given.clone(), family.clone());
                    self.new_people.insert(id.clone(), NewPerson { given, family, protected: person.protected });
                }
                (Who::Known(known), Some(own)) if names.own.get(known).is_some_and(|before| before != own) => {
                    self.renamed.insert(*known, own.clone());
                    self.note_change(&who);
                }
                _ => {}
            }
            self.protect(&who, person, names);
            let ever = matches!(&who, Who::Known(known) if names.had_rights.contains(known));
            if staff_right::given_automatically(person.types.contains_key(&UserType::Teacher), ever) {
                self.new_teachers.insert(who);
            }
        }
        self.uni_ids = uni_ids(wanted, names);
        for (kind, is_kind) in
            [(HeldKind::Pupils, is_pupil as fn(UserType) -> bool), (HeldKind::Staff, UserType::is_staff)]
        {
            let of = |all: &mut dyn Iterator<Item = &(Who, UserType)>| -> BTreeSet<Who> {
                all.filter(|(_, user_type)| is_kind(*user_type)).map(|(who, _)| who.clone()).collect()
            };
            let (before, after) = (of(&mut recorded.keys()), of(&mut types.keys()));
            self.count(kind, before.len() as u64, before.difference(&after).count() as u64);
        }
    }

    /// A protected person is never without an alias.
    fn protect(&mut self, who: &Who, person: &WantedPerson, names: &Names<'_>) {
        let mut is_protected = person.protected;
        if let Who::Known(known) = who {
            if person.protected && !names.protected.contains(known) {
                self.protecting.insert(*known);
                self.note_change(who);
            }
            is_protected |= names.protected.contains(known);
        }
        let has_alias = matches!(who, Who::Known(known) if names.aliased.contains(known));
        if is_protected && person.is_pupil() && !has_alias {
            self.aliases.insert(who.clone());
        }
    }

    /// A person who stays, and about whom something is different.
    fn note_change(&mut self, who: &Who) {
        if !self.added.contains(who) {
            self.changed.insert(who.clone());
        }
    }

    /// A level dates from the school year's start at the first import, else from the import.
    fn compare_levels(&mut self, wanted: &Wanted, known: &FileRoster, names: &Names<'_>, now: Now) {
        let mut recorded: HashMap<PersonId, Vec<&KnownLevel>> = HashMap::new();
        for level in &known.levels {
            recorded.entry(level.person).or_default().push(level);
        }
        let year = SchoolYear::of(now.zone.date_of(now.at));
        let first = if known.had_levels { now.at } else { now.zone.start_of(year.first_day()) };
        for (id, person) in wanted.people.iter().filter(|(_, person)| person.is_pupil()) {
            let who = names.who(id);
            let before = match &who {
                Who::Known(known) => recorded.remove(known).unwrap_or_default(),
                Who::New(_) => Vec::new(),
            };
            if says(person, &before) {
                continue;
            }
            let from = if before.is_empty() { first } else { now.at };
            self.end_levels(&before, now.at);
            self.note_change(&who);
            let (level, raw) = (person.level, person.grade.clone());
            self.levels.push(NewLevel { who, level, raw, valid: Window::since(from) });
        }
        for left in recorded.into_values() {
            self.end_levels(&left, now.at);
        }
        self.levels.sort_by(|a, b| a.who.cmp(&b.who).then(a.valid.from.cmp(&b.valid.from)));
    }

    fn end_levels(&mut self, levels: &[&KnownLevel], now: Instant) {
        for level in levels {
            self.levels_closed.push(level.id);
            if level.valid.from < now {
                let valid = Window { until: Some(now), ..level.valid };
                let (who, level, raw) = (Who::Known(level.person), level.level, level.raw.clone());
                self.levels.push(NewLevel { who, level, raw, valid });
            }
        }
    }

    fn compare_groups(&mut self, wanted: &Wanted, known: &FileRoster) {
        // A group whose places have all ended, as with the school year, is no loss.
        let places = known.memberships.iter().chain(&known.teaching);
        let in_use: BTreeSet<GroupId> = places.map(|place| place.group).collect();
        let mut ending = 0;
        for group in &known.groups {
            match wanted.groups.get(group.source_id.as_str()) {
                None if group.is_gone => {}
                None => {
                    self.gone_groups.insert(group.group);
                    self.groups.gone += 1;
                    ending += u64::from(in_use.contains(&group.group));
                }
                Some(asked) => {
                    let same = group.name == asked.name && group.kind == asked.kind && group.subject == asked.subject;
                    if group.is_gone || !same {
                        self.changed_groups.insert(group.group, asked.clone());
                    }
                    self.groups.added += u64::from(group.is_gone);
                    self.groups.changed += u64::from(!group.is_gone && !same);
                }
            }
        }
        let known: BTreeSet<&str> = known.groups.iter().map(|group| group.source_id.as_str()).collect();
        let new = wanted.groups.iter().filter(|(id, _)| !known.contains(id.as_ref()));
        self.new_groups = new.map(|(id, group)| (id.clone(), group.clone())).collect();
        self.groups.added += self.new_groups.len() as u64;
        self.count(HeldKind::Groups, in_use.len() as u64, ending);
    }
}

fn is_pupil(user_type: UserType) -> bool {
    user_type == UserType::Pupil
}

/// The persons asked for who are new to the files and whom the UNI-Login id that the file says may be somebody's, with
/// that id: to be looked up before a plan is made.
pub(super) fn uni_ids_of_new(wanted: &Wanted, known: &FileRoster) -> Vec<(SourcedId, UniId)> {
    let all = uni_ids(wanted, &Names::of(known));
    all.into_iter()
        .filter_map(|(who, uni_id)| match who {
            Who::New(source_id) => Some((source_id, uni_id)),
            Who::Known(_) => None,
        })
        .collect()
}

/// UNI-Login ids of staff and of who is external. What a file says of several people is true of one of them at most,
/// and it does not say of whom.
fn uni_ids(wanted: &Wanted, names: &Names<'_>) -> BTreeMap<Who, UniId> {
    let mut all: BTreeMap<Who, UniId> = BTreeMap::new();
    let mut said: BTreeMap<UniId, usize> = BTreeMap::new();
    for (id, person) in &wanted.people {
        let signs_in = person.types.keys().any(|kind| *kind != UserType::Pupil);
        let uni_id = person.uni_id.as_ref().filter(|_| signs_in).and_then(|text| text.parse::<UniId>().ok());
        if let Some(uni_id) = uni_id {
            all.insert(names.who(id), uni_id);
        }
    }
    for uni_id in all.values() {
        *said.entry(uni_id.clone()).or_default() += 1;
    }
    all.retain(|_, uni_id| said.get(uni_id) == Some(&1));
    all
}

/// Does what is recorded of a pupil's level say what is asked for?
fn says(person: &WantedPerson, recorded: &[&KnownLevel]) -> bool {
    match recorded {
        [] => person.level.is_none() && person.grade.is_empty(),
        [one] => one.level == person.level && one.raw == person.grade,
        _ => false,
    }
}

fn by_person(wanted: &Wanted, names: &Names<'_>) -> BTreeMap<(Who, UserType), Vec<Days>> {
    let mut types: BTreeMap<(Who, UserType), Vec<Days>> = BTreeMap::new();
    for (id, person) in &wanted.people {
        for (user_type, days) in &person.types {
            types.entry((names.who(id), *user_type)).or_insert_with(|| vec![*days]);
        }
    }
    types
}

fn gathered<K: Ord>(all: impl Iterator<Item = (K, Recorded)>) -> BTreeMap<K, Vec<Recorded>> {
    let mut by_key: BTreeMap<K, Vec<Recorded>> = BTreeMap::new();
    for (key, fact) in all {
        by_key.entry(key).or_default().push(fact);
    }
    by_key
}

/// Finds recorded persons and groups by the source system's ids.
struct Names<'a> {
    people: HashMap<&'a str, PersonId>,
    groups: HashMap<&'a str, GroupId>,
    /// The names that these files say, or are to say.
    own: HashMap<PersonId, (String, String)>,
    had_rights: BTreeSet<PersonId>,
    /// Persons whose identity is protected.
    protected: BTreeSet<PersonId>,
    /// Persons who have an alias here.
    aliased: BTreeSet<PersonId>,
}

impl<'a> Names<'a> {
    fn of(known: &'a FileRoster) -> Self {
        let own = |p: &store::import::KnownPerson| (p.person, (p.given.clone(), p.family.clone()));
        Self {
            people: known.people.iter().map(|p| (p.source_id.as_str(), p.person)).collect(),
            groups: known.groups.iter().map(|g| (g.source_id.as_str(), g.group)).collect(),
            own: known.people.iter().filter(|p| !p.is_named_elsewhere).map(own).collect(),
            had_rights: known.staff_rights.iter().copied().collect(),
            protected: known.people.iter().filter(|p| p.protected).map(|p| p.person).collect(),
            aliased: known.people.iter().filter(|p| p.alias.is_some()).map(|p| p.person).collect(),
        }
    }

    fn who(&self, id: &SourcedId) -> Who {
        self.people.get(id.as_ref()).map_or_else(|| Who::New(id.clone()), |person| Who::Known(*person))
    }

    fn which(&self, id: &SourcedId) -> Which {
        self.groups.get(id.as_ref()).map_or_else(|| Which::New(id.clone()), |group| Which::Known(*group))
    }
}
