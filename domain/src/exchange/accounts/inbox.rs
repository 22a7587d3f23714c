//! The inbox: what is asked, what was told, and what went out by mail of either.

use super::Language;
use crate::account::Action;
use crate::calendar::Date;
use crate::capacity::AccountRole;
use crate::diff::Diff;
use crate::ids::{AccountId, GroupId, PersonId};
use crate::notice::{MailTrouble, NoticeKind};
use crate::school::School;
use crate::staff_right::StaffRight;
use crate::test::Subject;
use crate::time::Instant;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What is asked of others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Wish {
    /// An account is to be opened again.
    Reactivate,
    /// New credentials are to be issued.
    Reissue,
    /// An account is to be closed for good.
    Delete,
    /// Two accounts of one person are to be united.
    Merge,
    /// A teacher needs to see results: asked of those who administer rights, not of keepers.
    Access,
}

impl Wish {
    /// All wishes.
    pub const ALL: [Self; 5] = [Self::Reactivate, Self::Reissue, Self::Delete, Self::Merge, Self::Access];

    /// What is to be done to an account; `None` where the wish is not about one.
    #[must_use]
    pub const fn action(self) -> Option<Action> {
        match self {
            Self::Reactivate => Some(Action::Reactivate),
            Self::Reissue => Some(Action::Reissue),
            Self::Delete => Some(Action::Delete),
            Self::Merge => Some(Action::Merge),
            Self::Access => None,
        }
    }

    /// The wish for something; `None` for what is not asked for.
    #[must_use]
    pub fn for_action(action: Action) -> Option<Self> {
        Self::ALL.into_iter().find(|wish| wish.action() == Some(action))
    }

    /// The stable word in the database, and in forms.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Reactivate => "reactivate",
            Self::Reissue => "reissue",
            Self::Delete => "delete",
            Self::Merge => "merge",
            Self::Access => "access",
        }
    }

    /// What a word says.
    #[must_use]
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|wish| wish.code() == code)
    }
}

/// An account that a request is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AskedAccount {
    /// Our id.
    pub id: AccountId,
    /// Whose.
    pub person: PersonId,
    /// Its user name.
    pub user_name: String,
    /// That person's name; an alias where they are protected.
    pub name: String,
    /// What it may act as.
    pub role: AccountRole,
    /// Where it is held.
    pub institution_name: String,
    /// Has it a card (matrix)?
    pub has_card: bool,
}

/// Something that is asked of somebody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    /// Its id.
    pub id: Uuid,
    /// What.
    pub wish: Wish,
    /// The account; of a wish for access, the account of whoever asks.
    pub account: AskedAccount,
    /// The account to unite it with.
    pub other: Option<AskedAccount>,
    /// What a teacher needs to see.
    pub access: Option<AccessAsked>,
    /// When it was asked first.
    pub asked: Instant,
    /// How often.
    pub times: i64,
    /// Who asked first.
    pub by: String,
    /// Has whoever reads this not read it before?
    pub is_new: bool,
    /// What became of it; `None` while it waits.
    pub closed: Option<Closed>,
}

/// What a teacher needs to see, in names.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessAsked {
    /// In their own words.
    pub words: String,
    /// Names of the classes and groups that are still there.
    pub groups: Vec<String>,
    /// Names of the subjects; none for all national tests.
    pub subjects: Vec<String>,
}

/// How a request ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It was done.
    Done,
    /// The answer was no.
    Declined,
    /// There is nothing left to do: the account is gone.
    Void,
    /// Whoever asked wants it no more.
    Withdrawn,
}

impl Outcome {
    /// All outcomes.
    pub const ALL: [Self; 4] = [Self::Done, Self::Declined, Self::Void, Self::Withdrawn];

    /// The stable word in the database.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Declined => "declined",
            Self::Void => "void",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// What a word says.
    #[must_use]
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.code() == code)
    }
}

/// What became of a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Closed {
    /// When.
    pub at: Instant,
    /// By whom.
    pub by: String,
    /// How.
    pub outcome: Outcome,
    /// What whoever answered said to it.
    pub reason: Option<String>,
}

