//! Telling people: a notice in their inbox, and a mail laid out in the same transaction. A mail says
//! what kind of thing waits and where; never whom or what it is about.

use super::keeping::working_at;
use super::line::life_of;
use super::site::Site;
use crate::actor::Actor;
use crate::fault::Fault;
use crate::service::Service;
use domain::account::{Keeper, State, next_year};
use domain::exchange::accounts::{Language, Outcome, Wish};
use domain::notice::{NoticeKind, reminds_on};
use domain::{AccountId, AccountRole, Instant, InstitutionId, PersonId};
use std::collections::HashSet;
use store::account::life::AccountRecord;
use store::account::request::{ClosedRequest, StoredRequest};
use store::mail::NewMail;
use store::notice::NewNotice;
use store::{Read, Write};
use uuid::Uuid;

/// Who is told, through which of their accounts.
#[derive(Clone, Copy, Debug)]
pub(super) struct Receiver {
    pub(super) place: InstitutionId,
    pub(super) person: PersonId,
    pub(super) account: AccountId,
}

impl Receiver {
    pub(super) const fn of(record: &AccountRecord) -> Self {
        Self { place: record.place, person: record.person, account: record.id }
    }
}

/// Somebody who asked for something, and with which account.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asker {
    request: Uuid,
    person: PersonId,
    account: Option<AccountId>,
}

impl Asker {
    pub(super) const fn of(request: &StoredRequest) -> Self {
        Self { request: request.id, person: request.by, account: request.by_account }
    }
}

/// What is told besides the kind.
#[derive(Clone, Debug, Default)]
struct Told<'a> {
    mark: Option<String>,
    account: Option<AccountId>,
    request: Option<Uuid>,
    by_name: &'a str,
    until: Option<Instant>,
}

impl Service {
    /// Tells an account's person what somebody else did to it.
    pub(super) async fn tell_holder(
        &self,
        tx: &mut Write,
        actor: &Actor,
        record: &AccountRecord,
        kind: NoticeKind,
    ) -> Result<(), Fault> {
        if record.person == actor.person {
            return Ok(());
        }
        let told = Told { account: Some(record.id), by_name: &actor.name, ..Told::default() };
        self.tell_one(tx, Receiver::of(record), kind, told).await.map(drop)
    }

    /// Closes the requests for what has been done to an account, and tells who asked.
    pub(super) async fn settle_requests(
        &self,
        tx: &mut Write,
        actor: &Actor,
        record: &AccountRecord,
        wish: Wish,
    ) -> Result<(), Fault> {
        let now = self.env.now();
        let closed = store::account::request::settle(tx, record.id, wish.code(), &actor.name, now).await?;
        self.tell_askers(tx, actor, record, &closed).await
    }

    /// Closes what is left of requests about an account that is gone, and tells who asked.
    pub(super) async fn void_requests(
        &self,
        tx: &mut Write,
        actor: &Actor,
        record: &AccountRecord,
    ) -> Result<(), Fault> {
        let closed = store::account::request::void(tx, record.id, &actor.name, self.env.now()).await?;
        self.tell_askers(tx, actor, record, &closed).await
    }

    /// Tells those who asked that they have an answer; not who gave it, and not the account's own
    /// person, who is told of what was done.
    async fn tell_askers(
        &self,
        tx: &mut Write,
        actor: &Actor,
        record: &AccountRecord,
        closed: &[ClosedRequest],
    ) -> Result<(), Fault> {
        for ClosedRequest { id, by, by_account, outcome } in closed {
            let asker = Asker { request: *id, person: *by, account: *by_account };
            let knows = (*outcome == Outcome::Done).then_some(record.person);
            self.tell_answered(tx, actor, record.place, asker, knows).await?;
        }
        Ok(())
    }

    /// Tells every account that asked for something that it was answered; not who answered, nor who
    /// knows already.
    pub(super) async fn tell_answered(
        &self,
        tx: &mut Write,
        actor: &Actor,
        place: InstitutionId,
        asker: Asker,
        knows: Option<PersonId>,
    ) -> Result<(), Fault> {
        let Asker { request, person, account } = asker;
        let first = match account {
            Some(account) => {
                let record = store::account::life::by_id(tx, account, self.env.now()).await?;
                record.filter(|record| record.place == place).map(|record| record.id)
            }
            None => self.account_of(tx, place, person).await?,
        };
        let others = store::account::request::asker::others(tx, place, request).await?;
        for (account, person) in first.map(|account| (account, person)).into_iter().chain(others) {
            if person != actor.person && Some(person) != knows {
                let told = Told { request: Some(request), by_name: &actor.name, ..Told::default() };
                let receiver = Receiver { place, person, account };
                self.tell_one(tx, receiver, NoticeKind::Answered, told).await?;
            }
        }
        Ok(())
    }

    /// Lays out the mails about a new request to those who can answer it; the request itself stands in
    /// their inboxes already.
    pub(super) async fn tell_of_request(
        &self,
        tx: &mut Write,
        actor: &Actor,
        site: &Site,
        keepers: &[Keeper],
    ) -> Result<(), Fault> {
        let mut told = HashSet::from([actor.person]);
        for keeper in keepers {
            for record in self.working_keepers(tx, *keeper, site).await? {
                if told.insert(record.person) {
                    self.lay_mail_out(tx, Receiver::of(&record), NoticeKind::Request).await?;
                }
            }
        }
        Ok(())
    }

