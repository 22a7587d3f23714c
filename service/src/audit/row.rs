//! Rows as entries hold them: all that must not change in decisions, staff rights, accounts and
//! their credentials.

use super::checkpoint::hex;
use domain::draft::{ScopeId, TestsId};
use domain::staff_right::StaffRight;
use domain::{AccountId, AccountRole, Effect, Instant, PasskeyId, PersonId};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use store::account::{NewAccount, StoredAccount};
use store::record::{NewChangeSet, StoredDecision};
use store::sign_in::{NewChallenge, StoredCard, StoredPasskey, StoredPassword};
use store::staff_right::StaffRightFact;
use uuid::Uuid;

/// A row that a verification must find as it was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Row {
    /// A change set with its decisions.
    ChangeSet(ChangeSetRow),
    /// A right to book or to run.
    StaffRight(StaffRightRow),
    /// An account, as it is from now on.
    Account(AccountRow),
    /// The hash of an account's password, from now on.
    Password(PasswordRow),
    /// A card of an account.
    Card(CardRow),
    /// A passkey of an account, as it is from now on.
    Passkey(PasskeyRow),
    /// A passkey was removed.
    PasskeyGone(PasskeyId),
    /// The account's password, cards and passkeys were taken away.
    CredentialsGone(AccountId),
}

/// A change set with its decisions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangeSetRow {
    /// Its number, from 1.
    pub number: u32,
    /// The institution's revision with it.
    pub revision: i64,
    /// When it was recorded.
    pub recorded: Instant,
    /// Who recorded it.
    pub author: PersonId,
    /// Number of the change set that it takes back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub takes_back: Option<u32>,
    /// Positions that it takes back; nothing for all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub positions: Option<Vec<u16>>,
    /// Did the author give a right to themselves?
    pub own_right: bool,
    /// Its decisions; position = place here.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub decisions: Vec<DecisionRow>,
}

/// A decision: teacher, scope, tests, effect, from, until. Unnamed, as there may be thousands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DecisionRow(PersonId, ScopeId, TestsId, Effect, Instant, Option<Instant>);

/// A right to book or to run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StaffRightRow {
    /// The fact.
    pub id: Uuid,
    /// Whose.
    pub person: PersonId,
    /// Which right.
    pub right: StaffRight,
    /// Given or removed?
    pub granted: bool,
    /// When it was recorded; the fact before it about the same right ends then.
    pub recorded: Instant,
    /// Who did it; nil for the system. Entries of older programs do not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub author: Option<PersonId>,
}

/// An account without its credentials.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountRow {
    /// The account.
    pub id: AccountId,
    /// Its number.
    pub number: i64,
    /// Its user name: number and school, no name in it.
    pub user_name: String,
    /// Whose.
    pub person: PersonId,
    /// What it may act as.
    pub role: AccountRole,
    /// Signs in from then on.
    pub active_from: Instant,
    /// Signs in until just before then.
    pub active_until: Option<Instant>,
    /// When it was deactivated.
    pub deactivated: Option<Instant>,
    /// When it was deleted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deleted: Option<Instant>,
    /// The account that it was united with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub merged_into: Option<AccountId>,
    /// The subjects it opens, by slug.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub subjects: Vec<String>,
}

/// The hash of an account's password.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PasswordRow {
    /// The account.
    pub account: AccountId,
    /// SHA-256 of the stored hash, in hex: tells another hash, and nothing about the password.
    pub digest: String,
}

/// A card with the hashes of its challenges.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CardRow {
    /// The card.
    pub id: Uuid,
    /// Whose.
    pub account: AccountId,
    /// SHA-256 of the challenges and their stored hashes, in hex.
    pub digest: String,
}

/// A passkey.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PasskeyRow {
    /// The passkey.
    pub id: PasskeyId,
    /// Whose.
    pub account: AccountId,
    /// SHA-256 of its public key, its names for authenticators and its count of signatures, in hex.
    pub digest: String,
}

impl Row {
    /// A passkey as it was stored.
    #[must_use]
    pub fn passkey(stored: &StoredPasskey) -> Self {
        Self::Passkey(stored.into())
    }

