//! What is shown: history, My rights, staff, exemptions.

use super::leaders::account;
use super::*;
use crate::rights::{EXEMPTION_CHANGES_MAX, NOTE_MAX, STAFF_CHANGES_MAX};
use domain::exchange::{ExemptionChange, NamedScope, NamedTests, RefusalCode, StaffChange, StaffMay, StaffRow};
use domain::staff_right::StaffRight;
use domain::{AccountRole, PupilIx};

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
async fn staff_rights_are_set_for_staff_and_only_where_they_differ() {
    on_worlds(async |world| {
        let (here, rikke) = (&world.here, world.here.rikke());
        let rows = async || world.service.staff_rights(&rikke).await.unwrap();
        let of = |rows: &[StaffRow], person| rows.iter().find(|row| row.person == person).cloned().unwrap();
        let names: Vec<String> = rows().await.into_iter().map(|row| row.name).collect();
        assert_eq!(names, ["Jens Holm", "Lone Dam", "Mette Lind", "Rikke Bech"]);
        assert_eq!(of(&rows().await, here.lone).user_types, ["Leder"]);

        let set = async |changes: &[StaffChange]| world.service.set_staff_rights(&rikke, changes, "grund").await;
        let change = first;
        set(&[change(here.mette, true, false), change(here.lone, false, true)]).await.unwrap();
        let after = rows().await;
        assert_eq!(given(&of(&after, here.mette)), (true, false));
        assert_eq!(given(&of(&after, here.lone)), (false, true));
        assert_eq!(of(&after, here.mette).changed, Some(("Rikke Bech".to_owned(), START)));
        assert_eq!(of(&after, here.jens).changed, None);
        assert_eq!(world.entries().await, 1);
        // The grid brings the same for its teachers: the leader is none of them.
        let load = world.service.grid_load(&rikke).await.unwrap();
        let may = load.school.roster.teachers.iter().map(|teacher| teacher.id).zip(load.may);
        let may: Vec<_> = may.map(|(person, may)| (person, may.booking, may.running)).collect();
        assert_eq!(may, [(here.mette, true, false), (here.jens, false, false), (here.rikke, false, false)]);
        // The same once more is nothing.
        set(&[change(here.mette, true, false)]).await.unwrap();
        set(&[]).await.unwrap();
        assert_eq!(world.entries().await, 1);
        // All or none: a pupil is no employee.
        let bad = set(&[change(here.jens, true, true), change(here.pupils[0], true, true)]).await;
        assert_eq!(refusal(bad).code, RefusalCode::NotFound);
        assert_eq!(given(&of(&rows().await, here.jens)), (false, false));
        let twice = set(&[change(here.jens, true, true), change(here.jens, false, true)]).await;
        assert_eq!(refusal(twice).code, RefusalCode::BadInput);
        let many = set(&vec![change(here.jens, true, true); STAFF_CHANGES_MAX + 1]).await;
        assert_eq!(refusal(many).code, RefusalCode::TooLarge);
        let report = crate::audit::verify(&world.service.db, &world.secrets.audit, &[]).await.unwrap();
        assert_eq!(report.findings, []);
    })
    .await;
}

fn given(row: &StaffRow) -> (bool, bool) {
    (row.booking.granted, row.running.granted)
}

