//! What the rule reads: revision, roster, record.

use crate::fixture::*;
use domain::draft::{ScopeId, TestsId};
use domain::{
    ChangeSetIx, Effect, GroupIx, Instant, InstitutionId, Level, PupilIx, Roster, Scope, Selector, TakingBack,
    TeacherIx, TestIx, Window,
};
use store::record::{NewChangeSet, StoredDecision};
use store::testing::on_both;
use store::{Db, Error, record, revision, roster};
use uuid::Uuid;

fn set(revision: i64, takes_back: Option<&TakingBack>) -> NewChangeSet<'_> {
    NewChangeSet {
        revision,
        recorded: after(revision),
        author: teacher(1),
        author_name: "Ada Lund",
        via: "session",
        reason: "Nyt skoleår",
        takes_back,
        own_right: false,
    }
}

fn give(teacher_id: domain::PersonId, scope: ScopeId, tests: TestsId) -> StoredDecision {
    let valid = Window::between(NOW, after(1000));
    StoredDecision { change_set: 0, position: 0, teacher: teacher_id, scope, tests, effect: Effect::Give, valid }
}

async fn apply(db: &Db, takes_back: Option<&TakingBack>, decisions: &[StoredDecision]) -> u32 {
    store::write!(db, async |tx| {
        let revision = revision::raise(tx, SCHOOL).await?.unwrap();
        record::append(tx, SCHOOL, &set(revision, takes_back), decisions).await
    })
    .unwrap()
}

async fn load(db: &Db) -> Roster {
    let mut read = db.read().await.unwrap();
    roster::load(&mut read, SCHOOL, &subjects(), &tests()).await.unwrap().unwrap()
}

