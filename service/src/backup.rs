//! Backups of an SQLite installation, and putting one back.
//!
//! A backup is a whole database beside a manifest that says what it is. The keys are not in it:
//! they are kept apart, so that a stolen backup verifies no guess and forges no audit entry.

use crate::audit::{self, Action, Entry};
use crate::env::Env;
use crate::erasure;
use crate::fault::Fault;
use crate::installation::{Installation, OpenError};
use crate::service::Service;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use store::Db;

/// What a backup says of itself, in the file of the same name with `.manifest.json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// The program that made it.
    pub program: String,
    /// The schema of the database.
    pub schema: i64,
    /// When it was made, RFC 3339 in UTC.
    pub made: String,
    /// Its length in bytes.
    pub bytes: u64,
    /// Its SHA-256, in hex.
    pub sha256: String,
}

/// Why a backup was not made or not put back. Nothing has changed then.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// PostgreSQL has tools of its own.
    #[error(
        "this database is on PostgreSQL: back it up with pg_dump --format=custom and put it back with pg_restore, together with the secrets folder"
    )]
    Postgres,
    /// A file would be overwritten.
    #[error("{} is already there and is not overwritten", .0.display())]
    AlreadyThere(PathBuf),
    /// The manifest is missing, malformed, or says something else than the file.
    #[error("{} is not a whole backup: {problem}", path.display())]
    NotWhole {
        /// The backup.
        path: PathBuf,
        /// What is wrong.
        problem: String,
    },
    /// Somebody has the database open.
    #[error("the database is in use: stop the server first")]
    InUse,
    /// The installation cannot be opened, or the keys are not the backup's.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The file system failed.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What happened.
        source: io::Error,
    },
}

impl From<Fault> for BackupError {
    fn from(fault: Fault) -> Self {
        Self::Open(fault.into())
    }
}

impl From<store::Error> for BackupError {
    fn from(error: store::Error) -> Self {
        Self::Open(error.into())
    }
}

/// What putting a backup back did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Restored {
    /// The backup's own words.
    pub manifest: Manifest,
    /// How many sessions were ended.
    pub sessions_ended: u64,
    /// Where the database that was there before now lies.
    pub replaced: Option<PathBuf>,
}

impl Installation {
    /// Copies the database to `path` while it is in use, reads the copy back, and writes the
    /// manifest last: a backup without a manifest is unfinished.
    ///
    /// # Errors
    /// [`BackupError`]; no file is left behind.
    pub async fn back_up(&self, path: &Path, env: &Env) -> Result<Manifest, BackupError> {
        let db = Db::open(&self.database).await?;
        let file = db.file().map(Path::to_owned);
        db.close().await;
        let file = file.ok_or(BackupError::Postgres)?;
        for new in [path, &manifest_path(path)] {
            if new.try_exists().map_err(io_error(new))? {
                return Err(BackupError::AlreadyThere(new.to_owned()));
            }
        }
        let written = write_backup(&file, path, env).await;
        written.inspect_err(|_| {
            discard(path);
            discard(&manifest_path(path));
        })
    }

    /// What is wrong with the structure of the SQLite file; `None` on PostgreSQL, which looks after
    /// its own.
    ///
    /// # Errors
    /// What the engine says.
    pub async fn damage(&self) -> Result<Option<Vec<String>>, BackupError> {
        Ok(match Db::file_of(&self.database)? {
            Some(file) => Some(store::backup::damage(&file).await?),
            None => None,
        })
    }

    /// Puts the backup at `path` in the place of the database, with an older schema brought up and
    /// every session ended. What was there before is kept beside it.
    ///
    /// # Errors
    /// [`BackupError`]; the database is as it was.
    pub async fn restore(&self, path: &Path, env: &Env) -> Result<Restored, BackupError> {
        let file = Db::file_of(&self.database)?.ok_or(BackupError::Postgres)?;
        let manifest = read_manifest(path)?;
        if file.try_exists().map_err(io_error(&file))? && !store::backup::is_free(&file).await? {
            return Err(BackupError::InUse);
        }
        self.note_erasures(&file).await;
        let beside = with_suffix(&file, ".restoring");
        let prepared = self.prepare(path, &manifest, &beside, env).await;
        let sessions_ended = prepared.inspect_err(|_| discard(&beside))?;
        let replaced = set_aside(&file, env)?;
        fs::rename(&beside, &file).map_err(io_error(&file))?;
        sync_folder(&file)?;
        Ok(Restored { manifest, sessions_ended, replaced })
    }

