//! Forgetting somebody: what is personal is nowhere left, what was recorded stays, the log verifies, and
//! an older copy of the database learns of it again.

use crate::world::*;
use domain::draft::{Edit, ScopeId, TestsId};
use domain::exchange::accounts::Wish;
use domain::exchange::{ApplyOutcome, ExemptionChange, Proposal};
use domain::{Capacity, Effect};
use service::erasure::{Erased, list};
use service::retention::{Days, Kind};
use store::erasure::Ties;

/// Nobody else is called so, and nothing else holds these letters.
const GIVEN: &str = "Zebulon";
const FAMILY: &str = "Quistgaardsen";
const EMAIL: &str = "zq@canary.example.org";
const ROSTER_ID: &str = "R-canary-1";

/// Somebody who has left traces of every kind: a test administrator who keeps accounts, decides, exempts
/// and is written about by others.
struct Canary {
    account: IssuedAccount,
    actor: Actor,
}

async fn canary(world: &World) -> Canary {
    let order = world.order(AccountRole::TestAdministrator, GIVEN, FAMILY);
    let account = issued(world.register(&world.principal(), &order).await);
    let mut capacities = AccountRole::TestAdministrator.capacities().to_vec();
    capacities.push(Capacity::Leadership);
    let name = format!("{GIVEN} {FAMILY}");
    let actor = Actor { person: account.person, name: name.clone(), capacities, ..world.administrator() };
    let (service, principal, here) = (&world.service, world.principal(), world.at(HERE));
    let email = AccountChange { names: None, email: Some(EMAIL.to_owned()), subjects: None };
    service.change_account(&principal, account.id, &email).await.unwrap();
    world.settled(&account).await;
    let _ = world.password(&account.user_name, "not the password").await;

    // What they did to others.
    let teacher = world.id(AccountRole::Teacher);
    let letter = service.reissue(&actor, teacher, Anew::Password, Language::Da).await.unwrap();
    service.letters_printed(&actor, &[letter.id]).await.unwrap();
    service.ask_keepers(&actor, teacher, Wish::Delete).await.unwrap();
    let person = world.account(HERE, AccountRole::Teacher).person;
    let cut = world.staff_change(&actor, person, true, false).await;
    service.set_staff_rights(&actor, &[cut], "to be on the safe side").await.unwrap();
    give(world, &actor, person, &format!("{name} overtager")).await;
    give(world, &principal, person, &format!("Efter aftale med {name}.")).await;
    let pupil = world.roster(&[("Aya", "Hammoud", UserType::Pupil)]).await[0];
    exempt(world, &actor, pupil, "FNF-DAL-4", &format!("aftalt med {name}")).await;

    // What others did to them.
    service.ask_keepers(&world.administrator(), account.id, Wish::Delete).await.unwrap();
    let renamed = AccountChange {
        names: Some((GIVEN.to_owned(), FAMILY.to_owned())),
        email: Some(EMAIL.to_owned()),
        subjects: None,
    };
    service.change_account(&principal, account.id, &renamed).await.unwrap();
    let sources = [(ROSTER_ID.to_owned(), account.person)];
    let named = store::write!(world.db, async |tx| {
        store::directory::insert_sources(tx, here.0, &sources).await?;
        Ok::<_, Fault>(())
    });
    named.unwrap();
    Canary { account, actor }
}

async fn give(world: &World, actor: &Actor, teacher: PersonId, reason: &str) {
    let edit = Edit {
        teachers: vec![teacher],
        scope: ScopeId::School,
        tests: TestsId::Test("FNF-DAL-4".to_owned()),
        effect: Effect::Give,
        from: None,
        until: None,
    };
    let proposal = Proposal::Edits(vec![edit]);
    let revision = world.service.grid_load(actor).await.unwrap().school.revision;
    let review = world.service.review(actor, &proposal, revision).await.unwrap();
    let outcome = world.service.apply(actor, &proposal, revision, &review.digest, reason).await.unwrap();
    assert!(matches!(outcome, ApplyOutcome::Applied(_)));
}

