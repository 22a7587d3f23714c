//! What one institution holds about one person, kind by kind: for the file that a person may ask for.
//! Nobody else is named in what is read here.

use crate::column::{known, window};
use crate::roster::Alias;
use crate::{Error, Read};
use domain::staff_right::StaffRight;
use domain::{AccountId, Instant, InstitutionId, PersonId, UserType, Window, Zone};
use uuid::Uuid;

/// Something a person was at the institution.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// `staff`, `pupil` or `external`.
    pub kind: String,
    /// What, in UNI-Login's words.
    pub user_type: UserType,
    /// `file`, `account`, or by hand.
    pub source: String,
    /// When it holds.
    pub valid: Window,
    /// From when it was recorded until it was replaced.
    pub recorded: Window,
}

/// A fact in a word, and when it holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dated {
    /// The word: a group's name, a level.
    pub word: String,
    /// When it holds.
    pub valid: Window,
    /// From when it was recorded until it was replaced.
    pub recorded: Window,
}

/// A decision about a teacher, or about a single pupil.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decided {
    /// When it was recorded.
    pub recorded: Instant,
    /// Is it the person's own right, as a teacher? Otherwise it is about their result, as a pupil.
    pub as_teacher: bool,
    /// `give`, `withhold` or `clear`.
    pub effect: String,
    /// `school`, `level`, `group` or `pupil`.
    pub scope: String,
    /// The subject's slug or the test's code; absent for all tests.
    pub tests: Option<String>,
    /// From when until when it was to hold.
    pub valid: Window,
}

type FactRow = (String, Option<i64>, Option<i64>, i64, Option<i64>);

fn dated((word, from, until, recorded, replaced): FactRow) -> Dated {
    Dated { word, valid: window(from, until), recorded: window(Some(recorded), replaced) }
}

/// Is or was the person anybody at the institution, with an affiliation or an account?
///
/// # Errors
/// What the engine says.
pub async fn belongs(read: &mut Read, institution: InstitutionId, person: PersonId) -> Result<bool, Error> {
    let (places, accounts) = sql!(read.fetch_one::<(i64, i64)>(
        "SELECT (SELECT COUNT(*) FROM affiliation WHERE institution_id = $1 AND person_id = $2) \
         + (SELECT COUNT(*) FROM person_flag WHERE institution_id = $1 AND person_id = $2), \
         (SELECT COUNT(*) FROM account WHERE institution_id = $1 AND person_id = $2)",
        institution.0,
        person.0
    ))?;
    Ok(places + accounts > 0)
}

/// Somebody who is or was anybody at the institution.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Somebody {
    /// The person.
    #[sqlx(try_from = "Uuid")]
    pub person: PersonId,
    /// Given names.
    pub given: String,
    /// Family name.
    pub family: String,
    /// Is their identity protected?
    pub protected: bool,
    /// The number of their alias.
    pub alias: Option<i64>,
    /// Are they somebody here now?
    pub is_here: bool,
    /// Are or were they a pupil here?
    pub is_pupil: bool,
}

/// What others at an institution or authority read as a member of staff's name: the alias where the
/// person is protected. `None` for an unknown person.
///
/// # Errors
/// [`Error::Contradiction`] for a country that is none.
pub async fn shown(read: &mut Read, place: InstitutionId, person: PersonId) -> Result<Option<String>, Error> {
    let row = sql!(read.fetch_optional::<(String, String, bool, Option<i64>, Option<String>)>(
        "SELECT p.given, p.family, p.protected, n.number, \
         (SELECT country FROM institution WHERE id = $1 UNION SELECT country FROM authority WHERE id = $1) AS country \
         FROM person p LEFT JOIN pupil_alias n ON n.institution_id = $1 AND n.person_id = p.id WHERE p.id = $2",
        place.0,
        person.0
    ))?;
    let Some((given, family, protected, number, country)) = row else { return Ok(None) };
    if !protected {
        return Ok(Some(format!("{given} {family}").trim().to_owned()));
    }
    let zone = country.as_deref().and_then(Zone::of_country);
    Ok(Some(Alias::of_staff(known(zone, "institution", "country", place)?).name(number)))
}

