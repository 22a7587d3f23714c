//! Material: its chunks, what is left when it is taken back, and who opened what.

use crate::fixture::*;
use domain::material::SchoolForm;
use domain::{AccountId, AccountRole, MaterialId, PersonId};
use store::account::NewAccount;
use store::material::opening::{self, NewOpening};
use store::material::{self, Material};
use store::testing::on_both;
use uuid::Uuid;

const ID: MaterialId = MaterialId(Uuid::from_u128(0xAA));

fn piece(id: MaterialId, title: &str) -> Material {
    Material {
        id,
        country: "dk".into(),
        subject: "dansk".into(),
        school_form: Some(SchoolForm::Folkeskole),
        title: title.into(),
        protected: true,
        file_name: "æøå \"a\".pdf".into(),
        bytes: 0,
        sha256: Vec::new(),
        added: NOW,
        withdrawn: None,
    }
}

#[tokio::test]
async fn a_file_is_read_chunk_by_chunk_whatever_their_lengths() {
    on_both(async |test| {
        fill(&test.db).await;
        store::write!(test.db, async |tx| {
            material::insert(tx, &piece(ID, "A")).await?;
            for (first, bytes) in [(0, &b"abcd"[..]), (4, b"ef"), (6, b"ghi")] {
                material::insert_chunk(tx, ID, first, bytes).await?;
            }
            material::finish(tx, ID, 9, &[7; 32]).await
        })
        .unwrap();
        let mut read = test.db.read().await.unwrap();
        let kept = material::by_id(&mut read, ID).await.unwrap().unwrap();
        assert_eq!(kept, Material { bytes: 9, sha256: vec![7; 32], ..piece(ID, "A") });
        assert_eq!(material::all(&mut read).await.unwrap(), [kept]);
        for (place, expected) in [(0, Some((0, "abcd"))), (3, Some((0, "abcd"))), (4, Some((4, "ef")))] {
            let found = material::chunk_with(&mut read, ID, place).await.unwrap();
            assert_eq!(found, expected.map(|(first, text)| (first, text.into())), "{place}");
        }
        assert_eq!(material::chunk_with(&mut read, ID, 8).await.unwrap(), Some((6, b"ghi".to_vec())));
        assert_eq!(material::chunk_with(&mut read, ID, 9).await.unwrap(), None, "beyond the end");
        assert_eq!(material::chunk_with(&mut read, MaterialId(Uuid::nil()), 0).await.unwrap(), None);
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn what_is_taken_back_loses_its_bytes_and_keeps_its_name() {
    on_both(async |test| {
        fill(&test.db).await;
        store::write!(test.db, async |tx| {
            material::insert(tx, &piece(ID, "A")).await?;
            material::insert_chunk(tx, ID, 0, b"abcd").await
        })
        .unwrap();
        let withdraw = async || store::write!(test.db, async |tx| { material::withdraw(tx, ID, after(5)).await });
        assert!(withdraw().await.unwrap());
        assert!(!withdraw().await.unwrap(), "only once");
        let mut read = test.db.read().await.unwrap();
        let kept = material::by_id(&mut read, ID).await.unwrap().unwrap();
        assert_eq!((kept.title.as_str(), kept.withdrawn), ("A", Some(after(5))));
        assert_eq!(material::chunk_with(&mut read, ID, 0).await.unwrap(), None);
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn openings_are_told_newest_first_with_who_and_what() {
    on_both(async |test| {
        fill(&test.db).await;
        let account = |number: u128| AccountId(Uuid::from_u128(0xAC00 + number));
        let other = MaterialId(Uuid::from_u128(0xAB));
        let person = |number: u128| -> PersonId { if number == 3 { pupil(2) } else { teacher(number) } };
        store::write!(test.db, async |tx| {
            for number in 1..=3 {
                let user_name = format!("{}-751001", 1000 + number);
                let new = NewAccount {
                    id: account(number),
                    institution: SCHOOL,
                    number: i64::try_from(1000 + number).unwrap_or_default(),
                    user_name: &user_name,
                    person: person(number),
                    role: AccountRole::Teacher,
                    created: NOW,
                    active_until: None,
                    email: None,
                };
                store::account::insert(tx, &new).await?;
            }
            material::insert(tx, &piece(ID, "A")).await?;
            material::insert(tx, &piece(other, "B")).await?;
            for (number, who, material, seconds) in [(1, 1, ID, 0), (2, 2, ID, 9), (3, 1, other, 9), (4, 3, ID, 20)] {
                let new = NewOpening {
                    id: id(number),
                    institution: SCHOOL,
                    material,
                    account: account(who),
                    person: person(who),
                    opened: after(seconds),
                };
                opening::insert(tx, &new).await?;
            }
            Ok::<_, store::Error>(())
        })
        .unwrap();
        let mut read = test.db.read().await.unwrap();
        let told = |openings: Vec<opening::Opening>| -> Vec<(Uuid, String, String, String)> {
            openings.into_iter().map(|it| (it.id, it.title, it.user_name, it.name)).collect()
        };
        let line = |number: u128, title: &str, user: &str, name: &str| {
            (id(number), title.to_owned(), user.to_owned(), name.to_owned())
        };
        let all = told(opening::all(&mut read, 10).await.unwrap());
        assert_eq!(
            all,
            [
                line(4, "A", "1003-751001", "Beskyttet medarbejder"),
                line(3, "B", "1001-751001", "Ada Lund"),
                line(2, "A", "1002-751001", "Bo Lund"),
                line(1, "A", "1001-751001", "Ada Lund"),
            ],
            "the newest first; nobody is named whose identity is protected"
        );
        assert_eq!(told(opening::of_institution(&mut read, SCHOOL, 10).await.unwrap()), all);
        assert!(opening::of_institution(&mut read, OTHER_SCHOOL, 10).await.unwrap().is_empty());
        assert_eq!(told(opening::of_material(&mut read, other, 10).await.unwrap()), all[1..2]);
        let own = told(opening::of_person(&mut read, SCHOOL, teacher(1), 10).await.unwrap());
        assert_eq!(own, [all[1].clone(), all[3].clone()]);
        assert!(opening::of_person(&mut read, OTHER_SCHOOL, teacher(1), 10).await.unwrap().is_empty());
        assert_eq!(opening::all(&mut read, 1).await.unwrap().len(), 1, "no more than asked for");
        assert!(opening::is_recent(&mut read, ID, account(1), NOW).await.unwrap());
        assert!(!opening::is_recent(&mut read, ID, account(1), after(1)).await.unwrap());
        assert!(!opening::is_recent(&mut read, other, account(2), NOW).await.unwrap());
    })
    .await
    .unwrap();
}
