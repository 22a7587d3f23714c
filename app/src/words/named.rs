//! Scopes and selectors of single decisions in words.

use super::{group_name, pupil_name};
use crate::t;
use crate::text::Locale;
use domain::exchange::{NamedScope, NamedTests};
use domain::{Roster, Scope, Selector};

/// A decision's scope: "4.A", "Aya Hammoud", "4th level", "the whole school".
#[must_use]
pub fn scope(locale: Locale, roster: &Roster, scope: Scope) -> String {
    match scope {
        Scope::School => t!(locale, words.school).to_owned(),
        Scope::Level(level) => t!(locale, words.level, level = level),
        Scope::Group(group) => group_name(roster, group).to_owned(),
        Scope::Pupil(pupil) => pupil_name(roster, pupil),
    }
}

/// A decision's tests: "Mathematics 4", "Mathematics, all tests", "all national tests".
#[must_use]
pub fn selector(locale: Locale, roster: &Roster, selector: Selector) -> String {
    match selector {
        Selector::All => t!(locale, words.all_national).to_owned(),
        Selector::Subject(ix) => {
            let subject = roster.subjects.get(usize::from(ix.0)).map(|subject| subject.name.as_str());
            t!(locale, words.subject, subject = subject.unwrap_or_default())
        }
        Selector::Test(ix) => roster.tests.get(usize::from(ix.0)).map(|test| test.name.clone()).unwrap_or_default(),
    }
}

/// As [`scope`], where the names come from the server.
#[must_use]
pub fn named_scope(locale: Locale, scope: &NamedScope) -> String {
    match scope {
        NamedScope::School => t!(locale, words.school).to_owned(),
        NamedScope::Level(level) => t!(locale, words.level, level = level),
        NamedScope::Group(name) | NamedScope::Pupil(name) => name.clone(),
    }
}

/// As [`selector`], where the names come from the server.
#[must_use]
pub fn named_tests(locale: Locale, tests: &NamedTests) -> String {
    match tests {
        NamedTests::All => t!(locale, words.all_national).to_owned(),
        NamedTests::Subject(subject) => t!(locale, words.subject, subject = subject),
        NamedTests::Test(name) => name.clone(),
    }
}
