//! One CSV file of a bundle: headings, rows, and fields that are read with their checks.

use super::finding::{Code, Findings, Place};
use super::limits::Limits;
use super::staged::{Mode, SourcedId};
use csv::StringRecord;
use domain::Date;
use std::collections::HashSet;

/// The headings of a file that are read, and those that OneRoster knows besides.
#[derive(Clone, Copy, Debug)]
pub(super) struct Columns {
    /// Must be there.
    pub(super) required: &'static [&'static str],
    /// Read where they are there.
    pub(super) optional: &'static [&'static str],
    /// Known and never read: passwords, addresses, telephone numbers.
    pub(super) ignored: &'static [&'static str],
}

/// A file whose headings have been checked.
pub(super) struct Sheet<'a> {
    file: &'static str,
    mode: Mode,
    text: &'a str,
    /// Place of each heading that is read.
    places: Vec<(&'static str, usize)>,
    headings: usize,
    limits: &'a Limits,
}

/// What a row says about itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Status {
    /// Holds.
    Active,
    /// To be taken away.
    Deleted,
}

impl<'a> Sheet<'a> {
    /// Checks the headings. `None` where a required one is missing; the error is noted. A file
    /// without a single byte counts as one without rows.
    pub(super) fn open(
        (file, text, mode): (&'static str, &'a str, Mode),
        columns: Columns,
        limits: &'a Limits,
        findings: &mut Findings,
    ) -> Option<Self> {
        let mut sheet = Self { file, mode, text, places: Vec::new(), headings: 0, limits };
        if text.trim().is_empty() {
            return Some(sheet);
        }
        let mut reader = csv_reader(text);
        let place = |column| Place::row(file, Some(1), column);
        let Ok(headings) = reader.headers() else {
            findings.error(place(None), Code::ROW_LENGTH);
            return None;
        };
        sheet.headings = headings.len();
        let mut complete = true;
        for column in columns.required.iter().chain(columns.optional).copied() {
            let mut found = headings.iter().enumerate().filter(|(_, heading)| *heading == column);
            match (found.next(), found.next()) {
                (Some((ix, _)), None) => sheet.places.push((column, ix)),
                (Some(_), Some(_)) => {
                    findings.error(place(Some(column)), Code::COLUMN_DUPLICATE);
                    complete = false;
                }
                (None, _) if columns.required.contains(&column) => {
                    findings.error(place(Some(column)), Code::COLUMN_MISSING);
                    complete = false;
                }
                (None, _) => {}
            }
        }
        let known = |heading: &str| {
            heading.starts_with("metadata.")
                || [columns.required, columns.optional, columns.ignored].iter().any(|all| all.contains(&heading))
        };
        // The heading itself is not shown: without a header line it would be somebody's data.
        for _ in headings.iter().filter(|heading| !known(heading)) {
            findings.warn(place(None), Code::COLUMN_UNKNOWN);
        }
        complete.then_some(sheet)
    }

    /// Calls `take` for each row with an id that is new in this file, and its status.
    ///
    /// `progress` is told how many rows have been read, now and then.
    pub(super) fn each(
        &self,
        findings: &mut Findings,
        progress: &mut dyn FnMut(u64),
        mut take: impl FnMut(&mut Row<'_>, SourcedId, Status),
    ) {
        let mut seen = HashSet::new();
        let mut record = StringRecord::new();
        let mut reader = csv_reader(self.text);
        let mut rows = 0;
        loop {
            let line = reader.position().line();
            let whole = Place::row(self.file, Some(line), None);
            match reader.read_record(&mut record) {
                Ok(true) => {}
                Ok(false) => break,
                Err(_) => return findings.error(whole, Code::ROW_LENGTH),
            }
            rows += 1;
            if rows > self.limits.rows {
                return findings.error(whole, Code::TOO_MANY_ROWS);
            }
            if rows % 5_000 == 0 {
                progress(rows);
            }
            let line = record.position().map_or(line, |position| line_of(self.text, position));
            let mut row = Row { sheet: self, record: &record, line, findings };
            if let Some((id, status)) = row.head(&mut seen) {
                take(&mut row, id, status);
            }
        }
        progress(rows);
    }

    /// How many rows there are, if no field holds a line break.
    pub(super) fn expected_rows(&self) -> u64 {
        let breaks = self.text.trim_end().bytes().filter(|byte| *byte == b'\n').count();
        breaks as u64
    }
}

/// The line a record begins in. The reader leaves the second half of CR LF, and blank lines, to the
/// record after them.
pub(super) fn line_of(text: &str, position: &csv::Position) -> u64 {
    let start = usize::try_from(position.byte()).unwrap_or(usize::MAX);
    let blank = text.bytes().skip(start).take_while(|byte| matches!(byte, b'\r' | b'\n'));
    position.line() + blank.filter(|byte| *byte == b'\n').count() as u64
}

pub(super) fn csv_reader(text: &str) -> csv::Reader<&[u8]> {
    csv::ReaderBuilder::new().has_headers(true).flexible(true).from_reader(text.as_bytes())
}

/// One row, with its place for findings.
pub(super) struct Row<'a> {
    sheet: &'a Sheet<'a>,
    record: &'a StringRecord,
    line: u64,
    findings: &'a mut Findings,
}

