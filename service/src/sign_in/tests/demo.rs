//! The demo's one button, and that it is nowhere else.

use super::*;
use crate::sign_in::demo;

async fn mark(test: &TestDb, user_names: &[&str]) {
    store::write!(test.db, async |tx| { demo::mark(tx, user_names).await }).expect("marked");
}

#[tokio::test]
async fn without_the_setting_or_the_mark_nobody_is_offered_and_nothing_opens() {
    on_each(async |world, test| {
        let account = world.account(AccountRole::Principal).await;
        mark(test, &[&account.user_name]).await;
        assert_eq!(world.service.demo_people().await.expect("an answer"), []);
        assert_refused(world.service.sign_in_as_demo(&account.user_name, &network(1)).await, RefusalCode::NotFound);
        assert_refused(world.service.keep_demo_passwords(&[account.id]).await, RefusalCode::NotFound);
    })
    .await;
    on_each_with(Settings { demo: true, ..settings() }, async |world, _| {
        let account = world.account(AccountRole::Principal).await;
        assert_eq!(world.service.demo_people().await.expect("an answer"), []);
        assert_refused(world.service.sign_in_as_demo(&account.user_name, &network(1)).await, RefusalCode::NotFound);
        assert_refused(world.service.keep_demo_passwords(&[account.id]).await, RefusalCode::NotFound);
    })
    .await;
}

#[tokio::test]
async fn in_the_demo_only_whom_it_offers_can_be_signed_in_as() {
    on_each_with(Settings { demo: true, ..settings() }, async |world, test| {
        let offered = world.account(AccountRole::Principal).await;
        let other = world.account(AccountRole::Principal).await;
        mark(test, &[&offered.user_name]).await;
        world.service.keep_demo_passwords(&[offered.id]).await.expect("kept");
        let people = world.service.demo_people().await.expect("an answer");
        assert_eq!(people.len(), 1);
        assert_eq!((people[0].name.as_str(), people[0].role), ("Åse Lind", AccountRole::Principal));

        assert_refused(world.service.sign_in_as_demo(&other.user_name, &network(1)).await, RefusalCode::NotFound);
        assert_refused(world.service.sign_in_as_demo("", &network(1)).await, RefusalCode::NotFound);
        let outcome = world.service.sign_in_as_demo(&offered.user_name, &network(1)).await.expect("an answer");
        let who = world.signed_in(&through(outcome, Next::Start)).await.expect("signed in");
        assert!(who.actor.two_factors);
        for _ in 0..2 {
            world.both_factors(&offered, &offered.password, Next::Start).await;
        }
    })
    .await;
}
