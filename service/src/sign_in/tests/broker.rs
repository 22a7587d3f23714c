//! Signing in through the broker: whom it proves is let in, once, and acts at one place at a time.

use super::{World, assert_refused, on_each, on_each_with, settings};
use crate::people::tests::{KEEPER, affiliated, proved, run_from_unilogin, signed_in, through_broker, token_of};
use crate::service::Settings;
use crate::session::{Presence, Token};
use crate::sign_in::broker::{BrokerOutcome, Proved};
use domain::effect::TakesEffect;
use domain::exchange::RefusalCode;
use domain::unilogin::Assurance;
use domain::{Capacity, Flag, IdentitySource, InstitutionId, UserType};
use uuid::Uuid;

const NUMBER: &str = "670101-0001";

fn at_once() -> Settings {
    Settings { takes_effect: TakesEffect::AtOnce, demo: true, ..settings() }
}

#[tokio::test]
async fn pupils_guardians_and_who_is_unknown_get_no_session() {
    on_each_with(at_once(), async |world, _| {
        run_from_unilogin(world).await;
        for group in [Some("Elev"), Some("Kontaktperson"), Some("Noget nyt"), Some(""), None] {
            let outcome = through_broker(world, &Proved { actor_group: group, ..proved(KEEPER) }).await;
            assert!(matches!(outcome, BrokerOutcome::NotForThem), "{group:?}: {outcome:?}");
        }
        for (unilogin, level) in [
            (Some("EnFaktor"), None),
            (None, Some("2")),
            (None, None),
            (Some("ToFaktor"), Some("Low")),
            (Some("?"), None),
        ] {
            let outcome = through_broker(world, &Proved { unilogin_level: unilogin, level, ..proved(KEEPER) }).await;
            assert!(matches!(outcome, BrokerOutcome::NotSureEnough), "{unilogin:?} {level:?}: {outcome:?}");
        }
        for unknown in [Some("ukendt12"), Some("no id"), None] {
            let outcome =
                through_broker(world, &Proved { uni_id: unknown, subject: "never met", ..proved(KEEPER) }).await;
            assert!(matches!(outcome, BrokerOutcome::Unknown), "{unknown:?}: {outcome:?}");
        }
        let outcome = through_broker(world, &Proved { actor_group: Some("Ekstern"), ..proved(KEEPER) }).await;
        assert!(matches!(outcome, BrokerOutcome::In(_)), "{outcome:?}");
    })
    .await;
}

#[tokio::test]
async fn the_brokers_word_is_tied_to_a_person_once_and_must_agree_with_the_id() {
    on_each_with(at_once(), async |world, _| {
        let keeper = run_from_unilogin(world).await;
        affiliated(world, &keeper, NUMBER, "teach123", &[UserType::Teacher]).await;
        let first = signed_in(world, "teach123").await.me.person;
        // Known by the word from now on, written however, and without an id too.
        for uni_id in [Some("TEACH123"), None] {
            let BrokerOutcome::In(token) = through_broker(world, &Proved { uni_id, ..proved("teach123") }).await else {
                panic!("known by the subject")
            };
            assert_eq!(world.signed_in(&token).await.unwrap().me.person, first);
        }
        // The word of one with the id of another is nobody.
        let mixed = Proved { uni_id: Some(KEEPER), ..proved("teach123") };
        assert!(matches!(through_broker(world, &mixed).await, BrokerOutcome::Two));
        // Nor is an id that nobody has, or that is none, in the place of the one that is recorded.
        for other in ["else1234", "no id"] {
            let changed = Proved { uni_id: Some(other), ..proved("teach123") };
            assert!(matches!(through_broker(world, &changed).await, BrokerOutcome::Two), "{other}");
        }
        // The same word of another broker is another person's.
        let other = Proved { issuer: "https://other.example.org", uni_id: None, ..proved("teach123") };
        assert!(matches!(through_broker(world, &other).await, BrokerOutcome::Unknown));
    })
    .await;
}

