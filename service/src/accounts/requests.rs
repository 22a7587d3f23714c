//! The inbox: what people ask of those who keep accounts, and of those who administer rights. Whoever
//! may do what is asked finds it there; doing it, by whatever way, closes the request in the same
//! transaction.

use super::keeping::{keeper, target};
use super::line::name_of;
use super::site::Site;
use super::telling::Asker;
use crate::actor::Actor;
use crate::audit::{self, Entry};
use crate::fault::Fault;
use crate::service::Service;
use domain::account::{Action, Keeper, keepers, may};
use domain::exchange::RefusalCode;
use domain::exchange::accounts::{AskedAccount, Closed, Inbox, Notice, Outcome, Request, Wish};
use domain::{AccountId, AccountRole, Capacity, Instant};
use std::collections::HashSet;
use store::account::life::AccountRecord;
use store::account::request::{Answer, Asked, NewRequest, StoredRequest};
use store::{Read, Write};
use uuid::Uuid;

/// Seconds for which a request that was closed, and a notice, stay: a school year and its holidays.
pub(super) const KEPT_SECONDS: i64 = 400 * 24 * 3_600;
/// The longest reason, in characters.
const REASON_MAX: usize = 500;

/// A stored request with what it is about.
pub(super) struct Found {
    pub(super) request: StoredRequest,
    pub(super) record: AccountRecord,
    pub(super) other: Option<AccountRecord>,
    pub(super) wish: Wish,
}

impl Service {
    /// Asks those who may for what the actor may not do to an account that the actor's list shows;
    /// asked again while it is open, it stays one request.
    ///
    /// # Errors
    /// [`RefusalCode::NotFound`] for an account that the actor does not see; [`RefusalCode::BadInput`]
    /// for what the actor can do without asking, for what nobody with an inbox can do, and for what
    /// is asked another way.
    pub async fn ask_keepers(&self, actor: &Actor, account: AccountId, wish: Wish) -> Result<(), Fault> {
        let line = self.account(actor, account).await?;
        let action = wish.action().filter(|action| *action != Action::Merge).ok_or(RefusalCode::BadInput)?;
        if line.may.contains(&action) || !has_inbox(action, line.role) {
            return Err(RefusalCode::BadInput.into());
        }
        store::write!(self.db, async |tx| {
            let record = store::account::life::by_id(tx, account, self.env.now()).await?;
            let record = record.filter(|record| !record.is_gone()).ok_or(RefusalCode::NotFound)?;
            self.record_request(tx, actor, &record, None, wish).await
        })
    }

    /// Asks those who may to unite two accounts of one role and school that the actor's list shows.
    ///
    /// # Errors
    /// As [`Service::ask_keepers`]; [`RefusalCode::BadInput`] for accounts of two roles or schools,
    /// and for one named twice.
    pub async fn ask_to_merge(&self, actor: &Actor, one: AccountId, other: AccountId) -> Result<(), Fault> {
        let (first, second) = (self.account(actor, one).await?, self.account(actor, other).await?);
        let alike = (first.institution, first.role) == (second.institution, second.role);
        if one == other || !alike || first.may.contains(&Action::Merge) || !has_inbox(Action::Merge, first.role) {
            return Err(RefusalCode::BadInput.into());
        }
        let (goes, stays) = if first.number < second.number { (one, other) } else { (other, one) };
        store::write!(self.db, async |tx| {
            let mut records = Vec::with_capacity(2);
            for account in [goes, stays] {
                let record = store::account::life::by_id(tx, account, self.env.now()).await?;
                records.push(record.filter(|record| !record.is_gone()).ok_or(RefusalCode::NotFound)?);
            }
            let [goes, stays] = records.as_slice() else { return Err(RefusalCode::NotFound.into()) };
            self.record_request(tx, actor, goes, Some(stays.id), Wish::Merge).await
        })
    }

