//! Input that knows its place, and that stops where a piece of a document grows beyond all measure.

use super::At;
use crate::import::finding::Code;
use std::io::{self, BufRead, BufReader, Read};

/// Most bytes of one piece: a tag with its attributes, a comment, the text between two tags.
const PIECE_BYTES: u64 = 64 * 1024;

/// Bytes, counted in lines and characters as they are taken.
#[derive(Debug)]
pub(super) struct Counted<R> {
    inner: BufReader<R>,
    at: At,
    piece: u64,
    total: u64,
    bytes_max: u64,
    stopped: Option<Code>,
}

impl<R: Read> Counted<R> {
    /// Takes at most so many bytes in all.
    pub(super) fn new(inner: R, bytes_max: u64) -> Self {
        let at = At { line: 1, position: 1 };
        Self { inner: BufReader::new(inner), at, piece: 0, total: 0, bytes_max, stopped: None }
    }

    /// The place of the next byte.
    pub(super) const fn at(&self) -> At {
        self.at
    }

    /// From here on another piece is read.
    pub(super) const fn begin_piece(&mut self) {
        self.piece = 0;
    }

    /// Which limit was met, if one was.
    pub(super) const fn stopped(&self) -> Option<Code> {
        self.stopped
    }
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let taken = self.fill_buf()?.read(into)?;
        self.consume(taken);
        Ok(taken)
    }
}

impl<R: Read> BufRead for Counted<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.total > self.bytes_max {
            self.stopped = Some(Code::TOO_LARGE);
        } else if self.piece > PIECE_BYTES {
            self.stopped = Some(Code::XML_LIMIT);
        }
        match self.stopped {
            Some(limit) => Err(io::Error::other(limit.code)),
            None => self.inner.fill_buf(),
        }
    }

    fn consume(&mut self, taken: usize) {
        let mut at = self.at;
        for byte in self.inner.buffer().iter().take(taken) {
            match byte {
                b'\n' => at = At { line: at.line + 1, position: 1 },
                // The bytes of a character after its first.
                0x80..0xC0 => {}
                _ => at.position += 1,
            }
        }
        self.at = at;
        self.piece += taken as u64;
        self.total += taken as u64;
        self.inner.consume(taken);
    }
}
