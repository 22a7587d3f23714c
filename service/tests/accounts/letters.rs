//! Letters for many: what they would do is seen before, and nothing is done by looking.

use crate::world::*;

#[tokio::test]
async fn a_preview_tells_whom_letters_touch_and_whose_sessions_end() {
    on_worlds(async |world, _| {
        let (principal, teacher) = (world.principal(), world.account(HERE, AccountRole::Teacher));
        let administrator = world.account(HERE, AccountRole::TestAdministrator);
        let (token, ended) = (world.settled(teacher).await, world.settled(administrator).await);
        world.service.sign_out(&ended).await.unwrap();
        let asked = [teacher.id, administrator.id, world.account(FOREIGN, AccountRole::Teacher).id];
        let preview = world.service.letters_preview(&principal, &asked).await.unwrap();
        let seen: Vec<_> = preview.people.iter().map(|line| (line.account.id, line.sessions)).collect();
        assert_eq!(seen.len(), 2, "another authority's is as unknown as nobody's");
        assert!(seen.contains(&(teacher.id, 1)) && seen.contains(&(administrator.id, 0)), "{seen:?}");
        assert!(world.signed_in(&token).await.is_some(), "looking ends nothing");
        world.clock.set(START.plus_seconds(61 * 60));
        let later = world.service.letters_preview(&principal, &asked).await.unwrap();
        assert!(later.people.iter().all(|line| line.sessions == 0), "who has been idle too long is out already");
    })
    .await;
}

#[tokio::test]
async fn a_preview_is_for_who_keeps_accounts_and_names_whom_they_cannot_serve() {
    on_worlds(async |world, _| {
        let asked = [world.id(AccountRole::TestAdministrator)];
        let preview = world.service.letters_preview(&world.administrator(), &asked).await.unwrap();
        assert!(preview.people.is_empty(), "nobody issues to themselves");
        assert_eq!(preview.refused.iter().map(|line| line.id).collect::<Vec<_>>(), asked);
        for role in [AccountRole::Teacher, AccountRole::Leader] {
            let actor = world.actor_at(HERE, role);
            let refused = world.service.letters_preview(&actor, &asked).await;
            assert_refused(refused, RefusalCode::NotAllowed);
        }
        let many = vec![asked[0]; 1_001];
        let refused = world.service.letters_preview(&world.principal(), &many).await;
        assert_refused(refused, RefusalCode::TooLarge);
    })
    .await;
}
