//! Each harm to a row, and how it is named.

use crate::school::*;
use service::audit::{Finding, Table};
use uuid::Uuid;

/// Each harm on a fresh database; all of it must be named, and nothing else.
#[tokio::test]
async fn each_harm_is_named() {
    let chain = SCHOOL.0;
    let altered = |number| Finding::EntryAltered { chain, number };
    let missing = |from, to| Finding::EntriesMissing { chain, from, to };
    let row = |table, row: &str| (SCHOOL, table, row.to_owned());
    let differs = |table, key: &str| {
        let (institution, table, row) = row(table, key);
        Finding::RowDiffers { institution, table, row }
    };
    let unknown = |table, key: &str| {
        let (institution, table, row) = row(table, key);
        Finding::RowUnknown { institution, table, row }
    };
    let lost = |table, key: &str| {
        let (institution, table, row) = row(table, key);
        Finding::RowMissing { institution, table, row }
    };
    let (account, right) = (ACCOUNT.to_string(), RIGHT.to_string());
    let table: Vec<(&str, Vec<Finding>)> = vec![
        // Edits of an entry.
        (
            "UPDATE audit_entry SET recorded = recorded + 1 WHERE number = 6",
            vec![altered(6), unknown(Table::ChangeSet, "3")],
        ),
        (
            "UPDATE audit_entry SET action = 'x' WHERE number = 1 AND action = 'account.create'",
            vec![altered(1), unknown(Table::Account, &account)],
        ),
        ("UPDATE audit_entry SET object = 'x' WHERE number = 6", vec![altered(6), unknown(Table::ChangeSet, "3")]),
        ("UPDATE audit_entry SET actor = '{}' WHERE number = 6", vec![altered(6), unknown(Table::ChangeSet, "3")]),
        ("UPDATE audit_entry SET body = '{}' WHERE number = 6", vec![altered(6), unknown(Table::ChangeSet, "3")]),
        (
            "UPDATE audit_entry SET previous = (SELECT mac FROM audit_entry WHERE number = 6) WHERE number = 5",
            vec![altered(5), unknown(Table::Decision, "2/0"), unknown(Table::ChangeSet, "2")],
        ),
        (
            "UPDATE audit_entry SET key_id = '2' WHERE number = 6",
            vec![Finding::KeyUnknown { chain, number: 6 }, unknown(Table::ChangeSet, "3")],
        ),
        // Deletions.
        (
            "DELETE FROM audit_entry WHERE number = 5",
            vec![missing(5, 5), unknown(Table::Decision, "2/0"), unknown(Table::ChangeSet, "2")],
        ),
        (
            "DELETE FROM audit_entry WHERE number IN (1, 2) AND action <> 'institution.create'",
            vec![
                missing(1, 2),
                unknown(Table::StaffRight, &right),
                unknown(Table::StaffRight, &Uuid::from_u128(0xB2).to_string()),
                unknown(Table::Account, &account),
            ],
        ),
        // Swaps.
        (
            "UPDATE audit_entry SET number = 99 WHERE number = 5; UPDATE audit_entry SET number = 5 WHERE number = 6; \
             UPDATE audit_entry SET number = 6 WHERE number = 99; \
             UPDATE audit_personal SET number = 99 WHERE number = 5; \
             UPDATE audit_personal SET number = 5 WHERE number = 6; \
             UPDATE audit_personal SET number = 6 WHERE number = 99; \
             UPDATE audit_head SET mac = (SELECT mac FROM audit_entry WHERE number = 6) WHERE number = 6",
            vec![
                Finding::EntriesSwapped { chain, number: 5, with: 6 },
                unknown(Table::Decision, "2/0"),
                unknown(Table::ChangeSet, "2"),
                unknown(Table::ChangeSet, "3"),
            ],
        ),
        // A cut tail.
        (
            "DELETE FROM audit_entry WHERE number = 6",
            vec![Finding::TailCut { chain, last: 5, head: 6 }, unknown(Table::ChangeSet, "3")],
        ),
        // Names and reasons.
        (
            "UPDATE audit_personal SET body = '{}' WHERE number = 1 AND EXISTS (SELECT 1 FROM audit_entry e \
          WHERE e.institution_id = audit_personal.institution_id AND e.action = 'account.create')",
            vec![Finding::PersonalAltered { chain, number: 1 }],
        ),
        // Decisions.
        (
            "UPDATE decision SET effect = 'give' WHERE change_set = 1 AND position = 1",
            vec![differs(Table::Decision, "1/1")],
        ),
        (
            "UPDATE decision SET valid_until = valid_from WHERE change_set = 1 AND position = 0",
            vec![differs(Table::Decision, "1/0")],
        ),
        (
            "UPDATE decision SET tests_kind = 'subject', tests_code = 'dansk' WHERE change_set = 2",
            vec![differs(Table::Decision, "2/0")],
        ),
        ("DELETE FROM decision WHERE change_set = 1 AND position = 1", vec![lost(Table::Decision, "1/1")]),
        (
            "INSERT INTO decision SELECT institution_id, change_set, 9, teacher_id, scope_kind, scope_level, scope_id, \
          tests_kind, tests_code, effect, valid_from, valid_until FROM decision WHERE change_set = 2",
            vec![unknown(Table::Decision, "2/9")],
        ),
        (
            "UPDATE decision SET scope_kind = 'level', scope_level = '99' WHERE change_set = 2",
            vec![differs(Table::Decision, "2/0")],
        ),
        // Change sets.
        ("UPDATE change_set SET takes_back_positions = NULL WHERE number = 3", vec![differs(Table::ChangeSet, "3")]),
        ("UPDATE change_set SET takes_back = 1 WHERE number = 3", vec![differs(Table::ChangeSet, "3")]),
        ("UPDATE change_set SET recorded = recorded + 1 WHERE number = 1", vec![differs(Table::ChangeSet, "1")]),
        ("UPDATE change_set SET revision = 9 WHERE number = 1", vec![differs(Table::ChangeSet, "1")]),
        ("UPDATE change_set SET own_right = TRUE WHERE number = 1", vec![differs(Table::ChangeSet, "1")]),
        ("UPDATE change_set SET reason = 'another' WHERE number = 1", vec![differs(Table::ChangeSet, "1")]),
        ("UPDATE change_set SET author_name = 'Bo Lund' WHERE number = 1", vec![differs(Table::ChangeSet, "1")]),
        ("UPDATE change_set SET author_name = '' WHERE number = 1", vec![differs(Table::ChangeSet, "1")]),
        ("UPDATE change_set SET via = 'operator_as' WHERE number = 1", vec![differs(Table::ChangeSet, "1")]),
        (
            "UPDATE change_set SET author_id = (SELECT id FROM person WHERE given = 'Bo') WHERE number = 1",
            vec![differs(Table::ChangeSet, "1")],
        ),
        ("DELETE FROM change_set WHERE number = 3", vec![lost(Table::ChangeSet, "3")]),
        // Staff rights.
        (
            "UPDATE staff_right SET granted = TRUE WHERE granted = FALSE",
            vec![differs(Table::StaffRight, &Uuid::from_u128(0xB3).to_string())],
        ),
        (
            "UPDATE staff_right SET recorded_until = recorded_until + 1 WHERE recorded_until IS NOT \
          NULL",
            vec![differs(Table::StaffRight, &right)],
        ),
        (
            "UPDATE staff_right SET author_id = (SELECT id FROM person WHERE given = 'Bo') \
             WHERE recorded_until IS NOT NULL",
            vec![differs(Table::StaffRight, &right)],
        ),
        (
            "UPDATE staff_right SET author_name = '', author_id = institution_id WHERE recorded_until IS NOT NULL",
            vec![differs(Table::StaffRight, &right)],
        ),
        (
            "UPDATE staff_right SET author_name = 'Bo Lund' WHERE recorded_until IS NOT NULL",
            vec![differs(Table::StaffRight, &right)],
        ),
        ("DELETE FROM staff_right WHERE recorded_until IS NOT NULL", vec![lost(Table::StaffRight, &right)]),
        // Accounts.
        ("UPDATE account SET role = 'principal'", vec![differs(Table::Account, &account)]),
        ("UPDATE account SET deactivated = 1", vec![differs(Table::Account, &account)]),
        ("UPDATE account SET user_name = '1002-751001'", vec![differs(Table::Account, &account)]),
        ("DELETE FROM account", vec![lost(Table::Account, &account)]),
    ];
    for (harm, expected) in table {
        on_filled(async |test| {
            test.tamper(harm).await.unwrap();
            assert_eq!(report(test, &[]).await.findings, expected, "{harm}");
        })
        .await;
    }
}

