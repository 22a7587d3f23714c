//! What is wrong or odd about a bundle: file, line, column, code and a sentence, never the value
//! of a field.

use domain::import::Finding;
use std::collections::BTreeMap;

/// What kind of finding it is. Stable: pages translate by the code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code {
    /// The stable code.
    pub code: &'static str,
    /// The sentence in English.
    pub message: &'static str,
}

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $code:literal, $message:literal;)*) => {
        impl Code {
            $($(#[$doc])* pub const $name: Self = Self { code: $code, message: $message };)*
        }
    };
}

codes! {
    /// The bundle cannot be opened.
    UNREADABLE = "unreadable", "The file or folder cannot be read.";
    /// No zip, a damaged one or an encrypted one.
    ZIP_BROKEN = "zip-broken", "The zip file is damaged, encrypted or no zip file.";
    /// Larger than a limit.
    TOO_LARGE = "too-large", "The file is larger than this installation accepts.";
    /// Unpacks to far more than a roster does.
    ZIP_BOMB = "zip-bomb", "The file unpacks to far more than a roster would and was not read further.";
    /// More entries than a bundle has.
    TOO_MANY_FILES = "too-many-files", "The bundle holds more files than a roster would.";
    /// More rows than a limit.
    TOO_MANY_ROWS = "too-many-rows", "The file has more rows than this installation accepts.";
    /// Two entries of the same name.
    FILE_DUPLICATE = "file-duplicate", "The bundle holds two files of this name.";
    /// A file that OneRoster does not name.
    FILE_UNKNOWN = "file-unknown", "OneRoster knows no such file; it was not read.";
    /// In the bundle, absent in the manifest.
    FILE_UNEXPECTED = "file-unexpected", "The manifest says that this file is absent; it was not read.";
    /// In the manifest, absent in the bundle.
    FILE_MISSING = "file-missing", "The manifest names this file, and the bundle does not hold it at its root.";
    /// Needed, and absent in the manifest.
    FILE_NEEDED = "file-needed", "This file is needed, and the manifest says that it is absent.";
    /// No manifest.
    MANIFEST_MISSING = "manifest-missing", "The bundle has no manifest.csv at its root.";
    /// The manifest says something else than absent, bulk or delta.
    MANIFEST_MODE = "manifest-mode", "A file in the manifest must be absent, bulk or delta.";
    /// Neither 1.1 nor 1.2.
    VERSION = "version-unsupported", "The manifest must say oneroster.version 1.1 or 1.2.";
    /// UTF-16 or UTF-32.
    ENCODING_UTF16 = "encoding-utf16", "The file is written in UTF-16; save it as UTF-8.";
    /// Some other encoding.
    ENCODING_OTHER = "encoding-not-utf8", "The file is not UTF-8, probably Windows-1252 or ISO 8859-1; save it as UTF-8.";
    /// A required heading is missing.
    COLUMN_MISSING = "column-missing", "The heading of this required column is missing.";
    /// A heading stands twice.
    COLUMN_DUPLICATE = "column-duplicate", "The heading of this column stands twice.";
    /// Headings that OneRoster does not name.
    COLUMN_UNKNOWN = "column-unknown", "A column has a heading that OneRoster does not know; it was not read.";
    /// Fewer or more fields than headings.
    ROW_LENGTH = "row-length", "The row has another number of fields than the heading.";
    /// A required value is blank.
    VALUE_MISSING = "value-missing", "A required value is blank.";
    /// Longer than a field may be.
    VALUE_TOO_LONG = "value-too-long", "The value is longer than this field may be.";
    /// Not a value of this column.
    VALUE_INVALID = "value-invalid", "The value is none that this column may have.";
    /// Not a date.
    DATE_INVALID = "date-invalid", "The value is no date written as 2027-07-31.";
    /// An end before its beginning.
    DATES_REVERSED = "dates-reversed", "The end lies before the beginning; the row was skipped.";
    /// The same sourcedId twice.
    ID_DUPLICATE = "id-duplicate", "The same id stands in two rows.";
    /// Points at nothing.
    REFERENCE_MISSING = "reference-missing", "The row points at something that is in no file; it was skipped.";
    /// A class points at a term that is nowhere.
    TERM_UNKNOWN = "term-unknown", "The class names a term that is in no file; its places count from their own dates.";
    /// An enrolment of somebody who is nothing of the kind at that school.
    NOT_AT_SCHOOL = "not-at-school", "The person is not registered at that school in that role; the row was skipped.";
    /// Status filled in where it must be blank.
    STATUS_IN_BULK = "status-in-bulk", "In a bulk file status and dateLastModified should be blank; the rows were read.";
    /// Marked as deleted in a bulk file.
    DELETED_IN_BULK = "deleted-in-bulk", "The row is marked as deleted in a bulk file; it was skipped.";
    /// Spaces around a name.
    TRIMMED = "trimmed", "Spaces around the value were removed.";
    /// Characters that cannot be seen.
    INVISIBLE = "invisible-characters", "Characters that cannot be seen were removed from the value.";
    /// A person with one name only.
    NAME_MISSING = "name-missing", "The person has a given or a family name only.";
    /// Roles that a school's roster has no use for.
    ROLE_IGNORED = "role-ignored", "The person is neither pupil nor staff (a guardian, say) and was left out.";
    /// A role that OneRoster or UNI-Login does not name.
    ROLE_UNKNOWN = "role-unknown", "No such role is known; it was skipped.";
    /// Disabled in the source system.
    USER_DISABLED = "user-disabled", "The person is switched off in the source system and counts as missing.";
    /// A grade that is no level here.
    GRADE_UNKNOWN = "grade-unknown", "The grade is no level here: the pupil comes along, and no test fits.";
    /// More than one grade.
    GRADE_SEVERAL = "grade-several", "The pupil has several grades; the first that is a level counts.";
    /// The bundle has no school.
    SCHOOL_NONE = "school-none", "The bundle holds no school.";
    /// None of several schools is the one named.
    SCHOOL_NOT_FOUND = "school-not-found", "None of the bundle's schools has the institution's code as identifier or sourcedId.";
    /// Two schools answer to the code.
    SCHOOL_AMBIGUOUS = "school-ambiguous", "Several of the bundle's schools have this code as identifier or sourcedId.";
    /// A school without a code of its own.
    SCHOOL_CODE = "school-code", "The school's code is longer than a code may be or holds other characters than letters, digits, dots and hyphens.";
    /// The school's code is taken elsewhere.
    SCHOOL_ELSEWHERE = "school-elsewhere", "An institution of another authority has this school's code.";
    /// The other schools of the bundle.
    OTHER_SCHOOLS = "other-schools", "Other schools of the bundle were left alone.";
    /// A delta before any full file.
    DELTA_FIRST = "delta-first", "A delta needs a full import before it.";
    /// None of the formats that are read.
    FORMAT_UNKNOWN = "format-unknown", "The file is none that is read here: OneRoster as a zip file, a document of UNI-Login, or a staff list with its headings.";
    /// Syntax, or an end before the end.
    XML_BROKEN = "xml-broken", "The document is no sound XML at this place, or it is cut off.";
    /// A DOCTYPE, whatever is in it.
    XML_DOCTYPE = "xml-doctype", "The document has a DOCTYPE, and such documents are not read.";
    /// An entity that XML does not know by itself.
    XML_ENTITY = "xml-entity", "The document names an entity that XML does not know by itself.";
    /// Depth, attributes, elements or the length of a tag.
    XML_LIMIT = "xml-limit", "The document is deeper, or has more or longer tags, than a roster would.";
    /// A document of another kind.
    ROOT_UNKNOWN = "root-unknown", "The document is neither UNILoginImport nor UNILoginExportMedium or UNILoginExportFull.";
    /// The export that names nobody by an id of the school's own.
    EXPORT_SMALL = "export-small", "A small export has no LocalPersonId: ask for UNILoginExportMedium or UNILoginExportFull.";
    /// An element that the schema does not name there.
    ELEMENT_UNKNOWN = "element-unknown", "The document has an element that is not known at this place; it was not read.";
    /// Two of which there may be one.
    ELEMENT_TWICE = "element-twice", "The element stands twice where it may stand once.";
    /// A type that UNI-Login does not name.
    GROUP_TYPE_UNKNOWN = "group-type-unknown", "UNI-Login knows no such type of group; it counts as a group that is no class.";
    /// A pupil's role that UNI-Login does not name.
    PUPIL_ROLE_UNKNOWN = "pupil-role-unknown", "UNI-Login knows no such role of pupils; the pupil comes along.";
    /// Neither 8 nor 10 letters and digits.
    UNI_ID_ODD = "uni-id-odd", "The UNI-Login id has not 8 or 10 letters and digits; it was left out.";
    /// A national number where an id belongs.
    ID_NATIONAL = "id-national-number", "The person's id is the national number, which is never kept: the file needs another id.";
    /// Not newer than what was applied.
    FILE_OLDER = "file-older", "The document is not newer than the last one that was applied from the same source.";
    /// To be taken away, and not there.
    LIST_NOT_THERE = "list-not-there", "The list takes somebody away whom no list had named; nothing was done about them.";
    /// Of another institution.
    SCHOOL_OTHER = "school-other", "The document is another institution's.";
}

/// Where in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place<'a> {
    /// The file, such as `users.csv`; empty for the bundle itself.
    pub file: &'a str,
    /// Line, the header being line 1.
    pub line: Option<u64>,
    /// Where in the line, in characters from 1; rows of a table say a column instead.
    pub position: Option<u64>,
    /// Heading of the column, or name of the element or attribute.
    pub column: Option<&'static str>,
}

