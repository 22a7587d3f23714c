//! Drafts, their dates, their conflicts and what a grid shows of them, written out by hand.
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

mod story;

use domain::draft::{Edit, EditFault, Places, ScopeId, TestsId, conflicts, decide, touch};
use domain::text::Alphabet;
use domain::view::{Answer, Drafted, Scene, Turn};
use domain::*;
use std::sync::Arc;
use story::{at, school, tell};

const TODAY: &str = "2026-11-21";

fn date(text: &str) -> Date {
    text.parse().unwrap()
}

fn edit(school: &School, teacher: &str, scope: ScopeId, test: &str, effect: Effect) -> Edit {
    let teacher = school.roster.teachers.iter().find(|p| p.given == teacher).unwrap();
    let tests = match test {
        "all" => TestsId::All,
        name if school.roster.subjects.iter().any(|s| s.slug == name) => TestsId::Subject(name.into()),
        code => TestsId::Test(code.into()),
    };
    Edit { teachers: vec![teacher.id], scope, tests, effect, from: None, until: None }
}

fn group(school: &School, name: &str) -> ScopeId {
    ScopeId::Group(school.roster.groups.iter().find(|g| g.name == name).unwrap().id)
}

fn pupil(school: &School, name: &str) -> ScopeId {
    ScopeId::Pupil(school.roster.pupils.iter().find(|p| p.given == name).unwrap().id)
}

#[test]
fn dates_say_what_the_law_of_the_house_says() {
    let school = school();
    let base = |effect, from: Option<&str>, until: Option<&str>| Edit {
        from: from.map(date),
        until: until.map(date),
        ..edit(&school, "Mette", ScopeId::School, "all", effect)
    };
    let days = |from: &str, until: Option<&str>| Ok((date(from), until.map(date)));
    let table = [
        (base(Effect::Give, None, None), days(TODAY, Some("2027-07-31"))),
        (base(Effect::Give, Some("2027-07-31"), None), days("2027-07-31", Some("2027-07-31"))),
        (base(Effect::Give, Some("2027-08-01"), None), days("2027-08-01", Some("2028-07-31"))),
        (base(Effect::Give, None, Some("2026-12-18")), days(TODAY, Some("2026-12-18"))),
        (base(Effect::Give, None, Some(TODAY)), days(TODAY, Some(TODAY))),
        (base(Effect::Withhold, None, None), days(TODAY, None)),
        (base(Effect::Withhold, None, Some("2026-12-18")), days(TODAY, Some("2026-12-18"))),
        (base(Effect::Clear, Some("2026-12-01"), None), days("2026-12-01", None)),
        (base(Effect::Clear, None, Some("2026-12-18")), Err(EditFault::ClearWithEnd)),
        (base(Effect::Give, Some("2026-11-20"), None), Err(EditFault::FromInPast)),
        (base(Effect::Give, Some("2026-12-02"), Some("2026-12-01")), Err(EditFault::UntilBeforeFrom)),
        (base(Effect::Withhold, None, Some("2026-11-20")), Err(EditFault::UntilBeforeFrom)),
    ];
    for (edit, expected) in table {
        let window = edit.window(date(TODAY), Zone::Copenhagen);
        assert_eq!(window.map(|window| Zone::Copenhagen.days(window)), expected, "{edit:?}");
    }
}

#[test]
fn an_edit_at_fault_is_named_by_its_number() {
    let school = school();
    let places = Places::of(&school.roster);
    let good = edit(&school, "Mette", group(&school, "4.A"), "DAN4", Effect::Give);
    let nobody = PersonId(uuid::Uuid::from_u128(999));
    let pupil_as_teacher = PersonId(uuid::Uuid::from_u128(20));
    let table: [(Edit, EditFault); 7] = [
        (Edit { teachers: vec![nobody], ..good.clone() }, EditFault::Unknown),
        (Edit { teachers: vec![pupil_as_teacher], ..good.clone() }, EditFault::Unknown),
        (Edit { teachers: vec![], ..good.clone() }, EditFault::NoTeachers),
        (Edit { scope: ScopeId::Pupil(nobody), ..good.clone() }, EditFault::Unknown),
        (Edit { scope: ScopeId::Group(GroupId(nobody.0)), ..good.clone() }, EditFault::Unknown),
        (Edit { tests: TestsId::Test("DAN5".into()), ..good.clone() }, EditFault::UnknownTest),
        (Edit { tests: TestsId::Subject("engelsk".into()), ..good.clone() }, EditFault::UnknownTest),
    ];
    for (bad, fault) in table {
        let decided = decide(&school, &places, &[good.clone(), bad.clone()], date(TODAY));
        assert_eq!(decided, Err((1, fault)), "{bad:?}");
    }
}

