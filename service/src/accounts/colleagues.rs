//! The staff, whom accounts are made for: choosing one of them makes no second person.

use super::keeping::keeper;
use crate::actor::Actor;
use crate::fault::Fault;
use crate::rights::names::name_key;
use crate::service::Service;
use domain::InstitutionId;
use domain::account::Keeper;
use domain::exchange::accounts::Colleague;

impl Service {
    /// The staff of a school with the accounts that they hold there, in order of names. An
    /// authority sees nobody of its schools.
    ///
    /// # Errors
    /// [`domain::exchange::RefusalCode::NotAllowed`] for who keeps no accounts;
    /// [`domain::exchange::RefusalCode::NotFound`] for a place that is not the actor's.
    pub async fn colleagues(&self, actor: &Actor, institution: InstitutionId) -> Result<Vec<Colleague>, Fault> {
        let keeper = keeper(actor)?;
        let mut read = self.db.read().await?;
        let site = self.kept_site(&mut read, actor, keeper, institution).await?;
        if keeper == Keeper::Authority {
            return Ok(Vec::new());
        }
        let records = self.records(&mut read, site.place).await?;
        let employees = store::staff::employees(&mut read, site.place, site.zone, self.env.now()).await?;
        let mut colleagues: Vec<Colleague> = employees
            .into_iter()
            .map(|employee| {
                let own = records.iter().filter(|record| record.person == employee.person && !record.is_gone());
                let roles = own.map(|record| record.role).collect();
                Colleague { person: employee.person, name: employee.name, roles }
            })
            .collect();
        colleagues.sort_by_cached_key(|colleague| (name_key(site.zone, &colleague.name), colleague.person));
        Ok(colleagues)
    }
}
