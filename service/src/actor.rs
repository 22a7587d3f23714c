//! Who acts, where, and as what.

use domain::exchange::{Refusal, RefusalCode};
use domain::{AccountId, Capacity, InstitutionId, PersonId};
use uuid::Uuid;

/// By what way the actor came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Via {
    /// A signed-in session.
    Session,
    /// The command line, on behalf of an account: the audit says "operator, as …".
    OperatorAs,
    /// The command line itself: imports and the first accounts.
    Operator,
    /// The system by itself, such as the rights of new teachers.
    System,
}

/// Who acts, where, and as what. Built anew for every request, from the database; never kept.
#[derive(Clone, Debug)]
pub struct Actor {
    /// The person; nil for the operator and the system.
    pub person: PersonId,
    /// The account signed in with: what is given to an account works through no other one of the same
    /// person. `None` for the operator, whoever it acts for, and the system.
    pub account: Option<AccountId>,
    /// The name that others read, in the history, the log and their inboxes: the alias of a protected person.
    pub name: String,
    /// The institution acted at.
    pub institution: InstitutionId,
    /// What the person may act as there, now.
    pub capacities: Vec<Capacity>,
    /// Did the sign-in use two factors?
    pub two_factors: bool,
    /// By what way the actor came.
    pub via: Via,
    /// The request this belongs to, for the audit log.
    pub request: Uuid,
}

impl Actor {
    /// The system by itself, at an institution.
    #[must_use]
    pub const fn system(institution: InstitutionId) -> Self {
        Self {
            person: PersonId(Uuid::nil()),
            account: None,
            name: String::new(),
            institution,
            capacities: Vec::new(),
            two_factors: false,
            via: Via::System,
            request: Uuid::nil(),
        }
    }

    /// May this actor act as that here?
    #[must_use]
    pub fn is(&self, capacity: Capacity) -> bool {
        self.capacities.contains(&capacity)
    }

    /// Fails closed unless the actor holds the capacity.
    ///
    /// # Errors
    /// [`RefusalCode::NotAllowed`].
    pub fn require(&self, capacity: Capacity) -> Result<(), Refusal> {
        if self.is(capacity) { Ok(()) } else { Err(RefusalCode::NotAllowed.into()) }
    }
}