/// The system gives rights by itself, in entries of others; what somebody gave is not the system's.
#[tokio::test]
async fn a_right_is_not_made_the_systems() {
    on_filled(async |test| {
        let nil = if test.db.file().is_some() { "zeroblob(16)" } else { "'00000000-0000-0000-0000-000000000000'" };
        let harm =
            format!("UPDATE staff_right SET author_name = '', author_id = {nil} WHERE recorded_until IS NOT NULL");
        test.tamper(&harm).await.unwrap();
        let (institution, row) = (SCHOOL, RIGHT.to_string());
        let differs = Finding::RowDiffers { institution, table: Table::StaffRight, row };
        assert_eq!(report(test, &[]).await.findings, [differs]);
    })
    .await;
}

/// Whose words were erased is compared by id alone: the name in the row is erased too.
#[tokio::test]
async fn an_erased_authors_name_is_no_finding() {
    on_filled(async |test| {
        let erase = "DELETE FROM audit_personal; UPDATE change_set SET author_name = 'Slettet person'; \
                     UPDATE staff_right SET author_name = 'Slettet person'";
        test.tamper(erase).await.unwrap();
        assert_eq!(report(test, &[]).await.findings, []);
        test.tamper("UPDATE change_set SET author_id = institution_id WHERE number = 1").await.unwrap();
        let (institution, row) = (SCHOOL, "1".to_owned());
        let differs = Finding::RowDiffers { institution, table: Table::ChangeSet, row };
        assert_eq!(report(test, &[]).await.findings, [differs]);
    })
    .await;
}
