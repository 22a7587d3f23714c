//! Who can help at a place, by name: for whoever is signed in there.

use super::site::Site;
use crate::actor::Actor;
use crate::fault::Fault;
use crate::service::Service;
use domain::account::Keeper;
use domain::exchange::accounts::Help;

impl Service {
    /// Who keeps the accounts of the place where the actor acts, by name; the nearest first. Code 31
    /// and "My rights" name the same people to the same readers.
    ///
    /// # Errors
    /// [`domain::exchange::RefusalCode::NotFound`] where the place is none.
    pub async fn helpers(&self, actor: &Actor) -> Result<Vec<Help>, Fault> {
        let mut read = self.db.read().await?;
        let site = Site::load(&mut read, actor.institution).await?;
        self.help(&mut read, &Keeper::ALL, &site).await
    }
}
