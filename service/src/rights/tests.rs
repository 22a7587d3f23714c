//! The main job, told on both engines.

mod answers;
mod applying;
mod authority;
mod files;
mod hands;
mod leaders;
mod random;
mod together;

use super::CachedSchool;
use crate::actor::{Actor, Via};
use crate::catalogue::Catalogue;
use crate::env::{Env, SeededRandomness, SetClock};
use crate::fault::Fault;
use crate::password::HashCost;
use crate::secrets::Secrets;
use crate::service::{Service, Settings};
use domain::draft::{Edit, ScopeId, TestsId};
use domain::exchange::{Applied, ApplyOutcome, Proposal, Refusal, Review, StaffChange, StaffWish};
use domain::{
    AuthorityId, Capacity, Date, Effect, GroupId, GroupKind, IdentitySource, Instant, InstitutionId, PersonId,
    UserType, Window, Zone,
};
use std::sync::Arc;
use store::Db;
use store::directory::{Authority, Institution, Person};
use store::import::{NewAffiliation, NewGroup, NewLevel, NewPlace, Recording};
use store::testing::{TestDb, on_both};
use uuid::Uuid;

/// 18 November 2026, 13:06:40 in Copenhagen.
const START: Instant = Instant(1_795_000_000_000_000);
/// A test for level 4.
const READING: &str = "FNF-DAL-4";
/// Another test for level 4, of another subject.
const MATHS: &str = "FNF-MAT-4";

/// Two schools of one authority, and a service over them.
struct World {
    service: Service,
    clock: Arc<SetClock>,
    secrets: Secrets,
    here: Place,
    there: Place,
}

/// A school: two teachers, an administrator who teaches, a leader; 4.A with three pupils, 4.B with
/// two, all at level 4.
#[derive(Clone)]
struct Place {
    institution: InstitutionId,
    mette: PersonId,
    jens: PersonId,
    rikke: PersonId,
    lone: PersonId,
    a: GroupId,
    b: GroupId,
    pupils: [PersonId; 5],
}

/// The test's body on a fresh world on each engine.
async fn on_worlds(mut body: impl AsyncFnMut(World)) {
    let done = on_both(async |test: &TestDb| body(world(test).await).await).await;
    done.expect("the databases");
}

async fn world(test: &TestDb) -> World {
    let clock = Arc::new(SetClock::at(START));
    let env = Env::new(Arc::<SetClock>::clone(&clock), Arc::new(SeededRandomness::new(41)));
    let secrets = Secrets::make(&env);
    let service = service_over(&test.db, &env, &secrets);
    let authority = AuthorityId(env.id());
    let made = store::write!(test.db, async |tx| {
        let (code, name, country) = ("851".to_owned(), "Lindely Kommune".to_owned(), "dk".to_owned());
        store::directory::insert_authority(tx, &Authority { id: authority, code, name, country }).await?;
        Ok::<_, Fault>(())
    });
    made.expect("an authority");
    let here = place(&test.db, &env, authority, "280101").await;
    let there = place(&test.db, &env, authority, "280102").await;
    World { service, clock, secrets, here, there }
}

fn service_over(db: &Db, env: &Env, secrets: &Secrets) -> Service {
    let settings = Settings { hash_cost: HashCost::LEAST, ..Settings::default() };
    let catalogue = Catalogue::load(None).expect("the embedded catalogue");
    Service::new(db.clone(), env.clone(), catalogue, secrets.clone(), settings)
}

async fn place(db: &Db, env: &Env, authority: AuthorityId, code: &str) -> Place {
    let institution = InstitutionId(env.id());
    let person = || PersonId(env.id());
    let place = Place {
        institution,
        mette: person(),
        jens: person(),
        rikke: person(),
        lone: person(),
        a: GroupId(env.id()),
        b: GroupId(env.id()),
        pupils: [(); 5].map(|()| person()),
    };
    let made = store::write!(db, async |tx| { fill(tx, env, authority, code, &place).await });
    made.expect("a school");
    place
}

