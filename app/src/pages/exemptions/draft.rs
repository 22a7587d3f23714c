//! Exemptions that are wished and not applied yet, with undo.

use domain::PersonId;
use domain::exchange::{ExemptionChange, ExemptionEntry};

/// How many steps back there are.
const STEPS: usize = 100;

/// One cell of the leaders' grid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) pupil: PersonId,
    pub(super) test: String,
    pub(super) year: i16,
}

/// What a cell shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Cell {
    /// Exempt, with the draft?
    pub(super) exempt: bool,
    /// The note, with the draft.
    pub(super) note: String,
    /// Exempt as recorded?
    pub(super) recorded: bool,
    /// Does the draft change it?
    pub(super) changed: bool,
}

/// What the leader wishes, beside what stands.
#[derive(Clone, Debug, Default)]
pub(super) struct Draft {
    changes: Vec<ExemptionChange>,
    before: Vec<Vec<ExemptionChange>>,
    undone: Vec<Vec<ExemptionChange>>,
}

fn stands<'a>(entries: &'a [ExemptionEntry], place: &Place) -> Option<&'a ExemptionEntry> {
    entries.iter().find(|e| e.pupil == place.pupil && e.test == place.test && e.school_year == place.year)
}

impl Draft {
    /// The changes, in the order they were made.
    pub(super) fn changes(&self) -> &[ExemptionChange] {
        &self.changes
    }

    /// The changes, each with what it is made on.
    pub(super) fn changes_on(&self, entries: &[ExemptionEntry]) -> Vec<ExemptionChange> {
        let on = |change: &ExemptionChange| {
            let place = Place { pupil: change.pupil, test: change.test.clone(), year: change.school_year };
            ExemptionChange { seen: stands(entries, &place).map(|entry| entry.recorded), ..change.clone() }
        };
        self.changes.iter().map(on).collect()
    }

    /// What a cell shows.
    pub(super) fn cell(&self, entries: &[ExemptionEntry], place: &Place) -> Cell {
        let recorded = stands(entries, place);
        let is_here =
            |c: &&ExemptionChange| c.pupil == place.pupil && c.test == place.test && c.school_year == place.year;
        match self.changes.iter().find(is_here) {
            Some(change) => {
                Cell { exempt: change.exempt, note: change.note.clone(), recorded: recorded.is_some(), changed: true }
            }
            None => Cell {
                exempt: recorded.is_some(),
                note: recorded.map(|entry| entry.note.clone()).unwrap_or_default(),
                recorded: recorded.is_some(),
                changed: false,
            },
        }
    }

    /// Wishes something for a cell; wishing what stands is no wish.
    pub(super) fn wish(&mut self, entries: &[ExemptionEntry], place: &Place, exempt: bool, note: String) {
        self.remember();
        self.put(entries, place, exempt, note);
    }

    /// Exempts in all of these cells, or in none of them if all are; the notes that stand stay.
    pub(super) fn toggle_all(&mut self, entries: &[ExemptionEntry], places: &[Place]) {
        self.remember();
        let exempt = !places.iter().all(|place| self.cell(entries, place).exempt);
        for place in places {
            if self.cell(entries, place).exempt != exempt {
                let note = stands(entries, place).filter(|_| exempt).map(|entry| entry.note.clone());
                self.put(entries, place, exempt, note.unwrap_or_default());
            }
        }
    }

    fn put(&mut self, entries: &[ExemptionEntry], place: &Place, exempt: bool, note: String) {
        self.changes.retain(|c| !(c.pupil == place.pupil && c.test == place.test && c.school_year == place.year));
        let is_so = match stands(entries, place) {
            Some(entry) => exempt && entry.note == note,
            None => !exempt,
        };
        if !is_so {
            let Place { pupil, test, year } = place.clone();
            self.changes.push(ExemptionChange { pupil, test, school_year: year, exempt, note, seen: None });
        }
    }

