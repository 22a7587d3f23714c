//! From which day to which a place in a class counts.

use super::bundle::Bundle;
use crate::import::roll::{Roll, Sorted};
use crate::import::wanted::{Wanted, wanted};
use crate::import::{Findings, SourcedId, Staged};
use domain::{Date, UserType};
use std::collections::BTreeMap;

/// What is known of schools after a bundle that is laid over what was known before.
pub(super) fn rolls(
    staged: &Staged,
    before: Vec<(SourcedId, Option<Roll>)>,
    findings: &mut Findings,
) -> Option<BTreeMap<SourcedId, Roll>> {
    let before: Vec<_> =
        before.into_iter().map(|(school, roll)| (school, roll.filter(|roll| roll.fits(staged)))).collect();
    let classes = |roll: &Roll| roll.classes.keys().cloned().collect();
    let schools = before.iter().map(|(school, roll)| (school.clone(), roll.as_ref().map(classes))).collect();
    let sorted = Sorted::of(staged, schools, findings)?;
    let laid = |(school, known): (SourcedId, Option<Roll>)| {
        let roll = Roll::laid(known, &school, &sorted, findings);
        (school, roll)
    };
    Some(before.into_iter().map(laid).collect())
}

pub(super) fn roll(staged: &Staged, before: Option<Roll>) -> Roll {
    let mut findings = Findings::default();
    let rolls = rolls(staged, vec![("s1".into(), before)], &mut findings);
    rolls.unwrap_or_else(|| panic!("{:?}", findings.errors())).remove("s1").unwrap()
}

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

pub(super) fn asked(bundle: &Bundle, today: &str) -> Wanted {
    wanted(&roll(&bundle.staged(), None), day(today))
}

/// Windows of pupil p1's place in 4.A, as text.
fn places(begin: &str, end: &str, today: &str) -> Vec<String> {
    let row = "e1,,,c4a,s1,p1,student,,2026-08-10,2027-06-25";
    let bundle = Bundle::school().with("enrollments.csv", row, &format!("e1,,,c4a,s1,p1,student,,{begin},{end}"));
    let all = asked(&bundle, today).memberships.remove(&("p1".into(), "c4a".into())).unwrap_or_default();
    let text = |day: Option<Date>| day.map_or_else(|| "…".to_owned(), |day| day.to_string());
    all.into_iter().map(|days| format!("{}–{}", text(days.from), text(days.until))).collect()
}

#[test]
fn the_first_terms_begin_is_1_august_and_the_last_terms_end_31_july() {
    let table = [
        (("2026-08-10", "2027-06-25"), "2026-08-01–2027-07-31"),
        (("", ""), "2026-08-01–2027-07-31"),
        (("2026-08-03", "2027-06-30"), "2026-08-01–2027-07-31"),
        (("2026-08-11", "2027-06-25"), "2026-08-11–2027-07-31"),
        (("2026-08-10", "2027-06-24"), "2026-08-01–2027-06-24"),
        (("2027-01-04", ""), "2027-01-04–2027-07-31"),
        (("2026-08-10", "2026-12-18"), "2026-08-01–2026-12-18"),
    ];
    for ((begin, end), days) in table {
        assert_eq!(places(begin, end, "2026-11-21"), [days], "{begin} {end}");
    }
}

#[test]
fn a_place_counts_on_its_last_day_and_not_the_day_after() {
    assert_eq!(places("2026-08-10", "2027-06-25", "2027-07-31").len(), 1);
    assert_eq!(places("2026-08-10", "2027-06-25", "2027-08-01").len(), 0);
    assert_eq!(places("2026-08-10", "2026-12-18", "2026-12-18").len(), 1);
    assert_eq!(places("2026-08-10", "2026-12-18", "2026-12-19").len(), 0);
}

#[test]
fn a_class_of_the_autumn_ends_with_the_school_year_and_one_of_the_spring_begins_with_its_term() {
    let of = |terms: &str| {
        let bundle = Bundle::school()
            .with(
                "classes.csv",
                "m4,,,Mat 4,04,k1,,scheduled,,s1,\"t1,t2\"",
                &format!("m4,,,Mat 4,04,k1,,scheduled,,s1,{terms}"),
            )
            .with("enrollments.csv", "e6,,,m4,s1,p1,student,,2026-08-10,2027-06-25", "e6,,,m4,s1,p1,student,,,");
        asked(&bundle, "2026-11-21").memberships.remove(&("p1".into(), "m4".into())).unwrap()[0]
    };
    let days = of("t1");
    assert_eq!((days.from, days.until), (Some(day("2026-08-01")), Some(day("2027-07-31"))));
    let days = of("t2");
    assert_eq!((days.from, days.until), (Some(day("2027-01-04")), Some(day("2027-07-31"))));
    let days = of("t9");
    assert_eq!((days.from, days.until), (None, None), "an unknown term says nothing");
}

