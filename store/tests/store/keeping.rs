//! Staff rights, exemptions, drafts, the directory, rows in great number.

use crate::fixture::*;
use domain::staff_right::StaffRight::{Booking, Running};
use domain::{PersonId, SchoolYear, Window};
use store::exemption::Exemption;
use store::testing::on_both;
use store::{Error, directory, draft, exemption, staff_right};
use uuid::Uuid;

#[tokio::test]
async fn a_staff_right_is_closed_and_not_overwritten() {
    on_both(async |test| {
        fill(&test.db).await;
        let first = [right(1, teacher(1), Booking, true, NOW), right(2, teacher(1), Running, true, NOW)];
        store::write!(test.db, async |tx| { staff_right::record(tx, SCHOOL, &first).await }).unwrap();
        let second = [right(3, teacher(1), Booking, false, after(5))];
        store::write!(test.db, async |tx| { staff_right::record(tx, SCHOOL, &second).await }).unwrap();
        let mut read = test.db.read().await.unwrap();
        let now = staff_right::current(&mut read, SCHOOL).await.unwrap();
        assert_eq!(now, [second[0].clone(), first[1].clone()]);
        assert_eq!(staff_right::of_person(&mut read, SCHOOL, teacher(1)).await.unwrap(), now);
        let all = staff_right::history(&mut read, SCHOOL).await.unwrap();
        assert_eq!(all.len(), 3);
        assert_eq!((all[0].granted, all[0].recorded), (true, Window::between(NOW, after(5))));
        assert!(staff_right::ever_recorded(&mut read, SCHOOL, teacher(1)).await.unwrap());
        assert!(!staff_right::ever_recorded(&mut read, SCHOOL, teacher(2)).await.unwrap());
        assert!(!staff_right::ever_recorded(&mut read, OTHER_SCHOOL, teacher(1)).await.unwrap());
        assert!(staff_right::current(&mut read, OTHER_SCHOOL).await.unwrap().is_empty());
    })
    .await
    .unwrap();
}

fn exempted(number: u128, test: &str) -> Exemption {
    Exemption {
        id: id(number),
        pupil: pupil(1),
        test: test.into(),
        year: SchoolYear(2026),
        note: String::new(),
        author: teacher(1),
        author_name: "Ada Lund".into(),
        recorded: Window::since(NOW),
        withdrawn_by: None,
    }
}