#[test]
fn a_draft_too_large_for_one_change_set_is_refused_whole() {
    let school = school();
    let places = Places::of(&school.roster);
    let good = edit(&school, "Mette", group(&school, "4.A"), "DAN4", Effect::Give);
    let many = vec![good.clone(); domain::draft::EDITS_MAX];
    assert_eq!(decide(&school, &places, &many, date(TODAY)).map(|d| d.decisions.len()), Ok(domain::draft::EDITS_MAX));
    let more = vec![good.clone(); domain::draft::EDITS_MAX + 1];
    let number = u32::try_from(domain::draft::EDITS_MAX).unwrap();
    assert_eq!(decide(&school, &places, &more, date(TODAY)), Err((number, EditFault::TooLarge)));
    let wide = Edit { teachers: vec![good.teachers[0]; domain::draft::DECISIONS_MAX + 1], ..good.clone() };
    assert_eq!(decide(&school, &places, &[wide], date(TODAY)), Err((0, EditFault::TooLarge)));
    let fits = Edit { teachers: vec![good.teachers[0]; domain::draft::DECISIONS_MAX], ..good };
    assert!(decide(&school, &places, &[fits], date(TODAY)).is_ok());
}

#[test]
fn each_teacher_of_an_edit_gets_a_line_and_each_line_knows_its_edit() {
    let school = school();
    let places = Places::of(&school.roster);
    let one = edit(&school, "Bo", group(&school, "4.B"), "all", Effect::Withhold);
    let both = Edit {
        teachers: school.roster.teachers.iter().map(|p| p.id).collect(),
        ..edit(&school, "Mette", pupil(&school, "Emil"), "matematik", Effect::Give)
    };
    let decided = decide(&school, &places, &[one, both], date(TODAY)).unwrap();
    assert_eq!(decided.edit_of, [0, 1, 1]);
    let said: Vec<_> = decided.decisions.iter().map(|d| (d.position, d.teacher, d.scope, d.tests, d.effect)).collect();
    assert_eq!(
        said,
        [
            (0, TeacherIx(1), Scope::Group(GroupIx(1)), Selector::All, Effect::Withhold),
            (1, TeacherIx(0), Scope::Pupil(PupilIx(1)), Selector::Subject(SubjectIx(1)), Effect::Give),
            (2, TeacherIx(1), Scope::Pupil(PupilIx(1)), Selector::Subject(SubjectIx(1)), Effect::Give),
        ]
    );
}

#[test]
fn rectangles_touch_in_a_teacher_a_scope_and_a_test() {
    let school = school();
    let places = Places::of(&school.roster);
    let line = |teacher, scope, test| {
        decide(&school, &places, &[edit(&school, teacher, scope, test, Effect::Give)], date(TODAY)).unwrap().decisions
            [0]
    };
    let (a, b) = (group(&school, "4.A"), group(&school, "4.B"));
    let table = [
        (line("Mette", a, "DAN4"), line("Mette", a, "DAN4"), true),
        (line("Mette", a, "all"), line("Mette", a, "dansk"), true),
        (line("Mette", a, "matematik"), line("Mette", a, "MAT4"), true),
        (line("Mette", a, "all"), line("Mette", a, "FP9"), false),
        (line("Mette", a, "FP9"), line("Mette", a, "FP9"), true),
        (line("Mette", a, "DAN4"), line("Mette", a, "MAT4"), false),
        (line("Mette", a, "DAN4"), line("Mette", b, "DAN4"), false),
        (line("Mette", a, "DAN4"), line("Mette", pupil(&school, "Aya"), "DAN4"), false),
        (line("Mette", a, "DAN4"), line("Bo", a, "DAN4"), false),
    ];
    for (one, other, expected) in table {
        assert_eq!(touch(&school.roster, &one, &other), expected, "{one:?} {other:?}");
        assert_eq!(touch(&school.roster, &other, &one), expected, "{one:?} {other:?}");
    }
}

