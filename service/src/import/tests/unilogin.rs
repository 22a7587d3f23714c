//! UNI-Login's documents: what is read of them, and what an import of them does, on both engines.

use super::document::{Document, Kind, NATIONAL_NUMBER, employee, group, pupil};
use super::world::{NOTHING, World, counts, noon};
use crate::import::{ImportOptions, Limits, Role, Source, Staged, Target, parse};
use crate::people::tests::proved;
use crate::session::Presence;
use crate::sign_in::broker::BrokerOutcome;
use domain::import::{Finding, ImportOutcome, ImportReport};
use domain::testing::Chance;
use domain::{Capacity, IdentitySource};
use store::testing::on_both;
use uuid::Uuid;

/// `line:column code count about` of each finding; the place is checked elsewhere.
fn said(all: &[Finding]) -> Vec<String> {
    let one = |f: &Finding| {
        let about = f.message.split_once(". ").map(|(_, about)| format!(" {about}")).unwrap_or_default();
        format!("{} {} {}{about}", f.column.clone().unwrap_or_default(), f.code, f.count)
    };
    all.iter().map(one).collect()
}

fn warnings(document: &Document) -> Vec<String> {
    said(&document.staged().findings.warnings())
}

fn errors(document: &Document) -> Vec<String> {
    said(&document.parse().expect_err("a bad document").errors())
}

/// Everything that is staged but for when and by whom it was written.
fn rows(staged: Staged) -> String {
    let Staged { orgs, sessions, classes, users, roles, enrollments, .. } = staged;
    let lines = format!("{orgs:?} {sessions:?} {classes:?} {users:?} {roles:?} {enrollments:?}");
    // The kinds of document begin on other lines.
    let mut without = String::new();
    let mut rest = lines.as_str();
    while let Some((before, after)) = rest.split_once("line: ") {
        without.push_str(before);
        rest = after.trim_start_matches(|c: char| c.is_ascii_digit());
    }
    without + rest
}

impl World {
    pub(super) async fn look_at(&self, document: &Document) -> ImportOutcome {
        self.send(document, &ImportOptions { dry_run: true, ..ImportOptions::default() }).await
    }

    pub(super) async fn send(&self, document: &Document, options: &ImportOptions) -> ImportOutcome {
        let target = Target::Institution(self.institution);
        let tell = std::sync::Arc::new(|_| {});
        self.service.import_bundle(&self.operator(), target, document.source(), options, tell).await.unwrap()
    }

    pub(super) async fn read_in(&self, document: &Document) -> ImportReport {
        self.send(document, &ImportOptions::default()).await.report
    }
}

#[test]
fn a_sound_document_has_no_findings() {
    for kind in [Kind::Import, Kind::Medium, Kind::Full] {
        assert_eq!(warnings(&Document::school().kind(kind)), [""; 0], "{kind:?}");
    }
}

#[test]
fn an_import_and_the_exports_say_the_same() {
    let import = rows(Document::school().staged());
    assert!(import.contains("Hammoud") && import.contains("henr276q"), "{import}");
    for kind in [Kind::Medium, Kind::Full] {
        assert_eq!(rows(Document::school().kind(kind).staged()), import, "{kind:?}");
    }
    let stamp = |kind| Document::school().kind(kind).staged().stamp.unwrap();
    let (import, export) = (stamp(Kind::Import), stamp(Kind::Medium));
    assert_eq!((import.source.as_str(), export.source.as_str()), ("import Elevsystemet", "export"));
    assert_eq!((import.at, import.year), (export.at, export.year));
}

#[test]
fn the_order_of_elements_does_not_matter() {
    let mut chance = Chance::new(20_261_126);
    let straight = Document::school();
    let expected = rows(straight.staged());
    for _ in 0..200 {
        let mut elements: Vec<String> = straight.groups.iter().chain(&straight.people).cloned().collect();
        for at in (1..elements.len()).rev() {
            elements.swap(at, usize::try_from(chance.below(at as u64 + 1)).unwrap());
        }
        let shuffled = Document { groups: Vec::new(), people: elements, ..straight.clone() };
        assert_ne!(shuffled.xml(), straight.xml());
        assert_eq!(rows(shuffled.staged()), expected);
    }
}

