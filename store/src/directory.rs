//! Authorities, institutions and persons: what spans institutions.

use crate::column::known;
use crate::{Error, Read, Write};
use domain::{AuthorityId, IdentitySource, Instant, InstitutionId, PersonId, Zone};
use uuid::Uuid;

/// A municipality (kommune) or other responsible body (huvudman).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Authority {
    /// Our id.
    pub id: AuthorityId,
    /// Its code (kommunekode, organisationsnummer).
    pub code: String,
    /// Its name.
    pub name: String,
    /// `dk` or `se`.
    pub country: String,
}

/// A school.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Institution {
    /// Our id.
    pub id: InstitutionId,
    /// The responsible authority.
    pub authority: AuthorityId,
    /// The school's code (institutionsnummer, skolenhetskod).
    pub code: String,
    /// The school's name.
    pub name: String,
    /// `dk` or `se`.
    pub country: String,
    /// Where its administrative capacities come from.
    pub identity_source: IdentitySource,
}

impl Institution {
    /// The zone its days are counted in.
    ///
    /// # Errors
    /// [`Error::Contradiction`] for a country without one.
    pub fn zone(&self) -> Result<Zone, Error> {
        known(Zone::of_country(&self.country), "institution", "country", self.id)
    }
}

/// A person as the directory holds them: the real names, also of protected people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// Our id.
    pub id: PersonId,
    /// Given names.
    pub given: String,
    /// Family name.
    pub family: String,
    /// Protected identity?
    pub protected: bool,
    /// When first recorded.
    pub created: Instant,
}

#[derive(sqlx::FromRow)]
struct AuthorityRow {
    id: Uuid,
    code: String,
    name: String,
    country: String,
}

impl From<AuthorityRow> for Authority {
    fn from(row: AuthorityRow) -> Self {
        Self { id: AuthorityId(row.id), code: row.code, name: row.name, country: row.country }
    }
}

#[derive(sqlx::FromRow)]
struct InstitutionRow {
    id: Uuid,
    authority_id: Uuid,
    code: String,
    name: String,
    country: String,
    identity_source: String,
}

impl TryFrom<InstitutionRow> for Institution {
    type Error = Error;

    fn try_from(row: InstitutionRow) -> Result<Self, Error> {
        let identity_source = IdentitySource::from_code(&row.identity_source);
        Ok(Self {
            id: InstitutionId(row.id),
            authority: AuthorityId(row.authority_id),
            identity_source: known(identity_source, "institution", "identity_source", row.id)?,
            code: row.code,
            name: row.name,
            country: row.country,
        })
    }
}

#[derive(sqlx::FromRow)]
struct PersonRow {
    id: Uuid,
    given: String,
    family: String,
    protected: bool,
    created: i64,
}

impl From<PersonRow> for Person {
    fn from(row: PersonRow) -> Self {
        let PersonRow { id, given, family, protected, created } = row;
        Self { id: PersonId(id), given, family, protected, created: Instant(created) }
    }
}

/// Records an authority.
///
/// # Errors
/// [`Error::Taken`] where its code is.
pub async fn insert_authority(tx: &mut Write, authority: &Authority) -> Result<(), Error> {
    sql!(tx.execute(
        "INSERT INTO authority (id, code, name, country) VALUES ($1, $2, $3, $4)",
        authority.id.0,
        &authority.code,
        &authority.name,
        &authority.country
    ))?;
    sql!(tx.execute("INSERT INTO authority_state (authority_id, last_account_number) VALUES ($1, 0)", authority.id.0))?;
    Ok(())
}

/// The authority with this code.
///
/// # Errors
/// What the engine says.
pub async fn authority_by_code(read: &mut Read, code: &str) -> Result<Option<Authority>, Error> {
    let row = sql!(
        read.fetch_optional::<AuthorityRow>("SELECT id, code, name, country FROM authority WHERE code = $1", code)
    )?;
    Ok(row.map(Into::into))
}

/// An authority.
///
/// # Errors
/// What the engine says.
pub async fn authority(read: &mut Read, id: AuthorityId) -> Result<Option<Authority>, Error> {
    let row =
        sql!(read.fetch_optional::<AuthorityRow>("SELECT id, code, name, country FROM authority WHERE id = $1", id.0))?;
    Ok(row.map(Into::into))
}

