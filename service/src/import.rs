//! The import of a roster: OneRoster 1.1 and 1.2 CSV, as a zip or a folder, whole or as a change.
//!
//! [`crate::Service::import_bundle`] does all of it. [`parse`] reads a bundle into a [`Staged`]
//! document and checks every row; it touches no database. [`crate::Service::import`] takes the schools one
//! by one, so that no more than one is in memory with its rows (`school`). It lays the document over what is
//! known of a school (`roll`), reads from it what should be recorded (`wanted`), compares that with what is
//! (`difference`), and writes the difference (`write`), all schools' in one transaction, or holds it (`held`).

mod bundle;
mod choice;
mod difference;
mod facts;
mod finding;
mod held;
mod limits;
mod manifest;
mod names;
mod noted;
mod queue;
mod read;
mod roll;
mod run;
mod school;
mod sheet;
mod source;
mod staged;
mod wanted;
mod write;

pub use bundle::Teller;
pub use finding::{Code, Findings, Place};
pub use held::HELD_DAYS;
pub use limits::Limits;
pub(crate) use queue::Queue;
pub use read::parse;
pub use run::{ImportOptions, Target};
pub use source::Source;
pub use staged::{
    Class, Enrollment, Format, Mode, Org, Part, Progress, Role, RoleRow, Session, SourcedId, Staged, Step, User,
};

#[cfg(test)]
mod tests;
