//! Imports that wait for an answer, and the list they stand in, on both engines.

use super::bundle::Bundle;
use super::world::{World, counts, noon};
use crate::audit::verify;
use crate::import::{HELD_DAYS, ImportOptions, Limits, Source, Target, parse};
use crate::{Actor, Fault};
use domain::exchange::RefusalCode;
use domain::import::{ImportEntry, ImportOutcome, ImportState};
use domain::{Capacity, ImportId, InstitutionId, PersonId};
use std::sync::Arc;
use store::testing::{TestDb, on_both};
use uuid::Uuid;

const LOOK: ImportOptions = ImportOptions {
    file_name: String::new(),
    dry_run: true,
    accept_large_change: false,
    accept_new_year: false,
    note_looks: true,
};

/// A school with its roster, and somebody who may import.
async fn school(test: &TestDb) -> (World, Actor) {
    let world = World::of(test).await;
    world.import(&Bundle::school()).await;
    let person = PersonId(Uuid::from_u128(9));
    let karen = Actor { person, name: "Karen Østergård".into(), ..world.session(&[Capacity::UserAdministration]) };
    (world, karen)
}

/// The school's roster without one of its seven pupils: more than a tenth.
fn without_one() -> Bundle {
    Bundle::school().without("users.csv", "Krog").without("enrollments.csv", "e2,")
}

impl World {
    async fn look(&self, actor: &Actor, bundle: &Bundle) -> ImportOutcome {
        let options = ImportOptions { file_name: "skolen.zip".into(), ..LOOK };
        let target = Target::Institution(self.institution);
        self.try_import(actor, target, &bundle.staged(), &options).await.unwrap()
    }

    /// A second later, so that the list has an order.
    async fn held(&self, actor: &Actor) -> ImportId {
        self.clock.set(self.service.env().now().plus_seconds(1));
        self.look(actor, &without_one()).await.held_as.expect("it waits")
    }

    async fn entries(&self, actor: &Actor) -> Vec<ImportEntry> {
        self.service.imports(actor, 1).await.unwrap().entries
    }

    async fn has_krog(&self) -> bool {
        self.pupils("2026-11-22").await.iter().any(|line| line.contains("Krog"))
    }

    async fn is_whole(&self, test: &TestDb) {
        assert_eq!(verify(&test.db, &self.service.secrets.audit, &[]).await.unwrap().findings, []);
    }
}

#[track_caller]
fn refused<T: std::fmt::Debug>(answer: Result<T, Fault>, code: RefusalCode) {
    assert!(matches!(&answer, Err(Fault::Refused(refusal)) if refusal.code == code), "{answer:?}");
}

