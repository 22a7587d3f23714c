//! The chain as a whole: untouched, rolled back, written anew, erased, written by many.

use crate::school::*;
use domain::Effect;
use service::audit::{Action, Checkpoint, CheckpointError, Entry, Finding, Report, Table, append, verify};
use service::secrets::{Key, KeyRing};
use std::collections::BTreeMap;
use store::Db;
use store::testing::TestDb;

#[tokio::test]
async fn an_untouched_database_has_no_findings() {
    on_filled(async |test| {
        let points = [checkpoint(test).await];
        let report = report(test, &points).await;
        assert_eq!(report, Report { chains: 2, entries: 7, erased: 0, findings: vec![] });
    })
    .await;
}

/// Whoever cuts off the tail, mends the head and takes the rows away too leaves nothing to see in
/// the database itself: that is what checkpoints are kept elsewhere for.
#[tokio::test]
async fn a_rollback_is_seen_with_a_checkpoint() {
    on_filled(async |test| {
        let points = [checkpoint(test).await];
        cut_the_tail(test).await;
        assert_eq!(report(test, &[]).await.findings, []);
        let rolled_back = Finding::RolledBack { chain: SCHOOL.0, last: 5, known: 6, at: NOW };
        assert_eq!(report(test, &points).await.findings, [rolled_back]);
        test.tamper("DELETE FROM audit_entry; DELETE FROM audit_personal; DELETE FROM audit_head").await.unwrap();
        let findings = report(test, &points).await.findings;
        assert!(
            findings.contains(&Finding::RolledBack { chain: SCHOOL.0, last: 0, known: 6, at: NOW }),
            "{findings:?}"
        );
        assert!(
            findings.contains(&Finding::RolledBack { chain: AUTHORITY.0, last: 0, known: 1, at: NOW }),
            "{findings:?}"
        );
    })
    .await;
}

/// With the key in hand a chain can be written anew; a checkpoint knows the old one.
#[tokio::test]
async fn history_written_anew_is_seen_with_a_checkpoint() {
    on_filled(async |test| {
        let true_past = [checkpoint(test).await];
        cut_the_tail(test).await;
        store::write!(test.db, async |tx| {
            let entry = Entry::new(Action::DecisionsTakenBack, &actor()).object("change_set", 3);
            append(tx, &env(), &keys(), &entry).await
        })
        .unwrap();
        assert_eq!(report(test, &[]).await.findings, []);
        let rewritten = Finding::Rewritten { chain: SCHOOL.0, number: 6, at: NOW };
        assert_eq!(report(test, &true_past).await.findings, [rewritten]);
    })
    .await;
}

#[tokio::test]
async fn an_older_file_put_back_is_seen_with_a_checkpoint() {
    let test = TestDb::sqlite().await.unwrap();
    fill(&test.db, &keys()).await;
    test.db.close().await;
    let file = test.db.file().unwrap().to_owned();
    let old = std::fs::read(&file).unwrap();
    let db = Db::open(&test.url).await.unwrap();
    store::write!(db, async |tx| { change_set(tx, &keys(), 4, None, &[Effect::Give]).await }).unwrap();
    let points = [Checkpoint::take(&mut db.read().await.unwrap(), &keys(), NOW).await.unwrap()];
    assert_eq!(verify(&db, &keys(), &points).await.unwrap().findings, []);
    db.close().await;
    std::fs::write(&file, old).unwrap();
    let db = Db::open(&test.url).await.unwrap();
    let rolled_back = Finding::RolledBack { chain: SCHOOL.0, last: 6, known: 7, at: NOW };
    assert_eq!(verify(&db, &keys(), &points).await.unwrap().findings, [rolled_back]);
}

#[tokio::test]
async fn erasing_names_keeps_the_chain_whole() {
    on_filled(async |test| {
        let erased = store::write!(test.db, async |tx| {
            let once = store::audit::erase_personal(tx, SCHOOL.0, 4).await?;
            Ok::<_, store::Error>([once, store::audit::erase_personal(tx, SCHOOL.0, 4).await?])
        });
        assert_eq!(erased.unwrap(), [true, false]);
        let report = report(test, &[]).await;
        assert_eq!((report.erased, report.findings), (1, vec![]));
    })
    .await;
}

