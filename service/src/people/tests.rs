//! An institution that is run from UNI-Login, told as stories on both engines.

mod rules;

use super::Named;
use crate::actor::Actor;
use crate::fault::Fault;
use crate::session::{Presence, SignedIn, Token};
use crate::sign_in::broker::{BrokerOutcome, Proved};
use crate::sign_in::tests::{World, assert_refused, network, on_each, on_each_with, settings};
use domain::effect::TakesEffect;
use domain::exchange::RefusalCode;
use domain::exchange::people::AffiliationOrder;
use domain::{Flag, IdentitySource, InstitutionId, PersonId, UserType};
use uuid::Uuid;

pub(crate) const SCHOOL: &str = "280101";
pub(crate) const ISSUER: &str = "https://broker.example.org/auth/realms/broker";
/// The user administrator's UNI-Login id.
pub(crate) const KEEPER: &str = "keep1234";
/// Made up: days plus 60.
const NUMBER: &str = "670101-0001";
const DAY: i64 = 24 * 3_600;

/// What a broker proves of somebody: `uni_id`, and a subject that belongs to it.
pub(crate) fn proved(uni_id: &str) -> Proved<'_> {
    Proved {
        issuer: ISSUER,
        subject: uni_id,
        session: None,
        uni_id: Some(uni_id),
        actor_group: Some("Medarbejder"),
        unilogin_level: Some("ToFaktor"),
        level: None,
    }
}

pub(crate) async fn through_broker(world: &World, proved: &Proved<'_>) -> BrokerOutcome {
    world.service.sign_in_with_broker(proved, &network(9), Uuid::nil()).await.expect("an answer")
}

pub(crate) async fn token_of(world: &World, uni_id: &str) -> Token {
    match through_broker(world, &proved(uni_id)).await {
        BrokerOutcome::In(token) => token,
        other => panic!("{uni_id} is not let in: {other:?}"),
    }
}

/// Signs somebody in through the broker.
pub(crate) async fn signed_in(world: &World, uni_id: &str) -> SignedIn {
    let token = token_of(world, uni_id).await;
    world.signed_in(&token).await.unwrap_or_else(|| panic!("{uni_id} is nowhere"))
}

/// Lets the school take its capacities from UNI-Login, with its first user administrator.
pub(crate) async fn run_from_unilogin(world: &World) -> Actor {
    world.service.set_source_of_institution(SCHOOL, IdentitySource::Unilogin).await.expect("the source");
    let who = Named::New { given: "Kirsten".to_owned(), family: "Holm".to_owned() };
    world.service.first_user_administrator(SCHOOL, &who, KEEPER).await.expect("a user administrator");
    signed_in(world, KEEPER).await.actor
}

fn order(number: &str, uni_id: &str, types: &[UserType]) -> AffiliationOrder {
    AffiliationOrder {
        number: number.to_owned(),
        given: "Bo".to_owned(),
        family: "Kær".to_owned(),
        uni_id: uni_id.to_owned(),
        types: types.to_vec(),
    }
}

/// Affiliates somebody by hand.
pub(crate) async fn affiliated(
    world: &World,
    keeper: &Actor,
    number: &str,
    uni_id: &str,
    types: &[UserType],
) -> PersonId {
    world.service.affiliate(keeper, &order(number, uni_id, types)).await.expect("an affiliation").person
}

/// Numbers made up for tests are taken in the demo alone.
fn demo() -> crate::service::Settings {
    crate::service::Settings { demo: true, ..settings() }
}

