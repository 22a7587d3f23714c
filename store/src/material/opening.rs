//! Who opened what of the protected part. Appended only; the rule's facts know nothing of it, so no
//! revision is raised.

use crate::column::known;
use crate::roster::Alias;
use crate::{Error, Read, Write};
use domain::{AccountId, Instant, InstitutionId, MaterialId, PersonId, Zone};
use sqlx::FromRow;
use uuid::Uuid;

/// An opening to be recorded.
#[derive(Clone, Copy, Debug)]
pub struct NewOpening {
    /// Its id.
    pub id: Uuid,
    /// Where the account is held.
    pub institution: InstitutionId,
    /// What was opened.
    pub material: MaterialId,
    /// With which account.
    pub account: AccountId,
    /// By whom.
    pub person: PersonId,
    /// When.
    pub opened: Instant,
}

/// An opening, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opening {
    /// Its id.
    pub id: Uuid,
    /// When.
    pub opened: Instant,
    /// What was opened.
    pub material: MaterialId,
    /// What that is called.
    pub title: String,
    /// Its subject, by slug.
    pub subject: String,
    /// With which account.
    pub account: AccountId,
    /// The account's user name.
    pub user_name: String,
    /// Whose; an alias where the person is protected.
    pub name: String,
    /// Where the account is held, by name.
    pub institution: String,
    /// The zone that days are counted in there.
    pub zone: Zone,
}

#[derive(FromRow)]
struct OpeningRow {
    id: Uuid,
    opened: i64,
    material_id: Uuid,
    title: String,
    subject: String,
    account_id: Uuid,
    user_name: String,
    given: String,
    family: String,
    protected: bool,
    alias: Option<i64>,
    institution: String,
    country: String,
}

impl TryFrom<OpeningRow> for Opening {
    type Error = Error;

    fn try_from(row: OpeningRow) -> Result<Self, Error> {
        let zone = known(Zone::of_country(&row.country), "institution", "country", row.id)?;
        let name = if row.protected {
            Alias::of_staff(zone).name(row.alias)
        } else {
            format!("{} {}", row.given, row.family).trim().to_owned()
        };
        Ok(Self {
            id: row.id,
            opened: Instant(row.opened),
            material: MaterialId(row.material_id),
            title: row.title,
            subject: row.subject,
            account: AccountId(row.account_id),
            user_name: row.user_name,
            name,
            institution: row.institution,
            zone,
        })
    }
}

/// Records an opening.
///
/// # Errors
/// What the engine says.
pub async fn insert(tx: &mut Write, new: &NewOpening) -> Result<(), Error> {
    sql!(tx.execute(
        "INSERT INTO material_opening (institution_id, id, material_id, account_id, person_id, opened) \
         VALUES ($1, $2, $3, $4, $5, $6)",
        new.institution.0,
        new.id,
        new.material.0,
        new.account.0,
        new.person.0,
        new.opened.0
    ))?;
    Ok(())
}

/// Has the account opened this since an instant?
///
/// # Errors
/// What the engine says.
pub async fn is_recent(
    read: &mut Read,
    material: MaterialId,
    account: AccountId,
    since: Instant,
) -> Result<bool, Error> {
    let (found,) = sql!(read.fetch_one::<(i64,)>(
        "SELECT COUNT(*) FROM material_opening WHERE material_id = $1 AND account_id = $2 AND opened >= $3",
        material.0,
        account.0,
        since.0
    ))?;
    Ok(found > 0)
}

/// The one statement about openings, and what picks them out.
macro_rules! openings {
    ($which:literal, $most:literal) => {
        concat!(
            "SELECT o.id, o.opened, o.material_id, m.title, m.subject, o.account_id, a.user_name, p.given, p.family, \
             p.protected, alias.number AS alias, i.name AS institution, i.country FROM material_opening o \
             JOIN material m ON m.id = o.material_id JOIN account a ON a.id = o.account_id \
             JOIN person p ON p.id = o.person_id JOIN institution i ON i.id = o.institution_id \
             LEFT JOIN pupil_alias alias ON alias.institution_id = o.institution_id AND alias.person_id = o.person_id \
             WHERE ",
            $which,
            " ORDER BY o.opened DESC, o.id DESC LIMIT ",
            $most
        )
    };
}

/// A person's openings at an institution, with whatever account; the newest first, at most so many.
///
/// # Errors
/// What the engine says.
pub async fn of_person(
    read: &mut Read,
    institution: InstitutionId,
    person: PersonId,
    most: i64,
) -> Result<Vec<Opening>, Error> {
    let rows = sql!(read.fetch_all::<OpeningRow>(
        openings!("o.institution_id = $1 AND o.person_id = $2", "$3"),
        institution.0,
        person.0,
        most
    ))?;
    rows.into_iter().map(TryInto::try_into).collect()
}

/// The openings of an institution's accounts; the newest first, at most so many.
///
/// # Errors
/// What the engine says.
pub async fn of_institution(read: &mut Read, institution: InstitutionId, most: i64) -> Result<Vec<Opening>, Error> {
    let rows = sql!(read.fetch_all::<OpeningRow>(openings!("o.institution_id = $1", "$2"), institution.0, most))?;
    rows.into_iter().map(TryInto::try_into).collect()
}

/// The openings of a piece of material; the newest first, at most so many.
///
/// # Errors
/// What the engine says.
pub async fn of_material(read: &mut Read, material: MaterialId, most: i64) -> Result<Vec<Opening>, Error> {
    let rows = sql!(read.fetch_all::<OpeningRow>(openings!("o.material_id = $1", "$2"), material.0, most))?;
    rows.into_iter().map(TryInto::try_into).collect()
}

/// All openings; the newest first, at most so many.
///
/// # Errors
/// What the engine says.
pub async fn all(read: &mut Read, most: i64) -> Result<Vec<Opening>, Error> {
    let rows = sql!(read.fetch_all::<OpeningRow>(openings!("TRUE", "$1"), most))?;
    rows.into_iter().map(TryInto::try_into).collect()
}
