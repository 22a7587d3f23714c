//! Many accounts: searching, doubles, batches.

use crate::world::*;
use service::accounts::{ACCOUNTS_MAX, BatchOrder, BatchProgress, BatchResult};
use std::sync::Mutex;

#[tokio::test]
async fn a_list_is_searched_in_any_spelling_and_filtered_by_state_and_role() {
    on_worlds(async |world, _| {
        let principal = world.principal();
        let order = Registration {
            email: Some("Aase.Soe@Skolen.dk".to_owned()),
            ..world.order(AccountRole::Teacher, "Åse", "Sø")
        };
        let aase = world.register(&principal, &order).await.account;
        world.service.deactivate_account(&principal, world.id(AccountRole::Teacher)).await.unwrap();
        let found = async |query: &str| {
            let filter = AccountFilter { query: query.to_owned(), ..AccountFilter::default() };
            names(&world.list(&principal, filter).await)
        };
        for query in ["aase", "ÅSE SOE", "soe aase", "1005", "1005-280101", "skolen dk"] {
            assert_eq!(found(query).await, ["Åse Sø"], "{query}");
        }
        assert_eq!(found("se").await, [""; 0], "the middle of a word");
        assert_eq!(found("").await, ["Henrik Dal", "Karen Øster", "Mette Lind", "Åse Sø"].map(str::to_owned));
        let by = async |states: &[State], roles: &[AccountRole]| {
            let filter = AccountFilter { query: String::new(), states: states.to_vec(), roles: roles.to_vec() };
            world.service.accounts(&principal, &filter).await.unwrap()
        };
        let closed = by(&[State::Deactivated], &[]).await;
        assert_eq!(names(&closed.accounts), ["Mette Lind"]);
        assert_eq!(closed.counts, [(State::Issued, 3), (State::Deactivated, 1)]);
        assert_eq!(names(&by(&[], &[AccountRole::Leader]).await.accounts), ["Henrik Dal"]);
        let may = [Action::Change, Action::Reissue, Action::Reactivate, Action::Delete, Action::Merge];
        assert_eq!(closed.accounts[0].may, may);
        let may = world.line(&world.administrator(), aase).await.may;
        assert_eq!(may, [Action::Change, Action::Reissue, Action::Deactivate]);
        assert_eq!(closed.lapse, date("2027-08-01"));
        assert!(closed.subjects.iter().any(|subject| subject.slug == "dansk-laesning"));
        assert_eq!(closed.may_register, [AccountRole::TestAdministrator, AccountRole::Leader, AccountRole::Teacher]);
    })
    .await;
}

#[tokio::test]
async fn somebody_who_is_there_already_is_found_while_typing() {
    on_worlds(async |world, _| {
        let administrator = world.administrator();
        let people = world.roster(&[("Søren", "Aagaard", UserType::Teacher)]).await;
        let like = async |given: &str, family: &str, email: &str, external: &str| {
            let typed = Typed {
                given: given.to_owned(),
                family: family.to_owned(),
                email: email.to_owned(),
                external: external.to_owned(),
            };
            let doubles = world.service.doubles(&administrator, world.at(HERE), &typed).await.unwrap();
            doubles.into_iter().map(|double| (double.name, double.alike)).collect::<Vec<_>>()
        };
        let soeren = |alike| vec![("Søren Aagaard".to_owned(), alike)];
        assert_eq!(like("soeren", "ågård", "", "").await, soeren(vec![Likeness::Name]));
        assert_eq!(like("", "", "", "T-0").await, soeren(vec![Likeness::External]));
        assert_eq!(like("Søren", "Aagaard", "", "T-0").await, soeren(vec![Likeness::Name, Likeness::External]));
        assert_eq!(like("Søren", "", "", "").await, [], "half a name is nobody's");
        assert_eq!(like("", "", "", "").await, []);
        // Registering the same name is asked about; the person of one's choice is not.
        let order = world.order(AccountRole::Teacher, "Soeren", "Aagård");
        let doubles = world.register_doubles(&administrator, &order).await;
        assert_eq!((doubles[0].person, doubles[0].accounts.len()), (people[0], 0));
        let known =
            Registration { holder: Holder::Known(people[0]), email: Some("saa@skolen.dk".to_owned()), ..order.clone() };
        world.register(&administrator, &known).await;
        assert_eq!(like("", "", " SAA@skolen.dk", "").await, soeren(vec![Likeness::Email]));
        let doubles = world.register_doubles(&administrator, &known).await;
        assert_eq!(doubles[0].alike, [Likeness::Person]);
        // Another role of the same person is no double.
        let leader = Registration { role: AccountRole::Leader, email: None, ..known.clone() };
        world.register(&world.principal(), &leader).await;
        let entries = world.entries().await;
        world.register_doubles(&administrator, &order).await;
        assert_eq!(world.entries().await, entries);
        world.register(&administrator, &Registration { despite_doubles: despite(), ..order }).await;
    })
    .await;
}

