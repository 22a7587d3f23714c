//! Exemptions: how they stand, what is wished about them, and where two wishes meet.

use crate::ids::PersonId;
use crate::school::Roster;
use crate::time::Instant;
use serde::{Deserialize, Serialize};

/// One exemption as the leaders' page shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExemptionEntry {
    /// The pupil.
    pub pupil: PersonId,
    /// The test's code.
    pub test: String,
    /// First calendar year of the school year: 2026 for 2026/27.
    pub school_year: i16,
    /// The note; empty where none is kept.
    pub note: String,
    /// Who exempted.
    pub author: String,
    /// When.
    pub recorded: Instant,
}

/// All that the exemptions' grid needs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExemptionLoad {
    /// People, groups and tests.
    pub roster: Roster,
    /// The exemptions that stand, of every school year.
    pub entries: Vec<ExemptionEntry>,
    /// First calendar year of the present school year.
    pub this_year: i16,
    /// The server's now.
    pub now: Instant,
}

/// A change to exemptions: exempt or withdraw.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExemptionChange {
    /// The pupil.
    pub pupil: PersonId,
    /// The test's code.
    pub test: String,
    /// First calendar year of the school year.
    pub school_year: i16,
    /// Exempt (true) or withdraw (false).
    pub exempt: bool,
    /// A note; without anything about the pupil's health.
    pub note: String,
    /// What the person was looking at: when the exemption that stood was recorded; `None` where none did.
    pub seen: Option<Instant>,
}

/// An exemption that somebody else gave, changed or withdrew after the person looked, and otherwise than
/// is wished.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExemptionConflict {
    /// The pupil.
    pub pupil: PersonId,
    /// The test's code.
    pub test: String,
    /// First calendar year of the school year.
    pub school_year: i16,
    /// Is the pupil exempt now?
    pub exempt: bool,
    /// The note that stands; empty where none does.
    pub note: String,
    /// Who decided so.
    pub author: String,
    /// When.
    pub at: Instant,
}

/// What became of changes to exemptions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExemptionOutcome {
    /// Why nothing was recorded; empty where everything was.
    pub conflicts: Vec<ExemptionConflict>,
    /// The exemptions that stand now, of every school year.
    pub entries: Vec<ExemptionEntry>,
}
