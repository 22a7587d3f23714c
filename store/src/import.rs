//! What a roster import reads and writes, many rows at a time.

mod classes;
mod read;
mod runs;
mod sources;
mod write;

pub use classes::{class_lists, levels_at, rename_sources};
pub use read::{file_roster, people_of, person_of_uni_id};
pub use runs::{
    Decision, ImportRun, ListedRun, State, add_run, decide, held, held_before, kept, lay_aside, reject_others, runs,
    waiting,
};
pub use sources::{KnownSource, keep_source, sources};
pub use write::{
    Facts, NewAffiliation, NewGroup, NewLevel, NewPlace, Progress, Recording, add_affiliations, add_groups, add_levels,
    add_memberships, add_teaching, change_groups, close, end_groups,
};

use domain::{GroupId, GroupKind, Level, PersonId, UserType, Window};
use uuid::Uuid;

/// The source of an affiliation that came with a file.
pub const FILE_SOURCE: &str = "file";

/// The source of an affiliation that came with a staff list.
pub const LIST_SOURCE: &str = "list";

/// The source of an affiliation that was recorded by hand.
pub const HAND_SOURCE: &str = "hand";

/// Everything recorded from files about one institution that has not ended yet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FileRoster {
    /// Persons whom files have named, under each name they gave.
    pub people: Vec<KnownPerson>,
    /// What they are at the institution.
    pub affiliations: Vec<KnownAffiliation>,
    /// Levels of pupils.
    pub levels: Vec<KnownLevel>,
    /// Classes and other groups, those that are gone too.
    pub groups: Vec<KnownGroup>,
    /// Pupils in groups.
    pub memberships: Vec<KnownPlace>,
    /// Teachers of groups.
    pub teaching: Vec<KnownPlace>,
    /// Persons about whose right to book or run something was ever recorded here.
    pub staff_rights: Vec<PersonId>,
    /// Was a level ever recorded here?
    pub had_levels: bool,
}

/// A person under a name that a file gave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownPerson {
    /// The source system's id.
    pub source_id: String,
    /// Our id.
    pub person: PersonId,
    /// Given names.
    pub given: String,
    /// Family name.
    pub family: String,
    /// Protected identity?
    pub protected: bool,
    /// Number of the alias here, for protected pupils.
    pub alias: Option<i64>,
    /// Do another owner's files, which named the person first, name them still? Then the name is what those say.
    pub is_named_elsewhere: bool,
}

/// What a person is at the institution.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KnownAffiliation {
    /// The fact.
    pub id: Uuid,
    /// The person.
    pub person: PersonId,
    /// What.
    pub user_type: UserType,
    /// When.
    pub valid: Window,
}

/// A pupil's level.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownLevel {
    /// The fact.
    pub id: Uuid,
    /// The pupil.
    pub person: PersonId,
    /// The level.
    pub level: Option<Level>,
    /// The grade in the roster's words.
    pub raw: String,
    /// When.
    pub valid: Window,
}

/// A class or another group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownGroup {
    /// The source system's id.
    pub source_id: String,
    /// Our id.
    pub group: GroupId,
    /// Its name.
    pub name: String,
    /// Class or other group.
    pub kind: GroupKind,
    /// The subject of a section.
    pub subject: Option<String>,
    /// Missing from the latest file?
    pub is_gone: bool,
}

/// A person's place in a group, as pupil or as teacher.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KnownPlace {
    /// The fact.
    pub id: Uuid,
    /// The person.
    pub person: PersonId,
    /// The group.
    pub group: GroupId,
    /// When.
    pub valid: Window,
}
