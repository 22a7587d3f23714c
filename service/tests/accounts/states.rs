//! Every state of every role's account has a way out, somebody who may go it, and nobody else; and
//! it leads out.

use crate::may::{askers, attempt, doubles, unite};
use crate::world::*;

/// By state, then by the role of the account (authority, principal, test administrator, leader, teacher): who may
/// go the way out. `O` the operator, `A` an authority's people, `P` the principal, `T` a test administrator;
/// `-` for what cannot be. Written by hand.
const OWNERS: [(State, Action, [&str; 5]); 7] = [
    (State::Issued, Action::Reissue, ["O", "A", "PT", "P", "PT"]),
    (State::Active, Action::Deactivate, ["O", "A", "PT", "P", "PT"]),
    (State::Locked, Action::Reissue, ["O", "A", "PT", "P", "PT"]),
    (State::Lapsed, Action::Reactivate, ["O", "A", "P", "P", "PT"]),
    (State::Deactivated, Action::Reactivate, ["O", "A", "P", "P", "PT"]),
    // The account stays deleted; its person gets another one.
    (State::Deleted, Action::Register, ["O", "AO", "PTO", "PO", "PTO"]),
    (State::Merged, Action::Separate, ["-", "-", "P", "P", "P"]),
];

/// What brings accounts into a state, from open ones whose password is the person's own.
fn into(state: State) -> (&'static str, &'static str) {
    match state {
        State::Issued => ("account_password", "issued = TRUE"),
        State::Active | State::Merged => ("account_password", "failures = 0"),
        State::Locked => ("account_password", "failures = 100, dead = TRUE"),
        State::Lapsed => ("account", "active_until = active_from"),
        State::Deactivated => ("account", "deactivated = 1"),
        State::Deleted => ("account", "deleted = 1"),
    }
}

fn letter(asker: &str) -> Option<char> {
    match asker {
        "operator" => Some('O'),
        "authority" => Some('A'),
        "principal" => Some('P'),
        "test-administrator" => Some('T'),
        _ => None,
    }
}

/// Brings the accounts of one role into a state, and all others into an open one: who is to help can sign in.
async fn in_state(world: &World, test: &TestDb, state: State, role: AccountRole, both: (AccountId, AccountId)) {
    for fresh in [
        "UPDATE account SET deleted = NULL, merged = NULL, merged_into = NULL, deactivated = NULL, active_until = NULL",
        "UPDATE account_password SET failures = 0, dead = FALSE, issued = FALSE, wait_until = NULL",
    ] {
        test.tamper(fresh).await.unwrap();
    }
    let (table, change) = into(state);
    let key = if table == "account" { "id" } else { "account_id" };
    let of_role = format!("SELECT id FROM account WHERE role = '{}'", role.code());
    test.tamper(&format!("UPDATE {table} SET {change} WHERE {key} IN ({of_role})")).await.unwrap();
    if state == State::Merged {
        unite(world, HERE, role, both).await;
    }
}

/// The state that the account's keeper reads; nobody's list shows an authority's.
async fn state(world: &World, role: AccountRole, account: AccountId) -> Option<State> {
    let watcher = match role {
        AccountRole::Authority => return None,
        AccountRole::Principal => world.authority(),
        AccountRole::TestAdministrator | AccountRole::Leader | AccountRole::Teacher => world.principal(),
    };
    Some(world.line(&watcher, account).await.state)
}

#[tokio::test]
async fn every_state_has_a_way_out_for_exactly_those_who_own_it() {
    assert_eq!(OWNERS.map(|(state, ..)| state), State::ALL, "every state");
    on_worlds(async |world, test| {
        let doubles = doubles(&world).await;
        for (before, way_out, owners) in OWNERS {
            assert_eq!(before.way_out(), way_out);
            for (role, owners) in AccountRole::ALL.into_iter().zip(owners) {
                let place = if role == AccountRole::Authority { AUTHORITY } else { HERE };
                let both = (world.account(place, role).id, doubles[&(place, role)]);
                if owners == "-" {
                    continue;
                }
                let mut found = String::new();
                for (name, actor) in askers(&world) {
                    in_state(&world, test, before, role, both).await;
                    assert!(state(&world, role, both.0).await.is_none_or(|now| now == before), "{role:?}");
                    let done = attempt(&world, &actor, way_out, place, role, both).await.is_ok();
                    let is_out = state(&world, role, both.0).await.is_none_or(|now| now != before);
                    // What was handed out once is handed out again; what is deleted stays so.
                    let leads_out = !matches!(before, State::Issued | State::Deleted);
                    assert!(
                        !leads_out || role == AccountRole::Authority || is_out == done,
                        "{name} {before:?} {role:?}"
                    );
                    found.extend(done.then(|| letter(name).unwrap_or('?')));
                }
                let sorted = |letters: &str| {
                    let mut letters: Vec<char> = letters.chars().collect();
                    letters.sort_unstable();
                    letters
                };
                assert_eq!(sorted(&found), sorted(owners), "{before:?} {role:?}");
            }
        }
    })
    .await;
}

#[tokio::test]
async fn a_page_names_the_owner_of_each_way_out_to_those_who_are_not() {
    on_worlds(async |world, test| {
        let administrator = world.administrator();
        let doubles = doubles(&world).await;
        // Whoever lists an account and may not go the way out reads who can; of a deleted one, that it stays so.
        for (state, way_out, owners) in OWNERS {
            for (role, owners) in AccountRole::ALL.into_iter().zip(owners).skip(2) {
                let both = (world.account(HERE, role).id, doubles[&(HERE, role)]);
                in_state(&world, test, state, role, both).await;
                // The test administrator's own account is for others, whatever it needs.
                let is_own = role == AccountRole::TestAdministrator;
                let detail = world.service.account_detail(&administrator, both.0).await.unwrap();
                assert_eq!(detail.line.state, state);
                let may = detail.line.may.contains(&way_out);
                let named = detail.by_others.iter().find(|of| of.action == way_out);
                if state == State::Deleted {
                    assert!(!may && named.is_none(), "nothing more is done to it");
                    continue;
                }
                assert_eq!(may, owners.contains('T') && !is_own, "{state:?} {role:?}");
                assert_eq!(named.is_some(), !may, "{state:?} {role:?}");
                if let Some(named) = named {
                    assert!(named.help.iter().any(|help| help.names.contains(&"Birthe Krag".to_owned())), "{named:?}");
                }
            }
        }
        // A merge that is past taking back: nobody may, and nobody is named.
        let both = (world.id(AccountRole::Teacher), doubles[&(HERE, AccountRole::Teacher)]);
        in_state(&world, test, State::Merged, AccountRole::Teacher, both).await;
        world.clock.set(START.plus_seconds(31 * 24 * 3_600));
        for actor in [&administrator, &world.principal()] {
            let detail = world.service.account_detail(actor, both.0).await.unwrap();
            assert!(detail.line.may.is_empty() && detail.by_others.is_empty(), "{detail:?}");
        }
    })
    .await;
}
