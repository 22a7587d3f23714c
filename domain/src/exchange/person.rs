//! A person's file: everything that one institution holds about one person, kind by kind (GDPR
//! art. 15). It names nobody else: whoever else acted is there as what they did.

use super::accounts::{AccountDeed, Anew, Wish};
use super::own::{Factor, TryOutcome};
use crate::calendar::Zone;
use crate::capacity::{AccountRole, UserType};
use crate::ids::PersonId;
use crate::notice::NoticeKind;
use crate::staff_right::StaffRight;
use crate::time::Instant;
use crate::unilogin::Flag;
use serde::{Deserialize, Serialize};

/// Everything that an institution holds about a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonFile {
    /// The institution's name, or the authority's.
    pub institution: String,
    /// Its code.
    pub institution_code: String,
    /// The zone that its days are counted in.
    pub zone: Zone,
    /// When the file was made.
    pub made: Instant,
    /// The person.
    pub person: PersonId,
    /// Their name; the alias where their identity is protected and was not revealed for this file.
    pub name: String,
    /// Does an alias stand for the name?
    pub is_alias: bool,
    /// Kind by kind; a kind of which there is nothing is not there.
    pub sections: Vec<FileSection>,
}

/// One kind of data about a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileSection {
    /// Which kind; says what it is for.
    pub about: About,
    /// Days for which it is kept after its end; `None` as long as the person is remembered at all.
    pub keep_days: Option<u32>,
    /// What there is, oldest first.
    pub records: Vec<FileRecord>,
}

/// A kind of data about a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum About {
    /// Name, protection, what rosters call them.
    Identity,
    /// What they are and were at the institution.
    Affiliations,
    /// Groups, levels, groups that they teach.
    Teaching,
    /// Exemptions from tests.
    Exemptions,
    /// Rights to book and to run.
    StaffRights,
    /// Decisions about results.
    Decisions,
    /// Accounts with contact details and subjects.
    Accounts,
    /// What was done with those accounts.
    Deeds,
    /// Letters with credentials.
    Letters,
    /// Passkeys.
    Passkeys,
    /// Requests about those accounts.
    Requests,
    /// What they were told in the inbox, and what they want by mail.
    Notices,
    /// Protected assessment material that they opened.
    Openings,
    /// Attempts to sign in.
    SignIns,
    /// Where they are signed in.
    Sessions,
    /// What carries their name as author.
    Authored,
    /// A draft that is kept for them.
    Drafts,
}

impl About {
    /// All kinds, in the order of the file.
    pub const ALL: [Self; 17] = [
        Self::Identity,
        Self::Affiliations,
        Self::Teaching,
        Self::Exemptions,
        Self::StaffRights,
        Self::Decisions,
        Self::Accounts,
        Self::Deeds,
        Self::Letters,
        Self::Passkeys,
        Self::Requests,
        Self::Notices,
        Self::Openings,
        Self::SignIns,
        Self::Sessions,
        Self::Authored,
        Self::Drafts,
    ];

    /// Where data of this kind comes from.
    #[must_use]
    pub const fn source(self) -> FileSource {
        match self {
            Self::Identity | Self::Affiliations | Self::Teaching => FileSource::RosterOrAccount,
            Self::Exemptions | Self::StaffRights | Self::Decisions => FileSource::School,
            Self::Accounts | Self::Deeds | Self::Letters | Self::Requests | Self::Notices => FileSource::Keepers,
            Self::Passkeys | Self::Openings | Self::SignIns | Self::Sessions | Self::Authored | Self::Drafts => {
                FileSource::Person
            }
        }
    }
}

/// Where data comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FileSource {
    /// The school's roster files, or whoever registered the account.
    RosterOrAccount,
    /// What the school decided.
    School,
    /// Those who keep accounts.
    Keepers,
    /// What the person did.
    Person,
}

/// One thing that is recorded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileRecord {
    /// When it was, or from when it holds.
    pub from: Option<Instant>,
    /// Until when it holds; `None` for what happened once, and for what has no end.
    pub until: Option<Instant>,
    /// What.
    pub what: FileFact,
}

