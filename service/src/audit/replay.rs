//! Replays a chain's entries and compares what they say was written with what is there.

use super::row::{AccountRow, CardRow, ChangeSetRow, DecisionRow, PasskeyRow, PasswordRow, Row, StaffRightRow};
use super::verify::{Finding, Table};
use domain::staff_right::StaffRight;
use domain::{AccountId, AuthorityId, InstitutionId, PasskeyId, PersonId, Window};
use std::collections::BTreeMap;
use std::fmt::Display;
use store::account::StoredAccount;
use store::record::{StoredChangeSet, StoredDecision};
use store::staff_right::StaffRightFact;
use store::{Error, Read};
use uuid::Uuid;

/// Who did what an entry tells of, and why.
#[derive(Clone, Debug)]
pub(super) struct Told {
    /// The person; `None` for the operator and the system.
    pub(super) person: Option<PersonId>,
    /// By what way the person came, in one word.
    pub(super) via: String,
    /// The person's name then, where the words were kept: of erased people they are not.
    pub(super) name: Option<String>,
    /// The reason given, where it was kept.
    pub(super) reason: Option<String>,
}

/// What the entries read so far say must be in the database.
#[derive(Debug, Default)]
pub(super) struct Expected {
    change_sets: BTreeMap<u32, (ChangeSetRow, Told)>,
    rights: BTreeMap<Uuid, (StaffRightRow, Window, Told)>,
    /// The fact that now says something about a right.
    latest: BTreeMap<(PersonId, StaffRight), Uuid>,
    accounts: BTreeMap<AccountId, AccountRow>,
    passwords: BTreeMap<AccountId, PasswordRow>,
    cards: BTreeMap<Uuid, CardRow>,
    passkeys: BTreeMap<PasskeyId, PasskeyRow>,
}

impl Expected {
    /// Takes the next entry's rows, and who wrote them.
    pub(super) fn take(&mut self, rows: Vec<Row>, told: &Told) {
        for row in rows {
            match row {
                Row::ChangeSet(set) => {
                    self.change_sets.insert(set.number, (set, told.clone()));
                }
                Row::StaffRight(right) => self.take_right(right, told),
                Row::Account(account) => {
                    self.accounts.insert(account.id, account);
                }
                Row::Password(password) => {
                    self.passwords.insert(password.account, password);
                }
                Row::Card(card) => {
                    self.cards.insert(card.id, card);
                }
                Row::Passkey(passkey) => {
                    self.passkeys.insert(passkey.id, passkey);
                }
                Row::PasskeyGone(id) => {
                    self.passkeys.remove(&id);
                }
                Row::CredentialsGone(account) => {
                    self.passwords.remove(&account);
                    self.cards.retain(|_, card| card.account != account);
                    self.passkeys.retain(|_, passkey| passkey.account != account);
                }
            }
        }
    }

    fn take_right(&mut self, right: StaffRightRow, told: &Told) {
        let before = self.latest.insert((right.person, right.right), right.id);
        if let Some((_, recorded, _)) = before.and_then(|before| self.rights.get_mut(&before)) {
            recorded.until = Some(right.recorded);
        }
        self.rights.insert(right.id, (right, Window::since(right.recorded), told.clone()));
    }

    /// Names every row of an institution that differs.
    ///
    /// # Errors
    /// What the store fails with; rows that cannot be are findings.
    pub(super) async fn compare(self, read: &mut Read, institution: InstitutionId) -> Result<Vec<Finding>, Error> {
        let mut found = Differences { institution, findings: Vec::new() };
        if let Some(sets) = found.readable(store::record::change_sets_of(read, institution).await)? {
            if let Some(decisions) = found.readable(store::record::decisions_of(read, institution).await)? {
                found.decisions(&self.change_sets, &decisions);
            }
            found.change_sets(self.change_sets, sets);
        }
        if let Some(rights) = found.readable(store::staff_right::history(read, institution).await)? {
            found.rights(self.rights, rights);
        }
        found.accounts(self.accounts, store::account::all_of(read, institution).await)?;
        found.credentials(self.passwords, self.cards, read).await?;
        found.passkeys(self.passkeys, read).await?;
        Ok(found.findings)
    }

    /// Names every account of an authority, and every credential of one, that differs; an authority
    /// has no other rows.
    ///
    /// # Errors
    /// As [`Expected::compare`].
    pub(super) async fn compare_authority(
        self,
        read: &mut Read,
        authority: AuthorityId,
    ) -> Result<Vec<Finding>, Error> {
        let mut found = Differences { institution: authority.as_place(), findings: Vec::new() };
        found.accounts(self.accounts, store::account::all_of(read, authority.as_place()).await)?;
        found.credentials(self.passwords, self.cards, read).await?;
        found.passkeys(self.passkeys, read).await?;
        Ok(found.findings)
    }
}

struct Differences {
    institution: InstitutionId,
    findings: Vec<Finding>,
}

