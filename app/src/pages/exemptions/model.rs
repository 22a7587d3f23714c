//! Which pupils and tests the leaders' grid shows, class by class.

use crate::words::alphabet;
use domain::Crowd;
use domain::exchange::{ExemptionEntry, ExemptionLoad};
use domain::text::{SortKey, fold, matches, sort_key};
use domain::{GroupKind, Level, Moment, Person, Roster, Scope, Test};

/// A class with its pupils and the tests that fit their levels.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Class {
    /// The class's name; empty for pupils without a class.
    pub(super) name: String,
    /// The pupils' levels, lowest first.
    pub(super) levels: Vec<Level>,
    /// In order of their names.
    pub(super) pupils: Vec<Person>,
    /// In the order of columns.
    pub(super) tests: Vec<Test>,
}

impl Class {
    /// Does the class's name or one of its pupils answer to what is sought?
    pub(super) fn answers_to(&self, folded: &str) -> bool {
        folded.is_empty()
            || matches(&fold(&self.name), folded)
            || self.pupils.iter().any(|pupil| matches(&fold(&pupil.full_name()), folded))
    }
}

/// The school's classes in order of their names, those without a class last.
pub(super) fn classes(load: &ExemptionLoad) -> Vec<Class> {
    let roster = &load.roster;
    let moment = Moment::of_all_recorded(load.now);
    let crowd = Crowd::at(roster, moment);
    let mut level_of: Vec<Option<Level>> = vec![None; roster.pupils.len()];
    for fact in roster.levels.iter().filter(|fact| fact.holds(moment)) {
        if let Some(level) = level_of.get_mut(usize::from(fact.what.0.0)) {
            *level = Some(fact.what.1);
        }
    }
    let mut has_class = vec![false; roster.pupils.len()];
    let mut classes: Vec<(SortKey, Class)> = Vec::new();
    for (ix, group) in (0..).zip(&roster.groups).filter(|(_, group)| group.kind == GroupKind::Class) {
        let members = crowd.members(Scope::Group(domain::GroupIx(ix)));
        for pupil in &members {
            if let Some(has) = has_class.get_mut(usize::from(pupil.0)) {
                *has = true;
            }
        }
        let places = members.iter().map(|pupil| usize::from(pupil.0)).collect();
        if let Some(class) = class(roster, &level_of, group.name.clone(), places) {
            classes.push((sort_key(alphabet(roster.zone), &group.name), class));
        }
    }
    classes.sort_by(|(a, _), (b, _)| a.cmp(b));
    let mut classes: Vec<Class> = classes.into_iter().map(|(_, class)| class).collect();
    let alone = (0..)
        .zip(&has_class)
        .filter(|(ix, has)| !**has && crowd.is_present(domain::PupilIx(*ix)))
        .map(|(ix, _)| usize::from(ix))
        .collect();
    classes.extend(class(roster, &level_of, String::new(), alone));
    classes
}

fn class(roster: &Roster, level_of: &[Option<Level>], name: String, places: Vec<usize>) -> Option<Class> {
    if places.is_empty() {
        return None;
    }
    let mut levels: Vec<Level> = places.iter().filter_map(|ix| level_of.get(*ix).copied().flatten()).collect();
    levels.sort_unstable();
    levels.dedup();
    let fits = |test: &&Test| test.level.is_none_or(|level| levels.contains(&level));
    let tests = roster.tests.iter().filter(fits).cloned().collect();
    let mut pupils: Vec<Person> = places.iter().filter_map(|ix| roster.pupils.get(*ix)).cloned().collect();
    pupils.sort_by_cached_key(|pupil| sort_key(alphabet(roster.zone), &pupil.full_name()));
    Some(Class { name, levels, pupils, tests })
}

/// How many exemptions stand for a class in a school year.
pub(super) fn count(class: &Class, entries: &[ExemptionEntry], year: i16) -> usize {
    let of_class =
        |entry: &&ExemptionEntry| entry.school_year == year && class.pupils.iter().any(|pupil| pupil.id == entry.pupil);
    entries.iter().filter(of_class).count()
}

/// The school years to choose from: this one, the next, and those that have exemptions; newest first.
pub(super) fn years(load: &ExemptionLoad) -> Vec<i16> {
    let mut years: Vec<i16> = load.entries.iter().map(|entry| entry.school_year).collect();
    years.extend([load.this_year, load.this_year + 1]);
    years.sort_unstable_by(|a, b| b.cmp(a));
    years.dedup();
    years
}
