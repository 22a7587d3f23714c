//! The staff list of a Swedish school: what is read of it, and what an import of it does, on both engines.

use super::bundle::Bundle;
use super::world::{NOTHING, World, counts, noon};
use crate::import::{ImportOptions, Limits, Source, Staged, Target, parse};
use domain::import::{Finding, ImportReport};
use store::testing::on_both;

const HEADINGS: &str = "Skolenhetskod;Id;EPPN;Förnamn;Efternamn;Befattning;Från och med;Till och med;Sekretessmarkering;Personnummer;Ta bort";

/// The four shapes of a number that must appear nowhere. The day is one that no real number has.
const NUMBERS: [&str; 4] = ["19710577-9996", "197105779996", "710577-9996", "7105779996"];

fn list(rows: &[&str]) -> String {
    [HEADINGS].iter().chain(rows).map(|row| format!("{row}\r\n")).collect()
}

fn school() -> String {
    list(&[
        &format!("999014;u1;;Åsa;Lindqvist;Lärare;;;;{};", NUMBERS[0]),
        &format!("999014;;Bo.Ek@skola.example;Bo;Ek;Förstelärare;2026-08-10;2027-06-30;;{};", NUMBERS[1]),
        &format!("999014;u3;;Cilla;Berg;Rektor;;;nej;{};Nej", NUMBERS[2]),
        &format!("999014;u4;;Dan;Holm;Skoladministratör;;;1;{};", NUMBERS[3]),
    ])
}

fn read(bytes: Vec<u8>) -> Result<Staged, Vec<String>> {
    parse(&Source::Bytes(bytes), &Limits::default(), &|_| {}).map_err(|findings| said(&findings.errors()))
}

/// `line:column code count` of each finding.
fn said(all: &[Finding]) -> Vec<String> {
    let one = |f: &Finding| {
        let line = f.line.map(|line| line.to_string()).unwrap_or_default();
        format!("{line}:{} {} {}", f.column.clone().unwrap_or_default(), f.code, f.count)
    };
    all.iter().map(one).collect()
}

fn windows_1252(text: &str) -> Vec<u8> {
    let byte = |c: char| match c {
        '–' => 0x96,
        '’' => 0x92,
        c => u8::try_from(u32::from(c)).unwrap(),
    };
    text.chars().map(byte).collect()
}

impl World {
    async fn list(&self, text: &str, accept: bool) -> ImportReport {
        let options = ImportOptions { accept_large_change: accept, ..ImportOptions::default() };
        let target = Target::Institution(self.institution);
        let source = Source::Bytes(text.as_bytes().to_vec());
        let tell = std::sync::Arc::new(|_| {});
        self.service.import_bundle(&self.operator(), target, source, &options, tell).await.unwrap().report
    }
}

#[test]
fn encodings_and_separators_say_the_same() {
    let plain = format!("{:?}", read(school().into_bytes()).unwrap());
    assert!(plain.contains("Åsa") && plain.contains("bo.ek@skola.example"), "{plain}");
    let commas = school().replace(';', ",");
    let marked = format!("\u{FEFF}{}", school());
    let quoted = school().replace("Lindqvist", "\"Lindqvist\"");
    for (name, bytes) in [
        ("Windows-1252", windows_1252(&school())),
        ("commas", commas.into_bytes()),
        ("a byte order mark", marked.into_bytes()),
        ("quotes", quoted.into_bytes()),
        ("line feeds alone", school().replace("\r\n", "\n").into_bytes()),
        ("empty rows", format!("{};;;;;;;;;;\r\n", school()).into_bytes()),
        ("capitals", school().replace("Förnamn", "FÖRNAMN").into_bytes()),
    ] {
        assert_eq!(format!("{:?}", read(bytes).unwrap()), plain, "{name}");
    }
    let odd = read(windows_1252(&school().replace("Lindqvist", "O’Hara–Ek"))).unwrap();
    assert_eq!(odd.users.rows["u1"].names.as_ref().unwrap().1, "O’Hara–Ek");
}

#[test]
fn what_is_wrong_is_said_with_its_row_and_column() {
    let row = |row: &str| read(list(&[row]).into_bytes()).map(|_| ()).unwrap_err();
    assert_eq!(row(";u1;;Åsa;Lindqvist;Lärare;;;;;"), ["2:skolenhetskod value-missing 1"]);
    assert_eq!(row("999014;;;Åsa;Lindqvist;Lärare;;;;;"), ["2:id value-missing 1"]);
    assert_eq!(row("999014;u1;;;;Lärare;;;;;"), ["2:förnamn value-missing 1"]);
    assert_eq!(row("999014;u1;;Åsa;Lindqvist;Lärare;1/8;;;;"), ["2:från och med date-invalid 1"]);
    assert_eq!(row("999014;u1;;Åsa;Lindqvist;Lärare;;;;;kanske"), ["2:ta bort value-invalid 1"]);
    assert_eq!(row("999014;u1;;Åsa;Lindqvist;Lärare;;;kanske;;"), ["2:skyddade personuppgifter value-invalid 1"]);
    assert_eq!(row("999014;u1;;Åsa;Lindqvist;Lärare"), ["2: row-length 1"]);
    for number in NUMBERS {
        for id in NUMBERS {
            let row = row(&format!("999014;{id};;Åsa;Lindqvist;Lärare;;;;{number};"));
            assert_eq!(row, ["2:id id-national-number 1"], "{id} {number}");
        }
    }
    let twice = list(&["999014;u1;;Åsa;Lindqvist;Lärare;;;;;", "999014;u1;;Åsa;Lindqvist;Rektor;;;;;"]);
    assert_eq!(read(twice.into_bytes()).map(|_| ()).unwrap_err(), ["3:id id-duplicate 1"]);
    let headings = |from: &str, to: &str| read(school().replacen(from, to, 1).into_bytes()).map(|_| ()).unwrap_err();
    assert_eq!(headings("Befattning", "Yrke"), ["1:befattning column-missing 1"]);
    assert_eq!(
        headings("Befattning", "Efternamn"),
        ["1:befattning column-missing 1", "1:efternamn column-duplicate 1"]
    );
    let unknown = read(list(&["999014;u1;;Åsa;Lindqvist;Trollkarl;;;;;"]).into_bytes()).unwrap();
    assert_eq!(said(&unknown.findings.warnings()), ["2:befattning role-unknown 1"]);
    assert!(unknown.users.rows.is_empty(), "an unknown post gives nothing");
    assert_eq!(read(b"Namn;Ort\r\nx;y\r\n".to_vec()).map(|_| ()).unwrap_err(), [": format-unknown 1"]);
}

