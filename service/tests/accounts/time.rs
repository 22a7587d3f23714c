//! The school year's end: the clock decides, and nothing has to run at midnight.

use crate::world::*;
use domain::account::Reactivation;

#[tokio::test]
async fn teachers_and_test_administrators_lapse_and_come_back_with_what_they_had() {
    on_worlds(async |world, _| {
        let teacher = world.account(HERE, AccountRole::Teacher);
        let administrator = world.account(HERE, AccountRole::TestAdministrator);
        let token = world.settled(teacher).await;
        world.settled(administrator).await;
        let (principal, lapse) = (world.principal(), start_of("2027-08-01"));
        world.clock.set(lapse.plus_seconds(-2));
        assert!(matches!(world.password(&teacher.user_name, OWN).await, Outcome::Next(Next::Start, _)));
        let early = refusal(world.service.reactivate_accounts(&world.administrator(), &[teacher.id]).await);
        assert_eq!((early.code, early.day), (RefusalCode::TooEarly, Some(date("2027-08-01"))));

        world.clock.set(lapse);
        assert!(world.signed_in(&token).await.is_none());
        assert_eq!(world.state(teacher.id).await, State::Lapsed);
        let Outcome::Inactive(token) = world.password(&teacher.user_name, OWN).await else { panic!("code 31") };
        let Presence::Inactive(inactive) = world.presence(&token).await else { panic!("code 31 in words") };
        assert_eq!((inactive.why.clone(), inactive.since), (WhyInactive::Lapsed, lapse));
        let help: Vec<_> = inactive.help.iter().flat_map(|help| &help.names).collect();
        assert_eq!(help, ["Birthe Krag"], "the test administrator has lapsed too");
        let Outcome::Inactive(token) = world.sign_in(administrator, OWN).await else { panic!("code 31") };
        let Presence::Inactive(inactive) = world.presence(&token).await else { panic!("code 31 in words") };
        assert_eq!(inactive.help.len(), 1, "only the principal reactivates test administrators");

        assert_refused(
            world.service.reactivate_accounts(&world.administrator(), &[administrator.id, teacher.id]).await,
            RefusalCode::OwnAccount,
        );
        assert_eq!(world.state(teacher.id).await, State::Lapsed, "all or none");
        let both = [administrator.id, teacher.id];
        assert_eq!(world.service.reactivate_accounts(&principal, &both).await.unwrap(), both);
        assert!(matches!(world.sign_in(administrator, OWN).await, Outcome::Next(Next::Start, _)));
        assert!(matches!(world.password(&teacher.user_name, OWN).await, Outcome::Next(Next::Start, _)));
        assert_eq!(world.line(&principal, teacher.id).await.last_day, Some(date("2028-07-31")));
        let early = refusal(world.service.reactivate_accounts(&principal, &both).await);
        assert_eq!((early.code, early.day), (RefusalCode::TooEarly, Some(date("2028-08-01"))));
        // Nobody else has an end.
        world.set_day("2040-01-01");
        let leader = world.account(HERE, AccountRole::Leader);
        assert_eq!(world.state(leader.id).await, State::Issued);
        world.verified().await;
    })
    .await;
}

#[tokio::test]
async fn what_was_closed_opens_to_its_old_end() {
    on_worlds(async |world, _| {
        let (principal, teacher) = (world.principal(), world.id(AccountRole::Teacher));
        world.service.deactivate_account(&principal, teacher).await.unwrap();
        world.set_day("2027-07-31");
        assert_eq!(world.service.reactivate_accounts(&principal, &[teacher]).await.unwrap(), [teacher]);
        assert_eq!(world.line(&principal, teacher).await.last_day, Some(date("2027-07-31")));
        world.service.deactivate_account(&principal, teacher).await.unwrap();
        world.set_day("2027-08-01");
        world.service.reactivate_accounts(&principal, &[teacher]).await.unwrap();
        assert_eq!(world.line(&principal, teacher).await.last_day, Some(date("2028-07-31")));
        world.verified().await;
    })
    .await;
}

