//! Two at once: processes on one database, administrators on one school.

use super::*;
use domain::exchange::RefusalCode;

#[tokio::test]
async fn two_processes_see_each_others_changes_on_the_next_request() {
    on_worlds(async |world| {
        let (here, rikke, poul) = (&world.here, world.here.rikke(), world.here.poul());
        let other = world.other_process();
        let sees_there = async |teacher| {
            let cached = other.school(here.institution).await.unwrap();
            sees(&cached, teacher, here.pupils[0], START)
        };
        assert!(!sees_there(here.mette).await, "both have the school cached now");
        assert!(!world.sees(here.mette, here.pupils[0]).await);
        world.apply(&rikke, &give(here.mette, ScopeId::Group(here.a))).await;
        assert!(sees_there(here.mette).await);
        assert!(!other.my_rights(&here.mette()).await.unwrap().results.is_empty());

        let proposal = give(here.jens, ScopeId::Group(here.a));
        let review = other.review(&poul, &proposal, world.revision().await).await.unwrap();
        applied(other.apply(&poul, &proposal, review.revision, &review.digest, "").await.unwrap());
        assert!(world.sees(here.jens, here.pupils[0]).await);
        assert!(world.sees(here.mette, here.pupils[0]).await);
        // Both hold the very same school.
        let (ours, theirs) = (world.school().await, other.school(here.institution).await.unwrap());
        assert_eq!(ours.school(), theirs.school());
    })
    .await;
}

#[tokio::test]
async fn what_apply_keeps_is_what_a_fresh_read_gives() {
    on_worlds(async |world| {
        let (here, rikke) = (&world.here, world.here.rikke());
        for proposal in [
            give(here.mette, ScopeId::Group(here.a)),
            withhold(here.mette, ScopeId::Pupil(here.pupils[1])),
            Proposal::TakeBack { change_set: 1, positions: Some(vec![0]) },
            take_back(3),
        ] {
            world.apply(&rikke, &proposal).await;
            let fresh = world.other_process().school(here.institution).await.unwrap();
            assert_eq!(world.school().await.school(), fresh.school(), "{proposal:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_kept_school_is_used_again_until_its_revision_ends() {
    on_worlds(async |world| {
        let first = world.school().await;
        assert!(Arc::ptr_eq(&first, &world.school().await));
        world.apply(&world.here.rikke(), &give(world.here.mette, ScopeId::School)).await;
        assert!(!Arc::ptr_eq(&first, &world.school().await));
        // Requests that miss together load once.
        let other = world.other_process();
        let at = world.here.institution;
        let (a, b, c) = tokio::join!(other.school(at), other.school(at), other.school(at));
        let (a, b, c) = (a.unwrap(), b.unwrap(), c.unwrap());
        assert!(Arc::ptr_eq(&a, &b) && Arc::ptr_eq(&b, &c));
        // The next school year has other tests: the same revision is read anew.
        world.clock.set(start_of("2027-08-01"));
        assert!(!Arc::ptr_eq(&a, &other.school(at).await.unwrap()));
    })
    .await;
}

/// Applies again and again until it goes through, as a person would who looks at each new review.
/// Answers the change set's number, the tries, and the conflicts that were shown at last.
async fn insist(service: Service, actor: Actor, proposal: Proposal, based_on: i64) -> (u32, u32, usize) {
    let mut review = service.review(&actor, &proposal, based_on).await.expect("a review");
    for tries in 1.. {
        match service.apply(&actor, &proposal, based_on, &review.digest, "").await.expect("an answer") {
            ApplyOutcome::Applied(applied) => return (applied.change_set, tries, review.conflicts.len()),
            ApplyOutcome::Stale(fresh) => review = fresh,
        }
    }
    panic!("never applied")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn administrators_at_once_lose_nothing() {
    on_worlds(async |world| {
        let here = world.here.clone();
        let base = world.revision().await;
        let other = world.other_process();
        let teachers = [here.mette, here.jens];
        let tasks: Vec<_> = (0..10_usize)
            .map(|number| {
                let service = if number % 2 == 0 { world.service.clone() } else { other.clone() };
                let actor = if number % 2 == 0 { here.rikke() } else { here.poul() };
                let proposal = give(teachers[number % 2], ScopeId::Pupil(here.pupils[number / 2]));
                tokio::spawn(insist(service, actor, proposal, base))
            })
            .collect();
        let mut numbers = Vec::new();
        for task in tasks {
            let (number, tries, conflicts) = task.await.expect("no panic");
            assert_eq!((tries, conflicts), (1, 0), "cells that nobody else touched merge at once");
            numbers.push(number);
        }
        numbers.sort_unstable();
        assert_eq!(numbers, (1..=10).collect::<Vec<u32>>(), "numbers without gaps");
        assert_eq!(world.revision().await, base + 10);
        for teacher in teachers {
            for pupil in here.pupils {
                assert!(world.sees(teacher, pupil).await);
            }
        }
        let report = crate::audit::verify(&world.service.db, &world.secrets.audit, &[]).await.unwrap();
        assert_eq!((report.entries, report.findings), (10, vec![]));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_two_in_the_same_place_the_second_has_to_look() {
    on_worlds(async |world| {
        let here = world.here.clone();
        let base = world.revision().await;
        let place = ScopeId::Group(here.a);
        let gives = tokio::spawn(insist(world.service.clone(), here.rikke(), give(here.mette, place), base));
        let withholds = tokio::spawn(insist(world.other_process(), here.poul(), withhold(here.mette, place), base));
        let (gave, withheld) = (gives.await.expect("given"), withholds.await.expect("withheld"));
        let (first, second) = if gave.0 < withheld.0 { (gave, withheld) } else { (withheld, gave) };
        assert_eq!((first.0, second.0), (1, 2));
        assert_eq!((first.2, second.2), (0, 1), "only the second was shown a conflict");
        assert_eq!(world.sees(here.mette, here.pupils[0]).await, gave.0 == 2, "the later word counts");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_two_taking_back_the_same_one_is_refused() {
    on_worlds(async |world| {
        let here = world.here.clone();
        world.apply(&here.rikke(), &give(here.mette, ScopeId::School)).await;
        let base = world.revision().await;
        let review = world.review(&here.rikke(), &take_back(1)).await;
        let one = |service: Service, actor: Actor| {
            let digest = review.digest.clone();
            tokio::spawn(async move { service.apply(&actor, &take_back(1), base, &digest, "").await })
        };
        let (a, b) = (one(world.service.clone(), here.rikke()), one(world.other_process(), here.poul()));
        let outcomes = [a.await.expect("an answer"), b.await.expect("an answer")];
        let [refused] =
            outcomes.into_iter().filter(Result::is_err).collect::<Vec<_>>().try_into().expect("one refused");
        assert_eq!(refusal(refused).code, RefusalCode::AlreadyTakenBack);
        assert_eq!(world.revision().await, base + 1);
    })
    .await;
}
