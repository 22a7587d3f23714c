//! The inbox: what is asked lands with those who may do it, once, and is closed by doing it.

use crate::world::*;
use domain::exchange::accounts::{Inbox, Outcome as Ended, Wish};
use service::retention::Kind;

async fn inbox(world: &World, actor: &Actor) -> Inbox {
    world.service.inbox(actor).await.unwrap()
}

#[tokio::test]
async fn a_test_administrator_asks_the_principal_to_delete_and_it_is_one_click() {
    on_worlds(async |world, _| {
        let (administrator, principal) = (world.administrator(), world.principal());
        let teacher = world.account(HERE, AccountRole::Teacher).id;
        assert_refused(world.service.delete_account(&administrator, teacher).await, RefusalCode::OnlyPrincipal);
        for _ in 0..3 {
            world.service.ask_keepers(&administrator, teacher, Wish::Delete).await.unwrap();
        }
        let entries = world.entries().await;
        world.service.ask_keepers(&administrator, teacher, Wish::Delete).await.unwrap();
        assert_eq!(world.entries().await, entries, "asking again is nothing new");
        let seen = inbox(&world, &principal).await;
        let [request] = seen.waiting.as_slice() else { panic!("{seen:?}") };
        assert_eq!((request.wish, request.account.id, request.times), (Wish::Delete, teacher, 4));
        assert_eq!(world.service.waiting(&principal).await.unwrap(), 1);
        let asker = inbox(&world, &administrator).await;
        assert_eq!((asker.waiting.len(), asker.own.len()), (0, 1), "who asked may not do it, and waits");
        assert_eq!(world.service.waiting(&administrator).await.unwrap(), 0);
        world.service.delete_account(&principal, teacher).await.unwrap();
        let seen = inbox(&world, &principal).await;
        assert!(seen.waiting.is_empty());
        assert!(seen.closed.iter().all(|request| request.closed.as_ref().is_some_and(|it| it.outcome == Ended::Done)));
        assert_eq!((seen.closed.len(), inbox(&world, &administrator).await.closed.len()), (1, 1));
        world.verified().await;
    })
    .await;
}

#[tokio::test]
async fn a_no_has_a_reason_that_whoever_asked_can_read() {
    on_worlds(async |world, _| {
        let (administrator, principal) = (world.administrator(), world.principal());
        let teacher = world.account(HERE, AccountRole::Teacher).id;
        world.service.ask_keepers(&administrator, teacher, Wish::Delete).await.unwrap();
        let id = inbox(&world, &principal).await.waiting[0].id;
        for reason in ["", "  ", &"x".repeat(501)] {
            assert_refused(world.service.decline_request(&principal, id, reason).await, RefusalCode::BadInput);
        }
        let by_word = world.service.fulfil_request(&principal, id, "gjort").await;
        assert_refused(by_word, RefusalCode::BadInput);
        // Neither who asked, nor another school's principal, nor the authority answers it.
        for actor in [&administrator, &world.actor_at(SISTER, AccountRole::Principal), &world.authority()] {
            assert_refused(world.service.decline_request(actor, id, "nej").await, RefusalCode::NotFound);
        }
        world.service.decline_request(&principal, id, " Hun vender tilbage efter jul. ").await.unwrap();
        assert_refused(world.service.decline_request(&principal, id, "igen").await, RefusalCode::NotFound);
        let read = inbox(&world, &administrator).await;
        let closed = read.closed[0].closed.as_ref().unwrap();
        assert_eq!(closed.reason.as_deref(), Some("Hun vender tilbage efter jul."));
        world.service.ask_keepers(&administrator, teacher, Wish::Delete).await.unwrap();
        assert_eq!(inbox(&world, &principal).await.waiting.len(), 1, "a no is not for ever");
        world.verified().await;
    })
    .await;
}

#[tokio::test]
async fn an_inactive_account_asks_by_its_one_time_token_and_repeats_are_one_request() {
    on_worlds(async |world, _| {
        let account = world.account(HERE, AccountRole::TestAdministrator);
        world.settled(account).await;
        world.service.deactivate_account(&world.principal(), account.id).await.unwrap();
        let Outcome::Inactive(token) = world.sign_in(account, OWN).await else { panic!("code 31") };
        for _ in 0..5 {
            assert_eq!(world.service.ask_without_session(&token, Uuid::nil()).await.unwrap(), Some(Wish::Reactivate));
        }
        let seen = inbox(&world, &world.principal()).await;
        assert_eq!(seen.waiting.len(), 1);
        assert_eq!((seen.waiting[0].wish, seen.waiting[0].times), (Wish::Reactivate, 5));
        assert_eq!(seen.waiting[0].by, "Karen Øster");
        assert!(inbox(&world, &world.actor_at(SISTER, AccountRole::Principal)).await.waiting.is_empty());
        assert!(world.signed_in(&token).await.is_none(), "asking opens nothing");
        world.service.reactivate_accounts(&world.principal(), &[account.id]).await.unwrap();
        assert!(inbox(&world, &world.principal()).await.waiting.is_empty());
        assert_eq!(
            world.service.ask_without_session(&token, Uuid::nil()).await.unwrap(),
            None,
            "there is nothing to ask for"
        );
        world.clock.set(START.plus_seconds(3_600));
        assert_eq!(world.service.ask_without_session(&token, Uuid::nil()).await.unwrap(), None, "the token is too old");
        world.verified().await;
    })
    .await;
}

