//! The documents of UNI-Login: `UNILoginImport`, which administrative systems send, and
//! `UNILoginExportMedium` and `UNILoginExportFull`, which UNI-Login hands out.
//!
//! Both say the same of one institution: its groups, and everybody who is a pupil, an employee or an external
//! person there (viden.stil.dk, "Unilogin SkoleGrunddata"). They are whole: who is not in them is gone. They
//! become the rows of a staged document, so that all that follows (the difference, the brake, the history) is
//! that of any other format; `LocalPersonId` and `GroupId` are the file's ids.
//!
//! What is not needed is not kept: addresses, telephone numbers, birthdays, contact persons, and above all the
//! national number (`national_number`).

mod document;
mod group;
mod person;
mod words;

use super::finding::{Code, Findings, Place};
use super::limits::Limits;
use super::staged::{
    Class, Enrollment, Format, Mode, Org, Part, Progress, RoleRow, Session, SourcedId, Staged, Stamp, Step, User,
};
use super::xml::{At, Broken, Xml};
use domain::{Date, SchoolYear};
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::io::Read;

/// The id of the one stretch of time that groups run in.
const YEAR: &str = "year";
/// Persons between two words to the progress.
const TOLD: u64 = 1_000;

/// Reads a document, whose byte order mark has been taken away.
///
/// # Errors
/// Everything that stops the import, and the warnings so far.
pub(super) fn read(input: impl Read, limits: &Limits, progress: &dyn Fn(Progress)) -> Result<Staged, Findings> {
    let mut reading = Reading::new(Xml::new(input, limits), limits, progress);
    if let Err(broken) = reading.document() {
        reading.error(broken.at, None, broken.code);
    }
    let staged = reading.staged();
    if staged.findings.has_errors() { Err(staged.findings) } else { Ok(staged) }
}

/// A document on its way into staged rows.
struct Reading<'a, R: Read> {
    xml: Xml<R>,
    limits: &'a Limits,
    progress: &'a dyn Fn(Progress),
    findings: Findings,
    /// The document's kind, as its outermost element names it.
    kind: &'static str,
    stamp: Option<Stamp>,
    /// The school year that the document says it is about.
    year: Option<SchoolYear>,
    number: Option<(String, At)>,
    name: String,
    groups: BTreeMap<SourcedId, Class>,
    /// When groups exist, where it is said.
    dates: BTreeMap<SourcedId, (Option<Date>, Option<Date>)>,
    /// Groups of everybody, which are left out.
    everybody: BTreeSet<SourcedId>,
    users: BTreeMap<SourcedId, User>,
    roles: BTreeMap<SourcedId, RoleRow>,
    /// Persons in groups, and where it is said: groups may come after them.
    places: Vec<GroupPlace>,
    /// Ids of groups that persons name, kept once.
    ids: HashSet<SourcedId>,
    group_rows: u64,
    people_rows: u64,
}

/// Somebody's place in a group.
struct GroupPlace {
    person: SourcedId,
    group: SourcedId,
    is_teacher: bool,
    at: At,
}

impl<'a, R: Read> Reading<'a, R> {
    fn new(xml: Xml<R>, limits: &'a Limits, progress: &'a dyn Fn(Progress)) -> Self {
        Self {
            xml,
            limits,
            progress,
            findings: Findings::default(),
            kind: "",
            stamp: None,
            year: None,
            number: None,
            name: String::new(),
            groups: BTreeMap::new(),
            dates: BTreeMap::new(),
            everybody: BTreeSet::new(),
            users: BTreeMap::new(),
            roles: BTreeMap::new(),
            places: Vec::new(),
            ids: HashSet::new(),
            group_rows: 0,
            people_rows: 0,
        }
    }

