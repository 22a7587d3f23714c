//! The inbox: what people ask of those who keep accounts. Whoever may do what is asked finds it
//! there; doing it, by whatever way, closes the request in the same transaction.

use super::keeping::{keeper, target};
use super::line::{life_of, name_of};
use super::site::Site;
use crate::actor::{Actor, Via};
use crate::audit::{self, Entry};
use crate::fault::Fault;
use crate::service::Service;
use crate::session::Token;
use crate::sign_in::PENDING_SECONDS;
use domain::account::{Keeper, State, keepers, may};
use domain::exchange::RefusalCode;
use domain::exchange::accounts::{Closed, Inbox, Request, Wish};
use domain::{AccountId, Instant};
use store::account::life::AccountRecord;
use store::account::request::{NewRequest, StoredRequest};
use store::{Read, Write};
use uuid::Uuid;

/// Seconds for which a request that was closed stays in sight: a school year and its holidays.
const KEPT_SECONDS: i64 = 400 * 24 * 3_600;
/// The longest reason, in characters.
const REASON_MAX: usize = 500;

impl Service {
    /// Asks those who may for what the actor may not do to an account that the actor's list shows;
    /// asked again while it is open, it stays one request.
    ///
    /// # Errors
    /// [`RefusalCode::NotFound`] for an account that the actor does not see; [`RefusalCode::BadInput`]
    /// for what the actor can do without asking, and for what nobody with an inbox can do.
    pub async fn ask_keepers(&self, actor: &Actor, account: AccountId, wish: Wish) -> Result<(), Fault> {
        let line = self.account(actor, account).await?;
        if line.may.contains(&wish.action()) || !has_inbox(wish, &line.role) {
            return Err(RefusalCode::BadInput.into());
        }
        let asked = store::write!(self.db, async |tx| {
            let record = store::account::life::by_id(tx, account, self.env.now()).await?;
            let record = record.filter(|record| !record.is_gone()).ok_or(RefusalCode::NotFound)?;
            self.record_request(tx, actor, &record, wish).await
        });
        asked
    }

    /// Asks for reactivation, for the browser that has just proved every factor of an inactive
    /// account and has no session: its one-time token stands for it. Tells whether there was anything
    /// to ask for.
    ///
    /// # Errors
    /// [`Fault::Store`].
    pub async fn ask_reactivation(&self, token: &Token, request: Uuid) -> Result<bool, Fault> {
        let hash = token.hash();
        store::write!(self.db, async |tx| {
            let now = self.env.now();
            let since = now.plus_seconds(-PENDING_SECONDS);
            let Some(account) = store::sign_in::inactive_account(tx, &hash, since).await? else { return Ok(false) };
            let Some(record) = store::account::life::by_id(tx, account, now).await? else { return Ok(false) };
            let is_inactive = matches!(life_of(&record).state(now), State::Lapsed | State::Deactivated);
            if !is_inactive || !has_inbox(Wish::Reactivate, &record.role) {
                return Ok(false);
            }
            let actor = Actor {
                person: record.person,
                account: Some(record.id),
                name: name_of(&record),
                institution: record.place,
                capacities: Vec::new(),
                two_factors: false,
                via: Via::Session,
                request,
            };
            self.record_request(tx, &actor, &record, Wish::Reactivate).await?;
            Ok::<_, Fault>(true)
        })
    }

    async fn record_request(
        &self,
        tx: &mut Write,
        actor: &Actor,
        record: &AccountRecord,
        wish: Wish,
    ) -> Result<(), Fault> {
        let site = Site::load(tx, record.place).await?;
        site.hold(tx).await?;
        let new = NewRequest {
            id: self.env.id(),
            place: record.place,
            account: record.id,
            wish: wish.code(),
            by: actor.person,
            by_name: &actor.name,
            now: self.env.now(),
        };
        if store::account::request::ask(tx, &new).await? {
            let entry = Entry::new(audit::Action::AccountRequested, actor).at(record.place);
            let entry = entry.object("account", record.id).detail("wish", wish.code());
            audit::append(tx, &self.env, &self.secrets.audit, &entry).await?;
        }
        Ok(())
    }

