//! What is wrong with a file is said with its place and never with its value.

use super::bundle::{Bundle, ENROLLMENTS, USERS};
use crate::import::{Findings, Limits, Source, parse};
use domain::import::Finding;

/// `file:line:column code count` of each finding.
fn lines(all: &[Finding]) -> Vec<String> {
    let line = |f: &Finding| {
        let line = f.line.map(|line| line.to_string()).unwrap_or_default();
        format!("{}:{line}:{} {} {}", f.file, f.column.clone().unwrap_or_default(), f.code, f.count)
    };
    all.iter().map(line).collect()
}

fn errors(bundle: &Bundle) -> Vec<String> {
    lines(&bundle.parse().expect_err("a bad bundle").errors())
}

fn warnings(bundle: &Bundle) -> Vec<String> {
    lines(&bundle.staged().findings.warnings())
}

fn refused(bytes: Vec<u8>, limits: &Limits) -> Findings {
    parse(&Source::Bytes(bytes), limits, &|_| {}).expect_err("a bad bundle")
}

#[test]
fn a_sound_bundle_has_no_findings_but_the_odd_grade() {
    assert_eq!(warnings(&Bundle::school()), ["users.csv:8:grades grade-unknown 1"]);
}

#[test]
fn folders_and_zips_say_the_same() {
    let bundle = Bundle::school();
    let folder = tempfile::tempdir().unwrap();
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(bundle.zip())).unwrap();
    zip.extract(folder.path()).unwrap();
    let read = parse(&Source::Path(folder.path().into()), &Limits::default(), &|_| {}).unwrap();
    let zipped = bundle.staged();
    assert_eq!((read.users, read.enrollments, read.classes), (zipped.users, zipped.enrollments, zipped.classes));
}

#[test]
fn what_is_no_zip_is_broken() {
    for (bytes, code) in [
        (b"no zip".to_vec(), "format-unknown"),
        (Vec::new(), "format-unknown"),
        (Bundle::school().zip()[..200].to_vec(), "zip-broken"),
    ] {
        assert_eq!(lines(&refused(bytes, &Limits::default()).errors()), [format!(":: {code} 1")]);
    }
    let mut bytes = Bundle::school().zip();
    for byte in &mut bytes[60..90] {
        *byte ^= 0x5a;
    }
    let codes: Vec<String> = refused(bytes, &Limits::default()).errors().into_iter().map(|e| e.code).collect();
    assert_eq!(codes, ["zip-broken"]);
    let absent = parse(&Source::Path("/no/such/file.zip".into()), &Limits::default(), &|_| {}).unwrap_err();
    assert_eq!(lines(&absent.errors()), [":: unreadable 1"]);
}

#[test]
fn a_zip_bomb_is_not_unpacked() {
    let mut bundle = Bundle::school();
    let mut text = format!("{USERS}\n").into_bytes();
    text.resize(64 * 1024 * 1024, b'0');
    bundle.raw("users.csv", text);
    assert_eq!(errors(&bundle), ["users.csv:: zip-bomb 1"]);
}

#[test]
fn limits_hold() {
    let limits = Limits { zip_bytes: 100, ..Limits::default() };
    assert_eq!(lines(&refused(Bundle::school().zip(), &limits).errors()), [":: too-large 1"]);
    let limits = Limits { file_bytes: 100, ..Limits::default() };
    let all = lines(&refused(Bundle::school().zip(), &limits).errors());
    assert!(all[0].ends_with("too-large 1"), "{all:?}");
    let limits = Limits { files: 3, ..Limits::default() };
    assert_eq!(lines(&refused(Bundle::school().zip(), &limits).errors()), [":: too-many-files 1"]);
    let limits = Limits { rows: 8, ..Limits::default() };
    let all = lines(&refused(Bundle::school().zip(), &limits).errors());
    assert_eq!(all, ["enrollments.csv:10: too-many-rows 1", "users.csv:10: too-many-rows 1"]);
}

#[test]
fn other_encodings_are_named() {
    let mut utf16 = Bundle::school();
    let text = String::from_utf8(utf16.files["users.csv"].clone()).unwrap();
    let wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    utf16.raw("users.csv", [&[0xFF, 0xFE], wide.as_slice()].concat());
    assert_eq!(errors(&utf16), ["users.csv:1: encoding-utf16 1"]);
    utf16.raw("users.csv", wide);
    assert_eq!(errors(&utf16), ["users.csv:1: encoding-utf16 1"]);
    let mut latin = Bundle::school();
    let bytes: Vec<u8> = text.replace("Lindegaard", "Lindegård").chars().map(|c| c as u8).collect();
    latin.raw("users.csv", bytes);
    assert_eq!(errors(&latin), ["users.csv:9: encoding-not-utf8 1"]);
    let marked = Bundle::school().with("users.csv", "sourcedId,", "\u{feff}sourcedId,");
    assert_eq!(marked.staged().users, Bundle::school().staged().users);
}

