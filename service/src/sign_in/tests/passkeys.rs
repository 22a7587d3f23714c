//! A passkey in the place of the matrix: what it opens, and what it does not.

use super::authenticator::{Authenticator, asked};
use super::*;
use crate::audit::verify;
use crate::passkeys::{Begun, CEREMONY_SECONDS};
use crate::sign_in::change::Change;
use domain::account::second::{Adding, Removal};
use tokio::task::JoinSet;

impl World {
    /// The first half of adding one.
    async fn begin_adding(&self, token: &Token, password: &str) -> String {
        match self.service.begin_passkey(token, password).await.expect("an answer") {
            Begun::Options(options) => options,
            Begun::WrongPassword => panic!("the password is right"),
        }
    }

    /// Adds a passkey to the account of a session.
    async fn add(&self, token: &Token, authenticator: &mut Authenticator) {
        let options = self.begin_adding(token, OWN).await;
        let answer = authenticator.create(&options);
        self.service.add_passkey(token, "Min telefon", &answer, Uuid::nil()).await.expect("added");
    }

    /// An account of this role whose password is [`OWN`], with a passkey; and the session that added it.
    async fn with_passkey(&self, role: AccountRole, seed: u8) -> (IssuedAccount, Authenticator, Token) {
        let account = self.account(role).await;
        let token = self.settled(&account).await;
        let mut authenticator = Authenticator::new(seed, ORIGIN);
        self.add(&token, &mut authenticator).await;
        (account, authenticator, token)
    }

    /// A sign-in whose password was right, with what its authenticator is asked.
    async fn asked_for_passkey(&self, account: &IssuedAccount) -> (Token, String) {
        let token = self.right_password(&account.user_name, OWN, Next::Matrix).await;
        let options = self.options(&token).await;
        (token, options)
    }

    async fn options(&self, token: &Token) -> String {
        self.service.begin_passkey_sign_in(token).await.expect("an answer").expect("options")
    }

    async fn passkey(&self, token: &Token, answer: &str) -> Outcome {
        self.service.sign_in_with_passkey(token, answer, &network(1), Uuid::nil()).await.expect("an answer")
    }

    /// Password and passkey, both right.
    async fn by_passkey(&self, account: &IssuedAccount, authenticator: &mut Authenticator) -> Token {
        let (token, options) = self.asked_for_passkey(account).await;
        through(self.passkey(&token, &authenticator.get(&options)).await, Next::Start)
    }

    async fn verified(&self, test: &TestDb) {
        assert_eq!(verify(&test.db, &self.service.secrets.audit, &[]).await.expect("verified").findings, []);
    }
}

#[tokio::test]
async fn a_teacher_with_a_passkey_signs_in_with_two_factors() {
    on_each(async |world, test| {
        let account = world.account(AccountRole::Teacher).await;
        let token = world.settled(&account).await;
        assert_eq!(world.service.own_passkeys(&token).await.expect("a list").adding, Adding::AfterPassword);
        let wrong = world.service.begin_passkey(&token, "a guess").await.expect("an answer");
        assert!(matches!(wrong, Begun::WrongPassword));
        let elsewhere = world.right_password(&account.user_name, OWN, Next::Start).await;
        let mut authenticator = Authenticator::new(1, ORIGIN);
        world.add(&token, &mut authenticator).await;
        assert!(world.signed_in(&token).await.is_some());
        assert!(world.signed_in(&elsewhere).await.is_none(), "other sessions end");

        let session = world.by_passkey(&account, &mut authenticator).await;
        let who = world.signed_in(&session).await.expect("signed in");
        assert!(who.actor.two_factors && who.me.two_factors);
        let own = world.service.own_passkeys(&session).await.expect("a list");
        assert_eq!(own.adding, Adding::Now);
        let [passkey] = own.passkeys.as_slice() else { panic!("{own:?}") };
        assert_eq!((passkey.name.as_str(), passkey.is_in_use, passkey.works), ("Min telefon", true, true));
        assert_eq!((passkey.created, passkey.used), (START, Some(START)));
        assert_eq!(passkey.removal, Removal::LeavesPassword);
        world.verified(test).await;
    })
    .await;
}

