//! What a change would do, over time: who gains, who loses, what nobody would see any more.

use crate::school::{PupilIx, TeacherIx};
use crate::test::TestIx;
use crate::time::Instant;
use serde::{Deserialize, Serialize};

/// One teacher's right to one pupil's result in one test that begins or ends to exist.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Change {
    /// The teacher.
    pub teacher: TeacherIx,
    /// The pupil.
    pub pupil: PupilIx,
    /// The test.
    pub test: TestIx,
    /// From when the answer differs.
    pub from: Instant,
    /// Until when it differs (exclusive); `None` if for good.
    pub until: Option<Instant>,
}

/// A pupil's result in a test that some teacher would have seen and none will.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Unseen {
    /// The pupil.
    pub pupil: PupilIx,
    /// The test.
    pub test: TestIx,
    /// From when nobody sees it.
    pub from: Instant,
}

/// The whole effect of a change, sorted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Diff {
    /// Rights that come to be.
    pub gains: Vec<Change>,
    /// Rights that cease.
    pub losses: Vec<Change>,
    /// What no teacher would see any more.
    pub unseen: Vec<Unseen>,
}
