//! What an operator does so that an institution or authority can be run from UNI-Login: where its capacities come
//! from, its first user administrator, and who oversees a municipality. The rest is the user administrator's.

use super::affiliate::checked_name;
use crate::actor::Actor;
use crate::audit::{Action, Entry};
use crate::fault::Fault;
use crate::service::Service;
use domain::effect::lapses;
use domain::exchange::RefusalCode;
use domain::{Flag, IdentitySource, Instant, InstitutionId, PersonId, UniId, UserType};
use store::Write;
use store::affiliation::BY_HAND;
use store::directory::Person;
use store::flag::{HeldFlag, NewFlag};

/// Somebody whom the operator names.
#[derive(Clone, Debug)]
pub enum Named {
    /// Who is known: by their UNI-Login id, or by an id of the roster.
    Known(PersonId),
    /// Somebody new.
    New {
        /// Given names.
        given: String,
        /// Family name.
        family: String,
    },
}

impl Service {
    /// Lets an institution take its administrative capacities from accounts or from UNI-Login; the other gives
    /// none there from now on.
    ///
    /// # Errors
    /// [`Fault::Unknown`] for an unknown institution.
    pub async fn set_source_of_institution(&self, code: &str, source: IdentitySource) -> Result<(), Fault> {
        store::write!(self.db, async |tx| {
            let found = store::directory::institution_by_code(tx, code).await?;
            let id = found.ok_or_else(|| Fault::unknown("institution", code))?.id;
            store::directory::set_source_of_institution(tx, id, source).await?;
            self.note_source(tx, id, source).await
        })
    }

    /// The same of an authority, for who oversees its institutions; whom it hands accounts is not touched by it.
    ///
    /// # Errors
    /// [`Fault::Unknown`] for an unknown authority.
    pub async fn set_source_of_authority(&self, code: &str, source: IdentitySource) -> Result<(), Fault> {
        store::write!(self.db, async |tx| {
            let found = store::directory::authority_by_code(tx, code).await?;
            let id = found.ok_or_else(|| Fault::unknown("authority", code))?.id;
            store::directory::set_source_of_authority(tx, id, source).await?;
            self.note_source(tx, id.as_place(), source).await
        })
    }

    async fn note_source(&self, tx: &mut Write, place: InstitutionId, source: IdentitySource) -> Result<(), Fault> {
        let operator = self.operator_anywhere(place);
        let entry = Entry::new(Action::SourceChanged, &operator).detail("source", source.code());
        self.noted(tx, &entry).await
    }

    /// Makes somebody the first user administrator of an institution that takes its capacities from UNI-Login, at
    /// once: affiliated as technical and administrative staff, with the flag, and known by their UNI-Login id.
    ///
    /// # Errors
    /// [`Fault::Unknown`] for an unknown institution; [`RefusalCode::NotAllowed`] where there is a user administrator already, whose the rest is, or where
    /// capacities come from accounts; [`RefusalCode::BadInput`] and [`RefusalCode::Conflict`] as for
    /// [`Service::set_uni_id`].
    pub async fn first_user_administrator(&self, code: &str, who: &Named, uni_id: &str) -> Result<PersonId, Fault> {
        let uni_id = uni_id.parse::<UniId>().map_err(|_| RefusalCode::BadInput)?;
        let now = self.env.now();
        store::write!(self.db, async |tx| {
            let found = store::directory::institution_by_code(tx, code).await?;
            let here = found.ok_or_else(|| Fault::unknown("institution", code))?;
            store::revision::raise(tx, here.id).await?.ok_or(RefusalCode::NotFound)?;
            let flags = store::flag::of_place(tx, here.id, now).await?;
            let here_now = store::flag::holders(tx, here.id, here.zone()?, Flag::UserAdministration, now).await?;
            let counts = |person: PersonId| here_now.iter().any(|(of, _)| *of == person);
            // Whoever's affiliation has ended keeps nothing, whatever flag is left.
            let keeps = |held: &&HeldFlag| held.flag == Flag::UserAdministration && counts(held.person);
            let mut keepers = flags.iter().filter(keeps).peekable();
            if keepers.peek().is_some() {
                // Said twice, it is done once.
                let meant = store::broker::person_of(tx, &uni_id).await?;
                let is_them = keepers.find(|held| Some(held.person) == meant);
                return is_them.map(|held| held.person).ok_or_else(|| Fault::from(RefusalCode::NotAllowed));
            }
            if here.identity_source != IdentitySource::Unilogin {
                return Err(RefusalCode::NotAllowed.into());
            }
            let operator = self.operator_anywhere(here.id);
            let person = self.named(tx, &operator, who, &uni_id, now).await?;
            let until = lapses(here.zone()?, now);
            self.add_types(tx, &operator, person, &[UserType::Administrative], (now, until, now)).await?;
            self.give_flag(tx, &operator, person, Flag::UserAdministration, now).await?;
            Ok(person)
        })
    }

