//! A small invented school, everything in it told to the log.

use domain::draft::{ScopeId, TestsId};
use domain::staff_right::StaffRight;
use domain::{
    AccountId, AccountRole, AuthorityId, Capacity, ChangeSetIx, Effect, IdentitySource, Instant, InstitutionId,
    PersonId, TakingBack, Window,
};
use service::audit::{Action, Checkpoint, Entry, Report, Row, append, verify};
use service::env::{SeededRandomness, SetClock};
use service::secrets::{Key, KeyRing};
use service::{Actor, Env, Fault, Via};
use std::sync::Arc;
use store::directory::{Authority, Institution, Person};
use store::record::{NewChangeSet, StoredDecision};
use store::staff_right::StaffRightFact;
use store::testing::{TestDb, on_both};
use store::{Db, Write};
use uuid::Uuid;

pub(crate) const NOW: Instant = Instant(1_795_000_000_000_000);
pub(crate) const SCHOOL: InstitutionId = InstitutionId(Uuid::from_u128(0x5C));
pub(crate) const AUTHORITY: AuthorityId = AuthorityId(Uuid::from_u128(0xA));
pub(crate) const HEAD: PersonId = PersonId(Uuid::from_u128(1));
pub(crate) const TEACHER: PersonId = PersonId(Uuid::from_u128(2));
pub(crate) const ACCOUNT: Uuid = Uuid::from_u128(0xAC);
pub(crate) const RIGHT: Uuid = Uuid::from_u128(0xB1);

pub(crate) fn env() -> Env {
    Env::new(Arc::new(SetClock::at(NOW)), Arc::new(SeededRandomness::new(7)))
}

pub(crate) fn keys() -> KeyRing {
    KeyRing::of(Key::new([7; 64]))
}

pub(crate) fn actor() -> Actor {
    Actor {
        person: HEAD,
        account: None,
        name: "Ada Lund".into(),
        institution: SCHOOL,
        capacities: vec![Capacity::TestAdministration],
        two_factors: true,
        via: Via::Session,
        request: Uuid::from_u128(0xE),
    }
}

/// Entries at the school: 1 account, 2 rights given, 3 a right removed, 4 and 5 decisions,
/// 6 a taking-back. At the authority: 1.
pub(crate) async fn fill(db: &Db, keys: &KeyRing) {
    store::write!(db, async |tx| {
        directory(tx, keys).await?;
        account(tx, keys).await?;
        rights(tx, keys, &[(0xB1, StaffRight::Booking, true), (0xB2, StaffRight::Running, true)], NOW).await?;
        rights(tx, keys, &[(0xB3, StaffRight::Booking, false)], NOW.plus_seconds(5)).await?;
        change_set(tx, keys, 1, None, &[Effect::Give, Effect::Withhold]).await?;
        change_set(tx, keys, 2, None, &[Effect::Clear]).await?;
        let back = TakingBack { target: ChangeSetIx(1), positions: Some(vec![0]) };
        change_set(tx, keys, 3, Some(&back), &[]).await
    })
    .unwrap();
}

pub(crate) async fn directory(tx: &mut Write, keys: &KeyRing) -> Result<(), Fault> {
    let authority = Authority { id: AUTHORITY, code: "751".into(), name: "Lunden".into(), country: "dk".into() };
    store::directory::insert_authority(tx, &authority).await?;
    let school = Institution {
        id: SCHOOL,
        authority: AUTHORITY,
        code: "751001".into(),
        name: "Lundeskolen".into(),
        country: "dk".into(),
        identity_source: IdentitySource::Local,
    };
    store::directory::insert_institution(tx, &school).await?;
    let person =
        |id, given: &str| Person { id, given: given.into(), family: "Lund".into(), protected: false, created: NOW };
    store::directory::insert_persons(tx, &[person(HEAD, "Ada"), person(TEACHER, "Bo")]).await?;
    let entry = Entry::new(Action::InstitutionCreated, &actor()).at_authority(AUTHORITY).object("institution", SCHOOL);
    append(tx, &env(), keys, &entry).await.map(|_| ())
}

