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
    pub(super) async fn begin_adding(&self, token: &Token, password: &str) -> String {
        match self.service.begin_passkey(token, password).await.expect("an answer") {
            Begun::Options(options) => options,
            Begun::WrongPassword => panic!("the password is right"),
        }
    }

    /// Adds a passkey to the account of a session.
    pub(super) async fn add(&self, token: &Token, authenticator: &mut Authenticator) {
        let options = self.begin_adding(token, OWN).await;
        let answer = authenticator.create(&options);
        self.service.add_passkey(token, "Min telefon", &answer, Uuid::nil()).await.expect("added");
    }

    /// An account of this role whose password is [`OWN`], with a passkey; and the session that added it.
    pub(super) async fn with_passkey(&self, role: AccountRole, seed: u8) -> (IssuedAccount, Authenticator, Token) {
        let account = self.account(role).await;
        let token = self.settled(&account).await;
        let mut authenticator = Authenticator::new(seed, ORIGIN);
        self.add(&token, &mut authenticator).await;
        (account, authenticator, token)
    }

    /// A sign-in whose password was right, with what its authenticator is asked.
    pub(super) async fn asked_for_passkey(&self, account: &IssuedAccount) -> (Token, String) {
        let token = self.right_password(&account.user_name, OWN, Next::Matrix).await;
        let options = self.options(&token).await;
        (token, options)
    }

    pub(super) async fn options(&self, token: &Token) -> String {
        self.service.begin_passkey_sign_in(token).await.expect("an answer").expect("options")
    }

    pub(super) async fn passkey(&self, token: &Token, answer: &str) -> Outcome {
        self.service.sign_in_with_passkey(token, answer, &network(1), Uuid::nil()).await.expect("an answer")
    }

    /// Password and passkey, both right.
    pub(super) async fn by_passkey(&self, account: &IssuedAccount, authenticator: &mut Authenticator) -> Token {
        let (token, options) = self.asked_for_passkey(account).await;
        through(self.passkey(&token, &authenticator.get(&options)).await, Next::Start)
    }

    pub(super) async fn verified(&self, test: &TestDb) {
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
