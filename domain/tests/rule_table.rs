//! The rule, written out by hand: one school, short stories of decisions, and who then sees what.
//!
//! Every row is asked of the plain rule, of the cube and of the explanation.

mod story;

use domain::cube::Cube;
use domain::draft::Places;
use domain::explain::{Condition, explain};
use domain::*;
use story::{at, pupil, school, tell};

/// A story, and questions `TEACHER PUPIL TEST DATE` with the answer: `yes`, or why not.
struct Row {
    about: &'static str,
    story: &'static [&'static str],
    asked: &'static [(&'static str, &'static str)],
}

const TODAY: &str = "2026-11-21";

const ROWS: &[Row] = &[
    Row { about: "nothing said is no", story: &[], asked: &[("Mette Aya DAN4 2026-11-21", "nothing given")] },
    Row {
        about: "a give to a class reaches its pupils and nobody else's teacher",
        story: &["2026-09-01 give Mette 4.A DAN4"],
        asked: &[
            ("Mette Aya DAN4 2026-11-21", "yes"),
            ("Mette Aya MAT4 2026-11-21", "nothing given"),
            ("Mette Emil DAN4 2026-11-21", "nothing given"),
            ("Bo Aya DAN4 2026-11-21", "nothing given"),
        ],
    },
    Row {
        about: "a class's give follows the pupils of the day, not those of the day it was given",
        story: &["2026-07-01 give Mette 4.A DAN4"],
        asked: &[
            ("Mette Sara DAN4 2026-07-31", "yes"),
            ("Mette Sara DAN4 2026-08-01", "nothing given"),
            ("Mette Aya DAN4 2026-08-01", "yes"),
        ],
    },
    Row {
        about: "a level's give follows the level of the day",
        story: &["2026-07-01 give Mette level4 DAN4"],
        asked: &[
            ("Mette Sara DAN4 2026-07-31", "yes"),
            ("Mette Sara DAN4 2026-08-01", "nothing given"),
            ("Mette Emil DAN4 2026-08-01", "yes"),
        ],
    },
    Row {
        about: "the most specific scope that says something wins: pupil, group, level, school",
        story: &[
            "2026-09-01 give Mette school all",
            "2026-09-01 withhold Mette level4 all",
            "2026-09-01 give Mette 4.A all",
            "2026-09-01 withhold Mette Aya all",
        ],
        asked: &[
            ("Mette Aya DAN4 2026-11-21", "withheld"),
            ("Mette Emil DAN4 2026-11-21", "withheld"),
            ("Mette Sara DAN4 2026-11-21", "yes"),
        ],
    },
    Row {
        about: "among several groups a give beats a withhold, whichever came last",
        story: &["2026-09-01 give Mette 4.A DAN4", "2026-09-02 withhold Mette hold DAN4"],
        asked: &[("Mette Aya DAN4 2026-11-21", "yes"), ("Mette Emil DAN4 2026-11-21", "withheld")],
    },
    Row {
        about: "within one scope the latest recorded word counts, and a clear says nothing",
        story: &[
            "2026-09-01 give Mette school DAN4",
            "2026-09-02 withhold Mette 4.A DAN4",
            "2026-09-03 give Mette 4.A DAN4",
            "2026-09-04 withhold Mette 4.A DAN4",
            "2026-09-05 clear Mette 4.A DAN4",
        ],
        asked: &[
            ("Mette Aya DAN4 2026-09-02", "yes"),
            ("Mette Aya DAN4 2026-09-03", "withheld"),
            ("Mette Aya DAN4 2026-09-04", "yes"),
            ("Mette Aya DAN4 2026-09-05", "withheld"),
            ("Mette Aya DAN4 2026-09-06", "yes"),
        ],
    },
    Row {
        about: "within a change set the later line counts",
        story: &["2026-09-01 give Mette 4.A DAN4", "& 2026-09-01 withhold Mette 4.A DAN4"],
        asked: &[("Mette Aya DAN4 2026-11-21", "withheld")],
    },
    Row {
        about: "an end counts to its last day, and a clear from its first",
        story: &["2026-09-01 give Mette 4.A DAN4 2026-09-01 2026-11-21", "2026-09-02 clear Mette 4.A MAT4 2026-10-01"],
        asked: &[("Mette Aya DAN4 2026-11-21", "yes"), ("Mette Aya DAN4 2026-11-22", "nothing given")],
    },
    Row {
        about: "dates laid over a longer word are an exception in time; the longer counts again after",
        story: &[
            "2026-09-01 give Mette 4.A DAN4 2026-09-01 2027-07-31",
            "2026-09-10 withhold Mette 4.A DAN4 2026-12-01 2026-12-18",
        ],
        asked: &[
            ("Mette Aya DAN4 2026-11-30", "yes"),
            ("Mette Aya DAN4 2026-12-01", "withheld"),
            ("Mette Aya DAN4 2026-12-18", "withheld"),
            ("Mette Aya DAN4 2026-12-19", "yes"),
            ("Mette Aya DAN4 2027-07-31", "yes"),
            ("Mette Aya DAN4 2027-08-01", "nothing given"),
        ],
    },
    Row {
        about: "a clear silences only what was said before it, in its scope and tests",
        story: &[
            "2026-09-01 give Mette 4.A all",
            "2026-09-02 clear Mette 4.A matematik",
            "2026-09-03 clear Mette 4.B dansk",
            "2026-09-04 give Mette 4.B dansk",
        ],
        asked: &[
            ("Mette Aya DAN4 2026-11-21", "yes"),
            ("Mette Aya MAT4 2026-11-21", "nothing given"),
            ("Mette Emil DAN4 2026-11-21", "yes"),
        ],
    },
    Row {
        about: "an exam is named singly: neither all nor its subject covers it",
        story: &[
            "2026-09-01 give Mette 4.A all",
            "2026-09-01 give Mette 4.A matematik",
            "2026-09-01 give Mette 4.B FP9",
        ],
        asked: &[
            ("Mette Aya MAT4 2026-11-21", "yes"),
            ("Mette Aya FP9 2026-11-21", "nothing given"),
            ("Mette Emil FP9 2026-11-21", "yes"),
        ],
    },
    Row {
        about: "without Teaching there is no right, and with it the decisions count again",
        story: &["2026-09-01 give Bo 4.A DAN4"],
        asked: &[("Bo Aya DAN4 2026-11-30", "yes"), ("Bo Aya DAN4 2026-12-01", "no teaching")],
    },
    Row {
        about: "taking back silences, later words stand, and a taking-back can be taken back",
        story: &[
            "2026-09-01 give Mette 4.A DAN4",
            "2026-09-02 give Mette 4.A MAT4",
            "2026-09-03 back 1",
            "2026-09-05 back 3",
        ],
        asked: &[
            ("Mette Aya DAN4 2026-09-02", "yes"),
            ("Mette Aya DAN4 2026-09-04", "nothing given"),
            ("Mette Aya MAT4 2026-09-04", "yes"),
            ("Mette Aya DAN4 2026-09-06", "yes"),
        ],
    },
    Row {
        about: "one line of a change set can be taken back alone",
        story: &["2026-09-01 give Mette 4.A DAN4", "& 2026-09-01 give Mette 4.A MAT4", "2026-09-03 back 1 1"],
        asked: &[("Mette Aya DAN4 2026-11-21", "yes"), ("Mette Aya MAT4 2026-11-21", "nothing given")],
    },
    Row {
        about: "taking back a withhold brings back what it stood over",
        story: &["2026-09-01 give Mette school DAN4", "2026-09-02 withhold Mette Aya DAN4", "2026-09-03 back 2"],
        asked: &[("Mette Aya DAN4 2026-09-03", "withheld"), ("Mette Aya DAN4 2026-09-04", "yes")],
    },
    Row {
        about: "asked about a day before it was recorded, nothing was known",
        story: &["2026-09-10 give Mette 4.A DAN4"],
        asked: &[("Mette Aya DAN4 2026-09-09", "nothing given"), ("Mette Aya DAN4 2026-09-11", "yes")],
    },
];

