//! Giving subjects to several teachers' accounts at once, and taking them: which protected material
//! of the portal they open.

use super::ACCOUNTS_MAX;
use super::checked;
use super::keeping::Kept;
use super::line::sort_by_name;
use super::making::entry;
use super::site::Site;
use crate::actor::Actor;
use crate::audit::{self, Row};
use crate::fault::Fault;
use crate::rights::names::name_key;
use crate::service::Service;
use domain::account::{Action, Keeper};
use domain::exchange::RefusalCode;
use domain::exchange::material::{SubjectsLine, SubjectsOrder, SubjectsPreview};
use domain::{AccountId, AccountRole};
use store::{Read, Write};

impl Service {
    /// What giving and taking subjects would do, account by account; nothing is changed.
    ///
    /// # Errors
    /// As [`Service::change_subjects`].
    pub async fn subjects_preview(&self, actor: &Actor, order: &SubjectsOrder) -> Result<SubjectsPreview, Fault> {
        require_sound(order)?;
        let mut read = self.db.read().await?;
        let mut preview = SubjectsPreview::default();
        let mut place: Option<(Site, Keeper)> = None;
        let mut found = Vec::new();
        for account in &order.accounts {
            let kept = self.kept_teacher(&mut read, actor, *account).await?;
            let change = self.change_of(&mut read, &kept, order).await?;
            place.get_or_insert_with(|| (kept.site.clone(), kept.keeper));
            found.push((kept.record, change));
        }
        let (site, keeper) = place.ok_or(RefusalCode::BadInput)?;
        let lines = self.lines(&mut read, actor, keeper, &site).await?;
        for (record, Change { gains, loses, .. }) in found {
            let account = lines.line(&record);
            if gains.is_empty() && loses.is_empty() {
                preview.unchanged.push(account);
            } else {
                preview.changes.push(SubjectsLine { account, gains, loses });
            }
        }
        preview.changes.sort_by_cached_key(|line| (name_key(site.zone, &line.account.name()), line.account.number));
        sort_by_name(site.zone, &mut preview.unchanged);
        preview.subjects = self.catalogue.subjects().to_vec();
        Ok(preview)
    }

    /// Gives subjects to teachers' accounts and takes others, of all of them or none, and answers those
    /// that changed. It works on the accounts' next request.
    ///
    /// # Errors
    /// As the rule says, for the first account that may not be changed; [`RefusalCode::BadInput`] for an
    /// account that is no teacher's, a subject that the school is not offered, one that is both given and
    /// taken, and where nothing or nobody is named; [`RefusalCode::TooLarge`] beyond [`ACCOUNTS_MAX`].
    pub async fn change_subjects(&self, actor: &Actor, order: &SubjectsOrder) -> Result<Vec<AccountId>, Fault> {
        require_sound(order)?;
        store::write!(self.db, async |tx| {
            let mut changed = Vec::new();
            let mut rows: Vec<Row> = Vec::new();
            let mut place: Option<(Site, Keeper)> = None;
            for account in &order.accounts {
                let kept = self.kept_teacher(tx, actor, *account).await?;
                if place.is_none() {
                    kept.site.hold(tx).await?;
                    place = Some((kept.site, kept.keeper));
                }
                // What the lock waited for may have changed it.
                let kept = self.kept_teacher(tx, actor, *account).await?;
                if let Some(row) = self.write_subjects(tx, &kept, order).await? {
                    rows.push(row);
                    changed.push(*account);
                }
            }
            if let Some((site, keeper)) = place.filter(|_| !changed.is_empty()) {
                let entry = entry(audit::Action::SubjectsChanged, actor, keeper, Action::Change, &site)
                    .object("institution", site.place)
                    .detail("accounts", rows.len())
                    .detail("given", order.give.clone())
                    .detail("taken", order.take.clone())
                    .rows(rows);
                audit::append(tx, &self.env, &self.secrets.audit, &entry).await?;
            }
            Ok::<_, Fault>(changed)
        })
    }

    /// A teacher's account of the actor's own school that the actor may change.
    async fn kept_teacher(&self, read: &mut Read, actor: &Actor, account: AccountId) -> Result<Kept, Fault> {
        let kept = self.kept(read, actor, account, Action::Change).await?;
        let is_teachers = kept.record.role == AccountRole::Teacher && kept.site.place == actor.institution;
        if is_teachers { Ok(kept) } else { Err(RefusalCode::BadInput.into()) }
    }

    /// Gives one account what the order says; `None` where it has it all that way already.
    async fn write_subjects(&self, tx: &mut Write, kept: &Kept, order: &SubjectsOrder) -> Result<Option<Row>, Fault> {
        let account = kept.record.id;
        let Change { gains, loses, subjects } = self.change_of(tx, kept, order).await?;
        if gains.is_empty() && loses.is_empty() {
            return Ok(None);
        }
        store::account::subject::set(tx, kept.site.place, account, &subjects).await?;
        Ok(Some(Row::account(store::account::one(tx, account).await?.ok_or(RefusalCode::NotFound)?)))
    }

    async fn change_of(&self, read: &mut Read, kept: &Kept, order: &SubjectsOrder) -> Result<Change, Fault> {
        let held = store::account::subject::of_account(read, kept.record.id).await?;
        let offered = checked::offered(&self.catalogue, &kept.site, self.env.now());
        // One that is offered no more can be taken, and given to nobody.
        let give = checked::subjects(&order.give, &[], &offered)?;
        let known = |slug: &String| self.catalogue.subject(slug).is_some() || held.contains(slug);
        if !order.take.iter().all(known) {
            return Err(RefusalCode::BadInput.into());
        }
        let gains: Vec<String> = give.into_iter().filter(|slug| !held.contains(slug)).collect();
        let (loses, kept): (Vec<String>, Vec<String>) = held.into_iter().partition(|slug| order.take.contains(slug));
        let mut subjects = [kept, gains.clone()].concat();
        subjects.sort_unstable();
        Ok(Change { gains, loses, subjects })
    }
}

/// What becomes of one account's subjects.
struct Change {
    gains: Vec<String>,
    loses: Vec<String>,
    /// All of them afterwards, in the order of their slugs.
    subjects: Vec<String>,
}

fn require_sound(order: &SubjectsOrder) -> Result<(), Fault> {
    if order.accounts.len() > ACCOUNTS_MAX {
        return Err(RefusalCode::TooLarge.into());
    }
    let says_something = !(order.give.is_empty() && order.take.is_empty());
    let is_torn = order.give.iter().any(|slug| order.take.contains(slug));
    if says_something && !is_torn && !order.accounts.is_empty() { Ok(()) } else { Err(RefusalCode::BadInput.into()) }
}
