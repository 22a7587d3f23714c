//! What is recorded from files.

use super::{FileRoster, KnownAffiliation, KnownGroup, KnownLevel, KnownPerson, KnownPlace};
use crate::column::{known, window};
use crate::{Error, Read};
use domain::{GroupId, GroupKind, Instant, InstitutionId, Level, PersonId, UniId, UserType};
use uuid::Uuid;

/// Who was known by their UNI-Login before this owner's files named them yields to the files that were first, for as
/// long as the person is at an institution of theirs; of two that both came later, to the one of the smaller id.
macro_rules! named_elsewhere {
    ($now:literal) => {
        concat!(
            "(s.met AND EXISTS (SELECT 1 FROM person_source o \
             JOIN institution i ON i.id = o.owner_id OR i.authority_id = o.owner_id \
             JOIN affiliation f ON f.institution_id = i.id AND f.person_id = o.person_id \
             WHERE o.person_id = s.person_id AND o.owner_id <> s.owner_id AND (NOT o.met OR o.owner_id < s.owner_id) \
             AND f.source = 'file' AND f.recorded_until IS NULL AND (f.valid_until IS NULL OR f.valid_until > ",
            $now,
            "))) AS named_elsewhere"
        )
    };
}

/// Everything recorded from files about an institution that ends after `now`, affiliations of one source, with the persons
/// named by its own files or, where they are or were affiliated here, by its authority's.
///
/// # Errors
/// A contradiction where a stored code is none.
pub async fn file_roster(
    read: &mut Read,
    institution: InstitutionId,
    authority: Uuid,
    source: &'static str,
    now: Instant,
) -> Result<FileRoster, Error> {
    Ok(FileRoster {
        people: people(read, institution, authority, now).await?,
        affiliations: affiliations(read, institution, source, now).await?,
        levels: levels(read, institution, now).await?,
        groups: groups(read, institution).await?,
        memberships: places(read, MEMBERSHIPS, institution, now).await?,
        teaching: places(read, TEACHING, institution, now).await?,
        staff_rights: staff_rights(read, institution).await?,
        had_levels: had_levels(read, institution).await?,
    })
}

/// The persons that an owner's files (an institution's or authority's) have named.
///
/// # Errors
/// What the engine says.
pub async fn people_of(read: &mut Read, owner: Uuid, now: Instant) -> Result<Vec<KnownPerson>, Error> {
    let rows = sql!(read.fetch_all::<PersonRow>(
        concat!(
            "SELECT s.source_id, s.person_id, p.given, p.family, p.protected, CAST(NULL AS BIGINT) AS number, ",
            named_elsewhere!("$2"),
            " FROM person_source s JOIN person p ON p.id = s.person_id WHERE s.owner_id = $1 ORDER BY s.source_id"
        ),
        owner,
        now.0,
    ))?;
    Ok(rows.into_iter().map(Into::into).collect())
}

/// The person of a UNI-Login id, as an institution's files are to call them; `None` where it is nobody's.
///
/// # Errors
/// What the engine says.
pub async fn person_of_uni_id(
    read: &mut Read,
    uni_id: &UniId,
    source_id: &str,
    institution: InstitutionId,
) -> Result<Option<KnownPerson>, Error> {
    let row = sql!(read.fetch_optional::<PersonRow>(
        "SELECT CAST($2 AS TEXT) AS source_id, p.id AS person_id, p.given, p.family, p.protected, a.number, \
         TRUE AS named_elsewhere FROM uni_login u JOIN person p ON p.id = u.person_id \
         LEFT JOIN pupil_alias a ON a.institution_id = $3 AND a.person_id = p.id WHERE u.uni_id = $1",
        uni_id.as_str(),
        source_id,
        institution.0,
    ))?;
    Ok(row.map(Into::into))
}

#[derive(sqlx::FromRow)]
struct PersonRow {
    source_id: String,
    person_id: Uuid,
    given: String,
    family: String,
    protected: bool,
    number: Option<i64>,
    named_elsewhere: bool,
}

impl From<PersonRow> for KnownPerson {
    fn from(row: PersonRow) -> Self {
        let PersonRow { source_id, person_id, given, family, protected, number, named_elsewhere } = row;
        let (person, is_named_elsewhere) = (person_id.into(), named_elsewhere);
        Self { source_id, person, given, family, protected, alias: number, is_named_elsewhere }
    }
}

async fn people(
    read: &mut Read,
    institution: InstitutionId,
    authority: Uuid,
    now: Instant,
) -> Result<Vec<KnownPerson>, Error> {
    // The authority's names come first, so that the institution's own overrule them.
    let rows = sql!(read.fetch_all::<PersonRow>(
        concat!(
            "SELECT s.source_id, s.person_id, p.given, p.family, p.protected, a.number, ",
            named_elsewhere!("$3"),
            " FROM person_source s JOIN person p ON p.id = s.person_id \
             LEFT JOIN pupil_alias a ON a.institution_id = $1 AND a.person_id = s.person_id \
             WHERE s.owner_id = $1 OR (s.owner_id = $2 AND EXISTS \
                 (SELECT 1 FROM affiliation f WHERE f.institution_id = $1 AND f.person_id = s.person_id)) \
             ORDER BY CASE WHEN s.owner_id = $1 THEN 1 ELSE 0 END, s.source_id"
        ),
        institution.0,
        authority,
        now.0,
    ))?;
    Ok(rows.into_iter().map(Into::into).collect())
}

#[derive(sqlx::FromRow)]
struct AffiliationRow {
    id: Uuid,
    person_id: Uuid,
    user_type: String,
    valid_from: Option<i64>,
    valid_until: Option<i64>,
}

