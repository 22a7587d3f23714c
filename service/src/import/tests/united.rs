//! Of two persons who were united, an import feeds the one who stays. At a school of three employees one
//! who is called otherwise is a large change, so a yes is given at once.

use super::bundle::Bundle;
use super::world::{World, noon};
use crate::accounts::{AccountOrder, Holder, IssuedAccount};
use domain::account::State;
use domain::exchange::accounts::{AccountFilter, Which};
use domain::{AccountRole, Moment, PersonId};
use std::collections::BTreeSet;
use store::testing::on_both;

async fn made(world: &World, holder: Holder) -> IssuedAccount {
    let order = AccountOrder { holder, role: AccountRole::Teacher, matrix: false };
    world.service.create_account(&world.operator(), &order).await.unwrap()
}

/// Whom the roster's id names.
async fn named(world: &World, source: &str) -> PersonId {
    let mut read = world.service.db.read().await.unwrap();
    store::directory::person_by_source(&mut read, world.institution.0, source).await.unwrap().unwrap()
}

#[tokio::test]
async fn the_next_import_knows_who_stays_and_so_does_still_here() {
    on_both(async |test| {
        let world = World::of(test).await;
        world.import(&Bundle::school()).await;
        let principal = world.session(AccountRole::Principal.capacities());
        let (made, named) = (async |holder| made(&world, holder).await, async |source| named(&world, source).await);
        let person = named("l1").await;
        let goes = made(Holder::Known(person)).await;
        let stays = made(Holder::New { given: "Mette".to_owned(), family: "Lindegaard".to_owned() }).await;
        world.service.merge_accounts(&principal, goes.id, stays.id).await.unwrap();
        assert_eq!(named("l1").await, stays.person);

        let report = world.import_with(&Bundle::school(), true).await;
        assert!(report.applied && report.held.is_none(), "{report:?}");
        let (roster, now) = (world.roster().await, Moment::of_all_recorded(world.service.env.now()));
        let live = roster.teaching.iter().filter(|fact| fact.holds(now));
        let teaching: BTreeSet<PersonId> = live.map(|fact| roster.teachers[usize::from(fact.what.0)].id).collect();
        assert_eq!(teaching, BTreeSet::from([named("l2").await, stays.person]), "one person, and not the other one");
        let filter = AccountFilter { states: vec![State::Issued], ..AccountFilter::default() };
        let lines = world.service.accounts(&principal, &filter).await.unwrap().accounts;
        assert_eq!(lines.iter().map(|line| line.person).collect::<Vec<_>>(), [stays.person]);
        // In the new school year the living account is still here.
        world.clock.set(noon("2027-08-02"));
        let preview = world.service.reactivation_preview(&principal, &Which::StillHere).await.unwrap();
        let here: Vec<_> = preview.accounts.iter().map(|line| line.account.id).collect();
        assert_eq!(here, [stays.id]);
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn once_parted_each_is_who_they_were() {
    on_both(async |test| {
        let world = World::of(test).await;
        world.import(&Bundle::school()).await;
        let principal = world.session(AccountRole::Principal.capacities());
        let (made, named) = (async |holder| made(&world, holder).await, async |source| named(&world, source).await);
        // Both are in the roster.
        let (one, other) = (named("l1").await, named("l2").await);
        let (goes, stays) = (made(Holder::Known(one)).await, made(Holder::Known(other)).await);
        world.service.merge_accounts(&principal, goes.id, stays.id).await.unwrap();
        assert_eq!((named("l1").await, named("l2").await), (other, other));
        world.import_with(&Bundle::school(), true).await;
        let again = world.import_with(&Bundle::school(), true).await;
        assert!(again.applied, "two names of one person are no error: {again:?}");
        assert_eq!(world.teachers("2026-11-21").await.len(), 1);
        world.service.separate_accounts(&principal, goes.id).await.unwrap();
        assert_eq!((named("l1").await, named("l2").await), (one, other));
        world.import_with(&Bundle::school(), true).await;
        assert_eq!(world.teachers("2026-11-21").await, ["Bo Ravnsborg", "Mette Lindegaard"]);
    })
    .await
    .unwrap();
}