pub(crate) async fn account(tx: &mut Write, keys: &KeyRing) -> Result<(), Fault> {
    let new = store::account::NewAccount {
        id: AccountId(ACCOUNT),
        institution: SCHOOL,
        number: 1001,
        user_name: "1001-751001",
        person: HEAD,
        role: AccountRole::TestAdministrator,
        created: NOW,
        active_until: None,
        email: None,
    };
    store::account::insert(tx, &new).await?;
    let entry =
        Entry::new(Action::AccountCreated, &actor()).object("account", ACCOUNT).rows([Row::new_account(&new, &[])]);
    append(tx, &env(), keys, &entry).await.map(|_| ())
}

pub(crate) async fn rights(
    tx: &mut Write,
    keys: &KeyRing,
    all: &[(u128, StaffRight, bool)],
    at: Instant,
) -> Result<(), Fault> {
    let fact = |(id, right, granted): &(u128, StaffRight, bool)| StaffRightFact {
        id: Uuid::from_u128(*id),
        person: TEACHER,
        right: *right,
        granted: *granted,
        author: HEAD,
        author_name: "Ada Lund".into(),
        recorded: Window::since(at),
    };
    let facts: Vec<StaffRightFact> = all.iter().map(fact).collect();
    store::staff_right::record(tx, SCHOOL, &facts).await?;
    let entry = Entry::new(Action::StaffRightsChanged, &actor()).rows(facts.iter().map(Row::staff_right));
    append(tx, &env(), keys, &entry).await.map(|_| ())
}

pub(crate) async fn change_set(
    tx: &mut Write,
    keys: &KeyRing,
    number: u32,
    takes_back: Option<&TakingBack>,
    effects: &[Effect],
) -> Result<(), Fault> {
    let revision = store::revision::raise(tx, SCHOOL).await?.unwrap();
    let new = NewChangeSet {
        revision,
        recorded: NOW.plus_seconds(i64::from(number)),
        author: HEAD,
        author_name: "Ada Lund",
        via: "session",
        reason: "Nyt skoleår",
        takes_back,
        own_right: false,
    };
    let decision = |effect: &Effect| StoredDecision {
        change_set: 0,
        position: 0,
        teacher: TEACHER,
        scope: ScopeId::School,
        tests: TestsId::All,
        effect: *effect,
        valid: Window::since(NOW),
    };
    let decisions: Vec<StoredDecision> = effects.iter().map(decision).collect();
    assert_eq!(store::record::append(tx, SCHOOL, &new, &decisions).await?, number);
    let entry = Entry::new(Action::DecisionsRecorded, &actor())
        .capacity(Capacity::TestAdministration)
        .object("change_set", number)
        .rows([Row::change_set(number, &new, &decisions)])
        .reason("Nyt skoleår");
    append(tx, &env(), keys, &entry).await.map(|_| ())
}

pub(crate) async fn report(test: &TestDb, checkpoints: &[Checkpoint]) -> Report {
    verify(&test.db, &keys(), checkpoints).await.unwrap()
}

pub(crate) async fn checkpoint(test: &TestDb) -> Checkpoint {
    Checkpoint::take(&mut test.db.read().await.unwrap(), &keys(), NOW).await.unwrap()
}

/// Runs a test's body on a filled school on each engine.
pub(crate) async fn on_filled(mut body: impl AsyncFnMut(&TestDb)) {
    let on_one = async |test: &TestDb| {
        fill(&test.db, &keys()).await;
        body(test).await;
    };
    on_both(on_one).await.unwrap();
}

/// Cuts off the log's last entry, mends the head, and takes what the entry tells of away too.
pub(crate) async fn cut_the_tail(test: &TestDb) {
    let cut = "DELETE FROM audit_entry WHERE number = 6; DELETE FROM audit_personal WHERE number = 6; \
         UPDATE audit_head SET number = 5, mac = (SELECT mac FROM audit_entry WHERE number = 5) WHERE number = 6; \
         DELETE FROM change_set WHERE number = 3";
    test.tamper(cut).await.unwrap();
}
