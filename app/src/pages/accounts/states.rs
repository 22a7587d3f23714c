//! States of accounts in words, with the days that go with them, and what can be done.

use crate::t;
use crate::text::{Locale, date};
use domain::Zone;
use domain::account::{Action, CardEnd, State};
use domain::exchange::accounts::AccountLine;
use leptos::prelude::*;

/// A state's name.
pub(in crate::pages) fn name(locale: Locale, state: State) -> &'static str {
    match state {
        State::Issued => t!(locale, accounts.states.issued),
        State::Active => t!(locale, accounts.states.active),
        State::Locked => t!(locale, accounts.states.locked),
        State::Lapsed => t!(locale, accounts.states.lapsed),
        State::Deactivated => t!(locale, accounts.states.deactivated),
        State::Deleted => t!(locale, accounts.states.deleted),
        State::Merged => t!(locale, accounts.states.merged),
    }
}

/// A state's word in an address.
pub(super) const fn code(state: State) -> &'static str {
    match state {
        State::Issued => "issued",
        State::Active => "active",
        State::Locked => "locked",
        State::Lapsed => "lapsed",
        State::Deactivated => "deactivated",
        State::Deleted => "deleted",
        State::Merged => "merged",
    }
}

/// The state of this word.
pub(super) fn of_code(word: &str) -> Option<State> {
    State::ALL.into_iter().find(|state| code(*state) == word)
}

/// The state as a mark, and beneath it until when, since when and by whom.
pub(super) fn view(locale: Locale, zone: Zone, line: &AccountLine) -> AnyView {
    let class = match line.state {
        State::Active => "tag tag--add",
        State::Issued | State::Merged => "tag",
        State::Lapsed | State::Locked => "tag tag--warn",
        State::Deactivated | State::Deleted => "tag tag--rem",
    };
    view! { <span class=class>{name(locale, line.state)}</span>" "<span class="sub nw">{details(locale, zone, line)}</span> }
        .into_any()
}

/// Until when, since when and by whom.
pub(super) fn details(locale: Locale, zone: Zone, line: &AccountLine) -> String {
    let last = line.last_day.map(|day| date(locale, day));
    let since = line.since.map(|at| date(locale, zone.date_of(at)));
    match (line.state, last, since) {
        (State::Issued, Some(day), _) => t!(locale, accounts.issued_until, day = day),
        (State::Issued, None, _) => t!(locale, accounts.issued_no_end).to_owned(),
        (State::Active, Some(day), _) => t!(locale, accounts.until, day = day),
        (State::Active, None, _) => t!(locale, accounts.no_end).to_owned(),
        (State::Locked, ..) => t!(locale, accounts.locked_why).to_owned(),
        (_, _, Some(day)) => match &line.closed_by {
            Some(name) => t!(locale, accounts.closed_by, day = day, name = name),
            None => t!(locale, accounts.since, day = day),
        },
        (_, _, None) => String::new(),
    }
}

/// How far the card has come; nothing without one.
pub(super) fn card(locale: Locale, line: &AccountLine) -> Option<AnyView> {
    let left = line.challenges_left?;
    let card = match line.card_end {
        CardEnd::Never if left == 0 => view! { {t!(locale, account.challenges, n = left)} }.into_any(),
        CardEnd::Never => view! { {t!(locale, account.starts_over)} }.into_any(),
        CardEnd::Later => view! { {t!(locale, account.challenges, n = left)} }.into_any(),
        CardEnd::Soon => {
            view! { <span class="tag tag--warn">{t!(locale, account.card_soon, n = left)}</span> }.into_any()
        }
    };
    Some(card)
}

/// What can be done, as words of a list.
pub(super) fn action(locale: Locale, action: Action) -> &'static str {
    match action {
        Action::Register => t!(locale, accounts.register),
        Action::Change => t!(locale, accounts.actions.change),
        Action::Reissue => t!(locale, accounts.actions.reissue),
        Action::Deactivate => t!(locale, accounts.actions.deactivate),
        Action::Reactivate => t!(locale, accounts.actions.reactivate),
        Action::Delete => t!(locale, accounts.actions.delete),
        Action::Merge => t!(locale, accounts.actions.merge),
        Action::Separate => t!(locale, accounts.actions.separate),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_read_back_from_their_words() {
        for state in State::ALL {
            assert_eq!(of_code(code(state)), Some(state));
        }
        assert_eq!(of_code("open"), None);
    }
}