#[tokio::test]
async fn of_two_administrators_neither_loses_what_the_other_did_to_staff_rights() {
    on_worlds(async |world| {
        let (here, rikke, poul) = (&world.here, world.here.rikke(), world.here.poul());
        let service = &world.service;
        let row = async |person| {
            let rows = service.staff_rights(&rikke).await.unwrap();
            rows.into_iter().find(|row| row.person == person).unwrap()
        };
        service.set_staff_rights(&rikke, &[first(here.mette, true, true)], "").await.unwrap();

        // Both open the page. One takes running away, the other booking: both happen.
        let seen = row(here.mette).await;
        world.pass(60);
        assert_eq!(service.set_staff_rights(&poul, &[seen.change(None, Some(false))], "").await.unwrap(), []);
        assert_eq!(service.set_staff_rights(&rikke, &[seen.change(Some(false), None)], "").await.unwrap(), []);
        assert_eq!(given(&row(here.mette).await), (false, false), "what was not wished stays as it became");
        let entries = world.entries().await;
        assert_eq!(entries, 3);

        // The same wish twice is no conflict, and is recorded once.
        let seen = row(here.mette).await;
        for actor in [&poul, &rikke] {
            assert_eq!(service.set_staff_rights(actor, &[seen.change(Some(true), None)], "").await.unwrap(), []);
        }
        assert_eq!(world.entries().await, entries + 1);

        // The same right, decided otherwise meanwhile: who and what, and nothing at all is recorded.
        let seen = row(here.mette).await;
        for granted in [false, true] {
            world.pass(60);
            let own = row(here.mette).await.change(Some(granted), None);
            assert_eq!(service.set_staff_rights(&poul, &[own], "").await.unwrap(), []);
        }
        let entries = world.entries().await;
        let wished = [seen.change(Some(false), Some(true)), first(here.jens, true, false)];
        let conflicts = service.set_staff_rights(&rikke, &wished, "").await.unwrap();
        let [conflict] = conflicts.as_slice() else { panic!("{conflicts:?}") };
        let author = conflict.author.as_str();
        assert_eq!((conflict.person, conflict.right, conflict.granted), (here.mette, StaffRight::Booking, true));
        assert_eq!((author, Some(conflict.at)), (poul.name.as_str(), row(here.mette).await.booking.since));
        assert_eq!((given(&row(here.mette).await), given(&row(here.jens).await)), ((true, false), (false, false)));
        assert_eq!(world.entries().await, entries);

        // Having seen it, the person may still wish so.
        let seen = row(here.mette).await;
        let wished = [seen.change(Some(false), Some(true)), first(here.jens, true, false)];
        assert_eq!(service.set_staff_rights(&rikke, &wished, "").await.unwrap(), []);
        assert_eq!((given(&row(here.mette).await), given(&row(here.jens).await)), ((false, true), (true, false)));
        let report = crate::audit::verify(&service.db, &world.secrets.audit, &[]).await.unwrap();
        assert_eq!(report.findings, []);
    })
    .await;
}

#[tokio::test]
async fn a_right_to_book_sleeps_without_an_affiliation() {
    on_worlds(async |world| {
        let (here, rikke) = (&world.here, world.here.rikke());
        let change = first(here.mette, true, true);
        world.service.set_staff_rights(&rikke, &[change], "").await.unwrap();
        // Her affiliation ends; the right stays recorded and is shown nowhere.
        let now = world.service.env.now();
        let at = Recording { institution: here.institution, now };
        let ended = store::write!(world.service.db, async |tx| {
            store::revision::raise(tx, here.institution).await?;
            let known = store::import::file_roster(tx, here.institution, here.institution.0, now).await?;
            let hers = known.affiliations.iter().filter(|one| one.person == here.mette).map(|one| one.id);
            let hers: Vec<Uuid> = hers.collect();
            store::import::close(tx, at, store::import::Facts::Affiliations, &hers, &mut |_| ()).await?;
            Ok::<_, Fault>(())
        });
        ended.unwrap();
        world.pass(1);
        assert!(world.service.staff_rights(&rikke).await.unwrap().iter().all(|row| row.person != here.mette));
        let load = world.service.grid_load(&rikke).await.unwrap();
        assert_eq!(load.school.roster.teachers[0].id, here.mette, "she was a teacher, and decisions may name her");
        assert_eq!(load.may[0], StaffMay::default());
        assert_eq!(refusal(world.service.my_rights(&here.mette()).await).code, RefusalCode::NotAllowed);
        let outcome = world.service.set_staff_rights(&rikke, &[change], "").await;
        assert_eq!(refusal(outcome).code, RefusalCode::NotFound);
    })
    .await;
}

#[tokio::test]
async fn of_two_leaders_neither_loses_what_the_other_did_to_exemptions() {
    on_worlds(async |world| {
        let (here, service) = (&world.here, &world.service);
        let lone = here.lone();
        let other = Actor { person: here.rikke, name: "Rikke Bech".to_owned(), ..here.lone() };
        let pupil = here.pupils[0];
        let stands = async || {
            let entries = service.exemptions(&lone).await.unwrap().entries;
            entries.into_iter().find(|entry| entry.pupil == pupil)
        };
        let change = |exempt, note: &str, seen| ExemptionChange {
            pupil,
            test: READING.to_owned(),
            school_year: 2026,
            exempt,
            note: note.to_owned(),
            seen,
        };
        // Both look at a pupil who is not exempt; the other one exempts with a note.
        assert_eq!(service.set_exemptions(&other, &[change(true, "Aftalt", None)]).await.unwrap(), []);
        let before = (world.revision().await, world.entries().await);
        let wished = [change(true, "", None), ExemptionChange { pupil: here.pupils[1], ..change(true, "", None) }];
        let conflicts = service.set_exemptions(&lone, &wished).await.unwrap();
        let [conflict] = conflicts.as_slice() else { panic!("{conflicts:?}") };
        assert_eq!((conflict.exempt, conflict.note.as_str(), conflict.author.as_str()), (true, "Aftalt", "Rikke Bech"));
        assert_eq!((world.revision().await, world.entries().await), before, "nothing at all is recorded");
        assert_eq!(stands().await.unwrap().note, "Aftalt");
        // The same wish is none, and having seen it one may still wish otherwise.
        assert_eq!(service.set_exemptions(&lone, &[change(true, "Aftalt", None)]).await.unwrap(), []);
        let seen = Some(stands().await.unwrap().recorded);
        assert_eq!(service.set_exemptions(&lone, &[change(true, "Anden", seen)]).await.unwrap(), []);
        assert_eq!(stands().await.unwrap().note, "Anden");
        // One withdraws what the other looked at; a new note for it would bring it back.
        let seen = Some(stands().await.unwrap().recorded);
        world.pass(60);
        assert_eq!(service.set_exemptions(&other, &[change(false, "", seen)]).await.unwrap(), []);
        let conflicts = service.set_exemptions(&lone, &[change(true, "Ny", seen)]).await.unwrap();
        assert_eq!(
            conflicts.iter().map(|c| (c.exempt, c.author.as_str())).collect::<Vec<_>>(),
            [(false, "Rikke Bech")]
        );
        assert_eq!(stands().await, None);
    })
    .await;
}

