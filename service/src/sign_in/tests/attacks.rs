//! What guessing gets: nothing, and no word on why.

use super::*;
use crate::sign_in::network::{LIMIT, WINDOW_SECONDS};
use tokio::task::JoinSet;

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_guesses_at_once_verify_no_more_than_the_limit() {
    on_each(async |world, test| {
        let account = world.account(AccountRole::Teacher).await;
        world.settled(&account).await;
        // Whoever is let in to the hash finds it unreadable, and so shows itself.
        test.tamper("UPDATE account_password SET phc = 'unreadable'").await.expect("damaged");
        let mut guesses = JoinSet::new();
        for nth in 0..1_000 {
            let (service, user_name) = (world.service.clone(), account.user_name.clone());
            guesses.spawn(async move {
                service.sign_in_with_password(&user_name, &format!("guess {nth}"), &network(nth)).await
            });
        }
        let (mut verified, mut wrong, mut away) = (0, 0, 0);
        for outcome in guesses.join_all().await {
            match outcome {
                Err(Fault::Internal(_)) => verified += 1,
                Ok(Outcome::Wrong) => wrong += 1,
                // A busy machine turns some away unanswered, which verifies nothing.
                Err(Fault::Store(store::Error::Away(_) | store::Error::Busy)) => away += 1,
                other => panic!("{other:?}"),
            }
        }
        assert_eq!(verified + wrong + away, 1_000);
        assert!(verified == 10 || (verified < 10 && away > 0), "{verified} verified, {away} turned away");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_guesses_at_cells_at_once_verify_no_more_than_the_limit() {
    on_each(async |world, test| {
        let account = world.account(AccountRole::Principal).await;
        world.settled(&account).await;
        let token = world.right_password(&account.user_name, OWN, Next::Matrix).await;
        // Whoever is let in to the hash finds it unreadable, and so shows itself.
        test.tamper("UPDATE matrix_challenge SET phc = 'unreadable'").await.expect("damaged");
        let mut guesses = JoinSet::new();
        for nth in 0..1_000 {
            let (service, token) = (world.service.clone(), token.clone());
            guesses.spawn(async move { service.sign_in_with_matrix(&token, &["222222"], &network(nth)).await });
        }
        let (mut verified, mut wrong, mut away) = (0, 0, 0);
        for outcome in guesses.join_all().await {
            match outcome {
                Err(Fault::Internal(_)) => verified += 1,
                Ok(Outcome::Wrong) => wrong += 1,
                // A busy machine turns some away unanswered, which verifies nothing.
                Err(Fault::Store(store::Error::Away(_) | store::Error::Busy)) => away += 1,
                other => panic!("{other:?}"),
            }
        }
        assert_eq!(verified + wrong + away, 1_000);
        assert!(verified == 10 || (verified < 10 && away > 0), "{verified} verified, {away} turned away");
    })
    .await;
}

#[tokio::test]
async fn other_cells_are_not_to_be_had_by_another_password_or_another_browser() {
    use domain::exchange::accounts::{Anew, Language};
    on_each(async |world, _| {
        let account = world.account(AccountRole::TestAdministrator).await;
        let session = world.settled(&account).await;
        let token = world.right_password(&account.user_name, OWN, Next::Matrix).await;
        let asked = world.asked(&token).await;
        let other = "blåbær-violin-q7-kran";
        let changed = world.service.change_password(&session, OWN, other, Uuid::nil()).await.expect("an answer");
        assert!(matches!(changed, crate::sign_in::change::Change::Done(_)), "{changed:?}");
        assert!(matches!(world.presence(&token).await, Presence::Nobody), "what was under way ends");
        let token = world.right_password(&account.user_name, other, Next::Matrix).await;
        assert_eq!(world.asked(&token).await, asked, "after a change of one's own");
        let principal = world.principal().await;
        for _ in 0..3 {
            let letter = world.service.reissue(&principal, account.id, Anew::Password, Language::Da).await;
            let password = letter.expect("issued").password.expect("a password");
            for _ in 0..3 {
                let token = world.right_password(&account.user_name, &password, Next::Matrix).await;
                assert_eq!(world.asked(&token).await, asked, "after a reset, in yet another browser");
            }
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_browsers_with_the_right_answer_at_once_begin_one_session() {
    on_each(async |world, _| {
        let account = world.account(AccountRole::Principal).await;
        world.settled(&account).await;
        let mut browsers = Vec::new();
        for nth in 0..50 {
            let token = world.right_password(&account.user_name, OWN, Next::Matrix).await;
            browsers.push((nth, world.cells(&account, &token).await, token));
        }
        let mut answers = JoinSet::new();
        for (nth, cells, token) in browsers {
            let service = world.service.clone();
            answers.spawn(async move {
                let cells: Vec<&str> = cells.iter().map(String::as_str).collect();
                service.sign_in_with_matrix(&token, &cells, &network(nth)).await
            });
        }
        let outcomes = answers.join_all().await;
        let begun = outcomes.iter().filter(|outcome| matches!(outcome, Ok(Outcome::Next(Next::Start, _)))).count();
        assert_eq!(begun, 1, "{outcomes:?}");
    })
    .await;
}

#[tokio::test]
async fn a_thousand_reloads_ask_the_same_three() {
    on_each(async |world, _| {
        let account = world.account(AccountRole::Principal).await;
        let token = world.right_password(&account.user_name, &account.password, Next::Matrix).await;
        let asked = world.asked(&token).await;
        for _ in 0..1_000 {
            assert_eq!(world.asked(&token).await, asked);
        }
        for _ in 0..5 {
            assert_wrong(&world.matrix(&token, &["22".to_owned()]).await);
            assert_eq!(world.asked(&token).await, asked, "after a wrong answer");
        }
        world.service.sign_out(&token).await.expect("signed out");
        let elsewhere = world.right_password(&account.user_name, &account.password, Next::Matrix).await;
        assert_eq!(world.asked(&elsewhere).await, asked, "in another browser");
        world.both_factors(&account, &account.password, Next::ChangePassword).await;
        let Presence::Matrix { asked: Some(next), .. } = world.presence(&elsewhere).await else {
            panic!("still pending")
        };
        assert_ne!(next.places().map(|place| place.to_string()).to_vec(), asked, "after a right answer");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_right_answers_at_once_begin_one_session() {
    on_each(async |world, _| {
        let account = world.account(AccountRole::Principal).await;
        world.settled(&account).await;
        let token = world.right_password(&account.user_name, OWN, Next::Matrix).await;
        let cells = world.cells(&account, &token).await;
        let mut answers = JoinSet::new();
        for nth in 0..50 {
            let (service, token, cells) = (world.service.clone(), token.clone(), cells.clone());
            answers.spawn(async move {
                let cells: Vec<&str> = cells.iter().map(String::as_str).collect();
                service.sign_in_with_matrix(&token, &cells, &network(nth)).await
            });
        }
        let outcomes = answers.join_all().await;
        let begun = outcomes.iter().filter(|outcome| matches!(outcome, Ok(Outcome::Next(Next::Start, _)))).count();
        assert_eq!(begun, 1, "{outcomes:?}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_issued_password_tried_fifty_times_at_once_serves_once() {
    on_each(async |world, _| {
        let account = world.account(AccountRole::Teacher).await;
        let mut tries = JoinSet::new();
        for nth in 0..50 {
            let (service, user_name, password) =
                (world.service.clone(), account.user_name.clone(), account.password.clone());
            tries.spawn(async move { service.sign_in_with_password(&user_name, &password, &network(nth)).await });
        }
        let outcomes = tries.join_all().await;
        let begun = outcomes.iter().filter(|outcome| matches!(outcome, Ok(Outcome::Next(..)))).count();
        assert_eq!(begun, 1, "{outcomes:?}");
    })
    .await;
}

#[tokio::test]
async fn the_right_password_during_a_wait_is_a_wrong_one() {
    on_each(async |world, _| {
        let account = world.account(AccountRole::Teacher).await;
        world.settled(&account).await;
        for _ in 0..10 {
            assert_wrong(&world.password(&account.user_name, "a guess").await);
        }
        world.pass(29);
        assert_wrong(&world.password(&account.user_name, OWN).await);
        world.pass(1);
        world.right_password(&account.user_name, OWN, Next::Start).await;
        for _ in 0..9 {
            assert_wrong(&world.password(&account.user_name, "a guess").await);
        }
        world.right_password(&account.user_name, OWN, Next::Start).await;
    })
    .await;
}

#[tokio::test]
async fn the_right_cells_during_a_wait_are_wrong_ones_and_the_password_is_counted_apart() {
    on_each(async |world, _| {
        let account = world.account(AccountRole::Principal).await;
        world.settled(&account).await;
        let token = world.right_password(&account.user_name, OWN, Next::Matrix).await;
        let cells = world.cells(&account, &token).await;
        for _ in 0..10 {
            assert_wrong(&world.matrix(&token, &["22".to_owned()]).await);
        }
        world.pass(29);
        assert_wrong(&world.matrix(&token, &cells).await);
        let other = world.right_password(&account.user_name, OWN, Next::Matrix).await;
        assert_wrong(&world.matrix(&other, &cells).await);
        world.pass(1);
        through(world.matrix(&token, &cells).await, Next::Start);
    })
    .await;
}

#[tokio::test]
async fn a_hundred_failures_end_a_password_and_a_card_for_good() {
    on_each(async |world, _| {
        let teacher = world.account(AccountRole::Teacher).await;
        world.settled(&teacher).await;
        let principal = world.account(AccountRole::Principal).await;
        world.settled(&principal).await;
        for _ in 0..100 {
            assert_wrong(&world.password(&teacher.user_name, "a guess").await);
            let token = world.right_password(&principal.user_name, OWN, Next::Matrix).await;
            assert_wrong(&world.matrix(&token, &["22".to_owned()]).await);
            world.pass(3_600);
        }
        world.pass(1_000_000);
        assert_wrong(&world.password(&teacher.user_name, OWN).await);
        let token = world.right_password(&principal.user_name, OWN, Next::Matrix).await;
        let cells = world.cells(&principal, &token).await;
        assert_wrong(&world.matrix(&token, &cells).await);
    })
    .await;
}

#[tokio::test]
async fn a_network_that_fails_too_often_has_to_wait_whatever_it_tries() {
    on_each(async |world, _| {
        let account = world.account(AccountRole::Teacher).await;
        world.settled(&account).await;
        let (theirs, ours) = (network(7), network(8));
        let attempt =
            async |user: &str, password: &str| world.service.sign_in_with_password(user, password, &theirs).await;
        through(attempt(&account.user_name, OWN).await.expect("an answer"), Next::Start);
        for nth in 0..LIMIT {
            assert_wrong(&attempt(&format!("{nth}-280101"), "a guess").await.expect("let in"));
        }
        let hashes = world.service.hasher.done();
        assert_refused(attempt(&account.user_name, OWN).await, RefusalCode::Busy);
        assert_refused(attempt("nobody", "a guess").await, RefusalCode::Busy);
        assert_eq!(world.service.hasher.done(), hashes, "at no cost to us");
        let from_here = world.service.sign_in_with_password(&account.user_name, OWN, &ours).await;
        through(from_here.expect("an answer"), Next::Start);
        world.pass(WINDOW_SECONDS + 1);
        through(attempt(&account.user_name, OWN).await.expect("an answer"), Next::Start);
    })
    .await;
}

#[tokio::test]
async fn a_full_queue_counts_nothing() {
    let narrow = HashLimits { running: 1, waiting: 0 };
    on_each_with(Settings { hash_limits: narrow, ..settings() }, async |world, _| {
        let account = world.account(AccountRole::Teacher).await;
        let taken = world.service.hasher.place().expect("a place");
        for _ in 0..20 {
            let refused = world.service.sign_in_with_password(&account.user_name, "a guess", &network(1)).await;
            assert_refused(refused, RefusalCode::Busy);
        }
        drop(taken);
        world.right_password(&account.user_name, &account.password, Next::ChangePassword).await;
    })
    .await;
}

#[tokio::test]
async fn a_copy_of_the_database_shows_no_secret() {
    let test = TestDb::sqlite().await.expect("a database");
    let world = world(&test).await;
    let account = world.account(AccountRole::Principal).await;
    let pending = world.right_password(&account.user_name, &account.password, Next::Matrix).await;
    let cells = world.cells(&account, &pending).await;
    let token = world.settled(&account).await;

    let path = test.db.file().expect("a file").to_owned();
    test.db.close().await;
    let mut bytes = std::fs::read(&path).expect("readable");
    bytes.extend(std::fs::read(path.with_extension("db-wal")).unwrap_or_default());
    let holds = |needle: &[u8]| bytes.windows(needle.len()).any(|window| window == needle);
    assert!(holds(account.user_name.as_bytes()) && holds(b"$argon2id$"), "what is looked for would be found");
    assert!(holds(&token.hash()));
    for secret in [account.password.as_str(), OWN, &cells.concat(), &cells.join(" "), &token.text(), &pending.text()] {
        assert!(!holds(secret.as_bytes()));
    }
    let raw = {
        use base64::Engine;
        base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(token.text().as_bytes()).expect("base64")
    };
    assert!(!holds(&raw), "nor the token as bytes");
}
