//! Closing accounts: what ends at once, what stays.

use crate::world::*;

#[tokio::test]
async fn deactivation_ends_sessions_on_the_next_request_and_says_code_31() {
    on_worlds(async |world, _| {
        let teacher = world.account(HERE, AccountRole::Teacher);
        let token = world.settled(teacher).await;
        assert!(world.signed_in(&token).await.is_some());
        world.service.deactivate_account(&world.administrator(), teacher.id).await.unwrap();
        assert!(world.signed_in(&token).await.is_none());
        assert_eq!(world.state(teacher.id).await, State::Deactivated);
        assert!(matches!(world.password(&teacher.user_name, "a guess").await, Outcome::Wrong));
        let Outcome::Inactive(token) = world.password(&teacher.user_name, OWN).await else { panic!("code 31") };
        let Presence::Inactive(inactive) = world.presence(&token).await else { panic!("code 31 in words") };
        assert_eq!(inactive.why, WhyInactive::Deactivated(Some("Karen Øster".to_owned())));
        assert_eq!((inactive.since, inactive.name.as_str()), (START, "Mette Lind"));
        assert_eq!(world.line(&world.principal(), teacher.id).await.closed_by.as_deref(), Some("Karen Øster"));
        let help: Vec<_> = inactive.help.iter().flat_map(|help| &help.names).collect();
        assert_eq!(help, ["Karen Øster", "Birthe Krag"]);
        // Once more is nothing more.
        let entries = world.entries().await;
        world.service.deactivate_account(&world.principal(), teacher.id).await.unwrap();
        assert_eq!(world.entries().await, entries);
        // What opens nothing but the words about it is forgotten after a while, and when it is open again.
        assert!(world.service.actor_for(Some(&token), Uuid::nil()).await.unwrap().is_none());
        let reactivated = world.service.reactivate_accounts(&world.administrator(), &[teacher.id]).await.unwrap();
        assert_eq!(reactivated, [teacher.id]);
        assert!(matches!(world.presence(&token).await, Presence::Nobody));
        assert!(matches!(world.password(&teacher.user_name, OWN).await, Outcome::Next(Next::Start, _)));
        world.verified().await;
    })
    .await;
}

#[tokio::test]
async fn code_31_is_no_step_of_a_sign_in() {
    on_worlds(async |world, _| {
        let principal = world.account(HERE, AccountRole::Principal);
        world.settled(principal).await;
        world.service.deactivate_account(&world.authority(), principal.id).await.unwrap();
        let Outcome::Inactive(token) = world.sign_in(principal, OWN).await else { panic!("code 31") };
        world.service.reactivate_accounts(&world.authority(), &[principal.id]).await.unwrap();
        assert!(matches!(
            world.service.sign_in_with_matrix(&token, &["AABBCC"], &network()).await.unwrap(),
            Outcome::Ended
        ));
        world.clock.set(world.service.env().now().plus_seconds(3_600));
        assert!(matches!(world.presence(&token).await, Presence::Nobody));
    })
    .await;
}

#[tokio::test]
async fn a_deleted_account_is_dead_for_ever_and_its_number_never_given_again() {
    on_worlds(async |world, _| {
        let (principal, teacher) = (world.principal(), world.account(HERE, AccountRole::Teacher));
        let token = world.settled(teacher).await;
        world.service.delete_account(&principal, teacher.id).await.unwrap();
        assert!(world.signed_in(&token).await.is_none());
        assert!(matches!(world.password(&teacher.user_name, OWN).await, Outcome::Wrong), "never code 31");
        assert_refused(world.service.delete_account(&principal, teacher.id).await, RefusalCode::NotFound);
        let reissued = world.service.reissue(&principal, teacher.id, Anew::Both, Language::Da).await;
        assert_refused(reissued, RefusalCode::NotFound);
        assert_refused(world.service.reactivate_accounts(&principal, &[teacher.id]).await, RefusalCode::NotFound);
        // It stays readable where it is asked for.
        assert_eq!(names(&world.list(&principal, AccountFilter::default()).await), ["Henrik Dal", "Karen Øster"]);
        let deleted = AccountFilter { states: vec![State::Deleted], ..AccountFilter::default() };
        let lines = world.list(&principal, deleted).await;
        assert_eq!((names(&lines), lines[0].may.len()), (vec!["Mette Lind".to_owned()], 0));
        let next = world.register(&principal, &world.order(AccountRole::Teacher, "Bo", "Ravn")).await;
        assert_eq!(next.user_name, "1005-280101");
        world.verified().await;
    })
    .await;
}

