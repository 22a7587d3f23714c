//! Finds what somebody with the database in hand has done to the log or to what it tells of.

use super::chain::{code, code_as, commitment};
use super::checkpoint::{Checkpoint, hex};
use super::replay::{Expected, Told};
use super::{Body, ReadWho, checkpoint};
use crate::fault::Fault;
use crate::secrets::KeyRing;
use domain::{AuthorityId, Instant, InstitutionId};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use store::audit::{AuditPersonal, AuditRow};
use store::{Db, Read};
use uuid::Uuid;

/// Entries read at a time: memory stays bounded however long a chain is.
const PAGE: i64 = 500;

/// What a verification has read and found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// How many chains.
    pub chains: u64,
    /// How many entries.
    pub entries: u64,
    /// How many entries have had their personal words erased.
    pub erased: u64,
    /// What is wrong; empty if nothing is.
    pub findings: Vec<Finding>,
}

/// One thing that is wrong. `chain` is an institution's or authority's id.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Finding {
    /// An entry is not as it was written.
    EntryAltered {
        /// Whose log.
        chain: Uuid,
        /// The entry.
        number: i64,
    },
    /// Two entries stand in each other's place.
    EntriesSwapped {
        /// Whose log.
        chain: Uuid,
        /// The one.
        number: i64,
        /// The other.
        with: i64,
    },
    /// Entries are missing between others, or at the beginning.
    EntriesMissing {
        /// Whose log.
        chain: Uuid,
        /// The first one.
        from: i64,
        /// The last one.
        to: i64,
    },
    /// An entry does not follow the one before it: the chain was put together anew.
    LinkBroken {
        /// Whose log.
        chain: Uuid,
        /// The entry.
        number: i64,
    },
    /// An entry was made with a key that this installation does not have.
    KeyUnknown {
        /// Whose log.
        chain: Uuid,
        /// The entry.
        number: i64,
    },
    /// An entry is as it was written, but this program does not understand it: a newer one wrote it.
    EntryUnreadable {
        /// Whose log.
        chain: Uuid,
        /// The entry.
        number: i64,
    },
    /// The end of the chain is not where its head says: entries were cut off.
    TailCut {
        /// Whose log.
        chain: Uuid,
        /// The last entry that is there.
        last: i64,
        /// The number that the head names.
        head: i64,
    },
    /// The personal words of an entry are not those that were written.
    PersonalAltered {
        /// Whose log.
        chain: Uuid,
        /// The entry.
        number: i64,
    },
    /// A checkpoint knows entries that are gone: the database is older than the checkpoint.
    RolledBack {
        /// Whose log.
        chain: Uuid,
        /// The last entry that is there.
        last: i64,
        /// The number that the checkpoint knows.
        known: i64,
        /// When the checkpoint was taken.
        at: Instant,
    },
    /// A checkpoint knows another entry under this number: history was written anew.
    Rewritten {
        /// Whose log.
        chain: Uuid,
        /// The entry.
        number: i64,
        /// When the checkpoint was taken.
        at: Instant,
    },
    /// A row is not as the log says it was written.
    RowDiffers {
        /// The institution.
        institution: InstitutionId,
        /// The table.
        table: Table,
        /// The row.
        row: String,
    },
    /// A row that the log tells of is not there.
    RowMissing {
        /// The institution.
        institution: InstitutionId,
        /// The table.
        table: Table,
        /// The row.
        row: String,
    },
    /// A row is there that the log does not tell of.
    RowUnknown {
        /// The institution.
        institution: InstitutionId,
        /// The table.
        table: Table,
        /// The row.
        row: String,
    },
}

/// A table whose rows the log tells of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Table {
    /// Change sets, by number.
    ChangeSet,
    /// Decisions, by change set and position.
    Decision,
    /// Rights to book and to run, by id.
    StaffRight,
    /// Accounts, by id.
    Account,
    /// Hashes of passwords, by account.
    Password,
    /// Cards with their challenges, by id.
    Card,
    /// Passkeys, by id.
    Passkey,
}

