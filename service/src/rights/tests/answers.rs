//! What is shown: history, My rights, staff, exemptions.

use super::leaders::account;
use super::*;
use domain::AccountRole;
use domain::exchange::{NamedScope, NamedTests, RefusalCode};

#[tokio::test]
async fn history_tells_it_newest_first_and_marks_what_was_taken_back() {
    on_worlds(async |world| {
        let (here, rikke) = (&world.here, world.here.rikke());
        let mut edits = vec![edit(here.mette, ScopeId::Group(here.a), Effect::Give)];
        edits.push(Edit {
            tests: TestsId::All,
            until: Some(day("2026-12-24")),
            ..edit(here.jens, ScopeId::Pupil(here.pupils[2]), Effect::Withhold)
        });
        edits.push(Edit {
            tests: TestsId::Subject("matematik".to_owned()),
            from: Some(day("2027-01-01")),
            ..edit(here.jens, ScopeId::Level("4".parse().unwrap()), Effect::Clear)
        });
        world.apply(&rikke, &Proposal::Edits(edits)).await;
        world.pass(60);
        world.apply(&world.here.poul(), &Proposal::TakeBack { change_set: 1, positions: Some(vec![1]) }).await;
        world.apply(&rikke, &take_back(1)).await;

        let history = world.service.history(&here.lone(), None, 10).await.unwrap();
        assert_eq!(history.iter().map(|entry| entry.number).collect::<Vec<_>>(), [3, 2, 1]);
        let first = &history[2];
        assert_eq!((first.author.as_str(), first.reason.as_str(), first.recorded), ("Rikke Bech", "en grund", START));
        assert_eq!((first.taken_back_by, first.takes_back), (Some(3), None));
        assert_eq!(history[0].takes_back, Some(1));
        assert_eq!((history[1].takes_back, &history[1].takes_back_positions), (Some(1), &Some(vec![1])));
        assert_eq!(history[1].author, "Poul Friis");
        let [a, b, c] = &first.lines[..] else { panic!("three lines") };
        assert_eq!((a.teacher.as_str(), &a.scope), ("Mette Lind", &NamedScope::Group("4.A".to_owned())));
        assert_eq!(a.tests, NamedTests::Test("Dansk, læsning 4".to_owned()));
        assert_eq!((a.from, a.until), (day("2026-11-18"), Some(day("2027-07-31"))));
        assert_eq!(b.scope, NamedScope::Pupil("Åse Elev, 4.A".to_owned()));
        assert_eq!((&b.tests, b.until), (&NamedTests::All, Some(day("2026-12-24"))));
        assert_eq!(c.scope, NamedScope::Level("4".to_owned()));
        assert_eq!((c.effect, c.from, c.until), (Effect::Clear, day("2027-01-01"), None));
        assert_eq!([a, b, c].map(|line| line.taken_back_by), [Some(3), Some(2), Some(3)]);

        // The taking-back taken back: the first stands again, but for the part.
        world.apply(&rikke, &take_back(3)).await;
        let first = world.service.change_set(&rikke, 1).await.unwrap();
        assert_eq!(first.taken_back_by, None);
        assert_eq!(first.lines.iter().map(|line| line.taken_back_by).collect::<Vec<_>>(), [None, Some(2), None]);
    })
    .await;
}

#[tokio::test]
async fn history_comes_in_pages() {
    on_worlds(async |world| {
        let (here, rikke) = (&world.here, world.here.rikke());
        for number in 0..5 {
            world.apply(&rikke, &give(here.mette, ScopeId::Pupil(here.pupils[number]))).await;
        }
        let numbers = async |before, limit| {
            let page = world.service.history(&rikke, before, limit).await.unwrap();
            page.into_iter().map(|entry| entry.number).collect::<Vec<u32>>()
        };
        assert_eq!(numbers(None, 2).await, [5, 4]);
        assert_eq!(numbers(Some(4), 2).await, [3, 2]);
        assert_eq!(numbers(Some(2), 2).await, [1]);
        assert!(numbers(Some(1), 2).await.is_empty());
        assert!(numbers(Some(0), 2).await.is_empty());
        assert_eq!(numbers(Some(99), usize::MAX).await, [5, 4, 3, 2, 1]);
    })
    .await;
}

