//! Signing in, told as stories, on both engines.

mod accounts;
mod attacks;
mod authenticator;
mod broker;
mod carried;
mod demo;
mod factors;
mod keeping_passkeys;
mod passkeys;
mod sessions;

use super::network::Network;
use super::{Next, Outcome};
use crate::accounts::{AccountOrder, Holder, IssuedAccount};
use crate::actor::{Actor, Via};
use crate::catalogue::Catalogue;
use crate::env::{Env, SeededRandomness, SetClock};
use crate::fault::Fault;
use crate::matrix::CellUse;
use crate::password::{HashCost, HashLimits};
use crate::secrets::Secrets;
use crate::service::{Service, Settings};
use crate::session::{Presence, SignedIn, Token};
use domain::exchange::RefusalCode;
use domain::{AccountRole, AuthorityId, IdentitySource, Instant, InstitutionId, PersonId};
use std::sync::Arc;
use store::directory::{Authority, Institution};
use store::testing::{TestDb, on_both};
use uuid::Uuid;

const START: Instant = Instant(1_795_000_000_000_000);
/// Where the installation is reached.
const ORIGIN: &str = "http://localhost:3000";
/// A password that the policy takes.
const OWN: &str = "vq8mfz2x-kastanjehest";

/// A service with one school on a fresh database.
pub(crate) struct World {
    pub(crate) service: Service,
    clock: Arc<SetClock>,
    pub(crate) institution: InstitutionId,
    now: std::cell::Cell<Instant>,
}

pub(crate) fn settings() -> Settings {
    Settings {
        hash_cost: HashCost::LEAST,
        hash_limits: HashLimits { running: 2, waiting: 2_000 },
        demo: false,
        ..Settings::default()
    }
}

pub(crate) async fn world_with(test: &TestDb, settings: Settings) -> World {
    let clock = Arc::new(SetClock::at(START));
    let env = Env::new(Arc::<SetClock>::clone(&clock), Arc::new(SeededRandomness::new(20)));
    let catalogue = Catalogue::load(None).expect("the embedded catalogue");
    let secrets = Secrets::make(&env);
    let institution = InstitutionId(env.id());
    let authority = AuthorityId(env.id());
    let made = store::write!(test.db, async |tx| {
        let (code, name, country) = ("851".to_owned(), "Lindely Kommune".to_owned(), "dk".to_owned());
        store::directory::insert_authority(tx, &Authority { id: authority, code, name, country }).await?;
        let school = Institution {
            id: institution,
            authority,
            code: "280101".to_owned(),
            name: "Lindelyskolen".to_owned(),
            country: "dk".to_owned(),
            identity_source: IdentitySource::Local,
        };
        store::directory::insert_institution(tx, &school).await?;
        Ok::<_, Fault>(())
    });
    made.expect("a school");
    let service = Service::new(test.db.clone(), env, catalogue, secrets, settings).at(ORIGIN);
    World { service, clock, institution, now: std::cell::Cell::new(START) }
}

pub(crate) async fn world(test: &TestDb) -> World {
    world_with(test, settings()).await
}

impl World {
    pub(crate) fn pass(&self, seconds: i64) {
        self.now.set(self.now.get().plus_seconds(seconds));
        self.clock.set(self.now.get());
    }

    pub(crate) fn operator(&self) -> Actor {
        Actor {
            person: PersonId(Uuid::nil()),
            account: None,
            name: "operator".to_owned(),
            institution: self.institution,
            capacities: Vec::new(),
            two_factors: false,
            via: Via::Operator,
            request: Uuid::nil(),
        }
    }

    /// A principal of the school, as a session of every factor would act.
    async fn principal(&self) -> Actor {
        let person = self.account(AccountRole::Principal).await.person;
        let capacities = AccountRole::Principal.capacities().to_vec();
        Actor { person, capacities, two_factors: true, via: Via::Session, ..self.operator() }
    }

