//! Rotation: a newer key for each use. What was made with an older one stays good.

use super::{KeyId, KeyUse, Secrets, directory};
use crate::audit::{self, Action, Entry};
use crate::env::Env;
use crate::fault::Fault;
use crate::installation::{Installation, OpenError};
use crate::service::Service;
use serde::Serialize;
use store::Db;

/// The numbers of the keys that new values are made with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Rotated {
    /// For hashes of passwords and matrix answers.
    pub pepper: KeyId,
    /// For the audit log.
    pub audit: KeyId,
    /// For tokens derived from sessions.
    pub session: KeyId,
}

impl Installation {
    /// Adds the next key of every use to the secrets of this database, and says so in every
    /// school's audit log. A running server goes on with the keys it has read until it is started
    /// again.
    ///
    /// # Errors
    /// [`OpenError`] where the folder is not this database's, or cannot be written.
    pub async fn rotate_secrets(&self, env: Env) -> Result<Rotated, OpenError> {
        let db = Db::open(&self.database).await?;
        let added = async {
            // Keys are added only where the present ones have proved to be this database's.
            Secrets::open(&db, &self.secrets, &env).await?;
            let next = |key_use| directory::rotate(&self.secrets, key_use, &env);
            let (pepper, audit) = (next(KeyUse::Pepper)?, next(KeyUse::Audit)?);
            Ok::<_, OpenError>(Rotated { pepper, audit, session: next(KeyUse::Session)? })
        };
        let added = added.await;
        db.close().await;
        let rotated = added?;
        // Opening makes the new keys known to the database: from here on it wants them.
        let service = self.open(env).await?;
        let told = service.tell_of_rotation(rotated).await;
        service.close().await;
        told?;
        Ok(rotated)
    }
}

impl Service {
    async fn tell_of_rotation(&self, rotated: Rotated) -> Result<(), Fault> {
        let institutions = store::directory::institutions(&mut self.db.read().await?).await?;
        for institution in institutions {
            let entry = Entry::new(Action::SecretsRotated, &self.operator_anywhere(institution.id));
            let entry = entry.detail("pepper", rotated.pepper).detail("audit", rotated.audit);
            let entry = entry.detail("session", rotated.session);
            store::write!(self.db, async |tx| { audit::append(tx, &self.env, &self.secrets.audit, &entry).await })?;
        }
        Ok(())
    }
}
