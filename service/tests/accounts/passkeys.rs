//! What becomes of an account's passkeys when the account is closed, deleted, united with another, opened
//! again, or issued anew.

use crate::authenticator::Authenticator;
use crate::world::*;
use service::passkeys::Begun;
use service::session::Token;

const ORIGIN: &str = "http://localhost:3000";

/// The same places, reached where passkeys can be had.
fn reached(mut world: World) -> World {
    world.service = world.service.clone().at(ORIGIN);
    world
}

impl World {
    /// Adds a passkey to an account that is signed in for the first time by it.
    async fn with_passkey(&self, account: &IssuedAccount, seed: u8) -> (Authenticator, Token) {
        let token = self.settled(account).await;
        let mut authenticator = Authenticator::new(seed, ORIGIN);
        let begun = self.service.begin_passkey(&token, OWN).await.unwrap();
        let Begun::Options(options) = begun else { panic!("{begun:?}") };
        let answer = authenticator.create(&options);
        self.service.add_passkey(&token, "Min telefon", &answer, Uuid::nil()).await.unwrap();
        (authenticator, token)
    }

    /// Signs in with password and passkey, as far as that goes.
    async fn by_passkey(&self, account: &IssuedAccount, authenticator: &mut Authenticator) -> Outcome {
        let outcome = self.password(&account.user_name, OWN).await;
        let Outcome::Next(Next::Matrix, token) = outcome else { return outcome };
        let options = self.service.begin_passkey_sign_in(&token).await.unwrap().expect("options");
        let answer = authenticator.get(&options);
        self.service.sign_in_with_passkey(&token, &answer, &network(), Uuid::nil()).await.unwrap()
    }
}

#[tokio::test]
async fn a_closed_account_keeps_its_passkeys_until_it_is_opened_again() {
    on_worlds(async |world, _| {
        let world = reached(world);
        let teacher = world.account(HERE, AccountRole::Teacher);
        let (mut authenticator, session) = world.with_passkey(teacher, 1).await;
        world.service.deactivate_account(&world.principal(), teacher.id).await.unwrap();
        assert!(world.signed_in(&session).await.is_none());
        assert!(matches!(world.by_passkey(teacher, &mut authenticator).await, Outcome::Inactive(_)));
        world.service.reactivate_accounts(&world.principal(), &[teacher.id]).await.unwrap();
        through(world.by_passkey(teacher, &mut authenticator).await);
        world.set_day("2027-08-01");
        assert!(matches!(world.by_passkey(teacher, &mut authenticator).await, Outcome::Inactive(_)), "lapsed");
        world.service.reactivate_accounts(&world.principal(), &[teacher.id]).await.unwrap();
        through(world.by_passkey(teacher, &mut authenticator).await);
        assert_eq!(world.line(&world.principal(), teacher.id).await.passkeys, 1);
        world.verified().await;
    })
    .await;
}

#[tokio::test]
async fn a_deleted_account_has_no_passkey_any_more() {
    on_worlds(async |world, _| {
        let world = reached(world);
        let teacher = world.account(HERE, AccountRole::Teacher);
        let (mut authenticator, session) = world.with_passkey(teacher, 1).await;
        let Outcome::Next(Next::Matrix, pending) = world.password(&teacher.user_name, OWN).await else {
            panic!("the passkey comes next")
        };
        let options = world.service.begin_passkey_sign_in(&pending).await.unwrap().expect("options");
        world.service.delete_account(&world.principal(), teacher.id).await.unwrap();
        assert!(world.signed_in(&session).await.is_none());
        let answer = authenticator.get(&options);
        let outcome = world.service.sign_in_with_passkey(&pending, &answer, &network(), Uuid::nil()).await.unwrap();
        assert!(matches!(outcome, Outcome::Ended), "{outcome:?}");
        assert!(matches!(world.password(&teacher.user_name, OWN).await, Outcome::Wrong));
        assert_eq!(world.line(&world.principal(), teacher.id).await.passkeys, 0);
        // The authenticator may serve another account from then on.
        let administrator = world.account(HERE, AccountRole::TestAdministrator);
        world.with_passkey(administrator, 1).await;
        world.verified().await;
    })
    .await;
}

#[tokio::test]
async fn an_account_that_was_united_with_another_has_dead_passkeys_until_they_are_parted() {
    on_worlds(async |world, _| {
        let world = reached(world);
        let goes = world.account(HERE, AccountRole::Teacher);
        let (mut authenticator, session) = world.with_passkey(goes, 1).await;
        let order = Registration { despite_doubles: despite(), ..world.order(AccountRole::Teacher, "Mette", "Lind") };
        let stays = world.register(&world.administrator(), &order).await.account;
        world.service.merge_accounts(&world.principal(), goes.id, stays).await.unwrap();
        assert!(world.signed_in(&session).await.is_none());
        assert!(matches!(world.by_passkey(goes, &mut authenticator).await, Outcome::Wrong));
        assert_eq!(world.line(&world.principal(), stays).await.passkeys, 0, "nothing of one works through the other");
        world.service.separate_accounts(&world.principal(), goes.id).await.unwrap();
        through(world.by_passkey(goes, &mut authenticator).await);
        world.verified().await;
    })
    .await;
}

#[tokio::test]
async fn what_is_issued_anew_leaves_passkeys_and_a_passkey_opens_an_account_whose_card_is_lost() {
    on_worlds(async |world, test| {
        let world = reached(world);
        let administrator = world.account(HERE, AccountRole::TestAdministrator);
        let (mut authenticator, _) = world.with_passkey(administrator, 1).await;
        test.tamper("UPDATE matrix_card SET failures = 100, dead = TRUE").await.unwrap();
        assert_eq!(world.state(administrator.id).await, State::Active, "not locked");
        through(world.by_passkey(administrator, &mut authenticator).await);
        world.service.reissue(&world.principal(), administrator.id, Anew::Matrix, Language::Da).await.unwrap();
        through(world.by_passkey(administrator, &mut authenticator).await);
        world.verified().await;
    })
    .await;
}

#[tokio::test]
async fn a_teacher_who_lost_the_only_passkey_gets_a_card_and_removes_it() {
    on_worlds(async |world, _| {
        let world = reached(world);
        let teacher = world.account(HERE, AccountRole::Teacher);
        world.with_passkey(teacher, 1).await;
        let letter = world.service.reissue(&world.administrator(), teacher.id, Anew::Both, Language::Da).await.unwrap();
        let session = world.settled(&issued(letter)).await;
        let lost = world.service.own_passkeys(&session).await.unwrap().passkeys.remove(0);
        assert!(world.service.remove_passkey(&session, lost.id, Uuid::nil()).await.unwrap());
        let detail = world.service.account_detail(&world.administrator(), teacher.id).await.unwrap();
        let deeds: Vec<_> = detail.history.iter().map(|event| event.what).collect();
        use domain::exchange::accounts::AccountDeed::{PasskeyAdded, PasskeyRemoved};
        assert!(deeds.contains(&PasskeyAdded) && deeds.contains(&PasskeyRemoved), "{deeds:?}");
        world.verified().await;
    })
    .await;
}
