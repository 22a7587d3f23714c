//! Draft files of the command line, and what it prints about them.
//!
//! A file names people and groups by our id or by the roster's own (`sourcedId`), and what is
//! printed uses the roster's where there is one.

use super::ids::{Ids, ids_in};
use super::load::administer;
use crate::{Actor, Fault, Service};
use domain::diff::{Change, Diff};
use domain::draft::{Edit, ScopeId, TestsId};
use domain::exchange::{Applied, ApplyOutcome, Conflict, Proposal, Review};
use domain::{Date, Effect, Instant, Level, Roster, TestIx, Window};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Largest draft file that is read.
pub const DRAFT_FILE_BYTES_MAX: usize = 8 * 1024 * 1024;

/// A draft file: edits, or the taking back of a change set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DraftFile {
    /// Why; kept in the history.
    pub reason: String,
    /// The revision that the draft was made on; `None` for the present one.
    pub revision: Option<i64>,
    /// What is proposed.
    pub content: DraftContent,
}

/// What a draft file proposes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DraftContent {
    /// Edits, in order.
    Edits(Vec<FileEdit>),
    /// The number of a change set to be taken back.
    TakeBack(u32),
}

/// One edit of a draft file.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileEdit {
    /// Whom it is about.
    pub teachers: Vec<String>,
    /// Whose results.
    pub scope: FileScope,
    /// In which tests.
    pub tests: FileTests,
    /// Give, withhold or clear.
    pub decision: Effect,
    /// First day; today if absent.
    pub from: Option<Date>,
    /// Last day; what [`Edit::window`] says if absent.
    pub until: Option<Date>,
}

/// A scope in a draft file.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FileScope {
    /// The whole school; always `true`.
    School(Always),
    /// A level.
    Level(Level),
    /// A class or group.
    Group(String),
    /// A pupil.
    Pupil(String),
}

/// Tests in a draft file.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FileTests {
    /// Every national test; always `true`.
    All(Always),
    /// A subject's national tests, by slug.
    Subject(String),
    /// One test, by code.
    Test(String),
}

/// The word `true`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "bool")]
pub struct Always;

impl TryFrom<bool> for Always {
    type Error = &'static str;

    fn try_from(value: bool) -> Result<Self, Self::Error> {
        if value { Ok(Self) } else { Err("this can only be true; leave it out and name something else instead") }
    }
}

/// The file as written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    reason: String,
    revision: Option<i64>,
    edits: Option<Vec<FileEdit>>,
    take_back: Option<u32>,
}

/// Why a draft file cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum DraftFileError {
    /// The file is too large.
    #[error("the draft file is larger than {DRAFT_FILE_BYTES_MAX} bytes")]
    TooLarge,
    /// It is no JSON of the right form.
    #[error("the draft file cannot be read: {0}")]
    Malformed(#[from] serde_json::Error),
    /// It has neither edits nor a taking back, or both.
    #[error("a draft file has either `edits` or `take_back`")]
    EitherOr,
}

impl DraftFile {
    /// Reads a draft file.
    ///
    /// # Errors
    /// A sentence with line and column where it is malformed.
    pub fn parse(bytes: &[u8]) -> Result<Self, DraftFileError> {
        if bytes.len() > DRAFT_FILE_BYTES_MAX {
            return Err(DraftFileError::TooLarge);
        }
        let Written { reason, revision, edits, take_back } = serde_json::from_slice(bytes)?;
        let content = match (edits, take_back) {
            (Some(edits), None) => DraftContent::Edits(edits),
            (None, Some(number)) => DraftContent::TakeBack(number),
            (Some(_), Some(_)) | (None, None) => return Err(DraftFileError::EitherOr),
        };
        Ok(Self { reason, revision, content })
    }

    /// The proposal, with everything named by our ids.
    ///
    /// # Errors
    /// [`Fault::Unknown`] for an id that names nobody and nothing here.
    pub fn proposal(&self, ids: &Ids) -> Result<Proposal, Fault> {
        Ok(match &self.content {
            DraftContent::TakeBack(number) => Proposal::TakeBack { change_set: *number, positions: None },
            DraftContent::Edits(edits) => {
                Proposal::Edits(edits.iter().map(|edit| edit.resolve(ids)).collect::<Result<_, _>>()?)
            }
        })
    }
}