#[test]
fn only_what_came_after_the_draft_was_begun_conflicts() {
    let mut school = school();
    tell(&mut school, "2026-11-01 give Mette 4.A DAN4");
    let begun = school.record.next_change_set();
    tell(&mut school, "2026-11-02 withhold Mette 4.A dansk");
    tell(&mut school, "2026-11-02 give Bo 4.A dansk");
    let places = Places::of(&school.roster);
    let draft = [
        edit(&school, "Mette", group(&school, "4.B"), "DAN4", Effect::Give),
        edit(&school, "Mette", group(&school, "4.A"), "DAN4", Effect::Give),
    ];
    let decided = decide(&school, &places, &draft, date(TODAY)).unwrap().decisions;
    assert_eq!(conflicts(&school, begun, &decided), [(1, 1)]);
    assert_eq!(conflicts(&school, school.record.next_change_set(), &decided), []);
    assert_eq!(conflicts(&school, ChangeSetIx(0), &decided), [(1, 0), (1, 1)]);
}

fn scene(school: &School, edits: &[Edit]) -> Scene {
    let mut scene = Scene::of(Arc::new(school.clone()), Alphabet::Danish, at(TODAY).plus_seconds(40_000));
    scene.lay(edits).unwrap();
    scene
}

#[test]
fn cells_show_what_is_said_here_what_follows_and_what_the_draft_changes() {
    let mut school = school();
    tell(&mut school, "2026-09-01 give Mette 4.B DAN4");
    tell(&mut school, "2026-09-02 withhold Mette Emil DAN4");
    let (mette, b) = (TeacherIx(0), Scope::Group(GroupIx(1)));
    let (emil, sara) = (Scope::Pupil(PupilIx(1)), Scope::Pupil(PupilIx(2)));
    let before = scene(&school, &[]);
    let class = before.cell(mette, b, TestIx(0));
    assert_eq!((class.answer, class.here), (Answer::Partly { yes: 1, of: 2 }, Some(Effect::Give)));
    let withheld = before.cell(mette, emil, TestIx(0));
    assert_eq!((withheld.answer, withheld.here, withheld.withheld), (Answer::No, Some(Effect::Withhold), true));
    let through = before.cell(mette, sara, TestIx(0));
    assert_eq!((through.answer, through.here, through.drafted), (Answer::Yes, None, None));
    let nothing = before.cell(mette, sara, TestIx(1));
    assert_eq!((nothing.answer, nothing.here, nothing.withheld), (Answer::No, None, false));
    let after = scene(
        &school,
        &[
            edit(&school, "Mette", pupil(&school, "Emil"), "DAN4", Effect::Clear),
            edit(&school, "Mette", group(&school, "4.B"), "MAT4", Effect::Give),
        ],
    );
    assert_eq!(after.cell(mette, b, TestIx(0)).answer, Answer::Yes);
    let cleared = after.cell(mette, emil, TestIx(0));
    assert_eq!((cleared.drafted, cleared.drafted_here, cleared.here), (Some(Drafted::Added), true, None));
    let followed = after.cell(mette, sara, TestIx(1));
    assert_eq!((followed.drafted, followed.drafted_here), (Some(Drafted::Added), false));
    let given = after.cell(mette, b, TestIx(1));
    assert_eq!((given.drafted, given.drafted_here, given.here), (Some(Drafted::Added), true, Some(Effect::Give)));
    assert_eq!(after.changed_cells(), [(mette, 3, 0)]);
    let removed = scene(&school, &[edit(&school, "Mette", group(&school, "4.B"), "DAN4", Effect::Clear)]);
    assert_eq!(removed.cell(mette, b, TestIx(0)).drafted, Some(Drafted::Removed));
    assert_eq!(removed.changed_cells(), [(mette, 0, 1)]);
}

