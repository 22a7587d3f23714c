//! One's own account: sessions seen and ended, contact details, and what is recorded, for nobody else.

use crate::world::*;
use domain::SessionId;
use domain::exchange::accounts::{AccountDeed, Doer};
use domain::exchange::own::{Factor, TryOutcome};
use service::accounts::EndedOwn;
use service::session::Token;

const TEACHER: AccountRole = AccountRole::Teacher;

/// Signs in with the password of one's own.
async fn again(world: &World, account: &IssuedAccount) -> Token {
    through(world.sign_in(account, OWN).await)
}

async fn sessions(world: &World, token: &Token) -> Vec<(SessionId, bool)> {
    let mine = world.service.my_account(token).await.unwrap();
    mine.sessions.into_iter().map(|session| (session.id, session.is_this)).collect()
}

#[tokio::test]
async fn a_session_is_seen_and_ended_from_another_and_is_gone_on_the_next_request() {
    on_worlds(async |world, _| {
        let account = world.account(HERE, AccountRole::TestAdministrator);
        let first = world.settled(account).await;
        world.clock.set(START.plus_seconds(90));
        let second = again(&world, account).await;
        let mine = world.service.my_account(&first).await.unwrap();
        let [newest, oldest] = mine.sessions.as_slice() else { panic!("{mine:?}") };
        assert_eq!((newest.is_this, oldest.is_this), (false, true));
        assert_eq!((newest.two_factors, newest.network.as_deref()), (true, Some("192.0.2.0/24")));
        assert_eq!((newest.begun, oldest.begun), (START.plus_seconds(90), START));
        let elsewhere = newest.id;
        assert!(world.signed_in(&second).await.is_some());
        assert_eq!(world.service.end_my_session(&first, elsewhere, Uuid::nil()).await.unwrap(), EndedOwn::Another);
        assert!(world.signed_in(&second).await.is_none(), "on the next request");
        assert_refused(world.service.end_my_session(&first, elsewhere, Uuid::nil()).await, RefusalCode::NotFound);
        let (this, _) = sessions(&world, &first).await[0];
        assert_eq!(world.service.end_my_session(&first, this, Uuid::nil()).await.unwrap(), EndedOwn::This);
        assert!(world.signed_in(&first).await.is_none());
        world.verified().await;
    })
    .await;
}

#[tokio::test]
async fn all_other_sessions_end_and_whatever_was_under_way_and_this_one_stays() {
    on_worlds(async |world, _| {
        let account = world.account(HERE, AccountRole::Principal);
        let stays = world.settled(account).await;
        let others = [again(&world, account).await, again(&world, account).await];
        let half = through(world.password(&account.user_name, OWN).await);
        let stranger = world.settled(world.account(SISTER, AccountRole::Principal)).await;
        assert_eq!(world.service.end_my_other_sessions(&stays, Uuid::nil()).await.unwrap(), 2);
        for ended in &others {
            assert!(world.signed_in(ended).await.is_none());
        }
        assert!(matches!(world.presence(&half).await, Presence::Nobody), "no half sign-in goes on");
        assert!(world.signed_in(&stays).await.is_some() && world.signed_in(&stranger).await.is_some());
        let entries = world.entries().await;
        assert_eq!(world.service.end_my_other_sessions(&stays, Uuid::nil()).await.unwrap(), 0);
        assert_eq!(world.entries().await, entries, "what ends nothing is not recorded");
        world.verified().await;
    })
    .await;
}

#[tokio::test]
async fn anothers_session_is_as_unknown_as_none() {
    on_worlds(async |world, _| {
        let mine = world.settled(world.account(HERE, TEACHER)).await;
        let colleague = world.settled(world.account(HERE, AccountRole::Leader)).await;
        let stranger = world.settled(world.account(FOREIGN, TEACHER)).await;
        let entries = world.entries().await;
        for theirs in [&colleague, &stranger] {
            let (id, _) = sessions(&world, theirs).await[0];
            assert_refused(world.service.end_my_session(&mine, id, Uuid::nil()).await, RefusalCode::NotFound);
            assert!(world.signed_in(theirs).await.is_some());
        }
        let none = SessionId(Uuid::from_u128(9));
        assert_refused(world.service.end_my_session(&mine, none, Uuid::nil()).await, RefusalCode::NotFound);
        assert_eq!(world.entries().await, entries);
    })
    .await;
}

#[tokio::test]
async fn nothing_of_it_opens_before_the_sign_in_is_complete() {
    on_worlds(async |world, _| {
        let account = world.account(HERE, AccountRole::TestAdministrator);
        let half = through(world.password(&account.user_name, &account.password).await);
        let issued = through(
            world.password(&world.account(HERE, TEACHER).user_name, &world.account(HERE, TEACHER).password).await,
        );
        let closed = world.settled(world.account(SISTER, TEACHER)).await;
        let keeper = world.actor_at(SISTER, AccountRole::Principal);
        world.service.deactivate_account(&keeper, world.account(SISTER, TEACHER).id).await.unwrap();
        let drawn = Token::draw(world.service.env());
        let (service, code, entries) = (&world.service, RefusalCode::NotSignedIn, world.entries().await);
        for token in [&half, &issued, &closed, &drawn] {
            assert_refused(service.my_account(token).await, code);
            assert_refused(service.my_record(token, None).await, code);
            assert_refused(service.end_my_session(token, SessionId(Uuid::nil()), Uuid::nil()).await, code);
            assert_refused(service.end_my_other_sessions(token, Uuid::nil()).await, code);
            assert_refused(service.change_my_contact(token, "a@example.org", Uuid::nil()).await, code);
        }
        assert_eq!(world.entries().await, entries);
    })
    .await;
}

