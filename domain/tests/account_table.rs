//! Who may do what to whose account, written out by hand; what state an account is in and what
//! leads out of it; how long it runs.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may fail loudly")]

use domain::account::{
    Action, Card, Denial, Keeper, Life, Password, Place, Reactivation, State, Target, Whose, end_of, keepers, may,
    next_year, who_can,
};
use domain::{AccountRole, Capacity, Date, Instant, Zone};

/// One letter a role: authority, principal, test administrator, leader, teacher; the account of
/// somebody else, at the asker's own place, at a school of the asker's authority, and elsewhere.
/// `y` yes, `o` others do that, `u` unknown, `n` keeps no accounts.
const TABLE: &str = "
    nobody              register    nnnnn nnnnn nnnnn
    nobody              change      nnnnn nnnnn nnnnn
    nobody              reissue     nnnnn nnnnn nnnnn
    nobody              deactivate  nnnnn nnnnn nnnnn
    nobody              reactivate  nnnnn nnnnn nnnnn
    nobody              delete      nnnnn nnnnn nnnnn
    nobody              merge       nnnnn nnnnn nnnnn
    nobody              separate    nnnnn nnnnn nnnnn
    test_administrator  register    uoyoy uuuuu uuuuu
    test_administrator  change      uoyoy uuuuu uuuuu
    test_administrator  reissue     uoyoy uuuuu uuuuu
    test_administrator  deactivate  uoyoy uuuuu uuuuu
    test_administrator  reactivate  uoooy uuuuu uuuuu
    test_administrator  delete      uoooo uuuuu uuuuu
    test_administrator  merge       uoooo uuuuu uuuuu
    test_administrator  separate    uoooo uuuuu uuuuu
    principal           register    uoyyy uuuuu uuuuu
    principal           change      uoyyy uuuuu uuuuu
    principal           reissue     uoyyy uuuuu uuuuu
    principal           deactivate  uoyyy uuuuu uuuuu
    principal           reactivate  uoyyy uuuuu uuuuu
    principal           delete      uoyyy uuuuu uuuuu
    principal           merge       uoyyy uuuuu uuuuu
    principal           separate    uoyyy uuuuu uuuuu
    authority           register    uuuuu uyuuu uuuuu
    authority           change      uuuuu uyuuu uuuuu
    authority           reissue     uuuuu uyuuu uuuuu
    authority           deactivate  uuuuu uyuuu uuuuu
    authority           reactivate  uuuuu uyuuu uuuuu
    authority           delete      uuuuu uyuuu uuuuu
    authority           merge       uuuuu uouuu uuuuu
    authority           separate    uuuuu uouuu uuuuu
    operator            register    yyyyy yyyyy yyyyy
    operator            change      yoooo yoooo yoooo
    operator            reissue     yoooo yoooo yoooo
    operator            deactivate  yoooo yoooo yoooo
    operator            reactivate  yoooo yoooo yoooo
    operator            delete      yoooo yoooo yoooo
    operator            merge       ooooo ooooo ooooo
    operator            separate    ooooo ooooo ooooo
";

const PLACES: [Place; 3] = [Place::Own, Place::Below, Place::Elsewhere];

fn keeper_named(name: &str) -> Option<Keeper> {
    match name {
        "test_administrator" => Some(Keeper::TestAdministrator),
        "principal" => Some(Keeper::Principal),
        "authority" => Some(Keeper::Authority),
        "operator" => Some(Keeper::Operator),
        "nobody" => None,
        other => panic!("{other}"),
    }
}

fn action_named(name: &str) -> Action {
    match name {
        "register" => Action::Register,
        "change" => Action::Change,
        "reissue" => Action::Reissue,
        "deactivate" => Action::Deactivate,
        "reactivate" => Action::Reactivate,
        "delete" => Action::Delete,
        "merge" => Action::Merge,
        "separate" => Action::Separate,
        other => panic!("{other}"),
    }
}

