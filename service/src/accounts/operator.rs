//! What the operator does at the command line to an authority's account, which nobody else keeps.

use super::keeping::Kept;
use crate::actor::{Actor, Via};
use crate::fault::Fault;
use crate::service::Service;
use domain::PersonId;
use domain::account::Action;
use domain::exchange::RefusalCode;
use store::Read;

impl Service {
    /// Closes an authority's account until it is opened again: its sessions end. For the operator, and
    /// for authorities' accounts alone.
    ///
    /// # Errors
    /// [`RefusalCode::NotFound`] for an unknown user name; [`RefusalCode::NotAllowed`] for anybody but the
    /// operator; as the rule says for an account that is held at a school.
    pub async fn close_for_operator(&self, actor: &Actor, user_name: &str) -> Result<(), Fault> {
        let kept = self.kept_by_name(&mut self.db.read().await?, actor, user_name, Action::Deactivate).await?;
        self.deactivate_account(actor, kept.record.id).await
    }

    /// Opens an authority's account that was closed; one that is open stays as it is.
    ///
    /// # Errors
    /// As [`Service::close_for_operator`].
    pub async fn open_for_operator(&self, actor: &Actor, user_name: &str) -> Result<(), Fault> {
        let kept = self.kept_by_name(&mut self.db.read().await?, actor, user_name, Action::Reactivate).await?;
        self.reactivate_accounts(actor, &[kept.record.id]).await.map(drop)
    }

    /// Deletes an authority's account for good.
    ///
    /// # Errors
    /// As [`Service::close_for_operator`].
    pub async fn delete_for_operator(&self, actor: &Actor, user_name: &str) -> Result<(), Fault> {
        let kept = self.kept_by_name(&mut self.db.read().await?, actor, user_name, Action::Delete).await?;
        self.delete_account(actor, kept.record.id).await
    }

    /// Whose account this user name is, at the institution or authority that the operator acts at; of
    /// accounts that are gone, too.
    ///
    /// # Errors
    /// [`RefusalCode::NotAllowed`] for anybody but the operator; [`RefusalCode::NotFound`] for an account
    /// of another place, exactly as for none.
    pub async fn holder_of(&self, actor: &Actor, user_name: &str) -> Result<PersonId, Fault> {
        if actor.via != Via::Operator {
            return Err(RefusalCode::NotAllowed.into());
        }
        let mut read = self.db.read().await?;
        let record = store::account::life::by_user_name(&mut read, user_name, self.env.now()).await?;
        let record = record.filter(|record| record.place == actor.institution);
        Ok(record.ok_or(RefusalCode::NotFound)?.person)
    }

    /// The account of a user name, if the operator may do this to it.
    pub(super) async fn kept_by_name(
        &self,
        read: &mut Read,
        actor: &Actor,
        user_name: &str,
        action: Action,
    ) -> Result<Kept, Fault> {
        if actor.via != Via::Operator {
            return Err(RefusalCode::NotAllowed.into());
        }
        let record = store::account::life::by_user_name(read, user_name, self.env.now()).await?;
        self.kept(read, actor, record.ok_or(RefusalCode::NotFound)?.id, action).await
    }
}
