//! Local accounts: who may do what to whose, what state one is in, and how long it runs.
//!
//! Accounts are handed down a chain: authority (huvudman), principal (rektor), test administrator
//! (provadministratör), teacher (lärare). A test administrator may do what the principal may but
//! delete and merge; nobody but the principal reactivates test administrators; a leader's account opens the
//! school's results, so the principal alone makes one; and nobody keeps their own account.
//!
//! Teachers' and test administrators' accounts run at most to 31 July. Nothing has to happen at
//! that midnight: whoever asks compares the end with the clock.

pub mod second;

use crate::calendar::{Date, SchoolYear, Zone};
use crate::capacity::{AccountRole, Capacity};
use crate::time::Instant;
pub use second::{Card, CardEnd};
use serde::{Deserialize, Serialize};

/// What can be done to an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// Make it.
    Register,
    /// Change name, e-mail or subjects.
    Change,
    /// Issue a new password, a new matrix, or both.
    Reissue,
    /// Close it for the time being.
    Deactivate,
    /// Open it again, with the same user name, password and matrix.
    Reactivate,
    /// Close it for good; its history stays.
    Delete,
    /// Unite it with another one of the same person.
    Merge,
    /// Take a merge back.
    Separate,
}

impl Action {
    /// All actions.
    pub const ALL: [Self; 8] = [
        Self::Register,
        Self::Change,
        Self::Reissue,
        Self::Deactivate,
        Self::Reactivate,
        Self::Delete,
        Self::Merge,
        Self::Separate,
    ];
}

/// A link of the chain: who keeps others' accounts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Keeper {
    /// A test administrator of the school: UserAdministration alone.
    TestAdministrator,
    /// The principal: UserAdministration and AccountDeletion.
    Principal,
    /// Somebody of the authority: Appointment.
    Authority,
    /// The operator at the command line, who holds no capacity.
    Operator,
}

impl Keeper {
    /// All keepers, the nearest to a teacher first.
    pub const ALL: [Self; 4] = [Self::TestAdministrator, Self::Principal, Self::Authority, Self::Operator];

    /// What somebody with these capacities keeps accounts as; `None` for those who keep none.
    ///
    /// Appointment is held at an authority and the others at a school, so nobody has both; a
    /// deletion without the rest is no principal's.
    #[must_use]
    pub fn of(capacities: &[Capacity]) -> Option<Self> {
        let holds = |capacity| capacities.contains(&capacity);
        let (at_school, deletes) = (holds(Capacity::UserAdministration), holds(Capacity::AccountDeletion));
        match (holds(Capacity::Appointment), at_school, deletes) {
            (true, false, false) => Some(Self::Authority),
            (false, true, true) => Some(Self::Principal),
            (false, true, false) => Some(Self::TestAdministrator),
            _ => None,
        }
    }

    /// The role of the keeper's own account; `None` for the operator, who has none.
    #[must_use]
    pub const fn role(self) -> Option<AccountRole> {
        match self {
            Self::TestAdministrator => Some(AccountRole::TestAdministrator),
            Self::Principal => Some(AccountRole::Principal),
            Self::Authority => Some(AccountRole::Authority),
            Self::Operator => None,
        }
    }

    /// Does the keeper's list show accounts of this role? Test administrators see whom the
    /// principal sees; an authority sees its principals and nothing of their schools.
    #[must_use]
    pub const fn lists(self, role: AccountRole) -> bool {
        use AccountRole::{Leader, Principal, Teacher, TestAdministrator};
        match self {
            Self::TestAdministrator | Self::Principal => matches!(role, Teacher | TestAdministrator | Leader),
            Self::Authority => matches!(role, Principal),
            Self::Operator => false,
        }
    }

    /// Is an account of this role in this place anything to this keeper? What is not, is answered
    /// as unknown.
    const fn reaches(self, role: AccountRole, place: Place) -> bool {
        match self {
            Self::TestAdministrator | Self::Principal => {
                matches!(place, Place::Own) && !matches!(role, AccountRole::Authority)
            }
            Self::Authority => matches!(place, Place::Below) && matches!(role, AccountRole::Principal),
            Self::Operator => true,
        }
    }
}

/// Where an account is held, seen from who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Place {
    /// Where the asker acts: the same school, or the same authority.
    Own,
    /// At a school of the authority that the asker acts for.
    Below,
    /// Anywhere else.
    Elsewhere,
}

/// Whose an account is, seen from who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Whose {
    /// Another person's.
    Another,
    /// The asker's own.
    Own,
    /// To be made for the asker, who has such an account already.
    OwnBesides,
}