#[test]
fn the_order_within_a_person_does_not_matter() {
    let turned = Document::school().with(
        "<Role>Elev</Role><StudentNumber>17</StudentNumber><Level>4</Level>",
        "<Level>4</Level><StudentNumber>17</StudentNumber><Role>Elev</Role>",
    );
    assert_eq!(rows(turned.staged()), rows(Document::school().staged()));
}

#[test]
fn words_that_the_schema_does_not_have_are_kept_and_said() {
    let odd = Document::school()
        .with("<Level>Andet</Level>", "<Level>4.klasse</Level>")
        .with("<GroupType>Hold</GroupType>", "<GroupType>Klub</GroupType>")
        .with("<Role>Vikar</Role>", "<Role>Pedel</Role>")
        .with("<Role>TAP</Role>", "<Role>Konge</Role>")
        .with("<StudentNumber>17</StudentNumber><Level>0", "<Role>Føl</Role><Level>0");
    assert_eq!(
        warnings(&odd),
        [
            "GroupType group-type-unknown 1 (Klub)",
            "Level grade-unknown 1",
            "Role pupil-role-unknown 1 (Føl)",
            "Role role-unknown 2 (Pedel)",
        ]
    );
    let staged = odd.staged();
    assert_eq!((staged.users.rows["p7"].level, staged.users.rows["p7"].grade.as_str()), (None, "4.klasse"));
    assert!(!staged.classes.rows["mat4"].is_homeroom);
    let roles = |id: &str| -> Vec<Role> {
        staged.roles.rows.values().filter(|row| *row.user == *id).map(|row| row.role).collect()
    };
    assert_eq!(roles("l2"), [Role::Teacher]);
    assert!(!staged.users.rows.contains_key("a1"), "an unknown role gives nothing");
}

#[test]
fn what_is_wrong_is_said_with_its_place() {
    let document = Document::school().with("<GroupId>g4b</GroupId><GroupName>", "<GroupId></GroupId><GroupName>");
    let all = document.parse().unwrap_err().errors();
    assert_eq!(all.len(), 1);
    let Finding { file, line, position, column, code, .. } = &all[0];
    assert_eq!((file.as_str(), *line, *position), ("UNILoginImport", Some(7), Some(1)));
    assert_eq!((column.as_deref(), code.as_str()), (Some("GroupId"), "value-missing"));

    let twice = Document::school().with("<LocalPersonId>p2<", "<LocalPersonId>p1<");
    let all = twice.parse().unwrap_err().errors();
    assert_eq!((all[0].line, all[0].code.as_str()), (Some(11), "id-duplicate"));
}