    pub(super) async fn record_request(
        &self,
        tx: &mut Write,
        actor: &Actor,
        record: &AccountRecord,
        other: Option<AccountId>,
        wish: Wish,
    ) -> Result<(), Fault> {
        let site = Site::load(tx, record.place).await?;
        site.hold(tx).await?;
        let new = NewRequest {
            id: self.env.id(),
            place: record.place,
            account: record.id,
            other,
            wish: wish.code(),
            words: None,
            choice: None,
            by: actor.person,
            by_account: actor.account,
            by_name: &actor.name,
            now: self.env.now(),
        };
        let asked = store::account::request::ask(tx, &new).await?;
        if asked != Asked::Again {
            let entry = Entry::new(audit::Action::AccountRequested, actor).at(record.place);
            let mut entry = entry.object("account", record.id).detail("wish", wish.code());
            if let Some(other) = other {
                entry = entry.detail("with", other.to_string());
            }
            audit::append(tx, &self.env, &self.secrets.audit, &entry).await?;
        }
        if asked == Asked::New {
            let keepers = wish.action().map(|action| keepers(action, record.role)).unwrap_or_default();
            self.tell_of_request(tx, actor, &site, keepers).await?;
        }
        Ok(())
    }

    /// What waits for the actor, what the actor waits for, what became of either and what the actor
    /// was told in the last year. Everybody has an inbox; only who may do something finds it waiting.
    ///
    /// # Errors
    /// [`Fault::Store`].
    pub async fn inbox(&self, actor: &Actor) -> Result<Inbox, Fault> {
        let keeper = keeper(actor).ok();
        let mut read = self.db.read().await?;
        let now = self.env.now();
        let since = now.plus_seconds(-KEPT_SECONDS);
        let seen = store::notice::read_by(&mut read, actor.institution, actor.person).await?;
        let mut inbox = Inbox {
            waiting: Vec::new(),
            own: Vec::new(),
            closed: Vec::new(),
            notices: self.notices(&mut read, actor, &seen, since).await?,
            is_keeper: keeper.is_some(),
            mails: self.settings.mails,
            now,
        };
        let own = self.own_accounts(&mut read, actor).await?;
        for site in self.asked_sites(&mut read, actor, keeper).await? {
            for found in self.requests(&mut read, &site, since).await? {
                let can = can(actor, keeper, &site, &found);
                if !can && !is_own(&found.request, &own) {
                    continue;
                }
                let is_new = !seen.contains(&found.request.id);
                let request = self.told_request(&mut read, &site, found, is_new).await?;
                let list = match (&request.closed, can) {
                    (Some(_), _) => &mut inbox.closed,
                    (None, true) => &mut inbox.waiting,
                    (None, false) => &mut inbox.own,
                };
                list.push(request);
            }
        }
        Ok(inbox)
    }

    /// The account that the actor signed in with, and those that are united with it.
    pub(super) async fn own_accounts(&self, read: &mut Read, actor: &Actor) -> Result<HashSet<AccountId>, Fault> {
        let Some(account) = actor.account else { return Ok(HashSet::new()) };
        let united = store::account::merge::united_with(read, account).await?;
        Ok(united.into_iter().map(|(id, _)| id).chain([account]).collect())
    }

    /// The places whose requests concern somebody: those whose accounts they keep, or their own.
    async fn asked_sites(&self, read: &mut Read, actor: &Actor, keeper: Option<Keeper>) -> Result<Vec<Site>, Fault> {
        match keeper {
            Some(keeper) => self.kept_sites(read, actor, keeper).await,
            None => Ok(vec![Site::load(read, actor.institution).await?]),
        }
    }

    async fn notices(
        &self,
        read: &mut Read,
        actor: &Actor,
        seen: &HashSet<Uuid>,
        since: Instant,
    ) -> Result<Vec<Notice>, Fault> {
        let Some(account) = actor.account else { return Ok(Vec::new()) };
        let stored = store::notice::of_account(read, actor.institution, account, since).await?;
        let zone = Site::load(read, actor.institution).await?.zone;
        let notice = |stored: store::notice::StoredNotice| Notice {
            id: stored.id,
            kind: stored.kind,
            at: stored.created,
            by: stored.by_name,
            user_name: stored.user_name,
            last_day: super::line::last_day(zone, stored.until),
            answer: stored.answer,
            is_new: !seen.contains(&stored.id),
        };
        Ok(stored.into_iter().map(notice).collect())
    }

