//! Sessions that began at a broker, by the hash of their token. One that has ended is never begun again.

use crate::column::known;
use crate::roster::Alias;
use crate::{Error, Read, Write};
use domain::{AuthorityId, IdentitySource, Instant, InstitutionId, PersonId, SessionId, Zone};
use sqlx::FromRow;
use uuid::Uuid;

/// A session to be begun.
#[derive(Clone, Debug)]
pub struct NewBrokerSession<'a> {
    /// SHA-256 of its token.
    pub token: &'a [u8],
    /// Its id, which is no secret.
    pub id: SessionId,
    /// Who signed in.
    pub person: PersonId,
    /// Where the session acts; none until that is chosen.
    pub place: Option<InstitutionId>,
    /// The broker.
    pub issuer: &'a str,
    /// Whom it meant.
    pub subject: &'a str,
    /// The session there.
    pub broker_session: Option<&'a str>,
    /// How many factors the sign-in used.
    pub factors: i64,
    /// When it begins.
    pub created: Instant,
    /// When it ends whatever is done.
    pub absolute_end: Instant,
}

/// A session, with what its person and place are now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BrokerSession {
    /// Its id.
    pub id: SessionId,
    /// The person.
    pub person: PersonId,
    /// Given names.
    pub given: String,
    /// Family name.
    pub family: String,
    /// What others read as their name: the alias where the person is protected.
    pub shown: String,
    /// Where the session acts; none until that is chosen.
    pub place: Option<BrokerPlace>,
    /// How many factors the sign-in used.
    pub factors: i64,
    /// When it was last used, to the minute.
    pub last_seen: Instant,
    /// When it ends whatever is done.
    pub absolute_end: Instant,
}

/// An institution or authority that somebody can act at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BrokerPlace {
    /// Its id; an authority's as if it were an institution's.
    pub id: InstitutionId,
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// `dk` or `se`.
    pub country: String,
    /// The zone its days are counted in.
    pub zone: Zone,
    /// Where it takes administrative capacities from.
    pub identity_source: IdentitySource,
    /// The institution's authority, or the authority itself.
    pub authority: AuthorityId,
    /// Its name.
    pub authority_name: String,
}

#[derive(FromRow)]
struct PlaceRow {
    place_id: Uuid,
    code: String,
    name: String,
    country: String,
    identity_source: String,
    authority_id: Uuid,
    authority_name: String,
}

impl PlaceRow {
    fn place(self) -> Result<BrokerPlace, Error> {
        let source = IdentitySource::from_code(&self.identity_source);
        Ok(BrokerPlace {
            id: InstitutionId(self.place_id),
            zone: known(Zone::of_country(&self.country), "institution", "country", self.place_id)?,
            identity_source: known(source, "institution", "identity_source", self.place_id)?,
            code: self.code,
            name: self.name,
            country: self.country,
            authority: AuthorityId(self.authority_id),
            authority_name: self.authority_name,
        })
    }
}

#[derive(FromRow)]
struct ComingRow {
    #[sqlx(flatten)]
    place: PlaceRow,
    begins: i64,
}

#[derive(FromRow)]
struct SessionRow {
    id: Uuid,
    person_id: Uuid,
    place_id: Option<Uuid>,
    given: String,
    family: String,
    protected: bool,
    alias: Option<i64>,
    factors: i64,
    last_seen: i64,
    absolute_end: i64,
}

/// The session of a token, by its hash, unless it was ended.
///
/// # Errors
/// [`Error::Contradiction`] for a place that is none.
pub async fn by_token(tx: &mut Read, token: &[u8]) -> Result<Option<BrokerSession>, Error> {
    let row = sql!(tx.fetch_optional::<SessionRow>(
        "SELECT s.id, s.person_id, s.place_id, p.given, p.family, p.protected, n.number AS alias, s.factors, \
         s.last_seen, s.absolute_end FROM broker_session s JOIN person p ON p.id = s.person_id \
         LEFT JOIN pupil_alias n ON n.institution_id = s.place_id AND n.person_id = s.person_id \
         WHERE s.token_hash = $1 AND s.ended IS NULL",
        token
    ))?;
    let Some(row) = row else { return Ok(None) };
    let place = match row.place_id {
        Some(id) => Some(known(place(tx, id).await?, "broker_session", "place_id", row.id)?),
        None => None,
    };
    let own = format!("{} {}", row.given, row.family).trim().to_owned();
    let shown = match (&place, row.protected) {
        (Some(place), true) => Alias::of_staff(place.zone).name(row.alias),
        (_, false) => own,
        (None, true) => String::new(),
    };
    Ok(Some(BrokerSession {
        id: SessionId(row.id),
        person: PersonId(row.person_id),
        given: row.given,
        family: row.family,
        shown,
        place,
        factors: row.factors,
        last_seen: Instant(row.last_seen),
        absolute_end: Instant(row.absolute_end),
    }))
}

