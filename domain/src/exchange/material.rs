//! What pages and commands exchange with `service` about assessment material.

use crate::calendar::Zone;
use crate::exchange::accounts::{AccountLine, Help};
use crate::ids::{AccountId, MaterialId};
use crate::material::SchoolForm;
use crate::test::Subject;
use crate::time::Instant;
use serde::{Deserialize, Serialize};

/// A piece of material, as lists show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MaterialLine {
    /// Our id.
    pub id: MaterialId,
    /// What it is called.
    pub title: String,
    /// The country it is made for, `dk` or `se`.
    pub country: String,
    /// Its subject, by slug.
    pub subject: String,
    /// The form of schooling it is made for; `None` for every one.
    pub school_form: Option<SchoolForm>,
    /// Does it stand in the protected part?
    pub protected: bool,
    /// The name of its file.
    pub file_name: String,
    /// How long its file is, in bytes.
    pub bytes: u64,
    /// When it was added.
    pub added: Instant,
    /// When it was taken back, if it was.
    pub withdrawn: Option<Instant>,
}

/// What is to be shown of the material, by the address; empty parts leave nothing out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MaterialFilter {
    /// One subject, by slug.
    pub subject: Option<String>,
    /// One form of schooling; material for every form is shown with it.
    pub school_form: Option<SchoolForm>,
}

/// The material of one subject, as one account finds it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MaterialSubject {
    /// The subject.
    pub subject: Subject,
    /// Was it given to the account?
    pub given: bool,
    /// What opens, by school form and title.
    pub materials: Vec<MaterialLine>,
    /// How many pieces do not, because the subject has not been given.
    pub withheld: u32,
}

/// The portal, as one teacher's account finds it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Portal {
    /// The subjects that there is material in, in the catalogue's order.
    pub subjects: Vec<MaterialSubject>,
    /// The subjects to choose among.
    pub all_subjects: Vec<Subject>,
    /// The forms of schooling to choose among.
    pub school_forms: Vec<SchoolForm>,
    /// Subjects that were given although there is no material in them.
    pub given_empty: Vec<Subject>,
    /// Who gives subjects here, by name.
    pub help: Vec<Help>,
}

/// The open part: anybody's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenPart {
    /// Each country that has some, with it by subject.
    pub countries: Vec<(String, Vec<MaterialSubject>)>,
}

/// Why an account does not open the portal, and what its person can do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum WrongDoor {
    /// It is a teacher's: this is the right door.
    No,
    /// The person may register a teacher's account for themselves, with one click.
    RegisterYourself,
    /// The person has a teacher's account here, of this user name.
    UseYours(String),
    /// Others here register teachers: these.
    Ask(Vec<Help>),
    /// The account is held at an authority, where nobody teaches.
    Authority,
}

/// That protected material was opened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MaterialOpening {
    /// When.
    pub opened: Instant,
    /// What.
    pub material: MaterialId,
    /// What it is called.
    pub title: String,
    /// Its subject, by slug.
    pub subject: String,
    /// The account it was opened with.
    pub account: AccountId,
    /// That account's user name.
    pub user_name: String,
    /// Whose account it is; an alias where the person is protected.
    pub name: String,
    /// Where the account is held, by name.
    pub institution: String,
    /// The zone that days are counted in there.
    pub zone: Zone,
}

/// Subjects to be given to several accounts, or taken from them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubjectsOrder {
    /// Whose.
    pub accounts: Vec<AccountId>,
    /// Subjects to give, by slug.
    pub give: Vec<String>,
    /// Subjects to take, by slug.
    pub take: Vec<String>,
}

/// What giving and taking subjects would do to one account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubjectsLine {
    /// The account as it is.
    pub account: AccountLine,
    /// The subjects it would gain, by slug.
    pub gains: Vec<String>,
    /// The subjects it would lose, by slug.
    pub loses: Vec<String>,
}

/// What giving and taking subjects would do.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubjectsPreview {
    /// The accounts that would change, in order of names.
    pub changes: Vec<SubjectsLine>,
    /// Those that have it all that way already.
    pub unchanged: Vec<AccountLine>,
    /// The names of the subjects, by slug.
    pub subjects: Vec<Subject>,
}
