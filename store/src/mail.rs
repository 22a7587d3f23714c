//! Mails that are to go out, those that did not, and what people want by mail.

use crate::column::known;
use crate::{Error, Read, Write};
use domain::exchange::accounts::Language;
use domain::notice::{MailTrouble, NoticeKind};
use domain::{AccountId, Instant, InstitutionId, PersonId};
use sqlx::FromRow;
use uuid::Uuid;

/// A mail to be sent. What it says follows from its kind and language; where it goes is looked up
/// when it does.
#[derive(Clone, Debug)]
pub struct NewMail {
    /// Its id.
    pub id: Uuid,
    /// Where the receiver's account is held.
    pub place: InstitutionId,
    /// Who gets it.
    pub person: PersonId,
    /// The receiver's account.
    pub account: AccountId,
    /// What it tells of.
    pub kind: NoticeKind,
    /// The language it is written in.
    pub language: Language,
    /// When it was told.
    pub now: Instant,
}

/// A mail that waits, or was given up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredMail {
    /// Its id.
    pub id: Uuid,
    /// Where the receiver's account is held.
    pub place: InstitutionId,
    /// Who gets it.
    pub person: PersonId,
    /// The receiver's account.
    pub account: AccountId,
    /// What it tells of.
    pub kind: NoticeKind,
    /// The language it is written in.
    pub language: Language,
    /// When it was told.
    pub created: Instant,
    /// How often it was tried.
    pub tries: u32,
    /// Why it was given up, if it was.
    pub trouble: Option<MailTrouble>,
}

#[derive(FromRow)]
struct MailRow {
    id: Uuid,
    institution_id: Uuid,
    person_id: Uuid,
    account_id: Uuid,
    kind: String,
    language: String,
    created: i64,
    tries: i64,
    trouble: Option<String>,
}

impl MailRow {
    fn mail(self) -> Result<StoredMail, Error> {
        let trouble = |word: String| known(MailTrouble::of_code(&word), "mail", "trouble", self.id);
        Ok(StoredMail {
            id: self.id,
            place: self.institution_id.into(),
            person: self.person_id.into(),
            account: self.account_id.into(),
            kind: known(NoticeKind::of_code(&self.kind), "mail", "kind", self.id)?,
            language: known(Language::of_code(&self.language), "mail", "language", self.id)?,
            created: Instant(self.created),
            tries: u32::try_from(self.tries).unwrap_or(u32::MAX),
            trouble: self.trouble.map(trouble).transpose()?,
        })
    }
}

/// Lays a mail out to be sent.
///
/// # Errors
/// What the engine says.
pub async fn lay_out(tx: &mut Write, new: &NewMail) -> Result<(), Error> {
    sql!(tx.execute(
        "INSERT INTO mail (institution_id, id, person_id, account_id, kind, language, created, tries, next_try) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, 0, $7)",
        new.place.0,
        new.id,
        new.person.0,
        new.account.0,
        new.kind.code(),
        new.language.code(),
        new.now.0
    ))?;
    Ok(())
}

/// Is a mail to be sent at this instant?
///
/// # Errors
/// What the engine says.
pub async fn is_due(read: &mut Read, now: Instant) -> Result<bool, Error> {
    let row = sql!(read.fetch_optional::<(i64,)>(
        "SELECT next_try FROM mail WHERE given_up IS NULL AND next_try <= $1 ORDER BY next_try, id LIMIT 1",
        now.0
    ))?;
    Ok(row.is_some())
}

/// Takes the mail that has waited longest, as one more try: until `next_try` nobody else takes it.
///
/// # Errors
/// [`Error::Contradiction`] for a kind or language that is none.
pub async fn claim(tx: &mut Write, now: Instant, next_try: Instant) -> Result<Option<StoredMail>, Error> {
    // What the lock waited for may have taken it: its own row is looked at once more.
    let row = sql!(tx.fetch_optional::<MailRow>(
        "UPDATE mail SET tries = tries + 1, next_try = $2 WHERE given_up IS NULL AND next_try <= $1 AND id = \
         (SELECT id FROM mail WHERE given_up IS NULL AND next_try <= $1 ORDER BY next_try, id LIMIT 1) \
         RETURNING id, institution_id, person_id, account_id, kind, language, created, tries, trouble",
        now.0,
        next_try.0
    ))?;
    row.map(MailRow::mail).transpose()
}

