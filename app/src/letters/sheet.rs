//! The words of a letter.

use crate::t;
use crate::text::{Locale, code_of, long_date};
use ::letter::{Credential, Matrix, SIDE, Sheet};
use domain::AccountRole;
use domain::exchange::accounts::{Anew, Language};
use service::accounts::Letter;

/// The page that a letter is printed as; `address` is what people type to get here.
#[must_use]
pub fn sheet(letter: &Letter, address: &str) -> Sheet {
    let locale = locale_of(letter.language);
    Sheet {
        language: code_of(locale),
        sender: letter.institution_name.clone(),
        title: t!(locale, letter.title).to_owned(),
        name: letter.name.clone(),
        position: t!(locale, letter.position, role = role(locale, letter.role), place = letter.institution_name),
        credentials: credentials(locale, letter),
        matrix: matrix(locale, letter),
        steps_title: t!(locale, letter.steps_title).to_owned(),
        steps: steps(locale, letter, address),
        help_title: t!(locale, letter.help_title).to_owned(),
        help: help(locale, letter),
        imprint: t!(
            locale,
            letter.imprint,
            number = number(letter),
            day = long_date(locale, letter.date),
            name = letter.issued_by,
        ),
    }
}

const fn locale_of(language: Language) -> Locale {
    match language {
        Language::Da => Locale::da,
        Language::Sv => Locale::sv,
        Language::En => Locale::en,
    }
}

fn role(locale: Locale, role: AccountRole) -> &'static str {
    match role {
        AccountRole::Authority => t!(locale, letter.role_authority),
        AccountRole::Principal => t!(locale, letter.role_principal),
        AccountRole::TestAdministrator => t!(locale, letter.role_test_administrator),
        AccountRole::Leader => t!(locale, letter.role_leader),
        AccountRole::Teacher => t!(locale, letter.role_teacher),
    }
}

/// The letter's number: the drawn end of its id, short enough to be read out.
fn number(letter: &Letter) -> String {
    let [.., a, b, c, d] = letter.id.into_bytes();
    format!("{a:02X}{b:02X}-{c:02X}{d:02X}")
}

/// User name and password, always together.
fn credentials(locale: Locale, letter: &Letter) -> Vec<Credential> {
    let note = match letter.password {
        Some(_) => t!(locale, letter.password_once),
        None => t!(locale, letter.password_stays),
    };
    vec![
        Credential {
            label: t!(locale, letter.user_name).to_owned(),
            value: Some(letter.user_name.clone().into()),
            note: Some(t!(locale, letter.user_name_note).to_owned()),
        },
        Credential {
            label: t!(locale, letter.password).to_owned(),
            value: letter.password.clone(),
            note: Some(note.to_owned()),
        },
    ]
}

fn matrix(locale: Locale, letter: &Letter) -> Option<Matrix> {
    let card = letter.matrix.as_ref()?;
    let serial = letter.serial.as_deref().unwrap_or_default();
    // Cells come column by column.
    let cells: Vec<_> = card.cells().collect();
    let (columns, _) = cells.as_chunks::<SIDE>();
    let letters = columns.iter().filter_map(|[(first, _), ..]| first.to_string().chars().next());
    let mut names = [' '; SIDE];
    names.iter_mut().zip(letters).for_each(|(name, letter)| *name = letter);
    let row = |row: usize| {
        let mut columns = columns.iter();
        std::array::from_fn(|_| columns.next().and_then(|column| column.get(row)).map(|(_, cell)| cell.clone()))
            .map(Option::unwrap_or_default)
    };
    Some(Matrix {
        caption: t!(locale, letter.matrix, serial = serial, user = letter.user_name),
        hint: t!(locale, letter.matrix_hint).to_owned(),
        column: t!(locale, letter.column).to_owned(),
        row: t!(locale, letter.row).to_owned(),
        columns: names,
        rows: (0..SIDE).map(row).collect(),
    })
}

/// What to do, in order: only what this letter's person will meet.
fn steps(locale: Locale, letter: &Letter, address: &str) -> Vec<String> {
    let has_password = letter.password.is_some();
    let mut steps = vec![
        t!(locale, letter.step_open, address = address),
        if has_password { t!(locale, letter.step_both) } else { t!(locale, letter.step_own) }.to_owned(),
    ];
    let mut say = |applies: bool, step: &str| {
        if applies {
            steps.push(step.to_owned());
        }
    };
    let has_matrix = letter.matrix.is_some();
    say(has_matrix, t!(locale, letter.step_matrix));
    say(letter.holds() == Anew::Password, t!(locale, letter.step_card_stays));
    say(has_password, t!(locale, letter.step_choose));
    say(!has_matrix, t!(locale, letter.step_shred));
    say(has_matrix, t!(locale, letter.step_keep));
    say(letter.holds() == Anew::Matrix, t!(locale, letter.step_old_card));
    if let Some(day) = letter.last_day {
        steps.push(t!(locale, letter.step_until, day = long_date(locale, day)));
    }
    steps
}

/// Whom to ask: the keepers of such an account, and by name who issued it.
fn help(locale: Locale, letter: &Letter) -> String {
    let name = &letter.issued_by;
    match letter.role {
        AccountRole::Teacher => t!(locale, letter.help_teacher, name = name),
        AccountRole::TestAdministrator | AccountRole::Leader => t!(locale, letter.help_test_administrator, name = name),
        AccountRole::Principal => t!(locale, letter.help_principal, name = name),
        AccountRole::Authority => t!(locale, letter.help_authority).to_owned(),
    }
}
