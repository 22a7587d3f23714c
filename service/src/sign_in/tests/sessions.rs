//! How long sessions last, and what they carry.

use super::*;
use crate::session::{ABSOLUTE_SECONDS, IDLE_SECONDS};
use crate::sign_in::PENDING_SECONDS;
use crate::sign_in::change::Change;
use domain::Capacity;

#[tokio::test]
async fn a_session_ends_after_an_hour_without_use() {
    on_each(async |world, _| {
        let token = world.settled(&world.account(AccountRole::Teacher).await).await;
        for _ in 0..3 {
            world.pass(IDLE_SECONDS - 1);
            let who = world.signed_in(&token).await.expect("used in time");
            assert_eq!(who.me.session_ends, who.me.now.plus_seconds(IDLE_SECONDS));
        }
        world.pass(IDLE_SECONDS);
        assert!(world.signed_in(&token).await.is_none());
        world.pass(-1);
        assert!(world.signed_in(&token).await.is_some(), "the last second counts");
    })
    .await;
}

#[tokio::test]
async fn a_page_that_asks_by_itself_does_not_keep_the_session() {
    on_each(async |world, _| {
        let token = world.settled(&world.account(AccountRole::Teacher).await).await;
        let ends = world.signed_in(&token).await.expect("signed in").me.session_ends;
        for _ in 0..59 {
            world.pass(60);
            let Presence::SignedIn(who) = world.service.presence_unused(Some(&token), Uuid::nil()).await.unwrap()
            else {
                panic!("the hour is not over")
            };
            assert_eq!(who.me.session_ends, ends, "the end stays where it was");
        }
        world.pass(60);
        let ended = world.service.presence_unused(Some(&token), Uuid::nil()).await.unwrap();
        assert!(matches!(ended, Presence::Nobody));
        assert!(world.signed_in(&token).await.is_none());
    })
    .await;
}

#[tokio::test]
async fn a_session_ends_after_a_day_whatever_is_done() {
    on_each(async |world, _| {
        let token = world.settled(&world.account(AccountRole::Teacher).await).await;
        for _ in 0..47 {
            world.pass(1_800);
            assert!(world.signed_in(&token).await.is_some());
        }
        world.pass(1_799);
        let who = world.signed_in(&token).await.expect("a second left");
        assert_eq!(who.me.session_ends, START.plus_seconds(ABSOLUTE_SECONDS));
        let Ok(Change::Done(next)) =
            world.service.change_password(&token, OWN, "blåbær-violin-q7-kran", Uuid::nil()).await
        else {
            panic!("the new password is good");
        };
        world.pass(1);
        assert!(world.signed_in(&next).await.is_none(), "a new password does not make the day longer");
    })
    .await;
}

#[tokio::test]
async fn a_sign_in_under_way_ends_after_ten_minutes() {
    on_each(async |world, _| {
        let account = world.account(AccountRole::Principal).await;
        let token = world.right_password(&account.user_name, &account.password, Next::Matrix).await;
        let cells = world.cells(&account, &token).await;
        world.pass(PENDING_SECONDS);
        assert!(matches!(world.presence(&token).await, Presence::Nobody));
        assert!(matches!(world.matrix(&token, &cells).await, Outcome::Ended));
        assert!(matches!(world.matrix(&Token::draw(world.service.env()), &cells).await, Outcome::Ended));
    })
    .await;
}

#[tokio::test]
async fn what_has_ended_stays_so() {
    on_each(async |world, test| {
        let account = world.account(AccountRole::Teacher).await;
        let first = world.settled(&account).await;
        let second = world.right_password(&account.user_name, OWN, Next::Start).await;
        world.service.sign_out(&first).await.expect("signed out");
        assert!(world.signed_in(&first).await.is_none());
        assert!(world.signed_in(&second).await.is_some(), "the other one goes on");

        world.pass(120);
        let (hash, now) = (first.hash(), world.now.get());
        // As a request would that was under way when the session ended.
        let touched = store::write!(test.db, async |tx| { store::session::touch(tx, &hash, now).await });
        touched.expect("touched");
        assert!(world.signed_in(&first).await.is_none());
        assert!(matches!(
            world.service.change_password(&first, OWN, "blåbær-violin-q7-kran", Uuid::nil()).await,
            Ok(Change::Ended)
        ));

        assert_eq!(world.service.end_all_sessions().await.expect("ended"), 1);
        assert!(world.signed_in(&second).await.is_none());
    })
    .await;
}

