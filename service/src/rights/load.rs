//! Reading a school: at its present revision, from the cache or the database.

use super::cache::CachedSchool;
use crate::catalogue::Offer;
use crate::{Actor, Fault, Service};
use domain::capacity::{SignedInBy, held};
use domain::exchange::{Leader, RefusalCode};
use domain::{
    AccountRole, Capacity, Flag, IdentitySource, Instant, InstitutionId, Moment, PersonId, School, SchoolYear,
};
use std::collections::HashSet;
use std::sync::Arc;
use store::Read;
use store::directory::Institution;

/// The school as this transaction sees it, with the tests that are offered to it.
async fn offered(read: &mut Read, institution: InstitutionId, revision: i64, offer: &Offer) -> Result<School, Fault> {
    let roster = store::roster::load(read, institution, &offer.subjects, &offer.tests).await?;
    let roster = roster.ok_or(RefusalCode::NotFound)?;
    let record = store::record::load(read, &roster).await?.record;
    Ok(School { revision, roster, record })
}

/// Fails closed unless the actor administers rights here.
pub(crate) fn administer(actor: &Actor) -> Result<(), Fault> {
    Ok(actor.require(Capacity::TestAdministration)?)
}

impl Service {
    /// The school at the revision that this read sees.
    ///
    /// # Errors
    /// [`RefusalCode::NotFound`] for an unknown institution.
    pub(crate) async fn school_in(
        &self,
        read: &mut Read,
        institution: InstitutionId,
    ) -> Result<Arc<CachedSchool>, Fault> {
        let revision = store::revision::current(read, institution).await?.ok_or(RefusalCode::NotFound)?;
        self.school_at(read, institution, revision).await
    }

    /// The school as this transaction sees it, which is known to be at this revision.
    ///
    /// Requests that miss the cache together load once: the first one loads, the others wait and
    /// find it. Each holds its own connection before it waits, so they cannot wait for each other.
    ///
    /// # Errors
    /// As [`Service::school_in`].
    pub(crate) async fn school_at(
        &self,
        read: &mut Read,
        institution: InstitutionId,
        revision: i64,
    ) -> Result<Arc<CachedSchool>, Fault> {
        let here = institution_row(read, institution).await?;
        let now = self.env.now();
        let year = SchoolYear::of(here.zone()?.date_of(now));
        if let Some(kept) = self.schools.get(institution, revision, year) {
            return Ok(kept);
        }
        let loading = self.schools.loading(institution);
        let _alone = loading.lock().await;
        if let Some(kept) = self.schools.get(institution, revision, year) {
            return Ok(kept);
        }
        let school = offered(read, institution, revision, &self.catalogue.offer(&here.country, year)).await?;
        let cached = Arc::new(CachedSchool::new(school, year));
        self.schools.put(institution, Arc::clone(&cached));
        Ok(cached)
    }

    /// The school at its present revision with the tests of the school year of a moment: asked about
    /// another year, it answers with what was offered, or will be, then.
    ///
    /// # Errors
    /// As [`Service::school_in`].
    pub(crate) async fn school_of_year(
        &self,
        read: &mut Read,
        institution: InstitutionId,
        at: Instant,
    ) -> Result<Arc<CachedSchool>, Fault> {
        let here = institution_row(read, institution).await?;
        let of = |instant| Ok::<_, Fault>(SchoolYear::of(here.zone()?.date_of(instant)));
        let year = of(at)?;
        if year == of(self.env.now())? {
            return self.school_in(read, institution).await;
        }
        let revision = store::revision::current(read, institution).await?.ok_or(RefusalCode::NotFound)?;
        let school = offered(read, institution, revision, &self.catalogue.offer(&here.country, year)).await?;
        Ok(Arc::new(CachedSchool::new(school, year)))
    }

    /// The school at its present revision for its history: where decisions name tests that are offered
    /// no longer, with every test that ever was.
    ///
    /// # Errors
    /// As [`Service::school_in`].
    pub(crate) async fn school_ever(
        &self,
        read: &mut Read,
        institution: InstitutionId,
    ) -> Result<Arc<CachedSchool>, Fault> {
        let cached = self.school_in(read, institution).await?;
        let school = cached.school();
        if store::record::count(read, institution).await? == school.record.decisions.len() {
            return Ok(cached);
        }
        let here = institution_row(read, institution).await?;
        let whole = offered(read, institution, school.revision, &self.catalogue.offer_ever(&here.country)).await?;
        Ok(Arc::new(CachedSchool::new(whole, cached.year())))
    }

    /// The school's leaders of a moment, and whether they saw, see or will see results then. Asked
    /// about the past, that is who could sign in as a leader then.
    ///
    /// `Inst.ledelse` lets a leader see the school's results and, by default, only one who is a
    /// teacher (Lærer) there as well.
    ///
    /// # Errors
    /// [`Fault::Store`].
    pub(crate) async fn leaders_in(
        &self,
        read: &mut Read,
        cached: &CachedSchool,
        moment: Moment,
    ) -> Result<Vec<Leader>, Fault> {
        let roster = &cached.school().roster;
        let teaches = |person| {
            let is_that = |fact: &&domain::Fact<domain::TeacherIx>| {
                roster.teachers.get(usize::from(fact.what.0)).is_some_and(|teacher| teacher.id == person)
            };
            roster.teaching.iter().filter(is_that).any(|fact| fact.holds(moment))
        };
        let holders = self.holders_of(read, roster.institution, Capacity::Leadership, moment.at).await?;
        let leaders = holders.into_iter().map(|holder| Leader {
            sees_results: self.settings.leaders_see_without_teaching || teaches(holder.person),
            person: holder.person,
            name: holder.name,
            role: holder.role,
        });
        Ok(leaders.collect())
    }

    /// Those who hold a capacity at an institution at an instant and can sign in then, each once: by their
    /// accounts, or by a flag of UNI-Login's, whichever counts there.
    ///
    /// # Errors
    /// [`RefusalCode::NotFound`] for an unknown institution.
    pub(crate) async fn holders_of(
        &self,
        read: &mut Read,
        institution: InstitutionId,
        capacity: Capacity,
        at: Instant,
    ) -> Result<Vec<Holder>, Fault> {
        let here = institution_row(read, institution).await?;
        let mut holders = Vec::new();
        for account in store::staff::account_holders(read, institution, here.zone()?, at).await? {
            if held(SignedInBy::Account(account.role), here.identity_source, &[], true).contains(&capacity) {
                holders.push(Holder { person: account.person, name: account.name, role: Some(account.role) });
            }
        }
        let flag = Flag::OF_INSTITUTION.into_iter().find(|flag| flag.capacity() == capacity);
        if let Some(flag) = flag.filter(|_| here.identity_source == IdentitySource::Unilogin) {
            for (person, name) in store::flag::holders(read, institution, here.zone()?, flag, at).await? {
                holders.push(Holder { person, name, role: None });
            }
        }
        let mut seen = HashSet::new();
        holders.retain(|holder| seen.insert(holder.person));
        Ok(holders)
    }
}

/// Somebody who holds a capacity.
#[derive(Clone, Debug)]
pub(crate) struct Holder {
    /// The person.
    pub(crate) person: PersonId,
    /// Full name; the alias where the person is protected.
    pub(crate) name: String,
    /// The role of the account that carries it; none where it is a flag of UNI-Login's.
    pub(crate) role: Option<AccountRole>,
}

/// The institution's own row.
pub(crate) async fn institution_row(read: &mut Read, institution: InstitutionId) -> Result<Institution, Fault> {
    Ok(store::directory::institution(read, institution).await?.ok_or(RefusalCode::NotFound)?)
}
