//! One account, as its page shows it.

use super::checked;
use super::keeping::keeper;
use super::line::life_of;
use super::site::Site;
use crate::actor::Actor;
use crate::fault::Fault;
use crate::service::Service;
use domain::AccountId;
use domain::account::{Denial, Keeper, who_can};
use domain::exchange::RefusalCode;
use domain::exchange::accounts::{AccountDetail, AccountLine, ByOthers};
use store::Read;
use store::account::life::AccountRecord;

impl Service {
    /// One account, as lists show it.
    ///
    /// # Errors
    /// [`RefusalCode::NotAllowed`] for who keeps no accounts; [`RefusalCode::NotFound`] for an account
    /// that the actor's list does not show.
    pub async fn account(&self, actor: &Actor, account: AccountId) -> Result<AccountLine, Fault> {
        let keeper = keeper(actor)?;
        let mut read = self.db.read().await?;
        let (site, record) = self.seen(&mut read, actor, keeper, account).await?;
        Ok(self.lines(&mut read, actor, keeper, &site).await?.line(&record))
    }

    /// One account with what became of it, and who does what the asker may not.
    ///
    /// # Errors
    /// As [`Service::account`].
    pub async fn account_detail(&self, actor: &Actor, account: AccountId) -> Result<AccountDetail, Fault> {
        let keeper = keeper(actor)?;
        let now = self.env.now();
        let mut read = self.db.read().await?;
        let (site, record) = self.seen(&mut read, actor, keeper, account).await?;
        let lines = self.lines(&mut read, actor, keeper, &site).await?;
        let mut by_others = Vec::new();
        for (action, denial) in lines.denied(&record) {
            let others = who_can(Some(keeper), denial, action, record.role);
            let help = self.help(&mut read, &others, &site).await?;
            by_others.push(ByOthers { action, is_own: denial == Denial::OwnAccount, help });
        }
        Ok(AccountDetail {
            line: lines.line(&record),
            offered: checked::offered(&self.catalogue, &site, now),
            reactivation: life_of(&record).reactivation(site.zone, now),
            by_others,
            language: self.language_of(&mut read, record.place, record.person).await?,
            history: super::history::of(&mut read, site.place, account).await?,
        })
    }

    /// An account that the keeper's list shows, or the keeper's own.
    async fn seen(
        &self,
        read: &mut Read,
        actor: &Actor,
        keeper: Keeper,
        account: AccountId,
    ) -> Result<(Site, AccountRecord), Fault> {
        let record = store::account::life::by_id(read, account, self.env.now()).await?;
        let record = record.ok_or(RefusalCode::NotFound)?;
        let site = self.kept_site(read, actor, keeper, record.place).await?;
        let is_own = keeper.role() == Some(record.role) && record.person == actor.person;
        if keeper.lists(record.role) || is_own { Ok((site, record)) } else { Err(RefusalCode::NotFound.into()) }
    }
}
