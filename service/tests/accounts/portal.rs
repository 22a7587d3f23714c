//! The assessment portal: who opens what, what is recorded of it, and what operators do.

use crate::world::*;
use domain::MaterialId;
use domain::exchange::material::{MaterialFilter, MaterialSubject, Portal, WrongDoor};
use domain::material::SchoolForm;
use service::portal::{MaterialOrder, Openings};
use std::io::Cursor;

/// A Swedish authority and its school, beside the Danish ones.
const SWEDISH: &str = "99900101";

/// Whether each asker opens each piece, by hand. y opens, n answers as unknown, s sends to sign in.
const TABLE: &str = "
    asker                     open  protected  not-given  swedish-open  swedish-protected
    nobody                    y     s          s          y             s
    authority                 y     n          n          y             n
    principal                 y     n          n          y             n
    test-administrator        y     n          n          y             n
    leader                    y     n          n          y             n
    teacher                   y     y          n          y             n
    teacher-of-sister-school  y     n          n          y             n
    teacher-in-sweden         y     n          n          y             y
    teacher-deactivated       y     n          n          y             n
    teacher-lapsed            y     n          n          y             n
    teacher-deleted           y     n          n          y             n
    teacher-merged            y     n          n          y             n
    administrator-who-teaches y     n          n          y             n
    operator                  y     n          n          y             n
    operator-as-the-teacher   y     n          n          y             n
    anothers-account          y     n          n          y             n
    account-of-another-school y     n          n          y             n
";

struct Materials([MaterialId; 5]);

fn order(subject: &str, protected: bool) -> MaterialOrder {
    MaterialOrder {
        file_name: format!("{subject}.txt"),
        subject: subject.to_owned(),
        protected,
        bytes_max: 1_000_000,
        ..MaterialOrder::default()
    }
}

impl World {
    async fn add(&self, order: &MaterialOrder, bytes: &[u8]) -> Result<MaterialId, Fault> {
        let operator = self.operator_at(AUTHORITY);
        self.service.add_material(&operator, order, &mut Cursor::new(bytes), &|_| {}).await
    }

    async fn give(&self, place: InstitutionId, account: AccountId, subjects: &[&str]) {
        let subjects: Vec<String> = subjects.iter().map(|slug| (*slug).to_owned()).collect();
        let done = store::write!(self.db, async |tx| {
            store::account::subject::set(tx, place, account, &subjects).await?;
            Ok::<_, Fault>(())
        });
        done.expect("subjects");
    }

    /// Material of both countries; every account that there is has two subjects of it.
    async fn materials(&self) -> Materials {
        let authority = self.service.create_authority("9990", "Norråsa kommun", "se").await.expect("an authority");
        self.service.create_institution("9990", SWEDISH, "Björkskolan").await.expect("a school");
        let _ = authority;
        let mut ids = Vec::new();
        for (subject, protected) in
            [("matematik", false), ("matematik", true), ("engelsk", true), ("svenska", false), ("svenska", true)]
        {
            ids.push(self.add(&order(subject, protected), b"1234567890").await.expect("material"));
        }
        for ((place, _), account) in &self.accounts {
            if place != SISTER {
                self.give(self.at(place), account.id, &["matematik", "svenska"]).await;
            }
        }
        Materials(ids.try_into().expect("five"))
    }

    async fn teacher(&self, given: &str, family: &str) -> IssuedAccount {
        let holder = Holder::New { given: given.to_owned(), family: family.to_owned() };
        let order = AccountOrder { holder, role: AccountRole::Teacher, matrix: false };
        let made = self.service.create_account(&self.operator_at(HERE), &order).await.expect("an account");
        self.give(self.at(HERE), made.id, &["matematik", "svenska"]).await;
        made
    }

    async fn sign(&self, actor: Option<&Actor>, id: MaterialId) -> &'static str {
        let looked = sign(self.service.material(actor, id).await);
        let opened = sign(self.service.open_material(actor, id, 0, 10).await);
        assert_eq!(looked, opened, "what is said of a file is what becomes of it");
        opened
    }

    async fn openings(&self) -> usize {
        self.service.material_openings(&self.operator_at(HERE), Openings::All).await.expect("a list").len()
    }
}

