//! What people ask about the account in their own hands: half signed in, and signed in.

use crate::world::*;
use domain::exchange::accounts::{Request, Wish};
use service::session::Token;

async fn waiting(world: &World, actor: &Actor) -> Vec<Request> {
    world.service.inbox(actor).await.unwrap().waiting
}

async fn ask(world: &World, token: &Token) -> Option<Wish> {
    world.service.ask_without_session(token, Uuid::nil()).await.unwrap()
}

#[tokio::test]
async fn whoever_lost_the_card_asks_with_the_password_alone_and_gets_nothing_by_it() {
    on_worlds(async |world, _| {
        let account = world.account(HERE, AccountRole::TestAdministrator);
        world.settled(account).await;
        let Outcome::Next(Next::Matrix, token) = world.password(&account.user_name, OWN).await else {
            panic!("a card")
        };
        let Presence::Matrix { asked: before, .. } = world.presence(&token).await else { panic!("step two") };
        for _ in 0..3 {
            assert_eq!(ask(&world, &token).await, Some(Wish::Reissue));
        }
        let [request] = waiting(&world, &world.principal()).await.try_into().unwrap();
        assert_eq!((request.wish, request.times, request.by.as_str()), (Wish::Reissue, 3, "Karen Øster"));
        assert!(waiting(&world, &world.actor_at(SISTER, AccountRole::Principal)).await.is_empty());
        assert!(world.signed_in(&token).await.is_none(), "asking opens nothing");
        let Presence::Matrix { asked: after, .. } = world.presence(&token).await else { panic!("step two") };
        assert_eq!(before, after, "the same cells, and the card still works");

        world.service.reissue(&world.principal(), account.id, Anew::Matrix, Language::Da).await.unwrap();
        assert!(waiting(&world, &world.principal()).await.is_empty(), "done, by whatever way");
        assert_eq!(ask(&world, &token).await, None, "and the sign-in under way ended with it");
        world.verified().await;
    })
    .await;
}

#[tokio::test]
async fn nobody_asks_without_having_proved_anything() {
    on_worlds(async |world, _| {
        let account = world.account(HERE, AccountRole::TestAdministrator);
        world.settled(account).await;
        let Outcome::Next(Next::Matrix, token) = world.password(&account.user_name, OWN).await else {
            panic!("a card")
        };
        assert_eq!(ask(&world, &Token::draw(world.service.env())).await, None, "a browser that typed nothing");
        assert!(matches!(world.password(&account.user_name, "noget helt andet").await, Outcome::Wrong));
        world.clock.set(START.plus_seconds(3_600));
        assert_eq!(ask(&world, &token).await, None, "too long ago");
        assert!(waiting(&world, &world.principal()).await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn who_keeps_no_accounts_asks_for_their_own() {
    on_worlds(async |world, _| {
        let own = |role: AccountRole| Actor { account: Some(world.id(role)), ..world.actor_at(HERE, role) };
        for role in [AccountRole::Teacher, AccountRole::Leader] {
            world.service.ask_for_own_letter(&own(role)).await.unwrap();
        }
        let seen: Vec<String> =
            waiting(&world, &world.principal()).await.into_iter().map(|request| request.account.name).collect();
        assert_eq!(seen.len(), 2, "{seen:?}");
        let seen = waiting(&world, &world.administrator()).await;
        let [request] = seen.as_slice() else { panic!("a test administrator issues teachers' alone: {seen:?}") };
        assert_eq!((request.wish, request.account.role), (Wish::Reissue, AccountRole::Teacher));
        for role in [AccountRole::TestAdministrator, AccountRole::Principal] {
            assert_refused(world.service.ask_for_own_letter(&own(role)).await, RefusalCode::BadInput);
        }
        let nobody = Actor { account: None, ..own(AccountRole::Teacher) };
        assert_refused(world.service.ask_for_own_letter(&nobody).await, RefusalCode::NotFound);
        world.verified().await;
    })
    .await;
}
