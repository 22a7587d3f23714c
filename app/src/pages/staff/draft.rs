//! Wishes that are not applied yet, with undo.

use domain::PersonId;
use domain::exchange::{StaffChange, StaffRow};
use domain::staff_right::StaffRight;

/// One wish: this employee, this right, yes or no.
type Wish = (PersonId, StaffRight, bool);

/// How many steps back there are.
const STEPS: usize = 100;

/// What the person wishes, beside what is recorded.
#[derive(Clone, Debug, Default)]
pub(super) struct Draft {
    wishes: Vec<Wish>,
    before: Vec<Vec<Wish>>,
    undone: Vec<Vec<Wish>>,
}

/// What is recorded about a right.
pub(super) const fn recorded(row: &StaffRow, right: StaffRight) -> bool {
    row.stands(right).granted
}

impl Draft {
    /// What is wished about a right; `None` where nothing is.
    pub(super) fn wished(&self, person: PersonId, right: StaffRight) -> Option<bool> {
        self.wishes.iter().find(|wish| (wish.0, wish.1) == (person, right)).map(|wish| wish.2)
    }

    /// Wishes something; wishing what is recorded is no wish.
    pub(super) fn wish(&mut self, person: PersonId, right: StaffRight, wished: bool, recorded: bool) {
        self.remember();
        self.put(person, right, wished, recorded);
    }

    /// Gives all of these rights, or takes them all if all would be held; those of nobody here are left out.
    pub(super) fn toggle_all(&mut self, rows: &[StaffRow], cells: &[(PersonId, StaffRight)]) {
        self.remember();
        let row = |person| rows.iter().find(|row| row.person == person);
        let cells: Vec<_> = cells.iter().filter_map(|(person, right)| Some((row(*person)?, *right))).collect();
        let has =
            |(row, right): &(&StaffRow, StaffRight)| self.wished(row.person, *right).unwrap_or(recorded(row, *right));
        let wished = !cells.iter().all(has);
        for (row, right) in cells {
            self.put(row.person, right, wished, recorded(row, right));
        }
    }

    fn put(&mut self, person: PersonId, right: StaffRight, wished: bool, recorded: bool) {
        self.wishes.retain(|wish| (wish.0, wish.1) != (person, right));
        if wished != recorded {
            self.wishes.push((person, right, wished));
        }
    }

    fn remember(&mut self) {
        if self.before.len() == STEPS {
            self.before.remove(0);
        }
        self.before.push(self.wishes.clone());
        self.undone.clear();
    }

    /// Takes the last step back.
    pub(super) fn undo(&mut self) {
        if let Some(before) = self.before.pop() {
            self.undone.push(std::mem::replace(&mut self.wishes, before));
        }
    }

    /// Goes forward again.
    pub(super) fn redo(&mut self) {
        if let Some(after) = self.undone.pop() {
            self.before.push(std::mem::replace(&mut self.wishes, after));
        }
    }

    /// Throws all wishes away; that too can be undone.
    pub(super) fn discard(&mut self) {
        self.remember();
        self.wishes.clear();
    }

    /// The wishes as changes, in the order of the list.
    pub(super) fn changes(&self, rows: &[StaffRow]) -> Vec<StaffChange> {
        let change = |row: &StaffRow| {
            let wish = |right| self.wished(row.person, right).filter(|wished| *wished != recorded(row, right));
            let change = row.change(wish(StaffRight::Booking), wish(StaffRight::Running));
            (change.booking.is_some() || change.running.is_some()).then_some(change)
        };
        rows.iter().filter_map(change).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use StaffRight::{Booking, Running};
    use domain::Instant;
    use domain::exchange::{StaffStands, StaffWish};
    use uuid::Uuid;

    fn rows() -> Vec<StaffRow> {
        [(1, true, true), (2, false, true)]
            .map(|(id, booking, running)| StaffRow {
                person: PersonId(Uuid::from_u128(id)),
                name: String::new(),
                user_types: vec![],
                booking: StaffStands { granted: booking, since: Some(Instant(5)) },
                running: StaffStands { granted: running, since: None },
                changed: None,
            })
            .into()
    }

    fn id(id: u128) -> PersonId {
        PersonId(Uuid::from_u128(id))
    }

    #[test]
    fn wishing_what_is_recorded_is_no_wish() {
        let mut draft = Draft::default();
        draft.wish(id(1), Booking, false, true);
        let booking = Some(StaffWish { granted: false, seen: Some(Instant(5)) });
        assert_eq!(draft.changes(&rows()), [StaffChange { person: id(1), booking, running: None }]);
        draft.wish(id(1), Booking, true, true);
        assert!(draft.changes(&rows()).is_empty());
    }

    #[test]
    fn a_selection_gives_all_and_then_takes_all() {
        let (mut draft, rows) = (Draft::default(), rows());
        let all = [(id(1), Booking), (id(2), Booking), (id(9), Booking)];
        draft.toggle_all(&rows, &all);
        assert_eq!(draft.changes(&rows), [rows[1].change(Some(true), None)]);
        draft.toggle_all(&rows, &all);
        assert_eq!(draft.changes(&rows), [rows[0].change(Some(false), None)]);
        draft.toggle_all(&rows, &[(id(2), Running)]);
        assert_eq!(draft.wished(id(1), Running), None, "only those shown");
    }

    #[test]
    fn steps_go_back_and_forth() {
        let (mut draft, rows) = (Draft::default(), rows());
        draft.wish(id(1), Booking, false, true);
        draft.wish(id(2), Booking, true, false);
        draft.undo();
        assert_eq!(draft.changes(&rows).len(), 1);
        draft.redo();
        assert_eq!(draft.changes(&rows).len(), 2);
        draft.discard();
        assert!(draft.changes(&rows).is_empty());
        draft.undo();
        assert_eq!(draft.changes(&rows).len(), 2);
    }
}
