//! What issuing letters would do, person by person, before anything is issued.

use super::ACCOUNTS_MAX;
use crate::actor::Actor;
use crate::fault::Fault;
use crate::service::Service;
use crate::session::IDLE_SECONDS;
use domain::AccountId;
use domain::account::Action;
use domain::exchange::RefusalCode;
use domain::exchange::accounts::{AccountFilter, AccountLine, LettersPreview, LettersPreviewLine};
use std::collections::{HashMap, HashSet};

impl Service {
    /// Whom letters for these accounts would touch, and whose sessions would end. Accounts that the
    /// actor's list does not show are left out, as if they were not there; nothing is changed.
    ///
    /// # Errors
    /// [`RefusalCode::NotAllowed`] for who keeps no accounts; [`RefusalCode::TooLarge`] beyond
    /// [`ACCOUNTS_MAX`].
    pub async fn letters_preview(&self, actor: &Actor, accounts: &[AccountId]) -> Result<LettersPreview, Fault> {
        if accounts.len() > ACCOUNTS_MAX {
            return Err(RefusalCode::TooLarge.into());
        }
        let asked: HashSet<AccountId> = accounts.iter().copied().collect();
        let mut listed = self.accounts(actor, &AccountFilter::default()).await?.accounts;
        listed.retain(|line| asked.contains(&line.id));
        let since = self.env.now().plus_seconds(-IDLE_SECONDS);
        let mut read = self.db.read().await?;
        let mut sessions = HashMap::new();
        let places: HashSet<_> = listed.iter().map(|line| line.institution).collect();
        for place in places {
            sessions.extend(store::session::live_of_place(&mut read, place, since, self.env.now()).await?);
        }
        let (people, refused): (Vec<AccountLine>, _) =
            listed.into_iter().partition(|line| line.may.contains(&Action::Reissue));
        let line = |account: AccountLine| {
            let sessions = sessions.get(&account.id).copied().unwrap_or_default();
            LettersPreviewLine { account, sessions }
        };
        Ok(LettersPreview { people: people.into_iter().map(line).collect(), refused })
    }
}