/// An institution, or an authority.
async fn place(read: &mut Read, id: Uuid) -> Result<Option<BrokerPlace>, Error> {
    let row = sql!(read.fetch_optional::<PlaceRow>(
        "SELECT i.id AS place_id, i.code, i.name, i.country, i.identity_source, h.id AS authority_id, \
         h.name AS authority_name FROM institution i JOIN authority h ON h.id = i.authority_id WHERE i.id = $1 \
         UNION ALL SELECT h.id, h.code, h.name, h.country, h.identity_source, h.id, h.name FROM authority h \
         WHERE h.id = $1",
        id
    ))?;
    row.map(PlaceRow::place).transpose()
}

/// Where a person can act now after signing in at the broker: affiliated as staff or as somebody external, or
/// with a flag of an authority; in the order of name, then id.
///
/// # Errors
/// [`Error::Contradiction`] for a place of no country.
pub async fn places_of(read: &mut Read, person: PersonId, now: Instant) -> Result<Vec<BrokerPlace>, Error> {
    let rows = sql!(read.fetch_all::<PlaceRow>(
        "SELECT i.id AS place_id, i.code, i.name, i.country, i.identity_source, h.id AS authority_id, \
         h.name AS authority_name FROM institution i JOIN authority h ON h.id = i.authority_id \
         WHERE EXISTS (SELECT 1 FROM affiliation a WHERE a.institution_id = i.id AND a.person_id = $1 \
         AND a.kind IN ('staff', 'external') AND a.recorded_until IS NULL \
         AND (a.valid_from IS NULL OR a.valid_from <= $2) AND (a.valid_until IS NULL OR a.valid_until > $2)) \
         UNION ALL SELECT h.id, h.code, h.name, h.country, h.identity_source, h.id, h.name FROM authority h \
         WHERE EXISTS (SELECT 1 FROM person_flag f WHERE f.institution_id = h.id AND f.person_id = $1 \
         AND f.recorded_until IS NULL AND f.valid_from <= $2 AND (f.valid_until IS NULL OR f.valid_until > $2)) \
         ORDER BY 3, 1",
        person.0,
        now.0
    ))?;
    rows.into_iter().map(PlaceRow::place).collect()
}

/// Begins a session.
///
/// # Errors
/// What the engine says.
pub async fn begin(tx: &mut Write, new: &NewBrokerSession<'_>) -> Result<(), Error> {
    sql!(tx.execute(
        "INSERT INTO broker_session (token_hash, id, person_id, place_id, issuer, subject, broker_session, factors, \
         created, last_seen, absolute_end, ended) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9, $10, NULL)",
        new.token,
        new.id.0,
        new.person.0,
        new.place.map(|place| place.0),
        new.issuer,
        new.subject,
        new.broker_session,
        new.factors,
        new.created.0,
        new.absolute_end.0
    ))?;
    Ok(())
}

/// Lets a session act at a place, under another token: what was sent from a page of the place before belongs
/// to the old token, and is turned away. Tells whether the session was on.
///
/// # Errors
/// What the engine says.
pub async fn go_to(tx: &mut Write, token: &[u8], new_token: &[u8], place: InstitutionId) -> Result<bool, Error> {
    let moved = sql!(tx.execute(
        "UPDATE broker_session SET place_id = $3, token_hash = $2 WHERE token_hash = $1 AND ended IS NULL",
        token,
        new_token,
        place.0
    ))?;
    Ok(moved == 1)
}