    /// What waits for the actor, what the actor waits for, and what became of either in the last year.
    ///
    /// # Errors
    /// [`RefusalCode::NotAllowed`] for who keeps no accounts.
    pub async fn inbox(&self, actor: &Actor) -> Result<Inbox, Fault> {
        let keeper = keeper(actor)?;
        let mut read = self.db.read().await?;
        let now = self.env.now();
        let mut inbox = Inbox { waiting: Vec::new(), own: Vec::new(), closed: Vec::new(), now };
        for site in self.kept_sites(&mut read, actor, keeper).await? {
            let stored = self.requests(&mut read, &site, now.plus_seconds(-KEPT_SECONDS)).await?;
            if stored.is_empty() {
                continue;
            }
            let lines = self.lines(&mut read, actor, keeper, &site).await?;
            for (request, record, wish) in stored {
                let can = can(actor, keeper, &site, &record, wish);
                let is_own = request.by == actor.person;
                if !can && !is_own {
                    continue;
                }
                let closed = request.closed.map(|(at, by)| Closed { at, by, reason: request.reason });
                let list = match (&closed, can) {
                    (Some(_), _) => &mut inbox.closed,
                    (None, true) => &mut inbox.waiting,
                    (None, false) => &mut inbox.own,
                };
                let (id, asked, times, by) = (request.id, request.asked, request.times, request.by_name);
                list.push(Request { id, wish, account: lines.line(&record), asked, times, by, closed });
            }
        }
        Ok(inbox)
    }

    /// How many requests wait for the actor; none for who keeps no accounts.
    ///
    /// # Errors
    /// [`Fault::Store`].
    pub async fn waiting(&self, actor: &Actor) -> Result<usize, Fault> {
        let Ok(keeper) = keeper(actor) else { return Ok(0) };
        let mut read = self.db.read().await?;
        let mut count = 0;
        for site in self.kept_sites(&mut read, actor, keeper).await? {
            let stored = self.requests(&mut read, &site, Instant(i64::MAX)).await?;
            count += stored.iter().filter(|(_, record, wish)| can(actor, keeper, &site, record, *wish)).count();
        }
        Ok(count)
    }

    /// Answers a request with no, and says why.
    ///
    /// # Errors
    /// [`RefusalCode::NotFound`] for a request that is not open, or not for the actor to answer;
    /// [`RefusalCode::BadInput`] for no reason, and for one that is too long.
    pub async fn decline_request(&self, actor: &Actor, id: Uuid, reason: &str) -> Result<(), Fault> {
        let keeper = keeper(actor)?;
        let reason = reason.trim();
        if reason.is_empty() || reason.chars().count() > REASON_MAX {
            return Err(RefusalCode::BadInput.into());
        }
        store::write!(self.db, async |tx| {
            for site in self.kept_sites(tx, actor, keeper).await? {
                let stored = self.requests(tx, &site, Instant(i64::MAX)).await?;
                let found = stored.into_iter().find(|(request, ..)| request.id == id);
                let found = found.filter(|(_, record, wish)| can(actor, keeper, &site, record, *wish));
                let Some((_, record, wish)) = found else { continue };
                site.hold(tx).await?;
                if !store::account::request::decline(tx, site.place, id, &actor.name, reason, self.env.now()).await? {
                    break;
                }
                let entry = super::making::entry(audit::Action::RequestDeclined, actor, keeper, wish.action(), &site);
                let entry = entry.object("account", record.id).detail("wish", wish.code()).reason(reason);
                audit::append(tx, &self.env, &self.secrets.audit, &entry).await?;
                return Ok(());
            }
            Err(Fault::from(RefusalCode::NotFound))
        })
    }

    /// A place's requests with their accounts; of accounts that are gone, those that are closed.
    async fn requests(
        &self,
        read: &mut Read,
        site: &Site,
        closed_since: Instant,
    ) -> Result<Vec<(StoredRequest, AccountRecord, Wish)>, Fault> {
        let stored = store::account::request::of_place(read, site.place, closed_since).await?;
        let mut found = Vec::with_capacity(stored.len());
        for request in stored {
            let wish = Wish::of_code(&request.wish)
                .ok_or_else(|| Fault::Internal(format!("account_request {} has no known wish", request.id)))?;
            let record = store::account::life::by_id(read, request.account, self.env.now()).await?;
            let record = record.filter(|record| request.closed.is_some() || !record.is_gone());
            found.extend(record.map(|record| (request, record, wish)));
        }
        Ok(found)
    }
}

/// Is there anybody with an inbox who may do this to an account of this role?
fn has_inbox(wish: Wish, role: &domain::AccountRole) -> bool {
    keepers(wish.action(), *role).iter().any(|keeper| *keeper != Keeper::Operator)
}

fn can(actor: &Actor, keeper: Keeper, site: &Site, record: &AccountRecord, wish: Wish) -> bool {
    may(Some(keeper), wish.action(), target(actor, site, record)).is_ok()
}