#[tokio::test]
async fn a_new_employee_is_let_in_from_the_next_night_on() {
    on_each_with(demo(), async |world, _| {
        let keeper = run_from_unilogin(world).await;
        let person = affiliated(world, &keeper, NUMBER, "teach123", &[UserType::Teacher]).await;
        let seen = world.service.affiliated(&keeper, person).await.unwrap();
        let line = &seen.types[0];
        assert_eq!((line.user_type, line.by_hand, line.coming), (UserType::Teacher, true, Some(seen.adds_from)));
        // Let in, and nowhere: told where from when.
        let token = token_of(world, "teach123").await;
        let Presence::ChoosePlace(choose) = world.presence(&token).await else { panic!("somewhere already") };
        assert!(choose.places.is_empty());
        assert_eq!(choose.coming.iter().map(|place| place.from).collect::<Vec<_>>(), [seen.adds_from]);
        assert_eq!(choose.name, "Bo Kær");
        world.pass(DAY);
        // Nothing ran meanwhile: the clock decides. There is one place, so that is where one is.
        let who = signed_in(world, "teach123").await;
        assert_eq!((who.me.institution.id, who.me.places), (world.institution, 1));
        assert_eq!(who.me.capacities, [domain::Capacity::Teaching]);
        assert!(who.me.account.is_none() && who.actor.account.is_none());
    })
    .await;
}

#[tokio::test]
async fn at_once_is_a_setting_and_what_is_taken_away_ends_at_once_in_any_case() {
    let at_once = crate::service::Settings { takes_effect: TakesEffect::AtOnce, ..demo() };
    on_each_with(at_once, async |world, _| {
        let keeper = run_from_unilogin(world).await;
        let person = affiliated(world, &keeper, NUMBER, "teach123", &[UserType::Teacher]).await;
        let token = token_of(world, "teach123").await;
        assert!(world.signed_in(&token).await.is_some());
        // The type goes: Teaching does, on the next request of the same session.
        world.service.set_user_types(&keeper, person, &[UserType::Pedagogue]).await.unwrap();
        assert!(world.signed_in(&token).await.unwrap().me.capacities.is_empty());
        world.service.set_user_types(&keeper, person, &[UserType::Teacher]).await.unwrap();
        assert_eq!(world.signed_in(&token).await.unwrap().me.capacities, [domain::Capacity::Teaching]);
        // Everything goes: the session is nowhere.
        world.service.set_user_types(&keeper, person, &[]).await.unwrap();
        assert!(matches!(world.presence(&token).await, Presence::ChoosePlace(choose) if choose.places.is_empty()));
    })
    .await;
}

#[tokio::test]
async fn the_same_number_is_the_same_person_and_is_stored_nowhere() {
    on_each_with(demo(), async |world, test| {
        let keeper = run_from_unilogin(world).await;
        let first = affiliated(world, &keeper, NUMBER, "", &[UserType::Teacher]).await;
        let typed = |given: &str, family: &str, uni_id: &str| AffiliationOrder {
            given: given.to_owned(),
            family: family.to_owned(),
            ..order("6701010001", uni_id, &[UserType::Leader])
        };
        // A number alone tells nothing: the name must be the person's too.
        for (given, family) in [("", ""), ("Bo", ""), ("Ib", "Kær"), ("Bo", "Kærgaard")] {
            let refused = world.service.affiliate(&keeper, &typed(given, family, "")).await;
            assert_refused(refused, RefusalCode::BadInput);
        }
        let again = world.service.affiliate(&keeper, &typed(" bo", "KÆR", "")).await.unwrap();
        assert_eq!((again.person, again.was_known), (first, true));
        // Nor does the right name do where a UNI-Login is recorded and another is typed, or none.
        world.service.set_uni_id(&keeper, first, "teach123").await.unwrap();
        for uni_id in ["", "else1234"] {
            assert_refused(world.service.affiliate(&keeper, &typed("Bo", "Kær", uni_id)).await, RefusalCode::BadInput);
        }
        world.service.affiliate(&keeper, &typed("Bo", "Kær", "TEACH123")).await.unwrap();
        let other = affiliated(world, &keeper, "670101-0002", "", &[UserType::Teacher]).await;
        assert_ne!(other, first);
        for canary in ["6701010001", "670101-0001"] {
            assert_eq!(test.holding(canary).await.unwrap(), Vec::<String>::new(), "{canary}");
        }
    })
    .await;
}