#[tokio::test]
async fn an_exemption_stands_once_and_can_come_again() {
    on_both(async |test| {
        fill(&test.db).await;
        let insert =
            async |one: &Exemption| store::write!(test.db, async |tx| { exemption::insert(tx, SCHOOL, one).await });
        insert(&exempted(1, "D4")).await.unwrap();
        insert(&exempted(2, "gone")).await.unwrap();
        assert!(matches!(insert(&exempted(3, "D4")).await, Err(Error::Taken)));
        let withdraw = async |year| {
            let key = (pupil(1), "D4", SchoolYear(year));
            store::write!(test.db, async |tx| { exemption::withdraw(tx, SCHOOL, key, "Bo", after(9)).await }).unwrap()
        };
        assert!(!withdraw(2025).await);
        assert!(withdraw(2026).await);
        assert!(!withdraw(2026).await, "once");
        insert(&exempted(3, "D4")).await.unwrap();
        let mut read = test.db.read().await.unwrap();
        let now = exemption::current(&mut read, SCHOOL).await.unwrap();
        assert_eq!(now.iter().map(|one| one.id).collect::<Vec<_>>(), [id(2), id(3)]);
        let all = exemption::all(&mut read, SCHOOL).await.unwrap();
        assert_eq!((all[0].recorded.until, all[0].withdrawn_by.as_deref()), (Some(after(9)), Some("Bo")));
        let roster = store::roster::load(&mut read, SCHOOL, &subjects(), &tests()).await.unwrap().unwrap();
        assert_eq!(roster.exemptions.len(), 2, "the withdrawn one too, not the unknown test");
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn a_draft_is_each_persons_own() {
    on_both(async |test| {
        fill(&test.db).await;
        let keep = async |person, based_on, edits: &str, kept, before| {
            let draft = draft::Draft { based_on, edits: edits.to_owned(), kept };
            store::write!(test.db, async |tx| { draft::keep(tx, SCHOOL, person, &draft, before).await }).unwrap()
        };
        let later = NOW.plus_seconds(1);
        assert!(keep(teacher(1), 3, "[1]", NOW, None).await);
        assert!(keep(teacher(2), 4, "[2]", NOW, None).await);
        assert!(keep(teacher(1), 5, "[3]", later, Some(NOW)).await);
        // In place of another one than is there, nothing is kept and nothing goes.
        for before in [None, Some(NOW), Some(later.plus_seconds(1))] {
            assert!(!keep(teacher(1), 6, "[4]", later.plus_seconds(2), before).await, "{before:?}");
        }
        assert!(!keep(teacher(3), 6, "[4]", later, Some(NOW)).await);
        let delete = async |person, before| {
            store::write!(test.db, async |tx| { draft::delete(tx, SCHOOL, person, before).await }).unwrap()
        };
        assert!(!delete(teacher(1), NOW).await);
        assert!(delete(teacher(2), NOW).await);
        assert!(!delete(teacher(2), NOW).await);
        let mut read = test.db.read().await.unwrap();
        let kept = draft::kept(&mut read, SCHOOL, teacher(1)).await.unwrap().unwrap();
        assert_eq!((kept.based_on, kept.edits.as_str(), kept.kept), (5, "[3]", later));
        assert_eq!(draft::kept(&mut read, SCHOOL, teacher(2)).await.unwrap(), None);
        assert_eq!(draft::kept(&mut read, OTHER_SCHOOL, teacher(1)).await.unwrap(), None);
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn codes_and_source_ids_are_taken_once() {
    on_both(async |test| {
        fill(&test.db).await;
        let mut read = test.db.read().await.unwrap();
        let school = directory::institution_by_code(&mut read, "751001").await.unwrap().unwrap();
        assert_eq!(school.id, SCHOOL);
        assert_eq!(directory::institution(&mut read, SCHOOL).await.unwrap().as_ref(), Some(&school));
        assert_eq!(directory::institution_by_code(&mut read, "751").await.unwrap(), None);
        assert_eq!(directory::authority_by_code(&mut read, "751").await.unwrap().unwrap().id, AUTHORITY);
        drop(read);
        let again = directory::Institution { id: domain::InstitutionId(id(1)), ..school };
        let taken = store::write!(test.db, async |tx| { directory::insert_institution(tx, &again).await });
        assert!(matches!(taken, Err(Error::Taken)));
        let name = async |person: PersonId| {
            let source = [("s-1".to_owned(), person)];
            store::write!(test.db, async |tx| { directory::insert_sources(tx, SCHOOL.0, &source).await })
        };
        name(pupil(1)).await.unwrap();
        assert!(matches!(name(pupil(2)).await, Err(Error::Taken)));
        let mut read = test.db.read().await.unwrap();
        assert_eq!(directory::person_by_source(&mut read, SCHOOL.0, "s-1").await.unwrap(), Some(pupil(1)));
        assert_eq!(directory::person_by_source(&mut read, OTHER_SCHOOL.0, "s-1").await.unwrap(), None);
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn rows_in_great_number_are_all_written() {
    on_both(async |test| {
        fill(&test.db).await;
        for count in [1_u128, 199, 200, 201, 450] {
            let base = count * 10_000;
            let people: Vec<_> =
                (0..count).map(|n| person(PersonId(Uuid::from_u128(base + n)), "Eva", n % 2 == 0)).collect();
            store::write!(test.db, async |tx| { directory::insert_persons(tx, &people).await }).unwrap();
            let mut read = test.db.read().await.unwrap();
            for wanted in [people.first().unwrap(), people.last().unwrap()] {
                assert_eq!(directory::person(&mut read, wanted.id).await.unwrap().as_ref(), Some(wanted));
            }
        }
        store::write!(test.db, async |tx| { directory::insert_persons(tx, &[]).await }).unwrap();
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn an_alias_is_given_once_and_never_to_another() {
    on_both(async |test| {
        fill(&test.db).await;
        let give = async |people: &[PersonId]| {
            store::write!(test.db, async |tx| { store::alias::give(tx, SCHOOL, people).await }).unwrap();
        };
        give(&[pupil(2)]).await;
        give(&[pupil(2), pupil(1)]).await;
        let mut read = test.db.read().await.unwrap();
        let all = store::alias::of_institution(&mut read, SCHOOL).await.unwrap();
        assert_eq!(all, [(pupil(2), 1), (pupil(1), 2)]);
        assert!(store::alias::of_institution(&mut read, OTHER_SCHOOL).await.unwrap().is_empty());
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn of_many_right_answers_at_once_one_uses_the_challenge() {
    use domain::{AccountId, AccountRole};
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
                role: AccountRole::Principal,
                created: NOW,
                active_until: None,
                email: None,
            };
            store::account::insert(tx, &new).await?;
            let challenges = [("A1 B2 C3".to_owned(), "$a".to_owned()), ("D4 E5 F6".to_owned(), "$b".to_owned())];
            store::sign_in::set_card(tx, account, id(51), "K1", &challenges, NOW).await
        })
        .unwrap();
        let mut read = test.db.read().await.unwrap();
        let open = store::sign_in::open_challenge(&mut read, account).await.unwrap().unwrap();
        drop(read);
        let answers: Vec<_> = (0..50)
            .map(|_| {
                let (db, open) = (test.db.clone(), open.clone());
                tokio::spawn(async move {
                    store::write!(db, async |tx| { store::sign_in::use_challenge(tx, &open, NOW).await })
                })
            })
            .collect();
        let mut used = 0;
        for answer in answers {
            used += u32::from(answer.await.unwrap().unwrap());
        }
        assert_eq!(used, 1);
        let mut read = test.db.read().await.unwrap();
        let next = store::sign_in::open_challenge(&mut read, account).await.unwrap().unwrap();
        assert_eq!(next.coordinates, "D4 E5 F6");
    })
    .await
    .unwrap();
}
