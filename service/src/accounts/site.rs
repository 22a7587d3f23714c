//! Where an account is held: an institution or an authority, and what both have in common.

use crate::fault::Fault;
use domain::account::Place;
use domain::exchange::RefusalCode;
use domain::{AuthorityId, InstitutionId, Zone};
use store::directory::{Authority, Institution};
use store::{Read, Write};

/// A place that holds accounts.
#[derive(Clone, Debug)]
pub(super) struct Site {
    /// Its id; an authority's own where accounts are held at the authority.
    pub(super) place: InstitutionId,
    pub(super) name: String,
    pub(super) country: String,
    pub(super) zone: Zone,
    /// The responsible authority, or the authority itself.
    pub(super) authority: AuthorityId,
    pub(super) is_authority: bool,
}

impl Site {
    /// The institution or authority of this id.
    ///
    /// # Errors
    /// [`RefusalCode::NotFound`] where it is neither.
    pub(super) async fn load(read: &mut Read, place: InstitutionId) -> Result<Self, Fault> {
        if let Some(institution) = store::directory::institution(read, place).await? {
            return Self::of_institution(institution);
        }
        let authority = store::directory::authority(read, AuthorityId(place.0)).await?;
        Self::of_authority(authority.ok_or(RefusalCode::NotFound)?)
    }

    fn of_institution(institution: Institution) -> Result<Self, Fault> {
        let zone = institution.zone()?;
        let Institution { id: place, authority, name, country, .. } = institution;
        Ok(Self { place, name, country, zone, authority, is_authority: false })
    }

    fn of_authority(authority: Authority) -> Result<Self, Fault> {
        let Authority { id, name, country, .. } = authority;
        let zone =
            Zone::of_country(&country).ok_or_else(|| Fault::Internal(format!("authority {id} is in no country")))?;
        Ok(Self { place: id.as_place(), name, country, zone, authority: id, is_authority: true })
    }

    /// Holds the place's lock: of two changes to its accounts the second sees what the first did.
    pub(super) async fn hold(&self, tx: &mut Write) -> Result<(), Fault> {
        match self.is_authority {
            true => store::audit::hold_head(tx, self.place.0).await.map(drop)?,
            false => store::revision::hold(tx, self.place).await.map(drop)?,
        }
        Ok(())
    }

    /// The place, seen from where somebody acts.
    pub(super) fn seen_from(&self, acting: InstitutionId) -> Place {
        if self.place == acting {
            Place::Own
        } else if !self.is_authority && self.authority.as_place() == acting {
            Place::Below
        } else {
            Place::Elsewhere
        }
    }
}
