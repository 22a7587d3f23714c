//! Credentials carried from one account to another in the database: they open nothing there, and the
//! audit log names them.

use super::*;
use crate::audit::{Finding, Report, Table, verify};

/// A password that only the thief knows.
const THIEFS: &str = "blåbær-violin-q7-kran";

/// A thief and a victim, both principals, each with a password of their own.
struct Two {
    thief: IssuedAccount,
    victim: IssuedAccount,
}

impl Two {
    async fn at(world: &World) -> Self {
        let two = Self {
            thief: world.account(AccountRole::Principal).await,
            victim: world.account(AccountRole::Principal).await,
        };
        world.settled(&two.victim).await;
        let token = world.both_factors(&two.thief, &two.thief.password, Next::ChangePassword).await;
        let changed = world.service.change_password(&token, "", THIEFS, Uuid::nil()).await.expect("an answer");
        assert!(matches!(changed, crate::sign_in::change::Change::Done(_)), "{changed:?}");
        two
    }

    /// Does harm, with `thief` and `victim` standing for the ids of the accounts.
    async fn harm(&self, test: &TestDb, statements: &str) {
        let id =
            |account: &IssuedAccount| format!("(SELECT id FROM account WHERE user_name = '{}')", account.user_name);
        let statements = statements.replace("thief", &id(&self.thief)).replace("victim", &id(&self.victim));
        test.tamper(&statements).await.expect("harmed");
    }
}

async fn findings(world: &World, test: &TestDb) -> Vec<Finding> {
    let Report { findings, .. } = verify(&test.db, &world.service.secrets.audit, &[]).await.expect("verified");
    findings
}

#[tokio::test]
async fn untouched_credentials_are_as_the_log_tells() {
    on_each(async |world, test| {
        Two::at(world).await;
        assert_eq!(findings(world, test).await, []);
    })
    .await;
}

#[tokio::test]
async fn a_copied_password_opens_only_the_account_it_was_made_for() {
    on_each(async |world, test| {
        let two = Two::at(world).await;
        two.harm(
            test,
            "UPDATE account_password SET phc = (SELECT phc FROM account_password WHERE account_id = thief) \
             WHERE account_id = victim",
        )
        .await;
        assert_wrong(&world.password(&two.victim.user_name, THIEFS).await);
        world.both_factors(&two.thief, THIEFS, Next::Start).await;
        let (institution, row) = (world.institution, two.victim.id.to_string());
        let expected = Finding::RowDiffers { institution, table: Table::Password, row };
        assert_eq!(findings(world, test).await, [expected]);
    })
    .await;
}

#[tokio::test]
async fn a_card_pointed_at_another_account_opens_nothing_there() {
    on_each(async |world, test| {
        let two = Two::at(world).await;
        two.harm(
            test,
            "UPDATE matrix_card SET replaced = issued WHERE account_id = victim; \
             UPDATE matrix_card SET account_id = victim WHERE account_id = thief",
        )
        .await;
        let token = world.right_password(&two.victim.user_name, OWN, Next::Matrix).await;
        let cells = world.cells(&two.thief, &token).await;
        assert_wrong(&world.matrix(&token, &cells).await);
        let found = findings(world, test).await;
        let is_a_card = |finding: &Finding| matches!(finding, Finding::RowDiffers { table: Table::Card, .. });
        assert!(found.len() == 1 && found.iter().all(is_a_card), "{found:?}");
    })
    .await;
}

#[tokio::test]
async fn challenges_copied_to_another_card_are_no_answers_there() {
    on_each(async |world, test| {
        let two = Two::at(world).await;
        let theirs = |column: &str| {
            format!(
                "{column} = (SELECT own.{column} FROM matrix_challenge own JOIN matrix_card c ON c.id = own.card_id \
                 WHERE c.account_id = thief AND own.position = matrix_challenge.position)"
            )
        };
        two.harm(
            test,
            &format!(
                "UPDATE matrix_challenge SET {}, {} WHERE card_id = (SELECT id FROM matrix_card WHERE account_id = victim)",
                theirs("coordinates"),
                theirs("phc")
            ),
        )
        .await;
        let token = world.right_password(&two.victim.user_name, OWN, Next::Matrix).await;
        let cells = world.cells(&two.thief, &token).await;
        assert_wrong(&world.matrix(&token, &cells).await);
        let own = world.cells(&two.victim, &token).await;
        assert_wrong(&world.matrix(&token, &own).await);
        let found = findings(world, test).await;
        let is_a_card = |finding: &Finding| matches!(finding, Finding::RowDiffers { table: Table::Card, .. });
        assert!(found.len() == 1 && found.iter().all(is_a_card), "{found:?}");
    })
    .await;
}

#[tokio::test]
async fn a_hash_made_anew_at_a_sign_in_is_told_to_the_log() {
    on_each(async |world, test| {
        let account = world.account(AccountRole::Teacher).await;
        world.settled(&account).await;
        let costlier = HashCost { memory_kib: 16, passes: 1 };
        let (env, secrets) = (world.service.env.clone(), (*world.service.secrets).clone());
        let catalogue = Catalogue::load(None).expect("the embedded catalogue");
        let settings = Settings { hash_cost: costlier, ..settings() };
        let later = Service::new(test.db.clone(), env, catalogue, secrets, settings);
        for hashes in [2, 1] {
            let before = later.hashes();
            let outcome = later.sign_in_with_password(&account.user_name, OWN, &network(1)).await.expect("an answer");
            through(outcome, Next::Start);
            assert_eq!(later.hashes() - before, hashes, "made anew once");
        }
        assert_eq!(findings(world, test).await, []);
    })
    .await;
}