#[tokio::test]
async fn exemptions_are_for_this_year_and_the_next_and_show_in_the_grid() {
    on_worlds(async |world| {
        let (here, lone) = (&world.here, world.here.lone());
        let service = &world.service;
        let change = |pupil, year, exempt, note: &str| ExemptionChange {
            pupil,
            test: READING.to_owned(),
            school_year: year,
            exempt,
            note: note.to_owned(),
            seen: None,
        };
        let first = here.pupils[0];
        service.set_exemptions(&lone, &[change(first, 2026, true, " efter aftale ")]).await.unwrap();
        service.set_exemptions(&lone, &[change(here.pupils[1], 2027, true, "")]).await.unwrap();
        let load = service.exemptions(&lone).await.unwrap();
        assert_eq!((load.this_year, load.entries.len()), (2026, 2));
        let shown = load.entries.iter().find(|entry| entry.pupil == first).unwrap();
        assert_eq!((shown.note.as_str(), shown.author.as_str(), shown.school_year), ("efter aftale", "Lone Dam", 2026));
        let grid = service.grid_load(&here.rikke()).await.unwrap().school.roster;
        let exempt_now = |roster: &domain::Roster| {
            let moment = domain::Moment::asked(START, START);
            let facts = roster.exemptions.iter().filter(|fact| fact.holds(moment));
            facts.map(|fact| fact.what.pupil).collect::<Vec<PupilIx>>()
        };
        let place = domain::draft::Places::of(&grid).pupil(first).unwrap();
        assert_eq!(exempt_now(&grid), [place], "next year's is not yet");

        // A new note replaces; withdrawing what is not there is nothing.
        service.set_exemptions(&lone, &[change(first, 2026, true, "ny aftale")]).await.unwrap();
        let entries = service.exemptions(&lone).await.unwrap().entries;
        let of_first: Vec<_> = entries.iter().filter(|entry| entry.pupil == first).collect();
        assert_eq!((of_first.len(), of_first[0].note.as_str()), (1, "ny aftale"));
        let before = (world.revision().await, world.entries().await);
        service.set_exemptions(&lone, &[change(here.pupils[2], 2026, false, "")]).await.unwrap();
        assert_eq!((world.revision().await, world.entries().await), before);
        service.set_exemptions(&lone, &[change(first, 2026, false, "")]).await.unwrap();
        assert!(exempt_now(&service.grid_load(&here.rikke()).await.unwrap().school.roster).is_empty());

        let good = change(first, 2026, true, "");
        let table = [
            (vec![change(first, 2025, true, "")], RefusalCode::DateInPast),
            (vec![change(first, 2028, true, "")], RefusalCode::BadInput),
            (vec![good.clone(), change(first, 2026, false, "")], RefusalCode::BadInput),
            (vec![change(here.mette, 2026, true, "")], RefusalCode::NotFound),
            (vec![ExemptionChange { test: "FNF-XXX-4".to_owned(), ..good.clone() }], RefusalCode::NotFound),
            (vec![change(first, 2026, true, &"x".repeat(NOTE_MAX + 1))], RefusalCode::TooLarge),
            (vec![change(first, 2026, true, "a\u{7}")], RefusalCode::BadInput),
            (vec![good; EXEMPTION_CHANGES_MAX + 1], RefusalCode::TooLarge),
        ];
        let before = (world.revision().await, world.entries().await);
        for (changes, code) in table {
            assert_eq!(refusal(service.set_exemptions(&lone, &changes).await).code, code, "{:?}", changes[0]);
            assert_eq!((world.revision().await, world.entries().await), before);
        }
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