    /// A request as whoever it concerns reads it.
    async fn told_request(&self, read: &mut Read, site: &Site, found: Found, is_new: bool) -> Result<Request, Fault> {
        let access = match found.wish {
            Wish::Access => Some(self.access_asked(read, site, &found.request).await?),
            Wish::Reactivate | Wish::Reissue | Wish::Delete | Wish::Merge => None,
        };
        let Found { request, record, other, wish } = found;
        let closed = request.closed.map(|(at, by, outcome)| Closed { at, by, outcome, reason: request.reason });
        Ok(Request {
            id: request.id,
            wish,
            account: asked_account(site, &record),
            other: other.map(|other| asked_account(site, &other)),
            access,
            asked: request.asked,
            times: request.times,
            by: request.by_name,
            is_new,
            closed,
        })
    }

    /// How much waits for the actor: open requests that the actor can answer, and unread notices.
    ///
    /// # Errors
    /// [`Fault::Store`].
    pub async fn waiting(&self, actor: &Actor) -> Result<usize, Fault> {
        let mut read = self.db.read().await?;
        let since = self.env.now().plus_seconds(-KEPT_SECONDS);
        let unread = match actor.account {
            Some(account) => store::notice::unread(&mut read, actor.institution, account, since).await?,
            None => 0,
        };
        let mut count = usize::try_from(unread).unwrap_or_default();
        let Ok(keeper) = keeper(actor) else { return Ok(count) };
        for site in self.kept_sites(&mut read, actor, keeper).await? {
            let found = self.requests(&mut read, &site, Instant(i64::MAX)).await?;
            count += found.iter().filter(|found| can(actor, Some(keeper), &site, found)).count();
        }
        Ok(count)
    }

    /// Answers a request with no, and says why; of a wish for access, if there is anything to say.
    ///
    /// # Errors
    /// [`RefusalCode::NotFound`] for a request that is not open, or not for the actor to answer;
    /// [`RefusalCode::BadInput`] for no reason, and for one that is too long.
    pub async fn decline_request(&self, actor: &Actor, id: Uuid, reason: &str) -> Result<(), Fault> {
        self.answer_request(actor, id, Outcome::Declined, reason).await
    }

    /// Says that access was given as somebody asked, with a word to it or without. Every other
    /// request is closed by doing it.
    ///
    /// # Errors
    /// [`RefusalCode::NotFound`] for a request that is not open, or not for the actor to answer;
    /// [`RefusalCode::BadInput`] for another request than for access, and for too many words.
    pub async fn fulfil_request(&self, actor: &Actor, id: Uuid, reason: &str) -> Result<(), Fault> {
        actor.require(Capacity::TestAdministration)?;
        self.answer_request(actor, id, Outcome::Done, reason).await
    }

