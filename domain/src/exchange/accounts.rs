//! What pages and commands exchange with `service` about accounts. No secret stands here: letters
//! exist in `service` alone, in the answer of the call that issues them.

mod detail;

use crate::account::{Action, Keeper, Reactivation, State};
use crate::calendar::{Date, Zone};
use crate::capacity::AccountRole;
use crate::ids::{AccountId, InstitutionId, PersonId};
use crate::test::Subject;
use crate::time::Instant;
pub use detail::{AccountDeed, AccountDetail, AccountEvent, ByOthers, Colleague, Doer};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The language of a letter's instructions, and of whatever else is written to somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Language {
    /// Danish.
    Da,
    /// Swedish.
    Sv,
    /// English.
    En,
}

impl Language {
    /// The language of a country code, `dk` or `se`; English for others.
    #[must_use]
    pub fn of_country(country: &str) -> Self {
        match country {
            "dk" => Self::Da,
            "se" => Self::Sv,
            _ => Self::En,
        }
    }

    /// The language's code: `da`, `sv`, `en`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Da => "da",
            Self::Sv => "sv",
            Self::En => "en",
        }
    }

    /// The language of a code.
    #[must_use]
    pub fn of_code(code: &str) -> Option<Self> {
        [Self::Da, Self::Sv, Self::En].into_iter().find(|language| language.code() == code)
    }
}

/// An account as lists show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountLine {
    /// Our id.
    pub id: AccountId,
    /// Its user name, such as `1017-31279295`.
    pub user_name: String,
    /// Its number where it is held; numbers compare as numbers.
    pub number: i64,
    /// Where it is held.
    pub institution: InstitutionId,
    /// That place's name.
    pub institution_name: String,
    /// Whose.
    pub person: PersonId,
    /// Given names; an alias where the person is protected.
    pub given: String,
    /// Family name; empty where the person is protected.
    pub family: String,
    /// May the name be changed here? Not where rosters say it, or another school knows the person.
    pub name_is_ours: bool,
    /// What it may act as.
    pub role: AccountRole,
    /// Where the person is written to.
    pub email: Option<String>,
    /// The subjects it opens, by slug.
    pub subjects: Vec<String>,
    /// Its state now.
    pub state: State,
    /// Since when, where that is known.
    pub since: Option<Instant>,
    /// Who closed or deleted it, by name; `None` where nobody did, or the operator.
    pub closed_by: Option<String>,
    /// The last day it can be used; `None` for no end.
    pub last_day: Option<Date>,
    /// When it was made.
    pub created: Instant,
    /// Challenges left on its card; `None` without a card.
    pub challenges_left: Option<u32>,
    /// Its last letter.
    pub letter: Option<LetterNote>,
    /// The account that it was united with.
    pub merged_into: Option<AccountId>,
    /// What whoever asks may do to it now.
    pub may: Vec<Action>,
}

impl AccountLine {
    /// Full name.
    #[must_use]
    pub fn name(&self) -> String {
        format!("{} {}", self.given, self.family).trim().to_owned()
    }
}

/// That credentials were handed out, and printed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LetterNote {
    /// When they were issued.
    pub issued: Instant,
    /// By whom.
    pub issued_by: String,
    /// When and by whom the letter was printed, if it was.
    pub printed: Option<(Instant, String)>,
}

/// What a list of accounts is to show. Empty parts leave nothing out, but accounts that
/// are deleted or united with another are shown only where their state is asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountFilter {
    /// Words that begin a word of name, user name or e-mail, whatever their spelling.
    pub query: String,
    /// States to show.
    pub states: Vec<State>,
    /// Roles to show.
    pub roles: Vec<AccountRole>,
}

/// The accounts that somebody keeps.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountList {
    /// What whoever asks keeps them as.
    pub keeper: Keeper,
    /// The accounts that the filter lets through, in order of names.
    pub accounts: Vec<AccountLine>,
    /// How many there are in each state, whatever the filter's states.
    pub counts: Vec<(State, u32)>,
    /// The roles that whoever asks may register.
    pub may_register: Vec<AccountRole>,
    /// The institutions to register at: the school itself, or the authority's.
    pub institutions: Vec<(InstitutionId, String)>,
    /// The subjects that an account may be given.
    pub subjects: Vec<Subject>,
    /// May whoever asks still register a teacher's account for themselves?
    pub may_register_self: bool,
    /// The day on which teachers' and test administrators' accounts lapse next.
    pub lapse: Date,
    /// The server's now.
    pub now: Instant,
}

