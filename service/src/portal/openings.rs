//! Who opened what of the protected part: for the operator, and for the person themselves.

use super::add::require_operator;
use crate::actor::Actor;
use crate::fault::Fault;
use crate::service::Service;
use domain::exchange::material::MaterialOpening;
use domain::{InstitutionId, MaterialId, PersonId};
use store::Read;
use store::material::opening::{self, Opening};

/// Most openings that are shown at once.
const OPENINGS_MAX: i64 = 1_000;

/// Which openings are asked for.
#[derive(Clone, Copy, Debug)]
pub enum Openings<'a> {
    /// All there are.
    All,
    /// Those with accounts of the institution with this code.
    OfInstitution(&'a str),
    /// Those of one piece of material.
    OfMaterial(MaterialId),
}

impl Service {
    /// What the actor has opened of the protected part at this school, with whatever account of their
    /// own; the newest first, at most a thousand. Part of what is recorded about a person.
    ///
    /// # Errors
    /// [`Fault::Store`].
    pub async fn own_material_openings(&self, actor: &Actor) -> Result<Vec<MaterialOpening>, Fault> {
        openings_of(&mut self.db.read().await?, actor.institution, actor.person).await
    }

    /// What was opened of the protected part, for the operator; the newest first, at most a thousand.
    ///
    /// # Errors
    /// [`domain::exchange::RefusalCode::NotAllowed`] for anybody else; [`Fault::Unknown`] for an
    /// institution or material that is not there.
    pub async fn material_openings(&self, actor: &Actor, of: Openings<'_>) -> Result<Vec<MaterialOpening>, Fault> {
        require_operator(actor)?;
        let mut read = self.db.read().await?;
        let openings = match of {
            Openings::All => opening::all(&mut read, OPENINGS_MAX).await?,
            Openings::OfInstitution(code) => {
                let found = store::directory::institution_by_code(&mut read, code).await?;
                let place = found.ok_or_else(|| Fault::unknown("institution", code))?;
                opening::of_institution(&mut read, place.id, OPENINGS_MAX).await?
            }
            Openings::OfMaterial(id) => {
                let found = store::material::by_id(&mut read, id).await?;
                found.ok_or_else(|| Fault::unknown("material", &id.to_string()))?;
                opening::of_material(&mut read, id, OPENINGS_MAX).await?
            }
        };
        Ok(openings.into_iter().map(shown).collect())
    }
}

/// What a person has opened with accounts of a place.
pub(crate) async fn openings_of(
    read: &mut Read,
    place: InstitutionId,
    person: PersonId,
) -> Result<Vec<MaterialOpening>, Fault> {
    let own = opening::of_person(read, place, person, OPENINGS_MAX).await?;
    Ok(own.into_iter().map(shown).collect())
}

fn shown(opening: Opening) -> MaterialOpening {
    let Opening { opened, material, title, subject, account, user_name, name, institution, zone, .. } = opening;
    MaterialOpening { opened, material, title, subject, account, user_name, name, institution, zone }
}
