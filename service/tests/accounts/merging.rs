//! Two accounts of one person become one, and two again.

use crate::world::*;
use domain::draft::{Edit, ScopeId, TestsId};
use domain::exchange::accounts::AccountDeed;
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
    decide(world, vec![edit]).await;
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

/// Who of two pupils of one class a person sees in [`READING`], at some instants.
async fn seen(world: &World, teacher: PersonId, pupils: &[PersonId], at: Instant) -> Vec<bool> {
    let school = world.service.grid_load(&world.principal()).await.unwrap().school;
    let places = domain::draft::Places::of(&school.roster);
    let (teacher, test) = (places.teacher(teacher).unwrap(), places.test(READING).unwrap());
    let sees = |pupil: &PersonId| {
        let (pupil, moment) = (places.pupil(*pupil).unwrap(), domain::Moment::of_all_recorded(at));
        domain::oracle::may_see(&school.roster, &school.record, teacher, pupil, test, moment)
    };
    pupils.iter().map(sees).collect()
}

async fn decide(world: &World, edits: Vec<Edit>) {
    let (actor, proposal) = (world.principal(), Proposal::Edits(edits));
    let revision = world.service.grid_load(&actor).await.unwrap().school.revision;
    let review = world.service.review(&actor, &proposal, revision).await.unwrap();
    let outcome = world.service.apply(&actor, &proposal, revision, &review.digest, "").await.unwrap();
    assert!(matches!(outcome, ApplyOutcome::Applied(_)));
}

#[tokio::test]
async fn what_is_withheld_from_either_is_withheld_and_what_begins_later_is_not_lost() {
    on_worlds(async |world, _| {
        let (principal, lower) = (world.principal(), world.account(HERE, AccountRole::Teacher));
        let upper = registered_again(&world).await;
        let pupils = world
            .roster(&[
                ("Aya", "Holm", UserType::Pupil),
                ("Emil", "Juhl", UserType::Pupil),
                ("Ida", "Ravn", UserType::Pupil),
            ])
            .await;
        let say = |teacher, scope, effect, from: Option<&str>| Edit {
            teachers: vec![teacher],
            scope,
            tests: TestsId::Test(READING.to_owned()),
            effect,
            from: from.map(date),
            until: None,
        };
        let [aya, emil, ida] = [pupils[0], pupils[1], pupils[2]];
        let told = vec![
            say(lower.person, ScopeId::School, Effect::Give, None),
            say(lower.person, ScopeId::Pupil(aya), Effect::Withhold, None),
            say(lower.person, ScopeId::Pupil(emil), Effect::Give, Some("2027-02-01")),
            say(lower.person, ScopeId::Pupil(ida), Effect::Give, None),
            say(upper.person, ScopeId::Pupil(emil), Effect::Withhold, None),
            say(upper.person, ScopeId::Pupil(aya), Effect::Give, None),
        ];
        decide(&world, told).await;
        decide(&world, vec![say(lower.person, ScopeId::School, Effect::Give, Some("2027-08-02"))]).await;
        let preview = world.service.merge_preview(&principal, lower.id, upper.id).await.unwrap();
        let sight = preview.sight.unwrap();
        assert!(sight.school.is_some());
        let whose = |changes: &[domain::diff::Change]| {
            let school = sight.school.as_ref().unwrap();
            let mut all: Vec<PersonId> =
                changes.iter().map(|change| school.roster.pupils[usize::from(change.pupil.0)].id).collect();
            all.dedup();
            all
        };
        assert_eq!((whose(&sight.diff.gains), whose(&sight.diff.losses)), (vec![ida], vec![aya]));
        assert_eq!(seen(&world, upper.person, &pupils, START).await, [true, false, false]);

        world.service.merge_accounts(&principal, lower.id, upper.id).await.unwrap();
        assert_eq!(seen(&world, upper.person, &pupils, START).await, [false, false, true]);
        assert_eq!(seen(&world, upper.person, &pupils, start_of("2027-03-01")).await, [false, false, true]);
        assert_eq!(seen(&world, upper.person, &pupils, start_of("2027-08-01")).await, [false, false, false]);
        assert_eq!(seen(&world, upper.person, &pupils, start_of("2027-09-01")).await, [false, false, true]);
        world.service.separate_accounts(&principal, lower.id).await.unwrap();
        assert_eq!(seen(&world, upper.person, &pupils, START).await, [true, false, false]);
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

/// What files of the school call a person, as the next import would ask.
async fn called(world: &World, source: &str) -> Option<PersonId> {
    let mut read = world.db.read().await.unwrap();
    store::directory::person_by_source(&mut read, world.at(HERE).0, source).await.unwrap()
}

#[tokio::test]
async fn the_rosters_name_and_the_history_are_the_ones_who_stays_until_they_are_parted() {
    on_worlds(async |world, _| {
        let (principal, upper) = (world.principal(), registered_again(&world).await);
        // The lower account's person is the one whom the roster names.
        let person = world.roster(&[("Ane", "Holm", UserType::Teacher)]).await[0];
        let order = Registration {
            holder: Holder::Known(person),
            despite_doubles: despite(),
            ..world.order(AccountRole::Teacher, "", "")
        };
        let goes = world.register(&principal, &order).await;
        let order = Registration { despite_doubles: despite(), ..world.order(AccountRole::Teacher, "Ane", "Holm") };
        let stays = issued(world.register(&principal, &order).await);
        assert_eq!(called(&world, "T-0").await, Some(person));
        let events = async |account| {
            let detail = world.service.account_detail(&principal, account).await.unwrap();
            detail.history.into_iter().map(|event| (event.what, event.united)).collect::<Vec<_>>()
        };
        let before = events(stays.id).await;
        world.clock.set(START.plus_seconds(60));
        world.service.reissue(&principal, goes.account, Anew::Password, Language::Da).await.unwrap();
        assert_eq!(events(stays.id).await, before);

        world.service.merge_accounts(&principal, goes.account, stays.id).await.unwrap();
        assert_eq!(called(&world, "T-0").await, Some(stays.person), "the next import feeds who stays");
        let united = Some(goes.user_name.clone());
        let history = events(stays.id).await;
        assert_eq!(history[0], (AccountDeed::Merged, None), "what concerns both stands there once");
        assert_eq!(history.iter().filter(|(what, _)| *what == AccountDeed::Merged).count(), 1);
        assert!(history.contains(&(AccountDeed::Issued(Anew::Password), united.clone())), "{history:?}");
        assert!(history.contains(&(AccountDeed::Registered, united)), "{history:?}");
        assert!(history.contains(&(AccountDeed::Registered, None)), "{history:?}");
        assert!(events(upper.id).await.iter().all(|(_, united)| united.is_none()), "nobody else's");
        world.verified().await;

        world.service.separate_accounts(&principal, goes.account).await.unwrap();
        assert_eq!(called(&world, "T-0").await, Some(person), "as it was before");
        assert!(events(stays.id).await.iter().all(|(_, united)| united.is_none()));
        world.verified().await;
    })
    .await;
}