fn letter(answer: Result<(), Denial>) -> char {
    match answer {
        Ok(()) => 'y',
        Err(Denial::ForOthers) => 'o',
        Err(Denial::Unseen) => 'u',
        Err(Denial::NoKeeper) => 'n',
        Err(Denial::OwnAccount | Denial::OwnBesides) => 'w',
    }
}

#[test]
fn each_keeper_may_exactly_what_stands_in_the_table() {
    let mut rows = 0;
    for line in TABLE.lines().filter(|line| !line.trim().is_empty()) {
        let words: Vec<&str> = line.split_whitespace().collect();
        let (keeper, action) = (keeper_named(words[0]), action_named(words[1]));
        for (place, expected) in PLACES.into_iter().zip(&words[2..]) {
            let answer: String = AccountRole::ALL
                .into_iter()
                .map(|role| letter(may(keeper, action, Target { role, place, whose: Whose::Another })))
                .collect();
            assert_eq!(answer, *expected, "{} {} {place:?}", words[0], words[1]);
        }
        rows += 1;
    }
    assert_eq!(rows, (Keeper::ALL.len() + 1) * Action::ALL.len(), "every keeper and every action");
}

#[test]
fn nobody_keeps_their_own_administrative_account() {
    let own = |role, whose| Target { role, place: Place::Own, whose };
    for (keeper, role) in [
        (Keeper::TestAdministrator, AccountRole::TestAdministrator),
        (Keeper::Principal, AccountRole::Principal),
        (Keeper::Authority, AccountRole::Authority),
    ] {
        for action in Action::ALL {
            let expected = match (keeper, action) {
                (Keeper::Principal, Action::Change) => Ok(()),
                _ => Err(Denial::OwnAccount),
            };
            for whose in [Whose::Own, Whose::OwnBesides] {
                assert_eq!(may(Some(keeper), action, own(role, whose)), expected, "{keeper:?} {action:?}");
            }
        }
    }
    // Whoever is above the account may keep it, own or not: it gives nothing that the other lacks.
    for role in [AccountRole::TestAdministrator, AccountRole::Leader, AccountRole::Teacher] {
        assert_eq!(may(Some(Keeper::Principal), Action::Reissue, own(role, Whose::Own)), Ok(()));
    }
}

#[test]
fn one_teachers_account_for_oneself_and_no_second() {
    let own = |whose| Target { role: AccountRole::Teacher, place: Place::Own, whose };
    for keeper in [Keeper::TestAdministrator, Keeper::Principal] {
        assert_eq!(may(Some(keeper), Action::Register, own(Whose::Own)), Ok(()));
        assert_eq!(may(Some(keeper), Action::Register, own(Whose::OwnBesides)), Err(Denial::OwnBesides));
        assert_eq!(may(Some(keeper), Action::Reissue, own(Whose::Own)), Ok(()));
    }
}

#[test]
fn what_one_may_not_somebody_can() {
    use Keeper::*;
    let table: [(Keeper, Action, AccountRole, Denial, &[Keeper]); 7] = [
        (TestAdministrator, Action::Delete, AccountRole::Teacher, Denial::ForOthers, &[Principal]),
        (TestAdministrator, Action::Reactivate, AccountRole::TestAdministrator, Denial::ForOthers, &[Principal]),
        (TestAdministrator, Action::Reissue, AccountRole::TestAdministrator, Denial::OwnAccount, &[Principal]),
        (TestAdministrator, Action::Register, AccountRole::Leader, Denial::ForOthers, &[Principal, Operator]),
        (Principal, Action::Reissue, AccountRole::Principal, Denial::OwnAccount, &[Authority]),
        (Authority, Action::Reissue, AccountRole::Authority, Denial::OwnAccount, &[Operator]),
        (Operator, Action::Reissue, AccountRole::Teacher, Denial::ForOthers, &[TestAdministrator, Principal]),
    ];
    for (asker, action, role, denial, expected) in table {
        assert_eq!(who_can(Some(asker), denial, action, role), expected, "{asker:?} {action:?} {role:?}");
    }
    assert_eq!(who_can(Some(Principal), Denial::Unseen, Action::Delete, AccountRole::Teacher), []);
    assert_eq!(
        who_can(None, Denial::NoKeeper, Action::Reactivate, AccountRole::Teacher),
        [TestAdministrator, Principal]
    );
}

