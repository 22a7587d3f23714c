//! What uniting two accounts would do, before it is done.

use super::merge::united;
use super::requests::asked_account;
use crate::actor::Actor;
use crate::fault::Fault;
use crate::service::Service;
use domain::exchange::Proposal;
use domain::exchange::accounts::{MergePreview, MergedSight};
use domain::staff_right::StaffRight;
use domain::{AccountId, Capacity, PersonId};
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
            sight: self.seeing(&mut read, actor, &goes.record, stays.record.person).await?,
            goes: asked_account(&goes.site, &goes.record),
            stays: asked_account(&stays.site, &stays.record),
        })
    }

    /// What becomes of the results that the person who stays sees; `None` where that is nothing.
    async fn seeing(
        &self,
        read: &mut Read,
        actor: &Actor,
        goes: &AccountRecord,
        stays: PersonId,
    ) -> Result<Option<MergedSight>, Fault> {
        let cached = self.school_in(read, goes.place).await?;
        let now = self.env.now();
        let edits = united(&cached, goes.person, stays, now);
        if edits.is_empty() {
            return Ok(None);
        }
        let at_place = Actor { institution: goes.place, ..actor.clone() };
        let (proposal, revision) = (Proposal::Edits(edits), cached.school().revision);
        let prepared = self.prepare_on(read, Arc::clone(&cached), &at_place, &proposal, revision, now).await?;
        let diff = prepared.review().diff.clone();
        // Whoever keeps accounts without the rights' administration learns how many, and no names.
        let names = actor.is(Capacity::TestAdministration).then(|| Box::new(cached.school().clone()));
        Ok(Some(MergedSight { diff, school: names }))
    }
}
