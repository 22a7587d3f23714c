//! The ways in: a password alone, and with a matrix.

use super::*;
use crate::password::policy::{PasswordProblem, Standing};
use crate::sign_in::change::Change;
use domain::Capacity;
use domain::account::CardEnd;

#[tokio::test]
async fn a_teacher_signs_in_with_an_issued_password_once_and_then_with_an_own_one() {
    on_each(async |world, _| {
        let account = world.account(AccountRole::Teacher).await;
        let token = world.right_password(&account.user_name, &account.password, Next::ChangePassword).await;
        let presence = world.presence(&token).await;
        assert!(matches!(presence, Presence::MustChangePassword { standing: Standing::Alone, .. }), "{presence:?}");
        assert!(world.service.actor_for(Some(&token), Uuid::nil()).await.expect("an answer").is_none());

        assert_wrong(&world.password(&account.user_name, &account.password).await);

        let Change::Done(changed) =
            world.service.change_password(&token, "", OWN, Uuid::nil()).await.expect("an answer")
        else {
            panic!("the new password is good");
        };
        assert!(world.signed_in(&token).await.is_none(), "the token is a new one");
        let who = world.signed_in(&changed).await.expect("signed in");
        assert_eq!(
            (who.me.account.as_ref().unwrap().user_name.as_str(), who.me.name.as_str()),
            (account.user_name.as_str(), "Åse Lind")
        );
        assert_eq!(who.actor.capacities, [Capacity::Teaching]);
        assert!(!who.actor.two_factors);

        assert_wrong(&world.password(&account.user_name, &account.password).await);
        for _ in 0..2 {
            let again = world.right_password(&account.user_name, OWN, Next::Start).await;
            assert!(world.signed_in(&again).await.is_some(), "one's own serves any number of times");
        }
    })
    .await;
}

#[tokio::test]
async fn a_principal_needs_the_matrix_too() {
    on_each(async |world, _| {
        let account = world.account(AccountRole::Principal).await;
        let pending = world.right_password(&account.user_name, &account.password, Next::Matrix).await;
        assert!(world.service.actor_for(Some(&pending), Uuid::nil()).await.expect("an answer").is_none());
        let cells = world.cells(&account, &pending).await;

        let wrong = [cells[0].clone(), cells[1].clone(), "22".to_owned()];
        assert_wrong(&world.matrix(&pending, &wrong).await);
        let spelled: Vec<String> = cells.iter().map(|cell| format!(" {} ", cell.to_lowercase())).collect();
        let token = through(world.matrix(&pending, &spelled).await, Next::ChangePassword);
        assert!(matches!(world.presence(&pending).await, Presence::Nobody), "the token is a new one");

        let Change::Done(changed) =
            world.service.change_password(&token, "", OWN, Uuid::nil()).await.expect("an answer")
        else {
            panic!("the new password is good");
        };
        let who = world.signed_in(&changed).await.expect("signed in");
        assert!(who.actor.two_factors && who.actor.is(Capacity::TestAdministration), "{:?}", who.actor);
        let again = world.both_factors(&account, OWN, Next::Start).await;
        assert!(world.signed_in(&again).await.is_some());
    })
    .await;
}

#[tokio::test]
async fn an_issued_password_that_was_not_changed_is_used_up_all_the_same() {
    on_each(async |world, _| {
        let account = world.account(AccountRole::Principal).await;
        world.both_factors(&account, &account.password, Next::ChangePassword).await;
        world.pass(3_600);
        assert_wrong(&world.password(&account.user_name, &account.password).await);
    })
    .await;
}

#[tokio::test]
async fn a_new_password_must_be_good_and_new() {
    on_each(async |world, _| {
        let account = world.account(AccountRole::Teacher).await;
        let token = world.right_password(&account.user_name, &account.password, Next::ChangePassword).await;
        let change =
            async |current: &str, new: &str| world.service.change_password(&token, current, new, Uuid::nil()).await;
        assert!(matches!(change("", "kort").await, Ok(Change::Problem(PasswordProblem::TooShort))));
        assert!(matches!(change("", "lindelyskolen 1001").await, Ok(Change::Problem(PasswordProblem::OfThePlace))));
        assert!(matches!(change("", &account.password).await, Ok(Change::Unchanged)));
        let Ok(Change::Done(token)) = change("", OWN).await else { panic!("the new password is good") };
        assert!(matches!(change("", OWN).await, Ok(Change::Ended)), "the old session is over");

        let other = "blåbær-violin-q7-kran";
        let change =
            async |current: &str, new: &str| world.service.change_password(&token, current, new, Uuid::nil()).await;
        assert!(matches!(change("", other).await, Ok(Change::Wrong)), "now the present one is asked for");
        assert!(matches!(change(OWN, OWN).await, Ok(Change::Unchanged)));
        assert!(matches!(change(OWN, other).await, Ok(Change::Done(_))));
        assert_wrong(&world.password(&account.user_name, OWN).await);
        world.right_password(&account.user_name, other, Next::Start).await;
    })
    .await;
}

#[tokio::test]
async fn guessing_the_present_password_is_counted_as_at_the_door() {
    on_each(async |world, _| {
        let account = world.account(AccountRole::Teacher).await;
        let token = world.settled(&account).await;
        for _ in 0..10 {
            let guess = world.service.change_password(&token, "a guess", "blåbær-violin-q7-kran", Uuid::nil()).await;
            assert!(matches!(guess, Ok(Change::Wrong)));
        }
        let right = world.service.change_password(&token, OWN, "blåbær-violin-q7-kran", Uuid::nil()).await;
        assert!(matches!(right, Ok(Change::Wrong)), "{right:?}");
        assert_wrong(&world.password(&account.user_name, OWN).await);
    })
    .await;
}