/// All authorities, by code.
///
/// # Errors
/// What the engine says.
pub async fn authorities(read: &mut Read) -> Result<Vec<Authority>, Error> {
    let rows = sql!(read.fetch_all::<AuthorityRow>("SELECT id, code, name, country FROM authority ORDER BY code"))?;
    Ok(rows.into_iter().map(Into::into).collect())
}

/// Records an institution, at revision 0 and without a change set.
///
/// # Errors
/// [`Error::Taken`] where its code is.
pub async fn insert_institution(tx: &mut Write, institution: &Institution) -> Result<(), Error> {
    sql!(tx.execute(
        "INSERT INTO institution (id, authority_id, code, name, country, identity_source) \
         VALUES ($1, $2, $3, $4, $5, $6)",
        institution.id.0,
        institution.authority.0,
        &institution.code,
        &institution.name,
        &institution.country,
        institution.identity_source.code()
    ))?;
    sql!(tx.execute(
        "INSERT INTO institution_state (institution_id, revision, change_sets, last_account_number) \
         VALUES ($1, 0, 0, 0)",
        institution.id.0
    ))?;
    Ok(())
}

/// Where an authority takes its administrative capacities from.
///
/// # Errors
/// [`Error::Contradiction`] for a word that is no source.
pub async fn source_of_authority(read: &mut Read, id: AuthorityId) -> Result<IdentitySource, Error> {
    let (code,) = sql!(read.fetch_one::<(String,)>("SELECT identity_source FROM authority WHERE id = $1", id.0))?;
    known(IdentitySource::from_code(&code), "authority", "identity_source", id)
}

/// Sets where an institution takes its administrative capacities from.
///
/// # Errors
/// What the engine says.
pub async fn set_source_of_institution(tx: &mut Write, id: InstitutionId, source: IdentitySource) -> Result<(), Error> {
    sql!(tx.execute("UPDATE institution SET identity_source = $2 WHERE id = $1", id.0, source.code()))?;
    Ok(())
}

/// Sets where an authority takes its administrative capacities from.
///
/// # Errors
/// What the engine says.
pub async fn set_source_of_authority(tx: &mut Write, id: AuthorityId, source: IdentitySource) -> Result<(), Error> {
    sql!(tx.execute("UPDATE authority SET identity_source = $2 WHERE id = $1", id.0, source.code()))?;
    Ok(())
}

/// The institution with this code.
///
/// # Errors
/// What the engine says.
pub async fn institution_by_code(read: &mut Read, code: &str) -> Result<Option<Institution>, Error> {
    let row = sql!(read.fetch_optional::<InstitutionRow>(
        "SELECT id, authority_id, code, name, country, identity_source FROM institution WHERE code = $1",
        code
    ))?;
    row.map(TryInto::try_into).transpose()
}

/// An institution.
///
/// # Errors
/// What the engine says.
pub async fn institution(read: &mut Read, id: InstitutionId) -> Result<Option<Institution>, Error> {
    let row = sql!(read.fetch_optional::<InstitutionRow>(
        "SELECT id, authority_id, code, name, country, identity_source FROM institution WHERE id = $1",
        id.0
    ))?;
    row.map(TryInto::try_into).transpose()
}

/// The country of an institution or authority, `dk` or `se`; `None` where there is neither.
///
/// # Errors
/// What the engine says.
pub async fn country_of(read: &mut Read, place: InstitutionId) -> Result<Option<String>, Error> {
    let row = sql!(read.fetch_optional::<(String,)>(
        "SELECT country FROM institution WHERE id = $1 UNION SELECT country FROM authority WHERE id = $1",
        place.0
    ))?;
    Ok(row.map(|(country,)| country))
}

/// An authority's institutions, by code.
///
/// # Errors
/// What the engine says.
pub async fn institutions_of(read: &mut Read, authority: AuthorityId) -> Result<Vec<Institution>, Error> {
    let rows = sql!(read.fetch_all::<InstitutionRow>(
        "SELECT id, authority_id, code, name, country, identity_source FROM institution \
         WHERE authority_id = $1 ORDER BY code",
        authority.0
    ))?;
    rows.into_iter().map(TryInto::try_into).collect()
}

