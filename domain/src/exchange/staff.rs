//! Rights to book and to run: how they stand, what is wished about them, and where two wishes meet.

use crate::ids::PersonId;
use crate::staff_right::StaffRight;
use crate::time::Instant;
use serde::{Deserialize, Serialize};

/// An employee's rights to book and to run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StaffRow {
    /// The person.
    pub person: PersonId,
    /// Full name.
    pub name: String,
    /// User types here, in the school's words.
    pub user_types: Vec<String>,
    /// May the person book national tests?
    pub booking: StaffStands,
    /// May the person run tests and exams?
    pub running: StaffStands,
    /// Who last changed either right, and when.
    pub changed: Option<(String, Instant)>,
}

/// How a right to book or to run stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StaffStands {
    /// Is it given?
    pub granted: bool,
    /// Since when it stands so; `None` where nothing was ever recorded.
    pub since: Option<Instant>,
}

/// A change to an employee's rights to book and to run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StaffChange {
    /// The person.
    pub person: PersonId,
    /// Booking; `None` where nothing is wished about it.
    pub booking: Option<StaffWish>,
    /// Running; `None` where nothing is wished about it.
    pub running: Option<StaffWish>,
}

/// What is wished about one right.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StaffWish {
    /// Given from now on, or removed?
    pub granted: bool,
    /// What the person was looking at: [`StaffStands::since`].
    pub seen: Option<Instant>,
}

impl StaffRow {
    /// How one of the rights stands.
    #[must_use]
    pub const fn stands(&self, right: StaffRight) -> StaffStands {
        match right {
            StaffRight::Booking => self.booking,
            StaffRight::Running => self.running,
        }
    }

    /// The change that gives or removes what is named, and wishes nothing about the rest.
    #[must_use]
    pub fn change(&self, booking: Option<bool>, running: Option<bool>) -> StaffChange {
        let wish = |granted: Option<bool>, stands: StaffStands| {
            granted.map(|granted| StaffWish { granted, seen: stands.since })
        };
        StaffChange { person: self.person, booking: wish(booking, self.booking), running: wish(running, self.running) }
    }
}

impl StaffChange {
    /// What is wished about one of the rights.
    #[must_use]
    pub const fn wish(&self, right: StaffRight) -> Option<StaffWish> {
        match right {
            StaffRight::Booking => self.booking,
            StaffRight::Running => self.running,
        }
    }
}

/// A right that somebody else decided about after the person looked, and otherwise than is wished.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StaffConflict {
    /// Whose right.
    pub person: PersonId,
    /// Which.
    pub right: StaffRight,
    /// How it stands now.
    pub granted: bool,
    /// Who decided so; empty for the system.
    pub author: String,
    /// When.
    pub at: Instant,
}

/// What became of changes to rights to book and to run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StaffOutcome {
    /// Why nothing was recorded; empty where everything was.
    pub conflicts: Vec<StaffConflict>,
    /// Every employee as they are now, in order of names.
    pub rows: Vec<StaffRow>,
}
