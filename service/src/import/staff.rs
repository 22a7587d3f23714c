//! A list of a Swedish school's staff, as spreadsheet programs save it: CSV with semicolons or commas, in UTF-8
//! or Windows-1252.
//!
//! It adds to what other files say and takes nothing from it: who is not in the list stays, and a row with
//! "Ta bort" set ends what an earlier list said of that person at that school. A row is one person at one school
//! (skolenhetskod); the columns are those that municipalities' lists have in common, in any order and whatever
//! the size of their letters. Subjects, addresses and the principal organiser's number are not kept, and a
//! national number least of all.

mod table;

use super::finding::{Code, Findings, Place};
use super::limits::Limits;
use super::national::{is_number, national_number};
use super::sheet::is_invisible;
use super::staged::{Format, Mode, Org, Part, Progress, Role, RoleRow, SourcedId, Staged, Step, User};
use domain::Date;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;
use table::{Column, Table};

const FILE: &str = "";
/// Rows between two words to the progress.
const TOLD: u64 = 1_000;

/// Do these first bytes look like such a list? Its headings say so.
pub(super) fn is_list(head: &[u8]) -> bool {
    table::is_table(head)
}

/// Reads a list.
///
/// # Errors
/// Everything that stops the import, and the warnings so far.
pub(super) fn read(mut input: impl Read, limits: &Limits, progress: &dyn Fn(Progress)) -> Result<Staged, Findings> {
    let mut findings = Findings::default();
    let mut bytes = Vec::new();
    if input.by_ref().take(limits.file_bytes.saturating_add(1)).read_to_end(&mut bytes).is_err() {
        findings.error(Place::BUNDLE, Code::UNREADABLE);
    } else if bytes.len() as u64 > limits.file_bytes {
        findings.error(Place::BUNDLE, Code::TOO_LARGE);
    }
    if findings.has_errors() {
        return Err(findings);
    }
    let text = table::text(&bytes);
    let Some(table) = Table::open(&text, &mut findings) else { return Err(findings) };
    let mut list = List { limits, findings, schools: BTreeMap::new(), users: Part::default(), roles: Part::default() };
    let mut rows = 0;
    table.each(|row| {
        rows += 1;
        if rows % TOLD == 0 {
            progress(Progress { step: Step::Reading("personal"), done: rows, of: None });
        }
        if rows > limits.rows {
            list.findings.error(Place::row(FILE, Some(row.line()), None), Code::TOO_MANY_ROWS);
            return false;
        }
        list.row(row);
        true
    });
    progress(Progress { step: Step::Reading("personal"), done: rows, of: Some(rows) });
    list.staged(rows == 0)
}

/// A list on its way into staged rows.
struct List<'a> {
    limits: &'a Limits,
    findings: Findings,
    schools: BTreeMap<SourcedId, Org>,
    users: Part<User>,
    roles: Part<RoleRow>,
}

