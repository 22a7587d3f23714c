//! What a school's rows ask to be recorded: who is what there, and from which day to which.

use super::roll::Roll;
use super::staged::{Class, Enrollment, Session, SourcedId};
use domain::{Date, GroupKind, Level, SchoolYear, UserType};
use std::collections::BTreeMap;

/// Whole days, the last one included. Without a first day it began before anybody said so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Days {
    /// First day.
    pub(super) from: Option<Date>,
    /// Last day.
    pub(super) until: Option<Date>,
}

impl Days {
    fn is_over(self, today: Date) -> bool {
        self.until.is_some_and(|until| until < today)
    }

    /// One stretch that holds both.
    fn joined(self, other: Self) -> Self {
        // A missing first day is the earliest, a missing last day the latest.
        let until = match (self.until, other.until) {
            (Some(a), Some(b)) => Some(a.max(b)),
            _ => None,
        };
        Self { from: self.from.min(other.from), until }
    }
}

/// What is asked for a school, by the source system's ids.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Wanted {
    /// Persons who are something at the school today or later.
    pub(super) people: BTreeMap<SourcedId, WantedPerson>,
    /// Classes and other groups.
    pub(super) groups: BTreeMap<SourcedId, WantedGroup>,
    /// Pupils in groups: person, then group.
    pub(super) memberships: BTreeMap<(SourcedId, SourcedId), Vec<Days>>,
    /// Teachers of groups: person, then group.
    pub(super) teaching: BTreeMap<(SourcedId, SourcedId), Vec<Days>>,
}

/// A person who is asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct WantedPerson {
    /// Given and family name; `None` where this bundle does not say them.
    pub(super) names: Option<(String, String)>,
    /// Does it say that the identity is protected?
    pub(super) protected: bool,
    /// The UNI-Login id that it says.
    pub(super) uni_id: Option<String>,
    /// What the person is at the school.
    pub(super) types: BTreeMap<UserType, Days>,
    /// The level, for pupils.
    pub(super) level: Option<Level>,
    /// The grade in the roster's words.
    pub(super) grade: String,
}

impl WantedPerson {
    /// Is the person a pupil of the school?
    pub(super) fn is_pupil(&self) -> bool {
        self.types.contains_key(&UserType::Pupil)
    }
}

/// A group that is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct WantedGroup {
    /// Its name.
    pub(super) name: String,
    /// Class or other group.
    pub(super) kind: GroupKind,
    /// The subject of a section.
    pub(super) subject: Option<String>,
}

/// Reads a school's rows as of a day.
pub(super) fn wanted(roll: &Roll, today: Date) -> Wanted {
    let mut wanted = Wanted { people: people(roll, today), groups: groups(roll), ..Wanted::default() };
    let calendar = Calendar::of(roll.sessions.values());
    for row in roll.enrollments.values() {
        let Some(class) = roll.classes.get(&row.class) else { continue };
        let days = calendar.days(roll, class, row);
        let kind = if row.is_teacher { UserType::Teacher } else { UserType::Pupil };
        let is_there = wanted.people.get(&row.user).is_some_and(|person| person.types.contains_key(&kind));
        if is_there && !days.is_over(today) {
            let all = if row.is_teacher { &mut wanted.teaching } else { &mut wanted.memberships };
            all.entry((row.user.clone(), row.class.clone())).or_default().push(days);
        }
    }
    for all in wanted.memberships.values_mut().chain(wanted.teaching.values_mut()) {
        *all = without_overlap(std::mem::take(all));
    }
    wanted
}

fn people(roll: &Roll, today: Date) -> BTreeMap<SourcedId, WantedPerson> {
    let mut people: BTreeMap<SourcedId, WantedPerson> = BTreeMap::new();
    for role in roll.roles.values() {
        let Some(known) = roll.people.get(&role.user).filter(|known| known.enabled) else { continue };
        // A first day that has passed says nothing that is not recorded already.
        let days = Days { from: role.begin.filter(|begin| *begin > today), until: role.end };
        if days.is_over(today) {
            continue;
        }
        let person = people.entry(role.user.clone()).or_insert_with(|| WantedPerson {
            names: known.names.clone(),
            protected: known.protected,
            uni_id: known.uni_id.clone(),
            level: known.level,
            grade: known.grade.clone(),
            ..WantedPerson::default()
        });
        person.types.entry(role.role.user_type()).and_modify(|known| *known = known.joined(days)).or_insert(days);
    }
    people
}

fn groups(roll: &Roll) -> BTreeMap<SourcedId, WantedGroup> {
    let group = |class: &Class| WantedGroup {
        name: class.title.clone(),
        kind: if class.is_homeroom { GroupKind::Class } else { GroupKind::Section },
        subject: class.subject.clone(),
    };
    roll.classes.iter().map(|(id, class)| (id.clone(), group(class))).collect()
}

/// The first day of each school year's first term.
struct Calendar {
    first_terms: BTreeMap<SchoolYear, Date>,
}

impl Calendar {
    fn of<'a>(sessions: impl Iterator<Item = &'a Session>) -> Self {
        let mut terms = BTreeMap::new();
        let mut years = BTreeMap::new();
        for session in sessions {
            let first = if session.is_year { &mut years } else { &mut terms };
            let day = first.entry(year_of(session)).or_insert(session.begin);
            *day = session.begin.min(*day);
        }
        // The school year's own first day counts only where no term is named.
        for (year, day) in years {
            terms.entry(year).or_insert(day);
        }
        Self { first_terms: terms }
    }

    /// When a place in a class counts. One that ends with the class's term counts until 31 July,
    /// one that begins with the year's first term from 1 August; other dates are meant as written.
    fn days(&self, roll: &Roll, class: &Class, row: &Enrollment) -> Days {
        let terms: Vec<&Session> = class.terms.iter().filter_map(|id| roll.sessions.get(id)).collect();
        let (Some(first), Some(last)) = (terms.iter().min_by_key(|t| t.begin), terms.iter().max_by_key(|t| t.end))
        else {
            return Days { from: row.begin, until: row.end };
        };
        let begin = row.begin.unwrap_or(first.begin);
        let end = row.end.unwrap_or(last.end);
        let begins_the_year = self.first_terms.get(&year_of(first)).is_some_and(|day| begin <= *day);
        let from = if begins_the_year { year_of(first).first_day().min(begin) } else { begin };
        let until = if end >= last.end { year_of(last).last_day().max(end) } else { end };
        Days { from: Some(from), until: Some(until) }
    }
}

/// The school year a term belongs to: that of its middle, as some begin in July or end in August.
fn year_of(session: &Session) -> SchoolYear {
    let Session { begin, end, .. } = *session;
    let days = begin.0.until(end.0).map_or(0, |span| span.get_days());
    let middle = begin.0.checked_add(jiff::Span::new().days(days / 2)).unwrap_or(begin.0);
    SchoolYear::of(Date(middle))
}

/// The same days without overlaps, in order.
fn without_overlap(mut all: Vec<Days>) -> Vec<Days> {
    all.sort_unstable();
    let mut joined: Vec<Days> = Vec::with_capacity(all.len());
    for days in all {
        match joined.last_mut() {
            Some(last) if touches(*last, days) => *last = last.joined(days),
            _ => joined.push(days),
        }
    }
    joined
}

/// Does `next`, which does not begin earlier, begin no later than the day after `first` ends?
fn touches(first: Days, next: Days) -> bool {
    match (first.until, next.from) {
        (Some(until), Some(from)) => from <= until.next(),
        _ => true,
    }
}
