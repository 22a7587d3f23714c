//! The staff, whom accounts are made for: choosing one of them makes no second person.

use super::keeping::keeper;
use super::line::name_of;
use super::site::Site;
use crate::actor::{Actor, Via};
use crate::fault::Fault;
use crate::rights::names::name_key;
use crate::service::Service;
use domain::account::Keeper;
use domain::exchange::RefusalCode;
use domain::exchange::accounts::Colleague;
use domain::{AccountRole, InstitutionId, PersonId, Zone};

impl Service {
    /// The staff of a school with the accounts that they hold there, in order of names. An
    /// authority sees nobody of its schools.
    ///
    /// # Errors
    /// [`RefusalCode::NotAllowed`] for who keeps no accounts; [`RefusalCode::NotFound`] for a place
    /// that is not the actor's.
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
                Colleague { person: employee.person, name: employee.name, roles, schools: Vec::new() }
            })
            .collect();
        colleagues.sort_by_cached_key(|colleague| (name_key(site.zone, &colleague.name), colleague.person));
        Ok(colleagues)
    }

    /// The principals of the actor's schools, each person once, in order of names: whoever is principal
    /// of one school can be given an account at another one. Nobody for who is no authority.
    ///
    /// # Errors
    /// [`RefusalCode::NotAllowed`] for who keeps no accounts.
    pub async fn principals(&self, actor: &Actor) -> Result<Vec<Colleague>, Fault> {
        if keeper(actor)? != Keeper::Authority {
            return Ok(Vec::new());
        }
        let mut read = self.db.read().await?;
        let mut principals: Vec<Colleague> = Vec::new();
        let mut zone = Zone::Copenhagen;
        for site in self.kept_sites(&mut read, actor, Keeper::Authority).await? {
            zone = site.zone;
            let records = self.records(&mut read, site.place).await?;
            let held = records.iter().filter(|record| record.role == AccountRole::Principal && !record.is_gone());
            for record in held {
                let place = principals.iter().position(|known| known.person == record.person);
                match place.and_then(|place| principals.get_mut(place)) {
                    Some(known) if known.schools.contains(&site.name) => {}
                    Some(known) => known.schools.push(site.name.clone()),
                    None => principals.push(Colleague {
                        person: record.person,
                        name: name_of(record),
                        roles: vec![AccountRole::Principal],
                        schools: vec![site.name.clone()],
                    }),
                }
            }
        }
        principals.sort_by_cached_key(|known| (name_key(zone, &known.name), known.person));
        Ok(principals)
    }

    /// The person of a principal's account at a school of the authority that the operator's
    /// institution belongs to, by its user name.
    ///
    /// # Errors
    /// [`RefusalCode::NotAllowed`] for anybody but the operator; [`RefusalCode::NotFound`] for an account
    /// of another role or another authority, exactly as for none.
    pub async fn principal_named(&self, actor: &Actor, user_name: &str) -> Result<PersonId, Fault> {
        if actor.via != Via::Operator {
            return Err(RefusalCode::NotAllowed.into());
        }
        let mut read = self.db.read().await?;
        let site = Site::load(&mut read, actor.institution).await?;
        let principals = store::account::life::principals_of(&mut read, site.authority, self.env.now()).await?;
        let found = principals.into_iter().find(|record| record.user_name == user_name && !record.is_gone());
        Ok(found.ok_or(RefusalCode::NotFound)?.person)
    }
}
