//! Several people ask for the same: it is one request, and each of them is told the answer.

use crate::world::*;
use domain::exchange::accounts::{Inbox, Outcome as Ended, Wish};
use domain::notice::NoticeKind;
use service::retention::Kind;

async fn inbox(world: &World, actor: &Actor) -> Inbox {
    world.service.inbox(actor).await.unwrap()
}

/// What somebody was told of the answers to what they asked: how it ended, and why.
async fn answers(world: &World, actor: &Actor) -> Vec<(Wish, Ended, Option<String>)> {
    let notices = inbox(world, actor).await.notices;
    let answered = notices.into_iter().filter(|notice| notice.kind == NoticeKind::Answered);
    answered.map(|notice| notice.answer.expect("an answer")).collect()
}

/// Another test administrator of the school.
async fn another(world: &World, given: &str) -> Actor {
    let letter = world.register(&world.principal(), &world.order(AccountRole::TestAdministrator, given, "Friis")).await;
    Actor {
        person: letter.person,
        account: Some(letter.account),
        name: format!("{given} Friis"),
        ..world.administrator()
    }
}

async fn ask(world: &World, actor: &Actor, wish: Wish) {
    world.service.ask_keepers(actor, world.id(AccountRole::Teacher), wish).await.unwrap();
}

#[tokio::test]
async fn whoever_asks_second_is_told_the_answer_too() {
    on_worlds(async |world, _| {
        let (first, principal) = (world.administrator(), world.principal());
        let (second, third) = (another(&world, "Poul").await, another(&world, "Ida").await);
        ask(&world, &first, Wish::Delete).await;
        let entries = world.entries().await;
        ask(&world, &second, Wish::Delete).await;
        assert_eq!(world.entries().await, entries + 1, "that somebody else asks is something new");
        ask(&world, &second, Wish::Delete).await;
        ask(&world, &first, Wish::Delete).await;
        assert_eq!(world.entries().await, entries + 1);
        let seen = inbox(&world, &principal).await;
        let [request] = seen.waiting.as_slice() else { panic!("{seen:?}") };
        assert_eq!((request.times, request.by.as_str()), (4, "Karen Øster"), "one request");
        for (actor, waits) in [(&first, 1), (&second, 1), (&third, 0)] {
            assert_eq!(inbox(&world, actor).await.own.len(), waits, "{}", actor.name);
        }
        world.service.decline_request(&principal, request.id, "Hun er her endnu").await.unwrap();
        let no = [(Wish::Delete, Ended::Declined, Some("Hun er her endnu".to_owned()))];
        for actor in [&first, &second] {
            assert_eq!(answers(&world, actor).await, no, "{}", actor.name);
            assert_eq!(inbox(&world, actor).await.closed.len(), 1);
            assert_eq!(world.service.waiting(actor).await.unwrap(), 1, "an unread notice counts");
        }
        for actor in [&third, &principal, &world.actor_at(SISTER, AccountRole::TestAdministrator)] {
            assert_eq!(answers(&world, actor).await, [], "{}", actor.name);
        }
        let mut read = world.db.read().await.unwrap();
        let mails = store::mail::of_place(&mut read, world.at(HERE)).await.unwrap();
        drop(read);
        let told: Vec<PersonId> =
            mails.iter().filter(|mail| mail.kind == NoticeKind::Answered).map(|mail| mail.person).collect();
        assert!(told.len() == 2 && told.contains(&first.person) && told.contains(&second.person), "{told:?}");
        // The next request is asked by the second alone, and the first hears nothing of it.
        ask(&world, &second, Wish::Delete).await;
        world.service.delete_account(&principal, world.id(AccountRole::Teacher)).await.unwrap();
        assert_eq!(answers(&world, &first).await.len(), 1);
        let done = (Wish::Delete, Ended::Done, None);
        assert!(answers(&world, &second).await.contains(&done));
        world.verified().await;
    })
    .await;
}

