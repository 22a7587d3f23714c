//! Who opens which material: every role, part, subject, country and state, by hand.

use domain::AccountRole;
use domain::material::{Piece, Reader, Shut, opens, opens_portal};

/// Columns: the open part, then the protected one, each with the subject given and not.
///
/// Every row is written out, so that a rule that grew wider is seen here.
/// y opens; n is nobody's to open: t no teacher's account, c the account is closed, e elsewhere, g not given.
const TABLE: &str = "
    role                country  state    open+  open-  protected+  protected-
    authority           own      open     y      y      t           t
    authority           own      closed   y      y      t           t
    authority           other    open     y      y      t           t
    authority           other    closed   y      y      t           t
    principal           own      open     y      y      t           t
    principal           own      closed   y      y      t           t
    principal           other    open     y      y      t           t
    principal           other    closed   y      y      t           t
    test-administrator  own      open     y      y      t           t
    test-administrator  own      closed   y      y      t           t
    test-administrator  other    open     y      y      t           t
    test-administrator  other    closed   y      y      t           t
    leader              own      open     y      y      t           t
    leader              own      closed   y      y      t           t
    leader              other    open     y      y      t           t
    leader              other    closed   y      y      t           t
    teacher             own      open     y      y      y           g
    teacher             own      closed   y      y      c           c
    teacher             other    open     y      y      e           e
    teacher             other    closed   y      y      c           c
";

#[test]
fn each_account_opens_exactly_what_the_table_says() {
    let given = ["svenska".to_owned(), "historia".to_owned()];
    let mut seen = 0;
    for line in TABLE.lines().skip(2).filter(|line| !line.trim().is_empty()) {
        let words: Vec<&str> = line.split_whitespace().collect();
        let [role, country, state, expected @ ..] = words.as_slice() else { panic!("{line}") };
        let role = AccountRole::from_code(role).unwrap();
        let cells = [(false, "historia"), (false, "kemi"), (true, "historia"), (true, "kemi")];
        assert_eq!(expected.len(), cells.len(), "{line}");
        for ((protected, subject), expected) in cells.into_iter().zip(expected) {
            let own = if *country == "own" { "se" } else { "dk" };
            let reader = Reader { role, is_open: *state == "open", country: own, subjects: &given };
            let found = sign(opens(Some(reader), Piece { protected, country: "se", subject }));
            assert_eq!(found, *expected, "{line}: protected {protected}, {subject}");
            seen += 1;
        }
    }
    assert_eq!(seen, AccountRole::ALL.len() * 2 * 2 * 4, "no row is missing");
}

fn sign(answer: Result<(), Shut>) -> &'static str {
    match answer {
        Ok(()) => "y",
        Err(Shut::Nobody) => "n",
        Err(Shut::NotATeacher) => "t",
        Err(Shut::Closed) => "c",
        Err(Shut::Elsewhere) => "e",
        Err(Shut::NotGiven) => "g",
    }
}

#[test]
fn nobody_opens_the_open_part_and_nothing_else() {
    let piece = |protected| Piece { protected, country: "dk", subject: "matematik" };
    assert_eq!(opens(None, piece(false)), Ok(()));
    assert_eq!(opens(None, piece(true)), Err(Shut::Nobody));
}

#[test]
fn the_portal_is_for_teachers_accounts_that_are_open() {
    for role in AccountRole::ALL {
        assert_eq!(opens_portal(role, true).is_ok(), role == AccountRole::Teacher, "{role:?}");
        assert!(opens_portal(role, false).is_err(), "{role:?}");
    }
}
