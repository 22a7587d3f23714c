//! The full table: every asker, every action, every account, held against `may.txt`.

use crate::world::*;
use std::collections::BTreeMap;

const TABLE: &str = include_str!("may.txt");

/// Roles by the table's columns: own place, sister school, foreign place.
const OWN_PLACE: [AccountRole; 5] = AccountRole::ALL;
const SISTER_SCHOOL: [AccountRole; 4] =
    [AccountRole::Principal, AccountRole::TestAdministrator, AccountRole::Leader, AccountRole::Teacher];

/// The table's rows, each a list of words.
pub(crate) fn rows() -> Vec<Vec<&'static str>> {
    let lines = TABLE.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines.map(|line| line.split_whitespace().collect()).collect()
}

pub(crate) fn columns() -> Vec<(&'static str, AccountRole)> {
    let place = |authority, school, role| if role == AccountRole::Authority { authority } else { school };
    let own = OWN_PLACE.map(|role| (place(AUTHORITY, HERE, role), role));
    let sister = SISTER_SCHOOL.map(|role| (SISTER, role));
    let foreign = OWN_PLACE.map(|role| (place(OTHER_AUTHORITY, FOREIGN, role), role));
    own.into_iter().chain(sister).chain(foreign).collect()
}

/// Everybody who asks: the holder of each role at the school or its authority, and the operator.
/// The accounts asked about are other people's.
pub(crate) fn askers(world: &World) -> Vec<(&'static str, Actor)> {
    let mut askers: Vec<(&'static str, Actor)> = AccountRole::ALL
        .into_iter()
        .map(|role| {
            let place = if role == AccountRole::Authority { AUTHORITY } else { HERE };
            let person = PersonId(Uuid::from_u128(0xA5));
            (role.code(), Actor { person, ..world.actor_at(place, role) })
        })
        .collect();
    askers.push(("operator", world.service.operator_anywhere(InstitutionId(Uuid::nil()))));
    askers
}

pub(crate) async fn attempt(
    world: &World,
    actor: &Actor,
    action: Action,
    place: &str,
    role: AccountRole,
    (account, double): (AccountId, AccountId),
) -> Result<(), Fault> {
    let service = &world.service;
    match action {
        Action::Register => {
            let order = Registration {
                institution: world.at(place),
                despite_doubles: despite(),
                ..world.order(role, "Ny", "Person")
            };
            service.register_account(actor, &order).await.map(drop)
        }
        Action::Change => {
            let change = AccountChange { names: None, email: None, subjects: None };
            service.change_account(actor, account, &change).await
        }
        Action::Reissue => service.reissue(actor, account, Anew::Both, Language::Da).await.map(drop),
        Action::Deactivate => service.deactivate_account(actor, account).await,
        Action::Reactivate => service.reactivate_accounts(actor, &[account]).await.map(drop),
        Action::Delete => service.delete_account(actor, account).await,
        Action::Merge => service.merge_accounts(actor, account, double).await.map(drop),
        Action::Separate => service.separate_accounts(actor, account).await,
    }
}

fn another() -> Holder {
    Holder::New { given: "Den".to_owned(), family: "Anden".to_owned() }
}

async fn a_teachers(world: &World, holder: Holder) -> AccountId {
    let order = AccountOrder { holder, role: AccountRole::Teacher, matrix: false };
    world.service.create_account(&world.operator_at(HERE), &order).await.unwrap().id
}

/// A second account of the same role beside each, to be united with it.
pub(crate) async fn doubles(world: &World) -> BTreeMap<(&'static str, AccountRole), AccountId> {
    let mut doubles = BTreeMap::new();
    for (place, role) in columns() {
        let order = AccountOrder { holder: another(), role, matrix: false };
        let made = world.service.create_account(&world.operator_at(place), &order).await.unwrap();
        doubles.insert((place, role), made.id);
    }
    doubles
}

/// Unites the two where that can be, for somebody to ask to separate them.
pub(crate) async fn unite(world: &World, place: &str, role: AccountRole, (account, double): (AccountId, AccountId)) {
    if !matches!(role, AccountRole::Authority | AccountRole::Principal) {
        let principal =
            Actor { person: PersonId(Uuid::from_u128(0xA6)), ..world.actor_at(place, AccountRole::Principal) };
        world.service.merge_accounts(&principal, account, double).await.unwrap();
    }
}

pub(crate) fn sign(outcome: Result<(), Fault>) -> &'static str {
    match outcome {
        Ok(()) => "y",
        Err(fault) => match refusal::<()>(Err(fault)).code {
            RefusalCode::NotFound => "-",
            RefusalCode::NotAllowed => "n",
            RefusalCode::OnlyPrincipal => "P",
            RefusalCode::OnlyAuthority => "H",
            RefusalCode::OwnAccount => "o",
            RefusalCode::OwnTeacherAccount => "1",
            other => panic!("{other:?}"),
        },
    }
}

