//! Notices: who is told of what, once, at their own place alone; what they have read.

use crate::world::*;
use domain::exchange::accounts::{Inbox, Notice, Wish};
use domain::notice::NoticeKind;
use std::collections::BTreeMap;

async fn inbox(world: &World, actor: &Actor) -> Inbox {
    world.service.inbox(actor).await.unwrap()
}

async fn told(world: &World, place: &str, role: AccountRole) -> Vec<Notice> {
    inbox(world, &world.actor_at(place, role)).await.notices
}

/// Everybody in every place.
fn everybody() -> impl Iterator<Item = (&'static str, AccountRole)> {
    let places = [AUTHORITY, HERE, SISTER, OTHER_AUTHORITY, FOREIGN];
    places.into_iter().flat_map(|place| roles_at(place).iter().map(move |role| (place, *role)))
}

/// To whom mails lie out, by place and role; each with how many.
async fn mails(world: &World, kind: NoticeKind) -> BTreeMap<(String, AccountRole), usize> {
    let mut counts = BTreeMap::new();
    let mut read = world.db.read().await.unwrap();
    for (place, role) in everybody() {
        let mails = store::mail::of_place(&mut read, world.at(place)).await.unwrap();
        let theirs = mails.iter().filter(|mail| mail.kind == kind && mail.person == world.account(place, role).person);
        let count = theirs.count();
        if count > 0 {
            counts.insert((place.to_owned(), role), count);
        }
    }
    counts
}

fn keeper_of(world: &World, role: AccountRole) -> Actor {
    match role {
        AccountRole::Principal => world.authority(),
        AccountRole::TestAdministrator | AccountRole::Leader => world.principal(),
        _ => world.administrator(),
    }
}

