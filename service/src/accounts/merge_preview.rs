//! What uniting two accounts would do, before it is done.

use super::requests::asked_account;
use crate::actor::Actor;
use crate::fault::Fault;
use crate::rights::names::alphabet;
use crate::service::Service;
use domain::draft::Places;
use domain::exchange::accounts::MergePreview;
use domain::staff_right::StaffRight;
use domain::view::Scene;
use domain::{AccountId, PersonId};
use std::sync::Arc;
use store::Read;
use store::account::life::AccountRecord;

impl Service {
    /// What uniting two accounts of the same role and school would do; nothing is changed.
    ///
    /// # Errors
    /// As [`Service::merge_accounts`].
    pub async fn merge_preview(&self, actor: &Actor, one: AccountId, other: AccountId) -> Result<MergePreview, Fault> {
        let mut read = self.db.read().await?;
        let (goes, stays) = self.pair(&mut read, actor, one, other).await?;
        let place = goes.site.place;
        let held = store::account::subject::of_account(&mut read, stays.record.id).await?;
        let mut subjects = store::account::subject::of_account(&mut read, goes.record.id).await?;
        subjects.retain(|subject| !held.contains(subject));
        let granted = store::staff_right::of_person(&mut read, place, stays.record.person).await?;
        let has = |right: StaffRight| granted.iter().any(|fact| fact.right == right && fact.granted);
        let theirs = store::staff_right::of_person(&mut read, place, goes.record.person).await?;
        let rights = theirs.into_iter().filter(|fact| fact.granted && !has(fact.right)).map(|fact| fact.right);
        Ok(MergePreview {
            subjects,
            rights: rights.collect(),
            decisions: self.decisions_united(&mut read, &goes.record, stays.record.person).await?,
            goes: asked_account(&goes.site, &goes.record),
            stays: asked_account(&stays.site, &stays.record),
        })
    }

    /// How many decisions the person who stays would get: what the other one's give now.
    async fn decisions_united(&self, read: &mut Read, goes: &AccountRecord, stays: PersonId) -> Result<usize, Fault> {
        let cached = self.school_in(read, goes.place).await?;
        let places = Places::of(&cached.school().roster);
        match (places.teacher(goes.person), places.teacher(stays)) {
            (Some(from), Some(to)) if from != to => {
                let zone = cached.school().roster.zone;
                let scene = Scene::of(Arc::new(cached.school().clone()), alphabet(zone), self.env.now());
                Ok(scene.copy(from, to, false).len())
            }
            _ => Ok(0),
        }
    }
}