#[test]
fn capacities_make_a_keeper_and_mixtures_make_none() {
    use Capacity::*;
    for role in AccountRole::ALL {
        let expected = match role {
            AccountRole::Authority => Some(Keeper::Authority),
            AccountRole::Principal => Some(Keeper::Principal),
            AccountRole::TestAdministrator => Some(Keeper::TestAdministrator),
            AccountRole::Leader | AccountRole::Teacher => None,
        };
        assert_eq!(Keeper::of(role.capacities()), expected, "{role:?}");
        assert!(expected.is_none_or(|keeper| keeper.role() == Some(role)));
    }
    for mixture in [
        &[AccountDeletion][..],
        &[Appointment, UserAdministration],
        &[Appointment, AccountDeletion],
        &[TestAdministration, Leadership, Teaching, MunicipalOversight],
        &[],
    ] {
        assert_eq!(Keeper::of(mixture), None, "{mixture:?}");
    }
}

#[test]
fn every_state_of_every_role_has_a_way_out_and_an_owner() {
    use AccountRole::*;
    // The nearest owner of the way out, by role: authority, principal, test administrator, leader,
    // teacher.
    let table = [
        (State::Issued, Action::Reissue, "operator authority test_administrator principal test_administrator"),
        (State::Active, Action::Deactivate, "operator authority test_administrator principal test_administrator"),
        (State::Locked, Action::Reissue, "operator authority test_administrator principal test_administrator"),
        (State::Lapsed, Action::Reactivate, "operator authority principal principal test_administrator"),
        (State::Deactivated, Action::Reactivate, "operator authority principal principal test_administrator"),
        (State::Deleted, Action::Register, "operator authority test_administrator principal test_administrator"),
        // Accounts of the first two are not united.
        (State::Merged, Action::Separate, "nobody nobody principal principal principal"),
    ];
    assert_eq!(table.map(|(state, ..)| state), State::ALL);
    for (state, action, owners) in table {
        assert_eq!(state.way_out(), action, "{state:?}");
        for (role, owner) in
            [Authority, Principal, TestAdministrator, Leader, Teacher].into_iter().zip(owners.split(' '))
        {
            assert_eq!(keepers(action, role).first().copied(), keeper_named(owner), "{state:?} {role:?}");
        }
    }
    // A test administrator's own account: the way out is not theirs, and somebody has it.
    for state in State::ALL {
        let denied = Denial::OwnAccount;
        let others = who_can(Some(Keeper::TestAdministrator), denied, state.way_out(), TestAdministrator);
        assert!(others.contains(&Keeper::Principal), "{state:?}");
    }
}

fn at(date: &str) -> Instant {
    Zone::Stockholm.start_of(date.parse().unwrap())
}

fn life(role: AccountRole) -> Life {
    Life {
        role,
        active_from: at("2026-08-20"),
        active_until: end_of(role, Zone::Stockholm, at("2026-08-20")),
        deactivated: None,
        deleted: None,
        merged: None,
        password: Password::Own,
        card: Card::None,
        passkey: false,
    }
}

