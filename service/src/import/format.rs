//! Tells by their first bytes what files are written in, whatever they are called, and has them read.

use super::finding::{Code, Findings, Place};
use super::limits::Limits;
use super::source::{self, Source};
use super::staged::{Progress, Staged};
use super::{read, staff, unilogin};
use std::fs::File;
use std::io::{Cursor, Read, Seek, SeekFrom};

/// How many bytes are looked at.
const HEAD: u64 = 1024;
const BYTE_ORDER_MARK: &[u8] = &[0xEF, 0xBB, 0xBF];

/// Reads and checks files of any format.
///
/// # Errors
/// Everything that stops the import, and the warnings so far.
pub fn parse(source: &Source, limits: &Limits, progress: &dyn Fn(Progress)) -> Result<Staged, Findings> {
    match source {
        Source::Path(path) if path.is_dir() => read::bundle(source, limits, progress),
        Source::Path(path) => match File::open(path) {
            Ok(file) => told_apart(&file, source::size_of(&file), source, limits, progress),
            Err(_) => refused(Code::UNREADABLE),
        },
        Source::File(file) => told_apart(&**file, source::size_of(file), source, limits, progress),
        Source::Bytes(bytes) => told_apart(Cursor::new(bytes), bytes.len() as u64, source, limits, progress),
    }
}

fn told_apart(
    mut file: impl Read + Seek,
    size: u64,
    source: &Source,
    limits: &Limits,
    progress: &dyn Fn(Progress),
) -> Result<Staged, Findings> {
    let mut head = Vec::new();
    let looked = file.rewind().and_then(|()| file.by_ref().take(HEAD).read_to_end(&mut head));
    if looked.is_err() {
        return refused(Code::UNREADABLE);
    }
    match looks(&head) {
        Looks::Zip => read::bundle(source, limits, progress),
        Looks::Xml if size > limits.file_bytes => refused(Code::TOO_LARGE),
        Looks::Xml => {
            let begin = if head.starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK.len() as u64 } else { 0 };
            match file.seek(SeekFrom::Start(begin)) {
                Ok(_) => unilogin::read(file, limits, progress),
                Err(_) => refused(Code::UNREADABLE),
            }
        }
        Looks::List => match file.rewind() {
            Ok(()) => staff::read(file, limits, progress),
            Err(_) => refused(Code::UNREADABLE),
        },
        Looks::Utf16 => refused(Code::ENCODING_UTF16),
        Looks::Unknown => refused(Code::FORMAT_UNKNOWN),
    }
}

fn refused(code: Code) -> Result<Staged, Findings> {
    let mut findings = Findings::default();
    findings.error(Place::BUNDLE, code);
    Err(findings)
}

/// What a file's beginning looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Looks {
    Zip,
    Xml,
    /// A staff list.
    List,
    /// Text of two bytes a character, whatever it says.
    Utf16,
    Unknown,
}

fn looks(head: &[u8]) -> Looks {
    if head.starts_with(b"PK") {
        return Looks::Zip;
    }
    if head.starts_with(&[0xFF, 0xFE]) || head.starts_with(&[0xFE, 0xFF]) {
        return Looks::Utf16;
    }
    let text = head.strip_prefix(BYTE_ORDER_MARK).unwrap_or(head).trim_ascii_start();
    match text {
        [b'<', 0, ..] | [0, b'<', ..] => Looks::Utf16,
        [b'<', ..] => Looks::Xml,
        _ if staff::is_list(head) => Looks::List,
        _ => Looks::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_told_apart_by_what_is_in_them() {
        let table: [(&[u8], Looks); 15] = [
            (b"PK\x03\x04 and more", Looks::Zip),
            (b"<?xml version=\"1.0\"?>", Looks::Xml),
            (b"<UNILoginImport>", Looks::Xml),
            (b"\xEF\xBB\xBF<a/>", Looks::Xml),
            (b" \r\n\t<a/>", Looks::Xml),
            (b"\xFF\xFE<\0a\0", Looks::Utf16),
            (b"\xFE\xFF\0<\0a", Looks::Utf16),
            (b"<\0?\0x\0", Looks::Utf16),
            (b"\0<\0?\0x", Looks::Utf16),
            (b"Skolenhetskod;F\xF6rnamn;Efternamn\r\n", Looks::List),
            (b"\xEF\xBB\xBF\"skolenhetskod\",\"id\",\"eppn\"\n", Looks::List),
            (b"sourcedId,status,dateLastModified\n", Looks::Unknown),
            (b"", Looks::Unknown),
            (b"no zip", Looks::Unknown),
            (b"P", Looks::Unknown),
        ];
        for (head, expected) in table {
            assert_eq!(looks(head), expected, "{:?}", String::from_utf8_lossy(head));
        }
    }
}