async fn exempt(world: &World, actor: &Actor, pupil: PersonId, test: &str, note: &str) {
    let change = ExemptionChange {
        pupil,
        test: test.to_owned(),
        school_year: 2026,
        exempt: true,
        note: note.to_owned(),
        seen: None,
    };
    world.service.set_exemptions(actor, &[change]).await.unwrap();
}

async fn holding(test: &TestDb) -> Vec<String> {
    let mut found = Vec::new();
    for words in [GIVEN, FAMILY, EMAIL, ROSTER_ID, OWN] {
        found.extend(test.holding(words).await.unwrap().into_iter().map(|column| format!("{column}: {words}")));
    }
    found
}

#[tokio::test]
async fn nothing_personal_is_left_and_what_was_recorded_stays_readable_and_verifiable() {
    on_worlds(async |world, test| {
        let Canary { account, .. } = canary(&world).await;
        let before = holding(test).await;
        for place in [
            "person.family",
            "audit_personal.body",
            "change_set.reason",
            "change_set.author_name",
            "staff_right.author_name",
            "exemption.note",
            "exemption.author_name",
            "letter.issued_by_name",
            "letter.printed_by_name",
            "account_request.asked_by_name",
            "account.email",
            "person_source.source_id",
        ] {
            assert!(before.iter().any(|found| found.starts_with(place)), "{place}: the test reaches it: {before:?}");
        }
        assert!(!before.iter().any(|found| found.ends_with(OWN)), "no password is anywhere, ever");
        let operator = world.operator_at(HERE);
        let erase = async || world.service.erase_person(&operator, account.person, "har selv bedt om det").await;
        let tied = erase().await.unwrap();
        assert_eq!(tied, Erased::Tied(Ties { affiliation: true, account: true }), "not while they are here");
        assert_eq!(holding(test).await, before, "a refusal leaves everything");
        world.service.delete_account(&world.principal(), account.id).await.unwrap();
        assert_eq!(erase().await.unwrap(), Erased::Done);
        assert_eq!(holding(test).await, [""; 0]);
        let entries = world.entries().await;
        assert_eq!(erase().await.unwrap(), Erased::Already);
        assert_eq!(world.entries().await, entries, "twice is once");

        let report = world.service.verify_audit(&[]).await.unwrap();
        assert_eq!(report.findings, []);
        assert!(report.erased > 0, "words are gone, and the chain is whole");
        let history = world.service.history(&world.principal(), None, 10).await.unwrap();
        let written = format!("{history:?}");
        assert!(written.contains("Slettet person"), "{written}");
        assert!(written.contains("Slettet person overtager") && written.contains("Birthe Krag"), "{written}");
        let deleted = world.line(&world.principal(), account.id).await;
        assert_eq!((deleted.name().as_str(), deleted.state), ("Slettet person", State::Deleted));
        let rights = world.service.staff_rights(&world.principal()).await.unwrap();
        assert!(rights.iter().any(|row| row.changed.as_ref().is_some_and(|(who, _)| who == "Slettet person")));
    })
    .await;
}

#[tokio::test]
async fn only_the_operator_erases_and_only_people_of_the_place() {
    on_worlds(async |world, _| {
        let gone = world.account(HERE, AccountRole::Teacher);
        world.service.delete_account(&world.principal(), gone.id).await.unwrap();
        let entries = world.entries().await;
        for role in AccountRole::ALL {
            let place = if role == AccountRole::Authority { AUTHORITY } else { HERE };
            let actor = world.actor_at(place, role);
            assert_refused(world.service.erase_person(&actor, gone.person, "x").await, RefusalCode::NotAllowed);
        }
        let system = Actor::system(world.at(HERE));
        assert_refused(world.service.erase_person(&system, gone.person, "x").await, RefusalCode::NotAllowed);
        let sister = world.operator_at(SISTER);
        let foreign = refusal(world.service.erase_person(&sister, gone.person, "x").await);
        let unknown = refusal(world.service.erase_person(&sister, PersonId(Uuid::from_u128(7)), "x").await);
        assert_eq!((foreign.code, &foreign), (RefusalCode::NotFound, &unknown), "foreign and unknown answer alike");
        let operator = world.operator_at(HERE);
        assert_refused(world.service.erase_person(&operator, gone.person, " ").await, RefusalCode::BadInput);
        assert_eq!(world.entries().await, entries, "no denial is recorded");
        assert_eq!(world.service.erase_person(&operator, gone.person, "x").await.unwrap(), Erased::Done);
    })
    .await;
}

