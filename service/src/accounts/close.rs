//! Closing accounts: for the time being, or for good. Either works on the next request.

use super::keeping::{Kept, author};
use super::making::{entry, user_type_of};
use super::site::Site;
use crate::actor::Actor;
use crate::audit::{self, Row};
use crate::fault::Fault;
use crate::service::Service;
use domain::account::{Action, Keeper, State};
use domain::exchange::RefusalCode;
use domain::exchange::accounts::Wish;
use domain::notice::NoticeKind;
use domain::{AccountId, Instant};
use store::Write;
use store::account::life::AccountRecord;

impl Service {
    /// Closes an account for the time being: its sessions end, and it answers code 31 until it is
    /// reactivated. One that is closed already stays as it is.
    ///
    /// # Errors
    /// As the rule says.
    pub async fn deactivate_account(&self, actor: &Actor, account: AccountId) -> Result<(), Fault> {
        store::write!(self.db, async |tx| {
            let kept = self.kept(tx, actor, account, Action::Deactivate).await?;
            kept.site.hold(tx).await?;
            self.deactivate(tx, actor, &kept).await
        })
    }

    /// Closes an account for good: nothing signs in with it any more, its user name is never given
    /// again, and what was done with it stays readable.
    ///
    /// # Errors
    /// As the rule says; a test administrator is told that the principal does it.
    pub async fn delete_account(&self, actor: &Actor, account: AccountId) -> Result<(), Fault> {
        store::write!(self.db, async |tx| {
            let kept = self.kept(tx, actor, account, Action::Delete).await?;
            kept.site.hold(tx).await?;
            self.delete(tx, actor, &kept).await
        })
    }

    /// Closes an account that may be closed, under the lock of its place.
    pub(super) async fn deactivate(&self, tx: &mut Write, actor: &Actor, kept: &Kept) -> Result<(), Fault> {
        let (account, now) = (kept.record.id, self.env.now());
        if super::line::life_of(&kept.record).state(now) == State::Deactivated {
            return Ok(());
        }
        store::account::life::deactivate(tx, account, author(actor), now).await?;
        self.tell_holder(tx, actor, &kept.record, NoticeKind::Closed).await?;
        self.end_use(tx, account, now).await?;
        let stored = store::account::one(tx, account).await?.ok_or(RefusalCode::NotFound)?;
        let entry = entry(audit::Action::AccountDeactivated, actor, kept.keeper, Action::Deactivate, &kept.site);
        let entry = entry.object("account", account).rows([Row::account(stored)]);
        audit::append(tx, &self.env, &self.secrets.audit, &entry).await?;
        Ok(())
    }

    /// Deletes an account that may be deleted, under the lock of its place.
    pub(super) async fn delete(&self, tx: &mut Write, actor: &Actor, kept: &Kept) -> Result<(), Fault> {
        let (account, now) = (kept.record.id, self.env.now());
        store::account::life::delete(tx, account, author(actor), now).await?;
        store::sign_in::forget_credentials(tx, account).await?;
        self.settle_requests(tx, actor, &kept.record, Wish::Delete).await?;
        self.void_requests(tx, actor, &kept.record).await?;
        self.tell_holder(tx, actor, &kept.record, NoticeKind::Closed).await?;
        self.end_use(tx, account, now).await?;
        let left = self.end_affiliation(tx, &kept.record, now).await?;
        if left {
            store::revision::raise(tx, kept.site.place).await?;
            self.end_left_flags(tx, actor, kept.site.place, now).await?;
        }
        let stored = store::account::one(tx, account).await?.ok_or(RefusalCode::NotFound)?;
        let entry = entry(audit::Action::AccountDeleted, actor, kept.keeper, Action::Delete, &kept.site)
            .object("account", account)
            .rows([Row::account(stored), Row::CredentialsGone(account)])
            .detail("left", left);
        audit::append(tx, &self.env, &self.secrets.audit, &entry).await?;
        Ok(())
    }

    /// Deletes an account because of what it is, without anybody's asking, if it still is that under
    /// the lock; tells whether it did.
    pub(crate) async fn delete_by_itself(
        &self,
        tx: &mut Write,
        account: AccountId,
        is_due: impl Fn(&AccountRecord) -> bool,
    ) -> Result<bool, Fault> {
        let Some(found) = store::account::life::by_id(tx, account, self.env.now()).await? else { return Ok(false) };
        let site = Site::load(tx, found.place).await?;
        site.hold(tx).await?;
        let record = store::account::life::by_id(tx, account, self.env.now()).await?;
        let Some(record) = record.filter(|record| !record.is_gone() && is_due(record)) else { return Ok(false) };
        let system = Actor::system(record.place);
        self.delete(tx, &system, &Kept { record, site, keeper: Keeper::Operator }).await?;
        Ok(true)
    }

    /// Forgets what an account signed in with that was united with another one before an instant, if that
    /// still is so under the lock; tells whether it did.
    pub(crate) async fn forget_united_one(
        &self,
        tx: &mut Write,
        account: AccountId,
        before: Instant,
    ) -> Result<bool, Fault> {
        let Some(found) = store::account::life::by_id(tx, account, self.env.now()).await? else { return Ok(false) };
        Site::load(tx, found.place).await?.hold(tx).await?;
        let record = store::account::life::by_id(tx, account, self.env.now()).await?;
        let is_due = |record: &AccountRecord| record.merged.is_some_and(|(merged, _)| merged < before);
        let Some(record) = record.filter(is_due) else { return Ok(false) };
        store::sign_in::forget_credentials(tx, account).await?;
        store::account::merge::forget_email(tx, account).await?;
        let stored = store::account::one(tx, account).await?.ok_or(RefusalCode::NotFound)?;
        let entry = audit::Entry::new(audit::Action::CredentialsForgotten, &Actor::system(record.place))
            .object("account", account)
            .rows([Row::account(stored), Row::CredentialsGone(account)]);
        audit::append(tx, &self.env, &self.secrets.audit, &entry).await?;
        Ok(true)
    }

    /// Ends everything that goes on with an account.
    pub(super) async fn end_use(&self, tx: &mut Write, account: AccountId, now: Instant) -> Result<(), Fault> {
        store::session::end_all_of(tx, account, now).await?;
        store::sign_in::delete_pending_of(tx, account).await?;
        Ok(())
    }

    /// Whoever was somebody here by this account alone is so no more: a teacher without it is no
    /// teacher (Lærer) whom rights could be given. Tells whether that is the case; the rule reads it.
    pub(super) async fn end_affiliation(
        &self,
        tx: &mut Write,
        record: &AccountRecord,
        now: Instant,
    ) -> Result<bool, Fault> {
        let Some(user_type) = user_type_of(record.role) else { return Ok(false) };
        for other in self.records(tx, record.place).await? {
            let is_another = other.id != record.id && other.person == record.person && !other.is_gone();
            if is_another && user_type_of(other.role) == Some(user_type) {
                return Ok(false);
            }
        }
        Ok(store::account::life::end_affiliation(tx, record.place, record.person, user_type, now).await?)
    }
}
