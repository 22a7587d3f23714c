//! The catalogue: what ships reads whole, and every fault of an added file is named.

use super::*;
use std::collections::BTreeSet;

const FNF: SchoolYear = SchoolYear(2026);

fn codes(offer: &Offer) -> Vec<&str> {
    offer.tests.iter().map(|test| test.code.as_str()).collect()
}

fn fails(text: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("own.toml"), text).unwrap();
    let message = Catalogue::load(Some(folder.path())).unwrap_err().to_string();
    assert!(message.contains("own.toml"), "{message}");
    message
}

const HEAD: &str = "[catalogue]\nname = 'Egne'\nkind = 'national'\n";

#[test]
fn a_danish_school_in_2026_27_sees_17_national_tests_and_9_exams() {
    let offer = Catalogue::load(None).unwrap().offer("dk", FNF);
    assert_eq!(
        codes(&offer),
        [
            "FNF-DAL-2",
            "FNF-DAL-3",
            "FNF-DAL-4",
            "FNF-DAL-6",
            "FNF-DAL-8",
            "FNF-MAT-2",
            "FNF-MAT-4",
            "FNF-MAT-6",
            "FNF-MAT-7",
            "FNF-MAT-8",
            "FNF-ENG-4",
            "FNF-ENG-7",
            "FNF-TYS-7",
            "FNF-FRA-7",
            "FNF-NAT-6",
            "FNF-DSA-5",
            "FNF-DSA-7",
            "FP9-DAL",
            "FP9-DRE",
            "FP9-MAT",
            "FP9-ENG",
            "FP9-TYS",
            "FP9-FRA",
            "FP9-FYS",
            "FP9-BIO",
            "FP9-GEO",
        ]
    );
    assert_eq!(offer.tests.iter().filter(|test| test.mandatory).count(), 10);
    for test in &offer.tests {
        let subject = &offer.subjects[usize::from(test.subject.0)];
        let exam = test.code.starts_with("FP9");
        assert_eq!(test.kind == TestKind::Exam, exam, "{}", test.code);
        if !exam {
            assert_eq!(test.name, format!("{} {}", subject.name, test.level.unwrap()));
        }
    }
}

#[test]
fn earlier_school_years_have_their_own_tests() {
    let catalogue = Catalogue::load(None).unwrap();
    let national = |year| {
        let offer = catalogue.offer("dk", SchoolYear(year));
        let codes = codes(&offer).into_iter().filter(|code| !code.starts_with("FP9"));
        codes
            .map(|code| code.split('-').next().unwrap().to_owned())
            .collect::<BTreeSet<_>>()
            .into_iter()
            .collect::<Vec<_>>()
    };
    assert_eq!(national(2009), [""; 0]);
    assert_eq!(national(2010), ["DNT"]);
    assert_eq!(national(2021), ["DNT"]);
    assert_eq!(national(2022), ["FNO"]);
    assert_eq!(national(2025), ["FNO"]);
    assert_eq!(national(2026), ["FNF"]);
    let dnt = catalogue.offer("dk", SchoolYear(2021));
    let mandatory = dnt.tests.iter().filter(|test| test.mandatory).map(|test| test.code.as_str()).collect::<Vec<_>>();
    assert_eq!(mandatory.len(), 10, "ten mandatory tests a pupil: {mandatory:?}");
    assert!(mandatory.contains(&"DNT-MAT-3") && !mandatory.contains(&"DNT-GEO-8"));
}

#[test]
fn a_swedish_school_sees_the_nationella_prov_of_years_3_6_and_9() {
    let offer = Catalogue::load(None).unwrap().offer("se", FNF);
    assert_eq!(offer.tests.len(), 18);
    let at = |level: &str| {
        let fits = |test: &&domain::Test| test.level.is_some_and(|own| own.to_string() == level);
        offer.tests.iter().filter(fits).map(|test| test.code.as_str()).collect::<Vec<_>>()
    };
    assert_eq!(at("3"), ["NP-SVE-3", "NP-SVA-3", "NP-MAT-3"]);
    assert_eq!(at("6"), ["NP-SVE-6", "NP-SVA-6", "NP-ENG-6", "NP-MAT-6"]);
    assert_eq!(at("9").len(), 11);
    let mandatory: Vec<_> = offer.tests.iter().filter(|test| test.mandatory).map(|test| test.code.as_str()).collect();
    assert_eq!(mandatory, ["NP-ENG-6", "NP-ENG-9", "NP-MAT-3", "NP-MAT-6", "NP-MAT-9"]);
}