#[tokio::test]
async fn the_revision_rises_by_one_for_each_of_many_writers() {
    on_both(async |test| {
        fill(&test.db).await;
        let writers: Vec<_> = (0..20)
            .map(|_| {
                let db = test.db.clone();
                tokio::spawn(async move { store::write!(db, async |tx| { revision::raise(tx, SCHOOL).await }) })
            })
            .collect();
        let mut seen = Vec::new();
        for writer in writers {
            seen.push(writer.await.unwrap().unwrap().unwrap());
        }
        seen.sort_unstable();
        assert_eq!(seen, (1..=20).collect::<Vec<i64>>());
        let mut read = test.db.read().await.unwrap();
        assert_eq!(revision::current(&mut read, SCHOOL).await.unwrap(), Some(20));
        assert_eq!(revision::current(&mut read, OTHER_SCHOOL).await.unwrap(), Some(0));
        assert_eq!(revision::current(&mut read, InstitutionId(Uuid::nil())).await.unwrap(), None);
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn a_failed_write_leaves_nothing_and_a_read_sees_one_instant() {
    on_both(async |test| {
        fill(&test.db).await;
        let failed: Result<(), Error> = store::write!(test.db, async |tx| {
            revision::raise(tx, SCHOOL).await?;
            Err(Error::Taken)
        });
        assert!(matches!(failed, Err(Error::Taken)));
        let mut read = test.db.read().await.unwrap();
        assert_eq!(revision::current(&mut read, SCHOOL).await.unwrap(), Some(0));
        store::write!(test.db, async |tx| { revision::raise(tx, SCHOOL).await }).unwrap();
        assert_eq!(revision::current(&mut read, SCHOOL).await.unwrap(), Some(0), "the same snapshot");
        let mut later = test.db.read().await.unwrap();
        assert_eq!(revision::current(&mut later, SCHOOL).await.unwrap(), Some(1));
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn the_roster_holds_everyone_the_rule_reads() {
    on_both(async |test| {
        fill(&test.db).await;
        store::write!(test.db, async |tx| { store::alias::give(tx, SCHOOL, &[pupil(2)]).await }).unwrap();
        let roster = load(&test.db).await;
        assert_eq!(roster.teachers.iter().map(|p| p.id).collect::<Vec<_>>(), [teacher(1)], "no other staff");
        assert_eq!(roster.pupils.iter().map(|p| p.full_name()).collect::<Vec<_>>(), ["Ida Lund", "Beskyttet elev 1"]);
        assert!(roster.pupils[1].protected && roster.pupils[1].family.is_empty());
        assert_eq!(roster.groups[0].name, "4.A");
        assert_eq!(
            roster.memberships.iter().map(|f| f.what).collect::<Vec<_>>(),
            [(PupilIx(0), GroupIx(0)), (PupilIx(1), GroupIx(0))]
        );
        assert_eq!(roster.memberships[0].valid, Window::ALWAYS);
        assert_eq!(roster.memberships[0].recorded, Window::since(NOW));
        let levels: Vec<(PupilIx, Level)> = roster.levels.iter().map(|f| f.what).collect();
        assert_eq!(levels, [(PupilIx(0), "4".parse().unwrap())], "DT is no level");
        assert_eq!(roster.teaching.len(), 1);
        assert_eq!(roster.attendance.len(), 2);
        let mut read = test.db.read().await.unwrap();
        let nothing = roster::load(&mut read, InstitutionId(Uuid::nil()), &[], &[]).await.unwrap();
        assert!(nothing.is_none());
        let other = roster::load(&mut read, OTHER_SCHOOL, &[], &[]).await.unwrap().unwrap();
        assert!(other.teachers.is_empty() && other.pupils.is_empty() && other.groups.is_empty());
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn who_was_decided_about_is_in_the_roster_whatever_they_are() {
    on_both(async |test| {
        fill(&test.db).await;
        apply(&test.db, None, &[give(teacher(2), ScopeId::School, TestsId::All)]).await;
        let roster = load(&test.db).await;
        assert_eq!(roster.teachers.iter().map(|p| p.id).collect::<Vec<_>>(), [teacher(1), teacher(2)]);
        assert_eq!(roster.teaching.iter().map(|f| f.what).collect::<Vec<_>>(), [TeacherIx(0)], "and has no Teaching");
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn a_record_reads_back_as_it_was_appended() {
    on_both(async |test| {
        fill(&test.db).await;
        let first = [
            give(teacher(1), ScopeId::Group(CLASS), TestsId::Subject("dansk".into())),
            give(teacher(1), ScopeId::Pupil(pupil(2)), TestsId::Test("FP9".into())),
            StoredDecision {
                effect: Effect::Clear,
                valid: Window::since(after(5)),
                ..give(teacher(1), ScopeId::Level("4".parse().unwrap()), TestsId::All)
            },
        ];
        assert_eq!(apply(&test.db, None, &first).await, 1);
        let back = TakingBack { target: ChangeSetIx(0), positions: Some(vec![2, 0]) };
        assert_eq!(apply(&test.db, Some(&back), &[]).await, 2);
        let whole = TakingBack { target: ChangeSetIx(1), positions: None };
        assert_eq!(apply(&test.db, Some(&whole), &[]).await, 3);
        let roster = load(&test.db).await;
        let mut read = test.db.read().await.unwrap();
        let loaded = record::load(&mut read, &roster).await.unwrap();
        assert_eq!(loaded.left_out, 0);
        let sets = &loaded.record.change_sets;
        assert_eq!(sets.iter().map(|set| set.number).collect::<Vec<_>>(), [1, 2, 3]);
        assert_eq!((sets[0].recorded, sets[0].reason.as_str()), (after(1), "Nyt skoleår"));
        assert_eq!([&sets[0].takes_back, &sets[1].takes_back, &sets[2].takes_back], [&None, &Some(back), &Some(whole)]);
        let decisions = &loaded.record.decisions;
        assert_eq!(
            decisions.iter().map(|d| (d.change_set.0, d.position)).collect::<Vec<_>>(),
            [(0, 0), (0, 1), (0, 2)]
        );
        assert_eq!(
            (decisions[0].scope, decisions[0].tests),
            (Scope::Group(GroupIx(0)), Selector::Subject(domain::SubjectIx(0)))
        );
        assert_eq!((decisions[1].scope, decisions[1].tests), (Scope::Pupil(PupilIx(1)), Selector::Test(TestIx(1))));
        assert_eq!((decisions[2].effect, decisions[2].valid), (Effect::Clear, Window::since(after(5))));
        for (revision, count) in [(0, 0), (1, 1), (2, 2), (3, 3), (9, 3)] {
            assert_eq!(record::count_by(&mut read, SCHOOL, revision).await.unwrap(), count);
        }
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn a_test_that_the_catalogue_lost_is_counted_and_kept() {
    on_both(async |test| {
        fill(&test.db).await;
        let decisions = [
            give(teacher(1), ScopeId::School, TestsId::Test("gone".into())),
            give(teacher(1), ScopeId::School, TestsId::Test("D4".into())),
        ];
        apply(&test.db, None, &decisions).await;
        apply(&test.db, None, &[give(teacher(1), ScopeId::School, TestsId::Subject("gone".into()))]).await;
        let roster = load(&test.db).await;
        let mut read = test.db.read().await.unwrap();
        let loaded = record::load(&mut read, &roster).await.unwrap();
        assert_eq!((loaded.left_out, loaded.record.change_sets.len()), (2, 2), "numbers stay");
        assert_eq!(loaded.record.decisions.iter().map(|d| d.position).collect::<Vec<_>>(), [1]);
        assert_eq!(record::decisions_of(&mut read, SCHOOL).await.unwrap().len(), 3);
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn a_contradiction_names_table_column_and_row() {
    let harms = [
        ("UPDATE decision SET scope_kind = 'level'", ("decision", "scope_kind", "1/0")),
        (
            "UPDATE decision SET scope_kind = 'level', scope_level = '99', scope_id = NULL",
            ("decision", "scope_level", "1/0"),
        ),
        ("UPDATE change_set SET takes_back = 1", ("change_set", "takes_back", "0000000000000000000000000000005c/1")),
    ];
    for (harm, (table, column, row)) in harms {
        on_both(async |test| {
            fill(&test.db).await;
            apply(&test.db, None, &[give(teacher(1), ScopeId::Group(CLASS), TestsId::All)]).await;
            test.tamper(harm).await.unwrap();
            let roster = load(&test.db).await;
            let mut read = test.db.read().await.unwrap();
            match record::load(&mut read, &roster).await {
                Err(Error::Contradiction { table: t, column: c, row: r }) => {
                    assert_eq!((t, c, r.replace('-', "").as_str()), (table, column, row));
                }
                other => panic!("{harm}: {other:?}"),
            }
        })
        .await
        .unwrap();
    }
}

#[tokio::test]
async fn only_a_working_account_is_marked_as_one() {
    use domain::{AccountId, AccountRole};
    let harms = [
        ("UPDATE account SET created = created", true),
        ("UPDATE account SET deactivated = 1", false),
        ("UPDATE account SET active_until = active_from", false),
        ("UPDATE account SET active_from = active_from + 1", false),
        ("UPDATE account_password SET dead = TRUE", false),
        ("DELETE FROM account_password", false),
    ];
    for (harm, expected) in harms {
        on_both(async |test| {
            fill(&test.db).await;
            let account = AccountId(id(50));
            store::write!(test.db, async |tx| {
                let new = store::account::NewAccount {
                    id: account,
                    institution: SCHOOL,
                    number: 1001,
                    user_name: "1001-751001",
                    person: teacher(1),
                    role: AccountRole::Teacher,
                    created: NOW,
                    active_until: None,
                    email: None,
                };
                store::account::insert(tx, &new).await?;
                store::sign_in::set_password(tx, account, "$argon2id$", true, NOW).await
            })
            .unwrap();
            test.tamper(harm).await.unwrap();
            let working = store::staff::with_sign_in(&mut test.db.read().await.unwrap(), SCHOOL, NOW).await.unwrap();
            assert_eq!(working == [teacher(1)], expected, "{harm}");
        })
        .await
        .unwrap();
    }
}

#[tokio::test]
async fn facts_are_closed_and_stay_readable() {
    on_both(async |test| {
        fill(&test.db).await;
        store::write!(test.db, async |tx| {
            let at = store::import::Recording { institution: SCHOOL, now: after(10) };
            store::import::close(tx, at, store::import::Facts::Memberships, &[id(5)], &mut |_| {}).await
        })
        .unwrap();
        let roster = load(&test.db).await;
        assert_eq!(roster.memberships[0].recorded, Window::between(NOW, after(10)));
        assert_eq!(roster.memberships[1].recorded, Window::since(NOW));
        assert_eq!(roster.memberships[0].what, (PupilIx(0), GroupIx(0)));
        assert!(roster.memberships[0].is_known(after(9)) && !roster.memberships[0].is_known(Instant::DISTANT_FUTURE));
    })
    .await
    .unwrap();
}
