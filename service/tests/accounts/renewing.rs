//! New credentials for lost ones.

use crate::world::*;

#[tokio::test]
async fn the_old_password_is_dead_at_once_with_the_sessions_made_with_it() {
    on_worlds(async |world, _| {
        let (administrator, teacher) = (world.administrator(), world.account(HERE, AccountRole::Teacher));
        let token = world.settled(teacher).await;
        let letter = world.service.reissue(&administrator, teacher.id, Anew::Password, Language::Da).await.unwrap();
        assert_eq!((letter.user_name.as_str(), letter.holds()), (teacher.user_name.as_str(), Anew::Password));
        assert!(world.signed_in(&token).await.is_none());
        assert!(matches!(world.password(&teacher.user_name, OWN).await, Outcome::Wrong));
        assert_eq!(world.state(teacher.id).await, State::Issued);
        let new = issued(letter);
        assert!(matches!(world.sign_in(&new, &new.password).await, Outcome::Next(Next::ChangePassword, _)));
        assert_eq!(world.state(teacher.id).await, State::Locked, "it served its one sign-in");
        world.verified().await;
    })
    .await;
}

#[tokio::test]
async fn each_kind_is_issued_alone_and_leaves_the_other() {
    on_worlds(async |world, _| {
        let (principal, account) = (world.principal(), world.account(HERE, AccountRole::TestAdministrator));
        world.settled(account).await;
        let pending = through(world.password(&account.user_name, OWN).await);
        let letter = world.service.reissue(&principal, account.id, Anew::Matrix, Language::Sv).await.unwrap();
        assert!(letter.password.is_none() && letter.serial.as_ref().is_some_and(|serial| serial.len() == 6));
        assert!(matches!(world.presence(&pending).await, Presence::Nobody), "a sign-in under way has ended");
        assert!(matches!(world.sign_in(account, OWN).await, Outcome::Wrong), "the old card");
        let new = issued(letter);
        assert!(matches!(world.sign_in(&new, OWN).await, Outcome::Next(Next::Start, _)), "the old password");
        let letter = world.service.reissue(&principal, account.id, Anew::Password, Language::Da).await.unwrap();
        let password = letter.password.as_ref().expect("a password").to_string();
        assert!(matches!(world.sign_in(&new, &password).await, Outcome::Next(Next::ChangePassword, _)), "the card");
    })
    .await;
}

#[tokio::test]
async fn only_what_is_issued_anew_begins_to_count_anew() {
    on_worlds(async |world, test| {
        let (principal, account) = (world.principal(), world.account(HERE, AccountRole::TestAdministrator));
        world.settled(account).await;
        test.tamper("UPDATE account_password SET failures = 100, dead = TRUE").await.unwrap();
        test.tamper("UPDATE matrix_card SET failures = 100, dead = TRUE").await.unwrap();
        assert_eq!(world.state(account.id).await, State::Locked);
        let card = issued(world.service.reissue(&principal, account.id, Anew::Matrix, Language::Da).await.unwrap());
        assert!(matches!(world.sign_in(&card, OWN).await, Outcome::Wrong), "the password is dead still");
        assert_eq!(world.state(account.id).await, State::Locked);
        let both = issued(world.service.reissue(&principal, account.id, Anew::Both, Language::Da).await.unwrap());
        assert!(matches!(world.sign_in(&both, &both.password).await, Outcome::Next(Next::ChangePassword, _)));
    })
    .await;
}

#[tokio::test]
async fn a_teacher_gets_a_first_matrix_that_way() {
    on_worlds(async |world, _| {
        let (administrator, teacher) = (world.administrator(), world.account(HERE, AccountRole::Teacher));
        world.settled(teacher).await;
        let card = world.service.reissue(&administrator, teacher.id, Anew::Matrix, Language::Da).await.unwrap();
        let card = issued(card);
        let who = world.signed_in(&through(world.sign_in(&card, OWN).await)).await.expect("signed in");
        assert!(who.actor.two_factors);
        assert_eq!(world.line(&administrator, teacher.id).await.challenges_left, Some(32));
    })
    .await;
}

#[tokio::test]
async fn the_operator_lets_an_authority_back_in_and_nobody_else() {
    on_worlds(async |world, _| {
        let operator = world.service.operator_anywhere(InstitutionId(Uuid::nil()));
        let account = world.account(AUTHORITY, AccountRole::Authority);
        let token = world.settled(account).await;
        let letter = world.service.reissue_for_operator(&operator, &account.user_name).await.unwrap();
        assert!(world.signed_in(&token).await.is_none());
        let new = issued(letter);
        let mut read = world.db.read().await.unwrap();
        let told = store::audit::entries(&mut read, world.at(AUTHORITY).0, 0, 1_000).await.unwrap();
        drop(read);
        let issue = told.iter().rev().find(|entry| entry.action == "account.issue").expect("it is recorded");
        assert_eq!(issue.object, format!("account {}", account.id));
        assert!(issue.actor.contains("\"via\":\"operator\""), "{}", issue.actor);
        assert!(matches!(world.sign_in(&new, &new.password).await, Outcome::Next(Next::ChangePassword, _)));
        for role in roles_at(HERE) {
            let refused = world.service.reissue_for_operator(&operator, &world.account(HERE, *role).user_name).await;
            let code = refusal(refused).code;
            let expected = match role {
                AccountRole::Principal => RefusalCode::OnlyAuthority,
                AccountRole::Leader => RefusalCode::OnlyPrincipal,
                _ => RefusalCode::NotAllowed,
            };
            assert_eq!(code, expected, "{role:?}");
        }
        assert_refused(world.service.reissue_for_operator(&operator, "1999-851").await, RefusalCode::NotFound);
        for actor in [world.authority(), world.principal()] {
            let refused = world.service.reissue_for_operator(&actor, &account.user_name).await;
            assert_refused(refused, RefusalCode::NotAllowed);
        }
        world.verified().await;
    })
    .await;
}

#[tokio::test]
async fn of_two_reissues_at_once_one_letter_opens() {
    on_worlds(async |world, _| {
        let account = world.account(HERE, AccountRole::Teacher);
        let (service, actor) = (&world.service, world.administrator());
        let issue = || service.reissue(&actor, account.id, Anew::Password, Language::Da);
        let (one, other) = tokio::join!(issue(), issue());
        let mut opened = 0;
        for letter in [one.unwrap(), other.unwrap()] {
            let password = letter.password.as_ref().expect("a password");
            opened += u32::from(matches!(world.password(&account.user_name, password).await, Outcome::Next(..)));
        }
        assert_eq!(opened, 1);
    })
    .await;
}
