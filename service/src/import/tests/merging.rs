//! A delta over a full file says what a full file with the same changes would say.

use super::bundle::Bundle;
use super::days::{roll, rolls};
use crate::import::Findings;
use crate::import::roll::Roll;
use crate::import::wanted::wanted;

const TODAY: &str = "2026-11-21";

/// What is asked for after a full file and then a delta, as kept between the two.
fn after(full: &Bundle, delta: &Bundle) -> crate::import::wanted::Wanted {
    let kept = roll(&full.staged(), None).to_keep().unwrap();
    assert!(!String::from_utf8_lossy(&kept).contains("Hammoud"), "no names are kept");
    wanted(&roll(&delta.staged(), Roll::kept(&kept)), TODAY.parse().unwrap())
}

/// The same without names, which a delta says only for those it changes.
fn nameless(mut wanted: crate::import::wanted::Wanted) -> crate::import::wanted::Wanted {
    wanted.people.values_mut().for_each(|person| person.names = None);
    wanted
}

#[test]
fn a_delta_says_what_a_full_file_would() {
    let stamp = "2026-11-20T06:00:00.000Z";
    let delta = Bundle::delta()
        .changes(
            "users.csv",
            &[
                &format!("p2,tobedeleted,{stamp},true,s1,student,x,,Bo,Krog,,,,,,,04,"),
                &format!("p3,active,{stamp},true,s1,student,x,,Klara,Toft,,,,,,,05,"),
                &format!("p9,active,{stamp},true,s1,student,x,,Hans,Ny,,,,,,,04,"),
            ],
        )
        .changes(
            "enrollments.csv",
            &[
                &format!("e1,active,{stamp},c4b,s1,p1,student,,2026-08-10,2027-06-25"),
                &format!("e3,tobedeleted,{stamp},c4a,s1,p3,student,,,"),
                &format!("e30,active,{stamp},c4a,s1,p9,student,,2026-11-23,2027-06-25"),
            ],
        )
        .changes("classes.csv", &[&format!("m4,active,{stamp},Matematik 4,04,,,scheduled,,s1,\"t1,t2\",Regning,,")]);
    let full = Bundle::school()
        .without("users.csv", "Krog")
        .with("users.csv", "Clara,Toft,,1234567890,a@b.example,,,,04", "Klara,Toft,,1234567890,a@b.example,,,,05")
        .and("users.csv", "p9,,,true,s1,student,x,,Hans,Ny,,,,,,,04,")
        .with("enrollments.csv", "e1,,,c4a", "e1,,,c4b")
        .without("enrollments.csv", "e3,")
        .and("enrollments.csv", "e30,,,c4a,s1,p9,student,,2026-11-23,2027-06-25")
        .with(
            "classes.csv",
            "Mat 4,04,k1,,scheduled,,s1,\"t1,t2\",,,",
            "Matematik 4,04,,,scheduled,,s1,\"t1,t2\",Regning,,",
        );
    let by_delta = after(&Bundle::school(), &delta);
    assert_eq!(by_delta.people["p3"].names, Some(("Klara".into(), "Toft".into())));
    assert_eq!(by_delta.people["p1"].names, None);
    assert_eq!(nameless(by_delta), nameless(wanted(&roll(&full.staged(), None), TODAY.parse().unwrap())));
}

#[test]
fn an_absent_file_changes_nothing() {
    let mut only_people = Bundle::school();
    for file in ["enrollments.csv", "classes.csv", "academicSessions.csv", "courses.csv"] {
        only_people.files.remove(file);
        only_people.modes.insert(file.into(), "absent");
    }
    let all = wanted(&roll(&Bundle::school().staged(), None), TODAY.parse().unwrap());
    assert_eq!(nameless(after(&Bundle::school(), &only_people)), nameless(all));
}

#[test]
fn a_delta_needs_a_full_file_before_it() {
    let delta = Bundle::delta()
        .changes("users.csv", &["p2,active,2026-11-20T06:00:00.000Z,true,s1,student,x,,Bo,Krog,,,,,,,04,"]);
    let mut of_1_2 = delta.clone();
    of_1_2.version = "1.2";
    let kept = || Some(roll(&Bundle::school().staged(), None));
    let table = [
        (&delta, None, false),
        (&delta, Roll::kept(b"rubbish"), false),
        (&of_1_2, kept(), false),
        (&delta, kept(), true),
    ];
    for (delta, before, sound) in table {
        let mut findings = Findings::default();
        assert_eq!(rolls(&delta.staged(), vec![("s1".into(), before)], &mut findings).is_some(), sound);
        assert_eq!(findings.errors().iter().any(|error| error.code == "delta-first"), !sound);
    }
}

#[test]
fn rows_may_stand_in_any_order() {
    let mut turned = Bundle::school();
    for bytes in turned.files.values_mut() {
        let text = String::from_utf8(bytes.clone()).unwrap();
        let mut lines: Vec<&str> = text.lines().collect();
        lines[1..].reverse();
        *bytes = lines.join("\r\n").into_bytes();
    }
    let today = TODAY.parse().unwrap();
    assert_eq!(wanted(&roll(&turned.staged(), None), today), wanted(&roll(&Bundle::school().staged(), None), today));
}

#[test]
fn what_points_nowhere_is_skipped_and_said() {
    let bundle = Bundle::school()
        .and("enrollments.csv", "e40,,,c9,s1,p1,student,,,")
        .and("enrollments.csv", "e41,,,c4a,s1,p99,student,,,")
        .and("enrollments.csv", "e42,,,c4a,s1,a1,teacher,,,")
        .and("classes.csv", "c5,,,5.A,05,,,homeroom,,s9,t1,,,")
        .and("classes.csv", "c6,,,6.A,06,,,homeroom,,s1,t9,,,");
    let mut findings = Findings::default();
    let rolls = rolls(&bundle.staged(), vec![("s1".into(), None)], &mut findings).unwrap();
    let said: Vec<String> = findings
        .warnings()
        .iter()
        .map(|f| format!("{}:{} {}", f.line.unwrap_or(0), f.column.clone().unwrap(), f.code))
        .collect();
    assert_eq!(
        said,
        [
            "5:schoolSourcedId reference-missing",
            "6:termSourcedIds term-unknown",
            "11:classSourcedId reference-missing",
            "13:userSourcedId not-at-school",
            "12:userSourcedId reference-missing",
        ]
    );
    let asked = wanted(&rolls["s1"], TODAY.parse().unwrap());
    assert_eq!((asked.memberships.len(), asked.teaching.len(), asked.groups.len()), (7, 2, 4));
}
