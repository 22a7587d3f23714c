//! Affiliating people by hand, and ending it.

use super::{is_somebody, keeps_people};
use crate::actor::Actor;
use crate::audit::{Action, Entry, Row};
use crate::fault::Fault;
use crate::rights::load::institution_row;
use crate::service::Service;
use domain::effect::{confirmed_from, lapses};
use domain::exchange::RefusalCode;
use domain::exchange::people::{AffiliationOrder, NewlyAffiliated};
use domain::national_number::NationalNumber;
use domain::{Capacity, Instant, PersonId, UniId, UserType};
use store::Write;
use store::affiliation::{Affiliation, BY_HAND, NewAffiliation};
use store::directory::Person;

/// The longest name, in characters.
const NAME_MAX: usize = 200;

impl Service {
    /// Affiliates somebody by hand. The same national number finds the same person, whoever typed it at
    /// whatever institution.
    ///
    /// # Errors
    /// [`RefusalCode::NotAllowed`] unless the actor holds UserAdministration; [`RefusalCode::BadInput`] for a
    /// number or a UNI-Login id that is none, for no user type or that of a pupil, without a name, and where name or
    /// UNI-Login id are not those of the person whose number it is; [`RefusalCode::Conflict`] for a UNI-Login id that
    /// is somebody else's, or that would be given to somebody who is somebody elsewhere.
    pub async fn affiliate(&self, actor: &Actor, order: &AffiliationOrder) -> Result<NewlyAffiliated, Fault> {
        keeps_people(actor)?;
        let types = checked_types(&order.types)?;
        let uni_id = match order.uni_id.trim() {
            "" => None,
            text => Some(text.parse::<UniId>().map_err(|_| RefusalCode::BadInput)?),
        };
        let now = self.env.now();
        store::write!(self.db, async |tx| {
            // The lock, and what the rule reads changes.
            store::revision::raise(tx, actor.institution).await?.ok_or(RefusalCode::NotFound)?;
            let here = institution_row(tx, actor.institution).await?;
            let zone = here.zone()?;
            let number = match here.country.as_str() {
                "se" => NationalNumber::swedish(&order.number, zone.date_of(now)),
                _ => NationalNumber::danish(&order.number, self.settings.demo),
            };
            let hash = self.hash_of_number(&number.map_err(|_| RefusalCode::BadInput)?);
            let known = store::affiliation::person_of_number(tx, &hash).await?;
            let person = match known {
                Some(person) => same_person(tx, person, order, uni_id.as_ref()).await?,
                None => self.new_person(tx, order, &hash, now).await?,
            };
            if let Some(uni_id) = &uni_id {
                self.keep_uni_id(tx, actor, uni_id, person).await?;
            }
            let protected = protected(tx, person).await?;
            store::alias::give(tx, actor.institution, &protected).await?;
            let from = self.adds_from(&here, zone, now);
            self.add_types(tx, actor, person, &types, (from, lapses(zone, from), now)).await?;
            Ok::<_, Fault>(NewlyAffiliated { person, was_known: known.is_some() })
        })
    }

    async fn new_person(
        &self,
        tx: &mut Write,
        order: &AffiliationOrder,
        hash: &[u8],
        now: Instant,
    ) -> Result<PersonId, Fault> {
        let (given, family) = (checked_name(&order.given)?, checked_name(&order.family)?);
        let person = PersonId(self.env.id());
        let row = Person { id: person, given, family, protected: false, created: now };
        store::directory::insert_persons(tx, &[row]).await?;
        match store::affiliation::keep_number(tx, hash, person, now).await {
            // Somebody at another institution was quicker with the same number.
            Err(store::Error::Taken) => return Err(RefusalCode::Conflict.into()),
            kept => kept?,
        }
        Ok(person)
    }

    /// Sets what somebody is by hand: what is new counts as additions do, what is left out ends at once. What a
    /// roster or an account says stays as it is.
    ///
    /// # Errors
    /// As [`Service::affiliate`]; [`RefusalCode::NotFound`] for somebody who never was at the institution;
    /// [`RefusalCode::OwnLastCapacity`] for who would end their own affiliation.
    pub async fn set_user_types(&self, actor: &Actor, person: PersonId, types: &[UserType]) -> Result<(), Fault> {
        keeps_people(actor)?;
        let wanted = if types.is_empty() { Vec::new() } else { checked_types(types)? };
        let now = self.env.now();
        store::write!(self.db, async |tx| {
            store::revision::raise(tx, actor.institution).await?.ok_or(RefusalCode::NotFound)?;
            is_somebody(tx, actor.institution, person).await?;
            let here = institution_row(tx, actor.institution).await?;
            let zone = here.zone()?;
            let present = store::affiliation::of_person(tx, actor.institution, person, now).await?;
            let is_left_out = |of: &&Affiliation| of.source == BY_HAND && !wanted.contains(&of.user_type);
            let gone: Vec<&Affiliation> = present.iter().filter(is_left_out).collect();
            let remains_now = present.iter().any(|of| !is_left_out(&of) && of.from.is_none_or(|from| from <= now));
            if actor.person == person && !remains_now {
                return Err(Fault::from(RefusalCode::OwnLastCapacity));
            }
            // Added before anything ends: who is one thing in the place of another was here all along.
            let from = self.adds_from(&here, zone, now);
            self.add_types(tx, actor, person, &wanted, (from, lapses(zone, from), now)).await?;
            self.end_types(tx, actor, person, &gone, now).await?;
            self.end_left_flags(tx, actor, actor.institution, now).await
        })
    }