    /// Writes into the list beside the keys whom the database that is about to go has forgotten.
    ///
    /// It has been doing so all along; this is for the one erasure that a failing disk kept from the
    /// list. A database that cannot be read any more is no reason not to put a backup in its place.
    async fn note_erasures(&self, file: &Path) {
        if !file.exists() || !self.secrets.exists() {
            return;
        }
        let noted = async {
            let db = Db::open(&self.database).await?;
            let known = async { store::erasure::all(&mut db.read().await?).await }.await;
            db.close().await;
            erasure::list::note(&self.secrets, &known?).map_err(|error| Fault::Internal(error.to_string()))
        };
        if let Err(fault) = noted.await {
            tracing::warn!(error = %fault, "the erasures of the database that is replaced could not be read");
        }
    }

    /// Makes a whole, current database without sessions out of the backup.
    async fn prepare(&self, path: &Path, manifest: &Manifest, beside: &Path, env: &Env) -> Result<u64, BackupError> {
        if let Some(folder) = beside.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            fs::create_dir_all(folder).map_err(io_error(folder))?;
        }
        fs::copy(path, beside).map_err(io_error(beside))?;
        let (bytes, sha256) = measure(beside)?;
        if (bytes, &sha256) != (manifest.bytes, &manifest.sha256) {
            return Err(not_whole(path, "its bytes are not those that its manifest tells of"));
        }
        refuse_damage(path, beside).await?;
        let copy = Self { database: format!("sqlite:{}", beside.display()), ..self.clone() };
        let service = copy.create(env.clone()).await?;
        let ended = service.begin_anew(&manifest.made).await;
        service.close().await;
        let ended = ended?;
        sync(beside)?;
        Ok(ended)
    }
}

impl Service {
    /// Ends every session of a database that was put back, and says in every school's audit log
    /// what was done. Answers how many sessions there were.
    async fn begin_anew(&self, made: &str) -> Result<u64, Fault> {
        store::write!(self.db, async |tx| {
            for institution in store::directory::institutions(tx).await? {
                let entry =
                    Entry::new(Action::Restored, &self.operator_anywhere(institution.id)).detail("backup", made);
                audit::append(tx, &self.env, &self.secrets.audit, &entry).await?;
            }
            Ok(store::session::end_all(tx, self.env.now()).await?)
        })
    }
}

async fn write_backup(file: &Path, path: &Path, env: &Env) -> Result<Manifest, BackupError> {
    store::backup::copy(file, path).await?;
    sync(path)?;
    refuse_damage(path, path).await?;
    let (bytes, sha256) = measure(path)?;
    let made = jiff::Timestamp::from_microsecond(env.now().0).map(|stamp| stamp.to_string()).unwrap_or_default();
    let program = concat!("adgang ", env!("CARGO_PKG_VERSION")).to_owned();
    let manifest = Manifest { program, schema: store::CURRENT_SCHEMA, made, bytes, sha256 };
    let text = serde_json::to_string_pretty(&manifest).map_err(|error| not_whole(path, &error.to_string()))?;
    let beside = manifest_path(path);
    fs::write(&beside, text + "\n").map_err(io_error(&beside))?;
    sync(&beside)?;
    sync_folder(path)?;
    Ok(manifest)
}

async fn refuse_damage(path: &Path, file: &Path) -> Result<(), BackupError> {
    match store::backup::damage(file).await?.first() {
        Some(found) => Err(not_whole(path, found)),
        None => Ok(()),
    }
}

fn read_manifest(path: &Path) -> Result<Manifest, BackupError> {
    let beside = manifest_path(path);
    let text = fs::read(&beside).map_err(io_error(&beside))?;
    serde_json::from_slice(&text).map_err(|error| not_whole(path, &format!("its manifest cannot be read: {error}")))
}

/// Moves the present database out of the way, under a name that says when.
fn set_aside(file: &Path, env: &Env) -> Result<Option<PathBuf>, BackupError> {
    if !file.try_exists().map_err(io_error(file))? {
        return Ok(None);
    }
    let aside = with_suffix(file, &format!(".replaced-{}", env.now().0 / 1_000_000));
    fs::rename(file, &aside).map_err(io_error(file))?;
    Ok(Some(aside))
}

/// Removes what is unfinished; what cannot be removed has no manifest, so it passes for nothing.
fn discard(path: &Path) {
    let _ = fs::remove_file(path);
}

