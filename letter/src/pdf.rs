//! Letters as one PDF: A4, a page a person, tagged (PDF/UA-1), with its fonts in it.
//!
//! The parts and their order are those of [`Sheet`]; the matrix is a table with header cells, its
//! letters and cells 13 pt.

use crate::face::Face;
use crate::pen::{MARGIN, PAPER, Pen, Style, WIDTH};
use crate::sheet::{Credential, Matrix, SIDE, Sheet};
use krilla::configure::{Accessibility, ConfigurationBuilder};
use krilla::destination::XyzDestination;
use krilla::geom::Point;
use krilla::metadata::Metadata;
use krilla::outline::{Outline, OutlineNode};
use krilla::page::PageSettings;
use krilla::tagging::{ListNumbering, Node, TableHeaderScope, Tag, TagGroup, TagKind, TagTree};
use krilla::{Document, SerializeSettings};
use std::num::NonZeroU16;
use zeroize::Zeroizing;

/// Points of the matrix's letters.
const MATRIX_SIZE: f32 = 13.0;
/// Height of one of its rows.
const MATRIX_ROW: f32 = 21.0;
/// Width of the column that names its rows.
const MATRIX_HEAD: f32 = 62.0;
/// Points of body text, of small print, of what is to be typed, of the title.
const BODY: f32 = 10.5;
const SMALL: f32 = 9.0;
const TYPED: f32 = 14.0;
const TITLE: f32 = 18.0;

