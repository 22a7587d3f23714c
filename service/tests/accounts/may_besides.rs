//! The rows of the full table that are no action on an account: asking, answering, taking back, giving
//! subjects, and looking at what something would do.

use crate::may::{askers, code, columns, doubles, rows, sign, unite};
use crate::world::*;
use domain::exchange::accounts::Wish;
use domain::exchange::material::SubjectsOrder;
use store::account::request::NewRequest;

/// What is done, as the table calls it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Deed {
    Ask(Wish),
    Decline,
    Withdraw,
    Subjects,
    SeeSubjects,
    SeeReactivation,
    SeeMerge,
    SeeLetters,
}

impl Deed {
    const ALL: [(&'static str, Self); 11] = [
        ("ask-reissue", Self::Ask(Wish::Reissue)),
        ("ask-reactivate", Self::Ask(Wish::Reactivate)),
        ("ask-delete", Self::Ask(Wish::Delete)),
        ("ask-merge", Self::Ask(Wish::Merge)),
        ("decline", Self::Decline),
        ("withdraw", Self::Withdraw),
        ("subjects", Self::Subjects),
        ("see-subjects", Self::SeeSubjects),
        ("see-reactivate", Self::SeeReactivation),
        ("see-merge", Self::SeeMerge),
        ("see-letters", Self::SeeLetters),
    ];

    /// Is it done to an account that is closed?
    const fn needs_closed(self) -> bool {
        matches!(self, Self::Ask(Wish::Reactivate) | Self::SeeReactivation)
    }

    const fn only_looks(self) -> bool {
        matches!(self, Self::SeeSubjects | Self::SeeReactivation | Self::SeeMerge | Self::SeeLetters)
    }
}

/// Records that an account's second one of the same role asks to issue it anew.
async fn request(world: &World, place: &str, (account, asker): (AccountId, AccountId)) -> Uuid {
    let new = NewRequest {
        id: world.service.env().id(),
        place: world.at(place),
        account,
        other: None,
        wish: Wish::Reissue.code(),
        words: None,
        choice: None,
        by: PersonId(Uuid::from_u128(0xA7)),
        by_account: Some(asker),
        by_name: "Den Anden",
        now: START,
    };
    store::write!(world.db, async |tx| { store::account::request::ask(tx, &new).await }).unwrap();
    new.id
}

async fn attempt(
    world: &World,
    actor: &Actor,
    deed: Deed,
    place: &str,
    (account, double): (AccountId, AccountId),
) -> &'static str {
    let service = &world.service;
    let give = || SubjectsOrder { accounts: vec![account], give: vec!["matematik".to_owned()], take: Vec::new() };
    let outcome = match deed {
        Deed::Ask(Wish::Merge) => service.ask_to_merge(actor, account, double).await,
        Deed::Ask(wish) => service.ask_keepers(actor, account, wish).await,
        Deed::Decline => {
            let id = request(world, place, (account, double)).await;
            service.decline_request(actor, id, "nej").await
        }
        Deed::Withdraw => {
            let id = request(world, place, (account, double)).await;
            service.withdraw_request(actor, id).await
        }
        Deed::Subjects => service.change_subjects(actor, &give()).await.map(drop),
        Deed::SeeSubjects => service.subjects_preview(actor, &give()).await.map(drop),
        Deed::SeeReactivation => service.reactivation_preview(actor, &Which::These(vec![account])).await.map(drop),
        Deed::SeeMerge => service.merge_preview(actor, account, double).await.map(drop),
        Deed::SeeLetters => match service.letters_preview(actor, &[account]).await {
            // What the list does not show is left out, as if it were not there.
            Ok(seen) if seen.people.is_empty() && seen.refused.is_empty() => Err(RefusalCode::NotFound.into()),
            Ok(seen) if seen.people.is_empty() => return "r",
            Ok(_) => Ok(()),
            Err(fault) => Err(fault),
        },
    };
    match outcome {
        Err(Fault::Refused(refusal)) if refusal.code == RefusalCode::BadInput => "b",
        outcome => sign(outcome),
    }
}

#[tokio::test]
async fn everybody_asks_answers_and_looks_as_the_table_says() {
    let actions = Action::ALL.map(code);
    let rows: Vec<Vec<&str>> = rows().into_iter().filter(|row| !actions.contains(&row[1])).collect();
    assert_eq!(rows.len(), (AccountRole::ALL.len() + 1) * Deed::ALL.len(), "every asker and every deed");
    on_worlds(async |world, test| {
        let doubles = doubles(&world).await;
        let mut expected = rows.iter();
        for (name, actor) in askers(&world) {
            for (code, deed) in Deed::ALL {
                let mut found = vec![name, code];
                for (place, role) in columns() {
                    for table in ["account_subject", "account_request_asker", "account_request"] {
                        test.tamper(&format!("DELETE FROM {table}")).await.unwrap();
                    }
                    let closed = if deed.needs_closed() { "1" } else { "NULL" };
                    test.tamper(&format!("UPDATE account SET deactivated = {closed}")).await.unwrap();
                    let before = world.entries().await;
                    let accounts = (world.account(place, role).id, doubles[&(place, role)]);
                    let sign = attempt(&world, &actor, deed, place, accounts).await;
                    let left = world.entries().await - before;
                    let leaves = sign == "y" && !deed.only_looks();
                    assert_eq!(left > 0, leaves, "{name} {deed:?} {place} {role:?} left {left} entries");
                    found.push(sign);
                }
                assert_eq!(Some(&found), expected.next());
            }
        }
        assert_eq!(expected.next(), None);
        // A merge that was done is shown to nobody who may not do it, whatever state the accounts are in.
        let pair = (world.id(AccountRole::Teacher), doubles[&(HERE, AccountRole::Teacher)]);
        unite(&world, HERE, AccountRole::Teacher, pair).await;
        for (name, actor) in askers(&world) {
            let seen = world.service.merge_preview(&actor, pair.0, pair.1).await;
            assert!(seen.is_err(), "{name}: what is one already is not united again");
        }
    })
    .await;
}
