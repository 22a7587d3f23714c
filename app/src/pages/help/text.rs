//! The words of the help page: `app/help/{da,sv,en}.md`, in the little of Markdown that they need.
//!
//! They are the server's alone. Prose of this length belongs neither among the labels of the locale
//! files nor in any bundle; tests hold the three languages to one shape.
//!
//! A line is a heading with its anchor (`## Title {#anchor}`), a point of a list (`- …`) or a paragraph.
//! In them stand links (`[words](/address)`) and keepers of accounts (`{principal}`; `{Principal}` where
//! a sentence begins).

use crate::text::Locale;
use domain::account::Keeper;

/// A part of the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Section<'a> {
    pub(super) anchor: &'a str,
    pub(super) title: &'a str,
    /// What stands before the first entry.
    pub(super) blocks: Vec<Block<'a>>,
    pub(super) entries: Vec<Entry<'a>>,
}

/// A question with its answer, or a code with its cause and who can help.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry<'a> {
    pub(super) anchor: &'a str,
    /// The question; empty for a code, whose sentence stands among the refusals.
    pub(super) title: &'a str,
    pub(super) blocks: Vec<Block<'a>>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Block<'a> {
    Paragraph(Vec<Piece<'a>>),
    List(Vec<Vec<Piece<'a>>>),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Piece<'a> {
    Words(&'a str),
    Link {
        words: &'a str,
        href: &'a str,
    },
    Who {
        keeper: Keeper,
        /// Does a sentence begin with it?
        begins: bool,
    },
}

/// The help in a language.
pub(super) fn of(locale: Locale) -> Vec<Section<'static>> {
    sections(match locale {
        Locale::da => include_str!("../../../help/da.md"),
        Locale::sv => include_str!("../../../help/sv.md"),
        Locale::en => include_str!("../../../help/en.md"),
    })
}

fn sections(text: &str) -> Vec<Section<'_>> {
    let mut sections: Vec<Section<'_>> = Vec::new();
    for line in text.lines().filter(|line| !line.is_empty()) {
        if let Some(heading) = line.strip_prefix("# ") {
            let (title, anchor) = anchored(heading);
            sections.push(Section { anchor, title, blocks: Vec::new(), entries: Vec::new() });
        } else if let Some(section) = sections.last_mut() {
            if let Some(heading) = line.strip_prefix("## ") {
                let (title, anchor) = anchored(heading);
                section.entries.push(Entry { anchor, title, blocks: Vec::new() });
            } else {
                add(section.entries.last_mut().map_or(&mut section.blocks, |entry| &mut entry.blocks), line);
            }
        }
    }
    sections
}

/// `Title {#anchor}`.
fn anchored(heading: &str) -> (&str, &str) {
    let (title, anchor) = heading.rsplit_once("{#").unwrap_or((heading, ""));
    (title.trim(), anchor.trim_end_matches('}'))
}

fn add<'a>(blocks: &mut Vec<Block<'a>>, line: &'a str) {
    match (line.strip_prefix("- "), blocks.last_mut()) {
        (Some(point), Some(Block::List(points))) => points.push(pieces(point)),
        (Some(point), _) => blocks.push(Block::List(vec![pieces(point)])),
        (None, _) => blocks.push(Block::Paragraph(pieces(line))),
    }
}

fn pieces(line: &str) -> Vec<Piece<'_>> {
    let (mut pieces, mut rest) = (Vec::new(), line);
    while let Some((before, piece, after)) = first_piece(rest) {
        if !before.is_empty() {
            pieces.push(Piece::Words(before));
        }
        pieces.push(piece);
        rest = after;
    }
    if !rest.is_empty() {
        pieces.push(Piece::Words(rest));
    }
    pieces
}

/// What stands before the first piece that is more than words, the piece, and what stands after it.
fn first_piece(line: &str) -> Option<(&str, Piece<'_>, &str)> {
    let (before, from) = line.split_at_checked(line.find(['[', '{'])?)?;
    let (piece, after) = match from.strip_prefix('[') {
        Some(link) => {
            let (words, more) = link.split_once("](")?;
            let (href, after) = more.split_once(')')?;
            (Piece::Link { words, href }, after)
        }
        None => {
            let (name, after) = from.strip_prefix('{')?.split_once('}')?;
            (who(name)?, after)
        }
    };
    Some((before, piece, after))
}

