//! Forgetting a person: the name, what rosters call them, contact details, sign-ins, notes about them,
//! and their name on what they did. What is recorded stays, with an id that stands for a "slettet
//! person" (raderad person), and the audit log stays verifiable: its chain holds commitments alone.
//!
//! An erasure is kept twice: in the database, and in the list beside the keys ([`list`]). A backup that
//! is put back may be older than an erasure; whoever opens the database next applies the list again.

pub mod list;

use crate::actor::{Actor, Via};
use crate::audit::{self, Action, Entry, Row};
use crate::fault::Fault;
use crate::service::Service;
use domain::account::SEPARABLE_DAYS;
use domain::exchange::RefusalCode;
use domain::{AccountId, AuthorityId, InstitutionId, PersonId, Zone};
use std::collections::BTreeMap;
use store::erasure::{Erasure, Forgotten, Ties};
use store::{Read, Write};
use uuid::Uuid;

/// What became of an erasure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Erased {
    /// The person is forgotten.
    Done,
    /// They were already.
    Already,
    /// Not yet: the person is still somebody somewhere, or holds an account.
    Tied(Ties),
}

/// Why somebody is erased.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Why<'a> {
    /// The operator was asked to, for this reason.
    Asked(&'a Actor, &'a str),
    /// The person left long enough ago.
    Gone,
    /// They had been erased before a backup was put back.
    Again,
}

impl Why<'_> {
    const fn code(self) -> &'static str {
        match self {
            Self::Asked(..) => "asked",
            Self::Gone => "gone",
            Self::Again => "again",
        }
    }
}

impl Service {
    /// Erases a person who is or was at the operator's institution, wherever else they stand.
    ///
    /// # Errors
    /// [`RefusalCode::NotAllowed`] for everybody but the operator; [`RefusalCode::NotFound`] for a
    /// person of another institution, exactly as for none; [`RefusalCode::BadInput`] without a reason.
    pub async fn erase_person(&self, actor: &Actor, person: PersonId, reason: &str) -> Result<Erased, Fault> {
        if actor.via != Via::Operator {
            return Err(RefusalCode::NotAllowed.into());
        }
        let reason = crate::rights::written(reason, crate::rights::REASON_MAX)?;
        if reason.is_empty() {
            return Err(RefusalCode::BadInput.into());
        }
        if !store::person::belongs(&mut self.db.read().await?, actor.institution, person).await? {
            return Err(RefusalCode::NotFound.into());
        }
        self.erase(person, Why::Asked(actor, &reason)).await
    }

    /// Erases a person, if nothing ties them to the present; again, whatever ties them: their accounts
    /// are deleted then.
    pub(crate) async fn erase(&self, person: PersonId, why: Why<'_>) -> Result<Erased, Fault> {
        // Asked before any lock is taken, and once more under it.
        if let Some(standing) = self.not_now(&mut self.db.read().await?, person, why).await? {
            return Ok(standing);
        }
        let erased = store::write!(self.db, async |tx| { self.erase_in(tx, person, why).await })?;
        if erased == Erased::Done {
            self.note_erasures().await?;
        }
        Ok(erased)
    }

    async fn erase_in(&self, tx: &mut Write, person: PersonId, why: Why<'_>) -> Result<Erased, Fault> {
        // The places' locks first, in one order: nobody makes them somebody again meanwhile.
        let places = Places::hold(tx, person).await?;
        if let Some(standing) = self.not_now(tx, person, why).await? {
            return Ok(standing);
        }
        let known = store::directory::person(tx, person).await?.ok_or(RefusalCode::NotFound)?;
        for (_, account, _) in store::erasure::accounts_of(tx, person).await? {
            // None is left but where a backup brought it back.
            self.delete_by_itself(tx, account, |_| true).await?;
        }
        let (given, family) = words(places.zone());
        let words = format!("{given} {family}");
        let name = format!("{} {}", known.given, known.family).trim().to_owned();
        let who = Forgotten { person, name: &name, given, family, words: &words };
        let mut gone = BTreeMap::<Uuid, Vec<AccountId>>::new();
        let accounts = store::erasure::accounts_of(tx, person).await?;
        for (place, account, _) in accounts.iter().filter(|(.., has_credentials)| *has_credentials) {
            store::sign_in::forget_credentials(tx, *account).await?;
            gone.entry(*place).or_default().push(*account);
        }
        let accounts: Vec<AccountId> = accounts.iter().map(|(_, account, _)| *account).collect();
        store::erasure::forget_person(tx, who).await?;
        for place in places.ids() {
            self.lay_aside_naming(tx, InstitutionId(place), &known.given, &known.family).await?;
            store::erasure::forget_deeds(tx, place, who).await?;
            store::erasure::forget_words(tx, place, who, &accounts).await?;
            let entry = self.told(place, person, why, &who, gone.remove(&place).unwrap_or_default());
            audit::append(tx, &self.env, &self.secrets.audit, &entry).await?;
        }
        store::erasure::record(tx, Erasure { person, erased: self.env.now() }).await?;
        Ok(Erased::Done)
    }