#[tokio::test]
async fn my_rights_are_grouped_dated_and_ones_own() {
    on_worlds(async |world| {
        let (here, rikke) = (&world.here, world.here.rikke());
        account(&world, here.rikke, AccountRole::TestAdministrator).await;
        let mine = async || world.service.my_rights(&here.mette()).await.unwrap();
        let empty = mine().await;
        assert!(empty.results.is_empty() && !empty.withheld && !empty.booking);
        assert_eq!(empty.administrators, ["Rikke Bech"]);
        assert_eq!(empty.school_year, (day("2026-08-01"), day("2027-07-31")));

        let spring = Edit {
            tests: TestsId::Test(MATHS.to_owned()),
            from: Some(day("2027-02-01")),
            until: Some(day("2027-02-28")),
            ..edit(here.mette, ScopeId::School, Effect::Give)
        };
        let edits = vec![
            edit(here.mette, ScopeId::Group(here.a), Effect::Give),
            edit(here.mette, ScopeId::Pupil(here.pupils[4]), Effect::Give),
            spring,
            edit(here.jens, ScopeId::School, Effect::Give),
        ];
        world.apply(&rikke, &Proposal::Edits(edits)).await;
        let shown: Vec<_> = mine()
            .await
            .results
            .into_iter()
            .map(|right| {
                (right.group, right.test, right.pupils, right.of, right.names.join("+"), right.from, right.until)
            })
            .collect();
        let (reading, maths) = ("Dansk, læsning 4", "Matematik 4");
        let row = |group: &str, test: &str, pupils, of, names: &str, from: Option<&str>, until: &str| {
            (group.to_owned(), test.to_owned(), pupils, of, names.to_owned(), from.map(day), Some(day(until)))
        };
        assert_eq!(
            shown,
            [
                row("4.A", reading, 3, 3, "", None, "2027-07-31"),
                row("4.A", maths, 3, 3, "", Some("2027-02-01"), "2027-02-28"),
                row("4.B", reading, 1, 2, "Dea Elev", None, "2027-07-31"),
                row("4.B", maths, 2, 2, "", Some("2027-02-01"), "2027-02-28"),
            ]
        );

        // Withheld, and said so in one word; what is withheld is gone from the list.
        world.apply(&rikke, &withhold(here.mette, ScopeId::Pupil(here.pupils[1]))).await;
        let after = mine().await;
        assert!(after.withheld);
        assert_eq!((after.results[0].pupils, after.results[0].names.join("+")), (2, "Ida Elev+Åse Elev".to_owned()));
        assert!(!world.service.my_rights(&here.actor(here.jens, "Jens Holm", &[])).await.unwrap().withheld);
        // On the next request after it was taken back.
        world.apply(&rikke, &take_back(2)).await;
        assert!(!mine().await.withheld);

        // Booking and running as they are set.
        let change = first(here.mette, true, false);
        world.service.set_staff_rights(&rikke, &[change], "").await.unwrap();
        let after = mine().await;
        assert_eq!((after.booking, after.running), (true, false));
    })
    .await;
}

#[tokio::test]
async fn questions_are_answered_with_reasons_and_dates() {
    on_worlds(async |world| {
        let (here, rikke) = (&world.here, world.here.rikke());
        account(&world, here.rikke, AccountRole::TestAdministrator).await;
        let service = &world.service;
        let check = async |at: Option<&str>| {
            let answer = service.check(&rikke, "T-1", "P-1", READING, at.map(start_of)).await.unwrap();
            (answer.allowed, answer.reasons)
        };
        let (allowed, reasons) = check(None).await;
        assert!(!allowed);
        assert_eq!(
            (reasons[0].code, &reasons[0].who_can_help),
            ("nothing_given", &Some(vec!["Rikke Bech".to_owned()]))
        );

        world.apply(&rikke, &give(here.mette, ScopeId::Group(here.a))).await;
        let (allowed, reasons) = check(None).await;
        assert!(allowed);
        let decision = reasons[0].decision.as_ref().unwrap();
        assert_eq!((reasons[0].code, decision.change_set, decision.position), ("given", 1, 0));
        assert_eq!((decision.by.as_str(), decision.until), ("Rikke Bech", Some(day("2027-07-31"))));
        assert_eq!(reasons[0].who_can_help, None);
        assert!(!check(Some("2026-11-18")).await.0, "nothing was recorded then");
        assert!(check(Some("2027-07-31")).await.0);
        let (allowed, reasons) = check(Some("2027-08-01")).await;
        assert!(!allowed);
        assert_eq!(reasons.iter().map(|reason| reason.code).collect::<Vec<_>>(), ["nothing_given", "ended"]);

        world.apply(&rikke, &withhold(here.mette, ScopeId::Pupil(here.pupils[0]))).await;
        let (allowed, reasons) = check(None).await;
        assert!(!allowed);
        assert_eq!(reasons.iter().map(|reason| reason.code).collect::<Vec<_>>(), ["withheld", "overruled"]);
        world.apply(&rikke, &take_back(1)).await;
        let reasons = check(None).await.1;
        assert_eq!(reasons[1].code, "taken_back");
        assert!(reasons[1].text.contains('3'), "{}", reasons[1].text);

        for (teacher, pupil, test) in [("T-9", "P-1", READING), ("T-1", "T-1", READING), ("T-1", "P-1", "DNT-X")] {
            let outcome = service.check(&rikke, teacher, pupil, test, None).await;
            assert_eq!(refusal(outcome).code, RefusalCode::NotFound, "{teacher} {pupil} {test}");
        }
    })
    .await;
}

