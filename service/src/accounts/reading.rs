//! What somebody has read of their inbox, and what they want by mail.

use crate::actor::{Actor, Via};
use crate::fault::Fault;
use crate::service::Service;
use domain::AccountRole;
use domain::exchange::RefusalCode;
use domain::exchange::accounts::{InboxSettings, Language};
use domain::notice::NoticeKind;
use std::collections::HashSet;
use store::mail::MailChoice;
use uuid::Uuid;

impl Service {
    /// Marks things of the actor's inbox as read, or as unread again. What is not in it is passed over,
    /// as if it were not there.
    ///
    /// # Errors
    /// [`RefusalCode::NotAllowed`] for who has no inbox.
    pub async fn mark_items(&self, actor: &Actor, items: &[Uuid], read: bool) -> Result<(), Fault> {
        require_person(actor)?;
        let inbox = self.inbox(actor).await?;
        let requests = inbox.waiting.iter().chain(&inbox.own).chain(&inbox.closed).map(|request| request.id);
        let own: HashSet<Uuid> = requests.chain(inbox.notices.iter().map(|notice| notice.id)).collect();
        let items: HashSet<Uuid> = items.iter().copied().filter(|item| own.contains(item)).collect();
        let items: Vec<Uuid> = items.into_iter().collect();
        let (place, person, now) = (actor.institution, actor.person, self.env.now());
        store::write!(self.db, async |tx| {
            if read {
                store::notice::mark_read(tx, place, person, &items, now).await?;
            } else {
                for item in &items {
                    store::notice::mark_unread(tx, place, person, *item).await?;
                }
            }
            Ok::<_, Fault>(())
        })
    }

    /// What the actor wants by mail, of what an account of their role can be told of; without an account that is nothing,
    /// as the address belongs to it.
    ///
    /// # Errors
    /// [`RefusalCode::NotAllowed`] for who has no inbox.
    pub async fn inbox_settings(&self, actor: &Actor, role: Option<AccountRole>) -> Result<InboxSettings, Fault> {
        require_person(actor)?;
        let mut read = self.db.read().await?;
        let (place, person) = (actor.institution, actor.person);
        let choice = store::mail::choice(&mut read, place, person).await?;
        let email = match actor.account {
            Some(account) => store::mail::address(&mut read, place, person, account).await?,
            None => None,
        };
        let kinds = NoticeKind::ALL.into_iter().filter(|kind| role.is_some_and(|role| kind.reaches(role)));
        let kinds = kinds.map(|kind| (kind, !choice.unwanted.contains(&kind))).collect();
        Ok(InboxSettings { email, language: choice.language, kinds, mails: self.settings.mails })
    }

    /// Keeps what the actor wants by mail. What waits to go out and is not wanted any more does not;
    /// kinds that an account of their role is not told of stay as they were chosen with another one.
    ///
    /// # Errors
    /// [`RefusalCode::NotAllowed`] for who has no inbox.
    pub async fn choose_mails(
        &self,
        actor: &Actor,
        role: Option<AccountRole>,
        wanted: &[NoticeKind],
        language: Option<Language>,
    ) -> Result<(), Fault> {
        require_person(actor)?;
        let (place, person) = (actor.institution, actor.person);
        store::write!(self.db, async |tx| {
            let before = store::mail::choice(tx, place, person).await?.unwanted;
            let is_unwanted = |kind: &NoticeKind| {
                if role.is_some_and(|role| kind.reaches(role)) { !wanted.contains(kind) } else { before.contains(kind) }
            };
            let unwanted = NoticeKind::ALL.into_iter().filter(is_unwanted).collect();
            Ok::<_, Fault>(store::mail::choose(tx, place, person, &MailChoice { unwanted, language }).await?)
        })
    }
}

/// Fails closed unless the actor is a signed-in person, who alone has an inbox.
fn require_person(actor: &Actor) -> Result<(), Fault> {
    if actor.via == Via::Session { Ok(()) } else { Err(RefusalCode::NotAllowed.into()) }
}
