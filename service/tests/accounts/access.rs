//! "I need access": asked by teachers, answered by those who administer rights, given by nobody's
//! asking.

use crate::world::*;
use domain::draft::{Edit, ScopeId, TestsId};
use domain::exchange::accounts::{AccessChoice, AccessWish, Inbox, Outcome as Ended, Wish};
use domain::exchange::{ApplyOutcome, DraftOutcome, KeptDraft, Proposal};
use domain::notice::NoticeKind;
use domain::{Effect, GroupId, GroupKind, Window};
use store::directory::Person;
use store::import::{FILE_SOURCE, NewAffiliation, NewGroup, NewLevel, NewPlace, Recording};

async fn inbox(world: &World, actor: &Actor) -> Inbox {
    world.service.inbox(actor).await.unwrap()
}

fn teacher(world: &World) -> Actor {
    world.actor_at(HERE, AccountRole::Teacher)
}

/// A class that the teacher teaches, at a school.
async fn class(world: &World, place: &str, name: &str) -> GroupId {
    let env = world.service.env();
    let group = GroupId(env.id());
    let at = Recording { institution: world.at(place), now: env.now() };
    let person = world.account(place, AccountRole::Teacher).person;
    let new = NewGroup {
        group,
        source_id: format!("C-{name}"),
        name: name.to_owned(),
        kind: GroupKind::Class,
        subject: None,
    };
    let taught = NewPlace { id: env.id(), person, group, valid: Window::since(at.now) };
    let done = store::write!(world.db, async |tx| {
        store::revision::raise(tx, at.institution).await?;
        store::import::add_groups(tx, at, std::slice::from_ref(&new), &mut |_| {}).await?;
        store::import::add_teaching(tx, at, &[taught], &mut |_| {}).await?;
        Ok::<_, Fault>(())
    });
    done.unwrap();
    group
}

/// A pupil of the fourth level in a class of the school.
async fn pupil(world: &World, group: GroupId) {
    let env = world.service.env();
    let at = Recording { institution: world.at(HERE), now: env.now() };
    let (person, valid) = (PersonId(env.id()), Window::since(at.now));
    let new = Person { id: person, given: "Ida".into(), family: "Bro".into(), protected: false, created: at.now };
    let affiliation = NewAffiliation { id: env.id(), person, user_type: UserType::Pupil, valid };
    let level = NewLevel { id: env.id(), person, level: "4".parse().ok(), raw: "4".into(), valid };
    let place = NewPlace { id: env.id(), person, group, valid };
    let done = store::write!(world.db, async |tx| {
        store::revision::raise(tx, at.institution).await?;
        store::directory::insert_persons(tx, std::slice::from_ref(&new)).await?;
        store::import::add_affiliations(tx, at, FILE_SOURCE, std::slice::from_ref(&affiliation), &mut |_| {}).await?;
        store::import::add_levels(tx, at, std::slice::from_ref(&level), &mut |_| {}).await?;
        store::import::add_memberships(tx, at, std::slice::from_ref(&place), &mut |_| {}).await?;
        Ok::<_, Fault>(())
    });
    done.unwrap();
}

/// Applies the administrator's kept draft, as the grid does.
async fn apply_kept(world: &World) {
    let administrator = world.administrator();
    let KeptDraft { edits, .. } = world.service.kept_draft(&administrator).await.unwrap();
    let proposal = Proposal::Edits(edits);
    let revision = world.service.news(&administrator).await.unwrap().revision;
    let review = world.service.review(&administrator, &proposal, revision).await.unwrap();
    let applied = world.service.apply(&administrator, &proposal, revision, &review.digest, "Efter ønske").await;
    assert!(matches!(applied, Ok(ApplyOutcome::Applied(_))), "{applied:?}");
}

fn wish(groups: &[GroupId], subjects: &[&str], words: &str) -> AccessWish {
    let subjects = subjects.iter().map(|slug| (*slug).to_owned()).collect();
    AccessWish { choice: AccessChoice { groups: groups.to_vec(), subjects }, words: words.to_owned() }
}

