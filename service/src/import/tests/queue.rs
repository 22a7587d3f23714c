//! What imports by page may take of the machine: a few at a time, and smaller ones than the command line's.

use super::bundle::Bundle;
use super::world::{World, counts};
use crate::import::queue::{RUNNING, WAITING};
use crate::import::{ImportOptions, Limits, Source, Target};
use crate::{Actor, Fault};
use domain::Capacity;
use domain::exchange::RefusalCode;
use domain::import::ImportOutcome;
use std::sync::Arc;
use store::testing::{TestDb, on_both};

async fn import(world: &World, actor: &Actor) -> Result<ImportOutcome, Fault> {
    let source = Source::Bytes(Bundle::school().zip());
    let options = ImportOptions { file_name: "a.zip".into(), ..ImportOptions::default() };
    let target = Target::Institution(world.institution);
    world.service.import_bundle(actor, target, source, &options, Arc::new(|_| {})).await
}

#[track_caller]
fn assert_busy(outcome: Result<ImportOutcome, Fault>) {
    assert!(matches!(&outcome, Err(Fault::Refused(refusal)) if refusal.code == RefusalCode::Busy), "{outcome:?}");
}

#[tokio::test]
async fn a_few_import_at_a_time_some_wait_and_the_rest_is_told_to_come_again() {
    on_both(async |test: &TestDb| {
        let world = World::of(test).await;
        let session = world.session(&[Capacity::UserAdministration]);
        let queue = world.service.imports.clone();
        let mut running = Vec::new();
        for _ in 0..RUNNING {
            running.push(queue.turn().await.unwrap());
        }
        let waiting: Vec<_> = (0..WAITING)
            .map(|_| {
                let queue = queue.clone();
                tokio::spawn(async move { queue.turn().await.map(drop) })
            })
            .collect();
        // Every place is taken once all of them have run.
        while queue.places_left() > 0 {
            tokio::task::yield_now().await;
        }
        assert_busy(import(&world, &session).await);
        let list = world.service.imports(&session, 1).await.unwrap();
        assert!(list.entries.is_empty(), "nothing is noted, and nothing is lost");
        assert!(waiting.iter().all(|waiting| !waiting.is_finished()), "they wait");
        // Who may not import is told that, and nothing of the queue.
        let nobody = import(&world, &world.session(&[Capacity::Teaching])).await;
        assert!(matches!(nobody, Err(Fault::Refused(refusal)) if refusal.code == RefusalCode::NotAllowed));
        // The command line has nobody to wait for.
        let outcome = import(&world, &world.operator()).await.unwrap();
        assert_eq!(counts(&outcome.report), "10/0/0 3/0/0 7/0/0 2/0/0");
        drop(running);
        for one in waiting {
            one.await.unwrap().unwrap();
        }
        assert!(import(&world, &session).await.unwrap().report.applied, "once there is room it goes through");
        assert_eq!(queue.places_left(), RUNNING + WAITING, "every turn is given back");
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn a_page_takes_less_than_the_command_line() {
    let (page, line) = (Limits::of_page(), Limits::default());
    assert!(page.file_bytes < line.file_bytes && page.total_bytes < line.total_bytes && page.rows < line.rows);
    let test = TestDb::sqlite().await.unwrap();
    let mut world = World::of(&test).await;
    let session = world.session(&[Capacity::UserAdministration]);
    for limits in
        [Limits { file_bytes: 500, ..page }, Limits { total_bytes: 1_500, ..page }, Limits { rows: 5, ..page }]
    {
        world.service.settings.page_limits = limits;
        let report = import(&world, &session).await.unwrap().report;
        assert!(!report.applied && !report.errors.is_empty(), "{limits:?}");
        let codes: Vec<&str> = report.errors.iter().map(|error| error.code.as_str()).collect();
        assert!(codes.iter().all(|code| code.starts_with("too-")), "{codes:?}");
    }
    assert!(import(&world, &world.operator()).await.unwrap().report.applied, "the same bundle by command");
}