fn who(name: &str) -> Option<Piece<'static>> {
    let (keeper, begins) = match name {
        "test-administrator" => (Keeper::TestAdministrator, false),
        "Test-administrator" => (Keeper::TestAdministrator, true),
        "principal" => (Keeper::Principal, false),
        "Principal" => (Keeper::Principal, true),
        "authority" => (Keeper::Authority, false),
        "Authority" => (Keeper::Authority, true),
        "operator" => (Keeper::Operator, false),
        "Operator" => (Keeper::Operator, true),
        _ => return None,
    };
    Some(Piece::Who { keeper, begins })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::help_anchor;
    use std::collections::BTreeSet;

    const LANGUAGES: [Locale; 3] = [Locale::da, Locale::sv, Locale::en];

    fn blocks(locale: Locale) -> Vec<Block<'static>> {
        let of = |section: Section<'static>| {
            section.blocks.into_iter().chain(section.entries.into_iter().flat_map(|entry| entry.blocks))
        };
        super::of(locale).into_iter().flat_map(of).collect()
    }

    fn all_pieces(locale: Locale) -> Vec<Piece<'static>> {
        let of = |block| match block {
            Block::Paragraph(pieces) => pieces,
            Block::List(points) => points.into_iter().flatten().collect(),
        };
        blocks(locale).into_iter().flat_map(of).collect()
    }

    #[test]
    fn a_line_is_taken_apart() {
        let read = sections("# A {#a}\n\nx [y](/z) {Principal}.\n\n## Q? {#q}\n- one\n- {operator}\n");
        let who = |keeper, begins| Piece::Who { keeper, begins };
        let link = Piece::Link { words: "y", href: "/z" };
        let first = vec![Piece::Words("x "), link, Piece::Words(" "), who(Keeper::Principal, true), Piece::Words(".")];
        let list = Block::List(vec![vec![Piece::Words("one")], vec![who(Keeper::Operator, false)]]);
        let entry = Entry { anchor: "q", title: "Q?", blocks: vec![list] };
        let blocks = vec![Block::Paragraph(first)];
        assert_eq!(read, [Section { anchor: "a", title: "A", blocks, entries: vec![entry] }]);
    }

    #[test]
    fn nothing_is_left_that_was_meant_to_be_more_than_words() {
        for locale in LANGUAGES {
            for piece in all_pieces(locale) {
                let Piece::Words(words) = piece else { continue };
                assert!(!words.contains(['[', ']', '{', '}', '#']), "{locale:?}: {words}");
            }
        }
    }

    /// Anchors, and where the links of each entry lead: what must not depend on the language.
    fn shape(locale: Locale) -> Vec<(&'static str, usize, Vec<&'static str>)> {
        let hrefs = |blocks: &[Block<'static>]| {
            let of = |block: &Block<'static>| match block {
                Block::Paragraph(pieces) => pieces.clone(),
                Block::List(points) => points.concat(),
            };
            let href = |piece| if let Piece::Link { href, .. } = piece { Some(href) } else { None };
            blocks.iter().flat_map(of).filter_map(href).collect::<Vec<_>>()
        };
        let of = |section: Section<'static>| {
            let own = (section.anchor, section.blocks.len(), hrefs(&section.blocks));
            let entries = section.entries.into_iter();
            std::iter::once(own)
                .chain(entries.map(move |entry| (entry.anchor, entry.blocks.len(), hrefs(&entry.blocks))))
                .collect::<Vec<_>>()
        };
        super::of(locale).into_iter().flat_map(of).collect()
    }

    #[test]
    fn every_language_says_the_same() {
        let danish = shape(Locale::da);
        for locale in [Locale::sv, Locale::en] {
            for (theirs, ours) in shape(locale).iter().zip(&danish) {
                assert_eq!(theirs, ours, "{locale:?}");
            }
            assert_eq!(shape(locale).len(), danish.len(), "{locale:?}");
        }
        let anchors: BTreeSet<&str> = danish.iter().map(|(anchor, ..)| *anchor).collect();
        assert_eq!(anchors.len(), danish.len(), "each anchor once");
        for href in danish.iter().flat_map(|(.., hrefs)| hrefs) {
            let leads = href.strip_prefix('#').is_none_or(|anchor| anchors.contains(anchor));
            assert!(leads, "{href} leads nowhere");
        }
    }

    #[test]
    fn every_code_has_a_sentence_a_cause_and_who_can_help_and_nothing_else_is_a_code() {
        for locale in LANGUAGES {
            let sections = super::of(locale);
            let codes = &sections.last().unwrap().entries;
            let found: Vec<&str> = codes.iter().map(|entry| entry.anchor).collect();
            let expected: Vec<String> = super::super::codes(locale).into_keys().map(help_anchor).collect();
            assert_eq!(found, expected, "{locale:?}");
            for entry in codes {
                assert!(entry.title.is_empty(), "its sentence stands among the refusals");
                let [Block::Paragraph(cause), Block::Paragraph(help)] = entry.blocks.as_slice() else {
                    panic!("{locale:?} {}: a cause, and who can help", entry.anchor)
                };
                assert!(!cause.is_empty() && !help.is_empty());
            }
            assert!(super::super::codes(locale).values().all(|sentence| !sentence.is_empty()));
        }
    }

    #[test]
    fn the_nine_questions_of_the_field_are_answered() {
        let questions = [
            "lost",
            "wrong-door",
            "own-teacher",
            "inactive",
            "new-principal",
            "every-year",
            "delete",
            "double",
            "whole-card",
        ];
        for locale in LANGUAGES {
            let sections = super::of(locale);
            for anchor in questions {
                let entry = sections.iter().flat_map(|section| &section.entries).find(|entry| entry.anchor == anchor);
                let entry = entry.unwrap_or_else(|| panic!("{locale:?}: {anchor}"));
                assert!(entry.title.ends_with(['?', '.']) && entry.blocks.len() > 1, "{locale:?}: {anchor}");
            }
        }
    }
}
