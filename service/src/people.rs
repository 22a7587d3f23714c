//! The people of an institution, as UNI-Login's user administration keeps them: who is affiliated and as what,
//! by import or by hand, and who holds which flag.
//!
//! What is added takes effect at the next nightly run, or at once, as the installation says; what is taken away
//! ends at once. Nobody takes the last thing away that lets themselves administer.

mod affiliate;
mod flags;
mod operator;
#[cfg(test)]
pub(crate) mod tests;

pub use operator::Named;

use crate::actor::{Actor, Via};
use crate::audit::{self, Action, Entry};
use crate::fault::Fault;
use crate::rights::load::institution_row;
use crate::service::Service;
use domain::effect::confirmed_from;
use domain::exchange::RefusalCode;
use domain::exchange::people::{Affiliated, AffiliationLine, FlagLine};
use domain::national_number::NationalNumber;
use domain::{Capacity, IdentitySource, Instant, InstitutionId, PersonId, UniId, Zone};
use store::affiliation::BY_HAND;
use store::directory::Institution;
use store::{Read, Write};

impl Service {
    /// What somebody is at the actor's institution, and may be made.
    ///
    /// # Errors
    /// [`RefusalCode::NotAllowed`] unless the actor holds UserAdministration; [`RefusalCode::NotFound`] for
    /// somebody who never was staff or external there, exactly as for nobody.
    pub async fn affiliated(&self, actor: &Actor, person: PersonId) -> Result<Affiliated, Fault> {
        keeps_people(actor)?;
        let (now, mut read) = (self.env.now(), self.db.read().await?);
        let here = institution_row(&mut read, actor.institution).await?;
        let zone = here.zone()?;
        is_somebody(&mut read, actor.institution, person).await?;
        let coming = |from: Option<Instant>| from.filter(|from| *from > now);
        let types = store::affiliation::of_person(&mut read, actor.institution, person, now).await?;
        let types = types.into_iter().map(|of| AffiliationLine {
            user_type: of.user_type,
            by_hand: of.source == BY_HAND,
            coming: coming(of.from),
            until: of.until,
            can_be_confirmed: of.source == BY_HAND && of.until.is_some_and(|end| confirmed_from(zone, end) <= now),
        });
        let flags = store::flag::of_place(&mut read, actor.institution, now).await?;
        let flags = flags.into_iter().filter(|held| held.person == person);
        let flags =
            flags.map(|held| FlagLine { flag: held.flag, coming: coming(Some(held.from)), by: held.author_name });
        Ok(Affiliated {
            person,
            name: store::person::shown(&mut read, actor.institution, person).await?.unwrap_or_default(),
            uni_id: store::broker::uni_id_of(&mut read, person).await?,
            is_own: actor.person == person,
            source: here.identity_source,
            types: types.collect(),
            flags: flags.collect(),
            adds_from: self.adds_from(&here, zone, now),
            zone,
            now,
        })
    }

    /// From when something counts that is added now: what comes from UNI-Login's side may wait for a night.
    fn adds_from(&self, here: &Institution, zone: Zone, now: Instant) -> Instant {
        match here.identity_source {
            IdentitySource::Unilogin => self.settings.takes_effect.of(zone, now),
            IdentitySource::Local => now,
        }
    }

    /// Records a UNI-Login id, with its entry. An institution gives one to its own people alone: whoever is somebody
    /// elsewhere too would be found there by it.
    ///
    /// # Errors
    /// [`RefusalCode::Conflict`] where it is somebody else's, the person has another, or is somebody elsewhere.
    async fn keep_uni_id(&self, tx: &mut Write, actor: &Actor, uni_id: &UniId, person: PersonId) -> Result<(), Fault> {
        if store::broker::person_of(tx, uni_id).await? == Some(person) {
            return Ok(());
        }
        let by_operator = actor.via == Via::Operator;
        if !by_operator && store::affiliation::is_elsewhere(tx, actor.institution, person).await? {
            return Err(RefusalCode::Conflict.into());
        }
        match store::broker::keep_uni_id(tx, uni_id, person, self.env.now()).await {
            Err(store::Error::Taken) => return Err(RefusalCode::Conflict.into()),
            kept => kept?,
        }
        let entry = Entry::new(Action::UniIdKept, actor).object("person", person);
        self.noted(tx, &entry).await
    }

    /// Takes their flags away from all who are not affiliated at an institution any more. Asked before anybody is
    /// added there and after anybody has ended, so that no flag comes back with its holder, whether it was the user
    /// administration, a roster, or the year that ended what they were.
    pub(crate) async fn end_left_flags(
        &self,
        tx: &mut Write,
        actor: &Actor,
        institution: InstitutionId,
        now: Instant,
    ) -> Result<(), Fault> {
        for (person, flag) in store::flag::left_over(tx, institution, now).await? {
            store::flag::take(tx, institution, person, flag, now).await?;
            let entry = Entry::new(Action::FlagTaken, actor).at(institution).object("person", person);
            self.noted(tx, &entry.detail("flag", flag.code())).await?;
        }
        Ok(())
    }

    /// Appends to the log, in the write that did it.
    async fn noted(&self, tx: &mut Write, entry: &Entry) -> Result<(), Fault> {
        audit::append(tx, &self.env, &self.secrets.audit, entry).await?;
        Ok(())
    }

    /// The keyed hash of a national number; the number itself is kept nowhere. Made with the oldest key of
    /// passwords, which a rotation leaves in place, so that a number always has one hash.
    pub(crate) fn hash_of_number(&self, number: &NationalNumber) -> [u8; 32] {
        let oldest = self.secrets.pepper.iter().next().map_or_else(|| self.secrets.pepper.newest().1, |(_, key)| key);
        oldest.mac("national number", &number.parts())
    }
}

/// Fails closed unless the actor keeps the people of the institution.
fn keeps_people(actor: &Actor) -> Result<(), Fault> {
    if actor.via != Via::Session {
        return Err(RefusalCode::NotAllowed.into());
    }
    Ok(actor.require(Capacity::UserAdministration)?)
}

/// A person of another institution is as unknown as nobody; and so is who was erased.
async fn is_somebody(read: &mut Read, institution: InstitutionId, person: PersonId) -> Result<(), Fault> {
    let was_here = store::affiliation::was_ever(read, institution, person).await?;
    if was_here && !store::erasure::is_erased(read, person).await? { Ok(()) } else { Err(RefusalCode::NotFound.into()) }
}
