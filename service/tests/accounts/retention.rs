//! What has been kept long enough goes, what has not stays, and neither rule nor log notices.

use crate::world::*;
use domain::exchange::accounts::Wish;
use service::retention::{Enforced, Kind};

async fn forget(world: &World) -> Enforced {
    world.service.enforce_retention().await.unwrap()
}

async fn due(world: &World) -> Enforced {
    world.service.retention_due().await.unwrap()
}

/// Goes on to just after so many days from the start.
fn go_to(world: &World, kind: Kind) {
    world.clock.set(kind.described().default.after(START).plus_seconds(2));
}

#[tokio::test]
async fn each_kind_goes_when_its_days_are_over_and_not_before() {
    on_worlds(async |world, _| {
        let (administrator, principal) = (world.administrator(), world.principal());
        let teacher = world.account(HERE, AccountRole::Teacher);
        world.settled(teacher).await;
        let _ = world.password(&teacher.user_name, "wrong").await;
        world.service.ask_keepers(&administrator, teacher.id, Wish::Delete).await.unwrap();
        let email = AccountChange { names: None, email: Some("m@example.org".to_owned()), subjects: None };
        world.service.change_account(&administrator, teacher.id, &email).await.unwrap();
        let draft = world.service.kept_draft(&administrator).await.unwrap();
        world.service.keep_draft(&administrator, draft).await.unwrap();
        world.service.delete_account(&principal, teacher.id).await.unwrap();
        assert_eq!(due(&world).await.all(), 0, "nothing is old on the first day");
        assert_eq!(forget(&world).await.all(), 0);
        let kinds = [Kind::Sessions, Kind::Contacts, Kind::SignIns, Kind::Requests, Kind::Letters];
        for kind in kinds {
            // A session of the first day may last into the second.
            let slack = if kind == Kind::Sessions { 24 * 3_600 } else { 0 };
            world.clock.set(kind.described().default.after(START).plus_seconds(slack));
            assert_eq!(due(&world).await.of(kind), 0, "{kind:?}: not yet");
            world.clock.set(world.service.env().now().plus_seconds(2));
            let expected = due(&world).await;
            assert!(expected.of(kind) > 0, "{kind:?}: now");
            assert_eq!(forget(&world).await, expected, "{kind:?}: as counted");
            assert_eq!(forget(&world).await.all(), 0, "{kind:?}: once");
            world.verified().await;
        }
    })
    .await;
}

#[tokio::test]
async fn accounts_that_nobody_opens_again_are_deleted_by_the_program() {
    on_worlds(async |world, _| {
        let teacher = world.id(AccountRole::Teacher);
        let leader = world.id(AccountRole::Leader);
        world.service.deactivate_account(&world.principal(), leader).await.unwrap();
        go_to(&world, Kind::UnusedAccounts);
        forget(&world).await;
        assert_eq!(world.state(leader).await, State::Deleted, "closed on the first day");
        assert_eq!(world.state(teacher).await, State::Lapsed, "lapsed only in the summer after");
        let history = world.service.account_detail(&world.principal(), leader).await.unwrap().history;
        assert_eq!(history[0].by, domain::exchange::accounts::Doer::System);
        world.verified().await;
        world.clock.set(Kind::UnusedAccounts.described().default.after(start_of("2027-08-01")).plus_seconds(1));
        let expected = due(&world).await.of(Kind::UnusedAccounts);
        assert_eq!(forget(&world).await.of(Kind::UnusedAccounts), expected);
        assert_eq!(world.state(teacher).await, State::Deleted);
        assert_eq!(due(&world).await.of(Kind::UnusedAccounts), 0);
        world.verified().await;
    })
    .await;
}