/// All institutions, by code.
///
/// # Errors
/// What the engine says.
pub async fn institutions(read: &mut Read) -> Result<Vec<Institution>, Error> {
    let rows = sql!(read.fetch_all::<InstitutionRow>(
        "SELECT id, authority_id, code, name, country, identity_source FROM institution ORDER BY code"
    ))?;
    rows.into_iter().map(TryInto::try_into).collect()
}

/// Records persons.
///
/// # Errors
/// [`Error::Taken`] where one of the ids is.
pub async fn insert_persons(tx: &mut Write, persons: &[Person]) -> Result<(), Error> {
    insert!(tx, "INSERT INTO person (id, given, family, protected, created)", persons, person => [
        person.id.0, &person.given, &person.family, person.protected, person.created.0
    ]);
    Ok(())
}

/// Changes a person's names. Was there such a person?
///
/// # Errors
/// What the engine says.
pub async fn rename_person(tx: &mut Write, id: PersonId, given: &str, family: &str) -> Result<bool, Error> {
    let renamed = sql!(tx.execute("UPDATE person SET given = $2, family = $3 WHERE id = $1", id.0, given, family))?;
    Ok(renamed > 0)
}

/// Marks a person's identity as protected, or no longer so. Was there such a person?
///
/// # Errors
/// What the engine says.
pub async fn protect_person(tx: &mut Write, id: PersonId, protected: bool) -> Result<bool, Error> {
    Ok(sql!(tx.execute("UPDATE person SET protected = $2 WHERE id = $1", id.0, protected))? > 0)
}

/// The institutions that a person is or was affiliated with, by id.
///
/// # Errors
/// What the engine says.
pub async fn affiliated_with(read: &mut Read, person: PersonId) -> Result<Vec<InstitutionId>, Error> {
    let rows = sql!(read.fetch_all::<(Uuid,)>(
        "SELECT DISTINCT institution_id FROM affiliation WHERE person_id = $1 ORDER BY institution_id",
        person.0
    ))?;
    Ok(rows.into_iter().map(|(id,)| InstitutionId(id)).collect())
}

/// A person.
///
/// # Errors
/// What the engine says.
pub async fn person(read: &mut Read, id: PersonId) -> Result<Option<Person>, Error> {
    let row =
        sql!(read.fetch_optional::<PersonRow>(
            "SELECT id, given, family, protected, created FROM person WHERE id = $1",
            id.0
        ))?;
    Ok(row.map(Into::into))
}

/// The person whom the files of an institution or authority call by this id.
///
/// # Errors
/// What the engine says.
pub async fn person_by_source(read: &mut Read, owner: Uuid, source_id: &str) -> Result<Option<PersonId>, Error> {
    let row = sql!(read.fetch_optional::<(Uuid,)>(
        "SELECT person_id FROM person_source WHERE owner_id = $1 AND source_id = $2",
        owner,
        source_id
    ))?;
    Ok(row.map(|(id,)| PersonId(id)))
}

/// What the files of an institution or authority call persons: their id, then ours.
///
/// # Errors
/// What the engine says.
pub async fn sources(read: &mut Read, owner: Uuid) -> Result<Vec<(String, PersonId)>, Error> {
    let rows = sql!(read.fetch_all::<(String, Uuid)>(
        "SELECT source_id, person_id FROM person_source WHERE owner_id = $1 ORDER BY source_id",
        owner
    ))?;
    Ok(rows.into_iter().map(|(source, id)| (source, PersonId(id))).collect())
}

/// Records what the files of an institution or authority call persons.
///
/// # Errors
/// [`Error::Taken`] where such a name already stands for somebody.
pub async fn insert_sources(tx: &mut Write, owner: Uuid, sources: &[(String, PersonId)]) -> Result<(), Error> {
    insert!(tx, "INSERT INTO person_source (owner_id, source_id, person_id)", sources, source => [
        owner, &source.0, source.1.0
    ]);
    Ok(())
}

/// Records what an owner's files call persons who were known already by their UNI-Login.
///
/// # Errors
/// [`Error::Taken`] where such a name already stands for somebody.
pub async fn insert_met(tx: &mut Write, owner: Uuid, sources: &[(String, PersonId)]) -> Result<(), Error> {
    insert!(tx, "INSERT INTO person_source (owner_id, source_id, person_id, met)", sources, source => [
        owner, &source.0, source.1.0, true
    ]);
    Ok(())
}
