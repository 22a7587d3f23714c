//! Nobody can tell an unknown user name, a wrong password, a waiting, a dead, an inactive, a
//! deleted and a merged one apart: each takes the same hashes and the same statements, and gets the same answer.
//!
//! A test binary of its own, as it listens to every statement of the process.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may fail loudly"
)]

#[path = "../src/sign_in/tests/authenticator.rs"]
mod authenticator;

use authenticator::Authenticator;
use domain::{AccountRole, AuthorityId, IdentitySource, Instant, InstitutionId, PersonId};
use service::accounts::{AccountOrder, Holder, IssuedAccount};
use service::catalogue::Catalogue;
use service::env::{Env, SeededRandomness, SetClock};
use service::passkeys::Begun;
use service::password::{HashCost, HashLimits};
use service::secrets::Secrets;
use service::session::{Presence, Token};
use service::sign_in::change::Change;
use service::sign_in::network::Network;
use service::sign_in::{Next, Outcome};
use service::{Actor, Fault, Service, Settings, Via};
use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex, PoisonError};
use store::directory::{Authority, Institution};
use store::testing::{TestDb, on_both};
use tracing::field::{Field, Visit};
use tracing::{Event, Metadata, Subscriber, span};
use uuid::Uuid;

/// Collects the text of every statement that sqlx reports.
#[derive(Clone, Default)]
struct Statements(Arc<Mutex<Vec<String>>>);

impl Statements {
    /// What was collected since the last time.
    fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Subscriber for Statements {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target() == "sqlx::query"
    }
    fn new_span(&self, _: &span::Attributes<'_>) -> span::Id {
        span::Id::from_u64(1)
    }
    fn record(&self, _: &span::Id, _: &span::Record<'_>) {}
    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}
    fn event(&self, event: &Event<'_>) {
        let mut text = StatementText(String::new());
        event.record(&mut text);
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(text.0);
    }
    fn enter(&self, _: &span::Id) {}
    fn exit(&self, _: &span::Id) {}
}

struct StatementText(String);

impl Visit for StatementText {
    fn record_str(&mut self, field: &Field, value: &str) {
        if field.name() == "summary" {
            self.0 = value.to_owned();
        }
    }
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        if field.name() == "summary" {
            self.0 = format!("{value:?}");
        }
    }
}

struct World {
    service: Service,
    clock: Arc<SetClock>,
    operator: Actor,
}

const START: Instant = Instant(1_795_000_000_000_000);
const ORIGIN: &str = "http://localhost:3000";
const OWN: &str = "vq8mfz2x-kastanjehest";

async fn world(test: &TestDb) -> World {
    let clock = Arc::new(SetClock::at(START));
    let env = Env::new(Arc::<SetClock>::clone(&clock), Arc::new(SeededRandomness::new(20)));
    let (authority, institution) = (AuthorityId(env.id()), InstitutionId(env.id()));
    let made = store::write!(test.db, async |tx| {
        let (code, name, country) = ("851".to_owned(), "Lindely Kommune".to_owned(), "dk".to_owned());
        store::directory::insert_authority(tx, &Authority { id: authority, code, name, country }).await?;
        let (code, name, country) = ("280101".to_owned(), "Lindelyskolen".to_owned(), "dk".to_owned());
        let identity_source = IdentitySource::Local;
        let school = Institution { id: institution, authority, code, name, country, identity_source };
        store::directory::insert_institution(tx, &school).await?;
        Ok::<_, Fault>(())
    });
    made.unwrap();
    let settings = Settings {
        hash_cost: HashCost::LEAST,
        hash_limits: HashLimits { running: 2, waiting: 100 },
        ..Settings::default()
    };
    let secrets = Secrets::make(&env);
    let operator = Actor {
        person: PersonId(Uuid::nil()),
        account: None,
        name: "operator".to_owned(),
        institution,
        capacities: Vec::new(),
        two_factors: false,
        via: Via::Operator,
        request: Uuid::nil(),
    };
    let service = Service::new(test.db.clone(), env, Catalogue::load(None).unwrap(), secrets, settings).at(ORIGIN);
    World { service, clock, operator }
}

impl World {
    async fn account(&self, role: AccountRole) -> IssuedAccount {
        let holder = Holder::New { given: "Åse".to_owned(), family: "Lind".to_owned() };
        self.service.create_account(&self.operator, &AccountOrder { holder, role, matrix: false }).await.unwrap()
    }

    /// A principal of the school, who deletes accounts.
    async fn principal(&self) -> Actor {
        let person = self.account(AccountRole::Principal).await.person;
        let capacities = AccountRole::Principal.capacities().to_vec();
        Actor { person, capacities, two_factors: true, via: Via::Session, ..self.operator.clone() }
    }

