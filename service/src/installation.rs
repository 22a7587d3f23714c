//! Opening an installation: the database, the keys that belong to it, the test catalogue.

use crate::catalogue::{Catalogue, CatalogueError};
use crate::env::Env;
use crate::fault::Fault;
use crate::secrets::{Secrets, SecretsError};
use crate::service::{Service, Settings};
use crate::sign_in::demo;
use std::path::PathBuf;
use store::Db;

/// The schema that this program works on.
pub const SCHEMA: i64 = store::CURRENT_SCHEMA;

/// Where an installation lies.
#[derive(Clone)]
pub struct Installation {
    /// `sqlite:PATH` or `postgres://…`.
    pub database: String,
    /// The folder of the keys.
    pub secrets: PathBuf,
    /// A folder of further test catalogues.
    pub catalogue: Option<PathBuf>,
    /// What it has chosen.
    pub settings: Settings,
}

impl std::fmt::Debug for Installation {
    /// Without the database's address, which may hold a password.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Installation").field("secrets", &self.secrets).finish_non_exhaustive()
    }
}

/// Why an installation cannot be opened; each says in a sentence what to do.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The database is absent, of another schema, busy or broken.
    #[error(transparent)]
    Database(#[from] store::Error),
    /// The keys are missing or another database's.
    #[error(transparent)]
    Secrets(#[from] SecretsError),
    /// A catalogue is malformed.
    #[error(transparent)]
    Catalogue(#[from] CatalogueError),
    /// What the database says of itself cannot be read.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl OpenError {
    /// Is there no database at all?
    #[must_use]
    pub const fn is_absent(&self) -> bool {
        matches!(self, Self::Database(store::Error::Absent))
    }
}

impl Installation {
    /// Opens what is there already, of exactly this program's schema.
    ///
    /// # Errors
    /// [`OpenError`]; nothing is made and nothing changed.
    pub async fn open(&self, env: Env) -> Result<Service, OpenError> {
        self.with(Db::open(&self.database).await?, env).await
    }

    /// Opens it, makes the database where there is none, brings an older schema up, and applies
    /// erasures again that an older copy of the database does not know.
    ///
    /// # Errors
    /// [`OpenError`]; a newer or foreign database is left as it was.
    pub async fn create(&self, env: Env) -> Result<Service, OpenError> {
        let service = self.with(Db::create(&self.database).await?, env).await?;
        let brought_up = async {
            service.end_endless_accounts().await?;
            service.erase_again().await
        };
        match brought_up.await {
            Ok(_) => Ok(service),
            Err(fault) => {
                service.close().await;
                Err(fault.into())
            }
        }
    }

    async fn with(&self, db: Db, env: Env) -> Result<Service, OpenError> {
        let opened = async {
            let secrets = Secrets::open(&db, &self.secrets, &env).await?;
            Ok((Catalogue::load(self.catalogue.as_deref())?, secrets))
        };
        match opened.await {
            Ok((catalogue, secrets)) => Ok(Service::new(db, env, catalogue, secrets, self.settings)),
            Err(error) => {
                db.close().await;
                Err(error)
            }
        }
    }
}

impl Service {
    /// Does the database answer?
    ///
    /// # Errors
    /// [`Fault::Store`].
    pub async fn ping(&self) -> Result<(), Fault> {
        demo::is_marked(&mut self.db.read().await?).await.map(drop)
    }

    /// Closes the database; what follows fails.
    pub async fn close(&self) {
        self.db.close().await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    fn at(folder: &Path, database: &str, secrets: &str) -> Installation {
        Installation {
            database: format!("sqlite:{}", folder.join(database).display()),
            secrets: folder.join(secrets),
            catalogue: None,
            settings: Settings::default(),
        }
    }

    #[tokio::test]
    async fn keys_are_made_together_with_an_empty_database_and_stay_with_it() {
        let folder = tempfile::tempdir().unwrap();
        let ours = at(folder.path(), "a.db", "a");
        assert!(matches!(ours.open(Env::system()).await, Err(OpenError::Database(store::Error::Absent))));
        assert!(!folder.path().join("a").exists(), "opening makes nothing");
        ours.create(Env::system()).await.unwrap().close().await;
        ours.open(Env::system()).await.unwrap().close().await;
        let lost = at(folder.path(), "a.db", "lost");
        assert!(matches!(lost.create(Env::system()).await, Err(OpenError::Secrets(SecretsError::Missing(_)))));
        assert!(!folder.path().join("lost").exists(), "no second set of keys is made for a database in use");
        at(folder.path(), "b.db", "b").create(Env::system()).await.unwrap().close().await;
        let foreign = at(folder.path(), "a.db", "b");
        assert!(matches!(foreign.open(Env::system()).await, Err(OpenError::Secrets(SecretsError::Foreign(_)))));
    }

    #[tokio::test]
    async fn a_new_database_takes_the_keys_that_are_there() {
        let folder = tempfile::tempdir().unwrap();
        at(folder.path(), "a.db", "keys").create(Env::system()).await.unwrap().close().await;
        std::fs::remove_file(folder.path().join("a.db")).unwrap();
        at(folder.path(), "a.db", "keys").create(Env::system()).await.unwrap().close().await;
        at(folder.path(), "a.db", "keys").open(Env::system()).await.unwrap();
    }
}
