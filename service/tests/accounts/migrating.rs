//! A database of the first schema, with accounts in it, after this program has opened it.

use crate::world::{AccountRole, START, TestDb};
use domain::{AccountId, Instant, InstitutionId, PersonId};
use service::catalogue::Catalogue;
use service::env::{Env, SeededRandomness, SetClock};
use service::matrix::{self, CellUse, IssuedCard};
use service::password::{HashCost, HashLimits, Hasher, Material};
use service::secrets::Secrets;
use service::session::{Presence, Token};
use service::sign_in::network::Network;
use service::sign_in::{Next, Outcome};
use service::{Service, Settings};
use std::sync::Arc;
use store::testing::on_both_of_schema;
use uuid::Uuid;

/// The first schema.
const FIRST: i64 = 1;
const PASSWORD: &str = "tunav-sirok-lemip";
const SCHOOL: Uuid = Uuid::from_u128(0x5C);

const PRINCIPAL: AccountId = AccountId(Uuid::from_u128(0x11));
const TEACHER: AccountId = AccountId(Uuid::from_u128(0x12));

/// What stands in the old database: hashes, the principal's card in use and session.
struct Old {
    hashes: Vec<(AccountId, &'static str, String)>,
    card: IssuedCard,
    session: Token,
}

async fn old(hasher: &Hasher, env: &Env) -> Old {
    let mut hashes = Vec::new();
    for (account, role) in [(PRINCIPAL, "principal"), (TEACHER, "teacher")] {
        let place = hasher.place().unwrap();
        let hash = place.hash(Material::password(account, PASSWORD), env.random()).await.unwrap();
        hashes.push((account, role, hash));
    }
    let card = matrix::issue(PRINCIPAL, CellUse::Strict, hasher, env).await.unwrap();
    Old { hashes, card, session: Token::draw(env) }
}

/// The statements that filled a database of the first schema, in the engine's spelling of ids.
fn filling(test: &TestDb, old: &Old) -> String {
    let is_sqlite = test.db.file().is_some();
    let bytes = |bytes: &[u8]| {
        let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        if is_sqlite { format!("X'{hex}'") } else { format!("'\\x{hex}'::bytea") }
    };
    let id = |id: Uuid| if is_sqlite { bytes(id.as_bytes()) } else { format!("'{id}'") };
    let number = |number: u128| id(Uuid::from_u128(number));
    let (school, person, at) = (id(SCHOOL), number(1), START.0);
    let mut text = format!(
        "INSERT INTO authority (id, code, name, country) VALUES ({a}, '851', 'Lindely', 'dk'); \
         INSERT INTO institution (id, authority_id, code, name, country, identity_source) \
         VALUES ({school}, {a}, '280101', 'Lindelyskolen', 'dk', 'local'); \
         INSERT INTO institution_state (institution_id, revision, change_sets, last_account_number) \
         VALUES ({school}, 7, 0, 1002); \
         INSERT INTO person (id, given, family, protected, created) VALUES ({person}, 'Ane', 'Holm', FALSE, {at});",
        a = number(0xA),
    );
    for ((account, role, hash), user_name) in old.hashes.iter().zip(1001..) {
        let account = id(account.0);
        text.push_str(&format!(
            "INSERT INTO account (id, institution_id, number, user_name, person_id, role, created, active_from, \
             active_until, deactivated, must_change_password) \
             VALUES ({account}, {school}, {user_name}, '{user_name}-280101', {person}, '{role}', {at}, {at}, NULL, NULL, FALSE); \
             INSERT INTO account_password (account_id, phc, issued, failures, wait_until, dead, changed) \
             VALUES ({account}, '{hash}', FALSE, 3, NULL, FALSE, {at});"
        ));
    }
    let card = id(old.card.id);
    text.push_str(&format!(
        "INSERT INTO matrix_card (id, account_id, serial, failures, wait_until, dead, issued, replaced) \
         VALUES ({card}, {account}, 'K7M2QX', 0, NULL, FALSE, {at}, NULL);",
        account = id(PRINCIPAL.0),
    ));
    for (position, (asked, hash)) in old.card.challenges.iter().enumerate() {
        text.push_str(&format!(
            "INSERT INTO matrix_challenge (card_id, position, coordinates, phc, used) \
             VALUES ({card}, {position}, '{asked}', '{hash}', NULL);"
        ));
    }
    text.push_str(&format!(
        "INSERT INTO session (token_hash, id, account_id, person_id, institution_id, factors, created, last_seen, \
         absolute_end, ended) VALUES ({token}, {id}, {account}, {person}, {school}, 2, {at}, {at}, {end}, NULL);",
        token = bytes(&old.session.hash()),
        id = number(0x20),
        account = id(PRINCIPAL.0),
        end = START.plus_seconds(86_400).0,
    ));
    text
}

#[tokio::test]
async fn everything_signs_in_as_before() {
    on_both_of_schema(FIRST, async |test| {
        let env = Env::new(Arc::new(SetClock::at(START)), Arc::new(SeededRandomness::new(5)));
        let secrets = Secrets::make(&env);
        let limits = HashLimits { running: 2, waiting: 20 };
        let hasher = Hasher::new(HashCost::LEAST, secrets.pepper.clone(), limits, &env);
        let old = old(&hasher, &env).await;
        test.tamper(&filling(test, &old)).await.unwrap();
        test.migrate().await.unwrap();

        let settings = Settings { hash_cost: HashCost::LEAST, hash_limits: limits, ..Settings::default() };
        let service = Service::new(test.db.clone(), env, Catalogue::load(None).unwrap(), secrets, settings);
        let Presence::SignedIn(who) = service.presence(Some(&old.session), Uuid::nil()).await.unwrap() else {
            panic!("the session goes on")
        };
        assert_eq!(
            (who.me.account.as_ref().unwrap().user_name.as_str(), who.me.role()),
            ("1001-280101", Some(AccountRole::Principal))
        );
        let network = Network::of(std::net::Ipv4Addr::LOCALHOST.into());
        let teacher = service.sign_in_with_password("1002-280101", PASSWORD, &network).await.unwrap();
        assert!(matches!(teacher, Outcome::Next(Next::Start, _)));
        let Outcome::Next(Next::Matrix, token) =
            service.sign_in_with_password("1001-280101", PASSWORD, &network).await.unwrap()
        else {
            panic!("the matrix comes next")
        };
        let Presence::Matrix { asked: Some(asked), .. } = service.presence(Some(&token), Uuid::nil()).await.unwrap()
        else {
            panic!("a challenge")
        };
        let cells = asked.places().map(|place| old.card.matrix.cell(place).to_string()).concat();
        let principal = service.sign_in_with_matrix(&token, &[&cells], &network).await.unwrap();
        assert!(matches!(principal, Outcome::Next(Next::Start, _)));

        // Numbers go on where they were, and authorities count their own.
        let (institution, authority) = (InstitutionId(SCHOOL), service.authority("851").await.unwrap());
        let holder = service::accounts::Holder::New { given: "Bo".to_owned(), family: "Ravn".to_owned() };
        for (place, role, expected) in [
            (institution, AccountRole::Teacher, "1003-280101"),
            (authority.as_place(), AccountRole::Authority, "1001-851"),
        ] {
            let order = service::accounts::AccountOrder { holder: holder.clone(), role, matrix: false };
            let made = service.create_account(&service.operator_anywhere(place), &order).await.unwrap();
            assert_eq!(made.user_name, expected);
        }
        let mut read = test.db.read().await.unwrap();
        let stored = store::account::all_of(&mut read, institution).await.unwrap();
        assert_eq!((stored[0].person, stored[0].active_from), (PersonId(Uuid::from_u128(1)), START));
        assert_eq!(stored[0].active_until, None::<Instant>);
    })
    .await
    .unwrap();
}
