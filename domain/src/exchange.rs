//! The plain data that pages and commands exchange with `service`. No rule stands here.

pub mod accounts;
mod exemptions;
pub mod material;
pub mod own;
pub mod people;
pub mod person;
mod staff;

use crate::calendar::{Date, Zone};
use crate::capacity::{AccountRole, Capacity};
use crate::diff::Diff;
use crate::draft::Edit;
use crate::ids::{AccountId, InstitutionId, PersonId};
use crate::school::School;
use crate::time::Instant;
pub use exemptions::{ExemptionChange, ExemptionConflict, ExemptionEntry, ExemptionLoad, ExemptionOutcome};
use serde::{Deserialize, Serialize};
pub use staff::{StaffChange, StaffConflict, StaffOutcome, StaffRow, StaffStands, StaffWish};

/// Why something was refused, in a form that may be shown to anybody.
///
/// `code` is stable and picks the translated sentence; `help` names who can help (by role before
/// sign-in, by name after it).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{code:?}")]
pub struct Refusal {
    /// What kind of refusal it is.
    pub code: RefusalCode,
    /// From which day on it can be done, where that is all that is wrong.
    pub day: Option<Date>,
    /// Who can help.
    pub help: Vec<String>,
}

/// The stable codes of refusals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RefusalCode {
    /// Nobody is signed in, or the session has ended.
    NotSignedIn,
    /// The signed-in person lacks the capacity at this institution.
    NotAllowed,
    /// A second factor is needed for this.
    SecondFactorNeeded,
    /// No such thing here; a foreign id answers exactly as an unknown one.
    NotFound,
    /// What was sent is malformed or out of range.
    BadInput,
    /// A date lies in the past.
    DateInPast,
    /// The draft is larger than the limit.
    TooLarge,
    /// The reviewed change is no longer what would happen; review again.
    Stale,
    /// Someone else decided about the same place meanwhile.
    Conflict,
    /// It has already been taken back.
    AlreadyTakenBack,
    /// The person would take away their own last administrative capacity.
    OwnLastCapacity,
    /// Only the principal does that.
    OnlyPrincipal,
    /// Only the authority does that.
    OnlyAuthority,
    /// Nobody keeps their own administrative account.
    OwnAccount,
    /// One teacher's account for oneself is the most.
    OwnTeacherAccount,
    /// It is the last second factor of an account that needs one.
    LastSecondFactor,
    /// It can be done from a later day on, which the refusal names.
    TooEarly,
    /// The time in which it could be taken back is over.
    TooLate,
    /// Rosters or other schools say what the person is called.
    NameFromRoster,
    /// Too many attempts or too many people at once; try again later.
    Busy,
    /// The database does not answer; try again later.
    Unavailable,
    /// The database's disk takes no more; nothing was changed.
    NoRoom,
    /// Something went wrong on our side; it is in the log.
    Internal,
}

impl RefusalCode {
    /// All codes.
    pub const ALL: [Self; 23] = [
        Self::NotSignedIn,
        Self::NotAllowed,
        Self::SecondFactorNeeded,
        Self::NotFound,
        Self::BadInput,
        Self::DateInPast,
        Self::TooLarge,
        Self::Stale,
        Self::Conflict,
        Self::AlreadyTakenBack,
        Self::OwnLastCapacity,
        Self::OnlyPrincipal,
        Self::OnlyAuthority,
        Self::OwnAccount,
        Self::OwnTeacherAccount,
        Self::LastSecondFactor,
        Self::TooEarly,
        Self::TooLate,
        Self::NameFromRoster,
        Self::Busy,
        Self::Unavailable,
        Self::NoRoom,
        Self::Internal,
    ];

    /// The word that crosses the wire, such as `not_allowed`.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::NotSignedIn => "not_signed_in",
            Self::NotAllowed => "not_allowed",
            Self::SecondFactorNeeded => "second_factor_needed",
            Self::NotFound => "not_found",
            Self::BadInput => "bad_input",
            Self::DateInPast => "date_in_past",
            Self::TooLarge => "too_large",
            Self::Stale => "stale",
            Self::Conflict => "conflict",
            Self::AlreadyTakenBack => "already_taken_back",
            Self::OwnLastCapacity => "own_last_capacity",
            Self::OnlyPrincipal => "only_principal",
            Self::OnlyAuthority => "only_authority",
            Self::OwnAccount => "own_account",
            Self::OwnTeacherAccount => "own_teacher_account",
            Self::LastSecondFactor => "last_second_factor",
            Self::TooEarly => "too_early",
            Self::TooLate => "too_late",
            Self::NameFromRoster => "name_from_roster",
            Self::Busy => "busy",
            Self::Unavailable => "unavailable",
            Self::NoRoom => "no_room",
            Self::Internal => "internal",
        }
    }

    /// The number that people read out when they ask for help, and that the help page explains. It
    /// never changes; 30 to 39 belong to signing in, where 31 is the field's own for an inactive account.
    #[must_use]
    pub const fn number(self) -> u8 {
        match self {
            Self::NotSignedIn => 11,
            Self::NotAllowed => 12,
            Self::SecondFactorNeeded => 13,
            Self::NotFound => 14,
            Self::BadInput => 21,
            Self::DateInPast => 22,
            Self::TooLarge => 23,
            Self::Stale => 41,
            Self::Conflict => 42,
            Self::AlreadyTakenBack => 43,
            Self::TooLate => 44,
            Self::TooEarly => 45,
            Self::OwnLastCapacity => 51,
            Self::OnlyPrincipal => 52,
            Self::OnlyAuthority => 53,
            Self::OwnAccount => 54,
            Self::OwnTeacherAccount => 55,
            Self::NameFromRoster => 56,
            Self::LastSecondFactor => 57,
            Self::Busy => 91,
            Self::Unavailable => 92,
            Self::NoRoom => 93,
            Self::Internal => 94,
        }
    }

    /// The code of a word.
    #[must_use]
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|code| code.word() == word)
    }
}

