//! One's own passkeys: adding, renaming and removing them, and what each of that ends or refuses.

use super::authenticator::Authenticator;
use super::*;
use crate::audit::verify;
use crate::passkeys::{Begun, CEREMONY_SECONDS};
use domain::account::second::{Adding, Removal};

#[tokio::test]
async fn a_removed_passkey_ends_what_was_begun_with_it() {
    on_each(async |world, test| {
        let (account, mut authenticator, adder) = world.with_passkey(AccountRole::Principal, 1).await;
        let mut second = Authenticator::new(2, ORIGIN);
        world.pass(1);
        world.add(&adder, &mut second).await;
        let begun = world.by_passkey(&account, &mut authenticator).await;
        let (pending, options) = world.asked_for_passkey(&account).await;
        let own = world.service.own_passkeys(&adder).await.expect("a list");
        let [first, other] = own.passkeys.as_slice() else { panic!("{own:?}") };
        assert_eq!((first.removal, first.is_in_use), (Removal::LeavesPasskey, false));

        assert!(world.service.remove_passkey(&adder, first.id, Uuid::nil()).await.expect("removed"));
        assert!(world.signed_in(&begun).await.is_none(), "begun with it");
        assert!(world.signed_in(&adder).await.is_some(), "begun with the card, and the one that asked");
        assert!(matches!(world.passkey(&pending, &authenticator.get(&options)).await, Outcome::Ended));
        let (token, options) = world.asked_for_passkey(&account).await;
        assert_wrong(&world.passkey(&token, &authenticator.get(&options)).await);

        let by_second = world.by_passkey(&account, &mut second).await;
        let goes_on = world.service.remove_passkey(&by_second, other.id, Uuid::nil()).await.expect("removed");
        assert!(!goes_on && world.signed_in(&by_second).await.is_none(), "the one that asked was begun with it");
        assert!(world.signed_in(&adder).await.is_none());
        world.both_factors(&account, OWN, Next::Start).await;
        world.verified(test).await;
    })
    .await;
}

#[tokio::test]
async fn the_last_second_factor_that_a_role_needs_stays() {
    on_each(async |world, test| {
        let (account, mut authenticator, session) = world.with_passkey(AccountRole::TestAdministrator, 1).await;
        let principal = world.account(AccountRole::Principal).await;
        world.settled(&principal).await;
        let only = world.service.own_passkeys(&session).await.expect("a list").passkeys.remove(0);
        assert_eq!(only.removal, Removal::LeavesCard);
        let mine = format!(
            "card_id = (SELECT c.id FROM matrix_card c JOIN account a ON a.id = c.account_id WHERE a.user_name = '{}')",
            account.user_name
        );
        test.tamper(&format!("UPDATE matrix_challenge SET used = 1 WHERE {mine}")).await.expect("used up");
        let own = world.service.own_passkeys(&session).await.expect("a list");
        assert_eq!(own.passkeys[0].removal, Removal::Refused);
        let refused = world.service.remove_passkey(&session, only.id, Uuid::nil()).await;
        let Err(Fault::Refused(refusal)) = refused else { panic!("{refused:?}") };
        assert_eq!((refusal.code, refusal.help), (RefusalCode::LastSecondFactor, vec!["Åse Lind".to_owned()]));
        let session = world.by_passkey(&account, &mut authenticator).await;
        assert!(world.signed_in(&session).await.is_some(), "a passkey stands in for a card that is used up");
        test.tamper(&format!("UPDATE matrix_challenge SET used = NULL WHERE {mine}")).await.expect("good again");
        world.service.remove_passkey(&session, only.id, Uuid::nil()).await.expect("removed");
    })
    .await;
}