#[tokio::test]
async fn an_authority_learns_nothing_of_a_schools_people_by_typing() {
    on_worlds(async |world, _| {
        let authority = world.authority();
        let typed = |given: &str, family: &str| Typed {
            given: given.to_owned(),
            family: family.to_owned(),
            ..Typed::default()
        };
        let doubles = async |typed: &Typed| world.service.doubles(&authority, world.at(HERE), typed).await.unwrap();
        assert_eq!(doubles(&typed("Mette", "Lind")).await, []);
        let found = doubles(&typed("Birthe", "Krag")).await;
        // The principals of its own schools alone, who is at this one first.
        let [here, sister] = found.as_slice() else { panic!("{found:?}") };
        assert_eq!(here.accounts, [("1001-280101".to_owned(), AccountRole::Principal)]);
        assert_eq!(sister.accounts, [("1001-280102".to_owned(), AccountRole::Principal)]);
        // Nor does a school's staff learn of the principal's account, only that the person is there.
        let found = world.service.doubles(&world.administrator(), world.at(HERE), &typed("Birthe", "Krag")).await;
        assert_eq!(found.unwrap()[0].accounts, []);
        let order = world.order(AccountRole::Principal, "Mette", "Lind");
        world.register(&authority, &order).await;
    })
    .await;
}

#[tokio::test]
async fn doubles_are_shown_by_number_for_the_lowest_to_go() {
    on_worlds(async |world, _| {
        let (administrator, principal) = (world.administrator(), world.principal());
        assert_eq!(world.service.double_accounts(&principal).await.unwrap(), []);
        let same = Registration {
            holder: Holder::Known(world.account(HERE, AccountRole::Teacher).person),
            despite_doubles: despite(),
            ..world.order(AccountRole::Teacher, "", "")
        };
        world.register(&administrator, &same).await;
        let alike = Registration { despite_doubles: despite(), ..world.order(AccountRole::Teacher, "METTE", "lind") };
        world.register(&administrator, &alike).await;
        let doubles = world.service.double_accounts(&principal).await.unwrap();
        assert_eq!(doubles.len(), 1);
        assert_eq!(doubles[0].alike, [Likeness::Person, Likeness::Name]);
        let numbers: Vec<i64> = doubles[0].accounts.iter().map(|line| line.number).collect();
        assert_eq!(numbers, [1004, 1005, 1006]);
        assert_eq!(world.service.handover(&principal).await.unwrap().open.doubles, 1);
        // Whoever may not delete sees them all the same, and is told who does.
        let seen = world.service.double_accounts(&administrator).await.unwrap();
        assert!(!seen[0].accounts[0].may.contains(&Action::Delete));
        for line in &doubles[0].accounts[..2] {
            world.service.delete_account(&principal, line.id).await.unwrap();
        }
        assert_eq!(world.service.double_accounts(&principal).await.unwrap(), []);
        world.verified().await;
    })
    .await;
}

#[tokio::test]
async fn a_letter_is_in_its_persons_language_unless_told_otherwise() {
    on_worlds(async |world, _| {
        let (administrator, teacher) = (world.administrator(), world.id(AccountRole::Teacher));
        let mut seconds = 0;
        let mut issue = async |language| {
            seconds += 1;
            world.clock.set(START.plus_seconds(seconds));
            let order = BatchOrder::Reissue { account: teacher, what: Anew::Password, language };
            match world.service.issue_letter(&administrator, &order).await.unwrap() {
                BatchResult::Letter(letter) => letter.language,
                other => panic!("{other:?}"),
            }
        };
        assert_eq!(issue(None).await, Language::Da, "the country's");
        assert_eq!(issue(Some(Language::Sv)).await, Language::Sv);
        assert_eq!(issue(None).await, Language::Sv, "as in the last letter");
        let own = world.actor_at(HERE, AccountRole::Teacher);
        world.service.choose_mails(&own, Some(AccountRole::Teacher), &[], Some(Language::En)).await.unwrap();
        assert_eq!(issue(None).await, Language::En, "as they chose");
        let shown = world.service.account_detail(&administrator, teacher).await.unwrap();
        assert_eq!(shown.language, Language::En);
    })
    .await;
}

#[tokio::test]
async fn a_batch_goes_on_past_one_refusal_and_counts_real_letters() {
    on_worlds(async |world, _| {
        let administrator = world.administrator();
        let reissue = |account| BatchOrder::Reissue { account, what: Anew::Password, language: Some(Language::Da) };
        let orders = [
            BatchOrder::Register(world.order(AccountRole::Teacher, "Bo", "Ravn")),
            BatchOrder::Register(world.order(AccountRole::Teacher, "Mette", "Lind")),
            reissue(world.id(AccountRole::Leader)),
            reissue(world.id(AccountRole::Teacher)),
        ];
        let seen = Mutex::new(Vec::new());
        let progress = |progress: BatchProgress| seen.lock().unwrap().push((progress.done, progress.letters));
        let results = world.service.issue_letters(&administrator, &orders, &progress).await.unwrap();
        assert_eq!(seen.into_inner().unwrap(), [(1, 1), (2, 1), (3, 1), (4, 2)]);
        assert!(matches!(&results[0], BatchResult::Letter(letter) if letter.name == "Bo Ravn"));
        assert!(matches!(&results[1], BatchResult::Doubles(doubles) if doubles[0].name == "Mette Lind"));
        assert!(matches!(&results[2], BatchResult::Refused(why) if why.code == RefusalCode::OnlyPrincipal));
        assert!(matches!(&results[3], BatchResult::Letter(letter) if letter.name == "Mette Lind"));
        let many = vec![orders[3].clone(); ACCOUNTS_MAX + 1];
        let refused = world.service.issue_letters(&administrator, &many, &|_| {}).await;
        assert_refused(refused, RefusalCode::TooLarge);
        world.verified().await;
    })
    .await;
}
