//! What is read of UNI-Login's documents.

use super::document::{Document, Kind, NATIONAL_NUMBER, employee, group, pupil};
use crate::import::{Limits, Role, Source, Staged, parse};
use domain::import::Finding;
use domain::testing::Chance;

/// `line:column code count about` of each finding; the place is checked elsewhere.
pub(super) fn said(all: &[Finding]) -> Vec<String> {
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