#[tokio::test]
async fn an_answer_is_taken_up_once_by_the_browser_that_asked() {
    on_each(async |world, _| {
        let (mine, theirs) = (Token::draw(&world.service.env), Token::draw(&world.service.env));
        let service = &world.service;
        let way = service.begin_broker_sign_in(&mine).await.unwrap();
        assert_eq!((way.state.len(), way.nonce.len(), way.verifier.len()), (43, 43, 43));
        assert!(way.nonce != way.verifier && way.nonce != way.state);
        for made_up in ["", "x", way.nonce.as_str()] {
            assert!(service.take_up_broker_sign_in(&mine, made_up).await.unwrap().is_none());
        }
        let again = service.take_up_broker_sign_in(&mine, &way.state).await.unwrap().unwrap();
        assert_eq!((again.nonce, again.verifier), (way.nonce, way.verifier));
        assert!(service.take_up_broker_sign_in(&mine, &way.state).await.unwrap().is_none(), "once");
        // Another browser that got hold of it spends it, and gets nothing (login CSRF).
        let way = service.begin_broker_sign_in(&mine).await.unwrap();
        assert!(service.take_up_broker_sign_in(&theirs, &way.state).await.unwrap().is_none());
        assert!(service.take_up_broker_sign_in(&mine, &way.state).await.unwrap().is_none());
        // Not after ten minutes.
        let way = service.begin_broker_sign_in(&mine).await.unwrap();
        world.pass(601);
        assert!(service.take_up_broker_sign_in(&mine, &way.state).await.unwrap().is_none());
    })
    .await;
}

/// Somebody with another school: a teacher at one, leading the other.
async fn of_two_schools(world: &World) -> (Token, InstitutionId, InstitutionId) {
    let keeper = run_from_unilogin(world).await;
    let other = world.service.create_institution("851", "280202", "Bakkeskolen").await.unwrap();
    world.service.set_source_of_institution("280202", IdentitySource::Unilogin).await.unwrap();
    affiliated(world, &keeper, NUMBER, "both1234", &[UserType::Teacher]).await;
    let who = crate::people::Named::New { given: "Ib".to_owned(), family: "Toft".to_owned() };
    world.service.first_user_administrator("280202", &who, "keeper22").await.unwrap();
    let there = signed_in(world, "keeper22").await.actor;
    let person = affiliated(world, &there, NUMBER, "both1234", &[UserType::Leader]).await;
    world.service.set_flags(&there, person, &[Flag::Leadership]).await.unwrap();
    (token_of(world, "both1234").await, world.institution, other)
}

#[tokio::test]
async fn who_has_several_places_chooses_is_remembered_and_nothing_mixes() {
    on_each_with(at_once(), async |world, _| {
        let (token, one, other) = of_two_schools(world).await;
        let service = &world.service;
        let Presence::ChoosePlace(choose) = world.presence(&token).await else { panic!("nobody chose") };
        let names: Vec<&str> = choose.places.iter().map(|place| place.name.as_str()).collect();
        assert_eq!(names, ["Bakkeskolen", "Lindelyskolen"]);
        assert!(
            choose.places.iter().all(|place| !place.is_here && place.authority.as_deref() == Some("Lindely Kommune"))
        );
        let at_one = service.go_to_place(&token, one).await.unwrap();
        assert_eq!(world.signed_in(&at_one).await.unwrap().me.capacities, [Capacity::Teaching]);
        // The old token stands for nothing: what a page of before sends is turned away.
        assert!(matches!(world.presence(&token).await, Presence::Nobody));
        assert_refused(service.go_to_place(&token, other).await, RefusalCode::NotSignedIn);
        let at_other = service.go_to_place(&at_one, other).await.unwrap();
        let there = world.signed_in(&at_other).await.unwrap();
        assert_eq!(
            (there.me.capacities, there.actor.institution, there.me.places),
            (vec![Capacity::Leadership], other, 2)
        );
        // Another person's place, none at all, an authority: all as unknown as each other.
        let keeper = signed_in(world, KEEPER).await;
        assert_eq!(keeper.me.places, 1);
        let keeper = token_of(world, KEEPER).await;
        for place in [other, InstitutionId(Uuid::nil()), service.authority("851").await.unwrap().as_place()] {
            assert_refused(service.go_to_place(&keeper, place).await, RefusalCode::NotFound);
        }
        // Remembered at the next sign-in; and forgotten where it is no place of theirs any more.
        assert_eq!(signed_in(world, "both1234").await.me.institution.id, other);
        let there = signed_in(world, "keeper22").await.actor;
        let person = signed_in(world, "both1234").await.me.person;
        service.set_user_types(&there, person, &[]).await.unwrap();
        assert!(matches!(world.presence(&at_other).await, Presence::ChoosePlace(choose) if choose.places.len() == 1));
        assert_eq!(signed_in(world, "both1234").await.me.institution.id, one);
    })
    .await;
}

