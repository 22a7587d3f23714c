//! A document in XML, read piece by piece: no more of it is in memory than one tag or one text.
//!
//! What a roster has no use for and what makes XML dangerous is refused with its place: a DOCTYPE, and so
//! every entity but the five that XML knows by itself; other encodings than UTF-8; and depth, attributes,
//! elements and texts beyond what [`Limits`] and the constants here allow. Names are read without their
//! namespace, as exports write them with several prefixes.

mod counted;

use super::finding::Code;
use super::limits::Limits;
use counted::Counted;
use quick_xml::events::{BytesStart, Event};
use quick_xml::{Error, Reader};
use std::io::Read;

/// Deepest nesting of elements; UNI-Login's documents nest six deep.
const DEPTH: usize = 16;
/// Most attributes of one element, with those that name namespaces.
const ATTRIBUTES: usize = 32;

/// A place in a document, in lines and characters from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct At {
    pub(super) line: u64,
    pub(super) position: u64,
}

/// Why a document cannot be read on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Broken {
    pub(super) at: At,
    pub(super) code: Code,
}

/// The beginning of an element.
#[derive(Clone, Debug)]
pub(super) struct Tag {
    /// Its name without a prefix.
    pub(super) name: String,
    pub(super) at: At,
    attributes: Vec<(String, String)>,
}

impl Tag {
    /// The value of an attribute, trimmed.
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(own, _)| own == name).map(|(_, value)| value.trim())
    }
}

/// A piece of a document that matters here.
enum Piece {
    Open(Tag),
    Close,
    Text(String),
    End,
}

/// A document on its way.
pub(super) struct Xml<R: Read> {
    reader: Reader<Counted<R>>,
    buffer: Vec<u8>,
    depth: usize,
    elements: u64,
    elements_max: u64,
    text_max: usize,
    at: At,
}

impl<R: Read> Xml<R> {
    /// Begins a document, whose byte order mark has been taken away.
    pub(super) fn new(input: R, limits: &Limits) -> Self {
        let mut reader = Reader::from_reader(Counted::new(input, limits.file_bytes));
        reader.config_mut().expand_empty_elements = true;
        let at = At { line: 1, position: 1 };
        let (elements_max, text_max) = (limits.elements, limits.field_bytes);
        Self { reader, buffer: Vec::new(), depth: 0, elements: 0, elements_max, text_max, at }
    }

    /// The outermost element.
    pub(super) fn root(&mut self) -> Result<Tag, Broken> {
        loop {
            match self.piece()? {
                Piece::Open(tag) => return Ok(tag),
                Piece::Text(text) if text.trim().is_empty() => {}
                Piece::Text(_) | Piece::Close | Piece::End => return self.fail(Code::XML_BROKEN),
            }
        }
    }

    /// The next element within the one that is open; `None` where that one closes.
    pub(super) fn child(&mut self) -> Result<Option<Tag>, Broken> {
        loop {
            match self.piece()? {
                Piece::Open(tag) => return Ok(Some(tag)),
                Piece::Close => return Ok(None),
                // Text between elements says nothing in these documents.
                Piece::Text(_) => {}
                Piece::End => return self.fail(Code::XML_BROKEN),
            }
        }
    }

    /// The text of the element that is open, trimmed, to where it closes. Elements within it are left out.
    pub(super) fn text(&mut self) -> Result<String, Broken> {
        let mut whole = String::new();
        loop {
            match self.piece()? {
                Piece::Text(text) if whole.len() + text.len() > self.text_max => {
                    return self.fail(Code::VALUE_TOO_LONG);
                }
                Piece::Text(text) => whole.push_str(&text),
                Piece::Open(_) => self.skip()?,
                Piece::Close => return Ok(whole.trim().to_owned()),
                Piece::End => return self.fail(Code::XML_BROKEN),
            }
        }
    }

    /// Reads over what is left of the element that is open.
    pub(super) fn skip(&mut self) -> Result<(), Broken> {
        let outside = self.depth.saturating_sub(1);
        while self.depth > outside {
            if matches!(self.piece()?, Piece::End) {
                return self.fail(Code::XML_BROKEN);
            }
        }
        Ok(())
    }

    /// Reads what follows the outermost element, which must be nothing.
    pub(super) fn end(&mut self) -> Result<(), Broken> {
        loop {
            match self.piece()? {
                Piece::End => return Ok(()),
                Piece::Text(text) if text.trim().is_empty() => {}
                Piece::Text(_) | Piece::Open(_) | Piece::Close => return self.fail(Code::XML_BROKEN),
            }
        }
    }