#[tokio::test]
async fn whoever_is_somebody_elsewhere_or_holds_an_account_stays() {
    on_worlds(async |world, _| {
        let operator = world.operator_at(HERE);
        let account = world.account(HERE, AccountRole::TestAdministrator);
        let tied = async || match world.service.erase_person(&operator, account.person, "x").await.unwrap() {
            Erased::Tied(ties) => ties,
            other => panic!("{other:?}"),
        };
        world.service.deactivate_account(&world.principal(), account.id).await.unwrap();
        assert_eq!(tied().await, Ties { affiliation: true, account: true }, "closed is not deleted");
        // A colleague of another school's, too.
        let at = store::import::Recording { institution: world.at(FOREIGN), now: START };
        let there = store::import::NewAffiliation {
            id: world.service.env().id(),
            person: account.person,
            user_type: UserType::Consultant,
            valid: domain::Window::since(START),
        };
        let recorded = store::write!(world.db, async |tx| {
            store::revision::raise(tx, at.institution).await?;
            store::import::add_affiliations(tx, at, "file", &[there], &mut |_| {}).await?;
            Ok::<_, Fault>(())
        });
        recorded.unwrap();
        world.service.delete_account(&world.principal(), account.id).await.unwrap();
        assert_eq!(tied().await, Ties { affiliation: true, account: false });
    })
    .await;
}

#[tokio::test]
async fn an_older_copy_of_the_database_learns_of_it_again() {
    on_worlds(async |world, test| {
        let Canary { account, actor } = canary(&world).await;
        world.service.delete_account(&world.principal(), account.id).await.unwrap();
        assert_eq!(
            world.service.erase_person(&world.operator_at(HERE), account.person, "x").await.unwrap(),
            Erased::Done
        );
        let listed = list::read(&world.secrets()).unwrap();
        assert_eq!(listed.iter().map(|erasure| erasure.person).collect::<Vec<_>>(), [account.person]);
        // As it was before: somebody with a name, an account and an affiliation, of whom no erasure is known.
        let name = format!("{GIVEN} {FAMILY}");
        test.tamper("DELETE FROM erasure").await.unwrap();
        let here = world.at(HERE);
        let back = store::write!(world.db, async |tx| {
            store::directory::rename_person(tx, account.person, GIVEN, FAMILY).await?;
            store::account::insert_affiliation(
                tx,
                here,
                world.service.env().id(),
                account.person,
                UserType::Teacher,
                START,
            )
            .await?;
            Ok::<_, Fault>(())
        });
        back.unwrap();
        let person = world.account(HERE, AccountRole::Leader).person;
        let change = world.staff_change(&actor, person, true, true).await;
        world.service.set_staff_rights(&actor, &[change], &name).await.unwrap();
        assert!(!holding(test).await.is_empty());
        world.end_endless(test).await;
        assert_eq!(holding(test).await, [""; 0], "whatever ties them");
        let entries = world.entries().await;
        world.end_endless(test).await;
        assert_eq!(world.entries().await, entries, "once is enough");
        world.verified().await;
    })
    .await;
}

#[tokio::test]
async fn an_account_that_a_copy_brings_back_is_deleted_with_its_holder() {
    on_worlds(async |world, test| {
        let account = world.account(HERE, AccountRole::Teacher);
        list::note(&world.secrets(), &[store::erasure::Erasure { person: account.person, erased: START }]).unwrap();
        let token = world.settled(account).await;
        world.end_endless(test).await;
        assert!(world.signed_in(&token).await.is_none());
        assert!(matches!(world.sign_in(account, OWN).await, Outcome::Wrong), "nothing signs in with it");
        assert_eq!(world.state(account.id).await, State::Deleted);
        let report = world.service.verify_audit(&[]).await.unwrap();
        assert_eq!(report.findings, []);
    })
    .await;
}