#[test]
fn the_clock_and_what_happened_make_the_state() {
    let teacher = life(AccountRole::Teacher);
    let principal = Life { card: Card::Good(100), ..life(AccountRole::Principal) };
    let lapse = at("2027-08-01");
    let last = Instant(lapse.0 - 1);
    let some = Some(at("2026-10-01"));
    let table = [
        (teacher, last, State::Active),
        (teacher, lapse, State::Lapsed),
        (Life { password: Password::Issued, ..teacher }, last, State::Issued),
        (Life { password: Password::Spent, ..teacher }, last, State::Locked),
        (Life { password: Password::Dead, ..teacher }, last, State::Locked),
        (Life { password: Password::Dead, ..teacher }, lapse, State::Lapsed),
        (Life { card: Card::Good(1), ..teacher }, last, State::Active),
        (Life { card: Card::UsedUp, ..teacher }, last, State::Locked),
        (Life { card: Card::Dead, ..teacher }, last, State::Locked),
        (Life { deactivated: some, ..teacher }, at("2026-09-30"), State::Active),
        (Life { deactivated: some, ..teacher }, at("2026-10-01"), State::Deactivated),
        (Life { deactivated: some, ..teacher }, lapse, State::Deactivated),
        (Life { deactivated: some, deleted: some, ..teacher }, lapse, State::Deleted),
        (Life { deactivated: some, merged: some, ..teacher }, lapse, State::Merged),
        (Life { deleted: some, merged: some, ..teacher }, lapse, State::Deleted),
        (principal, Instant::DISTANT_FUTURE, State::Active),
        (Life { card: Card::None, ..principal }, last, State::Locked),
        (Life { card: Card::None, ..life(AccountRole::Leader) }, last, State::Active),
        // A passkey stands in for the card, and for nothing else.
        (Life { card: Card::None, passkey: true, ..principal }, last, State::Active),
        (Life { card: Card::UsedUp, passkey: true, ..principal }, last, State::Active),
        (Life { card: Card::Dead, passkey: true, ..teacher }, last, State::Active),
        (Life { password: Password::Dead, passkey: true, ..teacher }, last, State::Locked),
    ];
    for (life, now, expected) in table {
        assert_eq!(life.state(now), expected, "{life:?}");
    }
    assert_eq!(teacher.since(lapse), Some(lapse));
    assert_eq!(Life { deactivated: some, ..teacher }.since(lapse), some);
}

#[test]
fn teachers_and_test_administrators_run_to_31_july_whenever_they_begin() {
    let table = [
        ("2026-08-01", "2027-08-01"),
        ("2026-11-21", "2027-08-01"),
        ("2027-06-30", "2027-08-01"),
        ("2027-07-31", "2027-08-01"),
        ("2027-08-01", "2028-08-01"),
    ];
    for (made, end) in table {
        for role in AccountRole::ALL {
            let lapses = matches!(role, AccountRole::Teacher | AccountRole::TestAdministrator);
            assert_eq!(end_of(role, Zone::Stockholm, at(made)), lapses.then(|| at(end)), "{role:?} {made}");
        }
    }
    // An hour of the year's last day in one zone may lie in the next day of universal time.
    let late = Instant(at("2027-08-01").0 - 1);
    assert_eq!(end_of(AccountRole::Teacher, Zone::Stockholm, late), Some(at("2027-08-01")));
    assert_eq!(next_year(Zone::Copenhagen, late), Date::new(2027, 8, 1).unwrap());
}

#[test]
fn reactivation_waits_for_1_august_but_gives_back_what_was_closed() {
    let zone = Zone::Stockholm;
    let teacher = life(AccountRole::Teacher);
    let closed = Life { deactivated: Some(at("2026-10-01")), ..teacher };
    let (end, next) = (Some(at("2027-08-01")), Some(at("2028-08-01")));
    let table = [
        (teacher, "2027-07-31", Reactivation::NotBefore("2027-08-01".parse().unwrap())),
        (teacher, "2027-08-01", Reactivation::Until(next)),
        (teacher, "2028-03-01", Reactivation::Until(next)),
        (closed, "2026-10-01", Reactivation::Until(end)),
        (closed, "2027-07-31", Reactivation::Until(end)),
        (closed, "2027-08-01", Reactivation::Until(next)),
        (life(AccountRole::Principal), "2027-08-01", Reactivation::Unneeded),
        (
            Life { deactivated: Some(at("2026-10-01")), ..life(AccountRole::Leader) },
            "2030-01-01",
            Reactivation::Until(None),
        ),
    ];
    for (life, now, expected) in table {
        assert_eq!(life.reactivation(zone, at(now)), expected, "{now} {life:?}");
    }
}