/// Whose an account is to be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Holder {
    /// A person who is known at the institution.
    Known(PersonId),
    /// A new person.
    New {
        /// Given names.
        given: String,
        /// Family name.
        family: String,
    },
}

/// An account to be registered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Registration {
    /// Where.
    pub institution: InstitutionId,
    /// What it may act as.
    pub role: AccountRole,
    /// Whose.
    pub holder: Holder,
    /// Where the person is written to.
    pub email: Option<String>,
    /// What rosters call the person (sourcedId), to find somebody who is there; not kept.
    pub external: Option<String>,
    /// The subjects it opens, by slug.
    pub subjects: Vec<String>,
    /// With a matrix? Roles that need a second factor have one in any case.
    pub matrix: bool,
    /// Why to register although somebody very like this is there already; kept in the log.
    pub despite_doubles: Option<String>,
    /// The language of the letter.
    pub language: Language,
}

/// What has been typed of a new account, to look for somebody who is there already.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Typed {
    /// Given names.
    pub given: String,
    /// Family name.
    pub family: String,
    /// E-mail.
    pub email: String,
    /// What rosters call the person (sourcedId).
    pub external: String,
}

/// Somebody who may be the person whom an account is about to be made for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Double {
    /// The person.
    pub person: PersonId,
    /// Full name.
    pub name: String,
    /// What is alike.
    pub alike: Vec<Likeness>,
    /// User name and role of each account that the person has here.
    pub accounts: Vec<(String, AccountRole)>,
}

/// What two people have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Likeness {
    /// It is the same person.
    Person,
    /// The name, whatever its spelling.
    Name,
    /// The e-mail.
    Email,
    /// What rosters call them.
    External,
}

/// Two or more accounts of one role that may be one person's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DoubleAccounts {
    /// What is alike.
    pub alike: Vec<Likeness>,
    /// The accounts, by number. The field's rule: the first one, with the lowest number, is to be
    /// deleted.
    pub accounts: Vec<AccountLine>,
}

/// What is to be changed about an account; all of it is written as given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountChange {
    /// Given names and family name; `None` leaves them.
    pub names: Option<(String, String)>,
    /// Where the person is written to.
    pub email: Option<String>,
    /// The subjects it opens, by slug; `None` leaves them.
    pub subjects: Option<Vec<String>>,
}

/// Which credentials are issued anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Anew {
    /// The password; the matrix stays.
    Password,
    /// The matrix; the password stays.
    Matrix,
    /// Both.
    Both,
}

impl Anew {
    /// Is a password issued?
    #[must_use]
    pub const fn has_password(self) -> bool {
        matches!(self, Self::Password | Self::Both)
    }

    /// Is a matrix issued?
    #[must_use]
    pub const fn has_matrix(self) -> bool {
        matches!(self, Self::Matrix | Self::Both)
    }

    /// The stable word in the database, and in forms.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::Matrix => "matrix",
            Self::Both => "both",
        }
    }

    /// What a word says.
    #[must_use]
    pub fn of_code(code: &str) -> Option<Self> {
        [Self::Password, Self::Matrix, Self::Both].into_iter().find(|what| what.code() == code)
    }
}

/// What is asked of those who keep an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Wish {
    /// It is to be opened again.
    Reactivate,
    /// New credentials are to be issued.
    Reissue,
    /// It is to be closed for good.
    Delete,
}

impl Wish {
    /// All wishes.
    pub const ALL: [Self; 3] = [Self::Reactivate, Self::Reissue, Self::Delete];

    /// What is to be done.
    #[must_use]
    pub const fn action(self) -> Action {
        match self {
            Self::Reactivate => Action::Reactivate,
            Self::Reissue => Action::Reissue,
            Self::Delete => Action::Delete,
        }
    }

    /// The wish for something; `None` for what is not asked for.
    #[must_use]
    pub fn for_action(action: Action) -> Option<Self> {
        Self::ALL.into_iter().find(|wish| wish.action() == action)
    }

    /// The stable word in the database, and in forms.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Reactivate => "reactivate",
            Self::Reissue => "reissue",
            Self::Delete => "delete",
        }
    }

    /// What a word says.
    #[must_use]
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|wish| wish.code() == code)
    }
}