#[tokio::test]
async fn all_who_are_still_here_come_back_together() {
    on_worlds(async |world, test| {
        let administrator = world.administrator();
        let people = world
            .roster(&[
                ("Ida", "Bro", UserType::Teacher),
                ("Ane", "Dam", UserType::Pedagogue),
                ("Bo", "Eg", UserType::Teacher),
            ])
            .await;
        let mut accounts = Vec::new();
        for person in &people {
            let order = Registration { holder: Holder::Known(*person), ..world.order(AccountRole::Teacher, "", "") };
            accounts.push(world.register(&administrator, &order).await.account);
        }
        let lapsing = world.service.lapsing_accounts(&administrator).await.unwrap();
        assert_eq!(names(&lapsing), ["Ane Dam", "Bo Eg", "Ida Bro", "Karen Øster", "Mette Lind"]);
        let preview = world.service.reactivation_preview(&administrator, &Which::StillHere).await.unwrap();
        assert!(preview.accounts.is_empty(), "nobody has lapsed");
        assert_eq!(world.service.reactivate_still_here(&administrator).await.unwrap(), []);

        // Bo is in no newer roster; Mette never was in one; Ane was closed by hand.
        world.service.deactivate_account(&administrator, accounts[1]).await.unwrap();
        let gone = format!(
            "UPDATE affiliation SET recorded_until = {} WHERE source = 'file' AND user_type = 'teacher' \
            AND person_id = (SELECT person_id FROM account WHERE number = 1007 AND institution_id = \
            (SELECT id FROM institution WHERE code = '{HERE}'))",
            START.0 + 1
        );
        test.tamper(&gone).await.unwrap();
        world.set_day("2027-08-16");
        let principal = world.principal();
        let preview = world.service.reactivation_preview(&principal, &Which::StillHere).await.unwrap();
        assert_eq!(preview.accounts.iter().map(|line| line.account.name()).collect::<Vec<_>>(), ["Ida Bro"]);
        assert_eq!(preview.accounts[0].last_day, Some(date("2028-07-31")));
        // Test administrators are the principal's to open, not each other's.
        assert_eq!(names(&preview.left_out), ["Bo Eg", "Karen Øster", "Mette Lind"]);
        let theirs = world.service.reactivation_preview(&administrator, &Which::StillHere).await.unwrap();
        assert_eq!(names(&theirs.left_out), ["Bo Eg", "Mette Lind"]);
        let these = Which::These(vec![accounts[1], world.id(AccountRole::Leader)]);
        let preview = world.service.reactivation_preview(&principal, &these).await.unwrap();
        let outcomes: Vec<_> = preview.accounts.iter().map(|line| (line.account.name(), line.outcome)).collect();
        assert_eq!(outcomes[0], ("Ane Dam".to_owned(), Reactivation::Until(Some(start_of("2028-08-01")))));
        assert_eq!(outcomes[1], ("Henrik Dal".to_owned(), Reactivation::Unneeded));
        let entries = world.entries().await;
        assert_eq!(world.service.reactivate_still_here(&principal).await.unwrap(), [accounts[0]]);
        assert_eq!(world.entries().await - entries, 1);
        world.verified().await;
    })
    .await;
}

#[tokio::test]
async fn an_account_from_before_there_were_ends_gets_one() {
    on_worlds(async |world, test| {
        test.tamper("UPDATE account SET active_until = NULL").await.unwrap();
        world.end_endless(test).await;
        let last = Some(date("2027-07-31"));
        let line = async |role| world.line(&world.principal(), world.id(role)).await.last_day;
        assert_eq!(line(AccountRole::Teacher).await, last);
        assert_eq!(line(AccountRole::TestAdministrator).await, last);
        assert_eq!(line(AccountRole::Leader).await, None);
        let entries = world.entries().await;
        world.end_endless(test).await;
        assert_eq!(world.entries().await, entries);
        world.verified().await;
    })
    .await;
}