    fn fail<T>(&self, code: Code) -> Result<T, Broken> {
        Err(Broken { at: self.at, code })
    }

    /// The next piece; comments and processing instructions are passed over.
    fn piece(&mut self) -> Result<Piece, Broken> {
        loop {
            self.buffer.clear();
            let input = self.reader.get_mut();
            input.begin_piece();
            let at = input.at();
            self.at = at;
            let event = self.reader.read_event_into(&mut self.buffer);
            let broken = |code| Broken { at, code };
            match event {
                Err(error) => {
                    let met = self.reader.get_ref().stopped();
                    let code = match error {
                        Error::Io(_) => Code::UNREADABLE,
                        Error::Encoding(_) => Code::ENCODING_OTHER,
                        _ => Code::XML_BROKEN,
                    };
                    return Err(broken(met.unwrap_or(code)));
                }
                Ok(Event::DocType(_)) => return Err(broken(Code::XML_DOCTYPE)),
                Ok(Event::Eof) => return Ok(Piece::End),
                Ok(Event::Decl(declaration)) => {
                    if let Some(encoding) = declaration.encoding() {
                        let is_utf8 = encoding.is_ok_and(|name| name.eq_ignore_ascii_case("utf-8"));
                        if !is_utf8 {
                            return Err(broken(Code::ENCODING_OTHER));
                        }
                    }
                }
                Ok(Event::Comment(text)) => {
                    known(&text).map_err(broken)?;
                }
                Ok(Event::PI(text)) => {
                    known(&text).map_err(broken)?;
                }
                Ok(Event::Text(text)) => return known(&text).map(|text| Piece::Text(text.to_owned())).map_err(broken),
                Ok(Event::CData(text)) => return known(&text).map(|text| Piece::Text(text.to_owned())).map_err(broken),
                Ok(Event::GeneralRef(name)) => {
                    return known(&name).and_then(entity).map(|c| Piece::Text(c.to_string())).map_err(broken);
                }
                Ok(Event::End(_)) => {
                    self.depth = self.depth.saturating_sub(1);
                    return Ok(Piece::Close);
                }
                Ok(Event::Start(start) | Event::Empty(start)) => {
                    (self.depth, self.elements) = (self.depth + 1, self.elements + 1);
                    if self.depth > DEPTH || self.elements > self.elements_max {
                        return Err(broken(Code::XML_LIMIT));
                    }
                    return tag(&start, at).map(Piece::Open).map_err(broken);
                }
            }
        }
    }
}

fn tag(start: &BytesStart<'_>, at: At) -> Result<Tag, Code> {
    let name = known(start.local_name().as_ref())?.to_owned();
    let mut attributes = Vec::new();
    for (nth, attribute) in start.attributes().enumerate() {
        if nth >= ATTRIBUTES {
            return Err(Code::XML_LIMIT);
        }
        let attribute = attribute.map_err(|_| Code::XML_BROKEN)?;
        let value = resolved(known(&attribute.value)?)?;
        if !attribute.key.as_ref().starts_with("xmlns") {
            attributes.push((known(attribute.key.local_name().as_ref())?.to_owned(), value));
        }
    }
    Ok(Tag { name, at, attributes })
}

/// Text of characters that XML allows.
fn known(text: &str) -> Result<&str, Code> {
    if text.chars().all(is_allowed) { Ok(text) } else { Err(Code::XML_BROKEN) }
}

/// XML 1.0, § 2.2.
const fn is_allowed(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..)
}

/// The value of an attribute, its entities resolved.
fn resolved(raw: &str) -> Result<String, Code> {
    let mut parts = raw.split('&');
    let mut value = parts.next().unwrap_or("").to_owned();
    for part in parts {
        let (name, rest) = part.split_once(';').ok_or(Code::XML_BROKEN)?;
        value.push(entity(name)?);
        value.push_str(rest);
    }
    Ok(value)
}

/// What stands for `&name;`: one of XML's own five, or a character by its number.
fn entity(name: &str) -> Result<char, Code> {
    let number = match (name.strip_prefix("#x"), name.strip_prefix('#')) {
        (Some(digits), _) => u32::from_str_radix(digits, 16).ok(),
        (None, Some(digits)) => digits.parse::<u32>().ok(),
        (None, None) => {
            return match name {
                "amp" => Ok('&'),
                "lt" => Ok('<'),
                "gt" => Ok('>'),
                "apos" => Ok('\''),
                "quot" => Ok('"'),
                _ => Err(Code::XML_ENTITY),
            };
        }
    };
    number.and_then(char::from_u32).filter(|c| is_allowed(*c)).ok_or(Code::XML_BROKEN)
}