impl Table {
    /// The table of this name; decisions for any that is not replayed.
    pub(super) fn named(name: &str) -> Self {
        match name {
            "change_set" => Self::ChangeSet,
            "staff_right" => Self::StaffRight,
            "account" => Self::Account,
            _ => Self::Decision,
        }
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::ChangeSet => "change set",
            Self::Decision => "decision",
            Self::StaffRight => "staff right",
            Self::Account => "account",
            Self::Password => "password of account",
            Self::Card => "matrix card",
            Self::Passkey => "passkey",
        })
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::EntryAltered { chain, number } => write!(f, "{chain}: entry {number} was altered"),
            Self::EntriesSwapped { chain, number, with } => {
                write!(f, "{chain}: entries {number} and {with} were swapped")
            }
            Self::EntriesMissing { chain, from, to } if from == to => write!(f, "{chain}: entry {from} is missing"),
            Self::EntriesMissing { chain, from, to } => write!(f, "{chain}: entries {from} to {to} are missing"),
            Self::LinkBroken { chain, number } => {
                write!(f, "{chain}: entry {number} does not follow the one before it")
            }
            Self::KeyUnknown { chain, number } => write!(f, "{chain}: entry {number} was made with an unknown key"),
            Self::EntryUnreadable { chain, number } => write!(f, "{chain}: entry {number} is not understood"),
            Self::TailCut { chain, last, head } => {
                write!(f, "{chain}: the log ends at entry {last}, but its head names {head}")
            }
            Self::PersonalAltered { chain, number } => {
                write!(f, "{chain}: the names or the reason of entry {number} were altered")
            }
            Self::RolledBack { chain, last, known, .. } => {
                write!(f, "{chain}: the log ends at entry {last}, but a checkpoint knows entry {known}")
            }
            Self::Rewritten { chain, number, .. } => {
                write!(f, "{chain}: a checkpoint knows another entry {number}")
            }
            Self::RowDiffers { institution, table, row } => {
                write!(f, "{institution}: {table} {row} is not as it was written")
            }
            Self::RowMissing { institution, table, row } => write!(f, "{institution}: {table} {row} is missing"),
            Self::RowUnknown { institution, table, row } => {
                write!(f, "{institution}: {table} {row} was written past the log")
            }
        }
    }
}

/// Reads every chain, holds it against the checkpoints, and replays it against the database.
///
/// # Errors
/// What the store fails with. Whatever is wrong with the log is a finding, not an error.
pub async fn verify(db: &Db, keys: &KeyRing, checkpoints: &[Checkpoint]) -> Result<Report, Fault> {
    let mut read = db.read().await?;
    let institutions = store::directory::institutions(&mut read).await?;
    let institutions: BTreeSet<Uuid> = institutions.into_iter().map(|institution| institution.id.0).collect();
    let authorities = store::directory::authorities(&mut read).await?;
    let authorities: BTreeSet<Uuid> = authorities.into_iter().map(|authority| authority.id.0).collect();
    let mut chains: BTreeSet<Uuid> = store::audit::chains(&mut read).await?.into_iter().collect();
    chains.extend(&institutions);
    chains.extend(&authorities);
    chains.extend(checkpoints.iter().flat_map(|checkpoint| &checkpoint.heads).map(|head| head.chain));
    let heads: BTreeMap<Uuid, i64> =
        store::audit::heads(&mut read).await?.into_iter().map(|(chain, head)| (chain, head.number)).collect();
    let mut report = Report::default();
    for chain in chains {
        let mut walk = Walk::new(chain, keys, checkpoints);
        walk.run(&mut read).await?;
        walk.end(heads.get(&chain).copied().unwrap_or(0));
        report.chains += 1;
        report.entries += walk.entries;
        report.erased += walk.erased;
        report.findings.append(&mut walk.findings);
        if institutions.contains(&chain) {
            report.findings.extend(walk.expected.compare(&mut read, InstitutionId(chain)).await?);
        } else if authorities.contains(&chain) {
            report.findings.extend(walk.expected.compare_authority(&mut read, AuthorityId(chain)).await?);
        }
    }
    Ok(report)
}

/// The reading of one chain.
struct Walk<'a> {
    chain: Uuid,
    keys: &'a KeyRing,
    /// What checkpoints know of this chain.
    known: Vec<(Instant, &'a checkpoint::Head)>,
    /// The codes found under the numbers that checkpoints name.
    codes: BTreeMap<i64, String>,
    last: i64,
    last_mac: Vec<u8>,
    altered: Vec<AuditRow>,
    entries: u64,
    erased: u64,
    expected: Expected,
    findings: Vec<Finding>,
}

impl<'a> Walk<'a> {
    fn new(chain: Uuid, keys: &'a KeyRing, checkpoints: &'a [Checkpoint]) -> Self {
        let heads = checkpoints.iter().flat_map(|point| point.heads.iter().map(|head| (point.at, head)));
        Self {
            chain,
            keys,
            known: heads.filter(|(_, head)| head.chain == chain && head.number > 0).collect(),
            codes: BTreeMap::new(),
            last: 0,
            last_mac: Vec::new(),
            altered: Vec::new(),
            entries: 0,
            erased: 0,
            expected: Expected::default(),
            findings: Vec::new(),
        }
    }