/// Why there is no PDF. Says nothing of what was to stand in it.
#[derive(Debug, thiserror::Error)]
pub enum PdfError {
    /// The fonts that are built in cannot be read.
    #[error("the letters' fonts cannot be read")]
    Font,
    /// The document is not what it should be.
    #[error("the letters cannot be written as PDF/UA: {0}")]
    Document(&'static str),
}

/// The faces that a letter is set in.
struct Faces {
    regular: Face,
    semibold: Face,
}

/// Writes the letters, a page each. `title` and `language` (`da`, `sv`, `en`) are the document's own.
///
/// # Errors
/// [`PdfError`]; the writer checks what PDF/UA-1 asks for, as far as a program can.
pub fn pdf(sheets: &[Sheet], title: &str, language: &str) -> Result<Zeroizing<Vec<u8>>, PdfError> {
    let faces = Faces { regular: Face::regular()?, semibold: Face::semibold()? };
    let configuration = ConfigurationBuilder::new().with_accessibility_validator(Accessibility::UA1);
    let configuration = configuration.finish().map_err(|_| PdfError::Document("configuration"))?;
    let mut document = Document::new_with(SerializeSettings { configuration, ..SerializeSettings::default() });
    document.set_metadata(
        Metadata::new().title(title.to_owned()).language(language.to_owned()).creator("Adgang".to_owned()),
    );
    let (mut tags, mut outline) = (TagTree::new().with_lang(Some(language.to_owned())), Outline::new());
    for (ix, sheet) in sheets.iter().enumerate() {
        tags.push(page(&mut document, &faces, sheet)?);
        let top = XyzDestination::new(ix, Point::from_xy(0.0, 0.0));
        outline.push_child(OutlineNode::new(sheet.name.clone(), top));
    }
    document.set_tag_tree(tags);
    document.set_outline(outline);
    // What the writer says may hold words of a letter: it goes no further.
    document.finish().map(Zeroizing::new).map_err(|_| PdfError::Document("contents"))
}

/// One sheet on a page of its own, and its tags.
fn page(document: &mut Document, faces: &Faces, sheet: &Sheet) -> Result<TagGroup, PdfError> {
    let settings = PageSettings::from_wh(PAPER.0, PAPER.1).ok_or(PdfError::Document("paper"))?;
    let mut page = document.start_page_with(settings);
    let mut surface = page.surface();
    let mut writer = Writer { pen: Pen { surface: &mut surface, top: MARGIN }, faces, tags: Vec::new() };
    writer.sheet(sheet);
    let tags = writer.tags;
    surface.finish();
    page.finish();
    Ok(group(Tag::Section.with_lang(Some(sheet.language.to_owned())), tags))
}

fn group(tag: impl Into<TagKind>, children: Vec<Node>) -> TagGroup {
    TagGroup::with_children(tag, children)
}

/// Writes the parts of a sheet, one under the other, and gathers their tags.
struct Writer<'w, 'p> {
    pen: Pen<'w, 'p>,
    faces: &'w Faces,
    tags: Vec<Node>,
}

impl<'w> Writer<'w, '_> {
    const fn body(&self, size: f32) -> Style<'w> {
        Style { face: &self.faces.regular, size, grey: 0 }
    }

    const fn strong(&self, size: f32) -> Style<'w> {
        Style { face: &self.faces.semibold, size, grey: 0 }
    }

    const fn quiet(&self, size: f32) -> Style<'w> {
        Style { face: &self.faces.regular, size, grey: 60 }
    }

    fn sheet(&mut self, sheet: &Sheet) {
        self.paragraph(self.quiet(BODY), &sheet.sender);
        self.pen.skip(2.0);
        self.pen.rule(MARGIN, WIDTH, 0.75);
        self.pen.skip(12.0);
        self.heading(1, TITLE, &sheet.title);
        self.pen.skip(4.0);
        self.paragraph(self.strong(BODY), &sheet.name);
        self.paragraph(self.body(BODY), &sheet.position);
        self.pen.skip(8.0);
        self.credentials(&sheet.credentials);
        if let Some(matrix) = &sheet.matrix {
            self.pen.skip(10.0);
            self.matrix(matrix);
        }
        self.pen.skip(10.0);
        self.heading(2, 11.5, &sheet.steps_title);
        self.pen.skip(2.0);
        self.steps(&sheet.steps);
        self.pen.skip(8.0);
        self.heading(2, 11.5, &sheet.help_title);
        self.pen.skip(2.0);
        self.paragraph(self.body(BODY), &sheet.help);
        self.pen.skip(10.0);
        self.pen.rule(MARGIN, WIDTH, 0.75);
        self.pen.skip(3.0);
        self.paragraph(self.quiet(SMALL), &sheet.imprint);
    }

    fn paragraph(&mut self, style: Style<'_>, text: &str) {
        let words = self.pen.text(style, MARGIN, WIDTH, text);
        self.tags.push(group(Tag::P, vec![words]).into());
    }

    fn heading(&mut self, level: u16, size: f32, text: &str) {
        let words = self.pen.text(self.strong(size), MARGIN, WIDTH, text);
        let level = NonZeroU16::new(level).unwrap_or(NonZeroU16::MIN);
        self.tags.push(group(Tag::Hn(level, Some(text.to_owned())), vec![words]).into());
    }

    /// User name and password, side by side in one frame.
    fn credentials(&mut self, credentials: &[Credential]) {
        const PADDING: f32 = 8.0;
        let frame_top = self.pen.top;
        let (mut bottom, mut left) = (frame_top, MARGIN + PADDING);
        #[expect(clippy::cast_precision_loss, reason = "two of them")]
        let width = (WIDTH - PADDING) / credentials.len().max(1) as f32;
        for credential in credentials {
            self.pen.top = frame_top + PADDING;
            let within = width - PADDING;
            let mut parts = vec![self.pen.text(self.quiet(BODY), left, within, &credential.label)];
            if let Some(value) = &credential.value {
                parts.push(self.pen.text(self.strong(TYPED), left, within, value));
            }
            if let Some(note) = &credential.note {
                parts.push(self.pen.text(self.quiet(SMALL), left, within, note));
            }
            let parts = parts.into_iter().map(|part| group(Tag::P, vec![part]).into()).collect();
            self.tags.push(group(Tag::Div, parts).into());
            bottom = bottom.max(self.pen.top);
            left += width;
        }
        let height = bottom + PADDING - frame_top;
        self.pen.top = frame_top;
        self.pen.lattice(MARGIN, &[WIDTH], &[height], false);
        self.pen.top = frame_top + height;
    }

    /// The matrix: a table with its caption, a header cell for each column and row.
    fn matrix(&mut self, matrix: &Matrix) {
        let caption = self.pen.text(self.strong(11.5), MARGIN, WIDTH, &matrix.caption);
        let caption = group(Tag::Caption, vec![group(Tag::P, vec![caption]).into()]);
        self.pen.skip(3.0);
        #[expect(clippy::cast_precision_loss, reason = "ten of them")]
        let step = (WIDTH - MATRIX_HEAD) / SIDE as f32;
        let mut columns = [step; SIDE + 1];
        let [head, ..] = &mut columns;
        *head = MATRIX_HEAD;
        self.pen.lattice(MARGIN, &columns, &[MATRIX_ROW; SIDE + 1], true);
        let corner = self.corner(matrix);
        let mut head = vec![group(Tag::TD, corner).into()];
        let mut left = MARGIN + MATRIX_HEAD;
        for letter in matrix.columns {
            let name = format!("{} {letter}", matrix.column);
            let words = self.pen.centred(self.strong(MATRIX_SIZE), left, step, MATRIX_ROW, &letter.to_string());
            head.push(group(Tag::TH(TableHeaderScope::Column).with_expanded(Some(name)), vec![words]).into());
            left += step;
        }
        self.pen.skip(MATRIX_ROW);
        let rows = matrix.rows.iter().enumerate().map(|(ix, cells)| {
            let number = (ix + 1).to_string();
            let name = format!("{} {number}", matrix.row);
            let words = self.pen.centred(self.strong(MATRIX_SIZE), MARGIN, MATRIX_HEAD, MATRIX_ROW, &number);
            let mut row: Vec<Node> =
                vec![group(Tag::TH(TableHeaderScope::Row).with_expanded(Some(name)), vec![words]).into()];
            let mut left = MARGIN + MATRIX_HEAD;
            for cell in cells {
                let words = self.pen.centred(self.body(MATRIX_SIZE), left, step, MATRIX_ROW, cell);
                row.push(group(Tag::TD, vec![words]).into());
                left += step;
            }
            self.pen.skip(MATRIX_ROW);
            group(Tag::TR, row).into()
        });
        let body = group(Tag::TBody, rows.collect());
        let head = group(Tag::THead, vec![group(Tag::TR, head).into()]);
        self.tags.push(group(Tag::Table, vec![caption.into(), head.into(), body.into()]).into());
        self.pen.skip(3.0);
        self.paragraph(self.quiet(SMALL), &matrix.hint);
    }

    /// What the letters name and what the numbers name, in the corner between them; the pen stays.
    fn corner(&mut self, matrix: &Matrix) -> Vec<Node> {
        let (top, half) = (self.pen.top, MATRIX_ROW / 2.0);
        let words = [&matrix.column, &matrix.row].map(|word| {
            let part = self.pen.centred(self.quiet(8.0), MARGIN, MATRIX_HEAD, half, word);
            self.pen.skip(half);
            part
        });
        self.pen.top = top;
        words.into()
    }

    /// The instructions, numbered.
    fn steps(&mut self, steps: &[String]) {
        const INDENT: f32 = 16.0;
        let items = steps.iter().enumerate().map(|(ix, step)| {
            let top = self.pen.top;
            let label = self.pen.text(self.body(BODY), MARGIN, INDENT, &format!("{}.", ix + 1));
            self.pen.top = top;
            let words = self.pen.text(self.body(BODY), MARGIN + INDENT, WIDTH - INDENT, step);
            let (label, words) = (group(Tag::Lbl, vec![label]), group(Tag::LBody, vec![words]));
            group(Tag::LI, vec![label.into(), words.into()]).into()
        });
        let items = items.collect();
        self.tags.push(group(Tag::L(ListNumbering::Decimal), items).into());
    }
}
