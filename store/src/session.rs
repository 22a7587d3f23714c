//! Sessions, by the hash of their token. A session that has ended is never begun again.

use crate::column::known;
use crate::roster::Alias;
use crate::{Error, Read, Write};
use domain::{
    AccountId, AccountRole, AuthorityId, IdentitySource, Instant, InstitutionId, PasskeyId, PersonId, SessionId,
    UserType, Zone,
};
use sqlx::FromRow;
use uuid::Uuid;

/// A session to be begun.
#[derive(Clone, Debug)]
pub struct NewSession<'a> {
    /// SHA-256 of its token.
    pub token: &'a [u8],
    /// Its id, which is no secret.
    pub id: SessionId,
    /// The account signed in with.
    pub account: AccountId,
    /// The account's person.
    pub person: PersonId,
    /// Where the session acts.
    pub institution: InstitutionId,
    /// How many factors the sign-in used.
    pub factors: i64,
    /// The passkey that it used.
    pub passkey: Option<PasskeyId>,
    /// When it begins.
    pub created: Instant,
    /// When it ends whatever is done.
    pub absolute_end: Instant,
}

/// A session, with what its account, person and institution are now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredSession {
    /// Its id.
    pub id: SessionId,
    /// The account signed in with.
    pub account: AccountId,
    /// Its user name.
    pub user_name: String,
    /// Its role.
    pub role: AccountRole,
    /// First instant at which the account may be used.
    pub active_from: Instant,
    /// First instant at which it may no more.
    pub active_until: Option<Instant>,
    /// When it was made inactive.
    pub deactivated: Option<Instant>,
    /// Must the password be changed before anything else?
    pub must_change_password: bool,
    /// The account's card in use, if it has one.
    pub card: Option<CardLeft>,
    /// Has the account a passkey?
    pub has_passkey: bool,
    /// The person.
    pub person: PersonId,
    /// Given names.
    pub given: String,
    /// Family name.
    pub family: String,
    /// What others read as their name: the alias where the person is protected.
    pub shown: String,
    /// The institution, or the authority for an account that is held there.
    pub institution: InstitutionId,
    /// Its code.
    pub institution_code: String,
    /// Its name.
    pub institution_name: String,
    /// `dk` or `se`.
    pub country: String,
    /// The zone its days are counted in.
    pub zone: Zone,
    /// Where the institution or authority takes administrative capacities from.
    pub identity_source: IdentitySource,
    /// The institution's authority, or the authority itself.
    pub authority: AuthorityId,
    /// Its name.
    pub authority_name: String,
    /// How many factors the sign-in used.
    pub factors: i64,
    /// The passkey that it used.
    pub passkey: Option<PasskeyId>,
    /// When it was last used, to the minute.
    pub last_seen: Instant,
    /// When it ends whatever is done.
    pub absolute_end: Instant,
}

/// How far a card in use has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CardLeft {
    /// Can it be used no more?
    pub dead: bool,
    /// Challenges that are not used yet.
    pub left: i64,
}

#[derive(FromRow)]
struct SessionRow {
    id: Uuid,
    account_id: Uuid,
    user_name: String,
    role: String,
    active_from: i64,
    active_until: Option<i64>,
    deactivated: Option<i64>,
    must_change_password: bool,
    card_dead: Option<bool>,
    challenges: i64,
    has_passkey: bool,
    person_id: Uuid,
    given: String,
    family: String,
    protected: bool,
    alias: Option<i64>,
    institution_id: Uuid,
    code: String,
    name: String,
    country: String,
    identity_source: String,
    authority_id: Uuid,
    authority_name: String,
    factors: i64,
    passkey_id: Option<Uuid>,
    last_seen: i64,
    absolute_end: i64,
}

impl SessionRow {
    fn session(self) -> Result<StoredSession, Error> {
        let source = IdentitySource::from_code(&self.identity_source);
        let zone = known(Zone::of_country(&self.country), "institution", "country", self.institution_id)?;
        let shown = match self.protected {
            true => Alias::of_staff(zone).name(self.alias),
            false => format!("{} {}", self.given, self.family).trim().to_owned(),
        };
        Ok(StoredSession {
            id: self.id.into(),
            account: self.account_id.into(),
            user_name: self.user_name,
            role: known(AccountRole::from_code(&self.role), "account", "role", self.account_id)?,
            active_from: Instant(self.active_from),
            active_until: self.active_until.map(Instant),
            deactivated: self.deactivated.map(Instant),
            must_change_password: self.must_change_password,
            card: self.card_dead.map(|dead| CardLeft { dead, left: self.challenges }),
            has_passkey: self.has_passkey,
            person: self.person_id.into(),
            given: self.given,
            family: self.family,
            shown,
            institution: self.institution_id.into(),
            institution_code: self.code,
            institution_name: self.name,
            zone,
            country: self.country,
            identity_source: known(source, "institution", "identity_source", self.institution_id)?,
            authority: self.authority_id.into(),
            authority_name: self.authority_name,
            factors: self.factors,
            passkey: self.passkey_id.map(PasskeyId),
            last_seen: Instant(self.last_seen),
            absolute_end: Instant(self.absolute_end),
        })
    }
}