    async fn run(&mut self, read: &mut Read) -> Result<(), Fault> {
        loop {
            let after = self.last;
            let rows = store::audit::entries(read, self.chain, after, PAGE).await?;
            let Some(up_to) = rows.last().map(|row| row.number) else { return Ok(()) };
            let personal = store::audit::personal(read, self.chain, after, up_to).await?;
            let personal: BTreeMap<i64, AuditPersonal> = personal.into_iter().collect();
            for row in rows {
                self.entry(row, &personal);
            }
        }
    }

    fn entry(&mut self, row: AuditRow, personal: &BTreeMap<i64, AuditPersonal>) {
        let (chain, number) = (self.chain, row.number);
        self.entries += 1;
        if number > self.last + 1 {
            self.findings.push(Finding::EntriesMissing { chain, from: self.last + 1, to: number - 1 });
        }
        let key = row.key_id.parse().ok().and_then(|id| self.keys.get(id));
        let is_ours = key.map(|key| code(key, chain, &row) == row.mac);
        match is_ours {
            None => self.findings.push(Finding::KeyUnknown { chain, number }),
            Some(false) => self.altered.push(row.clone()),
            // Only where the neighbour is there and this entry is true does a wrong link say more.
            Some(true) if number == self.last + 1 && row.previous != self.last_mac => {
                self.findings.push(Finding::LinkBroken { chain, number });
            }
            Some(true) => {}
        }
        let words = self.true_words(&row, personal.get(&number));
        if is_ours == Some(true) {
            self.replay(&row, words);
        }
        if self.known.iter().any(|(_, head)| head.number == number) {
            self.codes.insert(number, hex(&row.mac));
        }
        self.last = number;
        self.last_mac = row.mac;
    }

    /// The words of an entry, where they are those that were written.
    fn true_words<'w>(&mut self, row: &AuditRow, words: Option<&'w AuditPersonal>) -> Option<&'w AuditPersonal> {
        match words {
            None => self.erased += u64::from(!row.commitment.is_empty()),
            Some(words) if commitment(words) == row.commitment => return Some(words),
            Some(_) => self.findings.push(Finding::PersonalAltered { chain: self.chain, number: row.number }),
        }
        None
    }

    fn replay(&mut self, row: &AuditRow, words: Option<&AuditPersonal>) {
        let words = words.and_then(|words| serde_json::from_str::<serde_json::Value>(&words.body).ok());
        let word = |key| words.as_ref().and_then(|words| words.get(key)).and_then(|word| word.as_str());
        match (serde_json::from_str::<Body>(&row.body), serde_json::from_str::<ReadWho>(&row.actor)) {
            (Ok(body), Ok(who)) => {
                // Who has no name has no word; words that were erased say nothing about anybody's.
                let name = words.as_ref().map(|_| word(super::ACTOR).unwrap_or_default().to_owned());
                let reason = word(super::REASON).map(ToOwned::to_owned);
                self.expected.take(body.rows, &Told { person: who.person, via: who.via, name, reason });
            }
            _ => self.findings.push(Finding::EntryUnreadable { chain: self.chain, number: row.number }),
        }
    }

    /// What can only be said at the end of the chain.
    fn end(&mut self, head: i64) {
        let (chain, last) = (self.chain, self.last);
        self.name_altered();
        if head != last {
            self.findings.push(Finding::TailCut { chain, last, head });
        }
        for (at, known) in &self.known {
            let (at, number) = (*at, known.number);
            match self.codes.get(&number) {
                Some(code) if *code == known.mac => {}
                Some(_) => self.findings.push(Finding::Rewritten { chain, number, at }),
                None if number > last => self.findings.push(Finding::RolledBack { chain, last, known: number, at }),
                // A gap before the end has been named already.
                None => {}
            }
        }
    }

    /// Entries whose code is right for another's number have changed places with it.
    fn name_altered(&mut self) {
        let altered = std::mem::take(&mut self.altered);
        let mut named = BTreeSet::new();
        for row in &altered {
            if named.contains(&row.number) {
                continue;
            }
            let other = altered.iter().find(|other| other.number != row.number && self.is_from(row, other.number));
            let finding = match other {
                Some(other) if self.is_from(other, row.number) => {
                    named.insert(other.number);
                    Finding::EntriesSwapped { chain: self.chain, number: row.number, with: other.number }
                }
                _ => Finding::EntryAltered { chain: self.chain, number: row.number },
            };
            self.findings.push(finding);
        }
    }

    /// Was this entry written under that number?
    fn is_from(&self, row: &AuditRow, number: i64) -> bool {
        let key = row.key_id.parse().ok().and_then(|id| self.keys.get(id));
        key.is_some_and(|key| code_as(key, self.chain, row, number) == row.mac)
    }
}
