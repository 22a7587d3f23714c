//! The import of a roster: OneRoster 1.1 and 1.2 CSV, as a zip or a folder, whole or as a change; and the import
//! and export documents of UNI-Login; and the staff list of a Swedish school.
//!
//! [`crate::Service::import_bundle`] does all of it. [`parse`] tells formats apart by what is in the files (`format`)
//! and has the format's own reader make a [`Staged`] document of them and check every row (`read`, `unilogin`, `staff`); it
//! touches no database. From there on all formats are one. [`crate::Service::import`] takes the schools one
//! by one, so that no more than one is in memory with its rows (`school`). It lays the document over what is
//! known of a school (`roll`), reads from it what should be recorded (`wanted`), compares that with what is
//! (`difference`), and writes the difference (`write`), all schools' in one transaction, or holds it (`held`). With
//! a new school year classes are told by their pupils first (`new_year`).

mod bundle;
mod choice;
mod difference;
mod facts;
mod finding;
mod format;
mod held;
mod limits;
mod manifest;
mod names;
mod national;
mod new_year;
mod noted;
mod options;
mod queue;
mod read;
mod roll;
mod run;
mod school;
mod sheet;
mod source;
mod staff;
mod staged;
mod unilogin;
mod wanted;
mod write;
mod xml;

pub use bundle::Teller;
pub use finding::{Code, Findings, Place};
pub use format::parse;
pub use held::HELD_DAYS;
pub use limits::Limits;
pub use options::{ImportOptions, Target};
pub(crate) use queue::Queue;
pub use source::Source;
pub use staged::{
    Class, Enrollment, Format, Mode, Org, Part, Progress, Role, RoleRow, Session, SourcedId, Staged, Stamp, Step, User,
};

#[cfg(test)]
mod tests;
