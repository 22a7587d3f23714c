//! Measures a refused sign-in by what is wrong, on durable SQLite and at the cost of hashes that an
//! installation has: who guesses must not tell from the time whether a user name is there, waits, is
//! dead or inactive. The outcomes take turns, so that what else the machine does falls on all of them.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::disallowed_methods, reason = "a benchmark measures")]

mod measure;

use domain::AccountRole;
use measure::{Times, folder, on_sqlite, open, row, shown};
use service::accounts::{AccountOrder, Holder, IssuedAccount};
use service::sign_in::Outcome;
use service::sign_in::network::Network;
use service::{Actor, Service};
use std::net::Ipv4Addr;
use std::time::{Duration, Instant as Stopwatch};
use store::Db;
use store::sign_in::StoredCounter;

const REPETITIONS: u32 = 60;

/// What is wrong, and what the account's counter says before each attempt.
const OUTCOMES: [(&str, Counted); 5] = [
    ("an unknown user name", Counted::Nothing),
    ("a wrong password", Counted::Fresh),
    ("an account that waits", Counted::Waiting),
    ("an account that is dead", Counted::Dead),
    ("an inactive account", Counted::Fresh),
];

#[derive(Clone, Copy)]
enum Counted {
    Nothing,
    Fresh,
    Waiting,
    Dead,
}

#[tokio::main]
async fn main() {
    let folder = folder();
    let installation = on_sqlite(folder.path());
    let service = open(&installation).await;
    let db = Db::open(&installation.database).await.unwrap();
    service.create_authority("990", "Storstrøm Kommune", "dk").await.unwrap();
    service.create_institution("990", "990001", "Storstrøm Skole").await.unwrap();
    let operator = service.operator("990001").await.unwrap();
    let mut accounts = Vec::new();
    for _ in OUTCOMES {
        accounts.push(teacher(&service, &operator).await);
    }
    let (unknown, inactive) = (&accounts[0], &accounts[4]);
    let now = service.env().now();
    let (unknown_name, inactive_id) = (unknown.user_name.replace("1001-", "9999-"), inactive.id);
    store::write!(db, async |tx| { store::account::life::deactivate(tx, inactive_id, None, now).await }).unwrap();

    let mut times = OUTCOMES.map(|_| Vec::new());
    for round in 0..=REPETITIONS {
        for (at, (_, counted)) in OUTCOMES.into_iter().enumerate() {
            let account = &accounts[at];
            set(&db, &service, account, counted).await;
            let user_name = if at == 0 { &unknown_name } else { &account.user_name };
            let time = refused(&service, user_name, round * 8 + u32::try_from(at).unwrap()).await;
            if round > 0 {
                times[at].push(time); // the first round is a warm-up
            }
        }
    }
    let medians = times.map(|times| Times::of(times).median());
    let nobody = shown(medians[0]);
    row(&format!("a sign-in refused for {}", OUTCOMES[0].0), "–", "–", &nobody);
    for ((what, _), median) in OUTCOMES.into_iter().zip(medians).skip(1) {
        let ratio = median.as_secs_f64() / medians[0].as_secs_f64();
        let ours = format!("{} ({ratio:.2}×)", shown(median));
        row(&format!("… for {what}"), "0.95–1.05×", &format!("unknown {nobody}"), &ours);
    }
    db.close().await;
    service.close().await;
}

async fn teacher(service: &Service, operator: &Actor) -> IssuedAccount {
    let holder = Holder::New { given: "Åse".to_owned(), family: "Lind".to_owned() };
    let order = AccountOrder { holder, role: AccountRole::Teacher, matrix: false };
    service.create_account(operator, &order).await.unwrap()
}

/// Sets an account's counter to what the attempt is to meet.
async fn set(db: &Db, service: &Service, account: &IssuedAccount, counted: Counted) {
    let until = service.env().now().plus_seconds(3_600);
    let counter = match counted {
        Counted::Nothing | Counted::Fresh => StoredCounter { failures: 0, wait_until: None, dead: false },
        Counted::Waiting => StoredCounter { failures: 10, wait_until: Some(until), dead: false },
        Counted::Dead => StoredCounter { failures: 100, wait_until: None, dead: true },
    };
    let id = account.id;
    store::write!(db, async |tx| { store::sign_in::set_password_counter(tx, id, counter).await }).unwrap();
}

/// How long a refusal takes. Each attempt comes from a network of its own, as those are counted too.
async fn refused(service: &Service, user_name: &str, network: u32) -> Duration {
    let network = Network::of(Ipv4Addr::from_bits(0x0A00_0000 + (network << 8)).into());
    let start = Stopwatch::now();
    let outcome = service.sign_in_with_password(user_name, "a guess", &network).await.unwrap();
    let time = start.elapsed();
    assert!(matches!(outcome, Outcome::Wrong));
    time
}