impl Row<'_> {
    /// Checks the row's shape, id and status.
    fn head(&mut self, seen: &mut HashSet<SourcedId>) -> Option<(SourcedId, Status)> {
        if self.record.len() != self.sheet.headings {
            self.findings.error(self.place(None), Code::ROW_LENGTH);
            return None;
        }
        let id = self.id("sourcedId")?;
        if !seen.insert(id.clone()) {
            self.error("sourcedId", Code::ID_DUPLICATE);
            return None;
        }
        let status = self.status()?;
        Some((id, status))
    }

    fn status(&mut self) -> Option<Status> {
        let status = match self.get("status") {
            "" => None,
            "active" => Some(Status::Active),
            "tobedeleted" | "inactive" => Some(Status::Deleted),
            _ => {
                self.error("status", Code::VALUE_INVALID);
                return None;
            }
        };
        if self.sheet.mode == Mode::Delta {
            if status.is_none() {
                self.error("status", Code::VALUE_MISSING);
            }
            return status;
        }
        if status.is_some() || !self.get("dateLastModified").is_empty() {
            self.warn("status", Code::STATUS_IN_BULK);
        }
        if status == Some(Status::Deleted) {
            self.warn("status", Code::DELETED_IN_BULK);
            return None;
        }
        Some(Status::Active)
    }

    fn place(&self, column: Option<&'static str>) -> Place<'static> {
        Place::row(self.sheet.file, Some(self.line), column)
    }

    /// Notes an error in a column of this row.
    pub(super) fn error(&mut self, column: &'static str, code: Code) {
        self.findings.error(self.place(Some(column)), code);
    }

    /// Notes an oddity in a column of this row.
    pub(super) fn warn(&mut self, column: &'static str, code: Code) {
        self.findings.warn(self.place(Some(column)), code);
    }

    /// The line in the file.
    pub(super) fn line(&self) -> u64 {
        self.line
    }

    /// The raw value, trimmed; empty where the column is not there.
    pub(super) fn get(&self, column: &str) -> &str {
        let place = self.sheet.places.iter().find(|(name, _)| *name == column);
        place.and_then(|(_, ix)| self.record.get(*ix)).unwrap_or("").trim()
    }

    /// A value that must be there.
    pub(super) fn required(&mut self, column: &'static str) -> Option<String> {
        let value = self.short(column)?;
        if value.is_empty() {
            self.error(column, Code::VALUE_MISSING);
            return None;
        }
        Some(value)
    }

    /// A value within the length of fields; empty where there is none.
    pub(super) fn short(&mut self, column: &'static str) -> Option<String> {
        let value = self.get(column);
        if value.len() > self.sheet.limits.field_bytes {
            self.error(column, Code::VALUE_TOO_LONG);
            return None;
        }
        Some(value.to_owned())
    }

    /// An id that must be there: up to 255 visible ASCII characters.
    pub(super) fn id(&mut self, column: &'static str) -> Option<SourcedId> {
        let value = self.get(column);
        let fault = match value {
            "" => Code::VALUE_MISSING,
            _ if value.len() > 255 => Code::VALUE_TOO_LONG,
            _ if !value.bytes().all(|byte| byte.is_ascii_graphic()) => Code::VALUE_INVALID,
            _ => return Some(value.into()),
        };
        self.error(column, fault);
        None
    }

    /// A comma-separated list of ids in one field.
    pub(super) fn ids(&self, column: &str) -> Vec<SourcedId> {
        self.get(column)
            .split(',')
            .map(str::trim)
            .filter(|id| !id.is_empty() && id.len() <= 255)
            .map(Into::into)
            .collect()
    }

    /// A name or title: trimmed, without characters that cannot be seen; empty where there is none.
    pub(super) fn name(&mut self, column: &'static str) -> Option<String> {
        let raw = self.sheet.places.iter().find(|(name, _)| *name == column);
        let raw = raw.and_then(|(_, ix)| self.record.get(*ix)).unwrap_or("");
        // Bytes first: counting a megabyte of characters for every row would be slow.
        let limit = self.sheet.limits.name_chars;
        if raw.len() > limit * 4 || raw.chars().count() > limit {
            self.error(column, Code::VALUE_TOO_LONG);
            return None;
        }
        let seen: String = raw.chars().filter(|c| !is_invisible(*c)).collect();
        if seen != raw {
            self.warn(column, Code::INVISIBLE);
        }
        let name = seen.trim();
        if name.len() != seen.len() {
            self.warn(column, Code::TRIMMED);
        }
        Some(name.to_owned())
    }

    /// A date. `Err` where the value is none; the error is noted.
    pub(super) fn date(&mut self, column: &'static str) -> Result<Option<Date>, ()> {
        let value = self.get(column);
        if value.is_empty() {
            return Ok(None);
        }
        value.parse().map(Some).map_err(|_| self.error(column, Code::DATE_INVALID))
    }
}

/// Control characters, and those that turn the direction of text: both can make a name look like
/// another.
pub(super) fn is_invisible(c: char) -> bool {
    c.is_control() || matches!(c, '\u{200B}' | '\u{FEFF}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}
