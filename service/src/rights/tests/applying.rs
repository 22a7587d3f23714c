//! Applying, going stale, conflicts, taking back; what is raised, recorded and kept by it.

use super::*;
use crate::rights::{DRAFT_BYTES_MAX, REASON_MAX};
use domain::draft::{DECISIONS_MAX, EDITS_MAX, EditFault};
use domain::exchange::{Conflict, DraftOutcome, ExemptionChange, KeptDraft, RefusalCode};

#[tokio::test]
async fn what_was_reviewed_is_what_happens() {
    on_worlds(async |world| {
        let (here, rikke) = (&world.here, world.here.rikke());
        let proposal = give(here.mette, ScopeId::Group(here.a));
        let review = world.review(&rikke, &proposal).await;
        assert_eq!((review.diff.gains.len(), review.diff.losses.len(), review.conflicts.len()), (3, 0, 0));
        assert!(!review.own_right);
        assert_eq!(review.diff.gains[0].until, Some(start_of("2027-08-01")), "the school year's end");

        // A review some minutes old still matches.
        world.pass(300);
        let outcome =
            world.service.apply(&rikke, &proposal, review.revision, &review.digest, "ny klasse").await.unwrap();
        assert_eq!(applied(outcome), Applied { change_set: 1, revision: review.revision + 1 });
        assert!(world.sees(here.mette, here.pupils[0]).await);
        assert!(!world.sees(here.mette, here.pupils[3]).await, "4.B");
        assert!(!world.sees(here.jens, here.pupils[0]).await);
    })
    .await;
}

#[tokio::test]
async fn another_effect_than_reviewed_records_nothing() {
    on_worlds(async |world| {
        let (here, rikke) = (&world.here, world.here.rikke());
        let proposal = give(here.mette, ScopeId::Group(here.a));
        let review = world.review(&rikke, &proposal).await;
        // Meanwhile one of the three is given singly: only two are left to gain.
        world.apply(&here.poul(), &give(here.mette, ScopeId::Pupil(here.pupils[0]))).await;
        let before = (world.revision().await, world.entries().await);
        let outcome = world.service.apply(&rikke, &proposal, review.revision, &review.digest, "").await.unwrap();
        let fresh = stale(outcome);
        assert_eq!(fresh.diff.gains.len(), 2);
        assert!(fresh.conflicts.is_empty(), "another scope does not touch");
        assert_eq!((world.revision().await, world.entries().await), before);
        let outcome = world.service.apply(&rikke, &proposal, fresh.revision, &fresh.digest, "").await.unwrap();
        assert_eq!(applied(outcome).change_set, 2);
    })
    .await;
}