#[tokio::test]
async fn a_teacher_asks_and_it_opens_as_a_draft_and_the_answer_comes_back() {
    on_worlds(async |world, _| {
        let (class, subject) = (class(&world, HERE, "4.A").await, "matematik");
        let choices = world.service.access_choices(&teacher(&world)).await.unwrap();
        assert_eq!(choices.groups.iter().map(|group| (group.id, group.is_own)).collect::<Vec<_>>(), [(class, true)]);
        assert!(choices.subjects.iter().any(|known| known.slug == subject), "{:?}", choices.subjects);
        assert_eq!(choices.open, None);
        world.service.ask_access(&teacher(&world), &wish(&[], &[], "Noget andet")).await.unwrap();
        let asked = wish(&[class], &[subject], "  Jeg har overtaget klassen  ");
        world.service.ask_access(&teacher(&world), &asked).await.unwrap();

        for actor in [world.administrator(), world.principal()] {
            let seen = inbox(&world, &actor).await;
            let [request] = seen.waiting.as_slice() else { panic!("{seen:?}") };
            assert_eq!((request.wish, request.times), (Wish::Access, 2), "asked twice is one request");
            let access = request.access.clone().unwrap();
            assert_eq!(access.words, "Jeg har overtaget klassen", "what was asked last");
            assert_eq!((access.groups, access.subjects.len()), (vec!["4.A".to_owned()], 1));
        }
        let open = world.service.access_choices(&teacher(&world)).await.unwrap().open.unwrap().wish;
        assert_eq!(open.choice, asked.choice);

        let administrator = world.administrator();
        let id = inbox(&world, &administrator).await.waiting[0].id;
        for _ in 0..2 {
            let about = world.service.draft_access(&administrator, id).await.unwrap();
            assert_eq!(about, teacher(&world).person);
        }
        let KeptDraft { edits, .. } = world.service.kept_draft(&administrator).await.unwrap();
        let [edit] = edits.as_slice() else { panic!("once, however often opened: {edits:?}") };
        assert_eq!((edit.teachers.as_slice(), edit.effect), ([teacher(&world).person].as_slice(), Effect::Give));
        assert_eq!((edit.scope, &edit.tests), (ScopeId::Group(class), &TestsId::Subject(subject.to_owned())));
        // A grid that was open meanwhile is told, and does not throw it away with its next click.
        assert!(world.service.news(&administrator).await.unwrap().kept.is_some());
        let open =
            KeptDraft { based_on: 0, edits: vec![Edit { effect: Effect::Withhold, ..edit.clone() }], kept: None };
        let outcome = world.service.keep_draft(&administrator, open).await.unwrap();
        assert!(matches!(outcome, DraftOutcome::Newer(newer) if newer.edits == edits));
        let rights = world.service.my_rights(&teacher(&world)).await.unwrap();
        assert!(rights.results.is_empty(), "asking gives nothing, and neither does a draft");
        assert!(rights.may_ask && rights.asked.is_some_and(|(_, closed)| closed.is_none()));

        world.service.fulfil_request(&administrator, id, "").await.unwrap();
        assert_refused(world.service.fulfil_request(&administrator, id, "").await, RefusalCode::NotFound);
        let seen = inbox(&world, &teacher(&world)).await;
        assert_eq!(seen.closed[0].closed.as_ref().unwrap().outcome, Ended::Done);
        assert_eq!(seen.notices[0].kind, NoticeKind::Answered);
        let rights = world.service.my_rights(&teacher(&world)).await.unwrap();
        assert_eq!(rights.asked.unwrap().1.unwrap().by, administrator.name);
        world.verified().await;
    })
    .await;
}

#[tokio::test]
async fn a_wish_is_answered_by_giving_all_of_it_and_by_nothing_less() {
    on_worlds(async |world, _| {
        let (class_4a, class_4b) = (class(&world, HERE, "4.A").await, class(&world, HERE, "4.B").await);
        let administrator = world.administrator();
        pupil(&world, class_4a).await;
        world.service.ask_access(&teacher(&world), &wish(&[class_4a, class_4b], &["matematik"], "")).await.unwrap();
        let id = inbox(&world, &administrator).await.waiting[0].id;
        world.service.draft_access(&administrator, id).await.unwrap();
        apply_kept(&world).await;
        // Nobody is in 4.B: whether it was given cannot be seen, so a person says so.
        assert_eq!(inbox(&world, &administrator).await.waiting.len(), 1);
        // Something in words is for a person to judge.
        world
            .service
            .ask_access(&teacher(&world), &wish(&[class_4a], &["dansk-laesning"], "Og 5.B fra maj"))
            .await
            .unwrap();
        world.service.draft_access(&administrator, id).await.unwrap();
        apply_kept(&world).await;
        assert_eq!(inbox(&world, &administrator).await.waiting.len(), 1);

        world.service.ask_access(&teacher(&world), &wish(&[class_4a], &[], "")).await.unwrap();
        pupil(&world, class_4b).await;
        world.service.draft_access(&administrator, id).await.unwrap();
        apply_kept(&world).await;
        assert!(inbox(&world, &administrator).await.waiting.is_empty(), "all of it is given");
        let seen = inbox(&world, &teacher(&world)).await;
        let closed = seen.closed[0].closed.clone().unwrap();
        assert_eq!((closed.outcome, closed.by), (Ended::Done, administrator.name));
        assert_eq!(seen.notices[0].kind, NoticeKind::Answered);
        world.verified().await;
    })
    .await;
}

