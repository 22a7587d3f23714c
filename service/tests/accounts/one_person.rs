//! A principal of two schools is one person with an account for each, and neither account opens
//! anything at the other school.

use crate::world::*;
use domain::Capacity;
use domain::exchange::accounts::Wish;

/// An order for a principal's account at a school, for somebody who is there already.
fn for_known(world: &World, place: &str, person: PersonId) -> Registration {
    Registration {
        institution: world.at(place),
        holder: Holder::Known(person),
        despite_doubles: despite(),
        ..world.order(AccountRole::Principal, "", "")
    }
}

/// Puts the principal of the sister school in the place of the one here; answers the new account.
async fn principal_of_both(world: &World) -> IssuedAccount {
    let person = world.account(SISTER, AccountRole::Principal).person;
    let (present, order) = (world.id(AccountRole::Principal), for_known(world, HERE, person));
    let replaced = world.service.replace_principal(&world.authority(), present, Outgoing::Deactivate, &order).await;
    let Ok(Registered::Done(letter)) = replaced else { panic!("{replaced:?}") };
    issued(*letter)
}

#[tokio::test]
async fn an_authority_chooses_a_principal_of_another_of_its_schools() {
    on_worlds(async |world, _| {
        let known = world.account(SISTER, AccountRole::Principal);
        let told = world.service.principals(&world.authority()).await.unwrap();
        let of = |person| told.iter().find(|principal| principal.person == person).unwrap();
        assert_eq!(told.len(), 2, "its own schools' alone");
        assert_eq!(
            (of(known.person).name.as_str(), &of(known.person).schools[..]),
            ("Birthe Krag", &["Skolen 280102".to_owned()][..])
        );
        let new = principal_of_both(&world).await;
        assert_eq!(new.person, known.person);
        assert_eq!(new.user_name, "1005-280101");
        let told = world.service.principals(&world.authority()).await.unwrap();
        let of = |person| told.iter().find(|principal| principal.person == person).unwrap();
        assert_eq!(of(known.person).schools, ["Skolen 280101", "Skolen 280102"], "once, with both schools");
        // The sister school's account is as it was.
        let lines = world.list(&world.authority(), AccountFilter::default()).await;
        let sister = lines.iter().find(|line| line.id == known.id).unwrap();
        assert_eq!((sister.state, sister.person), (State::Issued, known.person));
        // Asked for again, it is a double: the person has such an account here.
        let again = Registration { despite_doubles: None, ..for_known(&world, HERE, known.person) };
        let doubles = world.register_doubles(&world.authority(), &again).await;
        assert_eq!((doubles[0].person, doubles[0].alike.as_slice()), (known.person, &[Likeness::Person][..]));
        assert_eq!(doubles[0].accounts.len(), 2, "{doubles:?}");
        world.verified().await;
    })
    .await;
}

#[tokio::test]
async fn one_schools_account_opens_nothing_at_the_other() {
    on_worlds(async |world, _| {
        let there = world.account(SISTER, AccountRole::Principal);
        let here = principal_of_both(&world).await;
        let (token_here, token_there) = (world.settled(&here).await, world.settled(there).await);
        let at_here = world.signed_in(&token_here).await.expect("signed in");
        let at_there = world.signed_in(&token_there).await.expect("signed in");
        assert_eq!(at_here.actor.person, at_there.actor.person);
        for (who, own, other) in [(&at_here, HERE, SISTER), (&at_there, SISTER, HERE)] {
            assert_eq!(who.actor.institution, world.at(own));
            assert!(who.actor.is(Capacity::AccountDeletion));
            let lines = world.list(&who.actor, AccountFilter::default()).await;
            assert!(lines.len() == 3 && lines.iter().all(|line| line.institution == world.at(own)), "{lines:?}");
            let service = &world.service;
            for role in
                [AccountRole::Teacher, AccountRole::TestAdministrator, AccountRole::Leader, AccountRole::Principal]
            {
                let account = world.account(other, role).id;
                assert_refused(service.account(&who.actor, account).await, RefusalCode::NotFound);
                assert_refused(service.deactivate_account(&who.actor, account).await, RefusalCode::NotFound);
                assert_refused(service.delete_account(&who.actor, account).await, RefusalCode::NotFound);
                let reissued = service.reissue(&who.actor, account, Anew::Both, Language::Da).await;
                assert_refused(reissued, RefusalCode::NotFound);
                let asked = service.ask_keepers(&who.actor, account, Wish::Delete).await;
                assert_refused(asked, RefusalCode::NotFound);
            }
            let order =
                Registration { institution: world.at(other), ..world.order(AccountRole::Teacher, "Bo", "Ravn") };
            assert_refused(service.register_account(&who.actor, &order).await, RefusalCode::NotFound);
            let pupil = world.account(other, AccountRole::Teacher).person;
            let file = service.person_file(&who.actor, pupil, &service::person_file::Reveal::No).await;
            assert_refused(file, RefusalCode::NotFound);
        }
        // Where one is closed, the other one stays open; a right of one is not the other's.
        world.service.deactivate_account(&world.authority(), here.id).await.unwrap();
        assert!(world.signed_in(&token_here).await.is_none());
        let still = world.signed_in(&token_there).await.expect("signed in");
        assert_eq!(still.actor.institution, world.at(SISTER));
        // Deleting it ends what the account made of its person here, and nothing there.
        world.service.delete_account(&world.authority(), here.id).await.unwrap();
        let mut read = world.db.read().await.unwrap();
        let types = async |read: &mut store::Read, place: &str| {
            store::session::live_user_types(read, world.at(place), here.person, START).await.unwrap()
        };
        assert_eq!(types(&mut read, HERE).await, []);
        assert_eq!(types(&mut read, SISTER).await, [UserType::Leader]);
        drop(read);
        world.verified().await;
    })
    .await;
}

