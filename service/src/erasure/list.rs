//! The list of erasures beside the keys: a line of JSON for each, with an id and an instant. It names
//! nobody, is never shortened, and belongs into every copy of the folder.
//!
//! It lies with the keys rather than with the database, because it must not go back in time with it;
//! and it is not signed, because whoever may write there holds the keys that would sign it.

use domain::{Instant, PersonId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::fs::{File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use store::erasure::Erasure;

/// The file's name.
pub const FILE: &str = "erasures.jsonl";

/// The list cannot be read or written.
#[derive(Debug, thiserror::Error)]
#[error("the list of erasures {}: {source}", path.display())]
pub struct ListError {
    path: PathBuf,
    source: io::Error,
}

#[derive(Serialize, Deserialize)]
struct Line {
    person: PersonId,
    erased: Instant,
}

/// Everybody on the list; nobody where there is none. A line that was cut off by a failing disk counts
/// as missing: it is written again from the database.
///
/// # Errors
/// [`ListError`] where the file is there and cannot be read.
pub fn read(folder: &Path) -> Result<Vec<Erasure>, ListError> {
    let path = folder.join(FILE);
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        Err(source) => return Err(ListError { path, source }),
    };
    let lines = text.lines().filter_map(|line| serde_json::from_str::<Line>(line).ok());
    Ok(lines.map(|Line { person, erased }| Erasure { person, erased }).collect())
}

/// Adds whoever of these is not on the list yet, and waits until that is on disk.
///
/// # Errors
/// [`ListError`].
pub fn note(folder: &Path, known: &[Erasure]) -> Result<(), ListError> {
    let listed: BTreeSet<PersonId> = read(folder)?.into_iter().map(|erasure| erasure.person).collect();
    let mut text = String::new();
    for Erasure { person, erased } in known.iter().filter(|erasure| !listed.contains(&erasure.person)) {
        // A struct of an id and a number always has a JSON form. The break before it ends a line that
        // was cut off.
        text.push('\n');
        text.push_str(&serde_json::to_string(&Line { person: *person, erased: *erased }).unwrap_or_default());
    }
    if text.is_empty() {
        return Ok(());
    }
    let path = folder.join(FILE);
    append(&path, &(text + "\n")).map_err(|source| ListError { path, source })
}

fn append(path: &Path, text: &str) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    // A new name lasts only once its folder is on disk too.
    path.parent().map_or(Ok(()), |folder| File::open(folder).and_then(|folder| folder.sync_all()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn erasure(n: u128) -> Erasure {
        Erasure { person: PersonId(Uuid::from_u128(n)), erased: Instant(7) }
    }

    #[test]
    fn everybody_is_listed_once_and_a_line_cut_off_is_written_again() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(read(folder.path()).unwrap(), []);
        note(folder.path(), &[erasure(1)]).unwrap();
        note(folder.path(), &[erasure(1), erasure(2)]).unwrap();
        assert_eq!(read(folder.path()).unwrap(), [erasure(1), erasure(2)]);
        let path = folder.path().join(FILE);
        let text = std::fs::read_to_string(&path).unwrap();
        std::fs::write(&path, text.trim_end().strip_suffix('}').unwrap()).unwrap();
        assert_eq!(read(folder.path()).unwrap(), [erasure(1)]);
        note(folder.path(), &[erasure(1), erasure(2), erasure(3)]).unwrap();
        assert_eq!(read(folder.path()).unwrap(), [erasure(1), erasure(2), erasure(3)]);
    }
}
