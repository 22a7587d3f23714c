//! What is recorded: letters without what is in them, and rows that the log tells of.

use crate::world::*;
use domain::exchange::accounts::Doer;
use service::audit::{Finding, Table};

#[tokio::test]
async fn a_letter_is_printed_once_by_whoever_issued_it() {
    on_worlds(async |world, _| {
        let (administrator, teacher) = (world.administrator(), world.id(AccountRole::Teacher));
        world.set_day("2026-11-19");
        let letter = world.service.reissue(&administrator, teacher, Anew::Password, Language::Da).await.unwrap();
        let note = async || world.line(&administrator, teacher).await.letter.expect("a letter");
        assert_eq!((note().await.issued_by, note().await.printed), (Doer::Person("Karen Øster".to_owned()), None));
        let first = world.line(&administrator, world.id(AccountRole::Leader)).await.letter;
        assert_eq!(first.map(|note| note.issued_by), Some(Doer::Operator), "nobody's name");
        for actor in [world.principal(), world.actor_at(SISTER, AccountRole::TestAdministrator)] {
            assert_eq!(world.service.letters_printed(&actor, &[letter.id]).await.unwrap(), 0);
        }
        let entries = world.entries().await;
        assert_eq!(world.service.letters_printed(&administrator, &[letter.id, Uuid::nil()]).await.unwrap(), 1);
        assert_eq!(note().await.printed, Some((world.service.env().now(), "Karen Øster".to_owned())));
        assert_eq!(world.service.letters_printed(&administrator, &[letter.id]).await.unwrap(), 0);
        assert_eq!(world.entries().await - entries, 1);
        world.verified().await;
    })
    .await;
}

#[tokio::test]
async fn nothing_of_a_letter_stands_in_the_database() {
    let test = TestDb::sqlite().await.unwrap();
    let world = world(&test).await;
    let principal = world.principal();
    let letter = world
        .service
        .reissue(&principal, world.id(AccountRole::TestAdministrator), Anew::Both, Language::Da)
        .await
        .unwrap();
    world.db.close().await;
    let bytes = std::fs::read(test.db.file().unwrap()).unwrap();
    let holds = |needle: &str| bytes.windows(needle.len()).any(|window| window == needle.as_bytes());
    assert!(holds(&letter.user_name), "the file is read as it is");
    assert!(holds(letter.serial.as_deref().expect("a serial")), "the serial is no secret");
    assert!(!holds(letter.password.as_ref().expect("a password")));
    // Cells are two letters, which any file holds; three in a row, as they are answered, are not.
    let matrix = letter.matrix.as_ref().expect("a matrix");
    let cells: Vec<String> = matrix.cells().map(|(_, cell)| cell.to_string()).collect();
    assert!(!cells.windows(4).any(|row| holds(&row.concat())));
}

#[tokio::test]
async fn what_is_done_to_accounts_past_the_log_is_found() {
    let harms = [
        "UPDATE account SET active_until = active_until + 1 WHERE user_name = '1004-280101'",
        "UPDATE account SET deactivated = NULL WHERE user_name = '1004-280101'",
        "UPDATE account SET deleted = 1 WHERE user_name = '1004-280101'",
        "UPDATE account SET role = 'principal' WHERE user_name = '1004-280101'",
        "DELETE FROM account_subject",
        "UPDATE account SET deactivated = 1 WHERE user_name = '1001-851'",
    ];
    for harm in harms {
        on_worlds(async |world, test| {
            let administrator = world.administrator();
            let teacher = world.id(AccountRole::Teacher);
            let change = AccountChange { names: None, email: None, subjects: Some(vec!["matematik".to_owned()]) };
            world.service.change_account(&administrator, teacher, &change).await.unwrap();
            world.service.deactivate_account(&administrator, teacher).await.unwrap();
            world.verified().await;
            test.tamper(harm).await.unwrap();
            let findings = world.service.verify_audit(&[]).await.unwrap().findings;
            assert!(
                matches!(findings.as_slice(), [Finding::RowDiffers { table: Table::Account, .. }]),
                "{harm}: {findings:?}"
            );
        })
        .await;
    }
}

#[tokio::test]
async fn what_an_authority_does_stands_in_the_schools_log() {
    on_worlds(async |world, test| {
        let principal = world.id(AccountRole::Principal);
        world.service.deactivate_account(&world.authority(), principal).await.unwrap();
        let mut read = test.db.read().await.unwrap();
        let entries = store::audit::entries(&mut read, world.at(HERE).0, 0, 1_000).await.unwrap();
        let last = entries.last().unwrap();
        assert_eq!((last.action.as_str(), last.object.clone()), ("account.deactivate", format!("account {principal}")));
        assert!(last.actor.contains("appointment"), "{}", last.actor);
    })
    .await;
}
