//! A person's file: who may make one about whom, that it names nobody else, and that it is recorded.

use crate::world::*;
use domain::exchange::accounts::{AccessWish, Wish};
use domain::exchange::person::{About, FileFact, PersonFile};
use domain::notice::NoticeKind;
use domain::{MaterialId, PasskeyId};
use service::person_file::{Reveal, Sought};
use store::material::Material;
use store::material::opening::NewOpening;
use store::sign_in::{StoredCounter, StoredPasskey};

const ROLES: [AccountRole; 5] = AccountRole::ALL;

async fn actions(world: &World, place: &str) -> Vec<String> {
    let mut read = world.db.read().await.unwrap();
    let entries = store::audit::entries(&mut read, world.at(place).0, 0, 10_000).await.unwrap();
    entries.into_iter().map(|entry| entry.action).collect()
}

async fn file(world: &World, person: PersonId) -> PersonFile {
    world.service.person_file(&world.administrator(), person, &Reveal::No).await.unwrap()
}

#[tokio::test]
async fn those_who_keep_the_schools_people_make_files_of_them_and_of_nobody_elses() {
    on_worlds(async |world, _| {
        let own = world.account(HERE, AccountRole::Teacher).person;
        let unknown = PersonId(Uuid::from_u128(7));
        for role in ROLES {
            let place = if role == AccountRole::Authority { AUTHORITY } else { HERE };
            let actor = world.actor_at(place, role);
            let may = matches!(role, AccountRole::Principal | AccountRole::TestAdministrator);
            let entries = world.entries().await;
            let made = world.service.person_file(&actor, own, &Reveal::No).await;
            let found = world.service.find_people(&actor, &Sought { name: "", is_due: false }).await;
            if may {
                assert_eq!(made.unwrap().name, "Mette Lind", "{role:?}");
                assert!(found.unwrap().all >= 4);
                assert_eq!(world.entries().await, entries + 1, "{role:?}: it is recorded");
            } else {
                assert_refused(made, RefusalCode::NotAllowed);
                assert_refused(found, RefusalCode::NotAllowed);
                assert_eq!(world.entries().await, entries, "{role:?}");
            }
            for place in [SISTER, FOREIGN] {
                let foreign = world.account(place, AccountRole::Teacher).person;
                let theirs = refusal(world.service.person_file(&actor, foreign, &Reveal::No).await);
                let nobodys = refusal(world.service.person_file(&actor, unknown, &Reveal::No).await);
                assert_eq!(theirs, nobodys, "{role:?}: foreign and unknown answer alike");
                assert_eq!(theirs.code, if may { RefusalCode::NotFound } else { RefusalCode::NotAllowed });
            }
        }
        let operator = world.operator_at(HERE);
        assert_eq!(world.service.person_file(&operator, own, &Reveal::No).await.unwrap().person, own);
        let system = Actor::system(world.at(HERE));
        assert_refused(world.service.person_file(&system, own, &Reveal::No).await, RefusalCode::NotAllowed);
        let foreign = world.account(SISTER, AccountRole::Teacher).person;
        assert_refused(world.service.person_file(&operator, foreign, &Reveal::No).await, RefusalCode::NotFound);
        world.verified().await;
    })
    .await;
}

#[tokio::test]
async fn it_holds_what_there_is_and_names_nobody_else() {
    on_worlds(async |world, _| {
        let (administrator, principal) = (world.administrator(), world.principal());
        let account = world.account(HERE, AccountRole::Teacher);
        let change = AccountChange {
            names: None,
            email: Some("mette@example.org".to_owned()),
            subjects: Some(vec!["matematik".to_owned()]),
        };
        world.service.change_account(&administrator, account.id, &change).await.unwrap();
        let cut = world.staff_change(&principal, account.person, false, true).await;
        world.service.set_staff_rights(&principal, &[cut], "Karen Øster tager over").await.unwrap();
        world.service.ask_keepers(&administrator, account.id, domain::exchange::accounts::Wish::Delete).await.unwrap();
        let letter = world.service.reissue(&administrator, account.id, Anew::Password, Language::Da).await.unwrap();
        world.service.letters_printed(&administrator, &[letter.id]).await.unwrap();
        let token = world.settled(&issued(letter)).await;
        assert!(world.signed_in(&token).await.is_some());
        let file = file(&world, account.person).await;
        let about: Vec<About> = file.sections.iter().map(|section| section.about).collect();
        let expected = [
            About::Identity,
            About::Affiliations,
            About::StaffRights,
            About::Accounts,
            About::Deeds,
            About::Letters,
            About::Requests,
            About::Notices,
            About::SignIns,
            About::Sessions,
        ];
        assert_eq!(about, expected);
        let whole = serde_json::to_string(&file).unwrap();
        for here in ["Mette Lind", "mette@example.org", "matematik", "192.0.2.0/24", &account.user_name] {
            assert!(whole.contains(here), "{here}: {whole}");
        }
        for role in ROLES.into_iter().filter(|role| *role != AccountRole::Teacher) {
            let (given, family) = name_of(&role);
            assert!(!whole.contains(given) && !whole.contains(family), "{given} {family}: {whole}");
        }
        for secret in [OWN, "$argon2", "operator"] {
            assert!(!whole.contains(secret), "{secret}");
        }
        let deeds = file.sections.iter().find(|section| section.about == About::Deeds).unwrap();
        assert!(deeds.records.windows(2).all(|two| two[0].from <= two[1].from), "oldest first");
    })
    .await;
}