    /// Confirms what somebody is by hand, for a year from today.
    ///
    /// # Errors
    /// As [`Service::set_user_types`]; [`RefusalCode::TooEarly`] before the last month of it.
    pub async fn confirm_affiliation(&self, actor: &Actor, person: PersonId) -> Result<(), Fault> {
        keeps_people(actor)?;
        let now = self.env.now();
        store::write!(self.db, async |tx| {
            store::revision::raise(tx, actor.institution).await?.ok_or(RefusalCode::NotFound)?;
            is_somebody(tx, actor.institution, person).await?;
            let zone = institution_row(tx, actor.institution).await?.zone()?;
            let present = store::affiliation::of_person(tx, actor.institution, person, now).await?;
            let is_due = |of: &&Affiliation| {
                of.source == BY_HAND && of.until.is_some_and(|end| confirmed_from(zone, end) <= now)
            };
            let due: Vec<&Affiliation> = present.iter().filter(is_due).collect();
            if due.is_empty() {
                return Err(Fault::from(RefusalCode::TooEarly));
            }
            for of in &due {
                store::affiliation::close(tx, actor.institution, of.id, now).await?;
                let until = Some(lapses(zone, now));
                let from = of.from.unwrap_or(now);
                let (id, user_type) = (self.env.id(), of.user_type);
                let new = NewAffiliation { id, person, user_type, source: BY_HAND, from, until, recorded: now };
                store::affiliation::insert(tx, actor.institution, &new).await?;
            }
            let types: Vec<&str> = due.iter().map(|of| of.user_type.code()).collect();
            let entry = about(Action::AffiliationConfirmed, actor, person).detail("types", types.join(" "));
            self.noted(tx, &entry).await
        })
    }

    /// Records user types, and the rights of somebody who becomes a teacher for the first time.
    pub(super) async fn add_types(
        &self,
        tx: &mut Write,
        actor: &Actor,
        person: PersonId,
        types: &[UserType],
        (from, until, now): (Instant, Instant, Instant),
    ) -> Result<(), Fault> {
        let present = store::affiliation::of_person(tx, actor.institution, person, now).await?;
        let added: Vec<UserType> =
            types.iter().copied().filter(|kind| !present.iter().any(|of| of.user_type == *kind)).collect();
        if added.is_empty() {
            return Ok(());
        }
        self.end_left_flags(tx, actor, actor.institution, now).await?;
        for user_type in &added {
            let (id, user_type, until) = (self.env.id(), *user_type, Some(until));
            let new = NewAffiliation { id, person, user_type, source: BY_HAND, from, until, recorded: now };
            store::affiliation::insert(tx, actor.institution, &new).await?;
        }
        let is_teacher = added.contains(&UserType::Teacher);
        let rights = self.first_rights(tx, actor.institution, person, is_teacher, now).await?;
        let codes: Vec<&str> = added.iter().map(|kind| kind.code()).collect();
        let entry = about(Action::AffiliationAdded, actor, person)
            .detail("types", codes.join(" "))
            .detail("from", from.0)
            .rows(rights.iter().map(Row::staff_right));
        self.noted(tx, &entry).await
    }

    async fn end_types(
        &self,
        tx: &mut Write,
        actor: &Actor,
        person: PersonId,
        gone: &[&Affiliation],
        now: Instant,
    ) -> Result<(), Fault> {
        if gone.is_empty() {
            return Ok(());
        }
        for of in gone {
            store::affiliation::close(tx, actor.institution, of.id, now).await?;
        }
        let types: Vec<&str> = gone.iter().map(|of| of.user_type.code()).collect();
        let entry = about(Action::AffiliationEnded, actor, person).detail("types", types.join(" "));
        self.noted(tx, &entry).await
    }
}

/// The person of a number is who is meant only if name and UNI-Login id say so too: a number alone tells nothing
/// about somebody at another institution, and an id that somebody else put down is found out.
async fn same_person(
    tx: &mut Write,
    person: PersonId,
    order: &AffiliationOrder,
    uni_id: Option<&UniId>,
) -> Result<PersonId, Fault> {
    if store::erasure::is_erased(tx, person).await? {
        return Err(RefusalCode::Conflict.into());
    }
    let known = store::directory::person(tx, person).await?.ok_or(RefusalCode::NotFound)?;
    let same = |typed: &str, known: &str| domain::text::fold(typed.trim()) == domain::text::fold(known);
    let recorded = store::broker::uni_id_of(tx, person).await?;
    let is_them = same(&order.given, &known.given)
        && same(&order.family, &known.family)
        && recorded.as_ref().is_none_or(|recorded| Some(recorded) == uni_id);
    if is_them { Ok(person) } else { Err(RefusalCode::BadInput.into()) }
}

/// The person, where their identity is protected.
async fn protected(tx: &mut Write, person: PersonId) -> Result<Vec<PersonId>, Fault> {
    let known = store::directory::person(tx, person).await?;
    Ok(known.filter(|known| known.protected).map(|known| known.id).into_iter().collect())
}

/// An entry about one of the institution's people.
pub(super) fn about(action: Action, actor: &Actor, person: PersonId) -> Entry {
    Entry::new(action, actor).capacity(Capacity::UserAdministration).object("person", person)
}

/// Each once; never a pupil's, which rosters alone give.
fn checked_types(types: &[UserType]) -> Result<Vec<UserType>, RefusalCode> {
    let mut types = types.to_vec();
    types.sort_unstable();
    types.dedup();
    if types.is_empty() || types.contains(&UserType::Pupil) { Err(RefusalCode::BadInput) } else { Ok(types) }
}

/// One line of at most so many characters.
pub(super) fn checked_name(name: &str) -> Result<String, RefusalCode> {
    let name = name.trim();
    let sound = !name.is_empty() && name.chars().nth(NAME_MAX).is_none() && !name.chars().any(char::is_control);
    if sound { Ok(name.to_owned()) } else { Err(RefusalCode::BadInput) }
}