#[tokio::test]
async fn whoever_has_both_uses_either_and_the_card_stays_as_it_was() {
    on_each(async |world, test| {
        let (account, mut authenticator, _) = world.with_passkey(AccountRole::Principal, 1).await;
        let (token, options) = world.asked_for_passkey(&account).await;
        let before = world.asked(&token).await;
        let request = asked(&options);
        assert_eq!(request.get("userVerification").and_then(|it| it.as_str()), Some("required"));
        assert_eq!(request.get("rpId").and_then(|it| it.as_str()), Some("localhost"));
        let session = through(world.passkey(&token, &authenticator.get(&options)).await, Next::Start);
        let who = world.signed_in(&session).await.expect("signed in");
        assert!(who.actor.is(domain::Capacity::TestAdministration));
        let again = world.right_password(&account.user_name, OWN, Next::Matrix).await;
        assert_eq!(world.asked(&again).await, before, "no challenge was used");
        world.both_factors(&account, OWN, Next::Start).await;
        world.verified(test).await;
    })
    .await;
}

#[tokio::test]
async fn an_issued_password_is_changed_after_a_passkey_too() {
    on_each(async |world, _| {
        let (account, mut authenticator, session) = world.with_passkey(AccountRole::Teacher, 1).await;
        let short = world.service.change_password(&session, OWN, "kajakbrod", Uuid::nil()).await.expect("an answer");
        assert!(matches!(short, Change::Problem(_)), "a password that may stand alone again is a long one");
        let letter = world
            .service
            .reissue(
                &world.principal().await,
                account.id,
                domain::exchange::accounts::Anew::Password,
                domain::exchange::accounts::Language::Da,
            )
            .await
            .expect("issued");
        let password = letter.password.expect("a password");
        let token = world.right_password(&account.user_name, &password, Next::Matrix).await;
        let options = world.options(&token).await;
        let session = through(world.passkey(&token, &authenticator.get(&options)).await, Next::ChangePassword);
        assert!(world.service.own_passkeys(&session).await.is_err(), "not before it is changed");
        let changed = world.service.change_password(&session, "", OWN, Uuid::nil()).await.expect("an answer");
        let Change::Done(session) = changed else { panic!("{changed:?}") };
        let own = world.service.own_passkeys(&session).await.expect("a list");
        assert!(own.passkeys.iter().all(|passkey| passkey.is_in_use), "the session goes on as what it was");
    })
    .await;
}

#[tokio::test]
async fn whatever_is_wrong_is_wrong_in_the_same_way() {
    on_each(async |world, test| {
        let (account, authenticator, _) = world.with_passkey(AccountRole::Teacher, 1).await;
        let (_, other, _) = world.with_passkey(AccountRole::Teacher, 2).await;
        let fresh = || authenticator.clone();
        let mut elsewhere = Authenticator { origin: "https://adgang.example.org".to_owned(), ..fresh() };
        let mut number = Authenticator { origin: "http://127.0.0.1:3000".to_owned(), ..fresh() };
        let mut port = Authenticator { origin: "http://localhost:3001".to_owned(), ..fresh() };
        let mut party = Authenticator { relying_party: Some("example.org".to_owned()), ..fresh() };
        let mut unverified = Authenticator { verifies: false, ..fresh() };
        // The right name with another's key, and another account's passkey as it is.
        let mut borrowed = Authenticator { id: vec![1; 32], ..other.clone() };
        let mut foreign = other.clone();
        for (case, wrong) in [
            ("another origin", &mut elsewhere),
            ("an address for a name", &mut number),
            ("another port", &mut port),
            ("another relying party", &mut party),
            ("nobody verified", &mut unverified),
            ("another key", &mut borrowed),
            ("another account's", &mut foreign),
        ] {
            let (token, options) = world.asked_for_passkey(&account).await;
            let outcome = world.passkey(&token, &wrong.get(&options)).await;
            assert!(matches!(outcome, Outcome::Wrong), "{case}: {outcome:?}");
        }
        for garbage in ["", "{}", "null", r#"{"id":"x","rawId":"AQ","type":"public-key","response":{}}"#] {
            let (token, _) = world.asked_for_passkey(&account).await;
            assert_wrong(&world.passkey(&token, garbage).await);
        }
        // Once more, and right: none of it has locked anything.
        world.by_passkey(&account, &mut fresh()).await;
        world.verified(test).await;
    })
    .await;
}