async fn fill(
    tx: &mut store::Write,
    env: &Env,
    authority: AuthorityId,
    code: &str,
    place: &Place,
) -> Result<(), Fault> {
    let institution = Institution {
        id: place.institution,
        authority,
        code: code.to_owned(),
        name: format!("Skolen {code}"),
        country: "dk".to_owned(),
        identity_source: IdentitySource::Local,
    };
    store::directory::insert_institution(tx, &institution).await?;
    let staff = [
        (place.mette, "Mette", "Lind", "T-1", UserType::Teacher),
        (place.jens, "Jens", "Holm", "T-2", UserType::Teacher),
        (place.rikke, "Rikke", "Bech", "T-3", UserType::Teacher),
        (place.lone, "Lone", "Dam", "T-4", UserType::Leader),
    ];
    let names = ["Ida", "Bo", "Åse", "Carl", "Dea"];
    let sources = ["P-1", "P-2", "P-3", "P-4", "P-5"];
    let pupils = place.pupils.iter().zip(names).zip(sources);
    let pupils = pupils.map(|((id, name), source)| (*id, name, "Elev", source, UserType::Pupil));
    let everyone: Vec<_> = staff.into_iter().chain(pupils).collect();
    let persons: Vec<Person> = everyone
        .iter()
        .map(|(id, given, family, ..)| Person {
            id: *id,
            given: (*given).to_owned(),
            family: (*family).to_owned(),
            protected: false,
            created: Instant(0),
        })
        .collect();
    store::directory::insert_persons(tx, &persons).await?;
    let sources: Vec<_> = everyone.iter().map(|(id, _, _, source, _)| ((*source).to_owned(), *id)).collect();
    store::directory::insert_sources(tx, place.institution.0, &sources).await?;

    let at = Recording { institution: place.institution, now: Instant(0) };
    let affiliations: Vec<_> = everyone
        .iter()
        .map(|(person, .., user_type)| NewAffiliation {
            id: env.id(),
            person: *person,
            user_type: *user_type,
            valid: Window::ALWAYS,
        })
        .collect();
    store::import::add_affiliations(tx, at, store::import::FILE_SOURCE, &affiliations, &mut |_| ()).await?;
    let group = |group, source: &str, name: &str| NewGroup {
        group,
        source_id: source.to_owned(),
        name: name.to_owned(),
        kind: GroupKind::Class,
        subject: None,
    };
    store::import::add_groups(tx, at, &[group(place.a, "G-A", "4.A"), group(place.b, "G-B", "4.B")], &mut |_| ())
        .await?;
    let member = |(number, person): (usize, &PersonId)| NewPlace {
        id: env.id(),
        person: *person,
        group: if number < 3 { place.a } else { place.b },
        valid: Window::ALWAYS,
    };
    let members: Vec<_> = place.pupils.iter().enumerate().map(member).collect();
    store::import::add_memberships(tx, at, &members, &mut |_| ()).await?;
    let level = |person: &PersonId| NewLevel {
        id: env.id(),
        person: *person,
        level: "4".parse().ok(),
        raw: "04".to_owned(),
        valid: Window::ALWAYS,
    };
    let levels: Vec<_> = place.pupils.iter().map(level).collect();
    store::import::add_levels(tx, at, &levels, &mut |_| ()).await?;
    Ok(())
}

impl Place {
    fn actor(&self, person: PersonId, name: &str, capacities: &[Capacity]) -> Actor {
        Actor {
            person,
            account: None,
            name: name.to_owned(),
            institution: self.institution,
            capacities: capacities.to_vec(),
            two_factors: true,
            via: Via::Session,
            request: Uuid::from_u128(7),
        }
    }

    /// Rikke, who teaches and administers rights.
    fn rikke(&self) -> Actor {
        self.actor(self.rikke, "Rikke Bech", &[Capacity::Teaching, Capacity::TestAdministration])
    }

    /// A second administrator, who does not teach.
    fn poul(&self) -> Actor {
        self.actor(PersonId(Uuid::from_u128(99)), "Poul Friis", &[Capacity::TestAdministration])
    }

    fn lone(&self) -> Actor {
        self.actor(self.lone, "Lone Dam", &[Capacity::Leadership])
    }

    fn mette(&self) -> Actor {
        self.actor(self.mette, "Mette Lind", &[Capacity::Teaching])
    }
}

impl Service {
    async fn school(&self, institution: InstitutionId) -> Result<Arc<CachedSchool>, Fault> {
        self.school_in(&mut self.db.read().await?, institution).await
    }
}

