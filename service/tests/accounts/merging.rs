//! Two accounts of one person become one, and two again.

use crate::world::*;
use domain::draft::{Edit, ScopeId, TestsId};
use domain::exchange::{ApplyOutcome, HistoryEntry, Proposal};
use domain::{Effect, PersonId};

/// A test that is held at the schools here.
const READING: &str = "FNF-DAL-4";

/// Mette, and Mette registered again as another person: the account that stays.
async fn registered_again(world: &World) -> IssuedAccount {
    let order = Registration {
        subjects: vec!["engelsk".to_owned()],
        despite_doubles: despite(),
        ..world.order(AccountRole::Teacher, "Mette", "Lind")
    };
    issued(world.register(&world.administrator(), &order).await)
}

async fn give_reading(world: &World, teacher: PersonId) {
    let edit = Edit {
        teachers: vec![teacher],
        scope: ScopeId::School,
        tests: TestsId::Test(READING.to_owned()),
        effect: Effect::Give,
        from: None,
        until: None,
    };
    let (actor, proposal) = (world.principal(), Proposal::Edits(vec![edit]));
    let revision = world.service.grid_load(&actor).await.unwrap().school.revision;
    let review = world.service.review(&actor, &proposal, revision).await.unwrap();
    let outcome = world.service.apply(&actor, &proposal, revision, &review.digest, "").await.unwrap();
    assert!(matches!(outcome, ApplyOutcome::Applied(_)));
}

async fn last_change(world: &World) -> HistoryEntry {
    world.service.history(&world.principal(), None, 1).await.unwrap().remove(0)
}

async fn subjects(world: &World, account: AccountId) -> Vec<String> {
    world.line(&world.principal(), account).await.subjects
}

#[tokio::test]
async fn what_both_had_is_united_on_the_higher_number_and_can_be_parted_again() {
    on_worlds(async |world, _| {
        let (principal, lower) = (world.principal(), world.account(HERE, AccountRole::Teacher));
        let change = AccountChange { names: None, email: None, subjects: Some(vec!["matematik".to_owned()]) };
        world.service.change_account(&principal, lower.id, &change).await.unwrap();
        let session = world.settled(lower).await;
        let upper = registered_again(&world).await;
        let upper_session = world.settled(&upper).await;
        give_reading(&world, lower.person).await;
        let cut = world.staff_change(&principal, upper.person, true, false).await;
        world.service.set_staff_rights(&principal, &[cut], "").await.unwrap();

        let stays = world.service.merge_accounts(&principal, upper.id, lower.id).await.unwrap();
        assert_eq!(stays, upper.id, "in whatever order they are named");
        assert!(world.signed_in(&session).await.is_none());
        assert!(world.signed_in(&upper_session).await.is_some());
        assert!(matches!(world.password(&lower.user_name, OWN).await, Outcome::Wrong), "dead, and not code 31");
        assert_eq!(subjects(&world, upper.id).await, ["engelsk", "matematik"]);
        let change = last_change(&world).await;
        assert_eq!(change.reason, format!("{} → {}", lower.user_name, upper.user_name));
        assert_eq!((change.lines.len(), change.lines[0].effect), (1, Effect::Give));
        let running = async |person| {
            let rows = world.service.staff_rights(&principal).await.unwrap();
            rows.iter().find(|row| row.person == person).map(|row| row.running.granted)
        };
        assert_eq!(running(upper.person).await, Some(true));
        assert_eq!(running(lower.person).await, None, "one person, one row");
        assert_eq!(world.service.double_accounts(&principal).await.unwrap(), []);
        let list = names(&world.list(&principal, AccountFilter::default()).await);
        assert_eq!(list, ["Henrik Dal", "Karen Øster", "Mette Lind"]);
        let line = world.line(&principal, lower.id).await;
        assert_eq!((line.state, line.merged_into), (State::Merged, Some(upper.id)));
        assert_eq!(line.may, [Action::Separate]);
        world.verified().await;

        world.service.separate_accounts(&principal, lower.id).await.unwrap();
        assert!(matches!(world.password(&lower.user_name, OWN).await, Outcome::Next(Next::Start, _)));
        assert_eq!(subjects(&world, lower.id).await, ["matematik"]);
        assert_eq!(subjects(&world, upper.id).await, ["engelsk"]);
        assert_eq!(last_change(&world).await.takes_back, Some(change.number));
        assert_eq!((running(upper.person).await, running(lower.person).await), (Some(false), Some(true)));
        assert_eq!(world.service.double_accounts(&principal).await.unwrap().len(), 1);
        world.verified().await;
    })
    .await;
}