fn manifest_path(path: &Path) -> PathBuf {
    with_suffix(path, ".manifest.json")
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

/// Length and SHA-256 of a file.
fn measure(path: &Path) -> Result<(u64, String), BackupError> {
    let mut hash = Sha256::new();
    let mut file = File::open(path).map_err(io_error(path))?;
    let bytes = io::copy(&mut file, &mut Hashing(&mut hash)).map_err(io_error(path))?;
    Ok((bytes, hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()))
}

/// Hashes what is written to it.
struct Hashing<'a>(&'a mut Sha256);

impl io::Write for Hashing<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn sync(path: &Path) -> Result<(), BackupError> {
    File::open(path).and_then(|file| file.sync_all()).map_err(io_error(path))
}

/// A new name lasts only once its folder is on disk too.
fn sync_folder(path: &Path) -> Result<(), BackupError> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    sync(folder)
}

fn io_error(path: &Path) -> impl FnOnce(io::Error) -> BackupError {
    let path = path.to_owned();
    move |source| BackupError::Io { path, source }
}

fn not_whole(path: &Path, problem: &str) -> BackupError {
    BackupError::NotWhole { path: path.to_owned(), problem: problem.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::service::Settings;

    fn installation(folder: &Path, database: &str) -> Installation {
        Installation {
            database: format!("sqlite:{}", folder.join(database).display()),
            secrets: folder.join("keys"),
            catalogue: None,
            settings: Settings::default(),
        }
    }

    /// An installation with one mark in it, and a backup of it.
    async fn backed_up(folder: &Path) -> (Installation, PathBuf) {
        let ours = installation(folder, "a.db");
        let service = ours.create(Env::system()).await.unwrap();
        mark(&service, "before").await;
        service.close().await;
        let path = folder.join("backup.db");
        ours.back_up(&path, &Env::system()).await.unwrap();
        (ours, path)
    }

    async fn mark(service: &Service, value: &str) {
        let marked: Result<(), store::Error> =
            store::write!(service.db, async |tx| { store::installation::keep(tx, "mark", value).await });
        marked.unwrap();
    }

    async fn marked(ours: &Installation) -> Option<String> {
        let service = ours.open(Env::system()).await.unwrap();
        let value = store::installation::value(&mut service.db.read().await.unwrap(), "mark").await.unwrap();
        service.close().await;
        value
    }

    #[tokio::test]
    async fn a_backup_comes_back_and_what_it_replaces_is_kept() {
        let folder = tempfile::tempdir().unwrap();
        let (ours, path) = backed_up(folder.path()).await;
        let service = ours.open(Env::system()).await.unwrap();
        mark(&service, "after").await;
        assert!(matches!(ours.restore(&path, &Env::system()).await, Err(BackupError::InUse)));
        service.close().await;
        let restored = ours.restore(&path, &Env::system()).await.unwrap();
        assert!(restored.replaced.unwrap().exists());
        assert_eq!(marked(&ours).await.as_deref(), Some("before"));
    }

    #[tokio::test]
    async fn a_backup_comes_back_on_a_new_machine_with_its_keys_alone() {
        let folder = tempfile::tempdir().unwrap();
        let (_, path) = backed_up(folder.path()).await;
        let new = installation(folder.path(), "new/b.db");
        let without = Installation { secrets: folder.path().join("lost"), ..new.clone() };
        assert!(matches!(without.restore(&path, &Env::system()).await, Err(BackupError::Open(OpenError::Secrets(_)))));
        assert_eq!(fs::read_dir(folder.path().join("new")).unwrap().count(), 0, "nothing is left behind");
        new.restore(&path, &Env::system()).await.unwrap();
        assert_eq!(marked(&new).await.as_deref(), Some("before"));
    }

    #[tokio::test]
    async fn nothing_is_overwritten_and_nothing_damaged_comes_back() {
        let folder = tempfile::tempdir().unwrap();
        let (ours, path) = backed_up(folder.path()).await;
        assert!(matches!(ours.back_up(&path, &Env::system()).await, Err(BackupError::AlreadyThere(_))));
        let mut bytes = fs::read(&path).unwrap();
        bytes[5000] ^= 1;
        fs::write(&path, bytes).unwrap();
        assert!(matches!(ours.restore(&path, &Env::system()).await, Err(BackupError::NotWhole { .. })));
        fs::remove_file(manifest_path(&path)).unwrap();
        assert!(matches!(ours.restore(&path, &Env::system()).await, Err(BackupError::Io { .. })));
        assert_eq!(marked(&ours).await.as_deref(), Some("before"));
    }
}
