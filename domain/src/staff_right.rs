//! Booking and running: rights per person and institution.

use serde::{Deserialize, Serialize};

/// A right that an employee holds at an institution, beside the rights to results.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StaffRight {
    /// May book national tests (booking).
    Booking,
    /// May run tests and exams (testafvikling).
    Running,
}

impl StaffRight {
    /// Both rights.
    pub const ALL: [Self; 2] = [Self::Booking, Self::Running];

    /// The stable code in the database.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Booking => "booking",
            Self::Running => "running",
        }
    }

    /// The right with this code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|right| right.code() == code)
    }
}

/// Should the system give both rights by itself?
///
/// They are given once, when a person first becomes a teacher (Lærer) at the institution by
/// whatever route; a later removal survives every import. Hence: only where nothing was ever
/// recorded about the person's right, given or removed.
#[must_use]
pub const fn given_automatically(is_teacher: bool, ever_recorded: bool) -> bool {
    is_teacher && !ever_recorded
}

/// Is a recorded right effective? Only while there is a live staff affiliation of any type.
#[must_use]
pub const fn effective(recorded: bool, live_staff_affiliation: bool) -> bool {
    recorded && live_staff_affiliation
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rights_are_given_once_to_new_teachers() {
        assert!(given_automatically(true, false));
        assert!(!given_automatically(true, true), "a removal survives");
        assert!(!given_automatically(false, false), "other staff get nothing by themselves");
        assert!(!given_automatically(false, true));
    }

    #[test]
    fn a_right_sleeps_without_an_affiliation() {
        assert!(effective(true, true));
        assert!(!effective(true, false));
        assert!(!effective(false, true));
        assert!(!effective(false, false));
    }

    #[test]
    fn codes_read_back() {
        for right in StaffRight::ALL {
            assert_eq!(StaffRight::from_code(right.code()), Some(right));
        }
        assert_eq!(StaffRight::from_code("Booking"), None);
    }
}