#[tokio::test]
async fn a_foreign_person_answers_exactly_as_an_unknown_one() {
    on_worlds(async |world, _| {
        let authority = world.authority();
        let unknown = PersonId(Uuid::from_u128(9));
        let gone = principal_of_both(&world).await;
        let present = gone.id;
        // Nobody else of its own schools either: an authority knows their principals alone.
        let mut strangers = vec![world.account(FOREIGN, AccountRole::Principal).person];
        strangers.extend([HERE, SISTER].map(|place| world.account(place, AccountRole::Teacher).person));
        strangers.push(world.account(OTHER_AUTHORITY, AccountRole::Authority).person);
        strangers.push(authority.person);
        let entries = world.entries().await;
        for stranger in strangers {
            for despite_doubles in [None, despite()] {
                let order = |person| Registration {
                    despite_doubles: despite_doubles.clone(),
                    ..for_known(&world, HERE, person)
                };
                let theirs = refusal(world.service.register_account(&authority, &order(stranger)).await);
                let nobodys = refusal(world.service.register_account(&authority, &order(unknown)).await);
                assert_eq!((theirs.code, &theirs), (RefusalCode::NotFound, &nobodys));
                let replace = async |person| {
                    let order = order(person);
                    refusal(world.service.replace_principal(&authority, present, Outgoing::Deactivate, &order).await)
                };
                assert_eq!(replace(stranger).await, replace(unknown).await);
            }
        }
        // Nor does anybody else choose a principal of another school.
        let sisters = world.account(SISTER, AccountRole::Principal).person;
        let teacher = Registration {
            despite_doubles: despite(),
            holder: Holder::Known(world.account(FOREIGN, AccountRole::Principal).person),
            ..world.order(AccountRole::Teacher, "", "")
        };
        assert_refused(world.service.register_account(&world.principal(), &teacher).await, RefusalCode::NotFound);
        let order = for_known(&world, HERE, sisters);
        for actor in [world.principal(), world.administrator()] {
            assert_refused(world.service.register_account(&actor, &order).await, RefusalCode::OnlyAuthority);
        }
        let other = world.actor_at(OTHER_AUTHORITY, AccountRole::Authority);
        assert_refused(world.service.register_account(&other, &order).await, RefusalCode::NotFound);
        let foreign = for_known(&world, FOREIGN, sisters);
        assert_refused(world.service.register_account(&other, &foreign).await, RefusalCode::NotFound);
        // Whose account is deleted is no principal any more.
        let only_there = world.account(SISTER, AccountRole::Principal);
        world.service.delete_account(&authority, present).await.unwrap();
        world.service.delete_account(&authority, only_there.id).await.unwrap();
        assert_refused(
            world.service.register_account(&authority, &for_known(&world, HERE, only_there.person)).await,
            RefusalCode::NotFound,
        );
        for role in [AccountRole::Leader, AccountRole::Teacher] {
            assert_refused(world.service.principals(&world.actor_at(HERE, role)).await, RefusalCode::NotAllowed);
        }
        for actor in [world.administrator(), world.operator_at(HERE)] {
            assert_eq!(world.service.principals(&actor).await.unwrap(), []);
        }
        assert_eq!(world.entries().await, entries + 2, "nothing but the two that were deleted");
    })
    .await;
}