#[track_caller]
fn sign<T: std::fmt::Debug>(answer: Result<T, Fault>) -> &'static str {
    match answer {
        Ok(_) => "y",
        Err(Fault::Refused(refusal)) if refusal == RefusalCode::NotFound.into() => "n",
        Err(Fault::Refused(refusal)) if refusal == RefusalCode::NotSignedIn.into() => "s",
        other => panic!("{other:?}"),
    }
}

fn as_session(account: &IssuedAccount, actor: Actor) -> Actor {
    Actor { person: account.person, account: Some(account.id), ..actor }
}

/// Everybody who may ask, by the table's names.
async fn askers(world: &World) -> Vec<(&'static str, Option<Actor>)> {
    let at = |role| world.actor_at(HERE, role);
    let teacher = || at(AccountRole::Teacher);
    let principal = world.principal();
    let closed = world.teacher("Bo", "Holm").await;
    world.service.deactivate_account(&principal, closed.id).await.unwrap();
    let deleted = world.teacher("Ida", "Kjær").await;
    world.service.delete_account(&principal, deleted.id).await.unwrap();
    let (goes, stays) = (world.teacher("Åse", "Bæk").await, world.teacher("Aase", "Baek").await);
    world.service.merge_accounts(&principal, goes.id, stays.id).await.unwrap();
    let lapsed = world.teacher("Per", "Skov").await;
    store::write!(world.db, async |tx| {
        store::account::life::end(tx, lapsed.id, START).await?;
        Ok::<_, Fault>(())
    })
    .unwrap();
    let swedish = {
        let operator = world.service.operator(SWEDISH).await.unwrap();
        let holder = Holder::New { given: "Anna".to_owned(), family: "Sandelin".to_owned() };
        let order = AccountOrder { holder, role: AccountRole::Teacher, matrix: false };
        let made = world.service.create_account(&operator, &order).await.unwrap();
        world.give(operator.institution, made.id, &["matematik", "svenska"]).await;
        as_session(&made, Actor { institution: operator.institution, ..teacher() })
    };
    // The same person as the test administrator, with both subjects given to the other account.
    let own = Registration {
        holder: Holder::Known(world.administrator().person),
        subjects: vec!["matematik".to_owned()],
        ..world.order(AccountRole::Teacher, "", "")
    };
    world.register(&world.administrator(), &own).await;
    let operator = world.operator_at(HERE);
    vec![
        ("nobody", None),
        ("authority", Some(world.authority())),
        ("principal", Some(principal)),
        ("test-administrator", Some(at(AccountRole::TestAdministrator))),
        ("leader", Some(at(AccountRole::Leader))),
        ("teacher", Some(teacher())),
        ("teacher-of-sister-school", Some(world.actor_at(SISTER, AccountRole::Teacher))),
        ("teacher-in-sweden", Some(swedish)),
        ("teacher-deactivated", Some(as_session(&closed, teacher()))),
        ("teacher-lapsed", Some(as_session(&lapsed, teacher()))),
        ("teacher-deleted", Some(as_session(&deleted, teacher()))),
        ("teacher-merged", Some(as_session(&goes, teacher()))),
        (
            "administrator-who-teaches",
            Some(Actor { capacities: vec![domain::Capacity::Teaching], ..world.administrator() }),
        ),
        ("operator", Some(operator.clone())),
        ("operator-as-the-teacher", Some(Actor { via: Via::OperatorAs, ..teacher() })),
        ("anothers-account", Some(Actor { person: world.principal().person, ..teacher() })),
        ("account-of-another-school", Some(Actor { institution: world.at(SISTER), ..teacher() })),
    ]
}

#[tokio::test]
async fn each_asker_opens_exactly_what_the_table_says() {
    on_worlds(async |world, _| {
        let materials = world.materials().await;
        let askers = askers(&world).await;
        let rows: Vec<Vec<&str>> = TABLE
            .lines()
            .skip(2)
            .map(|line| line.split_whitespace().collect())
            .filter(|row: &Vec<_>| !row.is_empty())
            .collect();
        assert_eq!(rows.len(), askers.len());
        for (row, (name, actor)) in rows.iter().zip(&askers) {
            let mut found = vec![*name];
            for (place, id) in materials.0.iter().enumerate() {
                let (before, entries) = (world.openings().await, world.entries().await);
                let sign = world.sign(actor.as_ref(), *id).await;
                let is_protected = ![0, 3].contains(&place);
                let recorded = world.openings().await - before;
                assert_eq!(recorded, usize::from(is_protected && sign == "y"), "{name}: column {place}");
                assert_eq!(world.entries().await, entries, "openings have a table of their own");
                found.push(sign);
            }
            assert_eq!(&found, row);
        }
        let unknown = MaterialId(Uuid::from_u128(9));
        for (name, actor) in &askers {
            let expected = if actor.is_none() { "s" } else { "n" };
            assert_eq!(world.sign(actor.as_ref(), unknown).await, expected, "{name}: an unknown one");
        }
    })
    .await;
}

