//! What becomes of accounts and people, in words.

use crate::t;
use crate::text::Locale;
use domain::UserType;
use domain::exchange::accounts::{AccountDeed, Anew, Doer, Wish};
use domain::exchange::own::{Factor, PasswordHint, TryOutcome};

/// What somebody is at a school (brugertype).
#[must_use]
pub fn user_type(locale: Locale, user_type: UserType) -> &'static str {
    match user_type {
        UserType::Teacher => t!(locale, user_type.teacher),
        UserType::Pedagogue => t!(locale, user_type.pedagogue),
        UserType::Substitute => t!(locale, user_type.substitute),
        UserType::Leader => t!(locale, user_type.leader),
        UserType::Management => t!(locale, user_type.management),
        UserType::Administrative => t!(locale, user_type.administrative),
        UserType::Consultant => t!(locale, user_type.consultant),
        UserType::Pupil => t!(locale, user_type.pupil),
        UserType::Trainee => t!(locale, user_type.trainee),
        UserType::External => t!(locale, user_type.external),
    }
}

/// What was done with an account.
#[must_use]
pub fn account_deed(locale: Locale, what: AccountDeed) -> &'static str {
    match what {
        AccountDeed::Registered => t!(locale, account.deed.registered),
        AccountDeed::Changed => t!(locale, account.deed.changed),
        AccountDeed::Issued(Anew::Password) => t!(locale, account.deed.password),
        AccountDeed::Issued(Anew::Matrix) => t!(locale, account.deed.matrix),
        AccountDeed::Issued(Anew::Both) => t!(locale, account.deed.both),
        AccountDeed::Printed => t!(locale, account.deed.printed),
        AccountDeed::PasswordChosen => t!(locale, account.deed.chosen),
        AccountDeed::PasskeyAdded => t!(locale, account.deed.passkey_added),
        AccountDeed::PasskeyRemoved => t!(locale, account.deed.passkey_removed),
        AccountDeed::PasskeyRefused => t!(locale, account.deed.passkey_refused),
        AccountDeed::SessionsEnded => t!(locale, account.deed.sessions_ended),
        AccountDeed::Deactivated => t!(locale, account.deed.deactivated),
        AccountDeed::Reactivated => t!(locale, account.deed.reactivated),
        AccountDeed::Deleted => t!(locale, account.deed.deleted),
        AccountDeed::Merged => t!(locale, account.deed.merged),
        AccountDeed::Separated => t!(locale, account.deed.separated),
    }
}

/// Who did it.
#[must_use]
pub fn doer(locale: Locale, by: &Doer) -> &str {
    match by {
        Doer::Person(name) => name,
        Doer::Erased => t!(locale, account.by.erased),
        Doer::Operator => t!(locale, account.by.operator),
        Doer::System => t!(locale, account.by.system),
    }
}

/// What a letter held.
#[must_use]
pub fn letter_holds(locale: Locale, what: Anew) -> &'static str {
    match what {
        Anew::Password => t!(locale, own.letter_password),
        Anew::Matrix => t!(locale, own.letter_matrix),
        Anew::Both => t!(locale, own.letter_both),
    }
}

/// What was asked for.
#[must_use]
pub fn wished(locale: Locale, wish: Wish) -> &'static str {
    match wish {
        Wish::Reactivate => t!(locale, inbox.reactivate),
        Wish::Reissue => t!(locale, inbox.reissue),
        Wish::Delete => t!(locale, inbox.delete),
        Wish::Merge => t!(locale, inbox.merge),
        Wish::Access => t!(locale, inbox.access),
    }
}

/// What somebody tried to sign in with.
#[must_use]
pub fn tried_with(locale: Locale, factor: Factor) -> &'static str {
    match factor {
        Factor::Password => t!(locale, own.with_password),
        Factor::Matrix => t!(locale, own.with_matrix),
        Factor::Passkey => t!(locale, own.with_passkey),
        Factor::None => t!(locale, own.with_nothing),
    }
}

/// What became of it.
#[must_use]
pub fn try_outcome(locale: Locale, outcome: TryOutcome) -> &'static str {
    match outcome {
        TryOutcome::Wrong => t!(locale, own.was_wrong),
        TryOutcome::Right => t!(locale, own.was_right),
        TryOutcome::SignedIn => t!(locale, own.was_signed_in),
        TryOutcome::Inactive => t!(locale, own.was_inactive),
    }
}

/// Advice about a password.
#[must_use]
pub fn password_hint(locale: Locale, hint: PasswordHint) -> &'static str {
    match hint {
        PasswordHint::Keyboard => t!(locale, hint.keyboard),
        PasswordHint::Repeats => t!(locale, hint.repeats),
        PasswordHint::Sequences => t!(locale, hint.sequences),
        PasswordHint::Common => t!(locale, hint.common),
        PasswordHint::SingleWord => t!(locale, hint.single_word),
        PasswordHint::Names => t!(locale, hint.names),
        PasswordHint::Dates => t!(locale, hint.dates),
        PasswordHint::Tricks => t!(locale, hint.tricks),
        PasswordHint::MoreWords => t!(locale, hint.more_words),
    }
}