#[tokio::test]
async fn the_same_place_is_a_conflict_until_it_was_seen() {
    on_worlds(async |world| {
        let (here, rikke) = (&world.here, world.here.rikke());
        let base = world.revision().await;
        let proposal = withhold(here.mette, ScopeId::Group(here.a));
        let review = world.review(&rikke, &proposal).await;
        world.apply(&here.poul(), &give(here.mette, ScopeId::Group(here.a))).await;
        let fresh = stale(world.service.apply(&rikke, &proposal, base, &review.digest, "").await.unwrap());
        assert_eq!(fresh.conflicts, [Conflict { edit: 0, change_set: 1, position: 0 }]);
        // Who has seen the conflict carries its digest, and the later word counts.
        let outcome = world.service.apply(&rikke, &proposal, base, &fresh.digest, "").await.unwrap();
        assert_eq!(applied(outcome).change_set, 2);
        assert!(!world.sees(here.mette, here.pupils[0]).await);
        // A draft made after it does not conflict; neither does one in another test.
        assert!(world.review(&rikke, &proposal).await.conflicts.is_empty());
        let Proposal::Edits(mut edits) = proposal else { panic!("edits") };
        edits[0].tests = TestsId::Test(MATHS.to_owned());
        let elsewhere = world.service.review(&rikke, &Proposal::Edits(edits), base).await.unwrap();
        assert!(elsewhere.conflicts.is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_change_set_is_taken_back_and_that_too() {
    on_worlds(async |world| {
        let (here, rikke) = (&world.here, world.here.rikke());
        let sees = async || world.sees(here.mette, here.pupils[0]).await;
        world.apply(&rikke, &give(here.mette, ScopeId::Group(here.a))).await;
        assert!(sees().await);
        let back = world.apply(&rikke, &take_back(1)).await;
        assert_eq!(back.change_set, 2);
        assert!(!sees().await);
        let again = world.service.review(&rikke, &take_back(1), world.revision().await).await;
        assert_eq!(refusal(again).code, RefusalCode::AlreadyTakenBack);
        world.apply(&rikke, &take_back(2)).await;
        assert!(sees().await, "the taking-back is taken back");
        world.apply(&rikke, &take_back(1)).await;
        assert!(!sees().await, "and may be repeated");
    })
    .await;
}

#[tokio::test]
async fn part_of_a_change_set_is_taken_back() {
    on_worlds(async |world| {
        let (here, rikke) = (&world.here, world.here.rikke());
        let edits = vec![
            edit(here.mette, ScopeId::Group(here.a), Effect::Give),
            edit(here.jens, ScopeId::Group(here.a), Effect::Give),
        ];
        world.apply(&rikke, &Proposal::Edits(edits)).await;
        let part = |positions: &[u16]| Proposal::TakeBack { change_set: 1, positions: Some(positions.to_vec()) };
        for (positions, code) in
            [(&[][..], RefusalCode::BadInput), (&[2], RefusalCode::NotFound), (&[0, 9], RefusalCode::NotFound)]
        {
            let outcome = world.service.review(&rikke, &part(positions), world.revision().await).await;
            assert_eq!(refusal(outcome).code, code, "{positions:?}");
        }
        world.apply(&rikke, &part(&[1, 1])).await;
        assert!(world.sees(here.mette, here.pupils[0]).await);
        assert!(!world.sees(here.jens, here.pupils[0]).await);
        for positions in [&[1][..], &[0, 1]] {
            let outcome = world.service.review(&rikke, &part(positions), world.revision().await).await;
            assert_eq!(refusal(outcome).code, RefusalCode::AlreadyTakenBack, "{positions:?}");
        }
        let outcome = world
            .service
            .review(&rikke, &Proposal::TakeBack { change_set: 2, positions: Some(vec![0]) }, world.revision().await)
            .await;
        assert_eq!(refusal(outcome).code, RefusalCode::NotFound, "a taking-back has no decisions");
    })
    .await;
}

#[tokio::test]
async fn giving_oneself_a_right_is_allowed_and_marked() {
    on_worlds(async |world| {
        let (here, rikke) = (&world.here, world.here.rikke());
        let table = [
            (give(here.rikke, ScopeId::Group(here.a)), true),
            (give(here.mette, ScopeId::Group(here.a)), false),
            (withhold(here.rikke, ScopeId::Group(here.a)), false),
            (take_back(3), true),
            (take_back(1), false),
            (take_back(5), true),
        ];
        for (number, (proposal, own)) in (1_u32..).zip(table) {
            let review = world.review(&rikke, &proposal).await;
            assert_eq!(review.own_right, own, "review {number}");
            world.apply(&rikke, &proposal).await;
            // The leader sees the mark.
            assert_eq!(
                world.service.change_set(&here.lone(), number).await.unwrap().own_right,
                own,
                "history {number}"
            );
        }
        // The same right, given by somebody else, is not one's own doing.
        assert!(!world.review(&here.poul(), &give(here.rikke, ScopeId::School)).await.own_right);
    })
    .await;
}

#[tokio::test]
async fn each_write_leaves_one_entry_and_the_log_verifies() {
    on_worlds(async |world| {
        let (here, rikke) = (&world.here, world.here.rikke());
        world.apply(&rikke, &give(here.mette, ScopeId::Group(here.a))).await;
        assert_eq!(world.entries().await, 1);
        world.apply(&rikke, &take_back(1)).await;
        assert_eq!(world.entries().await, 2);
        let change = first(here.mette, true, true);
        world.service.set_staff_rights(&rikke, &[change], "afløser").await.unwrap();
        assert_eq!(world.entries().await, 3);
        world.service.set_exemptions(&here.lone(), &[exemption(&world, true)]).await.unwrap();
        world.service.set_exemptions(&here.lone(), &[exemption(&world, false)]).await.unwrap();
        assert_eq!(world.entries().await, 5);

        let mut read = world.service.db.read().await.unwrap();
        let entries = store::audit::entries(&mut read, here.institution.0, 0, 10).await.unwrap();
        let actions: Vec<&str> = entries.iter().map(|entry| entry.action.as_str()).collect();
        let expected =
            ["decision.record", "decision.take_back", "staff_right.change", "exemption.record", "exemption.withdraw"];
        assert_eq!(actions, expected);
        for entry in &entries {
            assert_eq!(entry.request, rikke.request);
            let shown = format!("{} {} {}", entry.actor, entry.object, entry.body);
            for word in ["Rikke", "Bech", "Mette", "afløser", "en grund"] {
                assert!(!shown.contains(word), "{word} in {shown}");
            }
        }
        drop(read);
        let report = crate::audit::verify(&world.service.db, &world.secrets.audit, &[]).await.unwrap();
        assert_eq!((report.entries, report.findings), (5, vec![]));
    })
    .await;
}

fn exemption(world: &World, exempt: bool) -> ExemptionChange {
    let (pupil, test) = (world.here.pupils[0], READING.to_owned());
    ExemptionChange { pupil, test, school_year: 2026, exempt, note: String::new(), seen: None }
}

#[tokio::test]
async fn the_revision_is_raised_exactly_by_what_the_grid_reads() {
    on_worlds(async |world| {
        let (here, rikke) = (&world.here, world.here.rikke());
        let raised = async |by: i64, what: &str, before: i64| {
            assert_eq!(world.revision().await, before + by, "{what}");
            before + by
        };
        let mut at = world.revision().await;
        let proposal = give(here.mette, ScopeId::Group(here.a));
        world.review(&rikke, &proposal).await;
        at = raised(0, "review", at).await;
        let Proposal::Edits(edits) = proposal.clone() else { panic!("edits") };
        world.service.keep_draft(&rikke, KeptDraft { based_on: at, edits, kept: None }).await.unwrap();
        at = raised(0, "a kept draft", at).await;
        world.apply(&rikke, &proposal).await;
        at = raised(1, "a change set", at).await;
        world.apply(&rikke, &take_back(1)).await;
        at = raised(1, "a taking-back", at).await;
        let change = first(here.mette, true, true);
        world.service.set_staff_rights(&rikke, &[change], "").await.unwrap();
        at = raised(0, "staff rights", at).await;
        world.service.set_exemptions(&here.lone(), &[exemption(&world, true)]).await.unwrap();
        at = raised(1, "an exemption", at).await;
        world.service.set_exemptions(&here.lone(), &[exemption(&world, true)]).await.unwrap();
        at = raised(0, "the same exemption once more", at).await;
        world.service.set_exemptions(&here.lone(), &[exemption(&world, false)]).await.unwrap();
        raised(1, "its withdrawal", at).await;
    })
    .await;
}

#[tokio::test]
async fn what_fails_half_way_leaves_nothing() {
    let done = on_both(async |test: &TestDb| {
        let world = world(test).await;
        let (here, rikke) = (&world.here, world.here.rikke());
        let proposal = give(here.mette, ScopeId::Group(here.a));
        let review = world.review(&rikke, &proposal).await;
        // The reason is the last thing written; take away where it goes.
        test.tamper("ALTER TABLE audit_personal RENAME TO audit_personal_away").await.unwrap();
        let outcome = world.service.apply(&rikke, &proposal, review.revision, &review.digest, "grund").await;
        assert!(matches!(outcome, Err(Fault::Store(_))), "{outcome:?}");
        let change = first(here.mette, true, true);
        assert!(world.service.set_staff_rights(&rikke, &[change], "grund").await.is_err());
        assert!(world.service.set_exemptions(&here.lone(), &[exemption(&world, true)]).await.is_err());
        test.tamper("ALTER TABLE audit_personal_away RENAME TO audit_personal").await.unwrap();

        assert_eq!(world.revision().await, review.revision);
        assert_eq!(world.entries().await, 0);
        let school = world.service.grid_load(&rikke).await.unwrap().school;
        assert!(school.record.change_sets.is_empty() && school.roster.exemptions.is_empty());
        assert!(world.service.staff_rights(&rikke).await.unwrap().iter().all(|row| !row.booking.granted));
        // And it goes through once the harm is mended.
        let outcome = world.service.apply(&rikke, &proposal, review.revision, &review.digest, "grund").await.unwrap();
        assert_eq!(applied(outcome).change_set, 1);
    })
    .await;
    done.expect("the databases");
}

#[tokio::test]
async fn limits_and_dates_are_kept() {
    on_worlds(async |world| {
        let (here, rikke) = (&world.here, world.here.rikke());
        let one = edit(here.mette, ScopeId::Group(here.a), Effect::Give);
        let table: [(Edit, EditFault, RefusalCode); 7] = [
            (Edit { teachers: vec![], ..one.clone() }, EditFault::NoTeachers, RefusalCode::BadInput),
            (Edit { from: Some(day("2026-11-17")), ..one.clone() }, EditFault::FromInPast, RefusalCode::DateInPast),
            (Edit { until: Some(day("2026-11-17")), ..one.clone() }, EditFault::UntilBeforeFrom, RefusalCode::BadInput),
            (
                Edit { effect: Effect::Clear, until: Some(day("2027-01-01")), ..one.clone() },
                EditFault::ClearWithEnd,
                RefusalCode::BadInput,
            ),
            (
                Edit { tests: TestsId::Test("FNF-XXX-4".to_owned()), ..one.clone() },
                EditFault::UnknownTest,
                RefusalCode::NotFound,
            ),
            (Edit { scope: ScopeId::Pupil(here.mette), ..one.clone() }, EditFault::Unknown, RefusalCode::NotFound),
            (
                Edit { teachers: vec![here.mette; DECISIONS_MAX + 1], ..one.clone() },
                EditFault::TooLarge,
                RefusalCode::TooLarge,
            ),
        ];
        let revision = world.revision().await;
        for (bad, fault, code) in table {
            let proposal = Proposal::Edits(vec![one.clone(), bad]);
            match world.service.review(&rikke, &proposal, revision).await {
                Err(found @ Fault::BadEdit { edit: 1, fault: named }) if named == fault => {
                    assert_eq!(found.public().code, code);
                }
                other => panic!("{fault:?}: {other:?}"),
            }
        }
        let nothing = world.service.review(&rikke, &Proposal::Edits(vec![]), revision).await;
        assert_eq!(refusal(nothing).code, RefusalCode::BadInput);
        for based_on in [-1, revision + 1, i64::MAX] {
            let outcome = world.service.review(&rikke, &Proposal::Edits(vec![one.clone()]), based_on).await;
            assert_eq!(refusal(outcome).code, RefusalCode::BadInput, "{based_on}");
        }
        let long = "x".repeat(REASON_MAX + 1);
        let proposal = Proposal::Edits(vec![one.clone()]);
        let digest = world.review(&rikke, &proposal).await.digest;
        let outcome = world.service.apply(&rikke, &proposal, revision, &digest, &long).await;
        assert_eq!(refusal(outcome).code, RefusalCode::TooLarge);
        let outcome = world.service.apply(&rikke, &proposal, revision, &digest, "a\0b").await;
        assert_eq!(refusal(outcome).code, RefusalCode::BadInput);
        let outcome = world.service.apply(&rikke, &proposal, revision, "", "").await.unwrap();
        assert_eq!(stale(outcome).digest, digest, "no digest, nothing recorded");
        assert_eq!(world.revision().await, revision);
    })
    .await;
}

#[tokio::test]
async fn a_draft_is_kept_for_its_person_and_forgotten_once_applied() {
    on_worlds(async |world| {
        let (here, rikke, poul) = (&world.here, world.here.rikke(), world.here.poul());
        let edits = |teacher| vec![edit(teacher, ScopeId::Group(here.a), Effect::Give)];
        let draft = |edits| KeptDraft { based_on: 0, edits, kept: None };
        assert_eq!(world.service.kept_draft(&rikke).await.unwrap(), KeptDraft::default());
        let kept = kept(world.service.keep_draft(&rikke, draft(edits(here.mette))).await.unwrap());
        assert_eq!(kept.kept, Some(START));
        assert_eq!(world.service.grid_load(&rikke).await.unwrap().draft, kept);
        assert_eq!(world.service.kept_draft(&poul).await.unwrap(), KeptDraft::default(), "one's own only");
        let elsewhere = world.there.actor(here.rikke, "Rikke Bech", &[Capacity::TestAdministration]);
        assert_eq!(world.service.kept_draft(&elsewhere).await.unwrap(), KeptDraft::default(), "here only");

        // Something else applied leaves it; all of it applied ends it.
        world.apply(&rikke, &give(here.jens, ScopeId::Group(here.b))).await;
        assert_eq!(world.service.kept_draft(&rikke).await.unwrap(), kept);
        let mut more = edits(here.mette);
        more.extend(edits(here.jens));
        world.apply(&rikke, &Proposal::Edits(more)).await;
        assert_eq!(world.service.kept_draft(&rikke).await.unwrap(), KeptDraft::default());

        // An empty draft is thrown away; a draft beyond the limits is not kept.
        let begun = self::kept(world.service.keep_draft(&rikke, draft(edits(here.mette))).await.unwrap());
        let empty = KeptDraft { kept: begun.kept, ..draft(vec![]) };
        assert_eq!(self::kept(world.service.keep_draft(&rikke, empty).await.unwrap()).kept, None);
        assert_eq!(world.service.kept_draft(&rikke).await.unwrap(), KeptDraft::default());
        let one = edits(here.mette).remove(0);
        let wordy = Edit { tests: TestsId::Test("x".repeat(DRAFT_BYTES_MAX)), ..one.clone() };
        let crowded = Edit { teachers: vec![here.mette; DECISIONS_MAX + 1], ..one.clone() };
        for edits in [vec![one; EDITS_MAX + 1], vec![wordy], vec![crowded]] {
            let outcome = world.service.keep_draft(&rikke, draft(edits)).await;
            assert_eq!(refusal(outcome).code, RefusalCode::TooLarge);
        }
        for based_on in [-1, world.revision().await + 1] {
            let outcome = world.service.keep_draft(&rikke, KeptDraft { based_on, ..draft(edits(here.mette)) }).await;
            assert_eq!(refusal(outcome).code, RefusalCode::BadInput);
        }
    })
    .await;
}

fn kept(outcome: DraftOutcome) -> KeptDraft {
    match outcome {
        DraftOutcome::Kept(draft) => draft,
        DraftOutcome::Newer(draft) => panic!("not kept: {draft:?}"),
    }
}

#[tokio::test]
async fn a_draft_that_changed_elsewhere_is_not_overwritten() {
    on_worlds(async |world| {
        let (here, rikke) = (&world.here, world.here.rikke());
        let (a, b) = (ScopeId::Group(here.a), ScopeId::Group(here.b));
        let keep = async |edits: &[(PersonId, ScopeId)], kept| {
            let edits = edits.iter().map(|(teacher, scope)| edit(*teacher, *scope, Effect::Give)).collect();
            world.service.keep_draft(&rikke, KeptDraft { based_on: 0, edits, kept }).await.unwrap()
        };
        // Two tabs open the same draft; one goes on with it, at the very same instant.
        let first = kept(keep(&[(here.mette, a)], None).await);
        let second = kept(keep(&[(here.mette, a), (here.jens, a)], first.kept).await);
        assert!(second.kept > first.kept, "each keeping has a time of its own");
        assert_eq!(world.service.news(&rikke).await.unwrap().kept, second.kept);
        // The other one's click loses nothing, whatever it was made on.
        for stale in [first.kept, None, Some(START.plus_seconds(60))] {
            assert_eq!(keep(&[(here.mette, b)], stale).await, DraftOutcome::Newer(second.clone()));
            assert_eq!(keep(&[], stale).await, DraftOutcome::Newer(second.clone()));
        }
        assert_eq!(world.service.kept_draft(&rikke).await.unwrap(), second);
        let third = kept(keep(&[(here.mette, b)], second.kept).await);

        // What was applied, or discarded, is not brought back by a tab that still has it.
        world.apply(&rikke, &Proposal::Edits(third.edits.clone())).await;
        assert_eq!(world.service.news(&rikke).await.unwrap().kept, None);
        for edits in [[(here.mette, b)].as_slice(), &[]] {
            assert_eq!(keep(edits, third.kept).await, DraftOutcome::Newer(KeptDraft::default()));
        }
        assert_eq!(world.service.kept_draft(&rikke).await.unwrap(), KeptDraft::default());
    })
    .await;
}

#[test]
fn what_people_write_is_bounded() {
    let read = |text: &str| crate::rights::written(text, 5).map_err(|refusal| refusal.code);
    assert_eq!(read("  åäöøæ \n"), Ok("åäöøæ".into()));
    assert_eq!(read("a\nb"), Ok("a\nb".into()));
    assert_eq!(read("123456"), Err(RefusalCode::TooLarge));
    assert_eq!(read("a\0b"), Err(RefusalCode::BadInput));
    assert_eq!(read("a\u{1b}b"), Err(RefusalCode::BadInput));
}