#[test]
fn headings_are_checked() {
    let file = "users.csv";
    let without = Bundle::school().with(file, "givenName", "Given name");
    assert_eq!(errors(&without), ["users.csv:1:givenName column-missing 1"]);
    let twice = Bundle::school().with(file, "middleName", "givenName");
    assert_eq!(errors(&twice), ["users.csv:1:givenName column-duplicate 1"]);
    let more = Bundle::school().with(file, "middleName", "kælenavn").with(file, "sms", "metadata.sms");
    assert_eq!(warnings(&more)[0], "users.csv:1: column-unknown 1");
    let shifted = Bundle::school().without(file, "sourcedId");
    let all = shifted.parse().unwrap_err();
    assert!(!format!("{:?}", (all.errors(), all.warnings())).contains("Hammoud"), "a missing header shows no data");
}

#[test]
fn rows_are_checked() {
    let file = "users.csv";
    let table = [
        (Bundle::school().and(file, "p1,,,true,s1,student,x,,A,B,,,,,,,04,"), "users.csv:12:sourcedId id-duplicate 1"),
        (Bundle::school().and(file, "p9,,,true"), "users.csv:12: row-length 1"),
        (Bundle::school().with(file, "p1,", ","), "users.csv:2:sourcedId value-missing 1"),
        (Bundle::school().with(file, "p1,", "p 1,"), "users.csv:2:sourcedId value-invalid 1"),
        (Bundle::school().with(file, "p1,,,true", "p1,,,yes"), "users.csv:2:enabledUser value-invalid 1"),
        (Bundle::school().with(file, "Aya,Hammoud", ","), "users.csv:2:givenName value-missing 1"),
        (Bundle::school().with(file, "Aya", &"A".repeat(1_000_000)), "users.csv:2:givenName value-too-long 1"),
        (Bundle::school().with("orgs.csv", ",school,", ",skole,"), "orgs.csv:2:type value-invalid 1"),
        (Bundle::school().with("classes.csv", "4.A,", ","), "classes.csv:2:title value-missing 1"),
        (
            Bundle::school().with(
                "enrollments.csv",
                "e1,,,c4a,s1,p1,student,,2026-08-10",
                "e1,,,c4a,s1,p1,student,,10.08.2026",
            ),
            "enrollments.csv:2:beginDate date-invalid 1",
        ),
        (
            Bundle::school().with("academicSessions.csv", "2026-12-18", ""),
            "academicSessions.csv:3:endDate value-missing 1",
        ),
        (
            Bundle::delta().changes(file, &["p1,,,true,s1,student,x,,A,B,,,,,,,04,"]),
            "users.csv:2:status value-missing 1",
        ),
    ];
    for (bundle, error) in table {
        assert_eq!(errors(&bundle), [error]);
    }
}

#[test]
fn what_repeats_is_counted_once() {
    let bundle = Bundle::school().with("users.csv", ",student,", ",,");
    assert_eq!(errors(&bundle), ["users.csv:2:role value-missing 7"]);
    let bundle = Bundle::school().with("enrollments.csv", ",,,c4", ",active,2026-08-17T06:00:00.000Z,c4");
    assert_eq!(warnings(&bundle)[0], "enrollments.csv:2:status status-in-bulk 6");
}

#[test]
fn no_finding_shows_a_value() {
    let bundle = Bundle::school()
        .with("users.csv", "Aya", " <script>Aya\u{202e} ")
        .with("users.csv", "Andet", "Hemmelig")
        .with("users.csv", "p2,,,true", "p2,,,hvadsomhelst")
        .with("enrollments.csv", "2027-06-25", "aldrig");
    let findings = bundle.parse().unwrap_err();
    let said = format!("{:?}{:?}", findings.errors(), findings.warnings());
    for value in ["script", "Hemmelig", "hvadsomhelst", "aldrig", "secret", "1234567890", "example"] {
        assert!(!said.contains(value), "{value}: {said}");
    }
}