#[tokio::test]
async fn principals_and_authorities_keep_their_contact_details_and_others_where_there_are_some() {
    on_worlds(async |world, _| {
        let email = async |token: &Token| world.service.my_account(token).await.unwrap().email;
        for (place, role) in [(HERE, AccountRole::Principal), (AUTHORITY, AccountRole::Authority)] {
            let token = world.settled(world.account(place, role)).await;
            world.service.change_my_contact(&token, " b.krag@example.org ", Uuid::nil()).await.unwrap();
            assert_eq!(email(&token).await.as_deref(), Some("b.krag@example.org"), "{role:?}");
            for wrong in ["b.krag", "a b@example.org", "@example.org"] {
                let changed = world.service.change_my_contact(&token, wrong, Uuid::nil()).await;
                assert_refused(changed, RefusalCode::BadInput);
            }
            let entries = world.entries().await;
            world.service.change_my_contact(&token, "b.krag@example.org", Uuid::nil()).await.unwrap();
            assert_eq!(world.entries().await, entries, "no change is no entry");
            world.service.change_my_contact(&token, "", Uuid::nil()).await.unwrap();
            assert_eq!(email(&token).await, None);
            assert!(world.service.my_account(&token).await.unwrap().keeps_contact);
        }
        for role in [AccountRole::TestAdministrator, AccountRole::Leader, TEACHER] {
            let account = world.account(HERE, role);
            let token = world.settled(account).await;
            let changed = world.service.change_my_contact(&token, "m@example.org", Uuid::nil()).await;
            assert_refused(changed, RefusalCode::NotAllowed);
            let given = AccountChange { names: None, email: Some("old@example.org".to_owned()), subjects: None };
            world.service.change_account(&world.principal(), account.id, &given).await.unwrap();
            world.service.change_my_contact(&token, "new@example.org", Uuid::nil()).await.unwrap();
            assert_eq!(email(&token).await.as_deref(), Some("new@example.org"), "{role:?}");
        }
        world.verified().await;
    })
    .await;
}

#[tokio::test]
async fn what_is_recorded_is_ones_own_page_by_page() {
    on_worlds(async |world, _| {
        let account = world.account(HERE, TEACHER);
        let administrator = world.administrator();
        let later = START.plus_seconds(1);
        world.clock.set(later);
        let letter = world.service.reissue(&administrator, account.id, Anew::Password, Language::Da).await.unwrap();
        world.service.letters_printed(&administrator, &[letter.id]).await.unwrap();
        let token = world.settled(&issued(letter)).await;
        let _ = world.password(&world.account(SISTER, TEACHER).user_name, "not theirs").await;
        let record = world.service.my_record(&token, None).await.unwrap();
        let tried: Vec<_> = record.sign_ins.iter().map(|of| (of.factor, of.outcome)).collect();
        assert_eq!(tried, [(Factor::Password, TryOutcome::SignedIn)], "and nothing of anybody else's");
        assert_eq!((record.older, record.letters.len()), (None, 2), "the first letter and the second");
        assert_eq!(record.letters[0].printed, Some(later));
        let by = Doer::Person("Karen Øster".to_owned());
        let expected = (AccountDeed::Issued(Anew::Password), by);
        assert!(record.deeds.iter().any(|of| (of.what, of.by.clone()) == expected), "{:?}", record.deeds);
        for n in 1..=40 {
            world.clock.set(START.plus_seconds(n * 600));
            let _ = world.password(&account.user_name, "not mine").await;
            // Not a minute without use that would end the session.
            assert!(world.signed_in(&token).await.is_some());
        }
        let mut seen = Vec::new();
        let mut before = None;
        loop {
            let record = world.service.my_record(&token, before).await.unwrap();
            assert!(record.sign_ins.len() <= 25);
            seen.extend(record.sign_ins);
            before = record.older;
            if before.is_none() {
                break;
            }
        }
        assert_eq!(seen.len(), 41, "each once");
        assert!(seen.windows(2).all(|two| two[0].at > two[1].at), "the newest first");
        assert_eq!(seen.iter().filter(|of| of.outcome == TryOutcome::Wrong).count(), 40);
    })
    .await;
}

#[tokio::test]
async fn somebody_with_two_accounts_sees_both_and_works_in_one() {
    on_worlds(async |world, _| {
        let administrator = world.account(HERE, AccountRole::TestAdministrator);
        let order = Registration {
            holder: Holder::Known(administrator.person),
            despite_doubles: despite(),
            ..world.order(TEACHER, "", "")
        };
        let second = issued(world.register(&world.principal(), &order).await);
        let (one, other) = (world.settled(administrator).await, world.settled(&second).await);
        let mine = world.service.my_account(&one).await.unwrap();
        let lines: Vec<_> = mine.accounts.iter().map(|line| (line.role, line.is_this)).collect();
        assert_eq!(lines, [(AccountRole::TestAdministrator, true), (TEACHER, false)]);
        assert_eq!(mine.accounts[1].place, format!("Skolen {HERE}"));
        assert_eq!(mine.sessions.len(), 1, "the other account's session is not this one's");
        let (id, _) = sessions(&world, &other).await[0];
        assert_refused(world.service.end_my_session(&one, id, Uuid::nil()).await, RefusalCode::NotFound);
    })
    .await;
}
