//! Taking back what one has asked for, while nobody has answered it.

use crate::actor::Actor;
use crate::audit::{self, Entry};
use crate::fault::Fault;
use crate::service::Service;
use domain::InstitutionId;
use domain::exchange::RefusalCode;
use domain::exchange::accounts::Outcome;
use store::Write;
use store::account::request::Answer;
use uuid::Uuid;

impl Service {
    /// Takes back a request that was asked with the actor's own account: it waits for nobody any more,
    /// but where others asked for the same it is theirs from then on.
    ///
    /// # Errors
    /// [`RefusalCode::NotFound`] for a request that is not open, and for one that was asked with
    /// another account, be it the same person's.
    pub async fn withdraw_request(&self, actor: &Actor, id: Uuid) -> Result<(), Fault> {
        let by = actor.account.ok_or(RefusalCode::NotFound)?;
        store::write!(self.db, async |tx| {
            let (place, account, wish) = match store::account::request::open_of(tx, id, by).await? {
                Some(first) => {
                    self.withdraw_first(tx, actor, first.0, id).await?;
                    first
                }
                None => store::account::request::asker::leave(tx, id, by).await?.ok_or(RefusalCode::NotFound)?,
            };
            let entry = Entry::new(audit::Action::RequestWithdrawn, actor).at(place);
            let entry = entry.object("account", account).detail("wish", wish);
            audit::append(tx, &self.env, &self.secrets.audit, &entry).await?;
            Ok::<_, Fault>(())
        })
    }

    /// Takes back what the actor was the first to ask for.
    async fn withdraw_first(&self, tx: &mut Write, actor: &Actor, place: InstitutionId, id: Uuid) -> Result<(), Fault> {
        let others = store::account::request::asker::others(tx, place, id).await?;
        if let Some(next) = others.into_iter().find(|(_, person)| *person != actor.person) {
            let name = store::person::shown(tx, place, next.1).await?.ok_or(RefusalCode::NotFound)?;
            return Ok(store::account::request::asker::pass_on(tx, place, id, next, &name).await?);
        }
        let answer = Answer { by_name: &actor.name, outcome: Outcome::Withdrawn, reason: None, now: self.env.now() };
        match store::account::request::answer(tx, place, id, answer).await? {
            true => Ok(()),
            false => Err(RefusalCode::NotFound.into()),
        }
    }
}
