//! The people, groups and tests of a school, as the rule reads them.

use crate::column::{known, window};
use crate::{Error, Read, directory};
use domain::{
    Exemption, Fact, Group, GroupId, GroupIx, GroupKind, InstitutionId, Level, Person, PersonId, PupilIx, Roster,
    SchoolYear, Subject, TeacherIx, Test, TestIx, Zone,
};
use std::collections::HashMap;
use uuid::Uuid;

/// Reads an institution's roster; `None` for an unknown institution.
///
/// Teachers are everyone who ever had user type Teacher here or about whom something was decided,
/// pupils everyone who ever was a pupil here, each in order of id. Protected people appear under
/// their alias; whose accounts work is not read. Exemptions from tests that `tests` does not have are
/// left out.
///
/// # Errors
/// [`Error::Contradiction`] where the rows do not fit together.
pub async fn load(
    read: &mut Read,
    institution: InstitutionId,
    subjects: &[Subject],
    tests: &[Test],
) -> Result<Option<Roster>, Error> {
    let Some(school) = directory::institution(read, institution).await? else { return Ok(None) };
    let zone = school.zone()?;
    let affiliations = affiliations(read, institution).await?;
    let decided = decided_about(read, institution).await?;
    let people = people(read, institution).await?;
    let is_teacher = |row: &&AffiliationRow| !row.is_pupil;
    let is_pupil = |row: &&AffiliationRow| row.is_pupil;
    let teachers = distinct(affiliations.iter().filter(is_teacher).map(|row| row.person_id).chain(decided));
    let pupils = distinct(affiliations.iter().filter(is_pupil).map(|row| row.person_id));
    let groups = groups(read, institution).await?;
    let at = Places {
        teachers: places(&teachers, TeacherIx)?,
        pupils: places(&pupils, PupilIx)?,
        groups: places(&groups.iter().map(|group| group.id.0).collect::<Vec<_>>(), GroupIx)?,
    };
    let teaching = affiliations
        .iter()
        .filter(is_teacher)
        .map(|row| Ok(row.fact(at.teacher(row.person_id, "affiliation", row.person_id)?)));
    let pupils_rows = affiliations.iter().filter(is_pupil);
    let attendance = pupils_rows.map(|row| Ok(row.fact(at.pupil(row.person_id, "affiliation", row.person_id)?)));
    Ok(Some(Roster {
        institution,
        zone,
        subjects: subjects.to_vec(),
        tests: tests.to_vec(),
        teaching: teaching.collect::<Result<_, Error>>()?,
        attendance: attendance.collect::<Result<_, Error>>()?,
        memberships: memberships(read, institution, &at).await?,
        levels: levels(read, institution, &at).await?,
        teaches: teaches(read, institution, &at).await?,
        exemptions: exemptions(read, institution, &at, tests, zone).await?,
        teachers: listed(&people, &teachers, Alias::of_staff(zone))?,
        pupils: listed(&people, &pupils, Alias::of_pupils(zone))?,
        groups,
    }))
}

/// Where each id stands in the roster's lists.
struct Places {
    teachers: HashMap<Uuid, TeacherIx>,
    pupils: HashMap<Uuid, PupilIx>,
    groups: HashMap<Uuid, GroupIx>,
}

impl Places {
    fn teacher(&self, id: Uuid, table: &'static str, row: Uuid) -> Result<TeacherIx, Error> {
        known(self.teachers.get(&id).copied(), table, "person_id", row)
    }

    fn pupil(&self, id: Uuid, table: &'static str, row: Uuid) -> Result<PupilIx, Error> {
        known(self.pupils.get(&id).copied(), table, "person_id", row)
    }

    fn group(&self, id: Uuid, table: &'static str, row: Uuid) -> Result<GroupIx, Error> {
        known(self.groups.get(&id).copied(), table, "group_id", row)
    }
}

fn places<T>(ids: &[Uuid], place: fn(u16) -> T) -> Result<HashMap<Uuid, T>, Error> {
    if ids.len() > usize::from(u16::MAX) {
        return Err(Error::contradiction("affiliation", "person_id", format!("{} of them at one school", ids.len())));
    }
    Ok(ids.iter().copied().zip((0..=u16::MAX).map(place)).collect())
}