impl<'a> Place<'a> {
    /// The whole file.
    #[must_use]
    pub const fn file(file: &'a str) -> Self {
        Self { file, line: None, position: None, column: None }
    }

    /// A line of a table.
    #[must_use]
    pub const fn row(file: &'a str, line: Option<u64>, column: Option<&'static str>) -> Self {
        Self { file, line, position: None, column }
    }

    /// The bundle itself.
    pub const BUNDLE: Place<'static> = Place::file("");
}

/// The line of a row that carries one: 0 is none.
pub(super) const fn line(line: u64) -> Option<u64> {
    if line > 0 { Some(line) } else { None }
}

/// A line, and where in it.
type At = Option<(u64, Option<u64>)>;

type Key = (String, Option<&'static str>, Code);
type Merged = BTreeMap<Key, (At, u64, String)>;

/// Errors and warnings of one bundle. What repeats is kept once, with a count and its first line.
#[derive(Clone, Debug, Default)]
pub struct Findings {
    errors: Merged,
    warnings: Merged,
}

impl Findings {
    /// Notes an error: the import cannot go on.
    pub fn error(&mut self, place: Place<'_>, code: Code) {
        note(&mut self.errors, place, code, "");
    }

    /// Notes something odd that does not stop the import.
    pub fn warn(&mut self, place: Place<'_>, code: Code) {
        note(&mut self.warnings, place, code, "");
    }

    /// Notes an error with something of the bundle's own to say, such as the names of its schools.
    /// Never with a person's field.
    pub fn error_about(&mut self, place: Place<'_>, code: Code, about: &str) {
        note(&mut self.errors, place, code, about);
    }

    /// Notes an oddity with something of the bundle's own to say.
    pub fn warn_about(&mut self, place: Place<'_>, code: Code, about: &str) {
        note(&mut self.warnings, place, code, about);
    }

    /// Must the import stop?
    #[must_use]
    pub fn has_errors(&self) -> bool {
        !self.errors.is_empty()
    }

    /// Is there an error about this file?
    #[must_use]
    pub fn has_error_in(&self, file: &str) -> bool {
        self.errors.keys().any(|(name, _, _)| name == file)
    }

    /// Adds the findings of another look at the same bundle.
    pub fn extend(&mut self, other: &Self) {
        for (mine, theirs) in [(&mut self.errors, &other.errors), (&mut self.warnings, &other.warnings)] {
            for (key, (at, count, about)) in theirs {
                let merged = mine.entry(key.clone()).or_insert((*at, 0, about.clone()));
                merged.1 += count;
            }
        }
    }

    /// What stops the import, sorted.
    #[must_use]
    pub fn errors(&self) -> Vec<Finding> {
        listed(&self.errors)
    }

    /// What is odd, sorted.
    #[must_use]
    pub fn warnings(&self) -> Vec<Finding> {
        listed(&self.warnings)
    }
}

fn note(all: &mut Merged, place: Place<'_>, code: Code, about: &str) {
    let key = (place.file.to_owned(), place.column, code);
    let here: At = place.line.map(|line| (line, place.position));
    let (at, count, _) = all.entry(key).or_insert_with(|| (here, 0, about.to_owned()));
    *count += 1;
    if let (Some(first), Some(here)) = (&mut *at, here) {
        *first = here.min(*first);
    }
}

fn listed(all: &Merged) -> Vec<Finding> {
    let one = |((file, column, code), (at, count, about)): (&Key, &(At, u64, String))| Finding {
        file: file.clone(),
        line: at.map(|(line, _)| line),
        position: at.and_then(|(_, position)| position),
        column: column.map(ToOwned::to_owned),
        code: code.code.to_owned(),
        message: if about.is_empty() { code.message.to_owned() } else { format!("{} {about}", code.message) },
        count: *count,
    };
    all.iter().map(one).collect()
}
