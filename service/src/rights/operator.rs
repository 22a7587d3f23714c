//! The operator at the command line, as an actor.

use super::load::institution_row;
use crate::actor::Via;
use crate::{Actor, Fault, Service};
use domain::capacity::{SignedInBy, held};
use domain::{Capacity, InstitutionId, PersonId};
use store::Read;
use uuid::Uuid;

/// The name that history and audit show where the operator acts alone.
const OPERATOR: &str = "operator";

impl Service {
    /// The operator at the institution with this code: imports, accounts and questions, but no
    /// one's rights.
    ///
    /// # Errors
    /// [`Fault::Unknown`] for an unknown code.
    pub async fn operator(&self, institution: &str) -> Result<Actor, Fault> {
        let institution = by_code(&mut self.db.read().await?, institution).await?;
        Ok(Actor {
            person: PersonId(Uuid::nil()),
            account: None,
            name: OPERATOR.to_owned(),
            institution,
            capacities: Vec::new(),
            two_factors: false,
            via: Via::Operator,
            request: self.env.id(),
        })
    }

    /// The operator on behalf of an account of this institution that administers rights there now.
    ///
    /// # Errors
    /// [`Fault::Unknown`] for an unknown institution or user name, or one of another institution; [`domain::exchange::RefusalCode::NotAllowed`] for an account without TestAdministration.
    pub async fn operator_as(&self, institution: &str, user_name: &str) -> Result<Actor, Fault> {
        let mut read = self.db.read().await?;
        let institution = by_code(&mut read, institution).await?;
        let here = institution_row(&mut read, institution).await?;
        let holders = store::staff::account_holders(&mut read, institution, here.zone()?, self.env.now()).await?;
        let holder = holders
            .into_iter()
            .find(|holder| holder.user_name == user_name)
            .ok_or_else(|| Fault::unknown("account", user_name))?;
        let actor = Actor {
            person: holder.person,
            account: None,
            name: holder.name,
            institution,
            capacities: held(SignedInBy::Account(holder.role), here.identity_source, &[], true),
            two_factors: false,
            via: Via::OperatorAs,
            request: self.env.id(),
        };
        actor.require(Capacity::TestAdministration)?;
        Ok(actor)
    }
}

async fn by_code(read: &mut Read, code: &str) -> Result<InstitutionId, Fault> {
    let found = store::directory::institution_by_code(read, code).await?;
    Ok(found.ok_or_else(|| Fault::unknown("institution", code))?.id)
}
