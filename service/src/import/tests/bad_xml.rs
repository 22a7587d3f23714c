//! Documents that are broken, strange or meant to do harm: each is refused with its place, soon, and in little
//! memory.

use super::document::Document;
use crate::env::{Clock, SystemClock};
use crate::import::{Limits, Source, parse};
use std::fmt::Write;

/// `line:position code` of the first error of some bytes, which are no roster.
fn refused(bytes: Vec<u8>) -> String {
    let begun = SystemClock.now();
    let findings = parse(&Source::Bytes(bytes), &Limits::default(), &|_| {}).expect_err("a bad document");
    let took = SystemClock.now().0 - begun.0;
    assert!(took < 20_000_000, "it took {took} microseconds");
    let errors = findings.errors();
    let number = |n: Option<u64>| n.map(|n| n.to_string()).unwrap_or_default();
    format!("{}:{} {}", number(errors[0].line), number(errors[0].position), errors[0].code)
}

/// The school's document with something replaced, in the whole of its text.
fn bent(from: &str, to: &str) -> Vec<u8> {
    let text = Document::school().xml();
    assert!(text.contains(from), "{from}");
    text.replacen(from, to, 1).into_bytes()
}

/// A document with something before its outermost element.
fn begun_with(prologue: &str) -> Vec<u8> {
    bent("<UNILoginImport", &format!("{prologue}<UNILoginImport"))
}

#[test]
fn the_corpus_is_refused_with_its_places() {
    let laughs = {
        let mut dtd = String::from("<!DOCTYPE lolz [<!ENTITY l0 \"lol\">");
        for nth in 1..10 {
            let body = format!("&l{};", nth - 1).repeat(10);
            write!(dtd, "<!ENTITY l{nth} \"{body}\">").unwrap();
        }
        dtd + "]>"
    };
    let quadratic = format!("<!DOCTYPE q [<!ENTITY a \"{}\">]>", "a".repeat(30_000));
    let external = "<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/hostname\">]>";
    let parameter = "<!DOCTYPE x [<!ENTITY % e SYSTEM \"http://127.0.0.1:1/e.dtd\"> %e;]>";
    let many_attributes = || {
        let mut text = String::from("<Group");
        for nth in 0..1_000_000 {
            write!(text, " a{nth}=\"\"").unwrap();
        }
        text + "><GroupId>"
    };
    let forty_attributes =
        (0..40).fold(String::from("<Group"), |text, nth| format!("{text} a{nth}=\"\"")) + "><GroupId>";
    let deep = "<a>".repeat(1_000_000);
    let table: Vec<(&str, Vec<u8>, &str)> = vec![
        ("billion laughs", begun_with(&laughs), "2:1 xml-doctype"),
        ("quadratic blow-up", begun_with(&quadratic), "2:1 xml-doctype"),
        (
            "a DOCTYPE beyond all measure",
            begun_with(&format!("<!DOCTYPE x [{}]>", " ".repeat(1_000_000))),
            "2:1 xml-limit",
        ),
        ("external entity", begun_with(external), "2:1 xml-doctype"),
        ("parameter entity", begun_with(parameter), "2:1 xml-doctype"),
        (
            "external subset",
            begun_with("<!DOCTYPE UNILoginImport SYSTEM \"http://127.0.0.1:1/x.dtd\">"),
            "2:1 xml-doctype",
        ),
        ("an entity of one's own", bent(">Aya<", ">&aya;<"), "10:72 xml-entity"),
        ("an entity of HTML", bent(">Aya<", ">Ay&aring;<"), "10:74 xml-entity"),
        ("an entity in an attribute", bent("source=\"E", "source=\"&x;E"), "2:1 xml-entity"),
        ("a character that is none", bent(">Aya<", ">&#0;<"), "10:72 xml-broken"),
        ("a character beyond all", bent(">Aya<", ">&#x110000;<"), "10:72 xml-broken"),
        ("a lone ampersand", bent(">Aya<", ">A & B<"), "10:74 xml-broken"),
        ("a zero byte", bent(">Aya<", ">A\0a<"), "10:72 xml-broken"),
        ("10^6 attributes", bent("<Group><GroupId>", &many_attributes()), "6:1 xml-limit"),
        ("forty attributes", bent("<Group><GroupId>", &forty_attributes), "6:1 xml-limit"),
        ("the same attribute twice", bent("schoolYear=", "source=\"x\" schoolYear="), "2:1 xml-broken"),
        ("a million levels", bent("<Group>", &format!("{deep}<Group>")), "6:43 xml-limit"),
        ("a text of a megabyte", bent(">Aya<", &format!(">{}<", "a".repeat(1_000_000))), "10:72 xml-limit"),
        (
            "a text in a million pieces",
            bent(">Aya<", &format!(">{}<", "a<!---->".repeat(1_000_000))),
            "10:32840 value-too-long",
        ),
        ("a comment of a megabyte", begun_with(&format!("<!--{}-->", "a".repeat(1_000_000))), "2:1 xml-limit"),
        ("a tag of a megabyte", bent("<Group>", &format!("<{}>", "a".repeat(1_000_000))), "6:1 xml-limit"),
        ("tags that cross", bent("</GroupId><GroupName>", "</GroupName><GroupName>"), "6:20 xml-broken"),
        ("cut off within a tag", until("<UserId>", 4), "10:119 xml-broken"),
        (
            "cut off after a tag",
            Document::school().xml().replace("</UNILoginImport>", "").into_bytes(),
            "23:1 xml-broken",
        ),
        (
            "two documents",
            [Document::school().xml(), Document::school().xml()].concat().into_bytes(),
            "24:1 xml-broken",
        ),
        (
            "text after the end",
            [Document::school().xml(), "and so on".into()].concat().into_bytes(),
            "22:18 xml-broken",
        ),
        ("another encoding named", bent("UTF-8", "ISO-8859-1"), "1:1 encoding-not-utf8"),
        ("another encoding meant", latin1(), "5:18 encoding-not-utf8"),
        ("UTF-16 named", bent("UTF-8", "UTF-16"), "1:1 encoding-not-utf8"),
        ("UTF-16 with a mark", utf16(true), ": encoding-utf16"),
        ("UTF-16 without", utf16(false), ": encoding-utf16"),
        ("UTF-7", b"+ADw-UNILoginImport+AD4-".to_vec(), ": format-unknown"),
    ];
    let other = |(name, bytes, expected): (&str, Vec<u8>, &str)| {
        let said = refused(bytes);
        (said != expected).then(|| format!("{name}: {said}, not {expected}"))
    };
    assert_eq!(table.into_iter().filter_map(other).collect::<Vec<_>>(), [""; 0]);
}

