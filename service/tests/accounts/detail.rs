//! One account as its page shows it, and the staff whom accounts are made for.

use crate::world::*;
use domain::account::Reactivation;
use domain::exchange::accounts::{AccountDeed, Doer};

#[tokio::test]
async fn an_account_tells_what_became_of_it_by_whom_and_who_does_what_the_asker_may_not() {
    on_worlds(async |world, _| {
        let (administrator, principal) = (world.administrator(), world.principal());
        let teacher = world.account(HERE, AccountRole::Teacher);
        world.settled(teacher).await;
        let letter = world.service.reissue(&administrator, teacher.id, Anew::Matrix, Language::Da).await.unwrap();
        world.service.letters_printed(&administrator, &[letter.id]).await.unwrap();
        world.service.deactivate_account(&administrator, teacher.id).await.unwrap();
        world.service.reactivate_accounts(&principal, &[teacher.id]).await.unwrap();
        let detail = world.service.account_detail(&administrator, teacher.id).await.unwrap();
        let by = |name: &str| Doer::Person(name.to_owned());
        let read: Vec<(AccountDeed, Doer)> = detail.history.iter().map(|it| (it.what, it.by.clone())).collect();
        assert_eq!(
            read,
            [
                (AccountDeed::Reactivated, by("Birthe Krag")),
                (AccountDeed::Deactivated, by("Karen Øster")),
                (AccountDeed::Printed, by("Karen Øster")),
                (AccountDeed::Issued(Anew::Matrix), by("Karen Øster")),
                (AccountDeed::PasswordChosen, by("Mette Lind")),
                (AccountDeed::Registered, Doer::Operator),
            ]
        );
        assert_eq!(detail.reactivation, Reactivation::NotBefore(date("2027-08-01")));
        assert!(detail.offered.iter().any(|subject| &*subject.slug == "matematik"));
        let others: Vec<(Action, bool)> = detail.by_others.iter().map(|of| (of.action, of.is_own)).collect();
        assert_eq!(others, [(Action::Delete, false), (Action::Merge, false)]);
        let names: Vec<&String> =
            detail.by_others.iter().flat_map(|of| of.help.iter().flat_map(|it| &it.names)).collect();
        assert_eq!(names, ["Birthe Krag", "Birthe Krag"]);
        assert_eq!(world.service.account_detail(&principal, teacher.id).await.unwrap().by_others, []);

        let own = world.service.account_detail(&administrator, world.id(AccountRole::TestAdministrator)).await.unwrap();
        assert!(own.line.may.is_empty() && own.by_others.iter().all(|of| of.is_own));
        for (actor, code) in [
            (world.actor_at(SISTER, AccountRole::Principal), RefusalCode::NotFound),
            (world.authority(), RefusalCode::NotFound),
            (world.actor_at(HERE, AccountRole::Leader), RefusalCode::NotAllowed),
            (world.actor_at(HERE, AccountRole::Teacher), RefusalCode::NotAllowed),
        ] {
            assert_refused(world.service.account_detail(&actor, teacher.id).await, code);
        }
    })
    .await;
}

#[tokio::test]
async fn the_staff_are_told_to_keepers_of_the_school_with_the_accounts_they_hold() {
    on_worlds(async |world, _| {
        let people = world.roster(&[("Åge", "Bo", UserType::Teacher), ("Ane", "Holm", UserType::Pedagogue)]).await;
        let order = Registration { holder: Holder::Known(people[0]), ..world.order(AccountRole::Teacher, "", "") };
        world.register(&world.administrator(), &order).await;
        let here = world.at(HERE);
        let staff = world.service.colleagues(&world.principal(), here).await.unwrap();
        let of = |id| staff.iter().find(|colleague| colleague.person == id).unwrap();
        assert_eq!(
            (of(people[0]).name.as_str(), of(people[0]).roles.as_slice()),
            ("Åge Bo", &[AccountRole::Teacher][..])
        );
        assert!(of(people[1]).roles.is_empty());
        let at = |id| staff.iter().position(|colleague| colleague.person == id);
        assert!(at(people[1]) < at(people[0]), "Å comes last");

        assert_eq!(world.service.colleagues(&world.authority(), here).await.unwrap(), [], "nobody of its schools");
        for (actor, code) in [
            (world.actor_at(SISTER, AccountRole::Principal), RefusalCode::NotFound),
            (world.actor_at(FOREIGN, AccountRole::TestAdministrator), RefusalCode::NotFound),
            (world.actor_at(HERE, AccountRole::Leader), RefusalCode::NotAllowed),
        ] {
            assert_refused(world.service.colleagues(&actor, here).await, code);
        }
    })
    .await;
}

#[tokio::test]
async fn a_double_is_found_by_what_rosters_call_it_and_made_for_a_reason_only() {
    on_worlds(async |world, _| {
        let people = world.roster(&[("Åge", "Bo", UserType::Teacher)]).await;
        let administrator = world.administrator();
        let order =
            Registration { external: Some(" T-0 ".to_owned()), ..world.order(AccountRole::Teacher, "Aage", "Holm") };
        let doubles = world.register_doubles(&administrator, &order).await;
        assert_eq!((doubles.len(), doubles[0].person), (1, people[0]));
        assert_eq!(doubles[0].alike, [domain::exchange::accounts::Likeness::External]);
        let entries = world.entries().await;
        for reason in ["", "  ", "x\0", &"x".repeat(501)] {
            let order = Registration { despite_doubles: Some(reason.to_owned()), ..order.clone() };
            world.service.register_account(&administrator, &order).await.unwrap_err();
        }
        assert_eq!(world.entries().await, entries);
        world.register(&administrator, &Registration { despite_doubles: despite(), ..order }).await;
        world.verified().await;
    })
    .await;
}