async fn affiliations(
    read: &mut Read,
    institution: InstitutionId,
    source: &'static str,
    now: Instant,
) -> Result<Vec<KnownAffiliation>, Error> {
    let rows = sql!(read.fetch_all::<AffiliationRow>(
        "SELECT id, person_id, user_type, valid_from, valid_until FROM affiliation \
         WHERE institution_id = $1 AND source = $3 AND recorded_until IS NULL \
         AND (valid_until IS NULL OR valid_until > $2) ORDER BY id",
        institution.0,
        now.0,
        source,
    ))?;
    let fact = |row: AffiliationRow| {
        let user_type = known(UserType::from_code(&row.user_type), "affiliation", "user_type", row.id)?;
        let valid = window(row.valid_from, row.valid_until);
        Ok(KnownAffiliation { id: row.id, person: row.person_id.into(), user_type, valid })
    };
    rows.into_iter().map(fact).collect()
}

#[derive(sqlx::FromRow)]
struct LevelRow {
    id: Uuid,
    person_id: Uuid,
    level: Option<String>,
    raw: String,
    valid_from: Option<i64>,
    valid_until: Option<i64>,
}

async fn levels(read: &mut Read, institution: InstitutionId, now: Instant) -> Result<Vec<KnownLevel>, Error> {
    let rows = sql!(read.fetch_all::<LevelRow>(
        "SELECT id, person_id, level, raw, valid_from, valid_until FROM pupil_level \
         WHERE institution_id = $1 AND recorded_until IS NULL \
         AND (valid_until IS NULL OR valid_until > $2) ORDER BY id",
        institution.0,
        now.0,
    ))?;
    let fact = |row: LevelRow| {
        let level: Option<Level> = match &row.level {
            None => None,
            Some(text) => Some(known(text.parse().ok(), "pupil_level", "level", row.id)?),
        };
        let valid = window(row.valid_from, row.valid_until);
        Ok(KnownLevel { id: row.id, person: row.person_id.into(), level, raw: row.raw, valid })
    };
    rows.into_iter().map(fact).collect()
}

async fn had_levels(read: &mut Read, institution: InstitutionId) -> Result<bool, Error> {
    let row = sql!(read.fetch_optional::<(Uuid,)>(
        "SELECT id FROM pupil_level WHERE institution_id = $1 ORDER BY id LIMIT 1",
        institution.0,
    ))?;
    Ok(row.is_some())
}

#[derive(sqlx::FromRow)]
struct GroupRow {
    id: Uuid,
    source_id: String,
    name: String,
    kind: String,
    subject: Option<String>,
    gone: Option<i64>,
}

async fn groups(read: &mut Read, institution: InstitutionId) -> Result<Vec<KnownGroup>, Error> {
    let rows = sql!(read.fetch_all::<GroupRow>(
        "SELECT id, source_id, name, kind, subject, gone FROM school_group \
         WHERE institution_id = $1 AND source_id IS NOT NULL ORDER BY id",
        institution.0,
    ))?;
    let group = |row: GroupRow| {
        let kind = known(GroupKind::from_code(&row.kind), "school_group", "kind", row.id)?;
        let GroupRow { id, source_id, name, subject, gone, .. } = row;
        Ok(KnownGroup { source_id, group: GroupId(id), name, kind, subject, is_gone: gone.is_some() })
    };
    rows.into_iter().map(group).collect()
}

#[derive(sqlx::FromRow)]
struct PlaceRow {
    id: Uuid,
    person_id: Uuid,
    group_id: Uuid,
    valid_from: Option<i64>,
    valid_until: Option<i64>,
}

impl From<PlaceRow> for KnownPlace {
    fn from(row: PlaceRow) -> Self {
        let valid = window(row.valid_from, row.valid_until);
        Self { id: row.id, person: row.person_id.into(), group: GroupId(row.group_id), valid }
    }
}

/// The places that end after `now`, of pupils or of teachers, as the statement says.
async fn places(
    read: &mut Read,
    statement: &'static str,
    institution: InstitutionId,
    now: Instant,
) -> Result<Vec<KnownPlace>, Error> {
    let rows = sql!(read.fetch_all::<PlaceRow>(statement, institution.0, now.0))?;
    Ok(rows.into_iter().map(Into::into).collect())
}

const MEMBERSHIPS: &str = "SELECT m.id, m.person_id, m.group_id, m.valid_from, m.valid_until FROM membership m \
    JOIN school_group g ON g.institution_id = m.institution_id AND g.id = m.group_id \
    WHERE m.institution_id = $1 AND g.source_id IS NOT NULL AND m.recorded_until IS NULL \
    AND (m.valid_until IS NULL OR m.valid_until > $2) ORDER BY m.id";

const TEACHING: &str = "SELECT t.id, t.person_id, t.group_id, t.valid_from, t.valid_until FROM teaches t \
    JOIN school_group g ON g.institution_id = t.institution_id AND g.id = t.group_id \
    WHERE t.institution_id = $1 AND g.source_id IS NOT NULL AND t.recorded_until IS NULL \
    AND (t.valid_until IS NULL OR t.valid_until > $2) ORDER BY t.id";

async fn staff_rights(read: &mut Read, institution: InstitutionId) -> Result<Vec<PersonId>, Error> {
    let rows = sql!(read.fetch_all::<(Uuid,)>(
        "SELECT DISTINCT person_id FROM staff_right WHERE institution_id = $1 ORDER BY person_id",
        institution.0,
    ))?;
    Ok(rows.into_iter().map(|(person,)| person.into()).collect())
}
