//! Giving and taking UNI-Login's flags at an institution.

use super::affiliate::about;
use super::keeps_people;
use crate::actor::Actor;
use crate::audit::Action;
use crate::fault::Fault;
use crate::rights::load::institution_row;
use crate::service::Service;
use domain::exchange::RefusalCode;
use domain::{Flag, IdentitySource, PersonId, UniId};
use store::affiliation::BY_HAND;
use store::flag::NewFlag;

impl Service {
    /// Sets which flags somebody affiliated holds: what is new counts as additions do, what is left out ends at
    /// once. No flag brings another.
    ///
    /// # Errors
    /// [`RefusalCode::NotAllowed`] unless the actor holds UserAdministration, and where the institution does not
    /// take its capacities from UNI-Login; [`RefusalCode::NotFound`] for who is not affiliated there and not about
    /// to be; [`RefusalCode::BadInput`] for an authority's flag; [`RefusalCode::OwnLastCapacity`] for who would
    /// take away their own last.
    pub async fn set_flags(&self, actor: &Actor, person: PersonId, flags: &[Flag]) -> Result<(), Fault> {
        keeps_people(actor)?;
        if flags.iter().any(|flag| !Flag::OF_INSTITUTION.contains(flag)) {
            return Err(RefusalCode::BadInput.into());
        }
        let now = self.env.now();
        store::write!(self.db, async |tx| {
            if !store::revision::hold(tx, actor.institution).await? {
                return Err(Fault::from(RefusalCode::NotFound));
            }
            let here = institution_row(tx, actor.institution).await?;
            if here.identity_source != IdentitySource::Unilogin {
                return Err(RefusalCode::NotAllowed.into());
            }
            // What let the actor in holds still, now that nobody else changes it: of two who take each other's away
            // one does.
            let own = store::flag::live_of(tx, actor.institution, actor.person, now).await?;
            if actor.account.is_none() && !own.contains(&Flag::UserAdministration) {
                return Err(RefusalCode::NotAllowed.into());
            }
            if store::affiliation::of_person(tx, actor.institution, person, now).await?.is_empty() && !flags.is_empty()
            {
                return Err(RefusalCode::NotFound.into());
            }
            super::is_somebody(tx, actor.institution, person).await?;
            let held = store::flag::of_place(tx, actor.institution, now).await?;
            let held: Vec<_> = held.into_iter().filter(|held| held.person == person).collect();
            let counts_still = held.iter().any(|held| held.from <= now && flags.contains(&held.flag));
            if actor.person == person && !counts_still {
                return Err(RefusalCode::OwnLastCapacity.into());
            }
            for gone in held.iter().filter(|held| !flags.contains(&held.flag)) {
                store::flag::take(tx, actor.institution, person, gone.flag, now).await?;
                let entry = about(Action::FlagTaken, actor, person).detail("flag", gone.flag.code());
                self.noted(tx, &entry).await?;
            }
            let from = self.adds_from(&here, here.zone()?, now);
            for flag in flags.iter().filter(|flag| !held.iter().any(|held| held.flag == **flag)) {
                let new = NewFlag {
                    id: self.env.id(),
                    person,
                    flag: *flag,
                    source: BY_HAND,
                    author: actor.person,
                    author_name: &actor.name,
                    from,
                    recorded: now,
                };
                store::flag::give(tx, actor.institution, &new).await?;
                let entry = about(Action::FlagGiven, actor, person).detail("flag", flag.code()).detail("from", from.0);
                self.noted(tx, &entry).await?;
            }
            Ok(())
        })
    }

    /// Records somebody's UNI-Login id, by which the broker finds them.
    ///
    /// # Errors
    /// [`RefusalCode::NotAllowed`] unless the actor holds UserAdministration; [`RefusalCode::NotFound`] for
    /// somebody who never was at the institution; [`RefusalCode::BadInput`] for a text that is none;
    /// [`RefusalCode::Conflict`] where it is somebody else's, the person has another, for it is kept for life, or is
    /// somebody at another institution too.
    pub async fn set_uni_id(&self, actor: &Actor, person: PersonId, uni_id: &str) -> Result<(), Fault> {
        keeps_people(actor)?;
        let uni_id = uni_id.parse::<UniId>().map_err(|_| RefusalCode::BadInput)?;
        store::write!(self.db, async |tx| {
            store::revision::hold(tx, actor.institution).await?;
            super::is_somebody(tx, actor.institution, person).await?;
            self.keep_uni_id(tx, actor, &uni_id, person).await
        })
    }
}
