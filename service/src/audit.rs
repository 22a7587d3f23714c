//! The audit log: a chain of HMACs for each institution, under a key outside the database.
//!
//! Every use case that changes something calls [`append`] in its own transaction. An entry holds
//! ids and codes only: who acted as what, what was done, and each row that a later [`verify()`]
//! must find unchanged. Names and reasons stand apart; the chain holds a salted commitment to
//! them, so that erasing them keeps it verifiable (design.md §5).

mod action;
mod chain;
mod checkpoint;
mod replay;
mod row;
mod verify;

pub use action::Action;
pub use checkpoint::{Checkpoint, CheckpointError};
pub use row::{AccountRow, CardRow, ChangeSetRow, DecisionRow, PasskeyRow, PasswordRow, Row, StaffRightRow};
pub use verify::{Finding, Report, Table, verify};

use crate::actor::{Actor, Via};
use crate::env::Env;
use crate::fault::Fault;
use crate::secrets::KeyRing;
use domain::{AuthorityId, Capacity, InstitutionId, PersonId};
use serde::Serialize;
use serde_json::{Map, Value};
use std::fmt::Display;
use store::Write;
use store::audit::{AuditPersonal, AuditRow};
use uuid::Uuid;

/// The personal word under which the actor's name stands.
const ACTOR: &str = "actor";

/// The personal word under which a reason stands.
const REASON: &str = "reason";

/// Bytes of the salt under which personal words are committed to.
const SALT_BYTES: usize = 32;

/// What was done, by whom and to what; built up, then handed to [`append`].
#[derive(Clone, Debug)]
pub struct Entry {
    chain: Uuid,
    action: Action,
    actor: Who,
    request: Uuid,
    object: String,
    body: Body,
    personal: Map<String, Value>,
}

/// The actor in ids and codes.
#[derive(Clone, Debug, Serialize)]
struct Who {
    /// The person; nothing for the operator and the system.
    person: Option<PersonId>,
    via: &'static str,
    /// What the actor acted as.
    capacity: Option<Capacity>,
}

/// The actor as an entry says it.
#[derive(Clone, Debug, serde::Deserialize)]
struct ReadWho {
    #[serde(default)]
    person: Option<PersonId>,
    #[serde(default)]
    via: String,
}

#[derive(Clone, Debug, Default, Serialize, serde::Deserialize)]
struct Body {
    /// Rows that must be found as they were written.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    rows: Vec<Row>,
    /// Before, after, counts: whatever else tells what was done.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    details: Map<String, Value>,
}

impl Entry {
    /// Something done at the actor's institution.
    #[must_use]
    pub fn new(action: Action, actor: &Actor) -> Self {
        let person = (!actor.person.0.is_nil()).then_some(actor.person);
        let mut personal = Map::new();
        if !actor.name.is_empty() {
            personal.insert(ACTOR.into(), actor.name.clone().into());
        }
        Self {
            chain: actor.institution.0,
            action,
            actor: Who { person, via: via_code(&actor.via), capacity: None },
            request: actor.request,
            object: String::new(),
            body: Body::default(),
            personal,
        }
    }

    /// Done at another place than the actor's own: by the operator, or by the authority at one of
    /// its institutions.
    #[must_use]
    pub fn at(mut self, institution: InstitutionId) -> Self {
        self.chain = institution.0;
        self
    }

    /// Done at an authority.
    #[must_use]
    pub fn at_authority(mut self, authority: AuthorityId) -> Self {
        self.chain = authority.0;
        self
    }

    /// What the actor acted as.
    #[must_use]
    pub fn capacity(mut self, capacity: Capacity) -> Self {
        self.actor.capacity = Some(capacity);
        self
    }

    /// What it was done to: a kind and an id or number, such as `change_set 12`. No names.
    #[must_use]
    pub fn object(mut self, kind: &str, id: impl Display) -> Self {
        self.object = format!("{kind} {id}");
        self
    }

    /// Rows that were written, and that a verification must find unchanged.
    #[must_use]
    pub fn rows(mut self, rows: impl IntoIterator<Item = Row>) -> Self {
        self.body.rows.extend(rows);
        self
    }

    /// What else tells what was done: before, after, counts. Ids, codes and numbers only.
    #[must_use]
    pub fn detail(mut self, key: &str, value: impl Into<Value>) -> Self {
        self.body.details.insert(key.into(), value.into());
        self
    }

    /// The reason given, as it stands in the change set too.
    #[must_use]
    pub fn reason(self, reason: &str) -> Self {
        self.personal(REASON, reason)
    }

    /// Words that name a person or may: a name, a note. They can be erased later.
    #[must_use]
    pub fn personal(mut self, key: &str, words: &str) -> Self {
        self.personal.insert(key.into(), words.into());
        self
    }
}

/// Appends an entry to its chain, in the transaction of what it tells about. Answers its number.
///
/// # Errors
/// What the store fails with; then nothing of the transaction may be kept.
pub async fn append(tx: &mut Write, env: &Env, keys: &KeyRing, entry: &Entry) -> Result<i64, Fault> {
    let head = store::audit::hold_head(tx, entry.chain).await?;
    let (key_id, key) = keys.newest();
    let personal = if entry.personal.is_empty() {
        None
    } else {
        Some(AuditPersonal { salt: env.random::<SALT_BYTES>().to_vec(), body: text(&entry.personal)? })
    };
    let mut row = AuditRow {
        number: head.number + 1,
        recorded: env.now().0,
        action: entry.action.code().into(),
        actor: text(&entry.actor)?,
        object: entry.object.clone(),
        request: entry.request,
        body: text(&entry.body)?,
        commitment: personal.as_ref().map_or_else(Vec::new, chain::commitment),
        previous: head.mac,
        mac: Vec::new(),
        key_id: key_id.to_string(),
    };
    row.mac = chain::code(key, entry.chain, &row);
    store::audit::append(tx, entry.chain, &row, personal.as_ref()).await?;
    Ok(row.number)
}

fn text(value: &impl Serialize) -> Result<String, Fault> {
    serde_json::to_string(value).map_err(|error| Fault::Internal(format!("an audit entry: {error}")))
}

/// The stable word for the way an actor came.
#[must_use]
pub const fn via_code(via: &Via) -> &'static str {
    match via {
        Via::Session => "session",
        Via::OperatorAs => "operator_as",
        Via::Operator => "operator",
        Via::System => "system",
    }
}