/// The session of a token, by its hash, unless it was ended.
///
/// # Errors
/// [`Error::Contradiction`] for a role or an identity source that is none.
pub async fn by_token(tx: &mut Read, token: &[u8]) -> Result<Option<StoredSession>, Error> {
    let row = sql!(tx.fetch_optional::<SessionRow>(
        "SELECT s.id, s.account_id, a.user_name, a.role, a.active_from, a.active_until, a.deactivated, \
         a.must_change_password, c.dead AS card_dead, \
         (SELECT COUNT(*) FROM matrix_challenge m WHERE m.card_id = c.id AND m.used IS NULL) AS challenges, \
         EXISTS (SELECT 1 FROM passkey k WHERE k.account_id = a.id) AS has_passkey, \
         s.person_id, p.given, p.family, p.protected, n.number AS alias, s.institution_id, \
         COALESCE(i.code, h.code) AS code, COALESCE(i.name, h.name) AS name, \
         COALESCE(i.country, h.country) AS country, \
         COALESCE(i.identity_source, h.identity_source) AS identity_source, h.id AS authority_id, \
         h.name AS authority_name, s.factors, s.passkey_id, s.last_seen, s.absolute_end \
         FROM session s JOIN account a ON a.id = s.account_id JOIN person p ON p.id = s.person_id \
         LEFT JOIN institution i ON i.id = s.institution_id \
         JOIN authority h ON h.id = COALESCE(i.authority_id, s.institution_id) \
         LEFT JOIN pupil_alias n ON n.institution_id = s.institution_id AND n.person_id = s.person_id \
         LEFT JOIN matrix_card c ON c.account_id = a.id AND c.replaced IS NULL \
         WHERE s.token_hash = $1 AND s.ended IS NULL",
        token
    ))?;
    row.map(SessionRow::session).transpose()
}

/// The user types of a person's affiliations at an institution that are live and recorded now.
///
/// # Errors
/// [`Error::Contradiction`] for a user type that is none.
pub async fn live_user_types(
    tx: &mut Read,
    institution: InstitutionId,
    person: PersonId,
    now: Instant,
) -> Result<Vec<UserType>, Error> {
    let rows = sql!(tx.fetch_all::<(String,)>(
        "SELECT DISTINCT user_type FROM affiliation WHERE institution_id = $1 AND person_id = $2 \
         AND recorded_until IS NULL AND (valid_from IS NULL OR valid_from <= $3) \
         AND (valid_until IS NULL OR valid_until > $3) ORDER BY user_type",
        institution.0,
        person.0,
        now.0
    ))?;
    rows.into_iter().map(|(code,)| known(UserType::from_code(&code), "affiliation", "user_type", person)).collect()
}

/// Begins a session.
///
/// # Errors
/// What the engine says.
pub async fn begin(tx: &mut Write, new: &NewSession<'_>) -> Result<(), Error> {
    sql!(tx.execute(
        "INSERT INTO session (token_hash, id, account_id, person_id, institution_id, factors, created, \
         last_seen, absolute_end, ended, passkey_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $7, $8, NULL, $9)",
        new.token,
        new.id.0,
        new.account.0,
        new.person.0,
        new.institution.0,
        new.factors,
        new.created.0,
        new.absolute_end.0,
        new.passkey.map(|passkey| passkey.0)
    ))?;
    Ok(())
}