/// Where the receiver of a mail is written to: at that account, or at a newer one of theirs there.
///
/// # Errors
/// What the engine says.
pub async fn address(
    read: &mut Read,
    place: InstitutionId,
    person: PersonId,
    account: AccountId,
) -> Result<Option<String>, Error> {
    let row = sql!(read.fetch_optional::<(String,)>(
        "SELECT email FROM account WHERE institution_id = $1 AND person_id = $2 AND email IS NOT NULL \
         AND (id = $3 OR (deleted IS NULL AND merged IS NULL)) \
         ORDER BY CASE WHEN id = $3 THEN 0 ELSE 1 END, number DESC LIMIT 1",
        place.0,
        person.0,
        account.0
    ))?;
    Ok(row.map(|(email,)| email))
}

/// Takes a mail away: it was sent.
///
/// # Errors
/// What the engine says.
pub async fn sent(tx: &mut Write, place: InstitutionId, id: Uuid) -> Result<(), Error> {
    sql!(tx.execute("DELETE FROM mail WHERE institution_id = $1 AND id = $2", place.0, id))?;
    Ok(())
}

/// Says when a mail is tried again.
///
/// # Errors
/// What the engine says.
pub async fn try_again(tx: &mut Write, place: InstitutionId, id: Uuid, next_try: Instant) -> Result<(), Error> {
    sql!(tx.execute(
        "UPDATE mail SET next_try = $3 WHERE institution_id = $1 AND id = $2 AND given_up IS NULL",
        place.0,
        id,
        next_try.0
    ))?;
    Ok(())
}

/// Gives a mail up, and says why.
///
/// # Errors
/// What the engine says.
pub async fn give_up(
    tx: &mut Write,
    place: InstitutionId,
    id: Uuid,
    trouble: MailTrouble,
    now: Instant,
) -> Result<(), Error> {
    sql!(tx.execute(
        "UPDATE mail SET given_up = $3, trouble = $4 WHERE institution_id = $1 AND id = $2 AND given_up IS NULL",
        place.0,
        id,
        now.0,
        trouble.code()
    ))?;
    Ok(())
}

/// All mails to people of a place that wait or were given up, newest first.
///
/// # Errors
/// [`Error::Contradiction`] for a kind, language or trouble that is none.
pub async fn of_place(read: &mut Read, place: InstitutionId) -> Result<Vec<StoredMail>, Error> {
    let rows = sql!(read.fetch_all::<MailRow>(
        "SELECT id, institution_id, person_id, account_id, kind, language, created, tries, trouble FROM mail \
         WHERE institution_id = $1 ORDER BY created DESC, id DESC",
        place.0
    ))?;
    rows.into_iter().map(MailRow::mail).collect()
}

/// How many mails wait, and how many were given up.
///
/// # Errors
/// What the engine says.
pub async fn counts(read: &mut Read) -> Result<(i64, i64), Error> {
    sql!(read.fetch_one::<(i64, i64)>("SELECT COUNT(*) - COUNT(given_up), COUNT(given_up) FROM mail"))
}

/// What somebody wants by mail.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MailChoice {
    /// Kinds that do not go out.
    pub unwanted: Vec<NoticeKind>,
    /// The language they chose.
    pub language: Option<Language>,
}

/// What a person at a place wants by mail; everything, where they have said nothing.
///
/// # Errors
/// What the engine says.
pub async fn choice(read: &mut Read, place: InstitutionId, person: PersonId) -> Result<MailChoice, Error> {
    let row = sql!(read.fetch_optional::<(String, Option<String>)>(
        "SELECT unwanted, language FROM mail_choice WHERE institution_id = $1 AND person_id = $2",
        place.0,
        person.0
    ))?;
    let Some((unwanted, language)) = row else { return Ok(MailChoice::default()) };
    // A word that a newer program wrote asks for nothing here.
    let unwanted = unwanted.split_whitespace().filter_map(NoticeKind::of_code).collect();
    Ok(MailChoice { unwanted, language: language.as_deref().and_then(Language::of_code) })
}

/// Keeps what a person wants by mail; what waits of what they do not want is taken away.
///
/// # Errors
/// What the engine says.
pub async fn choose(tx: &mut Write, place: InstitutionId, person: PersonId, choice: &MailChoice) -> Result<(), Error> {
    let words: Vec<&str> = choice.unwanted.iter().map(|kind| kind.code()).collect();
    sql!(tx.execute(
        "INSERT INTO mail_choice (institution_id, person_id, unwanted, language) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (institution_id, person_id) \
         DO UPDATE SET unwanted = excluded.unwanted, language = excluded.language",
        place.0,
        person.0,
        words.join(" "),
        choice.language.map(Language::code)
    ))?;
    for word in words {
        sql!(tx.execute(
            "DELETE FROM mail WHERE institution_id = $1 AND person_id = $2 AND kind = $3 AND given_up IS NULL",
            place.0,
            person.0,
            word
        ))?;
    }
    Ok(())
}
