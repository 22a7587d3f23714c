//! A member of staff with protected identity is known to others by the alias alone, whatever they do.

use crate::world::*;
use domain::draft::{Edit, ScopeId, TestsId};
use domain::exchange::accounts::{Doer, Outcome as Ended, Wish};
use domain::exchange::{ApplyOutcome, Proposal};
use domain::{Capacity, Effect};
use service::session::Token;

/// Nobody else is called so, and nothing else holds these letters.
const GIVEN: &str = "Zebulon";
const FAMILY: &str = "Quistgaardsen";
const ALIAS: &str = "Beskyttet medarbejder 1";

#[tokio::test]
async fn an_account_is_made_for_staff_alone_and_under_the_alias() {
    on_worlds(async |world, test| {
        let principal = world.principal();
        let people = world.roster(&[("Aya", "Hammoud", UserType::Pupil), (GIVEN, FAMILY, UserType::Pedagogue)]).await;
        let [pupil, employee] = [people[0], people[1]];
        for person in [pupil, employee] {
            world.protect(person).await;
        }
        let of = |person| Registration {
            holder: Holder::Known(person),
            despite_doubles: despite(),
            ..world.order(AccountRole::Teacher, "", "")
        };
        let (entries, before) = (world.entries().await, world.list(&principal, AccountFilter::default()).await);
        let as_pupil = refusal(world.service.register_account(&principal, &of(pupil)).await);
        let unknown = of(PersonId(Uuid::from_u128(9)));
        assert_eq!(as_pupil, refusal(world.service.register_account(&principal, &unknown).await), "exactly as nobody");
        assert_eq!(as_pupil.code, RefusalCode::NotFound);
        let order = AccountOrder { holder: Holder::Known(pupil), role: AccountRole::Teacher, matrix: false };
        assert_refused(world.service.create_account(&world.operator_at(HERE), &order).await, RefusalCode::NotFound);
        assert_eq!(world.entries().await, entries, "nothing was recorded");
        assert_eq!(world.list(&principal, AccountFilter::default()).await, before);
        let staff = world.service.staff_rights(&principal).await.unwrap();
        assert!(staff.iter().all(|row| row.person != pupil), "nor is the pupil staff now");

        let letter = world.register(&principal, &of(employee)).await;
        assert_eq!(letter.name, "Beskyttet medarbejder 2");
        let held = test.holding(FAMILY).await.unwrap();
        assert_eq!(held, ["person.family"], "the name stands with the person, and nowhere else");
        // Who left comes back to their own account.
        world.service.delete_account(&principal, letter.account).await.unwrap();
        world.register(&principal, &of(employee)).await;
    })
    .await;
}

/// A test administrator of this name, who is protected and has signed in with every factor.
async fn protected(world: &World) -> (IssuedAccount, Token) {
    let order = world.order(AccountRole::TestAdministrator, GIVEN, FAMILY);
    let account = issued(world.register(&world.principal(), &order).await);
    world.protect(account.person).await;
    let token = world.settled(&account).await;
    (account, token)
}

#[tokio::test]
async fn whatever_a_protected_employee_does_others_read_the_alias() {
    on_worlds(async |world, test| {
        let (account, token) = protected(&world).await;
        let before = test.holding(FAMILY).await.unwrap();
        let who = world.signed_in(&token).await.unwrap();
        assert_eq!(who.me.name, format!("{GIVEN} {FAMILY}"), "to themselves they are who they are");
        let actor = who.actor;
        assert!(actor.two_factors && actor.is(Capacity::TestAdministration));
        assert_eq!(actor.name, ALIAS);
        let (service, principal) = (&world.service, world.principal());
        let teacher = world.account(HERE, AccountRole::Teacher);

        // Accounts, letters and rights.
        let letter = service.reissue(&actor, teacher.id, Anew::Password, Language::Da).await.unwrap();
        service.letters_printed(&actor, &[letter.id]).await.unwrap();
        let cut = world.staff_change(&actor, teacher.person, true, false).await;
        service.set_staff_rights(&actor, &[cut], "").await.unwrap();
        let edit = Edit {
            teachers: vec![teacher.person],
            scope: ScopeId::School,
            tests: TestsId::Test("FNF-DAL-4".to_owned()),
            effect: Effect::Give,
            from: None,
            until: None,
        };
        let proposal = Proposal::Edits(vec![edit]);
        let revision = service.grid_load(&actor).await.unwrap().school.revision;
        let review = service.review(&actor, &proposal, revision).await.unwrap();
        let outcome = service.apply(&actor, &proposal, revision, &review.digest, "").await.unwrap();
        assert!(matches!(outcome, ApplyOutcome::Applied(_)));
        service.deactivate_account(&actor, teacher.id).await.unwrap();
        // What they ask, and what they answer.
        service.ask_keepers(&actor, teacher.id, Wish::Delete).await.unwrap();
        let asked = service.inbox(&principal).await.unwrap().waiting.remove(0);
        assert_eq!((asked.wish, asked.by.as_str()), (Wish::Delete, ALIAS));
        service.withdraw_request(&actor, asked.id).await.unwrap();
        // Their own account, by the browser's token.
        service.end_my_other_sessions(&token, Uuid::nil()).await.unwrap();
        let again = world.password(&account.user_name, OWN).await;
        assert!(matches!(again, Outcome::Next(Next::Matrix, _)));

        let detail = service.account_detail(&principal, teacher.id).await.unwrap();
        assert!(detail.history.iter().any(|event| event.by == Doer::Person(ALIAS.to_owned())), "{detail:?}");
        assert!(!format!("{detail:?}").contains(FAMILY));
        let own = service.account_detail(&principal, account.id).await.unwrap();
        assert!(!format!("{own:?}").contains(FAMILY), "{own:?}");
        let history = service.history(&principal, None, 1).await.unwrap().remove(0);
        assert_eq!(history.author, ALIAS);
        let inbox = service.inbox(&principal).await.unwrap();
        let closed = inbox.closed.iter().find(|request| request.id == asked.id).unwrap().closed.clone().unwrap();
        assert_eq!((closed.outcome, closed.by.as_str()), (Ended::Withdrawn, ALIAS));
        let told = world.actor_at(HERE, AccountRole::Teacher);
        let notices = service.inbox(&told).await.unwrap().notices;
        assert!(notices.iter().any(|notice| notice.by == ALIAS), "{notices:?}");
        assert_eq!(test.holding(FAMILY).await.unwrap(), before, "nothing that was recorded holds the name");
        assert_eq!(test.holding(GIVEN).await.unwrap().len(), before.len());
        for place in ["change_set.author_name", "staff_right.author_name", "letter.printed_by_name"] {
            let named = test.holding(ALIAS).await.unwrap();
            assert!(named.iter().any(|column| column == place), "{place}: {named:?}");
        }
        world.verified().await;
    })
    .await;
}