/// Records that a session was used; one that has ended stays so.
///
/// # Errors
/// What the engine says.
pub async fn touch(tx: &mut Write, token: &[u8], now: Instant) -> Result<(), Error> {
    sql!(tx.execute(
        "UPDATE session SET last_seen = $2 WHERE token_hash = $1 AND ended IS NULL AND last_seen < $2",
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
        sql!(tx.execute("UPDATE session SET ended = $2 WHERE token_hash = $1 AND ended IS NULL", token, now.0))?;
    Ok(ended == 1)
}

/// How many sessions each account of a place has that were used since an instant and have not ended.
///
/// # Errors
/// What the engine says.
pub async fn live_of_place(
    read: &mut Read,
    place: InstitutionId,
    since: Instant,
    now: Instant,
) -> Result<Vec<(AccountId, i64)>, Error> {
    let rows = sql!(read.fetch_all::<(Uuid, i64)>(
        "SELECT s.account_id, COUNT(*) FROM session s JOIN account a ON a.id = s.account_id \
         WHERE a.institution_id = $1 AND s.ended IS NULL AND s.last_seen > $2 AND s.absolute_end > $3 \
         GROUP BY s.account_id ORDER BY s.account_id",
        place.0,
        since.0,
        now.0
    ))?;
    Ok(rows.into_iter().map(|(account, count)| (AccountId(account), count)).collect())
}

/// A session as its person sees it in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedSession {
    /// Its id.
    pub id: SessionId,
    /// How many factors the sign-in used.
    pub factors: i64,
    /// When it began.
    pub created: Instant,
    /// When it was last used, to the minute.
    pub last_seen: Instant,
    /// The network that it was begun from, where the log of attempts knows it still.
    pub network: Option<String>,
}

/// The sessions of an account that were used since an instant and have not ended, the last used first.
///
/// # Errors
/// What the engine says.
pub async fn live_of_account(
    read: &mut Read,
    account: AccountId,
    since: Instant,
    now: Instant,
) -> Result<Vec<ListedSession>, Error> {
    // A session begins at the instant of the attempt that began it.
    let rows = sql!(read.fetch_all::<(Uuid, i64, i64, i64, Option<String>)>(
        "SELECT s.id, s.factors, s.created, s.last_seen, (SELECT MIN(e.network) FROM sign_in_event e \
         WHERE e.account_id = s.account_id AND e.occurred = s.created AND e.outcome = 'signed-in') AS network \
         FROM session s WHERE s.account_id = $1 AND s.ended IS NULL AND s.last_seen > $2 AND s.absolute_end > $3 \
         ORDER BY s.last_seen DESC, s.id DESC",
        account.0,
        since.0,
        now.0
    ))?;
    let listed = |(id, factors, created, last_seen, network)| ListedSession {
        id: SessionId(id),
        factors,
        created: Instant(created),
        last_seen: Instant(last_seen),
        network,
    };
    Ok(rows.into_iter().map(listed).collect())
}

/// Ends one session of an account, by its id; tells whether it was on.
///
/// # Errors
/// What the engine says.
pub async fn end_one_of(tx: &mut Write, account: AccountId, id: SessionId, now: Instant) -> Result<bool, Error> {
    let ended = sql!(tx.execute(
        "UPDATE session SET ended = $3 WHERE account_id = $1 AND id = $2 AND ended IS NULL",
        account.0,
        id.0,
        now.0
    ))?;
    Ok(ended == 1)
}

/// Ends every session of an account but one; tells how many.
///
/// # Errors
/// What the engine says.
pub async fn end_others_of(tx: &mut Write, account: AccountId, keep: SessionId, now: Instant) -> Result<u64, Error> {
    sql!(tx.execute(
        "UPDATE session SET ended = $3 WHERE account_id = $1 AND id <> $2 AND ended IS NULL",
        account.0,
        keep.0,
        now.0
    ))
}

/// Ends all sessions of an account.
///
/// # Errors
/// What the engine says.
pub async fn end_all_of(tx: &mut Write, account: AccountId, now: Instant) -> Result<(), Error> {
    sql!(tx.execute("UPDATE session SET ended = $2 WHERE account_id = $1 AND ended IS NULL", account.0, now.0))?;
    Ok(())
}

/// Ends every session there is, as after a restore; tells how many.
///
/// # Errors
/// What the engine says.
pub async fn end_all(tx: &mut Write, now: Instant) -> Result<u64, Error> {
    sql!(tx.execute("DELETE FROM sign_in_pending"))?;
    sql!(tx.execute("DELETE FROM passkey_ceremony"))?;
    sql!(tx.execute("DELETE FROM broker_sign_in"))?;
    let at_brokers = sql!(tx.execute("UPDATE broker_session SET ended = $1 WHERE ended IS NULL", now.0))?;
    let of_accounts = sql!(tx.execute("UPDATE session SET ended = $1 WHERE ended IS NULL", now.0))?;
    Ok(at_brokers + of_accounts)
}