#[tokio::test]
async fn a_new_password_ends_every_other_session_and_sign_in() {
    on_each(async |world, _| {
        let account = world.account(AccountRole::Principal).await;
        let first = world.settled(&account).await;
        let second = world.both_factors(&account, OWN, Next::Start).await;
        let pending = world.right_password(&account.user_name, OWN, Next::Matrix).await;
        let Ok(Change::Done(kept)) = world.service.change_password(&first, OWN, "blåbær-q7-kran", Uuid::nil()).await
        else {
            panic!("the new password is good");
        };
        assert!(world.signed_in(&first).await.is_none() && world.signed_in(&second).await.is_none());
        assert!(matches!(world.presence(&pending).await, Presence::Nobody));
        let who = world.signed_in(&kept).await.expect("signed in");
        assert!(who.actor.two_factors, "as strongly as before");
    })
    .await;
}

#[tokio::test]
async fn deactivation_and_a_change_of_source_work_on_the_next_request() {
    on_each(async |world, test| {
        let account = world.account(AccountRole::Principal).await;
        let token = world.settled(&account).await;
        assert!(world.signed_in(&token).await.expect("signed in").actor.is(Capacity::Leadership));
        test.tamper("UPDATE institution SET identity_source = 'unilogin'").await.expect("changed");
        assert!(world.signed_in(&token).await.expect("signed in").actor.capacities.is_empty());
        test.tamper("UPDATE account SET deactivated = 1").await.expect("deactivated");
        assert!(matches!(world.presence(&token).await, Presence::Nobody));
        assert!(matches!(
            world.service.change_password(&token, OWN, "blåbær-q7-kran", Uuid::nil()).await,
            Ok(Change::Ended)
        ));
    })
    .await;
}

#[tokio::test]
async fn teaching_follows_the_affiliation_of_the_day() {
    on_each(async |world, test| {
        let account = world.account(AccountRole::TestAdministrator).await;
        let token = world.settled(&account).await;
        let teaches = async || world.signed_in(&token).await.expect("signed in").actor.is(Capacity::Teaching);
        assert!(!teaches().await);
        test.tamper("UPDATE affiliation SET user_type = 'teacher'").await.expect("changed");
        assert!(teaches().await);
        test.tamper("UPDATE affiliation SET valid_until = 1").await.expect("changed");
        assert!(!teaches().await);
        test.tamper("UPDATE affiliation SET valid_until = NULL, recorded_until = 1").await.expect("changed");
        assert!(!teaches().await, "closed facts do not count");
    })
    .await;
}

#[tokio::test]
async fn a_token_is_needed_and_one_of_ours() {
    on_each(async |world, _| {
        assert!(matches!(world.service.presence(None, Uuid::nil()).await, Ok(Presence::Nobody)));
        let unknown = Token::draw(world.service.env());
        assert!(matches!(world.presence(&unknown).await, Presence::Nobody));
    })
    .await;
}

#[tokio::test]
async fn the_form_token_belongs_to_one_cookie() {
    let test = TestDb::sqlite().await.expect("a database");
    let service = world(&test).await.service;
    let (token, other) = (Token::draw(service.env()), Token::draw(service.env()));
    let csrf = service.csrf(&token);
    assert!(service.is_csrf(&token, &csrf));
    assert!(!service.is_csrf(&other, &csrf));
    for wrong in ["", "x", csrf.get(1..).expect("ASCII"), &format!("{csrf}A"), &service.csrf(&other), &token.text()] {
        assert!(!service.is_csrf(&token, wrong), "{wrong:?}");
    }
}
