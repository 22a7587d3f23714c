//! A new principal: one step, and no other account changes.

use super::checked;
use super::register::{NotMade, Registered, credentials_of};
use crate::actor::Actor;
use crate::fault::Fault;
use crate::service::Service;
use domain::account::Action;
use domain::exchange::RefusalCode;
use domain::exchange::accounts::{Outgoing, Registration};
use domain::{AccountId, AccountRole};

impl Service {
    /// Makes the new principal's account and closes the present one's, together or not at all.
    /// Accounts belong to the school, so nobody else's is touched.
    ///
    /// # Errors
    /// As [`Service::register_account`], and as the rule says about the present account;
    /// [`RefusalCode::BadInput`] where either is no principal's, or they are of two schools.
    pub async fn replace_principal(
        &self,
        actor: &Actor,
        present: AccountId,
        outgoing: Outgoing,
        order: &Registration,
    ) -> Result<Registered, Fault> {
        checked::holder(&order.holder)?;
        let action = match outgoing {
            Outgoing::Deactivate => Action::Deactivate,
            Outgoing::Delete => Action::Delete,
        };
        let mut read = self.db.read().await?;
        let (keeper, site, making) = self.registration(&mut read, actor, order).await?;
        let leaving = self.kept(&mut read, actor, present, action).await?;
        drop(read);
        let roles = (leaving.record.role, order.role);
        if roles != (AccountRole::Principal, AccountRole::Principal) || leaving.site.place != site.place {
            return Err(RefusalCode::BadInput.into());
        }
        let credentials = self.draw_credentials(AccountId(self.env.id()), credentials_of(order)).await?;
        let made = store::write!(self.db, async |tx| {
            site.hold(tx).await?;
            self.refuse_or_doubles(tx, actor, keeper, &site, order).await?;
            let address = self.make(tx, actor, keeper, &site, &making, &credentials).await?;
            let leaving = self.kept(tx, actor, present, action).await?;
            match outgoing {
                Outgoing::Deactivate => self.deactivate(tx, actor, &leaving).await?,
                Outgoing::Delete => self.delete(tx, actor, &leaving).await?,
            }
            Ok(address)
        });
        match made {
            Ok(address) => Ok(Registered::Done(Box::new(address.letter(actor, site, credentials, self.env.now())))),
            Err(not_made) => NotMade::outcome(not_made),
        }
    }
}