#[tokio::test]
async fn two_accounts_of_one_person_have_nothing_but_subjects_to_unite() {
    on_worlds(async |world, _| {
        let (principal, lower) = (world.principal(), world.account(HERE, AccountRole::Teacher));
        give_reading(&world, lower.person).await;
        let before = last_change(&world).await.number;
        let order = Registration {
            holder: Holder::Known(lower.person),
            despite_doubles: despite(),
            ..world.order(AccountRole::Teacher, "", "")
        };
        let upper = world.register(&principal, &order).await.account;
        world.service.deactivate_account(&principal, lower.id).await.unwrap();
        world.service.merge_accounts(&principal, lower.id, upper).await.unwrap();
        assert_eq!(last_change(&world).await.number, before);
        world.service.separate_accounts(&principal, lower.id).await.unwrap();
        assert_eq!(world.state(lower.id).await, State::Deactivated, "as it was before");
        world.verified().await;
    })
    .await;
}

#[tokio::test]
async fn what_was_decided_since_stays_as_it_is() {
    on_worlds(async |world, _| {
        let (principal, lower) = (world.principal(), world.account(HERE, AccountRole::Teacher));
        let upper = registered_again(&world).await;
        give_reading(&world, lower.person).await;
        world.service.merge_accounts(&principal, lower.id, upper.id).await.unwrap();
        let number = last_change(&world).await.number;
        let (back, revision) = (
            Proposal::TakeBack { change_set: number, positions: None },
            world.service.grid_load(&principal).await.unwrap().school.revision,
        );
        let review = world.service.review(&principal, &back, revision).await.unwrap();
        world.service.apply(&principal, &back, revision, &review.digest, "").await.unwrap();
        world.service.separate_accounts(&principal, lower.id).await.unwrap();
        assert_eq!(last_change(&world).await.number, number + 1, "it had been taken back already");
        world.verified().await;
    })
    .await;
}

#[tokio::test]
async fn a_merge_is_taken_back_for_thirty_days() {
    on_worlds(async |world, _| {
        let (principal, lower) = (world.principal(), world.id(AccountRole::Teacher));
        let upper = registered_again(&world).await;
        world.service.merge_accounts(&principal, lower, upper.id).await.unwrap();
        world.clock.set(START.plus_seconds(30 * 24 * 3_600));
        assert_refused(world.service.separate_accounts(&principal, lower).await, RefusalCode::TooLate);
        assert_eq!(world.line(&principal, lower).await.may, []);
        world.clock.set(START.plus_seconds(30 * 24 * 3_600 - 1));
        world.service.separate_accounts(&principal, lower).await.unwrap();
        assert_refused(world.service.separate_accounts(&principal, lower).await, RefusalCode::NotFound);
    })
    .await;
}

#[tokio::test]
async fn only_like_is_united_with_like() {
    on_worlds(async |world, _| {
        let (principal, teacher) = (world.principal(), world.id(AccountRole::Teacher));
        let entries = world.entries().await;
        for (other, code) in [
            (teacher, RefusalCode::BadInput),
            (world.id(AccountRole::Leader), RefusalCode::BadInput),
            (world.id(AccountRole::TestAdministrator), RefusalCode::BadInput),
            (world.id(AccountRole::Principal), RefusalCode::OwnAccount),
            (world.account(SISTER, AccountRole::Teacher).id, RefusalCode::NotFound),
            (AccountId(Uuid::from_u128(9)), RefusalCode::NotFound),
        ] {
            assert_refused(world.service.merge_accounts(&principal, teacher, other).await, code);
            assert_refused(world.service.merge_accounts(&principal, other, teacher).await, code);
        }
        assert_eq!(world.entries().await, entries);
        // With an account that is gone nothing more is done.
        let upper = registered_again(&world).await;
        world.service.merge_accounts(&principal, teacher, upper.id).await.unwrap();
        assert_refused(world.service.delete_account(&principal, teacher).await, RefusalCode::NotFound);
        assert_refused(world.service.merge_accounts(&principal, upper.id, teacher).await, RefusalCode::NotFound);
        let reissued = world.service.reissue(&principal, teacher, Anew::Both, Language::Da).await;
        assert_refused(reissued, RefusalCode::NotFound);
    })
    .await;
}
