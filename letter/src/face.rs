//! The typeface that letters are set in: what is drawn, and how wide it is.

use crate::pdf::PdfError;
use krilla::text::{Font, GlyphId, KrillaGlyph};
use skrifa::instance::{LocationRef, Size};
use skrifa::{FontRef, MetadataProvider};
use unicode_normalization::UnicodeNormalization;

/// What stands for a letter that the typeface has not.
const UNKNOWN: char = '?';

/// A typeface in one weight.
pub(crate) struct Face {
    pub(crate) font: Font,
    file: FontRef<'static>,
    /// Units of the file's own in one em.
    em: f32,
}

/// A line of text, ready to be drawn.
pub(crate) struct Line {
    pub(crate) text: String,
    pub(crate) glyphs: Vec<KrillaGlyph>,
    /// In ems.
    pub(crate) width: f32,
}

impl Face {
    /// Body text.
    pub(crate) fn regular() -> Result<Self, PdfError> {
        Self::read(include_bytes!("../fonts/OpenSans-Regular.ttf"))
    }

    /// Headings, and whatever is to be typed.
    pub(crate) fn semibold() -> Result<Self, PdfError> {
        Self::read(include_bytes!("../fonts/OpenSans-Semibold.ttf"))
    }

    fn read(bytes: &'static [u8]) -> Result<Self, PdfError> {
        let file = FontRef::new(bytes).map_err(|_| PdfError::Font)?;
        let font = Font::new(bytes.into(), 0).ok_or(PdfError::Font)?;
        Ok(Self { em: font.units_per_em(), font, file })
    }

    /// A text in one line, letter by letter: one glyph each, as European languages are set.
    pub(crate) fn line(&self, text: &str) -> Line {
        let map = self.file.charmap();
        let metrics = self.file.glyph_metrics(Size::unscaled(), LocationRef::default());
        let mut line = Line { text: String::with_capacity(text.len()), glyphs: Vec::new(), width: 0.0 };
        for letter in text.nfc() {
            let known = map.map(letter).map(|glyph| (letter, glyph));
            let Some((letter, glyph)) = known.or_else(|| Some((UNKNOWN, map.map(UNKNOWN)?))) else { continue };
            let advance = metrics.advance_width(glyph).unwrap_or_default() / self.em;
            let start = line.text.len();
            line.text.push(letter);
            let range = start..line.text.len();
            line.glyphs.push(KrillaGlyph::new(GlyphId::new(glyph.to_u32()), advance, 0.0, 0.0, 0.0, range, None));
            line.width += advance;
        }
        line
    }

    /// A text in lines of at most this width, in ems. Every line but the last ends with its space,
    /// so that a reader of the text finds the words apart; a longer word is broken.
    pub(crate) fn lines(&self, text: &str, width: f32) -> Vec<Line> {
        let mut lines = Vec::new();
        let mut open = String::new();
        for word in text.split_inclusive(' ') {
            let longer = format!("{open}{word}");
            if open.is_empty() || self.line(longer.trim_end()).width <= width {
                open = longer;
            } else {
                lines.push(self.line(&open));
                word.clone_into(&mut open);
            }
            while self.line(open.trim_end()).width > width {
                let end = self.fitting(&open, width);
                let rest = open.split_off(end);
                lines.push(self.line(&open));
                open = rest;
            }
        }
        lines.push(self.line(&open));
        lines
    }

    /// How many bytes of a text fit into a width: one letter at least.
    fn fitting(&self, text: &str, width: f32) -> usize {
        let ends = text.char_indices().map(|(at, letter)| at + letter.len_utf8());
        let fits = |end: &usize| text.get(..*end).is_some_and(|part| self.line(part).width <= width);
        let first = text.chars().next().map_or(0, char::len_utf8);
        ends.take_while(fits).last().unwrap_or(first).max(first)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_keep_every_word_and_their_width() {
        let face = Face::regular().unwrap();
        let text = "Gem kortet et sikkert sted, ikke ved computeren, og lad ingen andre bruge det.";
        let lines = face.lines(text, 14.0);
        assert!(lines.len() > 2);
        assert_eq!(lines.iter().map(|line| line.text.as_str()).collect::<String>(), text);
        assert!(lines.iter().all(|line| face.line(line.text.trim_end()).width <= 14.0));
        let long = "a".repeat(200);
        let broken = face.lines(&long, 14.0);
        assert_eq!(broken.iter().map(|line| line.text.as_str()).collect::<String>(), long);
        assert!(broken.iter().all(|line| line.width <= 14.0));
        assert_eq!(face.lines("", 14.0).len(), 1);
    }

    #[test]
    fn letters_of_the_north_are_there_and_others_do_not_stop_a_letter() {
        for face in [Face::regular().unwrap(), Face::semibold().unwrap()] {
            for text in
                ["Åse Ægidius Østergård", "Öberg Ämter", "Þóra Guðmundsdóttir", "Łukasz Żak", "Nguyễn Đặng", "–’…"]
            {
                assert_eq!(face.line(text).text, text);
            }
            assert_eq!(face.line("A\u{30a}se").text, "Åse", "a ring that is written by itself");
            assert_eq!(face.line("李").text, "?");
        }
    }
}