    /// Gives somebody `Eval.kom` at an authority, at once; they are known by their UNI-Login id.
    ///
    /// # Errors
    /// [`Fault::Unknown`] for an unknown authority; [`RefusalCode::NotAllowed`] where it takes its capacities from
    /// accounts; else as [`Service::first_user_administrator`].
    pub async fn give_oversight(&self, code: &str, who: &Named, uni_id: &str) -> Result<PersonId, Fault> {
        let uni_id = uni_id.parse::<UniId>().map_err(|_| RefusalCode::BadInput)?;
        let now = self.env.now();
        store::write!(self.db, async |tx| {
            let found = store::directory::authority_by_code(tx, code).await?;
            let authority = found.ok_or_else(|| Fault::unknown("authority", code))?.id;
            if store::directory::source_of_authority(tx, authority).await? != IdentitySource::Unilogin {
                return Err(Fault::from(RefusalCode::NotAllowed));
            }
            let place = authority.as_place();
            let operator = self.operator_anywhere(place);
            let person = self.named(tx, &operator, who, &uni_id, now).await?;
            if store::flag::live_of(tx, place, person, now).await?.contains(&Flag::MunicipalOversight) {
                return Ok(person);
            }
            self.give_flag(tx, &operator, person, Flag::MunicipalOversight, now).await?;
            Ok(person)
        })
    }

    /// Takes `Eval.kom` away again, at once.
    ///
    /// # Errors
    /// [`Fault::Unknown`] for an unknown authority, and for a UNI-Login id of nobody who holds it.
    pub async fn take_oversight(&self, code: &str, uni_id: &str) -> Result<(), Fault> {
        let nobody = || Fault::unknown("UNI-Login id", uni_id);
        let id = uni_id.parse::<UniId>().map_err(|_| nobody())?;
        let now = self.env.now();
        store::write!(self.db, async |tx| {
            let found = store::directory::authority_by_code(tx, code).await?;
            let place = found.ok_or_else(|| Fault::unknown("authority", code))?.id.as_place();
            let person = store::broker::person_of(tx, &id).await?.ok_or_else(nobody)?;
            if !store::flag::take(tx, place, person, Flag::MunicipalOversight, now).await? {
                return Err(nobody());
            }
            let operator = self.operator_anywhere(place);
            let entry = Entry::new(Action::FlagTaken, &operator).object("person", person);
            let entry = entry.detail("flag", Flag::MunicipalOversight.code());
            self.noted(tx, &entry).await
        })
    }

    /// Unties a UNI-Login id and whatever the broker calls its person: for one that was typed wrongly. Their sessions
    /// end; what they are and hold stays, for whoever has the right id.
    ///
    /// # Errors
    /// [`Fault::Unknown`] for an id of nobody.
    pub async fn untie_uni_login(&self, uni_id: &str) -> Result<(), Fault> {
        let nobody = || Fault::unknown("UNI-Login id", uni_id);
        let id = uni_id.parse::<UniId>().map_err(|_| nobody())?;
        let now = self.env.now();
        store::write!(self.db, async |tx| {
            let person = store::broker::person_of(tx, &id).await?.ok_or_else(nobody)?;
            store::broker::untie(tx, person).await?;
            store::broker::session::end_all_of(tx, person, now).await?;
            for place in store::erasure::places_of(tx, person).await? {
                let operator = self.operator_anywhere(InstitutionId(place));
                self.noted(tx, &Entry::new(Action::IdentityUntied, &operator).object("person", person)).await?;
            }
            Ok::<_, Fault>(())
        })
    }

    /// Whom the operator means; whoever has the UNI-Login id already is that person.
    async fn named(
        &self,
        tx: &mut Write,
        operator: &Actor,
        who: &Named,
        uni_id: &UniId,
        now: Instant,
    ) -> Result<PersonId, Fault> {
        let person = match (store::broker::person_of(tx, uni_id).await?, who) {
            (Some(known), Named::Known(person)) if known != *person => return Err(RefusalCode::Conflict.into()),
            (Some(known), _) => return Ok(known),
            (None, Named::Known(person)) => *person,
            (None, Named::New { given, family }) => {
                let person = PersonId(self.env.id());
                let (given, family) = (checked_name(given)?, checked_name(family)?);
                let row = Person { id: person, given, family, protected: false, created: now };
                store::directory::insert_persons(tx, &[row]).await?;
                person
            }
        };
        self.keep_uni_id(tx, operator, uni_id, person).await?;
        Ok(person)
    }

    async fn give_flag(
        &self,
        tx: &mut Write,
        operator: &Actor,
        person: PersonId,
        flag: Flag,
        now: Instant,
    ) -> Result<(), Fault> {
        let new = NewFlag {
            id: self.env.id(),
            person,
            flag,
            source: BY_HAND,
            author: operator.person,
            author_name: &operator.name,
            from: now,
            recorded: now,
        };
        store::flag::give(tx, operator.institution, &new).await?;
        let entry = Entry::new(Action::FlagGiven, operator).object("person", person).detail("flag", flag.code());
        self.noted(tx, &entry).await
    }
}