impl List<'_> {
    fn error(&mut self, row: &table::Row<'_>, column: Column, code: Code) {
        self.findings.error(Place::row(FILE, Some(row.line()), Some(column.heading())), code);
    }

    fn warn(&mut self, row: &table::Row<'_>, column: Column, code: Code) {
        self.findings.warn(Place::row(FILE, Some(row.line()), Some(column.heading())), code);
    }

    fn row(&mut self, row: &table::Row<'_>) {
        if !row.is_whole() {
            return self.findings.error(Place::row(FILE, Some(row.line()), None), Code::ROW_LENGTH);
        }
        let number = row.get(Column::NationalNumber);
        national_number(number);
        let (Some(school), Some(id)) = (self.school(row), self.id(row, number)) else { return };
        let key: SourcedId = format!("{id}\u{1F}{school}").into();
        if self.roles.rows.contains_key(&key) || self.roles.deleted.contains(&key) {
            return self.error(row, Column::Id, Code::ID_DUPLICATE);
        }
        match self.yes(row, Column::Remove) {
            None => {}
            Some(true) => {
                self.roles.deleted.insert(key);
                self.users.deleted.insert(id);
            }
            Some(false) => self.person(row, school, id, key),
        }
    }

    fn person(&mut self, row: &table::Row<'_>, school: SourcedId, id: SourcedId, key: SourcedId) {
        let (given, family) = (self.name(row, Column::Given), self.name(row, Column::Family));
        let dates = (self.date(row, Column::From), self.date(row, Column::Until));
        let (Some(protected), Some(given), Some(family)) = (self.yes(row, Column::Protected), given, family) else {
            return;
        };
        let (Ok(begin), Ok(end)) = dates else { return };
        if given.is_empty() && family.is_empty() {
            return self.error(row, Column::Given, Code::VALUE_MISSING);
        }
        if begin.zip(end).is_some_and(|(begin, end)| end < begin) {
            return self.warn(row, Column::Until, Code::DATES_REVERSED);
        }
        let Some(role) = role(row.get(Column::Role)) else {
            return self.warn(row, Column::Role, Code::ROLE_UNKNOWN);
        };
        self.roles.rows.insert(key, RoleRow { user: id.clone(), org: school, role, begin, end });
        let user = User {
            names: Some((given, family)),
            protected,
            uni_id: None,
            enabled: true,
            level: None,
            grade: String::new(),
            at: Vec::new(),
        };
        self.users.rows.insert(id, user);
    }

    /// The school of a row, by its code.
    fn school(&mut self, row: &table::Row<'_>) -> Option<SourcedId> {
        let code = row.get(Column::School);
        let known = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-');
        if code.is_empty() {
            self.error(row, Column::School, Code::VALUE_MISSING);
            return None;
        }
        if code.len() > 40 || !code.bytes().all(known) {
            self.error(row, Column::School, Code::VALUE_INVALID);
            return None;
        }
        let id = SourcedId::from(code);
        self.schools.entry(id.clone()).or_insert_with(|| Org {
            name: code.to_owned(),
            identifier: code.to_owned(),
            is_school: true,
            line: row.line(),
        });
        Some(id)
    }

    /// The person's lasting id, or else the EPPN.
    fn id(&mut self, row: &table::Row<'_>, number: &str) -> Option<SourcedId> {
        let own = row.get(Column::Id);
        let id = if own.is_empty() { row.get(Column::Eppn).to_lowercase() } else { own.to_owned() };
        let fault = match id.as_str() {
            "" => Code::VALUE_MISSING,
            id if id.len() > 255 => Code::VALUE_TOO_LONG,
            id if is_number(id, number) => Code::ID_NATIONAL,
            id if id.chars().any(is_invisible) => Code::VALUE_INVALID,
            id => return Some(id.into()),
        };
        self.error(row, Column::Id, fault);
        None
    }

    fn name(&mut self, row: &table::Row<'_>, column: Column) -> Option<String> {
        let raw = row.get(column);
        if raw.chars().count() > self.limits.name_chars {
            self.error(row, column, Code::VALUE_TOO_LONG);
            return None;
        }
        let seen: String = raw.chars().filter(|c| !is_invisible(*c)).collect();
        if seen != raw {
            self.warn(row, column, Code::INVISIBLE);
        }
        Some(seen.trim().to_owned())
    }

    fn date(&mut self, row: &table::Row<'_>, column: Column) -> Result<Option<Date>, ()> {
        match row.get(column) {
            "" => Ok(None),
            text => text.parse().map(Some).map_err(|_| self.error(row, column, Code::DATE_INVALID)),
        }
    }

    /// Yes or no; nothing written is no.
    fn yes(&mut self, row: &table::Row<'_>, column: Column) -> Option<bool> {
        match row.get(column).to_lowercase().as_str() {
            "" | "nej" | "0" => Some(false),
            "ja" | "1" | "x" => Some(true),
            _ => {
                self.error(row, column, Code::VALUE_INVALID);
                None
            }
        }
    }

    fn staged(self, is_empty: bool) -> Result<Staged, Findings> {
        let Self { findings, schools, mut users, mut roles, .. } = self;
        if findings.has_errors() {
            return Err(findings);
        }
        // Whole in itself: nothing of what earlier files said is looked at.
        (users.mode, roles.mode) = (Mode::Bulk, Mode::Bulk);
        // Somebody may leave one school and stay at another.
        let stays: BTreeSet<SourcedId> = users.rows.keys().cloned().collect();
        users.deleted.retain(|id| !stays.contains(id));
        let orgs = Part { mode: Mode::Bulk, rows: schools, ..Part::default() };
        let empty = if is_empty { vec!["personal".into()] } else { Vec::new() };
        Ok(Staged {
            orgs,
            sessions: whole(),
            classes: whole(),
            users,
            roles,
            enrollments: whole(),
            format: Format::StaffList,
            stamp: None,
            empty,
            findings,
        })
    }
}

fn whole<T>() -> Part<T> {
    Part { mode: Mode::Bulk, ..Part::default() }
}

/// The persons whom the list names at a school.
pub(super) fn named<'a>(staged: &'a Staged, school: &'a SourcedId) -> impl Iterator<Item = &'a str> {
    let here = staged.roles.rows.values().filter(move |row| row.org == *school).map(|row| &*row.user);
    here.chain(taken_away(staged, school))
}

/// Those whom it takes away from a school.
pub(super) fn taken_away<'a>(staged: &'a Staged, school: &'a SourcedId) -> impl Iterator<Item = &'a str> {
    let at = move |key: &'a SourcedId| key.split_once('\u{1F}').filter(|(_, org)| *org == &**school).map(|(id, _)| id);
    staged.roles.deleted.iter().filter_map(at)
}

/// What a Swedish post (befattning) is here. Only what is written so gives anything; who leads a school gets no
/// capacity from a file.
fn role(written: &str) -> Option<Role> {
    match written.to_lowercase().as_str() {
        "lärare" | "förstelärare" | "lektor" | "speciallärare" | "förskollärare" => Some(Role::Teacher),
        "rektor" | "biträdande rektor" | "skolchef" => Some(Role::Leader),
        "fritidspedagog" | "fritidslärare" | "barnskötare" | "elevassistent" | "lärarassistent" => {
            Some(Role::Pedagogue)
        }
        "vikarie" | "lärarvikarie" => Some(Role::Substitute),
        "administratör"
        | "skoladministratör"
        | "kurator"
        | "skolsköterska"
        | "skolpsykolog"
        | "specialpedagog"
        | "studie- och yrkesvägledare"
        | "bibliotekarie"
        | "it-tekniker"
        | "övrig personal"
        | "annan personal" => Some(Role::Staff),
        _ => None,
    }
}