#[test]
fn a_test_above_the_level_is_quiet_and_one_below_is_not() {
    let mut school = school();
    school.roster.tests[0].level = Level::from_rank(5);
    school.roster.tests[1].level = Level::from_rank(3);
    school.roster.tests[2].level = None;
    let scene = scene(&school, &[]);
    let above = |scope, test| scene.cell(TeacherIx(0), scope, TestIx(test)).above_level;
    let (aya, sara) = (Scope::Pupil(PupilIx(0)), Scope::Pupil(PupilIx(2)));
    assert!(above(aya, 0), "level 4 and a test of level 5");
    assert!(!above(sara, 0), "level 5 now");
    assert!(!above(aya, 1) && !above(aya, 2));
    assert!(above(Scope::Group(GroupIx(0)), 0), "nobody in 4.A is at level 5");
    assert!(!above(Scope::Group(GroupIx(1)), 0), "Sara is in 4.B");
    assert!(!above(Scope::School, 0));
}

#[test]
fn an_exemption_shows_on_the_pupil_alone_and_changes_no_right() {
    let mut school = school();
    tell(&mut school, "2026-09-01 give Mette 4.A DAN4");
    let year = SchoolYear(2026).window(Zone::Copenhagen);
    let exemption = domain::Exemption { pupil: PupilIx(0), test: TestIx(0) };
    school.roster.exemptions.push(Fact { what: exemption, valid: year, recorded: Window::since(at("2026-09-01")) });
    let scene = scene(&school, &[]);
    let cell = scene.cell(TeacherIx(0), Scope::Pupil(PupilIx(0)), TestIx(0));
    assert!(cell.exempt && cell.answer == Answer::Yes);
    assert!(!scene.cell(TeacherIx(0), Scope::Pupil(PupilIx(0)), TestIx(1)).exempt);
    assert!(!scene.cell(TeacherIx(0), Scope::Pupil(PupilIx(1)), TestIx(0)).exempt);
    assert!(!scene.cell(TeacherIx(0), Scope::Group(GroupIx(0)), TestIx(0)).exempt);
}

#[test]
fn a_right_that_begins_or_ends_within_the_year_says_when() {
    let mut school = school();
    tell(&mut school, "2026-09-01 give Mette 4.A DAN4 2026-09-01 2026-12-18");
    tell(&mut school, "2026-09-01 give Mette 4.A MAT4 2027-01-04 2027-07-31");
    tell(&mut school, "2026-09-01 give Mette 4.B MAT4 2026-09-01 2027-07-31");
    let scene = scene(&school, &[]);
    let turns = |group, test| scene.cell(TeacherIx(0), Scope::Group(GroupIx(group)), TestIx(test)).turns;
    assert_eq!(turns(0, 0), Some(Turn::Ends(at("2026-12-19"))));
    assert_eq!(turns(0, 1), Some(Turn::Begins(at("2027-01-04"))));
    assert_eq!(turns(1, 1), None, "the end of the school year is no news");
    assert_eq!(turns(1, 0), None);
}

#[test]
fn a_click_clears_where_that_is_enough_and_says_so_otherwise() {
    let mut school = school();
    tell(&mut school, "2026-09-01 give Mette school DAN4");
    tell(&mut school, "2026-09-02 withhold Mette 4.B DAN4");
    tell(&mut school, "2026-09-02 give Mette hold MAT4");
    tell(&mut school, "2026-09-02 withhold Mette Aya MAT4");
    let scene = scene(&school, &[]);
    let click = |scope, test| scene.click(TeacherIx(0), scope, TestIx(test));
    let (a, b, hold) = (Scope::Group(GroupIx(0)), Scope::Group(GroupIx(1)), Scope::Group(GroupIx(2)));
    let said = |scope, test| (click(scope, test).effect, click(scope, test).wished);
    assert_eq!(said(b, 0), (Effect::Clear, true), "the school gives once the withhold is silent");
    assert_eq!(said(a, 0), (Effect::Withhold, false), "the school would go on giving");
    assert_eq!(said(a, 1), (Effect::Give, true));
    assert_eq!(click(hold, 1).kept, [PupilIx(0)], "Aya is withheld by name");
    assert_eq!(said(Scope::Pupil(PupilIx(0)), 1), (Effect::Clear, true), "the section gives");
    assert_eq!(said(Scope::Pupil(PupilIx(1)), 1), (Effect::Withhold, false));
    let through = scene.say(TeacherIx(0), b, TestIx(1), false);
    assert_eq!(
        (through.effect, through.still_through),
        (Effect::Withhold, vec![GroupIx(2)]),
        "Emil sees through the section"
    );
}