impl FileEdit {
    fn resolve(&self, ids: &Ids) -> Result<Edit, Fault> {
        let person = |what, text: &str| ids.person(text).ok_or_else(|| Fault::unknown(what, text));
        let group = |text: &str| ids.group(text).ok_or_else(|| Fault::unknown("group", text));
        Ok(Edit {
            teachers: self.teachers.iter().map(|text| person("teacher", text)).collect::<Result<_, _>>()?,
            scope: match &self.scope {
                FileScope::School(Always) => ScopeId::School,
                FileScope::Level(level) => ScopeId::Level(*level),
                FileScope::Group(text) => ScopeId::Group(group(text)?),
                FileScope::Pupil(text) => ScopeId::Pupil(person("pupil", text)?),
            },
            tests: match &self.tests {
                FileTests::All(Always) => TestsId::All,
                FileTests::Subject(slug) => TestsId::Subject(slug.clone()),
                FileTests::Test(code) => TestsId::Test(code.clone()),
            },
            effect: self.decision,
            from: self.from,
            until: self.until,
        })
    }
}

/// What `draft preview` and `draft apply` print.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DraftReport {
    /// The revision: that of the review, or the one after applying.
    pub revision: i64,
    /// The number of the new change set, if it was applied.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub change_set: Option<u32>,
    /// Who gains.
    pub gains: Vec<ReportedChange>,
    /// Who loses.
    pub losses: Vec<ReportedChange>,
    /// What no teacher would see any more.
    pub unseen: Vec<ReportedUnseen>,
    /// Later decisions that the draft touches.
    pub conflicts: Vec<Conflict>,
}

/// One teacher's change for one pupil, for the same days.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct ReportedChange {
    /// The teacher.
    pub teacher: String,
    /// The pupil.
    pub pupil: String,
    /// Codes of the tests.
    pub tests: Vec<String>,
    /// First day.
    pub from: Date,
    /// Last day; `None` if for good.
    pub until: Option<Date>,
}

/// A result that no teacher would see any more.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct ReportedUnseen {
    /// The pupil.
    pub pupil: String,
    /// Code of the test.
    pub test: String,
    /// First day.
    pub from: Date,
}

impl DraftReport {
    /// A review in the roster's own ids.
    #[must_use]
    pub fn of(review: &Review, roster: &Roster, ids: &Ids) -> Self {
        let Diff { gains, losses, unseen } = &review.diff;
        let mut unseen: Vec<ReportedUnseen> = unseen
            .iter()
            .map(|unseen| ReportedUnseen {
                pupil: name(roster.pupils.get(usize::from(unseen.pupil.0)), ids),
                test: test_code(roster, unseen.test),
                from: roster.zone.date_of(unseen.from),
            })
            .collect();
        unseen.sort_unstable();
        Self {
            revision: review.revision,
            change_set: None,
            gains: reported(gains, roster, ids),
            losses: reported(losses, roster, ids),
            unseen,
            conflicts: review.conflicts.clone(),
        }
    }
}

fn reported(changes: &[Change], roster: &Roster, ids: &Ids) -> Vec<ReportedChange> {
    type Key = (u16, u16, Instant, Option<Instant>);
    let mut gathered: BTreeMap<Key, Vec<String>> = BTreeMap::new();
    for change in changes {
        let key = (change.teacher.0, change.pupil.0, change.from, change.until);
        gathered.entry(key).or_default().push(test_code(roster, change.test));
    }
    let mut list: Vec<ReportedChange> = gathered
        .into_iter()
        .map(|((teacher, pupil, from, until), mut tests)| {
            tests.sort_unstable();
            let (from, until) = roster.zone.days(Window { from, until });
            ReportedChange {
                teacher: name(roster.teachers.get(usize::from(teacher)), ids),
                pupil: name(roster.pupils.get(usize::from(pupil)), ids),
                tests,
                from,
                until,
            }
        })
        .collect();
    list.sort_unstable();
    list
}

fn name(person: Option<&domain::Person>, ids: &Ids) -> String {
    person.map(|person| ids.of_person(person.id)).unwrap_or_default()
}

fn test_code(roster: &Roster, ix: TestIx) -> String {
    roster.tests.get(usize::from(ix.0)).map(|test| test.code.clone()).unwrap_or_default()
}

/// What became of a draft file that was to be applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FileOutcome {
    /// Recorded.
    Applied(DraftReport),
    /// It touches later decisions than its revision knew; nothing was recorded.
    Conflicting(DraftReport),
    /// The school changed between review and applying; nothing was recorded.
    Stale(DraftReport),
}

impl Service {
    /// What a draft file would do.
    ///
    /// # Errors
    /// As [`Service::review`]; [`Fault::Unknown`] for an unknown or foreign id.
    pub async fn preview_file(&self, actor: &Actor, file: &DraftFile) -> Result<DraftReport, Fault> {
        Ok(self.review_file(actor, file).await?.report)
    }