#[tokio::test]
async fn passkeys_openings_and_what_they_want_by_mail_stand_there_too() {
    on_worlds(async |world, _| {
        let account = world.account(HERE, AccountRole::Teacher);
        let key = StoredPasskey {
            id: PasskeyId(Uuid::from_u128(71)),
            account: account.id,
            credential_id: b"credential-id".to_vec(),
            credential: "public-key-of-it".to_owned(),
            sign_count: 0,
            name: "Skolens bærbare".to_owned(),
            counter: StoredCounter { failures: 0, wait_until: None, dead: false },
            created: START,
            used: None,
        };
        let material = Material {
            id: MaterialId(Uuid::from_u128(72)),
            country: "dk".to_owned(),
            subject: "matematik".to_owned(),
            school_form: None,
            title: "Rettevejledning".to_owned(),
            protected: true,
            file_name: "vejledning.pdf".to_owned(),
            bytes: 0,
            sha256: vec![0; 32],
            added: START,
            withdrawn: None,
        };
        let opening = NewOpening {
            id: Uuid::from_u128(73),
            institution: world.at(HERE),
            material: material.id,
            account: account.id,
            person: account.person,
            opened: START,
        };
        let done = store::write!(world.db, async |tx| {
            store::sign_in::insert_passkey(tx, &key).await?;
            store::material::insert(tx, &material).await?;
            store::material::opening::insert(tx, &opening).await?;
            Ok::<_, Fault>(())
        });
        done.unwrap();
        let own = world.actor_at(HERE, AccountRole::Teacher);
        world.service.choose_mails(&own, Some(AccountRole::Teacher), &[NoticeKind::Answered], None).await.unwrap();
        let wish = AccessWish { words: "Jeg mangler 4.A".to_owned(), ..AccessWish::default() };
        world.service.ask_access(&own, &wish).await.unwrap();

        let file = file(&world, account.person).await;
        let facts: Vec<&FileFact> =
            file.sections.iter().flat_map(|section| &section.records).map(|of| &of.what).collect();
        let expected = [
            FileFact::Passkey { name: key.name, used: None },
            FileFact::Opening { title: material.title, subject: material.subject },
            FileFact::Request { wish: Wish::Access, words: Some(wish.words) },
        ];
        for fact in &expected {
            assert!(facts.contains(&fact), "{fact:?}: {facts:?}");
        }
        assert!(facts.iter().any(|fact| matches!(fact, FileFact::NoMails { kinds } if !kinds.is_empty())));
        let whole = serde_json::to_string(&file).unwrap();
        assert!(!whole.contains("public-key") && !whole.contains("credential"), "{whole}");
        // Another one's file has none of it.
        let other = serde_json::to_string(&self::file(&world, world.account(HERE, AccountRole::Leader).person).await);
        assert!(!other.unwrap().contains("Rettevejledning"));
    })
    .await;
}