#[tokio::test]
async fn a_strict_card_ends_with_its_last_challenge() {
    on_each_with(Settings { cell_use: CellUse::Strict, ..settings() }, async |world, _| {
        let account = world.account(AccountRole::TestAdministrator).await;
        world.settled(&account).await;
        for _ in 1..33 {
            world.both_factors(&account, OWN, Next::Start).await;
        }
        let token = world.right_password(&account.user_name, OWN, Next::Matrix).await;
        assert!(matches!(world.presence(&token).await, Presence::Matrix { asked: None, .. }));
        let outcome = world.matrix(&token, &["22".to_owned(), "22".to_owned(), "22".to_owned()]).await;
        assert!(matches!(outcome, Outcome::CardUsedUp), "{outcome:?}");
    })
    .await;
}

#[tokio::test]
async fn a_card_that_is_soon_used_up_is_told_of_under_every_setting_but_the_one_that_starts_over() {
    for cell_use in CellUse::ALL {
        on_each_with(Settings { cell_use, ..settings() }, async |world, test| {
            let principal = world.account(AccountRole::Principal).await;
            world.settled(&principal).await;
            let account = world.account(AccountRole::TestAdministrator).await;
            world.settled(&account).await;
            let told = async || {
                let session = world.both_factors(&account, OWN, Next::Start).await;
                let who = world.signed_in(&session).await.expect("signed in");
                world.service.card_ending(&who).await.expect("an answer")
            };
            let length = if cell_use == CellUse::Strict { 33 } else { 100 };
            assert_eq!(told().await, None, "{cell_use:?}");
            let mine = format!(
                "(SELECT c.id FROM matrix_card c JOIN account a ON a.id = c.account_id WHERE a.user_name = '{}')",
                account.user_name
            );
            let used =
                format!("UPDATE matrix_challenge SET used = 1 WHERE card_id = {mine} AND position <= {}", length - 12);
            test.tamper(&used).await.expect("used");
            assert_eq!(told().await, None, "{cell_use:?}: 11 left");
            for left in [10, 9] {
                let ending = told().await;
                if cell_use == CellUse::Free {
                    assert_eq!(ending, None);
                    continue;
                }
                let ending = ending.expect("told");
                assert_eq!(ending.left, left, "{cell_use:?}");
                let [help] = ending.help.as_slice() else { panic!("{ending:?}") };
                assert_eq!(
                    (help.keeper, help.names.as_slice()),
                    (domain::account::Keeper::Principal, &["Åse Lind".to_owned()][..])
                );
            }
            let actor = world.principal().await;
            let line = world.service.account(&actor, account.id).await.expect("a line");
            let expected = if cell_use == CellUse::Free { CardEnd::Never } else { CardEnd::Soon };
            assert_eq!((line.card_end, line.challenges_left), (expected, Some(9)), "{cell_use:?}");
        })
        .await;
    }
}

#[tokio::test]
async fn a_free_card_starts_over() {
    on_each_with(Settings { cell_use: CellUse::Free, ..settings() }, async |world, _| {
        let account = world.account(AccountRole::TestAdministrator).await;
        let first = world.right_password(&account.user_name, &account.password, Next::Matrix).await;
        let asked = world.asked(&first).await;
        world.settled(&account).await;
        for _ in 1..100 {
            world.both_factors(&account, OWN, Next::Start).await;
        }
        let token = world.right_password(&account.user_name, OWN, Next::Matrix).await;
        assert_eq!(world.asked(&token).await, asked);
    })
    .await;
}

#[tokio::test]
async fn inactive_is_said_only_after_the_last_factor() {
    on_each(async |world, test| {
        let teacher = world.account(AccountRole::Teacher).await;
        let principal = world.account(AccountRole::Principal).await;
        world.settled(&teacher).await;
        world.settled(&principal).await;
        test.tamper("UPDATE account SET deactivated = 1").await.expect("deactivated");

        assert_wrong(&world.password(&teacher.user_name, "a guess").await);
        assert!(matches!(world.password(&teacher.user_name, OWN).await, Outcome::Inactive(_)));

        let token = world.right_password(&principal.user_name, OWN, Next::Matrix).await;
        let cells = world.cells(&principal, &token).await;
        assert_wrong(&world.matrix(&token, &["22".to_owned()]).await);
        assert!(matches!(world.matrix(&token, &cells).await, Outcome::Inactive(_)));
        assert!(matches!(world.presence(&token).await, Presence::Nobody));
    })
    .await;
}

#[tokio::test]
async fn an_older_hash_is_renewed_when_its_password_is_right() {
    on_each(async |world, test| {
        let account = world.account(AccountRole::Teacher).await;
        world.settled(&account).await;
        let costlier = Settings { hash_cost: HashCost { memory_kib: 16, passes: 1 }, ..settings() };
        let service = Service::new(
            test.db.clone(),
            world.service.env.clone(),
            Catalogue::load(None).expect("the embedded catalogue"),
            Secrets::clone(&world.service.secrets),
            costlier,
        );
        let before = service.hasher.done();
        for hashes in [2, 3] {
            let outcome = service.sign_in_with_password(&account.user_name, OWN, &network(1)).await;
            through(outcome.expect("an answer"), Next::Start);
            assert_eq!(service.hasher.done() - before, hashes, "made anew the first time only");
        }
    })
    .await;
}