#[tokio::test]
async fn the_accounts_own_person_and_a_colleague_are_each_told_once() {
    on_worlds(async |world, _| {
        let (second, principal) = (another(&world, "Poul").await, world.principal());
        let account = world.account(HERE, AccountRole::TestAdministrator);
        world.settled(account).await;
        world.service.deactivate_account(&principal, account.id).await.unwrap();
        let Outcome::Inactive(token) = world.sign_in(account, OWN).await else { panic!("code 31") };
        world.service.ask_without_session(&token, Uuid::nil()).await.unwrap();
        world.service.ask_keepers(&second, account.id, Wish::Reactivate).await.unwrap();
        world.service.reactivate_accounts(&principal, &[account.id]).await.unwrap();
        assert_eq!(answers(&world, &second).await, [(Wish::Reactivate, Ended::Done, None)]);
        let own = inbox(&world, &world.administrator()).await.notices;
        let kinds: Vec<NoticeKind> = own.iter().map(|notice| notice.kind).collect();
        assert!(kinds.contains(&NoticeKind::Reactivated) && !kinds.contains(&NoticeKind::Answered), "{kinds:?}");
        world.verified().await;
    })
    .await;
}

#[tokio::test]
async fn a_request_that_is_void_is_told_to_all_who_asked() {
    on_worlds(async |world, _| {
        let (first, principal, second) = (world.administrator(), world.principal(), another(&world, "Poul").await);
        let mut order = world.order(AccountRole::Teacher, "Mette", "Lindh");
        order.despite_doubles = despite();
        let stays = world.register(&principal, &order).await.account;
        for actor in [&first, &second] {
            ask(&world, actor, Wish::Delete).await;
        }
        world.service.merge_accounts(&principal, world.id(AccountRole::Teacher), stays).await.unwrap();
        for actor in [&first, &second] {
            assert_eq!(answers(&world, actor).await, [(Wish::Delete, Ended::Void, None)], "{}", actor.name);
        }
    })
    .await;
}

#[tokio::test]
async fn each_takes_back_only_their_own_asking() {
    on_worlds(async |world, _| {
        let (first, principal) = (world.administrator(), world.principal());
        let (second, third) = (another(&world, "Poul").await, another(&world, "Ida").await);
        for actor in [&first, &second] {
            ask(&world, actor, Wish::Delete).await;
        }
        let id = inbox(&world, &principal).await.waiting[0].id;
        let sister = world.actor_at(SISTER, AccountRole::TestAdministrator);
        for stranger in [&third, &principal, &sister, &Actor { account: None, ..second.clone() }] {
            assert_refused(world.service.withdraw_request(stranger, id).await, RefusalCode::NotFound);
        }
        // The second one leaves: it still waits, for the first.
        world.service.withdraw_request(&second, id).await.unwrap();
        assert_refused(world.service.withdraw_request(&second, id).await, RefusalCode::NotFound);
        assert!(inbox(&world, &second).await.own.is_empty());
        assert_eq!(inbox(&world, &principal).await.waiting.len(), 1);
        // The first one leaves: it is the second's from then on.
        ask(&world, &second, Wish::Delete).await;
        world.service.withdraw_request(&first, id).await.unwrap();
        assert!(inbox(&world, &first).await.own.is_empty());
        assert_eq!(inbox(&world, &principal).await.waiting[0].by, "Poul Friis");
        world.service.decline_request(&principal, id, "nej").await.unwrap();
        assert_eq!(answers(&world, &first).await, []);
        assert_eq!(answers(&world, &second).await.len(), 1);
        // The last one leaves: it waits for nobody.
        ask(&world, &second, Wish::Delete).await;
        let id = inbox(&world, &principal).await.waiting[0].id;
        world.service.withdraw_request(&second, id).await.unwrap();
        assert!(inbox(&world, &principal).await.waiting.is_empty());
        world.verified().await;
    })
    .await;
}

#[tokio::test]
async fn who_else_asked_is_forgotten_with_the_request() {
    on_worlds(async |world, test| {
        let (first, principal, second) = (world.administrator(), world.principal(), another(&world, "Poul").await);
        for actor in [&first, &second] {
            ask(&world, actor, Wish::Delete).await;
        }
        let id = inbox(&world, &principal).await.waiting[0].id;
        world.service.decline_request(&principal, id, "nej").await.unwrap();
        let others = async || {
            let mut read = test.db.read().await.unwrap();
            store::account::request::asker::others(&mut read, world.at(HERE), id).await.unwrap().len()
        };
        assert_eq!(others().await, 1);
        world.clock.set(START.plus_seconds(401 * 24 * 3_600));
        assert_eq!(world.service.enforce_retention().await.unwrap().of(Kind::Requests), 1);
        assert_eq!(others().await, 0);
    })
    .await;
}