    fn place(&self, at: At, name: Option<&'static str>) -> Place<'static> {
        Place { file: self.kind, line: Some(at.line), position: Some(at.position), column: name }
    }

    /// Notes an error about an element or attribute.
    fn error(&mut self, at: At, name: Option<&'static str>, code: Code) {
        self.findings.error(self.place(at, name), code);
    }

    /// Notes an oddity about an element or attribute.
    fn warn(&mut self, at: At, name: Option<&'static str>, code: Code) {
        self.findings.warn(self.place(at, name), code);
    }

    /// Notes a word that the schema does not have, and the word where it can be said.
    fn warn_of_word(&mut self, at: At, name: &'static str, code: Code, word: &str) {
        self.findings.warn_about(self.place(at, Some(name)), code, &words::sayable(word));
    }

    /// Passes over an element that is not known where it stands.
    fn unknown(&mut self, at: At) -> Result<(), Broken> {
        self.warn(at, None, Code::ELEMENT_UNKNOWN);
        self.xml.skip()
    }

    /// An id as the source writes it: up to 255 bytes that can be seen. `None` where it is none; the error is
    /// noted.
    fn id(&mut self, text: &str, at: At, name: &'static str) -> Option<SourcedId> {
        let fault = match text {
            "" => Code::VALUE_MISSING,
            _ if text.len() > 255 => Code::VALUE_TOO_LONG,
            _ if text.chars().any(super::sheet::is_invisible) => Code::VALUE_INVALID,
            _ => return Some(text.into()),
        };
        self.error(at, Some(name), fault);
        None
    }

    /// A name: short, of characters that can be seen. `None` where it is too long; the error is noted.
    fn title(&mut self, text: &str, at: At, name: &'static str) -> Option<String> {
        if text.chars().count() > self.limits.name_chars {
            self.error(at, Some(name), Code::VALUE_TOO_LONG);
            return None;
        }
        let seen: String = text.chars().filter(|c| !super::sheet::is_invisible(*c)).collect();
        if seen != text {
            self.warn(at, Some(name), Code::INVISIBLE);
        }
        Some(seen.trim().to_owned())
    }

    /// One more row of a kind; beyond the limit nothing is read.
    fn count(rows: &mut u64, limits: &Limits, at: At) -> Result<(), Broken> {
        *rows += 1;
        if *rows > limits.rows { Err(Broken { at, code: Code::TOO_MANY_ROWS }) } else { Ok(()) }
    }

    /// Tells how many persons have been read, now and then.
    fn tell(&self, is_end: bool) {
        if is_end || self.people_rows.is_multiple_of(TOLD) {
            (self.progress)(Progress { step: Step::Reading(self.kind), done: self.people_rows, of: None });
        }
    }

    /// What was read, as rows.
    fn staged(mut self) -> Staged {
        self.tell(true);
        let mut empty = Vec::new();
        for (rows, name) in [(self.group_rows, "Group"), (self.people_rows, "InstitutionPerson")] {
            if rows == 0 {
                empty.push(name.into());
            }
        }
        let school: SourcedId = self.number.as_ref().map_or("", |(number, _)| number).into();
        for class in self.groups.values_mut() {
            class.school = school.clone();
            class.terms = self.year.iter().map(|_| YEAR.into()).collect();
        }
        for role in self.roles.values_mut() {
            role.org = school.clone();
        }
        let enrollments = self.enrollments();
        let line = self.number.as_ref().map_or(0, |(_, at)| at.line);
        let name = if self.name.is_empty() { school.to_string() } else { std::mem::take(&mut self.name) };
        let org = Org { name, identifier: school.to_string(), is_school: true, line };
        let sessions = self.year.and_then(term).map(|term| (YEAR.into(), term));
        Staged {
            orgs: whole([(school, org)].into()),
            sessions: whole(sessions.into_iter().collect()),
            classes: whole(self.groups),
            users: whole(self.users),
            roles: whole(self.roles),
            enrollments: whole(enrollments),
            format: Format::UniLogin,
            stamp: self.stamp,
            empty,
            findings: self.findings,
        }
    }

    /// The places in groups that there are; others are warned about.
    fn enrollments(&mut self) -> BTreeMap<SourcedId, Enrollment> {
        let mut rows = BTreeMap::new();
        for GroupPlace { person, group, is_teacher, at } in std::mem::take(&mut self.places) {
            if self.groups.contains_key(&group) {
                let (begin, end) = self.dates.get(&group).copied().unwrap_or_default();
                // A group may be older than the year, or outlive it; a place in it is of the year.
                let begin = begin.filter(|day| self.year.is_none_or(|year| *day > year.first_day()));
                let end = end.filter(|day| self.year.is_none_or(|year| *day < year.last_day()));
                let id: SourcedId = format!("{person}\u{1F}{group}").into();
                let (class, user) = (group, person);
                rows.insert(id, Enrollment { class, user, is_teacher, begin, end, line: at.line });
            } else if !self.everybody.contains(&group) {
                self.warn(at, Some("GroupId"), Code::REFERENCE_MISSING);
            }
        }
        rows
    }
}

fn whole<T>(rows: BTreeMap<SourcedId, T>) -> Part<T> {
    Part { mode: Mode::Bulk, rows, ..Part::default() }
}

/// The stretch in which a year's groups are at work. One whose first day is no later than 20 August is there
/// from 1 August, and one that ends with the holidays' beginning (folkeskoleloven § 14 a) or later, until
/// 31 July, as places in classes of every format are.
fn term(year: SchoolYear) -> Option<Session> {
    let begin = Date::new(year.0, 8, 20)?;
    let end = Date::new(year.0 + 1, 6, 20)?;
    Some(Session { is_year: false, begin, end })
}
