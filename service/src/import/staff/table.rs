//! The list as a table: its encoding, its separator, its headings, and its rows.

use crate::import::finding::{Code, Findings, Place};
use crate::import::sheet::line_of;
use csv::StringRecord;
use std::borrow::Cow;

/// A column that is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Column {
    School,
    Id,
    Eppn,
    Given,
    Family,
    Role,
    From,
    Until,
    Protected,
    NationalNumber,
    Remove,
}

/// Each column that is read, with its headings in small letters; the first is the one that is said.
const HEADINGS: [(Column, &[&str]); 11] = [
    (Column::School, &["skolenhetskod", "skolenhet"]),
    (Column::Id, &["id", "person-id", "externt id"]),
    (Column::Eppn, &["eppn"]),
    (Column::Given, &["förnamn"]),
    (Column::Family, &["efternamn"]),
    (Column::Role, &["befattning", "roll"]),
    (Column::From, &["från och med", "fr.o.m.", "startdatum"]),
    (Column::Until, &["till och med", "t.o.m.", "slutdatum"]),
    (Column::Protected, &["skyddade personuppgifter", "sekretessmarkering", "skyddad"]),
    (Column::NationalNumber, &["personnummer"]),
    (Column::Remove, &["ta bort"]),
];

/// Columns that lists have and that are not read.
const UNREAD: [&str; 6] = ["huvudman", "organisationsnummer", "e-post", "ämnen", "telefon", "skola"];

/// Columns without which a list says nothing.
const REQUIRED: [Column; 4] = [Column::School, Column::Given, Column::Family, Column::Role];

impl Column {
    /// The heading by which it is called.
    pub(super) fn heading(self) -> &'static str {
        let own = HEADINGS.iter().find(|(column, _)| *column == self);
        own.and_then(|(_, headings)| headings.first()).copied().unwrap_or("")
    }

    fn of_heading(heading: &str) -> Option<Self> {
        HEADINGS.iter().find(|(_, headings)| headings.contains(&heading)).map(|(column, _)| *column)
    }
}

/// Do the first bytes of a file hold the headings of such a list?
pub(super) fn is_table(head: &[u8]) -> bool {
    let text = text(head);
    let first = text.lines().next().unwrap_or("");
    let mut columns: Vec<Column> =
        first.split([separator(first), '"']).map(small).filter_map(|h| Column::of_heading(&h)).collect();
    columns.dedup();
    columns.len() >= 3 && columns.contains(&Column::School)
}

/// Bytes as text. What is no UTF-8 is Windows-1252: every byte of it is a character.
pub(super) fn text(bytes: &[u8]) -> Cow<'_, str> {
    let bytes = bytes.strip_prefix(&[0xEF, 0xBB, 0xBF]).unwrap_or(bytes);
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        // The end of a file's beginning may cut a character in two.
        Err(error) if error.error_len().is_none() => Cow::Borrowed(
            bytes.get(..error.valid_up_to()).and_then(|part| std::str::from_utf8(part).ok()).unwrap_or(""),
        ),
        Err(_) => Cow::Owned(bytes.iter().map(|byte| windows_1252(*byte)).collect()),
    }
}

/// The 32 places where Windows-1252 is not ISO 8859-1 (Unicode's table CP1252.TXT); the five without a character
/// are a replacement character.
const HIGH: [char; 32] = [
    '€', '\u{FFFD}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{FFFD}', 'Ž', '\u{FFFD}', '\u{FFFD}',
    '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{FFFD}', 'ž', 'Ÿ',
];

fn windows_1252(byte: u8) -> char {
    match byte {
        0x80..0xA0 => HIGH.get(usize::from(byte - 0x80)).copied().unwrap_or('\u{FFFD}'),
        _ => char::from(byte),
    }
}

/// What parts the fields of a line of headings.
fn separator(headings: &str) -> char {
    if headings.contains(';') { ';' } else { ',' }
}

fn small(heading: &str) -> String {
    heading.trim().to_lowercase()
}

/// A list whose headings have been checked.
pub(super) struct Table<'a> {
    text: &'a str,
    separator: u8,
    places: Vec<(Column, usize)>,
    headings: usize,
}

impl<'a> Table<'a> {
    /// Checks the headings. `None` where one is missing or stands twice; the error is noted.
    pub(super) fn open(text: &'a str, findings: &mut Findings) -> Option<Self> {
        let separator = if separator(text.lines().next().unwrap_or("")) == ';' { b';' } else { b',' };
        let mut table = Self { text, separator, places: Vec::new(), headings: 0 };
        let mut reader = table.reader();
        let Ok(headings) = reader.headers() else {
            findings.error(Place::row("", Some(1), None), Code::ROW_LENGTH);
            return None;
        };
        table.headings = headings.len();
        for (ix, heading) in headings.iter().map(small).enumerate() {
            match Column::of_heading(&heading) {
                Some(column) if table.places.iter().any(|(known, _)| *known == column) => {
                    findings.error(Place::row("", Some(1), Some(column.heading())), Code::COLUMN_DUPLICATE);
                }
                Some(column) => table.places.push((column, ix)),
                None if heading.is_empty() || UNREAD.contains(&heading.as_str()) => {}
                None => findings.warn(Place::row("", Some(1), None), Code::COLUMN_UNKNOWN),
            }
        }
        let has = |column| table.places.iter().any(|(known, _)| *known == column);
        let missing = REQUIRED.into_iter().filter(|column| !has(*column));
        let nameless = (!has(Column::Id) && !has(Column::Eppn)).then_some(Column::Id);
        for column in missing.chain(nameless) {
            findings.error(Place::row("", Some(1), Some(column.heading())), Code::COLUMN_MISSING);
        }
        (!findings.has_errors()).then_some(table)
    }

    /// Calls `take` for each row, until it says no.
    pub(super) fn each(&self, mut take: impl FnMut(&Row<'_>) -> bool) {
        let mut record = StringRecord::new();
        let mut reader = self.reader();
        while let Ok(true) = reader.read_record(&mut record) {
            let line = record.position().map_or(0, |position| line_of(self.text, position));
            // Spreadsheets leave rows of separators behind.
            if record.iter().any(|field| !field.trim().is_empty()) && !take(&Row { table: self, record: &record, line })
            {
                return;
            }
        }
    }

    fn reader(&self) -> csv::Reader<&'a [u8]> {
        let mut builder = csv::ReaderBuilder::new();
        builder.has_headers(true).flexible(true).delimiter(self.separator).from_reader(self.text.as_bytes())
    }
}

/// One row.
pub(super) struct Row<'a> {
    table: &'a Table<'a>,
    record: &'a StringRecord,
    line: u64,
}

impl Row<'_> {
    /// Does it have as many fields as there are headings?
    pub(super) fn is_whole(&self) -> bool {
        self.record.len() == self.table.headings
    }

    pub(super) const fn line(&self) -> u64 {
        self.line
    }

    /// The value, trimmed; empty where the column is not there.
    pub(super) fn get(&self, column: Column) -> &str {
        let place = self.table.places.iter().find(|(known, _)| *known == column);
        place.and_then(|(_, ix)| self.record.get(*ix)).unwrap_or("").trim()
    }
}
