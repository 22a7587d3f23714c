//! Accounts as lists show them.

use super::Doer;
use crate::account::{Action, CardEnd, Keeper, State};
use crate::calendar::Date;
use crate::capacity::AccountRole;
use crate::ids::{AccountId, InstitutionId, PersonId};
use crate::test::Subject;
use crate::time::Instant;
use serde::{Deserialize, Serialize};

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
    /// When its card is used up.
    pub card_end: CardEnd,
    /// Passkeys that it can be signed in with.
    pub passkeys: u32,
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
    pub issued_by: Doer,
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