#[tokio::test]
async fn a_teacher_may_go_back_to_the_password_alone() {
    on_each(async |world, test| {
        let (account, _, session) = world.with_passkey(AccountRole::Teacher, 1).await;
        let only = world.service.own_passkeys(&session).await.expect("a list").passkeys.remove(0);
        assert_eq!(only.removal, Removal::LeavesPassword);
        assert!(world.service.remove_passkey(&session, only.id, Uuid::nil()).await.expect("removed"));
        let session = world.right_password(&account.user_name, OWN, Next::Start).await;
        assert!(!world.signed_in(&session).await.expect("signed in").actor.two_factors);
        world.verified(test).await;
    })
    .await;
}

#[tokio::test]
async fn passkeys_are_renamed_and_removed_by_their_own_account_alone() {
    on_each(async |world, test| {
        let (_, _, session) = world.with_passkey(AccountRole::Teacher, 1).await;
        let (_, _, other) = world.with_passkey(AccountRole::Teacher, 2).await;
        let own = async || world.service.own_passkeys(&session).await.expect("a list").passkeys;
        let id = own().await[0].id;
        for id in [id, domain::PasskeyId(Uuid::from_u128(7))] {
            let renamed = world.service.rename_passkey(&other, id, "x", Uuid::nil()).await;
            assert_refused(renamed, RefusalCode::NotFound);
            assert_refused(world.service.remove_passkey(&other, id, Uuid::nil()).await, RefusalCode::NotFound);
        }
        for nobody in [Token::draw(&world.service.env), world.right_password_pending().await] {
            assert_refused(world.service.own_passkeys(&nobody).await, RefusalCode::NotSignedIn);
            assert_refused(world.service.begin_passkey(&nobody, OWN).await, RefusalCode::NotSignedIn);
            let renamed = world.service.rename_passkey(&nobody, id, "x", Uuid::nil()).await;
            assert_refused(renamed, RefusalCode::NotSignedIn);
            assert_refused(world.service.remove_passkey(&nobody, id, Uuid::nil()).await, RefusalCode::NotSignedIn);
        }
        assert_refused(world.service.rename_passkey(&session, id, " ", Uuid::nil()).await, RefusalCode::BadInput);
        world.service.rename_passkey(&session, id, " Nøglen i skuffen ", Uuid::nil()).await.expect("renamed");
        assert_eq!(own().await[0].name, "Nøglen i skuffen");
        world.verified(test).await;
    })
    .await;
}

#[tokio::test]
async fn adding_takes_a_right_answer_once_in_time_and_a_passkey_that_is_nobodys() {
    on_each(async |world, test| {
        let (_, known, session) = world.with_passkey(AccountRole::Principal, 1).await;
        let add = async |token: &Token, answer: &str| {
            world.service.add_passkey(token, "Min telefon", answer, Uuid::nil()).await
        };
        let mut new = Authenticator::new(5, ORIGIN);
        for wrong in [
            Authenticator { origin: "https://adgang.example.org".to_owned(), ..new.clone() },
            Authenticator { relying_party: Some("example.org".to_owned()), ..new.clone() },
            Authenticator { verifies: false, ..new.clone() },
        ] {
            let answer = wrong.clone().create(&world.begin_adding(&session, "").await);
            assert_refused(add(&session, &answer).await, RefusalCode::BadInput);
        }
        let options = world.begin_adding(&session, "").await;
        let answer = new.create(&options);
        assert_refused(add(&session, "{}").await, RefusalCode::BadInput);
        assert_refused(add(&session, &answer).await, RefusalCode::BadInput);
        let late = new.create(&world.begin_adding(&session, "").await);
        world.pass(CEREMONY_SECONDS);
        assert_refused(add(&session, &late).await, RefusalCode::BadInput);
        let own_again = known.clone().create(&world.begin_adding(&session, "").await);
        assert!(add(&session, &own_again).await.is_err());
        // Another account, where its authenticator was not asked to leave it out.
        let other = world.account(AccountRole::Principal).await;
        let other = world.settled(&other).await;
        let foreign = known.clone().create(&world.begin_adding(&other, "").await);
        assert_refused(add(&other, &foreign).await, RefusalCode::Conflict);
        // A ceremony belongs to its session.
        let answer = new.create(&world.begin_adding(&session, "").await);
        assert_refused(add(&other, &answer).await, RefusalCode::BadInput);
        add(&session, &answer).await.expect("added");
        for seed in 20..28 {
            world.add(&session, &mut Authenticator::new(seed, ORIGIN)).await;
        }
        assert!(world.service.own_passkeys(&session).await.expect("a list").is_full);
        assert_refused(world.service.begin_passkey(&session, "").await, RefusalCode::BadInput);
        world.verified(test).await;
    })
    .await;
}