    /// Why there is nothing to erase, or not yet.
    async fn not_now(&self, read: &mut Read, person: PersonId, why: Why<'_>) -> Result<Option<Erased>, Fault> {
        if store::erasure::is_erased(read, person).await? {
            return Ok(Some(Erased::Already));
        }
        let now = self.env.now();
        let settled = now.plus_seconds(-SEPARABLE_DAYS * 24 * 3_600);
        let ties = store::erasure::ties(read, person, now, settled).await?;
        let is_tied = ties != Ties::default() && !matches!(why, Why::Again);
        Ok(is_tied.then_some(Erased::Tied(ties)))
    }

    /// What the log of a place says of it.
    fn told(&self, place: Uuid, person: PersonId, why: Why<'_>, who: &Forgotten<'_>, gone: Vec<AccountId>) -> Entry {
        let place = InstitutionId(place);
        let entry = match why {
            Why::Asked(actor, reason) => {
                let entry = Entry::new(Action::PersonErased, actor).at(place);
                // What is being forgotten does not come in again by the back door.
                if place == actor.institution { entry.reason(&without(reason, who)) } else { entry }
            }
            Why::Gone | Why::Again => Entry::new(Action::PersonErased, &Actor::system(place)),
        };
        let entry = entry.object("person", person).detail("why", why.code());
        entry.rows(gone.into_iter().map(Row::CredentialsGone))
    }

    /// Lays aside imports that wait and name the person: they can be read again from their file.
    async fn lay_aside_naming(
        &self,
        tx: &mut Write,
        place: InstitutionId,
        given: &str,
        family: &str,
    ) -> Result<(), Fault> {
        let holds = |payload: &[u8], word: &str| {
            !word.is_empty() && payload.windows(word.len()).any(|bytes| bytes == word.as_bytes())
        };
        for (id, payload) in store::import::waiting(tx, place).await? {
            if holds(&payload, given) && holds(&payload, family) && store::import::lay_aside(tx, place, id).await? {
                let entry = Entry::new(Action::ImportRejected, &Actor::system(place)).object("import", id);
                audit::append(tx, &self.env, &self.secrets.audit, &entry).await?;
            }
        }
        Ok(())
    }

    /// Writes into the list beside the keys whatever the database knows and the list does not.
    ///
    /// # Errors
    /// [`Fault::Store`]; [`Fault::Internal`] where the list cannot be written: it is tried again with
    /// the next erasure, and hourly.
    pub(crate) async fn note_erasures(&self) -> Result<(), Fault> {
        let Some(folder) = &self.secrets.folder else { return Ok(()) };
        let known = store::erasure::all(&mut self.db.read().await?).await?;
        list::note(folder, &known).map_err(|error| Fault::Internal(error.to_string()))
    }

    /// Erases again whom the list beside the keys tells of and the database knows by name: a backup
    /// from before was put back. Answers how many.
    ///
    /// # Errors
    /// As [`Service::note_erasures`].
    pub(crate) async fn erase_again(&self) -> Result<u64, Fault> {
        let Some(folder) = &self.secrets.folder else { return Ok(0) };
        let listed = list::read(folder).map_err(|error| Fault::Internal(error.to_string()))?;
        let mut count = 0;
        for person in self.unerased(&listed).await? {
            count += u64::from(self.erase(person, Why::Again).await? == Erased::Done);
        }
        Ok(count)
    }

    async fn unerased(&self, listed: &[Erasure]) -> Result<Vec<PersonId>, Fault> {
        let mut read = self.db.read().await?;
        let mut people = Vec::new();
        for Erasure { person, .. } in listed {
            let is_known = store::directory::person(&mut read, *person).await?.is_some();
            if is_known && !store::erasure::is_erased(&mut read, *person).await? {
                people.push(*person);
            }
        }
        Ok(people)
    }
}

/// What stands for the name of somebody who was erased, in the words of the place: given and family
/// name. As with aliases, the words are the school's and not the reader's.
#[must_use]
pub const fn words(zone: Zone) -> (&'static str, &'static str) {
    match zone {
        Zone::Copenhagen => ("Slettet", "person"),
        Zone::Stockholm => ("Raderad", "person"),
    }
}

/// A text without the name of whoever is being forgotten.
fn without(text: &str, who: &Forgotten<'_>) -> String {
    if who.name.is_empty() { text.to_owned() } else { text.replace(who.name, who.words) }
}

/// The places where anything is recorded of a person, their locks held.
struct Places {
    ids: Vec<Uuid>,
    zone: Zone,
}

impl Places {
    async fn hold(tx: &mut Write, person: PersonId) -> Result<Self, Fault> {
        let ids = store::erasure::places_of(tx, person).await?;
        let mut zone = Zone::Copenhagen;
        for id in &ids {
            // The rule's roster holds names: whoever has read it reads it anew.
            if store::revision::raise(tx, InstitutionId(*id)).await?.is_none() {
                store::audit::hold_head(tx, *id).await?;
            }
            zone = zone_of(tx, *id).await?.unwrap_or(zone);
        }
        Ok(Self { ids, zone })
    }

    const fn zone(&self) -> Zone {
        self.zone
    }

    fn ids(&self) -> impl Iterator<Item = Uuid> + use<> {
        self.ids.clone().into_iter()
    }
}

async fn zone_of(read: &mut Read, place: Uuid) -> Result<Option<Zone>, Fault> {
    if let Some(institution) = store::directory::institution(read, InstitutionId(place)).await? {
        return Ok(Some(institution.zone()?));
    }
    let authority = store::directory::authority(read, AuthorityId(place)).await?;
    Ok(authority.and_then(|authority| Zone::of_country(&authority.country)))
}