#[tokio::test]
async fn a_ceremony_is_answered_once_in_time_and_by_its_own_browser() {
    on_each(async |world, _| {
        let (account, mut authenticator, _) = world.with_passkey(AccountRole::Principal, 1).await;

        let (token, options) = world.asked_for_passkey(&account).await;
        let right = authenticator.get(&options);
        assert_wrong(&world.passkey(&token, "{}").await);
        assert_wrong(&world.passkey(&token, &right).await);

        let (token, options) = world.asked_for_passkey(&account).await;
        let late = authenticator.get(&options);
        world.pass(CEREMONY_SECONDS);
        assert_wrong(&world.passkey(&token, &late).await);

        let (ours, options) = world.asked_for_passkey(&account).await;
        let theirs = world.right_password(&account.user_name, OWN, Next::Matrix).await;
        let answer = authenticator.get(&options);
        assert_wrong(&world.passkey(&theirs, &answer).await);
        world.options(&theirs).await;
        assert_wrong(&world.passkey(&theirs, &answer).await);
        let session = through(world.passkey(&ours, &answer).await, Next::Start);
        assert!(world.signed_in(&session).await.is_some());
        let again = world.passkey(&ours, &answer).await;
        assert!(matches!(again, Outcome::Ended), "{again:?}");

        let (token, options) = world.asked_for_passkey(&account).await;
        let earlier = authenticator.get(&options);
        world.options(&token).await;
        assert_wrong(&world.passkey(&token, &earlier).await);

        // What is begun at the door adds nothing, and what is begun by adding opens nothing.
        let (token, options) = world.asked_for_passkey(&account).await;
        let at_the_door = authenticator.get(&options);
        let refused = world.service.add_passkey(&token, "x", &at_the_door, Uuid::nil()).await;
        assert_refused(refused, RefusalCode::NotSignedIn);
        let adding = world.begin_adding(&session, "").await;
        assert!(matches!(world.passkey(&session, &authenticator.get(&as_sign_in(&adding))).await, Outcome::Ended));
        assert!(world.service.begin_passkey_sign_in(&session).await.expect("an answer").is_none());
    })
    .await;
}

