//! Forgetting somebody: what is personal about them goes, and what stays speaks of an id.

use crate::{Error, Read, Write};
use domain::{AccountId, Instant, PersonId};
use uuid::Uuid;

/// Somebody who was erased.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Erasure {
    /// The person.
    pub person: PersonId,
    /// When.
    pub erased: Instant,
}

/// What stands in the place of a name.
#[derive(Clone, Copy, Debug)]
pub struct Forgotten<'a> {
    /// The person.
    pub person: PersonId,
    /// Given and family name as they stood, with a space between.
    pub name: &'a str,
    /// In their place: given name.
    pub given: &'a str,
    /// In their place: family name.
    pub family: &'a str,
    /// In the place of the whole name.
    pub words: &'a str,
}

/// What ties a person to the present.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ties {
    /// Are they somebody somewhere now, or will be?
    pub affiliation: bool,
    /// Have they an account that is not deleted, or that can still be separated from another one?
    pub account: bool,
}

/// Was the person erased?
///
/// # Errors
/// What the engine says.
pub async fn is_erased(read: &mut Read, person: PersonId) -> Result<bool, Error> {
    let row = sql!(read.fetch_optional::<(i64,)>("SELECT erased FROM erasure WHERE person_id = $1", person.0))?;
    Ok(row.is_some())
}

/// Everybody who was erased, by id.
///
/// # Errors
/// What the engine says.
pub async fn all(read: &mut Read) -> Result<Vec<Erasure>, Error> {
    let rows = sql!(read.fetch_all::<(Uuid, i64)>("SELECT person_id, erased FROM erasure ORDER BY person_id"))?;
    Ok(rows.into_iter().map(|(id, at)| Erasure { person: PersonId(id), erased: Instant(at) }).collect())
}

/// Records that somebody was erased; the first time counts.
///
/// # Errors
/// What the engine says.
pub async fn record(tx: &mut Write, erasure: Erasure) -> Result<(), Error> {
    sql!(tx.execute(
        "INSERT INTO erasure (person_id, erased) VALUES ($1, $2) ON CONFLICT (person_id) DO NOTHING",
        erasure.person.0,
        erasure.erased.0
    ))?;
    Ok(())
}

/// What ties a person to the present; accounts that were united before `settled` can be separated no
/// more.
///
/// # Errors
/// What the engine says.
pub async fn ties(read: &mut Read, person: PersonId, now: Instant, settled: Instant) -> Result<Ties, Error> {
    let (affiliations, accounts) = sql!(read.fetch_one::<(i64, i64)>(
        "SELECT (SELECT COUNT(*) FROM affiliation WHERE person_id = $1 AND recorded_until IS NULL \
         AND (valid_until IS NULL OR valid_until > $2)) \
         + (SELECT COUNT(*) FROM person_flag g JOIN authority h ON h.id = g.institution_id \
         WHERE g.person_id = $1 AND g.recorded_until IS NULL), \
         (SELECT COUNT(*) FROM account WHERE person_id = $1 AND deleted IS NULL AND (merged IS NULL OR merged > $3))",
        person.0,
        now.0,
        settled.0
    ))?;
    Ok(Ties { affiliation: affiliations > 0, account: accounts > 0 })
}