#[tokio::test]
async fn a_session_opens_what_its_account_was_given_until_it_is_closed() {
    on_worlds(async |world, _| {
        let materials = world.materials().await;
        let [_, protected, ..] = materials.0;
        let account = world.account(HERE, AccountRole::Teacher);
        let token = world.settled(account).await;
        let who = world.signed_in(&token).await.unwrap();
        assert!(!who.actor.two_factors, "one factor is enough");
        assert_eq!(world.sign(Some(&who.actor), protected).await, "y");
        // Taking a subject works on the next request, whatever the session.
        world.give(world.at(HERE), account.id, &[]).await;
        let who = world.signed_in(&token).await.unwrap();
        assert_eq!(world.sign(Some(&who.actor), protected).await, "n");
        world.give(world.at(HERE), account.id, &["matematik"]).await;
        assert_eq!(world.sign(Some(&who.actor), protected).await, "y");
        world.service.deactivate_account(&world.principal(), account.id).await.unwrap();
        assert!(world.signed_in(&token).await.is_none());
        assert_eq!(world.sign(Some(&who.actor), protected).await, "n", "nor what was known of it before");
        // A test administrator who teaches has an account for each; neither opens the other's door.
        let administrator = world.account(HERE, AccountRole::TestAdministrator);
        let both = world.signed_in(&world.settled(administrator).await).await.unwrap();
        assert_eq!(both.actor.account, Some(administrator.id));
        assert_refused(world.service.portal(&both.actor, &MaterialFilter::default()).await, RefusalCode::NotAllowed);
    })
    .await;
}

#[tokio::test]
async fn an_opening_is_recorded_once_however_many_pieces_it_is_fetched_in() {
    on_worlds(async |world, _| {
        let materials = world.materials().await;
        let [open, protected, ..] = materials.0;
        let teacher = world.actor_at(HERE, AccountRole::Teacher);
        let account = world.account(HERE, AccountRole::Teacher).id;
        let revision = async || {
            let mut read = world.db.read().await.unwrap();
            store::revision::current(&mut read, world.at(HERE)).await.unwrap()
        };
        let before = revision().await;
        let fetch = async |from, until| {
            let mut opened = world.service.open_material(Some(&teacher), protected, from, until).await.unwrap();
            let mut bytes = Vec::new();
            while let Some(piece) = opened.next().await.unwrap() {
                bytes.extend(piece);
            }
            String::from_utf8(bytes).unwrap()
        };
        // Nothing can be had from further in without a record either.
        assert_eq!((fetch(4, 6).await.as_str(), world.openings().await), ("56", 1));
        assert_eq!((fetch(6, 10).await.as_str(), world.openings().await), ("7890", 1));
        assert_eq!((fetch(0, 10).await.as_str(), world.openings().await), ("1234567890", 2), "opened anew");
        world.clock.set(START.plus_seconds(3_601));
        assert_eq!((fetch(1, 2).await.as_str(), world.openings().await), ("2", 3), "an hour later it is another one");
        world.service.open_material(Some(&teacher), open, 0, 10).await.unwrap();
        assert_eq!(world.openings().await, 3, "the open part is nobody's business");
        for (from, until) in [(0, 11), (10, 10), (5, 4), (11, 12)] {
            assert_refused(
                world.service.open_material(Some(&teacher), protected, from, until).await,
                RefusalCode::BadInput,
            );
        }
        assert_eq!(world.openings().await, 3, "what gives nothing is no opening");
        assert_eq!(revision().await, before, "the school's facts have not changed");

        let own = world.service.own_material_openings(&teacher).await.unwrap();
        assert_eq!(own.len(), 3);
        let newest = &own[0];
        assert_eq!((newest.material, newest.account, newest.name.as_str()), (protected, account, "Mette Lind"));
        assert_eq!((newest.title.as_str(), newest.subject.as_str()), ("matematik", "matematik"));
        assert_eq!(newest.opened, START.plus_seconds(3_601));
        assert_eq!((newest.user_name.as_str(), newest.institution.as_str()), ("1004-280101", "Skolen 280101"));
        for other in [world.administrator(), world.actor_at(SISTER, AccountRole::Teacher), world.authority()] {
            assert!(world.service.own_material_openings(&other).await.unwrap().is_empty());
        }
        let operator = world.operator_at(AUTHORITY);
        let count = async |of| world.service.material_openings(&operator, of).await.unwrap().len();
        assert_eq!(count(Openings::OfInstitution(HERE)).await, 3);
        assert_eq!(count(Openings::OfInstitution(SISTER)).await, 0);
        assert_eq!((count(Openings::OfMaterial(protected)).await, count(Openings::OfMaterial(open)).await), (3, 0));
        for actor in [&teacher, &world.principal(), &world.authority()] {
            assert_refused(world.service.material_openings(actor, Openings::All).await, RefusalCode::NotAllowed);
            assert_refused(world.service.materials(actor).await, RefusalCode::NotAllowed);
            assert_refused(world.service.withdraw_material(actor, open).await, RefusalCode::NotAllowed);
        }
        for of in [Openings::OfInstitution("4711"), Openings::OfMaterial(MaterialId(Uuid::nil()))] {
            assert!(matches!(world.service.material_openings(&operator, of).await, Err(Fault::Unknown { .. })));
        }
    })
    .await;
}

