//! A pen on one page: it writes text and rules from the top down, and hands out the tags of what it
//! wrote. Lengths are in points.

use crate::face::{Face, Line};
use krilla::color::luma;
use krilla::geom::{PathBuilder, Point, Rect};
use krilla::paint::{Fill, Stroke};
use krilla::surface::Surface;
use krilla::tagging::{Artifact, ArtifactType, ContentTag, Node, SpanTag};

/// A page of A4.
pub(crate) const PAPER: (f32, f32) = (595.28, 841.89);
/// White around what is written: 16 mm, as much as every printer leaves.
pub(crate) const MARGIN: f32 = 45.36;
/// From margin to margin.
pub(crate) const WIDTH: f32 = PAPER.0 - 2.0 * MARGIN;
/// Height of a line, in ems.
const LEADING: f32 = 1.36;
/// From the top of a line to where its letters stand, in ems.
const ASCENT: f32 = 1.02;

/// How a text is set.
#[derive(Clone, Copy)]
pub(crate) struct Style<'a> {
    pub(crate) face: &'a Face,
    pub(crate) size: f32,
    /// Grey from 0 (black) to 255.
    pub(crate) grey: u8,
}

/// The pen, and how far down it has come.
pub(crate) struct Pen<'a, 'p> {
    pub(crate) surface: &'a mut Surface<'p>,
    pub(crate) top: f32,
}

impl Pen<'_, '_> {
    /// Leaves white.
    pub(crate) const fn skip(&mut self, height: f32) {
        self.top += height;
    }

    /// A text between two edges, in as many lines as it needs; the pen stands under it then.
    pub(crate) fn text(&mut self, style: Style<'_>, left: f32, width: f32, text: &str) -> Node {
        let lines = style.face.lines(text, width / style.size);
        let tag = self.surface.start_tagged(ContentTag::Span(SpanTag::empty()));
        for line in &lines {
            self.draw(style, left, self.top + ASCENT * style.size, line);
            self.top += LEADING * style.size;
        }
        self.surface.end_tagged();
        tag.into()
    }

    /// A text in the middle of a box; the pen stays.
    pub(crate) fn centred(&mut self, style: Style<'_>, left: f32, width: f32, height: f32, text: &str) -> Node {
        let line = style.face.line(text);
        let left = left + (width - line.width * style.size) / 2.0;
        // The letters in question are capitals and digits, 0.72 em high.
        let base = self.top + (height + 0.72 * style.size) / 2.0;
        let tag = self.surface.start_tagged(ContentTag::Span(SpanTag::empty()));
        self.draw(style, left, base, &line);
        self.surface.end_tagged();
        tag.into()
    }

    fn draw(&mut self, style: Style<'_>, left: f32, base: f32, line: &Line) {
        self.surface.set_fill(Some(Fill { paint: grey(style.grey).into(), ..Fill::default() }));
        self.surface.set_stroke(None);
        let font = style.face.font.clone();
        self.surface.draw_glyphs(Point::from_xy(left, base), &line.glyphs, font, &line.text, style.size, false);
    }

    /// A rule across; nothing that a reader is told of.
    pub(crate) fn rule(&mut self, left: f32, width: f32, thickness: f32) {
        let mut path = PathBuilder::new();
        path.move_to(left, self.top);
        path.line_to(left + width, self.top);
        self.ornament(path, thickness);
    }

    /// Rules across and down: a frame with so many rows and columns. The middle ones are thicker
    /// where `halves` asks for it, so that an eye keeps its place.
    pub(crate) fn lattice(&mut self, left: f32, columns: &[f32], rows: &[f32], halves: bool) {
        let (width, height) = (columns.iter().sum::<f32>(), rows.iter().sum::<f32>());
        let Some(frame) = Rect::from_xywh(left, self.top, width, height) else { return };
        let mut path = PathBuilder::new();
        path.push_rect(frame);
        self.ornament(path, 0.75);
        for (lines, is_column) in [(columns, true), (rows, false)] {
            let mut at = 0.0;
            for (ix, step) in lines.iter().enumerate().take(lines.len().saturating_sub(1)) {
                at += step;
                let thickness = if halves && ix * 2 + 2 == lines.len() + 1 { 1.75 } else { 0.75 };
                let mut path = PathBuilder::new();
                if is_column {
                    path.move_to(left + at, self.top);
                    path.line_to(left + at, self.top + height);
                } else {
                    path.move_to(left, self.top + at);
                    path.line_to(left + width, self.top + at);
                }
                self.ornament(path, thickness);
            }
        }
    }

    fn ornament(&mut self, path: PathBuilder, thickness: f32) {
        let Some(path) = path.finish() else { return };
        let artifact = Artifact::with_kind(ArtifactType::Layout);
        self.surface.start_tagged(ContentTag::Artifact(artifact));
        self.surface.set_fill(None);
        self.surface.set_stroke(Some(Stroke { paint: grey(90).into(), width: thickness, ..Stroke::default() }));
        self.surface.draw_path(&path);
        self.surface.end_tagged();
    }
}

/// A grey, which printers make of black alone.
fn grey(level: u8) -> luma::Color {
    luma::Color::new(level)
}
