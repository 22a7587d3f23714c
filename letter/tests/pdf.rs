//! The PDF of letters, read back by a reader that shares nothing with the writer.
#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may fail loudly")]

use letter::{Credential, Matrix, SIDE, Sheet, pdf};
use lopdf::{Dictionary, Document, Object};
use std::collections::BTreeMap;
use zeroize::Zeroizing;

fn secret(text: &str) -> Option<Zeroizing<String>> {
    Some(Zeroizing::new(text.to_owned()))
}

/// A letter with as much in it as one can have.
fn sheet(name: &str, language: &'static str, has_matrix: bool) -> Sheet {
    let credential = |label: &str, value: &str| Credential {
        label: label.to_owned(),
        value: secret(value),
        note: Some("Gælder én gang: derefter vælger du din egen.".to_owned()),
    };
    let rows = (0..SIDE).map(|row| std::array::from_fn(|column| Zeroizing::new(format!("{}{row}", letter_of(column)))));
    Sheet {
        language,
        sender: "Højvang Skole".to_owned(),
        title: "Din konto i Adgang".to_owned(),
        name: name.to_owned(),
        position: "Lærer, Højvang Skole".to_owned(),
        credentials: vec![credential("Brugernavn", "1017-999014"), credential("Adgangskode", "rosub-nuhep-fipez")],
        matrix: has_matrix.then(|| Matrix {
            caption: "Kort KQ7M2P til brugernavn 1017-999014".to_owned(),
            hint: "B7 er kolonne B, række 7.".to_owned(),
            column: "Kolonne".to_owned(),
            row: "Række".to_owned(),
            columns: std::array::from_fn(letter_of),
            rows: rows.collect(),
        }),
        steps_title: "Sådan logger du ind".to_owned(),
        steps: (1..=6)
            .map(|n| format!("Trin {n}: gå til https://adgang.example.org, og vælg Log ind. ").repeat(2))
            .collect(),
        help_title: "Er noget blevet væk, eller virker det ikke?".to_owned(),
        help: "Sig det straks til Birthe Kragelund eller til lederen. ".repeat(4),
        imprint: "Brev 52E8-98C4, udstedt 22. november 2026 af Birthe Kragelund".to_owned(),
    }
}

fn letter_of(column: usize) -> char {
    char::from(b'A' + u8::try_from(column).unwrap())
}

fn read(sheets: &[Sheet]) -> Document {
    Document::load_mem(&pdf(sheets, "Breve til udlevering", "da").unwrap()).unwrap()
}

/// What an entry is, past any reference.
fn get<'d>(document: &'d Document, of: &'d Dictionary, key: &[u8]) -> Option<&'d Object> {
    document.dereference(of.get(key).ok()?).ok().map(|(_, object)| object)
}

/// Every element of the structure tree: how deep, its type, its language, its scope as a header.
fn elements(document: &Document) -> Vec<(usize, String, String, String)> {
    fn walk(document: &Document, of: &Dictionary, depth: usize, all: &mut Vec<(usize, String, String, String)>) {
        let name = |object: Option<&Object>| {
            object.and_then(|object| object.as_name().ok()).map(|name| String::from_utf8_lossy(name).into_owned())
        };
        if let Some(kind) = name(get(document, of, b"S")) {
            let language = get(document, of, b"Lang").and_then(|lang| lang.as_str().ok()).unwrap_or_default();
            let attributes: Vec<&Dictionary> = match get(document, of, b"A") {
                Some(Object::Array(all)) => {
                    all.iter().filter_map(|one| document.dereference(one).ok()?.1.as_dict().ok()).collect()
                }
                Some(Object::Dictionary(one)) => vec![one],
                _ => Vec::new(),
            };
            let scope = attributes.iter().find_map(|one| name(get(document, one, b"Scope"))).unwrap_or_default();
            all.push((depth, kind, String::from_utf8_lossy(language).into_owned(), scope));
        }
        let children = match get(document, of, b"K") {
            Some(Object::Array(all)) => all.iter().collect(),
            Some(one) => vec![one],
            None => Vec::new(),
        };
        for child in children {
            if let Ok((_, Object::Dictionary(child))) = document.dereference(child) {
                walk(document, child, depth + 1, all);
            }
        }
    }
    let catalog = document.catalog().unwrap();
    let root = get(document, catalog, b"StructTreeRoot").unwrap().as_dict().unwrap();
    let mut all = Vec::new();
    walk(document, root, 0, &mut all);
    all
}

