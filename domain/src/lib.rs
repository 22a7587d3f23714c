//! The rules: who may see which pupil's result in which test, why, and what a draft would change.
//!
//! Pure: no clock, no randomness, no input or output, no async. The server decides with this code
//! and the browser explains with it, so it compiles to both.
//!
//! Start at [`school`] for what the rule reads, at [`oracle`] for the rule in its plainest words,
//! and at [`cube`] for the same rule as bits.

pub mod account;
mod bits;
pub mod calendar;
pub mod capacity;
pub mod crowd;
pub mod cube;
pub mod diff;
pub mod draft;
pub mod effect;
pub mod exchange;
pub mod explain;
pub mod ids;
pub mod import;
mod lane;
pub mod level;
pub mod material;
pub mod national_number;
pub mod notice;
pub mod oracle;
pub mod order;
pub mod school;
pub mod staff_right;
pub mod test;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
pub mod text;
pub mod time;
pub mod unilogin;
pub mod view;

pub use calendar::{Date, SchoolYear, Zone};
pub use capacity::{AccountRole, Capacity, IdentitySource, UserType};
pub use crowd::Crowd;
pub use cube::Cube;

pub use ids::{AccountId, AuthorityId, GroupId, ImportId, InstitutionId, MaterialId, PasskeyId, PersonId, SessionId};
pub use level::Level;
pub use school::{
    ChangeSet, ChangeSetIx, Decision, Effect, Exemption, Fact, Group, GroupIx, GroupKind, Person, PupilIx, Record,
    Roster, School, Scope, Selector, TakingBack, TeacherIx,
};
pub use test::{Subject, SubjectIx, Test, TestIx, TestKind};
pub use time::{Instant, Moment, Window};
pub use unilogin::{Flag, UniId};