#[tokio::test]
async fn who_left_long_enough_ago_is_erased_without_being_asked_and_a_pupils_notes_with_them() {
    on_worlds(async |world, test| {
        let here = world.at(HERE);
        let people = world.roster(&[(GIVEN, FAMILY, UserType::Pupil), ("Aya", "Hammoud", UserType::Pupil)]).await;
        let leader = world.actor_at(HERE, AccountRole::Leader);
        exempt(&world, &leader, people[0], "FNF-DAL-4", "en note om eleven").await;
        let left =
            format!("UPDATE affiliation SET valid_until = {} WHERE person_id = {}", START.0, quoted(test, people[0]));
        test.tamper(&left).await.unwrap();
        let days = world.service.env().now();
        let kept = Kind::People.described().default;
        assert_eq!(kept, Days(1_826));
        world.clock.set(kept.after(days));
        assert_eq!(world.service.enforce_retention().await.unwrap().of(Kind::People), 0, "the last day counts");
        world.clock.set(kept.after(days).plus_seconds(1));
        let due = world.service.retention_due().await.unwrap().of(Kind::People);
        let done = world.service.enforce_retention().await.unwrap().of(Kind::People);
        assert!(done >= 1 && due >= 1, "{due} {done}");
        assert_eq!(test.holding(FAMILY).await.unwrap(), [""; 0]);
        assert_eq!(test.holding("en note om eleven").await.unwrap(), [""; 0]);
        assert_ne!(test.holding("Hammoud").await.unwrap(), [""; 0], "whoever is still there stays");
        let pupil = world.service.who_sees(&world.operator_at(HERE), &people[0].to_string(), None, None).await;
        assert!(pupil.is_ok(), "the rule still answers about them: {pupil:?}");
        assert_eq!(world.service.enforce_retention().await.unwrap().all(), 0, "nothing is left to do");
        let _ = here;
        world.verified().await;
    })
    .await;
}

#[tokio::test]
async fn whoever_only_acted_at_a_school_is_forgotten_there_too() {
    on_worlds(async |world, test| {
        let holder = Holder::New { given: GIVEN.to_owned(), family: FAMILY.to_owned() };
        let order = AccountOrder { holder, role: AccountRole::Authority, matrix: false };
        let account = world.service.create_account(&world.operator_at(AUTHORITY), &order).await.unwrap();
        let actor = Actor {
            person: account.person,
            account: Some(account.id),
            name: format!("{GIVEN} {FAMILY}"),
            ..world.authority()
        };
        // Closed and opened again at one school, closed at the other one.
        let (here, sister) =
            (world.account(HERE, AccountRole::Principal), world.account(SISTER, AccountRole::Principal));
        for principal in [here, sister] {
            world.service.deactivate_account(&actor, principal.id).await.unwrap();
        }
        world.service.reactivate_accounts(&actor, &[here.id]).await.unwrap();
        let mut read = world.db.read().await.unwrap();
        let mut places = store::erasure::places_of(&mut read, account.person).await.unwrap();
        drop(read);
        let mut expected = [AUTHORITY, HERE, SISTER].map(|place| world.at(place).0);
        expected.sort_unstable();
        places.sort_unstable();
        assert_eq!(places, expected);
        assert!(holding(test).await.iter().any(|found| found.starts_with("notice.by_name")), "the test reaches it");
        list::note(&world.secrets(), &[store::erasure::Erasure { person: account.person, erased: START }]).unwrap();
        world.end_endless(test).await;
        assert_eq!(holding(test).await, [""; 0]);
        world.verified().await;
    })
    .await;
}

/// An id as the engine writes it in a statement.
fn quoted(test: &TestDb, person: PersonId) -> String {
    match test.db.file() {
        Some(_) => format!("x'{}'", person.0.simple()),
        None => format!("'{person}'"),
    }
}