#[test]
fn a_document_without_what_it_needs_is_refused() {
    let school = Document::school;
    let table: Vec<(Document, &str)> = vec![
        (school().at(""), "sourceDateTime value-missing 1"),
        (school().at("in the morning"), "sourceDateTime value-invalid 1"),
        (Document { source: String::new(), ..school() }, "source value-missing 1"),
        (Document { year: "2026".into(), ..school() }, "schoolYear value-invalid 1"),
        (Document { number: String::new(), ..school() }, "InstitutionNumber value-missing 1"),
        (Document { number: "99901".into(), ..school() }, "InstitutionNumber value-invalid 1"),
        (Document { number: "9990145".into(), ..school() }, "InstitutionNumber value-invalid 1"),
        (Document { number: "99901-".into(), ..school() }, "InstitutionNumber value-invalid 1"),
        (school().with("<LocalPersonId>x1</LocalPersonId>", ""), "LocalPersonId value-missing 1"),
        (
            school().with("<GroupId>g4a</GroupId><GroupName>", "<GroupId>g4b</GroupId><GroupName>"),
            "GroupId id-duplicate 1",
        ),
        (school().with("<FirstName>Jo</FirstName><FamilyName>Skov</FamilyName>", ""), "FirstName value-missing 1"),
        (school().with(">Aya<", &format!(">{}<", "a".repeat(201))), "FirstName value-too-long 1"),
        (
            school().with("<Person><FirstName>Aya", "<Person protected=\"perhaps\"><FirstName>Aya"),
            "protected value-invalid 1",
        ),
        (
            school().with("<GroupLevel>4</GroupLevel></Group>", "<FromDate>10.08.2026</FromDate></Group>"),
            "FromDate date-invalid 3",
        ),
        (
            school().with("<LocalPersonId>p1<", &format!("<LocalPersonId>{}<", NATIONAL_NUMBER.replace('-', ""))),
            "LocalPersonId id-national-number 1",
        ),
        (school().with("</Student>", "</Student><Extern><Role>Ekstern</Role></Extern>"), " element-twice 1"),
    ];
    for (document, expected) in table {
        assert_eq!(errors(&document), [expected]);
    }
}

#[test]
fn what_is_odd_is_said_and_read() {
    let odd = Document::school()
        .with("<MainGroupId>g4b</MainGroupId>", "<MainGroupId>nowhere</MainGroupId>")
        .with("<UserId>1000013b36</UserId>", "<UserId>10-0013b36</UserId>")
        .with("<FamilyName>Dam</FamilyName>", "")
        .with("<EmailAddress>", "<ShoeSize>43</ShoeSize><EmailAddress>")
        .and("<InstitutionPerson><LocalPersonId>z9</LocalPersonId><Person><FirstName>No</FirstName><FamilyName>One</FamilyName></Person></InstitutionPerson>".into());
    assert_eq!(
        warnings(&odd),
        [
            " element-unknown 10",
            " role-ignored 1",
            "FamilyName name-missing 1",
            "GroupId reference-missing 2",
            "UserId uni-id-odd 3",
        ]
    );
}

#[test]
fn institution_numbers_may_have_letters() {
    let staged = Document { number: "A1b2C3".into(), ..Document::school() }.staged();
    assert_eq!(staged.orgs.rows["A1b2C3"].identifier, "A1b2C3");
}

#[test]
fn somebody_attached_by_hand_goes_by_their_unilogin_id() {
    let by_hand = Document::school().with("<LocalPersonId>l1</LocalPersonId>", "");
    let staged = by_hand.staged();
    assert_eq!(staged.users.rows["unilogin 1000013b36"].names, Some(("Mette".into(), "Lindegaard".into())));
    let large = Document::school().with("henr276q", "HENR276Q").staged();
    assert_eq!(large.users.rows["p1"].uni_id.as_deref(), Some("henr276q"));
}

#[test]
fn a_contact_person_is_nobody_here() {
    let staged = Document::school().staged();
    assert_eq!(staged.users.rows.len(), 11);
    assert!(!format!("{:?}", staged.users).contains("Contact"));
}

#[test]
fn other_documents_are_refused() {
    let read = |text: &str| {
        let findings = parse(&Source::Bytes(text.as_bytes().to_vec()), &Limits::default(), &|_| {}).unwrap_err();
        said(&findings.errors())
    };
    assert_eq!(read("<html><body/></html>"), [" root-unknown 1"]);
    assert_eq!(read("<UNILoginExportSmall/>"), [" export-small 1"]);
    let nobody = "<UNILoginImport sourceDateTime=\"2026-11-21T06:00:00Z\" source=\"s\" schoolYear=\"2026-2027\"/>";
    assert_eq!(read(nobody), ["InstitutionNumber value-missing 1"]);
}