#[test]
fn names_are_kept_as_written_but_for_what_cannot_be_seen() {
    let file = "users.csv";
    let bundle = Bundle::school()
        .with(file, "Aya,Hammoud", "\"<script>alert(1)</script>\",\"=1+1\"")
        .with(file, "Bo,Krog", " Bo\u{202e} ,Krog")
        .with(file, "Clara,Toft", ",Toft");
    let staged = bundle.staged();
    let names = |id: &str| staged.users.rows[id].names.clone().unwrap();
    assert_eq!(names("p1"), ("<script>alert(1)</script>".into(), "=1+1".into()));
    assert_eq!(names("p2"), ("Bo".into(), "Krog".into()));
    assert_eq!(
        lines(&staged.findings.warnings())[..3],
        [
            "users.csv:3:givenName invisible-characters 1",
            "users.csv:4:givenName name-missing 1",
            "users.csv:3:givenName trimmed 1",
        ]
    );
}

#[test]
fn the_manifest_decides_what_is_read() {
    let mut bundle = Bundle::school();
    bundle.manifest = false;
    assert_eq!(errors(&bundle), [":: manifest-missing 1"]);
    let mut bundle = Bundle::school();
    bundle.version = "2.0";
    assert_eq!(errors(&bundle), ["manifest.csv:: version-unsupported 1"]);
    let mut bundle = Bundle::school();
    bundle.modes.insert("users.csv".into(), "all");
    assert_eq!(errors(&bundle)[0], "manifest.csv:9:value manifest-mode 1");
    let mut bundle = Bundle::school();
    bundle.files.remove("enrollments.csv");
    assert_eq!(errors(&bundle), ["enrollments.csv:: file-missing 1"]);
    let mut bundle = Bundle::school();
    bundle.modes.insert("enrollments.csv".into(), "absent");
    bundle.raw("notes.txt", b"hello".to_vec());
    bundle.modes.remove("notes.txt");
    let staged = bundle.staged();
    assert!(staged.enrollments.rows.is_empty());
    let all = lines(&staged.findings.warnings());
    assert_eq!(all[..2], ["enrollments.csv:: file-unexpected 1", "notes.txt:: file-unknown 1"]);
    let mut bundle = Bundle::school().with("users.csv", "orgSourcedIds,role,", "metadata.a,metadata.b,");
    bundle.version = "1.2";
    assert_eq!(errors(&bundle), ["roles.csv:: file-needed 1"]);
}

#[test]
fn a_file_without_rows_is_noted() {
    let mut bundle = Bundle::school();
    bundle.table("enrollments.csv", ENROLLMENTS, &[]);
    bundle.raw("users.csv", Vec::new());
    assert_eq!(bundle.staged().empty, ["users.csv", "enrollments.csv"]);
    assert_eq!(Bundle::school().staged().empty, [""; 0]);
}

#[test]
fn guardians_and_unknown_roles_are_left_out() {
    let bundle = Bundle::school()
        .and("users.csv", "g1,,,true,s1,parent,x,,A,B,,,,,,,,")
        .and("users.csv", "g2,,,true,s1,guardian,x,,A,B,,,,,,,,")
        .and("users.csv", "g3,,,true,s1,wizard,x,,A,B,,,,,,,,")
        .and("users.csv", "g4,,,false,s1,teacher,x,,A,B,,,,,,,,");
    let staged = bundle.staged();
    assert_eq!(staged.users.rows.len(), 11);
    let all = lines(&staged.findings.warnings());
    for line in [
        "users.csv:12:role role-ignored 2",
        "users.csv:14:role role-unknown 1",
        "users.csv:15:enabledUser user-disabled 1",
    ] {
        assert!(all.contains(&line.to_owned()), "{all:?}");
    }
}

#[test]
fn lines_are_counted_whatever_ends_them() {
    for end in ["\n", "\r\n"] {
        let mut bundle = Bundle::school().with("users.csv", "p1,,,true", "p1,,,yes");
        let text = String::from_utf8(bundle.files["users.csv"].clone()).unwrap();
        bundle.raw("users.csv", text.replace('\n', end).into_bytes());
        assert_eq!(errors(&bundle), ["users.csv:2:enabledUser value-invalid 1"], "{end:?}");
    }
}

#[test]
fn the_rosters_from_outside_are_read_with_one_warning_a_file() {
    for (name, pupils_and_staff, classes, places) in
        [("school-k12-large.zip", 1076, 273, 7553), ("district-medium.zip", 837, 364, 5810)]
    {
        let Some(path) = super::outside(name) else { continue };
        let staged = parse(&Source::Path(path), &Limits::default(), &|_| {}).unwrap();
        assert_eq!(staged.users.rows.len(), pupils_and_staff);
        assert_eq!((staged.classes.rows.len(), staged.enrollments.rows.len()), (classes, places));
        let warnings = staged.findings.warnings();
        assert_eq!(warnings.len(), 6, "{warnings:?}");
        assert!(warnings.iter().all(|w| w.code == "status-in-bulk" && w.line == Some(2)), "{warnings:?}");
    }
}