#[tokio::test]
async fn the_past_is_asked_with_the_tests_of_its_own_school_year() {
    const READING_THEN: &str = "FNO-DAL-4";
    on_worlds(async |world| {
        let (here, rikke, service) = (&world.here, world.here.rikke(), &world.service);
        world.clock.set(start_of("2026-05-04"));
        let edit = Edit {
            teachers: vec![here.mette],
            scope: ScopeId::Group(here.a),
            tests: TestsId::Test(READING_THEN.to_owned()),
            effect: Effect::Give,
            from: None,
            until: None,
        };
        world.apply(&rikke, &Proposal::Edits(vec![edit])).await;
        world.clock.set(START);

        let tests = async |at: Option<&str>| {
            let rights = service.teacher_rights(&rikke, "T-1", at.map(start_of)).await.unwrap().rights;
            rights.into_iter().flat_map(|one| one.tests).collect::<std::collections::BTreeSet<_>>()
        };
        assert!(tests(None).await.is_empty(), "that year is over");
        assert_eq!(tests(Some("2026-05-10")).await.into_iter().collect::<Vec<_>>(), [READING_THEN]);
        let then = Some(start_of("2026-05-10"));
        assert!(service.check(&rikke, "T-1", "P-1", READING_THEN, then).await.unwrap().allowed);
        assert!(!service.check(&rikke, "T-1", "P-4", READING_THEN, then).await.unwrap().allowed, "of the other class");
        let early = service.check(&rikke, "T-1", "P-1", READING, then).await.unwrap();
        assert_eq!((early.allowed, early.reasons[0].code), (false, "not_held"), "it was not held yet");
        assert!(early.reasons[0].text.contains("2025/26"), "{}", early.reasons[0].text);
        assert!(service.who_sees(&rikke, "P-1", Some(READING), then).await.unwrap().teachers.is_empty());
        for (test, at) in [("NO-SUCH", then), (READING_THEN, None)] {
            let outcome = service.check(&rikke, "T-1", "P-1", test, at).await;
            assert_eq!(refusal(outcome).code, RefusalCode::NotFound, "{test}");
        }
        // The history names what was decided, offered now or not.
        let [entry] = service.history(&rikke, None, 10).await.unwrap().try_into().unwrap();
        assert_eq!(entry.lines.len(), 1, "{entry:?}");
    })
    .await;
}

#[tokio::test]
async fn the_revision_tells_whether_there_is_anything_to_load() {
    on_worlds(async |world| {
        let (here, rikke) = (&world.here, world.here.rikke());
        let loaded = world.service.grid_load(&rikke).await.unwrap().school.revision;
        assert_eq!(world.service.news(&rikke).await.unwrap().revision, loaded);
        let other = world.other_process();
        let proposal = give(here.mette, ScopeId::Group(here.a));
        let review = other.review(&here.poul(), &proposal, loaded).await.unwrap();
        applied(other.apply(&here.poul(), &proposal, loaded, &review.digest, "").await.unwrap());
        let present = world.service.news(&rikke).await.unwrap().revision;
        assert!(present > loaded, "another process has changed something");
        assert_eq!(world.service.grid_load(&rikke).await.unwrap().school.revision, present);
        // What the rule does not read changes nothing.
        let change = first(here.mette, true, false);
        world.service.set_staff_rights(&rikke, &[change], "").await.unwrap();
        assert_eq!(world.service.news(&rikke).await.unwrap().revision, present);
    })
    .await;
}

#[tokio::test]
async fn the_grid_marks_who_has_no_working_sign_in_whatever_the_revision() {
    let done = on_both(async |test: &TestDb| {
        let world = world(test).await;
        let here = &world.here;
        let marked = async || {
            let roster = world.service.grid_load(&here.rikke()).await.unwrap().school.roster;
            let working = roster.teachers.into_iter().filter(|teacher| teacher.can_sign_in);
            working.map(|teacher| teacher.id).collect::<Vec<PersonId>>()
        };
        assert!(marked().await.is_empty());
        account(&world, here.mette, AccountRole::Teacher).await;
        assert_eq!(marked().await, [here.mette]);
        let before = world.revision().await;
        let ends = world.service.env.now().plus_seconds(60).0;
        test.tamper(&format!("UPDATE account SET active_until = {ends}")).await.unwrap();
        assert_eq!(marked().await, [here.mette]);
        world.pass(60);
        assert!(marked().await.is_empty());
        assert_eq!(world.revision().await, before);
    })
    .await;
    done.expect("the databases");
}