#[tokio::test]
async fn a_yes_with_a_reason_applies_what_waits_without_its_being_sent_again() {
    on_both(async |test| {
        let (world, karen) = school(test).await;
        let id = world.held(&karen).await;
        let looked = world.service.held_import(&karen, id).await.unwrap();
        assert_eq!(counts(&looked.report), "0/0/1 0/0/0 0/0/1 0/0/0");
        assert!(looked.report.held.is_some() && looked.held_as == Some(id));
        let entry = &world.entries(&karen).await[0];
        assert_eq!((entry.id, entry.state, entry.by.as_deref()), (id, ImportState::Held, Some("Karen Østergård")));
        assert_eq!((entry.file_name.as_str(), entry.counts.people.gone), ("skolen.zip", 1));
        assert_eq!(entry.waits_until, Some(entry.started.plus_seconds(i64::from(HELD_DAYS) * 86_400)));
        assert!(world.has_krog().await, "nothing was written");

        refused(world.service.accept_import(&karen, id, " ", &|_| {}).await, RefusalCode::BadInput);
        let accepted = world.service.accept_import(&karen, id, "Familien er flyttet", &|_| {}).await.unwrap();
        assert!(accepted.report.applied);
        assert!(!world.has_krog().await);
        let entries = world.entries(&karen).await;
        assert_eq!(entries.len(), 2, "the held import is the applied one");
        let decision = entries[0].decision.as_ref().unwrap();
        assert_eq!((entries[0].state, entries[0].waits_until), (ImportState::Applied, None));
        assert_eq!((decision.by.as_str(), decision.reason.as_str()), ("Karen Østergård", "Familien er flyttet"));
        refused(world.service.accept_import(&karen, id, "igen", &|_| {}).await, RefusalCode::NotFound);
        assert!(world.import(&without_one()).await.held.is_none(), "the same file again changes nothing");
        world.is_whole(test).await;
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn a_no_changes_nothing_and_ends_the_waiting() {
    on_both(async |test| {
        let (world, karen) = school(test).await;
        let revision = world.revision(world.institution).await;
        let id = world.held(&karen).await;
        world.service.reject_import(&karen, id, "").await.unwrap();
        assert_eq!(world.entries(&karen).await[0].state, ImportState::Rejected);
        assert_eq!((world.revision(world.institution).await, world.has_krog().await), (revision, true));
        refused(world.service.held_import(&karen, id).await, RefusalCode::NotFound);
        refused(world.service.accept_import(&karen, id, "alligevel", &|_| {}).await, RefusalCode::NotFound);
        world.is_whole(test).await;
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn only_who_may_import_at_this_school_sees_and_answers() {
    on_both(async |test| {
        let (world, karen) = school(test).await;
        let id = world.held(&karen).await;
        let wrong_role =
            Actor { capacities: vec![Capacity::TestAdministration, Capacity::Leadership], ..karen.clone() };
        let elsewhere = Actor { institution: InstitutionId(Uuid::from_u128(0x0E)), ..karen.clone() };
        for (actor, code) in [(&wrong_role, RefusalCode::NotAllowed), (&elsewhere, RefusalCode::NotFound)] {
            refused(world.service.imports(actor, 1).await, code);
            refused(world.service.held_import(actor, id).await, code);
            refused(world.service.accept_import(actor, id, "r", &|_| {}).await, code);
            refused(world.service.reject_import(actor, id, "r").await, code);
        }
        let unknown = ImportId(Uuid::from_u128(7));
        refused(world.service.held_import(&karen, unknown).await, RefusalCode::NotFound);
        assert_eq!(world.entries(&karen).await[0].state, ImportState::Held);
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn what_waits_gives_way_to_a_later_file_and_to_time() {
    on_both(async |test| {
        let (world, karen) = school(test).await;
        let first = world.held(&karen).await;
        let second = world.held(&karen).await;
        refused(world.service.held_import(&karen, first).await, RefusalCode::NotFound);
        let states = |entries: Vec<ImportEntry>| entries.iter().map(|entry| entry.state).collect::<Vec<_>>();
        use ImportState::{Applied, Held, LaidAside};
        assert_eq!(states(world.entries(&karen).await), [Held, LaidAside, Applied]);
        world.clock.set(noon("2026-11-29"));
        refused(world.service.held_import(&karen, second).await, RefusalCode::NotFound);
        assert_eq!(states(world.entries(&karen).await), [LaidAside, LaidAside, Applied]);
        assert_eq!(world.service.lay_aside_old_imports().await.unwrap(), 1);
        assert_eq!(world.service.lay_aside_old_imports().await.unwrap(), 0);
        let third = world.held(&karen).await;
        world.import(&Bundle::school()).await;
        refused(world.service.held_import(&karen, third).await, RefusalCode::NotFound);
        world.is_whole(test).await;
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn files_with_errors_are_noted_where_they_were_sent_for_good() {
    on_both(async |test| {
        let (world, karen) = school(test).await;
        let target = Target::Institution(world.institution);
        let broken = Source::Bytes(b"PK and nothing more".to_vec());
        let silent = ImportOptions { note_looks: false, ..LOOK };
        for (options, noted) in [(&silent, 1), (&LOOK, 2), (&ImportOptions::default(), 3)] {
            let sent = world.service.import_bundle(&karen, target, broken.clone(), options, Arc::new(|_| {})).await;
            assert_eq!(sent.unwrap().report.errors.len(), 1);
            assert_eq!(world.entries(&karen).await.len(), noted);
        }
        let entry = &world.entries(&karen).await[0];
        assert_eq!((entry.state, entry.findings.errors[0].code.as_str()), (ImportState::Refused, "zip-broken"));
        world.is_whole(test).await;
    })
    .await
    .unwrap();
}

#[test]
fn what_waits_holds_what_would_be_recorded_and_nothing_else_of_the_files() {
    let staged = parse(&Source::Bytes(Bundle::school().zip()), &Limits::default(), &|_| {}).unwrap();
    let kept = staged.to_keep().unwrap();
    let holds = |text: &str| kept.windows(text.len()).any(|window| window == text.as_bytes());
    assert!(holds("Hammoud"));
    for left_out in ["secret", "a@b.example", "1234567890"] {
        assert!(!holds(left_out), "{left_out}");
    }
}
