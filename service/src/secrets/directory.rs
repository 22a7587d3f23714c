//! The directory that holds the secrets: one file `use-number.key` per key, for its owner alone.

use super::{KEY_BYTES, Key, KeyId, KeyRing, KeyUse, Secrets, parse_name};
use crate::env::Env;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

/// Why the secrets cannot be used. Each says what to do; none holds any part of a key.
#[derive(Debug, thiserror::Error)]
pub enum SecretsError {
    /// The database is in use, and the directory is missing or holds no key.
    #[error("the database is in use, but {} holds no keys: restore the secrets that were kept with it, or name their directory with --secrets", .0.display())]
    Missing(PathBuf),
    /// The directory lacks a key that the database was used with.
    #[error(
        "the secrets lack {0}.key, which this database was used with: restore the newest copy of the secrets directory"
    )]
    KeyMissing(String),
    /// A key is not the one the database was used with.
    #[error("{0}.key belongs to another database: name the right directory with --secrets")]
    Foreign(String),
    /// A key file does not hold a key.
    #[error("{} does not hold a key: restore it from a copy", .0.display())]
    Damaged(PathBuf),
    /// The database's check values cannot be read.
    #[error("the database's check values for its secrets are damaged: restore the database from a backup")]
    ChecksDamaged,
    /// Others than the owner may read a key file.
    #[error("{} may be read by others than its owner: run chmod 600 on it, and consider its key known", .0.display())]
    TooOpen(PathBuf),
    /// New keys would overwrite what is there.
    #[error("{} is already there and is not overwritten", .0.display())]
    AlreadyThere(PathBuf),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// The file system failed.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file or directory.
        path: PathBuf,
        /// What happened.
        source: io::Error,
    },
}

impl SecretsError {
    fn io(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Io { path, source }
    }
}

impl Secrets {
    /// Reads the directory; `None` if it is missing or holds no key at all.
    ///
    /// # Errors
    /// [`SecretsError::KeyMissing`] if only some uses have a key, [`SecretsError::Damaged`],
    /// [`SecretsError::TooOpen`], [`SecretsError::Io`].
    pub fn load(directory: &Path) -> Result<Option<Self>, SecretsError> {
        let mut rings: BTreeMap<KeyUse, BTreeMap<KeyId, Key>> = BTreeMap::new();
        for (key_use, id) in key_files(directory)? {
            let key = read_key(&path_of(directory, key_use, id))?;
            rings.entry(key_use).or_default().insert(id, key);
        }
        if rings.is_empty() {
            return Ok(None);
        }
        let mut ring = |key_use: KeyUse| {
            let keys = rings.remove(&key_use).unwrap_or_default();
            KeyRing::from_keys(keys).ok_or_else(|| SecretsError::KeyMissing(format!("{}-1", key_use.name())))
        };
        let folder = Some(directory.to_owned());
        let (pepper, audit, session) = (ring(KeyUse::Pepper)?, ring(KeyUse::Audit)?, ring(KeyUse::Session)?);
        Ok(Some(Self { pepper, audit, session, folder }))
    }

    /// Writes all keys into the directory, which is made if missing.
    ///
    /// # Errors
    /// [`SecretsError::AlreadyThere`] if any of the files exists, [`SecretsError::Io`].
    pub fn save(&self, directory: &Path) -> Result<(), SecretsError> {
        make_directory(directory)?;
        for key_use in KeyUse::ALL {
            for (id, key) in self.ring(key_use).iter() {
                write_key(&path_of(directory, key_use, id), key)?;
            }
        }
        sync_directory(directory)
    }
}

/// Rotation: adds the next key of a use. It is taken up when the server starts next.
///
/// # Errors
/// [`SecretsError::Missing`] if the directory holds no keys yet, and those of [`Secrets::load`]
/// and [`Secrets::save`].
pub fn rotate(directory: &Path, key_use: KeyUse, env: &Env) -> Result<KeyId, SecretsError> {
    let secrets = Secrets::load(directory)?.ok_or_else(|| SecretsError::Missing(directory.to_owned()))?;
    let next = secrets.ring(key_use).newest().0.saturating_add(1);
    write_key(&path_of(directory, key_use, next), &Key::new(env.random()))?;
    sync_directory(directory)?;
    Ok(next)
}

fn path_of(directory: &Path, key_use: KeyUse, id: KeyId) -> PathBuf {
    directory.join(format!("{}-{id}.key", key_use.name()))
}

/// The keys that have a file; other files are left alone.
fn key_files(directory: &Path) -> Result<Vec<(KeyUse, KeyId)>, SecretsError> {
    let entries = match fs::read_dir(directory) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries.map_err(SecretsError::io(directory))?,
    };
    let mut found = Vec::new();
    for entry in entries {
        let name = entry.map_err(SecretsError::io(directory))?.file_name();
        found.extend(name.to_str().and_then(|name| name.strip_suffix(".key")).and_then(parse_name));
    }
    Ok(found)
}