#[test]
fn two_rows_for_one_place_are_one_stretch_if_they_meet() {
    let row = |id: &str, begin: &str, end: &str| format!("{id},,,c4b,s1,p1,student,,{begin},{end}");
    let of = |second: (&str, &str)| {
        let bundle = Bundle::school()
            .and("enrollments.csv", &row("e20", "2026-08-10", "2026-12-01"))
            .and("enrollments.csv", &row("e21", second.0, second.1));
        asked(&bundle, "2026-11-21").memberships.remove(&("p1".into(), "c4b".into())).unwrap().len()
    };
    assert_eq!(of(("2026-12-02", "2026-12-31")), 1);
    assert_eq!(of(("2026-12-03", "2026-12-31")), 2);
}

#[test]
fn everybody_is_what_the_file_says_and_staff_nothing_more() {
    let wanted = asked(&Bundle::school(), "2026-11-21");
    let types = |id: &str| wanted.people[id].types.keys().copied().collect::<Vec<_>>();
    assert_eq!(types("p1"), [UserType::Pupil]);
    assert_eq!(types("l1"), [UserType::Teacher]);
    assert_eq!(types("a1"), [UserType::Administrative]);
    assert_eq!(wanted.people["p6"].level.unwrap().to_string(), "0");
    assert_eq!((wanted.people["p7"].level, wanted.people["p7"].grade.as_str()), (None, "Andet"));
    assert_eq!(wanted.groups["m4"].subject.as_deref(), Some("Matematik"));
    assert_eq!(wanted.groups["c4a"].subject, None);
    assert_eq!(wanted.teaching.len(), 2);
    for role in ["administrator", "aide", "proctor"] {
        let other = asked(
            &Bundle::school().with("users.csv", "l1,,,true,s1,teacher", &format!("l1,,,true,s1,{role}")),
            "2026-11-21",
        );
        assert_eq!(other.people["l1"].types.keys().copied().collect::<Vec<_>>(), [UserType::Administrative]);
        assert_eq!(other.teaching.len(), 1, "who is no teacher teaches nobody");
    }
}

#[test]
fn who_is_switched_off_or_elsewhere_is_not_asked_for() {
    let off = Bundle::school().with("users.csv", "p1,,,true", "p1,,,false");
    assert!(!asked(&off, "2026-11-21").people.contains_key("p1"));
    let elsewhere = Bundle::school().with("users.csv", "p1,,,true,s1", "p1,,,true,s2");
    let wanted = asked(&elsewhere, "2026-11-21");
    assert!(!wanted.people.contains_key("p1"));
    assert!(!wanted.memberships.keys().any(|(person, _)| &**person == "p1"));
    let both = Bundle::school().with("users.csv", "p1,,,true,s1", "p1,,,true,\"s2,s1\"");
    assert!(asked(&both, "2026-11-21").people.contains_key("p1"));
}

#[test]
fn one_roster_1_2_says_roles_in_a_file_of_their_own() {
    let mut bundle = Bundle::school().with("users.csv", "orgSourcedIds,role,", "metadata.a,metadata.b,");
    bundle.version = "1.2";
    bundle.table("roles.csv", "sourcedId,status,dateLastModified,userSourcedId,roleType,role,beginDate,endDate,orgSourcedId,userProfileSourcedId", &[
        "r1,,,p1,primary,student,,,s1,",
        "r2,,,l1,primary,teacher,2020-08-01,,s1,",
        "r3,,,l1,secondary,principal,,,s1,",
        "r4,,,l2,primary,teacher,,2026-11-20,s1,",
        "r5,,,a1,primary,siteAdministrator,2026-12-01,2026-12-31,s1,",
        "r6,,,p2,primary,student,,,s2,",
        "r7,,,p3,primary,guardian,,,s1,",
    ]);
    let wanted = asked(&bundle, "2026-11-21");
    let said = |id: &str| {
        wanted.people.get(id).map(|p| p.types.iter().map(|(t, d)| (*t, d.from, d.until)).collect::<Vec<_>>())
    };
    assert_eq!(said("p1"), Some(vec![(UserType::Pupil, None, None)]));
    assert_eq!(said("l1"), Some(vec![(UserType::Teacher, None, None), (UserType::Administrative, None, None)]));
    assert_eq!(said("l2"), None, "ended yesterday");
    assert_eq!(said("a1"), Some(vec![(UserType::Administrative, Some(day("2026-12-01")), Some(day("2026-12-31")))]));
    assert_eq!((said("p2"), said("p3")), (None, None));
}