#[tokio::test]
async fn no_name_stands_in_the_chain_itself() {
    on_filled(async |test| {
        let rows = store::audit::entries(&mut test.db.read().await.unwrap(), SCHOOL.0, 0, 100).await.unwrap();
        assert_eq!(rows.len(), 6);
        for row in rows {
            let text = format!("{}{}{}", row.actor, row.object, row.body);
            assert!(!text.contains("Lund") && !text.contains("skoleår"), "{text}");
            assert!(row.actor.contains("session"), "{text}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_new_key_follows_an_old_one_and_a_wrong_one_opens_nothing() {
    on_filled(async |test| {
        let rotated = KeyRing::from_keys(BTreeMap::from([(1, Key::new([7; 64])), (2, Key::new([9; 64]))])).unwrap();
        store::write!(test.db, async |tx| { change_set(tx, &rotated, 4, None, &[Effect::Give]).await }).unwrap();
        assert_eq!(verify(&test.db, &rotated, &[]).await.unwrap().findings, []);
        let old = verify(&test.db, &keys(), &[]).await.unwrap().findings;
        assert!(old.contains(&Finding::KeyUnknown { chain: SCHOOL.0, number: 7 }), "{old:?}");
        let wrong = verify(&test.db, &KeyRing::of(Key::new([8; 64])), &[]).await.unwrap().findings;
        let altered = wrong.iter().filter(|finding| matches!(finding, Finding::EntryAltered { .. })).count();
        assert_eq!(altered, 7, "all entries of key 1");
    })
    .await;
}

#[tokio::test]
async fn a_checkpoint_that_is_not_ours_is_refused() {
    let test = TestDb::sqlite().await.unwrap();
    fill(&test.db, &keys()).await;
    let line = checkpoint(&test).await.line();
    let read = |text: &str| Checkpoint::read_all(text, &keys());
    assert_eq!(read(&format!("{line}\n\n{line}\n")).unwrap().len(), 2);
    assert_eq!(read("").unwrap(), []);
    assert_eq!(read(&format!("{line}\nhello")), Err(CheckpointError::Malformed(2)));
    for forged in [line.replace("\"number\":6", "\"number\":5"), line.replace("1795000000000000", "1795000000000001")] {
        assert_ne!(forged, line);
        assert_eq!(read(&forged), Err(CheckpointError::Forged(1)));
    }
    assert_eq!(Checkpoint::read_all(&line, &KeyRing::of(Key::new([8; 64]))), Err(CheckpointError::Forged(1)));
}

#[tokio::test]
async fn entries_of_many_writers_have_no_gaps() {
    on_filled(async |test| {
        let writers: Vec<_> = (0..20)
            .map(|_| {
                let db = test.db.clone();
                tokio::spawn(async move {
                    store::write!(db, async |tx| {
                        append(tx, &env(), &keys(), &Entry::new(Action::ImportHeld, &actor())).await
                    })
                })
            })
            .collect();
        let mut numbers = Vec::new();
        for writer in writers {
            numbers.push(writer.await.unwrap().unwrap());
        }
        numbers.sort_unstable();
        assert_eq!(numbers, (7..=26).collect::<Vec<i64>>());
        assert_eq!(report(test, &[]).await.findings, []);
    })
    .await;
}

#[test]
fn findings_are_plain_sentences() {
    let chain = SCHOOL.0;
    let one = Finding::EntriesMissing { chain, from: 3, to: 3 }.to_string();
    assert!(one.ends_with("entry 3 is missing"), "{one}");
    let some = Finding::EntriesMissing { chain, from: 3, to: 4 }.to_string();
    assert!(some.ends_with("entries 3 to 4 are missing"), "{some}");
    let row = Finding::RowUnknown { institution: SCHOOL, table: Table::Decision, row: "1/0".into() }.to_string();
    assert!(row.ends_with("decision 1/0 was written past the log"), "{row}");
}
