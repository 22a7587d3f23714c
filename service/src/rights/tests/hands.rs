//! Rights to book and to run, and exemptions: set, kept apart by who wished what, and seen in the grid.

use super::*;
use crate::rights::{EXEMPTION_CHANGES_MAX, NOTE_MAX, STAFF_CHANGES_MAX};
use domain::PupilIx;
use domain::exchange::{ExemptionChange, RefusalCode, StaffMay, StaffRow};
use domain::staff_right::StaffRight;

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
            let known =
                store::import::file_roster(tx, here.institution, here.institution.0, store::import::FILE_SOURCE, now)
                    .await?;
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
