//! Change sets and their decisions: appended, never changed.

use crate::column::{known, until, window};
use crate::{Error, Read, Write};
use domain::draft::{Places, ScopeId, TestsId};
use domain::{
    ChangeSet, ChangeSetIx, Decision, Effect, GroupId, Instant, InstitutionId, PersonId, Record, Roster, TakingBack,
    Window,
};
use std::collections::BTreeSet;
use uuid::Uuid;

/// A change set that is to be recorded.
#[derive(Clone, Debug)]
pub struct NewChangeSet<'a> {
    /// The institution's revision with it.
    pub revision: i64,
    /// When.
    pub recorded: Instant,
    /// Who; nil for the operator and the system.
    pub author: PersonId,
    /// The author's name now.
    pub author_name: &'a str,
    /// By what way the author came, in one word.
    pub via: &'a str,
    /// The reason given; may be empty.
    pub reason: &'a str,
    /// What it takes back; it then has no decisions.
    pub takes_back: Option<&'a TakingBack>,
    /// Does the author give a right to themselves?
    pub own_right: bool,
}

/// A decision by ids, as it stands in the database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredDecision {
    /// Number of its change set, from 1.
    pub change_set: u32,
    /// Position in it.
    pub position: u16,
    /// Whom it is about.
    pub teacher: PersonId,
    /// Whose results.
    pub scope: ScopeId,
    /// In which tests.
    pub tests: TestsId,
    /// What it says.
    pub effect: Effect,
    /// When it is live.
    pub valid: Window,
}

/// A change set with what the rule does not read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredChangeSet {
    /// The change set.
    pub set: ChangeSet,
    /// The institution's revision with it.
    pub revision: i64,
    /// Did the author give a right to themselves?
    pub own_right: bool,
    /// By what way the author came, in one word.
    pub via: String,
}

/// A record read for a roster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loaded {
    /// Every change set, and the decisions whose tests the roster's catalogue has.
    pub record: Record,
    /// How many decisions name a subject or test that the catalogue does not have. They are kept
    /// in the database, say nothing, and count again when the catalogue has the test again.
    pub left_out: usize,
}

/// Appends a change set and answers its number. Decisions take their positions in order; their
/// `change_set` and `position` are not read.
///
/// # Errors
/// [`Error::Contradiction`] for an unknown institution.
pub async fn append(
    tx: &mut Write,
    institution: InstitutionId,
    set: &NewChangeSet<'_>,
    decisions: &[StoredDecision],
) -> Result<u32, Error> {
    let counted = sql!(tx.fetch_optional::<(i64,)>(
        "UPDATE institution_state SET change_sets = change_sets + 1 WHERE institution_id = $1 RETURNING change_sets",
        institution.0
    ))?;
    let number =
        known(counted.and_then(|(n,)| u32::try_from(n).ok()), "institution_state", "change_sets", institution)?;
    let positions = set.takes_back.and_then(|back| back.positions.as_ref()).map(|all| positions_text(all));
    sql!(tx.execute(
        "INSERT INTO change_set (institution_id, number, revision, recorded, author_id, author_name, via, reason, \
         takes_back, takes_back_positions, own_right) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        institution.0,
        i64::from(number),
        set.revision,
        set.recorded.0,
        set.author.0,
        set.author_name,
        set.via,
        set.reason,
        set.takes_back.map(|back| i64::from(back.target.0) + 1),
        &positions,
        set.own_right
    ))?;
    let rows: Vec<(i64, &StoredDecision)> = (0..).zip(decisions).collect();
    insert!(
        tx,
        "INSERT INTO decision (institution_id, change_set, position, teacher_id, scope_kind, scope_level, scope_id, \
         tests_kind, tests_code, effect, valid_from, valid_until)",
        rows,
        row => [
            institution.0,
            i64::from(number),
            row.0,
            row.1.teacher.0,
            scope_kind(row.1.scope),
            scope_level(row.1.scope),
            scope_key(row.1.scope),
            tests_kind(&row.1.tests),
            tests_code(&row.1.tests),
            effect_code(row.1.effect),
            row.1.valid.from.0,
            until(row.1.valid),
        ]
    );
    Ok(number)
}

/// How many change sets were recorded when the institution had this revision: the place of the
/// first one that who looked at it has not seen.
///
/// # Errors
/// What the engine says.
pub async fn count_by(read: &mut Read, institution: InstitutionId, revision: i64) -> Result<u32, Error> {
    let (count,) = sql!(read.fetch_one::<(i64,)>(
        "SELECT COUNT(*) FROM change_set WHERE institution_id = $1 AND revision <= $2",
        institution.0,
        revision
    ))?;
    known(u32::try_from(count).ok(), "change_set", "number", institution)
}