#[tokio::test]
async fn an_import_records_everybody_once() {
    on_both(async |test| {
        let world = World::of(test).await;
        let report = world.read_in(&Document::school()).await;
        assert!(report.applied && report.held.is_none(), "{:?} {:?}", report.errors, report.held);
        assert_eq!(counts(&report), "11/0/0 3/0/0 7/0/0 2/0/0");
        let pupils = [
            "Aya Hammoud 4 4.A Mat 4",
            "Bo Krog 4 4.A",
            "Clara Toft 4 4.A",
            "Ditte Lund 4 4.B Mat 4",
            "Emil Bech 4 4.B",
            "Freja Holm 0",
            "Gry Dam",
        ];
        assert_eq!(world.pupils("2026-11-21").await, pupils);
        assert_eq!(world.pupils("2027-07-31").await, pupils);
        assert_eq!(world.pupils("2027-08-01").await[0], "Aya Hammoud 4", "places end with the school year");
        assert_eq!(world.teachers("2026-11-21").await, ["Bo Ravnsborg", "Mette Lindegaard"]);

        let revision = world.revision(world.institution).await;
        world.clock.set(noon("2026-11-25"));
        for (kind, at) in [(Kind::Import, "2026-11-24T06:00:00Z"), (Kind::Full, "2026-11-24T07:00:00Z")] {
            let again = world.read_in(&Document::school().kind(kind).at(at)).await;
            assert!(again.applied, "{:?}", again.errors);
            assert_eq!(counts(&again), NOTHING);
        }
        assert_eq!(world.revision(world.institution).await, revision, "not even the revision");
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn a_document_that_is_not_newer_is_refused() {
    on_both(async |test| {
        let world = World::of(test).await;
        world.read_in(&Document::school()).await;
        let fewer = Document::school().without("Krog");
        for at in ["2026-11-21T06:00:00+01:00", "2026-11-21T05:00:00Z", "2026-11-20T23:00:00Z", "2026-11-21T06:00:00"] {
            let refused = world
                .send(&fewer.clone().at(at), &ImportOptions { accept_large_change: true, ..ImportOptions::default() })
                .await;
            assert_eq!(said(&refused.report.errors), [" file-older 1"], "{at}");
            assert!(!refused.report.applied);
        }
        assert_eq!(world.pupils("2026-11-21").await.len(), 7);
        let other = Document { source: "Et andet system".into(), ..Document::school() };
        assert!(world.read_in(&other.at("2026-11-01T06:00:00Z")).await.applied, "each source has its own time");
        assert!(world.read_in(&Document::school().at("2026-11-21T06:00:01+01:00")).await.applied);
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn a_look_leaves_no_trace_and_an_answer_to_a_late_one_is_refused() {
    on_both(async |test| {
        let world = World::of(test).await;
        world.read_in(&Document::school()).await;
        let later = Document::school().without("Krog").at("2026-11-22T06:00:00Z");
        assert!(world.look_at(&later).await.report.held.is_some());
        let karen = world.session(&[Capacity::UserAdministration]);
        let options = ImportOptions { note_looks: true, dry_run: true, ..ImportOptions::default() };
        let target = Target::Institution(world.institution);
        let tell = std::sync::Arc::new(|_| {});
        let held = world.service.import_bundle(&karen, target, later.source(), &options, tell).await.unwrap();
        let id = held.held_as.expect("it waits");
        let accepted = world.service.accept_import(&karen, id, "Familien er flyttet", &|_| {}).await.unwrap();
        assert!(accepted.report.applied, "{:?}", accepted.report.errors);
        assert_eq!(said(&world.read_in(&later).await.errors), [" file-older 1"], "the yes counts as applied");
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn only_the_institution_itself_is_imported() {
    on_both(async |test| {
        let world = World::of(test).await;
        let other = Document { number: "280001".into(), ..Document::school() };
        let refused = world.read_in(&other).await;
        assert_eq!(said(&refused.errors), ["InstitutionNumber school-other 1 (280001)"]);
        let code = world.service.create_institution("999", "A1b2C3", "Bøgeskolen").await.unwrap();
        let lettered = Document { number: "a1B2c3".into(), ..Document::school() };
        for target in [Target::Institution(code), Target::Authority(world.authority)] {
            let options = ImportOptions { dry_run: true, ..ImportOptions::default() };
            let outcome = world.try_import(&world.operator(), target, &lettered.staged(), &options).await.unwrap();
            assert_eq!(outcome.report.errors, []);
            assert_eq!(outcome.schools[0].institution, Some(code), "large and small letters are the same");
        }
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn several_roles_are_several_user_types() {
    on_both(async |test| {
        let world = World::of(test).await;
        world.read_in(&Document::school()).await;
        world.clock.set(noon("2026-11-25"));
        let moved = Document::school()
            .with("<Role>Vikar</Role>", "<Role>Leder</Role><Role>Ledelse</Role>")
            .at("2026-11-24T06:00:00Z");
        assert_eq!(counts(&world.read_in(&moved).await), "0/1/0 0/0/0 0/0/0 0/0/0");
        let mut read = world.service.db.read().await.unwrap();
        let roster = store::import::file_roster(
            &mut read,
            world.institution,
            world.authority.0,
            store::import::FILE_SOURCE,
            noon("2026-11-25"),
        );
        let roster = roster.await.unwrap();
        let bo = roster.people.iter().find(|person| person.source_id == "l2").unwrap().person;
        let mut types: Vec<&str> =
            roster.affiliations.iter().filter(|a| a.person == bo).map(|a| a.user_type.code()).collect();
        types.sort_unstable();
        assert_eq!(types, ["leader", "management", "teacher"]);
    })
    .await
    .unwrap();
}

/// Signs in through the broker with this UNI-Login, and answers where one is and what one may act as; or from when.
async fn at_the_broker(world: &World, uni_id: &str) -> Result<(usize, Vec<Capacity>), usize> {
    let network = crate::sign_in::tests::network(1);
    let outcome = world.service.sign_in_with_broker(&proved(uni_id), &network, Uuid::nil()).await.unwrap();
    let BrokerOutcome::In(token) = outcome else { panic!("{uni_id}: {outcome:?}") };
    match world.service.presence(Some(&token), Uuid::nil()).await.unwrap() {
        Presence::SignedIn(who) => Ok((who.me.places, who.me.capacities)),
        Presence::ChoosePlace(choose) if choose.places.is_empty() => Err(choose.coming.len()),
        Presence::ChoosePlace(choose) => Ok((choose.places.len(), Vec::new())),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn staff_sign_in_with_their_unilogin_from_the_next_night_on_and_are_one_person_at_two_schools() {
    on_both(async |test| {
        let world = World::of(test).await;
        let ea = |id: &str| employee(id, ("Ea", "Lund"), &["Lærer"], &["g4a"]).replace("1000013b36", "TEACH123");
        world.service.set_source_of_institution("999014", IdentitySource::Unilogin).await.unwrap();
        let report = world.read_in(&Document::school().and(ea("l9"))).await;
        assert!(report.applied, "{:?}", report.errors);
        assert_eq!(at_the_broker(&world, "teach123").await, Err(1), "from the next night");
        assert!(!world.pupils("2026-11-21").await.is_empty(), "pupils do not wait");
        assert!(!world.teachers("2026-11-21").await.contains(&"Ea Lund".to_owned()));
        world.clock.set(noon("2026-11-22"));
        assert_eq!(at_the_broker(&world, "teach123").await, Ok((1, vec![Capacity::Teaching])));
        assert!(world.teachers("2026-11-22").await.contains(&"Ea Lund".to_owned()));
        // Read again, nothing is different: what waited is no change.
        world.clock.set(noon("2026-11-25"));
        let again = world.read_in(&Document::school().and(ea("l9")).at("2026-11-24T06:00:00Z")).await;
        assert_eq!(counts(&again), NOTHING);
        // Another school's document names the same UNI-Login otherwise: the same person. At a school of accounts
        // what a roster adds counts at once.
        let institution = world.service.create_institution("999", "999015", "Engskolen").await.unwrap();
        let (service, clock) = (world.service.clone(), std::sync::Arc::clone(&world.clock));
        let there = World { service, clock, authority: world.authority, institution };
        let mut document = Document::school().and(ea("other9"));
        document.number = "999015".to_owned();
        let report = there.read_in(&document).await;
        assert!(report.applied, "{:?}", report.errors);
        assert_eq!(at_the_broker(&world, "teach123").await, Ok((2, Vec::new())));
        // A pupil's UNI-Login is none that signs in here.
        let network = crate::sign_in::tests::network(1);
        let pupil = world.service.sign_in_with_broker(&proved("henr276q"), &network, Uuid::nil()).await.unwrap();
        assert!(matches!(pupil, BrokerOutcome::Unknown), "{pupil:?}");
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn an_empty_document_is_held() {
    on_both(async |test| {
        let world = World::of(test).await;
        world.read_in(&Document::school()).await;
        let nobody = Document { people: Vec::new(), ..Document::school() }.at("2026-11-22T06:00:00Z");
        let held = world.read_in(&nobody).await;
        assert!(!held.applied && held.held.is_some_and(|why| why.contains("InstitutionPerson is empty")));
        assert_eq!(world.pupils("2026-11-21").await.len(), 7);
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn protected_people_have_an_alias_from_the_first_moment() {
    on_both(async |test| {
        let world = World::of(test).await;
        let protected = Document::school().with("<Person><FirstName>Aya", "<Person protected=\"true\"><FirstName>Aya");
        let looked = world.look_at(&protected).await;
        assert!(!format!("{looked:?}").contains("Hammoud"), "the preview shows the alias");
        assert!(format!("{looked:?}").contains("Beskyttet elev"));
        world.read_in(&protected).await;
        let pupils = world.pupils("2026-11-21").await;
        assert!(pupils.iter().any(|line| line == "Beskyttet elev 1 4 4.A Mat 4"), "{pupils:?}");

        world.clock.set(noon("2026-11-25"));
        let another = protected
            .with(
                "<Person><FirstName>Bo</FirstName><FamilyName>Krog",
                "<Person protected=\"1\"><FirstName>Bo</FirstName><FamilyName>Krog",
            )
            .at("2026-11-24T06:00:00Z");
        let report = world.look_at(&another).await;
        assert!(!format!("{report:?}").contains("Krog"));
        assert_eq!(counts(&world.read_in(&another).await), "0/1/0 0/0/0 0/0/0 0/0/0");
        let pupils = world.pupils("2026-11-25").await;
        assert!(pupils.iter().any(|line| line == "Beskyttet elev 2 4 4.A"), "{pupils:?}");

        world.clock.set(noon("2026-11-27"));
        world.read_in(&Document::school().at("2026-11-26T06:00:00Z")).await;
        let pupils = world.pupils("2026-11-27").await;
        assert!(!format!("{pupils:?}").contains("Krog"), "a file does not unprotect: {pupils:?}");
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn a_national_number_is_nowhere() {
    on_both(async |test| {
        let world = World::of(test).await;
        let bare = NATIONAL_NUMBER.replace('-', "");
        // Odd in every way, so that there is something to say about each element.
        let odd = Document::school()
            .with("<Level>Andet</Level>", "<Level>11</Level>")
            .with("<UserId>1000013b36</UserId>", "<UserId>x</UserId>")
            .with("<CivilRegistrationNumberType>", "<Unknown/><CivilRegistrationNumberType>");
        let applied = world.send(&odd, &ImportOptions::default()).await;
        assert!(applied.report.applied && !applied.report.warnings.is_empty());
        let held = odd.clone().without("Krog").without("Toft").at("2026-11-22T06:00:00Z");
        let held = world.send(&held, &ImportOptions { note_looks: true, ..ImportOptions::default() }).await;
        assert!(held.held_as.is_some(), "what was read waits in the database");
        let as_id = odd.with("<LocalPersonId>p1<", &format!("<LocalPersonId>{bare}<")).at("2026-11-23T06:00:00Z");
        let refused = world.send(&as_id, &ImportOptions::default()).await;
        assert!(!refused.report.errors.is_empty());
        for outcome in [&applied, &held, &refused] {
            let told = format!("{outcome:?}");
            assert!(!told.contains(&bare) && !told.contains(NATIONAL_NUMBER), "{told}");
        }
        assert!(!test.holding("Hammoud").await.unwrap().is_empty(), "the search finds what is there");
        for number in [bare.as_str(), NATIONAL_NUMBER] {
            assert_eq!(test.holding(number).await.unwrap(), [""; 0]);
        }
    })
    .await
    .unwrap();
}

#[test]
fn names_with_entities_and_sections_are_names() {
    let document =
        Document::school().with(">Hammoud<", ">H&amp;m&#xF8;d &lt;3<").with(">Toft<", "><![CDATA[T<o>ft]]><");
    let staged = document.staged();
    let family = |id: &str| staged.users.rows[id].names.clone().unwrap().1;
    assert_eq!((family("p1").as_str(), family("p3").as_str()), ("H&mød <3", "T<o>ft"));
}

#[test]
fn groups_dates_are_those_of_their_places() {
    let dated = Document::school()
        .with(
            "<GroupName>Mat 4</GroupName>",
            "<GroupName>Mat 4</GroupName><FromDate>2026-10-01+02:00</FromDate><ToDate>2026-12-18</ToDate>",
        )
        .with("<GroupName>4.A</GroupName>", "<FromDate>2023-08-01</FromDate><ToDate>2030-06-30</ToDate><Line>A</Line>");
    let staged = dated.staged();
    let place = |user: &str, class: &str| {
        let row = staged.enrollments.rows.values().find(|row| *row.user == *user && *row.class == *class).unwrap();
        let text = |day: Option<domain::Date>| day.map(|day| day.to_string()).unwrap_or_default();
        (text(row.begin), text(row.end))
    };
    assert_eq!(place("p1", "mat4"), ("2026-10-01".into(), "2026-12-18".into()));
    assert_eq!(
        place("p1", "g4a"),
        (String::new(), String::new()),
        "a group older than the year says nothing of a place"
    );
    assert_eq!(staged.classes.rows["g4a"].title, "4A", "level and line, where there is no name");
    let reversed = Document::school()
        .with("<GroupName>Mat 4</GroupName>", "<FromDate>2026-10-01</FromDate><ToDate>2026-09-01</ToDate>");
    assert_eq!(warnings(&reversed), ["GroupId reference-missing 3", "ToDate dates-reversed 1"]);
}

#[test]
fn a_class_is_a_hovedgruppe_and_nothing_else() {
    for kind in ["Årgang", "Retning", "Hold", "SFO", "Team", "Andet"] {
        let document =
            Document::school().with("<GroupType>Hold</GroupType>", &format!("<GroupType>{kind}</GroupType>"));
        assert!(!document.staged().classes.rows["mat4"].is_homeroom, "{kind}");
        assert_eq!(warnings(&document), [""; 0]);
    }
    assert!(Document::school().staged().classes.rows["g4a"].is_homeroom);
    let mut more = Document::school();
    more.groups.push(group("g5a", "5.A", "Hovedgruppe", "5"));
    more.people.push(pupil("p8", ("Hugo", "Ege"), "5", "g5a", &[]));
    more.people.push(employee("l3", ("Pia", "Birk"), &["Pædagog"], &["g5a"]));
    let staged = more.staged();
    let of_g5a: Vec<&str> =
        staged.enrollments.rows.values().filter(|row| *row.class == *"g5a").map(|row| &*row.user).collect();
    assert_eq!(of_g5a, ["p8"], "only a Lærer teaches");
}