#[tokio::test]
async fn sessions_end_by_sign_out_by_time_and_by_the_brokers_word() {
    on_each_with(at_once(), async |world, _| {
        let keeper = run_from_unilogin(world).await;
        affiliated(world, &keeper, NUMBER, "teach123", &[UserType::Teacher]).await;
        let service = &world.service;
        let is_on = async |token: &Token| world.signed_in(token).await.is_some();
        let out = token_of(world, KEEPER).await;
        assert!(service.sign_out(&out).await.unwrap(), "one that began at the broker");
        assert!(!is_on(&out).await && !service.sign_out(&out).await.unwrap());
        // An hour without use; looking at an open page is none.
        let idle = token_of(world, KEEPER).await;
        world.pass(3_599);
        assert!(matches!(service.presence_unused(Some(&idle), Uuid::nil()).await.unwrap(), Presence::SignedIn(_)));
        world.pass(1);
        assert!(!is_on(&idle).await);
        let used = token_of(world, KEEPER).await;
        for _ in 0..24 {
            world.pass(3_599);
            assert!(is_on(&used).await);
        }
        world.pass(3_599);
        assert!(!is_on(&used).await, "a day is the most");
        // The broker's word: one session of its own, or all of a person; heard once, from that broker alone.
        let with = |session| Proved { session: Some(session), ..proved(KEEPER) };
        let mut tokens = Vec::new();
        for session in ["a", "b"] {
            let BrokerOutcome::In(token) = through_broker(world, &with(session)).await else { panic!("let in") };
            tokens.push(token);
        }
        let BrokerOutcome::In(teacher) =
            through_broker(world, &Proved { session: Some("t"), ..proved("teach123") }).await
        else {
            panic!("let in")
        };
        let good = service.env.now().0 / 1_000_000 + 180;
        let issuer = proved(KEEPER).issuer;
        let told =
            async |issuer, whose, message| service.logged_out_at_broker(issuer, whose, (message, good)).await.unwrap();
        assert_eq!(told("https://other.example.org", (Some(KEEPER), None), "m1").await, 0);
        assert_eq!(told(issuer, (Some("teach123"), Some("a")), "m2").await, 0, "a session of somebody else's");
        assert_eq!(told(issuer, (None, None), "m3").await, 0);
        assert_eq!(told(issuer, (None, Some("a")), "m4").await, 1);
        assert!(!is_on(&tokens[0]).await && is_on(&tokens[1]).await && is_on(&teacher).await);
        assert_eq!(told(issuer, (Some(KEEPER), None), "m4").await, 0, "heard already");
        assert!(told(issuer, (Some(KEEPER), None), "m5").await >= 1);
        assert!(!is_on(&tokens[1]).await && is_on(&teacher).await);
        // Of a session whose token told no word for it, the person's is enough.
        let wordless = token_of(world, KEEPER).await;
        assert_eq!(told(issuer, (None, Some("c")), "m6").await, 0);
        assert!(told(issuer, (Some(KEEPER), Some("c")), "m7").await >= 1);
        assert!(!is_on(&wordless).await && is_on(&teacher).await);
        assert!(service.end_all_sessions().await.unwrap() >= 1);
        assert!(!is_on(&teacher).await);
    })
    .await;
}

#[tokio::test]
async fn two_factors_are_the_least_unless_one_is_set() {
    on_each_with(Settings { broker_minimum: Assurance::OneFactor, ..at_once() }, async |world, _| {
        run_from_unilogin(world).await;
        let one = through_broker(world, &Proved { unilogin_level: Some("EnFaktor"), ..proved(KEEPER) }).await;
        assert!(matches!(one, BrokerOutcome::In(_)), "{one:?}");
        // What says nothing known is sure of nothing, whatever is set.
        let none = through_broker(world, &Proved { unilogin_level: None, ..proved(KEEPER) }).await;
        assert!(matches!(none, BrokerOutcome::NotSureEnough), "{none:?}");
    })
    .await;
}