#[tokio::test]
async fn a_file_comes_back_byte_for_byte_from_wherever_it_is_asked() {
    on_worlds(async |world, _| {
        let bytes: Vec<u8> = (0..600_000_u32).map(|n| u8::try_from(n * 31 % 251).unwrap()).collect();
        let heard = std::sync::Mutex::new(Vec::new());
        let operator = world.operator_at(AUTHORITY);
        let order = order("matematik", false);
        let tell = |written| heard.lock().unwrap().push(written);
        let id = world.service.add_material(&operator, &order, &mut Cursor::new(&bytes), &tell).await.unwrap();
        assert_eq!(*heard.lock().unwrap(), [262_144, 524_288, 600_000]);
        let file = world.service.material(None, id).await.unwrap();
        assert_eq!((file.bytes, file.kind, file.digest.len()), (600_000, "text/plain; charset=utf-8", 64));
        for (from, until) in [(0, 600_000), (0, 1), (262_143, 262_145), (262_144, 524_288), (599_999, 600_000)] {
            let mut opened = world.service.open_material(None, id, from, until).await.unwrap();
            let mut found = Vec::new();
            while let Some(piece) = opened.next().await.unwrap() {
                assert!(piece.len() <= 262_144, "one chunk at a time");
                found.extend(piece);
            }
            let wanted = usize::try_from(from).unwrap()..usize::try_from(until).unwrap();
            assert!(found == bytes[wanted], "{from} to {until}");
        }
        // Taken back while it is being sent: what was begun is not finished with something else.
        let mut opened = world.service.open_material(None, id, 0, 600_000).await.unwrap();
        opened.next().await.unwrap();
        world.service.withdraw_material(&operator, id).await.unwrap();
        assert_refused(opened.next().await, RefusalCode::NotFound);
    })
    .await;
}