#[tokio::test]
async fn bad_input_changes_nothing() {
    on_each_with(demo(), async |world, _| {
        let keeper = run_from_unilogin(world).await;
        affiliated(world, &keeper, NUMBER, "teach123", &[UserType::Teacher]).await;
        let try_it = async |order: AffiliationOrder, code| {
            assert_refused(world.service.affiliate(&keeper, &order).await, code);
        };
        for number in ["", "670101-001", "671301-0001", "hemmelig"] {
            try_it(order(number, "", &[UserType::Teacher]), RefusalCode::BadInput).await;
        }
        for (uni_id, code) in
            [("kort", RefusalCode::BadInput), ("TEACH123", RefusalCode::Conflict), (KEEPER, RefusalCode::Conflict)]
        {
            try_it(order("670101-0003", uni_id, &[UserType::Teacher]), code).await;
        }
        try_it(order("670101-0003", "", &[]), RefusalCode::BadInput).await;
        try_it(order("670101-0003", "", &[UserType::Pupil]), RefusalCode::BadInput).await;
        let nameless = AffiliationOrder { family: " ".to_owned(), ..order("670101-0003", "", &[UserType::Teacher]) };
        try_it(nameless, RefusalCode::BadInput).await;
        // None of them left anything: the number is still nobody's.
        let person = world.service.affiliate(&keeper, &order("670101-0003", "", &[UserType::Trainee])).await.unwrap();
        assert!(!person.was_known);
    })
    .await;
    // Outside the demo no made-up number is one.
    on_each(async |world, _| {
        let keeper = run_from_unilogin(world).await;
        let refused = world.service.affiliate(&keeper, &order(NUMBER, "", &[UserType::Teacher])).await;
        assert_refused(refused, RefusalCode::BadInput);
    })
    .await;
}

#[tokio::test]
async fn what_is_made_by_hand_ends_after_a_year_unless_it_is_confirmed() {
    on_each_with(demo(), async |world, _| {
        let keeper = run_from_unilogin(world).await;
        let person = affiliated(world, &keeper, NUMBER, "teach123", &[UserType::Teacher]).await;
        assert_refused(world.service.confirm_affiliation(&keeper, person).await, RefusalCode::TooEarly);
        world.pass(340 * DAY);
        let keeper = signed_in(world, KEEPER).await.actor;
        let seen = world.service.affiliated(&keeper, person).await.unwrap();
        assert!(seen.types[0].can_be_confirmed);
        world.service.confirm_affiliation(&keeper, person).await.unwrap();
        let seen = world.service.affiliated(&keeper, person).await.unwrap();
        assert!(!seen.types[0].can_be_confirmed, "{seen:?}");
        // The keeper confirms nobody else, and not themselves: their own runs out.
        world.pass(40 * DAY);
        let keeper = token_of(world, KEEPER).await;
        assert!(matches!(world.presence(&keeper).await, Presence::ChoosePlace(_)), "nobody confirmed the keeper");
        assert!(signed_in(world, "teach123").await.me.is(domain::Capacity::Teaching));
        world.pass(340 * DAY);
        let token = token_of(world, "teach123").await;
        assert!(matches!(world.presence(&token).await, Presence::ChoosePlace(_)), "the year is over");
    })
    .await;
}

#[tokio::test]
async fn a_new_teacher_gets_booking_and_running_once() {
    let at_once = crate::service::Settings { takes_effect: TakesEffect::AtOnce, ..demo() };
    on_each_with(at_once, async |world, _| {
        let keeper = run_from_unilogin(world).await;
        let rights = async |person: PersonId| {
            let mut read = world.service.db.read().await.unwrap();
            let all =
                store::staff_right::effective(&mut read, world.institution, world.service.env.now()).await.unwrap();
            all.into_iter().filter(|(of, _)| *of == person).count()
        };
        let person = affiliated(world, &keeper, NUMBER, "", &[UserType::Pedagogue]).await;
        assert_eq!(rights(person).await, 0, "other staff get nothing by themselves");
        world.service.set_user_types(&keeper, person, &[UserType::Pedagogue, UserType::Teacher]).await.unwrap();
        assert_eq!(rights(person).await, 2);
        // They hold while there is any affiliation of staff; and are not given twice.
        world.service.set_user_types(&keeper, person, &[UserType::Pedagogue]).await.unwrap();
        assert_eq!(rights(person).await, 2);
        world.service.set_user_types(&keeper, person, &[]).await.unwrap();
        assert_eq!(rights(person).await, 0);
        world.service.set_user_types(&keeper, person, &[UserType::Teacher]).await.unwrap();
        assert_eq!(rights(person).await, 2);
    })
    .await;
}