/// Something that somebody was told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// Its id.
    pub id: Uuid,
    /// What happened.
    pub kind: NoticeKind,
    /// When they were told.
    pub at: Instant,
    /// Who did it; empty where nobody did.
    pub by: String,
    /// The account it is about.
    pub user_name: Option<String>,
    /// The last day that accounts can be used, where it is about that.
    pub last_day: Option<Date>,
    /// What was answered, where it is about that: the wish, how it ended, and what was said.
    pub answer: Option<(Wish, Outcome, Option<String>)>,
    /// Is it unread?
    pub is_new: bool,
}

/// All that concerns somebody, newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inbox {
    /// What waits for them.
    pub waiting: Vec<Request>,
    /// What they asked of others, and waits.
    pub own: Vec<Request>,
    /// What was answered in the last year.
    pub closed: Vec<Request>,
    /// What they were told in the last year.
    pub notices: Vec<Notice>,
    /// Do they keep others' accounts?
    pub is_keeper: bool,
    /// Are mails sent from here?
    pub mails: bool,
    /// The server's now.
    pub now: Instant,
}

/// Classes, groups and subjects by ids: what a draft is made from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessChoice {
    /// Classes and groups.
    pub groups: Vec<GroupId>,
    /// Subjects, by slug; none for all national tests.
    pub subjects: Vec<String>,
}

/// What a teacher asks to see: by choice, in words, or both.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessWish {
    /// By choice.
    pub choice: AccessChoice,
    /// In words.
    pub words: String,
}

/// A wish for access that waits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenAccess {
    /// The request's id.
    pub id: Uuid,
    /// When it was asked first.
    pub asked: Instant,
    /// What was asked last.
    pub wish: AccessWish,
}

/// What a teacher can choose from, and what they have asked for already.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessChoices {
    /// The school's classes and groups, those of the teacher first, then by name.
    pub groups: Vec<AccessGroup>,
    /// The subjects with national tests.
    pub subjects: Vec<Subject>,
    /// The request that waits: asking again changes it.
    pub open: Option<OpenAccess>,
    /// Who answers, by name.
    pub administrators: Vec<String>,
}

/// A class or group to choose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessGroup {
    /// Our id.
    pub id: GroupId,
    /// Its name.
    pub name: String,
    /// Does whoever asks teach it, as the roster says?
    pub is_own: bool,
}

/// What somebody wants by mail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InboxSettings {
    /// Where they are written to.
    pub email: Option<String>,
    /// The language they chose to be written to in; `None` follows their last letter.
    pub language: Option<Language>,
    /// Each kind that they can be told of, and whether it goes out by mail.
    pub kinds: Vec<(NoticeKind, bool)>,
    /// Are mails sent from here at all?
    pub mails: bool,
}

/// The mails that did not go out, of those whose accounts somebody keeps.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unsent {
    /// Newest first.
    pub lines: Vec<UnsentLine>,
    /// Are mails sent from here at all? If not, these are what would have been sent.
    pub mails: bool,
    /// The server's now.
    pub now: Instant,
}

/// A mail that did not go out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnsentLine {
    /// Its id.
    pub id: Uuid,
    /// To whom.
    pub account: AskedAccount,
    /// About what.
    pub kind: NoticeKind,
    /// When it should have gone out.
    pub at: Instant,
    /// How it stands.
    pub state: UnsentState,
}

/// How a mail that did not go out stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UnsentState {
    /// No mails are sent from here.
    Off,
    /// It was tried so often, and is tried again.
    Trying(u32),
    /// It is not tried any more.
    GivenUp(MailTrouble),
}

/// What uniting two accounts would do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MergePreview {
    /// The account that can sign in no more: the one with the lower number.
    pub goes: AskedAccount,
    /// The account that stays.
    pub stays: AskedAccount,
    /// The subjects that the latter gets by it, by slug.
    pub subjects: Vec<String>,
    /// The rights to book and run that its person gets.
    pub rights: Vec<StaffRight>,
    /// What becomes of the results that its person sees; `None` where nothing does.
    pub sight: Option<MergedSight>,
}

/// What becomes, by uniting two accounts, of the results that the person who stays sees.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MergedSight {
    /// What comes to be seen, and what ceases to be.
    pub diff: Diff,
    /// The school that the diff speaks of, for those who may read its names.
    pub school: Option<Box<School>>,
}