/// Institutions and authorities where anything is recorded of a person or by them, by id. Nobody acts
/// without a way to sign in: the logs are searched for those alone who had one.
///
/// # Errors
/// What the engine says.
pub async fn places_of(read: &mut Read, person: PersonId) -> Result<Vec<Uuid>, Error> {
    let rows = sql!(read.fetch_all::<(Uuid,)>(
        "SELECT institution_id FROM affiliation WHERE person_id = $1 \
         UNION SELECT institution_id FROM account WHERE person_id = $1 \
         UNION SELECT owner_id FROM person_source WHERE person_id = $1 \
         UNION SELECT institution_id FROM change_set WHERE author_id = $1 \
         UNION SELECT institution_id FROM staff_right WHERE author_id = $1 \
         UNION SELECT institution_id FROM exemption WHERE author_id = $1 \
         UNION SELECT institution_id FROM import_run WHERE author_id = $1 OR decided_by = $1 \
         UNION SELECT institution_id FROM letter WHERE issued_by = $1 OR printed_by = $1 \
         UNION SELECT institution_id FROM account_request WHERE asked_by = $1 \
         UNION SELECT institution_id FROM notice WHERE person_id = $1 \
         UNION SELECT institution_id FROM account WHERE deactivated_by = $1 OR deleted_by = $1 \
         UNION SELECT institution_id FROM audit_entry WHERE actor LIKE $2 \
           AND (EXISTS (SELECT 1 FROM account WHERE person_id = $1) \
           OR EXISTS (SELECT 1 FROM broker_identity WHERE person_id = $1)) \
         UNION SELECT institution_id FROM person_flag WHERE person_id = $1 OR author_id = $1 \
         ORDER BY 1",
        person.0,
        naming(person)
    ))?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// The accounts that a person ever held, by id, with whether a password or a card of theirs is kept.
///
/// # Errors
/// What the engine says.
pub async fn accounts_of(read: &mut Read, person: PersonId) -> Result<Vec<(Uuid, AccountId, bool)>, Error> {
    let rows = sql!(read.fetch_all::<(Uuid, Uuid, bool)>(
        "SELECT a.institution_id, a.id, EXISTS (SELECT 1 FROM account_password w WHERE w.account_id = a.id) \
         OR EXISTS (SELECT 1 FROM matrix_card c WHERE c.account_id = a.id) AS has_credentials \
         FROM account a WHERE a.person_id = $1 ORDER BY a.id",
        person.0
    ))?;
    Ok(rows.into_iter().map(|(place, id, has)| (place, AccountId(id), has)).collect())
}

/// Takes the person's names, what files call them, and all that hangs on their accounts.
///
/// # Errors
/// What the engine says.
pub async fn forget_person(tx: &mut Write, who: Forgotten<'_>) -> Result<(), Error> {
    sql!(tx.execute(
        "UPDATE person SET given = $2, family = $3, protected = FALSE WHERE id = $1",
        who.person.0,
        who.given,
        who.family
    ))?;
    let person = who.person.0;
    sql!(tx.execute("DELETE FROM person_source WHERE person_id = $1", person))?;
    sql!(tx.execute("UPDATE account SET email = NULL WHERE person_id = $1", person))?;
    sql!(tx.execute("DELETE FROM draft WHERE person_id = $1", person))?;
    sql!(tx.execute("UPDATE exemption SET note = '' WHERE person_id = $1", person))?;
    for of_account in [
        "DELETE FROM sign_in_event WHERE account_id IN (SELECT id FROM account WHERE person_id = $1)",
        "DELETE FROM sign_in_pending WHERE account_id IN (SELECT id FROM account WHERE person_id = $1)",
        "DELETE FROM session WHERE account_id IN (SELECT id FROM account WHERE person_id = $1)",
        "DELETE FROM letter WHERE account_id IN (SELECT id FROM account WHERE person_id = $1)",
        "DELETE FROM account_request WHERE account_id IN (SELECT id FROM account WHERE person_id = $1)",
        "DELETE FROM account_request_asker WHERE account_id IN (SELECT id FROM account WHERE person_id = $1)",
        "DELETE FROM passkey WHERE account_id IN (SELECT id FROM account WHERE person_id = $1)",
        "DELETE FROM passkey_ceremony WHERE account_id IN (SELECT id FROM account WHERE person_id = $1)",
        "DELETE FROM mail WHERE account_id IN (SELECT id FROM account WHERE person_id = $1)",
        "DELETE FROM mail WHERE person_id = $1",
        "DELETE FROM mail_choice WHERE person_id = $1",
        "DELETE FROM inbox_read WHERE person_id = $1",
        "DELETE FROM broker_session WHERE person_id = $1",
        "DELETE FROM broker_identity WHERE person_id = $1",
        "DELETE FROM uni_login WHERE person_id = $1",
        "DELETE FROM national_number WHERE person_id = $1",
        "DELETE FROM place_choice WHERE person_id = $1",
        "DELETE FROM sign_in_event WHERE person_id = $1",
        "DELETE FROM person_flag WHERE person_id = $1",
        "DELETE FROM notice WHERE person_id = $1",
    ] {
        sql!(tx.execute(of_account, person))?;
    }
    Ok(())
}

/// Takes the person's name out of what they did at a place, and out of what others wrote there.
///
/// Where a reason named them, the log's copy of it goes too ([`forget_words`] is called after this):
/// a verification holds the two equal.
///
/// # Errors
/// What the engine says.
pub async fn forget_deeds(tx: &mut Write, place: Uuid, who: Forgotten<'_>) -> Result<(), Error> {
    let (person, words) = (who.person.0, who.words);
    for by_them in [
        "UPDATE staff_right SET author_name = $3 WHERE institution_id = $1 AND author_id = $2",
        "UPDATE person_flag SET author_name = $3 WHERE institution_id = $1 AND author_id = $2",
        "UPDATE change_set SET author_name = $3 WHERE institution_id = $1 AND author_id = $2",
        "UPDATE exemption SET author_name = $3 WHERE institution_id = $1 AND author_id = $2",
        "UPDATE import_run SET author_name = $3 WHERE institution_id = $1 AND author_id = $2",
        "UPDATE import_run SET decided_by_name = $3 WHERE institution_id = $1 AND decided_by = $2",
        "UPDATE letter SET issued_by_name = $3 WHERE institution_id = $1 AND issued_by = $2",
        "UPDATE letter SET printed_by_name = $3 WHERE institution_id = $1 AND printed_by = $2",
        "UPDATE account_request SET asked_by_name = $3 WHERE institution_id = $1 AND asked_by = $2",
    ] {
        sql!(tx.execute(by_them, place, person, words))?;
    }
    if who.name.is_empty() {
        return Ok(());
    }
    for named in [
        "UPDATE change_set SET reason = replace(reason, $2, $3) \
         WHERE institution_id = $1 AND reason <> replace(reason, $2, '')",
        "UPDATE exemption SET note = replace(note, $2, $3) \
         WHERE institution_id = $1 AND note <> replace(note, $2, '')",
        "UPDATE exemption SET withdrawn_by = replace(withdrawn_by, $2, $3) \
         WHERE institution_id = $1 AND withdrawn_by <> replace(withdrawn_by, $2, '')",
        "UPDATE import_run SET file_name = replace(file_name, $2, $3) \
         WHERE institution_id = $1 AND file_name <> replace(file_name, $2, '')",
        "UPDATE import_run SET decision_reason = replace(decision_reason, $2, $3) \
         WHERE institution_id = $1 AND decision_reason <> replace(decision_reason, $2, '')",
        "UPDATE account_request SET closed_by_name = replace(closed_by_name, $2, $3) \
         WHERE institution_id = $1 AND closed_by_name <> replace(closed_by_name, $2, '')",
        "UPDATE account_request SET reason = replace(reason, $2, $3) \
         WHERE institution_id = $1 AND reason <> replace(reason, $2, '')",
        "UPDATE account_request SET words = replace(words, $2, $3) \
         WHERE institution_id = $1 AND words <> replace(words, $2, '')",
        "UPDATE notice SET by_name = replace(by_name, $2, $3) \
         WHERE institution_id = $1 AND by_name <> replace(by_name, $2, '')",
    ] {
        sql!(tx.execute(named, place, who.name, words))?;
    }
    Ok(())
}

/// Takes the words and salts of a log's entries that were written by the person, are about them or
/// one of their accounts, or name them. The chain holds commitments and stays whole.
///
/// # Errors
/// What the engine says.
pub async fn forget_words(
    tx: &mut Write,
    place: Uuid,
    who: Forgotten<'_>,
    accounts: &[AccountId],
) -> Result<(), Error> {
    let id = naming(who.person);
    sql!(tx.execute(
        "DELETE FROM audit_personal WHERE institution_id = $1 AND number IN (SELECT e.number FROM audit_entry e \
         WHERE e.institution_id = $1 AND (e.actor LIKE $2 OR e.object = $3 \
         OR (e.action LIKE 'exemption.%' AND e.body LIKE $2)))",
        place,
        id,
        format!("person {}", who.person)
    ))?;
    if !who.name.is_empty() {
        sql!(tx.execute(
            "DELETE FROM audit_personal WHERE institution_id = $1 AND body <> replace(body, $2, '')",
            place,
            who.name
        ))?;
    }
    for account in accounts {
        sql!(tx.execute(
            "DELETE FROM audit_personal WHERE institution_id = $1 AND number IN (SELECT e.number FROM audit_entry e \
             WHERE e.institution_id = $1 AND e.object = $2)",
            place,
            format!("account {account}")
        ))?;
    }
    Ok(())
}

/// What an entry's actor is like where it is this person.
fn naming(person: PersonId) -> String {
    format!("%\"{person}\"%")
}
