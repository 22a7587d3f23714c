//! A small invented school.

use domain::staff_right::StaffRight;
use domain::{
    AuthorityId, GroupId, IdentitySource, Instant, InstitutionId, Level, PersonId, Subject, SubjectIx, Test, TestKind,
    UserType, Window,
};
use store::directory::{Authority, Institution, Person};
use store::import::{
    FILE_SOURCE, NewAffiliation, NewGroup, NewLevel, NewPlace, Recording, add_affiliations, add_groups, add_levels,
    add_memberships,
};
use store::staff_right::StaffRightFact;
use store::{Db, Error, Write};
use uuid::Uuid;

pub(crate) const SCHOOL: InstitutionId = InstitutionId(Uuid::from_u128(0x5C));
pub(crate) const OTHER_SCHOOL: InstitutionId = InstitutionId(Uuid::from_u128(0x5D));
pub(crate) const AUTHORITY: AuthorityId = AuthorityId(Uuid::from_u128(0xA));
pub(crate) const CLASS: GroupId = GroupId(Uuid::from_u128(0xC1));
pub(crate) const NOW: Instant = Instant(1_795_000_000_000_000);

pub(crate) fn teacher(number: u128) -> PersonId {
    PersonId(Uuid::from_u128(0x1000 + number))
}

pub(crate) fn pupil(number: u128) -> PersonId {
    PersonId(Uuid::from_u128(0x2000 + number))
}

pub(crate) fn id(number: u128) -> Uuid {
    Uuid::from_u128(0xF000 + number)
}

pub(crate) fn after(seconds: i64) -> Instant {
    NOW.plus_seconds(seconds)
}

pub(crate) fn person(id: PersonId, given: &str, protected: bool) -> Person {
    Person { id, given: given.into(), family: "Lund".into(), protected, created: NOW }
}

pub(crate) fn subjects() -> Vec<Subject> {
    vec![Subject { slug: "dansk".into(), name: "Dansk".into() }]
}

pub(crate) fn tests() -> Vec<Test> {
    let test = |code: &str, kind| Test {
        code: code.into(),
        name: code.into(),
        kind,
        subject: SubjectIx(0),
        level: None,
        mandatory: true,
    };
    vec![test("D4", TestKind::National), test("FP9", TestKind::Exam)]
}

pub(crate) fn right(number: u128, person: PersonId, right: StaffRight, granted: bool, at: Instant) -> StaffRightFact {
    StaffRightFact {
        id: id(number),
        person,
        right,
        granted,
        author: teacher(1),
        author_name: "Ada Lund".into(),
        recorded: Window::since(at),
    }
}

/// Two schools; at the first two teachers, and two pupils in a class, the second one protected.
pub(crate) async fn fill(db: &Db) {
    store::write!(db, async |tx| { school(tx).await }).unwrap();
}

async fn school(tx: &mut Write) -> Result<(), Error> {
    let authority = Authority { id: AUTHORITY, code: "751".into(), name: "Lunden".into(), country: "dk".into() };
    store::directory::insert_authority(tx, &authority).await?;
    for (id, code) in [(SCHOOL, "751001"), (OTHER_SCHOOL, "751002")] {
        let institution = Institution {
            id,
            authority: AUTHORITY,
            code: code.into(),
            name: "Lundeskolen".into(),
            country: "dk".into(),
            identity_source: IdentitySource::Local,
        };
        store::directory::insert_institution(tx, &institution).await?;
    }
    let persons = [
        person(teacher(1), "Ada", false),
        person(teacher(2), "Bo", false),
        person(pupil(1), "Ida", false),
        person(pupil(2), "Ole", true),
    ];
    store::directory::insert_persons(tx, &persons).await?;
    let at = Recording { institution: SCHOOL, now: NOW };
    let affiliation =
        |number, person, user_type| NewAffiliation { id: id(number), person, user_type, valid: Window::since(NOW) };
    let affiliations = [
        affiliation(1, teacher(1), UserType::Teacher),
        affiliation(2, teacher(2), UserType::Administrative),
        affiliation(3, pupil(1), UserType::Pupil),
        affiliation(4, pupil(2), UserType::Pupil),
    ];
    add_affiliations(tx, at, FILE_SOURCE, &affiliations, &mut |_| {}).await?;
    let group = NewGroup {
        group: CLASS,
        source_id: "c-4a".into(),
        name: "4.A".into(),
        kind: domain::GroupKind::Class,
        subject: None,
    };
    add_groups(tx, at, &[group], &mut |_| {}).await?;
    let place = |number, person| NewPlace { id: id(number), person, group: CLASS, valid: Window::ALWAYS };
    add_memberships(tx, at, &[place(5, pupil(1)), place(6, pupil(2))], &mut |_| {}).await?;
    let level = |number, person, raw: &str| NewLevel {
        id: id(number),
        person,
        level: raw.parse::<Level>().ok(),
        raw: raw.into(),
        valid: Window::since(NOW),
    };
    add_levels(tx, at, &[level(7, pupil(1), "4"), level(8, pupil(2), "DT")], &mut |_| {}).await?;
    Ok(())
}