fn read_key(path: &Path) -> Result<Key, SecretsError> {
    refuse_open_file(path)?;
    let text = Zeroizing::new(fs::read_to_string(path).map_err(SecretsError::io(path))?);
    let bytes = Zeroizing::new(STANDARD.decode(text.trim()).map_err(|_| SecretsError::Damaged(path.to_owned()))?);
    let bytes: [u8; KEY_BYTES] = bytes.as_slice().try_into().map_err(|_| SecretsError::Damaged(path.to_owned()))?;
    Ok(Key::new(bytes))
}

fn write_key(path: &Path, key: &Key) -> Result<(), SecretsError> {
    let text = Zeroizing::new(STANDARD.encode(key.0) + "\n");
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = match options.open(path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            return Err(SecretsError::AlreadyThere(path.to_owned()));
        }
        file => file.map_err(SecretsError::io(path))?,
    };
    file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(SecretsError::io(path))
}

fn make_directory(directory: &Path) -> Result<(), SecretsError> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(directory).map_err(SecretsError::io(directory))
}

/// The names of new files survive a power cut only once their directory is written out.
fn sync_directory(directory: &Path) -> Result<(), SecretsError> {
    #[cfg(unix)]
    fs::File::open(directory).and_then(|opened| opened.sync_all()).map_err(SecretsError::io(directory))?;
    #[cfg(not(unix))]
    let _ = directory;
    Ok(())
}

fn refuse_open_file(path: &Path) -> Result<(), SecretsError> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs::metadata(path).map_err(SecretsError::io(path))?.permissions().mode();
        if mode & 0o077 != 0 {
            return Err(SecretsError::TooOpen(path.to_owned()));
        }
    }
    #[cfg(not(unix))]
    let _ = path;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secrets::Belonging;
    use crate::secrets::tests::env;

    #[test]
    fn what_is_saved_is_what_is_loaded() {
        let home = tempfile::tempdir().expect("a directory");
        let directory = home.path().join("deep/secrets");
        assert!(Secrets::load(&directory).expect("no directory is no error").is_none());
        let made = Secrets::make(&env(1));
        made.save(&directory).expect("saved");
        let loaded = Secrets::load(&directory).expect("read").expect("there");
        assert_eq!(loaded.belong_to(&made.checks()).expect("the same"), Belonging::Same);
        assert!(matches!(made.save(&directory), Err(SecretsError::AlreadyThere(_))), "never overwritten");
    }

    #[test]
    fn a_rotated_key_is_added_beside_the_old_one() {
        let home = tempfile::tempdir().expect("a directory");
        let made = Secrets::make(&env(1));
        assert!(matches!(rotate(home.path(), KeyUse::Pepper, &env(2)), Err(SecretsError::Missing(_))));
        made.save(home.path()).expect("saved");
        assert_eq!(rotate(home.path(), KeyUse::Pepper, &env(2)).expect("rotated"), 2);
        let loaded = Secrets::load(home.path()).expect("read").expect("there");
        assert_eq!(loaded.pepper.newest().0, 2);
        assert!(matches!(loaded.belong_to(&made.checks()), Ok(Belonging::Rotated(_))));
    }

    #[test]
    fn each_fault_of_a_directory_has_its_own_error() {
        type Harm = fn(&Path);
        type Seen = fn(&SecretsError) -> bool;
        let table: [(Harm, Seen); 4] = [
            (
                |path| fs::remove_file(path).expect("removed"),
                |e| matches!(e, SecretsError::KeyMissing(n) if n == "audit-1"),
            ),
            (|path| fs::write(path, "short").expect("written"), |e| matches!(e, SecretsError::Damaged(_))),
            (
                |path| fs::write(path, STANDARD.encode([1; 32])).expect("written"),
                |e| matches!(e, SecretsError::Damaged(_)),
            ),
            (
                |path| {
                    use std::os::unix::fs::PermissionsExt;
                    fs::set_permissions(path, fs::Permissions::from_mode(0o640)).expect("opened");
                },
                |e| matches!(e, SecretsError::TooOpen(_)),
            ),
        ];
        for (nth, (harm, seen)) in table.into_iter().enumerate() {
            let home = tempfile::tempdir().expect("a directory");
            Secrets::make(&env(1)).save(home.path()).expect("saved");
            harm(&home.path().join("audit-1.key"));
            let error = Secrets::load(home.path()).expect_err("harmed");
            assert!(seen(&error), "{nth}: {error}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn only_the_owner_may_read_what_is_made() {
        use std::os::unix::fs::PermissionsExt;
        let home = tempfile::tempdir().expect("a directory");
        let directory = home.path().join("secrets");
        Secrets::make(&env(1)).save(&directory).expect("saved");
        assert_eq!(fs::metadata(&directory).expect("there").permissions().mode() & 0o777, 0o700);
        for entry in fs::read_dir(&directory).expect("there") {
            let mode = entry.expect("an entry").metadata().expect("its data").permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
    }
}