/// What is recorded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "fact", rename_all = "snake_case")]
pub enum FileFact {
    /// The name, or the alias.
    Name {
        /// As it is shown.
        name: String,
    },
    /// The identity is protected.
    Protected,
    /// What the roster's files call the person.
    RosterId {
        /// Their id there.
        id: String,
    },
    /// The UNI-Login id, by which the broker's word for the person was tied to them.
    UniLogin {
        /// The id.
        id: String,
    },
    /// A mark of the national number, from which it cannot be read.
    NumberMark,
    /// UNI-Login's broker means the person by a word of its own.
    BrokerTie,
    /// A flag of UNI-Login's user administration.
    Flag {
        /// Which.
        flag: Flag,
    },
    /// A sign-in through UNI-Login's broker.
    BrokerTry {
        /// Was the person let in?
        let_in: bool,
    },
    /// What the person is or was at the institution.
    Affiliation {
        /// What.
        user_type: UserType,
        /// By a roster's file, rather than by an account or by hand?
        by_file: bool,
    },
    /// A group that the person is or was in.
    Group {
        /// Its name.
        name: String,
    },
    /// The level.
    Level {
        /// In the roster's words.
        level: String,
    },
    /// A group that the person teaches or taught.
    Teaches {
        /// Its name.
        name: String,
    },
    /// An exemption from a test.
    Exemption {
        /// The test's code.
        test: String,
        /// The year in which the school year begins.
        school_year: i16,
        /// The note; may be empty.
        note: String,
    },
    /// A right to book or to run.
    StaffRight {
        /// Which.
        right: StaffRight,
        /// Given or removed?
        granted: bool,
    },
    /// A decision about results.
    Decision {
        /// Is it the person's own right, as a teacher? Otherwise who may see their result.
        as_teacher: bool,
        /// `give`, `withhold` or `clear`.
        effect: String,
        /// `school`, `level`, `group` or `pupil`.
        scope: String,
        /// The subject's slug or the test's code; `None` for all tests.
        tests: Option<String>,
    },
    /// An account.
    Account {
        /// Its user name.
        user_name: String,
        /// What it may act as.
        role: AccountRole,
        /// Where its person is written to.
        email: Option<String>,
        /// The subjects that it opens, by slug.
        subjects: Vec<String>,
    },
    /// Something that was done with an account.
    Deed {
        /// Which account, by user name.
        user_name: String,
        /// What.
        what: AccountDeed,
    },
    /// A letter with credentials, which are kept nowhere.
    Letter {
        /// What it held.
        what: Anew,
        /// When it was printed.
        printed: Option<Instant>,
    },
    /// A passkey; its public key alone is kept.
    Passkey {
        /// As its person called it.
        name: String,
        /// When it was last used.
        used: Option<Instant>,
    },
    /// A request about an account.
    Request {
        /// What was asked for.
        wish: Wish,
        /// What the asker wrote to it.
        words: Option<String>,
    },
    /// Something that stands in the person's inbox.
    Notice {
        /// What about.
        kind: NoticeKind,
    },
    /// A mail that has not gone out.
    UnsentMail {
        /// What about.
        kind: NoticeKind,
    },
    /// What the person does not want by mail.
    NoMails {
        /// Kinds.
        kinds: Vec<NoticeKind>,
    },
    /// An opening of protected assessment material.
    Opening {
        /// What the material is called.
        title: String,
        /// Its subject, by slug.
        subject: String,
    },
    /// An attempt to sign in.
    SignIn {
        /// With what.
        factor: Factor,
        /// What became of it.
        outcome: TryOutcome,
        /// From which network, roughly.
        network: String,
    },
    /// A session.
    Session {
        /// Did the sign-in use two factors?
        two_factors: bool,
    },
    /// What carries the person's name as its author.
    Authored {
        /// Change sets of decisions.
        change_sets: u64,
        /// Rights to book and to run.
        staff_rights: u64,
        /// Exemptions.
        exemptions: u64,
        /// Imports started or answered.
        imports: u64,
    },
    /// A draft of decisions.
    Draft,
}

/// Somebody whose file can be asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonLine {
    /// The person.
    pub person: PersonId,
    /// Full name; the alias where their identity is protected.
    pub name: String,
    /// Is their identity protected?
    pub protected: bool,
    /// Are or were they a pupil here? Otherwise staff.
    pub is_pupil: bool,
    /// Are they somebody here now?
    pub is_here: bool,
    /// What they are on the staff now, in the order of codes.
    pub types: Vec<UserType>,
    /// The flags of UNI-Login that they hold here now or soon.
    pub flags: Vec<Flag>,
    /// Does what they are by hand end within a month, unless it is confirmed?
    pub is_due: bool,
}

/// What was found of what somebody sought.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PeopleFound {
    /// Those who were found, by name, at most so many as a page shows.
    pub people: Vec<PersonLine>,
    /// How many there are.
    pub all: usize,
    /// How many there are in all whose affiliation by hand ends within a month.
    pub due: usize,
}
