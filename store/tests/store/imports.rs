//! The list of imports, and what the held ones and the latest applied one leave.

use crate::fixture::*;
use domain::SchoolYear;
use store::Error;
use store::import::{
    Decision, ImportRun, KnownSource, State, add_run, decide, held, held_before, keep_source, kept, lay_aside,
    reject_others, runs, sources,
};
use store::testing::{TestDb, on_both};
use uuid::Uuid;

fn run(number: u128, state: State, seconds: i64) -> ImportRun {
    ImportRun {
        id: id(number),
        file_name: format!("{number}.zip"),
        state,
        author: teacher(1),
        author_name: "Ada Lund".into(),
        started: after(seconds),
        finished: (state == State::Applied).then(|| after(seconds)),
        counts: "{}".into(),
        findings: "{}".into(),
        held_reason: (state == State::Held).then(|| "much".into()),
        decision: None,
    }
}

fn answer(reason: &str) -> Decision {
    Decision { at: after(100), by: teacher(2), by_name: "Bo Lund".into(), reason: reason.into() }
}

async fn add(test: &TestDb, run: &ImportRun, payload: &[u8]) {
    store::write!(test.db, async |tx| { add_run(tx, SCHOOL, run, Some(payload)).await }).unwrap();
}

/// File names and states, newest first, and whether something is kept of each.
async fn listed(test: &TestDb) -> Vec<(String, State, bool)> {
    let mut read = test.db.read().await.unwrap();
    assert!(runs(&mut read, OTHER_SCHOOL, 10).await.unwrap().is_empty());
    let all = runs(&mut read, SCHOOL, 10).await.unwrap();
    all.into_iter().map(|listed| (listed.run.file_name, listed.run.state, listed.is_kept)).collect()
}

async fn waiting(test: &TestDb, number: u128) -> Option<(String, Vec<u8>)> {
    held(&mut test.db.read().await.unwrap(), SCHOOL, id(number), NOW).await.unwrap()
}