#[test]
fn each_person_has_a_page_with_everything_on_it() {
    let document = read(&[sheet("Åse Lind", "da", true), sheet("Bo Öberg", "sv", false)]);
    assert_eq!(document.get_pages().len(), 2);
    let text = |page| document.extract_text(&[page]).unwrap().split_whitespace().collect::<Vec<_>>().join(" ");
    let (first, second) = (text(1), text(2));
    for words in [
        "Åse Lind",
        "1017-999014",
        "rosub-nuhep-fipez",
        "Kort KQ7M2P til brugernavn 1017-999014",
        "Sådan logger du ind",
        "Brev 52E8-98C4, udstedt 22. november 2026 af Birthe Kragelund",
    ] {
        assert!(first.contains(words), "{words} in {first}");
    }
    for (column, row) in [('A', 0), ('J', 0), ('A', 9), ('J', 9), ('F', 4)] {
        assert!(first.contains(&format!("{column}{row}")), "{column}{row}");
    }
    assert!(second.contains("Bo Öberg") && !second.contains("Lind") && !second.contains("KQ7M2P"));
}

#[test]
fn the_document_says_what_it_is_and_in_which_language() {
    let document = read(&[sheet("Åse Lind", "sv", true)]);
    let catalog = document.catalog().unwrap();
    assert_eq!(get(&document, catalog, b"Lang").unwrap().as_str().unwrap(), b"da");
    let marked = get(&document, catalog, b"MarkInfo").unwrap().as_dict().unwrap();
    assert!(marked.get(b"Marked").unwrap().as_bool().unwrap());
    let view = get(&document, catalog, b"ViewerPreferences").unwrap().as_dict().unwrap();
    assert!(view.get(b"DisplayDocTitle").unwrap().as_bool().unwrap());
    assert!(get(&document, catalog, b"Outlines").is_some());
    let metadata = get(&document, catalog, b"Metadata").unwrap().as_stream().unwrap();
    let xmp = String::from_utf8_lossy(&metadata.content).into_owned();
    assert!(xmp.contains("pdfuaid:part>1<") && xmp.contains("Breve til udlevering"), "{xmp}");
}

#[test]
fn the_matrix_is_a_table_whose_headers_say_what_they_head() {
    let document = read(&[sheet("Åse Lind", "sv", true)]);
    let elements = elements(&document);
    let count = |kind: &str, scope: &str| elements.iter().filter(|(_, is, _, of)| is == kind && of == scope).count();
    assert_eq!((count("Table", ""), count("Caption", ""), count("TR", "")), (1, 1, 11));
    assert_eq!((count("TH", "Column"), count("TH", "Row"), count("TD", "")), (10, 10, 101), "and the corner");
    assert_eq!((count("H1", ""), count("H2", ""), count("L", ""), count("LI", "")), (1, 2, 1, 6));
    let section = elements.iter().find(|(_, kind, ..)| kind == "Sect").unwrap();
    assert_eq!(section.2, "sv", "the letter's own language");
}

#[test]
fn fonts_are_in_the_file() {
    let document = read(&[sheet("Åse Lind", "da", true)]);
    let descriptors = document.objects.values().filter_map(|object| object.as_dict().ok());
    let descriptors: Vec<_> = descriptors.filter(|dict| dict.has_type(b"FontDescriptor")).collect();
    assert_eq!(descriptors.len(), 2);
    assert!(descriptors.iter().all(|dict| dict.has(b"FontFile2") || dict.has(b"FontFile3")));
}

/// The marked contents of a matrix: of its cells row by row, and of the headers of columns and rows.
#[derive(Default)]
struct Marks {
    cells: Vec<Vec<i64>>,
    headers: Vec<Vec<i64>>,
}

impl Marks {
    fn of(document: &Document) -> Self {
        let root = get(document, document.catalog().unwrap(), b"StructTreeRoot").unwrap().as_dict().unwrap();
        let mut marks = Self::default();
        marks.walk(document, root, false);
        marks
    }

    fn walk(&mut self, document: &Document, of: &Dictionary, within_body: bool) {
        let kind = get(document, of, b"S").and_then(|kind| kind.as_name().ok()).unwrap_or_default();
        match kind {
            b"TH" => self.headers.push(marks(document, of)),
            // The corner is in the head of the table, and no cell of the card.
            b"TD" if within_body => self.cells.push(marks(document, of)),
            _ => {
                for child in children(document, of) {
                    if let Object::Dictionary(child) = child {
                        self.walk(document, child, within_body || kind == b"TBody");
                    }
                }
            }
        }
    }
}