#[test]
fn an_operators_folder_adds_tests_and_subjects() {
    let folder = tempfile::tempdir().unwrap();
    let text = format!(
        "{HEAD}country = 'se'\nfirst_year = '2026/27'\n\
         [[subject]]\nslug = 'slojd'\nname = 'Slöjd'\n\
         [[test]]\ncode = 'SL-6'\nname = 'Slöjd 6'\nsubject = 'slojd'\nlevel = '6'\nmandatory = true\n\
         [[test]]\ncode = 'MA'\nname = 'Matematik'\nsubject = 'matematik'\nmandatory = false\n"
    );
    std::fs::write(folder.path().join("own.toml"), text).unwrap();
    std::fs::write(folder.path().join("read-me.txt"), "not a catalogue").unwrap();
    let catalogue = Catalogue::load(Some(folder.path())).unwrap();
    let shipped = Catalogue::load(None).unwrap().offer("se", FNF);
    let added = |year| {
        let offer = catalogue.offer("se", SchoolYear(year));
        let is_added = |code: &&str| !shipped.tests.iter().any(|test| test.code == **code);
        codes(&offer).into_iter().filter(is_added).map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(added(2026), ["MA", "SL-6"]);
    assert_eq!(added(2025), [""; 0]);
    assert_eq!(catalogue.offer("dk", FNF).tests.len(), 26);
    assert_eq!(catalogue.entry("MA").unwrap().level, None);
}

#[test]
fn a_contradiction_names_file_key_and_value() {
    let test = |line: &str| format!("{HEAD}[[test]]\nmandatory = true\nname = 'X'\nsubject = 'matematik'\n{line}\n");
    let table = [
        (test("code = 'DNT-DAL-4'"), "test.code `DNT-DAL-4`: is already in the catalogue"),
        (test("code = 'x'"), "test.code `x`: must be capital letters"),
        (test("code = 'X'\nlevel = '11'"), "`11` is no level"),
        (test("code = 'X'\ncolour = 'red'"), "unknown field `colour`"),
        (format!("{HEAD}[[test]]\ncode = 'X'\nname = 'X'\nmandatory = true"), "missing field `subject`"),
        (test("code = 'X'").replace("matematik", "latin"), "test.subject `latin`: no such subject"),
        (test("code = 'X'").replace("'X'", "'\\n'").replace('\'', "\""), "test.code `\n`: must be"),
        (test("code = 'X'").replace("national", "oral"), "unknown variant `oral`"),
        (test("code = 'X'").replace(HEAD, ""), "tests need a section [catalogue]"),
        (test("code = 'X'").replace("name = 'Egne'", "name = 'Egne'\ncountry = 'no'"), "catalogue.country `no`"),
        (
            test("code = 'X'").replace("name = 'Egne'", "name = 'Egne'\nfirst_year = '2026/28'"),
            "catalogue.first_year `2026/28`: must be a school year",
        ),
        (
            test("code = 'X'").replace("name = 'Egne'", "name = 'Egne'\nfirst_year = '2026/27'\nlast_year = '2025/26'"),
            "catalogue.last_year `2025/26`: lies before 2026/27",
        ),
        ("[[subject]]\nslug = 'matematik'\nname = 'Math'".into(), "is already the slug of Matematik"),
        ("[[subject]]\nslug = 'Math'\nname = 'Math'".into(), "subject.slug `Math`: must be"),
        ("code = ".into(), "TOML parse error"),
    ];
    for (text, message) in table {
        let said = fails(&text);
        assert!(said.contains(message), "{said}\nshould say {message}");
    }
}

#[test]
fn too_many_tests_are_refused() {
    let tests = (0..ENTRIES_MAX)
        .map(|n| format!("[[test]]\ncode = 'X-{n}'\nname = 'X'\nsubject = 'matematik'\nmandatory = false\n"))
        .collect::<String>();
    assert!(fails(&format!("{HEAD}{tests}")).contains("256 tests at most"));
}

#[test]
fn an_absent_folder_is_an_error() {
    let error = Catalogue::load(Some(Path::new("/no/such/folder"))).unwrap_err();
    assert!(matches!(error, CatalogueError::Unreadable { .. }));
}