#[tokio::test]
async fn who_is_typed_is_found_at_the_authoritys_other_schools_too() {
    on_worlds(async |world, _| {
        let (authority, known) = (world.authority(), world.account(SISTER, AccountRole::Principal));
        world.service.delete_account(&authority, world.id(AccountRole::Principal)).await.unwrap();
        let typed = Typed { given: "Birthe".to_owned(), family: "Krag".to_owned(), ..Typed::default() };
        let found = world.service.doubles(&authority, world.at(HERE), &typed).await.unwrap();
        let [double] = found.as_slice() else { panic!("{found:?}") };
        assert_eq!((double.person, double.alike.as_slice()), (known.person, &[Likeness::Name][..]));
        assert_eq!(double.accounts, [(known.user_name.clone(), AccountRole::Principal)]);
        let order = world.order(AccountRole::Principal, "Birthe", "Krag");
        assert_eq!(world.register_doubles(&authority, &order).await, found);
        // Taken, there is nothing in the way: the account there is no double of one here.
        let taken = Registration { holder: Holder::Known(known.person), ..order };
        assert_eq!(world.register(&authority, &taken).await.person, known.person);
        // The other authority's school has one of that name as well, and nobody else's is told of.
        let other = world.actor_at(OTHER_AUTHORITY, AccountRole::Authority);
        let found = world.service.doubles(&other, world.at(FOREIGN), &typed).await.unwrap();
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].person, world.account(FOREIGN, AccountRole::Principal).person);
    })
    .await;
}

#[tokio::test]
async fn a_protected_principal_has_an_alias_at_each_school() {
    on_worlds(async |world, _| {
        let known = world.account(SISTER, AccountRole::Principal);
        let done = store::write!(world.db, async |tx| {
            store::revision::raise(tx, world.at(SISTER)).await?;
            store::directory::protect_person(tx, known.person, true).await?;
            store::alias::give(tx, world.at(SISTER), &[known.person]).await?;
            Ok::<_, Fault>(())
        });
        done.unwrap();
        let letter = world.register(&world.authority(), &for_known(&world, HERE, known.person)).await;
        assert_eq!(letter.name, "Beskyttet medarbejder 1");
        let told = world.service.principals(&world.authority()).await.unwrap();
        assert!(told.iter().any(|principal| principal.name == "Beskyttet medarbejder 1"), "{told:?}");
        world.verified().await;
    })
    .await;
}

#[tokio::test]
async fn the_operator_names_a_principal_by_the_account_at_the_other_school() {
    on_worlds(async |world, _| {
        let (operator, known) = (world.operator_at(HERE), world.account(SISTER, AccountRole::Principal));
        let person = world.service.principal_named(&operator, &known.user_name).await.unwrap();
        assert_eq!(person, known.person);
        let order = AccountOrder { holder: Holder::Known(person), role: AccountRole::Principal, matrix: false };
        assert_eq!(world.service.create_account(&operator, &order).await.unwrap().person, person);
        // Nobody of another authority, nobody but principals, and nobody for another role.
        let foreign = Holder::Known(world.account(FOREIGN, AccountRole::Principal).person);
        for (holder, role) in [
            (foreign, AccountRole::Principal),
            (Holder::Known(world.account(SISTER, AccountRole::Teacher).person), AccountRole::Principal),
            (Holder::Known(world.account(SISTER, AccountRole::Leader).person), AccountRole::Leader),
        ] {
            let order = AccountOrder { holder, role, matrix: false };
            assert_refused(world.service.create_account(&operator, &order).await, RefusalCode::NotFound);
        }
        let unknown = refusal(world.service.principal_named(&operator, "9999-280102").await);
        for (place, role) in [(FOREIGN, AccountRole::Principal), (SISTER, AccountRole::Teacher)] {
            let named = world.service.principal_named(&operator, &world.account(place, role).user_name).await;
            assert_eq!(refusal(named), unknown);
        }
        for actor in [world.authority(), world.principal(), Actor::system(world.at(HERE))] {
            let named = world.service.principal_named(&actor, &known.user_name).await;
            assert_refused(named, RefusalCode::NotAllowed);
        }
        world.verified().await;
    })
    .await;
}