#[tokio::test]
async fn everybody_may_what_the_table_says_and_nothing_else() {
    let actions = Action::ALL.map(code);
    let rows: Vec<Vec<&str>> = rows().into_iter().filter(|row| actions.contains(&row[1])).collect();
    assert_eq!(rows.len(), (AccountRole::ALL.len() + 1) * Action::ALL.len(), "every asker and every action");
    on_worlds(async |world, test| {
        let doubles = doubles(&world).await;
        let mut expected = rows.iter();
        for (name, actor) in askers(&world) {
            for action in Action::ALL {
                let row = expected.next().expect("a row");
                let mut found = vec![name, code(action)];
                for (place, role) in columns() {
                    // Everything as it was: an account that can be had, closed where it is to be opened.
                    let accounts = (world.account(place, role).id, doubles[&(place, role)]);
                    let closed = if action == Action::Reactivate { "1" } else { "NULL" };
                    let fresh = "UPDATE account SET deleted = NULL, merged = NULL, merged_into = NULL, deactivated =";
                    test.tamper(&format!("{fresh} {closed}")).await.unwrap();
                    if action == Action::Separate {
                        unite(&world, place, role, accounts).await;
                    }
                    let before = world.entries().await;
                    let sign = sign(attempt(&world, &actor, action, place, role, accounts).await);
                    let left = world.entries().await - before;
                    assert_eq!(left > 0, sign == "y", "{name} {action:?} {place} {role:?} left {left} entries");
                    found.push(sign);
                }
                assert_eq!(&found, row);
            }
        }
    })
    .await;
}

pub(crate) fn code(action: Action) -> &'static str {
    match action {
        Action::Register => "register",
        Action::Change => "change",
        Action::Reissue => "reissue",
        Action::Deactivate => "deactivate",
        Action::Reactivate => "reactivate",
        Action::Delete => "delete",
        Action::Merge => "merge",
        Action::Separate => "separate",
    }
}

/// What keepers may do to accounts of their own: the one they act with, and a teacher's account at their school.
/// `o` nobody keeps the account they act with, `1` one teacher's account is enough, else as in `may.txt`.
const OWN: &str = "
    authority           register    o -
    authority           change      o -
    authority           reissue     o -
    authority           deactivate  o -
    authority           reactivate  o -
    authority           delete      o -
    authority           merge       o -
    authority           separate    o -
    principal           register    o 1
    principal           change      y y
    principal           reissue     o y
    principal           deactivate  o y
    principal           reactivate  o y
    principal           delete      o y
    principal           merge       o y
    principal           separate    o y
    test-administrator  register    o 1
    test-administrator  change      o y
    test-administrator  reissue     o y
    test-administrator  deactivate  o y
    test-administrator  reactivate  o y
    test-administrator  delete      o P
    test-administrator  merge       o P
    test-administrator  separate    o P
";

/// Asks for something to be done to an account that belongs to whoever asks.
async fn attempt_own(
    world: &World,
    actor: &Actor,
    action: Action,
    role: AccountRole,
    both: (AccountId, AccountId),
) -> Result<(), Fault> {
    if action != Action::Register {
        return attempt(world, actor, action, HERE, role, both).await;
    }
    let institution = if role == AccountRole::Authority { world.at(AUTHORITY) } else { world.at(HERE) };
    let holder = Holder::Known(actor.person);
    let order = Registration { institution, holder, despite_doubles: despite(), ..world.order(role, "", "") };
    world.service.register_account(actor, &order).await.map(drop)
}

#[tokio::test]
async fn nobody_gives_themselves_more_than_they_were_given() {
    let rows: Vec<Vec<&str>> =
        OWN.lines().map(|line| line.split_whitespace().collect()).filter(|row: &Vec<&str>| !row.is_empty()).collect();
    on_worlds(async |world, test| {
        let doubles = doubles(&world).await;
        let keepers = [AccountRole::Authority, AccountRole::Principal, AccountRole::TestAdministrator];
        let mut expected = rows.iter();
        for role in keepers {
            let place = if role == AccountRole::Authority { AUTHORITY } else { HERE };
            let actor = world.actor_at(place, role);
            let mut teachers = (world.account(HERE, AccountRole::Teacher).id, doubles[&(HERE, AccountRole::Teacher)]);
            if role != AccountRole::Authority {
                // The double comes after, so that it is the one that stays when the two are united.
                let own = a_teachers(&world, Holder::Known(actor.person)).await;
                teachers = (own, a_teachers(&world, another()).await);
            }
            for action in Action::ALL {
                let mut found = vec![role.code(), code(action)];
                let own = (world.account(place, role).id, doubles[&(place, role)]);
                for (role, both) in [(role, own), (AccountRole::Teacher, teachers)] {
                    let closed = if action == Action::Reactivate { "1" } else { "NULL" };
                    let fresh = "UPDATE account SET deleted = NULL, merged = NULL, merged_into = NULL, deactivated =";
                    test.tamper(&format!("{fresh} {closed}")).await.unwrap();
                    if action == Action::Separate {
                        unite(&world, HERE, role, both).await;
                    }
                    let before = world.entries().await;
                    let sign = sign(attempt_own(&world, &actor, action, role, both).await);
                    assert_eq!(world.entries().await > before, sign == "y", "{action:?} {role:?}");
                    found.push(sign);
                }
                assert_eq!(Some(&found), expected.next());
            }
        }
        assert_eq!(expected.next(), None, "every keeper and every action");
    })
    .await;
}

