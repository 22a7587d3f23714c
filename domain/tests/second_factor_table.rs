//! When a card is told of, what adding a passkey asks for, and what removing one leaves: by hand.

use domain::AccountRole::{self, Authority, Leader, Principal, Teacher, TestAdministrator};
use domain::account::second::{Adding, Card, CardEnd, Removal, adding, removal};

#[test]
fn a_card_is_told_of_before_it_is_used_up() {
    let table = [
        (Card::None, CardEnd::Never, CardEnd::Never),
        (Card::Dead, CardEnd::Never, CardEnd::Never),
        (Card::Good(100), CardEnd::Later, CardEnd::Never),
        (Card::Good(11), CardEnd::Later, CardEnd::Never),
        (Card::Good(10), CardEnd::Soon, CardEnd::Never),
        (Card::Good(1), CardEnd::Soon, CardEnd::Never),
        (Card::UsedUp, CardEnd::Soon, CardEnd::Never),
    ];
    for (card, once, over_and_over) in table {
        assert_eq!((card.end(false), card.end(true)), (once, over_and_over), "{card:?}");
    }
}

#[test]
fn a_passkey_is_added_with_no_less_than_signing_in_takes() {
    for role in AccountRole::ALL {
        let alone = match role {
            Authority | Principal | TestAdministrator => Adding::AfterSignIn,
            Leader | Teacher => Adding::AfterPassword,
        };
        assert_eq!(adding(role, true, true), Adding::Now, "{role:?}");
        assert_eq!(adding(role, true, false), Adding::Now, "{role:?}");
        assert_eq!(adding(role, false, true), Adding::AfterSignIn, "{role:?}");
        assert_eq!(adding(role, false, false), alone, "{role:?}");
    }
}

#[test]
fn nobody_is_left_with_fewer_factors_than_the_role_needs() {
    use Removal::{LeavesCard, LeavesPasskey, LeavesPassword, Refused};
    // A card asks for its cells as long as it is there, even where it cannot be answered any more.
    let table = [
        (Card::Good(1), LeavesCard, LeavesCard),
        (Card::None, Refused, LeavesPassword),
        (Card::UsedUp, Refused, Refused),
        (Card::Dead, Refused, Refused),
    ];
    for (card, with_two, with_one) in table {
        for role in AccountRole::ALL {
            let expected = match role {
                Authority | Principal | TestAdministrator => with_two,
                Leader | Teacher => with_one,
            };
            assert_eq!(removal(role, card, 0, 0), expected, "{role:?} {card:?}");
            assert_eq!(removal(role, card, 1, 1), LeavesPasskey, "{role:?} {card:?}");
            assert_eq!(removal(role, card, 0, 1), with_two, "{role:?} {card:?}");
        }
    }
}