#[tokio::test]
async fn whoever_holds_an_account_is_told_what_others_do_to_it_and_nobody_else_is() {
    use NoticeKind::{Closed, Issued, Reactivated};
    on_worlds(async |world, _| {
        for role in [AccountRole::Principal, AccountRole::TestAdministrator, AccountRole::Leader, AccountRole::Teacher]
        {
            let (account, keeper) = (world.account(HERE, role).id, keeper_of(&world, role));
            let step = |n: i64| world.clock.set(START.plus_seconds(n));
            step(1);
            world.service.reissue(&keeper, account, Anew::Password, Language::Da).await.unwrap();
            step(2);
            world.service.deactivate_account(&keeper, account).await.unwrap();
            step(3);
            world.service.reactivate_accounts(&keeper, &[account]).await.unwrap();
            let notices = told(&world, HERE, role).await;
            let kinds: Vec<NoticeKind> = notices.iter().map(|notice| notice.kind).collect();
            assert_eq!(kinds, [Reactivated, Closed, Issued], "{role:?}");
            assert!(notices.iter().all(|notice| notice.by == keeper.name && notice.is_new), "{role:?}");
            let user_name = Some(world.account(HERE, role).user_name.clone());
            assert!(notices.iter().all(|notice| notice.user_name == user_name), "{role:?}");
        }
        for (place, role) in everybody().filter(|(place, _)| *place != HERE) {
            assert!(told(&world, place, role).await.is_empty(), "{role:?} of {place}");
        }
        for kind in [Issued, Closed, Reactivated] {
            let mails = mails(&world, kind).await;
            assert_eq!(mails.len(), 4, "{kind:?}");
            assert!(mails.iter().all(|((place, _), count)| place == HERE && *count == 1), "{kind:?}: {mails:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn nobody_is_told_what_they_did_themselves() {
    on_worlds(async |world, _| {
        let mut order = world.order(AccountRole::Teacher, "", "");
        order.holder = service::accounts::Holder::Known(world.administrator().person);
        order.despite_doubles = despite();
        let own = world.register(&world.administrator(), &order).await.account;
        world.service.reissue(&world.administrator(), own, Anew::Password, Language::Da).await.unwrap();
        assert!(told(&world, HERE, AccountRole::TestAdministrator).await.is_empty());
    })
    .await;
}

/// Who is asked for what is written here by hand: by the account's role, who has mail.
#[tokio::test]
async fn mails_about_a_request_go_to_those_who_can_answer_it_and_to_nobody_else() {
    use AccountRole::{Authority, Leader, Principal, Teacher, TestAdministrator};
    type Row = (AccountRole, &'static [(&'static str, AccountRole)]);
    const TABLE: [Row; 4] = [
        (Teacher, &[(HERE, Principal), (HERE, TestAdministrator)]),
        (TestAdministrator, &[(HERE, Principal)]),
        (Leader, &[(HERE, Principal)]),
        (Principal, &[(AUTHORITY, Authority)]),
    ];
    for (role, expected) in TABLE {
        on_worlds(async |world, _| {
            let account = world.account(HERE, role);
            world.settled(account).await;
            world.service.deactivate_account(&keeper_of(&world, role), account.id).await.unwrap();
            let Outcome::Inactive(token) = world.sign_in(account, OWN).await else { panic!("code 31") };
            for _ in 0..3 {
                assert_eq!(
                    world.service.ask_without_session(&token, Uuid::nil()).await.unwrap(),
                    Some(Wish::Reactivate)
                );
            }
            let expected: BTreeMap<(String, AccountRole), usize> =
                expected.iter().map(|(place, role)| (((*place).to_owned(), *role), 1)).collect();
            assert_eq!(mails(&world, NoticeKind::Request).await, expected, "{role:?}: once each, however often asked");
        })
        .await;
    }
}

#[tokio::test]
async fn whoever_asked_is_told_the_answer() {
    on_worlds(async |world, _| {
        let (administrator, principal) = (world.administrator(), world.principal());
        let teacher = world.id(AccountRole::Teacher);
        world.service.ask_keepers(&administrator, teacher, Wish::Delete).await.unwrap();
        let id = inbox(&world, &principal).await.waiting[0].id;
        world.service.decline_request(&principal, id, "Hun er her endnu").await.unwrap();
        let notices = told(&world, HERE, AccountRole::TestAdministrator).await;
        let [notice] = notices.as_slice() else { panic!("{notices:?}") };
        assert_eq!((notice.kind, notice.by.as_str()), (NoticeKind::Answered, "Birthe Krag"));
        let (wish, _, reason) = notice.answer.clone().unwrap();
        assert_eq!((wish, reason.as_deref()), (Wish::Delete, Some("Hun er her endnu")));
        assert_eq!(world.service.waiting(&administrator).await.unwrap(), 1, "an unread notice counts");
    })
    .await;
}

#[tokio::test]
async fn reminders_come_from_june_on_once_a_person_and_year_whoever_triggers_them() {
    use AccountRole::{Leader, Principal, Teacher, TestAdministrator};
    on_worlds(async |world, _| {
        world.set_day("2027-05-31");
        assert_eq!(world.service.remind_of_lapsing().await.unwrap(), 0);
        world.set_day("2027-06-01");
        let other = world.service.clone();
        let (one, two) = tokio::join!(world.service.remind_of_lapsing(), other.remind_of_lapsing());
        assert_eq!(one.unwrap() + two.unwrap(), 9, "principal, test administrator and teacher of three schools");
        world.set_day("2027-07-31");
        assert_eq!(world.service.remind_of_lapsing().await.unwrap(), 0);
        let last = Some(date("2027-07-31"));
        for place in [HERE, SISTER, FOREIGN] {
            for (role, kind, own) in [
                (Principal, NoticeKind::StaffLapses, false),
                (TestAdministrator, NoticeKind::StaffLapses, true),
                (Teacher, NoticeKind::Lapses, true),
            ] {
                let notices = told(&world, place, role).await;
                let [notice] = notices.as_slice() else { panic!("{role:?} of {place}: {notices:?}") };
                assert_eq!((notice.kind, notice.last_day), (kind, last), "{role:?} of {place}");
                assert_eq!(notice.user_name.is_some(), own, "{role:?} of {place}");
            }
            assert!(told(&world, place, Leader).await.is_empty());
        }
        assert_eq!(mails(&world, NoticeKind::Lapses).await.len(), 3);
        assert_eq!(mails(&world, NoticeKind::StaffLapses).await.len(), 6);
        // Another year is another reminder, for those who were given it.
        world.set_day("2027-08-01");
        assert_eq!(world.service.remind_of_lapsing().await.unwrap(), 0, "they have lapsed");
        let accounts = [world.id(Teacher)];
        world.service.reactivate_accounts(&world.principal(), &accounts).await.unwrap();
        world.set_day("2028-06-02");
        assert_eq!(world.service.remind_of_lapsing().await.unwrap(), 2, "the teacher, and the principal");
    })
    .await;
}

#[tokio::test]
async fn what_is_read_is_read_by_one_person_and_only_of_their_own_inbox() {
    on_worlds(async |world, _| {
        let (administrator, principal) = (world.administrator(), world.principal());
        let teacher = world.account(HERE, AccountRole::Teacher);
        world.settled(teacher).await;
        world.service.deactivate_account(&administrator, teacher.id).await.unwrap();
        let Outcome::Inactive(token) = world.sign_in(teacher, OWN).await else { panic!("code 31") };
        world.service.ask_without_session(&token, Uuid::nil()).await.unwrap();
        let request = inbox(&world, &principal).await.waiting[0].clone();
        assert!(request.is_new);
        world.service.mark_items(&principal, &[request.id], true).await.unwrap();
        assert!(!inbox(&world, &principal).await.waiting[0].is_new);
        assert!(inbox(&world, &administrator).await.waiting[0].is_new, "somebody else has not read it");
        world.service.mark_items(&principal, &[request.id], false).await.unwrap();
        assert!(inbox(&world, &principal).await.waiting[0].is_new);

        let theirs = world.actor_at(HERE, AccountRole::Teacher);
        let notice = inbox(&world, &theirs).await.notices[0].id;
        for stranger in [&principal, &world.actor_at(SISTER, AccountRole::Teacher)] {
            world.service.mark_items(stranger, &[notice, request.id], true).await.unwrap();
            assert!(inbox(&world, &theirs).await.notices[0].is_new, "a foreign id is as unknown as any");
        }
        assert_eq!(world.service.waiting(&theirs).await.unwrap(), 1);
        world.service.mark_items(&theirs, &[notice], true).await.unwrap();
        assert_eq!(world.service.waiting(&theirs).await.unwrap(), 0);
        let operator = world.operator_at(HERE);
        assert_refused(world.service.mark_items(&operator, &[notice], true).await, RefusalCode::NotAllowed);
    })
    .await;
}

#[tokio::test]
async fn what_one_account_is_told_and_asks_is_not_another_ones_of_the_same_person() {
    on_worlds(async |world, _| {
        let (administrator, principal) = (world.administrator(), world.principal());
        let teacher = world.id(AccountRole::Teacher);
        let order = Registration {
            holder: service::accounts::Holder::Known(administrator.person),
            despite_doubles: despite(),
            ..world.order(AccountRole::Teacher, "", "")
        };
        let second = world.register(&principal, &order).await.account;
        let teaching = Actor {
            account: Some(second),
            capacities: AccountRole::Teacher.capacities().to_vec(),
            two_factors: false,
            ..administrator.clone()
        };
        // What the administrator's account is told, and asks.
        let own = administrator.account.unwrap();
        world.service.reissue(&principal, own, Anew::Password, Language::Da).await.unwrap();
        world.service.ask_keepers(&administrator, teacher, Wish::Delete).await.unwrap();
        let mine = inbox(&world, &administrator).await;
        assert_eq!((mine.notices.len(), mine.own.len()), (1, 1));
        let request = mine.own[0].id;
        let theirs = inbox(&world, &teaching).await;
        assert!(theirs.notices.is_empty() && theirs.own.is_empty() && theirs.closed.is_empty(), "{theirs:?}");
        assert_eq!(world.service.waiting(&teaching).await.unwrap(), 0);
        assert_refused(world.service.withdraw_request(&teaching, request).await, RefusalCode::NotFound);
        let nobody = Actor { account: None, ..administrator.clone() };
        assert_refused(world.service.withdraw_request(&nobody, request).await, RefusalCode::NotFound);
        world.service.mark_items(&teaching, &[mine.notices[0].id, request], true).await.unwrap();
        assert!(inbox(&world, &administrator).await.notices[0].is_new, "nor is it read with the other one");
        // The answer reaches the account that asked.
        world.service.decline_request(&principal, request, "Hun er her endnu").await.unwrap();
        let kinds = async |actor: &Actor| -> Vec<NoticeKind> {
            inbox(&world, actor).await.notices.iter().map(|notice| notice.kind).collect()
        };
        assert_eq!(kinds(&administrator).await.len(), 2);
        assert_eq!(kinds(&teaching).await, []);
        // And the other way round.
        world.service.reissue(&principal, second, Anew::Password, Language::Da).await.unwrap();
        assert_eq!(kinds(&teaching).await, [NoticeKind::Issued]);
        assert_eq!(kinds(&administrator).await.len(), 2);
        // A third account that is united with the second one brings its notices with it, and takes them back.
        let third = Registration { holder: service::accounts::Holder::Known(administrator.person), ..order };
        let third = world.register(&principal, &third).await.account;
        let stays = Actor { account: Some(third), ..teaching.clone() };
        assert_eq!(kinds(&stays).await, []);
        world.service.merge_accounts(&principal, second, third).await.unwrap();
        assert_eq!(kinds(&stays).await.len(), 2, "what was told, and that they are one");
        world.service.separate_accounts(&principal, second).await.unwrap();
        assert_eq!(kinds(&stays).await, []);
    })
    .await;
}
