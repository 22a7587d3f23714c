//! Names of files as they are kept, and the few kinds of files that are called by their kind.

/// The longest name, in characters; its end, which tells the kind, is kept.
const NAME_MAX: usize = 120;
/// What stands for whatever a name may not hold.
const FILLER: char = '_';
/// What a file is called whose name says nothing.
const NAMELESS: &str = "file";

/// What browsers are told of a file that is of no kind below.
pub const UNKNOWN_KIND: &str = "application/octet-stream";

/// The kinds by the end of the name, in lower case. None of them runs in a browser: what may
/// (HTML, SVG, XML) is sent as bytes.
const KINDS: [(&str, &str); 15] = [
    ("csv", "text/csv; charset=utf-8"),
    ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ("jpeg", "image/jpeg"),
    ("jpg", "image/jpeg"),
    ("m4a", "audio/mp4"),
    ("mp3", "audio/mpeg"),
    ("mp4", "video/mp4"),
    ("odt", "application/vnd.oasis.opendocument.text"),
    ("pdf", "application/pdf"),
    ("png", "image/png"),
    ("pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
    ("txt", "text/plain; charset=utf-8"),
    ("wav", "audio/wav"),
    ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ("zip", "application/zip"),
];

/// A name that is safe to keep and to hand to any system: its last part alone, without control
/// characters, characters that turn the direction of writing, and those that some system keeps for
/// itself; never empty, never overlong.
#[must_use]
pub fn safe(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).find(|part| !part.trim_matches(is_edge).is_empty()).unwrap_or_default();
    let cleaned: String =
        last.chars().filter(|c| !is_unseen(*c)).map(|c| if is_kept(c) { FILLER } else { c }).collect();
    let cleaned = cleaned.trim_matches(is_edge);
    if cleaned.is_empty() {
        return NAMELESS.to_owned();
    }
    shortened(cleaned)
}

/// The kind of a file, as browsers are told it.
#[must_use]
pub fn kind(name: &str) -> &'static str {
    let end = end_of(name).map(str::to_ascii_lowercase);
    KINDS.iter().find(|(known, _)| Some(*known) == end.as_deref()).map_or(UNKNOWN_KIND, |(_, kind)| *kind)
}

/// What follows the last dot of a name, where that looks like the end of a file's name.
#[must_use]
pub fn end_of(name: &str) -> Option<&str> {
    let (stem, end) = name.rsplit_once('.')?;
    let is_end = !stem.is_empty() && (1..=5).contains(&end.len()) && end.bytes().all(|b| b.is_ascii_alphanumeric());
    is_end.then_some(end)
}

/// A name without its end.
#[must_use]
pub fn stem(name: &str) -> &str {
    match end_of(name) {
        Some(end) => name.strip_suffix(end).and_then(|stem| stem.strip_suffix('.')).unwrap_or(name),
        None => name,
    }
}

fn shortened(name: &str) -> String {
    if name.chars().nth(NAME_MAX).is_none() {
        return name.to_owned();
    }
    let end = end_of(name).map(|end| format!(".{end}")).unwrap_or_default();
    let kept: String = stem(name).chars().take(NAME_MAX - end.len()).collect();
    kept.trim_end_matches(is_edge).to_owned() + &end
}

/// Is it cut off at both ends? Dots hide a file on some systems and vanish on others.
fn is_edge(c: char) -> bool {
    c.is_whitespace() || c == '.'
}

/// Has it no looks of its own: control characters, marks of direction, joiners, the byte order mark?
fn is_unseen(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// Does some system keep it for itself?
const fn is_kept(c: char) -> bool {
    matches!(c, '"' | '*' | ':' | '<' | '>' | '?' | '|' | '/' | '\\')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lose_what_could_harm_and_keep_what_people_wrote() {
        for (given, kept) in [
            ("Läsförståelse åk 6.pdf", "Läsförståelse åk 6.pdf"),
            ("../../etc/passwd", "passwd"),
            ("C:\\Prov\\NP \"hemlig\".pdf", "NP _hemlig_.pdf"),
            ("a\r\nSet-Cookie: x=1.txt", "aSet-Cookie_ x=1.txt"),
            ("cod.\u{202e}fdp.exe", "cod.fdp.exe"),
            (" .skjult. ", "skjult"),
            ("mappe/", "mappe"),
            ("日本語 🙂.PDF", "日本語 🙂.PDF"),
            ("..", NAMELESS),
            ("", NAMELESS),
            ("\u{200b}\n", NAMELESS),
        ] {
            assert_eq!(safe(given), kept, "{given:?}");
            assert_eq!(safe(&safe(given)), kept, "{given:?} once more");
        }
        let long = format!("{}.pdf", "ø".repeat(400));
        let kept = safe(&long);
        assert_eq!((kept.chars().count(), kind(&kept)), (NAME_MAX, "application/pdf"));
    }

    #[test]
    fn kinds_are_those_of_the_list_and_nothing_that_runs() {
        for (name, expected) in [
            ("a.pdf", "application/pdf"),
            ("A.PDF", "application/pdf"),
            ("noter.txt", "text/plain; charset=utf-8"),
            ("lyd.mp3", "audio/mpeg"),
            ("side.html", UNKNOWN_KIND),
            ("tegning.svg", UNKNOWN_KIND),
            ("a.xml", UNKNOWN_KIND),
            ("a.pdf.html", UNKNOWN_KIND),
            ("pdf", UNKNOWN_KIND),
            (".pdf", UNKNOWN_KIND),
            ("", UNKNOWN_KIND),
        ] {
            assert_eq!(kind(name), expected, "{name}");
        }
    }

    #[test]
    fn a_stem_is_the_name_without_its_end() {
        assert_eq!([stem("a.b.pdf"), stem("a"), stem(".pdf"), stem("2.500 ord")], ["a.b", "a", ".pdf", "2.500 ord"]);
        assert_eq!(end_of("2.500 ord"), None);
    }
}
