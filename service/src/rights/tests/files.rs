//! Draft files, and the operator as an actor.

use super::*;
use crate::accounts::{AccountOrder, Holder};
use crate::rights::{DraftFile, DraftReport, FileOutcome};
use domain::AccountRole;
use domain::exchange::RefusalCode;

fn file(text: &str) -> DraftFile {
    DraftFile::parse(text.as_bytes()).expect("a draft file")
}

const FOUR_A: &str = r#"{"reason": "ny lærer", "edits": [
    {"teachers": ["T-1"], "scope": {"group": "G-A"}, "tests": {"test": "FNF-DAL-4"}, "decision": "give"},
    {"teachers": ["T-1"], "scope": {"group": "G-A"}, "tests": {"test": "FNF-MAT-4"}, "decision": "give"}]}"#;

#[tokio::test]
async fn a_file_is_previewed_and_applied_in_the_rosters_words() {
    on_worlds(async |world| {
        let rikke = world.here.rikke();
        let base = world.revision().await;
        let preview = world.service.preview_file(&rikke, &file(FOUR_A)).await.unwrap();
        let shown = serde_json::to_value(&preview).unwrap();
        assert_eq!(
            shown["gains"][0],
            serde_json::json!({"teacher": "T-1", "pupil": "P-1", "tests": ["FNF-DAL-4", "FNF-MAT-4"],
                "from": "2026-11-18", "until": "2027-07-31"})
        );
        assert_eq!(shown["gains"].as_array().map(Vec::len), Some(3));
        assert_eq!((&shown["revision"], shown.get("change_set")), (&base.into(), None));
        assert_eq!(world.entries().await, 0);

        let FileOutcome::Applied(report) = world.service.apply_file(&rikke, &file(FOUR_A)).await.unwrap() else {
            panic!("applied");
        };
        assert_eq!((report.revision, report.change_set), (base + 1, Some(1)));
        assert_eq!(report.gains, preview.gains);
        assert_eq!(world.service.change_set(&rikke, 1).await.unwrap().reason, "ny lærer");

        // Taking it back: nobody sees the three in the two tests any more.
        let back = file(r#"{"reason": "fortrudt", "take_back": 1}"#);
        let preview = world.service.preview_file(&rikke, &back).await.unwrap();
        assert_eq!((preview.gains.len(), preview.losses.len(), preview.unseen.len()), (0, 3, 6));
        assert!(preview.unseen.is_sorted() && preview.losses.is_sorted());
        let FileOutcome::Applied(report) = world.service.apply_file(&rikke, &back).await.unwrap() else {
            panic!("applied");
        };
        assert_eq!(report.change_set, Some(2));
        assert_eq!(refusal(world.service.apply_file(&rikke, &back).await).code, RefusalCode::AlreadyTakenBack);
    })
    .await;
}

#[tokio::test]
async fn a_file_of_an_older_revision_does_not_apply_over_a_conflict() {
    on_worlds(async |world| {
        let (here, rikke) = (&world.here, world.here.rikke());
        let base = world.revision().await;
        world.apply(&here.poul(), &withhold(here.mette, ScopeId::Group(here.a))).await;
        let old = file(&FOUR_A.replacen('{', &format!(r#"{{"revision": {base}, "#), 1));
        let entries = world.entries().await;
        let FileOutcome::Conflicting(DraftReport { conflicts, change_set: None, .. }) =
            world.service.apply_file(&rikke, &old).await.unwrap()
        else {
            panic!("conflicting");
        };
        assert_eq!(conflicts.iter().map(|one| (one.edit, one.change_set)).collect::<Vec<_>>(), [(0, 1)]);
        assert_eq!(world.entries().await, entries);
        // Without a revision it speaks of now.
        assert!(matches!(world.service.apply_file(&rikke, &file(FOUR_A)).await.unwrap(), FileOutcome::Applied(_)));
    })
    .await;
}

#[tokio::test]
async fn a_file_with_foreign_or_unknown_ids_is_refused() {
    on_worlds(async |world| {
        let (here, there) = (&world.here, &world.there);
        let ours = FOUR_A.replace("T-1", &here.mette.to_string()).replace("G-A", &here.a.to_string());
        assert!(world.service.preview_file(&here.rikke(), &file(&ours)).await.is_ok(), "our ids do as well");
        let table = [
            FOUR_A.replace("T-1", "T-9"),
            FOUR_A.replace("G-A", "G-Z"),
            FOUR_A.replace("T-1", &there.mette.to_string()),
            FOUR_A.replace("G-A", &there.a.to_string()),
            FOUR_A.replace("FNF-DAL-4", "FNF-DAL-44"),
        ];
        for text in table {
            for outcome in [
                world.service.preview_file(&here.rikke(), &file(&text)).await.map(drop),
                world.service.apply_file(&here.rikke(), &file(&text)).await.map(drop),
            ] {
                assert_eq!(refusal(outcome).code, RefusalCode::NotFound, "{text}");
            }
        }
        for actor in [here.mette(), here.lone()] {
            let outcome = world.service.preview_file(&actor, &file(FOUR_A)).await;
            assert_eq!(refusal(outcome).code, RefusalCode::NotAllowed);
        }
    })
    .await;
}

#[tokio::test]
async fn the_operator_acts_as_an_administrator_of_the_school_or_not_at_all() {
    on_worlds(async |world| {
        let here = &world.here;
        let operator = world.service.operator("280101").await.unwrap();
        assert_eq!((operator.institution, &operator.via), (here.institution, &Via::Operator));
        assert!(operator.capacities.is_empty() && operator.person.0.is_nil());
        let mut user_names = Vec::new();
        for role in AccountRole::ALL {
            let holder = Holder::New { given: "Vera".to_owned(), family: "Kjær".to_owned() };
            let order = AccountOrder { holder, role, matrix: false };
            let place = match role {
                AccountRole::Authority => {
                    let authority = world.service.authority("851").await.unwrap();
                    world.service.operator_anywhere(authority.as_place())
                }
                _ => operator.clone(),
            };
            user_names.push((role, world.service.create_account(&place, &order).await.unwrap().user_name));
        }
        for (role, user_name) in &user_names {
            let outcome = world.service.operator_as("280101", user_name).await;
            match role {
                AccountRole::Principal | AccountRole::TestAdministrator => {
                    let actor = outcome.unwrap();
                    assert_eq!((actor.via.clone(), actor.name.as_str()), (Via::OperatorAs, "Vera Kjær"));
                    assert!(world.service.preview_file(&actor, &file(FOUR_A)).await.is_ok());
                }
                AccountRole::Authority => assert_eq!(refusal(outcome).code, RefusalCode::NotFound),
                AccountRole::Leader | AccountRole::Teacher => {
                    assert_eq!(refusal(outcome).code, RefusalCode::NotAllowed, "{role:?}");
                }
            }
            // The same account at the other school is as unknown as any.
            let elsewhere = world.service.operator_as("280102", user_name).await;
            assert_eq!(refusal(elsewhere).code, RefusalCode::NotFound);
        }
        for (code, user_name) in [("280101", "1999-280101"), ("289999", user_names[0].1.as_str()), ("280101", "")] {
            assert_eq!(refusal(world.service.operator_as(code, user_name).await).code, RefusalCode::NotFound);
        }
        assert_eq!(refusal(world.service.operator("289999").await).code, RefusalCode::NotFound);

        // What the operator did as somebody is not shown as done by them at a page.
        let (_, principal) = user_names.iter().find(|(role, _)| *role == AccountRole::Principal).unwrap();
        let actor = world.service.operator_as("280101", principal).await.unwrap();
        world.service.apply_file(&actor, &file(FOUR_A)).await.unwrap();
        world.apply(&here.rikke(), &take_back(1)).await;
        let history = world.service.history(&here.rikke(), None, 10).await.unwrap();
        let told: Vec<_> = history.iter().map(|set| (set.author.as_str(), set.by_operator)).collect();
        assert_eq!(told, [("Rikke Bech", false), ("Vera Kjær", true)]);
        assert!(world.service.change_set(&here.rikke(), 1).await.unwrap().by_operator);
    })
    .await;
}