#[tokio::test]
async fn the_logs_words_go_and_the_log_still_verifies() {
    on_worlds(async |world, test| {
        let whole = world.service.verify_audit(&[]).await.unwrap();
        assert_eq!((whole.findings.len(), whole.erased), (0, 0));
        let checkpoint = world.service.audit_checkpoint().await.unwrap();
        go_to(&world, Kind::Words);
        let expected = due(&world).await.of(Kind::Words);
        assert!(expected > 0);
        assert_eq!(forget(&world).await.of(Kind::Words), expected);
        let after = world.service.verify_audit(&[checkpoint]).await.unwrap();
        assert_eq!(after.findings, []);
        assert!(after.erased >= expected);
        assert_eq!(due(&world).await.of(Kind::Words), 0);
        // Words of today stay.
        let entries = world.entries().await;
        world.service.create_institution(AUTHORITY, "280109", "Ny skole").await.unwrap();
        assert!(world.entries().await > entries);
        assert_eq!(forget(&world).await.of(Kind::Words), 0);
        // The guard itself: words that are altered rather than erased are found.
        test.tamper("UPDATE audit_personal SET body = '{\"actor\":\"x\"}'").await.unwrap();
        assert!(!world.service.verify_audit(&[]).await.unwrap().findings.is_empty());
    })
    .await;
}

#[tokio::test]
async fn two_servers_that_forget_at_once_forget_once() {
    on_worlds(async |world, _| {
        world.settled(world.account(HERE, AccountRole::Teacher)).await;
        world.service.deactivate_account(&world.principal(), world.id(AccountRole::Leader)).await.unwrap();
        go_to(&world, Kind::People);
        let (one, other) = (world.service.clone(), world.service.clone());
        let (one, other) = tokio::join!(one.enforce_retention(), other.enforce_retention());
        one.unwrap();
        other.unwrap();
        assert_eq!(due(&world).await.all(), 0);
        world.verified().await;
    })
    .await;
}

#[tokio::test]
async fn what_a_united_account_signed_in_with_goes_when_it_can_be_separated_no_more() {
    on_worlds(async |world, test| {
        let (principal, lower) = (world.principal(), world.account(HERE, AccountRole::Teacher));
        world.settled(lower).await;
        let email = AccountChange { names: None, email: Some("united@canary.example.org".to_owned()), subjects: None };
        world.service.change_account(&principal, lower.id, &email).await.unwrap();
        let order = Registration { despite_doubles: despite(), ..world.order(AccountRole::Teacher, "Mette", "Lind") };
        let upper = issued(world.register(&principal, &order).await);
        world.settled(&upper).await;
        world.service.merge_accounts(&principal, lower.id, upper.id).await.unwrap();
        let united = START.plus_seconds(30 * 24 * 3_600);
        world.clock.set(united);
        assert_eq!((due(&world).await.of(Kind::United), forget(&world).await.of(Kind::United)), (0, 0));
        assert!(test.holding("united@canary.example.org").await.unwrap().contains(&"account.email".to_owned()));
        world.clock.set(united.plus_seconds(1));
        assert_eq!(due(&world).await.of(Kind::United), 1);
        assert_eq!(forget(&world).await.of(Kind::United), 1);
        assert!(!test.holding("united@canary.example.org").await.unwrap().contains(&"account.email".to_owned()));
        let mut read = world.db.read().await.unwrap();
        let kept = store::erasure::accounts_of(&mut read, lower.person).await.unwrap();
        assert!(kept.iter().all(|(.., has_credentials)| !has_credentials), "no hash is left");
        let kept = store::erasure::accounts_of(&mut read, upper.person).await.unwrap();
        assert!(kept.iter().all(|(.., has_credentials)| *has_credentials), "the one that stays signs in");
        drop(read);
        assert_eq!((due(&world).await.of(Kind::United), forget(&world).await.of(Kind::United)), (0, 0), "once");
        assert!(matches!(world.password(&upper.user_name, OWN).await, Outcome::Next(..)));
        assert_eq!(world.line(&principal, lower.id).await.state, State::Merged);
        world.verified().await;
    })
    .await;
}
