//! Making accounts.

use super::*;
use domain::staff_right::StaffRight;
use domain::{Capacity, UserType};

fn order(role: AccountRole, matrix: bool) -> AccountOrder {
    let holder = Holder::New { given: "Bo".to_owned(), family: "Grøn".to_owned() };
    AccountOrder { holder, role, matrix }
}

#[tokio::test]
async fn numbers_run_from_1001_and_cards_go_to_whom_they_must() {
    on_each(async |world, _| {
        let table = [
            (AccountRole::Principal, false, true),
            (AccountRole::TestAdministrator, false, true),
            (AccountRole::Leader, false, false),
            (AccountRole::Teacher, false, false),
            (AccountRole::Teacher, true, true),
            (AccountRole::Leader, true, true),
        ];
        for ((role, matrix, expected), number) in table.into_iter().zip(1001..) {
            let made = world.service.create_account(&world.operator(), &order(role, matrix)).await.expect("made");
            assert_eq!(made.user_name, format!("{number}-280101"));
            assert_eq!(made.matrix.is_some(), expected, "{role:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn only_the_operator_makes_accounts_so_far() {
    on_each(async |world, _| {
        for via in [Via::Session, Via::OperatorAs, Via::System] {
            let everything = AccountRole::Principal.capacities().to_vec();
            let actor = Actor { via, capacities: everything, two_factors: true, ..world.operator() };
            let refused = world.service.create_account(&actor, &order(AccountRole::Teacher, false)).await;
            assert_refused(refused, RefusalCode::NotAllowed);
        }
    })
    .await;
}

#[tokio::test]
async fn foreign_and_unknown_institutions_and_persons_are_not_found() {
    on_each(async |world, _| {
        let elsewhere = Actor { institution: InstitutionId(Uuid::from_u128(9)), ..world.operator() };
        let refused = world.service.create_account(&elsewhere, &order(AccountRole::Teacher, false)).await;
        assert_refused(refused, RefusalCode::NotFound);
        let holder = Holder::Known(PersonId(Uuid::from_u128(9)));
        let unknown = AccountOrder { holder, role: AccountRole::Teacher, matrix: false };
        let refused = world.service.create_account(&world.operator(), &unknown).await;
        assert_refused(refused, RefusalCode::NotFound);
        let made = world.service.create_account(&world.operator(), &order(AccountRole::Teacher, false)).await;
        assert_eq!(made.expect("made").user_name, "1001-280101", "what is refused takes no number");
    })
    .await;
}

#[tokio::test]
async fn a_second_account_of_a_person_makes_them_what_they_were_not() {
    on_each(async |world, test| {
        let leader = world.account(AccountRole::Leader).await;
        let types = async || {
            let mut read = test.db.read().await.expect("a read");
            let types = store::session::live_user_types(&mut read, world.institution, leader.person, START).await;
            let given = store::staff_right::of_person(&mut read, world.institution, leader.person).await;
            (types.expect("read"), given.expect("read").len())
        };
        assert_eq!(types().await, (vec![UserType::Leader], 0), "no teacher, no rights to book and run");
        for _ in 0..2 {
            let holder = Holder::Known(leader.person);
            let teacher = AccountOrder { holder, role: AccountRole::Teacher, matrix: false };
            world.service.create_account(&world.operator(), &teacher).await.expect("made");
            assert_eq!(types().await, (vec![UserType::Leader, UserType::Teacher], StaffRight::ALL.len()), "once");
        }
        let token = world.settled(&leader).await;
        let who = world.signed_in(&token).await.expect("signed in");
        assert_eq!(who.actor.capacities, [Capacity::Teaching, Capacity::Leadership]);
    })
    .await;
}