#[tokio::test]
async fn nobody_asks_for_what_they_can_do_or_do_not_see() {
    on_worlds(async |world, _| {
        let (administrator, teacher) = (world.administrator(), world.account(HERE, AccountRole::Teacher).id);
        assert_refused(world.service.ask_keepers(&administrator, teacher, Wish::Reissue).await, RefusalCode::BadInput);
        let foreign = world.account(FOREIGN, AccountRole::Teacher).id;
        assert_refused(world.service.ask_keepers(&administrator, foreign, Wish::Delete).await, RefusalCode::NotFound);
        for role in [AccountRole::Teacher, AccountRole::Leader] {
            let actor = world.actor_at(HERE, role);
            assert_refused(world.service.ask_keepers(&actor, teacher, Wish::Delete).await, RefusalCode::NotAllowed);
            world.service.ask_keepers(&administrator, teacher, Wish::Delete).await.unwrap();
            let seen = inbox(&world, &actor).await;
            assert!(seen.waiting.is_empty() && seen.own.is_empty() && !seen.is_keeper, "an inbox of their own");
            assert_eq!(world.service.waiting(&actor).await.unwrap(), 0);
        }
    })
    .await;
}

#[tokio::test]
async fn a_test_administrator_asks_to_unite_doubles_and_the_principal_sees_what_that_does() {
    on_worlds(async |world, _| {
        let (administrator, principal) = (world.administrator(), world.principal());
        let first = world.account(HERE, AccountRole::Teacher).id;
        let mut order = world.order(AccountRole::Teacher, "Mette", "Lindh");
        order.despite_doubles = despite();
        let second = world.register(&principal, &order).await.account;
        for (one, other) in [(second, first), (first, second)] {
            world.service.ask_to_merge(&administrator, one, other).await.unwrap();
        }
        let leader = world.account(HERE, AccountRole::Leader).id;
        let foreign = world.account(SISTER, AccountRole::Teacher).id;
        for (one, other, code) in [
            (first, first, RefusalCode::BadInput),
            (first, leader, RefusalCode::BadInput),
            (first, foreign, RefusalCode::NotFound),
        ] {
            assert_refused(world.service.ask_to_merge(&administrator, one, other).await, code);
        }
        assert_refused(world.service.ask_to_merge(&principal, first, second).await, RefusalCode::BadInput);
        assert_refused(world.service.ask_keepers(&administrator, first, Wish::Merge).await, RefusalCode::BadInput);

        let seen = inbox(&world, &principal).await;
        let [request] = seen.waiting.as_slice() else { panic!("{seen:?}") };
        assert_eq!((request.wish, request.account.id, request.times), (Wish::Merge, first, 2), "asked twice is one");
        assert_eq!(request.other.as_ref().map(|other| other.id), Some(second));
        for actor in [&administrator, &world.actor_at(SISTER, AccountRole::Principal), &world.authority()] {
            assert!(inbox(&world, actor).await.waiting.is_empty());
            refusal(world.service.merge_preview(actor, first, second).await);
        }
        let entries = world.entries().await;
        let preview = world.service.merge_preview(&principal, second, first).await.unwrap();
        assert_eq!((preview.goes.id, preview.stays.id), (first, second), "the lower number goes");
        assert_eq!(world.entries().await, entries, "looking changes nothing");

        world.service.ask_keepers(&administrator, first, Wish::Delete).await.unwrap();
        world.service.merge_accounts(&principal, first, second).await.unwrap();
        assert!(inbox(&world, &principal).await.waiting.is_empty());
        let asker = inbox(&world, &administrator).await;
        let ended = |wish| {
            let request = asker.closed.iter().find(|request| request.wish == wish).unwrap();
            request.closed.as_ref().unwrap().outcome
        };
        assert_eq!((ended(Wish::Merge), ended(Wish::Delete)), (Ended::Done, Ended::Void));
        assert_eq!(asker.notices.len(), 2, "whoever asked is told of both");
        world.verified().await;
    })
    .await;
}

#[tokio::test]
async fn what_was_closed_long_ago_is_taken_away_and_what_is_open_stays() {
    on_worlds(async |world, _| {
        let (administrator, principal) = (world.administrator(), world.principal());
        let (teacher, leader) = (world.id(AccountRole::Teacher), world.id(AccountRole::Leader));
        for account in [teacher, leader] {
            world.service.ask_keepers(&administrator, account, Wish::Delete).await.unwrap();
        }
        let answered = inbox(&world, &principal).await.waiting.iter().find(|it| it.account.id == teacher).unwrap().id;
        world.service.decline_request(&principal, answered, "nej").await.unwrap();
        let days = |days: i64| START.plus_seconds(days * 24 * 3_600);
        world.clock.set(days(399));
        let forgotten = world.service.enforce_retention().await.unwrap();
        let of = [Kind::Mails, Kind::Requests, Kind::Notices].map(|kind| forgotten.of(kind));
        assert_eq!(of, [3, 0, 0], "the mails alone, and they do not last so long");
        assert_eq!(inbox(&world, &administrator).await.notices.len(), 1);
        world.clock.set(days(401));
        assert_eq!(inbox(&world, &administrator).await.closed.len(), 0, "out of sight by the clock alone");
        let forgotten = world.service.enforce_retention().await.unwrap();
        assert_eq!((forgotten.of(Kind::Requests), forgotten.of(Kind::Notices)), (1, 1));
        assert_eq!(world.service.enforce_retention().await.unwrap().all(), 0);
        assert_eq!(inbox(&world, &principal).await.waiting.len(), 1);
    })
    .await;
}