impl Differences {
    /// Turns a row that cannot be into a finding.
    fn readable<T>(&mut self, rows: Result<T, Error>) -> Result<Option<T>, Error> {
        match rows {
            Ok(rows) => Ok(Some(rows)),
            Err(Error::Contradiction { table, row, .. }) => {
                let table = Table::named(table);
                self.findings.push(Finding::RowDiffers { institution: self.institution, table, row });
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    /// Compares rows key by key: differing, missing, and such that no entry tells of.
    fn each<K: Ord + Display, E, S>(
        &mut self,
        table: Table,
        expected: BTreeMap<K, E>,
        mut stored: BTreeMap<K, S>,
        same: impl Fn(&E, &S) -> bool,
    ) {
        let institution = self.institution;
        for (key, wanted) in expected {
            let row = key.to_string();
            match stored.remove(&key) {
                Some(found) if same(&wanted, &found) => {}
                Some(_) => self.findings.push(Finding::RowDiffers { institution, table, row }),
                None => self.findings.push(Finding::RowMissing { institution, table, row }),
            }
        }
        let unknown = stored.into_keys().map(|key| key.to_string());
        self.findings.extend(unknown.map(|row| Finding::RowUnknown { institution, table, row }));
    }

    fn accounts(
        &mut self,
        expected: BTreeMap<AccountId, AccountRow>,
        stored: Result<Vec<StoredAccount>, Error>,
    ) -> Result<(), Error> {
        if let Some(accounts) = self.readable(stored)? {
            let stored = accounts.into_iter().map(AccountRow::from).map(|account| (account.id, account));
            self.each(Table::Account, expected, stored.collect(), |expected, stored| expected == stored);
        }
        Ok(())
    }

    async fn credentials(
        &mut self,
        expected: BTreeMap<AccountId, PasswordRow>,
        expected_cards: BTreeMap<Uuid, CardRow>,
        read: &mut Read,
    ) -> Result<(), Error> {
        let place = self.institution;
        let passwords = store::sign_in::passwords_of(read, place).await?.into_iter().map(PasswordRow::from);
        let passwords = passwords.map(|password| (password.account, password)).collect();
        self.each(Table::Password, expected, passwords, |expected, stored| expected == stored);
        let cards = store::sign_in::cards_of(read, place).await?.into_iter().map(CardRow::from);
        let cards = cards.map(|card| (card.id, card)).collect();
        self.each(Table::Card, expected_cards, cards, |expected, stored| expected == stored);
        Ok(())
    }

    async fn passkeys(&mut self, expected: BTreeMap<PasskeyId, PasskeyRow>, read: &mut Read) -> Result<(), Error> {
        let stored = store::sign_in::passkeys_of(read, self.institution).await?;
        let stored = stored.iter().map(|passkey| (passkey.id, PasskeyRow::from(passkey))).collect();
        self.each(Table::Passkey, expected, stored, |expected, stored| expected == stored);
        Ok(())
    }

    fn change_sets(&mut self, expected: BTreeMap<u32, (ChangeSetRow, Told)>, stored: Vec<StoredChangeSet>) {
        let stored = stored.into_iter().map(|stored| (stored.set.number, stored)).collect();
        self.each(Table::ChangeSet, expected, stored, |(wanted, told), found| {
            let back = found.set.takes_back.as_ref();
            wanted.revision == found.revision
                && wanted.own_right == found.own_right
                && wanted.recorded == found.set.recorded
                && wanted.author == found.set.author
                && wanted.takes_back == back.map(|back| back.target.0.saturating_add(1))
                && wanted.positions == back.and_then(|back| back.positions.clone())
                && told.via == found.via
                && told.name.as_ref().is_none_or(|name| *name == found.set.author_name)
                && told.reason.as_ref().is_none_or(|reason| *reason == found.set.reason)
        });
    }

    fn decisions(&mut self, expected: &BTreeMap<u32, (ChangeSetRow, Told)>, stored: &[StoredDecision]) {
        let all = expected.values().flat_map(|(set, _)| {
            (0_u16..).zip(&set.decisions).map(|(position, decision)| (Place(set.number, position), decision.clone()))
        });
        let stored = stored.iter().map(|d| (Place(d.change_set, d.position), DecisionRow::from(d)));
        self.each(Table::Decision, all.collect(), stored.collect(), |wanted, found| wanted == found);
    }

    fn rights(&mut self, expected: BTreeMap<Uuid, (StaffRightRow, Window, Told)>, stored: Vec<StaffRightFact>) {
        let stored = stored.into_iter().map(|fact| (fact.id, fact)).collect();
        self.each(Table::StaffRight, expected, stored, |(wanted, recorded, told), found| {
            (wanted.person, wanted.right, wanted.granted, *recorded)
                == (found.person, found.right, found.granted, found.recorded)
                && is_author(wanted.author, told, found)
        });
    }
}

/// Is the author of a right who the entry says? The system gives rights by itself, without a name, in
/// entries of others: those of an import, or of a new account.
fn is_author(wanted: Option<PersonId>, told: &Told, found: &StaffRightFact) -> bool {
    let system = PersonId(Uuid::nil());
    let actor = told.person.unwrap_or(system);
    if wanted.is_some_and(|wanted| wanted != found.author) || ![actor, system].contains(&found.author) {
        return false;
    }
    match &told.name {
        Some(name) if found.author == actor && actor != system => *name == found.author_name,
        _ => found.author != system || found.author_name.is_empty(),
    }
}

/// Change set and position: how a decision is named.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Place(u32, u16);

impl Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", self.0, self.1)
    }
}