/// The school's document to so many bytes after where a text begins.
fn until(text: &str, bytes: usize) -> Vec<u8> {
    let whole = Document::school().xml();
    let end = whole.find(text).unwrap() + bytes;
    whole.into_bytes()[..end].to_vec()
}

fn latin1() -> Vec<u8> {
    Document::school().xml().chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect()
}

fn utf16(has_mark: bool) -> Vec<u8> {
    let mark = has_mark.then_some('\u{FEFF}');
    let text = Document::school().xml();
    mark.into_iter().chain(text.chars()).collect::<String>().encode_utf16().flat_map(u16::to_le_bytes).collect()
}

#[test]
fn a_document_is_read_wherever_it_is_cut_off_without_harm() {
    let text = Document::school().xml();
    let end = text.trim_end().len();
    for length in 1..end {
        let Some(cut) = text.as_bytes().get(..length) else { continue };
        let read = parse(&Source::Bytes(cut.to_vec()), &Limits::default(), &|_| {});
        assert!(read.is_err(), "cut off after {length} bytes");
    }
    assert!(parse(&Source::Bytes(text.as_bytes()[..end].to_vec()), &Limits::default(), &|_| {}).is_ok());
}

#[test]
fn a_byte_order_mark_and_windows_line_ends_do_no_harm() {
    let text = format!("\u{FEFF}{}", Document::school().xml().replace('\n', "\r\n"));
    assert!(parse(&Source::Bytes(text.into_bytes()), &Limits::default(), &|_| {}).is_ok());
    let wrong = bent("sourceDateTime=\"", "sourceDateTime=\"x");
    let marked = [b"\xEF\xBB\xBF".to_vec(), wrong].concat();
    assert_eq!(refused(marked), "2:1 value-invalid", "the mark is no character");
}

#[test]
fn limits_hold_for_documents() {
    let refused = |limits: Limits| {
        let source = Source::Bytes(Document::school().xml().into_bytes());
        parse(&source, &limits, &|_| {}).expect_err("beyond a limit").errors()[0].code.clone()
    };
    assert_eq!(refused(Limits { file_bytes: 2_000, ..Limits::default() }), "too-large");
    assert_eq!(refused(Limits { rows: 10, ..Limits::default() }), "too-many-rows");
    assert_eq!(refused(Limits { rows: 3, ..Limits::default() }), "too-many-rows");
    assert_eq!(refused(Limits { elements: 50, ..Limits::default() }), "xml-limit");
}