    async fn account(&self, role: AccountRole) -> IssuedAccount {
        let holder = Holder::New { given: "Åse".to_owned(), family: "Lind".to_owned() };
        let order = AccountOrder { holder, role, matrix: false };
        self.service.create_account(&self.operator(), &order).await.expect("an account")
    }

    async fn password(&self, user_name: &str, password: &str) -> Outcome {
        self.service.sign_in_with_password(user_name, password, &network(1)).await.expect("an answer")
    }

    async fn right_password(&self, user_name: &str, password: &str, next: Next) -> Token {
        through(self.password(user_name, password).await, next)
    }

    async fn asked(&self, token: &Token) -> Vec<String> {
        match self.presence(token).await {
            Presence::Matrix { asked: Some(asked), .. } => asked.places().iter().map(ToString::to_string).collect(),
            other => panic!("not at the matrix: {other:?}"),
        }
    }

    /// The right cells for what is asked.
    async fn cells(&self, account: &IssuedAccount, token: &Token) -> Vec<String> {
        let asked = self.asked(token).await;
        let matrix = account.matrix.as_ref().expect("a matrix");
        asked.iter().map(|place| matrix.cell(place.parse().expect("a place")).to_string()).collect()
    }

    async fn matrix(&self, token: &Token, typed: &[String]) -> Outcome {
        let typed: Vec<&str> = typed.iter().map(String::as_str).collect();
        self.service.sign_in_with_matrix(token, &typed, &network(1)).await.expect("an answer")
    }

    /// Password and matrix, both right.
    async fn both_factors(&self, account: &IssuedAccount, password: &str, next: Next) -> Token {
        let token = self.right_password(&account.user_name, password, Next::Matrix).await;
        let cells = self.cells(account, &token).await;
        through(self.matrix(&token, &cells).await, next)
    }

    /// A signed-in account whose password is [`OWN`].
    async fn settled(&self, account: &IssuedAccount) -> Token {
        let token = match account.matrix {
            None => self.right_password(&account.user_name, &account.password, Next::ChangePassword).await,
            Some(_) => self.both_factors(account, &account.password, Next::ChangePassword).await,
        };
        match self.service.change_password(&token, "", OWN, Uuid::nil()).await.expect("an answer") {
            super::change::Change::Done(token) => token,
            other => panic!("not changed: {other:?}"),
        }
    }

    pub(crate) async fn presence(&self, token: &Token) -> Presence {
        self.service.presence(Some(token), Uuid::nil()).await.expect("an answer")
    }

    pub(crate) async fn signed_in(&self, token: &Token) -> Option<SignedIn> {
        match self.presence(token).await {
            Presence::SignedIn(who) => Some(*who),
            _ => None,
        }
    }
}

pub(crate) fn network(nth: u32) -> Network {
    Network::of(std::net::Ipv4Addr::from_bits(0x0a00_0000 + (nth << 8)).into())
}

fn through(outcome: Outcome, expected: Next) -> Token {
    match outcome {
        Outcome::Next(next, token) if next == expected => token,
        other => panic!("expected to go on to {expected:?}: {other:?}"),
    }
}

#[track_caller]
fn assert_wrong(outcome: &Outcome) {
    assert!(matches!(outcome, Outcome::Wrong), "{outcome:?}");
}

#[track_caller]
pub(crate) fn assert_refused<T: std::fmt::Debug>(answer: Result<T, Fault>, code: RefusalCode) {
    assert!(matches!(&answer, Err(Fault::Refused(refusal)) if refusal.code == code), "{answer:?}");
}

/// Runs a story on both engines.
pub(crate) async fn on_each(mut story: impl AsyncFnMut(&World, &TestDb)) {
    on_each_with(settings(), &mut story).await;
}

pub(crate) async fn on_each_with(settings: Settings, mut story: impl AsyncFnMut(&World, &TestDb)) {
    on_both(async |test| story(&world_with(test, settings).await, test).await).await.expect("databases");
}