#[tokio::test]
async fn no_institution_says_by_which_unilogin_somebody_of_another_is_found() {
    let at_once = crate::service::Settings { takes_effect: TakesEffect::AtOnce, ..demo() };
    on_each_with(at_once, async |world, _| {
        let keeper = run_from_unilogin(world).await;
        // Bo is at this school, without a UNI-Login as yet, and leads it.
        let bo = affiliated(world, &keeper, NUMBER, "", &[UserType::Leader]).await;
        world.service.set_flags(&keeper, bo, &[Flag::Leadership]).await.unwrap();
        // Another school's user administrator knows his number and his name, and would be him.
        rules::other_school(world).await;
        let who = Named::New { given: "Ib".to_owned(), family: "Toft".to_owned() };
        world.service.first_user_administrator("280202", &who, "keeper22").await.unwrap();
        let there = signed_in(world, "keeper22").await.actor;
        let refused = world.service.affiliate(&there, &order(NUMBER, "accomplc", &[UserType::External])).await;
        assert_refused(refused, RefusalCode::Conflict);
        affiliated(world, &there, NUMBER, "", &[UserType::External]).await;
        assert_refused(world.service.set_uni_id(&there, bo, "accomplc").await, RefusalCode::Conflict);
        // Nor does his own school any more: he is somebody at both. The operator unties what was typed wrongly.
        assert_refused(world.service.set_uni_id(&keeper, bo, "bokaer12").await, RefusalCode::Conflict);
        let outcome = through_broker(world, &proved("accomplc")).await;
        assert!(matches!(outcome, BrokerOutcome::Unknown), "{outcome:?}");
        let token = token_of(world, "keeper22").await;
        world.service.untie_uni_login("KEEPER22").await.unwrap();
        assert!(matches!(world.presence(&token).await, Presence::Nobody));
        assert!(matches!(through_broker(world, &proved("keeper22")).await, BrokerOutcome::Unknown));
        assert!(matches!(world.service.untie_uni_login("keeper22").await, Err(Fault::Unknown { .. })));
    })
    .await;
}

#[tokio::test]
async fn flags_end_with_the_affiliation_and_do_not_come_back_with_another() {
    let at_once = crate::service::Settings { takes_effect: TakesEffect::AtOnce, ..demo() };
    on_each_with(at_once, async |world, _| {
        let keeper = run_from_unilogin(world).await;
        let person = affiliated(world, &keeper, NUMBER, "staff123", &[UserType::Administrative]).await;
        let adm = [Flag::TestAdministration];
        world.service.set_flags(&keeper, person, &adm).await.unwrap();
        // One type in the place of another is no end.
        world.service.set_user_types(&keeper, person, &[UserType::Teacher]).await.unwrap();
        assert!(signed_in(world, "staff123").await.me.is(domain::Capacity::TestAdministration));
        world.service.set_user_types(&keeper, person, &[]).await.unwrap();
        assert!(world.service.affiliated(&keeper, person).await.unwrap().flags.is_empty());
        world.service.set_user_types(&keeper, person, &[UserType::External]).await.unwrap();
        assert!(signed_in(world, "staff123").await.me.capacities.is_empty());
        // The year ran out by itself: the flag stood meanwhile, opened nothing, and is gone with the return.
        world.service.set_flags(&keeper, person, &adm).await.unwrap();
        world.pass(400 * DAY);
        let person_again = {
            let who = Named::New { given: "Ny".to_owned(), family: "Holm".to_owned() };
            // The user administrator's own year is over too: the operator makes another.
            world.service.first_user_administrator(SCHOOL, &who, "keeper99").await.unwrap();
            let keeper = signed_in(world, "keeper99").await.actor;
            world.service.set_user_types(&keeper, person, &[UserType::Teacher]).await.unwrap();
            world.service.affiliated(&keeper, person).await.unwrap()
        };
        assert!(person_again.flags.is_empty(), "{person_again:?}");
        assert_eq!(signed_in(world, "staff123").await.me.capacities, [domain::Capacity::Teaching]);
    })
    .await;
}
