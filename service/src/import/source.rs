//! Opens a bundle: a zip file or a folder, within limits, and hands out its files as text.

use super::finding::{Code, Findings, Place};
use super::limits::{Limits, RATIO_FREE_BYTES};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Cursor, Read, Seek};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Where a bundle comes from.
#[derive(Clone, Debug)]
pub enum Source {
    /// A zip file or a folder on this machine.
    Path(PathBuf),
    /// A zip file that is open already, such as one that was sent.
    File(Arc<File>),
    /// A zip file in memory.
    Bytes(Vec<u8>),
}

/// The bundle's known files as text, by name.
pub(super) type Files = BTreeMap<&'static str, String>;

/// Reads the `known` files of a bundle; others are named in a warning and not read.
///
/// `None` where the bundle itself cannot be read; a file that cannot be read has its error and is
/// left out.
pub(super) fn read(source: &Source, known: &[&'static str], limits: &Limits, findings: &mut Findings) -> Option<Files> {
    let mut reader = Reader { known, limits, findings, total: 0, files: Files::new() };
    match source {
        Source::Path(path) if path.is_dir() => reader.folder(path),
        Source::Path(path) => match File::open(path) {
            Ok(file) => reader.zip(&file, size_of(&file)),
            Err(_) => reader.fail(Code::UNREADABLE),
        },
        Source::File(file) => reader.zip(&**file, size_of(file)),
        Source::Bytes(bytes) => reader.zip(Cursor::new(bytes), bytes.len() as u64),
    }?;
    Some(reader.files)
}

pub(super) fn size_of(file: &File) -> u64 {
    file.metadata().map_or(u64::MAX, |meta| meta.len())
}

struct Reader<'a> {
    known: &'a [&'static str],
    limits: &'a Limits,
    findings: &'a mut Findings,
    total: u64,
    files: Files,
}

impl Reader<'_> {
    /// Notes an error about the whole bundle.
    fn fail<T>(&mut self, code: Code) -> Option<T> {
        self.findings.error(Place::BUNDLE, code);
        None
    }

    fn zip(&mut self, file: impl Read + Seek, size: u64) -> Option<()> {
        if size > self.limits.zip_bytes {
            return self.fail(Code::TOO_LARGE);
        }
        let Ok(mut zip) = zip::ZipArchive::new(file) else { return self.fail(Code::ZIP_BROKEN) };
        if zip.len() > self.limits.files {
            return self.fail(Code::TOO_MANY_FILES);
        }
        if zip.has_duplicate_names() {
            return self.fail(Code::FILE_DUPLICATE);
        }
        for ix in 0..zip.len() {
            let Ok(mut entry) = zip.by_index(ix) else { return self.fail(Code::ZIP_BROKEN) };
            let Ok(name) = entry.name().map(std::borrow::Cow::into_owned) else { return self.fail(Code::ZIP_BROKEN) };
            let packed = entry.compressed_size();
            if let Some(name) = self.wanted(&name) {
                self.file(name, &mut entry, Some(packed))?;
            }
        }
        Some(())
    }

    fn folder(&mut self, path: &Path) -> Option<()> {
        let Ok(entries) = std::fs::read_dir(path) else { return self.fail(Code::UNREADABLE) };
        let mut names = Vec::new();
        for entry in entries.take(self.limits.files.saturating_add(1)) {
            let Ok(entry) = entry else { return self.fail(Code::UNREADABLE) };
            names.push(entry.file_name());
        }
        if names.len() > self.limits.files {
            return self.fail(Code::TOO_MANY_FILES);
        }
        names.sort();
        for name in names {
            if let Some(known) = self.wanted(&name.to_string_lossy()) {
                let Ok(mut file) = File::open(path.join(known)) else { return self.fail(Code::UNREADABLE) };
                self.file(known, &mut file, None)?;
            }
        }
        Some(())
    }

    /// The known file of this name. Others are warned about, save what packing programs leave
    /// behind by themselves.
    fn wanted(&mut self, name: &str) -> Option<&'static str> {
        let known = self.known.iter().copied().find(|known| *known == name);
        let litter = name.starts_with("__MACOSX/") || name == ".DS_Store" || name.ends_with('/');
        if known.is_none() && !litter {
            self.findings.warn(Place::file(&printable(name)), Code::FILE_UNKNOWN);
        }
        known
    }

    /// Reads one file; `packed` is its size in the zip. `None` ends the whole reading.
    fn file(&mut self, name: &'static str, reader: &mut dyn Read, packed: Option<u64>) -> Option<()> {
        let place = Place::file(name);
        let limit = self.limits.file_bytes.min(self.limits.total_bytes.saturating_sub(self.total));
        let bomb = packed.map(|packed| packed.saturating_mul(self.limits.ratio).max(RATIO_FREE_BYTES));
        let most = bomb.map_or(limit, |bomb| bomb.min(limit));
        let mut bytes = Vec::new();
        // What the zip says about sizes may be a lie: what is read decides.
        if reader.take(most.saturating_add(1)).read_to_end(&mut bytes).is_err() {
            self.findings.error(place, if packed.is_some() { Code::ZIP_BROKEN } else { Code::UNREADABLE });
            return None;
        }
        let size = bytes.len() as u64;
        self.total = self.total.saturating_add(size);
        if size > most {
            self.findings.error(place, if most < limit { Code::ZIP_BOMB } else { Code::TOO_LARGE });
            return None;
        }
        match text(bytes) {
            Ok(text) => {
                self.files.insert(name, text);
            }
            Err((line, code)) => self.findings.error(Place::row(name, Some(line), None), code),
        }
        Some(())
    }
}

/// Bytes as text: UTF-8, without its byte order mark. Otherwise the line of the first strange byte
/// and which encoding it looks like.
fn text(mut bytes: Vec<u8>) -> Result<String, (u64, Code)> {
    if bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]) {
        return Err((1, Code::ENCODING_UTF16));
    }
    if bytes.starts_with(&[0xEF, 0xBB, 0xBF]) {
        bytes.drain(..3);
    }
    // Text without a mark but with zero bytes is UTF-16 that lost it.
    if let Some(zero) = bytes.iter().position(|byte| *byte == 0) {
        return Err((line_of(&bytes, zero), Code::ENCODING_UTF16));
    }
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        (line_of(error.as_bytes(), at), Code::ENCODING_OTHER)
    })
}

fn line_of(bytes: &[u8], at: usize) -> u64 {
    1 + bytes.iter().take(at).filter(|byte| **byte == b'\n').count() as u64
}

/// A file's name as it may be printed: short, on one line.
fn printable(name: &str) -> String {
    name.chars().filter(|c| c.is_ascii_graphic() || *c == ' ').take(60).collect()
}