    /// The hash of an account's password, as it was stored.
    #[must_use]
    pub fn password(account: AccountId, stored: &str) -> Self {
        Self::Password(PasswordRow { account, digest: digest([stored]) })
    }

    /// A card as it was issued.
    #[must_use]
    pub fn card(id: Uuid, account: AccountId, challenges: &[NewChallenge]) -> Self {
        Self::Card(CardRow::new(id, account, challenges))
    }

    /// A change set as it was appended.
    #[must_use]
    pub fn change_set(number: u32, set: &NewChangeSet<'_>, decisions: &[StoredDecision]) -> Self {
        Self::ChangeSet(ChangeSetRow {
            number,
            revision: set.revision,
            recorded: set.recorded,
            author: set.author,
            takes_back: set.takes_back.map(|back| back.target.0.saturating_add(1)),
            positions: set.takes_back.and_then(|back| back.positions.clone()),
            own_right: set.own_right,
            decisions: decisions.iter().map(DecisionRow::from).collect(),
        })
    }

    /// A right as it was recorded.
    #[must_use]
    pub const fn staff_right(fact: &StaffRightFact) -> Self {
        Self::StaffRight(StaffRightRow {
            id: fact.id,
            person: fact.person,
            right: fact.right,
            granted: fact.granted,
            recorded: fact.recorded.from,
            author: Some(fact.author),
        })
    }

    /// An account as it was made, with its subjects in the order of their slugs.
    #[must_use]
    pub fn new_account(new: &NewAccount<'_>, subjects: &[String]) -> Self {
        Self::Account(AccountRow {
            id: new.id,
            number: new.number,
            user_name: new.user_name.into(),
            person: new.person,
            role: new.role,
            active_from: new.created,
            active_until: new.active_until,
            deactivated: None,
            deleted: None,
            merged_into: None,
            subjects: subjects.to_vec(),
        })
    }

    /// An account as it now stands.
    #[must_use]
    pub fn account(account: StoredAccount) -> Self {
        Self::Account(account.into())
    }
}

impl CardRow {
    fn new(id: Uuid, account: AccountId, challenges: &[NewChallenge]) -> Self {
        let parts = challenges.iter().flat_map(|(coordinates, stored)| [coordinates.as_str(), stored.as_str()]);
        Self { id, account, digest: digest(parts) }
    }
}

impl From<StoredCard> for CardRow {
    fn from(card: StoredCard) -> Self {
        Self::new(card.id, card.account, &card.challenges)
    }
}

impl From<&StoredPasskey> for PasskeyRow {
    fn from(passkey: &StoredPasskey) -> Self {
        let parts = [&hex(&passkey.credential_id), &passkey.credential, &passkey.sign_count.to_string()];
        Self { id: passkey.id, account: passkey.account, digest: digest(parts.map(String::as_str)) }
    }
}

impl From<StoredPassword> for PasswordRow {
    fn from(password: StoredPassword) -> Self {
        Self { account: password.account, digest: digest([password.hash.as_str()]) }
    }
}

/// SHA-256 of texts, each with its length, in hex.
fn digest<'a>(parts: impl IntoIterator<Item = &'a str>) -> String {
    let mut digest = Sha256::new();
    for part in parts {
        digest.update((part.len() as u64).to_be_bytes());
        digest.update(part);
    }
    hex(&digest.finalize())
}

impl From<&StoredDecision> for DecisionRow {
    fn from(decision: &StoredDecision) -> Self {
        let StoredDecision { teacher, scope, tests, effect, valid, .. } = decision;
        Self(*teacher, *scope, tests.clone(), *effect, valid.from, valid.until)
    }
}

impl From<StoredAccount> for AccountRow {
    fn from(account: StoredAccount) -> Self {
        let StoredAccount { id, number, user_name, person, role, active_from, active_until, .. } = account;
        let StoredAccount { deactivated, deleted, merged_into, subjects, .. } = account;
        Self {
            id,
            number,
            user_name,
            person,
            role,
            active_from,
            active_until,
            deactivated,
            deleted,
            merged_into,
            subjects,
        }
    }
}