#[test]
fn every_story_ends_as_written() {
    let mut asked = 0;
    for row in ROWS {
        let mut school = school();
        row.story.iter().for_each(|line| tell(&mut school, line));
        for (question, answer) in row.asked {
            let words: Vec<&str> = question.split(' ').collect();
            let teacher = TeacherIx(school.roster.teachers.iter().position(|p| p.given == words[0]).unwrap() as u16);
            let pupil = pupil(&school, words[1]);
            let test = Places::of(&school.roster).test(words[2]).unwrap();
            let moment = Moment::asked(at(words[3]), at(TODAY));
            let why = explain(&school, teacher, pupil, test, moment);
            let said = match why.failed {
                None => "yes",
                Some(Condition::Given) => "nothing given",
                Some(Condition::NotWithheld) => "withheld",
                Some(Condition::Teaching) => "no teaching",
                Some(Condition::Attendance) => "not here",
            };
            assert_eq!(said, *answer, "{}: {question}", row.about);
            let plain = oracle::may_see(&school.roster, &school.record, teacher, pupil, test, moment);
            assert_eq!(plain, *answer == "yes", "{}: {question}", row.about);
            let cube = Cube::build(&school.roster, &school.record, moment);
            assert_eq!(cube.may_see(teacher, pupil, test), plain, "{}: {question}", row.about);
            asked += 1;
        }
    }
    assert!(asked > 40, "{asked}");
}

#[test]
fn whoever_can_mend_it_is_named() {
    for (condition, capacity) in [
        (Condition::Teaching, Capacity::UserAdministration),
        (Condition::Attendance, Capacity::UserAdministration),
        (Condition::Given, Capacity::TestAdministration),
        (Condition::NotWithheld, Capacity::TestAdministration),
    ] {
        assert_eq!(condition.mended_by(), capacity);
    }
}

#[test]
fn a_pupil_who_has_left_is_not_seen() {
    let mut school = school();
    tell(&mut school, "2026-09-01 give Mette 4.A DAN4");
    school.roster.attendance[0].valid.until = Some(at("2026-11-21"));
    let ask = |date| {
        let moment = Moment::asked(at(date), at("2026-11-01"));
        explain(&school, TeacherIx(0), PupilIx(0), TestIx(0), moment).failed
    };
    assert_eq!(ask("2026-11-20"), None);
    assert_eq!(ask("2026-11-21"), Some(Condition::Attendance));
    let present = |date| {
        let cube = Cube::build(&school.roster, &school.record, Moment::of_all_recorded(at(date)));
        (cube.crowd().is_present(PupilIx(0)), cube.crowd().members(Scope::Group(GroupIx(0))))
    };
    assert_eq!(present("2026-11-20"), (true, vec![PupilIx(0)]));
    assert_eq!(present("2026-11-21"), (false, vec![]));
}

#[test]
fn boundaries_are_the_instants_at_which_an_answer_may_turn() {
    let mut school = school();
    tell(&mut school, "2026-09-01 give Mette 4.A DAN4 2026-10-01 2026-11-21");
    assert_eq!(
        school.boundaries_after(at("2026-08-01")),
        [at("2026-10-01"), at("2026-11-22"), at("2026-12-01")],
        "the give's two, and the end of Bo's Teaching"
    );
    assert_eq!(school.boundaries_after(at("2026-12-01")), []);
}
