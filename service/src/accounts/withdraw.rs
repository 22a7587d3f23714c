//! Taking back what one has asked for, while nobody has answered it.

use crate::actor::Actor;
use crate::audit::{self, Entry};
use crate::fault::Fault;
use crate::service::Service;
use domain::exchange::RefusalCode;
use domain::exchange::accounts::Outcome;
use store::account::request::Answer;
use uuid::Uuid;

impl Service {
    /// Closes a request that was asked with the actor's own account, so that it waits for nobody any more.
    ///
    /// # Errors
    /// [`RefusalCode::NotFound`] for a request that is not open, and for one that was asked with
    /// another account, be it the same person's.
    pub async fn withdraw_request(&self, actor: &Actor, id: Uuid) -> Result<(), Fault> {
        let by = actor.account.ok_or(RefusalCode::NotFound)?;
        store::write!(self.db, async |tx| {
            let asked = store::account::request::open_of(tx, id, by).await?;
            let (place, account, wish) = asked.ok_or(RefusalCode::NotFound)?;
            let answer =
                Answer { by_name: &actor.name, outcome: Outcome::Withdrawn, reason: None, now: self.env.now() };
            if !store::account::request::answer(tx, place, id, answer).await? {
                return Err(Fault::from(RefusalCode::NotFound));
            }
            let entry = Entry::new(audit::Action::RequestWithdrawn, actor).at(place);
            let entry = entry.object("account", account).detail("wish", wish);
            audit::append(tx, &self.env, &self.secrets.audit, &entry).await?;
            Ok(())
        })
    }
}
