//! Subjects given to several accounts at once, and taken from them.

use crate::world::*;
use domain::exchange::material::SubjectsOrder;

fn slugs(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

fn order(accounts: &[AccountId], give: &[&str], take: &[&str]) -> SubjectsOrder {
    SubjectsOrder { accounts: accounts.to_vec(), give: slugs(give), take: slugs(take) }
}

async fn teachers(world: &World) -> Vec<AccountId> {
    let mut ids = vec![world.id(AccountRole::Teacher)];
    for (given, family) in [("Bo", "Holm"), ("Ida", "Kjær")] {
        ids.push(world.register(&world.principal(), &world.order(AccountRole::Teacher, given, family)).await.account);
    }
    ids
}

async fn held(world: &World, account: AccountId) -> Vec<String> {
    world.line(&world.principal(), account).await.subjects
}

#[tokio::test]
async fn a_preview_tells_what_would_change_and_changes_nothing() {
    on_worlds(async |world, _| {
        let ids = teachers(&world).await;
        let administrator = world.administrator();
        let first = order(&ids[..1], &["tysk", "matematik"], &[]);
        assert_eq!(world.service.change_subjects(&administrator, &first).await.unwrap(), &ids[..1]);
        let entries = world.entries().await;
        let give = order(&ids, &["matematik"], &[]);
        let preview = world.service.subjects_preview(&administrator, &give).await.unwrap();
        let changes: Vec<(String, &[String])> =
            preview.changes.iter().map(|line| (line.account.name(), line.gains.as_slice())).collect();
        let gained = slugs(&["matematik"]);
        assert_eq!(changes, [("Bo Holm".to_owned(), gained.as_slice()), ("Ida Kjær".to_owned(), gained.as_slice())]);
        assert_eq!(names(&preview.unchanged), ["Mette Lind"]);
        let take = order(&ids, &[], &["tysk"]);
        let preview = world.service.subjects_preview(&administrator, &take).await.unwrap();
        assert_eq!((preview.changes.len(), preview.unchanged.len()), (1, 2));
        assert_eq!(preview.changes[0].loses, slugs(&["tysk"]));
        assert_eq!(world.entries().await, entries);
        assert_eq!(held(&world, ids[1]).await, [""; 0]);
    })
    .await;
}

#[tokio::test]
async fn several_are_changed_at_once_and_told_of_in_one_entry() {
    on_worlds(async |world, _| {
        let ids = teachers(&world).await;
        let (administrator, principal) = (world.administrator(), world.principal());
        let entries = world.entries().await;
        let give = order(&ids, &["tysk", "matematik"], &[]);
        assert_eq!(world.service.change_subjects(&administrator, &give).await.unwrap(), ids);
        assert_eq!(world.entries().await, entries + 1);
        assert!(world.service.change_subjects(&principal, &give).await.unwrap().is_empty());
        assert_eq!(world.entries().await, entries + 1, "what changes nothing leaves no trace");
        let both = order(&ids[1..], &["engelsk"], &["tysk"]);
        assert_eq!(world.service.change_subjects(&principal, &both).await.unwrap(), &ids[1..]);
        assert_eq!(held(&world, ids[0]).await, ["matematik", "tysk"]);
        assert_eq!(held(&world, ids[2]).await, ["engelsk", "matematik"]);
        let detail = world.service.account_detail(&principal, ids[2]).await.unwrap();
        let changed = |event: &&domain::exchange::accounts::AccountEvent| {
            event.what == domain::exchange::accounts::AccountDeed::Changed
        };
        assert_eq!(detail.history.iter().filter(changed).count(), 2, "each account's history tells of it");
        world.verified().await;
        // Written past the log, it is found.
        let done = store::write!(world.db, async |tx| {
            store::account::subject::set(tx, world.at(HERE), ids[0], &slugs(&["fransk"])).await?;
            Ok::<_, Fault>(())
        });
        done.unwrap();
        assert_eq!(world.service.verify_audit(&[]).await.unwrap().findings.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn only_a_schools_keepers_change_their_own_teachers() {
    on_worlds(async |world, _| {
        let own = world.id(AccountRole::Teacher);
        let sister = world.account(SISTER, AccountRole::Teacher).id;
        let unknown = AccountId(Uuid::from_u128(9));
        let give = |account| order(&[account], &["matematik"], &[]);
        let entries = world.entries().await;
        let mut table = Vec::new();
        for role in AccountRole::ALL {
            let place = if role == AccountRole::Authority { AUTHORITY } else { HERE };
            let actor = world.actor_at(place, role);
            for account in [own, sister, unknown] {
                let order = give(account);
                let previewed = world.service.subjects_preview(&actor, &order).await.map(drop);
                let is_open = previewed.is_ok();
                let refused = previewed.err().map(|fault| fault.public().code);
                if !is_open {
                    let changed = world.service.change_subjects(&actor, &order).await;
                    assert_eq!(Some(refusal(changed).code), refused, "{role:?}");
                }
                table.push((role.code(), refused.map_or("y", RefusalCode::word)));
            }
        }
        let by_hand = [
            ("authority", ["not_found", "not_found", "not_found"]),
            ("principal", ["y", "not_found", "not_found"]),
            ("test-administrator", ["y", "not_found", "not_found"]),
            ("leader", ["not_allowed", "not_allowed", "not_allowed"]),
            ("teacher", ["not_allowed", "not_allowed", "not_allowed"]),
        ];
        let by_hand: Vec<_> = by_hand.into_iter().flat_map(|(role, signs)| signs.map(|sign| (role, sign))).collect();
        assert_eq!(table, by_hand);
        assert_eq!(world.entries().await, entries);
        let (administrator, principal) = (world.administrator(), world.principal());
        // Of several, one that is not the actor's stops all of them.
        let mixed = order(&[own, sister], &["matematik"], &[]);
        assert_refused(world.service.change_subjects(&administrator, &mixed).await, RefusalCode::NotFound);
        assert_eq!(held(&world, own).await, [""; 0]);
        let leaders = world.account(HERE, AccountRole::Leader).id;
        assert_refused(world.service.change_subjects(&principal, &give(leaders)).await, RefusalCode::BadInput);
        for wrong in [
            order(&[], &["matematik"], &[]),
            order(&[own], &[], &[]),
            order(&[own], &["latin"], &[]),
            order(&[own], &["svenska"], &[]),
            order(&[own], &[], &["latin"]),
            order(&[own], &["matematik"], &["matematik"]),
        ] {
            assert_refused(world.service.change_subjects(&administrator, &wrong).await, RefusalCode::BadInput);
            assert_refused(world.service.subjects_preview(&administrator, &wrong).await, RefusalCode::BadInput);
        }
        let many = order(&[own; 1_001], &["matematik"], &[]);
        assert_refused(world.service.change_subjects(&administrator, &many).await, RefusalCode::TooLarge);
        assert_eq!(world.entries().await, entries);
    })
    .await;
}
