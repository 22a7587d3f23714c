//! Changing what is known of an account: name, e-mail, subjects.

use super::checked;
use super::keeping::Kept;
use super::making::entry;
use crate::actor::Actor;
use crate::audit::{self, Row};
use crate::fault::Fault;
use crate::service::Service;
use domain::AccountId;
use domain::account::Action;
use domain::exchange::RefusalCode;
use domain::exchange::accounts::AccountChange;
use store::Write;

impl Service {
    /// Changes an account's contact details and subjects. A principal's own account takes this too.
    ///
    /// A name is changed here only while nothing else says what the person is called: rosters write
    /// their own, and another school's person is not renamed from here.
    ///
    /// # Errors
    /// As the rule says; [`RefusalCode::NameFromRoster`] for such a name; [`RefusalCode::BadInput`]
    /// for names, e-mail or subjects that cannot be.
    pub async fn change_account(&self, actor: &Actor, account: AccountId, change: &AccountChange) -> Result<(), Fault> {
        let email = checked::email(change.email.as_deref())?;
        let names = match &change.names {
            Some((given, family)) => Some((checked::name(given)?, checked::name(family)?)),
            None => None,
        };
        store::write!(self.db, async |tx| {
            let kept = self.kept(tx, actor, account, Action::Change).await?;
            kept.site.hold(tx).await?;
            store::account::life::set_email(tx, account, email.as_deref()).await?;
            let renamed = self.rename(tx, &kept, names.as_ref()).await?;
            if let Some(wanted) = &change.subjects {
                let held = store::account::subject::of_account(tx, account).await?;
                let offered = checked::offered(&self.catalogue, &kept.site, self.env.now());
                let subjects = checked::subjects(wanted, &held, &offered)?;
                store::account::subject::set(tx, kept.site.place, account, &subjects).await?;
            }
            let stored = store::account::one(tx, account).await?.ok_or(RefusalCode::NotFound)?;
            let mut entry = entry(audit::Action::AccountChanged, actor, kept.keeper, Action::Change, &kept.site)
                .object("account", account)
                .rows([Row::account(stored)])
                .detail("email", email != kept.record.email)
                .detail("name", renamed);
            if let Some((given, family)) = names.as_ref().filter(|_| renamed) {
                entry = entry.personal("name", &format!("{given} {family}"));
            }
            audit::append(tx, &self.env, &self.secrets.audit, &entry).await?;
            Ok(())
        })
    }

    /// Renames the account's person, if that is a change. The rule's roster holds names, so the
    /// revision is raised.
    async fn rename(&self, tx: &mut Write, kept: &Kept, names: Option<&(String, String)>) -> Result<bool, Fault> {
        let Kept { record, site, .. } = kept;
        let Some((given, family)) = names else { return Ok(false) };
        if (&record.given, &record.family) == (given, family) {
            return Ok(false);
        }
        let elsewhere = store::account::life::known_elsewhere(tx, site.place).await?;
        if record.protected || elsewhere.contains(&record.person) {
            return Err(RefusalCode::NameFromRoster.into());
        }
        store::revision::raise(tx, site.place).await?;
        store::directory::rename_person(tx, record.person, given, family).await?;
        Ok(true)
    }
}
