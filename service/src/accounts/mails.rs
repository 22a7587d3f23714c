//! Mails on their way: which one is next, what became of it, and those that did not go out.
//!
//! A mail is claimed by moving its next try, in a transaction that only one of two servers wins, and
//! is taken away when it has been sent. Who fails to report back leaves it to be tried again.

use super::keeping::keeper;
use super::requests::asked_account;
use crate::actor::Actor;
use crate::fault::Fault;
use crate::service::Service;
use domain::InstitutionId;
use domain::exchange::accounts::{Language, Unsent, UnsentLine, UnsentState};
use domain::notice::{MAIL_LATE_SECONDS, MailTrouble, NoticeKind, retry_after};
use std::collections::HashSet;
use store::mail::StoredMail;
use uuid::Uuid;

/// Seconds within which whoever claimed a mail reports what became of it: more than any mail server
/// is waited for.
const CLAIM_SECONDS: i64 = 10 * 60;

/// A mail to be sent now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outgoing {
    /// Its id, the same at every try.
    pub id: Uuid,
    /// To which address.
    pub to: String,
    /// What it tells of.
    pub kind: NoticeKind,
    /// The language it is written in.
    pub language: Language,
    place: InstitutionId,
    tries: u32,
}

/// What became of a mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sending {
    /// The mail server took it.
    Sent,
    /// It did not, and may at another time.
    Failed,
    /// It did not, and never will.
    Refused,
}

impl Service {
    /// Claims the next mail to be sent, for the caller alone, who tells [`Service::mail_sent`] what
    /// became of it. Mails without an address, and those that are too old to make sense, are given up
    /// on the way.
    ///
    /// # Errors
    /// [`Fault::Store`].
    pub async fn next_mail(&self) -> Result<Option<Outgoing>, Fault> {
        let now = self.env.now();
        if !store::mail::is_due(&mut self.db.read().await?, now).await? {
            return Ok(None);
        }
        store::write!(self.db, async |tx| {
            while let Some(mail) = store::mail::claim(tx, now, now.plus_seconds(CLAIM_SECONDS)).await? {
                let StoredMail { id, place, person, account, kind, language, created, tries, .. } = mail;
                if created.plus_seconds(MAIL_LATE_SECONDS) <= now {
                    store::mail::give_up(tx, place, id, MailTrouble::Late, now).await?;
                    continue;
                }
                match store::mail::address(tx, place, person, account).await? {
                    Some(to) => return Ok(Some(Outgoing { id, to, kind, language, place, tries })),
                    None => store::mail::give_up(tx, place, id, MailTrouble::NoAddress, now).await?,
                }
            }
            Ok::<_, Fault>(None)
        })
    }

    /// Records what became of a mail that was claimed.
    ///
    /// # Errors
    /// [`Fault::Store`].
    pub async fn mail_sent(&self, mail: &Outgoing, sending: Sending) -> Result<(), Fault> {
        let (place, id, now) = (mail.place, mail.id, self.env.now());
        store::write!(self.db, async |tx| {
            match (sending, retry_after(mail.tries)) {
                (Sending::Sent, _) => store::mail::sent(tx, place, id).await?,
                (Sending::Failed, Some(seconds)) => {
                    store::mail::try_again(tx, place, id, now.plus_seconds(seconds)).await?;
                }
                (Sending::Failed, None) => {
                    store::mail::give_up(tx, place, id, MailTrouble::Unreachable, now).await?;
                }
                (Sending::Refused, _) => store::mail::give_up(tx, place, id, MailTrouble::Refused, now).await?,
            }
            Ok::<_, Fault>(())
        })
    }

    /// The mails that did not go out, of those whose accounts the actor keeps; where no mails are sent
    /// at all, those that would have been.
    ///
    /// # Errors
    /// [`domain::exchange::RefusalCode::NotAllowed`] for who keeps no accounts.
    pub async fn unsent_mails(&self, actor: &Actor) -> Result<Unsent, Fault> {
        let keeper = keeper(actor)?;
        let (mails, now) = (self.settings.mails, self.env.now());
        let mut read = self.db.read().await?;
        let mut lines = Vec::new();
        for site in self.kept_sites(&mut read, actor, keeper).await? {
            let records = self.records(&mut read, site.place).await?;
            for mail in store::mail::of_place(&mut read, site.place).await? {
                let record = records.iter().find(|record| record.id == mail.account);
                let record = record.filter(|record| keeper.lists(record.role) || record.person == actor.person);
                if let (Some(record), Some(state)) = (record, state(&mail, mails)) {
                    let account = asked_account(&site, record);
                    lines.push(UnsentLine { id: mail.id, account, kind: mail.kind, at: mail.created, state });
                }
            }
        }
        lines.sort_by_key(|line| std::cmp::Reverse((line.at, line.id)));
        Ok(Unsent { lines, mails, now })
    }

    /// Takes mails off that list: their receivers were told another way. What is not on it is passed
    /// over, as if it were not there.
    ///
    /// # Errors
    /// As [`Service::unsent_mails`].
    pub async fn clear_unsent(&self, actor: &Actor, mails: &[Uuid]) -> Result<(), Fault> {
        let shown = self.unsent_mails(actor).await?;
        let asked: HashSet<&Uuid> = mails.iter().collect();
        let keeper = keeper(actor)?;
        store::write!(self.db, async |tx| {
            for site in self.kept_sites(tx, actor, keeper).await? {
                for line in shown.lines.iter().filter(|line| asked.contains(&line.id)) {
                    store::mail::sent(tx, site.place, line.id).await?;
                }
            }
            Ok::<_, Fault>(())
        })
    }

    /// How many mails wait, and how many were given up, in the whole installation. For the operator.
    ///
    /// # Errors
    /// [`Fault::Store`].
    pub async fn mail_counts(&self) -> Result<(i64, i64), Fault> {
        Ok(store::mail::counts(&mut self.db.read().await?).await?)
    }
}

/// How a mail stands that did not go out; `None` for one that is on its way.
fn state(mail: &StoredMail, mails: bool) -> Option<UnsentState> {
    match (mail.trouble, mails) {
        (Some(trouble), _) => Some(UnsentState::GivenUp(trouble)),
        (None, false) => Some(UnsentState::Off),
        (None, true) => (mail.tries > 0).then_some(UnsentState::Trying(mail.tries)),
    }
}