/// An account that something is to be done to, or that is to be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Target {
    /// Its role.
    pub role: AccountRole,
    /// Where it is held.
    pub place: Place,
    /// Whose it is.
    pub whose: Whose,
}

/// Why somebody may not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Denial {
    /// The asker keeps no accounts at all.
    NoKeeper,
    /// The account is nothing to the asker: it is answered as unknown.
    Unseen,
    /// It is the asker's own administrative account.
    OwnAccount,
    /// The asker has a teacher's account already, and one is the most.
    OwnBesides,
    /// Others do that: [`who_can`] says who.
    ForOthers,
}

/// Who may do this to an account of this role, somebody else's and within reach; the nearest first.
#[must_use]
pub const fn keepers(action: Action, role: AccountRole) -> &'static [Keeper] {
    use AccountRole as R;
    use Action::{Delete, Merge, Reactivate, Register, Separate};
    use Keeper::{Authority, Operator, Principal, TestAdministrator};
    match (action, role) {
        // A double of theirs is deleted; there is nothing else to unite.
        (Merge | Separate, R::Authority | R::Principal) => &[],
        (_, R::Authority) => &[Operator],
        // An institution's first accounts come from the operator.
        (Register, R::Principal) => &[Authority, Operator],
        (_, R::Principal) => &[Authority],
        (Register, R::Leader) => &[Principal, Operator],
        (_, R::Leader)
        | (Delete | Merge | Separate, R::Teacher | R::TestAdministrator)
        | (Reactivate, R::TestAdministrator) => &[Principal],
        (Register, R::Teacher | R::TestAdministrator) => &[TestAdministrator, Principal, Operator],
        (_, R::Teacher | R::TestAdministrator) => &[TestAdministrator, Principal],
    }
}

/// May this keeper do this to that account?
///
/// # Errors
/// Why not. The order of reasons matters: what is out of reach is never told from what is unknown.
pub fn may(keeper: Option<Keeper>, action: Action, target: Target) -> Result<(), Denial> {
    let keeper = keeper.ok_or(Denial::NoKeeper)?;
    let Target { role, place, whose } = target;
    let is_own = place == Place::Own && whose != Whose::Another;
    if is_own && keeper.role() == Some(role) {
        // Principals keep their own contact details.
        let own_details = keeper == Keeper::Principal && action == Action::Change;
        return if own_details { Ok(()) } else { Err(Denial::OwnAccount) };
    }
    if !keeper.reaches(role, place) {
        return Err(Denial::Unseen);
    }
    if !keepers(action, role).contains(&keeper) {
        return Err(Denial::ForOthers);
    }
    match (action, whose) {
        (Action::Register, Whose::OwnBesides) if role == AccountRole::Teacher => Err(Denial::OwnBesides),
        _ => Ok(()),
    }
}

/// Who can do instead what this keeper may not; the nearest first. Nobody does what is not to be
/// done at all, such as a second teacher's account for the same person.
#[must_use]
pub fn who_can(asker: Option<Keeper>, denial: Denial, action: Action, role: AccountRole) -> Vec<Keeper> {
    match denial {
        Denial::Unseen | Denial::OwnBesides => Vec::new(),
        Denial::NoKeeper | Denial::OwnAccount | Denial::ForOthers => {
            keepers(action, role).iter().copied().filter(|keeper| Some(*keeper) != asker).collect()
        }
    }
}

/// How a password stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Password {
    /// Issued, and as yet unused.
    Issued,
    /// Issued and used, but never followed by the person's own: it serves no more.
    Spent,
    /// The person's own.
    Own,
    /// Guessed at too often, or not there at all.
    Dead,
}

/// All that an account's state follows from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Life {
    /// What it may act as.
    pub role: AccountRole,
    /// First instant at which it may be used.
    pub active_from: Instant,
    /// First instant at which it may no more; `None` for no end.
    pub active_until: Option<Instant>,
    /// When it was deactivated, if it is.
    pub deactivated: Option<Instant>,
    /// When it was deleted.
    pub deleted: Option<Instant>,
    /// When it was united with another account.
    pub merged: Option<Instant>,
    /// Its password.
    pub password: Password,
    /// Its card.
    pub card: Card,
    /// Has it a passkey that can be used?
    pub passkey: bool,
}

/// What state an account is in at an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Handed out, and nobody has signed in with it yet.
    Issued,
    /// In use.
    Active,
    /// It cannot be signed in with until new credentials are issued: a password or card is dead,
    /// used up or missing.
    Locked,
    /// Its time is over: code 31 until it is reactivated.
    Lapsed,
    /// Closed by somebody: code 31 until it is reactivated.
    Deactivated,
    /// Closed for good.
    Deleted,
    /// United with another account of the same person, which is used instead.
    Merged,
}