fn distinct(ids: impl Iterator<Item = Uuid>) -> Vec<Uuid> {
    let mut ids: Vec<Uuid> = ids.collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}

#[derive(sqlx::FromRow)]
struct AffiliationRow {
    person_id: Uuid,
    is_pupil: bool,
    valid_from: Option<i64>,
    valid_until: Option<i64>,
    recorded_from: i64,
    recorded_until: Option<i64>,
}

impl AffiliationRow {
    fn fact<T>(&self, what: T) -> Fact<T> {
        Fact {
            what,
            valid: window(self.valid_from, self.valid_until),
            recorded: window(Some(self.recorded_from), self.recorded_until),
        }
    }
}

async fn affiliations(read: &mut Read, institution: InstitutionId) -> Result<Vec<AffiliationRow>, Error> {
    sql!(read.fetch_all::<AffiliationRow>(
        "SELECT person_id, kind = 'pupil' AS is_pupil, valid_from, valid_until, recorded_from, recorded_until \
         FROM affiliation WHERE institution_id = $1 AND (kind = 'pupil' OR user_type = 'teacher') ORDER BY id",
        institution.0
    ))
}

async fn decided_about(read: &mut Read, institution: InstitutionId) -> Result<Vec<Uuid>, Error> {
    let rows = sql!(read.fetch_all::<(Uuid,)>(
        "SELECT DISTINCT teacher_id FROM decision WHERE institution_id = $1 ORDER BY teacher_id",
        institution.0
    ))?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

#[derive(sqlx::FromRow)]
struct PersonRow {
    id: Uuid,
    given: String,
    family: String,
    protected: bool,
    alias: Option<i64>,
}

/// What protected people are called, before their number.
#[derive(Clone, Copy, Debug)]
pub struct Alias(&'static str);

impl Alias {
    /// Of pupils, in the words of the place.
    #[must_use]
    pub const fn of_pupils(zone: Zone) -> Self {
        match zone {
            Zone::Copenhagen => Self("Beskyttet elev"),
            Zone::Stockholm => Self("Skyddad elev"),
        }
    }

    /// Of staff, in the words of the place.
    #[must_use]
    pub const fn of_staff(zone: Zone) -> Self {
        match zone {
            Zone::Copenhagen => Self("Beskyttet medarbejder"),
            Zone::Stockholm => Self("Skyddad medarbetare"),
        }
    }

    /// With the number of the one who is meant.
    #[must_use]
    pub fn name(&self, number: Option<i64>) -> String {
        number.map_or_else(|| self.0.into(), |number| format!("{} {number}", self.0))
    }
}

async fn people(read: &mut Read, institution: InstitutionId) -> Result<HashMap<Uuid, PersonRow>, Error> {
    let rows = sql!(read.fetch_all::<PersonRow>(
        "SELECT p.id, p.given, p.family, p.protected, alias.number AS alias \
         FROM person p LEFT JOIN pupil_alias alias ON alias.institution_id = $1 AND alias.person_id = p.id \
         WHERE p.id IN (SELECT person_id FROM affiliation WHERE institution_id = $1 \
           UNION SELECT teacher_id FROM decision WHERE institution_id = $1) ORDER BY p.id",
        institution.0
    ))?;
    Ok(rows.into_iter().map(|row| (row.id, row)).collect())
}

fn listed(people: &HashMap<Uuid, PersonRow>, ids: &[Uuid], alias: Alias) -> Result<Vec<Person>, Error> {
    let person = |id: &Uuid| {
        let row = known(people.get(id), "person", "id", id)?;
        let (given, family) = if row.protected {
            (alias.name(row.alias), String::new())
        } else {
            (row.given.clone(), row.family.clone())
        };
        Ok(Person { id: PersonId(*id), given, family, protected: row.protected, can_sign_in: false })
    };
    ids.iter().map(person).collect()
}

#[derive(sqlx::FromRow)]
struct GroupRow {
    id: Uuid,
    name: String,
    kind: String,
    subject: Option<String>,
}

async fn groups(read: &mut Read, institution: InstitutionId) -> Result<Vec<Group>, Error> {
    let rows = sql!(read.fetch_all::<GroupRow>(
        "SELECT id, name, kind, subject FROM school_group WHERE institution_id = $1 ORDER BY id",
        institution.0
    ))?;
    let group = |row: GroupRow| {
        let kind = known(GroupKind::from_code(&row.kind), "school_group", "kind", row.id)?;
        Ok(Group { id: GroupId(row.id), name: row.name, kind, subject: row.subject })
    };
    rows.into_iter().map(group).collect()
}

#[derive(sqlx::FromRow)]
struct PlaceRow {
    person_id: Uuid,
    group_id: Uuid,
    valid_from: Option<i64>,
    valid_until: Option<i64>,
    recorded_from: i64,
    recorded_until: Option<i64>,
}

impl PlaceRow {
    fn fact<T>(&self, what: T) -> Fact<T> {
        Fact {
            what,
            valid: window(self.valid_from, self.valid_until),
            recorded: window(Some(self.recorded_from), self.recorded_until),
        }
    }
}

async fn memberships(
    read: &mut Read,
    institution: InstitutionId,
    at: &Places,
) -> Result<Vec<Fact<(PupilIx, GroupIx)>>, Error> {
    let rows = sql!(read.fetch_all::<PlaceRow>(
        "SELECT person_id, group_id, valid_from, valid_until, recorded_from, recorded_until \
         FROM membership WHERE institution_id = $1 ORDER BY id",
        institution.0
    ))?;
    let fact = |row: PlaceRow| {
        let pupil = at.pupil(row.person_id, "membership", row.person_id)?;
        Ok(row.fact((pupil, at.group(row.group_id, "membership", row.group_id)?)))
    };
    rows.into_iter().map(fact).collect()
}

async fn teaches(
    read: &mut Read,
    institution: InstitutionId,
    at: &Places,
) -> Result<Vec<Fact<(TeacherIx, GroupIx)>>, Error> {
    let rows = sql!(read.fetch_all::<PlaceRow>(
        "SELECT person_id, group_id, valid_from, valid_until, recorded_from, recorded_until \
         FROM teaches WHERE institution_id = $1 ORDER BY id",
        institution.0
    ))?;
    let fact = |row: PlaceRow| {
        let teacher = at.teacher(row.person_id, "teaches", row.person_id)?;
        Ok(row.fact((teacher, at.group(row.group_id, "teaches", row.group_id)?)))
    };
    rows.into_iter().map(fact).collect()
}

#[derive(sqlx::FromRow)]
struct LevelRow {
    person_id: Uuid,
    level: Option<String>,
    valid_from: Option<i64>,
    valid_until: Option<i64>,
    recorded_from: i64,
    recorded_until: Option<i64>,
}

async fn levels(
    read: &mut Read,
    institution: InstitutionId,
    at: &Places,
) -> Result<Vec<Fact<(PupilIx, Level)>>, Error> {
    let rows = sql!(read.fetch_all::<LevelRow>(
        "SELECT person_id, level, valid_from, valid_until, recorded_from, recorded_until \
         FROM pupil_level WHERE institution_id = $1 AND level IS NOT NULL ORDER BY id",
        institution.0
    ))?;
    let fact = |row: LevelRow| {
        let level =
            known(row.level.as_deref().and_then(|text| text.parse().ok()), "pupil_level", "level", row.person_id)?;
        Ok(Fact {
            what: (at.pupil(row.person_id, "pupil_level", row.person_id)?, level),
            valid: window(row.valid_from, row.valid_until),
            recorded: window(Some(row.recorded_from), row.recorded_until),
        })
    };
    rows.into_iter().map(fact).collect()
}

async fn exemptions(
    read: &mut Read,
    institution: InstitutionId,
    at: &Places,
    tests: &[Test],
    zone: Zone,
) -> Result<Vec<Fact<Exemption>>, Error> {
    let mut facts = Vec::new();
    for row in crate::exemption::all(read, institution).await? {
        let Some(test) = (0_u8..).zip(tests).find(|(_, test)| test.code == row.test).map(|(ix, _)| TestIx(ix)) else {
            continue;
        };
        let pupil = at.pupil(row.pupil.0, "exemption", row.id)?;
        let year: SchoolYear = row.year;
        facts.push(Fact { what: Exemption { pupil, test }, valid: year.window(zone), recorded: row.recorded });
    }
    Ok(facts)
}