    async fn answer_request(&self, actor: &Actor, id: Uuid, outcome: Outcome, reason: &str) -> Result<(), Fault> {
        let keeper = keeper(actor)?;
        let reason = Some(reason.trim()).filter(|reason| !reason.is_empty());
        if reason.is_some_and(|reason| reason.chars().count() > REASON_MAX) {
            return Err(RefusalCode::BadInput.into());
        }
        store::write!(self.db, async |tx| {
            let (site, found) = self.answerable(tx, actor, keeper, id).await?;
            let Found { request, record, wish, .. } = &found;
            let fits = match wish.action() {
                // What can be done is done, or refused for a reason.
                Some(_) => outcome == Outcome::Declined && reason.is_some(),
                None => true,
            };
            if !fits {
                return Err(Fault::from(RefusalCode::BadInput));
            }
            site.hold(tx).await?;
            let answer = Answer { by_name: &actor.name, outcome, reason, now: self.env.now() };
            if !store::account::request::answer(tx, site.place, id, answer).await? {
                return Err(RefusalCode::NotFound.into());
            }
            let entry = match wish.action() {
                Some(action) => super::making::entry(audit::Action::RequestDeclined, actor, keeper, action, &site),
                None => Entry::new(audit::Action::AccessAnswered, actor)
                    .at(site.place)
                    .capacity(Capacity::TestAdministration)
                    .detail("outcome", outcome.code()),
            };
            let mut entry = entry.object("account", record.id).detail("wish", wish.code());
            if let Some(reason) = reason {
                entry = entry.reason(reason);
            }
            audit::append(tx, &self.env, &self.secrets.audit, &entry).await?;
            self.tell_answered(tx, actor, site.place, Asker::of(request), None).await
        })
    }

    /// An open request that the actor can answer, and where its account is held.
    pub(super) async fn answerable(
        &self,
        read: &mut Read,
        actor: &Actor,
        keeper: Keeper,
        id: Uuid,
    ) -> Result<(Site, Found), Fault> {
        for site in self.kept_sites(read, actor, keeper).await? {
            let found = self.requests(read, &site, Instant(i64::MAX)).await?;
            let found = found.into_iter().find(|found| found.request.id == id);
            if let Some(found) = found.filter(|found| can(actor, Some(keeper), &site, found)) {
                return Ok((site, found));
            }
        }
        Err(RefusalCode::NotFound.into())
    }

    /// A place's requests with their accounts; of accounts that are gone, those that are closed.
    async fn requests(&self, read: &mut Read, site: &Site, closed_since: Instant) -> Result<Vec<Found>, Fault> {
        let stored = store::account::request::of_place(read, site.place, closed_since).await?;
        let now = self.env.now();
        let mut all = Vec::with_capacity(stored.len());
        for request in stored {
            let wish = Wish::of_code(&request.wish)
                .ok_or_else(|| Fault::Internal(format!("account_request {} has no known wish", request.id)))?;
            let record = store::account::life::by_id(read, request.account, now).await?;
            let other = match request.other {
                Some(other) => store::account::life::by_id(read, other, now).await?,
                None => None,
            };
            let is_gone = |record: &AccountRecord| request.closed.is_none() && record.is_gone();
            let Some(record) = record.filter(|record| !is_gone(record)) else { continue };
            if !other.as_ref().is_some_and(is_gone) {
                all.push(Found { request, record, other, wish });
            }
        }
        Ok(all)
    }
}

/// Is there anybody with an inbox who may do this to an account of this role?
pub(super) fn has_inbox(action: Action, role: AccountRole) -> bool {
    keepers(action, role).iter().any(|keeper| *keeper != Keeper::Operator)
}

/// Was it asked with one of these accounts? What one account asks is not another one's, though both are
/// the same person's.
pub(super) fn is_own(request: &StoredRequest, accounts: &HashSet<AccountId>) -> bool {
    request.by_account.iter().chain(&request.also).any(|account| accounts.contains(account))
}

/// May the actor answer a request? Who may do what is asked; and, where access is asked for, who
/// administers rights at that school.
fn can(actor: &Actor, keeper: Option<Keeper>, site: &Site, found: &Found) -> bool {
    match found.wish.action() {
        Some(action) => may(keeper, action, target(actor, site, &found.record)).is_ok(),
        None => site.place == actor.institution && actor.is(Capacity::TestAdministration),
    }
}

/// An account as its request names it.
pub(super) fn asked_account(site: &Site, record: &AccountRecord) -> AskedAccount {
    AskedAccount {
        id: record.id,
        person: record.person,
        user_name: record.user_name.clone(),
        name: name_of(record),
        role: record.role,
        institution_name: site.name.clone(),
        has_card: record.card.is_some(),
    }
}