#[tokio::test]
async fn a_run_reads_back_as_it_was_added() {
    on_both(async |test| {
        fill(&test.db).await;
        let all = [run(60, State::Refused, 0), run(61, State::Applied, 1), run(62, State::Held, 2)];
        for one in &all {
            add(test, one, b"payload").await;
        }
        let mut read = test.db.read().await.unwrap();
        let newest = runs(&mut read, SCHOOL, 2).await.unwrap();
        let found: Vec<ImportRun> = newest.into_iter().map(|listed| listed.run).collect();
        assert_eq!(found, [all[2].clone(), all[1].clone()]);
        drop(read);
        test.tamper("UPDATE import_run SET file_name = 'x' WHERE file_name = '60.zip'").await.unwrap();
        assert_eq!(listed(test).await[2].0, "x");
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn one_answer_counts_and_what_waited_goes_with_it() {
    on_both(async |test| {
        fill(&test.db).await;
        add(test, &run(60, State::Applied, 0), b"before").await;
        add(test, &run(61, State::Held, 1), b"waiting").await;
        assert_eq!(waiting(test, 61).await, Some(("61.zip".into(), b"waiting".to_vec())));
        let mut read = test.db.read().await.unwrap();
        assert_eq!(held(&mut read, OTHER_SCHOOL, id(61), NOW).await.unwrap(), None, "another school's");
        assert_eq!(held(&mut read, SCHOOL, id(61), after(2)).await.unwrap(), None, "too old");
        drop(read);
        let yes: Result<[bool; 2], Error> = store::write!(test.db, async |tx| {
            let applied = Some(("{\"people\":1}", Some(b"after".as_slice())));
            let first = decide(tx, SCHOOL, id(61), &answer("right"), applied).await?;
            Ok([first, decide(tx, SCHOOL, id(61), &answer("wrong"), None).await?])
        });
        assert_eq!(yes.unwrap(), [true, false]);
        let mut read = test.db.read().await.unwrap();
        assert_eq!(kept(&mut read, SCHOOL).await.unwrap(), Some(b"after".to_vec()));
        let decided = runs(&mut read, SCHOOL, 1).await.unwrap().remove(0).run;
        assert_eq!((decided.state, decided.counts.as_str()), (State::Applied, "{\"people\":1}"));
        assert_eq!((decided.decision, decided.finished), (Some(answer("right")), Some(after(100))));
        drop(read);
        assert_eq!(waiting(test, 61).await, None);
        let states = [("61.zip".to_owned(), State::Applied, true), ("60.zip".to_owned(), State::Applied, false)];
        assert_eq!(listed(test).await, states);
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn a_no_keeps_nothing_but_the_answer() {
    on_both(async |test| {
        fill(&test.db).await;
        add(test, &run(60, State::Applied, 0), b"before").await;
        add(test, &run(61, State::Held, 1), b"waiting").await;
        let no: Result<bool, Error> =
            store::write!(test.db, async |tx| { decide(tx, SCHOOL, id(61), &answer("wrong file"), None).await });
        assert!(no.unwrap());
        let states = [("61.zip".to_owned(), State::Rejected, false), ("60.zip".to_owned(), State::Applied, true)];
        assert_eq!(listed(test).await, states);
        let mut read = test.db.read().await.unwrap();
        let rejected = runs(&mut read, SCHOOL, 1).await.unwrap().remove(0).run;
        assert_eq!((rejected.finished, rejected.counts.as_str()), (None, "{}"));
        assert_eq!(rejected.decision, Some(answer("wrong file")));
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn what_waits_is_laid_aside_by_a_later_one_or_by_time() {
    on_both(async |test| {
        fill(&test.db).await;
        for (number, seconds) in [(60, 0), (61, 1), (62, 2)] {
            add(test, &run(number, State::Held, seconds), b"waiting").await;
        }
        let mut read = test.db.read().await.unwrap();
        let old = held_before(&mut read, after(2)).await.unwrap();
        let expected: Vec<(_, Uuid)> = vec![(SCHOOL, id(60)), (SCHOOL, id(61))];
        assert_eq!(old, expected);
        drop(read);
        let done: Result<[bool; 2], Error> = store::write!(test.db, async |tx| {
            let first = lay_aside(tx, SCHOOL, id(60)).await?;
            let again = lay_aside(tx, SCHOOL, id(60)).await?;
            reject_others(tx, SCHOOL, id(62)).await?;
            Ok([first, again])
        });
        assert_eq!(done.unwrap(), [true, false]);
        let states: Vec<(State, bool)> = listed(test).await.into_iter().map(|(_, state, kept)| (state, kept)).collect();
        assert_eq!(states, [(State::Held, true), (State::Rejected, false), (State::Rejected, false)]);
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn a_document_takes_the_place_of_an_older_one_of_its_source_alone() {
    on_both(async |test| {
        fill(&test.db).await;
        let source = |name: &str, at: i64, year: i16| {
            let (source, year) = (name.to_owned(), Some(SchoolYear(year)));
            KnownSource { source, at: after(at), year, applied: after(at + 100) }
        };
        let keep = async |school, source: &KnownSource| -> bool {
            let kept: Result<bool, Error> =
                store::write!(test.db, async |tx| { keep_source(tx, school, source).await });
            kept.unwrap()
        };
        assert!(keep(SCHOOL, &source("export", 10, 2026)).await);
        assert!(!keep(SCHOOL, &source("export", 10, 2027)).await, "as new");
        assert!(!keep(SCHOOL, &source("export", 9, 2027)).await, "older");
        let (later, beside) = (source("export", 11, 2027), source("import x", 5, 2026));
        assert!(keep(SCHOOL, &later).await && keep(SCHOOL, &beside).await);
        assert!(keep(OTHER_SCHOOL, &source("export", 1, 2025)).await, "each school has its own");
        let all = async || sources(&mut test.db.read().await.unwrap(), SCHOOL).await;
        assert_eq!(all().await.unwrap(), [later, beside]);
        test.tamper("UPDATE import_source SET school_year = 70000").await.unwrap();
        assert!(matches!(all().await, Err(Error::Contradiction { .. })));
    })
    .await
    .unwrap();
}