    async fn password(&self, user_name: &str, password: &str) -> Outcome {
        self.service.sign_in_with_password(user_name, password, &network()).await.unwrap()
    }

    async fn at_matrix(&self, account: &IssuedAccount) -> Token {
        match self.password(&account.user_name, &account.password).await {
            Outcome::Next(Next::Matrix, token) => token,
            other => panic!("{other:?}"),
        }
    }

    async fn right_cells(&self, account: &IssuedAccount, token: &Token) -> Vec<String> {
        let presence = self.service.presence(Some(token), Uuid::nil()).await.unwrap();
        let Presence::Matrix { asked: Some(asked), .. } = presence else { panic!("{presence:?}") };
        asked.places().iter().map(|place| account.matrix.as_ref().unwrap().cell(*place).to_string()).collect()
    }

    async fn matrix(&self, token: &Token, typed: &str) -> Outcome {
        self.service.sign_in_with_matrix(token, &[typed], &network()).await.unwrap()
    }
}

fn network() -> Network {
    Network::of(Ipv4Addr::new(192, 0, 2, 1).into())
}

/// What an attempt showed: hashes, statements, and the answer in full.
type Trace = (u64, Vec<String>, String);

async fn traced(world: &World, statements: &Statements, attempt: impl Future<Output = Outcome>) -> Trace {
    statements.take();
    let before = world.service.hashes();
    let outcome = attempt.await;
    (world.service.hashes() - before, statements.take(), format!("{outcome:?}"))
}

#[tokio::test]
async fn what_is_wrong_shows_in_nothing() {
    let statements = Statements::default();
    tracing::subscriber::set_global_default(statements.clone()).unwrap();
    on_both(async |test| {
        let world = world(test).await;
        let [wrong, waiting, dead, inactive, deleted] = [
            world.account(AccountRole::Teacher).await,
            world.account(AccountRole::Teacher).await,
            world.account(AccountRole::Teacher).await,
            world.account(AccountRole::Teacher).await,
            world.account(AccountRole::Teacher).await,
        ];
        test.tamper(&format!(
            "UPDATE account_password SET failures = 10, wait_until = {} WHERE account_id = \
             (SELECT id FROM account WHERE user_name = '{}')",
            START.plus_seconds(30).0,
            waiting.user_name
        ))
        .await
        .unwrap();
        test.tamper(&format!(
            "UPDATE account_password SET failures = 100, dead = TRUE WHERE account_id = \
             (SELECT id FROM account WHERE user_name = '{}')",
            dead.user_name
        ))
        .await
        .unwrap();
        test.tamper(&format!("UPDATE account SET deactivated = 1 WHERE user_name = '{}'", inactive.user_name))
            .await
            .unwrap();

        let principal = world.principal().await;
        world.service.delete_account(&principal, deleted.id).await.unwrap();
        let (merged, stays) = (world.account(AccountRole::Teacher).await, world.account(AccountRole::Teacher).await);
        world.service.merge_accounts(&principal, merged.id, stays.id).await.unwrap();

        // Once before, so that nothing is prepared for the first time below.
        world.password("nobody", "a guess").await;
        let unknown = traced(&world, &statements, world.password("9999-280101", "a guess")).await;
        let (hashes, asked, answer) = &unknown;
        assert_eq!((*hashes, answer.as_str()), (1, "Wrong"));
        // The network limit, the account, the lock, the count, the event. One engine's driver also
        // tells of the commit.
        let statements_of_ours = asked.iter().filter(|text| *text != "COMMIT").count();
        assert_eq!(statements_of_ours, 5, "{asked:?}");
        assert!(asked.iter().any(|text| text.starts_with("UPDATE account_password")), "{asked:?}");
        for (case, user_name, password) in [
            ("impossible", "' OR 1 = 1 --", "a guess"),
            ("wrong", wrong.user_name.as_str(), "a guess"),
            ("empty", wrong.user_name.as_str(), ""),
            ("waiting", &waiting.user_name, "a guess"),
            ("waiting, right", &waiting.user_name, &waiting.password),
            ("dead", &dead.user_name, "a guess"),
            ("dead, right", &dead.user_name, &dead.password),
            ("inactive", &inactive.user_name, "a guess"),
            ("deleted", &deleted.user_name, "a guess"),
            ("deleted, right", &deleted.user_name, &deleted.password),
            ("merged, right", &merged.user_name, &merged.password),
        ] {
            assert_eq!(traced(&world, &statements, world.password(user_name, password)).await, unknown, "{case}");
        }
        matrix_answers_are_alike(&world, test, &statements).await;
        passkey_answers_are_alike(&world, test, &statements).await;
    })
    .await
    .unwrap();
}

