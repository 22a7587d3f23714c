//! Enforcing what [`Kind`] says: a little at a time, each little in a transaction of its own, so that
//! nobody waits for it; and none of it done twice.

use super::Kind;
use crate::erasure::{Erased, Why};
use crate::fault::Fault;
use crate::service::Service;
use domain::Instant;
use domain::account::SEPARABLE_DAYS;
use store::retention as kept;

/// Rows that one transaction forgets.
const AT_A_TIME: i64 = 500;

/// How much of each kind was forgotten, or would be.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Enforced(pub Vec<(Kind, u64)>);

impl Enforced {
    /// How much of a kind.
    #[must_use]
    pub fn of(&self, kind: Kind) -> u64 {
        self.0.iter().find(|(of, _)| *of == kind).map_or(0, |(_, count)| *count)
    }

    /// How much of all kinds.
    #[must_use]
    pub fn all(&self) -> u64 {
        self.0.iter().map(|(_, count)| count).sum()
    }
}

/// Forgets all of a kind that is described by a module of `store::retention`.
macro_rules! forget {
    ($service:ident, $kind:ident, $before:expr) => {{
        let (before, mut all) = ($before, 0);
        loop {
            let gone = store::write!($service.db, async |tx| {
                Ok::<_, Fault>(kept::$kind::forget(tx, before, AT_A_TIME).await?)
            })?;
            all += gone;
            if gone < AT_A_TIME.unsigned_abs() {
                break all;
            }
        }
    }};
}

impl Service {
    /// Forgets whatever has been kept long enough. A second call finds nothing left to do.
    ///
    /// # Errors
    /// [`Fault::Store`]; what was forgotten until then stays so.
    pub async fn enforce_retention(&self) -> Result<Enforced, Fault> {
        self.note_erasures().await?;
        let mut done = Enforced::default();
        for kind in Kind::ALL {
            let before = self.settings.retention.of(*kind).before(self.env.now());
            done.0.push((*kind, self.forget(*kind, before).await?));
        }
        Ok(done)
    }

    async fn forget(&self, kind: Kind, before: Instant) -> Result<u64, Fault> {
        Ok(match kind {
            Kind::SignIns => forget!(self, sign_ins, before),
            Kind::Sessions => {
                forget!(self, sessions, before)
                    + forget!(self, broker_sessions, before)
                    + forget!(self, broker_sign_ins, before)
                    + forget!(self, broker_logouts, before)
                    + forget!(self, pending, before)
                    + forget!(self, ceremonies, before)
            }
            Kind::HeldImports => self.lay_aside_old_imports().await? as u64,
            Kind::Drafts => forget!(self, drafts, before),
            Kind::Requests => forget!(self, requests, before),
            Kind::Notices => forget!(self, notices, before) + forget!(self, read_marks, before),
            Kind::Mails => forget!(self, mails, before),
            Kind::Letters => forget!(self, letters, before),
            Kind::Openings => forget!(self, openings, before),
            Kind::UnusedAccounts => self.delete_unused(before).await?,
            Kind::United => self.forget_united(before).await?,
            Kind::Contacts => forget!(self, contacts, before),
            Kind::People => self.erase_gone(before).await?,
            Kind::Words => self.forget_words(before).await?,
        })
    }

    async fn delete_unused(&self, before: Instant) -> Result<u64, Fault> {
        let unused = kept::unused_accounts(&mut self.db.read().await?, before).await?;
        let mut count = 0;
        for (_, account) in unused {
            let is_unused = |until: Option<Instant>| until.is_some_and(|until| until < before);
            let deleted = store::write!(self.db, async |tx| {
                self.delete_by_itself(tx, account, |record| {
                    is_unused(record.active_until) || is_unused(record.deactivated)
                })
                .await
            })?;
            count += u64::from(deleted);
        }
        Ok(count)
    }

    /// The instant before which united accounts can be separated no more, or an earlier one.
    fn settled(&self, before: Instant) -> Instant {
        before.min(self.env.now().plus_seconds(-SEPARABLE_DAYS * 24 * 3_600))
    }

    async fn forget_united(&self, before: Instant) -> Result<u64, Fault> {
        let before = self.settled(before);
        let united = kept::united_accounts(&mut self.db.read().await?, before).await?;
        let mut count = 0;
        for (_, account) in united {
            count +=
                u64::from(store::write!(self.db, async |tx| { self.forget_united_one(tx, account, before).await })?);
        }
        Ok(count)
    }

    async fn erase_gone(&self, before: Instant) -> Result<u64, Fault> {
        let gone = kept::gone(&mut self.db.read().await?, before).await?;
        let mut count = 0;
        for person in gone {
            count += u64::from(self.erase(person, Why::Gone).await? == Erased::Done);
        }
        Ok(count)
    }

    async fn forget_words(&self, before: Instant) -> Result<u64, Fault> {
        let mut read = self.db.read().await?;
        let mut due = Vec::new();
        for chain in store::audit::chains(&mut read).await? {
            let oldest = kept::oldest_words(&mut read, chain).await?;
            due.extend(oldest.filter(|oldest| *oldest < before).map(|_| chain));
        }
        drop(read);
        let mut count = 0;
        for chain in due {
            loop {
                let gone = store::write!(self.db, async |tx| {
                    Ok::<_, Fault>(kept::forget_words(tx, chain, before, AT_A_TIME).await?)
                })?;
                count += gone;
                if gone < AT_A_TIME.unsigned_abs() {
                    break;
                }
            }
        }
        Ok(count)
    }

    /// How much [`Service::enforce_retention`] would forget now; changes nothing.
    ///
    /// # Errors
    /// [`Fault::Store`].
    pub async fn retention_due(&self) -> Result<Enforced, Fault> {
        let mut read = self.db.read().await?;
        let mut due = Enforced::default();
        for kind in Kind::ALL {
            let before = self.settings.retention.of(*kind).before(self.env.now());
            let count = match kind {
                Kind::SignIns => kept::sign_ins::count(&mut read, before).await?,
                Kind::Sessions => {
                    kept::sessions::count(&mut read, before).await?
                        + kept::broker_sessions::count(&mut read, before).await?
                        + kept::broker_sign_ins::count(&mut read, before).await?
                        + kept::broker_logouts::count(&mut read, before).await?
                        + kept::pending::count(&mut read, before).await?
                        + kept::ceremonies::count(&mut read, before).await?
                }
                Kind::HeldImports => kept::count_held(&mut read, before).await?,
                Kind::Drafts => kept::drafts::count(&mut read, before).await?,
                Kind::Requests => kept::requests::count(&mut read, before).await?,
                Kind::Notices => {
                    kept::notices::count(&mut read, before).await? + kept::read_marks::count(&mut read, before).await?
                }
                Kind::Mails => kept::mails::count(&mut read, before).await?,
                Kind::Letters => kept::letters::count(&mut read, before).await?,
                Kind::Openings => kept::openings::count(&mut read, before).await?,
                Kind::UnusedAccounts => kept::unused_accounts(&mut read, before).await?.len() as u64,
                Kind::United => kept::united_accounts(&mut read, self.settled(before)).await?.len() as u64,
                Kind::Contacts => kept::contacts::count(&mut read, before).await?,
                Kind::People => kept::gone(&mut read, before).await?.len() as u64,
                Kind::Words => kept::count_words(&mut read, before).await?,
            };
            due.0.push((*kind, count));
        }
        Ok(due)
    }
}
