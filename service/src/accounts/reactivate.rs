//! Opening accounts again: a closed one at once, a lapsed one for the school year that has begun.
//! User name, password, matrix and passkey stay.

use super::keeping::{keeper, target};
use super::line::{life_of, sort_by_name};
use super::making::entry;
use super::site::Site;
use super::{ACCOUNTS_MAX, line};
use crate::actor::Actor;
use crate::audit::{self, Row};
use crate::fault::Fault;
use crate::service::Service;
use domain::account::{Action, Keeper, Reactivation, State, may};
use domain::exchange::accounts::{ReactivationLine, ReactivationPreview, Which, Wish};
use domain::exchange::{Refusal, RefusalCode};
use domain::notice::NoticeKind;
use domain::{AccountId, Date};
use store::Read;

impl Service {
    /// What reactivating these accounts would do; nothing is changed.
    ///
    /// # Errors
    /// As [`Service::reactivate_accounts`], but for an account that is open already.
    pub async fn reactivation_preview(&self, actor: &Actor, which: &Which) -> Result<ReactivationPreview, Fault> {
        let keeper = keeper(actor)?;
        let mut read = self.db.read().await?;
        let mut preview = ReactivationPreview { accounts: Vec::new(), left_out: Vec::new() };
        for site in self.kept_sites(&mut read, actor, keeper).await? {
            let records = self.records(&mut read, site.place).await?;
            let lines = self.lines(&mut read, actor, keeper, &site).await?;
            let now = self.env.now();
            for record in records.iter().filter(|record| keeper.lists(record.role)) {
                let lapsed = || {
                    let may = may(Some(keeper), Action::Reactivate, target(actor, &site, record));
                    may.is_ok() && life_of(record).state(now) == State::Lapsed
                };
                let asked = match which {
                    Which::These(ids) => ids.contains(&record.id),
                    Which::StillHere => record.in_newest_roster && lapsed(),
                };
                if asked {
                    let outcome = life_of(record).reactivation(site.zone, now);
                    let last_day = match outcome {
                        Reactivation::Until(until) => line::last_day(site.zone, until),
                        Reactivation::NotBefore(_) | Reactivation::Unneeded => None,
                    };
                    preview.accounts.push(ReactivationLine { account: lines.line(record), outcome, last_day });
                } else if *which == Which::StillHere && lapsed() {
                    preview.left_out.push(lines.line(record));
                }
            }
            preview.accounts.sort_by_cached_key(|line| {
                (crate::rights::names::name_key(site.zone, &line.account.name()), line.account.number)
            });
            sort_by_name(site.zone, &mut preview.left_out);
        }
        if let Which::These(ids) = which {
            self.require_allowed(&mut read, actor, ids).await?;
        }
        Ok(preview)
    }

    /// Opens accounts again, all that are allowed or none, and answers which ones: those that are
    /// open already are left as they are.
    ///
    /// # Errors
    /// As the rule says, for the first account that may not; [`RefusalCode::TooEarly`] where every
    /// account asked for is open, with the day from which it can be given another year;
    /// [`RefusalCode::TooLarge`] beyond [`ACCOUNTS_MAX`].
    pub async fn reactivate_accounts(&self, actor: &Actor, accounts: &[AccountId]) -> Result<Vec<AccountId>, Fault> {
        if accounts.len() > ACCOUNTS_MAX {
            return Err(RefusalCode::TooLarge.into());
        }
        store::write!(self.db, async |tx| {
            let (mut opened, mut not_before) = (Vec::new(), None);
            let mut rows: Vec<(Site, Keeper, Vec<Row>)> = Vec::new();
            for account in accounts {
                let kept = self.kept(tx, actor, *account, Action::Reactivate).await?;
                kept.site.hold(tx).await?;
                // What the lock waited for may have opened it.
                let kept = self.kept(tx, actor, *account, Action::Reactivate).await?;
                let until = match life_of(&kept.record).reactivation(kept.site.zone, self.env.now()) {
                    Reactivation::Until(until) => until,
                    Reactivation::NotBefore(day) => {
                        not_before = not_before.max(Some(day));
                        continue;
                    }
                    Reactivation::Unneeded => continue,
                };
                store::account::life::open_until(tx, *account, until, self.env.now()).await?;
                self.settle_requests(tx, actor, &kept.record, Wish::Reactivate).await?;
                self.tell_holder(tx, actor, &kept.record, NoticeKind::Reactivated).await?;
                let row = Row::account(store::account::one(tx, *account).await?.ok_or(RefusalCode::NotFound)?);
                match rows.iter_mut().find(|(site, ..)| site.place == kept.site.place) {
                    Some((_, _, of_place)) => of_place.push(row),
                    None => rows.push((kept.site, kept.keeper, vec![row])),
                }
                opened.push(*account);
            }
            for (site, keeper, rows) in rows {
                let entry = entry(audit::Action::AccountsReactivated, actor, keeper, Action::Reactivate, &site)
                    .object("institution", site.place)
                    .detail("accounts", rows.len())
                    .rows(rows);
                audit::append(tx, &self.env, &self.secrets.audit, &entry).await?;
            }
            done(opened, not_before)
        })
    }

    /// Reactivates all "still here" at once: lapsed accounts of people of the newest roster, those that the
    /// actor may open again.
    ///
    /// # Errors
    /// [`RefusalCode::NotAllowed`] for who keeps no accounts.
    pub async fn reactivate_still_here(&self, actor: &Actor) -> Result<Vec<AccountId>, Fault> {
        let preview = self.reactivation_preview(actor, &Which::StillHere).await?;
        let accounts: Vec<AccountId> = preview.accounts.into_iter().map(|line| line.account.id).collect();
        self.reactivate_accounts(actor, &accounts).await
    }

    /// Fails for the first of the accounts that the actor may not reactivate.
    async fn require_allowed(&self, read: &mut Read, actor: &Actor, accounts: &[AccountId]) -> Result<(), Fault> {
        for account in accounts.iter().take(ACCOUNTS_MAX) {
            let kept = self.kept(read, actor, *account, Action::Reactivate).await?;
            let target = target(actor, &kept.site, &kept.record);
            debug_assert!(may(Some(kept.keeper), Action::Reactivate, target).is_ok());
        }
        Ok(())
    }
}

/// Nothing opened, and something that could be later, is a refusal with the day.
fn done(opened: Vec<AccountId>, not_before: Option<Date>) -> Result<Vec<AccountId>, Fault> {
    match not_before {
        Some(day) if opened.is_empty() => Err(Refusal { day: Some(day), ..RefusalCode::TooEarly.into() }.into()),
        _ => Ok(opened),
    }
}
