//! What pages exchange with the service about the people whom an institution's user administration keeps.

use crate::calendar::Zone;
use crate::capacity::{IdentitySource, UserType};
use crate::ids::PersonId;
use crate::time::Instant;
use crate::unilogin::{Flag, UniId};

/// What somebody is at the institution, and may be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Affiliated {
    /// The person.
    pub person: PersonId,
    /// Their name; the alias where they are protected.
    pub name: String,
    /// Their UNI-Login id.
    pub uni_id: Option<UniId>,
    /// Is it who asks?
    pub is_own: bool,
    /// Where the institution takes its administrative capacities from; flags count with UNI-Login alone.
    pub source: IdentitySource,
    /// As what, now and to come, in the order of user types.
    pub types: Vec<AffiliationLine>,
    /// Flags, now and to come.
    pub flags: Vec<FlagLine>,
    /// From when something counts that is added now.
    pub adds_from: Instant,
    /// The zone that instants are told in.
    pub zone: Zone,
    /// The server's now.
    pub now: Instant,
}

/// One thing that somebody is at the institution.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AffiliationLine {
    /// As what.
    pub user_type: UserType,
    /// Was it written down here? Otherwise it comes from a roster or an account, and is changed there.
    pub by_hand: bool,
    /// First instant at which it counts, where that is to come.
    pub coming: Option<Instant>,
    /// First instant at which it does no more.
    pub until: Option<Instant>,
    /// Can it be confirmed now, to run for another year?
    pub can_be_confirmed: bool,
}

/// A flag of UNI-Login's user administration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FlagLine {
    /// Which.
    pub flag: Flag,
    /// First instant at which it counts, where that is to come.
    pub coming: Option<Instant>,
    /// Who gave it.
    pub by: String,
}

/// Somebody to be affiliated by hand.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct AffiliationOrder {
    /// Their national number as typed: the same number finds the same person.
    pub number: String,
    /// Given names, for somebody who is not known by the number.
    pub given: String,
    /// Family name, likewise.
    pub family: String,
    /// Their UNI-Login id; may be empty.
    pub uni_id: String,
    /// As what; at least one.
    pub types: Vec<UserType>,
}

/// Shows nothing of it: it holds a national number.
impl std::fmt::Debug for AffiliationOrder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("AffiliationOrder")
    }
}

/// What became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewlyAffiliated {
    /// The person.
    pub person: PersonId,
    /// Were they known by the number already? Then they keep their name.
    pub was_known: bool,
}