impl From<RefusalCode> for Refusal {
    fn from(code: RefusalCode) -> Self {
        Self { code, day: None, help: Vec::new() }
    }
}

/// An institution as pages name it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InstitutionSummary {
    /// Our id.
    pub id: InstitutionId,
    /// The school's code (institutionsnummer, skolenhetskod).
    pub code: String,
    /// The school's name.
    pub name: String,
    /// The authority's name.
    pub authority: String,
    /// `dk` or `se`.
    pub country: String,
    /// The zone its days are counted in.
    pub zone: Zone,
}

/// Who is signed in, and as what.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Me {
    /// The person.
    pub person: PersonId,
    /// Full name.
    pub name: String,
    /// The account signed in with; none where it was UNI-Login.
    pub account: Option<OwnAccount>,
    /// How many institutions and authorities the person can act at with this sign-in.
    pub places: usize,
    /// The institution the session acts at, or the authority.
    pub institution: InstitutionSummary,
    /// What the person may act as there, now.
    pub capacities: Vec<Capacity>,
    /// Did the sign-in use two factors?
    pub two_factors: bool,
    /// The server's now.
    pub now: Instant,
    /// When the session ends if nothing more is done.
    pub session_ends: Instant,
}

/// An institution or authority that somebody can act at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlaceChoice {
    /// Its id; an authority's as if it were an institution's.
    pub id: InstitutionId,
    /// Its name.
    pub name: String,
    /// The name of an institution's authority.
    pub authority: Option<String>,
    /// Does the session act there now?
    pub is_here: bool,
}

/// Where somebody who signed in with UNI-Login can act, and will be able to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChoosePlaces {
    /// The person's own name.
    pub name: String,
    /// Where now, in the order of names.
    pub places: Vec<PlaceChoice>,
    /// Where from an instant on, the next first.
    pub coming: Vec<ComingPlace>,
    /// The server's now.
    pub now: Instant,
}

/// An institution or authority that somebody can act at from an instant on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ComingPlace {
    /// Its name.
    pub name: String,
    /// From when.
    pub from: Instant,
    /// The zone that is told in.
    pub zone: Zone,
}

/// The account that somebody signed in with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnAccount {
    /// Its id.
    pub id: AccountId,
    /// Its user name, such as `1017-31279295`.
    pub user_name: String,
    /// Its role.
    pub role: AccountRole,
}

impl Me {
    /// The role of the account signed in with; none where it was UNI-Login.
    #[must_use]
    pub fn role(&self) -> Option<AccountRole> {
        self.account.as_ref().map(|account| account.role)
    }

    /// May this person act as that here?
    #[must_use]
    pub fn is(&self, capacity: Capacity) -> bool {
        self.capacities.contains(&capacity)
    }
}

/// All that the grid needs: the school, the kept draft, the server's now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GridLoad {
    /// People, groups, tests and decisions.
    pub school: School,
    /// The person's own draft, as kept.
    pub draft: KeptDraft,
    /// The school's leaders, who see results by another rule than the teachers.
    pub leaders: Vec<Leader>,
    /// What each of the school's teachers may do besides, in the roster's order.
    pub may: Vec<StaffMay>,
    /// The server's now.
    pub now: Instant,
}

/// What somebody may do at the school, beside seeing results, now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StaffMay {
    /// May book national tests.
    pub booking: bool,
    /// May run tests and exams.
    pub running: bool,
}

/// A leader as "who sees" lists them: apart from the teachers, with the right that lets them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Leader {
    /// The person.
    pub person: PersonId,
    /// Full name.
    pub name: String,
    /// The role of the account that carries Leadership; none where it is UNI-Login's flag, `Inst.ledelse`.
    pub role: Option<AccountRole>,
    /// May see the school's results now; a leader who is no teacher (Lærer) may not, unless the
    /// installation drops that condition.
    pub sees_results: bool,
}

/// A draft as the server keeps it: ids only.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptDraft {
    /// The revision the person was looking at when the draft was begun.
    pub based_on: i64,
    /// The edits, in order.
    pub edits: Vec<Edit>,
    /// When it was kept; `None` if never. Each keeping has a time of its own, so that this also names
    /// the draft that edits were made on.
    pub kept: Option<Instant>,
}