/// Everybody who is or was anybody at the institution, by id.
///
/// # Errors
/// What the engine says.
pub async fn everybody(read: &mut Read, institution: InstitutionId, now: Instant) -> Result<Vec<Somebody>, Error> {
    sql!(read.fetch_all::<Somebody>(
        "SELECT p.id AS person, p.given, p.family, p.protected, n.number AS alias, \
         EXISTS (SELECT 1 FROM affiliation f WHERE f.institution_id = $1 AND f.person_id = p.id \
           AND f.recorded_until IS NULL AND (f.valid_from IS NULL OR f.valid_from <= $2) \
           AND (f.valid_until IS NULL OR f.valid_until > $2)) AS is_here, \
         EXISTS (SELECT 1 FROM affiliation f WHERE f.institution_id = $1 AND f.person_id = p.id \
           AND f.kind = 'pupil') AS is_pupil \
         FROM person p LEFT JOIN pupil_alias n ON n.institution_id = $1 AND n.person_id = p.id \
         WHERE p.id IN (SELECT person_id FROM affiliation WHERE institution_id = $1 \
           UNION SELECT person_id FROM account WHERE institution_id = $1) ORDER BY p.id",
        institution.0,
        now.0
    ))
}

/// What the files of the institution or of its authority call the person, by name.
///
/// # Errors
/// What the engine says.
pub async fn sources(read: &mut Read, owners: [Uuid; 2], person: PersonId) -> Result<Vec<String>, Error> {
    let [institution, authority] = owners;
    let rows = sql!(read.fetch_all::<(String,)>(
        "SELECT DISTINCT source_id FROM person_source WHERE person_id = $1 AND owner_id IN ($2, $3) ORDER BY source_id",
        person.0,
        institution,
        authority
    ))?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// What the person is and was at the institution, oldest first.
///
/// # Errors
/// [`Error::Contradiction`] for a user type that is none.
pub async fn places(read: &mut Read, institution: InstitutionId, person: PersonId) -> Result<Vec<Place>, Error> {
    let rows = sql!(read.fetch_all::<(String, String, String, Option<i64>, Option<i64>, i64, Option<i64>)>(
        "SELECT kind, user_type, source, valid_from, valid_until, recorded_from, recorded_until FROM affiliation \
         WHERE institution_id = $1 AND person_id = $2 ORDER BY recorded_from, id",
        institution.0,
        person.0
    ))?;
    rows.into_iter()
        .map(|(kind, user_type, source, from, until, recorded, replaced)| {
            let user_type = known(UserType::from_code(&user_type), "affiliation", "user_type", person)?;
            let (valid, recorded) = (window(from, until), window(Some(recorded), replaced));
            Ok(Place { kind, user_type, source, valid, recorded })
        })
        .collect()
}

/// The groups that the person is and was in, oldest first.
///
/// # Errors
/// What the engine says.
pub async fn groups(read: &mut Read, institution: InstitutionId, person: PersonId) -> Result<Vec<Dated>, Error> {
    let rows = sql!(read.fetch_all::<FactRow>(
        "SELECT g.name, m.valid_from, m.valid_until, m.recorded_from, m.recorded_until FROM membership m \
         JOIN school_group g ON g.institution_id = m.institution_id AND g.id = m.group_id \
         WHERE m.institution_id = $1 AND m.person_id = $2 ORDER BY m.recorded_from, m.id",
        institution.0,
        person.0
    ))?;
    Ok(rows.into_iter().map(dated).collect())
}

/// The groups that the person teaches and taught, oldest first.
///
/// # Errors
/// What the engine says.
pub async fn taught(read: &mut Read, institution: InstitutionId, person: PersonId) -> Result<Vec<Dated>, Error> {
    let rows = sql!(read.fetch_all::<FactRow>(
        "SELECT g.name, t.valid_from, t.valid_until, t.recorded_from, t.recorded_until FROM teaches t \
         JOIN school_group g ON g.institution_id = t.institution_id AND g.id = t.group_id \
         WHERE t.institution_id = $1 AND t.person_id = $2 ORDER BY t.recorded_from, t.id",
        institution.0,
        person.0
    ))?;
    Ok(rows.into_iter().map(dated).collect())
}

/// The person's levels in the roster's words, oldest first.
///
/// # Errors
/// What the engine says.
pub async fn levels(read: &mut Read, institution: InstitutionId, person: PersonId) -> Result<Vec<Dated>, Error> {
    let rows = sql!(read.fetch_all::<FactRow>(
        "SELECT raw, valid_from, valid_until, recorded_from, recorded_until FROM pupil_level \
         WHERE institution_id = $1 AND person_id = $2 ORDER BY recorded_from, id",
        institution.0,
        person.0
    ))?;
    Ok(rows.into_iter().map(dated).collect())
}

/// The person's rights to book and to run: which, whether given, and when; oldest first.
///
/// # Errors
/// [`Error::Contradiction`] for a right that is none.
pub async fn rights(
    read: &mut Read,
    institution: InstitutionId,
    person: PersonId,
) -> Result<Vec<(StaffRight, bool, Window)>, Error> {
    let rows = sql!(read.fetch_all::<(String, bool, i64, Option<i64>)>(
        "SELECT kind, granted, recorded_from, recorded_until FROM staff_right \
         WHERE institution_id = $1 AND person_id = $2 ORDER BY recorded_from, id",
        institution.0,
        person.0
    ))?;
    rows.into_iter()
        .map(|(kind, granted, from, until)| {
            let right = known(StaffRight::from_code(&kind), "staff_right", "kind", person)?;
            Ok((right, granted, window(Some(from), until)))
        })
        .collect()
}

/// The decisions about the person as a teacher, or about them alone as a pupil, oldest first.
///
/// # Errors
/// What the engine says.
pub async fn decided(read: &mut Read, institution: InstitutionId, person: PersonId) -> Result<Vec<Decided>, Error> {
    let rows = sql!(read.fetch_all::<(i64, Uuid, String, String, Option<String>, i64, Option<i64>)>(
        "SELECT s.recorded, d.teacher_id, d.effect, d.scope_kind, d.tests_code, d.valid_from, d.valid_until \
         FROM decision d JOIN change_set s ON s.institution_id = d.institution_id AND s.number = d.change_set \
         WHERE d.institution_id = $1 AND (d.teacher_id = $2 OR (d.scope_kind = 'pupil' AND d.scope_id = $2)) \
         ORDER BY d.change_set, d.position",
        institution.0,
        person.0
    ))?;
    let decided = |(recorded, teacher, effect, scope, tests, from, until)| Decided {
        recorded: Instant(recorded),
        as_teacher: teacher == person.0,
        effect,
        scope,
        tests,
        valid: window(Some(from), until),
    };
    Ok(rows.into_iter().map(decided).collect())
}

/// How many change sets, rights, exemptions and imports carry the person's name as their author.
///
/// # Errors
/// What the engine says.
pub async fn authored(read: &mut Read, institution: InstitutionId, person: PersonId) -> Result<[i64; 4], Error> {
    let (sets, rights, exemptions, imports) = sql!(read.fetch_one::<(i64, i64, i64, i64)>(
        "SELECT (SELECT COUNT(*) FROM change_set WHERE institution_id = $1 AND author_id = $2), \
         (SELECT COUNT(*) FROM staff_right WHERE institution_id = $1 AND author_id = $2), \
         (SELECT COUNT(*) FROM exemption WHERE institution_id = $1 AND author_id = $2), \
         (SELECT COUNT(*) FROM import_run WHERE institution_id = $1 AND (author_id = $2 OR decided_by = $2))",
        institution.0,
        person.0
    ))?;
    Ok([sets, rights, exemptions, imports])
}

/// The accounts that the person holds or held at a place, by number.
///
/// # Errors
/// What the engine says.
pub async fn accounts(read: &mut Read, place: InstitutionId, person: PersonId) -> Result<Vec<AccountId>, Error> {
    let rows = sql!(read.fetch_all::<(Uuid,)>(
        "SELECT id FROM account WHERE institution_id = $1 AND person_id = $2 ORDER BY number",
        place.0,
        person.0
    ))?;
    Ok(rows.into_iter().map(|(id,)| AccountId(id)).collect())
}

/// An account that somebody holds anywhere: which, where in words.
pub type HeldAccount = (AccountId, String);

/// The accounts that a person holds anywhere and that are neither deleted nor united with another,
/// with the name of where each is held, by user name.
///
/// # Errors
/// What the engine says.
pub async fn held_anywhere(read: &mut Read, person: PersonId) -> Result<Vec<HeldAccount>, Error> {
    let rows = sql!(read.fetch_all::<(Uuid, String)>(
        "SELECT a.id, COALESCE(i.name, h.name) FROM account a LEFT JOIN institution i ON i.id = a.institution_id \
         LEFT JOIN authority h ON h.id = a.institution_id \
         WHERE a.person_id = $1 AND a.deleted IS NULL AND a.merged IS NULL ORDER BY a.user_name",
        person.0
    ))?;
    Ok(rows.into_iter().map(|(id, place)| (AccountId(id), place)).collect())
}