#[test]
fn a_colleagues_words_are_copied_under_the_fewest_selectors() {
    let mut school = school();
    tell(&mut school, "2026-09-01 give Mette 4.A all 2026-09-01 2027-07-31");
    tell(&mut school, "2026-09-01 give Mette 4.B DAN4 2026-09-01 2026-12-18");
    tell(&mut school, "2026-09-01 withhold Mette Aya MAT4");
    tell(&mut school, "2026-09-01 give Mette Emil FP9 2027-01-04 2027-02-01");
    let scene = scene(&school, &[]);
    let bo = school.roster.teachers[1].id;
    let copied = |scope, tests, effect, until: Option<&str>| Edit {
        teachers: vec![bo],
        scope,
        tests,
        effect,
        from: None,
        until: until.map(date),
    };
    let gives = vec![
        copied(group(&school, "4.A"), TestsId::All, Effect::Give, Some("2027-07-31")),
        copied(group(&school, "4.B"), TestsId::Test("DAN4".into()), Effect::Give, Some("2026-12-18")),
    ];
    assert_eq!(scene.copy(TeacherIx(0), TeacherIx(1), false), gives);
    let withhold = copied(pupil(&school, "Aya"), TestsId::Test("MAT4".into()), Effect::Withhold, None);
    assert_eq!(scene.copy(TeacherIx(0), TeacherIx(1), true), [gives, vec![withhold]].concat());
    assert_eq!(scene.copy(TeacherIx(1), TeacherIx(0), true), []);
}

#[test]
fn rows_stand_in_the_order_of_their_names() {
    let mut school = school();
    school.roster.groups[0].name = "10.A".into();
    school.roster.teachers[0].given = "Åse".into();
    let scene = scene(&school, &[]);
    assert_eq!(scene.groups(GroupKind::Class), [GroupIx(1), GroupIx(0)]);
    assert_eq!(scene.groups(GroupKind::Section), [GroupIx(2)]);
    assert_eq!(scene.teachers(), [TeacherIx(1), TeacherIx(0)]);
    assert_eq!(scene.members(GroupIx(1)), [PupilIx(1), PupilIx(2)]);
    assert_eq!(scene.class_of(PupilIx(0)), Some(GroupIx(0)));
    assert_eq!(scene.levels(), [Level::from_rank(4).unwrap(), Level::from_rank(5).unwrap()]);
    assert_eq!(scene.columns(TestKind::Exam), [TestIx(2)]);
    assert_eq!(scene.columns(TestKind::National), [TestIx(0), TestIx(1)]);
}

#[test]
fn a_faulty_draft_leaves_the_one_before() {
    let school = school();
    let good = edit(&school, "Mette", group(&school, "4.A"), "DAN4", Effect::Give);
    let mut scene = scene(&school, std::slice::from_ref(&good));
    let bad = Edit { from: Some(date("2026-01-01")), ..good.clone() };
    assert_eq!(scene.lay(&[bad]), Err((0, EditFault::FromInPast)));
    assert_eq!(scene.draft().len(), 1);
    assert!(scene.drafted().may_see(TeacherIx(0), PupilIx(0), TestIx(0)));
    assert_eq!(scene.lay(&[]), Ok(()));
    assert!(!scene.drafted().may_see(TeacherIx(0), PupilIx(0), TestIx(0)));
}