/// What became of a draft that was sent to be kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DraftOutcome {
    /// It is kept, since then.
    Kept(KeptDraft),
    /// Nothing was kept: the draft changed elsewhere since the one that was sent was loaded. This is how
    /// it stands there; an empty one was applied or discarded.
    Newer(KeptDraft),
}

/// What an open grid asks for now and then: is there anything to load anew?
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct News {
    /// The school's present revision: who has loaded this one has everything that the rule reads.
    pub revision: i64,
    /// When the person's own draft was kept; `None` where there is none.
    pub kept: Option<Instant>,
}

/// What a change set is made of: edits, or the taking back of an earlier one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Proposal {
    /// Decisions to be recorded.
    Edits(Vec<Edit>),
    /// A change set to be taken back, whole or some positions of it.
    TakeBack {
        /// Number of the earlier change set.
        change_set: u32,
        /// Positions in it; `None` for all.
        positions: Option<Vec<u16>>,
    },
}

/// What a proposal would do on the present revision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Review {
    /// The revision it was computed on.
    pub revision: i64,
    /// Names this diff; apply carries it. Lower-case hex of SHA-256.
    pub digest: String,
    /// Who gains, who loses, what no teacher will see any more.
    pub diff: Diff,
    /// Where the proposal touches what was decided after the revision it was based on.
    pub conflicts: Vec<Conflict>,
    /// Does the person who proposes it gain a right by it? Allowed, and marked.
    pub own_right: bool,
    /// The server's now.
    pub now: Instant,
}

/// One later decision that the proposal touches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conflict {
    /// Which of the proposal's edits, counted from 0.
    pub edit: u32,
    /// Number of the later change set.
    pub change_set: u32,
    /// Position of the later decision in it.
    pub position: u16,
}

/// An applied proposal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Applied {
    /// Number of the new change set.
    pub change_set: u32,
    /// The revision after it.
    pub revision: i64,
}

/// Did the proposal go through, or does it have to be looked at again?
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ApplyOutcome {
    /// Recorded.
    Applied(Applied),
    /// Nothing was recorded: the effect on the present revision differs, and is shown here.
    Stale(Review),
}

/// A change set in the history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HistoryEntry {
    /// Its number.
    pub number: u32,
    /// When it was recorded.
    pub recorded: Instant,
    /// Who did it.
    pub author: String,
    /// Was it the operator who did it, at the command line, as the author?
    pub by_operator: bool,
    /// Did the author give a right to themselves?
    pub own_right: bool,
    /// The reason given.
    pub reason: String,
    /// The change set it takes back, if it does.
    pub takes_back: Option<u32>,
    /// Positions it takes back; `None` for all.
    pub takes_back_positions: Option<Vec<u16>>,
    /// The live change set that took all of this one back.
    pub taken_back_by: Option<u32>,
    /// What it says, line by line.
    pub lines: Vec<HistoryLine>,
}

/// One decision of a change set, in names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HistoryLine {
    /// Position in the change set.
    pub position: u16,
    /// The teacher's name.
    pub teacher: String,
    /// Whose results: the name of the group or pupil, the level, or nothing for the whole school.
    pub scope: NamedScope,
    /// Names of the tests; the subject's name; or nothing for all national tests.
    pub tests: NamedTests,
    /// What it says.
    pub effect: crate::school::Effect,
    /// First day.
    pub from: Date,
    /// Last day.
    pub until: Option<Date>,
    /// The live change set that took this line back.
    pub taken_back_by: Option<u32>,
}

/// A scope in names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NamedScope {
    /// The whole school.
    School,
    /// A level, such as "4".
    Level(String),
    /// A class or group.
    Group(String),
    /// A pupil, with class.
    Pupil(String),
}

/// A selector of tests in names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NamedTests {
    /// All national tests.
    All,
    /// A subject's national tests.
    Subject(String),
    /// One test.
    Test(String),
}

/// A teacher's own rights, read-only.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MyRights {
    /// May book national tests.
    pub booking: bool,
    /// May run tests and exams.
    pub running: bool,
    /// Rights to results, grouped.
    pub results: Vec<MyResultRight>,
    /// Is something withheld?
    pub withheld: bool,
    /// Names of the school's test administrators.
    pub administrators: Vec<String>,
    /// First and last day of the present school year.
    pub school_year: (Date, Date),
    /// May the person ask for access? Not who administers rights.
    pub may_ask: bool,
    /// When the person last asked for access, and what became of it.
    pub asked: Option<(Instant, Option<accounts::Closed>)>,
}

/// Pupils of one group whose results the teacher may see in a test, for the same time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MyResultRight {
    /// The class or group; empty for pupils without one.
    pub group: String,
    /// The test's name.
    pub test: String,
    /// The test's subject.
    pub subject: String,
    /// How many of the group's pupils.
    pub pupils: u32,
    /// How many the group has.
    pub of: u32,
    /// Names, where it is not the whole group.
    pub names: Vec<String>,
    /// First day, if it is still to come.
    pub from: Option<Date>,
    /// Last day.
    pub until: Option<Date>,
}
