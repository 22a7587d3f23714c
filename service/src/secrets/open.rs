//! Bringing a database and its secrets together.

use super::{Belonging, Secrets, SecretsError};
use crate::env::Env;
use std::path::Path;
use store::Db;

/// The installation's fact that holds the check values of its secrets.
const CHECKS: &str = "secrets";

impl Secrets {
    /// The secrets that belong to a database. They are made only for a database that was never
    /// used: keys that appear beside a used one would silently give up every password, card,
    /// session and audit entry made with the old.
    ///
    /// The directory is written before the database knows of it; if the power goes between, the
    /// next start finds keys and an unused database, and takes them.
    ///
    /// # Errors
    /// [`SecretsError`]: each says what is wrong and what to do.
    pub async fn open(db: &Db, directory: &Path, env: &Env) -> Result<Self, SecretsError> {
        let mut read = db.read().await?;
        let kept = store::installation::value(&mut read, CHECKS).await?;
        let is_unused = store::installation::is_unused(&mut read).await?;
        drop(read);
        let loaded = Self::load(directory)?;
        match (kept, loaded) {
            (Some(checks), Some(secrets)) => {
                if let Belonging::Rotated(checks) = secrets.belong_to(&checks)? {
                    keep(db, &checks).await?;
                }
                Ok(secrets)
            }
            (Some(_), None) => Err(SecretsError::Missing(directory.to_owned())),
            (None, _) if !is_unused => Err(SecretsError::ChecksDamaged),
            (None, loaded) => {
                let secrets = match loaded {
                    Some(secrets) => secrets,
                    None => {
                        let made = Self { folder: Some(directory.to_owned()), ..Self::make(env) };
                        made.save(directory)?;
                        made
                    }
                };
                keep(db, &secrets.checks()).await?;
                Ok(secrets)
            }
        }
    }
}

async fn keep(db: &Db, checks: &str) -> Result<(), SecretsError> {
    store::write!(db, async |tx| { store::installation::keep(tx, CHECKS, checks).await })?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secrets::KeyUse;
    use crate::secrets::directory::rotate;
    use crate::secrets::tests::env;
    use store::testing::on_both;

    /// Puts the database to use: an authority is recorded.
    async fn used(test: &store::testing::TestDb) {
        let id = if test.db.file().is_some() { "zeroblob(16)" } else { "gen_random_uuid()" };
        let authority =
            format!("INSERT INTO authority (id, code, name, country) VALUES ({id}, '851', 'Lindely', 'dk')");
        test.tamper(&authority).await.expect("an authority");
    }

    #[tokio::test]
    async fn secrets_are_made_with_an_unused_database_and_found_again() {
        on_both(async |test| {
            let home = tempfile::tempdir().expect("a directory");
            let directory = home.path().join("secrets");
            let made = Secrets::open(&test.db, &directory, &env(1)).await.expect("made");
            used(test).await;
            let found = Secrets::open(&test.db, &directory, &env(2)).await.expect("found");
            assert_eq!(found.checks(), made.checks());
        })
        .await
        .expect("databases");
    }

    #[tokio::test]
    async fn keys_whose_database_never_heard_of_them_are_taken() {
        on_both(async |test| {
            let home = tempfile::tempdir().expect("a directory");
            let made = Secrets::make(&env(1));
            made.save(home.path()).expect("saved");
            let opened = Secrets::open(&test.db, home.path(), &env(2)).await.expect("taken");
            assert_eq!(opened.checks(), made.checks());
        })
        .await
        .expect("databases");
    }

    #[tokio::test]
    async fn a_used_database_gets_no_new_secrets() {
        on_both(async |test| {
            let home = tempfile::tempdir().expect("a directory");
            let (ours, elsewhere) = (home.path().join("ours"), home.path().join("elsewhere"));
            Secrets::open(&test.db, &ours, &env(1)).await.expect("made");
            let missing = Secrets::open(&test.db, &elsewhere, &env(2)).await;
            assert!(matches!(missing, Err(SecretsError::Missing(_))), "also while nothing was recorded");
            assert!(!elsewhere.exists(), "nothing is made");
            Secrets::make(&env(3)).save(&elsewhere).expect("saved");
            let foreign = Secrets::open(&test.db, &elsewhere, &env(2)).await;
            assert!(matches!(foreign, Err(SecretsError::Foreign(_))));
            used(test).await;
            test.tamper("DELETE FROM installation").await.expect("deleted");
            let unknown = Secrets::open(&test.db, &ours, &env(2)).await;
            assert!(matches!(unknown, Err(SecretsError::ChecksDamaged)));
        })
        .await
        .expect("databases");
    }

    #[tokio::test]
    async fn a_rotated_key_is_known_from_the_next_start_on() {
        on_both(async |test| {
            let home = tempfile::tempdir().expect("a directory");
            Secrets::open(&test.db, home.path(), &env(1)).await.expect("made");
            rotate(home.path(), KeyUse::Pepper, &env(2)).expect("rotated");
            let opened = Secrets::open(&test.db, home.path(), &env(2)).await.expect("opened");
            assert_eq!(opened.pepper.newest().0, 2);
            std::fs::remove_file(home.path().join("pepper-2.key")).expect("removed");
            let older = Secrets::open(&test.db, home.path(), &env(2)).await;
            assert!(matches!(older, Err(SecretsError::KeyMissing(name)) if name == "pepper-2"));
        })
        .await
        .expect("databases");
    }
}