impl World {
    /// Another process on the same database: nothing shared but the database.
    fn other_process(&self) -> Service {
        let env = Env::new(Arc::<SetClock>::clone(&self.clock), Arc::new(SeededRandomness::new(42)));
        service_over(&self.service.db, &env, &self.secrets)
    }

    fn pass(&self, seconds: i64) {
        self.clock.set(self.service.env.now().plus_seconds(seconds));
    }

    async fn revision(&self) -> i64 {
        let mut read = self.service.db.read().await.expect("a read");
        store::revision::current(&mut read, self.here.institution).await.expect("a revision").expect("a school")
    }

    /// How many audit entries the school has.
    async fn entries(&self) -> usize {
        let mut read = self.service.db.read().await.expect("a read");
        store::audit::entries(&mut read, self.here.institution.0, 0, 1_000).await.expect("entries").len()
    }

    async fn school(&self) -> Arc<CachedSchool> {
        self.service.school(self.here.institution).await.expect("the school")
    }

    async fn review(&self, actor: &Actor, proposal: &Proposal) -> Review {
        let based_on = self.revision().await;
        self.service.review(actor, proposal, based_on).await.expect("a review")
    }

    /// Reviews and applies.
    async fn apply(&self, actor: &Actor, proposal: &Proposal) -> Applied {
        let review = self.review(actor, proposal).await;
        let outcome = self.service.apply(actor, proposal, review.revision, &review.digest, "en grund").await;
        applied(outcome.expect("applied"))
    }

    /// Who of the three teachers sees the first pupil of 4.A in reading now.
    async fn sees(&self, teacher: PersonId, pupil: PersonId) -> bool {
        let cached = self.school().await;
        sees(&cached, teacher, pupil, self.service.env.now())
    }
}

fn sees(cached: &CachedSchool, teacher: PersonId, pupil: PersonId, now: Instant) -> bool {
    let places = domain::draft::Places::of(&cached.school().roster);
    let (Some(teacher), Some(pupil), Some(test)) = (places.teacher(teacher), places.pupil(pupil), places.test(READING))
    else {
        return false;
    };
    cached.cube(now).may_see(teacher, pupil, test)
}

fn applied(outcome: ApplyOutcome) -> Applied {
    match outcome {
        ApplyOutcome::Applied(applied) => applied,
        ApplyOutcome::Stale(review) => panic!("stale: {review:?}"),
    }
}

fn stale(outcome: ApplyOutcome) -> Review {
    match outcome {
        ApplyOutcome::Stale(review) => review,
        ApplyOutcome::Applied(applied) => panic!("applied: {applied:?}"),
    }
}

/// What a use case was refused with.
fn refusal<T: std::fmt::Debug>(outcome: Result<T, Fault>) -> Refusal {
    match outcome {
        Err(fault @ (Fault::Refused(_) | Fault::BadEdit { .. } | Fault::Unknown { .. })) => fault.public(),
        other => panic!("not refused: {other:?}"),
    }
}

fn edit(teacher: PersonId, scope: ScopeId, effect: Effect) -> Edit {
    let tests = TestsId::Test(READING.to_owned());
    Edit { teachers: vec![teacher], scope, tests, effect, from: None, until: None }
}

fn give(teacher: PersonId, scope: ScopeId) -> Proposal {
    Proposal::Edits(vec![edit(teacher, scope, Effect::Give)])
}

fn withhold(teacher: PersonId, scope: ScopeId) -> Proposal {
    Proposal::Edits(vec![edit(teacher, scope, Effect::Withhold)])
}

const fn take_back(change_set: u32) -> Proposal {
    Proposal::TakeBack { change_set, positions: None }
}

fn day(text: &str) -> Date {
    text.parse().expect("a day")
}

fn start_of(text: &str) -> Instant {
    Zone::Copenhagen.start_of(day(text))
}

/// Gives and removes rights to book and to run of somebody about whom nothing was recorded before.
const fn first(person: PersonId, booking: bool, running: bool) -> StaffChange {
    let booking = Some(StaffWish { granted: booking, seen: None });
    StaffChange { person, booking, running: Some(StaffWish { granted: running, seen: None }) }
}