#[tokio::test]
async fn a_list_adds_and_takes_away_what_it_names() {
    on_both(async |test| {
        let world = World::of(test).await;
        assert!(world.import(&Bundle::school()).await.applied);
        let report = world.list(&school(), false).await;
        assert!(report.applied, "{:?} {:?}", report.errors, report.held);
        assert_eq!(counts(&report), "4/0/0 0/0/0 0/0/0 0/0/0");
        let teachers = ["Bo Ek", "Bo Ravnsborg", "Mette Lindegaard", "Åsa Lindqvist"];
        assert_eq!(world.teachers("2026-11-21").await, teachers);
        assert_eq!(world.pupils("2026-11-21").await.len(), 7, "nobody else is touched");
        let revision = world.revision(world.institution).await;
        assert_eq!(counts(&world.list(&school(), false).await), NOTHING);
        assert_eq!(counts(&world.import(&Bundle::school()).await), NOTHING, "nor does another file touch the list's");
        assert_eq!(world.revision(world.institution).await, revision);

        world.clock.set(noon("2026-11-25"));
        let leaves = list(&["999014;u1;;Åsa;Lindqvist;Lärare;;;;;JA"]);
        let held = world.list(&leaves, false).await;
        assert_eq!(held.held.as_deref(), Some("1 of 4 employees are missing from the file"));
        assert_eq!(counts(&world.list(&leaves, true).await), "0/0/1 0/0/0 0/0/0 0/0/0");
        assert_eq!(world.teachers("2026-11-25").await, ["Bo Ek", "Bo Ravnsborg", "Mette Lindegaard"]);
        assert!(world.teachers("2026-11-24").await.contains(&"Åsa Lindqvist".into()), "yesterday stays as it was");
        let again = world.list(&leaves, false).await;
        assert_eq!((counts(&again).as_str(), said(&again.warnings)), (NOTHING, vec![": list-not-there 1".to_owned()]));
        assert!(!world.teachers("2027-07-01").await.contains(&"Bo Ek".into()), "a post ends on its day");
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn a_delta_after_a_list_is_laid_over_the_roster_before_it() {
    on_both(async |test| {
        let world = World::of(test).await;
        world.import(&Bundle::school()).await;
        world.list(&school(), false).await;
        world.clock.set(noon("2026-11-25"));
        let moved = "e3,active,2026-11-24T06:00:00.000Z,c4b,s1,p3,student,,2026-08-10,2027-06-25";
        let delta = Bundle::delta().changes("enrollments.csv", &[moved]);
        let report = world.import_with(&delta, true).await;
        assert!(report.applied, "{:?}", report.errors);
        assert_eq!(counts(&report), "0/0/0 0/0/0 1/0/1 0/0/0");
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn only_rows_of_the_school_count_and_other_schools_are_counted() {
    on_both(async |test| {
        let world = World::of(test).await;
        let other = "31279295;u9;;Eva;Lund;Lärare;;;;;\r\n";
        let both = world.list(&format!("{}{other}", school()), false).await;
        assert!(both.applied && said(&both.warnings) == [": other-schools 1"], "{:?}", both.warnings);
        assert!(!world.teachers("2026-11-21").await.contains(&"Eva Lund".into()));
        let elsewhere = world.list(&list(&[other.trim_end()]), false).await;
        assert_eq!(said(&elsewhere.errors), [": school-not-found 1"]);
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn national_numbers_of_a_list_are_nowhere_and_protected_people_are() {
    on_both(async |test| {
        let world = World::of(test).await;
        let report = world.list(&school(), false).await;
        let told = format!("{report:?}");
        assert!(!test.holding("Lindqvist").await.unwrap().is_empty());
        for number in NUMBERS {
            assert!(!told.contains(number));
            assert_eq!(test.holding(number).await.unwrap(), [""; 0]);
        }
        let mut read = world.service.db.read().await.unwrap();
        let dan = store::directory::person_by_source(&mut read, world.institution.0, "u4").await.unwrap().unwrap();
        assert!(store::directory::person(&mut read, dan).await.unwrap().unwrap().protected);
    })
    .await
    .unwrap();
}