    /// Records a notice under its mark, and lays its mail out; tells whether it is a new one.
    async fn tell_one(
        &self,
        tx: &mut Write,
        receiver: Receiver,
        kind: NoticeKind,
        told: Told<'_>,
    ) -> Result<bool, Fault> {
        let id = self.env.id();
        let mark = told.mark.unwrap_or_else(|| id.to_string());
        let notice = NewNotice {
            id,
            place: receiver.place,
            person: receiver.person,
            receiver: receiver.account,
            kind,
            mark: &mark,
            account: told.account,
            request: told.request,
            by_name: told.by_name,
            until: told.until,
            now: self.env.now(),
        };
        let is_new = store::notice::tell(tx, &notice).await?;
        if is_new {
            self.lay_mail_out(tx, receiver, kind).await?;
        }
        Ok(is_new)
    }

    /// Lays a mail out, unless its receiver wants none of the kind.
    async fn lay_mail_out(&self, tx: &mut Write, receiver: Receiver, kind: NoticeKind) -> Result<(), Fault> {
        let Receiver { place, person, account } = receiver;
        let choice = store::mail::choice(tx, place, person).await?;
        if choice.unwanted.contains(&kind) {
            return Ok(());
        }
        let language = self.language_of(tx, place, person).await?;
        let mail = NewMail { id: self.env.id(), place, person, account, kind, language, now: self.env.now() };
        Ok(store::mail::lay_out(tx, &mail).await?)
    }

    /// The language that somebody is written to in: the one they chose, their last letter's, or the place's.
    pub(super) async fn language_of(
        &self,
        read: &mut Read,
        place: InstitutionId,
        person: PersonId,
    ) -> Result<Language, Fault> {
        if let Some(language) = store::mail::choice(read, place, person).await?.language {
            return Ok(language);
        }
        let letter = store::account::letter::last_language(read, place, person).await?;
        match letter.as_deref().and_then(Language::of_code) {
            Some(language) => Ok(language),
            None => Ok(Language::of_country(&Site::load(read, place).await?.country)),
        }
    }

    /// A person's account at a place, the one in use before one that is gone.
    pub(super) async fn account_of(
        &self,
        read: &mut Read,
        place: InstitutionId,
        person: PersonId,
    ) -> Result<Option<AccountId>, Fault> {
        let records = self.records(read, place).await?;
        let own = records.iter().filter(|record| record.person == person);
        let best = own.max_by_key(|record| (!record.is_gone(), record.deactivated.is_none(), record.number));
        Ok(best.map(|record| record.id))
    }

    /// Reminds those whose accounts run to 31 July, and their keepers, from 1 June on: once an account
    /// and year, whoever calls this and however often. Answers how many were told.
    ///
    /// # Errors
    /// [`Fault::Store`].
    pub async fn remind_of_lapsing(&self) -> Result<u32, Fault> {
        let institutions = store::directory::institutions(&mut self.db.read().await?).await?;
        let mut told = 0;
        for institution in institutions {
            if reminds_on(institution.zone()?.date_of(self.env.now())) {
                told += store::write!(self.db, async |tx| { self.remind_place(tx, institution.id).await })?;
            }
        }
        Ok(told)
    }

    async fn remind_place(&self, tx: &mut Write, place: InstitutionId) -> Result<u32, Fault> {
        let (site, now) = (Site::load(tx, place).await?, self.env.now());
        let lapse = next_year(site.zone, now);
        let until = site.zone.start_of(lapse);
        let records = self.records(tx, place).await?;
        let lapses = |record: &&AccountRecord| {
            let is_open = matches!(life_of(record).state(now), State::Issued | State::Active | State::Locked);
            is_open && record.active_until.is_some_and(|end| end <= until)
        };
        let lapsing: Vec<&AccountRecord> = records.iter().filter(lapses).collect();
        if lapsing.is_empty() {
            return Ok(0);
        }
        let keepers = [AccountRole::Principal, AccountRole::TestAdministrator];
        let keepers = keepers.into_iter().flat_map(|role| working_at(&records, role, now));
        let keepers = keepers.map(|record| (record, NoticeKind::StaffLapses));
        let holders = lapsing.iter().map(|record| {
            let keeps = !NoticeKind::Lapses.reaches(record.role);
            (*record, if keeps { NoticeKind::StaffLapses } else { NoticeKind::Lapses })
        });
        let mut told = 0;
        // The keepers first: an account that is both is told of both at once, under one mark.
        for (record, kind) in keepers.chain(holders) {
            let is_own = lapsing.iter().any(|other| other.id == record.id);
            let reminder = Told {
                mark: Some(format!("lapses-{}", lapse.0.year())),
                account: is_own.then_some(record.id),
                until: Some(until),
                ..Told::default()
            };
            told += u32::from(self.tell_one(tx, Receiver::of(record), kind, reminder).await?);
        }
        Ok(told)
    }
}