/// The options of adding one, as if they were those of a sign-in.
fn as_sign_in(options: &str) -> String {
    let challenge = asked(options).get("challenge").cloned();
    serde_json::json!({ "publicKey": { "challenge": challenge, "rpId": "localhost" } }).to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_right_answers_at_once_begin_one_session() {
    on_each(async |world, test| {
        let (account, mut authenticator, _) = world.with_passkey(AccountRole::Teacher, 1).await;
        let (token, options) = world.asked_for_passkey(&account).await;
        let answer = authenticator.get(&options);
        let mut answers = JoinSet::new();
        for nth in 0..50 {
            let (service, token, answer) = (world.service.clone(), token.clone(), answer.clone());
            answers
                .spawn(async move { service.sign_in_with_passkey(&token, &answer, &network(nth), Uuid::nil()).await });
        }
        let outcomes = answers.join_all().await;
        let begun = outcomes.iter().filter(|outcome| matches!(outcome, Ok(Outcome::Next(Next::Start, _)))).count();
        assert_eq!(begun, 1, "{outcomes:?}");
        world.verified(test).await;
    })
    .await;
}

#[tokio::test]
async fn wrong_answers_are_counted_for_each_passkey_before_they_are_looked_at() {
    on_each(async |world, _| {
        let (account, mut authenticator, session) = world.with_passkey(AccountRole::Principal, 1).await;
        let mut second = Authenticator::new(2, ORIGIN);
        world.pass(1);
        world.add(&session, &mut second).await;
        let wrong = async |seed: u8| {
            let (token, options) = world.asked_for_passkey(&account).await;
            let answer = Authenticator { id: vec![seed; 32], ..Authenticator::new(9, ORIGIN) }.get(&options);
            assert_wrong(&world.passkey(&token, &answer).await);
        };
        for _ in 0..10 {
            wrong(1).await;
        }
        let (token, options) = world.asked_for_passkey(&account).await;
        assert_wrong(&world.passkey(&token, &authenticator.get(&options)).await);
        world.by_passkey(&account, &mut second).await;
        world.both_factors(&account, OWN, Next::Start).await;
        world.pass(30);
        world.by_passkey(&account, &mut authenticator).await;

        for _ in 0..100 {
            wrong(1).await;
            world.pass(3_600);
        }
        let (token, options) = world.asked_for_passkey(&account).await;
        assert_wrong(&world.passkey(&token, &authenticator.get(&options)).await);
        let session = world.by_passkey(&account, &mut second).await;
        let own = world.service.own_passkeys(&session).await.expect("a list");
        assert_eq!(own.passkeys.iter().map(|passkey| passkey.works).collect::<Vec<_>>(), [false, true]);
    })
    .await;
}

#[tokio::test]
async fn a_teacher_whose_passkey_was_guessed_to_death_is_not_let_in_without_it() {
    on_each(async |world, test| {
        let (account, ..) = world.with_passkey(AccountRole::Teacher, 1).await;
        test.tamper("UPDATE passkey SET failures = 100, dead = TRUE").await.expect("dead");
        world.right_password(&account.user_name, OWN, Next::Matrix).await;
    })
    .await;
}

#[tokio::test]
async fn a_count_that_went_back_is_refused_and_recorded() {
    on_each(async |world, test| {
        let (account, mut authenticator, _) = world.with_passkey(AccountRole::Teacher, 1).await;
        let session = world.by_passkey(&account, &mut authenticator).await;
        let copy = authenticator.clone();
        world.by_passkey(&account, &mut authenticator).await;
        for behind in [0, 1] {
            let mut copy = Authenticator { counter: copy.counter - behind, ..copy.clone() };
            let (token, options) = world.asked_for_passkey(&account).await;
            assert_wrong(&world.passkey(&token, &copy.get(&options)).await);
        }
        // Two at the same time: each was asked before the other answered.
        let (first, options) = world.asked_for_passkey(&account).await;
        let (other, copied) = world.asked_for_passkey(&account).await;
        let mut copy = authenticator.clone();
        through(world.passkey(&first, &authenticator.get(&options)).await, Next::Start);
        assert_wrong(&world.passkey(&other, &copy.get(&copied)).await);

        let detail = world.service.account_detail(&world.principal().await, account.id).await.expect("a page");
        let refused = domain::exchange::accounts::AccountDeed::PasskeyRefused;
        assert_eq!(detail.history.iter().filter(|event| event.what == refused).count(), 3);
        assert!(world.signed_in(&session).await.is_some());
        world.by_passkey(&account, &mut authenticator).await;
        world.verified(test).await;
    })
    .await;
}

#[tokio::test]
async fn a_passkey_that_counts_nothing_serves_any_number_of_times() {
    on_each(async |world, _| {
        let account = world.account(AccountRole::Teacher).await;
        let token = world.settled(&account).await;
        let mut synced = Authenticator { counts: false, ..Authenticator::new(3, ORIGIN) };
        world.add(&token, &mut synced).await;
        for _ in 0..3 {
            world.by_passkey(&account, &mut synced).await;
        }
    })
    .await;
}

#[tokio::test]
async fn inactive_is_said_only_after_the_passkey() {
    on_each(async |world, test| {
        let (account, mut authenticator, session) = world.with_passkey(AccountRole::Teacher, 1).await;
        test.tamper("UPDATE account SET deactivated = 1 WHERE role = 'teacher'").await.expect("deactivated");
        assert!(world.signed_in(&session).await.is_none());
        assert_wrong(&world.password(&account.user_name, "a guess").await);
        let (token, options) = world.asked_for_passkey(&account).await;
        let mut unverified = Authenticator { verifies: false, ..authenticator.clone() };
        assert_wrong(&world.passkey(&token, &unverified.get(&options)).await);
        let options = world.options(&token).await;
        assert!(matches!(world.passkey(&token, &authenticator.get(&options)).await, Outcome::Inactive(_)));
        test.tamper("UPDATE account SET deactivated = NULL").await.expect("reactivated");
        world.by_passkey(&account, &mut authenticator).await;
    })
    .await;
}

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