#[tokio::test]
async fn what_one_may_not_is_answered_with_who_can() {
    on_worlds(async |world, _| {
        let administrator = world.administrator();
        let teacher = world.id(AccountRole::Teacher);
        let denied = refusal(world.service.delete_account(&administrator, teacher).await);
        assert_eq!(
            denied,
            Refusal { code: RefusalCode::OnlyPrincipal, day: None, help: vec!["Birthe Krag".to_owned()] }
        );
        let own = world.id(AccountRole::TestAdministrator);
        let denied = refusal(world.service.reissue(&administrator, own, Anew::Both, Language::Da).await);
        assert_eq!(denied, Refusal { code: RefusalCode::OwnAccount, day: None, help: vec!["Birthe Krag".to_owned()] });
        let principal = world.id(AccountRole::Principal);
        let denied = refusal(world.service.reissue(&world.principal(), principal, Anew::Password, Language::Da).await);
        assert_eq!(denied, Refusal { code: RefusalCode::OwnAccount, day: None, help: vec!["Hanne Vang".to_owned()] });
        // Whoever cannot sign in helps nobody.
        world.service.deactivate_account(&world.authority(), principal).await.unwrap();
        assert_eq!(refusal(world.service.delete_account(&administrator, teacher).await).help, [""; 0]);
    })
    .await;
}

#[tokio::test]
async fn a_foreign_account_answers_exactly_as_an_unknown_one() {
    on_worlds(async |world, _| {
        let foreign = world.account(SISTER, AccountRole::Teacher).id;
        let unknown = AccountId(Uuid::from_u128(9));
        let (principal, service) = (world.principal(), &world.service);
        for account in [foreign, unknown] {
            assert_refused(service.account(&principal, account).await, RefusalCode::NotFound);
            assert_eq!(
                refusal(service.reactivate_accounts(&principal, &[account]).await),
                RefusalCode::NotFound.into()
            );
            let which = Which::These(vec![account]);
            assert_eq!(refusal(service.reactivation_preview(&principal, &which).await), RefusalCode::NotFound.into());
        }
        let typed = Typed::default();
        for place in [world.at(SISTER), world.at(AUTHORITY), InstitutionId(Uuid::from_u128(9))] {
            assert_refused(service.doubles(&principal, place, &typed).await, RefusalCode::NotFound);
        }
    })
    .await;
}

#[tokio::test]
async fn lists_are_for_who_keeps_them() {
    on_worlds(async |world, _| {
        let filter = AccountFilter::default();
        for role in [AccountRole::Leader, AccountRole::Teacher] {
            let actor = world.actor_at(HERE, role);
            assert_refused(world.service.accounts(&actor, &filter).await, RefusalCode::NotAllowed);
            assert_refused(world.service.account(&actor, world.id(role)).await, RefusalCode::NotAllowed);
            assert_refused(world.service.double_accounts(&actor).await, RefusalCode::NotAllowed);
            assert_refused(world.service.lapsing_accounts(&actor).await, RefusalCode::NotAllowed);
            assert_refused(world.service.issue_letters(&actor, &[], &|_| {}).await, RefusalCode::NotAllowed);
            let which = Which::StillHere;
            assert_refused(world.service.reactivation_preview(&actor, &which).await, RefusalCode::NotAllowed);
        }
        for actor in [world.principal(), world.administrator()] {
            let list = world.service.accounts(&actor, &filter).await.unwrap();
            assert_eq!(names(&list.accounts), ["Henrik Dal", "Karen Øster", "Mette Lind"]);
            assert!(list.accounts.iter().all(|line| line.institution == world.at(HERE)));
        }
        let list = world.service.accounts(&world.authority(), &filter).await.unwrap();
        assert_eq!(names(&list.accounts), ["Birthe Krag", "Birthe Krag"]);
        assert_eq!(list.may_register, [AccountRole::Principal]);
        assert_eq!(list.institutions.len(), 2);
        for actor in [world.administrator(), world.authority(), world.actor_at(HERE, AccountRole::Leader)] {
            assert_refused(world.service.handover(&actor).await, RefusalCode::NotAllowed);
            assert_refused(world.service.own_principal_account(&actor).await, RefusalCode::NotAllowed);
        }
        // Nothing of an authority's opens at a school, nor the other way round.
        let mixed = Actor { institution: world.at(HERE), ..world.authority() };
        assert!(world.list(&mixed, filter.clone()).await.is_empty());
        let mixed = Actor { institution: world.at(AUTHORITY), ..world.principal() };
        assert_refused(world.service.accounts(&mixed, &filter).await, RefusalCode::NotFound);
    })
    .await;
}