    /// Applies a draft file in one go: what is reviewed is what is recorded, and a draft that
    /// touches later decisions than its revision knew is not applied.
    ///
    /// # Errors
    /// As [`Service::apply`]; [`Fault::Unknown`] for an unknown or foreign id.
    pub async fn apply_file(&self, actor: &Actor, file: &DraftFile) -> Result<FileOutcome, Fault> {
        let Reviewed { proposal, based_on, digest, report } = self.review_file(actor, file).await?;
        if !report.conflicts.is_empty() {
            return Ok(FileOutcome::Conflicting(report));
        }
        match self.apply(actor, &proposal, based_on, &digest, &file.reason).await? {
            ApplyOutcome::Applied(Applied { change_set, revision }) => {
                Ok(FileOutcome::Applied(DraftReport { revision, change_set: Some(change_set), ..report }))
            }
            ApplyOutcome::Stale(_) => Ok(FileOutcome::Stale(self.preview_file(actor, file).await?)),
        }
    }

    async fn review_file(&self, actor: &Actor, file: &DraftFile) -> Result<Reviewed, Fault> {
        administer(actor)?;
        let mut read = self.db.read().await?;
        let cached = self.school_in(&mut read, actor.institution).await?;
        let ids = ids_in(&mut read, actor).await?;
        let proposal = file.proposal(&ids)?;
        let based_on = file.revision.unwrap_or(cached.school().revision);
        let now = self.env.now();
        let prepared = self.prepare_on(&mut read, cached, actor, &proposal, based_on, now).await?;
        let review = prepared.proposed.review;
        let report = DraftReport::of(&review, &prepared.cached.school().roster, &ids);
        Ok(Reviewed { proposal, based_on, digest: review.digest, report })
    }
}

/// A draft file worked out on the present revision.
struct Reviewed {
    proposal: Proposal,
    based_on: i64,
    digest: String,
    report: DraftReport,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(text: &str) -> String {
        DraftFile::parse(text.as_bytes()).unwrap_err().to_string()
    }

    #[test]
    fn a_file_of_edits_reads() {
        let text = r#"{"reason": "ny lærer", "revision": 7, "edits": [
            {"teachers": ["T-1"], "scope": {"school": true}, "tests": {"all": true}, "decision": "give"},
            {"teachers": ["T-1", "T-2"], "scope": {"level": "4"}, "tests": {"subject": "dansk"}, "decision": "withhold",
             "from": "2026-12-01", "until": "2027-01-31"},
            {"teachers": ["T-1"], "scope": {"group": "G-1"}, "tests": {"test": "X-4"}, "decision": "clear"},
            {"teachers": ["T-1"], "scope": {"pupil": "P-1"}, "tests": {"test": "X-4"}, "decision": "give"}]}"#;
        let file = DraftFile::parse(text.as_bytes()).unwrap();
        assert_eq!((file.reason.as_str(), file.revision), ("ny lærer", Some(7)));
        let DraftContent::Edits(edits) = file.content else { panic!("edits") };
        assert_eq!(edits.len(), 4);
        assert_eq!(edits[0].scope, FileScope::School(Always));
        assert_eq!(edits[1].scope, FileScope::Level("4".parse().unwrap()));
        assert_eq!(edits[1].until, Some("2027-01-31".parse().unwrap()));
        assert_eq!(edits[2].decision, Effect::Clear);
        let file = DraftFile::parse(br#"{"reason": "", "take_back": 3}"#).unwrap();
        assert_eq!(file.content, DraftContent::TakeBack(3));
    }

    #[test]
    fn everything_else_is_refused_with_a_sentence() {
        let edit = |scope: &str| {
            format!(
                r#"{{"reason": "", "edits": [{{"teachers": [], "scope": {scope}, "tests": {{"all": true}}, "decision": "give"}}]}}"#
            )
        };
        for scope in [
            r#"{"school": false}"#,
            r#"{"school": true, "level": "4"}"#,
            r#"{"level": "11"}"#,
            r#"{"class": "4.A"}"#,
            "{}",
            r#""school""#,
        ] {
            assert!(problem(&edit(scope)).contains("line 1 column"), "{scope}: {}", problem(&edit(scope)));
        }
        assert_eq!(problem(r#"{"reason": ""}"#), DraftFileError::EitherOr.to_string());
        assert_eq!(problem(r#"{"reason": "", "edits": [], "take_back": 1}"#), DraftFileError::EitherOr.to_string());
        assert!(problem(r#"{"edits": []}"#).contains("reason"));
        assert!(problem(r#"{"reason": "", "edits": [], "by": "me"}"#).contains("unknown field"));
        assert!(problem(r#"{"reason": "", "take_back": -1}"#).contains("line 1"));
        assert!(problem("").contains("line 1"));
        assert_eq!(problem(&" ".repeat(DRAFT_FILE_BYTES_MAX + 1)), DraftFileError::TooLarge.to_string());
    }
}