/// How many decisions there are at an institution, whatever tests they name.
///
/// # Errors
/// What the engine says.
pub async fn count(read: &mut Read, institution: InstitutionId) -> Result<usize, Error> {
    let (count,) =
        sql!(read.fetch_one::<(i64,)>("SELECT COUNT(*) FROM decision WHERE institution_id = $1", institution.0))?;
    known(usize::try_from(count).ok(), "decision", "count", institution)
}

/// Everything decided at an institution, by the places of its roster.
///
/// # Errors
/// [`Error::Contradiction`] where numbers have gaps, or a decision names somebody who is not in
/// the roster.
pub async fn load(read: &mut Read, roster: &Roster) -> Result<Loaded, Error> {
    let stored = change_sets_of(read, roster.institution).await?;
    let change_sets: Vec<ChangeSet> = stored.into_iter().map(|stored| stored.set).collect();
    let places = Places::of(roster);
    let (mut decisions, mut left_out) = (Vec::new(), 0);
    for stored in decisions_of(read, roster.institution).await? {
        let place = |column| Error::contradiction("decision", column, row_key(&stored));
        let Some(tests) = places.selector(&stored.tests) else {
            left_out += 1;
            continue;
        };
        let before = stored.change_set.checked_sub(1).filter(|ix| (*ix as usize) < change_sets.len());
        decisions.push(Decision {
            change_set: ChangeSetIx(before.ok_or_else(|| place("change_set"))?),
            position: stored.position,
            teacher: places.teacher(stored.teacher).ok_or_else(|| place("teacher_id"))?,
            scope: places.scope(stored.scope).ok_or_else(|| place("scope_id"))?,
            tests,
            effect: stored.effect,
            valid: stored.valid,
        });
    }
    if left_out > 0 {
        // As each August, and for a question about another school year.
        tracing::debug!(institution = %roster.institution, left_out, "decisions name tests that are not held then");
    }
    Ok(Loaded { record: Record { change_sets, decisions }, left_out })
}

#[derive(sqlx::FromRow)]
struct ChangeSetRow {
    number: i64,
    revision: i64,
    own_right: bool,
    recorded: i64,
    author_id: Uuid,
    author_name: String,
    via: String,
    reason: String,
    takes_back: Option<i64>,
    takes_back_positions: Option<String>,
}

/// Every change set of an institution, in order of number.
///
/// # Errors
/// [`Error::Contradiction`] for a row that cannot be, or a gap in the numbers.
pub async fn change_sets_of(read: &mut Read, institution: InstitutionId) -> Result<Vec<StoredChangeSet>, Error> {
    let rows = sql!(read.fetch_all::<ChangeSetRow>(
        "SELECT number, revision, own_right, recorded, author_id, author_name, via, reason, takes_back, \
         takes_back_positions FROM change_set WHERE institution_id = $1 ORDER BY number",
        institution.0
    ))?;
    (1_u32..).zip(rows).map(|(number, row)| change_set(institution, number, row)).collect()
}

/// Reads one row; `number` is the one that must come next.
fn change_set(institution: InstitutionId, number: u32, row: ChangeSetRow) -> Result<StoredChangeSet, Error> {
    let wrong = |column| Error::contradiction("change_set", column, format!("{institution}/{}", row.number));
    if row.number != i64::from(number) {
        return Err(wrong("number"));
    }
    let takes_back = match row.takes_back {
        None => None,
        Some(target) if (1..row.number).contains(&target) => {
            let target = u32::try_from(target - 1).map_err(|_| wrong("takes_back"))?;
            let positions = row.takes_back_positions.as_deref().map(serde_json::from_str).transpose();
            Some(TakingBack {
                target: ChangeSetIx(target),
                positions: positions.map_err(|_| wrong("takes_back_positions"))?,
            })
        }
        Some(_) => return Err(wrong("takes_back")),
    };
    let set = ChangeSet {
        number,
        recorded: Instant(row.recorded),
        author: PersonId(row.author_id),
        author_name: row.author_name,
        reason: row.reason,
        takes_back,
    };
    Ok(StoredChangeSet { set, revision: row.revision, own_right: row.own_right, via: row.via })
}