#[tokio::test]
async fn who_asked_takes_it_back_and_nobody_else() {
    on_worlds(async |world, _| {
        let administrator = world.administrator();
        world.service.ask_access(&teacher(&world), &wish(&[], &[], "5.B")).await.unwrap();
        let id = world.service.access_choices(&teacher(&world)).await.unwrap().open.unwrap().id;
        let account = world.id(AccountRole::Teacher);
        world.service.ask_keepers(&administrator, account, Wish::Delete).await.unwrap();
        let own = inbox(&world, &administrator).await.own[0].id;
        let others = [
            world.principal(),
            world.authority(),
            world.actor_at(SISTER, AccountRole::Teacher),
            world.actor_at(FOREIGN, AccountRole::TestAdministrator),
        ];
        for actor in &others {
            for id in [id, own, Uuid::from_u128(9)] {
                assert_refused(world.service.withdraw_request(actor, id).await, RefusalCode::NotFound);
            }
        }
        assert_refused(world.service.withdraw_request(&administrator, id).await, RefusalCode::NotFound);
        assert_refused(world.service.withdraw_request(&teacher(&world), own).await, RefusalCode::NotFound);

        for (actor, id) in [(teacher(&world), id), (administrator.clone(), own)] {
            world.service.withdraw_request(&actor, id).await.unwrap();
            assert_refused(world.service.withdraw_request(&actor, id).await, RefusalCode::NotFound);
            let seen = inbox(&world, &actor).await;
            assert!(seen.own.is_empty() && seen.notices.is_empty(), "nobody is told what they did: {seen:?}");
            let closed = seen.closed.iter().find(|request| request.id == id).unwrap().closed.clone().unwrap();
            assert_eq!(closed.outcome, Ended::Withdrawn);
        }
        assert!(inbox(&world, &world.principal()).await.waiting.is_empty(), "nothing waits any more");
        // It can be asked again.
        world.service.ask_access(&teacher(&world), &wish(&[], &[], "5.B")).await.unwrap();
        assert_eq!(inbox(&world, &administrator).await.waiting.len(), 1);
        world.verified().await;
    })
    .await;
}

#[tokio::test]
async fn a_no_needs_no_reason_and_may_have_one() {
    on_worlds(async |world, _| {
        for reason in ["", "Du underviser ikke i klassen"] {
            world.service.ask_access(&teacher(&world), &wish(&[], &[], "5.B")).await.unwrap();
            let id = inbox(&world, &world.principal()).await.waiting[0].id;
            world.service.decline_request(&world.principal(), id, reason).await.unwrap();
            let seen = inbox(&world, &teacher(&world)).await;
            let closed = seen.closed.iter().find(|request| request.id == id).unwrap().closed.clone().unwrap();
            assert_eq!((closed.outcome, closed.reason.as_deref().unwrap_or_default()), (Ended::Declined, reason));
        }
    })
    .await;
}

#[tokio::test]
async fn who_asks_for_access_and_who_answers_is_as_written_by_hand() {
    use AccountRole::{Leader, Principal, Teacher, TestAdministrator};
    on_worlds(async |world, _| {
        let group = class(&world, HERE, "4.A").await;
        let foreign = class(&world, SISTER, "4.A").await;
        for role in [Principal, TestAdministrator, Leader] {
            let actor = world.actor_at(HERE, role);
            assert_refused(world.service.ask_access(&actor, &wish(&[], &[], "x")).await, RefusalCode::NotAllowed);
            assert_refused(world.service.access_choices(&actor).await, RefusalCode::NotAllowed);
        }
        let ask = async |wish: AccessWish| world.service.ask_access(&teacher(&world), &wish).await;
        assert_refused(ask(wish(&[], &["matematik"], "  ")).await, RefusalCode::BadInput);
        assert_refused(ask(wish(&[], &[], &"x".repeat(501))).await, RefusalCode::BadInput);
        assert_refused(ask(wish(&[foreign], &[], "")).await, RefusalCode::NotFound);
        assert_refused(ask(wish(&[group], &["alkymi"], "")).await, RefusalCode::NotFound);
        ask(wish(&[group], &[], "")).await.unwrap();
        let id = inbox(&world, &world.administrator()).await.waiting[0].id;
        for (actor, sees, code) in [
            (world.actor_at(HERE, Leader), false, RefusalCode::NotAllowed),
            (teacher(&world), false, RefusalCode::NotAllowed),
            (world.authority(), false, RefusalCode::NotAllowed),
            (world.actor_at(SISTER, TestAdministrator), false, RefusalCode::NotFound),
            (world.actor_at(FOREIGN, Principal), false, RefusalCode::NotFound),
        ] {
            assert_eq!(!inbox(&world, &actor).await.waiting.is_empty(), sees, "{}", actor.name);
            assert_refused(world.service.fulfil_request(&actor, id, "").await, code);
            assert_refused(world.service.draft_access(&actor, id).await, code);
            refusal(world.service.decline_request(&actor, id, "nej").await);
        }
        let seen = inbox(&world, &world.actor_at(SISTER, Teacher)).await;
        assert!(seen.own.is_empty() && seen.closed.is_empty(), "another school's teacher sees nothing of it");
        // Another request than for access opens no draft.
        let account = world.id(Teacher);
        world.service.ask_keepers(&world.administrator(), account, Wish::Delete).await.unwrap();
        let other = inbox(&world, &world.principal()).await;
        let other = other.waiting.iter().find(|request| request.wish == Wish::Delete).unwrap().id;
        assert_refused(world.service.draft_access(&world.principal(), other).await, RefusalCode::NotFound);
        assert_eq!(world.service.kept_draft(&world.principal()).await.unwrap().edits, []);
    })
    .await;
}