fn children<'d>(document: &'d Document, of: &'d Dictionary) -> Vec<&'d Object> {
    let children = match get(document, of, b"K") {
        Some(Object::Array(all)) => all.iter().collect(),
        Some(one) => vec![one],
        None => Vec::new(),
    };
    children.into_iter().filter_map(|child| document.dereference(child).ok()).map(|(_, child)| child).collect()
}

/// The numbers of the marked contents in an element.
fn marks(document: &Document, of: &Dictionary) -> Vec<i64> {
    let mark = |child: &Object| match child {
        Object::Integer(mark) => vec![*mark],
        Object::Dictionary(child) if child.has(b"MCID") => vec![child.get(b"MCID").unwrap().as_i64().unwrap()],
        Object::Dictionary(child) => marks(document, child),
        _ => Vec::new(),
    };
    children(document, of).into_iter().flat_map(mark).collect()
}

/// A transformation of PDF: `a b c d`; where it moves things to does not matter here.
type Scale = [f32; 4];
const UNSCALED: Scale = [1.0, 0.0, 0.0, 1.0];

fn scale(operands: &[Object]) -> Scale {
    std::array::from_fn(|at| operands[at].as_float().unwrap())
}

/// The one, and then the other.
fn both([a, b, c, d]: Scale, [e, f, g, h]: Scale) -> Scale {
    [a * e + b * g, a * f + b * h, c * e + d * g, c * f + d * h]
}

/// In points on paper, how high and how wide an em is of whatever is shown, by marked content.
fn sizes(document: &Document) -> BTreeMap<i64, Vec<(f32, f32)>> {
    let page = *document.get_pages().get(&1).unwrap();
    assert!(!document.get_dictionary(page).unwrap().has(b"UserUnit"), "a unit is a point");
    let (mut now, mut kept, mut text, mut size) = (UNSCALED, Vec::new(), UNSCALED, 0.0);
    let (mut open, mut sizes) = (Vec::new(), BTreeMap::<i64, Vec<(f32, f32)>>::new());
    for of in document.get_and_decode_page_content(page).unwrap().operations {
        match of.operator.as_str() {
            "q" => kept.push((now, size)),
            "Q" => (now, size) = kept.pop().unwrap(),
            "cm" => now = both(scale(&of.operands), now),
            "BT" => text = UNSCALED,
            "Tm" => text = scale(&of.operands),
            "Tf" => size = of.operands[1].as_float().unwrap(),
            "BMC" => open.push(None),
            "BDC" => open.push(of.operands[1].as_dict().ok().and_then(|dict| dict.get(b"MCID").ok()?.as_i64().ok())),
            "EMC" => drop(open.pop()),
            "Tz" | "'" | "\"" => panic!("{} is not reckoned with", of.operator),
            "Tj" | "TJ" => {
                let [a, b, c, d] = both(text, now);
                let mark = open.iter().rev().copied().flatten().next().unwrap();
                sizes.entry(mark).or_default().push((size * c.hypot(d), size * a.hypot(b)));
            }
            _ => {}
        }
    }
    sizes
}

#[test]
fn each_cell_of_the_matrix_is_set_in_12_points_or_more() {
    let document = read(&[sheet("Åse Lind", "da", true)]);
    let (marks, sizes) = (Marks::of(&document), sizes(&document));
    assert_eq!((marks.cells.len(), marks.headers.len()), (SIDE * SIDE, 2 * SIDE));
    for (nth, element) in marks.cells.iter().chain(&marks.headers).enumerate() {
        let shown: Vec<(f32, f32)> = element.iter().filter_map(|mark| sizes.get(mark)).flatten().copied().collect();
        assert!(!shown.is_empty(), "cell {nth} shows something");
        assert!(shown.iter().all(|(high, wide)| *high >= 12.0 && (high - wide).abs() < 0.01), "{nth}: {shown:?}");
    }
    // The measure is right: small print is smaller, and nothing on the page is larger than its title.
    let all: Vec<f32> = sizes.values().flatten().map(|(high, _)| *high).collect();
    assert!(all.iter().any(|high| (high - 9.0).abs() < 0.01), "{all:?}");
    assert!(all.iter().all(|high| *high < 18.01) && all.iter().any(|high| *high > 17.99), "{all:?}");
}

#[test]
fn whatever_a_person_is_called_there_is_a_letter() {
    for name in ["李小龙", "", "a\u{202e}b\u{7}", &"Annemarie-Elisabeth ".repeat(12)] {
        let document = read(&[sheet(name, "da", true)]);
        assert_eq!(document.get_pages().len(), 1, "{name}");
    }
}