#[tokio::test]
async fn what_is_added_is_checked_recorded_and_can_be_taken_back() {
    on_worlds(async |world, _| {
        let good = MaterialOrder { school_form: Some(SchoolForm::Folkeskole), ..order("matematik", true) };
        let wrong = [
            MaterialOrder { title: Some(" ".to_owned()), ..good.clone() },
            MaterialOrder { title: Some("a\nb".to_owned()), ..good.clone() },
            MaterialOrder { title: Some("x".repeat(201)), ..good.clone() },
            MaterialOrder { country: Some("se".to_owned()), ..good.clone() },
            MaterialOrder { country: Some("no".to_owned()), ..good.clone() },
            MaterialOrder { school_form: Some(SchoolForm::Grundskola), ..good.clone() },
        ];
        let entries = world.entries().await;
        for order in &wrong {
            assert_refused(world.add(order, b"x").await, RefusalCode::BadInput);
        }
        assert_refused(world.add(&good, b"").await, RefusalCode::BadInput);
        let small = MaterialOrder { bytes_max: 9, ..good.clone() };
        assert_refused(world.add(&small, b"1234567890").await, RefusalCode::TooLarge);
        let unknown = MaterialOrder { subject: "latin".to_owned(), ..good.clone() };
        assert!(matches!(world.add(&unknown, b"x").await, Err(Fault::Unknown { what: "subject", .. })));
        let nobody = MaterialOrder { school_form: None, subject: "svenska".to_owned(), ..good.clone() };
        assert!(matches!(world.add(&nobody, b"x").await, Err(Fault::Unknown { .. })), "no authority is Swedish");
        for actor in [world.principal(), world.authority(), world.actor_at(HERE, AccountRole::Teacher)] {
            let added = world.service.add_material(&actor, &good, &mut Cursor::new(b"x"), &|_| {}).await;
            assert_refused(added, RefusalCode::NotAllowed);
        }
        let operator = world.operator_at(AUTHORITY);
        assert!(world.service.materials(&operator).await.unwrap().is_empty(), "nothing is half done");
        assert_eq!(world.entries().await, entries);

        let named = MaterialOrder { file_name: "../a/Prøve \"1\"\r\n.pdf".to_owned(), ..good.clone() };
        let id = world.add(&named, b"%PDF").await.unwrap();
        assert_eq!(world.entries().await, entries + 2, "in the log of each authority of the country");
        let [line] = world.service.materials(&operator).await.unwrap().try_into().unwrap();
        assert_eq!((line.file_name.as_str(), line.title.as_str()), ("Prøve _1_.pdf", "Prøve _1_"));
        assert_eq!((line.country.as_str(), line.bytes, line.protected), ("dk", 4, true));
        let teacher = world.actor_at(HERE, AccountRole::Teacher);
        world.give(world.at(HERE), teacher.account.unwrap(), &["matematik"]).await;
        world.service.open_material(Some(&teacher), id, 0, 4).await.unwrap();
        world.service.withdraw_material(&operator, id).await.unwrap();
        assert_eq!(world.entries().await, entries + 4);
        assert_eq!(world.sign(Some(&teacher), id).await, "n");
        assert!(matches!(world.service.withdraw_material(&operator, id).await, Err(Fault::Unknown { .. })));
        assert!(world.service.materials(&operator).await.unwrap()[0].withdrawn.is_some());
        assert_eq!(world.service.own_material_openings(&teacher).await.unwrap().len(), 1, "who opened it stays known");
        let mut read = world.db.read().await.unwrap();
        assert_eq!(store::material::chunk_with(&mut read, id, 0).await.unwrap(), None);
    })
    .await;
}

fn shown(portal: &Portal) -> Vec<(&str, bool, usize, u32)> {
    let line = |it: &'_ MaterialSubject| (it.given, it.materials.len(), it.withheld);
    let slugs = portal.subjects.iter().map(|it| it.subject.slug.as_str());
    slugs
        .zip(portal.subjects.iter().map(line))
        .map(|(slug, (given, opened, withheld))| (slug, given, opened, withheld))
        .collect()
}

