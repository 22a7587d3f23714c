//! Handing accounts down the chain: registering, changing, a new principal.

use crate::world::*;
use domain::Capacity;

#[tokio::test]
async fn the_chain_from_the_operator_to_a_teacher() {
    on_worlds(async |world, _| {
        let service = &world.service;
        // The operator makes the authority's first account.
        let holder = Holder::New { given: "Ulla".to_owned(), family: "Kær".to_owned() };
        let order = AccountOrder { holder, role: AccountRole::Authority, matrix: false };
        let authority = service.create_account(&world.operator_at(AUTHORITY), &order).await.unwrap();
        assert_eq!(authority.user_name, "1002-851");
        let who = world.signed_in(&world.settled(&authority).await).await.expect("signed in");
        assert_eq!(who.actor.capacities, [Capacity::MunicipalOversight, Capacity::Appointment]);
        assert_eq!(
            (who.me.institution.name.as_str(), who.me.role()),
            ("Lindely Kommune", Some(AccountRole::Authority))
        );
        // The authority hands the principal an account, who hands on to an administrator, who hands
        // on to a teacher.
        let order = world.order(AccountRole::Principal, "Asta", "Bech");
        let principal = issued(world.register(&who.actor, &order).await);
        let who = world.signed_in(&world.settled(&principal).await).await.expect("signed in");
        let order = world.order(AccountRole::TestAdministrator, "Poul", "Friis");
        let administrator = issued(world.register(&who.actor, &order).await);
        let who = world.signed_in(&world.settled(&administrator).await).await.expect("signed in");
        let order = Registration {
            email: Some(" bo@skolen.dk ".to_owned()),
            subjects: vec!["matematik".to_owned(), "dansk-laesning".to_owned()],
            language: Language::En,
            ..world.order(AccountRole::Teacher, "Bo", "Ravn")
        };
        let letter = world.register(&who.actor, &order).await;
        assert_eq!(letter.name, "Bo Ravn");
        assert_eq!((letter.last_day, letter.language), (Some(date("2027-07-31")), Language::En));
        assert_eq!((letter.date, letter.issued_by.as_str()), (date("2026-11-18"), "Poul Friis"));
        assert!(letter.matrix.is_none() && letter.serial.is_none());
        let line = world.line(&who.actor, letter.account).await;
        assert_eq!(line.state, State::Issued);
        assert_eq!(line.email.as_deref(), Some("bo@skolen.dk"));
        assert_eq!(line.subjects, ["dansk-laesning", "matematik"]);
        let teacher = issued(letter);
        let who = world.signed_in(&world.settled(&teacher).await).await.expect("signed in");
        assert_eq!(who.actor.capacities, [Capacity::Teaching]);
        assert_eq!(world.state(teacher.id).await, State::Active);
        world.verified().await;
    })
    .await;
}