#[tokio::test]
async fn who_was_a_teacher_by_the_account_alone_is_none_without_it() {
    on_worlds(async |world, test| {
        let (principal, teacher) = (world.principal(), world.account(HERE, AccountRole::Teacher));
        let types = async || {
            let mut read = test.db.read().await.unwrap();
            store::session::live_user_types(&mut read, world.at(HERE), teacher.person, START).await.unwrap()
        };
        let order = Registration {
            holder: Holder::Known(teacher.person),
            despite_doubles: despite(),
            ..world.order(AccountRole::Teacher, "", "")
        };
        let second = world.register(&principal, &order).await;
        world.service.delete_account(&principal, teacher.id).await.unwrap();
        assert_eq!(types().await, [UserType::Teacher], "the other account says so too");
        world.service.delete_account(&principal, second.account).await.unwrap();
        assert_eq!(types().await, []);
        let people = world.roster(&[("Ida", "Bro", UserType::Teacher)]).await;
        let order = Registration { holder: Holder::Known(people[0]), ..order };
        let rostered = world.register(&principal, &order).await;
        world.service.delete_account(&principal, rostered.account).await.unwrap();
        let mut read = test.db.read().await.unwrap();
        let types = store::session::live_user_types(&mut read, world.at(HERE), people[0], START).await.unwrap();
        assert_eq!(types, [UserType::Teacher], "the roster says so");
        drop(read);
        world.verified().await;
    })
    .await;
}

#[tokio::test]
async fn the_operator_closes_and_opens_an_authoritys_account_and_no_other_one() {
    on_worlds(async |world, _| {
        let account = world.account(AUTHORITY, AccountRole::Authority);
        let token = world.settled(account).await;
        let operator = world.operator_at(AUTHORITY);
        let entries = world.entries().await;
        world.service.close_for_operator(&operator, &account.user_name).await.unwrap();
        assert!(world.signed_in(&token).await.is_none(), "at once");
        assert!(matches!(world.sign_in(account, OWN).await, Outcome::Inactive(_)), "code 31");
        assert!(world.entries().await > entries, "it is recorded");
        world.service.close_for_operator(&operator, &account.user_name).await.unwrap();
        world.service.open_for_operator(&operator, &account.user_name).await.unwrap();
        assert!(world.signed_in(&token).await.is_none(), "what has ended stays so");
        let token = through(world.sign_in(account, OWN).await);
        assert!(world.signed_in(&token).await.is_some());
        world.service.open_for_operator(&operator, &account.user_name).await.unwrap();

        let entries = world.entries().await;
        for role in [AccountRole::Principal, AccountRole::TestAdministrator, AccountRole::Leader, AccountRole::Teacher]
        {
            let other = &world.account(HERE, role).user_name;
            let refused = world.service.close_for_operator(&operator, other).await;
            assert_ne!(refusal(refused).code, RefusalCode::NotFound, "{role:?}");
            assert!(world.service.open_for_operator(&operator, other).await.is_err(), "{role:?}");
            assert_ne!(world.state(world.account(HERE, role).id).await, State::Deactivated, "{role:?}");
        }
        for actor in [world.authority(), world.principal(), Actor::system(world.at(AUTHORITY))] {
            let name = &account.user_name;
            assert_refused(world.service.close_for_operator(&actor, name).await, RefusalCode::NotAllowed);
            assert_refused(world.service.open_for_operator(&actor, name).await, RefusalCode::NotAllowed);
        }
        assert_refused(world.service.close_for_operator(&operator, "1999-851").await, RefusalCode::NotFound);
        assert_eq!(world.entries().await, entries, "no denial is recorded");
        assert!(world.signed_in(&token).await.is_some());
        world.verified().await;
    })
    .await;
}