#[tokio::test]
async fn a_protected_name_stands_there_only_for_a_reason_and_that_is_recorded() {
    on_worlds(async |world, _| {
        let people = world.roster(&[("Zebulon", "Quistgaardsen", UserType::Teacher)]).await;
        let person = people[0];
        world.protect(person).await;
        let administrator = world.administrator();
        let under_alias = file(&world, person).await;
        assert!(under_alias.is_alias && under_alias.name == "Beskyttet medarbejder 1", "{under_alias:?}");
        assert!(!serde_json::to_string(&under_alias).unwrap().contains("Quistgaardsen"));
        let found = world.service.find_people(&administrator, &Sought { name: "Quist", is_due: false }).await.unwrap();
        assert_eq!(found.all, 0, "nor is it found by the name");
        let found =
            world.service.find_people(&administrator, &Sought { name: "beskyttet", is_due: false }).await.unwrap();
        assert!(found.all == 1 && found.people[0].protected);
        assert!(!actions(&world, HERE).await.contains(&"person.reveal".to_owned()));
        let blank = Reveal::Because("  ".to_owned());
        assert_refused(world.service.person_file(&administrator, person, &blank).await, RefusalCode::BadInput);
        let because = Reveal::Because("Anmodning fra personen selv".to_owned());
        let shown = world.service.person_file(&administrator, person, &because).await.unwrap();
        assert!(!shown.is_alias && shown.name == "Zebulon Quistgaardsen");
        assert!(shown.sections[0].records.iter().any(|of| of.what == FileFact::Protected));
        let mut told = actions(&world, HERE).await;
        let last = told.split_off(told.len() - 2);
        assert_eq!(last, ["person.reveal", "person.file"]);
        // A reason for somebody who is not protected reveals nothing, and says so nowhere.
        let plain = world.account(HERE, AccountRole::Teacher).person;
        world.service.person_file(&administrator, plain, &because).await.unwrap();
        assert_eq!(actions(&world, HERE).await.iter().filter(|action| *action == "person.reveal").count(), 1);
        world.verified().await;
    })
    .await;
}

#[tokio::test]
async fn an_authoritys_people_have_files_that_the_operator_makes() {
    on_worlds(async |world, _| {
        let own = world.account(AUTHORITY, AccountRole::Authority);
        let operator = world.operator_at(AUTHORITY);
        assert_eq!(world.service.holder_of(&operator, &own.user_name).await.unwrap(), own.person);
        let made = world.service.person_file(&operator, own.person, &Reveal::No).await.unwrap();
        let of = (made.name.as_str(), made.institution.as_str(), made.institution_code.as_str());
        assert_eq!(of, ("Hanne Vang", "Lindely Kommune", AUTHORITY));
        let about: Vec<About> = made.sections.iter().map(|section| section.about).collect();
        assert_eq!(about, [About::Identity, About::Accounts, About::Deeds, About::Letters]);
        assert_eq!(actions(&world, AUTHORITY).await.last().map(String::as_str), Some("person.file"));
        let entries = world.entries().await;
        let unknown = PersonId(Uuid::from_u128(7));
        for stranger in [
            world.account(OTHER_AUTHORITY, AccountRole::Authority),
            world.account(HERE, AccountRole::Principal),
            world.account(HERE, AccountRole::Teacher),
        ] {
            let theirs = refusal(world.service.person_file(&operator, stranger.person, &Reveal::No).await);
            assert_eq!(theirs, refusal(world.service.person_file(&operator, unknown, &Reveal::No).await));
            assert_eq!(theirs.code, RefusalCode::NotFound);
            assert_refused(world.service.holder_of(&operator, &stranger.user_name).await, RefusalCode::NotFound);
            let erased = world.service.erase_person(&operator, stranger.person, "x").await;
            assert_refused(erased, RefusalCode::NotFound);
        }
        assert_refused(
            world.service.person_file(&world.authority(), own.person, &Reveal::No).await,
            RefusalCode::NotAllowed,
        );
        for actor in [world.authority(), world.principal()] {
            assert_refused(world.service.holder_of(&actor, &own.user_name).await, RefusalCode::NotAllowed);
            assert_refused(world.service.delete_for_operator(&actor, &own.user_name).await, RefusalCode::NotAllowed);
        }
        assert_eq!(world.entries().await, entries);
        let tied = world.service.erase_person(&operator, own.person, "fratrådt").await.unwrap();
        assert!(matches!(tied, service::erasure::Erased::Tied(ties) if ties.account && !ties.affiliation));
        world.service.delete_for_operator(&operator, &own.user_name).await.unwrap();
        let erased = world.service.erase_person(&operator, own.person, "fratrådt").await.unwrap();
        assert_eq!(erased, service::erasure::Erased::Done);
        let made = world.service.person_file(&operator, own.person, &Reveal::No).await.unwrap();
        assert_eq!(made.name, "Slettet person");
        world.verified().await;
    })
    .await;
}