/// Records that a session was used; one that has ended stays so.
///
/// # Errors
/// What the engine says.
pub async fn touch(tx: &mut Write, token: &[u8], now: Instant) -> Result<(), Error> {
    sql!(tx.execute(
        "UPDATE broker_session SET last_seen = $2 WHERE token_hash = $1 AND ended IS NULL AND last_seen < $2",
        token,
        now.0
    ))?;
    Ok(())
}

/// Ends a session; tells whether it was on.
///
/// # Errors
/// What the engine says.
pub async fn end(tx: &mut Write, token: &[u8], now: Instant) -> Result<bool, Error> {
    let ended =
        sql!(tx.execute("UPDATE broker_session SET ended = $2 WHERE token_hash = $1 AND ended IS NULL", token, now.0))?;
    Ok(ended == 1)
}

/// Ends the sessions that a broker says have ended: those of a session of its own, or of all whom it means by
/// a subject; tells how many. A session of another subject is not ended by its name.
///
/// # Errors
/// What the engine says.
pub async fn end_told(
    tx: &mut Write,
    issuer: &str,
    subject: Option<&str>,
    broker_session: Option<&str>,
    now: Instant,
) -> Result<u64, Error> {
    sql!(tx.execute(
        "UPDATE broker_session SET ended = $4 WHERE issuer = $1 AND ended IS NULL \
         AND ($2 IS NULL OR subject = $2) \
         AND ($3 IS NULL OR broker_session = $3 OR ($2 IS NOT NULL AND broker_session IS NULL)) \
         AND ($2 IS NOT NULL OR $3 IS NOT NULL)",
        issuer,
        subject,
        broker_session,
        now.0
    ))
}

/// Ends all sessions of a person.
///
/// # Errors
/// What the engine says.
pub async fn end_all_of(tx: &mut Write, person: PersonId, now: Instant) -> Result<(), Error> {
    sql!(tx.execute("UPDATE broker_session SET ended = $2 WHERE person_id = $1 AND ended IS NULL", person.0, now.0))?;
    Ok(())
}

/// Where a person will be able to act, and from when, as recorded; in the order of the instant, then id.
///
/// # Errors
/// [`Error::Contradiction`] for a place of no country.
pub async fn coming_places(
    read: &mut Read,
    person: PersonId,
    now: Instant,
) -> Result<Vec<(BrokerPlace, Instant)>, Error> {
    let rows = sql!(read.fetch_all::<ComingRow>(
        "SELECT i.id AS place_id, i.code, i.name, i.country, i.identity_source, h.id AS authority_id, \
         h.name AS authority_name, c.begins FROM (SELECT a.institution_id, MIN(a.valid_from) AS begins \
         FROM affiliation a WHERE a.person_id = $1 AND a.kind IN ('staff', 'external') AND a.recorded_until IS NULL \
         AND a.valid_from > $2 GROUP BY a.institution_id) AS c \
         JOIN institution i ON i.id = c.institution_id JOIN authority h ON h.id = i.authority_id \
         UNION ALL SELECT h.id, h.code, h.name, h.country, h.identity_source, h.id, h.name, MIN(f.valid_from) \
         FROM person_flag f JOIN authority h ON h.id = f.institution_id \
         WHERE f.person_id = $1 AND f.recorded_until IS NULL AND f.valid_from > $2 \
         GROUP BY h.id, h.code, h.name, h.country, h.identity_source ORDER BY 8, 1",
        person.0,
        now.0
    ))?;
    rows.into_iter().map(|row| Ok((row.place.place()?, Instant(row.begins)))).collect()
}

/// A person's sessions at a place that have not ended: when each began, when it was last used, how many factors it had.
///
/// # Errors
/// What the engine says.
pub async fn live_of(
    read: &mut Read,
    place: InstitutionId,
    person: PersonId,
    now: Instant,
) -> Result<Vec<(Instant, Instant, i64)>, Error> {
    let rows = sql!(read.fetch_all::<(i64, i64, i64)>(
        "SELECT created, last_seen, factors FROM broker_session WHERE person_id = $1 AND ended IS NULL \
         AND absolute_end > $2 AND place_id = $3 ORDER BY created, id",
        person.0,
        now.0,
        place.0
    ))?;
    Ok(rows.into_iter().map(|(created, seen, factors)| (Instant(created), Instant(seen), factors)).collect())
}