#[tokio::test]
async fn a_session_of_one_factor_adds_nothing_to_an_account_of_two() {
    on_each(async |world, test| {
        let account = world.account(AccountRole::Principal).await;
        let session = world.settled(&account).await;
        test.tamper("UPDATE session SET factors = 1").await.expect("fewer");
        assert_eq!(world.service.own_passkeys(&session).await.expect("a list").adding, Adding::AfterSignIn);
        assert_refused(world.service.begin_passkey(&session, OWN).await, RefusalCode::SecondFactorNeeded);
        // A teacher who has one already, in the session that added it.
        let (_, _, session) = world.with_passkey(AccountRole::Teacher, 1).await;
        assert_refused(world.service.begin_passkey(&session, OWN).await, RefusalCode::SecondFactorNeeded);
    })
    .await;
}

#[tokio::test]
async fn guessing_the_password_before_a_passkey_is_counted_as_at_the_door() {
    on_each(async |world, _| {
        let account = world.account(AccountRole::Teacher).await;
        let token = world.settled(&account).await;
        for _ in 0..10 {
            let guess = world.service.begin_passkey(&token, "a guess").await;
            assert!(matches!(guess, Ok(Begun::WrongPassword)));
        }
        assert!(matches!(world.service.begin_passkey(&token, OWN).await, Ok(Begun::WrongPassword)));
        assert_wrong(&world.password(&account.user_name, OWN).await);
    })
    .await;
}

#[tokio::test]
async fn an_address_that_is_a_number_has_no_passkeys() {
    on_each(async |world, _| {
        let (account, _, session) = world.with_passkey(AccountRole::Principal, 1).await;
        let service = world.service.clone().at("https://192.0.2.7");
        assert!(!service.has_passkeys());
        assert_refused(service.begin_passkey(&session, OWN).await, RefusalCode::NotFound);
        let token = world.right_password(&account.user_name, OWN, Next::Matrix).await;
        assert_refused(service.begin_passkey_sign_in(&token).await, RefusalCode::NotFound);
    })
    .await;
}

#[tokio::test]
async fn a_passkey_changed_past_the_log_is_named() {
    use crate::audit::{Finding, Table};
    on_each(async |world, test| {
        let (account, mut authenticator, session) = world.with_passkey(AccountRole::Teacher, 1).await;
        world.by_passkey(&account, &mut authenticator).await;
        let row = world.service.own_passkeys(&session).await.expect("a list").passkeys[0].id.to_string();
        let institution = world.institution;
        for harm in [
            "UPDATE passkey SET sign_count = 1",
            "UPDATE passkey SET credential = '{}'",
            "UPDATE passkey SET account_id = (SELECT id FROM account WHERE role = 'principal')",
        ] {
            if harm.contains("principal") {
                world.account(AccountRole::Principal).await;
            }
            test.tamper(harm).await.expect("harmed");
            let findings = verify(&test.db, &world.service.secrets.audit, &[]).await.expect("verified").findings;
            let expected = Finding::RowDiffers { institution, table: Table::Passkey, row: row.clone() };
            assert_eq!(findings, [expected], "{harm}");
        }
    })
    .await;
}

impl World {
    /// A sign-in whose password was right, and no more.
    async fn right_password_pending(&self) -> Token {
        let account = self.account(AccountRole::Principal).await;
        self.right_password(&account.user_name, &account.password, Next::Matrix).await
    }
}