    fn remember(&mut self) {
        if self.before.len() == STEPS {
            self.before.remove(0);
        }
        self.before.push(self.changes.clone());
        self.undone.clear();
    }

    /// Takes the last step back.
    pub(super) fn undo(&mut self) {
        if let Some(before) = self.before.pop() {
            self.undone.push(std::mem::replace(&mut self.changes, before));
        }
    }

    /// Goes forward again.
    pub(super) fn redo(&mut self) {
        if let Some(after) = self.undone.pop() {
            self.before.push(std::mem::replace(&mut self.changes, after));
        }
    }

    /// Throws all wishes away; that too can be undone.
    pub(super) fn discard(&mut self) {
        self.remember();
        self.changes.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::Instant;
    use uuid::Uuid;

    fn place(test: &str) -> Place {
        Place { pupil: PersonId(Uuid::nil()), test: test.into(), year: 2026 }
    }

    fn entries() -> Vec<ExemptionEntry> {
        vec![ExemptionEntry {
            pupil: PersonId(Uuid::nil()),
            test: "M4".into(),
            school_year: 2026,
            note: "Aftalt".into(),
            author: String::new(),
            recorded: Instant(0),
        }]
    }

    #[test]
    fn a_selection_is_exempt_as_one_and_keeps_the_notes_that_stand() {
        let (mut draft, entries) = (Draft::default(), entries());
        let places = [place("M4"), place("D4")];
        draft.toggle_all(&entries, &places);
        assert_eq!(draft.changes().iter().map(|c| (c.test.as_str(), c.exempt)).collect::<Vec<_>>(), [("D4", true)]);
        draft.toggle_all(&entries, &places);
        assert_eq!(draft.changes().iter().map(|c| (c.test.as_str(), c.exempt)).collect::<Vec<_>>(), [("M4", false)]);
        draft.toggle_all(&entries, &places[..1]);
        assert!(draft.changes().is_empty(), "with the note it had: {:?}", draft.changes());
        draft.undo();
        draft.undo();
        assert_eq!(draft.changes().len(), 1, "one step for all of them");
    }

    #[test]
    fn a_change_says_what_it_is_made_on() {
        let (mut draft, entries) = (Draft::default(), entries());
        draft.toggle_all(&entries, &[place("M4")]);
        draft.toggle_all(&entries, &[place("D4")]);
        let seen: Vec<_> = draft.changes_on(&entries).into_iter().map(|change| change.seen).collect();
        assert_eq!(seen, [Some(Instant(0)), None]);
    }

    #[test]
    fn a_wish_shows_and_wishing_what_stands_is_none() {
        let (mut draft, entries) = (Draft::default(), entries());
        draft.wish(&entries, &place("D4"), true, String::new());
        let cell = draft.cell(&entries, &place("D4"));
        assert_eq!((cell.exempt, cell.recorded, cell.changed), (true, false, true));
        draft.wish(&entries, &place("D4"), false, String::new());
        assert!(draft.changes().is_empty());
    }

    #[test]
    fn another_note_is_a_change_and_another_year_another_cell() {
        let (mut draft, entries) = (Draft::default(), entries());
        draft.wish(&entries, &place("M4"), true, "Aftalt".into());
        assert!(draft.changes().is_empty());
        draft.wish(&entries, &place("M4"), true, "Aftalt 2".into());
        assert_eq!(draft.changes().len(), 1);
        assert!(!draft.cell(&entries, &Place { year: 2027, ..place("M4") }).exempt);
    }

    #[test]
    fn steps_go_back_and_forth() {
        let (mut draft, entries) = (Draft::default(), entries());
        draft.wish(&entries, &place("M4"), false, String::new());
        draft.discard();
        draft.undo();
        assert_eq!(draft.changes().len(), 1);
        draft.undo();
        assert!(draft.changes().is_empty());
        draft.redo();
        assert_eq!(draft.changes().len(), 1);
    }
}