impl State {
    /// All states.
    pub const ALL: [Self; 7] =
        [Self::Issued, Self::Active, Self::Locked, Self::Lapsed, Self::Deactivated, Self::Deleted, Self::Merged];

    /// What leads out of the state, by whom [`keepers`] says. A deleted account stays so: its
    /// person gets another one.
    #[must_use]
    pub const fn way_out(self) -> Action {
        match self {
            Self::Issued | Self::Locked => Action::Reissue,
            Self::Active => Action::Deactivate,
            Self::Lapsed | Self::Deactivated => Action::Reactivate,
            Self::Deleted => Action::Register,
            Self::Merged => Action::Separate,
        }
    }
}

impl Life {
    /// The state at an instant. What closes an account counts before what locks it, because it is
    /// to be mended first.
    #[must_use]
    pub fn state(&self, now: Instant) -> State {
        if self.deleted.is_some() {
            State::Deleted
        } else if self.merged.is_some() {
            State::Merged
        } else if self.deactivated.is_some_and(|at| at <= now) {
            State::Deactivated
        } else if self.has_lapsed(now) {
            State::Lapsed
        } else if self.is_locked() {
            State::Locked
        } else if self.password == Password::Issued {
            State::Issued
        } else {
            State::Active
        }
    }

    /// Since when it has been in its present state, where that is known.
    #[must_use]
    pub fn since(&self, now: Instant) -> Option<Instant> {
        match self.state(now) {
            State::Deleted => self.deleted,
            State::Merged => self.merged,
            State::Deactivated => self.deactivated,
            State::Lapsed => self.active_until,
            State::Locked | State::Issued | State::Active => None,
        }
    }

    /// Is its time over?
    #[must_use]
    pub fn has_lapsed(&self, now: Instant) -> bool {
        self.active_until.is_some_and(|until| until <= now)
    }

    fn is_locked(&self) -> bool {
        let no_password = matches!(self.password, Password::Spent | Password::Dead);
        no_password || self.lacks_second_factor()
    }

    /// A passkey stands in for the card, whatever became of it.
    const fn lacks_second_factor(&self) -> bool {
        match self.card {
            Card::Good(_) => false,
            Card::None => self.role.needs_second_factor() && !self.passkey,
            Card::Dead | Card::UsedUp => !self.passkey,
        }
    }

    /// What reactivating it now would do.
    #[must_use]
    pub fn reactivation(&self, zone: Zone, now: Instant) -> Reactivation {
        let fresh = end_of(self.role, zone, now);
        if self.has_lapsed(now) {
            return Reactivation::Until(fresh);
        }
        match (self.deactivated, self.active_until, fresh) {
            (Some(_), until, _) => Reactivation::Until(until.or(fresh)),
            (None, Some(until), _) => Reactivation::NotBefore(zone.date_of(until)),
            (None, None, _) => Reactivation::Unneeded,
        }
    }
}

/// What reactivating an account would do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reactivation {
    /// It could be used up to this instant, itself not included; `None` for no end.
    Until(Option<Instant>),
    /// It is open, and can be given another year from this day on.
    NotBefore(Date),
    /// It is open and has no end.
    Unneeded,
}

/// The first instant at which an account of this role, made or reactivated at `at`, may no more be
/// used: the next 1 August for teachers and test administrators, `None` for all others.
#[must_use]
pub fn end_of(role: AccountRole, zone: Zone, at: Instant) -> Option<Instant> {
    let lapses = matches!(role, AccountRole::Teacher | AccountRole::TestAdministrator);
    lapses.then(|| zone.start_of(next_year(zone, at)))
}

/// For how many days a merge can be taken back.
pub const SEPARABLE_DAYS: i64 = 30;

/// The first instant at which a merge can no more be taken back.
#[must_use]
pub const fn separable_until(merged: Instant) -> Instant {
    merged.plus_seconds(SEPARABLE_DAYS * 24 * 3_600)
}

/// The first day of the next school year: when teachers' and test administrators' accounts lapse.
#[must_use]
pub fn next_year(zone: Zone, at: Instant) -> Date {
    SchoolYear::of(zone.date_of(at)).last_day().next()
}

/// Does the holder of an account keep its contact details themselves? Principals (rektor) and an
/// authority's people always do; others do where the account has contact details, so that nobody is
/// asked for an address that is of no use.
#[must_use]
pub const fn keeps_own_contact(role: AccountRole, has_contact: bool) -> bool {
    has_contact || matches!(role, AccountRole::Authority | AccountRole::Principal)
}