#[tokio::test]
async fn the_portal_shows_what_opens_and_says_what_is_missing() {
    on_worlds(async |world, _| {
        let teacher = world.actor_at(HERE, AccountRole::Teacher);
        let all = MaterialFilter::default();
        let empty = world.service.portal(&teacher, &all).await.unwrap();
        assert!(empty.subjects.is_empty() && empty.given_empty.is_empty());
        world.materials().await;
        let efterskole = MaterialOrder { school_form: Some(SchoolForm::Efterskole), ..order("matematik", true) };
        world.add(&efterskole, b"x").await.unwrap();
        world.give(world.at(HERE), teacher.account.unwrap(), &["matematik", "tysk"]).await;
        let portal = world.service.portal(&teacher, &all).await.unwrap();
        assert_eq!(shown(&portal), [("matematik", true, 3, 0), ("engelsk", false, 0, 1)]);
        assert_eq!(portal.given_empty.iter().map(|it| it.slug.as_str()).collect::<Vec<_>>(), ["tysk"]);
        assert_eq!(portal.school_forms, [SchoolForm::Efterskole]);
        let names: Vec<&str> = portal.help.iter().flat_map(|help| &help.names).map(String::as_str).collect();
        assert_eq!(names, ["Karen Øster", "Birthe Krag"], "who gives subjects, by name");
        let of = async |filter: MaterialFilter| world.service.portal(&teacher, &filter).await.unwrap();
        let engelsk = of(MaterialFilter { subject: Some("engelsk".to_owned()), ..all.clone() }).await;
        assert_eq!(shown(&engelsk), [("engelsk", false, 0, 1)]);
        assert_eq!(engelsk.all_subjects.len(), 2);
        let folkeskole = MaterialFilter { school_form: Some(SchoolForm::Folkeskole), ..all.clone() };
        assert_eq!(shown(&of(folkeskole).await), [("matematik", true, 2, 0), ("engelsk", false, 0, 1)]);
        let sister = world.actor_at(SISTER, AccountRole::Teacher);
        let portal = world.service.portal(&sister, &all).await.unwrap();
        assert_eq!(shown(&portal), [("matematik", false, 1, 2), ("engelsk", false, 0, 1)]);
        for role in [AccountRole::Principal, AccountRole::TestAdministrator, AccountRole::Leader] {
            assert_refused(world.service.portal(&world.actor_at(HERE, role), &all).await, RefusalCode::NotAllowed);
        }
        for actor in [world.authority(), world.operator_at(HERE), Actor::system(world.at(HERE))] {
            assert_refused(world.service.portal(&actor, &all).await, RefusalCode::NotAllowed);
        }
        let countries = async |actor: Option<&Actor>| -> Vec<(String, Vec<String>)> {
            let part = world.service.open_part(actor).await.unwrap();
            let titles = |it: &MaterialSubject| it.materials.iter().map(|line| line.title.clone()).collect::<Vec<_>>();
            part.countries.iter().map(|(code, of)| (code.clone(), of.iter().flat_map(titles).collect())).collect()
        };
        let part = |country: &str, title: &str| (country.to_owned(), vec![title.to_owned()]);
        assert_eq!(countries(None).await, [part("dk", "matematik"), part("se", "svenska")]);
        assert_eq!(countries(Some(&world.administrator())).await, [part("dk", "matematik")]);
        assert_eq!(countries(Some(&world.authority())).await, [part("dk", "matematik")]);
    })
    .await;
}

#[tokio::test]
async fn the_wrong_door_says_what_to_do() {
    on_worlds(async |world, _| {
        let door = async |actor: &Actor| world.service.portal_door(actor).await.unwrap();
        assert_eq!(door(&world.actor_at(HERE, AccountRole::Teacher)).await, WrongDoor::No);
        assert_eq!(door(&world.authority()).await, WrongDoor::Authority);
        let asked = door(&world.actor_at(HERE, AccountRole::Leader)).await;
        let WrongDoor::Ask(help) = asked else { panic!("{asked:?}") };
        assert_eq!(help.iter().flat_map(|it| &it.names).collect::<Vec<_>>(), ["Karen Øster", "Birthe Krag"]);
        for actor in [world.administrator(), world.principal()] {
            assert_eq!(door(&actor).await, WrongDoor::RegisterYourself);
            let own = Registration { holder: Holder::Known(actor.person), ..world.order(AccountRole::Teacher, "", "") };
            let letter = world.register(&actor, &own).await;
            assert_eq!(door(&actor).await, WrongDoor::UseYours(letter.user_name.clone()), "once is the most");
            assert_refused(world.service.register_account(&actor, &own).await, RefusalCode::OwnTeacherAccount);
            // And with that one it opens.
            let account = issued(letter);
            let token = world.settled(&account).await;
            let who = world.signed_in(&token).await.unwrap();
            assert_eq!(door(&who.actor).await, WrongDoor::No);
            world.service.portal(&who.actor, &MaterialFilter::default()).await.unwrap();
            // But not the administration.
            assert_refused(
                world.service.accounts(&who.actor, &AccountFilter::default()).await,
                RefusalCode::NotAllowed,
            );
        }
        for actor in [world.operator_at(HERE), Actor::system(world.at(HERE))] {
            assert_refused(world.service.portal_door(&actor).await, RefusalCode::NotAllowed);
        }
    })
    .await;
}