/// A teacher whose password is [`OWN`], with a passkey.
async fn with_passkey(world: &World) -> (IssuedAccount, Authenticator) {
    let account = world.account(AccountRole::Teacher).await;
    let Outcome::Next(Next::ChangePassword, token) = world.password(&account.user_name, &account.password).await else {
        panic!("the password is an issued one")
    };
    let Change::Done(token) = world.service.change_password(&token, "", OWN, Uuid::nil()).await.unwrap() else {
        panic!("the password is a good one")
    };
    let mut authenticator = Authenticator::new(1, ORIGIN);
    let Begun::Options(options) = world.service.begin_passkey(&token, OWN).await.unwrap() else {
        panic!("the password is right")
    };
    let answer = authenticator.create(&options);
    world.service.add_passkey(&token, "Min telefon", &answer, Uuid::nil()).await.unwrap();
    (account, authenticator)
}

async fn passkey_answers_are_alike(world: &World, test: &TestDb, statements: &Statements) {
    let (account, mut right) = with_passkey(world).await;
    let Outcome::Next(Next::Matrix, token) = world.password(&account.user_name, OWN).await else {
        panic!("the passkey comes next")
    };
    let begin = async || world.service.begin_passkey_sign_in(&token).await.unwrap().unwrap();
    let answered =
        async |answer: &str| world.service.sign_in_with_passkey(&token, answer, &network(), Uuid::nil()).await.unwrap();
    let mut forged = Authenticator { id: vec![1; 32], ..Authenticator::new(2, ORIGIN) };
    let wrong = forged.get(&begin().await);
    let wrong = traced(world, statements, answered(&wrong)).await;
    assert_eq!((wrong.0, wrong.2.as_str()), (0, "Wrong"));
    let mut foreign = Authenticator::new(3, ORIGIN);
    let mut elsewhere = Authenticator { origin: "https://adgang.example.org".to_owned(), ..right.clone() };
    let mut over = String::new();
    for (case, state) in [
        ("unknown", ""),
        ("garbage", ""),
        ("another origin", ""),
        ("waiting, right", "failures = 10, wait_until = 9000000000000000000"),
        ("dead, right", "failures = 100, wait_until = NULL, dead = TRUE"),
        ("over, right", "failures = 0, dead = FALSE"),
    ] {
        if !state.is_empty() {
            test.tamper(&format!("UPDATE passkey SET {state}")).await.unwrap();
        }
        let options = begin().await;
        let answer = match case {
            "unknown" => foreign.get(&options),
            "garbage" => "{}".to_owned(),
            "another origin" => elsewhere.get(&options),
            // Right for a ceremony that was answered already.
            "over, right" => std::mem::take(&mut over),
            _ => right.get(&options),
        };
        over.clone_from(&answer);
        assert_eq!(traced(world, statements, answered(&answer)).await, wrong, "{case}");
    }
    test.tamper(&format!("UPDATE account SET deactivated = 1 WHERE user_name = '{}'", account.user_name))
        .await
        .unwrap();
    let again = forged.get(&begin().await);
    assert_eq!(traced(world, statements, answered(&again)).await, wrong, "inactive");
    let again = right.get(&begin().await);
    assert!(matches!(answered(&again).await, Outcome::Inactive(_)), "said after the last factor");
}

async fn matrix_answers_are_alike(world: &World, test: &TestDb, statements: &Statements) {
    let account = world.account(AccountRole::Principal).await;
    let token = world.at_matrix(&account).await;
    let cells = world.right_cells(&account, &token).await;
    let one_wrong = [&cells[0], &cells[1], "22"].concat();
    let wrong = traced(world, statements, world.matrix(&token, &one_wrong)).await;
    assert_eq!((wrong.0, wrong.2.as_str()), (1, "Wrong"));
    let right = cells.concat();
    for (case, typed, state) in [
        ("all wrong", "222222", ""),
        ("too short", "2", ""),
        ("too long", "22222222222222222222", ""),
        ("waiting, right", right.as_str(), "failures = 10, wait_until = 9000000000000000000"),
        ("dead, right", &right, "failures = 100, wait_until = NULL, dead = TRUE"),
    ] {
        if !state.is_empty() {
            test.tamper(&format!("UPDATE matrix_card SET {state} WHERE replaced IS NULL")).await.unwrap();
        }
        assert_eq!(traced(world, statements, world.matrix(&token, typed)).await, wrong, "{case}");
    }
    test.tamper("UPDATE matrix_card SET failures = 0, dead = FALSE").await.unwrap();
    test.tamper(&format!("UPDATE account SET deactivated = 1 WHERE user_name = '{}'", account.user_name))
        .await
        .unwrap();
    assert_eq!(traced(world, statements, world.matrix(&token, &one_wrong)).await, wrong, "inactive");
    world.clock.set(START.plus_seconds(1));
    assert!(matches!(world.matrix(&token, &right).await, Outcome::Inactive(_)), "said after the last factor");
}