/// Something that is asked of those who keep an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    /// Its id.
    pub id: Uuid,
    /// What.
    pub wish: Wish,
    /// The account.
    pub account: AccountLine,
    /// When it was asked first.
    pub asked: Instant,
    /// How often.
    pub times: i64,
    /// Who asked first.
    pub by: String,
    /// What became of it; `None` while it waits.
    pub closed: Option<Closed>,
}

/// What became of a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Closed {
    /// When.
    pub at: Instant,
    /// By whom.
    pub by: String,
    /// Why the answer was no; `None` where it was done.
    pub reason: Option<String>,
}

/// The requests that concern somebody, newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inbox {
    /// What waits for them.
    pub waiting: Vec<Request>,
    /// What they asked of others, and waits.
    pub own: Vec<Request>,
    /// What was done or answered with no in the last year.
    pub closed: Vec<Request>,
    /// The server's now.
    pub now: Instant,
}

/// What issuing letters would do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LettersPreview {
    /// Who would get one, in order of names.
    pub people: Vec<LettersPreviewLine>,
    /// Whom the asker may issue nothing to.
    pub refused: Vec<AccountLine>,
}

/// What issuing a letter would do to one account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LettersPreviewLine {
    /// The account.
    pub account: AccountLine,
    /// Sessions in use that would end.
    pub sessions: i64,
}

/// Which accounts are to be reactivated.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Which {
    /// These.
    These(Vec<AccountId>),
    /// Lapsed accounts of teachers who are members of staff in the newest roster.
    StillHere,
}

/// What reactivating would do, account by account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReactivationPreview {
    /// The accounts asked about, in order of names.
    pub accounts: Vec<ReactivationLine>,
    /// Lapsed teachers' accounts that "still here" leaves out: their people are in no roster.
    pub left_out: Vec<AccountLine>,
}

/// What reactivating would do to one account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReactivationLine {
    /// The account.
    pub account: AccountLine,
    /// What would become of it.
    pub outcome: Reactivation,
    /// The last day it could be used then; `None` for no end, or where nothing would change.
    pub last_day: Option<Date>,
}

/// Why an account is inactive (code 31), said only after its last factor has proved right.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inactive {
    /// Its user name.
    pub user_name: String,
    /// Its person's name.
    pub name: String,
    /// What it may act as.
    pub role: AccountRole,
    /// Where it is held.
    pub institution_name: String,
    /// The zone its days are counted in.
    pub zone: Zone,
    /// Why.
    pub why: WhyInactive,
    /// Since when.
    pub since: Instant,
    /// Who can reactivate it, by name; the nearest first.
    pub help: Vec<Help>,
}

/// Why an account is inactive.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WhyInactive {
    /// The school year it was made or reactivated for is over.
    Lapsed,
    /// Somebody closed it; the name, where a person did.
    Deactivated(Option<String>),
}

/// Keepers of one kind, by name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Help {
    /// What they are.
    pub keeper: Keeper,
    /// Who they are; empty for operators, and where there is nobody.
    pub names: Vec<String>,
}

/// What becomes of the present principal's account when another one takes over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outgoing {
    /// It is closed for the time being.
    Deactivate,
    /// It is closed for good.
    Delete,
}

/// What a new principal is handed over: who has what, what lapses, what is open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Handover {
    /// Everybody's accounts but those that are gone, by role and name.
    pub accounts: Vec<AccountLine>,
    /// Who was principal before, with the day their account was closed.
    pub before: Vec<(String, Date)>,
    /// The day on which teachers' and test administrators' accounts lapse next.
    pub lapse: Date,
    /// How many lapse on it.
    pub lapsing: u32,
    /// What waits for somebody.
    pub open: OpenPoints,
    /// The server's now.
    pub now: Instant,
}

/// What waits for somebody at a school.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenPoints {
    /// Accounts that were handed out and never used.
    pub issued: u32,
    /// Accounts that need new credentials.
    pub locked: u32,
    /// Accounts whose time is over.
    pub lapsed: u32,
    /// Accounts that somebody closed.
    pub deactivated: u32,
    /// Groups of accounts that may be one person's.
    pub doubles: u32,
    /// Names of teachers of the newest roster who have no account.
    pub without_account: Vec<String>,
}
