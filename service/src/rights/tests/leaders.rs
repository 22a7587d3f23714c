//! Who sees a pupil, and the leaders beside the teachers: now, and at a moment of the past.

use super::*;
use crate::accounts::{AccountOrder, Holder, IssuedAccount};
use domain::AccountRole;

/// An account for a person here.
pub(super) async fn account(world: &World, person: PersonId, role: AccountRole) -> IssuedAccount {
    let mut operator = world.here.actor(PersonId(Uuid::nil()), "operator", &[]);
    operator.via = Via::Operator;
    let order = AccountOrder { holder: Holder::Known(person), role, matrix: false };
    world.service.create_account(&operator, &order).await.expect("an account")
}

#[tokio::test]
async fn who_sees_lists_teachers_and_apart_from_them_leaders() {
    on_worlds(async |world| {
        let (here, rikke) = (&world.here, world.here.rikke());
        account(&world, here.lone, AccountRole::Leader).await;
        account(&world, here.jens, AccountRole::Principal).await;
        let edits = vec![
            edit(here.mette, ScopeId::Group(here.a), Effect::Give),
            Edit { tests: TestsId::Test(MATHS.to_owned()), ..edit(here.mette, ScopeId::School, Effect::Give) },
            edit(here.jens, ScopeId::Pupil(here.pupils[0]), Effect::Give),
        ];
        world.apply(&rikke, &Proposal::Edits(edits)).await;
        let service = &world.service;
        let seen = service.who_sees(&here.lone(), "P-1", None, None).await.unwrap();
        let teachers: Vec<_> =
            seen.teachers.iter().map(|one| format!("{} {}", one.teacher, one.tests.join("+"))).collect();
        assert_eq!(
            (seen.pupil.as_str(), teachers),
            ("P-1", vec![format!("T-1 {READING}+{MATHS}"), format!("T-2 {READING}")])
        );
        // Jens teaches, so his leadership lets him; Lone does not.
        let leaders: Vec<_> = seen.leaders.iter().map(|one| (one.leader.as_str(), one.role)).collect();
        assert_eq!(leaders, [("T-2", Some(AccountRole::Principal))]);
        let one = service.who_sees(&rikke, &here.pupils[4].to_string(), Some(READING), None).await.unwrap();
        assert_eq!((one.pupil.as_str(), one.teachers.len()), ("P-5", 0));

        let rights = service.teacher_rights(&rikke, "T-1", None).await.unwrap();
        let rights: Vec<_> = rights.rights.iter().map(|one| format!("{} {}", one.pupil, one.tests.len())).collect();
        assert_eq!(rights, ["P-1 2", "P-2 2", "P-3 2", "P-4 1", "P-5 1"]);
        assert!(service.teacher_rights(&rikke, "T-1", Some(start_of("2026-01-01"))).await.unwrap().rights.is_empty());

        let leaders = service.grid_load(&rikke).await.unwrap().leaders;
        let leaders: Vec<_> = leaders.iter().map(|one| (one.name.as_str(), one.sees_results)).collect();
        assert_eq!(leaders, [("Lone Dam", false), ("Jens Holm", true)]);
    })
    .await;
}

#[tokio::test]
async fn who_sees_names_the_leaders_of_the_moment_asked_about() {
    on_both(async |test| {
        let world = world(test).await;
        let (here, rikke) = (&world.here, world.here.rikke());
        let leaders = async |at| {
            let seen = world.service.who_sees(&rikke, "P-1", None, Some(at)).await.unwrap();
            seen.leaders.into_iter().map(|one| one.leader).collect::<Vec<_>>()
        };
        world.pass(86_400);
        let before = world.service.env.now();
        world.pass(86_400);
        let user_name = account(&world, here.jens, AccountRole::Principal).await.user_name;
        world.pass(86_400);
        let during = world.service.env.now();
        world.pass(86_400);
        let ended = world.service.env.now();
        let deactivate = format!("UPDATE account SET deactivated = {} WHERE user_name = '{user_name}'", ended.0);
        test.tamper(&deactivate).await.unwrap();
        world.pass(86_400);
        assert_eq!(leaders(before).await, [""; 0], "he had no account yet");
        assert_eq!(leaders(during).await, ["T-2"], "asked about then, he saw it");
        assert_eq!(leaders(ended).await, [""; 0]);
        assert_eq!(leaders(world.service.env.now()).await, [""; 0]);
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn an_account_that_is_open_again_did_not_see_while_it_was_closed() {
    on_worlds(async |world| {
        let (here, service) = (&world.here, &world.service);
        let birte = here.actor(PersonId(Uuid::from_u128(98)), "Birte Friis", AccountRole::Principal.capacities());
        let jens = account(&world, here.jens, AccountRole::Leader).await;
        let lone = account(&world, here.lone, AccountRole::Leader).await;
        let holders = async |capacity, at| {
            let mut read = service.db.read().await.unwrap();
            let holders = service.holders_of(&mut read, here.institution, capacity, at).await.unwrap();
            holders.into_iter().map(|holder| holder.person).collect::<Vec<_>>()
        };
        // A moment on each side of each change, each an hour from it.
        let mut moments = Vec::new();
        let mut moment = || {
            world.pass(3_600);
            moments.push(service.env.now());
            world.pass(3_600);
        };
        moment();
        service.deactivate_account(&birte, jens.id).await.unwrap();
        moment();
        service.reactivate_accounts(&birte, &[jens.id]).await.unwrap();
        moment();
        // Closed twice, and opened at the very instant the second time.
        service.deactivate_account(&birte, jens.id).await.unwrap();
        service.reactivate_accounts(&birte, &[jens.id]).await.unwrap();
        moment();
        assert_eq!(service.merge_accounts(&birte, jens.id, lone.id).await.unwrap(), lone.id);
        moment();
        service.separate_accounts(&birte, jens.id).await.unwrap();
        moment();
        let both = [here.jens, here.lone];
        for (at, expected) in moments.into_iter().zip([&both[..], &both[1..], &both, &both, &both[1..], &both]) {
            assert_eq!(holders(Capacity::Leadership, at).await, expected, "{at:?}");
            let seen = service.who_sees(&here.rikke(), "P-1", None, Some(at)).await.unwrap();
            let leaders: Vec<String> = seen.leaders.into_iter().map(|one| one.leader).collect();
            let jens_sees = if expected.len() == 2 { &["T-2"][..] } else { &[] };
            assert_eq!(leaders, jens_sees, "only Jens teaches: {at:?}");
        }

        // An account that lapsed with the school year was closed too.
        let administers = account(&world, here.jens, AccountRole::TestAdministrator).await;
        let summer = start_of("2027-08-01");
        world.clock.set(summer.plus_seconds(86_400));
        service.reactivate_accounts(&birte, &[administers.id]).await.unwrap();
        world.pass(86_400);
        for (at, expected) in [(-1, &both[..1]), (0, &both[..0]), (86_399, &both[..0]), (86_400, &both[..1])] {
            let at = summer.plus_seconds(at);
            assert_eq!(holders(Capacity::TestAdministration, at).await, expected, "{at:?}");
        }
    })
    .await;
}