#[tokio::test]
async fn a_role_is_held_where_it_belongs() {
    on_worlds(async |world, _| {
        let holder = Holder::New { given: "Ulla".to_owned(), family: "Kær".to_owned() };
        for (place, role) in [
            (HERE, AccountRole::Authority),
            (AUTHORITY, AccountRole::Principal),
            (AUTHORITY, AccountRole::TestAdministrator),
            (AUTHORITY, AccountRole::Leader),
            (AUTHORITY, AccountRole::Teacher),
        ] {
            let order = AccountOrder { holder: holder.clone(), role, matrix: false };
            let outcome = world.service.create_account(&world.operator_at(place), &order).await;
            assert_refused(outcome, RefusalCode::BadInput);
        }
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_is_refused_before_anything_is_drawn() {
    on_worlds(async |world, _| {
        let order = world.order(AccountRole::Teacher, "Bo", "Ravn");
        let bad = [
            Registration { holder: Holder::New { given: " ".to_owned(), family: "Ravn".to_owned() }, ..order.clone() },
            Registration { email: Some("bo".to_owned()), ..order.clone() },
            Registration { subjects: vec!["trolddom".to_owned()], ..order.clone() },
        ];
        let (entries, hashes) = (world.entries().await, world.service.hashes());
        for order in bad {
            assert_refused(world.service.register_account(&world.principal(), &order).await, RefusalCode::BadInput);
        }
        let stranger = world.account(SISTER, AccountRole::Teacher).person;
        for person in [stranger, PersonId(Uuid::from_u128(9))] {
            let order = Registration { holder: Holder::Known(person), ..order.clone() };
            assert_refused(world.service.register_account(&world.principal(), &order).await, RefusalCode::NotFound);
        }
        assert_eq!(world.entries().await, entries);
        assert_eq!(world.service.hashes() - hashes, 2, "only the unknown persons were found out after drawing");
    })
    .await;
}

#[tokio::test]
async fn one_teachers_account_for_oneself_and_no_administrators() {
    on_worlds(async |world, _| {
        for actor in [world.administrator(), world.principal()] {
            let own = |role| Registration { holder: Holder::Known(actor.person), ..world.order(role, "", "") };
            assert!(world.service.accounts(&actor, &AccountFilter::default()).await.unwrap().may_register_self);
            let letter = world.register(&actor, &own(AccountRole::Teacher)).await;
            assert_eq!(letter.person, actor.person);
            assert!(!world.service.accounts(&actor, &AccountFilter::default()).await.unwrap().may_register_self);
            for despite_doubles in [None, despite()] {
                let again = Registration { despite_doubles, ..own(AccountRole::Teacher) };
                let refused = world.service.register_account(&actor, &again).await;
                assert_refused(refused, RefusalCode::OwnTeacherAccount);
            }
            // It is a teacher's account like any other, and the own one keeps to itself.
            let change = AccountChange { names: None, email: Some("a@b.dk".to_owned()), subjects: None };
            world.service.change_account(&actor, letter.account, &change).await.unwrap();
        }
        let administrator = world.administrator();
        let own = Registration {
            holder: Holder::Known(administrator.person),
            despite_doubles: despite(),
            ..world.order(AccountRole::TestAdministrator, "", "")
        };
        assert_refused(world.service.register_account(&administrator, &own).await, RefusalCode::OwnAccount);
        let account = world.id(AccountRole::TestAdministrator);
        let change = AccountChange { names: None, email: None, subjects: None };
        assert_refused(world.service.change_account(&administrator, account, &change).await, RefusalCode::OwnAccount);
        assert_refused(world.service.deactivate_account(&administrator, account).await, RefusalCode::OwnAccount);
        assert_refused(world.service.reactivate_accounts(&administrator, &[account]).await, RefusalCode::OwnAccount);
        assert_refused(world.service.delete_account(&administrator, account).await, RefusalCode::OwnAccount);
    })
    .await;
}

#[tokio::test]
async fn principals_keep_their_own_contact_details_and_nothing_else_of_their_account() {
    on_worlds(async |world, _| {
        let principal = world.principal();
        let own = world.service.own_principal_account(&principal).await.unwrap();
        assert_eq!((own.id, own.may.as_slice()), (world.id(AccountRole::Principal), &[Action::Change][..]));
        let names = Some(("Birte".to_owned(), "Kragh".to_owned()));
        let change = AccountChange { names, email: Some("rektor@skolen.dk".to_owned()), subjects: None };
        world.service.change_account(&principal, own.id, &change).await.unwrap();
        let own = world.service.own_principal_account(&principal).await.unwrap();
        assert_eq!((own.name().as_str(), own.email.as_deref()), ("Birte Kragh", Some("rektor@skolen.dk")));
        assert_refused(world.service.deactivate_account(&principal, own.id).await, RefusalCode::OwnAccount);
        assert_refused(world.service.delete_account(&principal, own.id).await, RefusalCode::OwnAccount);
        world.verified().await;
    })
    .await;
}

#[tokio::test]
async fn a_name_that_a_roster_or_another_school_says_is_not_changed_here() {
    on_worlds(async |world, test| {
        let administrator = world.administrator();
        let change = |given: &str| AccountChange {
            names: Some((given.to_owned(), "Lind".to_owned())),
            email: None,
            subjects: Some(Vec::new()),
        };
        let mine = world.id(AccountRole::Teacher);
        let mut read = test.db.read().await.unwrap();
        let before = store::revision::current(&mut read, world.at(HERE)).await.unwrap();
        drop(read);
        world.service.change_account(&administrator, mine, &change("Mette Marie")).await.unwrap();
        assert_eq!(world.line(&administrator, mine).await.name(), "Mette Marie Lind");
        let mut read = test.db.read().await.unwrap();
        let after = store::revision::current(&mut read, world.at(HERE)).await.unwrap();
        assert_eq!(after, before.map(|revision| revision + 1), "the rule's roster holds names");
        drop(read);

        let people = world.roster(&[("Ida", "Bro", UserType::Teacher)]).await;
        let order = Registration { holder: Holder::Known(people[0]), ..world.order(AccountRole::Teacher, "", "") };
        let rostered = world.register(&administrator, &order).await.account;
        assert!(!world.line(&administrator, rostered).await.name_is_ours);
        assert_refused(
            world.service.change_account(&administrator, rostered, &change("Ane")).await,
            RefusalCode::NameFromRoster,
        );
        // The same name is no change.
        let same = AccountChange { names: Some(("Ida".to_owned(), "Bro".to_owned())), email: None, subjects: None };
        world.service.change_account(&administrator, rostered, &same).await.unwrap();

        let shared = world.account(HERE, AccountRole::Leader);
        test.tamper(&format!(
            "UPDATE account SET person_id = (SELECT person_id FROM account WHERE user_name = '{}') \
             WHERE user_name = '{}'",
            shared.user_name,
            world.account(SISTER, AccountRole::Leader).user_name
        ))
        .await
        .unwrap();
        assert_refused(
            world.service.change_account(&world.principal(), shared.id, &change("Ane")).await,
            RefusalCode::NameFromRoster,
        );
    })
    .await;
}

#[tokio::test]
async fn a_new_principal_changes_no_other_account() {
    on_worlds(async |world, _| {
        let (authority, old) = (world.authority(), world.account(HERE, AccountRole::Principal));
        let token = world.settled(old).await;
        let administrator = world.settled(world.account(HERE, AccountRole::TestAdministrator)).await;
        let before = world.list(&world.principal(), AccountFilter::default()).await;
        let order = world.order(AccountRole::Principal, "Asta", "Bech");
        let outcome = world.service.replace_principal(&authority, old.id, Outgoing::Deactivate, &order).await.unwrap();
        let Registered::Done(letter) = outcome else { panic!("{outcome:?}") };
        assert!(world.signed_in(&token).await.is_none());
        assert!(world.signed_in(&administrator).await.is_some());
        let new = issued(*letter);
        let who = world.signed_in(&world.settled(&new).await).await.expect("signed in");
        let after = world.list(&who.actor, AccountFilter::default()).await;
        let same =
            |lines: &[AccountLine]| lines.iter().map(|line| (line.id, line.state, line.last_day)).collect::<Vec<_>>();
        assert_eq!(same(&after), same(&before));
        // The handover: who has what, what lapses, what is open, who was there before.
        world.roster(&[("Ida", "Bro", UserType::Teacher), ("Per", "Kok", UserType::Administrative)]).await;
        let handover = world.service.handover(&who.actor).await.unwrap();
        assert_eq!(names(&handover.accounts), ["Karen Øster", "Henrik Dal", "Mette Lind"]);
        assert_eq!(handover.before, [("Birthe Krag".to_owned(), date("2026-11-18"))]);
        assert_eq!((handover.lapse, handover.lapsing), (date("2027-08-01"), 2));
        assert_eq!((handover.open.issued, handover.open.locked, handover.open.lapsed), (2, 0, 0));
        assert_eq!(handover.open.without_account, ["Ida Bro"]);
        assert_eq!(handover.open.requests, 0);
        let (teacher, delete) = (world.id(AccountRole::Teacher), domain::exchange::accounts::Wish::Delete);
        world.service.ask_keepers(&world.administrator(), teacher, delete).await.unwrap();
        assert_eq!(world.service.handover(&who.actor).await.unwrap().open.requests, 1, "what waits for an answer");
        world.verified().await;
    })
    .await;
}

#[tokio::test]
async fn a_principal_is_replaced_whole_or_not_at_all() {
    on_worlds(async |world, _| {
        let (authority, old) = (world.authority(), world.id(AccountRole::Principal));
        let order = world.order(AccountRole::Principal, "Asta", "Bech");
        let entries = world.entries().await;
        let elsewhere = Registration { institution: world.at(SISTER), ..order.clone() };
        let foreign = Registration { institution: world.at(FOREIGN), ..order.clone() };
        let teacher = Registration { role: AccountRole::Teacher, ..order.clone() };
        for (actor, present, order, code) in [
            (&authority, old, &elsewhere, RefusalCode::BadInput),
            (&authority, old, &foreign, RefusalCode::NotFound),
            (&authority, old, &teacher, RefusalCode::NotFound),
            (&authority, world.id(AccountRole::Teacher), &order, RefusalCode::NotFound),
            (&authority, world.account(FOREIGN, AccountRole::Principal).id, &order, RefusalCode::NotFound),
            (&world.principal(), old, &order, RefusalCode::OnlyAuthority),
            (&world.administrator(), old, &order, RefusalCode::OnlyAuthority),
            (&world.actor_at(HERE, AccountRole::Teacher), old, &order, RefusalCode::NotAllowed),
        ] {
            let outcome = world.service.replace_principal(actor, present, Outgoing::Delete, order).await;
            assert_refused(outcome, code);
        }
        // Doubles are asked about, and nothing is half done.
        let same = world.order(AccountRole::Principal, "Birthe", "Krag");
        let outcome = world.service.replace_principal(&authority, old, Outgoing::Delete, &same).await.unwrap();
        assert!(matches!(outcome, Registered::Doubles(_)));
        assert_eq!(world.entries().await, entries);
        let outcome = world.service.replace_principal(&authority, old, Outgoing::Delete, &order).await.unwrap();
        assert!(matches!(outcome, Registered::Done(_)));
        assert_refused(world.service.account(&authority, AccountId(Uuid::nil())).await, RefusalCode::NotFound);
        world.verified().await;
    })
    .await;
}