/// Numbers of the change sets whose authors came by one way, in one word.
///
/// # Errors
/// What the engine says.
pub async fn numbers_via(read: &mut Read, institution: InstitutionId, via: &str) -> Result<BTreeSet<u32>, Error> {
    let rows = sql!(read.fetch_all::<(i64,)>(
        "SELECT number FROM change_set WHERE institution_id = $1 AND via = $2",
        institution.0,
        via
    ))?;
    rows.into_iter().map(|(number,)| known(u32::try_from(number).ok(), "change_set", "number", institution)).collect()
}

#[derive(sqlx::FromRow)]
struct DecisionRow {
    change_set: i64,
    position: i64,
    teacher_id: Uuid,
    scope_kind: String,
    scope_level: Option<String>,
    scope_id: Option<Uuid>,
    tests_kind: String,
    tests_code: Option<String>,
    effect: String,
    valid_from: i64,
    valid_until: Option<i64>,
}

/// Every decision of an institution by ids, in order of change set, then position.
///
/// # Errors
/// [`Error::Contradiction`] for a row that cannot be.
pub async fn decisions_of(read: &mut Read, institution: InstitutionId) -> Result<Vec<StoredDecision>, Error> {
    let rows = sql!(read.fetch_all::<DecisionRow>(
        "SELECT change_set, position, teacher_id, scope_kind, scope_level, scope_id, tests_kind, tests_code, effect, \
         valid_from, valid_until FROM decision WHERE institution_id = $1 ORDER BY change_set, position",
        institution.0
    ))?;
    rows.into_iter().map(stored).collect()
}

fn stored(row: DecisionRow) -> Result<StoredDecision, Error> {
    let wrong = |column| Error::contradiction("decision", column, format!("{}/{}", row.change_set, row.position));
    let scope = match (row.scope_kind.as_str(), row.scope_level.as_deref(), row.scope_id) {
        ("school", None, None) => ScopeId::School,
        ("level", Some(level), None) => ScopeId::Level(level.parse().map_err(|_| wrong("scope_level"))?),
        ("group", None, Some(id)) => ScopeId::Group(GroupId(id)),
        ("pupil", None, Some(id)) => ScopeId::Pupil(PersonId(id)),
        _ => return Err(wrong("scope_kind")),
    };
    let tests = match (row.tests_kind.as_str(), &row.tests_code) {
        ("all", None) => TestsId::All,
        ("subject", Some(slug)) => TestsId::Subject(slug.clone()),
        ("test", Some(code)) => TestsId::Test(code.clone()),
        _ => return Err(wrong("tests_kind")),
    };
    let effect = match row.effect.as_str() {
        "give" => Effect::Give,
        "withhold" => Effect::Withhold,
        "clear" => Effect::Clear,
        _ => return Err(wrong("effect")),
    };
    Ok(StoredDecision {
        change_set: u32::try_from(row.change_set).map_err(|_| wrong("change_set"))?,
        position: u16::try_from(row.position).map_err(|_| wrong("position"))?,
        teacher: PersonId(row.teacher_id),
        scope,
        tests,
        effect,
        valid: window(Some(row.valid_from), row.valid_until),
    })
}

fn row_key(decision: &StoredDecision) -> String {
    format!("{}/{}", decision.change_set, decision.position)
}

fn positions_text(positions: &[u16]) -> String {
    let numbers: Vec<String> = positions.iter().map(u16::to_string).collect();
    format!("[{}]", numbers.join(","))
}

const fn scope_kind(scope: ScopeId) -> &'static str {
    match scope {
        ScopeId::School => "school",
        ScopeId::Level(_) => "level",
        ScopeId::Group(_) => "group",
        ScopeId::Pupil(_) => "pupil",
    }
}

fn scope_level(scope: ScopeId) -> Option<String> {
    if let ScopeId::Level(level) = scope { Some(level.to_string()) } else { None }
}

const fn scope_key(scope: ScopeId) -> Option<Uuid> {
    match scope {
        ScopeId::School | ScopeId::Level(_) => None,
        ScopeId::Group(group) => Some(group.0),
        ScopeId::Pupil(pupil) => Some(pupil.0),
    }
}

const fn tests_kind(tests: &TestsId) -> &'static str {
    match tests {
        TestsId::All => "all",
        TestsId::Subject(_) => "subject",
        TestsId::Test(_) => "test",
    }
}

fn tests_code(tests: &TestsId) -> Option<&str> {
    match tests {
        TestsId::All => None,
        TestsId::Subject(code) | TestsId::Test(code) => Some(code),
    }
}

const fn effect_code(effect: Effect) -> &'static str {
    match effect {
        Effect::Give => "give",
        Effect::Withhold => "withhold",
        Effect::Clear => "clear",
    }
}
