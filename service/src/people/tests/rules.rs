//! Who may do what to whose affiliation and flags, and what each flag opens.

use super::*;
use crate::service::Settings;
use domain::Capacity;

fn at_once() -> Settings {
    Settings { takes_effect: TakesEffect::AtOnce, ..demo() }
}

#[tokio::test]
async fn each_flag_opens_its_own_pages_and_no_other() {
    on_each_with(at_once(), async |world, _| {
        let keeper = run_from_unilogin(world).await;
        let person = affiliated(world, &keeper, NUMBER, "staff123", &[UserType::Administrative]).await;
        let table: [(&[Flag], &[Capacity]); 6] = [
            (&[], &[]),
            (&[Flag::Leadership], &[Capacity::Leadership]),
            (&[Flag::TestAdministration], &[Capacity::TestAdministration]),
            (&[Flag::UserAdministration], &[Capacity::UserAdministration]),
            (&[Flag::Leadership, Flag::TestAdministration], &[Capacity::TestAdministration, Capacity::Leadership]),
            (&[], &[]),
        ];
        let token = token_of(world, "staff123").await;
        for (flags, capacities) in table {
            world.service.set_flags(&keeper, person, flags).await.unwrap();
            assert_eq!(world.signed_in(&token).await.unwrap().me.capacities, capacities, "{flags:?}");
        }
        // With one factor none of them opens anything, and results stay closed to a teacher.
        world.service.set_flags(&keeper, person, &[Flag::Leadership, Flag::TestAdministration]).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn with_one_factor_flags_open_nothing() {
    let one_factor = Settings { broker_minimum: domain::unilogin::Assurance::OneFactor, ..at_once() };
    on_each_with(one_factor, async |world, _| {
        let keeper = run_from_unilogin(world).await;
        let person = affiliated(world, &keeper, NUMBER, "staff123", &[UserType::Teacher]).await;
        world.service.set_flags(&keeper, person, &[Flag::Leadership, Flag::TestAdministration]).await.unwrap();
        let less = Proved { unilogin_level: Some("EnFaktor"), ..proved("staff123") };
        let BrokerOutcome::In(token) = through_broker(world, &less).await else {
            panic!("one factor is enough to enter")
        };
        let who = world.signed_in(&token).await.unwrap();
        assert_eq!((who.me.capacities, who.me.two_factors), (vec![Capacity::Teaching], false));
        assert_eq!(signed_in(world, "staff123").await.me.capacities.len(), 3);
    })
    .await;
}

#[tokio::test]
async fn only_user_administrators_keep_people_and_only_of_their_institution() {
    on_each_with(at_once(), async |world, _| {
        let keeper = run_from_unilogin(world).await;
        let person = affiliated(world, &keeper, NUMBER, "staff123", &[UserType::Administrative]).await;
        let every_deed = async |actor: &Actor, person: PersonId| -> Vec<Result<(), Fault>> {
            let service = &world.service;
            vec![
                service.affiliated(actor, person).await.map(drop),
                service.set_user_types(actor, person, &[UserType::Teacher]).await,
                service.set_flags(actor, person, &[Flag::TestAdministration]).await,
                service.set_uni_id(actor, person, "staff123").await,
                service.confirm_affiliation(actor, person).await,
            ]
        };
        // Every other capacity, and nobody's.
        for flags in [&[][..], &[Flag::Leadership], &[Flag::TestAdministration]] {
            world.service.set_flags(&keeper, person, flags).await.unwrap();
            let actor = signed_in(world, "staff123").await.actor;
            for answer in every_deed(&actor, person).await {
                assert_refused(answer, RefusalCode::NotAllowed);
            }
            let refused = world.service.affiliate(&actor, &order("670101-0007", "", &[UserType::Teacher])).await;
            assert_refused(refused, RefusalCode::NotAllowed);
        }
        for actor in [world.operator(), Actor { capacities: keeper.capacities.clone(), ..world.operator() }] {
            for answer in every_deed(&actor, person).await {
                assert_refused(answer, RefusalCode::NotAllowed);
            }
        }
        // A user administrator of another school: this person is nobody there.
        other_school(world).await;
        let who = Named::New { given: "Ib".to_owned(), family: "Toft".to_owned() };
        world.service.first_user_administrator("280202", &who, "keeper22").await.unwrap();
        let elsewhere = signed_in(world, "keeper22").await.actor;
        for (answer, nobody) in
            every_deed(&elsewhere, person).await.into_iter().zip(every_deed(&elsewhere, PersonId(Uuid::nil())).await)
        {
            assert_refused(answer, RefusalCode::NotFound);
            assert_refused(nobody, RefusalCode::NotFound);
        }
        assert!(
            world
                .service
                .affiliated(&keeper, person)
                .await
                .unwrap()
                .flags
                .iter()
                .all(|held| held.flag != Flag::Leadership)
        );
    })
    .await;
}

#[tokio::test]
async fn nobody_takes_away_the_last_that_lets_themselves_administer() {
    on_each_with(at_once(), async |world, _| {
        let keeper = run_from_unilogin(world).await;
        let own = keeper.person;
        assert_refused(world.service.set_flags(&keeper, own, &[]).await, RefusalCode::OwnLastCapacity);
        assert_refused(world.service.set_flags(&keeper, own, &[Flag::Leadership]).await, RefusalCode::OwnLastCapacity);
        assert_refused(world.service.set_user_types(&keeper, own, &[]).await, RefusalCode::OwnLastCapacity);
        // Another one may; and with a second capacity one may lay the first down.
        world.service.set_flags(&keeper, own, &[Flag::UserAdministration, Flag::Leadership]).await.unwrap();
        world.service.set_flags(&keeper, own, &[Flag::Leadership]).await.unwrap();
        assert_eq!(signed_in(world, KEEPER).await.me.capacities, [Capacity::Leadership]);
    })
    .await;
}

#[tokio::test]
async fn one_source_counts_and_the_other_gives_nothing() {
    on_each_with(at_once(), async |world, _| {
        let keeper = run_from_unilogin(world).await;
        let person = affiliated(world, &keeper, NUMBER, "staff123", &[UserType::Teacher]).await;
        world.service.set_flags(&keeper, person, &[Flag::TestAdministration]).await.unwrap();
        let token = token_of(world, "staff123").await;
        assert!(world.signed_in(&token).await.unwrap().me.is(Capacity::TestAdministration));
        world.service.set_source_of_institution(SCHOOL, IdentitySource::Local).await.unwrap();
        // The next request: Teaching remains, the flag counts no more, and nobody sets it.
        assert_eq!(world.signed_in(&token).await.unwrap().me.capacities, [Capacity::Teaching]);
        assert_refused(world.service.set_flags(&keeper, person, &[]).await, RefusalCode::NotAllowed);
        let first = world.service.first_user_administrator(SCHOOL, &Named::Known(person), "staff123").await;
        assert_refused(first, RefusalCode::NotAllowed);
        world.service.set_source_of_institution(SCHOOL, IdentitySource::Unilogin).await.unwrap();
        assert!(world.signed_in(&token).await.unwrap().me.is(Capacity::TestAdministration), "it was never taken");
        // There is a user administrator: the operator makes no second one, and the first is that already.
        let who = Named::New { given: "X".to_owned(), family: "Y".to_owned() };
        let again = world.service.first_user_administrator(SCHOOL, &who, KEEPER).await.unwrap();
        assert_eq!(again, keeper.person);
        let second = world.service.first_user_administrator(SCHOOL, &Named::Known(person), "staff123").await;
        assert_refused(second, RefusalCode::NotAllowed);
    })
    .await;
}

#[tokio::test]
async fn an_authoritys_flag_is_given_at_the_authority_alone() {
    on_each_with(at_once(), async |world, _| {
        let keeper = run_from_unilogin(world).await;
        let person = affiliated(world, &keeper, NUMBER, "staff123", &[UserType::Administrative]).await;
        assert_refused(
            world.service.set_flags(&keeper, person, &[Flag::MunicipalOversight]).await,
            RefusalCode::BadInput,
        );
        let who = Named::New { given: "Mie".to_owned(), family: "Dam".to_owned() };
        assert_refused(world.service.give_oversight("851", &who, "kommune1").await, RefusalCode::NotAllowed);
        world.service.set_source_of_authority("851", IdentitySource::Unilogin).await.unwrap();
        let overseer = world.service.give_oversight("851", &who, "kommune1").await.unwrap();
        let seen = signed_in(world, "kommune1").await;
        assert_eq!((seen.me.person, seen.me.capacities), (overseer, vec![Capacity::MunicipalOversight]));
        assert_eq!(seen.me.institution.name, "Lindely Kommune");
        assert_eq!(world.service.give_oversight("851", &who, "kommune1").await.unwrap(), overseer, "said twice");
        world.service.take_oversight("851", "KOMMUNE1").await.unwrap();
        assert!(matches!(world.service.take_oversight("851", "kommune1").await, Err(Fault::Unknown { .. })));
        let token = token_of(world, "kommune1").await;
        assert!(matches!(world.presence(&token).await, Presence::ChoosePlace(_)));
    })
    .await;
}

/// Another school of the authority, run from UNI-Login too.
pub(super) async fn other_school(world: &World) -> InstitutionId {
    let id = world.service.create_institution("851", "280202", "Bakkeskolen").await.unwrap();
    world.service.set_source_of_institution("280202", IdentitySource::Unilogin).await.unwrap();
    id
}
